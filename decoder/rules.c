/* rules.c
 * The catalogue of findings, and how the families of rules report what they find.
 *
 * A body may hold millions of resources, and a server that does a thing wrong does it wrong for all
 * of them: what is kept of each rule is bounded, the rest is counted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules.h"

#include <stdarg.h>
#include <string.h>

#include "names.h"
#include "rules_find.h"
#include "words.h"

/* Bytes of a name or text that a message shows. */
#define SHOWN_LENGTH 200

/* clang-format off */
#define MS_RULE_ENTRY(name, ref, id, severity, group, needs, per, summary, source) \
    {ref, id, MS_##severity, MS_GROUP_##group, MS_NEEDS_##needs, MS_PER_##per, summary, source},
/* clang-format on */
const ms_rule ms_rules[MS_RULE_COUNT] = {MS_RULES(MS_RULE_ENTRY)};
#undef MS_RULE_ENTRY

const ms_rule *ms_rule_named(const char *id)
{
    for (size_t i = 0; i < MS_RULE_COUNT; i++) {
        if (strcmp(ms_rules[i].id, id) == 0)
            return &ms_rules[i];
    }
    return NULL;
}

/* ---- findings ---- */

/* `message` becomes the store's. */
static ms_finding make_finding(ms_document *document, unsigned rule, uint32_t response,
                               ms_span span, char *message)
{
    const char *kept = ms_store_text(document->store, message, strlen(message));

    g_free(message);
    return (ms_finding){&ms_rules[rule], kept, response, span};
}

static void append_finding(ms_document *document, ms_finding finding)
{
    g_array_append_val(document->store->findings, finding);
    ms_store_publish(document->store, document);
}

void ms_add_finding(ms_document *document, unsigned rule, uint32_t response, ms_span span,
                    const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *message = g_strdup_vprintf(format, arguments);

    va_end(arguments);
    append_finding(document, make_finding(document, rule, response, span, message));
}

G_GNUC_PRINTF(5, 0)
static void found(ms_finder *finder, unsigned rule, uint32_t count, ms_finding place,
                  const char *format, va_list arguments)
{
    bool per_body = ms_rules[rule].per == MS_PER_BODY;
    uint32_t before = finder->found[rule];

    finder->found[rule] += count;
    if (before >= (per_body ? 1 : MS_FINDINGS_EACH))
        return;
    ms_finding finding = make_finding(finder->document, rule, place.response, place.span,
                                      g_strdup_vprintf(format, arguments));

    if (per_body)
        finder->first[rule] = finding;
    else
        g_array_append_val(finder->findings, finding);
}

void ms_rules_found(ms_finder *finder, unsigned rule, uint32_t response, ms_span span,
                    const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    found(finder, rule, 1, (ms_finding){.response = response, .span = span}, format, arguments);
    va_end(arguments);
}

void ms_rules_found_many(ms_finder *finder, unsigned rule, uint32_t count, uint32_t response,
                         ms_span span, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    found(finder, rule, count, (ms_finding){.response = response, .span = span}, format, arguments);
    va_end(arguments);
}

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
            append_finding(finder->document, *first);
        }
    }
    ms_store_publish(finder->document->store, finder->document);
}

/* ---- what a message shows ---- */

const char *ms_rules_shown(const ms_finder *finder, const char *text)
{
    size_t length = strlen(text);

    if (length <= SHOWN_LENGTH)
        return text;
    /* Not in the middle of a character. */
    while (length > SHOWN_LENGTH || ((unsigned char)text[length] & 0xC0) == 0x80)
        length = MIN(length - 1, SHOWN_LENGTH);
    char *cut = g_strdup_printf("%.*s...", (int)length, text);
    const char *kept = ms_store_name(finder->document->store, cut);

    g_free(cut);
    return kept;
}

const char *ms_rules_name(const ms_finder *finder, uint32_t response)
{
    const ms_document *document = finder->document;

    if (document->root == MS_ROOT_MKCOL || document->root == MS_ROOT_MKCALENDAR)
        return "the new collection";
    if (document->responses[response].hrefs.count == 0)
        return "a response without href";
    const char *href = document->hrefs[document->responses[response].hrefs.first].text;

    return *href ? ms_rules_shown(finder, href) : "a response with an empty href";
}

const char *ms_rules_shown_name(const ms_finder *finder, const char *name)
{
    char *brief = ms_short_name(name);
    const char *kept = ms_store_name(finder->document->store, ms_rules_shown(finder, brief));

    g_free(brief);
    return kept;
}

/* ---- what a rule asks ---- */

uint32_t ms_rules_noted(const ms_finder *finder, const ms_note *note)
{
    return note->response < finder->document->n_responses ? note->response : MS_NO_RESPONSE;
}

bool ms_rules_method(const ms_finder *finder, const char *methods)
{
    return ms_is_one_of(methods, finder->context->method);
}

const ms_request *ms_rules_request(const ms_finder *finder)
{
    const ms_request *request = finder->context->request;

    return request && request->present && request->well_formed && !request->truncated ? request
                                                                                      : NULL;
}

bool ms_rules_listed(const char *header, const char *value)
{
    size_t length = strlen(value);

    for (const char *at = header; at && *at;) {
        size_t skip = strspn(at, ",; \t");
        size_t size = strcspn(at + skip, ",;");

        at += skip;
        while (size > length && g_ascii_isspace(at[size - 1]))
            size--;
        if (size == length && g_ascii_strncasecmp(at, value, length) == 0)
            return true;
        at += strcspn(at, ",;");
    }
    return false;
}

bool ms_rules_minimal(const ms_finder *finder)
{
    const ms_context *context = finder->context;

    return ms_rules_listed(context->prefer, "return=minimal") ||
           ms_rules_listed(context->prefer, "return-minimal") ||
           ms_rules_listed(context->preference_applied, "return=minimal") ||
           ms_rules_listed(context->brief, "t");
}

const char *ms_rules_interned(const ms_finder *finder, const char *name)
{
    return ms_store_name(finder->document->store, name);
}

/* ---- all of them ---- */

static bool is_whole(const ms_document *document, const ms_notes *notes)
{
    return document->complete && !document->error.present && !notes->limit;
}

/* The families that look at every response, in the order of their findings, and those that say
 * theirs before the last of them. */
static const ms_family *const families[] = {&ms_family_structure, &ms_family_statuses,
                                            &ms_family_hrefs, &ms_family_values};
#define FAMILIES G_N_ELEMENTS(families)

/* Responses of a block: they and their properties fit into a processor's cache. */
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

void ms_apply_header_rules(ms_document *document, const ms_context *context)
{
    ms_finder finder = {
        .document = document, .context = context, .findings = document->store->findings};

    if (context->http_status == 207 && g_str_has_prefix(document->undecoded, MS_REASON_NO_BODY))
        ms_rules_found(&finder, MS_RULE_NO_BODY, MS_NO_RESPONSE, document->span,
                       "A 207 without a body: %s", document->undecoded);
    else
        ms_rules_found(&finder, MS_RULE_UNDECODED, MS_NO_RESPONSE, document->span,
                       "Not decoded: %s", document->undecoded);
    ms_find_in_header(&finder);
    finish(&finder);
}
