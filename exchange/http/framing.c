/* framing.c
 * The HTTP/1 messages of one direction of a connection.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "framing.h"

#include <string.h>

#include "http1.h"
#include "octets.h"

enum {
    STATE_START,   /* between messages, or in a header */
    STATE_PREFACE, /* what is said before HTTP begins */
    STATE_PEEK,    /* behind a header: is there a body? */
    STATE_BODY,
    STATE_REST, /* behind a hole in a body: what follows belongs to it and is not kept */
    STATE_LOST, /* until a segment begins with a start line */
    STATE_CLOSED
};

/* Bytes that tell whether a body is one, or the next response already. */
#define PEEKED 16u
/* Bytes of a request line: some clients have all they ask for in it. */
#define LIMIT_LINE (64u * 1024)
#define LIMIT_METHOD 32u

void message_free(http1_message *of)
{
    if (!of)
        return;
    if (of->body)
        g_byte_array_unref(of->body);
    arena_clear(&of->scope);
    g_free(of);
}

void framing_init(framing *of, const framing_listener *listener)
{
    *of = (framing){.listener = *listener, .head = g_byte_array_new(), .free = NO_PLACE};
}

void framing_clear(framing *of)
{
    if (of->head)
        g_byte_array_unref(of->head);
    if (of->reader.body)
        body_reader_clear(&of->reader);
    message_free(of->current);
    *of = (framing){0};
}

/* Of a header that is longer, the memory is given back: there may be many connections. */
#define KEPT_HEAD 1024u

static void forget_head(framing *of)
{
    if (of->head->len > KEPT_HEAD) {
        g_byte_array_unref(of->head);
        of->head = g_byte_array_new();
    }
    g_byte_array_set_size(of->head, 0);
    of->head_told = false;
}

static void lose(framing *of)
{
    forget_head(of);
    of->state = STATE_LOST;
    of->sure = false;
    of->listener.loses(of->listener.data);
    of->free = NO_PLACE;
}

/* ---- start lines ---- */

typedef enum { KIND_NONE, KIND_OPEN, KIND_REQUEST, KIND_RESPONSE } line_kind;

/* HTTP/1.1 207, as far as it is there. */
static line_kind response_kind(const char *text, size_t length)
{
    int place = http_status_place(text, length);

    return place > 0 ? KIND_RESPONSE : place == 0 ? KIND_OPEN : KIND_NONE;
}

/* No Request-URI has them; bodies have. */
static bool is_markup(const char *text, size_t length)
{
    return memchr(text, '<', length) != NULL || memchr(text, '>', length) != NULL;
}

/* PROPFIND /a HTTP/1.1 */
static line_kind request_kind(const char *text, size_t length)
{
    size_t method = 0;

    while (method < length && method <= LIMIT_METHOD && http_is_token_character(text[method]))
        method++;
    if (method == 0 || method > LIMIT_METHOD || (method < length && text[method] != ' '))
        return KIND_NONE;
    const char *newline = memchr(text, '\n', length);

    if (!newline)
        return length > LIMIT_LINE || is_markup(text + method, length - method) ? KIND_NONE
                                                                                : KIND_OPEN;
    const char *end = newline > text && newline[-1] == '\r' ? newline - 1 : newline;
    size_t line = (size_t)(end - text);

    return line >= method + 11 && memcmp(end - 9, " HTTP/", 6) == 0 && g_ascii_isdigit(end[-3]) &&
                   end[-2] == '.' && g_ascii_isdigit(end[-1])
               ? KIND_REQUEST
               : KIND_NONE;
}

static line_kind kind_of(const framing *of, const uint8_t *bytes, size_t length)
{
    const char *text = (const char *)bytes;
    line_kind response = of->role == ROLE_CLIENT ? KIND_NONE : response_kind(text, length);

    if (response != KIND_NONE && (length > 2 || of->role == ROLE_SERVER))
        return response;
    return of->role == ROLE_SERVER ? KIND_NONE : request_kind(text, length);
}

