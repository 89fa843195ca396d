/* sides.h
 * The two sides of the exchanges: what each server and client of the capture said of itself.
 *
 * A server is an address, a port and a host name; a client is an address. What a server announces
 * in the answer to OPTIONS it announces for one resource (RFC 4918 section 10.1, RFC 9110 section
 * 10.2.1), so it is kept by resource.
 *
 * Ownership: everything lives in wmem_file_scope(). What is kept is bounded: SIDES, RESOURCES.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SIDES_H
#define MULTISTATUS_SIDES_H

#include "exchange.h"

/** Call it at handoff. */
void sides_init(void);

/** A response came: learns from it, and notes with the exchange what is known of its two sides by
 *  now. To be called in the order of the capture. */
void sides_answered(exchange *of);

/** What the request needs and the server did not announce for its resource, in plain words; NULL
 *  if nothing is known to lack. To be called when the request comes.
 *  @param has_body  the request is known to have a body */
const char *sides_unannounced(exchange *request, bool has_body);

/** The name under which a server is known: "10.0.0.1:80 dav.example". It belongs to the packet's
 *  memory, `scope`. */
char *sides_server_key(wmem_allocator_t *scope, const exchange *of);

/** The client's address, without its port. */
char *sides_client_key(wmem_allocator_t *scope, const exchange *of);

#endif /* MULTISTATUS_SIDES_H */
