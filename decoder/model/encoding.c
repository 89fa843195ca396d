/* encoding.c
 * The character encoding of a body.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "encoding.h"

#include <string.h>

#include <glib.h>

#include "ascii.h"

/* Bytes that are examined one by one where a character is not ASCII. */
#define VALIDATED_WINDOW 64

/* A complete XML declaration is well below this. */
#define DECLARATION_WINDOW 256

static const struct {
    const char *bytes;
    size_t length;
    const char *name;
} marks[] = {
    {"\xEF\xBB\xBF", 3, "UTF-8"},
    {"\xFF\xFE", 2, "UTF-16LE"},
    {"\xFE\xFF", 2, "UTF-16BE"},
};

/* Encodings in which every character is one byte: a place in them is a count of characters. */
static const char *const single_byte[] = {
    "ISO-8859-", "ISO8859-", "ISO_8859-", "LATIN",     "WINDOWS-12", "CP12",    "KOI8-",
    "US-ASCII",  "ASCII",    "IBM",       "MACINTOSH", "ANSI_X3",    "TIS-620", "CP8"};

static bool is_utf8_name(const char *name)
{
    return g_ascii_strcasecmp(name, "UTF-8") == 0 || g_ascii_strcasecmp(name, "UTF8") == 0;
}

static bool is_single_byte(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(single_byte); i++) {
        if (g_ascii_strncasecmp(name, single_byte[i], strlen(single_byte[i])) == 0)
            return true;
    }
    return false;
}

/* Copies the encoding name that starts at `at`, quoted or not. */
static void copy_name(char *name, size_t size, const char *at, const char *end)
{
    size_t n = 0;

    if (at < end && (*at == '"' || *at == '\''))
        at++;
    while (at < end && n + 1 < size && (g_ascii_isalnum(*at) || strchr("-_.:", *at)))
        name[n++] = *at++;
    name[n] = '\0';
}

static void find_charset(ms_encoded *encoded, const char *content_type)
{
    for (const char *at = content_type; at && (at = strchr(at, ';')) != NULL;) {
        at++;
        while (g_ascii_isspace(*at))
            at++;
        if (g_ascii_strncasecmp(at, "charset", 7) != 0)
            continue;
        at += 7;
        while (g_ascii_isspace(*at))
            at++;
        if (*at != '=')
            continue;
        at++;
        while (g_ascii_isspace(*at))
            at++;
        copy_name(encoded->charset, sizeof encoded->charset, at, at + strlen(at));
        return;
    }
}

static void find_declared(ms_encoded *encoded, const char *text, size_t length)
{
    const char *end = text + MIN(length, DECLARATION_WINDOW);
    const char *at = text;

    while (at < end && g_ascii_isspace(*at))
        at++;
    if (end - at < 6 || strncmp(at, "<?xml", 5) != 0)
        return;
    const char *close = g_strstr_len(at, end - at, "?>");
    const char *found = g_strstr_len(at, (close ? close : end) - at, "encoding");

    if (!found || (!close && length <= DECLARATION_WINDOW))
        return; /* a declaration that is cut off may lack the end of the name */
    found += strlen("encoding");
    while (found < end && (g_ascii_isspace(*found) || *found == '='))
        found++;
    copy_name(encoded->declared, sizeof encoded->declared, found, end);
}

static bool find_mark(ms_encoded *encoded, const char *body, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (length >= marks[i].length && memcmp(body, marks[i].bytes, marks[i].length) == 0) {
            encoded->mark = marks[i].name;
            encoded->start = marks[i].length;
            return true;
        }
    }
    return false;
}

/* Without a mark, "<" and a NUL can only be UTF-16. */
static const char *guess_utf16(const char *body, size_t length)
{
    if (length >= 2 && body[0] == '<' && body[1] == '\0')
        return "UTF-16LE";
    if (length >= 2 && body[0] == '\0' && body[1] == '<')
        return "UTF-16BE";
    return NULL;
}

static const char *choose(const ms_encoded *encoded, const char *body, size_t length)
{
    const char *charset = encoded->charset, *declared = encoded->declared;

    if (encoded->mark)
        return encoded->mark;
    const char *guess = guess_utf16(body, length);

    if (guess)
        return guess;
    /* Whatever its declaration says, it is not UTF-16, or the declaration could not have been read.
     */
    if (g_ascii_strncasecmp(declared, "UTF-16", 6) == 0)
        declared = "";
    if (g_ascii_strncasecmp(charset, "UTF-16", 6) == 0)
        charset = "";
    if (*charset && *declared && g_ascii_strcasecmp(charset, declared) != 0 &&
        (is_utf8_name(charset) || is_utf8_name(declared)) &&
        g_utf8_validate_len(body, length, NULL))
        return "UTF-8";
    if (*charset)
        return charset;
    return *declared ? declared : "UTF-8";
}

