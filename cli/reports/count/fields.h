/* fields.h
 * Rows for spreadsheets and scripts: the fields there are, and how a user wants them laid out
 * (-e and -E, as in tshark).
 *
 * Ownership: row_layout_new() returns a layout that row_layout_free() releases; fields are static.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_FIELDS_H
#define MULTISTATUS_FIELDS_H

#include <stdbool.h>

#include <glib.h>

#include "record.h"

typedef struct {
    const char *name;
    bool of_resource; /**< otherwise of the exchange */
    record_kind kind;
    const char *help;
    /** Adds the values, owned texts; none if it is not known. NULL for a key of the record.
     *  @param response  NULL for an exchange without resources */
    void (*add)(GPtrArray *values, const exchange_record *record, const record_response *response);
    size_t at; /**< of a key of the record */
} row_field;

/** Does it hold nothing but numbers? */
bool row_field_is_numeric(const row_field *of);

/** The i-th field, NULL after the last. */
const row_field *row_field_at(unsigned i);

/** Whether a cell holds the first, the last or all values of a field. */
typedef enum { OCCURRENCE_ALL, OCCURRENCE_FIRST, OCCURRENCE_LAST } occurrence_kind;

/** What encloses a cell: quotes always (or 0: where RFC 4180 needs them), or never. */
#define QUOTE_AS_NEEDED 0
#define QUOTE_NEVER 'n'

typedef struct {
    GPtrArray *fields; /**< of row_field, in order; empty: all of them */
    bool header;
    char separator; /**< 0: what the format says */
    char quote;     /**< '"', '\'', QUOTE_AS_NEEDED or QUOTE_NEVER */
    char aggregator;
    occurrence_kind occurrence;
    bool bom; /**< begin with a byte order mark */
} row_layout;

row_layout *row_layout_new(void);
void row_layout_free(row_layout *layout);

/** -e. @return NULL, or what is wrong, a sentence; the caller frees it with g_free() */
char *row_layout_add(row_layout *layout, const char *name);

/** -E: "header=y,separator=;". The same return value. */
char *row_layout_set(row_layout *layout, const char *settings);

/** What -E sets: the i-th name followed by "=", NULL after the last. */
const char *row_layout_word(unsigned i);

/** Is a row one of a resource? Otherwise it is one of an exchange. */
bool row_layout_is_of_resources(const row_layout *layout);

/** The i-th field of a row, NULL after the last. */
const row_field *row_layout_field(const row_layout *layout, guint i);

/** The value of a cell, not yet escaped. The caller frees it with g_free(); NULL if there is none.
 */
char *row_layout_cell(const row_layout *layout, const row_field *of, const exchange_record *record,
                      const record_response *response);

#endif /* MULTISTATUS_FIELDS_H */
