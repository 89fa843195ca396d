/* test_sieve.c
 * The sieve on packets made by hand: what it keeps, and that its answer can be handed on as a list;
 * the files that are read without wiretap, and the ones that are left to it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>
#include <wiretap/wtap.h>

#include "libraries.h"
#include "ports.h"
#include "raw_capture.h"
#include "sieve.h"
#include "sieve_http.h"
#include "sieve_packet.h"

/* --------------------------------------------------------------------------------- packets ---- */

#define HEADERS 40 /* IPv4 and TCP */

typedef struct {
    sieve *to;
    int64_t offset;
    uint16_t port;     /* of the client */
    uint32_t sequence; /* of the server's next byte */
} connection;

static void put16(uint8_t *at, uint32_t number)
{
    at[0] = (uint8_t)(number >> 8);
    at[1] = (uint8_t)number;
}

static void put32(uint8_t *at, uint32_t number)
{
    put16(at, number >> 16);
    put16(at + 2, number & 0xffff);
}

/* A segment from the server, at this sequence number. */
static void show_at(connection *c, uint32_t sequence, uint8_t flags, const char *data)
{
    size_t length = strlen(data);
    g_autofree uint8_t *packet = g_malloc0(HEADERS + length);

    packet[0] = 0x45;
    put16(packet + 2, (uint32_t)(HEADERS + length));
    packet[9] = 6;
    memcpy(packet + 12, "\x0a\x00\x00\x01\x0a\x00\x00\x02", 8);
    put16(packet + 20, 80);
    put16(packet + 22, c->port);
    put32(packet + 24, sequence);
    packet[32] = 0x50;
    packet[33] = flags;
    memcpy(packet + HEADERS, data, length);
    sieve_show(c->to, WTAP_ENCAP_RAW_IP4, packet, HEADERS + length, HEADERS + length, c->offset);
    c->offset += 100;
}

static void show(connection *c, const char *data)
{
    show_at(c, c->sequence, TCP_ACK, data);
    c->sequence += (uint32_t)strlen(data);
}

static connection begin(sieve *to, int64_t offset, uint16_t port)
{
    connection c = {to, offset, port, 1001};

    show_at(&c, 1000, TCP_SYN | TCP_ACK, "");
    return c;
}

/* Is a connection with these segments, up to the first NULL, kept? */
static bool keeps(const char *const *segments)
{
    sieve *made = sieve_new((sieve_task){.purpose = SIEVE_LEAVES_OUT});
    connection c = begin(made, 24, 40000);

    for (; *segments; segments++)
        show(&c, *segments);
    g_assert_true(sieve_decide(made));
    bool kept = sieve_count(made).kept_flows == 1;

    sieve_free(made);
    return kept;
}

/* ----------------------------------------------------------------------------------- seams ---- */

static void test_marks(void)
{
    static const struct {
        const char *segments[6];
        bool kept;
    } cases[] = {
        {{"no mark at all", "nor here", NULL}, false},
        {{"HTTP/1.1 207 Multi-Status\r\n\r\n", NULL}, true},
        {{"words like HTTP", " and more of them", NULL}, false},
        {{"words like HTT", "ps and more of them", NULL}, false},
        {{"in two: HTTP", "/1.1 207 Multi-Status\r\n\r\n", NULL}, true},
        {{"in two: HT", "TP/1.1 207 Multi-Status\r\n\r\n", NULL}, true},
        {{"in two: H", "TTP/1.1 207 Multi-Status\r\n\r\n", NULL}, true},
        {{"in five: H", "T", "T", "P", "/1.1 207 Multi-Status", NULL}, true},
        {{"H", "T", "TP", "/", "1.1 207 Multi-Status", NULL}, true},
        {{"H", "T", "T", "P", " is no mark", NULL}, false},
        {{"not the word: TTP/", "more", NULL}, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].segments[0]);
        g_assert_cmpint(keeps(cases[i].segments), ==, cases[i].kept);
    }
}

