"""How a run ends and what it says then: one message for one cause, true, and none where nothing is wrong
(docs/batch.md, "Ending early").

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import pty
import signal
import subprocess
import time

import pytest
from conftest import CAPTURES, TIMEOUT_SECONDS, read_terminal

CAPTURE = CAPTURES / "apache-permission-denied-children.pcapng"


def on_terminal(world, *arguments):
    """Status, and all that a terminal shows."""
    mine, theirs = pty.openpty()
    with subprocess.Popen([world.command, *arguments], stdin=subprocess.DEVNULL, stdout=theirs,
                          stderr=theirs, env=world.environment(TERM="dumb")) as process:
        os.close(theirs)
        shown = read_terminal(mine).decode()
        os.close(mine)
        return process.wait(TIMEOUT_SECONDS), shown


# ------------------------------------------------------------------------------ missing things ----

def test_missing_file_is_said_once(command):
    result = command("nosuch.pcap")
    assert result.status == 3 and result.stdout == b""
    assert result.stderr.count("nosuch.pcap") == 1


def test_missing_file_is_said_once_on_a_terminal(world):
    """Where report and messages are read together."""
    for names, status in ((["nosuch.pcap"], 3), (["nosuch.pcap", CAPTURE], 2)):
        ended, shown = on_terminal(world, *names)
        assert ended == status and shown.count("nosuch.pcap") == 1, shown


@pytest.mark.parametrize("how", ["file", "standard input", "pipe"])
@pytest.mark.parametrize("jobs", ["0", "1"])
def test_capture_without_a_byte(command, tmp_path, how, jobs):
    """A capture has a header, even without packets; capinfos fails, too."""
    path = tmp_path / "empty.pcap"
    path.touch()
    if how == "pipe":
        result = command("-T", "ndjson", "-j", jobs, "-", stdin=b"")
    elif how == "file":
        result = command("-T", "ndjson", "-j", jobs, path)
    else:
        with open(path, "rb") as file:
            result = command("-T", "ndjson", "-j", jobs, "-", stdin=file)
    assert result.status == 2 and "is empty" in result.stderr
    record, = result.objects
    assert not record["complete"] and "is empty" in record["error"]
    text = command("-" if how == "pipe" else path, stdin=b"" if how == "pipe" else None)
    assert "No Multi-Status" not in text.text and "is empty" in text.text


# ---------------------------------------------------------------------------------- interrupts ----

def records_of(command, tmp_path, copies):
    """A file with many captures' records."""
    lines = command("-T", "ndjson", CAPTURE).stdout
    path = tmp_path / "records.ndjson"
    with open(path, "wb") as file:
        for number in range(copies):
            file.write(lines.replace(CAPTURE.name.encode(), b"%d.pcap" % number))
    return path


def test_interrupt_of_report(world, command, tmp_path):
    """It says so, and not that the records were cut."""
    path = records_of(command, tmp_path, 3000)
    for delay in (0.15, 0.4, 0.8):
        with subprocess.Popen([world.command, "report", path], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=world.environment(),
                              preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
                              ) as process:
            time.sleep(delay)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=TIMEOUT_SECONDS)
        if process.returncode == 0:
            continue        # it was quick
        if process.returncode == -signal.SIGINT:
            continue        # it had not begun
        assert process.returncode == 130
        assert err.count(b"\n") == 1 and b"Interrupted" in err, err
        assert b"ends before" not in err
        assert out == b"" or out.startswith(b"captures"), out


