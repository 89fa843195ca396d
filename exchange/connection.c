/* connection.c
 * Requests and responses, paired per connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "connection.h"

#include <string.h>

#include "history.h"
#include "sides.h"

/* As much of a response's first segment as tells it from others: status line, Date, Content-Length.
 */
#define BEGINNING 256

/* A response that began. */
typedef struct {
    exchange *exchange;
    size_t length;
    char text[BEGINNING];
} beginning;

/* A byte of a stream. */
typedef struct {
    const void *stream; /* only compared; NULL if there was none yet */
    uint32_t sequence;
} place;

struct connection {
    exchange_capture *capture;
    GQueue waiting;      /* requests that wait for an answer, the oldest first */
    GQueue begun;        /* of beginning: answers that began and were not delivered yet */
    place last_begun;    /* where the newest of them began */
    place last_request;  /* ... and the newest request that Wireshark does not know */
    place after_request; /* ... and the byte behind it */
    uint32_t early;      /* the frame of an answer that no request was waiting for, 0 if none */
    GHashTable *streams; /* of HTTP/2: stream number to exchange */
};

connection *connection_new(exchange_capture *in)
{
    connection *made = g_new0(connection, 1);

    made->capture = in;
    made->streams = g_hash_table_new(NULL, NULL);
    return made;
}

void connection_free(connection *of)
{
    g_queue_clear(&of->waiting);
    g_queue_clear_full(&of->begun, g_free);
    g_hash_table_destroy(of->streams);
    g_free(of);
}

static exchange *new_request(connection *at, const sighting *seen, const http_header *header)
{
    exchange *made = exchange_new(at->capture, seen);

    exchange_set_request(made, seen, header);
    if (made->webdav)
        made->unannounced = sides_unannounced(made, header->content_length > 0);
    return made;
}

/* Is this behind everything before? What is not is a retransmission. */
static bool goes_on(place *last, const void *stream, uint32_t sequence)
{
    if (last->stream == stream && (int32_t)(sequence - last->sequence) <= 0)
        return false;
    *last = (place){stream, sequence};
    return true;
}

bool connection_is_new_request(connection *at, const void *stream, uint32_t sequence)
{
    return goes_on(&at->last_request, stream, sequence);
}

bool connection_is_after_unknown(const connection *at, const void *stream, uint32_t sequence)
{
    return at->after_request.stream == stream && at->after_request.sequence == sequence;
}

void connection_request_ends(connection *at, const sighting *seen, exchange *of, const void *stream,
                             uint32_t behind)
{
    at->after_request = (place){stream, behind};
    of->request_frame = seen->frame;
    of->request_time = seen->time;
}

bool connection_answered_early(const connection *at)
{
    return at->early != 0;
}

exchange *connection_request(connection *at, const sighting *seen, const http_header *header,
                             uint32_t first_frame)
{
    exchange *made = new_request(at, seen, header);

    /* A server may refuse a request before it has read it all (RFC 9112 section 9.3): then it does
     * not wait for an answer any more when its last byte comes. */
    if (at->early == 0 || first_frame > at->early)
        g_queue_push_tail(&at->waiting, made);
    at->early = 0;
    return made;
}

/* The exchange that a response belongs to if nothing but the order tells. */
static exchange *next_exchange(connection *at, const sighting *seen)
{
    exchange *waiting = g_queue_pop_head(&at->waiting);

    if (waiting)
        return waiting;
    at->early = seen->frame;
    return exchange_new(at->capture, seen);
}

exchange *connection_response_begins(connection *at, const sighting *seen,
                                     const http_header *header, const char *text, size_t length,
                                     const void *stream, uint32_t sequence)
{
    if (!goes_on(&at->last_begun, stream, sequence))
        return NULL;
    beginning *begun = g_new(beginning, 1);

    begun->exchange = next_exchange(at, seen);
    begun->length = MIN(length, BEGINNING);
    memcpy(begun->text, text, begun->length);
    exchange_set_response(begun->exchange, seen, header);
    g_queue_push_tail(&at->begun, begun);
    if (header->status == 207)
        sides_answered(begun->exchange);
    return begun->exchange;
}

static exchange *take_begun(connection *at, const char *text, size_t length)
{
    for (GList *i = at->begun.head; i; i = i->next) {
        beginning *begun = i->data;

        if (memcmp(begun->text, text, MIN(begun->length, length)) == 0) {
            exchange *of = begun->exchange;

            g_queue_delete_link(&at->begun, i);
            g_free(begun);
            return of;
        }
    }
    return NULL;
}

exchange *connection_response(connection *at, const sighting *seen, const http_header *header,
                              const char *text, size_t length)
{
    exchange *of = take_begun(at, text, length);

    if (!of)
        of = next_exchange(at, seen);
    exchange_set_response(of, seen, header);
    of->complete = of->delivered = true;
    return of;
}

/* ---- HTTP/2 ---- */

static void *stream_key(uint64_t stream)
{
    return GUINT_TO_POINTER((unsigned)stream);
}

exchange *connection_h2_request(connection *at, const sighting *seen, const http_header *header,
                                uint64_t stream)
{
    exchange *made = new_request(at, seen, header);

    made->h2_stream = (int64_t)stream;
    g_hash_table_insert(at->streams, stream_key(stream), made);
    return made;
}

/* Only a 207 and XML can turn out to be Multi-Status. */
static bool is_promising(const http_header *header)
{
    const char *type = header->fields[HTTP_CONTENT_TYPE];

    return header->status == 207 || !type || strstr(type, "xml");
}

exchange *connection_h2_response(connection *at, const sighting *seen, const http_header *header,
                                 uint64_t stream)
{
    exchange *of = g_hash_table_lookup(at->streams, stream_key(stream));

    if (of && of->http_status != 0)
        return NULL; /* the response's trailer section */
    if (!is_promising(header)) {
        if (of) {
            g_hash_table_remove(at->streams, stream_key(stream));
            exchange_set_response(of, seen, header);
            history_answered(of, NULL, 0);
            exchange_free(of);
        }
        return NULL;
    }
    if (!of) {
        /* The request of stream 1 came over HTTP/1 if the connection was upgraded (RFC 7540 section
         * 3.2), or the capture does not hold it. */
        of = stream == 1 ? next_exchange(at, seen) : exchange_new(at->capture, seen);
        of->h2_stream = (int64_t)stream;
        g_hash_table_insert(at->streams, stream_key(stream), of);
    }
    exchange_set_response(of, seen, header);
    history_answered(of, NULL, 0);
    return of;
}

exchange *connection_h2_find(const connection *at, uint64_t stream)
{
    return g_hash_table_lookup(at->streams, stream_key(stream));
}

void connection_h2_delivered(connection *at, const sighting *seen, exchange *of)
{
    exchange_set_parties(of, seen);
    of->complete = of->delivered = true;
    g_hash_table_remove(at->streams, stream_key((uint64_t)of->h2_stream));
}

/* ---- what is under way ---- */

#define PATIENCE_SECONDS 60

/* Does it wait, and not longer than that? */
static bool is_waiting(const exchange *of, moment now)
{
    return of->frame == 0 && moment_is_known(of->request_time) &&
           moment_is_before(now, moment_later(of->request_time, PATIENCE_SECONDS));
}

bool connection_is_waiting(const connection *at, moment now)
{
    GHashTableIter streams;
    void *of;
    bool found = at->waiting.tail && is_waiting(at->waiting.tail->data, now);

    g_hash_table_iter_init(&streams, at->streams);
    while (!found && g_hash_table_iter_next(&streams, NULL, &of))
        found = is_waiting(of, now);
    return found;
}