/* After a gap nobody knows what was there. */
static void test_gaps(void)
{
    static const struct {
        const char *before, *behind;
        bool kept;
    } cases[] = {
        {"words", "words", false},   {"HTTP", "words", true}, {"HTT", "words", true},
        {"words", "TTP/1.1", true},  {"words", "TP/", true},  {"the HT", "words", false},
        {"words", "P/words", false}, {"words", "T", true},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        sieve *made = sieve_new((sieve_task){.purpose = SIEVE_LEAVES_OUT});
        connection c = begin(made, 24, 40000);

        g_test_message("%s, %s", cases[i].before, cases[i].behind);
        show(&c, cases[i].before);
        c.sequence += 5;
        show(&c, cases[i].behind);
        g_assert_true(sieve_decide(made));
        g_assert_cmpint(sieve_count(made).kept_flows == 1, ==, cases[i].kept);
        sieve_free(made);
    }
}

static void test_tail(void)
{
    static const char text[] = "a HTTP b \0HTTP/1";

    for (size_t step = 1; step < sizeof text; step++) {
        sieve_tail tail = {{0}, 0};
        unsigned found = 0;

        for (size_t at = 0; at < sizeof text - 1; at += step) {
            size_t length = MIN(step, sizeof text - 1 - at);
            bool inside = sieve_http_find((const uint8_t *)text + at, length) != NULL;

            found +=
                (unsigned)(sieve_tail_add(&tail, (const uint8_t *)text + at, length) || inside);
        }
        g_assert_cmpuint(found, ==, 1);
    }
}

/* Whatever segments the first line of a message comes in, a PUT is not taken for something of which
 * nothing is learned. */
