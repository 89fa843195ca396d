/* failed_exchange.c
 * From the record of a failed exchange to words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "failed_exchange.h"

#include <string.h>

#include "aggregate.h"
#include "href.h"
#include "methods.h"
#include "names.h"
#include "record_hint.h"
#include "text.h"

char *failed_resource_status(const record_response *response)
{
    return status_readable(response->code, response->reason);
}

/* More than these are no list that is read in a line. */
#define MOST_STATUSES 12

static char *with_count(const char *words, uint64_t count)
{
    return g_strdup_printf("%s: %" G_GUINT64_FORMAT, words, count);
}

GPtrArray *statuses_readable(const GArray *counts, bool always_counts)
{
    GPtrArray *pieces = g_ptr_array_new_with_free_func(g_free);
    uint64_t others = 0;

    for (guint i = 0; i < counts->len; i++) {
        const ms_failure_count *entry = &g_array_index(counts, ms_failure_count, i);

        if (counts->len > MOST_STATUSES && i + 1 >= MOST_STATUSES) {
            others += entry->count;
            continue;
        }
        g_autofree char *status = status_readable(entry->code, entry->reason);

        g_ptr_array_add(pieces, counts->len > 1 || always_counts ? with_count(status, entry->count)
                                                                 : g_steal_pointer(&status));
    }
    if (others > 0)
        g_ptr_array_add(pieces, with_count("others", others));
    return pieces;
}

/* ---------------------------------------------------------------------------------- result ---- */

static void add_piece(GArray *to, const char *separator, char *words)
{
    const sentence_piece piece = {separator, words};

    g_array_append_val(to, piece);
}

static void clear_piece(gpointer data)
{
    g_free(((sentence_piece *)data)->words);
}

/* "1 of 3 failed (423 Locked)", with numbers if there are several statuses. Each is a piece.
 * `others`: the answer to a DELETE, COPY or MOVE lists what failed (RFC 4918 section 9.6.1), that
 * of some batches as well. */
static void add_failed(GArray *to, const exchange_record *record, bool others)
{
    g_autoptr(GArray) counts = aggregate_statuses_of(record);
    g_autofree char *of = others ? NULL : g_strdup_printf(" of %u", record->n_responses);

    g_autoptr(GPtrArray) statuses = statuses_readable(counts, false);

    for (guint i = 0; i < statuses->len; i++) {
        g_autoptr(GString) piece = g_string_new(NULL);

        if (i == 0)
            g_string_append_printf(piece, "%u%s failed (", record->failed, of ? of : "");
        g_string_append(piece, statuses->pdata[i]);
        if (i + 1 == statuses->len)
            g_string_append_c(piece, ')');
        add_piece(to, i > 0 ? ", " : "", g_strdup(piece->str));
    }
    if (record->collateral > 0)
        add_piece(to, ", ",
                  g_strdup_printf("%u more only because of that (424)", record->collateral));
}

static void add_read(GArray *to, uint32_t count)
{
    g_autofree char *resources = text_count(count, "resource", "resources");

    add_piece(to, "", g_strconcat(resources, " read", NULL));
}

/* One that is answered with a status of success. */
static bool is_batch(const exchange_record *record)
{
    static const ms_format formats[] = {MS_FORMAT_XML, MS_FORMAT_JSON, MS_FORMAT_MULTIPART};

    for (size_t i = 0; record->kind && i < G_N_ELEMENTS(formats); i++) {
        if (strcmp(record->kind, ms_kind_of_format(formats[i])) == 0)
            return false;
    }
    return record->kind != NULL;
}

static bool lists_failures_only(const exchange_record *record)
{
    return record->failed > 0 && record->verdict == MS_PARTIAL && record->ok == 0 &&
           (is_batch(record) ||
            (record->method && ms_method_find(record->method)->weight == MS_TREE));
}

