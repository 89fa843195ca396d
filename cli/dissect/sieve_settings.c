/* sieve_settings.c
 * What the sieve knows about Wireshark is true for its default settings. Whatever differs from
 * them, and is not known to be harmless, turns the sieve off.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sieve_settings.h"

#include "default_settings.h"
#include "dissectors.h"

sieve_use sieve_settings(const dissect_settings *o, const char **why, bool *keys)
{
    const dissectors *there = dissectors_there();

    *why = there ? default_settings_forbidding(o) : NULL;
    *keys = o->keylog != NULL;
    if (there && there->settings_differ(keys) && !*why)
        *why = "preferences differ from the default";
    return *why ? SIEVE_OFF : *keys ? SIEVE_OPEN : SIEVE_ON;
}

void sieve_settings_apply(capture_reader *reader, const dissect_settings *o, bool verbose)
{
    const char *why;
    bool keys;

    capture_reader_use_sieve(reader, sieve_settings(o, &why, &keys), verbose);
    capture_reader_has_keys(reader, keys);
}
