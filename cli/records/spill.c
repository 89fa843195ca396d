/* spill.c
 * Messages that wait for their turn.
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
    int file; /* -1 until it is needed, or if it cannot be created */
    bool tried;
    int64_t end;    /* of the file */
    int64_t inside; /* messages in the file */
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

static bool write_all(int file, const char *bytes, gsize length, int64_t offset)
{
    while (length > 0) {
        ssize_t written = pwrite(file, bytes, length, offset);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        offset += written;
        length -= (gsize)written;
    }
    return true;
}

spilled spill_put(spill *s, const char *bytes, gsize length)
{
    spilled piece = {NULL, 0, length};
    bool fits = s->memory_used + length <= s->memory_most;

    if (!fits && !s->tried)
        open_file(s);
    if (!fits && s->file >= 0 && write_all(s->file, bytes, length, s->end)) {
        piece.offset = s->end;
        s->end += (int64_t)length;
        s->inside++;
        return piece;
    }
    /* A full disk is no reason to lose what was found. */
    piece.memory = g_memdup2(bytes, length);
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

char *spill_copy(const spill *s, const spilled *piece)
{
    char *bytes = g_malloc(piece->length + 1);

    if (piece->memory)
        memcpy(bytes, piece->memory, piece->length);
    else if (!read_all(s->file, bytes, piece->length, piece->offset))
        g_clear_pointer(&bytes, g_free);
    return bytes;
}

char *spill_take(spill *s, spilled *piece)
{
    char *bytes = piece->memory;

    if (bytes) {
        s->memory_used -= piece->length;
        piece->memory = NULL;
        piece->length = 0;
        return bytes;
    }
    bytes = spill_copy(s, piece);
    int err = errno;

    spill_drop(s, piece);
    errno = err;
    return bytes;
}

void spill_drop(spill *s, spilled *piece)
{
    if (piece->memory) {
        s->memory_used -= piece->length;
        g_clear_pointer(&piece->memory, g_free);
    } else if (piece->length > 0 && --s->inside == 0) {
        s->end = 0;
        if (ftruncate(s->file, 0) != 0)
            errno = 0; /* its place is reused nevertheless */
    }
    piece->length = 0;
}
