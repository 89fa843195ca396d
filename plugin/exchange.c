/* exchange.c
 * Requests and responses, paired per connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "exchange.h"

#include <string.h>

#include <epan/conversation.h>
#include <epan/tap.h>
#include <epan/to_str.h>

#include <epan/dissectors/packet-tcp.h>

#include "compat.h"
#include "history.h"
#include "preferences.h"
#include "request.h"
#include "sides.h"
#include "unfinished.h"

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

/* What a conversation keeps. */
typedef struct {
    wmem_list_t *waiting; /* requests that wait for an answer, the oldest first */
    wmem_list_t *begun;   /* answers that began and were not delivered yet */
    place last_begun;     /* where the newest of them began */
    place last_request;   /* ... and the newest request that Wireshark does not know */
    place after_request;  /* ... and the byte behind it */
    uint32_t early;       /* the frame of an answer that no request was waiting for, 0 if none */
    wmem_map_t *streams;  /* of HTTP/2: stream number to exchange */
    const struct tcp_analysis *tcp; /* what Wireshark knows of it; NULL if it is not known */
} connection;

/* Registration: the protocol under which a conversation keeps its connection. */
static int proto_of_connections = -1;

/* Registration: the tap that shows each TCP header. */
static int segment_tap = -1;

/* The connections of this capture, by the number of their TCP stream. */
static wmem_map_t *connections;

/* Bytes of memory for requests whose answer is no Multi-Status: some eight thousand of them. */
#define KEPT_REQUESTS (32u * 1024 * 1024)

/* What has been used of it, by estimation. */
static uint64_t kept_requests;

static void start_capture(void)
{
    kept_requests = 0;
    connections = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
}

void exchange_init(int proto)
{
    proto_of_connections = proto;
    segment_tap = find_tap_id("tcp");
    register_init_routine(start_capture);
}

static connection *new_connection(void)
{
    connection *made = wmem_new0(wmem_file_scope(), connection);

    made->waiting = wmem_list_new(wmem_file_scope());
    made->begun = wmem_list_new(wmem_file_scope());
    made->streams = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);
    return made;
}

/* The header of the segment that is dissected; NULL where no taps are served. */
static const struct tcpheader *segment_header(void)
{
    return (const struct tcpheader *)fetch_tapped_data(segment_tap, 0);
}

/* Proxies (SOCKS, CONNECT) change the addresses of a packet while what is inside is dissected, and
 * with them its conversation: the number of the TCP stream stays. */
static connection *connection_of(packet_info *pinfo)
{
    const struct tcpheader *segment = segment_header();
    conversation_t *conversation = segment ? NULL : find_or_create_conversation(pinfo);
    const void *key = segment ? GUINT_TO_POINTER(segment->th_stream) : NULL;
    connection *found =
        segment ? (connection *)wmem_map_lookup(connections, key)
                : (connection *)conversation_get_proto_data(conversation, proto_of_connections);

    if (found)
        return found;
    found = new_connection();
    if (segment)
        wmem_map_insert(connections, key, found);
    else
        conversation_add_proto_data(conversation, proto_of_connections, found);
    return found;
}

static const char *copy(const char *text)
{
    return text ? wmem_strdup(wmem_file_scope(), text) : NULL;
}

static const char *endpoint(const address *host, uint32_t port)
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
    return wmem_strdup(wmem_file_scope(), text);
}

static uint32_t sender_port(const packet_info *pinfo)
{
    const struct tcpheader *segment = segment_header();

    return segment ? segment->th_sport : pinfo->srcport;
}

static uint32_t receiver_port(const packet_info *pinfo)
{
    const struct tcpheader *segment = segment_header();

    return segment ? segment->th_dport : pinfo->destport;
}

static int64_t tcp_stream(packet_info *pinfo)
{
    const struct tcpheader *segment = segment_header();

    if (segment)
        return segment->th_stream;
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    if (!conversation || pinfo->ptype != PT_TCP)
        return -1;
    const struct tcp_analysis *tcp = get_tcp_conversation_data(conversation, pinfo);

    return tcp ? (int64_t)tcp->stream : -1;
}

