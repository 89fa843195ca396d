/* learn_http1.c
 * What the taps of HTTP/1 and TCP tell of a frame's messages.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include <epan/tap.h>

#include "compat.h"
#include "http1.h"
#include "learn.h"

/* Registration. */
static int proto_http = -1;
static int follow_tap = -1;
static int segment_tap = -1;

void learn_http1_init(void)
{
    proto_http = proto_get_id_by_filter_name("http");
    follow_tap = learn_listen_to("http_follow");
    segment_tap = learn_listen_to("tcp_follow");
}

static tvbuff_t *tapped(unsigned n)
{
    return (tvbuff_t *)(uintptr_t)fetch_tapped_data(follow_tap, (int)n);
}

static void learn_header(packet_info *pinfo, frame_messages *frame, const char *text, size_t length)
{
    http_header header;

    if (!http1_parse(pinfo->pool, text, length, &header) || http_is_interim(header.status))
        return;
    learn_settle(frame);
    http_message *message = learn_message(frame);

    message->fresh = true;
    message->request = header.request;
    message->cut = frame->cut;
    message->content_length = header.content_length;
    message->exchange = header.request ? exchange_request(pinfo, &header)
                                       : exchange_response(pinfo, &header, text, length);
}

static void learn_body(frame_messages *frame, tvbuff_t *body)
{
    unsigned n = messages_count(frame);
    http_message *message = n > 0 ? messages_nth(frame, n - 1) : NULL;

    if (!message || message->body)
        return; /* a continuation of something whose beginning the capture does not hold */
    message->body = body;
    if (message->request)
        learn_request_body(message->exchange, body);
}

static bool is_header(const frame_messages *frame, tvbuff_t *entry)
{
    unsigned length = entry ? tvb_captured_length(entry) : 0;

    return length > 0 &&
           http1_is_header((const char *)tvb_get_ptr(entry, 0, (int)length), length, frame->cut);
}

static void learn_entry(packet_info *pinfo, frame_messages *frame, tvbuff_t *entry)
{
    unsigned length = tvb_captured_length(entry);
    const char *text = length > 0 ? (const char *)tvb_get_ptr(entry, 0, (int)length) : "";

    if (is_header(frame, entry))
        learn_header(pinfo, frame, text, length);
    else
        learn_body(frame, entry);
}

/* Methods that HTTP/1 of Wireshark 4.0 does not take for requests; to it they are just data. */
static const char *const unknown_methods[] = {"ACL ",           "BIND ",   "MKCALENDAR ",
                                              "MKREDIRECTREF ", "REBIND ", "ORDERPATCH ",
                                              "UPDATEREDIRECT", "UNBIND "};

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
    for (size_t i = 0; i < G_N_ELEMENTS(unknown_methods); i++) {
        if (first == *unknown_methods[i] && starts_with(payload, unknown_methods[i]))
            return true;
    }
    return is_cut(payload);
}

static const tcp_follow_entry *telling_segment(void)
{
    const tcp_follow_entry *segment = (const tcp_follow_entry *)fetch_tapped_data(segment_tap, 0);

    return segment && is_telling(segment->payload) ? segment : NULL;
}

/* Where the header block ends that a segment starts with; its length if it does not end there. */
static int end_of_header(tvbuff_t *payload)
{
    unsigned length = tvb_captured_length(payload);
    const char *text = (const char *)tvb_get_ptr(payload, 0, (int)length);
    const char *end = g_strstr_len(text, (gssize)length, "\r\n\r\n");

    return end ? (int)(end + 4 - text) : (int)length;
}

/* A request with a method that HTTP takes for data. Its body is read if it is in the same segment.
 */
static void learn_unknown_request(packet_info *pinfo, frame_messages *frame,
                                  const http_header *header, tvbuff_t *payload)
{
    http_message *message = learn_message(frame);
    int start = end_of_header(payload);

    message->fresh = message->request = true;
    message->content_length = header->content_length;
    message->exchange = exchange_request(pinfo, header);
    message->body = tvb_new_subset_remaining(payload, start);
    if (header->content_length > 0 &&
        header->content_length == (int64_t)tvb_captured_length(message->body))
        learn_request_body(message->exchange, message->body);
}

void learn_http1_segment(packet_info *pinfo, frame_messages *frame)
{
    const tcp_follow_entry *segment = telling_segment();
    http_header header;

    /* What only looks like HTTP, on a connection that Wireshark does not take for it, is not ours.
     */
    if (!segment || !http1_is_connection(pinfo, proto_http))
        return;
    frame->cut = is_cut(segment->payload);
    unsigned length = tvb_captured_length(segment->payload);
    const char *text = (const char *)tvb_get_ptr(segment->payload, 0, (int)length);

    if (!http1_parse(pinfo->pool, text, length, &header) || http_is_interim(header.status))
        return;
    if (!header.request) {
        frame->begun = exchange_begins(pinfo, &header, text, length, segment->header->th_rawseq);
    } else if (!is_header(frame, tapped(0))) {
        learn_unknown_request(pinfo, frame, &header, segment->payload);
        frame->consumed = tapped(0) ? 1 : 0; /* the same bytes, as data */
    }
}

bool learn_is_tapped(void)
{
    return fetch_tapped_data(segment_tap, 0) != NULL;
}

bool learn_http1_knows(void)
{
    return tapped(0) != NULL || telling_segment() != NULL;
}

void learn_http1(packet_info *pinfo, frame_messages *frame)
{
    tvbuff_t *entry;

    while ((entry = tapped(frame->consumed)) != NULL) {
        frame->consumed++;
        learn_entry(pinfo, frame, entry);
    }
}

exchange *learn_http1_belief(packet_info *pinfo)
{
    return exchange_believed(pinfo, proto_http);
}
