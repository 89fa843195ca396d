/* openmetrics.c
 * The counts as OpenMetrics text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "openmetrics.h"

#include <string.h>

#include "text.h"

#define PREFIX "multistatus_"

/* The tables that always are in it, and what their gauges begin with. Those of --group-by begin
 * with the names of their dimensions. */
static const struct {
    const char *table, *name;
} standard[] = {{"verdicts", "verdict"}, {"outcomes", "outcome"}, {"statuses", "status"}};

#define GROUPED "by_"

/* Totals whose names do not say enough. */
static const struct {
    const char *name, *help;
} unclear[] = {
    {"captures_without_multistatus", "captures without Multi-Status"},
    {"unseen", "connections, responses and packets that were not looked into"},
    {"unseen_bytes", "bytes that were not looked into"},
    {"exchanges_in_captures", "exchanges in the captures, selected or not"},
    {"resources_in_exchanges", "resources in the exchanges, selected or not"},
    {"failed", "failed resources"},
    {"collateral", "resources that failed only because of others"},
    {"unknown", "resources without a readable status"},
    {"absent_properties", "properties that were asked for and do not exist"},
};

/* The caller frees it with g_free(). */
static char *help_of(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(unclear); i++) {
        if (strcmp(unclear[i].name, name) == 0)
            return g_strdup(unclear[i].help);
    }
    return g_strdelimit(g_strdup(name), "_", ' ');
}

/* A metric's name: letters, digits, underscores. The caller frees it with g_free(). */
static char *name_of(const char *first, const char *second)
{
    char *name = g_strconcat(PREFIX, first, *first ? "_" : "", second, NULL);

    return g_strcanon(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_", '_');
}

/* A label's value: made visible, then escaped (section "ABNF", escaped-string). */
static void put_value(GString *to, const char *text)
{
    g_autoptr(GString) safe = g_string_new(NULL);

    text_append_safe(safe, text);
    for (const char *at = safe->str; *at; at++) {
        if (strchr("\\\"", *at))
            g_string_append_c(to, '\\');
        g_string_append_c(to, *at);
    }
}

static void put_family(GString *to, const char *name, const char *help)
{
    g_string_append_printf(to, "# HELP %s %c%s.\n# TYPE %s gauge\n", name, g_ascii_toupper(*help),
                           help + 1, name);
}

/* A status is its number here: "423"; where there is none, the server's own word, or "". */
static char *label_of(const table_cell *cell, cell_type type)
{
    if (type == CELL_STATUS && cell->number >= 0)
        return g_strdup_printf("%" G_GINT64_FORMAT, cell->number);
    return g_strdup(cell->text ? cell->text : "");
}

static bool is_label(const table_column *column)
{
    return column->type != CELL_COUNT && column->type != CELL_TIME;
}

static void put_labels(GString *to, const report_table *t, guint row)
{
    const char *separator = "{";

    for (guint i = 0; i < t->n_columns; i++) {
        if (!is_label(&t->columns[i]))
            continue;
        g_autofree char *value = label_of(table_at(t, row, i), t->columns[i].type);
        g_autofree char *key = g_strcanon(g_strdup(t->columns[i].key),
                                          G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_", '_');

        g_string_append_printf(to, "%s%s=\"", separator, key);
        put_value(to, value);
        g_string_append_c(to, '"');
        separator = ",";
    }
    g_string_append(to, *separator == ',' ? "}" : "");
}

/* All samples of a family stand together, so the columns come one after the other. */
static void put_table(GString *to, const report_view *view, const report_table *t,
                      const char *first)
{
    guint rows = view_rows_shown(view, t, 0);

    for (guint column = 0; column < t->n_columns; column++) {
        if (t->columns[column].type != CELL_COUNT)
            continue;
        g_autofree char *name = name_of(first, t->columns[column].key);
        g_autofree char *what = help_of(t->columns[column].key);
        g_autofree char *help = g_strdup_printf("%s: %s", t->title, what);

        put_family(to, name, help);
        for (guint row = 0; row < rows; row++) {
            g_string_append(to, name);
            put_labels(to, t, row);
            g_string_append_printf(to, " %" G_GINT64_FORMAT "\n", table_at(t, row, column)->number);
        }
    }
}

/* A table of names and counts: each row is a family of its own. */
static void put_totals(GString *to, const report_table *t)
{
    for (guint row = 0; row < t->rows->len; row++) {
        const char *key = table_at(t, row, 0)->text;
        g_autofree char *name = name_of("", key);
        g_autofree char *help = help_of(key);

        put_family(to, name, help);
        g_string_append_printf(to, "%s %" G_GINT64_FORMAT "\n", name, table_at(t, row, 1)->number);
    }
}

static void put(GString *to, const report_view *view, const report_table *t)
{
    if (strcmp(t->key, "totals") == 0)
        put_totals(to, t);
    if (g_str_has_prefix(t->key, GROUPED))
        put_table(to, view, t, t->key + strlen(GROUPED));
    for (size_t i = 0; i < G_N_ELEMENTS(standard); i++) {
        if (strcmp(t->key, standard[i].table) == 0)
            put_table(to, view, t, standard[i].name);
    }
}

void openmetrics_report(rendering *r, const report_view *view)
{
    for (guint i = 0; i < view->sections->len; i++) {
        const report_section *s = view->sections->pdata[i];

        for (guint j = 0; j < s->tables->len; j++)
            put(r->text, view, s->tables->pdata[j]);
    }
    g_string_append(r->text, "# EOF\n");
}
