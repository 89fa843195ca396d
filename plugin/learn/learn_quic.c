/* learn_quic.c
 * HTTP/3: what the streams of QUIC carry is learned here.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "learn_quic.h"

#include "connections.h"
#include "h3_dialogue.h"
#include "layers.h"
#include "learn.h"
#include "qpack.h"
#include "queue_place.h"
#include "quic_frames.h"
#include "ranges.h"
#include "talks.h"

/* Connections that are open at the same time; beyond that, the one that was silent for longest is
 * taken to have ended. */
#define MOST_CONNECTIONS 1024u

/* In Wireshark, somebody waits for what is behind bytes that are missing: so many STREAM frames of
 * the connection may come before they are given up. The command takes the time of the whole
 * connection. */
#define PATIENCE 2000u

/* Packets of QUIC that may come behind a CONNECTION_CLOSE that overtook others. */
#define OVERTAKEN 1000u

/* A connection, by its number: its addresses may change. */
typedef struct {
    talk talk;
    h3_dialogue *dialogue; /* NULL when it has ended */
    char *server;          /* its socket, as far as it is known */
    arrival closed;        /* when it was closed */
    uint64_t ends_at;      /* ... and at which packet that takes effect */
    GList in_open, in_closing;
    /* The packets of 0-RTT and 1-RTT of each of the two, in the order in which they were seen:
     * those that the capture holds, and those of which the other one says that they came. */
    struct {
        char *socket;
        number_ranges captured, acknowledged;
    } peers[2];
} quic_connection;

/* Registration. */
static const protocol_t *http3_protocol; /* somebody may switch it off */
static bool (*is_new_packet)(const packet_info *pinfo);

/* The state of this capture. */
static GHashTable *connections; /* by number */
static GQueue open;             /* of quic_connection *: those that have not ended */
static GQueue closing;          /* of those that were closed */
static h3_budget budget;
static uint64_t packets;

/* ---- connections ---- */

static void end_connection(quic_connection *of)
{
    queue_leave(&open, &of->in_open);
    queue_leave(&closing, &of->in_closing);
    g_clear_pointer(&of->dialogue, h3_dialogue_free);
}

/* Did packets come that the capture lacks? A stream need not tell: it may have ended in them. */
static bool lacks_packets(const quic_connection *of)
{
    bool lacks = false;

    for (unsigned i = 0; i < 2; i++)
        lacks = lacks || ranges_lacking(&of->peers[i].acknowledged, &of->peers[i].captured) > 0;
    return lacks;
}

static void finish(quic_connection *of, ending how, const arrival *when)
{
    if (!of->dialogue)
        return;
    h3_dialogue_finish(of->dialogue, how, when);
    uint64_t unread, missing = h3_dialogue_missing(of->dialogue, &unread);

    if (missing > 0 || unread > 0 || lacks_packets(of))
        layers_note_holes(missing);
    end_connection(of);
}

static void free_connection(void *data)
{
    quic_connection *gone = (quic_connection *)data;

    end_connection(gone);
    talk_clear(&gone->talk);
    g_free(gone->server);
    for (unsigned i = 0; i < 2; i++) {
        g_free(gone->peers[i].socket);
        ranges_clear(&gone->peers[i].captured);
        ranges_clear(&gone->peers[i].acknowledged);
    }
    g_free(gone);
}

static void end_capture(void)
{
    g_clear_pointer(&connections, g_hash_table_destroy);
    budget = (h3_budget){0};
    packets = 0;
    layers_forget();
}

static void start_capture(void)
{
    end_capture();
    connections = g_hash_table_new_full(NULL, NULL, NULL, free_connection);
}

static quic_connection *new_connection(uint32_t number)
{
    quic_connection *made = g_new0(quic_connection, 1);

    if (open.length >= MOST_CONNECTIONS)
        finish((quic_connection *)open.head->data, ENDING_NONE, NULL);
    made->talk.stream = -1;
    made->talk.capture = connections_capture();
    made->talk.watcher = &learn_watcher;
    made->talk.tls = made->talk.http = true;
    dialogue_listener listener = talk_listener(&made->talk);

    made->dialogue = h3_dialogue_new(&listener, &budget);
    if (talks_tell_at_once())
        h3_dialogue_set_patience(made->dialogue, PATIENCE);
    g_hash_table_insert(connections, GUINT_TO_POINTER(number), made);
    return made;
}

static quic_connection *connection_of(uint32_t number)
{
    quic_connection *found =
        (quic_connection *)g_hash_table_lookup(connections, GUINT_TO_POINTER(number));

    if (!found)
        found = new_connection(number);
    if (found->dialogue)
        queue_enter(&open, &found->in_open, found);
    return found;
}

/* ---- directions ---- */

static void set_socket(char **of, const char *socket)
{
    g_free(*of);
    *of = g_strdup(socket);
}

static void is_server(quic_connection *of, const char *socket)
{
    if (g_strcmp0(of->server, socket) != 0)
        set_socket(&of->server, socket);
}

/* Streams of one direction say whose they are (RFC 9000 section 2.1). The others belong to both; a
 * server speaks on one of its own first, a client may not (0-RTT). */
