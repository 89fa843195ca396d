/* multistatus.c
 * The decoder's entry points.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "multistatus.h"

#include <string.h>

#include "judge.h"
#include "names.h"
#include "parse.h"
#include "rules.h"
#include "status.h"
#include "store.h"

/* A root element behind a declaration, comments and a stylesheet is well within this. */
#define SNIFF_WINDOW 4096

static const char *const root_names[] = {"multistatus", "mkcol-response", "mkcalendar-response"};

bool ms_sniff(const void *body, size_t length)
{
    char text[SNIFF_WINDOW];
    const char *bytes = body;
    size_t n = 0;
    bool markup = false;

    /* UTF-16 is ASCII with a NUL beside each letter. */
    for (size_t i = 0; i < length && i < 2 * sizeof text && n < sizeof text; i++) {
        if (bytes[i] != '\0')
            text[n++] = bytes[i];
        markup = markup || bytes[i] == '<';
    }
    if (!markup)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(root_names); i++) {
        if (g_strstr_len(text, (gssize)n, root_names[i]))
            return true;
    }
    return false;
}

static ms_document *new_document(const ms_context *context)
{
    ms_document *document = g_new0(ms_document, 1);

    document->store = ms_store_new();
    document->encoding = "UTF-8";
    document->exact_spans = true;
    document->complete = !context->incomplete;
    return document;
}

/* Why a body that is not Multi-Status at all cannot be judged, NULL if it can or is broken XML. */
static const char *foreign(const ms_document *document, const ms_encoded *encoded)
{
    size_t at = 0;

    if (document->root == MS_ROOT_OTHER && !document->error.present) {
        char *reason =
            g_strdup_printf("the root element is %s, not multistatus", document->root_name);
        const char *kept = ms_store_text(document->store, reason, strlen(reason));

        g_free(reason);
        return kept;
    }
    if (document->root != MS_ROOT_NONE || (encoded->length == 0 && encoded->partial))
        return NULL;
    while (at < encoded->length && g_ascii_isspace(encoded->text[at]))
        at++;
    if (at == encoded->length)
        return "the body is empty";
    return encoded->text[at] == '{' || encoded->text[at] == '[' ? "the body is JSON, not XML"
                                                                : NULL;
}

ms_document *ms_decode(const void *body, size_t length, const ms_context *context)
{
    ms_document *document = new_document(context);
    ms_notes notes = {0};
    ms_encoded encoded;

    if (length > MS_LIMIT_BODY) {
        length = MS_LIMIT_BODY;
        notes.limit = "the size of a body";
        notes.limit_span = (ms_span){MS_LIMIT_BODY, 0};
        notes.stopped = true;
    }
    ms_encoded_init(&encoded, length > 0 ? body : "", length, context->content_type);
    document->encoding = ms_store_text(document->store, encoded.name, strlen(encoded.name));
    document->exact_spans = encoded.exact;
    document->span = (ms_span){0, (uint32_t)length};

    ms_parse(document, &notes, &encoded, context);
    document->undecoded = foreign(document, &encoded);
    if (document->undecoded)
        document->error = (ms_syntax_error){0};
    ms_judge(document, context, notes.stopped);
    ms_apply_rules(document, &notes, context);

    ms_encoded_clear(&encoded);
    ms_notes_clear(&notes);
    return document;
}

ms_document *ms_undecoded(const char *reason, const ms_context *context)
{
    ms_document *document = new_document(context);

    document->undecoded = ms_store_text(document->store, reason, strlen(reason));
    document->verdict = MS_UNDECODED;
    ms_apply_header_rules(document, context);
    return document;
}

void ms_document_free(ms_document *document)
{
    if (!document)
        return;
    ms_store_free(document->store);
    g_free(document);
}

bool ms_has_multistatus_root(const void *body, size_t length, const ms_context *context)
{
    char *name = ms_root_name(body, length, context->content_type);
    bool has = name && (strcmp(name, MS_DAV("multistatus")) == 0 ||
                        strcmp(name, MS_DAV("mkcol-response")) == 0 ||
                        strcmp(name, "{" MS_NS_CALDAV "}mkcalendar-response") == 0);

    g_free(name);
    return has;
}

/* ---- names ---- */

