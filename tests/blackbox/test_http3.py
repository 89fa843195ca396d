"""HTTP/3: what QUIC carries is read from the fields that Wireshark shows of it, by the plugin and by the command.

What captures hold is compared in test_http3_captures.py; here are the ways to read them.
"""
import re
import subprocess

import pytest
from conftest import CAPTURES, keylog_of, without_addresses

CAPTURE = CAPTURES / "caddy-http3.pcapng"
KEYS = ("-o", f"tls.keylog_file:{keylog_of(CAPTURE)}")

# Frame, request, stream, method, verdict.
EXCHANGES = [(22, 19, 4, "PROPFIND", "success"), (29, 25, 8, "LOCK", "failure")]


@pytest.fixture(autouse=True)
def read(command):
    if "HTTP/3: read" not in command("--version").lines:
        pytest.skip("built without libnghttp3")


def exchanges_of(result):
    return [(r["frame"], r["request_frame"], r["h3_stream"], r["method"], r["verdict"])
            for r in result.exchanges]


@pytest.mark.parametrize("options", [(), ("-2",), ("--no-sieve",), ("-Y", "udp")], ids=" ".join)
def test_the_command_reads_it(command, options):
    result = command("-T", "ndjson", *options, "--keylog", keylog_of(CAPTURE), CAPTURE)
    assert exchanges_of(result) == EXCHANGES
    for record in result.exchanges:
        assert record["protocol"] == "HTTP/3" and record["stream"] is None
        assert record["complete"] and record["client"] == "127.0.0.1:42178"
        assert record["server"] == "127.0.0.1:8443" and record["host"] == "dav.example:8443"


def test_without_keys_nothing_is_read(command):
    assert not command("-T", "ndjson", CAPTURE).exchanges


@pytest.mark.parametrize("off", ["quic", "http3"])
def test_switched_off(command, off):
    result = command("-T", "ndjson", "--disable-protocol", off, "--keylog", keylog_of(CAPTURE), CAPTURE)
    assert not result.exchanges


@pytest.mark.parametrize("passes", [(), ("-2",)], ids=["one", "two"])
def test_wireshark_shows_it(tshark, passes):
    """In one pass and in two; a filter, fields, columns and a whole tree each make a tree of their own."""
    fields = ("-T", "fields", "-e", "frame.number", "-e", "multistatus.method", "-e",
              "multistatus.verdict", "-e", "multistatus.request_in")
    found = tshark("-r", CAPTURE, *KEYS, *passes, "-Y", "multistatus", *fields).lines
    assert found == [f"{frame}\t{method}\t{verdict}\t{request}"
                     for frame, request, _, method, verdict in EXCHANGES]
    columns = tshark("-r", CAPTURE, *KEYS, *passes).lines
    # Later versions say the status themselves where the header is in the same frame.
    assert [n for n, line in enumerate(columns, 1)
            if re.search(r"207.*\[(207 )?(PROPFIND|LOCK) /dav/enc/: |\[207 ", line)] == [22, 29]
    whole = tshark("-r", CAPTURE, *KEYS, *passes, "-V").text
    assert "LOCK /dav/enc/: 1 of 2 failed (423 Locked), 1 more only because of that (424)" in whole
    assert whole.count("[Verdict: ") == 2
    requests = tshark("-r", CAPTURE, *KEYS, *passes, "-Y", "multistatus_request", *fields[:4]).lines
    assert requests == ["19", "25"]


def test_statistics_without_a_tree(tshark):
    lines = tshark("-r", CAPTURE, *KEYS, "-q", "-z", "multistatus,tree").lines
    assert any(line.split()[:2] == ["Bodies", "by"] and line.split()[3] == "2" for line in lines)


def test_nothing_else_changes(tshark):
    """What Wireshark shows of QUIC is what it shows without the plugin."""
    shown = tshark("-r", CAPTURE, *KEYS, "-V", "-Y", "!multistatus && !multistatus_request").stdout
    plain = subprocess.run(["tshark", "-r", CAPTURE, *KEYS, "-V", "-Y", "!(frame.number in {19,22,25,29})"],
                           capture_output=True, check=True).stdout
    assert without_addresses(shown) == without_addresses(plain)
