/* view.c
 * From an aggregate to sections and tables.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "view.h"

#include <string.h>

#include "href.h"
#include "names.h"
#include "status.h"
#include "text.h"

/* ---------------------------------------------------------------------------------- tables ---- */

static void table_free(gpointer data)
{
    report_table *t = data;

    for (guint row = 0; row < t->rows->len; row++) {
        for (guint column = 0; column < t->n_columns; column++)
            g_free(((table_cell *)t->rows->pdata[row])[column].text);
    }
    g_ptr_array_unref(t->rows);
    g_free(t->columns);
    g_free(t->key);
    g_free(t->title);
    g_free(t);
}

static void section_free(gpointer data)
{
    report_section *s = data;

    g_ptr_array_unref(s->tables);
    g_free(s);
}

static report_section *add_section(report_view *view, const char *key, const char *title)
{
    report_section *s = g_new0(report_section, 1);

    s->key = key;
    s->title = title;
    s->tables = g_ptr_array_new_with_free_func(table_free);
    g_ptr_array_add(view->sections, s);
    return s;
}

static report_table *add_table(report_section *to, const char *key, const char *title,
                               const table_column *columns, guint n_columns)
{
    report_table *t = g_new0(report_table, 1);

    t->key = g_strdup(key);
    t->title = g_strdup(title);
    t->columns = g_new(table_column, n_columns);
    memcpy(t->columns, columns, n_columns * sizeof *columns);
    t->n_columns = n_columns;
    t->rows = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(to->tables, t);
    return t;
}

static table_cell *add_row(report_table *to)
{
    table_cell *cells = g_new0(table_cell, to->n_columns);

    g_ptr_array_add(to->rows, cells);
    return cells;
}

static table_cell *put_text(table_cell *at, const char *text)
{
    at->text = g_strdup(text);
    return at + 1;
}

static table_cell *put_taken(table_cell *at, char *text)
{
    at->text = text;
    return at + 1;
}

static table_cell *put_number(table_cell *at, uint64_t number)
{
    at->number = (int64_t)number;
    return at + 1;
}

static table_cell *put_status(table_cell *at, int code, const char *reason)
{
    at->number = code;
    return put_text(at, reason);
}

const table_cell *table_at(const report_table *of, guint row, guint column)
{
    return (const table_cell *)of->rows->pdata[row] + column;
}

bool cell_is_number(cell_type type)
{
    return type == CELL_COUNT || type == CELL_STATUS;
}

char *status_readable(int code, const char *reason)
{
    if (code < 0)
        return g_strdup(reason ? reason : "no status code");
    reason = ms_status_reason(code);
    return reason ? g_strdup_printf("%d %s", code, reason) : g_strdup_printf("status %d", code);
}

char *cell_readable(const table_cell *cell, cell_type type)
{
    switch (type) {
    case CELL_COUNT:
        return g_strdup_printf("%" G_GINT64_FORMAT, cell->number);
    case CELL_STATUS:
        return status_readable((int)cell->number, cell->text);
    case CELL_NAME:
        return cell->text ? ms_short_name(cell->text) : g_strdup("(none)");
    case CELL_PATH:
        return cell->text ? ms_href_readable(cell->text) : g_strdup("(none)");
    case CELL_CAPTURE:
        return g_strdup(strcmp(cell->text, "-") == 0 ? "standard input" : cell->text);
    case CELL_TIME: /* to the minute: JSON and CSV have more */
        if (!cell->text)
            break;
        return text_time(cell->text, 5);
    case CELL_TEXT:
        break;
    }
    return g_strdup(cell->text ? cell->text : "(unknown)");
}

/* ----------------------------------------------------------------------------------- order ---- */

typedef struct {
    const report_table *of;
    guint column;
    bool descending;
} order;

static int compare_cells(const table_cell *a, const table_cell *b, cell_type type)
{
    if (type == CELL_STATUS && (a->number < 0 || b->number < 0)) /* words come behind numbers */
        return a->number >= 0 ? -1 : b->number >= 0 ? 1 : g_strcmp0(a->text, b->text);
    if (cell_is_number(type))
        return a->number < b->number ? -1 : a->number > b->number;
    return g_strcmp0(a->text, b->text);
}

