"""Many captures in one run: which are read and in what order (docs/batch.md).

SPDX-License-Identifier: GPL-2.0-or-later
"""
import hashlib
import os
import shutil
import socket

import pytest
from conftest import CAPTURES

FAILED = "apache-permission-denied-children.pcapng"
LISTING = "apache-propfind-404-infinity.pcapng"
NOTHING = "background-no-207.pcapng"


@pytest.fixture
def sample(tmp_path):
    """sample(AS, NAME) puts a sample capture into a folder of the test's own."""
    def copy(new_name, name=NOTHING):
        target = os.path.join(os.fsencode(tmp_path), os.fsencode(new_name))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(CAPTURES / name, target)
        return target
    return copy


def captures_of(result):
    """The captures that were read, in order."""
    return [record["capture"] for record in result.objects if record["type"] == "capture"]


# --------------------------------------------------------------------------------- inputs ----

def test_files_of_a_directory_come_in_the_order_of_their_bytes(command, sample, tmp_path):
    for name in ("b", "a", "B", "10", "9", "é", "c/x", "a.b"):
        sample(name)
    result = command("-T", "ndjson", "--recursive", ".", cwd=tmp_path)
    assert captures_of(result) == ["./10", "./9", "./B", "./a", "./a.b", "./b", "./c/x", "./é"]
    assert captures_of(command("-T", "ndjson", ".", cwd=tmp_path)) == \
        ["./10", "./9", "./B", "./a", "./a.b", "./b", "./é"]


def test_include_goes_by_name_and_leaves_named_files_alone(command, sample, tmp_path):
    for name in ("a.pcap", "b.pcapng", "c.cap", "below/d.pcap", "e.pcap.gz"):
        sample(name)
    result = command("-T", "ndjson", "--recursive", "--include", "*.pcap", "--include=*.cap", ".",
                     "b.pcapng", cwd=tmp_path)
    assert captures_of(result) == ["./a.pcap", "./below/d.pcap", "./c.cap", "b.pcapng"]


@pytest.mark.parametrize("option, end", [((), b"\n"), (("-0",), b"\0")])
@pytest.mark.parametrize("last", [True, False])
def test_list_of_files(command, sample, tmp_path, option, end, last):
    for name in ("z", "a", "folder/y", "folder/x"):
        sample(name)
    names = end.join([b"z", b"", b"folder", b"a"]) + (end if last else b"")
    (tmp_path / "list").write_bytes(names)
    expected = ["a", "z", "folder/x", "folder/y"]
    result = command("-T", "ndjson", *option, "--files-from", "list", "a", cwd=tmp_path)
    assert captures_of(result) == expected
    result = command("-T", "ndjson", *option, "--files-from", "-", "a", cwd=tmp_path, stdin=names)
    assert captures_of(result) == expected


def test_list_that_cannot_be_read(command, tmp_path):
    result = command("--files-from", tmp_path / "nowhere")
    assert result.status == 3 and "nowhere" in result.stderr and result.stdout == b""
    result = command("--files-from", tmp_path)
    assert result.status == 3 and "directory" in result.stderr


def test_empty_list_is_no_failure(command):
    result = command("-T", "ndjson", "--files-from", "-", stdin=b"")
    assert result.status == 0 and result.stdout == b""


def test_standard_input_cannot_be_list_and_capture(command):
    result = command("-T", "ndjson", "--files-from", "-", stdin=b"-\n")
    assert result.status == 3 and "list of files" in result.stderr


def test_loops_of_links_end(command, sample, tmp_path):
    sample("a/capture")
    os.symlink("..", tmp_path / "a" / "up")
    os.symlink("self", tmp_path / "a" / "self")
    os.symlink("nowhere", tmp_path / "a" / "dangling")
    os.symlink("a", tmp_path / "b")
    result = command("-T", "ndjson", "--recursive", "-v", ".", cwd=tmp_path)
    assert result.status == 0
    assert captures_of(result) == ["./a/capture"]
    assert '"./a/self"' in result.stderr and '"./a/dangling"' in result.stderr


