/* sieve_settings.h
 * May the sieve be used with the settings of this run?
 *
 * Ownership: settings are only read; words in `why` are constants.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SIEVE_SETTINGS_H
#define MULTISTATUS_SIEVE_SETTINGS_H

#include "capture.h"
#include "dissect_settings.h"
#include "sieve.h"

/** Looks at settings, profile, preferences and scripts, unless the dissectors have not been started
 *  because all of that is by default.
 *  @param[out] why   what forbids it, a constant; NULL if nothing does
 *  @param[out] keys  may anything open TLS, beside keys that a capture holds? */
sieve_use sieve_settings(const dissect_settings *o, const char **why, bool *keys);

/** Tells a reader what that means for it. */
void sieve_settings_apply(capture_reader *reader, const dissect_settings *o, bool verbose);

#endif /* MULTISTATUS_SIEVE_SETTINGS_H */
