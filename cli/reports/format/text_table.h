/* text_table.h
 * A table of a view as aligned columns of text.
 *
 * Ownership: page, view and table stay the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_TEXT_TABLE_H
#define MULTISTATUS_TEXT_TABLE_H

#include "text.h"
#include "view.h"

/** Appends the table in lines of at most the page's width. Where they would be longer, paths lose
 * the folder that all of them begin with, which is named below the table, then columns are left
 * out, then lists are cut in their middle. What a row is about is never cut.
 *  @param usual  rows to show if the user did not say */
void text_table(page *p, const report_view *view, const report_table *t, guint usual);

#endif /* MULTISTATUS_TEXT_TABLE_H */
