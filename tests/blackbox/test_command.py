"""The command: options, exit statuses, messages, files it cannot read, places it cannot write.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import functools
import gzip
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import time

import pytest
from conftest import CAPTURES, read_terminal, the_world

FAILED = "apache-permission-denied-children.pcapng"
LISTING = "apache-propfind-404-infinity.pcapng"
NOTHING = "background-no-207.pcapng"
CUT = "cutfile-apache-copy-move.pcapng"
TLS = "apache-tls-http2.pcapng"


@pytest.fixture
def sample(tmp_path):
    """sample(NAME, AS) copies a sample capture to a folder of the test's own."""
    def copy(name, new_name=None):
        return shutil.copy(CAPTURES / name, tmp_path / (new_name or name))
    return copy


@functools.lru_cache(maxsize=None)
def everything(*arguments):
    """What the command says about all sample captures in one run, in their folder."""
    world = the_world()
    return world.run([world.command, *arguments, "."], cwd=CAPTURES)


def outline(result):
    """Which captures were read, with how many exchanges."""
    return [(record["capture"], record["exchanges"]) for record in result.objects
            if record["type"] == "capture"]


def frames(result):
    return [record["frame"] for record in result.exchanges]


# ---------------------------------------------------------------------------------- options ----

@pytest.mark.parametrize("option", ["-h", "--help", "--help-all"])
def test_help_goes_to_stdout(command, option):
    result = command(option)
    assert result.status == 0 and result.stderr == ""
    for word in ("multistatus", "scan", "--format", "--output", "--keylog", "--failed-only",
                 "Exit status"):
        assert word.lower() in result.text.lower()


def test_version_names_both_versions(command):
    result = command("--version")
    assert result.status == 0
    assert "multistatus" in result.text.lower() and "Wireshark" in result.text
    assert re.fullmatch("HTTP/3: (read|not read .*libnghttp3.*)", result.lines[2])
    assert re.fullmatch("archives: (read|not read) .*", result.lines[3])
    assert re.fullmatch("databases: (written|not written) .*", result.lines[4])


def test_text_is_the_default(command):
    assert command(CAPTURES / FAILED).stdout == command("-T", "text", CAPTURES / FAILED).stdout


def test_scan_is_the_default_verb(command):
    assert command("scan", CAPTURES / FAILED).stdout == command(CAPTURES / FAILED).stdout


@pytest.mark.parametrize("line", [("-T", "ndjson"), ("-Tndjson",), ("--format", "ndjson"),
                                  ("--format=ndjson",)])
def test_spellings_of_the_format(command, line):
    assert frames(command(*line, CAPTURES / FAILED))


def test_dash_r_names_a_capture(command):
    assert command("-T", "ndjson", "-r", CAPTURES / FAILED).stdout == \
        command("-T", "ndjson", CAPTURES / FAILED).stdout


def test_text_says_what_failed_where(command):
    result = command(CAPTURES / FAILED)
    record = command("-T", "ndjson", CAPTURES / FAILED).exchanges[0]
    for words in (record["method"], record["uri"], str(record["frame"]), "403", "Forbidden",
                  record["client"], record["server"]):
        assert words in result.text
    for response in record["responses"]:
        if response["outcome"] == "failed":
            assert response["hrefs"][0] in result.text


def test_text_does_not_list_benign_classes(command):
    """RFC 4918 section 9.1: a property that does not exist is not a failure."""
    result = command(CAPTURES / LISTING)
    assert "404" not in [word.strip(":,()") for line in result.lines for word in line.split()
                         if "/dav" in line]


def test_text_folds_collateral(command):
    result = command(CAPTURES / "apache-proppatch-403-424.pcapng")
    assert result.status == 0 and "424" in result.text


def test_failed_only_keeps_exchanges_with_failures():
    every = everything("-T", "ndjson")
    failed = everything("-T", "ndjson", "--failed-only")
    assert failed.exchanges
    assert [(r["capture"], r["frame"]) for r in failed.exchanges] == \
        [(r["capture"], r["frame"]) for r in every.exchanges
         if r["verdict"] in ("partial", "failure", "malformed", "undecoded") or
         any(response["outcome"] == "unknown" for response in r["responses"]) or
         any(finding["rule"] == "namespace_error" for finding in r["findings"])]


