/* learn_http2.c
 * What the tap of HTTP/2 tells of a frame's messages.
 *
 * RFC 9113 sections 4 and 8. Wireshark exports neither the headers nor the stream of the body that
 * it hands over, but its Follow Stream tap shows both: the header blocks, decompressed, and what
 * belongs to which stream. Its queue is complete when the frame is dissected, so bodies wait until
 * then.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include <epan/tap.h>

#include "codings.h"
#include "compat.h"
#include "connections.h"
#include "learn.h"
#include "learn_streams.h"
#include "messages.h"
#include "octets.h"
#include "talks.h"
#include "unfinished.h"

/* Registration. */
static int follow_tap = -1;

void learn_http2_init(void)
{
    follow_tap = learn_listen_to("http2_follow");
}

static const http2_follow_entry *tapped(unsigned n)
{
    return (const http2_follow_entry *)fetch_tapped_data(follow_tap, (int)n);
}

bool learn_http2_knows(void)
{
    return tapped(0) != NULL;
}

/* ---- header blocks ---- */

#if WIRESHARK_AT_LEAST(4, 2)

/* Lines of "name: value", an empty one at the end. Pseudo-header fields come first. */
static bool parse_block(packet_info *pinfo, const char *text, size_t length, http_header *header)
{
    const char *at = text, *end = text + length;

    if (length < 2 || *text != ':')
        return false;
    arena *scope = learn_arena(pinfo);

    while (at < end) {
        const char *newline = (const char *)memchr(at, '\n', (size_t)(end - at));
        const char *line_end = newline ? newline : end;
        const char *colon =
            at < line_end ? (const char *)memchr(at + 1, ':', (size_t)(line_end - at - 1)) : NULL;

        if (colon && colon + 2 <= line_end)
            http_header_set(scope, header, (http_slice){at, colon},
                            (http_slice){colon + 2, line_end});
        at = line_end + 1;
    }
    return true;
}

#else

static bool next_string(const uint8_t **at, const uint8_t *end, http_slice *string)
{
    if (end - *at < 4)
        return false;
    uint32_t length = octets_32(*at);

    *at += 4;
    if (length > (size_t)(end - *at))
        return false;
    *string = (http_slice){(const char *)*at, (const char *)*at + length};
    *at += length;
    return true;
}

/* Name and value in turn, each with its length in four bytes before it. Frames of other types come
 * in the same way: none of them parses to its very end with a pseudo-header field in front. */
static bool parse_block(packet_info *pinfo, const char *text, size_t length, http_header *header)
{
    const uint8_t *at = (const uint8_t *)text, *end = at + length;
    http_slice name, value;

    if (length < 5 || text[4] != ':')
        return false;
    arena *scope = learn_arena(pinfo);

    while (at < end) {
        if (!next_string(&at, end, &name) || !next_string(&at, end, &value))
            return false;
        http_header_set(scope, header, name, value);
    }
    return true;
}

#endif

/* The request's part in this frame: its header, its body, or both. */
static http_message *learn_request(frame_messages *frame, exchange *of)
{
    for (unsigned i = 0; i < messages_count(frame); i++) {
        http_message *message = messages_nth(frame, i);

        if (message->request && message->exchange == of)
            return message;
    }
    http_message *made = learn_message(frame);

    made->fresh = made->request = made->deferred = true;
    made->exchange = of;
    return made;
}

static void request_begins(packet_info *pinfo, frame_messages *frame, const http_header *header,
                           uint64_t stream)
{
    sighting seen = connections_sighting(pinfo);
    exchange *of =
        connection_h2_request(connections_of(pinfo), &seen, header, stream, learn_direction(pinfo));

    learn_request(frame, of);
    if (of->delivered && of->unfinished)
        unfinished_settle(of);
}

static void response_begins(packet_info *pinfo, frame_messages *frame, const http_header *header,
                            uint64_t stream)
{
    sighting seen = connections_sighting(pinfo);
    exchange *begun = connection_h2_response(connections_of(pinfo), &seen, header, stream);

    if (!begun || begun->http_status != 207 || !learn_direction(pinfo))
        return;
    if (!frame->http2_begun)
        frame->http2_begun = wmem_array_new(pinfo->pool, sizeof(exchange *));
    wmem_array_append_one(frame->http2_begun, begun);
    unfinished_begins_h2(begun, learn_direction(pinfo));
}

