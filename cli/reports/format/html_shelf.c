/* html_shelf.c
 * Pieces of markup that occur again and again.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "html_shelf.h"

#include <stdbool.h>
#include <string.h>

struct html_shelf {
    GHashTable *seen;  /* piece -> its number + 1; 0 if it occurred once */
    GPtrArray *pieces; /* by number; the keys of `seen` */
};

/* Shorter pieces are not longer than their number. */
#define SHORTEST_PIECE 7

html_shelf *html_shelf_new(void)
{
    html_shelf *shelf = g_new(html_shelf, 1);

    shelf->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    shelf->pieces = g_ptr_array_new();
    return shelf;
}

void html_shelf_free(html_shelf *shelf)
{
    g_ptr_array_unref(shelf->pieces);
    g_hash_table_destroy(shelf->seen);
    g_free(shelf);
}

/* Markup as the value of an attribute between double quotes. */
static void put_value(GString *to, const char *markup, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (markup[i] == '"')
            g_string_append(to, "&quot;");
        else if (markup[i] == '&')
            g_string_append(to, "&amp;");
        else
            g_string_append_c(to, markup[i]);
    }
}

static void put_number(GString *to, guint number)
{
    char digits[8];
    int n = 0;

    do {
        digits[n++] = "0123456789abcdefghijklmnopqrstuvwxyz"[number % 36];
        number /= 36;
    } while (number > 0);
    g_string_append(to, "<!");
    while (n > 0)
        g_string_append_c(to, digits[--n]);
    g_string_append_c(to, '>');
}

/* Writes the number of a piece, from the second time on that it occurs.
 * @return false the first time: it is to be written as it is */
static bool put_known(GString *to, html_shelf *shelf, const char *text, gsize length)
{
    g_autofree char *piece = g_strndup(text, length);
    gpointer known = NULL, number = NULL;

    if (length < SHORTEST_PIECE)
        return false;
    if (!g_hash_table_lookup_extended(shelf->seen, piece, &known, &number)) {
        g_hash_table_insert(shelf->seen, g_steal_pointer(&piece), GUINT_TO_POINTER(0));
        return false;
    }
    if (GPOINTER_TO_UINT(number) == 0) {
        g_ptr_array_add(shelf->pieces, known);
        number = GUINT_TO_POINTER(shelf->pieces->len);
        /* The table keeps the key that it has, and frees the new one. */
        g_hash_table_insert(shelf->seen, g_steal_pointer(&piece), number);
    }
    put_number(to, GPOINTER_TO_UINT(number) - 1);
    return true;
}

/* After a run of tags, or after the text up to the next one. */
static const char *end_of_run(const char *start, const char *end)
{
    const char *at = start;

    while (at < end && *at == '<') {
        const char *close = memchr(at, '>', (gsize)(end - at));

        at = close ? close + 1 : end;
    }
    if (at == start)
        at = memchr(start, '<', (gsize)(end - start));
    return at ? at : end;
}

/* A piece is a line; in new lines, it is a run of tags or the text between two of them. */
void html_shelf_add(GString *to, html_shelf *shelf, const char *markup)
{
    for (const char *line = markup, *next; *line; line = next) {
        const char *end = strchr(line, '\n');

        next = end ? end + 1 : line + strlen(line);
        if (put_known(to, shelf, line, (gsize)(next - line)))
            continue;
        for (const char *run = line, *behind; run < next; run = behind) {
            behind = end_of_run(run, next);
            if (!put_known(to, shelf, run, (gsize)(behind - run)))
                put_value(to, run, (gsize)(behind - run));
        }
    }
}

void html_shelf_end(GString *to, const html_shelf *shelf)
{
    g_string_append(to, "<div id=\"pieces\" hidden data-pieces=\"");
    for (guint i = 0; i < shelf->pieces->len; i++) {
        const char *piece = shelf->pieces->pdata[i];

        g_string_append(to, i > 0 ? "<!>" : "");
        put_value(to, piece, strlen(piece));
    }
    g_string_append(to, "\"></div>\n");
}
