/* unpack.c
 * Undoing the compression of a whole file.
 *
 * RFC 1952 (gzip), RFC 8878 (zstd). libarchive only gets those filters that it has inside: it would
 * run programs for the others.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "unpack.h"

#include <string.h>

#include <zlib.h>

#ifdef MULTISTATUS_ZSTD
#include <zstd.h>
#endif
#ifdef MULTISTATUS_ARCHIVE
#include <archive.h>
#endif

#define TOO_LARGE "is a compressed file that unfolds to more than the limit"
#define BROKEN "is a compressed file that is damaged"
#define CANNOT "is compressed in a way that this build cannot undo"

#define BLOCK 65536

/* @return false when there is no room for more */
static bool put(unpacked *to, const uint8_t *bytes, size_t length, size_t limit)
{
    size_t taken = MIN(length, limit - to->out->len);

    g_byte_array_append(to->out, bytes, (guint)taken);
    if (taken < length)
        to->wrong = TOO_LARGE;
    return taken == length;
}

/* Members follow one another (RFC 1952 section 2.2). */
static void unpack_gzip(unpacked *to, const uint8_t *bytes, size_t length, size_t limit)
{
    z_stream stream = {.next_in = (Bytef *)bytes, .avail_in = (uInt)MIN(length, UINT32_MAX)};
    uint8_t block[BLOCK];
    int result = inflateInit2(&stream, MAX_WBITS + 16);

    to->cut = true;
    while (result == Z_OK || result == Z_BUF_ERROR) {
        stream.next_out = block;
        stream.avail_out = sizeof block;
        result = inflate(&stream, Z_NO_FLUSH);
        size_t got = sizeof block - stream.avail_out;

        if (!put(to, block, got, limit))
            break;
        if (result == Z_STREAM_END && stream.avail_in > 1 && stream.next_in[0] == 0x1f)
            result = inflateReset(&stream);
        else if (result == Z_STREAM_END)
            to->cut = false;
        else if (got == 0 && stream.avail_in == 0)
            break;
    }
    if (result != Z_OK && result != Z_BUF_ERROR && result != Z_STREAM_END)
        to->wrong = BROKEN;
    inflateEnd(&stream);
}

#ifdef MULTISTATUS_ZSTD
static void unpack_zstd(unpacked *to, const uint8_t *bytes, size_t length, size_t limit)
{
    ZSTD_DCtx *context = ZSTD_createDCtx();
    ZSTD_inBuffer in = {bytes, length, 0};
    uint8_t block[BLOCK];
    size_t left = 1, got = 1;

    while (context && (in.pos < in.size || got == sizeof block)) {
        ZSTD_outBuffer out = {block, sizeof block, 0};

        left = ZSTD_decompressStream(context, &out, &in);
        got = out.pos;
        if (ZSTD_isError(left))
            to->wrong = BROKEN;
        if (ZSTD_isError(left) || !put(to, block, got, limit))
            break;
    }
    to->cut = left != 0;
    ZSTD_freeDCtx(context);
}
#else
static void unpack_zstd(unpacked *to, const uint8_t *bytes, size_t length, size_t limit)
{
    (void)bytes, (void)length, (void)limit;
    to->wrong = "is compressed with zstd, which this build cannot undo";
}
#endif

#ifdef MULTISTATUS_ARCHIVE
/* @return false if this libarchive has not all of them inside */
static bool has_filters(struct archive *by)
{
    return archive_read_support_filter_xz(by) == ARCHIVE_OK &&
           archive_read_support_filter_bzip2(by) == ARCHIVE_OK &&
           archive_read_support_filter_lz4(by) == ARCHIVE_OK &&
           archive_read_support_filter_lzip(by) == ARCHIVE_OK &&
           archive_read_support_filter_compress(by) == ARCHIVE_OK &&
           archive_read_support_format_raw(by) == ARCHIVE_OK;
}

static void unpack_archive(unpacked *to, const uint8_t *bytes, size_t length, size_t limit)
{
    struct archive *by = archive_read_new();
    struct archive_entry *entry;
    uint8_t block[BLOCK];
    la_ssize_t got = -1;

    if (!by || !has_filters(by))
        to->wrong = CANNOT;
    else if (archive_read_open_memory(by, bytes, length) == ARCHIVE_OK &&
             archive_read_next_header(by, &entry) == ARCHIVE_OK)
        got = 1;
    while (got > 0) {
        got = archive_read_data(by, block, sizeof block);
        if (got > 0 && !put(to, block, (size_t)got, limit))
            break;
    }
    to->cut = got != 0;
    if (got < 0 && !to->wrong)
        to->wrong = BROKEN;
    archive_read_free(by);
}
#else
static void unpack_archive(unpacked *to, const uint8_t *bytes, size_t length, size_t limit)
{
    (void)bytes, (void)length, (void)limit;
    to->wrong = CANNOT;
}
#endif

static const struct {
    const char *magic;
    size_t length;
    bool foreign;
    void (*unpack)(unpacked *to, const uint8_t *bytes, size_t length, size_t limit);
} packers[] = {
    {"\x1f\x8b", 2, false, unpack_gzip},
    {"\x28\xb5\x2f\xfd", 4, false, unpack_zstd},
    {"\x04\x22\x4d\x18", 4, false, unpack_archive}, /* lz4 */
    {"\xfd\x37zXZ", 6, true, unpack_archive},
    {"BZh", 3, true, unpack_archive},
    {"LZIP", 4, true, unpack_archive},
    {"\x1f\x9d", 2, true, unpack_archive}, /* compress */
};

static int packer_of(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(packers); i++) {
        if (length >= packers[i].length && memcmp(bytes, packers[i].magic, packers[i].length) == 0)
            return (int)i;
    }
    return -1;
}

bool unpack(unpacked *to, const uint8_t *bytes, size_t length, size_t limit)
{
    int packer = packer_of(bytes, length);

    *to = (unpacked){NULL, false, NULL};
    if (packer < 0)
        return false;
    to->out = g_byte_array_new();
    packers[packer].unpack(to, bytes, length, limit);
    return true;
}

bool unpack_is_foreign(const uint8_t *start, size_t length)
{
    int packer = packer_of(start, length);

    return packer >= 0 && packers[packer].foreign;
}

bool unpack_has_archives(void)
{
#ifdef MULTISTATUS_ARCHIVE
    return true;
#else
    return false;
#endif
}
