/* h3_dialogue.c
 * A connection of HTTP/3: bytes of its streams in, messages and their pairs out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "h3_dialogue.h"

#include "h3_frames.h"
#include "qpack.h"
#include "queue_place.h"

/* So many streams that have ended are remembered one by one; of those far before them it is taken
 * for granted. */
#define MOST_ENDED 8192u
#define FAR_BEFORE (4u * 4096)

/* One direction of a stream. */
typedef struct {
    byte_stream bytes;
    h3_reader reader;
    http1_message *message; /* NULL as long as its header was not read */
    size_t keep;            /* of its body at most */
    GByteArray *section;    /* a header section that waits for the table; or NULL */
    uint64_t needed;        /* ... until it has so many entries */
    size_t waiting;         /* its share of the budget */
    size_t kept;            /* likewise */
    uint32_t hole_at;       /* the connection's count of frames when the hole was noticed */
    int64_t hole_next;      /* ... and where it was */
    arrival latest;         /* of all that was read */
    arrival end_came;
    bool unread;                /* its header cannot be read */
    bool done;                  /* nothing more of it will be read */
    GList in_blocked, in_holed; /* data is NULL if it is in none */
} side;

typedef struct {
    uint64_t id;
    side sides[2];
    bool final; /* what the response answers will not change */
    GList in_open;
} stream;

struct h3_dialogue {
    dialogue_listener listener;
    h3_budget *budget;
    GHashTable *streams; /* by number: those that are open */
    GQueue open;         /* of stream *: those that end some day, the oldest first */
    GHashTable *ended;   /* numbers of those that are not */
    uint64_t ended_below;
    uint64_t last_ended;
    qpack *tables[2];
    stream *controls[2], *encoders[2]; /* NULL as long as there are none */
    GQueue blocked[2];                 /* of stream *: in which a header section waits */
    GQueue holed[2]; /* likewise: with a hole, in the order in which that was noticed */
    uint32_t frames;
    uint32_t patience;
    arrival now; /* of the frame that is being added */
    uint64_t missing;
    uint64_t unread; /* header sections */
    bool finished;
};

static void read_on(h3_dialogue *of, stream *in, unsigned direction);
static void mind_waiting(h3_dialogue *of, stream *in, unsigned direction);

/* ---- streams ---- */

/* RFC 9000 section 2.1. */
static bool is_one_way(uint64_t id)
{
    return (id & 2) != 0;
}

static unsigned initiator(uint64_t id)
{
    return (id & 1) != 0 ? H3_SERVER : H3_CLIENT;
}

static void begin_side(side *made, h3_kind kind)
{
    made->bytes.begin = made->bytes.end = NO_PLACE;
    made->bytes.known = true;
    stream_begins(&made->bytes, 0);
    made->reader = h3_reader_of(kind);
}

static stream *new_stream(h3_dialogue *of, uint64_t id)
{
    stream *made = g_new0(stream, 1);

    made->id = id;
    for (unsigned i = 0; i < 2; i++) {
        begin_side(&made->sides[i], is_one_way(id) ? H3_UNTOLD : H3_MESSAGE);
        made->sides[i].done = is_one_way(id) && i != initiator(id);
    }
    g_hash_table_insert(of->streams, &made->id, made);
    queue_enter(&of->open, &made->in_open, made);
    of->budget->streams++;
    return made;
}

static bool has_ended(const h3_dialogue *of, uint64_t id)
{
    return id < of->ended_below || g_hash_table_contains(of->ended, &id);
}

static gboolean is_far_before(void *key, void *value, void *of)
{
    (void)value;
    return *(const uint64_t *)key < ((const h3_dialogue *)of)->ended_below;
}

static void note_ended(h3_dialogue *of, uint64_t id)
{
    g_hash_table_add(of->ended, g_memdup2(&id, sizeof id));
    of->last_ended = MAX(of->last_ended, id);
    if (g_hash_table_size(of->ended) <= MOST_ENDED)
        return;
    of->ended_below = MAX(of->ended_below, of->last_ended - MIN(of->last_ended, FAR_BEFORE));
    g_hash_table_foreach_remove(of->ended, is_far_before, of);
}

/* ---- what is kept ---- */

static void count(size_t *in_all, size_t *of_one, size_t now)
{
    *in_all += now - *of_one;
    *of_one = now;
}

