/* traffic.c
 * A capture of one connection, built around bytes of the fuzzer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "traffic.h"

#include "fuzz.h"

#define CLIENT_PORT 50000
#define SERVER_PORT 80

typedef struct {
    const uint8_t *at;
    size_t length;
} bytes;

static void put(GByteArray *to, const void *from, size_t length)
{
    if (length > 0)
        g_byte_array_append(to, from, (guint)length);
}

static void put_text(GByteArray *to, const char *text)
{
    put(to, text, strlen(text));
}

static void put8(GByteArray *to, unsigned value)
{
    guint8 byte = (guint8)value;

    put(to, &byte, 1);
}

static void put16(GByteArray *to, unsigned value)
{
    put8(to, value >> 8);
    put8(to, value);
}

static void put32(GByteArray *to, uint32_t value)
{
    put16(to, value >> 16);
    put16(to, value & 0xFFFF);
}

/* ------------------------------------------------------------------------------------- TCP ---- */

typedef struct {
    GByteArray *capture;
    unsigned switches;
    unsigned segment; /* bytes of one */
    uint32_t number;
    uint32_t next[2]; /* sequence numbers of server and client */
} connection;

static void put_file_header(GByteArray *to)
{
    put32(to, 0xA1B2C3D4); /* its order says how the rest is to be read */
    put32(to, 0x00020004);
    put32(to, 0);
    put32(to, 0);
    put32(to, 262144);
    put32(to, 101); /* raw IP */
}

static void put_record_header(GByteArray *to, uint32_t number, uint32_t length)
{
    put32(to, 1700000000);
    put32(to, number);
    put32(to, length);
    put32(to, length);
}

static void put_segment(connection *c, bool client, unsigned flags, const uint8_t *at,
                        uint32_t length)
{
    put_record_header(c->capture, c->number++, 40 + length);
    put32(c->capture, 0x45000000u | (40 + length));
    put32(c->capture, 0);
    put32(c->capture, 0x40060000u); /* TTL 64, TCP, no checksum */
    put32(c->capture, client ? 0x0A000064 : 0x0A000001);
    put32(c->capture, client ? 0x0A000001 : 0x0A000064);
    put16(c->capture, client ? CLIENT_PORT : SERVER_PORT);
    put16(c->capture, client ? SERVER_PORT : CLIENT_PORT);
    put32(c->capture, c->next[client]);
    put32(c->capture, c->next[!client]);
    put16(c->capture, 0x5000u | flags);
    put16(c->capture, 65535);
    put32(c->capture, 0);
    put(c->capture, at, length);
    c->next[client] += length + ((flags & 3) != 0);
}

static void put_stream(connection *c, bool client, bytes sent)
{
    unsigned n = 0;

    for (size_t at = 0; at < sent.length; at += c->segment, n++) {
        uint32_t part = (uint32_t)MIN(c->segment, sent.length - at);

        if (!client && (c->switches & TRAFFIC_DROP) && n == 1) {
            c->next[client] += part;
            continue;
        }
        put_segment(c, client, 0x18, sent.at + at, part);
        if ((c->switches & TRAFFIC_RETRANSMIT) && n == 0) {
            c->next[client] -= part;
            put_segment(c, client, 0x18, sent.at + at, part);
        }
    }
}

static void put_handshake(connection *c)
{
    put_segment(c, true, 0x02, NULL, 0);
    put_segment(c, false, 0x12, NULL, 0);
    put_segment(c, true, 0x10, NULL, 0);
}

static void put_both(connection *c, bytes request, bytes response)
{
    if (c->switches & TRAFFIC_SWAP)
        put_stream(c, false, response);
    put_stream(c, true, request);
    if (!(c->switches & TRAFFIC_SWAP))
        put_stream(c, false, response);
}

/* ---------------------------------------------------------------------------------- HTTP/2 ---- */

enum { DATA = 0, HEADERS = 1, SETTINGS = 4 };
enum { END_STREAM = 1, END_HEADERS = 4 };
/* Indexes in the static table of names (RFC 7541 appendix A). */
enum { AUTHORITY = 1, METHOD = 2, PATH = 4, STATUS = 8, CONTENT_TYPE = 31 };

