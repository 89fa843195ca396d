/* grouping.c
 * Counting by dimensions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "grouping.h"

#include <string.h>

#include "href.h"
#include "suggest.h"

/* Values of one dimension for one exchange or resource; each owned. */
typedef GPtrArray values;

typedef struct {
    const char *name;
    bool of_resource;
    /* Adds the values; adding none means that there is nothing. */
    void (*add)(values *to, const exchange_record *record, const record_response *response);
} dimension;

/* A resource with more combinations than these is counted under the first ones. */
#define MOST_COMBINATIONS 10000
/* Of the conditions or properties of one resource. */
#define MOST_NAMES 256
#define MOST_DIMENSIONS 6

typedef struct {
    char *values[MOST_DIMENSIONS];
    group_tally tally;
} group_row;

struct grouping {
    const dimension *dimensions[MOST_DIMENSIONS];
    guint width;
    bool of_resource;
    GHashTable *rows; /* key: the values, one behind the other */
};

/* ------------------------------------------------------------------------------ dimensions ---- */

char *address_host(const char *address)
{
    const char *colon = strrchr(address, ':');
    bool has_port = colon && colon > address &&
                    (address[0] == '[' ? colon[-1] == ']' : strchr(address, ':') == colon);

    return has_port ? g_strndup(address, (gsize)(colon - address)) : g_strdup(address);
}

static void add_text(values *to, const char *text)
{
    if (text)
        g_ptr_array_add(to, g_strdup(text));
}

static void add_method(values *to, const exchange_record *record, const record_response *response)
{
    (void)response;
    add_text(to, record->method);
}

static void add_client(values *to, const exchange_record *record, const record_response *response)
{
    (void)response;
    if (record->client)
        g_ptr_array_add(to, address_host(record->client));
}

static void add_server(values *to, const exchange_record *record, const record_response *response)
{
    (void)response;
    add_text(to, record->server);
}

static void add_host(values *to, const exchange_record *record, const record_response *response)
{
    (void)response;
    add_text(to, record->host);
}

static void add_user_agent(values *to, const exchange_record *record,
                           const record_response *response)
{
    (void)response;
    add_text(to, record->user_agent);
}

static void add_capture(values *to, const exchange_record *record, const record_response *response)
{
    (void)response;
    add_text(to, record->capture);
}

static void add_status(values *to, const exchange_record *record, const record_response *response)
{
    (void)record;
    if (response->code != RECORD_UNKNOWN)
        g_ptr_array_add(to, g_strdup_printf("%d", response->code));
}

static void add_resource(values *to, const exchange_record *record, const record_response *response)
{
    (void)record;
    for (uint32_t i = 0; i < response->hrefs.count; i++)
        g_ptr_array_add(to, ms_href_path(response->hrefs.items[i]));
}

/* Each once. */
static void add_strings(values *to, const record_strings *strings)
{
    for (uint32_t i = 0; i < strings->count && to->len < MOST_NAMES; i++) {
        if (!g_ptr_array_find_with_equal_func(to, strings->items[i], g_str_equal, NULL))
            add_text(to, strings->items[i]);
    }
}

static bool is_ok(const record_propstat *propstat)
{
    return !ms_outcome_is_failure(propstat->outcome) && propstat->outcome != MS_COLLATERAL &&
           propstat->outcome != MS_UNKNOWN;
}

static void add_condition(values *to, const exchange_record *record,
                          const record_response *response)
{
    (void)record;
    add_strings(to, &response->conditions);
    for (uint32_t i = 0; i < response->n_propstats; i++)
        add_strings(to, &response->propstats[i].conditions);
}

static void add_property(values *to, const exchange_record *record, const record_response *response)
{
    (void)record;
    for (uint32_t i = 0; i < response->n_propstats; i++) {
        if (!is_ok(&response->propstats[i]))
            add_strings(to, &response->propstats[i].properties);
    }
}

static const dimension dimensions[] = {
    {"resource", true, add_resource},      {"status", true, add_status},
    {"condition", true, add_condition},    {"property", true, add_property},
    {"method", false, add_method},         {"client", false, add_client},
    {"server", false, add_server},         {"host", false, add_host},
    {"user-agent", false, add_user_agent}, {"capture", false, add_capture},
};

const char *grouping_dimension_name(unsigned i)
{
    return i < G_N_ELEMENTS(dimensions) ? dimensions[i].name : NULL;
}

/* ----------------------------------------------------------------------------------- making ----
 */

static void row_free(gpointer data)
{
    group_row *row = data;

    for (int i = 0; i < MOST_DIMENSIONS; i++)
        g_free(row->values[i]);
    g_free(row->tally.first);
    g_free(row->tally.last);
    g_free(row);
}

static const dimension *find_dimension(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(dimensions); i++) {
        if (strcmp(dimensions[i].name, name) == 0)
            return &dimensions[i];
    }
    return NULL;
}

static bool has_dimension(const grouping *g, const dimension *wanted)
{
    for (guint i = 0; i < g->width; i++) {
        if (g->dimensions[i] == wanted)
            return true;
    }
    return false;
}

