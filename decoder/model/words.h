/* words.h
 * Lists of words, such as methods, in one text: " COPY MOVE ".
 *
 * Ownership: words are only read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_WORDS_H
#define MS_WORDS_H

#include <stdbool.h>
#include <string.h>

/** Is `word` one of `words`? It comes from outside: it may be NULL, empty, or hold spaces.
 *  @param words  each with a space before and after it */
static inline bool ms_is_one_of(const char *words, const char *word)
{
    size_t length = word ? strcspn(word, " ") : 0;

    if (length == 0 || word[length] != '\0')
        return false;
    /* It does not begin with a space, and they do: there is a byte before what is found. */
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += length) {
        if (at[-1] == ' ' && at[length] == ' ')
            return true;
    }
    return false;
}

#endif /* MS_WORDS_H */