static void test_first_lines_in_pieces(void)
{
    static const struct {
        const char *pieces[3];
        bool kept;
    } cases[] = {
        {{"GET /a HTTP/1.1\r\n\r\n", "", ""}, false},
        {{"GET /a HTTP/", "1.1\r\n\r\n", ""}, false},
        {{"PUT /a HTTP/", "1.1\r\n\r\n", ""}, true},
        {{"PUT /a ", "HTTP/1.1\r\n", "\r\n"}, true},
        {{"PUT /a ", "HTTP/1.1\r", "\n\r\n"}, true},
        {{"PUT /a ", "HTTP/1.1", "\r\n\r\n"}, true},
        {{"PUT /a ", "HTTP/", "1.1\r\n\r\n"}, true},
        {{"PUT /a", "\tHTTP/1.1", "\r\n\r\n"}, true},
        {{"PUT", " /a HTTP/1.1", "\r\n\r\n"}, true},
        {{"HTTP/1.1 ", "204 No Content\r\n", "\r\n"}, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        sieve *made = sieve_new((sieve_task){.purpose = SIEVE_LEAVES_OUT});
        connection c = begin(made, 24, 40000);

        for (size_t n = 0; n < G_N_ELEMENTS(cases[i].pieces); n++) {
            g_test_message("%s", cases[i].pieces[n]);
            show(&c, cases[i].pieces[n]);
        }
        g_assert_true(sieve_decide(made));
        g_assert_cmpint(sieve_count(made).kept_flows == 1, ==, cases[i].kept);
        sieve_free(made);
    }
}

/* ------------------------------------------------------------------------------------ QUIC ---- */

/* How many of three datagrams of that port are dissected? */
static uint32_t kept_datagrams(sieve_task task, uint16_t port)
{
    enum { DATAGRAM = 28 + 40 };
    sieve *made = sieve_new(task);
    uint8_t packet[DATAGRAM] = {0x45, 0, 0, DATAGRAM, [9] = 17, [12] = 10, 0, 0, 1, 10, 0, 0, 2};

    put16(packet + 20, port);
    put16(packet + 22, 40000);
    put16(packet + 24, DATAGRAM - 20);
    memset(packet + 28, 0x40, 40);
    for (int64_t i = 0; i < 3; i++)
        sieve_show(made, WTAP_ENCAP_RAW_IP4, packet, DATAGRAM, DATAGRAM, 24 + i * 100);
    g_assert_true(sieve_decide(made));
    uint32_t kept = sieve_count(made).kept_frames;

    g_assert_cmpuint(sieve_count(made).unread_frames, ==, port == 443 ? 0 : kept);
    sieve_free(made);
    return kept;
}

static void test_quic(void)
{
    const sieve_task closed = {.purpose = SIEVE_LEAVES_OUT},
                     keys = {.purpose = SIEVE_LEAVES_OUT, .keys = true},
                     http3 = {.purpose = SIEVE_LEAVES_OUT, .http3 = true},
                     open = {.purpose = SIEVE_LEAVES_OUT, .keys = true, .http3 = true};

    g_assert_cmpuint(kept_datagrams(closed, 443), ==, 0);
    g_assert_cmpuint(kept_datagrams(keys, 443), ==, 0);
    g_assert_cmpuint(kept_datagrams(http3, 443), ==, 0);
    g_assert_cmpuint(kept_datagrams(open, 443), ==, 3);
    g_assert_cmpuint(kept_datagrams(open, 53), ==, 0);
    g_assert_cmpuint(kept_datagrams(closed, 8443), ==, 0);
    g_assert_cmpuint(kept_datagrams(closed, 4789 /* VXLAN */), ==, 3);
}

/* ------------------------------------------------------------------------------------ kept ---- */

/* Three connections in turn, the second and the third one are kept. */
static sieve *make_three(void)
{
    sieve *made = sieve_new((sieve_task){.purpose = SIEVE_LEAVES_OUT});
    connection closed = begin(made, 24, 40000);
    connection open = begin(made, closed.offset, 40001);
    connection late = {made, open.offset, 40002, 1};

    show(&late, "nothing yet");
    closed.offset = late.offset;
    show(&closed, "nothing at all");
    open.offset = closed.offset;
    show(&open, "HTTP/1.1 207 Multi-Status\r\n\r\n");
    late.offset = open.offset;
    show(&late, "HTTP/1.1 207 Multi-Status\r\n\r\n");
    g_assert_true(sieve_decide(made));
    return made;
}

static void test_kept(void)
{
    static const struct {
        uint32_t number, streams_before;
        int64_t offset;
    } expected[] = {{2, 1, 124}, {3, 1, 224}, {5, 1, 424}, {6, 1, 524}};
    sieve *made = make_three();
    uint32_t number = 0;
    int64_t offset;

    g_assert_cmpuint(sieve_count(made).kept_frames, ==, G_N_ELEMENTS(expected));
    g_assert_cmpuint(sieve_count(made).frames, ==, 6);
    g_assert_cmpuint(sieve_count(made).kept_flows, ==, 2);
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_assert_true(sieve_next(made, &number, &offset));
        g_assert_cmpuint(number, ==, expected[i].number);
        g_assert_cmpint(offset, ==, expected[i].offset);
        g_assert_cmpuint(sieve_streams_before(made, number), ==, expected[i].streams_before);
    }
    g_assert_false(sieve_next(made, &number, &offset));
    sieve_free(made);
}

/* Frames are where they are, however far apart: beside what is long for 16 bits, and for 32. */
static void test_far_apart(void)
{
    static const int64_t steps[] = {1,       65534,   65535,      65536, 65537, 100,
                                    1 << 30, 3 << 29, 4294967295, 2,     65535, 65534};
    static const char says[] = "HTTP/1.1 207 Multi-Status\r\nContent-Length: 0\r\n\r\n";
    sieve *made = sieve_new((sieve_task){.purpose = SIEVE_LEAVES_OUT});
    int64_t expected[G_N_ELEMENTS(steps) + 1] = {24}, offset;
    connection c = begin(made, expected[0], 40000);
    uint32_t frame;

    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        c.offset = expected[i + 1] = expected[i] + steps[i];
        show(&c, says);
    }
    g_assert_true(sieve_decide(made));
    for (unsigned times = 0; times < 2; times++) {
        for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
            g_assert_true(sieve_next(made, &frame, &offset));
            g_assert_cmpuint(frame, ==, i + 1);
            g_assert_cmpint(offset, ==, expected[i]);
        }
        g_assert_false(sieve_next(made, &frame, &offset));
        sieve_rewind(made);
    }
    sieve_free(made);
}

