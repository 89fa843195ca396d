/* qpack.c
 * QPACK: the header sections of one direction of an HTTP/3 connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "qpack.h"

#include <glib.h>

#ifdef MULTISTATUS_NGHTTP3

#include <nghttp3/nghttp3.h>

struct qpack {
    nghttp3_qpack_decoder *decoder; /* has a table: NULL until it is used */
    nghttp3_qpack_decoder *plain;   /* has none; likewise */
    size_t capacity;                /* of the table */
    bool allowed;                   /* that is known */
    bool lost;
};

/* Streams that may wait for the table; how many do is counted where they wait. */
#define MOST_BLOCKED 65536u

bool qpack_is_there(void)
{
    return true;
}

static nghttp3_qpack_decoder *decoder_of(nghttp3_qpack_decoder **kept, size_t capacity)
{
    if (!*kept &&
        nghttp3_qpack_decoder_new(kept, capacity, MOST_BLOCKED, nghttp3_mem_default()) != 0)
        g_error("nghttp3 has no memory");
    return *kept;
}

qpack *qpack_new(void)
{
    return g_new0(qpack, 1);
}

void qpack_free(qpack *of)
{
    if (!of)
        return;
    if (of->plain)
        nghttp3_qpack_decoder_del(of->plain);
    if (of->decoder)
        nghttp3_qpack_decoder_del(of->decoder);
    g_free(of);
}

/* The size is part of how sections count entries (RFC 9204 section 4.5.1.1): it cannot be guessed,
 * nor cut. */
void qpack_allow(qpack *of, uint64_t capacity)
{
    if (of->allowed)
        return;
    of->allowed = true;
    if (capacity > QPACK_LIMIT_TABLE)
        of->lost = true;
    else
        of->capacity = (size_t)capacity;
}

bool qpack_is_allowed(const qpack *of)
{
    return of->allowed;
}

void qpack_lose(qpack *of)
{
    of->lost = true;
}

uint64_t qpack_count(const qpack *of)
{
    return of->decoder ? nghttp3_qpack_decoder_get_icnt(of->decoder) : 0;
}

/* It says what a receiver has to answer, and stops when nobody takes that. */
static void drop_answers(nghttp3_qpack_decoder *of)
{
    size_t length = nghttp3_qpack_decoder_get_decoder_streamlen(of);

    if (length == 0)
        return;
    uint8_t *bytes = g_malloc(length);
    nghttp3_buf answers = {.begin = bytes, .end = bytes + length, .pos = bytes, .last = bytes};

    nghttp3_qpack_decoder_write_decoder(of, &answers);
    g_free(bytes);
}

void qpack_instruct(qpack *of, const uint8_t *bytes, size_t length)
{
    if (of->lost || !of->allowed || length == 0)
        return;
    nghttp3_qpack_decoder *by = decoder_of(&of->decoder, of->capacity);

    if (nghttp3_qpack_decoder_read_encoder(by, bytes, length) != (nghttp3_ssize)length)
        of->lost = true;
    drop_answers(by);
}

static http_slice slice_of(const nghttp3_rcbuf *from)
{
    nghttp3_vec bytes = nghttp3_rcbuf_get_buf(from);
    const char *text = bytes.base ? (const char *)bytes.base : "";

    return (http_slice){text, text + bytes.len};
}

/* How large it is: RFC 9114 section 4.2.2. */
static size_t set_field(arena *scope, http_header *header, nghttp3_qpack_nv *field)
{
    enum { EACH = 32 };
    http_slice name = slice_of(field->name), value = slice_of(field->value);
    size_t size = (size_t)(name.end - name.at) + (size_t)(value.end - value.at) + EACH;

    http_header_set(scope, header, name, value);
    nghttp3_rcbuf_decref(field->name);
    nghttp3_rcbuf_decref(field->value);
    return size;
}

static qpack_result read_fields(nghttp3_qpack_decoder *by, nghttp3_qpack_stream_context *context,
                                const uint8_t *bytes, size_t length, arena *scope,
                                http_header *header)
{
    const uint8_t *at = bytes, *end = bytes + length;
    size_t unfolded = 0;

    for (;;) {
        nghttp3_qpack_nv field;
        uint8_t flags = 0;
        nghttp3_ssize taken = nghttp3_qpack_decoder_read_request(by, context, &field, &flags, at,
                                                                 (size_t)(end - at), 1);

        if (taken < 0)
            return QPACK_BROKEN;
        at += taken;
        if (flags & NGHTTP3_QPACK_DECODE_FLAG_BLOCKED)
            return QPACK_WAITS;
        if (flags & NGHTTP3_QPACK_DECODE_FLAG_EMIT) {
            unfolded += set_field(scope, header, &field);
            if (unfolded > QPACK_LIMIT_SECTION)
                return QPACK_BROKEN;
        } else if (flags & NGHTTP3_QPACK_DECODE_FLAG_FINAL) {
            return QPACK_READ;
        } else if (taken == 0) {
            return QPACK_BROKEN;
        }
    }
}

static qpack_result read_section(nghttp3_qpack_decoder *by, int64_t stream, const uint8_t *bytes,
                                 size_t length, arena *scope, http_header *header, uint64_t *needed)
{
    nghttp3_qpack_stream_context *context;
    http_header made = http_header_new();

    if (nghttp3_qpack_stream_context_new(&context, stream, nghttp3_mem_default()) != 0)
        g_error("nghttp3 has no memory");
    qpack_result result = read_fields(by, context, bytes, length, scope, &made);

    if (result == QPACK_WAITS)
        *needed = nghttp3_qpack_stream_context_get_ricnt(context);
    nghttp3_qpack_stream_context_del(context);
    drop_answers(by);
    if (result == QPACK_READ)
        *header = made;
    return result;
}

/* A section that begins with 0 needs nothing of the table (RFC 9204 section 4.5.1.1). */
qpack_result qpack_read(qpack *of, int64_t stream, const uint8_t *bytes, size_t length,
                        arena *scope, http_header *header, uint64_t *needed)
{
    *needed = 0;
    if (length == 0)
        return QPACK_BROKEN;
    if (bytes[0] == 0)
        return read_section(decoder_of(&of->plain, 0), stream, bytes, length, scope, header,
                            needed);
    if (of->lost)
        return QPACK_LACKS;
    if (!of->allowed)
        return QPACK_WAITS;
    return read_section(decoder_of(&of->decoder, of->capacity), stream, bytes, length, scope,
                        header, needed);
}

#else

struct qpack {
    bool allowed;
};

bool qpack_is_there(void)
{
    return false;
}

qpack *qpack_new(void)
{
    return g_new0(qpack, 1);
}

void qpack_free(qpack *of)
{
    g_free(of);
}

void qpack_allow(qpack *of, uint64_t capacity)
{
    (void)capacity;
    of->allowed = true;
}

bool qpack_is_allowed(const qpack *of)
{
    return of->allowed;
}

void qpack_instruct(qpack *of, const uint8_t *bytes, size_t length)
{
    (void)of;
    (void)bytes;
    (void)length;
}

void qpack_lose(qpack *of)
{
    (void)of;
}

uint64_t qpack_count(const qpack *of)
{
    (void)of;
    return 0;
}

qpack_result qpack_read(qpack *of, int64_t stream, const uint8_t *bytes, size_t length,
                        arena *scope, http_header *header, uint64_t *needed)
{
    (void)of;
    (void)stream;
    (void)bytes;
    (void)length;
    (void)scope;
    (void)header;
    *needed = 0;
    return QPACK_LACKS;
}

#endif
