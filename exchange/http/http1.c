/* http1.c
 * HTTP/1 header blocks: start line and the few header fields that matter here.
 *
 * RFC 9112 sections 2 to 5. Obsolete line folding is not undone: none of these fields uses it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "http1.h"

#include <string.h>

#include <glib.h>

typedef http_slice slice;

size_t http1_bare_end(const uint8_t *text, size_t length, size_t from)
{
    const uint8_t *at = text + from, *end = text + length;

    while (end - at >= 2 && (at = memchr(at, '\r', (size_t)(end - at) - 1)) != NULL) {
        if (at[1] == '\r' && (at + 2 == end || at[2] != '\n'))
            return memchr(text, '\n', (size_t)(at - text)) ? 0 : (size_t)(at + 2 - text);
        at++;
    }
    return 0;
}

size_t http1_header_length(const uint8_t *text, size_t length, size_t from)
{
    const uint8_t *newline;
    size_t at = MAX(from, 1), bare = http1_bare_end(text, length, from > 2 ? from - 2 : 0);

    if (bare > 0)
        return bare;

    while (at < length && (newline = memchr(text + at, '\n', length - at)) != NULL) {
        size_t i = (size_t)(newline - text);
        size_t before = text[i - 1] == '\r' ? i - 1 : i;

        if (before > 0 && text[before - 1] == '\n')
            return i + 1;
        at = i + 1;
    }
    return 0;
}

/* Takes the next word off `rest`. */
static slice next_word(slice *rest)
{
    *rest = http_trim(*rest);
    slice word = {rest->at, rest->at};

    while (word.end < rest->end && *word.end != ' ' && *word.end != '\t')
        word.end++;
    rest->at = word.end;
    return word;
}

static bool starts_with(slice s, const char *prefix)
{
    size_t length = strlen(prefix);

    return (size_t)(s.end - s.at) >= length && memcmp(s.at, prefix, length) == 0;
}

/* What ends the lines of a block: without any LF, CR does. */
static char line_end(const char *text, size_t length)
{
    return memchr(text, '\n', length) ? '\n' : '\r';
}

static bool next_line(slice *rest, slice *line, char end)
{
    return end == '\n' ? http_next_line(rest, line) : http_next_part(rest, line, end);
}

/* Empty lines before a start line are tolerated (RFC 9112 section 2.2). */
static bool start_line(slice *rest, slice *line, char end)
{
    do {
        if (!next_line(rest, line, end))
            return false;
    } while (line->at == line->end);
    return true;
}

static bool is_token(slice s)
{
    for (const char *at = s.at; at < s.end; at++) {
        if (!http_is_token_character(*at))
            return false;
    }
    return s.at < s.end;
}

/* The last word of a request line, HTTP/1.1; a Request-URI may hold spaces that it should not. */
static slice last_word(slice line)
{
    slice word = {line.end, line.end};

    while (word.at > line.at && word.at[-1] != ' ')
        word.at--;
    return word;
}

static bool is_status_line(slice line)
{
    return http_status_place(line.at, (size_t)(line.end - line.at)) > 0;
}

/* What is left is a status line of which the end is missing. */
static bool cut_status_line(slice *rest, slice *line)
{
    *line = *rest;
    rest->at = rest->end;
    return is_status_line(*line);
}

static bool is_start_line(slice line)
{
    slice rest = line;

    if (is_status_line(line))
        return true;
    slice method = next_word(&rest);

    return is_token(method) && rest.at < rest.end && starts_with(last_word(line), "HTTP/");
}

bool http1_is_header(const char *text, size_t length, bool cut)
{
    slice rest = {text, text + length}, line;

    if (!start_line(&rest, &line, '\n') || !is_start_line(line))
        return false;
    while (http_next_line(&rest, &line)) {
        if (line.at == line.end)
            return rest.at == rest.end;
    }
    return cut;
}

/* A header field, or as much of its name as there is. */
static bool is_field(slice line, bool whole)
{
    const char *colon = memchr(line.at, ':', (size_t)(line.end - line.at));

    return colon ? is_token((slice){line.at, colon}) : !whole && is_token(line);
}

bool http1_is_response(const char *text, size_t length)
{
    slice rest = {text, text + length}, line;

    if (!start_line(&rest, &line, '\n') || !is_status_line(line) ||
        memchr(line.at, '<', (size_t)(line.end - line.at)))
        return false;
    if (http_next_line(&rest, &line))
        return line.at == line.end || is_field(line, true);
    return rest.at == rest.end || *rest.at == '\r' || is_field(rest, false);
}

static void read_request_line(arena *scope, slice line, http_header *header)
{
    slice rest = line;
    slice method = next_word(&rest), version = last_word(line);

    header->request = true;
    header->method = http_slice_copy(scope, method);
    header->uri = http_slice_copy(scope, http_trim((slice){rest.at, version.at}));
    header->protocol = http_slice_copy(scope, version);
}

static void read_status_line(arena *scope, slice line, int place, http_header *header)
{
    const char *code = line.at + place;
    slice rest = {code, line.end};

    header->status = http_status_read(code);
    header->protocol = http_slice_copy(scope, http_trim((slice){line.at, code}));
    next_word(&rest);
    header->reason = http_slice_copy(scope, http_trim(rest));
}

/* To whoever reads the body, a transfer coding is one more content coding, on top of the others. */
static void join_codings(arena *scope, http_header *header)
{
    const char **codings = &header->fields[HTTP_CONTENT_ENCODING];

    if (header->transfer && *codings)
        *codings = arena_print(scope, "%s, %s", *codings, header->transfer);
    else if (header->transfer)
        *codings = header->transfer;
}

bool http1_parse(arena *scope, const char *text, size_t length, http_header *header)
{
    slice rest = {text, text + length}, line;
    char end = line_end(text, length);

    *header = http_header_new();
    if (!start_line(&rest, &line, end) && !cut_status_line(&rest, &line))
        return false;
    if (!is_start_line(line))
        return false;
    int place = http_status_place(line.at, (size_t)(line.end - line.at));

    if (place > 0)
        read_status_line(scope, line, place, header);
    else
        read_request_line(scope, line, header);
    while (next_line(&rest, &line, end) && line.at < line.end) {
        slice name, value;

        if (http_field_line(line, &name, &value))
            http_header_set(scope, header, name, value);
    }
    join_codings(scope, header);
    return true;
}
