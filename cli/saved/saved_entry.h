/* saved_entry.h
 * An exchange as a program has saved it: what was sent and what came, without the packets.
 *
 * Ownership: strings and what its header fields point to live in its arena; an entry owns its
 * bodies. saved_entry_clear() releases everything.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SAVED_ENTRY_H
#define MULTISTATUS_SAVED_ENTRY_H

#include "arena.h"
#include "header.h"
#include "moment.h"

typedef struct {
    void *bytes; /**< NULL if there is none */
    size_t length;
    bool coded; /**< its content codings are still on it */
} saved_body;

/** All zero, with empty headers, is an entry of which nothing is known. */
typedef struct {
    arena scope;
    const char *client;  /**< "192.0.2.1:51012"; NULL if it is not known */
    const char *server;  /**< its address and port; likewise */
    const char *unasked; /**< why the request is not known, a constant; NULL if it is */
    bool tls;
    bool answered;       /**< there is a response */
    http_header request; /**< with a Host, as the client meant it */
    saved_body asked;
    http_header response;
    saved_body body;
    const char *missing; /**< why there is no body of the response, or not all of it, in plain
                              words; NULL if nothing is missing */
    char *wrong;         /**< why the entry cannot be read, or is not what was saved: the end of
                              'The file "x" ...'; or NULL */
} saved_entry;

void saved_entry_clear(saved_entry *of);

/** "http/2.0", "h2" and "HTTP/2" are one protocol, named as Wireshark names it: a constant. NULL
 *  for what is none, and for NULL. */
const char *saved_protocol(const char *version);

/** A time of ISO 8601; unknown if it is none, or NULL. */
moment saved_moment(const char *text);

/** Takes an absolute URL apart: Request-URI, TLS, and the Host if no header field names it. */
void saved_entry_set_url(saved_entry *of, const char *url);

/** "192.0.2.1:443", "[2001:db8::1]:443": in the arena of the entry. NULL if there is no address.
 *  @param port  NULL for that of the request's URL */
const char *saved_entry_socket(saved_entry *of, const char *address, const char *port);

#endif /* MULTISTATUS_SAVED_ENTRY_H */
