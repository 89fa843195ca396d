"""What the wire says is never printed as our own words: hostile text through every place where TShark
prints what the plugin shows, and through every format of the command (docs/security.md).

Texts are exact where a program reads them (fields, records), and visible, in one line and bounded
where a person does.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import re
import unicodedata
import xml.etree.ElementTree as ElementTree

import pytest
import traffic
import wire

from conftest import FORMATS, TEXTS, run_tshark

# A line of its own that looks like one of ours; what clears a terminal; what turns text around,
# ends a line or cannot be seen.
FORGED = "FORGED: 423 Locked, failed"
CONTROLS = ("\x01\x1b[2J\x7f\x85\x9b31m\u202a\u202e\u2066\u2069\u200e\u200f\u2028\u2029\u200b\u2060"
            "\ufeff\u00ad\U000e0041")
XML_CONTROLS = CONTROLS[6:].replace("\x1b", "")     # what XML 1.0 allows
HEADER = "h" + CONTROLS.replace("\ufeff", "") + "h"
BROKEN = b"b\xff\xc3(\xed\xa0\x80\xf4\x90\x80\x80b"
MEGABYTE = 1000000


def entities(text):
    """As character references: line ends survive an attribute, too."""
    return "".join(f"&#{ord(c)};" for c in text)


TEXT = f"x{entities(XML_CONTROLS)}&#13;&#10;{FORGED}&#10;    {FORGED}&#9;y"
NAMESPACE = f"urn:x{entities(XML_CONTROLS)}&#10;{FORGED}"
# Decoded for people.
PATH = "/c/" + "%1b%5b2J%0a" + FORGED.replace(" ", "%20") + "%e2%80%ae%c2%9b%e2%80%a8%ff%00" + "/end"


def body_of_response(text=TEXT, path=PATH):
    return (f'<?xml version="1.0"?>\n<D:multistatus xmlns:D="DAV:" xmlns:e="{NAMESPACE}">'
            f"<D:response><D:href>{path}</D:href><D:status>{text}</D:status></D:response>"
            f"<D:response><D:href>{text}</D:href><D:href>/2{text}</D:href>"
            f"<D:status>HTTP/1.1 423 {text}</D:status><D:error><e:condition>{text}</e:condition>"
            f"</D:error><D:responsedescription>{text}</D:responsedescription>"
            f"<D:location><D:href>{text}</D:href></D:location></D:response>"
            f"<D:response><D:href>/c/p</D:href><D:propstat><D:prop><e:p>{text}</e:p>"
            f"<e:q><e:r>{text}</e:r>{text}</e:q></D:prop><D:status>HTTP/1.1 424 Failed</D:status>"
            f"<D:error><e:no/></D:error></D:propstat><D:propstat><D:prop><e:s>{text}</e:s></D:prop>"
            f"<D:status>HTTP/1.1 403 {text}</D:status><D:responsedescription>{text}"
            f"</D:responsedescription></D:propstat></D:response>"
            f"<D:responsedescription>{text}</D:responsedescription>"
            f"<D:sync-token>{text}</D:sync-token></D:multistatus>")


def body_of_request():
    return (f'<D:propfind xmlns:D="DAV:" xmlns:e="{NAMESPACE}"><D:prop><e:p/><D:getetag/></D:prop>'
            f"</D:propfind>")


HEADERS = {"Host": HEADER, "User-Agent": HEADER, "Depth": HEADER, "Destination": HEADER, "If": HEADER,
           "Prefer": HEADER, "Timeout": HEADER, "Overwrite": HEADER, "Brief": HEADER, "DAV": HEADER,
           "Lock-Token": HEADER}
ANSWERS = {"Server": HEADER, "DAV": HEADER, "Allow": HEADER}


def exchanges():
    raw = "/c/" + CONTROLS.replace("\x01", "") + PATH + "?" + HEADER
    request = traffic.request("PROPFIND", raw, HEADERS, body_of_request())
    yield request, traffic.response(207, body_of_response(), ANSWERS)
    yield request.replace(b"User-Agent: h", b"User-Agent: " + BROKEN), \
        traffic.response(207, body_of_response(), ANSWERS).replace(b"Server: h", b"Server: " + BROKEN)
    yield traffic.request("OPTIONS", raw, HEADERS), traffic.response(200, b"", ANSWERS)
    yield traffic.request("LOCK", "/c/l", {"Timeout": HEADER}, (
        '<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/>'
        f"</D:locktype><D:owner>{TEXT}</D:owner></D:lockinfo>")), traffic.response(200, (
            '<D:prop xmlns:D="DAV:"><D:lockdiscovery><D:activelock><D:locktype><D:write/></D:locktype>'
            f"<D:lockscope><D:exclusive/></D:lockscope><D:depth>0</D:depth><D:owner>{TEXT}</D:owner>"
            "<D:locktoken><D:href>urn:t</D:href></D:locktoken><D:lockroot><D:href>/c/l</D:href>"
            "</D:lockroot></D:activelock></D:lockdiscovery></D:prop>"), {"Lock-Token": "<urn:t>"})
    yield traffic.request("DELETE", "/c/"), traffic.multistatus(
        traffic.row("/c/l", 423) + traffic.row(f"/c/{TEXT}", 424))
    yield traffic.request("REPORT", raw, {"Depth": "1"}, f'<e:r xmlns:e="{NAMESPACE}"/>'), \
        traffic.multistatus(traffic.row(PATH, 404))
    rows = [{"id": HEADER + "\n" + FORGED, "status": 423, "error": HEADER + "\n" + FORGED},
            {"id": "n\0" + FORGED, "status": HEADER + "\n" + FORGED}]
    yield traffic.request("POST", "/batch"), traffic.response(
        207, json.dumps(rows), {"Content-Type": "application/json"})
    yield traffic.request("PROPFIND", "/coded"), traffic.response(
        207, b"??", {"Content-Encoding": "x" + CONTROLS.replace("\ufeff", "")})
    yield traffic.request("PROPFIND", "/odd"), traffic.response(
        207, body_of_response()[:-30], {"Content-Type": "text/" + HEADER})
    yield traffic.request("PROPFIND", "/names"), traffic.multistatus(
        f'<e:wrong xmlns:e="{NAMESPACE}">{TEXT}</e:wrong>' + traffic.row("/ok", 200))


def bytes_of(message):
    """Of the header, too: our helpers write text."""
    return message if isinstance(message, bytes) else message.encode("utf-8", "surrogateescape")


@pytest.fixture(scope="session")
def hostile(world):
    """HTTP/1 and HTTP/2, in a capture whose own name is hostile."""
    talk = wire.Talk()
    for request, response in exchanges():
        talk.client(bytes_of(request)).server(bytes_of(response))
    more = wire.Talk(client=1)
    fields = {name.lower().encode(): HEADER[:40].encode() for name in HEADERS if name != "Host"}
    more.client(wire.h2_request(b"M" + HEADER[:30].encode(), b"/h2/" + BROKEN) +
                wire.h2_frame(wire.H2_HEADERS, wire.H2_END_STREAM | wire.H2_END_HEADERS, 3,
                              wire.h2_fields({b":method": b"PROPFIND", b":path": b"/" + PATH.encode(),
                                              b":scheme": b"http", b":authority": HEADER[:40].encode(),
                                              **fields})))
    more.server(wire.h2_response(body_of_response().encode(), server=HEADER[:40].encode()))
    more.server(wire.h2_answer(3) + wire.h2_frame(wire.H2_DATA, wire.H2_END_STREAM, 3,
                                                  body_of_response().encode()))
    return wire.save(world, f"\x1b[2J\n{FORGED}\u202e", talk.packets + more.packets)


# ------------------------------------------------------------------------------ what is safe ----

def is_unsafe(c):
    return unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")


def assert_safe(text, allowed="\n"):
    """Nothing that a terminal obeys or an eye misses, and no line that the wire began."""
    bad = sorted({f"U+{ord(c):04X}" for c in text if c not in allowed and is_unsafe(c)})
    assert not bad, bad
    assert not [line for line in text.split("\n") if re.match(r"\W*FORGED", line)]


def shown(tshark, path, *arguments):
    result = tshark("-r", path, "-n", *arguments)
    assert result.status == 0 and "issector bug" not in result.stderr, result.stderr
    return result.stdout.decode("utf-8")


OURS = ("-O", "multistatus,multistatus_request")
FRAMES = "multistatus or multistatus_request"
FIELDS = ("method", "uri", "report", "href", "status_line", "property", "property.value", "condition",
          "description", "location", "sync_token", "server", "server.product", "client.product",
          "server.dav", "server.allow", "hint", "cause")


# -------------------------------------------------------------------------------- in tshark ----

@pytest.mark.parametrize("passes", [(), ("-2",)])
def test_the_tree(tshark, hostile, passes):
    text = shown(tshark, hostile, *passes, *OURS, "-Y", FRAMES)
    assert_safe(text)
    for visible in ("\\n" + FORGED, "\\u202e", "\\u009b", "\\x1b", "\\u2028", "\\U000e0041"):
        assert visible in text
    assert len(re.findall("^(?:Multi-Status|WebDAV Request)", text, re.M)) > 15
    assert text.count("[Expert Info (") > 10


def test_labels_fit(tshark, hostile):
    """Wireshark itself has to cut nothing."""
    text = shown(tshark, hostile, *OURS, "-Y", FRAMES)
    assert "[truncated]" not in text and "[…]" not in text
    assert " bytes)" in text


def test_the_packet_list(tshark, hostile):
    text = shown(tshark, hostile, "-Y", 'multistatus and not http.content_type contains "text/h"',
                 "-T", "fields", "-e", "_ws.col.Info")
    assert_safe(text)           # the media type that is left out is HTTP's own words
    assert text.count("[") >= 5


@pytest.mark.parametrize("statistic", ["multistatus,tree", "multistatus,resources", "expert"])
def test_statistics(tshark, hostile, statistic):
    text = shown(tshark, hostile, "-q", "-z", statistic)
    if statistic == "expert":       # what other protocols say there is theirs
        text = "\n".join(line for line in text.splitlines()
                         if "Multi-Status" in line or "WebDAV" in line or "FORGED" in line)
        assert text.count("\n") > 10
    assert_safe(text)
    assert "\\n" + FORGED in text or statistic == "expert"


def test_expert_messages_as_fields(tshark, hostile):
    text = shown(tshark, hostile, "-Y", "multistatus", "-T", "fields", "-e", "_ws.expert.message")
    assert_safe(text.replace("\t", ""))
    assert FORGED in text


def test_pdml(tshark, hostile):
    text = shown(tshark, hostile, "-Y", FRAMES, "-T", "pdml", "-J",
                 "multistatus multistatus_request")
    names = [node.get("showname") or "" for proto in ElementTree.fromstring(text).iter("proto")
             if (proto.get("name") or "").startswith("multistatus") for node in proto.iter()]
    assert len(names) > 300
    assert_safe("\n".join(names))


def test_text_and_json(tshark, hostile):
    text = shown(tshark, hostile, "-Y", FRAMES, "-T", "json", "-J",
                 "multistatus multistatus_request")
    assert not [c for c in text if c < " " and c != "\n"]
    layers = [packet["_source"]["layers"] for packet in json.loads(text)]
    assert len(layers) > 10
    assert not [line for line in text.split("\n") if re.match(r"\W*FORGED", line)]


def test_fields_are_exact(tshark, hostile):
    """Filters match what was sent, and it is printed like HTTP's own fields."""
    sent = re.sub("&#([0-9]+);", lambda number: chr(int(number[1])), TEXT)
    records = json.loads(shown(tshark, hostile, "-Y", "multistatus.sync_token", "-T", "json", "-e",
                               "multistatus.sync_token", "-e", "multistatus.property.value"))
    assert len(records) >= 4
    for record in records:
        layers = record["_source"]["layers"]
        assert layers["multistatus.sync_token"] == [sent.strip()]
        assert sent in layers["multistatus.property.value"]
    both = shown(tshark, hostile, "-Y", "http.user_agent and multistatus", "-T", "fields", "-E",
                 "separator=|", "-e", "http.user_agent", "-e", "multistatus.client.product")
    for line in both.splitlines():
        assert len(set(line.split("|"))) == 1
    raw = shown(tshark, hostile, "-Y", FRAMES, "-T", "fields",
                *(part for field in FIELDS for part in ("-e", f"multistatus.{field}")))
    assert not [line for line in raw.split("\n") if re.match(r"\W*FORGED", line)]


