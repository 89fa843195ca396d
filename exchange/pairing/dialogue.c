/* dialogue.c
 * A connection of HTTP/1: segments of both directions in, messages and their pairs out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "dialogue.h"

#include <string.h>

/* What may wait after missing bytes on a connection on which no HTTP was seen. */
#define FOREIGN_LIMIT (256u * 1024)

/* Sequence numbers this far before everything that was seen belong to another connection between
 * the same sockets. */
#define FAR_AWAY (1024 * 1024)

typedef struct {
    dialogue *of;
    byte_stream stream;
    framing framing;
    int64_t acknowledged; /* of this direction, by the other side */
    int64_t lowest;       /* place of the first byte that was seen */
    uint32_t packets;     /* of it */
    uint32_t hole_at;     /* the connection's count of packets when the hole was noticed; 0: none */
    int64_t hole_next;
    uint32_t other_packets; /* of the other side at that time */
    bool begin_guessed;     /* where it begins, judging by what acknowledges nothing of it */
    int64_t ends_at;        /* where it ends, by FIN or RST; NO_PLACE */
    arrival end_came;
    ending ending;
    bool ended;
} direction;

/* A message until reading and pairing are done with it, and a request until its response is. */
typedef struct spoken {
    http1_message *of;
    struct spoken *partner;
    bool ended, done;
} spoken;

/* How much of what comes before the first SYN is kept: if the SYN comes late, what was misread is
 * read again. */
#define EARLY_SEGMENTS 16u
#define EARLY_BYTES (64u * 1024)

struct dialogue {
    direction directions[2];
    dialogue_listener listener;
    pairing *pairing;
    GHashTable *spoken; /* message to spoken: those that are not gone */
    uint32_t packets;
    uint32_t patience;
    GQueue early; /* of segment *, with their bytes, before the first SYN */
    size_t early_bytes;
    bool begun; /* a SYN was seen, or will not be waited for */
    bool reset;
    bool http;
    bool may_change;
};

static direction *other_of(const direction *of)
{
    return &of->of->directions[of == &of->of->directions[0]];
}

static bool is_client(const direction *of)
{
    const direction *other = other_of(of);

    return of->framing.role == ROLE_CLIENT ||
           (of->framing.role == ROLE_UNKNOWN && other->framing.role == ROLE_SERVER);
}

/* ---- messages ---- */

static spoken *spoken_of(dialogue *of, http1_message *about)
{
    return g_hash_table_lookup(of->spoken, about);
}

static void part(spoken *about)
{
    if (about->partner)
        about->partner->partner = NULL;
    about->partner = NULL;
}

static void forget_if_done(dialogue *of, spoken *about)
{
    http1_message *gone = about->of;
    spoken *partner = about->partner;

    if (!about->ended || !about->done || (gone->request && partner))
        return;
    part(about);
    of->listener.gone(of->listener.data, gone);
    g_hash_table_remove(of->spoken, gone);
    message_free(gone);
    if (partner)
        forget_if_done(of, partner);
}

static void on_told(void *data, void *response, void *request, pair_state state, bool final)
{
    dialogue *of = data;
    spoken *about = spoken_of(of, response);

    part(about);
    if (request) {
        about->partner = spoken_of(of, request);
        about->partner->partner = about;
    }
    of->listener.paired(of->listener.data, response, request, state, final);
    about->done = about->done || final;
    forget_if_done(of, about);
}

static void on_done(void *data, void *request)
{
    dialogue *of = data;
    spoken *about = spoken_of(of, request);

    about->done = true;
    forget_if_done(of, about);
}

static bool is_interim(const http1_message *of)
{
    return !of->request && http_is_interim(of->header.status) && of->header.status != 101;
}

/* Its sender had not heard anything yet, and had already said something. */
static bool is_hasty(const direction *in, const http1_message *of)
{
    const byte_stream *other = &other_of(in)->stream;

    return of->acknowledged != NO_PLACE && of->acknowledged == other->begin &&
           in->stream.begin != NO_PLACE && of->start > in->stream.begin;
}

static message_places places_of(const direction *in, const http1_message *of)
{
    return (message_places){
        .start = of->free,
        .begin = of->start,
        .header_end = of->header_end,
        .end = of->end != NO_PLACE ? of->end : INT64_MAX,
        .acknowledged = of->acknowledged,
        .sure = of->sure,
        .unasked = of->header.status == 408,
        .hasty = is_hasty(in, of),
    };
}

/* RFC 9112 section 6.3. */
static body_plan plan_of(const http1_message *response, const http1_message *request)
{
    int status = response->header.status;
    const char *method = request ? request->header.method : NULL;
    bool connected = g_strcmp0(method, "CONNECT") == 0 && status / 100 == 2;

    return (body_plan){
        .without = status == 204 || status == 304 || connected || status == 101 ||
                   g_strcmp0(method, "HEAD") == 0,
        .upgrade = status == 101,
        .may_be_none = !method,
    };
}