static void put_frame(GByteArray *to, unsigned type, unsigned flags, uint32_t stream, bytes payload)
{
    put8(to, (unsigned)(payload.length >> 16));
    put16(to, (unsigned)(payload.length & 0xFFFF));
    put8(to, type);
    put8(to, flags);
    put32(to, stream);
    put(to, payload.at, payload.length);
}

/* A literal without indexing, its name from the table. */
static void put_header(GByteArray *to, unsigned name, const char *value)
{
    put8(to, MIN(name, 15));
    if (name >= 15)
        put8(to, name - 15);
    put8(to, (unsigned)strlen(value));
    put_text(to, value);
}

/* The message, its body in frames that are as long as a segment. */
static void put_message(GByteArray *to, uint32_t stream, const GByteArray *header, bytes body,
                        size_t piece)
{
    bytes block = {header->data, header->len};

    put_frame(to, HEADERS, END_HEADERS | (body.length == 0 ? END_STREAM : 0), stream, block);
    for (size_t at = 0; at < body.length; at += piece) {
        bytes part = {body.at + at, MIN(piece, body.length - at)};

        put_frame(to, DATA, at + part.length == body.length ? END_STREAM : 0, stream, part);
    }
}

static GByteArray *http2_request(uint32_t stream, const char *method, bytes body, size_t piece)
{
    GByteArray *to = g_byte_array_new(), *header = g_byte_array_new();

    if (stream == 1) {
        put_text(to, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        put_frame(to, SETTINGS, 0, 0, (bytes){NULL, 0});
    }
    put_header(header, METHOD, method);
    put_header(header, PATH, "/c/");
    put_header(header, AUTHORITY, "h");
    put_message(to, stream, header, body, piece);
    g_byte_array_free(header, TRUE);
    return to;
}

static GByteArray *http2_response(uint32_t stream, bytes body, size_t piece)
{
    GByteArray *to = g_byte_array_new(), *header = g_byte_array_new();

    if (stream == 1)
        put_frame(to, SETTINGS, 0, 0, (bytes){NULL, 0});
    put_header(header, STATUS, "207");
    put_header(header, CONTENT_TYPE, "application/xml");
    put_message(to, stream, header, body, piece);
    g_byte_array_free(header, TRUE);
    return to;
}

static void put_http2(connection *c, uint32_t stream, bytes request, bytes response)
{
    static const char *const methods[] = {"PROPFIND", "REPORT", "DELETE", "PROPPATCH",
                                          "POST",     "LOCK",   "GET",    "MKCALENDAR"};
    const char *method = methods[c->segment / 8 % G_N_ELEMENTS(methods)];
    GByteArray *asked = http2_request(stream, method, request, c->segment);
    GByteArray *answered = http2_response(stream, response, c->segment);

    put_both(c, (bytes){asked->data, asked->len}, (bytes){answered->data, answered->len});
    g_byte_array_free(asked, TRUE);
    g_byte_array_free(answered, TRUE);
}

/* --------------------------------------------------------------------------------- capture ---- */

GByteArray *traffic_capture(const uint8_t *data, size_t size)
{
    connection c = {.capture = g_byte_array_new(), .next = {1000, 5000}};
    fuzz_input input = {data, size};

    c.switches = fuzz_byte(&input);
    c.segment = 16 + 8u * fuzz_byte(&input);
    size_t sent = fuzz_byte(&input);

    sent |= (size_t)fuzz_byte(&input) << 8;
    bytes request = {input.at, MIN(sent, input.left)};
    bytes response = {input.at + request.length, input.left - request.length};

    put_file_header(c.capture);
    put_handshake(&c);
    for (uint32_t i = 0; i < (c.switches & TRAFFIC_TWICE ? 2u : 1u); i++) {
        if (c.switches & TRAFFIC_HTTP2)
            put_http2(&c, 1 + 2 * i, request, response);
        else
            put_both(&c, request, response);
    }
    if (!(c.switches & TRAFFIC_NO_END))
        put_segment(&c, false, 0x11, NULL, 0);
    return c.capture;
}
