"""The command's records against a decoder that shares nothing with it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import functools
import json
import subprocess

import independent
import pytest
from conftest import COMMAND_PREFERENCES, key_preferences, need_program
from test_goldens import differences


@pytest.fixture
def bodies(here, stock_tshark):
    """What stock tshark sees in the capture: (frame, code, body or None)."""
    return read_bodies(here, stock_tshark)


@functools.lru_cache(maxsize=None)
def read_bodies(path, stock_tshark):
    result = stock_tshark("-r", path, *COMMAND_PREFERENCES, *key_preferences(path),
                          "--disable-protocol", "xml", "-Y", "http.response",
                          "-T", "json", "-x", "-J", "frame http")
    return list(independent.responses(result.stdout))


def is_well_formed(body):
    """xmllint's opinion. It goes on after an undeclared prefix, so that is no error here."""
    need_program("xmllint")
    done = subprocess.run(["xmllint", "--noout", "--nonet", "--huge", "-"], input=body,
                          check=False, capture_output=True)
    return done.returncode == 0


def is_json(body):
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def http1(records):
    return [record for record in records
            if (record["protocol"] or "").startswith("HTTP/1") and record["http_status"] is not None]


def test_every_well_formed_body_is_read_alike(bodies, records):
    expected = []
    unread = set()
    for frame, code, body in bodies:
        decoded = independent.decode(body) if body else None
        if decoded is None and code == 207:
            unread.add(frame)
        elif decoded is not None and (code == 207 or decoded["root"] in independent.ROOTS):
            expected.append((frame, code, decoded))
    # That decoder knows Multi-Status alone, so what is a batch of another kind is left out.
    found = [record for record in http1(records)
             if record["complete"] and record["frame"] not in unread and
             record["kind"] in ("dav", "json", "multipart")]
    assert [(frame, code) for frame, code, _ in expected] == \
        [(record["frame"], record["http_status"]) for record in found]

    lines = []
    for (frame, _, decoded), record in zip(expected, found):
        same = {
            "sync_token": record["sync_token"],
            "responses": [{
                key: [{inner: propstat[inner] for inner in
                       ("status", "properties", "conditions", "description")}
                      for propstat in response[key]] if key == "propstats" else response[key]
                for key in ("hrefs", "status", "propstats", "conditions", "description",
                            "location")
            } for response in record["responses"]],
        }
        lines += differences({key: decoded[key] for key in same}, same, f"frame {frame}")
    assert not lines, "\n".join(lines[:40])


def test_malformed_is_what_others_refuse(bodies, records):
    by_frame = {}
    for frame, code, body in bodies:
        # Two responses in one frame cannot be told apart here; goldens cover them.
        by_frame.setdefault(frame, []).append((code, body))
    for record in http1(records):
        seen = by_frame.get(record["frame"], [])
        check = {"xml": is_well_formed, "json": is_json}.get(record["format"])
        if record["complete"] and len(seen) == 1 and seen[0][1] and check:
            assert (record["verdict"] == "malformed") == (not check(seen[0][1])), \
                f"frame {record['frame']}: {record['verdict']}"


@pytest.mark.parametrize("body, expected", [
    (b"", None),
    (b"<multistatus", None),
    (b"<D:multistatus/>", None),
    (b"<multistatus xmlns='DAV:'/>", {"root": "{DAV:}multistatus", "sync_token": None,
                                      "responses": []}),
])
def test_the_independent_decoder_itself(body, expected):
    assert independent.decode(body) == expected
