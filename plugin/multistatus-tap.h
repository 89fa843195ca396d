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

/** Why a 207 that began has no body to decode. */
#define MULTISTATUS_NEVER_COMPLETED                                                                \
    "the capture does not hold the response to its end (aborted, lost or cut)"

/** Calls back for every 207 that began but that Wireshark never showed: the connection broke, the
 * server aborted a chunked body, or packets are missing. To be called when the whole capture was
 * dissected once and before its epan session is freed. Those that a snap length cut are in the tap
 * already. */
void multistatus_unfinished(void (*call)(const multistatus_record *record, void *data), void *data);

/* The dissector's two registration functions, for a program that links it instead of loading it. */
void proto_register_multistatus(void);
void proto_reg_handoff_multistatus(void);

#endif /* MULTISTATUS_TAP_H */
