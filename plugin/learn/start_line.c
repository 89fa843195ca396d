/* start_line.c
 * HTTP/1 away from its ports, where the first line of a connection comes in pieces.
 *
 * RFC 9112 section 2.1. Wireshark recognizes HTTP/1 on any port by the first line of a segment, and
 * only if all of that line is in it. Here TCP is asked for the next segment as long as the first
 * bytes of a direction can become such a line, and Wireshark then sees the whole line. Whoever
 * wants that back disables the heuristic dissector "multistatus_http1_start_line".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "start_line.h"

#include <string.h>

#include <epan/packet.h>

#include "compat.h"
#include "first_bytes.h"
#include "methods.h"

/* Registration. */
static int proto_multistatus = -1;
static int proto_http = -1;

/* Longer than any Request-URI that servers take. */
#define MOST_BYTES 8192u

static bool is_on(void)
{
    return proto_is_protocol_enabled(find_protocol_by_id(proto_multistatus)) &&
           proto_is_protocol_enabled(find_protocol_by_id(proto_http));
}

/* May a start line that is not complete begin so? */
static bool may_begin(const char *bytes, size_t length)
{
    static const char version[] = "HTTP/1.";

    if (!ms_method_may_begin(bytes, length) &&
        memcmp(bytes, version, MIN(length, strlen(version))) != 0)
        return false;
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)bytes[i] < ' ' && bytes[i] != '\t' && bytes[i] != '\r')
            return false; /* complete, or something else */
    }
    return true;
}

static heuristic_result find_start_line(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                                        void *data)
{
    const struct tcpinfo *segment = (const struct tcpinfo *)data;
    const unsigned length = tvb_captured_length(tvb);

    (void)tree;
    /* This is asked for every segment of a connection that nobody knows. */
    if (length == 0 || length > MOST_BYTES || buffer_byte(tvb, 0) < 'A' ||
        buffer_byte(tvb, 0) > 'Z' || !is_on())
        return FALSE;
    if (!segment || !(segment->is_reassembled || first_bytes_are_here(pinfo, segment)))
        return FALSE;
    return may_begin((const char *)tvb_get_ptr(tvb, 0, (int)length), length) &&
           first_bytes_wait(pinfo, pinfo->can_desegment);
}

void start_line_register(int proto)
{
    proto_multistatus = proto;
    proto_http = proto_get_id_by_filter_name("http");
    if (proto_http != -1)
        heur_dissector_add("tcp", find_start_line, "HTTP/1 whose first line comes in pieces",
                           "multistatus_http1_start_line", proto_http, HEURISTIC_ENABLE);
}
