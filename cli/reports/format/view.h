/* view.h
 * A report as data: sections, their tables, their columns with types, their rows. It is made once
 * from an aggregate; every format walks it and only decides how things look, so that a new section
 * appears in all of them.
 *
 * For whoever writes a format: the function `report` of a format (formats.h) is given a view.
 * - view->sections in the order in which a reader wants them. A section without tables is not
 *   there; a table may be without rows.
 * - The column's type says what a cell holds and how to show it: see cell_type. Every text may come
 *   from the wire: escape it for the format. NULL is "unknown".
 * - Show the first view_rows_shown(view, table, default) rows of a table and say how many more
 *   there are.
 * - For what is not a table, view->totals has the counts, failed_exchange_new() puts a failed
 *   exchange into words.
 * - JSON: the tables by their keys, the columns by theirs. Keys are stable; titles are for people.
 *
 * Ownership: view_new() returns a view that owns everything reachable from it but the aggregate and
 * the settings, which must live longer; view_free() releases it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_VIEW_H
#define MULTISTATUS_VIEW_H

#include <stdint.h>

#include <glib.h>

#include "aggregate.h"
#include "settings.h"

typedef enum {
    CELL_TEXT,    /**< text */
    CELL_NAME,    /**< text: an element's "{namespace}name"; ms_short_name() is for people */
    CELL_PATH,    /**< text: percent-encoded; ms_href_readable() is for people */
    CELL_CAPTURE, /**< text: the name of a capture, "-" for standard input */
    CELL_TIME,    /**< text: as in records; cell_readable() cuts it to minutes */
    CELL_STATUS, /**< number: a status code; negative if there is none: text, the server's own word,
                    or NULL */
    CELL_COUNT   /**< number */
} cell_type;

typedef struct {
    const char *key;   /**< "failed": stable, for programs, --sort and column names */
    const char *title; /**< "failed": for people */
    cell_type type;
} table_column;

/** One or the other, by the type of the column. */
typedef struct {
    char *text;
    int64_t number;
} table_cell;

typedef struct {
    char *key;
    char *title;
    table_column *columns;
    guint n_columns;
    GPtrArray *rows; /**< each an array of n_columns cells */
} report_table;

typedef struct {
    const char *key;
    const char *title;
    GPtrArray *tables;
} report_section;

typedef struct {
    const aggregate *totals;
    const report_settings *settings;
    GPtrArray *sections; /**< of report_section */
} report_view;

/** @param totals  after aggregate_finish() */
report_view *view_new(const aggregate *totals, const report_settings *settings);
void view_free(report_view *view);

/** The section of that key, NULL if there is none. */
const report_section *view_section(const report_view *view, const char *key);

/** The i-th key that --sort takes, NULL after the last. */
const char *view_sort_key(unsigned i);

/** How many rows of a table are to be shown.
 *  @param usual  how many if the user did not say (--top) */
guint view_rows_shown(const report_view *view, const report_table *of, guint usual);

/** The rows of the table "failures", those with the most failed resources first; of those with as
 *  many, the gravest verdict first.
 *  @return array of guint that the caller frees with g_array_unref() */
GArray *view_worst_first(const report_table *t);

/** A cell of a table. */
const table_cell *table_at(const report_table *of, guint row, guint column);

/** Is the type a number? */
bool cell_is_number(cell_type type);

/** "423 Locked"; "status 1" if it is not registered; for RECORD_UNKNOWN `reason`, the server's own
 *  word, or words for that if it is NULL. The caller frees it with g_free(). */
char *status_readable(int code, const char *reason);

/** A cell as a person reads it; not yet safe to print. "423 Locked", "12", "(unknown)" for NULL.
 * The caller frees it with g_free(). */
char *cell_readable(const table_cell *cell, cell_type type);

#endif /* MULTISTATUS_VIEW_H */
