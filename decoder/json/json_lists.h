/* json_lists.h
 * What the name of a list says about its contents.
 *
 * Ownership: the text is only read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_JSON_LISTS_H
#define MS_JSON_LISTS_H

#include "json.h"

typedef enum {
    MS_JSON_ANY_LIST,   /* nothing: "users" */
    MS_JSON_NO_LIST,    /* that it is about something else: "links" */
    MS_JSON_ASIDE_LIST, /* that it is rather about something else: "details" */
    MS_JSON_ROW_LIST,   /* rows: "results" */
    MS_JSON_VERB_LIST,  /* rows, with others of their kind: "create", "update", "delete" */
    MS_JSON_GOOD_LIST,  /* successes: "created" */
    MS_JSON_FAIR_LIST,  /* successes, if there is a list of failures: "updatedUsers" */
    MS_JSON_BAD_LIST    /* failures: "errors", "notUpdated" */
} ms_json_list_name;

ms_json_list_name ms_json_list_name_of(const ms_json *json, uint32_t name);

/** Does a number of this name count successes: "accepted", "successCount"? */
bool ms_json_counts_good(const ms_json *json, uint32_t name);

#endif /* MS_JSON_LISTS_H */
