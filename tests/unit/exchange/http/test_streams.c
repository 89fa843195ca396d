/* test_streams.c
 * Bytes of connections: in order, messages out of them, content codings undone.
 *
 * RFC 9112 sections 6 and 7, RFC 9293 section 3.4, RFC 9110 section 8.4.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include <zlib.h>
#ifdef MULTISTATUS_ZSTD
#include <zstd.h>
#endif

#include "body.h"
#include "codings.h"
#include "http1.h"
#include "lines.h"
#include "stream.h"
#include "unit.h"

/* ---- messages ---- */

#define OK "HTTP/1.1 207 Multi-Status\r\n"

static const struct {
    const char *bytes, *body;
    body_framing framing;
    bool ended, broken;
    int behind; /* bytes that no longer belong to it */
} messages[] = {
    {OK "Content-Length: 4\r\n\r\n", "", BODY_LENGTH, false, false, 0},
    {OK "Content-Length: 4\r\n\r\nabc", "abc", BODY_LENGTH, false, false, 0},
    {OK "Content-Length: 4\r\n\r\nabcd", "abcd", BODY_LENGTH, true, false, 0},
    {OK "Content-Length: 4\r\n\r\nabcdHTTP", "abcd", BODY_LENGTH, true, false, 4},
    {OK "Content-Length: 0\r\n\r\n", "", BODY_LENGTH, true, false, 0},
    {OK "content-length:4\n\nabcd", "abcd", BODY_LENGTH, true, false, 0},
    {OK "X: y\r\n\r\nabc", "abc", BODY_TO_END, false, false, 0},
    {"HTTP/1.1 204 No Content\r\n\r\nHTTP", "", BODY_LENGTH, true, false, 4},
    {"HTTP/1.1 304 x\r\nContent-Length: 9\r\n\r\n", "", BODY_LENGTH, true, false, 0},
    {OK "Transfer-Encoding: chunked\r\n\r\n", "", BODY_CHUNKED, false, false, 0},
    {OK "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "abc",
     BODY_CHUNKED, true, false, 0},
    {OK "Transfer-Encoding: gzip, Chunked\r\n\r\n3;a=\"b\"\r\nabc\r\nA \r\n0123456789\r\n00\r\n"
        "Trailer: x\r\n\r\nHTTP",
     "abc0123456789", BODY_CHUNKED, true, false, 4},
    {OK "Transfer-Encoding: chunked\r\n\r\n3\r\nab", "ab", BODY_CHUNKED, false, false, 0},
    {OK "Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n", "abc", BODY_CHUNKED, true, false, 0},
    {OK "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nTrailer: x\r\n", "abc", BODY_CHUNKED,
     false, false, 0},
    {OK "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd", "abc", BODY_CHUNKED, false, true, 0},
    {OK "Transfer-Encoding: chunked\r\n\r\n<multistatus", "", BODY_CHUNKED, false, true, 11},
    {OK "Transfer-Encoding: chunked\r\n\r\n\r\n", "", BODY_CHUNKED, false, true, 1},
    {OK "Transfer-Encoding: chunked\r\n\r\n1111111111111111111\r\n", "", BODY_CHUNKED, false, true,
     5},
};

/* A reader of what follows the header, which is complete. */
static body_reader reader_of(const char *bytes, size_t limit, size_t *header_length)
{
    size_t length = strlen(bytes);
    arena scope = {0};
    http_header header;

    *header_length = http1_header_length((const uint8_t *)bytes, length, 0);
    g_assert_true(http1_parse(&scope, bytes, *header_length, &header));
    body_reader reader = body_reader_of(&header, false, limit);

    arena_clear(&scope);
    return reader;
}

static body_reader read_in_steps(const char *bytes, size_t step, size_t *taken)
{
    size_t length = strlen(bytes);
    body_reader reader = reader_of(bytes, 1000, taken);

    for (size_t at = *taken; at < length && *taken == at; at += step)
        *taken += body_reader_feed(&reader, (const uint8_t *)bytes + at, MIN(step, length - at));
    return reader;
}

