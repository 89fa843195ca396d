/* test_content_lines.c
 * Calendar and address data: how its lines are unfolded and split, what its times are, and what is
 * learned about an object, however odd or hostile it is.
 *
 * The lines have the shapes that RFC 5545 sections 3.1 to 3.3, RFC 6350 section 3.3 and RFC 6638
 * section 7.3 print; names and values are other ones.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdlib.h>
#include <string.h>

#include "content_lines.h"
#include "unit.h"

/* ---- lines ---- */

typedef struct {
    const char *name;
    const char *text;
    const char *lines; /* "NAME|parameters|value" and a newline each */
} line_row;

static const line_row line_rows[] = {
    {"plain", "BEGIN:VEVENT\nSUMMARY:a:b;c\n", "BEGIN||VEVENT\nSUMMARY||a:b;c\n"},
    {"ends", "A:1\r\nB:2\nC:3\n\n\r\nD:4", "A||1\nB||2\nC||3\nD||4\n"},
    {"folded", "SUM\n MARY:a\r\n\tb\n  c\n \nX:y\n", "SUMMARY||ab c\nX||y\n"},
    {"folded-first", " SUMMARY:a\nB:c\n", " SUMMARY||a\nB||c\n"},
    {"case", "dtStart;tzid=Europe/Berlin:2026\n", "DTSTART|tzid=Europe/Berlin|2026\n"},
    {"quoted", "ATTENDEE;CN=\"a:b;c\";X=1:mailto:d\n", "ATTENDEE|CN=\"a:b;c\";X=1|mailto:d\n"},
    {"open-quote", "ATTENDEE;CN=\"a:mailto:d\nX:1\n", "X||1\n"},
    {"groups", "item1.EMAIL;TYPE=work:a@b.c\n", "ITEM1.EMAIL|TYPE=work|a@b.c\n"},
    {"no-colon", "hello\n\n;\nA;B\nC:\n:d\nE:f\n", "C||\nE||f\n"},
    {"blanks", "A:b  \nC: d\n", "A||b\nC|| d\n"},
    {"nothing", "", ""},
    {"only-folds", "\n \n \n\t", ""},
};

static ms_content_lines read_lines(const char *text, size_t length, GString *scratch)
{
    return (ms_content_lines){text, text + length, scratch, NULL};
}

/* Copies that are as long as the text: an over-read is noticed. */
static char *copy_of(const char *text, size_t length)
{
    char *copy = malloc(length + (length == 0));

    g_assert_nonnull(copy);
    memcpy(copy, text, length);
    return copy;
}

static void test_lines(const void *data)
{
    const line_row *row = data;
    size_t length = strlen(row->text);
    char *copy = copy_of(row->text, length);
    GString *scratch = g_string_new(NULL), *found = g_string_new(NULL);
    ms_content_lines lines = read_lines(copy, length, scratch);
    ms_content_line line;

    while (ms_content_lines_next(&lines, &line))
        g_string_append_printf(found, "%s|%s|%s\n", line.name, line.parameters, line.value);
    unit_check_text("lines", found->str, row->lines);
    g_string_free(scratch, TRUE);
    g_string_free(found, TRUE);
    free(copy);
}

static void test_parameters(void)
{
    static const struct {
        const char *parameters, *name, *value;
    } rows[] = {
        {"A=1;B=2", "B", "2"},  {"A=1;B=2", "b", "2"},
        {"AB=1;B=2", "B", "2"}, {"A=\";B=3\";B=\"2;4\"", "B", "2;4"},
        {"B=", "B", ""},        {"B=\"\"", "B", ""},
        {"B=\"", "B", "\""},    {"B=1;B=2", "B", "1"},
        {"B;C=1", "B", NULL},   {"", "B", NULL},
        {";;", "B", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        ms_content_line line = {"X", rows[i].parameters, ""};
        size_t length = 0;
        const char *value = ms_content_parameter(&line, rows[i].name, &length);
        char *found = value ? g_strndup(value, length) : NULL;

        unit_check_text(rows[i].parameters, found, rows[i].value);
        g_free(found);
    }
}

/* ---- times ---- */

static void test_times(void)
{
    static const struct {
        const char *text;
        int64_t seconds;
        bool is_date, is_utc;
    } rows[] = {
        {"19700101T000000Z", 0, false, true},         {"19700101", 0, true, false},
        {"20000229T235959", 951868799, false, false}, {"20260301T000000Z", 1772323200, false, true},
        {"19691231T235959Z", -1, false, true},        {"16010101", -11644473600, true, false},
        {"99991231", 253402214400, true, false},
    };
    static const char *const wrong[] = {
        "",          "2026",       "20260132x",      "20261301",          "20260100",
        "20260101T", "2026-01-01", "20260101T2400Z", "20260101T000000ZZ", "20260101T240000",
        " 20260101", "P1D"};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        ms_calendar_time time;

        g_assert_true(ms_calendar_time_read(rows[i].text, &time));
        unit_check(time.seconds == rows[i].seconds && time.is_date == rows[i].is_date &&
                       time.is_utc == rows[i].is_utc,
                   "%s is %" G_GINT64_FORMAT, rows[i].text, time.seconds);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        ms_calendar_time time;

        unit_check(!ms_calendar_time_read(wrong[i], &time), "\"%s\" is a time", wrong[i]);
    }
}

