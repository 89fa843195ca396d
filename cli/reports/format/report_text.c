/* report_text.c
 * The text report.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report_text.h"

#include <string.h>

#include "href.h"
#include "names.h"
#include "record_hint.h"
#include "status.h"
#include "text.h"
#include "text_table.h"

/* Whoever needs more than these takes the records. */
#define MOST_RESOURCES 20
#define MOST_HREFS 5
#define MOST_PROPERTIES 8
#define MOST_FINDINGS 5
#define MOST_NAMES 5
#define MOST_DESCRIPTION 300

static const char *capture_name(const char *capture)
{
    return strcmp(capture, "-") == 0 ? "standard input" : capture;
}

/* --------------------------------------------------------------------------------- summary ---- */

#define LABEL_COLUMNS 11

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

/* "423 Locked"; "status 1" if it is not registered; JSON may say it without a number. */
static char *status_text(int code)
{
    const char *reason = ms_status_reason(code);

    if (code < 0)
        return g_strdup("no status code");
    return reason ? g_strdup_printf("%d %s", code, reason) : g_strdup_printf("status %d", code);
}

/* The same of a resource: the server's own word where it gave no number. */
static char *resource_status(const record_response *response)
{
    return response->code < 0 && response->reason ? g_strdup(response->reason)
                                                  : status_text(response->code);
}

static void put_statuses(page *p, style look, GArray *counts, bool always_count)
{
    const char *separator = "";

    if (counts->len == 1 && !always_count) {
        g_autofree char *status = status_text(g_array_index(counts, status_count, 0).code);

        page_put(p, look, "", status);
        return;
    }
    for (guint i = 0; i < counts->len; i++) {
        const status_count *entry = &g_array_index(counts, status_count, i);
        g_autofree char *status = status_text(entry->code);

        page_printf(p, look, separator, "%s: %" G_GUINT64_FORMAT, status, entry->count);
        separator = ", ";
    }
}

static void summarise_failures(page *p, const aggregate *totals)
{
    g_autoptr(GArray) counts = aggregate_statuses(totals);

    if (counts->len == 0)
        return;
    begin_row(p, "failed");
    put_statuses(p, STYLE_BAD, counts, true);
    page_end(p);
}

/* What looks like a failure and is none. */
static void summarise_harmless(page *p, const aggregate *totals)
{
    static const struct {
        ms_outcome outcome;
        const char *one, *many;
    } classes[] = {
        {MS_REMOVED, "member gone since the last sync (404)",
         "members gone since the last sync (404)"},
        {MS_TRUNCATED, "list cut short by the server (507)", "lists cut short by the server (507)"},
        {MS_NOT_TRAVERSED, "collection not traversed (403)", "collections not traversed (403)"},
        {MS_DUPLICATE, "duplicate (208)", "duplicates (208)"},
        {MS_REDIRECT, "redirect (3xx)", "redirects (3xx)"},
        {MS_PLACEHOLDER, "placeholder (418)", "placeholders (418)"},
        {MS_ABSENT, "resource with none of the properties asked for",
         "resources with none of the properties asked for"},
    };
    g_autoptr(GPtrArray) pieces = g_ptr_array_new_with_free_func(g_free);

    if (totals->absent_properties > 0)
        g_ptr_array_add(pieces,
                        text_count(totals->absent_properties, "property that does not exist (404)",
                                   "properties that do not exist (404)"));
    for (size_t i = 0; i < G_N_ELEMENTS(classes); i++) {
        guint64 count = totals->outcomes[classes[i].outcome];

        if (count > 0)
            g_ptr_array_add(pieces, text_count(count, classes[i].one, classes[i].many));
    }
    if (pieces->len == 0)
        return;
    begin_row(p, "harmless");
    for (guint i = 0; i < pieces->len; i++)
        page_put(p, STYLE_QUIET, i > 0 ? ", " : "", pieces->pdata[i]);
    page_end(p);
}

static void summarise(page *p, const aggregate *totals)
{
    summarise_captures(p, totals);
    summarise_exchanges(p, totals);
    if (totals->resources == 0)
        return;
    summarise_resources(p, totals);
    summarise_failures(p, totals);
    summarise_harmless(p, totals);
}

/* ------------------------------------------------------------------- one failed exchange ---- */

