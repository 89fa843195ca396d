/* record_tap.c
 * Making records of what the tap delivers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "record_tap.h"

#include <string.h>
#include <time.h>

#include "community_id.h"
#include "details.h"
#include "hints.h"
#include "history.h"
#include "names.h"
#include "record_build.h"
#include "rules.h"
#include "status.h"

/* ------------------------------------------------------------------------------------ time ---- */

#define NANOSECONDS 1000000000

/* The fraction of a second as `digits` digits. */
static int64_t fraction(int64_t nanoseconds, int digits)
{
    return digits == 9 ? nanoseconds : nanoseconds / 1000;
}

static const char *keep_time(exchange_record *record, moment when, int digits)
{
    struct tm utc;
    time_t seconds = when.seconds;
    char date[64];

    if (!moment_is_known(when) || !gmtime_r(&seconds, &utc) ||
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc) == 0)
        return NULL;
    g_autofree char *text = g_strdup_printf("%s.%0*" G_GINT64_FORMAT "Z", date, digits,
                                            fraction(when.nanoseconds, digits));

    return record_keep_text(record, text);
}

static const char *keep_response_time(exchange_record *record, const exchange *e, int digits)
{
    if (e->request_frame == 0 || !moment_is_known(e->request_time) || !moment_is_known(e->time))
        return NULL;
    bool negative = moment_is_before(e->time, e->request_time);
    moment from = negative ? e->time : e->request_time, to = negative ? e->request_time : e->time;
    bool borrows = to.nanoseconds < from.nanoseconds;
    /* Whatever a file claims: nothing overflows. */
    int64_t seconds = (int64_t)((uint64_t)to.seconds - (uint64_t)from.seconds) - borrows;
    int64_t nanoseconds = (int64_t)to.nanoseconds - from.nanoseconds + (borrows ? NANOSECONDS : 0);
    g_autofree char *text =
        g_strdup_printf("%s%" G_GINT64_FORMAT ".%0*" G_GINT64_FORMAT, negative ? "-" : "", seconds,
                        digits, fraction(nanoseconds, digits));

    return record_keep_text(record, text);
}

/* ------------------------------------------------------------------------- from the tap ---- */

/* The top level of a range of elements. `words` of a server are no conditions: they are in its
 * description. */
static record_strings keep_elements(exchange_record *record, const ms_element *elements,
                                    ms_range range, bool words)
{
    record_strings names = {NULL, 0};
    uint32_t end = range.first + range.count;

    for (uint32_t i = range.first; i < end; i = elements[i].end)
        names.count++;
    names.items = record_allocate(record, names.count * sizeof *names.items);
    names.count = 0;
    for (uint32_t i = range.first; i < end; i = elements[i].end) {
        if (words || !ms_is_said(elements[i].name, elements[i].value))
            names.items[names.count++] = record_keep_name(record, elements[i].name);
    }
    return names;
}

static record_strings keep_conditions(exchange_record *record, const ms_document *document,
                                      ms_range range)
{
    return keep_elements(record, document->conditions, range,
                         document->batch || document->format != MS_FORMAT_XML);
}

/* The properties of a propstat. */
typedef struct {
    ms_range from;
    record_strings names;
} kept_properties;

/* Equal names of a document are kept once. */
static bool are_same(const ms_element *elements, ms_range one, ms_range other)
{
    const ms_element *left = elements + one.first, *right = elements + other.first;

    for (uint32_t i = 0; i < one.count && one.count == other.count; i++) {
        if (left[i].name != right[i].name || left[i].end - one.first != right[i].end - other.first)
            return false;
    }
    return one.count == other.count;
}

/* Mostly they are those of the propstat before. */
static record_strings keep_properties(exchange_record *record, const ms_document *document,
                                      ms_range range, kept_properties *last)
{
    if (!are_same(document->properties, last->from, range))
        *last = (kept_properties){range, keep_elements(record, document->properties, range, true)};
    return last->names;
}

static record_strings keep_hrefs(exchange_record *record, const ms_document *document,
                                 ms_range range)
{
    record_strings hrefs = {record_allocate(record, range.count * sizeof(char *)), 0};

    for (uint32_t i = 0; i < range.count; i++) {
        const char *text = document->hrefs[range.first + i].text;

        hrefs.items[hrefs.count++] = record_keep_text(record, text ? text : "");
    }
    return hrefs;
}

static int known(int code)
{
    return code >= 0 ? code : RECORD_UNKNOWN;
}

static void fill_propstat(exchange_record *record, const ms_document *document,
                          const ms_propstat *from, record_propstat *to, kept_properties *last)
{
    to->status = known(from->status.code);
    to->outcome = from->outcome;
    to->properties = keep_properties(record, document, from->properties, last);
    to->conditions = keep_conditions(record, document, from->conditions);
    to->description = record_keep_text(record, from->description.text);
}

static void fill_response(exchange_record *record, const ms_document *document,
                          const ms_response *from, record_response *to, kept_properties *last)
{
    to->hrefs = keep_hrefs(record, document, from->hrefs);
    to->status = known(from->status.code);
    to->outcome = from->outcome;
    to->n_propstats = from->propstats.count;
    to->propstats = record_allocate(record, to->n_propstats * sizeof *to->propstats);
    for (uint32_t i = 0; i < to->n_propstats; i++)
        fill_propstat(record, document, &document->propstats[from->propstats.first + i],
                      &to->propstats[i], last);
    to->code = record_deciding_status(to);
    to->reason = record_keep_text(record, from->reason ? from->reason : ms_status_reason(to->code));
    to->conditions = keep_conditions(record, document, from->conditions);
    to->description = record_keep_text(record, from->description.text);
    to->location = record_keep_text(record, from->location.text);
}

