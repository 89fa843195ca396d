/* sieve_packet.c
 * Reading raw packets without a dissector.
 *
 * RFC 768, RFC 791, RFC 8200, RFC 9293 section 3.1. What is not exactly as expected is never
 * guessed at: it is odd, a fragment or unknown, and goes to Wireshark's dissectors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sieve_packet.h"

#include <string.h>

#include <glib.h>
#include <wiretap/wtap.h>

#include "datagram.h"
#include "octets.h"

static sieve_packet unknown(const octets *rest)
{
    return (sieve_packet){.kind = PACKET_UNKNOWN, .inner = (size_t)(rest->at - rest->start)};
}

/* Something about packets between two hosts that only Wireshark can read. */
static sieve_packet fragment(const octets *rest, packet_flow flow, size_t header)
{
    return (sieve_packet){.kind = PACKET_FRAGMENT,
                          .flow = flow,
                          .inner = (size_t)(rest->at - rest->start) + MIN(header, rest->captured)};
}

static sieve_packet idle(void)
{
    return (sieve_packet){.kind = PACKET_IDLE};
}

/* ------------------------------------------------------------------------------------- TCP ---- */

#define TCP_HEADER 20

sieve_packet sieve_packet_read_tcp(octets rest, packet_flow flow)
{
    sieve_packet made = {.kind = PACKET_ODD, .flow = flow};

    if (rest.captured < TCP_HEADER || rest.reported < TCP_HEADER) {
        made.kind = PACKET_FRAGMENT;
        made.inner = (size_t)(rest.at - rest.start);
        return made;
    }
    const uint8_t *header = rest.at;
    size_t length = (size_t)(header[12] >> 4) * 4;

    made.flow.source_port = octets_16(header);
    made.flow.destination_port = octets_16(header + 2);
    made.sequence = octets_32(header + 4);
    made.acknowledged = octets_32(header + 8);
    made.flags = header[13];
    if (length < TCP_HEADER || !octets_skip(&rest, length) || (made.flags & TCP_URG) != 0)
        return made;
    if ((made.flags & TCP_SYN) != 0 && rest.reported > 0)
        return made; /* TCP Fast Open */
    made.kind = PACKET_SEGMENT;
    made.payload = rest.at;
    made.length = rest.captured;
    made.reported = rest.reported;
    return made;
}

/* ------------------------------------------------------------------------------------- UDP ---- */

static sieve_packet read_udp(octets rest, packet_flow flow)
{
    if (rest.captured < 8)
        return unknown(&rest);
    const uint8_t *header = rest.at;
    bool whole = octets_16(header + 4) == rest.reported && rest.captured == rest.reported;

    flow.source_port = octets_16(header);
    flow.destination_port = octets_16(header + 2);
    octets_skip(&rest, 8);
    sieve_packet made = unknown(&rest);

    made.datagram = true;
    made.flow = flow;
    made.payload = rest.at;
    made.length = rest.captured;
    made.reported = rest.reported;
    made.kind = datagram_kind(&made.flow, rest, whole);
    return made;
}

/* ------------------------------------------------------------------------------------ ICMP ---- */

/* Messages that quote no packet. */
static const uint8_t idle_icmp[] = {0 /* echo reply */, 8 /* echo */, 9, 10 /* routers */, 13, 14};
static const uint8_t idle_icmp6[] = {128, 129, 130, 131, 132, 133, 134, 135, 136, 143};

/* Errors quote the packet that they are about: to Wireshark it belongs to its connection. */
static sieve_packet read_quoted(octets rest)
{
    octets_skip(&rest, 8);
    const uint8_t *header = rest.at;
    bool ip4 = rest.captured >= 20 && header[0] >> 4 == 4;
    bool ip6 = rest.captured >= 40 && header[0] >> 4 == 6;

    if (!ip4 && !ip6)
        return unknown(&rest);
    packet_flow flow = ip4 ? (packet_flow){header + 12, header + 16, 4, 0, 0}
                           : (packet_flow){header + 8, header + 24, 16, 0, 0};

    return fragment(&rest, flow, ip4 ? 20 : 40);
}

static sieve_packet read_icmp(octets rest, const uint8_t *types, size_t n)
{
    if (rest.captured < 8)
        return unknown(&rest);
    return memchr(types, rest.at[0], n) ? idle() : read_quoted(rest);
}

/* -------------------------------------------------------------------------------------- IP ---- */

enum { IP_ICMP = 1, IP_IGMP = 2, IP_TCP = 6, IP_UDP = 17, IP_ICMP6 = 58 };

static sieve_packet read_transport(octets rest, packet_flow flow, uint8_t protocol)
{
    switch (protocol) {
    case IP_TCP:
        return sieve_packet_read_tcp(rest, flow);
    case IP_UDP:
        return read_udp(rest, flow);
    case IP_ICMP:
        return read_icmp(rest, idle_icmp, sizeof idle_icmp);
    case IP_ICMP6:
        return read_icmp(rest, idle_icmp6, sizeof idle_icmp6);
    case IP_IGMP:
        return idle();
    default:
        return unknown(&rest);
    }
}

static sieve_packet read_ip4(octets rest)
{
    const uint8_t *header = rest.at;

    if (rest.captured < 20 || header[0] >> 4 != 4)
        return unknown(&rest);
    packet_flow flow = {header + 12, header + 16, 4, 0, 0};
    size_t total = octets_16(header + 2);
    bool fragmented = (octets_16(header + 6) & 0x3fff) != 0;

    /* Options may redirect a packet; the length 0 is that of a packet which the sender's network
     * card was to cut in pieces. */
    if (header[0] != 0x45 || fragmented || total < 20 || total > rest.reported)
        return fragment(&rest, flow, 20);
    octets_limit(&rest, total);
    octets_skip(&rest, 20);
    return read_transport(rest, flow, header[9]);
}

