/* har.h
 * HTTP sessions as browsers, proxies and debuggers save them (HAR 1.2).
 *
 * Ownership: as in saved_session.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HAR_H
#define MULTISTATUS_HAR_H

#include "saved_session.h"

/** Does this beginning of a file look like JSON's, in UTF-8 or UTF-16? No capture format that is
 *  not JSON begins like that. */
bool har_begins(const uint8_t *start, size_t length);

/** ... and like that of a HAR file, as far as can be told without reading all of it? */
bool har_is_likely(const uint8_t *start, size_t length);

/** Reads a HAR file. The frame of an exchange is the number of its entry, from 1. */
capture_result har_read(const saved_file *from, const saved_target *to);

#endif /* MULTISTATUS_HAR_H */
