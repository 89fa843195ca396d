/* settings.c
 * What a user wants from a report.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "settings.h"

static void free_grouping(gpointer data)
{
    grouping_free(data);
}

report_settings *settings_new(void)
{
    report_settings *settings = g_new0(report_settings, 1);

    settings->chosen = selection_new();
    settings->groupings = g_ptr_array_new_with_free_func(free_grouping);
    settings->top = TOP_UNSET;
    settings->rows = row_layout_new();
    return settings;
}

void settings_free(report_settings *settings)
{
    if (!settings)
        return;
    selection_free(settings->chosen);
    g_ptr_array_unref(settings->groupings);
    row_layout_free(settings->rows);
    g_free(settings);
}

static bool same_dimensions(const grouping *a, const grouping *b)
{
    if (grouping_width(a) != grouping_width(b))
        return false;
    for (guint i = 0; i < grouping_width(a); i++) {
        if (grouping_column(a, i) != grouping_column(b, i))
            return false;
    }
    return true;
}

char *settings_add_grouping(report_settings *settings, const char *dimensions)
{
    char *message = NULL;
    grouping *g = grouping_new(dimensions, &message);

    for (guint i = 0; g && i < settings->groupings->len; i++) {
        if (same_dimensions(settings->groupings->pdata[i], g)) {
            grouping_free(g);
            return NULL;
        }
    }
    if (g)
        g_ptr_array_add(settings->groupings, g);
    return message;
}
