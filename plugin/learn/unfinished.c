/* unfinished.c
 * Responses that began and that Wireshark has not shown.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "unfinished.h"

#include "body.h"
#include "codings.h"
#include "connections.h"
#include "learn.h"

/* How many responses of one direction a piece is tried for: a late one is of the last few. */
#define TRIED 8

typedef struct unfinished {
    exchange *exchange;
    byte_stream in;
    uint32_t start, end; /* sequence numbers; `end` once reader.ended */
    bool h2;
    bool request; /* the rest of a request is awaited, not a response */
    bool cut;
    bool settled;
    bool reported;
    bool evicted; /* too much was kept: its bytes are gone or will be when it is reported */
    ending ending;
    pieces pieces;
    body_reader reader;
    size_t counted;   /* of its bytes in `kept` */
    GList in_order;   /* link of `begun` */
    GList in_flow;    /* link of its flow; data is NULL if it is in none */
    GList in_settled; /* link of `settled`; likewise */
} unfinished;

/* Those of one direction of a connection that wait for bytes. */
typedef struct {
    GQueue waiting;
} flow;

/* The state of this capture. */
static GQueue begun;      /* all, in the order in which they began */
static GQueue settled;    /* those to be reported */
static GHashTable *flows; /* direction of a connection to flow */
static size_t kept;       /* bytes of all */

static void stop_waiting(unfinished *of)
{
    flow *in = of->in_flow.data ? g_hash_table_lookup(flows, of->in.connection) : NULL;

    if (!in)
        return;
    g_queue_unlink(&in->waiting, &of->in_flow);
    of->in_flow.data = NULL;
    if (in->waiting.length == 0)
        g_hash_table_remove(flows, of->in.connection);
}

static void release_bytes(unfinished *of)
{
    kept -= of->counted;
    of->counted = 0;
    pieces_clear(&of->pieces);
    body_reader_clear(&of->reader);
    of->reader.header = g_byte_array_new();
    of->reader.body = g_byte_array_new();
}

static void release(unfinished *of)
{
    stop_waiting(of);
    if (of->in_settled.data)
        g_queue_unlink(&settled, &of->in_settled);
    g_queue_unlink(&begun, &of->in_order);
    kept -= of->counted;
    pieces_clear(&of->pieces);
    body_reader_clear(&of->reader);
    of->exchange->unfinished = NULL;
    g_free(of);
}

static void forget_capture(void)
{
    while (begun.head)
        release(begun.head->data);
    if (flows)
        g_hash_table_remove_all(flows);
}

void unfinished_init(void)
{
    flows = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    register_cleanup_routine(forget_capture);
}

/* ---- beginning ---- */

static unfinished *begin(exchange *of, byte_stream in)
{
    unfinished *made = g_new0(unfinished, 1);

    unfinished_forget(of); /* a request that was answered before it was complete */
    flow *at = g_hash_table_lookup(flows, in.connection);

    if (!at) {
        at = g_new0(flow, 1);
        g_hash_table_insert(flows, (void *)(uintptr_t)in.connection, at);
    }
    made->exchange = of;
    made->in = in;
    made->request = of->http_status == 0;
    made->reader = body_reader_new(made->request, UNFINISHED_LIMIT);
    made->reader.head = !made->request && g_strcmp0(of->method, "HEAD") == 0;
    made->in_order.data = made->in_flow.data = made;
    g_queue_push_tail_link(&begun, &made->in_order);
    g_queue_push_tail_link(&at->waiting, &made->in_flow);
    of->unfinished = made;
    return made;
}

void unfinished_begins(exchange *of, byte_stream in, uint32_t sequence)
{
    unfinished *made = begin(of, in);

    made->start = made->pieces.next = sequence;
}

void unfinished_begins_h2(exchange *of, const void *direction)
{
    unfinished *made = begin(of, (byte_stream){direction, NULL});

    made->h2 = true;
    made->reader.framing = BODY_TO_END;
}

void unfinished_forget(exchange *of)
{
    if (of->unfinished)
        release(of->unfinished);
}

bool unfinished_any(void)
{
    return g_hash_table_size(flows) > 0;
}

/* ---- bytes ---- */