/* An exchange whose resources are listed as the settings want it. */
typedef struct {
    const report_settings *settings;
    const exchange_record *record;
    const ms_hint *said; /* the last hint */
} listing;

#define EXCHANGE_INDENT 2
#define DETAIL_INDENT 4
#define RESOURCE_INDENT 6

static void put_summary(page *p, const exchange_record *record)
{
    guint32 n = record->n_responses, unknown = 0;

    for (guint32 i = 0; i < n; i++)
        unknown += record->responses[i].outcome == MS_UNKNOWN;
    if (record->verdict == MS_UNDECODED || n == 0)
        return;
    /* The answer to a DELETE, COPY or MOVE lists what failed (RFC 4918 section 9.6.1). */
    bool others = record->failed > 0 && record->verdict == MS_PARTIAL && record->ok == 0;

    if (record->failed > 0) {
        g_autoptr(GArray) counts = aggregate_statuses_of(record);

        if (others)
            page_printf(p, STYLE_PLAIN, ": ", "%u failed (", record->failed);
        else
            page_printf(p, STYLE_PLAIN, ": ", "%u of %u failed (", record->failed, n);
        put_statuses(p, STYLE_PLAIN, counts, false);
        page_put(p, STYLE_PLAIN, "", ")");
        if (record->collateral > 0)
            page_printf(p, STYLE_PLAIN, ", ", "%u more only because of that (424)",
                        record->collateral);
    } else if (record->collateral > 0) {
        page_printf(p, STYLE_PLAIN, ": ", "%u of %u failed only because of something else (424)",
                    record->collateral, n);
    } else {
        g_autofree char *resources = text_count(n, "resource", "resources");

        page_printf(p, STYLE_PLAIN, ": ", "%s read", resources);
    }
    if (unknown > 0)
        page_printf(p, STYLE_PLAIN, ", ", "%u without a readable status", unknown);
    if (others)
        page_put(p, STYLE_PLAIN, "; ", "what is not listed went well");
}

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