static GArray *result_of(const exchange_record *record)
{
    GArray *to = g_array_new(FALSE, FALSE, sizeof(sentence_piece));
    uint32_t unknown = 0;

    g_array_set_clear_func(to, clear_piece);
    for (uint32_t i = 0; i < record->n_responses; i++)
        unknown += record->responses[i].outcome == MS_UNKNOWN;
    if (record->verdict == MS_UNDECODED || record->n_responses == 0)
        return to;
    bool others = lists_failures_only(record);

    if (record->failed > 0)
        add_failed(to, record, others);
    else if (record->collateral > 0)
        add_piece(to, "",
                  g_strdup_printf("%u of %u failed only because of something else (424)",
                                  record->collateral, record->n_responses));
    else
        add_read(to, record->n_responses);
    if (unknown > 0)
        add_piece(to, ", ", g_strdup_printf("%u without a readable status", unknown));
    if (others)
        add_piece(to, "; ",
                  g_strdup(is_batch(record) ? "everything not listed succeeded"
                                            : "only failures are listed"));
    return to;
}

static void append_pieces(GString *to, const GArray *result)
{
    for (guint i = 0; i < result->len; i++) {
        const sentence_piece *piece = &g_array_index(result, sentence_piece, i);

        g_string_append_printf(to, "%s%s", piece->separator, piece->words);
    }
}

char *failed_exchange_result(const failed_exchange *of)
{
    GString *to = g_string_new(NULL);

    append_pieces(to, of->result);
    return g_string_free(to, FALSE);
}

/* -------------------------------------------------------------------------------- exchange ---- */

/* Why a body could not be read, or not to its end; with --explain, everything there is to say. */
static GPtrArray *why_of(const exchange_record *record, bool explain)
{
    GPtrArray *why = g_ptr_array_new();

    if (record->verdict != MS_MALFORMED && record->verdict != MS_UNDECODED && !explain)
        return why;
    for (uint32_t i = 0; i < record->n_findings; i++) {
        const record_finding *finding = &record->findings[i];

        if (finding->severity >= MS_NOTE && strcmp(finding->rule, "failures") != 0)
            g_ptr_array_add(why, (gpointer)finding);
    }
    return why;
}

/* What the server says about the whole, unless one of those findings says so. */
static const char *description_of(const exchange_record *record, const GPtrArray *why)
{
    const char *description = record->body_description;

    for (guint i = 0; description && i < why->len; i++) {
        const record_finding *finding = why->pdata[i];

        if (strstr(finding->message, description))
            description = NULL;
    }
    return description && *description ? description : NULL;
}

static GArray *resources_of(const report_settings *settings, const exchange_record *record,
                            bool fold)
{
    GArray *listed = g_array_new(FALSE, FALSE, sizeof(uint32_t));

    for (uint32_t i = 0; i < record->n_responses; i++) {
        const record_response *response = &record->responses[i];
        bool folded = fold && response->outcome == MS_COLLATERAL && record->failed > 0;

        if (!folded && record_response_is_trouble(response) &&
            selection_resource(settings->chosen, record, response))
            g_array_append_val(listed, i);
    }
    return listed;
}

static const char *method_of(const exchange_record *record)
{
    return record->method            ? record->method
           : record->request_unknown ? "(request unknown)"
                                     : "(request not captured)";
}

char *failed_exchange_line(const exchange_record *record)
{
    GString *to = g_string_new(NULL);
    GArray *result = result_of(record);

    if (record->time && strlen(record->time) >= strlen("2026-11-22T07:30:38"))
        g_string_append_printf(to, "%.8s ", record->time + strlen("2026-11-22T"));
    g_string_append(to, method_of(record));
    if (record->uri) {
        g_autofree char *uri = ms_href_readable(record->uri);

        g_string_append_printf(to, " %s", uri);
    }
    g_string_append_printf(to, ": %s", ms_verdict_name(record->verdict));
    g_string_append(to, result->len > 0 ? ", " : "");
    append_pieces(to, result);
    g_string_append_printf(to, ", frame %u", record->frame);
    if (record->client || record->server)
        g_string_append_printf(to, ", %s -> %s", record->client ? record->client : "?",
                               record->server ? record->server : "?");
    g_array_unref(result);
    return g_string_free(to, FALSE);
}

