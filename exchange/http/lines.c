/* lines.c
 * The lines of a header block.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "lines.h"

#include <string.h>

#include <glib.h>

static size_t length_of(http_slice slice)
{
    return (size_t)(slice.end - slice.at);
}

bool http_is_token_character(char c)
{
    return g_ascii_isalnum(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

bool http_slice_is(http_slice slice, const char *word)
{
    size_t length = strlen(word);

    return length_of(slice) == length && g_ascii_strncasecmp(slice.at, word, length) == 0;
}

bool http_slice_begins(http_slice slice, const char *word)
{
    size_t length = strlen(word);

    return length_of(slice) >= length && g_ascii_strncasecmp(slice.at, word, length) == 0;
}

bool http_slice_ends(http_slice slice, const char *word)
{
    size_t length = strlen(word);

    return length_of(slice) >= length && g_ascii_strncasecmp(slice.end - length, word, length) == 0;
}

http_slice http_trim(http_slice slice)
{
    while (slice.at < slice.end && (*slice.at == ' ' || *slice.at == '\t'))
        slice.at++;
    while (slice.end > slice.at && (slice.end[-1] == ' ' || slice.end[-1] == '\t'))
        slice.end--;
    return slice;
}

static const char *find_byte(http_slice in, char byte)
{
    return in.at < in.end ? memchr(in.at, byte, length_of(in)) : NULL;
}

bool http_next_line(http_slice *rest, http_slice *line)
{
    const char *newline = find_byte(*rest, '\n');

    if (!newline)
        return false;
    *line = (http_slice){rest->at, newline};
    if (line->end > line->at && line->end[-1] == '\r')
        line->end--;
    rest->at = newline + 1;
    return true;
}

bool http_field_line(http_slice line, http_slice *name, http_slice *value)
{
    const char *colon = find_byte(line, ':');

    if (!colon)
        return false;
    *name = (http_slice){line.at, colon};
    *value = http_trim((http_slice){colon + 1, line.end});
    return true;
}
