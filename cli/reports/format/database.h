/* database.h
 * A SQLite database: captures, exchanges, their resources, properties and findings as tables, and
 * views of them. The columns are those of records; texts are as they were sent.
 *
 * https://www.sqlite.org/fileformat2.html
 *
 * Ownership: what a rendering holds is described in format.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_DATABASE_H
#define MULTISTATUS_DATABASE_H

#include "format.h"

/** What tells one of ours from all other databases, and where in the file it is ("Application ID"),
 *  the most significant byte first. */
#define DATABASE_MARK 0x4d753231 /* Mu21 */
#define DATABASE_MARK_AT 68

void database_begin(rendering *r);
void database_exchange(rendering *r, const exchange_record *record);
void database_capture(rendering *r, const capture_record *record);
void database_report(rendering *r, const report_view *view);
bool database_more(rendering *r);
void database_release(rendering *r);

#endif /* MULTISTATUS_DATABASE_H */
