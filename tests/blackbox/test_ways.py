"""Whichever way a capture is read, the records are the same (ways.py).

Some captures are the same in every run, some are drawn anew; the name of a capture that is read in
two ways has the seed by which it is made again. scripts/compare-ways MINUTES draws more of them:
MULTISTATUS_WAYS is "MINUTES SEED".

SPDX-License-Identifier: GPL-2.0-or-later
"""
import gzip
import json
import os
import random
import time

import connections
import pytest
import traffic
import ways
import wire

MINUTES, SEED = (int(word) for word in os.environ.get("MULTISTATUS_WAYS", "0 0").split())
PARTS = len(os.sched_getaffinity(0)) if MINUTES else 1
TOGETHER = 40       # captures of one run


def compare(world, folder, seeds):
    """@return how many of these captures were read without dissectors"""
    paths = [ways.write(world, folder, seed) for seed in seeds]
    differs, read = ways.difference(world, paths)
    if differs:
        pytest.fail(differs)
    for path in paths:
        path.unlink()
    return read


@pytest.mark.parametrize("part", range(PARTS))
def test_random_captures(world, tmp_path, part):
    tmp_path.chmod(0o777)
    if not MINUTES:
        drawn = random.SystemRandom().randrange(10**6, 10**9)
        read = compare(world, tmp_path, range(TOGETHER)) + \
            compare(world, tmp_path, range(drawn, drawn + TOGETHER))
        assert 10 < read < 2 * TOGETHER     # both ways are taken
        return
    until, count, read = time.monotonic() + 60 * MINUTES, 0, 0
    while time.monotonic() < until:
        first = (SEED * PARTS + part) * 10**6 + count
        read += compare(world, tmp_path, range(first, first + TOGETHER))
        count += TOGETHER
        print(f"{count} captures, {read} of them read without dissectors", flush=True)


# ---------------------------------------------------------------------------------- which way ----

def taken(world, path):
    """The way that a capture takes; what it finds is the same on every other."""
    path.chmod(0o644)
    differs, read = ways.difference(world, [path])
    assert differs is None, differs
    return "read" if read else "dissected"


def answered(talk):
    talk.client(traffic.request("PROPFIND", "/a/", {"Depth": "1"}))
    talk.server(traffic.multistatus(traffic.row("/a/", 200) + traffic.row("/a/b", 423)))
    return talk


