/* http1.h
 * HTTP/1 messages as the tap "http_follow" shows them: header blocks and bodies in turn.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HTTP1_H
#define MULTISTATUS_HTTP1_H

#include <stdbool.h>
#include <stddef.h>

#include <epan/wmem_scopes.h>

/** A header block. Strings are NULL where the header is absent. */
typedef struct {
    bool request;
    const char *protocol; /**< "HTTP/1.1" */
    const char *method, *uri;
    int status;
    const char *host, *user_agent;
    const char *server, *content_type, *content_encoding;
    int64_t content_length; /**< -1 if absent or not a number */
    bool chunked;
} http1_header;

/** Is this a header block, from a request or status line to an empty line (RFC 9112 section 2)?
 *  @param cut  the snap length may have taken its end */
bool http1_is_header(const char *text, size_t length, bool cut);

/** Reads a header block. Strings are allocated in `scope`.
 *  @return false if it is none */
bool http1_parse(wmem_allocator_t *scope, const char *text, size_t length, http1_header *header);

/** Does a status code begin with a number that says "wait for the real one" (RFC 9110
 * section 15.2)? */
static inline bool http1_is_interim(int status)
{
    return status >= 100 && status < 200;
}

#endif /* MULTISTATUS_HTTP1_H */
