/* markdown.c
 * The report as Markdown.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "markdown.h"

#include <string.h>

#include "failed_exchange.h"
#include "text.h"

#define USUAL_ROWS 20
#define MOST_EXCHANGES 50
#define MOST_RESOURCES 20

/* Is it part of what GitHub turns into a link or a picture by itself: "http://x", "www.x",
 * ":tada:", "@user", "a@b"? */
static bool starts_address(const char *start, const char *at)
{
    if (*at == ':')
        return at[1] == '/' || at[1] == '+' || g_ascii_isalpha(at[1]);
    if (*at == '.')
        return at - start >= 3 && g_ascii_strncasecmp(at - 3, "www", 3) == 0;
    return *at == '@';
}

/* What can be markup inside a line (CommonMark 0.30 section 6, GitHub's tables, strike-through and
 * formulas) is escaped; none of it is ever the first in a line. What would end a line is shown as
 * text_append_safe() shows it. */
void markdown_append(GString *to, const char *text)
{
    g_autoptr(GString) safe = g_string_new(NULL);

    text_append_safe(safe, text);
    for (const char *at = safe->str; *at; at++) {
        if (*at == '<')
            g_string_append(to, "&lt;");
        else if (*at == '&')
            g_string_append(to, "&amp;");
        else if (starts_address(safe->str, at))
            g_string_append_printf(to, "&#%d;", *at);
        else if (strchr("\\`*_[]#|>~$", *at))
            g_string_append_printf(to, "\\%c", *at);
        else
            g_string_append_c(to, *at);
    }
}

/* The summary leaves out what does not occur. */
static bool is_nothing(const report_table *t, guint row)
{
    return t->n_columns == 2 && t->columns[1].type == CELL_COUNT &&
           table_at(t, row, 1)->number == 0;
}

static bool has_rows(const report_table *t)
{
    for (guint row = 0; row < t->rows->len; row++) {
        if (!is_nothing(t, row))
            return true;
    }
    return false;
}

static void put_table(GString *to, const report_view *view, const report_table *t,
                      const char *heading)
{
    guint rows = view_rows_shown(view, t, USUAL_ROWS);

    if (!has_rows(t))
        return;
    if (heading)
        g_string_append_printf(to, "\n%s %s\n", heading, t->title);
    g_string_append(to, "\n|");
    for (guint i = 0; i < t->n_columns; i++)
        g_string_append_printf(to, " %s |", t->columns[i].title);
    g_string_append(to, "\n|");
    for (guint i = 0; i < t->n_columns; i++)
        g_string_append(to, t->columns[i].type == CELL_COUNT ? "---:|" : "---|");
    for (guint row = 0; row < rows; row++) {
        if (is_nothing(t, row))
            continue;
        g_string_append(to, "\n|");
        for (guint i = 0; i < t->n_columns; i++) {
            g_autofree char *text = cell_readable(table_at(t, row, i), t->columns[i].type);

            g_string_append_c(to, ' ');
            markdown_append(to, text);
            g_string_append(to, " |");
        }
    }
    g_string_append_c(to, '\n');
    if (rows < t->rows->len)
        g_string_append_printf(to, "\nand %u more.\n", t->rows->len - rows);
}

/* --------------------------------------------------------------------------------- failures ----
 */

static void put_resource(GString *to, const failed_resource *resource)
{
    g_autofree char *words = failed_resource_words(resource);

    g_string_append(to, "  - ");
    markdown_append(to, words);
    g_string_append_c(to, '\n');
}

static void put_resources(GString *to, const failed_exchange *of)
{
    for (guint i = 0; i < of->resources->len && i < MOST_RESOURCES; i++) {
        failed_resource resource;

        failed_resource_init(&resource, of, i);
        put_resource(to, &resource);
        failed_resource_clear(&resource);
    }
    if (of->resources->len > MOST_RESOURCES)
        g_string_append_printf(to, "  - and %u more\n", of->resources->len - MOST_RESOURCES);
}

static void put_why(GString *to, const failed_exchange *of)
{
    if (of->asked) {
        g_string_append(to, "  - ");
        markdown_append(to, of->asked);
        g_string_append_c(to, '\n');
    }
    for (guint i = 0; i < of->why->len; i++) {
        const record_finding *finding = of->why->pdata[i];

        g_string_append(to, "  - ");
        markdown_append(to, finding->message);
        g_string_append_c(to, '\n');
    }
}

static void put_said(GString *to, const failed_exchange *of)
{
    if (!of->description)
        return;
    g_string_append(to, "  - The server says: \"");
    markdown_append(to, of->description);
    g_string_append(to, "\"\n");
}

static void put_exchange(GString *to, const failed_exchange *of)
{
    const exchange_record *record = of->record;
    g_autofree char *result = failed_exchange_result(of);

    g_string_append(to, "- **");
    markdown_append(to, of->method);
    if (of->uri) {
        g_string_append_c(to, ' ');
        markdown_append(to, of->uri);
    }
    g_string_append(to, "** ");
    if (of->http) {
        markdown_append(to, of->http);
        g_string_append(to, ", ");
    }
    g_string_append(to, of->verdict);
    if (*result) {
        g_string_append(to, ": ");
        markdown_append(to, result);
    }
    g_string_append(to, "; ");
    markdown_append(to, of->capture);
    g_string_append_printf(to, " frame %u, ", record->frame);
    markdown_append(to, record->time ? record->time : "at an unknown time");
    g_string_append(to, ", ");
    markdown_append(to, record->client ? record->client : "?");
    g_string_append(to, " to ");
    markdown_append(to, record->server ? record->server : "?");
    g_string_append_c(to, '\n');
    put_why(to, of);
    put_said(to, of);
    put_resources(to, of);
}

static void put_failures(GString *to, const report_view *view, const report_table *t)
{
    guint shown = view_rows_shown(view, t, MOST_EXCHANGES);

    if (t->rows->len == 0)
        return;
    g_string_append_printf(to, "\n## %s\n\n", t->title);
    for (guint i = 0; i < shown; i++) {
        failed_exchange *of = failed_exchange_new(view, i, true);

        if (of)
            put_exchange(to, of);
        failed_exchange_free(of);
    }
    if (shown < t->rows->len)
        g_string_append_printf(to, "\nand %u more.\n", t->rows->len - shown);
}

/* ----------------------------------------------------------------------------------- report ----
 */

static void put_section(GString *to, const report_view *view, const report_section *s)
{
    bool single = s->tables->len == 1;

    for (guint i = 0; i < s->tables->len; i++) {
        const report_table *t = s->tables->pdata[i];

        if (i == 0 && !single)
            g_string_append_printf(to, "\n## %s\n", s->title);
        if (strcmp(t->key, "failures") == 0)
            put_failures(to, view, t);
        else if (strcmp(t->key, "timeline") != 0)
            put_table(to, view, t, single ? "##" : "###");
    }
}

static bool is_empty(const report_section *s)
{
    for (guint i = 0; i < s->tables->len; i++) {
        if (has_rows(s->tables->pdata[i]))
            return false;
    }
    return true;
}

void markdown_report(rendering *r, const report_view *view)
{
    g_string_append(r->text, "# Multi-Status report\n");
    for (guint i = 0; i < view->sections->len; i++) {
        if (!is_empty(view->sections->pdata[i]))
            put_section(r->text, view, view->sections->pdata[i]);
    }
}
