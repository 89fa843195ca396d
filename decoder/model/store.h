/* store.h
 * Memory of one document: strings live in a chunk store, arrays grow in place, all of it is
 * released at once. Equal names and status lines are kept once.
 *
 * Ownership: everything that a store hands out belongs to the store.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_STORE_H
#define MS_STORE_H

#include "model.h"

/** There are many elements: a list of them grows without a call for each. */
typedef struct {
    ms_element *at; /* from malloc(); never NULL in a store */
    uint32_t len, room;
} ms_element_list;

void ms_element_list_grow(ms_element_list *list);

/** A place for one more, to be filled in. */
static inline ms_element *ms_element_list_add(ms_element_list *list)
{
    if (list->len == list->room)
        ms_element_list_grow(list);
    return &list->at[list->len++];
}

struct ms_store {
    struct ms_store_block *blocks; /* of the texts, the one in use first */
    size_t block;                  /* bytes of a block */
    char *free, *end;              /* what is left of the one in use */
    GHashTable *names;             /* the texts that are kept once */
    GPtrArray *adopted; /* documents that own strings used by this one; NULL as long as there are
                         * none */
    GArray *responses, *propstats, *hrefs, *findings;
    GArray *targets; /* NULL if they are the hrefs themselves */
    ms_element_list properties, conditions;
};

struct ms_store *ms_store_new(void);

/** A store for texts and names only, fewer than those of a document.
 *  @param block  bytes that are allocated at once */
struct ms_store *ms_store_new_for_texts(size_t block);
void ms_store_free(struct ms_store *store);

/** A copy of `text`. Invalid UTF-8 is replaced by U+FFFD, a NUL ends the text. */
const char *ms_store_text(struct ms_store *store, const char *text, size_t length);

/** The same of a text that is freed with g_free(). */
const char *ms_store_take(struct ms_store *store, char *text);

/** The same, but equal texts share one copy: for the few names that occur again and again. */
const char *ms_store_name(struct ms_store *store, const char *text);

/** Takes ownership of a document whose strings are used by that of the store. */
void ms_store_adopt(struct ms_store *store, ms_document *document);

/** Makes the document's public arrays point to what the store holds. */
void ms_store_publish(struct ms_store *store, ms_document *document);

/** Resolves relative hrefs against the Request-URI (RFC 4918 section 8.3). Where that would take
 *  much more memory than the body, the rest stay as they are. */
void ms_store_resolve(struct ms_store *store, ms_document *document, const char *uri);

#endif /* MS_STORE_H */
