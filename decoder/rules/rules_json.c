/* rules_json.c
 * Rules about Multi-Status bodies in JSON (J1, J3 to J15).
 *
 * RFC 8259 sections 4, 8 and 11; RFC 9110 section 15; RFC 9457 section 3.1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules_find.h"

#include "json.h"

/* ---- the text (J10 to J13) ---- */

static void find_content_type(ms_finder *finder)
{
    const ms_context *context = finder->context;
    ms_span span = finder->document->span;

    if (context->content_type && *context->content_type) {
        if (!finder->document->batch && !ms_json_is_type(context->content_type))
            ms_rules_found(finder, MS_RULE_JSON_CONTENT_TYPE, MS_NO_RESPONSE, span,
                           "The Content-Type is %s, but the body is JSON",
                           ms_rules_shown(finder, context->content_type));
    } else if (context->reason_phrase) { /* the header was seen */
        ms_rules_found(finder, MS_RULE_JSON_CONTENT_TYPE, MS_NO_RESPONSE, span,
                       "The response has no Content-Type, but its body is JSON");
    }
}

static void find_encoding(ms_finder *finder)
{
    const ms_encoded *encoded = finder->notes->encoded;
    ms_span span = finder->document->span;

    if (encoded->mark)
        ms_rules_found(finder, MS_RULE_JSON_ENCODING, MS_NO_RESPONSE, span,
                       "The JSON text begins with a byte order mark (%s)", encoded->mark);
    else if (g_ascii_strcasecmp(encoded->name, "UTF-8") != 0 &&
             g_ascii_strcasecmp(encoded->name, "UTF8") != 0)
        ms_rules_found(finder, MS_RULE_JSON_ENCODING, MS_NO_RESPONSE, span,
                       "The JSON text is read as %s; JSON is always UTF-8", encoded->name);
}

/* What the parser counted: the rule, and the text before and after the example. */
static const struct {
    ms_note_kind kind;
    unsigned rule;
    const char *before, *behind;
} noticed[] = {
    {MS_NOTE_JSON_NAME, MS_RULE_JSON_REPEATED_NAME, "", " is there twice; the last one counts"},
    {MS_NOTE_JSON_CHARACTER, MS_RULE_JSON_CHARACTER, "An escape that is not a character in ", ""},
    {MS_NOTE_JSON_TEXT, MS_RULE_JSON_TEXT_STATUS, "The status is sent as a string: ", ""},
    {MS_NOTE_JSON_NO_ID, MS_RULE_JSON_NO_ID, "A row without identifier: ", ""},
};

static void find_in_notes(ms_finder *finder)
{
    for (size_t i = 0; i < G_N_ELEMENTS(noticed); i++) {
        const ms_note *note = &finder->notes->of[noticed[i].kind];

        if (note->count > 0)
            ms_rules_found_many(finder, noticed[i].rule, note->count, ms_rules_noted(finder, note),
                                note->span, "%s%s%s", noticed[i].before,
                                ms_rules_shown(finder, note->example), noticed[i].behind);
    }
}

/* ---- rows (J4, J5, J9) ---- */

static void find_in_row(ms_finder *finder, uint32_t index)
{
    const ms_response *response = &finder->document->responses[index];
    const ms_status *status = &response->status;

    if (!response->complete)
        return;
    /* What is cut off may say it, or that these are no rows. */
    if (!finder->document->complete && response->outcome == MS_UNKNOWN)
        return;
    if (status->code == MS_STATUS_NONE)
        ms_rules_found(finder, MS_RULE_JSON_NO_STATUS, index, response->span,
                       "%s: nothing says what became of it", ms_rules_name(finder, index));
    else if (response->outcome == MS_UNKNOWN)
        ms_rules_found(finder, MS_RULE_JSON_BAD_STATUS, index, status->span,
                       "%s: \"%s\" is neither a final HTTP status nor a word that is known",
                       ms_rules_name(finder, index), ms_rules_shown(finder, status->line));
    if (status->code >= 200 && status->code < 300 && status->said >= MS_SAID_COLLATERAL)
        ms_rules_found(finder, MS_RULE_JSON_CONTRADICTION, index, response->span,
                       "%s: the status is %d, but something else in the row says that it failed",
                       ms_rules_name(finder, index), status->code);
}

