/* default_settings.h
 * Is everything as Wireshark has it by default, as far as it concerns what is read? That is
 * answered without the dissectors, from the options and the files from which settings come.
 *
 * Ownership: settings are only read; words are constants.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_DEFAULT_SETTINGS_H
#define MULTISTATUS_DEFAULT_SETTINGS_H

#include <stdbool.h>

#include "dissect_settings.h"

/** Do the preferences of this module concern nothing but windows, names,
 *  capturing, or what we draw ourselves? */
bool default_settings_is_idle(const char *module);

/** Does this table of the profile only name or colour things? */
bool default_settings_is_idle_table(const char *name);

/** What makes Wireshark read in another way, beside preferences: an option, a list of the profile,
 *  scripts. NULL if nothing does. */
const char *default_settings_forbidding(const dissect_settings *o);

/** Nothing does, preferences neither, and there are no keys. It looks at the names of the files
 * from which settings come, into few of them, and says no in doubt. */
bool default_settings(const dissect_settings *o);

#endif /* MULTISTATUS_DEFAULT_SETTINGS_H */