/* Does a message begin here, where nothing is known of what is before? */
static bool resumes(const framing *of, const stream_piece *piece)
{
    switch (kind_of(of, piece->bytes, piece->length)) {
    case KIND_NONE:
        return false;
    case KIND_RESPONSE:
        return http1_is_response((const char *)piece->bytes, piece->length);
    default:
        return true;
    }
}

/* ---- SOCKS ---- */

/* RFC 1929 section 2: name and password, each with its length. How many bytes they are behind those
 * that are told; -1 if that takes more bytes. */
static int socks5_password_length(const uint8_t *bytes, size_t length)
{
    size_t name = length > 1 ? bytes[1] + 3u : 3;

    return length < name ? -1 : (int)(name + bytes[name - 1]);
}

/* RFC 1928 sections 3, 4 and 6, with no authentication or a password, and version 4 before it. How
 * many bytes one side says before the protocol inside begins; 0 if it says none, -1 if that takes
 * more bytes. */
static int socks5_length(const uint8_t *bytes, size_t length)
{
    enum { PASSWORD = 1, IPV4 = 1, NAME = 3, IPV6 = 4 };
    /* Of a server, what it chose: none, or a password and two bytes that say whether it is right.
     */
    size_t methods = bytes[1] + 2u;

    if (methods > 10)
        return 0;
    if (length > methods && bytes[methods] == PASSWORD) {
        int password = socks5_password_length(bytes + methods, length - methods);

        if (password < 0)
            return -1;
        methods += (size_t)password;
    }
    if (length < methods + 5)
        return -1;
    const uint8_t *request = bytes + methods;
    size_t address = request[3] == IPV4   ? 4
                     : request[3] == IPV6 ? 16
                     : request[3] == NAME ? request[4] + 1u
                                          : 0;

    if (request[0] != 5 || request[2] != 0 || address == 0)
        return 0;
    return length < methods + 4 + address + 2 ? -1 : (int)(methods + 4 + address + 2);
}

static int socks_length(const uint8_t *bytes, size_t length)
{
    enum { VERSION_4 = 8, GRANTED = 90, LIMIT_USER = 256 };

    if (length < 2)
        return length == 1 && bytes[0] != 5 && bytes[0] != 4 && bytes[0] != 0 ? 0 : -1;
    if (bytes[0] == 5)
        return socks5_length(bytes, length);
    if (bytes[0] == 0 && bytes[1] >= GRANTED && bytes[1] <= GRANTED + 3)
        return length < VERSION_4 ? -1 : VERSION_4;
    if (bytes[0] != 4 || bytes[1] > 2 || bytes[1] == 0)
        return 0;
    const uint8_t *user_end =
        length > VERSION_4 ? memchr(bytes + VERSION_4, 0, length - VERSION_4) : NULL;

    if (!user_end)
        return length > LIMIT_USER ? 0 : -1;
    return (int)(user_end + 1 - bytes);
}

/* ---- the PROXY protocol ---- */

/* What a load balancer says of the client before it passes on what that sends: a line, or in
 * version 2 a block of bytes (The PROXY protocol, sections 2.1 and 2.2; it has to come in one
 * segment). How long that is; 0 if there is none. */
static size_t proxy_header_length(const uint8_t *bytes, size_t length)
{
    static const uint8_t signature[] = "\r\n\r\n\0\r\nQUIT\n";
    enum { SIGNATURE = sizeof signature - 1, FIXED = 16, MOST_LINE = 107 };

    if (length >= FIXED && memcmp(bytes, signature, SIGNATURE) == 0) {
        size_t whole = FIXED + octets_16(bytes + FIXED - 2);

        return bytes[SIGNATURE] >> 4 == 2 && whole <= length ? whole : 0;
    }
    if (length < 6 || memcmp(bytes, "PROXY ", 6) != 0)
        return 0;
    const uint8_t *end = memchr(bytes, '\n', MIN(length, MOST_LINE));

    return end && end[-1] == '\r' ? (size_t)(end + 1 - bytes) : 0;
}

