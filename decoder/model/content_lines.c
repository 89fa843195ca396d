/* content_lines.c
 * Calendar and address data: content lines, times, and what an object says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "content_lines.h"

#include <string.h>

/* ---- lines ---- */

/* The end of the line that begins at `at`: at its line feed, or at the end of the text. XML leaves
 * "\n" of "\r\n", unless it is written as &#13;. */
static const char *end_of_line(const char *at, const char *end)
{
    const char *feed = memchr(at, '\n', (size_t)(end - at));

    return feed ? feed : end;
}

/* Does the next line continue this one, because it begins with white space (RFC 5545 section 3.1)?
 * Steps past the line feed and that white space. */
static bool is_continued(ms_content_lines *lines, const char *end)
{
    lines->at = end < lines->end ? end + 1 : end;
    if (lines->at == lines->end || (*lines->at != ' ' && *lines->at != '\t'))
        return false;
    lines->at++;
    return true;
}

static void skip_line(ms_content_lines *lines)
{
    while (is_continued(lines, end_of_line(lines->at, lines->end)))
        ;
}

/* Without white space at the end. There is room for a whole line from the first one on: no call
 * for each piece. */
static void unfold(ms_content_lines *lines)
{
    GString *line = lines->line;
    const char *end;

    if (line->allocated_len <= MS_LINE_LENGTH)
        g_string_set_size(line, MS_LINE_LENGTH);
    line->len = 0;
    do {
        end = end_of_line(lines->at, lines->end);
        size_t length = (size_t)(end - lines->at);

        if (length > 0 && end[-1] == '\r')
            length--;
        length = MIN(length, MS_LINE_LENGTH - line->len);
        memcpy(line->str + line->len, lines->at, length);
        line->len += length;
    } while (is_continued(lines, end));
    while (line->len > 0 && g_ascii_isspace(line->str[line->len - 1]))
        line->len--;
    line->str[line->len] = '\0';
}

/* The position of a character outside double quotes, or the end. */
static const char *unquoted(const char *at, char stop)
{
    for (;;) {
        while (*at && *at != stop && *at != '"')
            at++;
        if (*at != '"')
            return at;
        at++;
        while (*at && *at != '"')
            at++;
        if (*at)
            at++;
    }
}

static bool split(char *line, ms_content_line *made)
{
    char *name_end = line;

    for (; *name_end && *name_end != ';' && *name_end != ':'; name_end++) {
        if (*name_end >= 'a' && *name_end <= 'z')
            *name_end ^= 0x20;
    }
    char *end = name_end + (unquoted(name_end, ':') - name_end);

    if (*end != ':' || name_end == line)
        return false;
    made->name = line;
    made->parameters = *name_end == ';' ? name_end + 1 : "";
    made->value = end + 1;
    *name_end = *end = '\0';
    return true;
}

/* May the line have a name that begins so? Most lines of an object do not, and need not be looked
 * at any further. */
static bool may_matter(const ms_content_lines *lines)
{
    const char *at = lines->at;

    if (!lines->starts)
        return true;
    if (lines->end == at || !g_ascii_isalpha(*at))
        return false;
    if (lines->end - at < 2 || !g_ascii_isalpha(at[1]))
        return true;
    return lines->starts[(*at & ~0x20) - 'A'] >> ((at[1] & ~0x20) - 'A') & 1;
}

bool ms_content_lines_next(ms_content_lines *lines, ms_content_line *line)
{
    while (lines->at < lines->end) {
        if (!may_matter(lines)) {
            skip_line(lines);
            continue;
        }
        unfold(lines);
        /* A NUL would end it, but XML has none. */
        if (split(lines->line->str, line))
            return true;
    }
    return false;
}

const char *ms_content_parameter(const ms_content_line *line, const char *name, size_t *length)
{
    size_t size = strlen(name);

    for (const char *at = line->parameters; *at;) {
        const char *end = unquoted(at, ';');

        if ((size_t)(end - at) > size && at[size] == '=' &&
            g_ascii_strncasecmp(at, name, size) == 0) {
            at += size + 1;
            if (*at == '"' && end - at >= 2 && end[-1] == '"') {
                at++;
                end--;
            }
            *length = (size_t)(end - at);
            return at;
        }
        at = *end ? end + 1 : end;
    }
    return NULL;
}

/* ---- times ---- */

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static bool read_digits(const char **text, unsigned count, int *number)
{
    *number = 0;
    for (unsigned i = 0; i < count; i++, (*text)++) {
        if (!g_ascii_isdigit(**text))
            return false;
        *number = *number * 10 + (**text - '0');
    }
    return true;
}

