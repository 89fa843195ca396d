/* ecs.c
 * Lines of the Elastic Common Schema.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "ecs.h"

#include <string.h>

#include <wsutil/json_dumper.h>

#include "failed_exchange.h"
#include "ndjson.h"

#define VERSION "8.11.0"

/* ---- JSON ---- */

/* What is not known is not there. */
static void put_text(json_dumper *json, const char *name, const char *value)
{
    if (!value)
        return;
    json_dumper_set_member_name(json, name);
    json_dumper_value_string(json, value);
}

static void put_number(json_dumper *json, const char *name, int64_t value)
{
    json_dumper_set_member_name(json, name);
    json_dumper_value_anyf(json, "%" G_GINT64_FORMAT, value);
}

static void begin(json_dumper *json, const char *name)
{
    json_dumper_set_member_name(json, name);
    json_dumper_begin_object(json);
}

static void end(json_dumper *json)
{
    json_dumper_end_object(json);
}

static void put_texts(json_dumper *json, const char *name, const char *const *texts, uint32_t n)
{
    json_dumper_set_member_name(json, name);
    json_dumper_begin_array(json);
    for (uint32_t i = 0; i < n; i++)
        json_dumper_value_string(json, texts[i]);
    json_dumper_end_array(json);
}

/* ---- sides ---- */

/* "192.0.2.1:80", "[2001:db8::1]:80". @return the address, owned by the caller; NULL */
static char *split_address(const char *text, guint64 *port)
{
    const char *colon = text ? strrchr(text, ':') : NULL;

    if (!colon || !g_ascii_string_to_unsigned(colon + 1, 10, 0, G_MAXUINT16, port, NULL))
        return NULL;
    if (*text == '[')
        return g_strndup(text + 1, strcspn(text + 1, "]"));
    return g_strndup(text, (gsize)(colon - text));
}

static void put_side(json_dumper *json, const char *name, const char *text)
{
    guint64 port = 0;
    g_autofree char *address = split_address(text, &port);

    if (!text)
        return;
    begin(json, name);
    put_text(json, "address", address ? address : text);
    if (address && g_hostname_is_ip_address(address))
        put_text(json, "ip", address);
    if (address)
        put_number(json, "port", (int64_t)port);
    end(json);
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
    begin(json, "event");
    put_text(json, "module", "multistatus");
    put_text(json, "dataset", dataset);
    put_text(json, "kind", "event");
    put_texts(json, "category", &category, 1);
    put_texts(json, "type", &type, 1);
}

static void put_event(json_dumper *json, const failed_exchange *of)
{
    const exchange_record *record = of->record;
    bool failed = exchange_record_is_failed(record);
    g_autofree char *reason = failed_exchange_result(of);

    begin_event(json, "multistatus.exchange", "web", failed ? "error" : "access");
    put_text(json, "action", record->method);
    put_text(json, "outcome", outcome_of(record));
    put_text(json, "reason", *reason ? reason : NULL);
    if (record->response_time)
        put_number(json, "duration",
                   (int64_t)(g_ascii_strtod(record->response_time, NULL) * 1e9 + 0.5));
    end(json);
}

static void put_network(json_dumper *json, const exchange_record *record)
{
    bool connection = record->stream >= 0 || record->h3_stream >= 0;
    guint64 port;
    g_autofree char *server = split_address(record->server, &port);

    begin(json, "network");
    put_text(json, "protocol", "http");
    if (connection)
        put_text(json, "transport", record->h3_stream >= 0 ? "udp" : "tcp");
    if (server && g_hostname_is_ip_address(server))
        put_text(json, "type", strchr(server, ':') ? "ipv6" : "ipv4");
    put_text(json, "community_id", record->community_id);
    end(json);
}

/* "HTTP/1.1" */
static void put_http(json_dumper *json, const exchange_record *record)
{
    begin(json, "http");
    if (record->protocol && g_str_has_prefix(record->protocol, "HTTP/"))
        put_text(json, "version", record->protocol + strlen("HTTP/"));
    if (record->method) {
        begin(json, "request");
        put_text(json, "method", record->method);
        end(json);
    }
    begin(json, "response");
    if (record->http_status > 0)
        put_number(json, "status_code", record->http_status);
    begin(json, "body");
    put_number(json, "bytes", record->body_bytes);
    end(json);
    end(json);
    end(json);
}

