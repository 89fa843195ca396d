/* html_chart.h
 * Charts of the HTML report, drawn as SVG; the text beside them is HTML, so that it keeps its size
 * on a small screen.
 *
 * Ownership: bars_new() returns an object that bars_free() releases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_HTML_CHART_H
#define MULTISTATUS_HTML_CHART_H

#include "view.h"

/** Bars in the making: each a label and a number. */
typedef struct bars bars;

bars *bars_new(void);
void bars_free(bars *b);

/** Adds to the bar of that label.
 *  @param label  any text, copied; NULL for "(unknown)"
 *  @param value  what a filter asks for, copied; NULL if it is the label */
void bars_add(bars *b, const char *label, const char *value, uint64_t count);

/** Draws the longest bars, the longest first, and says how many more there are. Without any bar
 *  nothing is drawn. Each is a link that filters the failed exchanges.
 *  @param field  as for html_filter_link() */
void html_bars(GString *to, const char *title, const char *field, const bars *b);

/** Appends a share of 100 with one decimal, without the floating point that locales would print. */
void html_share(GString *to, uint64_t part, uint64_t whole);

/** Exchanges over time by verdict: the table "timeline" of a view. */
void html_timeline(GString *to, const report_table *t);

#endif /* MULTISTATUS_HTML_CHART_H */