/* Days since 1970 in the proleptic Gregorian calendar. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400,
            of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool ms_calendar_time_read(const char *text, ms_calendar_time *time)
{
    int year, month, day, hour, minute, second;

    if (!read_digits(&text, 4, &year) || !read_digits(&text, 2, &month) ||
        !read_digits(&text, 2, &day) || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    *time = (ms_calendar_time){days_of(year, month, day) * DAY, true, false};
    if (*text == '\0')
        return true;
    if (*text++ != 'T' || !read_digits(&text, 2, &hour) || !read_digits(&text, 2, &minute) ||
        !read_digits(&text, 2, &second) || hour > 23 || minute > 59 || second > 60)
        return false;
    time->is_date = false;
    time->seconds += hour * HOUR + minute * MINUTE + second;
    if (*text == 'Z') {
        time->is_utc = true;
        text++;
    }
    return *text == '\0';
}

/* "P1W", "P1DT2H", "PT15M" (RFC 5545 section 3.3.6). Events of negative length are none. */
static bool read_duration(const char *text, int64_t *seconds)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'W', 7 * DAY}, {'D', DAY}, {'H', HOUR}, {'M', MINUTE}, {'S', 1}};

    *seconds = 0;
    if (*text == '+')
        text++;
    if (*text++ != 'P' || *text == '\0')
        return false;
    while (*text) {
        int64_t number = 0;
        size_t unit = 0;

        if (*text == 'T')
            text++;
        if (!g_ascii_isdigit(*text))
            return false;
        for (; g_ascii_isdigit(*text); text++)
            number = MIN(number * 10 + (*text - '0'), INT32_MAX);
        while (unit < G_N_ELEMENTS(units) && units[unit].unit != *text)
            unit++;
        if (unit == G_N_ELEMENTS(units))
            return false;
        *seconds += number * units[unit].seconds;
        text++;
    }
    return true;
}

/* ---- objects ---- */

/* Time zones of one object that are distinguished. Where there are more, none is reported missing.
 */
#define TIMEZONES 16

#define TIMEZONE_NAME 64

typedef struct {
    char names[TIMEZONES][TIMEZONE_NAME];
    unsigned count; /* all of them, including those for which there was no room */
} name_set;

typedef struct {
    ms_object *object;
    struct ms_store *store;
    unsigned depth;   /* of the components that are open: 1 within VCALENDAR */
    unsigned objects; /* that began */
    bool in_timezone; /* the component of depth 2 is a VTIMEZONE */
    bool is_instance; /* it has a RECURRENCE-ID */
    bool has_duration;
    int64_t duration;
    name_set used, defined;
} reading;

/* The part of a text that is kept, in whole characters. */
static size_t kept_length(const char *text, size_t length)
{
    if (length <= MS_OBJECT_TEXT)
        return length;
    length = MS_OBJECT_TEXT;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
        length--;
    return length;
}

/* The value that nearly all of them have. */
static const char *const known_words[] = {"VEVENT", "2.0",   "3.0",   "4.0",     "RRULE",
                                          "EXDATE", "VTODO", "RDATE", "VJOURNAL"};

/* For texts that are the same in many objects. */
static const char *kept_name(const reading *r, const char *text, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(known_words); i++) {
        if (((known_words[i][0] ^ text[0]) & ~0x20) == 0 &&
            g_ascii_strncasecmp(known_words[i], text, length) == 0 &&
            known_words[i][length] == '\0')
            return known_words[i];
    }
    char name[MS_OBJECT_TEXT + 1];

    length = kept_length(text, length);
    memcpy(name, text, length);
    name[length] = '\0';
    if (g_utf8_validate(name, (gssize)length, NULL))
        return ms_store_name(r->store, name);
    char *valid = g_utf8_make_valid(name, -1);
    const char *kept = ms_store_name(r->store, valid);

    g_free(valid);
    return kept;
}

static const char *kept_text(const reading *r, const char *text)
{
    return ms_store_text(r->store, text, kept_length(text, strlen(text)));
}

static bool is_in(const name_set *set, const char *name, size_t length)
{
    for (unsigned i = 0; i < MIN(set->count, TIMEZONES); i++) {
        if (strncmp(set->names[i], name, length) == 0 && set->names[i][length] == '\0')
            return true;
    }
    return false;
}

static void add_to(name_set *set, const char *name, size_t length)
{
    if (length >= TIMEZONE_NAME) {
        set->count = TIMEZONES + 1;
        return;
    }
    if (is_in(set, name, length))
        return;
    if (set->count < TIMEZONES) {
        memcpy(set->names[set->count], name, length);
        set->names[set->count][length] = '\0';
    }
    set->count++;
}

