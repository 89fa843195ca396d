/* near_href.c
 * Hrefs that differ only in their spelling.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "near_href.h"

#include <string.h>

#include <glib.h>

#include "href.h"

/* What may be overlooked. */
enum {
    TWICE = 1 << 0,
    SLASH = 1 << 1,
    DOUBLED = 1 << 2,
    PLUS = 1 << 3,
    LATIN = 1 << 4,
    COMPOSED = 1 << 5,
    CASE = 1 << 6,
    ALL = (1 << 7) - 1
};

static const struct {
    unsigned kind;
    const char *words;
} kinds[] = {
    {CASE, "upper and lower case"},
    {COMPOSED, "characters that one composes and the other decomposes (Unicode NFC and NFD)"},
    {LATIN, "characters in UTF-8 and in ISO 8859-1"},
    {PLUS, "a + for a space (in a path it is a plus sign)"},
    {SLASH, "a slash that is percent-encoded (%2F is part of a name)"},
    {DOUBLED, "a slash that is doubled"},
    {TWICE, "percent-encoding that was done twice (%25)"},
};

/* ---- one spelling for all ---- */

/* "%2520" is "%20" that was encoded once more. */
static char *encoded_once(const char *path)
{
    GString *text = g_string_sized_new(strlen(path) + 1);

    for (const char *at = path; *at; at++) {
        g_string_append_c(text, *at);
        if (strncmp(at, "%25", 3) == 0 && g_ascii_isxdigit(at[3]) && g_ascii_isxdigit(at[4]))
            at += 2;
    }
    char *once = ms_href_path(text->str);

    g_string_free(text, TRUE);
    return once;
}

static char *with_plain_marks(const char *path, unsigned overlooked)
{
    GString *text = g_string_sized_new(strlen(path) + 1);

    for (const char *at = path; *at; at++) {
        bool encoded = g_ascii_strncasecmp(at, "%2F", 3) == 0;

        if ((overlooked & SLASH) && encoded) {
            g_string_append_c(text, '/');
            at += 2;
        } else if ((overlooked & PLUS) && *at == '+') {
            g_string_append(text, "%20");
        } else if (!((overlooked & DOUBLED) && at[0] == '/' && at[1] == '/')) {
            g_string_append_c(text, *at);
        }
    }
    return g_string_free(text, FALSE);
}

/* Takes the text, and returns another or the same. */
static char *with_plain_letters(char *path, unsigned overlooked)
{
    bool ascii = g_str_is_ascii(path), utf8 = ascii || g_utf8_validate(path, -1, NULL);
    char *made = NULL;

    if (!utf8 && (overlooked & LATIN)) {
        made = g_convert(path, -1, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
        if (made) {
            g_free(path);
            path = made;
            utf8 = true;
        }
    }
    if (utf8 && !ascii && (overlooked & COMPOSED)) {
        made = g_utf8_normalize(path, -1, G_NORMALIZE_NFC);
        g_free(path);
        path = made;
    }
    if (overlooked & CASE) {
        made = utf8 && !ascii ? g_utf8_casefold(path, -1) : g_ascii_strdown(path, -1);
        g_free(path);
        path = made;
    }
    return path;
}

static char *loosened(const char *href, unsigned overlooked)
{
    char *path = ms_href_path(href);

    if (overlooked & TWICE) {
        char *once = encoded_once(path);

        g_free(path);
        path = once;
    }
    char *marks = with_plain_marks(path, overlooked);

    g_free(path);
    return with_plain_letters(marks, overlooked);
}

char *ms_href_loose(const char *href)
{
    return loosened(href, ALL);
}

/* ---- differences ---- */

static bool are_alike(const char *a, const char *b, bool part, unsigned overlooked)
{
    char *one = loosened(a, overlooked), *other = loosened(b, overlooked);
    size_t length = strlen(one);
    bool starts = strncmp(one, other, length) == 0;
    bool alike = starts && (other[length] == '\0' || (part && other[length] == '/'));

    g_free(one);
    g_free(other);
    return alike;
}

char *ms_href_difference(const char *a, const char *b, bool part)
{
    if (!are_alike(a, b, part, ALL))
        return NULL;
    GString *words = g_string_new(NULL);

    /* What cannot be ignored is a difference. */
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (!are_alike(a, b, part, ALL & ~kinds[i].kind))
            g_string_append_printf(words, "%s%s", words->len > 0 ? ", and " : "", kinds[i].words);
    }
    return g_string_free(words, words->len == 0);
}
