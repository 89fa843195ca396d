/* report_text.c
 * The text report.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report_text.h"

#include <string.h>

#include "failed_exchange.h"
#include "record_hint.h"
#include "rules.h"
#include "text.h"
#include "text_table.h"

/* Whoever needs more than this uses the records. */
#define MOST_RESOURCES 20
#define MOST_HREFS 5
#define MOST_PROPERTIES 8
#define MOST_FINDINGS 5
#define MOST_NAMES 5
#define MOST_DESCRIPTION 300

/* Rows of a table, and failed exchanges, if the user did not say. */
#define USUAL_ROWS 20
/* This many of what fails most fit on the first screen along with the answer. */
#define USUAL_CAUSES 5

static void put_heading(page *p, const char *text)
{
    page_end(p);
    page_line(p, 0, 0);
    page_put(p, STYLE_STRONG, "", text);
    page_end(p);
}

static const char *capture_name(const char *capture)
{
    return strcmp(capture, "-") == 0 ? "standard input" : capture;
}

/* --------------------------------------------------------------------------------- summary ---- */

#define LABEL_COLUMNS 17

static void begin_row(page *p, const char *label)
{
    page_line(p, 0, LABEL_COLUMNS);
    page_put(p, STYLE_STRONG, "", label);
    for (; p->column < LABEL_COLUMNS; p->column++)
        g_string_append_c(p->to, ' ');
}

static void summarise_captures(page *p, const aggregate *totals)
{
    g_autofree char *frames = text_count(totals->frames, "frame", "frames");

    begin_row(p, "captures");
    page_printf(p, STYLE_PLAIN, "", "%" G_GUINT64_FORMAT " with %s", totals->captures, frames);
    if (totals->troubled->len > 0)
        page_printf(p, STYLE_WARN, ", ", "%u with problems", totals->troubled->len);
    if (totals->barren->len > 0)
        page_printf(p, STYLE_PLAIN, ", ", "%u without Multi-Status", totals->barren->len);
    if (totals->dim_barren->len > 0)
        page_printf(p, STYLE_WARN, ", ", "%u without Multi-Status in what was looked into",
                    totals->dim_barren->len);
    page_end(p);
}

static char *utc_time(int64_t seconds, const char *pattern)
{
    g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(seconds);

    return when ? g_date_time_format(when, pattern) : NULL;
}

/* "2026-11-22 07:30:38 to 07:31:02 UTC": the day once if it is the same. */
static void summarise_time(page *p, const aggregate *totals)
{
    int64_t first, last;

    if (!timeline_span(totals->time, &first, &last))
        return;
    g_autofree char *day = utc_time(first, "%F"), *last_day = utc_time(last, "%F");
    g_autofree char *start = utc_time(first, "%F %T"), *end = utc_time(last, "%F %T");

    if (!start || !end)
        return;
    begin_row(p, "time");
    page_put(p, STYLE_PLAIN, "", start);
    if (strcmp(start, end) != 0) {
        page_put(p, STYLE_PLAIN, " ", "to");
        page_put(p, STYLE_PLAIN, " ", strcmp(day, last_day) == 0 ? end + strlen(day) + 1 : end);
    }
    page_put(p, STYLE_PLAIN, " ", "UTC");
    page_end(p);
}

static style verdict_style(ms_verdict verdict)
{
    switch (verdict) {
    case MS_FAILURE:
    case MS_MALFORMED:
        return STYLE_BAD;
    case MS_PARTIAL:
    case MS_UNDECODED:
        return STYLE_WARN;
    case MS_SUCCESS:
        return STYLE_GOOD;
    case MS_BENIGN:
    case MS_EMPTY:
        break;
    }
    return STYLE_PLAIN;
}

static void summarise_exchanges(page *p, const aggregate *totals)
{
    const char *separator = ": ";

    begin_row(p, "exchanges");
    if (totals->exchanges == totals->in_captures)
        page_printf(p, STYLE_PLAIN, "", "%" G_GUINT64_FORMAT, totals->exchanges);
    else
        page_printf(p, STYLE_PLAIN, "", "%" G_GUINT64_FORMAT " selected of %" G_GUINT64_FORMAT,
                    totals->exchanges, totals->in_captures);
    for (int verdict = 0; verdict < MS_VERDICTS; verdict++) {
        if (totals->verdicts[verdict] > 0) {
            page_printf(p, verdict_style((ms_verdict)verdict), separator,
                        "%" G_GUINT64_FORMAT " %s", totals->verdicts[verdict],
                        ms_verdict_name((ms_verdict)verdict));
            separator = ", ";
        }
    }
    page_end(p);
}

