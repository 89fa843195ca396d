/* text_table.c
 * Aligned columns.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "text_table.h"

#include <string.h>

#define INDENT 2
#define GAP 2
/* Narrower than this no text is made. */
#define LEAST_TEXT 12

typedef struct {
    const report_table *of;
    guint rows;
    GPtrArray *cells; /* texts, safe to print, row by row, the titles first */
    unsigned *widths;
    guint n_columns; /* that are shown */
    unsigned width;  /* of the page */
} layout;

static char *safe_cell(const table_cell *cell, cell_type type)
{
    g_autofree char *readable = cell_readable(cell, type);
    GString *safe = g_string_new(NULL);

    text_append_safe(safe, readable);
    return g_string_free(safe, FALSE);
}

static const char *cell_at(const layout *l, guint row, guint column)
{
    return l->cells->pdata[row * l->of->n_columns + column];
}

static void fill_cells(layout *l)
{
    const report_table *t = l->of;

    for (guint i = 0; i < t->n_columns; i++)
        g_ptr_array_add(l->cells, g_strdup(t->columns[i].title));
    for (guint row = 0; row < l->rows; row++) {
        for (guint i = 0; i < t->n_columns; i++)
            g_ptr_array_add(l->cells, safe_cell(table_at(t, row, i), t->columns[i].type));
    }
    for (guint row = 0; row <= l->rows; row++) {
        for (guint i = 0; i < t->n_columns; i++)
            l->widths[i] = MAX(l->widths[i], text_columns(cell_at(l, row, i)));
    }
}

static bool is_text(cell_type type)
{
    return type == CELL_TEXT || type == CELL_NAME || type == CELL_PATH || type == CELL_CAPTURE;
}

static unsigned line_width(const layout *l, unsigned most_text)
{
    unsigned total = INDENT;

    for (guint i = 0; i < l->n_columns; i++) {
        bool text = is_text(l->of->columns[i].type);

        total += (text ? MIN(l->widths[i], most_text) : l->widths[i]) + (i > 0 ? GAP : 0);
    }
    return total;
}

/* How much of a column can be done without: the first one says what its row is about. */
static unsigned dispensable(const layout *l, guint column)
{
    return column == 0 ? l->widths[column] / 2 : l->widths[column];
}

/* Leaves the last columns out where even short texts are too wide, then takes from the widest text
 * until the lines fit. */
static void fit(layout *l)
{
    while (l->n_columns > 1 && line_width(l, LEAST_TEXT) > l->width)
        l->n_columns--;
    while (line_width(l, G_MAXUINT) > l->width) {
        guint widest = l->n_columns;

        for (guint i = 0; i < l->n_columns; i++) {
            if (is_text(l->of->columns[i].type) && l->widths[i] > LEAST_TEXT &&
                (widest == l->n_columns || dispensable(l, i) > dispensable(l, widest)))
                widest = i;
        }
        if (widest == l->n_columns)
            return;
        l->widths[widest]--;
    }
}

/* The first bytes that take at most `columns`. */
static size_t head_bytes(const char *text, unsigned columns)
{
    const char *at = text;
    unsigned taken = 0;

    while (*at) {
        gunichar c = g_utf8_get_char(at);

        taken += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
        if (taken > columns)
            break;
        at = g_utf8_next_char(at);
    }
    return (size_t)(at - text);
}

/* The rest of a text that takes at most `columns`. */
static const char *tail_of(const char *text, unsigned columns)
{
    while (*text && text_columns(text) > columns)
        text = g_utf8_next_char(text);
    return text;
}

#define ELLIPSIS "..."

/* Cut in the middle: both ends of a path tell something. */
static char *shortened(const char *text, unsigned columns)
{
    if (text_columns(text) <= columns)
        return g_strdup(text);
    unsigned rest = columns - (unsigned)strlen(ELLIPSIS), head = rest / 2;
    size_t length = strlen(text), keep = (size_t)columns * 16;
    const char *end = length > keep ? g_utf8_find_next_char(text + length - keep, NULL) : text;

    return g_strdup_printf("%.*s" ELLIPSIS "%s", (int)head_bytes(text, head), text,
                           tail_of(end, rest - head));
}

static void put_cell(page *p, const layout *l, guint row, guint column)
{
    const table_column *of = &l->of->columns[column];
    g_autofree char *text = shortened(cell_at(l, row, column), l->widths[column]);
    unsigned missing = l->widths[column] - text_columns(text);
    bool right = of->type == CELL_COUNT, last = column + 1 == l->n_columns;
    g_autofree char *padding = g_strnfill(missing, ' ');

    page_put(p, STYLE_PLAIN, "", column == 0 ? "" : "  ");
    if (right)
        page_put(p, STYLE_PLAIN, "", padding);
    page_put(p, row == 0 ? STYLE_QUIET : STYLE_PLAIN, "", text);
    if (!right && !last)
        page_put(p, STYLE_PLAIN, "", padding);
}

static void put_row(page *p, const layout *l, guint row)
{
    page_line(p, INDENT, INDENT);
    for (guint i = 0; i < l->n_columns; i++)
        put_cell(p, l, row, i);
    page_end(p);
}

void text_table(page *p, const report_view *view, const report_table *t, guint usual)
{
    layout l = {.of = t,
                .n_columns = t->n_columns,
                .rows = view_rows_shown(view, t, usual),
                .cells = g_ptr_array_new_with_free_func(g_free),
                .widths = g_new0(unsigned, t->n_columns),
                .width = p->width};
    unsigned width = p->width;

    fill_cells(&l);
    fit(&l);
    p->width = G_MAXUINT; /* the table has its own way to fit */
    for (guint row = 0; row <= l.rows; row++)
        put_row(p, &l, row);
    p->width = width;
    if (l.rows < t->rows->len) {
        page_line(p, INDENT, INDENT);
        page_printf(p, STYLE_QUIET, "", "and %u more (--top 0 shows all)", t->rows->len - l.rows);
        page_end(p);
    }
    g_ptr_array_unref(l.cells);
    g_free(l.widths);
}