@pytest.mark.parametrize("jobs", ["0", "1"])
def test_end_of_a_live_capture(world, jobs):
    """Ctrl-C is how it ends: no problem, no note."""
    capture = CAPTURE.read_bytes()
    with subprocess.Popen([world.command, "-j", jobs, "-"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=world.environment(),
                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as process:
        process.stdin.write(capture)
        process.stdin.flush()
        time.sleep(6 if world.preload else 3)
        process.send_signal(signal.SIGINT)
        process.wait(TIMEOUT_SECONDS)  # the pipe stays open: its end would end the capture, too
        out, err = process.stdout.read(), process.stderr.read()
    assert process.returncode == 130
    assert b"problem" not in out and err == b"", (out, err)
    assert out.split()[:3] == [b"captures", b"1", b"with"]


# --------------------------------------------------------------------------------- closed pipes ----

@pytest.mark.parametrize("ignored", [True, False])
@pytest.mark.parametrize("form", ["text", "json", "ndjson", "csv", "html", "markdown"])
def test_closed_pipe_is_silent(world, form, ignored):
    """multistatus ... | head -1"""
    with subprocess.Popen(
            [world.command, "-T", form, *[CAPTURE] * 1, CAPTURES / "apache-large-propfind-gzip.pcapng"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=world.environment(),
            preexec_fn=lambda: signal.signal(
                signal.SIGPIPE, signal.SIG_IGN if ignored else signal.SIG_DFL)) as process:
        process.stdout.read(1)
        process.stdout.close()
        errors = process.stderr.read()
        process.wait(TIMEOUT_SECONDS)
    assert errors == b"" and process.returncode in (0, 2, -signal.SIGPIPE)


def test_closed_pipe_is_silent_about_what_was_left_out(world, tmp_path):
    """Of a folder that was not read to its end, nothing is expected."""
    (tmp_path / "0.txt").write_text("notes\n")
    for number in range(1, 20):
        (tmp_path / f"{number}.pcapng").write_bytes(CAPTURE.read_bytes())
    with subprocess.Popen([world.command, "-T", "ndjson", "-j", "1", tmp_path],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=world.environment()
                          ) as process:
        process.stdout.close()
        errors = process.stderr.read()
        process.wait(TIMEOUT_SECONDS)
    assert errors == b"" and process.returncode in (0, 2)


# ------------------------------------------------------------------------------------- mistakes ----

@pytest.mark.parametrize("option", [("-e", "uri"), ("-E", "header=n")])
@pytest.mark.parametrize("form", ["text", "json", "ndjson", "html", "markdown"])
def test_columns_without_a_table(command, option, form):
    result = command("-T", form, *option, CAPTURE)
    assert result.status == 1 and result.stdout == b""
    assert option[0] in result.stderr and "-T csv" in result.stderr and "--csv" in result.stderr


def test_columns_of_a_table_beside_the_rest(command, tmp_path):
    assert command("-e", "uri", "--csv", tmp_path / "rows.csv", CAPTURE).status == 0
    assert (tmp_path / "rows.csv").read_text().startswith("uri\n")


@pytest.mark.parametrize(("arguments", "meant"), [
    (["--recursve"], "--recursive"), (["--fail-no", "x"], "--fail-on"), (["--formt=csv"], "--format"),
    (["-T", "jsn"], "json"), (["-T", "markdwon"], "markdown"), (["--sort", "lst"], "last"),
    (["--group-by", "stats"], "status"), (["--verdict", "patrial"], "partial"),
    (["--outcome", "fail"], "failed"), (["--color", "allways"], "always"),
    (["-T", "csv", "-e", "fame"], "frame"), (["--fail-on", "faild>0"], "failed"),
    (["reprot"], "report"), (["scna"], "scan"), (["--completion", "bsh"], "bash"),
])
def test_did_you_mean(command, arguments, meant):
    result = command(*arguments, CAPTURE)
    assert result.status == 1 and result.stdout == b""
    assert f'Did you mean "{meant}"?' in result.stderr


@pytest.mark.parametrize("arguments", [["--zzzzzz"], ["-T", "zzzzzz"], ["--group-by", "zzzzzz"]])
def test_nothing_was_meant(command, arguments):
    result = command(*arguments, CAPTURE)
    assert result.status == 1 and "Did you mean" not in result.stderr


def test_errors_point_to_the_page_that_helps(command):
    for arguments, page in ((["--shard", "x"], "docs/batch.md"), (["--fail-on", "x"], "docs/reports.md"),
                            (["--zzz"], "docs/options.md")):
        assert page in command(*arguments, CAPTURE).stderr


# ------------------------------------------------------------------------------------- progress ----

def test_progress_of_report(command, tmp_path):
    path = records_of(command, tmp_path, 2000)
    result = command("report", "--progress", path)
    first = result.stderr.splitlines()[0]
    assert result.status == 0 and "of 1 files, " in first and " %" in first
    assert command("report", path).stderr == ""
    assert json.loads(command("report", "-T", "ndjson", path).lines[-1])["capture"] \
        .endswith("1999.pcap")