/* By the chosen column, then the larger counts first, then the texts from the left: a total order.
 */
static int compare_rows(gconstpointer a, gconstpointer b, gpointer data)
{
    const table_cell *left = *(const table_cell *const *)a, *right = *(const table_cell *const *)b;
    const order *by = data;
    const table_column *columns = by->of->columns;
    int result = compare_cells(left + by->column, right + by->column, columns[by->column].type);

    if (by->descending)
        result = -result;
    for (guint i = 0; result == 0 && i < by->of->n_columns; i++) {
        if (columns[i].type == CELL_COUNT)
            result = -compare_cells(left + i, right + i, CELL_COUNT);
    }
    for (guint i = 0; result == 0 && i < by->of->n_columns; i++)
        result = compare_cells(left + i, right + i, columns[i].type);
    return result;
}

static bool find_column(const report_table *of, const char *key, guint *column)
{
    for (*column = 0; *column < of->n_columns; ++*column) {
        if (strcmp(of->columns[*column].key, key) == 0)
            return true;
    }
    return false;
}

/* By what the user wants, if the table has it; otherwise by `usual`. Numbers and times start with
 * the largest. */
static void sort_table(report_table *t, const char *wanted, const char *usual)
{
    order by = {.of = t};

    if ((!wanted || !find_column(t, wanted, &by.column)) && !find_column(t, usual, &by.column))
        return;
    cell_type type = t->columns[by.column].type;

    by.descending = type == CELL_COUNT || type == CELL_TIME;
    g_ptr_array_sort_with_data(t->rows, compare_rows, &by);
}

const char *view_sort_key(unsigned i)
{
    static const char *const counts[] = {"failed",    "failed_exchanges", "exchanges", "collateral",
                                         "resources", "captures",         "first",     "last"};

    return i < G_N_ELEMENTS(counts) ? counts[i]
                                    : grouping_dimension_name(i - (unsigned)G_N_ELEMENTS(counts));
}

/* --------------------------------------------------------------------------------- summary ---- */

static void add_totals(report_section *to, const aggregate *totals)
{
    static const table_column columns[] = {{"name", "what", CELL_TEXT},
                                           {"count", "count", CELL_COUNT}};
    const struct {
        const char *name;
        uint64_t count;
    } rows[] = {
        {"captures", totals->captures},
        {"captures_with_problems", totals->troubled->len},
        {"captures_without_multistatus", totals->barren->len + totals->dim_barren->len},
        {"captures_looked_into_in_part", totals->dim->len},
        {"unseen", unseen_sum(&totals->unseen).count},
        {"unseen_bytes", unseen_sum(&totals->unseen).bytes},
        {"frames", totals->frames},
        {"exchanges_in_captures", totals->in_captures},
        {"exchanges", totals->exchanges},
        {"failed_exchanges", failure_list_length(totals->failures)},
        {"resources", totals->resources},
        {"resources_in_exchanges", totals->in_exchanges},
        {"failed", totals->failed},
        {"collateral", totals->outcomes[MS_COLLATERAL]},
        {"unknown", totals->outcomes[MS_UNKNOWN]},
        {"absent_properties", totals->absent_properties},
    };
    report_table *t = add_table(to, "totals", "Totals", columns, G_N_ELEMENTS(columns));

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        put_number(put_text(add_row(t), rows[i].name), rows[i].count);
}

static void add_verdicts(report_section *to, const aggregate *totals)
{
    static const table_column columns[] = {{"verdict", "verdict", CELL_TEXT},
                                           {"exchanges", "exchanges", CELL_COUNT}};
    report_table *t =
        add_table(to, "verdicts", "Exchanges by verdict", columns, G_N_ELEMENTS(columns));

    for (int i = 0; i < MS_VERDICTS; i++)
        put_number(put_text(add_row(t), ms_verdict_name((ms_verdict)i)), totals->verdicts[i]);
}