static char *add_dimension(grouping *g, const char *name)
{
    const dimension *found = find_dimension(name);

    if (!found) {
        g_autoptr(GString) list = g_string_new(NULL);
        suggestion near = suggestion_for(name);

        for (size_t i = 0; i < G_N_ELEMENTS(dimensions); i++) {
            g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", dimensions[i].name);
            suggestion_offer(&near, dimensions[i].name);
        }
        g_autofree char *meant = suggestion_text(&near, "");

        return g_strdup_printf("\"%s\" is not known; it is one of: %s.%s", name, list->str, meant);
    }
    if (has_dimension(g, found))
        return NULL;
    if (g->width == MOST_DIMENSIONS)
        return g_strdup_printf("More than %d dimensions are too many.", MOST_DIMENSIONS);
    g->dimensions[g->width++] = found;
    g->of_resource |= found->of_resource;
    return NULL;
}

grouping *grouping_new(const char *names, char **message)
{
    grouping *g = g_new0(grouping, 1);
    g_auto(GStrv) parts = g_strsplit(names, ",", -1);

    g->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, row_free);
    *message = *parts ? NULL : g_strdup("A dimension is missing.");
    for (char **part = parts; *part && !*message; part++)
        *message = add_dimension(g, *part);
    if (!*message)
        return g;
    grouping_free(g);
    return NULL;
}

void grouping_free(grouping *g)
{
    g_hash_table_destroy(g->rows);
    g_free(g);
}

/* --------------------------------------------------------------------------------- counting ----
 */

static void note_time(group_tally *tally, const char *time)
{
    if (!time)
        return;
    if (!tally->first || strcmp(time, tally->first) < 0) {
        g_free(tally->first);
        tally->first = g_strdup(time);
    }
    if (!tally->last || strcmp(time, tally->last) > 0) {
        g_free(tally->last);
        tally->last = g_strdup(time);
    }
}

void tally_count(group_tally *tally, const exchange_record *record, const record_response *response,
                 uint64_t number)
{
    if (tally->last_exchange != number) {
        tally->last_exchange = number;
        tally->exchanges++;
        tally->failed_exchanges += exchange_record_is_failed(record);
        note_time(tally, record->time);
    }
    if (response) {
        tally->resources++;
        tally->failed += ms_outcome_is_failure(response->outcome);
        tally->collateral += response->outcome == MS_COLLATERAL;
    }
}

/* The row of a combination; NULL stands for "nothing". */
static group_row *find_row(grouping *g, char *const *combination)
{
    g_autoptr(GString) key = g_string_new(NULL);

    for (guint i = 0; i < g->width; i++)
        g_string_append_printf(key, "%s%s\x1f", combination[i] ? "=" : "",
                               combination[i] ? combination[i] : "");
    group_row *row = g_hash_table_lookup(g->rows, key->str);

    if (!row) {
        row = g_new0(group_row, 1);
        for (guint i = 0; i < g->width; i++)
            row->values[i] = g_strdup(combination[i]);
        g_hash_table_insert(g->rows, g_strdup(key->str), row);
    }
    return row;
}

/* What is counted: the present values of every dimension. */
typedef struct {
    const exchange_record *record;
    const record_response *response; /* NULL: all selected ones of the exchange */
    const selection *chosen;
    uint64_t number;
    values *lists[MOST_DIMENSIONS];
} counting;

static void count_row(const counting *c, group_row *row)
{
    const exchange_record *record = c->record;

    tally_count(&row->tally, record, c->response, c->number);
    for (uint32_t i = 0; !c->response && i < record->n_responses; i++) {
        if (selection_resource(c->chosen, record, &record->responses[i]))
            tally_count(&row->tally, record, &record->responses[i], c->number);
    }
}

/* Every combination of the lists, the last list fastest. */
static void count_combinations(grouping *g, const counting *c)
{
    guint at[MOST_DIMENSIONS] = {0};
    char *combination[MOST_DIMENSIONS];
    guint i, done = 0;

    do {
        for (i = 0; i < g->width; i++)
            combination[i] = c->lists[i]->len > 0 ? c->lists[i]->pdata[at[i]] : NULL;
        count_row(c, find_row(g, combination));
        for (i = g->width; i > 0; i--) {
            if (++at[i - 1] < c->lists[i - 1]->len)
                break;
            at[i - 1] = 0;
        }
    } while (i > 0 && ++done < MOST_COMBINATIONS);
}

static void count_one(grouping *g, counting *c)
{
    for (guint i = 0; i < g->width; i++) {
        c->lists[i] = g_ptr_array_new_with_free_func(g_free);
        g->dimensions[i]->add(c->lists[i], c->record, c->response);
    }
    count_combinations(g, c);
    for (guint i = 0; i < g->width; i++)
        g_ptr_array_unref(c->lists[i]);
}

void grouping_count(grouping *g, const selection *chosen, const exchange_record *record,
                    uint64_t number)
{
    counting c = {.record = record, .chosen = chosen, .number = number};

    if (!g->of_resource) {
        count_one(g, &c);
        return;
    }
    for (uint32_t i = 0; i < record->n_responses; i++) {
        c.response = &record->responses[i];
        if (record_response_is_trouble(c.response) &&
            selection_resource(chosen, record, c.response))
            count_one(g, &c);
    }
}

/* ---------------------------------------------------------------------------------- reading ----
 */

guint grouping_width(const grouping *g)
{
    return g->width;
}

const char *grouping_column(const grouping *g, guint i)
{
    return g->dimensions[i]->name;
}

void grouping_rows(const grouping *g,
                   void (*visit)(char *const *values, const group_tally *tally, void *data),
                   void *data)
{
    GHashTableIter iterator;
    gpointer entry;

    g_hash_table_iter_init(&iterator, g->rows);
    while (g_hash_table_iter_next(&iterator, NULL, &entry)) {
        const group_row *row = entry;

        visit(row->values, &row->tally, data);
    }
}
