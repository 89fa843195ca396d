/* har_file.h
 * The text of a HAR file, in UTF-8 or UTF-16, with a byte order mark or without.
 *
 * Ownership: har_text_of() returns what har_text_clear() releases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HAR_FILE_H
#define MULTISTATUS_HAR_FILE_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    char *text; /**< UTF-8, followed by a NUL */
    size_t length;
    size_t mark; /**< bytes of a byte order mark that stood before it, if offsets are the file's */
} har_text;

/** @param limit  bytes that it may have at most */
har_text har_text_of(const uint8_t *bytes, size_t length, size_t limit);
void har_text_clear(har_text *of);

#endif /* MULTISTATUS_HAR_FILE_H */
