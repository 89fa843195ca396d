/* har.c
 * Reading HAR files (HTTP Archive 1.2).
 *
 * The decoder's own reader finds the entries and what is wrong with the file; jansson reads them,
 * one at a time, so that memory does not grow with the number of values, and a damaged file gives
 * the entries before the damage.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "har.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>
#include <jansson.h>

#include "har_file.h"
#include "interrupt.h"
#include "json_tokens.h"
#include "limit_table.h"
#include "multistatus-tap.h"
#include "preferences.h"
#include "record_tap.h"
#include "request.h"
#include "rules.h"

/* Digits of a second: the times of HAR are milliseconds, some programs give more. */
#define DIGITS 6

#define NO_BODY_KEPT "the HAR file does not hold the body"

/* As much as is here of the beginning of a file, without moving in it. A pipe is not asked. */
static size_t read_beginning(const char *path, uint8_t *start, size_t length)
{
    bool is_stdin = strcmp(path, "-") == 0;
    struct stat status;
    int file = is_stdin                                    ? STDIN_FILENO
               : g_file_test(path, G_FILE_TEST_IS_REGULAR) ? open(path, O_RDONLY | O_CLOEXEC)
                                                           : -1;
    ssize_t got = -1;

    if (file >= 0 && fstat(file, &status) == 0 && S_ISREG(status.st_mode))
        got = pread(file, start, length, is_stdin ? lseek(file, 0, SEEK_CUR) : 0);
    if (file >= 0 && !is_stdin)
        close(file);
    return got > 0 ? (size_t)got : 0;
}

bool har_suits(const char *path)
{
    uint8_t start[HAR_BEGINNING];

    return har_begins(start, read_beginning(path, start, sizeof start));
}

#define LIKELY_WITHIN (64 * 1024)

