/* batch.h
 * All inputs of a run, read by workers or in this process, or taken from a checkpoint.
 *
 * Ownership: records that are handed out belong to the receiver's call; exchange records may be
 * kept with a reference.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_BATCH_H
#define MULTISTATUS_BATCH_H

#include "capture.h"
#include "exit_status.h"
#include "inputs.h"
#include "rings.h"

/** Gets the results in the order of the inputs. Both functions return false to end. */
typedef struct {
    bool (*exchange)(void *data, exchange_record *record);
    bool (*capture)(void *data, const input *entry, capture_result result,
                    const capture_record *summary);
    void *data;
} batch_receiver;

/** How it went, beside what the receiver got. */
typedef struct {
    guint handed_out;   /**< inputs */
    exit_status status; /**< EXIT_ANALYSED unless nothing could be begun */
    guint
        passed_over; /**< of them, which an earlier run had read: --follow does not report twice */
    bool kept;       /**< everything that was to be kept in a checkpoint was */
} batch_outcome;

/** Reads the inputs, with the session started.
 *  @param joined  what --join needs to know from one call to the next; NULL without
 *  @param shown  of inputs_progress(), stays the caller's */
batch_outcome batch_read(const run_settings *s, const GPtrArray *inputs, const batch_receiver *to,
                         rings *joined, progress *shown);

#endif /* MULTISTATUS_BATCH_H */