static void add_outcomes(report_section *to, const aggregate *totals)
{
    static const table_column columns[] = {{"outcome", "outcome", CELL_TEXT},
                                           {"resources", "resources", CELL_COUNT}};
    report_table *t =
        add_table(to, "outcomes", "Resources by outcome", columns, G_N_ELEMENTS(columns));

    for (int i = 0; i < MS_OUTCOMES; i++)
        put_number(put_text(add_row(t), ms_outcome_name((ms_outcome)i)), totals->outcomes[i]);
}

static void add_statuses(report_section *to, const aggregate *totals)
{
    static const table_column columns[] = {{"status", "status", CELL_STATUS},
                                           {"failed", "failed resources", CELL_COUNT}};
    report_table *t =
        add_table(to, "statuses", "Failed resources by status", columns, G_N_ELEMENTS(columns));
    g_autoptr(GArray) counts = aggregate_statuses(totals);

    for (guint i = 0; i < counts->len; i++) {
        const ms_failure_count *entry = &g_array_index(counts, ms_failure_count, i);
        put_number(put_status(add_row(t), entry->code, entry->reason), entry->count);
    }
}

/* More steps than these do not fit into a chart. */
#define MOST_STEPS 60

static void add_timeline(report_section *to, const aggregate *totals)
{
    table_column columns[2 + MS_VERDICTS] = {{"start", "from", CELL_TIME},
                                             {"seconds", "seconds", CELL_COUNT}};
    int64_t length = 0;
    g_autoptr(GArray) steps = timeline_steps(totals->time, MOST_STEPS, &length);

    for (int i = 0; i < MS_VERDICTS; i++) {
        const char *name = ms_verdict_name((ms_verdict)i);

        columns[2 + i] = (table_column){name, name, CELL_COUNT};
    }
    report_table *t =
        add_table(to, "timeline", "Exchanges over time", columns, G_N_ELEMENTS(columns));

    for (guint i = 0; i < steps->len; i++) {
        const timeline_step *step = &g_array_index(steps, timeline_step, i);
        g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc(step->start);
        table_cell *at = add_row(t);

        at = put_taken(at, start ? g_date_time_format(start, "%Y-%m-%dT%H:%M:%SZ") : NULL);
        at = put_number(at, (uint64_t)length);
        for (int verdict = 0; verdict < MS_VERDICTS; verdict++)
            at = put_number(at, step->verdicts[verdict]);
    }
}

/* ----------------------------------------------------------------------------------- groups ----
 */

#define COUNT_COLUMNS                                                                              \
    {"exchanges", "exchanges", CELL_COUNT}, {"failed_exchanges", "failed exchanges", CELL_COUNT},  \
    {                                                                                              \
        "failed", "failed resources", CELL_COUNT                                                   \
    }

static table_cell *put_counts(table_cell *at, const group_tally *tally)
{
    at = put_number(at, tally->exchanges);
    at = put_number(at, tally->failed_exchanges);
    return put_number(at, tally->failed);
}

#define TALLY_COLUMNS                                                                              \
    COUNT_COLUMNS, {"collateral", "424", CELL_COUNT}, {"first", "first", CELL_TIME},               \
    {                                                                                              \
        "last", "last", CELL_TIME                                                                  \
    }
#define N_TALLY_COLUMNS 6

static table_cell *put_tally(table_cell *at, const group_tally *tally)
{
    at = put_counts(at, tally);
    at = put_number(at, tally->collateral);
    at = put_text(at, tally->first);
    return put_text(at, tally->last);
}

static cell_type type_of_dimension(const char *name)
{
    static const struct {
        const char *name;
        cell_type type;
    } types[] = {{"resource", CELL_PATH},
                 {"status", CELL_STATUS},
                 {"condition", CELL_NAME},
                 {"property", CELL_NAME},
                 {"capture", CELL_CAPTURE}};

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].name, name) == 0)
            return types[i].type;
    }
    return CELL_TEXT;
}

/* The status of a row, from the value of a group. */
static table_cell *put_group_status(table_cell *at, const char *value)
{
    const char *reason;
    int code = grouping_status(value, &reason);

    return put_status(at, code, reason);
}

