/* html_report.c
 * The report as one HTML file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "html_report.h"

#include <string.h>

#include "failed_exchange.h"
#include "html_chart.h"
#include "html_text.h"
#include "record_hint.h"
#include "text.h"

static void put_element(GString *to, const char *element, const char *class, const char *text)
{
    g_string_append_printf(to, "<%s class=\"%s\">", element, class);
    html_append(to, text);
    g_string_append_printf(to, "</%s>", element);
}

/* ------------------------------------------------------------------------------------ head ---- */

/* What may run and what may style, by the digest of the one script and the one style sheet that
 * stand in the file: whatever else a hostile capture could smuggle in would be refused. */
static void put_policy(GString *to, const char *directive, const char *content)
{
    guint8 digest[32];
    gsize length = sizeof digest;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);

    g_checksum_update(sum, (const guchar *)content, (gssize)strlen(content));
    g_checksum_get_digest(sum, digest, &length);
    g_checksum_free(sum);
    g_autofree char *text = g_base64_encode(digest, length);

    g_string_append_printf(to, "; %s 'sha256-%s'", directive, text);
}

static void put_head(GString *to)
{
    g_string_append(to,
                    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"generator\" content=\"multistatus " MULTISTATUS_VERSION "\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, "
                    "initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" "
                    "content=\"default-src 'none'; base-uri 'none'; form-action 'none'");
    put_policy(to, "style-src", html_style);
    put_policy(to, "script-src", html_script);
    g_string_append_printf(to,
                           "\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
                           "<title>Multi-Status report</title>\n<style>%s</style>\n</head>\n"
                           "<body>\n",
                           html_style);
}

/* --------------------------------------------------------------------------------- the top ---- */

static void put_tiles(GString *to, const aggregate *totals)
{
    g_string_append(to, "<div class=\"tiles\">\n");
    for (int i = 0; i < MS_VERDICTS; i++) {
        const char *name = ms_verdict_name((ms_verdict)i);

        if (totals->verdicts[i] > 0)
            g_string_append_printf(to,
                                   "<div class=\"card tile %s\"><b>%" G_GUINT64_FORMAT
                                   "</b><span>%s</span></div>\n",
                                   name, totals->verdicts[i], name);
    }
    unseen_count unseen = unseen_sum(&totals->unseen);
    g_autofree char *bytes = unseen_bytes(unseen.bytes);

    if (unseen.count > 0)
        g_string_append_printf(to,
                               "<div class=\"card tile unseen\"><b>%" G_GUINT64_FORMAT
                               "</b><span>not looked into, %s</span></div>\n",
                               (guint64)unseen.count, bytes);
    g_string_append(to, "</div>\n");
}

/* "No Multi-Status" is said only of what was seen. */
static void put_unseen(GString *to, const aggregate *totals)
{
    g_autofree char *line = unseen_line(&totals->unseen);

    if (!line)
        return;
    g_string_append(to, "<p class=\"lead\"><b>Not looked into</b>: ");
    html_append(to, line);
    g_string_append(to, ".</p>\n");
}

static void put_lead(GString *to, const aggregate *totals)
{
    g_autofree char *exchanges = text_count(totals->exchanges, "exchange", "exchanges");
    g_autofree char *failed = text_count(totals->failed, "resource failed", "resources failed");
    uint64_t collateral = totals->outcomes[MS_COLLATERAL];

    g_string_append(to, "<p class=\"lead\">");
    if (totals->exchanges == 0)
        g_string_append_printf(to, "No Multi-Status exchange was found%s.",
                               totals->dim->len > 0 ? " in what was looked into" : "");
    else if (failure_list_length(totals->failures) == 0)
        g_string_append_printf(to, "<b>All of %s did what was asked.</b>", exchanges);
    else
        g_string_append_printf(to, "<b>%u of %s did not do what was asked</b>: %s",
                               failure_list_length(totals->failures), exchanges, failed);
    if (failure_list_length(totals->failures) > 0 && collateral > 0)
        g_string_append_printf(to, ", %" G_GUINT64_FORMAT " more only because of another one (424)",
                               collateral);
    g_string_append_printf(to, "%s</p>\n", failure_list_length(totals->failures) > 0 ? "." : "");
}

