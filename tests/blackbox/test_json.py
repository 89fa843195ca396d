"""JSON and multipart Multi-Status bodies: their captures in tshark and in the command.

What is expected is written here by hand, from what the interfaces document (docs/json.md), not from
what the decoder says.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest

from conftest import in_tree_order, scan

F, OK, C, M, U = "failed", "ok", "collateral", "missing", "unknown"

# By Request-URI: the verdict, and of every row the identifiers, the outcome and the status.
EXPECTED = {
    "/zalando/parcels": ("partial", [(["parcel-1"], OK, 201), (["parcel-2"], F, 409),
                                     (["parcel-3"], C, 424)]),
    "/zalando/all-fine": ("success", [(["parcel-4"], OK, 201), (["parcel-5"], OK, 200)]),
    "/nakadi/event-types/order.created/events": ("partial", [
        (["e-0001"], OK, None), (["e-0002"], F, None), (["e-0003"], C, None)]),
    "/ngsi-ld/v1/entityOperations/create": ("partial", [
        (["urn:ngsi-ld:Pump:001"], OK, None), (["urn:ngsi-ld:Pump:002"], F, 409),
        (["urn:ngsi-ld:Pump:003"], M, 404)]),
    "/scorpio/entityOperations/upsert": ("partial", [
        (["urn:ngsi-ld:Pump:001"], OK, None), (["urn:ngsi-ld:Pump:002"], F, 400)]),
    "/crm/v3/objects/contacts/batch/read": ("partial", [
        (["5501"], OK, None), (["77", "78"], F, None), (["t-3"], F, None)]),
    "/indexes/hotels/docs/index": ("partial", [
        (["1"], OK, 201), (["2"], F, 400), (["3"], M, 404)]),
    "/v1.0/teams/1/members/add": ("partial", [
        (["18a80140-b0fb-4489-b360-2f6efaf225a0"], OK, None),
        (["86503198-b81b-43fe-81ad-ad4b8d9f1f91"], F, None)]),
    "/test-management/v3/test-cases": ("partial", [(["1"], OK, None), (["17", "18"], F, 409)]),
    "/arrangements/batch": ("partial", [
        (["arr-1"], OK, 200), (["arr-2"], M, 404), (["arr-3"], F, 400)]),
    "/glpi/apirest.php/Computer/16": ("partial", [(["16"], OK, None), (["17"], F, None)]),
    "/glpi-old/apirest.php/Computer/2": ("partial", [(["2"], F, None), (["3"], OK, None)]),
    "/glpi/apirest.php/Computer": ("partial", [
        (["8"], OK, None), (["#2"], F, None), (["9"], OK, None)]),
    "/orders": ("partial", [(["/orders/1"], OK, 204), (["/orders/2"], F, 422)]),
    "/batch/http": ("partial", [(["<1>"], OK, 201), (["<2>"], M, 404), (["<3>"], C, 424)]),
    "/batch/bundle": ("partial", [
        (["/files/a.txt"], OK, 201), (["/files/b.txt"], F, 423), (["n-1"], OK, 200),
        (["n-2"], F, 507), (["<3>"], U, None)]),
    "/odd/unknown-shape": ("undecoded", []),
    "/odd/cut": ("malformed", [(["a"], OK, 201), (["b"], F, 500), (["c"], U, None)]),
    "/odd/broken": ("malformed", [(["a"], OK, 201), (["b"], F, 500)]),
    "/odd/no-status": ("benign", [(["a"], OK, 201), (["b"], U, None), (["c"], U, None)]),
    "/odd/untyped": ("partial", [(["a"], OK, 200), (["b"], F, 423)]),
}
NAMES = ("json-batches.pcapng", "json-http2.pcapng", "json-odd.pcapng", "multipart-207.pcapng")


def format_of(uri):
    return "multipart" if uri.startswith("/batch/") else "json"


def exchanges(name):
    return scan(name, "-T", "ndjson").exchanges


@pytest.mark.parametrize("name", NAMES)
def test_rows(name):
    for record in exchanges(name):
        found = (record["verdict"], [(row["hrefs"], row["outcome"], row["status"])
                                     for row in record["responses"]])
        assert found == EXPECTED[record["uri"]], record["uri"]
        assert record["format"] == format_of(record["uri"])


def test_every_interface_is_there():
    seen = {record["uri"] for name in NAMES for record in exchanges(name)}
    assert seen == set(EXPECTED)


def test_words_where_there_is_no_number():
    reasons = {row["hrefs"][0]: row["reason"] for name in NAMES for record in exchanges(name)
               for row in record["responses"] if row["status"] is None}
    assert reasons["77"] == "OBJECT_NOT_FOUND"
    assert reasons["e-0003"] == "aborted"
    assert reasons["86503198-b81b-43fe-81ad-ad4b8d9f1f91"] == "NotFound"
    assert reasons["17"] == "failed"


def test_problem_details():
    record = next(r for r in exchanges("json-batches.pcapng") if r["uri"] == "/orders")
    failed = record["responses"][1]
    assert failed["conditions"] == ["https://problems.example/out-of-stock"]
    assert failed["description"] == "Item B00027Y5QG is not available"


def fields_of(tshark, world, name, *fields, filter="multistatus"):
    options = [option for field in fields for option in ("-e", field)]
    result = tshark("-r", str(world.captures / name), "-Y", filter, "-T", "fields",
                    "-E", "occurrence=a", "-E", "aggregator=;", *options)
    assert result.status == 0, result.stderr
    return [line.split("\t") for line in result.text.rstrip("\n").split("\n") if line]


@pytest.mark.parametrize("passes", [(), ("-2",)])
@pytest.mark.parametrize("name", NAMES)
def test_tshark_says_the_same(tshark, world, name, passes):
    lines = fields_of(tshark, world, name, "multistatus.uri", "multistatus.verdict",
                      "multistatus.format", "multistatus.outcome", "multistatus.href",
                      "multistatus.status")
    assert len(lines) == len(exchanges(name))
    for uri, verdict, form, outcomes, hrefs, statuses in lines:
        expected_verdict, listed = EXPECTED[uri]
        rows = in_tree_order(listed, lambda row: row[1])
        assert (verdict, form) == (expected_verdict, format_of(uri))
        assert [o for o in outcomes.split(";") if o] == [row[1] for row in rows]
        assert [h for h in hrefs.split(";") if h] == [h for row in rows for h in row[0]]
        assert [s for s in statuses.split(";") if s] == \
            [str(row[2]) for row in rows if row[2] is not None]


def test_json_tree_stays(tshark, world):
    lines = fields_of(tshark, world, "json-batches.pcapng", "json.key")
    assert len(lines) == len(exchanges("json-batches.pcapng")) and all(line[0] for line in lines)
    off = tshark("-r", str(world.captures / "json-batches.pcapng"), "-Y", "multistatus and json",
                 "-o", "multistatus.keep_xml:FALSE")
    assert off.text == ""


def test_info_column(tshark, world):
    result = tshark("-r", str(world.captures / "json-batches.pcapng"), "-Y", "multistatus")
    first = result.lines[0]
    assert "parcels: 1 of 3 items failed (409 Conflict), 1 more only because of that]" in first


def test_other_statuses_are_left_alone(stock_tshark, world):
    lines = stock_tshark("-r", str(world.captures / "json-odd.pcapng"), "-Y",
                         "http.response.code == 200").lines
    assert len(lines) == 1
    assert all(record["http_status"] == 207 for record in exchanges("json-odd.pcapng"))
