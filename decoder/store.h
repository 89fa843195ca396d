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

#include "multistatus.h"

struct ms_store {
    GStringChunk *strings;
    GArray *responses, *propstats, *hrefs, *properties, *conditions, *findings;
};

struct ms_store *ms_store_new(void);

/** The same for something smaller than a document. @param block  bytes that are allocated at once
 */
struct ms_store *ms_store_new_sized(size_t block);

void ms_store_free(struct ms_store *store);

/** A copy of `text`. Invalid UTF-8 is replaced by U+FFFD, a NUL ends the text. */
const char *ms_store_text(struct ms_store *store, const char *text, size_t length);

/** The same, but equal texts share one copy: for the few names that come again and again. */
const char *ms_store_name(struct ms_store *store, const char *text);

/** Lets the document's public arrays point at what the store holds. */
void ms_store_publish(struct ms_store *store, ms_document *document);

#endif /* MS_STORE_H */
