/* timeline.h
 * Exchanges over time by verdict: steps as short as the times allow, at most so many of them.
 *
 * Ownership: timeline_new() returns an object that timeline_free() releases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_TIMELINE_H
#define MULTISTATUS_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "record.h"

typedef struct timeline timeline;

typedef struct {
    int64_t start; /**< seconds since 1970, UTC */
    uint64_t verdicts[MS_VERDICTS];
} timeline_step;

timeline *timeline_new(void);
void timeline_free(timeline *t);

/** Counts an exchange; one without a time is not counted. */
void timeline_count(timeline *t, const exchange_record *record);

/** From the first exchange to the last, in seconds since 1970, UTC.
 *  @return false if none has a time */
bool timeline_span(const timeline *t, int64_t *first, int64_t *last);

/** The steps that hold something, in order, so long that from the first to the last there are at
 *  most `most`.
 *  @param step  the length of one in seconds
 *  @return array of timeline_step that the caller frees with g_array_unref() */
GArray *timeline_steps(const timeline *t, guint most, int64_t *step);

#endif /* MULTISTATUS_TIMELINE_H */
