/* passing.h
 * Bodies of HTTP/1 are not put together where nobody looks at them.
 *
 * HTTP asks TCP for all of a body before it looks at it. The time that this takes grows faster than
 * the body, and the command reads HTTP/1 from the bytes of the connection anyway, and draws
 * nothing. So TCP is told not to wait for the rest, and HTTP is shown again what comes behind it.
 *
 * Ownership: what is here belongs to the capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PASSING_H
#define MULTISTATUS_PASSING_H

#include "raw_segment.h"

/** Behind this segment, the sender goes on with a body: a passing_asks says where it ends. */
void passing_goes_on(packet_info *pinfo, const raw_segment *from);

/** Behind this segment, it does not. */
void passing_ends(const raw_segment *from);

/** Up to where do the bytes of this segment belong to the body that its sender was in the middle
 * of?
 *  @param end  to be set to a sequence number
 *  @return false if that is not known */
typedef bool (*passing_asks)(packet_info *pinfo, const raw_segment *from, uint32_t *end);

/** Call it at handoff.
 *  @param asked  called for each segment behind one with which the sender goes on */
void passing_init(passing_asks asked);

#endif /* MULTISTATUS_PASSING_H */
