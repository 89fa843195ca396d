/* test_json.c
 * Multi-Status bodies in JSON: the rows of every interface whose shape is known (docs/json.md),
 * their places, what is judged how, and bodies that end too early or are something else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "json.h"
#include "unit.h"

static const ms_context batch = {
    .method = "POST",
    .uri = "/batch",
    .http_status = 207,
    .content_type = "application/json",
};

/* ---- interfaces ---- */

typedef struct {
    const char *name;
    const char *model;
} body_row;

static const body_row bodies[] = {
    {"zalando-items", "root json\nverdict partial\n"
                      "response ok 201\n href parcel-1\n status 201\n description created\n"
                      "response failed 409\n href parcel-2\n status 409\n"
                      " description a parcel with this number exists\n"
                      "response collateral 424\n href parcel-3\n status 424\n"
                      " description depends on parcel-2\n"},
    {"nakadi-partial",
     "root json\nverdict partial\n"
     "response ok -3\n href 6a1d1c0e-0b53-4c1e-9a6b-0d2f6f0a7a01\n status submitted\n"
     "response failed -3\n href 6a1d1c0e-0b53-4c1e-9a6b-0d2f6f0a7a02\n status failed\n"
     " description #/metadata: required key [occurred_at] not found\n"
     "response collateral -3\n href 6a1d1c0e-0b53-4c1e-9a6b-0d2f6f0a7a03\n status aborted\n"},
    {"ngsi-ld-batch",
     "root json\nverdict partial\n"
     "response ok -3\n href urn:ngsi-ld:Pump:001\n status success\n"
     "response failed 409\n href urn:ngsi-ld:Pump:002\n status 409\n"
     " condition https://uri.etsi.org/ngsi-ld/errors/AlreadyExists(title=Entity already exists)\n"
     " description urn:ngsi-ld:Pump:002\n"
     "response missing 404\n href urn:ngsi-ld:Pump:003\n status 404\n"
     " condition https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound(title=Entity does not "
     "exist)\n description Entity does not exist\n"},
    {"scorpio-upsert",
     "root json\nverdict partial\n"
     "response ok -3\n href urn:ngsi-ld:Pump:001\n status success\n"
     "response failed 400\n href urn:ngsi-ld:Pump:002\n status 400\n"
     " condition https://uri.etsi.org/ngsi-ld/errors/BadRequestData(title=Bad request data)\n"
     " description no type\n"},
    /* The resource's own "status" is no status of the row. */
    {"hubspot-batch",
     "root json\nverdict partial\n"
     "response ok -3\n href 5501\n status results\n"
     "response failed -3\n href 77\n href 78\n status error\n condition OBJECT_NOT_FOUND\n"
     " description Could not get some CONTACT objects, they may be deleted or not exist.\n"
     "response failed -3\n href t-3\n status error\n condition VALIDATION_ERROR\n"
     " description Property \"colour\" does not exist\n"},
    {"azure-search-index", "root json\nverdict partial\n"
                           "response ok 201\n href 1\n status 201\n"
                           "response failed 400\n href 2\n status 400\n"
                           " description The document is too large.\n"
                           "response missing 404\n href 3\n status 404\n"
                           " description Document not found.\n"},
    {"graph-members-add",
     "root json\nverdict partial\n"
     "response ok -3\n href 18a80140-b0fb-4489-b360-2f6efaf225a0\n status error: null\n"
     "response failed -3\n href 86503198-b81b-43fe-81ad-ad4b8d9f1f91\n status error\n"
     " condition NotFound\n description No such user\n"},
    {"akamai-test-center",
     "root json\nverdict partial\n"
     "response ok -3\n href 1\n status successes\n"
     "response failed 409\n href 17\n href 18\n status 409\n"
     " condition https://problems.example/test-center/duplicate(title=Already exists "
     "instance=/test-cases/17)\n description This test case exists.\n"},
    {"backbase-string-status", "root json\nverdict partial\n"
                               "response ok 200\n href arr-1\n status 200\n"
                               "response missing 404\n href arr-2\n status 404\n"
                               " description Arrangement not found\n"
                               "response failed 400\n href arr-3\n status 400\n"
                               " description Bad currency; Bad name\n"},
    {"glpi-keyed", "root json\nverdict partial\n"
                   "response ok -3\n href 16\n status true\n"
                   "response failed -3\n href 17\n status false\n"
                   " description You don't have permission to perform this action.\n"},
    {"glpi-tagged", "root json\nverdict partial\n"
                    "response failed -3\n href 2\n status null\n"
                    "response ok -3\n href 3\n status true\n"
                    "description ERROR_GLPI_PARTIAL_UPDATE\n"},
    {"glpi-added", "root json\nverdict partial\n"
                   "response ok -3\n href 8\n status id\n"
                   "response failed -3\n href #2\n status id: false\n"
                   " description You don't have permission to perform this action.\n"
                   "response ok -3\n href 9\n status id\n"},
    {"nextcloud-map", "root json\nverdict partial\n"
                      "response ok -3\n href /photos/a.jpg\n status error: false\n"
                      "response failed -3\n href /photos/b.jpg\n status error: true\n"
                      " description no space left\n"},
    {"problem-rows",
     "root json\nverdict partial\n"
     "response ok 204\n href /orders/1\n status 204\n"
     "response failed 422\n href /orders/2\n status 422\n"
     " condition https://problems.example/out-of-stock(title=Out of stock "
     "instance=/orders/2/problems/1)\n description Item B00027Y5QG is not available\n"
     "description one of two orders was not changed\n"},
};

