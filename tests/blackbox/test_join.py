"""--join: what spans the files of a ring is read as if they were one capture.

The rings are made by dumpcap, editcap and tcpdump, and what is expected is what the command finds in the
capture before it was cut in pieces: only the names of files, the numbers in them and those of streams may differ.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import getpass
import gzip
import json
import os
import re
import shutil
import struct
import subprocess
import time

import pytest
import test_follow
from conftest import CAPTURES, TIMEOUT_SECONDS, key_preferences, need_program

# Its fixtures.
follow, ring = test_follow.follow, test_follow.ring

DELETE = "apache-partial-delete-423.pcapng"
HTTP2 = "json-http2.pcapng"
TLS = "apache-tls-http2.pcapng"
PIPELINED = "apache-pipelined.pcapng"
LOCKS = "apache-lock-collection-conflict.pcapng"
FRAME = re.compile(r"\b(frames?|and) \d+( of [^ ,;:)]+)?")


def count(path):
    table = subprocess.run(["capinfos", "-Mrc", path], capture_output=True, text=True, check=True,
                           timeout=TIMEOUT_SECONDS)
    return int(table.stdout.split()[-1])


def in_pieces(capture, folder, *sizes):
    """Files of so many frames, the last one with the rest, called like those of dumpcap."""
    need_program("editcap")
    folder.mkdir(exist_ok=True)
    total, first = count(capture), 1
    for number, size in enumerate([*sizes, total], 1):
        last = min(first + size - 1, total)
        if first <= last:
            subprocess.run(["editcap", "-r", capture, folder / f"ring_{number:05}_20261130050000.pcapng",
                            f"{first}-{last}"], check=True, timeout=TIMEOUT_SECONDS)
        first = last + 1
    return sorted(folder.iterdir())


def with_its_keys(capture, folder, size):
    """The same, where the capture holds keys, with which editcap cannot do it: each file begins as the first does."""
    folder.mkdir()
    data, head, packets, at = capture.read_bytes(), b"", [], 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        block, at = data[at:at + length], at + length
        if kind == 6:
            packets.append(block)
        elif not packets:
            head += block
    for number, first in enumerate(range(0, len(packets), size), 1):
        (folder / f"ring_{number:05}_20261130050000.pcapng").write_bytes(
            head + b"".join(packets[first:first + size]))
    return sorted(folder.iterdir())


def essence(records, frames_before=None):
    """Exchanges without what may differ; numbers of frames as they are in the whole capture."""
    made = []
    for record in records:
        if record["type"] != "exchange":
            continue
        record = dict(record, request_frame=None, stream=None)
        name = os.path.basename(record.pop("capture"))
        record["frame"] += frames_before[name] if frames_before else 0
        record["locks"] = [dict(lock, frame=None) for lock in record["locks"]]
        record["findings"] = [dict(one, message=FRAME.sub(r"\1 N", one["message"])) for one in record["findings"]]
        made.append(record)
    return sorted(made, key=lambda record: json.dumps(record, sort_keys=True))


def before(files):
    """How many frames are in the files before each."""
    numbers, sum_ = {}, 0
    for path in files:
        numbers[path.name] = sum_
        sum_ += count(path)
    return numbers


def objects(command, *arguments, status=0):
    run = command("-T", "ndjson", *arguments)
    assert run.status == status, run.stderr
    return run.objects


@pytest.fixture
def agree(command):
    def check(capture, files, *options):
        whole = objects(command, *options, capture)
        joined = objects(command, "-q", "--join", *options, *files)
        assert essence(joined, before(files)) == essence(whole)
        assert sum(record.get("frames", 0) for record in joined) == count(capture)
        assert [record["capture"] for record in joined if record["type"] == "capture"] == list(map(str, files))
        return joined

    return check


# ------------------------------------------------------------------------------ at every place ----

@pytest.mark.parametrize("name", [PIPELINED, HTTP2])
def test_cut_at_every_place(agree, tmp_path, name):
    capture = CAPTURES / name
    for place in range(1, count(capture)):
        agree(capture, in_pieces(capture, tmp_path / str(place), place))


@pytest.mark.parametrize("name", [DELETE, HTTP2, TLS, LOCKS, "apache-large-propfind-gzip.pcapng"])
@pytest.mark.parametrize("size", [1, 7, 40])
def test_cut_in_many_pieces(agree, tmp_path, name, size):
    capture = CAPTURES / name
    files = in_pieces(capture, tmp_path / "ring", *[size] * (count(capture) // size))
    if len(files) <= 256:
        agree(capture, files, *key_preferences(capture))


@pytest.mark.parametrize("name", ["apache-tls-http2-dsb.pcapng", "caddy-http3-lighttpd.pcapng"])
@pytest.mark.parametrize("size", [9, 50])
def test_keys_in_the_captures(agree, tmp_path, name, size):
    agree(CAPTURES / name, with_its_keys(CAPTURES / name, tmp_path / "ring", size))


@pytest.mark.parametrize("options", [["-j", "1"], ["-j", "3"], ["--no-sieve"], ["-2"], ["-Y", "http.response.code"]])
def test_however_it_is_read(agree, tmp_path, options):
    capture = CAPTURES / DELETE
    agree(capture, in_pieces(capture, tmp_path / "ring", 47, 31, 40), *options)


def test_out_of_order_over_the_edge(agree, tmp_path):
    """Of each two data frames that follow each other the second one comes first."""
    need_program("mergecap")
    for place in range(20, 60, 3):
        whole = tmp_path / f"swapped-{place}.pcapng"
        parts = []
        for number, frames in enumerate([f"1-{place - 1}", f"{place + 1}", f"{place}", f"{place + 2}-999"]):
            parts.append(tmp_path / f"part-{place}-{number}.pcapng")
            subprocess.run(["editcap", "-r", CAPTURES / TLS, parts[-1], frames], check=True, timeout=TIMEOUT_SECONDS)
        subprocess.run(["mergecap", "-a", "-w", whole, *parts], check=True, timeout=TIMEOUT_SECONDS)
        keys = key_preferences(CAPTURES / TLS)
        for edge in (place - 1, place, place + 1):
            agree(whole, in_pieces(whole, tmp_path / f"ring-{place}-{edge}", edge), *keys)


# ------------------------------------------------------------------------------- real writers ----

def test_ring_of_dumpcap(agree, tmp_path):
    need_program("dumpcap")
    with open(CAPTURES / DELETE, "rb") as capture:
        run = subprocess.run(["dumpcap", "-q", "-i", "-", "-b", "packets:30", "-w", tmp_path / "ring.pcapng"],
                             stdin=capture, capture_output=True, timeout=TIMEOUT_SECONDS)
    files = sorted(tmp_path.glob("ring_*"))
    assert len(files) > 3, run.stderr
    agree(CAPTURES / DELETE, files)


def test_ring_of_editcap(agree, tmp_path):
    subprocess.run(["editcap", "-c", "25", CAPTURES / LOCKS, tmp_path / "ring.pcapng"], check=True,
                   timeout=TIMEOUT_SECONDS)
    agree(CAPTURES / LOCKS, sorted(tmp_path.iterdir()))


@pytest.mark.parametrize("options", [["-C", "1"], ["-C", "1", "-W", "9"]])
def test_ring_of_tcpdump(agree, tmp_path, options):
    """Names with numbers appended: the file without one is the first."""
    need_program("tcpdump")
    whole, folder = tmp_path / "whole.pcap", tmp_path / "ring"
    folder.mkdir()
    source = tmp_path / "source.pcapng"
    source.write_bytes(gzip.decompress((CAPTURES / "ooo-dup-apache-large.pcapng.gz").read_bytes()))
    for to in ([whole], [folder / "cap.pcap", *options]):
        subprocess.run(["tcpdump", "-Z", getpass.getuser(), "-r", source, "-w", *to], check=True,
                       capture_output=True, timeout=TIMEOUT_SECONDS)
    files = sorted(folder.iterdir())
    assert len(files) > 1
    agree(whole, files)


def test_order_of_first_packets(command, tmp_path):
    """tcpdump -W has begun anew: the file with the lowest name is the last one."""
    files = in_pieces(CAPTURES / DELETE, tmp_path / "ring", 50, 50)
    for path, name in zip(files, ["cap.pcap2", "cap.pcap0", "cap.pcap1"], strict=True):
        shutil.copyfile(path, tmp_path / name)
    names = [tmp_path / name for name in ("cap.pcap0", "cap.pcap1", "cap.pcap2")]
    read = [record["capture"] for record in objects(command, "-q", "--join", *names) if record["type"] == "capture"]
    assert [os.path.basename(name) for name in read] == ["cap.pcap2", "cap.pcap0", "cap.pcap1"]


# --------------------------------------------------------------------------- what is no whole ----

def test_gap_is_said(command, tmp_path):
    files = in_pieces(CAPTURES / DELETE, tmp_path / "ring", 40, 40, 40)
    files[1].unlink()
    run = command("-T", "ndjson", "--join", files[0], files[2], files[3])
    assert "1 file is missing in between" in run.stderr and str(files[2]) in run.stderr
    alone = essence(objects(command, "-q", files[0]))
    after = essence(objects(command, "-q", "--join", files[2], files[3]))
    assert len(essence(run.objects)) == len(alone) + len(after)


def test_rings_are_not_mixed(command, tmp_path):
    one = in_pieces(CAPTURES / DELETE, tmp_path / "one", 70)
    other = in_pieces(CAPTURES / LOCKS, tmp_path / "other", 70)
    both = tmp_path / "both"
    both.mkdir()
    for path in one:
        shutil.copyfile(path, both / path.name.replace("ring", "eth0"))
    for path in other:
        shutil.copyfile(path, both / path.name.replace("ring", "eth1"))
    run = command("-T", "ndjson", "-v", "-j", "0", "--join", both)
    follows = re.findall(r'"[^"]*/(eth\d)_0000(\d)[^"]*" is read as what follows "[^"]*/(eth\d)_0000(\d)', run.stderr)
    assert follows == [("eth0", "2", "eth0", "1"), ("eth1", "2", "eth1", "1")]


def test_other_link_type_is_no_part(command, tmp_path):
    files = in_pieces(CAPTURES / DELETE, tmp_path / "ring", 70)
    (tmp_path / "ring" / "ring_00003_20261130050000.pcapng").write_bytes(b"")
    subprocess.run(["editcap", "-T", "rawip", files[1], tmp_path / "ring" / "ring_00003_20261130050000.pcapng"],
                   check=True, timeout=TIMEOUT_SECONDS)
    run = command("-T", "ndjson", "--join", tmp_path / "ring")
    assert "is of another kind than the file before it" in run.stderr
    assert essence(run.objects, {"ring_00001_20261130050000.pcapng": 0, "ring_00002_20261130050000.pcapng": 70}) == \
        essence(objects(command, CAPTURES / DELETE))


def test_damaged_file_is_not_joined_over(command, tmp_path):
    files = in_pieces(CAPTURES / DELETE, tmp_path / "ring", 50, 50)
    whole = files[1].read_bytes()
    files[1].write_bytes(whole[:len(whole) // 2 + 3])
    run = command("-T", "ndjson", "--join", *files)
    assert run.status == 2 and "is damaged" in run.stderr
    captures = [record for record in run.objects if record["type"] == "capture"]
    assert [record["complete"] for record in captures] == [True, False, True]
    # Twice nothing: what is told of a frame is told once.
    told = [(record["capture"], record["frame"], record["h2_stream"]) for record in run.objects
            if record["type"] == "exchange"]
    assert len(told) == len(set(told))


@pytest.mark.parametrize("made", [b"", b"no capture", b"\n\r\r\n" + b"\xff" * 60, b"\xd4\xc3\xb2\xa1" + b"\xff" * 60])
def test_hostile_members(command, tmp_path, made):
    files = in_pieces(CAPTURES / DELETE, tmp_path / "ring", 50, 50)
    files[1].write_bytes(made)
    run = command("-T", "ndjson", "--join", *files)
    assert run.status == 2
    assert sorted(record["capture"] for record in run.objects if record["type"] == "capture") == list(map(str, files))


# ------------------------------------------------------------------------------- checkpoints ----

def test_checkpoint_of_a_ring_that_grows(command, tmp_path):
    """What was open at the end of the last file is told with the next one, and not before."""
    files = in_pieces(CAPTURES / PIPELINED, tmp_path / "ring", 9, 8)
    kept = tmp_path / "kept"
    objects(command, "-q", "--join", "--checkpoint", kept, *files[:2])
    for _ in range(2):
        joined = objects(command, "-q", "--join", "--checkpoint", kept, *files)
        assert essence(joined, before(files)) == essence(objects(command, CAPTURES / PIPELINED))


# ------------------------------------------------------------------------------------- follow ----

def place(files, to):
    """As one who writes elsewhere and moves."""
    for path in files:
        shutil.copyfile(path, to.parent / "moving")
        os.rename(to.parent / "moving", to / path.name)


@pytest.mark.parametrize("size", [5, 30])
def test_followed(follow, ring, command, tmp_path, size):  # noqa: F811
    capture = CAPTURES / DELETE
    files = in_pieces(capture, tmp_path / "pieces", *[size] * (count(capture) // size))
    one = follow("--join", "-q")
    for number, path in enumerate(files, 1):
        place([path], ring)
        if number % 3 == 0:
            one.await_read(number)
    one.await_read(len(files))
    assert one.stop() == 0
    assert essence(map(json.loads, one.lines), before(files)) == essence(objects(command, capture))


def test_followed_with_restarts(follow, ring, command, tmp_path):  # noqa: F811
    """Nothing is lost and nothing is told twice, wherever it is stopped."""
    capture = CAPTURES / DELETE
    files = in_pieces(capture, tmp_path / "pieces", *[23] * 6)
    lines = []
    for number, path in enumerate(files, 1):
        one = follow("--join", "-q", "--checkpoint", tmp_path / "kept")
        place([path], ring)
        one.await_read(1)
        one.stop()
        lines += one.lines
    assert essence(map(json.loads, lines), before(files)) == essence(objects(command, capture))


def test_end_tells_what_is_open(follow, ring, command, tmp_path):  # noqa: F811
    """Without checkpoints nobody goes on: an answer that has begun is told."""
    capture = CAPTURES / "apache-large-propfind-gzip.pcapng"
    files = in_pieces(capture, tmp_path / "pieces", count(capture) // 2)
    one = follow("--join", "-q")
    place(files[:1], ring)
    one.await_read(1)
    time.sleep(0.1)
    one.stop()
    assert essence(map(json.loads, one.lines)) == essence(objects(command, files[0]))
