"""The plugin inside the stock tshark: the same frames as the command, every filter field, both
passes, positions of bytes, and nothing changed for anybody else.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections
import functools
import json
import re
import xml.etree.ElementTree as ElementTree

import independent
import pytest
from conftest import (COMMAND_PREFERENCES, capture_paths, in_tree_order, key_preferences, merge, scan,
                      without_repetition, without_addresses)

# docs/fields.md's table, and for each field a capture that shows it.
REPORT = "radicale-sync-collection-deleted.pcapng"
FAILURE = "apache-partial-delete-423.pcapng"
LOCK = "apache-lock-collection-conflict.pcapng"
SEEN_IN = {
    "multistatus": FAILURE,
    "multistatus.http_status": FAILURE,
    "multistatus.method": FAILURE,
    "multistatus.uri": FAILURE,
    "multistatus.report": REPORT,
    "multistatus.request_in": FAILURE,
    "multistatus.time": FAILURE,
    "multistatus.verdict": FAILURE,
    "multistatus.resources": FAILURE,
    "multistatus.failed": FAILURE,
    "multistatus.collateral": LOCK,
    "multistatus.response": FAILURE,
    "multistatus.href": FAILURE,
    "multistatus.status": FAILURE,
    "multistatus.status_line": FAILURE,
    "multistatus.outcome": FAILURE,
    "multistatus.cause": LOCK,
    "multistatus.caused": LOCK,
    "multistatus.propstat": LOCK,
    "multistatus.property": LOCK,
    "multistatus.property.value": LOCK,
    "multistatus.condition": "lighttpd-proppatch-propfind.pcapng",
    "multistatus.description": LOCK,
    "multistatus.location": LOCK,
    "multistatus.sync_token": REPORT,
    "multistatus.hint": FAILURE,
    "multistatus.hint.source": FAILURE,
    "multistatus.exchange": FAILURE,
    "multistatus.ok": "apache-h2c-interleaved.pcapng",
    "multistatus.resource_failed": FAILURE,
    "multistatus.resource_noted": "graphql-jsonrpc-batches.pcapng",
    "multistatus.lock_in": LOCK,
    "multistatus.client": FAILURE,
    "multistatus.client.product": FAILURE,
    "multistatus.client.http": FAILURE,
    "multistatus.server": FAILURE,
    "multistatus.server.product": FAILURE,
    "multistatus.server.http": FAILURE,
    "multistatus.server.dav": "apache-litmus-http11.pcapng",
    "multistatus.server.allow": "apache-litmus-http11.pcapng",
}
# No server that was recorded sends it; the decoder's own tests have it.
IN_NO_CAPTURE = {"multistatus.location"}


def arguments(path):
    return ("-r", path, *COMMAND_PREFERENCES, *key_preferences(path))


def shown(records):
    """The exchanges that Wireshark shows at all: of a response that never completed it shows
    nothing, and the command reports it nevertheless."""
    return [record for record in records if record["complete"]]


@pytest.fixture(scope="session")
def all_fields(tshark):
    """Ours, those of the request side included."""
    names = [line.split("\t")[2] for line in tshark("-G", "fields").lines if line[:2] in ("F\t", "P\t")]
    return tuple(name for name in names if name.partition(".")[0] in OURS)


OURS = ("multistatus", "multistatus_request")
OF_HTTP = ("frame.number", "frame.len", "frame.cap_len", "http.response.code", "http.content_type",
           "http2.headers.status", "xml.tag", "xml.cdata", "http.file_data")
COLUMNS = ("frame.number", "_ws.col.Info", "_ws.col.Protocol")


def rows_of(run, path, shown_frames, *fields):
    """The values of fields, frame by frame: what tshark leaves out is an empty list."""
    result = run(*arguments(path), "-Y", shown_frames, "-T", "json",
                 *(option for name in fields for option in ("-e", name)))
    # Of a capture that is cut short, versions of tshark leave with different statuses.
    assert result.status == 0 or "cut short" in result.stderr, result.stderr
    return [collections.defaultdict(list, packet["_source"]["layers"])
            for packet in json.loads(result.text)]


@functools.lru_cache(maxsize=2)
def one_pass(tshark, path, all_fields):
    """Every field of ours, wherever there is one, and HTTP: one run for all who ask about a capture."""
    return rows_of(tshark, path, " || ".join((*all_fields, "http", "http2")),
                   *dict.fromkeys((*COLUMNS, *OF_HTTP, *all_fields)))


@functools.lru_cache(maxsize=2)
def stock_pass(stock_tshark, path):
    return rows_of(stock_tshark, path, "http || http2", *OF_HTTP)


@pytest.fixture
def rows(here, tshark, all_fields):
    return one_pass(tshark, here, all_fields)


@pytest.fixture
def stock_rows(here, stock_tshark):
    return stock_pass(stock_tshark, here)


def frame_of(row):
    return int(row["frame.number"][0])


def test_tshark_and_command_name_the_same_frames(rows, records, all_fields):
    """And no field of ours is anywhere else."""
    for row in rows:
        for field in all_fields:
            assert not row[field] or row[field.partition(".")[0]], (frame_of(row), field)
    found = {frame_of(row) for row in rows if row["multistatus"]}
    assert {record["frame"] for record in shown(records)} <= found
    assert found <= {record["frame"] for record in records}


def test_tshark_and_command_name_the_same_failures(rows, records):
    assert [frame_of(row) for row in rows if "failed" in row["multistatus.outcome"]] == sorted({
        record["frame"] for record in shown(records)
        if any(response["outcome"] == "failed" for response in record["responses"])})


def test_every_207_of_stock_tshark_is_an_exchange(stock_rows, records):
    http1 = http2 = 0
    for row in stock_rows:
        # Of a packet that the snap length cut, tshark shows the status and does not have the body.
        http1 += row["http.response.code"].count("207") if row["frame.len"] == row["frame.cap_len"] else 0
        # Over HTTP/2 it shows the headers, whether or not the body follows.
        http2 += row["http2.headers.status"].count("207")
    # Of HTTP/3, each version shows something else.
    found = [record for record in records if record["http_status"] == 207 and record["h3_stream"] is None]
    assert http1 == sum(record["h2_stream"] is None and
                        (record["complete"] or "cannot be undone" in record["missing"])
                        for record in found)
    assert http2 == sum(record["h2_stream"] is not None for record in found)


FIELD_OF_KEY = {
    "http_status": "http_status", "method": "method", "uri": "uri", "report": "report",
    "verdict": "verdict", "resources": "resources", "failed": "failed",
    "collateral": "collateral", "request_frame": "request_in", "sync_token": "sync_token",
}


def test_fields_agree_with_the_records(rows, records):
    """The values of the fields, frame by frame, are those of the records."""
    names = [f"multistatus.{name}" for name in (*FIELD_OF_KEY.values(), "href", "outcome")]
    expected = collections.defaultdict(lambda: collections.defaultdict(list))
    for record in records:
        row = expected[record["frame"]]
        for key, name in FIELD_OF_KEY.items():
            if record[key] is not None:
                row[f"multistatus.{name}"].append(str(record[key]))
        for response in in_tree_order(record["responses"], lambda of: of["outcome"]):
            row["multistatus.href"] += response["hrefs"]
            row["multistatus.outcome"].append(response["outcome"])
    for row in rows:
        if row["multistatus"]:
            frame = frame_of(row)
            assert {name: row[name] for name in names} == \
                {name: expected[frame][name] for name in names}, f"frame {frame}"


def test_documented_fields_are_registered(all_fields):
    assert set(SEEN_IN) <= set(all_fields)


def test_two_passes_give_what_one_pass_gives(here, tshark, all_fields, rows, records):
    """And, beside that, what never completed: where it began, which one pass cannot know."""
    fields = (*COLUMNS, *(name for name in all_fields if name.startswith("multistatus.")))
    once = [{name: row[name] for name in fields} for row in rows if row["multistatus"]]
    twice = [{name: row[name] for name in fields} for row in
             rows_of(functools.partial(tshark, "-2"), here, "multistatus", *fields)]
    unfinished = {record["frame"] for record in records if not record["complete"]}
    more = [row for row in twice if row not in once]
    assert [row for row in twice if row in once] == once
    assert {frame_of(row) for row in more} <= unfinished


@pytest.fixture(scope="session")
def together(world):
    """All captures as a few, for what is asked of each frame alone."""
    keys = "".join(path.read_text() for path in sorted(world.captures.glob("*.keylog")))
    made = []
    for number, group in enumerate(without_repetition(world, [world.captures / path.name
                                                              for path in capture_paths()])):
        made.append(merge(world, f"together-{number}", group)[0])
        keylog = made[-1].with_suffix(".keylog")
        keylog.write_text(keys)
        keylog.chmod(0o644)
    return made


def test_every_field_of_many_captures_in_both_passes(together, tshark, all_fields):
    """The frames are the same ones, and those of what never completed."""
    seen = 0
    for path in together:
        once, twice = ({frame_of(row) for row in rows_of(functools.partial(tshark, *passes), path,
                                                         " || ".join(all_fields), "frame.number", *all_fields)}
                       for passes in ((), ("-2",)))
        assert once <= twice
        seen += len(once)
    assert seen > 250


@pytest.mark.parametrize("field, name", SEEN_IN.items())
def test_every_field_can_be_filtered_for(field, name, world, tshark):
    path = world.captures / name
    result = tshark(*arguments(path), "-Y", field, "-T", "fields", "-e", "frame.number")
    hits = {int(line) for line in result.lines}
    assert hits or field in IN_NO_CAPTURE, f"{name} does not show {field}"
    assert hits <= {record["frame"] for record in scan(path.name, "-T", "ndjson").exchanges}


# -------------------------------------------------------------------------------- positions ----

# <p:name ...>content</p:name>, with any prefix, or <p:name .../>
ELEMENT = re.compile(rb"\A<(?:[^<>/\s:]+:)?([^<>/\s:]+)(?:\s[^<>]*)?(?:/>|>(.*)</(?:[^<>\s:]+:)?"
                     rb"\1\s*>)\Z", re.DOTALL)
RESPONSE = re.compile(rb"<(?:[^<>/\s:]+:)?(?:response|mkcol-response|mkcalendar-response)[\s>]")


def says(marked, element, shown_text):
    """Are the marked bytes this element (or its text alone), with the text that the node shows?"""
    match = ELEMENT.match(marked)
    if match:
        if match.group(1).decode() != element:
            return False
        marked = match.group(2) or b""
    try:
        read = ElementTree.fromstring(b"<x>" + marked + b"</x>")
    except ElementTree.ParseError:
        return False
    return "".join(read.itertext()).strip(" \t\r\n") == shown_text.strip(" \t\r\n")


def is_propstat(marked, _):
    match = ELEMENT.match(marked)
    return match is not None and match.group(1) == b"propstat"


# For each field: do these marked bytes belong to a node with this value?
MARKS = {
    "multistatus.href": lambda marked, value: says(marked, "href", value),
    "multistatus.status_line": lambda marked, value: says(marked, "status", value),
    "multistatus.description": lambda marked, value: says(marked, "responsedescription", value),
    "multistatus.sync_token": lambda marked, value: says(marked, "sync-token", value),
    "multistatus.status":
        lambda marked, value: re.search(rb"(?<!\d)0*%d(?!\d)" % int(value), marked),
    "multistatus.response": lambda marked, _: RESPONSE.match(marked),
    "multistatus.propstat": is_propstat,
}


def says_json(marked, shown_text):
    """Is this JSON value, or the name before it, what the node shows?"""
    value = json.loads(marked)
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    shown = marked.decode() if not isinstance(value, str) else value
    return shown_text in (shown, value) or shown_text.endswith(f": {shown}")


JSON_MARKS = {
    "multistatus.href": lambda marked, value: value.startswith("#") or says_json(marked, value),
    "multistatus.status_line":
        lambda marked, value: marked[:1] in (b"{", b"[") or says_json(marked, value),
    "multistatus.description": says_json,
    "multistatus.status": MARKS["multistatus.status"],
    "multistatus.response": lambda marked, _: json.loads(marked) is not None,
}

# A name from the request ("GET Products(1)") marks what the answer has for it, or the row.
OF_REQUEST = re.compile(r"[A-Z]+ \S")

# One part is XML, the next JSON, the third a header; a row is whatever its part is.
MULTIPART_MARKS = {
    field: lambda marked, value, field=field:
        marked.decode() == value or value.startswith("#") or OF_REQUEST.match(value) or MARKS[field](marked, value) or
        says(marked, "Message", value) or
        says_json(marked, value)
    for field in ("multistatus.href", "multistatus.status_line", "multistatus.description")
}
MULTIPART_MARKS["multistatus.status"] = MARKS["multistatus.status"]
MULTIPART_MARKS["multistatus.response"] = lambda marked, _: marked
MARKS_OF = {"xml": MARKS, "json": JSON_MARKS, "multipart": MULTIPART_MARKS}


def is_in_batch(marked, value):
    """A name may be put together ("logs/7"), and a place ("Records[3]") or the Request-URI marks
    the row; where being there says how it went, the marked bytes are what is there."""
    if OF_REQUEST.match(value):
        return marked[:1] in (b'"', b"{")
    if "=" in value and marked.startswith(b"{"):                     # "boats/id=7"
        return all(part.partition("=")[2] in marked.decode() for part in value.split(","))
    if (re.search(r"\[\d+\]\Z", value) or value.startswith("/")) and marked[:1] != b"[":
        return marked[:1] in (b"{", b"<") or value.endswith(f"[{marked.decode()}]")
    if marked.startswith(b"[") and value not in ("ok", "error"):     # the path of GraphQL
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}"
                       for step in json.loads(marked))
        return f".{value}".endswith(path)
    if value in ("ok", "error") or (value.isalpha() and marked[:1] == b"{"):
        return json.loads(marked) is not None
    if marked.startswith(b"<") and not marked.endswith(b">"):       # a tag, up to its end
        return marked.endswith(b'="' + value.encode() + b'"')
    counted = re.search(r" \((\d+)\)\Z", value)                        # "partialSuccess (3)"
    if counted:
        return counted[1] in map(str, json.loads(marked).values())
    value = value.partition("?versionId=")[0]
    element = ELEMENT.match(marked)
    if element:
        name = element.group(1).decode()
        return name == value or says(marked, name, value)
    said = marked.decode()
    text = json.loads(said) if said.startswith('"') else said
    return value.endswith(text) or (text[:1] == "{" and value in str(json.loads(text)))


# A batch that is no 207: other names, and values that are put together.
BATCH_MARKS = {
    field: is_in_batch
    for field in ("multistatus.href", "multistatus.status_line", "multistatus.description")
}
BATCH_MARKS["multistatus.status"] = MARKS["multistatus.status"]
BATCH_MARKS["multistatus.response"] = lambda marked, _: marked[:1] in (b"{", b"<")


def marks_of(body):
    kind = next(body.find("multistatus.kind"), "dav")
    of_format = next(body.find("multistatus.format"), "xml")
    return BATCH_MARKS if "-" in kind and of_format != "multipart" else MARKS_OF[of_format]


def in_utf8(marked):
    """The same in UTF-8, whichever of the encodings of the captures it is in."""
    for encoding in ("utf-16-le",) if marked[1:2] == b"\0" else ("utf-8", "iso-8859-1"):
        try:
            return marked.decode(encoding).encode()
        except UnicodeDecodeError:
            pass
    return marked


def named_nodes(tree):
    """Every node below: (field, bytes, position, value). tshark puts the bytes before the node,
    under the field's name with "_raw"."""
    raw = {}
    for name, value in tree:
        if name.endswith("_raw"):
            raw[name[:-4]] = value
        else:
            if name in MARKS:
                data, position, length, *_ = raw.pop(name, ("", -1, -1))
                yield name, bytes.fromhex(data), position, length, value
            if isinstance(value, independent.Pairs):
                yield from named_nodes(value)