static exchange *new_exchange(packet_info *pinfo)
{
    exchange *made = wmem_new0(wmem_file_scope(), exchange);

    nstime_set_unset(&made->request_time);
    made->stream = tcp_stream(pinfo);
    made->tls = proto_is_frame_protocol(pinfo->layers, "tls");
    made->h2_stream = -1;
    return made;
}

static void set_parties(exchange *of, packet_info *pinfo)
{
    of->frame = pinfo->num;
    of->time = pinfo->abs_ts;
    if (!of->client)
        of->client = endpoint(&pinfo->dst, receiver_port(pinfo));
    if (!of->server)
        of->server = endpoint(&pinfo->src, sender_port(pinfo));
}

static void copy_fields(const char *to[HTTP_FIELDS], const http_header *header)
{
    for (unsigned i = 0; i < HTTP_FIELDS; i++)
        to[i] = copy(header->fields[i]);
}

static void release(const char *text)
{
    wmem_free(wmem_file_scope(), (void *)(uintptr_t)text);
}

static void release_fields(const char *fields[HTTP_FIELDS])
{
    for (unsigned i = 0; i < HTTP_FIELDS; i++)
        release(fields[i]);
}

static void set_response(exchange *of, packet_info *pinfo, const http_header *header)
{
    set_parties(of, pinfo);
    of->http_status = header->status;
    of->protocol = copy(header->protocol);
    of->reason = copy(header->reason);
    copy_fields(of->response_fields, header);
}

static void forget_response(exchange *of)
{
    release(of->protocol);
    release(of->reason);
    release_fields(of->response_fields);
}

/* RFC 4918, RFC 3253, RFC 3648, RFC 3744, RFC 4437, RFC 4791, RFC 5323, RFC 5842, and Exchange. */
/* clang-format off */
static const char *const webdav_methods[] = {
    "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK",
    "REPORT", "UPDATE", "MERGE", "LABEL", "CHECKIN", "CHECKOUT", "UNCHECKOUT", "MKACTIVITY",
    "VERSION-CONTROL", "MKWORKSPACE", "BASELINE-CONTROL",
    "ORDERPATCH", "ACL", "MKREDIRECTREF", "UPDATEREDIRECTREF", "MKCALENDAR", "SEARCH",
    "BIND", "UNBIND", "REBIND",
    "BPROPFIND", "BPROPPATCH", "BCOPY", "BMOVE", "BDELETE",
};
/* clang-format on */

static bool is_webdav(const exchange *of)
{
    static const http_field fields[] = {HTTP_DEPTH, HTTP_DESTINATION, HTTP_IF, HTTP_OVERWRITE,
                                        HTTP_LOCK_TOKEN};

    for (size_t i = 0; of->method && i < G_N_ELEMENTS(webdav_methods); i++) {
        if (strcmp(of->method, webdav_methods[i]) == 0)
            return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (of->request_fields[fields[i]])
            return true;
    }
    return false;
}

static exchange *new_request(packet_info *pinfo, const http_header *header)
{
    exchange *made = new_exchange(pinfo);

    made->request_frame = pinfo->num;
    made->request_time = pinfo->abs_ts;
    made->method = copy(header->method);
    made->uri = copy(header->uri);
    copy_fields(made->request_fields, header);
    made->webdav = is_webdav(made);
    if (made->webdav) {
        made->client = endpoint(&pinfo->src, sender_port(pinfo));
        made->server = endpoint(&pinfo->dst, receiver_port(pinfo));
        made->unannounced = sides_unannounced(made, header->content_length > 0);
    }
    return made;
}

static const struct tcp_analysis *tcp_of(packet_info *pinfo)
{
    conversation_t *conversation = find_conversation_pinfo(pinfo, 0);

    return conversation && pinfo->ptype == PT_TCP ? get_tcp_conversation_data(conversation, pinfo)
                                                  : NULL;
}

