/* vocabulary.h
 * What the name of an element means at its place. A body repeats the same few names: what was found
 * out about one is kept for as long as the parse runs.
 *
 * RFC 4918 section 14, RFC 5689 section 3, RFC 6578 section 6.
 *
 * Ownership: a vocabulary borrows the names of libxml2's dictionary and of the document's store.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_VOCABULARY_H
#define MS_VOCABULARY_H

#include "store.h"
#include "values.h"
#include "xml.h"

/* What an open element is to us. */
typedef enum {
    IN_DOCUMENT,
    IN_MULTISTATUS,
    IN_MKCOL, /* mkcol-response and mkcalendar-response: one resource without a response element */
    IN_RESPONSE,
    IN_HREF,
    IN_STATUS,
    IN_PROPSTAT,
    IN_ORPHAN_PROPSTAT,
    IN_ORPHAN_STATUS,
    IN_PROP,
    IN_PROPERTY,
    IN_ERROR,
    IN_CONDITION,
    IN_DESCRIPTION,
    IN_LOCATION,
    IN_LOCATION_HREF,
    IN_SYNC_TOKEN,
    IN_UNKNOWN
} place;
#define PLACES (IN_UNKNOWN + 1)

#define NO_VALUE (-1)

/** A name, and what is known of it. The first three are libxml2's own: equal names have equal
 *  pointers while a parse runs. */
typedef struct {
    const xmlChar *local, *prefix, *uri;
    const char *name;   /**< "{namespace}local" as the store keeps it; NULL until it is asked for */
    uint32_t written;   /**< bytes of the name in the body, its prefix included */
    int value;          /**< of a property whose value is looked at: its place in ms_watched_values,
                             else NO_VALUE */
    bool two_colons;    /**< what it means depends on the namespaces that are declared */
    uint8_t is[PLACES]; /**< by parent; IN_DOCUMENT, which no element is: not known yet */
} known_name;

/* By hash; where a set is full, a new name replaces another. */
#define KNOWN_SETS_BITS 6
#define KNOWN_IN_SET 4

typedef struct {
    struct ms_store *store;
    const xmlChar *dav; /**< the wrong namespace that the root uses for DAV:, NULL if none */
    bool no_namespace;  /**< the root has none, so neither need the others */
    const char *watched[MS_WATCHED_VALUES]; /**< properties whose value is looked at */
    GString *scratch;
    known_name known[1 << KNOWN_SETS_BITS][KNOWN_IN_SET];
    unsigned next; /**< the next to be replaced */
} vocabulary;

void vocabulary_init(vocabulary *v, struct ms_store *store);
void vocabulary_clear(vocabulary *v);

/** Forgets all names: another parse has other pointers. */
void vocabulary_forget(vocabulary *v);

/** The entry of a name, valid until the next call. */
known_name *vocabulary_look_up(vocabulary *v, const xmlChar *local, const xmlChar *prefix,
                               const xmlChar *uri);

/** Is this DAV:, or what the root takes for it? */
bool vocabulary_is_dav(const vocabulary *v, const xmlChar *uri);

/** What an element of that name is within `parent`. */
place vocabulary_place(const vocabulary *v, known_name *name, place parent);

/** Sets the entry's name and value from a name in parts, which are the entry's own but for a name
 *  with two colons. */
void vocabulary_spell(vocabulary *v, known_name *name, const xmlChar *local, const xmlChar *prefix,
                      const xmlChar *uri);

#endif /* MS_VOCABULARY_H */