def test_marked_bytes_are_those_of_the_element(here, tshark, records):
    """A click on a node marks its own bytes, in whatever the body was put together from."""
    result = tshark(*arguments(here), "-Y", "multistatus", "-T", "json", "-x",
                    "-J", "frame multistatus")
    wrong = []
    checked = collections.Counter()
    broken = {record["frame"] for record in records if record["verdict"] == "malformed"}
    for packet in json.loads(result.text, object_pairs_hook=independent.Pairs):
        layers = next(packet.find("layers"))
        frame = int(next(layers.find("frame.number")))
        for (data, start, *_), body in zip(layers.find("multistatus_raw"),
                                           layers.find("multistatus")):
            whole = bytes.fromhex(data)
            marks = marks_of(body)
            for field, marked, position, length, value in named_nodes(body):
                checked[field] += 1
                there = whole[position - start:position - start + length]
                # What the request asked for and the answer does not mention marks all of it.
                of_request = marked == whole.strip() and marks is BATCH_MARKS
                if not marked or marked != there or \
                        not (frame in broken or of_request or marks[field](in_utf8(marked), value)):
                    wrong.append(f"frame {frame}: {field} {str(value)[:60]!r} marks "
                                 f"{marked[:120]!r} at {position}")
    assert not wrong, "\n".join(wrong[:20])
    expected = [response for record in shown(records) for response in record["responses"]]
    assert checked["multistatus.response"] >= len(expected)
    assert checked["multistatus.href"] >= sum(len(response["hrefs"]) for response in expected)


