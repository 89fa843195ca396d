/* datagram.c
 * Ports and first bytes of datagrams, against what Wireshark's dissectors make of them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _GNU_SOURCE /* memmem() */
#include "datagram.h"

#include <string.h>

#include <glib.h>

#include "ports.h"
#include "sieve_http.h"

enum { SSDP_PORT = 1900, QUIC_PORT = 443 };
enum { TRANSPORT_PACKET = 188 };

typedef struct {
    const uint8_t *at;
    size_t length;
} datagram;

/* HTTP over UDP (SSDP): one message in a datagram, of which only a 207 is of interest, and which
 * ends with its header. What follows a header may be anything. */
static bool is_idle_ssdp(const datagram *of, bool whole)
{
    static const char end[] = "\r\n\r\n";
    const char *text = (const char *)of->at;
    const char *found = whole ? g_strstr_len(text, (gssize)of->length, end) : NULL;

    return found && found + strlen(end) == text + of->length &&
           !g_strstr_len(text, (gssize)of->length, "207");
}

/* ---------------------------------------------------------------------- heuristic dissectors ----
 *
 * Each function tells whether a heuristic dissector of Wireshark may take the datagram that carries
 * other packets, can be decrypted, is counted, or names dissectors for other connections. It says
 * yes to more than they do, never to less. Those that are not here lead nowhere; cli/tools/ports.c
 * has the list of all of them. */

static bool begins(const datagram *of, size_t offset, const char *with, size_t length)
{
    return of->length >= offset + length && memcmp(of->at + offset, with, length) == 0;
}

#define BEGINS(of, offset, with) begins(of, offset, with, sizeof(with) - 1)

static bool holds(const datagram *of, const char *bytes, size_t length)
{
    return of->length >= length && memmem(of->at, of->length, bytes, length) != NULL;
}

/* What is known by the bytes with which it begins: packets of other link layers, CORBA, which tells
 * where other connections go, and protocols that hand on what they carry. */
static bool is_marked(const datagram *of)
{
    static const char raknet[] = "\x00\xff\xff\x00\xfe\xfe\xfe\xfe\xfd\xfd\xfd\xfd\x12\x34\x56\x78";

    return BEGINS(of, 0, "\x00\xff\xab\xcd") /* peekremote: 802.11 */ ||
           BEGINS(of, 0, "RFta") /* rftap: any link layer */ ||
           BEGINS(of, 0, "\x00\x07\x00\x00") /* rpcap: likewise */ || BEGINS(of, 0, "GIOP") ||
           BEGINS(of, 0, "MIOP") || BEGINS(of, 0, "JXTA") || BEGINS(of, 0, "ILNK") ||
           BEGINS(of, 0, "PROXY ") || BEGINS(of, 0, "\r\n\r\n") /* proxy, version 2 */ ||
           BEGINS(of, 2, "Asphodel") || BEGINS(of, 0, "\xff\xff") /* applemidi */ ||
           BEGINS(of, 0, "\x80\x00\x00\x00") /* udt and srt: a handshake */ ||
           BEGINS(of, 0, "\xd2\x45\x4c\x4f") /* reload */ ||
           BEGINS(of, 8, "\xd2\x45\x4c\x4f") /* its frames */ || BEGINS(of, 1, raknet) ||
           BEGINS(of, 9, raknet) || BEGINS(of, 17, raknet);
}

/* A whole frame of Ethernet. */
static bool is_e100(const datagram *of)
{
    enum { HEADER = 28, CAPTURED = 20 };

    return of->length >= HEADER && of->at[0] == 1 &&
           octets_32(of->at + CAPTURED) == of->length - HEADER;
}

