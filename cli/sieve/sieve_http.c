/* sieve_http.c
 * Judging what follows "HTTP/" in a TCP connection.
 *
 * RFC 9112 sections 2 to 7. When in doubt, the answer is to keep.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _GNU_SOURCE /* memmem() */

#include "sieve_http.h"

#include <string.h>

#include <glib.h>
#include <zlib.h>

#include "lines.h"
#include "methods.h"
#include "multistatus.h"

static const char mark[] = "HTTP/";
#define MARK ((size_t)5)

/* -------------------------------------------------------------------------------- looking ---- */

/* Bytes that are looked at together. */
#define BLOCK 64

/* Where the compiler can make several versions of a function and choose at run time. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && defined(__gnu_linux__) &&   \
    !defined(__SANITIZE_ADDRESS__)
#define VECTORS __attribute__((target_clones("avx2", "default"), optimize("O3")))
#else
#define VECTORS
#endif

/* Is "P/" anywhere in a block? Written so that a compiler makes vector instructions of it. */
VECTORS static size_t skip_blocks(const uint8_t *bytes, size_t length)
{
    size_t at = 0;

    for (; at + BLOCK + 1 <= length; at += BLOCK) {
        const uint8_t *block = bytes + at;
        uint8_t found = 0;

        for (size_t i = 0; i < BLOCK; i++)
            found |= (uint8_t)((block[i] == 'P') & (block[i + 1] == '/'));
        if (found)
            break;
    }
    return at;
}

static const uint8_t *find_in_block(const uint8_t *bytes, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (bytes[i] == 'P' && bytes[i + 1] == '/' && i >= 3 && memcmp(bytes + i - 3, mark, 3) == 0)
            return bytes + i - 3;
    }
    return NULL;
}

const uint8_t *sieve_http_find(const uint8_t *bytes, size_t length)
{
    size_t at = 0;

    while (at + 2 <= length) {
        at += skip_blocks(bytes + at, length - at);
        size_t end = MIN(at + BLOCK, length - 1);
        const uint8_t *found = find_in_block(bytes, at, end);

        if (found)
            return found;
        at = end;
        if (end == length - 1)
            break;
    }
    return NULL;
}

bool sieve_http_begins_unmarked(const uint8_t *bytes, size_t length)
{
    static const char mandatory[] = "M-", shoutcast[] = "ICY";
    size_t at = length >= 2 && memcmp(bytes, mandatory, 2) == 0 ? 2 : 0;

    return length >= at + 3 && memcmp(bytes + at, shoutcast, 3) == 0;
}

/* One to three bytes that stand in "HTTP/". */
static bool is_part(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; length > 0 && i + length <= MARK; i++) {
        if (memcmp(mark + i, bytes, length) == 0)
            return true;
    }
    return false;
}

bool sieve_http_begins_split(const uint8_t *bytes, size_t length)
{
    if (length < 4)
        return is_part(bytes, length);
    return memcmp(bytes, "TTP/", 4) == 0 || memcmp(bytes, "TP/", 3) == 0;
}

bool sieve_http_ends_split(const uint8_t *bytes, size_t length)
{
    if (length < 4)
        return is_part(bytes, length);
    return memcmp(bytes + length - 4, "HTTP", 4) == 0 || memcmp(bytes + length - 3, "HTT", 3) == 0;
}

bool sieve_tail_add(sieve_tail *tail, const uint8_t *bytes, size_t length)
{
    uint8_t seam[2 * sizeof tail->bytes];
    size_t added = MIN(length, sizeof tail->bytes), n = tail->length + added;

    memcpy(seam, tail->bytes, tail->length);
    memcpy(seam + tail->length, bytes, added);
    bool completes = memmem(seam, n, mark, MARK) != NULL;

    if (length >= sizeof tail->bytes) {
        memcpy(tail->bytes, bytes + length - sizeof tail->bytes, sizeof tail->bytes);
        tail->length = sizeof tail->bytes;
    } else {
        tail->length = (uint8_t)MIN(n, sizeof tail->bytes);
        memcpy(tail->bytes, seam + n - tail->length, tail->length);
    }
    return completes;
}

/* ------------------------------------------------------------------------------- requests ---- */