bool har_is_likely(const char *path)
{
    g_autofree uint8_t *start = g_malloc(LIKELY_WITHIN);
    size_t length = read_beginning(path, start, LIKELY_WITHIN);
    bool likely = false;

    if (har_begins(start, length)) {
        har_text seen = har_text_of(start, length, LIKELY_WITHIN);

        likely = strstr(seen.text, "\"log\"") != NULL;
        har_text_clear(&seen);
    }
    return likely;
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

/* ------------------------------------------------------------------------------------ time ---- */

static bool set_started(moment *when, const char *text)
{
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    g_autoptr(GDateTime) started = text ? g_date_time_new_from_iso8601(text, utc) : NULL;

    if (!started)
        return false;
    when->seconds = g_date_time_to_unix(started);
    when->nanoseconds = g_date_time_get_microsecond(started) * 1000;
    return true;
}

/* An entry has the time of its beginning, and how long it took: the response is there at its end.
 */
static void set_times(exchange *of, const json_t *entry)
{
    const json_t *duration = json_object_get(entry, "time");
    double milliseconds = json_is_number(duration) ? json_number_value(duration) : -1;
    moment started;

    of->request_time = of->time = moment_unknown();
    if (!set_started(&started, text_of(entry, "startedDateTime")))
        return;
    of->time = started;
    if (!(milliseconds >= 0 && milliseconds < 1e12))
        return;
    of->request_time = started;
    int64_t microseconds = (int64_t)(milliseconds * 1000 + 0.5) + started.nanoseconds / 1000;

    of->time.seconds += microseconds / 1000000;
    of->time.nanoseconds = (int32_t)(microseconds % 1000000) * 1000;
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
    void *bytes; /* NULL if the file does not hold it */
    size_t length;
    bool is_text; /* the file has it as text: in UTF-8, whatever it was before */
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

/* A text was decoded when it was saved: what the header says of its encoding is not true any more.
 */
static char *type_of_text(const char *content_type)
{
    return g_strdup_printf("%.*s; charset=utf-8", (int)strcspn(content_type, ";"), content_type);
}

/* ---------------------------------------------------------------------------------- entries ----
 */

typedef struct {
    capture_receiver receiver;
    void *data;
    capture_record *summary;
    arena scope; /* of one entry */
    bool ended;
} reader;

static void fill_request(exchange *of, const json_t *request)
{
    const json_t *body = json_object_get(json_object_get(request, "postData"), "text");

    of->method = text_of(request, "method");
    if (!exchange_reads_request(of->method) || !json_is_string(body))
        return;
    of->request = ms_request_parse(json_string_value(body), json_string_length(body),
                                   of->request_fields[HTTP_CONTENT_TYPE]);
    if (g_strcmp0(of->method, "REPORT") == 0)
        of->report = of->request->root;
}

static void fill_response(exchange *of, const json_t *response)
{
    of->http_status = (int)json_integer_value(json_object_get(response, "status"));
    of->reason = text_of(response, "statusText");
    of->protocol = protocol_of(response);
    if (!of->response_fields[HTTP_CONTENT_TYPE])
        of->response_fields[HTTP_CONTENT_TYPE] =
            text_of(json_object_get(response, "content"), "mimeType");
    of->complete = of->delivered = true;
}

/* As in captures: a 207, or a body with one of the three roots. */
static bool is_multistatus(const exchange *of, const content *body, const ms_context *context)
{
    return of->http_status == 207 || (body->bytes && ms_sniff(body->bytes, body->length) &&
                                      ms_has_multistatus_root(body->bytes, body->length, context));
}

static void hand_out(reader *r, exchange *of, const content *body, const json_t *response)
{
    const char *type = of->response_fields[HTTP_CONTENT_TYPE];
    g_autofree char *utf8_type =
        type && body->is_text && strstr(type, "charset") ? type_of_text(type) : NULL;
    ms_context context = exchange_context(of, &preferences.limits, false);

    if (utf8_type)
        context.content_type = utf8_type;
    if (!is_multistatus(of, body, &context))
        return;
    const char *missing = body->length > 0 ? NULL : missing_reason(response);

    of->complete = g_strcmp0(missing, NO_BODY_KEPT) != 0;
    context.incomplete = !of->complete;
    multistatus_record tapped = {
        .exchange = of,
        .document = missing ? ms_undecoded(missing, &context)
                            : ms_decode(body->bytes, body->length, &context),
        .body_length = (uint32_t)body->length,
        .missing = of->complete ? NULL : missing,
    };
    exchange_record *record = exchange_record_new(&tapped, r->summary->capture, DIGITS);

    r->summary->exchanges++;
    r->ended = !r->receiver(r->data, record);
    exchange_record_unref(record);
    ms_document_free((ms_document *)tapped.document);
}

static void read_entry(reader *r, const json_t *entry, uint32_t number)
{
    const json_t *request = json_object_get(entry, "request");
    const json_t *response = json_object_get(entry, "response");
    const char *address = text_of(request, "url");
    http_header asked = header_of(&r->scope, request), answered = header_of(&r->scope, response);
    url at = read_url(address ? address : "");
    g_autofree char *server = server_of(entry, &at);
    exchange of = {.frame = number,
                   .request_frame = number,
                   .stream = -1,
                   .h2_stream = -1,
                   .tls = at.tls,
                   .uri = at.target,
                   .server = server};
    content body = content_of(response);

    memcpy(of.request_fields, asked.fields, sizeof of.request_fields);
    memcpy(of.response_fields, answered.fields, sizeof of.response_fields);
    if (!of.request_fields[HTTP_HOST])
        of.request_fields[HTTP_HOST] = at.authority;
    fill_request(&of, request);
    fill_response(&of, response);
    set_times(&of, entry);
    hand_out(r, &of, &body, response);
    g_free(body.bytes);
    ms_request_free(of.request);
    clear_url(&at);
    arena_clear(&r->scope);
}

/* ------------------------------------------------------------------------------------ files ----
 */

/* The value of a member, 0 (which is the root, never a member) if there is none. */
static uint32_t member(const ms_json *json, uint32_t object, const char *name)
{
    if (json->count == 0 || !ms_json_has_type(json, object, MS_JSON_OBJECT))
        return 0;
    for (uint32_t i = ms_json_first(object); i < json->tokens[object].end;
         i = json->tokens[i + 1].end) {
        if (ms_json_is(json, i, name, strlen(name)))
            return i + 1;
    }
    return 0;
}

static capture_result fail(capture_record *summary, capture_result result, char *error)
{
    if (summary->complete) /* the first thing that is wrong is what is told */
        summary->error = error;
    else
        g_free(error);
    summary->complete = false;
    return result;
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

/* An entry with half of a pair is read with U+FFFD there. */
static json_t *load_entry(const char *text, size_t length, bool *mended, json_error_t *error)
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

static capture_result read_entries(reader *r, const ms_json *json, uint32_t entries)
{
    capture_result result = CAPTURE_COMPLETE;

    for (uint32_t i = ms_json_first(entries);
         i < json->tokens[entries].end && !r->ended && interrupt_signal() == 0;
         i = json->tokens[i].end) {
        const ms_json_token *token = &json->tokens[i];
        json_error_t error;

        if (!token->complete)
            break;
        r->summary->frames++;
        uint64_t before = r->summary->exchanges;
        bool mended = false;
        json_t *entry = load_entry(json->text + token->offset, token->length, &mended, &error);

        if (entry)
            read_entry(r, entry, (uint32_t)r->summary->frames);
        if (mended && r->summary->exchanges > before)
            result = fail(
                r->summary, CAPTURE_CUT,
                g_strdup_printf("has half of a surrogate pair in a text of entry %" G_GUINT64_FORMAT
                                " at byte %u: U+FFFD stands in its place",
                                r->summary->frames, token->offset));
        if (!entry)
            result =
                fail(r->summary, CAPTURE_CUT,
                     g_strdup_printf("has an entry that cannot be read, number %" G_GUINT64_FORMAT
                                     " at byte %u: %s",
                                     r->summary->frames, token->offset, error.text));
        json_decref(entry);
    }
    if (r->ended || interrupt_signal() != 0)
        return fail(r->summary, CAPTURE_INTERRUPTED,
                    g_strdup("was not read to its end: interrupted"));
    return result;
}

/* "line 3, column 7" would be wrong for a file of one line: the byte is what an editor can go to.
 */
static capture_result check_syntax(capture_record *summary, const ms_json *json, size_t mark)
{
    if (json->limit)
        return fail(summary, CAPTURE_CUT,
                    g_strdup_printf("is a HAR file that goes beyond a limit (%s) at byte %zu",
                                    json->limit->what, json->limit_at + mark));
    if (json->cut)
        return fail(
            summary, CAPTURE_CUT,
            g_strdup_printf("is a HAR file that is cut short at byte %zu", json->error_at + mark));
    if (json->error)
        return fail(summary, CAPTURE_CUT,
                    g_strdup_printf("is a HAR file that is damaged at byte %zu: %s",
                                    json->error_at + mark, json->error));
    return CAPTURE_COMPLETE;
}

/* Offsets are those of the file, unless it was compressed or is in UTF-16. */
static capture_result read_text(reader *r, const har_text *from, bool filtered)
{
    ms_limits limits = ms_limits_in_force(&preferences.limits);
    ms_json json;

    ms_json_read(&json, from->text, from->length, &limits);
    uint32_t log = member(&json, 0, "log");
    uint32_t entries = log ? member(&json, log, "entries") : 0;
    bool has_entries = entries && ms_json_has_type(&json, entries, MS_JSON_ARRAY);
    capture_result result = CAPTURE_COMPLETE;

    if (filtered && has_entries)
        result = fail(r->summary, CAPTURE_FAILED,
                      g_strdup("is a HAR file, which has no packets for a display filter"));
    else if (has_entries)
        result = read_entries(r, &json, entries);
    else if (!log || (!json.error && !json.limit))
        result = fail(r->summary, CAPTURE_FOREIGN,
                      g_strdup("is JSON, but neither a capture nor a HAR file"));
    if (result == CAPTURE_COMPLETE && from->wrong)
        result = fail(r->summary, CAPTURE_CUT, g_strdup(from->wrong));
    capture_result syntax =
        result == CAPTURE_COMPLETE ? check_syntax(r->summary, &json, from->mark) : result;

    ms_json_clear(&json);
    return syntax;
}

capture_result har_read_bytes(const uint8_t *bytes, size_t length, bool filtered,
                              capture_receiver receiver, void *data, capture_record *summary)
{
    reader r = {receiver, data, summary, {0}, false};
    har_text text = har_text_of(bytes, length, HAR_LIMIT);

    g_clear_pointer((char **)&summary->error, g_free);
    summary->complete = true;
    summary->frames = 0;
    capture_result result = read_text(&r, &text, filtered);

    har_text_clear(&text);
    return result;
}

typedef enum { FILE_READ, FILE_LARGE, FILE_FAILED } file_result;

static file_result read_file(const char *path, GByteArray *to)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int file = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    uint8_t block[64 * 1024];
    ssize_t got = file < 0 ? -1 : 1;

    while (got > 0 && to->len <= HAR_LIMIT && interrupt_signal() == 0) {
        got = read(file, block, sizeof block);
        if (got > 0)
            g_byte_array_append(to, block, (guint)got);
    }
    int err = errno;

    if (file >= 0 && !is_stdin)
        close(file);
    errno = err;
    if (to->len > HAR_LIMIT)
        return FILE_LARGE;
    return got < 0 && interrupt_signal() == 0 ? FILE_FAILED : FILE_READ;
}

capture_result har_read(const char *path, bool filtered, capture_receiver receiver, void *data,
                        capture_record *summary)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    switch (read_file(path, bytes)) {
    case FILE_LARGE:
        return fail(summary, CAPTURE_FAILED,
                    g_strdup_printf("is JSON of more than %llu MiB, the limit of HAR files",
                                    HAR_LIMIT / (1024 * 1024)));
    case FILE_FAILED:
        return fail(summary, CAPTURE_FAILED,
                    g_strdup_printf("could not be read: %s", g_strerror(errno)));
    case FILE_READ:
        break;
    }
    return har_read_bytes(bytes->data, bytes->len, filtered, receiver, data, summary);
}
