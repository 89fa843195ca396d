/* checkpoint.c
 * A folder with the records of captures that were read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "libraries.h"

#include "diagnostics.h"
#include "dissectors.h"
#include "file_kind.h"
#include "record.h"

/* How the last line ends. */
#define KEY_BEFORE ",\"checkpoint\":\""
#define KEY_LENGTH 64
#define KEY_BEHIND "\"}\n"
/* Files that are being written; a run that was killed leaves one behind. */
#define TEMPORARY ".writing-"

struct checkpoint {
    char *folder;
    int lock; /* descriptor of the folder */
    char *settings;
    char *temporary; /* NULL when nothing is being written */
    FILE *file;
    int error; /* errno of the first failure in this file */
};

/* -------------------------------------------------------------------------------- settings ---- */

static void add_text(GChecksum *sum, const char *text)
{
    /* With its NUL, so that "ab", "c" is not "a", "bc". */
    g_checksum_update(sum, (const guchar *)(text ? text : ""), text ? (gssize)strlen(text) + 1 : 1);
}

static void add_list(GChecksum *sum, const char *option, const GPtrArray *list)
{
    for (guint i = 0; i < list->len; i++) {
        add_text(sum, option);
        add_text(sum, list->pdata[i]);
    }
}

static void add_contents(GChecksum *sum, const char *path)
{
    g_autofree char *contents = NULL;
    gsize length = 0;

    add_text(sum, path);
    if (path && g_file_get_contents(path, &contents, &length, NULL))
        g_checksum_update(sum, (const guchar *)contents, (gssize)length);
}

/* Files that Wireshark read at the start. */
static void add_profile(GChecksum *sum)
{
    static const char *const files[] = {"preferences", "disabled_protos", "enabled_protos",
                                        "heuristic_protos", "decode_as_entries"};

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = get_persconffile_path(files[i], TRUE);

        add_contents(sum, path);
    }
}

static void add_scripts(GChecksum *sum, const GPtrArray *extensions)
{
    for (guint i = 0; i < extensions->len; i++) {
        const char *value = strchr(extensions->pdata[i], ':');

        add_text(sum, extensions->pdata[i]);
        if (value)
            add_contents(sum, value + 1);
    }
}

static char *settings_of(const dissect_settings *s, bool joins)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    const dissectors *opened = dissectors_open();
    g_autofree char *schema = g_strdup_printf("%d", RECORD_SCHEMA);

    add_text(sum, MULTISTATUS_VERSION);
    add_text(sum, opened ? opened->version() : "");
    add_text(sum, schema);
    add_text(sum, s->display_filter);
    add_text(sum, s->two_passes ? "2" : "1");
    if (joins)
        add_text(sum, "--join");
    add_list(sum, "-o", s->preferences);
    add_list(sum, "-d", s->decode_as);
    add_list(sum, "--disable-protocol", s->disable_protocols);
    add_list(sum, "--enable-protocol", s->enable_protocols);
    add_list(sum, "--disable-heuristic", s->disable_heuristics);
    add_list(sum, "--enable-heuristic", s->enable_heuristics);
    add_scripts(sum, s->extensions);
    add_contents(sum, s->keylog);
    add_profile(sum);
    char *digest = g_strdup(g_checksum_get_string(sum));

    g_checksum_free(sum);
    return digest;
}

/* ---------------------------------------------------------------------------------- folder ---- */

/* Nothing else may be replaced or removed: the folder belongs to the user. */
static bool is_ours(const char *path)
{
    file_kind kind = file_kind_of(path);

    return kind == FILE_RECORDS || kind == FILE_EMPTY;
}

/* What killed runs left behind, unless another run is at work in the folder. */
static void clean(const checkpoint *c)
{
    if (flock(c->lock, LOCK_EX | LOCK_NB) != 0)
        return;
    g_autoptr(GDir) dir = g_dir_open(c->folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(c->folder, name, NULL);

        if (g_str_has_prefix(name, TEMPORARY) && strlen(name) == strlen(TEMPORARY) + 6 &&
            is_ours(path))
            g_unlink(path);
    }
}

checkpoint *checkpoint_open(const char *folder, const dissect_settings *s, bool joins)
{
    int lock = g_mkdir_with_parents(folder, 0777) == 0
                   ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                   : -1;

    if (lock < 0 || g_access(folder, W_OK) != 0) {
        complain("The folder \"%s\" cannot be used for checkpoints: %s.", folder,
                 g_strerror(errno));
        if (lock >= 0)
            close(lock);
        return NULL;
    }
    checkpoint *c = g_new0(checkpoint, 1);

    c->folder = g_strdup(folder);
    c->lock = lock;
    c->settings = settings_of(s, joins);
    clean(c);
    flock(lock, LOCK_SH);
    return c;
}

void checkpoint_close(checkpoint *c)
{
    if (!c)
        return;
    checkpoint_forget(c);
    close(c->lock);
    g_free(c->folder);
    g_free(c->settings);
    g_free(c);
}

#define NAME_MOST 100

