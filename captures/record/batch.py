#!/usr/bin/python3
"""batch.py - a server that answers batches with 207 the way that known interfaces do.

usage: batch.py [PORT]      (default 8207, on 127.0.0.1 only)

Each path below answers a POST, PUT or DELETE of any body with the JSON (or multipart) body of one
interface, as its documentation or its issues describe it (docs/json.md). The answers are fixed: what
matters is what an analyser makes of them.  Standard library only.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import http.server
import json
import sys

JSON = "application/json"
PROBLEM = "https://problems.example/"


def item(**members):
    return members


MULTISTATUS = """<?xml version="1.0" encoding="utf-8"?>
<D:multistatus xmlns:D="DAV:"><D:response><D:href>/files/a.txt</D:href>
<D:status>HTTP/1.1 201 Created</D:status></D:response><D:response><D:href>/files/b.txt</D:href>
<D:status>HTTP/1.1 423 Locked</D:status></D:response></D:multistatus>"""


def parts(boundary, contents):
    """A multipart body, RFC 2046 section 5.1."""
    text = "".join(f"--{boundary}\r\nContent-Type: {kind}\r\nContent-ID: <{number}>\r\n\r\n"
                   f"{content}\r\n" for number, (kind, content) in enumerate(contents, 1))
    return f"{text}--{boundary}--\r\n".encode()


ANSWERS = {
    # Zalando RESTful API guidelines, rule 152: always 207, statuses as strings
    "/zalando/parcels": (JSON, {"items": [
        item(id="parcel-1", status="201", description="created"),
        item(id="parcel-2", status="409", description="a parcel with this number exists"),
        item(id="parcel-3", status="424", description="depends on parcel-2")]}),
    "/zalando/all-fine": (JSON, {"items": [
        item(id="parcel-4", status="201"), item(id="parcel-5", status="200")]}),
    # Nakadi: publishing events
    "/nakadi/event-types/order.created/events": (JSON, [
        item(eid="e-0001", publishing_status="submitted", step="publishing", detail=""),
        item(eid="e-0002", publishing_status="failed", step="validating",
             detail="#/metadata: required key [occurred_at] not found"),
        item(eid="e-0003", publishing_status="aborted", step="partitioning", detail="")]),
    # NGSI-LD BatchOperationResult
    "/ngsi-ld/v1/entityOperations/create": (JSON, {
        "success": ["urn:ngsi-ld:Pump:001"],
        "errors": [
            {"entityId": "urn:ngsi-ld:Pump:002",
             "error": {"type": "https://uri.etsi.org/ngsi-ld/errors/AlreadyExists",
                       "title": "Entity already exists", "detail": "urn:ngsi-ld:Pump:002",
                       "status": 409}},
            {"entityId": "urn:ngsi-ld:Pump:003",
             "error": {"type": "https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound",
                       "title": "Entity does not exist", "status": 404}}]}),
    # Scorpio's own way to answer an upsert
    "/scorpio/entityOperations/upsert": (JSON, [
        {"id": "urn:ngsi-ld:Pump:001", "type": "Upsert", "success": [{"attribute": "pressure"}]},
        {"id": "urn:ngsi-ld:Pump:002", "type": "Upsert",
         "failure": [{"type": "https://uri.etsi.org/ngsi-ld/errors/BadRequestData",
                      "title": "Bad request data", "detail": "no type", "errorCode": 400}]}]),
    # HubSpot CRM v3: no status numbers at all
    "/crm/v3/objects/contacts/batch/read": (JSON, {
        "status": "COMPLETE",
        "results": [{"id": "5501", "properties": {"email": "ada@example.org"},
                     "createdAt": "2026-03-01T10:00:00.000Z", "archived": False}],
        "numErrors": 2,
        "errors": [
            {"status": "error", "category": "OBJECT_NOT_FOUND",
             "message": "Could not get some CONTACT objects, they may be deleted or not exist.",
             "context": {"ids": ["77", "78"]}},
            {"status": "error", "category": "VALIDATION_ERROR",
             "message": "Property \"colour\" does not exist",
             "context": {"objectWriteTraceId": ["t-3"]}}],
        "startedAt": "2026-03-01T10:00:00.100Z", "completedAt": "2026-03-01T10:00:00.300Z"}),
    # Azure AI Search: documents into an index
    "/indexes/hotels/docs/index": (JSON, {"value": [
        item(key="1", status=True, errorMessage=None, statusCode=201),
        item(key="2", status=False, errorMessage="The document is too large.", statusCode=400),
        item(key="3", status=False, errorMessage="Document not found.", statusCode=404)]}),
    # Microsoft Graph: members of a team
    "/v1.0/teams/1/members/add": (JSON, {"value": [
        {"userId": "18a80140-b0fb-4489-b360-2f6efaf225a0", "error": None},
        {"userId": "86503198-b81b-43fe-81ad-ad4b8d9f1f91",
         "error": {"code": "NotFound", "message": "No such user"}}]}),
    # Akamai Test Center: problem details (RFC 9457) beside what went well
    "/test-management/v3/test-cases": (JSON, {
        "successes": [{"createdBy": "jsmith", "testCaseId": 1, "status": "ACTIVE"}],
        "failures": [{"type": PROBLEM + "test-center/duplicate", "title": "Already exists",
                      "status": 409, "detail": "This test case exists.",
                      "instance": "/test-cases/17", "testCaseIds": [17, 18]}]}),
    # Backbase: string statuses
    "/arrangements/batch": (JSON, {"value": [
        item(resourceId="arr-1", status="200", errors=[], action="add"),
        item(resourceId="arr-2", status="404", errors=["Arrangement not found"], action="add"),
        item(resourceId="arr-3", status="400", errors=["Bad currency", "Bad name"],
             action="remove")]}),
    # GLPI, today and before 9.1.1; and what it says to an addition
    "/glpi/apirest.php/Computer/16": (JSON, [
        {"16": True, "message": ""},
        {"17": False, "message": "You don't have permission to perform this action."}]),
    "/glpi-old/apirest.php/Computer/2": (JSON, [
        "ERROR_GLPI_PARTIAL_UPDATE", [{"2": None}, {"3": True}]]),
    "/glpi/apirest.php/Computer": (JSON, [
        {"id": 8, "message": ""},
        {"id": False, "message": "You don't have permission to perform this action."},
        {"id": 9, "message": ""}]),
    # Rows as problem details
    "/orders": ("application/problem+json", {
        "message": "one of two orders was not changed",
        "responses": [
            item(href="/orders/1", status=204),
            {"href": "/orders/2", "type": PROBLEM + "out-of-stock", "title": "Out of stock",
             "status": 422, "detail": "Item B00027Y5QG is not available",
             "instance": "/orders/2/problems/1"}]}),
    # What nobody can read: a shape that is not known, a text that breaks off, one that is no JSON
    "/odd/unknown-shape": (JSON, {"status": 207, "message": "some of it worked"}),
    "/odd/cut": (JSON, b'{"items":[{"id":"a","status":201},{"id":"b","status":500},{"id":"c","sta'),
    "/odd/broken": (JSON, b'[{"id":"a","status":201},{"id":"b","status":500},]'),
    "/odd/no-status": (JSON, [item(id="a", status=201), item(id="b"),
                              item(id="c", status="pending")]),
    "/odd/untyped": (None, [item(id="a", status=200), item(id="b", status=423)]),
    # Several parts: a batch of HTTP requests, and Multi-Status of two kinds in one body
    "/batch/http": ("multipart/mixed; boundary=batch-1", parts("batch-1", [
        ("application/http", "HTTP/1.1 201 Created\r\nLocation: /orders/7\r\n\r\n"),
        ("application/http", "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n"
                             '{"message": "no such order"}'),
        ("application/http", "HTTP/1.1 424 Failed Dependency\r\n\r\n")])),
    "/batch/bundle": ("multipart/related; boundary=batch-2", parts("batch-2", [
        ("application/xml", MULTISTATUS),
        (JSON, '[{"id": "n-1", "status": 200}, {"id": "n-2", "status": 507}]'),
        ("text/plain", "and some text")])),
    "/odd/not-207": (JSON, [item(id="a", status=200), item(id="b", status=423)]),
}


class Batch(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "batch"
    sys_version = ""

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        content_type, body = ANSWERS.get(self.path, (JSON, {"title": "no such batch"}))
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        known = self.path in ANSWERS
        status = 200 if self.path == "/odd/not-207" else 207 if known else 404
        self.send_response(status, "Multi-Status" if status == 207 else None)
        if content_type:
            self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, format, *arguments):
        pass


def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8207
    http.server.ThreadingHTTPServer(("127.0.0.1", port), Batch).serve_forever()


if __name__ == "__main__":
    main()
