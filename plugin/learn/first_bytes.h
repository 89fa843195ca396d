/* first_bytes.h
 * Heuristic dissectors that look at the first bytes of a direction: where they are, and how to wait
 * for more of them.
 *
 * Ownership: nothing is kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FIRST_BYTES_H
#define MULTISTATUS_FIRST_BYTES_H

#include <epan/conversation.h>
#include <epan/packet.h>

#include "compat.h"

/** Are these the first bytes of their direction? The sequence number counts from there already,
 *  unless a preference of TCP says otherwise.
 *  @param segment  what TCP tells its dissectors; may be NULL */
static inline bool first_bytes_are_here(packet_info *pinfo, const struct tcpinfo *segment)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    const struct tcp_analysis *known =
        conversation ? get_tcp_conversation_data(conversation, pinfo) : NULL;

    return known && known->fwd && segment &&
           (segment->seq == 1 || segment->seq - known->fwd->base_seq == 1);
}

/** Asks TCP for the segment after this one; what there is will come again in front of it.
 *  @param can_desegment  as `pinfo` has it, or had it for a dissector further down
 *  @return false if TCP does not put segments together */
static inline bool first_bytes_wait(packet_info *pinfo, int can_desegment)
{
    if (can_desegment == 0)
        return false;
    pinfo->desegment_offset = 0;
    pinfo->desegment_len = DESEGMENT_ONE_MORE_SEGMENT;
    return true;
}

#endif /* MULTISTATUS_FIRST_BYTES_H */
