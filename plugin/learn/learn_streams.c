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
#include "history.h"
#include "http1.h"
#include "learn.h"
#include "passing.h"
#include "preferences.h"
#include "raw_segment.h"
#include "sides.h"
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

/* As much of a body tells whether it may be Multi-Status. */
#define SNIFFED MS_SNIFF_WINDOW

/* Of the body of an answer to LOCK. */
#define LOCK_BYTES (64u * 1024)

/* A connection, or what TLS carries on one. */
typedef struct {
    dialogue *dialogue;
    char *names[2]; /* of the two sides: "10.0.0.2:51012" */
    int64_t stream;
    bool tls;
    bool http;            /* Wireshark takes it for HTTP */
    const void *flows[2]; /* of TLS; only compared */
    disorder disorder[2]; /* of TCP */
    uint32_t doubted[2];  /* of TLS: how much of TCP's disorder was minded */
    exchange *asked;      /* the newest request */
    bool is_asked;        /* it has no answer yet */
} talk;

/* What is known of a message. It is the message's owner. */
typedef struct learned {
    talk *in;
    exchange *exchange;
    exchange *answer;        /* of a request: that of its response, if it is another one */
    struct learned *request; /* of a response */
    bool shared;             /* of a response: the exchange is that of its request */
    bool answered;           /* of a request: likewise */
    bool ours;               /* of a response: a 207, or it may be Multi-Status by its body */
    bool sniffed;
    bool handed; /* the exchange goes on over HTTP/2 */
    bool told;   /* to the history */
    bool broken; /* bytes of its body are missing, and that was told */
    bool final;
    pair_state state;
} learned;

/* Registration. */
static int proto_http = -1;
static const protocol_t *http_protocol; /* somebody may switch it off */
static int proto_tls = -1;
static int proto_socks = -1;
static int follow_tap = -1;
static int http_tap = -1;

/* The state of this capture. */
static GHashTable *talks;   /* number of a TCP stream to GPtrArray of talk: TCP, then TLS in it */
static uint32_t last_frame; /* the one that is being learned, or was last */
static unsigned consumed;   /* of its entries in the tap */
static unsigned consumed_records[MOST_TLS_LAYERS + 1];
static bool consumed_raw;
static bool done;           /* all of it was learned */
static GQueue begun;        /* of exchange *: responses that began in it */
static GQueue gone;         /* of exchange *: not needed when the frame is done with */
static packet_info *now;    /* NULL outside of frames */
static bool at_once = true; /* exchanges are told of in the frame where they end */
static bool draws = true;
static bool as_they_come; /* Wireshark does not put segments in order */

/* ---- telling ---- */

void learn_streams_settle_first(bool drawing)
{
    at_once = false;
    draws = drawing;
}

bool learn_streams_tell_at_once(void)
{
    return at_once;
}

bool learn_streams_draw(void)
{
    return draws;
}

static sighting sighting_of(const talk *in, const http1_message *of, const arrival *when)
{
    return (sighting){
        .frame = when->frame,
        .time = {when->seconds, when->nanoseconds},
        .sender = in->names[of->direction],
        .receiver = in->names[!of->direction],
        .tls = in->tls,
        .stream = in->stream,
    };
}

/* ---- what a response is ---- */

/* Media types of bodies that may be ours. Others need not be undone. */
static bool may_be_ours(const char *type)
{
    return !type || strstr(type, "xml") || strstr(type, "json") || strstr(type, "multipart");
}

static const char *codings_of(const http1_message *of)
{
    return of->header.fields[HTTP_CONTENT_ENCODING];
}

static void begins_to_be_ours(learned *about, http1_message *of)
{
    if (about->ours)
        return;
    about->ours = true;
    unfinished_begins(about->exchange, of);
    about->exchange->held = true;
    if (draws && about->in->http)
        g_queue_push_tail(&begun, about->exchange);
}

/* ---- events ---- */

static exchange_capture *capture(void)
{
    return connections_capture();
}