static void summarise_resources(page *p, const aggregate *totals)
{
    guint64 collateral = totals->outcomes[MS_COLLATERAL], unknown = totals->outcomes[MS_UNKNOWN];
    guint64 ok = totals->outcomes[MS_OK];
    guint64 harmless = totals->resources - ok - totals->failed - collateral - unknown;

    begin_row(p, "resources");
    if (totals->resources == totals->in_exchanges)
        page_printf(p, STYLE_PLAIN, "", "%" G_GUINT64_FORMAT ":", totals->resources);
    else
        page_printf(p, STYLE_PLAIN, "", "%" G_GUINT64_FORMAT " selected of %" G_GUINT64_FORMAT ":",
                    totals->resources, totals->in_exchanges);
    page_printf(p, STYLE_GOOD, " ", "%" G_GUINT64_FORMAT " ok", ok);
    page_printf(p, totals->failed > 0 ? STYLE_BAD : STYLE_PLAIN, ", ",
                "%" G_GUINT64_FORMAT " failed", totals->failed);
    if (collateral > 0)
        page_printf(p, STYLE_WARN, ", ",
                    "%" G_GUINT64_FORMAT " more only because of another one (424)", collateral);
    if (unknown > 0)
        page_printf(p, STYLE_WARN, ", ", "%" G_GUINT64_FORMAT " without a readable status",
                    unknown);
    if (harmless > 0)
        page_printf(p, STYLE_PLAIN, ", ", "%" G_GUINT64_FORMAT " harmless", harmless);
    page_end(p);
}

static void summarise_failures(page *p, const aggregate *totals)
{
    g_autoptr(GArray) counts = aggregate_statuses(totals);

    if (counts->len == 0)
        return;
    g_autoptr(GPtrArray) statuses = statuses_readable(counts, true);
    begin_row(p, "failed");
    for (guint i = 0; i < statuses->len; i++)
        page_printf(p, STYLE_BAD, i > 0 ? ", " : "", "%s", (const char *)statuses->pdata[i]);
    page_end(p);
}

/* What looks like a failure but is not. */
static void summarise_harmless(page *p, const aggregate *totals)
{
    g_autoptr(GPtrArray) pieces = g_ptr_array_new_with_free_func(g_free);

    if (totals->absent_properties > 0)
        g_ptr_array_add(pieces,
                        text_count(totals->absent_properties, "property that does not exist (404)",
                                   "properties that do not exist (404)"));
    for (const ms_harmless *kind = NULL; (kind = ms_outcome_next_harmless(kind));) {
        guint64 count = totals->outcomes[kind->outcome];

        if (count > 0)
            g_ptr_array_add(pieces, text_count(count, kind->one, kind->many));
    }
    if (pieces->len == 0)
        return;
    begin_row(p, "harmless");
    for (guint i = 0; i < pieces->len; i++)
        page_printf(p, STYLE_QUIET, i > 0 ? ", " : "", "%s", (const char *)pieces->pdata[i]);
    page_end(p);
}

/* "13 TLS connections without keys, 56.6 kB": numbers stay with what they count. */
static void put_unseen_reason(page *p, const char *separator, char *reason)
{
    char *bytes = strstr(reason, ", "), *rest = strchr(reason, ' ');

    if (bytes)
        *bytes = '\0';
    rest = rest ? strchr(rest + 1, ' ') : NULL;
    if (rest)
        *rest = '\0';
    page_put(p, STYLE_WARN, separator, reason);
    if (rest) {
        g_auto(GStrv) words = g_strsplit(rest + 1, " ", -1);

        for (char **word = words; *word; word++)
            page_put(p, STYLE_WARN, " ", *word);
    }
    if (bytes)
        page_put(p, STYLE_WARN, ", ", bytes + 2);
}

static void put_unseen_line(page *p, const char *line)
{
    g_auto(GStrv) reasons = g_strsplit(line, "; ", -1);

    for (guint i = 0; reasons[i]; i++)
        put_unseen_reason(p, i > 0 ? "; " : "", reasons[i]);
}

