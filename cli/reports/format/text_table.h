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

/** Appends the table in lines of at most the page's width: the longest texts are cut in their
 *  middle, and on a narrow page the last columns are left out.
 *  @param usual  rows to show if the user did not say */
void text_table(page *p, const report_view *view, const report_table *t, guint usual);

#endif /* MULTISTATUS_TEXT_TABLE_H */
