/* har_session.c
 * The exchanges of a HAR file.
 *
 * They are read in the order of time, one at a time, so that the history of a session is built as
 * for a capture and memory does not grow with the number of values.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "har_session.h"

#include <string.h>

#include <jansson.h>

#include "har_order.h"
#include "history.h"
#include "interrupt.h"
#include "record_tap.h"
#include "request.h"
#include "rules.h"
#include "sides.h"

/* Digits of a second: HAR times are in milliseconds; some programs give more digits. */
#define DIGITS 6

#define NO_BODY_KEPT "the HAR file does not hold the body"

capture_result har_fail(capture_record *summary, capture_result result, char *error)
{
    if (summary->complete) /* the first thing that is wrong is what is reported */
        summary->error = error;
    else
        g_free(error);
    summary->complete = false;
    return result;
}

/* ---------------------------------------------------------------------------------- values ---- */

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* "http/2.0", "h2" and "HTTP/2" are one protocol. NULL for none. */
static const char *protocol_of(const json_t *message)
{
    static const struct {
        const char *written, *protocol;
    } protocols[] = {
        {"http/1.0", "HTTP/1.0"}, {"http/1.1", "HTTP/1.1"}, {"http/2.0", "HTTP/2"},
        {"http/2", "HTTP/2"},     {"h2", "HTTP/2"},         {"h2c", "HTTP/2"},
        {"http/3.0", "HTTP/3"},   {"http/3", "HTTP/3"},     {"h3", "HTTP/3"},
    };
    const char *version = text_of(message, "httpVersion");

    for (size_t i = 0; version && i < G_N_ELEMENTS(protocols); i++) {
        if (g_ascii_strcasecmp(version, protocols[i].written) == 0)
            return protocols[i].protocol;
    }
    return NULL;
}

static http_slice slice_of(const char *text)
{
    return (http_slice){text, text + strlen(text)};
}

static http_header header_of(arena *scope, const json_t *message)
{
    http_header header = http_header_new();
    size_t index;
    json_t *field;

    json_array_foreach(json_object_get(message, "headers"), index, field)
    {
        const char *name = text_of(field, "name"), *value = text_of(field, "value");

        if (name && value)
            http_header_set(scope, &header, slice_of(name), slice_of(value));
    }
    return header;
}

/* --------------------------------------------------------------------------------- address ---- */

typedef struct {
    bool tls;
    char *authority; /* without user information */
    char *target;    /* path and query, as a request line has them */
} url;

static void clear_url(url *of)
{
    g_free(of->authority);
    g_free(of->target);
}

static url read_url(const char *text)
{
    const char *colon = strstr(text, "://");
    url made = {.tls = g_ascii_strncasecmp(text, "https:", 6) == 0};

    if (!colon) {
        made.target = g_strdup(text);
        return made;
    }
    const char *from = colon + 3;
    size_t length = strcspn(from, "/?#");
    const char *rest = from + length;
    const char *user = memchr(from, '@', length);

    if (user)
        from = user + 1;
    made.authority = g_strndup(from, (gsize)(rest - from));
    made.target = g_strdup_printf("%s%.*s", *rest == '/' ? "" : "/", (int)strcspn(rest, "#"), rest);
    return made;
}

/* "192.0.2.1:443": the address that the program noted, the port of the URL. */
static char *server_of(const json_t *entry, const url *of)
{
    const char *address = text_of(entry, "serverIPAddress");

    if (!address || !*address)
        return NULL;
    const char *port = of->authority ? strrchr(of->authority, ':') : NULL;
    bool has_port = port && !strchr(port, ']');
    bool bare = strchr(address, ':') && *address != '[';

    return g_strdup_printf("%s%s%s:%s", bare ? "[" : "", address, bare ? "]" : "",
                           has_port  ? port + 1
                           : of->tls ? "443"
                                     : "80");
}

/* ------------------------------------------------------------------------------------ body ---- */

typedef struct {
    void *bytes; /* NULL if the file does not have it */
    size_t length;
    bool is_text; /* the file has it as text: in UTF-8, whatever it was originally */
} content;

