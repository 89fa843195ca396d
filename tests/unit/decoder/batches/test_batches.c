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
    bool always; /* and nothing does without it */
} kind_row;

#define AMZ "application/x-amz-json-1.1"
#define ES_BODY                                                                                    \
    "{\"took\":3,\"errors\":false,\"items\":[{\"index\":{\"_id\":\"1\",\"status\":201}}]}"
#define SCIM_BODY                                                                                  \
    "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkResponse\"],\"Operations\":["       \
    "{\"method\":\"POST\",\"bulkId\":\"a\",\"status\":\"201\"}]}"

static const kind_row kinds[] = {
    {"elasticsearch-bulk", "/logs/_bulk?refresh=true", NULL, "application/json", "Elasticsearch",
     ES_BODY, true, false},
    {"elasticsearch-bulk", "/_bulk", NULL, "application/vnd.elasticsearch+json;compatible-with=8",
     NULL, ES_BODY, true, false},
    {"kinesis-put-records", "/", "Kinesis_20131202.PutRecords", AMZ, NULL,
     "{\"FailedRecordCount\":0,\"Records\":[{\"SequenceNumber\":\"1\",\"ShardId\":\"s\"}]}", false,
     false},
    {"firehose-put-record-batch", "/", "Firehose_20150804.PutRecordBatch", AMZ, NULL,
     "{\"FailedPutCount\":0,\"RequestResponses\":[{\"RecordId\":\"1\"}]}", true, false},
    {"eventbridge-put-events", "/", "AWSEvents.PutEvents", AMZ, NULL,
     "{\"FailedEntryCount\":0,\"Entries\":[{\"EventId\":\"1\"}]}", false, false},
    {"sqs-batch", "/", "AmazonSQS.SendMessageBatch", "application/x-amz-json-1.0", NULL,
     "{\"Successful\":[{\"Id\":\"a\"}]}", false, false},
    {"dynamodb-batch-write", "/", "DynamoDB_20120810.BatchWriteItem", "application/x-amz-json-1.0",
     NULL, "{\"UnprocessedItems\":{}}", true, false},
    {"dynamodb-batch-get", "/", "DynamoDB_20120810.BatchGetItem", "application/x-amz-json-1.0",
     NULL, "{\"Responses\":{},\"UnprocessedKeys\":{}}", true, false},
    {"scim-bulk", "/scim/v2/Bulk", NULL, "application/scim+json", NULL, SCIM_BODY, true, false},
    {"odata-batch", "/v1.0/$batch", NULL, NULL, NULL,
     "{\"responses\":[{\"id\":\"1\",\"status\":200,\"headers\":{},\"body\":{}}]}", true, false},
    {"bigquery-insert-all", "/bigquery/v2/projects/p/datasets/d/tables/t/insertAll", NULL, NULL,
     NULL, "{\"kind\":\"bigquery#tableDataInsertAllResponse\"}", true, false},
    {"salesforce-composite", "/services/data/v60.0/composite/", NULL, NULL, NULL,
     "{\"compositeResponse\":[{\"body\":null,\"httpStatusCode\":204,\"referenceId\":\"a\"}]}", true,
     false},
    {"salesforce-graph", "/services/data/v60.0/composite/graph", NULL, NULL, NULL,
     "{\"graphs\":[{\"graphId\":\"1\",\"graphResponse\":{\"compositeResponse\":[{"
     "\"httpStatusCode\":201,"
     "\"referenceId\":\"a\"}]},\"isSuccessful\":true}]}",
     false, false},
    {"salesforce-tree", "/services/data/v60.0/composite/tree/Account", NULL, NULL, NULL,
     "{\"hasErrors\":false,\"results\":[{\"referenceId\":\"a\",\"id\":\"1\"}]}", false, false},
    {"salesforce-collections", "/services/data/v60.0/composite/sobjects/Account/Key__c", NULL, NULL,
     NULL, "[{\"id\":\"1\",\"success\":true,\"errors\":[],\"created\":true}]", false, false},
    {"salesforce-batch", "/services/data/v60.0/composite/batch", NULL, NULL, NULL,
     "{\"hasErrors\":false,\"results\":[{\"statusCode\":204,\"result\":null}]}", true, false},
    {"salesforce-collections", "/services/data/v60.0/composite/sobjects?ids=1", NULL, NULL, NULL,
     "[{\"id\":\"1\",\"success\":true,\"errors\":[]}]", false, false},
    {"couchdb-bulk-docs", "/db/_bulk_docs", NULL, NULL, NULL,
     "[{\"ok\":true,\"id\":\"a\",\"rev\":\"1-0\"}]", false, false},
    {"json-rpc-batch", "/rpc", NULL, "application/json-rpc", NULL,
     "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}]", true, true},
    {"graphql-errors", "/api/graphql", NULL, "application/graphql-response+json", NULL,
     "{\"errors\":[{\"message\":\"x\",\"path\":[\"a\"]}],\"data\":{\"a\":null}}", false, true},
    {"graphql-errors", "/graphql", NULL, "application/graphql-response+json", NULL,
     "[{\"data\":{}},{\"errors\":[{\"message\":\"x\"}]}]", false, true},
    {"otlp-export", "/v1/traces", NULL, NULL, NULL, "{\"partialSuccess\":{}}", false, false},
    {"otlp-export", "/v1/logs", NULL, NULL, NULL, "{}", false, false},
};