/* However the bytes are cut into pieces, the result is the same. */
static void test_message(gconstpointer row)
{
    size_t n = GPOINTER_TO_SIZE(row), length = strlen(messages[n].bytes), taken;

    for (size_t step = 1; step <= MAX(length, 1); step++) {
        body_reader reader = read_in_steps(messages[n].bytes, step, &taken);

        g_assert_cmpmem(reader.body->data, reader.body->len, messages[n].body,
                        strlen(messages[n].body));
        g_assert_cmpuint(reader.length, ==, strlen(messages[n].body));
        g_assert_cmpint(reader.framing, ==, messages[n].framing);
        g_assert_cmpint(reader.ended, ==, messages[n].ended);
        g_assert_cmpint(reader.broken, ==, messages[n].broken);
        g_assert_cmpint((int)(length - taken), ==, messages[n].behind);
        body_reader_clear(&reader);
    }
}

static void test_limits(void)
{
    size_t header;
    body_reader reader = reader_of(OK "\r\n", 10, &header);

    body_reader_feed(&reader, (const uint8_t *)"aaaaaaaaaaaaaaaaaaaa", 20);
    g_assert_cmpuint(reader.body->len, ==, 10);
    g_assert_cmpuint(reader.length, ==, 20);
    body_reader_clear(&reader);
}

/* A request has no body if nothing says that it has one. */
static void test_request(void)
{
    static const char text[] = "MKCALENDAR /c/ HTTP/1.1\r\nHost: x\r\n\r\nMKCALENDAR";
    size_t header;
    body_reader reader = reader_of(text, 10, &header);

    g_assert_cmpuint(header, ==, strlen(text) - strlen("MKCALENDAR"));
    g_assert_true(reader.ended);
    body_reader_clear(&reader);
}

/* Segments may begin with the status line of a resource inside a body. */
static const struct {
    const char *text;
    bool response;
} beginnings[] = {
    {OK, true},
    {OK "Date: x\r\n", true},
    {OK "Content-Len", true},
    {OK "\r\n", true},
    {OK "\r", true},
    {"HTTP/1.1 207 \r\nA: b\r\n", true},
    {"HTTP/1.1 200 OK</D:status>\r\n</D:propstat>\r\n", false},
    {"HTTP/1.1 200 OK\r\n</D:status>", false},
    {"HTTP/1.1 200 OK\r\nno field\r\n", false},
    {"HTTP/1.1 200 OK", false},
    {"GET / HTTP/1.1\r\n", false},
    {"HTTP/1.1 abc\r\n", false},
    {"HTTP/1.1  207\r\nA: b\r\n", true},
    {"HTTP/ 2070 x\r\nA: b\r\n", true},
};

static void test_beginnings(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(beginnings); i++)
        unit_check(http1_is_response(beginnings[i].text, strlen(beginnings[i].text)) ==
                       beginnings[i].response,
                   "\"%s\" is %sa response", beginnings[i].text,
                   beginnings[i].response ? "" : "not ");
}

/* What Wireshark takes for a status line: -1 for none, 0 for more bytes. */
static const struct {
    const char *text;
    int place;
} status_lines[] = {
    {"", 0},
    {"H", 0},
    {"HTTP/1.1", 0},
    {"HTTP/1.1 ", 0},
    {"HTTP/1.1 20", 0},
    {"HTTP/1.1 207", 9},
    {"HTTP/1.1  207 x", 10},
    {"HTTP/1.1 2070", 9},
    {"HTTP/ 207x", 6},
    {"HTTP/\xe9 207", 7},
    {"M", 0},
    {"M-", 0},
    {"M-HTTP/1.1 207", 11},
    {"ICY 207", 4},
    {"M-SEARCH * HTTP/1.1", -1},
    {"http/1.1 207", -1},
    {"HTTPx 207", -1},
    {"HTTP/1.1 2O7", -1},
    {"HTTP/1.1\t207", 0},
    {"HTTP/1.1\t207 x", -1},
    {"HTTP/1.1\r\n207", -1},
    {"HTTP/1.1\r 207", -1},
};

static void test_status_lines(void)
{
    char *longest = g_strnfill(2000, '1');

    for (size_t i = 0; i < G_N_ELEMENTS(status_lines); i++) {
        int place = http_status_place(status_lines[i].text, strlen(status_lines[i].text));

        unit_check(place == status_lines[i].place, "\"%s\": the status is at %d, not %d",
                   status_lines[i].text, place, status_lines[i].place);
    }
    memcpy(longest, "HTTP/", 5);
    g_assert_cmpint(http_status_place(longest, 1000), ==, 0);
    g_assert_cmpint(http_status_place(longest, 2000), ==, -1);
    g_free(longest);
}

