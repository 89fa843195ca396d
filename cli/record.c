/* record.c
 * Making and freeing records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "record.h"

#include <string.h>
#include <time.h>

#include "rules.h"
#include "status.h"

/* ---------------------------------------------------------------------------------- memory ---- */

/* A record of a large body has tens of thousands of small parts: they share blocks. */
#define BLOCK_SIZE (16 * 1024)

static void *allocate(exchange_record *record, size_t size)
{
    size = (size + sizeof(void *) - 1) & ~(sizeof(void *) - 1);
    if (size > BLOCK_SIZE / 4) {
        void *own = g_malloc0(size);

        g_ptr_array_add(record->blocks, own);
        return own;
    }
    if (size > record->free_bytes) {
        record->free_at = g_malloc0(BLOCK_SIZE);
        record->free_bytes = BLOCK_SIZE;
        g_ptr_array_add(record->blocks, record->free_at);
    }
    void *at = record->free_at;

    record->free_at += size;
    record->free_bytes -= size;
    return at;
}

static const char *keep_text(exchange_record *record, const char *text)
{
    if (!text)
        return NULL;
    g_autofree char *repaired =
        g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);
    const char *valid = repaired ? repaired : text;
    size_t size = strlen(valid) + 1;

    return memcpy(allocate(record, size), valid, size);
}

static const char *keep_name(exchange_record *record, const char *name)
{
    const char *kept = g_hash_table_lookup(record->names, name);

    if (!kept) {
        kept = keep_text(record, name);
        g_hash_table_add(record->names, (void *)kept);
    }
    return kept;
}

static exchange_record *allocate_record(void)
{
    exchange_record *record = g_new0(exchange_record, 1);

    record->references = 1;
    record->blocks = g_ptr_array_new_with_free_func(g_free);
    record->names = g_hash_table_new(g_str_hash, g_str_equal);
    return record;
}

exchange_record *exchange_record_ref(exchange_record *record)
{
    record->references++;
    return record;
}

void exchange_record_unref(exchange_record *record)
{
    if (!record || --record->references > 0)
        return;
    g_hash_table_destroy(record->names);
    g_ptr_array_free(record->blocks, TRUE);
    g_free(record);
}

/* ------------------------------------------------------------------------------------ time ---- */

#define NANOSECONDS 1000000000

/* The fraction of a second as `digits` digits. */
static int fraction(int nanoseconds, int digits)
{
    return digits == 9 ? nanoseconds : nanoseconds / 1000;
}

static const char *keep_time(exchange_record *record, const nstime_t *when, int digits)
{
    struct tm utc;
    time_t seconds = when->secs;
    char date[64];

    if (nstime_is_unset(when) || !gmtime_r(&seconds, &utc) ||
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc) == 0)
        return NULL;
    g_autofree char *text =
        g_strdup_printf("%s.%0*dZ", date, digits, fraction(when->nsecs, digits));

    return keep_text(record, text);
}

static const char *keep_response_time(exchange_record *record, const exchange *e, int digits)
{
    nstime_t delta;

    if (e->request_frame == 0 || nstime_is_unset(&e->request_time) || nstime_is_unset(&e->time))
        return NULL;
    nstime_delta(&delta, &e->time, &e->request_time);
    bool negative = delta.secs < 0 || delta.nsecs < 0;
    int64_t seconds = delta.secs < 0 ? -(int64_t)delta.secs : (int64_t)delta.secs;
    g_autofree char *text =
        g_strdup_printf("%s%" G_GINT64_FORMAT ".%0*d", negative ? "-" : "", seconds, digits,
                        fraction(delta.nsecs < 0 ? -delta.nsecs : delta.nsecs, digits));

    return keep_text(record, text);
}

/* ------------------------------------------------------------------------- from the tap ---- */

/* The top level of a range of elements. */
static record_strings keep_elements(exchange_record *record, const ms_element *elements,
                                    ms_range range)
{
    record_strings names = {NULL, 0};
    uint32_t end = range.first + range.count;

    for (uint32_t i = range.first; i < end; i = elements[i].end)
        names.count++;
    names.items = allocate(record, names.count * sizeof *names.items);
    names.count = 0;
    for (uint32_t i = range.first; i < end; i = elements[i].end)
        names.items[names.count++] = keep_name(record, elements[i].name);
    return names;
}

static record_strings keep_hrefs(exchange_record *record, const ms_document *document,
                                 ms_range range)
{
    record_strings hrefs = {allocate(record, range.count * sizeof(char *)), 0};

    for (uint32_t i = 0; i < range.count; i++) {
        const char *text = document->hrefs[range.first + i].text;

        hrefs.items[hrefs.count++] = keep_text(record, text ? text : "");
    }
    return hrefs;
}

static int known(int code)
{
    return code >= 0 ? code : RECORD_UNKNOWN;
}

static void fill_propstat(exchange_record *record, const ms_document *document,
                          const ms_propstat *from, record_propstat *to)
{
    to->status = known(from->status.code);
    to->outcome = from->outcome;
    to->properties = keep_elements(record, document->properties, from->properties);
    to->conditions = keep_elements(record, document->conditions, from->conditions);
    to->description = keep_text(record, from->description.text);
}

