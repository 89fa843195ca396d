/* unfinished.c
 * Responses that Wireshark has not shown, or never will, and those that are not told of yet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "unfinished.h"

#include "codings.h"

typedef struct unfinished {
    exchange *exchange;
    const http1_message *from; /* HTTP/1, as long as it is being read */
    const void *direction;     /* HTTP/2; only compared */
    bool whole;
    bool plain; /* content codings are undone */
    bool cut;
    bool broken;
    bool header; /* its header is not complete */
    bool settled;
    bool reported;
    bool evicted; /* too much was kept: its bytes are gone or will be when it is reported */
    ending ending;
    int64_t hole; /* bytes that the capture lacks of it */
    int64_t content_length;
    uint64_t length;  /* of the body as far as it came, kept or not */
    GByteArray *body; /* as far as it was kept; NULL as long as it is in `from` */
    char *missing;    /* what is known to lack already; or NULL */
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
static GHashTable *flows; /* direction of a connection to flow; NULL without any */
static size_t kept;       /* bytes of all */

static flow *flow_of(const void *direction)
{
    return flows ? g_hash_table_lookup(flows, direction) : NULL;
}

static void stop_waiting(unfinished *of)
{
    flow *in = of->in_flow.data ? flow_of(of->direction) : NULL;

    if (!in)
        return;
    g_queue_unlink(&in->waiting, &of->in_flow);
    of->in_flow.data = NULL;
    if (in->waiting.length == 0)
        g_hash_table_remove(flows, of->direction);
}

static void release_bytes(unfinished *of)
{
    kept -= of->counted;
    of->counted = 0;
    if (of->body)
        g_byte_array_unref(of->body);
    of->body = NULL;
}

static void release(unfinished *of)
{
    stop_waiting(of);
    if (of->in_settled.data)
        g_queue_unlink(&settled, &of->in_settled);
    g_queue_unlink(&begun, &of->in_order);
    release_bytes(of);
    g_free(of->missing);
    of->exchange->unfinished = NULL;
    g_free(of);
}

void unfinished_end(void)
{
    while (begun.head)
        release(begun.head->data);
    g_clear_pointer(&flows, g_hash_table_destroy);
}

/* ---- beginning ---- */

static unfinished *begin(exchange *of)
{
    unfinished *made = g_new0(unfinished, 1);

    unfinished_forget(of);
    made->exchange = of;
    made->content_length = -1;
    made->in_order.data = made;
    g_queue_push_tail_link(&begun, &made->in_order);
    of->unfinished = made;
    return made;
}

void unfinished_begins(exchange *of, const http1_message *from)
{
    begin(of)->from = from;
}

void unfinished_begins_h2(exchange *of, const void *direction)
{
    unfinished *made = begin(of);
    flow *at = flow_of(direction);

    if (!flows)
        flows = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    if (!at) {
        at = g_new0(flow, 1);
        g_hash_table_insert(flows, (void *)(uintptr_t)direction, at);
    }
    made->direction = direction;
    made->body = g_byte_array_new();
    made->in_flow.data = made;
    g_queue_push_tail_link(&at->waiting, &made->in_flow);
}

void unfinished_forget(exchange *of)
{
    if (of->unfinished)
        release(of->unfinished);
}

bool unfinished_any(void)
{
    return flows && g_hash_table_size(flows) > 0;
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
    to_be_reported(of);
}

void unfinished_settle(exchange *of)
{
    if (of->unfinished && !of->unfinished->settled)
        settle(of->unfinished);
}

static size_t most_of(const exchange *of)
{
    return exchange_most_bytes(of->capture);
}

/* Takes over what is known of a message. */
static void take_message(unfinished *of)
{
    const http1_message *from = of->from;

    of->whole = from->state == MESSAGE_WHOLE;
    of->cut = from->cut;
    of->broken = from->broken;
    of->header = from->framing == BODY_HEADER;
    of->ending = from->ending;
    of->hole = from->missing;
    of->content_length = from->content_length;
    of->length = from->length;
    if (!of->evicted && !of->body && from->body)
        of->body = g_byte_array_ref(from->body);
}

/* The oldest go first. */
static void make_room(size_t largest)
{
    GList *next;

    for (GList *i = begun.head; i && kept > UNFINISHED_LIMIT_ALL + largest; i = next) {
        unfinished *of = i->data;

        next = i->next;
        if (of->evicted)
            continue;
        if (of->from)
            take_message(of);
        of->evicted = true;
        stop_waiting(of);
        kept -= of->counted; /* as good as gone */
        of->counted = 0;
        if (of->reported)
            release_bytes(of);
        else
            to_be_reported(of);
    }
}

static void count(unfinished *of, const GByteArray *body)
{
    size_t bytes = sizeof *of + (body ? body->len : 0);

    kept += bytes - of->counted;
    of->counted = bytes;
    make_room(most_of(of->exchange));
}

