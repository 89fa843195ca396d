"""The sieve changes nothing but the time: records with and without it are the same bytes.

The random captures are the same in every run; MULTISTATUS_SIEVE_SEED and MULTISTATUS_SIEVE_CAPTURES
make other ones, and more.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import gzip
import os
import random
import re
import shutil

import pytest

import connections
import wire
from conftest import capture_paths, keylog_of, scan

SEED = int(os.environ.get("MULTISTATUS_SIEVE_SEED", "1"))
CAPTURES_IN_ALL = int(os.environ.get("MULTISTATUS_SIEVE_CAPTURES", "24"))
FLOWS = 20
PARTS = 4


def left_out(result):
    """How many frames were not dissected, by what the command says of it."""
    return sum(int(n) for n in re.findall(r"(\d+) of \d+ frames and \d+ of \d+ TCP flows",
                                          result.stderr))


def both_ways(command, *arguments, **options):
    """The result with the sieve, which must be that without."""
    sieved = command("-v", "-T", "ndjson", *arguments, **options)
    plain = command("-T", "ndjson", "--no-sieve", *arguments, **options)
    assert sieved.status == plain.status, sieved.stderr
    return sieved, plain


def test_sample_captures(command, world):
    """All of them, what is encrypted without its keys."""
    names = [path.name for path in capture_paths()]
    sieved, plain = both_ways(command, *names, cwd=world.captures)
    assert sieved.stdout == plain.stdout
    assert "All frames are dissected" not in sieved.stderr
    assert left_out(sieved) > 500


# Of QUIC, test_unseen.py knows.
@pytest.mark.parametrize("name", [path.name for path in capture_paths()
                                  if keylog_of(path) and "http3" not in path.name])
def test_keys(command, world, name):
    """With a key log, what is encrypted is looked into; without, and without keys in the capture,
    none of it is."""
    keylog = keylog_of(world.captures / name)
    sieved, plain = both_ways(command, "--keylog", keylog, world.captures / name)
    assert sieved.stdout == plain.stdout
    assert sieved.exchanges
    assert left_out(command("-v", world.captures / name)) == sieved.objects[-1]["frames"]


@pytest.mark.parametrize("part", range(PARTS))
def test_random_captures(command, tmp_path, part):
    """Segmentation, order, loss, overlaps, fragments, tunnels, reused ports, short snap lengths."""
    count = CAPTURES_IN_ALL // PARTS
    paths = []
    for number in range(part * count, (part + 1) * count):
        path = tmp_path / f"seed-{SEED}-{number}.pcap"
        path.write_bytes(connections.capture(random.Random(f"{SEED}/{number}"), FLOWS))
        paths.append(path)
    sieved, plain = both_ways(command, *paths)
    if sieved.stdout != plain.stdout:
        pairs = zip(sieved.lines, plain.lines)
        first = next((pair for pair in pairs if pair[0] != pair[1]), ("", "one is longer"))
        pytest.fail(f"with the sieve:\n{first[0][:600]}\nwithout:\n{first[1][:600]}")
    assert len(plain.exchanges) > 2 * count
    assert left_out(sieved) > 50 * count        # many of these flows use the ports of others again


def test_random_capture_alone(command, tmp_path):
    exchanges = []
    for number in range(4):
        path = tmp_path / f"seed-{SEED}-alone-{number}.pcap"
        path.write_bytes(connections.capture(random.Random(f"{SEED}/alone/{number}"), FLOWS))
        sieved, plain = both_ways(command, path)
        assert sieved.stdout == plain.stdout
        exchanges += plain.exchanges
    assert exchanges


def test_nothing_left_out_in_the_end(command, tmp_path):
    """A packet in a tunnel may belong to a connection that was to be left out: so none is, and what
    is closed is counted once."""
    talk = wire.Talk(port=443)
    talk.send(True, b"\x16\3\1\0\x40\1" + b"h" * 63, 1460)
    talk.send(False, b"\x16\3\3\0\x40\2" + b"h" * 63 + b"\x17\3\3\1\0" + b"d" * 256, 1460)
    inner = bytearray(talk.packets[-1])
    inner[23:26] = b"\x2f\0\0"     # GRE, in which nothing can be read
    path = tmp_path / "tunnel.pcap"
    path.write_bytes(wire.pcap([*talk.packets, wire.to_vxlan(bytes(inner))]))
    sieved, whole = both_ways(command, path)
    assert sieved.stdout == whole.stdout
    assert left_out(sieved) == 0
    assert [(unseen["reason"], unseen["count"]) for unseen in sieved.objects[-1]["unseen"]] == [
        ("tls", 1), ("tunnel", 1)]


def test_sections_alone(command, world, tmp_path):
    """Interfaces in the midst of a file are known only to whoever reads up to them."""
    names = ("apache-cadaver.pcapng", "background-no-207.pcapng", "apache-cadaver.pcapng")
    path = tmp_path / "sections.pcapng"
    path.write_bytes(b"".join((world.captures / name).read_bytes() for name in names))
    sieved, plain = both_ways(command, path)
    assert sieved.stdout == plain.stdout
    assert plain.exchanges


def test_compressed(command, world, tmp_path):
    """Frames are not fetched by their place where that is slow."""
    capture = connections.capture(random.Random("compressed"), 30)
    (tmp_path / "a.pcap.gz").write_bytes(gzip.compress(capture))
    sieved, plain = both_ways(command, tmp_path / "a.pcap.gz")
    assert sieved.stdout == plain.stdout
    assert left_out(sieved) > 0


@pytest.mark.parametrize("arguments", [
    ("-Y", "tcp.stream < 100"), ("-2",), ("-d", "tcp.port==9999,http"),
    ("-o", "tcp.desegment_tcp_streams:FALSE"), ("--disable-protocol", "http2"),
    ("--no-sieve",)])
def test_steps_aside(command, world, arguments):
    """What changes the picture for Wireshark turns it off."""
    result = command("-v", *arguments, world.captures / "background-no-207.pcapng")
    assert "All frames are dissected" in result.stderr
    assert left_out(result) == 0


def test_steps_aside_for_a_profile(command, world, tmp_path):
    """So do lists of the profile: the port is HTTP to this user only."""
    folder = tmp_path / ".config" / "wireshark"
    folder.mkdir(parents=True)
    environment = world.environment(HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path / ".config"))
    capture = world.captures / "background-no-207.pcapng"
    assert left_out(command("-v", capture, environment=environment)) > 0
    (folder / "decode_as_entries").write_text("decode_as_entry: tcp.port,9999,HTTP,(none)\n")
    assert left_out(command("-v", capture, environment=environment)) == 0


def test_pipe(command, world):
    """A pipe cannot be read twice."""
    bytes_of = (world.captures / "apache-cadaver.pcapng").read_bytes()
    from_pipe = command("-v", "-T", "ndjson", "-", stdin=bytes_of)
    assert from_pipe.status == 0 and left_out(from_pipe) == 0
    assert len(from_pipe.exchanges) == len(scan("apache-cadaver.pcapng", "-T", "ndjson").exchanges)


def test_nothing_to_see(command, world, tmp_path):
    """Not one frame may matter: the capture is counted all the same."""
    shutil.copy(world.captures / "apache-tls-nokeys.pcapng", tmp_path / "closed.pcapng")
    result = command("-v", "-T", "ndjson", tmp_path / "closed.pcapng")
    assert [(r["type"], r["frames"], r["exchanges"]) for r in result.objects] == \
        [("capture", left_out(result), 0)]


# -------------------------------------------------------------------------------------- starting ----

STARTS = "Starting Wireshark's dissectors."


@pytest.mark.parametrize("jobs", ["0", "1", "2"])
def test_starts_when_needed(command, world, jobs):
    """The dissectors are started once, by the first capture that needs them, and nothing is lost."""
    names = ("apache-tls-nokeys.pcapng", "mitmproxy-apache.flow", "apache-h2c-prior-knowledge.pcapng",
             "background-no-207.pcapng", "json-http2.pcapng")
    late = command("-v", "-j", jobs, "-T", "ndjson", *names, cwd=world.captures)
    whole = command("-v", "-j", jobs, "-T", "ndjson", "--no-sieve", *names, cwd=world.captures)
    assert late.stdout == whole.stdout
    assert late.stderr.count(STARTS) == whole.stderr.count(STARTS) == 1
    assert sorted(re.findall(r'Reading "(.*)"', late.stderr)) == sorted(names)
    for names in (["apache-tls-nokeys.pcapng"], ["mitmproxy-apache.flow"]):
        assert STARTS not in command("-v", "-j", jobs, *names, cwd=world.captures).stderr


def test_starts_for_a_pipe(command, world):
    """Of which nothing is read before."""
    capture = (world.captures / "apache-tls-nokeys.pcapng").read_bytes()
    piped = command("-v", "-T", "ndjson", "-", stdin=capture)
    assert STARTS in piped.stderr
    assert piped.objects[-1]["frames"] == 89


@pytest.mark.parametrize("file, text, starts", [
    ("preferences", '# gui.x: 1\ngui.column.format: \n\t"No.", "%m"\n', False),
    ("preferences", "gui.column.format: x\ntcp.desegment_tcp_streams: FALSE\n", True),
    ("preferences", "multistatus.max_body: 4096\n", True),
    ("ssl_keys", '"10.0.0.1","443","http","/key.pem",""\n', True),
    ("decode_as_entries", "decode_as_entry: tcp.port,9999,HTTP,(none)\n", True),
    ("recent", "gui.toolbar_main_show: TRUE\n", False),
])
def test_starts_for_settings(command, world, tmp_path, file, text, starts):
    """What the user has set is not known without them."""
    folder = tmp_path / ".config" / "wireshark"
    folder.mkdir(parents=True)
    (folder / file).write_text(text)
    environment = world.environment(HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path / ".config"))
    result = command("-v", world.captures / "apache-tls-nokeys.pcapng", environment=environment)
    assert result.status == 0
    assert (STARTS in result.stderr) == starts
