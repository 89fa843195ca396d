/* test_carried.c
 * Which segments are found inside of other packets, and which bytes only look like one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include <glib.h>

#include "carried.h"

#define MOST 512

enum { TCP = 6, UDP = 17, GRE = 47, ICMP = 1, FRAGMENT = 44, DESTINATION = 60, ROUTING = 43 };

/* Bytes from the inside out: each header is put in front of what there is. */
typedef struct {
    size_t begin;
    uint8_t bytes[MOST];
} made_packet;

static void put16(uint8_t *at, uint32_t number)
{
    at[0] = (uint8_t)(number >> 8);
    at[1] = (uint8_t)number;
}

static uint8_t *in_front(made_packet *of, size_t length)
{
    g_assert_cmpuint(of->begin, >=, length);
    of->begin -= length;
    memset(of->bytes + of->begin, 0, length);
    return of->bytes + of->begin;
}

static made_packet bytes_of(const char *text)
{
    made_packet made = {.begin = MOST};

    memcpy(in_front(&made, strlen(text)), text, strlen(text));
    return made;
}

static made_packet segment_of(const char *payload)
{
    made_packet made = bytes_of(payload);
    uint8_t *header = in_front(&made, 20);

    put16(header, 40000);
    put16(header + 2, 443);
    header[7] = 7;  /* sequence number */
    header[11] = 9; /* acknowledged */
    header[12] = 0x50;
    header[13] = TCP_ACK;
    return made;
}

static void put_sum(uint8_t *header, size_t length)
{
    uint32_t sum = 0;

    put16(header + 10, 0);
    for (size_t i = 0; i < length; i += 2)
        sum += (uint32_t)(header[i] << 8 | header[i + 1]);
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    put16(header + 10, ~sum & 0xffff);
}

static uint8_t *add_ip4(made_packet *to, uint8_t protocol)
{
    size_t length = MOST - to->begin + 20;
    uint8_t *header = in_front(to, 20);

    header[0] = 0x45;
    put16(header + 2, (uint32_t)length);
    header[8] = 64;
    header[9] = protocol;
    memcpy(header + 12, "\x0a\x00\x00\x01\x0a\x00\x00\x02", 8);
    put_sum(header, 20);
    return header;
}

static uint8_t *add_ip6(made_packet *to, uint8_t next)
{
    size_t length = MOST - to->begin;
    uint8_t *header = in_front(to, 40);

    header[0] = 0x60;
    put16(header + 4, (uint32_t)length);
    header[6] = next;
    header[7] = 64;
    header[8] = header[24] = 0x20;
    header[23] = 1;
    header[39] = 2;
    return header;
}

static bool look_at(carriers *of, const made_packet *packet, uint32_t number, size_t captured,
                    carried_segment *found)
{
    size_t length = MOST - packet->begin;

    return carriers_show(of, packet->bytes + packet->begin, MIN(length, captured), length,
                         (order_frame){number, 100 * (int64_t)number}, found);
}

static bool is_found(const made_packet *packet)
{
    carriers *of = carriers_new();
    carried_segment found;
    bool is = look_at(of, packet, 1, MOST, &found);

    if (is) {
        g_assert_cmpuint(found.segment.sequence, ==, 7);
        g_assert_cmpuint(found.segment.acknowledged, ==, 9);
        g_assert_cmpuint(found.segment.reported, ==, 4);
        g_assert_cmpuint(found.segment.flow.destination_port, ==, 443);
        g_assert_cmpuint(found.n_frames, ==, 1);
        g_assert_cmpuint(found.frames[0].number, ==, 1);
    }
    carriers_free(of);
    return is;
}

/* Whatever is in front of it, and a little behind it. */
static void test_anywhere(void)
{
    for (unsigned before = 0; before < 100; before++) {
        made_packet four = segment_of("data"), six = segment_of("data");

        add_ip4(&four, TCP);
        memset(in_front(&four, before), 0xaa, before);
        g_assert_true(is_found(&four));
        add_ip6(&six, TCP);
        memset(in_front(&six, before), 0x45, before); /* looks like many headers */
        g_assert_true(is_found(&six));
    }
}

static void test_nested(void)
{
    made_packet packet = segment_of("data");

    add_ip4(&packet, TCP);
    for (unsigned i = 0; i < 4; i++) {
        put16(in_front(&packet, 4) + 2, 0x0800);
        add_ip4(&packet, GRE);
        put16(in_front(&packet, 4) + 2, 0x0800);
        add_ip6(&packet, GRE);
    }
    g_assert_true(is_found(&packet));
}

