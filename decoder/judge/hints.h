/* hints.h
 * What a status means in its situation, and what to look at next: plain words for a person who is
 * troubleshooting. What the server itself says is better than any guess.
 *
 * Ownership: hints are constant; a `char *` that is returned is the caller's, who frees it with
 * g_free().
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

/** What a resource is to the request. */
typedef enum {
    MS_HINT_ANYWHERE, /**< not known */
    MS_HINT_SELF,     /**< the Request-URI */
    MS_HINT_MEMBER /**< another resource: a member, a destination, one that a report asked about */
} ms_hint_place;

/** The situation: what decides which hint a resource gets. */
typedef struct {
    ms_format format;   /**< of the body */
    const char *kind;   /**< ms_document.kind; NULL if it is not known */
    const char *method; /**< of the request; NULL if it is not known */
    const char *report; /**< "{namespace}name"; NULL if it is none or not known */
    ms_outcome outcome;
    int code;           /**< the status that decided the outcome */
    const char *reason; /**< the server's own word or number instead of it; NULL */
    ms_hint_place place;
    bool property; /**< a group that names properties decided, not the resource's status */
    bool live;     /**< ... and one of them is ms_hint_is_live() */
    bool mixed;    /**< ... while another group names properties that were done */
    bool alone;    /**< nothing in the body failed for a reason of its own */
    const char *preconditions; /**< ms_hint_preconditions(); NULL if the request is not known */
    /** Does the resource, or one of its propstats, carry that condition; NULL: any? */
    bool (*has_condition)(const void *data, const char *name);
    /** Does the server's own text about it hold that word, whatever the case; "": has it any text?
     */
    bool (*says)(const void *data, const char *word);
    const void *data;
} ms_hint_query;

/** Is this a property that servers maintain themselves (RFC 4918 section 15 and its kind)? An
 *  extended MKCOL has to set the type of the collection (RFC 5689 section 3). */
bool ms_hint_is_live(const char *name, const char *method);

/** Bytes of a text that are searched for words. */
#define MS_HINT_LOOKED_AT 4096

/** Is the word in a text, whatever its case? NULL holds none; "" is in every text that is not
 * empty. */
bool ms_hint_holds(const char *text, const char *word);

/** The headers of the request that make it conditional: "If", "If-Match" (for all of its kind) and
 *  "Overwrite" (for F), with commas between them; "" if there are none, NULL if the request is not
 *  known. The caller frees it with g_free(). */
char *ms_hint_preconditions(const ms_context *context);

/** A lock in the way of a resource. Strings are NULL where unknown. */
typedef struct {
    const char *root;   /**< href as sent: lockroot, or the Request-URI of the LOCK */
    const char *owner;  /**< the text of owner */
    const char *client; /**< address and port of who took it */
    const char *agent;  /**< ... and its User-Agent */
    uint32_t frame;     /**< of the LOCK request; of its answer if the capture lacks that */
} ms_lock;

/** The section that says what a lock covers. */
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
