/* suggest.h
 * "Did you mean ...?": the known word that is closest to an unknown one.
 *
 * Ownership: words stay the caller's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_SUGGEST_H
#define MULTISTATUS_SUGGEST_H

typedef struct {
    const char *word;
    const char *nearest; /**< NULL as long as none is close */
    unsigned distance;
} suggestion;

suggestion suggestion_for(const char *word);

/** One of the known words. */
void suggestion_offer(suggestion *s, const char *known);

/** " Did you mean "x"?", or nothing; to be freed with g_free().
 *  @param prefix  stands before the word: "--", or nothing */
char *suggestion_text(const suggestion *s, const char *prefix);

#endif /* MULTISTATUS_SUGGEST_H */
