/* learn_quic.h
 * HTTP/3: what the streams of QUIC carry is learned here.
 *
 * Wireshark 4.0 reads no header of HTTP/3, later ones do, and none of them puts together what came
 * out of order, or hands over a body. So exchange/ gets the bytes of the streams, and does all of
 * it.
 *
 * Ownership: what is learned belongs to the capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_LEARN_QUIC_H
#define MULTISTATUS_LEARN_QUIC_H

#include <epan/packet.h>

#include "moment.h"

/** Call it at handoff.
 *  @param is_new  is this the pass in which the packet is learned? */
void learn_quic_init(bool (*is_new)(const packet_info *pinfo));

/** Nobody looks at trees: Wireshark does not dissect HTTP/3. Putting together a large body takes it
 *  the square of its length. */
void learn_quic_alone(void);

/** The packet is dissected, in the pass in which it is learned. */
void learn_quic(packet_info *pinfo);

/** The capture ends: what is open stays so. */
void learn_quic_finish(void);

/** Does a request wait for its answer, not longer than for a minute? */
bool learn_quic_is_waiting(moment when);

#endif /* MULTISTATUS_LEARN_QUIC_H */
