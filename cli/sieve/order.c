/* order.c
 * Segments that are captured out of order, and the order in which they were sent.
 *
 * RFC 9293 section 3.4.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "order.h"

#include <string.h>

#include "http2_settings.h"
#include "lines.h"
#include "octets.h"
#include "serial.h"

/* Segments of one connection that are held: where the order matters, and where it may turn out to.
 */
#define LIMIT_HELD 65536u
#define LIMIT_UNDECIDED 512u
/* ... and while no SYN came of either side. */
#define LIMIT_UNBEGUN 64u

/* ... and of all. */
#define LIMIT_ALL (256u * 1024)

/* Connections that hold any. */
#define LIMIT_HOLDERS 32768u

/* Frames that change places. */
#define LIMIT_MOVES (2u * 1024 * 1024)

/* Stretches of bytes behind a gap. */
#define LIMIT_PIECES 32u

/* Farther than any window: the numbers began anew. */
#define BEYOND_WINDOW (1 << 30)

/* ... and farther than nearly all are in fact. A SYN so much before what came of its side is late,
 * farther away it is that of another connection, and so is what looks like a beginning. */
#define WIDE_WINDOW (1 << 21)

/* Nothing that follows on the beginning of the same connection is so far behind it. */
#define NEAR (1 << 16)

typedef struct {
    uint32_t frame;
    uint32_t begin, end;
    uint32_t acknowledged;
    bool has_acknowledged;
    bool last; /* a reset that acknowledges nothing */
    uint8_t side;
    int64_t offset;
} held_segment; /* or a fragment of one */

typedef struct {
    uint32_t begin, end;
} piece;

struct order_held {
    GArray *segments; /* of held_segment */
    uint32_t base[2]; /* numbers are compared from there on */
    unsigned n_pieces[2];
    piece pieces[2][LIMIT_PIECES];
};

/* A frame that was held, and the last one of those with which it was. */
typedef struct {
    uint32_t place, until;
} span;

struct order {
    GArray *moves; /* of order_move */
    GArray *spans; /* of span */
    bool sorted, spans_sorted;
    bool ended;      /* the capture */
    unsigned n_held; /* segments of all connections */
    unsigned n_holders;
};

order *order_new(void)
{
    order *made = g_new0(order, 1);

    made->moves = g_array_new(FALSE, FALSE, sizeof(order_move));
    made->spans = g_array_new(FALSE, FALSE, sizeof(span));
    return made;
}

void order_free(order *of)
{
    if (!of)
        return;
    g_array_unref(of->moves);
    g_array_unref(of->spans);
    g_free(of);
}

/* ---- to whom it matters ---- */

static bool begins(const sieve_packet *segment, const char *words)
{
    size_t n = strlen(words);

    return segment->length >= n && memcmp(segment->payload, words, n) == 0;
}

static bool is_tls(const sieve_packet *segment)
{
    const uint8_t *at = segment->payload;

    return segment->length >= 3 && at[0] >= 0x14 && at[0] <= 0x17 && at[1] == 3 && at[2] <= 4;
}

static bool is_settings(const sieve_packet *segment)
{
    return http2_is_settings(segment->payload, segment->length);
}

/* RFC 9113 section 3.4: each side begins with a SETTINGS frame, the client after its preface. */
static bool is_http2(const sieve_packet *segment)
{
    return begins(segment, "PRI * HTTP/2.0") || is_settings(segment);
}

static bool is_socks(const sieve_packet *segment)
{
    enum { PORT = 1080 };
    const packet_flow *flow = &segment->flow;

    return flow->source_port == PORT || flow->destination_port == PORT;
}

/* A ClientHello in the clear whose lengths agree: RFC 8446 sections 4, 4.1.2 and 5.1. What is
 * encrypted hardly ever looks like that. */
static bool is_hello(const sieve_packet *segment)
{
    enum { TYPE = 5, LENGTH = 7, VERSION = 9, LEAST = 11, HEADER = 4 };
    const uint8_t *at = segment->payload;

    return segment->length >= LEAST && is_tls(segment) && at[0] == 0x16 && at[TYPE] == 1 &&
           at[TYPE + 1] == 0 && at[VERSION] == 3 &&
           octets_16(at + LENGTH) + HEADER >= octets_16(at + 3);
}