static void summarise_unseen(page *p, const aggregate *totals)
{
    g_autofree char *line = unseen_line(&totals->unseen);

    if (!line)
        return;
    begin_row(p, "not looked into");
    put_unseen_line(p, line);
    page_end(p);
}

/* ------------------------------------------------------------------- one failed exchange ---- */

#define EXCHANGE_INDENT 2
#define DETAIL_INDENT 4
#define RESOURCE_INDENT 6

/* "2026-11-22T07:30:38.123456789Z" -> "2026-11-22 07:30:38.123456 UTC" */
static void put_time(page *p, const char *time)
{
    const char *t = strchr(time, 'T');

    if (t)
        page_printf(p, STYLE_QUIET, ", ", "%.*s %.15s UTC", (int)(t - time), time, t + 1);
}

/* Does the host say no more than the address of the server? */
static bool is_server_address(const char *host, const char *server)
{
    size_t length = strlen(host);

    return server && strncmp(server, host, length) == 0 &&
           (server[length] == '\0' || server[length] == ':');
}

static void put_where(page *p, const failed_exchange *of)
{
    const exchange_record *record = of->record;

    page_line(p, DETAIL_INDENT, DETAIL_INDENT);
    page_put(p, STYLE_QUIET, "", of->capture);
    page_printf(p, STYLE_QUIET, ", ", "frame %u", record->frame);
    if (record->request_frame > 0)
        page_printf(p, STYLE_QUIET, " ", "(request %u)", record->request_frame);
    if (record->time)
        put_time(p, record->time);
    if (record->client || record->server)
        page_printf(p, STYLE_QUIET, ", ", "%s -> %s", record->client ? record->client : "?",
                    record->server ? record->server : "?");
    if (record->host && !is_server_address(record->host, record->server))
        page_printf(p, STYLE_QUIET, " ", "(%s)", record->host);
    page_end(p);
}

static void put_result(page *p, const failed_exchange *of)
{
    for (guint i = 0; i < of->result->len; i++) {
        const sentence_piece *piece = &g_array_index(of->result, sentence_piece, i);

        page_put(p, STYLE_PLAIN, i > 0 ? piece->separator : ": ", piece->words);
    }
}

static void put_what(page *p, const failed_exchange *of)
{
    page_line(p, EXCHANGE_INDENT, DETAIL_INDENT);
    page_put(p, STYLE_STRONG, "", of->method);
    if (of->uri)
        page_put(p, STYLE_STRONG, " ", of->uri);
    if (of->report)
        page_printf(p, STYLE_PLAIN, " ", "(%s)", of->report);
    if (of->http)
        page_put(p, STYLE_PLAIN, "  ", of->http);
    page_put(p, verdict_style(of->record->verdict), "  ", of->verdict);
    put_result(p, of);
    page_end(p);
}

/* In place of the request. */
static void put_asked(page *p, const failed_exchange *of)
{
    if (!of->asked)
        return;
    page_line(p, DETAIL_INDENT, DETAIL_INDENT);
    page_put_words(p, STYLE_QUIET, of->asked);
    page_end(p);
}

static void put_names(page *p, style look, const char *separator, GStrv names)
{
    guint count = g_strv_length(names);

    for (guint i = 0; i < count && i < MOST_PROPERTIES; i++)
        page_put(p, look, i == 0 ? separator : ", ", names[i]);
    if (count > MOST_PROPERTIES)
        page_printf(p, look, ", ", "and %u more", count - MOST_PROPERTIES);
}

static void put_description(page *p, const char *description)
{
    g_autofree char *cut = g_utf8_strlen(description, -1) > MOST_DESCRIPTION
                               ? g_utf8_substring(description, 0, MOST_DESCRIPTION)
                               : NULL;
    g_autofree char *quoted =
        g_strdup_printf("\"%s%s\"", cut ? cut : description, cut ? "..." : "");

    page_put_words(p, STYLE_QUIET, quoted);
}

