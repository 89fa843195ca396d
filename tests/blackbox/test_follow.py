"""--follow: files of a folder are read as their writers close them, each once, and never before.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import getpass
import gzip
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest
from conftest import CAPTURES, TIMEOUT_SECONDS, need_program

LOCKED = "apache-partial-delete-423.pcapng"
CADAVER = "apache-cadaver.pcapng"
PERM = "usec-apache-perm.pcap"
# Long enough for a process that is wrong to do what it must not do.
PATIENCE = 0.8


class Follower:
    """A running command, what it has printed so far, and what is left of it."""

    def __init__(self, process):
        self.process, self.lines, self.messages = process, [], []
        self.readers = [threading.Thread(target=self.collect, args=pair) for pair in
                        ((process.stdout, self.lines), (process.stderr, self.messages))]
        for reader in self.readers:
            reader.start()

    @staticmethod
    def collect(stream, to):
        for line in stream:
            to.append(line.decode())

    def until(self, holds):
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not holds():
            assert time.monotonic() < deadline and self.process.poll() is None, \
                (self.lines[-3:], self.messages)
            time.sleep(0.02)

    def is_following(self):
        folder = f"/proc/{self.process.pid}/fd"
        with contextlib.suppress(OSError):
            return any(os.readlink(f"{folder}/{name}") == "anon_inode:inotify" for name in os.listdir(folder))
        return False

    def records(self, kind="capture"):
        return [record for record in map(json.loads, self.lines) if record["type"] == kind]

    def read(self):
        """Names of the captures that were read, in order."""
        return [os.path.basename(record["capture"]) for record in self.records()]

    def await_read(self, count):
        self.until(lambda: len(self.read()) >= count)

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()

    def wait(self):
        self.process.wait(timeout=TIMEOUT_SECONDS)
        for reader in self.readers:
            reader.join()
        return self.process.returncode

    @property
    def said(self):
        return "".join(self.messages)


@pytest.fixture
def follow(world, tmp_path):
    """follow(ARGUMENT...) follows tmp_path/ring."""
    ring, running = tmp_path / "ring", []
    ring.mkdir(exist_ok=True)

    def start(*arguments, form="ndjson", at=ring, **options):
        before = options.pop("preexec_fn", lambda: None)

        def prepare():
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            before()

        process = subprocess.Popen(
            [world.command, "--follow", at, "-T", form, *map(str, arguments)], preexec_fn=prepare,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=options.pop("environment", world.environment()), **options)
        one = Follower(process)
        running.append(one)
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while process.poll() is None and not one.is_following() and time.monotonic() < deadline:
            time.sleep(0.02)
        return one

    yield start
    for one in running:
        one.process.send_signal(signal.SIGCONT)
        if one.process.poll() is None:
            one.process.kill()
        one.wait()


@pytest.fixture
def ring(tmp_path):
    return tmp_path / "ring"


@contextlib.contextmanager
def held(follower):
    """What happens meanwhile, it sees all at once."""
    follower.process.send_signal(signal.SIGSTOP)
    yield
    follower.process.send_signal(signal.SIGCONT)


def put(to, name=LOCKED):
    shutil.copyfile(CAPTURES / name, to)


def without_name(records):
    return [{**record, "capture": None} for record in records]


# --------------------------------------------------------------------------------- when closed ----

def test_capture_is_read_when_it_is_closed(follow, ring, command):
    data = (CAPTURES / LOCKED).read_bytes()
    put(ring / "a_00001.pcapng", CADAVER)
    one = follow()
    one.await_read(1)
    with open(ring / "a_00002.pcapng", "wb") as file:
        for start in range(0, len(data), 4096):
            file.write(data[start:start + 4096])
            file.flush()
            time.sleep(0.05)
        time.sleep(PATIENCE)
        assert one.read() == ["a_00001.pcapng"]
    one.await_read(2)
    assert one.stop() == 0 and one.said == ""
    for kind in ("exchange", "capture"):
        whole = [record for name in (CADAVER, LOCKED)
                 for record in command("-T", "ndjson", CAPTURES / name).objects if record["type"] == kind]
        assert without_name(one.records(kind)) == without_name(whole)


def test_file_that_is_being_written_at_the_start(follow, ring):
    """A ring that has begun before: of those that were closed all are read, the oldest first."""
    for number in range(1, 4):
        put(ring / f"cap{number}.pcapng", (LOCKED, CADAVER, PERM)[number - 1])
        os.utime(ring / f"cap{number}.pcapng", (10 - number, 10 - number))
    data = (CAPTURES / LOCKED).read_bytes()
    with open(ring / "cap4.pcapng", "wb") as file:
        file.write(data[:5000])
        file.flush()
        one = follow()
        one.await_read(3)
        time.sleep(PATIENCE)
        assert one.read() == ["cap3.pcapng", "cap2.pcapng", "cap1.pcapng"]
        file.write(data[5000:])
    one.await_read(4)
    assert one.stop() == 0 and one.records()[-1]["complete"] and one.said == ""


def test_what_is_never_closed_is_said(follow, ring):
    with open(ring / "open.pcapng", "wb") as file:
        file.write((CAPTURES / LOCKED).read_bytes())
        file.flush()
        one = follow("-v")
        time.sleep(PATIENCE)
        assert one.stop() == 0
    assert one.read() == []
    assert "open.pcapng\" is not in the results" in one.said and "1 file of" in one.said


def test_file_that_two_write(follow, ring):
    """The first to close is not the last."""
    data = (CAPTURES / LOCKED).read_bytes()
    one = follow()
    with open(ring / "x.pcapng", "wb") as last:
        with open(ring / "x.pcapng", "r+b"):
            last.write(data[:3000])
            last.flush()
        time.sleep(PATIENCE)
        assert one.read() == []
        last.write(data[3000:])
    one.await_read(1)
    assert one.stop() == 0 and one.records()[0]["complete"]


def test_files_of_another_user(follow, world):
    """The kernel does not say who writes them: the newest of a ring waits for its writer."""
    if os.geteuid() != 0:
        pytest.skip("changing the user needs root's rights")
    with tempfile.TemporaryDirectory() as folder:
        ring = Path(folder)
        os.chmod(ring, 0o755)
        for number in range(1, 4):
            put(ring / f"cap{number}.pcapng")
            os.utime(ring / f"cap{number}.pcapng", (1000 + number, 1000 + number))
        try:
            one = follow(at=ring, preexec_fn=lambda: os.setresuid(65534, 65534, 65534),
                         environment=world.environment(HOME="/nonexistent"))
        except PermissionError:
            pytest.skip("another user cannot start the command")
        one.await_read(2)
        time.sleep(PATIENCE)
        assert one.read() == ["cap1.pcapng", "cap2.pcapng"]
        assert "1 file in" in one.said and "is read once it is closed" in one.said
        with open(ring / "cap3.pcapng", "ab"):
            pass
        one.await_read(3)
        assert one.stop() == 0


def test_ring_of_dumpcap(follow, ring, command):
    """The real one, which captures from a pipe."""
    need_program("dumpcap")
    one = follow("--include", "ring_*.pcapng")
    with open(CAPTURES / PERM, "rb") as capture:
        done = subprocess.run(["dumpcap", "-q", "-i", "-", "-b", "packets:40", "-w", ring / "ring.pcapng"],
                              stdin=capture, capture_output=True, check=False)
    files = sorted(os.listdir(ring))
    if done.returncode != 0 or len(files) < 3:
        pytest.skip(f"dumpcap does not write a ring: {done.stderr.decode()[-200:]}")
    one.await_read(len(files))
    assert one.stop() == 0 and one.read() == files
    assert sum(record["frames"] for record in one.records()) == \
        command("-T", "ndjson", CAPTURES / PERM).objects[-1]["frames"]
    apart = command("-T", "ndjson", *(ring / name for name in files)).objects
    assert one.records() == [record for record in apart if record["type"] == "capture"]
    assert one.records("exchange") == [record for record in apart if record["type"] == "exchange"]


def test_ring_of_tcpdump(follow, ring):
    """Reading a file, it writes as it does capturing."""
    need_program("tcpdump")
    one = follow()
    user = ["-Z", getpass.getuser()] if os.geteuid() == 0 else []   # which it would give up
    (ring.parent / "long.pcap").write_bytes(
        (CAPTURES / PERM).read_bytes() + 40 * (CAPTURES / PERM).read_bytes()[24:])
    subprocess.run(["tcpdump", *user, "-r", ring.parent / "long.pcap", "-C", "1", "-w", ring / "cap.pcap"],
                   check=True, capture_output=True)
    assert len(os.listdir(ring)) > 1
    one.await_read(len(os.listdir(ring)))
    assert one.stop() == 0 and sorted(one.read()) == sorted(os.listdir(ring))
    assert all(record["complete"] for record in one.records())


# --------------------------------------------------------------------------- each file once ----

def test_renamed_files_are_read_once(follow, ring, tmp_path):
    one = follow()
    put(ring / "a.pcapng")
    one.await_read(1)
    os.rename(ring / "a.pcapng", ring / "b.pcapng")
    os.utime(ring / "b.pcapng")
    with open(ring / "b.pcapng", "ab"):
        pass
    put(tmp_path / "outside.pcapng", CADAVER)
    os.rename(tmp_path / "outside.pcapng", ring / "c.pcapng")
    one.await_read(2)
    with held(one):                             # closed, and renamed before it is read
        put(ring / "d.pcapng", PERM)
        os.rename(ring / "d.pcapng", ring / "e.pcapng")
    one.await_read(3)
    time.sleep(PATIENCE)
    assert one.read() == ["a.pcapng", "c.pcapng", "e.pcapng"]
    assert one.stop() == 0 and one.said == ""


def test_compressed_copy_is_not_read_again(follow, ring):
    """tcpdump -z gzip. What was compressed before it was read is read from the copy."""
    one = follow()
    put(ring / "a.pcapng")
    one.await_read(1)
    with held(one):
        (ring / "a.pcapng.gz").write_bytes(gzip.compress((ring / "a.pcapng").read_bytes()))
        os.unlink(ring / "a.pcapng")
        put(ring / "b.pcapng", CADAVER)
        (ring / "b.pcapng.gz").write_bytes(gzip.compress((ring / "b.pcapng").read_bytes()))
        os.unlink(ring / "b.pcapng")
    one.await_read(2)
    time.sleep(PATIENCE)
    assert one.read() == ["a.pcapng", "b.pcapng.gz"]
    assert one.stop() == 0 and one.said == ""


def test_ring_that_uses_a_name_again(follow, ring):
    """tcpdump -C -W: another capture in the same file."""
    one = follow()
    for count, name in enumerate((LOCKED, CADAVER, PERM), 1):
        with open(CAPTURES / name, "rb") as source, open(ring / "cap0", "wb") as file:
            shutil.copyfileobj(source, file)
        one.await_read(count)
    assert [len(one.records()), one.stop(), one.said] == [3, 0, ""]
    assert len({record["frames"] for record in one.records()}) == 3


def test_what_is_written_after_reading_is_said(follow, ring):
    one = follow()
    put(ring / "a.pcapng")
    one.await_read(1)
    with open(ring / "a.pcapng", "ab") as file:
        file.write((CAPTURES / CADAVER).read_bytes())
    one.until(lambda: "once more after it had been read" in one.said)
    assert one.stop() == 2 and len(one.read()) == 1


def test_files_that_are_no_captures(follow, ring, tmp_path):
    """A log that grows makes no noise, and what is no file is nothing to wait for."""
    one = follow()
    for _ in range(3):
        with open(ring / "capture.log", "a", encoding="ascii") as log:
            log.write("still capturing\n" * 100)
        time.sleep(0.3)
    (ring / ".hidden.pcapng").write_bytes((CAPTURES / LOCKED).read_bytes())
    os.mkfifo(tmp_path / "fifo.pcapng")
    os.rename(tmp_path / "fifo.pcapng", ring / "fifo.pcapng")
    put(ring / "a.pcapng")
    one.await_read(1)
    assert one.stop() == 0 and one.read() == ["a.pcapng"]
    assert one.said == "multistatus: 1 file that is not a capture is left out (-v names them).\n"


def test_include_chooses(follow, ring):
    one = follow("--include", "*.pcapng")
    put(ring / "a.tmp")
    os.rename(ring / "a.tmp", ring / "b.pcapng")
    put(ring / "c.other")
    one.await_read(1)
    time.sleep(PATIENCE)
    assert one.read() == ["b.pcapng"] and one.stop() == 0 and one.said == ""


# ------------------------------------------------------------------------------- what is lost ----

def test_files_that_are_gone_before_they_are_read(follow, ring, tmp_path):
    one = follow()
    put(ring / "a.pcapng")
    one.await_read(1)
    with held(one):
        put(ring / "deleted.pcapng")
        os.unlink(ring / "deleted.pcapng")
        put(ring / "moved.pcapng")
        os.rename(ring / "moved.pcapng", tmp_path / "moved.pcapng")
    one.await_read(3)
    assert one.stop() == 2
    for name in ("deleted.pcapng", "moved.pcapng"):
        [record] = [record for record in one.records() if record["capture"].endswith(name)]
        assert record["error"] and not record["complete"]
        assert name in one.said


@pytest.mark.parametrize("how", ["deleted", "renamed"])
def test_folder_that_vanishes(follow, ring, tmp_path, how):
    one = follow(form="text")
    put(ring / "a.pcapng")
    time.sleep(PATIENCE)
    if how == "deleted":
        shutil.rmtree(ring)
    else:
        os.rename(ring, tmp_path / "elsewhere")
    assert one.wait() == 2
    assert f'The folder "{ring}" is gone' in one.said
    assert "captures" in one.lines[0]           # the report


def test_folder_that_is_not_there(follow, ring, tmp_path):
    os.rmdir(ring)
    one = follow("-O", tmp_path / "out.ndjson")
    assert one.wait() == 3 and "cannot be followed: No such file" in one.said
    ring.write_text("no folder")
    one = follow()
    assert one.wait() == 3 and "Not a directory" in one.said


def test_thousands_of_files(follow, ring):
    """Some before, some while it reads; each once."""
    data = (CAPTURES / PERM).read_bytes()[:400]     # its end is cut: that is said, too
    for number in range(1500):
        (ring / f"cap{number:05}.pcap").write_bytes(data)
    one = follow("-q")
    one.await_read(10)
    for number in range(1500, 3000):
        (ring / f"cap{number:05}.pcap").write_bytes(data)
    one.await_read(3000)
    assert one.stop() == 2                          # as every one of them is cut short
    assert sorted(one.read()) == [f"cap{number:05}.pcap" for number in range(3000)]


def test_more_events_than_the_kernel_keeps(follow, ring):
    with open("/proc/sys/fs/inotify/max_queued_events", encoding="ascii") as file:
        most = int(file.read())
    if most > 50000:
        pytest.skip("the kernel keeps very many events")
    one = follow("--include", "*.pcapng")
    put(ring / "a.pcapng")
    one.await_read(1)
    with held(one):
        for number in range(most + 10):
            (ring / f"{number}.other").touch()
        put(ring / "b.pcapng", CADAVER)
    one.await_read(2)
    time.sleep(PATIENCE)
    assert one.read() == ["a.pcapng", "b.pcapng"] and one.stop() == 0


# -------------------------------------------------------------------------------------- the end ----

@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_report_at_the_end(follow, ring, command, number, tmp_path):
    put(ring / "a.pcapng")
    kept = tmp_path / "kept"
    one = follow("--fail-on", "failed>0", "--checkpoint", kept, form="text")
    one.until(lambda: kept.exists() and any(name.endswith(".ndjson") for name in os.listdir(kept)))
    assert one.stop(number) == 10
    assert "".join(one.lines) == command("-T", "text", ring / "a.pcapng").text


def test_interrupted_in_the_middle_of_a_capture(follow, ring, tmp_path):
    """What was read of it is reported, as not complete; the next run reads it again."""
    data = (CAPTURES / PERM).read_bytes()
    with open(ring / "long.pcap", "wb") as file:
        file.write(data)
        for _ in range(1500):
            file.write(data[24:])
    kept = tmp_path / "kept"
    one = follow("--checkpoint", kept, "--no-sieve", "-j", "1", "-v")
    one.until(lambda: "Reading" in one.said)
    status = one.stop()
    if one.records() and one.records()[0]["complete"]:
        pytest.skip("this machine is too fast")
    assert status == 2 and ("Interrupted; the capture" in one.said or "was not read" in one.said)
    assert not [name for name in os.listdir(kept) if name.endswith(".ndjson")]


def test_without_workers(follow, ring):
    one = follow("-j", "0")
    for count, name in enumerate((LOCKED, CADAVER), 1):
        put(ring / f"{count}.pcapng", name)
        one.await_read(count)
    assert one.stop() == 0 and one.read() == ["1.pcapng", "2.pcapng"]


def test_checkpoint_across_restarts(follow, ring, tmp_path, command):
    """A second run reports what the first one has not."""
    kept = tmp_path / "kept"
    for name in (LOCKED, CADAVER):
        put(ring / name, name)
    one = follow("--checkpoint", kept)
    one.await_read(2)
    assert one.stop() == 0
    put(ring / PERM, PERM)
    two = follow("--checkpoint", kept)
    two.await_read(1)
    time.sleep(PATIENCE)
    assert two.stop() == 0 and two.read() == [PERM]
    assert "2 captures were read by an earlier run" in two.said and str(kept) in two.said
    together = command("report", "-T", "ndjson", *sorted(kept.iterdir())).objects
    assert {record["capture"] for record in together} == \
        {str(ring / name) for name in (LOCKED, CADAVER, PERM)}
    assert len(together) == sum(len(run.records()) + len(run.records("exchange")) for run in (one, two))


# ------------------------------------------------------------------------------- its own files ----

def lines_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_log_is_appended_to_and_opened_anew(follow, ring, tmp_path, command):
    """As logrotate has it: rename, SIGHUP."""
    log, other = tmp_path / "log.ndjson", tmp_path / "log.ecs"
    log.write_text('{"type":"exchange","schema":1,"cut in the mid')
    one = follow("-q", "-O", log, "--ecs", other)
    put(ring / "a.pcapng")
    one.until(lambda: log.read_text().count('"type":"capture"') == 1)
    assert log.read_text().splitlines()[0].endswith("mid")
    inode = log.stat().st_ino
    os.rename(log, tmp_path / "log.1")
    one.process.send_signal(signal.SIGHUP)
    one.until(log.exists)
    put(ring / "b.pcapng", CADAVER)
    one.until(lambda: log.read_text().count('"type":"capture"') == 1)
    assert one.stop() == 0
    assert (tmp_path / "log.1").stat().st_ino == inode
    (tmp_path / "log.1").write_text("\n".join((tmp_path / "log.1").read_text().splitlines()[1:]))
    for path, name, was in ((tmp_path / "log.1", "a.pcapng", LOCKED), (log, "b.pcapng", CADAVER)):
        assert without_name(lines_of(path)) == \
            without_name(command("-T", "ndjson", CAPTURES / was).objects)
        assert {os.path.basename(record["capture"]) for record in lines_of(path)} == {name}
    assert len(lines_of(other)) == sum(
        record["type"] == "exchange" for path in (tmp_path / "log.1", log) for record in lines_of(path))


def test_other_formats_appear_at_the_end(follow, ring, tmp_path):
    report = tmp_path / "report.html"
    one = follow("--html", report)
    put(ring / "a.pcapng")
    one.await_read(1)
    assert not report.exists()
    assert one.stop() == 0 and report.read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("arguments", [
    ("-O", "ring/out.ndjson"), ("--sqlite", "ring/x.db"), ("--checkpoint", "ring"), ("-r", "x.pcap"),
    ("x.pcap",), ("-i", "lo"), ("--recursive",), ("--shard", "1/2"), ("--files-from", "-")])
def test_what_does_not_go_with_it(command, ring, tmp_path, arguments):
    ring.mkdir()
    put(ring / "a.pcapng")
    if "sqlite" in arguments[0] and "not written" in command("--version").text:
        pytest.skip("built without libsqlite3")
    result = command("--follow", ring, *arguments, cwd=tmp_path)
    assert result.status == 1 and "--follow" in result.stderr and os.listdir(ring) == ["a.pcapng"]
    assert command("report", "--follow", ring).status == 1
