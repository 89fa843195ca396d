/* connections.c
 * From the packet that is being dissected to what exchange/ knows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "connections.h"

#include <string.h>

#include <epan/conversation.h>
#include <epan/tap.h>
#include <epan/to_str.h>

#include <epan/dissectors/packet-tcp.h>

#include "compat.h"
#include "history.h"
#include "preferences.h"
#include "times.h"

/* A connection, and what Wireshark knows of it. */
typedef struct {
    connection *connection;
    const struct tcp_analysis *tcp; /* NULL if it is not known */
} known_connection;

/* Registration: the protocol under which a conversation keeps its connection. */
static int proto_of_connections = -1;

/* Registration: the tap that shows each TCP header. */
static int segment_tap = -1;

/* Registration: called before an exchange is given back. */
static void (*forget)(exchange *of);

/* The numbers of frames, where they are not those of their places. */
static uint32_t (*real_number)(const void *data, uint32_t place);
static const void *real_number_data;

/* The exchanges of this capture. */
static exchange_capture *capture;

/* The connections of this capture, by the number of their TCP stream, and the others. */
static GHashTable *by_stream;
static GQueue without_stream;

static void free_connection(void *data)
{
    known_connection *gone = (known_connection *)data;

    connection_free(gone->connection);
    g_free(gone);
}

static void end_capture(void)
{
    g_clear_pointer(&by_stream, g_hash_table_destroy);
    g_queue_clear_full(&without_stream, free_connection);
    g_clear_pointer(&capture, history_end);
}

static void start_capture(void)
{
    end_capture();
    capture = history_begin();
    capture->forget = forget;
    capture->batches = (ms_batch_mode)preferences.batches;
    capture->by_root = preferences.by_root;
    capture->limits = &preferences.limits;
    by_stream = g_hash_table_new_full(NULL, NULL, NULL, free_connection);
}

exchange_capture *connections_capture(void)
{
    return capture;
}

void connections_init(int proto, void (*before_exchange_ends)(exchange *of))
{
    proto_of_connections = proto;
    forget = before_exchange_ends;
    segment_tap = find_tap_id("tcp");
    register_init_routine(start_capture);
    register_cleanup_routine(end_capture);
}

/* ---- connections ---- */

/* The header of the segment that is dissected; NULL where no taps are served. */
static const struct tcpheader *segment_header(void)
{
    return (const struct tcpheader *)fetch_tapped_data(segment_tap, 0);
}

bool connections_are_tapped(void)
{
    return segment_header() != NULL;
}

static known_connection *new_connection(void)
{
    known_connection *made = g_new0(known_connection, 1);

    made->connection = connection_new(capture);
    return made;
}

static known_connection *connection_of_stream(uint32_t stream)
{
    void *key = GUINT_TO_POINTER(stream);
    known_connection *found = (known_connection *)g_hash_table_lookup(by_stream, key);

    if (!found) {
        found = new_connection();
        g_hash_table_insert(by_stream, key, found);
    }
    return found;
}

static known_connection *connection_of_conversation(packet_info *pinfo)
{
    conversation_t *conversation = find_or_create_conversation(pinfo);
    known_connection *found =
        (known_connection *)conversation_get_proto_data(conversation, proto_of_connections);

    if (!found) {
        found = new_connection();
        g_queue_push_tail(&without_stream, found);
        conversation_add_proto_data(conversation, proto_of_connections, found);
    }
    return found;
}

static const struct tcp_analysis *tcp_of(packet_info *pinfo)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    return conversation && pinfo->ptype == PT_TCP ? get_tcp_conversation_data(conversation, pinfo)
                                                  : NULL;
}

connection *connections_of_stream(uint32_t stream)
{
    return connection_of_stream(stream)->connection;
}

connection *connections_of(packet_info *pinfo)
{
    const struct tcpheader *segment = segment_header();
    known_connection *found =
        segment ? connection_of_stream(segment->th_stream) : connection_of_conversation(pinfo);

    if (!found->tcp)
        found->tcp = tcp_of(pinfo);
    return found->connection;
}

/* ---- sightings ---- */

static const char *endpoint(packet_info *pinfo, const address *host, uint32_t port)
{
    char text[WS_INET6_ADDRSTRLEN + 16] = "[", digits[16];
    char *digit = digits + sizeof digits;
    bool v6 = host->type == AT_IPv6;

    /* Made of every message: printf would take most of the time of it. */
    address_to_str_buf(host, text + v6, (int)sizeof text - 16);
    *--digit = '\0';
    do
        *--digit = (char)('0' + port % 10);
    while ((port /= 10) != 0);
    *--digit = ':';
    if (v6)
        *--digit = ']';
    g_strlcat(text, digit, sizeof text);
    return wmem_strdup(pinfo->pool, text);
}

int64_t connections_stream(packet_info *pinfo)
{
    const struct tcpheader *segment = segment_header();
    const struct tcp_analysis *tcp = segment ? NULL : tcp_of(pinfo);

    if (segment)
        return segment->th_stream;
    return tcp ? (int64_t)tcp->stream : -1;
}

uint32_t connections_frame(const packet_info *pinfo)
{
    return real_number ? real_number(real_number_data, pinfo->num) : pinfo->num;
}

arrival connections_arrival(const packet_info *pinfo)
{
    return (arrival){connections_frame(pinfo), pinfo->abs_ts.nsecs, pinfo->abs_ts.secs};
}

void connections_number_frames(uint32_t (*real)(const void *data, uint32_t place), const void *data)
{
    real_number = real;
    real_number_data = data;
}

sighting connections_sighting(packet_info *pinfo)
{
    const struct tcpheader *segment = segment_header();

    return (sighting){
        .frame = connections_frame(pinfo),
        .time = moment_of(&pinfo->abs_ts),
        .sender = endpoint(pinfo, &pinfo->src, segment ? segment->th_sport : pinfo->srcport),
        .receiver = endpoint(pinfo, &pinfo->dst, segment ? segment->th_dport : pinfo->destport),
        .tls = proto_is_frame_protocol(pinfo->layers, "tls"),
        .stream = connections_stream(pinfo),
    };
}

/* ---- what is under way ---- */

/* Bits of tcp_analysis.conversation_completeness, which shows in the field tcp.completeness. */
#define SEEN_FIN_OR_RST 0x30

static bool is_waiting(const known_connection *at, moment now)
{
    return !(at->tcp && (at->tcp->conversation_completeness & SEEN_FIN_OR_RST)) &&
           connection_is_waiting(at->connection, now);
}

bool connections_are_waiting(const nstime_t *now)
{
    GHashTableIter all;
    void *at;

    if (!by_stream)
        return false;
    g_hash_table_iter_init(&all, by_stream);
    while (g_hash_table_iter_next(&all, NULL, &at)) {
        if (is_waiting((const known_connection *)at, moment_of(now)))
            return true;
    }
    return false;
}