const char *ms_outcome_name(ms_outcome outcome)
{
    static const char *const names[MS_OUTCOMES] = {
        [MS_OK] = "ok",
        [MS_PLACEHOLDER] = "placeholder",
        [MS_DUPLICATE] = "duplicate",
        [MS_ABSENT] = "absent",
        [MS_REDIRECT] = "redirect",
        [MS_REMOVED] = "removed",
        [MS_NOT_TRAVERSED] = "not-traversed",
        [MS_TRUNCATED] = "truncated",
        [MS_UNKNOWN] = "unknown",
        [MS_COLLATERAL] = "collateral",
        [MS_MISSING] = "missing",
        [MS_FAILED] = "failed",
    };

    return names[outcome];
}

const char *ms_verdict_name(ms_verdict verdict)
{
    static const char *const names[MS_VERDICTS] = {
        [MS_SUCCESS] = "success",     [MS_BENIGN] = "benign", [MS_PARTIAL] = "partial",
        [MS_FAILURE] = "failure",     [MS_EMPTY] = "empty",   [MS_MALFORMED] = "malformed",
        [MS_UNDECODED] = "undecoded",
    };

    return names[verdict];
}

const char *ms_severity_name(ms_severity severity)
{
    static const char *const names[] = {
        [MS_CHAT] = "chat", [MS_NOTE] = "note", [MS_WARN] = "warn", [MS_ERROR] = "error"};

    return names[severity];
}

bool ms_outcome_is_failure(ms_outcome outcome)
{
    return outcome == MS_FAILED || outcome == MS_MISSING;
}

/* ---- summary ---- */

#define CODES 600

/* "423 Locked: 2, 403 Forbidden: 1", the most frequent first. */
static void append_codes(GString *line, const ms_document *document)
{
    unsigned counts[CODES] = {0};
    const char *separator = "";

    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];

        if (ms_outcome_is_failure(response->outcome) && response->code >= 0 &&
            response->code < CODES)
            counts[response->code]++;
    }
    for (;;) {
        int best = 0;

        for (int code = 1; code < CODES; code++) {
            if (counts[code] > counts[best])
                best = code;
        }
        if (counts[best] == 0)
            return;
        const char *reason = ms_status_reason(best);

        g_string_append_printf(line, "%s%d%s%s: %u", separator, best, reason ? " " : "",
                               reason ? reason : "", counts[best]);
        counts[best] = 0;
        separator = ", ";
    }
}

static void append_outcomes(GString *line, const ms_document *document)
{
    const char *separator = ": ";

    for (int outcome = MS_OK; outcome < MS_OUTCOMES; outcome++) {
        if (document->outcomes[outcome] > 0) {
            g_string_append_printf(line, "%s%u %s", separator, document->outcomes[outcome],
                                   ms_outcome_name((ms_outcome)outcome));
            separator = ", ";
        }
    }
}

static void append_rows(GString *line, const ms_document *document)
{
    uint32_t collateral = document->outcomes[MS_COLLATERAL],
             unknown = document->outcomes[MS_UNKNOWN];
    uint32_t n = document->n_responses;

    if (n == 0) {
        g_string_append(line, "no resources");
    } else if (document->failed > 0) {
        g_string_append_printf(line, "%u of %u failed (", document->failed, n);
        append_codes(line, document);
        g_string_append_c(line, ')');
        if (collateral > 0)
            g_string_append_printf(line, ", %u more only because of that (424)", collateral);
        if (unknown > 0)
            g_string_append_printf(line, ", %u without a readable status", unknown);
    } else if (document->outcomes[MS_OK] == n) {
        g_string_append_printf(line, "%u %s ok", n, n == 1 ? "resource" : "resources, all");
    } else {
        g_string_append_printf(line, "%u %s", n, n == 1 ? "resource" : "resources");
        append_outcomes(line, document);
    }
}

char *ms_summary(const ms_document *document)
{
    GString *line = g_string_new(NULL);

    if (document->undecoded) {
        g_string_append_printf(line, "not decoded: %s", document->undecoded);
    } else {
        append_rows(line, document);
        if (document->error.present)
            g_string_append_printf(line, "; %s at byte %u",
                                   document->error.cut ? "cut off" : "not well-formed",
                                   document->error.offset);
    }
    return g_string_free(line, FALSE);
}
