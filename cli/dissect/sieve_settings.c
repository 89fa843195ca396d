/* sieve_settings.c
 * What the sieve knows about Wireshark is true for its default settings. Whatever differs from
 * them, and is not known to be harmless, turns the sieve off.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sieve_settings.h"

#include <string.h>

#include "libraries.h"
#include <epan/prefs-int.h>
#include <epan/prefs.h>
#include <epan/uat-int.h>

#include "default_settings.h"
#include "session.h"

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
    return 1;
}

static guint look_at_module(module_t *module, gpointer data)
{
    preference_search *search = data;

    if (!module->name || default_settings_is_idle(module->name))
        return 0;
    search->module = module->name;
    return prefs_pref_foreach(module, look_at_preference, search);
}

/* All of them, even after one that is not ours to judge. */
static guint look_for_key(pref_t *preference, gpointer data)
{
    look_at_preference(preference, data);
    return 0;
}

static guint look_for_keys(module_t *module, gpointer data)
{
    preference_search *search = data;

    search->module = module->name;
    if (module->name && strcmp(module->name, "tls") == 0)
        prefs_pref_foreach(module, look_for_key, search);
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

static const char *forbidding(const dissect_settings *o, preference_search *search)
{
    const char *told = default_settings_forbidding(o);

    if (told)
        return told;
    prefs_modules_foreach(look_at_module, search);
    uat_foreach_table(look_at_table, search);
    return search->foreign ? "preferences differ from the default" : NULL;
}

sieve_use sieve_settings(const dissect_settings *o, const char **why)
{
    if (why)
        *why = NULL;
    if (!session_has_dissectors())
        return SIEVE_ON;
    preference_search search = {.keys = o->keylog != NULL};

    const char *reason = forbidding(o, &search);

    if (why)
        *why = reason;
    if (reason)
        return SIEVE_OFF;
    return search.keys ? SIEVE_OPEN : SIEVE_ON;
}

/* Asked where the rest of the settings has not been checked to its end. */
static bool has_keys(const dissect_settings *o)
{
    preference_search search = {.keys = o->keylog != NULL};

    if (!search.keys)
        prefs_modules_foreach(look_for_keys, &search);
    uat_foreach_table(look_at_table, &search);
    return search.keys;
}

void sieve_settings_apply(capture_reader *reader, const dissect_settings *o, bool verbose)
{
    sieve_use use = sieve_settings(o, NULL);

    capture_reader_use_sieve(reader, use, verbose);
    capture_reader_has_keys(reader, use == SIEVE_OFF ? has_keys(o) : use == SIEVE_OPEN);
}
