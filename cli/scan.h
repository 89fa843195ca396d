/* scan.h
 * The verb "scan": captures in, records and reports out.
 *
 * Ownership: options stay the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SCAN_H
#define MULTISTATUS_SCAN_H

#include "run_settings.h"

/** Reads all captures that the settings name. @return the exit status of the process */
int scan(const run_settings *s, const char *program);

#endif /* MULTISTATUS_SCAN_H */
