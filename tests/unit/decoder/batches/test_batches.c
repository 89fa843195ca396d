/* test_batches.c
 * Batches that are no 207: two of three tell them, each left out in turn; what their rows say, and
 * neighbours that are none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <string.h>

#include "batches.h"
#include "hints.h"
#include "unit.h"

/* What speaks for the kinds, each by itself. */
typedef struct {
    const char *kind;
    const char *uri, *target; /* of the request */
    const char *type, *product;
    const char *body;
    bool unique; /* the body alone will do where all are looked for */
} kind_row;

#define AMZ "application/x-amz-json-1.1"
#define ES_BODY                                                                                    \
    "{\"took\":3,\"errors\":false,\"items\":[{\"index\":{\"_id\":\"1\",\"status\":201}}]}"
#define SCIM_BODY                                                                                  \
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkResponse\"],\"Operations\":["       \
    "{\"method\":\"POST\",\"bulkId\":\"a\",\"status\":\"201\"}]}"

static const kind_row kinds[] = {
    {"elasticsearch-bulk", "/logs/_bulk?refresh=true", NULL, "application/json", "Elasticsearch",
     ES_BODY, true},
    {"elasticsearch-bulk", "/_bulk", NULL, "application/vnd.elasticsearch+json;compatible-with=8",
     NULL, ES_BODY, true},
    {"kinesis-put-records", "/", "Kinesis_20131202.PutRecords", AMZ, NULL,
     "{\"FailedRecordCount\":0,\"Records\":[{\"SequenceNumber\":\"1\",\"ShardId\":\"s\"}]}", false},
    {"firehose-put-record-batch", "/", "Firehose_20150804.PutRecordBatch", AMZ, NULL,
     "{\"FailedPutCount\":0,\"RequestResponses\":[{\"RecordId\":\"1\"}]}", true},
    {"eventbridge-put-events", "/", "AWSEvents.PutEvents", AMZ, NULL,
     "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}", false},
    {"sqs-batch", "/", "AmazonSQS.SendMessageBatch", "application/x-amz-json-1.0", NULL,
     "{\"Successful\":[{\"Id\":\"a\"}]}", false},
    {"dynamodb-batch-write", "/", "DynamoDB_20120810.BatchWriteItem", "application/x-amz-json-1.0",
     NULL, "{\"UnprocessedItems\":{}}", true},
    {"dynamodb-batch-get", "/", "DynamoDB_20120810.BatchGetItem", "application/x-amz-json-1.0",
     NULL, "{\"Responses\":{},\"UnprocessedKeys\":{}}", true},
    {"scim-bulk", "/scim/v2/Bulk", NULL, "application/scim+json", NULL, SCIM_BODY, true},
};

enum { REQUEST = 1, HEADER = 2, SHAPE = 4 };

static const char *found(const kind_row *row, unsigned parts, ms_batch_mode mode)
{
    const ms_context context = {
        .method = "POST",
        .http_status = 200,
        .batches = mode,
        .uri = parts & REQUEST ? row->uri : NULL,
        .amz_target = parts & REQUEST ? row->target : NULL,
        .content_type = parts & HEADER ? row->type : "application/json",
        .elastic_product = parts & HEADER ? row->product : NULL,
    };
    const char *body = parts & SHAPE ? row->body : "{\"message\":\"none of these\",\"items\":[]}";
    const ms_batch *batch = ms_batch_find(&context, body, strlen(body));

    unit_check(!batch || ms_batch_may_be(&context, body, strlen(body)),
               "%s is found, and not by its first bytes", row->kind);
    unit_check(!batch || mode == MS_BATCHES_ALL || ms_batch_is_promising(&context),
               "%s is found, and not by its headers", row->kind);
    return batch ? batch->id : NULL;
}

/* Any two tell, none alone does, but for a shape that nobody else has where all are wanted. */
static void test_two_of_three(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        for (unsigned parts = 0; parts < 8; parts++) {
            bool two = (parts & (parts - 1)) != 0;
            const char *expected = two ? kinds[i].kind : NULL;
            const char *all = two || (parts == SHAPE && kinds[i].unique) ? kinds[i].kind : NULL;

            unit_check(g_strcmp0(found(&kinds[i], parts, MS_BATCHES_AUTO), expected) == 0,
                       "%s by %u is %s", kinds[i].kind, parts,
                       found(&kinds[i], parts, MS_BATCHES_AUTO));
            unit_check(g_strcmp0(found(&kinds[i], parts, MS_BATCHES_ALL), all) == 0,
                       "%s by %u of all is %s", kinds[i].kind, parts,
                       found(&kinds[i], parts, MS_BATCHES_ALL));
            unit_check(!found(&kinds[i], parts, MS_BATCHES_OFF), "%s is found although off",
                       kinds[i].kind);
        }
    }
}