static void on_begins(void *data, http1_message *of)
{
    talk *in = (talk *)data;
    learned *about = g_new0(learned, 1);
    sighting seen = sighting_of(in, of, &of->began);

    about->in = in;
    about->state = PAIR_OPEN;
    of->owner = about;
    if (!of->request)
        return;
    about->exchange = exchange_new(capture(), &seen);
    exchange_set_request(about->exchange, &seen, &of->header);
    if (about->exchange->webdav)
        about->exchange->unannounced =
            sides_unannounced(about->exchange, of->header.content_length > 0);
    in->asked = about->exchange;
    in->is_asked = true;
}

static void tell_history(learned *about, const http1_message *of)
{
    if (about->told || about->state == PAIR_OPEN || of->state == MESSAGE_OPEN)
        return;
    about->told = true;
    bool plain = !codings_are_any(codings_of(of));
    bool has_body = of->body && plain && of->state == MESSAGE_WHOLE;

    history_answered(about->exchange, has_body ? of->body->data : NULL,
                     has_body ? of->body->len : 0);
}

static void take_request(learned *response, learned *request, bool final)
{
    response->in->is_asked = response->in->is_asked && response->in->asked != request->exchange;
    response->request = request;
    if (response->shared || (!response->exchange && final)) {
        response->exchange = request->exchange;
        response->shared = request->answered = true;
        return;
    }
    if (!response->exchange) {
        sighting seen = {.stream = response->in->stream, .tls = response->in->tls};

        response->exchange = exchange_new(capture(), &seen);
    }
    exchange_adopt_request(response->exchange, request->exchange);
    request->answer = response->exchange;
}

static void on_paired(void *data, http1_message *response, http1_message *request, pair_state state,
                      bool final)
{
    learned *about = (learned *)response->owner;

    (void)data;
    about->state = state;
    about->final = final;
    if (about->request)
        about->request->answer = NULL;
    about->request = NULL;
    if (request)
        take_request(about, (learned *)request->owner, final);
    else if (about->exchange && !about->shared)
        exchange_forget_request(about->exchange);
    if (about->exchange)
        about->exchange->request_unknown = pair_reason(state);
    if (about->exchange)
        tell_history(about, response);
}

static size_t request_keeps(const http1_message *of)
{
    return exchange_reads_request(of->header.method) ? learn_most_bytes() : 0;
}

static size_t on_keeps(void *data, http1_message *of, const http1_message *request)
{
    talk *in = (talk *)data;
    learned *about = (learned *)of->owner;
    sighting seen = sighting_of(in, of, &of->began);
    const char *type = of->header.fields[HTTP_CONTENT_TYPE];

    if (of->request)
        return request_keeps(of);
    if (!about->exchange)
        about->exchange = exchange_new(capture(), &seen);
    exchange_set_response(about->exchange, &seen, &of->header);
    about->exchange->request_unknown = pair_reason(about->state);
    if (of->header.status == 207) {
        sides_answered(about->exchange);
        begins_to_be_ours(about, of);
        return UNFINISHED_LIMIT;
    }
    if (request && g_strcmp0(request->header.method, "LOCK") == 0)
        return UNFINISHED_LIMIT;
    if (!preferences.by_root || (codings_are_any(codings_of(of)) && !may_be_ours(type)))
        return 0;
    return UNFINISHED_LIMIT;
}

static bool sniff(const http1_message *of)
{
    return preferences.by_root && of->body && ms_sniff(of->body->data, of->body->len);
}

static size_t on_grows(void *data, http1_message *of)
{
    learned *about = (learned *)of->owner;

    (void)data;
    if (of->request)
        return learn_most_bytes();
    if (about->ours)
        return unfinished_grows(about->exchange);
    if (codings_are_any(codings_of(of)) || of->body->len < SNIFFED || about->sniffed)
        return of->body->len > LOCK_BYTES && about->sniffed ? 0 : UNFINISHED_LIMIT;
    about->sniffed = true;
    if (sniff(of))
        begins_to_be_ours(about, of);
    else if (g_strcmp0(about->exchange->method, "LOCK") != 0)
        return 0;
    return UNFINISHED_LIMIT;
}

