/* html_chart.c
 * Charts of the HTML report.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "html_chart.h"

#include <string.h>

#include "html_text.h"

/* -------------------------------------------------------------------------------- numbers ---- */

/* A share of 100 with one decimal, without the floating point that locales would print. */
static void put_share(GString *to, uint64_t part, uint64_t whole)
{
    uint64_t thousandths = whole > 0 ? part * 1000 / whole : 0;

    g_string_append_printf(to, "%" G_GUINT64_FORMAT ".%" G_GUINT64_FORMAT, thousandths / 10,
                           thousandths % 10);
}

/* ----------------------------------------------------------------------------------- bars ---- */

#define MOST_BARS 8

typedef struct {
    const char *label;
    uint64_t count;
} bar;

struct bars {
    GHashTable *counts; /* label -> uint64_t */
};

bars *bars_new(void)
{
    bars *b = g_new(bars, 1);

    b->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return b;
}

void bars_free(bars *b)
{
    g_hash_table_destroy(b->counts);
    g_free(b);
}

void bars_add(bars *b, const char *label, uint64_t count)
{
    const char *known = label ? label : "(unknown)";
    uint64_t *sum = g_hash_table_lookup(b->counts, known);

    if (!sum) {
        sum = g_new0(uint64_t, 1);
        g_hash_table_insert(b->counts, g_strdup(known), sum);
    }
    *sum += count;
}

static int compare_bars(gconstpointer a, gconstpointer b)
{
    const bar *left = a, *right = b;

    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return strcmp(left->label, right->label);
}

/* Those that are longer than nothing, in their order. */
static GArray *sort_bars(const bars *b)
{
    GArray *sorted = g_array_new(FALSE, FALSE, sizeof(bar));
    GHashTableIter iterator;
    gpointer label, count;

    g_hash_table_iter_init(&iterator, b->counts);
    while (g_hash_table_iter_next(&iterator, &label, &count)) {
        bar one = {label, *(uint64_t *)count};

        if (one.count > 0)
            g_array_append_val(sorted, one);
    }
    g_array_sort(sorted, compare_bars);
    return sorted;
}

static void put_bar(GString *to, const bar *one, uint64_t longest)
{
    g_string_append(to, "<span class=\"label\" title=\"");
    html_append(to, one->label);
    g_string_append(to, "\">");
    html_append(to, one->label);
    g_string_append(to, "</span><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
                        "aria-hidden=\"true\"><rect class=\"bar\" height=\"10\" width=\"");
    put_share(to, one->count, longest);
    g_string_append_printf(to, "\"/></svg><span class=\"count\">%" G_GUINT64_FORMAT "</span>\n",
                           one->count);
}

void html_bars(GString *to, const char *title, const bars *b)
{
    g_autoptr(GArray) sorted = sort_bars(b);
    guint shown = MIN(sorted->len, MOST_BARS);

    if (shown == 0)
        return;
    g_string_append_printf(to, "<div class=\"card\"><h3>%s</h3><div class=\"bars\">\n", title);
    for (guint i = 0; i < shown; i++)
        put_bar(to, &g_array_index(sorted, bar, i), g_array_index(sorted, bar, 0).count);
    g_string_append(to, "</div>");
    if (shown < sorted->len)
        g_string_append_printf(to, "<p class=\"soft\">and %u more</p>", sorted->len - shown);
    g_string_append(to, "</div>\n");
}

/* ------------------------------------------------------------------------------- timeline ---- */

/* Columns of the table: when a step begins, how long it is, then the verdicts. */
enum { START, SECONDS, FIRST_VERDICT };

static uint64_t height_of(const report_table *t, guint row)
{
    uint64_t sum = 0;

    for (guint i = FIRST_VERDICT; i < t->n_columns; i++)
        sum += (uint64_t)table_at(t, row, i)->number;
    return sum;
}

/* Seconds since 1970. */
static int64_t start_of(const report_table *t, guint row)
{
    const char *text = table_at(t, row, START)->text;
    g_autoptr(GDateTime) start = text ? g_date_time_new_from_iso8601(text, NULL) : NULL;

    return start ? g_date_time_to_unix(start) : 0;
}

