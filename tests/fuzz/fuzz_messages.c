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
#include "dialogue.h"
#include "history.h"
#include "http1.h"
#include "limit_table.h"
#include "locks.h"
#include "request.h"
#include "rules.h"
#include "sides.h"

/* What a step does, by its first byte. */
enum { REQUEST, RESPONSE, H2_REQUEST, H2_RESPONSE, SEGMENT, STEPS };

enum { CONNECTIONS = 3, MOST_STEPS = 400, MOST_BODY = 256 * 1024 };

typedef struct {
    exchange_capture *capture;
    connection *connections[CONNECTIONS];
    exchange *waiting[CONNECTIONS];
    dialogue *dialogues[CONNECTIONS];
    uint32_t sequence[CONNECTIONS][2];
    unsigned messages; /* of the dialogues: those that are not gone */
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

/* ---- segments ---- */

static void on_begins(void *data, http1_message *of)
{
    talk *in = data;

    in->messages++;
    of->owner = in;
    fuzz_check(of->state == MESSAGE_OPEN && of->header_end > of->start);
    check_text(of->header.method);
    check_text(of->header.uri);
}

static size_t on_keeps(void *data, http1_message *of, const http1_message *request)
{
    (void)data;
    fuzz_check(!request || (request->request && !of->request));
    return MOST_BODY;
}

static size_t on_grows(void *data, http1_message *of)
{
    (void)data;
    fuzz_check(of->body->len <= MOST_BODY);
    return of->header.status % 2 == 0 ? MOST_BODY : 0;
}

static void on_breaks(void *data, http1_message *of)
{
    (void)data;
    fuzz_check(of->state == MESSAGE_OPEN && of->missing > 0);
}

static bool on_ends(void *data, http1_message *of)
{
    (void)data;
    fuzz_check(of->state != MESSAGE_OPEN);
    fuzz_check(of->state == MESSAGE_PARTIAL || (of->missing == 0 && !of->cut));
    return false;
}

static void on_paired(void *data, http1_message *response, http1_message *request, pair_state state,
                      bool final)
{
    (void) final;
    fuzz_check(response->owner == data && !response->request);
    fuzz_check((request != NULL) == (state == PAIR_NAMED));
    fuzz_check(!request || (request->owner == data && request->request));
}

static void on_gone(void *data, http1_message *of)
{
    talk *in = data;

    fuzz_check(of->state != MESSAGE_OPEN);
    in->messages--;
}

/* A segment somewhere near the end of what was sent: late, again, or with a hole before it. */
static void add_segment(talk *in, unsigned at, unsigned flags, const char *bytes, size_t length)
{
    unsigned direction = flags & 1;
    uint32_t *next = &in->sequence[at][direction];
    uint32_t from = flags & 2 ? *next - (flags >> 4) * 7 : *next + (flags & 4 ? flags >> 4 : 0);
    segment came = {.direction = direction,
                    .sequence = from,
                    .has_acknowledged = (flags & 8) == 0,
                    .acknowledged = in->sequence[at][!direction],
                    .syn = flags == 0x10,
                    .fin = flags == 0x20,
                    .rst = flags == 0x30,
                    .bytes = (const uint8_t *)bytes,
                    .length = length,
                    .reported = length + (flags == 0x40 ? 100 : 0),
                    .when = {.frame = ++in->now.frame}};

    dialogue_add(in->dialogues[at], &came);
    if ((int32_t)(from + (uint32_t)came.reported - *next) > 0)
        *next = from + (uint32_t)came.reported;
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
    if (m->body_length > 0)
        exchange_read_request(of, m->body, m->body_length);
    if (m->flags & 1)
        exchange_keep_request(of, (int64_t)m->body_length);
    check_exchange(of);
}

/* Those that are reported for every body, whatever its server has shown before. */
static uint32_t own_findings(const ms_document *document)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < document->n_findings; i++)
        n += document->findings[i].rule->per != MS_PER_SERVER;
    return n;
}

static void judge(const talk *in, exchange *of, const char *body, size_t length)
{
    ms_context context = exchange_context(of, &in->limits, false);
    ms_document *document =
        length > 0 ? ms_decode(body, length, &context) : ms_undecoded("nothing", &context);

    history_judge(of, document);
    uint32_t before = own_findings(document);

    history_add_findings(of, document);
    fuzz_check(own_findings(document) >= before);
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

static void request(talk *in, const message *m)
{
    exchange *of = exchange_new(in->capture, &in->now);

    exchange_set_request(of, &in->now, &m->header);
    of->unannounced = sides_unannounced(of, m->body_length > 0);
    in->waiting[m->at] = of;
    take_request(m, of);
}

static void response(talk *in, const message *m)
{
    exchange *of = in->waiting[m->at];

    in->waiting[m->at] = NULL;
    if (!of)
        of = exchange_new(in->capture, &in->now);
    exchange_set_response(of, &in->now, &m->header);
    of->complete = of->delivered = true;
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
    if (connection_h2_find(at, m->flags % 8))
        return; /* its request may still come */
    take_response(in, m, of);
    exchange_free(of);
}

static void take(talk *in, unsigned step, const message *m)
{
    connection *at = in->connections[m->at];

    if (m->header.request && step == H2_REQUEST)
        take_request(m, connection_h2_request(at, &in->now, &m->header, m->flags % 8, at));
    else if (m->header.request)
        request(in, m);
    else if (step == H2_RESPONSE)
        h2_response(in, m);
    else
        response(in, m);
    connection_is_waiting(at, in->now.time);
}

static void start(talk *in, unsigned n)
{
    in->connections[n] = connection_new(in->capture);
    in->sequence[n][0] = UINT32_MAX - 100;
    in->dialogues[n] = dialogue_new(&(dialogue_listener){on_begins, on_keeps, on_grows, on_breaks,
                                                         on_ends, on_paired, on_gone, in});
    dialogue_set_patience(in->dialogues[n], n == 0 ? UINT32_MAX : 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    talk in = {.capture = history_begin(),
               .now = {.time = {1000, 0}, .stream = 0},
               .limits = ms_limits_in_force(NULL)};

    for (unsigned i = 0; i < CONNECTIONS; i++)
        start(&in, i);
    for (unsigned i = 0; i < MOST_STEPS && input.left > 4; i++) {
        unsigned step = fuzz_byte(&input);
        message m = {.flags = fuzz_byte(&input), .at = step / STEPS % CONNECTIONS};

        if (step % STEPS == SEGMENT) {
            m.length = fuzz_byte(&input);
            m.length |= (size_t)fuzz_byte(&input) << 8;
            m.bytes = fuzz_copy(&input, &m.length);
            add_segment(&in, m.at, m.flags, m.bytes, m.length);
        } else if (read_message(&in, &input, &m)) {
            see(&in, &m);
            take(&in, step % STEPS, &m);
        }
        free(m.bytes);
        arena_clear(&in.memory);
    }
    fuzz_check(in.capture->exchanges.length <= MOST_STEPS);
    for (unsigned i = 0; i < CONNECTIONS; i++) {
        connection_free(in.connections[i]);
        dialogue_finish(in.dialogues[i]);
        dialogue_free(in.dialogues[i]);
    }
    fuzz_check(in.messages == 0);
    history_end(in.capture);
    return 0;
}
