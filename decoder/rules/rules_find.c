/* rules_find.c
 * How the families of rules report what they find.
 *
 * A body may hold millions of resources, and a server that gets something wrong gets it wrong for
 * all of them: what is kept of each rule is bounded, the rest is counted.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules_find.h"

#include <stdarg.h>

#include "names.h"
#include "store.h"
#include "words.h"

/* Bytes of a name or text that a message shows. */
#define SHOWN_LENGTH 200

G_GNUC_PRINTF(5, 0)
static void found(ms_finder *finder, unsigned rule, uint32_t count, ms_finding place,
                  const char *format, va_list arguments)
{
    bool per_body = ms_rules[rule].per != MS_PER_RESOURCE;
    uint32_t before = finder->found[rule];

    finder->found[rule] += count;
    if (before >= (per_body ? 1 : MS_FINDINGS_EACH))
        return;
    ms_finding finding = ms_finding_new(finder->document, rule, place.response, place.span,
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
    if (document->root == MS_ROOT_IMPLIED && response == 0)
        return ms_rules_method(finder, " PROPPATCH ") ? "the Request-URI" : "the new collection";
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
