/* learn_segments.c
 * What the bytes of the connections themselves tell: requests and responses that HTTP does not
 * show, because it does not know the method, or because it waits for bytes that never come.
 *
 * TCP shows its segments in the tap "tcp_follow". What TLS decrypted it keeps with the frame, for
 * itself; its tap shows that only up to Wireshark 4.2.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include <epan/packet.h>
#include <epan/proto_data.h>
#include <epan/tap.h>

#include "compat.h"
#include "connections.h"
#include "http1.h"
#include "learn.h"
#include "methods.h"
#include "multistatus.h"
#include "unfinished.h"

/* TLS is looked for in so many layers of itself. */
#define MOST_TLS_LAYERS 2

/* Registration. */
static int proto_http = -1;
static int segment_tap = -1;
static int proto_tls = -1;

/* The last frame whose bytes have been read: each is read once, in order. */
static uint32_t last_frame;

static void start_capture(void)
{
    last_frame = 0;
}

void learn_segments_init(void)
{
    proto_http = proto_get_id_by_filter_name("http");
    segment_tap = learn_listen_to("tcp_follow");
    proto_tls = proto_get_id_by_filter_name("tls");
    register_init_routine(start_capture);
}

static const tcp_follow_entry *segment(unsigned n)
{
    return (const tcp_follow_entry *)fetch_tapped_data(segment_tap, (int)n);
}

bool learn_is_tapped(void)
{
    return segment(0) != NULL;
}

const void *learn_connection(void)
{
    return segment(0) ? segment(0)->analysis->fwd : NULL;
}

/* ---- segments that begin with something that matters ---- */

/* Bytes of the longest name of a method, with the blank behind it. */
#define METHOD_BYTES 18

/* Does a request begin here that HTTP/1 of Wireshark 4.0 takes for data, because of its method? */
static bool has_unknown_method(const char *bytes, size_t length)
{
    const char *blank = memchr(bytes, ' ', MIN(length, METHOD_BYTES));

    return blank && ms_method_has(ms_method_find_bytes(bytes, (size_t)(blank - bytes)),
                                  MS_METHOD_NOT_IN_WIRESHARK);
}

static bool starts_with(tvbuff_t *payload, const char *prefix)
{
    return tvb_strneql(payload, 0, prefix, strlen(prefix)) == 0;
}

static bool is_cut(tvbuff_t *payload)
{
    return tvb_captured_length(payload) < tvb_reported_length(payload);
}

/* Does a segment start with something that HTTP may never show: an answer that does not complete, a
 * request with a method that it does not know, a header that the snap length cut? */
static bool is_telling(tvbuff_t *payload)
{
    if (tvb_captured_length(payload) < 8)
        return false;
    char first = (char)buffer_byte(payload, 0);

    if (first == 'H' && starts_with(payload, "HTTP/1."))
        return true;
    if (first < 'A' || first > 'Z')
        return false;
    size_t length = MIN(tvb_captured_length(payload), METHOD_BYTES);

    return is_cut(payload) ||
           has_unknown_method((const char *)tvb_get_ptr(payload, 0, (int)length), length);
}

bool learn_segments_know(void)
{
    const tcp_follow_entry *first = segment(0);

    return first && is_telling(first->payload);
}

/* ---- pieces ---- */

/* Bytes of a stream, and what TCP or TLS wait for in it. */
typedef struct {
    byte_stream in;
    piece piece;
    uint32_t pdu_sequence; /* of its first byte, as `pdus` counts */
    wmem_tree_t *pdus;     /* messages that span several pieces */
    tvbuff_t *buffer;      /* with the bytes; NULL if they are in none */
} stream_piece;

static stream_piece piece_of_segment(const tcp_follow_entry *from)
{
    size_t length = tvb_captured_length(from->payload);
    const tcp_flow_t *flow = from->analysis->fwd;

    return (stream_piece){
        .in = {flow, flow},
        .piece = {from->header->th_rawseq,
                  length > 0 ? tvb_get_ptr(from->payload, 0, (int)length) : NULL, length,
                  MAX(length, tvb_reported_length(from->payload))},
        .pdu_sequence = from->header->th_seq,
        .pdus = flow->multisegment_pdus,
        .buffer = from->payload,
    };
}

static stream_piece piece_of_record(const tcp_follow_entry *carrier, const SslRecordInfo *from)
{
    return (stream_piece){
        .in = {carrier->analysis->fwd, from->flow},
        .piece = {from->seq, from->plain_data, from->data_len, from->data_len},
        .pdu_sequence = from->seq,
        .pdus = from->flow->multisegment_pdus,
    };
}

/* Where in a piece a message begins that its protocol could not read to its end in this frame. */
static size_t pending_message(const packet_info *pinfo, const stream_piece *in)
{
    uint32_t last = in->pdu_sequence + (uint32_t)in->piece.length - 1;
    const struct tcp_multisegment_pdu *pending =
        in->pdus && in->piece.length > 0
            ? (const struct tcp_multisegment_pdu *)wmem_tree_lookup32_le(in->pdus, last)
            : NULL;
    uint32_t offset = pending ? pending->seq - in->pdu_sequence : 0;

    return pending && pending->first_frame == pinfo->num && offset < in->piece.length
               ? offset
               : in->piece.length;
}

