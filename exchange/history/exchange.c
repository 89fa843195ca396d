/* exchange.c
 * One exchange: a request and its response.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "exchange.h"

#include <string.h>

#include "methods.h"
#include "request.h"

/* Bytes of memory for requests whose answer is no Multi-Status: some eight thousand of them. */
#define KEPT_REQUESTS (32u * 1024 * 1024)

exchange *exchange_new(exchange_capture *in, const sighting *seen)
{
    exchange *made = g_new0(exchange, 1);

    made->request_time = made->time = moment_unknown();
    made->stream = seen->stream;
    made->tls = seen->tls;
    made->h2_stream = made->h3_stream = -1;
    made->content_length = -1;
    made->capture = in;
    made->in_capture.data = made;
    g_queue_push_tail_link(&in->exchanges, &made->in_capture);
    return made;
}

static const char *copy(exchange *of, const char *text)
{
    return arena_copy(&of->memory, text);
}

static void copy_fields(exchange *of, const char *to[HTTP_FIELDS], const http_header *header)
{
    for (unsigned i = 0; i < HTTP_FIELDS; i++)
        to[i] = copy(of, header->fields[i]);
}

/* ---- the response ---- */

void exchange_set_parties(exchange *of, const sighting *response)
{
    of->frame = response->frame;
    of->time = response->time;
    if (!of->client)
        of->client = copy(of, response->receiver);
    if (!of->server)
        of->server = copy(of, response->sender);
}

void exchange_set_response(exchange *of, const sighting *seen, const http_header *header)
{
    exchange_set_parties(of, seen);
    of->http_status = header->status;
    of->protocol = copy(of, header->protocol);
    of->reason = copy(of, header->reason);
    copy_fields(of, of->response_fields, header);
    of->content_length = header->content_length;
}

/* ---- the request ---- */

/* Servers of one capture that are known to speak WebDAV. */
#define WEBDAV_SERVERS 10000u

static bool only_webdav_knows(const exchange *of)
{
    static const http_field fields[] = {HTTP_DEPTH, HTTP_DESTINATION, HTTP_IF, HTTP_OVERWRITE,
                                        HTTP_LOCK_TOKEN};

    if (ms_method_has(ms_method_find(of->method), MS_METHOD_WEBDAV))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (of->request_fields[fields[i]])
            return true;
    }
    return false;
}

static bool speaks_webdav(const exchange_capture *in, const char *server)
{
    return server && g_hash_table_contains(in->webdav_servers, server);
}

static void note_webdav(exchange_capture *in, const char *server)
{
    if (server && !speaks_webdav(in, server) &&
        g_hash_table_size(in->webdav_servers) < WEBDAV_SERVERS)
        g_hash_table_add(in->webdav_servers, g_strdup(server));
}

/* A DELETE or PUT counts as WebDAV where the server has been sent WebDAV requests. */
static bool is_webdav(const exchange *of, const char *server)
{
    return only_webdav_knows(of) || (ms_method_has(ms_method_find(of->method), MS_METHOD_CHANGES) &&
                                     speaks_webdav(of->capture, server));
}

void exchange_set_request(exchange *of, const sighting *seen, const http_header *header)
{
    of->request_frame = seen->frame;
    of->request_time = seen->time;
    of->method = copy(of, header->method);
    of->uri = copy(of, header->uri);
    copy_fields(of, of->request_fields, header);
    of->webdav = is_webdav(of, seen->receiver);
    if (of->webdav) {
        note_webdav(of->capture, seen->receiver);
        of->client = copy(of, seen->sender);
        of->server = copy(of, seen->receiver);
    }
}

void exchange_adopt_request(exchange *of, exchange *other)
{
    exchange_forget_request(of);
    other->request_kept = true;
    of->request_frame = other->request_frame;
    of->request_time = other->request_time;
    of->method = other->method;
    of->uri = other->uri;
    of->webdav = other->webdav;
    of->report = other->report;
    of->unannounced = other->unannounced;
    memcpy(of->request_fields, other->request_fields, sizeof of->request_fields);
    of->request = other->request;
    of->asked = other->asked;
    of->request_borrowed = true;
    other->frame = of->frame;
    other->time = of->time;
    other->http_status = of->http_status;
}

static void free_request(exchange *of)
{
    if (of->request_borrowed)
        return;
    ms_request_free(of->request);
    ms_asked_free(of->asked);
}

static void clear_request(exchange *of)
{
    of->request = NULL;
    of->asked = NULL;
    of->request_borrowed = false;
    of->request_frame = 0;
    of->request_time = moment_unknown();
    of->method = of->uri = of->report = of->unannounced = NULL;
    of->webdav = false;
    memset(of->request_fields, 0, sizeof of->request_fields);
}

