/* record_read.c
 * Reading records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "record_read.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include <jansson.h>

#include "record_build.h"

/* What is read at the time. After the first complaint the record is given up. */
typedef struct {
    exchange_record *record;
    const char *where; /* the list that an object stands in: "responses", NULL at the top */
    size_t index;
    char *message;
} reading;

static bool complain_key(reading *r, const char *key, const char *what)
{
    if (r->message)
        return false;
    if (r->where)
        r->message = g_strdup_printf("is not a valid record: \"%s\" of %s[%" G_GSIZE_FORMAT "] %s",
                                     key, r->where, r->index, what);
    else
        r->message = g_strdup_printf("is not a valid record: \"%s\" %s", key, what);
    return false;
}

/* ------------------------------------------------------------------------------ one value ---- */

/* A text, or null. */
static bool read_text(reading *r, const json_t *object, const char *key, const char **to)
{
    const json_t *value = json_object_get(object, key);

    *to = NULL;
    if (!value || json_is_null(value))
        return true;
    if (!json_is_string(value))
        return complain_key(r, key, "is neither a string nor null");
    *to = record_keep_text(r->record, json_string_value(value));
    return true;
}

static bool read_needed_text(reading *r, const json_t *object, const char *key, const char **to)
{
    return read_text(r, object, key, to) && (*to || complain_key(r, key, "is missing"));
}

/* A whole number from 0 to `most`; `unknown` for null. */
static bool read_number(reading *r, const json_t *object, const char *key, int64_t most,
                        int64_t unknown, int64_t *to)
{
    const json_t *value = json_object_get(object, key);

    *to = unknown;
    if (!value || json_is_null(value))
        return true;
    if (!json_is_integer(value))
        return complain_key(r, key, "is not a whole number");
    if (json_integer_value(value) < 0 || json_integer_value(value) > most)
        return complain_key(r, key, "is a number that does not occur");
    *to = json_integer_value(value);
    return true;
}

/* Digits enough for every number that doubles hold exactly in the precision of a capture. */
#define MOST_SECONDS 1e9

/* A number with as many decimals as the time has; kept as text. */
static bool read_seconds(reading *r, const json_t *object, const char *key, const char *time,
                         const char **to)
{
    const json_t *value = json_object_get(object, key);
    const char *fraction = time ? strchr(time, '.') : NULL;
    size_t digits = fraction ? strspn(fraction + 1, "0123456789") : 6;

    *to = NULL;
    if (!value || json_is_null(value))
        return true;
    if (!json_is_number(value))
        return complain_key(r, key, "is not a number");
    double seconds = json_number_value(value);

    if (!(fabs(seconds) <= MOST_SECONDS))
        return complain_key(r, key, "is a number that does not occur");
    g_autofree char *format = g_strdup_printf("%%.%df", digits == 9 ? 9 : 6);
    char text[64];

    g_ascii_formatd(text, sizeof text, format, seconds);
    *to = record_keep_text(r->record, text);
    return true;
}

static bool read_bool(reading *r, const json_t *object, const char *key, bool *to)
{
    const json_t *value = json_object_get(object, key);

    *to = json_is_true(value);
    return json_is_boolean(value) || complain_key(r, key, "is not true or false");
}

/* One of `count` words. */
static bool read_word(reading *r, const json_t *object, const char *key,
                      const char *(*name)(int value), int count, int *to)
{
    const char *word = json_string_value(json_object_get(object, key));

    if (!word)
        return complain_key(r, key, "is not a string");
    for (*to = 0; *to < count; ++*to) {
        if (strcmp(name(*to), word) == 0)
            return true;
    }
    return complain_key(r, key, "has a value that this version does not know");
}

static const char *outcome_name(int value)
{
    return ms_outcome_name((ms_outcome)value);
}

static const char *verdict_name(int value)
{
    return ms_verdict_name((ms_verdict)value);
}

static const char *severity_name(int value)
{
    return ms_severity_name((ms_severity)value);
}

