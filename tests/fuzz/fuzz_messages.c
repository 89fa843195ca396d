/* fuzz_messages.c
 * Messages of a few connections, from their bytes to exchanges, pairs and their history: what
 * fuzz_exchange.c does through libwireshark, without it, and so a hundred times faster.
 *
 * The input is a list of steps: what to do, on which connection, two bytes of length, a message.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "fuzz.h"

#include "body.h"
#include "codings.h"
#include "connection.h"
#include "history.h"
#include "http1.h"
#include "limit_table.h"
#include "locks.h"
#include "pieces.h"
#include "request.h"
#include "sides.h"

/* What a step does, by its first byte. */
enum { REQUEST, RESPONSE, BEGINNING, H2_REQUEST, H2_RESPONSE, LATE_REQUEST, PIECES, STEPS };

enum { CONNECTIONS = 3, MOST_STEPS = 400, MOST_BODY = 256 * 1024 };

typedef struct {
    exchange_capture *capture;
    connection *connections[CONNECTIONS];
    sighting now;
    ms_limits limits;
    arena memory; /* of one step */
} talk;

/* One message. */
typedef struct {
    unsigned flags, at;
    char *bytes; /* exactly so many */
    size_t length;
    http_header header;
    const char *body;
    size_t body_length;
} message;

static void check_text(const char *text)
{
    fuzz_check(!text || g_utf8_validate(text, -1, NULL));
}

static void check_exchange(const exchange *of)
{
    check_text(of->method);
    check_text(of->uri);
    check_text(of->reason);
    check_text(of->report);
    check_text(of->unannounced);
    for (unsigned i = 0; i < HTTP_FIELDS; i++) {
        check_text(of->request_fields[i]);
        check_text(of->response_fields[i]);
    }
    fuzz_check(of->http_status >= 0 && of->http_status <= 999);
    fuzz_check(of->request_frame != 0 || !of->method);
}

/* ---- bytes of a message ---- */

static bool read_on(const uint8_t *bytes, size_t length, void *data)
{
    body_reader *reader = data;

    fuzz_check(body_reader_feed(reader, bytes, length) <= length);
    fuzz_check(reader->body->len <= MOST_BODY && reader->header->len <= BODY_LIMIT_HEADER);
    return !reader->ended && !reader->broken;
}

/* However they come, the same message is read of them. */
static void read_pieces(const message *m)
{
    body_reader whole = body_reader_new(m->flags & 1, MOST_BODY);
    body_reader parts = body_reader_new(m->flags & 1, MOST_BODY);
    pieces stream = {.next = UINT32_MAX - 5};
    size_t step = (m->flags >> 1) % 16 + 1;
    uint32_t start = stream.next;

    read_on((const uint8_t *)m->bytes, m->length, &whole);
    /* Every other piece first; more than that would have to wait for longer than it is kept. */
    for (size_t at = 0; at < m->length; at += 2 * step) {
        for (unsigned back = 2; back-- > 0;) {
            size_t from = at + back * step;
            size_t length = from < m->length ? MIN(step, m->length - from) : 0;
            piece one = {start + (uint32_t)from, (const uint8_t *)m->bytes + from, length, length};

            if (!parts.ended && !parts.broken && length > 0)
                pieces_add(&stream, &one, read_on, &parts);
        }
    }
    fuzz_check(whole.ended == parts.ended && whole.broken == parts.broken);
    fuzz_check(whole.length == parts.length && whole.body->len == parts.body->len);
    fuzz_check(memcmp(whole.body->data ? whole.body->data : (const uint8_t *)"",
                      parts.body->data ? parts.body->data : (const uint8_t *)"",
                      whole.body->len) == 0);
    pieces_clear(&stream);
    body_reader_clear(&whole);
    body_reader_clear(&parts);
}

/* ---- steps ---- */

static bool read_message(talk *in, fuzz_input *input, message *m)
{
    size_t left = fuzz_byte(input);

    left |= (size_t)fuzz_byte(input) << 8;
    m->length = left;
    m->bytes = fuzz_copy(input, &m->length);
    if (!http1_parse(&in->memory, m->bytes, m->length, &m->header))
        return false;
    const char *end = g_strstr_len(m->bytes, (gssize)m->length, "\r\n\r\n");

    m->body = end ? end + 4 : m->bytes + m->length;
    m->body_length = (size_t)(m->bytes + m->length - m->body);
    return true;
}