/* ---- components ---- */

static void begin(reading *r, const char *name)
{
    ms_object *object = r->object;

    if (r->depth++ == 0) {
        ms_object_kind kind = g_ascii_strcasecmp(name, "VCALENDAR") == 0 ? MS_OBJECT_CALENDAR
                              : g_ascii_strcasecmp(name, "VCARD") == 0   ? MS_OBJECT_CARD
                                                                         : MS_OBJECT_OTHER;

        object->two = r->objects++ > 0;
        if (r->objects == 1)
            object->kind = kind;
        return;
    }
    if (r->depth != 2)
        return;
    r->in_timezone = g_ascii_strcasecmp(name, "VTIMEZONE") == 0;
    r->is_instance = r->has_duration = false;
    if (r->in_timezone) {
        object->has_timezone = true;
        return;
    }
    if (!object->component)
        object->component = kept_name(r, name, strlen(name));
    else if (!object->other_component && g_ascii_strcasecmp(object->component, name) != 0)
        object->other_component = kept_name(r, name, strlen(name));
    object->has_start = object->has_end = false;
}

/* The default end without DTEND (RFC 4791 section 9.9). */
static void end_times(reading *r)
{
    ms_object *object = r->object;

    if (!object->has_start || object->has_end)
        return;
    object->has_end = true;
    object->end = object->start;
    object->end.seconds += r->has_duration ? r->duration : object->start.is_date ? DAY : 0;
}

static void end(reading *r)
{
    if (r->depth == 0)
        return;
    if (r->depth == 2 && !r->in_timezone) {
        if (r->is_instance)
            r->object->instances++;
        else
            r->object->masters++;
        end_times(r);
    }
    if (r->depth == 2)
        r->in_timezone = false;
    r->depth--;
    r->object->whole = r->depth == 0;
}

/* ---- properties ---- */

/* Did the scheduling message not arrive (RFC 6638 sections 3.2.9 and 7.3)? The first status of a
 * list that says so. */
static const char *failed_status(const char *list, size_t length)
{
    for (const char *at = list; at < list + length;) {
        if ((*at == '3' || *at == '5') && at + 1 < list + length && at[1] == '.')
            return at;
        while (at < list + length && *at != ',')
            at++;
        at++;
        while (at < list + length && *at == ' ')
            at++;
    }
    return NULL;
}

static void look_at_user(reading *r, const ms_content_line *line)
{
    size_t length = 0;
    const char *list = ms_content_parameter(line, "SCHEDULE-STATUS", &length);
    const char *status = list ? failed_status(list, length) : NULL;

    if (!status || r->object->n_undelivered++ > 0)
        return;
    r->object->undelivered = kept_text(r, line->value);
    r->object->status = kept_name(r, status, strspn(status, "0123456789."));
}

static void look_at_time(reading *r, const ms_content_line *line)
{
    ms_object *object = r->object;
    bool starts = strcmp(line->name, "DTSTART") == 0;
    ms_calendar_time *time = starts ? &object->start : &object->end;
    bool *has = starts ? &object->has_start : &object->has_end;
    size_t length = 0;
    const char *zone = ms_content_parameter(line, "TZID", &length);

    /* One that starts with a solidus is known without a definition (RFC 5545 section 3.2.19). */
    if (zone && length > 0 && *zone != '/')
        add_to(&r->used, zone, length);
    if (starts || strcmp(line->name, "DTEND") == 0)
        *has = ms_calendar_time_read(line->value, time);
    else if (strcmp(line->name, "RECURRENCE-ID") == 0)
        r->is_instance = true;
}

static void look_at_recurrence(reading *r, const ms_content_line *line)
{
    if (!r->object->recurrence)
        r->object->recurrence = kept_name(r, line->name, strlen(line->name));
    look_at_time(r, line);
}

static void look_at_uid(reading *r, const ms_content_line *line)
{
    ms_object *object = r->object;

    if (!object->uid)
        object->uid = kept_text(r, line->value);
    else if (!object->other_uid && strlen(line->value) <= MS_OBJECT_TEXT &&
             strcmp(object->uid, line->value) != 0)
        object->other_uid = kept_text(r, line->value);
}

static void look_at_duration(reading *r, const ms_content_line *line)
{
    r->has_duration = read_duration(line->value, &r->duration);
}

