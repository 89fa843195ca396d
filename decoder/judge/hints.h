/* hints.h
 * What a status means under a method, and what to look at next: plain words for a person who
 * troubleshoots.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_HINTS_H
#define MS_HINTS_H

#include "model.h"

typedef struct {
    const char *text;
    const char *source; /**< the section that says so */
} ms_hint;

/** What decides which hint a resource gets. */
typedef struct {
    ms_format format;   /**< of the body */
    const char *method; /**< of the request; NULL if it is not known */
    ms_outcome outcome;
    int code; /**< the status that decided the outcome */
    /** Does the resource, or one of its propstats, carry that condition? */
    bool (*has_condition)(const void *data, const char *name);
    const void *data;
} ms_hint_query;

/** A lock in the way of a resource. Strings are NULL where unknown. */
typedef struct {
    const char *root;   /**< href as sent: lockroot, or the Request-URI of the LOCK */
    const char *owner;  /**< the text of owner */
    const char *client; /**< address and port of who took it */
    const char *agent;  /**< ... and its User-Agent */
    uint32_t frame;     /**< of the LOCK request; of its answer if the capture lacks that */
} ms_lock;

/** Where it is said what a lock holds. */
#define MS_LOCK_SOURCE "RFC 4918 section 7"

/** That lock in words: "The lock's root is /coll/a, taken in frame 120 by ...", without a full
 * stop. The caller frees it with g_free(). */
char *ms_lock_words(const ms_lock *of);

/** The hint for what is known of a resource; NULL for one that needs none (ok and the harmless
 *  outcomes), or where there is none. */
const ms_hint *ms_hint_find(const ms_hint_query *query);

/** The hint for a resource of a document. */
const ms_hint *ms_hint_for(const ms_document *document, const ms_response *response,
                           const ms_context *context);

#endif /* MS_HINTS_H */
