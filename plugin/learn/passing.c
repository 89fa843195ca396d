/* passing.c
 * Bodies of HTTP/1 are not put together where nobody looks at them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "passing.h"

#include <epan/conversation.h>
#include <epan/tap.h>

#include <epan/dissectors/packet-tcp.h>

#include "compat.h"
#include "serial.h"

/* Registration. */
static int proto_http = -1;
static int follow_tap = -1;
static dissector_handle_t passing_handle;
static passing_asks body_end;

/* The state of this capture. */
static GHashTable *bodies; /* tcp_flow_t of those that go on with a body */
static GHashTable *others; /* conversation_t to the dissector in whose place we are */

static void end_capture(void)
{
    g_clear_pointer(&bodies, g_hash_table_destroy);
    g_clear_pointer(&others, g_hash_table_destroy);
}

static void start_capture(void)
{
    end_capture();
    bodies = g_hash_table_new(NULL, NULL);
    others = g_hash_table_new(NULL, NULL);
}

/* ---- dissecting ---- */

/* How many of the bytes belong to such a body: none, unless they are those of a segment. */
static unsigned passed_length(packet_info *pinfo, tvbuff_t *tvb)
{
    unsigned length = tvb_captured_length(tvb);
    const uint8_t *bytes = length > 0 ? tvb_get_ptr(tvb, 0, (int)length) : NULL;
    raw_segment in;
    uint32_t end;

    if (!bytes || !raw_segment_tapped(follow_tap, 0, &in) ||
        raw_segment_tapped(follow_tap, 1, &in) || in.segment.length < length ||
        bytes != in.segment.bytes + in.segment.length - length ||
        !g_hash_table_contains(bodies, in.analysis->fwd) || !body_end(pinfo, &in, &end))
        return 0;
    uint32_t begin = in.segment.sequence + (uint32_t)(in.segment.length - length);

    return (unsigned)CLAMP(serial_distance(begin, end), 0, (int32_t)length);
}

/* In the place of HTTP. */
static int dissect_behind_bodies(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    dissector_handle_t http =
        conversation ? (dissector_handle_t)g_hash_table_lookup(others, conversation) : NULL;
    unsigned passed = http ? passed_length(pinfo, tvb) : 0;

    if (!http || passed == tvb_captured_length(tvb))
        return (int)tvb_captured_length(tvb);
    packet_leave_layer(pinfo);
    pinfo->can_desegment = pinfo->saved_can_desegment;
    int read = call_dissector_with_data(http, tvb_new_subset_remaining(tvb, (int)passed), pinfo,
                                        tree, data);

    if (pinfo->desegment_len > 0)
        pinfo->desegment_offset += (int)passed;
    return read + (int)passed;
}

/* ---- TCP ---- */

/* It does not wait for what is behind this segment. */
static void stop_waiting(const raw_segment *from)
{
    uint32_t behind = from->shown_sequence + (uint32_t)from->segment.reported;
    struct tcp_multisegment_pdu *waiting = (struct tcp_multisegment_pdu *)wmem_tree_lookup32_le(
        from->analysis->fwd->multisegment_pdus, behind - 1);

    if (waiting && serial_distance(behind, waiting->nxtpdu) > 0)
        waiting->nxtpdu = behind;
}

/* From the next frame on, unless that was done before. @return false if it is not HTTP's */
static bool take_place(packet_info *pinfo, const raw_segment *from)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    if (!conversation || get_tcp_conversation_data(conversation, pinfo) != from->analysis)
        return false;
    dissector_handle_t known = conversation_get_dissector(conversation, pinfo->num + 1);

    if (known == passing_handle)
        return true;
    dissector_handle_t http = known ? known : raw_segment_dissector(from);

    if (!http || dissector_handle_get_protocol_index(http) != proto_http)
        return false;
    g_hash_table_insert(others, conversation, http);
    conversation_set_dissector_from_frame_number(conversation, pinfo->num + 1, passing_handle);
    return true;
}

void passing_goes_on(packet_info *pinfo, const raw_segment *from)
{
    if (!take_place(pinfo, from))
        return;
    g_hash_table_add(bodies, from->analysis->fwd);
    stop_waiting(from);
}

void passing_ends(const raw_segment *from)
{
    g_hash_table_remove(bodies, from->analysis->fwd);
}

void passing_init(passing_asks asked)
{
    body_end = asked;
    proto_http = proto_get_id_by_filter_name("http");
    follow_tap = find_tap_id("tcp_follow");
    passing_handle = create_dissector_handle(dissect_behind_bodies, proto_http);
    register_init_routine(start_capture);
    register_cleanup_routine(end_capture);
}