/* ---------------------------------------------------------------------------------- charts ---- */

static const report_table *find_table(const report_view *view, const char *section_key,
                                      const char *key)
{
    const report_section *s = view_section(view, section_key);

    for (guint i = 0; s && i < s->tables->len; i++) {
        if (strcmp(((const report_table *)s->tables->pdata[i])->key, key) == 0)
            return s->tables->pdata[i];
    }
    return NULL;
}

/* Bars of two columns of a table, by their keys. */
static void put_table_bars(GString *to, const char *title, const report_table *t,
                           const char *label_key, const char *count_key)
{
    bars *b = bars_new();
    guint label = 0, count = 0;

    for (guint i = 0; t && i < t->n_columns; i++) {
        label = strcmp(t->columns[i].key, label_key) == 0 ? i : label;
        count = strcmp(t->columns[i].key, count_key) == 0 ? i : count;
    }
    for (guint row = 0; t && row < t->rows->len; row++) {
        g_autofree char *text = cell_readable(table_at(t, row, label), t->columns[label].type);

        bars_add(b, text, (uint64_t)table_at(t, row, count)->number);
    }
    html_bars(to, title, b);
    bars_free(b);
}

typedef struct {
    bars *methods, *resources;
} failure_bars;

static void add_failure(const group_row *failure, void *data)
{
    const failure_bars *to = data;

    bars_add(to->methods, failure->values[0], failure->tally.failed);
    bars_add(to->resources, failure->values[2], failure->tally.failed);
}

static void put_method_and_resource_bars(GString *to, const aggregate *totals)
{
    failure_bars of = {bars_new(), bars_new()};

    grouping_rows(totals->standard[GROUP_RECURRING], add_failure, &of);
    html_bars(to, "Failed resources by method", of.methods);
    html_bars(to, "Resources that failed most often", of.resources);
    bars_free(of.methods);
    bars_free(of.resources);
}

static void put_charts(GString *to, const report_view *view)
{
    const report_table *steps = find_table(view, "summary", "timeline");

    if (view->totals->exchanges == 0)
        return;
    g_string_append(to, "<h2>At a glance</h2>\n<div class=\"charts\">\n");
    if (steps)
        html_timeline(to, steps);
    put_table_bars(to, "Failed resources by status", find_table(view, "summary", "statuses"),
                   "status", "failed");
    put_method_and_resource_bars(to, view->totals);
    put_table_bars(to, "Failed resources by server", find_table(view, "parties", "servers"),
                   "server", "failed");
    put_table_bars(to, "Failed resources by client", find_table(view, "parties", "clients"),
                   "user_agent", "failed");
    g_string_append(to, "</div>\n");
}

/* ---------------------------------------------------------------------------------- tables ---- */

static void put_status(GString *to, int64_t status, const char *words)
{
    put_element(to, "span", status >= 400 ? "status bad" : "status", words);
}

static void put_cell(GString *to, const table_cell *cell, cell_type type)
{
    g_autofree char *text = cell_readable(cell, type);

    switch (type) {
    case CELL_COUNT:
        put_element(to, "td", "number", text);
        return;
    case CELL_STATUS:
        g_string_append_printf(to, "<td class=\"nowrap\" data-sort=\"%" G_GINT64_FORMAT "\">",
                               cell->number);
        put_status(to, cell->number, text);
        g_string_append(to, "</td>");
        return;
    case CELL_TIME:
        g_string_append(to, "<td class=\"nowrap\" data-sort=\"");
        html_append(to, cell->text ? cell->text : "");
        g_string_append(to, "\">");
        html_append(to, text);
        g_string_append(to, "</td>");
        return;
    case CELL_PATH:
    case CELL_NAME:
        g_string_append(to, "<td class=\"href\">");
        put_element(to, "code", "href", text);
        g_string_append(to, "</td>");
        return;
    case CELL_TEXT:
    case CELL_CAPTURE:
        put_element(to, "td", "text", text);
    }
}

static void put_search(GString *to, const char *key, const char *example)
{
    g_string_append_printf(to,
                           "<div class=\"tools\"><input type=\"search\" data-filters=\"%s\" "
                           "placeholder=\"%s\" aria-label=\"Filter\">",
                           key, example);
}

