/* line_reader.h
 * Lines of a file with their positions, up to a given length.
 *
 * Ownership: line_reader_new() returns a reader that line_reader_free() releases; the file stays
 * the caller's. A line is valid until the next call.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_LINE_READER_H
#define MULTISTATUS_LINE_READER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <glib.h>

typedef struct line_reader line_reader;

typedef enum {
    LINE_READ,
    LINE_TOO_LONG, /**< it was skipped */
    LINE_END,      /**< of the file */
    LINE_ERROR     /**< errno says which */
} line_result;

/** Where a line was, and what it holds without its end. */
typedef struct {
    const char *text;
    size_t length;
    uint64_t number; /**< from 1 on */
    uint64_t offset; /**< of its first byte, as far as the reader began at 0 */
    uint64_t end;    /**< of the first byte after its end */
} text_line;

/** @param most  bytes of a line */
line_reader *line_reader_new(FILE *file, size_t most);
line_result line_reader_next(line_reader *reader, text_line *line);
void line_reader_free(line_reader *reader);

#endif /* MULTISTATUS_LINE_READER_H */
