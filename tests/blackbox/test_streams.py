"""Responses that never completed, bodies that Wireshark hands to nobody, links and tunnels.

The traffic is made here; what it must give is known from how it was made, or from the same body over
plain HTTP.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import gzip
import struct
import zlib

import pytest
import traffic
import wire
from conftest import compressed
from wire import chunked, head

REQUEST = traffic.request("PROPFIND", "/c/", {"Depth": "1"})
# 60 resources, a third of them locked.
ROWS = [traffic.row(f"/c/{n:03}/\u00fc", 423 if n % 3 == 0 else 200) for n in range(60)]
BODY = ('<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:">' +
        "".join(ROWS) + "</D:multistatus>").encode()
XML = "application/xml; charset=utf-8"


def plain_head(**fields):
    return head(Content_Type=XML, **fields)


def scan(command, path, *options):
    result = command("-T", "ndjson", *options, path)
    assert result.status in (0, 2), result.stderr
    return result.exchanges


def only(records):
    assert len(records) == 1, records
    return records[0]


def had(body):
    """How many resources are whole in that much of the body."""
    return body.count(b"</D:response>")


def expect_part(record, body, *, missing, frame=5, request_frame=4):
    assert (record["method"], record["uri"], record["http_status"]) == ("PROPFIND", "/c/", 207)
    assert (record["frame"], record["request_frame"]) == (frame, request_frame)
    assert record["complete"] is False
    assert record["body_bytes"] == len(body)
    assert missing in record["missing"], record["missing"]
    assert record["verdict"] == "malformed"
    whole = [response["hrefs"] for response in record["responses"]][:had(body)]
    assert whole == [[f"/c/{n:03}/\u00fc"] for n in range(had(body))]
    assert record["failed"] == len([n for n in range(had(body)) if n % 3 == 0])


# -------------------------------------------------------- responses that never completed ----

ENDINGS = {
    "fin": (lambda talk: talk.end(wire.FIN), "the server closed the connection (FIN)"),
    "rst": (lambda talk: talk.end(wire.RST), "the server reset the connection (RST)"),
    "client-rst": (lambda talk: talk.end(wire.RST, from_client=True),
                   "the client reset the connection (RST)"),
    "capture": (lambda talk: talk, "the capture ends before the body does"),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("size", [700, 2500, len(BODY) - 5])
def test_chunked_body_that_does_not_end(world, command, ending, size):
    end, missing = ENDINGS[ending]
    body = BODY[:size]
    talk = wire.Talk().client(REQUEST)
    talk.server(plain_head(Transfer_Encoding="chunked") + chunked(body, last=False), segment=600)
    path = wire.save(world, "aborted", end(talk).packets)
    expect_part(only(scan(command, path)), body, missing=missing)


def test_content_length_that_is_not_reached(world, command):
    talk = wire.Talk().client(REQUEST).server(plain_head(Content_Length=len(BODY)) + BODY[:3000])
    path = wire.save(world, "short", talk.end(wire.FIN).packets)
    record = only(scan(command, path))
    expect_part(record, BODY[:3000], missing=f"3000 of {len(BODY)} bytes (Content-Length)")


@pytest.mark.parametrize("ending", ["rst", "capture"])
def test_body_to_the_end_of_the_connection(world, command, ending):
    """Only a FIN says that it is complete."""
    end, missing = ENDINGS[ending]
    talk = wire.Talk().client(REQUEST).server(plain_head() + BODY[:3000])
    path = wire.save(world, "to-end", end(talk).packets)
    expect_part(only(scan(command, path)), BODY[:3000], missing=missing)
    path = wire.save(world, "to-end", wire.Talk().client(REQUEST).server(plain_head() + BODY)
                     .end(wire.FIN).packets)
    record = only(scan(command, path))
    assert record["complete"] and record["missing"] is None and record["resources"] == 60


@pytest.mark.parametrize("lost", [7, 8, 10])
@pytest.mark.parametrize("coding", ["chunked", "length"])
def test_hole(world, command, lost, coding):
    first = plain_head(Transfer_Encoding="chunked") if coding == "chunked" else \
        plain_head(Content_Length=len(BODY))
    message = first + (chunked(BODY) if coding == "chunked" else BODY)
    talk = wire.Talk().client(REQUEST).server(message, segment=500).end(wire.FIN)
    path = wire.save(world, "hole", wire.without(talk.packets, lost))
    there = message[:(lost - 5) * 500]
    rest = there[len(first):]
    body = b"".join(rest[at:at + 106][4:104] for at in range(0, len(rest), 106)) \
        if coding == "chunked" else rest
    record = only(scan(command, path))
    expect_part(record, body, missing="the capture lacks 500 bytes of the connection")


def test_what_follows_a_hole_on_the_same_connection(world, command):
    """Wireshark waits for the lost segment for ever when it sorts segments."""
    talk = wire.Talk()
    for _ in range(3):
        talk.client(REQUEST).server(plain_head(Content_Length=len(BODY)) + BODY, segment=2000)
    path = wire.save(world, "hole", wire.without(talk.end(wire.FIN).packets, 6))
    records = scan(command, path)
    assert [record["complete"] for record in records] == [False, True, True]
    assert [record["resources"] for record in records[1:]] == [60, 60]
    assert len({record["frame"] for record in records}) == 3
    assert [record["missing"] for record in records[1:]] == [None, None]


def test_late_and_repeated_segments_are_no_damage(world, command):
    talk = wire.Talk().client(REQUEST)
    talk.server(plain_head(Transfer_Encoding="chunked") + chunked(BODY), segment=300)
    for packets in (wire.swap(talk.packets, 7), wire.retransmit(talk.packets),
                    wire.swap(wire.retransmit(talk.packets), 12)):
        record = only(scan(command, wire.save(world, "disorder", packets)))
        assert record["complete"] and record["resources"] == 60 and record["failed"] == 20


@pytest.mark.parametrize("snap", [54 + 400, 54 + 120, 54 + 60])
def test_snap_length(world, command, snap):
    """Of the first packet, the body's beginning, or not even the whole header."""
    first = plain_head(Transfer_Encoding="chunked")
    talk = wire.Talk().client(REQUEST).server(first + chunked(BODY, size=1000))
    record = only(scan(command, wire.save(world, "snap", talk.packets, snap=snap)))
    assert record["complete"] is False and "snap length" in record["missing"]
    body = BODY[:max(0, snap - 54 - len(first) - len("3e8\r\n"))]
    assert record["body_bytes"] == len(body)
    assert record["frame"] == 5
    assert record["verdict"] == ("malformed" if body else "undecoded")


