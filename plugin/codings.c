/* codings.c
 * Undoing content codings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "codings.h"

#include <string.h>

#include <zlib.h>
#ifdef MULTISTATUS_ZSTD
#include <zstd.h>
#endif

enum { OUTPUT = 32 * 1024 };

typedef codings_result (*undo_function)(const uint8_t *bytes, size_t length, GByteArray *body);

static bool put(GByteArray *body, const uint8_t *bytes, size_t length)
{
    if (body->len + length > CODINGS_LIMIT)
        return false;
    g_byte_array_append(body, bytes, (guint)length);
    return true;
}

/* Window bits of zlib's inflateInit2(): gzip or zlib by its header, and deflate without any. */
enum { WINDOW_BY_HEADER = 15 + 32, WINDOW_RAW = -15 };

static codings_result inflate_all(const uint8_t *bytes, size_t length, int window, GByteArray *body)
{
    uint8_t output[OUTPUT];
    z_stream stream = {.next_in = (z_const Bytef *)(uintptr_t)bytes, .avail_in = (uInt)length};
    int status = inflateInit2(&stream, window);
    codings_result result = CODINGS_PARTIAL;

    if (status != Z_OK)
        return CODINGS_BROKEN;
    while (status == Z_OK && result == CODINGS_PARTIAL) {
        stream.next_out = output;
        stream.avail_out = OUTPUT;
        status = inflate(&stream, Z_SYNC_FLUSH);
        if (!put(body, output, OUTPUT - stream.avail_out))
            result = CODINGS_LARGE;
    }
    if (result == CODINGS_PARTIAL && status == Z_STREAM_END)
        result = CODINGS_WHOLE;
    else if (result == CODINGS_PARTIAL && status != Z_BUF_ERROR)
        result = CODINGS_BROKEN;
    inflateEnd(&stream);
    return result;
}

static codings_result undo_gzip(const uint8_t *bytes, size_t length, GByteArray *body)
{
    return inflate_all(bytes, length, WINDOW_BY_HEADER, body);
}

/* "deflate" means zlib's format; some servers send it without its header (RFC 9110
 * section 8.4.1.2).
 */
static codings_result undo_deflate(const uint8_t *bytes, size_t length, GByteArray *body)
{
    guint before = body->len;
    codings_result result = inflate_all(bytes, length, WINDOW_BY_HEADER, body);

    return result == CODINGS_BROKEN && body->len == before
               ? inflate_all(bytes, length, WINDOW_RAW, body)
               : result;
}

#ifdef MULTISTATUS_ZSTD

static codings_result undo_zstd(const uint8_t *bytes, size_t length, GByteArray *body)
{
    uint8_t output[OUTPUT];
    ZSTD_DStream *stream = ZSTD_createDStream();
    ZSTD_inBuffer in = {bytes, length, 0};
    size_t status = 1;
    codings_result result = CODINGS_PARTIAL;
    bool full = true; /* there may be more to come out */

    ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, CODINGS_LIMIT_WINDOW);
    while (result == CODINGS_PARTIAL && (in.pos < in.size || full)) {
        ZSTD_outBuffer out = {output, OUTPUT, 0};

        status = ZSTD_decompressStream(stream, &out, &in);
        full = out.pos == out.size;
        if (ZSTD_isError(status))
            result = CODINGS_BROKEN;
        else if (!put(body, output, out.pos))
            result = CODINGS_LARGE;
    }
    if (result == CODINGS_PARTIAL && status == 0)
        result = CODINGS_WHOLE;
    ZSTD_freeDStream(stream);
    return result;
}

#else
#define undo_zstd NULL
#endif

static const struct {
    const char *name;
    undo_function undo;
    const char *start; /* how a coded body starts; NULL if it does not tell */
} known_codings[] = {
    {"gzip", undo_gzip, "\x1f\x8b"},         {"x-gzip", undo_gzip, "\x1f\x8b"},
    {"deflate", undo_deflate, NULL},         {"x-deflate", undo_deflate, NULL},
    {"zstd", undo_zstd, "\x28\xb5\x2f\xfd"},
};

/* The last coding of the list, which was put on last; what is before it stays in `codings`. */
static char *take_last(char *codings)
{
    char *comma = strrchr(codings, ',');
    char *last = g_strstrip(comma ? comma + 1 : codings);

    if (comma)
        *comma = '\0';
    return last;
}

static codings_result undo_one(const char *name, const uint8_t *bytes, size_t length,
                               GByteArray *body)
{
    for (size_t i = 0; i < G_N_ELEMENTS(known_codings); i++) {
        if (known_codings[i].undo && g_ascii_strcasecmp(name, known_codings[i].name) == 0)
            return known_codings[i].undo(bytes, length, body);
    }
    return CODINGS_UNKNOWN;
}

bool codings_are_any(const char *codings)
{
    return codings && *codings && g_ascii_strcasecmp(codings, "identity") != 0;
}

/* What went wrong first stays; in what comes out of it, only an early end can be told. */
static codings_result worse(codings_result before, codings_result now)
{
    return before != CODINGS_WHOLE && now != CODINGS_UNKNOWN ? before : now;
}

codings_result codings_undo(const char *codings, const uint8_t *bytes, size_t length,
                            GByteArray *body)
{
    char *list = g_strdup(codings ? codings : "");
    GByteArray *coded = g_byte_array_append(g_byte_array_new(), bytes, (guint)length);
    codings_result result = CODINGS_WHOLE;
    bool more = codings_are_any(codings);

    for (unsigned depth = 0; more && result != CODINGS_UNKNOWN; depth++) {
        more = strchr(list, ',') != NULL;
        const char *name = take_last(list);

        if (g_ascii_strcasecmp(name, "identity") == 0)
            continue;
        GByteArray *plain = g_byte_array_new();

        result = worse(result, depth < CODINGS_LIMIT_DEPTH
                                   ? undo_one(name, coded->data, coded->len, plain)
                                   : CODINGS_UNKNOWN);
        g_byte_array_unref(coded);
        coded = plain;
    }
    if (result != CODINGS_UNKNOWN)
        g_byte_array_append(body, coded->data, coded->len);
    g_byte_array_unref(coded);
    g_free(list);
    return result;
}

char *codings_words(const char *codings, codings_result result)
{
    switch (result) {
    case CODINGS_PARTIAL:
        return g_strdup_printf("the content coding \"%s\" ends early", codings);
    case CODINGS_BROKEN:
        return g_strdup_printf("the content coding \"%s\" is broken", codings);
    case CODINGS_LARGE:
        return g_strdup_printf("with the content coding \"%s\" undone, the body has more than the "
                               "%u MiB that are read of it",
                               codings, CODINGS_LIMIT / 1024 / 1024);
    case CODINGS_UNKNOWN:
        return g_strdup_printf("the content coding \"%s\" cannot be undone here", codings);
    default:
        return NULL;
    }
}

bool codings_are_still_on(const char *codings, const uint8_t *bytes, size_t length)
{
    if (!codings_are_any(codings))
        return false;
    char *list = g_strdup(codings);
    const char *last = take_last(list);
    bool found = false;

    for (size_t i = 0; i < G_N_ELEMENTS(known_codings) && !found; i++) {
        const char *start = known_codings[i].start;

        found = start && g_ascii_strcasecmp(last, known_codings[i].name) == 0 &&
                length >= strlen(start) && memcmp(bytes, start, strlen(start)) == 0;
    }
    g_free(list);
    return found;
}
