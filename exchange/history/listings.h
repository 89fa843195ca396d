/* listings.h
 * What a server said earlier about collections, and whether it still says so: sync-tokens that it
 * issued, changes that a synchronisation has to report, and the CTag that changes with the members.
 *
 * A client outside the capture may have changed something in the meantime, so the findings made
 * here are notes.
 *
 * RFC 6578 sections 3.2 and 3.5; "Calendar Collection Entity Tag (CTag) in CalDAV" section 4.1.
 *
 * Ownership: listings_free() frees everything. What is kept is bounded.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_LISTINGS_H
#define MULTISTATUS_LISTINGS_H

#include "observation.h"

/** What is remembered about the collections of one capture. */
typedef struct listings listings;

listings *listings_new(void);
void listings_free(listings *of);

/** A response came, whatever its status.
 *  @param body  NULL if it has none, or is not at hand */
void listings_answered(const exchange *of, const uint8_t *body, size_t length);

/** A Multi-Status came: compares it with what was said earlier, and learns from it. */
void listings_judge(const exchange *of, const ms_document *document, observation_receiver found,
                    void *data);

#endif /* MULTISTATUS_LISTINGS_H */
