/* learn_streams.c
 * The bytes of the connections: what exchange/ makes of them is learned here, whatever HTTP of
 * Wireshark makes of them.
 *
 * TCP shows its segments in the tap "tcp_follow". In passes without taps (the first of tshark -2)
 * they are found in the frame itself. What TLS decrypted it keeps with the frame.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "learn_streams.h"

#include <string.h>

#include <epan/conversation.h>
#include <epan/proto_data.h>
#include <epan/tap.h>

#include <epan/dissectors/packet-tcp.h>

#include "codings.h"
#include "compat.h"
#include "connections.h"
#include "dialogue.h"
#include "disorder.h"
#include "http1.h"
#include "layers.h"
#include "learn.h"
#include "learn_quic.h"
#include "passing.h"
#include "raw_segment.h"
#include "talks.h"
#include "times.h"
#include "unfinished.h"

/* TLS is looked for in so many layers of itself. */
#define MOST_TLS_LAYERS 2

/* Packets of a connection that may come between bytes that were overtaken and themselves. In
 * Wireshark somebody waits for what is behind them; the command takes the time of the whole
 * connection. */
#define PATIENCE 64u

/* Segments that TCP keeps behind missing bytes. */
#define MOST_WAITING 512u

/* A connection, or what TLS carries on one. */
typedef struct {
    talk talk;
    dialogue *dialogue;
    const void *flows[2]; /* of TLS; only compared */
    disorder disorder[2]; /* of TCP */
    uint32_t doubted[2];  /* of TLS: how much of TCP's disorder was minded */
    unsigned noted;       /* what was said to be read though no layer says so (FOUND_) */
    bool has_looked;      /* at its ports: */
    bool on_port;         /* one of them is that of HTTP, or of a proxy for it */
} channel;

/* Registration. */
static int proto_http = -1;
static const protocol_t *http_protocol; /* somebody may switch it off */
static int proto_tls = -1;
static int proto_socks = -1;
static int follow_tap = -1;
static int http_tap = -1;

/* The state of this capture. */
static GHashTable *talks; /* number of a TCP stream to GPtrArray of channel: TCP, then TLS in it */
static uint32_t last_frame; /* the one that is being learned, or was last */
static unsigned consumed;   /* of its entries in the tap */
static unsigned consumed_records[MOST_TLS_LAYERS + 1];
static bool consumed_raw;
static bool done;         /* all of it was learned */
static bool as_they_come; /* Wireshark does not put segments in order */

/* ---- connections ---- */

static void free_channel(void *data)
{
    channel *of = (channel *)data;

    dialogue_free(of->dialogue);
    talk_clear(&of->talk);
    g_free(of);
}

static void end_capture(void)
{
    g_clear_pointer(&talks, g_hash_table_destroy);
    talks_end();
}

static void free_talks(void *data)
{
    g_ptr_array_unref((GPtrArray *)data);
}

static void start_capture(void)
{
    end_capture();
    talks = g_hash_table_new_full(NULL, NULL, NULL, free_talks);
    last_frame = 0;
    as_they_come = disorder_matters();
}

static bool body_end_in(packet_info *pinfo, const raw_segment *from, uint32_t *end);

void learn_streams_init(void)
{
    proto_http = proto_get_id_by_filter_name("http");
    http_protocol = find_protocol_by_id(proto_http);
    proto_tls = proto_get_id_by_filter_name("tls");
    proto_socks = proto_get_id_by_filter_name("socks");
    passing_init(body_end_in);
    follow_tap = learn_listen_to("tcp_follow");
    http_tap = learn_listen_to("http_follow");
    register_init_routine(start_capture);
    register_cleanup_routine(end_capture);
    learn_quic_init(learn_streams_are_new);
}

static channel *new_channel(uint32_t stream, bool tls)
{
    channel *made = g_new0(channel, 1);

    made->talk.stream = stream;
    made->talk.tls = tls;
    made->talk.capture = connections_capture();
    made->talk.watcher = &learn_watcher;
    dialogue_listener listener = talk_listener(&made->talk);

    made->dialogue = dialogue_new(&listener);
    if (talks_tell_at_once())
        dialogue_set_patience(made->dialogue, PATIENCE);
    return made;
}

static GPtrArray *talks_of_stream(uint32_t stream)
{
    GPtrArray *found = (GPtrArray *)g_hash_table_lookup(talks, GUINT_TO_POINTER(stream));

    if (!found) {
        found = g_ptr_array_new_with_free_func(free_channel);
        g_ptr_array_add(found, new_channel(stream, false));
        g_hash_table_insert(talks, GUINT_TO_POINTER(stream), found);
    }
    return found;
}

