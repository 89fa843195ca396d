/* line_reader.c
 * Lines of a file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "line_reader.h"

#include <errno.h>
#include <string.h>

#define BLOCK_SIZE (64 * 1024)

struct line_reader {
    FILE *file;
    size_t most;
    char block[BLOCK_SIZE];
    size_t at, length; /* of the block */
    uint64_t number, offset;
    GString *line;
};

line_reader *line_reader_new(FILE *file, size_t most)
{
    line_reader *reader = g_new0(line_reader, 1);

    reader->file = file;
    reader->most = most;
    reader->line = g_string_new(NULL);
    return reader;
}

void line_reader_free(line_reader *reader)
{
    g_string_free(reader->line, TRUE);
    g_free(reader);
}

static bool fill(line_reader *reader)
{
    errno = 0;
    reader->at = 0;
    reader->length = fread(reader->block, 1, sizeof reader->block, reader->file);
    return reader->length > 0;
}

line_result line_reader_next(line_reader *reader, text_line *line)
{
    uint64_t start = reader->offset;
    bool ended = false;

    g_string_truncate(reader->line, 0);
    while (!ended && (reader->at < reader->length || fill(reader))) {
        const char *from = reader->block + reader->at;
        size_t rest = reader->length - reader->at;
        const char *stop = memchr(from, '\n', rest);
        size_t taken = stop ? (size_t)(stop - from) + 1 : rest;

        /* One byte more than allowed says that the line is too long. */
        if (reader->line->len <= reader->most)
            g_string_append_len(reader->line, from, (gssize)(stop ? taken - 1 : taken));
        reader->at += taken;
        reader->offset += taken;
        ended = stop != NULL;
    }
    if (ferror(reader->file))
        return LINE_ERROR;
    if (reader->offset == start)
        return LINE_END;
    *line =
        (text_line){reader->line->str, reader->line->len, ++reader->number, start, reader->offset};
    return reader->line->len > reader->most ? LINE_TOO_LONG : LINE_READ;
}
