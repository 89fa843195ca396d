/* output.h
 * Where results go: standard output, or a file that gets its name only when it is complete.
 *
 * Ownership: output_open() returns an output that output_close() releases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_OUTPUT_H
#define MULTISTATUS_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

typedef enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color_when;

typedef struct output output;

/** Opens a file, or standard output for NULL and "-". A file is written beside its final name;
 *  a device or a pipe is written at once.
 *  @return NULL after a message */
output *output_open(const char *path, color_when color);

/** The same for lines that are appended to a file as they come: it has its final name at once, and
 *  keeps what was in it. */
output *output_open_log(const char *path);

/** Of output_open_log(): goes on in a file of that name, which is made if it is not there any more.
 *  @return false after a message; then it goes on where it was */
bool output_reopen(output *out);

/** Writes bytes. After the first error nothing is written any more.
 *  @return false if this or an earlier write failed */
bool output_write(output *out, const char *bytes, size_t length);

/** What was to be written cannot be made: as if writing had failed.
 *  @param error  errno */
void output_fail(output *out, int error);

/** Passes on what is buffered. */
bool output_flush(output *out);

/** Are the results to be coloured? */
bool output_has_color(const output *out);

/** Columns to fill: those of the terminal, 100 elsewhere. */
unsigned output_width(const output *out);

/** Abandons the output: nothing more is written, a file does not get its final name. */
void output_discard(output *out);

/** Completes the output: flushes it, gives a file its final name.
 *  @return false after a message if anything could not be written; the final name is then as it was
 */
bool output_close(output *out);

#endif /* MULTISTATUS_OUTPUT_H */