/* RFC 9110 section 7.2: with a port, or without. */
static void put_host(json_dumper *json, const char *host)
{
    guint64 port = 0;
    g_autofree char *domain = split_address(host, &port);

    put_text(json, "domain", domain ? domain : host);
    if (domain)
        put_number(json, "port", (int64_t)port);
}

/* RFC 9112 section 3.2: the target may be a path, or a URI. */
static void put_url(json_dumper *json, const exchange_record *record)
{
    const char *target = record->uri;

    if (!target && !record->host)
        return;
    begin(json, "url");
    put_text(json, "original", target);
    put_host(json, record->host);
    if (target) {
        const char *scheme = strstr(target, "://");
        const char *path = scheme ? strchr(scheme + 3, '/') : target;
        gsize length = path ? strcspn(path, "?#") : 0;
        g_autofree char *only = g_strndup(path ? path : "/", path ? length : 1);

        put_text(json, "path", only);
        if (path && path[length] == '?')
            put_text(json, "query", path + length + 1);
    }
    end(json);
}

static void put_resource(json_dumper *json, const record_response *response)
{
    g_autofree char *status = failed_resource_status(response);

    json_dumper_begin_object(json);
    put_texts(json, "hrefs", response->hrefs.items, response->hrefs.count);
    if (response->code >= 0)
        put_number(json, "status", response->code);
    put_text(json, "outcome", ms_outcome_name(response->outcome));
    put_text(json, "reason", status);
    put_texts(json, "conditions", response->conditions.items, response->conditions.count);
    put_text(json, "description", response->description);
    end(json);
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

    begin(json, "multistatus");
    put_text(json, "verdict", ms_verdict_name(record->verdict));
    put_number(json, "frame", record->frame);
    if (record->request_frame > 0)
        put_number(json, "request_frame", record->request_frame);
    put_text(json, "report", record->report);
    put_text(json, "format", record->format);
    put_text(json, "missing", record->missing);
    put_number(json, "resources", record->n_responses);
    put_number(json, "ok", record->ok);
    put_number(json, "failed", record->failed);
    put_number(json, "collateral", record->collateral);
    put_failed_resources(json, of);
    put_findings(json, record);
    end(json);
}

static void begin_line(json_dumper *json, const char *time)
{
    json_dumper_begin_object(json);
    put_text(json, "@timestamp", time);
    begin(json, "ecs");
    put_text(json, "version", VERSION);
    end(json);
}

static void put_capture(json_dumper *json, const char *capture)
{
    begin(json, "log");
    begin(json, "file");
    put_text(json, "path", capture);
    end(json);
    end(json);
}

void ecs_exchange(rendering *r, const exchange_record *record)
{
    const gsize from = r->text->len;
    json_dumper json = {.output_string = r->text};
    failed_exchange *of = failed_exchange_of(record, r->settings, false);
    g_autofree char *message = failed_exchange_line(record);

    begin_line(&json, record->time);
    put_event(&json, of);
    put_text(&json, "message", message);
    put_network(&json, record);
    put_side(&json, "source", record->client);
    put_side(&json, "destination", record->server);
    put_http(&json, record);
    put_url(&json, record);
    if (record->user_agent) {
        begin(&json, "user_agent");
        put_text(&json, "original", record->user_agent);
        end(&json);
    }
    put_capture(&json, record->capture);
    put_ours(&json, of);
    end(&json);
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
    put_text(&json, "outcome", record->error ? "failure" : "unknown");
    end(&json);
    put_text(&json, "message", message);
    if (record->error) {
        begin(&json, "error");
        put_text(&json, "message", record->error);
        end(&json);
    }
    put_capture(&json, record->capture);
    end(&json);
    json_dumper_finish(&json);
    ndjson_make_visible(r->text, from);
}
