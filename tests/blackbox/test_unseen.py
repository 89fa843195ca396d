"""What of a capture nobody looked into is said, by reason, and the same in every mode (docs/records.md,
"unseen"). "No Multi-Status" is said of what was looked into.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import re
import struct

import pytest
import traffic
import wire
from conftest import CAPTURES, keylog_of

ANSWER = traffic.multistatus(traffic.row("/c/a", 423))
ASK = traffic.request("DELETE", "/c/")
BULK = traffic.response(200, b"x" * 5000, {"Content-Type": "text/plain"})
CIPHER = bytes(range(7, 256)) * 8       # nothing that looks like anything


# ---------------------------------------------------------------------------------- conversations ----

def plain(port=80, client=0):
    return wire.Talk(port, client).client(ASK).server(ANSWER)


def record(kind, payload):
    return bytes((kind, 3, 3)) + struct.pack("!H", len(payload)) + payload


def tls(client=0, port=443, hello=True):
    """As it looks from outside: hello, hello, data."""
    talk = wire.Talk(port, client)
    if hello:
        talk.client(record(22, b"\x01\0\0\x2c\3\3" + CIPHER[:42]))
        talk.server(record(22, b"\x02\0\0\x2c\3\3" + CIPHER[:42]))
    return talk.client(record(23, CIPHER[:700])).server(record(23, CIPHER[:1900]))


def handshake_only(client=0):
    talk = wire.Talk(443, client)
    return talk.client(record(22, b"\x01\0\0\x2c\3\3" + CIPHER[:42])).server(record(21, b"\2\x28"))


def ssh(client=0):
    talk = wire.Talk(22, client)
    return talk.client(b"SSH-2.0-a\r\n").server(b"SSH-2.0-b\r\n").client(CIPHER).server(CIPHER)


def websocket(client=0):
    talk = wire.Talk(80, client)
    talk.client(traffic.request("GET", "/ws", {"Upgrade": "websocket", "Connection": "Upgrade",
                                               "Sec-WebSocket-Key": "x" * 22 + "=="}))
    talk.server(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Accept: xx\r\n\r\n")
    return talk.server(b"\x82\x7e" + struct.pack("!H", 1000) + CIPHER[:1000])


def datagram(payload, source=40000, port=443):
    udp = struct.pack("!HHHH", source, port, 8 + len(payload), 0) + payload
    return wire.ethernet(wire.ipv4(udp, 17))


def quic(port=443, source=40000):
    initial = b"\xc3\0\0\0\1\x08" + b"c" * 8 + b"\0\0\x44\x9e" + CIPHER[:1180]
    short = b"\x43" + CIPHER[:600]
    return [datagram(initial, source, port), datagram(short, source, port)]


def misled():
    """A client's port that is registered for a protocol whose dissector takes it."""
    talk = wire.Talk(8081)
    talk.connection.ports[True] = 44322     # pmproxy
    talk.packets = talk.connection.open()
    return talk.client(ASK).server(ANSWER).packets


def midway():
    """A connection that had begun before: its first bytes are the end of something."""
    talk = wire.Talk(80)
    talk.packets = []
    talk.server(b"the end of a long answer" * 30).client(ASK).server(ANSWER)
    return talk.packets


def unknown_protocol_midway():
    talk = wire.Talk(9999)
    talk.packets = []
    return talk.client(CIPHER).server(CIPHER).packets


def other_protocol():
    return wire.Talk(25).server(b"220 mail.example ESMTP\r\n").client(b"EHLO x\r\n").packets


def lossy():
    talk = wire.Talk(80).client(traffic.request("GET", "/")).server(BULK, segment=1000)
    return wire.without(talk.packets, 7)


def lossy_on_any_port():
    """Wireshark keeps everything back that comes behind the gap; it is read all the same."""
    talk = wire.Talk(8123).client(ASK).server(ANSWER).client(ASK).server(ANSWER)
    return wire.without(talk.packets, 4, 5)


def late():
    """A packet that comes later is not missing, and one that comes twice is no more than one."""
    talk = wire.Talk(80).client(traffic.request("GET", "/")).server(BULK, segment=1000)
    return wire.retransmit(wire.swap(talk.packets, 6))


def one_way(from_client):
    """A tap that sees one direction: the other one shows only in what this one acknowledges."""
    talk = wire.Talk(80).client(ASK).server(ANSWER)
    talk.packets.append(talk.connection.segment(True, wire.ACK))
    talk.end(wire.FIN).end(wire.FIN, from_client=True)
    return wire.one_direction(talk.packets, not from_client)


