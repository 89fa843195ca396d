/* sieve.c
 * Flows, and what becomes of their frames.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sieve.h"

#include <string.h>

#include <glib.h>

#include "carried.h"
#include "datagram.h"
#include "order.h"
#include "ports.h"
#include "serial.h"
#include "sieve_http.h"
#include "sieve_packet.h"

/* ---------------------------------------------------------------------------------- flows ---- */

typedef enum { FLOW_OPEN, FLOW_KEPT } flow_state;

/* One direction of a flow. */
typedef struct {
    uint32_t next; /* the sequence number behind all that was seen */
    uint32_t base; /* the first one, as Wireshark counts: see count_streams() */
    bool has_next; /* anything was seen */
    bool has_base;
    bool has_tail;          /* the bytes in front of `next` are known: */
    sieve_tail tail;        /* these */
    sieve_message *message; /* one that is not judged yet; its next byte is `next` */
} direction;

typedef struct {
    flow_key key;
    uint32_t following; /* flow with the same hash, 0 if none */
    uint8_t state;
    bool shown;       /* not only inside of packets that the sieve does not read */
    bool has_streams; /* Wireshark has numbered it */
    bool has_end;     /* FIN or RST was seen in its last stream */
    bool has_payload;
    bool may_change; /* asks for what may change something that other flows tell of */
    bool follows;    /* kept only for that, because others are */
    bool closed;     /* it starts as an encrypted protocol does */
    bool strange;    /* of what it is only epan can tell */
    bool awaits;     /* nothing has been said yet in its last stream */
    bool unproved;   /* what was said first in one of them is no start line of HTTP */
    uint32_t stream; /* reading along: the number of the last one */
    direction directions[2];
    flow_note note;
    order_of_flow order;
} flow;

/* A TCP stream of an open flow. */
typedef struct {
    uint32_t frame;
    uint32_t flow;
} stream;

/* Datagrams between the same sockets, of which there may be very many. */
typedef struct {
    flow_key key;
    uint64_t bytes, cut;
    bool begun; /* with a long header: all that follows is QUIC's to Wireshark */
} quic_note;

/* What a frame belongs to: the number of its flow, or one of these. What is opened is kept, and has
 * no packets of others inside. What is lone is kept where anything else is that only the dissectors
 * can read. */
enum { FRAME_IDLE, FRAME_KEPT, FRAME_OPENED, FRAME_LONE, FIRST_FLOW };

/* Where the frame is in the file, from where the one before is: so little is enough for most. */
typedef uint16_t frame_step;
#define LONG_STEP UINT16_MAX

/* Where somebody is who goes through the frames. */
typedef struct {
    int64_t offset;
    uint32_t frame;
} place;

struct sieve {
    sieve_task task;
    bool useless;    /* something that this code is not made for */
    bool keeps_any;  /* anything is kept */
    bool is_beyond;  /* anything that only the dissectors can read */
    bool keeps_lone; /* unless it turns out that there is nothing of that kind */
    uint64_t seed;
    GArray *flows;
    GArray *frames; /* what each belongs to, of uint32_t */
    GArray *steps;  /* ... and where it is, of frame_step */
    GHashTable *long_steps;
    GArray *streams;
    uint32_t *buckets;
    uint32_t n_buckets;
    GHashTable *tainted;   /* pairs of hosts of which something was seen that only epan can read */
    GHashTable *datagrams; /* quic_note, by its key */
    GHashTable *left_out;  /* pairs of hosts with flows that are left out */
    int64_t last_offset;
    sieve_counts counts;
    order *order;
    GHashTable
        *beginnings; /* flow of which another connection begins, by the number of the frame */
    carriers *carriers;
    const GArray *moves; /* of order_move, once it is decided */
    /* Reading along. */
    place kept, unread;
    uint32_t at_stream;
    uint32_t streams_before;
};

static bool leaves_out(const sieve *of)
{
    return of->task.purpose == SIEVE_LEAVES_OUT;
}

static flow *flow_of(const sieve *of, uint32_t number)
{
    return &g_array_index(of->flows, flow, number - FIRST_FLOW);
}

static uint32_t flow_number(const sieve *of, uint32_t index)
{
    return g_array_index(of->frames, uint32_t, index);
}