static void add_group_row(const group_row *row, void *data)
{
    report_table *t = data;
    table_cell *at = add_row(t);

    for (guint i = 0; i + N_TALLY_COLUMNS < t->n_columns; i++)
        at = t->columns[i].type == CELL_STATUS ? put_group_status(at, row->values[i])
                                               : put_text(at, row->values[i]);
    put_tally(at, &row->tally);
}

static void add_group(report_section *to, const grouping *g, const char *sort)
{
    static const table_column counted[N_TALLY_COLUMNS] = {TALLY_COLUMNS};
    guint width = grouping_width(g);
    g_autofree table_column *columns = g_new(table_column, width + N_TALLY_COLUMNS);
    g_autoptr(GString) key = g_string_new("by");
    g_autoptr(GString) title = g_string_new("By");

    for (guint i = 0; i < width; i++) {
        const char *name = grouping_column(g, i);

        columns[i] = (table_column){name, name, type_of_dimension(name)};
        g_string_append_printf(key, "_%s", name);
        g_string_append_printf(title, "%s %s", i > 0 ? " and" : "", name);
    }
    memcpy(columns + width, counted, sizeof counted);
    report_table *t = add_table(to, key->str, title->str, columns, width + N_TALLY_COLUMNS);

    grouping_rows(g, add_group_row, t);
    sort_table(t, sort, "failed");
}

static void add_groups(report_view *view)
{
    const GPtrArray *groupings = view->settings->groupings;

    if (groupings->len == 0)
        return;
    report_section *s = add_section(view, "groups", "Groups");

    for (guint i = 0; i < groupings->len; i++)
        add_group(s, groupings->pdata[i], view->settings->sort);
}

/* ---------------------------------------------------------------------------------- parties ----
 */

#define MOST_TRAITS 3
#define MOST_CLASSES 6

static void add_server(const group_row *row, void *table)
{
    table_cell *at = put_text(add_row(table), row->values[0]);

    at = put_taken(at, group_trait_text(row, 0, MOST_TRAITS));
    at = put_taken(at, group_trait_text(row, 1, MOST_CLASSES));
    at = put_taken(at, group_trait_text(row, 2, MOST_TRAITS));
    put_counts(at, &row->tally);
}

static void add_client(const group_row *row, void *table)
{
    table_cell *at = put_text(add_row(table), row->values[0]);

    at = put_taken(at, group_trait_text(row, 0, MOST_TRAITS));
    at = put_taken(at, group_trait_text(row, 1, MOST_TRAITS));
    put_counts(at, &row->tally);
}

static void add_all_parties(report_view *view)
{
    static const table_column servers[] = {{"server", "server", CELL_TEXT},
                                           {"product", "product", CELL_TEXT},
                                           {"dav", "WebDAV classes", CELL_TEXT},
                                           {"protocol", "HTTP", CELL_TEXT},
                                           COUNT_COLUMNS};
    static const table_column clients[] = {{"user_agent", "client", CELL_TEXT},
                                           {"client", "addresses", CELL_TEXT},
                                           {"protocol", "HTTP", CELL_TEXT},
                                           COUNT_COLUMNS};

    if (view->totals->exchanges == 0)
        return;
    report_section *s = add_section(view, "parties", "Servers and clients");
    report_table *t = add_table(s, "servers", "Servers", servers, G_N_ELEMENTS(servers));

    grouping_rows(view->totals->standard[GROUP_SERVERS], add_server, t);
    sort_table(t, view->settings->sort, "failed_exchanges");
    t = add_table(s, "clients", "Clients", clients, G_N_ELEMENTS(clients));
    grouping_rows(view->totals->standard[GROUP_CLIENTS], add_client, t);
    sort_table(t, view->settings->sort, "failed_exchanges");
}

/* ---------------------------------------------------------------------------------- failing ----
 */

static void add_failing_row(const group_row *row, void *table)
{
    table_cell *at = put_group_status(add_row(table), row->values[0]);

    at = put_text(at, row->values[1]);
    at = put_text(at, row->values[2]);
    at = put_number(at, row->tally.exchanges);
    put_number(at, row->tally.failed);
}

