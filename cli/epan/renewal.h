/* renewal.h
 * Bounding the memory of a capture that goes on for days: when to replace epan's session.
 *
 * Ownership: a plain value.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RENEWAL_H
#define MULTISTATUS_RENEWAL_H

#include <stdbool.h>
#include <stddef.h>

#include "libraries.h"

typedef struct {
    size_t bytes;  /**< by which a session may grow; 0: without limit */
    size_t before; /**< in use when it began */
} renewal;

/** A session begins. */
void renewal_begin(renewal *of);

/** Whether it has to end before this frame.
 *  @param before  the time of the frame before it */
bool renewal_is_due(const renewal *of, const frame_data *frame, const nstime_t *before);

#endif /* MULTISTATUS_RENEWAL_H */