def http2():
    talk = wire.Talk(80).client(wire.h2_request(b"DELETE", b"/c/"))
    talk.server(wire.h2_frame(wire.H2_SETTINGS, 0, 0) + wire.h2_response(
        traffic.multistatus(traffic.row("/c/a", 423)).partition(b"\r\n\r\n")[2]))
    talk.packets.append(talk.connection.segment(True, wire.ACK))
    return talk.packets


def tail_lost():
    talk = wire.Talk(80).client(ASK).server(ANSWER)
    number = len(talk.packets) - 1
    talk.packets.append(talk.connection.segment(True, wire.ACK))
    return wire.without(talk.packets, number + 1)


def coded(coding="x-own", body=b"\1\2\3\4" * 50):
    return wire.Talk(80).client(ASK).server(
        wire.head(207, Content_Type="text/xml", Content_Encoding=coding,
                  Content_Length=str(len(body))) + body).packets


def huge():
    """More resources than are read."""
    rows = "".join(traffic.row(f"/c/{number}", 423) for number in range(60))
    return wire.Talk(80).client(ASK).server(traffic.multistatus(rows)).packets


def esp():
    return [wire.ethernet(wire.ipv4(struct.pack("!II", 7, n) + CIPHER[:400], 50)) for n in range(3)]


def wireguard():
    return [datagram(b"\x04\0\0\0" + struct.pack("<IQ", 9, n) + CIPHER[:256], 51820, 51820)
            for n in range(4)]


def tunnelled_tls():
    return [wire.to_vxlan(packet) for packet in tls().packets]


# name: (packets, options, options of the file, {reason: count})
CASES = {
    "nothing unseen": (lambda: plain().packets, [], {}, {}),
    "other protocol": (other_protocol, [], {}, {}),
    "TLS": (lambda: tls().packets + tls(1).packets, [], {}, {"tls": 2}),
    "TLS beside plain": (lambda: plain().packets + tls(1).packets, [], {}, {"tls": 1}),
    "TLS, handshake only": (lambda: handshake_only().packets, [], {}, {}),
    "TLS, other keys": (lambda: tls().packets, ["--keylog", "KEYS"], {}, {"tls-keys": 1}),
    "TLS without its start": (lambda: tls(hello=False).packets, [], {}, {"start": 1}),
    "TLS in VXLAN": (tunnelled_tls, [], {}, {"tls": 1}),
    "QUIC": (lambda: quic() + quic(source=40001), [], {}, {"quic": 2}),
    "QUIC on another port": (lambda: quic(8443), [], {}, {"quic": 1}),
    "SSH": (lambda: ssh().packets, [], {}, {"ssh": 1}),
    "WebSocket": (lambda: websocket().packets, [], {}, {"websocket": 1}),
    "cut": (lambda: wire.Talk(80).client(traffic.request("GET", "/")).server(BULK).packets, [],
            {"snap": 200}, {"cut": 1}),
    "cut behind the headers": (lambda: plain().packets, [], {"snap": 54}, {"cut": 1}),
    "holes": (lossy, [], {}, {"holes": 1}),
    "holes, on any port": (lossy_on_any_port, [], {}, {"holes": 1}),
    "disorder": (late, [], {}, {}),
    "no server": (lambda: one_way(True), [], {}, {"holes": 1}),
    "no server, begun before": (lambda: one_way(True)[2:], [], {}, {"holes": 1}),
    "no client": (lambda: one_way(False), [], {}, {"holes": 1}),
    "h2": (http2, [], {}, {}),
    "h2, no client": (lambda: wire.one_direction(http2(), True), [], {}, {"port": 1}),
    "h2, no client, decoded as such": (lambda: wire.one_direction(http2(), True),
                                       ["-d", "tcp.port==80,http2"], {}, {"holes": 1}),
    "h2, no server": (lambda: wire.one_direction(http2(), False), [], {}, {"holes": 1}),
    "no last packet": (tail_lost, [], {}, {"holes": 1}),
    "start": (midway, [], {}, {"start": 1}),
    "start, nobody knows of what": (unknown_protocol_midway, [], {}, {"start": 1}),
    "port": (misled, [], {}, {"port": 1}),
    "port, decoded as HTTP": (misled, ["-d", "tcp.port==8081,http"], {}, {}),
    "HTTP off": (lambda: plain().packets, ["--disable-protocol", "http"], {}, {"off": 1}),
    "TLS off": (lambda: tls().packets, ["--disable-protocol", "tls"], {}, {"off": 1}),
    "Multi-Status off": (lambda: plain().packets, ["--disable-protocol", "multistatus"], {},
                         {"off": 1}),
    "coding": (coded, [], {}, {"coding": 1}),
    "limit": (huge, ["-o", "multistatus.max_responses:50"], {}, {"limit": 1}),
    "ESP": (esp, [], {}, {"tunnel": 3}),
    "WireGuard": (wireguard, [], {}, {"tunnel": 4}),
    "link type": (lambda: [CIPHER[:90]] * 2, [], {"link": 147}, {"tunnel": 2}),
}
MODES = {"no sieve": ["--no-sieve"], "two passes": ["-2"], "filter": ["-Y", "tcp.port==1"],
         "in process": ["-j", "0"]}


