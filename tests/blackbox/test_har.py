"""HAR files: the exchanges of captures, saved the way that browsers and proxies save them.

The HAR files are made here from what stock tshark shows of a capture, so that what the command says
of both can be compared.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import base64
import datetime
import gzip
import json
import random
import shutil

import independent
import pytest
from conftest import CAPTURES, compressed, scan
from test_goldens import check_exchange

# Unpipelined, without codings and chunks, of which tshark's bytes of a message are the message.
SOURCES = ("json-batches.pcapng", "radicale-calendar-query-multiget.pcapng",
           "aws-batches.pcapng", "documented-batches.pcapng",
           "sabredav-calendar-multiget.pcapng", "lighttpd-permission-denied-children.pcapng",
           "nginx-proppatch-propfind.pcapng")
# What a HAR file does not say, or says otherwise.
OTHER = ("capture", "frame", "request_frame", "client", "server", "community_id", "stream", "time",
         "response_time", "locks")


def seconds_of(epoch):
    """The JSON of tshark has seconds; since 4.6, a date of ISO 8601."""
    return datetime.datetime.fromisoformat(epoch).timestamp() if "T" in epoch else float(epoch)


def read_messages(path, stock_tshark):
    """(frame, seconds, frame of the request or None, message) of every HTTP message."""
    result = stock_tshark("-r", path, "-Y", "http", "-T", "json", "-x", "-J", "frame http")
    for packet in json.loads(result.stdout, object_pairs_hook=independent.Pairs):
        layers = next(packet.find("layers"))
        number = int(next(layers.find("frame.number")))
        seconds = seconds_of(next(layers.find("frame.time_epoch")))
        head = next(packet.find("http_raw"))[0]
        layer = next(value for name, value in layers if name == "http")
        request = next(layer.find("http.request_in"), None)
        body = next(layer.find("http.file_data_raw"), [""])[0]
        header, end, _ = bytes.fromhex(head).partition(b"\r\n\r\n")
        yield (number, seconds, int(request) if request else None,
               header + end + bytes.fromhex(body))


def split(message):
    head, _, body = message.partition(b"\r\n\r\n")
    first, *lines = head.decode("utf-8").split("\r\n")
    headers = [dict(zip(("name", "value"), map(str.strip, line.split(":", 1)))) for line in lines]
    return first.split(" ", 2), headers, body


def timestamp(seconds, zone=datetime.timezone.utc):
    return datetime.datetime.fromtimestamp(seconds, zone).isoformat()


def entry_of(request, response, sent, received, as_base64=False):
    (method, target, version), asked, question = split(request)
    (protocol, status, *phrase), answered, answer = split(response)
    host = next((h["value"] for h in asked if h["name"].lower() == "host"), "example")
    mime = next((h["value"] for h in answered if h["name"].lower() == "content-type"), "")
    content = {"size": len(answer), "mimeType": mime}
    if as_base64:
        content.update(encoding="base64", text=base64.b64encode(answer).decode())
    else:
        content["text"] = answer.decode("utf-8")
    entry = {
        "startedDateTime": timestamp(sent), "time": (received - sent) * 1000,
        "request": {"method": method, "url": f"http://{host}{target}", "httpVersion": version,
                    "headers": asked},
        "response": {"status": int(status), "statusText": phrase[0] if phrase else "",
                     "httpVersion": protocol, "headers": answered, "content": content},
        "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 0},
    }
    if question:
        entry["request"]["postData"] = {"mimeType": "", "text": question.decode("utf-8")}
    return entry


def har_of(entries):
    return {"log": {"version": "1.2", "creator": {"name": "test", "version": "1"},
                    "entries": entries}}


def har_from(path, stock_tshark, **options):
    messages = {number: (seconds, message)
                for number, seconds, _, message in read_messages(path, stock_tshark)}
    return har_of([entry_of(messages[request][1], message, messages[request][0], seconds,
                            **options)
                   for _, seconds, request, message in read_messages(path, stock_tshark)
                   if request])


def one(status=207, body='[{"id":1,"status":200},{"id":2,"status":409}]', **changes):
    """A HAR file of one entry."""
    entry = {"startedDateTime": "2026-11-24T18:00:00.250+01:00", "time": 12.5,
             "request": {"method": "POST", "url": "https://u:p@batch.example:8443/b?x=1#y",
                         "httpVersion": "h2", "headers": []},
             "response": {"status": status, "statusText": "", "httpVersion": "h2",
                          "headers": [{"name": "content-type", "value": "application/json"}],
                          "content": {"size": len(body), "mimeType": "application/json",
                                      "text": body}}}
    entry.update(changes)
    return har_of([entry])


@pytest.fixture
def read(command, tmp_path):
    """read(har, ...) gives what the command says of it; `har` is text, bytes or an object."""
    def run(har, *arguments, name="session.har"):
        if not isinstance(har, bytes):
            har = (har if isinstance(har, str) else json.dumps(har)).encode()
        (tmp_path / name).write_bytes(har)
        return command("-T", "ndjson", *arguments, name, cwd=tmp_path)
    return run


@pytest.mark.parametrize("as_base64", [False, True], ids=["text", "base64"])
@pytest.mark.parametrize("source", SOURCES)
def test_the_same_as_the_capture(source, as_base64, read, stock_tshark):
    har = har_from(CAPTURES / source, stock_tshark, as_base64=as_base64)
    expected = scan(source, "-T", "ndjson").exchanges
    result = read(har)
    assert result.status == 0, result.stderr
    assert result.exchanges and len(result.exchanges) == len(expected)
    for from_har, from_capture in zip(result.exchanges, expected):
        check_exchange({**from_har, "client": "", "server": ""})
        assert {key: value for key, value in from_har.items() if key not in OTHER} == \
            {key: value for key, value in from_capture.items() if key not in OTHER}
        assert abs(from_har["response_time"] - from_capture["response_time"]) < 0.00001
        assert from_har["time"][:21] == from_capture["time"][:21]
    assert result.objects[-1]["frames"] == len(har["log"]["entries"])


def test_fields(read):
    record, = read(one(serverIPAddress="2001:db8::1")).exchanges
    assert record["frame"] == record["request_frame"] == 1
    assert record["time"] == "2026-11-24T17:00:00.262500Z"
    assert record["response_time"] == 0.0125
    assert (record["client"], record["server"]) == (None, "[2001:db8::1]:8443")
    assert (record["protocol"], record["host"]) == ("HTTP/2", "batch.example:8443")
    assert (record["method"], record["uri"]) == ("POST", "/b?x=1")
    assert (record["verdict"], record["format"]) == ("partial", "json")
    assert record["stream"] is None and record["h2_stream"] is None


def test_recognised_by_content(read):
    assert read(one(), name="session.txt").status == 0
    assert read("\ufeff" + json.dumps(one())).exchanges[0]["verdict"] == "partial"
    for other in ({"log": {}}, {"log": {"entries": 1}}, {"entries": []}, []):
        result = read(other)
        assert result.status == 3 and not result.exchanges
        assert "session.har" in result.stderr


def test_root_under_another_status(read):
    body = '<D:multistatus xmlns:D="DAV:"><D:response><D:href>/a</D:href>' \
           '<D:status>HTTP/1.1 423 Locked</D:status></D:response></D:multistatus>'
    record, = read(one(status=424, body=body)).exchanges
    assert record["http_status"] == 424 and record["failed"] == 1
    assert read(one(status=200, body="[]")).exchanges == []


def test_encoding_of_text(read):
    """The text of a HAR file is decoded already, whatever the header says."""
    body = '<?xml version="1.0" encoding="UTF-8"?><D:multistatus xmlns:D="DAV:"><D:response>' \
           '<D:href>/\u00e4</D:href><D:status>HTTP/1.1 200 OK</D:status></D:response>' \
           '</D:multistatus>'
    har = one(body=body)
    har["log"]["entries"][0]["response"]["headers"][0]["value"] = \
        "application/xml; charset=iso-8859-1"
    record, = read(har).exchanges
    assert record["responses"][0]["hrefs"] == ["/\u00e4"]


def test_body_that_was_not_saved(read):
    har = one()
    del har["log"]["entries"][0]["response"]["content"]["text"]
    record, = read(har).exchanges
    assert (record["verdict"], record["complete"]) == ("undecoded", False)
    assert "does not hold the body" in record["missing"]
    har["log"]["entries"][0]["response"]["content"] = {"size": 0}
    record, = read(har).exchanges
    assert (record["verdict"], record["complete"]) == ("undecoded", True)


def test_cut_short(read):
    text = json.dumps(har_of(one()["log"]["entries"] * 3))
    cut = text[:text.rindex('"response"')]
    result = read(cut)
    assert result.status == 2
    assert [record["frame"] for record in result.exchanges] == [1, 2]
    assert f"cut short at byte {len(cut.encode())}" in result.stderr
    assert not result.objects[-1]["complete"]


def test_damaged(read):
    text = json.dumps(har_of(one()["log"]["entries"] * 3))
    at = text.rindex('"startedDateTime"')
    result = read(text[:at] + "," + text[at:])
    assert result.status == 2 and len(result.exchanges) == 2
    assert f"damaged at byte {at}" in result.stderr


def test_entry_that_is_not_utf8(read):
    text = json.dumps(har_of(one()["log"]["entries"] * 2)).encode()
    at = text.index(b"POST")
    result = read(text[:at] + b"\xff" + text[at:])
    assert result.status == 2 and [record["frame"] for record in result.exchanges] == [2]
    assert "entry" in result.stderr and "number 1" in result.stderr


def test_odd_entries(read):
    entries = [None, 1, [], {}, {"request": 1, "response": []},
               {"response": {"status": "207", "content": []}},
               {"response": {"status": 207, "headers": {"a": 1}, "content": {"text": 5}}},
               {"startedDateTime": "yesterday", "time": "long",
                "request": {"url": "nowhere", "headers": [1, {}, {"name": 1, "value": 2}]},
                "response": {"status": 207, "content": {"text": "[]"}}}]
    result = read(har_of(entries))
    assert result.status == 0, result.stderr
    assert [record["frame"] for record in result.exchanges] == [7, 8]
    assert result.exchanges[1]["verdict"] == "empty"
    assert result.exchanges[1]["time"] is None


def test_display_filter_is_refused(read):
    result = read(one(), "-Y", "http")
    assert result.status == 3 and "display filter" in result.stderr


def test_in_a_directory_among_captures(command, tmp_path):
    (tmp_path / "a.har").write_text(json.dumps(one()))
    (tmp_path / "b.json").write_text("{}")
    result = command("-T", "ndjson", tmp_path)
    assert result.status == 0 and len(result.exchanges) == 1


# ----------------------------------------------------------------------- how a file is stored ----

BODY = ('<multistatus xmlns="DAV:"><response><href>/a</href><status>HTTP/1.1 423 Locked</status>'
        "</response></multistatus>")


def session(*bodies, status=207, padding=0):
    """A HAR file as text, an entry for each body; a long comment may stand before "log"."""
    entries = [{"startedDateTime": "2026-11-22T07:30:00.000Z", "time": 5,
                "request": {"method": "DELETE", "url": "http://dav.example/a", "headers": []},
                "response": {"status": status, "statusText": "Multi-Status",
                             "httpVersion": "HTTP/1.1", "headers": [],
                             "content": {"size": len(body), "mimeType": "application/xml",
                                         "text": body}}} for body in bodies]
    before = {"comment": "x" * padding} if padding else {}
    return json.dumps({**before, "log": {"version": "1.2", "creator": {"name": "t", "version": "1"},
                                         "entries": entries}})


def zstd(contents):
    return compressed(contents, "zstd", "-q", "-c")


# Of which nothing can be read until all of it is there.
NOISE = f', "noise": "{base64.b64encode(random.Random(1).randbytes(30_000)).decode()}"'.encode()

STORED = {
    "plain": lambda text: text.encode(),
    "UTF-8 with mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16LE with mark": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16BE with mark": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16LE": lambda text: text.encode("utf-16-le"),
    "UTF-16BE": lambda text: text.encode("utf-16-be"),
    "gzip": lambda text: gzip.compress(text.encode()),
    "two members of gzip": lambda text: gzip.compress(text.encode()[:99])
    + gzip.compress(text.encode()[99:]),
    "gzip of UTF-16": lambda text: gzip.compress(b"\xff\xfe" + text.encode("utf-16-le")),
    "zstd": lambda text: zstd(text.encode()),
    "a large block of zstd": lambda text: zstd(text.encode()[:-1] + NOISE + b"}"),
    "behind blank lines": lambda text: b" \n" * 5000 + text.encode(),
    "white space": lambda text: b" \r\n\t" * 300 + text.encode(),
}


@pytest.mark.parametrize("padding", [0, 100_000])
@pytest.mark.parametrize("stored", STORED)
def test_however_it_is_stored(command, tmp_path, stored, padding):
    """As a file, as standard input, and through a pipe; also with "log" far from the start."""
    path = tmp_path / "session"
    path.write_bytes(STORED[stored](session(BODY, BODY, padding=padding)))
    with open(path, "rb") as file:
        results = [command("-T", "ndjson", path), command("-T", "ndjson", "-", stdin=file),
                   command("-T", "ndjson", "-j", "0", "-", stdin=path.read_bytes())]
    for result in results:
        assert result.status == 0 and result.stderr == ""
        assert [record["verdict"] for record in result.exchanges] == ["partial", "partial"] or \
            [record["failed"] for record in result.exchanges] == [1, 1]
        assert result.objects[-1]["complete"] and result.objects[-1]["frames"] == 2


def test_capture_through_a_pipe_is_still_one(command):
    """Compressed or not: what was looked at is not lost."""
    capture = (CAPTURES / SOURCES[0]).read_bytes()
    whole = command("-T", "ndjson", "-", stdin=capture)
    assert whole.exchanges and whole.status == 0
    assert command("-T", "ndjson", "-", stdin=gzip.compress(capture)).stdout == whole.stdout


def test_har_that_wiretap_takes_for_a_capture(command, tmp_path):
    """Some formats have no signature: a text of the right length and letters will do."""
    path = tmp_path / "session.har"
    for size in range(900, 1400, 23):
        path.write_text(session(BODY + " " * size))
        result = command("-T", "ndjson", path)
        assert result.status == 0 and len(result.exchanges) == 1, size


def test_compressed_file_that_is_cut(command, tmp_path):
    path = tmp_path / "session.har.gz"
    text = session(*[BODY.replace("/a", f"/{number}/{number * 7919}") for number in range(500)])
    path.write_bytes(gzip.compress(text.encode())[:-500])
    result = command("-T", "ndjson", path)
    assert result.status == 2 and "cut short" in result.stderr
    assert 0 < len(result.exchanges) < 500


@pytest.mark.parametrize(("text", "read"), [
    ("\\ud83d", "\ufffd"), ("\\ude00", "\ufffd"), ("\\ud83d\\ud83d\\ude00", "\ufffd\U0001f600"),
    ("\\ude00\\ud83d", "\ufffd\ufffd"), ("\\ud83d\\ude00", "\U0001f600"),
    ("\\\\ud83d", "\\ud83d")])
def test_half_of_a_surrogate_pair(command, tmp_path, text, read):
    """It costs itself. The other entries, and the rest of its own, are as ever; and the message says what
    it is, if there is a half."""
    body = BODY.replace("<status>", "<responsedescription>MARK</responsedescription><status>")
    body = body.replace("<responsedescription>MARK</responsedescription><status>HTTP/1.1 423 Locked"
                        "</status>", "<status>HTTP/1.1 423 Locked</status>"
                        "<responsedescription>MARK</responsedescription>")
    path = tmp_path / "session.har"
    path.write_text(session(BODY, body, BODY).replace("MARK", text))
    result = command("-T", "ndjson", path)
    assert len(result.exchanges) == 3
    assert result.exchanges[1]["responses"][0]["description"] == read
    assert result.exchanges[1]["responses"][0]["status"] == 423
    if "\ufffd" in read:
        assert result.status == 2 and "entry 2" in result.stderr and "U+FFFD" in result.stderr
        assert "surrogate" in result.stderr and "What could be read is reported." in result.stderr
    else:
        assert result.status == 0 and result.stderr == ""


def test_half_of_a_surrogate_pair_where_nothing_is_read(command, tmp_path):
    """An entry that is no exchange of ours: nothing is lost, nothing is said."""
    path = tmp_path / "session.har"
    path.write_text(session("MARK", status=200).replace("MARK", "\\ud83d"))
    result = command("-T", "ndjson", path)
    assert result.status == 0 and result.stderr == "" and result.exchanges == []


@pytest.mark.parametrize("contents", ['{"a": 1}', '{"log": {"entries": {}}}', "{ not JSON",
                                      '{"a": 1}\n{"b": 2}\n', "{"])
def test_json_that_is_no_har(command, tmp_path, contents):
    path = tmp_path / "other"
    path.write_text(contents)
    for arguments in ((path,), ("-", )):
        result = command("-T", "ndjson", *arguments, stdin=contents.encode())
        assert result.status == 3 and "neither a capture nor a HAR file" in result.stderr
    (tmp_path / "folder").mkdir()
    shutil.copy(path, tmp_path / "folder")
    shutil.copy(CAPTURES / SOURCES[0], tmp_path / "folder")
    assert command("-T", "ndjson", tmp_path / "folder").status == 0
