"""Captures that are damaged: cut anywhere, with wrong lengths, times that go back, still growing.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import gzip
import os
import struct
import subprocess
import time

import pytest
from conftest import CAPTURES

SMALL = "nsec-radicale-sync.pcap"       # of the older format: packets one after the other


def packets_of(data):
    """Offsets of a pcap file's packets."""
    offsets, at = [], 24
    while at < len(data):
        offsets.append(at)
        at += 16 + struct.unpack("<I", data[at + 8:at + 12])[0]
    return offsets


def without_name(records):
    return [{**record, "capture": None} for record in records]


def expected_records(command, data):
    return without_name(command("-T", "ndjson", "-", stdin=data).exchanges)


def complete_before(whole, frame):
    """The exchanges whose response ends in a frame before this one."""
    return [record for record in whole if record["frame"] < frame and record["complete"]]


def test_capture_that_is_cut_at_any_byte(command, world, tmp_path):
    """What was complete before the cut is reported; the rest is named as cut, with its place."""
    # Sanitizers take ten times as long: with them every so many bytes, and those around headers.
    step = int(os.environ.get("MULTISTATUS_CUT_STEP", "31" if world.preload else "1"))
    data = (CAPTURES / SMALL).read_bytes()
    first = expected_records(command, data)[0]["frame"]
    data = data[:packets_of(data)[first + 2]]       # its exchange, and two packets
    whole = expected_records(command, data)
    offsets = packets_of(data)
    ends = set(offsets) | {len(data)}
    assert [record["frame"] for record in whole if record["complete"]] == [first]
    near = {at + part for at in offsets for part in (-1, 0, 1, 16, 17)}
    lengths = sorted({*range(0, len(data), step), *near, 23, 24, len(data) - 1})
    for length in lengths:
        (tmp_path / f"{length:06}.pcap").write_bytes(data[:length])
    result = command("-T", "ndjson", "-j", "2", tmp_path)
    assert result.status == 2
    messages = result.stderr.splitlines()
    records = {}
    for record in result.objects:
        records.setdefault(int(os.path.basename(record["capture"])[:6]), []).append(record)
    # A file without a whole header is no capture.
    assert set(lengths) - set(records) <= set(range(24))
    for length, found in records.items():
        *exchanges, capture = found
        frames = sum(1 for at in offsets if at < length) - (length not in ends)
        assert capture["type"] == "capture" and capture["exchanges"] == len(exchanges)
        if length >= 24:
            assert capture["frames"] == frames
            assert capture["complete"] == (length in ends), length
            place = f"after frame {frames}" if frames > 0 else "before its first frame"
            assert capture["complete"] or capture["error"].endswith(place), capture
            assert capture["complete"] or any(
                f"{length:06}.pcap" in line and place in line for line in messages), length
        complete = complete_before(whole, max(frames, 0) + 1)
        assert [r for r in without_name(exchanges) if r["complete"]] == complete, length


@pytest.mark.parametrize("value", [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 300000])
def test_length_of_a_packet_that_is_wrong(command, tmp_path, value):
    data = bytearray((CAPTURES / SMALL).read_bytes())
    offsets = packets_of(bytes(data))
    whole = expected_records(command, bytes(data))
    frame = whole[-1]["frame"] - 1      # 0-based: the last response's own packet
    data[offsets[frame] + 8:offsets[frame] + 12] = struct.pack("<I", value)
    path = tmp_path / "damaged.pcap"
    path.write_bytes(data)
    result = command("-T", "ndjson", path)
    assert result.status in (0, 2)
    kept = complete_before(whole, frame + 1)
    assert kept and without_name(result.exchanges)[:len(kept)] == kept