static content content_of(const json_t *response)
{
    const json_t *kept = json_object_get(response, "content");
    const json_t *text = json_object_get(kept, "text");
    const char *coding = text_of(kept, "encoding");
    content body = {0};

    if (!json_is_string(text))
        return body;
    body.is_text = !coding || g_ascii_strcasecmp(coding, "base64") != 0;
    if (body.is_text) {
        body.length = json_string_length(text);
        body.bytes = g_memdup2(json_string_value(text), body.length);
    } else {
        body.bytes = g_base64_decode(json_string_value(text), &body.length);
    }
    return body;
}

static const char *missing_reason(const json_t *response)
{
    const json_t *size = json_object_get(json_object_get(response, "content"), "size");

    return json_is_number(size) && json_number_value(size) > 0 ? NO_BODY_KEPT : MS_REASON_NO_BODY;
}

/* A text was decoded when it was saved: what the header says about its encoding no longer holds.
 */
static char *type_of_text(const char *content_type)
{
    return g_strdup_printf("%.*s; charset=utf-8", (int)strcspn(content_type, ";"), content_type);
}

/* --------------------------------------------------------------------------------- history ----
 */

/* Requests that wait for their answer while others come. With more than that, what was known when a
 * request was sent is no longer distinguished from what was known when its answer came. */
#define MOST_WAITING 4096

/* What is known about an entry so far. */
typedef struct {
    exchange *exchange;      /* the request was sent; NULL before and afterwards */
    exchange_record *record; /* waits for those of earlier entries; or NULL */
    bool done;
} progress;

typedef struct {
    capture_receiver receiver;
    void *data;
    capture_record *summary;
    const ms_json *json;
    const ms_limits *limits;   /* of the decoder */
    GArray *entries;           /* of har_entry */
    progress *progress;        /* of each */
    uint32_t next;             /* the first that is not done */
    unsigned waiting;          /* requests */
    exchange_capture *capture; /* the history of the file */
    bool ended;
} reader;

static const har_entry *entry_of(const reader *r, uint32_t index)
{
    return &g_array_index(r->entries, har_entry, index);
}

/* Not every entry has an address, but all have a URL: in the history of a session, a server is the
 * origin that the client meant. */
static const char *origin_of(bool tls)
{
    return tls ? "https" : "http";
}

/* ----------------------------------------------------------------------------------- requests ----
 */

static void read_request_body(exchange *of, const json_t *body)
{
    if (exchange_reads_request(of->method) && json_is_string(body))
        exchange_set_request_body(of, ms_request_parse(json_string_value(body),
                                                       json_string_length(body),
                                                       of->request_fields[HTTP_CONTENT_TYPE]));
}

static exchange *read_request(reader *r, const json_t *request, uint32_t index)
{
    const json_t *body = json_object_get(json_object_get(request, "postData"), "text");
    const char *address = text_of(request, "url");
    arena scratch = {0};
    http_header header = header_of(&scratch, request);
    url at = read_url(address ? address : "");
    sighting seen = {.frame = index + 1,
                     .time = entry_of(r, index)->sent,
                     .receiver = origin_of(at.tls),
                     .tls = at.tls,
                     .stream = -1};
    exchange *made = exchange_new(r->capture, &seen);

    header.method = text_of(request, "method");
    header.uri = at.target;
    if (!header.fields[HTTP_HOST])
        header.fields[HTTP_HOST] = at.authority;
    exchange_set_request(made, &seen, &header);
    read_request_body(made, body);
    if (made->webdav)
        made->unannounced =
            sides_unannounced(made, header.content_length > 0 || json_string_length(body) > 0);
    clear_url(&at);
    arena_clear(&scratch);
    return made;
}

static bool read_escape(const char *at, const char *end, uint32_t *unit)
{
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
        return false;
    *unit = 0;
    for (int i = 2; i < 6; i++) {
        if (!g_ascii_isxdigit(at[i]))
            return false;
        *unit = *unit << 4 | (uint32_t)g_ascii_xdigit_value(at[i]);
    }
    return true;
}

