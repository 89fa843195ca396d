/* multistatus.c
 * The decoder's entry points.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "multistatus.h"

#include <string.h>

#include "json.h"
#include "judge.h"
#include "limit_table.h"
#include "multipart.h"
#include "names.h"
#include "parse.h"
#include "rules.h"
#include "status.h"
#include "store.h"

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
    return at == encoded->length ? "the body is empty" : NULL;
}

static ms_document *decode(const void *body, size_t length, const ms_context *context,
                           bool with_parts);

/* A part of a multipart body. */
static ms_document *decode_part(const void *body, size_t length, const ms_context *context)
{
    return decode(body, length, context, false);
}

ms_document *ms_decode(const void *body, size_t length, const ms_context *context)
{
    return decode(body, length, context, true);
}

static ms_document *decode(const void *body, size_t length, const ms_context *context,
                           bool with_parts)
{
    ms_document *document = new_document(context);
    ms_notes notes = {0};
    ms_encoded encoded;

    notes.limits = ms_limits_in_force(context->limits);
    if (length > notes.limits.of[MS_MAX_BODY]) {
        length = notes.limits.of[MS_MAX_BODY];
        notes.limit = &ms_limit_table[MS_MAX_BODY];
        notes.limit_span = (ms_span){(uint32_t)length, 0};
        notes.stopped = true;
    }
    ms_encoded_init(&encoded, length > 0 ? body : "", length, context->content_type);
    document->encoding = ms_store_text(document->store, encoded.name, strlen(encoded.name));
    document->exact_spans = encoded.exact;
    document->span = (ms_span){0, (uint32_t)length};

    if (with_parts && length > 0 && ms_multipart_suits(context->content_type)) {
        ms_multipart_parse(document, &notes, body, length, context, decode_part);
    } else if (ms_json_suits(&encoded, context->content_type)) {
        ms_json_parse(document, &notes, &encoded);
    } else {
        document->format = MS_FORMAT_XML;
        ms_parse(document, &notes, &encoded, context);
        document->undecoded = foreign(document, &encoded);
    }
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

const char *ms_format_name(ms_format format)
{
    static const char *const names[] = {
        [MS_FORMAT_NONE] = NULL,
        [MS_FORMAT_XML] = "xml",
        [MS_FORMAT_JSON] = "json",
        [MS_FORMAT_MULTIPART] = "multipart",
    };

    return names[format];
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

/* What is said of a failure in a summary: "423 Locked", or the server's own word. */
typedef struct {
    int code;
    const char *reason; /* where there is no code */
    unsigned count;
} failure_count;

static gint compare_counts(gconstpointer a, gconstpointer b)
{
    const failure_count *left = a, *right = b;

    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    if (left->code != right->code)
        return left->code < right->code ? -1 : 1;
    return g_strcmp0(left->reason, right->reason);
}

static guint hash_failure(gconstpointer key)
{
    const failure_count *of = key;

    return of->reason ? g_str_hash(of->reason) : (guint)of->code;
}

static gboolean same_failure(gconstpointer a, gconstpointer b)
{
    const failure_count *left = a, *right = b;

    return left->code == right->code && g_strcmp0(left->reason, right->reason) == 0;
}

/* A body whose every row has a reason of its own needs a bound. */
#define SUMMARY_REASONS 1000u
#define SHOWN_REASON 40

static GArray *count_failures(const ms_document *document)
{
    GHashTable *known = g_hash_table_new_full(hash_failure, same_failure, g_free, NULL);
    GArray *counts = g_array_new(FALSE, FALSE, sizeof(failure_count));
    failure_count *latest = NULL; /* rows often fail like the one before */

    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];
        failure_count key = {MAX(response->code, -1), NULL, 1};
        gpointer index;

        if (!ms_outcome_is_failure(response->outcome))
            continue;
        if (key.code < 0)
            key.reason = response->reason ? response->reason : "no status";
        if (latest && same_failure(latest, &key)) {
            latest->count++;
        } else if (g_hash_table_lookup_extended(known, &key, NULL, &index)) {
            latest = &g_array_index(counts, failure_count, GPOINTER_TO_UINT(index));
            latest->count++;
        } else if (counts->len < SUMMARY_REASONS) {
            g_hash_table_insert(known, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(counts->len));
            g_array_append_val(counts, key);
            latest = NULL; /* it may have moved */
        }
    }
    g_hash_table_destroy(known);
    g_array_sort(counts, compare_counts);
    return counts;
}

/* Not in the middle of a character. */
static void append_shortened(GString *line, const char *reason)
{
    size_t length = strlen(reason);

    if (length > SHOWN_REASON) {
        length = SHOWN_REASON;
        while (((unsigned char)reason[length] & 0xC0) == 0x80)
            length--;
    }
    g_string_append_len(line, reason, (gssize)length);
    if (reason[length] != '\0')
        g_string_append(line, "...");
}

/* "423 Locked: 2, 403 Forbidden: 1", the most frequent first. */
static void append_codes(GString *line, const ms_document *document)
{
    GArray *counts = count_failures(document);

    for (guint i = 0; i < counts->len; i++) {
        const failure_count *of = &g_array_index(counts, failure_count, i);
        const char *reason = of->reason ? of->reason : ms_status_reason(of->code);

        g_string_append(line, i > 0 ? ", " : "");
        if (of->code >= 0)
            g_string_append_printf(line, "%d%s", of->code, reason ? " " : "");
        if (reason)
            append_shortened(line, reason);
        g_string_append_printf(line, ": %u", of->count);
    }
    g_array_free(counts, TRUE);
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
    bool xml = document->format == MS_FORMAT_XML || document->format == MS_FORMAT_NONE;
    const char *thing = xml ? "resource" : "item";

    if (n == 0) {
        g_string_append_printf(line, "no %ss", thing);
    } else if (document->failed > 0) {
        g_string_append_printf(line, "%u of %u %sfailed (", document->failed, n,
                               xml ? "" : "items ");
        append_codes(line, document);
        g_string_append_c(line, ')');
        if (collateral > 0)
            g_string_append_printf(line, ", %u more only because of that%s", collateral,
                                   xml ? " (424)" : "");
        if (unknown > 0)
            g_string_append_printf(line, ", %u without a readable status", unknown);
    } else if (document->outcomes[MS_OK] == n) {
        g_string_append_printf(line, "%u %s%s ok", n, thing, n == 1 ? "" : "s, all");
    } else {
        g_string_append_printf(line, "%u %s%s", n, thing, n == 1 ? "" : "s");
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
                                   document->error.cut                  ? "cut off"
                                   : document->format == MS_FORMAT_JSON ? "not valid JSON"
                                                                        : "not well-formed",
                                   document->error.offset);
    }
    return g_string_free(line, FALSE);
}
