/* report_text.h
 * The report that a person reads first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_REPORT_TEXT_H
#define MULTISTATUS_REPORT_TEXT_H

#include <glib.h>

#include "aggregate.h"
#include "output.h"

/** Appends the report: a summary, every failed exchange with its failed resources, the captures
 *  that had problems or hold no Multi-Status. */
void report_text(GString *text, const aggregate *totals, const output *out);

#endif /* MULTISTATUS_REPORT_TEXT_H */