void exchange_forget_request(exchange *of)
{
    free_request(of);
    clear_request(of);
}

exchange exchange_unasked(const exchange *of, const char *why)
{
    exchange made = *of;

    clear_request(&made);
    made.request_unknown = why;
    made.blocking = NULL;
    made.past = NULL;
    return made;
}

void exchange_set_request_body(exchange *of, struct ms_request *request)
{
    of->request = request;
    if (g_strcmp0(of->method, "REPORT") == 0)
        of->report = copy(of, request->root);
}

bool exchange_keep_request(exchange *of, int64_t length)
{
    /* Names and hrefs take up to a few times as many bytes as in the body. */
    uint64_t cost = 4096 + 4 * (uint64_t)MAX(length, 0);

    if (!of->request_kept && cost <= KEPT_REQUESTS - of->capture->kept_requests) {
        of->capture->kept_requests += cost;
        of->request_kept = true;
    }
    return of->request_kept;
}

#define PATIENCE_SECONDS 60

bool exchange_may_wait(const exchange *of, moment now)
{
    return moment_is_known(of->request_time) &&
           moment_is_before(now, moment_later(of->request_time, PATIENCE_SECONDS));
}

/* ---- memory ---- */

static void give_back(exchange *of)
{
    if (of->unfinished)
        of->capture->forget(of);
    g_queue_unlink(&of->capture->exchanges, &of->in_capture);
    free_request(of);
    arena_clear(&of->memory);
    g_free(of);
}

void exchange_free(exchange *of)
{
    if (!of->request_kept)
        give_back(of);
}

void exchange_free_all(exchange_capture *in)
{
    while (in->exchanges.head)
        give_back(in->exchanges.head->data);
}

/* ---- judging ---- */

/* If-Match or another of its kind. */
static const char *match_field(const char *const *fields)
{
    static const http_field kind[] = {HTTP_IF_MATCH, HTTP_IF_NONE_MATCH, HTTP_IF_UNMODIFIED};
    const char *found = NULL;

    for (size_t i = 0; !found && i < G_N_ELEMENTS(kind); i++)
        found = fields[kind[i]];
    return found;
}

/* RFC 9113 section 8.3.2, RFC 9114 section 4.3.2. */
static bool has_no_reason(const exchange *of)
{
    return of->h2_stream >= 0 || of->h3_stream >= 0;
}

ms_context exchange_context(const exchange *of, const ms_limits *limits, bool values)
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
        .asked = of->asked,
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
        .reason_phrase = has_no_reason(of) ? "" : of->reason,
        .miscoded = of->miscoded,
        .unnamed = of->unnamed,
        .content_encoding = response[HTTP_CONTENT_ENCODING],
        .location = response[HTTP_LOCATION],
        .cache_control = response[HTTP_CACHE_CONTROL],
        .msdavext_error = response[HTTP_MSDAVEXT_ERROR],
        .preference_applied = response[HTTP_PREFERENCE_APPLIED],
        .limits = limits,
        .batches = of->capture ? of->capture->batches : MS_BATCHES_OFF,
        .amz_target = request[HTTP_AMZ_TARGET],
        .elastic_product = response[HTTP_ELASTIC_PRODUCT],
        .values = values,
    };
}

static bool is_read(const exchange *of)
{
    return ms_method_has(ms_method_find(of->method), MS_METHOD_READ);
}

static ms_context context_of_request(const exchange *of)
{
    return (ms_context){
        .method = of->method,
        .uri = of->uri,
        .content_type = of->request_fields[HTTP_CONTENT_TYPE],
        .amz_target = of->request_fields[HTTP_AMZ_TARGET],
        .batches = of->capture ? of->capture->batches : MS_BATCHES_OFF,
    };
}

size_t exchange_request_bytes(const exchange *of, size_t most)
{
    if (is_read(of))
        return most;
    const ms_context context = context_of_request(of);

    return MIN(most, ms_asked_bytes(&context));
}

void exchange_read_request(exchange *of, const void *bytes, size_t length)
{
    if (of->request || of->asked)
        return;
    if (is_read(of)) {
        exchange_set_request_body(
            of, ms_request_parse(bytes, length, of->request_fields[HTTP_CONTENT_TYPE]));
        return;
    }
    const ms_context context = context_of_request(of);

    of->asked = ms_asked_read(bytes, length, &context);
}

/* One byte more than the decoder reads: it says that its limit was reached. */
size_t exchange_most_bytes(const exchange_capture *in)
{
    return (size_t)in->limits->of[MS_MAX_BODY] + 1;
}