/* "HTTP 207"; of a batch, whose status says less, with its kind. The caller frees it. */
static char *http_of(const exchange_record *record)
{
    if (record->http_status <= 0)
        return NULL;
    return is_batch(record) ? g_strdup_printf("HTTP %d (%s)", record->http_status, record->kind)
                            : g_strdup_printf("HTTP %d", record->http_status);
}

failed_exchange *failed_exchange_of(const exchange_record *record, const report_settings *settings,
                                    bool fold)
{
    failed_exchange *of = g_new0(failed_exchange, 1);
    const table_cell capture = {(char *)record->capture, 0};

    of->settings = settings;
    of->record = exchange_record_ref((exchange_record *)record);
    of->capture = cell_readable(&capture, CELL_CAPTURE);
    of->method = method_of(record);
    of->asked = record->method || !record->request_unknown
                    ? NULL
                    : g_strdup_printf("Why the request is unknown: %s", record->request_unknown);
    of->uri = record->uri ? ms_href_readable(record->uri) : NULL;
    of->report = record->report ? ms_short_name(record->report) : NULL;
    of->http = http_of(record);
    of->verdict = ms_verdict_name(record->verdict);
    of->result = result_of(record);
    of->why = why_of(record, settings->explain);
    of->description = description_of(record, of->why);
    of->resources = resources_of(settings, record, fold);
    return of;
}

failed_exchange *failed_exchange_new(const report_view *view, guint i, bool fold)
{
    exchange_record *record = failure_list_get(view->totals->failures, i);

    if (!record)
        return NULL;
    failed_exchange *of = failed_exchange_of(record, view->settings, fold);

    exchange_record_unref(record);
    return of;
}

void failed_exchange_free(failed_exchange *of)
{
    if (!of)
        return;
    g_free(of->capture);
    g_free(of->uri);
    g_free(of->asked);
    g_free(of->report);
    g_free(of->http);
    g_array_unref(of->result);
    g_ptr_array_unref(of->why);
    g_array_unref(of->resources);
    exchange_record_unref((exchange_record *)of->record);
    g_free(of);
}

failed_exchange *failed_exchange_worst(const report_view *view, guint *row)
{
    g_autoptr(GArray) order = view_worst_first(view_section(view, "failures")->tables->pdata[0]);

    if (order->len < 2)
        return NULL;
    if (row)
        *row = g_array_index(order, guint, 0);
    return failed_exchange_new(view, g_array_index(order, guint, 0), true);
}

/* -------------------------------------------------------------------------------- resource ---- */

static GStrv readable(const record_strings *strings, char *(*as)(const char *text))
{
    GStrv texts = g_new0(char *, strings->count + 1);

    for (uint32_t i = 0; i < strings->count; i++)
        texts[i] = as(strings->items[i]);
    return texts;
}

/* "need-privileges (unbind on /papers/)" */
static GStrv readable_conditions(const record_strings *conditions, const failed_exchange *of,
                                 const record_response *response)
{
    GStrv texts = readable(conditions, ms_short_name);

    for (uint32_t i = 0; i < conditions->count; i++) {
        g_autofree char *details = record_detail_words(of->record, response, conditions->items[i]);

        if (details) {
            char *both = g_strdup_printf("%s (%s)", texts[i], details);

            g_free(texts[i]);
            texts[i] = both;
        }
    }
    return texts;
}

/* Rows of JSON often have one word for both: it is said once. */
static void drop(GStrv names, const char *said)
{
    GStrv to = names;

    for (; *names; names++) {
        if (strcmp(*names, said) == 0)
            g_free(*names);
        else
            *to++ = *names;
    }
    *to = NULL;
}

static const char *said(const char *description)
{
    return description && *description ? description : NULL;
}

static void add_group(GArray *to, const record_propstat *propstat, const failed_exchange *whole,
                      const record_response *of)
{
    const failed_group group = {
        .code = propstat->status,
        .outcome = propstat->outcome,
        .status = status_readable(propstat->status, NULL),
        .as_resource = propstat->status == of->code,
        .properties = readable(&propstat->properties, ms_short_name),
        .conditions = readable_conditions(&propstat->conditions, whole, of),
        .description = said(propstat->description),
    };

    g_array_append_val(to, group);
}

