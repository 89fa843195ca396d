/* junit.c
 * The result as JUnit XML.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "junit.h"

#include <string.h>

#include "failed_exchange.h"
#include "html_text.h"

/* The suite of a capture begins with the numbers of its cases, so these wait here for its end. One
 * block, as format.h wants it. */
typedef struct {
    unsigned tests, failures, errors, skipped;
    double seconds;
    char first[sizeof "2026-11-22T07:30:38"]; /* time of the first exchange; "" if not known */
    gsize length, size;
    char cases[];
} suite;

#define FIRST_SIZE 4096u

static suite *suite_new(void)
{
    suite *made = g_malloc(sizeof *made + FIRST_SIZE);

    *made = (suite){.size = FIRST_SIZE};
    return made;
}

static void suite_append(rendering *r, const GString *text)
{
    suite *s = r->state;

    if (s->size - s->length < text->len) {
        s->size = MAX(2 * s->size, s->length + text->len);
        r->state = s = g_realloc(s, sizeof *s + s->size);
    }
    memcpy(s->cases + s->length, text->str, text->len);
    s->length += text->len;
}

static void put_attribute(GString *to, const char *name, const char *value)
{
    g_string_append_printf(to, " %s=\"", name);
    html_append(to, value);
    g_string_append_c(to, '"');
}

/* With a point, whatever the locale. */
static void put_seconds(GString *to, double seconds)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    put_attribute(to, "time", g_ascii_formatd(text, sizeof text, "%.6f", seconds));
}

void junit_begin(rendering *r)
{
    r->state = suite_new();
    g_string_append(r->text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                             "<testsuites name=\"multistatus\">\n");
}

/* ------------------------------------------------------------------------------- exchanges ---- */

/* Several streams of a connection may have their answer in one frame. */
static char *name_of(const failed_exchange *of)
{
    const exchange_record *record = of->record;
    int64_t stream = record->h2_stream >= 0 ? record->h2_stream : record->h3_stream;
    GString *name = g_string_new(of->method);

    if (of->uri)
        g_string_append_printf(name, " %s", of->uri);
    g_string_append_printf(name, " (frame %u", record->frame);
    if (stream >= 0)
        g_string_append_printf(name, ", stream %" G_GINT64_FORMAT, stream);
    g_string_append_c(name, ')');
    return g_string_free(name, FALSE);
}

static void put_line(GString *to, const char *line)
{
    html_append(to, line);
    g_string_append_c(to, '\n');
}

static void put_trouble(GString *to, const char *element, const failed_exchange *of)
{
    const exchange_record *record = of->record;
    g_autofree char *result = failed_exchange_result(of);
    g_autofree char *message =
        *result ? g_strdup_printf("%s: %s", of->verdict, result) : g_strdup(of->verdict);

    g_string_append_printf(to, "<%s", element);
    put_attribute(to, "type", of->verdict);
    put_attribute(to, "message", message);
    g_string_append(to, ">\n");
    if (of->asked)
        put_line(to, of->asked);
    for (guint i = 0; i < of->why->len; i++)
        put_line(to, ((const record_finding *)of->why->pdata[i])->message);
    if (of->description) {
        g_autofree char *said = g_strdup_printf("The server says: \"%s\"", of->description);

        put_line(to, said);
    }
    for (guint i = 0; i < of->resources->len; i++) {
        failed_resource resource;

        failed_resource_init(&resource, of, i);
        g_autofree char *line = failed_resource_line(&resource);

        put_line(to, line);
        failed_resource_clear(&resource);
    }
    g_autofree char *place = g_strdup_printf(
        "%s, frame %u, %s, %s -> %s", of->http ? of->http : "HTTP status unknown", record->frame,
        record->time ? record->time : "at an unknown time", record->client ? record->client : "?",
        record->server ? record->server : "?");

    put_line(to, place);
    g_string_append_printf(to, "</%s>", element);
}

static void put_skipped(GString *to, const char *message)
{
    g_string_append(to, "<skipped");
    put_attribute(to, "message", message);
    g_string_append(to, "/>");
}