static void put_where(page *p, const exchange_record *record)
{
    page_line(p, DETAIL_INDENT, DETAIL_INDENT);
    page_printf(p, STYLE_QUIET, "", "frame %u", record->frame);
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

static void put_what(page *p, const exchange_record *record)
{
    page_line(p, EXCHANGE_INDENT, DETAIL_INDENT);
    page_put(p, STYLE_STRONG, "", record->method ? record->method : "(request not captured)");
    if (record->uri) {
        g_autofree char *uri = ms_href_readable(record->uri);

        page_put(p, STYLE_STRONG, " ", uri);
    }
    if (record->report) {
        g_autofree char *report = ms_short_name(record->report);

        page_printf(p, STYLE_PLAIN, " ", "(%s)", report);
    }
    if (record->http_status > 0)
        page_printf(p, STYLE_PLAIN, "  ", "HTTP %d", record->http_status);
    page_put(p, verdict_style(record->verdict), "  ", ms_verdict_name(record->verdict));
    put_summary(p, record);
    page_end(p);
}

/* Names in short form; the conditions and properties of the wire are escaped by the page. */
static void put_names(page *p, style look, const char *separator, const record_strings *names)
{
    for (guint32 i = 0; i < names->count && i < MOST_PROPERTIES; i++) {
        g_autofree char *name = ms_short_name(names->items[i]);

        page_put(p, look, i == 0 ? separator : ", ", name);
    }
    if (names->count > MOST_PROPERTIES)
        page_printf(p, look, ", ", "and %u more", names->count - MOST_PROPERTIES);
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

/* The reasons that a server gives for a resource or a group of properties. */
static void put_reasons(page *p, unsigned indent, const record_strings *conditions,
                        const char *description)
{
    if (conditions->count > 0) {
        page_line(p, indent, indent);
        put_names(p, STYLE_WARN, "", conditions);
        page_end(p);
    }
    if (description && *description) {
        page_line(p, indent, indent);
        put_description(p, description);
        page_end(p);
    }
}

static bool says_anything(const record_propstat *propstat, const record_response *response)
{
    return propstat->properties.count > 0 || propstat->conditions.count > 0 ||
           (propstat->description && *propstat->description) || propstat->status != response->code;
}

/* "403 Forbidden: properties getetag, x: cannot-modify-protected-property, "read-only"" */
static void put_failed_propstat(page *p, unsigned indent, const record_propstat *propstat,
                                const record_response *response)
{
    guint32 n = propstat->properties.count;
    const char *separator = "";

    page_line(p, indent, indent + 2);
    if (propstat->status != response->code) {
        g_autofree char *status = status_text(propstat->status);

        page_put(p, STYLE_BAD, "", status);
        separator = ": ";
    }
    if (n > 0) {
        page_put(p, STYLE_PLAIN, separator, n == 1 ? "property" : "properties");
        put_names(p, STYLE_PLAIN, " ", &propstat->properties);
        separator = ": ";
    }
    if (propstat->conditions.count > 0) {
        put_names(p, STYLE_WARN, separator, &propstat->conditions);
        separator = ", ";
    }
    if (propstat->description && *propstat->description) {
        page_put(p, STYLE_PLAIN, "", separator);
        put_description(p, propstat->description);
    }
    page_end(p);
}

static void put_failed_propstats(page *p, unsigned indent, const record_response *response)
{
    guint32 collateral = 0;

    for (guint32 i = 0; i < response->n_propstats; i++) {
        const record_propstat *propstat = &response->propstats[i];

        if (propstat->outcome == MS_COLLATERAL)
            collateral += propstat->properties.count;
        else if ((ms_outcome_is_failure(propstat->outcome) || propstat->outcome == MS_UNKNOWN) &&
                 says_anything(propstat, response))
            put_failed_propstat(p, indent, propstat, response);
    }
    if (collateral > 0 && response->outcome != MS_COLLATERAL) {
        g_autofree char *properties = text_count(collateral, "more property", "more properties");

        page_line(p, indent, indent + 2);
        page_printf(p, STYLE_QUIET, "", "and %s failed only because of this: 424", properties);
        page_end(p);
    }
}

static void put_hrefs(page *p, unsigned indent, const record_response *response)
{
    const record_strings *hrefs = &response->hrefs;

    if (hrefs->count == 0)
        page_put(p, STYLE_QUIET, "  ", "(no href)");
    for (guint32 i = 0; i < hrefs->count && i < MOST_HREFS; i++) {
        g_autofree char *href = ms_href_readable(hrefs->items[i]);

        if (i > 0) {
            page_end(p);
            page_line(p, indent, indent);
        }
        page_put(p, STYLE_PLAIN, i > 0 ? "" : "  ", href);
    }
    if (response->outcome != MS_FAILED && response->outcome != MS_UNKNOWN)
        page_printf(p, STYLE_WARN, " ", "(%s)", ms_outcome_name(response->outcome));
    page_end(p);
    if (hrefs->count > MOST_HREFS) {
        page_line(p, indent, indent);
        page_printf(p, STYLE_QUIET, "", "and %u more hrefs", hrefs->count - MOST_HREFS);
        page_end(p);
    }
}

/* @param source  where that is said; NULL if it was seen */
static void put_advice(page *p, unsigned indent, const char *words, const char *source)
{
    page_line(p, indent, indent + 3);
    page_put(p, STYLE_GOOD, "", "->");
    page_put(p, STYLE_PLAIN, "", " ");
    page_put_words(p, STYLE_PLAIN, words);
    if (source)
        page_printf(p, STYLE_QUIET, " ", "(%s)", source);
    page_end(p);
}

/* The hint is given once for resources in a row that have the same. */
static void put_hints(page *p, unsigned indent, listing *of, const record_response *response)
{
    const ms_hint *hint = record_hint(of->record, response);
    const record_lock *held = record_lock_of(of->record, response);

    if (held) {
        g_autofree char *words = record_lock_words(held);
        g_autofree char *sentence = g_strconcat(words, ".", NULL);

        put_advice(p, indent, sentence, NULL);
    }
    if (hint && hint != of->said)
        put_advice(p, indent, hint->text, hint->source);
    of->said = hint;
}

/* What is known of this server. */
static void put_habits(page *p, const exchange_record *record)
{
    for (guint32 i = 0; i < record->n_findings; i++) {
        const char *habit = record_habit(record, i);

        if (habit)
            put_advice(p, RESOURCE_INDENT, habit, NULL);
    }
}

static void put_resource(page *p, listing *of, const record_response *response,
                         unsigned label_columns)
{
    g_autofree char *status = resource_status(response);
    unsigned indent = RESOURCE_INDENT + label_columns + 2;

    page_line(p, RESOURCE_INDENT, indent);
    page_put(p, response->outcome == MS_FAILED ? STYLE_BAD : STYLE_WARN, "", status);
    for (; p->column < RESOURCE_INDENT + label_columns; p->column++)
        g_string_append_c(p->to, ' ');
    put_hrefs(p, indent, response);
    put_reasons(p, indent, &response->conditions, response->description);
    if (response->location) {
        page_line(p, indent, indent);
        page_printf(p, STYLE_QUIET, "", "location: %s", response->location);
        page_end(p);
    }
    put_failed_propstats(p, indent, response);
    if (of->settings->explain)
        put_hints(p, indent, of, response);
}

/* Is the resource listed? Collateral is folded unless there is nothing to fold it under. */
static bool is_listed(const listing *of, const record_response *response)
{
    const exchange_record *record = of->record;

    if (!selection_resource(of->settings->chosen, record, response))
        return false;
    if (response->outcome == MS_COLLATERAL)
        return record->failed == 0;
    return ms_outcome_is_failure(response->outcome) || response->outcome == MS_UNKNOWN;
}

static unsigned widest_label(const listing *of)
{
    const exchange_record *record = of->record;
    unsigned widest = 0, listed = 0;

    for (guint32 i = 0; i < record->n_responses && listed < MOST_RESOURCES; i++) {
        if (is_listed(of, &record->responses[i])) {
            g_autofree char *status = resource_status(&record->responses[i]);

            widest = MAX(widest, text_columns(status));
            listed++;
        }
    }
    return widest;
}

static void put_resources(page *p, listing *of)
{
    const exchange_record *record = of->record;
    unsigned columns = widest_label(of);
    guint32 listed = 0;

    for (guint32 i = 0; i < record->n_responses; i++) {
        if (is_listed(of, &record->responses[i]) && listed++ < MOST_RESOURCES)
            put_resource(p, of, &record->responses[i], columns);
    }
    if (listed > MOST_RESOURCES) {
        page_line(p, RESOURCE_INDENT, RESOURCE_INDENT);
        page_printf(p, STYLE_QUIET, "", "and %u more (use -T ndjson for all)",
                    listed - MOST_RESOURCES);
        page_end(p);
    }
    if (record->collateral > 0 && record->failed > 0) {
        page_line(p, RESOURCE_INDENT, RESOURCE_INDENT);
        page_printf(p, STYLE_QUIET, "", "and %u more failed only because of %s: 424",
                    record->collateral, record->failed == 1 ? "this" : "these");
        page_end(p);
    }
}

/* Why a body could not be read, or not to its end; all there is to say if it is to be explained. */
static void put_findings(page *p, const exchange_record *record, bool explain)
{
    unsigned listed = 0;

    if (record->verdict != MS_MALFORMED && record->verdict != MS_UNDECODED && !explain)
        return;
    for (guint32 i = 0; i < record->n_findings; i++) {
        const record_finding *finding = &record->findings[i];

        if (finding->severity < MS_NOTE || strcmp(finding->rule, "failures") == 0 ||
            listed++ >= MOST_FINDINGS)
            continue;
        page_line(p, DETAIL_INDENT, RESOURCE_INDENT);
        page_put_words(p, finding->severity == MS_ERROR ? STYLE_BAD : STYLE_WARN, finding->message);
        page_end(p);
    }
}

static void put_exchange(page *p, const report_settings *settings, const exchange_record *record)
{
    listing of = {settings, record, NULL};

    put_what(p, record);
    put_where(p, record);
    put_findings(p, record, settings->explain);
    put_resources(p, &of);
    if (settings->explain)
        put_habits(p, record);
}

static void put_exchanges(page *p, const report_view *view, const report_table *t)
{
    g_autofree char *capture = NULL;
    guint shown = view_rows_shown(view, t, 0);

    for (guint i = 0; i < shown; i++) {
        exchange_record *record = failure_list_get(view->totals->failures, i);

        if (!record)
            continue;
        page_end(p);
        if (!capture || strcmp(capture, record->capture) != 0) {
            page_line(p, 0, 0);
            page_put(p, STYLE_STRONG, "", capture_name(record->capture));
            page_end(p);
            page_end(p);
            g_free(capture);
            capture = g_strdup(record->capture);
        }
        put_exchange(p, view->settings, record);
        exchange_record_unref(record);
    }
    if (shown < t->rows->len) {
        page_end(p);
        page_line(p, EXCHANGE_INDENT, EXCHANGE_INDENT);
        page_printf(p, STYLE_QUIET, "", "and %u more failed exchanges (--top 0 shows all)",
                    t->rows->len - shown);
        page_end(p);
    }
}

/* -------------------------------------------------------------------------------- captures ---- */

static void put_troubled(page *p, const aggregate *totals)
{
    if (totals->troubled->len == 0)
        return;
    page_end(p);
    page_line(p, 0, 0);
    page_put(p, STYLE_STRONG, "", "Captures with problems");
    page_end(p);
    for (guint i = 0; i < totals->troubled->len; i++) {
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
}

static void put_barren(page *p, const aggregate *totals)
{
    if (totals->barren->len == 0)
        return;
    page_end(p);
    page_line(p, 0, EXCHANGE_INDENT);
    page_put(p, STYLE_STRONG, "", "No Multi-Status");
    page_put(p, STYLE_PLAIN, "", " in");
    for (guint i = 0; i < totals->barren->len && i < MOST_NAMES; i++)
        page_put(p, STYLE_PLAIN, i > 0 ? ", " : " ", capture_name(totals->barren->pdata[i]));
    if (totals->barren->len > MOST_NAMES) {
        g_autofree char *rest =
            text_count(totals->barren->len - MOST_NAMES, "other capture", "other captures");

        page_printf(p, STYLE_PLAIN, " ", "and %s", rest);
    }
    page_end(p);
}

/* ----------------------------------------------------------------------------------- report ----
 */

/* Rows of a table, if the user did not say. */
#define USUAL_ROWS 20

static void put_table(page *p, const report_view *view, const report_table *t)
{
    if (t->rows->len == 0)
        return;
    page_end(p);
    page_line(p, 0, 0);
    page_put(p, STYLE_STRONG, "", t->title);
    page_end(p);
    text_table(p, view, t, USUAL_ROWS);
}

/* A message is too long for a column. */
static void put_noticed(page *p, const report_view *view, const report_table *t)
{
    enum { SEVERITY, RULE, EXCHANGES, MESSAGE, CAPTURE, FRAME };
    guint shown = view_rows_shown(view, t, USUAL_ROWS);

    if (t->rows->len == 0)
        return;
    page_end(p);
    page_line(p, 0, 0);
    page_put(p, STYLE_STRONG, "", t->title);
    page_end(p);
    for (guint i = 0; i < shown; i++) {
        const table_cell *row = table_at(t, i, 0);
        bool grave = strcmp(row[SEVERITY].text, ms_severity_name(MS_NOTE)) != 0;
        g_autofree char *exchanges =
            text_count((guint64)row[EXCHANGES].number, "exchange", "exchanges");

        page_line(p, EXCHANGE_INDENT, DETAIL_INDENT);
        page_put_words(p, grave ? STYLE_WARN : STYLE_PLAIN, row[MESSAGE].text);
        page_end(p);
        page_line(p, DETAIL_INDENT, DETAIL_INDENT);
        page_printf(p, STYLE_QUIET, "", "%s, in %s, first", row[RULE].text, exchanges);
        page_printf(p, STYLE_QUIET, " ", "in frame %" G_GINT64_FORMAT " of %s", row[FRAME].number,
                    capture_name(row[CAPTURE].text));
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
        summarise(p, totals);
    } else if (strcmp(s->key, "failures") == 0) {
        put_exchanges(p, view, s->tables->pdata[0]);
    } else if (strcmp(s->key, "hints") == 0) {
        return; /* each stands beside its failure */
    } else if (strcmp(s->key, "noticed") == 0) {
        put_noticed(p, view, s->tables->pdata[0]);
    } else if (strcmp(s->key, "captures") == 0) {
        put_troubled(p, totals);
        put_barren(p, totals);
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
}