/* The reasons that a server gives for a resource. */
static void put_reasons(page *p, unsigned indent, const failed_resource *resource)
{
    if (*resource->conditions) {
        page_line(p, indent, indent);
        put_names(p, STYLE_WARN, "", resource->conditions);
        page_end(p);
    }
    if (resource->description) {
        page_line(p, indent, indent);
        put_description(p, resource->description);
        page_end(p);
    }
    if (resource->location) {
        page_line(p, indent, indent);
        page_printf(p, STYLE_QUIET, "", "location: %s", resource->location);
        page_end(p);
    }
}

/* "403 Forbidden: properties getetag, x: cannot-modify-protected-property, "read-only"" */
static void put_group(page *p, unsigned indent, const failed_group *group)
{
    const char *separator = "";

    page_line(p, indent, indent + 2);
    if (!group->as_resource) {
        page_put(p, STYLE_BAD, "", group->status);
        separator = ": ";
    }
    if (*group->properties) {
        page_put(p, STYLE_PLAIN, separator, group->properties[1] ? "properties" : "property");
        put_names(p, STYLE_PLAIN, " ", group->properties);
        separator = ": ";
    }
    if (*group->conditions) {
        put_names(p, STYLE_WARN, separator, group->conditions);
        separator = ", ";
    }
    if (group->description) {
        page_put(p, STYLE_PLAIN, "", separator);
        put_description(p, group->description);
    }
    page_end(p);
}

static void put_groups(page *p, unsigned indent, const failed_resource *resource)
{
    for (guint i = 0; i < resource->groups->len; i++) {
        const failed_group *group = &g_array_index(resource->groups, failed_group, i);

        if (group->outcome != MS_COLLATERAL)
            put_group(p, indent, group);
    }
    if (resource->collateral > 0 && resource->of->outcome != MS_COLLATERAL) {
        g_autofree char *properties =
            text_count(resource->collateral, "more property", "more properties");

        page_line(p, indent, indent + 2);
        page_printf(p, STYLE_QUIET, "", "and %s failed only because of this: 424", properties);
        page_end(p);
    }
}

static void put_hrefs(page *p, unsigned indent, const failed_resource *resource)
{
    guint count = g_strv_length(resource->hrefs);
    style look = resource->of->hrefs.count > 0 ? STYLE_PLAIN : STYLE_QUIET;

    for (guint i = 0; i < count && i < MOST_HREFS; i++) {
        if (i > 0) {
            page_end(p);
            page_line(p, indent, indent);
        }
        page_put(p, look, i > 0 ? "" : "  ", resource->hrefs[i]);
    }
    if (resource->outcome)
        page_printf(p, STYLE_WARN, " ", "(%s)", resource->outcome);
    page_end(p);
    if (count > MOST_HREFS) {
        page_line(p, indent, indent);
        page_printf(p, STYLE_QUIET, "", "and %u more hrefs", count - MOST_HREFS);
        page_end(p);
    }
}

static void put_advice(page *p, unsigned indent, const char *words)
{
    page_line(p, indent, indent + 3);
    page_put(p, STYLE_GOOD, "", "->");
    page_put(p, STYLE_PLAIN, "", " ");
    page_put_words(p, STYLE_PLAIN, words);
    page_end(p);
}

static void put_lock(page *p, unsigned indent, const failed_resource *resource)
{
    if (!resource->lock)
        return;
    g_autofree char *sentence = g_strconcat(resource->lock, ".", NULL);

    put_advice(p, indent, sentence);
}

/* What is known about this server. */
static void put_habits(page *p, const exchange_record *record)
{
    for (guint32 i = 0; i < record->n_findings; i++) {
        const char *habit = record_habit(record, i);

        if (habit)
            put_advice(p, RESOURCE_INDENT, habit);
    }
}

/* Each hint is given once, after the exchanges; resources name its number. */
typedef GPtrArray hint_list; /* of const ms_hint */

/* "[1]", or "" without one. A hint that is new gets the next number.
 * @param hints  NULL where none are wanted */
static char *hint_mark(hint_list *hints, const ms_hint *hint)
{
    guint at = 0;

    if (!hints || !hint)
        return g_strdup("");
    if (!g_ptr_array_find(hints, hint, &at)) {
        at = hints->len;
        g_ptr_array_add(hints, (gpointer)hint);
    }
    return g_strdup_printf(" [%u]", at + 1);
}

