/* scan.c
 * Where the elements of a body are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "scan.h"

#include <string.h>

/* What is not an element, and how it ends. */
static const struct {
    const char *start, *end;
} others[] = {
    {"<!--", "-->"},
    {"<![CDATA[", "]]>"},
    {"<?", "?>"},
};

static bool starts(const char *at, const char *end, const char *what)
{
    size_t length = strlen(what);

    return (size_t)(end - at) >= length && memcmp(at, what, length) == 0;
}

/* Steps over a comment, a CDATA section or an instruction; NULL if there is none here. */
static const char *skip_other(const char *at, const char *end)
{
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        if (!starts(at, end, others[i].start))
            continue;
        const char *content = at + strlen(others[i].start);
        const char *found = g_strstr_len(content, end - content, others[i].end);

        return found ? found + strlen(others[i].end) : end;
    }
    return NULL;
}

/* One past the ">" of the tag that starts here. */
static const char *tag_end(const char *at, const char *end)
{
    char quote = '\0';

    for (; at < end; at++) {
        if (quote) {
            if (*at == quote)
                quote = '\0';
        } else if (*at == '"' || *at == '\'') {
            quote = *at;
        } else if (*at == '>') {
            return at + 1;
        }
    }
    return end;
}

static size_t name_length(const char *at, const char *end)
{
    const char *start = at;

    while (at < end && !g_ascii_isspace(*at) && *at != '>' && *at != '/')
        at++;
    return (size_t)(at - start);
}

/* The prefix that is declared for DAV:, "" for the default namespace. */
static char *dav_prefix(const char *text, size_t length)
{
    const char *value = g_strstr_len(text, (gssize)length, "\"DAV:\"");

    if (!value)
        value = g_strstr_len(text, (gssize)length, "'DAV:'");
    if (!value)
        g_error("a body that does not declare DAV:");
    while (g_ascii_isspace(value[-1]) || value[-1] == '=')
        value--;
    const char *name = value;

    while (name > text && (g_ascii_isalnum(name[-1]) || name[-1] == '-'))
        name--;
    return name[-1] == ':' ? g_strndup(name, (gsize)(value - name)) : g_strdup("");
}

static bool has_prefix(const char *name, size_t length, const char *prefix)
{
    const char *colon = memchr(name, ':', length);
    size_t n = colon ? (size_t)(colon - name) : 0;

    return n == strlen(prefix) && memcmp(name, prefix, n) == 0;
}

static void clear_element(void *data)
{
    g_free(((scan_element *)data)->name);
}

typedef struct {
    const char *text;
    size_t length;
    char *dav;
    GArray *elements;
    int open; /* the innermost open element */
} scanner;

static void open_element(scanner *s, const char *at, const char *after)
{
    const char *name = at + 1;
    size_t length = name_length(name, after);
    const char *colon = memchr(name, ':', length);
    const char *local = colon ? colon + 1 : name;
    scan_element element = {
        .start = (size_t)(at - s->text),
        .content = (size_t)(after - s->text),
        .close = (size_t)(after - s->text),
        .end = s->length,
        .dav = has_prefix(name, length, s->dav),
        .name = g_strndup(local, (gsize)(name + length - local)),
        .parent = s->open,
    };

    if (after[-2] == '/') {
        element.end = element.content;
        element.closed = true;
    } else {
        s->open = (int)s->elements->len;
    }
    g_array_append_val(s->elements, element);
}

static void close_element(scanner *s, const char *at, const char *after)
{
    if (s->open < 0)
        g_error("an end tag too many: %.*s", (int)(after - at), at);
    scan_element *element = &g_array_index(s->elements, scan_element, s->open);

    element->close = (size_t)(at - s->text);
    element->end = (size_t)(after - s->text);
    element->closed = true;
    s->open = element->parent;
}

GArray *scan_elements(const char *text, size_t length)
{
    const char *end = text + length;
    scanner s = {text, length, dav_prefix(text, length),
                 g_array_new(FALSE, FALSE, sizeof(scan_element)), SCAN_NO_PARENT};

    g_array_set_clear_func(s.elements, clear_element);
    for (const char *at = text; (at = memchr(at, '<', (size_t)(end - at))) != NULL;) {
        const char *after = skip_other(at, end);

        if (!after) {
            after = tag_end(at, end);
            if (at[1] == '/')
                close_element(&s, at, after);
            else
                open_element(&s, at, after);
        }
        at = after;
    }
    g_free(s.dav);
    return s.elements;
}

static void append_tag(GString *out, const char *at, const char *after, const char *old,
                       const char *prefix)
{
    const char *name = at + (at[1] == '/' ? 2 : 1);
    size_t length = name_length(name, after);

    g_string_append_len(out, at, name - at);
    if (has_prefix(name, length, old)) {
        name += *old ? strlen(old) + 1 : 0;
        g_string_append_printf(out, "%s%s", prefix, *prefix ? ":" : "");
    }
    g_string_append_len(out, name, after - name);
}

char *scan_with_prefix(const char *text, size_t length, const char *prefix)
{
    const char *end = text + length;
    char *old = dav_prefix(text, length);
    char *declared = g_strdup_printf("xmlns%s%s=", *old ? ":" : "", old);
    char *wanted = g_strdup_printf("xmlns%s%s=", *prefix ? ":" : "", prefix);
    GString *out = g_string_new(NULL);
    const char *at = text;

    while (at < end) {
        const char *after = *at == '<' ? skip_other(at, end) : NULL;

        if (*at == '<' && !after) {
            after = tag_end(at, end);
            append_tag(out, at, after, old, prefix);
        } else {
            if (!after)
                after = at + 1;
            g_string_append_len(out, at, after - at);
        }
        at = after;
    }
    g_string_replace(out, declared, wanted, 0);
    g_free(old);
    g_free(declared);
    g_free(wanted);
    return g_string_free(out, FALSE);
}