static void add_failing(report_view *view)
{
    static const table_column columns[] = {
        {"status", "status", CELL_STATUS},
        {"method", "method", CELL_TEXT},
        {"host", "host", CELL_TEXT},
        {"exchanges", "exchanges", CELL_COUNT},
        {"failed", "failed resources", CELL_COUNT},
    };
    report_section *s = add_section(view, "failing", "What fails most");
    report_table *t = add_table(s, "failing", "What fails most", columns, G_N_ELEMENTS(columns));

    grouping_rows(view->totals->standard[GROUP_FAILING], add_failing_row, t);
    sort_table(t, view->settings->sort, "failed");
}

/* -------------------------------------------------------------------------------- recurring ----
 */

static void add_recurring_row(const group_row *row, void *table)
{
    if (row->tally.exchanges < 2)
        return;
    table_cell *at = add_row(table);

    for (int i = 0; i < 3; i++)
        at = put_text(at, row->values[i]);
    at = put_group_status(at, row->values[3]);
    at = put_number(at, row->tally.exchanges);
    at = put_number(at, g_hash_table_size(row->traits[0]));
    at = put_text(at, row->tally.first);
    put_text(at, row->tally.last);
}

static void add_recurring(report_view *view)
{
    static const table_column columns[] = {
        {"method", "method", CELL_TEXT},     {"host", "host", CELL_TEXT},
        {"resource", "resource", CELL_PATH}, {"status", "status", CELL_STATUS},
        {"exchanges", "times", CELL_COUNT},  {"captures", "captures", CELL_COUNT},
        {"first", "first", CELL_TIME},       {"last", "last", CELL_TIME},
    };
    report_section *s = add_section(view, "recurring", "Recurring failures");
    report_table *t =
        add_table(s, "recurring", "Recurring failures", columns, G_N_ELEMENTS(columns));

    grouping_rows(view->totals->standard[GROUP_RECURRING], add_recurring_row, t);
    sort_table(t, view->settings->sort, "exchanges");
}

/* ------------------------------------------------------------------------------------ hints ----
 */

static void add_hints(report_view *view)
{
    static const table_column columns[] = {
        {"status", "status", CELL_STATUS},      {"method", "method", CELL_TEXT},
        {"resources", "resources", CELL_COUNT}, {"hint", "what it means", CELL_TEXT},
        {"source", "source", CELL_TEXT},
    };

    if (!view->settings->explain)
        return;
    report_section *s = add_section(view, "hints", "What the failures mean");
    report_table *t =
        add_table(s, "hints", "What the failures mean", columns, G_N_ELEMENTS(columns));
    GHashTableIter iterator;
    gpointer entry;

    g_hash_table_iter_init(&iterator, view->totals->hints);
    while (g_hash_table_iter_next(&iterator, NULL, &entry)) {
        const hint_count *counted = entry;
        table_cell *at = add_row(t);

        at = put_status(at, counted->code, counted->reason);
        at = put_text(at, counted->method);
        at = put_number(at, counted->resources);
        at = put_text(at, counted->hint->text);
        put_text(at, counted->hint->source);
    }
    sort_table(t, NULL, "resources");
}

/* ---------------------------------------------------------------------------------- noticed ----
 */

static void add_noticed(report_view *view)
{
    static const table_column columns[] = {
        {"severity", "severity", CELL_TEXT},    {"rule", "rule", CELL_TEXT},
        {"exchanges", "exchanges", CELL_COUNT}, {"message", "example", CELL_TEXT},
        {"capture", "capture", CELL_CAPTURE},   {"frame", "frame", CELL_COUNT},
    };

    report_section *s = add_section(view, "noticed", "Noticed in answers that did not fail");
    report_table *t = add_table(s, "noticed", "Noticed in answers that did not fail", columns,
                                G_N_ELEMENTS(columns));
    GHashTableIter iterator;
    gpointer entry;

    g_hash_table_iter_init(&iterator, view->totals->noticed);
    while (g_hash_table_iter_next(&iterator, NULL, &entry)) {
        const noticed_count *counted = entry;
        table_cell *at = put_text(add_row(t), ms_severity_name(counted->severity));

        at = put_text(at, counted->rule);
        at = put_number(at, counted->exchanges);
        at = put_text(at, counted->message);
        at = put_text(at, counted->capture);
        put_number(at, counted->frame);
    }
    sort_table(t, NULL, "exchanges");
}

