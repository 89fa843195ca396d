/* spill.c
 * Lines of text that wait for their turn.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "spill.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

struct spill {
    gsize memory_most, memory_used;
    char *folder;
    int file; /* -1 until it is needed, and if there can be none */
    bool tried;
    int64_t end;    /* of the file */
    int64_t inside; /* texts in the file */
};

spill *spill_new(gsize memory, const char *folder)
{
    spill *s = g_new0(spill, 1);

    s->memory_most = memory;
    s->folder = g_strdup(folder);
    s->file = -1;
    return s;
}

void spill_free(spill *s)
{
    if (s->file >= 0)
        close(s->file);
    g_free(s->folder);
    g_free(s);
}

static void open_file(spill *s)
{
    g_autofree char *name = g_build_filename(s->folder, "multistatus-XXXXXX", NULL);

    s->tried = true;
    s->file = g_mkstemp(name);
    if (s->file >= 0)
        g_unlink(name);
}

static bool write_all(int file, const char *text, gsize length, int64_t offset)
{
    while (length > 0) {
        ssize_t written = pwrite(file, text, length, offset);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text += written;
        offset += written;
        length -= (gsize)written;
    }
    return true;
}

spilled spill_put(spill *s, const char *text, gsize length)
{
    spilled piece = {NULL, 0, length};
    bool fits = s->memory_used + length <= s->memory_most;

    if (!fits && !s->tried)
        open_file(s);
    if (!fits && s->file >= 0 && write_all(s->file, text, length, s->end)) {
        piece.offset = s->end;
        s->end += (int64_t)length;
        s->inside++;
        return piece;
    }
    /* A disk that is full is no reason to lose what was found. */
    piece.memory = g_memdup2(text, length);
    s->memory_used += length;
    return piece;
}

static bool read_all(int file, char *text, gsize length, int64_t offset)
{
    while (length > 0) {
        ssize_t got = pread(file, text, length, offset);

        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            errno = EIO;
        if (got <= 0)
            return false;
        text += got;
        offset += got;
        length -= (gsize)got;
    }
    return true;
}

bool spill_take(spill *s, spilled *piece, GString *to)
{
    bool fine = true;

    if (piece->memory) {
        g_string_append_len(to, piece->memory, (gssize)piece->length);
    } else if (piece->length > 0) {
        gsize before = to->len;

        g_string_set_size(to, before + piece->length);
        fine = read_all(s->file, to->str + before, piece->length, piece->offset);
        if (!fine)
            g_string_truncate(to, before);
    }
    int err = errno;

    spill_drop(s, piece);
    errno = err;
    return fine;
}

void spill_drop(spill *s, spilled *piece)
{
    if (piece->memory) {
        s->memory_used -= piece->length;
        g_clear_pointer(&piece->memory, g_free);
    } else if (piece->length > 0 && --s->inside == 0) {
        s->end = 0;
        if (ftruncate(s->file, 0) != 0)
            errno = 0; /* its place is used again all the same */
    }
    piece->length = 0;
}