/* Programs that cut texts by UTF-16 units leave half a surrogate pair (RFC 8259 section 8.2). */
static bool mend_escapes(GString *text)
{
    bool mended = false;
    char *at = text->str, *end = text->str + text->len;
    uint32_t unit, low;

    while (at < end) {
        if (*at != '\\') {
            at++;
        } else if (!read_escape(at, end, &unit)) {
            at += 2;
        } else if (unit < 0xD800 || unit >= 0xE000) {
            at += 6;
        } else if (unit < 0xDC00 && read_escape(at + 6, end, &low) && low >= 0xDC00 &&
                   low < 0xE000) {
            at += 12;
        } else {
            memcpy(at, "\\uFFFD", 6);
            mended = true;
            at += 6;
        }
    }
    return mended;
}

/* In an entry with half a pair, U+FFFD takes its place. */
static json_t *load_text(const char *text, size_t length, bool *mended, json_error_t *error)
{
    const size_t flags = JSON_ALLOW_NUL | JSON_DECODE_ANY;
    json_t *entry = json_loadb(text, length, flags, error);

    if (entry)
        return entry;
    g_autoptr(GString) copy = g_string_new_len(text, (gssize)length);

    *mended = mend_escapes(copy);
    if (!*mended)
        return NULL;
    return json_loadb(copy->str, copy->len, flags, error);
}

static json_t *load(const reader *r, uint32_t token, bool *mended, json_error_t *error)
{
    const ms_json_token *at = &r->json->tokens[token];

    return load_text(r->json->text + at->offset, at->length, mended, error);
}

/* What is wrong with it is reported when the answer is read. */
static void request_sent(reader *r, uint32_t index)
{
    uint32_t token = har_member(r->json, entry_of(r, index)->token, "request");
    json_error_t error;
    bool mended;
    json_t *request = token && r->waiting < MOST_WAITING ? load(r, token, &mended, &error) : NULL;

    if (!request)
        return;
    r->progress[index].exchange = read_request(r, request, index);
    r->waiting++;
    json_decref(request);
}

/* ------------------------------------------------------------------------------------ answers ----
 */

static void read_response(exchange *of, const json_t *response, const content *body, moment time,
                          uint32_t number)
{
    arena scratch = {0};
    http_header header = header_of(&scratch, response);
    const char **type = &header.fields[HTTP_CONTENT_TYPE];
    sighting seen = {.frame = number, .time = time, .sender = origin_of(of->tls), .stream = -1};

    header.status = (int)json_integer_value(json_object_get(response, "status"));
    header.reason = text_of(response, "statusText");
    header.protocol = protocol_of(response);
    if (!*type)
        *type = text_of(json_object_get(response, "content"), "mimeType");
    g_autofree char *utf8_type =
        *type && body->is_text && strstr(*type, "charset") ? type_of_text(*type) : NULL;

    if (utf8_type)
        *type = utf8_type;
    exchange_set_response(of, &seen, &header);
    of->complete = of->delivered = true;
    arena_clear(&scratch);
}

/* As in captures: a 207, a body with one of the three roots, or a batch. */
static bool is_multistatus(const exchange *of, const content *body, const ms_context *context)
{
    return of->http_status == 207 ||
           (body->bytes && ms_is_ours(body->bytes, body->length, context, true));
}

/* Its record; NULL if it is no Multi-Status. */
static exchange_record *judge(const reader *r, exchange *of, const content *body,
                              const json_t *entry)
{
    const json_t *response = json_object_get(entry, "response");
    ms_context context = exchange_context(of, r->limits, history_wants_values(of));

    if (!is_multistatus(of, body, &context))
        return NULL;
    const char *missing = body->length > 0 ? NULL : missing_reason(response);

    of->complete = g_strcmp0(missing, NO_BODY_KEPT) != 0;
    context.incomplete = !of->complete;
    ms_document *document =
        missing ? ms_undecoded(missing, &context) : ms_decode(body->bytes, body->length, &context);

    history_judge(of, document);
    history_add_findings(of, document);
    const char *address = text_of(json_object_get(entry, "request"), "url");
    url at = read_url(address ? address : "");
    g_autofree char *server = server_of(entry, &at);
    const char *origin = of->server;
    multistatus_record tapped = {.exchange = of,
                                 .document = document,
                                 .body_length = (uint32_t)body->length,
                                 .missing = of->complete ? NULL : missing};

    of->server = server;
    exchange_record *record = exchange_record_new(&tapped, r->summary->capture, DIGITS);

    of->server = origin;
    ms_document_free(document);
    clear_url(&at);
    return record;
}