/* ---- ends ---- */

static GByteArray *undone(const http1_message *of, codings_result *result)
{
    GByteArray *plain;

    *result = codings_undo(codings_of(of), of->body ? of->body->data : NULL,
                           of->body ? of->body->len : 0, learn_most_bytes(), &plain);
    return plain;
}

static void request_ends(learned *about, const http1_message *of)
{
    exchange *asked = about->exchange;
    codings_result result;
    GByteArray *plain = undone(of, &result);

    if (of->state == MESSAGE_WHOLE) {
        asked->request_frame = of->ended.frame;
        asked->request_time = (moment){of->ended.seconds, of->ended.nanoseconds};
    }
    if (plain->len > 0)
        learn_request_body(asked, plain->data, plain->len);
    if (about->answer)
        exchange_adopt_request(about->answer, asked);
    if (now && draws && asked->webdav && about->in->http)
        learn_request_shown(now, asked, of, plain);
    g_byte_array_unref(plain);
}

/* Is it Multi-Status by its body, if not by its status? */
static bool is_ours(const learned *about, const GByteArray *plain)
{
    if (about->exchange->http_status == 207)
        return true;
    if (plain->len == 0 || !preferences.by_root || !ms_sniff(plain->data, plain->len))
        return false;
    ms_context context = exchange_context(about->exchange, &preferences.limits, false);

    return ms_has_multistatus_root(plain->data, plain->len, &context);
}

static void show_response(learned *about, const http1_message *of)
{
    exchange *answered = about->exchange;
    const uint8_t *bytes = of->body ? of->body->data : NULL;
    size_t length = of->body ? of->body->len : 0;
    GByteArray *plain;
    codings_result result = codings_read(codings_of(of), bytes, length, learn_most_bytes(), &plain,
                                         &answered->miscoded);

    if (answered->http_status == 207 && length > 0)
        answered->unnamed = codings_unnamed(codings_of(of), bytes, length);
    about->exchange->bomb = result == CODINGS_LARGE;
    about->ours = is_ours(about, plain);
    if (about->ours && now && draws && about->in->http) {
        char *words = result != CODINGS_WHOLE ? codings_words(codings_of(of), result) : NULL;

        learn_response_shown(now, about->exchange, of, plain, words);
        g_free(words);
    }
    g_byte_array_unref(plain);
}

static void response_is_whole(learned *about, http1_message *of)
{
    sighting seen = sighting_of(about->in, of, &of->ended);
    bool kept = about->ours;

    exchange_set_parties(about->exchange, &seen);
    about->exchange->complete = about->exchange->delivered = true;
    if (about->ours || (of->body && of->body->len > 0))
        show_response(about, of);
    if (at_once || !about->ours || (!about->in->http && about->final)) {
        unfinished_forget(about->exchange);
        return;
    }
    if (!kept)
        unfinished_begins(about->exchange, of);
    unfinished_ends(about->exchange);
}

static void response_is_partial(learned *about, http1_message *of)
{
    if (about->broken)
        return;
    if (!about->ours && sniff(of) && !codings_are_any(codings_of(of)))
        begins_to_be_ours(about, of);
    if (!about->ours)
        return;
    unfinished_ends(about->exchange);
    if (at_once && about->in->http)
        unfinished_settle(about->exchange);
}

/* RFC 7540 section 3.2: the request of HTTP/1 is answered over HTTP/2, as that of stream 1. */
static void hand_over(learned *about)
{
    if (!about->shared)
        return;
    about->handed = true;
    /* In passes without taps, too: HTTP/2 is learned from them, maybe in a later pass. */
    connection_upgrades(connections_of_stream((uint32_t)about->in->stream), about->exchange);
}