static bool read_outcome(reading *r, const json_t *object, ms_outcome *to)
{
    int value;

    if (!read_word(r, object, "outcome", outcome_name, MS_OUTCOMES, &value))
        return false;
    *to = (ms_outcome)value;
    return true;
}

/* ---------------------------------------------------------------------------------- lists ---- */

/* An array; NULL after a complaint. */
static const json_t *read_array(reading *r, const json_t *object, const char *key)
{
    const json_t *array = json_object_get(object, key);

    if (json_is_array(array))
        return array;
    complain_key(r, key, "is not an array");
    return NULL;
}

/* @param names  they occur many times: each is kept once */
static bool read_strings(reading *r, const json_t *object, const char *key, bool names,
                         record_strings *to)
{
    const json_t *array = read_array(r, object, key);
    size_t count = json_array_size(array);

    if (!array)
        return false;
    to->items = record_allocate(r->record, count * sizeof *to->items);
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(array, i));

        if (!text)
            return complain_key(r, key, "holds something that is not a string");
        to->items[to->count++] =
            names ? record_keep_name(r->record, text) : record_keep_text(r->record, text);
    }
    return true;
}

/* What a list of objects is read into. */
typedef bool (*object_reader)(reading *r, const json_t *object, void *to);

static bool read_objects(reading *r, const json_t *object, const char *key, size_t size,
                         object_reader read, void **to, uint32_t *n)
{
    const json_t *array = read_array(r, object, key);
    size_t count = json_array_size(array);
    const char *where = r->where;
    size_t index = r->index;

    if (!array)
        return false;
    *to = record_allocate(r->record, count * size);
    *n = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        const json_t *item = json_array_get(array, i);

        if (!json_is_object(item))
            return complain_key(r, key, "holds something that is not an object");
        r->where = key;
        r->index = i;
        if (!read(r, item, (char *)*to + i * size))
            return false;
    }
    r->where = where;
    r->index = index;
    return true;
}

static bool read_status(reading *r, const json_t *object, const char *key, int unknown, int *to)
{
    int64_t number;

    if (!read_number(r, object, key, RECORD_STATUS_MOST, unknown, &number))
        return false;
    *to = (int)number;
    return true;
}

static bool read_propstat(reading *r, const json_t *object, void *data)
{
    record_propstat *to = data;

    return read_status(r, object, "status", RECORD_UNKNOWN, &to->status) &&
           read_outcome(r, object, &to->outcome) &&
           read_strings(r, object, "properties", true, &to->properties) &&
           read_strings(r, object, "conditions", true, &to->conditions) &&
           read_text(r, object, "description", &to->description);
}

static bool read_response(reading *r, const json_t *object, void *data)
{
    record_response *to = data;
    void *propstats = NULL;

    if (!read_strings(r, object, "hrefs", false, &to->hrefs) ||
        !read_status(r, object, "status", RECORD_UNKNOWN, &to->status) ||
        !read_outcome(r, object, &to->outcome) || !read_text(r, object, "reason", &to->reason) ||
        !read_objects(r, object, "propstats", sizeof *to->propstats, read_propstat, &propstats,
                      &to->n_propstats))
        return false;
    to->propstats = propstats;
    to->code = record_deciding_status(to);
    return read_strings(r, object, "conditions", true, &to->conditions) &&
           read_text(r, object, "description", &to->description) &&
           read_text(r, object, "location", &to->location);
}

/* In the order of the resources, which were read before. */
static bool read_lock(reading *r, const json_t *object, void *data)
{
    record_lock *to = data;
    int64_t response, frame;

    if (!read_number(r, object, "response", UINT32_MAX, UINT32_MAX, &response) ||
        !read_number(r, object, "frame", UINT32_MAX, 0, &frame))
        return false;
    if (response >= r->record->n_responses)
        return complain_key(r, "response", "is not in the list of responses");
    if (r->index > 0 && response <= to[-1].response)
        return complain_key(r, "response", "is not in the order of responses");
    to->response = (uint32_t)response;
    to->lock.frame = (uint32_t)frame;
    return read_text(r, object, "root", &to->lock.root) &&
           read_text(r, object, "owner", &to->lock.owner) &&
           read_text(r, object, "client", &to->lock.client) &&
           read_text(r, object, "user_agent", &to->lock.agent);
}

