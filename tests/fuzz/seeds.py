"""seeds.py: makes the seed corpora of the fuzz targets out of what the repository holds.

Usage: seeds.py TARGET FOLDER [MOST]

The bodies of tests/unit/bodies, what the captures hold of XML, of packets and of whole files, and
the records of tests/golden. A seed has a name made from its content, so that running it again
changes nothing.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import base64
import gzip
import hashlib
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LARGEST = 16 * 1024

# As a capture holds them: headers of packets may stand in between, which is as good as any damage.
RESPONSE = re.compile(rb"<\?xml[^\0]{0,64}?<(?:\w+:)?(?:multistatus|mkcol-response|"
                      rb"mkcalendar-response)\b.*?(?:multistatus|response)>", re.DOTALL)
REQUEST = re.compile(rb"<(?:\?xml[^>]*>\s*<)?(?:\w+:)?(?:propfind|propertyupdate|lockinfo|mkcol|"
                     rb"mkcalendar|sync-collection|calendar-multiget|calendar-query|"
                     rb"addressbook-multiget|expand-property|searchrequest)\b.{1,4000}?"
                     rb"(?=\r\n\r\n|\0\0\0|$)", re.DOTALL)
STATUS = re.compile(rb"<(?:\w+:)?status>([^<]{1,80})<")
HREF = re.compile(rb"<(?:\w+:)?href>([^<]{1,200})<")


def captures():
    for path in sorted((ROOT / "captures").glob("*.pcap*")):
        data = path.read_bytes()
        yield gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def bodies():
    for path in sorted((ROOT / "tests/unit/bodies").glob("*.xml")):
        yield path.read_bytes()
    for data in captures():
        yield from RESPONSE.findall(data)


def json_bodies():
    for path in sorted((ROOT / "tests/unit/bodies").glob("json-*.json")):
        yield path.read_bytes()


def requests():
    yield from (b"", b"<D:propfind xmlns:D='DAV:'><D:allprop/></D:propfind>")
    for data in captures():
        yield from (match.group() for match in REQUEST.finditer(data))


def with_length(request, rest):
    return len(request).to_bytes(2, "little") + request + rest


def of_decoder():
    asked = [request for request in requests() if len(request) < 2000]
    for number, body in enumerate(bodies()):
        request = asked[number * 7 % len(asked)]
        # Method, report, URI, status, type, depth, switches, and one to spare.
        context = bytes([number % 17, number % 6, number % 7, number % 3, number % 4, number % 6,
                         number % 128 | 2, 0])
        yield context + with_length(request, body)
        yield bytes(10) + body
        if number % 8 == 0:
            yield bytes(10) + body.decode("latin-1").encode("utf-16")
    for body in json_bodies():
        yield bytes([0, 0, 0, 0, 6, 0, 2, 0, 0, 0]) + body


def of_media():
    """The media type, the method, the status: as fuzz_media.c numbers them."""
    plain, xml = list(json_bodies()), [body for body in bodies() if len(body) < 2000]
    for number, body in enumerate(plain):
        yield bytes([number % 2 * 2, number % 5, number % 3]) + body
    for number, body in enumerate(xml):
        parts = (("text/xml", body), ("application/json", plain[number % len(plain)]),
                 ("application/http", b"HTTP/1.1 404 Not Found\r\n\r\nx"),
                 ("application/http", b"HTTP/1.1 207 x\r\nContent-Type: text/xml\r\n\r\n" + body))
        made = b"".join(b"--b\r\nContent-Type: %s\r\nContent-ID: <%d>\r\n\r\n%s\r\n" % (
            kind.encode(), place, part) for place, (kind, part) in enumerate(parts[number % 3:]))
        yield bytes([1, number % 5, number % 3]) + made + b"--b--\r\n"


# A body of each kind of batch that is JSON.
BATCHES = [
    {"errors": True, "items": [{"index": {"_index": "a", "_id": "1", "status": 201}}, {"delete": {
        "_id": "2", "status": 404, "result": "not_found"}}, {"create": {
            "_id": "3", "status": 429, "error": {"type": "t", "reason": "r"}}}]},
    {"FailedRecordCount": 1, "Records": [{"SequenceNumber": "1"}, {"ErrorCode": "c"}]},
    {"FailedPutCount": 1, "RequestResponses": [{"RecordId": "1"}, {"ErrorCode": "c"}]},
    {"FailedEntryCount": 1, "Entries": [{"EventId": "1"}, {"ErrorCode": "c"}]},
    {"Successful": [{"Id": "a"}], "Failed": [{"Id": "b", "Code": "c", "Message": "m"}]},
    {"UnprocessedItems": {"t": [{"PutRequest": {}}]}},
    {"Responses": {}, "UnprocessedKeys": {"t": {"Keys": [{"id": {"S": "7"}}]}}},
    {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkResponse"], "Operations": [
        {"bulkId": "a", "status": {"code": "409"}, "response": {"scimType": "uniqueness"}}]},
    {"responses": [{"id": "1", "status": 424, "body": {"error": {"code": "c", "message": "m"}}}]},
    {"kind": "bigquery#tableDataInsertAllResponse", "insertErrors": [
        {"index": 0, "errors": [{"reason": "stopped", "message": ""}]}]},
    {"compositeResponse": [{"body": [{"errorCode": "PROCESSING_HALTED", "message": "m"}],
                            "httpStatusCode": 400, "referenceId": "a"}]},
    {"hasErrors": False, "results": [{"statusCode": 204, "result": None}]},
    [{"id": "1", "success": True, "errors": []}, {"success": False, "errors": [{"statusCode": "s"}]}],
    [{"ok": True, "id": "a", "rev": "1-0"}, {"id": "b", "rev": "1-1", "error": "conflict"}],
    [{"jsonrpc": "2.0", "id": 1, "result": None}, {"jsonrpc": "2.0", "error": {"code": -1}}],
    {"partialSuccess": {"rejectedSpans": "3", "errorMessage": "m"}},
]


def of_batches():
    """The kinds of request and header, the status, the switches: as fuzz_batches.c numbers them."""
    for place, batch in enumerate(BATCHES):
        for kind in range(len(BATCHES)):
            yield bytes([kind, kind, place % 3, kind % 16, 0]) + json.dumps(batch).encode()


def of_har():
    asked = [request.decode("latin-1") for request in requests() if len(request) < 2000]
    xml = [body for body in bodies() if len(body) < 4000]
    for number, body in enumerate([*xml, *json_bodies()]):
        text = body.decode("latin-1")
        content = {"size": len(body), "mimeType": "application/xml; charset=utf-8", "text": text}
        if number % 3 == 1:
            content |= {"text": base64.b64encode(body).decode(), "encoding": "base64"}
        entry = {
            "startedDateTime": "2026-11-22T07:30:38.123Z", "time": 1.5,
            "serverIPAddress": "192.0.2.1",
            "request": {"method": ("PROPFIND", "REPORT", "DELETE", "PROPPATCH")[number % 4],
                        "url": "https://u@h:8443/c/?x#y", "httpVersion": "HTTP/2",
                        "headers": [{"name": "Depth", "value": "1"}],
                        "postData": {"text": asked[number * 7 % len(asked)]}},
            "response": {"status": 207, "statusText": "Multi-Status", "httpVersion": "h2",
                         "headers": [{"name": "Content-Type", "value": "text/xml"}],
                         "content": content}}
        yield json.dumps({"log": {"version": "1.2", "entries": [entry]}}).encode()


def of_flows():
    """Two flows of every recording at a time, so that seeds stay small."""
    for path in sorted((ROOT / "captures").glob("*.flow")):
        data, at, flows = path.read_bytes(), 0, []
        while at < len(data):
            colon = data.index(b":", at)
            end = colon + 2 + int(data[at:colon])
            flows.append(data[at:end])
            at = end
        for first in range(len(flows)):
            yield b"".join(flows[first:first + 2])


def of_report():
    for number, path in enumerate(sorted((ROOT / "tests/golden").glob("*.ndjson"))):
        for start in range(0, 3):
            lines = path.read_bytes().splitlines(keepends=True)[start * 8:start * 8 + 3]
            yield bytes([(number + start) % 10]) + b"".join(lines)


def packets(data):
    """Link type and bytes of the packets of a little-endian pcap or pcapng file."""
    def number(at, size=4):
        return int.from_bytes(data[at:at + size], "little")

    if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"):
        at = 24
        while at + 16 <= len(data):
            yield number(20), data[at + 16:at + 16 + number(at + 8)]
            at += 16 + number(at + 8)
    elif data[:4] == b"\x0a\x0d\x0d\x0a":
        links, at = [], 0
        while at + 12 <= len(data) and number(at + 4) >= 12:
            if number(at) == 1:
                links.append(number(at + 8, 2))
            elif number(at) == 6 and number(at + 8) < len(links):
                yield links[number(at + 8)], data[at + 28:at + 28 + number(at + 20)]
            at += number(at + 4)


def of_sieve():
    """The first packets of every capture, with the link types as fuzz_sieve.c numbers them."""
    numbers = {1: 0, 101: 1, 113: 2, 276: 3, 228: 4, 229: 5, 0: 6}
    for data in captures():
        made = b"\0"
        for link, packet in packets(data):
            if len(made) + 4 + len(packet) > LARGEST:
                break
            made += bytes([numbers.get(link, 8), 0]) + with_length(packet, b"")
        yield made


def of_raw():
    """Whole captures if they are short, else their beginnings, cut at odd places."""
    for number, data in enumerate(captures()):
        yield data[:4000 + number % 7 * 1001]
        yield data[:LARGEST]
    for link in (1, 101, 113, 276):
        pcap = b"".join(part.to_bytes(4, "little") for part in (
            0xa1b2c3d4, 2 | 4 << 16, 0, 0, 65535, link))
        for length in (0, 1, 60, 1100, 900):
            pcap += b"".join(part.to_bytes(4, "little") for part in (1, 2, length, length + 4))
            pcap += bytes(length)
        yield pcap


def of_request():
    for request in requests():
        yield b"\0" + request


def of_status():
    for data in (*bodies(), *captures()):
        lines, hrefs = STATUS.findall(data)[:20], HREF.findall(data)[:20]
        for line, href in zip(lines, hrefs):
            yield line + href
        for one, other in zip(hrefs, hrefs[1:]):
            if len(one) == len(other):
                yield one + other


def of_record():
    for path in sorted((ROOT / "tests/golden").glob("*.ndjson")):
        for line in path.read_bytes().splitlines()[:12]:
            if len(line) < LARGEST:
                yield line


def of_wire():
    """Records as they are, and with two bytes changed."""
    for number, line in enumerate(of_record()):
        place = (number * 37 % 600).to_bytes(2, "big")
        yield b"\1\0" + line
        yield b"\1\2" + place + b"\xff" + place + b"\0" + line


def of_exchange():
    """The switches, the length of a segment, both sides: as traffic.h has them."""
    asked = [request for request in requests() if len(request) < 2000]
    for number, body in enumerate(bodies()):
        method = (b"PROPFIND", b"REPORT", b"DELETE", b"PROPPATCH", b"LOCK")[number % 5]
        request = asked[number * 7 % len(asked)]
        sent = b"%s /c/ HTTP/1.1\r\nHost: h\r\nDepth: 1\r\nContent-Length: %d\r\n\r\n%s" % (
            method, len(request), request)
        head = b"HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml; charset=utf-8\r\n"
        coding = b""
        if number % 4 == 1:
            body, coding = gzip.compress(body, mtime=0), b"Content-Encoding: gzip\r\n"
        if number % 3 == 2:
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
            coding += b"Transfer-Encoding: chunked\r\n"
        else:
            coding += b"Content-Length: %d\r\n" % len(body)
        yield bytes([number % 32 if number % 2 else 0, 180]) + with_length(
            sent, head + coding + b"\r\n" + body)
        if number % 5 == 0:     # over HTTP/2
            yield bytes([32 | number % 32, 40 + number % 8]) + with_length(request, body)


MESSAGE = re.compile(rb"(?:[A-Z]{3,12} [^ \r\n]{1,200} |)HTTP/1\.1[^\r\n]{0,40}\r\n"
                     rb"(?:[A-Za-z-]+: [^\r\n]*\r\n){1,30}\r\n"
                     rb"(?:<[^\0]{0,3000}>\s*(?=[\0]|$))?")


def of_messages():
    """Steps as fuzz_messages.c numbers them: a few messages of a capture, with what follows them."""
    for number, data in enumerate(captures()):
        found = [match.group() for match in MESSAGE.finditer(data)]
        for start in range(0, len(found), 12):
            steps = b""
            for place, message in enumerate(found[start:start + 12]):
                step = 0 if number % 3 else (3 if place % 2 == 0 else 4)
                steps += bytes([step, number * 7 % 256 if place % 5 == 4 else 0])
                steps += with_length(message, b"")
            yield steps
    for number, body in enumerate(bodies()):
        message = b"HTTP/1.1 207 x\r\nContent-Type: text/xml\r\n%s\r\n" % (
            b"Content-Length: %d\r\n" % len(body) if number % 2 else
            b"Transfer-Encoding: chunked\r\n")
        if number % 2 == 0:
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        yield bytes([6, number % 32 * 2]) + with_length(message + body, b"") + (
            bytes([1, 0]) + with_length(message + body, b""))


def of_h3():
    """Steps as fuzz_h3.c numbers them: requests and answers, whole and in pieces, with a table and without."""
    def frame(kind, what):
        return bytes([kind]) + (0x4000 | len(what)).to_bytes(2, "big") + what

    def section(*fields, prefix=b"\0\0"):
        return frame(1, prefix + b"".join(
            bytes([0x27, len(name) - 7]) + name + bytes([len(value)]) + value if len(name) > 6 else
            bytes([0x20 | len(name)]) + name + bytes([len(value)]) + value for name, value in fields))

    def step(stream, what, server=0, fin=2):
        return bytes([server | fin, stream]) + len(what).to_bytes(2, "big") + what

    ask = section((b":method", b"PROPFIND"), (b":path", b"/a")) + frame(0, b"<a/>")
    answer = (section((b":status", b"103")) + section((b":status", b"207"), (b"content-length", b"4")) +
              frame(0x21, b"x") + frame(0, b"<b") + frame(0, b"/>") + section((b"trailer", b"")))
    control = b"\0" + frame(4, b"\1\x50\0\7\x10")
    table = b"\2\x3f\xe1\x1f\x47:method\x06DELETE"
    stored = frame(1, b"\2\0\x80") + frame(0, b"")
    yield b"\0" + step(0, ask) + step(0, answer, server=1)
    yield b"\0" + step(4, answer, server=1) + step(4, ask) + step(8, ask) + bytes([0x19, 8]) + bytes([0x38])
    yield (b"\0" + step(3, control, server=1, fin=0) + step(2, table, fin=0) + step(0, stored) +
           step(0, answer, server=1))
    yield (b"\x04" + step(0, stored) + step(0, answer, server=1) + step(2, table, fin=0) +
           step(3, control, server=1, fin=0))
    for at in range(1, len(answer), 5):
        first, rest = answer[:at], answer[at:]
        yield b"\x84" + step(0, ask) + step(0, first, server=1, fin=0) + step(0, rest, server=1)
        yield (b"\0" + step(0, ask) + bytes([5, 0, at]) + len(rest).to_bytes(2, "big") + rest +
               bytes([5, 0, 256 - len(answer)]) + len(first).to_bytes(2, "big") + first)


SEEDS = {"messages": of_messages, "h3": of_h3, "decoder": of_decoder, "media": of_media, "batches": of_batches, "request": of_request, "status": of_status,
         "record": of_record, "wire": of_wire, "report": of_report, "har": of_har, "flows": of_flows,
         "sieve": of_sieve, "raw": of_raw, "exchange": of_exchange}


def main():
    target, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    seeds = [seed[:LARGEST] for seed in SEEDS[target]()]
    if len(sys.argv) > 3:       # some of every kind
        seeds = seeds[::len(seeds) // int(sys.argv[3]) + 1]
    for seed in seeds:
        (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)


main()
