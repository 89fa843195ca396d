/* messages.c
 * The HTTP messages of the frame that is being dissected.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "messages.h"

#include <string.h>

#include <epan/proto_data.h>
#include <epan/tap.h>

#include "compat.h"
#include "multistatus.h"

enum { KEY_KEPT, KEY_FRAME };

struct frame_messages {
    wmem_array_t *messages; /* of http_message * */
    bool first;             /* the messages are being learned, not looked up */
    bool from_taps;
    unsigned consumed; /* entries of the tap queue that have been read */
    unsigned bodies;   /* bodies that HTTP has handed over so far */
    exchange *begun;   /* the response whose status line starts the frame's payload */
    bool cut;          /* the snap length took the end of that payload */
};

/* Registration. */
static int proto_of_frames = -1;
static int proto_http = -1;
static int follow_tap = -1;
static int segment_tap = -1;

/* The last frame whose taps have been read: each is read once, in order. */
static uint32_t last_frame;

static void start_capture(void)
{
    last_frame = 0;
}

/* A listener without callbacks: it is there so that the dissector fills the queue. */
static void listen_to(const char *tap)
{
    GString *error =
        register_tap_listener(tap, NULL, NULL, TL_IS_DISSECTOR_HELPER, NULL, NULL, NULL, NULL);

    if (error) {
        ws_warning("multistatus: tap %s: %s", tap, error->str);
        g_string_free(error, TRUE);
    }
}

void messages_init(int proto)
{
    proto_of_frames = proto;
    proto_http = proto_get_id_by_filter_name("http");
    follow_tap = find_tap_id("http_follow");
    segment_tap = find_tap_id("tcp_follow");
    register_init_routine(start_capture);
    listen_to("http_follow");
    listen_to("tcp_follow");
}

/* ------------------------------------------------------------------------------- learning ---- */

static http_message *add_message(frame_messages *frame)
{
    http_message *made = wmem_new0(wmem_file_scope(), http_message);

    made->content_length = -1;
    wmem_array_append_one(frame->messages, made);
    return made;
}

static void learn_header(packet_info *pinfo, frame_messages *frame, const char *text, size_t length)
{
    http1_header header;

    if (!http1_parse(pinfo->pool, text, length, &header) || http1_is_interim(header.status))
        return;
    http_message *message = add_message(frame);

    message->request = header.request;
    message->cut = frame->cut;
    message->content_length = header.content_length;
    message->exchange = header.request ? exchange_request(pinfo, &header)
                                       : exchange_response(pinfo, &header, text, length);
}

static void learn_body(packet_info *pinfo, frame_messages *frame, tvbuff_t *body)
{
    unsigned n = messages_count(frame);
    http_message *message = n > 0 ? messages_nth(frame, n - 1) : NULL;

    if (!message || message->body)
        return; /* a continuation of something whose beginning the capture does not hold */
    message->body = body;
    if (message->request && g_strcmp0(message->exchange->method, "REPORT") == 0) {
        unsigned length = tvb_captured_length(body);
        char *name = ms_root_name(tvb_get_ptr(body, 0, (int)length), length, NULL);

        if (name)
            exchange_set_report(message->exchange, wmem_strdup(pinfo->pool, name));
        g_free(name);
    }
}

static void learn_entry(packet_info *pinfo, frame_messages *frame, tvbuff_t *entry)
{
    unsigned length = tvb_captured_length(entry);
    const char *text = length > 0 ? (const char *)tvb_get_ptr(entry, 0, (int)length) : "";

    if (http1_is_header(text, length, frame->cut))
        learn_header(pinfo, frame, text, length);
    else
        learn_body(pinfo, frame, entry);
}