static unsigned direction_of(quic_connection *of, packet_info *pinfo, uint64_t stream)
{
    enum { OF_SERVER = 1, ONE_WAY = 2 };
    sighting seen = connections_sighting(pinfo);

    if (stream & ONE_WAY) {
        bool sent_by_server = (stream & OF_SERVER) != 0;

        is_server(of, sent_by_server ? seen.sender : seen.receiver);
        return sent_by_server ? H3_SERVER : H3_CLIENT;
    }
    if (!of->server)
        is_server(of, seen.receiver);
    if (g_strcmp0(of->server, seen.sender) == 0)
        return H3_SERVER;
    /* A server may move, too (RFC 9000 section 9.6). */
    return g_strcmp0(of->server, seen.receiver) != 0 &&
                   g_strcmp0(of->talk.names[H3_CLIENT], seen.receiver) == 0
               ? H3_SERVER
               : H3_CLIENT;
}

/* Which of the two has sent the packet? Either may move (RFC 9000 section 9): the other one stays
 * where it was. */
static unsigned peer_of(quic_connection *of, packet_info *pinfo)
{
    sighting seen = connections_sighting(pinfo);

    if (!of->peers[0].socket) {
        set_socket(&of->peers[0].socket, seen.sender);
        set_socket(&of->peers[1].socket, seen.receiver);
    }
    for (unsigned i = 0; i < 2; i++) {
        if (g_strcmp0(of->peers[i].socket, seen.sender) == 0)
            return i;
    }
    unsigned moved = g_strcmp0(of->peers[0].socket, seen.receiver) == 0;

    set_socket(&of->peers[moved].socket, seen.sender);
    return moved;
}

/* ---- frames ---- */

static void add_stream(packet_info *pinfo, quic_connection *to, const quic_frame *from)
{
    unsigned direction = direction_of(to, pinfo, from->stream);
    h3_bytes came = {.direction = direction,
                     .stream = from->stream,
                     .at = from->offset,
                     .bytes = from->bytes,
                     .length = from->length,
                     .fin = from->fin,
                     .when = connections_arrival(pinfo)};

    layers_note_read(pinfo, true, FOUND_INSIDE);
    learn_name_sides(&to->talk, pinfo, direction);
    h3_dialogue_add(to->dialogue, &came);
}

/* The command waits for what it may have overtaken. */
static void close_connection(packet_info *pinfo, quic_connection *of)
{
    if (of->in_closing.data)
        return;
    of->closed = connections_arrival(pinfo);
    of->ends_at = packets + (talks_tell_at_once() ? 0 : OVERTAKEN);
    queue_enter(&closing, &of->in_closing, of);
}

static void on_frame(packet_info *pinfo, const quic_frame *frame)
{
    quic_connection *of = connection_of(frame->connection);
    arrival when = connections_arrival(pinfo);

    if (!of->dialogue)
        return;
    switch (frame->type) {
    case QUIC_PACKET:
        ranges_add(&of->peers[peer_of(of, pinfo)].captured, frame->first, frame->last);
        break;
    case QUIC_ACK_RANGE:
        ranges_add(&of->peers[!peer_of(of, pinfo)].acknowledged, frame->first, frame->last);
        break;
    case QUIC_STREAM:
        add_stream(pinfo, of, frame);
        break;
    case QUIC_RESET_STREAM:
        h3_dialogue_reset(of->dialogue, direction_of(of, pinfo, frame->stream), frame->stream,
                          &when);
        break;
    default:
        close_connection(pinfo, of);
        break;
    }
}

static void end_closed(void)
{
    quic_connection *of;

    while ((of = (quic_connection *)g_queue_peek_head(&closing)) != NULL && of->ends_at <= packets)
        finish(of, ENDING_CLOSE, &of->closed);
}

void learn_quic(packet_info *pinfo)
{
    if (pinfo->ptype != PT_UDP)
        return;
    packets++;
    learn_happens_in(pinfo);
    quic_frames_tell(pinfo, on_frame);
    end_closed();
    learn_happens_in(NULL);
}

void learn_quic_finish(void)
{
    quic_connection *of;

    while ((of = (quic_connection *)g_queue_peek_head(&closing)) != NULL)
        finish(of, ENDING_CLOSE, &of->closed);
    while ((of = (quic_connection *)g_queue_peek_head(&open)) != NULL)
        finish(of, ENDING_NONE, NULL);
}

bool learn_quic_is_waiting(moment when)
{
    for (const GList *i = open.head; i; i = i->next) {
        const quic_connection *of = (const quic_connection *)i->data;

        if (!of->in_closing.data && talk_is_waiting(&of->talk, when))
            return true;
    }
    return false;
}

/* ---- registration ---- */

/* In the place of HTTP/3. */
static int dissect_nothing(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    (void)pinfo;
    (void)tree;
    (void)data;
    return (int)tvb_captured_length(tvb);
}

void learn_quic_alone(void)
{
    int proto = proto_get_id_by_filter_name("http3");

    if (proto != -1 && qpack_is_there())
        dissector_change_string("quic.proto", "h3",
                                create_dissector_handle(dissect_nothing, proto));
}

static bool is_wanted(const packet_info *pinfo)
{
    return qpack_is_there() && is_new_packet(pinfo) &&
           (!http3_protocol || proto_is_protocol_enabled(http3_protocol));
}

void learn_quic_init(bool (*is_new)(const packet_info *pinfo))
{
    is_new_packet = is_new;
    http3_protocol = find_protocol_by_id(proto_get_id_by_filter_name("http3"));
    quic_frames_init(is_wanted);
    register_init_routine(start_capture);
    register_cleanup_routine(end_capture);
}
