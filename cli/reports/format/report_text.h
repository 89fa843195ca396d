/* report_text.h
 * The report that a person reads first.
 *
 * Ownership: what a rendering holds is described in format.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_REPORT_TEXT_H
#define MULTISTATUS_REPORT_TEXT_H

#include "format.h"

/** Appends the report: a summary, the groups that were asked for, every failed exchange with its
 *  failed resources, then the other tables of the view that hold something. */
void report_text(rendering *r, const report_view *view);

#endif /* MULTISTATUS_REPORT_TEXT_H */
