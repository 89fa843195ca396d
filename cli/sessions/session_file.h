/* session_file.h
 * HTTP sessions as programs save them: HAR (browsers and many others), flows (mitmproxy), SAZ
 * (Fiddler); also compressed. Each entry is an exchange, decoded and judged like one of a capture.
 *
 * Ownership: as in capture.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SESSION_FILE_H
#define MULTISTATUS_SESSION_FILE_H

#include "saved_session.h"

/** As much of the beginning of a file as is needed to tell: a zstd block gives nothing until all of
 *  it is there, and may take 128 KiB (RFC 8878 section 3.1.1.2.4). */
#define SESSION_BEGINNING (132 * 1024)

/** May a file that begins like this be a saved session? No capture does; but not all that does is
 *  one. */
bool session_begins(const uint8_t *start, size_t length);

/** Does it take more bytes to tell? */
bool session_is_open(const uint8_t *start, size_t length);

/** May the file be one? By its beginning, not by its name. A pipe is not asked; "-" is standard
 *  input if that is a file. */
bool session_file_suits(const char *path);

/** ... and is it one, as far as can be told without reading all of it? */
bool session_file_is_likely(const char *path);

/** Reads one. The frame of an exchange is the number of its entry, from 1.
 *  @param filtered  a display filter was asked for, which has nothing to apply to here */
capture_result session_file_read(const char *path, bool filtered, const saved_target *to);

/** The same for the contents of a file. */
capture_result session_bytes_read(const uint8_t *bytes, size_t length, bool filtered,
                                  const saved_target *to);

#endif /* MULTISTATUS_SESSION_FILE_H */
