/* epan_settings.c
 * Looking at preferences and tables.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "epan_settings.h"

#include <string.h>

#include "libraries.h"
#include <epan/prefs-int.h>
#include <epan/prefs.h>
#include <epan/uat-int.h>

#include "default_settings.h"

/* ----------------------------------------------------------------------------- preferences ---- */

static const struct {
    const char *module, *name;
    bool keys; /* if set, it may decrypt TLS; otherwise it does not matter */
} known_preferences[] = {
    {"tcp", "reassemble_out_of_order", false}, /* ours */
    {"http", "decompress_body", false},        /* ours; its bodies are undone either way */
    {"tls", "keylog_file", true},
    {"tls", "psk", true},
    {"tls", "keys_list", true},
    {"tls", "debug_file", false},
};

typedef struct {
    const char *module;
    bool keys;
    bool foreign;
} preference_search;

static guint look_at_preference(pref_t *preference, gpointer data)
{
    preference_search *search = data;
    const char *name = prefs_get_name(preference);

    if (prefs_get_type(preference) == PREF_UAT || prefs_get_type(preference) == PREF_STATIC_TEXT ||
        compat_is_obsolete(preference) || prefs_pref_is_default(preference))
        return 0;
    for (size_t i = 0; i < G_N_ELEMENTS(known_preferences); i++) {
        if (strcmp(known_preferences[i].module, search->module) == 0 &&
            strcmp(known_preferences[i].name, name) == 0) {
            search->keys = search->keys || known_preferences[i].keys;
            return 0;
        }
    }
    search->foreign = true;
    return 0;
}

static guint look_at_module(module_t *module, gpointer data)
{
    preference_search *search = data;

    if (!module->name || default_settings_is_idle(module->name))
        return 0;
    search->module = module->name;
    prefs_pref_foreach(module, look_at_preference, search);
    return 0;
}

/* ---------------------------------------------------------------------------------- tables ---- */

static void look_at_table(void *table, void *data)
{
    const uat_t *rows = table;
    preference_search *search = data;

    if (!rows->raw_data || rows->raw_data->len == 0)
        return;
    if (strcmp(rows->filename, "ssl_keys") == 0 || strcmp(rows->filename, "rsa_keys") == 0)
        search->keys = true;
    else if (!default_settings_is_idle_table(rows->filename))
        search->foreign = true;
}

/* ------------------------------------------------------------------------------------- all ---- */

bool epan_settings_differ(bool *keys)
{
    preference_search search = {.keys = *keys};

    prefs_modules_foreach(look_at_module, &search);
    uat_foreach_table(look_at_table, &search);
    *keys = search.keys;
    return search.foreign;
}

const char *epan_settings_keylog(void)
{
    module_t *tls = prefs_find_module("tls");
    pref_t *keylog = tls ? prefs_find_preference(tls, "keylog_file") : NULL;

    return keylog ? prefs_get_string_value(keylog, pref_current) : NULL;
}
