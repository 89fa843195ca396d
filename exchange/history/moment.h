/* moment.h
 * A point in time, as precise as the capture has it.
 *
 * Ownership: plain values.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_MOMENT_H
#define MULTISTATUS_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    int64_t seconds;     /**< since 1970, UTC */
    int32_t nanoseconds; /**< from 0 to 999999999; MOMENT_UNSET if the time is not known */
} moment;

#define MOMENT_UNSET INT32_MAX

static inline moment moment_unknown(void)
{
    return (moment){0, MOMENT_UNSET};
}

static inline bool moment_is_known(moment of)
{
    return of.nanoseconds != MOMENT_UNSET;
}

/** Both must be known. */
static inline bool moment_is_before(moment a, moment b)
{
    return a.seconds != b.seconds ? a.seconds < b.seconds : a.nanoseconds < b.nanoseconds;
}

/** That many seconds later, a number that is not negative; an unknown time stays unknown. */
static inline moment moment_later(moment of, int64_t seconds)
{
    if (moment_is_known(of))
        of.seconds = of.seconds > INT64_MAX - seconds ? INT64_MAX : of.seconds + seconds;
    return of;
}

#endif /* MULTISTATUS_MOMENT_H */