/* ---- neighbours ---- */

typedef struct {
    const char *what;
    const char *uri, *target, *type;
    int status;
    const char *body;
} neighbour_row;

static const neighbour_row neighbours[] = {
    {"a search that failed on shards", "/logs/_search", NULL, "application/json", 200,
     "{\"took\":1,\"errors\":false,\"items\":[{\"index\":{\"status\":200}}]}"},
    {"a path that only ends alike", "/my_bulk", NULL, "application/json", 200, ES_BODY},
    {"a query that looks like a path", "/search?q=/_bulk", NULL, "application/json", 200, ES_BODY},
    {"a list of items with errors", "/_bulk", NULL, "application/json", 200,
     "{\"errors\":false,\"items\":[{\"id\":1}]}"},
    {"errors that are a list", "/_bulk", NULL, "application/json", 200,
     "{\"errors\":[],\"items\":[{\"index\":{\"status\":200}}]}"},
    {"a bulk that was refused", "/_bulk", NULL, "application/json", 400, ES_BODY},
    {"GetRecords, by its request", "/", "Kinesis_20131202.GetRecords", AMZ, 200,
     "{\"FailedRecordCount\":0,\"Records\":[{\"SequenceNumber\":\"1\"}]}"},
    {"GetRecords, by its shape", "/", NULL, AMZ, 200,
     "{\"MillisBehindLatest\":0,\"NextShardIterator\":\"A\",\"Records\":[{\"SequenceNumber\":\"1\","
     "\"Data\":\"eA==\"}]}"},
    {"an empty answer of AWS", "/", NULL, AMZ, 200, "{}"},
    {"PutRecord", "/", "Kinesis_20131202.PutRecord", AMZ, 200, "{\"SequenceNumber\":\"1\"}"},
    {"a list of SCIM", "/scim/v2/Users", NULL, "application/scim+json", 200,
     "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],\"Resources\":[]}"},
    {"a page", "/_bulk", NULL, "text/html", 200, "<html><body>errors items</body></html>"},
    {"a text", "/_bulk", NULL, "text/plain", 200, "\"errors\" \"items\""},
    {"nothing", "/_bulk", NULL, "application/json", 200, "  "},
    {"a number", "/_bulk", NULL, "application/json", 200, "1"},
};

static void test_neighbours(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(neighbours); i++) {
        const neighbour_row *row = &neighbours[i];
        const ms_context context = {.uri = row->uri,
                                    .amz_target = row->target,
                                    .content_type = row->type,
                                    .http_status = row->status,
                                    .batches = MS_BATCHES_AUTO};
        const ms_batch *batch = ms_batch_find(&context, row->body, strlen(row->body));

        unit_check(!batch, "%s is taken for %s", row->what, batch ? batch->id : "");
    }
}

/* ---- rows ---- */

typedef struct {
    const char *what;
    const char *uri, *target, *type;
    const char *body;
    const char *kind;
    const char *model;
    const char *hint;  /* part of that of the first row that failed, or NULL */
    const char *rules; /* the findings */
} body_row;

#define ES "/_bulk", NULL, "application/json"
#define TARGET(target) "/", target, AMZ

