/* header.h
 * The header of one HTTP message, whatever the version of HTTP.
 *
 * Ownership: strings live in the arena that they were read into.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HEADER_H
#define MULTISTATUS_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "lines.h"

/** The header fields that matter to somebody here. HTTP_HOST is also :authority. */
typedef enum {
    /* of requests */
    HTTP_HOST,
    HTTP_USER_AGENT,
    HTTP_DEPTH,
    HTTP_PREFER,
    HTTP_BRIEF,
    HTTP_OVERWRITE,
    HTTP_DESTINATION,
    HTTP_IF,
    HTTP_IF_MATCH,
    HTTP_IF_NONE_MATCH,
    HTTP_IF_UNMODIFIED,
    HTTP_TIMEOUT,
    HTTP_AMZ_TARGET,
    /* of both */
    HTTP_DAV,
    HTTP_CONTENT_TYPE,
    HTTP_CONTENT_ENCODING,
    HTTP_LOCK_TOKEN,
    /* of responses */
    HTTP_SERVER,
    HTTP_ALLOW,
    HTTP_LOCATION,
    HTTP_CACHE_CONTROL,
    HTTP_PREFERENCE_APPLIED,
    HTTP_MSDAVEXT_ERROR,
    HTTP_ETAG,
    HTTP_ELASTIC_PRODUCT,
    HTTP_FIELDS
} http_field;

/** Strings are NULL where the field is absent. */
typedef struct {
    bool request;
    const char *protocol; /**< "HTTP/1.1", "HTTP/2" */
    const char *method, *uri;
    int status;
    const char *reason; /**< reason phrase; NULL in HTTP/2 */
    const char *fields[HTTP_FIELDS];
    int64_t content_length; /**< -1 if absent or not a number */
    bool expects;           /**< the client waits for 100 (Continue) */
    bool unread;            /**< the name of a field could not be read (HTTP/2) */
    bool chunked;           /**< Transfer-Encoding ends with chunked */
    const char *transfer;   /**< ... and its other codings, NULL if there are none */
} http_header;

/** An empty header. */
http_header http_header_new(void);

/** A copy of a piece in an arena, with what is not UTF-8 replaced: header fields are bytes. */
const char *http_slice_copy(arena *scope, http_slice slice);

/** Takes a field over if it is one of those that matter. Of several, lists are
 *  joined; of others the first counts. */
void http_header_set(arena *scope, http_header *header, http_slice name, http_slice value);

/** Is this a status that says "wait for the real one" (RFC 9110 section 15.2)? */
static inline bool http_is_interim(int status)
{
    return status >= 100 && status < 200;
}

#endif /* MULTISTATUS_HEADER_H */
