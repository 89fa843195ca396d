/* carried.h
 * TCP segments inside of packets that the sieve does not read: of tunnels, of other link layers, in
 * fragments.
 *
 * For the order of frames (order.h) it does not matter what carries a segment, only where it is. An
 * IP datagram inside of a frame is known by its header: version, lengths that end where the frame
 * ends, checksum, and a TCP header behind it that makes sense. So every encapsulation is read that
 * leaves the datagram as it is, whatever it is called and however deep it goes; what is encrypted
 * or compressed is not.
 *
 * Ownership: carriers_new() returns what carriers_free() releases. A segment that is found points
 * into the caller's bytes or into the carriers, and holds until the next frame is shown.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_CARRIED_H
#define MULTISTATUS_CARRIED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "order.h"
#include "sieve_packet.h"

/* Frames that one segment may take: fragments, and copies of them. */
#define CARRIED_FRAMES 64

typedef struct carriers carriers;

typedef struct {
    sieve_packet segment;
    order_frame frames[CARRIED_FRAMES]; /**< in which its bytes are, the last one being complete */
    unsigned n_frames;
} carried_segment;

carriers *carriers_new(void);
void carriers_free(carriers *of);

/** Looks into the next frame.
 *  @param[out] found  the segment that this frame has, or completes
 *  @return false if there is none, or none yet */
bool carriers_show(carriers *of, const uint8_t *bytes, size_t captured, size_t reported,
                   order_frame frame, carried_segment *found);

#endif /* MULTISTATUS_CARRIED_H */