static char *length_in_words(int64_t seconds)
{
    static const struct {
        int64_t seconds;
        const char *one, *many;
    } units[] = {{86400, "a day", "days"}, {3600, "an hour", "hours"}, {60, "a minute", "minutes"}};

    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        if (seconds == units[i].seconds)
            return g_strdup(units[i].one);
        if (seconds >= units[i].seconds && seconds % units[i].seconds == 0)
            return g_strdup_printf("%" G_GINT64_FORMAT " %s", seconds / units[i].seconds,
                                   units[i].many);
    }
    return seconds == 1 ? g_strdup("a second")
                        : g_strdup_printf("%" G_GINT64_FORMAT " seconds", seconds);
}

/* The step is `place` steps behind the first one; each is 10 wide. */
static void put_step(GString *to, const report_table *t, guint row, int64_t place, uint64_t highest)
{
    uint64_t below = 0;
    g_autofree char *when = cell_readable(table_at(t, row, START), CELL_TIME);

    for (guint i = FIRST_VERDICT; i < t->n_columns; i++) {
        uint64_t count = (uint64_t)table_at(t, row, i)->number;

        if (count == 0)
            continue;
        below += count;
        g_string_append_printf(to,
                               "<rect class=\"%s\" x=\"%" G_GINT64_FORMAT ".4\" width=\"9.2\" y=\"",
                               t->columns[i].key, place * 10);
        put_share(to, highest - below, highest);
        g_string_append(to, "\" height=\"");
        put_share(to, count, highest);
        g_string_append_printf(to, "\"><title>%s: %" G_GUINT64_FORMAT " %s</title></rect>\n", when,
                               count, t->columns[i].key);
    }
}

static void put_legend(GString *to, const report_table *t)
{
    g_string_append(to, "<ul class=\"legend\">");
    for (guint i = FIRST_VERDICT; i < t->n_columns; i++) {
        bool occurs = false;

        for (guint row = 0; row < t->rows->len && !occurs; row++)
            occurs = table_at(t, row, i)->number > 0;
        if (occurs)
            g_string_append_printf(to, "<li class=\"%s\">%s</li>", t->columns[i].key,
                                   t->columns[i].title);
    }
    g_string_append(to, "</ul>");
}

static void put_axis(GString *to, const char *left, const char *right)
{
    g_string_append(to, "<div class=\"axis\"><span>");
    html_append(to, left);
    g_string_append(to, "</span><span>");
    html_append(to, right);
    g_string_append(to, "</span></div>");
}

void html_timeline(GString *to, const report_table *t)
{
    guint rows = t->rows->len;
    uint64_t highest = 0;

    for (guint row = 0; row < rows; row++)
        highest = MAX(highest, height_of(t, row));
    int64_t seconds = rows > 0 ? table_at(t, 0, SECONDS)->number : 0;

    if (highest == 0 || seconds <= 0)
        return;
    int64_t first = start_of(t, 0);
    int64_t steps = (start_of(t, rows - 1) - first) / seconds + 1;
    g_autofree char *length = length_in_words(seconds);
    g_autofree char *most =
        g_strdup_printf("%" G_GUINT64_FORMAT " exchanges in %s", highest, length);
    g_autofree char *from = cell_readable(table_at(t, 0, START), CELL_TIME);
    g_autofree char *until = cell_readable(table_at(t, rows - 1, START), CELL_TIME);

    g_string_append(to, "<div class=\"card wide time\"><h3>Verdicts over time</h3>");
    put_axis(to, most, "");
    g_string_append_printf(to,
                           "<svg viewBox=\"0 0 %" G_GINT64_FORMAT
                           " 100\" preserveAspectRatio=\"none\" role=\"img\" "
                           "aria-label=\"Exchanges over time by verdict\">\n",
                           steps * 10);
    for (guint row = 0; row < rows; row++)
        put_step(to, t, row, (start_of(t, row) - first) / seconds, highest);
    g_string_append(to, "</svg>");
    put_axis(to, from, until);
    put_legend(to, t);
    g_string_append(to, "</div>\n");
}
