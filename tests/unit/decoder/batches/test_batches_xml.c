/* test_batches_xml.c
 * Batches in XML and in several parts, and those of FHIR: what tells them, what their rows say, and
 * neighbours that are none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "batches.h"
#include "hints.h"
#include "unit.h"

#define S3 " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""
#define CALDAV "<C:schedule-response xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">"
#define FHIR "<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"batch-response\"/>"
#define S3_ERROR                                                                                   \
    "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message>"              \
    "<RequestId>1</RequestId></Error>"
#define MIXED "multipart/mixed; boundary=b"
#define PART "--b\r\nContent-Type: application/http\r\n"
#define ENTRY                                                                                      \
    "{\"resourceType\":\"Bundle\",\"type\":\"batch-response\",\"entry\":[{\"response\":{"          \
    "\"status\":\"201 Created\",\"location\":\"Patient/7\"}}"

static ms_context context_of(const char *uri, const char *type, ms_batch_mode mode)
{
    return (ms_context){.method = "POST",
                        .uri = uri,
                        .content_type = type,
                        .http_status = 200,
                        .reason_phrase = "OK",
                        .request_known = true,
                        .batches = mode};
}

static const char *found(const char *uri, const char *type, const char *body, ms_batch_mode mode)
{
    const ms_context context = context_of(uri, type, mode);
    const ms_batch *batch = ms_batch_find(&context, body, strlen(body));

    unit_check(!batch || ms_batch_may_be(&context, body, strlen(body)),
               "%.60s is found, and not by its first bytes", body);
    unit_check(!batch || mode == MS_BATCHES_ALL || ms_batch_is_promising(&context),
               "%.60s is found, and not by its headers", body);
    return batch ? batch->id : NULL;
}

/* ---- what tells them ---- */

typedef struct {
    const char *kind;
    const char *uri; /* NULL: no request tells it */
    const char *type, *body;
    bool by_request; /* that and its body do, whatever the type */
    bool unique;
} kind_row;

static const kind_row kinds[] = {
    {"s3-delete-objects", "/b?delete", "application/xml", "<DeleteResult" S3 "/>", true, true},
    {"s3-delete-objects", "/b?x=1&delete=", "text/xml; charset=utf-8",
     "<?xml version=\"1.0\"?>\n<DeleteResult><Deleted><Key>a</Key></Deleted></DeleteResult>", true,
     true},
    {"s3-error", "/b/a?uploadId=7", "application/xml", S3_ERROR, true, true},
    {"caldav-schedule-response", NULL, "application/xml", CALDAV "</C:schedule-response>", false,
     true},
    {"fhir-batch", NULL, "application/fhir+xml", FHIR "</Bundle>", false, true},
    {"fhir-batch", NULL, "application/fhir+json;charset=utf-8", ENTRY "]}", false, true},
    {"http-batch", "/odata/$batch", MIXED, PART "\r\nHTTP/1.1 200 OK\r\n\r\n\r\n--b--\r\n", false,
     false},
};

static void test_what_tells_them(void)
{
    static const struct {
        bool request, type, body;
    } given[] = {{1, 1, 1}, {1, 1, 0}, {1, 0, 1}, {0, 1, 1}, {0, 0, 1}, {1, 0, 0}, {0, 1, 0}};

    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const kind_row *row = &kinds[i];

        for (size_t j = 0; j < G_N_ELEMENTS(given); j++) {
            const char *uri = given[j].request && row->uri ? row->uri : "/other";
            const char *type = given[j].type ? row->type : "application/octet-stream";
            const char *body = given[j].body ? row->body : "<other><Code>1</Code></other>";
            bool by_request = given[j].request && row->by_request;
            bool is = given[j].body && (given[j].type || by_request);
            bool all = is || (given[j].body && row->unique);
            const char *one = found(uri, type, body, MS_BATCHES_AUTO);
            const char *every = found(uri, type, body, MS_BATCHES_ALL);

            unit_check(g_strcmp0(one, is ? row->kind : NULL) == 0, "%s by %zu is %s", row->kind, j,
                       one);
            unit_check(g_strcmp0(every, all ? row->kind : NULL) == 0, "%s by %zu of all is %s",
                       row->kind, j, every);
            unit_check(!found(uri, type, body, MS_BATCHES_OFF), "%s although off", row->kind);
        }
    }
}

