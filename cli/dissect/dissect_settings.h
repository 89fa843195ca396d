/* dissect_settings.h
 * How captures are dissected, as a user may set it.
 *
 * Ownership: the lists belong to whoever fills in the settings; texts are only referred to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_DISSECT_SETTINGS_H
#define MULTISTATUS_DISSECT_SETTINGS_H

#include <stdbool.h>

#include <glib.h>

typedef struct {
    const char *display_filter;
    bool two_passes;
    bool no_sieve;
    unsigned live_memory; /**< MiB by which the session on a pipe may grow; 0: without limit */
    const char *profile;
    const char *keylog;
    GPtrArray *preferences;       /**< -o, in order */
    GPtrArray *decode_as;         /**< -d */
    GPtrArray *extensions;        /**< -X */
    GPtrArray *disable_protocols; /**< names */
    GPtrArray *enable_protocols;
    GPtrArray *disable_heuristics;
    GPtrArray *enable_heuristics;
} dissect_settings;

#endif /* MULTISTATUS_DISSECT_SETTINGS_H */
