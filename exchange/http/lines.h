/* lines.h
 * The lines of a header block.
 *
 * RFC 9112 sections 2.2 and 5.
 *
 * Ownership: slices point into the text that they are of.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_LINES_H
#define MULTISTATUS_LINES_H

#include <stdbool.h>
#include <stddef.h>

/** A piece of a text that is not NUL-terminated. */
typedef struct {
    const char *at, *end;
} http_slice;

/** May it stand in a token: a method, the name of a field (RFC 9110 section 5.6.2)? */
bool http_is_token_character(char c);

/** Where the three digits of the status stand in a status line that begins here: behind the version
 * (RFC 9112 section 4). What Wireshark takes for one is one: any version, any number of blanks, and
 * anything behind the digits; "ICY" for "HTTP/", and the "M-" of RFC 2774.
 *  @return 0 if that takes more bytes, -1 if it is none */
int http_status_place(const char *text, size_t length);

/** The status whose three digits stand there. */
int http_status_read(const char *digits);

/** Is it that word, in whatever case? */
bool http_slice_is(http_slice slice, const char *word);

/** Does it begin, or end, with that word, in whatever case? */
bool http_slice_begins(http_slice slice, const char *word);
bool http_slice_ends(http_slice slice, const char *word);

/** Without blanks and tabs around it. */
http_slice http_trim(http_slice slice);

/** Takes what is before the next such byte off `rest`. False if there is none. */
bool http_next_part(http_slice *rest, http_slice *part, char end);

/** Takes the next line off `rest`, without its end. False if no line end is left. */
bool http_next_line(http_slice *rest, http_slice *line);

/** Name and trimmed value of a field line. False if it has no colon.
 *  @param name  as it stands before the colon: RFC 9112 section 5.1 allows no space there */
bool http_field_line(http_slice line, http_slice *name, http_slice *value);

#endif /* MULTISTATUS_LINES_H */
