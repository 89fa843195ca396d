/* packet-multistatus.c
 * The dissector: finds Multi-Status bodies in HTTP, decodes and draws them, and taps one record
 * each.
 *
 * RFC 4918 section 13. A body comes to us in one of three ways:
 *  - HTTP hands it to the dissector of its media type: we stand in front of the dissectors of XML,
 *    JSON and multipart there and call them in turn, so that their trees stay;
 *  - HTTP asks its heuristic dissectors, when the media type is unknown or absent;
 *  - HTTP hands it to somebody else (text/html) or to nobody (no body at all): when the frame is
 *    dissected, every 207 that has not been seen yet is picked up by the postdissector.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <epan/packet.h>
#include <epan/tap.h>

#include "compat.h"
#include "history.h"
#include "label.h"
#include "learn_quic.h"
#include "learn_streams.h"
#include "messages.h"
#include "multistatus-tap.h"
#include "multistatus.h"
#include "objects.h"
#include "preface.h"
#include "preferences.h"
#include "request_tree.h"
#include "resources.h"
#include "settled.h"
#include "srt.h"
#include "start_line.h"
#include "stats.h"
#include "talks.h"
#include "tree.h"
#include "unfinished.h"

static int proto_multistatus = -1;
static int multistatus_tap = -1;
static dissector_handle_t multistatus_handle;

/* Half of the entries that the tap queue has for a frame. */
#define TOLD_IN_A_FRAME 2500u

/* The dissectors to which bodies would belong without us. */
enum { XML, JSON, MULTIPART, BODY_KINDS, UNKNOWN = BODY_KINDS };
static dissector_handle_t body_handles[BODY_KINDS];

/* What HTTP/1 asks about bodies in other media types, and what shows those that are nobody's. */
static heur_dissector_list_t unknown_types;
static dissector_handle_t media_handle;

/* ---- one body ---- */

static wmem_callback_result free_document(wmem_allocator_t *scope, wmem_cb_event_t event,
                                          void *document)
{
    (void)scope;
    (void)event;
    ms_document_free((ms_document *)document);
    return FALSE;
}

/* Why a 207 has no body that can be decoded. */
static const char *missing_reason(packet_info *pinfo, const http_message *message)
{
    const char *coding = message->exchange->response_fields[HTTP_CONTENT_ENCODING];

    if (message->missing)
        return message->missing;
    if (message->content_length == 0)
        return "the response has no body (Content-Length: 0)";
    if (coding && *coding && g_ascii_strcasecmp(coding, "identity") != 0)
        return wmem_strdup_printf(
            pinfo->pool, "the content coding \"%s\" could not be undone by this Wireshark", coding);
    return "the response has no body";
}

/* Does the capture hold less of the body than there was? */
static bool is_short(tvbuff_t *tvb, const http_message *message)
{
    unsigned length = tvb_captured_length(tvb);

    if (length < tvb_reported_length(tvb) || message->missing)
        return true;
    return message->content_length > (int64_t)length &&
           !message->exchange->response_fields[HTTP_CONTENT_ENCODING];
}

/* "[DELETE /coll/: 2 of 12 failed (423 Locked)]", with the status where the column does not say it:
 * over HTTP/2 it may be in another frame. HTTP may or may not leave a space after what it writes
 * there. */
static void add_to_info_column(packet_info *pinfo, const multistatus_record *record)
{
    enum { URI_MOST = 80, STATUS_MOST = 8 };
    const char *before = col_get_text(pinfo->cinfo, COL_INFO);
    char status[STATUS_MOST] = "";

    if (record->exchange->http_status != 0)
        snprintf(status, sizeof status, "%d ", record->exchange->http_status);
    if (before && *status && strstr(before, status))
        *status = '\0';
    col_append_fstr(pinfo->cinfo, COL_INFO, "%s[%s%s]",
                    before && *before && !g_str_has_suffix(before, " ") ? " " : "", status,
                    label_text(pinfo->pool, tree_summary(pinfo, record, URI_MOST), INFO_MOST));
}