/* Redback's lawful interception: packets of IP behind a list of attributes. */
static bool is_redback(const datagram *of)
{
    enum { END, NUMBER, WHOSE, SESSION, DIRECTION, LABEL = 20, ACCOUNT = 40 };
    const unsigned needed = 1u << NUMBER | 1u << WHOSE | 1u << SESSION;
    unsigned seen = 0;
    size_t at = 0;

    while (at + 2 < of->length && of->at[at] != END) {
        uint8_t type = of->at[at];

        if (type > DIRECTION && type != LABEL && type != ACCOUNT)
            return false;
        seen |= type <= DIRECTION ? 1u << type : 0;
        at += 2 + (size_t)of->at[at + 1];
    }
    return (seen & needed) == needed;
}

/* MPEG transport streams, of which sections may hold packets of IP; also behind a header, as that
 * of RTP, which is the dissector that descriptions of sessions name. */
static bool is_transport_stream(const datagram *of)
{
    enum { SYNC = 0x47 };

    for (size_t left = of->length; left >= TRANSPORT_PACKET; left -= TRANSPORT_PACKET) {
        if (of->at[left - TRANSPORT_PACKET] != SYNC)
            return false;
    }
    return of->length >= TRANSPORT_PACKET;
}

/* Versions of QUIC that Wireshark knows, as it asks. Short headers are known only where a long one
 * was. */
static bool is_quic(const datagram *of)
{
    static const uint32_t versions[] = {0x00000000, 0x00000001, 0x6b3343cf, 0x709a50c4};

    if (of->length < 7 || (of->at[0] & 0x80) == 0)
        return false;
    uint32_t version = octets_32(of->at + 1);

    for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
        if (version == versions[i])
            return true;
    }
    return version >> 16 == 0x5130 /* "Q0" */ || version >> 16 == 0x5430 ||
           version >> 8 == 0xff0000 || version >> 8 == 0xfaceb0 ||
           (version & 0x0f0f0f0f) == 0x0a0a0a0a;
}

/* What it was at Google. */
static bool is_older_quic(const datagram *of)
{
    return of->length >= 13 && (of->at[0] & 0xc0) == 0 && BEGINS(of, 9, "Q0");
}

bool datagram_begins_quic(const uint8_t *at, size_t length)
{
    enum { SHORTEST = 13, VERSION_END = 5, LONGEST_ID = 20 };

    if (length < SHORTEST || (at[0] & 0x80) == 0 || octets_32(at + 1) != 1 ||
        at[VERSION_END] > LONGEST_ID)
        return false;
    size_t second = VERSION_END + 1 + (size_t)at[VERSION_END];

    return second < length && at[second] <= LONGEST_ID;
}

static bool is_dtls(const datagram *of)
{
    if (of->length < 3 || of->at[0] < 20 || of->at[0] > 26)
        return false;
    return (of->at[1] == 0xfe && of->at[2] >= 0xfc) || (of->at[1] == 0x01 && of->at[2] == 0x00);
}

static bool is_wireguard(const datagram *of)
{
    if (of->length < 4)
        return false;
    switch (of->at[0]) {
    case 1:
        return of->length == 148;
    case 2:
        return of->length == 92;
    case 3:
    case 4:
        return BEGINS(of, 1, "\0\0\0");
    default:
        return false;
    }
}

static bool is_stun(const datagram *of)
{
    enum { HEADER = 20 };

    return of->length >= HEADER && octets_16(of->at) >> 14 == 0 &&
           of->length == HEADER + (size_t)octets_16(of->at + 2);
}

/* A message of a channel of TURN. Nobody takes it for one before a message of STUN between the same
 * sockets. */
static bool is_channel(const datagram *of)
{
    enum { HEADER = 4, MULTIPLEXED = 0xff10 };

    if (of->length < HEADER || (of->at[0] >> 6 != 1 && octets_16(of->at) != MULTIPLEXED))
        return false;
    return of->length - HEADER - octets_16(of->at + 2) <= 3;
}

/* STUN leads nowhere but where it is TURN: what that carries is in an attribute, or in a message of
 * a channel. */
static bool is_turn(const datagram *of)
{
    static const char cookie[] = "\x21\x12\xa4\x42", data[] = "\x00\x13";

    /* The older STUN has no cookie. */
    return is_channel(of) ||
           (is_stun(of) && (!BEGINS(of, 4, cookie) || holds(of, data, sizeof data - 1)));
}