static void stop_waiting(h3_dialogue *of, stream *in, unsigned direction)
{
    side *about = &in->sides[direction];

    queue_leave(&of->blocked[direction], &about->in_blocked);
    queue_leave(&of->holed[direction], &about->in_holed);
    g_clear_pointer(&about->section, g_byte_array_unref);
    stream_clear(&about->bytes);
    h3_reader_clear(&about->reader);
    count(&of->budget->waiting, &about->waiting, 0);
}

/* ---- messages ---- */

static http1_message *request_of(const stream *in)
{
    return in->sides[H3_CLIENT].message;
}

static http1_message *response_of(const stream *in)
{
    return in->sides[H3_SERVER].message;
}

/* Tells what the response answers, as soon as that is known. */
static void pair(h3_dialogue *of, stream *in, bool at_last)
{
    const side *asked = &in->sides[H3_CLIENT];
    http1_message *response = response_of(in);

    if (!response || in->final || !(asked->message || asked->unread || asked->done || at_last))
        return;
    pair_state state = asked->message  ? PAIR_NAMED
                       : asked->unread ? PAIR_UNREADABLE
                                       : PAIR_NOT_HELD;

    in->final = true;
    of->listener.paired(of->listener.data, response, asked->message, state, true);
}

static void free_message(h3_dialogue *of, side *about, bool tell)
{
    if (!about->message)
        return;
    count(&of->budget->kept, &about->kept, 0);
    if (tell)
        of->listener.gone(of->listener.data, about->message);
    g_clear_pointer(&about->message, message_free);
}

/* A request goes after its response. */
static void free_stream(h3_dialogue *of, stream *in, bool tell)
{
    free_message(of, &in->sides[H3_SERVER], tell);
    free_message(of, &in->sides[H3_CLIENT], tell);
    for (unsigned i = 0; i < 2; i++)
        stop_waiting(of, in, i);
    queue_leave(&of->open, &in->in_open);
    of->budget->streams--;
    g_hash_table_remove(of->streams, &in->id);
    g_free(in);
}

static void end_side(h3_dialogue *of, stream *in, unsigned direction, message_state state,
                     ending how)
{
    side *about = &in->sides[direction];
    http1_message *ended = about->message;

    if (about->done)
        return;
    about->done = true;
    if (ended) {
        ended->state = state;
        ended->ending = how;
        ended->ended = about->latest;
        of->listener.ends(of->listener.data, ended);
    }
    stop_waiting(of, in, direction);
    pair(of, in, false);
}

/* Call it when nothing looks at the stream any more. */
static void forget_if_done(h3_dialogue *of, stream *in)
{
    if (!in->sides[H3_CLIENT].done || !in->sides[H3_SERVER].done || !in->in_open.data)
        return;
    note_ended(of, in->id);
    free_stream(of, in, true);
}

/* ---- headers ---- */

static http1_message *new_message(const stream *in, unsigned direction)
{
    http1_message *made = g_new0(http1_message, 1);

    made->request = direction == H3_CLIENT;
    made->direction = direction;
    made->sure = true;
    made->header_end = 1;
    made->end = made->acknowledged = NO_PLACE;
    made->stream = (int64_t)in->id;
    made->began = made->ended = in->sides[direction].latest;
    made->content_length = -1;
    return made;
}

/* The one that counts: a request, or a final response (RFC 9114 section 4.1). */
static bool is_awaited(const http1_message *made)
{
    const http_header *header = &made->header;

    return made->request ? header->method != NULL : header->status >= 200;
}

static void begin_message(h3_dialogue *of, stream *in, unsigned direction, http1_message *made)
{
    side *about = &in->sides[direction];

    made->header.request = made->request;
    made->header.protocol = "HTTP/3";
    made->content_length = made->header.content_length;
    made->framing = made->content_length >= 0 ? BODY_LENGTH : BODY_TO_END;
    made->body = g_byte_array_new();
    about->message = made;
    of->listener.begins(of->listener.data, made);
    if (!made->request)
        pair(of, in, false);
    about->keep =
        of->listener.keeps(of->listener.data, made, made->request ? NULL : request_of(in));
    if (made->request)
        pair(of, in, false);
}

static void stop_waiting_for_table(h3_dialogue *of, stream *in, unsigned direction)
{
    side *about = &in->sides[direction];

    g_clear_pointer(&about->section, g_byte_array_unref);
    queue_leave(&of->blocked[direction], &about->in_blocked);
}

