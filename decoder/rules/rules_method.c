/* rules_method.c
 * Rules about what the statuses of a body say together, method by method (M1 to M10, M12, M19,
 * M24).
 *
 * RFC 4918 sections 9 and 13, RFC 4791 section 5.3.1.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "rules_find.h"

#include "names.h"
#include "rules_path.h"
#include "status.h"
#include "summary.h"

/* Properties that a message names. */
#define SHOWN_PROPERTIES 3

/* ---- failures and their cause (M1, M2, M6) ---- */

static void find_failures(ms_finder *finder)
{
    if (finder->document->failed == 0 || finder->document->noted)
        return;
    char *summary = ms_summary(finder->document);

    ms_rules_found(finder, MS_RULE_FAILURES, MS_NO_RESPONSE, finder->document->span, "%s", summary);
    g_free(summary);
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

static void find_root_cause(ms_finder *finder)
{
    const ms_document *document = finder->document;

    if (finder->whole && document->outcomes[MS_COLLATERAL] > 0 && !has_root_cause(document))
        ms_rules_found(finder, MS_RULE_NO_ROOT_CAUSE, MS_NO_RESPONSE, document->span,
                       "%s without any other failure in the body: the cause is not there",
                       document->format != MS_FORMAT_XML
                           ? "Rows that failed only because of others,"
                           : "424 (failed dependency)");
}

/* ---- DELETE, COPY, MOVE (M3 to M5, M19) ---- */

static bool is_success(int code)
{
    return code >= 200 && code < 300;
}

/* Is this kind of success redundant here? */
static bool is_needless(bool deletes, int code)
{
    if (deletes)
        return code == 200 || code == 204;
    return code == 201 || code == 204;
}

static void find_in_tree_row(ms_finder *finder, uint32_t index, bool deletes)
{
    const ms_response *response = &finder->document->responses[index];

    if (response->outcome == MS_COLLATERAL)
        ms_rules_found(finder, MS_RULE_NEEDLESS_424, index, response->span,
                       "%s: 424, but the answer to %s should list causes only",
                       ms_rules_name(finder, index), finder->context->method);
    else if (finder->is_207 && is_needless(deletes, response->code))
        ms_rules_found(finder, MS_RULE_NEEDLESS_SUCCESS, index, response->span,
                       "%s: %d, but the answer to %s should list failures only",
                       ms_rules_name(finder, index), response->code, finder->context->method);
}

/* Is the href in the tree, or a collection above it, whose lock or mode may be the cause? */
static bool is_of_tree(const char *href, const char *tree)
{
    return ms_path_below(href, tree) || ms_path_below(tree, href);
}

static void find_foreign_failure(ms_finder *finder, uint32_t index)
{
    const ms_document *document = finder->document;
    const ms_context *context = finder->context;
    const ms_response *response = &document->responses[index];

    if (!ms_outcome_is_failure(response->outcome) || response->hrefs.count == 0)
        return;
    const ms_text *href = &document->hrefs[response->hrefs.first];
    const char *target = document->targets[response->hrefs.first].text;

    if (*target && !is_of_tree(target, context->uri) && !is_of_tree(target, context->destination))
        ms_rules_found(finder, MS_RULE_FOREIGN_FAILURE, index, href->span,
                       "%s is neither in the source %s nor in the destination %s",
                       ms_rules_shown(finder, href->text), ms_rules_shown(finder, context->uri),
                       ms_rules_shown(finder, context->destination));
}

static void find_in_tree(ms_finder *finder)
{
    const ms_document *document = finder->document;
    const ms_context *context = finder->context;
    uint32_t successes = 0; /* before the first row that is not one */

    if (!ms_rules_method(finder, " DELETE COPY MOVE "))
        return;
    while (successes < document->n_responses && is_success(document->responses[successes].code))
        successes++;
    if (finder->is_207 && finder->whole && successes > 0 && successes == document->n_responses) {
        ms_rules_found(finder, MS_RULE_NEEDLESS_207, MS_NO_RESPONSE, document->span,
                       "%s succeeded throughout, but is answered with 207: Windows takes it for a "
                       "failure",
                       context->method);
        return;
    }
    bool deletes = ms_rules_method(finder, " DELETE ");

    for (uint32_t i = 0; i < document->n_responses; i++) {
        find_in_tree_row(finder, i, deletes);
        if (!deletes && context->uri && context->destination)
            find_foreign_failure(finder, i);
    }
}

/* ---- LOCK (M6) ---- */

static bool lists_request_uri(const ms_finder *finder)
{
    const ms_document *document = finder->document;

    for (uint32_t i = 0; i < document->n_hrefs; i++) {
        if (ms_path_same(document->targets[i].text, finder->context->uri))
            return true;
    }
    return false;
}

static void find_in_lock(ms_finder *finder)
{
    if (ms_rules_method(finder, " LOCK ") && finder->is_207 && finder->whole &&
        finder->context->uri && finder->document->failed > 0 && !lists_request_uri(finder))
        ms_rules_found(finder, MS_RULE_LOCK_REQUEST_URI, MS_NO_RESPONSE, finder->document->span,
                       "The answer to the LOCK of %s does not list that resource with 424",
                       ms_rules_shown(finder, finder->context->uri));
}

/* ---- PROPPATCH, MKCOL, MKCALENDAR (M7, M9, M10) ---- */

/* "displayname, C:calendar-timezone and 2 more". The caller frees it with g_free(). */
static char *list_properties(const ms_finder *finder, const ms_propstat *propstat)
{
    const ms_element *properties = finder->document->properties;
    uint32_t end = propstat->properties.first + propstat->properties.count;
    GString *names = g_string_new(NULL);
    uint32_t count = 0;

    for (uint32_t i = propstat->properties.first; i < end; i = properties[i].end) {
        if (count++ < SHOWN_PROPERTIES)
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                                   ms_rules_shown_name(finder, properties[i].name));
    }
    if (count > SHOWN_PROPERTIES)
        g_string_append_printf(names, " and %u more", count - SHOWN_PROPERTIES);
    return g_string_free(names, FALSE);
}