/* --------------------------------------------------------------------------------- captures ----
 */

static void add_failed_exchanges(report_view *view)
{
    static const table_column columns[] = {
        {"capture", "capture", CELL_CAPTURE},
        {"frame", "frame", CELL_COUNT},
        {"time", "time", CELL_TIME},
        {"client", "client", CELL_TEXT},
        {"server", "server", CELL_TEXT},
        {"method", "method", CELL_TEXT},
        {"uri", "URI", CELL_PATH},
        {"http_status", "HTTP", CELL_STATUS},
        {"verdict", "verdict", CELL_TEXT},
        {"failed", "failed resources", CELL_COUNT},
        {"collateral", "424", CELL_COUNT},
        {"resources", "resources", CELL_COUNT},
    };
    report_section *s = add_section(view, "failures", "Failed exchanges");
    report_table *t = add_table(s, "failures", "Failed exchanges", columns, G_N_ELEMENTS(columns));
    failure_list *failures = view->totals->failures;

    for (guint i = 0; i < failure_list_length(failures); i++) {
        exchange_record *record = failure_list_get(failures, i);
        table_cell *at = add_row(t);

        if (!record)
            continue;
        at = put_text(at, record->capture);
        at = put_number(at, record->frame);
        at = put_text(at, record->time);
        at = put_text(at, record->client);
        at = put_text(at, record->server);
        at = put_text(at, record->method);
        at = put_text(at, record->uri);
        (at++)->number = record->http_status > 0 ? record->http_status : RECORD_UNKNOWN;
        at = put_text(at, ms_verdict_name(record->verdict));
        at = put_number(at, record->failed);
        at = put_number(at, record->collateral);
        put_number(at, record->n_responses);
        exchange_record_unref(record);
    }
}

static void add_unseen_of(report_table *t, const capture_record *record)
{
    for (unsigned i = 0; i < UNSEEN_REASONS; i++) {
        const unseen_count *count = &record->unseen.of[i];

        if (count->count == 0)
            continue;
        table_cell *at = put_text(add_row(t), record->capture);

        at = put_text(at, unseen_name((unseen_reason)i));
        at = put_taken(at, unseen_words((unseen_reason)i, count));
        at = put_number(at, count->count);
        at = put_number(at, count->bytes);
        put_text(at, unseen_help((unseen_reason)i) ? unseen_help((unseen_reason)i) : "");
    }
}

static void add_unseen(report_section *s, const aggregate *totals)
{
    static const table_column columns[] = {
        {"capture", "capture", CELL_CAPTURE}, {"reason", "reason", CELL_TEXT},
        {"what", "what", CELL_TEXT},          {"count", "count", CELL_COUNT},
        {"bytes", "bytes", CELL_COUNT},       {"help", "what would help", CELL_TEXT},
    };
    report_table *t =
        add_table(s, "not_looked_into", "Not looked into", columns, G_N_ELEMENTS(columns));

    for (guint i = 0; i < totals->dim->len; i++)
        add_unseen_of(t, totals->dim->pdata[i]);
}