static void cannot_read(h3_dialogue *of, stream *in, unsigned direction)
{
    in->sides[direction].unread = true;
    of->unread++;
    stop_waiting_for_table(of, in, direction);
    pair(of, in, false);
}

static void wait_for_table(h3_dialogue *of, stream *in, unsigned direction, const uint8_t *bytes,
                           size_t length)
{
    side *about = &in->sides[direction];

    if (about->section)
        return; /* it waits already */
    about->section = g_byte_array_append(g_byte_array_new(), bytes, (guint)length);
    queue_enter(&of->blocked[direction], &about->in_blocked, in);
    if (of->blocked[direction].length > H3_LIMIT_BLOCKED)
        cannot_read(of, of->blocked[direction].head->data, direction);
}

static void read_section(h3_dialogue *of, stream *in, unsigned direction, const uint8_t *bytes,
                         size_t length)
{
    side *about = &in->sides[direction];
    http1_message *made = new_message(in, direction);
    qpack_result result = qpack_read(of->tables[direction], (int64_t)in->id, bytes, length,
                                     &made->scope, &made->header, &about->needed);

    if (result == QPACK_READ && is_awaited(made)) {
        stop_waiting_for_table(of, in, direction);
        begin_message(of, in, direction, made);
        return;
    }
    bool interim = result == QPACK_READ && !made->request && http_is_interim(made->header.status);

    message_free(made);
    if (interim)
        stop_waiting_for_table(of, in, direction);
    else if (result == QPACK_WAITS)
        wait_for_table(of, in, direction, bytes, length);
    else
        cannot_read(of, in, direction);
}

static void note_arrival(side *about, const arrival *when)
{
    if (when->frame >= about->latest.frame)
        about->latest = *when;
}

static void try_blocked(h3_dialogue *of, unsigned direction, bool at_last)
{
    GList *next;

    for (GList *i = of->blocked[direction].head; i; i = next) {
        stream *in = i->data;
        side *about = &in->sides[direction];

        next = i->next;
        if (at_last) {
            cannot_read(of, in, direction);
        } else if (qpack_is_allowed(of->tables[direction]) &&
                   qpack_count(of->tables[direction]) >= about->needed) {
            GByteArray *section = g_byte_array_ref(about->section);

            note_arrival(about, &of->now);
            read_section(of, in, direction, section->data, section->len);
            g_byte_array_unref(section);
        }
        if (about->section)
            continue;
        read_on(of, in, direction);
        mind_waiting(of, in, direction);
        forget_if_done(of, in);
    }
}

/* ---- bodies ---- */

static void evict(side *about)
{
    about->keep = 0;
    about->message->evicted = true;
    g_byte_array_set_size(about->message->body, 0);
}

static void keep_data(h3_dialogue *of, side *about, const uint8_t *bytes, size_t length)
{
    http1_message *message = about->message;
    size_t room = about->keep - MIN(about->keep, message->body->len);

    g_byte_array_append(message->body, bytes, (guint)MIN(length, room));
    about->keep = of->listener.grows(of->listener.data, message);
    if (about->keep == 0)
        g_byte_array_set_size(message->body, 0);
    count(&of->budget->kept, &about->kept, message->body->len);
    if (of->budget->kept > H3_LIMIT_KEPT)
        evict(about);
    count(&of->budget->kept, &about->kept, message->body->len);
}

/* All that its header promises came (RFC 9114 section 4.1.2). */
static bool is_full(const http1_message *of)
{
    return of->content_length > 0 &&
           of->length + (uint64_t)of->missing >= (uint64_t)of->content_length;
}

static void read_data(h3_dialogue *of, stream *in, unsigned direction, const uint8_t *bytes,
                      size_t length)
{
    side *about = &in->sides[direction];
    http1_message *message = about->message;

    if (!message)
        return;
    message->length += length;
    if (about->keep > 0 && message->missing == 0)
        keep_data(of, about, bytes, length);
    if (is_full(message))
        end_side(of, in, direction, message->missing == 0 ? MESSAGE_WHOLE : MESSAGE_PARTIAL,
                 ENDING_NONE);
}

/* ---- streams of the connection ---- */

