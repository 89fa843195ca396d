/* learn_http1.c
 * What the taps of HTTP/1 and TCP tell of a frame's messages.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include <epan/tap.h>

#include "body.h"
#include "codings.h"
#include "compat.h"
#include "connections.h"
#include "http1.h"
#include "learn.h"
#include "unfinished.h"

/* Registration. */
static int proto_http = -1;
static int follow_tap = -1;

void learn_http1_init(void)
{
    proto_http = proto_get_id_by_filter_name("http");
    follow_tap = learn_listen_to("http_follow");
}

static tvbuff_t *tapped(unsigned n)
{
    return (tvbuff_t *)(uintptr_t)fetch_tapped_data(follow_tap, (int)n);
}

/* ---- what is behind a header ---- */

/* In the same buffer. */
static const uint8_t *behind_header(const http_message *message, size_t *length)
{
    tvbuff_t *source = tvb_get_ds_tvb(message->header);
    unsigned start =
        (unsigned)tvb_raw_offset(message->header) + tvb_captured_length(message->header);
    unsigned end = tvb_captured_length(source);

    *length = end > start ? end - start : 0;
    return *length > 0 ? tvb_get_ptr(source, (int)start, (int)*length) : NULL;
}

static body_reader read_behind_header(const http_message *message)
{
    unsigned header = tvb_captured_length(message->header);
    const uint8_t *text = tvb_get_ptr(message->header, 0, (int)header);
    size_t length;
    const uint8_t *bytes = behind_header(message, &length);
    body_reader reader = body_reader_new(message->request, UNFINISHED_LIMIT);

    reader.head = g_strcmp0(message->exchange->method, "HEAD") == 0;
    body_reader_feed(&reader, text, header);
    if (reader.framing != BODY_HEADER)
        body_reader_feed(&reader, bytes, length);
    return reader;
}

/* The snap length took something of the packet: of this response? HTTP does not tell. */
static void learn_cut(http_message *message)
{
    body_reader reader = read_behind_header(message);

    if (!reader.ended)
        message->missing = "the packet was cut by the snap length of the capture";
    body_reader_clear(&reader);
}

static void learn_header(packet_info *pinfo, frame_messages *frame, tvbuff_t *entry,
                         const char *text, size_t length)
{
    http_header header;

    if (!http1_parse(learn_arena(pinfo), text, length, &header) || http_is_interim(header.status))
        return;
    learn_settle(frame);
    http_message *message = learn_message(frame);

    message->fresh = true;
    message->request = header.request;
    message->header = entry;
    message->cut = frame->cut;
    message->content_length = header.content_length;
    if (header.request) {
        message->exchange = connections_request(pinfo, &header);
        return;
    }
    sighting seen = connections_sighting(pinfo);

    message->exchange = connection_response(connections_of(pinfo), &seen, &header, text, length);
    if (message->cut)
        learn_cut(message);
    if (unfinished_is_reported(message->exchange)) {
        message->shown = true; /* and stays where it began */
        message->exchange->delivered = false;
    } else {
        unfinished_forget(message->exchange);
    }
}

static void learn_body(frame_messages *frame, tvbuff_t *body)
{
    unsigned n = messages_count(frame), length = tvb_captured_length(body);
    http_message *message = n > 0 ? messages_nth(frame, n - 1) : NULL;

    if (!message || message->body)
        return; /* a continuation of something whose beginning the capture does not hold */
    message->body = body;
    if (message->request && length > 0)
        learn_request_body(message->exchange, tvb_get_ptr(body, 0, (int)length), length);
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
        learn_header(pinfo, frame, entry, text, length);
    else
        learn_body(frame, entry);
}

bool learn_http1_knows(void)
{
    return tapped(0) != NULL;
}

void learn_http1(packet_info *pinfo, frame_messages *frame)
{
    tvbuff_t *entry;

    while ((entry = tapped(frame->consumed)) != NULL) {
        frame->consumed++;
        learn_entry(pinfo, frame, entry);
    }
}

/* ---- bodies that HTTP shows to nobody ---- */

/* Media types of bodies that may be ours. Others need not be undone. */
static bool may_be_ours(const char *type)
{
    return !type || strstr(type, "xml") || strstr(type, "json") || strstr(type, "multipart");
}

/* It does so where it does not undo a content coding, or the snap length cut a chunk. */
static bool is_hidden(const http_message *message)
{
    const exchange *of = message->exchange;

    if (message->body || !message->header)
        return false;
    if (message->request)
        return codings_are_any(of->request_fields[HTTP_CONTENT_ENCODING]);
    return of->http_status == 207 || (codings_are_any(of->response_fields[HTTP_CONTENT_ENCODING]) &&
                                      may_be_ours(of->response_fields[HTTP_CONTENT_TYPE]));
}

static void read_hidden_request(http_message *message)
{
    body_reader reader = read_behind_header(message);
    GByteArray *plain;

    codings_undo(message->exchange->request_fields[HTTP_CONTENT_ENCODING], reader.body->data,
                 reader.body->len, learn_most_bytes(), &plain);
    if (plain->len > 0)
        learn_request_body(message->exchange, plain->data, plain->len);
    g_byte_array_unref(plain);
    body_reader_clear(&reader);
}

static void read_hidden(http_message *message)
{
    body_reader reader = read_behind_header(message);

    body_reader_end(&reader);
    if (reader.body->len > 0) {
        message->body = learn_undone(message, message->header,
                                     (http_bytes){reader.body->data, reader.body->len});
        if (!reader.ended && !message->missing)
            message->missing = "the body ends before it is complete";
    }
    body_reader_clear(&reader);
}

void learn_http1_hidden(frame_messages *frame)
{
    for (unsigned i = 0; i < messages_count(frame); i++) {
        http_message *message = messages_nth(frame, i);

        if (!is_hidden(message))
            continue;
        if (message->request)
            read_hidden_request(message);
        else
            read_hidden(message);
    }
}

exchange *learn_http1_belief(packet_info *pinfo)
{
    return connections_believe(pinfo, proto_http);
}
