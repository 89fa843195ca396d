/* plain.h
 * What the sieve has kept of a capture, read without the dissectors (reader.h).
 *
 * Ownership: nothing is kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PLAIN_H
#define MULTISTATUS_PLAIN_H

#include <stdbool.h>

#include "dissection.h"
#include "sieve.h"

/** Reads it, and tells the dissection what it finds, as if that had dissected it.
 *  @param kept    by a sieve of which all is readable
 *  @param seeks   frames are fetched by their places
 *  @param digits  of a second, in the capture's time stamps
 *  @return false if only the dissectors can read it after all, or say what is wrong with it: then
 * nothing has been told, and the sieve begins anew */
bool plain_read(dissection *by, sieve *kept, bool seeks, int digits);

#endif /* MULTISTATUS_PLAIN_H */
