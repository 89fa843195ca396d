/* outcomes.c
 * The table of outcomes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "outcomes.h"

#include <glib.h>

const char *ms_outcome_name(ms_outcome outcome)
{
#define NAME(constant, name, leads) [constant] = (name),
    static const char *const names[MS_OUTCOMES] = {MS_OUTCOME_TABLE(NAME)};
#undef NAME

    return names[outcome];
}

bool ms_outcome_is_failure(ms_outcome outcome)
{
    return outcome == MS_FAILED || outcome == MS_MISSING;
}

bool ms_outcome_follows(ms_outcome outcome, int status)
{
    switch (outcome) {
#define FOLLOWS(constant, name, leads)                                                             \
    case constant:                                                                                 \
        return leads;
        MS_OUTCOME_TABLE(FOLLOWS)
#undef FOLLOWS
    }
    return false;
}

const ms_harmless *ms_outcome_next_harmless(const ms_harmless *before)
{
#define WORDS(constant, one, many) {constant, one, many},
    static const ms_harmless all[] = {MS_HARMLESS_TABLE(WORDS)};
#undef WORDS
    const ms_harmless *next = before ? before + 1 : all;

    return next < all + G_N_ELEMENTS(all) ? next : NULL;
}
