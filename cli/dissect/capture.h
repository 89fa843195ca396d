/* capture.h
 * One capture: its frames go through the dissectors, the exchanges come out as records.
 *
 * Ownership: the reader is made once and used for one capture after the other; records that are
 * handed out belong to the receiver's call and may be kept with a reference of their own.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_CAPTURE_H
#define MULTISTATUS_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "capture_position.h"
#include "reading.h"
#include "sieve.h"
#include "sift.h"

typedef struct capture_reader capture_reader;

/** @param filtered    only exchanges count whose frame matches the display filter of the settings
 *  @param two_passes  read twice, so that filters see what later frames tell */
capture_reader *capture_reader_new(bool filtered, bool two_passes, capture_receiver receiver,
                                   void *data);

/** Lets the sieve look first, so that only what may matter is dissected (sieve.h); it is off at
 *  first.
 *  @param verbose  say what was left out */
void capture_reader_use_sieve(capture_reader *reader, sieve_use use, bool verbose);

/** There are keys for TLS besides those in captures. */
void capture_reader_has_keys(capture_reader *reader, bool has);

void capture_reader_free(capture_reader *reader);

/** From now on, reports the position. */
void capture_reader_watch(capture_reader *reader, capture_position *position);

/** From now on hands out every exchange as it completes, in no order of frames: for a receiver that
 *  does its own sorting.
 *  @param retracts  called if all that was handed out of the capture does not count */
void capture_reader_hurry(capture_reader *reader, void (*retracts)(void *data));

/** The beginning of the next capture, a pipe, has been seen: it is like that of a session that a
 *  program has saved. */
void capture_reader_expect_session(capture_reader *reader, bool expected);

/** Bounds the memory of a pipe's capture: when libwireshark's session has grown by so many bytes,
 * it is replaced at the next moment when nothing is being sent, and at twice as many at once. 0:
 * never.
 */
void capture_reader_renew_at(capture_reader *reader, size_t bytes);

/** The next capture goes on from other files, the last CHAIN_MOST of which are read with it
 *  (capture_chain.h). The summary's `joined` says whether any was.
 *  @param before   their paths; have to last until it was read
 *  @param leaving  how many of them, and then of the capture, will not be read with the next file
 */
void capture_reader_goes_on(capture_reader *reader, const GPtrArray *before, unsigned leaving);

/** Reads a capture.
 *  @param path     "-" for standard input
 *  @param summary  gets the numbers, and what went wrong
 *  @return CAPTURE_LACKS before anything was handed out if it needs the dissectors and they are not
 *          started (session.h) */
capture_result capture_read(capture_reader *reader, const char *path, capture_record *summary);

#endif /* MULTISTATUS_CAPTURE_H */