/* There is one of each in a direction (RFC 9114 section 6.2.1, RFC 9204 section 4.2). */
static void mind_kind(h3_dialogue *of, stream *in, unsigned direction)
{
    side *about = &in->sides[direction];
    h3_kind kind = about->reader.kind;

    if (kind == H3_CONTROL && !of->controls[direction])
        of->controls[direction] = in;
    else if (kind == H3_ENCODER && !of->encoders[direction])
        of->encoders[direction] = in;
    else
        about->reader.kind = H3_FOREIGN;
    if (about->reader.kind != H3_FOREIGN)
        queue_leave(&of->open, &in->in_open);
}

/* The table of the other direction may be so large. */
static void read_settings(h3_dialogue *of, unsigned direction, const uint8_t *bytes, size_t length)
{
    qpack_allow(of->tables[!direction], h3_setting(bytes, length, H3_SETTING_TABLE));
}

/* ---- reading ---- */

static void act(h3_dialogue *of, stream *in, unsigned direction, const h3_piece *found)
{
    side *about = &in->sides[direction];

    switch (found->found) {
    case H3_HEADERS: /* behind the first one, trailers (RFC 9114 section 4.1) */
        if (!about->message && !about->unread)
            read_section(of, in, direction, found->bytes, found->length);
        break;
    case H3_DATA:
        read_data(of, in, direction, found->bytes, found->length);
        break;
    case H3_SETTINGS:
        read_settings(of, direction, found->bytes, found->length);
        break;
    case H3_TABLE:
        qpack_instruct(of->tables[direction], found->bytes, found->length);
        break;
    default:
        break;
    }
}

/* Is the next byte of no use for now? */
static bool has_to_wait(const h3_dialogue *of, const side *about, unsigned direction)
{
    return about->section ||
           (about->reader.kind == H3_ENCODER && !qpack_is_allowed(of->tables[direction]));
}

static void read_piece(h3_dialogue *of, stream *in, unsigned direction, const stream_piece *piece)
{
    side *about = &in->sides[direction];
    h3_kind before = about->reader.kind;
    h3_piece found;
    size_t taken = h3_reader_feed(&about->reader, piece->bytes, piece->length, &found);

    note_arrival(about, &piece->when);
    if (before == H3_UNTOLD && about->reader.kind != H3_UNTOLD)
        mind_kind(of, in, direction);
    act(of, in, direction, &found);
    if (about->done)
        return;
    stream_take(&about->bytes, taken);
    if (about->reader.kind == H3_FOREIGN)
        end_side(of, in, direction, MESSAGE_PARTIAL, ENDING_FRAMES);
}

static bool is_at_end(const side *about)
{
    return about->bytes.end != NO_PLACE && about->bytes.next >= about->bytes.end;
}

static void read_on(h3_dialogue *of, stream *in, unsigned direction)
{
    side *about = &in->sides[direction];
    stream_piece piece;

    while (!about->done && !has_to_wait(of, about, direction) && stream_peek(&about->bytes, &piece))
        read_piece(of, in, direction, &piece);
    if (about->done || about->section || !is_at_end(about))
        return;
    const http1_message *message = about->message;
    bool whole = message && message->missing == 0 && h3_reader_is_between(&about->reader);

    note_arrival(about, &about->end_came);
    end_side(of, in, direction, whole ? MESSAGE_WHOLE : MESSAGE_PARTIAL,
             whole || (message && message->missing > 0) ? ENDING_NONE : ENDING_FRAMES);
}

/* ---- holes ---- */

/* The table cannot be told any more: what needs it never will be read. */
static void lose_table(h3_dialogue *of, unsigned direction)
{
    qpack_lose(of->tables[direction]);
    try_blocked(of, direction, true);
}

static void note_missing(h3_dialogue *of, side *about, int64_t missing)
{
    about->message->missing += missing;
    of->listener.breaks(of->listener.data, about->message);
}

