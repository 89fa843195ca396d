/* preface.c
 * Clear-text HTTP/2: found by its connection preface, also away from HTTP's ports.
 *
 * RFC 9113 sections 3.4 and 6.5. Wireshark 4.0 looks for the preface on HTTP's ports only, and
 * needs to be told (Decode As) elsewhere; later versions find it themselves, and are left to it.
 * Whoever wants that back disables the heuristic dissector "multistatus_http2_preface".
 *
 * A connection that is found is dissected exactly as with Decode As, from its first byte on. That
 * takes care: the HTTP/2 dissector finds on later passes what it kept on the first by the number of
 * the layer that it is called in, and a heuristic dissector is one layer more.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "preface.h"

#include <string.h>

#include <epan/conversation.h>
#include <epan/packet.h>

#include "compat.h"
#include "first_bytes.h"

/* Registration. */
static dissector_handle_t http2_handle;
static int proto_multistatus = -1;
static const heur_dtbl_entry_t *own_heuristic; /* Wireshark's */
static bool wireshark_finds_it;

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/* Of a preface that continues in the next segment: enough of it that nothing else begins so. */
#define SURE_LENGTH strlen("PRI * HTTP/")

static bool is_on(void)
{
    return proto_is_protocol_enabled(find_protocol_by_id(proto_multistatus));
}

/* The client's preface, as far as it is here. Looks at one byte first, for this is asked for every
 * segment of a connection that nobody knows. */
static size_t preface_length(tvbuff_t *tvb)
{
    size_t length = MIN(tvb_captured_length(tvb), strlen(preface));

    if (length < SURE_LENGTH || buffer_byte(tvb, 0) != (uint8_t)preface[0] ||
        tvb_memeql(tvb, 0, (const uint8_t *)preface, length) != 0)
        return 0;
    return length;
}

/* The server's preface is a SETTINGS frame, and may come before the client's (RFC 9113
 * section 3.4). One without settings is nine bytes, most of them zero: it has to be alone, or to be
 * followed by another frame of the connection. */
#define FRAME_HEADER 9u
#define SETTING 6u
#define MOST_SETTINGS 16u
#define LAST_SETTING 9 /* the last number that is registered, and used before requests */

static bool is_frame_of_connection(tvbuff_t *tvb, unsigned at, uint8_t type)
{
    const uint8_t behind_length[] = {type, 0, 0, 0, 0, 0}; /* type, flags, stream */

    return tvb_captured_length(tvb) >= at + FRAME_HEADER && buffer_byte(tvb, (int)at) == 0 &&
           tvb_memeql(tvb, (int)at + 3, behind_length, sizeof behind_length) == 0;
}

static bool is_settings_frame(tvbuff_t *tvb)
{
    enum { SETTINGS = 4, PING = 6, WINDOW_UPDATE = 8 };

    if (!is_frame_of_connection(tvb, 0, SETTINGS))
        return false;
    const unsigned captured = tvb_captured_length(tvb), length = tvb_get_ntohs(tvb, 1);

    if (length == 0)
        return captured == FRAME_HEADER ||
               is_frame_of_connection(tvb, FRAME_HEADER, WINDOW_UPDATE) ||
               is_frame_of_connection(tvb, FRAME_HEADER, PING);
    if (length % SETTING != 0 || length > MOST_SETTINGS * SETTING ||
        captured < FRAME_HEADER + length)
        return false;
    /* The first one is a registered one with every server; others may be of its own. */
    const unsigned first = tvb_get_ntohs(tvb, FRAME_HEADER);

    return first > 0 && first <= LAST_SETTING;
}

/* The HTTP/2 dissector in the place of this heuristic one, and allowed to ask for more segments as
 * if there were none above it. Earlier frames were shown as something else, and stay that on later
 * passes.
 * @param above  dissectors between TCP and this one */