/* A kind whose header tells nothing has two parts. */
static unsigned parts_of(const kind_row *row)
{
    return row->type || row->product ? 7 : 5;
}

enum { REQUEST = 1, HEADER = 2, SHAPE = 4 };

static const char *found(const kind_row *row, unsigned parts, ms_batch_mode mode)
{
    const ms_context context = {
        .method = "POST",
        .http_status = 200,
        .batches = mode,
        .uri = parts & REQUEST ? row->uri : NULL,
        .amz_target = parts & REQUEST ? row->target : NULL,
        .content_type = parts & HEADER && row->type ? row->type : "application/json",
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
            unsigned telling = parts & parts_of(&kinds[i]);
            bool two = (telling & (telling - 1)) != 0 && (parts & SHAPE || !kinds[i].always);
            const char *expected = two ? kinds[i].kind : NULL;
            const char *all = two || (telling == SHAPE && kinds[i].unique) ? kinds[i].kind : NULL;

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

/* What is asked first of every message lets the words of all kinds pass, and next to nothing else.
 */
static void check_may_be(const char *kind, ms_context context)
{
    context.http_status = 200;
    context.batches = MS_BATCHES_AUTO;
    unit_check(ms_batch_may_be_asked(&context), "%s is not looked at for %s%s", kind,
               context.uri ? context.uri : "", context.content_type ? context.content_type : "");
}

static void test_filter(void)
{
    static const char *const others[] = {"/", "/api/v2/orders?page=1", "/index.html", "/v1/users",
                                         "/search?q=a&sort=b"};
    static const ms_context json = {.content_type = "application/json; charset=utf-8"};

    for (size_t i = 0; i < ms_batch_count; i++) {
        const ms_batch *batch = &ms_batches[i];

        for (const char *const *path = batch->request.paths; *path; path++) {
            char *uri = g_strdup_printf("/a/%s?b=1", *path);

            check_may_be(batch->id, (ms_context){.uri = uri});
            g_free(uri);
        }
        for (const char *const *query = batch->request.queries; *query; query++) {
            char *uri = g_strdup_printf("/a?b=1&%s", *query);

            check_may_be(batch->id, (ms_context){.uri = uri});
            g_free(uri);
        }
        for (const char *const *type = batch->header.types; *type; type++) {
            char *upper = g_ascii_strup(*type, -1);

            check_may_be(batch->id, (ms_context){.content_type = upper});
            g_free(upper);
        }
    }
    unit_check(!ms_batch_may_be_asked(&json), "JSON is looked at");
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        unit_check(!ms_batch_may_be_asked(&(ms_context){.uri = others[i]}), "%s is looked at",
                   others[i]);
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
    {"a batch of requests", "/$batch", NULL, "application/json", 200,
     "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/me\"}]}"},
    {"responses without a status", "/$batch", NULL, "application/json", 200,
     "{\"responses\":[{\"id\":\"1\",\"name\":\"x\"}]}"},
    {"a table of BigQuery", "/tables/insertAll", NULL, "application/json", 200,
     "{\"kind\":\"bigquery#table\",\"insertErrors\":[]}"},
    {"results that are no answers", "/composite/batch", NULL, "application/json", 200,
     "{\"hasErrors\":true,\"results\":[{\"referenceId\":\"a\",\"errors\":[]}]}"},
    {"records", "/services/data/v60.0/composite/sobjects", NULL, "application/json", 200,
     "[{\"attributes\":{\"type\":\"Account\"},\"Id\":\"1\"}]"},
    {"a path that is longer", "/composite/sobjects/Account/Key__c/1", NULL, "application/json", 200,
     "[{\"id\":\"1\",\"success\":false,\"errors\":[]}]"},
    {"a record", "/composite/sobjects/Account", NULL, "application/json", 200,
     "[{\"id\":\"1\",\"success\":false,\"errors\":[]}]"},
    {"success of another", "/api/sobjects", NULL, "application/json", 200,
     "[{\"id\":\"1\",\"success\":false,\"errors\":[]}]"},
    {"documents of CouchDB", "/db/_bulk_docs", NULL, "application/json", 200,
     "[{\"_id\":\"a\",\"rev\":\"1-0\"}]"},
    {"one answer of JSON-RPC", "/rpc", NULL, "application/json-rpc", 200,
     "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-1,\"message\":\"x\"}}"},
    {"calls of JSON-RPC", "/rpc", NULL, "application/json-rpc", 200,
     "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"}]"},
    {"answers of JSON-RPC 1.0", "/rpc", NULL, "application/json", 200,
     "[{\"id\":1,\"result\":1,\"error\":null}]"},
    {"an answer of GraphQL without errors", "/graphql", NULL, "application/graphql-response+json",
     200, "{\"data\":{\"errors\":[{\"message\":\"x\"}]}}"},
    {"no errors in a list", "/graphql", NULL, "application/graphql-response+json", 200,
     "{\"errors\":[],\"data\":{}}"},
    {"errors without words", "/graphql", NULL, "application/json", 200,
     "{\"errors\":[{\"code\":1}],\"data\":{}}"},
    {"answers of GraphQL without errors", "/graphql", NULL, "application/graphql-response+json",
     200, "[{\"data\":{\"a\":1}},{\"data\":null}]"},
    {"a list of something else", "/graphql", NULL, "application/graphql-response+json", 200,
     "[{\"data\":{}},{\"errors\":[{\"message\":\"x\"}],\"field\":1}]"},
    {"what may be a bulk", "/_bulk", NULL, "application/json", 200, "{\"took\":30,\"err"},
    {"what may be a batch of FHIR", "/fhir", NULL, "application/fhir+json", 200,
     "{\"resourceType\":\"Bundle\",\"type\":"},
    {"an answer of GraphQL that is cut off", "/graphql", NULL, "application/json", 200,
     "{\"data\":{\"a\":1"},
    {"logs", "/v1/logs", NULL, "application/json", 200, "{\"logs\":[],\"partialSuccess\":{}}"},
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
    {"bulk, cut off before its rows", ES, "{\"took\":30,\"errors\":true,\"it", "elasticsearch-bulk",
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
     "root json\nverdict partial\nresponse failed -3\n href t/id=7\n status UnprocessedKeys\n",
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
    {"requests of Graph", "/v1.0/$batch", NULL, "application/json",
     "{\"responses\":[{\"id\":\"1\",\"status\":201,\"headers\":{\"Location\":\"/users/"
     "1\"},\"body\":{}},"
     "{\"id\":\"2\",\"status\":429,\"body\":{\"error\":{\"code\":\"TooManyRequests\",\"message\":"
     "\"slow down\"}}},{\"id\":\"3\",\"status\":424,\"body\":{\"error\":{\"code\":"
     "\"FailedDependency\",\"message\":\"2\"}}}]}",
     "odata-batch",
     "root json\nverdict partial\nresponse ok 201\n href 1\n status 201\n location /users/1\n"
     "response failed 429\n href 2\n status 429\n condition TooManyRequests\n"
     " description slow down\n"
     "response collateral 424\n href 3\n status 424\n condition FailedDependency\n description 2\n",
     "has to send these again", "failures"},
    {"errors in a text", "/$batch", NULL, "application/json",
     "{\"responses\":[{\"id\":\"1\",\"status\":422,\"body\":\"{\\\"error\\\":{\\\"code\\\":"
     "\\\"BERTH\\\","
     "\\\"message\\\":\\\"no "
     "berth\\\"}}\"},{\"id\":\"2\",\"status\":500,\"body\":\"oops\"},{\"id\":\"3\","
     "\"status\":400,\"body\":{\"error\":\"invalid_request\"}}]}",
     "odata-batch",
     "root json\nverdict failure\nresponse failed 422\n href 1\n status 422\n condition BERTH\n"
     " description no berth\nresponse failed 500\n href 2\n status 500\n description oops\n"
     "response failed 400\n href 3\n status 400\n description invalid_request\n",
     NULL, "failures json_all_failed"},
    {"graphs", "/composite/graph", NULL, "application/json",
     "{\"graphs\":[{\"graphId\":\"one\",\"graphResponse\":{\"compositeResponse\":[{\"body\":{},"
     "\"httpStatusCode\":201,\"referenceId\":\"a\"}]},\"isSuccessful\":true},{\"graphId\":\"two\","
     "\"graphResponse\":{\"compositeResponse\":[{\"body\":[{\"errorCode\":\"PROCESSING_HALTED\","
     "\"message\":\"b\"}],\"httpStatusCode\":400,\"referenceId\":\"a\"},{\"body\":[{\"errorCode\":"
     "\"REQUIRED_FIELD_MISSING\",\"message\":\"Name\"}],\"httpStatusCode\":400,\"referenceId\":"
     "\"b\"}]},"
     "\"isSuccessful\":false}]}",
     "salesforce-graph",
     "root json\nverdict partial\nresponse ok 201\n href one/a\n status 201\n"
     "response collateral -3\n href two/a\n status 400\n condition PROCESSING_HALTED\n"
     " description b\nresponse failed 400\n href two/b\n status 400\n"
     " condition REQUIRED_FIELD_MISSING\n description Name\n",
     NULL, "failures"},
    {"rows, all inserted", "/t/insertAll", NULL, "application/json",
     "{\"kind\":\"bigquery#tableDataInsertAllResponse\"}", "bigquery-insert-all",
     "root json\nverdict success\n", NULL, ""},
    {"rows, one skipped", "/t/insertAll", NULL, "application/json",
     "{\"kind\":\"bigquery#tableDataInsertAllResponse\",\"insertErrors\":[{\"index\":7,\"errors\":["
     "{\"reason\":\"invalid\",\"location\":\"a\",\"message\":\"no such field: a.\"}]}]}",
     "bigquery-insert-all",
     "root json\nverdict partial\nresponse failed -3\n href rows[7]\n status insertErrors\n"
     " condition invalid\n description no such field: a.\n",
     "does not fit the table", "failures"},
    {"rows, none inserted", "/t/insertAll", NULL, "application/json",
     "{\"kind\":\"bigquery#tableDataInsertAllResponse\",\"insertErrors\":[{\"index\":0,\"errors\":["
     "{\"reason\":\"stopped\",\"message\":\"\"}]},{\"index\":1,\"errors\":[{\"reason\":\"invalid\","
     "\"message\":\"no\"}]}]}",
     "bigquery-insert-all",
     "root json\nverdict failure\nresponse collateral -3\n href rows[0]\n status insertErrors\n"
     " condition stopped\nresponse failed -3\n href rows[1]\n status insertErrors\n"
     " condition invalid\n description no\n",
     "does not fit the table", "failures"},
    {"composite", "/composite", NULL, "application/json",
     "{\"compositeResponse\":[{\"body\":[{\"errorCode\":\"PROCESSING_HALTED\",\"message\":\"rolled "
     "back\"}],\"httpHeaders\":{},\"httpStatusCode\":400,\"referenceId\":\"a\"},{\"body\":[{"
     "\"message\":\"no\",\"errorCode\":\"NOT_FOUND\"}],\"httpStatusCode\":404,\"referenceId\":"
     "\"b\"}]}",
     "salesforce-composite",
     "root json\nverdict failure\nresponse collateral -3\n href a\n status 400\n"
     " condition PROCESSING_HALTED\n description rolled back\n"
     "response missing 404\n href b\n status 404\n condition NOT_FOUND\n description no\n",
     NULL, "failures"},
    {"composite/batch", "/composite/batch", NULL, "application/json",
     "{\"hasErrors\":true,\"results\":[{\"statusCode\":204,\"result\":null},{\"statusCode\":403,"
     "\"result\":[{\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\",\"message\":\"used up\"}]}]}",
     "salesforce-batch",
     "root json\nverdict partial\nresponse ok 204\n href results[0]\n status 204\n"
     "response failed 403\n href results[1]\n status 403\n condition REQUEST_LIMIT_EXCEEDED\n"
     " description used up\n",
     "used up its requests", "failures"},
    {"collections", "/composite/sobjects", NULL, "application/json",
     "[{\"id\":\"1\",\"success\":true,\"errors\":[]},{\"success\":false,\"errors\":[{"
     "\"statusCode\":"
     "\"UNABLE_TO_LOCK_ROW\",\"message\":\"locked\",\"fields\":[]}]},{\"success\":false,\"errors\":"
     "[]}]",
     "salesforce-collections",
     "root json\nverdict partial\nresponse ok -3\n href 1\n status ok\n"
     "response failed -3\n href [1]\n status error\n condition UNABLE_TO_LOCK_ROW\n"
     " description locked\nresponse failed -3\n href [2]\n status error\n",
     "held the record", "failures"},
    {"documents", "/db/_bulk_docs", NULL, "application/json",
     "[{\"ok\":true,\"id\":\"a\",\"rev\":\"1-0\"},{\"id\":\"b\",\"error\":\"conflict\",\"reason\":"
     "\"Document update conflict.\"}]",
     "couchdb-bulk-docs",
     "root json\nverdict partial\nresponse ok -3\n href a\n status ok\n"
     "response failed -3\n href b\n status error\n condition conflict\n"
     " description Document update conflict.\n",
     "latest revision", "failures"},
    {"documents, all refused", "/db/_bulk_docs", NULL, "application/json",
     "[{\"id\":\"b\",\"error\":\"conflict\",\"reason\":\"x\"}]", "couchdb-bulk-docs",
     "root json\nverdict failure\nresponse failed -3\n href b\n status error\n"
     " condition conflict\n description x\n",
     "latest revision", "failures json_all_failed"},
    {"documents, replicated", "/db/_bulk_docs", NULL, "application/json",
     "[{\"id\":\"b\",\"rev\":\"2-0\",\"error\":\"forbidden\",\"reason\":\"x\"}]",
     "couchdb-bulk-docs",
     "root json\nverdict partial\nresponse failed -3\n href b\n status error\n"
     " condition forbidden\n description x\n",
     "validation function", "failures"},
    {"calls", "/jsonrpc", NULL, "application/json",
     "[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null},{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{"
     "\"code\":-32601,\"message\":\"Method not found\"}},{\"jsonrpc\":\"2.0\",\"id\":0}]",
     "json-rpc-batch",
     "root json\nverdict partial\nresponse ok -3\n href 1\n status ok\n"
     "response failed -3\n href [1]\n status error\n condition -32601\n"
     " description Method not found\nresponse unknown -1\n href 0\n",
     "no such method", "failures json_no_status"},
    {"fields, some", "/graphql", NULL, "application/json",
     "{\"errors\":[{\"message\":\"no\",\"path\":[\"boats\",1,\"berth\"],\"extensions\":{\"code\":"
     "\"FORBIDDEN\"}},{\"message\":\"late\"}],\"data\":{\"boats\":[{},{\"berth\":null}]}}",
     "graphql-errors",
     "root json\nverdict partial\n"
     "response failed -3\n href boats[1].berth\n status errors\n condition FORBIDDEN\n"
     " description no\nresponse failed -3\n href errors[1]\n status errors\n description late\n",
     NULL, "graphql_errors"},
    {"fields, none", "/graphql", NULL, "application/json",
     "{\"errors\":[{\"message\":\"slow down\",\"path\":[\"a\"],\"extensions\":{\"code\":"
     "\"THROTTLED\"}}],\"data\":{\"a\":null}}",
     "graphql-errors",
     "root json\nverdict failure\nresponse failed -3\n href a\n status errors\n"
     " condition THROTTLED\n description slow down\n",
     "has to send these again", "graphql_errors"},
    {"operations of GraphQL", "/graphql", NULL, "application/json",
     "[{\"data\":{\"a\":1}},{\"errors\":[{\"message\":\"no\",\"path\":[\"b\"]}],\"data\":null}]",
     "graphql-errors",
     "root json\nverdict partial\nresponse ok -3\n href [0]\n status ok\n"
     "response failed -3\n href [1].b\n status errors\n description no\n",
     NULL, "graphql_errors"},
    {"spans, some rejected", "/v1/traces", NULL, "application/json",
     "{\"partialSuccess\":{\"rejectedSpans\":\"3\",\"errorMessage\":\"too old\"}}", "otlp-export",
     "root json\nverdict partial\nresponse failed -3\n href partialSuccess (3)\n"
     " status rejectedSpans\n description too old\n",
     "must not send them again", "failures"},
    {"spans, a warning", "/v1/traces", NULL, "application/json",
     "{\"partialSuccess\":{\"rejectedSpans\":\"0\",\"errorMessage\":\"use another\"}}",
     "otlp-export", "root json\nverdict success\n", NULL, ""},
    {"spans, all taken", "/v1/traces", NULL, "application/json", "{}", "otlp-export",
     "root json\nverdict success\n", NULL, ""},
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

        unit_check_parts(row->body, &context);
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

/* ---- what was asked for ---- */

typedef struct {
    const char *what;
    const char *uri, *target, *type;
    const char *request, *body;
    const char *model;
} asked_row;

#define NEW_EDITS_FALSE "{\"docs\":[{\"_id\":\"a\"},{\"_id\":\"b\"}],\"new_edits\":false}"
#define LEFT_OUT(href) "response ok -3\n href " href "\n status not listed\n"

static const asked_row asked[] = {
    {"replicated, all stored", "/db/_bulk_docs", NULL, "application/json", NEW_EDITS_FALSE, "[]",
     "root json\nverdict success\n" LEFT_OUT("a") LEFT_OUT("b")},
    {"replicated, damaged", "/db/_bulk_docs", NULL, "application/json", NEW_EDITS_FALSE, "[", NULL},
    {"keys by name, in another order", "/", "DynamoDB_20120810.BatchWriteItem", AMZ,
     "{\"RequestItems\":{\"t\":[{\"PutRequest\":{\"Item\":{\"b\":{\"S\":\"2\"},\"a\":{\"N\":\"1\"}}"
     "}},"
     "{\"DeleteRequest\":{\"Key\":{\"pk\":{\"S\":\"x\"},\"sort\":{\"N\":\"3\"}}}}]}}",
     "{\"UnprocessedItems\":{\"t\":[{\"PutRequest\":{\"Item\":{\"a\":{\"N\":\"1\"},\"b\":{\"S\":"
     "\"2\"}}"
     "}}]}}",
     "root json\nverdict partial\nresponse failed -3\n href t/a=1,b=2\n status "
     "UnprocessedItems\n" LEFT_OUT("t/pk=x,sort=3")},
    {"two that cannot be told apart", "/", "DynamoDB_20120810.BatchWriteItem", AMZ,
     "{\"RequestItems\":{\"t\":[{\"PutRequest\":{\"Item\":{\"a\":{\"N\":\"1\"},\"b\":{\"S\":\"2\"},"
     "\"c\":{\"S\":\"3\"}}}},{\"PutRequest\":{\"Item\":{\"a\":{\"N\":\"1\"},\"b\":{\"S\":\"2\"},"
     "\"c\":{"
     "\"S\":\"4\"}}}}]}}",
     "{\"UnprocessedItems\":{\"t\":[{\"PutRequest\":{\"Item\":{\"a\":{\"N\":\"1\"},\"b\":{\"S\":"
     "\"2\"},"
     "\"c\":{\"S\":\"4\"}}}}]}}",
     "root json\nverdict partial\nresponse failed -3\n href t/a=1,b=2\n status UnprocessedItems\n"},
    {"a message without answer", "/", "AmazonSQS.SendMessageBatch", AMZ,
     "{\"Entries\":[{\"Id\":\"a\"},{\"Id\":\"b\"}]}", "{\"Successful\":[{\"Id\":\"b\"}]}",
     "root json\nverdict benign\nresponse ok -3\n href b\n status Successful\n"
     "response unknown -1\n href a\n"},
    {"a request that is cut off", "/", "AmazonSQS.SendMessageBatch", AMZ,
     "{\"Entries\":[{\"Id\":\"a\"},{\"Id\":\"b\"}]", "{\"Successful\":[{\"Id\":\"b\"}]}",
     "root json\nverdict success\nresponse ok -3\n href b\n status Successful\n"},
    {"requests of Graph by name", "/v1.0/$batch", NULL, "application/json",
     "{\"requests\":[{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/"
     "me\"},{\"id\":\"2\",\"method\":\"GET\","
     "\"url\":\"/me\"},{\"id\":\"3\",\"method\":\"PUT\",\"url\":\"/b?a=1&sig=secret&c=2\"}]}",
     "{\"responses\":[{\"id\":\"3\",\"status\":200},{\"id\":\"1\",\"status\":404}]}",
     "root json\nverdict partial\nresponse ok 200\n href PUT /b?a=1&c=2\n status 200\n"
     "response missing 404\n href GET /me (1)\n status 404\n"
     "response unknown -1\n href GET /me (2)\n"},
    {"what GraphQL was asked", "/api", NULL, "application/json", "{\"query\":\"{ a }\"}",
     "{\"errors\":[{\"message\":\"no\",\"path\":[\"a\"]}],\"data\":null}",
     "root json\nverdict failure\nresponse failed -3\n href a\n status errors\n"
     " description no\n"},
    {"what others call a query", "/api", NULL, "application/json", "{\"query\":{\"term\":\"a\"}}",
     "{\"errors\":[{\"message\":\"no\",\"path\":[\"a\"]}],\"data\":null}", NULL},
};

#define PART(id, line) "--b\r\nContent-Type: application/http\r\n" id "\r\n" line "\r\n\r\n\r\n"
#define ID(id) "Content-ID: " id "\r\n"
#define CHANGES(parts) "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n" parts "--c--\r\n"
#define CHANGE(id, line) "--c\r\nContent-Type: application/http\r\n" id "\r\n" line "\r\n\r\n\r\n"
#define OK "HTTP/1.1 200 OK"
#define LOST "HTTP/1.1 404 Not Found"

static const struct {
    const char *what, *request, *body;
    const char *names; /* of all rows */
} parts[] = {
    {"by place", PART("", "GET A HTTP/1.1") PART("", "GET B HTTP/1.1") "--b--",
     PART("", OK) PART("", LOST) "--b--", "GET A: ok, GET B: missing, "},
    {"by Content-ID, in another order",
     PART(ID("<x>"), "GET A HTTP/1.1") PART(ID("<y>"), "GET B HTTP/1.1") "--b--",
     PART(ID("<response-y>"), OK) PART(ID("<response-x>"), LOST) "--b--",
     "GET B: ok, GET A: missing, "},
    {"twice the same", PART("", "GET A HTTP/1.1") PART("", "GET A HTTP/1.1") "--b--",
     PART("", OK) PART("", LOST) "--b--", "GET A (#1): ok, GET A (#2): missing, "},
    {"signed", PART(ID("0"), "DELETE /c/b?sv=1&sig=abc%3D&se=2 HTTP/1.1") "--b--",
     PART(ID("0"), OK) "--b--", "DELETE /c/b?sv=1&se=2: ok, "},
    {"a server that stops", PART("", "GET A HTTP/1.1") PART("", "GET B HTTP/1.1") "--b--",
     PART("", LOST) "--b--", "GET A: missing, GET B: unknown, "},
    {"change sets",
     PART("", "GET A HTTP/1.1")
         CHANGES(CHANGE("", "POST B HTTP/1.1") CHANGE("", "POST C HTTP/1.1")) "--b--",
     PART("", OK) CHANGES(CHANGE("", OK) CHANGE("", OK)) "--b--",
     "GET A: ok, POST B: ok, POST C: ok, "},
    {"a change set that failed",
     CHANGES(CHANGE("", "POST B HTTP/1.1") CHANGE("", "POST C HTTP/1.1"))
         PART("", "GET A HTTP/1.1") "--b--",
     PART("", LOST) PART("", OK) "--b--", "#1: missing, #2: ok, "},
    {"more answers than requests", PART("", "GET A HTTP/1.1") "--b--",
     PART("", OK) PART("", OK) "--b--", "#1: ok, #2: ok, "},
    {"a request that is cut off", PART("", "GET A HTTP/1.1"), PART("", OK) "--b--", "#1: ok, "},
    {"something else", PART("", "Hello") "--b--", PART("", OK) "--b--", "#1: ok, "},
};

static void test_parts(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        ms_context context = {.method = "POST",
                              .uri = "/$batch",
                              .content_type = "multipart/mixed; boundary=b",
                              .http_status = 200,
                              .batches = MS_BATCHES_AUTO};
        ms_asked *read = ms_asked_read(parts[i].request, strlen(parts[i].request), &context);

        context.asked = read;
        ms_document *document = unit_decode(parts[i].body, &context);
        GString *names = g_string_new(NULL);

        for (uint32_t j = 0; j < document->n_responses; j++)
            g_string_append_printf(names, "%s: %s, ",
                                   document->hrefs[document->responses[j].hrefs.first].text,
                                   ms_outcome_name(document->responses[j].outcome));
        unit_check(strcmp(names->str, parts[i].names) == 0, "%s: %s", parts[i].what, names->str);
        g_string_free(names, TRUE);
        ms_document_free(document);
        ms_asked_free(read);
    }
}

static void test_asked(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        const asked_row *row = &asked[i];
        ms_context context = {.method = "POST",
                              .uri = row->uri,
                              .amz_target = row->target,
                              .content_type = row->type,
                              .http_status = 200,
                              .batches = MS_BATCHES_AUTO};
        ms_asked *read = ms_asked_read(row->request, strlen(row->request), &context);

        context.asked = read;
        ms_document *document = unit_decode(row->body, &context);
        char *model = unit_model(document, 0);

        if (row->model)
            unit_check(strcmp(model, row->model) == 0, "%s is\n%s", row->what, model);
        else
            unit_check(!document->batch, "%s is %s", row->what, document->kind);
        g_free(model);
        ms_document_free(document);
        ms_asked_free(read);
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
    g_test_add_func("/batches/filter", test_filter);
    g_test_add_func("/batches/neighbours", test_neighbours);
    g_test_add_func("/batches/bodies", test_bodies);
    g_test_add_func("/batches/asked", test_asked);
    g_test_add_func("/batches/parts", test_parts);
    g_test_add_func("/batches/cut-off", test_cut_off);
    return g_test_run();
}
