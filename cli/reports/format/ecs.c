/* ecs.c
 * Lines of the Elastic Common Schema.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "ecs.h"

#include <string.h>

#include "address.h"
#include "failed_exchange.h"
#include "json_member.h"
#include "ndjson.h"

#define VERSION "8.11.0"

/* ---- JSON ---- */

static void put_texts(json_dumper *json, const char *name, const char *const *texts, uint32_t n)
{
    json_dumper_set_member_name(json, name);
    json_dumper_begin_array(json);
    for (uint32_t i = 0; i < n; i++)
        json_dumper_value_string(json, texts[i]);
    json_dumper_end_array(json);
}

/* ---- sides ---- */

static void put_side(json_dumper *json, const char *name, const char *text)
{
    guint16 port = 0;
    g_autofree char *address = address_split(text, &port);

    if (!text)
        return;
    json_member_object(json, name);
    json_member_text(json, "address", address ? address : text);
    if (address && g_hostname_is_ip_address(address))
        json_member_text(json, "ip", address);
    if (address)
        json_member_number(json, "port", port);
    json_dumper_end_object(json);
}

/* ---- exchanges ---- */

/* What is not there to its end, or cannot be read, may have gone either way. */
static const char *outcome_of(const exchange_record *record)
{
    if (record->verdict == MS_MALFORMED || record->verdict == MS_UNDECODED)
        return "unknown";
    if (exchange_record_is_failed(record))
        return "failure";
    return record->complete ? "success" : "unknown";
}

static void begin_event(json_dumper *json, const char *dataset, const char *category,
                        const char *type)
{
    json_member_object(json, "event");
    json_member_text(json, "module", "multistatus");
    json_member_text(json, "dataset", dataset);
    json_member_text(json, "kind", "event");
    put_texts(json, "category", &category, 1);
    put_texts(json, "type", &type, 1);
}

static void put_event(json_dumper *json, const failed_exchange *of)
{
    const exchange_record *record = of->record;
    bool failed = exchange_record_is_failed(record);
    g_autofree char *reason = failed_exchange_result(of);

    begin_event(json, "multistatus.exchange", "web", failed ? "error" : "access");
    json_member_text(json, "action", record->method);
    json_member_text(json, "outcome", outcome_of(record));
    json_member_text(json, "reason", *reason ? reason : NULL);
    if (record->response_time)
        json_member_number(json, "duration",
                           (int64_t)(g_ascii_strtod(record->response_time, NULL) * 1e9 + 0.5));
    json_dumper_end_object(json);
}

static void put_network(json_dumper *json, const exchange_record *record)
{
    bool connection = record->stream >= 0 || record->h3_stream >= 0;
    guint16 port;
    g_autofree char *server = address_split(record->server, &port);

    json_member_object(json, "network");
    json_member_text(json, "protocol", "http");
    if (connection)
        json_member_text(json, "transport", record->h3_stream >= 0 ? "udp" : "tcp");
    if (server && g_hostname_is_ip_address(server))
        json_member_text(json, "type", strchr(server, ':') ? "ipv6" : "ipv4");
    json_member_text(json, "community_id", record->community_id);
    json_dumper_end_object(json);
}

/* "HTTP/1.1" */
static void put_http(json_dumper *json, const exchange_record *record)
{
    json_member_object(json, "http");
    if (record->protocol && g_str_has_prefix(record->protocol, "HTTP/"))
        json_member_text(json, "version", record->protocol + strlen("HTTP/"));
    if (record->method) {
        json_member_object(json, "request");
        json_member_text(json, "method", record->method);
        json_dumper_end_object(json);
    }
    json_member_object(json, "response");
    if (record->http_status > 0)
        json_member_number(json, "status_code", record->http_status);
    json_member_object(json, "body");
    json_member_number(json, "bytes", record->body_bytes);
    json_dumper_end_object(json);
    json_dumper_end_object(json);
    json_dumper_end_object(json);
}

/* RFC 9110 section 7.2: with a port, or without. */
static void put_host(json_dumper *json, const char *host)
{
    guint16 port = 0;
    g_autofree char *domain = address_split(host, &port);

    json_member_text(json, "domain", domain ? domain : host);
    if (domain)
        json_member_number(json, "port", port);
}

/* RFC 9112 section 3.2: the target may be a path, or a URI. */
static void put_url(json_dumper *json, const exchange_record *record)
{
    const char *target = record->uri;

    if (!target && !record->host)
        return;
    json_member_object(json, "url");
    json_member_text(json, "original", target);
    put_host(json, record->host);
    if (target) {
        const char *scheme = strstr(target, "://");
        const char *path = scheme ? strchr(scheme + 3, '/') : target;
        gsize length = path ? strcspn(path, "?#") : 0;
        g_autofree char *only = g_strndup(path ? path : "/", path ? length : 1);

        json_member_text(json, "path", only);
        if (path && path[length] == '?')
            json_member_text(json, "query", path + length + 1);
    }
    json_dumper_end_object(json);
}

