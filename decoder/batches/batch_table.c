/* batch_table.c
 * The kinds of batches.
 *
 * Sources are the pages of those who make the servers, and RFC 7644 section 3.7 (SCIM).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "batches.h"

#define AMZ_JSON "application/x-amz-json-1.1", "application/x-amz-json-1.0"

/* The rows of Kinesis, Firehose and EventBridge: in the order of the request, and only those that
 * failed have an ErrorCode. */
#define AWS_ROWS(member, id)                                                                       \
    {                                                                                              \
        .list = member, .tells = {id, "ErrorCode"}, .error = {"ErrorCode"}, .good = {id},          \
        .conditions = {"ErrorCode"}, .reasons = {                                                  \
            "ErrorMessage"                                                                         \
        }                                                                                          \
    }

/* clang-format off */
const ms_batch ms_batches[] = {
    {
        .id = "elasticsearch-bulk",
        .title = "Elasticsearch and OpenSearch: bulk requests",
        .request = {.paths = {"_bulk"}},
        .header = {.types = {"application/vnd.elasticsearch+json"}, .product = "Elasticsearch"},
        .shape = {
            .members = {
                {.name = "errors", .types = MS_BATCH_BOOL, .needed = true},
                {.name = "items", .types = MS_BATCH_LIST, .needed = true},
                {.name = "took", .types = MS_BATCH_NUMBER},
                {.name = "ingest_took", .types = MS_BATCH_NUMBER},
                {.name = "_shards", .types = MS_BATCH_OBJECT},
            },
            .unique = true,
            .mark = "\"errors\"",
            .in_words = "`errors` (true or false) and `items`, each of which is `index`, `create`, "
                        "`update` or `delete`",
        },
        .rows = {{
            .list = "items",
            .layout = MS_BATCH_ACTIONS,
            .tells = {"index", "create", "update", "delete"},
            .names = {"_id"},
            .within = "_index",
            .status = {"status"},
            .error = {"error"},
            .conditions = {"error.type"},
            .reasons = {"error.reason", "error"},
            .gone = "result=not_found",
        }},
        .fails_if = "`status` is 400 or more, or there is an `error`. A `delete` that found nothing "
                    "(404, `not_found`) is `removed`: the server does not count it as an error",
        .source = "Elasticsearch reference, Bulk API",
    },
    {
        .id = "kinesis-put-records",
        .title = "Amazon Kinesis: PutRecords",
        .request = {.targets = {"Kinesis_20131202.PutRecords"}},
        .header = {.types = {AMZ_JSON}},
        .shape = {
            .members = {
                {.name = "Records", .types = MS_BATCH_LIST, .needed = true},
                {.name = "FailedRecordCount", .types = MS_BATCH_NUMBER, .needed = true},
                {.name = "EncryptionType", .types = MS_BATCH_ANY},
            },
            .in_words = "`FailedRecordCount` and `Records`, each with a `SequenceNumber` or an `ErrorCode`",
        },
        .rows = {AWS_ROWS("Records", "SequenceNumber")},
        .fails_if = "it has an `ErrorCode`",
        .source = "Kinesis Data Streams API reference, PutRecords",
    },
    {
        .id = "firehose-put-record-batch",
        .title = "Amazon Data Firehose: PutRecordBatch",
        .request = {.targets = {"Firehose_20150804.PutRecordBatch"}},
        .header = {.types = {AMZ_JSON}},
        .shape = {
            .members = {
                {.name = "RequestResponses", .types = MS_BATCH_LIST, .needed = true},
                {.name = "FailedPutCount", .types = MS_BATCH_NUMBER, .needed = true},
                {.name = "Encrypted", .types = MS_BATCH_ANY},
            },
            .unique = true,
            .mark = "\"RequestResponses\"",
            .in_words = "`FailedPutCount` and `RequestResponses`, each with a `RecordId` or an `ErrorCode`",
        },
        .rows = {AWS_ROWS("RequestResponses", "RecordId")},
        .fails_if = "it has an `ErrorCode`",
        .source = "Amazon Data Firehose API reference, PutRecordBatch",
    },
    {
        .id = "eventbridge-put-events",
        .title = "Amazon EventBridge: PutEvents",
        .request = {.targets = {"AWSEvents.PutEvents", "AWSEvents.PutPartnerEvents"}},
        .header = {.types = {AMZ_JSON}},
        .shape = {
            .members = {
                {.name = "Entries", .types = MS_BATCH_LIST, .needed = true},
                {.name = "FailedEntryCount", .types = MS_BATCH_NUMBER, .needed = true},
            },
            .in_words = "`FailedEntryCount` and `Entries`, each with an `EventId` or an `ErrorCode`",
        },
        .rows = {AWS_ROWS("Entries", "EventId")},
        .fails_if = "it has an `ErrorCode`",
        .source = "Amazon EventBridge API reference, PutEvents",
    },
    {
        .id = "sqs-batch",
        .title = "Amazon SQS: SendMessageBatch, DeleteMessageBatch, ChangeMessageVisibilityBatch",
        .request = {.targets = {"AmazonSQS.SendMessageBatch", "AmazonSQS.DeleteMessageBatch",
                                "AmazonSQS.ChangeMessageVisibilityBatch"}},
        .header = {.types = {AMZ_JSON}},
        .shape = {
            .members = {
                {.name = "Successful", .types = MS_BATCH_LIST},
                {.name = "Failed", .types = MS_BATCH_LIST},
            },
            .in_words = "nothing but `Successful` and `Failed`, each with an `Id`",
        },
        .rows = {
            {.list = "Successful", .said = MS_SAID_OK, .tells = {"Id"}, .names = {"Id"}},
            {.list = "Failed", .said = MS_SAID_FAILED, .tells = {"Id"}, .names = {"Id"},
             .conditions = {"Code"}, .reasons = {"Message"}},
        },
        .fails_if = "it is in `Failed`",
        .source = "Amazon SQS API reference, SendMessageBatch",
    },
    {
        .id = "dynamodb-batch-write",
        .title = "Amazon DynamoDB: BatchWriteItem",
        .request = {.targets = {"DynamoDB_20120810.BatchWriteItem"}},
        .header = {.types = {AMZ_JSON}},
        .shape = {
            .members = {
                {.name = "UnprocessedItems", .types = MS_BATCH_OBJECT, .needed = true},
                {.name = "ItemCollectionMetrics", .types = MS_BATCH_OBJECT},
                {.name = "ConsumedCapacity", .types = MS_BATCH_LIST},
            },
            .unique = true,
            .mark = "\"UnprocessedItems\"",
            .in_words = "`UnprocessedItems`",
        },
        .rows = {{
            .list = "UnprocessedItems",
            .layout = MS_BATCH_TABLES,
            .said = MS_SAID_FAILED,
        }},
        .rest_done = true,
        .fails_if = "it is in `UnprocessedItems`; what is not listed was written",
        .source = "Amazon DynamoDB API reference, BatchWriteItem",
    },
    {
        .id = "dynamodb-batch-get",
        .title = "Amazon DynamoDB: BatchGetItem",
        .request = {.targets = {"DynamoDB_20120810.BatchGetItem"}},
        .header = {.types = {AMZ_JSON}},
        .shape = {
            .members = {
                {.name = "UnprocessedKeys", .types = MS_BATCH_OBJECT, .needed = true},
                {.name = "Responses", .types = MS_BATCH_OBJECT},
                {.name = "ConsumedCapacity", .types = MS_BATCH_LIST},
            },
            .unique = true,
            .mark = "\"UnprocessedKeys\"",
            .in_words = "`UnprocessedKeys`",
        },
        .rows = {{
            .list = "UnprocessedKeys",
            .layout = MS_BATCH_TABLES,
            .said = MS_SAID_FAILED,
        }},
        .rest_done = true,
        .fails_if = "it is in `UnprocessedKeys`; what is not listed was read",
        .source = "Amazon DynamoDB API reference, BatchGetItem",
    },
    {
        .id = "scim-bulk",
        .title = "SCIM: bulk operations",
        .request = {.paths = {"Bulk"}},
        .header = {.types = {"application/scim+json"}},
        .shape = {
            .members = {
                {.name = "schemas", .types = MS_BATCH_LIST, .needed = true,
                 .text = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"},
                {.name = "Operations", .types = MS_BATCH_LIST},
            },
            .unique = true,
            .mark = ":BulkResponse\"",
            .in_words = "`schemas` with `urn:ietf:params:scim:api:messages:2.0:BulkResponse`",
        },
        .rows = {{
            .list = "Operations",
            .tells = {"status", "method"},
            .names = {"location", "bulkId"},
            .status = {"status", "status.code"},
            .conditions = {"response.scimType"},
            .reasons = {"response.detail", "status.description"},
        }},
        .fails_if = "`status` is 400 or more",
        .source = "RFC 7644 section 3.7",
    },
};
/* clang-format on */

const size_t ms_batch_count = G_N_ELEMENTS(ms_batches);
