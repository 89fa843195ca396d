/* store.c
 * Memory of one document.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "store.h"

#include <string.h>

/* One block holds the strings of a few dozen resources. */
#define STRING_BLOCK 16384

struct ms_store *ms_store_new(void)
{
    return ms_store_new_sized(STRING_BLOCK);
}

struct ms_store *ms_store_new_sized(size_t block)
{
    struct ms_store *store = g_new0(struct ms_store, 1);

    store->strings = g_string_chunk_new(block);
    store->responses = g_array_new(FALSE, FALSE, sizeof(ms_response));
    store->propstats = g_array_new(FALSE, FALSE, sizeof(ms_propstat));
    store->hrefs = g_array_new(FALSE, FALSE, sizeof(ms_text));
    store->properties = g_array_new(FALSE, FALSE, sizeof(ms_element));
    store->conditions = g_array_new(FALSE, FALSE, sizeof(ms_element));
    store->findings = g_array_new(FALSE, FALSE, sizeof(ms_finding));
    return store;
}

void ms_store_free(struct ms_store *store)
{
    g_string_chunk_free(store->strings);
    g_array_free(store->responses, TRUE);
    g_array_free(store->propstats, TRUE);
    g_array_free(store->hrefs, TRUE);
    g_array_free(store->properties, TRUE);
    g_array_free(store->conditions, TRUE);
    g_array_free(store->findings, TRUE);
    g_free(store);
}

const char *ms_store_text(struct ms_store *store, const char *text, size_t length)
{
    const char *end = memchr(text, '\0', length);

    if (end)
        length = (size_t)(end - text);
    if (!g_utf8_validate(text, (gssize)length, NULL)) {
        char *valid = g_utf8_make_valid(text, (gssize)length);
        const char *kept = g_string_chunk_insert(store->strings, valid);

        g_free(valid);
        return kept;
    }
    return g_string_chunk_insert_len(store->strings, text, (gssize)length);
}

const char *ms_store_name(struct ms_store *store, const char *text)
{
    return g_string_chunk_insert_const(store->strings, text);
}

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
    document->properties = ARRAY(ms_element, store->properties);
    document->n_properties = store->properties->len;
    document->conditions = ARRAY(ms_element, store->conditions);
    document->n_conditions = store->conditions->len;
    document->findings = ARRAY(ms_finding, store->findings);
    document->n_findings = store->findings->len;
}
