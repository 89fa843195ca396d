/* apply.c
 * All families of rules, one after the other.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "apply.h"

#include "rules_find.h"
#include "store.h"

/* What was counted, in the order of the catalogue. */
static void finish(ms_finder *finder)
{
    for (unsigned rule = 0; rule < MS_RULE_COUNT; rule++) {
        uint32_t count = finder->found[rule];
        const ms_finding *first = &finder->first[rule];

        if (ms_rules[rule].per == MS_PER_RESOURCE) {
            if (count > MS_FINDINGS_EACH)
                ms_add_finding(finder->document, rule, MS_NO_RESPONSE, finder->document->span,
                               "... and %u more: %s", count - MS_FINDINGS_EACH,
                               ms_rules[rule].summary);
        } else if (count > 1) {
            ms_add_finding(finder->document, rule, first->response, first->span,
                           "%s (and %u more in this body)", first->message, count - 1);
        } else if (count == 1) {
            ms_finding_append(finder->document, *first);
        }
    }
    ms_store_publish(finder->document->store, finder->document);
}

static bool is_whole(const ms_document *document, const ms_notes *notes)
{
    return document->complete && !document->error.present && !notes->limit;
}

/* The families that look at every response, in the order of their findings, and those whose
 * findings come before the last of these. */
static const ms_family *const families[] = {&ms_family_structure, &ms_family_statuses,
                                            &ms_family_hrefs, &ms_family_values};
#define FAMILIES G_N_ELEMENTS(families)

/* Responses per block: they and their properties fit into a processor's cache. */
#define RESPONSES_AT_ONCE 128

static void look_at_responses(ms_finder *finder, void *const states[], GArray *const lists[])
{
    uint32_t n = finder->document->n_responses;

    for (uint32_t from = 0; from < n; from += RESPONSES_AT_ONCE) {
        for (size_t i = 0; i < FAMILIES; i++) {
            finder->findings = lists[i];
            families[i]->look(states[i], from, MIN(n - from, RESPONSES_AT_ONCE) + from);
        }
    }
}

static void find_in_xml(ms_finder *finder)
{
    GArray *all = finder->findings, *lists[FAMILIES];
    void *states[FAMILIES];

    for (size_t i = 0; i < FAMILIES; i++) {
        finder->findings = lists[i] = g_array_new(FALSE, FALSE, sizeof(ms_finding));
        states[i] = families[i]->start(finder);
    }
    look_at_responses(finder, states, lists);
    for (size_t i = 0; i < FAMILIES; i++) {
        finder->findings = lists[i];
        families[i]->finish(states[i]);
        finder->findings = all;
        if (i == FAMILIES - 1) {
            ms_find_in_outcomes(finder);
            ms_find_in_requested(finder);
            ms_find_in_report(finder);
            ms_find_in_objects(finder);
            ms_find_in_access(finder);
        }
        g_array_append_vals(all, lists[i]->data, lists[i]->len);
        g_array_free(lists[i], TRUE);
    }
}

void ms_apply_rules(ms_document *document, const ms_notes *notes, const ms_context *context)
{
    ms_finder finder = {
        .document = document,
        .notes = notes,
        .context = context,
        .findings = document->store->findings,
        .whole = is_whole(document, notes),
        .is_207 = context->http_status == 207 || context->http_status == 0,
    };

    if (document->format == MS_FORMAT_JSON) {
        ms_find_in_body(&finder);
        ms_find_in_json(&finder);
        ms_find_in_outcomes(&finder);
        finish(&finder);
        return;
    }
    if (document->root == MS_ROOT_BATCH) {
        ms_find_in_body(&finder);
        ms_find_in_outcomes(&finder);
        finish(&finder);
        return;
    }
    if (document->format == MS_FORMAT_MULTIPART) {
        ms_find_in_multipart(&finder);
        ms_find_in_outcomes(&finder);
        finish(&finder);
        return;
    }
    ms_find_in_header(&finder);
    ms_find_in_body(&finder);
    if (!document->undecoded) {
        find_in_xml(&finder);
    }
    finish(&finder);
}

void ms_apply_header_rules(ms_document *document, const ms_context *context, unsigned rule)
{
    ms_finder finder = {
        .document = document, .context = context, .findings = document->store->findings};

    if (context->http_status == 207 && g_str_has_prefix(document->undecoded, MS_REASON_NO_BODY))
        ms_rules_found(&finder, MS_RULE_NO_BODY, MS_NO_RESPONSE, document->span,
                       "A 207 without a body: %s", document->undecoded);
    else
        ms_rules_found(&finder, rule, MS_NO_RESPONSE, document->span, "Not decoded: %s",
                       document->undecoded);
    ms_find_in_header(&finder);
    finish(&finder);
}
