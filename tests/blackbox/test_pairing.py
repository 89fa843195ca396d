"""Does every answer get its own request, whatever happened to the packets?

Conversations whose truth is known are made: an id stands in the Request-URI of a request and in the
hrefs of its answer. Then their packets are disturbed, each conversation by itself, and the two sides of
every record must have the same id, or the record names no request. Only what loses packets may make
records incomplete, or take them or their requests away.

The same seed makes the same captures; one more is drawn at random, and printed where a test fails.

At length, by hand: PAIRING_CONVERSATIONS=80 PAIRING_SEEDS=1,2,3 python3 -m pytest tests/blackbox/test_pairing.py

SPDX-License-Identifier: GPL-2.0-or-later
"""
import functools
import gzip
import os
import random
import re
import struct
from xml.etree import ElementTree

import pytest
import traffic
import wire
from conftest import the_world

ID = re.compile(r"c\d+e\d+")
CONVERSATIONS = int(os.environ.get("PAIRING_CONVERSATIONS", "24"))
SEEDS = [int(seed) for seed in os.environ.get("PAIRING_SEEDS", "1").split(",")]
EXCHANGES = 6
METHODS = ("PROPFIND", "REPORT", "PROPPATCH", "ACL", "MOVE", "GET", "HEAD", "PUT")


def request(name, method, rng):
    body = b"<x/>" * rng.choice((0, 1, 400)) if method != "HEAD" else b""
    length = f"Content-Length: {len(body)}\r\n" if body else ""
    return f"{method} /{name}/ HTTP/1.1\r\nHost: h\r\n{length}\r\n".encode() + body


def answer(name, method, rng):
    """@return the bytes, and whether they are a Multi-Status"""
    if method in ("GET", "HEAD", "PUT"):
        page = b"y" * rng.choice((10, 3000))
        return wire.head(200, Content_Length=len(page)) + (page if method != "HEAD" else b""), False
    row = f"<D:response><D:href>/{name}/</D:href><D:status>HTTP/1.1 200 OK</D:status></D:response>"
    body = ('<D:multistatus xmlns:D="DAV:">' + row * rng.choice((1, 30)) + "</D:multistatus>").encode()
    if rng.random() < .4:
        return wire.head(Content_Type="text/xml", Transfer_Encoding="chunked") + wire.chunked(body, 200), True
    return wire.head(Content_Type="text/xml", Content_Length=len(body)) + body, True


def one_by_one(talk, exchanges):
    for asked, answered in exchanges:
        talk.client(asked).server(answered)


def at_once(talk, exchanges):
    for first in range(0, len(exchanges), 3):
        group = exchanges[first:first + 3]
        talk.client(b"".join(asked for asked, _ in group))
        talk.server(b"".join(answered for _, answered in group))


def one_ahead(talk, exchanges):
    talk.client(exchanges[0][0])
    for n, (_, answered) in enumerate(exchanges):
        if n + 1 < len(exchanges):
            talk.client(exchanges[n + 1][0])
        talk.server(answered)


def is_client(packet):
    return packet[36:38] != b"\0\x50"


def has_data(packet):
    return len(packet) > 54


