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

#define GRAPHQL_ANSWER                                                                             \
    {.name = "errors", .types = MS_BATCH_LIST, .needed = true, .filled = true},                    \
        {.name = "data", .types = MS_BATCH_OBJECT | MS_BATCH_TYPE(MS_JSON_NULL)},                  \
    {                                                                                              \
        .name = "extensions", .types = MS_BATCH_OBJECT                                             \
    }

#define GRAPHQL_ERRORS(how)                                                                        \
    {                                                                                              \
        .list = "errors", .layout = how, .said = MS_SAID_FAILED, .needs = {"message"},             \
        .path = "path", .conditions = {"extensions.code", "type"}, .reasons = {                    \
            "message"                                                                              \
        }                                                                                          \
    }

#define S3_FAILURE                                                                                 \
    {"Key", MS_XML_NAME}, {"VersionId", MS_XML_VERSION}, {"Code", MS_XML_CONDITION},               \
    {                                                                                              \
        "Message", MS_XML_REASON                                                                   \
    }

/* The namespace is that of S3, of Ceph, MinIO or another, or none at all. */
static const ms_xml_batch s3_delete = {
    .root = "DeleteResult",
    .marks = {"DeleteResult"},
    .rows =
        {
            {"Deleted", MS_SAID_OK, {{"Key", MS_XML_NAME}, {"VersionId", MS_XML_VERSION}}},
            {"Error", MS_SAID_FAILED, {S3_FAILURE}},
        },
    .rest_done = true,
};

static const ms_xml_batch s3_objects = {
    .root = "Delete",
    .rows = {{"Object", MS_SAID_NOTHING, {{"Key", MS_XML_NAME}, {"VersionId", MS_XML_VERSION}}}},
};

static const ms_xml_batch s3_error = {
    .root = "Error",
    .marks = {"<Code>", "<Message>", "RequestId>"},
    .rows = {{"", MS_SAID_FAILED, {S3_FAILURE}}},
};

static const ms_xml_batch schedule_response = {
    .root = "schedule-response",
    .name_space = "urn:ietf:params:xml:ns:caldav",
    .marks = {"schedule-response"},
    .rows = {{"response",
              MS_SAID_NOTHING,
              {{"recipient/href", MS_XML_NAME},
               {"recipient", MS_XML_NAME}, /* SOGo has it without the href */
               {"request-status", MS_XML_REQUEST_STATUS},
               {"error", MS_XML_CONDITIONS},
               {"responsedescription", MS_XML_REASON}}}},
};

