/* har_order.h
 * The entries of a HAR file in the order of time: when each request was sent, and when its answer
 * was there.
 *
 * Ownership: arrays are released by g_array_unref().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HAR_ORDER_H
#define MULTISTATUS_HAR_ORDER_H

#include "json_tokens.h"
#include "moment.h"

typedef struct {
    uint32_t token;  /**< its value in the file */
    moment sent;     /**< known if the entry says how long the exchange took */
    moment answered; /**< when it began, if it does not */
} har_entry;

/** A request was sent, or the answer of an entry was there. */
typedef struct {
    moment time;
    uint32_t entry; /**< its index */
    bool answer;
} har_event;

/** The value of a member, 0 (which is the root, never a member) if there is none. */
uint32_t har_member(const ms_json *json, uint32_t object, const char *name);

/** The entries (har_entry) of the array, as far as they are whole. */
GArray *har_entries(const ms_json *json, uint32_t array);

/** What happened (har_event) in the order in which it did; where the file does not tell, in the
 * order of the entries. Every entry has an answer. */
GArray *har_events(const GArray *entries);

#endif /* MULTISTATUS_HAR_ORDER_H */