@pytest.mark.parametrize("name", [FAILURE, LOCK, "sll2-apache-delete.pcap"])
def test_positions_in_pdml(name, world, tshark):
    """In a body that is neither compressed nor reassembled positions count from the frame's first
    byte, and the marked bytes are the frame's."""
    here = world.captures / name
    plain = ("-Y", "multistatus && !tcp.segments && !http.content_encoding && "
             "!http.transfer_encoding && !http2 && !tls")
    result = tshark(*arguments(here), *plain, "-T", "json", "-x", "-J", "frame")
    frames = [bytes.fromhex(packet["_source"]["layers"]["frame_raw"][0])
              for packet in json.loads(result.text)]
    result = tshark(*arguments(here), *plain, "-T", "pdml")
    packets = ElementTree.fromstring(result.stdout).findall("packet")
    assert packets and len(packets) == len(frames)
    for packet, data in zip(packets, frames):
        for node in packet.iter("field"):
            if node.get("name") in MARKS:
                start, size = int(node.get("pos")), int(node.get("size"))
                assert size > 0 and start + size <= len(data)
                if node.get("value"):
                    assert data[start:start + size] == bytes.fromhex(node.get("value"))


# ------------------------------------------------------------------------- other people's view ----

@pytest.fixture(scope="session")
def bug_field(tshark):
    """Where a fault of a dissector shows; its name depends on the version of Wireshark."""
    names = {line.split("\t")[2] for line in tshark("-G", "fields").lines
             if line[:2] in ("F\t", "P\t")}
    return next(name for name in ("_ws.dissector_bug", "_ws.malformed.dissector_bug")
                if name in names)


