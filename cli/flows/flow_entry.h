/* flow_entry.h
 * A flow of mitmproxy as an entry.
 *
 * Ownership: a source borrows the bytes of the file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FLOW_ENTRY_H
#define MULTISTATUS_FLOW_ENTRY_H

#include "saved_session.h"
#include "tnetstring.h"
#include "unseen.h"

/** Versions of the format that are read: mitmproxy 4 has 5, mitmproxy 8 has 17, mitmproxy 11 21. */
#define FLOWS_OLDEST 4
#define FLOWS_NEWEST 21

typedef struct {
    const uint8_t *file;
    GArray *flows; /**< of tnet, each a dictionary */
} flow_source;

/** When its request was sent, and its answer was there. */
saved_times flow_times(const tnet *flow);

/** Notes what it holds that is not looked into: messages of WebSocket, and HTTP that mitmproxy
 *  passed on without reading it. */
void flow_note_unseen(const tnet *flow, unseen_counts *to);

/** For saved_source. */
bool flow_entry_read(void *source, uint32_t index, bool whole, saved_entry *to);

#endif /* MULTISTATUS_FLOW_ENTRY_H */
