/* capture_coverage.h
 * What of a capture was looked into: the dissectors say what they find in the frames that they see,
 * a first pass or a sieve that only counts says what the connections carry.
 *
 * Ownership: a capture_coverage is its user's, begun and ended for each capture; notes of a first
 * pass are handed over to it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_CAPTURE_COVERAGE_H
#define MULTISTATUS_CAPTURE_COVERAGE_H

#include <stdbool.h>

#include "coverage.h"
#include "multistatus_record.h"
#include "sieve.h"

typedef struct {
    coverage *seen;       /**< what the dissectors have found */
    flow_notes *notes;    /**< what the first pass has noted, if there was one */
    sieve *counter;       /**< otherwise it sees all frames, for what they carry; or NULL */
    unseen_counts before; /**< of earlier sessions of this capture */
    bool has_keys;        /**< for TLS, from the settings */
    bool has_secrets;     /**< ... from the capture */
} capture_coverage;

/** A capture begins. */
void capture_coverage_begin(capture_coverage *of);
void capture_coverage_end(capture_coverage *of);

/** Dissection begins now, from the first frame on; unless there was a first pass, its frames have
 *  to be shown to the counter. */
void capture_coverage_begin_frames(capture_coverage *of);

/** What was seen does not count. */
void capture_coverage_forget(capture_coverage *of);

/** The session of epan is replaced: what was seen up to here is kept. */
void capture_coverage_go_on(capture_coverage *of);

/** What a response shows to be closed. */
void capture_coverage_response(capture_coverage *of, const multistatus_record *told);

/** What has not been looked into so far. */
unseen_counts capture_coverage_conclude(const capture_coverage *of);

#endif /* MULTISTATUS_CAPTURE_COVERAGE_H */