static GBytes *body_of(const void *data)
{
    char *file = g_strdup_printf("json-%s.json", ((const body_row *)data)->name);
    GBytes *body = unit_body(file);

    g_free(file);
    return body;
}

static void test_body(const void *data)
{
    GBytes *body = body_of(data);
    size_t length;
    const void *bytes = g_bytes_get_data(body, &length);
    ms_document *document = unit_decode_bytes(bytes, length, &batch);
    char *model = unit_model(document, UNIT_VALUES);

    unit_check_text("model", model, ((const body_row *)data)->model);
    unit_check_sound(document, length);
    g_assert_cmpint(document->format, ==, MS_FORMAT_JSON);
    g_free(model);
    ms_document_free(document);
    g_bytes_unref(body);
}

/* ---- places ---- */

/* A place holds a whole value, and for a text without escapes, that text. */
static void check_place(const char *bytes, const char *what, const ms_text *text)
{
    const char *at = bytes + text->span.offset;
    unsigned quote = *at == '"' ? 1 : 0;
    char *there = g_strndup(at + quote, text->span.length - 2 * quote);

    if (text->text[0] != '#' && !strchr(there, '\\') && *at != '[' && *at != '{')
        unit_check_text(what, there, text->text);
    g_free(there);
}

static void test_places(const void *data)
{
    GBytes *body = body_of(data);
    size_t length;
    const char *bytes = g_bytes_get_data(body, &length);
    ms_document *document = unit_decode_bytes(bytes, length, &batch);

    for (uint32_t i = 0; i < document->n_responses; i++) {
        const ms_response *response = &document->responses[i];
        ms_text line = {response->status.line, response->status.span};
        char first = bytes[response->span.offset];

        unit_check(first == '{' || first == '"', "row %u begins with %c", i, first);
        for (uint32_t j = 0; j < response->hrefs.count; j++)
            check_place(bytes, "href", &document->hrefs[response->hrefs.first + j]);
        if (response->code >= 0)
            check_place(bytes, "status", &line);
        if (response->description.text)
            check_place(bytes, "description", &response->description);
    }
    ms_document_free(document);
    g_bytes_unref(body);
}

/* In UTF-16, after the mark, every place is twice as far and twice as long. */
static void test_utf16(void)
{
    static const char text[] = "[{\"id\":\"\xC3\xA4\",\"status\":409},{\"id\":2,\"status\":200}]";
    gsize length;
    char *wide = g_convert(text, -1, "UTF-16LE", "UTF-8", NULL, &length, NULL);
    char *body = g_malloc(length + 2);

    memcpy(body, "\xFF\xFE", 2);
    memcpy(body + 2, wide, length);
    ms_document *document = unit_decode_bytes(body, length + 2, &batch);
    char *model = unit_model(document, UNIT_SPANS);

    unit_check_text("model", unit_rows(model),
                    "response failed 409 @4+46\n href \xC3\xA4 @16+6\n status 409 @42+6\n"
                    "response ok 200 @52+42\n href 2 @64+2\n status 200 @86+6\n");
    unit_check_finding(document, "json_encoding");
    g_free(model);
    ms_document_free(document);
    g_free(body);
    g_free(wide);
}

/* ---- cut off ---- */

static const ms_response *row_of(const ms_document *document, const char *href)
{
    uint32_t index = unit_find(document, href);

    return index == MS_NO_RESPONSE ? NULL : &document->responses[index];
}

