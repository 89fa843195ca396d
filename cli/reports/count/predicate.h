/* predicate.h
 * --fail-on: a condition on what was counted, for scripts.
 *
 *   CONDITION  = ALL { ("||" | "or") ALL }
 *   ALL        = COMPARISON { ("&&" | "and") COMPARISON }
 *   COMPARISON = WHAT ("==" | "=" | "!=" | ">=" | "<=" | ">" | "<") NUMBER
 *   WHAT       = a count: failed, exchanges, ...; a verdict: partial, undecoded, ...;
 *                "status:" STATUS, "outcome:" OUTCOME, "verdict:" VERDICT
 *
 * docs/reports.md says what each of them counts.
 *
 * Ownership: predicate_parse() returns an object that predicate_free() releases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MULTISTATUS_PREDICATE_H
#define MULTISTATUS_PREDICATE_H

#include <stdbool.h>

#include "aggregate.h"

typedef struct predicate predicate;

/** @param message  what is wrong, a sentence; the caller frees it with g_free()
 *  @return NULL after a message */
predicate *predicate_parse(const char *text, char **message);
void predicate_free(predicate *p);

bool predicate_holds(const predicate *p, const aggregate *totals);

/** The i-th count that has a name of its own, verdicts at the end; NULL after the last. */
const char *predicate_count_name(unsigned i);

#endif /* MULTISTATUS_PREDICATE_H */