static const body_row bodies[] = {
    {"bulk, some of each", ES,
     "{\"took\":30,\"errors\":true,\"items\":["
     "{\"index\":{\"_index\":\"logs\",\"_id\":\"1\",\"status\":201}},"
     "{\"create\":{\"_index\":\"logs\",\"_id\":\"2\",\"status\":409,\"error\":{\"type\":"
     "\"version_conflict_engine_exception\",\"reason\":\"exists\"}}},"
     "{\"delete\":{\"_index\":\"logs\",\"_id\":\"3\",\"status\":404,\"result\":\"not_found\"}},"
     "{\"update\":{\"_index\":\"logs\",\"_id\":\"4\",\"status\":404,\"error\":{\"type\":"
     "\"document_missing_exception\",\"reason\":\"[4]: document missing\"}}},"
     "{\"index\":{\"_index\":\"logs\",\"_id\":null,\"status\":400,\"error\":\"words\"}}]}",
     "elasticsearch-bulk",
     "root json\nverdict partial\n"
     "response ok 201\n href logs/1\n status 201\n"
     "response failed 409\n href logs/2\n status 409\n"
     " condition version_conflict_engine_exception\n description exists\n"
     "response removed 404\n href logs/3\n status 404\n"
     "response missing 404\n href logs/4\n status 404\n condition document_missing_exception\n"
     " description [4]: document missing\n"
     "response failed 400\n href logs/items[4]\n status 400\n description words\n",
     "exists already", "failures"},
    {"bulk, throttled", ES,
     "{\"errors\":true,\"items\":[{\"index\":{\"_index\":\"a\",\"_id\":\"1\",\"status\":429,"
     "\"error\":{\"type\":\"es_rejected_execution_exception\",\"reason\":\"full\"}}}]}",
     "elasticsearch-bulk",
     "root json\nverdict failure\nresponse failed 429\n href a/1\n status 429\n"
     " condition es_rejected_execution_exception\n description full\n",
     "has to send these again", "failures json_all_failed"},
    {"bulk, success", ES, ES_BODY, "elasticsearch-bulk",
     "root json\nverdict success\nresponse ok 201\n href 1\n status 201\n", NULL, ""},
    {"bulk, cut off in a row", ES,
     "{\"took\":30,\"errors\":true,\"items\":[{\"index\":{\"_id\":\"1\",\"status\":201}},{\"ind",
     "elasticsearch-bulk",
     "root json\nverdict malformed\nresponse ok 201\n href 1\n status 201\n"
     "response unknown -1 (cut)\n href items[1]\n",
     NULL, "cut_off"},
    {"bulk, cut off before its rows", ES, "{\"took\":30,\"err", "elasticsearch-bulk",
     "root json\nverdict malformed\n", NULL, "cut_off"},
    {"bulk, damaged", ES, "{\"took\":30,\"errors\":true,\"items\":[}", "elasticsearch-bulk",
     "root json\nverdict malformed\n", NULL, "json_invalid"},
    {"records, some", TARGET("Kinesis_20131202.PutRecords"),
     "{\"FailedRecordCount\":2,\"Records\":[{\"SequenceNumber\":\"1\",\"ShardId\":\"s\"},"
     "{\"ErrorCode\":\"ProvisionedThroughputExceededException\",\"ErrorMessage\":\"slow down\"},"
     "{\"ErrorCode\":\"InternalFailure\",\"ErrorMessage\":\"x\"}]}",
     "kinesis-put-records",
     "root json\nverdict partial\nresponse ok -3\n href Records[0]\n status ok\n"
     "response failed -3\n href Records[1]\n status error\n"
     " condition ProvisionedThroughputExceededException\n description slow down\n"
     "response failed -3\n href Records[2]\n status error\n condition InternalFailure\n"
     " description x\n",
     "throughput is used up", "failures"},
    {"records, without the list", TARGET("Kinesis_20131202.PutRecords"), "{\"note\":1}",
     "kinesis-put-records", "root json\nverdict undecoded\n", NULL, "json_shape"},
    {"records, no JSON", TARGET("Kinesis_20131202.PutRecords"), "oops", "kinesis-put-records",
     "root json\nverdict malformed\n", NULL, "json_invalid"},
    {"messages", TARGET("AmazonSQS.DeleteMessageBatch"),
     "{\"Failed\":[{\"Id\":\"b\",\"SenderFault\":true,\"Code\":\"ReceiptHandleIsInvalid\"}],"
     "\"Successful\":[{\"Id\":\"a\"}]}",
     "sqs-batch",
     "root json\nverdict partial\nresponse ok -3\n href a\n status Successful\n"
     "response failed -3\n href b\n status Failed\n condition ReceiptHandleIsInvalid\n",
     "SenderFault", "failures"},
    {"items, all written", TARGET("DynamoDB_20120810.BatchWriteItem"), "{\"UnprocessedItems\":{}}",
     "dynamodb-batch-write", "root json\nverdict success\n", NULL, ""},
    {"items, some left", TARGET("DynamoDB_20120810.BatchWriteItem"),
     "{\"UnprocessedItems\":{\"orders\":[{\"PutRequest\":{\"Item\":{}}},{\"DeleteRequest\":{}}]}}",
     "dynamodb-batch-write",
     "root json\nverdict partial\n"
     "response failed -3\n href orders[0]\n status UnprocessedItems\n"
     "response failed -3\n href orders[1]\n status UnprocessedItems\n",
     "ask for these again", "failures"},
    {"keys, some left", TARGET("DynamoDB_20120810.BatchGetItem"),
     "{\"Responses\":{\"t\":[{}]},\"UnprocessedKeys\":{\"t\":{\"Keys\":[{\"id\":{\"S\":\"7\"}}]}}}",
     "dynamodb-batch-get",
     "root json\nverdict partial\nresponse failed -3\n href t[0]\n status UnprocessedKeys\n",
     "ask for these again", "failures"},
    {"operations", "/Bulk", NULL, "application/scim+json",
     "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkResponse\"],\"Operations\":["
     "{\"location\":\"https://e/Users/1\",\"method\":\"POST\",\"bulkId\":\"q\",\"status\":\"201\"},"
     "{\"method\":\"POST\",\"bulkId\":\"w\",\"status\":\"409\",\"response\":{\"scimType\":"
     "\"uniqueness\",\"detail\":\"userName is taken\",\"status\":\"409\"}},"
     "{\"method\":\"POST\",\"bulkId\":\"v\"}]}",
     "scim-bulk",
     "root json\nverdict partial\nresponse ok 201\n href https://e/Users/1\n status 201\n"
     "response failed 409\n href w\n status 409\n condition uniqueness\n"
     " description userName is taken\n"
     "response unknown -1\n href v\n",
     "unique value", "failures json_no_status"},
};

