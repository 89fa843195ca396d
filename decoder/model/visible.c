/* visible.c
 * Text from the wire made fit to print: one line, nothing hidden, bounded.
 *
 * Unicode TR 36 (security considerations), TR 44 (default ignorable code points).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "visible.h"

#include <string.h>

/* Characters without a width that Unicode does not class as formatting characters but that are
 * invisible: fillers, joiners, variation selectors. */
static const struct {
    gunichar first, last;
} unseen[] = {
    {0x034F, 0x034F}, {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F},   {0x2065, 0x2065},
    {0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFFA0, 0xFFA0}, {0xE0000, 0xE0FFF},
};

static bool is_unseen(gunichar c)
{
    for (size_t i = 0; i < G_N_ELEMENTS(unseen); i++) {
        if (c >= unseen[i].first && c <= unseen[i].last)
            return true;
    }
    return false;
}

static bool is_noncharacter(gunichar c)
{
    return (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
}

bool ms_is_unsafe(gunichar c)
{
    if (c < 0x7F)
        return c < ' ';
    switch (g_unichar_type(c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
        return true;
    default:
        return is_unseen(c) || is_noncharacter(c);
    }
}

/* ---- one character ---- */

enum { ESCAPE_MOST = sizeof "\\U0010ffff" };

static size_t write_escape(char escape[ESCAPE_MOST], gunichar c)
{
    static const char letters[] = {['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};

    if (c < sizeof letters && letters[c])
        return (size_t)g_snprintf(escape, ESCAPE_MOST, "\\%c", letters[c]);
    return (size_t)g_snprintf(escape, ESCAPE_MOST,
                              c < 0x80      ? "\\x%02x"
                              : c < 0x10000 ? "\\u%04x"
                                            : "\\U%08x",
                              (unsigned)c);
}

/* What is shown for the character at `at`, and how many bytes of the text that stands for. */
typedef struct {
    const char *shown;
    size_t length, taken;
} piece;

static piece piece_at(const char *at, char escape[ESCAPE_MOST])
{
    if (*at >= ' ' && *at < 0x7F)
        return (piece){at, 1, 1};
    gunichar c = g_utf8_get_char_validated(at, -1);

    if (c == (gunichar)-1 || c == (gunichar)-2)
        return (piece){escape,
                       (size_t)g_snprintf(escape, ESCAPE_MOST, "\\x%02x", (unsigned char)*at), 1};
    size_t taken = (size_t)(g_utf8_next_char(at) - at);

    if (ms_is_unsafe(c))
        return (piece){escape, write_escape(escape, c), taken};
    return (piece){at, taken, taken};
}

/* ---- texts ---- */

/* Bytes that are kept free for the note after a text of less than a gigabyte. */
#define NOTE_LENGTH (sizeof "\u2026 (999,999,999 bytes)" - 1)

/* 2310 as "2,310". */
static void append_number(GString *to, size_t number)
{
    char digits[32];
    int length = g_snprintf(digits, sizeof digits, "%" G_GSIZE_FORMAT, number);

    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            g_string_append_c(to, ',');
        g_string_append_c(to, digits[i]);
    }
}

static void append_note(GString *to, size_t length)
{
    g_string_append(to, "\u2026 (");
    append_number(to, length);
    g_string_append(to, " bytes)");
}

void ms_append_visible(GString *to, const char *text, size_t most)
{
    const size_t start = to->len;
    size_t fitting = start; /* what may stay if there is to be a note */
    char escape[ESCAPE_MOST];

    for (const char *at = text; *at;) {
        const piece next = piece_at(at, escape);
        const size_t used = to->len - start;

        if (used + NOTE_LENGTH <= most)
            fitting = to->len;
        if (next.length > most - used) {
            g_string_truncate(to, fitting);
            append_note(to, strlen(text));
            return;
        }
        g_string_append_len(to, next.shown, (gssize)next.length);
        at += next.taken;
    }
}

bool ms_is_visible(const char *text, size_t most)
{
    char escape[ESCAPE_MOST];

    for (const char *at = text; *at;) {
        const piece next = piece_at(at, escape);

        if (next.length > most || next.shown != at)
            return false;
        most -= next.length;
        at += next.taken;
    }
    return true;
}
