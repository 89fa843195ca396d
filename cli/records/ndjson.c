/* ndjson.c
 * Writing records as JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "ndjson.h"

#include <wsutil/json_dumper.h>

/* --------------------------------------------------------------------------------- values ---- */

static void put_text(json_dumper *json, const char *key, const char *value)
{
    json_dumper_set_member_name(json, key);
    json_dumper_value_string(json, value); /* NULL becomes null */
}

static void put_number(json_dumper *json, const char *key, int64_t value)
{
    json_dumper_set_member_name(json, key);
    json_dumper_value_anyf(json, "%" G_GINT64_FORMAT, value);
}

/* A number, or null if it is not above `below`. */
static void put_number_above(json_dumper *json, const char *key, int64_t value, int64_t below)
{
    if (value > below)
        put_number(json, key, value);
    else
        put_text(json, key, NULL);
}

/* A number that is kept as its decimal digits. */
static void put_decimal(json_dumper *json, const char *key, const char *digits)
{
    json_dumper_set_member_name(json, key);
    json_dumper_value_anyf(json, "%s", digits ? digits : "null");
}

static void put_bool(json_dumper *json, const char *key, bool value)
{
    json_dumper_set_member_name(json, key);
    json_dumper_value_anyf(json, "%s", value ? "true" : "false");
}

static void put_strings(json_dumper *json, const char *key, const record_strings *strings)
{
    json_dumper_set_member_name(json, key);
    json_dumper_begin_array(json);
    for (uint32_t i = 0; i < strings->count; i++)
        json_dumper_value_string(json, strings->items[i]);
    json_dumper_end_array(json);
}

/* ------------------------------------------------------------------------------- exchange ---- */

static void put_propstat(json_dumper *json, const record_propstat *propstat)
{
    json_dumper_begin_object(json);
    put_number_above(json, "status", propstat->status, RECORD_UNKNOWN);
    put_text(json, "outcome", ms_outcome_name(propstat->outcome));
    put_strings(json, "properties", &propstat->properties);
    put_strings(json, "conditions", &propstat->conditions);
    put_text(json, "description", propstat->description);
    json_dumper_end_object(json);
}

static void put_response(json_dumper *json, const record_response *response)
{
    json_dumper_begin_object(json);
    put_strings(json, "hrefs", &response->hrefs);
    put_number_above(json, "status", response->status, RECORD_UNKNOWN);
    put_text(json, "outcome", ms_outcome_name(response->outcome));
    put_text(json, "reason", response->reason);
    json_dumper_set_member_name(json, "propstats");
    json_dumper_begin_array(json);
    for (uint32_t i = 0; i < response->n_propstats; i++)
        put_propstat(json, &response->propstats[i]);
    json_dumper_end_array(json);
    put_strings(json, "conditions", &response->conditions);
    put_text(json, "description", response->description);
    put_text(json, "location", response->location);
    json_dumper_end_object(json);
}

static void put_lock(json_dumper *json, const record_lock *held)
{
    json_dumper_begin_object(json);
    put_number(json, "response", held->response);
    put_number(json, "frame", held->lock.frame);
    put_text(json, "root", held->lock.root);
    put_text(json, "owner", held->lock.owner);
    put_text(json, "client", held->lock.client);
    put_text(json, "user_agent", held->lock.agent);
    json_dumper_end_object(json);
}

static void put_finding(json_dumper *json, const record_finding *finding)
{
    json_dumper_begin_object(json);
    put_text(json, "rule", finding->rule);
    put_text(json, "severity", ms_severity_name(finding->severity));
    put_text(json, "message", finding->message);
    put_text(json, "href", finding->href);
    json_dumper_end_object(json);
}

static void put_request(json_dumper *json, const exchange_record *record)
{
    put_text(json, "capture", record->capture);
    put_number(json, "frame", record->frame);
    put_number_above(json, "request_frame", record->request_frame, 0);
    put_text(json, "time", record->time);
    put_text(json, "client", record->client);
    put_text(json, "server", record->server);
    put_text(json, "protocol", record->protocol);
    put_number_above(json, "stream", record->stream, RECORD_UNKNOWN);
    put_number_above(json, "h2_stream", record->h2_stream, RECORD_UNKNOWN);
    put_text(json, "host", record->host);
    put_text(json, "method", record->method);
    put_text(json, "uri", record->uri);
    put_text(json, "report", record->report);
}

static void put_body(json_dumper *json, const exchange_record *record)
{
    put_text(json, "verdict", ms_verdict_name(record->verdict));
    put_number(json, "resources", record->n_responses);
    put_number(json, "ok", record->ok);
    put_number(json, "failed", record->failed);
    put_number(json, "collateral", record->collateral);
    json_dumper_set_member_name(json, "responses");
    json_dumper_begin_array(json);
    for (uint32_t i = 0; i < record->n_responses; i++)
        put_response(json, &record->responses[i]);
    json_dumper_end_array(json);
    put_text(json, "sync_token", record->sync_token);
    json_dumper_set_member_name(json, "locks");
    json_dumper_begin_array(json);
    for (uint32_t i = 0; i < record->n_locks; i++)
        put_lock(json, &record->locks[i]);
    json_dumper_end_array(json);
    json_dumper_set_member_name(json, "findings");
    json_dumper_begin_array(json);
    for (uint32_t i = 0; i < record->n_findings; i++)
        put_finding(json, &record->findings[i]);
    json_dumper_end_array(json);
}

static void begin(json_dumper *json, const char *type)
{
    json_dumper_begin_object(json);
    put_text(json, "type", type);
    put_number(json, "schema", RECORD_SCHEMA);
}

void ndjson_put_exchange(json_dumper *json, const exchange_record *record)
{
    begin(json, "exchange");
    put_request(json, record);
    put_number_above(json, "http_status", record->http_status, 0);
    put_bool(json, "complete", record->complete);
    put_number(json, "body_bytes", record->body_bytes);
    put_text(json, "missing", record->missing);
    put_text(json, "format", record->format);
    put_decimal(json, "response_time", record->response_time);
    put_text(json, "user_agent", record->user_agent);
    put_text(json, "server_software", record->server_software);
    put_text(json, "server_dav", record->server_dav);
    put_text(json, "server_allow", record->server_allow);
    put_body(json, record);
    json_dumper_end_object(json);
}

void ndjson_put_capture(json_dumper *json, const capture_record *record)
{
    begin(json, "capture");
    put_text(json, "capture", record->capture);
    put_number(json, "frames", (int64_t)record->frames);
    put_number(json, "exchanges", (int64_t)record->exchanges);
    put_bool(json, "complete", record->complete);
    put_text(json, "error", record->error);
    json_dumper_end_object(json);
}

/* json_dumper_finish() ends the line. */

void ndjson_exchange(GString *text, const exchange_record *record)
{
    json_dumper json = {.output_string = text};

    ndjson_put_exchange(&json, record);
    json_dumper_finish(&json);
}

void ndjson_capture(GString *text, const capture_record *record)
{
    json_dumper json = {.output_string = text};

    ndjson_put_capture(&json, record);
    json_dumper_finish(&json);
}
