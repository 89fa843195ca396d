/* details.h
 * What the pre- and postconditions of a body name: the privilege that is missing, and where, the
 * resource that is locked or has the same UID, the filter that is not supported.
 *
 * Ownership: details borrow from their document; a `char *` that is returned is the caller's, to be
 * freed by g_free().
 *
 * RFC 4918 section 16, RFC 3744 section 7.1.1, RFC 4791 sections 5.3.2.1 and 7.8.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_DETAILS_H
#define MS_DETAILS_H

#include "model.h"

typedef struct {
    const char *condition; /**< "{DAV:}need-privileges" */
    const char *name;      /**< "{DAV:}unbind", "{...caldav}prop-filter"; NULL */
    const char *value;     /**< the name of what the filter is for, "X-ROOM"; NULL */
    const char *href;      /**< the resource, as sent; NULL */
} ms_detail;

/** The details of one resource that are considered. */
#define MS_DETAILS_MOST 8u

/** Fills `to` with what the conditions of that range name, MS_DETAILS_MOST at most.
 *  @return how many there are in `to`
 *  @param n  how many are in `to` already */
unsigned ms_details_add(const ms_document *document, ms_range conditions,
                        ms_detail to[MS_DETAILS_MOST], unsigned n);

/** Those of a response, of its propstats as well. */
unsigned ms_details_of(const ms_document *document, const ms_response *response,
                       ms_detail to[MS_DETAILS_MOST]);

/** "unbind on /papers/", "C:prop-filter X-ROOM", "/a/b.ics" */
char *ms_detail_words(const ms_detail *detail);

#endif /* MS_DETAILS_H */
