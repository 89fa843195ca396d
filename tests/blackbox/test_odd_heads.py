"""Odd headers: every 207 that stock TShark shows has a record, and a tree of the plugin.

All of them stand in one capture, each on a connection of its own. What is compared is what
TShark of this version says, so nothing here knows how Wireshark reads a line.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest
import traffic
import wire

ASK = traffic.request("PROPFIND", "/c/", {"Depth": "1"})
BODY = traffic.multistatus(traffic.row("/c/a", 423)).split(b"\r\n\r\n", 1)[1]
STATUS = b"HTTP/1.1 207 Multi-Status"
TYPE = b"Content-Type: text/xml"
LENGTH = b"Content-Length: %d" % len(BODY)


def block(*lines, end=b"\r\n"):
    return end.join(lines) + 2 * end


def status_line(line):
    return block(line, TYPE, LENGTH)


def with_lines(*lines):
    return block(STATUS, *lines, TYPE, LENGTH)


def with_length(value):
    return block(STATUS, TYPE, b"Content-Length: " + value)


STATUS_LINES = [
    b"HTTP/1.1  207 Multi-Status", b"HTTP/1.1  207", b"HTTP/1.1   207 x", b"HTTP/1.1\t207 x",
    b"HTTP/1.1 \t207 x", b"HTTP/1.1 207", b"HTTP/1.1 207 ", b"HTTP/1.1 207 x   ",
    b"HTTP/1.1 207\tx", b"HTTP/1.1 207 <b>", b"HTTP/1.1 207 " + b"x" * 5000,
    b"HTTP/1.1 2070 Multi-Status", b"HTTP/1.1 2070", b"HTTP/1.1 20700000 x", b"HTTP/1.1 207Multi",
    b"HTTP/1.1 207Multi-Status x", b"HTTP/1.1 207-x", b"HTTP/1.1 207.5 x", b"HTTP/1.1 207\0x",
    b"HTTP/1.1 0207 x", b"HTTP/1.1 +207 x", b"HTTP/1.1 -207 x", b"HTTP/1.1 2O7 x", b"HTTP/1.1 20",
    b"HTTP/1 207", b"HTTP/1  207 x", b"HTTP/ 207 x", b"HTTP// 207 x", b"HTTP/x 207 x",
    b"HTTP/1. 207 x", b"HTTP/1.10 207 x", b"HTTP/11.1 207 x", b"HTTP/1,1 207 x", b"HTTP/-1 207 x",
    b"HTTP/1.1x 207 x", b"HTTP/2.0 207 x", b"HTTP/3 207 x", b"HTTP/\xe9 207 x",
    b"HTTP/1.1\0 207 x", b"HTTP/1." + b"1" * 300 + b" 207 x", b"HTTPx1.1 207 x", b"http/1.1 207 x",
    b"ICY 207 x", b"ICY/1.0 207 x", b"M-HTTP/1.1 207 x", b"M-ICY 207 x",
]

HEADS = {
    **{ascii(line[:30])[1:]: status_line(line) for line in STATUS_LINES},
    **{f"first {ascii(first)[1:]}": first + status_line(STATUS) for first in (
        b"\r\n", b"\n", b"\r\n\r\n", b"\n\n", b"\r", b"\r\n\r", b" ", b"\t", b"\r\n ", b"\0",
        b"garbage\r\n", b"HTTP/1.1 102 Processing\r\n\r\n", b"HTTP/1.1  102 Processing\r\n\r\n")},
    **{f"ends {ascii(end)[1:]}": block(STATUS, TYPE, LENGTH, end=end)
       for end in (b"\n", b"\r", b"\n\r", b"\r\r\n")},
    **{f"status ends {ascii(end)[1:]}": STATUS + end + block(TYPE, LENGTH)
       for end in (b"\n", b"\r", b"\n\r", b"\r\r\n")},
    **{f"two blanks, ends {ascii(end)[1:]}": b"HTTP/1.1  207" + end + block(TYPE, LENGTH)
       for end in (b"\n", b"\r", b"\n\r", b"\r\r\n")},
    **{f"line {ascii(line[:20])[1:]}": with_lines(line) for line in (
        b"nonsense", b"some words here", b": x", b":", b"X(A): x", b"<X>: x", b"a=b", b'"a": b',
        b"X-A : b", b"X-A\t: b", b" X-A: b", b"\tmore", b"  ", b"\0", b"X\0A: a", b"X-A: a\0b",
        b"X-\xe9: x", b"X-A: \xe9\xff", b"X-A: \x1b[2J", b"\x08\x08", b"Status: 207",
        b"GET / HTTP/1.1", b"X-A: " + b"y" * 9000)},
    "line last": block(STATUS, TYPE, LENGTH, b"nonsense"),
    "many lines": with_lines(*[b"X-%d: y" % n for n in range(300)]),
    "status line twice": with_lines(STATUS),
    "another status line": with_lines(b"HTTP/1.1 200 OK"),
    "folded": block(STATUS, b"Content-Type:", b" text/xml", LENGTH),
    "folded length": with_length(b"\r\n %d" % len(BODY)),
    "blank before colon": block(STATUS, b"Content-Type : text/xml",
                                b"Content-Length : %d" % len(BODY)),
    "no lines": STATUS + b"\r\n\r\n",
    "no type": block(STATUS, LENGTH),
    "odd type": block(STATUS, b"Content-Type: ;;;", LENGTH),
    "two types": with_lines(b"Content-Type: text/plain"),
    **{f"length {ascii(value)[1:]}": with_length(value) for value in (
        b"+%d" % len(BODY), b"%d bytes" % len(BODY), b"%d, %d" % (len(BODY), len(BODY)), b"-1",
        b"0x10", b"many", b"9" * 20, b"0", b"5", b"")},
    "two lengths": with_lines(LENGTH),
    "odd coding": with_lines(b"Transfer-Encoding: junk"),
}


def talks(mode):
    """The packets of all of them; the number of a connection is that of its header."""
    packets = []
    for number, text in enumerate(HEADS.values()):
        talk = wire.Talk(80, number).client(ASK)
        if mode == "apart":
            talk.server(text).server(BODY)
        elif mode == "early":
            talk.server(text[:9]).server(text[9:] + BODY)
        else:
            talk.server(text + BODY, segment=60 if mode == "split" else traffic.SEGMENT)
        if mode == "next":
            talk.client(ASK).server(status_line(STATUS) + BODY)
        packets += talk.end(wire.FIN).packets
    return packets


def frames_of(run, path, value, *more):
    """Frames of 207 responses, by the number of the connection."""
    found = {number: [] for number in range(len(HEADS))}
    shown = run("-r", path, "-o", "tcp.reassemble_out_of_order:TRUE", *more, "-Y", value,
                "-T", "fields", "-e", "tcp.stream", "-e", "frame.number")
    for line in shown.lines:
        stream, frame = line.split("\t")
        found[int(stream)].append(int(frame))
    return found


def records_of(command, path, *more):
    ports = {traffic.Connection(number, 80).ports[True]: number for number in range(len(HEADS))}
    found = {number: [] for number in range(len(HEADS))}
    for record in command("-T", "ndjson", *more, path).exchanges:
        if record["http_status"] == 207:
            found[ports[int(record["client"].rsplit(":", 1)[1])]].append(record)
    return found


def lacking(shown, ours):
    """Connections of which less is ours than Wireshark shows."""
    return [name for number, name in enumerate(HEADS) if len(ours[number]) < len(shown[number])]


# Where Wireshark ends a header elsewhere, or reads a body to the end of the connection.
ELSEWHERE = ("ends ", "status ends ", "two blanks, ends ", "folded length", "length ", "no lines")


@pytest.mark.parametrize("mode", ["whole", "next", "split", "apart", "early"])
def test_every_207_has_a_record(world, command, tshark, stock_tshark, mode):
    path = wire.save(world, f"heads-{mode}", talks(mode))
    shown = frames_of(stock_tshark, path, "http.response.code == 207")
    assert len([frames for frames in shown.values() if frames]) > len(HEADS) // 2
    records = records_of(command, path)
    assert lacking(shown, records) == []
    elsewhere = {name: shown[number] for number, name in enumerate(HEADS)
                 if not name.startswith(ELSEWHERE) and
                 not {record["frame"] for record in records[number]} >= set(shown[number])}
    assert elsewhere == {}
    assert records_of(command, path, "--no-sieve") == records
    assert lacking(shown, frames_of(tshark, path, "multistatus.http_status == 207")) == []
    if mode in ("whole", "apart"):
        assert lacking(shown, frames_of(tshark, path, "multistatus.http_status == 207", "-2")) == []


def test_they_say_what_is_in_the_body(world, command):
    """The odd status line changes nothing in what is read after it."""
    records = records_of(command, wire.save(world, "heads", talks("whole")))
    for number, name in enumerate(HEADS):
        if name.startswith(("HTTP/", "M-", "ICY")) and records[number]:
            record, = records[number]
            assert (record["verdict"], record["method"], record["uri"], record["complete"]) == \
                ("failure", "PROPFIND", "/c/", True), name


@pytest.mark.parametrize("octets", [12, 13, 20, 26, 27, 60])
@pytest.mark.parametrize("line", [STATUS, b"HTTP/1 207 Multi-Status, cut"])
def test_a_status_line_that_is_cut(world, command, tshark, stock_tshark, octets, line):
    """A snap length of 68 bytes, for long the default, leaves 14 bytes of a segment."""
    response = status_line(line) + BODY
    cut = wire.save(world, "cut", wire.Talk().client(ASK).server(response).packets,
                    snap=54 + octets)
    shown = stock_tshark("-r", cut, "-Y", "http.response.code == 207", "-T", "fields",
                         "-e", "frame.number")
    assert shown.lines in (["5"], [])   # 4.6 shows none that is cut between CR and LF
    record, = command("-T", "ndjson", cut).exchanges
    assert (record["frame"], record["http_status"], record["verdict"]) == (5, 207, "undecoded")
    assert "snap length" in record["missing"] and "its header is not complete" in record["missing"]
    tree = tshark("-r", cut, "-Y", "multistatus", "-T", "fields", "-e", "frame.number")
    assert set(tree.lines) >= set(shown.lines)
    # ... and one that the server did not finish
    ended = wire.Talk().client(ASK).server(response[:octets]).end(wire.RST)
    record, = command("-T", "ndjson", wire.save(world, "cut", ended.packets)).exchanges
    assert (record["http_status"], record["verdict"]) == (207, "undecoded")
    assert "RST" in record["missing"]
