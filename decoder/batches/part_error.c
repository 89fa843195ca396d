/* part_error.c
 * Errors in the bodies of HTTP responses: OData JSON format 4.01 section 21, and what its older
 * versions, Google and Azure Storage send (JSON, and XML with the root "error" or "Error").
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "part_error.h"

#include <string.h>

#include "json.h"
#include "limit_table.h"
#include "notes.h"
#include "xml_batch.h"

#define STEPS 4u

/* Names of members, one within the other, from the body's own object on. */
typedef const char *json_path[STEPS];

/* In the order of preference. A number is the status once more: it is no word. */
static const json_path codes[] = {
    {"error", "errors", "reason"}, {"error", "status"}, {"error", "code"}, {"odata.error", "code"}};
static const json_path messages[] = {
    {"error", "message", "value"}, {"error", "message"}, {"odata.error", "message", "value"}};

#define PLACES                                                                                     \
    {                                                                                              \
        {                                                                                          \
            "", MS_SAID_FAILED,                                                                    \
            {                                                                                      \
                {"Code", MS_XML_CONDITION}, {"code", MS_XML_CONDITION},                            \
                    {"Message", MS_XML_REASON},                                                    \
                {                                                                                  \
                    "message", MS_XML_REASON                                                       \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }

/* Azure Storage and S3; OData. */
static const ms_xml_batch roots[] = {{.root = "Error", .rows = PLACES},
                                     {.root = "error", .rows = PLACES}};

/* ---- JSON ---- */

/* The value of a member; of a list, that of its first element. */
static uint32_t member(const ms_json *json, uint32_t object, const char *name)
{
    uint32_t found = MS_JSON_NO_TOKEN;

    if (ms_json_has_type(json, object, MS_JSON_ARRAY) && !ms_json_is_empty(json, object))
        object = ms_json_first(object);
    if (!ms_json_has_type(json, object, MS_JSON_OBJECT))
        return MS_JSON_NO_TOKEN;
    for (uint32_t at = ms_json_first(object), end = json->tokens[object].end; at < end;
         at = json->tokens[at + 1].end) {
        if (ms_json_is(json, at, name, strlen(name)))
            found = at + 1;
    }
    return found;
}

static ms_text first_string(ms_json_parser *parser, const json_path *paths, size_t count)
{
    const ms_json *json = parser->json;

    for (size_t i = 0; i < count; i++) {
        uint32_t value = 0;

        for (size_t j = 0; j < STEPS && paths[i][j] && value != MS_JSON_NO_TOKEN; j++)
            value = member(json, value, paths[i][j]);
        if (value != MS_JSON_NO_TOKEN && ms_json_has_type(json, value, MS_JSON_STRING) &&
            json->tokens[value].length > 2)
            return ms_json_text(parser, value);
    }
    return (ms_text){NULL, {0, 0}};
}

static void read_error(ms_json_parser *parser, const void *data)
{
    struct ms_store *store = parser->document->store;

    (void)data;
    if (parser->json->count == 0)
        return;
    const ms_text code = first_string(parser, codes, G_N_ELEMENTS(codes));
    const ms_response response = {
        .status = {.code = MS_STATUS_NONE},
        .conditions = {0, code.text ? 1 : 0},
        .description = first_string(parser, messages, G_N_ELEMENTS(messages)),
    };

    if (code.text) {
        const ms_element condition = {.name = code.text, .span = code.span, .end = 1};

        *ms_element_list_add(&store->conditions) = condition;
    }
    g_array_append_val(store->responses, response);
}

/* ---- either ---- */

static bool parse(ms_document *document, ms_notes *notes, ms_encoded *encoded, const void *body,
                  size_t length, const ms_context *context)
{
    if (ms_json_suits(encoded, context->content_type)) {
        ms_json_parse_by(document, notes, encoded, read_error, NULL);
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(roots); i++) {
        if (ms_xml_batch_is(&roots[i], body, length, context->content_type)) {
            ms_xml_batch_parse(document, notes, encoded, context, &roots[i]);
            return true;
        }
    }
    return false;
}

ms_document *ms_part_error(const void *body, size_t length, const ms_context *context)
{
    if (length == 0)
        return NULL;
    ms_document *document = g_new0(ms_document, 1);
    ms_notes notes = {.limits = ms_limits_in_force(context->limits)};
    ms_encoded encoded;

    document->store = ms_store_new();
    document->span = (ms_span){0, (uint32_t)length};
    ms_encoded_init(&encoded, body, length, context->content_type);
    bool is_error =
        parse(document, &notes, &encoded, body, length, context) && document->n_responses > 0 &&
        (document->responses[0].conditions.count > 0 || document->responses[0].description.text);

    ms_encoded_clear(&encoded);
    ms_notes_clear(&notes);
    if (is_error)
        return document;
    ms_document_free(document);
    return NULL;
}