static void response_ends(learned *about, http1_message *of)
{
    if (of->header.status == 101) {
        hand_over(about);
        return;
    }
    tell_history(about, of);
    if (of->state == MESSAGE_WHOLE)
        response_is_whole(about, of);
    else
        response_is_partial(about, of);
}

/* Nothing more of it will be shown than is there by now. */
static void on_breaks(void *data, http1_message *of)
{
    learned *about = (learned *)of->owner;

    (void)data;
    if (of->request || !at_once)
        return;
    response_is_partial(about, of);
    about->broken = about->ours;
}

static void on_ends(void *data, http1_message *of)
{
    learned *about = (learned *)of->owner;

    (void)data;
    if (of->request)
        request_ends(about, of);
    else
        response_ends(about, of);
}

static void on_gone(void *data, http1_message *of)
{
    learned *about = (learned *)of->owner;

    (void)data;
    if (!of->request && about->ours && !about->in->http)
        unfinished_forget(about->exchange);
    else if (!of->request && about->ours && !at_once)
        unfinished_settle(about->exchange);
    /* A request goes after its response. */
    bool kept = of->request ? about->answered : about->ours || about->handed;

    if (!of->request && about->request) {
        about->request->answer = NULL;
        about->request->answered = about->shared && kept;
    }
    if (!kept && !about->shared)
        g_queue_push_tail(&gone, about->exchange);
    if (about->in->asked == about->exchange)
        about->in->asked = NULL;
    g_free(about);
}

/* ---- connections ---- */

static void free_talk(void *data)
{
    talk *of = (talk *)data;

    dialogue_free(of->dialogue);
    g_free(of->names[0]);
    g_free(of->names[1]);
    g_free(of);
}

static void end_capture(void)
{
    g_clear_pointer(&talks, g_hash_table_destroy);
    g_queue_clear(&begun);
    g_queue_clear(&gone);
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
}

static talk *new_talk(uint32_t stream, bool tls)
{
    talk *made = g_new0(talk, 1);

    made->stream = stream;
    made->tls = tls;
    made->dialogue = dialogue_new(&(dialogue_listener){on_begins, on_keeps, on_grows, on_breaks,
                                                       on_ends, on_paired, on_gone, made});
    if (at_once)
        dialogue_set_patience(made->dialogue, PATIENCE);
    return made;
}

static GPtrArray *talks_of_stream(uint32_t stream)
{
    GPtrArray *found = (GPtrArray *)g_hash_table_lookup(talks, GUINT_TO_POINTER(stream));

    if (!found) {
        found = g_ptr_array_new_with_free_func(free_talk);
        g_ptr_array_add(found, new_talk(stream, false));
        g_hash_table_insert(talks, GUINT_TO_POINTER(stream), found);
    }
    return found;
}

/* What the segments themselves carry. */
static talk *tcp_talk(uint32_t stream)
{
    return (talk *)talks_of_stream(stream)->pdata[0];
}

/* Inside a proxy's protocol, it has a conversation of its own. */
static bool is_known_http(packet_info *pinfo)
{
    return proto_is_frame_protocol(pinfo->layers, "http") || http1_is_connection(pinfo, proto_http);
}

static bool is_port_of(const raw_segment *carrier, int protocol)
{
    return raw_segment_port_is(carrier->ports[0], protocol) ||
           raw_segment_port_is(carrier->ports[1], protocol);
}

/* Wireshark reads what a proxy of SOCKS carries only if each of the messages before it fits a
 * segment. If it is HTTP, it says so itself. */
static bool is_socks(dissector_handle_t known)
{
    return dissector_handle_get_protocol_index(known) == proto_socks;
}

/* HTTP has dissected something of it, or would have if TCP were not waiting for what is missing. */
static bool is_http(packet_info *pinfo, const raw_segment *carrier)
{
    if (is_known_http(pinfo))
        return true;
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);
    dissector_handle_t known =
        conversation ? conversation_get_dissector(conversation, pinfo->num) : NULL;

    return known ? is_socks(known)
                 : is_port_of(carrier, proto_http) || is_port_of(carrier, proto_socks);
}