/* Farther than that, or backwards: the file is not read twice. */
static void test_too_far_apart(void)
{
    static const int64_t steps[] = {INT64_C(4294967296), -1};

    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        sieve *made = sieve_new((sieve_task){.purpose = SIEVE_LEAVES_OUT});
        connection c = begin(made, 1000, 40000);

        c.offset = 1000 + steps[i];
        show(&c, "HTTP/1.1 207 Multi-Status\r\n\r\n");
        g_assert_false(sieve_decide(made));
        sieve_free(made);
    }
}

/* ----------------------------------------------------------------------------------- files ---- */

static void add32(GByteArray *to, uint32_t number)
{
    g_byte_array_append(to, (const guint8 *)&number, sizeof number);
}

static void add16(GByteArray *to, uint16_t number)
{
    g_byte_array_append(to, (const guint8 *)&number, sizeof number);
}

static void add_block(GByteArray *to, uint32_t type, const void *body, uint32_t length)
{
    add32(to, type);
    add32(to, length + 12);
    g_byte_array_append(to, body, length);
    add32(to, length + 12);
}

static void add_section(GByteArray *to)
{
    static const uint32_t body[] = {0x1a2b3c4d, 1, UINT32_MAX, UINT32_MAX};

    add_block(to, 0x0a0d0d0a, body, sizeof body);
}

static void add_interface(GByteArray *to, uint16_t link)
{
    const uint32_t body[] = {link, 0};

    add_block(to, 1, body, sizeof body);
}

/* @param options  of two words at most, NULL: none */
static void add_packet(GByteArray *to, uint32_t number, const uint32_t *options, uint32_t words)
{
    const uint32_t fixed[] = {number, 0, 0, 6, 60, 0x64636261, 0x00006665};
    g_autoptr(GByteArray) body = g_byte_array_new();

    g_byte_array_append(body, (const guint8 *)fixed, sizeof fixed);
    if (words > 0)
        g_byte_array_append(body, (const guint8 *)options, words * 4);
    add_block(to, 6, body->data, body->len);
}

static GByteArray *new_pcapng(void)
{
    GByteArray *made = g_byte_array_new();

    add_section(made);
    add_interface(made, 1);
    return made;
}

static GByteArray *new_pcap(uint32_t magic)
{
    GByteArray *made = g_byte_array_new();

    add32(made, magic);
    add16(made, 2);
    add16(made, 4);
    add32(made, 0);
    add32(made, 0);
    add32(made, 65535);
    add32(made, 1);
    return made;
}

static void add_record(GByteArray *to, const char *bytes)
{
    add32(to, 1);
    add32(to, 2);
    add32(to, (uint32_t)strlen(bytes));
    add32(to, 60);
    g_byte_array_append(to, (const guint8 *)bytes, (guint)strlen(bytes));
}

typedef struct {
    unsigned packets;
    raw_answer end;
    bool opened;
} reading;

/* All packets by hand. */
static reading read_by_hand(const char *path, wtap *wth)
{
    reading result = {0, RAW_UNSURE, false};
    raw_capture *by_hand = raw_capture_open(path, wth);
    raw_packet packet;

    result.opened = by_hand != NULL;
    while (by_hand && (result.end = raw_capture_next(by_hand, &packet)) == RAW_PACKET) {
        g_assert_cmpmem(packet.bytes, packet.captured, "abcdef", 6);
        g_assert_cmpuint(packet.reported, ==, 60);
        g_assert_cmpint(packet.encapsulation, ==, WTAP_ENCAP_ETHERNET);
        result.packets++;
    }
    raw_capture_close(by_hand);
    return result;
}