/* The frame in which the message began that ends in this one. */
static uint32_t first_frame_of_message(packet_info *pinfo)
{
    const struct tcp_analysis *tcp = tcp_of(pinfo);
    const struct tcpheader *segment = segment_header();

    if (!tcp || !tcp->fwd || !segment)
        return pinfo->num;
    const struct tcp_multisegment_pdu *message =
        (const struct tcp_multisegment_pdu *)wmem_tree_lookup32_le(tcp->fwd->multisegment_pdus,
                                                                   segment->th_seq);

    return message && message->nxtpdu - segment->th_seq <= message->nxtpdu - message->seq
               ? message->first_frame
               : pinfo->num;
}

/* Is this behind everything before? What is not is a retransmission. */
static bool goes_on(place *last, const void *stream, uint32_t sequence)
{
    if (last->stream == stream && (int32_t)(sequence - last->sequence) <= 0)
        return false;
    *last = (place){stream, sequence};
    return true;
}

bool exchange_is_new_request(packet_info *pinfo, const void *stream, uint32_t sequence)
{
    return goes_on(&connection_of(pinfo)->last_request, stream, sequence);
}

bool exchange_is_after_unknown(packet_info *pinfo, const void *stream, uint32_t sequence)
{
    const place *after = &connection_of(pinfo)->after_request;

    return after->stream == stream && after->sequence == sequence;
}

void exchange_correct_request(exchange *of, const http_header *header)
{
    release(of->method);
    release(of->uri);
    release_fields(of->request_fields);
    of->method = copy(header->method);
    of->uri = copy(header->uri);
    copy_fields(of->request_fields, header);
    of->webdav = is_webdav(of);
}

void exchange_request_ends(packet_info *pinfo, exchange *of, const void *stream, uint32_t behind)
{
    connection_of(pinfo)->after_request = (place){stream, behind};
    of->request_frame = pinfo->num;
    of->request_time = pinfo->abs_ts;
}

exchange *exchange_request(packet_info *pinfo, const http_header *header)
{
    connection *at = connection_of(pinfo);
    exchange *made = new_request(pinfo, header);

    if (!at->tcp)
        at->tcp = tcp_of(pinfo);

    /* A server may refuse a request before it has read it all (RFC 9112 section 9.3): then it does
     * not wait for an answer any more when its last byte comes. */
    if (at->early == 0 || first_frame_of_message(pinfo) > at->early)
        wmem_list_append(at->waiting, made);
    at->early = 0;
    return made;
}

static exchange *take_waiting(connection *of)
{
    wmem_list_frame_t *oldest = wmem_list_head(of->waiting);

    if (!oldest)
        return NULL;
    exchange *taken = (exchange *)wmem_list_frame_data(oldest);

    wmem_list_remove_frame(of->waiting, oldest);
    return taken;
}

/* The exchange that a response belongs to if nothing but the order tells. */
static exchange *next_exchange(packet_info *pinfo, connection *of)
{
    exchange *waiting = take_waiting(of);

    if (waiting)
        return waiting;
    of->early = pinfo->num;
    return new_exchange(pinfo);
}

exchange *exchange_begins(packet_info *pinfo, const http_header *header, const char *text,
                          size_t length, const void *stream, uint32_t sequence)
{
    connection *at = connection_of(pinfo);

    if (!goes_on(&at->last_begun, stream, sequence))
        return NULL;

    beginning *begun = wmem_new(wmem_file_scope(), beginning);

    begun->exchange = next_exchange(pinfo, at);
    begun->length = MIN(length, BEGINNING);
    memcpy(begun->text, text, begun->length);
    set_response(begun->exchange, pinfo, header);
    wmem_list_append(at->begun, begun);
    if (header->status == 207)
        sides_answered(begun->exchange);
    return begun->exchange;
}

static exchange *take_begun(connection *at, const char *text, size_t length)
{
    for (wmem_list_frame_t *i = wmem_list_head(at->begun); i; i = wmem_list_frame_next(i)) {
        beginning *begun = (beginning *)wmem_list_frame_data(i);

        if (memcmp(begun->text, text, MIN(begun->length, length)) == 0) {
            exchange *of = begun->exchange;

            wmem_list_remove_frame(at->begun, i);
            wmem_free(wmem_file_scope(), begun);
            forget_response(of);
            return of;
        }
    }
    return NULL;
}