static void clear_group(gpointer data)
{
    failed_group *group = data;

    g_free(group->status);
    g_strfreev(group->properties);
    g_strfreev(group->conditions);
}

static bool says_anything(const record_propstat *propstat, const record_response *of)
{
    return propstat->properties.count > 0 || propstat->conditions.count > 0 ||
           said(propstat->description) || propstat->status != of->code;
}

/* The failures; those that are only due to them come last, and are counted. */
static void add_groups(failed_resource *to, const failed_exchange *whole, const record_response *of)
{
    to->groups = g_array_new(FALSE, FALSE, sizeof(failed_group));
    g_array_set_clear_func(to->groups, clear_group);
    for (int collateral = 0; collateral <= 1; collateral++) {
        for (uint32_t i = 0; i < of->n_propstats; i++) {
            const record_propstat *propstat = &of->propstats[i];
            bool failed =
                ms_outcome_is_failure(propstat->outcome) || propstat->outcome == MS_UNKNOWN;

            if (collateral ? propstat->outcome == MS_COLLATERAL
                           : failed && says_anything(propstat, of))
                add_group(to->groups, propstat, whole, of);
            if (collateral && propstat->outcome == MS_COLLATERAL)
                to->collateral += propstat->properties.count;
        }
    }
}

void failed_resource_init(failed_resource *to, const failed_exchange *of, guint i)
{
    const record_response *response =
        &of->record->responses[g_array_index(of->resources, uint32_t, i)];
    const record_lock *held = record_lock_of(of->record, response);
    static const char *const nothing[] = {"(no href)", NULL};

    *to = (failed_resource){
        .code = response->code,
        .outcome = response->outcome == MS_FAILED || response->outcome == MS_UNKNOWN
                       ? NULL
                       : ms_outcome_name(response->outcome),
        .status = failed_resource_status(response),
        .hrefs = response->hrefs.count > 0 ? readable(&response->hrefs, ms_href_readable)
                                           : g_strdupv((GStrv)nothing),
        .conditions = readable_conditions(&response->conditions, of, response),
        .description = said(response->description),
        .location = response->location,
        .lock = held ? record_lock_words(held) : NULL,
        .hint = record_hint(of->record, response),
        .of = response,
    };
    drop(to->conditions, to->status);
    add_groups(to, of, response);
}

void failed_resource_clear(failed_resource *r)
{
    g_free(r->status);
    g_strfreev(r->hrefs);
    g_strfreev(r->conditions);
    g_array_unref(r->groups);
    g_free(r->lock);
}

static void add_names(GString *to, GStrv names)
{
    for (; *names; names++)
        g_string_append_printf(to, "; %s", *names);
}

static void add_said(GString *to, const char *description)
{
    if (description)
        g_string_append_printf(to, "; \"%s\"", description);
}

char *failed_resource_words(const failed_resource *r)
{
    GString *to = g_string_new(r->status);
    guint hrefs = g_strv_length(r->hrefs);

    g_string_append_printf(to, ": %s", r->hrefs[0]);
    if (hrefs > 1)
        g_string_append_printf(to, " and %u more hrefs", hrefs - 1);
    add_names(to, r->conditions);
    add_said(to, r->description);
    for (guint i = 0; i < r->groups->len; i++) {
        const failed_group *group = &g_array_index(r->groups, failed_group, i);

        if (group->outcome == MS_COLLATERAL)
            continue;
        add_names(to, group->properties);
        add_names(to, group->conditions);
        add_said(to, group->description);
    }
    return g_string_free(to, FALSE);
}

char *failed_resource_line(const failed_resource *r)
{
    g_autofree char *words = failed_resource_words(r);
    GString *to = g_string_new(words);

    g_string_append_c(to, '.');
    if (r->lock)
        g_string_append_printf(to, " %s.", r->lock);
    if (r->hint)
        g_string_append_printf(to, " %s", r->hint->text);
    return g_string_free(to, FALSE);
}