/* Calls tell where the portmapper and the endpoint mapper say that others listen. */
static bool is_call(const datagram *of)
{
    enum { DG_HEADER = 80, DG_VERSION = 4, DG_TYPES = 19 };
    bool dce = of->length >= DG_HEADER && of->at[0] == DG_VERSION && of->at[1] <= DG_TYPES &&
               (of->at[3] & 0xfc) == 0 && (of->at[4] & 0xee) == 0;

    return dce || (of->length >= 8 && octets_32(of->at + 4) <= 1);
}

/* Network access by EAP, in which there may be TLS. */
static bool is_pana(const datagram *of)
{
    return BEGINS(of, 0, "\0\0") && of->length >= 4 && octets_16(of->at + 2) == of->length;
}

/* A request of TFTP names the dissector of what follows. */
static bool is_tftp(const datagram *of)
{
    if (!BEGINS(of, 0, "\0\1") && !BEGINS(of, 0, "\0\2"))
        return false;
    for (size_t i = 2; i < of->length; i++) {
        if (of->at[i] != 0 && !g_ascii_isprint(of->at[i]))
            return false;
    }
    return true;
}

/* Calls by telephone, whose media go elsewhere. */
static bool is_sip(const datagram *of)
{
    return holds(of, "SIP/", strlen("SIP/"));
}

/* Marks that random bytes hardly have. */
static bool leads_on(const datagram *of)
{
    static bool (*const kinds[])(const datagram *of) = {
        is_marked, is_e100, is_redback, is_dtls, is_wireguard, is_call, is_pana, is_tftp, is_sip};

    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (kinds[i](of))
            return true;
    }
    return false;
}

static bool may_lead_on(const datagram *of)
{
    return leads_on(of) || is_transport_stream(of) || is_quic(of) || is_older_quic(of) ||
           is_turn(of);
}

/* ------------------------------------------------------------------------------------- all ---- */

static bool is_short_quic(const datagram *of)
{
    enum { SHORTEST = 20 };

    return of->length >= SHORTEST && of->at[0] >> 6 == 1;
}

/* A packet of QUIC behind the handshake, from what is open in it. The rest is random: now and then
 * it looks like a packet of a transport stream, of which there are seven in a datagram; or like a
 * channel of TURN, which matters only where STUN is used on the same port. */
static packet_kind kind_of_short_quic(const datagram *of)
{
    enum { SEVERAL = 3 * TRANSPORT_PACKET };

    if (leads_on(of) || (of->length >= SEVERAL && is_transport_stream(of)))
        return PACKET_UNKNOWN;
    return is_channel(of) ? PACKET_LONE : PACKET_CLOSED;
}

packet_kind datagram_kind(const packet_flow *flow, octets payload, bool whole)
{
    uint16_t lower = MIN(flow->source_port, flow->destination_port);
    uint16_t higher = MAX(flow->source_port, flow->destination_port);
    const datagram bytes = {payload.at, payload.captured};

    if (sieve_http_find(bytes.at, bytes.length))
        return lower == SSDP_PORT && is_idle_ssdp(&bytes, whole) ? PACKET_IDLE : PACKET_UNKNOWN;
    if (port_is_in(udp_ports_ending, lower))
        return PACKET_IDLE;
    if (lower == QUIC_PORT && is_quic(&bytes))
        return PACKET_CLOSED;
    if (lower == QUIC_PORT && is_short_quic(&bytes))
        return kind_of_short_quic(&bytes);
    if (!whole || !udp_heuristics_known || port_is_in(udp_ports_taken, lower) ||
        port_is_in(udp_ports_taken, higher))
        return PACKET_UNKNOWN;
    if (lower == QUIC_PORT && is_stun(&bytes))
        return PACKET_UNKNOWN;
    return may_lead_on(&bytes) ? PACKET_UNKNOWN : PACKET_LONE;
}
