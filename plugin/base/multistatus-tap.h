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

#include <stdbool.h>

#include "multistatus_record.h"

#define MULTISTATUS_TAP "multistatus"

/** From now on exchanges are reported by this call instead of the tap, as soon as everything is
 *  known about them that the capture tells: in the frame in which they end, in a later one if their
 *  request is
 * captured behind them, or by multistatus_finish(). Their exchange.frame is that in which they end,
 * or in which they began if they are not complete.
 *  @param draws  trees are wanted nevertheless */
void multistatus_tell_settled(void (*call)(const multistatus_record *record, void *data),
                              void *data, bool draws);

/** Frames are dissected in another order than that of the capture: from now on each is named by the
 *  number that this function returns, not by that of its position. */
void multistatus_number_frames(uint32_t (*real)(const void *data, uint32_t place),
                               const void *data);

/** Reports everything that is not settled. To be called when the whole capture has been dissected
 *  once, before its epan session is freed. */
void multistatus_finish(void);

/** Is anything unsettled that a later frame may complete? */
bool multistatus_is_under_way(void);

/* The dissector's two registration functions, for a program that links it instead of loading it. */
void proto_register_multistatus(void);
void proto_reg_handoff_multistatus(void);

#endif /* MULTISTATUS_TAP_H */