/* Different in each run, so that nobody can choose addresses that collide. */
static uint32_t hash_key(const sieve *of, const flow_key *key)
{
    uint64_t words[sizeof *key / sizeof(uint64_t)], hash = of->seed;

    memcpy(words, key, sizeof words);
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        hash = (hash ^ words[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return (uint32_t)(hash >> 32) & (of->n_buckets - 1);
}

/* Both halves of an IPv4 address pair, or of an IPv6 one the end of one and the start of the other:
 * in the header of a packet these eight bytes stand together. */
static uint64_t pair_word(const uint8_t *first, const uint8_t *second, size_t length)
{
    uint8_t bytes[8];
    uint64_t word;

    memcpy(bytes, first + length - 4, 4);
    memcpy(bytes + 4, second, 4);
    memcpy(&word, bytes, 8);
    return word;
}

static void add_pair(GHashTable *to, const uint8_t *first, const uint8_t *second, size_t length)
{
    uint64_t word = pair_word(first, second, length);

    if (!g_hash_table_contains(to, &word))
        g_hash_table_add(to, g_memdup2(&word, sizeof word));
}

static void add_both(GHashTable *to, const uint8_t *first, const uint8_t *second, size_t length)
{
    add_pair(to, first, second, length);
    add_pair(to, second, first, length);
}

static void grow_buckets(sieve *of)
{
    of->n_buckets = MAX(of->n_buckets * 4, 1024);
    g_free(of->buckets);
    of->buckets = g_new0(uint32_t, of->n_buckets);
    for (uint32_t i = 0; i < of->flows->len; i++) {
        flow *made = &g_array_index(of->flows, flow, i);
        uint32_t *bucket = &of->buckets[hash_key(of, &made->key)];

        made->following = *bucket;
        *bucket = i + FIRST_FLOW;
    }
}

/* TCP ports of protocols that tell Wireshark of other connections, or that carry packets. Their
 * flows go to the dissectors, whatever is in them. */
static const uint16_t kept_ports[] = {
    21,   /* FTP: where the next data connection is */
    111,  /* portmapper: which program listens where */
    135,  /* DCE/RPC endpoint mapper: likewise */
    554,  /* RTSP: media */
    1080, /* SOCKS: what is inside counts as a stream of its own */
    1344, /* ICAP: HTTP messages inside of messages */
    1521, /* Oracle TNS: redirections */
    1720, /* H.323: call signalling elsewhere */
    1723, /* PPTP */
    1998, /* X.25 over TCP */
    2002, /* rpcap: captured packets */
    3205, /* iSNS: iSCSI elsewhere */
    3260, /* iSCSI: likewise */
    3386, /* GTP': packets */
    4369, /* Erlang's port mapper */
    5060, /* SIP: media */
    5061, /* SIP */
    7788, /* DRBD: the other of its two connections */
    8554, /* RTSP */
};

static bool is_kept_port(uint16_t port)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kept_ports); i++) {
        if (kept_ports[i] == port)
            return true;
    }
    return false;
}

static uint32_t find_flow(sieve *of, const flow_key *key)
{
    if (of->flows->len >= of->n_buckets)
        grow_buckets(of);
    uint32_t *bucket = &of->buckets[hash_key(of, key)];

    for (uint32_t i = *bucket; i != 0; i = flow_of(of, i)->following) {
        if (memcmp(&flow_of(of, i)->key, key, sizeof *key) == 0)
            return i;
    }
    flow made = {.key = *key, .following = *bucket, .state = FLOW_OPEN};

    if (is_kept_port(key->ports[0]) || is_kept_port(key->ports[1]))
        made.state = FLOW_KEPT;
    g_array_append_val(of->flows, made);
    return *bucket = of->flows->len - 1 + FIRST_FLOW;
}

static void release_messages(flow *of)
{
    for (unsigned i = 0; i < 2; i++) {
        sieve_message_free(of->directions[i].message);
        of->directions[i].message = NULL;
    }
}

static void keep(flow *of)
{
    of->state = FLOW_KEPT;
    release_messages(of);
}

/* -------------------------------------------------------------------------------- streams ---- */

static void begin_stream(sieve *of, uint32_t number, flow *open)
{
    stream made = {of->frames->len + 1, number};

    g_array_append_val(of->streams, made);
    open->has_streams = true;
    open->has_end = false;
    open->awaits = true;
    open->directions[0].has_base = open->directions[1].has_base = false;
}

/* Wireshark numbers a TCP stream for each new pair of sockets, and for each SYN on a known one
 * whose sequence number differs from the first of its direction: the ports are used again. Of other
 * handshakes on a known pair its versions think differently: a SYN that is repeated after the end
 * begins a stream from 4.2 on, and so does a SYN/ACK with another number. This is what it takes for
 * the first number (dissect_tcp). @return false if only epan can tell */
