/* judge.c
 * Outcomes and verdict.
 *
 * What a status code means depends on the method: 404 is the normal answer for a property that does
 * not exist (RFC 4918 section 9.1.2), tells a sync client what to delete (RFC 6578 section 3.5.1),
 * and is a failure in a multiget (RFC 4791 section 7.9).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "judge.h"

#include <string.h>

#include "cause.h"
#include "href.h"
#include "methods.h"
#include "names.h"
#include "status.h"

typedef struct {
    const ms_method *method;
    const ms_context *context;
    bool sync; /* the answer to a sync-collection report */
} situation;

/* Without the request, a sync-token in the body tells (RFC 6578 section 6.4). */
static bool is_sync(const ms_document *document, const ms_context *context)
{
    if (context->report)
        return strcmp(context->report, MS_DAV("sync-collection")) == 0;
    return document->sync_token.text &&
           (!context->method || strcmp(context->method, "REPORT") == 0);
}

static bool has_condition(const ms_document *document, ms_range range, const char *name)
{
    for (uint32_t i = range.first; i < range.first + range.count; i = document->conditions[i].end) {
        if (strcmp(document->conditions[i].name, name) == 0)
            return true;
    }
    return false;
}

static bool is_request_uri(const ms_document *document, const ms_response *response,
                           const ms_context *context)
{
    for (uint32_t i = 0; context->uri && i < response->hrefs.count; i++) {
        if (ms_href_same(document->targets[response->hrefs.first + i].text, context->uri))
            return true;
    }
    return false;
}

/* RFC 6578 section 3.6 and RFC 6352 section 8.6.2 put the 507 on the Request-URI, with this
 * condition. It means nothing else, whatever a proxy did to the href: a full disk has other
 * conditions (RFC 4331 section 6). */
static bool is_truncation(const ms_document *document, const ms_response *response,
                          ms_range conditions, int code, const situation *s)
{
    if (code == 507 && ms_method_has(s->method, MS_METHOD_TRUNCATES))
        return has_condition(document, conditions, MS_DAV("number-of-matches-within-limits")) ||
               (is_request_uri(document, response, s->context) &&
                !has_condition(document, conditions, MS_DAV("quota-not-exceeded")) &&
                !has_condition(document, conditions, MS_DAV("sufficient-disk-space")));
    return code == 425 && ms_method_has(s->method, MS_METHOD_OLD_TRUNCATION) &&
           is_request_uri(document, response, s->context);
}

/* RFC 6578 section 3.5.2 says 404; 410 says the same about something that once existed. */
static bool is_removal(int code, const situation *s)
{
    return s->sync && (code == 404 || code == 410);
}

/* What every existing member has: RFC 4791 section 5.3.4, RFC 6352 section 6.3.2.3. A collection
 * may have no getetag. */
static bool lacks_etag(const ms_document *document, const ms_response *response,
                       const ms_propstat *propstat)
{
    uint32_t end = propstat->properties.first + propstat->properties.count;
    const char *href =
        response->hrefs.count > 0 ? document->hrefs[response->hrefs.first].text : "/";

    if (g_str_has_suffix(href, "/"))
        return false;
    for (uint32_t i = propstat->properties.first; i < end; i = document->properties[i].end) {
        if (strcmp(document->properties[i].name, MS_DAV("getetag")) == 0)
            return true;
    }
    return false;
}

/* What a status code says by itself. */
static ms_outcome outcome_of_code(int code)
{
    if (!ms_status_valid(code) || code < 200)
        return MS_UNKNOWN;
    if (code == 208)
        return MS_DUPLICATE;
    if (code < 300)
        return MS_OK;
    if (code < 400)
        return MS_REDIRECT;
    return code == 424 ? MS_COLLATERAL : MS_FAILED;
}

/* The only row of an answer to sync-collection without the token that each of them carries (RFC
 * 6578 section 6.4) is not a row of a list, but says what became of the report. */
static bool is_refusal(const ms_document *document)
{
    return document->n_responses == 1 && document->complete && !document->sync_token.text;
}

/* Only sync-collection goes into collections below, and reports those where it does not
 * (RFC 6578 section 3.3). Everywhere else, and of the Request-URI, supported-report says that the
 * whole report was refused (RFC 3253 section 3.6). */
