/* messages.c
 * The HTTP messages of the frame that is being dissected.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "messages.h"

#include <epan/proto_data.h>
#include <epan/tap.h>

#include "codings.h"
#include "connections.h"
#include "history.h"
#include "learn.h"
#include "preferences.h"
#include "request.h"
#include "unfinished.h"

enum { KEY_KEPT, KEY_FRAME };

/* Registration. */
static int proto_of_frames = -1;

/* The last frame whose taps have been read: each is read once, in order. */
static uint32_t last_frame;

static void start_capture(void)
{
    last_frame = 0;
}

/* A listener without callbacks: it is there so that the dissector fills the queue. */
int learn_listen_to(const char *tap)
{
    /* Not every version of Wireshark has every tap: of one that is not there nothing is learned. */
    if (find_tap_id(tap) == 0)
        return 0;
    GString *error =
        register_tap_listener(tap, NULL, NULL, TL_IS_DISSECTOR_HELPER, NULL, NULL, NULL, NULL);

    if (error) {
        ws_warning("multistatus: tap %s: %s", tap, error->str);
        g_string_free(error, TRUE);
    }
    return find_tap_id(tap);
}

void messages_init(int proto)
{
    proto_of_frames = proto;
    register_init_routine(start_capture);
    connections_init(proto);
    unfinished_init();
    learn_segments_init();
    learn_http1_init();
    learn_http2_init();
}

static wmem_callback_result clear_arena(wmem_allocator_t *scope, wmem_cb_event_t event, void *of)
{
    (void)scope;
    (void)event;
    arena_clear((arena *)of);
    return FALSE;
}

arena *learn_arena(packet_info *pinfo)
{
    arena *made = wmem_new0(pinfo->pool, arena);

    wmem_register_callback(pinfo->pool, clear_arena, made);
    return made;
}

/* ---- learning ---- */

http_message *learn_message(frame_messages *frame)
{
    http_message *made = wmem_new0(wmem_file_scope(), http_message);

    made->content_length = -1;
    wmem_array_append_one(frame->messages, made);
    return made;
}

static void answered(const http_message *message)
{
    unsigned length = message->body ? tvb_captured_length(message->body) : 0;

    history_answered(message->exchange,
                     length > 0 ? tvb_get_ptr(message->body, 0, (int)length) : NULL, length);
}

void learn_settle(frame_messages *frame)
{
    for (unsigned i = 0; i < messages_count(frame); i++) {
        http_message *message = messages_nth(frame, i);

        if (message->fresh && !message->settled && !message->request)
            answered(message);
        message->settled = true;
    }
}

void learn_request_body(exchange *of, const uint8_t *bytes, size_t length)
{
    if (!of->request && exchange_reads_request(of->method))
        exchange_set_request_body(
            of, ms_request_parse(bytes, length, of->request_fields[HTTP_CONTENT_TYPE]));
}

/* One byte more than the decoder reads: it says that its limit was reached. */
size_t learn_most_bytes(void)
{
    return (size_t)preferences.limits.of[MS_MAX_BODY] + 1;
}

static void free_bytes(void *bytes)
{
    g_free(bytes);
}

tvbuff_t *learn_undone(http_message *message, tvbuff_t *parent, http_bytes coded)
{
    const char *codings = message->exchange->response_fields[HTTP_CONTENT_ENCODING];
    GByteArray *plain;
    codings_result result =
        codings_undo(codings, coded.at, coded.length, learn_most_bytes(), &plain);
    char *words = codings_words(codings, result);
    unsigned length = plain->len;
    uint8_t *bytes = g_byte_array_free(plain, FALSE);

    message->exchange->bomb = result == CODINGS_LARGE;
    if (words)
        message->missing = wmem_strdup(wmem_file_scope(), words);
    g_free(words);
    if (length == 0) {
        g_free(bytes);
        return NULL;
    }
    tvbuff_t *body = tvb_new_child_real_data(parent, bytes, length, (int)length);

    tvb_set_free_cb(body, free_bytes);
    return body;
}

tvbuff_t *learn_plain_body(packet_info *pinfo, http_message *message, tvbuff_t *body)
{
    unsigned length = tvb_captured_length(body);
    const uint8_t *bytes = length > 0 ? tvb_get_ptr(body, 0, (int)length) : NULL;
    const char *codings = message->exchange->response_fields[HTTP_CONTENT_ENCODING];

    if (!codings_are_still_on(codings, bytes, length))
        return body;
    tvbuff_t *plain = learn_undone(message, body, (http_bytes){bytes, length});

    if (!plain)
        return tvb_new_subset_length(body, 0, 0);
    add_new_data_source(pinfo, plain, "Multi-Status body");
    return plain;
}

