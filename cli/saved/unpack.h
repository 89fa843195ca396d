/* unpack.h
 * Undoing the compression of a whole file: gzip and zstd; xz, bzip2, lz4, lzip and compress with
 * libarchive. Brotli has no signature, and is not undone.
 *
 * Ownership: unpack() makes an array that the caller releases by g_byte_array_unref().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_UNPACK_H
#define MULTISTATUS_UNPACK_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

typedef struct {
    GByteArray *out;
    bool cut;          /**< the file ends early; this is what came out */
    const char *wrong; /**< why nothing, or not all, came out: the end of 'The file "x" ...'; or
                            NULL */
} unpacked;

/** @param limit  bytes that may come out at most
 *  @return false if it is not compressed: `to` is all zero */
bool unpack(unpacked *to, const uint8_t *bytes, size_t length, size_t limit);

/** Is it a compression that wiretap knows nothing of, so that it can be no capture? */
bool unpack_is_foreign(const uint8_t *start, size_t length);

/** Are archives (ZIP) and all of these compressions read? */
bool unpack_has_archives(void);

#endif /* MULTISTATUS_UNPACK_H */
