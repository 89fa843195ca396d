/* html_chart.c
 * Charts of the HTML report.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "html_chart.h"

#include <string.h>

#include "html_text.h"

void html_share(GString *to, uint64_t part, uint64_t whole)
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
    char *value;
} bar;

struct bars {
    GHashTable *counts; /* label -> bar, which has its own label */
};

static void bar_free(gpointer data)
{
    bar *one = data;

    g_free((char *)one->label);
    g_free(one->value);
    g_free(one);
}

bars *bars_new(void)
{
    bars *b = g_new(bars, 1);

    b->counts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, bar_free);
    return b;
}

void bars_free(bars *b)
{
    g_hash_table_destroy(b->counts);
    g_free(b);
}

void bars_add(bars *b, const char *label, const char *value, uint64_t count)
{
    const char *known = label ? label : "(unknown)";
    bar *sum = g_hash_table_lookup(b->counts, known);

    if (!sum) {
        sum = g_new0(bar, 1);
        sum->label = g_strdup(known);
        sum->value = g_strdup(value ? value : known);
        g_hash_table_insert(b->counts, (gpointer)sum->label, sum);
    }
    sum->count += count;
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
    gpointer entry;

    g_hash_table_iter_init(&iterator, b->counts);
    while (g_hash_table_iter_next(&iterator, NULL, &entry)) {
        if (((const bar *)entry)->count > 0)
            g_array_append_vals(sorted, entry, 1);
    }
    g_array_sort(sorted, compare_bars);
    return sorted;
}

static void put_bar(GString *to, const char *field, const bar *one, uint64_t longest)
{
    g_string_append(to, "<a class=\"label\"");
    html_filter_link(to, field, one->value);
    g_string_append(to, " title=\"");
    html_append(to, one->label);
    g_string_append(to, "\">");
    html_append(to, one->label);
    g_string_append(to, "</a><svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
                        "aria-hidden=\"true\"><rect class=\"bar\" height=\"10\" width=\"");
    html_share(to, one->count, longest);
    g_string_append_printf(to, "\"/></svg><span class=\"count\">%" G_GUINT64_FORMAT "</span>\n",
                           one->count);
}

void html_bars(GString *to, const char *title, const char *field, const bars *b)
{
    g_autoptr(GArray) sorted = sort_bars(b);
    guint shown = MIN(sorted->len, MOST_BARS);

    if (shown == 0)
        return;
    g_string_append_printf(to, "<div class=\"card\"><h3>%s</h3><div class=\"bars\">\n", title);
    for (guint i = 0; i < shown; i++)
        put_bar(to, field, &g_array_index(sorted, bar, i), g_array_index(sorted, bar, 0).count);
    g_string_append(to, "</div>");
    if (shown < sorted->len)
        g_string_append_printf(to, "<p class=\"soft\">and %u more</p>", sorted->len - shown);
    g_string_append(to, "</div>\n");
}
