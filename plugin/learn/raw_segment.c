/* raw_segment.c
 * The segment of TCP in a frame, as it was sent.
 *
 * RFC 791 section 3.1, RFC 8200 sections 3 and 4, RFC 9293 section 3.1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "raw_segment.h"

#include <string.h>

#include <epan/conversation.h>
#include <epan/tap.h>

#include <epan/dissectors/packet-tcp.h>

#include "compat.h"
#include "octets.h"

/* ---- from the tap ---- */

bool raw_segment_tapped(int tap, unsigned n, raw_segment *to)
{
    const tcp_follow_entry *from = (const tcp_follow_entry *)fetch_tapped_data(tap, (int)n);

    if (!from)
        return false;
    const struct tcpheader *header = from->header;
    size_t length = tvb_captured_length(from->payload);

    *to = (raw_segment){
        .segment = {.direction = from->analysis->fwd == &from->analysis->flow2,
                    .sequence = header->th_rawseq,
                    .has_acknowledged = (header->th_flags & TH_ACK) != 0,
                    .acknowledged = header->th_rawack,
                    .syn = (header->th_flags & TH_SYN) != 0,
                    .fin = (header->th_flags & TH_FIN) != 0,
                    .rst = (header->th_flags & TH_RST) != 0,
                    .bytes = length > 0 ? tvb_get_ptr(from->payload, 0, (int)length) : NULL,
                    .length = length,
                    .reported = MAX(length, tvb_reported_length(from->payload))},
        .stream = header->th_stream,
        .shown_sequence = header->th_seq,
        .ports = {header->th_sport, header->th_dport},
        .analysis = from->analysis,
    };
    return true;
}

/* ---- from the frame ---- */

/* The IP header stands before the address that is known of it: address and header are in one of the
 * frame's buffers. */
static bool find_header(packet_info *pinfo, size_t before, octets *to)
{
    const uint8_t *source = (const uint8_t *)pinfo->net_src.data;

    for (const GSList *i = pinfo->data_src; i && source; i = i->next) {
        tvbuff_t *buffer = get_data_source_tvb((const struct data_source *)i->data);
        size_t length = tvb_captured_length(buffer);
        const uint8_t *bytes = length > 0 ? tvb_get_ptr(buffer, 0, (int)length) : NULL;

        if (bytes && source >= bytes + before && source < bytes + length) {
            *to = (octets){source - before, source - before,
                           (size_t)(bytes + length - (source - before)), SIZE_MAX};
            return true;
        }
    }
    return false;
}

static bool is_of_ip4(packet_info *pinfo, octets *of)
{
    enum { SOURCE = 12, SHORTEST = 20, TCP = 6 };

    if (!find_header(pinfo, SOURCE, of) || of->captured < SHORTEST || of->at[0] >> 4 != 4 ||
        of->at[9] != TCP || (octets_16(of->at + 6) & 0x3fff) != 0)
        return false;
    if (octets_16(of->at + 2) > 0)
        octets_limit(of, octets_16(of->at + 2));
    else
        octets_limit(of, of->captured);
    return octets_skip(of, (of->at[0] & 15) * 4u);
}

static bool is_header(const packet_info *pinfo, const octets *of)
{
    return of->captured >= 20 && octets_16(of->at) == pinfo->srcport &&
           octets_16(of->at + 2) == pinfo->destport;
}

static bool skip_ip6(octets *of)
{
    enum { HEADER = 40, TCP = 6, HOP = 0, ROUTING = 43, OPTIONS = 60, MOST = 8 };

    if (of->captured < HEADER || of->at[0] >> 4 != 6)
        return false;
    unsigned next = of->at[6];

    octets_limit(of, HEADER + octets_16(of->at + 4));
    if (!octets_skip(of, HEADER))
        return false;
    for (unsigned n = 0; n < MOST && (next == HOP || next == ROUTING || next == OPTIONS); n++) {
        if (of->captured < 8)
            return false;
        next = of->at[0];
        if (!octets_skip(of, (of->at[1] + 1u) * 8))
            return false;
    }
    return next == TCP;
}

/* Wireshark knows the source from a copy: the header is where the frame has the same address. */
static bool is_of_ip6(packet_info *pinfo, octets *of)
{
    enum { SOURCE = 8, ADDRESS = 16 };
    const uint8_t *source = (const uint8_t *)pinfo->net_src.data;

    for (const GSList *i = pinfo->data_src; i && source; i = i->next) {
        tvbuff_t *buffer = get_data_source_tvb((const struct data_source *)i->data);
        size_t length = tvb_captured_length(buffer);
        const uint8_t *bytes = length > 0 ? tvb_get_ptr(buffer, 0, (int)length) : NULL;

        for (size_t at = SOURCE; bytes && at + ADDRESS <= length; at++) {
            if (bytes[at] != source[0] || memcmp(bytes + at, source, ADDRESS) != 0)
                continue;
            *of = (octets){bytes + at - SOURCE, bytes + at - SOURCE, length - (at - SOURCE),
                           SIZE_MAX};
            if (skip_ip6(of) && is_header(pinfo, of))
                return true;
        }
    }
    return false;
}

bool raw_segment_in_frame(packet_info *pinfo, raw_segment *to)
{
    octets of;
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    bool v4 = pinfo->net_src.type == AT_IPv4, v6 = pinfo->net_src.type == AT_IPv6;

    if (!conversation || pinfo->ptype != PT_TCP ||
        !(v4 ? is_of_ip4(pinfo, &of) : v6 && is_of_ip6(pinfo, &of)) || !is_header(pinfo, &of))
        return false;
    struct tcp_analysis *analysis = get_tcp_conversation_data(conversation, pinfo);
    const uint8_t *header = of.at;

    if (!analysis || !octets_skip(&of, (header[12] >> 4) * 4u))
        return false;
    *to = (raw_segment){
        .segment = {.direction = analysis->fwd == &analysis->flow2,
                    .sequence = octets_32(header + 4),
                    .has_acknowledged = (header[13] & TH_ACK) != 0,
                    .acknowledged = octets_32(header + 8),
                    .syn = (header[13] & TH_SYN) != 0,
                    .fin = (header[13] & TH_FIN) != 0,
                    .rst = (header[13] & TH_RST) != 0,
                    .bytes = of.at,
                    .length = of.captured,
                    .reported = of.reported},
        .stream = analysis->stream,
        .ports = {pinfo->srcport, pinfo->destport},
        .analysis = analysis,
    };
    return true;
}

static dissector_handle_t dissector_of_port(uint32_t port)
{
    dissector_table_t ports = find_dissector_table("tcp.port");

    return ports ? dissector_get_uint_handle(ports, port) : NULL;
}

/* As TCP does it, the lower port first. */
dissector_handle_t raw_segment_dissector(const raw_segment *of)
{
    dissector_handle_t low = dissector_of_port(MIN(of->ports[0], of->ports[1]));

    return low ? low : dissector_of_port(MAX(of->ports[0], of->ports[1]));
}

bool raw_segment_port_is(uint32_t port, int protocol)
{
    dissector_handle_t handle = dissector_of_port(port);

    return handle && dissector_handle_get_protocol_index(handle) == protocol;
}