/* Header fields with which a request is one of WebDAV to exchange/history/exchange.c, whatever its
 * method.
 */
static const char *const kept_request_fields[] = {"depth", "destination", "if", "overwrite",
                                                  "lock-token"};

/* Methods of which nothing is learned that judges another exchange (GET, HEAD, POST, ...). All
 * others are kept: LOCK and UNLOCK tell who holds a lock, OPTIONS what a server can do, PUT, DELETE
 * and all of WebDAV what the two sides are (exchange/history/history.c). What is cut off at its
 * beginning looks like an unknown method. That a POST or PATCH changes something is another matter:
 * sieve_http_may_change().
 *
 * Whoever lets the dissector learn something from one exchange for another: see to it that its
 * request has a method with one of these traits, or one of the fields above, or that its response
 * has one of kept_fields. */
static bool is_idle_method(const uint8_t *line, const uint8_t *end)
{
    const char *text = (const char *)line;
    const uint8_t *blank = memchr(line, ' ', (size_t)(end - line));
    const ms_method *method = ms_method_find_bytes(text, blank ? (size_t)(blank - line) : 0);

    /* A tunnel for TLS, which is closed; one to another port may be anything. */
    if (ms_method_has(method, MS_METHOD_TUNNELS))
        return g_strstr_len(text, end - line, ":443 ") != NULL;
    return method->name && !ms_method_has(method, MS_METHOD_WEBDAV | MS_METHOD_TELLS);
}

/* Does the target of a request, which ends at `end`, tell a batch? */
static bool asks_for_batch(const uint8_t *line, const uint8_t *end)
{
    const uint8_t *blank = memchr(line, ' ', (size_t)(end - line));

    if (!blank)
        return false;
    while (end > blank + 1 && end[-1] == ' ')
        end--;
    return ms_batch_is_path((const char *)blank + 1, (size_t)(end - blank) - 1);
}

static const uint8_t *line_before(const uint8_t *start, const uint8_t *at)
{
    while (at > start && at[-1] != '\n')
        at--;
    return at;
}

bool sieve_http_may_change(const uint8_t *start, const uint8_t *at)
{
    const uint8_t *line = line_before(start, at);
    const uint8_t *blank = memchr(line, ' ', (size_t)(at - line));
    const ms_method *method =
        ms_method_find_bytes((const char *)line, blank ? (size_t)(blank - line) : 0);

    return method->name && !ms_method_has(method, MS_METHOD_SAFE);
}

static sieve_answer judge_request(const uint8_t *start, const uint8_t *at)
{
    const uint8_t *line = line_before(start, at);

    return is_idle_method(line, at) && !asks_for_batch(line, at) ? SIEVE_MORE : SIEVE_KEEP;
}

/* ------------------------------------------------------------------------------ responses ---- */

/* A header block that is longer is not waited for. */
#define MOST_HEADER 16384

/* ms_sniff() looks at this much of a body at most; more of the raw bytes is not collected. */
#define BODY_WINDOW MS_SNIFF_WINDOW
#define MOST_RAW (MOST_HEADER + 4 * (size_t)BODY_WINDOW)

/* Header fields whose presence alone keeps a connection: facts about the server, or about locks,
 * that judge other exchanges. */
static const char *const kept_fields[] = {"dav", "ms-author-via", "lock-token"};

typedef enum { CODING_NONE, CODING_GZIP, CODING_OTHER } body_coding;

typedef struct {
    bool request;
    int status; /* 0 if there is none */
    bool kept;
    bool chunked;
    bool has_coding, has_length;
    body_coding coding;
    uint64_t length;
    /* What tells a batch, as far as it fits. */
    char type[80], product[32];
} message_header;

typedef http_slice text;

static void take_coding(message_header *header, text value)
{
    header->kept = header->kept || header->has_coding;
    header->has_coding = true;
    if (http_slice_is(value, "gzip") || http_slice_is(value, "x-gzip") ||
        http_slice_is(value, "deflate"))
        header->coding = CODING_GZIP;
    else if (!http_slice_is(value, "identity") && !http_slice_is(value, ""))
        header->coding = CODING_OTHER;
}