/* ---- streams ---- */

#define STREAM 4000

static stream_piece piece_of(const uint8_t *bytes, int64_t from, size_t length)
{
    return (stream_piece){.at = from,
                          .bytes = bytes + from,
                          .length = length,
                          .reported = length,
                          .acknowledged = NO_PLACE,
                          .begins = true};
}

/* Adds a piece and reads what is in order. */
static void add(byte_stream *of, const stream_piece *came, GByteArray *got)
{
    stream_piece next;

    stream_add(of, came);
    while (stream_peek(of, &next)) {
        g_assert_cmpint(next.at, ==, (int64_t)got->len);
        g_byte_array_append(got, next.bytes, (guint)next.length);
        stream_take(of, next.length);
    }
    stream_keep(of);
}

/* Late, twice, overlapping, and across the wrap-around of sequence numbers. */
static void test_any_order(void)
{
    GRand *random = g_rand_new_with_seed(1);
    uint8_t bytes[STREAM];

    for (unsigned i = 0; i < STREAM; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 256);
    for (unsigned round = 0; round < 40; round++) {
        uint32_t first = UINT32_MAX - (uint32_t)g_rand_int_range(random, 0, 2 * STREAM);
        byte_stream order = {0};
        GByteArray *got = g_byte_array_new();

        stream_begins(&order, stream_place(&order, first));
        for (unsigned i = 0; got->len < STREAM && i < 100000; i++) {
            uint32_t from = (uint32_t)g_rand_int_range(random, 0, STREAM);
            uint32_t length = (uint32_t)g_rand_int_range(random, 0, 200);

            g_assert_cmpint(stream_place(&order, first + from), ==, (int64_t)from);
            stream_piece came = piece_of(bytes, from, MIN(length, STREAM - from));

            add(&order, &came, got);
        }
        g_assert_cmpmem(got->data, got->len, bytes, STREAM);
        stream_clear(&order);
        g_byte_array_unref(got);
    }
    g_rand_free(random);
}

static void test_hole(void)
{
    uint8_t bytes[STREAM] = {0};
    byte_stream order = {0};
    GByteArray *got = g_byte_array_new();
    stream_piece came = piece_of(bytes, 0, 10), later = piece_of(bytes, 25, 10), next;

    stream_begins(&order, stream_place(&order, 100));
    add(&order, &came, got);
    g_assert_cmpint(stream_hole(&order), ==, 0);
    add(&order, &later, got);
    g_assert_cmpuint(got->len, ==, 10);
    g_assert_cmpint(stream_hole(&order), ==, 15);
    stream_skip(&order, order.next + stream_hole(&order));
    g_assert_true(stream_peek(&order, &next));
    g_assert_cmpint(next.at, ==, 25);
    stream_clear(&order);
    g_byte_array_unref(got);
}

/* When bytes are sent twice, the first sending tells what its sender had heard by then. */
static void test_first_sending(void)
{
    uint8_t bytes[STREAM] = {0};
    byte_stream order = {0};
    stream_piece again = piece_of(bytes, 10, 10), came = again, next;

    again.acknowledged = 70;
    came.acknowledged = 20;
    stream_begins(&order, stream_place(&order, 100));
    stream_add(&order, &again);
    stream_keep(&order);
    stream_add(&order, &came);
    stream_keep(&order);
    stream_skip(&order, order.next + stream_hole(&order));
    g_assert_true(stream_peek(&order, &next));
    g_assert_cmpint(next.acknowledged, ==, 20);
    stream_clear(&order);
}

/* What waits after a hole is bounded: the reader has to give the hole up. */
static void test_bounded(void)
{
    uint8_t *bytes = g_malloc0(2 * STREAM_LIMIT_BYTES);
    byte_stream order = {0};
    GByteArray *got = g_byte_array_new();

    stream_begins(&order, stream_place(&order, 0));
    for (int64_t at = 1; at < (int64_t)STREAM_LIMIT_BYTES - 2000; at += 1000) {
        stream_piece came = piece_of(bytes, at, 1000);

        add(&order, &came, got);
        g_assert_false(stream_is_full(&order));
    }
    stream_piece last = piece_of(bytes, STREAM_LIMIT_BYTES + 1000, 8000);

    add(&order, &last, got);
    g_assert_true(stream_is_full(&order));
    g_assert_cmpuint(got->len, ==, 0);
    stream_clear(&order);
    g_byte_array_unref(got);
    g_free(bytes);
}

