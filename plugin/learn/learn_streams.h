/* learn_streams.h
 * The bytes of the connections: what exchange/ makes of them is learned here.
 *
 * Ownership: what is learned belongs to the capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_LEARN_STREAMS_H
#define MULTISTATUS_LEARN_STREAMS_H

#include <epan/packet.h>

#include "exchange.h"
#include "message.h"

/** Call it at handoff. */
void learn_streams_init(void);

/** Is this the pass in which the frame is learned? */
bool learn_streams_are_new(const packet_info *pinfo);

/** Learns what is known of the frame by now and was not learned yet.
 *  @param whole  the frame is dissected */
void learn_streams(packet_info *pinfo, bool whole);

/** A later pass comes to the frame: bytes of its connection that the first one still waited for
 * will not come. What that tells is learned as if it were in this frame. */
void learn_streams_give_up(packet_info *pinfo);

/** A response of which HTTP has just handed over the body, and which the connection's own reading
 *  has not reached: bytes before it are missing, and may still come.
 *  @param length  of that body: it may be the beginning of one
 *  @return NULL if that is not so */
http_message *learn_streams_early(packet_info *pinfo, unsigned length);

/** The direction of the connection that the frame belongs to; only compared. NULL if unknown. */
const void *learn_direction(packet_info *pinfo);

/** Segments of that direction came out of order or are missing, and Wireshark has handed on what
 *  there was. */
bool learn_streams_may_lack(packet_info *pinfo);

/** The frame is dissected, and all of it learned: does the connection end with it? */
void learn_streams_ends(packet_info *pinfo);

/** The capture ends: what is open stays so. */
void learn_streams_finish(void);

/** Does a request wait for its answer, not longer than for a minute, on a connection that has not
 *  ended? */
bool learn_streams_are_waiting(moment when);

#endif /* MULTISTATUS_LEARN_STREAMS_H */
