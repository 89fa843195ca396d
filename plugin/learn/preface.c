/* preface.c
 * Clear-text HTTP/2 away from HTTP's ports: found by its connection preface.
 *
 * RFC 9113 section 3.4. Wireshark looks for the preface on HTTP's ports only, and needs to be told
 * (Decode As) elsewhere. Whoever wants that back disables the heuristic dissector
 * "multistatus_http2_preface".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "preface.h"

#include <epan/conversation.h>
#include <epan/packet.h>

#include "compat.h"

/* Registration. */
static dissector_handle_t http2_handle;
static int proto_multistatus = -1;

static const uint8_t preface[] = {'P',  'R',  'I', ' ', '*',  ' ',  'H',  'T',
                                  'T',  'P',  '/', '2', '.',  '0',  '\r', '\n',
                                  '\r', '\n', 'S', 'M', '\r', '\n', '\r', '\n'};

/* Asked for every segment of a connection that nobody knows: looks at one byte first. */
static heuristic_result find_preface(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                     void *data)
{
    if (tvb_captured_length(tvb) < sizeof preface || buffer_byte(tvb, 0) != preface[0] ||
        tvb_memeql(tvb, 0, preface, sizeof preface) != 0 ||
        !proto_is_protocol_enabled(find_protocol_by_id(proto_multistatus)))
        return FALSE;
    conversation_set_dissector(find_or_create_conversation(pinfo), http2_handle);
    call_dissector_with_data(http2_handle, tvb, pinfo, tree, data);
    return TRUE;
}

void preface_register(int proto)
{
    int http2 = proto_get_id_by_filter_name("http2");

    proto_multistatus = proto;
    http2_handle = find_dissector("http2");
    if (http2_handle && http2 != -1)
        heur_dissector_add("tcp", find_preface, "HTTP/2 by its connection preface, on any port",
                           "multistatus_http2_preface", http2, HEURISTIC_ENABLE);
}
