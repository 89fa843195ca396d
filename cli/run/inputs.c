/* inputs.c
 * Finding captures.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#define _GNU_SOURCE /* tee() */
#include "inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "diagnostics.h"
#include "interrupt.h"
#include "session_file.h"

typedef struct {
    const input_settings *choice;
    const message_settings *messages;
    GPtrArray *inputs;
    GHashTable *paths;   /* those that are in `inputs` */
    GHashTable *folders; /* "device:inode" of directories that were read: links may form loops */
    unsigned left_out;   /* entries of directories that cannot be captures */
} search;

static void input_free(gpointer data)
{
    input *entry = data;

    g_free(entry->path);
    g_free(entry->error);
    g_free(entry->ring);
    g_clear_pointer(&entry->before, g_ptr_array_unref);
    g_free(entry);
}

GPtrArray *inputs_new(void)
{
    return g_ptr_array_new_with_free_func(input_free);
}

static input *append(GPtrArray *inputs, const char *path, bool named)
{
    input *entry = g_new0(input, 1);

    entry->path = g_strdup(path);
    entry->named = named;
    g_ptr_array_add(inputs, entry);
    return entry;
}

void inputs_add(GPtrArray *inputs, const char *path)
{
    append(inputs, path, false);
}

static input *add(search *s, const char *path, bool named)
{
    if (g_hash_table_contains(s->paths, path))
        return NULL;
    input *entry = append(s->inputs, path, named);

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

static void leave_out(search *s, const char *path)
{
    s->left_out++;
    if (s->messages->verbose)
        complain("\"%s\" is left out: it is neither a file nor a directory.", path);
}

static void add_failed(search *s, const char *path, bool named, int err)
{
    input *entry = add(s, path, named);

    if (entry)
        entry->error = g_strdup_printf("could not be read: %s", g_strerror(err));
}

bool inputs_are_to_include(const input_settings *choice, const char *name)
{
    const GPtrArray *globs = choice->include;

    for (guint i = 0; i < globs->len; i++) {
        if (fnmatch(globs->pdata[i], name, 0) == 0)
            return true;
    }
    return globs->len == 0;
}

static void add_directory(search *s, const char *folder, const GStatBuf *status, bool named);

static void add_found(search *s, const char *path, const char *name)
{
    GStatBuf status;

    if (g_stat(path, &status) != 0) {
        if (errno == ENOENT || errno == ELOOP)
            leave_out(s, path); /* a link that leads nowhere, or to itself */
        else
            add_failed(s, path, false, errno);
    } else if (S_ISDIR(status.st_mode)) {
        if (s->choice->recursive)
            add_directory(s, path, &status, false);
    } else if (inputs_are_to_include(s->choice, name)) {
        if (S_ISREG(status.st_mode))
            add(s, path, false);
        else
            leave_out(s, path);
    }
}

/* Recursion is bounded by the length of a path. */
static void add_directory(search *s, const char *folder, const GStatBuf *status, bool named)
{
    if (seen(s, status))
        return;
    g_autoptr(GPtrArray) names = read_names(folder);

    if (!names) {
        add_failed(s, folder, named, errno);
        return;
    }
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);

        add_found(s, path, names->pdata[i]);
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
            g_strdup(s->choice->recursive ? "is a directory without any file to read"
                                          : "is a directory without any file to read (--recursive "
                                            "takes those below it, too)");
    }
}

/* ------------------------------------------------------------------------- lists of inputs ---- */

/* The whole of a file or of standard input; NULL with errno set. */
static GString *read_list(const char *path)
{
    bool is_stdin = strcmp(path, INPUT_STDIN) == 0;
    FILE *file = is_stdin ? stdin : g_fopen(path, "rb");
    char block[4096];
    size_t length;

    if (!file)
        return NULL;
    GString *list = g_string_new(NULL);

    while ((length = fread(block, 1, sizeof block, file)) > 0)
        g_string_append_len(list, block, (gssize)length);
    int err = ferror(file) ? errno : 0;

    if (!is_stdin)
        fclose(file);
    if (err != 0) {
        g_string_free(list, TRUE);
        errno = err;
        return NULL;
    }
    return list;
}

static void add_listed(search *s, const char *name)
{
    bool taken = strcmp(name, INPUT_STDIN) == 0 && strcmp(s->choice->files_from, INPUT_STDIN) == 0;

    if (!taken) {
        add_argument(s, name);
        return;
    }
    input *entry = add(s, name, true);

    if (entry)
        entry->error = g_strdup("holds the list of files and cannot be a capture, too");
}

static bool add_list(search *s)
{
    const char *path = s->choice->files_from;
    GString *list = read_list(path);

    if (!list) {
        complain("The list \"%s\" could not be read: %s.", path, g_strerror(errno));
        return false;
    }
    char end = s->choice->nul_separated ? '\0' : '\n';

    for (gsize start = 0; start < list->len;) {
        char *name = list->str + start;
        char *stop = memchr(name, end, list->len - start);

        if (stop)
            *stop = '\0';
        start = stop ? (gsize)(stop - list->str) + 1 : list->len;
        if (*name)
            add_listed(s, name);
    }
    g_string_free(list, TRUE);
    return true;
}

