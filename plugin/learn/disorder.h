/* disorder.h
 * Segments that were captured out of order, where Wireshark does not put them in order.
 *
 * TLS gets them as they come then (tcp.reassemble_out_of_order is off), and records that it cannot
 * decrypt are missing without a trace between the others.
 *
 * Ownership: a plain value.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_DISORDER_H
#define MULTISTATUS_DISORDER_H

#include "dialogue.h"

/** Of one direction of a connection; zeroed at first. */
typedef struct {
    bool known;
    uint32_t next;    /**< the sequence number behind what came */
    uint32_t missing; /**< bytes before it that did not */
    uint32_t times;   /**< how often something came too early, or too late */
} disorder;

/** Takes a segment of TCP. */
void disorder_note(disorder *of, const segment *came);

/** Does Wireshark hand segments on as they come? */
bool disorder_matters(void);

#endif /* MULTISTATUS_DISORDER_H */
