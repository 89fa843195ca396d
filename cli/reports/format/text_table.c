/* text_table.c
 * Aligned columns.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "text_table.h"

#include <string.h>

#define INDENT 2
#define GAP 2
/* No text is made narrower than this, nor than its title. */
#define LEAST_TEXT 12
#define ELLIPSIS "\xe2\x80\xa6"
/* What all paths begin with is left out if it is at least this long, because a line has to say what
 * it was.
 */
#define LEAST_PREFIX 4

typedef struct {
    const report_table *of;
    guint rows;
    GPtrArray *cells; /* texts, safe to print, row by row, the titles first */
    GPtrArray *above; /* the upper line of the titles, where they take two lines; or empty */
    char **prefixes;  /* by column: the folder that an ellipsis stands for in each of its paths; or
                       * NULL */
    unsigned *widths;
    bool *shown;    /* by column */
    bool broken;    /* a row takes several lines */
    unsigned width; /* of the page */
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
}

static void measure(layout *l)
{
    for (guint i = 0; i < l->of->n_columns; i++)
        l->widths[i] = l->above->len > 0 ? text_columns(l->above->pdata[i]) : 0;
    for (guint row = 0; row <= l->rows; row++) {
        for (guint i = 0; i < l->of->n_columns; i++)
            l->widths[i] = MAX(l->widths[i], text_columns(cell_at(l, row, i)));
    }
}

/* "failed exchanges" is only as wide as "exchanges" if "failed" is put above it. */
static void stack_titles(layout *l)
{
    for (guint i = 0; i < l->of->n_columns; i++) {
        const char *title = l->of->columns[i].title, *gap = strrchr(title, ' ');

        g_ptr_array_add(l->above, gap ? g_strndup(title, (gsize)(gap - title)) : g_strdup(""));
        if (gap) {
            g_free(l->cells->pdata[i]);
            l->cells->pdata[i] = g_strdup(gap + 1);
        }
    }
    measure(l);
}

/* What is left out, in this order, where lines are too narrow. What stays is either what a row is
 * about or what was counted. */
static const char *const droppable[] = {"last",     "first",   "WebDAV classes", "HTTP",
                                        "captures", "product", "addresses",      "424"};
/* The first of them are times. */
#define N_TIMES 2

static unsigned line_width(const layout *l)
{
    unsigned total = INDENT;

    for (guint i = 0; i < l->of->n_columns; i++)
        total += l->shown[i] ? l->widths[i] + (total > INDENT ? GAP : 0) : 0;
    return total;
}

static guint column_of(const layout *l, const char *title)
{
    guint i = 0;

    while (i < l->of->n_columns && strcmp(l->of->columns[i].title, title) != 0)
        i++;
    return i;
}

static bool is_droppable(const table_column *column)
{
    for (size_t i = 0; i < G_N_ELEMENTS(droppable); i++) {
        if (strcmp(droppable[i], column->title) == 0)
            return true;
    }
    return false;
}

static unsigned least_column(const layout *l, guint i)
{
    const table_column *column = &l->of->columns[i];
    unsigned least = MAX(LEAST_TEXT, text_columns(cell_at(l, 0, i)));

    return column->type == CELL_TEXT && is_droppable(column) ? MIN(least, l->widths[i])
                                                             : l->widths[i];
}

/* Lists such as those of products may lose their middle before a column goes. */
static void shorten(layout *l)
{
    while (line_width(l) > l->width) {
        guint widest = l->of->n_columns;

        for (guint i = 1; i < l->of->n_columns; i++) {
            if (l->shown[i] && l->widths[i] > least_column(l, i) &&
                (widest == l->of->n_columns || l->widths[i] > l->widths[widest]))
                widest = i;
        }
        if (widest == l->of->n_columns)
            return;
        l->widths[widest]--;
    }
}

/* How narrow the line could get. */
static unsigned least_width(const layout *l)
{
    unsigned width = line_width(l);

    for (guint i = 1; i < l->of->n_columns; i++) {
        if (l->shown[i])
            width -= l->widths[i] - least_column(l, i);
    }
    return width;
}

/* The folder that all paths of a column are below, without its last slash; NULL if there is none
 * or if leaving it out gains too little. */
static char *common_folder(const layout *l, guint column)
{
    const char *first = cell_at(l, 1, column);
    size_t common = strlen(first);

    for (guint row = 2; row <= l->rows; row++) {
        const char *path = cell_at(l, row, column);
        size_t same = 0;

        while (same < common && path[same] == first[same])
            same++;
        common = same;
    }
    while (common > 0 && first[common - 1] != '/')
        common--;
    /* "http://" is no folder */
    while (common > 0 && strchr("/:", first[common - 1]))
        common--;
    char *folder = g_strndup(first, common);

    if (first[common] != '/' || text_columns(folder) < LEAST_PREFIX)
        g_clear_pointer(&folder, g_free);
    return folder;
}

/* "/dav/projects/a" and "/dav/projects/b" become an ellipsis and "/a", "/b". */
static void strip_prefixes(layout *l)
{
    for (guint i = 0; l->rows > 1 && i < l->of->n_columns; i++) {
        cell_type type = l->of->columns[i].type;

        if (type == CELL_PATH || type == CELL_CAPTURE)
            l->prefixes[i] = common_folder(l, i);
        for (guint row = 1; l->prefixes[i] && row <= l->rows; row++) {
            gpointer *cell = &l->cells->pdata[row * l->of->n_columns + i];
            char *whole = *cell;

            *cell = g_strconcat(ELLIPSIS, whole + strlen(l->prefixes[i]), NULL);
            g_free(whole);
        }
    }
    measure(l);
}