/* A row in a cut body is a row of the whole body and is judged like there, or unknown. */
static void check_cut_row(const ms_document *cut, const ms_document *whole, uint32_t index,
                          size_t length)
{
    const ms_response *response = &cut->responses[index];
    const ms_response *same = row_of(whole, cut->hrefs[response->hrefs.first].text);

    if (response->complete)
        unit_check(same && (same->outcome == response->outcome || response->outcome == MS_UNKNOWN),
                   "%zu bytes: row %u is %s", length, index, ms_outcome_name(response->outcome));
    else
        unit_check(response->outcome != MS_OK, "%zu bytes: the row that is cut is ok", length);
}

static void test_cut(const void *data)
{
    GBytes *body = body_of(data);
    size_t length;
    const char *bytes = g_bytes_get_data(body, &length);
    ms_document *whole = unit_decode_bytes(bytes, length, &batch);

    while (length > 0 && g_ascii_isspace(bytes[length - 1]))
        length--;
    for (size_t n = 1; n < length; n++) {
        ms_document *cut = unit_decode_bytes(bytes, n, &batch);

        unit_check_sound(cut, n);
        unit_check(cut->verdict == MS_MALFORMED, "%zu bytes: the verdict is %s", n,
                   ms_verdict_name(cut->verdict));
        unit_check(cut->error.cut && cut->error.offset == n, "%zu bytes: cut at %u", n,
                   cut->error.offset);
        for (uint32_t i = 0; i < cut->n_responses; i++)
            check_cut_row(cut, whole, i, n);
        ms_document_free(cut);
    }
    ms_document_free(whole);
    g_bytes_unref(body);
}

/* ---- judgement ---- */

typedef struct {
    const char *name;
    const char *body;
    const char *outcomes;
    ms_verdict verdict;
} judged_row;