/* ---- neighbours ---- */

static const struct {
    const char *what, *uri, *type, *body;
} neighbours[] = {
    {"a listing", "/b?delete", "application/xml",
     "<ListBucketResult" S3 "><Key>DeleteResult</Key></ListBucketResult>"},
    {"a name that begins alike", "/b?delete", "application/xml", "<DeleteResults/>"},
    {"a parameter that begins alike", "/b?deleted=1", "text/plain", "<DeleteResult/>"},
    {"an error of another kind", "/b", "application/xml", "<Error><Reason>x</Reason></Error>"},
    {"an error without a request", "/b", "application/xml",
     "<Error><Code>1</Code><Message>x</Message></Error>"},
    {"errors", "/b", "application/xml",
     "<Errors><Error><Code>1</Code><Message>x</Message><RequestId>1</RequestId></Error></Errors>"},
    {"timetables", "/", "application/xml", "<schedule-response xmlns=\"urn:example:train\"/>"},
    {"a search", "/", "application/fhir+xml",
     "<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"searchset\"/></Bundle>"},
    {"a bundle of a shop", "/", "application/xml",
     "<Bundle><type value=\"batch-response\"/></Bundle>"},
    {"a search in JSON", "/", "application/fhir+json",
     "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[]}"},
    {"parts that are letters", "/mail/batch", MIXED,
     "--b\r\nContent-Type: text/plain\r\n\r\nHTTP/1.1 500 is what it said\r\n--b--\r\n"},
    {"a form", "/$batch", "multipart/form-data; boundary=b",
     PART "\r\nHTTP/1.1 500 x\r\n--b--\r\n"},
};

static void test_neighbours(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(neighbours); i++) {
        const char *kind =
            found(neighbours[i].uri, neighbours[i].type, neighbours[i].body, MS_BATCHES_AUTO);

        unit_check(!kind, "%s is taken for %s", neighbours[i].what, kind);
    }
}

/* ---- rows ---- */

typedef struct {
    const char *what;
    const char *uri, *type, *body;
    const char *kind, *model;
    const char *rules;
} body_row;

#define DELETE "/b?delete", "application/xml"
#define OUTBOX "/outbox/", "application/xml"
#define FAILED_PART(status, type, body)                                                            \
    PART "\r\nHTTP/1.1 " status "\r\nContent-Type: " type "\r\n\r\n" body "\r\n"
#define RECIPIENT(status)                                                                          \
    CALDAV "<C:response><C:recipient><D:href>mailto:a@example.org</D:href></C:recipient>"          \
           "<C:request-status>" status "</C:request-status></C:response></C:schedule-response>"