static void add_captures(report_view *view)
{
    static const table_column troubled[] = {{"capture", "capture", CELL_CAPTURE},
                                            {"frames", "frames read", CELL_COUNT},
                                            {"exchanges", "exchanges", CELL_COUNT},
                                            {"error", "problem", CELL_TEXT}};
    static const table_column barren[] = {{"capture", "capture", CELL_CAPTURE}};
    report_section *s = add_section(view, "captures", "Captures");
    report_table *t = add_table(s, "captures_with_problems", "Captures with problems", troubled,
                                G_N_ELEMENTS(troubled));

    for (guint i = 0; i < view->totals->troubled->len; i++) {
        const capture_record *record = view->totals->troubled->pdata[i];
        table_cell *at = put_text(add_row(t), record->capture);

        at = put_number(at, record->frames);
        at = put_number(at, record->exchanges);
        put_text(at, record->error);
    }
    add_unseen(s, view->totals);
    t = add_table(s, "captures_without_multistatus", "Captures without Multi-Status", barren,
                  G_N_ELEMENTS(barren));
    for (guint i = 0; i < view->totals->barren->len; i++)
        put_text(add_row(t), view->totals->barren->pdata[i]);
    t = add_table(s, "captures_without_multistatus_as_far_as_seen",
                  "Captures without Multi-Status in what was looked into", barren,
                  G_N_ELEMENTS(barren));
    for (guint i = 0; i < view->totals->dim_barren->len; i++)
        put_text(add_row(t), view->totals->dim_barren->pdata[i]);
}

/* ------------------------------------------------------------------------------ worst first ----
 */

/* The columns of a table of failed exchanges that this order needs. */
typedef struct {
    const report_table *of;
    guint failed, verdict;
} badness;

/* How bad it is if the numbers are equal: a body that cannot be read may hold anything. */
static int gravity(const char *verdict)
{
    static const ms_verdict gravest[] = {MS_MALFORMED, MS_FAILURE, MS_PARTIAL, MS_UNDECODED};
    int at = 0;

    while (at < (int)G_N_ELEMENTS(gravest) && strcmp(ms_verdict_name(gravest[at]), verdict) != 0)
        at++;
    return at;
}

static gint compare_badness(gconstpointer a, gconstpointer b, gpointer data)
{
    const badness *by = data;
    guint first = *(const guint *)a, second = *(const guint *)b;
    int64_t one = table_at(by->of, first, by->failed)->number;
    int64_t other = table_at(by->of, second, by->failed)->number;

    if (one != other)
        return one > other ? -1 : 1;
    int graver = gravity(table_at(by->of, first, by->verdict)->text) -
                 gravity(table_at(by->of, second, by->verdict)->text);

    return graver != 0 ? graver : first < second ? -1 : first > second;
}

/* Most failed resources first; those with equally many in the order of captures and frames. */
GArray *view_worst_first(const report_table *t)
{
    GArray *rows = g_array_sized_new(FALSE, FALSE, sizeof(guint), t->rows->len);
    badness by = {.of = t};

    find_column(t, "failed", &by.failed);
    find_column(t, "verdict", &by.verdict);
    for (guint i = 0; i < t->rows->len; i++)
        g_array_append_val(rows, i);
    g_array_sort_with_data(rows, compare_badness, &by);
    return rows;
}

/* ------------------------------------------------------------------------------------- view ----
 */

report_view *view_new(const aggregate *totals, const report_settings *settings)
{
    report_view *view = g_new0(report_view, 1);

    view->totals = totals;
    view->settings = settings;
    view->sections = g_ptr_array_new_with_free_func(section_free);
    report_section *summary = add_section(view, "summary", "Summary");

    add_totals(summary, totals);
    add_verdicts(summary, totals);
    add_outcomes(summary, totals);
    add_statuses(summary, totals);
    add_timeline(summary, totals);
    add_groups(view);
    add_failing(view);
    add_failed_exchanges(view);
    add_recurring(view);
    add_hints(view);
    add_noticed(view);
    add_all_parties(view);
    add_captures(view);
    return view;
}

void view_free(report_view *view)
{
    g_ptr_array_unref(view->sections);
    g_free(view);
}

const report_section *view_section(const report_view *view, const char *key)
{
    for (guint i = 0; i < view->sections->len; i++) {
        const report_section *s = view->sections->pdata[i];

        if (strcmp(s->key, key) == 0)
            return s;
    }
    return NULL;
}

guint view_rows_shown(const report_view *view, const report_table *of, guint usual)
{
    guint most = view->settings->top == TOP_UNSET ? usual : (guint)view->settings->top;

    return most == 0 ? of->rows->len : MIN(most, of->rows->len);
}