static bool is_not_traversed(const ms_document *document, const ms_response *response, int code,
                             const situation *s)
{
    if (code != 403 || !ms_method_has(s->method, MS_METHOD_TRUNCATES) ||
        is_request_uri(document, response, s->context))
        return false;
    return has_condition(document, response->conditions, MS_DAV("sync-traversal-supported")) ||
           (s->sync && !is_refusal(document) &&
            has_condition(document, response->conditions, MS_DAV("supported-report")));
}

static ms_outcome judge_status(const ms_document *document, const ms_response *response,
                               const situation *s)
{
    int code = response->status.code;

    if (is_removal(code, s))
        return MS_REMOVED;
    if (code == 404)
        return MS_MISSING;
    if (is_truncation(document, response, response->conditions, code, s))
        return MS_TRUNCATED;
    if (is_not_traversed(document, response, code, s))
        return MS_NOT_TRAVERSED;
    /* The condition that says which of both it is may be cut off. */
    if (code == 507 && !response->complete && ms_method_has(s->method, MS_METHOD_TRUNCATES))
        return MS_UNKNOWN;
    return outcome_of_code(code);
}

/* Besides a group that names properties, or may do so where a response is cut off, one that names
 * none and gives no reason says nothing: servers with a fixed set of groups send those. */
static bool says_nothing(const ms_propstat *propstat, bool others_name)
{
    return others_name && propstat->properties.count == 0 && propstat->conditions.count == 0 &&
           !propstat->description.text;
}

static bool names_any(const ms_document *document, const ms_response *response)
{
    for (uint32_t i = 0; i < response->propstats.count; i++) {
        if (document->propstats[response->propstats.first + i].properties.count > 0)
            return true;
    }
    return false;
}

static ms_outcome judge_propstat(const ms_document *document, const ms_propstat *propstat,
                                 const ms_response *response, bool others_name, const situation *s)
{
    int code = propstat->status.code;
    bool alone = propstat->properties.count == 0 && response->propstats.count == 1;

    if (code == 418)
        return MS_PLACEHOLDER;
    if (is_truncation(document, response, propstat->conditions, code, s) &&
        propstat->properties.count == 0)
        return MS_TRUNCATED;
    if (is_removal(code, s) && response->propstats.count == 1 &&
        response->status.code == MS_STATUS_NONE &&
        (alone || lacks_etag(document, response, propstat)))
        return MS_REMOVED;
    /* nginx answers a PROPFIND for a missing file this way: it is the resource that is not found.
     */
    if (code == 404 && ms_method_has(s->method, MS_METHOD_RETRIEVES))
        return alone ? MS_MISSING : MS_ABSENT;
    ms_outcome outcome = outcome_of_code(code);
    bool may_name = others_name || (outcome > MS_UNKNOWN && !response->complete);

    return outcome >= MS_UNKNOWN && says_nothing(propstat, may_name) ? MS_PLACEHOLDER : outcome;
}

/* These say nothing about a resource that has something else to say. */
static bool gives_way(ms_outcome outcome)
{
    return outcome == MS_ABSENT || outcome == MS_PLACEHOLDER || outcome == MS_DUPLICATE;
}

/* One that is cut off may have had more to say. */
static bool is_open(const ms_response *response, ms_outcome outcome)
{
    return !response->complete && outcome < MS_UNKNOWN;
}

static void judge_response(ms_document *document, ms_response *response, const situation *s)
{
    bool any = false, named = names_any(document, response);
    ms_outcome gravest = MS_OK;
    int code = MS_STATUS_NONE, ok_code = MS_STATUS_NONE;

    if (response->status.code != MS_STATUS_NONE) {
        gravest = judge_status(document, response, s);
        code = response->status.code;
        if (gravest == MS_OK)
            ok_code = code;
        any = true;
    }
    for (uint32_t i = 0; i < response->propstats.count; i++) {
        ms_propstat *propstat = &document->propstats[response->propstats.first + i];

        propstat->outcome = judge_propstat(document, propstat, response, named, s);
        if (propstat->outcome == MS_OK)
            ok_code = propstat->status.code;
        if (!any || propstat->outcome > gravest) {
            gravest = propstat->outcome;
            code = propstat->status.code;
        }
        any = true;
    }
    if (!any)
        gravest = MS_UNKNOWN;
    if (ok_code != MS_STATUS_NONE && gives_way(gravest)) {
        gravest = MS_OK;
        code = ok_code;
    }
    gravest = is_open(response, gravest) ? MS_UNKNOWN : gravest;
    response->outcome = gravest;
    response->code = code;
}

