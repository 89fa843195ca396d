/* real_numbers.h
 * The numbers of frames and TCP streams that Wireshark shows, where it sees the whole capture in
 * its own order: with the sieve, epan does not.
 *
 * Ownership: the numbers are their user's, initialised and cleared; the sieve is theirs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_REAL_NUMBERS_H
#define MULTISTATUS_REAL_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "sieve.h"

typedef struct {
    sieve *by;        /**< NULL if all frames are dissected */
    GArray *streams;  /**< real numbers of those that epan has numbered */
    uint32_t divided; /**< streams that are several to epan: so many more it counts */
    int64_t goes_on;  /**< the stream of which this frame begins another part; -1 if it does not */
    uint32_t frame;   /**< the one that is being dissected */
    bool began_anew;  /**< in the middle of the capture: streams have no real numbers any more */
} real_numbers;

void real_numbers_init(real_numbers *of);
void real_numbers_clear(real_numbers *of);

/** A capture begins, from its first frame on. */
void real_numbers_begin(real_numbers *of);

/** The sieve has done its work, or turned out not to be used. */
void real_numbers_drop_sieve(real_numbers *of);

/** To be called in every frame: gives the streams that began in it their place among all.
 *  @param n_streams  that epan has numbered so far */
void real_numbers_note_streams(real_numbers *of, uint32_t n_streams);

/** To be called before a frame is dissected with which another part of a stream begins, which epan
 *  counts as one of its own.
 *  @param stream  as epan has numbered it */
void real_numbers_divide(real_numbers *of, uint32_t stream);

/** -1 if it is not known */
int64_t real_numbers_stream(const real_numbers *of, int64_t stream);

/** @param place  in which epan sees the frame */
uint32_t real_numbers_frame(const real_numbers *of, uint32_t place);

#endif /* MULTISTATUS_REAL_NUMBERS_H */