static bool read_finding(reading *r, const json_t *object, void *data)
{
    record_finding *to = data;
    int severity;

    if (!read_needed_text(r, object, "rule", &to->rule) ||
        !read_word(r, object, "severity", severity_name, MS_ERROR + 1, &severity))
        return false;
    to->severity = (ms_severity)severity;
    return read_needed_text(r, object, "message", &to->message) &&
           read_text(r, object, "href", &to->href);
}

/* ------------------------------------------------------------------------------- exchange ---- */

/* The plain texts of an exchange; each may be null but the name of its capture. */
static const struct {
    const char *key;
    size_t offset;
} texts[] = {
    {"capture", offsetof(exchange_record, capture)},
    {"time", offsetof(exchange_record, time)},
    {"client", offsetof(exchange_record, client)},
    {"server", offsetof(exchange_record, server)},
    {"protocol", offsetof(exchange_record, protocol)},
    {"host", offsetof(exchange_record, host)},
    {"method", offsetof(exchange_record, method)},
    {"uri", offsetof(exchange_record, uri)},
    {"report", offsetof(exchange_record, report)},
    {"missing", offsetof(exchange_record, missing)},
    {"format", offsetof(exchange_record, format)},
    {"user_agent", offsetof(exchange_record, user_agent)},
    {"server_software", offsetof(exchange_record, server_software)},
    {"server_dav", offsetof(exchange_record, server_dav)},
    {"server_allow", offsetof(exchange_record, server_allow)},
    {"sync_token", offsetof(exchange_record, sync_token)},
};

static bool read_texts(reading *r, const json_t *object)
{
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char **to = (const char **)(void *)((char *)r->record + texts[i].offset);

        if (!read_text(r, object, texts[i].key, to))
            return false;
    }
    return r->record->capture || complain_key(r, "capture", "is missing");
}

static bool read_numbers(reading *r, const json_t *object)
{
    exchange_record *record = r->record;
    int64_t frame, request_frame, body_bytes;

    if (!read_number(r, object, "frame", UINT32_MAX, 0, &frame) ||
        !read_number(r, object, "request_frame", UINT32_MAX, 0, &request_frame) ||
        !read_number(r, object, "stream", INT64_MAX, RECORD_UNKNOWN, &record->stream) ||
        !read_number(r, object, "h2_stream", INT64_MAX, RECORD_UNKNOWN, &record->h2_stream) ||
        !read_number(r, object, "body_bytes", UINT32_MAX, 0, &body_bytes) ||
        !read_status(r, object, "http_status", 0, &record->http_status) ||
        !read_bool(r, object, "complete", &record->complete))
        return false;
    if (frame == 0)
        return complain_key(r, "frame", "is missing");
    record->frame = (uint32_t)frame;
    record->request_frame = (uint32_t)request_frame;
    record->body_bytes = (uint32_t)body_bytes;
    return read_seconds(r, object, "response_time", record->time, &record->response_time);
}

static bool read_lists(reading *r, const json_t *object)
{
    exchange_record *record = r->record;
    void *responses = NULL, *locks = NULL, *findings = NULL;

    if (!read_objects(r, object, "responses", sizeof *record->responses, read_response, &responses,
                      &record->n_responses) ||
        (json_object_get(object, "locks") && /* records of the first days lack it */
         !read_objects(r, object, "locks", sizeof *record->locks, read_lock, &locks,
                       &record->n_locks)) ||
        !read_objects(r, object, "findings", sizeof *record->findings, read_finding, &findings,
                      &record->n_findings))
        return false;
    record->responses = responses;
    record->locks = locks;
    record->findings = findings;
    return true;
}

static bool check_count(reading *r, const json_t *object, const char *key, uint32_t counted)
{
    int64_t number;

    return read_number(r, object, key, UINT32_MAX, RECORD_UNKNOWN, &number) &&
           (number == counted || complain_key(r, key, "is not what the list of responses holds"));
}