static void to_be_reported(unfinished *of)
{
    if (!of->in_settled.data && !of->reported) {
        of->in_settled.data = of;
        g_queue_push_tail_link(&settled, &of->in_settled);
    }
}

static void settle(unfinished *of)
{
    of->settled = true;
    stop_waiting(of);
    if (of->request)
        release(of);
    else
        to_be_reported(of);
}

/* The oldest go first. */
static void make_room(void)
{
    GList *next;

    for (GList *i = begun.head; i && kept > UNFINISHED_LIMIT_ALL; i = next) {
        unfinished *of = i->data;

        next = i->next;
        if (of->evicted)
            continue;
        of->evicted = true;
        stop_waiting(of);
        kept -= of->counted; /* as good as gone */
        of->counted = 0;
        if (of->request)
            release(of);
        else if (of->reported)
            release_bytes(of);
        else
            to_be_reported(of);
    }
}

static void count(unfinished *of)
{
    size_t bytes = sizeof *of + of->reader.body->len + of->reader.header->len + of->pieces.bytes;

    kept += bytes - of->counted;
    of->counted = bytes;
    make_room();
}

static bool read_bytes(const uint8_t *bytes, size_t length, void *data)
{
    unfinished *of = data;
    size_t taken = body_reader_feed(&of->reader, bytes, length);

    if (of->reader.ended)
        of->end = of->pieces.next - (uint32_t)(length - taken);
    return !of->reader.ended && !of->reader.broken;
}

static int32_t distance(uint32_t from, uint32_t to)
{
    return (int32_t)(to - from);
}

/* The response that a byte belongs to if it belongs to any. */
static unfinished *response_at(byte_stream in, uint32_t sequence)
{
    const flow *at = g_hash_table_lookup(flows, in.connection);
    unsigned tried = 0;

    for (GList *i = at ? at->waiting.tail : NULL; i && tried < TRIED; i = i->prev, tried++) {
        unfinished *of = i->data;

        if (!of->h2 && of->in.stream == in.stream && distance(of->start, sequence) >= 0)
            return of;
    }
    return NULL;
}

static void request_ends(packet_info *pinfo, unfinished *of)
{
    sighting seen = connections_sighting(pinfo);

    connection_request_ends(connections_of(pinfo), &seen, of->exchange, of->in.stream, of->end);
    learn_request_body(of->exchange, of->reader.body->data, of->reader.body->len);
    release(of);
}

int unfinished_add(packet_info *pinfo, byte_stream in, const piece *came)
{
    unfinished *of = response_at(in, came->sequence);

    if (!of)
        return -1;
    if (!of->reader.ended && !of->reader.broken) {
        pieces_add(&of->pieces, came, read_bytes, of);
        of->cut = of->pieces.cut;
        if (of->cut) {
            settle(of);
            return -1;
        }
    }
    int behind = of->reader.ended ? distance(came->sequence, of->end) : -1;

    if (of->reader.ended && of->request)
        request_ends(pinfo, of);
    else
        count(of);
    return behind >= 0 && (size_t)behind < came->length ? behind : -1;
}

void unfinished_add_data(exchange *of, const void *direction, const uint8_t *bytes, size_t length,
                         bool cut)
{
    unfinished *to = of->unfinished;

    if (!to || to->in.connection != direction || to->settled || to->evicted)
        return;
    body_reader_feed(&to->reader, bytes, length);
    count(to);
    to->cut = cut;
    if (cut)
        settle(to);
}

void unfinished_stream_reset(exchange *of)
{
    if (of->unfinished && !of->unfinished->settled) {
        of->unfinished->ending = ENDING_STREAM_RESET;
        settle(of->unfinished);
    }
}

bool unfinished_is_body(byte_stream in, uint32_t sequence)
{
    const unfinished *of = response_at(in, sequence);

    if (!of || of->reader.ended || of->reader.broken || of->reader.framing == BODY_HEADER)
        return false;
    if (distance(of->pieces.next, sequence) <= 0)
        return true;
    return of->reader.framing == BODY_LENGTH &&
           (uint64_t)distance(of->pieces.next, sequence) < of->reader.left;
}