static void call_http2(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data, int above)
{
    conversation_set_dissector_from_frame_number(find_or_create_conversation(pinfo), pinfo->num,
                                                 http2_handle);
    packet_leave_layer(pinfo);
    if (pinfo->saved_can_desegment > 0)
        pinfo->can_desegment = pinfo->saved_can_desegment + above;
    call_dissector_with_data(http2_handle, tvb, pinfo, tree, data);
}

/* Are there only whole frames behind the preface? */
static bool ends_between_frames(tvbuff_t *tvb)
{
    unsigned at = (unsigned)strlen(preface), captured = tvb_captured_length(tvb);

    while (captured - at >= FRAME_HEADER) {
        unsigned length = FRAME_HEADER + tvb_get_ntoh24(tvb, (int)at);

        if (length > captured - at)
            return false;
        at += length;
    }
    return at == captured;
}

/* Wireshark's own way, without waiting for its turn: a heuristic dissector that has found something
 * is asked before the others from then on, in later captures, too. */
static heuristic_result leave_to_wireshark(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                           void *data)
{
    return own_heuristic && own_heuristic->enabled &&
           own_heuristic->dissector(tvb, pinfo, tree, data);
}

/* On HTTP's own ports Wireshark knows the preface if it comes in one segment, and loses what begins
 * behind it and goes on in the next one. HTTP has shown what it takes for a body. */
static heuristic_result find_preface_in_http(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                             void *data)
{
    size_t length = preface_length(tvb);

    if (!is_on())
        return FALSE;
    if (length == 0 || proto_is_frame_protocol(pinfo->layers, "tls"))
        return leave_to_wireshark(tvb, pinfo, tree, data);
    if (length < strlen(preface))
        return first_bytes_wait(pinfo, pinfo->saved_can_desegment);
    if (ends_between_frames(tvb))
        return leave_to_wireshark(tvb, pinfo, tree, data);
    call_http2(tvb, pinfo, tree, data, 1);
    return TRUE;
}

/* Behind an upgrade (RFC 7540 section 3.2) HTTP hands over all there is of the client's bytes, and
 * a preface whose end is missing looks like a frame of five megabytes. */
static int dissect_upgraded(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    size_t length = tvb_captured_length(tvb);

    if (is_on() && length < strlen(preface) &&
        tvb_memeql(tvb, 0, (const uint8_t *)preface, length) == 0 &&
        first_bytes_wait(pinfo, pinfo->can_desegment))
        return (int)length;
    packet_leave_layer(pinfo);
    pinfo->can_desegment = pinfo->saved_can_desegment;
    return call_dissector_with_data(http2_handle, tvb, pinfo, tree, data);
}

static heuristic_result find_preface(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                     void *data)
{
    if (wireshark_finds_it || !is_on())
        return FALSE;
    size_t length = preface_length(tvb);

    if (length > 0 && length < strlen(preface))
        return first_bytes_wait(pinfo, pinfo->can_desegment);
    if (length == 0 &&
        !(is_settings_frame(tvb) && first_bytes_are_here(pinfo, (const struct tcpinfo *)data)))
        return FALSE;
    call_http2(tvb, pinfo, tree, data, 0);
    return TRUE;
}

void preface_register(int proto)
{
    int http2 = proto_get_id_by_filter_name("http2");

    proto_multistatus = proto;
    http2_handle = find_dissector("http2");
    own_heuristic = find_heur_dissector_by_unique_short_name("http2_tcp");
    wireshark_finds_it = own_heuristic && strcmp(own_heuristic->list_name, "tcp") == 0;
    if (http2_handle && http2 != -1)
        heur_dissector_add("tcp", find_preface, "HTTP/2 by its connection preface, on any port",
                           "multistatus_http2_preface", http2, HEURISTIC_ENABLE);
    if (!http2_handle || http2 == -1 || wireshark_finds_it)
        return;
    heur_dissector_add("http", find_preface_in_http,
                       "HTTP/2 by its connection preface, on HTTP's ports",
                       "multistatus_http2_preface_http", http2, HEURISTIC_ENABLE);
    dissector_add_string("http.upgrade", "h2c", create_dissector_handle(dissect_upgraded, http2));
}