/* The properties of a component that are looked at, by name. */
static const struct {
    const char *name;
    void (*look)(reading *r, const ms_content_line *line);
} looks[] = {
    {"ATTENDEE", look_at_user},      {"DTEND", look_at_time},        {"DTSTART", look_at_time},
    {"DUE", look_at_time},           {"DURATION", look_at_duration}, {"EXDATE", look_at_recurrence},
    {"EXRULE", look_at_recurrence},  {"ORGANIZER", look_at_user},    {"RDATE", look_at_recurrence},
    {"RECURRENCE-ID", look_at_time}, {"RRULE", look_at_recurrence},  {"UID", look_at_uid},
};

static void look_at_component(reading *r, const ms_content_line *line)
{
    if (r->in_timezone) {
        if (strcmp(line->name, "TZID") == 0)
            add_to(&r->defined, line->value, strlen(line->value));
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(looks); i++) {
        if (looks[i].name[0] == line->name[0] && strcmp(looks[i].name, line->name) == 0) {
            looks[i].look(r, line);
            return;
        }
    }
}

/* A vCard, or the calendar around its components. */
static void look_at_object(reading *r, const ms_content_line *line)
{
    ms_object *object = r->object;

    if (strcmp(line->name, "VERSION") == 0 && !object->version)
        object->version = kept_name(r, line->value, strlen(line->value));
    else if (strcmp(line->name, "METHOD") == 0 && !object->method)
        object->method = kept_name(r, line->value, strlen(line->value));
    else if (strcmp(line->name, "UID") == 0 && object->kind == MS_OBJECT_CARD && !object->two)
        look_at_uid(r, line);
}

static void look_at_line(reading *r, const ms_content_line *line)
{
    if (strcmp(line->name, "BEGIN") == 0)
        begin(r, line->value);
    else if (strcmp(line->name, "END") == 0)
        end(r);
    else if (r->depth == 1)
        look_at_object(r, line);
    else if (r->depth == 2)
        look_at_component(r, line);
}

/* ---- the whole ---- */

static void find_lost_timezone(reading *r)
{
    if (!r->object->whole || r->used.count > TIMEZONES || r->defined.count > TIMEZONES)
        return;
    for (unsigned i = 0; i < r->used.count && !r->object->lost_timezone; i++) {
        const char *name = r->used.names[i];

        if (!is_in(&r->defined, name, strlen(name)))
            r->object->lost_timezone = kept_name(r, name, strlen(name));
    }
}

#define FIRST(letter) [letter - 'A']
#define NEXT(letter) (1u << (letter - 'A'))

/* How the names begin that matter: BEGIN and END, VERSION, METHOD and UID. */
static const ms_line_starts object_starts = {
    FIRST('B') = NEXT('E'), FIRST('E') = NEXT('N'), FIRST('M') = NEXT('E'),
    FIRST('U') = NEXT('I'), FIRST('V') = NEXT('E'),
};

/* What look_at_component() knows. */
static const ms_line_starts component_starts = {
    FIRST('A') = NEXT('T'),
    FIRST('B') = NEXT('E'),
    FIRST('D') = NEXT('T') | NEXT('U'),
    FIRST('E') = NEXT('N') | NEXT('X'),
    FIRST('O') = NEXT('R'),
    FIRST('R') = NEXT('D') | NEXT('E') | NEXT('R'),
    FIRST('T') = NEXT('Z'),
    FIRST('U') = NEXT('I'),
};

/* Within a time zone, or deeper. */
static const ms_line_starts inner_starts = {
    FIRST('B') = NEXT('E'),
    FIRST('E') = NEXT('N'),
    FIRST('T') = NEXT('Z'),
};

void ms_object_read(ms_object *object, const char *text, size_t length, bool cut, GString *scratch,
                    struct ms_store *store)
{
    static const uint32_t *const starts[] = {NULL, object_starts, component_starts};
    ms_content_lines lines = {text, text + length, scratch, NULL};
    ms_content_line line;
    reading r;

    r.object = object;
    r.store = store;
    r.depth = r.objects = r.used.count = r.defined.count = 0;
    r.in_timezone = r.is_instance = r.has_duration = false;

    *object = (ms_object){.kind = MS_OBJECT_OTHER, .cut = cut};
    if (length > 0 && (*text == '[' || *text == '<' || *text == '{')) {
        object->kind = MS_OBJECT_MARKUP;
        return;
    }
    while (ms_content_lines_next(&lines, &line)) {
        /* What does not start by beginning an object is none. */
        if (r.objects == 0 && strcmp(line.name, "BEGIN") != 0)
            return;
        look_at_line(&r, &line);
        lines.starts = r.depth > 2 || r.in_timezone ? inner_starts : starts[r.depth];
    }
    object->whole = object->whole && !cut;
    find_lost_timezone(&r);
}
