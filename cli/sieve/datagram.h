/* datagram.h
 * What may come of a datagram of UDP.
 *
 * Wireshark asks, in this order: the dissector that an earlier packet has named for this
 * conversation, those of the lower and of the higher port, the heuristic ones. A datagram can
 * matter only if one of them finds in it packets of IP, HTTP or QUIC, something that is counted as
 * not looked into, or what a connection over TCP carries.
 *
 * Ownership: nothing is kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_DATAGRAM_H
#define MULTISTATUS_DATAGRAM_H

#include <stdbool.h>

#include "coverage.h"
#include "octets.h"
#include "packet_kind.h"

/** @param flow   with its ports
 *  @param whole  it was captured to its end, and ends where its packet does
 *  @return PACKET_IDLE, PACKET_CLOSED, PACKET_LONE or PACKET_UNKNOWN */
packet_kind datagram_kind(const packet_flow *flow, octets payload, bool whole);

/** Does Wireshark take it, and all that follows between the same sockets, for QUIC, version 1? */
bool datagram_begins_quic(const uint8_t *at, size_t length);

#endif /* MULTISTATUS_DATAGRAM_H */