/* What the segments themselves carry. */
static channel *tcp_channel(uint32_t stream)
{
    return (channel *)talks_of_stream(stream)->pdata[0];
}

/* Inside a proxy's protocol, it has a conversation of its own. */
static bool is_known_http(const packet_info *pinfo, const conversation_t *conversation)
{
    return http1_is_connection(conversation, proto_http) ||
           proto_is_frame_protocol(pinfo->layers, "http");
}

static bool is_on_port(channel *of, const raw_segment *carrier)
{
    if (!of->has_looked) {
        of->has_looked = true;
        for (unsigned i = 0; i < G_N_ELEMENTS(carrier->ports); i++)
            of->on_port = of->on_port || raw_segment_port_is(carrier->ports[i], proto_http) ||
                          raw_segment_port_is(carrier->ports[i], proto_socks);
    }
    return of->on_port;
}

/* Wireshark reads what a proxy of SOCKS carries only if each of the messages before it fits a
 * segment. If it is HTTP, it says so itself. */
static bool is_socks(dissector_handle_t known)
{
    return dissector_handle_get_protocol_index(known) == proto_socks;
}

/* TCP shows it to nobody before missing bytes come. */
static bool is_kept_back(const raw_segment *from)
{
    const tcp_flow_t *sender = from->analysis ? from->analysis->fwd : NULL;

    return sender && sender->ooo_segments && wmem_list_count(sender->ooo_segments) > 0;
}

/* What Wireshark would take for HTTP on any port. */
static bool is_plainly_http(const segment *from)
{
    const heur_dtbl_entry_t *on_any_port = find_heur_dissector_by_unique_short_name("http_tcp");
    size_t header = http1_header_length(from->bytes, from->length, 0);

    return header > 0 && http1_is_header((const char *)from->bytes, header, false) && on_any_port &&
           on_any_port->enabled && proto_is_protocol_enabled(http_protocol);
}

/* It will be read when it is certain that what is missing does not come. */
static bool is_kept_http(const raw_segment *from)
{
    return is_kept_back(from) && is_plainly_http(&from->segment);
}

/* HTTP has dissected something of it, or would have if TCP were not waiting for what is missing. */
static bool is_http(channel *of, packet_info *pinfo, const raw_segment *carrier)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    if (is_known_http(pinfo, conversation))
        return true;
    dissector_handle_t known =
        conversation ? conversation_get_dissector(conversation, pinfo->num) : NULL;

    return known ? is_socks(known) : is_on_port(of, carrier) || is_kept_http(carrier);
}

/* ---- segments ---- */

/* TCP (tcp.reassemble_out_of_order) keeps what comes behind missing bytes until they come, and
 * looks for the place of each segment among all of them. If that many came since, nothing will
 * come. */
static void bound_waiting(const raw_segment *from)
{
    tcp_flow_t *sender = from->analysis ? from->analysis->fwd : NULL;

    if (sender && sender->ooo_segments && wmem_list_count(sender->ooo_segments) > MOST_WAITING)
        sender->ooo_segments = wmem_list_new(wmem_file_scope());
}

static void note_read(channel *of, packet_info *pinfo, unsigned found)
{
    if ((of->noted & found) != 0)
        return;
    of->noted |= found;
    if (!proto_is_frame_protocol(pinfo->layers, "http"))
        layers_note_read(pinfo, false, found);
}

static void add_segment(packet_info *pinfo, const raw_segment *from)
{
    channel *of = tcp_channel(from->stream);
    segment came = from->segment;

    came.when = connections_arrival(pinfo);
    learn_name_sides(&of->talk, pinfo, came.direction);
    disorder_note(&of->disorder[came.direction], &came);
    of->talk.http = of->talk.http || (came.length > 0 && is_http(of, pinfo, from));
    dialogue_add(of->dialogue, &came);
    if (of->talk.http && came.length > 0)
        note_read(of, pinfo, of->talk.begun || is_kept_http(from) ? FOUND_HTTP : FOUND_READ);
    if (!talks_draw())
        bound_waiting(from);
}

/* Somebody who draws shows what HTTP makes of it. */
static void pass_by(packet_info *pinfo, const raw_segment *from)
{
    GPtrArray *of_stream = talks_of_stream(from->stream);
    const channel *of = (const channel *)of_stream->pdata[0];

    if (talks_draw() || !of->talk.http || of_stream->len > 1 || consumed != 1)
        return;
    if (dialogue_in_body(of->dialogue, from->segment.direction))
        passing_goes_on(pinfo, from);
    else
        passing_ends(from);
}

