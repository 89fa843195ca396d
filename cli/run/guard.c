/* guard.c
 * Outputs that are also inputs.
 *
 * Files are compared by device and inode: so links, other names, and other capitalisation on a file
 * system that ignores it make no difference.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "guard.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "compat.h"
#include <wsutil/filesystem.h>

#include "diagnostics.h"
#include "file_kind.h"
#include "inputs.h"

typedef struct {
    const run_settings *s;
    GPtrArray *inputs;
    bool of_records;
    GHashTable *files;    /* identity -> input */
    GHashTable *settings; /* identity -> what it is for, static */
    GHashTable *taken;    /* identities of outputs: entries with one of them are not inputs */
    GHashTable *places;   /* of outputs, whatever their names */
} guard;

/* ------------------------------------------------------------------------------- identities ----
 */

typedef struct {
    guint64 device, inode;
} identity;

static guint hash_identity(gconstpointer key)
{
    const identity *of = key;

    return (guint)(of->inode * 31 + of->device);
}

static gboolean same_identity(gconstpointer a, gconstpointer b)
{
    const identity *left = a, *right = b;

    return left->device == right->device && left->inode == right->inode;
}

static GHashTable *table_of_identities(void)
{
    return g_hash_table_new_full(hash_identity, same_identity, g_free, NULL);
}

static identity identity_of(const struct stat *status)
{
    return (identity){status->st_dev, status->st_ino};
}

/* Of files that can be replaced, and of pipes with a name: a process that reads and writes the same
 * one waits for itself. "-" is whatever standard input is. */
static bool identify(const char *path, identity *of)
{
    struct stat status;
    int failed =
        strcmp(path, INPUT_STDIN) == 0 ? fstat(STDIN_FILENO, &status) : stat(path, &status);

    if (failed || (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)))
        return false;
    *of = identity_of(&status);
    return true;
}

static bool identify_folder(const char *path, identity *of)
{
    struct stat status;

    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return false;
    *of = identity_of(&status);
    return true;
}

static void add(GHashTable *to, const identity *key, gpointer value)
{
    g_hash_table_insert(to, g_memdup2(key, sizeof *key), value);
}

/* ---------------------------------------------------------------------------- what is read ---- */

static void add_inputs(guard *g)
{
    for (guint i = 0; i < g->inputs->len; i++) {
        input *entry = g->inputs->pdata[i];
        bool captures = g->s->inputs.interface && strcmp(entry->path, INPUT_STDIN) == 0;
        identity key;

        if (captures || !identify(entry->path, &key))
            continue;
        input *before = g_hash_table_lookup(g->files, &key);

        /* By two names, one of them found in a directory: the user has named it. */
        if (!before || entry->named)
            add(g->files, &key, entry);
    }
}

static void add_setting(guard *g, const char *path, const char *what)
{
    identity key;

    if (path && strcmp(path, INPUT_STDIN) != 0 && identify(path, &key))
        add(g->settings, &key, (gpointer)what);
}

/* "PREFERENCE:VALUE" and "KEY:VALUE", in which a value, or a column of a table, may be a file. */
static void add_values(guard *g, const GPtrArray *list, const char *what)
{
    for (guint i = 0; i < list->len; i++) {
        const char *value = strchr(list->pdata[i], ':');

        if (!value)
            continue;
        g_auto(GStrv) pieces = g_strsplit(value + 1, "\"", -1);

        add_setting(g, value + 1, what);
        for (char **piece = pieces; *piece; piece++)
            add_setting(g, *piece, what);
    }
}

static void add_settings(guard *g)
{
    const run_settings *s = g->s;

    add_setting(g, s->inputs.files_from, "the list of --files-from");
    add_setting(g, s->dissect.keylog, "the key log");
    add_setting(g, s->results.redact_key, "the key of --redact-key");
    add_values(g, s->dissect.preferences, "a file that a preference names");
    add_values(g, s->dissect.extensions, "a file that -X names");
}

/* ------------------------------------------------------------------------------- an output ---- */

static bool refuse(const char *option, const char *path, const char *what)
{
    complain(
        "%s would overwrite \"%s\", which is %s. Name another file behind %s, or move that one "
        "away first.",
        option, path, what, option);
    return false;
}

/* A file of a kind that reports do not have, or one that is read. */
static bool may_replace_input(const guard *g, const input *entry, file_kind kind)
{
    if (entry->named)
        return false;
    return kind == FILE_REPORT || kind == FILE_EMPTY || (kind == FILE_RECORDS && !g->of_records);
}