def test_json_output_with_default_preferences(together, tshark, bug_field):
    """Out-of-order segments stay in disorder there, and nothing worse may come of it."""
    seen = 0
    for path in together:
        result = tshark("-r", path, *key_preferences(path), "-T", "json", "--no-duplicate-keys",
                        "-Y", f"multistatus || {bug_field}")
        assert "not a valid" not in result.stderr, result.stderr
        packets = json.loads(result.text)
        assert all("multistatus" in packet["_source"]["layers"] for packet in packets)
        assert "Dissector bug" not in result.text
        # Wireshark 4.6 warns of the key exchange of an SSH connection that is beside ours.
        warned = [line for line in result.stderr.splitlines() if "[packet-ssh WARNING]" not in line]
        assert not [line for line in warned if "Dissector bug" in line or "** " in line]
        seen += len(packets)
    assert seen > 250


def test_the_xml_tree_is_still_there(rows, stock_rows):
    def of_http(row):
        return {name: row[name] for name in OF_HTTP if name != "http.content_type"}

    def is_compared(row):   # a Multi-Status without Content-Type is XML only to us
        return "207" not in row["http.response.code"] or row["http.content_type"]
    with_us = {frame_of(row): of_http(row) for row in rows}
    for row in filter(is_compared, stock_rows):
        assert with_us.get(frame_of(row)) == of_http(row)


