/* settings.h
 * What a user wants from a report: selection, grouping, order, length.
 *
 * Ownership: settings_new() returns settings that settings_free() releases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SETTINGS_H
#define MULTISTATUS_SETTINGS_H

#include <stdbool.h>

#include <glib.h>

#include "fields.h"
#include "grouping.h"
#include "selection.h"

#define TOP_UNSET (-1)

typedef struct {
    selection *chosen;
    GPtrArray *groupings; /**< of grouping: each is a table */
    const char *sort;     /**< key of a column of groups; NULL for the usual order */
    int top;              /**< rows of a table; 0 for all, TOP_UNSET if the user did not say */
    bool explain;         /**< a hint for every failure */
    row_layout *rows;     /**< of csv and tsv */
} report_settings;

report_settings *settings_new(void);
void settings_free(report_settings *settings);

/** --group-by. One that is already there changes nothing.
 *  @return NULL, or what is wrong, a sentence; the caller frees it with g_free() */
char *settings_add_grouping(report_settings *settings, const char *dimensions);

#endif /* MULTISTATUS_SETTINGS_H */
