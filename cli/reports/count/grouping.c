/* grouping.c
 * Counting by dimensions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "grouping.h"

#include <string.h>

#include "href.h"
#include "suggest.h"

/* The values of one dimension for one exchange or resource; each is owned. */
typedef GPtrArray values;

typedef struct {
    const char *name;
    bool of_resource;
    /* Adds the values; adding none means that there is nothing. */
    void (*add)(values *to, const exchange_record *record, const record_response *response);
} dimension;

/* A resource with more combinations than this is counted under the first ones. */
#define MOST_COMBINATIONS 10000
/* Of the conditions or properties of one resource. */
#define MOST_NAMES 256

struct grouping {
    const dimension *dimensions[GROUP_DIMENSIONS];
    const dimension *traits[GROUP_TRAITS];
    guint width, n_traits;
    bool of_resource;
    bool of_failures; /* nothing else that went wrong */
    bool of_named;    /* only where an href is named */
    GHashTable *rows; /* key: the values, one after the other */
};

/* ------------------------------------------------------------------------------ dimensions ---- */

/* The address without its port. */
static char *address_host(const char *address)
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

#define TEXT_OF_EXCHANGE(name, text)                                                               \
    static void add_##name(values *to, const exchange_record *record,                              \
                           const record_response *response)                                        \
    {                                                                                              \
        (void)response;                                                                            \
        add_text(to, text);                                                                        \
    }

TEXT_OF_EXCHANGE(method, record->method)
TEXT_OF_EXCHANGE(server, record->server)
TEXT_OF_EXCHANGE(host, record->host)
TEXT_OF_EXCHANGE(authority, record->host ? record->host : record->server)
TEXT_OF_EXCHANGE(user_agent, record->user_agent)
TEXT_OF_EXCHANGE(capture, record->capture)
TEXT_OF_EXCHANGE(kind, record->kind)
TEXT_OF_EXCHANGE(product, record->server_software)
TEXT_OF_EXCHANGE(protocol, record->protocol)

static void add_client(values *to, const exchange_record *record, const record_response *response)
{
    (void)response;
    if (record->client)
        g_ptr_array_add(to, address_host(record->client));
}

/* Compliance classes are a list (RFC 4918 section 10.1); DeltaV servers send dozens, in several
 * answers different ones. */
static void add_dav(values *to, const exchange_record *record, const record_response *response)
{
    (void)response;
    g_auto(GStrv) classes = g_strsplit(record->server_dav ? record->server_dav : "", ",", -1);

    for (guint i = 0; classes[i]; i++)
        add_text(to, g_strstrip(classes[i]));
}

/* Behind a minus what the answer has in place of a code: grouping_status(). */
static void add_status(values *to, const exchange_record *record, const record_response *response)
{
    (void)record;
    if (response->code != RECORD_UNKNOWN)
        g_ptr_array_add(to, g_strdup_printf("%d", response->code));
    else if (response->reason)
        g_ptr_array_add(to, g_strconcat("-", response->reason, NULL));
}