static bool count_streams(sieve *of, uint32_t number, flow *open, const sieve_packet *segment,
                          unsigned forward)
{
    direction *sender = &open->directions[forward], *receiver = &open->directions[!forward];
    bool syn = (segment->flags & TCP_SYN) != 0, ack = (segment->flags & TCP_ACK) != 0;
    bool differs = sender->has_base && segment->sequence != sender->base;

    if (!open->has_streams || (syn && !ack && differs))
        begin_stream(of, number, open);
    else if (syn && (differs || open->has_end))
        return false;
    if ((segment->flags & (TCP_FIN | TCP_RST)) != 0)
        open->has_end = true;
    if (!sender->has_base) {
        sender->base = syn ? segment->sequence : segment->sequence - 1;
        sender->has_base = true;
    }
    if (!receiver->has_base && ack) {
        receiver->base = segment->acknowledged - 1;
        receiver->has_base = true;
    }
    return true;
}

/* What Wireshark takes for HTTP by the port alone, whatever the bytes are: the lower one is asked
 * first, or that of the server if a handshake tells which one it is. */
static const uint16_t http_ports[] = {80, 3128, 3132, 5985, 8080, 8088, 11371};

static unsigned server_side(const flow_key *key)
{
    return key->ports[0] > key->ports[1];
}

static bool is_on_http_port(const flow_key *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(http_ports); i++) {
        if (http_ports[i] == key->ports[server_side(key)])
            return key->ports[0] != key->ports[1];
    }
    return false;
}

/* On ports that mean nothing to it, a connection is what its first bytes are. */
static bool is_on_free_ports(const flow_key *key)
{
    return !port_is_in(tcp_ports_taken, key->ports[0]) &&
           !port_is_in(tcp_ports_taken, key->ports[1]) && !is_kept_port(key->ports[0]) &&
           !is_kept_port(key->ports[1]) && key->ports[0] != key->ports[1];
}

/* A handshake in the other direction. */
static bool is_turned(const flow_key *key, const sieve_packet *segment, unsigned forward)
{
    bool from_server = forward == server_side(key);

    return (segment->flags & TCP_SYN) != 0 && from_server != ((segment->flags & TCP_ACK) != 0);
}

/* ------------------------------------------------------------------------------- segments ---- */

/* What begins like this is encrypted from its first bytes or nearly so: nothing plain follows. */
static bool is_closed(const uint8_t *payload, size_t length)
{
    bool tls = length >= 5 && payload[0] >= 0x14 && payload[0] <= 0x17 && payload[1] == 0x03 &&
               payload[2] <= 0x04;

    return tls || (length >= 4 && memcmp(payload, "SSH-", 4) == 0);
}

/* A TLS record starts with its type and its version, of which the first byte is always 3. Without a
 * handshake (type 22) that is in the capture, no key fits. A SSLv2 hello is answered by one. */
static bool may_be_handshake(const uint8_t *payload, size_t length)
{
    const uint8_t *at = payload, *end = payload + length;

    while (at < end && (at = memchr(at, 0x16, (size_t)(end - at))) != NULL) {
        if (at + 1 == end || at[1] == 0x03)
            return true;
        at++;
    }
    return length > 0 && payload[0] == 0x03;
}

/* Looks for messages in bytes that no earlier one has claimed. */
static sieve_answer look(flow *open, direction *sender, const uint8_t *payload, size_t length)
{
    const uint8_t *end = payload + length, *at = payload;

    while ((at = sieve_http_find(at, (size_t)(end - at))) != NULL) {
        sieve_answer answer = sieve_http_judge(payload, at, end);

        if (answer == SIEVE_MORE) {
            open->may_change = open->may_change || sieve_http_may_change(payload, at);
            if (sender->message)
                return SIEVE_KEEP; /* inside of another one, or behind one without a body */
            answer = sieve_message_judge(at, (size_t)(end - at), false);
            if (answer == SIEVE_MORE)
                sender->message = sieve_message_new(at, (size_t)(end - at));
        }
        if (answer == SIEVE_KEEP)
            return SIEVE_KEEP;
        at += 5;
    }
    return SIEVE_NOTHING;
}

