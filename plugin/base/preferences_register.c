/* preferences_register.c
 * Names and texts of what a user can set.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "preferences_register.h"

#include <epan/prefs.h>

#include "limit_table.h"
#include "preferences.h"

static const enum_val_t batch_modes[] = {
    {"off", "off", MS_BATCHES_OFF},
    {"auto", "auto", MS_BATCHES_AUTO},
    {"all", "all", MS_BATCHES_ALL},
    {NULL, NULL, 0},
};

/* What the decoder reads at most: its table has names, texts and standard values. */
static void register_limits(module_t *module)
{
    preferences_reset();
    for (int kind = 0; kind < MS_LIMIT_KINDS; kind++) {
        const ms_limit *limit = &ms_limit_table[kind];
        const char *help =
            wmem_strdup_printf(wmem_epan_scope(), "%s At most %u.", limit->help, limit->most);

        prefs_register_uint_preference(module, limit->name, limit->title, help, 10,
                                       &preferences.limits.of[kind]);
    }
}

void preferences_register(int proto)
{
    module_t *module = prefs_register_protocol(proto, NULL);

    prefs_register_bool_preference(
        module, "decode_by_root", "Decode Multi-Status under any HTTP status",
        "Also decode bodies whose root element is multistatus, mkcol-response or "
        "mkcalendar-response although the HTTP status is not 207. Apache answers a DELETE with "
        "locked members so, with 424.",
        &preferences.by_root);
    prefs_register_enum_preference(
        module, "batches", "Decode batches that are no 207",
        "Also decode batches that are answered with 200 or another status of success while rows of "
        "them failed: Elasticsearch bulk, PutRecords and others. \"auto\": those that two of "
        "request, response header and body tell; \"all\": also those that only their body tells.",
        &preferences.batches, batch_modes, FALSE);
    prefs_register_bool_preference(
        module, "keep_xml", "Show the XML tree as well",
        "Let the XML dissector show the elements of the body as it does without this plugin.",
        &preferences.keep_xml);
    prefs_register_bool_preference(
        module, "show_harmless", "Show resources that did not fail",
        "Show all resources of a body. Without this, only those that failed, or whose status "
        "cannot be read. Filters then see only those; the counts at the top stay what they are.",
        &preferences.show_harmless);
    prefs_register_uint_preference(
        module, "max_resources", "Resources shown of one body",
        "How many resources of one body are shown at most. What is left out is said; counts, "
        "verdict and statistics cover all of them.",
        10, &preferences.max_resources);
    prefs_register_uint_preference(
        module, "max_tree_items", "Items shown of one frame",
        "How many fields of the bodies in one frame are shown at most. What is left out is said; "
        "counts, verdict and statistics cover all of it. Wireshark itself refuses more than a "
        "million (preference gui.max_tree_items).",
        10, &preferences.max_tree_items);
    register_limits(module);
}
