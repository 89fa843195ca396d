/* messages.c
 * The HTTP messages of the frame that is being dissected.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "messages.h"

#include <string.h>

#include "connections.h"
#include "history.h"
#include "learn.h"
#include "learn_streams.h"
#include "talks.h"
#include "times.h"
#include "unfinished.h"

/* What later passes show: frame to GPtrArray of http_message. */
static GHashTable *kept;

/* Responses that were shown before their place in the connection was known, by early_key(). */
static GHashTable *earlies;

/* HTTP/2 is learned from taps, which the first pass of tshark -2 does not serve: the last frame of
 * which it was learned, in whatever pass. */
static uint32_t last_http2;

static void free_messages(void *data)
{
    g_ptr_array_unref((GPtrArray *)data);
}

static void end_capture(void)
{
    g_clear_pointer(&kept, g_hash_table_destroy);
    g_clear_pointer(&earlies, g_hash_table_destroy);
}

static void start_capture(void)
{
    end_capture();
    kept = g_hash_table_new_full(NULL, NULL, NULL, free_messages);
    earlies = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    last_http2 = 0;
}

void messages_init(int proto)
{
    learn_init(proto);
    register_init_routine(start_capture);
    register_cleanup_routine(end_capture);
    connections_init(proto, unfinished_forget);
    register_cleanup_routine(unfinished_end);
    learn_streams_init();
    learn_http2_init();
}

void messages_number_frames(uint32_t (*real)(const void *data, uint32_t place), const void *data)
{
    connections_number_frames(real, data);
}

/* ---- keeping ---- */

static GPtrArray *kept_of(uint32_t frame)
{
    return (GPtrArray *)g_hash_table_lookup(kept, GUINT_TO_POINTER(frame));
}

void messages_keep_body(http_message *message)
{
    if (message->kept_body)
        return;
    message->plain =
        (const uint8_t *)wmem_memdup(wmem_file_scope(), message->plain, message->plain_length);
    message->kept_body = true;
}

static void keep(http_message *message, uint32_t frame)
{
    uint32_t of = message->frame ? message->frame : frame;
    GPtrArray *in = kept_of(of);

    if (!in) {
        in = g_ptr_array_new();
        g_hash_table_insert(kept, GUINT_TO_POINTER(of), in);
    }
    if (message->plain && message->body_call == 0)
        messages_keep_body(message);
    g_ptr_array_add(in, message);
}

/* ---- shown early ---- */

/* By what a response that was shown early is found again: its connection and its body. */
static int64_t *early_key(const exchange *of, const uint8_t *bytes, uint32_t length)
{
    GBytes *body = g_bytes_new_static(bytes, length);
    uint64_t key = ((uint64_t)of->stream << 32 | g_bytes_hash(body)) ^
                   ((uint64_t)length << 20 | (uint64_t)of->http_status);

    g_bytes_unref(body);
    return g_memdup2(&key, sizeof key);
}

static void note_early(packet_info *pinfo, http_message *message)
{
    unsigned length = tvb_captured_length(message->body);
    const uint8_t *bytes = length > 0 ? tvb_get_ptr(message->body, 0, (int)length) : NULL;

    message->frame = pinfo->num;
    g_hash_table_insert(earlies, early_key(message->exchange, bytes, length), message);
}

static http_message *take_early(const exchange *of, const uint8_t *bytes, uint32_t length)
{
    int64_t *key = bytes ? early_key(of, bytes, length) : NULL;
    http_message *found = key ? (http_message *)g_hash_table_lookup(earlies, key) : NULL;

    if (found)
        g_hash_table_remove(earlies, key);
    g_free(key);
    return found;
}

/* The place of a response is known now: later passes show it there, and not as it was shown early.
 *  @return false if it was not */
static bool replace_early(const http_message *message)
{
    if (message->request || message->early || g_hash_table_size(earlies) == 0)
        return false;
    http_message *early = take_early(message->exchange, message->plain, message->plain_length);

    if (!early)
        early = take_early(message->exchange, message->coded, message->coded_length);
    if (!early)
        return false;
    GPtrArray *in = kept_of(early->frame);

    if (in)
        g_ptr_array_remove(in, early);
    return true;
}

/* What was shown early is not shown once more in this pass. */
static void mind_early(const frame_messages *frame)
{
    for (unsigned i = 0; i < messages_count(frame); i++) {
        http_message *message = messages_nth(frame, i);

        if (replace_early(message))
            message->shown = message->keep = true;
    }
}

/* ---- looking ---- */

static frame_messages *known_frame(packet_info *pinfo)
{
    GPtrArray *messages = kept_of(pinfo->num);

    if (!messages)
        return NULL;
    frame_messages *made = learn_new_frame(pinfo);

    made->messages = messages;
    for (unsigned i = 0; i < messages_count(made); i++) {
        messages_nth(made, i)->shown = false;
        messages_nth(made, i)->body = NULL;
    }
    return made;
}

