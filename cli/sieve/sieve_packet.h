/* sieve_packet.h
 * One raw packet of a capture, as far as the sieve can read it with certainty: link layer, IP, TCP.
 *
 * Ownership: everything in a sieve_packet points into the caller's bytes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SIEVE_PACKET_H
#define MULTISTATUS_SIEVE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coverage.h"
#include "octets.h"
#include "packet_kind.h"

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10
#define TCP_URG 0x20

typedef struct {
    packet_kind kind;
    packet_flow flow; /**< of segments and odd ones with their ports, of fragments without */
    uint32_t sequence, acknowledged;
    uint8_t flags;
    const uint8_t *payload;
    size_t length;   /**< of the payload, captured */
    size_t reported; /**< ... and as sent */
    bool datagram;   /**< it is one of UDP: then flow and payload are there, too */
    size_t inner;    /**< of fragments and unknown ones: where what they carry begins */
} sieve_packet;

/** @param encapsulation  one of wiretap's WTAP_ENCAP_
 *  @param captured       number of bytes
 *  @param reported       length of the packet as it was sent */
sieve_packet sieve_packet_read(int encapsulation, const uint8_t *bytes, size_t captured,
                               size_t reported);

/** A TCP header and what follows, as far as the datagram goes. The flow gets its ports. */
sieve_packet sieve_packet_read_tcp(octets rest, packet_flow flow);

/** Is this a link layer that it reads? Wiretap hands packets of all of these out as they are in
 *  the file, if that is in the byte order of this machine. */
bool sieve_packet_is_link(int encapsulation);

#endif /* MULTISTATUS_SIEVE_PACKET_H */