static void check_hint(const body_row *row, const ms_document *document, const ms_context *context)
{
    const ms_hint *hint = NULL;

    for (uint32_t i = 0; i < document->n_responses && !hint; i++)
        hint = ms_hint_for(document, &document->responses[i], context);
    unit_check(row->hint ? hint && strstr(hint->text, row->hint) : !hint, "%s: hint %s", row->what,
               hint ? hint->text : "(none)");
}

static void test_bodies(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        const body_row *row = &bodies[i];
        const ms_context context = {.method = "POST",
                                    .uri = row->uri,
                                    .amz_target = row->target,
                                    .content_type = row->type,
                                    .http_status = 200,
                                    .reason_phrase = "OK",
                                    .request_known = true,
                                    .batches = MS_BATCHES_AUTO};
        ms_document *document = unit_decode(row->body, &context);
        char *model = unit_model(document, 0), *rules = unit_findings(document);

        unit_check(g_strcmp0(document->kind, row->kind) == 0, "%s is %s", row->what,
                   document->kind);
        unit_check(strcmp(model, row->model) == 0, "%s is\n%s", row->what, model);
        check_hint(row, document, &context);
        unit_check(strcmp(rules, row->rules) == 0, "%s: findings %s", row->what, rules);
        g_free(rules);
        g_free(model);
        ms_document_free(document);
    }
}

/* Cut off anywhere, or with a byte that is none, a batch is never success. */
static void test_cut_off(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        const body_row *row = &bodies[i];
        const ms_context context = {.uri = row->uri,
                                    .amz_target = row->target,
                                    .content_type = row->type,
                                    .http_status = 200,
                                    .batches = MS_BATCHES_AUTO,
                                    .incomplete = true};

        for (size_t length = 1; length < strlen(row->body); length++) {
            ms_document *document = unit_decode_bytes(row->body, length, &context);

            unit_check(document->verdict == MS_MALFORMED || document->verdict == MS_UNDECODED,
                       "%s: %s after %zu bytes", row->what, ms_verdict_name(document->verdict),
                       length);
            ms_document_free(document);
        }
    }
}

int main(int argc, char **argv)
{
    unit_init(argc, argv);
    g_test_add_func("/batches/two-of-three", test_two_of_three);
    g_test_add_func("/batches/neighbours", test_neighbours);
    g_test_add_func("/batches/bodies", test_bodies);
    g_test_add_func("/batches/cut-off", test_cut_off);
    return g_test_run();
}