/* ---------------------------------------------------------------------------------- shards ---- */

/* By name and not by position in the list, so that a file that appears or disappears while the
 * shards are being started does not move others into a different shard. */
static unsigned shard_of(const char *path, unsigned shards)
{
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, path, -1);

    digest[8] = '\0'; /* 32 bits are enough to spread them */
    return (unsigned)(g_ascii_strtoull(digest, NULL, 16) % shards) + 1;
}

void inputs_keep_shard(GPtrArray *inputs, const input_settings *choice)
{
    gpointer *entries = inputs->pdata;
    guint kept = 0;

    if (choice->shards == 0)
        return;
    for (guint i = 0; i < inputs->len; i++) {
        input *entry = entries[i];

        if (shard_of(entry->path, choice->shards) == choice->shard) {
            entries[i] = entries[kept];
            entries[kept++] = entry;
        }
    }
    g_ptr_array_set_size(inputs, (gint)kept);
}

/* ----------------------------------------------------------------------------------- find ---- */

static void note_left_out(const search *s)
{
    if (s->left_out == 0 || s->messages->quiet)
        return;
    complain("%u %s left out%s.", s->left_out,
             s->left_out == 1 ? "entry that is neither file nor directory is"
                              : "entries that are neither files nor directories are",
             s->messages->verbose ? "" : " (-v names them)");
}

static void name_interface(const search *s)
{
    for (guint i = 0; i < s->inputs->len; i++) {
        input *entry = s->inputs->pdata[i];

        if (strcmp(entry->path, INPUT_STDIN) == 0)
            entry->called = s->choice->interface;
    }
}

GPtrArray *inputs_find(const input_settings *choice, const message_settings *messages)
{
    search s = {.choice = choice,
                .messages = messages,
                .inputs = inputs_new(),
                .paths = g_hash_table_new(g_str_hash, g_str_equal),
                .folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};

    for (gpointer *argument = choice->arguments->pdata; *argument; argument++)
        add_argument(&s, *argument);
    bool listed = !choice->files_from || add_list(&s);

    g_hash_table_destroy(s.paths);
    g_hash_table_destroy(s.folders);
    if (!listed) {
        g_ptr_array_unref(s.inputs);
        return NULL;
    }
    note_left_out(&s);
    name_interface(&s);
    return s.inputs;
}

#ifdef __linux__
/* A copy of what is waiting in standard input. */
static size_t peek(uint8_t *start, size_t length)
{
    int ends[2];
    ssize_t copied = -1, got = 0;

    if (pipe(ends) != 0)
        return 0;
    do
        copied = tee(STDIN_FILENO, ends[1], length, 0);
    while (copied < 0 && errno == EINTR && interrupt_signal() == 0);
    if (copied > 0)
        got = read(ends[0], start, length);
    close(ends[0]);
    close(ends[1]);
    return got > 0 ? (size_t)got : 0;
}
#else
static size_t peek(uint8_t *start, size_t length)
{
    (void)start, (void)length;
    return 0;
}
#endif

/* Whatever writes into a pipe may need a while to deliver enough to tell. */
static bool peek_session(void)
{
    enum { PATIENCE = 25, MICROSECONDS = 20000 };
    g_autofree uint8_t *start = g_malloc(SESSION_BEGINNING);
    size_t had = 0, got = peek(start, SESSION_BEGINNING);

    for (unsigned waits = 0; waits < PATIENCE && session_is_open(start, got); waits++) {
        if (got > had)
            waits = 0;
        had = got;
        g_usleep(MICROSECONDS);
        got = peek(start, SESSION_BEGINNING);
    }
    return session_begins(start, got);
}

void inputs_peek(GPtrArray *inputs, const input_settings *choice)
{
    struct stat status;

    for (guint i = 0; i < inputs->len && !choice->interface; i++) {
        input *entry = inputs->pdata[i];

        if (strcmp(entry->path, INPUT_STDIN) == 0 && fstat(STDIN_FILENO, &status) == 0 &&
            S_ISFIFO(status.st_mode))
            entry->session = peek_session();
    }
}

const char *input_name(const input *of)
{
    return of->called ? of->called : of->path;
}

/* Counts only regular files. */
static uint64_t inputs_bytes(const GPtrArray *inputs)
{
    uint64_t bytes = 0;

    for (guint i = 0; i < inputs->len; i++) {
        struct stat status;
        const input *entry = inputs->pdata[i];

        if (stat(entry->path, &status) == 0 && S_ISREG(status.st_mode))
            bytes += (uint64_t)status.st_size;
    }
    return bytes;
}

progress *inputs_progress(const GPtrArray *inputs, const message_settings *messages,
                          const char *things, unsigned readings)
{
    bool wanted = messages->progress || (!messages->quiet && isatty(STDERR_FILENO));

    return wanted ? progress_new(messages->progress, things, inputs->len,
                                 readings * inputs_bytes(inputs))
                  : NULL;
}
