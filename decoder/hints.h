/* hints.h
 * What a status means under a method, and what to look at next: plain words for a person who
 * troubleshoots.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_HINTS_H
#define MS_HINTS_H

#include "multistatus.h"

typedef struct {
    const char *text;
    const char *source; /**< the section that says so */
} ms_hint;

/** The hint for a resource; NULL for one that needs none (ok and the harmless outcomes). */
const ms_hint *ms_hint_for(const ms_document *document, const ms_response *response,
                           const ms_context *context);

#endif /* MS_HINTS_H */
