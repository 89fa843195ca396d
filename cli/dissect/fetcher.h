/* fetcher.h
 * Fetching frames of a capture by their numbers, those in between being skipped or read over.
 *
 * Ownership: a fetcher is a plain value; the record that is fetched is the dissection's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FETCHER_H
#define MULTISTATUS_FETCHER_H

#include <stdbool.h>

#include "dissection.h"

typedef struct {
    bool seeks;  /**< by their offsets */
    uint32_t at; /**< the frame read last, where it does not seek */
} fetcher;

/** Reads a frame into by->record. @return false with wiretap's reason */
bool fetcher_fetch(fetcher *with, dissection *by, uint32_t number, int64_t offset, int *err,
                   char **err_info);

#endif /* MULTISTATUS_FETCHER_H */
