/* results.h
 * From records to what the command prints: both verbs hand their records over here, so that a
 * report of saved records is the same as one of captures.
 *
 * Ownership: results_open() returns an object that results_close() releases. Records stay the
 * caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RESULTS_H
#define MULTISTATUS_RESULTS_H

#include <stdbool.h>

#include "record.h"
#include "run_settings.h"

typedef struct results results;

/** Opens the outputs that the settings name. @return NULL after a message */
results *results_open(const result_settings *s);

/** A failed exchange is also announced, in a line of its own, as it comes: for live captures, whose
 *  report comes at their end.
 *  @param delay  from so many microseconds on */
void results_announce(results *r, int64_t delay);

/** Is there a file to which lines are appended as they come? */
bool results_append(const result_settings *s);

/** After SIGHUP: goes on in files of the same names, where lines are appended to them. */
void results_reopen(results *r);

/** Takes a record if it is selected. Those of a capture come in frame order, before the
 *  record of the capture; captures may come in any order.
 *  @return false once anything could not be written */
bool results_exchange(results *r, exchange_record *record);
bool results_capture(results *r, const capture_record *record);

/** Writes what comes at the end, completes the outputs and releases all.
 *  @param status  the exit status if all goes well
 *  @return the exit status */
int results_close(results *r, int status);

/** Releases all; nothing is written. */
void results_discard(results *r);

/** Does the text report go to where messages go, so that whoever reads one reads the other? */
bool results_show_messages(const results *r);

#endif /* MULTISTATUS_RESULTS_H */