static const body_row bodies[] = {
    {"objects, some deleted", DELETE,
     "<DeleteResult" S3 "><Deleted><Key>a.txt</Key></Deleted><Error><Key>b.txt</Key>"
     "<VersionId>3</VersionId><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
     "</DeleteResult>",
     "s3-delete-objects",
     "root batch\nverdict partial\nresponse ok -3\n href a.txt\n status Deleted\n"
     "response failed -3\n href b.txt?versionId=3\n status Error\n condition AccessDenied\n"
     " description Access Denied\n",
     "failures"},
    {"objects, throttled", DELETE,
     "<DeleteResult><Error><Key>a &amp; b</Key><Code>SlowDown</Code></Error></DeleteResult>",
     "s3-delete-objects",
     "root batch\nverdict partial\nresponse failed -3\n href a & b\n status Error\n"
     " condition SlowDown\n",
     "failures"},
    {"objects, all deleted, quietly", DELETE, "<DeleteResult" S3 "></DeleteResult>",
     "s3-delete-objects", "root batch\nverdict success\n", ""},
    {"objects, all deleted", DELETE,
     "<DeleteResult><Deleted><Key>a</Key></Deleted><Deleted/></DeleteResult>", "s3-delete-objects",
     "root batch\nverdict success\nresponse ok -3\n href a\n status Deleted\n"
     "response ok -3\n href Deleted[1]\n status Deleted\n",
     ""},
    {"objects, cut off in a row", DELETE,
     "<DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>b</Key><Code>Acc",
     "s3-delete-objects",
     "root batch\nverdict malformed\nresponse ok -3\n href a\n status Deleted\n"
     "response failed -3 (cut)\n href b\n status Error\n",
     "cut_off failures"},
    {"objects, damaged", DELETE,
     "<DeleteResult><Deleted><Key>a</Key></Deleted><Error></Wrong></DeleteResult>",
     "s3-delete-objects",
     "root batch\nverdict malformed\nresponse ok -3\n href a\n status Deleted\n"
     "response failed -3 (cut)\n href Error[1]\n status Error\n",
     "not_well_formed failures"},
    {"a copy", "/b/a?uploadId=1&partNumber=2", "application/xml", S3_ERROR, "s3-error",
     "root batch\nverdict failure\nresponse failed -3\n"
     " href /b/a?uploadId=1&partNumber=2\n status Error\n condition SlowDown\n"
     " description Please reduce your request rate.\n",
     "failures"},
    {"recipients", OUTBOX,
     CALDAV "<C:response><C:recipient><D:href>mailto:a@example.org</D:href></C:recipient>"
            "<C:request-status>2.0;Success</C:request-status><C:calendar-data>x</C:calendar-data>"
            "</C:response><C:response><C:recipient><D:href> mailto:b@example.org </D:href>"
            "</C:recipient><C:request-status>3.7;Invalid calendar user</C:request-status>"
            "<D:error><C:recipient-exists/></D:error>"
            "<D:responsedescription>nobody</D:responsedescription></C:response>"
            "<C:response><C:recipient><D:href>mailto:c@example.org</D:href></C:recipient>"
            "<C:request-status>what?</C:request-status></C:response>"
            "</C:schedule-response>",
     "caldav-schedule-response",
     "root batch\nverdict partial\n"
     "response ok -3\n href mailto:a@example.org\n status 2.0;Success\n"
     "response failed -3\n href mailto:b@example.org\n status 3.7;Invalid calendar user\n"
     " condition {urn:ietf:params:xml:ns:caldav}recipient-exists\n description nobody\n"
     "response unknown -3\n href mailto:c@example.org\n status what?\n",
     "failures"},
    {"recipients without an href", OUTBOX,
     CALDAV "<C:response><C:recipient>mailto:a@example.org</C:recipient>"
            "<C:request-status>3.7;Invalid Calendar User</C:request-status></C:response>"
            "<C:response><C:recipient>\n <D:href>mailto:b@example.org</D:href>\n </C:recipient>"
            "<C:request-status>2.0;Success</C:request-status></C:response>"
            "<C:response><C:recipient/><C:request-status>2.0;Success</C:request-status>"
            "</C:response></C:schedule-response>",
     "caldav-schedule-response",
     "root batch\nverdict partial\n"
     "response failed -3\n href mailto:a@example.org\n status 3.7;Invalid Calendar User\n"
     "response ok -3\n href mailto:b@example.org\n status 2.0;Success\n"
     "response ok -3\n href response[2]\n status 2.0;Success\n",
     "failures"},
    {"a recipient without a status", OUTBOX,
     CALDAV "<C:response><C:recipient><D:href>mailto:a@example.org</D:href></C:recipient>"
            "</C:response></C:schedule-response>",
     "caldav-schedule-response",
     "root batch\nverdict undecoded\n"
     "response unknown -1\n href mailto:a@example.org\n",
     ""},
    {"entries in XML", "/fhir", "application/fhir+xml",
     FHIR "<entry><response><status value=\"201 Created\"/><location value=\"Patient/8\"/>"
          "</response></entry><entry><response><status value=\"429\"/><outcome><OperationOutcome>"
          "<issue><code value=\"throttled\"/><diagnostics value=\"wait\"/></issue>"
          "</OperationOutcome></outcome></response></entry><entry/></Bundle>",
     "fhir-batch",
     "root batch\nverdict partial\n"
     "response ok 201\n href entry[0]\n status 201 Created\n location Patient/8\n"
     "response failed 429\n href entry[1]\n status 429\n condition throttled\n description wait\n"
     "response unknown -1\n href entry[2]\n",
     "failures"},
    {"entries in JSON", "/fhir", "application/fhir+json",
     ENTRY
     ",{\"response\":{\"status\":\"422 Unprocessable Entity\",\"outcome\":{\"resourceType\":"
     "\"OperationOutcome\",\"issue\":[{\"code\":\"invalid\",\"diagnostics\":\"no date\"}]}}}]}",
     "fhir-batch",
     "root json\nverdict partial\nresponse ok 201\n href entry[0]\n status 201 Created\n"
     " location Patient/7\nresponse failed 422\n href entry[1]\n status 422 Unprocessable Entity\n"
     " condition invalid\n description no date\n",
     "failures"},
    {"parts", "/odata/$batch", MIXED,
     PART
     "\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n"
     "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
     "--c\r\nContent-Type: application/http\r\nContent-ID: 2\r\n\r\nHTTP/1.1 204 No Content\r\n"
     "\r\n\r\n--c--\r\n" PART
     "Content-ID: 3\r\n\r\nHTTP/1.1 429 Too Many Requests\r\n\r\n\r\n--b--\r\n",
     "http-batch",
     "root multipart\nverdict partial\nresponse ok 200\n href #1\n status HTTP/1.1 200 OK\n"
     "response ok 204\n href 2\n status HTTP/1.1 204 No Content\n"
     "response failed 429\n href 3\n status HTTP/1.1 429 Too Many Requests\n",
     "failures"},
    {"errors in parts", "/odata/$batch", MIXED,
     FAILED_PART("404 Not Found", "application/json",
                 "{\"error\":{\"code\":\"BERTH\",\"message\":\"There is no such berth.\"}}")
         FAILED_PART(
             "400 Bad Request", "application/json",
             "{\"error\":{\"code\":\"SY/530\",\"message\":{\"lang\":\"en\",\"value\":\"No.\"}}}")
             FAILED_PART("403 Forbidden", "application/json",
                         "{\"error\":{\"code\":403,\"message\":\"Not you\",\"errors\":[{\"reason\":"
                         "\"forbidden\"}],\"status\":\"PERMISSION_DENIED\"}}")
                 FAILED_PART("404 Not Found", "application/xml",
                             "<?xml version=\"1.0\"?>\n<Error><Code>BlobNotFound</Code><Message>It "
                             "is not there.</Message></Error>")
                     FAILED_PART("400 Bad Request", "application/xml",
                                 "<m:error xmlns:m=\"urn:m\"><m:code>5</m:code><m:message>Bad"
                                 "</m:message></m:error>") PART
     "\r\nHTTP/1.1 412 x\r\nx-ms-error-code: ConditionNotMet\r\n\r\n\r\n" FAILED_PART(
         "500 x", "application/json", "{\"error\":")
         FAILED_PART("500 x", "text/html", "<html><error>no</error></html>") PART
     "\r\nHTTP/1.1 200 OK\r\n\r\n{\"error\":{\"code\":\"none\"}}\r\n--b--\r\n",
     "http-batch",
     "root multipart\nverdict partial\n"
     "response missing 404\n href #1\n status HTTP/1.1 404 Not Found\n condition BERTH\n"
     " description There is no such berth.\n"
     "response failed 400\n href #2\n status HTTP/1.1 400 Bad Request\n condition SY/530\n"
     " description No.\n"
     "response failed 403\n href #3\n status HTTP/1.1 403 Forbidden\n condition forbidden\n"
     " description Not you\n"
     "response missing 404\n href #4\n status HTTP/1.1 404 Not Found\n condition BlobNotFound\n"
     " description It is not there.\n"
     "response failed 400\n href #5\n status HTTP/1.1 400 Bad Request\n condition 5\n"
     " description Bad\n"
     "response failed 412\n href #6\n status HTTP/1.1 412 x\n condition ConditionNotMet\n"
     "response failed 500\n href #7\n status HTTP/1.1 500 x\n"
     "response failed 500\n href #8\n status HTTP/1.1 500 x\n"
     "response ok 200\n href #9\n status HTTP/1.1 200 OK\n",
     "failures"},
    {"parts, all of which failed", "/$batch", MIXED, PART "\r\nHTTP/1.1 503 x\r\n\r\n\r\n--b--\r\n",
     "http-batch",
     "root multipart\nverdict failure\nresponse failed 503\n href #1\n status HTTP/1.1 503 x\n",
     "failures"},
    {"parts, all of which succeeded", "/$batch", MIXED,
     PART "\r\nHTTP/1.1 204 x\r\n\r\n\r\n--b--\r\n", "http-batch",
     "root multipart\nverdict success\nresponse ok 204\n href #1\n status HTTP/1.1 204 x\n", ""},
    {"recipients, all of whom were told", OUTBOX, RECIPIENT("1.2;Delivered"),
     "caldav-schedule-response",
     "root batch\nverdict success\nresponse ok -3\n href mailto:a@example.org\n"
     " status 1.2;Delivered\n",
     ""},
    {"recipients, none of whom was told", OUTBOX, RECIPIENT("5.1;Could not complete delivery"),
     "caldav-schedule-response",
     "root batch\nverdict failure\nresponse failed -3\n href mailto:a@example.org\n"
     " status 5.1;Could not complete delivery\n",
     "failures"},
    {"recipients, damaged", OUTBOX, CALDAV "<C:response></C:recipient></C:schedule-response>",
     "caldav-schedule-response",
     "root batch\nverdict malformed\nresponse unknown -1 (cut)\n href response[0]\n",
     "not_well_formed"},
    {"entries in JSON, all done", "/fhir", "application/fhir+json", ENTRY "]}", "fhir-batch",
     "root json\nverdict success\nresponse ok 201\n href entry[0]\n status 201 Created\n"
     " location Patient/7\n",
     ""},
    {"entries in XML, none done", "/fhir", "application/fhir+xml",
     FHIR "<entry><response><status value=\"429\"/></response></entry></Bundle>", "fhir-batch",
     "root batch\nverdict failure\nresponse failed 429\n href entry[0]\n status 429\n", "failures"},
    {"entries in XML, damaged", "/fhir", "application/fhir+xml",
     FHIR "<entry><response><status value=\"201\"/></entry></Bundle>", "fhir-batch",
     "root batch\nverdict malformed\nresponse unknown 201 (cut)\n href entry[0]\n status 201\n",
     "not_well_formed"},
    {"parts, cut off", "/odata/$batch", MIXED, PART "\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n",
     "http-batch",
     "root multipart\nverdict malformed\nresponse ok 200\n href #1\n status HTTP/1.1 200 OK\n",
     "multipart_end"},
};