static bool body_end_in(packet_info *pinfo, const raw_segment *from, uint32_t *end)
{
    learn_streams(pinfo, false);
    const channel *of = tcp_channel(from->stream);

    return dialogue_body_end(of->dialogue, from->segment.direction, end);
}

/* ---- records of TLS ---- */

static channel *tls_channel(uint32_t stream, const void *flow, unsigned direction)
{
    GPtrArray *of_stream = talks_of_stream(stream);

    for (unsigned i = 1; i < of_stream->len; i++) {
        channel *known = (channel *)of_stream->pdata[i];

        if (known->flows[direction] == flow || !known->flows[direction])
            return known;
    }
    channel *made = new_channel(stream, true);

    g_ptr_array_add(of_stream, made);
    return made;
}

/* Where decryption begins, the stream does. */
static void begin_flow(channel *of, const SslRecordInfo *first, unsigned direction, arrival when)
{
    segment begins = {
        .direction = direction, .sequence = first->seq - 1, .syn = true, .when = when};

    of->flows[direction] = first->flow;
    dialogue_add(of->dialogue, &begins);
}

/* Records that came out of order cannot be decrypted, and what is decrypted is numbered without
 * them. */
static void mind_disorder(channel *of, const raw_segment *carrier)
{
    const channel *tcp = tcp_channel(carrier->stream);
    unsigned direction = carrier->segment.direction;
    uint32_t times = tcp->disorder[direction].times;

    if (as_they_come && times != of->doubted[direction])
        dialogue_doubt(of->dialogue, direction);
    of->doubted[direction] = times;
}

static void add_record(packet_info *pinfo, const raw_segment *carrier, const SslRecordInfo *from)
{
    unsigned direction = carrier->segment.direction;
    channel *of = tls_channel(carrier->stream, from->flow, direction);
    arrival when = connections_arrival(pinfo);
    segment came = {.direction = direction,
                    .sequence = from->seq,
                    .bytes = from->plain_data,
                    .length = from->data_len,
                    .reported = from->data_len,
                    .when = when};

    learn_name_sides(&of->talk, pinfo, direction);
    of->talk.http = of->talk.http || is_known_http(pinfo, find_conversation_pinfo(pinfo, 0));
    if (!of->flows[direction])
        begin_flow(of, from, direction, when);
    mind_disorder(of, carrier);
    dialogue_add(of->dialogue, &came);
}

/* TLS keeps them under 0 (4.0), or under the number of the layer (4.4): TLS inside TLS is 2. */
static void add_records(packet_info *pinfo, const raw_segment *carrier)
{
    for (uint32_t key = 0; key <= MOST_TLS_LAYERS; key++) {
        const SslPacketInfo *tls =
            (const SslPacketInfo *)p_get_proto_data(wmem_file_scope(), pinfo, proto_tls, key);
        unsigned n = 0;

        for (const SslRecordInfo *i = tls ? tls->records : NULL; i; i = i->next) {
            if (i->type != SSL_ID_APP_DATA || !i->flow || i->data_len == 0)
                continue;
            if (n++ < consumed_records[key])
                continue;
            consumed_records[key]++;
            add_record(pinfo, carrier, i);
        }
    }
}

/* Does the direction end with this segment, or with one before that came too early? */
static bool has_ended(const raw_segment *from)
{
    const channel *of = tcp_channel(from->stream);

    return from->segment.rst || dialogue_has_ended(of->dialogue, from->segment.direction);
}

/* The connection ends: so does what TLS carries. */
static void end_tls(packet_info *pinfo, const raw_segment *from)
{
    arrival when = connections_arrival(pinfo);
    GPtrArray *of_stream = talks_of_stream(from->stream);
    unsigned direction = from->segment.direction;

    for (unsigned i = 1; i < of_stream->len && has_ended(from); i++) {
        channel *of = (channel *)of_stream->pdata[i];

        dialogue_end_here(of->dialogue, direction,
                          from->segment.rst ? ENDING_RST_SERVER : ENDING_FIN, &when);
        if (from->segment.rst)
            dialogue_end_here(of->dialogue, !direction, ENDING_RST_CLIENT, &when);
    }
}

/* ---- HTTP that no stream carries ---- */