static void put_tools_end(GString *to, const char *key)
{
    g_string_append_printf(to, "<span class=\"soft\" id=\"%s-shown\"></span></div>\n", key);
}

/* Rows from which on a filter helps. */
#define MANY_ROWS 8

static void put_table(GString *to, const report_view *view, const report_table *t, bool titled)
{
    guint rows = view_rows_shown(view, t, 0);

    if (titled)
        put_element(to, "h3", "title", t->title);
    g_string_append_printf(to, "<div class=\"card\" id=\"%s\">\n", t->key);
    if (rows >= MANY_ROWS) {
        put_search(to, t->key, "Filter");
        put_tools_end(to, t->key);
    }
    g_string_append(to, "<div class=\"scroll\"><table class=\"sortable\"><thead><tr>");
    for (guint i = 0; i < t->n_columns; i++)
        put_element(to, "th", t->columns[i].type == CELL_COUNT ? "number" : "text",
                    t->columns[i].title);
    g_string_append(to, "</tr></thead><tbody>\n");
    for (guint row = 0; row < rows; row++) {
        g_string_append(to, "<tr>");
        for (guint i = 0; i < t->n_columns; i++)
            put_cell(to, table_at(t, row, i), t->columns[i].type);
        g_string_append(to, "</tr>\n");
    }
    g_string_append(to, "</tbody></table></div>");
    if (rows < t->rows->len)
        g_string_append_printf(to, "<p class=\"soft\">and %u more</p>", t->rows->len - rows);
    g_string_append(to, "</div>\n");
}

/* ------------------------------------------------------------------------- failed exchanges ----
 */

static void put_names(GString *to, GStrv names)
{
    for (guint i = 0; names[i]; i++) {
        g_string_append(to, i > 0 ? ", " : "");
        put_element(to, "code", "mono", names[i]);
    }
}

static void put_quote(GString *to, const char *words)
{
    if (words)
        put_element(to, "p", "quote", words);
}

static void put_group(GString *to, const failed_group *group)
{
    g_string_append(to, "<p>");
    put_status(to, group->code, group->status);
    g_string_append(to, *group->properties ? ": " : "");
    put_names(to, group->properties);
    g_string_append(to, *group->conditions ? " &middot; " : "");
    put_names(to, group->conditions);
    g_string_append(to, "</p>");
    put_quote(to, group->description);
}

static void put_hint(GString *to, const char *words, const char *source)
{
    g_string_append(to, "<p class=\"hint\">");
    html_append(to, words);
    g_string_append(to, " <span class=\"soft\">(");
    html_append(to, source);
    g_string_append(to, ")</span></p>");
}

static void put_why(GString *to, const failed_resource *resource)
{
    if (*resource->conditions) {
        g_string_append(to, "<p>");
        put_names(to, resource->conditions);
        g_string_append(to, "</p>");
    }
    put_quote(to, resource->description);
    for (guint i = 0; i < resource->groups->len; i++)
        put_group(to, &g_array_index(resource->groups, failed_group, i));
    if (resource->lock)
        put_hint(to, resource->lock, MS_LOCK_SOURCE);
    if (resource->hint)
        put_hint(to, resource->hint->text, resource->hint->source);
}

static void put_resource(GString *to, const failed_resource *resource)
{
    g_string_append(to, "<tr><td class=\"href\">");
    for (guint i = 0; resource->hrefs[i]; i++) {
        g_string_append(to, i > 0 ? "<br>" : "");
        put_element(to, "code", "href", resource->hrefs[i]);
    }
    g_string_append_printf(to, "</td><td class=\"nowrap\" data-sort=\"%d\">", resource->code);
    put_status(to, resource->code, resource->status);
    g_string_append_printf(to, "</td><td>%s</td><td>", ms_outcome_name(resource->of->outcome));
    put_why(to, resource);
    g_string_append(to, "</td></tr>\n");
}