def test_display_filter(command):
    every = command("-T", "ndjson", CAPTURES / LISTING)
    assert len(every.exchanges) > 1
    frame = every.exchanges[1]["frame"]
    one = command("-T", "ndjson", "-Y", f"frame.number == {frame}", CAPTURES / LISTING)
    assert frames(one) == [frame]
    none = command("-T", "ndjson", "-Y", "udp", CAPTURES / LISTING)
    assert none.status == 0 and not none.exchanges


def test_display_filter_on_our_own_fields(command):
    result = command("-T", "ndjson", "-Y", 'multistatus.outcome == "failed"', CAPTURES / FAILED)
    assert frames(result) == [r["frame"] for r in
                              command("-T", "ndjson", CAPTURES / FAILED).exchanges
                              if r["failed"]]


@pytest.mark.parametrize("line", [
    ("-Y", "no such filter ((("),
    ("-Y", "multistatus.nosuchfield == 1"),
    ("-o", "no.such.preference:1"),
    ("-o", "nonsense"),
    ("-d", "nonsense"),
    ("-d", "tcp.port==80,nosuchprotocol"),
])
def test_bad_filter_or_preference_is_4(command, line):
    result = command(*line, CAPTURES / FAILED)
    assert result.status == 4
    assert result.stdout == b"" and result.stderr.strip()


def test_preference(command):
    """Packets out of order are put in order, whatever Wireshark is told to do with them."""
    name = next(path.name for path in CAPTURES.glob("ooo-dup-*"))
    on = command("-T", "ndjson", CAPTURES / name).exchanges
    off = command("-T", "ndjson", "-o", "tcp.reassemble_out_of_order:FALSE",
                  CAPTURES / name).exchanges
    assert [r["complete"] for r in on] == [True]
    assert off == on
    assert command("-o", "tcp.no_such_preference:FALSE", CAPTURES / name).status == 4


def test_decode_as(command):
    """8081 is no HTTP port once it is decoded as something else."""
    name = CAPTURES / "lighttpd-litmus-http11.pcapng"
    assert command("-T", "ndjson", name).exchanges
    other = command("-T", "ndjson", "-d", "tcp.port==8081,echo", name)
    assert other.status == 0 and not other.exchanges
    same = command("-T", "ndjson", "-d", "tcp.port==8081,http", name)
    assert same.exchanges == command("-T", "ndjson", name).exchanges


def test_keylog(command):
    keylog = CAPTURES / "apache-tls-http2.keylog"
    with_keys = command("-T", "ndjson", "--keylog", keylog, CAPTURES / TLS)
    by_preference = command("-T", "ndjson", "-o", f"tls.keylog_file:{keylog}", CAPTURES / TLS)
    assert with_keys.status == 0
    assert with_keys.stdout == by_preference.stdout


def test_keylog_that_is_not_there(command):
    result = command("--keylog", "/nonexistent/keys", CAPTURES / TLS)
    assert result.status in (1, 2, 4) and "/nonexistent/keys" in result.stderr


@pytest.mark.parametrize("line", [
    (),
    ("scan",),
    ("-T", "ndjson"),
    ("--no-such-option", "x"),
    ("-T", "nosuchformat", "x"),
    ("-T",),
    ("-O",),
])
def test_bad_usage_is_1(command, line):
    result = command(*line)
    assert result.status == 1
    assert result.stdout == b"" and "multistatus" in result.stderr


# ----------------------------------------------------------------------------------- inputs ----

def test_folder_is_read_by_name(command, sample, tmp_path):
    sample(LISTING, "b.pcapng")
    sample(FAILED, "a.pcapng")
    result = command("-T", "ndjson", ".", cwd=tmp_path)
    assert result.status == 0
    assert [os.path.basename(name) for name, _ in outline(result)] == ["a.pcapng", "b.pcapng"]