static tvbuff_t *tapped(unsigned n)
{
    return (tvbuff_t *)(uintptr_t)fetch_tapped_data(follow_tap, (int)n);
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

static void learn_segment(packet_info *pinfo, frame_messages *frame)
{
    const tcp_follow_entry *segment = telling_segment();
    http1_header header;

    /* What only looks like HTTP, on a connection that Wireshark does not take for it, is not ours.
     */
    if (!segment || !http1_is_connection(pinfo, proto_http))
        return;
    frame->cut = is_cut(segment->payload);
    unsigned length = tvb_captured_length(segment->payload);
    const char *text = (const char *)tvb_get_ptr(segment->payload, 0, (int)length);

    if (!http1_parse(pinfo->pool, text, length, &header) || http1_is_interim(header.status))
        return;
    if (!header.request) {
        frame->begun = exchange_begins(pinfo, &header, text, length, segment->header->th_rawseq);
    } else if (!tapped(0)) {
        exchange_request(pinfo, &header);
    }
}

static void learn(packet_info *pinfo, frame_messages *frame)
{
    tvbuff_t *entry;

    while ((entry = tapped(frame->consumed)) != NULL) {
        frame->consumed++;
        learn_entry(pinfo, frame, entry);
    }
}

/* -------------------------------------------------------------------------------- looking ---- */

static frame_messages *new_frame(packet_info *pinfo)
{
    frame_messages *made = wmem_new0(pinfo->pool, frame_messages);

    p_add_proto_data(pinfo->pool, pinfo, proto_of_frames, KEY_FRAME, made);
    return made;
}

static frame_messages *known_frame(packet_info *pinfo, wmem_array_t *kept)
{
    frame_messages *made = new_frame(pinfo);

    made->messages = kept;
    for (unsigned i = 0; i < messages_count(made); i++)
        messages_nth(made, i)->shown = false;
    return made;
}

/* Is this the pass that shows the frame's messages through the tap for the first time? */
static bool is_tapped_pass(const packet_info *pinfo)
{
    return pinfo->num > last_frame && (tapped(0) != NULL || telling_segment() != NULL);
}

frame_messages *messages_of_frame(packet_info *pinfo)
{
    frame_messages *frame =
        (frame_messages *)p_get_proto_data(pinfo->pool, pinfo, proto_of_frames, KEY_FRAME);

    if (!frame && is_tapped_pass(pinfo)) {
        frame = new_frame(pinfo);
        frame->messages = wmem_array_new(wmem_file_scope(), sizeof(http_message *));
        frame->first = frame->from_taps = true;
        learn_segment(pinfo, frame);
    }
    if (!frame) {
        wmem_array_t *kept =
            (wmem_array_t *)p_get_proto_data(wmem_file_scope(), pinfo, proto_of_frames, KEY_KEPT);

        return kept ? known_frame(pinfo, kept) : NULL;
    }
    if (frame->from_taps)
        learn(pinfo, frame);
    return frame;
}

frame_messages *messages_of_whole_frame(packet_info *pinfo)
{
    frame_messages *frame = messages_of_frame(pinfo);

    if (frame && frame->begun && !frame->begun->delivered && frame->begun->http_status == 207) {
        http_message *message = add_message(frame);

        message->exchange = frame->begun;
        message->begun = message->keep = true;
        message->cut = frame->cut;
        frame->begun = NULL;
    }
    return frame;
}

unsigned messages_count(const frame_messages *frame)
{
    return wmem_array_get_count(frame->messages);
}

http_message *messages_nth(const frame_messages *frame, unsigned n)
{
    return *(http_message **)wmem_array_index(frame->messages, n);
}

bool messages_are_new(const frame_messages *frame)
{
    return frame->first;
}

/* No tap, nothing kept: what HTTP believes must do. */
static http_message *believe(packet_info *pinfo, frame_messages *frame)
{
    http_message *message = add_message(frame);

    message->exchange = exchange_believed(pinfo, proto_http);
    return message;
}

static http_message *find_by_body(const frame_messages *frame, tvbuff_t *body)
{
    for (unsigned i = 0; i < messages_count(frame); i++) {
        http_message *message = messages_nth(frame, i);

        if (frame->from_taps ? message->body == body : message->body_call == frame->bodies)
            return message;
    }
    return NULL;
}

http_message *messages_of_body(packet_info *pinfo, tvbuff_t *body, bool is_response)
{
    frame_messages *frame = messages_of_frame(pinfo);

    if (!frame && is_response && !PINFO_FD_VISITED(pinfo)) {
        frame = new_frame(pinfo);
        frame->messages = wmem_array_new(wmem_file_scope(), sizeof(http_message *));
        frame->first = true;
    }
    if (!frame)
        return NULL;
    frame->bodies++;
    http_message *message = frame->first && !frame->from_taps && is_response
                                ? believe(pinfo, frame)
                                : find_by_body(frame, body);

    if (message && frame->first)
        message->body_call = frame->bodies;
    return message;
}

/* -------------------------------------------------------------------------------- keeping ---- */

void messages_finish(packet_info *pinfo, frame_messages *frame)
{
    if (!frame->first)
        return;
    wmem_array_t *kept = wmem_array_new(wmem_file_scope(), sizeof(http_message *));

    for (unsigned i = 0; i < messages_count(frame); i++) {
        http_message *message = messages_nth(frame, i);

        message->body = NULL;
        if (message->keep) {
            wmem_array_append_one(kept, message);
        } else {
            if (!message->request) /* a request still waits for its answer */
                exchange_free(message->exchange);
            wmem_free(wmem_file_scope(), message);
        }
    }
    wmem_destroy_array(frame->messages);
    frame->messages = kept;
    if (frame->from_taps)
        last_frame = pinfo->num;
    frame->first = frame->from_taps = false;
    p_remove_proto_data(wmem_file_scope(), pinfo, proto_of_frames, KEY_KEPT);
    if (wmem_array_get_count(kept) > 0)
        p_add_proto_data(wmem_file_scope(), pinfo, proto_of_frames, KEY_KEPT, kept);
}
