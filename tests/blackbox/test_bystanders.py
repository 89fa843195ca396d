"""The plugin makes nothing worse: what Wireshark shows of every other protocol stays what it is.

The captures of Wireshark's own tests are taken from its source: from WIRESHARK_SOURCE, or where
scripts/test and scripts/lint have apt put it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import gzip
import itertools
import os
import re
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import traffic
import wire

from conftest import REPOSITORY, capture_paths, keylog_of, run_program, run_tshark, without_repetition

# ------------------------------------------------------------------------ what tshark shows ----

# The trees of ours, and what is said of them elsewhere.
OURS = re.compile(r"(Multi-Status|WebDAV Request)\b")
NAMES = re.compile(r":multistatus(_request)?\b")
NUMBERS = re.compile(r"\d+")


def of_others(text):
    """What `tshark -V` shows of all protocols but ours, line by line."""
    lines, ours = [], False
    for line in text.split("\n"):
        if not line.startswith(" "):
            ours = OURS.match(line) is not None
        if not ours:
            lines.append(NAMES.sub("", line) if "Protocols in frame" in line else line)
    return lines


def shown(world, path, plugin, *options):
    result = run_tshark(world, "-2", "-V", "-r", path, *options, plugin=plugin)
    warnings = sorted(line for line in result.stderr.splitlines() if "issector bug" in line)
    return (result.status, of_others(result.stdout.decode(errors="replace")),
            [NUMBERS.sub("N", line) for line in warnings])


def difference(with_us, without_us):
    """The first line that differs, for people."""
    if with_us[::2] != without_us[::2]:
        return f"status and warnings: {with_us[::2]}, without the plugin {without_us[::2]}"
    for number, (ours, stock) in enumerate(itertools.zip_longest(with_us[1], without_us[1]), 1):
        if ours != stock:
            return f"line {number}: {ours!r}, without the plugin {stock!r}"
    return None


def compare(world, path, *options, stock_options=()):
    """What the plugin changes of other protocols; None is what everybody wants."""
    with ThreadPoolExecutor(2) as pool:
        with_us = pool.submit(shown, world, path, True, *options)
        without_us = pool.submit(shown, world, path, False, *options, *stock_options)
        return difference(with_us.result(), without_us.result())


def compare_told(world, path, *options):
    """The same, but that Wireshark is told where the HTTP/2 is that the plugin finds by itself."""
    changed = compare(world, path, *options)
    if changed is None:
        return None
    found = run_tshark(world, "-2", "-r", path, *options, "-Y", "http2.magic", "-T", "fields", "-e",
                       "tcp.dstport", "-e", "tcp.stream", plugin=True)
    if not found.lines:
        return changed
    ports, streams = (set(column) for column in zip(*(line.split() for line in found.lines)))
    told = [part for port in sorted(ports) for part in ("-d", f"tcp.port=={port},http2")]
    them = f"tcp.stream in {{{', '.join(sorted(streams))}}}"
    return compare(world, path, *options, "-Y", them, stock_options=told) or \
        compare(world, path, *options, "-Y", f"!({them})")


# ------------------------------------------------------------------------------- captures ----

def wireshark_captures():
    source = Path(os.environ.get("WIRESHARK_SOURCE") or REPOSITORY / "build-wireshark" / "source")
    return sorted(path for path in (source / "test" / "captures").glob("*") if path.is_file())


# Some captures for each test, so that all processors have something to do.
SHARES = 6


PACKETS_ONLY = {0x0a0d0d0a, 1, 2, 3, 5, 6}   # kinds of blocks: no names, no keys, which a merge would lose


def may_be_merged(path):
    """It has only packets, and no HTTP/2 that the plugin finds by itself: there a difference is right."""
    data = path.read_bytes()
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    if b"PRI * HTTP/2" in data:
        return False
    if data[:4] != b"\n\r\r\n":
        return data[:4] in (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4")
    order, at = "<" if data[8:12] == b"\x4d\x3c\x2b\x1a" else ">", 0
    while at + 8 <= len(data):
        kind, length = struct.unpack_from(order + "II", data, at)
        if kind not in PACKETS_ONLY or length < 12:
            return False
        at += length
    return at == len(data)


def changed_of(world, paths):
    """What is changed, by the name of the capture. Starting tshark takes longer than reading: it gets
    captures as one, and the halves of what it shows differently."""
    if len(paths) > 1:
        merged = world.folder / "merged.pcapng"
        done = run_program(world, "mergecap", "-a", "-w", "-", *paths, plugin=False)
        merged.write_bytes(done.stdout)
        merged.chmod(0o644)
        if done.status == 0 and compare(world, merged) is None:
            return {}
        middle = len(paths) // 2
        return {**changed_of(world, paths[:middle]), **changed_of(world, paths[middle:])}
    return {path.name: changed for path in paths if (changed := compare_told(world, path))}


@pytest.mark.parametrize("share", range(SHARES))
def test_the_reading_of_wiresharks_captures(world, tshark, share):
    captures = wireshark_captures()
    if not captures:
        pytest.skip("no source of Wireshark: apt offers none, or scripts/test has not fetched it; "
                    "WIRESHARK_SOURCE=DIR tells where one is")
    assert len(captures) > 100
    folder = world.folder / "wireshark"
    folder.mkdir(exist_ok=True)
    here = []
    for path in captures[share::SHARES]:
        here.append(folder / path.name)
        here[-1].write_bytes(path.read_bytes())
        here[-1].chmod(0o644)
    together = [path for path in here if may_be_merged(path)]
    changed = changed_of(world, together)
    for path in here:
        if path not in together:
            changed.update(changed_of(world, [path]))
        path.unlink()
    assert not changed


def test_the_reading_of_our_captures(world, tshark):
    here = [world.captures / path.name for path in capture_paths()]
    together = [path for path in here if may_be_merged(path) and not keylog_of(path)]
    assert len(together) > 30
    changed = {}
    for group in without_repetition(world, together):
        changed.update(changed_of(world, group))
    for path in here:
        if path not in together:
            keys = keylog_of(path)
            options = ("-o", f"tls.keylog_file:{keys}") if keys else ()
            changed[path.name] = compare(world, path, *options)
    assert not any(changed.values()), changed


# ------------------------------------------------------- HTTP/2 that is found by its preface ----

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
GRPC = {b":method": b"POST", b":scheme": b"http", b":path": b"/Greeter/SayHello",
        b":authority": b"h", b"content-type": b"application/grpc", b"te": b"trailers"}
FIRST_SETTINGS = wire.h2_frame(wire.H2_SETTINGS, 0, 0, b"\0\3\0\0\0\x64\0\4\0\1\0\0")
START = PREFACE + wire.h2_frame(wire.H2_SETTINGS, 0, 0)
PORT = 50051


def headers(stream, fields, end=0):
    return wire.h2_frame(wire.H2_HEADERS, wire.H2_END_HEADERS | end, stream, wire.h2_fields(fields))


def data(stream, payload, end=0):
    return wire.h2_frame(wire.H2_DATA, end, stream, payload)


def grpc_message(size):
    return b"\0" + size.to_bytes(4, "big") + bytes(7 * n % 251 for n in range(size))


def parts(payload, size):
    return [payload[at:at + size] for at in range(0, len(payload), size)]


def grpc(talk, size=3000, frame=500, segment=1400):
    """One call: a message in several DATA frames, and its answer."""
    pieces = parts(grpc_message(size), frame)
    talk.client(START + headers(1, GRPC) +
                b"".join(data(1, piece) for piece in pieces[:-1]) +
                data(1, pieces[-1], wire.H2_END_STREAM), segment=segment)
    talk.server(FIRST_SETTINGS +
                headers(1, {b":status": b"200", b"content-type": b"application/grpc"}) +
                b"".join(data(1, piece) for piece in pieces) +
                headers(1, {b"grpc-status": b"0"}, wire.H2_END_STREAM), segment=segment)


def one_segment(talk):
    grpc(talk, size=600, frame=300, segment=60000)


def long_data(talk):
    grpc(talk, size=20000, frame=16000)


def small_segments(talk):
    grpc(talk, segment=100)


def data_begins_in_the_segment_of_the_preface(talk):
    grpc(talk, size=5000, frame=5000, segment=700)


def several_streams(talk):
    numbers = (1, 3, 5)
    pieces = {number: parts(grpc_message(900 + number), 400) for number in numbers}
    ask = START + b"".join(headers(number, GRPC) for number in numbers)
    for turn in range(3):
        ask += b"".join(data(number, pieces[number][turn], turn // 2) for number in numbers)
    talk.client(ask)
    talk.server(b"".join(headers(number, {b":status": b"200", b"content-type": b"text/xml"}) +
                         data(number, b"<a>%d</a>" % number, wire.H2_END_STREAM)
                         for number in numbers))
    talk.client(headers(7, GRPC) + data(7, grpc_message(10), wire.H2_END_STREAM))


def server_first(talk):
    talk.server(FIRST_SETTINGS)
    grpc(talk)


def server_first_without_settings(talk):
    talk.server(wire.h2_frame(wire.H2_SETTINGS, 0, 0))
    grpc(talk)


def tls_inside(talk):
    """A tunnel through HTTP/2: what its DATA frames carry begins like TLS."""
    hello = b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + b"\x2a" * 506
    talk.client(START + headers(1, {b":method": b"CONNECT", b":authority": b"h:443"}) +
                b"".join(data(1, piece) for piece in parts(hello, 200)))
    talk.server(headers(1, {b":status": b"200"}) + data(1, hello))


def out_of_order(talk):
    grpc(talk, segment=600)
    talk.packets[4:6] = talk.packets[5:3:-1]


def sent_again(talk):
    grpc(talk, segment=600)
    talk.packets = wire.retransmit(talk.packets)


TALKS = [one_segment, long_data, small_segments, data_begins_in_the_segment_of_the_preface,
         several_streams, server_first,
         server_first_without_settings, tls_inside, out_of_order, sent_again]


def whole(world, path, plugin, *options):
    """All of `tshark -V`, with the line of the packet list."""
    result = run_tshark(world, "-V", "-P", "-r", path, *options, plugin=plugin)
    assert result.status == 0 and "issector bug" not in result.text + result.stderr
    return result.text


@pytest.mark.parametrize("passes", [(), ("-2",), ("-2", "-o", "tcp.reassemble_out_of_order:TRUE")],
                         ids=["one pass", "two passes", "in order"])
@pytest.mark.parametrize("talk_of", TALKS, ids=lambda talk_of: talk_of.__name__)
def test_http2_on_any_port_is_as_with_decode_as(world, tshark, stock_tshark, talk_of, passes):
    talk = wire.Talk(port=PORT)
    talk_of(talk)
    path = wire.save(world, f"preface-{talk_of.__name__}", talk.packets)
    told = whole(world, path, False, "-d", f"tcp.port=={PORT},http2", *passes)
    assert "Stream: DATA" in told
    stock = whole(world, path, False, *passes)
    # Where Wireshark looks for the preface itself (4.4), what it finds is left as it is.
    allowed = (told, stock) if "Stream: Magic" in stock else (told,)
    assert whole(world, path, True, *passes) in allowed


@pytest.mark.parametrize("first", [3, 9, 10, 11, 12, 18, 23, 24, 29])
def test_a_preface_in_two_segments(world, tshark, first):
    """As soon as it is clear what it is, all of it is shown; before, nobody is disturbed."""
    talk = wire.Talk(port=PORT)
    talk.client(START[:first])
    talk.client(START[first:] + headers(1, GRPC) + data(1, grpc_message(100), wire.H2_END_STREAM))
    path = wire.save(world, f"preface-{first}", talk.packets)
    unsplit = wire.Talk(port=PORT).client(START + headers(1, GRPC))
    alone = "Stream: Magic" in whole(world, wire.save(world, "unsplit", unsplit.packets), False)
    for passes in ((), ("-2",)):
        seen = whole(world, path, True, *passes)
        if alone:  # Wireshark looks for the preface itself (4.4): whatever it makes of this
            assert seen == whole(world, path, False, *passes)
        elif first >= len("PRI * HTTP/"):
            assert "Stream: Magic" in seen and "Stream: DATA, Stream ID: 1" in seen
        else:
            assert seen == whole(world, path, False, *passes)


@pytest.mark.parametrize("payload", [b"PRI * HTTP/1.1\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\rx",
                                     b"PRI", b"\0\0\6\4\0\0\0\0\0\0\x2a\0\0\0\1",
                                     b"\0\0\0\4\0\0\0\0\0\0", b"\0\0\6\4\0\0\0\0\1\0\1\0\0\0\1"])
def test_what_only_looks_like_http2_is_left_alone(world, tshark, payload):
    talk = wire.Talk(port=PORT).server(payload).client(b"something else")
    path = wire.save(world, "no-preface", talk.packets)
    assert compare(world, path) is None
    talk = wire.Talk(port=PORT).server(b"hello").server(FIRST_SETTINGS)
    assert compare(world, wire.save(world, "late-settings", talk.packets)) is None


@pytest.mark.parametrize("segments", [[b"p", b"ropfind"], [b"PROPFIND\r\n"], [b"GETX", b"Y"], [b"PASS x\r\n"],
                                      [b"\0PROPFIND "], [b"hello", b"PROP", b"FIND / HTTP"]])
def test_what_only_looks_like_a_start_line_is_left_alone(world, tshark, segments):
    talk = wire.Talk(port=PORT)
    for segment in segments:
        talk.client(segment)
    talk.server(b"something else")
    assert compare(world, wire.save(world, "no-start-line", talk.packets)) is None


# ------------------------------------------------------------------------ odd bodies of 207s ----

BODIES = [b"\n", b" ", b"", b"\0", b"x", b"{", b"[1,", b"<", b"<a", b"not XML at all"]
TYPES = [None, "text/xml", "application/json", "text/plain", "x/unknown", "", "multipart/mixed"]


def test_odd_bodies_of_207s(world, tshark):
    """Malformed is only what Wireshark itself calls so."""
    path = traffic.save(world, "odd-207s", [
        traffic.Exchange(
            traffic.request("PROPFIND", "/c/", {"Depth": "1"}),
            wire.head(Content_Length=len(body), **({} if kind is None else {"Content_Type": kind}))
            + body)
        for body in BODIES for kind in TYPES])
    assert compare(world, path) is None
    assert len(tshark("-r", path, "-Y", "multistatus").lines) == len(BODIES) * len(TYPES)