size_t unfinished_grows(exchange *of)
{
    if (!of->unfinished || of->unfinished->evicted)
        return 0;
    count(of->unfinished, of->unfinished->from->body);
    return of->unfinished->evicted ? 0 : most_of(of);
}

void unfinished_ends(exchange *of)
{
    unfinished *ended = of->unfinished;

    if (!ended || !ended->from)
        return;
    take_message(ended);
    ended->from = NULL;
    if (!ended->evicted)
        count(ended, ended->body);
}

void unfinished_add_data(exchange *of, const void *direction, const uint8_t *bytes, size_t length,
                         bool cut)
{
    unfinished *to = of->unfinished;

    if (!to || to->direction != direction || to->settled || to->evicted)
        return;
    size_t left = most_of(of) - MIN(to->body->len, most_of(of));

    to->length += length;
    g_byte_array_append(to->body, bytes, (guint)MIN(length, left));
    count(to, to->body);
    to->cut = cut;
    if (cut)
        settle(to);
}

const GByteArray *unfinished_data(const exchange *of)
{
    const unfinished *from = of->unfinished;

    return from && from->body && !from->cut && !from->evicted && from->length == from->body->len
               ? from->body
               : NULL;
}

void unfinished_stream_reset(exchange *of)
{
    if (of->unfinished && !of->unfinished->settled) {
        of->unfinished->ending = ENDING_STREAM_RESET;
        settle(of->unfinished);
    }
}

void unfinished_connection_ends(const void *direction, ending how)
{
    flow *at;

    while ((at = flow_of(direction)) != NULL) {
        unfinished *of = at->waiting.head->data;

        of->ending = how;
        settle(of);
    }
}

void unfinished_delivered(exchange *of, const uint8_t *bytes, size_t length, const char *missing)
{
    unfinished *made = begin(of);

    made->whole = made->plain = true;
    made->length = length;
    made->missing = g_strdup(missing);
    made->body = g_byte_array_new();
    g_byte_array_append(made->body, bytes, (guint)length);
    count(made, made->body);
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
        [ENDING_RESET_STREAM] = "the stream was reset (RESET_STREAM) before the body was complete",
        [ENDING_CLOSE] =
            "the connection was closed (CONNECTION_CLOSE) before the body was complete",
        [ENDING_FRAMES] = "the frames of the stream are broken",
    };

    return words[of->ending];
}

/* Why there is no more of it. */
static char *why_no_more(const unfinished *of)
{
    if (of->evicted)
        return g_strdup("too many responses did not complete to keep more of this one");
    if (of->cut)
        return g_strdup("the packets were cut by the snap length of the capture");
    if (of->broken)
        return g_strdup("the transfer coding of the body is broken");
    if (of->hole > 0)
        return g_strdup_printf(
            "the capture lacks %" G_GINT64_FORMAT " bytes of the connection here", of->hole);
    return g_strdup(words_of_ending(of));
}

static char *missing_words(const unfinished *of)
{
    char *why = why_no_more(of);
    char *had = of->header ? g_strdup("its header is not complete")
                : of->content_length > 0
                    ? g_strdup_printf("%" G_GUINT64_FORMAT " of %" G_GINT64_FORMAT
                                      " bytes (Content-Length) are there",
                                      of->length, of->content_length)
                    : g_strdup_printf("%" G_GUINT64_FORMAT " bytes are there", of->length);
    char *words = g_strdup_printf("%s: %s", why, had);

    g_free(why);
    g_free(had);
    return words;
}

GByteArray *unfinished_body(exchange *of, char **missing)
{
    unfinished *from = of->unfinished;

    if (from->from)
        take_message(from);
    const char *codings = from->plain ? NULL : of->response_fields[HTTP_CONTENT_ENCODING];
    const uint8_t *bytes = from->body ? from->body->data : NULL;
    guint length = from->body ? from->body->len : 0;
    GByteArray *body;
    codings_result result = codings_read(codings, bytes, length, exchange_most_bytes(of->capture),
                                         &body, &of->miscoded);

    if (of->http_status == 207 && length > 0 && !from->plain)
        of->unnamed = codings_unnamed(codings, bytes, length);
    *missing = g_strdup(from->missing);
    of->bomb = result == CODINGS_LARGE;
    if (*missing)
        return body;
    if (!from->whole)
        *missing = missing_words(from);
    else if (from->length > length)
        *missing = g_strdup_printf("only the first %u bytes were kept", length);
    else if (result != CODINGS_WHOLE)
        *missing = codings_words(codings, result);
    return body;
}

/* ---- reporting ---- */

bool unfinished_is_settled(const exchange *of)
{
    return of->unfinished && of->unfinished->settled;
}

bool unfinished_had_to_go(const exchange *of)
{
    return of->unfinished && of->unfinished->evicted;
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

exchange *unfinished_oldest(void)
{
    for (GList *i = begun.head; i; i = i->next) {
        unfinished *of = i->data;

        if (!of->reported)
            return of->exchange;
    }
    return NULL;
}