/* ---- objects ---- */

/* What is known about an object, in one line. */
static char *describe(const ms_object *object)
{
    static const char *const kinds[] = {"other", "calendar", "card", "markup"};
    GString *out = g_string_new(kinds[object->kind]);
    const struct {
        const char *label, *text;
    } texts[] = {
        {"version", object->version},         {"uid", object->uid},
        {"other uid", object->other_uid},     {"method", object->method},
        {"component", object->component},     {"other component", object->other_component},
        {"lost", object->lost_timezone},      {"recurrence", object->recurrence},
        {"undelivered", object->undelivered}, {"status", object->status},
    };

    g_string_append(out, object->whole ? "" : ", not whole");
    g_string_append(out, object->two ? ", two" : "");
    g_string_append(out, object->has_timezone ? ", time zone" : "");
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        if (texts[i].text)
            g_string_append_printf(out, ", %s %s", texts[i].label, texts[i].text);
    }
    if (object->masters + object->instances > 0)
        g_string_append_printf(out, ", %u+%u", object->masters, object->instances);
    if (object->has_start && object->has_end)
        g_string_append_printf(out, ", lasts %" G_GINT64_FORMAT,
                               object->end.seconds - object->start.seconds);
    return g_string_free(out, FALSE);
}

#define EVENT(content) "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" content "END:VEVENT\nEND:VCALENDAR\n"
#define START "DTSTART:20260101T100000Z\n"

static const struct {
    const char *name, *text, *object;
} objects[] = {
    {"event", EVENT("UID:1\n" START "DTEND:20260101T110000Z\n"),
     "calendar, uid 1, component VEVENT, 1+0, lasts 3600"},
    {"duration", EVENT(START "DURATION:P1DT2H3M4S\n"),
     "calendar, component VEVENT, 1+0, lasts 93784"},
    {"weeks", EVENT("DURATION:P2W\n" START), "calendar, component VEVENT, 1+0, lasts 1209600"},
    {"bad-duration", EVENT(START "DURATION:1H\n"), "calendar, component VEVENT, 1+0, lasts 0"},
    {"day", EVENT("DTSTART;VALUE=DATE:20260101\n"), "calendar, component VEVENT, 1+0, lasts 86400"},
    {"no-end", EVENT(START), "calendar, component VEVENT, 1+0, lasts 0"},
    {"instances",
     "begin:vcalendar\nversion:2.0\nbegin:vevent\nuid:1\nrrule:x\nend:vevent\nbegin:vevent\nuid:1\n"
     "recurrence-id:20260101\nend:vevent\nend:vcalendar",
     "calendar, version 2.0, uid 1, component VEVENT, recurrence RRULE, 1+1"},
    {"alarm", EVENT("UID:1\nBEGIN:VALARM\nUID:2\nDURATION:PT5M\nRRULE:x\nEND:VALARM\n"),
     "calendar, uid 1, component VEVENT, 1+0"},
    {"two-of-each",
     "BEGIN:VCALENDAR\nMETHOD:PUBLISH\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nBEGIN:VTODO\nUID:2\n"
     "END:VTODO\nBEGIN:VTODO\nUID:3\nEND:VTODO\nEND:VCALENDAR\n",
     "calendar, uid 1, other uid 2, method PUBLISH, component VEVENT, other component VTODO, 3+0"},
    {"time-zone",
     "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=\"A/B\":20260101T100000\n"
     "EXDATE;TZID=A/C:20260101T100000\nDTEND;TZID=/x/A:20260101T100000\nEND:VEVENT\n"
     "BEGIN:VTIMEZONE\nTZID:A/B\nBEGIN:STANDARD\nRRULE:x\nEND:STANDARD\nEND:VTIMEZONE\n"
     "END:VCALENDAR\n",
     "calendar, time zone, component VEVENT, lost A/C, recurrence EXDATE, 1+0, lasts 0"},
    {"cut", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=A/B:20260101T100000\n",
     "calendar, not whole, component VEVENT"},
    {"card", "BEGIN:VCARD\nVERSION:4.0\nUID:urn:uuid:1\nEND:VCARD\n",
     "card, version 4.0, uid urn:uuid:1"},
    {"two-cards", "BEGIN:VCARD\nUID:1\nEND:VCARD\nBEGIN:VCARD\nUID:2\nEND:VCARD\n",
     "card, two, uid 1"},
    {"status",
     EVENT(
         "ATTENDEE;SCHEDULE-STATUS=\"1.2, 5.3\":mailto:a\nATTENDEE;SCHEDULE-STATUS=3.8:mailto:b\n"),
     "calendar, component VEVENT, undelivered mailto:a, status 5.3, 1+0"},
    {"jcal", "[\"vcalendar\",[],[]]", "markup, not whole"},
    {"xcal", "<icalendar/>", "markup, not whole"},
    {"text", "Internal Server Error: x", "other, not whole"},
    {"other", "BEGIN:VNOTE\nEND:VNOTE\n", "other"},
    {"ends-only", "END:VCALENDAR\nBEGIN:VCALENDAR\n", "other, not whole"},
    {"nothing", "", "other, not whole"},
};

