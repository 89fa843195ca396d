"""Batches that are answered with 200: found in captures and HAR files however they are carried, and
nothing else is taken for one.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import base64
import gzip
import json

import pytest
import traffic
import wire
from conftest import COMMAND_PREFERENCES

JSON = "application/json"
AMZ = "application/x-amz-json-1.1"
RECORDS = {"FailedRecordCount": 1, "Records": [
    {"SequenceNumber": "1", "ShardId": "s"},
    {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow down"}]}


def bulk(n, failing):
    """An answer to _bulk, of which every so many rows failed."""
    rows = [{"index": {"_index": "logs", "_id": str(i), "status": 429, "error": {
        "type": "es_rejected_execution_exception", "reason": "full"}}} if i % failing == 0 else
        {"index": {"_index": "logs", "_id": str(i), "status": 201, "result": "created"}}
        for i in range(1, n + 1)]
    return {"took": 3, "errors": n >= failing, "items": rows}


class Case:
    """One exchange; `kind`, `verdict`, rows and failed rows are what is to be seen of it."""

    def __init__(self, path, body, expected=None, *, target=None, kind=JSON, how="plain", asked=b"{}\n",
                 product=None, all_too=None, status=200, sends=JSON):
        self.status = status
        self.path, self.kind, self.how = path, kind, how
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.asked = asked if isinstance(asked, bytes) else json.dumps(asked).encode()
        self.request_headers = {"Content-Type": sends} | ({"X-Amz-Target": target} if target else {})
        self.response_headers = {"Content-Type": kind} | (
            {"X-elastic-product": product} if product else {})
        self.expected = expected
        self.all_too = all_too or expected      # with --batches=all

    def request(self):
        return traffic.request("POST", self.path, self.request_headers, self.asked)

    def response(self):
        fields = {name.replace("-", "_"): value for name, value in self.response_headers.items()}
        if self.how == "chunked":
            return wire.head(self.status, Transfer_Encoding="chunked", **fields) + wire.chunked(self.body)
        body = self.body
        if self.how == "gzip":
            body = gzip.compress(body, mtime=0)
            fields["Content_Encoding"] = "gzip"
        sent = body[:-40] if self.how == "aborted" else body
        return wire.head(self.status, Content_Length=len(body), **fields) + sent

    def http2(self, talk):
        asked = {name.lower().encode(): value.encode()
                 for name, value in self.request_headers.items()}
        talk.client(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + wire.h2_frame(wire.H2_SETTINGS, 0, 0) +
                    wire.h2_frame(wire.H2_HEADERS, wire.H2_END_HEADERS, 1, wire.h2_fields({
                        b":method": b"POST", b":path": self.path.encode(), b":scheme": b"http",
                        b":authority": b"h"} | asked)) +
                    wire.h2_frame(wire.H2_DATA, wire.H2_END_STREAM, 1, self.asked))
        talk.server(wire.h2_frame(wire.H2_SETTINGS, 0, 0) + wire.h2_frame(
            wire.H2_HEADERS, wire.H2_END_HEADERS, 1, wire.h2_fields({
                b":status": str(self.status).encode(), b"content-type": self.kind.encode()})) +
            wire.h2_frame(wire.H2_DATA, wire.H2_END_STREAM, 1, self.body))

    def carry(self, port, keylog):
        """Its packets."""
        if self.how == "tls":
            talk = wire.TlsTalk(keylog, 443, port)
        else:
            talk = wire.Talk(80, port)
        if self.how == "http2":
            self.http2(talk)
        else:
            talk.client(self.request()).server(self.response(), 700)
        if self.how == "aborted":
            talk.end(wire.FIN)
        return talk.packets

    def entry(self):
        """Of a HAR file."""
        def headers(of):
            return [{"name": name, "value": value} for name, value in of.items()]
        return {"startedDateTime": "2026-11-24T18:00:00.000Z", "time": 1,
                "request": {"method": "POST", "url": f"http://h{self.path}", "httpVersion": "HTTP/1.1",
                            "headers": headers(self.request_headers),
                            "postData": {"mimeType": self.request_headers["Content-Type"],
                                         "text": self.asked.decode()}},
                "response": {"status": self.status, "statusText": "OK", "httpVersion": "HTTP/1.1",
                             "headers": headers(self.response_headers),
                             "content": {"mimeType": self.kind, "size": len(self.body),
                                         "text": base64.b64encode(self.body).decode(),
                                         "encoding": "base64"}}}


ES = "elasticsearch-bulk"
XML = "application/xml"
PARTS = b"".join(
    b"--b_1\r\nContent-Type: application/http\r\nContent-ID: %d\r\n\r\nHTTP/1.1 %s\r\n"
    b"Content-Type: application/json\r\n\r\n{}\r\n" % (number, status)
    for number, status in enumerate((b"200 OK", b"429 Too Many Requests"))) + b"--b_1--\r\n"
DELETED = b"""<?xml version="1.0" encoding="UTF-8"?>
<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Deleted><Key>a</Key></Deleted>
<Error><Key>b</Key><Code>SlowDown</Code><Message>again</Message></Error></DeleteResult>"""
SCHEDULED = b"""<?xml version="1.0"?>
<C:schedule-response xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><C:response>
<C:recipient><D:href>mailto:a@example.org</D:href></C:recipient>
<C:request-status>5.1;Could not complete delivery</C:request-status>
</C:response></C:schedule-response>"""
FHIR = b"""<Bundle xmlns="http://hl7.org/fhir"><type value="batch-response"/><entry><response>
<status value="201"/></response></entry><entry><response><status value="422"/></response></entry>
</Bundle>"""
# (path, media type, body, what is seen)
NO_JSON = (
    ("/bucket?delete", XML, DELETED, ("s3-delete-objects", "partial", 2, 1)),
    ("/outbox/", "text/xml", SCHEDULED, ("caldav-schedule-response", "failure", 1, 1)),
    ("/fhir", "application/fhir+xml", FHIR, ("fhir-batch", "partial", 2, 1)),
    ("/odata/$batch", "multipart/mixed; boundary=b_1", PARTS, ("http-batch", "partial", 2, 1)),
)
CASES = [
    Case("/logs/_bulk", bulk(4, 2), (ES, "partial", 4, 2)),
    Case("/_bulk?refresh=true", bulk(3, 9), (ES, "success", 3, 0), how="chunked"),
    Case("/_bulk", bulk(3, 1), (ES, "failure", 3, 3), how="gzip"),
    Case("/_bulk", bulk(3, 3), (ES, "partial", 3, 1), how="http2"),
    Case("/_bulk", bulk(3, 3), (ES, "partial", 3, 1), how="tls"),
    Case("/_bulk", bulk(400, 100), (ES, "partial", 400, 4), asked=b'{"index":{}}\n' * 20000),
    Case("/_bulk", bulk(400, 100), (ES, "partial", 400, 4), how="gzip"),
    Case("/proxied", bulk(2, 2), (ES, "partial", 2, 1), product="Elasticsearch"),
    Case("/proxied", bulk(2, 2), all_too=(ES, "partial", 2, 1)),
    Case("/_bulk", bulk(2, 2), (ES, "malformed", 2, 1), how="aborted"),
    Case("/_bulk", b'{"took":1,"errors":true,"items":[{]}', (ES, "malformed", 1, 0)),
    Case("/", RECORDS, ("kinesis-put-records", "partial", 2, 1),
         target="Kinesis_20131202.PutRecords", kind=AMZ),
    Case("/", RECORDS, ("kinesis-put-records", "partial", 2, 1),
         target="Kinesis_20131202.PutRecords", kind=AMZ, how="http2"),
    Case("/", RECORDS, target="Kinesis_20131202.GetRecords", kind=AMZ),
    Case("/", b"\xbf\x67Records\x80\xff", ("kinesis-put-records", "undecoded", 0, 0),
         target="Kinesis_20131202.PutRecords", kind="application/x-amz-cbor-1.1"),
    Case("/", b"\xbf\x67Records\x80\xff", target="Kinesis_20131202.GetRecords",
         kind="application/x-amz-cbor-1.1"),
    Case("/", {"UnprocessedItems": {}}, ("dynamodb-batch-write", "success", 0, 0),
         target="DynamoDB_20120810.BatchWriteItem", kind="application/x-amz-json-1.0"),
    Case("/", {"Item": {"id": {"S": "7"}}}, target="DynamoDB_20120810.GetItem",
         kind="application/x-amz-json-1.0"),
    Case("/scim/v2/Bulk", {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],
                           "Operations": [{"method": "POST", "bulkId": "a", "status": "201"},
                                          {"method": "POST", "bulkId": "b", "status": "409"}]},
         ("scim-bulk", "partial", 2, 1), kind="application/scim+json"),
    Case("/scim/v2/Users", {"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
                            "Resources": []}, kind="application/scim+json"),
    Case("/v1.0/$batch", {"responses": [{"id": "1", "status": 200, "body": {}},
                                        {"id": "2", "status": 429, "body": {"error": {
                                            "code": "TooManyRequests", "message": "slow down"}}}]},
         ("odata-batch", "partial", 2, 1)),
    Case("/graph", {"responses": [{"id": "1", "status": 404}]},
         all_too=("odata-batch", "failure", 1, 1)),
    Case("/bigquery/v2/projects/p/datasets/d/tables/t/insertAll",
         {"kind": "bigquery#tableDataInsertAllResponse", "insertErrors": [
             {"index": 3, "errors": [{"reason": "invalid", "message": "no such field: a."}]}]},
         ("bigquery-insert-all", "partial", 1, 1)),
    Case("/services/data/v60.0/composite", {"compositeResponse": [
        {"body": [{"errorCode": "NOT_FOUND", "message": "no"}], "httpStatusCode": 404,
         "referenceId": "a"}]}, ("salesforce-composite", "failure", 1, 1)),
    Case("/services/data/v60.0/composite/batch", {"hasErrors": False, "results": [
        {"statusCode": 204, "result": None}]}, ("salesforce-batch", "success", 1, 0)),
    Case("/services/data/v60.0/composite/sobjects", [
        {"id": "1", "success": True, "errors": []},
        {"success": False, "errors": [{"statusCode": "DUPLICATE_VALUE", "message": "twice"}]}],
         ("salesforce-collections", "partial", 2, 1)),
    Case("/db/_bulk_docs", [{"ok": True, "id": "a", "rev": "1-0"},
                            {"id": "b", "error": "conflict", "reason": "Document update conflict."}],
         ("couchdb-bulk-docs", "partial", 2, 1), how="chunked"),
    Case("/rpc", [{"jsonrpc": "2.0", "id": 1, "result": 7}, {"jsonrpc": "2.0", "id": 2, "error": {
        "code": -32601, "message": "Method not found"}}], ("json-rpc-batch", "partial", 2, 1)),
    Case("/v1/traces", {"partialSuccess": {"rejectedSpans": "3", "errorMessage": "too old"}},
         ("otlp-export", "partial", 1, 1), how="http2"),
    Case("/graphql", {"errors": [{"message": "no", "path": ["boat", "berth"]}], "data": {"boat": {"berth": None}}},
         ("graphql-errors", "partial", 1, 1)),
    Case("/api", {"errors": [{"message": "no", "path": ["boat"]}], "data": {"boat": None}}),
    Case("/graphql", [{"data": {"a": 1}}, {"errors": [{"message": "no"}], "data": None}],
         ("graphql-errors", "partial", 2, 1), how="http2"),
    Case("/graphql", {"data": {"boat": {"name": "Ada"}}}, how="aborted"),
    *(Case("/api", {"errors": [{"message": "no", "path": ["boat"]}], "data": {"boat": None}},
           ("graphql-errors", "failure", 1, 1), asked=asked, how=how)
      for asked in ({"query": "{ boat { name } }"}, [{"operationName": "A", "query": "query A { boat { name } }"}])
      for how in ("plain", "gzip", "http2")),
    Case("/api", {"errors": [{"message": "no"}], "data": None}, asked={"query": {"match": {"name": "boat"}}}),
    *(Case("/", [{"jsonrpc": "2.0", "id": 1, "result": 7}, {"jsonrpc": "2.0", "id": 2, "error": {
        "code": -32601, "message": "Method not found"}}], ("json-rpc-batch", "partial", 2, 1), how=how,
           asked=[{"jsonrpc": "2.0", "method": "a", "id": 1}, {"jsonrpc": "2.0", "method": "b", "id": 2}])
      for how in ("plain", "http2")),
    Case("/v1/logs", {}, ("otlp-export", "success", 0, 0)),
    Case("/v1/logs", {"logs": []}),
    Case("/rpc", {"jsonrpc": "2.0", "id": 1, "error": {"code": -1, "message": "x"}}),
    Case("/_bulk", {"errors": ["no such index"]}),
    Case("/api/items", {"items": [{"id": 1, "status": 500}], "errors": [{"message": "x"}]}),
    Case("/api/items", [{"status": 404}, {"status": 200}], how="gzip"),
    Case("/page", b"<html>errors, items, Records</html>", kind="text/html"),
    *(Case(path, body, seen, kind=kind, how=how, status=status)
      for path, kind, body, seen in NO_JSON
      for how, status in (("plain", 202), ("chunked", 200), ("gzip", 200), ("http2", 202))),
    Case("/bucket?delete", b"<DeleteResult><Error><Key>a</Key></Wrong>",
         ("s3-delete-objects", "malformed", 1, 1), kind=XML),
    Case("/bucket?delete", DELETED, ("s3-delete-objects", "malformed", 2, 1), kind=XML,
         how="aborted"),
    Case("/bucket?list-type=2", b"<ListBucketResult><Key>DeleteResult</Key></ListBucketResult>",
         kind=XML, how="http2"),
    Case("/mail", PARTS.replace(b"application/http", b"text/plain"), how="http2",
         kind="multipart/mixed; boundary=b_1"),
]

# What the request asked for, and what is in the answer: (kind, path, target, media type of both,
# request, answer, verdict, rows, failed).
DELETE = b"<Delete><Object><Key>a</Key></Object><Object><Key>b</Key><VersionId>3</VersionId></Object>%s</Delete>"
S3_ERROR = b"<Error><Key>%s</Key>%s<Code>AccessDenied</Code><Message>no</Message></Error>"
PUT_BOATS = {"RequestItems": {"boats": [
    {"PutRequest": {"Item": {"id": {"S": "a"}, "size": {"N": "3"}}}},
    {"DeleteRequest": {"Key": {"id": {"S": "b"}}}}]}}
GET_BOATS = {"RequestItems": {"boats": {"Keys": [{"id": {"S": "a"}}, {"id": {"S": "b"}}]}}}
INSERT = {"rows": [{"insertId": "1", "json": {}}, {"json": {}}, {"json": {}}]}
INSERT_ALL = "/bigquery/v2/projects/p/datasets/d/tables/t/insertAll"


def insert_errors(*rows):
    return {"kind": "bigquery#tableDataInsertAllResponse", "insertErrors": [
        {"index": index, "errors": [{"reason": reason, "message": ""}]} for index, reason in rows]}


def asked(kind, path, request, answer, verdict, rows, failed, *, target=None, type_=JSON):
    return [Case(path, answer, (kind, verdict, rows, failed), target=target, kind=type_, sends=type_,
                 asked=request, how=how) for how in ("plain", "chunked", "http2")]


ASKED = [
    *asked("s3-delete-objects", "/b?delete", DELETE % b"<Quiet>true</Quiet>", b"<DeleteResult/>",
           "success", 2, 0, type_=XML),
    *asked("s3-delete-objects", "/b?delete", DELETE % b"<Quiet>true</Quiet>",
           b"<DeleteResult>" + S3_ERROR % (b"b", b"<VersionId>3</VersionId>") + b"</DeleteResult>",
           "partial", 2, 1, type_=XML),
    *asked("s3-delete-objects", "/b?delete", DELETE % b"",
           b"<DeleteResult>" + S3_ERROR % (b"b", b"<VersionId>3</VersionId>") +
           S3_ERROR % (b"a", b"") + b"</DeleteResult>", "failure", 2, 2, type_=XML),
    # An answer about something that was not asked for does not tell what became of the rest.
    *asked("s3-delete-objects", "/b?delete", DELETE % b"",
           b"<DeleteResult>" + S3_ERROR % (b"c", b"") + b"</DeleteResult>", "partial", 1, 1, type_=XML),
    *asked("s3-delete-objects", "/b?delete", DELETE % b"",
           b"<DeleteResult><Deleted><Key>a</Key></Deleted></DeleteResult>", "benign", 2, 0, type_=XML),
    *asked("s3-delete-objects", "/b?delete", DELETE[:40], b"<DeleteResult/>", "success", 0, 0, type_=XML),
    *asked("dynamodb-batch-write", "/", PUT_BOATS, {"UnprocessedItems": {}}, "success", 2, 0,
           target="DynamoDB_20120810.BatchWriteItem", type_=AMZ),
    *asked("dynamodb-batch-write", "/", PUT_BOATS, {"UnprocessedItems": {"boats": [
        {"PutRequest": {"Item": {"size": {"N": "3"}, "id": {"S": "a"}}}}]}}, "partial", 2, 1,
           target="DynamoDB_20120810.BatchWriteItem", type_=AMZ),
    *asked("dynamodb-batch-write", "/", PUT_BOATS, {"UnprocessedItems": PUT_BOATS["RequestItems"]},
           "failure", 2, 2, target="DynamoDB_20120810.BatchWriteItem", type_=AMZ),
    *asked("dynamodb-batch-get", "/", GET_BOATS, {"Responses": {"boats": [{"id": {"S": "a"}}]},
                                                  "UnprocessedKeys": {}}, "success", 2, 0,
           target="DynamoDB_20120810.BatchGetItem", type_=AMZ),
    *asked("dynamodb-batch-get", "/", GET_BOATS, {"Responses": {}, "UnprocessedKeys": {
        "boats": {"Keys": [{"id": {"S": "b"}}]}}}, "partial", 2, 1,
           target="DynamoDB_20120810.BatchGetItem", type_=AMZ),
    *asked("bigquery-insert-all", INSERT_ALL, INSERT, insert_errors(), "success", 3, 0),
    *asked("bigquery-insert-all", INSERT_ALL, INSERT, insert_errors((1, "invalid")), "partial", 3, 1),
    *asked("bigquery-insert-all", INSERT_ALL, INSERT,
           insert_errors((0, "invalid"), (1, "invalid"), (2, "invalid")), "failure", 3, 3),
    # All were stopped: nothing was done with the one that is not mentioned.
    *asked("bigquery-insert-all", INSERT_ALL, INSERT, insert_errors((0, "stopped"), (1, "invalid")),
           "failure", 2, 1),
    *asked("couchdb-bulk-docs", "/db/_bulk_docs", {"new_edits": False, "docs": [
        {"_id": "a"}, {"_id": "b"}]}, [], "success", 2, 0),
    *asked("couchdb-bulk-docs", "/db/_bulk_docs", {"new_edits": False, "docs": [
        {"_id": "a"}, {"_id": "b"}]}, [{"id": "b", "rev": "2-0", "error": "forbidden", "reason": "x"}],
           "partial", 2, 1),
    *asked("couchdb-bulk-docs", "/db/_bulk_docs", {"docs": [{"_id": "a"}, {"_id": "b"}]},
           [{"id": "a", "ok": True, "rev": "1-0"}], "benign", 2, 0),
    *asked("sqs-batch", "/", {"Entries": [{"Id": "a"}, {"Id": "b"}]}, {"Successful": [{"Id": "a"}]},
           "benign", 2, 0, target="AmazonSQS.SendMessageBatch", type_=AMZ),
    Case("/db/_bulk_docs", [], asked={"docs": [{"_id": "a"}]}),
    # More than is kept of a request.
    Case("/db/_bulk_docs", [{"id": "b", "rev": "2-0", "error": "forbidden", "reason": "x"}],
         ("couchdb-bulk-docs", "partial", 1, 1),
         asked={"new_edits": False, "docs": [{"_id": "a", "text": "x" * 2_200_000}, {"_id": "b"}]}),
]
CASES += ASKED
FIELDS = ("kind", "verdict", "resources", "failed")


@pytest.fixture(scope="module")
def carried(world):
    keylog = world.folder / "batches.keys"
    packets = []
    for number, case in enumerate(CASES):
        packets += case.carry(number + 1, keylog)
    keylog.chmod(0o644)
    return wire.save(world, "batches", packets), keylog


def seen(result):
    assert result.status in (0, 1), result.stderr
    return sorted(tuple(record[key] for key in FIELDS) for record in result.exchanges)


def expected(of=lambda case: case.expected, cases=CASES):
    return sorted(of(case) for case in cases if of(case))


def test_captures(carried, command):
    path, keylog = carried
    run = ("-T", "ndjson", "--keylog", keylog, path)
    result = command(*run)
    assert seen(result) == expected()
    assert all(record["http_status"] in (200, 202) and
               (record["format"] in ("json", "xml", "multipart")) ==
               (record["verdict"] != "undecoded") for record in result.exchanges)
    assert {(202, "xml"), (202, "multipart")} <= {
        (record["http_status"], record["format"]) for record in result.exchanges}
    assert command(*run, "--no-sieve").stdout == result.stdout
    everything = command(*run, "--batches=all")
    assert seen(everything) == expected(lambda case: case.all_too)
    assert command(*run, "--batches=all", "--no-sieve").stdout == everything.stdout
    assert seen(command(*run, "--batches=off")) == []


def test_har(command, tmp_path):
    cases = [case for case in CASES if case.how != "aborted"]
    entries = [case.entry() for case in cases]
    path = tmp_path / "batches.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": {}, "entries": entries}}))
    assert seen(command("-T", "ndjson", path)) == expected(cases=cases)
    assert seen(command("-T", "ndjson", "--batches=all", path)) == \
        expected(lambda case: case.all_too, cases)
    assert seen(command("-T", "ndjson", "--batches=off", path)) == []


def test_tshark(carried, tshark):
    path, keylog = carried
    run = ("-r", path, *COMMAND_PREFERENCES, "-o", f"tls.keylog_file:{keylog}", "-Y", "multistatus",
           "-T", "fields", *[part for field in FIELDS for part in ("-e", f"multistatus.{field}")])
    for passes in ((), ("-2",)):
        rows = [line.split("\t") for line in tshark(*run, *passes).lines]
        assert sorted((kind, verdict, int(rows), int(failed))
                      for kind, verdict, rows, failed in rows) == expected(), passes
    assert tshark(*run, "-o", "multistatus.batches:off").lines == []


def test_info_column(carried, tshark):
    """What AWS asks for is in a field of the header, not in the path."""
    path, keylog = carried
    lines = tshark("-r", path, *COMMAND_PREFERENCES, "-o", f"tls.keylog_file:{keylog}",
                   "-Y", "multistatus.kind == kinesis-put-records && multistatus.verdict == partial",
                   "-T", "fields", "-e", "_ws.col.Info").lines
    assert len(lines) == 2
    if "(Wireshark) 4.0" not in tshark("--version").text:
        lines.pop()     # in later versions HTTP/2 leaves nothing there of a media type that is unknown to Wireshark
    assert all("POST / PutRecords: 1 of 2 items failed" in line for line in lines), lines


def test_report(carried, command):
    path, keylog = carried
    result = command("--group-by", "kind", "-T", "csv", "--keylog", keylog, path)
    counts = {line.split(",")[0]: line.split(",")[1:] for line in result.text.splitlines()}
    assert {"elasticsearch-bulk", "kinesis-put-records", "scim-bulk"} <= set(counts)
    text = command("--explain", "--top=0", "--keylog", keylog, path).text
    text = " ".join(text.split())
    assert "has to send these again" in text
    assert "POST /logs/_bulk HTTP 200 (elasticsearch-bulk) partial: 2 of 4 failed (429 " in text
    assert "HTTP 200 (otlp-export) partial: 1 failed (rejectedSpans); everything not listed" in text
