/* har_session.h
 * The exchanges of a HAR file, in the order of time, with their history.
 *
 * Ownership: whoever receives a record takes a reference if it is to stay.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HAR_SESSION_H
#define MULTISTATUS_HAR_SESSION_H

#include "json_tokens.h"
#include "reading.h"

/** Reads the entries of the array, as far as they are whole; records come in their order.
 *  @param summary  gets the numbers, and what went wrong */
capture_result har_session_read(const ms_json *json, uint32_t array, const ms_limits *limits,
                                ms_batch_mode batches, capture_receiver receiver, void *data,
                                capture_record *summary);

/** Notes what is wrong, if it is the first thing; takes `error`. @return `result` */
capture_result har_fail(capture_record *summary, capture_result result, char *error);

#endif /* MULTISTATUS_HAR_SESSION_H */