static void take_transfer(message_header *header, text value)
{
    header->kept = header->kept || header->chunked || !http_slice_is(value, "chunked");
    header->chunked = true;
}

static void take_length(message_header *header, text value)
{
    header->kept = header->kept || header->has_length || value.at == value.end;
    header->has_length = true;
    for (const char *at = value.at; at < value.end; at++) {
        if (!g_ascii_isdigit(*at) || header->length > UINT32_MAX) {
            header->kept = true;
            break;
        }
        header->length = header->length * 10 + (uint64_t)(*at - '0');
    }
}

static void keep_text(char *to, size_t size, text value)
{
    size_t length = MIN(size - 1, (size_t)(value.end - value.at));

    memcpy(to, value.at, length);
    to[length] = '\0';
}

/* The parts of a multipart body have headers of their own, with codings of their own. */
static void take_type(message_header *header, text value)
{
    header->kept = header->kept || http_slice_begins(value, "multipart/");
    keep_text(header->type, sizeof header->type, value);
}

static void take_product(message_header *header, text value)
{
    keep_text(header->product, sizeof header->product, value);
}

/* The first ones say where a body ends, that of a request, too. */
#define LENGTH_FIELDS ((size_t)3)

static const struct {
    const char *name;
    void (*take)(message_header *header, text value);
} read_fields[] = {
    {"content-encoding", take_coding},   {"transfer-encoding", take_transfer},
    {"content-length", take_length},     {"content-type", take_type},
    {"x-elastic-product", take_product},
};

static bool is_one_of(text name, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (http_slice_is(name, words[i]))
            return true;
    }
    return false;
}

static void take_field(message_header *header, text line)
{
    text name, value;

    if (line.at < line.end && (*line.at == ' ' || *line.at == '\t'))
        header->kept = true; /* a folded line: it belongs to the one before */
    if (!http_field_line(line, &name, &value))
        return;
    name = http_trim(name); /* a server may put a blank before the colon that is not allowed */
    header->kept =
        header->kept ||
        (header->request ? is_one_of(name, kept_request_fields, G_N_ELEMENTS(kept_request_fields))
                         : is_one_of(name, kept_fields, G_N_ELEMENTS(kept_fields)));
    if (header->request && http_slice_is(name, "x-amz-target"))
        header->kept = header->kept || ms_batch_is_target(value.at, (size_t)(value.end - value.at));
    if (header->request && http_slice_is(name, "content-type"))
        keep_text(header->type, sizeof header->type, value);
    for (size_t i = 0; i < (header->request ? LENGTH_FIELDS : G_N_ELEMENTS(read_fields)); i++) {
        if (http_slice_is(name, read_fields[i].name))
            read_fields[i].take(header, value);
    }
}

typedef enum { LINE_OTHER, LINE_SHORT, LINE_REQUEST, LINE_RESPONSE, LINE_STRANGE } line_kind;

/* The status code, of which at least the first digit should be one. */
static line_kind read_status(text rest, int *status)
{
    while (rest.at < rest.end && (*rest.at == ' ' || *rest.at == '\t'))
        rest.at++;
    if (rest.end - rest.at < 3)
        return LINE_SHORT;
    if (!g_ascii_isdigit(rest.at[0]))
        return LINE_OTHER;
    if (!g_ascii_isdigit(rest.at[1]) || !g_ascii_isdigit(rest.at[2]))
        return LINE_STRANGE;
    *status = (rest.at[0] - '0') * 100 + (rest.at[1] - '0') * 10 + (rest.at[2] - '0');
    return LINE_RESPONSE;
}

/* What the bytes from "HTTP/" on are. */
static line_kind read_start(text rest, int *status)
{
    const char *at = rest.at + MARK;

    while (at < rest.end && *at != ' ' && *at != '\t' && *at != '\r' && *at != '\n')
        at++;
    if (at == rest.end)
        return LINE_SHORT;
    if (*at == '\n')
        return LINE_REQUEST;
    if (*at != '\r')
        return read_status((text){at, rest.end}, status);
    if (at + 1 == rest.end)
        return LINE_SHORT;
    return at[1] == '\n' ? LINE_REQUEST : LINE_STRANGE;
}

