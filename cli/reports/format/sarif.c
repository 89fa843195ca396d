/* sarif.c
 * The result as SARIF 2.1.0.
 *
 * Sections in comments are those of the OASIS standard.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "sarif.h"

#include <string.h>

#include "failed_exchange.h"
#include "json_member.h"
#include "ndjson.h"
#include "rules.h"
#include "text.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

/* Section 3.27.10. A chat is none of these: it is left out. */
static const char *level_of(ms_severity severity)
{
    return severity == MS_ERROR ? "error" : severity == MS_WARN ? "warning" : "note";
}

/* A message (section 3.11): plain text, in which nothing from the wire is markup. */
static void put_message(json_dumper *json, const char *name, const char *text)
{
    json_member_object(json, name);
    json_member_text(json, "text", text);
    json_dumper_end_object(json);
}

/* Section 3.49. */
static void put_rule(json_dumper *json, const ms_rule *rule)
{
    g_autofree char *summary =
        g_strdup_printf("%c%s.", g_ascii_toupper(*rule->summary), rule->summary + 1);
    g_autofree char *source = g_strdup_printf("See %s.", rule->source);

    json_dumper_begin_object(json);
    json_member_text(json, "id", rule->id);
    put_message(json, "shortDescription", summary);
    put_message(json, "help", source);
    json_member_object(json, "defaultConfiguration");
    json_member_text(json, "level", level_of(rule->severity));
    json_dumper_end_object(json);
    json_dumper_end_object(json);
}

static void put_tool(json_dumper *json)
{
    json_member_object(json, "tool");
    json_member_object(json, "driver");
    json_member_text(json, "name", "multistatus");
    json_member_text(json, "version", MULTISTATUS_VERSION);
    json_dumper_set_member_name(json, "rules");
    json_dumper_begin_array(json);
    for (unsigned i = 0; i < MS_RULE_COUNT; i++)
        put_rule(json, &ms_rules[i]);
    json_dumper_end_array(json);
    json_dumper_end_object(json);
    json_dumper_end_object(json);
}

void sarif_begin(rendering *r)
{
    json_dumper *json = g_new0(json_dumper, 1);

    json->output_string = r->text;
    r->state = json;
    json_dumper_begin_object(json);
    json_member_text(json, "$schema", SCHEMA);
    json_member_text(json, "version", "2.1.0");
    json_dumper_set_member_name(json, "runs");
    json_dumper_begin_array(json);
    json_dumper_begin_object(json);
    put_tool(json);
    json_member_text(json, "columnKind", "unicodeCodePoints");
    json_dumper_set_member_name(json, "results");
    json_dumper_begin_array(json);
}

/* --------------------------------------------------------------------------------- results ---- */

/* Section 3.4.3: a relative reference, or a URI where the path is absolute. */
static char *uri_of(const char *capture)
{
    char *uri = g_path_is_absolute(capture) ? g_filename_to_uri(capture, NULL, NULL) : NULL;

    return uri ? uri : g_uri_escape_string(capture, "/", FALSE);
}

static void put_artifact(json_dumper *json, const char *capture)
{
    g_autofree char *uri = uri_of(capture);

    json_member_object(json, "artifactLocation");
    json_member_text(json, "uri", uri);
    json_dumper_end_object(json);
}

/* Section 3.28. A capture has no lines: the frame is a logical location (section 3.33). */
static void put_locations(json_dumper *json, const exchange_record *record)
{
    g_autofree char *frame = g_strdup_printf("frame %u", record->frame);

    json_dumper_set_member_name(json, "locations");
    json_dumper_begin_array(json);
    json_dumper_begin_object(json);
    json_member_object(json, "physicalLocation");
    put_artifact(json, record->capture);
    json_dumper_end_object(json);
    json_dumper_set_member_name(json, "logicalLocations");
    json_dumper_begin_array(json);
    json_dumper_begin_object(json);
    json_member_text(json, "name", frame);
    json_member_text(json, "kind", "frame");
    json_dumper_end_object(json);
    json_dumper_end_array(json);
    json_dumper_end_object(json);
    json_dumper_end_array(json);
}

/* What is the same in another capture of the same failure (section 3.27.17): no frame, no time. */
static void put_fingerprint(json_dumper *json, const exchange_record *record, const char *rule,
                            const char *about, const char *status)
{
    g_autofree char *text = g_strjoin(
        "\n", rule, record->method ? record->method : "", record->host ? record->host : "",
        record->uri ? record->uri : "", about ? about : "", status, NULL);
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

    json_member_object(json, "partialFingerprints");
    json_member_text(json, "multistatus/v1", sum);
    json_dumper_end_object(json);
}

/* Section 3.8: for those who look further. Keys are those of records. */
static void put_properties(json_dumper *json, const exchange_record *record, const char *href)
{
    json_member_object(json, "properties");
    json_member_number(json, "frame", record->frame);
    json_member_text(json, "time", record->time);
    json_member_text(json, "client", record->client);
    json_member_text(json, "server", record->server);
    json_member_text(json, "method", record->method);
    json_member_text(json, "uri", record->uri);
    if (record->http_status > 0)
        json_member_number(json, "http_status", record->http_status);
    json_member_text(json, "verdict", ms_verdict_name(record->verdict));
    json_member_text(json, "href", href);
    json_dumper_end_object(json);
}

