/* har.h
 * HTTP sessions as browsers, proxies and debuggers save them (HAR 1.2): each entry is an exchange,
 * decoded and judged like one of a capture.
 *
 * Ownership: as in capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HAR_H
#define MULTISTATUS_HAR_H

#include "multistatus.h"
#include "reading.h"

/** May the file be one? By its beginning, not by its name: it begins as JSON does, compressed or
 * not, in UTF-8 or UTF-16. A pipe is not asked; "-" is standard input if that is a file. */
bool har_suits(const char *path);

/** ... and is it one, as far as can be told without reading all of it? */
bool har_is_likely(const char *path);

/** Reads a HAR file. The frame of an exchange is the number of its entry, from 1.
 *  @param filtered  a display filter was asked for, which has nothing to apply to here
 *  @param limits    of the decoder
 *  @param batches   which batches are looked for beside 207
 *  @param summary   gets the numbers, and what went wrong */
capture_result har_read(const char *path, bool filtered, const ms_limits *limits,
                        ms_batch_mode batches, capture_receiver receiver, void *data,
                        capture_record *summary);

/** The same for the contents of a file. */
capture_result har_read_bytes(const uint8_t *bytes, size_t length, bool filtered,
                              const ms_limits *limits, ms_batch_mode batches,
                              capture_receiver receiver, void *data, capture_record *summary);

#endif /* MULTISTATUS_HAR_H */