def test_disabled_protocol_leaves_no_trace(together, tshark, stock_tshark):
    for path in together:
        asked = (*arguments(path), "-V")
        stock = without_addresses(stock_tshark(*asked).stdout)
        assert b"\nHypertext Transfer Protocol" in stock
        # No comparison by assert: pytest would look for all that differs in 70 MB.
        same = without_addresses(tshark(*asked, "--disable-protocol", "multistatus").stdout) == stock
        assert same, path


# ---------------------------------------------------------------------------------- the tree ----

def tree_lines(tshark, path, *more):
    """The lines of our protocol, with their depth, frame by frame."""
    text = tshark(*arguments(path), *more, "-Y", "multistatus", "-O", "multistatus").text
    for frame in text.split("\nFrame "):
        lines = frame.split("\n")
        start = next(n for n, line in enumerate(lines) if line.startswith("Multi-Status"))
        end = next((n for n in range(start + 1, len(lines)) if not lines[n].startswith(" ")), len(lines))
        yield [((len(line) - len(line.lstrip())) // 4, line.strip()) for line in lines[start:end]]


def test_the_verdict_and_what_failed_come_first(tshark, world):
    path = world.captures / LOCK
    seen = 0
    for lines in tree_lines(tshark, path):
        top = [text for depth, text in lines if depth == 1]
        assert top[0].startswith("[Verdict: ")
        assert top[-1].startswith("[Exchange: ") and top[-1].endswith(", HTTP 207]")
        failed = [n for n, text in enumerate(top) if text.endswith(", failed") or ", failed (" in text]
        others = [n for n, text in enumerate(top) if text.endswith((", ok", ", collateral"))]
        assert failed == list(range(1, 1 + len(failed)))
        assert not others or not failed or others[0] > failed[-1]
        seen += len(failed)
    assert seen == sum(response["outcome"] == "failed" for record in scan(LOCK, "-T", "ndjson").exchanges
                       for response in record["responses"])


def test_each_failed_resource_is_marked(tshark, world):
    lines = [text for lines in tree_lines(tshark, world.captures / FAILURE) for text in lines]
    for at, (depth, text) in enumerate(lines):
        if depth == 1 and text.endswith(", failed"):
            assert lines[at + 1] == (2, f"[Expert Info (Warning/Response): {text}]")


def test_many_that_are_ok_are_folded(tshark, world):
    """And a few are not."""
    for name, folded in (("apache-h2c-interleaved.pcapng", True), (FAILURE, False)):
        all_lines = list(tree_lines(tshark, world.captures / name))
        assert any((1, "121 resources ok") in lines for lines in all_lines) == folded
    few = next(tree_lines(tshark, world.captures / "apache-h2c-prior-knowledge.pcapng"))
    assert sum(depth == 1 and text.endswith(", ok") for depth, text in few) == 8


def test_a_limit_leaves_failed_resources(tshark, world):
    lines = next(tree_lines(tshark, world.captures / LOCK, "-o", "multistatus.max_resources:1"))
    resources = [text for depth, text in lines if depth == 1 and text.startswith("/")]
    assert len(resources) == 1 and ", failed" in resources[0]


def test_hints_are_short_lines_with_their_source(tshark, world):
    lines = [text for lines in tree_lines(tshark, world.captures / FAILURE) for text in lines]
    hints = [at for at, (_, text) in enumerate(lines) if text.startswith("[Hint: ")]
    assert hints and all(len(text) <= 120 for _, text in lines)
    whole = rows_of(tshark, world.captures / FAILURE, "multistatus.hint", "multistatus.hint")
    values = [value for row in whole for value in row["multistatus.hint"]]
    assert len(values) == len(hints)
    for at, value in zip(hints, values):
        depth = lines[at][0]
        below = []
        for of, text in lines[at + 1:]:
            if of <= depth:
                break
            below.append(text.strip("[]"))
        source = [text for text in below if text.startswith("Source: ")]
        words = " ".join([lines[at][1][len("[Hint: "):-1],
                          *(text for text in below if text not in source)])
        assert value == words + "".join(f" ({text[len('Source: '):]})" for text in source)


@pytest.mark.parametrize("name, says", [
    (FAILURE, "424 Failed Dependency [DELETE /dav/del/: 2 of 2 failed (423 Locked)]"),
    ("apache-permission-denied-children.pcapng", "207 Multi-Status [DELETE /dav/perm/: 6 failed (403 "
                                                 "Forbidden); only failures are listed]"),
    # HTTP's own status is in the frame of the header.
    ("apache-h2c-prior-knowledge.pcapng", "DATA[1] [207 PROPFIND /dav/enc/: 8 resources, all ok]"),
])
def test_info_column(tshark, world, name, says):
    first = tshark(*arguments(world.captures / name), "-Y", "multistatus").lines[0]
    assert first.endswith(says)


def test_pipelined_requests_are_paired(world, tshark):
    """Stock tshark gives most of these responses no request."""
    path = world.captures / "apache-pipelined.pcapng"
    result = tshark(*arguments(path), "-Y", "multistatus", "-T", "json",
                    "-e", "multistatus.request_in", "-e", "multistatus.method",
                    "-e", "multistatus.uri")
    rows = [packet["_source"]["layers"] for packet in json.loads(result.text)]
    methods = [method for row in rows for method in row["multistatus.method"]]
    assert methods == [record["method"] for record in
                       scan(path.name, "-T", "ndjson").exchanges]
    assert {frame for row in rows for frame in row["multistatus.request_in"]} == {"4"}