def test_exported_objects(world, hostile):
    folder = world.folder / "hostile-objects"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o777)
    result = run_tshark(world, "-q", "-r", hostile, "--export-objects", f"multistatus,{folder}",
                        plugin=True)
    assert result.status == 0
    names = os.listdir(folder)
    assert len(names) >= 8
    assert_safe("".join(names), allowed="")
    assert all(len(name.encode()) < 256 and "/" not in name for name in names)


# -------------------------------------------------------------------------------- long texts ----

def body_of_megabytes():
    text = "a" * MEGABYTE
    return (f'<D:multistatus xmlns:D="DAV:"><D:response><D:href>{text}</D:href><D:propstat><D:prop>'
            f"<D:displayname>{text}</D:displayname></D:prop><D:status>HTTP/1.1 403 Forbidden"
            "</D:status></D:propstat></D:response>"
            f"<D:sync-token>{text}</D:sync-token></D:multistatus>")


@pytest.fixture(scope="session")
def long_texts(world):
    """A megabyte of letters, and much of what is shown as escapes."""
    bodies = [body_of_megabytes(),
              *(body_of_response(letter * 20000, "/c/" + "a" * 3000) for letter in "\u202e\n")]
    return traffic.save(world, "long-texts", [
        traffic.Exchange(traffic.request("PROPFIND", "/c/", {"Depth": "1"}),
                         traffic.response(207, body)) for body in bodies])