/* ---- the whole (J1, J3, J7, J8, J15) ---- */

static void find_errors(ms_finder *finder)
{
    const ms_document *document = finder->document;
    uint32_t n = document->failed;

    if (document->noted && n > 0)
        ms_rules_found(finder, MS_RULE_GRAPHQL_ERRORS, MS_NO_RESPONSE, document->span,
                       "%u error%s %s data, under a status that says success", n, n == 1 ? "" : "s",
                       document->rest_done || document->outcomes[MS_OK] > 0 ? "beside" : "and no");
}

/* The caller frees it with g_free(). */
static char *all_rows(uint32_t n)
{
    return n == 1 ? g_strdup("The only row") : g_strdup_printf("All %u rows", n);
}

/* Where only failures are listed, others may have succeeded. */
static void find_all_failed(ms_finder *finder)
{
    const ms_note *others = &finder->notes->of[MS_NOTE_JSON_OTHERS];
    const ms_document *document = finder->document;
    uint32_t n = document->n_responses;
    ms_span span = document->span;
    char *rows = all_rows(n);

    if (others->count == 0)
        ms_rules_found(finder, MS_RULE_JSON_ALL_FAILED, MS_NO_RESPONSE, span,
                       "%s failed, under a status that looks like success", rows);
    else if (others->example)
        ms_rules_found(finder, MS_RULE_JSON_ALL_FAILED, MS_NO_RESPONSE, others->span,
                       "%s failed, but there are others that are not listed (%s)", rows,
                       ms_rules_shown(finder, others->example));
    else
        ms_rules_found(
            finder, MS_RULE_JSON_ALL_FAILED, MS_NO_RESPONSE, span,
            "%s failed; the body lists failures only, so what is not listed may have been done",
            rows);
    g_free(rows);
}

static void find_all_ok(ms_finder *finder)
{
    uint32_t n = finder->document->n_responses;

    if (finder->notes->json_claims_failure) {
        ms_rules_found(finder, MS_RULE_JSON_CONTRADICTION, MS_NO_RESPONSE, finder->document->span,
                       "The body says of the whole that something failed, but each of its rows is "
                       "ok: what failed is not listed, or not recognised");
        return;
    }
    if (finder->document->batch)
        return; /* and so does its status */
    char *rows = all_rows(n);

    ms_rules_found(finder, MS_RULE_JSON_ALL_OK, MS_NO_RESPONSE, finder->document->span, "%s %s ok",
                   rows, n == 1 ? "is" : "are");
    g_free(rows);
}

static void find_in_counts(ms_finder *finder)
{
    const ms_document *document = finder->document;
    uint32_t n = document->n_responses;

    if (!finder->whole || (n == 0 && document->rest_done))
        return;
    if (n == 0)
        ms_rules_found(finder, MS_RULE_JSON_NO_ROWS, MS_NO_RESPONSE, document->span,
                       "The body has a place for rows, but no row");
    else if (document->outcomes[MS_OK] == n)
        find_all_ok(finder);
    else if ((finder->is_207 || (document->batch && !document->noted)) && document->failed == n &&
             !document->rest_done)
        find_all_failed(finder);
}

void ms_find_in_json(ms_finder *finder)
{
    find_content_type(finder);
    find_encoding(finder);
    if (finder->document->undecoded) {
        ms_rules_found(finder, MS_RULE_JSON_SHAPE, MS_NO_RESPONSE, finder->document->span, "%s",
                       finder->notes->json_refused
                           ? "The body says that the request failed, and lists no rows: nothing is "
                             "counted"
                           : "No rows can be recognised in this JSON: nothing is counted");
        return;
    }
    find_in_notes(finder);
    for (uint32_t i = 0; i < finder->document->n_responses; i++)
        find_in_row(finder, i);
    find_in_counts(finder);
    find_errors(finder);
}