static void fill_response(exchange_record *record, const ms_document *document,
                          const ms_response *from, record_response *to)
{
    to->hrefs = keep_hrefs(record, document, from->hrefs);
    to->status = known(from->status.code);
    to->code = known(from->code);
    to->outcome = from->outcome;
    to->reason = keep_text(record, ms_status_reason(from->code));
    to->n_propstats = from->propstats.count;
    to->propstats = allocate(record, to->n_propstats * sizeof *to->propstats);
    for (uint32_t i = 0; i < to->n_propstats; i++)
        fill_propstat(record, document, &document->propstats[from->propstats.first + i],
                      &to->propstats[i]);
    to->conditions = keep_elements(record, document->conditions, from->conditions);
    to->description = keep_text(record, from->description.text);
    to->location = keep_text(record, from->location.text);
}

static void fill_findings(exchange_record *record, const ms_document *document)
{
    record->n_findings = document->n_findings;
    record->findings = allocate(record, record->n_findings * sizeof *record->findings);
    for (uint32_t i = 0; i < document->n_findings; i++) {
        const ms_finding *from = &document->findings[i];
        record_finding *to = &record->findings[i];

        to->rule = keep_name(record, from->rule->id);
        to->severity = from->rule->severity;
        to->message = keep_text(record, from->message);
        if (from->response < record->n_responses &&
            record->responses[from->response].hrefs.count > 0)
            to->href = record->responses[from->response].hrefs.items[0];
    }
}

static void fill_document(exchange_record *record, const ms_document *document)
{
    record->verdict = document->verdict;
    record->ok = document->outcomes[MS_OK];
    record->failed = document->failed;
    record->collateral = document->outcomes[MS_COLLATERAL];
    record->n_responses = document->n_responses;
    record->responses = allocate(record, record->n_responses * sizeof *record->responses);
    for (uint32_t i = 0; i < document->n_responses; i++)
        fill_response(record, document, &document->responses[i], &record->responses[i]);
    record->sync_token = keep_text(record, document->sync_token.text);
    fill_findings(record, document);
}

exchange_record *exchange_record_new(const multistatus_record *tapped, const char *capture,
                                     int digits)
{
    const exchange *e = tapped->exchange;
    exchange_record *record = allocate_record();

    record->capture = keep_text(record, capture);
    record->frame = e->frame;
    record->request_frame = e->request_frame;
    record->time = keep_time(record, &e->time, digits);
    record->client = keep_text(record, e->client);
    record->server = keep_text(record, e->server);
    record->protocol = keep_text(record, e->protocol);
    record->stream = e->stream;
    record->h2_stream = e->h2_stream;
    record->host = keep_text(record, e->request_fields[HTTP_HOST]);
    record->method = keep_text(record, e->method);
    record->uri = keep_text(record, e->uri);
    record->report = keep_text(record, e->report);
    record->http_status = e->http_status;
    record->complete = e->complete;
    record->body_bytes = tapped->body_length;
    record->missing = keep_text(record, tapped->missing);
    record->format = "xml";
    record->response_time = keep_response_time(record, e, digits);
    record->user_agent = keep_text(record, e->request_fields[HTTP_USER_AGENT]);
    record->server_software = keep_text(record, e->response_fields[HTTP_SERVER]);
    record->server_dav = keep_text(record, e->server_dav);
    record->server_allow = keep_text(record, e->server_allow);
    fill_document(record, tapped->document);
    return record;
}

bool exchange_record_is_failed(const exchange_record *record)
{
    switch (record->verdict) {
    case MS_PARTIAL:
    case MS_FAILURE:
    case MS_MALFORMED:
    case MS_UNDECODED:
        return true;
    case MS_SUCCESS:
    case MS_BENIGN:
    case MS_EMPTY:
        break;
    }
    return false;
}

/* -------------------------------------------------------------------------------- captures ---- */

/* Names are any bytes; two that differ must stay two in the records. */
static char *valid_name(const char *name)
{
    GString *valid = g_string_new(NULL);
    const char *end;

    while (!g_utf8_validate(name, -1, &end)) {
        g_string_append_len(valid, name, end - name);
        g_string_append_printf(valid, "\\x%02x", (unsigned char)*end);
        name = end + 1;
    }
    g_string_append(valid, name);
    return g_string_free(valid, FALSE);
}

capture_record *capture_record_new(const char *capture)
{
    capture_record *record = g_new0(capture_record, 1);

    record->capture = valid_name(capture);
    record->complete = true;
    return record;
}

capture_record *capture_record_copy(const capture_record *record)
{
    capture_record *copy = g_new(capture_record, 1);

    *copy = *record;
    copy->capture = g_strdup(record->capture);
    copy->error = g_strdup(record->error);
    return copy;
}

void capture_record_free(capture_record *record)
{
    if (!record)
        return;
    g_free(record->capture);
    g_free(record->error);
    g_free(record);
}
