/* json_report.h
 * The whole of the results as one JSON document (RFC 8259):
 *   {"type":"report","schema":1,"records":[...],"report":{"TABLE":[{"COLUMN":...},...],...}}
 * with the records as in NDJSON and every table of the view under its key.
 *
 * Ownership: what a rendering holds is described in format.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_JSON_REPORT_H
#define MULTISTATUS_JSON_REPORT_H

#include "format.h"

void json_begin(rendering *r);
void json_exchange(rendering *r, const exchange_record *record);
void json_capture(rendering *r, const capture_record *record);
void json_report(rendering *r, const report_view *view);

#endif /* MULTISTATUS_JSON_REPORT_H */
