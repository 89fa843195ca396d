"""Every sample capture against its golden record file, which scripts/goldens records.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import itertools
import json

from conftest import CAPTURES, GOLDEN, capture_paths, needs_http3, scan


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


def check_exchange(record):
    """What the schema (test_reports.py) cannot say."""
    where = f"frame {record['frame']}"
    assert record["time"], where
    assert record["request_frame"] is None or record["request_frame"] <= record["frame"]
    assert record["response_time"] is None or record["response_time"] >= 0
    for lock in record["locks"]:
        assert lock["frame"] < record["frame"]
        assert record["responses"][lock["response"]]["outcome"] == "failed"
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


def test_records_are_the_golden_ones(capture, command):
    if "http3" in capture.name or "doq" in capture.name:
        needs_http3(command)
    golden = GOLDEN / f"{capture.name}.ndjson"
    expected = [json.loads(line) for line in golden.read_text("utf-8").splitlines()]
    found = scan(capture.name, "-T", "ndjson").objects
    for record in expected + found:  # which ports Wireshark takes for what depends on its version
        if "unseen" in record:
            record["unseen"] = [part for part in record["unseen"] if part["reason"] != "port"]
    lines = list(itertools.islice(differences(expected, found, capture.name), 40))
    assert not lines, "\n".join([f"{golden.name}: (scripts/goldens shows and records changes)",
                                 *lines])


def test_records_agree_with_themselves(capture):
    result = scan(capture.name, "-T", "ndjson")
    assert result.status in (0, 2), result.stderr
    assert result.stdout.endswith(b"\n")
    *exchanges, last = result.objects
    for record in exchanges:
        assert record["type"] == "exchange" and record["capture"] == capture.name
        check_exchange(record)
    assert last["type"] == "capture" and last["capture"] == capture.name
    assert last["exchanges"] == len(exchanges)
    assert last["complete"] == (last["error"] is None) == (result.status == 0)


def test_records_come_in_frame_order(records):
    frames = [record["frame"] for record in records]
    assert frames == sorted(frames)


def test_same_input_gives_same_bytes(capture):
    assert scan.__wrapped__(capture.name, "-T", "ndjson").stdout == \
        scan(capture.name, "-T", "ndjson").stdout


def test_no_golden_file_without_its_capture():
    names = {f"{path.name}.ndjson" for path in [*capture_paths(), *CAPTURES.glob("*.flow")]}
    assert {path.name for path in GOLDEN.iterdir()} == names
