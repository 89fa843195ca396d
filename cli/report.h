/* report.h
 * The verb "report": saved records in, the same reports out.
 *
 * Ownership: options stay the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_REPORT_H
#define MULTISTATUS_REPORT_H

#include "run_settings.h"

/** Reads all files of records that the settings name. @return the exit status of the process */
int report(const run_settings *s, const char *program);

#endif /* MULTISTATUS_REPORT_H */