/* The end of the capture's path, for people, and a digest of all of it. */
static char *file_of(const checkpoint *c, const char *path)
{
    gsize length = strlen(path);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, path, -1);
    g_autofree char *shown = g_strdup(path + (length > NAME_MOST ? length - NAME_MOST : 0));

    for (char *at = shown; *at; at++) {
        if (!g_ascii_isalnum(*at) && *at != '.' && *at != '-')
            *at = '_';
    }
    g_autofree char *name =
        g_strdup_printf("%s%s-%.16s.ndjson", *shown == '.' ? "_" : "", shown, digest);

    return g_build_filename(c->folder, name, NULL);
}

/* ------------------------------------------------------------------------------- looking up ----
 */

char *checkpoint_key(const checkpoint *c, const char *path, bool last)
{
    struct stat status;

    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return NULL;
    g_autofree char *text = g_strdup_printf(
        "%s %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld %" G_GUINT64_FORMAT "%s", c->settings,
        (guint64)status.st_size, (gint64)status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
        (guint64)status.st_ino, last ? " last" : "");

    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
}

bool checkpoint_has(const checkpoint *c, const char *path, const char *key)
{
    g_autofree char *name = file_of(c, path);
    g_autofree char *expected = g_strconcat(KEY_BEFORE, key, KEY_BEHIND, NULL);
    char end[sizeof KEY_BEFORE + KEY_LENGTH + sizeof KEY_BEHIND] = "";
    long length = (long)strlen(expected);
    FILE *file = g_fopen(name, "rb");
    bool has = file && fseek(file, -length, SEEK_END) == 0 &&
               fread(end, 1, (size_t)length, file) == (size_t)length && strcmp(end, expected) == 0;

    if (file)
        fclose(file);
    return has;
}

GPtrArray *checkpoint_lines(const checkpoint *c, const char *path)
{
    g_autofree char *name = file_of(c, path);
    g_autofree char *contents = NULL;
    g_autoptr(GError) error = NULL;
    gsize length;

    if (!g_file_get_contents(name, &contents, &length, &error)) {
        complain("The records in \"%s\" could not be read: %s.", name, error->message);
        return NULL;
    }
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

    for (char *at = contents, *end; (end = strchr(at, '\n')); at = end + 1)
        g_ptr_array_add(lines, g_strndup(at, (gsize)(end - at)));
    return lines;
}

/* --------------------------------------------------------------------------------- keeping ---- */

static void note_error(checkpoint *c)
{
    if (c->error == 0)
        c->error = errno ? errno : EIO;
}

static void begin(checkpoint *c)
{
    c->error = 0;
    c->temporary = g_build_filename(c->folder, TEMPORARY "XXXXXX", NULL);
    errno = 0;
    int fd = g_mkstemp_full(c->temporary, O_RDWR | O_CLOEXEC, 0666);

    c->file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!c->file)
        note_error(c);
}

static void put(checkpoint *c, const char *text, gsize length)
{
    errno = 0;
    if (c->error == 0 && fwrite(text, 1, length, c->file) != length)
        note_error(c);
}

void checkpoint_add(checkpoint *c, const char *line, gsize length)
{
    if (!c->temporary)
        begin(c);
    put(c, line, length);
    put(c, "\n", 1);
}

void checkpoint_forget(checkpoint *c)
{
    if (!c->temporary)
        return;
    if (c->file)
        fclose(c->file);
    g_unlink(c->temporary);
    c->file = NULL;
    g_clear_pointer(&c->temporary, g_free);
}

/* First the bytes go to the disk, then the file gets its name, then the name goes to the disk. */
static void settle(checkpoint *c, const char *name)
{
    errno = 0;
    if (c->error == 0 && (fflush(c->file) != 0 || fsync(fileno(c->file)) != 0))
        note_error(c);
    if (c->error == 0 && file_kind_of(name) != FILE_ABSENT && !is_ours(name))
        c->error = EEXIST;
    errno = 0;
    if (c->error == 0 && g_rename(c->temporary, name) != 0)
        note_error(c);
    if (c->error == 0)
        fsync(c->lock);
}

bool checkpoint_commit(checkpoint *c, const char *path, bool last, const char *key,
                       const char *line, gsize length)
{
    g_autofree char *now = checkpoint_key(c, path, last);
    g_autofree char *name = file_of(c, path);

    if (!c->temporary)
        begin(c);
    if (key && g_strcmp0(key, now) == 0) {
        put(c, line, length - 1); /* without its closing brace */
        put(c, KEY_BEFORE, strlen(KEY_BEFORE));
        put(c, key, strlen(key));
        put(c, KEY_BEHIND, strlen(KEY_BEHIND));
    } else {
        put(c, line, length);
        put(c, "\n", 1);
    }
    settle(c, name);
    bool kept = c->error == 0;

    if (!kept)
        complain("The records of \"%s\" could not be kept in \"%s\": %s.", path, c->folder,
                 g_strerror(c->error));
    checkpoint_forget(c);
    return kept;
}