/* ---- messages ---- */

static void end_message(framing *of, message_state state)
{
    http1_message *ended = of->current;

    if (!of->body_ended)
        of->body_end = ended->end;
    of->body_ended = true;
    ended->state = state;
    ended->ended = of->latest;
    if (of->reader.body) {
        ended->length = of->reader.length;
        body_reader_clear(&of->reader);
        of->reader = (body_reader){0};
    }
    of->current = NULL;
    of->state = STATE_START;
    of->listener.ends(of->listener.data, ended);
}

static http1_message *new_message(framing *of, size_t header)
{
    http1_message *made = g_new0(http1_message, 1);

    made->stream = -1;
    made->start = of->head_at;
    made->header_end = of->head_at + (int64_t)header;
    made->end = NO_PLACE;
    made->acknowledged = of->head_acknowledged;
    made->began = of->head_began;
    made->sure = of->sure;
    made->free = of->free == NO_PLACE ? made->start : of->free;
    made->content_length = -1;
    return made;
}

/* A header is there, as far as it ever will be. */
static bool begin_message(framing *of, size_t length)
{
    http1_message *made = new_message(of, length);

    if (!http1_parse(&made->scope, (const char *)of->head->data, length, &made->header)) {
        message_free(made);
        return false;
    }
    made->request = made->header.request;
    made->content_length = made->header.content_length;
    of->role = made->request ? ROLE_CLIENT : ROLE_SERVER;
    of->current = made;
    bool interim =
        !made->request && http_is_interim(made->header.status) && made->header.status != 101;

    /* The final response stands for the interim ones before it. */
    of->free = interim ? made->free : NO_PLACE;
    of->sure = interim ? made->sure : true;
    of->plan = of->listener.begins(of->listener.data, made);
    of->plan.without = of->plan.without || interim;
    forget_head(of);
    return true;
}

static void begin_body(framing *of)
{
    http1_message *made = of->current;
    bool upgrade = of->plan.upgrade;

    of->reader = body_reader_of(&made->header, of->plan.without, of->plan.keep);
    made->framing = of->reader.framing;
    made->body = g_byte_array_ref(of->reader.body);
    made->content_length = of->reader.content_length;
    if (made->framing == BODY_LENGTH)
        made->end = made->header_end + (int64_t)of->reader.left;
    if (!of->reader.ended) {
        of->state = of->plan.may_be_none ? STATE_PEEK : STATE_BODY;
        return;
    }
    made->end = made->header_end;
    end_message(of, MESSAGE_WHOLE);
    if (upgrade)
        of->state = STATE_CLOSED;
}

/* ---- headers ---- */

/* How many bytes of a piece can belong to a header that begins or goes on there: up to the first
 * empty line in it. */
