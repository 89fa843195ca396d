/* messages.c
 * The HTTP messages of the frame that is being dissected.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "messages.h"

#include <string.h>

#include <epan/proto_data.h>
#include <epan/tap.h>

#include "codings.h"
#include "connections.h"
#include "history.h"
#include "learn.h"
#include "learn_streams.h"
#include "preferences.h"
#include "request.h"
#include "unfinished.h"

enum { KEY_FRAME };

/* Registration. */
static int proto_of_frames = -1;

/* What later passes show: frame to GPtrArray of http_message. */
static GHashTable *kept;

static void free_messages(void *data)
{
    g_ptr_array_unref((GPtrArray *)data);
}

static void end_capture(void)
{
    g_clear_pointer(&kept, g_hash_table_destroy);
}

static void start_capture(void)
{
    end_capture();
    kept = g_hash_table_new_full(NULL, NULL, NULL, free_messages);
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
    register_cleanup_routine(end_capture);
    connections_init(proto);
    unfinished_init();
    learn_streams_init();
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
    g_ptr_array_add(frame->messages, made);
    return made;
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

static const uint8_t *copy_for_packet(packet_info *pinfo, const GByteArray *bytes)
{
    return bytes && bytes->len > 0
               ? (const uint8_t *)wmem_memdup(pinfo->pool, bytes->data, bytes->len)
               : NULL;
}

/* A message that has ended, with its body. */
static http_message *shown_message(packet_info *pinfo, exchange *of, const http1_message *from,
                                   const GByteArray *plain)
{
    http_message *made = learn_message(learn_frame(pinfo));
    bool coded = from->body && (from->body->len != plain->len ||
                                memcmp(from->body->data, plain->data, plain->len) != 0);

    made->exchange = of;
    made->fresh = true;
    made->frame = from->ended.frame;
    made->content_length = from->content_length;
    made->plain = copy_for_packet(pinfo, plain);
    made->plain_length = plain->len;
    if (coded) {
        made->coded = copy_for_packet(pinfo, from->body);
        made->coded_length = from->body->len;
    }
    return made;
}

void learn_request_shown(packet_info *pinfo, exchange *of, const http1_message *from,
                         const GByteArray *plain)
{
    shown_message(pinfo, of, from, plain)->request = true;
}

void learn_response_shown(packet_info *pinfo, exchange *of, const http1_message *from,
                          const GByteArray *plain, const char *missing)
{
    shown_message(pinfo, of, from, plain)->missing =
        missing ? wmem_strdup(wmem_file_scope(), missing) : NULL;
}

/* A body over HTTP/2 that still has a content coding on it. */
static void free_bytes(void *bytes)
{
    g_free(bytes);
}

tvbuff_t *learn_plain_body(packet_info *pinfo, http_message *message, tvbuff_t *body)
{
    unsigned length = tvb_captured_length(body);
    const uint8_t *bytes = length > 0 ? tvb_get_ptr(body, 0, (int)length) : NULL;
    const char *codings = message->exchange->response_fields[HTTP_CONTENT_ENCODING];
    GByteArray *plain;

    if (!codings_are_still_on(codings, bytes, length))
        return body;
    codings_result result = codings_undo(codings, bytes, length, learn_most_bytes(), &plain);
    char *words = codings_words(codings, result);

    message->exchange->bomb = result == CODINGS_LARGE;
    message->exchange->miscoded = codings_instead(codings, bytes, length);
    if (words)
        message->missing = wmem_strdup(wmem_file_scope(), words);
    g_free(words);
    length = plain->len;
    uint8_t *undone = g_byte_array_free(plain, FALSE);

    if (length == 0) {
        g_free(undone);
        return tvb_new_subset_length(body, 0, 0);
    }
    tvbuff_t *made = tvb_new_child_real_data(body, undone, length, (int)length);

    tvb_set_free_cb(made, free_bytes);
    add_new_data_source(pinfo, made, "Multi-Status body");
    return made;
}

/* ---- looking ---- */

static frame_messages *new_frame(packet_info *pinfo)
{
    frame_messages *made = wmem_new0(pinfo->pool, frame_messages);

    p_add_proto_data(pinfo->pool, pinfo, proto_of_frames, KEY_FRAME, made);
    return made;
}

static wmem_callback_result unref_messages(wmem_allocator_t *scope, wmem_cb_event_t event, void *of)
{
    (void)scope;
    (void)event;
    g_ptr_array_unref((GPtrArray *)of);
    return FALSE;
}

frame_messages *learn_frame(packet_info *pinfo)
{
    frame_messages *made =
        (frame_messages *)p_get_proto_data(pinfo->pool, pinfo, proto_of_frames, KEY_FRAME);

    if (made)
        return made;
    made = new_frame(pinfo);
    made->messages = g_ptr_array_new();
    made->first = true;
    wmem_register_callback(pinfo->pool, unref_messages, made->messages);
    return made;
}

static frame_messages *known_frame(packet_info *pinfo)
{
    GPtrArray *messages = (GPtrArray *)g_hash_table_lookup(kept, GUINT_TO_POINTER(pinfo->num));

    if (!messages)
        return NULL;
    frame_messages *made = new_frame(pinfo);

    made->messages = messages;
    for (unsigned i = 0; i < messages_count(made); i++) {
        messages_nth(made, i)->shown = false;
        messages_nth(made, i)->body = NULL;
    }
    return made;
}

static frame_messages *find_frame(packet_info *pinfo)
{
    return (frame_messages *)p_get_proto_data(pinfo->pool, pinfo, proto_of_frames, KEY_FRAME);
}

/* Frames are learned once, in order. */
static bool is_learned(packet_info *pinfo, bool whole)
{
    if (!learn_streams_are_new(pinfo))
        return false;
    learn_streams(pinfo, whole);
    return true;
}

frame_messages *messages_of_frame(packet_info *pinfo)
{
    frame_messages *frame = find_frame(pinfo);

    if (frame && !frame->first)
        return frame;
    return is_learned(pinfo, false) ? find_frame(pinfo) : known_frame(pinfo);
}

/* What only began in this frame is shown here in later passes, if it does not complete. */
static void learn_begun(packet_info *pinfo)
{
    exchange *of;

    while ((of = learn_streams_next_begun()) != NULL) {
        if (of->delivered || !of->unfinished)
            continue;
        http_message *message = learn_message(learn_frame(pinfo));

        message->exchange = of;
        message->begun = message->keep = true;
        message->frame = of->frame;
    }
}

frame_messages *messages_of_whole_frame(packet_info *pinfo)
{
    frame_messages *frame = find_frame(pinfo);

    if (frame && !frame->first)
        return frame;
    if (!is_learned(pinfo, true))
        return known_frame(pinfo);
    if (learn_http2_knows())
        learn_http2(pinfo, learn_frame(pinfo));
    learn_streams_ends(pinfo);
    learn_begun(pinfo);
    return find_frame(pinfo);
}

unsigned messages_count(const frame_messages *frame)
{
    return frame->messages->len;
}

http_message *messages_nth(const frame_messages *frame, unsigned n)
{
    return (http_message *)frame->messages->pdata[n];
}

bool messages_are_new(const frame_messages *frame)
{
    return frame->first;
}

static bool is_same(tvbuff_t *body, const uint8_t *bytes, uint32_t length)
{
    return bytes && tvb_captured_length(body) == length && tvb_memeql(body, 0, bytes, length) == 0;
}

/* Wireshark has undone what could not be undone here. */
static bool is_undone(const http_message *message, tvbuff_t *body)
{
    return message->missing && message->coded && tvb_captured_length(body) > message->plain_length;
}

/* Which message is it the body of? On the first pass, the bytes tell. */
static http_message *find_by_body(const frame_messages *frame, tvbuff_t *body)
{
    for (unsigned i = 0; i < messages_count(frame); i++) {
        http_message *message = messages_nth(frame, i);

        if (frame->first ? !message->body && !message->deferred &&
                               (is_same(body, message->plain, message->plain_length) ||
                                is_same(body, message->coded, message->coded_length) ||
                                is_undone(message, body))
                         : message->body_call == frame->bodies)
            return message;
    }
    return NULL;
}

/* The body with its codings undone. */
static tvbuff_t *plain_body(packet_info *pinfo, http_message *message, tvbuff_t *body)
{
    if (is_same(body, message->coded, message->coded_length)) {
        if (message->plain_length == 0)
            return tvb_new_subset_length(body, 0, 0);
        tvbuff_t *made = tvb_new_child_real_data(body, message->plain, message->plain_length,
                                                 (int)message->plain_length);

        add_new_data_source(pinfo, made, "Multi-Status body");
        return made;
    }
    if (is_undone(message, body))
        message->missing = NULL;
    return body;
}

/* A body always has a frame, be it that nothing is known of it yet. */
static frame_messages *frame_of_body(packet_info *pinfo)
{
    frame_messages *frame = messages_of_frame(pinfo);

    return frame || !learn_streams_are_new(pinfo) ? frame : learn_frame(pinfo);
}

http_message *messages_of_body(packet_info *pinfo, tvbuff_t **body, bool is_response)
{
    frame_messages *frame = frame_of_body(pinfo);
    bool http2 = !is_response && proto_is_frame_protocol(pinfo->layers, "http2");

    if (!frame)
        return NULL;
    frame->bodies++;
    if (http2 && frame->first) {
        learn_http2_body(pinfo, frame, *body);
        return NULL;
    }
    http_message *message = find_by_body(frame, *body);

    if (!message)
        return NULL;
    if (frame->first)
        message->body_call = frame->bodies;
    message->body = message->deferred ? learn_plain_body(pinfo, message, *body)
                                      : plain_body(pinfo, message, *body);
    *body = message->body;
    return message->deferred ? NULL : message;
}

/* ---- keeping ---- */

static void keep(http_message *message, uint32_t frame)
{
    void *key = GUINT_TO_POINTER(message->frame ? message->frame : frame);
    GPtrArray *in = (GPtrArray *)g_hash_table_lookup(kept, key);

    if (!in) {
        in = g_ptr_array_new();
        g_hash_table_insert(kept, key, in);
    }
    g_ptr_array_add(in, message);
}

void messages_finish(packet_info *pinfo, frame_messages *frame)
{
    if (!frame->first)
        return;
    for (unsigned i = 0; i < messages_count(frame); i++) {
        http_message *message = messages_nth(frame, i);

        message->body = NULL;
        message->coded = NULL;
        message->fresh = false;
        if (!message->kept_body && (message->request || message->body_call > 0))
            message->plain = NULL;
        if (message->keep)
            keep(message, pinfo->num);
        else
            wmem_free(wmem_file_scope(), message);
    }
    g_ptr_array_set_size(frame->messages, 0);
}