/* Removes a character at the end that is cut in half: that is a cut, not a wrong encoding. */
static void drop_partial_character(ms_encoded *encoded)
{
    size_t start = encoded->length;

    while (start > 0 && encoded->length - start < 3 &&
           ((unsigned char)encoded->text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    gunichar c =
        g_utf8_get_char_validated(encoded->text + start - 1, (gssize)(encoded->length - start + 1));

    if (c == (gunichar)-2) {
        encoded->length = start - 1;
        encoded->partial = true;
    }
}

/* g_utf8_validate_len(), which goes byte by byte, for what is not ASCII alone. */
static bool is_valid_utf8(const char *text, size_t length, const char **bad)
{
    size_t at = 0;

    for (;;) {
        at += ms_ascii_length(text + at, length - at);
        if (at == length)
            return true;
        /* A window at a time, which may end within a character. */
        size_t window = MIN(length - at, VALIDATED_WINDOW);

        if (!g_utf8_validate_len(text + at, window, bad)) {
            size_t valid = (size_t)(*bad - (text + at));

            if (valid == 0 || window == length - at)
                return false;
            window = valid;
        }
        at += window;
    }
}

/* Bytes that are not UTF-8, and NULs, which no XML may hold, become '?', one for one, so that
 * positions stay the same. */
static void repair_utf8(ms_encoded *encoded)
{
    const char *bad;
    size_t at = 0;

    drop_partial_character(encoded);
    while (!is_valid_utf8(encoded->text + at, encoded->length - at, &bad)) {
        at = (size_t)(bad - encoded->text);
        if (!encoded->owned) {
            encoded->owned = g_memdup2(encoded->text, encoded->length);
            encoded->text = encoded->owned;
            encoded->invalid = true;
            encoded->invalid_at = at;
        }
        encoded->owned[at++] = '?';
    }
}

static bool all_ascii(const char *text, size_t length)
{
    for (size_t at = 0; at < length; at++) {
        at += ms_ascii_length(text + at, length - at);
        if (at < length && (unsigned char)text[at] >= 0x80)
            return false;
    }
    return true;
}

/* libxml2 takes a NUL among the first four bytes for an encoding of its own, and complains of it on
 * stderr. After them it is just another character that XML does not allow. */
static void replace_first_nuls(ms_encoded *encoded)
{
    for (size_t at = 0; at < MIN(encoded->length, 4); at++) {
        if (encoded->owned[at] != '\0')
            continue;
        encoded->owned[at] = '?';
        encoded->invalid_at = encoded->invalid ? MIN(encoded->invalid_at, at) : at;
        encoded->invalid = true;
    }
}

/* Converts what it can; the rest, from the first invalid sequence on, is not read. */
static bool convert(ms_encoded *encoded, const char *body, size_t length)
{
    size_t read = 0, written = 0;
    GError *error = NULL;
    char *text = g_convert(body, (gssize)length, "UTF-8", encoded->name, &read, &written, &error);

    if (!text && error->code == G_CONVERT_ERROR_ILLEGAL_SEQUENCE) {
        encoded->invalid = true;
        text = g_convert(body, (gssize)read, "UTF-8", encoded->name, NULL, &written, NULL);
        encoded->invalid_at = written;
    }
    g_clear_error(&error);
    if (!text)
        return false;
    encoded->owned = text;
    encoded->text = text;
    encoded->length = written;
    replace_first_nuls(encoded);
    return true;
}

void ms_encoded_init(ms_encoded *encoded, const void *body, size_t length, const char *content_type)
{
    memset(encoded, 0, sizeof *encoded);
    encoded->exact = true;
    find_charset(encoded, content_type);
    find_mark(encoded, body, length);

    const char *text = (const char *)body + encoded->start;

    length -= encoded->start;
    encoded->body_length = length;
    find_declared(encoded, text, length);
    g_strlcpy(encoded->name, choose(encoded, text, length), sizeof encoded->name);
    encoded->text = text;
    encoded->length = length;

    if (g_str_has_prefix(encoded->name, "UTF-16")) {
        encoded->unit = 2;
    } else if (is_utf8_name(encoded->name) || all_ascii(text, length)) {
        repair_utf8(encoded);
        return;
    } else if (is_single_byte(encoded->name)) {
        encoded->unit = 1;
    } else {
        encoded->exact = false;
    }
    if (!convert(encoded, text, length)) {
        /* An unknown encoding: ASCII is readable in nearly all of them. */
        encoded->unit = 0;
        encoded->exact = true;
        repair_utf8(encoded);
    }
}

/* The body's bytes for the character whose UTF-8 form starts with `lead`. */
static size_t width(const ms_encoded *encoded, unsigned char lead)
{
    return encoded->unit == 2 && lead >= 0xF0 ? 4 : encoded->unit;
}

static bool is_lead(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

/* Converts to that place and back, once per error: this is rarely asked. */
static size_t converted_back(const ms_encoded *encoded, size_t text_offset)
{
    size_t written = 0;

    g_free(g_convert(encoded->text, (gssize)text_offset, encoded->name, "UTF-8", NULL, &written,
                     NULL));
    return MIN(written, encoded->body_length);
}

size_t ms_encoded_find(ms_encoded *encoded, size_t text_offset)
{
    if (!encoded->exact)
        return encoded->start + converted_back(encoded, text_offset);
    for (; encoded->text_at < text_offset; encoded->text_at++) {
        if (is_lead(encoded->text[encoded->text_at]))
            encoded->body_at += width(encoded, (unsigned char)encoded->text[encoded->text_at]);
    }
    while (encoded->text_at > text_offset) {
        encoded->text_at--;
        if (is_lead(encoded->text[encoded->text_at]))
            encoded->body_at -= width(encoded, (unsigned char)encoded->text[encoded->text_at]);
    }
    return encoded->start + encoded->body_at;
}

void ms_encoded_clear(ms_encoded *encoded)
{
    g_free(encoded->owned);
    encoded->owned = NULL;
}
