"""Sessions that mitmproxy and Fiddler have saved: judged like captures, whatever is wrong with them.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import bz2
import gzip
import json
import lzma
import shutil
import subprocess
import zlib

import pytest
import sessions
from conftest import CAPTURES, GOLDEN, compressed, scan
from test_goldens import check_exchange, differences
from test_har import session as har_text
from test_har_history import HISTORIES, found, history_of
from traffic import Exchange, multistatus, request, response, row

FLOWS = ("mitmproxy-apache.flow", "mitmproxy-http2.flow", "mitmproxy-odd.flow")
LOCKED = Exchange(request("DELETE", "/c/", {"Depth": "infinity"}),
                  multistatus(row("/c/a", 423) + row("/c/b", 424)))
FINE = Exchange(request("GET", "/x"), response(200, b"fine", {"Content-Type": "text/plain"}))


@pytest.fixture(name="needs_archives")
def fixture_needs_archives(command):
    if "archives: read" not in command("--version").text:
        pytest.skip("built without libarchive")


@pytest.fixture(name="read")
def fixture_read(command, tmp_path):
    """read({name: contents}): {name: (records, capture record)}, what was said, status; of one run."""
    def run(files, *arguments):
        for name, contents in files.items():
            (tmp_path / name).write_bytes(contents)
        result = command("-T", "ndjson", *arguments, *files, cwd=tmp_path)
        of = {name: ([], []) for name in files}
        for record in result.objects:
            of[record["capture"]][record["type"] == "capture"].append(record)
        return ({name: (records, last[0] if last else None) for name, (records, last) in of.items()},
                result)
    return run


# ------------------------------------------------------------------------ recorded by mitmproxy ----

@pytest.mark.parametrize("name", FLOWS)
def test_recorded_flows(name):
    golden = [json.loads(line) for line in (GOLDEN / f"{name}.ndjson").read_text().splitlines()]
    result = scan(name, "-T", "ndjson")
    assert result.status == 0 and result.stderr == ""
    lines = list(differences(golden, result.objects, name))
    assert not lines, "\n".join(lines[:40])
    for record in result.exchanges:
        check_exchange({**record, "server": record["server"] or ""})


def test_the_same_as_what_went_over_the_wire():
    """The flows and the packets of one conversation: only what packets say of themselves differs, and
    who mitmproxy takes for the client."""
    other = ("capture", "frame", "request_frame", "client", "stream", "time", "response_time", "locks",
             "user_agent", "findings", "client_versions", "community_id")
    flows = scan("mitmproxy-apache.flow", "-T", "ndjson").exchanges
    packets = scan("mitmproxy-apache.pcapng", "-T", "ndjson").exchanges
    assert len(flows) == len(packets) == 7
    for flow, packet in zip(flows, packets):
        assert {key: value for key, value in flow.items() if key not in other} == \
            {key: value for key, value in packet.items() if key not in other}
        assert [lock["root"] for lock in flow["locks"]] == [lock["root"] for lock in packet["locks"]]
        assert [f["rule"] for f in flow["findings"]] == [f["rule"] for f in packet["findings"]]


def test_mitmproxy_reads_what_these_tests_write(read, tmp_path):
    """... and what it writes of that is read as before."""
    if not shutil.which("mitmdump"):
        pytest.skip("mitmproxy is not installed")
    flow = sessions.flow(LOCKED)
    for part in ("client_conn", "server_conn"):
        flow[part].update({name: None for name in (
            "alpn", "cipher_name", "id", "mitmcert", "sni", "timestamp_end", "timestamp_tls_setup",
            "tls_extensions", "tls_version", "sockname", "error", "via", "via2", "source_address",
            "timestamp_tcp_setup")}, timestamp_start=1.0, state=0, tls=False, certificate_list=[],
            alpn_offers=[], cipher_list=[], tls_established=False)
    (tmp_path / "in.flow").write_bytes(sessions.flows([flow, sessions.flow(FINE) | {
        part: flow[part] for part in ("client_conn", "server_conn")}]))
    subprocess.run(["mitmdump", "-q", "-n", "-r", "in.flow", "-w", "out.flow"], cwd=tmp_path,
                   env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                   check=True, timeout=60)
    of, result = read({name: (tmp_path / name).read_bytes() for name in ("in.flow", "out.flow")})
    assert result.status == 0, result.stderr
    before, after = of["in.flow"][0], of["out.flow"][0]
    assert [{**record, "capture": ""} for record in before] == \
        [{**record, "capture": ""} for record in after]
    assert before[0]["verdict"] == "partial" and before[0]["failed"] == 1


# ------------------------------------------------------------------------------------ histories ----

@pytest.fixture(name="histories", scope="module")
def fixture_histories(tmp_path_factory):
    """The records of all cases as flows and SAZ files: of one run."""
    folder = tmp_path_factory.mktemp("histories")
    for name in HISTORIES:
        exchanges = history_of(name)[0]
        (folder / f"{name}.flow").write_bytes(sessions.flows(
            sessions.flow(one, sessions.START + n / 100) for n, one in enumerate(exchanges)))
        (folder / f"{name}.saz").write_bytes(sessions.saz(exchanges))
    records = {}
    for record in scan(folder, "-T", "ndjson").exchanges:
        records.setdefault(record["capture"].rpartition("/")[2], []).append(record)
    return records


@pytest.mark.parametrize("name", HISTORIES)
def test_the_history_of_a_capture(name, histories, command):
    """What one exchange tells of another is found in them as well."""
    expected = history_of(name)[1]
    kinds = ["flow"] + ["saz"] * ("archives: read" in command("--version").text)
    for kind in kinds:
        assert found(name, histories[f"{name}.{kind}"]) == expected, kind
        for record in histories[f"{name}.{kind}"]:
            check_exchange(record)


# ----------------------------------------------------------------------------------------- flows ----

def test_odd_flows(read):
    """Bodies that were not kept, with a coding, of a request; what is no HTTP; what was never answered."""
    body = LOCKED.response.partition(b"\r\n\r\n")[2]
    fields = [[b"Content-Type", b"application/xml"], [b"Content-Encoding", b"gzip"]]
    websocket = {"messages": [[1, True, b"ping", 1.0, False, False]], "closed_by_client": True}
    tcp = {"messages": [[True, b"PROPFIND / HTTP/1.1\r\n\r\n", 1.0], [False, b"x" * 9, 2.0]]}
    of, result = read({"odd.flow": sessions.flows([
        sessions.flow(LOCKED, response__content=None),
        sessions.flow(LOCKED, response__content=None, error={"msg": "server closed", "timestamp": 1.0}),
        sessions.flow(LOCKED, response__content=gzip.compress(body), response__headers=fields),
        sessions.flow(LOCKED, response__content=gzip.compress(body)[:-9], response__headers=fields),
        sessions.flow(LOCKED, response=None, error={"msg": "refused", "timestamp": 1.0}),
        sessions.flow(FINE, websocket=websocket),
        sessions.flow(FINE, type="tcp", **tcp),
        sessions.flow(FINE, type="tcp", messages=[[True, b"EHLO x\r\n", 1.0]]),
        sessions.flow(FINE, type="dns"),
        sessions.flow(LOCKED, request__timestamp_end=None, response__timestamp_end=None),
        sessions.flow(LOCKED, request__timestamp_start=None, request__timestamp_end=None,
                      response__timestamp_start=None, response__timestamp_end=None),
        sessions.flow(LOCKED, version=21, client_conn={"peername": ["2001:db8::1", 4, 0, 0]},
                      server_conn={"peername": ["2001:db8::2", 443]}, request__scheme=b"https",
                      request__headers=[], request__port=8443, request__host="dav.example"),
        sessions.flow(LOCKED, request__http_version=b"HTTP/2.0", response__http_version=b"HTTP/2.0",
                      request__headers=[], request__authority=b"h2.example", response__reason=b""),
        sessions.flow(LOCKED, response__content=b""),
    ])})
    records, last = of["odd.flow"]
    assert result.status == 0 and result.stderr == "", result.stderr
    assert [record["frame"] for record in records] == [1, 2, 3, 4, 10, 11, 12, 13, 14]
    assert last["frames"] == 14 and last["exchanges"] == 9
    assert {part["reason"]: (part["count"], part["bytes"]) for part in last["unseen"]} == \
        {"websocket": (1, 4), "passed": (1, 32)}
    streamed, cut, coded, coded_cut, _, timeless, newer, second, empty = records
    assert streamed["verdict"] == cut["verdict"] == "undecoded"
    assert "does not hold the body" in streamed["missing"]
    assert "server closed" in cut["missing"] and not cut["complete"]
    assert coded["verdict"] == "partial" and coded["complete"] and coded["failed"] == 1
    assert not coded_cut["complete"] and "gzip" in coded_cut["missing"]
    assert timeless["time"] is None and timeless["verdict"] == "partial"
    assert (newer["client"], newer["server"]) == ("[2001:db8::1]:4", "[2001:db8::2]:443")
    assert newer["host"] == "dav.example:8443"
    assert (empty["verdict"], empty["complete"]) == ("undecoded", True)
    assert (second["protocol"], second["host"]) == ("HTTP/2", "h2.example")


def test_damaged_flows(read):
    """A message that names the place, and what was there before it."""
    one = sessions.tnet(sessions.flow(LOCKED))
    whole = one * 3
    broken = {**sessions.flow(LOCKED), "response": {"headers": 1}}
    cases = {
        "cut.flow": (whole[:-9], [1, 2], f"cut short at byte {len(whole) - 9}, in the flow that begins "
                                         f"at byte {2 * len(one)}"),
        "length.flow": (one + b"999999999999:" + one, [1], "cut short"),
        "letter.flow": (one + one[:-1] + b"?" + one, [1], f"damaged at byte {len(one)}"),
        "text.flow": (one + b"hello", [1], f"damaged at byte {len(one)}"),
        "list.flow": (one + b"0:]" + one, [1], f"damaged at byte {len(one)}"),
        "inside.flow": (one + sessions.tnet(broken) + one, [1, 3], "number 2"),
        "empty.flow": (one + b"0:}" + one, [1, 3], "number 2"),
        "newer.flow": (one + sessions.tnet(sessions.flow(LOCKED, version=22)), [1], "version 22"),
        "older.flow": (sessions.tnet(sessions.flow(LOCKED, version=[0, 18])), [], "before 4"),
        "nested.flow": (one + b"5:" * 50000, [1], "at byte"),
    }
    of, result = read({name: contents for name, (contents, _, _) in cases.items()})
    assert result.status == 2
    for name, (_, frames, words) in cases.items():
        records, last = of[name]
        assert [record["frame"] for record in records] == frames, name
        assert not last["complete"] and words in last["error"], (name, last["error"])
        assert name in result.stderr


def test_what_is_no_flow(read):
    """Digits and a colon make no flow; a display filter has nothing to work on."""
    for contents in (b"12:30 lunch\n", b"1:a\n", b"4:4:true!}", b"9:3:abc,1:2"):
        _, result = read({"other": contents})
        assert result.status == 3 and "mitmproxy" not in result.stderr
    _, result = read({"a.flow": sessions.flows([sessions.flow(LOCKED)])}, "-Y", "http")
    assert result.status == 3 and "mitmproxy file" in result.stderr and "filter" in result.stderr


# ------------------------------------------------------------------------------------------- SAZ ----

def chunked(message):
    head, _, body = message.partition(b"\r\n\r\n")
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (body[:7], body[7:]))
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
    return b"\r\n".join([*lines, b"Transfer-Encoding: chunked", b"", chunks + b"0\r\n\r\n"])


def coded(message, body):
    head = message.partition(b"\r\n\r\n")[0]
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
    return b"\r\n".join([*lines, b"Content-Encoding: gzip", b"", body])


def test_odd_archives(read, needs_archives):
    """Messages as on the wire; members in any order, under other names, and more of them than belong."""
    head, _, body = LOCKED.response.partition(b"\r\n\r\n")
    one, two = sessions.members([LOCKED])[2:], sessions.members([FINE, LOCKED])[2:]
    ask = one[0]

    def answered(by):
        return [ask, ("raw/01_s.txt", by)]

    cases = {
        "plain.saz": (sessions.archive(one), [1]),
        "stored.saz": (sessions.archive(one, 0), [1]),
        "chunked.saz": (sessions.archive(answered(chunked(LOCKED.response))), [1]),
        "gzip.saz": (sessions.archive(answered(coded(LOCKED.response, gzip.compress(body)))), [1]),
        "undone.saz": (sessions.archive(answered(coded(LOCKED.response, body))), [1]),
        "unchunked.saz": (sessions.archive(answered(
            head + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + body)), [1]),
        "interim.saz": (sessions.archive(answered(
            b"HTTP/1.1 100 Continue\r\n\r\n" + LOCKED.response)), [1]),
        "reversed.saz": (sessions.archive(reversed(two)), [2]),
        "windows.saz": (sessions.archive((name.replace("/", "\\"), text) for name, text in two), [2]),
        "more.saz": (sessions.archive([("../../raw/01_s.txt", b"x"), ("/etc/passwd", b"x"),
                                       ("raw/x_s.txt", b"x"), *one]), [1]),
        "relative.saz": (sessions.archive([("raw/1_c.txt", LOCKED.request), one[1]]), [1]),
    }
    of, result = read({name: contents for name, (contents, _) in cases.items()})
    assert result.status == 0 and result.stderr == "", result.stderr
    for name, (_, frames) in cases.items():
        records, last = of[name]
        assert [record["frame"] for record in records] == frames, name
        assert records[0]["verdict"] == "partial" and records[0]["failed"] == 1, name
        assert records[0]["complete"] and last["complete"], name
        assert (records[0]["host"], records[0]["uri"]) == ("dav.example", "/c/"), name
    record = of["plain.saz"][0][0]
    assert (record["client"], record["server"]) == ("192.0.2.100:50000", "192.0.2.1:80")
    assert record["time"] == "2023-11-14T22:13:20.005000Z"
    assert record["response_time"] == 0.005


def encrypted(contents):
    """With the flag that says so (APPNOTE.TXT 4.4.4), in both headers."""
    marked = bytearray(contents)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = marked.find(signature)
        while place >= 0:
            marked[place + at] |= 1
            place = marked.find(signature, place + 4)
    return bytes(marked)


def test_damaged_archives(read, needs_archives):
    """What is missing is said, what is there is read; nothing unfolds without bound."""
    one, two = sessions.members([LOCKED])[2:], sessions.members([LOCKED, LOCKED])[2:]
    whole = sessions.archive(two, 0)
    body = LOCKED.response
    wrong = bytearray(sessions.archive(one))
    place = wrong.find(b"raw/01_s.txt") + len(b"raw/01_s.txt")
    wrong[place + 40] ^= 0xff
    cases = {
        "cut.saz": (whole[:whole.index(b"raw/02_s.txt") + 150], [1], "cut short"),
        "no-request.saz": (sessions.archive(one[1:]), [1], "without the request of exchange 1"),
        "no-response.saz": (sessions.archive([*two[:4], two[5]]), [1],
                            "without the response of exchange 2"),
        "no-http.saz": (sessions.archive([*one[:2], ("raw/2_c.txt", b"\x00\xff"), ("raw/2_s.txt", b"")]),
                        [1], "raw/2_c.txt"),
        "damaged.saz": (bytes(wrong), None, "raw/01_s.txt"),
        "bomb.saz": (sessions.archive([one[0], ("raw/01_s.txt", body + b" " * 70_000_000)]), None,
                     "more than the limit"),
        "garbage.zip": (b"PK\x03\x04" + bytes(range(256)) * 40, [], "archive"),
    }
    of, result = read({name: contents for name, (contents, _, _) in cases.items()})
    for name, (_, frames, words) in cases.items():
        records, last = of[name]
        if frames is not None:
            assert [record["frame"] for record in records] == frames, name
        if last:
            assert not last["complete"] and words in last["error"], (name, last["error"])
        assert name in result.stderr
    assert of["no-request.saz"][0][0]["method"] is None
    assert "does not hold" in of["no-request.saz"][0][0]["request_unknown"]
    short, = read({"short.saz": sessions.archive([one[0], ("raw/01_s.txt", body[:-9])])})[0].values()
    assert short[0][0]["complete"] is False and "Content-Length" in short[0][0]["missing"]
    for name, contents, words, status in (
            ("password.saz", encrypted(sessions.saz([LOCKED])), "password", 3),
            ("other.zip", sessions.archive([("a.txt", b"x"), ("b.pcap", b"y")]), "without an HTTP", 3),
            ("two.zip", sessions.archive([("a", sessions.flows([sessions.flow(LOCKED)])),
                                          ("b", har_text("x").encode())]), "2 HTTP sessions", 3)):
        _, result = read({name: contents})
        assert result.status == status and words in result.stderr and name in result.stderr


def test_a_tunnel_that_fiddler_did_not_open(read, needs_archives):
    tunnel = Exchange(b"CONNECT dav.example:443 HTTP/1.1\r\nHost: dav.example:443\r\n\r\n",
                      b"HTTP/1.1 200 Connection Established\r\n\r\n")
    for flags, count in ((0x1000, 1), (0x2000, 0)):
        of, result = read({"t.saz": sessions.archive([
            ("raw/1_c.txt", tunnel.request), ("raw/1_s.txt", tunnel.response),
            ("raw/1_m.xml", sessions.about(tunnel, 1e9, 1e9, flags))])})
        assert result.status == 0
        assert sum(part["count"] for part in of["t.saz"][1]["unseen"]) == count


# ------------------------------------------------------------------------------------ compressed ----

BODY = ('<multistatus xmlns="DAV:"><response><href>/a</href><status>HTTP/1.1 423 Locked</status>'
        "</response></multistatus>")


def packed():
    """Every kind of session in every kind of compression that the machine has a program for."""
    plain = {"har": har_text(BODY, padding=100_000).encode(),
             "flow": sessions.flows([sessions.flow(LOCKED)]), "saz": sessions.saz([LOCKED])}
    ways = {"gz": gzip.compress, "xz": lzma.compress, "bz2": bz2.compress,
            "zip": lambda contents: sessions.archive([("a/session", contents)])}
    for kind, contents in plain.items():
        for way, pack in ways.items():
            if (kind, way) != ("saz", "zip"):
                yield f"a.{kind}.{way}", pack(contents)
    if shutil.which("lz4"):
        yield "a.har.lz4", compressed(plain["har"], "lz4", "-q", "-c")


def test_compressed_sessions(read, command, needs_archives):
    files = dict(packed())
    of, result = read(files)
    assert result.status == 0 and result.stderr == "", result.stderr
    for name, (records, last) in of.items():
        assert [record["failed"] for record in records] == [1], name
        assert last["complete"] and last["frames"] == 1
    for name in ("a.har.xz", "a.flow.bz2", "a.har.zip"):
        piped = command("-T", "ndjson", "-", stdin=files[name])
        assert piped.status == 0 and len(piped.exchanges) == 1, (name, piped.stderr)


def test_through_a_pipe(command, needs_archives):
    for contents in (sessions.flows([sessions.flow(LOCKED)]), sessions.saz([LOCKED])):
        result = command("-T", "ndjson", "-", stdin=contents)
        assert result.status == 0 and len(result.exchanges) == 1, result.stderr


def test_compressed_session_that_is_cut(read, needs_archives):
    """What came out before the damage is read."""
    text = har_text(*[BODY.replace("/a", f"/{n}/{zlib.crc32(bytes([n % 256, n // 256]))}")
                      for n in range(3000)]).encode()
    whole = {"a.xz": lzma.compress(text), "a.bz2": bz2.compress(text, 1)}
    of, result = read({name: contents[:len(contents) * 3 // 4] for name, contents in whole.items()})
    assert result.status == 2
    for name, (records, last) in of.items():
        assert 0 < len(records) < 3000 and "damaged" in last["error"], (name, last)


def test_what_is_in_a_folder_beside_captures(command, tmp_path, needs_archives):
    """Archives without a session in them are other files; sessions are read."""
    (tmp_path / "a.flow").write_bytes(sessions.flows([sessions.flow(LOCKED)]))
    (tmp_path / "b.zip").write_bytes(sessions.archive([("a.txt", b"x")]))
    (tmp_path / "c.txt.xz").write_bytes(lzma.compress(b"text"))
    (tmp_path / "d.txt").write_bytes(b"10:30 lunch")
    shutil.copy(CAPTURES / "json-batches.pcapng", tmp_path)
    result = command("-T", "ndjson", tmp_path)
    assert result.status == 0 and "3 files that are not captures" in result.stderr, result.stderr
    assert {record["capture"].rpartition("/")[2] for record in result.exchanges} == \
        {"a.flow", "json-batches.pcapng"}