static body_plan on_begins(void *data, http1_message *about)
{
    direction *in = data;
    dialogue *of = in->of;
    body_plan plan = {0};

    if (is_interim(about))
        return plan;
    if (about->request && g_strcmp0(about->header.method, "PRI") == 0) {
        plan.upgrade = true; /* RFC 9113 section 3.4 */
        of->may_change = true;
        return plan;
    }
    spoken *made = g_new0(spoken, 1);

    made->of = about;
    about->direction = in == &of->directions[1];
    of->http = true;
    of->may_change = of->may_change || about->header.status == 101 ||
                     g_strcmp0(about->header.method, "CONNECT") == 0;
    g_hash_table_insert(of->spoken, about, made);
    of->listener.begins(of->listener.data, about);
    message_places at = places_of(in, about);

    if (about->request) {
        /* A client that waits for 100 (Continue) need not send the body. */
        plan.may_be_none = about->header.expects;
        pairing_request(of->pairing, &at, about);
    } else {
        pairing_response(of->pairing, &at, about);
    }
    const http1_message *request = made->partner ? made->partner->of : NULL;

    if (!about->request)
        plan = plan_of(about, request);
    plan.keep = of->listener.keeps(of->listener.data, about, request);
    return plan;
}

static size_t on_grows(void *data, http1_message *about)
{
    const direction *in = data;

    return in->of->listener.grows(in->of->listener.data, about);
}

static void on_breaks(void *data, http1_message *about)
{
    const direction *in = data;

    in->of->listener.breaks(in->of->listener.data, about);
}

static void on_ends(void *data, http1_message *about)
{
    direction *in = data;
    dialogue *of = in->of;
    spoken *known = spoken_of(of, about);

    if (!known) {
        message_free(about); /* an interim response */
        return;
    }
    int64_t end = about->end != NO_PLACE ? about->end : in->stream.next;

    if (of->listener.ends(of->listener.data, about))
        pairing_confirm(of->pairing);
    /* This may decide it. */
    if (about->request)
        pairing_request_ends(of->pairing, end);
    else
        pairing_response_ends(of->pairing, end);
    known->ended = true;
    forget_if_done(of, known);
}

static void on_loses(void *data)
{
    direction *in = data;

    if (is_client(in))
        pairing_client_lost(in->of->pairing);
}

/* ---- life ---- */

static void begin_framing(direction *in)
{
    framing_init(&in->framing,
                 &(framing_listener){on_begins, on_grows, on_breaks, on_ends, on_loses, in});
}

static void begin_directions(dialogue *of)
{
    for (unsigned i = 0; i < 2; i++) {
        direction *made = &of->directions[i];

        *made = (direction){.of = of,
                            .acknowledged = NO_PLACE,
                            .lowest = NO_PLACE,
                            .ends_at = NO_PLACE,
                            .stream = {.begin = NO_PLACE, .end = NO_PLACE}};
        begin_framing(made);
    }
    of->pairing = pairing_new(on_told, on_done, of);
    of->reset = false;
}

dialogue *dialogue_new(const dialogue_listener *listener)
{
    dialogue *made = g_new0(dialogue, 1);

    made->listener = *listener;
    made->spoken = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    made->patience = UINT32_MAX;
    begin_directions(made);
    return made;
}

static void end_directions(dialogue *of)
{
    for (unsigned i = 0; i < 2; i++) {
        stream_clear(&of->directions[i].stream);
        framing_clear(&of->directions[i].framing);
    }
    pairing_free(of->pairing);
    of->pairing = NULL;
}

static void forget_early(dialogue *of)
{
    of->begun = true;
    g_queue_clear_full(&of->early, g_free);
}

static void keep_early(dialogue *of, const segment *came)
{
    if (of->early.length >= EARLY_SEGMENTS || of->early_bytes + came->length > EARLY_BYTES) {
        forget_early(of);
        return;
    }
    segment *made = g_malloc(sizeof *made + came->length);

    *made = *came;
    made->bytes = came->length > 0 ? memcpy(made + 1, came->bytes, came->length) : NULL;
    of->early_bytes += came->length;
    g_queue_push_tail(&of->early, made);
}

void dialogue_free(dialogue *of)
{
    GHashTableIter at;
    gpointer about;

    if (!of)
        return;
    /* What is being read is freed by its framing. */
    for (unsigned i = 0; i < 2; i++)
        g_hash_table_remove(of->spoken, of->directions[i].framing.current);
    g_hash_table_iter_init(&at, of->spoken);
    while (g_hash_table_iter_next(&at, &about, NULL))
        message_free(about);
    end_directions(of);
    forget_early(of);
    g_hash_table_unref(of->spoken);
    g_free(of);
}

