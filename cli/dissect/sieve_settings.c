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

/* ----------------------------------------------------------------------------- preferences ---- */

/* Modules whose preferences concern windows, names, capturing, or what we draw ourselves. */
static const char *const idle_modules[] = {"capture",     "console",   "gui",        "nameres",
                                           "multistatus", "protocols", "statistics", "taps"};

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

static bool is_word(const char *const *words, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(words[i], word) == 0)
            return true;
    }
    return false;
}

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

    if (!module->name || is_word(idle_modules, G_N_ELEMENTS(idle_modules), module->name))
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

/* Tables of the profile that only name or colour things. */
static const char *const idle_tables[] = {"dfilter_buttons",
                                          "dfilter_macros",
                                          "dmacros",
                                          "io_graphs",
                                          "packet_range",
                                          "expert_severity",
                                          "custom_http_header_fields",
                                          "smi_modules",
                                          "maxmind_db_paths"};

static void look_at_table(void *table, void *data)
{
    const uat_t *rows = table;
    preference_search *search = data;

    if (!rows->raw_data || rows->raw_data->len == 0)
        return;
    if (strcmp(rows->filename, "ssl_keys") == 0 || strcmp(rows->filename, "rsa_keys") == 0)
        search->keys = true;
    else if (!is_word(idle_tables, G_N_ELEMENTS(idle_tables), rows->filename))
        search->foreign = true;
}

/* ----------------------------------------------------------------------------------- files ---- */

static bool holds_anything(const char *path)
{
    g_autofree char *text = NULL;
    gsize length = 0;

    return g_file_get_contents(path, &text, &length, NULL) && length > 0;
}

/* Lists that switch protocols and assign them to ports. */
static bool has_lists(void)
{
    static const char *const names[] = {"decode_as_entries", "disabled_protos", "enabled_protos",
                                        "heuristic_protos"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *ours = get_persconffile_path(names[i], TRUE);
        g_autofree char *everybodys = get_datafile_path(names[i]);

        if (holds_anything(ours) || holds_anything(everybodys))
            return true;
    }
    return false;
}

/* Lua dissectors and taps can do anything. Deeper folders are not looked into: Wireshark goes down
 * only from these. */
static bool has_scripts(const char *folder, unsigned depth)
{
    GDir *dir = folder ? g_dir_open(folder, 0, NULL) : NULL;
    const char *name;
    bool found = false;

    while (dir && !found && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        found =
            g_str_has_suffix(name, ".lua") ||
            (depth > 0 && g_file_test(path, G_FILE_TEST_IS_DIR) && has_scripts(path, depth - 1));
    }
    if (dir)
        g_dir_close(dir);
    return found;
}

static bool has_lua(void)
{
    g_autofree char *start = get_persconffile_path("init.lua", FALSE);
    g_autofree char *old = get_persconffile_path("plugins", FALSE);

    return holds_anything(start) || has_scripts(get_plugins_dir(), 3) ||
           has_scripts(get_plugins_pers_dir(), 3) || has_scripts(old, 3);
}

/* ------------------------------------------------------------------------------------- all ---- */

static const char *forbidding_option(const dissect_settings *o)
{
    if (o->no_sieve)
        return "--no-sieve";
    if (o->display_filter)
        return "a display filter may look at any frame";
    if (o->two_passes)
        return "two passes";
    if (o->extensions->len > 0)
        return "-X";
    if (o->decode_as->len > 0)
        return "-d";
    if (o->disable_protocols->len > 0 || o->enable_protocols->len > 0 ||
        o->disable_heuristics->len > 0 || o->enable_heuristics->len > 0)
        return "protocols or heuristics are switched on or off";
    return NULL;
}

static const char *forbidding(const dissect_settings *o, preference_search *search)
{
    const char *option = forbidding_option(o);

    if (option)
        return option;
    if (has_lists())
        return "the profile switches protocols or decodes ports as something";
    if (has_lua())
        return "there are Lua scripts";
    prefs_modules_foreach(look_at_module, search);
    uat_foreach_table(look_at_table, search);
    return search->foreign ? "preferences differ from the default" : NULL;
}

sieve_use sieve_settings(const dissect_settings *o, const char **why)
{
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
