/* stream.c
 * One direction of a connection: its bytes in order.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "stream.h"

#include <string.h>

/* Bytes of a piece that waits follow it. */
static stream_piece *copy_of(const stream_piece *came)
{
    stream_piece *made = g_malloc(sizeof *made + came->length);

    *made = *came;
    made->bytes = came->length > 0 ? memcpy(made + 1, came->bytes, came->length) : NULL;
    return made;
}

static int64_t behind(const stream_piece *of)
{
    return of->at + (int64_t)of->length;
}

/* Without its first bytes. */
static void cut_front(stream_piece *of, size_t length)
{
    of->at += (int64_t)length;
    of->bytes += length;
    of->length -= length;
    of->reported -= length;
    of->begins = false;
}

/* ---- places ---- */

/* Sequence numbers wrap: what is less than half of them away is meant. */
static int64_t nearest(const byte_stream *of, uint32_t sequence)
{
    return of->counted + (int32_t)(sequence - of->sequence);
}

int64_t stream_place(byte_stream *of, uint32_t sequence)
{
    if (!of->known) {
        of->known = true;
        of->begin = of->end = NO_PLACE;
        of->sequence = sequence;
        of->counted = of->next = of->furthest = 0;
    }
    return nearest(of, sequence);
}

uint32_t stream_sequence(const byte_stream *of, int64_t place)
{
    return of->sequence + (uint32_t)(place - of->counted);
}

/* Keeps the number that others are counted from near to those that come. */
static void note_progress(byte_stream *of, int64_t at)
{
    if (at > of->furthest)
        of->furthest = at;
    if (at > of->counted) {
        of->sequence += (uint32_t)(at - of->counted);
        of->counted = at;
    }
}

void stream_begins(byte_stream *of, int64_t at)
{
    of->begin = at;
    if (!of->started)
        of->next = at;
    of->started = true;
    note_progress(of, at);
}

void stream_ends(byte_stream *of, int64_t at)
{
    if (of->end == NO_PLACE || at > of->end)
        of->end = at;
}

/* ---- what waits ---- */

static gint compare_places(gconstpointer a, gconstpointer b, gpointer data)
{
    const stream_piece *left = a, *right = b;

    (void)data;
    return left->at < right->at ? -1 : left->at > right->at;
}

static stream_piece *first_waiting(const byte_stream *of)
{
    GSequenceIter *first = of->waiting ? g_sequence_get_begin_iter(of->waiting) : NULL;

    return first && !g_sequence_iter_is_end(first) ? g_sequence_get(first) : NULL;
}

static stream_piece *last_waiting(const byte_stream *of)
{
    GSequenceIter *end = of->waiting ? g_sequence_get_end_iter(of->waiting) : NULL;

    return end && !g_sequence_iter_is_begin(end) ? g_sequence_get(g_sequence_iter_prev(end)) : NULL;
}

static stream_piece *take_first(byte_stream *of)
{
    GSequenceIter *first = g_sequence_get_begin_iter(of->waiting);
    stream_piece *taken = g_sequence_get(first);

    g_sequence_remove(first);
    of->waiting_bytes -= taken->length;
    return taken;
}

/* Of two that begin at the same place, the longer one is kept, with the lower acknowledgement: that
 * is of the first sending. */
static bool is_there(byte_stream *of, const stream_piece *came)
{
    GSequenceIter *at =
        g_sequence_lookup(of->waiting, (gpointer)(uintptr_t)came, compare_places, NULL);
    stream_piece *there = at ? g_sequence_get(at) : NULL;

    if (!there)
        return false;
    if (came->acknowledged != NO_PLACE && came->acknowledged < there->acknowledged)
        there->acknowledged = came->acknowledged;
    if (there->length >= came->length)
        return true;
    of->waiting_bytes += came->length - there->length;
    stream_piece *longer = copy_of(came);

    longer->acknowledged = there->acknowledged;
    g_free(there);
    g_sequence_set(at, longer);
    return true;
}

static void wait_for_hole(byte_stream *of, const stream_piece *came)
{
    const stream_piece *last = last_waiting(of);

    if (!of->waiting)
        of->waiting = g_sequence_new(NULL);
    if (last && last->at >= came->at && is_there(of, came))
        return;
    of->waiting_bytes += came->length;
    if (!last || last->at < came->at)
        g_sequence_append(of->waiting, copy_of(came));
    else
        g_sequence_insert_sorted(of->waiting, copy_of(came), compare_places, NULL);
}

/* ---- reading ---- */

void stream_add(byte_stream *of, const stream_piece *came)
{
    note_progress(of, came->at + (int64_t)came->reported);
    if (!of->started && came->length > 0) {
        of->started = true;
        of->next = came->at;
    }
    if (came->length == 0 || behind(came) <= of->next)
        return;
    of->now = *came;
    if (came->at < of->next)
        cut_front(&of->now, (size_t)(of->next - came->at));
}

static void drop_current(byte_stream *of)
{
    g_free(of->current);
    of->current = NULL;
}

/* What waits and can be read now. */
static stream_piece *readable(byte_stream *of)
{
    stream_piece *first;

    if (of->current && behind(of->current) <= of->next)
        drop_current(of);
    if (of->current)
        return of->current;
    while ((first = first_waiting(of)) != NULL && first->at <= of->next) {
        first = take_first(of);
        if (behind(first) > of->next) {
            return of->current = first;
        }
        g_free(first);
    }
    return NULL;
}

bool stream_peek(byte_stream *of, stream_piece *to)
{
    bool is_now = of->now.length > 0 && of->now.at <= of->next && behind(&of->now) > of->next;
    stream_piece *found = is_now ? &of->now : readable(of);

    if (!found)
        return false;
    if (found->at < of->next)
        cut_front(found, (size_t)(of->next - found->at));
    *to = *found;
    return true;
}

void stream_take(byte_stream *of, size_t length)
{
    of->next += (int64_t)length;
}

void stream_skip(byte_stream *of, int64_t to)
{
    const stream_piece *first;

    if (to > of->next)
        of->next = to;
    while ((first = first_waiting(of)) != NULL && behind(first) <= of->next)
        g_free(take_first(of));
}

void stream_keep(byte_stream *of)
{
    if (of->now.length > 0 && of->now.at > of->next)
        wait_for_hole(of, &of->now);
    of->now = (stream_piece){0};
}

void stream_hold(byte_stream *of)
{
    if (of->now.length > 0 && behind(&of->now) > of->next)
        wait_for_hole(of, &of->now);
    of->now = (stream_piece){0};
}

int64_t stream_hole(const byte_stream *of)
{
    const stream_piece *first = of->current ? of->current : first_waiting(of);

    if (of->now.length > 0 && (!first || of->now.at < first->at))
        first = &of->now;
    return first && first->at > of->next ? first->at - of->next : 0;
}

bool stream_is_full(const byte_stream *of)
{
    return of->waiting && (of->waiting_bytes > STREAM_LIMIT_BYTES ||
                           g_sequence_get_length(of->waiting) > (gint)STREAM_LIMIT_PIECES);
}

void stream_again(byte_stream *of)
{
    stream_clear(of);
    of->waiting_bytes = 0;
    of->next = of->begin;
}

void stream_clear(byte_stream *of)
{
    drop_current(of);
    while (first_waiting(of))
        g_free(take_first(of));
    if (of->waiting)
        g_sequence_free(of->waiting);
    of->waiting = NULL;
    of->now = (stream_piece){0};
}
