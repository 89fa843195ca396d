/* pieces.c
 * The pieces of a stream of bytes in order.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "pieces.h"

#include <string.h>

/* Sequence numbers wrap (RFC 9293 section 3.4). */
static int32_t distance(uint32_t from, uint32_t to)
{
    return (int32_t)(to - from);
}

static const piece *first_waiting(const pieces *stream)
{
    return stream->waiting.head ? stream->waiting.head->data : NULL;
}

static void drop(pieces *stream, piece *gone)
{
    stream->bytes -= gone->length;
    g_free(gone);
}

static piece *copy_of(const piece *came)
{
    piece *made = g_malloc(sizeof *made + came->length);

    *made = *came;
    made->bytes = memcpy(made + 1, came->bytes, came->length);
    return made;
}

/* Most come at the end. */
static void wait_for_hole(pieces *stream, const piece *came)
{
    GList *before = stream->waiting.tail;

    while (before && distance(((piece *)before->data)->sequence, came->sequence) < 0)
        before = before->prev;
    if (before && ((piece *)before->data)->sequence == came->sequence &&
        ((piece *)before->data)->length >= came->length)
        return;
    stream->bytes += came->length;
    g_queue_insert_after(&stream->waiting, before, copy_of(came));
    while (stream->waiting.length > PIECES_LIMIT || stream->bytes > PIECES_LIMIT_BYTES)
        drop(stream, g_queue_pop_tail(&stream->waiting));
}

/* False if the sink wants no more. */
static bool hand_over(pieces *stream, const piece *next, pieces_sink sink, void *data)
{
    size_t known = (size_t)distance(next->sequence, stream->next);

    if (known >= next->reported)
        return true;
    if (known < next->length) {
        size_t length = next->length - known;

        stream->next += (uint32_t)length;
        if (!sink(next->bytes + known, length, data))
            return false;
    }
    stream->cut = next->length < next->reported;
    return !stream->cut;
}

void pieces_add(pieces *stream, const piece *came, pieces_sink sink, void *data)
{
    if (stream->cut || came->reported == 0)
        return;
    if (distance(stream->next, came->sequence) > 0) {
        wait_for_hole(stream, came);
        return;
    }
    bool more = hand_over(stream, came, sink, data);

    while (more && first_waiting(stream) &&
           distance(stream->next, first_waiting(stream)->sequence) <= 0) {
        piece *next = g_queue_pop_head(&stream->waiting);

        more = hand_over(stream, next, sink, data);
        drop(stream, next);
    }
}

uint32_t pieces_hole(const pieces *stream)
{
    const piece *first = first_waiting(stream);

    return first ? first->sequence - stream->next : 0;
}

void pieces_clear(pieces *stream)
{
    g_queue_clear_full(&stream->waiting, g_free);
    stream->bytes = 0;
}