/* What became of it, and its element. */
static void put_outcome(GString *to, suite *s, const failed_exchange *of)
{
    const exchange_record *record = of->record;
    bool unreadable = record->verdict == MS_MALFORMED || record->verdict == MS_UNDECODED;

    if (exchange_record_is_failed(record)) {
        put_trouble(to, unreadable ? "error" : "failure", of);
        s->errors += unreadable;
        s->failures += !unreadable;
    } else if (!record->complete) {
        g_autofree char *message =
            g_strdup_printf("not all of the response was read: %s",
                            record->missing ? record->missing : "the reason is not known");

        put_skipped(to, message);
        s->skipped++;
    }
}

static void begin_case(GString *to, const char *capture, const char *name)
{
    const table_cell cell = {(char *)capture, 0};
    g_autofree char *class = cell_readable(&cell, CELL_CAPTURE);

    g_string_append(to, "    <testcase");
    put_attribute(to, "classname", class);
    put_attribute(to, "name", name);
}

void junit_exchange(rendering *r, const exchange_record *record)
{
    suite *s = r->state;
    failed_exchange *of = failed_exchange_of(record, r->settings, false);
    g_autofree char *name = name_of(of);
    g_autoptr(GString) text = g_string_new(NULL);

    s->tests++;
    if (record->time && !*s->first)
        g_strlcpy(s->first, record->time, sizeof s->first);
    begin_case(text, record->capture, name);
    if (record->response_time) {
        double seconds = g_ascii_strtod(record->response_time, NULL);

        put_seconds(text, seconds);
        s->seconds += seconds;
    }
    g_string_append_c(text, '>');
    put_outcome(text, s, of);
    g_string_append(text, "</testcase>\n");
    suite_append(r, text);
    failed_exchange_free(of);
}

/* -------------------------------------------------------------------------------- captures ---- */

static void add_error(rendering *r, const capture_record *record)
{
    suite *s = r->state;
    g_autoptr(GString) text = g_string_new(NULL);

    begin_case(text, record->capture, "(reading the capture)");
    g_string_append(text, "><error type=\"capture\"");
    put_attribute(text, "message", record->error);
    g_string_append(text, "/></testcase>\n");
    s->tests++;
    s->errors++;
    suite_append(r, text);
}

static void add_unseen(rendering *r, const capture_record *record)
{
    suite *s = r->state;
    g_autofree char *line = unseen_line(&record->unseen);
    g_autoptr(GString) text = g_string_new(NULL);

    if (!line)
        return;
    begin_case(text, record->capture, "(not looked into)");
    g_string_append_c(text, '>');
    put_skipped(text, line);
    g_string_append(text, "</testcase>\n");
    s->tests++;
    s->skipped++;
    suite_append(r, text);
}

static void put_suite(rendering *r, const char *name)
{
    const suite *s = r->state;

    g_string_append(r->text, "  <testsuite");
    put_attribute(r->text, "name", name);
    g_string_append_printf(r->text, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\"",
                           s->tests, s->failures, s->errors, s->skipped);
    put_seconds(r->text, s->seconds);
    if (*s->first)
        put_attribute(r->text, "timestamp", s->first);
    g_string_append(r->text, ">\n");
    g_string_append_len(r->text, s->cases, (gssize)s->length);
    g_string_append(r->text, "  </testsuite>\n");
    g_free(r->state);
    r->state = suite_new();
}

void junit_capture(rendering *r, const capture_record *record)
{
    const table_cell cell = {(char *)record->capture, 0};
    g_autofree char *name = cell_readable(&cell, CELL_CAPTURE);

    if (record->error)
        add_error(r, record);
    add_unseen(r, record);
    put_suite(r, name);
}

void junit_report(rendering *r, const report_view *view)
{
    (void)view;
    if (((suite *)r->state)->tests > 0)
        put_suite(r, "(interrupted)");
    g_string_append(r->text, "</testsuites>\n");
    g_clear_pointer(&r->state, g_free);
}