/* ---- looking ---- */

static frame_messages *new_frame(packet_info *pinfo)
{
    frame_messages *made = wmem_new0(pinfo->pool, frame_messages);

    p_add_proto_data(pinfo->pool, pinfo, proto_of_frames, KEY_FRAME, made);
    return made;
}

static frame_messages *first_frame(packet_info *pinfo, bool from_taps)
{
    frame_messages *made = new_frame(pinfo);

    made->messages = wmem_array_new(wmem_file_scope(), sizeof(http_message *));
    made->first = true;
    made->from_taps = from_taps;
    return made;
}

static frame_messages *known_frame(packet_info *pinfo, wmem_array_t *kept)
{
    frame_messages *made = new_frame(pinfo);

    made->messages = kept;
    for (unsigned i = 0; i < messages_count(made); i++) {
        messages_nth(made, i)->shown = false;
        messages_nth(made, i)->body = NULL;
    }
    return made;
}

/* Is this the pass that shows the frame's messages through the tap for the first time? */
static bool is_tapped_pass(const packet_info *pinfo)
{
    return pinfo->num > last_frame &&
           (learn_http1_knows() || learn_segments_know() || learn_http2_knows());
}

frame_messages *messages_of_frame(packet_info *pinfo)
{
    frame_messages *frame =
        (frame_messages *)p_get_proto_data(pinfo->pool, pinfo, proto_of_frames, KEY_FRAME);

    if (!frame && is_tapped_pass(pinfo)) {
        frame = first_frame(pinfo, true);
        learn_segments_first(pinfo, frame);
    }
    if (!frame) {
        wmem_array_t *kept =
            (wmem_array_t *)p_get_proto_data(wmem_file_scope(), pinfo, proto_of_frames, KEY_KEPT);

        return kept ? known_frame(pinfo, kept) : NULL;
    }
    if (frame->from_taps)
        learn_http1(pinfo, frame);
    return frame;
}

frame_messages *learn_frame(packet_info *pinfo)
{
    frame_messages *frame =
        (frame_messages *)p_get_proto_data(pinfo->pool, pinfo, proto_of_frames, KEY_FRAME);

    return frame ? frame : first_frame(pinfo, true);
}

frame_messages *messages_of_whole_frame(packet_info *pinfo)
{
    frame_messages *frame = messages_of_frame(pinfo);

    if (frame && frame->from_taps)
        learn_http2(pinfo, frame);
    if (frame && frame->from_taps)
        learn_http1_hidden(frame);
    if (!frame || frame->from_taps)
        learn_segments(pinfo, frame);
    return (frame_messages *)p_get_proto_data(pinfo->pool, pinfo, proto_of_frames, KEY_FRAME);
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
    http_message *message = learn_message(frame);

    message->exchange = learn_http1_belief(pinfo);
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

/* A body always has a frame, be it that nothing is known of it yet. */
static frame_messages *frame_of_body(packet_info *pinfo)
{
    frame_messages *frame = messages_of_frame(pinfo);

    if (!frame && pinfo->num > last_frame && learn_is_tapped())
        return first_frame(pinfo, true);
    if (!frame && !PINFO_FD_VISITED(pinfo))
        return first_frame(pinfo, false);
    return frame;
}

http_message *messages_of_body(packet_info *pinfo, tvbuff_t *body, bool is_response)
{
    frame_messages *frame = frame_of_body(pinfo);
    bool http2 = !is_response && proto_is_frame_protocol(pinfo->layers, "http2");

    if (!frame)
        return NULL;
    frame->bodies++;
    if (http2 && frame->first) {
        if (frame->from_taps)
            learn_http2_body(pinfo, frame, body);
        return NULL;
    }
    http_message *message = frame->first && !frame->from_taps && is_response
                                ? believe(pinfo, frame)
                                : find_by_body(frame, body);

    if (message && frame->first)
        message->body_call = frame->bodies;
    if (message && message->deferred) {
        message->body = learn_plain_body(pinfo, message, body);
        return NULL;
    }
    return message;
}

/* ---- keeping ---- */

void messages_finish(packet_info *pinfo, frame_messages *frame)
{
    if (!frame->first)
        return;
    wmem_array_t *kept = wmem_array_new(wmem_file_scope(), sizeof(http_message *));

    learn_settle(frame);
    for (unsigned i = 0; i < messages_count(frame); i++) {
        http_message *message = messages_nth(frame, i);

        message->body = message->header = NULL;
        message->fresh = false;
        if (message->keep) {
            wmem_array_append_one(kept, message);
        } else {
            if (!message->request && !message->exchange->held) /* requests wait for an answer */
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
