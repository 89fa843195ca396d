/* delimited.h
 * CSV (RFC 4180) and TSV: a row for every selected resource, or the tables of --group-by.
 *
 * A cell is safe to open in a spreadsheet: text from the wire that a spreadsheet would take for a
 * formula gets a ' in front; control characters become visible, tabs and line ends become spaces.
 *
 * Ownership: what a rendering holds is described in format.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_DELIMITED_H
#define MULTISTATUS_DELIMITED_H

#include "format.h"

void csv_begin(rendering *r);
void tsv_begin(rendering *r);
void delimited_exchange(rendering *r, const exchange_record *record);
void delimited_report(rendering *r, const report_view *view);

/** Appends a cell.
 *  @param text     NULL for an empty one
 *  @param numeric  it cannot be a formula */
void delimited_cell(GString *to, const row_layout *layout, char separator, const char *text,
                    bool numeric);

#endif /* MULTISTATUS_DELIMITED_H */
