/* test_datagram.c
 * What may come of a datagram: by its ports, and by its first bytes where they mean nothing.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include <glib.h>

#include "datagram.h"
#include "ports.h"

typedef struct {
    const char *what;
    const char *bytes;
    size_t length;
    size_t filled; /* up to this length with letters */
} sample;

#define SAMPLE(what, bytes, filled)                                                                \
    {                                                                                              \
        what, bytes, sizeof(bytes) - 1, filled                                                     \
    }

static packet_kind kind_of(uint16_t source, uint16_t destination, const uint8_t *bytes,
                           size_t length, bool whole)
{
    const packet_flow flow = {.source_port = source, .destination_port = destination};

    return datagram_kind(&flow, (octets){bytes, bytes, length, length}, whole);
}

static packet_kind kind_of_sample(const sample *of)
{
    g_autofree uint8_t *bytes = g_malloc(MAX(of->length, of->filled) + 1);

    memset(bytes, 'u', MAX(of->length, of->filled));
    memcpy(bytes, of->bytes, of->length);
    return kind_of(40000, 6001, bytes, MAX(of->length, of->filled), true);
}

static void test_ports(void)
{
    static const uint8_t bytes[40] = "some bytes";
    static const struct {
        uint16_t source, destination;
        packet_kind kind;
    } rows[] = {
        {40000, 53, PACKET_IDLE},
        {123, 123, PACKET_IDLE},
        {5353, 5353, PACKET_IDLE},
        {68, 67, PACKET_IDLE},
        {137, 137, PACKET_IDLE},
        {53, 4789, PACKET_IDLE},
        {40000, 443, PACKET_CLOSED},
        {40000, 161, PACKET_LONE},
        {514, 40000, PACKET_LONE},
        {40000, 3478, PACKET_LONE},
        {546, 547, PACKET_LONE},
        {40000, 6001, PACKET_LONE},
        {40000, 4789, PACKET_UNKNOWN} /* VXLAN */,
        {40000, 6081, PACKET_UNKNOWN},
        {2152, 2152, PACKET_UNKNOWN},
        {1701, 40000, PACKET_UNKNOWN},
        {40000, 3544, PACKET_UNKNOWN},
        {5246, 40000, PACKET_UNKNOWN},
        {4500, 4500, PACKET_UNKNOWN},
        {40000, 5060, PACKET_UNKNOWN},
        {40000, 111, PACKET_UNKNOWN},
        {40000, 37008, PACKET_UNKNOWN} /* TZSP */,
        {161, 4789, PACKET_UNKNOWN} /* the first one may decline */,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%u %u", rows[i].source, rows[i].destination);
        g_assert_cmpint(kind_of(rows[i].source, rows[i].destination, bytes, sizeof bytes, true), ==,
                        rows[i].kind);
    }
}

/* What may lead on, and beside it what does not. */
static const sample leading[] = {
    SAMPLE("HTTP", "x HTTP/1.1 207 Multi-Status", 0),
    SAMPLE("802.11", "\x00\xff\xab\xcd", 40),
    SAMPLE("any link layer", "RFta", 40),
    SAMPLE("rpcap", "\x00\x07\x00\x00", 40),
    SAMPLE("CORBA", "GIOP\1", 40),
    SAMPLE("proxy", "\r\n\r\n\0\r\nQUIT\n", 40),
    SAMPLE("applemidi", "\xff\xffIN", 40),
    SAMPLE("UDT", "\x80\0\0\0", 40),
    SAMPLE("Ethernet", "\1\0\0\0\x7f\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0c", 40),
    SAMPLE("Redback", "\1\4\0\0\0\1\2\4\0\0\0\1\3\4\0\0\0\1\0\0E", 40),
    SAMPLE("Redback with a label", "\x14\1x\1\4\0\0\0\1\3\4\0\0\0\1\2\4\0\0\0\1\0\0E", 40),
    SAMPLE("MPEG", "G", 188),
    SAMPLE("QUIC", "\xc3\0\0\0\1\x08", 40),
    SAMPLE("QUIC 2", "\xd3\x6b\x33\x43\xcf\x08", 40),
    SAMPLE("a draft of QUIC", "\xc3\xff\0\0\x1d\x08", 40),
    SAMPLE("a version of QUIC that nobody has", "\xc3\x1a\x2a\x3a\x4a\x08", 40),
    SAMPLE("Google's QUIC",
           "\x0d"
           "12345678Q043",
           40),
    SAMPLE("DTLS", "\x16\xfe\xfd", 40),
    SAMPLE("WireGuard begins", "\1\0\0\0", 148),
    SAMPLE("WireGuard answers", "\2\0\0\0", 92),
    SAMPLE("WireGuard", "\4\0\0\0", 80),
    SAMPLE("a channel of TURN", "\x40\0\0\x24", 40),
    SAMPLE("a padded channel of TURN", "\x40\0\0\x22", 40),
    SAMPLE("data of TURN", "\0\x17\0\x14\x21\x12\xa4\x42............\0\x13\0\4abcd", 40),
    SAMPLE("STUN without a cookie", "\0\1\0\x14............", 40),
    SAMPLE("DCE/RPC", "\4\0\x20\0\x10\0\0\0", 80),
    SAMPLE("a call", "abcd\0\0\0\0\0\0\0\2\0\1\x86\xa0", 40),
    SAMPLE("its answer", "abcd\0\0\0\1\0\0\0\0", 40),
    SAMPLE("PANA", "\0\0\0\x28", 40),
    SAMPLE("TFTP", "\0\1name\0octet\0", 0),
    SAMPLE("SIP", "INVITE sip:a@b SIP/2.0\r\n\r\n", 0),
};

