/* sides.h
 * The two sides of the exchanges: what each server and client of the capture said about itself.
 *
 * A server is an address, a port and a host name; a client is an address. What a server announces
 * in the answer to OPTIONS it announces for one resource (RFC 4918 section 10.1, RFC 9110 section
 * 10.2.1), so it is kept by resource.
 *
 * Ownership: sides_free() frees everything. What is kept is bounded: SIDES, RESOURCES, TEXTS.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SIDES_H
#define MULTISTATUS_SIDES_H

#include "exchange.h"

/** The sides of one capture. */
typedef struct sides sides;

sides *sides_new(void);
void sides_free(sides *of);

/** A response came: learns from it, and notes in the exchange what is known about its two sides so
 *  far. To be called in the order of the capture. */
void sides_answered(exchange *of);

/** What the request needs and the server did not announce for its resource, in plain words; NULL if
 *  nothing is known to be missing. It belongs to the exchange. To be called when the request comes.
 *  @param has_body  the request is known to have a body */
const char *sides_unannounced(exchange *request, bool has_body);

/** The name under which a server is known: "10.0.0.1:80 dav.example", to be freed by g_free(). */
char *sides_server_key(const exchange *of);

/** The client's address, without its port, to be freed by g_free(). */
char *sides_client_key(const exchange *of);

#endif /* MULTISTATUS_SIDES_H */