static void put_hints(page *p, const hint_list *hints)
{
    if (hints->len == 0)
        return;
    put_heading(p, "What the failures mean");
    for (guint i = 0; i < hints->len; i++) {
        const ms_hint *hint = hints->pdata[i];
        g_autofree char *number = g_strdup_printf("[%u]", i + 1);

        page_line(p, EXCHANGE_INDENT, EXCHANGE_INDENT + (unsigned)strlen(number) + 1);
        page_put(p, STYLE_STRONG, "", number);
        page_put(p, STYLE_PLAIN, "", " ");
        page_put_words(p, STYLE_PLAIN, hint->text);
        page_printf(p, STYLE_QUIET, " ", "(%s)", hint->source);
        page_end(p);
    }
}

static void put_resource(page *p, const failed_resource *resource, const char *mark,
                         unsigned label_columns)
{
    unsigned indent = RESOURCE_INDENT + label_columns + 2;

    page_line(p, RESOURCE_INDENT, indent);
    page_put(p, resource->of->outcome == MS_FAILED ? STYLE_BAD : STYLE_WARN, "", resource->status);
    page_put(p, STYLE_STRONG, "", mark);
    for (; p->column < RESOURCE_INDENT + label_columns; p->column++)
        g_string_append_c(p->to, ' ');
    put_hrefs(p, indent, resource);
    put_reasons(p, indent, resource);
    put_groups(p, indent, resource);
}

static unsigned widest_label(const failed_exchange *of, hint_list *hints)
{
    unsigned widest = 0;

    for (guint i = 0; i < of->resources->len && i < MOST_RESOURCES; i++) {
        uint32_t index = g_array_index(of->resources, uint32_t, i);
        const record_response *response = &of->record->responses[index];
        g_autofree char *status = failed_resource_status(response);
        g_autofree char *mark = hint_mark(hints, hints ? record_hint(of->record, response) : NULL);

        widest = MAX(widest, text_columns(status) + text_columns(mark));
    }
    return widest;
}

static void put_resources(page *p, const failed_exchange *of, hint_list *hints)
{
    const exchange_record *record = of->record;
    unsigned columns = widest_label(of, hints);

    for (guint i = 0; i < of->resources->len && i < MOST_RESOURCES; i++) {
        failed_resource resource;

        failed_resource_init(&resource, of, i);
        g_autofree char *mark = hint_mark(hints, resource.hint);

        put_resource(p, &resource, mark, columns);
        if (hints)
            put_lock(p, RESOURCE_INDENT + columns + 2, &resource);
        failed_resource_clear(&resource);
    }
    if (of->resources->len > MOST_RESOURCES) {
        page_line(p, RESOURCE_INDENT, RESOURCE_INDENT);
        page_printf(p, STYLE_QUIET, "", "and %u more (use -T ndjson for all)",
                    of->resources->len - MOST_RESOURCES);
        page_end(p);
    }
    if (record->collateral > 0 && record->failed > 0) {
        page_line(p, RESOURCE_INDENT, RESOURCE_INDENT);
        page_printf(p, STYLE_QUIET, "", "and %u more failed only because of %s: 424",
                    record->collateral, record->failed == 1 ? "this" : "these");
        page_end(p);
    }
}

static void put_why(page *p, const failed_exchange *of)
{
    for (guint i = 0; i < of->why->len && i < MOST_FINDINGS; i++) {
        const record_finding *finding = of->why->pdata[i];

        page_line(p, DETAIL_INDENT, RESOURCE_INDENT);
        page_put_words(p, finding->severity == MS_ERROR ? STYLE_BAD : STYLE_WARN, finding->message);
        page_end(p);
    }
}

static void put_said(page *p, const failed_exchange *of)
{
    if (!of->description)
        return;
    page_line(p, DETAIL_INDENT, RESOURCE_INDENT);
    page_put(p, STYLE_PLAIN, "", "The server says: ");
    put_description(p, of->description);
    page_end(p);
}

static void put_exchange(page *p, const failed_exchange *of, hint_list *hints)
{
    put_what(p, of);
    put_asked(p, of);
    put_where(p, of);
    put_why(p, of);
    put_said(p, of);
    put_resources(p, of, hints);
    if (hints)
        put_habits(p, of->record);
}