/* The bytes that are missing will not come. */
static void leap(h3_dialogue *of, stream *in, unsigned direction)
{
    side *about = &in->sides[direction];
    int64_t missing = stream_hole(&about->bytes);
    h3_kind kind = about->reader.kind;
    bool goes_on = h3_reader_leap(&about->reader, (uint64_t)missing);

    of->missing += (uint64_t)missing;
    stream_skip(&about->bytes, about->bytes.next + missing);
    if (about->message)
        note_missing(of, about, missing);
    about->unread = about->unread || !about->message;
    if (!goes_on)
        end_side(of, in, direction, MESSAGE_PARTIAL, ENDING_NONE);
    else if (about->message && is_full(about->message))
        end_side(of, in, direction, MESSAGE_PARTIAL, ENDING_NONE);
    if (kind == H3_ENCODER)
        lose_table(of, direction);
    if (kind == H3_CONTROL && !goes_on && !qpack_is_allowed(of->tables[!direction]))
        lose_table(of, !direction);
    read_on(of, in, direction);
}

/* Nobody will look at the body, and what is missing is of that. */
static bool passes_holes(const side *about)
{
    return about->message && !about->message->request && about->keep == 0 &&
           h3_reader_may_leap(&about->reader, (uint64_t)stream_hole(&about->bytes));
}

static size_t waiting_of(const side *about)
{
    enum { EACH = 128 };
    const byte_stream *bytes = &about->bytes;

    return bytes->waiting_bytes + (bytes->current ? bytes->current->length : 0) +
           (bytes->waiting ? (size_t)g_sequence_get_length(bytes->waiting) * EACH : 0) +
           (about->section ? about->section->len : 0);
}

/* It waits for nothing any more. @return false if it did not */
static bool give_up_waiting(h3_dialogue *of, stream *in, unsigned direction)
{
    side *about = &in->sides[direction];

    if (about->done)
        return false;
    if (about->section) {
        cannot_read(of, in, direction);
        read_on(of, in, direction);
    } else if (has_to_wait(of, about, direction)) {
        qpack_allow(of->tables[direction], 0);
        lose_table(of, direction);
        read_on(of, in, direction);
    } else if (stream_hole(&about->bytes) > 0) {
        leap(of, in, direction);
    } else {
        return false;
    }
    return true;
}

static void note_hole(h3_dialogue *of, stream *in, unsigned direction)
{
    side *about = &in->sides[direction];

    if (about->done || stream_hole(&about->bytes) == 0) {
        queue_leave(&of->holed[direction], &about->in_holed);
    } else if (!about->in_holed.data || about->hole_next != about->bytes.next) {
        about->hole_at = of->frames;
        about->hole_next = about->bytes.next;
        queue_enter(&of->holed[direction], &about->in_holed, in);
    }
}

/* What was not read is kept, within bounds. */
static void mind_waiting(h3_dialogue *of, stream *in, unsigned direction)
{
    side *about = &in->sides[direction];
    bool more = true;

    if (about->done)
        return;
    stream_hold(&about->bytes);
    while (more && !about->done) {
        count(&of->budget->waiting, &about->waiting, waiting_of(about));
        more = (stream_is_full(&about->bytes) || of->budget->waiting > H3_LIMIT_WAITING ||
                (stream_hole(&about->bytes) > 0 && passes_holes(about))) &&
               give_up_waiting(of, in, direction);
    }
    note_hole(of, in, direction);
}

static void give_up_old_holes(h3_dialogue *of, unsigned direction)
{
    stream *in;

    while ((in = g_queue_peek_head(&of->holed[direction])) != NULL &&
           of->frames - in->sides[direction].hole_at >= of->patience) {
        leap(of, in, direction);
        mind_waiting(of, in, direction);
        note_hole(of, in, direction);
        forget_if_done(of, in);
    }
}

/* ---- the connection ---- */

h3_dialogue *h3_dialogue_new(const dialogue_listener *listener, h3_budget *budget)
{
    h3_dialogue *made = g_new0(h3_dialogue, 1);

    made->listener = *listener;
    made->budget = budget;
    made->patience = UINT32_MAX;
    made->streams = g_hash_table_new(g_int64_hash, g_int64_equal);
    made->ended = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (unsigned i = 0; i < 2; i++)
        made->tables[i] = qpack_new();
    return made;
}

void h3_dialogue_free(h3_dialogue *of)
{
    GHashTableIter all;
    void *in;

    g_hash_table_iter_init(&all, of->streams);
    while (g_hash_table_iter_next(&all, NULL, &in)) {
        g_hash_table_iter_steal(&all);
        free_stream(of, in, false);
    }
    g_hash_table_unref(of->streams);
    g_hash_table_unref(of->ended);
    for (unsigned i = 0; i < 2; i++)
        qpack_free(of->tables[i]);
    g_free(of);
}

