/* body.h
 * The body of an HTTP/1 message as its bytes come, without transfer coding.
 *
 * RFC 9112 sections 6 and 7. Wireshark shows a response when it is complete; this reads one that
 * may never be.
 *
 * Ownership: a reader owns what it has read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_BODY_H
#define MULTISTATUS_BODY_H

#include <glib.h>

#include "header.h"

typedef enum {
    BODY_HEADER, /**< of a message: its header block is not complete */
    BODY_LENGTH, /**< as long as Content-Length says */
    BODY_CHUNKED,
    BODY_TO_END, /**< to the end of the connection */
} body_framing;

typedef struct {
    GByteArray *body; /**< the body as far as it is there and kept, content codings still on it */
    uint64_t length;  /**< of the body as far as it is there, kept or not */
    int64_t content_length; /**< -1 if not given */
    size_t limit;           /**< bytes of the body that are kept */
    body_framing framing;
    bool ended;      /**< all of it is there */
    bool broken;     /**< it is not HTTP any more; nothing behind this is read */
    uint64_t left;   /**< private: of the body or of the chunk */
    unsigned chunk;  /**< private: where in a chunk */
    unsigned digits; /**< private: of a chunk's size; characters of a trailer line */
} body_reader;

/** A reader of what is behind a header.
 *  @param without  there is no body, whatever the header says
 *  @param limit    bytes of the body to keep */
body_reader body_reader_of(const http_header *header, bool without, size_t limit);
void body_reader_clear(body_reader *reader);

/** Reads on.
 *  @return how many bytes belong to the message: less than `length` if it ends before */
size_t body_reader_feed(body_reader *reader, const uint8_t *bytes, size_t length);

#endif /* MULTISTATUS_BODY_H */