/* HTTP/1 that wants to become HTTP/2, or a tunnel: RFC 7540 section 3.2, RFC 9110 section 9.3.6. */
static bool wants_change(const sieve_packet *segment)
{
    const char *text = (const char *)segment->payload;
    http_slice rest = {text, text + segment->length}, line, name, value;

    if (segment->length == 0 || !http_is_token_character(text[0]) || !http_next_line(&rest, &line))
        return false;
    if (begins(segment, "CONNECT "))
        return true;
    while (http_next_line(&rest, &line)) {
        if (http_field_line(line, &name, &value) && http_slice_is(name, "HTTP2-Settings"))
            return true;
    }
    return false;
}

/* Does a connection begin like this to whose dissectors the order matters, or will? */
static bool is_beginning(const sieve_packet *segment, bool matters)
{
    return matters ? is_hello(segment) || is_http2(segment) : wants_change(segment);
}

bool order_matters(const sieve_packet *segment, bool keys)
{
    return segment->length > 0 && ((keys && is_tls(segment)) || is_http2(segment) ||
                                   begins(segment, "HTTP/1.1 101") || is_socks(segment));
}

/* ---- the order in which they were sent ---- */

/* Of one side. What acknowledges nothing is a SYN, or a reset. */
static gint compare_sent(gconstpointer a, gconstpointer b, gpointer data)
{
    const held_segment *left = a, *right = b;
    const uint32_t *base = data;
    int32_t ends[2] = {serial_distance(base[left->side], left->end),
                       serial_distance(base[right->side], right->end)};

    if (left->last != right->last)
        return left->last - right->last;
    if (left->has_acknowledged != right->has_acknowledged)
        return left->has_acknowledged - right->has_acknowledged;
    if (left->has_acknowledged && left->acknowledged != right->acknowledged)
        return serial_distance(left->acknowledged, right->acknowledged) > 0 ? -1 : 1;
    if (ends[0] != ends[1])
        return ends[0] < ends[1] ? -1 : 1;
    return left->frame < right->frame ? -1 : left->frame > right->frame;
}

/* Nothing was sent before what it acknowledges. */
static bool needs(const held_segment *one, const held_segment *other)
{
    return one->has_acknowledged && serial_distance(other->begin, one->acknowledged) > 0;
}

/* Which of two, one of each side, comes first? Where the numbers do not say, the capture does. */
static bool comes_first(const held_segment *one, const held_segment *other)
{
    bool after = needs(one, other), before = needs(other, one);

    return after != before ? before : one->frame < other->frame;
}

static void move(order *of, const held_segment *to, const held_segment *from)
{
    const order_move made = {to->frame, from->frame, from->offset};

    if (to->frame == from->frame)
        return;
    g_array_append_val(of->moves, made);
    of->sorted = false;
}

static GArray *of_side(const order_held *held, unsigned side)
{
    GArray *made = g_array_new(FALSE, FALSE, sizeof(held_segment));

    for (guint i = 0; i < held->segments->len; i++) {
        const held_segment *segment = &g_array_index(held->segments, held_segment, i);

        if (segment->side == side)
            g_array_append_vals(made, segment, 1);
    }
    g_array_sort_with_data(made, compare_sent, (gpointer)held->base);
    return made;
}

static gint compare_captured(gconstpointer a, gconstpointer b)
{
    const held_segment *left = a, *right = b;

    return left->frame < right->frame ? -1 : left->frame > right->frame;
}

