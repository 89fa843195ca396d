/* recurring.c
 * Failures that come again.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "recurring.h"

#include <string.h>

#include "href.h"

static void failure_free(gpointer data)
{
    recurring_failure *f = data;

    g_free(f->method);
    g_free(f->authority);
    g_free(f->resource);
    g_free(f->tally.first);
    g_free(f->tally.last);
    g_hash_table_destroy(f->captures);
    g_free(f);
}

GHashTable *recurring_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, failure_free);
}

static recurring_failure *failure_new(const exchange_record *record,
                                      const record_response *response, const char *authority,
                                      const char *resource)
{
    recurring_failure *f = g_new0(recurring_failure, 1);

    f->method = g_strdup(record->method);
    f->authority = g_strdup(authority);
    f->resource = g_strdup(resource);
    f->status = response->code;
    f->captures = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return f;
}

static const char *or_nothing(const char *text)
{
    return text ? text : "";
}

static void count_failure(GHashTable *failures, const exchange_record *record,
                          const record_response *response, const char *href, uint64_t number)
{
    const char *authority = record->host ? record->host : record->server;
    g_autofree char *resource = ms_href_path(href);
    g_autofree char *key =
        g_strdup_printf("%d\x1f%s\x1f%s\x1f%s", response->code, or_nothing(record->method),
                        or_nothing(authority), resource);
    recurring_failure *f = g_hash_table_lookup(failures, key);

    if (!f) {
        f = failure_new(record, response, authority, resource);
        g_hash_table_insert(failures, g_steal_pointer(&key), f);
    }
    tally_count(&f->tally, record, response, number);
    if (!g_hash_table_contains(f->captures, record->capture))
        g_hash_table_add(f->captures, g_strdup(record->capture));
}

void recurring_count(GHashTable *failures, const selection *chosen, const exchange_record *record,
                     uint64_t number)
{
    for (uint32_t i = 0; i < record->n_responses; i++) {
        const record_response *response = &record->responses[i];

        if (!ms_outcome_is_failure(response->outcome) ||
            !selection_resource(chosen, record, response))
            continue;
        for (uint32_t j = 0; j < response->hrefs.count; j++)
            count_failure(failures, record, response, response->hrefs.items[j], number);
    }
}
