/* unfinished.h
 * Responses that Wireshark has not shown, or never will, and those that are not told of yet: what
 * there is of them.
 *
 * Wireshark shows a response when it has all of it. One that was aborted, of which packets are
 * missing, or that the capture cuts off, it does not show at all.
 *
 * Ownership: what is here belongs to the capture; it is given back as soon as the response is
 * shown or told of. No tree is needed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_UNFINISHED_H
#define MULTISTATUS_UNFINISHED_H

#include "exchange.h"
#include "framing.h"

/** Bytes of one body, codings still on it, that are kept until it is known whether it is of
 *  interest; then as many as the decoder reads. */
#define UNFINISHED_LIMIT (32u * 1024 * 1024)
/** ... and of all bodies of a capture but for one of the largest kind. Beyond that the oldest are
 *  reported with what there is. */
#define UNFINISHED_LIMIT_ALL (128u * 1024 * 1024)

/** A response over HTTP/1 began.
 *  @param from  where its body is gathered, until it ends */
void unfinished_begins(exchange *of, const http1_message *from);

/** More of its body is there.
 *  @return how much of it may be kept */
size_t unfinished_grows(exchange *of);

/** It has ended, complete or not: takes what was gathered. */
void unfinished_ends(exchange *of);

/** A response over HTTP/2 began.
 *  @param direction  of the connection; only compared */
void unfinished_begins_h2(exchange *of, const void *direction);

/** It was shown: what is here of it is given back. */
void unfinished_forget(exchange *of);

/** Is anything waiting for bytes of HTTP/2 at all? */
bool unfinished_any(void);

/** More bytes of a body over HTTP/2.
 *  @param cut  the snap length took the rest of them */
void unfinished_add_data(exchange *of, const void *direction, const uint8_t *bytes, size_t length,
                         bool cut);
/** What came of a body over HTTP/2 so far, codings still on it; NULL if that is not all of it. */
const GByteArray *unfinished_data(const exchange *of);
void unfinished_stream_reset(exchange *of);

/** The connection ends, for what comes over HTTP/2. */
void unfinished_connection_ends(const void *direction, ending how);

/** All of a response over HTTP/2 was handed over, its codings undone. */
void unfinished_delivered(exchange *of, const uint8_t *bytes, size_t length, const char *missing);

/** Nothing more will come of it, nor of its request: it is to be reported. */
void unfinished_settle(exchange *of);

/** Nothing more will come of it, whatever else the capture holds. */
bool unfinished_is_settled(const exchange *of);

/** Too much was kept to wait longer for the rest of it, or for its request. */
bool unfinished_had_to_go(const exchange *of);

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

/** The oldest that was not reported, NULL if there is none. */
exchange *unfinished_oldest(void);

/** The capture ends. */
void unfinished_end(void);

#endif /* MULTISTATUS_UNFINISHED_H */
