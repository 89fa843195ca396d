"""HTTP/3 of real servers and clients: records against what the clients themselves say that they received
(tests/received), and against the same captures with packets lost, doubled, cut and out of order.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import functools
import importlib.util
import json
import random
import struct

import independent
import pytest
from conftest import CAPTURES, REPOSITORY, keylog_of, needs_http3, scan, the_world
from test_goldens import differences

RECEIVED = REPOSITORY / "tests" / "received"
NAMES = sorted(path.stem for path in RECEIVED.glob("*.ndjson"))
# What depends on which packet brought something, not on what it is.
OF_PACKETS = ("capture", "frame", "request_frame", "time", "response_time", "findings")
FRAME_OF_ETHERNET, UDP_HEADER = 14 + 20, 8


@pytest.fixture(autouse=True)
def read(command):
    needs_http3(command)


def load_pcapng():
    """The tool of captures/record: it reads and writes blocks."""
    spec = importlib.util.spec_from_file_location("pcapng", CAPTURES / "record" / "pcapng.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pcapng = load_pcapng()


def received(name):
    return [json.loads(line) for line in (RECEIVED / f"{name}.ndjson").read_text("utf-8").splitlines()]


# Batches under 200 in aioquic-http3-batches, of each of which one row failed; "/api/search" is none.
BATCHES = {"/api/_bulk": "elasticsearch-bulk", "/api/write": "dynamodb-batch-write", "/api/graphql": "graphql-errors"}


def is_multistatus(answer):
    if answer["path"] in BATCHES:
        return True
    root = (independent.decode(answer["body"].encode()) or {"root": None})["root"]
    return answer["status"] == 207 or root in independent.ROOTS


def records_of(name):
    return scan(f"{name}.pcapng", "-T", "ndjson").exchanges


def by_request(of, *keys):
    return sorted(of, key=lambda one: tuple(str(one[key]) for key in keys))


def pairs_of(name):
    """[(what the client received, record)]: the same number of both, in the order of requests."""
    expected = by_request(filter(is_multistatus, received(name)), "method", "path", "status")
    found = by_request(records_of(name), "method", "uri", "http_status")
    assert [(e["method"], e["path"], e["status"]) for e in expected] == \
        [(f["method"], f["uri"], f["http_status"]) for f in found]
    return [pair for same in group(zip(expected, found)) for pair in same]


def group(pairs):
    """Pairs of equal requests, whose answers may differ: in the order of the streams."""
    groups = {}
    for expected, found in pairs:
        one = groups.setdefault((expected["method"], expected["path"], expected["status"]), ([], []))
        one[0].append(expected)
        one[1].append(found)
    for expected, found in groups.values():
        yield zip(expected, sorted(found, key=lambda record: (record["client"], record["h3_stream"])
                                   if len({r["client"] for r in found}) == 1 else record["frame"]))


# ------------------------------------------------------------------------------- as they are ----

@pytest.mark.parametrize("name", NAMES)
def test_bodies_are_those_that_the_client_received(name):
    """As long as what it decoded, the same resources, statuses and properties."""
    lines = []
    for expected, record in pairs_of(name):
        where = f"{expected['method']} {expected['path']}"
        assert record["body_bytes"] == len(expected["body"].encode()), where
        if expected["path"] in BATCHES:
            assert (record["kind"], record["verdict"], record["failed"]) == \
                (BATCHES[expected["path"]], "partial", 1)
            continue
        decoded = independent.decode(expected["body"].encode())
        if decoded is None:
            assert not expected.get("complete", True) and not record["complete"], where
            continue
        found = [{**response, "propstats": [{key: stat[key] for key in stat if key != "outcome"}
                                            for stat in response["propstats"]]}
                 for response in record["responses"]]
        for response in found:
            del response["outcome"], response["reason"]
        lines += differences(decoded["responses"], found, where)
        assert record["sync_token"] == decoded["sync_token"], where
    assert not lines, "\n".join(lines[:20])


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_whole_where_the_client_had_them_whole(name):
    for expected, record in pairs_of(name):
        whole = expected.get("complete", True)
        assert record["complete"] == whole and (record["missing"] is None) == whole
        if not whole:
            assert "RESET_STREAM" in record["missing"]


@pytest.mark.parametrize("name", NAMES)
def test_protocol_and_streams(name):
    for record in records_of(name):
        assert record["protocol"] == "HTTP/3" and record["h3_stream"] % 4 == 0
        assert record["stream"] is None and record["h2_stream"] is None
        assert record["host"] == "dav.example:8443" and record["server"] == "127.0.0.1:8443"


def test_nothing_stays_unseen():
    """All connections were decrypted; one of them speaks of something else."""
    for name in [*NAMES, "aioquic-doq"]:
        assert scan(f"{name}.pcapng", "-T", "ndjson").objects[-1]["unseen"] == [], name
    assert not records_of("aioquic-doq")


def test_failures_are_found():
    """What the servers said that they did not do."""
    found = {(name, record["method"], record["verdict"]) for name in NAMES for record in records_of(name)}
    for expected in (("aioquic-http3-frames", "DELETE", "partial"), ("aioquic-http3-frames", "PROPPATCH", "failure"),
                     ("aioquic-http3-early", "DELETE", "partial"), ("caddy-http3-apache", "LOCK", "failure"),
                     ("caddy-http3-lighttpd", "DELETE", "partial"), ("caddy-http3-sabredav", "PROPPATCH", "failure"),
                     ("caddy-http3-bad-line", "DELETE", "failure"), ("caddy-http3-bad-line", "PROPFIND", "success")):
        assert expected in found, expected


def test_wireshark_shows_what_the_command_says(tshark):
    """The plugin sees packets as they come, the command may wait: of what is whole, both say the same."""
    for name in ("caddy-http3-bad-line", "aioquic-http3-qpack", "nginx-http3-retry"):
        shown = tshark("-r", CAPTURES / f"{name}.pcapng", "-Y", "multistatus", "-T", "fields", "-e",
                       "multistatus.method", "-e", "multistatus.verdict").lines
        found = [row for line in shown for row in zip(*(part.split(",") for part in line.split("\t")))]
        assert sorted(found) == sorted((r["method"], r["verdict"]) for r in records_of(name)), name


# ---------------------------------------------------------------------------------- disturbed ----

DISTURBED = ("caddy-http3-parallel", "aioquic-http3-qpack", "aioquic-http3-frames", "nginx-http3-retry")
HANDSHAKE = 12


@functools.lru_cache(maxsize=None)
def blocks_of(name):
    return pcapng.read_blocks(CAPTURES / f"{name}.pcapng")


def packets_in(name):
    return [block for block in blocks_of(name) if block[0] == pcapng.ENHANCED_PACKET]


def numbers_of(name):
    return list(range(1, len(packets_in(name)) + 1))


def read_again(blocks, *options):
    world = the_world()
    path = world.folder / "disturbed.pcapng"
    pcapng.write_blocks(path, blocks)
    path.chmod(0o644)
    result = world.run([world.command, "-T", "ndjson", *options, path])
    assert result.status == 0, result.stderr
    return result


def content(records):
    return sorted(json.dumps({key: record[key] for key in record if key not in OF_PACKETS}, sort_keys=True)
                  for record in records)


def swapped(numbers):
    numbers[HANDSHAKE::2], numbers[HANDSHAKE + 1::2] = numbers[HANDSHAKE + 1::2], numbers[HANDSHAKE:-1:2]
    return numbers


def in_disorder(numbers):
    chance = random.Random("disorder")
    return numbers[:HANDSHAKE] + sorted(numbers[HANDSHAKE:], key=lambda n: n + chance.randint(0, 8))


HARMLESS = {"swapped": lambda n: swapped(n) if len(n) % 2 == 0 else swapped(n[:-1]) + n[-1:],
            "all twice": lambda n: [number for number in n for _ in (0, 1)],
            "in disorder": in_disorder,
            "again at the end": lambda n: n + n[HANDSHAKE:]}


@pytest.mark.parametrize("name", DISTURBED)
@pytest.mark.parametrize("how", HARMLESS)
def test_order_and_repetition_change_nothing(name, how):
    numbers = HARMLESS[how](numbers_of(name))
    assert set(numbers) == set(numbers_of(name))
    result = read_again(pcapng.in_order(blocks_of(name), numbers))
    assert content(result.exchanges) == content(records_of(name))
    assert result.objects[-1]["unseen"] == []


@pytest.mark.parametrize("name", DISTURBED)
def test_a_lost_packet_makes_nothing_wrong(name):
    """What is told as whole, with its request, is what it was; what is not told is said to be missing, as far as
    anything behind it shows."""
    known = content(records_of(name))
    requests = {(r["client"], r["h3_stream"]): r for r in records_of(name)}
    for lost in numbers_of(name)[HANDSHAKE:-2:7]:
        result = read_again(pcapng.in_order(blocks_of(name), [n for n in numbers_of(name) if n != lost]))
        for record in result.exchanges:
            before = requests[record["client"], record["h3_stream"]]
            if record["complete"]:
                assert record["responses"] == before["responses"], f"without frame {lost}"
            else:
                assert record["missing"], f"without frame {lost}"
            if record["method"]:
                assert (record["method"], record["uri"]) == (before["method"], before["uri"])
            else:
                assert record["request_unknown"], f"without frame {lost}"
        changed = len(set(content(result.exchanges)) - set(known))
        assert changed <= 1 or result.objects[-1]["unseen"], f"without frame {lost}"


# Of each capture, packets with a whole answer that the other side acknowledged later: no stream tells of the first kind.
ANSWERS_IN_ONE_PACKET = {"caddy-http3-parallel": (65,), "aioquic-http3-frames": (8, 11)}


@pytest.mark.parametrize("name", ANSWERS_IN_ONE_PACKET)
def test_an_answer_that_is_lost_as_a_whole_is_said(name):
    """What was acknowledged did come, and the capture lacks it."""
    for lost in ANSWERS_IN_ONE_PACKET[name]:
        result = read_again(pcapng.in_order(blocks_of(name), [n for n in numbers_of(name) if n != lost]))
        assert len(result.exchanges) < len(records_of(name)) or any(not r["method"] for r in result.exchanges), lost
        assert [part["reason"] for part in result.objects[-1]["unseen"]] == ["holes"], lost


def test_a_hole_in_the_body_is_said():
    """The middle of an answer of 15 kB."""
    name = "caddy-http3-parallel"
    result = read_again(pcapng.in_order(blocks_of(name), [n for n in numbers_of(name) if n != HOLE]))
    broken, = [record for record in result.exchanges if not record["complete"]]
    assert "the capture lacks" in broken["missing"]
    assert [part["reason"] for part in result.objects[-1]["unseen"]] == ["holes"]


HOLE = 71


@pytest.mark.parametrize("name", ["aioquic-http3-qpack", "caddy-http3-parallel"])
def test_without_the_handshake_nothing_is_claimed(name):
    """Nobody can decrypt it then: of UDP on the port of HTTP/3, that is said."""
    result = read_again(pcapng.in_order(on_port_443(name), numbers_of(name)[HANDSHAKE:]))
    assert not result.exchanges
    assert [part["reason"] for part in result.objects[-1]["unseen"]] == ["quic"]


def test_cut_packets_are_said_to_be_cut():
    """What was cut cannot be decrypted. The long packets are those with bodies."""
    name = "caddy-http3-parallel"
    blocks, cut = [], 900
    for kind, body in blocks_of(name):
        if kind == pcapng.ENHANCED_PACKET and len(blocks) > 25:
            captured, reported = struct.unpack_from("<II", body, 12)
            if captured > cut:
                body = body[:12] + struct.pack("<II", cut, reported) + body[20:20 + cut]
        blocks.append((kind, body))
    result = read_again(blocks)
    reasons = {part["reason"] for part in result.objects[-1]["unseen"]}
    assert "cut" in reasons
    assert all(not record["complete"] for record in result.exchanges if record["body_bytes"] > 1000)


# ------------------------------------------------------------------------------------ the sieve ----

@functools.lru_cache(maxsize=None)
def on_port_443(name):
    """The same with the port of the server that everybody uses: the sieve leaves that one out."""
    blocks = []
    for kind, body in blocks_of(name):
        if kind == pcapng.ENHANCED_PACKET:
            place = 20 + FRAME_OF_ETHERNET
            ports = body[place:place + 4].replace(struct.pack(">H", 8443), struct.pack(">H", 443))
            body = body[:place] + ports + body[place + 4:]
        blocks.append((kind, body))
    return blocks


def without_keys(blocks):
    secrets = 10
    return [block for block in blocks if block[0] != secrets]


def test_the_sieve_lets_quic_through_where_keys_are():
    name = "caddy-http3-parallel"
    sieved = read_again(on_port_443(name), "-v")
    assert sieved.stdout == read_again(on_port_443(name), "--no-sieve").stdout
    assert len(sieved.exchanges) == 4 and "All frames are dissected" not in sieved.stderr
    # Without keys none of it is dissected.
    sieved = read_again(without_keys(on_port_443(name)), "-v")
    assert sieved.stdout == read_again(without_keys(on_port_443(name)), "--no-sieve").stdout
    frames = len(packets_in(name))
    assert f"{frames} of {frames} frames" in sieved.stderr and not sieved.exchanges
    assert [part["reason"] for part in sieved.objects[-1]["unseen"]] == ["quic"]


def test_some_connections_have_keys():
    """The connections of one capture with their keys, that of another without: one is not looked into."""
    _, *others = without_keys(on_port_443("aioquic-http3-qpack"))
    both = on_port_443("caddy-http3-parallel") + [block for block in others if block[0] == pcapng.ENHANCED_PACKET]
    sieved = read_again(both)
    assert sieved.stdout == read_again(both, "--no-sieve").stdout
    assert len(sieved.exchanges) == 4
    assert [(part["reason"], part["count"]) for part in sieved.objects[-1]["unseen"]] == [("quic", 1)]


def test_keys_in_a_file(command):
    capture = CAPTURES / "caddy-http3.pcapng"
    keys = ("--keylog", keylog_of(capture))
    sieved = command("-T", "ndjson", *keys, capture)
    assert sieved.stdout == command("-T", "ndjson", "--no-sieve", *keys, capture).stdout
    assert sieved.exchanges and sieved.objects[-1]["unseen"] == []