static void see(talk *in, const message *m)
{
    static const char *const clients[] = {"10.0.0.2:50000", "[2001:db8::2]:50001", NULL};
    bool request = m->header.request;
    const char *client = clients[m->flags / 8 % G_N_ELEMENTS(clients)];

    in->now.frame++;
    in->now.time.seconds += m->flags % 64;
    if (m->flags == 255)
        in->now.time = moment_unknown();
    in->now.sender = request ? client : "10.0.0.1:80";
    in->now.receiver = request ? "10.0.0.1:80" : client;
    in->now.tls = m->flags & 4;
}

static void take_request(const message *m, exchange *of)
{
    if (m->body_length > 0 && exchange_reads_request(of->method) && !of->request)
        exchange_set_request_body(
            of, ms_request_parse(m->body, m->body_length, of->request_fields[HTTP_CONTENT_TYPE]));
    if (m->flags & 1)
        exchange_keep_request(of, (int64_t)m->body_length);
    if (m->flags & 2)
        exchange_correct_request(of, &m->header);
    check_exchange(of);
}

static void judge(const talk *in, exchange *of, const char *body, size_t length)
{
    ms_context context = exchange_context(of, &in->limits, false);
    ms_document *document =
        length > 0 ? ms_decode(body, length, &context) : ms_undecoded("nothing", &context);

    history_judge(of, document);
    uint32_t before = document->n_findings;

    history_add_findings(of, document);
    fuzz_check(document->n_findings >= before);
    for (uint32_t i = 0; i < document->n_responses; i++) {
        const lock *held = history_lock(of, i);

        fuzz_check(!held || held->known.root);
        if (held)
            check_text(held->known.root);
    }
    ms_document_free(document);
}

static void take_response(const talk *in, const message *m, exchange *of)
{
    const char *codings = of->response_fields[HTTP_CONTENT_ENCODING];
    GByteArray *plain;

    codings_undo(codings, (const uint8_t *)m->body, m->body_length, MOST_BODY, &plain);
    fuzz_check(plain->len <= MOST_BODY || !codings_are_any(codings));
    history_answered(of, plain->data, plain->len);
    if (of->http_status == 207 || m->flags & 1)
        judge(in, of, (const char *)plain->data, plain->len);
    g_byte_array_unref(plain);
    check_exchange(of);
}

static void response(talk *in, const message *m)
{
    exchange *of =
        connection_response(in->connections[m->at], &in->now, &m->header, m->bytes, m->length);

    fuzz_check(of->delivered && of->frame == in->now.frame);
    take_response(in, m, of);
    if (!(m->flags & 2))
        exchange_free(of);
}

static void h2_response(talk *in, const message *m)
{
    connection *at = in->connections[m->at];
    exchange *of = connection_h2_response(at, &in->now, &m->header, m->flags % 8);

    if (!of)
        return;
    fuzz_check(connection_h2_find(at, m->flags % 8) == of);
    if (m->flags & 16)
        return;
    connection_h2_delivered(at, &in->now, of);
    fuzz_check(!connection_h2_find(at, m->flags % 8));
    take_response(in, m, of);
    exchange_free(of);
}

static void take(talk *in, unsigned step, const message *m)
{
    connection *at = in->connections[m->at];

    if (step == PIECES)
        read_pieces(m);
    else if (m->header.request && step == H2_REQUEST)
        take_request(m, connection_h2_request(at, &in->now, &m->header, m->flags % 8));
    else if (m->header.request && step == LATE_REQUEST)
        take_request(m, connection_request(at, &in->now, &m->header, in->now.frame / 2));
    else if (m->header.request)
        take_request(m, connection_request(at, &in->now, &m->header, in->now.frame));
    else if (step == BEGINNING)
        connection_response_begins(at, &in->now, &m->header, m->bytes, m->length, at,
                                   in->now.frame * 100 - m->flags);
    else if (step == H2_RESPONSE)
        h2_response(in, m);
    else
        response(in, m);
    connection_is_waiting(at, in->now.time);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    talk in = {.capture = history_begin(),
               .now = {.time = {1000, 0}, .stream = 0},
               .limits = ms_limits_in_force(NULL)};

    for (unsigned i = 0; i < CONNECTIONS; i++)
        in.connections[i] = connection_new(in.capture);
    for (unsigned i = 0; i < MOST_STEPS && input.left > 4; i++) {
        unsigned step = fuzz_byte(&input);
        message m = {.flags = fuzz_byte(&input), .at = step / STEPS % CONNECTIONS};

        if (read_message(&in, &input, &m)) {
            see(&in, &m);
            take(&in, step % STEPS, &m);
        }
        free(m.bytes);
        arena_clear(&in.memory);
    }
    fuzz_check(in.capture->exchanges.length <= MOST_STEPS);
    for (unsigned i = 0; i < CONNECTIONS; i++)
        connection_free(in.connections[i]);
    history_end(in.capture);
    return 0;
}
