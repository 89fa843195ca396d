/* failure_list.h
 * The failed exchanges of a report, each with all its resources: as many as there are, in bounded
 * memory. Their records are kept as bytes (wire.h), beyond a limit in a temporary file without a
 * name; only their places, about a hundred bytes each, stay in memory.
 *
 * Ownership: failure_list_new() returns a list that failure_list_free() releases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FAILURE_LIST_H
#define MULTISTATUS_FAILURE_LIST_H

#include "record.h"

/** Bytes of records that are kept in memory, where a user does not say otherwise. */
#define FAILURE_LIST_MEMORY ((gsize)32 * 1024 * 1024)

typedef struct failure_list failure_list;

failure_list *failure_list_new(gsize memory);
void failure_list_free(failure_list *list);

/** Takes a copy. */
void failure_list_add(failure_list *list, const exchange_record *record);

guint failure_list_length(const failure_list *list);

/** By captures' names, then by frames; those of one frame keep the order in which they came. */
void failure_list_sort(failure_list *list);

/** @return a record for exchange_record_unref(); NULL if the file could not be read back */
exchange_record *failure_list_get(failure_list *list, guint i);

/** Could everything that was asked for be read back? */
bool failure_list_is_sound(const failure_list *list);

#endif /* MULTISTATUS_FAILURE_LIST_H */
