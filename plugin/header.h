/* header.h
 * The header of one HTTP message, whatever the version of HTTP.
 *
 * Ownership: strings live in the scope that they were read into.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HEADER_H
#define MULTISTATUS_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <epan/wmem_scopes.h>

/** Strings are NULL where the field is absent. */
typedef struct {
    bool request;
    const char *protocol; /**< "HTTP/1.1", "HTTP/2" */
    const char *method, *uri;
    int status;
    const char *host, *user_agent;
    const char *server, *content_type, *content_encoding;
    int64_t content_length; /**< -1 if absent or not a number */
} http_header;

/** A piece of a text that is not NUL-terminated. */
typedef struct {
    const char *at, *end;
} http_slice;

/** An empty header. */
http_header http_header_new(void);

/** A copy of a piece in `scope`, with what is not UTF-8 replaced: header fields are bytes. */
const char *http_slice_copy(wmem_allocator_t *scope, http_slice slice);

/** Takes a field over if it is one of those that matter. The first of several counts. */
void http_header_set(wmem_allocator_t *scope, http_header *header, http_slice name,
                     http_slice value);

/** Is this a status that says "wait for the real one" (RFC 9110 section 15.2)? */
static inline bool http_is_interim(int status)
{
    return status >= 100 && status < 200;
}

#endif /* MULTISTATUS_HEADER_H */