CHANGES = {
    # name: (packets of a conversation to those of the capture, the way)
    "as it is": (lambda packets: packets, "read"),
    "twice": (lambda packets: wire.retransmit(packets), "read"),
    "one of another order": (lambda packets: wire.swap(packets, 4), "read"),
    "without a request": (lambda packets: wire.without(packets, 4), "read"),
    "with a hole behind the handshake": (lambda packets: packets[:3] + packets[5:], "dissected"),
    "without a part of the answer": (lambda packets: wire.without(packets, len(packets) - 1), "read"),
    "without the handshake": (lambda packets: packets[3:], "read"),
    "over IPv6": (lambda packets: [wire.to_ipv6(packet) for packet in packets], "read"),
    "in a tunnel": (lambda packets: [wire.to_vxlan(packet) for packet in packets], "dissected"),
    "with options of IP": (lambda packets: [wire.with_options(packet) for packet in packets], "dissected"),
    "in fragments": (lambda packets: [piece for n, packet in enumerate(packets)
                                      for piece in (wire.fragments(packet, 64, n) if len(packet) > 200 else [packet])],
                     "dissected"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_way(world, tmp_path, change):
    talk = wire.Talk()
    packets = answered(answered(talk)).packets
    alter, way = CHANGES[change]
    (tmp_path / "a.pcap").write_bytes(wire.pcap(alter(list(packets))))
    assert taken(world, tmp_path / "a.pcap") == way


@pytest.mark.parametrize("segment", [5, 12, traffic.SEGMENT])
@pytest.mark.parametrize("port", [80, 8080])
@pytest.mark.parametrize("asked, told", [
    (b"x1.1 207HTTPHTTPmail /HTTP/1.1 207T1.1 207xTP/HT", b"mail HTTP/H1.1 207T"),
    (b"HTTP/1.1 207", b"HTTP/1.1"), (b"\r\n\r\n", b"HTTP/1.1 207"), (b"GET", b""), (b"x", b"HTTP/1.1 x\r\n\r\n")])
def test_nothing_is_said_of_what_was_read_and_is_no_http(world, tmp_path, asked, told, port, segment):
    """On a port of HTTP, Wireshark shows none of it; it was looked into, by whichever way."""
    talk = wire.Talk(port=port).client(asked, segment).server(told, segment)
    (tmp_path / "a.pcap").write_bytes(wire.pcap(talk.end(1).packets))
    taken(world, tmp_path / "a.pcap")
    assert world.run([world.command, "-T", "ndjson", tmp_path / "a.pcap"]).lines[-1].endswith('"unseen":[]}')


@pytest.mark.parametrize("cut", range(1, 5))
@pytest.mark.parametrize("before", [b"\0", b"\0a", b"\0ab", b"\0abc", b"ab\0\0", b"\0\0\0\0"])
def test_an_answer_that_begins_in_pieces_behind_any_byte(world, tmp_path, before, cut):
    """A body of zero bytes may come before it (the end of gzip, say)."""
    body = gzip.compress(b'<multistatus xmlns="DAV:"><response><href>/json</href><status>HTTP/1.1 423 Locked</status>'
                         b"</response></multistatus>", mtime=0)
    row = wire.head(Content_Type="text/xml", Content_Encoding="gzip", Content_Length=len(body)) + body
    talk = wire.Talk(port=8080).client(traffic.request("GET", "/page"))
    talk.server(wire.head(200, Content_Length=len(before)) + before)
    # "HTTP/" is a segment of its own, so that the method is in no segment with it.
    talk.client(b"PROPFIND /json HTTP/1.1\r\nHost: h\r\n\r\n", 5).server(row[:cut]).server(row[cut:])
    (tmp_path / "a.pcap").write_bytes(wire.pcap(talk.end(1).packets))
    assert taken(world, tmp_path / "a.pcap") == "read"
    found = world.run([world.command, "-T", "ndjson", tmp_path / "a.pcap"]).exchanges
    assert [(record["method"], record["failed"]) for record in found] == [("PROPFIND", 1)]


@pytest.mark.parametrize("asked, told", [
    (b"CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"),
    (b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: x\r\n\r\n", b"HTTP/1.1 101 Switching Protocols\r\n\r\n"),
])
@pytest.mark.parametrize("segment", [7, traffic.SEGMENT])
def test_another_protocol(world, tmp_path, asked, told, segment):
    """What was read up to there does not count, wherever it was said already: in a worker as well."""
    talk = answered(wire.Talk()).client(asked, segment).server(told, segment)
    (tmp_path / "a.pcap").write_bytes(wire.pcap(answered(talk).packets))
    assert taken(world, tmp_path / "a.pcap") == "dissected"
    (tmp_path / "b.pcap").write_bytes(wire.pcap(answered(wire.Talk(port=443)).packets))
    for jobs in ("0", "1", "2"):
        differs, _ = ways.difference(world, [tmp_path / "b.pcap", tmp_path / "a.pcap"], jobs)
        assert differs is None, differs


def test_the_way_is_told_by_the_name_of_the_capture(world, tmp_path):
    """Several workers write at the same time, so a message alone says all."""
    talk = answered(wire.Talk()).packets
    of_others = [packet for n in range(3) for packet in wire.Talk(port=5000 + n).client(b"\0mail").packets]
    captures = {
        "read": (talk, "all of it is plain HTTP/1 and was read without Wireshark's dissectors."),
        "dissected": ([wire.to_vxlan(packet) for packet in talk], "all of it was dissected."),
        "left out": (of_others, "12 of 12 frames and 3 of 3 TCP flows cannot hold a Multi-Status body and were left out."),
        "some of it read": (of_others + talk, "12 of 17 frames and 3 of 4 TCP flows cannot hold a Multi-Status body and "
                            "were left out. The rest is plain HTTP/1 and was read without Wireshark's dissectors."),
        "empty": ([], "it has no frames."),
    }
    for name, (packets, _) in captures.items():
        path = tmp_path / f"{name}.pcap"
        path.write_bytes(wire.pcap(packets))
        path.chmod(0o644)
    told = world.run([world.command, "-v", "-q", "-j", "2", *(tmp_path / f"{name}.pcap" for name in captures)]).stderr
    for name, (_, said) in captures.items():
        assert f'multistatus: "{tmp_path / name}.pcap": {said}\n' in told
    piped = world.run([world.command, "-v", "-q", "-"], stdin=(tmp_path / "read.pcap").open("rb"))
    assert 'multistatus: "-": all of it is dissected, because it can only be read once.\n' in piped.stderr


SPANNING_TREE = b"\1\x80\xc2\0\0\0" + bytes(6) + b"\0\x26\x42\x42\3" + bytes(43)
NOTIFY = b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: uuid:1\r\n\r\n"


@pytest.mark.parametrize("packet, way", [pytest.param(packet, way, id=name) for name, packet, way in (
    ("spanning tree", SPANNING_TREE, "read"),
    ("another of IEEE 802.2", SPANNING_TREE.replace(b"\x42\x42", b"\xaa\xaa"), "dissected"),
    ("SSDP", wire.udp(1900, NOTIFY), "read"),
    ("SSDP with a body", wire.udp(1900, NOTIFY + b"<body/>"), "dissected"),
    ("SSDP with a 207", wire.udp(1900, b"HTTP/1.1 207 x\r\n\r\n"), "dissected"),
    ("HTTP on another port", wire.udp(6000, NOTIFY), "dissected"),
    ("DNS", wire.udp(53, bytes(40)), "read"),
    ("WireGuard on its port", wire.udp(53, b"\4\0\0\0" + bytes(44)), "read"),      # Wireshark says DNS as well
    ("WireGuard on the port of PXE", wire.udp(4011, b"\4\0\0\0" + bytes(44)), "dissected"),
    ("some bytes there", wire.udp(4011, b"some bytes"), "read"),
    ("some bytes", wire.udp(6001, b"some bytes"), "read"),
    ("no STUN on its port", wire.udp(3478, b"some bytes"), "read"),
    ("STUN", wire.udp(3478, b"\0\1\0\0" + connections.STUN_COOKIE + b"transactions"), "read"),
    ("a channel of TURN", wire.udp(3478, b"\x40\1\0\4abcd"), "dissected"),
    ("SNMP", wire.udp(161, b"some bytes"), "read"),
    ("a port that means nothing but EOBI", wire.udp(57533, b"some bytes"), "read"),
    ("... or a heartbeat", wire.udp(45564, b"some bytes"), "read"),
    ("... or packets of IP", wire.udp(37008, b"some bytes"), "dissected"),
    ("what leads on, on a port of EOBI", wire.udp(57533, b"\4\0\0\0" + bytes(44)), "dissected"),
    ("cut off", wire.udp(6001, b"some bytes")[:-1], "dissected"),
    ("a call by telephone", wire.udp(6001, b"OPTIONS sip:a SIP/2.0\r\n\r\n"), "dissected"),
    ("WireGuard", wire.udp(6001, b"\4\0\0\0" + bytes(44)), "dissected"),
    ("QUIC", wire.udp(6001, b"\xc3\0\0\0\1\x08" + bytes(1194)), "dissected"),
    ("QUIC on its port", wire.udp(443, b"\xc3\0\0\0\1\x08" + bytes(1194)), "read"),
    ("QUIC behind the handshake", wire.udp(443, b"\x43" + b"random" * 5), "read"),
    ("... that looks like a channel of TURN", wire.udp(443, b"\x40\1\0\x1e" + b"random" * 5), "read"),
    ("... or like a packet of a transport stream", wire.udp(443, b"G" + bytes(3) + b"random" * 30 + b"four"), "read"),
    ("some bytes on the port of QUIC", wire.udp(443, b"some bytes"[::-1]), "read"),
    ("a transport stream there", wire.udp(443, (b"G" + bytes(187)) * 7), "dissected"),
    ("WireGuard there", wire.udp(443, b"\4\0\0\0" + bytes(44)), "dissected"),
    ("DTLS there", wire.udp(443, b"\x16\xfe\xfd" + bytes(8) + b"\0\4abcd"), "dissected"),
    ("STUN there", wire.udp(443, b"\0\1\0\0" + connections.STUN_COOKIE + b"transactions"), "dissected"),
    ("a call there", wire.udp(443, b"OPTIONS sip:a SIP/2.0\r\n\r\n"), "dissected"),
    ("VXLAN", wire.udp(4789, b"some bytes"), "dissected"))])
def test_neighbours(world, tmp_path, packet, way):
    """What else is in the capture: it is looked into unless that is in vain."""
    packets = answered(wire.Talk()).packets
    (tmp_path / "a.pcap").write_bytes(wire.pcap([packet, *packets]))
    assert taken(world, tmp_path / "a.pcap") == way


@pytest.mark.parametrize("port, segment, way", [
    (5232, traffic.SEGMENT, "read"), (5232, 12, "dissected"),    # no port of anybody
    (443, traffic.SEGMENT, "dissected"), (9999, traffic.SEGMENT, "dissected"), (8080, 12, "read")])
def test_ports(world, tmp_path, port, segment, way):
    """Where Wireshark knows nothing by the port, the first line of a connection tells."""
    talk = wire.Talk(port=port).client(traffic.request("OPTIONS", "/"), segment).server(traffic.response(200))
    (tmp_path / "a.pcap").write_bytes(wire.pcap(answered(talk).packets))
    assert taken(world, tmp_path / "a.pcap") == way


@pytest.mark.parametrize("first, way", [
    (b"\xc3\0\0\0\1\x08" + b"identity" + b"\0" + bytes(1170), "read"),     # Wireshark takes all for QUIC
    (b"\xc3\0\0\0\1\x08" + b"identity" + b"\x40" + bytes(1170), "dissected"),
    (b"\x0d" + b"identity" + b"Q043" + bytes(40), "dissected"), (b"\x43" + b"random" * 5, "dissected")])
def test_a_tunnel_behind_quic(world, tmp_path, first, way):
    packets = [wire.udp(443, first), wire.udp(443, b"\4\0\0\0" + bytes(44)), *answered(wire.Talk()).packets]
    (tmp_path / "a.pcap").write_bytes(wire.pcap(packets))
    assert taken(world, tmp_path / "a.pcap") == way


def test_many_connections_of_quic(world, tmp_path):
    """They are counted alike whether anybody could have looked into them or not."""
    packets = [wire.udp(443, b"\xc3\0\0\0\1\x08" + bytes(1194)), wire.udp(443, b"\x40" + b"random" * 5),
               wire.udp(6001, b"\xc3\0\0\0\1")]
    (tmp_path / "a.pcap").write_bytes(wire.pcap([*packets, *answered(wire.Talk()).packets]))
    assert taken(world, tmp_path / "a.pcap") == "read"
    unseen = [json.loads(world.run([world.command, "-T", "ndjson", *more, tmp_path / "a.pcap"]).lines[-1])["unseen"]
              for more in ((), ("--no-sieve",))]
    assert unseen[0] == unseen[1]
    assert [(row["reason"], row["count"]) for row in unseen[0]] == [("quic", 2)]


def test_preface_in_pieces(world, tmp_path):
    talk = answered(wire.Talk()).client(wire.h2_request(b"PROPFIND", b"/"), 5)
    (tmp_path / "a.pcap").write_bytes(wire.pcap(talk.server(wire.h2_response(connections.MULTISTATUS)).packets))
    assert taken(world, tmp_path / "a.pcap") == "dissected"


@pytest.mark.parametrize("segment", range(1, 19))
@pytest.mark.parametrize("first", [0, 3, 4, 5, 6, 11])
def test_preface_in_pieces_without_a_handshake(world, tmp_path, first, segment):
    """Where a connection begins is not known; "HTTP/" in a segment of its own may be the beginning of an answer."""
    asked = wire.h2_request(b"PROPFIND", b"/")
    talk = wire.Talk().client(asked[:first], first or 1).client(asked[first:first + 1]).client(asked[first + 1:], segment)
    packets = talk.server(wire.h2_response(connections.MULTISTATUS), segment).packets[3:]
    (tmp_path / "a.pcap").write_bytes(wire.pcap(packets))
    assert taken(world, tmp_path / "a.pcap") == "dissected"
