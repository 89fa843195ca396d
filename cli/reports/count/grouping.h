/* grouping.h
 * --group-by: what exchanges and resources are grouped by.
 *
 * One grouping is a list of dimensions ("client,status"): its rows are the combinations that occur.
 * Several groupings are several tables.
 *
 * Dimensions of the exchange (method, client, server, host, user-agent, capture) count all selected
 * exchanges. As soon as one of the resource is among them (resource, status, condition, property),
 * only what went wrong is counted: resources that are failed, missing, collateral or unknown.
 *
 * Besides its values a row may have traits: sets of texts that were seen with them. The tables of
 * what fails most, of recurring failures, of servers and of clients are groupings that every report
 * has.
 *
 * Ownership: grouping_new() returns a grouping that grouping_free() releases; a row belongs to its
 * grouping.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_GROUPING_H
#define MULTISTATUS_GROUPING_H

#include <stdint.h>

#include <glib.h>

#include "record.h"
#include "selection.h"

typedef struct {
    uint64_t exchanges;
    uint64_t failed_exchanges; /**< exchange_record_is_failed() */
    uint64_t resources;
    uint64_t failed;
    uint64_t collateral;
    char *first, *last;     /**< times, NULL if none is known */
    uint64_t last_exchange; /**< private: the one that was counted last */
} group_tally;

#define GROUP_DIMENSIONS 6
#define GROUP_TRAITS 3

typedef struct {
    char *values[GROUP_DIMENSIONS]; /**< one for each dimension, NULL where there is nothing; of the
                                         dimension status the number in decimal */
    GHashTable *traits[GROUP_TRAITS]; /**< sets of texts */
    group_tally tally;
} group_row;

/** What every report counts: its rows have these traits, in this order. */
typedef enum {
    GROUP_SERVERS,   /**< server: what it calls itself, compliance classes, HTTP versions */
    GROUP_CLIENTS,   /**< User-Agent: addresses without port, HTTP versions */
    GROUP_FAILING,   /**< status, method and Host or server of failed resources */
    GROUP_RECURRING, /**< method, Host or server, path and status of failed resources: captures */
    GROUP_STANDARDS
} group_standard;

typedef struct grouping grouping;

/** @param dimensions  names between commas
 *  @param message     what is wrong, a sentence; the caller frees it with g_free()
 *  @return NULL after a message */
grouping *grouping_new(const char *dimensions, char **message);
grouping *grouping_standard(group_standard which);
void grouping_free(grouping *g);

/** The name of the i-th dimension there is, NULL after the last. */
const char *grouping_dimension_name(unsigned i);

/** Counts an exchange that is selected.
 *  @param number  of the exchange, different for each */
void grouping_count(grouping *g, const selection *chosen, const exchange_record *record,
                    uint64_t number);

/* ---- reading ---- */

/** The status that a value of the dimension "status" stands for, RECORD_UNKNOWN if it has no code.
 *  @param reason set to the server's own word in its place, which is part of `value`; else NULL */
int grouping_status(const char *value, const char **reason);

/** How many dimensions it has, and what each is called. */
guint grouping_width(const grouping *g);
const char *grouping_column(const grouping *g, guint i);

/** Visits the rows in no particular order. */
void grouping_rows(const grouping *g, void (*visit)(const group_row *row, void *data), void *data);

/** The texts of a trait in order, the first `most` of them, and how many more there are. The caller
 *  frees it with g_free(); NULL for an empty set. */
char *group_trait_text(const group_row *row, unsigned trait, guint most);

#endif /* MULTISTATUS_GROUPING_H */
