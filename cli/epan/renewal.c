/* renewal.c
 * Memory, and moments when nothing is being sent.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "renewal.h"

#include <stdint.h>

#include "heap.h"
#include "messages.h"
#include "multistatus-tap.h"

/* How often, in frames, the memory is checked. */
#define RENEWAL_EVERY 256
/* A session is renewed when nothing has been sent for this long and nothing is under way; at one
 * and a half times the memory a short pause will do; if none comes, at twice the memory. */
#define QUIET_MS 1000
#define SHORTLY_QUIET_MS 50

void renewal_begin(renewal *of)
{
    of->before = heap_in_use();
}

static int64_t ms_since(const frame_data *frame, const nstime_t *before)
{
    nstime_t gap;

    nstime_delta(&gap, &frame->abs_ts, before);
    return (int64_t)gap.secs * 1000 + gap.nsecs / 1000000;
}

static bool is_quiet(const frame_data *frame, const nstime_t *before, int64_t least_ms)
{
    return ms_since(frame, before) >= least_ms && !messages_are_waiting(before) &&
           !multistatus_is_under_way();
}

static bool must_renew(const renewal *of, const frame_data *frame, const nstime_t *before)
{
    size_t used = heap_in_use();
    size_t grown = used > of->before ? used - of->before : 0;
    size_t quarter = of->bytes / 4;
    int64_t quiet = grown < of->bytes + 2 * quarter   ? QUIET_MS
                    : grown < of->bytes + 3 * quarter ? SHORTLY_QUIET_MS
                                                      : 0;

    return grown >= of->bytes && (grown >= 2 * of->bytes || is_quiet(frame, before, quiet));
}

/* The memory is checked every RENEWAL_EVERY frames, and after every pause. */
bool renewal_is_due(const renewal *of, const frame_data *frame, const nstime_t *before)
{
    return of->bytes > 0 &&
           (frame->num % RENEWAL_EVERY == 0 || ms_since(frame, before) >= SHORTLY_QUIET_MS) &&
           must_renew(of, frame, before);
}
