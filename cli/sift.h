/* sift.h
 * The sieve's pass over a capture: every record is read by wiretap, none is dissected.
 *
 * Ownership: the caller frees the sieve that it gets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SIFT_H
#define MULTISTATUS_SIFT_H

#include <stdbool.h>

#include "compat.h"
#include "sieve.h"

typedef struct {
    sieve *by;        /**< NULL if nothing can be left out */
    uint32_t frames;  /**< in the capture */
    bool nanoseconds; /**< some time stamp is that exact */
    bool secrets;     /**< the capture holds keys */
    int err;          /**< of wiretap, 0 at the end of the capture */
    char *err_info;   /**< the caller frees it with g_free() */
} sifted;

/** Frees one that is in memory of its own (g_malloc()). NULL is nothing. */
void sifted_free(sifted *found);

/** Can the capture be read twice? A pipe cannot. */
bool sift_can_read(const char *path);

/** @param keys      somebody may have keys for TLS
 *  @param must_end  asked now and then: the user wants to end */
sifted sift(wtap *wth, compat_reader *record, bool keys, bool (*must_end)(void));

/** sieve_is_refuted() of the record that was just read. */
bool sift_is_refuted(const sieve *by, compat_reader *record);

#endif /* MULTISTATUS_SIFT_H */