/* Takes the bytes. */
static reading read_file(GByteArray *bytes)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("multistatus-XXXXXX", &path, NULL), err = 0;
    char *err_info = NULL;

    g_assert_cmpint(write(fd, bytes->data, bytes->len), ==, (ssize_t)bytes->len);
    close(fd);
    g_byte_array_unref(bytes);
    wtap *wth = wtap_open_offline(path, WTAP_TYPE_AUTO, &err, &err_info, TRUE);

    g_assert_nonnull(wth);
    reading result = read_by_hand(path, wth);

    wtap_close(wth);
    g_unlink(path);
    return result;
}

static void expect(GByteArray *file, unsigned packets, raw_answer end)
{
    reading got = read_file(file);

    g_assert_true(got.opened);
    g_assert_cmpuint(got.packets, ==, packets);
    g_assert_cmpint(got.end, ==, end);
}

static void test_pcap(void)
{
    static const uint32_t magic[] = {0xa1b2c3d4, 0xa1b23c4d};

    for (size_t i = 0; i < G_N_ELEMENTS(magic); i++) {
        GByteArray *file = new_pcap(magic[i]);

        add_record(file, "abcdef");
        add_record(file, "abcdef");
        expect(file, 2, RAW_END);
        expect(new_pcap(magic[i]), 0, RAW_END);
    }
}

/* Longer than any window, so that packets lie across their ends. */
static void test_long(void)
{
    GByteArray *pcap = new_pcap(0xa1b2c3d4), *pcapng = new_pcapng();
    enum { MANY = 450000 };

    for (unsigned i = 0; i < MANY; i++) {
        add_record(pcap, "abcdef");
        add_packet(pcapng, 0, NULL, 0);
    }
    expect(pcap, MANY, RAW_END);
    expect(pcapng, MANY, RAW_END);
}

/* Wiretap sometimes takes such a file for one of another kind. */
static void test_pcap_cut(void)
{
    for (guint cut = 1; cut < 22; cut++) {
        GByteArray *file = new_pcap(0xa1b2c3d4);

        for (unsigned i = 0; i < 4; i++)
            add_record(file, "abcdef");
        g_byte_array_set_size(file, file->len - cut);
        reading got = read_file(file);

        g_assert_cmpint(got.end, ==, RAW_UNSURE);
        g_assert_cmpuint(got.packets, ==, got.opened ? 3 : 0);
    }
}

static void test_pcapng(void)
{
    static const uint32_t flags[] = {2 | 4 << 16, 1, 0};
    static const uint32_t comment[] = {1 | 3 << 16, 0x00676f64};
    static const uint32_t statistics[] = {0, 0, 0, 4 | 8 << 16, 5, 0, 0};
    GByteArray *file = new_pcapng();

    add_packet(file, 0, NULL, 0);
    add_packet(file, 0, flags, 3);
    add_packet(file, 0, comment, 2);
    add_block(file, 5, statistics, sizeof statistics);
    expect(file, 3, RAW_END);
}

/* What only wiretap knows how to read. */
static void test_pcapng_unsure(void)
{
    static const uint32_t long_flags[] = {2 | 8 << 16, 1, 0}, hash[] = {3 | 4 << 16, 0};
    static const uint32_t secrets[] = {0x544c534b, 0}, beyond[] = {1 | 400 << 16, 0};
    const struct {
        uint32_t type;
        const uint32_t *body;
        uint32_t length;
    } blocks[] = {{10, secrets, sizeof secrets}, {4, NULL, 0}, {0xbad, secrets, sizeof secrets},
                  {3, secrets, sizeof secrets},  {5, NULL, 0}, {0x999, secrets, sizeof secrets}};
    const uint32_t *const options[] = {long_flags, hash, beyond};

    for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++) {
        GByteArray *file = new_pcapng();

        add_packet(file, 0, NULL, 0);
        add_block(file, blocks[i].type, blocks[i].body, blocks[i].length);
        add_packet(file, 0, NULL, 0);
        expect(file, 1, RAW_UNSURE);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
        GByteArray *file = new_pcapng();

        add_packet(file, 0, NULL, 0);
        add_packet(file, 0, options[i], 2);
        expect(file, 1, RAW_UNSURE);
    }
}

