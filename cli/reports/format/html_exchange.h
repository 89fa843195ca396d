/* html_exchange.h
 * Failed exchanges in the HTML report: a row for each that says what failed, and unfolds to the
 * rest.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HTML_EXCHANGE_H
#define MULTISTATUS_HTML_EXCHANGE_H

#include "failed_exchange.h"
#include "html_shelf.h"

/** What is in a row, for a script to filter it by, is described at the top of report.js.
 *  @param number  counts them from 1: the row's id is "exchange-NUMBER"
 *  @param shelf   takes what is folded, for report.js to unfold; NULL if it is to stand in the row,
 *                 where it can be read without scripts */
void html_exchange(GString *to, const failed_exchange *of, guint number, html_shelf *shelf);

#endif /* MULTISTATUS_HTML_EXCHANGE_H */