/* Segments are held in the order of the capture, but for fragments that waited for others. */
static void put_in_order(order *of, const order_held *held)
{
    GArray *sides[2] = {of_side(held, 0), of_side(held, 1)};
    guint at[2] = {0, 0};

    g_array_sort(held->segments, compare_captured);
    uint32_t until =
        of->ended ? UINT32_MAX
                  : g_array_index(held->segments, held_segment, held->segments->len - 1).frame;

    for (guint i = 0; i < held->segments->len; i++) {
        const held_segment *heads[2];

        for (unsigned side = 0; side < 2; side++)
            heads[side] = at[side] < sides[side]->len
                              ? &g_array_index(sides[side], held_segment, at[side])
                              : NULL;
        unsigned side = !heads[0] || (heads[1] && comes_first(heads[1], heads[0]));

        const held_segment *to = &g_array_index(held->segments, held_segment, i);
        const span made = {to->frame, until};

        if (of->spans->len < LIMIT_MOVES)
            g_array_append_val(of->spans, made);
        move(of, to, heads[side]);
        at[side]++;
    }
    g_array_unref(sides[0]);
    g_array_unref(sides[1]);
}

/* ---- what is held ---- */

static void note_base(order_of_flow *in, unsigned which)
{
    const order_side *side = &in->sides[which];

    if (in->held)
        in->held->base[which] = side->next;
}

static void begin_holding(order_of_flow *in)
{
    in->held = g_new0(order_held, 1);
    in->held->segments = g_array_new(FALSE, FALSE, sizeof(held_segment));
    note_base(in, 0);
    note_base(in, 1);
}

void order_forget(order *of, order_of_flow *in)
{
    if (!in->held)
        return;
    of->n_held -= in->held->segments->len;
    of->n_holders -= in->held->segments->len > 0;
    g_array_unref(in->held->segments);
    g_clear_pointer(&in->held, g_free);
}

void order_finish(order *of, order_of_flow *in)
{
    if (in->held && in->held->segments->len > 0 && in->matters &&
        of->moves->len + in->held->segments->len <= LIMIT_MOVES)
        put_in_order(of, in->held);
    order_forget(of, in);
}

/* What is missing will not be waited for. */
static void give_up(order *of, order_of_flow *in)
{
    for (unsigned i = 0; i < 2; i++) {
        order_side *side = &in->sides[i];

        for (unsigned n = 0; n < in->held->n_pieces[i]; n++) {
            if (serial_distance(side->next, in->held->pieces[i][n].end) > 0)
                side->next = in->held->pieces[i][n].end;
        }
        if (serial_distance(side->next, side->heard) > 0)
            side->next = side->heard;
        side->awaits = false;
    }
    order_finish(of, in);
}

static bool is_in_order(const order_of_flow *in)
{
    for (unsigned i = 0; i < 2; i++) {
        const order_side *side = &in->sides[i];

        if (side->known && (side->awaits || serial_distance(side->next, side->heard) > 0))
            return false;
    }
    return !in->held || (in->held->n_pieces[0] == 0 && in->held->n_pieces[1] == 0);
}

/* ---- pieces ---- */

static void remove_piece(order_held *held, unsigned side, unsigned n)
{
    held->n_pieces[side]--;
    memmove(&held->pieces[side][n], &held->pieces[side][n + 1],
            (held->n_pieces[side] - n) * sizeof(piece));
}

/* What is behind a gap grows together. @return false if there are too many */
static bool add_piece(order_held *held, unsigned side, piece made)
{
    for (unsigned n = 0; n < held->n_pieces[side];) {
        const piece *known = &held->pieces[side][n];

        if (serial_distance(known->end, made.begin) > 0 ||
            serial_distance(made.end, known->begin) > 0) {
            n++;
            continue;
        }
        if (serial_distance(known->begin, made.begin) > 0)
            made.begin = known->begin;
        if (serial_distance(made.end, known->end) > 0)
            made.end = known->end;
        remove_piece(held, side, n);
    }
    if (held->n_pieces[side] == LIMIT_PIECES)
        return false;
    held->pieces[side][held->n_pieces[side]++] = made;
    return true;
}

/* A gap may be closed now. */
static void join_pieces(order_of_flow *in, unsigned which)
{
    order_side *side = &in->sides[which];

    for (unsigned n = 0; in->held && n < in->held->n_pieces[which];) {
        const piece known = in->held->pieces[which][n];

        if (serial_distance(side->next, known.begin) > 0) {
            n++;
            continue;
        }
        if (serial_distance(side->next, known.end) > 0)
            side->next = known.end;
        remove_piece(in->held, which, n);
        n = 0;
    }
}