static void test_pcapng_later(void)
{
    GByteArray *file = new_pcapng();

    add_packet(file, 0, NULL, 0);
    add_packet(file, 1, NULL, 0);
    expect(file, 1, RAW_UNSURE);
    file = new_pcapng();
    add_packet(file, 0, NULL, 0);
    add_interface(file, 1);
    expect(file, 1, RAW_UNSURE);
    file = new_pcapng();
    add_packet(file, 0, NULL, 0);
    add_section(file);
    expect(file, 1, RAW_UNSURE);
}

static void test_pcapng_cut(void)
{
    for (guint cut = 1; cut < 40; cut++) {
        GByteArray *file = new_pcapng();

        add_packet(file, 0, NULL, 0);
        add_packet(file, 0, NULL, 0);
        g_byte_array_set_size(file, file->len - cut);
        expect(file, 1, RAW_UNSURE);
    }
}

/* A link layer with a header of wiretap's own, and the other byte order. */
static void test_not_for_it(void)
{
    GByteArray *file = g_byte_array_new();

    add_section(file);
    add_interface(file, 127); /* radiotap */
    g_assert_false(read_file(file).opened);
    file = new_pcap(0xd4c3b2a1);
    memcpy(file->data + 4, "\0\2\0\4", 4);
    memcpy(file->data + 16, "\0\0\xff\xff\0\0\0\1", 8);
    g_assert_false(read_file(file).opened);
}

/* ---------------------------------------------------------------------------------- readable ----
 */

#define SAYS "HTTP/1.1 207 Multi-Status\r\nContent-Length: 0\r\n\r\n"