@pytest.fixture(scope="session")
def keys(world):
    path = world.folder / "others.keylog"
    path.write_text("CLIENT_RANDOM " + "ab" * 32 + " " + "cd" * 48 + "\n")
    return path


def save(world, case):
    packets, _, form, _ = CASES[case]
    return wire.save(world, "unseen-" + case.replace(" ", "-").replace(",", ""), packets(), **form)


def options_of(case, keys):
    return [str(keys) if option == "KEYS" else option for option in CASES[case][1]]


def unseen_of(result):
    capture = result.objects[-1]
    assert capture["type"] == "capture" and capture["error"] is None, result.stderr
    return {entry["reason"]: entry["count"] for entry in capture["unseen"]}, capture["unseen"]


@pytest.mark.parametrize("case", CASES)
def test_reason(world, command, keys, case):
    if case == "port" and "libwireshark 4.0" not in command("--version").text:
        pytest.skip("this Wireshark does not take the port for that of pmproxy")
    path, options = save(world, case), options_of(case, keys)
    first = command("-T", "ndjson", *options, path)
    counts, unseen = unseen_of(first)
    assert counts == CASES[case][3]
    for name, mode in MODES.items():
        if name == "two passes" and case in ("TLS in VXLAN",):
            continue
        again = command("-T", "ndjson", *options, *mode, path)
        assert unseen_of(again)[1] == unseen, name
    piped = command("-T", "ndjson", *options, "-", stdin=path.read_bytes())
    assert unseen_of(piped)[1] == unseen


def test_bytes(world, command, keys):
    """Payload, each byte once."""
    expected = {"TLS": 2 * (53 + 53 + 705 + 1905), "SSH": 22 + 2 * len(CIPHER), "holes": 1000,
                "no client": len(ASK), "no last packet": len(ANSWER),
                "WebSocket": 1004, "start": 24 * 30}
    for case, number in expected.items():
        result = command("-T", "ndjson", save(world, case))
        assert [entry["bytes"] for entry in unseen_of(result)[1]] == [number], case


@pytest.mark.parametrize("case", ["HTTP off", "Multi-Status off"])
def test_what_is_off_is_not_read(world, command, tshark, case):
    """Nobody is told of what was not looked into."""
    path, options = save(world, case), CASES[case][1]
    for mode in ([], *MODES.values()):
        assert command("-T", "ndjson", *options, *mode, path).exchanges == []
    assert tshark("-r", path, *options, "-Y", "multistatus").text == ""
    assert tshark("-r", path, "-Y", "multistatus").text != ""


def test_cut_bytes(world, command):
    path = save(world, "cut behind the headers")
    (_, (cut,)) = unseen_of(command("-T", "ndjson", path))
    assert cut["bytes"] == len(ASK) + len(ANSWER)


def test_keys_that_fit(world, command, tmp_path):
    """Decrypted, nothing is unseen."""
    keylog = tmp_path / "keys"
    talk = wire.TlsTalk(keylog).client(ASK).server(ANSWER)
    path = wire.save(world, "unseen-decrypted", talk.packets)
    for mode in ([], *MODES.values()):
        if mode[:1] == ["-Y"]:
            continue
        result = command("-T", "ndjson", "--keylog", keylog, *mode, path)
        assert unseen_of(result)[0] == {} and len(result.exchanges) == 1
    assert unseen_of(command("-T", "ndjson", path))[0] == {"tls": 1}


