/* junit.h
 * The result as JUnit XML, for what shows tests: a suite for each capture, a test case for each
 * exchange. There is no standard; the elements and attributes are those that all readers know
 * (testsuites, testsuite, testcase, failure, error, skipped).
 *
 * - `failure`: the request failed, or a part of it did
 * - `error`: nobody can say, for the body cannot be read; or the capture cannot
 * - `skipped`: the exchange is not there to its end; or the capture was not looked into as a whole
 *
 * Ownership: what a rendering holds is described in format.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_JUNIT_H
#define MULTISTATUS_JUNIT_H

#include "format.h"

void junit_begin(rendering *r);
void junit_exchange(rendering *r, const exchange_record *record);
void junit_capture(rendering *r, const capture_record *record);
void junit_report(rendering *r, const report_view *view);

#endif /* MULTISTATUS_JUNIT_H */
