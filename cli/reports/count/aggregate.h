/* aggregate.h
 * Counting records: everything that a report says is taken from here. Formats do not read it
 * themselves but walk a view (view.h), which makes sections and tables of it.
 *
 * Memory grows with the number of different things (captures with problems, failing resources,
 * parties, groups) and with the number of failed exchanges, but not with their contents nor with
 * the other exchanges.
 *
 * Ownership: an aggregate keeps copies of what it needs; aggregate_free() releases them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_AGGREGATE_H
#define MULTISTATUS_AGGREGATE_H

#include <stdint.h>

#include <glib.h>

#include "failure_list.h"
#include "grouping.h"
#include "hints.h"
#include "record.h"
#include "settings.h"
#include "status.h"
#include "timeline.h"

/** Failures that have the same hint. */
typedef struct {
    int code;
    const char *reason; /**< as in ms_failure_count */
    char *method;       /**< NULL if it is not known */
    const ms_hint *hint;
    uint64_t resources;
} hint_count;

/** What was noticed in exchanges that did not fail, rule by rule. */
typedef struct {
    char *rule;
    ms_severity severity;
    uint64_t exchanges;
    char *message; /**< of the first of them, by capture and frame */
    char *capture;
    uint32_t frame;
} noticed_count;

typedef struct {
    const report_settings *settings;
    uint64_t captures;
    uint64_t frames;
    uint64_t in_captures; /**< exchanges that the captures hold, listed or not */
    uint64_t exchanges;   /**< those that were counted */
    uint64_t verdicts[MS_VERDICTS];
    uint64_t in_exchanges;          /**< resources of those exchanges, selected or not */
    uint64_t resources;             /**< those that were counted, also in what follows */
    uint64_t outcomes[MS_OUTCOMES]; /**< of resources */
    uint64_t failed;
    uint64_t absent_properties; /**< asked for, but do not exist */
    failure_list *failures;
    GPtrArray *troubled;   /**< capture_record of captures with an error */
    GPtrArray *barren;     /**< names of captures that hold no Multi-Status at all */
    GPtrArray *dim_barren; /**< ... in what was looked into, which is not everything */
    GPtrArray *dim;        /**< capture_record of captures that were only looked into in part */
    unseen_counts unseen;  /**< of all captures that say so */
    grouping *standard[GROUP_STANDARDS]; /**< also recurring failures that were seen once */
    GHashTable *hints;                   /**< of hint_count */
    GHashTable *noticed;                 /**< of noticed_count, by rule */
    timeline *time;
    GHashTable *by_status; /**< private: set of ms_failure_count */
    GStringChunk *reasons; /**< private: the words in place of codes, each once */
} aggregate;

/** @param settings  must live longer; their groupings are counted, too */
aggregate *aggregate_new(const report_settings *settings);
void aggregate_free(aggregate *totals);

/** Counts an exchange that is selected. */
void aggregate_exchange(aggregate *totals, exchange_record *record);
void aggregate_capture(aggregate *totals, const capture_record *record);

/** To be called after the last record: sorts all lists by the captures' names, then by frames. The
 *  counts are the same in whatever order the captures came. */
void aggregate_finish(aggregate *totals);

/** Failed resources by status, the most frequent first, then by code and word. The caller frees the
 *  array of ms_failure_count with g_array_unref(); its words are those of `totals`. */
GArray *aggregate_statuses(const aggregate *totals);

/** The same for the failed resources of one exchange; the words are those of `record`. */
GArray *aggregate_statuses_of(const exchange_record *record);

#endif /* MULTISTATUS_AGGREGATE_H */