/* The bytes that an unfinished message waits for. */
static sieve_answer feed(direction *sender, const sieve_packet *segment, bool ended)
{
    if (!sender->message || (segment->length == 0 && !ended))
        return SIEVE_NOTHING;
    if (segment->sequence != sender->next || segment->length != segment->reported)
        return SIEVE_KEEP;
    sieve_answer answer =
        sieve_message_feed(sender->message, segment->payload, segment->length, ended);

    if (answer == SIEVE_NOTHING) {
        sieve_message_free(sender->message);
        sender->message = NULL;
    }
    return answer;
}

/* Bytes that were there before: a probe whether the other side is alive, or a retransmission. */
static bool is_old(const direction *sender, const sieve_packet *segment)
{
    return sender->has_next && segment->reported > 0 &&
           serial_distance(sender->next, segment->sequence) < 0;
}

static bool is_probe(const direction *sender, const sieve_packet *segment)
{
    return sender->has_next && segment->reported <= 1 && segment->sequence == sender->next - 1;
}

static void advance(direction *sender, const sieve_packet *segment)
{
    uint32_t next = segment->sequence + (uint32_t)segment->reported +
                    ((segment->flags & TCP_SYN) != 0) + ((segment->flags & TCP_FIN) != 0);

    if (!sender->has_next || (segment->flags & TCP_SYN) != 0 ||
        serial_distance(sender->next, next) > 0)
        sender->next = next;
    sender->has_next = true;
}

/* Of a part of "HTTP/" at the end of what is known, the rest may be in bytes that come out of
 * order.
 */
static bool has_open_end(const direction *sender)
{
    return sender->has_tail && sieve_http_ends_split(sender->tail.bytes, sender->tail.length);
}

static bool reaches_beyond(const direction *sender, const sieve_packet *segment)
{
    return serial_distance(sender->next, segment->sequence + (uint32_t)segment->reported) > 0;
}

/* May a "HTTP/" be in the bytes of this segment and another one? Where one follows the other, that
 * can be seen. */
static bool may_be_split(direction *sender, const sieve_packet *segment)
{
    bool follows = sender->has_tail && segment->sequence == sender->next;
    bool open_end = has_open_end(sender);

    if (is_old(sender, segment)) {
        if (!is_probe(sender, segment) && reaches_beyond(sender, segment))
            sender->has_tail = false;
        return open_end || sieve_http_begins_split(segment->payload, segment->length) ||
               sieve_http_ends_split(segment->payload, segment->length);
    }
    if (!follows) {
        if (open_end || sieve_http_begins_split(segment->payload, segment->length))
            return true;
        sender->tail.length = 0;
    }
    bool completes = sieve_tail_add(&sender->tail, segment->payload, segment->length);

    sender->has_tail = segment->length == segment->reported;
    return completes ||
           (!sender->has_tail && sieve_http_ends_split(segment->payload, segment->length));
}

static sieve_answer judge_payload(const sieve *of, flow *open, direction *sender,
                                  const sieve_packet *segment)
{
    if (!open->has_payload) {
        open->has_payload = true;
        open->closed = is_closed(segment->payload, segment->length);
    }
    /* Of bytes that come twice, Wireshark chooses: in a connection that is readable this could make
     * words of pieces that are in no segment. */
    if (is_old(sender, segment) && !open->closed && !is_probe(sender, segment))
        return SIEVE_KEEP;
    if (of->task.keys && may_be_handshake(segment->payload, segment->length))
        return SIEVE_KEEP;
    if (sieve_http_begins_unmarked(segment->payload, segment->length))
        return SIEVE_KEEP;
    if (may_be_split(sender, segment))
        return SIEVE_KEEP;
    return SIEVE_NOTHING;
}

static sieve_answer judge_segment(const sieve *of, flow *open, direction *sender,
                                  const sieve_packet *segment)
{
    bool ended = (segment->flags & (TCP_FIN | TCP_RST)) != 0;
    sieve_answer answer = SIEVE_NOTHING;

    if (segment->length > 0)
        answer = judge_payload(of, open, sender, segment);
    else if (segment->reported > 0)
        sender->has_tail = false;
    if (answer != SIEVE_KEEP && !is_probe(sender, segment))
        answer = feed(sender, segment, ended);
    if (answer != SIEVE_KEEP && segment->length > 0)
        answer = look(open, sender, segment->payload, segment->length);
    return answer;
}

/* Connections that begin between the sockets of others, without a handshake. */
#define MOST_BEGINNINGS (1024u * 1024)

static order_frame next_of_capture(const sieve *of, int64_t offset)
{
    return (order_frame){of->frames->len + 1, offset};
}

