/* connection.h
 * Which response belongs to which request of a connection.
 *
 * Ownership: a connection is released by connection_free(); its exchanges belong to the capture and
 * must outlive it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_CONNECTION_H
#define MULTISTATUS_CONNECTION_H

#include "exchange.h"

typedef struct connection connection;

connection *connection_new(exchange_capture *in);
void connection_free(connection *of);

/** Was a request that begins there not seen before? For those that Wireshark does not know and so
 *  does not tell from retransmissions.
 *  @param stream    where its bytes come from, only compared
 *  @param sequence  of its first byte */
bool connection_is_new_request(connection *at, const void *stream, uint32_t sequence);

/** The rest of such a request was seen.
 *  @param behind  sequence number of the byte behind it */
void connection_request_ends(connection *at, const sighting *seen, exchange *of, const void *stream,
                             uint32_t behind);

/** Does a byte follow right on such a request? Then Wireshark may have taken the rest of that one
 * for the beginning of what comes now. */
bool connection_is_after_unknown(const connection *at, const void *stream, uint32_t sequence);

/** Was there an answer before its request was read to its end? Then the next request needs to be
 *  told with the frame in which it began. */
bool connection_answered_early(const connection *at);

/** A request was seen: it waits for its response.
 *  @param first_frame  in which it began; of interest after an early answer only */
exchange *connection_request(connection *at, const sighting *seen, const http_header *header,
                             uint32_t first_frame);

/** A segment begins with a status line: whether Wireshark will ever show the response is not known
 *  yet. It does not if its chunked body is aborted, or if the capture has a hole in it.
 *  @param text      the segment's payload, from the status line on
 *  @param stream    where it comes from, only compared
 *  @param sequence  the sequence number of the status line there
 *  @return NULL for a retransmission */
exchange *connection_response_begins(connection *at, const sighting *seen,
                                     const http_header *header, const char *text, size_t length,
                                     const void *stream, uint32_t sequence);

/** A response was seen. It is the one that began with the same bytes; failing that, it goes with
 * the oldest request of its connection that waits for one (HTTP/1 answers in order, RFC 9112
 * section 9.3), or with none if the capture does not hold it. */
exchange *connection_response(connection *at, const sighting *seen, const http_header *header,
                              const char *text, size_t length);

/* HTTP/2 tells by the stream which response belongs to which request (RFC 9113 section 8.1). */

exchange *connection_h2_request(connection *at, const sighting *seen, const http_header *header,
                                uint64_t stream);

/** @return the exchange whose response begins here; NULL if nothing new does that matters */
exchange *connection_h2_response(connection *at, const sighting *seen, const http_header *header,
                                 uint64_t stream);

/** The exchange of a stream, NULL if no header of it was seen or its response has been delivered.
 *  http_status is 0 as long as it has no response. */
exchange *connection_h2_find(const connection *at, uint64_t stream);

/** The body of its response was handed over: nothing more will come. */
void connection_h2_delivered(connection *at, const sighting *seen, exchange *of);

/** Does a request wait for its answer, not longer than for a minute? A server may take its time. */
bool connection_is_waiting(const connection *at, moment now);

#endif /* MULTISTATUS_CONNECTION_H */