exchange *exchange_response(packet_info *pinfo, const http_header *header, const char *text,
                            size_t length)
{
    connection *at = connection_of(pinfo);
    exchange *of = take_begun(at, text, length);

    if (!of)
        of = next_exchange(pinfo, at);
    set_response(of, pinfo, header);
    of->complete = of->delivered = true;
    return of;
}

/* ---- HTTP/2 ---- */

static const void *stream_key(uint64_t stream)
{
    return GUINT_TO_POINTER((unsigned)stream);
}

exchange *exchange_h2_request(packet_info *pinfo, const http_header *header, uint64_t stream)
{
    exchange *made = new_request(pinfo, header);

    made->h2_stream = (int64_t)stream;
    wmem_map_insert(connection_of(pinfo)->streams, stream_key(stream), made);
    return made;
}

/* Only a 207 and XML can turn out to be Multi-Status. */
static bool is_promising(const http_header *header)
{
    const char *type = header->fields[HTTP_CONTENT_TYPE];

    return header->status == 207 || !type || strstr(type, "xml");
}

exchange *exchange_h2_response(packet_info *pinfo, const http_header *header, uint64_t stream)
{
    connection *at = connection_of(pinfo);
    exchange *of = (exchange *)wmem_map_lookup(at->streams, stream_key(stream));

    if (of && of->http_status != 0)
        return NULL; /* the response's trailer section */
    if (!is_promising(header)) {
        if (of) {
            wmem_map_remove(at->streams, stream_key(stream));
            set_response(of, pinfo, header);
            history_answered(of, NULL);
            exchange_free(of);
        }
        return NULL;
    }
    if (!of) {
        /* The request of stream 1 came over HTTP/1 if the connection was upgraded (RFC 7540 section
         * 3.2), or the capture does not hold it. */
        of = stream == 1 ? next_exchange(pinfo, at) : new_exchange(pinfo);
        of->h2_stream = (int64_t)stream;
        wmem_map_insert(at->streams, stream_key(stream), of);
    }
    set_response(of, pinfo, header);
    history_answered(of, NULL);
    return of;
}

exchange *exchange_h2_find(packet_info *pinfo, uint64_t stream)
{
    return (exchange *)wmem_map_lookup(connection_of(pinfo)->streams, stream_key(stream));
}

void exchange_h2_delivered(packet_info *pinfo, exchange *of)
{
    set_parties(of, pinfo);
    of->complete = of->delivered = true;
    wmem_map_remove(connection_of(pinfo)->streams, stream_key((uint64_t)of->h2_stream));
}

exchange *exchange_believed(packet_info *pinfo, int proto_http)
{
    http1_belief belief = http1_ask(pinfo, proto_http);
    exchange *made = new_exchange(pinfo);

    set_parties(made, pinfo);
    made->complete = made->delivered = true;
    made->http_status = belief.status;
    made->method = copy(belief.method);
    made->uri = copy(belief.uri);
    made->request_fields[HTTP_HOST] = copy(belief.host);
    return made;
}

static wmem_callback_result free_request(wmem_allocator_t *scope, wmem_cb_event_t event,
                                         void *request)
{
    (void)scope;
    (void)event;
    ms_request_free((struct ms_request *)request);
    return FALSE;
}

void exchange_set_request(exchange *of, struct ms_request *request)
{
    of->request = request;
    of->request_release = wmem_register_callback(wmem_file_scope(), free_request, request);
    if (g_strcmp0(of->method, "REPORT") == 0)
        of->report = copy(request->root);
}

bool exchange_keep_request(exchange *of, int64_t length)
{
    /* Names and hrefs take up to a few times the bytes that they have in the body. */
    uint64_t cost = 4096 + 4 * (uint64_t)MAX(length, 0);

    if (!of->request_kept && cost <= KEPT_REQUESTS - kept_requests) {
        kept_requests += cost;
        of->request_kept = true;
    }
    return of->request_kept;
}