/* Frees it with the packet: a tree that is too large ends in an exception, and the pool still does
 * that. */
static ms_document *decoded(tvbuff_t *tvb, packet_info *pinfo, const http_message *message,
                            const ms_context *context)
{
    unsigned length = tvb_captured_length(tvb);
    ms_document *document = length > 0
                                ? ms_decode(tvb_get_ptr(tvb, 0, (int)length), length, context)
                                : ms_undecoded(missing_reason(pinfo, message), context);

    wmem_register_callback(pinfo->pool, free_document, document);
    return document;
}

/* Draws and taps. */
static void show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, http_message *message)
{
    multistatus_record *record = wmem_new(pinfo->pool, multistatus_record);
    exchange *of = message->exchange;
    bool assumed = of->assumed && talks_tell_at_once() && !PINFO_FD_VISITED(pinfo);

    if (is_short(tvb, message))
        of->complete = false;
    ms_context context =
        exchange_context(of, &preferences.limits, tree != NULL || history_wants_values(of));
    ms_document *document = decoded(tvb, pinfo, message, &context);

    /* A tree that is drawn shows the history, too; without a tree, it is reported once everything
     * is known. */
    if (message->fresh && (talks_tell_at_once() || (tree && of->request_frame != 0)))
        history_judge(of, document);
    message->fresh = false;
    if (assumed) {
        of = wmem_new(pinfo->pool, exchange);
        *of = exchange_unasked(message->exchange, pair_reason(PAIR_ASSUMED));
        context = exchange_context(of, &preferences.limits, tree != NULL);
        document = decoded(tvb, pinfo, message, &context);
    }
    history_add_findings(of, document);
    record->exchange = of;
    record->document = document;
    record->body_length = tvb_captured_length(tvb);
    record->missing = of->complete ? NULL : missing_reason(pinfo, message);
    message->keep = message->shown = true;

    add_to_info_column(pinfo, record);
    if (talks_tell_at_once())
        tap_queue_packet(multistatus_tap, pinfo, record);
    objects_offer(tvb, pinfo, record);
    tree_draw(tvb, pinfo, tree, record, &context);
}

static int dissect_multistatus(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (!data)
        return 0; /* called by name: without its message, a body is just XML */
    show(tvb, pinfo, tree, (http_message *)data);
    return (int)MAX(tvb_captured_length(tvb), 1);
}

static bool is_enabled(void)
{
    return proto_is_protocol_enabled(find_protocol_by_id(proto_multistatus));
}

/* Which bodies: those of a 207, and those under any other status with one of the three roots, or
 * that are a batch. */
static bool is_multistatus(const http_message *message, tvbuff_t *body)
{
    unsigned length = tvb_captured_length(body);

    /* What only began is kept before anybody has looked at all that there is of it. */
    if ((message->keep && !message->begun) || message->exchange->http_status == 207)
        return true;
    if (length == 0)
        return false;
    ms_context context = exchange_context(message->exchange, &preferences.limits, false);

    return ms_is_ours(tvb_get_ptr(body, 0, (int)length), length, &context, preferences.by_root);
}

/* ---- requests ---- */

/* True if it was one of those that are drawn. */
static bool show_request(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, http_message *message)
{
    const exchange *of = message->exchange;

    if (message->shown || !of->webdav || !request_tree_enabled())
        return false;
    message->shown = true;
    if (message->fresh)
        message->keep = exchange_keep_request(message->exchange, message->content_length);
    if (tree)
        request_tree_draw(tvb, pinfo, tree, of, message->body != NULL || of->h2_stream < 0);
    return true;
}

/* ---- bodies as they come ---- */

/* No tree is wanted, and the body's bytes are known without it. */
static bool is_unseen(packet_info *pinfo)
{
    return !talks_draw() && !proto_is_frame_protocol(pinfo->layers, "http2");
}

