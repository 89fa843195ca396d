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

#include "exchange.h"
#include "multistatus.h"

#define MULTISTATUS_TAP "multistatus"

typedef struct {
    const exchange *exchange;
    const ms_document *document;
} multistatus_record;

/* The dissector's two registration functions, for a program that links it instead of loading it. */
void proto_register_multistatus(void);
void proto_reg_handoff_multistatus(void);

#endif /* MULTISTATUS_TAP_H */
