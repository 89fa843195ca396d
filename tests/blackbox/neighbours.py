"""Answers that are no batches: neighbours of each kind of batch, and what else JSON and parts are used for.

    for answer in neighbours.everything():
        answer.request, answer.response   # as traffic.Exchange wants them

Beside those written here, tests/corpus/fixtures.ndjson has some that npm packages bring
(tests/corpus/README.md). Nothing here has rows with a fate of their own under 200, 201 or 202.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
from dataclasses import dataclass, field

import traffic
from conftest import REPOSITORY

FIXTURES = REPOSITORY / "tests" / "corpus" / "fixtures.ndjson"
JSON = "application/json"
XML = "application/xml"
S3 = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
CALDAV = "urn:ietf:params:xml:ns:caldav"
SCIM = "urn:ietf:params:scim:api:messages:2.0:"


@dataclass(frozen=True)
class Answer:
    path: str
    body: str
    type: str = JSON
    status: int = 200
    method: str = "GET"
    asked: str = ""
    headers: dict = field(default_factory=dict)  # of the request

    @property
    def request(self):
        return traffic.request(self.method, self.path,
                               {**({"Content-Type": JSON} if self.asked else {}), **self.headers},
                               self.asked)

    @property
    def response(self):
        return traffic.response(self.status, self.body, {"Content-Type": self.type})


def text_of(value):
    return value if isinstance(value, str) else json.dumps(value)


def get(path, body, **more):
    return Answer(path, text_of(body), **more)


def post(path, asked, body, **more):
    return Answer(path, text_of(body), method="POST", asked=text_of(asked), **more)


def bundle(kind, *entries, **more):
    return get("/fhir/Patient", {"resourceType": "Bundle", "type": kind, "entry": list(entries)},
               type="application/fhir+json", **more)


def aws(target, answer, status=200, version="1.1"):
    kind = f"application/x-amz-json-{version}"
    return Answer("/", text_of(answer), kind, status, "POST", "{}",
                  {"X-Amz-Target": target, "Content-Type": kind})


def xml(root, path="/harbour", method="GET", status=200, kind=XML):
    return Answer(path, f'<?xml version="1.0" encoding="UTF-8"?>\n{root}', kind, status, method)


def parts(kind, *contents, path="/parts", status=200):
    """A body in several parts: (header lines, content)."""
    text = "".join(f"--part\r\n{header}\r\n\r\n{content}\r\n" for header, content in contents)
    return Answer(path, f"{text}--part--\r\n", f"multipart/{kind}; boundary=part", status)


BULK = '{"index":{"_id":"1"}}\n{"a":1}\n'
SHARDS = {"total": 1, "successful": 1, "failed": 0}
ELASTICSEARCH = (
    get("/logs/_search", {"took": 3, "timed_out": False, "_shards": SHARDS, "hits": {
        "total": {"value": 1, "relation": "eq"}, "max_score": 1.0,
        "hits": [{"_index": "logs", "_id": "1", "_score": 1.0, "_source": {"status": 500}}]}}),
    get("/logs/_search", {"took": 3, "timed_out": True, "_shards": {
        "total": 2, "successful": 1, "failed": 1, "failures": [{"shard": 0, "reason": {
            "type": "query_shard_exception", "reason": "no"}}]}, "hits": {"hits": []}}),
    get("/logs/_search", {"took": 1, "aggregations": {"by": {"buckets": [
        {"key": 200, "doc_count": 7}, {"key": 500, "doc_count": 1}]}}}),
    get("/logs/_count", {"count": 12, "_shards": SHARDS}),
    get("/_cluster/health", {"cluster_name": "log", "status": "yellow", "timed_out": False}),
    get("/_cat/indices?format=json", [{"health": "green", "status": "open", "index": "logs"}]),
    get("/_nodes/stats", {"_nodes": SHARDS, "cluster_name": "log", "nodes": {"a": {"http": {}}}}),
    get("/logs/_doc/1", {"_index": "logs", "_id": "1", "found": True, "_source": {"error": "x"}}),
    get("/logs/_doc/2", {"_index": "logs", "_id": "2", "found": False}, status=404),
    get("/logs/_doc/3", {"_index": "logs", "_id": "3", "result": "created", "_shards": SHARDS},
        status=201, method="PUT"),
    post("/logs/_update/3", {"doc": {}}, {"_index": "logs", "_id": "3", "result": "noop"}),
    post("/logs/_delete_by_query", {}, {"took": 2, "deleted": 1, "batches": 1, "failures": []}),
    post("/_reindex", {}, {"took": 2, "created": 1, "batches": 1, "retries": {"bulk": 0},
                           "failures": []}),
    post("/logs/_bulk", BULK, {"error": {"type": "parse_exception", "reason": "x"}, "status": 400},
         status=400),
    post("/logs/_bulk", BULK, "<html><body>Request Entity Too Large</body></html>",
         type="text/html", status=413),
    post("/logs/_bulk", BULK, "upstream connect error", type="text/plain", status=503),
    get("/logs/_bulk", {"bulk": {"pending": 0, "items": 12}}),
    get("/_tasks", {"nodes": {"a": {"tasks": {"a:1": {"action": "indices:data/write/bulk"}}}}}),
    get("/_aliases", {"logs": {"aliases": {}}}),
    post("/logs/_refresh", {}, {"_shards": SHARDS}),
    post("/_analyze", {}, {"tokens": [{"token": "index", "start_offset": 0, "position": 0}]}),
    get("/logs/_mapping", {"logs": {"mappings": {"properties": {"errors": {"type": "boolean"},
                                                                "items": {"type": "nested"}}}}}),
    get("/_template/logs", {"logs": {"order": 0, "index_patterns": ["logs-*"], "settings": {}}}),
    get("/", {"name": "a", "cluster_name": "log", "version": {"number": "8.1.0"},
              "tagline": "You Know, for Search"}),
)

AWS = (
    aws("DynamoDB_20120810.GetItem", {"Item": {"id": {"S": "a"}, "ErrorCode": {"S": "x"}}}, version="1.0"),
    aws("DynamoDB_20120810.GetItem", {}, version="1.0"),
    aws("DynamoDB_20120810.Query", {"Count": 1, "Items": [{"id": {"S": "a"}}], "ScannedCount": 1}, version="1.0"),
    aws("DynamoDB_20120810.Scan", {"Count": 1, "Items": [{"status": {"N": "500"}}],
                                   "LastEvaluatedKey": {"id": {"S": "a"}}}, version="1.0"),
    aws("DynamoDB_20120810.PutItem", {}, version="1.0"),
    aws("DynamoDB_20120810.UpdateItem", {"Attributes": {"failed": {"BOOL": True}}}, version="1.0"),
    aws("DynamoDB_20120810.ListTables", {"TableNames": ["UnprocessedItems", "boats"]}, version="1.0"),
    aws("DynamoDB_20120810.DescribeTable", {"Table": {"TableName": "boats", "TableStatus": "ACTIVE",
                                                      "ItemCount": 3}}, version="1.0"),
    aws("DynamoDB_20120810.BatchWriteItem", {
        "__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
        "message": "slow down"}, 400, version="1.0"),
    aws("Kinesis_20131202.PutRecord", {"SequenceNumber": "49", "ShardId": "shardId-000000000000"}),
    aws("Kinesis_20131202.PutRecords", {"__type": "ResourceNotFoundException", "message": "no"}, 400),
    aws("Kinesis_20131202.GetRecords", {"MillisBehindLatest": 0, "NextShardIterator": "AAA",
                                        "Records": [{"Data": "YQ==", "PartitionKey": "a",
                                                     "SequenceNumber": "1"}]}),
    aws("Kinesis_20131202.ListShards", {"Shards": [{"ShardId": "shardId-000000000000"}]}),
    aws("Kinesis_20131202.ListStreams", {"HasMoreStreams": False, "StreamNames": ["log"]}),
    aws("Firehose_20150804.PutRecord", {"RecordId": "a", "Encrypted": False}),
    aws("Firehose_20150804.ListDeliveryStreams", {"DeliveryStreamNames": ["log"]}),
    aws("AmazonSQS.SendMessage", {"MessageId": "5fea7756", "MD5OfMessageBody": "fafb00f5"}, version="1.0"),
    aws("AmazonSQS.ReceiveMessage", {"Messages": [{"MessageId": "5fea7756", "Body":
                                                   "{\"Failed\":[{\"Id\":\"1\",\"Code\":\"x\"}]}"}]}, version="1.0"),
    aws("AmazonSQS.ListQueues", {"QueueUrls": ["http://127.0.0.1/1/Failed"]}, version="1.0"),
    aws("AmazonSQS.GetQueueAttributes", {"Attributes": {"ApproximateNumberOfMessages": "3"}}, version="1.0"),
    aws("AWSEvents.ListRules", {"Rules": [{"Name": "Failed", "State": "DISABLED"}]}),
    aws("AWSEvents.PutRule", {"RuleArn": "arn:aws:events:us-east-1:1:rule/x"}),
    aws("Logs_20140328.GetLogEvents", {"events": [{"message": "ErrorCode 5", "timestamp": 1}]}),
    aws("secretsmanager.GetSecretValue", {"Name": "x", "SecretString": "{}"}),
    aws("AmazonSSM.GetParameter", {"Parameter": {"Name": "x", "Value": "y"}}),
    aws("TrentService.Encrypt", {"CiphertextBlob": "AQ==", "KeyId": "x"}),
    aws("AWSStepFunctions.DescribeExecution", {"status": "FAILED", "error": "States.Timeout"}, version="1.0"),
    get("/records", {"Records": [{"id": 1, "name": "Kind of Blue"}, {"id": 2, "name": "Blue Train"}]}),
    get("/contest/entries", {"Entries": [{"Id": "1", "Title": "one"}, {"Id": "2", "Title": "two"}]}),
    get("/builds", {"Successful": 12, "Failed": 3}),
)

S3_ERROR = "<Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>"
IN_XML = (
    xml(f"<ListBucketResult {S3}><Name>harbour</Name><Contents><Key>Error</Key><Size>4</Size></Contents>"
        "</ListBucketResult>"),
    xml(f"<ListAllMyBucketsResult {S3}><Buckets><Bucket><Name>a</Name></Bucket></Buckets>"
        "</ListAllMyBucketsResult>", "/"),
    xml(f"<CopyObjectResult {S3}><ETag>\"a\"</ETag></CopyObjectResult>", "/harbour/a", "PUT"),
    xml(f"<CompleteMultipartUploadResult {S3}><Key>a</Key></CompleteMultipartUploadResult>",
        "/harbour/a?uploadId=1", "POST"),
    xml(f"<InitiateMultipartUploadResult {S3}><UploadId>1</UploadId></InitiateMultipartUploadResult>",
        "/harbour/a?uploads", "POST"),
    xml(f"<ListVersionsResult {S3}><DeleteMarker><Key>a</Key></DeleteMarker></ListVersionsResult>",
        "/harbour?versions"),
    xml(f"<LocationConstraint {S3}>eu-west-1</LocationConstraint>", "/harbour?location"),
    xml(f"<Tagging {S3}><TagSet><Tag><Key>Error</Key><Value>x</Value></Tag></TagSet></Tagging>"),
    xml(f"<Error>{S3_ERROR}</Error>", "/harbour/none", status=404),
    xml("<Error><Code>AccessDenied</Code><Message>no</Message></Error>", "/harbour?delete", "POST", 403),
    xml("<EnumerationResults><Blobs><Blob><Name>a</Name></Blob></Blobs></EnumerationResults>"),
    xml('<rss version="2.0"><channel><title>Error</title><item><title>x</title></item></channel></rss>',
        "/feed", kind="application/rss+xml"),
    xml('<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>a</title></entry></feed>', "/feed",
        kind="application/atom+xml"),
    xml('<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><ok/>'
        '</soap:Body></soap:Envelope>', "/soap", "POST", kind="text/xml"),
    xml("<errors/>", "/check"),
    xml("<DeleteResults><n>3</n></DeleteResults>", "/purge", "POST"),
    xml('<schedule-response xmlns="urn:example:train"><response><status>late</status></response>'
        '</schedule-response>', "/timetable"),
    xml(f'<C:calendar-home-set xmlns:C="{CALDAV}"/>', "/home"),
    xml('<response xmlns="urn:example"><request-status>5.1;x</request-status></response>', "/one"),
    xml('<Patient xmlns="http://hl7.org/fhir"><id value="1"/></Patient>', "/fhir/Patient/1",
        kind="application/fhir+xml"),
    xml('<Bundle xmlns="http://hl7.org/fhir"><type value="searchset"/><entry/></Bundle>',
        "/fhir/Patient", kind="application/fhir+xml"),
    xml('<Bundle xmlns="urn:example:shop"><type value="batch-response"/></Bundle>', "/bundle"),
    xml('<svg xmlns="http://www.w3.org/2000/svg"/>', "/x.svg", kind="image/svg+xml"),
)

GRAPHQL = (
    post("/graphql", {"query": "{ boat(id: 1) { name } }"}, {"data": {"boat": {"name": "Ada"}}}),
    post("/graphql", {"query": "{ boat(id: 9) { name } }"}, {"data": {"boat": None}}),
    post("/graphql", {"query": "{ errors { message } }"}, {"data": {"errors": [{"message": "x"}]}}),
    post("/graphql", [{"query": "{ a }"}, {"query": "{ b }"}], [{"data": {"a": 1}}, {"data": {"b": 2}}]),
    post("/graphql", {"query": "{ __schema { types { name } } }"},
         {"data": {"__schema": {"types": [{"name": "Error"}, {"name": "Boat"}]}}}),
    post("/graphql", {"query": "{ a }"}, {"data": {"a": 1}, "extensions": {"cost": {"actual": 1}}}),
    post("/graphql", {"query": "{ a"}, {"errors": [{"message": "Syntax Error"}]}, status=400),
    get("/graphql", "<html><title>GraphiQL</title></html>", type="text/html"),
    get("/status/graphql", {"status": "ok", "schema": "v3"}),
)

NO_BATCH_OF_PARTS = (
    get("/odata/Boats", {"@odata.context": "$metadata#Boats", "value": [{"ID": 1}, {"ID": 2}]}),
    get("/odata/Boats", {"@odata.context": "$metadata#Boats", "value": [
        {"ID": 1, "status": 404, "note": "the berth's number"}, {"ID": 2, "status": 7}]}),
    get("/odata/", {"value": [{"name": "Boats", "kind": "EntitySet", "url": "Boats"}]}),
    get("/odata/Boats(7)", {"error": {"code": "404", "message": "Not Found"}}, status=404),
    get("/odata/Boats?$deltatoken=1", {"@odata.deltaLink": "x", "value": [
        {"@removed": {"reason": "deleted"}, "ID": 1}]}),
    post("/odata/$batch", {"requests": []}, {"error": {"code": "401", "message": "no"}}, status=401),
    get("/v1/forms/1/responses", {"responses": [
        {"responseId": "a", "createTime": "2026-01-01T00:00:00Z", "answers": {}},
        {"responseId": "b", "lastSubmittedTime": "2026-01-02T00:00:00Z", "answers": {}}]}),
    get("/surveys/7/responses", {"responses": [{"id": "a", "status": "complete"},
                                               {"id": "b", "status": "partial"}]}),
    get("/surveys/8/responses", {"responses": [{"id": 1, "status": 2}, {"id": 2, "status": 0}]}),
    get("/surveys/9/responses", {"responses": [{"id": 1, "text": "yes"}], "total": 1}),
    post("/v1/images:annotate", {"requests": [{}]}, {"responses": [{"labelAnnotations": [
        {"description": "boat", "score": 0.9}]}]}),
    get("/openapi/op", {"responses": {"200": {"description": "ok"}, "404": {"description": "none"}}}),
    get("/calendar", {"responses": [{"email": "ada@example.org", "status": "declined"}]}),
    parts("form-data", ('Content-Disposition: form-data; name="status"', "500"),
          ('Content-Disposition: form-data; name="file"; filename="a.json"\r\nContent-Type: ' + JSON,
           '{"errors":true}')),
    parts("byteranges", ("Content-Type: text/plain\r\nContent-Range: bytes 0-2/9", "abc"),
          ("Content-Type: text/plain\r\nContent-Range: bytes 5-6/9", "fg"), status=206),
    parts("byteranges", ("Content-Type: text/plain\r\nContent-Range: bytes 0-2/9", "abc")),
    parts("mixed", ("Content-Type: text/plain", "a letter"), ("Content-Type: image/png", "PNG")),
    parts("mixed", ("Content-Type: " + JSON, '{"a":1}'), ("Content-Type: " + JSON, '{"b":[2]}')),
    parts("mixed", ("Content-Type: message/rfc822", "From: ada@example.org\r\nSubject: HTTP/1.1 500 x\r\n\r\nhello")),
    parts("mixed", ("Content-Type: text/plain", "HTTP/1.1 500 is what the page said")),
    parts("related", ("Content-Type: application/xop+xml\r\nContent-ID: <a>", "<soap/>"),
          ("Content-Type: application/octet-stream\r\nContent-ID: <b>", "data")),
    parts("related", ("Content-Type: application/dicom", "DICM"), ("Content-Type: application/dicom", "DICM")),
    parts("alternative", ("Content-Type: text/plain", "hello"), ("Content-Type: text/html", "<p>hello")),
    parts("x-mixed-replace", ("Content-Type: image/jpeg", "JFIF"), ("Content-Type: image/jpeg", "JFIF")),
    parts("signed", ("Content-Type: text/plain", "signed"), ("Content-Type: application/pkcs7-signature", "x")),
    parts("digest", ("Content-Type: message/rfc822", "Subject: a\r\n\r\n1"), ("", "Subject: b\r\n\r\n2")),
    Answer("/parts", "no boundary anywhere", "multipart/mixed; boundary=part"),
    Answer("/parts", "", "multipart/mixed; boundary=part"),
)

FHIR = (
    bundle("searchset", {"fullUrl": "/fhir/Patient/1", "resource": {"resourceType": "Patient", "id": "1"},
                         "search": {"mode": "match"}}),
    bundle("searchset", {"resource": {"resourceType": "OperationOutcome", "issue": [
        {"severity": "warning", "code": "not-found"}]}, "search": {"mode": "outcome"}}),
    bundle("collection", {"resource": {"resourceType": "Observation", "status": "final"}}),
    bundle("document", {"resource": {"resourceType": "Composition", "status": "final"}}),
    bundle("message", {"resource": {"resourceType": "MessageHeader"}}),
    bundle("batch", {"request": {"method": "POST", "url": "Patient"}}),
    bundle("transaction", {"request": {"method": "DELETE", "url": "Patient/1"}}),
    get("/fhir/Patient/1", {"resourceType": "Patient", "id": "1", "active": True}, type="application/fhir+json"),
    get("/fhir/metadata", {"resourceType": "CapabilityStatement", "status": "active", "rest": []},
        type="application/fhir+json"),
    post("/fhir/Patient/$validate", {}, {"resourceType": "OperationOutcome", "issue": [
        {"severity": "error", "code": "invalid"}]}, type="application/fhir+json"),
    get("/fhir/ValueSet/1", {"resourceType": "ValueSet", "expansion": {"contains": [{"code": "x"}]}}),
    get("/shop/Bundle", {"type": "batch-response", "entry": [{"name": "tea"}]}),
)

BIGQUERY, KIND = "/bigquery/v2/projects/p", "bigquery#"
STORES = (
    get(BIGQUERY + "/datasets", {"kind": KIND + "datasetList", "datasets": [{"id": "p:a"}]}),
    get(BIGQUERY + "/queries/1", {"kind": KIND + "getQueryResultsResponse", "rows": [{"f": [{"v": "1"}]}],
                                  "jobComplete": True, "errors": []}),
    get(BIGQUERY + "/jobs/1", {"kind": KIND + "job", "status": {"state": "DONE", "errorResult": {
        "reason": "invalid", "message": "x"}}}),
    get(BIGQUERY + "/datasets/a/tables/b/data", {"kind": KIND + "tableDataList", "totalRows": "1", "rows": []}),
    post(BIGQUERY + "/datasets/a/tables/b/insertAll", {"rows": []},
         {"error": {"code": 400, "message": "No rows present in the request.", "status": "INVALID_ARGUMENT"}},
         status=400),
    post("/cart/insertAll", {"articles": [1, 2]}, {"cart": 7, "articles": 2}),
    get("/scim/v2/Users", {"schemas": [SCIM + "ListResponse"], "totalResults": 1, "Resources": [
        {"userName": "ada"}]}, type="application/scim+json"),
    get("/scim/v2/Users/9", {"schemas": [SCIM + "Error"], "status": "404", "detail": "no"},
        type="application/scim+json", status=404),
    get("/scim/v2/Users/1", {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ada",
                             "active": False}, type="application/scim+json"),
    get("/scim/v2/ServiceProviderConfig", {"bulk": {"supported": True, "maxOperations": 9}},
        type="application/scim+json"),
    get("/hospital", {"Operations": [{"status": "planned", "room": 3}, {"status": "done", "room": 4}]}),
    get("/services/data/v60.0/query?q=x", {"totalSize": 1, "done": True, "records": [
        {"attributes": {"type": "Account"}, "Id": "001"}]}),
    post("/services/data/v60.0/sobjects/Account", {"Name": "x"},
         {"id": "001", "success": True, "errors": []}, status=201),
    get("/services/data/v60.0/limits", {"DailyApiRequests": {"Max": 15000, "Remaining": 14998}}),
    get("/services/data/v60.0/sobjects/Account/describe", {"name": "Account", "fields": [{"name": "Id"}]}),
    get("/paint/composite", {"layers": [{"id": 1, "blend": "multiply"}], "success": True}),
    get("/harbour/_all_docs", {"total_rows": 1, "offset": 0, "rows": [
        {"id": "a", "key": "a", "value": {"rev": "1-x"}}]}),
    get("/harbour/_changes", {"results": [{"seq": "1-x", "id": "a", "changes": [{"rev": "1-x"}],
                                           "deleted": True}], "last_seq": "1-x", "pending": 0}),
    get("/harbour/a", {"ok": True, "id": "a", "rev": "1-x"}, method="PUT", status=201),
    post("/harbour/_find", {"selector": {}}, {"docs": [{"_id": "a", "error": "typed by hand"}],
                                              "bookmark": "nil"}),
    get("/harbour/_design/d/_view/v", {"rows": [{"key": None, "value": 7}]}),
    get("/_session", {"ok": True, "userCtx": {"name": None, "roles": []}}),
    get("/harbour", {"db_name": "harbour", "doc_count": 2, "doc_del_count": 1}),
    get("/_all_dbs", ["_users", "harbour"]),
    post("/harbour/_bulk_docs", {"docs": 7}, {"error": "bad_request", "reason": "x"}, status=400),
    get("/v1/traces", {"resourceSpans": []}),
    get("/v1/logs", {"logs": [{"level": "error", "message": "x"}]}),
    get("/bank/transfer", {"partialSuccess": True, "transferred": 12}),
    get("/solr/select", {"responseHeader": {"status": 0, "QTime": 1}, "response": {"numFound": 1, "docs": [{}]}}),
    post("/1/indexes/*/queries", {"requests": [{}]}, {"results": [{"hits": [], "nbHits": 0, "page": 0}]}),
    post("/jmap/", {"methodCalls": []}, {"methodResponses": [["Mailbox/get", {"list": []}, "0"]],
                                         "sessionState": "1"}),
)

RPC = (
    post("/rpc", {"jsonrpc": "2.0", "id": 1, "method": "a"}, {"jsonrpc": "2.0", "id": 1, "result": 3}),
    post("/rpc", {"jsonrpc": "2.0", "id": 1, "method": "a"},
         {"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "Method not found"}}),
    post("/rpc", {"method": "a", "id": 1}, {"result": None, "error": "x", "id": 1}),
    post("/rpc", [], []),
    post("/rpc", [{"id": 1}], [{"id": 1, "result": 3}, {"id": 2, "result": 4}]),
    get("/rpc/documentation", [{"method": "add", "protocol": "jsonrpc 2.0"}]),
)

# JSON that says status, error, items, results or success of something else.
WORDS = (
    {"status": "ok"}, {"status": "error", "message": "x"}, {"status": 500}, {"status": 200, "data": []},
    {"code": 0, "msg": "success", "data": {"items": [{"id": 1, "status": 3}]}},
    {"success": False, "error": "no such page"}, {"success": True, "results": []}, {"ok": False, "error": "not_authed"},
    {"errors": []}, {"errors": [], "warnings": []}, {"errors": False}, {"errors": None, "data": [], "total": 0},
    {"errors": 3, "items": 12}, {"errors": False, "items": [{"sku": "a", "number": 1}]},
    {"errors": True, "items": [{"name": "box", "hint": "too small"}]}, {"errors": {"name": ["is too short"]}},
    {"errors": True, "fields": {"name": "is missing"}}, {"items": []}, {"items": [{"id": 1, "status": "active"}]},
    {"items": [{"id": 1, "status": "failed"}, {"id": 2, "status": "running"}], "total": 2},
    {"items": [{"index": {"page": 3}}, {"index": {"page": 4}}]},
    {"items": [{"create": {"label": "New"}}, {"delete": {"label": "Remove"}}], "errors": "none"},
    {"results": [{"id": 1, "status": 200}, {"id": 2, "status": 404}], "watched": "two sites"},
    {"results": [{"name": "a", "error": None}]}, {"results": [], "next": None, "previous": None, "count": 0},
    {"failed": 2, "succeeded": 5}, {"failures": [], "tests": 12}, {"failed": [], "passed": ["a", "b"]},
    {"rows": [{"id": 1, "error": 0.003}, {"id": 2, "error": 0.005}]},
    {"entries": [{"response": {"status": 404}}]}, {"log": {"version": "1.2", "entries": [
        {"request": {"method": "GET"}, "response": {"status": 500}}]}},
    {"kind": "PodList", "items": [{"metadata": {"name": "a"}, "status": {"phase": "Failed"}}]},
    {"kind": "Status", "status": "Success", "code": 200},
    {"kind": "EventList", "items": [{"reason": "BackOff", "type": "Warning", "message": "x"}]},
    {"status": "success", "data": {"resultType": "vector", "result": [{"metric": {"status": "500"}, "value": [1, "3"]}]}},
    {"data": [{"traceID": "a", "spans": [{"tags": [{"key": "error", "value": True}]}]}], "errors": None, "limit": 0},
    {"data": {"type": "boats", "id": "1", "attributes": {"status": "500"}}},
    {"data": [{"type": "boats", "id": "1"}], "included": [], "meta": {"errors": 0}},
    {"data": None, "errors": [{"status": "404", "title": "Not found", "detail": "x"}]},
    {"type": "about:blank", "title": "Out of stock", "status": 422, "detail": "x"},
    {"type": "about:blank", "title": "x", "status": 400, "errors": [{"pointer": "#/a", "detail": "y"}]},
    {"object": "list", "data": [{"id": "ch_1", "status": "failed", "failure_code": "card_declined"}], "has_more": False},
    {"jobs": [{"id": 1, "status": "failed", "exit_code": 1}, {"id": 2, "status": "success"}]},
    {"pipelines": [{"id": 1, "status": "failed"}]}, {"checks": [{"name": "disk", "status": "critical"}]},
    {"statuses": [{"id": 1, "text": "hello", "error": None}]}, {"state": "failure", "statuses": [
        {"state": "failure", "context": "ci"}], "total_count": 1},
    {"components": {"db": {"status": "UP"}, "queue": {"status": "DOWN"}}, "status": "DOWN"},
    {"_embedded": {"boats": [{"status": "lost", "_links": {"self": {"href": "/boats/1"}}}]}},
    {"collection": {"version": "1.0", "items": [{"href": "/1", "data": []}], "error": {"code": 404}}},
    {"@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollection", "orderedItems": []},
    {"subject": "acct:ada@example.org", "links": []}, {"keys": [{"kty": "RSA", "kid": "1"}]},
    {"issuer": "https://id.example", "response_types_supported": ["code"]},
    {"access_token": "x", "token_type": "Bearer", "expires_in": 3600}, {"error": "invalid_grant"},
    {"version": 3, "sources": ["a.js"], "names": ["errors", "items"], "mappings": "AAAA"},
    {"name": "App", "icons": [], "display": "standalone"}, {"next_batch": "s1", "rooms": {"join": {}}},
    {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "HTTP 500"}]},
    {"orders": [{"id": 1, "status": 200, "euro": 200}]}, {"measurements": [{"id": 1, "status": 500}]},
    {"code": "Ok", "routes": [{"distance": 3.1}]}, {"cod": "200", "list": [{"main": {"temp": 280}}]},
    {"tests": [{"name": "a", "success": False}, {"name": "b", "success": True}]},
    {"accounts": [{"id": 1, "success_rate": 0.5, "errors": 12}]}, {"hits": 3, "misses": 1, "failed": False},
    [], {}, [{"id": 1, "status": "open"}, {"id": 2, "status": "closed"}], [{"status": 200}, {"status": 404}], [1, 2, 3],
    [{"id": 1, "success": True}, {"id": 2, "success": False}], [{"error": 0.1}, {"error": 0.2}], ["error", "success"],
    [{"code": 200, "text": "OK"}, {"code": 404, "text": "Not Found"}], [{"url": "/a", "status": 404, "seen": "today"}],
    "status", 17, None, True,
)

OTHER_TYPES = (
    get("/events", '{"stream":"step 1"}\n{"error":"exit 1"}\n', type="application/x-ndjson"),
    get("/events", [{"specversion": "1.0", "id": "1", "type": "failed"}], type="application/cloudevents-batch+json"),
    get("/hal", {"_links": {}, "status": 404}, type="application/hal+json"),
    get("/siren", {"class": ["order"], "properties": {"status": "failed"}}, type="application/vnd.siren+json"),
    get("/json-api", {"errors": [{"status": "422", "title": "x"}]}, type="application/vnd.api+json", status=422),
    get("/problem", {"title": "x", "status": 503}, type="application/problem+json", status=503),
    get("/problem", {"title": "x", "status": 422}, type="application/problem+json"),
    get("/ld", {"@id": "a", "@graph": []}, type="application/ld+json"),
    get("/patch", [{"op": "remove", "path": "/errors"}], type="application/json-patch+json"),
    get("/schema", {"properties": {"errors": {"type": "boolean"}, "items": {"type": "array"}}},
        type="application/schema+json"),
    get("/text", '{"errors":true', type="text/plain"), get("/page", "<html>{\"errors\":true}</html>", type="text/html"),
    get("/script", 'f({"errors":false,"items":[]})', type="application/javascript"),
    get("/cut", '{"took":3,"hits":{"hits":[{"_id":"1"'), get("/broken", '{"status":200,,}'), get("/not", "OK"),
    get("/utf-16", '{"items":[]}', type="application/json; charset=utf-16"), get("/blank", " \r\n\t "),
    get("/created", {"id": 1, "status": "created"}, status=201, method="PUT"),
    get("/accepted", {"job": 7, "status": "queued", "errors": []}, status=202, method="PUT"),
)


def written():
    yield from (*ELASTICSEARCH, *AWS, *IN_XML, *GRAPHQL, *NO_BATCH_OF_PARTS, *FHIR, *STORES, *RPC, *OTHER_TYPES)
    for number, value in enumerate(WORDS):
        yield Answer(f"/words/{number}", json.dumps(value))


def collected():
    for line in FIXTURES.read_text("utf-8").splitlines():
        one = json.loads(line)
        yield Answer(one["path"], one["body"], one["type"], one["status"], one["method"])


def everything():
    return [*written(), *collected()]
