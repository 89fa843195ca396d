/* sieved.h
 * A capture through the sieve: it is scanned first, and only what may matter is dissected.
 *
 * Ownership: the text of an error is the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SIEVED_H
#define MULTISTATUS_SIEVED_H

#include <stdbool.h>

#include "capture_source.h"
#include "dissection.h"
#include "sieve.h"

typedef struct {
    sieve_use use;
    bool verbose; /**< say what was left out */
} sieved_settings;

/** Reads the capture that is open, from its start.
 *  @param file      where it is opened again
 *  @param[out] err  of wiretap, with its text
 *  @return false, before anything was dissected, if all of it must be. dissection.lacks is set if
 *          dissectors are needed that are not started */
bool sieved_read(dissection *by, const capture_source *file, const sieved_settings *settings,
                 int *err, char **err_info);

#endif /* MULTISTATUS_SIEVED_H */
