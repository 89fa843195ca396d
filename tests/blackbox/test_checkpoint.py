"""Checkpoints, progress, and what is left behind when a run ends early (docs/batch.md).

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import time

import pytest
from conftest import CAPTURES, TIMEOUT_SECONDS, read_terminal

NAMES = ("apache-permission-denied-children.pcapng", "apache-propfind-404-infinity.pcapng",
         "cutfile-apache-copy-move.pcapng", "gz-rclone-proppatch.pcapng.gz",
         "nsec-radicale-sync.pcap", "radicale-caldav-setup-props.pcapng")
# How often the tests end a run at a random moment.
KILLS = int(os.environ.get("MULTISTATUS_KILLS", "4"))


@pytest.fixture
def archive(tmp_path):
    """A folder with captures."""
    folder = tmp_path / "archive"
    folder.mkdir()
    for name in NAMES:
        shutil.copy(CAPTURES / name, folder)
    return folder


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "kept"


def read_again(result):
    """The captures that were read and not taken from the checkpoint, by name: two workers begin with
    theirs at once."""
    return sorted(re.findall(r'Reading "(.*)"', result.stderr))


def run(command, archive, kept, *options):
    return command("-T", "ndjson", "-v", "--checkpoint", kept, *options, archive.name,
                   cwd=archive.parent)


@pytest.mark.parametrize("jobs", ["0", "2"])
def test_second_run_reads_nothing_and_says_the_same(command, archive, kept, jobs):
    plain = command("-T", "ndjson", archive.name, cwd=archive.parent)
    first = run(command, archive, kept, "-j", jobs)
    assert len(read_again(first)) == len(NAMES)
    second = run(command, archive, kept, "-j", jobs)
    assert read_again(second) == []
    assert plain.stdout == first.stdout == second.stdout
    assert plain.status == first.status == second.status == 2   # one is cut off
    assert plain.stderr in second.stderr
    # Selection and format are no matter of reading.
    text = command("--checkpoint", kept, "--failed-only", archive.name, cwd=archive.parent)
    assert text.stdout == command("--failed-only", archive.name, cwd=archive.parent).stdout


def test_changed_captures_are_read_again(command, archive, kept):
    run(command, archive, kept)
    changed = archive / NAMES[1]
    shutil.copy(CAPTURES / NAMES[0], changed)
    touched = archive / NAMES[4]
    os.utime(touched, ns=(1, 1))
    added = archive / "zz.pcap"
    shutil.copy(CAPTURES / NAMES[4], added)
    result = run(command, archive, kept)
    assert read_again(result) == [f"archive/{path.name}" for path in (changed, touched, added)]
    assert result.stdout == command("-T", "ndjson", archive.name, cwd=archive.parent).stdout


@pytest.mark.parametrize("options", [("-Y", "tcp"), ("-2",), ("-o", "tcp.desegment_tcp_streams:TRUE"),
                                     ("-d", "tcp.port==8000,http"), ("--disable-protocol", "dns")])
def test_settings_that_change_records_make_it_read_again(command, archive, kept, options):
    run(command, archive, kept)
    assert len(read_again(run(command, archive, kept, *options))) == len(NAMES)
    assert read_again(run(command, archive, kept, *options)) == []


def test_contents_of_the_key_log_count(command, archive, kept, tmp_path):
    keys = tmp_path / "keys"
    keys.write_text("# nothing\n")
    run(command, archive, kept, "--keylog", keys)
    assert read_again(run(command, archive, kept, "--keylog", keys)) == []
    keys.write_text("# nothing else\n")
    assert len(read_again(run(command, archive, kept, "--keylog", keys))) == len(NAMES)


def test_failures_are_tried_again(command, archive, kept):
    (archive / "notes.txt").write_text("no capture\n")
    run(command, archive, kept)
    result = run(command, archive, kept, "notes.txt", "nowhere.pcap")
    assert set(read_again(result)) == {"archive/notes.txt", "notes.txt", "nowhere.pcap"}


def test_report_of_the_folder_is_that_of_the_captures(command, archive, kept):
    run(command, archive, kept)
    files = sorted(kept.glob("*.ndjson"))
    assert len(files) == len(NAMES)
    report = command("report", *files)
    assert report.text == command(archive.name, cwd=archive.parent).text


def test_report_of_the_folder_has_what_failed(command, archive, kept):
    """And what became of it later."""
    (archive / "notes.txt").write_text("no capture\n")
    (archive / "other.txt").write_text("this one was not named\n")
    named = ["archive/missing.pcap", "archive/notes.txt"]
    for jobs in ("0", "2"):
        scan = run(command, archive, kept, "-j", jobs, *named)
        assert scan.status == 2
        report = command("report", "-T", "ndjson", *sorted(kept.glob("*.ndjson")))
        assert sorted(report.lines) == sorted(scan.lines)
        assert {"archive/missing.pcap", "archive/notes.txt"} <= \
            {record["capture"] for record in report.objects if record.get("error")}
    shutil.copy(CAPTURES / NAMES[4], archive / "missing.pcap")
    again = run(command, archive, kept, *named)
    assert "archive/missing.pcap" in read_again(again)
    report = command("report", "-T", "ndjson", *sorted(kept.glob("*.ndjson")))
    assert sorted(report.lines) == sorted(again.lines)


def test_folder_that_cannot_be_used(command, archive, tmp_path):
    (tmp_path / "file").write_text("")
    result = command("--checkpoint", tmp_path / "file", archive)
    assert result.status == 2 and "checkpoint" in result.stderr


def test_disk_that_is_full_is_said(command, archive, kept):
    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    result = command("-T", "ndjson", "--checkpoint", kept, archive / NAMES[1],
                     preexec_fn=small_files)
    assert result.status == 2 and "File too large" in result.stderr
    assert result.exchanges and os.listdir(kept) == []


def test_kill_at_any_moment_loses_and_doubles_nothing(command, world, archive, kept):
    for copy in range(2):
        for name in NAMES:
            shutil.copy(CAPTURES / name, archive / f"{copy}-{name}")
    line = [world.command, "-T", "ndjson", "--checkpoint", kept, archive.name]
    begun = time.monotonic()
    expected = command("-T", "ndjson", archive.name, cwd=archive.parent)
    longest = time.monotonic() - begun
    chance = random.Random(KILLS)
    counts = []
    for _ in range(KILLS):
        with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              cwd=archive.parent, env=world.environment()) as process:
            time.sleep(chance.uniform(0.2, 1) * longest)
            process.kill()
        for path in kept.glob("*.ndjson"):
            *exchanges, capture = [json.loads(text) for text in path.read_text().splitlines()]
            assert capture["type"] == "capture" and capture["checkpoint"]
            assert capture["exchanges"] == len(exchanges)
        counts.append(len(list(kept.glob("*.ndjson"))))
    assert counts == sorted(counts)
    last = run(command, archive, kept)
    assert len(read_again(last)) == len(NAMES) * 3 - counts[-1]
    assert last.stdout == expected.stdout
    assert not list(kept.glob(".*"))
    report = command("report", "-T", "ndjson", *sorted(kept.glob("*.ndjson")))
    assert sorted(report.lines) == sorted(expected.lines)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_at_any_moment(world, archive, tmp_path, number):
    """The documented status; the output file is whole, or as it was before."""
    out = tmp_path / "out"
    out.mkdir()
    chance = random.Random(int(number))
    for attempt in range(KILLS):
        path = out / f"{attempt}.ndjson"
        with subprocess.Popen([world.command, "-T", "ndjson", "-O", path, archive, CAPTURES],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              env=world.environment(),
                              preexec_fn=lambda: signal.signal(number, signal.SIG_DFL)) as process:
            time.sleep(chance.uniform(0, 1.5))
            process.send_signal(number)
            process.communicate(timeout=TIMEOUT_SECONDS)
        # Before the first line of main() a signal does what it always does.
        assert process.returncode in (128 + number, -number, 2)
        if path.exists():
            for line in path.read_text().splitlines():
                json.loads(line)
        assert set(os.listdir(out)) <= {f"{i}.ndjson" for i in range(attempt + 1)}


# ------------------------------------------------------------------------------- progress ----

def on_terminal(world, *arguments):
    """What the command writes to standard error when that is a terminal, and to standard output
    when that is none."""
    parent, child = os.openpty()
    try:
        with subprocess.Popen([world.command, *arguments], stdin=subprocess.DEVNULL, stderr=child,
                              stdout=subprocess.PIPE, env=world.environment()) as process:
            os.close(child)
            out = process.stdout.read()
            shown = read_terminal(parent)
        return out, shown.decode()
    finally:
        os.close(parent)


def test_progress_is_drawn_on_a_terminal_and_taken_away(command, world, archive):
    out, shown = on_terminal(world, "--progress", "-T", "ndjson", archive)
    assert out == command("-T", "ndjson", archive).stdout
    drawn = re.findall(r"\r(\d+) of (\d+) captures", shown)
    assert drawn and all(int(total) == len(NAMES) for _, total in drawn)
    assert re.search(r"\d+ %", shown)
    # A terminal shows the last state: nothing of the line is left.
    for line in shown.replace("\r\n", "\n").split("\n"):
        assert "captures" not in line.split("\x1b[K")[-1].split("\r")[-1]


def test_progress_is_for_those_who_want_it(command, world, archive):
    assert "of 6 captures" not in command(archive).stderr
    assert "of 6 captures" in command("--progress", archive).stderr
    assert "captures" not in on_terminal(world, "-q", "-T", "ndjson", archive)[1].replace(
        str(archive), "")
