/* connection.h
 * Which response belongs to which request of a connection of HTTP/2.
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

/** It goes on over HTTP/2 (RFC 7540 section 3.2): the request of stream 1 came over HTTP/1. */
void connection_upgrades(connection *at, exchange *request);

/* HTTP/2 tells by the stream which response belongs to which request (RFC 9113 section 8.1). */

/** @param direction  of the connection: the client's; only compared
 *  @return the exchange, which may have its response already */
exchange *connection_h2_request(connection *at, const sighting *seen, const http_header *header,
                                uint64_t stream, const void *direction);

/** Header blocks of a direction refer to those before them (RFC 7541 section 2.3). One that is
 *  missing makes what the later ones say wrong: method and URI, too, unless nothing tells. So the
 *  requests behind it are not known.
 *  @param direction  with the block that is missing; only compared */
void connection_h2_lacks_block(connection *at, const void *direction);

/** A request whose header may say something else than was sent: it is not known.
 *  @return false if it may be read */
bool connection_h2_is_doubtful(connection *at, const void *direction);

/** Is a body that comes from that direction the request's? */
bool connection_is_client(const connection *at, const void *direction, const exchange *of);

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