static void test_readable(void)
{
    static const struct {
        const char *segments[4];
        uint16_t port;
        bool readable;
    } cases[] = {
        {{SAYS, SAYS, NULL}, 40000, true},
        {{SAYS, "HTTP/1.1 2", "07 Multi-Status\r\n\r\n", NULL}, 40000, true},
        {{SAYS, NULL}, 79, false},            /* the lower port is none of HTTP */
        {{SAYS, NULL}, 1080, false},          /* SOCKS */
        {{"words", SAYS, NULL}, 40000, true}, /* on its port, HTTP is what Wireshark takes it for */
        {{"HTTP/1.1 101 Switching\r\n\r\n", SAYS, NULL}, 40000, false},
        {{"HTTP/1.1 200 Ok\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", NULL}, 40000, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        sieve *made = sieve_new((sieve_task){.purpose = SIEVE_LEAVES_OUT});
        connection c = begin(made, 24, cases[i].port);

        g_test_message("%s", cases[i].segments[0]);
        for (const char *const *segment = cases[i].segments; *segment; segment++)
            show(&c, *segment);
        g_assert_true(sieve_decide(made));
        g_assert_cmpuint(sieve_count(made).kept_flows, ==, 1);
        g_assert_cmpint(sieve_is_readable(made), ==, cases[i].readable);
        g_assert_cmpint(sieve_is_beyond(made), ==, !cases[i].readable);
        sieve_free(made);
    }
}

static void test_ports(void)
{
    static const uint16_t taken[] = {21, 22, 80, 443, 8080}, free[] = {5232, 8081, 41234};

    for (size_t i = 0; i < G_N_ELEMENTS(taken); i++)
        g_assert_true(port_is_in(tcp_ports_taken, taken[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(free); i++)
        g_assert_false(port_is_in(tcp_ports_taken, free[i]));
}

static void test_start_lines(void)
{
    static const struct {
        const char *bytes;
        bool is_one;
    } cases[] = {
        {"GET / HTTP/1.1\r\nHost: h\r\n\r\n", true},
        {"VERSION-CONTROL / HTTP/1.1\r\n", false}, /* the dissectors may know better */
        {"PROPFIND /a b HTTP/1.0\r\n", true},
        {"HTTP/1.1 207 Multi-Status\r\n", true},
        {"HTTP/1.1 207", false},
        {"HTTP/1.1 Multi-Status\r\n", false},
        {"GET / HTTP/1.1\n", false},
        {"GET / HTTP/2.0\r\n", false},
        {"get / HTTP/1.1\r\n", false},
        {"GET /\r\n", false},
        {"\r\nGET / HTTP/1.1\r\n", false},
        {" HTTP/1.1\r\n", false},
        {"", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].bytes);
        g_assert_cmpint(
            sieve_http_is_start((const uint8_t *)cases[i].bytes, strlen(cases[i].bytes)), ==,
            cases[i].is_one);
    }
}

/* What is missing does not matter, unless it is the beginning. */
static void test_readable_holes(void)
{
    for (unsigned begins = 0; begins < 2; begins++) {
        sieve *made = sieve_new((sieve_task){.purpose = SIEVE_LEAVES_OUT});
        connection c = begin(made, 24, 40000);

        if (begins)
            show(&c, SAYS);
        c.sequence += 5;
        show(&c, SAYS);
        g_assert_true(sieve_decide(made));
        g_assert_cmpuint(sieve_count(made).kept_flows, ==, 1);
        g_assert_cmpint(sieve_is_readable(made), ==, begins);
        sieve_free(made);
    }
}

/* Streams are numbered with those that are left out; again from the beginning. */
static void test_streams(void)
{
    sieve *made = sieve_new((sieve_task){.purpose = SIEVE_LEAVES_OUT});
    connection idle = begin(made, 24, 40000), first = begin(made, 124, 40001);

    show(&idle, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    first.offset = idle.offset;
    connection second = begin(made, 324, 40002);

    second.offset = first.offset = 424;
    show(&second, SAYS);
    first.offset = second.offset;
    show(&first, SAYS);
    g_assert_true(sieve_decide(made));
    g_assert_true(sieve_is_readable(made));
    for (unsigned times = 0; times < 2; times++) {
        static const uint32_t frames[] = {2, 4, 5, 6}, streams[] = {1, 2, 2, 1};
        uint32_t frame;
        int64_t offset;

        for (unsigned i = 0; i < G_N_ELEMENTS(frames); i++) {
            g_assert_true(sieve_next(made, &frame, &offset));
            g_assert_cmpuint(frame, ==, frames[i]);
            g_assert_cmpuint(sieve_stream(made, frame), ==, streams[i]);
        }
        g_assert_false(sieve_next(made, &frame, &offset));
        sieve_rewind(made);
    }
    sieve_free(made);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    compat_log_init("test_sieve", NULL);
    wtap_init(FALSE);
    g_test_add_func("/sieve/marks", test_marks);
    g_test_add_func("/sieve/gaps", test_gaps);
    g_test_add_func("/sieve/tail", test_tail);
    g_test_add_func("/sieve/first-lines-in-pieces", test_first_lines_in_pieces);
    g_test_add_func("/sieve/kept", test_kept);
    g_test_add_func("/sieve/far-apart", test_far_apart);
    g_test_add_func("/sieve/too-far-apart", test_too_far_apart);
    g_test_add_func("/sieve/quic", test_quic);
    g_test_add_func("/raw/pcap", test_pcap);
    g_test_add_func("/raw/pcap/cut", test_pcap_cut);
    g_test_add_func("/raw/long", test_long);
    g_test_add_func("/sieve/readable", test_readable);
    g_test_add_func("/sieve/readable/ports", test_ports);
    g_test_add_func("/sieve/readable/start-lines", test_start_lines);
    g_test_add_func("/sieve/readable/holes", test_readable_holes);
    g_test_add_func("/sieve/readable/streams", test_streams);
    g_test_add_func("/raw/pcapng", test_pcapng);
    g_test_add_func("/raw/pcapng/unsure", test_pcapng_unsure);
    g_test_add_func("/raw/pcapng/later", test_pcapng_later);
    g_test_add_func("/raw/pcapng/cut", test_pcapng_cut);
    g_test_add_func("/raw/not-for-it", test_not_for_it);
    return g_test_run();
}
