/* unfinished.h
 * Responses that began and that Wireshark has not shown, or never will: what there is of them.
 *
 * Wireshark shows a response when it has all of it. One that was aborted, of which packets are
 * missing, or that the capture cuts off, it does not show at all.
 *
 * Ownership: what is here belongs to the capture; it is given back as soon as the response is
 * shown. No tree is needed, and nothing is allocated for a response that ends in the frame in which
 * it began.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_UNFINISHED_H
#define MULTISTATUS_UNFINISHED_H

#include <epan/packet.h>

#include "exchange.h"
#include "pieces.h"

/** Bytes of one body, codings still on it, that are kept until it is complete. */
#define UNFINISHED_LIMIT (32u * 1024 * 1024)
/** ... and of all bodies of a capture. Beyond that the oldest are reported with what there is. */
#define UNFINISHED_LIMIT_ALL (128u * 1024 * 1024)

/** Where bytes come from. Only compared, never followed. */
typedef struct {
    const void *connection; /**< one direction of a TCP connection */
    const void *stream;     /**< the same, or one direction of TLS inside it */
} byte_stream;

typedef enum {
    ENDING_NONE, /**< the capture does */
    ENDING_FIN,
    ENDING_RST_SERVER,
    ENDING_RST_CLIENT,
    ENDING_STREAM_RESET, /**< RST_STREAM, RFC 9113 section 6.4 */
} ending;

/** A response began in a frame that does not hold all of it; or a request did, if the exchange has
 * no response yet.
 *  @param sequence  of its first byte */
void unfinished_begins(exchange *of, byte_stream in, uint32_t sequence);

/** The same over HTTP/2. */
void unfinished_begins_h2(exchange *of, const void *direction);

/** It was shown: what is here of it is given back. */
void unfinished_forget(exchange *of);

/** Is anything waiting for bytes at all? */
bool unfinished_any(void);

/** More bytes of a stream.
 *  @return the offset in the piece behind the end of a response, where the next may begin; -1 if
 *  none ends in it */
int unfinished_add(packet_info *pinfo, byte_stream in, const piece *came);

/** More bytes of a body over HTTP/2.
 *  @param cut  the snap length took the rest of them */
void unfinished_add_data(exchange *of, const void *direction, const uint8_t *bytes, size_t length,
                         bool cut);
void unfinished_stream_reset(exchange *of);

/** Does the byte of that number belong to a body that is not complete? */
bool unfinished_is_body(byte_stream in, uint32_t sequence);

/** The connection ends.
 *  @param sequence  behind the last byte that was sent */
void unfinished_connection_ends(const void *direction, ending how, uint32_t sequence);

/** Nothing more will come of it, whatever else the capture holds. */
bool unfinished_is_settled(const exchange *of);

/** What there is of the body, codings undone, and what is missing.
 *  @param missing  set to plain words, to be freed by g_free(); NULL if it is all there
 *  @return to be released by g_byte_array_unref() */
GByteArray *unfinished_body(exchange *of, char **missing);

/** Was it reported, delivered or not? */
bool unfinished_is_reported(const exchange *of);

/** It is reported; the bytes of one that had to go are given back. */
void unfinished_reported(exchange *of);

/** The next of those that were settled or had to go since the last call; NULL if there is none. */
exchange *unfinished_next_settled(void);

/** Calls back for every one that was not reported, in the order in which they began. For the end of
 *  the capture. */
void unfinished_at_end(void (*call)(exchange *of, void *data), void *data);

/** Call it at handoff. */
void unfinished_init(void);

#endif /* MULTISTATUS_UNFINISHED_H */
