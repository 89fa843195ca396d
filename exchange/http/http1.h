/* http1.h
 * HTTP/1 messages as the tap "http_follow" shows them: header blocks and bodies in turn.
 *
 * Ownership: the strings of a header live in the arena that they were read into.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HTTP1_H
#define MULTISTATUS_HTTP1_H

#include "header.h"

/** How long a header block is whose lines all end with a bare CR, as Wireshark reads them: up to an
 *  empty line. 0 if it is none, or not all there.
 *  @param from  looks from here on */
size_t http1_bare_end(const uint8_t *text, size_t length, size_t from);

/** How long a header block is, with the empty line at its end; 0 if that is not there.
 *  @param from  up to here there is no end, as was found before */
size_t http1_header_length(const uint8_t *text, size_t length, size_t from);

/** Is this a header block, from a request or status line to an empty line (RFC 9112 section 2)?
 *  @param cut  the snap length may have taken its end */
bool http1_is_header(const char *text, size_t length, bool cut);

/** Does a response begin here, as far as that can be told from a piece of it? A status line of a
 * resource inside a body is none. */
bool http1_is_response(const char *text, size_t length);

/** Reads a header block, or what there is of one; of a status line, the status has to be there.
 *  Strings are allocated in the arena.
 *  @return false if it is none */
bool http1_parse(arena *scope, const char *text, size_t length, http_header *header);

#endif /* MULTISTATUS_HTTP1_H */
