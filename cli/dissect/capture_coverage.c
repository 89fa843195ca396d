/* capture_coverage.c
 * Noting what was looked into.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "capture_coverage.h"

#include "dissectors.h"

static void begin_sight(capture_coverage *of, bool counting)
{
    coverage_free(of->seen);
    sieve_free(of->counter);
    of->seen = coverage_new();
    of->counter =
        counting ? sieve_new((sieve_task){.purpose = SIEVE_COUNTS, .keys = of->has_keys}) : NULL;
}

void capture_coverage_begin(capture_coverage *of)
{
    of->has_secrets = false;
    of->before = (unseen_counts){.known = true};
    begin_sight(of, false);
}

void capture_coverage_end(capture_coverage *of)
{
    coverage_free(of->seen);
    sieve_free(of->counter);
    flow_notes_free(of->notes);
    of->seen = NULL;
    of->counter = NULL;
    of->notes = NULL;
}

void capture_coverage_begin_frames(capture_coverage *of)
{
    begin_sight(of, of->notes == NULL);
}

void capture_coverage_forget(capture_coverage *of)
{
    begin_sight(of, false);
}

void capture_coverage_go_on(capture_coverage *of)
{
    of->before = capture_coverage_conclude(of);
    begin_sight(of, of->counter != NULL);
}

void capture_coverage_response(capture_coverage *of, const multistatus_record *told)
{
    unseen_reason unread = multistatus_record_unread(told);

    if (unread != UNSEEN_REASONS)
        coverage_response(of->seen, unread, unread == UNSEEN_CODING ? told->body_length : 0);
}

unseen_counts capture_coverage_conclude(const capture_coverage *of)
{
    const bool keys = of->has_keys || of->has_secrets;
    const dissectors *there = dissectors_there();
    const coverage_terms terms = there ? there->terms(keys) : (coverage_terms){.keys = keys};
    flow_notes *counted = of->counter ? sieve_notes(of->counter, true) : NULL;
    flow_notes *none = !counted && !of->notes ? flow_notes_new() : NULL;
    const flow_notes *notes = counted ? counted : of->notes ? of->notes : none;
    unseen_counts made = coverage_conclude(of->seen, notes, &terms);

    unseen_add_all(&made, &of->before);
    flow_notes_free(counted);
    flow_notes_free(none);
    return made;
}
