"""Many captures in one run: which are read and in what order (docs/batch.md).

SPDX-License-Identifier: GPL-2.0-or-later
"""
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import threading
import time

import pytest
from conftest import CAPTURES, TIMEOUT_SECONDS, Result

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


def open_to_all(path):
    """Every user may reach and read the folder."""
    for folder in (path, *path.parents):
        if folder.stat().st_uid == os.geteuid() and folder != folder.parent:
            folder.chmod(folder.stat().st_mode | 0o055)


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
    open_to_all(tmp_path)
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
    assert "line\\nbreak" in result.stderr and "bad\\xff" in result.stderr
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


# -------------------------------------------------------------------------------- workers ----

SCRIPT = """
local p = Proto("trouble", "Trouble")
local begun = false
function p.dissector(tvb, pinfo, tree)
    %s
end
register_postdissector(p)
"""
# The file that is to fail has a frame 90, the others have fewer.
AT_FRAME = "if pinfo.number == 90 then %s end"
VICTIM = LISTING
BYSTANDER, BEHIND = "apache-pipelined.pcapng", "radicale-carddav-multiget.pcapng"


@pytest.fixture
def script(tmp_path, world):
    """script(LUA) is an option that runs the code on every frame, in the worker."""
    if "with Lua" not in subprocess.run(["tshark", "--version"], capture_output=True, text=True,
                                        env=world.environment()).stdout:
        pytest.skip("this Wireshark has no Lua")

    def write(code):
        path = tmp_path / "trouble.lua"
        path.write_text(SCRIPT % code)
        open_to_all(tmp_path)
        return ("-X", f"lua_script:{path}")
    return write


@pytest.fixture
def scripted(command, world, script):
    """scripted(LUA, ARGUMENT...) runs multistatus with the code on every frame, among the captures
    and without root's rights: for root, Wireshark runs no scripts from 4.4 on."""
    def run(code, *arguments):
        return command("-T", "ndjson", *script(code), *arguments, cwd=world.captures,
                       unprivileged=True)
    return run


@pytest.fixture
def scripted_process(world, script):
    """The same, but the process that does so."""
    def start(code, *arguments, **streams):
        line = [world.command, "-T", "ndjson", *script(code), *arguments]
        return subprocess.Popen(world.unprivileged(line), cwd=world.captures,
                                env=world.environment(), **streams)
    return start


@pytest.mark.parametrize("form", ["text", "ndjson"])
def test_number_of_workers_changes_nothing(command, form):
    runs = [command("-T", form, "-j", jobs, "--include", "[!anl]*", ".", "nowhere", cwd=CAPTURES)
            for jobs in ("0", "1", "4")]
    assert len({(run.status, run.stdout, run.stderr) for run in runs}) == 1
    assert runs[0].stdout and runs[0].stderr


@pytest.mark.parametrize("options", [("-2",), ("-Y", "tcp.stream == 1"),
                                     ("-2", "-Y", "multistatus.failed > 0"), ("--failed-only",)])
def test_number_of_workers_changes_nothing_with_options(command, options):
    names = (FAILED, LISTING, BEHIND, "snaplen200-apache-large.pcapng")
    runs = [command("-T", "ndjson", "-j", jobs, *options, *names, cwd=CAPTURES)
            for jobs in ("0", "3")]
    assert runs[0].stdout == runs[1].stdout and runs[0].exchanges


@pytest.mark.parametrize("jobs", ["0", "2"])
def test_filter_knows_makers(command, jobs):
    """Their names are read for those who may ask."""
    known = command("-T", "ndjson", "-j", jobs, "-Y", "eth.src.oui_resolved", BEHIND, FAILED,
                    cwd=CAPTURES)
    assert known.exchanges
    assert known.exchanges == command("-T", "ndjson", BEHIND, FAILED, cwd=CAPTURES).exchanges