static void test_bodies(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        const body_row *row = &bodies[i];
        const ms_context context = context_of(row->uri, row->type, MS_BATCHES_AUTO);
        ms_document *document = unit_decode(row->body, &context);
        char *model = unit_model(document, 0), *rules = unit_findings(document);

        unit_check_parts(row->body, &context);
        unit_check(g_strcmp0(document->kind, row->kind) == 0, "%s is %s", row->what,
                   document->kind);
        unit_check(strcmp(model, row->model) == 0, "%s is\n%s", row->what, model);
        unit_check(strcmp(rules, row->rules) == 0, "%s: findings %s", row->what, rules);
        g_free(rules);
        g_free(model);
        ms_document_free(document);
    }
}

/* ---- hints ---- */

#define DELETED(code)                                                                              \
    "<DeleteResult><Error><Key>a</Key><Code>" code "</Code></Error></DeleteResult>"
#define ANSWER(status)                                                                             \
    PART "\r\nHTTP/1.1 200 OK\r\n\r\n\r\n" PART "\r\nHTTP/1.1 " status "\r\n\r\n\r\n--b--\r\n"

static const struct {
    const char *uri, *type, *body;
    const char *says; /* of the last row; NULL: nothing */
} advice[] = {
    {DELETE, DELETED("SlowDown"), "send it again, and more slowly"},
    {DELETE, DELETED("InternalError"), "no fault of the client"},
    {DELETE, DELETED("AccessDenied"), "policies"},
    {DELETE, DELETED("SlowDownPlease"), NULL},
    {DELETE, "<DeleteResult><Deleted><Key>a</Key></Deleted></DeleteResult>", NULL},
    {"/b/a?uploadId=1", "application/xml", S3_ERROR, "more slowly"},
    {OUTBOX, RECIPIENT("3.7;Invalid calendar user"), "knows no calendar user"},
    {OUTBOX, RECIPIENT("3.8;No authority"), "privileges"},
    {OUTBOX, RECIPIENT("3.1;Invalid property value"), "not acceptable"},
    {OUTBOX, RECIPIENT("3.14;Unsupported capability"), "does not do"},
    {OUTBOX, RECIPIENT("5.1;Service unavailable"), "complete the delivery"},
    {OUTBOX, RECIPIENT("2.0;Success"), NULL},
    {OUTBOX, RECIPIENT("what?"), NULL},
    {"/$batch", MIXED, ANSWER("424 Failed Dependency"), "another one"},
    {"/$batch", MIXED, ANSWER("429 Too Many Requests"), "too many requests"},
    {"/$batch", MIXED, ANSWER("204 No Content"), NULL},
    {"/$batch", MIXED,
     FAILED_PART(
         "403 Forbidden", "application/json",
         "{\"error\":{\"code\":403,\"errors\":[{\"reason\":\"rateLimitExceeded\"}]}}") "--b--\r\n",
     "more slowly"},
};

