/* fuzz_exchange.c
 * The whole path in one process: a capture of one connection is built around the fuzzer's bytes and
 * read as the command reads it, through wiretap and libwireshark, twice, with the tree that a
 * filter needs. Wireshark's libraries themselves are the system's, without instrumentation.
 *
 * The input: a byte of switches, one with the length of a segment, two with the length of what the
 * client sends, that, then what the server sends.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture.h"
#include "session.h"

enum { SWAP = 1, DROP = 2, NO_END = 4, RETRANSMIT = 8 };

#define CLIENT_PORT 50000
#define SERVER_PORT 80
#define MOST_SENT 16384

static int file;
static char path[64];
static capture_reader *reader;
static unsigned records;

/* ---- a capture ---- */

static void put16(GByteArray *to, unsigned value)
{
    guint8 bytes[] = {(guint8)(value >> 8), (guint8)value};

    g_byte_array_append(to, bytes, sizeof bytes);
}

static void put32(GByteArray *to, uint32_t value)
{
    put16(to, value >> 16);
    put16(to, value & 0xFFFF);
}

/* In the order of the fields of a pcap file, which says by its magic number how it is read. */
static void put_record_header(GByteArray *to, uint32_t number, uint32_t length)
{
    put32(to, 1700000000);
    put32(to, number);
    put32(to, length);
    put32(to, length);
}

typedef struct {
    GByteArray *capture;
    uint32_t number;
    uint32_t next[2]; /* sequence numbers of server and client */
} connection;

static void put_segment(connection *c, bool client, unsigned flags, const uint8_t *bytes,
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
    g_byte_array_append(c->capture, bytes, length);
    c->next[client] += length + ((flags & 3) != 0);
}

static void put_stream(connection *c, bool client, const uint8_t *bytes, size_t length,
                       unsigned segment, unsigned switches)
{
    unsigned n = 0;

    for (size_t at = 0; at < length; at += segment, n++) {
        uint32_t part = (uint32_t)MIN(segment, length - at);

        if ((switches & DROP) && n == 1) {
            c->next[client] += part;
            continue;
        }
        put_segment(c, client, 0x18, bytes + at, part);
        if ((switches & RETRANSMIT) && n == 0) {
            c->next[client] -= part;
            put_segment(c, client, 0x18, bytes + at, part);
        }
    }
}

static GByteArray *make_capture(const uint8_t *data, size_t size)
{
    connection c = {g_byte_array_new(), 0, {1000, 5000}};
    fuzz_input input = {data, size};
    unsigned switches = fuzz_byte(&input), segment = 16 + 8u * fuzz_byte(&input);
    size_t sent = fuzz_byte(&input);

    sent |= (size_t)fuzz_byte(&input) << 8;
    sent = MIN(sent, input.left);
    put32(c.capture, 0xA1B2C3D4);
    put32(c.capture, 0x00020004);
    put32(c.capture, 0);
    put32(c.capture, 0);
    put32(c.capture, 262144);
    put32(c.capture, 101); /* raw IP */
    put_segment(&c, true, 0x02, NULL, 0);
    put_segment(&c, false, 0x12, NULL, 0);
    put_segment(&c, true, 0x10, NULL, 0);
    if (switches & SWAP)
        put_stream(&c, false, input.at + sent, input.left - sent, segment, switches);
    put_stream(&c, true, input.at, sent, segment, switches & RETRANSMIT);
    if (!(switches & SWAP))
        put_stream(&c, false, input.at + sent, input.left - sent, segment, switches);
    if (!(switches & NO_END))
        put_segment(&c, false, 0x11, NULL, 0);
    return c.capture;
}

/* ---- reading it ---- */

static bool take_record(void *data, exchange_record *record)
{
    unsigned *taken = data;

    fuzz_check(record->verdict < MS_VERDICTS && record->frame > 0);
    (*taken)++;
    return true;
}

static void start(void)
{
    static char program[] = "fuzz_exchange", input[] = "capture";
    static char *arguments[] = {program, input, NULL};
    static options o;

    /* Every allocation by itself, so that the sanitizer sees what is read beside one. */
    g_setenv("WIRESHARK_DEBUG_WMEM_OVERRIDE", "simple", FALSE);
    file = memfd_create("capture", 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    fuzz_check(file >= 0 && options_parse(&o, 2, arguments));
    fuzz_check(session_start(&o, program) == EXIT_ANALYSED);
    reader = capture_reader_new("multistatus", true, take_record, &records);
    fuzz_check(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!reader)
        start();
    if (size > 3 * MOST_SENT)
        return 0;
    GByteArray *capture = make_capture(data, size);

    fuzz_check(ftruncate(file, 0) == 0 &&
               pwrite(file, capture->data, capture->len, 0) == (ssize_t)capture->len);
    g_byte_array_free(capture, TRUE);
    capture_record *summary = capture_record_new("fuzz");

    (void)capture_read(reader, path, summary);
    capture_record_free(summary);
    return 0;
}