static void read_entry(reader *r, const json_t *entry, uint32_t index)
{
    progress *known = &r->progress[index];
    exchange *of = known->exchange ? known->exchange
                                   : read_request(r, json_object_get(entry, "request"), index);
    const json_t *response = json_object_get(entry, "response");
    content body = content_of(response);

    read_response(of, response, &body, entry_of(r, index)->answered, index + 1);
    known->record = judge(r, of, &body, entry);
    history_answered(of, body.bytes, body.length);
    g_free(body.bytes);
    r->waiting -= known->exchange != NULL;
    known->exchange = NULL;
    exchange_free(of);
}

/* Records come in the order of the entries. */
static void hand_out(reader *r)
{
    while (!r->ended && r->next < r->entries->len && r->progress[r->next].done) {
        exchange_record *record = r->progress[r->next++].record;

        r->summary->frames++;
        if (!record)
            continue;
        r->progress[r->next - 1].record = NULL;
        r->summary->exchanges++;
        r->ended = !r->receiver(r->data, record);
        exchange_record_unref(record);
    }
}

/* ------------------------------------------------------------------------------------- events ----
 */

/* What is wrong with it, NULL if nothing is. */
static char *answer_came(reader *r, uint32_t index)
{
    uint32_t token = entry_of(r, index)->token, offset = r->json->tokens[token].offset;
    progress *known = &r->progress[index];
    bool mended = false;
    json_error_t error;
    json_t *entry = load(r, token, &mended, &error);

    known->done = true;
    if (!entry)
        return g_strdup_printf("has an entry that cannot be read, number %u at byte %u: %s",
                               index + 1, offset, error.text);
    read_entry(r, entry, index);
    json_decref(entry);
    return mended && known->record
               ? g_strdup_printf("has half of a surrogate pair in a text of entry %u at byte %u: "
                                 "U+FFFD stands in its place",
                                 index + 1, offset)
               : NULL;
}

static capture_result read_events(reader *r, const GArray *events)
{
    capture_result result = CAPTURE_COMPLETE;

    for (uint32_t i = 0; i < events->len && !r->ended && interrupt_signal() == 0; i++) {
        const har_event *event = &g_array_index(events, har_event, i);
        bool answered_next = i + 1 < events->len && event[1].entry == event->entry;
        char *wrong = event->answer ? answer_came(r, event->entry) : NULL;

        if (wrong)
            result = har_fail(r->summary, CAPTURE_CUT, wrong);
        if (!event->answer && !answered_next)
            request_sent(r, event->entry);
        hand_out(r);
    }
    if (r->ended || interrupt_signal() != 0)
        return har_fail(r->summary, CAPTURE_INTERRUPTED,
                        g_strdup("was not read to its end: interrupted"));
    return result;
}

capture_result har_session_read(const ms_json *json, uint32_t array, const ms_limits *limits,
                                ms_batch_mode batches, capture_receiver receiver, void *data,
                                capture_record *summary)
{
    GArray *entries = har_entries(json, array), *events = har_events(entries);
    reader r = {.receiver = receiver,
                .data = data,
                .summary = summary,
                .json = json,
                .limits = limits,
                .entries = entries,
                .progress = g_new0(progress, entries->len),
                .capture = history_begin()};
    r.capture->batches = batches;
    capture_result result = read_events(&r, events);

    for (uint32_t i = r.next; i < entries->len; i++)
        exchange_record_unref(r.progress[i].record);
    history_end(r.capture);
    g_free(r.progress);
    g_array_unref(events);
    g_array_unref(entries);
    return result;
}
