/* sarif.h
 * The result as SARIF 2.1.0 (OASIS), for what shows the findings of analysers: a result for each
 * resource that failed, under the rule "failures", and for each other finding from a note on,
 * under its own. Captures are the artifacts, frames the places in them.
 *
 * Ownership: what a rendering holds is described in format.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SARIF_H
#define MULTISTATUS_SARIF_H

#include "format.h"

void sarif_begin(rendering *r);
void sarif_exchange(rendering *r, const exchange_record *record);
void sarif_report(rendering *r, const report_view *view);

#endif /* MULTISTATUS_SARIF_H */
