"""Results that cannot be written, or whose writing is ended: full disks, limits, closed pipes, signals
(docs/batch.md, "Ending early"). A file has its name only when it is whole; what is lost is said.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import time

import pytest
from conftest import CAPTURES, FORMATS, TIMEOUT_SECONDS

FAILED = "apache-permission-denied-children.pcapng"
LISTING = "apache-large-propfind-gzip.pcapng"
# How often a run is ended at a random moment.
KILLS = int(os.environ.get("MULTISTATUS_KILLS", "4"))
OLD = "what was there before\n"


def small_files(limit):
    """For preexec_fn: no file grows beyond that."""
    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    return limited


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 64 KB, nearly full. What it is named after is where files go."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=50", "tmpfs", folder], check=False,
            capture_output=True).returncode != 0:
        pytest.skip("mounting a tmpfs needs root's rights")
    (folder / "filler").write_bytes(bytes(60 * 1024))
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("form", FORMATS)
def test_standard_output_that_is_full(command, form):
    with open("/dev/full", "wb") as full:
        result = command("-T", form, CAPTURES / LISTING, stdout=full)
    assert result.status == 2
    assert result.stderr.count("No space left on device") == 1
    assert "standard output" in result.stderr


@pytest.mark.parametrize("form", FORMATS)
def test_device_that_is_full(command, form):
    """A file that is none is written in place."""
    result = command("-T", form, "-O", "/dev/full", CAPTURES / LISTING)
    assert result.status == 2 and '"/dev/full"' in result.stderr
    assert "No space left on device" in result.stderr


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("before", [None, OLD])
def test_file_that_outgrows_its_limit(command, tmp_path, form, before):
    """Nothing is left of it; what had its name stays."""
    path = tmp_path / "result"
    if before:
        path.write_text(before)
    result = command("-T", form, "-O", path, CAPTURES / FAILED, preexec_fn=small_files(100))
    assert result.status == 2
    assert f'"{path}"' in result.stderr and "File too large" in result.stderr
    assert os.listdir(tmp_path) == (["result"] if before else [])
    assert not before or path.read_text() == before


@pytest.mark.parametrize("form", FORMATS)
def test_disk_that_is_full(command, small_disk, form):
    path = small_disk / "result"
    path.write_text(OLD)
    result = command("-T", form, "-O", path, CAPTURES / LISTING, CAPTURES / "apache-litmus-http11.pcapng")
    if result.status == 0:      # a short report fits
        assert path.read_text() != OLD and path.stat().st_size < 4096
    else:
        assert result.status == 2 and "No space left on device" in result.stderr
        assert f'"{path}"' in result.stderr
        assert path.read_text() == OLD
    assert sorted(os.listdir(small_disk)) == ["filler", "result"]


def test_second_of_two_outputs_that_cannot_be_written(command, tmp_path, small_disk):
    """The other one is whole."""
    whole = tmp_path / "whole"
    result = command("-T", "ndjson", "-O", whole, "--csv", small_disk / "part",
                     CAPTURES / LISTING, CAPTURES / FAILED)
    assert result.status == 2 and "No space left on device" in result.stderr
    assert whole.read_bytes() == command("-T", "ndjson", CAPTURES / LISTING,
                                         CAPTURES / FAILED).stdout
    assert os.listdir(small_disk) == ["filler"]


@pytest.mark.parametrize("jobs", ["0", "2"])
def test_checkpoint_on_a_full_disk(command, small_disk, jobs):
    """The results are complete; what was kept is whole, and the rest is kept once there is room."""
    kept = small_disk / "kept"
    names = [CAPTURES / name for name in (FAILED, LISTING, "nsec-radicale-sync.pcap")]
    plain = command("-T", "ndjson", *names)
    full = command("-T", "ndjson", "-j", jobs, "--checkpoint", kept, *names)
    assert full.status == 2 and "No space left on device" in full.stderr
    assert f'"{kept}"' in full.stderr and LISTING in full.stderr
    assert full.stdout == plain.stdout
    for path in kept.iterdir():
        assert not path.name.startswith(".")
        assert json.loads(path.read_text().splitlines()[-1])["type"] == "capture"
    subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
    again = command("-T", "ndjson", "-j", jobs, "--checkpoint", kept, *names)
    assert again.status == 0 and again.stdout == plain.stdout
    assert len(os.listdir(kept)) == len(names)


@pytest.mark.parametrize("ignored", [True, False])
@pytest.mark.parametrize("form", ["ndjson", "csv", "text"])
def test_reader_that_goes_away_at_any_moment(world, command, form, ignored):
    """What it has got is the beginning of the result; no process is left."""
    line = [world.command, "-T", form, "-j", "2", CAPTURES / LISTING, CAPTURES / FAILED,
            CAPTURES / "apache-litmus-http11.pcapng"]
    whole = command(*line[1:]).stdout
    chance = random.Random(form)
    for _ in range(KILLS):
        wanted = chance.randrange(len(whole))
        with subprocess.Popen(
                line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=world.environment(),
                preexec_fn=lambda: signal.signal(
                    signal.SIGPIPE, signal.SIG_IGN if ignored else signal.SIG_DFL)) as process:
            got = process.stdout.read(wanted)
            process.stdout.close()
            errors = process.stderr.read().decode()     # ends when the last worker has ended, too
            process.wait(TIMEOUT_SECONDS)
        assert whole.startswith(got)
        # All may have been in the pipe already.
        assert process.returncode in (0, 2, -signal.SIGPIPE), errors
        assert len(errors.splitlines()) <= 1, errors


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("form", ["ndjson", "html"])
def test_signal_at_any_moment_leaves_no_half_file(world, command, tmp_path, form, number):
    archive = tmp_path / "archive"
    archive.mkdir()
    for name in (LISTING, FAILED, "nsec-radicale-sync.pcap"):
        shutil.copy(CAPTURES / name, archive)
    out = tmp_path / "out"
    out.mkdir()
    path = out / "result"
    line = [world.command, "-q", "-T", form, "-O", path, archive]
    begun = time.monotonic()
    assert command(*line[1:]).status == 0
    longest = time.monotonic() - begun
    whole = path.read_text()
    chance = random.Random(int(number))
    for _ in range(KILLS):
        path.write_text(OLD)
        with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env=world.environment(),
                              preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
                              ) as process:
            time.sleep(chance.uniform(0, longest))
            process.send_signal(number)
            process.wait(TIMEOUT_SECONDS)
        found = path.read_text()
        if number == signal.SIGKILL:
            assert found in (OLD, whole)
            for left in out.iterdir():      # nobody could remove it
                assert left == path or left.name.startswith("result.")
                if left != path:
                    left.unlink()
        else:
            assert process.returncode in (0, 128 + number, -number)
            assert os.listdir(out) == ["result"]
            if form == "ndjson" and found != OLD:   # an interrupted run has whole records
                for record in found.splitlines():
                    json.loads(record)
            if form == "html" and found != OLD:
                assert found.rstrip().endswith("</html>")
