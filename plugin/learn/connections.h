/* connections.h
 * From the packet that is being dissected to what exchange/ knows: which connection it belongs to,
 * where and when it was seen.
 *
 * Ownership: connections and exchanges belong to the capture; they are given back when it is
 * closed. Sightings borrow from the packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_CONNECTIONS_H
#define MULTISTATUS_CONNECTIONS_H

#include <epan/packet.h>

#include "connection.h"
#include "stream.h"

/** The connection of the packet, made if nothing of it was known. Proxies (SOCKS, CONNECT) change
 *  the addresses of a packet while what is inside is dissected: it stays the same. */
connection *connections_of(packet_info *pinfo);

/** That of a TCP stream, by tcp.stream: what connections_of() finds where taps are served. */
connection *connections_of_stream(uint32_t stream);

/** The packet, as the sender of the message that ends in it is concerned. */
sighting connections_sighting(packet_info *pinfo);

/** When and in which frame. */
arrival connections_arrival(const packet_info *pinfo);

/** The number of its TCP stream, tcp.stream; -1 if there is none. */
int64_t connections_stream(packet_info *pinfo);

/** The number of its frame, as it is told. */
uint32_t connections_frame(const packet_info *pinfo);

/** See multistatus_number_frames(). */
void connections_number_frames(uint32_t (*real)(const void *data, uint32_t place),
                               const void *data);

/** Does this pass serve taps? Known for packets over TCP. */
bool connections_are_tapped(void);

/** What exchanges of this capture belong to. */
exchange_capture *connections_capture(void);

/** Does a request over HTTP/2 wait for its answer, not longer than for a minute? */
bool connections_are_waiting(const nstime_t *now);

/** Call it at handoff.
 *  @param proto  the protocol under which conversations keep their connections
 *  @param before_exchange_ends  called before an exchange is given back */
void connections_init(int proto, void (*before_exchange_ends)(exchange *of));

#endif /* MULTISTATUS_CONNECTIONS_H */
