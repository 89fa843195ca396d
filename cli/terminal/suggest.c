/* suggest.c
 * The distance of words: letters that are missing, too many, wrong, or the wrong way round.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "suggest.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

/* No known word is longer. */
#define MOST_LETTERS 32

/* Two slips in a word of six letters or more, one in a shorter one. */
static unsigned bearable(size_t length)
{
    return length >= 6 ? 2 : length >= 3 ? 1 : 0;
}

static bool same(char a, char b)
{
    return g_ascii_tolower(a) == g_ascii_tolower(b);
}

/* Optimal string alignment: each row needs the two before it. */
static unsigned distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    unsigned rows[3][MOST_LETTERS + 1];

    for (unsigned j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a_length; i++) {
        unsigned *row = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            row[j] = MIN(MIN(before[j], row[j - 1]) + 1, before[j - 1] + !same(a[i - 1], b[j - 1]));
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                row[j] = MIN(row[j], earlier[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

suggestion suggestion_for(const char *word)
{
    return (suggestion){word, NULL, bearable(strlen(word)) + 1};
}

void suggestion_offer(suggestion *s, const char *known)
{
    size_t length = strlen(s->word), known_length = strlen(known);

    if (length > MOST_LETTERS || known_length > MOST_LETTERS)
        return;
    /* A word that was not typed to its end. */
    bool begun = length >= 3 && g_ascii_strncasecmp(s->word, known, length) == 0;
    unsigned here = begun ? 1 : distance(s->word, length, known, known_length);

    if (here < s->distance) {
        s->distance = here;
        s->nearest = known;
    }
}

char *suggestion_text(const suggestion *s, const char *prefix)
{
    return s->nearest ? g_strdup_printf(" Did you mean \"%s%s\"?", prefix, s->nearest)
                      : g_strdup("");
}