static const judged_row judged[] = {
    {"numbers",
     "[{\"id\":1,\"status\":200},{\"id\":2,\"status\":404},{\"id\":3,\"status\":424},"
     "{\"id\":4,\"status\":304},{\"id\":5,\"status\":208},{\"id\":6,\"status\":102},"
     "{\"id\":7,\"status\":503}]",
     "ok 200, missing 404, collateral 424, redirect 304, duplicate 208, unknown 102, failed 503",
     MS_PARTIAL},
    {"status-lines",
     "[{\"id\":1,\"status\":\"HTTP/1.1 200 OK\"},{\"id\":2,\"status\":\"423 Locked\"}]",
     "ok 200, failed 423", MS_PARTIAL},
    {"words",
     "[{\"status\":\"SUCCESS\"},{\"status\":\"Failed\"},{\"status\":\"ABORTED\"},"
     "{\"status\":\"failed_dependency\"},{\"status\":\"Unprocessable Content\"},"
     "{\"status\":\"CREATED\"},{\"status\":\"whatever\"}]",
     "ok -3, failed -3, collateral -3, collateral -3, failed -3, ok -3, unknown -3", MS_PARTIAL},
    {"number-and-word", "[{\"id\":1,\"status\":\"odd\",\"statusCode\":200}]", "ok 200", MS_SUCCESS},
    {"claims-success",
     "[{\"id\":1,\"status\":200,\"error\":{\"message\":\"no\"}},"
     "{\"id\":2,\"status\":200,\"success\":false},{\"id\":3,\"status\":200,\"error\":null},"
     "{\"id\":4,\"status\":200,\"errors\":[]}]",
     "failed 200, failed 200, ok 200, ok 200", MS_PARTIAL},
    {"success-that-failed", "[{\"id\":1,\"success\":true,\"status\":500}]", "failed 500",
     MS_FAILURE},
    {"unknown-is-not-ok", "[{\"id\":1,\"status\":null},{\"id\":2},{\"id\":3,\"error\":{}}]",
     "unknown -3, unknown -1, unknown -1", MS_UNDECODED},
    {"numbers-out-of-range",
     "[{\"id\":1,\"status\":0},{\"id\":2,\"status\":-1},{\"id\":3,\"status\":200.5},"
     "{\"id\":4,\"status\":99999999999999999999},{\"id\":5,\"status\":\"2 failed\"}]",
     "unknown 0, unknown -3, unknown -3, unknown -3, unknown -3", MS_UNDECODED},
    {"listed-as-failed-with-200", "{\"success\":[1],\"errors\":[{\"id\":2,\"status\":200}]}",
     "ok -3, failed 200", MS_PARTIAL},
    {"listed-as-success-with-500", "{\"success\":[{\"id\":2,\"status\":500}],\"errors\":[]}",
     "failed 500", MS_FAILURE},
    {"collateral-in-errors", "{\"success\":[1],\"errors\":[{\"id\":2,\"status\":424}]}",
     "ok -3, collateral 424", MS_PARTIAL},
    {"code-of-its-own", "[{\"id\":1,\"code\":40401,\"success\":false},{\"id\":2,\"code\":404}]",
     "failed -3, missing 404", MS_FAILURE},
    {"repeated-name", "[{\"id\":1,\"status\":200,\"status\":500}]", "failed 500", MS_FAILURE},
    {"escaped-name", "[{\"id\":1,\"st\\u0061tus\":500}]", "failed 500", MS_FAILURE},
    {"bulk-items",
     "{\"errors\":true,\"items\":[{\"index\":{\"_id\":\"1\",\"status\":201}},"
     "{\"index\":{\"_id\":\"2\",\"status\":409,\"error\":{\"type\":\"x\"}}}]}",
     "ok 201, failed 409", MS_PARTIAL},
    {"response-inside",
     "{\"entry\":[{\"response\":{\"status\":\"201 Created\"}},"
     "{\"response\":{\"status\":\"400\"}}]}",
     "ok 201, failed 400", MS_PARTIAL},
    {"rows-and-errors", "{\"items\":[{\"id\":1,\"status\":200}],\"errors\":[{\"id\":2}]}",
     "ok 200, failed -3", MS_PARTIAL},
    {"errors-only", "{\"errors\":[\"a\",\"b\"]}", "failed -3, failed -3", MS_FAILURE},
    {"errors-first", "{\"errors\":[{\"id\":1}],\"success\":[2]}", "failed -3, ok -3", MS_PARTIAL},
    {"no-rows", "{\"results\":[],\"errors\":[]}", "", MS_EMPTY},
    {"nothing-listed", "[]", "", MS_EMPTY},
    {"object", "{}", "", MS_UNDECODED},
    {"scalar", "17", "", MS_UNDECODED},
    {"plain-list", "{\"items\":[{\"id\":1,\"archived\":true}]}", "", MS_UNDECODED},
    {"flags-are-no-fates", "[{\"archived\":true},{\"archived\":false}]", "", MS_UNDECODED},
    {"identifiers-only", "[{\"id\":1,\"message\":\"\"}]", "", MS_UNDECODED},
    {"list-of-numbers", "[1,2,3]", "", MS_UNDECODED},
    {"count-of-failures", "{\"failed\":2,\"succeeded\":3}", "", MS_UNDECODED},
    {"deletes-are-batches", "[{\"id\":1,\"status\":204},{\"id\":2,\"status\":500}]",
     "ok 204, failed 500", MS_PARTIAL},
};

static void test_judged(const void *data)
{
    static const char *const methods[] = {"POST", "DELETE", "PUT", "PATCH", NULL};
    const judged_row *row = data;

    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
        ms_context context = {
            .method = methods[i], .http_status = 207, .content_type = "application/json"};
        ms_document *document = unit_decode(row->body, &context);
        char *outcomes = unit_outcomes(document);

        unit_check_text("outcomes", outcomes, row->outcomes);
        unit_check_verdict(document, row->verdict);
        unit_check_sound(document, strlen(row->body));
        g_free(outcomes);
        ms_document_free(document);
    }
}

/* ---- summaries ---- */

