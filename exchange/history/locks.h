/* locks.h
 * The locks that were taken in the capture and not yet released, so that a 423 can name the one in
 * the way.
 *
 * RFC 4918 sections 6, 7, 9.10 and 9.11.
 *
 * Ownership: locks_free() frees all of them. A lock that was handed out lives until then.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_LOCKS_H
#define MULTISTATUS_LOCKS_H

#include "exchange.h"
#include "hints.h"
#include "multistatus.h"

/** A lock that was taken in the capture. */
typedef struct lock {
    ms_lock known;     /**< what can be said about it */
    const char *token; /**< without brackets; NULL where unknown */
    bool infinite;     /**< Depth: infinity, it holds all members */
    moment expires;    /**< not known if the server named no time */

    char *path;     /**< private: the root for comparison, without the slash at its end */
    bool mentioned; /**< private: somebody keeps a pointer to it */
} lock;

/** The locks of one capture. */
typedef struct locks locks;

locks *locks_new(void);
void locks_free(locks *of);

/** An answer came: notes locks that are taken, refreshed or released.
 *  @param body    of the answer to LOCK, NULL if it is not at hand */
void locks_answered(const exchange *of, const uint8_t *body, size_t length);

/** The lock that is in the way of this resource of a Multi-Status; NULL if the capture does not
 *  know it. */
const lock *locks_in_the_way(const exchange *of, const ms_document *document,
                             const ms_response *response);

/** The lock that holds what the request is about against it; NULL if the capture does not know it.
 */
const lock *locks_holding(const exchange *of);

/** A lock whose token the request submits although its timeout had run out; NULL if the capture
 *  shows none. */
const lock *locks_expired(const exchange *of);

#endif /* MULTISTATUS_LOCKS_H */