/* The next block that HTTP shows: a header, or the body behind one. */
static const uint8_t *http_block(unsigned n, unsigned *length)
{
    tvbuff_t *block = (tvbuff_t *)(uintptr_t)fetch_tapped_data(http_tap, (int)n);

    *length = block ? tvb_captured_length(block) : 0;
    return *length > 0 ? tvb_get_ptr(block, 0, (int)*length) : NULL;
}

/* The header block that it is, if it is one. */
static bool read_header(const uint8_t *block, unsigned length, arena *memory, http_header *header)
{
    return http1_is_header((const char *)block, length, false) &&
           http1_parse(memory, (const char *)block, length, header);
}

/* A response of which no stream says which one it is. */
static exchange *response_alone(packet_info *pinfo, const http_header *header)
{
    sighting seen = connections_sighting(pinfo);
    exchange *made = exchange_new(connections_capture(), &seen);

    exchange_set_response(made, &seen, header);
    made->complete = made->delivered = made->held = true;
    return made;
}

static void tell_datagram(packet_info *pinfo, const http_header *header, unsigned n)
{
    exchange *of = response_alone(pinfo, header);
    http1_message from = {.ended = connections_arrival(pinfo),
                          .content_length = header->content_length};
    GByteArray *plain = g_byte_array_new();
    unsigned length;
    const uint8_t *body = http_block(n + 1, &length);

    if (body && !http1_is_header((const char *)body, length, false))
        g_byte_array_append(plain, body, length);
    if (talks_draw())
        learn_response_shown(pinfo, of, &from, plain, NULL);
    if (!talks_tell_at_once()) {
        unfinished_delivered(of, plain->data, plain->len, NULL);
        unfinished_settle(of);
    }
    g_byte_array_unref(plain);
}

/* Over UDP (HTTPU), or in exported PDUs: nothing tells whose answer it is. */
static void add_datagrams(packet_info *pinfo)
{
    const uint8_t *block;
    unsigned length;

    for (unsigned n = 0; (block = http_block(n, &length)) != NULL; n++) {
        arena memory = {0};
        http_header header;

        if (read_header(block, length, &memory, &header) && header.status == 207)
            tell_datagram(pinfo, &header, n);
        arena_clear(&memory);
    }
}

/* ---- behind missing bytes ---- */

/* The header of the newest response that HTTP shows. */
static bool newest_response(arena *memory, http_header *header)
{
    const uint8_t *block;
    unsigned length;
    bool found = false;

    for (unsigned n = 0; (block = http_block(n, &length)) != NULL; n++) {
        http_header read;

        if (!read_header(block, length, memory, &read))
            continue;
        found = !read.request && !http_is_interim(read.status);
        *header = read;
    }
    return found;
}

static http_message *early_response(packet_info *pinfo, const http_header *header)
{
    http_message *made = learn_message(learn_frame(pinfo));

    made->exchange = response_alone(pinfo, header);
    made->exchange->request_unknown = pair_reason(PAIR_UNDECIDED);
    made->content_length = header->content_length;
    made->early = true;
    return made;
}

static bool is_all(const http_header *header, unsigned length)
{
    return header->content_length <= (int64_t)length ||
           codings_are_any(header->fields[HTTP_CONTENT_ENCODING]);
}

http_message *learn_streams_early(packet_info *pinfo, unsigned length)
{
    raw_segment from;
    arena memory = {0};
    http_header header;
    http_message *made = NULL;

    if (talks_tell_at_once() && raw_segment_tapped(follow_tap, 0, &from) &&
        dialogue_lacks(tcp_channel(from.stream)->dialogue, from.segment.direction) &&
        newest_response(&memory, &header) && is_all(&header, length))
        made = early_response(pinfo, &header);
    arena_clear(&memory);
    return made;
}

void learn_streams_give_up(packet_info *pinfo)
{
    int64_t stream = talks ? connections_stream(pinfo) : -1;
    GPtrArray *of_stream =
        stream >= 0 ? (GPtrArray *)g_hash_table_lookup(talks, GUINT_TO_POINTER((uint32_t)stream))
                    : NULL;

    if (!of_stream)
        return;
    talks_begin_frame();
    learn_happens_in(pinfo);
    for (unsigned i = 0; i < of_stream->len; i++)
        dialogue_give_up(((channel *)of_stream->pdata[i])->dialogue);
    learn_happens_in(NULL);
}

/* ---- frames ---- */