static void test_hints(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(advice); i++) {
        const ms_context context = context_of(advice[i].uri, advice[i].type, MS_BATCHES_AUTO);
        ms_document *document = unit_decode(advice[i].body, &context);
        const ms_hint *hint =
            ms_hint_for(document, &document->responses[document->n_responses - 1], &context);

        unit_check(advice[i].says ? hint && strstr(hint->text, advice[i].says) : !hint,
                   "%zu: the hint is \"%s\"", i, hint ? hint->text : "");
        unit_check(!hint || *hint->source, "%zu: the hint has no source", i);
        ms_document_free(document);
    }
}

/* Cut off anywhere, a batch is never success. */
static void test_cut_off(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        const body_row *row = &bodies[i];
        ms_context context = context_of(row->uri, row->type, MS_BATCHES_AUTO);

        context.incomplete = true;
        for (size_t length = 1; length < strlen(row->body) - 2; length++) {
            ms_document *document = unit_decode_bytes(row->body, length, &context);

            unit_check(document->verdict != MS_SUCCESS && document->verdict != MS_BENIGN,
                       "%s: %s after %zu bytes", row->what, ms_verdict_name(document->verdict),
                       length);
            ms_document_free(document);
        }
    }
}

/* Nesting and rows have limits, which are said. */
static void test_limits(void)
{
    GString *body = g_string_new("<DeleteResult>");
    const ms_context context = context_of("/b?delete", "application/xml", MS_BATCHES_AUTO);

    for (unsigned i = 0; i < MS_LIMIT_DEPTH + 10; i++)
        g_string_append(body, "<Error>");
    ms_document *document = unit_decode(body->str, &context);
    char *rules = unit_findings(document);

    g_assert_cmpint(document->verdict, ==, MS_MALFORMED);
    unit_check(strstr(rules, "limit") != NULL, "findings %s", rules);
    g_free(rules);
    ms_document_free(document);
    g_string_free(body, TRUE);
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    g_test_add_func("/batches-xml/what-tells-them", test_what_tells_them);
    g_test_add_func("/batches-xml/neighbours", test_neighbours);
    g_test_add_func("/batches-xml/bodies", test_bodies);
    g_test_add_func("/batches-xml/hints", test_hints);
    g_test_add_func("/batches-xml/cut-off", test_cut_off);
    g_test_add_func("/batches-xml/limits", test_limits);
    return g_test_run();
}
