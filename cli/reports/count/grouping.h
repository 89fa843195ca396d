/* grouping.h
 * --group-by: by what exchanges and resources are counted together.
 *
 * One grouping is a list of dimensions ("client,status"): its rows are the combinations that occur.
 * Several groupings are several tables.
 *
 * Dimensions of the exchange (method, client, server, host, user-agent, capture) count all selected
 * exchanges. As soon as one of the resource is among them (resource, status, condition, property),
 * only what went wrong is counted: resources that are failed, missing, collateral or unknown.
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

typedef struct grouping grouping;

/** @param dimensions  names between commas
 *  @param message     what is wrong, a sentence; the caller frees it with g_free()
 *  @return NULL after a message */
grouping *grouping_new(const char *dimensions, char **message);
void grouping_free(grouping *g);

/** The name of the i-th dimension there is, NULL behind the last. */
const char *grouping_dimension_name(unsigned i);

/** Counts an exchange that is selected.
 *  @param number  of the exchange, different for each */
void grouping_count(grouping *g, const selection *chosen, const exchange_record *record,
                    uint64_t number);

/* ---- reading ---- */

/** How many dimensions it has, and what each is called. */
guint grouping_width(const grouping *g);
const char *grouping_column(const grouping *g, guint i);

/** Visits the rows in no particular order.
 *  @param values  one text for each dimension, NULL where there is nothing; of the dimension status
 *                 the number in decimal */
void grouping_rows(const grouping *g,
                   void (*visit)(char *const *values, const group_tally *tally, void *data),
                   void *data);

/* ---- shared with those who count in other ways ---- */

/** Counts the exchange once, and the resource if there is one. */
void tally_count(group_tally *tally, const exchange_record *record, const record_response *response,
                 uint64_t number);

/** The address without its port. The caller frees it with g_free(). */
char *address_host(const char *address);

#endif /* MULTISTATUS_GROUPING_H */