static uint32_t count_properties(const ms_finder *finder, const ms_propstat *propstat)
{
    uint32_t end = propstat->properties.first + propstat->properties.count, count = 0;

    for (uint32_t i = propstat->properties.first; i < end; i = finder->document->properties[i].end)
        count++;
    return count;
}

static void report_refused(ms_finder *finder, uint32_t index, const ms_propstat *propstat,
                           uint32_t collateral)
{
    const char *reason = ms_status_reason(propstat->status.code);
    char *names = list_properties(finder, propstat);
    char *others = g_strdup_printf("; because of that, %u other%s not set either (424)", collateral,
                                   collateral == 1 ? " was" : "s were");

    ms_rules_found(finder, MS_RULE_REFUSED_PROPERTY, index, propstat->span,
                   "%s: %s refused with %d%s%s%s", ms_rules_name(finder, index),
                   *names ? names : "an unnamed property", propstat->status.code, reason ? " " : "",
                   reason ? reason : "", collateral > 0 ? others : "");
    g_free(others);
    g_free(names);
}

static void find_in_property_groups(ms_finder *finder, uint32_t index)
{
    const ms_document *document = finder->document;
    const ms_response *response = &document->responses[index];
    const ms_propstat *first = document->propstats + response->propstats.first;
    const ms_propstat *done = NULL, *failed = NULL;
    uint32_t collateral = 0;

    for (const ms_propstat *p = first; p < first + response->propstats.count; p++) {
        if (p->outcome == MS_OK && p->properties.count > 0)
            done = p;
        else if (ms_outcome_is_failure(p->outcome))
            failed = p;
        else if (p->outcome == MS_COLLATERAL)
            collateral += count_properties(finder, p);
    }
    for (const ms_propstat *p = first; failed && p < first + response->propstats.count; p++) {
        if (ms_outcome_is_failure(p->outcome))
            report_refused(finder, index, p, collateral);
    }
    if (done && (failed || collateral > 0) && ms_rules_method(finder, " PROPPATCH "))
        ms_rules_found(finder, MS_RULE_NOT_ATOMIC, index, response->span,
                       "%s: some properties were set and others failed; a PROPPATCH is all or "
                       "nothing",
                       ms_rules_name(finder, index));
}

/* Exchange answers the creation of a search folder with 207 and 201 in it. */
static bool was_created(const ms_document *document)
{
    for (uint32_t i = 0; i < document->n_responses; i++) {
        if (document->responses[i].status.code == 201)
            return true;
    }
    return false;
}

/* There is exactly one response, and it is about the Request-URI (RFC 4918 section 9.2). */
static void find_other_resource(ms_finder *finder, uint32_t index)
{
    const ms_document *document = finder->document;
    ms_range hrefs = document->responses[index].hrefs;
    const char *uri = finder->context->uri;

    if (hrefs.count == 0 || !uri)
        return;
    const ms_text *href = &document->hrefs[hrefs.first];

    if ((*href->text == '/' || ms_path_is_absolute_uri(href->text)) &&
        !ms_path_same(href->text, uri) && !ms_rules_is_subversion(href->text))
        ms_rules_found(finder, MS_RULE_PROPPATCH_OTHER, index, href->span,
                       "%s: the PROPPATCH was about %s", ms_rules_shown(finder, href->text),
                       ms_rules_shown(finder, uri));
}

static void find_in_property_update(ms_finder *finder)
{
    const ms_document *document = finder->document;

    for (uint32_t i = 0; ms_rules_method(finder, " PROPPATCH ") && i < document->n_responses; i++)
        find_other_resource(finder, i);

    if (ms_rules_method(finder, " PROPPATCH MKCOL MKCALENDAR ")) {
        for (uint32_t i = 0; i < document->n_responses; i++)
            find_in_property_groups(finder, i);
    }
    if (ms_rules_method(finder, " MKCOL MKCALENDAR ") && finder->context->http_status == 207 &&
        (document->complete || document->outcomes[MS_FAILED] > 0) && !was_created(document))
        ms_rules_found(finder, MS_RULE_NOT_CREATED, MS_NO_RESPONSE, document->span,
                       document->verdict <= MS_BENIGN
                           ? "207 to %s, which means that the collection was not created, but no "
                             "status in it says why: clients may take it for either"
                           : "207 to %s means that the collection was not created",
                       finder->context->method);
}

/* ---- PROPFIND (M12) ---- */

static void find_missing(ms_finder *finder)
{
    const ms_document *document = finder->document;
    const ms_context *context = finder->context;

    if (!ms_rules_method(finder, " PROPFIND ") || !finder->is_207 || !finder->whole ||
        document->n_responses != 1 || document->responses[0].outcome != MS_MISSING)
        return;
    if (context->uri && !lists_request_uri(finder))
        return;
    ms_rules_found(finder, MS_RULE_MISSING_AS_207, 0, document->responses[0].span,
                   "%s does not exist: the server should have answered with 404. Many clients take "
                   "the 207 as proof that it does",
                   ms_rules_name(finder, 0));
}

void ms_find_in_outcomes(ms_finder *finder)
{
    find_failures(finder);
    find_root_cause(finder);
    if (finder->document->format != MS_FORMAT_XML)
        return;
    find_in_tree(finder);
    find_in_lock(finder);
    find_in_property_update(finder);
    find_missing(finder);
}
