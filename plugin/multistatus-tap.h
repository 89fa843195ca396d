/* multistatus-tap.h
 * What listeners of the tap "multistatus" are given: one record for every Multi-Status body and
 * every 207, in the order in which they are dissected.
 *
 * Ownership: both parts belong to the dissector and are valid during the call only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_TAP_H
#define MULTISTATUS_TAP_H

#include <stdint.h>

#include "exchange.h"
#include "multistatus.h"

#define MULTISTATUS_TAP "multistatus"

typedef struct {
    const exchange *exchange;
    const ms_document *document;
    uint32_t body_length; /**< bytes of the body that the document was made from, codings undone */
    const char *missing;  /**< why the capture does not hold all of it; NULL if it does */
} multistatus_record;

/** Calls back for every Multi-Status and every 207 that began, that Wireshark did not show, and of
 * which something may still have come when the capture ended. To be called when the whole capture
 * was dissected once and before its epan session is freed. Those of which nothing more could come
 * (connection closed, cut by the snap length) are in the tap already, in the frame that told; their
 * exchange.frame is the one in which they began. */
void multistatus_unfinished(void (*call)(const multistatus_record *record, void *data), void *data);

/* The dissector's two registration functions, for a program that links it instead of loading it. */
void proto_register_multistatus(void);
void proto_reg_handoff_multistatus(void);

#endif /* MULTISTATUS_TAP_H */
