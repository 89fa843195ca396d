/* compat.h
 * Everything in the dissector that depends on the version of Wireshark: 4.0 to 4.6.
 *
 * Ownership: what is returned belongs to Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_COMPAT_H
#define MULTISTATUS_COMPAT_H

#include <ws_version.h>

#include <epan/conversation.h>
#include <epan/packet.h>

#include <epan/dissectors/packet-http.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/dissectors/packet-tls-utils.h>
#if WIRESHARK_VERSION_MAJOR > 4 || (WIRESHARK_VERSION_MAJOR == 4 && WIRESHARK_VERSION_MINOR >= 4)
#include <epan/dissectors/packet-media-type.h>
#include <wsutil/plugins.h>
#endif

#define WIRESHARK_AT_LEAST(major, minor)                                                           \
    (WIRESHARK_VERSION_MAJOR > (major) ||                                                          \
     (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/** What the HTTP/1 dissector believes about the message that is being dissected. Method and URI are
 *  those of
 * the last request it saw: wrong for pipelined requests, so they are a last resort. */
typedef struct {
    int status;
    const char *method;
    const char *uri;
    const char *host;
} http1_belief;

static inline http1_belief http1_ask(packet_info *pinfo, int proto_http)
{
    http1_belief belief = {0, NULL, NULL, NULL};
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    const http_conv_t *http =
        conversation ? (http_conv_t *)conversation_get_proto_data(conversation, proto_http) : NULL;

#if WIRESHARK_AT_LEAST(4, 4)
    const http_req_res_t *last = http ? http->req_res_tail : NULL;

    if (last) {
        belief.status = (int)last->response_code;
        belief.method = last->request_method;
        belief.uri = last->request_uri;
        belief.host = last->http_host;
    }
#else
    if (http) {
        belief.status = (int)http->response_code;
        belief.method = http->request_method;
        belief.uri = http->request_uri;
        belief.host = http->http_host;
    }
#endif
    return belief;
}

/** Has HTTP/1 dissected anything of a connection? NULL is none. */
static inline bool http1_is_connection(const conversation_t *of, int proto_http)
{
    return of && conversation_get_proto_data(of, proto_http) != NULL;
}

/** What the tap "tcp_follow" is given for every segment with a payload: private to the TCP
 * dissector, and the same in 4.0, 4.4 and 4.6. */
typedef struct {
    tvbuff_t *payload;
    const struct tcpheader *header;
    struct tcp_analysis *analysis;
} tcp_follow_entry;

/** What the tap "http2_follow" is given: private to the HTTP/2 dissector. `tvb` is a decompressed
 * header block, a frame, or a body (learn_http2.c tells which, and how a header block is written).
 */
typedef struct {
    tvbuff_t *tvb;
    uint64_t stream_id;
} http2_follow_entry;

/** Is a body that was handed to a media type's dissector, with `data`, that of a response? HTTP/1
 *  says so; elsewhere (HTTP/2, SIP, multipart) it is not known, and the answer is no. */
static inline bool message_info_is_response(const void *data)
{
#if WIRESHARK_AT_LEAST(4, 4)
    const media_content_info_t *info = (const media_content_info_t *)data;

    return info && info->type == MEDIA_CONTAINER_HTTP_RESPONSE;
#else
    const http_message_info_t *info = (const http_message_info_t *)data;

    return info && info->type == HTTP_RESPONSE;
#endif
}

/* One byte of a buffer. */
static inline uint8_t buffer_byte(tvbuff_t *tvb, int offset)
{
#if WIRESHARK_AT_LEAST(4, 4)
    return tvb_get_uint8(tvb, offset);
#else
    return tvb_get_guint8(tvb, offset);
#endif
}

/** The value of a field that is a number without sign. */
static inline uint64_t field_number(const field_info *of)
{
#if WIRESHARK_AT_LEAST(4, 4)
    fvalue_t *value = of->value;
#else
    fvalue_t *value = (fvalue_t *)&of->value;
#endif

    return of->hfinfo->type == FT_UINT64 ? fvalue_get_uinteger64(value)
                                         : fvalue_get_uinteger(value);
}

/** How many connections of QUIC were seen: exported, but its header is not installed. */
extern uint32_t get_quic_connections_count(void);

/** Undoes entering the packet's current layer, so that whatever is called next is in that layer. A
 *  heuristic dissector's caller leaves the layer by itself only if nothing was found. */
static inline void packet_leave_layer(packet_info *pinfo)
{
    wmem_list_frame_t *last = wmem_list_tail(pinfo->layers);
    int *count = (int *)wmem_map_lookup(pinfo->proto_layers, wmem_list_frame_data(last));

    pinfo->curr_layer_num--;
    if (count && *count > 0)
        (*count)--;
    wmem_list_remove_frame(pinfo->layers, last);
}

/* Between the parts of a path in the Statistics menu. */
#if WIRESHARK_AT_LEAST(4, 4)
#define MENU_SEPARATOR "//"
#else
#define MENU_SEPARATOR "/"
#endif

/* What a heuristic dissector and a wmem callback return, and what a preference is kept in. */
#if WIRESHARK_AT_LEAST(4, 4)
typedef bool preference_bool;
typedef bool heuristic_result;
typedef bool wmem_callback_result;
#else
typedef gboolean preference_bool;
typedef gboolean heuristic_result;
typedef gboolean wmem_callback_result;
#endif

#endif /* MULTISTATUS_COMPAT_H */
