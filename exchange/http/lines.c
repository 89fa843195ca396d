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

/* Of a version and the blanks behind it, no more. */
#define LIMIT_VERSION 1024

/* Does it begin like that, as far as it is there? */
static bool may_begin(const char *text, size_t length, const char *words)
{
    return memcmp(text, words, MIN(length, strlen(words))) == 0;
}

int http_status_place(const char *text, size_t length)
{
    static const char mandatory[] = "M-", http[] = "HTTP/", shoutcast[] = "ICY";
    size_t most = MIN(length, LIMIT_VERSION), at = 0;

    if (may_begin(text, most, mandatory))
        at = MIN(most, strlen(mandatory));
    if (!may_begin(text + at, most - at, http) && !may_begin(text + at, most - at, shoutcast))
        return -1;
    while (at < most && text[at] != ' ' && text[at] != '\r' && text[at] != '\n')
        at++;
    while (at < most && text[at] == ' ')
        at++;
    for (size_t i = at; i < MIN(at + 3, length); i++) {
        if (!g_ascii_isdigit(text[i]))
            return -1;
    }
    if (at == LIMIT_VERSION)
        return -1;
    return at + 3 <= length ? (int)at : 0;
}

int http_status_read(const char *digits)
{
    return (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + digits[2] - '0';
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

bool http_next_part(http_slice *rest, http_slice *part, char end)
{
    const char *found = find_byte(*rest, end);

    if (!found)
        return false;
    *part = (http_slice){rest->at, found};
    rest->at = found + 1;
    return true;
}

bool http_next_line(http_slice *rest, http_slice *line)
{
    if (!http_next_part(rest, line, '\n'))
        return false;
    if (line->end > line->at && line->end[-1] == '\r')
        line->end--;
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
