/* saved_order.c
 * The entries of a file in the order of time.
 *
 * No format says that entries are in any order, and most programs write them as requests were sent
 * or as they were answered. What a server answered to one request only matters for the next if it
 * had answered by then.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "saved_order.h"

static int compare_events(const void *a, const void *b)
{
    const saved_event *one = a, *other = b;

    if (moment_is_before(one->time, other->time))
        return -1;
    if (moment_is_before(other->time, one->time))
        return 1;
    if (one->entry != other->entry)
        return one->entry < other->entry ? -1 : 1;
    return (int)one->answer - (int)other->answer;
}

/* When the answer of an entry was there. One without times comes right after the one before it. */
static moment settle(saved_times *of, moment last)
{
    bool sent = moment_is_known(of->sent), answered = moment_is_known(of->answered);

    if (sent && answered && moment_is_before(of->answered, of->sent))
        of->sent = of->answered;
    return answered ? of->answered : sent ? of->sent : last;
}

GArray *saved_events(GArray *times)
{
    GArray *events = g_array_sized_new(FALSE, FALSE, sizeof(saved_event), 2 * times->len);
    moment last = {INT64_MIN, 0};

    for (uint32_t i = 0; i < times->len; i++) {
        saved_times *of = &g_array_index(times, saved_times, i);
        saved_event answered = {settle(of, last), i, true};
        saved_event sent = {of->sent, i, false};

        if (moment_is_known(of->sent))
            g_array_append_val(events, sent);
        if (moment_is_known(of->answered))
            last = of->answered;
        g_array_append_val(events, answered);
    }
    g_array_sort(events, compare_events);
    return events;
}