static bool learn_block(packet_info *pinfo, frame_messages *frame, const char *text, size_t length,
                        uint64_t stream)
{
    http_header header = http_header_new();

    if (!parse_block(pinfo, text, length, &header))
        return false;
    header.protocol = "HTTP/2";
    header.request = header.method != NULL;
    if (header.unread || learn_streams_may_lack(pinfo))
        connection_h2_lacks_block(connections_of(pinfo), learn_direction(pinfo));
    if (header.request && connection_h2_is_doubtful(connections_of(pinfo), learn_direction(pinfo)))
        return true;
    if (header.request)
        request_begins(pinfo, frame, &header, stream);
    else if (header.status != 0 && !http_is_interim(header.status))
        response_begins(pinfo, frame, &header, stream);
    return true;
}

/* RFC 9113 section 4.1 and 6.1: 24 bits of length, type, flags, 32 bits of stream. */
enum { FRAME_HEADER = 9, FRAME_DATA = 0, FRAME_RST_STREAM = 3, FLAG_PADDED = 8 };

/* A frame that is no header block. It is told how much there is of each body; those of a body that
 * is not complete are kept. */
static void learn_frame_of_stream(packet_info *pinfo, const uint8_t *bytes, size_t length,
                                  size_t reported, uint64_t stream)
{
    if (length < FRAME_HEADER ||
        ((size_t)bytes[0] << 16 | (size_t)bytes[1] << 8 | bytes[2]) + FRAME_HEADER != reported)
        return;
    exchange *of = connection_h2_find(connections_of(pinfo), stream);

    if (of && bytes[3] == FRAME_RST_STREAM)
        unfinished_stream_reset(of);
    if (!of || bytes[3] != FRAME_DATA)
        return;
    size_t start = FRAME_HEADER, padding = 0;

    if ((bytes[4] & FLAG_PADDED) && length > FRAME_HEADER)
        padding = bytes[start++];
    bool cut = length < reported;
    bool answers = !connection_is_client(connections_of(pinfo), learn_direction(pinfo), of);

    of->data_lengths[answers] += reported - MIN(start + padding, reported);
    if (start + (cut ? 0 : padding) <= length)
        unfinished_add_data(of, learn_direction(pinfo), bytes + start,
                            length - start - (cut ? 0 : padding), cut);
}

static void learn_entry(packet_info *pinfo, frame_messages *frame, const http2_follow_entry *entry)
{
    unsigned length = tvb_captured_length(entry->tvb);

    if (length == 0)
        return;
    const char *text = (const char *)tvb_get_ptr(entry->tvb, 0, (int)length);

    if (!learn_block(pinfo, frame, text, length, entry->stream_id))
        learn_frame_of_stream(pinfo, (const uint8_t *)text, length, tvb_reported_length(entry->tvb),
                              entry->stream_id);
}

/* ---- bodies ---- */

static unsigned count_entries(unsigned from)
{
    while (tapped(from))
        from++;
    return from;
}

void learn_http2_body(packet_info *pinfo, frame_messages *frame, tvbuff_t *body)
{
    unsigned queued = count_entries(frame->consumed_h2);
    /* Where the entry lies that names the stream of this body: 4.0 queues it when it has dissected
     * the DATA frame, later versions when they are about to hand the body over. */
    http2_body made = {body, WIRESHARK_AT_LEAST(4, 2) && queued > 0 ? queued - 1 : queued,
                       frame->bodies};

    if (!frame->http2_bodies)
        frame->http2_bodies = wmem_array_new(pinfo->pool, sizeof(http2_body));
    wmem_array_append(frame->http2_bodies, &made, 1);
}

static void learn_request_of(exchange *found, tvbuff_t *body)
{
    unsigned length = tvb_captured_length(body);

    if (length > 0)
        exchange_read_request(found, tvb_get_ptr(body, 0, (int)length), length);
}

/* It is told of as soon as its request is known, too. */
static void settle_later(exchange *of, const http_message *message)
{
    unsigned length = tvb_captured_length(message->body);

    unfinished_delivered(of, length > 0 ? tvb_get_ptr(message->body, 0, (int)length) : NULL, length,
                         message->missing);
    if (of->request_frame != 0)
        unfinished_settle(of);
}