def test_capture_without_the_rest_of_a_compressed_body(world, command):
    coded = gzip.compress(BODY, 1)
    talk = wire.Talk().client(REQUEST)
    talk.server(plain_head(Content_Encoding="gzip", Transfer_Encoding="chunked") +
                chunked(coded[:len(coded) // 2], last=False), segment=300).end(wire.RST)
    record = only(scan(command, wire.save(world, "gzip", talk.packets)))
    there = zlib.decompressobj(31).decompress(coded[:len(coded) // 2])
    assert record["resources"] >= had(there) > 5
    assert record["body_bytes"] == len(there)
    assert record["complete"] is False and "RST" in record["missing"]


def test_interim_responses(world, command):
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
    message = interim + plain_head(Transfer_Encoding="chunked") + chunked(BODY[:2500], last=False)
    talk = wire.Talk().client(REQUEST).server(message).end(wire.FIN)
    expect_part(only(scan(command, wire.save(world, "interim", talk.packets))), BODY[:2500],
                missing="FIN")


@pytest.mark.parametrize("segment", [300, 1400, 100000])
def test_status_line_inside_a_segment(world, command, segment):
    """Two requests at once; the second answer begins where the first ends, and is aborted."""
    small = traffic.multistatus(traffic.row("/c/", 200))
    aborted = plain_head(Transfer_Encoding="chunked") + chunked(BODY[:2500], last=False)
    talk = wire.Talk().client(traffic.request("PROPFIND", "/first") + REQUEST)
    talk.server(small + aborted, segment=segment).end(wire.FIN)
    first, second = scan(command, wire.save(world, "inside", talk.packets))
    assert (first["uri"], first["verdict"], first["complete"]) == ("/first", "success", True)
    expect_part(second, BODY[:2500], missing="FIN", frame=5 + len(small) // segment)


def test_status_line_of_a_resource_at_the_start_of_a_segment(world, command):
    """It is not the beginning of a response, and takes no request away."""
    aborted = plain_head(Transfer_Encoding="chunked") + chunked(BODY[:2500], 2500, last=False)
    at = aborted.index(b"HTTP/1.1 ", 1000)
    talk = wire.Talk().client(REQUEST + traffic.request("GET", "/waits"))
    talk.server(aborted[:at], segment=at).server(aborted[at:]).end(wire.FIN)
    expect_part(only(scan(command, wire.save(world, "fake", talk.packets))), BODY[:2500],
                missing="FIN")


def test_cut_in_the_middle_of_a_character(world, command):
    size = BODY.index("\u00fc".encode(), 2000) + 1
    talk = wire.Talk().client(REQUEST)
    talk.server(plain_head(Transfer_Encoding="chunked") + chunked(BODY[:size], last=False))
    expect_part(only(scan(command, wire.save(world, "character", talk.end(wire.FIN).packets))),
                BODY[:size], missing="FIN")


def test_multistatus_under_another_status(world, command):
    aborted = head(424, Content_Type=XML, Transfer_Encoding="chunked") + \
        chunked(BODY[:2500], last=False)
    page = head(200, Content_Type=XML, Transfer_Encoding="chunked") + \
        chunked(b"<page>" + b"x" * 2000, last=False)
    talk = wire.Talk().client(traffic.request("DELETE", "/c/")).server(aborted).end(wire.FIN)
    other = wire.Talk(client=1).client(traffic.request("GET", "/p")).server(page).end(wire.FIN)
    record = only(scan(command, wire.save(world, "424", talk.packets + other.packets)))
    assert (record["http_status"], record["method"]) == (424, "DELETE")
    assert record["resources"] >= had(BODY[:2500])


def test_no_gathering_of_what_completes(world, command):
    """Ten answers on a connection, each in several segments: each is reported once."""
    talk = wire.Talk()
    for _ in range(10):
        talk.client(REQUEST).server(plain_head(Content_Length=len(BODY)) + BODY, segment=700)
    records = scan(command, wire.save(world, "ten", talk.end(wire.FIN).packets))
    assert [record["complete"] for record in records] == [True] * 10


def test_second_pass_shows_where_it_began(world, tshark):
    """tshark -2 serves taps in its second pass only; this one comes after the first of the same
    process, like Wireshark's after loading."""
    message = plain_head(Content_Length=len(BODY)) + BODY
    cut = wire.Talk().client(REQUEST).server(message)
    path = wire.save(world, "second", cut.packets, snap=54 + 600)
    result = tshark("-r", path, "-Y", "multistatus", "-T", "fields", "-e", "frame.number",
                    "-e", "multistatus.resources")
    number, resources = result.lines[0].split("\t")
    assert number == "5" and int(resources) >= had(BODY[:600 - len(plain_head(Content_Length=1))])


def test_statistics_count_it(world, tshark):
    talk = wire.Talk().client(REQUEST)
    talk.server(plain_head(Transfer_Encoding="chunked") + chunked(BODY[:2500], last=False))
    path = wire.save(world, "statistics", talk.end(wire.FIN).packets)
    text = tshark("-r", path, "-q", "-z", "multistatus,tree").text
    assert "malformed" in text


@pytest.mark.parametrize("segment", [700, 5000])
def test_inside_tls(world, command, segment):
    """The second of two answers is aborted; it begins in the record in which the first ends."""
    keylog = world.folder / "tls.keylog"
    keylog.unlink(missing_ok=True)
    small = traffic.multistatus(traffic.row("/c/", 200))
    aborted = plain_head(Transfer_Encoding="chunked") + chunked(BODY[:2500], last=False)
    for first in (b"", small):
        talk = wire.TlsTalk(keylog)
        talk.client((traffic.request("PROPFIND", "/first") if first else b"") + REQUEST)
        request_frame = len(talk.packets)
        talk.server(first + aborted, segment=segment).end(wire.FIN)
        path = wire.save(world, "tls", talk.packets)
        keylog.chmod(0o644)
        records = scan(command, path, "--keylog", keylog)
        assert [record["uri"] for record in records] == ["/first", "/c/"][-len(records):]
        assert len(records) == (2 if first else 1)
        # A record that spans segments is there with the last of them.
        frame = request_frame + 1 + len(first) // segment if segment < traffic.SEGMENT else \
            len(talk.packets) - 1
        expect_part(records[-1], BODY[:2500], missing="FIN", request_frame=request_frame,
                    frame=frame)


def test_unknown_method_inside_tls(world, command):
    keylog = world.folder / "tls.keylog"
    keylog.unlink(missing_ok=True)
    talk = wire.TlsTalk(keylog).client(traffic.request("GET", "/"))
    talk.server(traffic.response(200, "x"))
    talk.client(traffic.request("ACL", "/acl", {}, b"<acl/>"))
    talk.server(traffic.multistatus(traffic.row("/acl", 403)))
    path = wire.save(world, "tls", talk.packets)
    keylog.chmod(0o644)
    record = only(scan(command, path, "--keylog", keylog))
    assert (record["method"], record["uri"]) == ("ACL", "/acl")


# ------------------------------------------------------------------------------- codings ----

def zstd(body):
    return compressed(body, "zstd", "-q", "-c")


def brotli(body):
    return compressed(body, "brotli", "-c")


CODINGS = {"gzip": gzip.compress, "br": brotli, "deflate": zlib.compress, "zstd": zstd,
           "deflate-raw": lambda body: zlib.compress(body)[2:-4]}


@pytest.mark.parametrize("transfer", ["length", "chunked"])
@pytest.mark.parametrize("segment", [200, 100000])
@pytest.mark.parametrize("coding", CODINGS)
def test_codings(world, command, tshark, coding, segment, transfer):
    coded = CODINGS[coding](BODY)
    message = plain_head(Content_Encoding=coding.split("-")[0],
                         **({"Content_Length": len(coded)} if transfer == "length" else
                            {"Transfer_Encoding": "chunked"}))
    message += coded if transfer == "length" else chunked(coded)
    talk = wire.Talk().client(REQUEST * 2).server(message * 2, segment=segment)
    path = wire.save(world, "coded", talk.packets)
    for record in scan(command, path):
        assert (record["complete"], record["missing"]) == (True, None)
        assert (record["resources"], record["failed"], record["body_bytes"]) == (60, 20, len(BODY))
    shown = tshark("-r", path, "-Y", "multistatus", "-T", "fields", "-e", "multistatus.resources")
    assert ",".join(shown.lines) in ("60,60",)
    twice = tshark("-r", path, "-2", "-Y", "multistatus", "-T", "fields", "-e",
                   "multistatus.resources")
    assert twice.stdout == shown.stdout


@pytest.mark.parametrize("segment", [200, 100000])
@pytest.mark.parametrize("fields", [
    {"Transfer_Encoding": "gzip, chunked"},
    {"Transfer_Encoding": "GZIP , chunked"},
    {"Transfer_Encoding": "gzip, chunked", "Content_Encoding": "deflate"},
    {"Transfer_Encoding": "identity, chunked", "Content_Encoding": "gzip"},
    {"Transfer_Encoding": "gzip"},
], ids=str)
def test_transfer_codings(world, command, tshark, fields, segment):
    """RFC 9112 section 7: they come off before the content codings do."""
    body = BODY
    for field in ("Content_Encoding", "Transfer_Encoding"):
        for coding in fields.get(field, "").lower().replace(" ", "").split(","):
            body = {"gzip": gzip.compress, "deflate": zlib.compress}.get(coding, bytes)(body)
    coded = chunked(body) if "chunked" in fields["Transfer_Encoding"] else body
    talk = wire.Talk().client(REQUEST).server(plain_head(**fields) + coded, segment)
    path = wire.save(world, "transfer-coding", talk.end(wire.FIN).packets)
    record = only(scan(command, path))
    assert (record["verdict"], record["resources"], record["failed"]) == ("partial", 60, 20)
    assert record["complete"] and "coding" not in [found["rule"] for found in record["findings"]]
    shown = tshark("-r", path, "-2", "-Y", "multistatus", "-T", "fields", "-e",
                   "multistatus.failed")
    assert shown.text.split() == ["20"]


def test_unknown_transfer_coding(world, command):
    talk = wire.Talk().client(REQUEST)
    talk.server(plain_head(Transfer_Encoding="x-own, chunked") + chunked(b"\1\2\3\4" * 50))
    record = only(scan(command, wire.save(world, "unknown-transfer-coding", talk.packets)))
    assert record["verdict"] == "undecoded" and "x-own" in record["missing"]


def test_unknown_coding(world, command):
    talk = wire.Talk().client(REQUEST).server(
        plain_head(Content_Encoding="rot13", Content_Length=len(BODY)) + BODY)
    record = only(scan(command, wire.save(world, "rot13", talk.packets)))
    assert record["verdict"] == "undecoded" and '"rot13"' in record["missing"]


# ------------------------------------------------------------------------ uncommon bodies ----

def encoded(name, declared=None):
    text = BODY.decode().replace("utf-8", declared or name)
    return text.encode(name)


UNCOMMON = {
    "utf-16-bom": ("application/xml", encoded("utf-16")),
    "utf-16le": ("application/xml; charset=utf-16le", encoded("utf-16-le")),
    "utf-16be": ("application/xml; charset=utf-16be", encoded("utf-16-be")),
    "latin1": ("application/xml", encoded("iso-8859-1")),
    "windows-1252": ("text/xml; charset=windows-1252", encoded("windows-1252")),
    "no-type": (None, BODY),
    "text/html": ("text/html", BODY),
    "text/plain": ("text/plain; charset=utf-8", BODY),
    "octets": ("application/octet-stream", BODY),
    "unknown": ("application/x-nobody-knows", BODY),
}


@pytest.mark.parametrize("segment", [600, 100000])
@pytest.mark.parametrize("kind", UNCOMMON)
def test_uncommon_bodies(world, command, tshark, kind, segment):
    content_type, body = UNCOMMON[kind]
    fields = {"Content_Type": content_type} if content_type else {}
    talk = wire.Talk().client(REQUEST)
    talk.server(head(Content_Length=len(body), **fields) + body, segment=segment)
    path = wire.save(world, "uncommon", talk.packets)
    record = only(scan(command, path))
    assert (record["complete"], record["resources"], record["failed"]) == (True, 60, 20)
    assert record["responses"][1]["hrefs"] == ["/c/001/\u00fc"]
    assert record["body_bytes"] == len(body)
    shown = tshark("-r", path, "-Y", "multistatus", "-T", "fields", "-e", "frame.number",
                   "-e", "multistatus.failed", "-e", "multistatus.method")
    assert shown.lines == [f"{record['frame']}\t20\tPROPFIND"]


# ----------------------------------------------------------------------- links and tunnels ----

def plain_talk(port=80):
    talk = wire.Talk(port)
    talk.client(REQUEST).server(plain_head(Content_Length=len(BODY)) + BODY, segment=900)
    return talk.end(wire.FIN)


def comparable(record):
    kept = ("frame", "request_frame", "time", "method", "uri", "host", "http_status", "complete",
            "body_bytes", "verdict", "resources", "failed", "responses", "findings",
            "response_time", "protocol")
    return {key: record[key] for key in kept}


@pytest.mark.parametrize("link", wire.LINKS)
def test_links_and_tunnels(world, command, tshark, link):
    kind, change = wire.LINKS[link]
    packets = plain_talk().packets
    expected = only(scan(command, wire.save(world, "plain", packets)))
    path = wire.save(world, "link", [change(packet) for packet in packets], link=kind)
    assert comparable(only(scan(command, path))) == comparable(expected)
    shown = tshark("-r", path, "-Y", "multistatus", "-T", "fields", "-e", "frame.number",
                   "-e", "multistatus.failed", "-e", "multistatus.request_in")
    assert shown.lines == [f"{expected['frame']}\t20\t4"]
    # ... and what is missing of it
    lost = [change(packet) for packet in wire.without(packets, 6)]
    record = only(scan(command, wire.save(world, "link", lost, link=kind)))
    assert "lacks 900 bytes" in record["missing"] and record["resources"] > 3


def test_http1_on_any_port(world, command):
    record = only(scan(command, wire.save(world, "port", plain_talk(port=12345).packets)))
    assert (record["resources"], record["request_frame"]) == (60, 4)


def test_through_an_http_proxy(world, command):
    """Also where Wireshark (before 4.6) leaves HTTP inside CONNECT alone."""
    talk = wire.Talk(port=8080)
    talk.client(b"CONNECT dav.example:80 HTTP/1.1\r\nHost: dav.example\r\n\r\n")
    talk.server(b"HTTP/1.1 200 Connection established\r\n\r\n")
    talk.client(REQUEST).server(plain_head(Content_Length=len(BODY)) + BODY)
    path = wire.save(world, "connect", talk.packets)
    record = only(scan(command, path))
    assert (record["resources"], record["complete"], record["method"]) == (60, True, "PROPFIND")


# Wireshark reads it only if each of the messages before it fits a segment.
@pytest.mark.parametrize("segment", [1400, 3])
@pytest.mark.parametrize("password", [False, True])
def test_through_socks(world, command, segment, password):
    talk = wire.Talk(port=1080)
    if password:
        talk.client(b"\x05\x02\x00\x02", segment).server(b"\x05\x02", segment)
        talk.client(b"\x01\x04user\x06secret", segment).server(b"\x01\x00", segment)
    else:
        talk.client(b"\x05\x01\x00", segment).server(b"\x05\x00", segment)
    talk.client(b"\x05\x01\x00\x01\xc0\x00\x02\x01\x00\x50", segment)
    talk.server(b"\x05\x00\x00\x01\xc0\x00\x02\x01\x00\x50", segment)
    talk.client(REQUEST, segment).server(plain_head(Content_Length=len(BODY)) + BODY, segment)
    record = only(scan(command, wire.save(world, "socks", talk.packets)))
    assert (record["resources"], record["method"], record["uri"]) == (60, "PROPFIND", "/c/")


# What load balancers say of the client before they pass on its bytes (the PROXY protocol).
PROXIES = {
    "1": b"PROXY TCP4 192.0.2.7 10.0.0.1 56324 80\r\n",
    "1, unknown": b"PROXY UNKNOWN\r\n",
    "2": b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + bytes(range(12)),
    "2, local": b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0",
}


@pytest.mark.parametrize("separate", [False, True])
@pytest.mark.parametrize("version", PROXIES)
def test_behind_a_load_balancer(world, command, version, separate):
    talk = wire.Talk()
    if separate:
        talk.client(PROXIES[version]).client(REQUEST)
    else:
        talk.client(PROXIES[version] + REQUEST)
    talk.server(plain_head(Content_Length=str(len(BODY))) + BODY)
    talk.client(REQUEST).server(plain_head(Content_Length=str(len(BODY))) + BODY)
    records = scan(command, wire.save(world, "load-balancer", talk.end(wire.FIN).packets))
    assert [(record["method"], record["uri"], record["failed"]) for record in records] == \
        [("PROPFIND", "/c/", 20)] * 2


def test_what_only_looks_like_a_load_balancer(world, command):
    """A method of that name, and a block that says that it is longer than it is."""
    for begins in (traffic.request("PROXY", "/c/"), PROXIES["2"][:15] + b"\xff"):
        talk = wire.Talk().client(begins).client(REQUEST)
        talk.server(plain_head(Content_Length=str(len(BODY))) + BODY)
        record = only(scan(command, wire.save(world, "no-load-balancer", talk.packets)))
        assert (record["method"], record["failed"]) in (("PROXY", 20), (None, 20))


def test_start_in_the_middle_of_a_connection(world, command):
    talk = wire.Talk()
    for _ in range(2):
        talk.client(REQUEST).server(plain_head(Content_Length=len(BODY)) + BODY, segment=900)
    # in the middle of the first answer
    record = scan(command, wire.save(world, "middle", talk.packets[7:]))[-1]
    assert (record["resources"], record["complete"], record["method"]) == (60, True, "PROPFIND")


# ---------------------------------------------------------------- HTTP/2 on any port ----

def on_port(capture, port):
    """A pcapng file of Ethernet with port 80 changed."""
    data = bytearray(capture.read_bytes())
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        packet = at + 28
        if kind == 6 and data[packet + 12:packet + 14] == b"\x08\0" and data[packet + 23] == 6:
            tcp = packet + 14 + 4 * (data[packet + 14] & 15)
            for place in (tcp, tcp + 2):
                if data[place:place + 2] == b"\0\x50":
                    struct.pack_into("!H", data, place, port)
        at += size
    return bytes(data)


@pytest.mark.parametrize("name", ["apache-h2c-prior-knowledge", "apache-h2c-interleaved"])
def test_http2_on_any_port(world, command, tshark, stock_tshark, name):
    original = world.captures / f"{name}.pcapng"
    path = world.folder / "h2c.pcapng"
    path.write_bytes(on_port(original, 8443))
    path.chmod(0o644)
    expected = [comparable(record) for record in scan(command, original)]
    assert len(expected) > 3
    assert [comparable(record) for record in scan(command, path)] == expected
    off = ("--disable-heuristic", "multistatus_http2_preface")
    # Wireshark 4.4 knows the preface itself, 4.0 does not.
    known = stock_tshark("-r", path, "-Y", "http2").stdout != b""
    assert [comparable(record) for record in scan(command, path, *off)] == known * expected
    frames = ("-Y", "multistatus", "-T", "fields", "-e", "frame.number", "-e",
              "multistatus.resources")
    assert tshark("-r", path, *frames).stdout == tshark("-r", original, *frames).stdout != b""
    assert tshark("-r", path, *frames, *off).stdout == \
        known * tshark("-r", path, *frames).stdout
    disabled = tshark("-r", path, "--disable-protocol", "multistatus", "-Y", "http2")
    assert disabled.stdout == stock_tshark("-r", path, "-Y", "http2").stdout


# HTTP of Wireshark is shown again what comes after a body that it need not put together, also in the segment with
# the end of it.
@pytest.mark.parametrize("upgraded", [False, True])
@pytest.mark.parametrize("direction, chunks", [("download", False), ("download", True), ("upload", True)])
def test_behind_a_large_body(world, command, direction, chunks, upgraded):
    page = bytes(range(1, 251)) * 400
    framing = b"Transfer-Encoding: chunked\r\n\r\n" if chunks else b"Content-Length: %d\r\n\r\n" % len(page)
    large = framing + (wire.chunked(page, 7000) if chunks else page)
    small = b"Content-Length: 0\r\n\r\n"
    upload = direction == "upload"
    multistatus = traffic.multistatus(traffic.row("/c/", 403))
    fields = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAAQAAP__"}
    talk = wire.Talk()
    talk.client(b"PUT /large HTTP/1.1\r\nHost: h\r\n" + (large if upload else small) +
                traffic.request("PROPFIND", "/c/", fields if upgraded else {}))
    talk.server(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n" + (small if upload else large) + (
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n" if upgraded else multistatus))
    if upgraded:
        settings = wire.h2_frame(wire.H2_SETTINGS, 0, 0)
        talk.client(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings)
        talk.server(wire.h2_response(multistatus.split(b"\r\n\r\n", 1)[1]))
    path = wire.save(world, "behind", talk.packets)
    for options in ([], ["-2"], ["-Y", "multistatus"]):
        record = only(scan(command, path, *options))
        assert (record["method"], record["uri"], record["complete"]) == ("PROPFIND", "/c/", True), options
        assert record["protocol"] == ("HTTP/2" if upgraded else "HTTP/1.1")


@pytest.mark.parametrize("how", ["length", "chunks", "to the end", "HTTP/2"])
def test_a_large_multistatus_body(world, command, how):
    """It is read to its end, where the only failure is; the limit is that of the decoder."""
    rows = [traffic.row(f"/c/{n}", 200) + " " * 1900 for n in range(20000)] + [traffic.row("/c/last", 423)]
    body = ('<D:multistatus xmlns:D="DAV:">' + "".join(rows) + "</D:multistatus>").encode()
    assert len(body) > 36 << 20
    heads = {"length": head(Content_Type=XML, Content_Length=len(body)) + body, "to the end": plain_head() + body,
             "chunks": plain_head(Transfer_Encoding="chunked") + chunked(body, 50000)}
    asked = wire.h2_request(b"PROPFIND", b"/c/") if how == "HTTP/2" else REQUEST
    talk = wire.Talk().client(asked).server(wire.h2_response(body) if how == "HTTP/2" else heads[how], 60000)
    path = wire.save(world, "large", talk.end(1).packets)
    for options in ([], ["--no-sieve"]):
        record = only(scan(command, path, *options))
        assert (record["complete"], record["missing"]) == (True, None), options
        assert (record["verdict"], record["resources"], record["failed"]) == ("partial", 20001, 1)
    record = only(scan(command, path, "-o", f"multistatus.max_body:{35 << 20}"))
    rules = {found["rule"] for found in record["findings"]}
    assert "limit" in rules and not rules & {"not_captured", "cut_off"}


def test_much_behind_missing_bytes(world, command):
    """More than TCP keeps there."""
    talk, lost = wire.Talk(), 6
    for n in range(700):
        talk.client(traffic.request("PROPFIND", f"/{n}"))
        talk.server(traffic.multistatus(traffic.row(f"/{n}", 403)))
    records = scan(command, wire.save(world, "much", talk.packets[:lost] + talk.packets[lost + 1:]))
    assert [(record["uri"], record["complete"]) for record in records[-690:]] == \
        [(f"/{n}", True) for n in range(10, 700)]
    assert all(record["uri"] in (None, record["responses"][0]["hrefs"][0]) for record in records if record["responses"])


# TCP shows what comes behind a gap to no dissector that could find HTTP in it.
@pytest.mark.parametrize("port", [80, 50081])
def test_a_gap_behind_the_handshake_on_any_port(world, command, port):
    talk = wire.Talk(port=port)
    for uri in ("/first", "/second", "/third"):
        talk.client(traffic.request("PROPFIND", uri)).server(traffic.multistatus(traffic.row(uri, 403)))
    path = wire.save(world, "gap", wire.without(talk.packets, 4, 5))
    for options in ([], ["--no-sieve"]):
        assert [(record["uri"], record["complete"]) for record in scan(command, path, *options)] == \
            [("/second", True), ("/third", True)], options
    # Something else that waits is none.
    talk = wire.Talk(port=port + 1)
    for text in (b"hello\r\n\r\n", b"PROPFIND /c/ HTTP/1.1\r\nHost: h\r\n", b"HTTP/1.1 207 Multi-Status", b"\0" * 500):
        talk.client(text).server(b"+OK " + text)
    assert scan(command, wire.save(world, "none", wire.without(talk.packets, 4, 5))) == []


# Its preface and the frames after it do not fit a segment each.
@pytest.mark.parametrize("upgraded", [False, True])
@pytest.mark.parametrize("segment", [1, 30])
def test_http2_in_small_segments(world, command, tshark, upgraded, segment):
    def body(name):
        return traffic.multistatus(traffic.row(name, 403)).split(b"\r\n\r\n", 1)[1]

    talk, preface = wire.Talk(), wire.h2_request(b"PROPFIND", b"/first")
    settings = wire.h2_frame(wire.H2_SETTINGS, 0, 0)
    if upgraded:
        talk.client(traffic.request("PROPFIND", "/first", {
            "Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAAQAAP__"}), segment)
        talk.server(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", segment)
        preface = preface[:24] + settings
    talk.client(preface, segment).server(wire.h2_response(body("/first")), segment)
    talk.client(wire.h2_ask(b"REPORT", b"/second", 3), segment)
    talk.server(wire.h2_answer(3) + wire.h2_frame(wire.H2_DATA, wire.H2_END_STREAM, 3, body("/second")), segment)
    path = wire.save(world, "small", talk.packets)
    expected = [("PROPFIND", "/first", True), ("REPORT", "/second", True)]
    for options in ([], ["--no-sieve"], ["-2"]):
        assert [(record["method"], record["uri"], record["complete"])
                for record in scan(command, path, *options)] == expected, options
    fields = ("-Y", "multistatus", "-T", "fields", "-e", "multistatus.method", "-e", "multistatus.uri")
    assert tshark("-2", "-r", path, *fields).stdout == b"PROPFIND\t/first\nREPORT\t/second\n"


# The first answer over HTTP/2 is that to the request over HTTP/1, also where the capture lacks the beginning of the connection.
def test_http2_behind_an_upgrade_without_a_handshake(world, command, tshark):
    body = traffic.multistatus(traffic.row("/first", 403)).split(b"\r\n\r\n", 1)[1]
    talk = wire.Talk()
    talk.client(traffic.request("PROPFIND", "/first", {
        "Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAAQAAP__"}))
    talk.server(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
    talk.client(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + wire.h2_frame(wire.H2_SETTINGS, 0, 0))
    talk.server(wire.h2_response(body))
    path = wire.save(world, "upgraded", talk.packets[3:])
    for options in ([], ["--no-sieve"], ["-2"]):
        record = only(scan(command, path, *options))
        assert (record["method"], record["uri"], record["request_frame"], record["request_unknown"]) == \
            ("PROPFIND", "/first", 1, None), options
    fields = ("-Y", "multistatus", "-T", "fields", "-e", "multistatus.method", "-e", "multistatus.uri")
    assert tshark("-2", "-r", path, *fields).stdout == b"PROPFIND\t/first\n"


def test_http2_is_found_whatever_captures_came_before(world, command):
    """A heuristic dissector of Wireshark that has found something is asked first in later captures."""
    body = traffic.multistatus(traffic.row("/c/", 423)).split(b"\r\n\r\n", 1)[1]
    paths = []
    for segment in (100000, 40):
        talk = wire.Talk().client(wire.h2_request(b"PROPFIND", b"/c/"), segment).server(wire.h2_response(body), segment)
        paths.append(wire.save(world, f"preface-in-{segment}", talk.packets))
    whole, small = paths
    expected = [comparable(record) for record in scan(command, small)]
    assert [record["method"] for record in expected] == ["PROPFIND"]
    found = command("-T", "ndjson", "-j", "0", whole, small).exchanges
    assert [comparable(record) for record in found if record["capture"] == str(small)] == expected


# Wireshark looks for HTTP/1 on other ports in the first line of a segment.
@pytest.mark.parametrize("segment", [1, 5, 9])
def test_http1_in_small_segments_on_any_port(world, command, tshark, segment):
    talk = wire.Talk(port=50081)
    for uri in ("/first", "/second"):
        talk.client(traffic.request("PROPFIND", uri), segment).server(traffic.multistatus(traffic.row(uri, 403)), segment)
    path = wire.save(world, "start-line", talk.packets)
    for options in ([], ["--no-sieve"], ["-2"]):
        assert [(record["method"], record["uri"], record["complete"]) for record in scan(command, path, *options)] == \
            [("PROPFIND", "/first", True), ("PROPFIND", "/second", True)], options
    fields = ("-Y", "multistatus", "-T", "fields", "-e", "multistatus.method", "-e", "multistatus.uri")
    expected = b"PROPFIND\t/first\nPROPFIND\t/second\n"
    for passes in ((), ("-2",)):
        assert tshark(*passes, "-r", path, *fields).stdout == expected
    off = ("--disable-heuristic", "multistatus_http1_start_line")
    assert tshark("-2", "-r", path, *fields, *off).stdout == b""


# ------------------------------------------------------- requests that Wireshark does not know ----

UNKNOWN = ["ACL", "BIND", "MKCALENDAR", "MKREDIRECTREF", "ORDERPATCH", "REBIND", "UNBIND",
           "UPDATEREDIRECTREF"]


@pytest.mark.parametrize("method", UNKNOWN)
@pytest.mark.parametrize("segment", [60, 100000])
def test_unknown_methods(world, command, method, segment):
    body = b"<x xmlns='DAV:'>" + b" " * 300 + b"</x>"
    request = traffic.request(method, "/c/new", {}, body)
    talk = wire.Talk().client(traffic.request("GET", "/before")).server(traffic.response(200, "x"))
    talk.client(request, segment=segment)
    request_frame = len(talk.packets)
    talk.server(traffic.multistatus(traffic.row("/c/new", 403)))
    talk.client(traffic.request("PROPFIND", "/after"))
    talk.server(traffic.multistatus(traffic.row("/after", 200)))
    path = wire.save(world, "method", talk.packets)
    found = [(record["method"], record["uri"], record["request_frame"])
             for record in scan(command, path)]
    assert found == [(method, "/c/new", request_frame), ("PROPFIND", "/after", len(talk.packets) - 1)]


def test_a_repeated_request_is_one(world, command):
    talk = wire.Talk().client(traffic.request("ACL", "/acl", {}, b"<acl/>"))
    talk.packets.append(talk.packets[-1])
    talk.server(traffic.multistatus(traffic.row("/acl", 403))).client(REQUEST)
    talk.server(traffic.multistatus(traffic.row("/c/", 200)))
    assert [record["method"] for record in
            scan(command, wire.save(world, "repeated", talk.packets))] == ["ACL", "PROPFIND"]