static void test_padding(void)
{
    static const size_t behind[] = {0, 6, 32, 33, 100};

    for (unsigned i = 0; i < G_N_ELEMENTS(behind); i++) {
        char padding[101] = "";
        made_packet packet = segment_of("data");

        memset(padding, '.', behind[i]);
        add_ip4(&packet, TCP);
        made_packet padded = bytes_of(padding);
        size_t length = MOST - packet.begin;

        memcpy(in_front(&padded, length), packet.bytes + packet.begin, length);
        g_assert_true(is_found(&padded) == (behind[i] <= 32));
    }
}

/* One wrong byte in a header, and it is none. */
static void test_look_alikes(void)
{
    static const struct {
        unsigned at; /* in the IP datagram */
        uint8_t byte;
    } wrong[] = {{0, 0x44},
                 {0, 0x55},
                 {3, 0x10},
                 {3, 0xff},
                 {6, 0x80},
                 {8, 0},
                 {9, 99},
                 {10, 0x55},
                 {20, 0},
                 {32, 0x40},
                 {32, 0xf0},
                 {32, 0x52},
                 {33, 0},
                 {33, TCP_FIN},
                 {33, TCP_SYN | TCP_FIN | TCP_ACK},
                 {33, TCP_SYN | TCP_RST}};

    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        made_packet packet = segment_of("data");
        uint8_t *header = add_ip4(&packet, TCP);

        header[wrong[i].at] = wrong[i].byte;
        if (wrong[i].at == 20)
            header[21] = 0; /* a port */
        else if (wrong[i].at != 10)
            put_sum(header, 20);
        g_assert_false(is_found(&packet));
    }
    made_packet unsummed = segment_of("data");

    put16(add_ip4(&unsummed, TCP) + 10, 0);
    g_assert_true(is_found(&unsummed));
}

/* What a message about a packet quotes was not sent; what UDP carries, and TCP, is looked into up
 * to the first segment. */
static void test_quoted(void)
{
    made_packet quoted = segment_of("data"), inside = segment_of("data");

    add_ip4(&quoted, TCP);
    in_front(&quoted, 8)[0] = 3;
    add_ip4(&quoted, ICMP);
    g_assert_false(is_found(&quoted));
    add_ip4(&inside, TCP);
    in_front(&inside, 8);
    add_ip4(&inside, UDP);
    g_assert_true(is_found(&inside));
}

/* Where the address in the header is not that of the other end. */
static void test_redirected(void)
{
    static const struct {
        uint8_t next;
        uint8_t options[4]; /* of the extension, without its first two bytes */
        bool found;
    } extensions[] = {{DESTINATION, {1, 4}, true},
                      {DESTINATION, {201, 16}, false},
                      {ROUTING, {4, 0}, true},
                      {ROUTING, {4, 1}, false}};

    for (unsigned i = 0; i < G_N_ELEMENTS(extensions); i++) {
        made_packet packet = segment_of("data");
        uint8_t *extension = in_front(&packet, 8);

        extension[0] = TCP;
        memcpy(extension + 2, extensions[i].options, 4);
        add_ip6(&packet, extensions[i].next);
        g_assert_true(is_found(&packet) == extensions[i].found);
    }
    static const struct {
        uint8_t options[8];
        bool found;
    } options[] = {{{1, 1, 1, 0}, true},
                   {{1, 131, 7, 4, 10, 0, 0, 9}, false},
                   {{137, 7, 4, 10, 0, 0, 9, 0}, false},
                   {{68, 4, 0, 0, 131, 3, 4, 0}, false},
                   {{0, 131, 3, 4}, true},
                   {{7, 0}, true}};

    for (unsigned i = 0; i < G_N_ELEMENTS(options); i++) {
        made_packet packet = segment_of("data");

        memcpy(in_front(&packet, 8), options[i].options, 8);
        uint8_t *header = add_ip4(&packet, TCP);

        header[0] = 0x47;
        put_sum(header, 28);
        g_assert_true(is_found(&packet) == options[i].found);
    }
}

/* ------------------------------------------------------------------------------ fragments ---- */

/* A part of a datagram with a segment of 40 bytes. */
static made_packet fragment_of(unsigned at, unsigned length, uint8_t number, bool in_ip6)
{
    static const char payload[] = "0123456789012345678901234567890123456789";
    const made_packet whole = segment_of(payload);
    const uint8_t *bytes = whole.bytes + whole.begin;
    made_packet made = {.begin = MOST};
    bool more = at + length < MOST - whole.begin;

    memcpy(in_front(&made, length), bytes + at, length);
    if (in_ip6) {
        uint8_t *extension = in_front(&made, 8);

        extension[0] = TCP;
        put16(extension + 2, at | more);
        extension[7] = number;
        add_ip6(&made, FRAGMENT);
    } else {
        uint8_t *header = add_ip4(&made, TCP);

        header[5] = number;
        put16(header + 6, at / 8 | (more ? 0x2000 : 0));
        put_sum(header, 20);
    }
    return made;
}