/* Was it one of ours, and was it shown? */
static bool offer_body(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, bool is_response)
{
    if (!is_enabled())
        return false;
    if (is_unseen(pinfo))
        return false;
    http_message *message = messages_of_body(pinfo, &tvb, is_response);

    if (message && message->request)
        return show_request(tvb, pinfo, tree, message);
    if (!message || message->shown || !is_multistatus(message, tvb))
        return false;
    return call_dissector_only(multistatus_handle, tvb, pinfo, tree, message) > 0;
}

/* Is the tree of the body's own format wanted below ours? Without tree and columns nobody would see
 * it, and making it costs more than all the rest. */
static bool wants_own_tree(const packet_info *pinfo, const proto_tree *tree)
{
    return preferences.keep_xml && (tree || pinfo->cinfo);
}

/* What becomes of a body in a media type that nobody knows: over HTTP/1, dissectors are asked
 * whether it is theirs, and it is shown as what it is called; over HTTP/2, it remains data. */
static int dissect_as_unknown(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    heur_dtbl_entry_t *entry;

    if (proto_is_frame_protocol(pinfo->layers, "http2") ||
        !proto_is_frame_protocol(pinfo->layers, "http"))
        return 0;
    if (dissector_try_heuristic(unknown_types, tvb, pinfo, tree, &entry, NULL))
        return (int)MAX(tvb_captured_length(tvb), 1);
    return call_dissector_with_data(media_handle, tvb, pinfo, tree, data);
}

static int dissect_body(int kind, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (is_unseen(pinfo))
        return (int)tvb_captured_length(tvb);
    const uint8_t layer = pinfo->curr_layer_num;
    bool shown = offer_body(tvb, pinfo, tree, message_info_is_response(data));

    /* By this number dissectors find again what they kept on the first pass, which may not have
     * shown what a later one shows. */
    pinfo->curr_layer_num = layer;
    if (shown && !wants_own_tree(pinfo, tree))
        return (int)tvb_captured_length(tvb);
    if (kind != UNKNOWN)
        return call_dissector_only(body_handles[kind], tvb, pinfo, tree, data);
    int length = dissect_as_unknown(tvb, pinfo, tree, data);

    return shown ? MAX((int)tvb_captured_length(tvb), 1) : length;
}

/* Placed before the dissectors of media types. */
static int dissect_xml_body(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_body(XML, tvb, pinfo, tree, data);
}

static int dissect_json_body(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_body(JSON, tvb, pinfo, tree, data);
}

static int dissect_multipart_body(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_body(MULTIPART, tvb, pinfo, tree, data);
}

/* Media types of batches that nobody else knows: below what we show, a body remains what it is
 * without us. */
static int dissect_batch_body(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_body(UNKNOWN, tvb, pinfo, tree, data);
}

/* A body without media type, or with one that nobody knows: never claimed, so that it remains for
 * others what it is without us. What has been drawn stays. */
static heuristic_result dissect_unknown_type(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                             void *data)
{
    (void)data;
    offer_body(tvb, pinfo, tree, true);
    return FALSE;
}

/* ---- bodies that never came ---- */

/* What there is so far of a response that was not delivered. */
static tvbuff_t *gathered_body(tvbuff_t *tvb, packet_info *pinfo, http_message *message)
{
    char *missing;
    GByteArray *gathered = unfinished_body(message->exchange, &missing);
    unsigned length = gathered->len;
    const uint8_t *bytes = length > 0 ? wmem_memdup(pinfo->pool, gathered->data, length) : NULL;

    message->missing = missing ? wmem_strdup(pinfo->pool, missing) : NULL;
    message->exchange->complete = !missing;
    g_free(missing);
    g_byte_array_unref(gathered);
    unfinished_reported(message->exchange);
    if (length == 0)
        return tvb_new_subset_length(tvb, 0, 0);
    tvbuff_t *body = tvb_new_child_real_data(tvb, bytes, length, (int)length);

    add_new_data_source(pinfo, body, "Multi-Status body, as far as it is there");
    return body;
}

