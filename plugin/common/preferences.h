/* preferences.h
 * What a user can set: Edit > Preferences > Protocols > Multi-Status, or -o multistatus.NAME:VALUE.
 *
 * Ownership: Wireshark changes the values, everybody may read them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PREFERENCES_H
#define MULTISTATUS_PREFERENCES_H

#include "compat.h"
#include "multistatus.h"

typedef struct {
    gint batches;                  /**< ms_batch_mode: what is decoded beside 207 */
    preference_bool by_root;       /**< decode bodies under other statuses by their root element */
    preference_bool keep_xml;      /**< let the XML dissector draw its tree as well */
    preference_bool show_harmless; /**< also draw the resources that did not fail */
    unsigned max_resources;        /**< resources drawn of one body */
    unsigned max_tree_items;       /**< items drawn of one frame */
    ms_limits limits;              /**< of the decoder */
} multistatus_preferences;

extern multistatus_preferences preferences;

/** To be called where they are used without being registered: limits get their values. */
void preferences_reset(void);

#endif /* MULTISTATUS_PREFERENCES_H */
