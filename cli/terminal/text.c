/* text.c
 * Text for people.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "text.h"

#include <stdint.h>
#include <string.h>

#include "visible.h"

void text_append_safe(GString *to, const char *text)
{
    ms_append_visible(to, text, SIZE_MAX);
}

unsigned text_columns(const char *text)
{
    unsigned columns = 0;

    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);

        if (!g_unichar_iszerowidth(c))
            columns += g_unichar_iswide(c) ? 2 : 1;
    }
    return columns;
}

char *text_count(guint64 n, const char *one, const char *many)
{
    return g_strdup_printf("%" G_GUINT64_FORMAT " %s", n, n == 1 ? one : many);
}

char *text_time(const char *time, int clock)
{
    return strlen(time) > strlen("2026-11-22T07:33:23") && time[10] == 'T'
               ? g_strdup_printf("%.10s %.*s", time, clock, time + 11)
               : g_strdup(time);
}

/* ------------------------------------------------------------------------------------ page ---- */

/* Of the palette of 256 colours, since those are the same everywhere, and those whose contrast is
 * at least 4 with both white and black: the yellow and green of the first sixteen cannot be read on
 * white. */
static const char *const escapes[] = {
    [STYLE_PLAIN] = "",
    [STYLE_STRONG] = "\x1b[1m",
    [STYLE_QUIET] = "\x1b[38;5;243m",
    [STYLE_BAD] = "\x1b[38;5;161m",
    [STYLE_WARN] = "\x1b[38;5;130m",
    [STYLE_GOOD] = "\x1b[38;5;28m",
};

static void append_spaces(GString *to, unsigned n)
{
    while (n-- > 0)
        g_string_append_c(to, ' ');
}

void page_line(page *p, unsigned first, unsigned rest)
{
    append_spaces(p->to, first);
    p->indent = rest;
    p->column = first;
}

static void trim_end(GString *to)
{
    while (to->len > 0 && to->str[to->len - 1] == ' ')
        g_string_truncate(to, to->len - 1);
}

static bool at_start(const page *p)
{
    return p->column <= p->indent;
}

static void put_safe(page *p, style look, const char *separator, const char *piece)
{
    unsigned columns = text_columns(piece);
    unsigned gap = (unsigned)strlen(separator);

    /* One column stays free for the comma that may follow. */
    if (p->column + gap + columns >= p->width && !at_start(p)) {
        /* A comma stays on the line, the space after it does not. */
        g_string_append_len(p->to, separator, (gssize)strcspn(separator, " "));
        trim_end(p->to);
        g_string_append_c(p->to, '\n');
        append_spaces(p->to, p->indent);
        p->column = p->indent;
    } else {
        g_string_append(p->to, separator);
        p->column += gap;
    }
    bool styled = p->color && look != STYLE_PLAIN;

    g_string_append_printf(p->to, "%s%s%s", styled ? escapes[look] : "", piece,
                           styled ? "\x1b[0m" : "");
    p->column += columns;
}

void page_put(page *p, style look, const char *separator, const char *piece)
{
    g_autoptr(GString) safe = g_string_new(NULL);

    text_append_safe(safe, piece);
    put_safe(p, look, separator, safe->str);
}

static void put_words(page *p, style look, const char *separator, const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    for (char **word = words; *word; word++) {
        if (**word) {
            page_put(p, look, separator, *word);
            separator = " ";
        }
    }
}

void page_printf(page *p, style look, const char *separator, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *piece = g_strdup_vprintf(format, arguments);

    va_end(arguments);
    if (p->width > p->indent && text_columns(piece) < p->width - p->indent)
        page_put(p, look, separator, piece);
    else
        put_words(p, look, separator, piece);
}

void page_put_words(page *p, style look, const char *text)
{
    put_words(p, look, "", text);
}

void page_end(page *p)
{
    g_string_append_c(p->to, '\n');
    p->column = 0;
}
