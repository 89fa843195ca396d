/* summary.c
 * A body in one line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "summary.h"

#include <string.h>

#include "status.h"

static gint compare_counts(gconstpointer a, gconstpointer b)
{
    const ms_failure_count *left = a, *right = b;

    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    if (left->code != right->code)
        return left->code < right->code ? -1 : 1;
    return g_strcmp0(left->reason, right->reason);
}

/* A body in which every row has a reason of its own needs a limit. */
#define SUMMARY_REASONS 1000u
#define SHOWN_REASON 40

static GArray *count_failures(const ms_document *document)
{
    GHashTable *known = g_hash_table_new_full(ms_failure_hash, ms_failure_equal, g_free, NULL);
    GArray *counts = g_array_new(FALSE, FALSE, sizeof(ms_failure_count));
    ms_failure_count *latest = NULL; /* rows often fail like the one before */

    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];
        ms_failure_count key = {MAX(response->code, -1), NULL, 1};
        gpointer index;

        if (!ms_outcome_is_failure(response->outcome))
            continue;
        if (key.code < 0)
            key.reason = response->reason ? response->reason : "no status";
        if (latest && ms_failure_equal(latest, &key)) {
            latest->count++;
        } else if (g_hash_table_lookup_extended(known, &key, NULL, &index)) {
            latest = &g_array_index(counts, ms_failure_count, GPOINTER_TO_UINT(index));
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

/* "423 Locked", or "423 Locked: 2, 403 Forbidden: 1", the most frequent first. */
static void append_codes(GString *line, const ms_document *document)
{
    GArray *counts = count_failures(document);

    for (guint i = 0; i < counts->len; i++) {
        const ms_failure_count *of = &g_array_index(counts, ms_failure_count, i);
        const char *reason = of->reason ? of->reason : ms_status_reason(of->code);

        g_string_append(line, i > 0 ? ", " : "");
        if (of->code >= 0)
            g_string_append_printf(line, "%d%s", of->code, reason ? " " : "");
        if (reason)
            append_shortened(line, reason);
        if (counts->len > 1)
            g_string_append_printf(line, ": %" G_GUINT64_FORMAT, of->count);
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

/* Does the body list what failed, and nothing else? So does an answer to a DELETE, COPY or MOVE
 * (RFC 4918 sections 9.6.1, 9.8.5, 9.9.4). There, what is not listed need not have succeeded: a
 * collection stays if one of its members does, and nothing is copied if the destination fails. */
static bool lists_failures_only(const ms_document *document)
{
    return ((document->format == MS_FORMAT_XML && !document->batch) || document->rest_done) &&
           document->verdict == MS_PARTIAL &&
           document->failed + document->outcomes[MS_COLLATERAL] + document->outcomes[MS_UNKNOWN] ==
               document->n_responses;
}

static void append_failed(GString *line, const ms_document *document, bool xml)
{
    uint32_t collateral = document->outcomes[MS_COLLATERAL],
             unknown = document->outcomes[MS_UNKNOWN];
    bool others = lists_failures_only(document);

    g_string_append_printf(line, "%u", document->failed);
    if (!others)
        g_string_append_printf(line, " of %u", document->n_responses);
    g_string_append_printf(line, " %sfailed",
                           xml                               ? ""
                           : others && document->failed == 1 ? "item "
                                                             : "items ");
    size_t before = line->len;

    g_string_append(line, " (");
    append_codes(line, document);
    g_string_append_c(line, ')');
    if (strcmp(line->str + before, " (failed)") == 0)
        g_string_truncate(line, before); /* a server's word that says nothing more */
    if (collateral > 0)
        g_string_append_printf(line, ", %u more only because of that%s", collateral,
                               xml ? " (424)" : "");
    if (unknown > 0)
        g_string_append_printf(line, ", %u without a readable status", unknown);
    if (others)
        g_string_append(line, document->rest_done ? "; everything not listed succeeded"
                                                  : "; only failures are listed");
}

static void append_rows(GString *line, const ms_document *document)
{
    uint32_t n = document->n_responses;
    bool xml = !document->batch &&
               (document->format == MS_FORMAT_XML || document->format == MS_FORMAT_NONE);
    const char *thing = xml ? "resource" : "item";

    if (n == 0) {
        g_string_append_printf(line, document->rest_done ? "no %ss failed" : "no %ss", thing);
    } else if (document->failed > 0) {
        append_failed(line, document, xml);
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

    if (document->undecoded && document->n_responses == 0) {
        g_string_append_printf(line, "not decoded: %s", document->undecoded);
    } else if (document->undecoded) {
        append_rows(line, document);
        g_string_append_printf(line, "; %s", document->undecoded);
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