static const ms_xml_batch fhir_bundle = {
    .root = "Bundle",
    .name_space = "http://hl7.org/fhir",
    .marks = {"batch-response"},
    .rows = {{"entry",
              MS_SAID_NOTHING,
              {{"response/status@value", MS_XML_STATUS},
               {"response/location@value", MS_XML_LOCATION},
               {"response/outcome/OperationOutcome/issue/code@value", MS_XML_CONDITION},
               {"response/outcome/OperationOutcome/issue/diagnostics@value", MS_XML_REASON},
               {"response/outcome/OperationOutcome/issue/details/text@value", MS_XML_REASON}}}},
};

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
        .id = "odata-batch",
        .title = "OData, Microsoft Graph and SharePoint: batches in JSON",
        .request = {.paths = {"$batch", "%24batch"}},
        .shape = {
            .members = {{.name = "responses", .types = MS_BATCH_LIST, .needed = true}},
            .unique = true,
            .mark = "\"responses\"",
            .in_words = "`responses`, each with an `id` and a `status`",
        },
        .rows = {{
            .list = "responses",
            .needs = {"id", "status"},
            .names = {"id"},
            .status = {"status"},
            .conditions = {"body.error.code", "body.code"},
            .reasons = {"body.error.message", "body.error.message.value", "body.error", "body.message"},
            .text = "body",
            .location = "headers.Location",
        }},
        .asked = {.list = "requests", .names = {"id"}, .verb = "method", .target = "url"},
        .fails_if = "`status` is 400 or more; 424 is `collateral`: a request that it depends on failed",
        .source = "OData JSON Format 4.01 section 19, Microsoft Graph, JSON batching",
    },
    {
        .id = "bigquery-insert-all",
        .title = "Google BigQuery: tabledata.insertAll",
        .request = {.paths = {"insertAll"}, .method = "POST"},
        .shape = {
            .members = {
                {.name = "kind", .types = MS_BATCH_STRING, .needed = true,
                 .text = "bigquery#tableDataInsertAllResponse"},
                {.name = "insertErrors", .types = MS_BATCH_LIST},
            },
            .unique = true,
            .mark = "\"bigquery#tableDataInsertAllResponse\"",
            .in_words = "`kind` is `bigquery#tableDataInsertAllResponse`",
        },
        .rows = {{
            .list = "insertErrors",
            .said = MS_SAID_FAILED,
            .tells = {"index", "errors"},
            .names = {"index"},
            .place_in = "rows",
            .conditions = {"errors.reason"},
            .reasons = {"errors.message"},
            .collateral = {"stopped"},
        }},
        .asked = {.list = "rows"},
        .rest_done = true,
        .may_lack_rows = true,
        .fails_if = "it is in `insertErrors`; those that were `stopped` are `collateral`, and where there "
                    "are any, nothing was inserted",
        .source = "BigQuery API reference, tabledata.insertAll",
    },
    {
        .id = "salesforce-composite",
        .title = "Salesforce: composite requests",
        .request = {.paths = {"composite"}},
        .shape = {
            .members = {{.name = "compositeResponse", .types = MS_BATCH_LIST, .needed = true}},
            .unique = true,
            .mark = "\"compositeResponse\"",
            .in_words = "`compositeResponse`, each with `httpStatusCode` and `referenceId`",
        },
        .rows = {{
            .list = "compositeResponse",
            .needs = {"httpStatusCode", "referenceId"},
            .names = {"referenceId"},
            .status = {"httpStatusCode"},
            .conditions = {"body.errorCode"},
            .reasons = {"body.message"},
            .location = "httpHeaders.Location",
            .collateral = {"PROCESSING_HALTED"},
        }},
        .asked = {.list = "compositeRequest", .names = {"referenceId"}},
        .fails_if = "`httpStatusCode` is 400 or more; `PROCESSING_HALTED` is `collateral`",
        .source = "Salesforce REST API developer guide, Composite",
    },
    {
        .id = "salesforce-graph",
        .title = "Salesforce: composite graphs",
        .request = {.paths = {"composite/graph"}},
        .shape = {
            .members = {{.name = "graphs", .types = MS_BATCH_LIST, .needed = true}},
            .in_words = "`graphs`, each with a `graphId` and a `graphResponse`",
        },
        .rows = {{
            .list = "graphs",
            .layout = MS_BATCH_GRAPHS,
            .needs = {"graphId", "graphResponse"},
            .outer = "graphId",
            .inner = "graphResponse.compositeResponse",
            .names = {"referenceId"},
            .status = {"httpStatusCode"},
            .conditions = {"body.errorCode"},
            .reasons = {"body.message"},
            .location = "httpHeaders.Location",
            .collateral = {"PROCESSING_HALTED"},
        }},
        .fails_if = "`httpStatusCode` is 400 or more; `PROCESSING_HALTED` is `collateral`: a graph is all or "
                    "nothing",
        .source = "Salesforce REST API developer guide, Composite Graph",
    },
    {
        .id = "salesforce-tree",
        .title = "Salesforce: trees of records",
        .request = {.paths = {"composite/tree/*"}, .method = "POST"},
        .shape = {
            .members = {
                {.name = "hasErrors", .types = MS_BATCH_BOOL, .needed = true},
                {.name = "results", .types = MS_BATCH_LIST, .needed = true},
            },
            .in_words = "`hasErrors` and `results`, each with a `referenceId`",
        },
        .rows = {{
            .list = "results",
            .needs = {"referenceId"},
            .names = {"referenceId"},
            .error = {"errors"},
            .good = {"id"},
            .conditions = {"errors.statusCode"},
            .reasons = {"errors.message"},
        }},
        .fails_if = "it has `errors`. A tree is all or nothing, and what fails is answered with 400",
        .source = "Salesforce REST API developer guide, sObject Tree",
    },
    {
        .id = "salesforce-batch",
        .title = "Salesforce: composite/batch",
        .request = {.paths = {"composite/batch"}},
        .shape = {
            .members = {
                {.name = "hasErrors", .types = MS_BATCH_BOOL, .needed = true},
                {.name = "results", .types = MS_BATCH_LIST, .needed = true},
            },
            .unique = true,
            .mark = "\"hasErrors\"",
            .in_words = "`hasErrors` and `results`, each with `statusCode` and `result`",
        },
        .rows = {{
            .list = "results",
            .needs = {"statusCode", "result"},
            .status = {"statusCode"},
            .conditions = {"result.errorCode"},
            .reasons = {"result.message"},
            .collateral = {"BATCH_PROCESSING_HALTED"},
        }},
        .asked = {.list = "batchRequests", .answered_in = "results", .verb = "method", .target = "url"},
        .fails_if = "`statusCode` is 400 or more; `BATCH_PROCESSING_HALTED` is `collateral`",
        .source = "Salesforce REST API developer guide, Batch",
    },
    {
        .id = "salesforce-collections",
        .title = "Salesforce: collections of records",
        .request = {.paths = {"composite/sobjects", "composite/sobjects/*/*"}},
        .shape = {
            .array = true,
            .members = {
                {.name = "success", .types = MS_BATCH_BOOL, .needed = true},
                {.name = "errors", .types = MS_BATCH_LIST, .needed = true},
            },
            .in_words = "a list, each element with `success` (true or false) and `errors`",
        },
        .rows = {{
            .list = "",
            .names = {"id"},
            .error = {"errors"},
            .flag = "success",
            .conditions = {"errors.statusCode"},
            .reasons = {"errors.message"},
            .collateral = {"ALL_OR_NONE_OPERATION_ROLLED_BACK", "PROCESSING_HALTED"},
        }},
        .fails_if = "`success` is false, or there are `errors`; `ALL_OR_NONE_OPERATION_ROLLED_BACK` is "
                    "`collateral`",
        .source = "Salesforce REST API developer guide, sObject Collections, Upsert by External ID",
    },
    {
        .id = "couchdb-bulk-docs",
        .title = "CouchDB: _bulk_docs",
        .request = {.paths = {"_bulk_docs"}},
        .shape = {
            .array = true,
            .members = {
                {.name = "id", .types = MS_BATCH_STRING, .needed = true},
                {.name = "ok", .types = MS_BATCH_TYPE(MS_JSON_TRUE)},
                {.name = "rev", .types = MS_BATCH_STRING},
                {.name = "error", .types = MS_BATCH_STRING},
                {.name = "reason", .types = MS_BATCH_ANY},
            },
            .in_words = "a list, each element with `id`, and with `ok` and `rev` or with `error`",
        },
        .rows = {{
            .list = "",
            .tells = {"ok", "rev", "error"},
            .names = {"id"},
            .error = {"error"},
            .good = {"ok", "rev"},
            .conditions = {"error"},
            .reasons = {"reason"},
            .alone = "rev",
        }},
        .asked = {.list = "docs", .names = {"_id"}},
        .quiet = "new_edits",
        .fails_if = "it has an `error`; if it has a `rev` as well, only failures are listed (`new_edits` "
                    "is false), and the rest was stored",
        .source = "CouchDB documentation, /{db}/_bulk_docs",
    },
    {
        .id = "json-rpc-batch",
        .title = "JSON-RPC 2.0: batches",
        .request = {.paths = {"jsonrpc", "json-rpc", "rpc"}, .method = "POST"},
        .header = {.types = {"application/json-rpc", "application/jsonrequest"}},
        .shape = {
            .array = true,
            .always = true,
            .members = {{.name = "jsonrpc", .types = MS_BATCH_STRING, .text = "2.0", .needed = true}},
            .unique = true,
            .mark = "\"jsonrpc\"",
            .in_words = "a list, each element with `jsonrpc`, which is `2.0`, and a `result` or an `error`",
        },
        .rows = {{
            .list = "",
            .tells = {"result", "error"},
            .names = {"id"},
            .error = {"error"},
            .answer = "result",
            .conditions = {"error.code"},
            .reasons = {"error.message"},
        }},
        .fails_if = "it has an `error`",
        .source = "JSON-RPC 2.0 specification, sections 5 and 6",
    },
    {
        .id = "graphql-errors",
        .title = "GraphQL: errors beside data",
        .request = {.paths = {"graphql"}},
        .header = {.types = {"application/graphql-response+json"}},
        .shape = {
            .always = true,
            .members = {GRAPHQL_ANSWER},
            .in_words = "`errors`, each with a `message`, beside `data` or without it",
        },
        .rows = {GRAPHQL_ERRORS(MS_BATCH_ROWS)},
        .rest_in = "data",
        .noted = true,
        .fails_if = "there is one: each error is a row. Where `data` holds more than nulls, "
                    "the rest of it was answered. The finding is a note",
        .source = "GraphQL specification, October 2021, section 7.1; GraphQL over HTTP",
    },
    {
        .id = "graphql-errors",
        .title = "GraphQL: several operations in one request",
        .request = {.paths = {"graphql"}},
        .header = {.types = {"application/graphql-response+json"}},
        .shape = {
            .array = true,
            .any = true,
            .always = true,
            .members = {GRAPHQL_ANSWER},
            .in_words = "a list whose elements have `data`, `errors` and `extensions` only, one of them "
                        "with `errors`, each with a `message`",
        },
        .rows = {GRAPHQL_ERRORS(MS_BATCH_ANSWERS)},
        .rest_in = "data",
        .noted = true,
        .fails_if = "there is one: each error is a row, and so is each answer without any (`[1]`), which is "
                    "ok. The finding is a note",
        .source = "Apollo Server documentation, Batching",
    },
    {
        .id = "otlp-export",
        .title = "OpenTelemetry: export in JSON",
        .request = {.paths = {"v1/traces", "v1/metrics", "v1/logs", "v1development/profiles"},
                    .method = "POST"},
        .shape = {
            .members = {{.name = "partialSuccess", .types = MS_BATCH_OBJECT}},
            .empty = true,
            .in_words = "nothing but `partialSuccess`, or nothing at all (`{}`)",
        },
        .rows = {{
            .list = "partialSuccess",
            .layout = MS_BATCH_COUNTS,
            .tells = {"rejectedSpans", "rejectedLogRecords", "rejectedDataPoints", "rejectedProfiles"},
            .reasons = {"errorMessage"},
        }},
        .rest_done = true,
        .may_lack_rows = true,
        .fails_if = "`partialSuccess` counts any that were rejected: one row stands for all of them",
        .source = "OTLP specification 1.x, Partial Success",
    },
    {
        .id = "kinesis-put-records",
        .title = "Amazon Kinesis: PutRecords",
        .request = {.targets = {"Kinesis_20131202.PutRecords"}},
        .header = {.types = {AMZ_JSON, MS_BATCH_CBOR}},
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
        .asked = {.list = "Entries", .names = {"Id"}},
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
        .asked = {.list = "RequestItems", .layout = MS_BATCH_TABLES},
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
        .asked = {.list = "RequestItems", .layout = MS_BATCH_TABLES},
        .rest_done = true,
        .fails_if = "it is in `UnprocessedKeys`; what is not listed was looked up, whether or not it exists",
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
    {
        .id = "s3-delete-objects",
        .title = "Amazon S3 and what speaks like it: DeleteObjects",
        .form = MS_BATCH_XML,
        .xml = &s3_delete,
        .request = {.queries = {"delete"}},
        .asked_xml = &s3_objects,
        .header = {.types = {"application/xml", "text/xml"}},
        .shape = {
            .unique = true,
            .mark = "DeleteResult",
            .in_words = "the root `DeleteResult`",
        },
        .fails_if = "it is an `Error`; without any `Deleted`, what is not listed was deleted (`Quiet`)",
        .source = "Amazon S3 API reference, DeleteObjects",
    },
    {
        .id = "s3-error",
        .title = "Amazon S3: an error under 200 (CopyObject, UploadPartCopy, CompleteMultipartUpload)",
        .form = MS_BATCH_XML,
        .xml = &s3_error,
        .request = {.queries = {"uploadId"}},
        .header = {.types = {"application/xml", "text/xml"}},
        .shape = {
            .unique = true,
            .mark = "<Error",
            .in_words = "the root `Error`, with `Code`, `Message` and `RequestId`",
        },
        .fails_if = "there is one: it is the whole answer",
        .source = "Amazon S3 API reference, CompleteMultipartUpload and CopyObject",
    },
    {
        .id = "caldav-schedule-response",
        .title = "CalDAV: the answers of a scheduling outbox",
        .form = MS_BATCH_XML,
        .xml = &schedule_response,
        .header = {.types = {"application/xml", "text/xml"}},
        .shape = {
            .unique = true,
            .mark = "schedule-response",
            .in_words = "the root `schedule-response` of CalDAV",
        },
        .fails_if = "`request-status` begins with 3, 4 or 5",
        .source = "RFC 6638 section 10, RFC 5546 section 3.6",
    },
    {
        .id = "fhir-batch",
        .title = "FHIR: batch, in XML",
        .form = MS_BATCH_XML,
        .xml = &fhir_bundle,
        .header = {.types = {"application/fhir+xml", "application/xml+fhir", "application/xml", "text/xml"}},
        .shape = {
            .unique = true,
            .mark = "batch-response",
            .in_words = "a `Bundle` of FHIR whose `type` is `batch-response`",
        },
        .fails_if = "`response.status` is 400 or more",
        .source = "FHIR, RESTful API, batch",
    },
    {
        .id = "fhir-batch",
        .title = "FHIR: batch, in JSON",
        .header = {.types = {"application/fhir+json", "application/json+fhir"}},
        .shape = {
            .members = {
                {.name = "resourceType", .types = MS_BATCH_STRING, .text = "Bundle", .needed = true},
                {.name = "type", .types = MS_BATCH_STRING, .text = "batch-response", .needed = true},
                {.name = "entry", .types = MS_BATCH_LIST},
            },
            .unique = true,
            .mark = "\"batch-response\"",
            .in_words = "`resourceType` is `Bundle`, `type` is `batch-response`",
        },
        .rows = {{
            .list = "entry",
            .tells = {"response", "resource", "fullUrl"},
            .status = {"response.status"},
            .conditions = {"response.outcome.issue.code"},
            .reasons = {"response.outcome.issue.diagnostics", "response.outcome.issue.details.text"},
            .location = "response.location",
        }},
        .fails_if = "`response.status` is 400 or more",
        .source = "FHIR, RESTful API, batch",
    },
    {
        .id = "http-batch",
        .title = "HTTP responses in several parts: OData and SharePoint, Google, Azure Storage",
        .form = MS_BATCH_PARTS,
        .request = {.paths = {"$batch", "%24batch", "batch"}, .queries = {"comp=batch"}},
        .header = {.types = {"multipart/mixed"}},
        .shape = {
            .mark = "application/http",
            .in_words = "parts that are `application/http`",
        },
        .fails_if = "the status of the part is 400 or more",
        .source = "OData 4.01 part 1 section 11.7, Azure Storage, Blob Batch",
    },
};
/* clang-format on */

const size_t ms_batch_count = G_N_ELEMENTS(ms_batches);
