/* delivery.h
 * The records of a capture on their way to who receives them: in the order of their frames, and
 * only those of frames that match a filter, if there is one.
 *
 * Ownership: a delivery is its user's, initialised and cleared; it owns the records that it holds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_DELIVERY_H
#define MULTISTATUS_DELIVERY_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "reading.h"

typedef struct {
    capture_receiver receiver;
    void (*retracts)(void *data); /**< NULL where nothing is handed out before the end */
    void *data;
    bool filtered;        /**< only matching frames count */
    GByteArray *matching; /**< a bit for every frame that does */
    GPtrArray *held;      /**< exchange_record, not yet handed out */
    bool ended;           /**< by the receiver */
} delivery;

void delivery_init(delivery *of, capture_receiver receiver, void *data, bool filtered);
void delivery_clear(delivery *of);

/** A capture begins, from its first frame on. */
void delivery_begin(delivery *of);

/** What was handed out does not count, nor what is held: who receives is told. */
void delivery_retract(delivery *of);

/** Takes a record; it is handed out later. */
void delivery_hold(delivery *of, exchange_record *record);

/** This frame matches the filter. */
void delivery_match(delivery *of, uint32_t frame);

/** Hands out what is held. */
void delivery_hand_out(delivery *of);

#endif /* MULTISTATUS_DELIVERY_H */
