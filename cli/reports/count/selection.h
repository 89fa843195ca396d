/* selection.h
 * Which exchanges, and which of their resources, a report is about (docs/reports.md has the table).
 *
 * Alternatives within an option, all options together. Some look at the exchange alone; --status,
 * --path and --outcome look at resources, too: a resource is selected if it, or its exchange as a
 * whole, is what each of them asks for.
 *
 * Ownership: selection_new() returns an object that selection_free() releases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SELECTION_H
#define MULTISTATUS_SELECTION_H

#include <stdbool.h>

#include "record.h"

typedef struct selection selection;

typedef enum {
    SELECT_STATUS,
    SELECT_PATH,
    SELECT_OUTCOME,
    SELECT_HOST,
    SELECT_METHOD,
    SELECT_CLIENT,
    SELECT_SERVER,
    SELECT_VERDICT,
    SELECT_SINCE,
    SELECT_UNTIL,
    SELECT_KEYS
} selection_key;

selection *selection_new(void);
void selection_free(selection *s);

/** Adds what an option asks for: values between commas ("\," is a comma of the value).
 *  @return NULL, or what is wrong with it, a sentence; the caller frees it with g_free() */
char *selection_add(selection *s, selection_key key, const char *values);

/** Reads "423", "4xx" or "404-410". @return false if it is none of them */
bool selection_status_range(const char *text, int *first, int *last);

/** --failed-only: exchanges that did not do what they should, and of them the resources that are
 *  neither a success nor harmless. */
void selection_set_failed_only(selection *s);

bool selection_exchange(const selection *s, const exchange_record *record);

/** Is that resource of a selected exchange meant? */
bool selection_resource(const selection *s, const exchange_record *record,
                        const record_response *response);

/** Finds once and for all which resources of a selected exchange are meant: also of a copy of the
 *  record in which names are replaced (redact.h). */
void selection_mark(const selection *s, exchange_record *record);

#endif /* MULTISTATUS_SELECTION_H */