void exchange_free(exchange *of)
{
    unfinished_forget(of);
    if (of->request_kept)
        return;
    release(of->method);
    release(of->uri);
    release(of->report);
    release(of->unannounced);
    release(of->client);
    release(of->server);
    release_fields(of->request_fields);
    if (of->request) {
        wmem_unregister_callback(wmem_file_scope(), of->request_release);
        ms_request_free(of->request);
    }
    forget_response(of);
    wmem_free(wmem_file_scope(), of);
}

/* If-Match or another of its kind. */
static const char *match_field(const char *const *fields)
{
    static const http_field kind[] = {HTTP_IF_MATCH, HTTP_IF_NONE_MATCH, HTTP_IF_UNMODIFIED};
    const char *found = NULL;

    for (size_t i = 0; !found && i < G_N_ELEMENTS(kind); i++)
        found = fields[kind[i]];
    return found;
}

ms_context exchange_context(const exchange *of, bool values)
{
    const char *const *request = of->request_fields, *const *response = of->response_fields;

    return (ms_context){
        .method = of->method,
        .uri = of->uri,
        .report = of->report,
        .http_status = of->http_status,
        .content_type = response[HTTP_CONTENT_TYPE],
        .incomplete = !of->complete,
        .bomb = of->bomb,
        .request = of->request,
        .request_known = of->request_frame != 0,
        .host = request[HTTP_HOST],
        .tls = of->tls,
        .depth = request[HTTP_DEPTH],
        .prefer = request[HTTP_PREFER],
        .brief = request[HTTP_BRIEF],
        .overwrite = request[HTTP_OVERWRITE],
        .if_header = request[HTTP_IF],
        .if_match = match_field(request),
        .destination = request[HTTP_DESTINATION],
        .dav = request[HTTP_DAV],
        .reason_phrase = of->h2_stream >= 0 ? "" : of->reason,
        .location = response[HTTP_LOCATION],
        .cache_control = response[HTTP_CACHE_CONTROL],
        .msdavext_error = response[HTTP_MSDAVEXT_ERROR],
        .preference_applied = response[HTTP_PREFERENCE_APPLIED],
        .server_dav = response[HTTP_DAV] ? response[HTTP_DAV] : of->server_dav,
        .limits = &preferences.limits,
        .values = values,
    };
}

bool exchange_reads_request(const char *method)
{
    static const char *const methods[] = {"PROPFIND",   "PROPPATCH", "REPORT", "SEARCH", "MKCOL",
                                          "MKCALENDAR", "LOCK",      "ACL",    NULL};

    return method && g_strv_contains(methods, method);
}

/* ---- what is under way ---- */

#define PATIENCE_SECONDS 60
/* Bits of tcp_analysis.conversation_completeness, which shows in the field tcp.completeness. */
#define SEEN_FIN_OR_RST 0x30

typedef struct {
    const nstime_t *now;
    bool found;
} waiting_search;

static void look_at(waiting_search *search, const exchange *of)
{
    nstime_t age;

    if (of->frame != 0 || nstime_is_unset(&of->request_time))
        return;
    nstime_delta(&age, search->now, &of->request_time);
    search->found = search->found || age.secs < PATIENCE_SECONDS;
}

static void look_at_stream(void *key, void *value, void *data)
{
    (void)key;
    look_at(data, value);
}

static void look_at_connection(void *key, void *value, void *data)
{
    const connection *at = value;
    wmem_list_frame_t *newest = wmem_list_tail(at->waiting);

    (void)key;
    if (at->tcp && (at->tcp->conversation_completeness & SEEN_FIN_OR_RST))
        return;
    if (newest)
        look_at(data, wmem_list_frame_data(newest));
    wmem_map_foreach(at->streams, look_at_stream, data);
}

bool exchange_is_waiting(const nstime_t *now)
{
    waiting_search search = {now, false};

    if (connections)
        wmem_map_foreach(connections, look_at_connection, &search);
    return search.found;
}