static tvbuff_t *kept_body(tvbuff_t *tvb, packet_info *pinfo, http_message *message)
{
    if (message->begun)
        return gathered_body(tvb, pinfo, message);
    if (message->deferred && message->body)
        return message->body;
    if (message->plain_length == 0 || !message->plain)
        return tvb_new_subset_length(tvb, 0, 0);
    messages_keep_body(message);
    tvbuff_t *body = tvb_new_child_real_data(tvb, message->plain, message->plain_length,
                                             (int)message->plain_length);

    add_new_data_source(pinfo, body, "Multi-Status body");
    return body;
}

/* ---- bodies that never completed ---- */

static wmem_callback_result free_reported(wmem_allocator_t *scope, wmem_cb_event_t event,
                                          void *reported)
{
    (void)scope;
    (void)event;
    settled_clear((settled_record *)reported);
    return FALSE;
}

/* The function that is called instead of the tap for what is settled; NULL if there is none. */
static settled_call call_instead;
static void *call_data;

static void tap_settled(packet_info *pinfo, exchange *of)
{
    settled_record *told = wmem_new0(pinfo->pool, settled_record);
    bool ours = settled_decode(of, told);

    wmem_register_callback(pinfo->pool, free_reported, told);
    unfinished_reported(of);
    if (ours)
        tap_queue_packet(multistatus_tap, pinfo, &told->record);
}

/* Those for which it is now clear that nothing more will come. Their tree is in the frame where
 * they began, which has passed. A frame's tap queue is limited: what is too much for it is left to
 * the next frames. */
static void report_settled(packet_info *pinfo)
{
    exchange *of;

    if (call_instead) {
        settled_tell(call_instead, call_data);
        return;
    }
    for (unsigned n = 0; n < TOLD_IN_A_FRAME && (of = unfinished_next_settled()) != NULL; n++) {
        if (!unfinished_is_reported(of))
            tap_settled(pinfo, of);
    }
}

/* ---- the end of a frame ---- */

static bool is_overlooked(const http_message *message, bool first)
{
    if (message->request || message->shown)
        return false;
    /* Only a later pass or a later frame knows whether it will be delivered. */
    if (message->begun)
        return !message->exchange->delivered && message->exchange->unfinished &&
               (!first || unfinished_is_settled(message->exchange));
    /* Of HTTP/1 only what is Multi-Status is learned; of HTTP/2, every body that may be. */
    return !message->deferred || message->keep || message->exchange->http_status == 207 ||
           (message->body && is_multistatus(message, message->body));
}

/* A false alarm: XML that only looked like Multi-Status. */
static bool is_foreign(http_message *message, tvbuff_t *body)
{
    return message->begun && message->exchange->http_status != 207 &&
           !is_multistatus(message, body);
}

static void dissect_messages(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                             frame_messages *frame)
{
    for (unsigned i = 0; i < messages_count(frame); i++) {
        http_message *message = messages_nth(frame, i);

        if (message->request) {
            show_request(message->body ? message->body : tvb_new_subset_length(tvb, 0, 0), pinfo,
                         tree, message);
            continue;
        }
        if (!is_overlooked(message, messages_are_new(frame)))
            continue;
        tvbuff_t *body = kept_body(tvb, pinfo, message);

        if (!is_foreign(message, body))
            call_dissector_only(multistatus_handle, body, pinfo, tree, message);
    }
    messages_finish(pinfo, frame);
}

static int dissect_overlooked(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    (void)data;
    if (!is_enabled())
        return 0;
    frame_messages *frame = messages_of_whole_frame(pinfo);

    if (frame)
        dissect_messages(tvb, pinfo, tree, frame);
    report_settled(pinfo);
    return 0;
}