int grouping_status(const char *value, const char **reason)
{
    *reason = value && *value == '-' ? value + 1 : NULL;
    return value && !*reason ? (int)g_ascii_strtoll(value, NULL, 10) : RECORD_UNKNOWN;
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

typedef enum {
    RESOURCE,
    STATUS,
    CONDITION,
    PROPERTY,
    METHOD,
    CLIENT,
    SERVER,
    HOST,
    USER_AGENT,
    CAPTURE,
    KIND,
    OFFERED, /* The others are only for the tables of every report. */
    AUTHORITY = OFFERED,
    PRODUCT,
    DAV,
    PROTOCOL,
} place;

static const dimension dimensions[] = {
    [RESOURCE] = {"resource", true, add_resource},
    [STATUS] = {"status", true, add_status},
    [CONDITION] = {"condition", true, add_condition},
    [PROPERTY] = {"property", true, add_property},
    [METHOD] = {"method", false, add_method},
    [CLIENT] = {"client", false, add_client},
    [SERVER] = {"server", false, add_server},
    [HOST] = {"host", false, add_host},
    [USER_AGENT] = {"user-agent", false, add_user_agent},
    [CAPTURE] = {"capture", false, add_capture},
    [KIND] = {"kind", false, add_kind},
    [AUTHORITY] = {"authority", false, add_authority},
    [PRODUCT] = {"product", false, add_product},
    [DAV] = {"dav", false, add_dav},
    [PROTOCOL] = {"protocol", false, add_protocol},
};

static const struct {
    guint width, n_traits;
    place dimensions[GROUP_DIMENSIONS];
    place traits[GROUP_TRAITS];
} standards[] = {
    [GROUP_SERVERS] = {1, 3, {SERVER}, {PRODUCT, DAV, PROTOCOL}},
    [GROUP_CLIENTS] = {1, 2, {USER_AGENT}, {CLIENT, PROTOCOL}},
    [GROUP_FAILING] = {3, 0, {STATUS, METHOD, AUTHORITY}, {0}},
    [GROUP_RECURRING] = {4, 1, {METHOD, AUTHORITY, RESOURCE, STATUS}, {CAPTURE}},
};

const char *grouping_dimension_name(unsigned i)
{
    return i < OFFERED ? dimensions[i].name : NULL;
}

/* ----------------------------------------------------------------------------------- making ----
 */

static void row_free(gpointer data)
{
    group_row *row = data;

    for (int i = 0; i < GROUP_DIMENSIONS; i++)
        g_free(row->values[i]);
    for (int i = 0; i < GROUP_TRAITS; i++)
        g_clear_pointer(&row->traits[i], g_hash_table_destroy);
    g_free(row->tally.first);
    g_free(row->tally.last);
    g_free(row);
}

static const dimension *find_dimension(const char *name)
{
    for (size_t i = 0; i < OFFERED; i++) {
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

        for (size_t i = 0; i < OFFERED; i++) {
            g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", dimensions[i].name);
            suggestion_offer(&near, dimensions[i].name);
        }
        g_autofree char *meant = suggestion_text(&near, "");

        return g_strdup_printf("\"%s\" is not known; it is one of: %s.%s", name, list->str, meant);
    }
    if (has_dimension(g, found))
        return NULL;
    if (g->width == GROUP_DIMENSIONS)
        return g_strdup_printf("More than %d dimensions are too many.", GROUP_DIMENSIONS);
    g->dimensions[g->width++] = found;
    g->of_resource |= found->of_resource;
    return NULL;
}

static grouping *make(void)
{
    grouping *g = g_new0(grouping, 1);

    g->rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, row_free);
    return g;
}

grouping *grouping_new(const char *names, char **message)
{
    grouping *g = make();
    g_auto(GStrv) parts = g_strsplit(names, ",", -1);

    *message = *parts ? NULL : g_strdup("A dimension is missing.");
    for (char **part = parts; *part && !*message; part++)
        *message = add_dimension(g, *part);
    if (!*message)
        return g;
    grouping_free(g);
    return NULL;
}