def late(side, by):
    def change(rng, packets):
        for at in sorted(rng.sample(range(3, len(packets)), (len(packets) - 3) // 4), reverse=True):
            if side is None or is_client(packets[at]) == side:
                packets.insert(min(len(packets), at + by), packets.pop(at))
        return packets
    return change


def lag(rng, packets):
    """One side's packets come later, all of them."""
    side, by = rng.random() < .5, rng.randint(1, 8)
    return [packet for _, _, packet in sorted(
        (at + (by + .5 if is_client(packet) == side else 0), at, packet)
        for at, packet in enumerate(packets))]


def shuffled(rng, packets):
    behind = packets[3:]
    for at in range(0, len(behind), 5):
        part = behind[at:at + 5]
        rng.shuffle(part)
        behind[at:at + 5] = part
    return packets[:3] + behind


def lose(count):
    def change(rng, packets):
        gone = set(rng.sample([at for at, packet in enumerate(packets) if has_data(packet)], count))
        return [packet for at, packet in enumerate(packets) if at not in gone]
    return change


# name: (what it does to the packets of a conversation, loses some)
DISTURBANCES = {
    "nothing": (lambda rng, packets: packets, False),
    "the server's late": (late(False, 3), False),
    "the client's late": (late(True, 2), False),
    "any late": (late(None, 5), False),
    "one side lags": (lag, False),
    "the client's side behind the server's": (lambda rng, packets: sorted(packets, key=is_client), False),
    "shuffled": (shuffled, False),
    "twice": (lambda rng, packets: [packet for packet in packets for _ in (0, 1)], False),
    "the whole again": (lambda rng, packets: packets + packets, False),
    "no handshake": (lambda rng, packets: packets[3:], False),
    "one lost": (lose(1), True),
    "three lost": (lose(3), True),
    "from the middle on": (lambda rng, packets: packets[rng.randint(4, len(packets) - 1):], True),
}
CLIENTS = {"one by one": one_by_one, "at once": at_once, "one ahead": one_ahead}


def conversations(seed, client, change):
    """@return the packets, and the method of every Multi-Status by its id"""
    rng = random.Random(f"{seed} {client}")
    truth, talks = {}, []
    for number in range(CONVERSATIONS):
        exchanges = []
        for n in range(EXCHANGES):
            name, method = f"c{number}e{n}", rng.choice(METHODS)
            answered, ours = answer(name, method, rng)
            exchanges.append((request(name, method, rng), answered))
            if ours:
                truth[name] = method
        talk = wire.Talk(client=number)
        CLIENTS[client](talk, exchanges)
        talks.append(change(rng, list(talk.packets)))
    return [packet for packets in talks for packet in packets], truth


def id_of(text):
    found = ID.search(text or "")
    return found.group() if found else None


@functools.lru_cache(maxsize=None)
def disturbed(seed):
    """@return the seed, and for every disturbance and client the methods by id, the records and those
    without the sieve: of two runs over the captures of a seed"""
    if seed == "random":
        seed = random.SystemRandom().randrange(1000, 10**6)
    world, truths = the_world(), {}
    for disturbance, (change, _) in DISTURBANCES.items():
        for client in CLIENTS:
            packets, truth = conversations(seed, client, change)
            path = wire.save(world, f"pairing-{seed}-{len(truths)}", packets)
            truths[path] = disturbance, client, truth
    sieved, whole = (
        records_by_capture(world.run([world.command, "-T", "ndjson", *options, *truths]))
        for options in ((), ("--no-sieve",)))
    for path in truths:
        path.unlink()
    return seed, {(disturbance, client): (truth, sieved[str(path)], whole[str(path)])
                  for path, (disturbance, client, truth) in truths.items()}


def records_by_capture(result):
    assert result.status == 0, result.stderr
    records = {record["capture"]: [] for record in result.objects}
    for record in result.exchanges:
        records[record["capture"]].append(record)
    return records


# One process runs the tests of a seed, for they share their captures.
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("disturbance", DISTURBANCES)
@pytest.mark.parametrize("seed", [pytest.param(seed, marks=pytest.mark.xdist_group(f"pairing-{seed}"))
                                  for seed in [*SEEDS, "random"]])
def test_every_answer_has_its_request(seed, disturbance, client):
    _, loses = DISTURBANCES[disturbance]
    seed, found = disturbed(seed)
    print("seed", seed)
    truth, records, whole = found[disturbance, client]
    assert records == whole
    seen = []
    for record in records:
        answered = next((id_of(href) for row in record["responses"] for href in row["hrefs"]), None)
        named = id_of(record["uri"])
        # Of a client that always has a request open and is seen from the middle on, no number tells.
        if client == "one by one" or not loses:
            assert named in (None, answered) or answered is None, (disturbance, record)
            assert record["method"] in (None, truth.get(answered)) or answered is None, record
        if not loses:
            assert record["complete"] and named is not None, (disturbance, record)
        # Who names no request says why.
        assert (record["method"] is None) == (record["request_unknown"] is not None), record
        seen.append(answered)
    complete = [name for name in seen if name]
    assert len(complete) == len(set(complete))
    if not loses:
        assert set(complete) == set(truth)


def shown_pairs(tshark, path, *options):
    """Of every Multi-Status in the tree: the id of its request, and its own."""
    told = tshark("-r", path, *options, "-Y", "multistatus", "-T", "pdml", "-J", "multistatus").text
    pairs = []
    for shown in ElementTree.fromstring(told).iter("proto"):
        if shown.get("name") == "multistatus":
            fields = {of.get("name"): of.get("show") for of in reversed(list(shown.iter("field")))}
            pairs.append(tuple(id_of(fields.get(f"multistatus.{name}")) for name in ("uri", "href")))
    return [pair for pair in pairs if pair[1]]


# Two passes show what the command says, as far as the streams told before the capture's end. One pass cannot know what
# comes, but shows every answer that Wireshark shows, once, and names no wrong request.
@pytest.mark.parametrize("disturbance, client", [
    *((disturbance, "one by one") for disturbance in DISTURBANCES), ("one lost", "at once"), ("three lost", "one ahead")])
def test_the_plugin_shows_every_answer(world, command, tshark, stock_tshark, disturbance, client):
    packets, _ = conversations(SEEDS[0], client, DISTURBANCES[disturbance][0])
    path = wire.save(world, "plugin-pairs", packets)
    expected, rows = {}, {}
    for record in command("-T", "ndjson", path).exchanges:
        answered = next((id_of(href) for row in record["responses"] for href in row["hrefs"]), None)
        if record["complete"] and answered:
            expected[answered], rows[answered] = id_of(record["uri"]), len(record["responses"])
    both, one = shown_pairs(tshark, path, "-2"), shown_pairs(tshark, path)
    assert set(expected) <= {answered for _, answered in both}
    if not DISTURBANCES[disturbance][1]:
        assert {answered: named for named, answered in both} == expected
    stock = stock_tshark("-r", path, "-Y", "http.response.code==207", "-T", "fields", "-e", "xml.cdata").text
    assert {name for name, count in rows.items() if stock.count(f"/{name}/") >= count} <= {answered for _, answered in one}
    for pairs in (both, one):
        answers = [answered for _, answered in pairs]
        assert len(answers) == len(set(answers))
        assert [pair for pair in pairs if pair[0] not in (None, pair[1])] == []


def over_tls(keylog, number):
    return wire.TlsTalk(keylog, client=number)


def over_tcp(keylog, number):
    return wire.Talk(client=number)


def say_http2(talk, name, rng, stream):
    body = (f'<D:multistatus xmlns:D="DAV:"><D:response><D:href>/{name}/</D:href>'
            "<D:status>HTTP/1.1 200 OK</D:status></D:response></D:multistatus>").encode()
    if stream == 1:
        talk.client(wire.h2_request(b"PROPFIND", f"/{name}/".encode())).server(wire.h2_response(body))
        return
    talk.client(wire.h2_ask(b"REPORT", f"/{name}/".encode(), stream))
    talk.server(wire.h2_answer(stream) + wire.h2_frame(wire.H2_DATA, wire.H2_END_STREAM, stream, body))


def say_http1(talk, name, rng, stream):
    method = ("PROPFIND", "ACL", "MOVE")[stream % 3]
    talk.client(request(name, method, rng)).server(answer(name, method, rng)[0])


# What Wireshark reads packet by packet is put in order for it.
@pytest.mark.parametrize("carrier, disturbance", [
    *((carrier, disturbance) for carrier in ("tls", "http2")
      for disturbance in ("one side lags", "any late", "shuffled", "the client's side first",
                          "the server's side first", "an answer before the handshake", "twice", "one lost")),
    ("http1", "an answer before the handshake")])
def test_protocols_that_keep_a_state_are_read_in_order(world, command, tmp_path, carrier, disturbance):
    begin, say, port = {"tls": (over_tls, say_http1, 443), "http2": (over_tcp, say_http2, 80),
                        "http1": (over_tcp, say_http1, 80)}[carrier]
    rng, keylog = random.Random(f"{carrier} {disturbance}"), tmp_path / "keylog"
    packets = []
    for number in range(12):
        talk = begin(keylog, number)
        for n in range(4):
            say(talk, f"c{number}e{n}", rng, 2 * n + 1)
        its = list(talk.packets)
        to_server = port.to_bytes(2, "big")
        if "first" in disturbance:
            client_first = "client" in disturbance
            its.sort(key=lambda packet: (packet[36:38] == to_server) != client_first)
        elif disturbance == "an answer before the handshake":
            its.insert(0, its.pop(4))
        elif disturbance == "one side lags":
            side, by = rng.random() < .5, rng.randint(1, 8)
            its = [packet for _, _, packet in sorted(
                (at + (by + .5 if (packet[36:38] == to_server) == side else 0), at, packet)
                for at, packet in enumerate(its))]
        else:
            change, _ = DISTURBANCES[disturbance]
            its = change(rng, its)
        packets += its
    path = wire.save(world, "order", packets)
    options = ["--keylog", keylog] if carrier == "tls" else []
    records = command("-T", "ndjson", *options, path).exchanges
    assert records == command("-T", "ndjson", "--no-sieve", *options, path).exchanges
    packed = tmp_path / path.name
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert records == [dict(record, capture=str(path))
                       for record in command("-T", "ndjson", *options, packed).exchanges]
    seen = []
    for record in records:
        answered = next((id_of(href) for row in record["responses"] for href in row["hrefs"]), None)
        assert answered is None or id_of(record["uri"]) in (None, answered), record
        if answered and record["complete"]:
            seen.append(answered)
            # Numbers of frames are those of the capture.
            assert packets[record["frame"] - 1][34:36] == to_server, record
            if record["request_frame"]:
                assert packets[record["request_frame"] - 1][36:38] == to_server, record
    assert len(seen) == len(set(seen))
    if disturbance != "one lost":
        assert len(seen) == 48 and all(record["uri"] for record in records)


def over_upgrade(keylog, number):
    talk = wire.Talk(client=number).client(
        traffic.request("GET", "/", {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABk"}))
    return talk.server(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")


def say_upgraded(talk, name, rng, stream):
    if stream == 1:
        settings = wire.h2_frame(wire.H2_SETTINGS, 0, 0)
        talk.client(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings)
        talk.server(settings + wire.h2_frame(wire.H2_HEADERS, wire.H2_END_STREAM | wire.H2_END_HEADERS, 1,
                                             wire.h2_fields({b":status": b"204"})))
    say_http2(talk, name, rng, stream + 2)


def moved(packet, to_server, by):
    """The same segment of a connection whose numbers begin elsewhere; `by`: the client's and the server's."""
    from_client = packet[36:38] == to_server
    numbers = [(int.from_bytes(packet[at:at + 4], "big") + by[side]) % 2 ** 32
               for at, side in ((38, not from_client), (42, from_client))]
    return packet[:38] + struct.pack("!II", *numbers) + packet[46:]


# To Wireshark the second connection is the first, unless its SYN tells.
@pytest.mark.parametrize("ended", [False, True])
@pytest.mark.parametrize("by", [(200_000, 300_000), (2 ** 31 - 5_000_000, 2 ** 26), (-2 ** 26, 2 ** 25)])
@pytest.mark.parametrize("carrier", ["tls", "http2", "upgraded"])
def test_ports_are_used_again_without_a_handshake(world, command, tmp_path, carrier, by, ended):
    begin, say, port = {"tls": (over_tls, say_http1, 443), "http2": (over_tcp, say_http2, 80),
                        "upgraded": (over_upgrade, say_upgraded, 80)}[carrier]
    rng, keylog, to_server = random.Random(f"{carrier} {by}"), tmp_path / "keylog", port.to_bytes(2, "big")
    packets = []
    for number, client in enumerate((0, 0, 1, 0, 2)):
        talk = begin(keylog, client)
        for n in range(3):
            say(talk, f"c{number}e{n}", rng, 2 * n + 1)
        if ended:
            talk.end(wire.FIN)
        packets += [moved(packet, to_server, [number * way for way in by]) for packet in talk.packets[0 if number == 0 else 3:]]
    path = wire.save(world, "again", packets)
    options = ["--keylog", keylog] if carrier == "tls" else []
    result = command("-T", "ndjson", *options, path)
    assert result.exchanges == command("-T", "ndjson", "--no-sieve", *options, path).exchanges
    assert [(id_of(record["uri"]), record["stream"]) for record in result.exchanges] == [
        (f"c{number}e{n}", client) for number, client in enumerate((0, 0, 1, 0, 2)) for n in range(3)]
    for record in result.exchanges:
        assert id_of(record["responses"][0]["hrefs"][0]) == id_of(record["uri"]) and record["complete"]
    assert "missing" not in result.stderr


# Within a connection, what looks like a beginning is none.
def test_a_hello_that_comes_twice_begins_nothing(world, command, tmp_path):
    keylog = tmp_path / "keylog"
    talk = over_tls(keylog, 0)
    hello = talk.packets[3]
    for n in range(4):
        say_http1(talk, f"c0e{n}", random.Random(0), 2 * n + 1)
        talk.packets.append(hello)
    whole = command("-T", "ndjson", "--keylog", keylog, wire.save(world, "hello", talk.packets)).exchanges
    assert [id_of(record["uri"]) for record in whole] == [f"c0e{n}" for n in range(4)]


def carried(carrier, packets):
    """@return the frames, and which packet each of them has, or a part of it"""
    _, wrap = wire.CARRIERS[carrier]
    parts = [wrap(packet, number) for number, packet in enumerate(packets, 1)]
    return ([frame for frames in parts for frame in frames],
            [packet for packet, frames in zip(packets, parts) for _ in frames])


def late_in_every_carrier(world, keylog):
    """@return the records of each capture, and the packet of each of its frames, of one run"""
    paths = {}
    for protocol, begin, say in (("tls", over_tls, say_http1), ("http2", over_tcp, say_http2)):
        for carrier, (link, _) in wire.CARRIERS.items():
            rng = random.Random(f"{protocol} {carrier}")
            packets = []
            for number in range(3):
                talk = begin(keylog, number)
                for n in range(3):
                    say(talk, f"c{number}e{n}", rng, 2 * n + 1)
                packets += shuffled(rng, list(talk.packets))
            frames, packet_of = carried(carrier, packets)
            path = wire.save(world, f"carried-{len(paths)}", frames, link=link)
            paths[str(path)] = protocol, carrier, packet_of
    for option in ((), ("--no-sieve",)):
        found = records_by_capture(world.run([world.command, "-T", "ndjson", "--keylog", keylog, *option, *paths]))
        for path, (protocol, carrier, packet_of) in paths.items():
            yield option, protocol, carrier, packet_of, found[path]


# ... whatever carries it.
def test_protocols_that_keep_a_state_are_read_in_order_in_every_carrier(world, tmp_path):
    wrong = []
    for option, protocol, carrier, packet_of, records in late_in_every_carrier(world, tmp_path / "keylog"):
        to_server = (443 if protocol == "tls" else 80).to_bytes(2, "big")
        pairs = [(id_of(record["uri"]), id_of(record["responses"][0]["hrefs"][0])) for record in records
                 if record["complete"]
                 and packet_of[record["frame"] - 1][34:36] == to_server
                 and packet_of[record["request_frame"] - 1][36:38] == to_server]
        expected = [(name, name) for name in (f"c{number}e{n}" for number in range(3) for n in range(3))]
        if carrier == "pseudowire" and not records:
            continue    # Wireshark 4.4 and later do not look for Ethernet in it
        if sorted(pairs) != expected or len(records) != len(pairs):
            wrong.append((option, protocol, carrier, pairs, len(records)))
    assert wrong == []


# ... also where a packet in a carrier forbids to leave out what its hosts say elsewhere.
def test_what_is_in_a_carrier_is_put_in_order_where_nothing_can_be_left_out(world, tmp_path):
    rng, keylog = random.Random(1), tmp_path / "keylog"
    talk, plain = over_tls(keylog, 0), wire.Talk(port=8080)
    for n in range(4):
        say_http1(talk, f"c0e{n}", rng, n)
        plain.client(request("other", "GET", rng)).server(wire.head(200, Content_Length=4) + b"page")
    servers_first = sorted(talk.packets, key=lambda packet: packet[36:38] == (443).to_bytes(2, "big"))
    frames = plain.packets + [wire.to_vxlan(packet) for packet in servers_first]
    path = wire.save(world, "refuted", frames)
    run = world.run([world.command, "-T", "ndjson", "-v", "--keylog", keylog, path])
    assert "were left out" not in run.stderr
    assert sorted(id_of(record["uri"]) for record in run.exchanges) == [f"c0e{n}" for n in range(4)]
    assert run.exchanges == world.run([world.command, "-T", "ndjson", "--no-sieve", "--keylog", keylog, path]).exchanges


def begun_before(client, exchanges):
    """A conversation that the capture holds from the second request on."""
    talk = wire.Talk()
    client(talk, [(request(f"c0e{n}", "PROPFIND", random.Random(n)), body) for n, body in enumerate(exchanges)])
    asked = [at for at, packet in enumerate(talk.packets) if b"PROPFIND /" in packet]
    return talk.packets[asked[1]:]


def answer_about(href):
    body = f'<D:multistatus xmlns:D="DAV:">{traffic.row(href, 423)}</D:multistatus>'.encode()
    return wire.head(Content_Type="text/xml", Content_Length=len(body)) + body


# The numbers of one that always asks ahead look like those of one that waits.
@pytest.mark.parametrize("client, named", [("one by one", [f"c0e{n}" for n in range(1, 8)]),
                                           ("one ahead", [None] * 8)])
def test_one_pass_waits_for_an_answer_that_tells_what_it_answers(world, tshark, client, named):
    packets = begun_before(CLIENTS[client], [answer_about(f"/c0e{n}/") for n in range(8)])
    pairs = shown_pairs(tshark, wire.save(world, "begun-before", packets))
    assert [name for name, _ in pairs] == named


def test_one_pass_trusts_many_that_fit(world, tshark):
    packets = begun_before(one_by_one, [answer_about(f"/behind/c0e{n}/") for n in range(24)])
    path = wire.save(world, "behind", packets)
    assert shown_pairs(tshark, path) == [(f"c0e{n}" if n > 16 else None, f"c0e{n}") for n in range(1, 24)]
    assert shown_pairs(tshark, path, "-2") == [(f"c0e{n}", f"c0e{n}") for n in range(1, 24)]
    assert "a second pass (tshark -2) knows more" in tshark("-r", path, "-V", "-Y", "multistatus").text


# Wireshark decrypts records as they come, and TShark in one pass cannot correct itself.
@pytest.mark.parametrize("carrier, disturbance", [
    (carrier, disturbance) for carrier in ("tls", "http2")
    for disturbance in ("swapped", "one lost", "twice")])
def test_one_pass_names_no_wrong_request(world, tshark, carrier, disturbance):
    begin, say, port = {"tls": (over_tls, say_http1, 443), "http2": (over_tcp, say_http2, 80)}[carrier]
    rng, keylog = random.Random(f"{carrier} {disturbance}"), world.folder / f"one-pass-{disturbance}.keylog"
    packets = []
    for number in range(16):
        talk = begin(keylog, number)
        start = len(talk.packets)
        for n in range(6):
            say(talk, f"c{number}e{n}", rng, 2 * n + 1)
        its, to_server = talk.packets[start:], port.to_bytes(2, "big")
        asking = [at for at, packet in enumerate(its) if packet[36:38] == to_server]
        one, other = asking[number % 5], asking[number % 5 + 1]
        if disturbance == "swapped":
            its[one], its[other] = its[other], its[one]
        elif disturbance == "one lost":
            del its[one]
        else:
            its.insert(one, its[one])
        packets += talk.packets[:start] + its
    if carrier == "tls":
        keylog.chmod(0o644)
    shown = tshark("-r", wire.save(world, "one-pass", packets), "-o", f"tls.keylog_file:{keylog}",
                   "-Y", "multistatus", "-T", "fields", "-e", "multistatus.uri", "-e", "multistatus.href",
                   "-E", "occurrence=f").text.splitlines()
    pairs = [(id_of(uri), id_of(href)) for uri, href in (line.split("\t") for line in shown)]
    assert [pair for pair in pairs if pair[0] not in (None, pair[1])] == []
    named = [pair for pair in pairs if pair[0]]
    assert len(named) == len(pairs) == 96 if disturbance == "twice" else len(named) >= 15


# Methods that are written once, and referred to later (RFC 7541 section 2.3.2).
METHODS_BY_NUMBER = {1: b"\x42\x08PROPFIND", 3: b"\x42\x06DELETE", 5: b"\xbe"}


@pytest.mark.parametrize("lost", [None, 3])
def test_lost_block_of_header_compression(world, tshark, lost):
    """The last DELETE would be a PROPFIND without the first."""
    talk = wire.Talk().client(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + wire.h2_frame(wire.H2_SETTINGS, 0, 0))
    for stream, method in METHODS_BY_NUMBER.items():
        body = (f'<D:multistatus xmlns:D="DAV:"><D:response><D:href>/{stream}</D:href>'
                "<D:status>HTTP/1.1 423 Locked</D:status></D:response></D:multistatus>").encode()
        fields = method + wire.h2_fields({b":path": b"/%d" % stream, b":scheme": b"http", b":authority": b"h"})
        talk.client(wire.h2_frame(wire.H2_HEADERS, wire.H2_END_STREAM | wire.H2_END_HEADERS, stream, fields))
        if stream == lost:
            talk.packets.pop()
        talk.server(wire.h2_answer(stream) + wire.h2_frame(wire.H2_DATA, wire.H2_END_STREAM, stream, body))
    path = wire.save(world, "header-compression", talk.packets)
    shown = tshark("-r", path, "-Y", "multistatus", "-T", "fields", "-e", "multistatus.href", "-e",
                   "multistatus.method", "-e", "multistatus.request_unknown").text.splitlines()
    rows = {href: (method, why) for href, method, why in (line.split("\t") for line in shown)}
    assert rows["/1"] == ("PROPFIND", "")
    if lost:
        assert rows["/5"][0] == "" and "HPACK" in rows["/5"][1]
    else:
        assert rows["/3"] == rows["/5"] == ("DELETE", "")


# What is left over of a stream of one connection is no part of another one's between the same sockets.
@pytest.mark.parametrize("coding", [None, "gzip"])
def test_http2_between_the_same_sockets_again(world, command, tmp_path, coding):
    if "libwireshark 4.0" not in command("--version").text:
        pytest.skip("later versions of Wireshark hand over whole bodies over HTTP/2 only, with what was left over")

    def of(name):
        return (f'<D:multistatus xmlns:D="DAV:"><D:response><D:href>/{name}/</D:href>'
                "<D:status>HTTP/1.1 200 OK</D:status></D:response></D:multistatus>").encode()

    def coded(body):
        return gzip.compress(body) if coding else body

    fields = {"content_encoding": coding.encode()} if coding else {}
    cut = wire.Talk().client(wire.h2_request(b"PROPFIND", b"/first/"))
    cut.server(wire.h2_frame(wire.H2_SETTINGS, 0, 0) + wire.h2_answer(**fields) +
               wire.h2_frame(wire.H2_DATA, 0, 1, coded(of("first"))[:60]))
    again = wire.Talk()
    again.connection.next = {True: 901000, False: 902000}
    again.packets = again.connection.open()
    again.client(wire.h2_request(b"PROPFIND", b"/second/"))
    again.server(wire.h2_response(coded(of("second")), **fields))
    path = wire.save(world, "again", cut.packets + again.packets)
    for options in ([], ["-2"], ["--no-sieve"]):
        first, second = command("-T", "ndjson", *options, path).exchanges
        assert (first["uri"], second["uri"]) == ("/first/", "/second/"), options
        assert not first["complete"] and first["verdict"] != "success"
        assert second["complete"] and second["verdict"] == "success"
        assert {finding["rule"] for finding in second["findings"]} == {"text_xml"}
        assert [row["hrefs"] for row in second["responses"]] == [["/second/"]]