static void summarise_worst(page *p, const report_view *view)
{
    failed_exchange *of = failed_exchange_worst(view, NULL);

    if (!of)
        return;
    begin_row(p, "look at first");
    page_put(p, STYLE_PLAIN, "", of->method);
    if (of->uri)
        page_put(p, STYLE_PLAIN, " ", of->uri);
    put_result(p, of);
    page_printf(p, STYLE_PLAIN, ", ", "frame %u", of->record->frame);
    page_put(p, STYLE_PLAIN, " ", "of");
    page_put(p, STYLE_PLAIN, " ", of->capture);
    page_end(p);
    failed_exchange_free(of);
}

static void summarise(page *p, const report_view *view)
{
    const aggregate *totals = view->totals;

    summarise_captures(p, totals);
    summarise_time(p, totals);
    summarise_exchanges(p, totals);
    if (totals->resources > 0) {
        summarise_resources(p, totals);
        summarise_failures(p, totals);
        summarise_harmless(p, totals);
    }
    summarise_worst(p, view);
    summarise_unseen(p, totals);
}

static void put_exchanges(page *p, const report_view *view, const report_table *t)
{
    guint shown = view_rows_shown(view, t, USUAL_ROWS);
    g_autoptr(GArray) order = view_worst_first(t);
    g_autoptr(GPtrArray) hints = view->settings->explain ? g_ptr_array_new() : NULL;

    if (t->rows->len == 0)
        return;
    put_heading(p, t->rows->len > 1 ? "Failed exchanges, the worst first" : "Failed exchange");
    for (guint i = 0; i < shown; i++) {
        failed_exchange *of = failed_exchange_new(view, g_array_index(order, guint, i), true);

        if (!of)
            continue;
        if (i > 0)
            page_end(p);
        put_exchange(p, of, hints);
        failed_exchange_free(of);
    }
    if (shown < t->rows->len) {
        page_end(p);
        page_line(p, EXCHANGE_INDENT, EXCHANGE_INDENT);
        page_printf(p, STYLE_QUIET, "", "and %u more failed exchanges (--top 0 shows all)",
                    t->rows->len - shown);
        page_end(p);
    }
    if (hints)
        put_hints(p, hints);
}

/* -------------------------------------------------------------------------------- captures ---- */

/* Whoever needs more of a kind uses JSON. */
#define MOST_CAPTURES 20

/* @param all  how many there are, of which MOST_CAPTURES are listed */
static void put_other_captures(page *p, guint all, unsigned hanging, const char *words)
{
    if (all <= MOST_CAPTURES)
        return;
    g_autofree char *rest = text_count(all - MOST_CAPTURES, "more capture", "more captures");

    page_line(p, EXCHANGE_INDENT, hanging);
    page_printf(p, STYLE_QUIET, "", "%s %s (-T json lists all)", words, rest);
    page_end(p);
}

static void put_troubled(page *p, const aggregate *totals)
{
    if (totals->troubled->len == 0)
        return;
    put_heading(p, "Captures with problems");
    for (guint i = 0; i < totals->troubled->len && i < MOST_CAPTURES; i++) {
        const capture_record *record = totals->troubled->pdata[i];

        page_line(p, EXCHANGE_INDENT, DETAIL_INDENT);
        page_put(p, STYLE_PLAIN, "", capture_name(record->capture));
        page_put(p, STYLE_PLAIN, "", ": ");
        page_put_words(p, STYLE_WARN, record->error);
        if (record->frames > 0)
            page_printf(p, STYLE_PLAIN, " ", "(read up to frame %" G_GUINT64_FORMAT ")",
                        record->frames);
        page_end(p);
    }
    put_other_captures(p, totals->troubled->len, EXCHANGE_INDENT, "and");
}

static void put_unseen(page *p, const aggregate *totals)
{
    if (totals->dim->len == 0)
        return;
    put_heading(p, "Captures not fully looked into");
    for (guint i = 0; i < totals->dim->len && i < MOST_CAPTURES; i++) {
        const capture_record *record = totals->dim->pdata[i];
        g_autofree char *line = unseen_line(&record->unseen);

        page_line(p, EXCHANGE_INDENT, DETAIL_INDENT);
        page_put(p, STYLE_PLAIN, "", capture_name(record->capture));
        page_put(p, STYLE_PLAIN, "", ": not looked into: ");
        put_unseen_line(p, line);
        page_end(p);
    }
    put_other_captures(p, totals->dim->len, DETAIL_INDENT, "and parts of");
}

