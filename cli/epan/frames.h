/* frames.h
 * Frames through epan: a session, the frames that it dissects one after the other, and the
 * exchanges that our dissector reports meanwhile.
 *
 * Ownership: the dissection is its user's. There is one at a time, since there is one epan.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FRAMES_H
#define MULTISTATUS_FRAMES_H

#include "dissection.h"

/** Dissection begins now, from the first frame on. */
void frames_begin(dissection *of);

/** libwireshark remembers every conversation until its session ends. A new one goes on with the
 *  same frame numbers, as with tshark's -M; responses that had begun are reported as unfinished,
 *  answers to earlier requests have no request. */
void frames_renew(dissection *of);

/** A pass over frames begins, and ends.
 *  @param taps  it is the pass that reports exchanges and is filtered */
void frames_begin_pass(dissection *of, bool taps);
void frames_end_pass(dissection *of);

/** To be called before a frame is dissected: another connection begins with it between these
 *  sockets, although no handshake tells. epan makes a new one; its stream keeps the old number, as
 *  in Wireshark. */
void frames_divide(dissection *of, const flow_key *between, uint32_t frame);

/** Dissects the record that was just read: the frame of an only pass, of the first of two, or of
 *  the second. */
void frames_only(dissection *of, frame_data *frame);
void frames_first(dissection *of, frame_data *frame);
void frames_second(dissection *of, frame_data *frame);

/** No more frames follow: what is open stays open. */
void frames_finish_exchanges(dissection *of);

/** The session of epan ends, with what it keeps. */
void frames_end(dissection *of);

#endif /* MULTISTATUS_FRAMES_H */
