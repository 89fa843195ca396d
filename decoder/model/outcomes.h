/* outcomes.h
 * What can become of a resource, or of a group of its properties: all that is known about each
 * outcome, in one table (docs/outcomes.md). decoder/judge/judge.c decides which one it is.
 *
 * Ownership: texts are constants.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MS_OUTCOMES_H
#define MS_OUTCOMES_H

#include <stdbool.h>
#include <stddef.h>

/* Constant, name in fields and records, and whether a `status` by itself can lead to it. In order
 * of gravity, the gravest last: the order decides for a resource with several propstats. From
 * "unknown" on it is not harmless. */
/* clang-format off */
#define MS_OUTCOME_TABLE(OUTCOME)                                                                  \
    OUTCOME(MS_OK, "ok", status >= 200 && status < 300 && status != 208)                           \
    /* propstat 418, sabre/dav's filler for "nothing to say" */                                    \
    OUTCOME(MS_PLACEHOLDER, "placeholder", false)                                                  \
    /* RFC 5842 section 7.1 */                                                                     \
    OUTCOME(MS_DUPLICATE, "duplicate", status == 208)                                              \
    /* propstat 404 of a listing: the property does not exist */                                   \
    OUTCOME(MS_ABSENT, "absent", false)                                                            \
    OUTCOME(MS_REDIRECT, "redirect", status >= 300 && status < 400)                                \
    /* 404 in a sync-collection report: the member was removed */                                  \
    OUTCOME(MS_REMOVED, "removed", status == 404)                                                  \
    /* 403 with sync-traversal-supported or supported-report */                                    \
    OUTCOME(MS_NOT_TRAVERSED, "not-traversed", status == 403)                                      \
    /* 507 on the Request-URI of a report or search: there is more */                              \
    OUTCOME(MS_TRUNCATED, "truncated", status == 507 || status == 425)                             \
    /* no status that can be read */                                                               \
    OUTCOME(MS_UNKNOWN, "unknown", status < 200 || status >= 600)                                  \
    /* failed only because something else did */                                                   \
    OUTCOME(MS_COLLATERAL, "collateral", status == 424)                                            \
    /* 404 for the resource itself */                                                              \
    OUTCOME(MS_MISSING, "missing", status == 404)                                                  \
    /* every other 4xx and 5xx */                                                                  \
    OUTCOME(MS_FAILED, "failed", status >= 400 && status < 600 && status != 404 && status != 424)

/* How a report counts those that look like a failure but are not: one, and many. In the order of
 * the report. */
#define MS_HARMLESS_TABLE(HARMLESS)                                                                \
    HARMLESS(MS_REMOVED, "member gone since the last sync (404)",                                  \
             "members gone since the last sync (404)")                                             \
    HARMLESS(MS_TRUNCATED, "list cut short by the server (507)",                                   \
             "lists cut short by the server (507)")                                                \
    HARMLESS(MS_NOT_TRAVERSED, "collection not traversed (403)", "collections not traversed (403)") \
    HARMLESS(MS_DUPLICATE, "duplicate (208)", "duplicates (208)")                                  \
    HARMLESS(MS_REDIRECT, "redirect (3xx)", "redirects (3xx)")                                     \
    HARMLESS(MS_PLACEHOLDER, "placeholder (418)", "placeholders (418)")                            \
    HARMLESS(MS_ABSENT, "resource with none of the properties asked for",                          \
             "resources with none of the properties asked for")
/* clang-format on */

typedef enum {
#define MS_CONSTANT(constant, name, leads) constant,
    MS_OUTCOME_TABLE(MS_CONSTANT)
#undef MS_CONSTANT
} ms_outcome;
#define MS_OUTCOMES (MS_FAILED + 1)

/** As in fields and records ("not-traversed"). Never NULL. */
const char *ms_outcome_name(ms_outcome outcome);

/** True for the outcomes that count as failures: failed and missing. */
bool ms_outcome_is_failure(ms_outcome outcome);

/** Can a status by itself lead to that outcome? */
bool ms_outcome_follows(ms_outcome outcome, int status);

typedef struct {
    ms_outcome outcome;
    const char *one, *many;
} ms_harmless;

/** The next of those that look like a failure and are none, behind `before`; the first one behind
 *  NULL, and NULL after the last. */
const ms_harmless *ms_outcome_next_harmless(const ms_harmless *before);

#endif /* MS_OUTCOMES_H */
