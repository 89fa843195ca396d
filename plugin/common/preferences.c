/* preferences.c
 * What is set, until somebody sets it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "preferences.h"

#include "limit_table.h"

multistatus_preferences preferences = {
    .batches = MS_BATCHES_AUTO,
    .by_root = TRUE,
    .keep_xml = TRUE,
    .show_harmless = TRUE,
    .max_resources = 20000,
    .max_tree_items = 400000,
};

void preferences_reset(void)
{
    preferences.limits = ms_limits_in_force(NULL);
}
