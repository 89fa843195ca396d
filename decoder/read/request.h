/* request.h
 * The request side: what a PROPFIND, PROPPATCH, REPORT, MKCOL, MKCALENDAR, LOCK or SEARCH asked
 * for, as far as the judgement of the answer needs it or a person wants to see it.
 *
 * RFC 4918 sections 9 and 14, RFC 3253 sections 3.7, 3.8 and 11.2, RFC 3744 section 9, RFC 4791
 * sections 5.3 and 7, RFC 6352 section 8, RFC 6578 section 3, RFC 5689 section 5, RFC 5323
 * section 5.
 *
 * Ownership: ms_request_parse() returns a request that owns everything reachable from it;
 * ms_request_free() releases all of it. Nothing in a request points into the body.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_REQUEST_H
#define MS_REQUEST_H

#include "model.h"

/** What a calendar-query says of one kind of component: a comp-filter within that of VCALENDAR
 *  (RFC 4791 sections 9.7.1 and 9.9). */
typedef struct {
    const char *name;        /**< "VEVENT" */
    bool not_defined;        /**< there must be none */
    bool has_range;          /**< time-range is there */
    const char *start, *end; /**< of it, as sent; NULL if it is open at that end */
} ms_component_filter;

/** The body of a request. Names are "{namespace}name" as in ms_element, texts are trimmed, spans
 *  are places in the body (the whole body in an encoding in which the place cannot be determined).
 *
 *  A body that is not well-formed yields what could be read: names whose start tag is whole, texts
 *  of elements that are whole and without an error. More may have been asked for. */
typedef struct ms_request {
    bool present;     /**< there was a body with a root element */
    bool well_formed; /**< read to its end without an error; also true without a single byte:
                           !present && well_formed is a request without a body */
    bool
        namespace_error; /**< a name in it is not namespace-well-formed: what it means is unknown */
    const char *root;    /**< its root element, NULL if not present */
    ms_span span;

    /* PROPFIND, SEARCH and reports (RFC 4918 section 14.20). Without a body a PROPFIND asks for
     * all properties too (section 9.1), but allprop says only what the body says. */
    bool allprop, propname;
    ms_text *properties; /**< children of prop and of include, the outermost properties of an
                              expand-property: what is asked for, in the order of the body */
    uint32_t n_properties;
    uint32_t n_props; /**< prop elements that held them; there may be one */
    bool elsewhere;   /**< a principal-property-search that applies to other collections than the
                           Request-URI (RFC 3744 section 9.4) */

    /* PROPPATCH, MKCOL, MKCALENDAR (RFC 4918 section 14.19, RFC 5689 section 5.1). */
    ms_text *set;
    const char **set_values; /**< for each of them: its text; NULL if it holds elements */
    uint32_t n_set;
    ms_text *remove;
    uint32_t n_remove;

    /* Reports. */
    ms_text *hrefs; /**< of a multiget; the scopes of a SEARCH */
    uint32_t n_hrefs;
    ms_text sync_token; /**< empty text for an initial synchronisation */
    bool has_limit;     /**< limit/nresults is there and a number of 32 bits */
    uint32_t limit;
    ms_text sync_level; /**< "1" or "infinite" */
    ms_component_filter *components;
    uint32_t n_components;

    /* LOCK (RFC 4918 section 14.11). Scope and type are local names: "exclusive" or "shared",
     * "write"; Exchange knows more. */
    ms_text lock_scope;
    ms_text lock_type;
    ms_text lock_owner; /**< all the text in owner */

    /* The answer to a LOCK (RFC 4918 section 14.1), which the same call reads: its first
     * activelock. */
    ms_text lock_root;
    ms_text lock_token;
    ms_text lock_depth;   /**< "0" or "infinity" */
    ms_text lock_timeout; /**< "Second-3600" */

    /* ACL (RFC 3744 section 8.1), all entries together. A principal is an href, or a name:
     * "{DAV:}all". */
    ms_text *principals;
    uint32_t n_principals;
    ms_text *granted;
    uint32_t n_granted;
    ms_text *denied;
    uint32_t n_denied;

    /** Wants the data itself: C:calendar-data or CR:address-data is among the properties. What
     *  these say of it (RFC 4791 section 9.6, RFC 6352 section 10.4): */
    bool wants_data;
    const char *data_type;    /**< "text/vcard"; NULL if it is not said */
    const char *data_version; /**< "4.0"; likewise */
    bool expands;             /**< recurrences as instances */
    bool partial;             /**< only some components or properties */

    /** There was more than is kept here: a limit was reached (MS_REQUEST_ITEMS, MS_LIMIT_BODY,
     *  MS_LIMIT_DEPTH, MS_LIMIT_TEXT). */
    bool truncated;

    struct ms_request_store *store; /**< private */
} ms_request;

/** Reads a request body. Never fails, never returns NULL. Keeps at most MS_REQUEST_ITEMS names and
 *  hrefs altogether.
 *  @param body          may be NULL if length is 0
 *  @param content_type  may be NULL */
ms_request *ms_request_parse(const void *body, size_t length, const char *content_type);

/** The root element of a request body as "{namespace}name", NULL if there is none that can be
 *  read. The caller frees it with g_free(). */
char *ms_root_name(const void *body, size_t length, const char *content_type);

/** @param request  may be NULL */
void ms_request_free(ms_request *request);

/** Names and hrefs kept of one request: ten times the largest multiget that clients send. */
#define MS_REQUEST_ITEMS 100000u

#endif /* MS_REQUEST_H */
