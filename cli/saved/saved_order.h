/* saved_order.h
 * The entries of a file in the order of time: when each request was sent, and when its answer was
 * there.
 *
 * Ownership: the array is released by g_array_unref().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SAVED_ORDER_H
#define MULTISTATUS_SAVED_ORDER_H

#include <glib.h>

#include "moment.h"

typedef struct {
    moment sent;     /**< the request */
    moment answered; /**< the answer was there; unknown if there is none, or nothing tells */
} saved_times;

/** A request was sent, or the answer of an entry was there. */
typedef struct {
    moment time;
    uint32_t entry; /**< its index */
    bool answer;
} saved_event;

/** What happened (saved_event) in the order in which it did; where the file does not tell, in the
 *  order of the entries. Every entry has an answer, behind its request.
 *  @param times  of all entries (saved_times); a request that claims to come after its answer is
 *                taken to have come with it */
GArray *saved_events(GArray *times);

#endif /* MULTISTATUS_SAVED_ORDER_H */