/* ---- the end of the capture ---- */

void multistatus_tell_settled(void (*call)(const multistatus_record *record, void *data),
                              void *data, bool draws)
{
    call_instead = call;
    call_data = data;
    talks_settle_first(draws);
    if (!draws)
        learn_quic_alone();
}

void multistatus_number_frames(uint32_t (*real)(const void *data, uint32_t place), const void *data)
{
    messages_number_frames(real, data);
}

void multistatus_finish(void)
{
    learn_streams_finish();
    if (call_instead)
        settled_tell_all(call_instead, call_data);
}

bool multistatus_is_under_way(void)
{
    return unfinished_oldest() != NULL;
}

/* ---- registration ---- */

void proto_register_multistatus(void)
{
    proto_multistatus = proto_register_protocol("HTTP Multi-Status", "Multi-Status", "multistatus");
    tree_register(proto_multistatus);
    request_tree_register();
    multistatus_handle = register_dissector("multistatus", dissect_multistatus, proto_multistatus);
    multistatus_tap = register_tap(MULTISTATUS_TAP);
    objects_register(proto_multistatus);
    srt_register(proto_multistatus);
}

typedef struct {
    dissector_handle_t handle;
    GPtrArray *types;
} media_types;

static void collect_type(const gchar *table, ftenum_t type, gpointer key, gpointer value,
                         gpointer data)
{
    media_types *of = (media_types *)data;

    (void)table;
    (void)type;
    if (dtbl_entry_get_handle((dtbl_entry_t *)value) == of->handle)
        g_ptr_array_add(of->types, g_strdup((const char *)key));
}

/* HTTP/2 hands bodies in media types that nobody else knows to no one otherwise. */
static void take_types_of_batches(void)
{
    dissector_table_t table = find_dissector_table("media_type");
    dissector_handle_t handle = create_dissector_handle_with_name_and_description(
        dissect_batch_body, -1, NULL, "Batches, with Multi-Status");

    for (size_t i = 0; i < ms_batch_count; i++) {
        for (const char *const *type = ms_batches[i].header.types; *type; type++) {
            if (!dissector_get_string_handle(table, *type))
                dissector_add_string("media_type", *type, handle);
        }
    }
}

/* Takes the place of a dissector for every media type that it is registered for. */
static void stand_in_for(int kind, dissector_t dissect, const char *description)
{
    dissector_handle_t handle =
        create_dissector_handle_with_name_and_description(dissect, -1, NULL, description);
    media_types of = {body_handles[kind], g_ptr_array_new_with_free_func(g_free)};

    dissector_table_foreach("media_type", collect_type, &of);
    for (unsigned i = 0; i < of.types->len; i++)
        dissector_add_string("media_type", (const char *)of.types->pdata[i], handle);
    g_ptr_array_free(of.types, TRUE);
}

void proto_reg_handoff_multistatus(void)
{
    body_handles[XML] = find_dissector("xml");
    body_handles[JSON] = find_dissector("json");
    /* It has no name by which to find it. */
    body_handles[MULTIPART] =
        dissector_get_string_handle(find_dissector_table("media_type"), "multipart/mixed");
    unknown_types = find_heur_dissector_list("http");
    media_handle = find_dissector("media");
    messages_init(proto_multistatus);
    stand_in_for(XML, dissect_xml_body, "XML, with Multi-Status");
    stand_in_for(JSON, dissect_json_body, "JSON, with Multi-Status");
    stand_in_for(MULTIPART, dissect_multipart_body, "Multipart, with Multi-Status");
    take_types_of_batches();
    stats_register();
    resources_register();
    heur_dissector_add("http", dissect_unknown_type, "Multi-Status over HTTP", "multistatus_http",
                       proto_multistatus, HEURISTIC_ENABLE);
    preface_register(proto_multistatus);
    start_line_register(proto_multistatus);
    register_postdissector(create_dissector_handle(dissect_overlooked, -1));
}
