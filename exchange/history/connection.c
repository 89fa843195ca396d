/* connection.c
 * Requests and responses of HTTP/2.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "connection.h"

#include <string.h>

#include "history.h"
#include "sides.h"

#define LACKS_BLOCK_WORDS                                                                          \
    "the capture lacks bytes of this connection, and without them the headers of later requests "  \
    "cannot be read for certain (HPACK)"

struct connection {
    exchange_capture *capture;
    const void *client;     /* the direction from which requests come; only compared */
    GQueue upgraded;        /* of exchange: requests of stream 1 that came over HTTP/1 */
    GHashTable *streams;    /* of HTTP/2: stream number to exchange */
    const void *lacking[2]; /* directions of which a header block is missing */
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
    g_hash_table_destroy(of->streams);
    g_queue_clear(&of->upgraded);
    g_free(of);
}

static void set_request(exchange *of, const sighting *seen, const http_header *header)
{
    exchange_set_request(of, seen, header);
    if (of->webdav)
        of->unannounced = sides_unannounced(of, header->content_length > 0);
}

void connection_upgrades(connection *at, exchange *request)
{
    g_queue_push_tail(&at->upgraded, request);
}

/* The request of stream 1 that came over HTTP/1 if the connection was upgraded (RFC 7540 section
 * 3.2), NULL if the capture does not hold it. There are several where one connection seems to go on
 * with another between the same sockets: it is the last one before the answer. */
static exchange *take_upgraded(connection *at, uint32_t frame)
{
    GList *found = at->upgraded.tail;

    while (found && found->prev && ((const exchange *)found->data)->request_frame > frame)
        found = found->prev;
    exchange *taken = found ? found->data : NULL;

    if (found)
        g_queue_delete_link(&at->upgraded, found);
    return taken;
}

static void *stream_key(uint64_t stream)
{
    return GUINT_TO_POINTER((unsigned)stream);
}

exchange *connection_h2_request(connection *at, const sighting *seen, const http_header *header,
                                uint64_t stream, const void *direction)
{
    exchange *known = g_hash_table_lookup(at->streams, stream_key(stream));

    at->client = direction;
    /* The request's packets may be captured behind those of its response. */
    if (known && known->request_frame == 0) {
        set_request(known, seen, header);
        if (known->delivered)
            g_hash_table_remove(at->streams, stream_key(stream));
        return known;
    }
    exchange *made = exchange_new(at->capture, seen);

    set_request(made, seen, header);
    made->h2_stream = (int64_t)stream;
    g_hash_table_insert(at->streams, stream_key(stream), made);
    return made;
}

static bool is_lacking(const connection *at, const void *direction)
{
    return direction && (at->lacking[0] == direction || at->lacking[1] == direction);
}

void connection_h2_lacks_block(connection *at, const void *direction)
{
    if (!is_lacking(at, direction))
        at->lacking[at->lacking[0] != NULL] = direction;
}

bool connection_h2_is_doubtful(connection *at, const void *direction)
{
    if (!is_lacking(at, direction))
        return false;
    at->client = direction;
    return true;
}

bool connection_is_client(const connection *at, const void *direction, const exchange *of)
{
    return at->client ? at->client == direction : of->http_status == 0;
}

/* Only a 207 and XML can turn out to be Multi-Status, and what may be a batch. The request, if it
 * is known, was set before. */
static bool is_promising(const connection *at, const exchange *of, const http_header *header)
{
    const char *type = header->fields[HTTP_CONTENT_TYPE];
    const ms_context context = {
        .batches = at->capture->batches,
        .uri = of ? of->uri : NULL,
        .amz_target = of ? of->request_fields[HTTP_AMZ_TARGET] : NULL,
        .asked = of ? of->asked : NULL,
        .http_status = header->status,
        .content_type = type,
        .elastic_product = header->fields[HTTP_ELASTIC_PRODUCT],
    };

    return header->status == 207 || !type || strstr(type, "xml") || ms_batch_is_promising(&context);
}

exchange *connection_h2_response(connection *at, const sighting *seen, const http_header *header,
                                 uint64_t stream)
{
    exchange *of = g_hash_table_lookup(at->streams, stream_key(stream));

    if (of && of->http_status != 0)
        return NULL; /* the response's trailer section */
    if (!is_promising(at, of, header)) {
        if (of) {
            g_hash_table_remove(at->streams, stream_key(stream));
            exchange_set_response(of, seen, header);
            history_answered(of, NULL, 0);
            exchange_free(of);
        }
        return NULL;
    }
    if (!of) {
        of = stream == 1 ? take_upgraded(at, seen->frame) : NULL;
        if (!of)
            of = exchange_new(at->capture, seen);
        of->h2_stream = (int64_t)stream;
        if (of->request_frame == 0 && is_lacking(at, at->client))
            of->request_unknown = LACKS_BLOCK_WORDS;
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
    if (of->request_frame != 0)
        g_hash_table_remove(at->streams, stream_key((uint64_t)of->h2_stream));
}

/* ---- what is under way ---- */

static bool is_waiting(const exchange *of, moment now)
{
    return of->frame == 0 && exchange_may_wait(of, now);
}

bool connection_is_waiting(const connection *at, moment now)
{
    GHashTableIter streams;
    void *of;
    bool found = false;

    for (const GList *i = at->upgraded.head; i && !found; i = i->next)
        found = is_waiting(i->data, now);
    g_hash_table_iter_init(&streams, at->streams);
    while (!found && g_hash_table_iter_next(&streams, NULL, &of))
        found = is_waiting(of, now);
    return found;
}
