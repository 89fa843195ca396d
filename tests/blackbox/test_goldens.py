"""Every sample capture against its golden record file, which scripts/goldens records.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import itertools
import json
import re

from conftest import GOLDEN, capture_paths, scan

NULL = type(None)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(\d{3})?Z\Z")
OUTCOMES = {"ok", "absent", "missing", "removed", "truncated", "not-traversed", "duplicate",
            "placeholder", "redirect", "collateral", "failed", "unknown"}
VERDICTS = {"success", "benign", "partial", "failure", "empty", "malformed", "undecoded"}
SEVERITIES = {"chat", "note", "warn", "error"}

# The records as docs describe them: every key is always there, with one of these types.
EXCHANGE = {
    "type": str, "schema": int, "capture": str, "frame": int, "request_frame": (int, NULL),
    "time": str, "client": str, "server": str, "protocol": str, "stream": (int, NULL),
    "h2_stream": (int, NULL), "host": (str, NULL), "method": (str, NULL), "uri": (str, NULL),
    "report": (str, NULL), "http_status": (int, NULL), "complete": bool, "body_bytes": int,
    "missing": (str, NULL), "format": (str, NULL), "response_time": (int, float, NULL),
    "user_agent": (str, NULL), "server_software": (str, NULL), "server_dav": (str, NULL),
    "server_allow": (str, NULL), "verdict": str, "resources": int, "ok": int, "failed": int,
    "collateral": int, "responses": list, "sync_token": (str, NULL), "locks": list, "findings": list,
}
RESPONSE = {
    "hrefs": list, "status": (int, NULL), "outcome": str, "reason": (str, NULL),
    "propstats": list, "conditions": list, "description": (str, NULL), "location": (str, NULL),
}
PROPSTAT = {
    "status": (int, NULL), "outcome": str, "properties": list, "conditions": list,
    "description": (str, NULL),
}
FINDING = {"rule": str, "severity": str, "message": str, "href": (str, NULL)}
LOCK = {"response": int, "frame": int, "root": (str, NULL), "owner": (str, NULL),
        "client": (str, NULL), "user_agent": (str, NULL)}
CAPTURE = {
    "type": str, "schema": int, "capture": str, "frames": (int, NULL), "exchanges": int,
    "complete": bool, "error": (str, NULL),
}


def differences(expected, found, where=""):
    """Every place where two JSON values differ, as a readable line."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted(expected.keys() | found.keys()):
            if key not in found:
                yield f"{where}.{key}: expected {expected[key]!r}, is missing"
            elif key not in expected:
                yield f"{where}.{key}: not expected, is {found[key]!r}"
            else:
                yield from differences(expected[key], found[key], f"{where}.{key}")
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            yield f"{where}: expected {len(expected)} entries, found {len(found)}"
        for index, (one, other) in enumerate(zip(expected, found)):
            yield from differences(one, other, f"{where}[{index}]")
    elif expected != found or type(expected) is not type(found):
        yield f"{where}: expected {expected!r}, is {found!r}"


def check_keys(value, shape, where):
    assert isinstance(value, dict), f"{where} is no object"
    assert set(value) == set(shape), f"{where}: {set(value) ^ set(shape)}"
    for key, types in shape.items():
        types = types if isinstance(types, tuple) else (types,)
        # In Python a bool is an int; in JSON it is not.
        assert isinstance(value[key], types) and (bool in types or
                                                  not isinstance(value[key], bool)), \
            f"{where}.{key} is {value[key]!r}"


def check_strings(values, where):
    assert all(isinstance(value, str) for value in values), where


def check_exchange(record):
    where = f"frame {record.get('frame')}"
    check_keys(record, EXCHANGE, where)
    assert record["schema"] == 1
    assert TIME.match(record["time"]), record["time"]
    assert record["verdict"] in VERDICTS
    assert record["request_frame"] is None or record["request_frame"] <= record["frame"]
    assert record["response_time"] is None or record["response_time"] >= 0
    for number, response in enumerate(record["responses"]):
        check_keys(response, RESPONSE, f"{where}.responses[{number}]")
        assert response["outcome"] in OUTCOMES
        check_strings(response["hrefs"] + response["conditions"], where)
        for propstat in response["propstats"]:
            check_keys(propstat, PROPSTAT, f"{where}.responses[{number}].propstats")
            assert propstat["outcome"] in OUTCOMES
            check_strings(propstat["properties"] + propstat["conditions"], where)
    for lock in record["locks"]:
        check_keys(lock, LOCK, f"{where}.locks")
        assert lock["frame"] < record["frame"]
        assert record["responses"][lock["response"]]["outcome"] == "failed"
    for finding in record["findings"]:
        check_keys(finding, FINDING, f"{where}.findings")
        assert finding["severity"] in SEVERITIES
    # The counts are those of the list.
    outcomes = [response["outcome"] for response in record["responses"]]
    assert record["resources"] == len(outcomes), where
    assert record["ok"] == outcomes.count("ok"), where
    assert record["failed"] == outcomes.count("failed") + outcomes.count("missing"), where
    assert record["collateral"] == outcomes.count("collateral"), where
    if record["verdict"] in ("success", "benign"):
        assert record["failed"] == 0, where
    if record["verdict"] in ("empty", "undecoded"):
        assert not record["responses"], where


def test_records_are_the_golden_ones(capture):
    golden = GOLDEN / f"{capture.name}.ndjson"
    expected = [json.loads(line) for line in golden.read_text("utf-8").splitlines()]
    found = scan(capture.name, "-T", "ndjson").objects
    lines = list(itertools.islice(differences(expected, found, capture.name), 40))
    assert not lines, "\n".join([f"{golden.name}: (scripts/goldens shows and records changes)",
                                 *lines])


def test_records_have_the_documented_shape(capture):
    result = scan(capture.name, "-T", "ndjson")
    assert result.status in (0, 2), result.stderr
    assert result.stdout.endswith(b"\n")
    *exchanges, last = result.objects
    for record in exchanges:
        assert record["type"] == "exchange" and record["capture"] == capture.name
        check_exchange(record)
    check_keys(last, CAPTURE, "capture record")
    assert last["type"] == "capture" and last["schema"] == 1 and last["capture"] == capture.name
    assert last["exchanges"] == len(exchanges)
    assert last["complete"] == (last["error"] is None) == (result.status == 0)


def test_records_come_in_frame_order(records):
    frames = [record["frame"] for record in records]
    assert frames == sorted(frames)


def test_same_input_gives_same_bytes(capture):
    assert scan.__wrapped__(capture.name, "-T", "ndjson").stdout == \
        scan(capture.name, "-T", "ndjson").stdout


def test_no_golden_file_without_its_capture():
    names = {f"{path.name}.ndjson" for path in capture_paths()}
    assert {path.name for path in GOLDEN.iterdir()} == names