def check_loss(result, command, words, victim=VICTIM, frame=90):
    """One capture was given up, with what it had; the others are as ever."""
    assert result.status == 2, result.stderr
    lost = [record for record in result.objects
            if record["type"] == "capture" and not record["complete"]]
    assert [record["capture"] for record in lost] == [victim]
    assert lost[0]["frames"] == frame and f"frame {frame}" in lost[0]["error"]
    assert words in lost[0]["error"] and words in result.stderr
    whole = [record for record in command("-T", "ndjson", victim, cwd=CAPTURES).exchanges
             if record["frame"] < frame]
    assert whole
    assert [r for r in result.exchanges if r["capture"] == victim] == whole
    rest = [name for name in captures_of(result) if name != victim]
    others = command("-T", "ndjson", *rest, cwd=CAPTURES)
    assert [r for r in result.objects if r["capture"] != victim] == others.objects


def test_stall_costs_one_capture(command, scripted):
    result = scripted(AT_FRAME % "while true do end", "-j", "2", "--timeout-per-file", "15",
                      BYSTANDER, VICTIM, BEHIND)
    check_loss(result, command, "took longer than 15 s")


def test_lost_capture_is_in_the_checkpoint_and_read_again(command, scripted, world, tmp_path):
    """The folder says the same as the run, whatever was lost; the next run has it all."""
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o777)
    kept.chmod(0o777)
    for _ in range(2):
        result = scripted(AT_FRAME % "while true do end", "-j", "2", "--timeout-per-file", "8",
                          "--checkpoint", kept, BYSTANDER, VICTIM, BEHIND)
        assert result.status == 2 and "took longer than 8 s" in result.stderr
        report = command("report", "-T", "ndjson", *sorted(kept.glob("*.ndjson")))
        assert sorted(report.lines) == sorted(result.lines)


def test_memory_that_runs_out_costs_one_capture(command, scripted, world):
    if world.preload:
        pytest.skip("a sanitizer needs more address space than any limit")
    hungry = "local t = {} while true do t[#t + 1] = string.rep('x', 10000000) .. #t end"
    result = scripted(AT_FRAME % hungry, "--memory-limit", "1500", BYSTANDER, VICTIM, BEHIND)
    check_loss(result, command, "ran out of memory")


def children_of(pid):
    """The processes that it started."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if entry.isdigit() and int(fields[1]) == pid:
            found.append(int(entry))
    return found


def wait_until_busy(pid):
    """Until it has computed for a second: then it is in the endless loop."""
    def seconds():
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return int(stat.read().rpartition(")")[2].split()[11]) / os.sysconf("SC_CLK_TCK")
    begun, deadline = seconds(), time.monotonic() + 60
    while seconds() < begun + 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    return seconds() >= begun + 1


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT])
def test_crash_costs_one_capture(command, world, scripted_process, number):
    """The worker waits for its end on the frame, so that the signal finds it there."""
    if world.preload and number == signal.SIGSEGV:
        pytest.skip("a sanitizer makes an ordinary exit of this signal")
    with scripted_process(AT_FRAME % "while true do end", "-j", "1", BYSTANDER, VICTIM, BEHIND,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        guard = threading.Timer(TIMEOUT_SECONDS, process.kill)
        guard.start()
        first = line = process.stdout.readline()
        while line and b'"type":"capture"' not in line:     # the bystander was handed out
            line = process.stdout.readline()
            first += line
        worker, = children_of(process.pid)
        used = wait_until_busy(worker)
        os.kill(worker, number)
        out, err = process.communicate()
        guard.cancel()
    assert used
    check_loss(Result(process.returncode, first + out, err.decode()), command, number.name)


def test_workers_end_with_the_command(scripted_process):
    with scripted_process("while true do end", "-j", "2", VICTIM, BYSTANDER,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        workers = []
        deadline = time.monotonic() + 60
        while len(workers) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
            workers = children_of(process.pid)
        assert len(workers) == 2
        process.kill()
    deadline = time.monotonic() + 30
    while any(os.path.exists(f"/proc/{worker}/exe") for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_first_of_many_may_be_slow(command, scripted):
    """Results of later captures wait, and come out in order."""
    slow = "if not begun then begun = true local t = os.clock() + 2 while os.clock() < t do end end"
    names = [VICTIM, *sorted(path.name for path in CAPTURES.glob("sabredav-*"))]
    result = scripted(slow, "-j", "2", *names)
    assert result.stdout == command("-T", "ndjson", "-j", "0", *names, cwd=CAPTURES).stdout


# -------------------------------------------------------------------------------- sandbox ----

ATTEMPTS = """
if not begun then
    begun = true
    local function try(name, f)
        local ok, result = pcall(f)
        io.stderr:write("TRY " .. name .. "=" .. tostring(ok and result and true or false) .. "\\n")
    end
    try("users", function() return io.open("/etc/passwd") end)
    try("neighbour", function() return io.open("%(folder)s/neighbour") end)
    try("capture", function() return io.open("%(folder)s/capture") end)
    try("create", function() return io.open("%(folder)s/new", "w") end)
    try("append", function() return io.open("%(folder)s/capture", "a") end)
    try("remove", function() return os.remove("%(folder)s/neighbour") end)
    try("rename", function() return os.rename("%(folder)s/neighbour", "%(folder)s/other") end)
    try("exec", function() return os.execute("true") end)
    try("process", function() return io.popen("true") end)