static void note_order(sieve *of, uint32_t number, unsigned forward, const sieve_packet *segment,
                       const order_frame *frames, unsigned n_frames)
{
    flow *found = flow_of(of, number);
    bool matters = order_matters(segment, of->task.keys);

    found->strange = found->strange || matters;
    if (order_segment(of->order, &found->order, forward, segment, matters, frames, n_frames) ||
        g_hash_table_size(of->beginnings) == MOST_BEGINNINGS)
        return;
    found->strange = true;
    flow_note_divide(&found->note);
    g_hash_table_insert(of->beginnings, GUINT_TO_POINTER(frames[0].number),
                        GUINT_TO_POINTER(number));
}

/* A packet that only the dissectors read, from its first to its last byte: of the segment in it, if
 * there is one, the place is noted. Nothing of its connection is left out.
 * @return whether there is one */
static bool show_carried(sieve *of, const uint8_t *bytes, size_t captured, size_t reported,
                         int64_t offset)
{
    carried_segment found;
    flow_key key;

    if (!carriers_show(of->carriers, bytes, captured, reported, next_of_capture(of, offset),
                       &found))
        return false;
    unsigned forward = flow_key_make(&key, &found.segment.flow);
    uint32_t number = find_flow(of, &key);

    keep(flow_of(of, number));
    note_order(of, number, forward, &found.segment, found.frames, found.n_frames);
    return true;
}

/* Wireshark hands the first bytes that it sees of a connection on to HTTP, if nothing is missing in
 * front of them: it knows from then on what the connection is. */
static bool begins_badly(const flow *of, const sieve_packet *segment, unsigned forward)
{
    const flow_side *sender = &of->note.sides[forward];

    return segment->length == 0 || (sender->has_next && sender->next != segment->sequence);
}

/* The first bytes of a flow, or of a stream of it. */
static void look_at_beginning(flow *of, const sieve_packet *segment, bool first, bool badly)
{
    of->strange = of->strange || (first && badly);
    of->unproved =
        of->unproved || (of->awaits && (badly || segment->length < segment->reported ||
                                        !sieve_http_is_start(segment->payload, segment->length)));
    of->awaits = false;
}

static uint32_t show_segment(sieve *of, const sieve_packet *segment, int64_t offset)
{
    flow_key key;
    unsigned forward = flow_key_make(&key, &segment->flow);
    uint32_t number = find_flow(of, &key);
    flow *found = flow_of(of, number);
    const order_frame frame = next_of_capture(of, offset);

    bool first = found->note.bytes == 0, badly = begins_badly(found, segment, forward);

    found->shown = true;
    if (segment->kind == PACKET_ODD) {
        found->note.fragments = true;
    } else {
        if (of->task.purpose != SIEVE_COUNTS)
            note_order(of, number, forward, segment, &frame, 1);
        flow_note_segment(&found->note, forward,
                          &(flow_segment){.sequence = segment->sequence,
                                          .acknowledged = segment->acknowledged,
                                          .syn = (segment->flags & TCP_SYN) != 0,
                                          .ack = (segment->flags & TCP_ACK) != 0,
                                          .reset = (segment->flags & TCP_RST) != 0,
                                          .payload = segment->payload,
                                          .length = segment->length,
                                          .reported = segment->reported});
    }
    bool counted =
        (found->state == FLOW_KEPT && !leaves_out(of)) ||
        (segment->kind != PACKET_ODD && count_streams(of, number, found, segment, forward));

    if (segment->reported > 0)
        look_at_beginning(found, segment, first, badly);
    found->strange = found->strange || !counted || is_turned(&found->key, segment, forward);
    if (found->state == FLOW_KEPT)
        return number;
    if (segment->kind == PACKET_ODD) {
        keep(found);
        return number;
    }
    direction *sender = &found->directions[forward];

    if ((segment->flags & TCP_SYN) != 0) {
        found->has_payload = found->closed = false;
        counted = counted && !has_open_end(sender);
        sender->has_tail = true;
        sender->tail.length = 0;
    }
    if (!counted || judge_segment(of, found, sender, segment) == SIEVE_KEEP)
        keep(found);
    else
        advance(sender, segment);
    return number;
}

/* --------------------------------------------------------------------------------- frames ---- */