/* ---- JSON ---- */

static ms_outcome outcome_of_said(ms_said said)
{
    static const ms_outcome outcomes[] = {
        [MS_SAID_NOTHING] = MS_UNKNOWN,       [MS_SAID_OK] = MS_OK,
        [MS_SAID_GONE] = MS_REMOVED,          [MS_SAID_UNREADABLE] = MS_UNKNOWN,
        [MS_SAID_COLLATERAL] = MS_COLLATERAL, [MS_SAID_FAILED] = MS_FAILED,
    };

    return outcomes[said];
}

/* A number counts as it is, unless it claims success and something else in the row does not. */
static ms_outcome judge_row_status(const ms_status *status)
{
    ms_outcome by_word = outcome_of_said(status->said);

    if (status->code < 0 || status->said == MS_SAID_GONE)
        return by_word;
    ms_outcome by_code = status->code == 404 ? MS_MISSING : outcome_of_code(status->code);
    bool claims = by_code < MS_COLLATERAL && status->said >= MS_SAID_COLLATERAL;

    return claims ? by_word : by_code;
}

void ms_judge_row(ms_response *response)
{
    response->outcome = judge_row_status(&response->status);
    response->code = response->status.code;
    if (is_open(response, response->outcome))
        response->outcome = MS_UNKNOWN;
}

/* A resource that failed because of one property may have given others. */
static bool any_propstat_ok(const ms_document *document)
{
    for (uint32_t i = 0; i < document->n_propstats; i++) {
        if (document->propstats[i].outcome == MS_OK && document->propstats[i].properties.count > 0)
            return true;
    }
    return false;
}

/* Rows without a readable status carry no weight either way: only what says so has failed
 * (docs/outcomes.md). The verdicts partial and failure require that something failed. */
static ms_verdict judge_rows(const ms_document *document, const situation *s)
{
    uint32_t ok = document->outcomes[MS_OK];
    uint32_t bad = document->failed + document->outcomes[MS_COLLATERAL];

    if (document->n_responses == 0)
        return document->rest_done ? MS_SUCCESS : MS_EMPTY;
    if (document->outcomes[MS_UNKNOWN] == document->n_responses)
        return MS_UNDECODED;
    if (bad == 0)
        return ok == document->n_responses ? MS_SUCCESS : MS_BENIGN;
    if (s->method->weight == MS_SINGLE || s->context->http_status >= 400)
        return MS_FAILURE;
    if (s->method->weight == MS_TREE)
        return MS_PARTIAL;
    return ok > 0 || document->rest_done || any_propstat_ok(document) ? MS_PARTIAL : MS_FAILURE;
}

static ms_verdict judge_document(const ms_document *document, const situation *s, bool stopped)
{
    if (document->undecoded)
        return MS_UNDECODED;
    if (document->error.present || stopped || document->root == MS_ROOT_NONE)
        return MS_MALFORMED;
    return judge_rows(document, s);
}

void ms_judge(ms_document *document, const ms_context *context, bool stopped)
{
    bool batch = document->batch || document->format == MS_FORMAT_JSON ||
                 document->format == MS_FORMAT_MULTIPART;
    /* A batch lists what became of each row, whatever its method. */
    situation s = {ms_method_find(batch ? NULL : context->method), context,
                   is_sync(document, context)};

    for (uint32_t i = 0; i < document->n_responses; i++) {
        document->responses[i].cause = MS_NO_CAUSE;
        document->responses[i].caused = 0;
        if (document->format == MS_FORMAT_JSON || document->root == MS_ROOT_BATCH)
            ms_judge_row(&document->responses[i]);
        else if (document->format !=
                 MS_FORMAT_MULTIPART) /* whose rows are judged, each on its own */
            judge_response(document, &document->responses[i], &s);
        document->outcomes[document->responses[i].outcome]++;
    }
    document->failed = document->outcomes[MS_FAILED] + document->outcomes[MS_MISSING];
    document->verdict = judge_document(document, &s, stopped);
    ms_find_causes(document, s.method->weight == MS_SINGLE,
                   document->complete && !document->error.present && !stopped);
}
