/* learn.c
 * What the teachers share: the messages of a frame as they are learned.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "learn.h"

#include <string.h>

#include <epan/proto_data.h>
#include <epan/tap.h>

#include "codings.h"
#include "compat.h"
#include "connections.h"

enum { KEY_FRAME };

/* Registration. */
static int proto_of_frames = -1;

/* Messages that are told of end in this packet; NULL outside of frames. */
static packet_info *now;

void learn_init(int proto)
{
    proto_of_frames = proto;
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

http_message *learn_message(frame_messages *frame)
{
    http_message *made = wmem_new0(wmem_file_scope(), http_message);

    made->content_length = -1;
    g_ptr_array_add(frame->messages, made);
    return made;
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
    bool coded =
        from->body && (from->body->len != plain->len ||
                       (plain->len > 0 && memcmp(from->body->data, plain->data, plain->len) != 0));

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

/* Outside of frames nothing is shown. */
static void on_request(exchange *of, const http1_message *from, const GByteArray *plain)
{
    if (now)
        shown_message(now, of, from, plain)->request = true;
}

void learn_response_shown(packet_info *pinfo, exchange *of, const http1_message *from,
                          const GByteArray *plain, const char *missing)
{
    shown_message(pinfo, of, from, plain)->missing =
        missing ? wmem_strdup(wmem_file_scope(), missing) : NULL;
}

static void on_response(exchange *of, const http1_message *from, const GByteArray *plain,
                        const char *missing)
{
    if (now)
        learn_response_shown(now, of, from, plain, missing);
}

/* In passes without taps, too: HTTP/2 is learned from them, maybe in a later pass. */
static void on_upgrade(int64_t stream, exchange *of)
{
    connection_upgrades(connections_of_stream((uint32_t)stream), of);
}

const talk_watcher learn_watcher = {on_request, on_response, on_upgrade};

void learn_happens_in(packet_info *pinfo)
{
    now = pinfo;
}

void learn_name_sides(talk *of, packet_info *pinfo, unsigned direction)
{
    if (talk_is_named(of, direction))
        return;
    sighting seen = connections_sighting(pinfo);

    talk_name_sides(of, direction, seen.sender, seen.receiver);
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

    if (message->exchange->http_status == 207 && length > 0)
        message->exchange->unnamed = codings_unnamed(codings, bytes, length);
    if (!codings_are_still_on(codings, bytes, length))
        return body;
    codings_result result =
        codings_read(codings, bytes, length, exchange_most_bytes(connections_capture()), &plain,
                     &message->exchange->miscoded);
    char *words = codings_words(codings, result);

    message->exchange->bomb = result == CODINGS_LARGE;
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

frame_messages *learn_new_frame(packet_info *pinfo)
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

frame_messages *learn_found_frame(packet_info *pinfo)
{
    return (frame_messages *)p_get_proto_data(pinfo->pool, pinfo, proto_of_frames, KEY_FRAME);
}

void learn_forget_frame(packet_info *pinfo)
{
    p_remove_proto_data(pinfo->pool, pinfo, proto_of_frames, KEY_FRAME);
}

frame_messages *learn_frame(packet_info *pinfo)
{
    frame_messages *made = learn_found_frame(pinfo);

    if (made)
        return made;
    made = learn_new_frame(pinfo);
    made->messages = g_ptr_array_new();
    made->first = true;
    wmem_register_callback(pinfo->pool, unref_messages, made->messages);
    return made;
}