/* ---- beginnings ---- */

/* The header that begins here, behind those that only say "wait". NULL if none can be read. */
static const uint8_t *skip_interim(packet_info *pinfo, const uint8_t *at, size_t *length,
                                   http_header *header)
{
    const char *text = (const char *)at;

    while (http1_parse(learn_arena(pinfo), text, *length, header)) {
        if (header->request || !http_is_interim(header->status))
            return (const uint8_t *)text;
        const char *empty = g_strstr_len(text, (gssize)*length, "\r\n\r\n");

        if (!empty)
            return NULL;
        *length -= (size_t)(empty + 4 - text);
        text = empty + 4;
    }
    return NULL;
}

/* Does the body behind a header begin like Multi-Status? Chunk sizes may stand before it. */
static bool sniff_body(const uint8_t *bytes, size_t length)
{
    const char *text = (const char *)bytes, *end = g_strstr_len(text, (gssize)length, "\r\n\r\n");
    const char *start = end ? (const char *)memchr(end, '<', length - (size_t)(end - text)) : NULL;

    return start && ms_sniff(start, length - (size_t)(start - text));
}

/* Only what can turn out to be Multi-Status is worth being kept. */
static bool is_worth_keeping(const http_header *header, const uint8_t *bytes, size_t length)
{
    const char *type = header->fields[HTTP_CONTENT_TYPE];

    return header->status == 207 ||
           ((!type || strstr(type, "xml")) && !header->fields[HTTP_CONTENT_ENCODING] &&
            sniff_body(bytes, length));
}

/* A response begins `offset` bytes into a piece. */
static exchange *response_begins(packet_info *pinfo, const stream_piece *in, size_t offset)
{
    size_t length = in->piece.length - offset;
    http_header header;
    const uint8_t *at = skip_interim(pinfo, in->piece.bytes + offset, &length, &header);

    if (!at || header.request || !http1_is_response((const char *)at, length))
        return NULL;
    uint32_t sequence = in->piece.sequence + (uint32_t)(at - in->piece.bytes);

    if (unfinished_is_body(in->in, sequence))
        return NULL;
    sighting seen = connections_sighting(pinfo);
    exchange *begun = connection_response_begins(connections_of(pinfo), &seen, &header,
                                                 (const char *)at, length, in->in.stream, sequence);

    if (begun && is_worth_keeping(&header, at, length))
        begun->held = true;
    return begun;
}

/* Nothing of it was shown in this frame: from now on, its bytes are gathered. */
static bool wait_for(frame_messages *frame, exchange *begun, const stream_piece *in, size_t offset)
{
    if (!begun || begun->delivered || !begun->held)
        return false;
    http_message *message = learn_message(frame);

    message->exchange = begun;
    message->begun = message->keep = true;
    unfinished_begins(begun, in->in, in->piece.sequence + (uint32_t)offset);
    return true;
}

void learn_segments_first(packet_info *pinfo, frame_messages *frame)
{
    const tcp_follow_entry *first = segment(0);

    /* What only looks like HTTP, on a connection that Wireshark does not take for it, is not ours.
     */
    if (!first || !is_telling(first->payload) || !http1_is_connection(pinfo, proto_http))
        return;
    stream_piece in = piece_of_segment(first);

    frame->cut = is_cut(first->payload);
    if (starts_with(first->payload, "HTTP/1."))
        frame->begun = response_begins(pinfo, &in, 0);
}

/* Responses may begin anywhere in a piece: where the last one ended, or where HTTP asks for more.
 */
static bool later_response_begins(packet_info *pinfo, const stream_piece *in, size_t offset)
{
    if (in->piece.length - offset < 8 || memcmp(in->piece.bytes + offset, "HTTP/1.", 7) != 0 ||
        !http1_is_connection(pinfo, proto_http))
        return false;
    exchange *begun = response_begins(pinfo, in, offset);

    return begun && wait_for(learn_frame(pinfo), begun, in, offset);
}

/* ---- requests that HTTP does not know ---- */

static bool is_unknown_request(const stream_piece *in)
{
    if (in->piece.length > 0 && has_unknown_method((const char *)in->piece.bytes, in->piece.length))
        return true;
    return in->piece.length < in->piece.reported && in->piece.length > 0 &&
           g_ascii_isupper(in->piece.bytes[0]);
}

static http_message *any_request(const frame_messages *frame)
{
    for (unsigned i = 0; frame && i < messages_count(frame); i++) {
        if (messages_nth(frame, i)->request)
            return messages_nth(frame, i);
    }
    return NULL;
}

/* Its body is shown if it is in the same piece, and read in any case. */
static void unknown_request(packet_info *pinfo, const http_header *header, const stream_piece *in)
{
    http_message *message = learn_message(learn_frame(pinfo));
    const char *text = (const char *)in->piece.bytes;
    const char *end = g_strstr_len(text, (gssize)in->piece.length, "\r\n\r\n");

    message->fresh = message->request = true;
    message->content_length = header->content_length;
    message->exchange = connections_request(pinfo, header);
    if (end && in->buffer)
        message->body = tvb_new_subset_remaining(in->buffer, (int)(end + 4 - text));
    unfinished_begins(message->exchange, in->in, in->piece.sequence);
}

