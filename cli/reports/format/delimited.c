/* delimited.c
 * CSV and TSV.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "delimited.h"

#include <string.h>

#include "text.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

typedef struct {
    const row_layout *layout;
    char separator;
    bool of_resources; /* otherwise a row is an exchange */
} delimited;

/* ----------------------------------------------------------------------------------- cells ---- */

/* The characters with which a cell becomes a formula; the last four are full-width, which some
 * spreadsheets take for the others. White space before them does not help. */
static bool begins_formula(const char *text)
{
    static const gunichar starts[] = {'=', '+', '-', '@', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};
    gunichar first = g_utf8_get_char(text + strspn(text, " \t\r\n"));

    for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
        if (first == starts[i])
            return true;
    }
    return false;
}

/* In one line, without control characters, harmless. */
static char *safe_text(const char *text, bool numeric)
{
    g_autofree char *line = g_strdelimit(g_strdup(text), "\t\r\n", ' ');
    GString *safe = g_string_new(NULL);

    if (!numeric && begins_formula(text))
        g_string_append_c(safe, '\'');
    text_append_safe(safe, line);
    return g_string_free(safe, FALSE);
}

/* The quote that a cell needs, 0 for none. */
static char quote_for(const row_layout *layout, char separator, const char *text)
{
    if (layout->quote == QUOTE_NEVER)
        return 0;
    if (layout->quote != QUOTE_AS_NEEDED)
        return layout->quote;
    return strchr(text, separator) || strchr(text, '"') || *text == ' ' ||
                   g_str_has_suffix(text, " ")
               ? '"'
               : 0;
}

void delimited_cell(GString *to, const row_layout *layout, char separator, const char *text,
                    bool numeric)
{
    g_autofree char *safe = safe_text(text ? text : "", numeric);
    char quote = quote_for(layout, separator, safe);

    if (!quote) {
        /* Without quotes the separator must not occur. */
        g_strdelimit(safe, (char[]){separator, '\0'}, separator == ' ' ? '_' : ' ');
        g_string_append(to, safe);
        return;
    }
    g_string_append_c(to, quote);
    for (const char *at = safe; *at; at++) {
        if (*at == quote)
            g_string_append_c(to, quote);
        g_string_append_c(to, *at);
    }
    g_string_append_c(to, quote);
}

/* ------------------------------------------------------------------------------------ rows ---- */

static void put_cell(rendering *r, bool first, const char *text, bool numeric)
{
    const delimited *d = r->state;

    if (!first)
        g_string_append_c(r->text, d->separator);
    delimited_cell(r->text, d->layout, d->separator, text, numeric);
}

static void put_header(rendering *r)
{
    const delimited *d = r->state;
    const row_field *of;

    if (!d->layout->header)
        return;
    for (guint i = 0; (of = row_layout_field(d->layout, i)); i++)
        put_cell(r, i == 0, of->name, false);
    g_string_append_c(r->text, '\n');
}

static bool has_groups(const rendering *r)
{
    return r->settings->groupings->len > 0 && r->settings->rows->fields->len == 0;
}

static void begin(rendering *r, char separator)
{
    const row_layout *layout = r->settings->rows;
    delimited *d = g_new0(delimited, 1);

    d->layout = layout;
    d->separator = layout->separator ? layout->separator : separator;
    d->of_resources = row_layout_is_of_resources(layout);
    r->state = d;
    if (layout->bom)
        g_string_append(r->text, BYTE_ORDER_MARK);
    if (!has_groups(r))
        put_header(r);
}

void csv_begin(rendering *r)
{
    begin(r, ',');
}

void tsv_begin(rendering *r)
{
    begin(r, '\t');
}

static void put_row(rendering *r, const exchange_record *record, const record_response *response)
{
    const delimited *d = r->state;
    const row_field *of;

    for (guint i = 0; (of = row_layout_field(d->layout, i)); i++) {
        g_autofree char *text = row_layout_cell(d->layout, of, record, response);

        put_cell(r, i == 0, text, row_field_is_numeric(of));
    }
    g_string_append_c(r->text, '\n');
}

/* An exchange none of whose resources is selected, or that has none, is still a row. */
void delimited_exchange(rendering *r, const exchange_record *record)
{
    const delimited *d = r->state;
    bool any = false;

    if (has_groups(r))
        return;
    for (uint32_t i = 0; d->of_resources && i < record->n_responses; i++) {
        if (selection_resource(r->settings->chosen, record, &record->responses[i])) {
            put_row(r, record, &record->responses[i]);
            any = true;
        }
    }
    if (!any)
        put_row(r, record, NULL);
}

/* ---------------------------------------------------------------------------------- groups ---- */

static void put_table(rendering *r, const report_view *view, const report_table *t)
{
    const delimited *d = r->state;
    guint rows = view_rows_shown(view, t, 0);

    for (guint i = 0; d->layout->header && i < t->n_columns; i++)
        put_cell(r, i == 0, t->columns[i].key, false);
    if (d->layout->header)
        g_string_append_c(r->text, '\n');
    for (guint row = 0; row < rows; row++) {
        for (guint i = 0; i < t->n_columns; i++) {
            const table_cell *cell = table_at(t, row, i);
            bool numeric = cell_is_number(t->columns[i].type) &&
                           (t->columns[i].type != CELL_STATUS || cell->number >= 0);
            g_autofree char *number =
                numeric ? g_strdup_printf("%" G_GINT64_FORMAT, cell->number) : NULL;

            put_cell(r, i == 0, numeric ? number : cell->text, numeric);
        }
        g_string_append_c(r->text, '\n');
    }
}

void delimited_report(rendering *r, const report_view *view)
{
    const report_section *groups = has_groups(r) ? view_section(view, "groups") : NULL;

    for (guint i = 0; groups && i < groups->tables->len; i++) {
        if (i > 0)
            g_string_append_c(r->text, '\n');
        put_table(r, view, groups->tables->pdata[i]);
    }
    g_clear_pointer(&r->state, g_free);
}
