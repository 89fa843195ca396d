/* ranges.h
 * A set of numbers, most of which follow each other.
 *
 * Ownership: all zero is an empty set; ranges_clear() gives back what it holds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RANGES_H
#define MULTISTATUS_RANGES_H

#include <stdint.h>

#include <glib.h>

/** Ranges of a set. Beyond that, the lowest is forgotten, and with it all numbers up to its end. */
#define RANGES_LIMIT 4096u

typedef struct {
    GArray *of;    /**< private: in order, with numbers between them that are not in the set */
    uint64_t from; /**< private: what is below is forgotten */
} number_ranges;

void ranges_clear(number_ranges *of);

/** Adds the numbers from the first to the last, both among them. */
void ranges_add(number_ranges *to, uint64_t first, uint64_t last);

/** How many numbers of the one set are not in the other, as far as neither has forgotten them. */
uint64_t ranges_lacking(const number_ranges *of, const number_ranges *in);

#endif /* MULTISTATUS_RANGES_H */
