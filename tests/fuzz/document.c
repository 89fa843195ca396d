/* document.c
 * What must be true of every document that the decoder makes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "document.h"

#include "fuzz.h"
#include "hints.h"
#include "unit.h"

static void check_text(const char *text)
{
    fuzz_check(!text || g_utf8_validate(text, -1, NULL));
}

/* Whatever shows a document relies on this. */
static void check_document(const ms_document *document, size_t length, const ms_context *context)
{
    unit_check_sound(document, length);
    fuzz_check(unit_failures() == 0);
    for (uint32_t i = 0; i < document->n_hrefs; i++)
        check_text(document->hrefs[i].text);
    for (uint32_t i = 0; i < document->n_properties; i++) {
        check_text(document->properties[i].name);
        check_text(document->properties[i].value);
    }
    for (uint32_t i = 0; i < document->n_conditions; i++) {
        check_text(document->conditions[i].name);
        check_text(document->conditions[i].value);
    }
    for (uint32_t i = 0; i < document->n_propstats; i++)
        check_text(document->propstats[i].status.line);
    for (uint32_t i = 0; i < document->n_findings; i++)
        check_text(document->findings[i].message);
    for (uint32_t i = 0; i < document->n_responses; i++) {
        check_text(document->responses[i].status.line);
        (void)ms_hint_for(document, &document->responses[i], context);
    }
    check_text(document->root_name);
    check_text(document->error.message);
    check_text(document->undecoded);
    check_text(document->encoding);
    char *summary = ms_summary(document);

    check_text(summary);
    g_free(summary);
}

void document_check(const char *body, size_t length, ms_context context)
{
    ms_document *without = ms_decode(body, length, &context);

    check_document(without, length, &context);
    context.values = true;
    ms_document *with = ms_decode(body, length, &context);

    check_document(with, length, &context);
    fuzz_check(with->verdict == without->verdict && with->n_responses == without->n_responses &&
               with->failed == without->failed);
    ms_document_free(with);
    ms_document_free(without);
}