def test_folder_without_captures(command, tmp_path):
    (tmp_path / "notes.txt").write_text("nothing here")
    result = command("-T", "ndjson", tmp_path)
    assert result.status == 3 and not result.exchanges
    assert "capture" in result.stderr


def test_stdin(command):
    data = (CAPTURES / FAILED).read_bytes()
    result = command("-T", "ndjson", "-", stdin=data)
    assert result.status == 0
    named = command("-T", "ndjson", CAPTURES / FAILED)
    assert [{**r, "capture": None} for r in result.objects] == \
        [{**r, "capture": None} for r in named.objects]
    assert {r["capture"] for r in result.objects} == {"-"}


def test_stdin_through_a_pipe(command):
    """A pipe cannot be rewound."""
    with subprocess.Popen(["cat", CAPTURES / FAILED], stdout=subprocess.PIPE) as source:
        result = command("-T", "ndjson", "-", stdin=source.stdout)
    assert result.status == 0 and result.exchanges


@pytest.mark.parametrize("name", [
    "with space.pcapng", "with\nnewline.pcapng", "\u00fcml\u00e4ut-\u65e5\u672c.pcapng",
    "-starts-with-dash.pcapng", "quote\".pcapng", "%41%s.pcapng", "no-suffix",
])
def test_names_of_captures(command, sample, tmp_path, name):
    sample(FAILED, name)
    given = name if not name.startswith("-") else f"./{name}"
    result = command("-T", "ndjson", given, cwd=tmp_path)
    assert result.status == 0 and result.exchanges
    assert {r["capture"] for r in result.objects} == {given}
    text = command(given, cwd=tmp_path)
    assert text.status == 0 and text.stdout
    # A line break in a name cannot forge a line of the report.
    assert "\nnewline.pcapng" not in text.text


def test_double_dash_ends_the_options(command, sample, tmp_path):
    sample(FAILED, "-odd.pcapng")
    result = command("-T", "ndjson", "--", "-odd.pcapng", cwd=tmp_path)
    assert result.status == 0 and result.exchanges


def test_name_that_is_not_utf8(command, sample, tmp_path):
    os.rename(sample(FAILED), os.fsencode(tmp_path) + b"/bad-\xff.pcapng")
    result = command("-T", "ndjson", tmp_path)
    assert result.status == 0 and result.exchanges
    result.stdout.decode("utf-8")


def test_gzip(command, tmp_path):
    path = tmp_path / "packed.pcapng.gz"
    path.write_bytes(gzip.compress((CAPTURES / FAILED).read_bytes()))
    result = command("-T", "ndjson", path)
    assert frames(result) == frames(command("-T", "ndjson", CAPTURES / FAILED))


def test_capture_without_multistatus(command):
    result = command(CAPTURES / NOTHING)
    assert result.status == 0
    assert NOTHING in result.text + result.stderr


def broken(kind, tmp_path):
    path = tmp_path / f"{kind}.pcapng"
    if kind == "garbage":
        path.write_bytes(b"this is no capture\n" * 100)
    elif kind == "zeros":
        path.write_bytes(bytes(4096))
    elif kind == "loop":
        path.symlink_to(path)
    return path


@pytest.mark.parametrize("kind", ["missing", "garbage", "zeros", "loop"])
def test_input_that_cannot_be_read(command, tmp_path, kind):
    path = broken(kind, tmp_path)
    alone = command("-T", "ndjson", path)
    assert alone.status == 3
    assert path.name in alone.stderr and not alone.exchanges
    # The run goes on, and the worst is remembered.
    both = command("-T", "ndjson", path, CAPTURES / FAILED)
    assert both.status == 2
    assert path.name in both.stderr and both.exchanges
    records = {os.path.basename(r["capture"]): r for r in both.objects if r["type"] == "capture"}
    assert records[FAILED]["complete"] and records[FAILED]["error"] is None
    if path.name in records:
        assert not records[path.name]["complete"] and records[path.name]["error"]


def test_unreadable_input(command, world):
    path = world.folder / f"unreadable-{os.getpid()}.pcapng"
    shutil.copy(CAPTURES / FAILED, path)
    path.chmod(0)
    result = command("-T", "ndjson", path, unprivileged=True)
    path.unlink()
    assert result.status == 3
    assert path.name in result.stderr and "ermission" in result.stderr