static bool may_replace(file_kind kind)
{
    switch (kind) {
    case FILE_ABSENT:
    case FILE_SPECIAL:
    case FILE_EMPTY:
    case FILE_REPORT:
    case FILE_RECORDS:
    case FILE_OTHER:
        return true;
    default:
        return false;
    }
}

/* Preferences, lists of filters and everything else that Wireshark keeps in this folder. */
static bool is_in_profile(const guard *g, const char *path)
{
    if (g->of_records)
        return false;
    g_autofree char *preferences = get_persconffile_path("preferences", TRUE);
    g_autofree char *profile = g_path_get_dirname(preferences);
    g_autofree char *folder = g_path_get_dirname(path);
    identity own, its;

    return identify_folder(profile, &own) && identify_folder(folder, &its) &&
           same_identity(&own, &its);
}

static bool check_existing(guard *g, const char *option, const char *path, const identity *key)
{
    const input *entry = g_hash_table_lookup(g->files, key);
    const char *setting = g_hash_table_lookup(g->settings, key);
    file_kind kind = file_kind_of(path);

    if (setting)
        return refuse(option, path, setting);
    if (is_in_profile(g, path))
        return refuse(option, path, "in the folder of Wireshark's settings");
    if (entry && !may_replace_input(g, entry, kind))
        return refuse(option, path,
                      entry->named ? "one of the inputs"
                                   : "in a directory that is read and not a report");
    if (!may_replace(kind))
        return refuse(option, path, file_kind_words(kind));
    g_hash_table_add(g->taken, g_memdup2(key, sizeof *key));
    return true;
}

/* "--html --recursive captures/": the file's name was forgotten. */
static bool looks_like_option(const char *path)
{
    return path[0] == '-' && path[1] != '\0';
}

static char *place_of_file(const identity *key)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, key->device, key->inode);
}

/* "device:inode/name" of the folder, or of the file where it is there: two names for one place are
 * one text. */
static char *place_of(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    identity key;

    if (identify(path, &key))
        return place_of_file(&key);
    if (identify_folder(folder, &key))
        return g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT "/%s", key.device,
                               key.inode, name);
    return g_strdup(path);
}

static bool is_followed(const guard *g, const char *folder)
{
    identity followed, its;

    return g->s->inputs.follow && identify_folder(g->s->inputs.follow, &followed) &&
           identify_folder(folder, &its) && same_identity(&followed, &its);
}

/* Nobody knows what names its files will have. */
static bool is_in_followed(const guard *g, const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);

    return is_followed(g, folder);
}

static bool check_output(guard *g, const char *option, const char *path)
{
    identity key;

    if (looks_like_option(path)) {
        complain("The option %s needs the name of a file, and \"%s\" looks like an option; ./%s "
                 "would be a name.",
                 option, path, path);
        return false;
    }
    if (strcmp(path, "-") == 0)
        return true;
    if (is_in_followed(g, path)) {
        complain("%s \"%s\" is in the folder that --follow reads, where captures come to be: name "
                 "another one.",
                 option, path);
        return false;
    }
    if (!g_hash_table_add(g->places, place_of(path))) {
        complain("Two results cannot both go to \"%s\".", path);
        return false;
    }
    return !identify(path, &key) || check_existing(g, option, path, &key);
}

static bool check_outputs(guard *g)
{
    bool fine = !g->s->results.output || check_output(g, "-O", g->s->results.output);

    for (guint i = 0; fine && i < g->s->results.extra->len; i++) {
        const extra_output *extra = &g_array_index(g->s->results.extra, extra_output, i);
        g_autofree char *option = g_strconcat("--", extra->as->name, NULL);

        fine = check_output(g, option, extra->path);
    }
    return fine;
}

static bool is_binary_on_terminal(const format *as, const char *path)
{
    if (!as->binary || (path && strcmp(path, "-") != 0) || !isatty(STDOUT_FILENO))
        return false;
    complain("%s is nothing for a terminal: --%s FILE writes it to a file.", as->name, as->name);
    return true;
}

static bool check_terminal(const guard *g)
{
    bool fine = !is_binary_on_terminal(g->s->results.format, g->s->results.output);

    for (guint i = 0; fine && i < g->s->results.extra->len; i++) {
        const extra_output *extra = &g_array_index(g->s->results.extra, extra_output, i);

        fine = !is_binary_on_terminal(extra->as, extra->path);
    }
    return fine;
}