@pytest.mark.parametrize("name", ["apache-tls-nokeys.pcapng", "loss-apache-large.pcapng",
                                  "midstart-apache-svn-httpv2.pcapng", "apache-tls-http2.pcapng",
                                  "snaplen200-apache-large.pcapng", "background-no-207.pcapng",
                                  "lighttpd-litmus-http11.pcapng", "multiif-apache-radicale.pcapng",
                                  "caddy-http3.pcapng", "apache-ssh-tunnel.pcapng",
                                  "python-compress.pcapng"])
def test_recordings_say_the_same_in_every_mode(command, name):
    keylog = keylog_of(CAPTURES / name)
    keys = ["--keylog", keylog] if keylog else []
    said = [unseen_of(command("-T", "ndjson", *keys, *mode, CAPTURES / name))[1]
            for mode in ([], ["--no-sieve"], ["-2"])]
    assert said[0] == said[1] == said[2]


RECORDED = {
    "apache-tls-nokeys.pcapng": {"tls": 4},
    "caddy-http3.pcapng": {"quic": 1},
    "apache-ssh-tunnel.pcapng": {"ssh": 1},
    "snaplen200-apache-large.pcapng": {"cut": 1},
    "python-compress.pcapng": {"coding": 1},
}


@pytest.mark.parametrize("name", RECORDED)
def test_reason_of_a_recording(command, name):
    """Real servers and clients, whose packets were not made to be recognised."""
    assert unseen_of(command("-T", "ndjson", CAPTURES / name))[0] == RECORDED[name]


def test_http3_is_read_with_keys(command):
    capture = CAPTURES / "caddy-http3.pcapng"
    keys = keylog_of(capture)
    assert keys
    for mode in ([], *MODES.values()):
        result = command("-T", "ndjson", "--keylog", keys, *mode, capture)
        read = "HTTP/3: read" in command("--version").lines
        listed = read and mode != MODES["filter"]
        assert [record["protocol"] for record in result.exchanges] == 2 * listed * ["HTTP/3"]
        assert unseen_of(result)[0] == ({} if read else {"quic": 1})


# ----------------------------------------------------------------------------- Wireshark's statistics ----

def branch_of(tshark, path, *options):
    """{title: count} below "Not looked into" of the statistics tree, and its own count."""
    lines = tshark("-r", path, *options, "-q", "-z", "multistatus,tree").lines
    total, = [int(line.split()[3]) for line in lines if line.startswith("Not looked into ")] or [None]
    rows = [re.match(r" (\S.*?)  +(\d+)", line) for line in lines]
    return total, {row[1]: int(row[2]) for row in rows if row and row[1] in TITLES and row[2] != "0"}


TITLES = {
    "TLS connections without keys": "tls",
    "TLS connections that the keys do not fit": "tls-keys",
    "QUIC connections (HTTP/3)": "quic",
    "SSH connections": "ssh",
    "WebSockets": "websocket",
    "HTTP connections that Wireshark took for something else": "port",
    "connections of protocols that are switched off": "off",
    "connections whose start is missing": "start",
    "connections with missing packets": "holes",
    "connections with packets that were cut": "cut",
    "responses with an unknown content coding": "coding",
    "responses beyond a limit": "limit",
    "packets of an unknown link type or a closed tunnel": "tunnel",
}


@pytest.mark.parametrize("case", CASES)
def test_branch_of_the_statistics(world, tshark, keys, case):
    """It says what the command says."""
    if case == "port" and "(Wireshark) 4.0" not in tshark("--version").text:
        pytest.skip("this Wireshark does not take the port for that of pmproxy")
    options = options_of(case, keys)
    if options[:1] == ["--keylog"]:
        options = ["-o", f"tls.keylog_file:{options[1]}"]
    total, rows = branch_of(tshark, save(world, case), *options)
    assert {TITLES[title]: count for title, count in rows.items()} == CASES[case][3]
    assert total == sum(rows.values())


# ------------------------------------------------------------------------------------ how it is said ----

TLS = CAPTURES / "apache-tls-nokeys.pcapng"
WORDS = "4 TLS connections without keys, 19.7 kB"


def test_text(command):
    text = command(TLS.name, cwd=TLS.parent).text
    line, = [line for line in text.splitlines() if TLS.name in line and "not looked into" in line]
    assert line.endswith(f"{TLS.name}: not looked into: {WORDS}")
    assert "No Multi-Status in what was looked into of" in text
    assert "No Multi-Status in " + TLS.name not in " ".join(text.split())
    clean = command(CAPTURES / "apache-pipelined.pcapng").text
    assert "looked into" not in clean and "not seen" not in clean


