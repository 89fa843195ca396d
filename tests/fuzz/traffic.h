/* traffic.h
 * A capture of one connection between a client and a server, built around bytes of the fuzzer: raw
 * ones over TCP, or as the bodies of HTTP/2 messages.
 *
 * Ownership: the capture belongs to the caller.
 *
 * RFC 9293 (TCP), RFC 9113 section 4.1 (frames of HTTP/2), RFC 7541 section 6.2.2 (their headers).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef FUZZ_TRAFFIC_H
#define FUZZ_TRAFFIC_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

/** What may happen to a connection. */
enum {
    TRAFFIC_SWAP = 1,   /**< the server's packets come first */
    TRAFFIC_DROP = 2,   /**< the second segment of the server is missing */
    TRAFFIC_NO_END = 4, /**< it is not closed */
    TRAFFIC_RETRANSMIT = 8,
    TRAFFIC_TWICE = 16, /**< the same once more on the same connection */
    TRAFFIC_HTTP2 = 32, /**< the bytes are bodies of HTTP/2 */
};

/** Makes a pcap file of raw IP.
 *  @param data  a byte of switches, one that gives the length of a segment and the method, two with
 *               the length of what the client sends, that, then what the server sends */
GByteArray *traffic_capture(const uint8_t *data, size_t size);

#endif /* FUZZ_TRAFFIC_H */