def test_what_is_no_file_is_left_out_with_a_note(command, sample, tmp_path):
    sample("capture")
    os.mkfifo(tmp_path / "fifo")
    os.symlink("/dev/zero", tmp_path / "device")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(tmp_path / "socket"))
    result = command("-T", "ndjson", ".", cwd=tmp_path)
    assert result.status == 0 and captures_of(result) == ["./capture"]
    assert "3 entries" in result.stderr
    verbose = command("-T", "ndjson", "-v", ".", cwd=tmp_path)
    for name in ("fifo", "device", "socket"):
        assert f'"./{name}"' in verbose.stderr
    assert command("-T", "ndjson", "-q", ".", cwd=tmp_path).stderr == ""


def test_unreadable_entries_are_named(command, world, tmp_path, sample):
    sample("a")
    sample("closed/b")
    (tmp_path / "unreadable").write_bytes((CAPTURES / NOTHING).read_bytes())
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and folder != folder.parent:
            folder.chmod(folder.stat().st_mode | 0o055)
    (tmp_path / "closed").chmod(0)
    (tmp_path / "unreadable").chmod(0)
    try:
        result = command("-T", "ndjson", "--recursive", ".", cwd=tmp_path, unprivileged=True)
    finally:
        (tmp_path / "closed").chmod(0o755)
    assert result.status == 2
    assert captures_of(result) == ["./a", "./closed", "./unreadable"]
    for name in ("./closed", "./unreadable"):
        assert any(f'"{name}"' in line and "ermission denied" in line
                   for line in result.stderr.splitlines())


def test_names_of_any_bytes(command, sample, tmp_path):
    names = [b"line\nbreak", b"esc\x1b[31m", b"bad\xff", b"bad\xfe"]
    for name in names:
        sample(name)
        sample(name + b".cut", "cutfile-apache-copy-move.pcapng")
    result = command("-T", "ndjson", tmp_path)
    assert len(captures_of(result)) == len(set(captures_of(result))) == 2 * len(names)
    assert f"{tmp_path}/bad\\xff" in captures_of(result)
    assert f"{tmp_path}/line\nbreak" in captures_of(result)
    assert len(result.stderr.splitlines()) == len(names)
    assert all(line.startswith("multistatus: ") for line in result.stderr.splitlines())
    assert not [c for c in result.stderr if ord(c) < 32 and c != "\n"]
    assert "line\\x0abreak" in result.stderr and "bad\\xff" in result.stderr
    text = command("-T", "text", tmp_path).stdout
    assert b"\x1b" not in text and b"\xff" not in text


# --------------------------------------------------------------------------------- shards ----

@pytest.mark.parametrize("shards", [1, 2, 5, 64])
def test_shards_together_are_the_whole(command, shards):
    """Every capture is in one shard, with the same records; nothing depends on the others."""
    names = sorted(path.name for path in CAPTURES.glob("radicale-*"))
    whole = command("-T", "ndjson", *names, cwd=CAPTURES).stdout.splitlines(keepends=True)
    parts = []
    for shard in range(1, shards + 1):
        mine = [name for name in names
                if int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % shards + 1 == shard]
        if not mine and shard > 5:
            continue
        part = command("-T", "ndjson", "--shard", f"{shard}/{shards}", *names, cwd=CAPTURES)
        assert part.status == 0 and captures_of(part) == mine
        parts += part.stdout.splitlines(keepends=True)
    assert sorted(parts) == sorted(whole)


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "/", "1/", "/2", "-1/2", "1/2x", "1x/2", "a/b",
                                   "1/99999999999999999999"])
def test_shards_that_are_none(command, shard):
    result = command("--shard", shard, CAPTURES / FAILED)
    assert result.status == 1 and "--shard" in result.stderr
