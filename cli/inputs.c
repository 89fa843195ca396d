/* inputs.c
 * Finding captures.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "inputs.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

typedef struct {
    GPtrArray *inputs;
    GHashTable *paths;   /* those that are in inputs */
    GHashTable *folders; /* "device:inode" of directories that were read: links may form loops */
    bool recursive;
} search;

static void input_free(gpointer data)
{
    input *entry = data;

    g_free(entry->path);
    g_free(entry->error);
    g_free(entry);
}

static input *add(search *s, const char *path, bool named)
{
    if (g_hash_table_contains(s->paths, path))
        return NULL;
    input *entry = g_new0(input, 1);

    entry->path = g_strdup(path);
    entry->named = named;
    g_ptr_array_add(s->inputs, entry);
    g_hash_table_add(s->paths, entry->path);
    return entry;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The sorted names in a directory without the hidden ones; NULL with errno set. */
static GPtrArray *read_names(const char *folder)
{
    errno = 0;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

    if (!dir)
        return NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    while ((name = g_dir_read_name(dir))) {
        if (name[0] != '.')
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

static bool seen(search *s, const GStatBuf *status)
{
    return !g_hash_table_add(s->folders,
                             g_strdup_printf("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                             (guint64)status->st_dev, (guint64)status->st_ino));
}

static void add_directory(search *s, const char *folder, const GStatBuf *status, bool named);

static void add_found(search *s, const char *path)
{
    GStatBuf status;

    if (g_stat(path, &status) != 0)
        return; /* a link that leads nowhere */
    if (S_ISREG(status.st_mode))
        add(s, path, false);
    else if (S_ISDIR(status.st_mode) && s->recursive)
        add_directory(s, path, &status, false);
}

/* Recursion is bounded by the length of a path. */
static void add_directory(search *s, const char *folder, const GStatBuf *status, bool named)
{
    if (seen(s, status))
        return;
    g_autoptr(GPtrArray) names = read_names(folder);

    if (!names) {
        int err = errno;
        input *entry = add(s, folder, named);

        if (entry)
            entry->error = g_strdup_printf("could not be read: %s", g_strerror(err));
        return;
    }
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);

        add_found(s, path);
    }
}

static void add_argument(search *s, const char *argument)
{
    GStatBuf status;
    guint before = s->inputs->len;

    if (strcmp(argument, INPUT_STDIN) == 0 || g_stat(argument, &status) != 0 ||
        !S_ISDIR(status.st_mode)) {
        add(s, argument, true);
        return;
    }
    add_directory(s, argument, &status, true);
    if (s->inputs->len == before && !g_hash_table_contains(s->paths, argument)) {
        input *entry = add(s, argument, true);

        entry->error =
            g_strdup(s->recursive ? "is a directory without any file"
                                  : "is a directory without any file (--recursive reads those "
                                    "below it, too)");
    }
}

GPtrArray *inputs_find(const char *const *arguments, bool recursive)
{
    search s = {g_ptr_array_new_with_free_func(input_free),
                g_hash_table_new(g_str_hash, g_str_equal),
                g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL), recursive};

    for (; *arguments; arguments++)
        add_argument(&s, *arguments);
    g_hash_table_destroy(s.paths);
    g_hash_table_destroy(s.folders);
    return s.inputs;
}