void dialogue_set_patience(dialogue *of, uint32_t packets)
{
    of->patience = packets;
}

bool dialogue_has_ended(const dialogue *of, unsigned which)
{
    return of->directions[which].ended;
}

void dialogue_doubt(dialogue *of, unsigned which)
{
    framing_doubt(&of->directions[which].framing);
}

bool dialogue_in_body(dialogue *of, unsigned which)
{
    return framing_in_body(&of->directions[which].framing);
}

bool dialogue_body_end(const dialogue *of, unsigned which, uint32_t *end)
{
    const direction *in = &of->directions[which];
    int64_t to = framing_body_end(&in->framing, &in->stream);

    /* 32-bit numbers cannot tell what is farther away. */
    if (to == NO_PLACE || ABS(to - in->stream.counted) > INT32_MAX)
        return false;
    *end = stream_sequence(&in->stream, to);
    return true;
}

bool dialogue_may_change(const dialogue *of)
{
    return of->may_change;
}

bool dialogue_is_over(const dialogue *of)
{
    return of->reset || (of->directions[0].ended && of->directions[1].ended);
}

/* ---- reading ---- */

static void tell_progress(direction *in)
{
    if (is_client(in))
        pairing_client_read(in->of->pairing, in->stream.next);
}

/* The end of a direction is known: is everything there up to it? */
static void look_for_end(direction *in)
{
    if (in->ended || in->ends_at == NO_PLACE || in->stream.next < in->ends_at)
        return;
    in->ended = true;
    if (in->end_came.frame > in->framing.latest.frame)
        in->framing.latest = in->end_came;
    framing_end(&in->framing, &in->stream, in->ending);
}

static void read_on(direction *in)
{
    framing_read(&in->framing, &in->stream);
    tell_progress(in);
    look_for_end(in);
}

static void leap(direction *in)
{
    framing_leap(&in->framing, &in->stream);
    read_on(in);
}

static bool is_foreign(const dialogue *of)
{
    return of->directions[0].framing.role == ROLE_UNKNOWN &&
           of->directions[1].framing.role == ROLE_UNKNOWN;
}

/* Has so much come since bytes went missing that they will not come any more? */
static bool is_given_up(direction *in)
{
    const dialogue *of = in->of;
    const direction *other = other_of(in);

    if (in->hole_at == 0 || in->hole_next != in->stream.next) {
        in->hole_at = of->packets;
        in->hole_next = in->stream.next;
        in->other_packets = other->packets;
    }
    if (stream_is_full(&in->stream) || (is_foreign(of) && in->stream.waiting_bytes > FOREIGN_LIMIT))
        return true;
    /* The other side has them, or is not captured at all. */
    bool had = in->acknowledged != NO_PLACE && in->acknowledged > in->stream.next;

    return of->packets - in->hole_at >= of->patience &&
           (had || other->packets == in->other_packets);
}

static void mind_holes(direction *in)
{
    while (stream_hole(&in->stream) > 0 && is_given_up(in))
        leap(in);
    if (stream_hole(&in->stream) == 0)
        in->hole_at = 0;
}

/* ---- segments ---- */

static void note_acknowledged(direction *of, uint32_t sequence)
{
    int64_t at = stream_place(&of->stream, sequence);

    if (of->acknowledged == NO_PLACE || at > of->acknowledged)
        of->acknowledged = at;
}

static void end_at(direction *in, int64_t at, ending how, const arrival *when)
{
    if (in->ends_at != NO_PLACE && in->ending == ENDING_FIN)
        return;
    in->ends_at = at;
    in->end_came = *when;
    in->ending = how;
    look_for_end(in);
}

/* A segment of another connection between the same sockets, whose handshake was not seen. */
static bool is_of_another(const direction *in, const segment *came, int64_t at)
{
    if (came->reported == 0 && !came->syn)
        return false;
    if (came->syn && in->begin_guessed)
        return at > in->stream.begin;
    if (came->syn)
        return in->stream.started &&
               (in->stream.begin != NO_PLACE ? at != in->stream.begin
                                             : in->lowest != NO_PLACE && at > in->lowest);
    return (in->lowest != NO_PLACE && at + (int64_t)came->reported + FAR_AWAY < in->lowest) ||
           (in->stream.end != NO_PLACE && at > in->stream.end);
}

static void renew(dialogue *of)
{
    dialogue_finish(of);
    end_directions(of);
    begin_directions(of);
}

static void add_bytes(direction *in, const segment *came, int64_t at)
{
    int64_t acknowledged =
        came->has_acknowledged ? stream_place(&other_of(in)->stream, came->acknowledged) : NO_PLACE;
    stream_piece piece = {at,           came->bytes, came->length, came->reported,
                          acknowledged, came->when,  true};

    if (in->lowest == NO_PLACE || at < in->lowest)
        in->lowest = at;
    stream_add(&in->stream, &piece);
    read_on(in);
    stream_keep(&in->stream);
}

