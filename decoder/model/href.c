/* href.c
 * Comparing hrefs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "href.h"

#include <string.h>

#include <glib.h>

/* The octet that "%xx" stands for, or -1. */
static int percent_octet(const char *at)
{
    if (at[0] != '%' || !g_ascii_isxdigit(at[1]) || !g_ascii_isxdigit(at[2]))
        return -1;
    return g_ascii_xdigit_value(at[1]) * 16 + g_ascii_xdigit_value(at[2]);
}

/* RFC 3986 section 2.2: these mean something else in a path when they are encoded. Every other
 * octet that may not stand there as it is can mean nothing but its encoded form (section 3.3). */
static bool is_delimiter(int octet)
{
    return octet == '/' || octet == '?' || octet == '#';
}

/* What is written in its encoded form, so that different paths are never written alike. */
static bool stays_encoded(int octet)
{
    return octet < 0x21 || octet == 0x7F || strchr("/?#[]%\"<>\\^`{|}", octet) != NULL;
}

static const char *path_start(const char *href)
{
    const char *at = href;

    while (g_ascii_isalnum(*at) || *at == '+' || *at == '-' || *at == '.')
        at++;
    if (at > href && strncmp(at, "://", 3) == 0)
        return at + 3 + strcspn(at + 3, "/?#");
    return href;
}

char *ms_href_path(const char *href)
{
    const char *at = path_start(href);
    const char *end = at + strcspn(at, "?#");
    GString *path = g_string_sized_new((gsize)(end - at) + 1);

    if (at == end)
        g_string_append_c(path, '/');
    while (at < end) {
        int octet = percent_octet(at);
        bool delimits = octet < 0 && is_delimiter(*at);

        at += octet < 0 ? 1 : 3;
        if (octet < 0)
            octet = (unsigned char)at[-1];
        if (!delimits && stays_encoded(octet))
            g_string_append_printf(path, "%%%02X", (unsigned)octet);
        else
            g_string_append_c(path, (char)octet);
    }
    while (path->len > 1 && path->str[path->len - 1] == '/')
        g_string_truncate(path, path->len - 1);
    return g_string_free(path, FALSE);
}

bool ms_href_same(const char *a, const char *b)
{
    char *path_a = ms_href_path(a);
    char *path_b = ms_href_path(b);
    bool same = strcmp(path_a, path_b) == 0;

    g_free(path_a);
    g_free(path_b);
    return same;
}

bool ms_href_is_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    return strncmp(path, folder, length) == 0 && path[length] == '/';
}

bool ms_href_is_within(const char *path, const char *folder)
{
    return strcmp(path, folder) == 0 || ms_href_is_below(path, folder);
}

/* ---- relative references ---- */

static bool has_scheme(const char *href)
{
    const char *at = href;

    while (g_ascii_isalnum(*at) || *at == '+' || *at == '-' || *at == '.')
        at++;
    return g_ascii_isalpha(*href) && *at == ':';
}

bool ms_href_is_relative(const char *href)
{
    return *href != '\0' && *href != '/' && !has_scheme(href);
}

/* RFC 3986 section 5.2.4, for the path from `from` on. */
static void remove_dot_segments(GString *uri, gsize from)
{
    char *path = g_strdup(uri->str + from);
    gsize tail = strcspn(path, "?#");
    char *rest = g_strdup(path + tail);

    path[tail] = '\0';
    g_string_truncate(uri, from);
    for (const char *at = path; *at;) {
        size_t length = strcspn(at + 1, "/") + 1; /* "/" and the segment after it */
        bool last = at[length] == '\0';
        bool one = length == 2 && at[1] == '.', two = length == 3 && strncmp(at, "/..", 3) == 0;

        if (two) {
            const char *slash = g_strrstr_len(uri->str + from, (gssize)(uri->len - from), "/");

            g_string_truncate(uri, slash ? (gsize)(slash - uri->str) : from);
        }
        if (!one && !two)
            g_string_append_len(uri, at, (gssize)length);
        else if (last)
            g_string_append_c(uri, '/');
        at += length;
    }
    g_string_append(uri, rest);
    g_free(path);
    g_free(rest);
}

bool ms_href_is_encoded_uri(const char *href)
{
    static const char *const schemes[] = {"http%3A//", "https%3A//", "http%3A%2F%2F",
                                          "https%3A%2F%2F"};

    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
        if (g_ascii_strncasecmp(href, schemes[i], strlen(schemes[i])) == 0)
            return true;
    }
    return false;
}

/* Once: what the URI itself had encoded is encoded twice. Characters that a URI must not contain
 * stay as they are written, which means the same. */
static char *decoded_once(const char *href)
{
    GString *uri = g_string_sized_new(strlen(href) + 1);

    while (*href) {
        int octet = percent_octet(href);
        bool plain = octet > ' ' && octet < 0x7F;

        g_string_append_c(uri, plain ? (char)octet : *href);
        href += plain ? 3 : 1;
    }
    return g_string_free(uri, FALSE);
}

char *ms_href_resolve(const char *href, const char *base)
{
    if (ms_href_is_encoded_uri(href))
        return decoded_once(href);
    const char *path = path_start(base);
    size_t kept = strcspn(path, "?#");

    if (*href != '?' && *href != '#') {
        while (kept > 0 && path[kept - 1] != '/')
            kept--;
    }
    GString *uri = g_string_new_len(base, path + kept - base);

    if (kept == 0)
        g_string_append_c(uri, '/');
    g_string_append(uri, href);
    remove_dot_segments(uri, (gsize)(path - base));
    return g_string_free(uri, FALSE);
}

/* ---- for people ---- */

/* The octets of a run of "%xx" that form one character in UTF-8; 0 if they form none, or one that
 * is invisible: controls, and marks that turn the direction of the text. */
static size_t readable_character(const char *at, char character[4])
{
    size_t n = 0;

    for (int octet; n < 4 && (octet = percent_octet(at)) >= 0; at += 3) {
        character[n++] = (char)octet;
        gunichar c = g_utf8_get_char_validated(character, (gssize)n);

        if (c == (gunichar)-2)
            continue; /* not complete yet */
        if (c == (gunichar)-1 || (c < 0x80 && strchr("%/?#", (int)c)) || !g_unichar_isprint(c) ||
            g_unichar_type(c) == G_UNICODE_FORMAT)
            return 0;
        return n;
    }
    return 0;
}

char *ms_href_readable(const char *href)
{
    GString *text = g_string_sized_new(strlen(href) + 1);

    for (const char *at = href; *at;) {
        char character[4];
        size_t n = readable_character(at, character);

        if (n == 0) {
            g_string_append_c(text, *at++);
        } else {
            g_string_append_len(text, character, (gssize)n);
            at += 3 * n;
        }
    }
    return g_string_free(text, FALSE);
}
