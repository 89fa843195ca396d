/* sniff.c
 * Is a body worth parsing? Asked for every body that HTTP carries, so it reads no more than it
 * must.
 *
 * RFC 4918 section 13, RFC 5689 section 3, RFC 4791 section 9.3; XML 1.0 section 2.8 (prolog).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sniff.h"

#include <string.h>

#include <glib.h>

#include "roots.h"

/* A root element after a declaration, comments and a stylesheet is well within this. */
#define SNIFF_WINDOW (MS_SNIFF_WINDOW / 2)

typedef struct {
    const char *at, *end;
} window;

/* The byte order marks of UTF-8 and UTF-16, the NULs of the latter, and white space. */
static bool may_come_first(char byte)
{
    return byte == '\0' || g_ascii_isspace(byte) || strchr("\xEF\xBB\xBF\xFE\xFF", byte);
}

/* UTF-16 is ASCII with a NUL next to each letter: without them, every encoding reads alike. */
static window without_nuls(window in, char text[SNIFF_WINDOW])
{
    size_t n = 0;

    if (!memchr(in.at, '\0', MIN((size_t)(in.end - in.at), 4)))
        return (window){in.at, in.at + MIN(in.end - in.at, SNIFF_WINDOW)};
    for (const char *at = in.at; at < in.end && n < SNIFF_WINDOW; at++) {
        if (*at != '\0')
            text[n++] = *at;
    }
    return (window){text, text + n};
}

static bool starts_with(window in, const char *prefix)
{
    size_t length = strlen(prefix);

    return (size_t)(in.end - in.at) >= length && memcmp(in.at, prefix, length) == 0;
}

/* Skips past `what`, or to the end if there is none. */
static void skip_past(window *in, const char *what)
{
    const char *found = g_strstr_len(in->at, in->end - in->at, what);

    in->at = found ? found + strlen(what) : in->end;
}

/* A tag's name, without its prefix, is one of the three. A name that the window cuts may be. */
static bool is_root_tag(window tag)
{
    const char *end = tag.at;

    while (end < tag.end && !g_ascii_isspace(*end) && *end != '>' && *end != '/') {
        if (*end == ':')
            tag.at = end + 1;
        end++;
    }
    return ms_root_named(tag.at, (size_t)(end - tag.at)) || end == tag.end;
}

/* A document type with declarations of its own may hold anything: one of the names is enough. */
static bool has_root_name(window in)
{
    for (size_t i = 0; i < MS_ROOT_KINDS; i++) {
        if (g_strstr_len(in.at, in.end - in.at, ms_root_kinds[i].local))
            return true;
    }
    return false;
}

/* The first tag, after declaration, comments, processing instructions and document type. */
static bool first_tag_is_root(window in)
{
    while (in.at < in.end) {
        in.at = memchr(in.at, '<', (size_t)(in.end - in.at));
        if (!in.at)
            return false;
        if (starts_with(in, "<!--")) {
            in.at += 4;
            skip_past(&in, "-->");
        } else if (starts_with(in, "<?")) {
            skip_past(&in, "?>");
        } else if (starts_with(in, "<!")) {
            const char *end = memchr(in.at, '>', (size_t)(in.end - in.at));

            if (!end || memchr(in.at, '[', (size_t)(end - in.at)))
                return has_root_name(in);
            in.at = end + 1;
        } else {
            in.at++;
            return is_root_tag(in);
        }
    }
    return false;
}

bool ms_sniff(const void *body, size_t length)
{
    const char *bytes = body;
    char text[SNIFF_WINDOW];
    window in = {bytes, bytes + MIN(length, MS_SNIFF_WINDOW)};

    while (in.at < in.end && may_come_first(*in.at))
        in.at++;
    return in.at < in.end && *in.at == '<' && first_tag_is_root(without_nuls(in, text));
}
