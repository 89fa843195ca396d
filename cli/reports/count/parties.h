/* parties.h
 * Who takes part: servers, and clients by their User-Agent.
 *
 * Ownership: parties_new() returns an object that parties_free() releases, with all it holds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PARTIES_H
#define MULTISTATUS_PARTIES_H

#include "grouping.h"

/** What was seen of a party beside its name; sets of texts. */
typedef enum {
    PARTY_PRODUCT,  /**< servers: the header Server */
    PARTY_DAV,      /**< servers: WebDAV compliance classes */
    PARTY_PROTOCOL, /**< HTTP versions */
    PARTY_ADDRESS,  /**< clients: addresses without port; servers have theirs as name */
    PARTY_TRAITS
} party_trait;

typedef struct {
    char *name; /**< address and port of a server, User-Agent of a client; NULL if unknown */
    GHashTable *traits[PARTY_TRAITS];
    group_tally tally;
} party;

typedef struct {
    GHashTable *servers; /**< "" or "=" and name -> party */
    GHashTable *clients;
} parties;

parties *parties_new(void);
void parties_free(parties *all);

void parties_count(parties *all, const selection *chosen, const exchange_record *record,
                   uint64_t number);

/** The texts of a set in order, the first `most` of them, and how many more there are. The caller
 *  frees it with g_free(); NULL for an empty set. */
char *party_trait_text(const party *of, party_trait trait, guint most);

#endif /* MULTISTATUS_PARTIES_H */