/* @param in  of what */
static void put_barren(page *p, const GPtrArray *names, const char *in)
{
    if (names->len == 0)
        return;
    page_end(p);
    page_line(p, 0, EXCHANGE_INDENT);
    page_put(p, STYLE_STRONG, "", "No Multi-Status");
    page_put(p, STYLE_PLAIN, "", in);
    for (guint i = 0; i < names->len && i < MOST_NAMES; i++)
        page_put(p, STYLE_PLAIN, i > 0 ? ", " : " ", capture_name(names->pdata[i]));
    if (names->len > MOST_NAMES) {
        g_autofree char *rest =
            text_count(names->len - MOST_NAMES, "other capture", "other captures");

        page_printf(p, STYLE_PLAIN, " ", "and %s", rest);
    }
    page_end(p);
}

/* ----------------------------------------------------------------------------------- report ----
 */

static void put_table(page *p, const report_view *view, const report_table *t)
{
    bool causes = strcmp(t->key, "failing") == 0;

    if (t->rows->len <= causes) /* a single one is in the summary */
        return;
    put_heading(p, t->title);
    text_table(p, view, t, causes ? USUAL_CAUSES : USUAL_ROWS);
}

/* Messages are too long for a column. */
static void put_noticed(page *p, const report_view *view, const report_table *t)
{
    enum { SEVERITY, RULE, EXCHANGES, MESSAGE, CAPTURE, FRAME };
    guint shown = view_rows_shown(view, t, USUAL_ROWS);

    if (t->rows->len == 0)
        return;
    put_heading(p, t->title);
    for (guint i = 0; i < shown; i++) {
        const table_cell *row = table_at(t, i, 0);
        bool grave = strcmp(row[SEVERITY].text, ms_severity_name(MS_NOTE)) != 0;
        const ms_rule *rule = ms_rule_named(row[RULE].text);
        bool habit = rule && rule->per == MS_PER_SERVER;
        g_autofree char *exchanges =
            text_count((guint64)row[EXCHANGES].number, "exchange", "exchanges");

        page_line(p, EXCHANGE_INDENT, DETAIL_INDENT);
        page_put_words(p, grave ? STYLE_WARN : STYLE_PLAIN, row[MESSAGE].text);
        page_end(p);
        page_line(p, DETAIL_INDENT, DETAIL_INDENT);
        page_put(p, STYLE_QUIET, "", row[RULE].text);
        page_printf(p, STYLE_QUIET, ", ", "%s%s", habit ? "once per server" : "in ",
                    habit ? "" : exchanges);
        page_printf(p, STYLE_QUIET, ", ", "first in frame %" G_GINT64_FORMAT " of %s",
                    row[FRAME].number, capture_name(row[CAPTURE].text));
        page_end(p);
    }
    if (shown < t->rows->len) {
        page_line(p, EXCHANGE_INDENT, EXCHANGE_INDENT);
        page_printf(p, STYLE_QUIET, "", "and %u more rules (--top 0 shows all)",
                    t->rows->len - shown);
        page_end(p);
    }
}

/* Sections that are not only tables. All others are shown as the tables they have. */
static void put_section(page *p, const report_view *view, const report_section *s)
{
    const aggregate *totals = view->totals;

    if (strcmp(s->key, "summary") == 0) {
        summarise(p, view);
    } else if (strcmp(s->key, "failures") == 0 || strcmp(s->key, "hints") == 0) {
        return; /* the exchanges come at the end, and each hint with its failure */
    } else if (strcmp(s->key, "noticed") == 0) {
        put_noticed(p, view, s->tables->pdata[0]);
    } else if (strcmp(s->key, "captures") == 0) {
        put_troubled(p, totals);
        put_unseen(p, totals);
        put_barren(p, totals->barren, " in");
        put_barren(p, totals->dim_barren, " in what was looked into of");
    } else {
        for (guint i = 0; i < s->tables->len; i++)
            put_table(p, view, s->tables->pdata[i]);
    }
}

void report_text(rendering *r, const report_view *view)
{
    page p = {r->text, r->color, r->width, 0, 0};

    for (guint i = 0; i < view->sections->len; i++)
        put_section(&p, view, view->sections->pdata[i]);
    put_exchanges(&p, view, view_section(view, "failures")->tables->pdata[0]);
}
