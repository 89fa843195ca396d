/* output.c
 * Writing results.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "diagnostics.h"

struct output {
    FILE *file;
    char *path;      /* the final name; NULL for standard output */
    char *temporary; /* NULL if the file is written in place */
    bool color;
    unsigned width;
    bool log;  /* written in place, at its end */
    int error; /* errno of the first failure */
};

#define DEFAULT_WIDTH 100
#define LEAST_WIDTH 40
#define MOST_WIDTH 160

static bool wants_color(color_when when, bool terminal)
{
    const char *no_color = g_getenv("NO_COLOR"); /* no-color.org */
    const char *term = g_getenv("TERM");

    if (when != COLOR_AUTO)
        return when == COLOR_ALWAYS;
    if (!terminal || (no_color && *no_color))
        return false;
    return term && strcmp(term, "dumb") != 0;
}

static unsigned terminal_width(void)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return DEFAULT_WIDTH;
    return CLAMP(size.ws_col, LEAST_WIDTH, MOST_WIDTH);
}

/* Temporary files are private at first; the result gets the permissions that a new file would have.
 */
static void open_permissions(int fd)
{
    mode_t mask = umask(0);

    umask(mask);
    if (fchmod(fd, 0666 & ~mask) != 0)
        errno = 0; /* a file system without permissions */
}

/* The file that a name stands for, so that a symbolic link is kept. */
static char *final_name(const char *path)
{
    char *real = realpath(path, NULL);
    char *name = g_strdup(real ? real : path);

    free(real);
    return name;
}

static bool open_file(output *out, const char *path)
{
    GStatBuf status;

    if (g_stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
        out->path = g_strdup(path);
        out->file = g_fopen(path, "w");
        return out->file != NULL;
    }
    out->path = final_name(path);
    if (g_file_test(out->path, G_FILE_TEST_IS_DIR)) {
        errno = EISDIR;
        return false;
    }
    out->temporary = g_strconcat(out->path, ".XXXXXX", NULL);
    int fd = g_mkstemp(out->temporary);

    if (fd < 0) {
        g_clear_pointer(&out->temporary, g_free);
        return false;
    }
    open_permissions(fd);
    out->file = fdopen(fd, "w");
    return out->file != NULL;
}

static void release(output *out)
{
    g_free(out->path);
    g_free(out->temporary);
    g_free(out);
}

output *output_open(const char *path, color_when color)
{
    output *out = g_new0(output, 1);
    bool to_stdout = !path || strcmp(path, "-") == 0;
    bool terminal = to_stdout && isatty(STDOUT_FILENO);

    out->color = wants_color(color, terminal);
    out->width = terminal ? terminal_width() : DEFAULT_WIDTH;
    if (to_stdout) {
        static char most_records[64 * 1024]; /* are written at once */

        out->file = stdout;
        setvbuf(stdout, most_records, _IOFBF, sizeof most_records);
    } else if (!open_file(out, path)) {
        complain("The file \"%s\" could not be written: %s.", path, g_strerror(errno));
        release(out);
        return NULL;
    }
    return out;
}

/* What was killed in the middle of a line does not spoil the next one. */
static void end_line(FILE *file)
{
    struct stat status;
    char last = '\n';

    if (fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
        pread(fileno(file), &last, 1, status.st_size - 1) == 1 && last != '\n')
        putc('\n', file);
}

static FILE *open_log(const char *path)
{
    int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    FILE *file = fd >= 0 ? fdopen(fd, "a") : NULL;

    if (file)
        end_line(file);
    else
        complain("The file \"%s\" could not be written: %s.", path, g_strerror(errno));
    return file;
}

output *output_open_log(const char *path)
{
    FILE *file = open_log(path);

    if (!file)
        return NULL;
    output *out = g_new0(output, 1);

    *out = (output){.file = file, .path = g_strdup(path), .width = DEFAULT_WIDTH, .log = true};
    return out;
}

static void note_error(output *out)
{
    if (!out->error)
        out->error = errno ? errno : EIO;
}

bool output_write(output *out, const char *bytes, size_t length)
{
    errno = 0;
    if (!out->error && fwrite(bytes, 1, length, out->file) != length)
        note_error(out);
    return !out->error;
}

void output_fail(output *out, int error)
{
    errno = error;
    note_error(out);
}

bool output_flush(output *out)
{
    errno = 0;
    if (!out->error && fflush(out->file) != 0)
        note_error(out);
    return !out->error;
}

bool output_reopen(output *out)
{
    if (!out->log)
        return true;
    output_flush(out);
    FILE *file = open_log(out->path);

    if (!file)
        return false;
    errno = 0;
    if (fclose(out->file) != 0)
        note_error(out);
    out->file = file;
    return true;
}

bool output_has_color(const output *out)
{
    return out->color;
}

unsigned output_width(const output *out)
{
    return out->width;
}

/* The name only changes once the bytes are on the disk: after a crash there is either the old file
 * or the new one. */
static void finish_file(output *out)
{
    errno = 0;
    if ((out->temporary || out->log) && !out->error && fsync(fileno(out->file)) != 0)
        note_error(out);
    errno = 0;
    if (fclose(out->file) != 0)
        note_error(out);
    if (!out->temporary)
        return;
    errno = 0;
    if (!out->error && g_rename(out->temporary, out->path) != 0)
        note_error(out);
    if (out->error)
        g_unlink(out->temporary);
}

void output_discard(output *out)
{
    if (out->path) {
        fclose(out->file);
        if (out->temporary)
            g_unlink(out->temporary);
    }
    release(out);
}

bool output_close(output *out)
{
    output_flush(out);
    if (out->path)
        finish_file(out);
    bool fine = !out->error;

    if (out->error == EPIPE)
        ; /* the reader has seen enough, and knows it */
    else if (!fine && out->path)
        complain("The file \"%s\" could not be written: %s.", out->path, g_strerror(out->error));
    else if (!fine)
        complain("The results could not be written to standard output: %s.",
                 g_strerror(out->error));
    release(out);
    return fine;
}