/* True when the whole header is here; *rest is the body then. */
static bool read_header(text *rest, message_header *header)
{
    text line;

    if (!http_next_line(rest, &line))
        return false;
    while (http_next_line(rest, &line)) {
        if (line.at == line.end)
            return true;
        take_field(header, line);
    }
    return false;
}

/* ----------------------------------------------------------------------------------- bodies ----
 */

/* As much of a body as is here and as ms_sniff() wants. */
typedef struct {
    uint8_t bytes[BODY_WINDOW];
    size_t length;
    bool ended;
    bool broken; /* not to be read like this: Wireshark may know better */
} window;

static void append(window *to, const uint8_t *bytes, size_t length)
{
    size_t taken = MIN(length, sizeof to->bytes - to->length);

    memcpy(to->bytes + to->length, bytes, taken);
    to->length += taken;
}

/* RFC 9112 section 7.1: the chunks of a body into one piece. */
static void join_chunks(window *to, text from, bool ended)
{
    text line;

    to->ended = ended;
    while (http_next_line(&from, &line)) {
        char *end = NULL;
        guint64 size = g_ascii_strtoull(line.at, &end, 16);

        if (end == line.at || end > line.end || size > G_MAXINT32) {
            to->broken = true;
            return;
        }
        if (size == 0) {
            to->ended = true;
            return;
        }
        size_t here = MIN((size_t)size, (size_t)(from.end - from.at));

        append(to, (const uint8_t *)from.at, here);
        if (here < size || from.end - from.at < (ptrdiff_t)size + 2)
            return;
        from.at += size + 2; /* a line end */
    }
}

static void inflate_window(window *to, const window *from)
{
    z_stream stream = {.next_in = (Bytef *)from->bytes,
                       .avail_in = (uInt)from->length,
                       .next_out = to->bytes,
                       .avail_out = sizeof to->bytes};

    if (inflateInit2(&stream, MAX_WBITS + 32 /* gzip or zlib */) != Z_OK) {
        to->broken = true;
        return;
    }
    int result = inflate(&stream, Z_SYNC_FLUSH);

    to->length = sizeof to->bytes - stream.avail_out;
    to->ended = result == Z_STREAM_END || from->ended;
    to->broken = result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR;
    inflateEnd(&stream);
}

/* Whatever is looked for: what is kept in vain is read, and found to be nothing. */
static sieve_answer judge_window(const window *body, const message_header *header)
{
    const ms_context context = {
        .batches = MS_BATCHES_ALL,
        .http_status = header->status,
        .content_type = header->type,
        .elastic_product = header->product,
    };

    if (body->broken)
        return SIEVE_KEEP;
    if (body->length < sizeof body->bytes && !body->ended)
        return SIEVE_MORE;
    return ms_may_be_ours(body->bytes, body->length, &context, true) ? SIEVE_KEEP : SIEVE_NOTHING;
}

static void read_window(window *plain, const message_header *header, text rest, bool ended)
{
    window raw = {.length = 0};
    size_t length = (size_t)(rest.end - rest.at);

    if (header->chunked) {
        join_chunks(&raw, rest, ended);
    } else {
        append(&raw, (const uint8_t *)rest.at,
               header->has_length ? MIN(length, (size_t)header->length) : length);
        raw.ended = ended || (header->has_length && length >= header->length);
    }
    *plain = raw;
    if (header->coding == CODING_NONE || raw.broken)
        return;
    *plain = (window){.length = 0};
    inflate_window(plain, &raw);
}

static sieve_answer judge_body(const message_header *header, text rest, bool ended)
{
    window body;

    read_window(&body, header, rest, ended);
    return judge_window(&body, header);
}

/* Where the path does not tell a request of GraphQL or JSON-RPC, its body does. */
static sieve_answer judge_asked(const message_header *header, text rest, bool ended)
{
    window body;

    if (!ms_json_is_type(header->type) || !(header->chunked || header->has_length))
        return SIEVE_NOTHING;
    read_window(&body, header, rest, ended);
    if (body.broken || ms_batch_of_request(body.bytes, body.length))
        return SIEVE_KEEP;
    return body.length < MS_BATCH_WINDOW && !body.ended ? SIEVE_MORE : SIEVE_NOTHING;
}