/* Makes the line narrower in these steps until it fits: paths lose what they all begin with, times
 * go, titles take two lines, other columns go, texts lose their middle. What a row is about is
 * never cut: where even that is too wide, there are no columns. */
static void fit(layout *l)
{
    if (line_width(l) > l->width)
        strip_prefixes(l);
    for (size_t i = 0; i < G_N_ELEMENTS(droppable); i++) {
        guint column = column_of(l, droppable[i]);

        if (i == N_TIMES && least_width(l) > l->width)
            stack_titles(l);
        if (least_width(l) <= l->width)
            break;
        if (column > 0 && column < l->of->n_columns)
            l->shown[column] = false;
    }
    shorten(l);
    l->broken = line_width(l) > l->width;
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

/* Cut in the middle: both ends of a path are informative. */
static char *shortened(const char *text, unsigned columns)
{
    if (text_columns(text) <= columns)
        return g_strdup(text);
    unsigned rest = columns - 1, head = rest / 2;
    size_t length = strlen(text), keep = (size_t)columns * 16;
    const char *end = length > keep ? g_utf8_find_next_char(text + length - keep, NULL) : text;

    return g_strdup_printf("%.*s" ELLIPSIS "%s", (int)head_bytes(text, head), text,
                           tail_of(end, rest - head));
}

static bool is_last(const layout *l, guint column)
{
    for (guint i = column + 1; i < l->of->n_columns; i++) {
        if (l->shown[i])
            return false;
    }
    return true;
}

static void put_cell(page *p, const layout *l, const char *whole, guint column, style look)
{
    const table_column *of = &l->of->columns[column];
    g_autofree char *text = shortened(whole, l->widths[column]);
    bool right = of->type == CELL_COUNT;
    g_autofree char *padding = g_strnfill(l->widths[column] - text_columns(text), ' ');

    page_put(p, STYLE_PLAIN, "", column == 0 ? "" : "  ");
    if (right)
        page_put(p, STYLE_PLAIN, "", padding);
    if (*text)
        page_put(p, look, "", text);
    if (!right && !is_last(l, column))
        page_put(p, STYLE_PLAIN, "", padding);
}

static void put_row(page *p, const layout *l, gpointer *cells, style look)
{
    page_line(p, INDENT, INDENT);
    for (guint i = 0; i < l->of->n_columns; i++) {
        if (l->shown[i])
            put_cell(p, l, cells[i], i, look);
    }
    while (p->to->len > 0 && p->to->str[p->to->len - 1] == ' ')
        g_string_truncate(p->to, p->to->len - 1);
    page_end(p);
}

static void put_rows(page *p, const layout *l)
{
    for (guint i = 0; i < l->above->len; i++) {
        if (l->shown[i] && *(const char *)l->above->pdata[i]) {
            put_row(p, l, l->above->pdata, STYLE_QUIET);
            break;
        }
    }
    for (guint row = 0; row <= l->rows; row++)
        put_row(p, l, l->cells->pdata + row * l->of->n_columns,
                row == 0 ? STYLE_QUIET : STYLE_PLAIN);
}

/* What a row is about, and what was counted, which says itself what it is:
 *   DELETE  cal.example  /a/very/long/name.ics  423 Locked, times 6, captures 2 */
static void put_broken_row(page *p, const layout *l, guint row)
{
    page_line(p, INDENT, 2 * INDENT);
    for (guint i = 0; i < l->of->n_columns; i++) {
        const table_column *of = &l->of->columns[i];

        if (!l->shown[i])
            continue;
        if (of->type == CELL_COUNT)
            page_printf(p, STYLE_PLAIN, ", ", "%s %s", of->title, cell_at(l, row, i));
        else
            page_put(p, STYLE_PLAIN, i > 0 ? "  " : "", cell_at(l, row, i));
    }
    page_end(p);
}

static void put_prefixes(page *p, const layout *l)
{
    for (guint i = 0; i < l->of->n_columns; i++) {
        if (!l->prefixes[i])
            continue;
        page_line(p, INDENT, 2 * INDENT);
        page_printf(p, STYLE_QUIET, "", "In %s, " ELLIPSIS "/ stands for", l->of->columns[i].title);
        g_autofree char *folder = g_strconcat(l->prefixes[i], "/", NULL);

        page_put(p, STYLE_PLAIN, " ", folder);
        page_end(p);
    }
}

void text_table(page *p, const report_view *view, const report_table *t, guint usual)
{
    layout l = {.of = t,
                .rows = view_rows_shown(view, t, usual),
                .cells = g_ptr_array_new_with_free_func(g_free),
                .above = g_ptr_array_new_with_free_func(g_free),
                .prefixes = g_new0(char *, t->n_columns),
                .widths = g_new0(unsigned, t->n_columns),
                .shown = g_new(bool, t->n_columns),
                .width = p->width};
    unsigned width = p->width;

    for (guint i = 0; i < t->n_columns; i++)
        l.shown[i] = true;
    fill_cells(&l);
    measure(&l);
    fit(&l);
    for (guint row = 1; l.broken && row <= l.rows; row++)
        put_broken_row(p, &l, row);
    p->width = G_MAXUINT; /* the table has its own way to fit */
    if (!l.broken)
        put_rows(p, &l);
    p->width = width;
    if (l.rows < t->rows->len) {
        page_line(p, INDENT, INDENT);
        page_printf(p, STYLE_QUIET, "", "and %u more (--top 0 shows all)", t->rows->len - l.rows);
        page_end(p);
    }
    put_prefixes(p, &l);
    g_ptr_array_unref(l.cells);
    g_ptr_array_unref(l.above);
    for (guint i = 0; i < t->n_columns; i++)
        g_free(l.prefixes[i]);
    g_free(l.prefixes);
    g_free(l.widths);
    g_free(l.shown);
}
