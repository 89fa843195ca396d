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

#include "reading.h"

/** Bytes of a HAR file. It is held in memory as it is, its entries one at a time. */
#define HAR_LIMIT (1024ull * 1024 * 1024)

/** Does the file look like one? By its beginning, not by its name; a pipe is not opened. */
bool har_suits(const char *path);

/** Reads a HAR file. The frame of an exchange is the number of its entry, from 1.
 *  @param filtered  a display filter was asked for, which has nothing to work on here
 *  @param summary   gets the numbers, and what went wrong */
capture_result har_read(const char *path, bool filtered, capture_receiver receiver, void *data,
                        capture_record *summary);

#endif /* MULTISTATUS_HAR_H */