uint64_t h3_dialogue_missing(const h3_dialogue *of, uint64_t *unread)
{
    *unread = of->unread;
    return of->missing;
}

void h3_dialogue_set_patience(h3_dialogue *of, uint32_t frames)
{
    of->patience = frames;
}

static void finish_side(h3_dialogue *of, stream *in, unsigned direction, ending how,
                        const arrival *when)
{
    side *about = &in->sides[direction];

    while (give_up_waiting(of, in, direction))
        ;
    if (when && !about->done)
        note_arrival(about, when);
    end_side(of, in, direction, MESSAGE_PARTIAL, how);
}

/* Requests first: what is open is answered, or was not. */
static void finish_stream(h3_dialogue *of, stream *in, ending how, const arrival *when)
{
    finish_side(of, in, H3_CLIENT, how, when);
    finish_side(of, in, H3_SERVER, how, when);
    pair(of, in, true);
    forget_if_done(of, in);
}

static stream *stream_of(h3_dialogue *of, uint64_t id)
{
    stream *found = g_hash_table_lookup(of->streams, &id);

    if (found || has_ended(of, id))
        return found;
    if (of->open.head &&
        (of->open.length >= H3_LIMIT_STREAMS || of->budget->streams >= H3_LIMIT_ALL_STREAMS))
        finish_stream(of, of->open.head->data, ENDING_NONE, NULL);
    return new_stream(of, id);
}

/* What was told of the table, or how large it is, may be what others wait for. */
static void tell_others(h3_dialogue *of, const side *about, unsigned direction)
{
    unsigned other = !direction;

    if (about->reader.kind == H3_ENCODER)
        try_blocked(of, direction, false);
    if (about->reader.kind != H3_CONTROL || !qpack_is_allowed(of->tables[other]))
        return;
    if (of->encoders[other]) {
        read_on(of, of->encoders[other], other);
        mind_waiting(of, of->encoders[other], other);
    }
    try_blocked(of, other, false);
}

static void add_to(h3_dialogue *of, stream *in, const h3_bytes *came)
{
    side *about = &in->sides[came->direction];
    stream_piece piece = {.at = (int64_t)came->at,
                          .bytes = came->bytes,
                          .length = came->length,
                          .reported = came->length,
                          .acknowledged = NO_PLACE,
                          .when = came->when};

    if (came->fin) {
        stream_ends(&about->bytes, (int64_t)(came->at + came->length));
        about->end_came = came->when;
    }
    stream_add(&about->bytes, &piece);
    read_on(of, in, came->direction);
    mind_waiting(of, in, came->direction);
    if (is_one_way(in->id))
        tell_others(of, about, came->direction);
}

/* Requests are the client's to begin (RFC 9114 section 6.1); streams of one direction have one. */
static bool is_read(const h3_dialogue *of, uint64_t id, unsigned direction)
{
    return !of->finished &&
           (is_one_way(id) ? initiator(id) == direction : initiator(id) == H3_CLIENT);
}

void h3_dialogue_add(h3_dialogue *of, const h3_bytes *came)
{
    stream *in = is_read(of, came->stream, came->direction) ? stream_of(of, came->stream) : NULL;

    of->frames++;
    of->now = came->when;
    if (in && !in->sides[came->direction].done) {
        add_to(of, in, came);
        forget_if_done(of, in);
    }
    for (unsigned i = 0; i < 2; i++)
        give_up_old_holes(of, i);
}

void h3_dialogue_reset(h3_dialogue *of, unsigned direction, uint64_t id, const arrival *when)
{
    stream *in = is_read(of, id, direction) ? g_hash_table_lookup(of->streams, &id) : NULL;

    if (!in || is_one_way(id))
        return;
    note_arrival(&in->sides[direction], when);
    end_side(of, in, direction, MESSAGE_PARTIAL, ENDING_RESET_STREAM);
    forget_if_done(of, in);
}

void h3_dialogue_finish(h3_dialogue *of, ending how, const arrival *when)
{
    if (of->finished)
        return;
    for (unsigned i = 0; i < 2; i++) {
        while (of->encoders[i] && give_up_waiting(of, of->encoders[i], i))
            ;
        try_blocked(of, i, true);
    }
    while (of->open.head)
        finish_stream(of, of->open.head->data, how, when);
    of->finished = true;
}