static void first_look(packet_info *pinfo)
{
    talks_begin_frame();
    last_frame = pinfo->num;
    done = false;
    consumed = 0;
    consumed_raw = false;
    memset(consumed_records, 0, sizeof consumed_records);
}

bool learn_streams_are_new(const packet_info *pinfo)
{
    return pinfo->num > last_frame || (pinfo->num == last_frame && !done);
}

void learn_streams(packet_info *pinfo, bool whole)
{
    raw_segment from;
    bool any = false;

    if (pinfo->num > last_frame)
        first_look(pinfo);
    if (learn_streams_are_new(pinfo) && whole)
        learn_quic(pinfo);
    if (learn_streams_are_new(pinfo) && pinfo->ptype != PT_TCP && whole) {
        add_datagrams(pinfo);
        done = true;
    }
    if (!learn_streams_are_new(pinfo) || pinfo->ptype != PT_TCP ||
        !proto_is_protocol_enabled(http_protocol))
        return;
    learn_happens_in(pinfo);
    while (raw_segment_tapped(follow_tap, consumed, &from)) {
        consumed++;
        any = true;
        add_segment(pinfo, &from);
    }
    if (consumed == 0 && !PINFO_FD_VISITED(pinfo) && !consumed_raw &&
        raw_segment_in_frame(pinfo, &from)) {
        consumed_raw = any = true;
        add_segment(pinfo, &from);
    }
    any = any || (consumed > 0 && raw_segment_tapped(follow_tap, 0, &from)) ||
          (consumed_raw && raw_segment_in_frame(pinfo, &from));
    if (any)
        add_records(pinfo, &from);
    if (any && whole) {
        end_tls(pinfo, &from);
        pass_by(pinfo, &from);
    }
    done = whole;
    learn_happens_in(NULL);
}

static bool segment_of(packet_info *pinfo, raw_segment *to)
{
    return raw_segment_tapped(follow_tap, 0, to) ||
           (!PINFO_FD_VISITED(pinfo) && raw_segment_in_frame(pinfo, to));
}

const void *learn_direction(packet_info *pinfo)
{
    raw_segment from;

    return segment_of(pinfo, &from) ? from.analysis->fwd : NULL;
}

bool learn_streams_may_lack(packet_info *pinfo)
{
    raw_segment from;

    if (!as_they_come || !segment_of(pinfo, &from))
        return false;
    const channel *tcp = tcp_channel(from.stream);

    return tcp->disorder[from.segment.direction].times > 0;
}

void learn_streams_ends(packet_info *pinfo)
{
    raw_segment from;

    if (!unfinished_any() || !segment_of(pinfo, &from))
        return;
    if (from.segment.rst) {
        unfinished_connection_ends(from.analysis->fwd, ENDING_RST_SERVER);
        unfinished_connection_ends(from.analysis->rev, ENDING_RST_CLIENT);
    } else if (has_ended(&from)) {
        unfinished_connection_ends(from.analysis->fwd, ENDING_FIN);
    }
}

/* ---- the end ---- */

static void finish_stream(GPtrArray *of_stream)
{
    for (unsigned i = 0; i < of_stream->len; i++)
        dialogue_finish(((channel *)of_stream->pdata[i])->dialogue);
}

static int compare_streams(const void *a, const void *b)
{
    unsigned left = GPOINTER_TO_UINT(a), right = GPOINTER_TO_UINT(b);

    return left < right ? -1 : left > right;
}

/* What ends first is judged first: in the order of the streams, whatever their numbers are. */
void learn_streams_finish(void)
{
    GList *streams = talks ? g_list_sort(g_hash_table_get_keys(talks), compare_streams) : NULL;

    for (const GList *i = streams; i; i = i->next)
        finish_stream((GPtrArray *)g_hash_table_lookup(talks, i->data));
    g_list_free(streams);
    learn_quic_finish();
}

/* ---- what is under way ---- */

static bool is_waiting(const channel *of, moment when)
{
    return !dialogue_is_over(of->dialogue) && talk_is_waiting(&of->talk, when);
}

bool learn_streams_are_waiting(moment when)
{
    GHashTableIter all;
    void *value;

    if (!talks)
        return false;
    if (learn_quic_is_waiting(when))
        return true;
    g_hash_table_iter_init(&all, talks);
    while (g_hash_table_iter_next(&all, NULL, &value)) {
        GPtrArray *of_stream = (GPtrArray *)value;

        for (unsigned i = 0; i < of_stream->len; i++) {
            if (is_waiting((const channel *)of_stream->pdata[i], when))
                return true;
        }
    }
    return false;
}