static bool has_no_body(const message_header *header)
{
    return header->status < 200 || header->status == 204 || header->status == 304 ||
           (!header->chunked && header->has_length && header->length == 0);
}

sieve_answer sieve_message_judge(const uint8_t *bytes, size_t length, bool ended)
{
    text rest = {(const char *)bytes, (const char *)bytes + length};
    message_header header = {.status = 0};
    line_kind kind = read_start(rest, &header.status);

    if (kind == LINE_OTHER)
        return SIEVE_NOTHING;
    if (kind == LINE_SHORT)
        return ended || length > MOST_HEADER ? SIEVE_KEEP : SIEVE_MORE;
    if (kind == LINE_STRANGE || header.status == 207 || header.status == 101)
        return SIEVE_KEEP;
    header.request = kind == LINE_REQUEST;
    bool complete = read_header(&rest, &header);

    if (header.kept || header.coding == CODING_OTHER)
        return SIEVE_KEEP;
    if (!complete)
        return ended || length > MOST_HEADER ? SIEVE_KEEP : SIEVE_MORE;
    if (!header.request && has_no_body(&header))
        return SIEVE_NOTHING;
    sieve_answer answer =
        header.request ? judge_asked(&header, rest, ended) : judge_body(&header, rest, ended);

    return answer == SIEVE_MORE && length > MOST_RAW ? SIEVE_KEEP : answer;
}

/* --------------------------------------------------------------------------------- places ---- */

sieve_answer sieve_http_judge(const uint8_t *start, const uint8_t *at, const uint8_t *end)
{
    int status = 0;
    line_kind kind = read_start((text){(const char *)at, (const char *)end}, &status);

    if (end - at > (ptrdiff_t)MARK && at[MARK] != '0' && at[MARK] != '1')
        return SIEVE_KEEP; /* HTTP/2, or what nobody knows yet */
    /* Where the segment ends in the version, either it is the end of a request's first line, whose
     * method an earlier segment may have, or a response begins. */
    if (kind == LINE_REQUEST || (kind == LINE_SHORT && !memchr(at, ' ', (size_t)(end - at))))
        return judge_request(start, at);
    return kind == LINE_OTHER ? SIEVE_NOTHING : SIEVE_MORE;
}

/* A word of capitals, and the version at the end. */
static bool is_request_line(text line)
{
    const char *at = line.at;
    ptrdiff_t length = line.end - line.at;

    while (at < line.end && g_ascii_isupper(*at))
        at++;
    return at - line.at >= 3 && at < line.end && *at == ' ' && length > (ptrdiff_t)MARK + 6 &&
           memcmp(line.end - 9, " HTTP/1.", 8) == 0 && (line.end[-1] == '0' || line.end[-1] == '1');
}

static bool is_status_line(text line)
{
    static const char *const versions[] = {"HTTP/1.0 ", "HTTP/1.1 "};

    for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
        size_t length = strlen(versions[i]);

        if ((size_t)(line.end - line.at) > length && memcmp(line.at, versions[i], length) == 0)
            return g_ascii_isdigit(line.at[length]);
    }
    return false;
}

bool sieve_http_is_start(const uint8_t *bytes, size_t length)
{
    const char *start = (const char *)bytes, *end = memchr(bytes, '\n', length);

    if (!end || end == start || end[-1] != '\r')
        return false;
    text line = {start, end - 1};

    return is_request_line(line) || is_status_line(line);
}

struct sieve_message {
    GByteArray *bytes;
};

sieve_message *sieve_message_new(const uint8_t *bytes, size_t length)
{
    sieve_message *made = g_new(sieve_message, 1);

    made->bytes = g_byte_array_sized_new((guint)length + BODY_WINDOW);
    g_byte_array_append(made->bytes, bytes, (guint)length);
    return made;
}

void sieve_message_free(sieve_message *message)
{
    if (!message)
        return;
    g_byte_array_unref(message->bytes);
    g_free(message);
}

sieve_answer sieve_message_feed(sieve_message *message, const uint8_t *bytes, size_t length,
                                bool ended)
{
    g_byte_array_append(message->bytes, bytes, (guint)length);
    return sieve_message_judge(message->bytes->data, message->bytes->len, ended);
}