def test_long_texts_are_cut_and_say_so(tshark, long_texts):
    more = ("-o", "multistatus.max_body:100000000")
    text = shown(tshark, long_texts, *more, *OURS, "-Y", "multistatus")
    assert_safe(text)
    assert "… (1,000,000 bytes)" in text and "… (3,003 bytes)" in text
    assert len(text) < 200000
    for statistic in ("multistatus,tree", "multistatus,resources", "expert"):
        assert len(shown(tshark, long_texts, *more, "-q", "-z", statistic)) < 200000
    lengths = shown(tshark, long_texts, *more, "-Y", "multistatus", "-T", "fields", "-e",
                    "multistatus.sync_token").splitlines()
    assert len(lengths[0]) == MEGABYTE


def test_calendar_data_is_one_line(world, tshark):
    """And as long as it takes to know it; the field has all of it."""
    data = "BEGIN:VCALENDAR\r\n" + "".join(f"X-{n}:value {n}\r\n" for n in range(150)) + \
        "END:VCALENDAR\r\n"
    path = traffic.save(world, "calendar", [traffic.Exchange(
        traffic.request("REPORT", "/cal/", {"Depth": "1"}), traffic.multistatus(
            "<D:response><D:href>/cal/1.ics</D:href><D:propstat><D:prop><C:calendar-data "
            f'xmlns:C="urn:ietf:params:xml:ns:caldav">{entities(data)}</C:calendar-data></D:prop>'
            "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>"))])
    text = shown(tshark, path, *OURS, "-Y", "multistatus")
    [line] = [line for line in text.splitlines() if "calendar-data: " in line]
    assert "calendar-data: BEGIN:VCALENDAR\\r\\nX-0:value 0\\r\\nX-1:" in line
    assert line.endswith(f"… ({len(data.strip()):,} bytes)") and len(line) < 300
    [value] = json.loads(shown(tshark, path, "-Y", "multistatus", "-T", "json", "-e",
                               "multistatus.property.value"))[0]["_source"]["layers"][
                                   "multistatus.property.value"]
    assert value == data.strip()


