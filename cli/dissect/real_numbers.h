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
    sieve *by;      /**< NULL if all frames are dissected */
    GArray *shifts; /**< for each stream that epan has numbered, how many were left out before it */
    uint32_t frame; /**< the one that is being dissected */
    bool began_anew; /**< in the middle of the capture: streams have no real numbers any more */
} real_numbers;

void real_numbers_init(real_numbers *of);
void real_numbers_clear(real_numbers *of);

/** A capture begins, from its first frame on. */
void real_numbers_begin(real_numbers *of);

/** The sieve has done its work, or turned out not to be used. */
void real_numbers_drop_sieve(real_numbers *of);

/** To be called in every frame: gives the streams that began in it their place among all. */
void real_numbers_note_streams(real_numbers *of);

/** -1 if it is not known */
int64_t real_numbers_stream(const real_numbers *of, int64_t stream);

/** @param place  in which epan sees the frame */
uint32_t real_numbers_frame(const real_numbers *of, uint32_t place);

#endif /* MULTISTATUS_REAL_NUMBERS_H */