@pytest.mark.parametrize("value", [0, 4, 11, 13, 0x7ffffffc, 0xffffffff])
def test_length_of_a_block_that_is_wrong(command, tmp_path, value):
    data = bytearray((CAPTURES / "radicale-carddav-multiget.pcapng").read_bytes())
    whole = without_name(command("-T", "ndjson",
                                 CAPTURES / "radicale-carddav-multiget.pcapng").exchanges)
    blocks, at = [], 0
    while at < len(data):
        blocks.append(at)
        at += struct.unpack("<I", data[at + 4:at + 8])[0]
    packets = [at for at in blocks if data[at] == 6]
    for frame in (0, whole[0]["frame"], len(packets) - 1):
        damaged = bytearray(data)
        damaged[packets[frame] + 4:packets[frame] + 8] = struct.pack("<I", value)
        path = tmp_path / "damaged.pcapng"
        path.write_bytes(damaged)
        result = command("-T", "ndjson", path)
        assert result.status in (2, 3) and "damaged.pcapng" in result.stderr
        kept = complete_before(whole, frame + 1)
        assert without_name(result.exchanges)[:len(kept)] == kept


def test_empty_and_oversized_packets(command, tmp_path):
    """Packets without a byte, and longer than they were on the wire, are no trouble."""
    data = (CAPTURES / SMALL).read_bytes()
    whole = expected_records(command, data)
    head = data[24:32]
    empty = head + struct.pack("<II", 0, 0)
    lost = head + struct.pack("<II", 0, 1500)
    large = head + struct.pack("<II", 262144, 262144) + bytes(262144)
    path = tmp_path / "odd.pcap"
    path.write_bytes(data[:24] + empty + lost + large + data[24:] + empty)
    result = command("-T", "ndjson", path)
    assert result.status == 0

    def known(record):
        return {key: value for key, value in record.items()
                if "frame" not in key and key not in ("findings",)}
    assert [known(r) for r in without_name(result.exchanges)] == [known(r) for r in whole]
    assert [r["frame"] for r in result.exchanges] == [r["frame"] + 3 for r in whole]


def test_times_that_go_back(command, tmp_path):
    data = bytearray((CAPTURES / SMALL).read_bytes())
    whole = expected_records(command, bytes(data))
    for number, at in enumerate(packets_of(bytes(data))):
        data[at:at + 8] = struct.pack("<II", 2000000000 - 10 * number, 5)
    path = tmp_path / "back.pcap"
    path.write_bytes(data)
    result = command("-T", "ndjson", path)
    assert result.status == 0
    assert [(r["frame"], r["verdict"]) for r in result.exchanges] == \
        [(r["frame"], r["verdict"]) for r in whole]


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_gzip_that_is_cut_short(command, tmp_path, part):
    data = (CAPTURES / SMALL).read_bytes()
    whole = expected_records(command, data)
    packed = gzip.compress(data, mtime=0)
    path = tmp_path / "cut.pcap.gz"
    path.write_bytes(packed[:int(len(packed) * part)])
    result = command("-T", "ndjson", path)
    assert result.status in (2, 3) and "cut.pcap.gz" in result.stderr
    found = [r for r in without_name(result.exchanges) if r["complete"]]
    assert found == whole[:len(found)]


def test_gzip_with_wrong_bytes(command, tmp_path):
    packed = bytearray(gzip.compress((CAPTURES / SMALL).read_bytes(), mtime=0))
    packed[len(packed) // 2] ^= 0xff
    path = tmp_path / "wrong.pcap.gz"
    path.write_bytes(packed)
    result = command("-T", "ndjson", path)
    assert result.status in (2, 3) and "wrong.pcap.gz" in result.stderr


def test_capture_that_grows_while_it_is_read(world, command, tmp_path):
    """What was there when its end was reached is reported, without a complaint about the rest."""
    data = (CAPTURES / SMALL).read_bytes()
    whole = expected_records(command, data)
    offsets = packets_of(data)
    path = tmp_path / "grows.pcap"
    path.write_bytes(data[:offsets[5]])
    with subprocess.Popen([world.command, "-T", "ndjson", path], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=world.environment()) as process:
        with open(path, "ab") as file:
            for start, end in zip(offsets[5:], [*offsets[6:], len(data)]):
                file.write(data[start:end])
                file.flush()
                time.sleep(0.01)
        out, err = process.communicate(timeout=60)
    assert process.returncode in (0, 2), err
    assert b'"type":"capture"' in out
    again = command("-T", "ndjson", path)
    assert again.status == 0 and without_name(again.exchanges) == whole


def test_devices_and_folders_by_name(command):
    for name in ("/dev/null", "/dev/zero"):
        result = command("-T", "ndjson", name)
        assert result.status == 3 and name in result.stderr