/* ---- segments ---- */

/* Where a side begins, if nothing is known of it. */
static void begin_side(order_of_flow *in, unsigned which, uint32_t at, bool syn)
{
    in->sides[which] =
        (order_side){.next = at, .heard = at, .start = at, .known = true, .awaits = !syn};
    note_base(in, which);
}

/* Does another connection begin here? So far from what came of its side that hardly a window
 * reaches there, or behind its end; nearer if this is how the one before began, too: that is said
 * once. */
static bool begins_another(const order_of_flow *in, const order_side *side,
                           const sieve_packet *segment, bool matters)
{
    int32_t ahead = serial_distance(side->next, segment->sequence);
    bool again = in->begun && ahead > NEAR && !is_settings(segment);

    return side->known && segment->reported > 0 &&
           (ahead > WIDE_WINDOW || ahead < -WIDE_WINDOW || (side->fin && ahead > 0) || again) &&
           is_beginning(segment, matters);
}

static bool is_of_another(const order_side *side, const sieve_packet *segment)
{
    int32_t ahead = serial_distance(side->next, segment->sequence);

    if (!side->known)
        return false;
    if ((segment->flags & TCP_SYN) != 0) {
        int32_t before = serial_distance(segment->sequence, side->start);

        return side->awaits ? before < 0 || before > WIDE_WINDOW
                            : before != 0 && before != 1 && side->seen;
    }
    return segment->reported > 0 && (ahead > BEYOND_WINDOW || ahead < -BEYOND_WINDOW);
}

/* Wireshark takes a SYN for the beginning of another connection if bytes behind it, or what
 * acknowledges them, came before. */
static bool is_late(const order_of_flow *in, unsigned which, uint32_t syn)
{
    return (in->held && in->held->n_pieces[which] > 0) ||
           serial_distance(syn + 1, in->sides[which].heard) > 0;
}

static void begin_anew(order *of, order_of_flow *in)
{
    order_finish(of, in);
    in->sides[0] = in->sides[1] = (order_side){0};
    in->matters = in->spoken = in->begun = false;
}

static void note_sides(order_of_flow *in, unsigned forward, const sieve_packet *segment)
{
    order_side *sender = &in->sides[forward], *receiver = &in->sides[!forward];
    bool syn = (segment->flags & TCP_SYN) != 0;

    if (!sender->known)
        begin_side(in, forward, segment->sequence, syn);
    in->matters = in->matters || (syn && is_late(in, forward, segment->sequence));
    sender->seen = true;
    sender->syn = sender->syn || syn;
    sender->fin = sender->fin || (segment->flags & TCP_FIN) != 0;
    if (syn && sender->awaits) {
        sender->awaits = false;
        sender->next = sender->start = segment->sequence;
    }
    /* The SYN before a SYN/ACK will come yet. */
    if (!receiver->known && (segment->flags & TCP_ACK) != 0)
        begin_side(in, !forward, segment->acknowledged - syn, syn);
}

/* @return false if it is too much to keep */
static bool note_bytes(order_of_flow *in, unsigned forward, const sieve_packet *segment,
                       uint32_t end)
{
    order_side *sender = &in->sides[forward], *receiver = &in->sides[!forward];

    if ((segment->flags & TCP_ACK) != 0) {
        int32_t more = serial_distance(receiver->heard, segment->acknowledged);

        if (more > 0 && more < BEYOND_WINDOW)
            receiver->heard = segment->acknowledged;
    }
    if (end == segment->sequence || (!sender->awaits && serial_distance(sender->next, end) <= 0))
        return true;
    bool gap = sender->awaits || serial_distance(sender->next, segment->sequence) > 0;

    if (!in->held && (gap || !is_in_order(in)))
        begin_holding(in);
    if (gap)
        return add_piece(in->held, forward, (piece){segment->sequence, end});
    sender->next = end;
    join_pieces(in, forward);
    return true;
}

