/* aggregate.c
 * Counting records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "aggregate.h"

#include <string.h>

#include "record_hint.h"

static void free_capture(gpointer record)
{
    capture_record_free(record);
}

static GHashTable *new_status_table(void)
{
    return g_hash_table_new_full(ms_failure_hash, ms_failure_equal, g_free, NULL);
}

static void free_hint(gpointer data)
{
    hint_count *counted = data;

    g_free(counted->method);
    g_free(counted);
}

static void free_noticed(gpointer data)
{
    noticed_count *counted = data;

    g_free(counted->rule);
    g_free(counted->message);
    g_free(counted->capture);
    g_free(counted);
}

aggregate *aggregate_new(const report_settings *settings)
{
    aggregate *totals = g_new0(aggregate, 1);

    totals->settings = settings;
    for (int i = 0; i < GROUP_STANDARDS; i++)
        totals->standard[i] = grouping_standard((group_standard)i);
    totals->hints = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_hint);
    totals->noticed = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_noticed);
    totals->time = timeline_new();
    totals->failures = failure_list_new(FAILURE_LIST_MEMORY);
    totals->troubled = g_ptr_array_new_with_free_func(free_capture);
    totals->barren = g_ptr_array_new_with_free_func(g_free);
    totals->dim_barren = g_ptr_array_new_with_free_func(g_free);
    totals->dim = g_ptr_array_new_with_free_func(free_capture);
    totals->by_status = new_status_table();
    totals->reasons = g_string_chunk_new(256);
    return totals;
}

void aggregate_free(aggregate *totals)
{
    failure_list_free(totals->failures);
    g_ptr_array_unref(totals->troubled);
    g_ptr_array_unref(totals->barren);
    g_ptr_array_unref(totals->dim_barren);
    g_ptr_array_unref(totals->dim);
    g_hash_table_destroy(totals->by_status);
    g_string_chunk_free(totals->reasons);
    g_hash_table_destroy(totals->hints);
    g_hash_table_destroy(totals->noticed);
    for (int i = 0; i < GROUP_STANDARDS; i++)
        grouping_free(totals->standard[i]);
    timeline_free(totals->time);
    g_free(totals);
}

/* Rows of most batches have no code, but a word such as "InternalFailure". */
static const char *reason_of(const record_response *response)
{
    return response->code < 0 ? response->reason : NULL;
}

/* `reason` has to outlive the table. */
static void count_status(GHashTable *table, int code, const char *reason)
{
    const ms_failure_count wanted = {.code = code, .reason = reason};
    ms_failure_count *entry = g_hash_table_lookup(table, &wanted);

    if (!entry) {
        entry = g_memdup2(&wanted, sizeof wanted);
        g_hash_table_add(table, entry);
    }
    entry->count++;
}

static const char *keep_reason(aggregate *totals, const record_response *response)
{
    const char *reason = reason_of(response);

    return reason ? g_string_chunk_insert_const(totals->reasons, reason) : NULL;
}

static void count_statuses(GHashTable *table, const exchange_record *record)
{
    for (uint32_t i = 0; i < record->n_responses; i++) {
        if (ms_outcome_is_failure(record->responses[i].outcome))
            count_status(table, record->responses[i].code, reason_of(&record->responses[i]));
    }
}

static void count_hint(aggregate *totals, const exchange_record *record,
                       const record_response *response)
{
    const ms_hint *hint = record_hint(record, response);

    if (!hint)
        return;
    const char *reason = reason_of(response);
    g_autofree char *key =
        g_strdup_printf("%d %s %p %s", response->code, record->method ? record->method : "",
                        (void *)hint, reason ? reason : "");
    hint_count *counted = g_hash_table_lookup(totals->hints, key);

    if (!counted) {
        counted = g_new0(hint_count, 1);
        counted->code = response->code;
        counted->reason = keep_reason(totals, response);
        counted->method = g_strdup(record->method);
        counted->hint = hint;
        g_hash_table_insert(totals->hints, g_steal_pointer(&key), counted);
    }
    counted->resources++;
}

static void count_response(aggregate *totals, const exchange_record *record,
                           const record_response *response)
{
    totals->resources++;
    totals->outcomes[response->outcome]++;
    for (uint32_t i = 0; i < response->n_propstats; i++) {
        if (response->propstats[i].outcome == MS_ABSENT)
            totals->absent_properties += response->propstats[i].properties.count;
    }
    if (ms_outcome_is_failure(response->outcome)) {
        totals->failed++;
        count_status(totals->by_status, response->code, keep_reason(totals, response));
    }
    count_hint(totals, record, response);
}