static bool uses_standard_output(const result_settings *s)
{
    bool uses = !s->output || strcmp(s->output, "-") == 0;

    for (guint i = 0; i < s->extra->len; i++)
        uses = uses || strcmp(g_array_index(s->extra, extra_output, i).path, "-") == 0;
    return uses;
}

/* What the shell has opened has already been emptied, or is appended to: an input that the user has
 * named is damaged in any case. In a directory that is read it is simply no input. */
static bool check_standard_output(guard *g)
{
    struct stat status;

    if (fstat(STDOUT_FILENO, &status) != 0 || !S_ISREG(status.st_mode))
        return true;
    identity key = identity_of(&status);
    g_autofree char *place = place_of_file(&key);
    const input *entry = g_hash_table_lookup(g->files, &key);

    if (entry && entry->named) {
        complain("Standard output goes to \"%s\", which is one of the inputs.", entry->path);
        return false;
    }
    if (uses_standard_output(&g->s->results) && g_hash_table_contains(g->places, place)) {
        complain("Two results cannot both go to the file that is standard output.");
        return false;
    }
    g_hash_table_add(g->taken, g_memdup2(&key, sizeof key));
    return true;
}

/* ------------------------------------------------------------------------- the folder of records
 * ----
 */

/* Files in the folder of --checkpoint that are found below an input directory are not inputs: they
 * are the records of an earlier run. Anything else there would be in danger.
 * @return the input that is in the way, or NULL */
static const input *find_in_folder(guard *g, const identity *folder)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < g->inputs->len; i++) {
        const input *entry = g->inputs->pdata[i];
        char *parent = g_path_get_dirname(entry->path);
        identity key;
        gpointer inside;

        if (!g_hash_table_lookup_extended(known, parent, NULL, &inside)) {
            inside = GINT_TO_POINTER(identify_folder(parent, &key) && same_identity(&key, folder));
            g_hash_table_insert(known, parent, inside);
        } else {
            g_free(parent);
        }
        if (!inside || strcmp(entry->path, INPUT_STDIN) == 0 || !identify(entry->path, &key))
            continue;
        if (entry->named || file_kind_of(entry->path) != FILE_RECORDS)
            return entry;
        g_hash_table_add(g->taken, g_memdup2(&key, sizeof key));
    }
    return NULL;
}

static bool check_checkpoint(guard *g)
{
    identity folder;

    if (g->s->workers.checkpoint && is_followed(g, g->s->workers.checkpoint)) {
        complain("The folder of --checkpoint cannot be the one that --follow reads.");
        return false;
    }
    if (g->of_records || !g->s->workers.checkpoint ||
        !identify_folder(g->s->workers.checkpoint, &folder))
        return true;
    const input *entry = find_in_folder(g, &folder);

    if (entry)
        complain("The folder \"%s\" of --checkpoint holds \"%s\", which is one of the inputs: the "
                 "records need a folder of their own.",
                 g->s->workers.checkpoint, entry->path);
    return !entry;
}

/* ----------------------------------------------------------------------------------- guard ---- */

/* What this run or an earlier one has written is not read. */
static void leave_out_taken(guard *g)
{
    if (g_hash_table_size(g->taken) == 0)
        return;
    for (guint i = g->inputs->len; i-- > 0;) {
        const input *entry = g->inputs->pdata[i];
        identity key;

        if (!entry->named && identify(entry->path, &key) && g_hash_table_contains(g->taken, &key))
            g_ptr_array_remove_index(g->inputs, i);
    }
}

bool guard_outputs(const run_settings *s, GPtrArray *inputs, bool of_records)
{
    guard g = {.s = s,
               .inputs = inputs,
               .of_records = of_records,
               .files = table_of_identities(),
               .settings = table_of_identities(),
               .taken = table_of_identities(),
               .places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};

    if (of_records)
        file_kind_start();
    add_inputs(&g);
    add_settings(&g);
    bool fine = check_outputs(&g) && check_terminal(&g) && check_standard_output(&g) &&
                check_checkpoint(&g);

    if (fine)
        leave_out_taken(&g);
    g_hash_table_unref(g.files);
    g_hash_table_unref(g.settings);
    g_hash_table_unref(g.taken);
    g_hash_table_unref(g.places);
    return fine;
}
