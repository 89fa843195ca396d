/* messages.c
 * The HTTP messages of the frame that is being dissected.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "messages.h"

#include <string.h>

#include <epan/proto_data.h>
#include <epan/tap.h>

#include "multistatus.h"

enum { KEY_KEPT, KEY_FRAME };

struct frame_messages {
    wmem_array_t *messages; /* of http_message * */
    bool first;             /* the messages are being learned, not looked up */
    bool from_taps;
    unsigned consumed; /* entries of the tap queue that have been read */
    unsigned bodies;   /* bodies that HTTP has handed over so far */
};

/* Registration. */
static int proto_of_frames = -1;
static int proto_http = -1;
static int follow_tap = -1;

/* The last frame whose taps have been read: each is read once, in order. */
static uint32_t last_frame;

static void start_capture(void)
{
    last_frame = 0;
}

void messages_init(int proto)
{
    proto_of_frames = proto;
    proto_http = proto_get_id_by_filter_name("http");
    follow_tap = find_tap_id("http_follow");
    register_init_routine(start_capture);

    /* A listener without callbacks: it is there so that HTTP fills the queue. */
    GString *error = register_tap_listener("http_follow", &proto_of_frames, NULL,
                                           TL_IS_DISSECTOR_HELPER, NULL, NULL, NULL, NULL);

    if (error) {
        ws_warning("multistatus: %s", error->str);
        g_string_free(error, TRUE);
    }
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
    message->content_length = header.content_length;
    message->exchange =
        header.request ? exchange_request(pinfo, &header) : exchange_response(pinfo, &header);
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

    if (http1_is_header(text, length))
        learn_header(pinfo, frame, text, length);
    else
        learn_body(pinfo, frame, entry);
}

static tvbuff_t *tapped(unsigned n)
{
    return (tvbuff_t *)(uintptr_t)fetch_tapped_data(follow_tap, (int)n);
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
    return pinfo->num > last_frame && tapped(0) != NULL;
}

frame_messages *messages_of_frame(packet_info *pinfo)
{
    frame_messages *frame =
        (frame_messages *)p_get_proto_data(pinfo->pool, pinfo, proto_of_frames, KEY_FRAME);

    if (!frame && is_tapped_pass(pinfo)) {
        frame = new_frame(pinfo);
        frame->messages = wmem_array_new(wmem_file_scope(), sizeof(http_message *));
        frame->first = frame->from_taps = true;
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

unsigned messages_count(const frame_messages *frame)
{
    return wmem_array_get_count(frame->messages);
}

http_message *messages_nth(const frame_messages *frame, unsigned n)
{
    return *(http_message **)wmem_array_index(frame->messages, n);
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
    frame->first = frame->from_taps = false;
    p_remove_proto_data(wmem_file_scope(), pinfo, proto_of_frames, KEY_KEPT);
    if (wmem_array_get_count(kept) > 0)
        p_add_proto_data(wmem_file_scope(), pinfo, proto_of_frames, KEY_KEPT, kept);
    if (frame->consumed > 0)
        last_frame = pinfo->num;
}