end
"""


def attempts(scripted, tmp_path, sample, *options):
    for name in ("capture", "neighbour"):
        os.chmod(sample(name), 0o666)
    tmp_path.chmod(0o777)       # nothing but the cage is in the way
    result = scripted(ATTEMPTS % {"folder": tmp_path}, *options, tmp_path / "capture")
    assert result.status == 0
    return {line[4:].partition("=")[0]: line.endswith("true")
            for line in result.stderr.splitlines() if line.startswith("TRY ")}


def sandbox_of(command):
    return command("--version", "--verbose").lines[-1].partition(": ")[2]


def test_worker_cannot_leave_its_cage(command, scripted, tmp_path, sample):
    state = sandbox_of(command)
    if "seccomp" not in state or "Landlock" not in state:
        pytest.skip(f"this kernel or this build has no whole sandbox: {state}")
    done = attempts(scripted, tmp_path, sample)
    assert done.pop("capture")
    assert len(done) == 8 and not any(done.values()), done
    assert (tmp_path / "neighbour").exists() and not (tmp_path / "new").exists()


def test_without_sandbox_it_can(scripted, tmp_path, sample):
    """Or the test above would prove nothing."""
    done = attempts(scripted, tmp_path, sample, "--no-sandbox")
    assert done.pop("rename") is False      # it was removed before
    assert len(done) == 8 and all(done.values()), done


def test_state_of_the_sandbox_is_shown(command):
    assert "sandbox" not in command("--version").text
    result = command("--version", "--verbose")
    assert result.lines[-1].startswith("sandbox of workers: ")


@pytest.mark.parametrize("options", [(), ("--no-sandbox",)])
def test_sandbox_changes_no_record(command, options):
    """Nor does it keep the key log, decompression and tables of encodings away."""
    line = ("-T", "ndjson", "--keylog", "apache-tls-http2.keylog", "--include", "*tls*",
            "--include", "*.gz", "--include", "*brotli*", ".")
    result = command(*line, *options, cwd=CAPTURES)
    assert result.exchanges
    assert result.stdout == command(*line, "-j", "0", cwd=CAPTURES).stdout
    assert "ermission" not in result.stderr


@pytest.mark.parametrize("option", ["-j", "--timeout-per-file", "--memory-limit"])
@pytest.mark.parametrize("value", ["-1", "x", "", "1x", "99999999999"])
def test_numbers_that_are_none(command, option, value):
    result = command(option, value, CAPTURES / FAILED)
    assert result.status == 1 and option in result.stderr