def test_html_and_markdown(command):
    page = command("-T", "html", TLS).text
    assert WORDS in page and "--keylog" in page
    assert 'tile unseen" href="#not_looked_into"><b>4</b>' in page and 'id="not_looked_into"' in page
    assert "No Multi-Status exchange was found in what was looked into." in page
    text = command("-T", "markdown", TLS).text
    assert "### Not looked into" in text and WORDS in text and "--keylog" in text


def test_json(command):
    report = json.loads(command("-T", "json", TLS).stdout)["report"]
    totals = {row["name"]: row["count"] for row in report["totals"]}
    assert totals["unseen"] == 4 and totals["unseen_bytes"] == 19702
    row, = report["not_looked_into"]
    assert row["reason"] == "tls" and row["count"] == 4 and row["bytes"] == 19702


def test_gate(command):
    assert command("--fail-on", "unseen>0", TLS).status == 10
    assert command("--fail-on", "unseen_bytes>20000", TLS).status == 0
    assert command("--fail-on", "unseen>0", CAPTURES / "apache-pipelined.pcapng").status == 0


def test_what_would_help(command):
    quiet, verbose = command(TLS), command("-v", TLS)
    assert "--keylog" not in quiet.stderr and "--keylog" in verbose.stderr
    assert f"Not looked into: {WORDS}." in verbose.stderr


def test_report_of_records_says_the_same(command, tmp_path):
    names = [TLS, CAPTURES / "loss-apache-large.pcapng"]
    path = tmp_path / "records"
    path.write_bytes(command("-T", "ndjson", *names).stdout)
    for form in ("text", "html", "json", "markdown"):
        assert command("report", "-T", form, path).stdout == command("-T", form, *names).stdout
    # Records of an older version do not say: nothing is claimed, nothing is made up.
    old = [{key: value for key, value in json.loads(line).items() if key != "unseen"}
           for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(record) + "\n" for record in old))
    assert "looked into" not in command("report", path).text


def test_checkpoint_keeps_it(command, tmp_path):
    for _ in range(2):
        result = command("-T", "ndjson", "--checkpoint", tmp_path / "kept", TLS)
        assert unseen_of(result)[0] == {"tls": 4}


def test_many_connections_cost_little(world, command):
    """A port scan, a busy proxy: memory and time grow with the connections, and no faster."""
    packets = []
    for client in range(2000):
        talk = wire.Talk(443)
        talk.connection.ports[True] = 10000 + client
        talk.packets = talk.connection.open()
        packets += talk.client(record(22, b"\x01\0\0\x2c\3\3" + CIPHER[:42])).client(
            record(23, CIPHER[:50])).packets
    path = wire.save(world, "unseen-many", packets)
    for mode in ([], ["--no-sieve"]):
        assert unseen_of(command("-T", "ndjson", *mode, path))[0] == {"tls": 2000}
    os.unlink(path)


# --------------------------------------------------------------------------------------- findings ----

EMPTY_LOOKING = ('<d:multistatus xmlns:d="DAV:" xmlns:x="urn:other"><x:response><d:href>/a</d:href>'
                 "</x:response></d:multistatus>")


def test_findings_of_bodies_without_failures(world, command):
    """An address book that looks empty because of a prefix is no plain success."""
    body = EMPTY_LOOKING.encode()
    talk = wire.Talk(80).client(traffic.request("PROPFIND", "/book/", {"Depth": "1"})).server(
        wire.head(207, Content_Type="text/xml", Content_Length=str(len(body))) + body)
    path = wire.save(world, "unseen-findings", talk.packets)
    record_, = command("-T", "ndjson", path).exchanges
    told = [finding for finding in record_["findings"] if finding["severity"] in ("warn", "error")]
    assert told and record_["verdict"] in ("empty", "success", "benign")
    for form in ("text", "markdown", "html"):
        text = command("-T", form, path).text
        assert "Noticed in answers that did not fail" in text
        assert all(finding["rule"] in text.replace("\\", "") for finding in told), form
    notes = {finding["rule"] for finding in record_["findings"] if finding["severity"] == "note"}
    for rule in notes - {finding["rule"] for finding in told}:
        assert rule in command("--explain", path).text
