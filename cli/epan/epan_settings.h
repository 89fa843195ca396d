/* epan_settings.h
 * What differs from Wireshark's default settings, as far as it matters to the sieve.
 *
 * Ownership: settings are only read; what is returned is Wireshark's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_EPAN_SETTINGS_H
#define MULTISTATUS_EPAN_SETTINGS_H

#include <stdbool.h>

/** As settings_differ() and keylog() of dissectors.h. */
bool epan_settings_differ(bool *keys);
const char *epan_settings_keylog(void);

#endif /* MULTISTATUS_EPAN_SETTINGS_H */
