/* html_report.c
 * The report as one HTML file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "html_report.h"

#include <string.h>

#include "href.h"
#include "html_chart.h"
#include "html_exchange.h"
#include "html_text.h"
#include "text.h"

/* ------------------------------------------------------------------------------------ head ---- */

/* What may run and what may style, by the digest of the one script and the one style sheet that
 * stand in the file: anything else that a hostile capture could smuggle in would be refused. */
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

/* A verdict whose exchanges are listed below is a link to them. */
static void put_tile(GString *to, const char *class, guint64 count, const char *words, bool listed)
{
    g_string_append_printf(to, "<%s class=\"card tile %s\"", listed ? "a" : "div", class);
    if (listed)
        html_filter_link(to, "verdict", class);
    g_string_append_printf(to, "><b>%" G_GUINT64_FORMAT "</b><span>%s</span></%s>\n", count, words,
                           listed ? "a" : "div");
}

static void put_tiles(GString *to, const aggregate *totals)
{
    g_string_append(to, "<div class=\"tiles\">\n");
    for (int i = 0; i < MS_VERDICTS; i++) {
        const char *name = ms_verdict_name((ms_verdict)i);

        if (totals->verdicts[i] > 0)
            put_tile(to, name, totals->verdicts[i], name, record_verdict_is_failed((ms_verdict)i));
    }
    unseen_count unseen = unseen_sum(&totals->unseen);
    g_autofree char *bytes = unseen_bytes(unseen.bytes);

    if (unseen.count > 0)
        g_string_append_printf(
            to,
            "<a class=\"card tile unseen\" href=\"#not_looked_into\"><b>%" G_GUINT64_FORMAT
            "</b><span>not looked into, %s</span></a>\n",
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

static void put_look_first(GString *to, const failed_exchange *of, guint row)
{
    g_autofree char *result = failed_exchange_result(of);
    g_autofree char *what = g_strjoin(" ", of->method, of->uri, NULL);

    g_string_append_printf(to, "<p class=\"lead\"><b>Look at first</b>: <a href=\"#exchange-%u\">",
                           row + 1);
    html_element(to, "code", "href", what);
    g_string_append(to, "</a>: ");
    html_append(to, result);
    g_string_append(to, ".</p>\n");
}

/* Only if it is listed. */
static void put_worst(GString *to, const report_view *view)
{
    const report_table *t = view_section(view, "failures")->tables->pdata[0];
    guint row = 0;
    failed_exchange *of = failed_exchange_worst(view, &row);

    if (of && row < view_rows_shown(view, t, 0))
        put_look_first(to, of, row);
    failed_exchange_free(of);
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

/* Bars of two columns of a table, by their keys.
 *  @param field  by which a bar filters */
static void put_table_bars(GString *to, const char *title, const report_table *t,
                           const char *label_key, const char *count_key, const char *field)
{
    bars *b = bars_new();
    guint label = 0, count = 0;

    for (guint i = 0; t && i < t->n_columns; i++) {
        label = strcmp(t->columns[i].key, label_key) == 0 ? i : label;
        count = strcmp(t->columns[i].key, count_key) == 0 ? i : count;
    }
    for (guint row = 0; t && row < t->rows->len; row++) {
        const table_cell *cell = table_at(t, row, label);
        g_autofree char *text = cell_readable(cell, t->columns[label].type);
        g_autofree char *value = NULL;

        if (t->columns[label].type == CELL_STATUS)
            value = cell->number < 0 ? g_strdup("none")
                                     : g_strdup_printf("%" G_GINT64_FORMAT, cell->number);
        bars_add(b, text, value, (uint64_t)table_at(t, row, count)->number);
    }
    html_bars(to, title, field, b);
    bars_free(b);
}

typedef struct {
    bars *methods, *resources;
} failure_bars;

static void add_failure(const group_row *failure, void *data)
{
    const failure_bars *to = data;
    g_autofree char *path = failure->values[2] ? ms_href_readable(failure->values[2]) : NULL;

    bars_add(to->methods, failure->values[0], NULL, failure->tally.failed);
    bars_add(to->resources, path, NULL, failure->tally.failed);
}

static void put_method_and_resource_bars(GString *to, const aggregate *totals)
{
    failure_bars of = {bars_new(), bars_new()};

    grouping_rows(totals->standard[GROUP_RECURRING], add_failure, &of);
    html_bars(to, "Failed resources by method", "method", of.methods);
    html_bars(to, "Resources that failed most often", "path", of.resources);
    bars_free(of.methods);
    bars_free(of.resources);
}

static void put_charts(GString *to, const report_view *view)
{
    const report_table *steps = find_table(view, "summary", "timeline");

    if (view->totals->exchanges == 0)
        return;
    g_string_append(to, "<section id=\"section-glance\"><h2>At a glance");
    html_self_link(to, "section-glance", "At a glance");
    g_string_append(to, "</h2>\n<div class=\"charts\">\n");
    if (steps)
        html_timeline(to, steps);
    put_table_bars(to, "Failed resources by status", find_table(view, "summary", "statuses"),
                   "status", "failed", "status");
    put_method_and_resource_bars(to, view->totals);
    put_table_bars(to, "Failed resources by server", find_table(view, "parties", "servers"),
                   "server", "failed", "server");
    put_table_bars(to, "Failed resources by client", find_table(view, "parties", "clients"),
                   "user_agent", "failed", "client");
    g_string_append(to, "</div></section>\n");
}

/* ---------------------------------------------------------------------------------- tables ---- */

static const char *class_of(cell_type type)
{
    switch (type) {
    case CELL_COUNT:
        return "number";
    case CELL_STATUS:
    case CELL_TIME:
        return "nowrap";
    case CELL_PATH:
    case CELL_NAME:
        return "href";
    case CELL_TEXT:
    case CELL_CAPTURE:
        break;
    }
    return "text";
}

/* The title of its column precedes a cell where the table is stacked on a narrow screen. */
static void put_cell(GString *to, const table_cell *cell, const table_column *column)
{
    g_autofree char *text = cell_readable(cell, column->type);

    g_string_append_printf(to, "<td class=\"%s\" data-label=\"%s\"", class_of(column->type),
                           column->title);
    if (column->type == CELL_STATUS) {
        g_string_append_printf(to, " data-sort=\"%" G_GINT64_FORMAT "\">", cell->number);
        html_status(to, cell->number, text);
    } else if (column->type == CELL_TIME) {
        g_string_append(to, " data-sort=\"");
        html_append(to, cell->text ? cell->text : "");
        g_string_append(to, "\">");
        html_append(to, text);
    } else if (column->type == CELL_PATH || column->type == CELL_NAME) {
        g_string_append_c(to, '>');
        html_element(to, "code", "href", text);
    } else {
        g_string_append_c(to, '>');
        html_append(to, text);
    }
    g_string_append(to, "</td>");
}

/* A field that filters what has that id. */
static void put_search(GString *to, const char *id, const char *what, const char *example)
{
    g_string_append_printf(to,
                           "<div class=\"tools\"><input type=\"search\" data-filters=\"%s\" "
                           "placeholder=\"%s\" aria-label=\"Filter: %s\" autocomplete=\"off\" "
                           "spellcheck=\"false\">",
                           id, example, what);
}

static void put_tools_end(GString *to, const char *key)
{
    g_string_append_printf(to,
                           "<span class=\"soft\" id=\"%s-shown\" role=\"status\" "
                           "aria-live=\"polite\"></span></div>\n",
                           key);
}

static void put_more(GString *to, guint shown, guint all)
{
    if (shown < all)
        g_string_append_printf(to, "<p class=\"soft\">and %u more</p>", all - shown);
}

/* Rows from which on a filter helps. */
#define MANY_ROWS 8

static void put_table(GString *to, const report_view *view, const report_table *t, bool titled)
{
    guint rows = view_rows_shown(view, t, 0);

    if (titled) {
        g_string_append_printf(to, "<h3 class=\"title\">%s", t->title);
        html_self_link(to, t->key, t->title);
        g_string_append(to, "</h3>\n");
    }
    g_string_append_printf(to, "<div class=\"card\" id=\"%s\">\n", t->key);
    if (rows >= MANY_ROWS) {
        put_search(to, t->key, t->title, "Filter");
        put_tools_end(to, t->key);
    }
    g_string_append_printf(to,
                           "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
                           "aria-label=\"Table: %s\"><table class=\"sortable stacked\"><thead><tr>",
                           t->title);
    for (guint i = 0; i < t->n_columns; i++)
        html_element(to, "th", t->columns[i].type == CELL_COUNT ? "number" : "text",
                     t->columns[i].title);
    g_string_append(to, "</tr></thead><tbody>\n");
    for (guint row = 0; row < rows; row++) {
        g_string_append(to, "<tr>");
        for (guint i = 0; i < t->n_columns; i++)
            put_cell(to, table_at(t, row, i), &t->columns[i]);
        g_string_append(to, "</tr>\n");
    }
    g_string_append(to, "</tbody></table></div>");
    put_more(to, rows, t->rows->len);
    g_string_append(to, "</div>\n");
}

/* This many exchanges can be read without scripts; the following ones are compressed so that the
 * file fits into a mail, and unfolded by the script. */
#define MOST_WITHOUT_SCRIPTS 200

/* A browser skips a group that is out of sight. */
#define EXCHANGES_OF_A_GROUP 50

static void put_exchanges(GString *to, const report_view *view, guint shown)
{
    html_shelf *shelf = html_shelf_new();

    for (guint i = 0; i < shown; i++) {
        failed_exchange *of = failed_exchange_new(view, i, false);

        if (i == MOST_WITHOUT_SCRIPTS)
            g_string_append(to,
                            "<noscript><p>Scripts are off: the exchanges from here on cannot be "
                            "unfolded.</p></noscript>\n");
        if (i % EXCHANGES_OF_A_GROUP == 0)
            g_string_append(to, "<div class=\"group\">\n");
        if (of)
            html_exchange(to, of, i + 1, i < MOST_WITHOUT_SCRIPTS ? NULL : shelf);
        failed_exchange_free(of);
        if (i % EXCHANGES_OF_A_GROUP == EXCHANGES_OF_A_GROUP - 1 || i + 1 == shown)
            g_string_append(to, "</div>\n");
    }
    if (shown > MOST_WITHOUT_SCRIPTS)
        html_shelf_end(to, shelf);
    html_shelf_free(shelf);
}

static void put_failures(GString *to, const report_view *view, const report_table *t)
{
    guint shown = view_rows_shown(view, t, 0);

    g_string_append_printf(to, "<div id=\"%s\">\n", t->key);
    put_search(to, t->key, "failed exchanges", "status:423 method:DELETE /calendars/");
    g_string_append_printf(
        to, "<button type=\"button\" data-unfolds=\"%s\">unfold or fold all</button>", t->key);
    put_tools_end(to, t->key);
    g_string_append(to,
                    "<p class=\"soft tools help\">Words and fields must all be there; fields are "
                    "<code>status:423</code> (or <code>4xx</code>, <code>none</code>), "
                    "<code>verdict:</code>, <code>method:</code>, <code>path:</code>, "
                    "<code>server:</code>, <code>client:</code>, <code>host:</code>, "
                    "<code>capture:</code>, <code>since:2026-11-22T07:30</code>, "
                    "<code>before:</code> (UTC). Values in quotes are compared exactly; "
                    "<code>-status:404</code> leaves out.</p>\n");
    if (shown > 0)
        put_exchanges(to, view, shown);
    put_more(to, shown, t->rows->len);
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
    g_string_append(to, "<nav aria-label=\"Sections\">");
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
    put_worst(to, view);
    put_unseen(to, totals);
    put_tiles(to, totals);
    put_links(to, view);
    g_string_append(to, "</header>\n<main>\n");
}

static void put_section(GString *to, const report_view *view, const report_section *s)
{
    bool single = s->tables->len == 1;

    g_autofree char *id = g_strconcat("section-", s->key, NULL);

    g_string_append_printf(to, "<section id=\"%s\">\n<h2>%s", id, s->title);
    html_self_link(to, id, s->title);
    g_string_append(to, "</h2>\n");
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