sieve *sieve_new(sieve_task task)
{
    sieve *made = g_new0(sieve, 1);

    made->task = task;
    made->seed = (uint64_t)g_random_int() << 32 | g_random_int();
    made->flows = g_array_new(FALSE, FALSE, sizeof(flow));
    made->frames = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    made->steps = g_array_new(FALSE, FALSE, sizeof(frame_step));
    made->long_steps = g_hash_table_new(NULL, NULL);
    made->streams = g_array_new(FALSE, FALSE, sizeof(stream));
    made->order = order_new();
    made->beginnings = g_hash_table_new(NULL, NULL);
    made->carriers = carriers_new();
    made->datagrams = g_hash_table_new_full(flow_key_hash, flow_key_equal, NULL, g_free);
    made->tainted = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    made->left_out = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    return made;
}

void sieve_free(sieve *of)
{
    if (!of)
        return;
    for (guint i = 0; i < of->flows->len; i++) {
        release_messages(&g_array_index(of->flows, flow, i));
        order_forget(of->order, &g_array_index(of->flows, flow, i).order);
    }
    order_free(of->order);
    g_hash_table_unref(of->beginnings);
    carriers_free(of->carriers);
    g_array_unref(of->flows);
    g_array_unref(of->frames);
    g_array_unref(of->steps);
    g_hash_table_unref(of->long_steps);
    g_array_unref(of->streams);
    g_hash_table_unref(of->datagrams);
    g_hash_table_unref(of->tainted);
    g_hash_table_unref(of->left_out);
    g_free(of->buckets);
    g_free(of);
}

static bool is_readable(const flow *of)
{
    bool known = is_on_http_port(&of->key) || (is_on_free_ports(&of->key) && !of->unproved);

    return of->shown && !of->strange && !of->closed && known && flow_note_is_plain(&of->note);
}

/* What is inside is a matter of the dissectors; it is only counted.
 * @return what is noted of those between the same sockets; NULL if nothing is */
static const quic_note *note_datagram(sieve *of, const sieve_packet *datagram)
{
    bool quic = flow_is_quic(&datagram->flow, datagram->payload, datagram->length);
    flow_key key;

    if (!quic && g_hash_table_size(of->datagrams) == 0)
        return NULL;
    flow_key_make(&key, &datagram->flow);
    key.transport = 1;
    quic_note *found = g_hash_table_lookup(of->datagrams, &key);

    if (!found && !quic)
        return NULL;
    if (!found) {
        found = g_new0(quic_note, 1);
        found->key = key;
        g_hash_table_insert(of->datagrams, &found->key, found);
    }
    found->bytes += datagram->reported;
    found->cut += datagram->reported - datagram->length;
    found->begun = found->begun || (datagram->kind == PACKET_CLOSED &&
                                    datagram_begins_quic(datagram->payload, datagram->length));
    return found;
}

static uint32_t closed_frame(const sieve *of)
{
    return of->task.keys && of->task.http3 ? FRAME_OPENED : FRAME_IDLE;
}

static uint32_t sort_packet(sieve *of, const sieve_packet *packet, int64_t offset)
{
    const quic_note *noted = packet->datagram ? note_datagram(of, packet) : NULL;
    uint32_t number;

    switch (packet->kind) {
    case PACKET_IDLE:
        return FRAME_IDLE;
    case PACKET_CLOSED:
        return closed_frame(of);
    case PACKET_LONE:
        return FRAME_LONE;
    case PACKET_SEGMENT:
    case PACKET_ODD:
        number = show_segment(of, packet, offset);
        of->is_beyond = of->is_beyond || (flow_of(of, number)->state == FLOW_KEPT &&
                                          !is_readable(flow_of(of, number)));
        return number;
    case PACKET_FRAGMENT:
        add_both(of->tainted, packet->flow.source, packet->flow.destination,
                 packet->flow.address_length);
        return FRAME_KEPT;
    case PACKET_UNKNOWN:
        return noted && noted->begun ? closed_frame(of) : FRAME_KEPT;
    }
    return FRAME_KEPT;
}

/* Of the frame that is the next one in the list. */
static void note_step(sieve *of, int64_t offset)
{
    int64_t step = offset - of->last_offset;
    frame_step noted = (frame_step)CLAMP(step, 0, LONG_STEP);

    if (step < 0 || step > UINT32_MAX)
        of->useless = true;
    else if (noted == LONG_STEP)
        g_hash_table_insert(of->long_steps, GUINT_TO_POINTER(of->frames->len),
                            GUINT_TO_POINTER((uint32_t)step));
    g_array_append_val(of->steps, noted);
    of->last_offset = offset;
}