/* The few resources that have one. */
static void fill_locks(exchange_record *record, const exchange *of)
{
    for (uint32_t i = 0; i < record->n_responses; i++)
        record->n_locks += history_lock(of, i) != NULL;
    record->locks = record_allocate(record, record->n_locks * sizeof *record->locks);
    for (uint32_t i = 0, n = 0; n < record->n_locks; i++) {
        const lock *held = history_lock(of, i);

        if (held)
            record->locks[n++] = (record_lock){
                .response = i,
                .frame = held->known.frame,
                .root = record_keep_text(record, held->known.root),
                .owner = record_keep_text(record, held->known.owner),
                .client = record_keep_text(record, held->known.client),
                .user_agent = record_keep_text(record, held->known.agent),
            };
    }
}

/* Details of a body, for all its resources together. */
#define MOST_DETAILS 200u

static void fill_details(exchange_record *record, const ms_document *document)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(record_detail));

    for (uint32_t i = 0;
         document->n_conditions > 0 && i < document->n_responses && all->len < MOST_DETAILS; i++) {
        ms_detail found[MS_DETAILS_MOST];
        unsigned n = ms_details_of(document, &document->responses[i], found);

        for (unsigned j = 0; j < n && all->len < MOST_DETAILS; j++) {
            const record_detail detail = {
                .response = i,
                .condition = record_keep_name(record, found[j].condition),
                .name = found[j].name ? record_keep_name(record, found[j].name) : NULL,
                .value = record_keep_text(record, found[j].value),
                .href = record_keep_text(record, found[j].href),
            };

            g_array_append_val(all, detail);
        }
    }
    record->n_condition_details = all->len;
    record->condition_details = record_allocate(record, all->len * sizeof(record_detail));
    if (all->len > 0)
        memcpy(record->condition_details, all->data, all->len * sizeof(record_detail));
    g_array_unref(all);
}

static void fill_findings(exchange_record *record, const ms_document *document)
{
    record->n_findings = document->n_findings;
    record->findings = record_allocate(record, record->n_findings * sizeof *record->findings);
    for (uint32_t i = 0; i < document->n_findings; i++) {
        const ms_finding *from = &document->findings[i];
        record_finding *to = &record->findings[i];

        to->rule = record_keep_name(record, from->rule->id);
        to->severity = from->rule->severity;
        to->message = record_keep_text(record, from->message);
        if (from->response < record->n_responses &&
            record->responses[from->response].hrefs.count > 0)
            to->href = record->responses[from->response].hrefs.items[0];
    }
}

static void fill_document(exchange_record *record, const ms_document *document)
{
    kept_properties last = {0};

    record->verdict = document->verdict;
    record->n_responses = document->n_responses;
    record->responses = record_allocate(record, record->n_responses * sizeof *record->responses);
    for (uint32_t i = 0; i < document->n_responses; i++)
        fill_response(record, document, &document->responses[i], &record->responses[i], &last);
    record_count_outcomes(record);
    record->sync_token = record_keep_text(record, document->sync_token.text);
    record->body_description = record_keep_text(record, document->description.text);
    fill_details(record, document);
    fill_findings(record, document);
}

/* "If, Overwrite"; "" for a request without any. */
static const char *keep_request_conditions(exchange_record *record, const exchange *of)
{
    const ms_context context = exchange_context(of, NULL, false);
    g_autofree char *names = ms_hint_preconditions(&context);

    return record_keep_text(record, names);
}

exchange_record *exchange_record_new(const multistatus_record *tapped, const char *capture,
                                     int digits)
{
    const exchange *e = tapped->exchange;
    exchange_record *record = exchange_record_empty();

    record->capture = record_keep_text(record, capture);
    record->frame = e->frame;
    record->request_frame = e->request_frame;
    record->time = keep_time(record, e->time, digits);
    record->client = record_keep_text(record, e->client);
    record->server = record_keep_text(record, e->server);
    record->protocol = record_keep_text(record, e->protocol);
    record->stream = e->stream;
    record->h2_stream = e->h2_stream;
    record->h3_stream = e->h3_stream;
    g_autofree char *community = community_id(e->client, e->server, e->h3_stream >= 0);

    record->community_id = record_keep_text(record, community);
    record->host = record_keep_text(record, e->request_fields[HTTP_HOST]);
    record->method = record_keep_text(record, e->method);
    record->uri = record_keep_text(record, e->uri);
    record->report = record_keep_text(record, e->report);
    record->request_conditions = keep_request_conditions(record, e);
    record->request_unknown = e->method ? NULL : record_keep_text(record, e->request_unknown);
    record->http_status = e->http_status;
    record->complete = e->complete;
    record->body_bytes = tapped->body_length;
    record->missing = record_keep_text(record, tapped->missing);
    record->format = ms_format_name(tapped->document->format);
    record->kind = record_keep_text(record, tapped->document->kind);
    record->response_time = keep_response_time(record, e, digits);
    record->user_agent = record_keep_text(record, e->request_fields[HTTP_USER_AGENT]);
    record->server_software = record_keep_text(record, e->response_fields[HTTP_SERVER]);
    record->server_dav = record_keep_text(record, e->server_dav);
    record->server_allow = record_keep_text(record, e->server_allow);
    fill_document(record, tapped->document);
    fill_locks(record, e);
    return record;
}