/* What only began in this frame is shown here in later passes, if it does not complete. */
static void learn_begun(packet_info *pinfo)
{
    exchange *of;

    while ((of = talks_next_begun()) != NULL) {
        if (of->delivered || !of->unfinished)
            continue;
        http_message *message = learn_message(learn_frame(pinfo));

        message->exchange = of;
        message->begun = message->keep = true;
        message->frame = of->frame;
    }
}

/* A later pass begins to look at the frame: what the first one left open is settled now, and
 * belongs to the frames where it was. */
static void settle(packet_info *pinfo)
{
    learn_streams_give_up(pinfo);
    learn_begun(pinfo);
    frame_messages *late = learn_found_frame(pinfo);

    for (unsigned i = 0; late && i < messages_count(late); i++) {
        http_message *message = messages_nth(late, i);

        replace_early(message);
        message->coded = NULL;
        if (message->request &&
            !exchange_keep_request(message->exchange, message->content_length)) {
            wmem_free(wmem_file_scope(), message);
            continue;
        }
        message->fresh = message->fresh && !message->request;
        message->keep = true;
        keep(message, pinfo->num);
    }
    if (late)
        g_ptr_array_set_size(late->messages, 0);
    learn_forget_frame(pinfo);
}

/* Frames are learned once, in order. */
static bool is_learned(packet_info *pinfo, bool whole)
{
    if (!learn_streams_are_new(pinfo)) {
        settle(pinfo);
        return false;
    }
    learn_streams(pinfo, whole);
    return true;
}

/* Is the HTTP/2 of a frame learned in this pass whose HTTP/1 was learned in an earlier one? */
static bool is_late_for_http2(const packet_info *pinfo)
{
    return pinfo->num > last_http2 && !learn_streams_are_new(pinfo) && connections_are_tapped() &&
           !kept_of(pinfo->num);
}

/* The messages of the frame, as far as they are known by now; NULL where there are none. */
static frame_messages *messages_of_frame(packet_info *pinfo)
{
    frame_messages *frame = learn_found_frame(pinfo);

    if (frame && (!frame->first || is_late_for_http2(pinfo)))
        return frame;
    return is_learned(pinfo, false) ? learn_found_frame(pinfo) : known_frame(pinfo);
}

frame_messages *messages_of_whole_frame(packet_info *pinfo)
{
    frame_messages *frame = learn_found_frame(pinfo);

    if (frame && !frame->first)
        return frame;
    bool late = is_late_for_http2(pinfo);

    if (!late && !is_learned(pinfo, true))
        return known_frame(pinfo);
    if (learn_http2_knows()) {
        learn_http2(pinfo, learn_frame(pinfo));
        last_http2 = pinfo->num;
    }
    if (late)
        return learn_found_frame(pinfo);
    learn_streams_ends(pinfo);
    learn_begun(pinfo);
    frame = learn_found_frame(pinfo);
    if (frame)
        mind_early(frame);
    return frame;
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

        if (frame->first || message->body_call == 0
                ? !message->body && !message->deferred &&
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
static frame_messages *frame_of_body(packet_info *pinfo, bool http2)
{
    frame_messages *frame = messages_of_frame(pinfo);

    if (!frame && (learn_streams_are_new(pinfo) || (http2 && is_late_for_http2(pinfo))))
        frame = learn_frame(pinfo);
    return frame;
}

http_message *messages_of_body(packet_info *pinfo, tvbuff_t **body, bool is_response)
{
    bool http2 = !is_response && proto_is_frame_protocol(pinfo->layers, "http2");
    frame_messages *frame = frame_of_body(pinfo, http2);

    if (!frame)
        return NULL;
    frame->bodies++;
    if (http2 && frame->first) {
        learn_http2_body(pinfo, frame, *body);
        return NULL;
    }
    http_message *message = find_by_body(frame, *body);

    if (!message && frame->first && is_response)
        message = learn_streams_early(pinfo, tvb_captured_length(*body));
    if (!message)
        return NULL;
    if (frame->first)
        message->body_call = frame->bodies;
    if (message->deferred)
        *body = learn_own_body(pinfo, message->exchange, message->request, *body);
    message->body = message->deferred || message->early ? learn_plain_body(pinfo, message, *body)
                                                        : plain_body(pinfo, message, *body);
    *body = message->body;
    return message->deferred ? NULL : message;
}

/* ---- the end of a frame ---- */

void messages_finish(packet_info *pinfo, frame_messages *frame)
{
    if (!frame->first)
        return;
    for (unsigned i = 0; i < messages_count(frame); i++) {
        http_message *message = messages_nth(frame, i);

        if (message->early && message->keep)
            note_early(pinfo, message);
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

bool messages_are_waiting(const nstime_t *now)
{
    return learn_streams_are_waiting(moment_of(now)) || connections_are_waiting(now);
}