typedef struct {
    unsigned at, length;
    uint8_t number;
} shown;

/* @return the frame that completes the segment, 0 if none does */
static unsigned complete(const shown *frames, unsigned n, bool in_ip6, size_t captured,
                         carried_segment *found)
{
    carriers *of = carriers_new();
    unsigned at = 0;

    for (unsigned i = 0; i < n && at == 0; i++) {
        made_packet packet = fragment_of(frames[i].at, frames[i].length, frames[i].number, in_ip6);

        at = look_at(of, &packet, i + 1, captured, found) ? i + 1 : 0;
    }
    if (at != 0) {
        g_assert_cmpuint(found->segment.sequence, ==, 7);
        g_assert_cmpuint(found->segment.reported, ==, 40);
        g_assert_cmpuint(found->frames[found->n_frames - 1].number, ==, at);
        g_assert_cmpuint(found->segment.flow.address_length, ==, in_ip6 ? 16 : 4);
        g_assert_cmpuint(found->segment.flow.source[in_ip6 ? 15 : 3], ==, 1);
        g_assert_cmpuint(found->segment.flow.destination[in_ip6 ? 15 : 3], ==, 2);
    }
    carriers_free(of);
    return at;
}

static void test_fragments(void)
{
    static const shown in_order[] = {{0, 24, 1}, {24, 24, 1}, {48, 12, 1}},
                       last_first[] = {{48, 12, 1}, {24, 24, 1}, {0, 24, 1}},
                       small[] = {{0, 8, 1}, {8, 8, 1}, {16, 44, 1}},
                       copies[] = {{0, 24, 1}, {0, 24, 1}, {24, 36, 1}},
                       two[] = {{0, 24, 1}, {0, 24, 2}, {24, 36, 2}},
                       lacking[] = {{0, 24, 1}, {48, 12, 1}, {0, 24, 1}},
                       overlapping[] = {{0, 24, 1}, {16, 44, 1}, {0, 24, 1}};
    static const struct {
        const shown *frames;
        unsigned completed, n_frames;
    } cases[] = {{in_order, 3, 3}, {last_first, 3, 3}, {small, 3, 3},      {copies, 3, 3},
                 {two, 3, 2},      {lacking, 0, 0},    {overlapping, 0, 0}};

    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (unsigned in_ip6 = 0; in_ip6 < 2; in_ip6++) {
            carried_segment found;
            unsigned at = complete(cases[i].frames, 3, in_ip6, MOST, &found);

            g_assert_cmpuint(at, ==, cases[i].completed);
            if (at != 0)
                g_assert_cmpuint(found.n_frames, ==, cases[i].n_frames);
        }
    }
}

/* What was cut off by the capture counts as sent. */
static void test_cut_fragments(void)
{
    static const shown frames[] = {{0, 32, 1}, {32, 28, 1}};
    carried_segment found;

    g_assert_cmpuint(complete(frames, 2, false, 50, &found), ==, 2);
    g_assert_cmpuint(found.segment.length, ==, 10);
    g_assert_cmpuint(complete(frames, 2, false, 39, &found), ==, 0);
}

/* Fragments whose others never come, copies of one, and numbers that come again. */
static void test_bounds(void)
{
    carriers *of = carriers_new();
    carried_segment found;
    made_packet first = fragment_of(0, 24, 1, true), last = fragment_of(24, 36, 1, true);

    for (uint32_t i = 0; i < 20000; i++) {
        first.bytes[first.begin + 44] = (uint8_t)(i >> 8);
        first.bytes[first.begin + 45] = (uint8_t)i;
        g_assert_false(look_at(of, &first, i + 1, MOST, &found));
    }
    first = fragment_of(0, 24, 1, true);
    for (uint32_t i = 0; i < CARRIED_FRAMES + 36; i++)
        g_assert_false(look_at(of, &first, 20001 + i, MOST, &found));
    g_assert_true(look_at(of, &last, 21000, MOST, &found));
    g_assert_false(look_at(of, &first, 21001, MOST, &found));
    g_assert_false(look_at(of, &last, 31000, MOST, &found));
    carriers_free(of);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/carried/anywhere", test_anywhere);
    g_test_add_func("/carried/nested", test_nested);
    g_test_add_func("/carried/padding", test_padding);
    g_test_add_func("/carried/look-alikes", test_look_alikes);
    g_test_add_func("/carried/quoted", test_quoted);
    g_test_add_func("/carried/redirected", test_redirected);
    g_test_add_func("/carried/fragments", test_fragments);
    g_test_add_func("/carried/cut-fragments", test_cut_fragments);
    g_test_add_func("/carried/bounds", test_bounds);
    return g_test_run();
}
