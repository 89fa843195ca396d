/* har_file.h
 * The text of a HAR file, however it was stored: compressed (gzip, zstd), in UTF-8 or UTF-16, with
 * a byte order mark or without.
 *
 * Ownership: har_text() returns what har_text_clear() releases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HAR_FILE_H
#define MULTISTATUS_HAR_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Does this beginning of a file look like JSON's, when all of that is undone? No capture format
 *  that is not JSON begins like that. */
bool har_begins(const uint8_t *start, size_t length);

/** Does it take more bytes to tell? */
bool har_is_open(const uint8_t *start, size_t length);

/** As much of it as is needed to tell: a zstd block gives nothing until all of it is there, and may
 *  take 128 KiB (RFC 8878 section 3.1.1.2.4). */
#define HAR_BEGINNING (132 * 1024)

typedef struct {
    char *text; /**< UTF-8, followed by a NUL */
    size_t length;
    size_t mark; /**< bytes of a byte order mark that stood before it, if offsets are the file's */
    bool converted; /**< offsets in it are not those of the file */
    bool cut;       /**< a compressed file ends early; this is what came out */
    const char
        *wrong; /**< why nothing, or not all, came out: the end of 'The file "x" ...'; or NULL */
} har_text;

/** @param limit  bytes that it may have at most */
har_text har_text_of(const uint8_t *bytes, size_t length, size_t limit);
void har_text_clear(har_text *of);

#endif /* MULTISTATUS_HAR_FILE_H */
