/* quic_frames.h
 * The frames of QUIC that a packet carries, from the fields that Wireshark shows of it.
 *
 * RFC 9000 section 19. Fields are made only where there is a tree, and most passes have none. So
 * whoever wants them stands in the place of QUIC's dissector and gives it one, of packets of QUIC
 * alone: those of other protocols cost nothing.
 *
 * Ownership: frames belong to the packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_QUIC_FRAMES_H
#define MULTISTATUS_QUIC_FRAMES_H

#include <epan/packet.h>

/** QUIC_PACKET is no frame: a packet of 0-RTT or 1-RTT begins. */
typedef enum {
    QUIC_PACKET,
    QUIC_ACK_RANGE, /**< one of each range of an ACK frame */
    QUIC_STREAM,
    QUIC_RESET_STREAM,
    QUIC_CLOSE
} quic_frame_type;

typedef struct {
    quic_frame_type type;
    uint32_t connection;
    uint64_t stream; /**< of STREAM and RESET_STREAM */
    uint64_t offset; /**< of STREAM, and so is the rest */
    bool fin;
    const uint8_t *bytes;
    unsigned length;
    uint64_t first, last; /**< packet numbers; of a packet, its own */
} quic_frame;

/** Call it at handoff.
 *  @param wanted  are the frames of this packet of interest? */
void quic_frames_init(bool (*wanted)(const packet_info *pinfo));

/** The packet is dissected: tells of each frame, in the order of the packet. */
void quic_frames_tell(packet_info *pinfo,
                      void (*tell)(packet_info *pinfo, const quic_frame *frame));

#endif /* MULTISTATUS_QUIC_FRAMES_H */