# ---------------------------------------------------------------------------- in the command ----

# What stands between lines and cells.
SEPARATORS = {form: "\n\t" if form == "tsv" else "\n" for form in TEXTS}


@pytest.mark.parametrize("kind", TEXTS)
def test_every_format_of_the_command(command, hostile, kind):
    for more in ((), ("--explain",), ("--group-by", "resource,method,host,client,user-agent",
                                      "--group-by", "condition,capture", "--top", "100")):
        result = command("-T", kind, "--color", "never", *more, hostile)
        assert result.status in (0, 2), result.stderr
        text = result.stdout.decode("utf-8")
        assert "FORGED" in text or (kind == "metrics" and "--group-by" not in more)
        assert_safe(text, SEPARATORS[kind])
        assert_safe(result.stderr)


def test_every_format_is_known(command):
    known = command("-T", "nothing")
    assert known.status == 1
    assert set(re.findall(r"[a-z]+", known.stderr)) >= set(FORMATS)


def test_messages_name_hostile_files_safely(command, world, tmp_path):
    """What is missing, what is no capture, and what cannot be written."""
    name = f"\x1b[2J\n{FORGED}\u202e\u2028.pcap"
    (tmp_path / name).write_bytes(b"no capture")
    for arguments in ((tmp_path / name,), (tmp_path / f"missing{name}",),
                      ("-O", tmp_path / name / "x", world.captures / "apache-gzip-deflate.pcapng"),
                      (f"--{FORGED}\x1b\u202e",), ("-T", f"\x1b\n{FORGED}\u202e", "x.pcap"),
                      ("-Y", f"\x1b\n{FORGED}\u202e", "x.pcap"),
                      ("report", tmp_path / name), ("--group-by", f"\x1b\n{FORGED}\u202e", "x")):
        result = command(*arguments)
        assert result.status != 0 and result.stderr
        assert_safe(result.text + result.stderr)