/* ---- a late beginning ---- */

/* Bytes before those that were read first can still come, or are among those that were kept. What
 * was misread is read again. */
static void read_again(direction *in)
{
    dialogue *of = in->of;

    if (of->early.length == 0 || in->stream.next <= in->stream.begin ||
        in->framing.role != ROLE_UNKNOWN)
        return;
    stream_again(&in->stream);
    framing_clear(&in->framing);
    begin_framing(in);
    for (GList *i = of->early.head; i; i = i->next) {
        const segment *came = i->data;

        if (&of->directions[came->direction] == in && came->reported > 0)
            add_bytes(in, came, stream_place(&in->stream, came->sequence + came->syn));
    }
}

static void begin_at(direction *in, int64_t at)
{
    bool late = in->stream.started && in->stream.begin == NO_PLACE;

    stream_begins(&in->stream, at);
    if (late)
        read_again(in);
}

/* The SYN tells where its direction begins, and a SYN/ACK also where the other one does. So does
 * what a client acknowledges before it has said anything: HTTP/1 servers do not speak first. */
static void note_beginnings(direction *in, const segment *came, int64_t at)
{
    direction *other = other_of(in);
    bool says_nothing = in->stream.begin != NO_PLACE && at == in->stream.begin && !came->rst;

    if (came->syn) {
        begin_at(in, at);
        in->begin_guessed = false;
    }
    if (!came->has_acknowledged)
        return;
    note_acknowledged(other, came->acknowledged);
    if (other->stream.begin == NO_PLACE && (came->syn || (says_nothing && !in->begin_guessed))) {
        begin_at(other, stream_place(&other->stream, came->acknowledged));
        other->begin_guessed = true;
    }
}

static bool is_begun(const dialogue *of)
{
    return of->directions[0].stream.begin != NO_PLACE && of->directions[1].stream.begin != NO_PLACE;
}

static void add(dialogue *of, const segment *came);

void dialogue_add(dialogue *of, const segment *came)
{
    if (!of->begun && of->early.length == 0 && is_begun(of))
        of->begun = true;
    if (!of->begun)
        keep_early(of, came);
    add(of, came);
    if (!of->begun && is_begun(of))
        forget_early(of);
}

static void add(dialogue *of, const segment *came)
{
    direction *in = &of->directions[came->direction], *other = &of->directions[!came->direction];
    uint32_t first = came->sequence + came->syn;
    int64_t at = stream_place(&in->stream, first);

    if (is_of_another(in, came, at)) {
        renew(of);
        at = stream_place(&in->stream, first);
    }
    of->packets++;
    in->packets++;
    note_beginnings(in, came, at);
    if (came->fin)
        stream_ends(&in->stream, at + (int64_t)came->reported);
    if (came->reported > 0)
        add_bytes(in, came, at);
    if (came->fin)
        end_at(in, in->stream.end, ENDING_FIN, &came->when);
    if (came->rst) {
        of->reset = true;
        end_at(in, at + (int64_t)came->reported,
               in->framing.role == ROLE_CLIENT ? ENDING_RST_CLIENT : ENDING_RST_SERVER,
               &came->when);
        if (came->has_acknowledged)
            end_at(other, stream_place(&other->stream, came->acknowledged),
                   other->framing.role == ROLE_SERVER ? ENDING_RST_CLIENT : ENDING_RST_SERVER,
                   &came->when);
    }
    mind_holes(in);
    mind_holes(other);
}

void dialogue_end_here(dialogue *of, unsigned which, ending how, const arrival *when)
{
    direction *in = &of->directions[which];

    of->reset = of->reset || how != ENDING_FIN;
    stream_ends(&in->stream, in->stream.next);
    end_at(in, in->stream.next, how, when);
}

bool dialogue_lacks(const dialogue *of, unsigned which)
{
    return stream_hole(&of->directions[which].stream) > 0;
}

void dialogue_give_up(dialogue *of)
{
    for (unsigned i = 0; i < 2; i++) {
        direction *in = &of->directions[i];

        while (stream_hole(&in->stream) > 0)
            leap(in);
    }
}

void dialogue_finish(dialogue *of)
{
    dialogue_give_up(of);
    /* Requests first: an open one is answered, or never will be. */
    for (unsigned i = 0; i < 2; i++) {
        direction *in = &of->directions[i];

        /* Something may have begun after a reset. */
        framing_end(&in->framing, &in->stream, in->ended ? ENDING_NONE : in->ending);
        in->ended = true;
        tell_progress(in);
    }
    pairing_end(of->pairing);
}
