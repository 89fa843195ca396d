/* ranges.c
 * A set of numbers, most of which follow each other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "ranges.h"

typedef struct {
    uint64_t first, last;
} range;

static range *nth(const number_ranges *of, guint n)
{
    return &g_array_index(of->of, range, n);
}

static guint count(const number_ranges *of)
{
    return of->of ? of->of->len : 0;
}

void ranges_clear(number_ranges *of)
{
    g_clear_pointer(&of->of, g_array_unref);
    of->from = 0;
}

/* The first range that ends at the number or after it. */
static guint find(const number_ranges *of, uint64_t number)
{
    guint low = 0, high = count(of);

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (nth(of, middle)->last < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void ranges_add(number_ranges *to, uint64_t first, uint64_t last)
{
    if (first > last)
        return;
    if (!to->of)
        to->of = g_array_new(FALSE, FALSE, sizeof(range));
    /* Ranges that touch it become one with it. */
    guint from = find(to, first > 0 ? first - 1 : 0), until = from;
    range made = {first, last};

    while (until < count(to) && (last == UINT64_MAX || nth(to, until)->first <= last + 1)) {
        made.first = MIN(made.first, nth(to, until)->first);
        made.last = MAX(made.last, nth(to, until)->last);
        until++;
    }
    if (until > from) {
        *nth(to, from) = made;
        if (until - from > 1)
            g_array_remove_range(to->of, from + 1, until - from - 1);
    } else {
        g_array_insert_val(to->of, from, made);
    }
    if (count(to) > RANGES_LIMIT) {
        to->from = MAX(to->from, nth(to, 0)->last + 1);
        g_array_remove_index(to->of, 0);
    }
}

/* How many numbers of a range are in the set, from its ranges on that do not end before it. */
static uint64_t shared(const range *of, const number_ranges *in, guint from)
{
    uint64_t sum = 0;

    for (guint i = from; i < count(in) && nth(in, i)->first <= of->last; i++)
        sum += MIN(of->last, nth(in, i)->last) - MAX(of->first, nth(in, i)->first) + 1;
    return sum;
}

uint64_t ranges_lacking(const number_ranges *of, const number_ranges *in)
{
    const uint64_t from = MAX(of->from, in->from);
    uint64_t lacking = 0;

    for (guint i = find(of, from); i < count(of); i++) {
        range one = *nth(of, i);

        one.first = MAX(one.first, from);
        lacking += one.last - one.first + 1 - shared(&one, in, find(in, one.first));
    }
    return lacking;
}