/* ---- codings ---- */

/* The window bits of zlib's deflateInit2(). */
enum { GZIP = 15 + 16, ZLIB = 15, RAW = -15 };

static GByteArray *deflated(const char *text, size_t length, int window)
{
    z_stream stream = {.next_in = (z_const Bytef *)(uintptr_t)text, .avail_in = (uInt)length};
    GByteArray *coded = g_byte_array_new();

    g_assert_cmpint(deflateInit2(&stream, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
    g_byte_array_set_size(coded, (guint)deflateBound(&stream, length));
    stream.next_out = coded->data;
    stream.avail_out = coded->len;
    g_assert_cmpint(deflate(&stream, Z_FINISH), ==, Z_STREAM_END);
    g_byte_array_set_size(coded, (guint)stream.total_out);
    deflateEnd(&stream);
    return coded;
}

/* A body with as much in it as a real one: not the same byte over and over. */
static char *listing(unsigned rows)
{
    GString *text = g_string_new("<multistatus xmlns=\"DAV:\">");

    for (unsigned i = 0; i < rows; i++)
        g_string_append_printf(text, "<response><href>/%x/%u</href></response>", i * 2654435761u,
                               i);
    return g_string_free(text, FALSE);
}

/* Whole, and cut at every byte: the result is always a beginning of the body. */
static void check_coding(const char *name, const GByteArray *coded, const char *text)
{
    for (guint length = 0; length <= coded->len; length += length + 100 < coded->len ? 37 : 1) {
        GByteArray *plain;
        codings_result result = codings_undo(name, coded->data, length, CODINGS_LIMIT, &plain);

        g_assert_cmpint(result, ==, length == coded->len ? CODINGS_WHOLE : CODINGS_PARTIAL);
        g_assert_cmpuint(plain->len, <=, strlen(text));
        g_assert_cmpmem(plain->data, plain->len, text, plain->len);
        if (result == CODINGS_WHOLE)
            g_assert_cmpuint(plain->len, ==, strlen(text));
        g_byte_array_unref(plain);
    }
}

/* RFC 1952 section 2.2: a file may have several members. */
static void test_members(void)
{
    char *text = listing(300), *twice = g_strconcat(text, text, NULL);
    GByteArray *coded = deflated(text, strlen(text), GZIP), *plain;

    g_byte_array_append(coded, coded->data, coded->len);
    g_assert_cmpint(codings_undo("gzip", coded->data, coded->len, CODINGS_LIMIT, &plain), ==,
                    CODINGS_WHOLE);
    g_assert_cmpmem(plain->data, plain->len, twice, strlen(twice));
    g_byte_array_unref(plain);
    g_assert_cmpint(codings_undo("gzip", coded->data, coded->len - 9, CODINGS_LIMIT, &plain), ==,
                    CODINGS_PARTIAL);
    g_byte_array_unref(plain);
    g_byte_array_unref(coded);
    g_free(twice);
    g_free(text);
}

static void test_deflate(void)
{
    char *text = listing(500);
    GByteArray *gzip = deflated(text, strlen(text), GZIP);
    GByteArray *zlib = deflated(text, strlen(text), ZLIB);
    GByteArray *raw = deflated(text, strlen(text), RAW);

    check_coding("gzip", gzip, text);
    check_coding("X-GZip", gzip, text);
    check_coding("deflate", zlib, text);
    check_coding("deflate", raw, text);
    g_byte_array_unref(gzip);
    g_byte_array_unref(zlib);
    g_byte_array_unref(raw);
    g_free(text);
}

static void test_layers(void)
{
    char *text = listing(10);
    GByteArray *inner = deflated(text, strlen(text), ZLIB);
    GByteArray *outer = deflated((const char *)inner->data, inner->len, GZIP);
    GByteArray *plain;

    g_assert_cmpint(
        codings_undo("deflate, identity ,gzip", outer->data, outer->len, CODINGS_LIMIT, &plain), ==,
        CODINGS_WHOLE);
    g_assert_cmpmem(plain->data, plain->len, text, strlen(text));
    g_byte_array_unref(plain);
    g_assert_cmpint(
        codings_undo("gzip,gzip,gzip,gzip", outer->data, outer->len, CODINGS_LIMIT, &plain), !=,
        CODINGS_WHOLE);
    g_byte_array_unref(plain);
    g_byte_array_unref(inner);
    g_byte_array_unref(outer);
    g_free(text);
}

/* What exceeds the limit is dropped, in the first as in the second layer. */
static void test_coding_limit(void)
{
    char *text = listing(500);
    GByteArray *inner = deflated(text, strlen(text), ZLIB);
    GByteArray *outer = deflated((const char *)inner->data, inner->len, GZIP);
    GByteArray *plain;

    for (size_t limit = 0; limit < inner->len + 2; limit += 1 + inner->len / 7) {
        codings_result result =
            codings_undo("deflate,gzip", outer->data, outer->len, limit, &plain);

        g_assert_cmpint(result, ==, CODINGS_LARGE);
        g_assert_cmpuint(plain->len, <=, limit);
        g_assert_cmpmem(plain->data, plain->len, text, plain->len);
        g_byte_array_unref(plain);
    }
    g_assert_cmpint(codings_undo("deflate", inner->data, inner->len, strlen(text), &plain), ==,
                    CODINGS_WHOLE);
    g_byte_array_unref(plain);
    g_assert_cmpint(codings_undo("deflate", inner->data, inner->len, strlen(text) - 1, &plain), ==,
                    CODINGS_LARGE);
    g_assert_cmpuint(plain->len, ==, strlen(text) - 1);
    g_byte_array_unref(plain);
    g_byte_array_unref(inner);
    g_byte_array_unref(outer);
    g_free(text);
}

/* A list from very many fields is put together only as far as anybody reads it: the time for the
 * rest would be the square of them. */
static void test_many_fields(void)
{
    static const char name[] = "DAV", value[] = "1, access-control";
    arena scope = {0};
    http_header header = http_header_new();

    for (unsigned i = 0; i < 30000; i++)
        http_header_set(&scope, &header, (http_slice){name, name + strlen(name)},
                        (http_slice){value, value + strlen(value)});
    g_assert_true(g_str_has_prefix(header.fields[HTTP_DAV], "1, access-control, 1, "));
    g_assert_cmpuint(strlen(header.fields[HTTP_DAV]), <, 10000);
    arena_clear(&scope);
}

/* A header that does not say what the bytes are, and one that does. */
static void test_read(void)
{
    char *text = listing(30);
    GByteArray *forms[] = {
        g_byte_array_append(g_byte_array_new(), (const guint8 *)text, (guint)strlen(text)),
        deflated(text, strlen(text), GZIP), deflated(text, strlen(text), ZLIB),
        deflated(text, strlen(text), RAW), NULL};
    enum { PLAIN_FORM, GZIP_FORM, ZLIB_FORM, RAW_FORM, TWICE_FORM };
    static const struct {
        const char *codings;
        unsigned form;
        codings_result result;
        const char *instead;
    } rows[] = {
        {"gzip", GZIP_FORM, CODINGS_WHOLE, NULL},
        {"deflate", ZLIB_FORM, CODINGS_WHOLE, NULL},
        {"deflate", RAW_FORM, CODINGS_WHOLE, NULL},
        {NULL, PLAIN_FORM, CODINGS_WHOLE, NULL},
        {"identity", PLAIN_FORM, CODINGS_WHOLE, NULL},
        {"deflate", GZIP_FORM, CODINGS_WHOLE, "gzip"},
        {"X-Deflate", GZIP_FORM, CODINGS_WHOLE, "gzip"},
        {"gzip", ZLIB_FORM, CODINGS_WHOLE, "zlib (deflate)"},
        {"rot13", GZIP_FORM, CODINGS_WHOLE, "gzip"},
        {"rot13", ZLIB_FORM, CODINGS_WHOLE, "zlib"},
        {"gzip", PLAIN_FORM, CODINGS_WHOLE, "not compressed"},
        {"rot13", PLAIN_FORM, CODINGS_UNKNOWN, NULL},
        {"gzip", TWICE_FORM, CODINGS_WHOLE, "compressed once more, with gzip"},
        {"gzip, gzip", TWICE_FORM, CODINGS_WHOLE, NULL},
        /* It cannot be told from any other bytes. */
        {"gzip", RAW_FORM, CODINGS_BROKEN, NULL},
        {"rot13", RAW_FORM, CODINGS_UNKNOWN, NULL},
    };

    forms[TWICE_FORM] = deflated((const char *)forms[GZIP_FORM]->data, forms[GZIP_FORM]->len, GZIP);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const GByteArray *form = forms[rows[i].form];
        const char *instead;
        GByteArray *plain;

        g_test_message("%zu: %s", i, rows[i].codings ? rows[i].codings : "none");
        g_assert_cmpint(
            codings_read(rows[i].codings, form->data, form->len, CODINGS_LIMIT, &plain, &instead),
            ==, rows[i].result);
        g_assert_cmpstr(instead, ==, rows[i].instead);
        if (rows[i].result == CODINGS_WHOLE)
            g_assert_cmpmem(plain->data, plain->len, text, strlen(text));
        g_byte_array_unref(plain);
    }
    /* Bytes that are not whole are not certain. */
    const char *instead;
    GByteArray *plain;

    g_assert_cmpint(codings_read("rot13", forms[GZIP_FORM]->data, forms[GZIP_FORM]->len - 4,
                                 CODINGS_LIMIT, &plain, &instead),
                    ==, CODINGS_UNKNOWN);
    g_assert_null(instead);
    g_byte_array_unref(plain);
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
        g_byte_array_unref(forms[i]);
    g_free(text);
}

static void test_wrong_codings(void)
{
    static const struct {
        const char *name, *bytes, *out;
        codings_result result;
    } wrong[] = {
        {NULL, "abc", "abc", CODINGS_WHOLE},
        {"", "abc", "abc", CODINGS_WHOLE},
        {"identity", "abc", "abc", CODINGS_WHOLE},
        {"rot13", "abc", "", CODINGS_UNKNOWN},
        {"gzip, rot13", "abc", "", CODINGS_UNKNOWN},
        {"gzip", "this is no gzip", "", CODINGS_BROKEN},
        {"gzip", "", "", CODINGS_PARTIAL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        GByteArray *plain;
        codings_result result = codings_undo(wrong[i].name, (const uint8_t *)wrong[i].bytes,
                                             strlen(wrong[i].bytes), CODINGS_LIMIT, &plain);
        char *words = codings_words(wrong[i].name, result);

        g_assert_cmpint(result, ==, wrong[i].result);
        g_assert_cmpmem(plain->data, plain->len, wrong[i].out, strlen(wrong[i].out));
        g_assert_cmpint(words == NULL, ==, result == CODINGS_WHOLE);
        g_free(words);
        g_byte_array_unref(plain);
    }
}

/* A few kilobytes that claim to be gigabytes. */
static void check_bomb(const char *name, const GByteArray *bomb)
{
    GByteArray *plain;

    g_assert_cmpint(codings_undo(name, bomb->data, bomb->len, SIZE_MAX, &plain), ==, CODINGS_LARGE);
    g_assert_cmpuint(plain->len, <=, CODINGS_LIMIT);
    g_byte_array_unref(plain);
}

static void test_bombs(void)
{
    size_t length = CODINGS_LIMIT + 1;
    char *zeros = g_malloc0(length);
    GByteArray *bomb = deflated(zeros, length, GZIP);

    check_bomb("gzip", bomb);
#ifdef MULTISTATUS_ZSTD
    g_byte_array_set_size(bomb, (guint)ZSTD_compressBound(length));
    g_byte_array_set_size(bomb, (guint)ZSTD_compress(bomb->data, bomb->len, zeros, length, 1));
    check_bomb("zstd", bomb);
#endif
    g_byte_array_unref(bomb);
    g_free(zeros);
}

#ifdef MULTISTATUS_BROTLI
/* 200,000,000 spaces. */
static void test_brotli_bomb(void)
{
    static const uint8_t bomb[] = {
        0xcf, 0xff, 0xff, 0x7f, 0x00, 0x24, 0x40, 0xe2, 0xb1, 0x40, 0x72, 0xef, 0xff, 0xf9,
        0xff, 0xff, 0x0f, 0x80, 0x04, 0x40, 0x1c, 0x16, 0x80, 0xee, 0xfd, 0x3f, 0xff, 0xff,
        0xff, 0x01, 0x90, 0x00, 0x88, 0xc3, 0x02, 0xd0, 0xbd, 0xff, 0xe7, 0xff, 0xff, 0x3f,
        0x00, 0x12, 0x00, 0x71, 0x58, 0x00, 0xba, 0xf7, 0xff, 0xfc, 0xff, 0xff, 0x07, 0x40,
        0x02, 0x20, 0x0e, 0x0b, 0x40, 0xf7, 0xfe, 0x9f, 0xff, 0xff, 0xff, 0x00, 0x48, 0x00,
        0xc4, 0x61, 0x01, 0xe8, 0xde, 0xff, 0xf3, 0xff, 0xff, 0x1f, 0x00, 0x09, 0x80, 0x38,
        0x2c, 0x00, 0xdd, 0xfb, 0x7f, 0xfe, 0xff, 0xff, 0x03, 0x20, 0x01, 0x10, 0x87, 0x05,
        0xa0, 0x7b, 0xff, 0xcf, 0xff, 0xff, 0x7f, 0x00, 0x24, 0x00, 0xe2, 0xb0, 0x00, 0x74,
        0xef, 0xff, 0xf9, 0xff, 0xff, 0x0f, 0x80, 0x04, 0x40, 0x1c, 0x16, 0x80, 0xee, 0xfd,
        0x3f, 0xff, 0xff, 0xff, 0x01, 0x90, 0x00, 0x88, 0xc3, 0x02, 0xd0, 0xbd, 0xff, 0xcf,
        0xff, 0xe0, 0x75, 0x00, 0x12, 0x00, 0x71, 0x58, 0x00, 0xba, 0xb9, 0xeb,
    };
    GByteArray *coded = g_byte_array_append(g_byte_array_new(), bomb, sizeof bomb);
    GByteArray *plain;

    check_bomb("br", coded);
    g_assert_cmpint(codings_undo("br", bomb, sizeof bomb, 10, &plain), ==, CODINGS_LARGE);
    g_assert_cmpmem(plain->data, plain->len, "          ", 10);
    g_byte_array_unref(plain);
    for (size_t length = 0; length < 20; length++) {
        g_assert_cmpint(codings_undo("br", bomb, length, 10, &plain), !=, CODINGS_WHOLE);
        g_byte_array_unref(plain);
    }
    g_assert_cmpint(codings_undo("br", (const uint8_t *)"<xml/>", 6, 10, &plain), ==,
                    CODINGS_BROKEN);
    g_byte_array_unref(plain);
    g_byte_array_unref(coded);
}
#endif

#ifdef MULTISTATUS_ZSTD
static void test_zstd(void)
{
    char *text = listing(500);
    GByteArray *coded = g_byte_array_new();

    g_byte_array_set_size(coded, (guint)ZSTD_compressBound(strlen(text)));
    g_byte_array_set_size(coded,
                          (guint)ZSTD_compress(coded->data, coded->len, text, strlen(text), 3));
    check_coding("zstd", coded, text);
    g_assert_true(codings_are_still_on("zstd", coded->data, coded->len));
    g_assert_false(codings_are_still_on("zstd", (const uint8_t *)text, strlen(text)));
    g_assert_false(codings_are_still_on(NULL, coded->data, coded->len));
    g_byte_array_unref(coded);
    g_free(text);
}
#endif

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
        char *path = g_strdup_printf("/streams/message/%zu", i);

        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_message);
        g_free(path);
    }
    g_test_add_func("/streams/many-fields", test_many_fields);
    g_test_add_func("/streams/limits", test_limits);
    g_test_add_func("/streams/request", test_request);
    g_test_add_func("/streams/beginnings", test_beginnings);
    g_test_add_func("/streams/status_lines", test_status_lines);
    g_test_add_func("/streams/any-order", test_any_order);
    g_test_add_func("/streams/hole", test_hole);
    g_test_add_func("/streams/first-sending", test_first_sending);
    g_test_add_func("/streams/bounded", test_bounded);
    g_test_add_func("/streams/deflate", test_deflate);
    g_test_add_func("/streams/members", test_members);
    g_test_add_func("/streams/layers", test_layers);
    g_test_add_func("/streams/coding-limit", test_coding_limit);
    g_test_add_func("/streams/read-codings", test_read);
    g_test_add_func("/streams/wrong-codings", test_wrong_codings);
    g_test_add_func("/streams/bombs", test_bombs);
#ifdef MULTISTATUS_BROTLI
    g_test_add_func("/streams/brotli-bomb", test_brotli_bomb);
#endif
#ifdef MULTISTATUS_ZSTD
    g_test_add_func("/streams/zstd", test_zstd);
#endif
    return g_test_run();
}