static const sample lone[] = {
    SAMPLE("nothing", "", 0),
    SAMPLE("one byte", "\x80", 0),
    SAMPLE("RTP", "\x80\x60\1\2\3\4\5\6", 172),
    SAMPLE("Ethernet of another length", "\1\0\0\0\x7f\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0d",
           40),
    SAMPLE("Redback without a session", "\1\4\0\0\0\1\2\4\0\0\0\1\0\0E", 40),
    SAMPLE("another attribute", "\1\4\0\0\0\1\2\4\0\0\0\1\3\4\0\0\0\1\5\0\0E", 40),
    SAMPLE("MPEG's mark in another place", "xG", 188),
    SAMPLE("an unknown version", "\xc3\5\0\0\1\x08", 40),
    SAMPLE("a short header of QUIC", "\x43pqrstuvw", 40),
    SAMPLE("TLS", "\x16\3\1", 40),
    SAMPLE("WireGuard of another length", "\1\0\0\0", 147),
    SAMPLE("WireGuard with more", "\4\0\0\1", 80),
    SAMPLE("a channel of another length", "\x40\0\0\x20", 40),
    SAMPLE("STUN", "\0\1\0\x14\x21\x12\xa4\x42............\0\6\0\4abcd", 40),
    SAMPLE("DCE/RPC of another version", "\5\0\x20\0\x10\0\0\0", 80),
    SAMPLE("an acknowledgement of TFTP", "\0\4\0\1", 0),
    SAMPLE("JSON", "{\"a\": 1}", 0),
    SAMPLE("web services discovery",
           "<?xml version=\"1.0\"?><e:Envelope "
           "xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"/>",
           0),
};

static void test_bytes(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(leading); i++) {
        g_test_message("%s", leading[i].what);
        g_assert_cmpint(kind_of_sample(&leading[i]), ==, PACKET_UNKNOWN);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(lone); i++) {
        g_test_message("%s", lone[i].what);
        g_assert_cmpint(kind_of_sample(&lone[i]), ==, PACKET_LONE);
    }
}

static void test_cut(void)
{
    static const uint8_t bytes[40] = "some bytes";

    g_assert_cmpint(kind_of(40000, 6001, bytes, sizeof bytes, false), ==, PACKET_UNKNOWN);
    g_assert_cmpint(kind_of(40000, 53, bytes, sizeof bytes, false), ==, PACKET_IDLE);
}

/* Whatever there is, nothing beyond its end is read. */
static void test_short(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(leading); i++) {
        for (size_t length = 0; length < leading[i].length; length++) {
            g_autofree uint8_t *bytes = g_memdup2(leading[i].bytes, length);

            kind_of(40000, 6001, bytes, length, true);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!udp_heuristics_known)
        return 77; /* this Wireshark has other ones, too */
    g_test_add_func("/datagram/ports", test_ports);
    g_test_add_func("/datagram/bytes", test_bytes);
    g_test_add_func("/datagram/cut", test_cut);
    g_test_add_func("/datagram/short", test_short);
    return g_test_run();
}
