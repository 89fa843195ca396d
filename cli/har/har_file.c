/* har_file.c
 * Undoing what was done to a HAR file when it was stored.
 *
 * RFC 1952 (gzip), RFC 8878 (zstd), RFC 2781 (UTF-16).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "har_file.h"

#include <string.h>

#include <glib.h>
#include <zlib.h>

#ifdef MULTISTATUS_ZSTD
#include <zstd.h>
#endif

/* ----------------------------------------------------------------------------- compression ---- */

#define TOO_LARGE "is a compressed file that unfolds to more than the limit"
#define BROKEN "is a compressed file that is damaged"

typedef struct {
    GByteArray *out;
    bool cut;
    const char *wrong;
} unpacked;

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

static const struct {
    const char *magic;
    size_t length;
    void (*unpack)(unpacked *to, const uint8_t *bytes, size_t length, size_t limit);
} packers[] = {
    {"\x1f\x8b", 2, unpack_gzip},
    {"\x28\xb5\x2f\xfd", 4, unpack_zstd},
};

/* @return false if it is not compressed */
static bool unpack(unpacked *to, const uint8_t *bytes, size_t length, size_t limit)
{
    for (size_t i = 0; i < G_N_ELEMENTS(packers); i++) {
        if (length < packers[i].length || memcmp(bytes, packers[i].magic, packers[i].length) != 0)
            continue;
        to->out = g_byte_array_new();
        packers[i].unpack(to, bytes, length, limit);
        return true;
    }
    return false;
}

/* -------------------------------------------------------------------------------- encoding ---- */

typedef struct {
    size_t mark;
    bool wide;   /* UTF-16 */
    bool little; /* ... little-endian */
} encoding;

static bool has(const uint8_t *bytes, size_t length, const char *beginning, size_t n)
{
    return length >= n && memcmp(bytes, beginning, n) == 0;
}

/* A JSON text begins with two characters of ASCII (RFC 4627 section 3). */
static encoding encoding_of(const uint8_t *bytes, size_t length)
{
    if (has(bytes, length, "\xEF\xBB\xBF", 3))
        return (encoding){3, false, false};
    if (has(bytes, length, "\xFF\xFE", 2))
        return (encoding){2, true, true};
    if (has(bytes, length, "\xFE\xFF", 2))
        return (encoding){2, true, false};
    if (length >= 2 && bytes[0] != 0 && bytes[1] == 0)
        return (encoding){0, true, true};
    if (length >= 2 && bytes[0] == 0 && bytes[1] != 0)
        return (encoding){0, true, false};
    return (encoding){0, false, false};
}

static gunichar unit_at(const uint8_t *bytes, size_t at, bool little)
{
    return little ? bytes[at] | (gunichar)bytes[at + 1] << 8
                  : (gunichar)bytes[at] << 8 | bytes[at + 1];
}

static bool is_high(gunichar unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low(gunichar unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

#define REPLACEMENT 0xFFFD

/* Half a surrogate pair becomes U+FFFD: it does not make the file unreadable. */
static void convert(GString *to, const uint8_t *bytes, size_t length, bool little, size_t limit)
{
    for (size_t at = 0; at + 1 < length && to->len < limit; at += 2) {
        gunichar unit = unit_at(bytes, at, little);

        if (is_high(unit) && at + 3 < length && is_low(unit_at(bytes, at + 2, little))) {
            unit = 0x10000 + ((unit - 0xD800) << 10) + (unit_at(bytes, at + 2, little) - 0xDC00);
            at += 2;
        } else if (is_high(unit) || is_low(unit)) {
            unit = REPLACEMENT;
        }
        g_string_append_unichar(to, unit);
    }
}

/* ------------------------------------------------------------------------------------ text ---- */

har_text har_text_of(const uint8_t *bytes, size_t length, size_t limit)
{
    unpacked from = {NULL, false, NULL};
    har_text made = {.length = 0};

    if (unpack(&from, bytes, length, limit)) {
        bytes = from.out->data;
        length = from.out->len;
        made.converted = true;
        made.cut = from.cut;
        made.wrong = from.wrong;
    }
    encoding is = encoding_of(bytes, length);

    if (is.wide) {
        GString *text = g_string_new(NULL);

        convert(text, bytes + is.mark, length - is.mark, is.little, limit);
        made.converted = true;
        made.length = text->len;
        made.text = g_string_free(text, FALSE);
    } else {
        made.mark = is.mark;
        made.length = length - is.mark;
        made.text = g_malloc(made.length + 1);
        if (made.length > 0)
            memcpy(made.text, bytes + is.mark, made.length);
        made.text[made.length] = '\0';
    }
    if (from.out)
        g_byte_array_unref(from.out);
    return made;
}

void har_text_clear(har_text *of)
{
    g_clear_pointer(&of->text, g_free);
}

bool har_begins(const uint8_t *start, size_t length)
{
    har_text seen = har_text_of(start, length, HAR_BEGINNING);
    const char *at = seen.text;

    while (g_ascii_isspace(*at))
        at++;
    bool begins = *at == '{';

    har_text_clear(&seen);
    return begins;
}

bool har_is_open(const uint8_t *start, size_t length)
{
    har_text seen = har_text_of(start, length, HAR_BEGINNING);
    bool open = seen.converted && seen.cut && !seen.wrong && seen.length == 0;

    har_text_clear(&seen);
    return open;
}