static void put_resources(GString *to, const failed_exchange *of)
{
    if (of->resources->len == 0)
        return;
    g_string_append(to, "<div class=\"scroll\"><table class=\"sortable\"><thead><tr>"
                        "<th>resource</th><th>status</th><th>outcome</th><th>why</th></tr>"
                        "</thead><tbody>\n");
    for (guint i = 0; i < of->resources->len; i++) {
        failed_resource resource;

        failed_resource_init(&resource, of, i);
        put_resource(to, &resource);
        failed_resource_clear(&resource);
    }
    g_string_append(to, "</tbody></table></div>\n");
}

static void put_findings(GString *to, const exchange_record *record)
{
    if (record->n_findings == 0)
        return;
    g_string_append(to, "<h3>Findings</h3><ul class=\"plain\">\n");
    for (uint32_t i = 0; i < record->n_findings; i++) {
        const record_finding *finding = &record->findings[i];
        const char *severity = ms_severity_name(finding->severity);
        const char *habit = record_habit(record, i);

        g_string_append_printf(to, "<li><span class=\"badge %s\">%s</span> ", severity, severity);
        html_append(to, finding->message);
        g_string_append(to, " <span class=\"soft\">(");
        html_append(to, finding->rule);
        g_string_append(to, ")</span>");
        if (habit)
            put_element(to, "p", "hint", habit);
        g_string_append(to, "</li>\n");
    }
    g_string_append(to, "</ul>\n");
}

static void put_fact(GString *to, const char *name, const char *text, const char *more)
{
    if (!text && !more)
        return;
    g_string_append_printf(to, "<dt>%s</dt><dd>", name);
    html_append(to, text ? text : "?");
    if (more) {
        g_string_append_c(to, ' ');
        put_element(to, "span", "soft", more);
    }
    g_string_append(to, "</dd>\n");
}

/* A display filter to paste into Wireshark; sessions of other tools have entries, not packets. */
static void put_frame(GString *to, const exchange_record *record, guint number)
{
    g_string_append_printf(to, "<dt>Frame</dt><dd>%u", record->frame);
    if (record->request_frame > 0)
        g_string_append_printf(to, ", request in %u", record->request_frame);
    if (record->client) {
        g_string_append_printf(to, " <code class=\"filter\" id=\"filter-%u\">", number);
        if (record->request_frame > 0)
            g_string_append_printf(to, "frame.number in {%u, %u}", record->request_frame,
                                   record->frame);
        else
            g_string_append_printf(to, "frame.number == %u", record->frame);
        g_string_append_printf(to,
                               "</code> <span class=\"tools inline\"><button type=\"button\" "
                               "data-copies=\"filter-%u\">copy filter</button></span>",
                               number);
    }
    g_string_append(to, "</dd>\n");
}

static void put_facts(GString *to, const failed_exchange *of, guint number)
{
    const exchange_record *record = of->record;
    g_autofree char *lasted =
        record->response_time ? g_strdup_printf("answered in %s s", record->response_time) : NULL;

    g_string_append(to, "<dl class=\"facts\">\n");
    put_fact(to, "Capture", of->capture, NULL);
    put_frame(to, record, number);
    put_fact(to, "Time", record->time, lasted);
    put_fact(to, "Client", record->client, record->user_agent);
    put_fact(to, "Server", record->server, record->server_software);
    put_fact(to, "Host", record->host, NULL);
    put_fact(to, "Request", of->asked, NULL);
    put_fact(to, "Report", of->report, NULL);
    if (!record->complete)
        put_fact(to, "Incomplete", record->missing ? record->missing : "yes", NULL);
    g_string_append(to, "</dl>\n");
}

static void put_headline(GString *to, const failed_exchange *of)
{
    g_autofree char *result = failed_exchange_result(of);

    g_string_append_printf(to,
                           "<summary><span class=\"line\"><span class=\"badge %s\">%s</span><b>",
                           of->verdict, of->verdict);
    html_append(to, of->method);
    g_string_append(to, "</b>");
    put_element(to, "span", "href mono", of->uri ? of->uri : "");
    g_string_append(to, "<span class=\"soft\">");
    if (of->http)
        g_string_append(to, of->http);
    g_string_append(to, of->http && *result ? " &middot; " : "");
    html_append(to, result);
    g_string_append(to, "</span></span></summary>\n");
}