static void name_sides(talk *of, packet_info *pinfo, unsigned direction)
{
    if (of->names[direction])
        return;
    sighting seen = connections_sighting(pinfo);

    of->names[direction] = g_strdup(seen.sender);
    if (!of->names[!direction])
        of->names[!direction] = g_strdup(seen.receiver);
}

/* ---- segments ---- */

static arrival arrival_of(const packet_info *pinfo)
{
    return (arrival){connections_frame(pinfo), pinfo->abs_ts.nsecs, pinfo->abs_ts.secs};
}

/* TCP (tcp.reassemble_out_of_order) keeps what comes behind missing bytes until they come, and
 * looks for the place of each segment among all of them. If that many came since, nothing will
 * come. */
static void bound_waiting(const raw_segment *from)
{
    tcp_flow_t *sender = from->analysis ? from->analysis->fwd : NULL;

    if (sender && sender->ooo_segments && wmem_list_count(sender->ooo_segments) > MOST_WAITING)
        sender->ooo_segments = wmem_list_new(wmem_file_scope());
}

static void add_segment(packet_info *pinfo, const raw_segment *from)
{
    talk *of = tcp_talk(from->stream);
    segment came = from->segment;

    came.when = arrival_of(pinfo);
    name_sides(of, pinfo, came.direction);
    disorder_note(&of->disorder[came.direction], &came);
    of->http = of->http || (came.length > 0 && is_http(pinfo, from));
    dialogue_add(of->dialogue, &came);
    if (!draws)
        bound_waiting(from);
}

/* Somebody who draws shows what HTTP makes of it. */
static void pass_by(packet_info *pinfo, const raw_segment *from)
{
    GPtrArray *of_stream = talks_of_stream(from->stream);
    const talk *of = (const talk *)of_stream->pdata[0];

    if (draws || !of->http || of_stream->len > 1 || consumed != 1)
        return;
    if (dialogue_in_body(of->dialogue, from->segment.direction))
        passing_goes_on(pinfo, from);
    else
        passing_ends(from);
}

static bool body_end_in(packet_info *pinfo, const raw_segment *from, uint32_t *end)
{
    learn_streams(pinfo, false);
    const talk *of = tcp_talk(from->stream);

    return dialogue_body_end(of->dialogue, from->segment.direction, end);
}

/* ---- records of TLS ---- */

static talk *tls_talk(uint32_t stream, const void *flow, unsigned direction)
{
    GPtrArray *of_stream = talks_of_stream(stream);

    for (unsigned i = 1; i < of_stream->len; i++) {
        talk *known = (talk *)of_stream->pdata[i];

        if (known->flows[direction] == flow || !known->flows[direction])
            return known;
    }
    talk *made = new_talk(stream, true);

    g_ptr_array_add(of_stream, made);
    return made;
}

/* Where decryption begins, the stream does. */
static void begin_flow(talk *of, const SslRecordInfo *first, unsigned direction, arrival when)
{
    segment begins = {
        .direction = direction, .sequence = first->seq - 1, .syn = true, .when = when};

    of->flows[direction] = first->flow;
    dialogue_add(of->dialogue, &begins);
}

/* Records that came out of order cannot be decrypted, and what is decrypted is numbered without
 * them. */
static void mind_disorder(talk *of, const raw_segment *carrier)
{
    const talk *tcp = tcp_talk(carrier->stream);
    unsigned direction = carrier->segment.direction;
    uint32_t times = tcp->disorder[direction].times;

    if (as_they_come && times != of->doubted[direction])
        dialogue_doubt(of->dialogue, direction);
    of->doubted[direction] = times;
}

