/* default_settings.c
 * Looking at settings without Wireshark's dissectors, which know what they mean.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "default_settings.h"

#include <string.h>

#include "libraries.h"

static bool is_word(const char *const *words, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(words[i], word) == 0)
            return true;
    }
    return false;
}

/* Modules whose preferences concern windows, names, capturing, or what we draw ourselves. */
static const char *const idle_modules[] = {"capture",     "console",   "gui",        "nameres",
                                           "multistatus", "protocols", "statistics", "taps"};

bool default_settings_is_idle(const char *module)
{
    return is_word(idle_modules, G_N_ELEMENTS(idle_modules), module);
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

/* Does it hold nothing but comments and preferences of modules that are idle? A line that begins
 * with a blank continues the one before it. */
static bool is_idle_preferences(const char *path)
{
    g_autofree char *text = NULL;
    gsize length = 0;

    if (!g_file_get_contents(path, &text, &length, NULL))
        return !g_file_test(path, G_FILE_TEST_EXISTS);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line; line++) {
        gsize module = strcspn(*line, ".:");
        g_autofree char *name = g_strndup(*line, module);

        if (strcmp(name, "multistatus") == 0 ||
            (!strchr("#\r \t", **line) && !default_settings_is_idle(name)))
            return false;
    }
    return strlen(text) == length;
}

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

bool default_settings_is_idle_table(const char *name)
{
    return is_word(idle_tables, G_N_ELEMENTS(idle_tables), name);
}

/* Other files of a user that do not concern what is read: of windows, of names, and those that are
 * looked into by themselves. In the folder of a program that is not installed there is the program,
 * too. */
static const char *const idle_files[] = {"preferences",
                                         "decode_as_entries",
                                         "disabled_protos",
                                         "enabled_protos",
                                         "cfilters",
                                         "colorfilters",
                                         "dfilters",
                                         "display_filters",
                                         "ethers",
                                         "heuristic_protos",
                                         "hosts",
                                         "ipxnets",
                                         "language",
                                         "manuf",
                                         "packet_list_columns",
                                         "recent",
                                         "recent_common",
                                         "services",
                                         "ss7pcs",
                                         "subnets",
                                         "vlans",
                                         "enterprises",
                                         "wka",
                                         "AUTHORS-SHORT",
                                         "COPYING",
                                         "capture_filters",
                                         "multistatus"};

/* No table of Wireshark has a dot in its name. */
static bool is_idle_file(const char *name)
{
    return strchr(name, '.') || default_settings_is_idle_table(name) ||
           is_word(idle_files, G_N_ELEMENTS(idle_files), name);
}

/* Tables of a profile have names of their own, which are many. */
static bool has_unknown_files(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        if (!is_idle_file(name) && !g_file_test(path, G_FILE_TEST_IS_DIR) && holds_anything(path))
            return true;
    }
    return !dir && g_file_test(folder, G_FILE_TEST_EXISTS);
}

static bool are_files_default(void)
{
    g_autofree char *own = get_persconffile_path("", FALSE);
    g_autofree char *preferences = get_persconffile_path("preferences", FALSE);
    char *shared = get_datafile_path("preferences");
    g_autofree char *old = g_build_filename(get_systemfile_dir(), "wireshark.conf", NULL);
    bool idle = is_idle_preferences(preferences) && is_idle_preferences(shared) &&
                is_idle_preferences(old) && !has_unknown_files(own) &&
                !has_unknown_files(get_datafile_dir());

    g_free(shared);
    return idle;
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

const char *default_settings_forbidding(const dissect_settings *o)
{
    const char *option = forbidding_option(o);

    if (option)
        return option;
    if (has_lists())
        return "the profile switches protocols or decodes ports as something";
    return has_lua() ? "there are Lua scripts" : NULL;
}

bool default_settings(const dissect_settings *o)
{
    return !default_settings_forbidding(o) && !o->keylog && !o->profile &&
           o->preferences->len == 0 && are_files_default();
}
