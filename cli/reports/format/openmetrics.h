/* openmetrics.h
 * The counts as OpenMetrics text, for Prometheus and what collects for it: a gauge for each count,
 * what a table counts by as labels. Everything that --group-by asks for is in it; what grows with
 * the names on the wire is not, unless asked for.
 *
 * https://prometheus.io/docs/specs/om/open_metrics_spec/
 *
 * Ownership: what a rendering holds is described in format.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_OPENMETRICS_H
#define MULTISTATUS_OPENMETRICS_H

#include "format.h"

void openmetrics_report(rendering *r, const report_view *view);

#endif /* MULTISTATUS_OPENMETRICS_H */
