/* codings.c
 * Undoing content codings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "codings.h"

#include <string.h>

#include <zlib.h>
#ifdef MULTISTATUS_BROTLI
#include <brotli/decode.h>
#endif
#ifdef MULTISTATUS_ZSTD
#include <zstd.h>
#endif

enum { OUTPUT = 16 * 1024 };

/* What comes out, and how much of it is wanted. */
typedef struct {
    GByteArray *body;
    size_t limit;
} plain_bytes;

typedef codings_result (*undo_function)(const uint8_t *bytes, size_t length, plain_bytes *plain);

/* False if there is more than is wanted: what fits is taken. */
static bool put(plain_bytes *plain, const uint8_t *bytes, size_t length)
{
    size_t room = plain->limit - plain->body->len;

    g_byte_array_append(plain->body, bytes, (guint)MIN(length, room));
    return length <= room;
}

/* Window bits of zlib's inflateInit2(): gzip or zlib by its header, and deflate without any. */
enum { WINDOW_BY_HEADER = 15 + 32, WINDOW_RAW = -15 };

/* A gzip file may have several members (RFC 1952 section 2.2). */
static bool goes_on(const z_stream *stream)
{
    return stream->avail_in > 2 && stream->next_in[0] == 0x1f && stream->next_in[1] == 0x8b;
}

static codings_result inflate_all(const uint8_t *bytes, size_t length, int window,
                                  plain_bytes *plain)
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
        if (!put(plain, output, OUTPUT - stream.avail_out))
            result = CODINGS_LARGE;
        if (status == Z_STREAM_END && goes_on(&stream))
            status = inflateReset(&stream);
    }
    if (result == CODINGS_PARTIAL && status == Z_STREAM_END)
        result = CODINGS_WHOLE;
    else if (result == CODINGS_PARTIAL && status != Z_BUF_ERROR)
        result = CODINGS_BROKEN;
    inflateEnd(&stream);
    return result;
}

static codings_result undo_gzip(const uint8_t *bytes, size_t length, plain_bytes *plain)
{
    return inflate_all(bytes, length, WINDOW_BY_HEADER, plain);
}

/* "deflate" means zlib's format; some servers send it without its header (RFC 9110
 * section 8.4.1.2).
 */
static codings_result undo_deflate(const uint8_t *bytes, size_t length, plain_bytes *plain)
{
    codings_result result = inflate_all(bytes, length, WINDOW_BY_HEADER, plain);

    return result == CODINGS_BROKEN && plain->body->len == 0
               ? inflate_all(bytes, length, WINDOW_RAW, plain)
               : result;
}

#ifdef MULTISTATUS_BROTLI

/* Its window has at most 16 MiB: the large ones of brotli are not for HTTP. */
static codings_result undo_brotli(const uint8_t *bytes, size_t length, plain_bytes *plain)
{
    uint8_t output[OUTPUT];
    BrotliDecoderState *state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    BrotliDecoderResult status = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    codings_result result = CODINGS_PARTIAL;

    while (result == CODINGS_PARTIAL && status == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
        uint8_t *next = output;
        size_t room = OUTPUT;

        status = BrotliDecoderDecompressStream(state, &length, &bytes, &room, &next, NULL);
        if (!put(plain, output, OUTPUT - room))
            result = CODINGS_LARGE;
    }
    if (result == CODINGS_PARTIAL && status == BROTLI_DECODER_RESULT_SUCCESS)
        result = CODINGS_WHOLE;
    else if (result == CODINGS_PARTIAL && status == BROTLI_DECODER_RESULT_ERROR)
        result = CODINGS_BROKEN;
    BrotliDecoderDestroyInstance(state);
    return result;
}

#else
#define undo_brotli NULL
#endif

#ifdef MULTISTATUS_ZSTD

