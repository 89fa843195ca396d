/* diagnostics.h
 * Messages on standard error: ours, and those of Wireshark's libraries, and words for what can be
 * wrong with a capture.
 *
 * Ownership: texts that are returned are the caller's, to be freed by g_free().
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_DIAGNOSTICS_H
#define MULTISTATUS_DIAGNOSTICS_H

#include <stdarg.h>
#include <stdbool.h>

#include <glib.h>

#define PROGRAM_NAME "multistatus"

/** Prints "multistatus: " and the message, and ends the line. */
void complain(const char *format, ...) G_GNUC_PRINTF(1, 2);
void complain_va(const char *format, va_list arguments) G_GNUC_PRINTF(1, 0);

/** Prints a line of news as it is, above the passing line. */
void announce(const char *text);

/** Shows a line that does not stay: the next one, or a message, takes its place. NULL removes it.
 *  For terminals. */
void passing_line(const char *text);

/** Routes the messages of libwireshark and its kin through complain().
 *  @param verbose  let their warnings through, too */
void diagnostics_init(bool verbose);

/** What is wrong with a capture that could not be opened, as the end of the sentence 'The file "x"
 *  ...': "is not a capture file ...". Takes over err_info. The caller frees it with g_free(). */
char *open_error_text(int err, char *err_info);

/** The same for a capture that could not be read to its end. */
char *read_error_text(int err, char *err_info);

#endif /* MULTISTATUS_DIAGNOSTICS_H */