static void put_resource(json_dumper *json, const record_response *response)
{
    g_autofree char *status = failed_resource_status(response);

    json_dumper_begin_object(json);
    put_texts(json, "hrefs", response->hrefs.items, response->hrefs.count);
    if (response->code >= 0)
        json_member_number(json, "status", response->code);
    json_member_text(json, "outcome", ms_outcome_name(response->outcome));
    json_member_text(json, "reason", status);
    put_texts(json, "conditions", response->conditions.items, response->conditions.count);
    json_member_text(json, "description", response->description);
    json_dumper_end_object(json);
}

static void put_failed_resources(json_dumper *json, const failed_exchange *of)
{
    json_dumper_set_member_name(json, "failed_resources");
    json_dumper_begin_array(json);
    for (guint i = 0; i < of->resources->len; i++)
        put_resource(json, &of->record->responses[g_array_index(of->resources, uint32_t, i)]);
    json_dumper_end_array(json);
}

static void put_findings(json_dumper *json, const exchange_record *record)
{
    json_dumper_set_member_name(json, "findings");
    json_dumper_begin_array(json);
    for (uint32_t i = 0; i < record->n_findings; i++)
        json_dumper_value_string(json, record->findings[i].rule);
    json_dumper_end_array(json);
}

static void put_ours(json_dumper *json, const failed_exchange *of)
{
    const exchange_record *record = of->record;

    json_member_object(json, "multistatus");
    json_member_text(json, "verdict", ms_verdict_name(record->verdict));
    json_member_number(json, "frame", record->frame);
    if (record->request_frame > 0)
        json_member_number(json, "request_frame", record->request_frame);
    json_member_text(json, "report", record->report);
    json_member_text(json, "format", record->format);
    json_member_text(json, "missing", record->missing);
    json_member_number(json, "resources", record->n_responses);
    json_member_number(json, "ok", record->ok);
    json_member_number(json, "failed", record->failed);
    json_member_number(json, "collateral", record->collateral);
    put_failed_resources(json, of);
    put_findings(json, record);
    json_dumper_end_object(json);
}

static void begin_line(json_dumper *json, const char *time)
{
    json_dumper_begin_object(json);
    json_member_text(json, "@timestamp", time);
    json_member_object(json, "ecs");
    json_member_text(json, "version", VERSION);
    json_dumper_end_object(json);
}

static void put_capture(json_dumper *json, const char *capture)
{
    json_member_object(json, "log");
    json_member_object(json, "file");
    json_member_text(json, "path", capture);
    json_dumper_end_object(json);
    json_dumper_end_object(json);
}

void ecs_exchange(rendering *r, const exchange_record *record)
{
    const gsize from = r->text->len;
    json_dumper json = {.output_string = r->text};
    failed_exchange *of = failed_exchange_of(record, r->settings, false);
    g_autofree char *message = failed_exchange_line(record);

    begin_line(&json, record->time);
    put_event(&json, of);
    json_member_text(&json, "message", message);
    put_network(&json, record);
    put_side(&json, "source", record->client);
    put_side(&json, "destination", record->server);
    put_http(&json, record);
    put_url(&json, record);
    if (record->user_agent) {
        json_member_object(&json, "user_agent");
        json_member_text(&json, "original", record->user_agent);
        json_dumper_end_object(&json);
    }
    put_capture(&json, record->capture);
    put_ours(&json, of);
    json_dumper_end_object(&json);
    json_dumper_finish(&json);
    ndjson_make_visible(r->text, from);
    failed_exchange_free(of);
}

/* ---- captures ---- */

static char *message_of(const capture_record *record, const char *unseen)
{
    return g_strdup_printf("The capture %s%s%s", record->error ? record->error : "was read",
                           unseen ? "; not looked into: " : "", unseen ? unseen : "");
}

void ecs_capture(rendering *r, const capture_record *record)
{
    const gsize from = r->text->len;
    g_autofree char *unseen = unseen_line(&record->unseen);
    g_autofree char *message = message_of(record, unseen);
    json_dumper json = {.output_string = r->text};

    if (!record->error && !unseen)
        return;
    begin_line(&json, NULL);
    begin_event(&json, "multistatus.capture", "network", record->error ? "error" : "info");
    json_member_text(&json, "outcome", record->error ? "failure" : "unknown");
    json_dumper_end_object(&json);
    json_member_text(&json, "message", message);
    if (record->error) {
        json_member_object(&json, "error");
        json_member_text(&json, "message", record->error);
        json_dumper_end_object(&json);
    }
    put_capture(&json, record->capture);
    json_dumper_end_object(&json);
    json_dumper_finish(&json);
    ndjson_make_visible(r->text, from);
}