void unfinished_connection_ends(const void *direction, ending how, uint32_t sequence)
{
    const flow *at = g_hash_table_lookup(flows, direction);
    GList *next;

    for (GList *i = at ? at->waiting.head : NULL; i; i = next) {
        unfinished *of = i->data;
        bool in_tcp = of->in.stream == of->in.connection && !of->h2;

        next = i->next;
        of->ending = how;
        if (in_tcp && !of->reader.ended && distance(of->pieces.next, sequence) > 0)
            continue; /* what is missing may still come, late */
        if (how == ENDING_FIN && !of->h2)
            body_reader_end(&of->reader);
        settle(of);
    }
}

/* ---- what there is ---- */

static const char *words_of_ending(const unfinished *of)
{
    static const char *const words[] = {
        [ENDING_NONE] = "the capture ends before the body does",
        [ENDING_FIN] = "the server closed the connection (FIN) before the body was complete",
        [ENDING_RST_SERVER] = "the server reset the connection (RST) before the body was complete",
        [ENDING_RST_CLIENT] = "the client reset the connection (RST) before the body was complete",
        [ENDING_STREAM_RESET] = "the stream was reset (RST_STREAM) before the body was complete",
    };

    return words[of->ending];
}

/* Why there is no more of it. */
static char *why_no_more(const unfinished *of)
{
    const body_reader *reader = &of->reader;
    uint32_t hole = pieces_hole(&of->pieces);

    if (of->evicted)
        return g_strdup("too many responses did not complete to keep more of this one");
    if (of->cut)
        return g_strdup("the packets were cut by the snap length of the capture");
    if (reader->broken)
        return g_strdup("the transfer coding of the body is broken");
    if (hole > 0)
        return g_strdup_printf("the capture lacks %u bytes of the connection here", hole);
    return g_strdup(words_of_ending(of));
}

static char *missing_words(const unfinished *of)
{
    const body_reader *reader = &of->reader;
    char *why = why_no_more(of);
    char *had = reader->framing == BODY_HEADER ? g_strdup("its header is not complete")
                : reader->content_length > 0
                    ? g_strdup_printf("%" G_GUINT64_FORMAT " of %" G_GINT64_FORMAT
                                      " bytes (Content-Length) are there",
                                      reader->length, reader->content_length)
                    : g_strdup_printf("%" G_GUINT64_FORMAT " bytes are there", reader->length);
    char *words = g_strdup_printf("%s: %s", why, had);

    g_free(why);
    g_free(had);
    return words;
}

GByteArray *unfinished_body(exchange *of, char **missing)
{
    const unfinished *from = of->unfinished;
    const body_reader *reader = &from->reader;
    const char *codings = of->response_fields[HTTP_CONTENT_ENCODING];
    GByteArray *body;
    codings_result result =
        codings_undo(codings, reader->body->data, reader->body->len, learn_most_bytes(), &body);

    *missing = NULL;
    of->bomb = result == CODINGS_LARGE;
    if (!reader->ended)
        *missing = missing_words(from);
    else if (reader->length > reader->body->len)
        *missing = g_strdup_printf("only the first %u bytes were kept", reader->body->len);
    else if (result != CODINGS_WHOLE)
        *missing = codings_words(codings, result);
    return body;
}

/* ---- reporting ---- */

bool unfinished_is_settled(const exchange *of)
{
    return of->unfinished && of->unfinished->settled;
}

bool unfinished_is_reported(const exchange *of)
{
    return of->unfinished && of->unfinished->reported;
}

void unfinished_reported(exchange *of)
{
    of->unfinished->reported = true;
    if (of->unfinished->evicted)
        release_bytes(of->unfinished);
}

exchange *unfinished_next_settled(void)
{
    unfinished *next = g_queue_peek_head(&settled);

    if (!next)
        return NULL;
    g_queue_unlink(&settled, &next->in_settled);
    next->in_settled.data = NULL;
    return next->exchange;
}

void unfinished_at_end(void (*call)(exchange *of, void *data), void *data)
{
    for (GList *i = begun.head; i; i = i->next) {
        unfinished *of = i->data;

        if (!of->reported && !of->request)
            call(of->exchange, data);
    }
}