static void hold(order *of, order_of_flow *in, const held_segment *segment,
                 const order_frame *frames, unsigned n_frames)
{
    if (!in->held)
        begin_holding(in);
    of->n_holders += in->held->segments->len == 0;
    for (unsigned i = 0; i < n_frames; i++) {
        held_segment made = *segment;

        made.frame = frames[i].number;
        made.offset = frames[i].offset;
        g_array_append_val(in->held->segments, made);
    }
    of->n_held += n_frames;
}

static guint limit_of(const order_of_flow *in)
{
    const order_side *sides = in->sides;

    if (!sides[0].syn && !sides[1].syn && (sides[0].awaits || sides[1].awaits))
        return LIMIT_UNBEGUN;
    return in->matters ? LIMIT_HELD : LIMIT_UNDECIDED;
}

/* A reset, and no bytes are held: nothing more is waited for. */
static bool is_refused(const order_of_flow *in, const sieve_packet *segment)
{
    return (segment->flags & TCP_RST) != 0 && in->held->n_pieces[0] == 0 &&
           in->held->n_pieces[1] == 0;
}

bool order_segment(order *of, order_of_flow *in, unsigned forward, const sieve_packet *segment,
                   bool matters, const order_frame *frames, unsigned n_frames)
{
    uint32_t end = segment->sequence + (uint32_t)segment->reported +
                   ((segment->flags & TCP_SYN) != 0) + ((segment->flags & TCP_FIN) != 0);
    const held_segment made = {
        .begin = segment->sequence,
        .end = end,
        .acknowledged = segment->acknowledged,
        .has_acknowledged = (segment->flags & TCP_ACK) != 0,
        .last = (segment->flags & (TCP_ACK | TCP_RST)) == TCP_RST,
        .side = (uint8_t)forward,
    };

    order_side *sender = &in->sides[forward];
    bool begins = begins_another(in, sender, segment, matters);

    if (begins || is_of_another(sender, segment))
        begin_anew(of, in);
    if (!in->spoken && segment->reported > 0) {
        in->spoken = true;
        in->begun = is_beginning(segment, matters);
    }
    in->matters = in->matters || matters;
    note_sides(in, forward, segment);
    bool kept = note_bytes(in, forward, segment, end);

    if (!in->held && is_in_order(in))
        return !begins;
    hold(of, in, &made, frames, n_frames);
    guint held = in->held->segments->len;

    if (!kept || of->n_held >= LIMIT_ALL || of->n_holders > LIMIT_HOLDERS || held >= limit_of(in) ||
        is_refused(in, segment))
        give_up(of, in);
    else if (is_in_order(in))
        order_finish(of, in);
    return !begins;
}

/* ---- what changes places ---- */

void order_ends(order *of)
{
    of->ended = true;
}

/* Of moves and of spans, which both begin with it. */
static gint compare_places(gconstpointer a, gconstpointer b)
{
    const uint32_t *left = a, *right = b;

    return *left < *right ? -1 : *left > *right;
}

static void sort_by_place(GArray *these, bool *sorted)
{
    if (!*sorted)
        g_array_sort(these, compare_places);
    *sorted = true;
}

static bool find_place(const GArray *these, uint32_t place, guint *at)
{
    return g_array_binary_search((GArray *)these, &place, compare_places, at);
}

uint32_t order_settled(order *of, uint32_t place)
{
    guint at;

    sort_by_place(of->spans, &of->spans_sorted);
    return find_place(of->spans, place, &at) ? g_array_index(of->spans, span, at).until : place;
}

const GArray *order_moves(order *of)
{
    sort_by_place(of->moves, &of->sorted);
    return of->moves;
}

const order_move *order_at(const GArray *moves, uint32_t place)
{
    guint at;

    return find_place(moves, place, &at) ? &g_array_index(moves, order_move, at) : NULL;
}

unsigned order_returns(const GArray *moves, int64_t bytes)
{
    unsigned count = 0;

    for (guint i = 1; i < moves->len; i++)
        count += g_array_index(moves, order_move, i).offset <
                 g_array_index(moves, order_move, i - 1).offset - bytes;
    return count;
}