static uint32_t step_of(const sieve *of, uint32_t index)
{
    frame_step noted = g_array_index(of->steps, frame_step, index);

    return noted < LONG_STEP
               ? noted
               : GPOINTER_TO_UINT(g_hash_table_lookup(of->long_steps, GUINT_TO_POINTER(index)));
}

void sieve_show(sieve *of, int encapsulation, const uint8_t *bytes, size_t captured,
                size_t reported, int64_t offset)
{
    sieve_packet packet = sieve_packet_read(encapsulation, bytes, captured, reported);
    uint32_t number = sort_packet(of, &packet, offset);

    if (of->task.purpose == SIEVE_COUNTS)
        return;
    if ((number == FRAME_KEPT || number == FRAME_LONE) &&
        show_carried(of, bytes, captured, reported, offset))
        number = FRAME_KEPT;
    if (number == FRAME_KEPT || number == FRAME_OPENED)
        of->keeps_any = of->is_beyond = true;
    note_step(of, offset);
    g_array_append_val(of->frames, number);
}

void sieve_has_keys(sieve *of)
{
    of->useless = of->useless || (!of->task.keys && of->frames->len > 0);
    of->task.keys = true;
}

static bool is_tainted(const sieve *of, const flow *open)
{
    const flow_key *key = &open->key;
    uint64_t word = pair_word(key->addresses[0], key->addresses[1], key->address_length);

    return g_hash_table_contains(of->tainted, &word);
}

static void decide_alone(sieve *of, flow *open)
{
    if (open->directions[0].message || open->directions[1].message || is_tainted(of, open))
        keep(open);
    of->keeps_any = of->keeps_any || open->state == FLOW_KEPT;
}

/* What others tell may have been changed by a request of which nothing is learned. */
static void decide_flow(sieve *of, flow *open)
{
    const flow_key *key = &open->key;

    of->counts.flows += open->shown;
    open->follows = of->keeps_any && open->state != FLOW_KEPT && open->may_change;
    if (open->follows)
        keep(open);
    if (open->state == FLOW_KEPT || !leaves_out(of))
        order_finish(of->order, &open->order);
    else
        order_forget(of->order, &open->order);
    if (open->state == FLOW_KEPT)
        of->counts.kept_flows += open->shown;
    else if (leaves_out(of))
        add_both(of->left_out, key->addresses[0], key->addresses[1], key->address_length);
}

static bool is_left_out(const sieve *of, uint32_t number)
{
    return leaves_out(of) && (number == FRAME_IDLE || (number == FRAME_LONE && !of->keeps_lone) ||
                              (number >= FIRST_FLOW && flow_of(of, number)->state != FLOW_KEPT));
}

static bool is_unread(const sieve *of, uint32_t number)
{
    return number == FRAME_KEPT || (number == FRAME_LONE && !is_left_out(of, number));
}

bool sieve_decide(sieve *of)
{
    if (of->useless)
        return false;
    order_ends(of->order);
    for (guint i = 0; i < of->flows->len; i++)
        decide_alone(of, &g_array_index(of->flows, flow, i));
    for (guint i = 0; i < of->flows->len; i++)
        decide_flow(of, &g_array_index(of->flows, flow, i));
    of->moves = order_moves(of->order);
    of->keeps_lone = !sieve_is_readable(of);
    of->counts.frames = of->frames->len;
    for (guint i = 0; i < of->frames->len; i++) {
        uint32_t number = flow_number(of, i);

        of->counts.kept_frames += !is_left_out(of, number);
        of->counts.unread_frames += is_unread(of, number);
    }
    return true;
}

flow_notes *sieve_notes(sieve *of, bool all_dissected)
{
    flow_notes *notes = flow_notes_new();
    bool datagrams_dissected = all_dissected || !sieve_is_readable(of);
    GHashTableIter iter;
    gpointer value;

    for (guint i = 0; i < of->flows->len; i++) {
        flow *noted = &g_array_index(of->flows, flow, i);

        if (!noted->shown)
            continue;
        bool tainted = is_tainted(of, noted);

        /* As sieve_decide() decides. */
        noted->note.kept = (noted->state == FLOW_KEPT && !noted->follows) ||
                           noted->directions[0].message || noted->directions[1].message || tainted;
        noted->note.fragments = noted->note.fragments || tainted;
        flow_notes_add(notes, &noted->key, &noted->note,
                       all_dissected || !leaves_out(of) || noted->state == FLOW_KEPT);
    }
    g_hash_table_iter_init(&iter, of->datagrams);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const quic_note *noted = value;
        const flow_note note = {
            .bytes = noted->bytes, .cut = noted->cut, .carries = CARRIES_QUIC, .connections = 1};

        flow_notes_add(notes, &noted->key, &note, datagrams_dissected);
    }
    return notes;
}