static sieve_packet read_ip6(octets rest)
{
    const uint8_t *header = rest.at;

    if (rest.captured < 40 || header[0] >> 4 != 6)
        return unknown(&rest);
    packet_flow flow = {header + 8, header + 24, 16, 0, 0};
    size_t payload = octets_16(header + 4);
    uint8_t next = header[6];

    if (payload == 0 || payload + 40 > rest.reported ||
        (next != IP_TCP && next != IP_UDP && next != IP_ICMP6))
        return fragment(&rest, flow, 40);
    octets_limit(&rest, payload + 40);
    octets_skip(&rest, 40);
    return read_transport(rest, flow, next);
}

/* ------------------------------------------------------------------------------ link layer ---- */

enum { TYPE_IP4 = 0x0800, TYPE_ARP = 0x0806, TYPE_VLAN = 0x8100, TYPE_IP6 = 0x86dd };
enum { TYPE_SERVICE_VLAN = 0x88a8, TYPE_LLDP = 0x88cc };

static sieve_packet read_type(octets rest, uint16_t type)
{
    while ((type == TYPE_VLAN || type == TYPE_SERVICE_VLAN) && rest.captured >= 4) {
        type = octets_16(rest.at + 2);
        octets_skip(&rest, 4);
    }
    switch (type) {
    case TYPE_IP4:
        return read_ip4(rest);
    case TYPE_IP6:
        return read_ip6(rest);
    case TYPE_ARP:
    case TYPE_LLDP:
        return idle();
    default:
        return unknown(&rest);
    }
}

/* Cisco's ISL looks like Ethernet to one of these addresses. */
static bool is_isl(const uint8_t *header)
{
    return (header[0] == 0x01 || header[0] == 0x0c) && header[1] == 0x00 && header[2] == 0x0c;
}

/* IEEE 802.3 with the number of the spanning tree protocol twice: nothing is in that. */
static bool is_spanning_tree(const octets *rest, uint16_t type)
{
    enum { LONGEST = 1500, SPANNING_TREE = 0x42 };

    return type <= LONGEST && rest->captured >= 3 && rest->at[0] == SPANNING_TREE &&
           rest->at[1] == SPANNING_TREE;
}

static sieve_packet read_ethernet(octets rest)
{
    const uint8_t *header = rest.at;

    if (is_isl(header) || !octets_skip(&rest, 14))
        return unknown(&rest);
    if (is_spanning_tree(&rest, octets_16(header + 12)))
        return idle();
    return read_type(rest, octets_16(header + 12));
}

/* Linux cooked captures: of Ethernet and of the loopback interface only. */
static bool is_plain_hardware(uint16_t type)
{
    enum { ARPHRD_OF_ETHERNET = 1, ARPHRD_OF_LOOPBACK = 772 };

    return type == ARPHRD_OF_ETHERNET || type == ARPHRD_OF_LOOPBACK;
}

static sieve_packet read_cooked(octets rest)
{
    const uint8_t *header = rest.at;

    if (!is_plain_hardware(octets_16(header + 2)) || !octets_skip(&rest, 16))
        return unknown(&rest);
    return read_type(rest, octets_16(header + 14));
}

static sieve_packet read_cooked2(octets rest)
{
    const uint8_t *header = rest.at;

    if (!is_plain_hardware(octets_16(header + 8)) || !octets_skip(&rest, 20))
        return unknown(&rest);
    return read_type(rest, octets_16(header));
}

static sieve_packet read_raw(octets rest)
{
    return rest.at[0] >> 4 == 6 ? read_ip6(rest) : read_ip4(rest);
}

/* BSD's loopback: the address family in the byte order of the machine that captured. */
static sieve_packet read_loopback(octets rest)
{
    static const uint8_t families[][4] = {{0, 0, 0, 2}, {2, 0, 0, 0}};

    if (memcmp(rest.at, families[0], 4) != 0 && memcmp(rest.at, families[1], 4) != 0)
        return unknown(&rest);
    octets_skip(&rest, 4);
    return read_ip4(rest);
}

static const struct {
    int encapsulation;
    size_t header;
    sieve_packet (*read)(octets rest);
} links[] = {
    {WTAP_ENCAP_ETHERNET, 14, read_ethernet}, {WTAP_ENCAP_SLL, 16, read_cooked},
    {WTAP_ENCAP_SLL2, 20, read_cooked2},      {WTAP_ENCAP_RAW_IP, 1, read_raw},
    {WTAP_ENCAP_RAW_IP4, 1, read_raw},        {WTAP_ENCAP_RAW_IP6, 1, read_raw},
    {WTAP_ENCAP_NULL, 4, read_loopback},
};

sieve_packet sieve_packet_read(int encapsulation, const uint8_t *bytes, size_t captured,
                               size_t reported)
{
    octets all = {bytes, bytes, captured, reported};

    for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
        if (links[i].encapsulation == encapsulation && captured >= links[i].header &&
            reported >= links[i].header)
            return links[i].read(all);
    }
    return unknown(&all);
}

bool sieve_packet_is_link(int encapsulation)
{
    for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
        if (links[i].encapsulation == encapsulation)
            return true;
    }
    return false;
}
