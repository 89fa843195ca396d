/* capture_position.c
 * Reporting the position in a capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "capture_position.h"

#include <stddef.h>

#include <glib.h>

void capture_position_begin(position_teller *by, bool read_twice)
{
    by->halves = read_twice;
    by->first_half = 0;
    by->before = 0;
    by->start = 0;
}

void capture_position_turn(position_teller *by, int64_t size)
{
    by->first_half = size / 2;
    by->start = 0;
    capture_position_bytes(by, 0);
}

void capture_position_bytes(const position_teller *by, int64_t place)
{
    if (!by->position)
        return;
    place = MAX(place - by->start, 0);
    int64_t bytes = by->halves ? by->first_half + place / 2 : place;

    atomic_store_explicit(&by->position->bytes, (uint64_t)bytes, memory_order_relaxed);
}

void capture_position_frame(const position_teller *by, uint32_t frame)
{
    if (by->position)
        atomic_store_explicit(&by->position->frame, frame > by->before ? frame - by->before : 0,
                              memory_order_relaxed);
}

void capture_position_end(const position_teller *by)
{
    capture_position_bytes(by, by->start + 2 * by->first_half);
}