typedef struct {
    unsigned rule;
    ms_severity severity;
    const char *words;  /* of the message, behind the request */
    const char *href;   /* of the resource; NULL if it is about the whole */
    const char *status; /* of the resource; "" */
} finding;

static void put_result(json_dumper *json, const failed_exchange *of, const finding *found)
{
    g_autofree char *message = g_strdup_printf("%s%s%s: %s", of->method, of->uri ? " " : "",
                                               of->uri ? of->uri : "", found->words);
    g_autoptr(GString) safe = g_string_new(NULL);

    text_append_safe(safe, message);
    json_dumper_begin_object(json);
    json_member_text(json, "ruleId", ms_rules[found->rule].id);
    json_member_number(json, "ruleIndex", found->rule);
    json_member_text(json, "level", level_of(found->severity));
    put_message(json, "message", safe->str);
    put_locations(json, of->record);
    put_fingerprint(json, of->record, ms_rules[found->rule].id, found->href, found->status);
    put_properties(json, of->record, found->href);
    json_dumper_end_object(json);
}

static void put_failures(json_dumper *json, const failed_exchange *of)
{
    for (guint i = 0; i < of->resources->len; i++) {
        failed_resource resource;

        failed_resource_init(&resource, of, i);
        g_autofree char *line = failed_resource_line(&resource);

        put_result(
            json, of,
            &(finding){.rule = MS_RULE_FAILURES,
                       .severity = MS_ERROR,
                       .words = line,
                       .href = resource.of->hrefs.count > 0 ? resource.of->hrefs.items[0] : NULL,
                       .status = resource.status});
        failed_resource_clear(&resource);
    }
}

/* A rule of a later version, in saved records, is not in our table. */
static bool put_finding(json_dumper *json, const failed_exchange *of, const record_finding *found)
{
    const ms_rule *rule = ms_rule_named(found->rule);

    if (!rule || found->severity < MS_NOTE)
        return false;
    put_result(json, of,
               &(finding){.rule = (unsigned)(rule - ms_rules),
                          .severity = found->severity,
                          .words = found->message,
                          .href = found->href,
                          .status = ""});
    return true;
}

void sarif_exchange(rendering *r, const exchange_record *record)
{
    const gsize from = r->text->len;
    json_dumper *json = r->state;
    bool failed = exchange_record_is_failed(record), told = false;
    failed_exchange *of = failed_exchange_of(record, r->settings, false);

    if (failed) {
        put_failures(json, of);
        told = of->resources->len > 0;
    }
    for (uint32_t i = 0; i < record->n_findings; i++) {
        const record_finding *found = &record->findings[i];

        if (!told || strcmp(found->rule, ms_rules[MS_RULE_FAILURES].id) != 0)
            told = put_finding(json, of, found) || told;
    }
    if (failed && !told)
        put_result(json, of,
                   &(finding){.rule = MS_RULE_FAILURES,
                              .severity = MS_ERROR,
                              .words = of->verdict,
                              .status = ""});
    failed_exchange_free(of);
    ndjson_make_visible(r->text, from);
}

/* -------------------------------------------------------------------------------- captures ---- */

/* Section 3.58. */
static void put_notification(json_dumper *json, const char *capture, const char *level,
                             const char *words)
{
    json_dumper_begin_object(json);
    json_member_text(json, "level", level);
    put_message(json, "message", words);
    json_dumper_set_member_name(json, "locations");
    json_dumper_begin_array(json);
    json_dumper_begin_object(json);
    json_member_object(json, "physicalLocation");
    put_artifact(json, capture);
    json_dumper_end_object(json);
    json_dumper_end_object(json);
    json_dumper_end_array(json);
    json_dumper_end_object(json);
}

static void put_notifications(json_dumper *json, const aggregate *totals)
{
    json_dumper_set_member_name(json, "toolExecutionNotifications");
    json_dumper_begin_array(json);
    for (guint i = 0; i < totals->troubled->len; i++) {
        const capture_record *record = totals->troubled->pdata[i];
        g_autofree char *words = g_strdup_printf("The capture %s.", record->error);

        put_notification(json, record->capture, "error", words);
    }
    for (guint i = 0; i < totals->dim->len; i++) {
        const capture_record *record = totals->dim->pdata[i];
        g_autofree char *line = unseen_line(&record->unseen);
        g_autofree char *words = g_strdup_printf("Not looked into: %s.", line);

        put_notification(json, record->capture, "warning", words);
    }
    json_dumper_end_array(json);
}

void sarif_report(rendering *r, const report_view *view)
{
    const gsize from = r->text->len;
    json_dumper *json = r->state;

    json_dumper_end_array(json);
    json_dumper_set_member_name(json, "invocations");
    json_dumper_begin_array(json);
    json_dumper_begin_object(json);
    json_dumper_set_member_name(json, "executionSuccessful");
    json_dumper_value_anyf(json, view->totals->troubled->len == 0 ? "true" : "false");
    put_notifications(json, view->totals);
    json_dumper_end_object(json);
    json_dumper_end_array(json);
    json_dumper_end_object(json);
    json_dumper_end_array(json);
    json_dumper_end_object(json);
    json_dumper_finish(json);
    ndjson_make_visible(r->text, from);
    g_clear_pointer(&r->state, g_free);
}