static codings_result undo_zstd(const uint8_t *bytes, size_t length, plain_bytes *plain)
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
        else if (!put(plain, output, out.pos))
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
    {"zstd", undo_zstd, "\x28\xb5\x2f\xfd"}, {"br", undo_brotli, NULL},
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
                               plain_bytes *plain)
{
    for (size_t i = 0; i < G_N_ELEMENTS(known_codings); i++) {
        if (known_codings[i].undo && g_ascii_strcasecmp(name, known_codings[i].name) == 0)
            return known_codings[i].undo(bytes, length, plain);
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

codings_result codings_undo(const char *codings, const uint8_t *bytes, size_t length, size_t limit,
                            GByteArray **body)
{
    char *list = g_strdup(codings ? codings : "");
    codings_result result = CODINGS_WHOLE;
    bool more = codings_are_any(codings);

    *body = NULL;
    for (unsigned depth = 0; more && result != CODINGS_UNKNOWN; depth++) {
        more = strchr(list, ',') != NULL;
        const char *name = take_last(list);

        if (g_ascii_strcasecmp(name, "identity") == 0)
            continue;
        GByteArray *coded = *body;
        plain_bytes plain = {g_byte_array_new(), MIN(limit, CODINGS_LIMIT)};

        result = worse(result, depth < CODINGS_LIMIT_DEPTH
                                   ? undo_one(name, coded ? coded->data : bytes,
                                              coded ? coded->len : length, &plain)
                                   : CODINGS_UNKNOWN);
        if (coded)
            g_byte_array_unref(coded);
        *body = plain.body;
    }
    if (!*body)
        *body = g_byte_array_append(g_byte_array_new(), bytes, (guint)length);
    else if (result == CODINGS_UNKNOWN)
        g_byte_array_set_size(*body, 0);
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
        return g_strdup_printf(
            "with the content coding \"%s\" undone, the body has more bytes than are read of it",
            codings);
    case CODINGS_UNKNOWN:
        return g_strdup_printf("the content coding \"%s\" " CODINGS_UNKNOWN_WORDS, codings);
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

/* ---- what the header does not say ---- */

/* Is it the start of what codings are put on here: XML, JSON, text? */
static bool is_plain(const uint8_t *bytes, size_t length)
{
    static const char *const marks[] = {"\xEF\xBB\xBF", "\xFE\xFF", "\xFF\xFE"};
    size_t at = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (length >= strlen(marks[i]) && memcmp(bytes, marks[i], strlen(marks[i])) == 0)
            return true;
    }
    while (at < length && g_ascii_isspace(bytes[at]))
        at++;
    return at == length || strchr("<{[\"-", bytes[at]) || bytes[at] == '\0';
}

/* The names of the codings that tell who they are; zlib's format does with a check of its own (RFC
 * 1950 section 2.2), and brotli by nothing but coming out right. */
static const struct {
    const char *name;  /* for people */
    const char *start; /* NULL if it does not tell */
    undo_function undo;
} seen_codings[] = {
    {"gzip", "\x1f\x8b\x08", undo_gzip},
    {"zstd", "\x28\xb5\x2f\xfd", undo_zstd},
    {"zlib", "\x78", undo_gzip},
    {"brotli", NULL, undo_brotli},
};

/* Undoes a coding that the bytes turn out to have; NULL if there is none, or it is not certain. */
static const char *undo_seen(const uint8_t *bytes, size_t length, size_t limit, GByteArray **body)
{
    const char *found = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(seen_codings) && !found && !is_plain(bytes, length); i++) {
        const char *start = seen_codings[i].start;

        if (!seen_codings[i].undo ||
            (start && (length < strlen(start) || memcmp(bytes, start, strlen(start)) != 0)))
            continue;
        plain_bytes plain = {g_byte_array_new(), MIN(limit, CODINGS_LIMIT)};
        codings_result result = seen_codings[i].undo(bytes, length, &plain);

        if (result == CODINGS_WHOLE && plain.body->len > 0 &&
            is_plain(plain.body->data, plain.body->len)) {
            found = seen_codings[i].name;
            *body = plain.body;
        } else {
            g_byte_array_unref(plain.body);
        }
    }
    return found;
}

/* gzip under deflate, and the other way round, are undone by the same reader. */
static const char *sibling(const char *last, const uint8_t *bytes, size_t length)
{
    bool gzip = length > 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
    bool zlib = length > 2 && (bytes[0] & 0x0f) == 8 && (bytes[0] * 256 + bytes[1]) % 31 == 0;

    if (gzip &&
        (g_ascii_strcasecmp(last, "deflate") == 0 || g_ascii_strcasecmp(last, "x-deflate") == 0))
        return "gzip";
    if (zlib && (g_ascii_strcasecmp(last, "gzip") == 0 || g_ascii_strcasecmp(last, "x-gzip") == 0))
        return "zlib (deflate)";
    return NULL;
}

codings_result codings_read(const char *codings, const uint8_t *bytes, size_t length, size_t limit,
                            GByteArray **body, const char **instead)
{
    codings_result result = codings_undo(codings, bytes, length, limit, body);
    char *list = g_strdup(codings ? codings : "");
    const char *last = take_last(list), *more = NULL;
    GByteArray *undone = NULL;

    *instead = NULL;
    if (!codings_are_any(codings) || length == 0)
        goto out;
    *instead = sibling(last, bytes, length);
    bool nothing = result == CODINGS_UNKNOWN || (result == CODINGS_BROKEN && (*body)->len == 0);

    /* Of a coding that nobody knows, the bytes may look plain. */
    if (nothing && result == CODINGS_BROKEN && is_plain(bytes, length)) {
        *instead = "not compressed";
        g_byte_array_append(*body, bytes, (guint)MIN(length, limit));
        result = CODINGS_WHOLE;
    } else if (nothing) {
        *instead = undo_seen(bytes, length, limit, &undone);
    } else if (result == CODINGS_WHOLE) {
        more = undo_seen((*body)->data, (*body)->len, limit, &undone);
    }
    if (undone) {
        g_byte_array_unref(*body);
        *body = undone;
        result = CODINGS_WHOLE;
    }
    if (more) {
        /* There are as many of these as names of codings. */
        char *words = g_strdup_printf("compressed once more, with %s", more);

        *instead = g_intern_string(words);
        g_free(words);
    }
out:
    g_free(list);
    return result;
}

const char *codings_unnamed(const char *codings, const uint8_t *bytes, size_t length)
{
    GByteArray *body = NULL;
    const char *found =
        codings_are_any(codings) ? NULL : undo_seen(bytes, length, CODINGS_LIMIT, &body);

    if (body)
        g_byte_array_unref(body);
    return found;
}
