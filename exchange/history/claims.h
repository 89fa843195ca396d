/* claims.h
 * What a server said earlier about single resources, and whether it still says so: resources that
 * it removed, properties that it set, entity tags and lengths of content.
 *
 * A client outside the capture may have changed a resource in the meantime, so the findings made
 * here are notes.
 *
 * RFC 4918 sections 9.2, 9.6, 9.9, 15.4 and 15.6; RFC 4791 section 5.3.4.
 *
 * Ownership: claims_free() frees everything. What is kept is bounded.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_CLAIMS_H
#define MULTISTATUS_CLAIMS_H

#include "observation.h"

/** What is remembered about the resources of one capture. */
typedef struct claims claims;

claims *claims_new(void);
void claims_free(claims *of);

/** A response came, whatever its status. */
void claims_answered(const exchange *of);

/** A Multi-Status came: compares it with earlier claims, and learns from it. */
void claims_judge(const exchange *of, const ms_document *document, observation_receiver found,
                  void *data);

/** Is there a property that the answer may be about and whose value was set before? If so, the
 *  values in the answer are to be kept. */
bool claims_want_values(const exchange *of);

#endif /* MULTISTATUS_CLAIMS_H */
