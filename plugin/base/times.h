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

#endif /* MULTISTATUS_TIMES_H */
