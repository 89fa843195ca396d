/* packet_kind.h
 * What may come of a raw packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PACKET_KIND_H
#define MULTISTATUS_PACKET_KIND_H

typedef enum {
    PACKET_IDLE,     /**< no dissector can find HTTP in it, nor learn from it anything about TCP */
    PACKET_CLOSED,   /**< the same as long as nobody has keys: QUIC */
    PACKET_LONE,     /**< the same as long as nothing tells more of it (datagram.h) */
    PACKET_SEGMENT,  /**< a TCP segment, understood */
    PACKET_ODD,      /**< a TCP segment of this flow, but one that only Wireshark understands */
    PACKET_FRAGMENT, /**< part of a packet between these hosts, or a message about one */
    PACKET_UNKNOWN   /**< anything else: it may carry other packets */
} packet_kind;

#endif /* MULTISTATUS_PACKET_KIND_H */
