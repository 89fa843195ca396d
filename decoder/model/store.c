/* store.c
 * Memory of one document.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "store.h"

#include <string.h>

#include "ascii.h"
#include "href.h"

/* One block holds the texts of a few hundred resources. A longer text gets a block of its own. */
#define BLOCK (64u * 1024)

/* Entries for which an array has room from the start: it is never NULL, and a small body needs no
 * more. */
#define FIRST_ENTRIES 16

struct ms_store_block {
    struct ms_store_block *next;
    char texts[];
};

static struct ms_store *new_store(size_t block, guint entries)
{
    struct ms_store *store = g_new0(struct ms_store, 1);

    store->block = block;
    store->names = g_hash_table_new(g_str_hash, g_str_equal);
    store->responses = g_array_sized_new(FALSE, FALSE, sizeof(ms_response), entries);
    store->propstats = g_array_sized_new(FALSE, FALSE, sizeof(ms_propstat), entries);
    store->hrefs = g_array_sized_new(FALSE, FALSE, sizeof(ms_text), entries);
    store->findings = g_array_sized_new(FALSE, FALSE, sizeof(ms_finding), entries);
    return store;
}

struct ms_store *ms_store_new(void)
{
    struct ms_store *store = new_store(BLOCK, FIRST_ENTRIES);

    ms_element_list_grow(&store->properties);
    ms_element_list_grow(&store->conditions);
    return store;
}

struct ms_store *ms_store_new_for_texts(size_t block)
{
    return new_store(block, 0);
}

void ms_store_free(struct ms_store *store)
{
    if (store->adopted)
        g_ptr_array_free(store->adopted, TRUE);
    for (struct ms_store_block *next, *block = store->blocks; block; block = next) {
        next = block->next;
        g_free(block);
    }
    g_hash_table_destroy(store->names);
    g_array_free(store->responses, TRUE);
    g_array_free(store->propstats, TRUE);
    g_array_free(store->hrefs, TRUE);
    if (store->targets)
        g_array_free(store->targets, TRUE);
    g_array_free(store->findings, TRUE);
    g_free(store->properties.at);
    g_free(store->conditions.at);
    g_free(store);
}

static void free_document(void *document)
{
    ms_document_free(document);
}

void ms_store_adopt(struct ms_store *store, ms_document *document)
{
    if (!store->adopted)
        store->adopted = g_ptr_array_new_with_free_func(free_document);
    g_ptr_array_add(store->adopted, document);
}

void ms_element_list_grow(ms_element_list *list)
{
    list->room = list->room > 0 ? 2 * list->room : FIRST_ENTRIES;
    list->at = g_renew(ms_element, list->at, list->room);
}

/* ---- texts ---- */

/* Room for a text and its NUL. */
static char *make_room(struct ms_store *store, size_t size)
{
    char *room = store->free;

    if (size <= (size_t)(store->end - store->free)) {
        store->free += size;
        return room;
    }
    bool is_long = size > store->block / 4;
    size_t all = is_long ? size : store->block;
    struct ms_store_block *block = g_malloc(sizeof(struct ms_store_block) + all);

    if (is_long && store->blocks) {
        block->next = store->blocks->next; /* the one in use stays in use */
        store->blocks->next = block;
        return block->texts;
    }
    block->next = store->blocks;
    store->blocks = block;
    store->free = block->texts + size;
    store->end = block->texts + all;
    return block->texts;
}

static const char *keep(struct ms_store *store, const char *text, size_t length)
{
    char *kept = make_room(store, length + 1);

    memcpy(kept, text, length);
    kept[length] = '\0';
    return kept;
}

const char *ms_store_text(struct ms_store *store, const char *text, size_t length)
{
    size_t plain = ms_ascii_length(text, length);

    if (plain == length)
        return keep(store, text, length);
    const char *end = memchr(text + plain, '\0', length - plain);

    if (end)
        length = (size_t)(end - text);
    if (g_utf8_validate(text + plain, (gssize)(length - plain), NULL))
        return keep(store, text, length);
    char *valid = g_utf8_make_valid(text, (gssize)length);
    const char *kept = keep(store, valid, strlen(valid));

    g_free(valid);
    return kept;
}

const char *ms_store_take(struct ms_store *store, char *text)
{
    const char *kept = ms_store_text(store, text, strlen(text));

    g_free(text);
    return kept;
}

const char *ms_store_name(struct ms_store *store, const char *text)
{
    const char *known = g_hash_table_lookup(store->names, text);

    if (!known) {
        known = keep(store, text, strlen(text));
        g_hash_table_add(store->names, (gpointer)known);
    }
    return known;
}

/* ---- arrays ---- */

/* GArray keeps its data pointer as char *; its elements were allocated for their own type. */
#define ARRAY(type, array) ((type *)(void *)(array)->data)

void ms_store_publish(struct ms_store *store, ms_document *document)
{
    document->responses = ARRAY(ms_response, store->responses);
    document->n_responses = store->responses->len;
    document->propstats = ARRAY(ms_propstat, store->propstats);
    document->n_propstats = store->propstats->len;
    document->hrefs = ARRAY(ms_text, store->hrefs);
    document->n_hrefs = store->hrefs->len;
    document->targets = store->targets ? ARRAY(ms_text, store->targets) : document->hrefs;
    document->properties = store->properties.at;
    document->n_properties = store->properties.len;
    document->conditions = store->conditions.at;
    document->n_conditions = store->conditions.len;
    document->findings = ARRAY(ms_finding, store->findings);
    document->n_findings = store->findings->len;
}

void ms_document_free(ms_document *document)
{
    if (!document)
        return;
    ms_store_free(document->store);
    g_free(document);
}

void ms_asked_free(ms_asked *asked)
{
    if (!asked)
        return;
    ms_store_free(asked->store);
    g_free(asked->rows);
    g_free(asked);
}

/* ---- what hrefs name ---- */

/* Bytes of resolved hrefs for each byte of a body, and for a small one. */
#define RESOLVED_PER_BYTE 4
#define RESOLVED_AT_LEAST 65536

void ms_store_resolve(struct ms_store *store, ms_document *document, const char *uri)
{
    size_t room = (size_t)document->span.length * RESOLVED_PER_BYTE + RESOLVED_AT_LEAST;

    if (!uri || *uri == '\0' || *uri == '*' || ms_href_is_relative(uri))
        return;
    for (uint32_t i = 0; i < document->n_hrefs; i++) {
        const char *href = document->hrefs[i].text;

        if (!ms_href_is_relative(href))
            continue;
        size_t size = strlen(uri) + strlen(href);

        if (size > room)
            break;
        room -= size;
        if (!store->targets) {
            store->targets = g_array_sized_new(FALSE, FALSE, sizeof(ms_text), document->n_hrefs);
            g_array_append_vals(store->targets, document->hrefs, document->n_hrefs);
        }
        char *target = ms_href_resolve(href, uri);

        g_array_index(store->targets, ms_text, i).text =
            ms_store_text(store, target, strlen(target));
        g_free(target);
    }
    ms_store_publish(store, document);
}
