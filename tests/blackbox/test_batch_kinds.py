"""A row of each kind of batch: every kind of docs/batches.md as success, partial, failure, throttled,
malformed and cut off, in tshark and the command, in captures and HAR. What a kind cannot be says why.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import re

import pytest
import wire
from conftest import COMMAND_PREFERENCES, REPOSITORY
from test_batches import AMZ, JSON, XML, Case

FATES = ("success", "partial", "failure", "throttled", "malformed", "cut off")
GRAPHQL = "application/graphql-response+json"
DYNAMO = "application/x-amz-json-1.0"


class Cannot(str):
    """Why there is no such answer."""


class Kind:
    """`answers` are bodies, or reasons, by fate; what is malformed and cut off is made of the partial one,
    or of the first that there is."""

    def __init__(self, path, kind=JSON, *, target=None, asked=b"{}", sends=None, **answers):
        self.path, self.kind, self.target = path, kind, target
        self.asked, self.sends = asked, sends or (kind if target else JSON)
        self.answers = {fate: body if isinstance(body, (bytes, Cannot)) else json.dumps(body).encode()
                        for fate, body in answers.items()}
        whole = next(self.answers[fate] for fate in ("partial", "failure", "success")
                     if isinstance(self.answers.get(fate), bytes))
        self.answers.setdefault("malformed", damaged(whole))
        self.answers["cut off"] = whole[:len(whole) * 4 // 5]


def damaged(body):
    """With a byte before its end that cannot be there."""
    return body.rstrip()[:-1] + (b"#" if body[:1] in b"{[" else b"<")


def actions(*rows):
    """An answer to _bulk: (status, error)."""
    return {"took": 1, "errors": any(status > 299 for status, _ in rows), "items": [
        {"index": {"_index": "logs", "_id": str(number), "status": status,
                   **({"error": {"type": error, "reason": ""}} if error else {})}}
        for number, (status, error) in enumerate(rows)]}


def aws(count, rows, good, *fates):
    """Answers with an ErrorCode, or what `good` names."""
    return {count: sum(1 for fate in fates if fate),
            rows: [{"ErrorCode": fate, "ErrorMessage": ""} if fate else {good: "1"} for fate in fates]}


def of_aws(target, count, rows, good, busy):
    return Kind("/", AMZ, target=target,
                success=aws(count, rows, good, None, None), partial=aws(count, rows, good, None, "InternalFailure"),
                failure=aws(count, rows, good, "InternalFailure", "InternalFailure"),
                throttled=aws(count, rows, good, busy, None))


def queue(*failed, good=("a",)):
    return {"Successful": [{"Id": row} for row in good],
            "Failed": [{"Id": row, "Code": code, "SenderFault": False} for row, code in failed]}


def statuses(list_, id_, key, *rows, **more):
    """{"responses": [{"id": "0", "status": 200}]}"""
    return {list_: [{id_: str(number), key: status, "body": {"error": {"code": "x", "message": "y"}}}
                    for number, status in enumerate(rows)], **more}


def composite(*rows):
    return {"compositeResponse": [
        {"referenceId": str(number), "httpStatusCode": status, "httpHeaders": {},
         "body": [{"errorCode": code, "message": ""}] if code else None}
        for number, (status, code) in enumerate(rows)]}


def graph(*graphs):
    return {"graphs": [{"graphId": str(number), "isSuccessful": all(status < 400 for status, _ in rows),
                        "graphResponse": composite(*rows)} for number, rows in enumerate(graphs)]}


def sub_requests(*rows):
    return {"hasErrors": any(status >= 400 for status, _ in rows), "results": [
        {"statusCode": status, "result": [{"errorCode": code, "message": ""}] if code else None}
        for status, code in rows]}


def records(*codes):
    return [{"success": not code, "errors": [{"statusCode": code, "message": ""}] if code else [],
             **({} if code else {"id": str(number)})} for number, code in enumerate(codes)]


def documents(*errors):
    return [{"id": str(number), **({"error": error, "reason": ""} if error else {"ok": True, "rev": "1-0"})}
            for number, error in enumerate(errors)]


def calls(*codes):
    return [{"jsonrpc": "2.0", "id": number, **({"error": {"code": code, "message": ""}} if code else
                                                {"result": 1})} for number, code in enumerate(codes)]


def fields(data, *codes):
    return {"errors": [{"message": "no", "path": ["a"], "extensions": {"code": code}} for code in codes],
            "data": data}


def scim(*rows):
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"], "Operations": [
        {"method": "POST", "bulkId": str(number), "status": str(status)} for number, status in enumerate(rows)]}


def inserted(*reasons):
    return {"kind": "bigquery#tableDataInsertAllResponse", "insertErrors": [
        {"index": number, "errors": [{"reason": reason, "message": ""}]}
        for number, reason in enumerate(reasons) if reason]}


def deleted(*codes):
    return "<DeleteResult>{}</DeleteResult>".format("".join(
        f"<Error><Key>{number}</Key><Code>{code}</Code><Message>no</Message></Error>" if code else
        f"<Deleted><Key>{number}</Key></Deleted>" for number, code in enumerate(codes))).encode()


def s3_error(code):
    return (f"<Error><Code>{code}</Code><Message>no</Message><RequestId>1</RequestId></Error>").encode()


def scheduled(*rows):
    return ('<C:schedule-response xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">{}</C:schedule-response>'
            .format("".join(f"<C:response><C:recipient><D:href>mailto:{number}@h</D:href></C:recipient>"
                            f"<C:request-status>{status}</C:request-status></C:response>"
                            for number, status in enumerate(rows)))).encode()


def bundle(*rows):
    return {"resourceType": "Bundle", "type": "batch-response",
            "entry": [{"response": {"status": str(status)}} for status in rows]}


def bundle_in_xml(*rows):
    return ('<Bundle xmlns="http://hl7.org/fhir"><type value="batch-response"/>{}</Bundle>'.format("".join(
        f'<entry><response><status value="{status}"/></response></entry>' for status in rows))).encode()


def parts(*rows):
    return b"".join(b"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 %d x\r\n\r\n\r\n" % status
                    for status in rows) + b"--b--\r\n"


TWO_KEYS = {"RequestItems": {"boats": {"Keys": [{"id": {"S": "a"}}, {"id": {"S": "b"}}]}}}
TWO_ITEMS = {"RequestItems": {"boats": [{"DeleteRequest": {"Key": {"id": {"S": name}}}} for name in "ab"]}}
REFUSED = "The whole request is refused with 429."
SALESFORCE = "/services/data/v60.0/composite"
BUSY = (403, "REQUEST_LIMIT_EXCEEDED")

# By the titles of docs/batches.md.
KINDS = {
    "Elasticsearch and OpenSearch: bulk requests": Kind(
        "/_bulk", success=actions((201, None)), partial=actions((201, None), (400, "mapper_parsing_exception")),
        failure=actions((409, "version_conflict_engine_exception")),
        throttled=actions((429, "es_rejected_execution_exception"), (201, None))),
    "OData, Microsoft Graph and SharePoint: batches in JSON": Kind(
        "/$batch", success=statuses("responses", "id", "status", 200, 201),
        partial=statuses("responses", "id", "status", 200, 404),
        failure=statuses("responses", "id", "status", 400, 404),
        throttled=statuses("responses", "id", "status", 429, 200)),
    "Google BigQuery: tabledata.insertAll": Kind(
        "/tables/t/insertAll", asked={"rows": [{"json": {}}, {"json": {}}]}, success=inserted(),
        partial=inserted(None, "invalid"), failure=inserted("invalid", "stopped"), throttled=Cannot(REFUSED)),
    "Salesforce: composite requests": Kind(
        SALESFORCE, success=composite((201, None)), partial=composite((201, None), (400, "REQUIRED_FIELD_MISSING")),
        failure=composite((400, "PROCESSING_HALTED"), (400, "REQUIRED_FIELD_MISSING")),
        throttled=composite(BUSY, (201, None))),
    "Salesforce: composite graphs": Kind(
        f"{SALESFORCE}/graph", success=graph([(201, None)]),
        partial=graph([(201, None)], [(400, "REQUIRED_FIELD_MISSING")]),
        failure=graph([(400, "PROCESSING_HALTED"), (400, "REQUIRED_FIELD_MISSING")]),
        throttled=graph([(201, None)], [BUSY])),
    "Salesforce: trees of records": Kind(
        f"{SALESFORCE}/tree/Account", success={"hasErrors": False, "results": [{"referenceId": "a", "id": "1"}]},
        **dict.fromkeys(("partial", "failure", "throttled"),
                        Cannot("A tree is all or nothing, and what fails is answered with 400."))),
    "Salesforce: composite/batch": Kind(
        f"{SALESFORCE}/batch", success=sub_requests((204, None)), partial=sub_requests((204, None), (404, "NOT_FOUND")),
        failure=sub_requests((404, "NOT_FOUND")), throttled=sub_requests(BUSY, (204, None))),
    "Salesforce: collections of records": Kind(
        f"{SALESFORCE}/sobjects", success=records(None, None), partial=records(None, "DUPLICATE_VALUE"),
        failure=records("DUPLICATE_VALUE"), throttled=records("UNABLE_TO_LOCK_ROW", None)),
    "CouchDB: _bulk_docs": Kind(
        "/db/_bulk_docs", success=documents(None, None), partial=documents(None, "conflict"),
        failure=documents("conflict", "forbidden"), throttled=Cannot(REFUSED)),
    "JSON-RPC 2.0: batches": Kind(
        "/rpc", success=calls(None, None), partial=calls(None, -32601), failure=calls(-32601, -32602),
        throttled=calls(-32005, None)),
    "GraphQL: errors beside data": Kind(
        "/graphql", GRAPHQL, success=Cannot("An answer without errors is none of this kind."),
        partial=fields({"a": None, "b": 1}, "FORBIDDEN"), failure=fields({"a": None}, "FORBIDDEN"),
        throttled=fields(None, "THROTTLED")),
    "GraphQL: several operations in one request": Kind(
        "/graphql", success=Cannot("A list of answers without errors is none of this kind."),
        partial=[{"data": {"a": 1}}, fields(None, "FORBIDDEN")],
        failure=[fields(None, "FORBIDDEN"), fields({"a": None}, "FORBIDDEN")],
        throttled=[{"data": {"a": 1}}, fields(None, "RATE_LIMITED")]),
    "OpenTelemetry: export in JSON": Kind(
        "/v1/logs", success={}, partial={"partialSuccess": {"rejectedLogRecords": "2", "errorMessage": "old"}},
        failure=Cannot("It counts what was rejected, not what was sent."), throttled=Cannot(REFUSED)),
    "Amazon Kinesis: PutRecords": of_aws(
        "Kinesis_20131202.PutRecords", "FailedRecordCount", "Records", "SequenceNumber",
        "ProvisionedThroughputExceededException"),
    "Amazon Data Firehose: PutRecordBatch": of_aws(
        "Firehose_20150804.PutRecordBatch", "FailedPutCount", "RequestResponses", "RecordId",
        "ServiceUnavailableException"),
    "Amazon EventBridge: PutEvents": of_aws(
        "AWSEvents.PutEvents", "FailedEntryCount", "Entries", "EventId", "ThrottlingException"),
    "Amazon SQS: SendMessageBatch, DeleteMessageBatch, ChangeMessageVisibilityBatch": Kind(
        "/", DYNAMO, target="AmazonSQS.SendMessageBatch", success=queue(), partial=queue(("b", "InternalError")),
        failure=queue(("a", "InternalError"), good=()), throttled=queue(("b", "RequestThrottled"))),
    "Amazon DynamoDB: BatchWriteItem": Kind(
        "/", DYNAMO, target="DynamoDB_20120810.BatchWriteItem", asked=TWO_ITEMS, success={"UnprocessedItems": {}},
        failure={"UnprocessedItems": TWO_ITEMS["RequestItems"]},
        **dict.fromkeys(("partial", "throttled"),
                        {"UnprocessedItems": {"boats": TWO_ITEMS["RequestItems"]["boats"][:1]}})),
    "Amazon DynamoDB: BatchGetItem": Kind(
        "/", DYNAMO, target="DynamoDB_20120810.BatchGetItem", asked=TWO_KEYS,
        success={"Responses": {}, "UnprocessedKeys": {}},
        failure={"Responses": {}, "UnprocessedKeys": TWO_KEYS["RequestItems"]},
        **dict.fromkeys(("partial", "throttled"), {"Responses": {}, "UnprocessedKeys": {
            "boats": {"Keys": [{"id": {"S": "a"}}]}}})),
    "SCIM: bulk operations": Kind(
        "/scim/v2/Bulk", "application/scim+json", success=scim(201, 200), partial=scim(201, 409),
        failure=scim(409, 404), throttled=scim(429, 201)),
    "Amazon S3 and what speaks like it: DeleteObjects": Kind(
        "/b?delete", XML, success=deleted(None, None), partial=deleted(None, "AccessDenied"), failure=deleted(
            "AccessDenied", "AccessDenied"), throttled=deleted("SlowDown", None), sends=XML,
        asked=b"<Delete><Object><Key>0</Key></Object><Object><Key>1</Key></Object></Delete>"),
    "Amazon S3: an error under 200 (CopyObject, UploadPartCopy, CompleteMultipartUpload)": Kind(
        "/b/large?uploadId=1", XML, success=Cannot("There is no row but the error."),
        partial=Cannot("The error is the whole answer."), failure=s3_error("InternalError"),
        throttled=s3_error("SlowDown")),
    "CalDAV: the answers of a scheduling outbox": Kind(
        "/outbox/", XML, success=scheduled("2.0;Success"), partial=scheduled("2.0;Success", "3.7;Invalid calendar user"),
        failure=scheduled("3.7;Invalid calendar user"), throttled=scheduled("5.1;Service unavailable", "2.0;Success")),
    "FHIR: batch, in XML": Kind(
        "/fhir", "application/fhir+xml", success=bundle_in_xml(201, 200), partial=bundle_in_xml(201, 422),
        failure=bundle_in_xml(404, 422), throttled=bundle_in_xml(429, 201)),
    "FHIR: batch, in JSON": Kind(
        "/fhir", "application/fhir+json", success=bundle(201, 200), partial=bundle(201, 422),
        failure=bundle(404, 422), throttled=bundle(429, 201)),
    "HTTP responses in several parts: OData and SharePoint, Google, Azure Storage": Kind(
        "/$batch", "multipart/mixed; boundary=b", success=parts(200, 204), partial=parts(200, 404),
        failure=parts(400, 404), throttled=parts(429, 200),
        malformed=Cannot("Its parts end where their lines say so: only its end can be missing.")),
}


class Cut(Case):
    """The connection ends before the body does."""

    def response(self):
        return wire.head(self.status, Content_Type=self.kind, Content_Length=len(self.body) + 50) + self.body


def titles():
    page = (REPOSITORY / "docs" / "batches.md").read_text("utf-8")
    return re.findall(r"^## `([a-z0-9-]+)`\n\n(.+)$", page, re.M)


def cases():
    """A case for each fate that can be, with its kind and its fate. The path tells them apart."""
    for name, title in titles():
        kind = KINDS[title]
        for fate in FATES:
            body = kind.answers[fate]
            if isinstance(body, Cannot):
                continue
            how = Cut if fate == "cut off" else Case
            mark = f"title={title}&fate={fate}".replace(" ", "_").replace(":", "")
            yield name, fate, how(f"{kind.path}{'&' if '?' in kind.path else '?'}{mark}", body, kind=kind.kind,
                                  target=kind.target, asked=kind.asked, sends=kind.sends)


VERDICTS = {"throttled": {"partial", "failure"}, "cut off": {"malformed"}}


def check(seen, which):
    """Each is there once, of its kind and with its verdict: seen is (path, kind, verdict)."""
    seen = sorted(seen)
    wanted = sorted((case.path, name, fate) for name, fate, case in which)
    assert [row[:2] for row in seen] == [row[:2] for row in wanted]
    wrong = [(path, verdict) for (path, _, verdict), (_, _, fate) in zip(seen, wanted)
             if verdict not in VERDICTS.get(fate, {fate})]
    assert not wrong


def conversations(handshakes):
    for number, (_, _, case) in enumerate(cases()):
        talk = wire.Talk(client=number)
        talk.client(case.request()).server(case.response(), 700).end(wire.FIN)
        yield from talk.packets[0 if handshakes else 3:]


@pytest.fixture(scope="module")
def captured(world):
    return wire.save(world, "batch-kinds", list(conversations(True)))


def test_every_kind_has_every_row():
    assert {title for _, title in titles()} == set(KINDS)
    for title, kind in KINDS.items():
        assert set(kind.answers) == set(FATES), title
        assert all(body for body in kind.answers.values()), title


def test_command(captured, command):
    result = command("-T", "ndjson", captured)
    check([(record["uri"], record["kind"], record["verdict"]) for record in result.exchanges], cases())
    assert command("-T", "ndjson", "--no-sieve", captured).stdout == result.stdout


def test_har(command, tmp_path):
    path = tmp_path / "kinds.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": {}, "entries": [
        case.entry() for _, _, case in cases()]}}))
    result = command("-T", "ndjson", path)
    check([(record["uri"], record["kind"], record["verdict"]) for record in result.exchanges], cases())


@pytest.mark.parametrize("passes", [(), ("-2",)], ids=["one-pass", "two-passes"])
def test_tshark(captured, tshark, passes):
    rows = [line.split("\t") for line in tshark(
        *passes, "-r", captured, *COMMAND_PREFERENCES, "-Y", "multistatus", "-T", "fields", "-e", "multistatus.uri",
        "-e", "multistatus.kind", "-e", "multistatus.verdict", "-e", "multistatus.hint").lines]
    check([tuple(row[:3]) for row in rows], cases())
    silent = [path for path, *_, hint in rows
              if "fate=throttled" in path and not re.search(r"\b(again|later)\b", hint)]
    assert not silent


def test_one_pass_without_handshakes(world, tshark):
    """Then the request of a batch is named if its path or target says that it is one."""
    path = wire.save(world, "batch-kinds-begun-before", list(conversations(False)))
    rows = [line.split("\t") for line in tshark(
        "-r", path, *COMMAND_PREFERENCES, "-Y", "multistatus", "-T", "fields", "-e", "multistatus.uri",
        "-e", "multistatus.kind", "-e", "multistatus.request_unknown").lines]
    assert len(rows) == len(list(cases()))
    assert all(bool(uri) != bool(why) for uri, _, why in rows)
    asked = {(case.path, name) for name, _, case in cases()}
    assert {(uri, kind) for uri, kind, _ in rows if uri} <= asked
    assert {kind for uri, kind, _ in rows if uri} >= {"elasticsearch-bulk", "dynamodb-batch-write", "bigquery-insert-all"}
