/* times.h
 * Times of exchange/ and those of Wireshark.
 *
 * Ownership: plain values.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_TIMES_H
#define MULTISTATUS_TIMES_H

#include <epan/packet.h>

#include "moment.h"

static inline moment moment_of(const nstime_t *time)
{
    return nstime_is_unset(time) ? moment_unknown() : (moment){time->secs, time->nsecs};
}

static inline nstime_t nstime_of(moment time)
{
    nstime_t made = {.secs = (time_t)time.seconds, .nsecs = time.nanoseconds};

    if (!moment_is_known(time))
        nstime_set_unset(&made);
    return made;
}

static inline nstime_t nstime_between(moment from, moment to)
{
    nstime_t begin = nstime_of(from), end = nstime_of(to), made;

    nstime_delta(&made, &end, &begin);
    return made;
}

#endif /* MULTISTATUS_TIMES_H */
