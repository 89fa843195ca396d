/* parties.c
 * Who takes part.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "parties.h"

#include <string.h>

static void party_free(gpointer data)
{
    party *p = data;

    for (int i = 0; i < PARTY_TRAITS; i++)
        g_hash_table_destroy(p->traits[i]);
    g_free(p->name);
    g_free(p->tally.first);
    g_free(p->tally.last);
    g_free(p);
}

static party *party_new(const char *name)
{
    party *p = g_new0(party, 1);

    p->name = g_strdup(name);
    for (int i = 0; i < PARTY_TRAITS; i++)
        p->traits[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return p;
}

parties *parties_new(void)
{
    parties *all = g_new0(parties, 1);

    all->servers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, party_free);
    all->clients = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, party_free);
    return all;
}

void parties_free(parties *all)
{
    g_hash_table_destroy(all->servers);
    g_hash_table_destroy(all->clients);
    g_free(all);
}

static party *find_party(GHashTable *table, const char *name)
{
    g_autofree char *key = name ? g_strconcat("=", name, NULL) : g_strdup("");
    party *p = g_hash_table_lookup(table, key);

    if (!p) {
        p = party_new(name);
        g_hash_table_insert(table, g_steal_pointer(&key), p);
    }
    return p;
}

static void add_trait(party *p, party_trait trait, const char *text)
{
    if (text && *text && !g_hash_table_contains(p->traits[trait], text))
        g_hash_table_add(p->traits[trait], g_strdup(text));
}

/* Compliance classes are a list (RFC 4918 section 10.1); DeltaV servers send dozens, in several
 * answers different ones. */
static void add_classes(party *to, const char *list)
{
    g_auto(GStrv) classes = g_strsplit(list ? list : "", ",", -1);

    for (guint i = 0; classes[i]; i++) {
        g_strstrip(classes[i]);
        if (*classes[i])
            add_trait(to, PARTY_DAV, classes[i]);
    }
}

static void count_party(party *p, const selection *chosen, const exchange_record *record,
                        uint64_t number)
{
    tally_count(&p->tally, record, NULL, number);
    for (uint32_t i = 0; i < record->n_responses; i++) {
        if (selection_resource(chosen, record, &record->responses[i]))
            tally_count(&p->tally, record, &record->responses[i], number);
    }
}

void parties_count(parties *all, const selection *chosen, const exchange_record *record,
                   uint64_t number)
{
    party *server = find_party(all->servers, record->server);
    party *client = find_party(all->clients, record->user_agent);
    g_autofree char *address = record->client ? address_host(record->client) : NULL;

    add_trait(server, PARTY_PRODUCT, record->server_software);
    add_classes(server, record->server_dav);
    add_trait(server, PARTY_PROTOCOL, record->protocol);
    count_party(server, chosen, record, number);
    add_trait(client, PARTY_ADDRESS, address);
    add_trait(client, PARTY_PROTOCOL, record->protocol);
    count_party(client, chosen, record, number);
}

static bool is_address(const char *text)
{
    return strstr(text, "://") != NULL;
}

/* What a person knows comes before addresses. */
static int compare_text(gconstpointer a, gconstpointer b)
{
    return is_address(a) != is_address(b) ? (int)is_address(a) - (int)is_address(b) : strcmp(a, b);
}

char *party_trait_text(const party *of, party_trait trait, guint most)
{
    g_autoptr(GList) texts = g_list_sort(g_hash_table_get_keys(of->traits[trait]), compare_text);
    GString *joined = g_string_new(NULL);
    guint n = 0;

    for (GList *at = texts; at; at = at->next) {
        if (n++ < most)
            g_string_append_printf(joined, "%s%s", n > 1 ? "; " : "", (const char *)at->data);
    }
    if (n > most)
        g_string_append_printf(joined, "; and %u more", n - most);
    if (n == 0) {
        g_string_free(joined, TRUE);
        return NULL;
    }
    return g_string_free(joined, FALSE);
}