def test_capture_that_is_cut_off(command):
    result = command("-T", "ndjson", CAPTURES / CUT)
    assert result.status == 2
    assert CUT in result.stderr and result.exchanges
    last = result.objects[-1]
    assert last["type"] == "capture" and not last["complete"] and last["error"]
    assert command(CAPTURES / CUT).status == 2


def test_cut_at_every_kind_of_place(command, tmp_path):
    """Wherever a capture ends, its records up to there are the same."""
    data = (CAPTURES / FAILED).read_bytes()
    whole = command("-T", "ndjson", CAPTURES / FAILED).exchanges
    for length in range(1, len(data), max(1, len(data) // 12)):
        path = tmp_path / "cut.pcapng"
        path.write_bytes(data[:length])
        result = command("-T", "ndjson", path)
        assert result.status in (0, 2, 3), (length, result.stderr)
        for record in result.exchanges:
            if record["complete"]:
                assert {**record, "capture": None} in \
                    [{**other, "capture": None} for other in whole]


def test_more_captures_are_read_one_after_the_other(command):
    names = [CAPTURES / LISTING, CAPTURES / FAILED, CAPTURES / NOTHING]
    result = command("-T", "ndjson", *names)
    single = [command("-T", "ndjson", name).stdout for name in names]
    assert result.stdout == b"".join(single)


def test_capture_that_is_named_twice_is_read_once(command):
    assert command("-T", "ndjson", CAPTURES / FAILED, CAPTURES / FAILED).stdout == \
        command("-T", "ndjson", CAPTURES / FAILED).stdout


def test_every_sample_in_one_run(command):
    """What one capture leaves behind does not change the next."""
    result = everything("-T", "ndjson")
    assert result.status == 2    # one of them is cut off
    by_name = {}
    for record in result.objects:
        by_name.setdefault(os.path.basename(record["capture"]), []).append(
            {**record, "capture": None})
    for name in (FAILED, LISTING, "apache-pipelined.pcapng", CUT):
        alone = command("-T", "ndjson", CAPTURES / name).objects
        assert by_name[name] == [{**record, "capture": None} for record in alone]


# ---------------------------------------------------------------------------------- outputs ----

@pytest.mark.parametrize("option", ["-O", "--output"])
def test_output_file(command, tmp_path, option):
    path = tmp_path / "records.ndjson"
    result = command("-T", "ndjson", option, path, CAPTURES / FAILED)
    assert result.status == 0 and result.stdout == b""
    assert path.read_bytes() == command("-T", "ndjson", CAPTURES / FAILED).stdout
    assert os.listdir(tmp_path) == [path.name]
    assert stat.S_IMODE(path.stat().st_mode) & 0o600 == 0o600


def test_output_is_replaced_at_once(command, tmp_path):
    """An output file that exists is replaced when the new one is whole, not before."""
    path = tmp_path / "report.txt"
    path.write_text("old")
    before = path.stat().st_ino
    assert command("-O", path, CAPTURES / FAILED).status == 0
    assert path.stat().st_ino != before and "old" != path.read_text()


def test_output_stays_if_nothing_could_be_read(command, tmp_path):
    path = tmp_path / "report.txt"
    path.write_text("old")
    assert command("-Y", "(((", "-O", path, CAPTURES / FAILED).status == 4
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == [path.name]


def test_output_into_a_folder_that_is_not_there(command, tmp_path):
    path = tmp_path / "nowhere" / "report.txt"
    result = command("-O", path, CAPTURES / FAILED)
    assert result.status not in (0, 130) and result.status > 0
    assert "nowhere" in result.stderr


@pytest.mark.parametrize("options", [(), ("--no-sieve",), ("-j", "0")])
def test_closed_pipe_ends_quietly(command, options):
    """Whether Wireshark's dissectors have been started, or not."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result = command("-T", "ndjson", *options, CAPTURES / FAILED, stdout=writer,
                         preexec_fn=lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL))
    finally:
        os.close(writer)
    assert result.status == 2
    assert len(result.stderr.splitlines()) <= 1


def test_no_colour_where_there_is_no_terminal(command, world):
    plain = command(CAPTURES / FAILED).stdout
    assert b"\x1b" not in plain
    environment = world.environment(NO_COLOR="1", TERM="xterm-256color")
    assert command(CAPTURES / FAILED, environment=environment).stdout == plain


def on_terminal(world, *arguments, **variables):
    """What the command writes when stdout is a terminal."""
    parent, child = os.openpty()
    try:
        process = subprocess.Popen([world.command, *arguments], stdin=subprocess.DEVNULL,
                                   stdout=child, stderr=subprocess.PIPE,
                                   env=world.environment(TERM="xterm-256color", **variables))
        os.close(child)
        written = read_terminal(parent)
        process.communicate(timeout=60)
        return written
    finally:
        os.close(parent)


def test_terminal_changes_colour_and_nothing_else(command, world):
    plain = command(CAPTURES / FAILED).stdout
    assert on_terminal(world, CAPTURES / FAILED, NO_COLOR="1").replace(b"\r\n", b"\n") == plain
    records = command("-T", "ndjson", CAPTURES / FAILED).stdout
    assert on_terminal(world, "-T", "ndjson",
                       CAPTURES / FAILED).replace(b"\r\n", b"\n") == records


def test_control_characters_of_a_capture_do_not_reach_the_terminal():
    result = everything()
    assert not {character for character in result.text
                if ord(character) < 32 and character != "\n"} - {"\t"}


def test_results_on_stdout_messages_on_stderr(command):
    result = command("-T", "ndjson", "/nonexistent.pcapng", CAPTURES / FAILED)
    for line in result.stdout.splitlines():
        json.loads(line)
    assert "/nonexistent.pcapng" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_is_130_and_keeps_whole_records(world, number, tmp_path):
    fifo = tmp_path / "never-ends.pcapng"
    os.mkfifo(fifo)
    with subprocess.Popen([world.command, "-T", "ndjson", CAPTURES / FAILED, fifo],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=world.environment(),
                          # A job in the background inherits that it is to ignore the signal.
                          preexec_fn=lambda: signal.signal(number, signal.SIG_DFL)) as process:
        # Opening the other end waits until the command has come that far.
        with open(fifo, "wb") as end:
            end.write((CAPTURES / FAILED).read_bytes()[:200])
            end.flush()
            time.sleep(0.5)
            process.send_signal(number)
            try:
                out, _ = process.communicate(timeout=60)
            finally:
                process.kill()
    assert process.returncode in (130, 128 + number)
    records = [json.loads(line) for line in out.splitlines()]
    assert any(record["type"] == "exchange" for record in records)


def test_a_pipe_that_ends_in_mid_capture_is_cut_short(world, tmp_path):
    fifo = tmp_path / "ends.pcapng"
    os.mkfifo(fifo)
    with subprocess.Popen([world.command, "-T", "ndjson", fifo], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=world.environment()) as process:
        with open(fifo, "wb") as end:
            end.write((CAPTURES / FAILED).read_bytes()[:200])
        try:
            _, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode in (2, 3)
    assert b"ends.pcapng" in err


def test_home_is_left_alone(command, world):
    before = sorted(world.home.rglob("*"))
    command(CAPTURES / FAILED)
    assert sorted(world.home.rglob("*")) == before


def test_no_plugin_needs_to_be_installed(command, world):
    environment = world.environment(WIRESHARK_PLUGIN_DIR=str(world.home))
    result = command("-T", "ndjson", CAPTURES / FAILED, environment=environment)
    assert result.exchanges


def test_installed_plugin_is_no_trouble(command, world):
    """The command has the dissector built in; finding it a second time must not hurt."""
    environment = world.environment(WIRESHARK_PLUGIN_DIR=str(world.plugins))
    result = command("-T", "ndjson", world.captures / FAILED, environment=environment,
                     unprivileged=True)
    assert result.stdout == command("-T", "ndjson", world.captures / FAILED).stdout