static void put_exchange(GString *to, const failed_exchange *of, guint number)
{
    g_string_append_printf(to, "<details class=\"exchange %s\">", of->verdict);
    put_headline(to, of);
    g_string_append(to, "<div class=\"inside\">\n");
    put_facts(to, of, number);
    put_quote(to, of->description);
    put_resources(to, of);
    put_findings(to, of->record);
    g_string_append(to, "</div></details>\n");
}

static void put_failures(GString *to, const report_view *view, const report_table *t)
{
    guint shown = view_rows_shown(view, t, 0);

    g_string_append_printf(to, "<div id=\"%s\">\n", t->key);
    put_search(to, t->key, "Filter, for example DELETE 423 /calendars/");
    g_string_append_printf(
        to, "<button type=\"button\" data-unfolds=\"%s\">unfold or fold all</button>", t->key);
    put_tools_end(to, t->key);
    for (guint i = 0; i < shown; i++) {
        failed_exchange *of = failed_exchange_new(view, i, false);

        if (of)
            put_exchange(to, of, i);
        failed_exchange_free(of);
    }
    if (shown < t->rows->len)
        g_string_append_printf(to, "<p class=\"soft\">and %u more</p>", t->rows->len - shown);
    g_string_append(to, "</div>\n");
}

/* ---------------------------------------------------------------------------------- report ---- */

static bool is_empty(const report_section *s)
{
    guint rows = 0;

    for (guint i = 0; i < s->tables->len; i++)
        rows += ((const report_table *)s->tables->pdata[i])->rows->len;
    return rows == 0;
}

static bool is_failures(const report_section *s)
{
    return strcmp(s->key, "failures") == 0;
}

/* The summary is at the top, as sentence, tiles and charts. */
static bool is_shown(const report_section *s)
{
    return strcmp(s->key, "summary") != 0 && !is_empty(s);
}

static void put_links(GString *to, const report_view *view)
{
    g_string_append(to, "<nav>");
    for (guint i = 0; i < view->sections->len; i++) {
        const report_section *s = view->sections->pdata[i];

        if (is_shown(s))
            g_string_append_printf(to, "<a href=\"#section-%s\">%s</a> ", s->key, s->title);
    }
    g_string_append(to, "</nav>\n");
}

static void put_top(GString *to, const report_view *view)
{
    const aggregate *totals = view->totals;
    g_autofree char *captures = text_count(totals->captures, "capture", "captures");
    g_autofree char *frames = text_count(totals->frames, "frame", "frames");
    g_autofree char *resources = text_count(totals->resources, "resource", "resources");

    g_string_append(to, "<header>\n<h1>Multi-Status report</h1>\n");
    g_string_append_printf(to, "<p class=\"soft\">%s, %s, %s</p>\n", captures, frames, resources);
    put_lead(to, totals);
    put_unseen(to, totals);
    put_tiles(to, totals);
    put_links(to, view);
    g_string_append(to, "</header>\n<main>\n");
}

static void put_section(GString *to, const report_view *view, const report_section *s)
{
    bool single = s->tables->len == 1;

    g_string_append_printf(to, "<section id=\"section-%s\">\n<h2>%s</h2>\n", s->key, s->title);
    for (guint i = 0; i < s->tables->len; i++) {
        const report_table *t = s->tables->pdata[i];

        if (is_failures(s))
            put_failures(to, view, t);
        else if (t->rows->len > 0)
            put_table(to, view, t, !single);
    }
    g_string_append(to, "</section>\n");
}

/* The failed exchanges may be many: they come last. */
void html_report(rendering *r, const report_view *view)
{
    GString *to = r->text;

    put_head(to);
    put_top(to, view);
    put_charts(to, view);
    for (int last = 0; last <= 1; last++) {
        for (guint i = 0; i < view->sections->len; i++) {
            const report_section *s = view->sections->pdata[i];

            if (is_shown(s) && is_failures(s) == (last == 1))
                put_section(to, view, s);
        }
    }
    g_string_append(to, "</main>\n<footer>Made by multistatus, which reads HTTP 207 Multi-Status "
                        "in captures. Times are UTC.</footer>\n<script>");
    g_string_append(to, html_script);
    g_string_append(to, "</script>\n</body>\n</html>\n");
}