static void test_objects(void)
{
    struct ms_store *store = ms_store_new();
    GString *scratch = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(objects); i++) {
        size_t length = strlen(objects[i].text);
        char *copy = copy_of(objects[i].text, length), *found;
        ms_object object;

        ms_object_read(&object, copy, length, false, scratch, store);
        free(copy);
        found = describe(&object);
        unit_check_text(objects[i].name, found, objects[i].object);
        g_free(found);
    }
    g_string_free(scratch, TRUE);
    ms_store_free(store);
}

/* ---- the hostile ---- */

/* Repeated to a megabyte. */
static const char *const pieces[] = {
    "BEGIN:VCALENDAR\n",
    "BEGIN:X\nEND:X\n",
    "END:X\n",
    "\n ",
    " \n",
    ";",
    "\"",
    "A\"",
    ":",
    "a.",
    "DTSTART;TZID=x:20260101T100000\n",
    "DURATION:P",
    "9D",
    "ATTENDEE;SCHEDULE-STATUS=5.1:x\n",
    "UID:\xC3\xA4\xC3\xA4\xC3\xA4\n",
    "\xC3\xA4",
    "UID:1\n",
};
#define HOSTILE_LENGTH (1024 * 1024)

static void test_hostile(void)
{
    struct ms_store *store = ms_store_new();
    GString *scratch = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
        GString *text = g_string_new("BEGIN:VCALENDAR\nBEGIN:VEVENT\n");
        ms_object object;

        while (text->len < HOSTILE_LENGTH)
            g_string_append(text, pieces[i]);
        ms_object_read(&object, text->str, text->len, false, scratch, store);
        g_assert_cmpuint(scratch->len, <=, MS_LINE_LENGTH);
        g_assert_true(!object.uid || strlen(object.uid) <= MS_OBJECT_TEXT);
        g_assert_true(!object.uid || g_utf8_validate(object.uid, -1, NULL));
        g_string_free(text, TRUE);
    }
    g_string_free(scratch, TRUE);
    ms_store_free(store);
}

/* More time zones than are distinguished: then none is reported missing. */
static void test_timezones(void)
{
    struct ms_store *store = ms_store_new();
    GString *scratch = g_string_new(NULL);

    for (int count = 1; count < 40; count++) {
        GString *text = g_string_new("BEGIN:VCALENDAR\nBEGIN:VEVENT\n");
        ms_object object;

        for (int i = 0; i < count; i++)
            g_string_append_printf(text, "DTSTART;TZID=Z%d:20260101T100000\n", i);
        g_string_append(text, "END:VEVENT\nEND:VCALENDAR\n");
        ms_object_read(&object, text->str, text->len, false, scratch, store);
        unit_check_text("lost", object.lost_timezone, count <= 16 ? "Z0" : NULL);
        g_string_free(text, TRUE);
    }
    g_string_free(scratch, TRUE);
    ms_store_free(store);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("content-lines/lines", line_rows, test_lines);
    g_test_add_func("/content-lines/parameters", test_parameters);
    g_test_add_func("/content-lines/times", test_times);
    g_test_add_func("/content-lines/objects", test_objects);
    g_test_add_func("/content-lines/hostile", test_hostile);
    g_test_add_func("/content-lines/time-zones", test_timezones);
    return g_test_run();
}