static size_t header_part(const uint8_t *bytes, size_t length)
{
    size_t bare = http1_bare_end(bytes, length, 0);

    if (bare > 0)
        return bare;
    if (length > 1 && bytes[0] == '\r' && bytes[1] != '\n')
        return 1; /* with one that came before */
    const uint8_t *at = bytes, *end = bytes + length, *newline;

    while (at < end && (newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        at = newline + 1;
        if (at < end && *at == '\n')
            return (size_t)(at + 1 - bytes);
        if (at + 1 < end && at[0] == '\r' && at[1] == '\n')
            return (size_t)(at + 2 - bytes);
        /* The end may be in what came before. */
        if (newline == bytes || (newline == bytes + 1 && *bytes == '\r'))
            return (size_t)(at - bytes);
    }
    return length;
}

static size_t line_breaks(const uint8_t *bytes, size_t length)
{
    size_t n = 0;

    while (n < length && (bytes[n] == '\r' || bytes[n] == '\n'))
        n++;
    return n;
}

static void begin_head(framing *of, const stream_piece *piece)
{
    of->head_at = piece->at;
    of->head_acknowledged = piece->acknowledged;
    of->head_began = piece->when;
}

static void add_to_head(framing *of, byte_stream *from, const stream_piece *piece, size_t length)
{
    if (of->head->len == 0)
        begin_head(of, piece);
    g_byte_array_append(of->head, piece->bytes, (guint)length);
    stream_take(from, length);
}

/* Is what is there the beginning of a message? False if it is not. */
static bool tell_head(framing *of)
{
    if (of->head_told)
        return true;
    line_kind kind = kind_of(of, of->head->data, of->head->len);

    of->head_told = kind == KIND_REQUEST || kind == KIND_RESPONSE;
    return kind != KIND_NONE;
}

/* What is said to a proxy before HTTP begins. */
static void read_preface(framing *of, byte_stream *from, const stream_piece *piece)
{
    for (size_t i = 0; i < piece->length && of->state == STATE_PREFACE; i++) {
        add_to_head(of, from,
                    &(stream_piece){.at = piece->at + (int64_t)i,
                                    .bytes = piece->bytes + i,
                                    .acknowledged = piece->acknowledged,
                                    .when = piece->when},
                    1);
        int said = socks_length(of->head->data, of->head->len);

        if (said > 0) {
            forget_head(of);
            of->state = STATE_START;
        } else if (said == 0) {
            lose(of);
        }
    }
}

/* A message begins if all of its header is there. What was looked at before holds no end of it. */
static void complete_head(framing *of, size_t looked)
{
    size_t whole = http1_header_length(of->head->data, of->head->len, looked);

    if (whole == 0)
        return;
    if (begin_message(of, whole))
        begin_body(of);
    else
        lose(of);
}

/* Does the piece go on with what begins a connection of HTTP/2 (RFC 9113 section 3.4)? Nothing else
 * looks like that. */
static bool continues_preface(const framing *of, const stream_piece *piece)
{
    static const char preface[] = "PRI * HTTP/2.0\r\n\r\n";
    size_t length = strlen(preface), head = of->head->len;

    return head < length && memcmp(preface, of->head->data, head) == 0 &&
           memcmp(preface + head, piece->bytes, MIN(length - head, piece->length)) == 0;
}

static void read_head(framing *of, byte_stream *from, const stream_piece *piece)
{
    if (of->head->len == 0) {
        size_t before = of->role == ROLE_UNKNOWN && piece->begins
                            ? proxy_header_length(piece->bytes, piece->length)
                            : 0;

        if (before == 0)
            before = line_breaks(piece->bytes, piece->length);
        if (before > 0) {
            stream_take(from, before);
            return;
        }
    }
    /* What looked like the beginning of a message may be none, where nothing tells. */
    if (!of->sure && !of->head_told && of->head->len > 0 && piece->begins && resumes(of, piece) &&
        !continues_preface(of, piece))
        forget_head(of);
    size_t looked = of->head->len;

    add_to_head(of, from, piece, header_part(piece->bytes, piece->length));
    if (!tell_head(of) || of->head->len > FRAMING_LIMIT_HEADER) {
        lose(of);
        return;
    }
    complete_head(of, looked);
}

/* ---- bodies ---- */

/* With its memory: the message may wait long for the other one of its pair. */
static void forget_body(framing *of)
{
    body_reader_clear(&of->reader);
    g_byte_array_unref(of->current->body);
    of->current->body = g_byte_array_new();
    of->reader.body = g_byte_array_ref(of->current->body);
}

static void feed(framing *of, const uint8_t *bytes, size_t length, size_t *taken)
{
    http1_message *current = of->current;

    *taken = body_reader_feed(&of->reader, bytes, length);
    current->length = of->reader.length;
    if (of->plan.keep > 0) {
        of->plan.keep = of->reader.limit = of->listener.grows(of->listener.data, current);
        if (of->plan.keep == 0)
            forget_body(of);
    }
    if (of->reader.broken) {
        current->broken = true;
        end_message(of, MESSAGE_PARTIAL);
        lose(of);
    }
}

static void read_body(framing *of, byte_stream *from, const stream_piece *piece)
{
    size_t taken;

    feed(of, piece->bytes, piece->length, &taken);
    stream_take(from, taken);
    if (of->current && of->reader.ended) {
        of->current->end = from->next;
        end_message(of, MESSAGE_WHOLE);
    }
}

/* What was peeked at is the beginning of the body. */
static void feed_peeked(framing *of)
{
    GByteArray *peeked = of->head;
    size_t taken;

    of->head = g_byte_array_new();
    forget_head(of);
    of->state = STATE_BODY;
    feed(of, peeked->data, peeked->len, &taken);
    if (of->current && of->reader.ended) {
        of->current->end = of->head_at + (int64_t)taken;
        end_message(of, MESSAGE_WHOLE);
        g_byte_array_append(of->head, peeked->data + taken, peeked->len - (guint)taken);
        of->head_at += (int64_t)taken;
    }
    g_byte_array_unref(peeked);
}

/* A message where a body would be, so there is none: HEAD, a tunnel, a refused upload. */
static void read_peek(framing *of, byte_stream *from, const stream_piece *piece)
{
    bool request = of->current->request;

    if (of->head->len == 0 && request && !piece->begins) {
        of->state = STATE_BODY;
        return;
    }
    add_to_head(of, from, piece,
                request ? header_part(piece->bytes, piece->length) : MIN(piece->length, PEEKED));
    switch (kind_of(of, of->head->data, of->head->len)) {
    case KIND_NONE:
        feed_peeked(of);
        break;
    case KIND_OPEN:
        break;
    default: {
        http1_message *without = of->current;

        without->end = without->header_end;
        without->content_length = -1;
        without->framing = BODY_LENGTH;
        end_message(of, MESSAGE_WHOLE);
        of->head_told = true;
        complete_head(of, 0);
        break;
    }
    }
}

/* The bytes are part of a body that is not kept any more. */
static void read_rest(framing *of, byte_stream *from, const stream_piece *piece)
{
    http1_message *current = of->current;
    int64_t left = current->end == NO_PLACE ? INT64_MAX : current->end - piece->at;

    stream_take(from, (size_t)MIN((int64_t)piece->length, left));
    if (current->end != NO_PLACE && from->next >= current->end)
        end_message(of, MESSAGE_PARTIAL);
}

static void read_lost(framing *of, byte_stream *from, const stream_piece *piece)
{
    if (piece->begins && resumes(of, piece))
        of->state = STATE_START;
    else
        stream_take(from, piece->length);
}

/* ---- holes ---- */

static void end_partial_head(framing *of, int64_t hole, bool cut)
{
    if (!of->head_told || !begin_message(of, of->head->len)) {
        lose(of);
        return;
    }
    http1_message *current = of->current;

    current->header_cut = true;
    current->missing = hole;
    current->cut = cut;
    current->framing = BODY_HEADER;
    end_message(of, MESSAGE_PARTIAL);
    lose(of);
}

/* So many bytes are missing at that place. */
static void pass_hole(framing *of, int64_t at, int64_t hole, bool cut)
{
    if (of->state == STATE_PEEK)
        feed_peeked(of);
    if (of->state == STATE_PREFACE)
        lose(of);
    if (of->state == STATE_START) {
        end_partial_head(of, hole, cut);
        return;
    }
    if (of->state != STATE_BODY && of->state != STATE_REST)
        return;
    http1_message *current = of->current;

    current->missing += hole;
    current->cut = current->cut || cut;
    current->length = of->reader.length;
    of->state = STATE_REST;
    of->listener.breaks(of->listener.data, current);
    if (current->framing == BODY_CHUNKED ||
        (current->end != NO_PLACE && at + hole >= current->end)) {
        bool further = current->end == NO_PLACE || at + hole > current->end;

        end_message(of, MESSAGE_PARTIAL);
        if (further)
            lose(of);
    }
}

/* Is every missing byte before what waits of no interest? */
static bool passes_holes(const framing *of)
{
    return of->state == STATE_REST ||
           (of->state == STATE_BODY && of->plan.keep == 0 && of->current->end != NO_PLACE);
}

void framing_doubt(framing *of)
{
    of->entered = true;
    of->sure = false;
}

bool framing_in_body(framing *of)
{
    of->body_ended = false;
    return of->state == STATE_BODY || of->state == STATE_REST;
}

int64_t framing_body_end(const framing *of, const byte_stream *from)
{
    return of->body_ended ? of->body_end : from->next;
}

void framing_leap(framing *of, byte_stream *from)
{
    int64_t at = from->next, hole = stream_hole(from);

    if (hole == 0)
        return;
    if (passes_holes(of) && of->current && of->current->end != NO_PLACE &&
        at + hole > of->current->end)
        hole = of->current->end - at;
    stream_skip(from, at + hole);
    pass_hole(of, at, hole, false);
}

/* ---- reading ---- */

static void read_piece(framing *of, byte_stream *from, const stream_piece *piece)
{
    switch (of->state) {
    case STATE_START:
        read_head(of, from, piece);
        break;
    case STATE_PREFACE:
        read_preface(of, from, piece);
        break;
    case STATE_PEEK:
        read_peek(of, from, piece);
        break;
    case STATE_BODY:
        read_body(of, from, piece);
        break;
    case STATE_REST:
        read_rest(of, from, piece);
        break;
    case STATE_LOST:
        read_lost(of, from, piece);
        break;
    default:
        stream_take(from, piece->length);
        break;
    }
}

void framing_read(framing *of, byte_stream *from)
{
    stream_piece piece;

    if (!of->entered && stream_peek(from, &piece)) {
        of->entered = true;
        of->sure = from->begin != NO_PLACE && from->next == from->begin;
        if (of->sure && of->state == STATE_START && piece.bytes[0] <= 5)
            of->state = STATE_PREFACE;
    }
    for (;;) {
        while (stream_peek(from, &piece)) {
            int64_t behind = piece.at + (int64_t)piece.length;

            if (piece.when.frame > of->latest.frame)
                of->latest = piece.when;
            read_piece(of, from, &piece);
            /* The snap length took what follows: it will not come. */
            if (piece.length < piece.reported && from->next == behind) {
                int64_t hole = (int64_t)(piece.reported - piece.length);

                stream_skip(from, behind + hole);
                pass_hole(of, behind, hole, true);
            }
        }
        if (!passes_holes(of) || stream_hole(from) == 0)
            return;
        framing_leap(of, from);
    }
}

void framing_end(framing *of, byte_stream *from, ending how)
{
    bool all = from->end != NO_PLACE && from->next >= from->end;

    if (of->state == STATE_PEEK)
        feed_peeked(of);
    if (of->state == STATE_START && of->head->len > 0 && of->head_told) {
        if (begin_message(of, of->head->len)) {
            of->current->header_cut = true;
            of->current->framing = BODY_HEADER;
            of->current->ending = how;
            of->current->missing = stream_hole(from);
            end_message(of, MESSAGE_PARTIAL);
        }
    }
    if (!of->current)
        return;
    of->current->ending = how;
    if (of->current->framing == BODY_TO_END && of->current->missing == 0 && all) {
        of->current->end = from->next;
        of->current->ending = ENDING_NONE;
        end_message(of, MESSAGE_WHOLE);
        return;
    }
    if (of->current->missing == 0)
        of->current->missing = stream_hole(from);
    end_message(of, MESSAGE_PARTIAL);
}
