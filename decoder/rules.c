/* rules.c
 * The catalogue of findings, and what finds them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules.h"

#include <stdarg.h>
#include <string.h>

#include "status.h"

/* clang-format off */
#define MS_RULE_ENTRY(name, id, severity, group, summary, source) \
    {id, MS_##severity, MS_GROUP_##group, summary, source},
/* clang-format on */
const ms_rule ms_rules[MS_RULE_COUNT] = {MS_RULES(MS_RULE_ENTRY)};
#undef MS_RULE_ENTRY

void ms_add_finding(ms_document *document, unsigned rule, uint32_t response, ms_span span,
                    const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *message = g_strdup_vprintf(format, arguments);

    va_end(arguments);
    ms_finding finding = {&ms_rules[rule], ms_store_text(document->store, message, strlen(message)),
                          response, span};

    g_free(message);
    g_array_append_val(document->store->findings, finding);
    ms_store_publish(document->store, document);
}

/* How a finding names a resource. */
static const char *name_of(const ms_document *document, const ms_response *response)
{
    if (response->hrefs.count == 0)
        return "a response without href";
    const char *href = document->hrefs[response->hrefs.first].text;

    return *href ? href : "a response with an empty href";
}

static void find_in_body(ms_document *document, const ms_notes *notes, const ms_context *context)
{
    const ms_syntax_error *error = &document->error;
    ms_span place = {error->offset, 0};

    if (notes->doctype)
        ms_add_finding(document, MS_RULE_DOCTYPE, MS_NO_RESPONSE, notes->doctype_span,
                       "The body has a document type declaration; it is not used");
    if (notes->entity_declaration)
        ms_add_finding(document, MS_RULE_ENTITY_DECLARATION, MS_NO_RESPONSE, notes->doctype_span,
                       "The body declares entities; they are not expanded");
    if (error->present && error->cut && context->incomplete)
        ms_add_finding(
            document, MS_RULE_NOT_CAPTURED, MS_NO_RESPONSE, place,
            "The capture does not hold the whole body: it ends at byte %u (line %u, column %u)",
            error->offset, error->line, error->column);
    else if (error->present && error->cut)
        ms_add_finding(document, MS_RULE_CUT_OFF, MS_NO_RESPONSE, place,
                       "The body is cut off at byte %u (line %u, column %u): %s", error->offset,
                       error->line, error->column, error->message);
    else if (error->present)
        ms_add_finding(document, MS_RULE_NOT_WELL_FORMED, MS_NO_RESPONSE, place,
                       "Not well-formed at byte %u (line %u, column %u): %s", error->offset,
                       error->line, error->column, error->message);
    if (notes->namespace_errors > 0)
        ms_add_finding(document, MS_RULE_NAMESPACE_ERROR, MS_NO_RESPONSE, notes->namespace_span,
                       "%s (%u such %s in the body)", notes->namespace_example,
                       notes->namespace_errors, notes->namespace_errors == 1 ? "name" : "names");
    if (notes->limit)
        ms_add_finding(document, MS_RULE_LIMIT, MS_NO_RESPONSE, notes->limit_span,
                       "The limit for %s was reached; what comes after it is left out",
                       notes->limit);
}

static void find_in_root(ms_document *document, const ms_notes *notes, const ms_context *context)
{
    if (document->root == MS_ROOT_OTHER)
        ms_add_finding(document, MS_RULE_OTHER_ROOT, MS_NO_RESPONSE, document->span,
                       "The root element is %s, not a multistatus", document->root_name);
    if (notes->wrong_namespace)
        ms_add_finding(document, MS_RULE_WRONG_NAMESPACE, MS_NO_RESPONSE, document->span,
                       "The root element is %s, not {DAV:}multistatus; it is read as if it were",
                       document->root_name);
    if (document->root == MS_ROOT_MULTISTATUS && context->http_status != 0 &&
        context->http_status != 207)
        ms_add_finding(document, MS_RULE_OTHER_STATUS, MS_NO_RESPONSE, document->span,
                       "A Multi-Status body under HTTP status %d", context->http_status);
    if (notes->orphan_propstats > 0) {
        const char *more =
            notes->orphan_status >= 400 ? "; it holds a failure that belongs to no resource" : "";

        ms_add_finding(document, MS_RULE_ORPHAN_PROPSTAT, MS_NO_RESPONSE, notes->orphan_span,
                       "%u propstat directly under multistatus, without a response%s",
                       notes->orphan_propstats, more);
    }
}

static void find_bad_status(ms_document *document, uint32_t index, const ms_status *status)
{
    if (status->code == MS_STATUS_NONE || ms_status_valid(status->code))
        return;
    ms_add_finding(document, MS_RULE_BAD_STATUS_LINE, index, status->span,
                   "%s: \"%s\" is not an HTTP status line",
                   name_of(document, &document->responses[index]), status->line);
}

static void find_in_response(ms_document *document, uint32_t index)
{
    const ms_response *response = &document->responses[index];
    const char *name = name_of(document, response);

    if (!response->complete)
        return; /* what is missing from it is what the body's end took away */
    if (response->hrefs.count == 0 && document->root == MS_ROOT_MULTISTATUS)
        ms_add_finding(document, MS_RULE_NO_HREF, index, response->span, "Response %u has no href",
                       index + 1);
    if (response->status.code == MS_STATUS_NONE && response->propstats.count == 0)
        ms_add_finding(document, MS_RULE_NO_STATUS, index, response->span,
                       "%s: neither status nor propstat", name);
    if (response->status.code != MS_STATUS_NONE && response->propstats.count > 0)
        ms_add_finding(document, MS_RULE_STATUS_AND_PROPSTAT, index, response->span,
                       "%s: both status and propstat", name);
    find_bad_status(document, index, &response->status);
    for (uint32_t i = 0; i < response->propstats.count; i++) {
        const ms_propstat *propstat = &document->propstats[response->propstats.first + i];

        find_bad_status(document, index, &propstat->status);
        if (propstat->status.code == MS_STATUS_NONE)
            ms_add_finding(document, MS_RULE_PROPSTAT_STATUS, index, propstat->span,
                           "%s: a propstat without status", name);
        if (!propstat->has_prop)
            ms_add_finding(document, MS_RULE_PROPSTAT_PROP, index, propstat->span,
                           "%s: a propstat without prop", name);
    }
}

static void find_in_outcomes(ms_document *document)
{
    if (document->failed > 0) {
        char *summary = ms_summary(document);

        ms_add_finding(document, MS_RULE_FAILURES, MS_NO_RESPONSE, document->span, "%s", summary);
        g_free(summary);
    }
}

/* Is there a failure other than 424, in a status or in a propstat? */
static bool has_root_cause(const ms_document *document)
{
    if (document->failed > 0)
        return true;
    for (uint32_t i = 0; i < document->n_propstats; i++) {
        if (ms_outcome_is_failure(document->propstats[i].outcome))
            return true;
    }
    return false;
}

void ms_apply_rules(ms_document *document, const ms_notes *notes, const ms_context *context)
{
    find_in_body(document, notes, context);
    find_in_root(document, notes, context);
    for (uint32_t i = 0; i < document->n_responses; i++)
        find_in_response(document, i);
    find_in_outcomes(document);
    if (document->outcomes[MS_COLLATERAL] > 0 && !has_root_cause(document))
        ms_add_finding(document, MS_RULE_NO_ROOT_CAUSE, MS_NO_RESPONSE, document->span,
                       "424 (failed dependency) without any other failure in the body: the cause "
                       "is not there");
}