/* Are these the bytes of the body, its codings undone or not? In doubt they are. */
static bool is_body(const exchange *of, const GByteArray *coded, const uint8_t *bytes,
                    unsigned length)
{
    const char *codings = of->response_fields[HTTP_CONTENT_ENCODING], *miscoded;
    GByteArray *plain;

    if (!codings)
        return coded->len >= length ||
               memcmp(coded->data, bytes + length - coded->len, coded->len) != 0;
    if ((coded->len == length && memcmp(coded->data, bytes, length) == 0) ||
        !codings_are_still_on(codings, coded->data, coded->len))
        return true; /* or nobody could tell later that they have to be undone */
    codings_result result =
        codings_read(codings, coded->data, coded->len, exchange_most_bytes(connections_capture()),
                     &plain, &miscoded);
    bool same = result != CODINGS_WHOLE ||
                (plain->len == length && memcmp(plain->data, bytes, length) == 0);

    g_byte_array_unref(plain);
    return same;
}

/* What the frames of a 207 carried, if that is not what was handed over. */
static void note_own(exchange *of, tvbuff_t *body)
{
    const GByteArray *own = unfinished_data(of);
    unsigned length = tvb_captured_length(body);

    if (own && own->len > 0 && length > 0 &&
        !is_body(of, own, tvb_get_ptr(body, 0, (int)length), length)) {
        of->own = (const uint8_t *)wmem_memdup(wmem_file_scope(), own->data, own->len);
        of->own_length = own->len;
    }
}

/* Of other bodies it is known how long they are. One whose codings are undone may be longer. */
static tvbuff_t *own_end(const char *codings, uint64_t own, tvbuff_t *body)
{
    unsigned length = tvb_captured_length(body), before = length - (unsigned)MIN(own, length);

    /* Later versions do not show the frames. */
    if (WIRESHARK_AT_LEAST(4, 2) || before == 0)
        return body;
    if (codings && own > 0 &&
        !codings_are_still_on(codings, tvb_get_ptr(body, (int)before, (int)own), (size_t)own))
        return body;
    return tvb_new_subset_length(body, (int)before, (int)own);
}

tvbuff_t *learn_own_body(packet_info *pinfo, const exchange *of, bool request, tvbuff_t *body)
{
    if (request)
        return own_end(of->request_fields[HTTP_CONTENT_ENCODING], of->data_lengths[0], body);
    if (!of->own && of->http_status == 207)
        return body;
    if (!of->own)
        return own_end(of->response_fields[HTTP_CONTENT_ENCODING], of->data_lengths[1], body);
    tvbuff_t *made = tvb_new_child_real_data(body, of->own, of->own_length, (int)of->own_length);

    add_new_data_source(pinfo, made, "Body of this stream");
    return made;
}

static void learn_bodies(packet_info *pinfo, frame_messages *frame)
{
    for (unsigned i = 0; i < wmem_array_get_count(frame->http2_bodies); i++) {
        const http2_body *of = (const http2_body *)wmem_array_index(frame->http2_bodies, i);
        const http2_follow_entry *entry = tapped(of->entry);
        exchange *found =
            entry ? connection_h2_find(connections_of(pinfo), entry->stream_id) : NULL;

        if (!found)
            continue;
        if (connection_is_client(connections_of(pinfo), learn_direction(pinfo), found)) {
            http_message *request = learn_request(frame, found);

            request->body = learn_own_body(pinfo, found, true, of->body);
            request->body_call = of->call;
            request->content_length = tvb_captured_length(request->body);
            learn_request_of(found, request->body);
            continue;
        }
        sighting seen = connections_sighting(pinfo);

        note_own(found, of->body);
        tvbuff_t *body = learn_own_body(pinfo, found, false, of->body);

        connection_h2_delivered(connections_of(pinfo), &seen, found);
        unfinished_forget(found);
        http_message *message = learn_message(frame);

        message->fresh = true;
        message->exchange = found;
        message->body = learn_plain_body(pinfo, message, body);
        message->body_call = of->call;
        message->deferred = true;
        if (!talks_tell_at_once())
            settle_later(found, message);
    }
}

/* Later passes show here what there is of those that do not complete. */
static void wait_for_rest(frame_messages *frame)
{
    for (unsigned i = 0; i < wmem_array_get_count(frame->http2_begun); i++) {
        exchange *begun = *(exchange **)wmem_array_index(frame->http2_begun, i);

        if (begun->delivered)
            continue;
        http_message *message = learn_message(frame);

        message->exchange = begun;
        message->frame = begun->frame;
        message->begun = message->keep = begun->held = true;
    }
}

void learn_http2(packet_info *pinfo, frame_messages *frame)
{
    const http2_follow_entry *entry;

    while ((entry = tapped(frame->consumed_h2)) != NULL) {
        frame->consumed_h2++;
        learn_entry(pinfo, frame, entry);
    }
    if (frame->http2_bodies)
        learn_bodies(pinfo, frame);
    if (frame->http2_begun)
        wait_for_rest(frame);
}
