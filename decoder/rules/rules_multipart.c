/* rules_multipart.c
 * Rules about Multi-Status bodies in several parts (P1, P2).
 *
 * RFC 2046 section 5.1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "limit_table.h"
#include "rules_find.h"

void ms_find_in_multipart(ms_finder *finder)
{
    const ms_notes *notes = finder->notes;
    const ms_note *part = &notes->of[MS_NOTE_PART];
    ms_span span = finder->document->span;

    if (finder->document->undecoded)
        ms_rules_found(finder, MS_RULE_UNDECODED, MS_NO_RESPONSE, span, "Not decoded: %s",
                       finder->document->undecoded);
    if (part->count > 0)
        ms_rules_found_many(finder, MS_RULE_MULTIPART_PART, part->count,
                            ms_rules_noted(finder, part), part->span,
                            "A part that holds neither Multi-Status nor an HTTP response (%s)",
                            ms_rules_shown(finder, part->example));
    if (notes->last_part_open && notes->limit != &ms_limit_table[MS_MAX_BODY])
        ms_rules_found(finder,
                       finder->context->incomplete ? MS_RULE_NOT_CAPTURED : MS_RULE_MULTIPART_END,
                       MS_NO_RESPONSE, (ms_span){span.offset + span.length, 0},
                       "The last part does not end with the boundary");
    ms_find_limit(finder);
}