static void test_summary(void)
{
    static const struct {
        const char *body, *summary;
    } rows[] = {
        {"[{\"id\":1,\"status\":200},{\"id\":2,\"status\":200}]", "2 items, all ok"},
        {"[{\"id\":1,\"status\":200}]", "1 item ok"},
        {"[{\"id\":1,\"status\":409},{\"id\":2,\"status\":\"failed\"},{\"id\":3,\"status\":424}]",
         "2 of 3 items failed (failed: 1, 409 Conflict: 1), 1 more only because of that"},
        {"[{\"id\":1,\"status\":200},{\"id\":2,\"status\":\"failed\"}]", "1 of 2 items failed"},
        {"[]", "no items"},
        {"[{\"id\":1,\"status\":409}", "1 of 1 items failed (409 Conflict); cut off at byte 22"},
        {"{}", "not decoded: JSON in which no rows can be recognised"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        ms_document *document = unit_decode(rows[i].body, &batch);
        char *summary = ms_summary(document);

        unit_check_text(rows[i].body, summary, rows[i].summary);
        g_free(summary);
        ms_document_free(document);
    }
}

/* ---- which bodies ---- */

static void test_suits(void)
{
    static const struct {
        const char *type, *body;
        ms_format format;
    } rows[] = {
        {"application/json", "[]", MS_FORMAT_JSON},
        {NULL, " \n{}", MS_FORMAT_JSON},
        {"text/html", "[]", MS_FORMAT_JSON},
        {"application/problem+json; charset=utf-8", "\"oops", MS_FORMAT_JSON},
        {"application/x-ndjson", "1 oops", MS_FORMAT_JSON},
        {"application/jsonl", "true oops", MS_FORMAT_JSON},
        {"application/notjson", "<oops", MS_FORMAT_XML},
        {"application/json", "<D:multistatus xmlns:D=\"DAV:\"/>", MS_FORMAT_XML},
        {"application/xml", "<oops", MS_FORMAT_XML},
        /* Neither. */
        {"application/json", "oops", MS_FORMAT_NONE},
        {"application/xml", "oops", MS_FORMAT_NONE},
        {"application/json", " ", MS_FORMAT_NONE},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        ms_context context = {.http_status = 207, .content_type = rows[i].type};
        ms_document *document = unit_decode(rows[i].body, &context);

        unit_check(document->format == rows[i].format, "%s is read as %s", rows[i].body,
                   ms_format_name(document->format));
        ms_document_free(document);
    }
}

/* Lines of JSON have a media type of their own. */
static void test_lines(void)
{
    static const char *const types[] = {"application/x-ndjson", "application/jsonl; charset=utf-8",
                                        "application/vnd.shop.collection+json"};

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        ms_context context = {.method = "PATCH", .http_status = 207, .content_type = types[i]};
        ms_document *document =
            unit_decode("{\"id\":1,\"status\":200}\n{\"id\":2,\"status\":404}\n", &context);
        char *model = unit_model(document, UNIT_SPANS);

        unit_check_text(types[i], unit_rows(model),
                        "response ok 200 @0+21\n href 1 @6+1\n status 200 @17+3\n"
                        "response missing 404 @22+21\n href 2 @28+1\n status 404 @39+3\n");
        unit_check_no_finding(document, "json_content_type");
        g_free(model);
        ms_document_free(document);
    }
}

/* ---- made to harm ---- */

/* Time in proportion to the body: names that recur, and a row with very many members. */
static void test_large(void)
{
    enum { MEMBERS = 300000 };
    GString *body = g_string_new("[{\"id\":1");

    for (int i = 0; i < MEMBERS; i++)
        g_string_append(body, ",\"status\":200");
    g_string_append(body, ",\"status\":500}]");
    GTimer *timer = g_timer_new();
    ms_document *document = unit_decode(body->str, &batch);
    char *outcomes = unit_outcomes(document);

    unit_check(g_timer_elapsed(timer, NULL) < 60, "%.1f s", g_timer_elapsed(timer, NULL));
    unit_check_text("outcomes", outcomes, "failed 500");
    g_free(outcomes);
    ms_document_free(document);
    g_timer_destroy(timer);
    g_string_free(body, TRUE);
}

static void test_limit(void)
{
    GString *body = g_string_new("{\"items\":[{\"id\":1,\"status\":200},");

    for (int i = 0; i < MS_LIMIT_DEPTH; i++)
        g_string_append_c(body, '[');
    ms_document *document = unit_decode(body->str, &batch);

    unit_check_finding(document, "limit");
    unit_check_verdict(document, MS_MALFORMED);
    unit_check(document->n_responses >= 1 && document->responses[0].outcome == MS_OK,
               "what was read is not kept");
    ms_document_free(document);
    g_string_free(body, TRUE);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    unit_add_table("json/body", bodies, test_body);
    unit_add_table("json/places", bodies, test_places);
    unit_add_table("json/cut", bodies, test_cut);
    unit_add_table("json/judged", judged, test_judged);
    g_test_add_func("/json/utf16", test_utf16);
    g_test_add_func("/json/summary", test_summary);
    g_test_add_func("/json/suits", test_suits);
    g_test_add_func("/json/lines", test_lines);
    g_test_add_func("/json/large", test_large);
    g_test_add_func("/json/limit", test_limit);
    return g_test_run();
}