sieve_counts sieve_count(const sieve *of)
{
    return of->counts;
}

static bool next_frame(const sieve *of, place *at, bool (*is_one)(const sieve *, uint32_t),
                       uint32_t *frame, int64_t *offset)
{
    while (at->frame < of->frames->len) {
        uint32_t index = at->frame++;

        at->offset += step_of(of, index);
        if (is_one(of, flow_number(of, index))) {
            *frame = at->frame;
            *offset = at->offset;
            return true;
        }
    }
    return false;
}

static bool is_kept(const sieve *of, uint32_t number)
{
    return !is_left_out(of, number);
}

bool sieve_next(sieve *of, uint32_t *frame, int64_t *offset)
{
    if (!next_frame(of, &of->kept, is_kept, frame, offset))
        return false;
    const order_move *moved = of->moves ? order_at(of->moves, *frame) : NULL;

    if (moved)
        *offset = moved->offset;
    return true;
}

uint32_t sieve_real_number(const sieve *of, uint32_t number)
{
    const order_move *moved = of->moves ? order_at(of->moves, number) : NULL;

    return moved ? moved->number : number;
}

uint32_t sieve_settled_at(const sieve *of, uint32_t number)
{
    return of->moves ? order_settled(of->order, number) : number;
}

bool sieve_moves(const sieve *of)
{
    return of->moves && of->moves->len > 0;
}

bool sieve_divides(const sieve *of)
{
    return g_hash_table_size(of->beginnings) > 0;
}

const flow_key *sieve_beginning(const sieve *of, uint32_t frame)
{
    uint32_t number = GPOINTER_TO_UINT(
        g_hash_table_lookup(of->beginnings, GUINT_TO_POINTER(sieve_real_number(of, frame))));

    return number ? &flow_of(of, number)->key : NULL;
}

unsigned sieve_returns(const sieve *of, int64_t bytes)
{
    return of->moves ? order_returns(of->moves, bytes) : 0;
}

void sieve_stay(sieve *of)
{
    of->moves = NULL;
}

bool sieve_has_unread(const sieve *of)
{
    return of->counts.unread_frames > 0 && g_hash_table_size(of->left_out) > 0;
}

bool sieve_next_unread(sieve *of, uint32_t *frame, int64_t *offset)
{
    return next_frame(of, &of->unread, is_unread, frame, offset);
}

bool sieve_is_refuted(const sieve *of, int encapsulation, const uint8_t *bytes, size_t captured,
                      size_t reported)
{
    sieve_packet packet = sieve_packet_read(encapsulation, bytes, captured, reported);

    for (size_t at = packet.inner; at + 8 <= captured; at++) {
        uint64_t word;

        memcpy(&word, bytes + at, sizeof word);
        if (g_hash_table_contains(of->left_out, &word))
            return true;
    }
    return false;
}

bool sieve_is_beyond(const sieve *of)
{
    return of->is_beyond;
}

bool sieve_is_readable(const sieve *of)
{
    if (!leaves_out(of) || of->useless || of->task.keys || of->is_beyond || sieve_moves(of))
        return false;
    for (guint i = 0; i < of->flows->len; i++) {
        const flow *at = &g_array_index(of->flows, flow, i);

        if (at->state == FLOW_KEPT && !is_readable(at))
            return false;
    }
    return true;
}

uint32_t sieve_stream(sieve *of, uint32_t frame)
{
    while (of->at_stream < of->streams->len) {
        const stream *next = &g_array_index(of->streams, stream, of->at_stream);

        if (next->frame > frame)
            break;
        flow_of(of, next->flow)->stream = of->at_stream++;
    }
    return flow_of(of, flow_number(of, frame - 1))->stream;
}

void sieve_rewind(sieve *of)
{
    of->kept = (place){0, 0};
    of->at_stream = of->streams_before = 0;
}

uint32_t sieve_streams_before(sieve *of, uint32_t frame)
{
    while (of->at_stream < of->streams->len) {
        const stream *next = &g_array_index(of->streams, stream, of->at_stream);

        if (next->frame >= frame)
            break;
        of->streams_before += is_left_out(of, next->flow);
        of->at_stream++;
    }
    return of->streams_before;
}