static bool read_counts(reading *r, const json_t *object)
{
    exchange_record *record = r->record;
    int verdict;

    if (!read_word(r, object, "verdict", verdict_name, MS_VERDICTS, &verdict))
        return false;
    record->verdict = (ms_verdict)verdict;
    record_count_outcomes(record);
    return check_count(r, object, "resources", record->n_responses) &&
           check_count(r, object, "ok", record->ok) &&
           check_count(r, object, "failed", record->failed) &&
           check_count(r, object, "collateral", record->collateral);
}

static bool read_exchange(reading *r, const json_t *object, any_record *to)
{
    r->record = exchange_record_empty();
    if (read_texts(r, object) && read_numbers(r, object) && read_lists(r, object) &&
        read_counts(r, object)) {
        to->exchange = r->record;
        return true;
    }
    exchange_record_unref(r->record);
    return false;
}

/* -------------------------------------------------------------------------------- capture ---- */

static bool read_capture(reading *r, const json_t *object, any_record *to)
{
    const char *name = json_string_value(json_object_get(object, "capture"));
    const json_t *error = json_object_get(object, "error");
    int64_t frames, exchanges;

    if (!name)
        return complain_key(r, "capture", "is not a string");
    if (error && !json_is_null(error) && !json_is_string(error))
        return complain_key(r, "error", "is neither a string nor null");
    capture_record *record = capture_record_new(name);

    if (read_number(r, object, "frames", INT64_MAX, 0, &frames) &&
        read_number(r, object, "exchanges", INT64_MAX, 0, &exchanges) &&
        read_bool(r, object, "complete", &record->complete)) {
        record->frames = (uint64_t)frames;
        record->exchanges = (uint64_t)exchanges;
        record->error = g_strdup(json_string_value(error));
        to->capture = record;
        return true;
    }
    capture_record_free(record);
    return false;
}

/* ----------------------------------------------------------------------------------- line ---- */

static const struct {
    const char *type;
    bool (*read)(reading *r, const json_t *object, any_record *to);
} types[] = {
    {"exchange", read_exchange},
    {"capture", read_capture},
};

static bool read_object(reading *r, const json_t *object, any_record *to)
{
    const char *type = json_string_value(json_object_get(object, "type"));
    json_int_t schema = json_integer_value(json_object_get(object, "schema"));

    if (!type || schema < 1) {
        r->message = g_strdup("is not a record: it has no \"type\" or no \"schema\"");
        return false;
    }
    if (schema > RECORD_SCHEMA) {
        r->message =
            g_strdup_printf("is a record of schema %" JSON_INTEGER_FORMAT
                            ", made by a newer version; this one reads those up to schema %d",
                            schema, RECORD_SCHEMA);
        return false;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].type, type) == 0)
            return types[i].read(r, object, to);
    }
    return complain_key(r, "type", "has a value that this version does not know");
}

/* Jansson's words without the copy of the input that it ends them with. */
static char *json_complaint(const json_error_t *error)
{
    const char *near = strstr(error->text, " near ");
    size_t length = near ? (size_t)(near - error->text) : strlen(error->text);

    return g_strdup_printf("is not JSON: %.*s at column %d", (int)length, error->text,
                           error->column);
}

bool record_read(const char *line, size_t length, any_record *to, char **message)
{
    reading r = {0};
    json_error_t error;

    memset(to, 0, sizeof *to);
    *message = NULL;
    /* Depth is bounded by jansson itself, and a NUL inside a string is refused. */
    json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);

    if (!object)
        r.message = json_complaint(&error);
    else if (!json_is_object(object))
        r.message = g_strdup("is not a record: it is no JSON object");
    bool fine = !r.message && read_object(&r, object, to);

    json_decref(object);
    *message = r.message;
    return fine;
}

void any_record_clear(any_record *record)
{
    exchange_record_unref(record->exchange);
    capture_record_free(record->capture);
    memset(record, 0, sizeof *record);
}