static bool is_earlier(const exchange_record *record, const noticed_count *counted)
{
    int order = strcmp(record->capture, counted->capture);

    return order < 0 || (order == 0 && record->frame < counted->frame);
}

static void keep_example(noticed_count *counted, const exchange_record *record,
                         const record_finding *finding)
{
    g_free(counted->message);
    g_free(counted->capture);
    counted->message = g_strdup(finding->message);
    counted->capture = g_strdup(record->capture);
    counted->frame = record->frame;
}

/* Once for each exchange: the findings of a rule are adjacent. */
static void count_noticed(aggregate *totals, const exchange_record *record)
{
    const char *before = "";
    ms_severity least = totals->settings->explain ? MS_NOTE : MS_WARN;

    for (uint32_t i = 0; i < record->n_findings; i++) {
        const record_finding *finding = &record->findings[i];

        if (finding->severity < least || strcmp(finding->rule, before) == 0)
            continue;
        before = finding->rule;
        noticed_count *counted = g_hash_table_lookup(totals->noticed, finding->rule);

        if (!counted) {
            counted = g_new0(noticed_count, 1);
            counted->rule = g_strdup(finding->rule);
            counted->severity = finding->severity;
            keep_example(counted, record, finding);
            g_hash_table_insert(totals->noticed, counted->rule, counted);
        } else if (is_earlier(record, counted)) {
            keep_example(counted, record, finding);
        }
        counted->exchanges++;
    }
}

void aggregate_exchange(aggregate *totals, exchange_record *record)
{
    const report_settings *settings = totals->settings;
    uint64_t number = ++totals->exchanges;

    totals->verdicts[record->verdict]++;
    totals->in_exchanges += record->n_responses;
    for (uint32_t i = 0; i < record->n_responses; i++) {
        if (selection_resource(settings->chosen, record, &record->responses[i]))
            count_response(totals, record, &record->responses[i]);
    }
    for (int i = 0; i < GROUP_STANDARDS; i++)
        grouping_count(totals->standard[i], settings->chosen, record, number);
    timeline_count(totals->time, record);
    for (guint i = 0; i < settings->groupings->len; i++)
        grouping_count(settings->groupings->pdata[i], settings->chosen, record, number);
    if (exchange_record_is_failed(record))
        failure_list_add(totals->failures, record);
    else
        count_noticed(totals, record);
}

void aggregate_capture(aggregate *totals, const capture_record *record)
{
    bool dim = unseen_sum(&record->unseen).count > 0;

    totals->captures++;
    totals->frames += record->frames;
    totals->in_captures += record->exchanges;
    if (record->error)
        g_ptr_array_add(totals->troubled, capture_record_copy(record));
    else if (record->exchanges == 0)
        g_ptr_array_add(dim ? totals->dim_barren : totals->barren, g_strdup(record->capture));
    unseen_add_all(&totals->unseen, &record->unseen);
    if (dim)
        g_ptr_array_add(totals->dim, capture_record_copy(record));
}

static int compare_captures(gconstpointer a, gconstpointer b)
{
    const capture_record *left = *(const capture_record *const *)a;
    const capture_record *right = *(const capture_record *const *)b;

    return strcmp(left->capture, right->capture);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The sorts are stable: exchanges of one frame keep the order in which they came. */
void aggregate_finish(aggregate *totals)
{
    failure_list_sort(totals->failures);
    g_ptr_array_sort(totals->troubled, compare_captures);
    g_ptr_array_sort(totals->barren, compare_names);
    g_ptr_array_sort(totals->dim_barren, compare_names);
    g_ptr_array_sort(totals->dim, compare_captures);
}

static int compare_counts(gconstpointer a, gconstpointer b)
{
    const ms_failure_count *left = a, *right = b;

    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    if (left->code != right->code) /* those without a code come last */
        return (unsigned)left->code < (unsigned)right->code ? -1 : 1;
    return g_strcmp0(left->reason, right->reason);
}

static GArray *sorted(GHashTable *table)
{
    GArray *counts = g_array_new(FALSE, FALSE, sizeof(ms_failure_count));
    GHashTableIter iterator;
    gpointer entry;

    g_hash_table_iter_init(&iterator, table);
    while (g_hash_table_iter_next(&iterator, &entry, NULL))
        g_array_append_vals(counts, entry, 1);
    g_array_sort(counts, compare_counts);
    return counts;
}

GArray *aggregate_statuses(const aggregate *totals)
{
    return sorted(totals->by_status);
}

GArray *aggregate_statuses_of(const exchange_record *record)
{
    GHashTable *table = new_status_table();

    count_statuses(table, record);
    GArray *counts = sorted(table);

    g_hash_table_destroy(table);
    return counts;
}
