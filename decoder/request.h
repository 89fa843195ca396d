/* request.h
 * The request side: what a PROPFIND, PROPPATCH, REPORT, MKCOL, MKCALENDAR, LOCK or SEARCH asked
 * for, as far as the judgement of the answer needs it.
 *
 * RFC 4918 sections 9 and 10, RFC 3253 section 3, RFC 4791 sections 5.3 and 7, RFC 6352 section 8,
 * RFC 6578 section 3, RFC 5689 section 5, RFC 5323 section 2.
 *
 * Ownership: ms_request_parse() returns a request that owns everything reachable from it;
 * ms_request_free() releases all of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_REQUEST_H
#define MS_REQUEST_H

#include "multistatus.h"

/** The body of a request. Names are "{namespace}name", texts are trimmed, spans are places in the
 * body. A body that is not well-formed yields what could be read, and well_formed is false. */
typedef struct ms_request {
    bool present; /**< there was a body with a root element */
    bool well_formed;
    const char *root; /**< its root element */
    ms_span span;

    /* PROPFIND and reports (RFC 4918 section 14.20). */
    bool allprop, propname;
    ms_text *properties; /**< children of prop and of include: what is asked for */
    uint32_t n_properties;

    /* PROPPATCH, MKCOL, MKCALENDAR (RFC 4918 section 14.19, RFC 5689 section 5.1). */
    ms_text *set;
    uint32_t n_set;
    ms_text *remove;
    uint32_t n_remove;

    /* Reports. */
    ms_text *hrefs; /**< of a multiget */
    uint32_t n_hrefs;
    ms_text sync_token; /**< empty text for an initial synchronisation */
    bool has_limit;     /**< limit/nresults is there and a number */
    uint32_t limit;
    ms_text sync_level;

    /* LOCK (RFC 4918 section 14.11). */
    ms_text lock_scope; /**< "exclusive" or "shared" */
    ms_text lock_owner; /**< all the text in owner */

    /** Wants the data itself: C:calendar-data or CR:address-data is among the properties. */
    bool wants_data;

    bool truncated; /**< more names or hrefs than MS_REQUEST_ITEMS */

    struct ms_request_store *store; /**< private */
} ms_request;

/** Reads a request body. Never fails, never returns NULL. Keeps at most MS_REQUEST_ITEMS names and
 *  hrefs altogether.
 *  @param content_type  may be NULL */
ms_request *ms_request_parse(const void *body, size_t length, const char *content_type);

void ms_request_free(ms_request *request);

/** Names and hrefs kept of one request: ten times the largest multiget that clients send. */
#define MS_REQUEST_ITEMS 100000u

#endif /* MS_REQUEST_H */
