/* raw_segment.h
 * The segment of TCP in a frame, as it was sent.
 *
 * Ownership: its bytes belong to the packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RAW_SEGMENT_H
#define MULTISTATUS_RAW_SEGMENT_H

#include <epan/packet.h>

#include "dialogue.h"

typedef struct {
    segment segment;
    uint32_t stream;         /**< tcp.stream */
    uint32_t shown_sequence; /**< tcp.seq, by which TCP remembers; 0 if it is not from its tap */
    uint32_t ports[2];
    struct tcp_analysis *analysis;
} raw_segment;

/** The n-th of the frame, from 0, from the queue of TCP's tap "tcp_follow".
 *  @return false if there are not so many, or no taps in this pass */
bool raw_segment_tapped(int tap, unsigned n, raw_segment *to);

/** The same without taps: from the frame's bytes. False if it cannot be found there. */
bool raw_segment_in_frame(packet_info *pinfo, raw_segment *to);

/** What Wireshark takes a connection with these ports for; NULL if they tell nothing. */
dissector_handle_t raw_segment_dissector(const raw_segment *of);

/** Does Wireshark take a connection with that port for that protocol? */
bool raw_segment_port_is(uint32_t port, int protocol);

#endif /* MULTISTATUS_RAW_SEGMENT_H */
