#!/usr/bin/python3
"""documented_batches.py - batches answered with 200, 201 or 202 by servers that cannot be had here.

usage: documented_batches.py serve PORT     (on 127.0.0.1 only)
       documented_batches.py ask PORT       (every request, on one connection)

Requests and answers are as the documentation of each interface has them (docs/batches.md names it);
names, numbers and texts are invented. Success, partial failure, failure and throttling are spread over
the kinds. Standard library only.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import http.client
import http.server
import json
import sys
from dataclasses import dataclass, field

JSON = "application/json"
XML = "application/xml"
S3 = "http://s3.amazonaws.com/doc/2006-03-01/"


@dataclass(frozen=True)
class Batch:
    """A request and its answer. A body that is no text is JSON."""
    path: str
    asked: object
    answer: object
    status: int = 200
    asked_type: str = JSON
    answer_type: str = JSON
    headers: dict = field(default_factory=dict)


def lines(*values):
    """NDJSON"""
    return "".join(json.dumps(value) + "\n" for value in values)


def text_of(body):
    return body if isinstance(body, str) else json.dumps(body)


# ------------------------------------------------------------------ Elasticsearch, OpenSearch

def bulk(path, *items, asked=()):
    """_bulk: items are (action, id, status, error)."""
    rows = [{action: {"_index": "logs-1", "_id": name, "status": status,
                      **({"error": error} if error else
                         {"_version": 1, "result": "created", "_seq_no": 3, "_primary_term": 1,
                          "_shards": {"total": 2, "successful": 1, "failed": 0}})}}
            for action, name, status, error in items]
    return Batch(path, lines(*asked or [value for action, name, *_ in items for value in
                                        ({action: {"_id": name}}, {"message": "one line"})]),
                 {"took": 30, "errors": any(item[3] for item in items), "items": rows},
                 asked_type="application/x-ndjson")


MAPPER = {"type": "document_parsing_exception",
          "reason": "[1:12] failed to parse field [size] of type [long]",
          "caused_by": {"type": "illegal_argument_exception", "reason": "For input string: \"big\""}}
CONFLICT = {"type": "version_conflict_engine_exception",
            "reason": "[7]: version conflict, document already exists (current version [1])",
            "index": "logs-1", "shard": "0"}
REJECTED = {"type": "es_rejected_execution_exception",
            "reason": "rejected execution of coordinating operation"}
ELASTICSEARCH = (
    bulk("/logs-1/_bulk", ("index", "1", 201, None), ("create", "2", 201, None)),
    bulk("/_bulk?refresh=true", ("index", "5", 201, None), ("index", "6", 400, MAPPER),
         ("create", "7", 409, CONFLICT)),
    bulk("/logs-1/_bulk", ("index", "8", 429, REJECTED), ("index", "9", 429, REJECTED)),
)

# ------------------------------------------------------------------ AWS


def aws(target, asked, answer, version="1.1"):
    kind = f"application/x-amz-json-{version}"
    return Batch("/", asked, answer, asked_type=kind, answer_type=kind,
                 headers={"X-Amz-Target": target})


def records(*names):
    return [{"Data": "bm90ZQ==", "PartitionKey": name} for name in names]


AWS = (
    aws("Kinesis_20131202.PutRecords", {"StreamName": "log", "Records": records("a", "b", "c")},
        {"FailedRecordCount": 2, "Records": [
            {"SequenceNumber": "49543463076548007577105092703039560359975228518395012686",
             "ShardId": "shardId-000000000000"},
            {"ErrorCode": "ProvisionedThroughputExceededException",
             "ErrorMessage": "Rate exceeded for shard shardId-000000000001 in stream log under "
                             "account 111111111111."},
            {"ErrorCode": "InternalFailure", "ErrorMessage": "Internal service failure."}]}),
    aws("Firehose_20150804.PutRecordBatch",
        {"DeliveryStreamName": "log", "Records": [{"Data": "bm90ZQ=="}, {"Data": "bm90ZQ=="}]},
        {"Encrypted": False, "FailedPutCount": 1, "RequestResponses": [
            {"RecordId": "0Uv7XfUGnVTX"},
            {"ErrorCode": "ServiceUnavailableException", "ErrorMessage": "Slow down."}]}),
    aws("AmazonSQS.SendMessageBatch",
        {"QueueUrl": "http://127.0.0.1/111111111111/jobs",
         "Entries": [{"Id": "one", "MessageBody": "1"}, {"Id": "two", "MessageBody": "\0"}]},
        {"Successful": [{"Id": "one", "MessageId": "e7b7a3ca-6a6d-4d4c-ae84-4d6f2a2a6a02",
                         "MD5OfMessageBody": "c4ca4238a0b923820dcc509a6f75849b"}],
         "Failed": [{"Id": "two", "SenderFault": True, "Code": "InvalidMessageContents",
                     "Message": "Invalid characters found in message body."}]}, "1.0"),
    aws("DynamoDB_20120810.BatchWriteItem",
        {"RequestItems": {"boats": [{"PutRequest": {"Item": {"id": {"S": "a"}}}},
                                    {"DeleteRequest": {"Key": {"id": {"S": "b"}}}}]}},
        {"UnprocessedItems": {"boats": [{"DeleteRequest": {"Key": {"id": {"S": "b"}}}}]}}, "1.0"),
    aws("AWSEvents.PutEvents",
        {"Entries": [{"Source": "harbour", "DetailType": "berth", "Detail": "{}"},
                     {"Source": "harbour", "DetailType": "berth", "Detail": "{"}]},
        {"FailedEntryCount": 1, "Entries": [
            {"EventId": "11710aed-b79e-4468-a20b-bb3c0c3b4860"},
            {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}]}),
    aws("AWSEvents.PutEvents", {"Entries": [{"Source": "harbour", "Detail": "{}"}]},
        {"FailedEntryCount": 0,
         "Entries": [{"EventId": "d804d26a-88db-4b66-9eaf-9a11c708ae82"}]}),
    Batch("/harbour?delete",
          f'<Delete xmlns="{S3}"><Object><Key>a.txt</Key></Object>'
          '<Object><Key>locked.txt</Key><VersionId>3</VersionId></Object></Delete>',
          f'<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult xmlns="{S3}">'
          '<Deleted><Key>a.txt</Key></Deleted>'
          '<Error><Key>locked.txt</Key><VersionId>3</VersionId><Code>AccessDenied</Code>'
          '<Message>Access Denied because object protected by object lock.</Message></Error>'
          '</DeleteResult>', asked_type=XML, answer_type=XML),
    Batch("/harbour/large.bin?uploadId=7",
          '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"a"</ETag></Part>'
          '</CompleteMultipartUpload>',
          '<?xml version="1.0" encoding="UTF-8"?>\n\n<Error><Code>InternalError</Code>'
          '<Message>We encountered an internal error. Please try again.</Message>'
          '<RequestId>656c76696e6727732072657175657374</RequestId>'
          '<HostId>Uuag1LuByRx9e6j5Onimru9pO4ZVKnJ2Qz7/C1NPcfTWAtRPfTaOFg==</HostId></Error>',
          asked_type=XML, answer_type=XML),
)

# ------------------------------------------------------------------ XML


def recipient(address, status, calendar=""):
    return (f"<C:response><C:recipient><D:href>mailto:{address}</D:href></C:recipient>"
            f"<C:request-status>{status}</C:request-status>{calendar}</C:response>")


FREE_BUSY = ("<C:calendar-data>BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n"
             "</C:calendar-data>")
CALDAV = (
    Batch("/calendars/ada/outbox/", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\n"
          "END:VCALENDAR\r\n",
          '<?xml version="1.0" encoding="utf-8" ?>\n'
          '<C:schedule-response xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
          + recipient("grace@example.org", "2.0;Success", FREE_BUSY)
          + recipient("nobody@example.org", "3.7;Invalid calendar user")
          + recipient("joan@example.org", "5.1;Service unavailable")
          + "</C:schedule-response>", asked_type="text/calendar", answer_type=XML),
)

# ------------------------------------------------------------------ HTTP within HTTP


def parts(boundary, *contents):
    """application/http parts: (Content-ID or None, status line, JSON or None)."""
    text = ""
    for name, status, body in contents:
        content = "" if body is None else json.dumps(body)
        text += (f"--{boundary}\r\nContent-Type: application/http\r\n"
                 + (f"Content-ID: {name}\r\n" if name else "")
                 + f"\r\n{status}\r\n"
                 + (f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
                    if content else "") + f"\r\n{content}\r\n")
    return text + f"--{boundary}--\r\n"


GOOGLE_ERROR = {"error": {"code": 403, "message": "Rate Limit Exceeded", "status": "PERMISSION_DENIED",
                          "errors": [{"domain": "usageLimits", "reason": "rateLimitExceeded"}]}}
WITHIN = (
    Batch("/v1.0/$batch",
          {"requests": [{"id": str(n), "method": "GET", "url": f"/users/{n}"} for n in (1, 2, 3)]},
          {"responses": [
              {"id": "2", "status": 404, "body": {"error": {
                  "code": "Request_ResourceNotFound", "message": "Resource '2' does not exist."}}},
              {"id": "1", "status": 200, "body": {"displayName": "Ada"}},
              {"id": "3", "status": 429, "headers": {"Retry-After": "10"}, "body": {"error": {
                  "code": "TooManyRequests", "message": "Too many requests"}}}]}),
    Batch("/batch/drive/v3",
          parts("batch_ask", ("<a+1>", "DELETE /drive/v3/files/1 HTTP/1.1", None),
                ("<a+2>", "DELETE /drive/v3/files/2 HTTP/1.1", None)),
          parts("batch_answer", ("<response-a+1>", "HTTP/1.1 204 No Content", None),
                ("<response-a+2>", "HTTP/1.1 403 Forbidden", GOOGLE_ERROR)),
          asked_type="multipart/mixed; boundary=batch_ask",
          answer_type="multipart/mixed; boundary=batch_answer"),
    Batch("/sap/opu/odata/sap/BOATS/$batch",
          parts("b_1", (None, "GET Boats('1') HTTP/1.1", None), (None, "GET Boats('2') HTTP/1.1", None)),
          parts("ejjeeffe0", (None, "HTTP/1.1 200 OK", {"d": {"id": "1"}}),
                (None, "HTTP/1.1 404 Not Found", {"error": {
                    "code": "/IWBEP/CM_MGW_RT/020", "message": {"lang": "en", "value": "Not found"}}})),
          status=202, asked_type="multipart/mixed; boundary=b_1",
          answer_type="multipart/mixed; boundary=ejjeeffe0"),
    Batch("/services/data/v60.0/composite",
          {"allOrNone": False, "compositeRequest": [
              {"method": "PATCH", "url": "/services/data/v60.0/sobjects/Account/1",
               "referenceId": "first", "body": {"Name": "Harbour"}},
              {"method": "PATCH", "url": "/services/data/v60.0/sobjects/Account/2",
               "referenceId": "second", "body": {}}]},
          {"compositeResponse": [
              {"body": None, "httpHeaders": {}, "httpStatusCode": 204, "referenceId": "first"},
              {"body": [{"errorCode": "REQUIRED_FIELD_MISSING", "fields": ["Name"],
                         "message": "Required fields are missing: [Name]"}],
               "httpHeaders": {}, "httpStatusCode": 400, "referenceId": "second"}]}),
    Batch("/services/data/v60.0/composite/sobjects",
          {"allOrNone": False, "records": [{"attributes": {"type": "Account"}, "Name": "Harbour"},
                                           {"attributes": {"type": "Account"}}]},
          [{"id": "001RM000003oLnnYAE", "success": True, "errors": []},
           {"success": False, "errors": [{"statusCode": "REQUIRED_FIELD_MISSING", "fields": ["Name"],
                                          "message": "Required fields are missing: [Name]"}]}]),
    Batch("/scim/v2/Bulk",
          {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
              {"method": "POST", "path": "/Users", "bulkId": "q1", "data": {"userName": "ada"}},
              {"method": "DELETE", "path": "/Users/7"}]},
          {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"], "Operations": [
              {"method": "POST", "bulkId": "q1", "location": "https://id.example/scim/v2/Users/9",
               "status": "201"},
              {"method": "DELETE", "location": "https://id.example/scim/v2/Users/7", "status": "404",
               "response": {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
                            "detail": "no such user", "status": "404"}}]},
          asked_type="application/scim+json", answer_type="application/scim+json"),
)

# ------------------------------------------------------------------ FHIR, BigQuery and others


def bundle(*entries):
    return {"resourceType": "Bundle", "type": "batch-response",
            "entry": [{"response": {"status": status, **more}} for status, more in entries]}


OUTCOME = {"outcome": {"resourceType": "OperationOutcome", "issue": [
    {"severity": "error", "code": "invalid", "diagnostics": "birthDate is no date"}]}}
FHIR_XML = ('<Bundle xmlns="http://hl7.org/fhir"><type value="batch-response"/>'
            '<entry><response><status value="201 Created"/><location value="Patient/8/_history/1"/>'
            '</response></entry><entry><response><status value="404 Not Found"/></response></entry>'
            '</Bundle>')
OTHERS = (
    Batch("/fhir", {"resourceType": "Bundle", "type": "batch", "entry": [
        {"resource": {"resourceType": "Patient"}, "request": {"method": "POST", "url": "Patient"}},
        {"resource": {"resourceType": "Patient", "birthDate": "x"},
         "request": {"method": "POST", "url": "Patient"}}]},
          bundle(("201 Created", {"location": "Patient/7/_history/1", "etag": 'W/"1"'}),
                 ("422 Unprocessable Entity", OUTCOME)),
          asked_type="application/fhir+json", answer_type="application/fhir+json; charset=utf-8"),
    Batch("/fhir", '<Bundle xmlns="http://hl7.org/fhir"><type value="batch"/></Bundle>', FHIR_XML,
          asked_type="application/fhir+xml", answer_type="application/fhir+xml"),
    Batch("/bigquery/v2/projects/harbour/datasets/log/tables/boats/insertAll",
          {"rows": [{"insertId": "1", "json": {"berth": 7}}, {"insertId": "2", "json": {"berth": "x"}}]},
          {"kind": "bigquery#tableDataInsertAllResponse", "insertErrors": [
              {"index": 1, "errors": [{"reason": "invalid", "location": "berth", "debugInfo": "",
                                       "message": "Cannot convert value to integer"}]},
              {"index": 0, "errors": [{"reason": "stopped", "location": "", "debugInfo": "",
                                       "message": ""}]}]}),
    Batch("/bigquery/v2/projects/harbour/datasets/log/tables/boats/insertAll",
          {"rows": [{"insertId": "3", "json": {"berth": 8}}]},
          {"kind": "bigquery#tableDataInsertAllResponse"}),
    Batch("/harbour/_bulk_docs", {"docs": [{"_id": "boat-1"}, {"_id": "boat-2"}]},
          [{"ok": True, "id": "boat-1", "rev": "1-967a00dff5e02add41819138abb3284d"},
           {"id": "boat-2", "error": "conflict", "reason": "Document update conflict."}], status=201),
    Batch("/v1/traces", {"resourceSpans": []},
          {"partialSuccess": {"rejectedSpans": "3", "errorMessage": "span without a name"}}),
    Batch("/v1/logs", {"resourceLogs": []}, {"partialSuccess": {}}),
)

BATCHES = (*ELASTICSEARCH, *AWS, *CALDAV, *WITHIN, *OTHERS)


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers the batches in the order in which they are asked."""
    protocol_version = "HTTP/1.1"
    server_version = "documented-batches"
    sys_version = ""
    wbufsize = -1  # head and body in one segment
    rest = iter(BATCHES)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        batch = next(self.rest)
        body = text_of(batch.answer).encode()
        self.send_response(batch.status)
        self.send_header("Content-Type", batch.answer_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *arguments):
        pass


def ask(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for batch in BATCHES:
        connection.request("POST", batch.path, text_of(batch.asked).encode(),
                           {"Content-Type": batch.asked_type, **batch.headers})
        answer = connection.getresponse()
        answer.read()
        print(f"   POST {batch.path} {answer.status}")


def main():
    what, port = sys.argv[1], int(sys.argv[2])
    if what == "serve":
        http.server.ThreadingHTTPServer(("127.0.0.1", port), Answers).serve_forever()
    ask(port)


if __name__ == "__main__":
    main()