grouping *grouping_standard(group_standard which)
{
    grouping *g = make();

    g->width = standards[which].width;
    g->n_traits = standards[which].n_traits;
    for (guint i = 0; i < g->width; i++) {
        g->dimensions[i] = &dimensions[standards[which].dimensions[i]];
        g->of_resource |= g->dimensions[i]->of_resource;
    }
    for (guint i = 0; i < g->n_traits; i++)
        g->traits[i] = &dimensions[standards[which].traits[i]];
    g->of_failures = which == GROUP_FAILING || which == GROUP_RECURRING;
    g->of_named = which == GROUP_RECURRING;
    return g;
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

static void tally_count(group_tally *tally, const exchange_record *record,
                        const record_response *response, uint64_t number)
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
        for (guint i = 0; i < g->n_traits; i++)
            row->traits[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
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
    values *lists[GROUP_DIMENSIONS];
    values *traits[GROUP_TRAITS];
} counting;

static void add_trait(GHashTable *to, const values *seen)
{
    for (guint i = 0; i < seen->len; i++) {
        if (!g_hash_table_contains(to, seen->pdata[i]))
            g_hash_table_add(to, g_strdup(seen->pdata[i]));
    }
}

static void count_row(const grouping *g, const counting *c, group_row *row)
{
    const exchange_record *record = c->record;

    for (guint i = 0; i < g->n_traits; i++)
        add_trait(row->traits[i], c->traits[i]);
    tally_count(&row->tally, record, c->response, c->number);
    for (uint32_t i = 0; !c->response && i < record->n_responses; i++) {
        if (selection_resource(c->chosen, record, &record->responses[i]))
            tally_count(&row->tally, record, &record->responses[i], c->number);
    }
}

/* Every combination of the lists, the last list fastest. */
static void count_combinations(grouping *g, const counting *c)
{
    guint at[GROUP_DIMENSIONS] = {0};
    char *combination[GROUP_DIMENSIONS];
    guint i, done = 0, most = MOST_COMBINATIONS;

    for (i = 0; i < g->width; i++)
        most = MAX(most, c->lists[i]->len);

    do {
        for (i = 0; i < g->width; i++)
            combination[i] = c->lists[i]->len > 0 ? c->lists[i]->pdata[at[i]] : NULL;
        count_row(g, c, find_row(g, combination));
        for (i = g->width; i > 0; i--) {
            if (++at[i - 1] < c->lists[i - 1]->len)
                break;
            at[i - 1] = 0;
        }
    } while (i > 0 && ++done < most);
}

/* The values of the dimensions for an exchange or resource. */
static void list_values(values **lists, const dimension *const *of, guint n, const counting *c)
{
    for (guint i = 0; i < n; i++) {
        lists[i] = g_ptr_array_new_with_free_func(g_free);
        of[i]->add(lists[i], c->record, c->response);
    }
}

static void free_values(values **lists, guint n)
{
    for (guint i = 0; i < n; i++)
        g_ptr_array_unref(lists[i]);
}

static void count_one(grouping *g, counting *c)
{
    list_values(c->lists, g->dimensions, g->width, c);
    list_values(c->traits, g->traits, g->n_traits, c);
    count_combinations(g, c);
    free_values(c->lists, g->width);
    free_values(c->traits, g->n_traits);
}

static bool counts_response(const grouping *g, const record_response *response)
{
    if (g->of_named && response->hrefs.count == 0)
        return false;
    return g->of_failures ? ms_outcome_is_failure(response->outcome)
                          : record_response_is_trouble(response);
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
        if (counts_response(g, c.response) && selection_resource(chosen, record, c.response))
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

void grouping_rows(const grouping *g, void (*visit)(const group_row *row, void *data), void *data)
{
    GHashTableIter iterator;
    gpointer row;

    g_hash_table_iter_init(&iterator, g->rows);
    while (g_hash_table_iter_next(&iterator, NULL, &row))
        visit(row, data);
}

static bool is_address(const char *text)
{
    return strstr(text, "://") != NULL;
}

/* What people know comes before addresses. */
static int compare_text(gconstpointer a, gconstpointer b)
{
    return is_address(a) != is_address(b) ? (int)is_address(a) - (int)is_address(b) : strcmp(a, b);
}

char *group_trait_text(const group_row *row, unsigned trait, guint most)
{
    g_autoptr(GList) texts = g_list_sort(g_hash_table_get_keys(row->traits[trait]), compare_text);
    GString *joined = g_string_new(NULL);
    guint n = 0;

    for (GList *at = texts; at; at = at->next) {
        if (*(const char *)at->data && n++ < most)
            g_string_append_printf(joined, "%s%s", n > 1 ? "; " : "", (const char *)at->data);
    }
    if (n > most)
        g_string_append_printf(joined, "; and %u more", n - most);
    return g_string_free(joined, n == 0);
}