/* If HTTP knows the method after all, it has shown the request, or waits for the rest of it. Behind
 * one that it does not know, it may have lost its way. */
static void request_begins(packet_info *pinfo, const frame_messages *frame, const stream_piece *in)
{
    http_header header;

    if (in->piece.length == 0 || !g_ascii_isupper(in->piece.bytes[0]))
        return;
    bool lost =
        connection_is_after_unknown(connections_of(pinfo), in->in.stream, in->piece.sequence);

    if ((!lost && !is_unknown_request(in)) || pending_message(pinfo, in) == 0 ||
        !http1_is_connection(pinfo, proto_http) ||
        !http1_parse(learn_arena(pinfo), (const char *)in->piece.bytes, in->piece.length,
                     &header) ||
        !header.request)
        return;
    const http_message *shown = any_request(frame);

    if (shown && g_strcmp0(shown->exchange->method, header.method) != 0)
        exchange_correct_request(shown->exchange, &header);
    if (!shown &&
        connection_is_new_request(connections_of(pinfo), in->in.stream, in->piece.sequence))
        unknown_request(pinfo, &header, in);
}

/* ---- bytes ---- */

static piece rest_of(const piece *of, size_t offset)
{
    return (piece){of->sequence + (uint32_t)offset, of->bytes + offset, of->length - offset,
                   of->reported - offset};
}

/* Hands the bytes from `offset` on to the responses that wait for them. */
static void gather(packet_info *pinfo, const stream_piece *in, size_t offset)
{
    while (unfinished_any()) {
        piece rest = rest_of(&in->piece, offset);
        int behind = unfinished_add(pinfo, in->in, &rest);

        if (behind < 0 || !later_response_begins(pinfo, in, offset + (size_t)behind))
            return;
        offset += (size_t)behind;
    }
}

static void learn_pending(packet_info *pinfo, const stream_piece *in)
{
    size_t offset = pending_message(pinfo, in);

    if (offset < in->piece.length && later_response_begins(pinfo, in, offset))
        gather(pinfo, in, offset);
}

static void learn_end(const tcp_follow_entry *of, const stream_piece *in)
{
    uint32_t behind = in->piece.sequence + (uint32_t)in->piece.reported;
    const struct tcp_analysis *tcp = of->analysis;

    if (of->header->th_flags & TH_RST) {
        unfinished_connection_ends(tcp->fwd, ENDING_RST_SERVER, behind);
        unfinished_connection_ends(tcp->rev, ENDING_RST_CLIENT, of->header->th_ack);
    } else if (of->header->th_flags & TH_FIN) {
        unfinished_connection_ends(tcp->fwd, ENDING_FIN, behind);
    }
}

static void learn_segment(packet_info *pinfo, frame_messages *frame, const tcp_follow_entry *of)
{
    stream_piece in = piece_of_segment(of);

    if (in.piece.length > 0) {
        if (frame && wait_for(frame, frame->begun, &in, 0))
            frame->begun = NULL;
        request_begins(pinfo, frame, &in);
        gather(pinfo, &in, 0);
        if (frame && frame->consumed > 0)
            learn_pending(pinfo, &in);
    }
}

/* All records of one layer of TLS that were decrypted in this frame. */
static void learn_layer(packet_info *pinfo, frame_messages *frame, const tcp_follow_entry *carrier,
                        uint32_t key)
{
    const SslPacketInfo *tls =
        (const SslPacketInfo *)p_get_proto_data(wmem_file_scope(), pinfo, proto_tls, key);

    for (const SslRecordInfo *i = tls ? tls->records : NULL; i; i = i->next) {
        if (i->type != SSL_ID_APP_DATA || !i->flow || i->data_len == 0)
            continue;
        stream_piece in = piece_of_record(carrier, i);

        request_begins(pinfo, frame, &in);
        gather(pinfo, &in, 0);
        learn_pending(pinfo, &in);
    }
}

/* TLS keeps them under 0 (4.0), or under the number of the layer (4.4): TLS inside TLS is 2. */
static void learn_records(packet_info *pinfo, frame_messages *frame,
                          const tcp_follow_entry *carrier)
{
    for (uint32_t key = 0; key <= MOST_TLS_LAYERS; key++)
        learn_layer(pinfo, frame, carrier, key);
}

void learn_segments(packet_info *pinfo, frame_messages *frame)
{
    const tcp_follow_entry *of;

    if (pinfo->num <= last_frame || !segment(0))
        return;
    last_frame = pinfo->num;
    for (unsigned n = 0; (of = segment(n)) != NULL; n++)
        learn_segment(pinfo, frame, of);
    learn_records(pinfo, frame, segment(0));
    for (unsigned n = 0; unfinished_any() && (of = segment(n)) != NULL; n++)
        learn_end(of, &(stream_piece){.piece = {of->header->th_rawseq, NULL, 0,
                                                tvb_reported_length(of->payload)}});
}
