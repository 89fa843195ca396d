/* recurring.h
 * Failures that come again: the same method on the same resource of the same server with the same
 * status, in more than one exchange, in whatever capture.
 *
 * Ownership: recurring_new() returns a table that g_hash_table_destroy() releases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_RECURRING_H
#define MULTISTATUS_RECURRING_H

#include "grouping.h"

typedef struct {
    char *method;         /**< NULL if it is not known */
    char *authority;      /**< Host of the request, or address of the server; NULL */
    char *resource;       /**< its path, as of ms_href_path() */
    int status;           /**< RECORD_UNKNOWN if there is none */
    group_tally tally;    /**< of its resources: one failure each */
    GHashTable *captures; /**< names */
} recurring_failure;

GHashTable *recurring_new(void);

/** Counts the failed and missing resources of a selected exchange. */
void recurring_count(GHashTable *failures, const selection *chosen, const exchange_record *record,
                     uint64_t number);

#endif /* MULTISTATUS_RECURRING_H */