static void add_record(packet_info *pinfo, const raw_segment *carrier, const SslRecordInfo *from)
{
    unsigned direction = carrier->segment.direction;
    talk *of = tls_talk(carrier->stream, from->flow, direction);
    arrival when = arrival_of(pinfo);
    segment came = {.direction = direction,
                    .sequence = from->seq,
                    .bytes = from->plain_data,
                    .length = from->data_len,
                    .reported = from->data_len,
                    .when = when};

    name_sides(of, pinfo, direction);
    of->http = of->http || is_known_http(pinfo);
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
    const talk *of = tcp_talk(from->stream);

    return from->segment.rst || dialogue_has_ended(of->dialogue, from->segment.direction);
}

/* The connection ends: so does what TLS carries. */
static void end_tls(packet_info *pinfo, const raw_segment *from)
{
    arrival when = arrival_of(pinfo);
    GPtrArray *of_stream = talks_of_stream(from->stream);
    unsigned direction = from->segment.direction;

    for (unsigned i = 1; i < of_stream->len && has_ended(from); i++) {
        talk *of = (talk *)of_stream->pdata[i];

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

static void tell_datagram(packet_info *pinfo, const http_header *header, unsigned n)
{
    sighting seen = connections_sighting(pinfo);
    exchange *of = exchange_new(capture(), &seen);
    http1_message from = {.ended = arrival_of(pinfo), .content_length = header->content_length};
    GByteArray *plain = g_byte_array_new();
    unsigned length;
    const uint8_t *body = http_block(n + 1, &length);

    exchange_set_response(of, &seen, header);
    of->complete = of->delivered = of->held = true;
    if (body && !http1_is_header((const char *)body, length, false))
        g_byte_array_append(plain, body, length);
    if (draws)
        learn_response_shown(pinfo, of, &from, plain, NULL);
    if (!at_once) {
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

        if (http1_is_header((const char *)block, length, false) &&
            http1_parse(&memory, (const char *)block, length, &header) && header.status == 207)
            tell_datagram(pinfo, &header, n);
        arena_clear(&memory);
    }
}

/* ---- frames ---- */

static void free_gone(void)
{
    exchange *of;

    while ((of = (exchange *)g_queue_pop_head(&gone)) != NULL)
        exchange_free(of);
}

static void first_look(packet_info *pinfo)
{
    free_gone();
    g_queue_clear(&begun);
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
    if (learn_streams_are_new(pinfo) && pinfo->ptype != PT_TCP && whole) {
        add_datagrams(pinfo);
        done = true;
    }
    if (!learn_streams_are_new(pinfo) || pinfo->ptype != PT_TCP ||
        !proto_is_protocol_enabled(http_protocol))
        return;
    now = pinfo;
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
    now = NULL;
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
    const talk *tcp = tcp_talk(from.stream);

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

exchange *learn_streams_next_begun(void)
{
    return (exchange *)g_queue_pop_head(&begun);
}

/* ---- the end ---- */

static void finish_stream(void *key, void *value, void *data)
{
    GPtrArray *of_stream = (GPtrArray *)value;

    (void)key;
    (void)data;
    for (unsigned i = 0; i < of_stream->len; i++)
        dialogue_finish(((talk *)of_stream->pdata[i])->dialogue);
}

void learn_streams_finish(void)
{
    if (talks)
        g_hash_table_foreach(talks, finish_stream, NULL);
}

/* ---- what is under way ---- */

static bool is_waiting(const talk *of, moment when)
{
    return of->asked && of->is_asked && !dialogue_is_over(of->dialogue) &&
           exchange_may_wait(of->asked, when);
}

bool learn_streams_are_waiting(moment when)
{
    GHashTableIter all;
    void *value;

    if (!talks)
        return false;
    g_hash_table_iter_init(&all, talks);
    while (g_hash_table_iter_next(&all, NULL, &value)) {
        GPtrArray *of_stream = (GPtrArray *)value;

        for (unsigned i = 0; i < of_stream->len; i++) {
            if (is_waiting((const talk *)of_stream->pdata[i], when))
                return true;
        }
    }
    return false;
}
