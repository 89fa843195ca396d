"""What a newcomer reads first: --help and its examples.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import re
import shutil
import subprocess

import pytest
from conftest import REPOSITORY

MANUAL = (REPOSITORY / "docs" / "man" / "multistatus.1.adoc").read_text("utf-8")
LINES, COLUMNS = 48, 80
MATCHED = 10


def examples(page):
    """The commands of the help page, as they are written there."""
    return [line.strip() for line in page.splitlines() if line.startswith("  multistatus ")]


@pytest.fixture(name="run")
def run_fixture(world, tmp_path):
    """Runs a line with the shell in a folder that has captures."""
    (tmp_path / "captures").symlink_to(world.captures)

    def run(line):
        environment = world.environment()
        environment["PATH"] = f"{world.command.parent}:{environment['PATH']}"
        return subprocess.run(["bash", "-c", line], cwd=tmp_path, env=environment,
                              capture_output=True, text=True, check=False, timeout=180)
    return run


def test_help_fits_a_screen(command):
    lines = command("--help").lines
    assert len(lines) <= LINES
    assert [line for line in lines if len(line) > COLUMNS] == []


def test_help_all_has_every_line_of_help(command):
    everything = command("--help-all").lines
    options = [line for line in command("--help").lines if line.startswith(("  -", "      --"))]
    assert len(options) > 15 and set(options) < set(everything)
    assert "(null)" not in "".join(everything)


def test_examples_of_help_work(command, run, tmp_path):
    summary, who, table, gate, mail = examples(command("--help").text)
    # One sample capture is cut off on purpose: 2.
    assert "partial" in run(summary).stdout
    locked = run(who)
    assert locked.returncode == 2 and "423" in locked.stdout
    assert run(table).returncode == 2
    with open(tmp_path / "failed.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows and {row["outcome"] for row in rows} == {"failed"}
    assert run(gate).returncode == MATCHED
    assert run(mail).returncode == 2
    assert (tmp_path / "report.html").read_text("utf-8").lower().startswith("<!doctype html>")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_are_valid(command, shell):
    script = command("--completion", shell)
    assert script.status == 0 and "group-by" in script.text
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not here")
    checked = subprocess.run([shell, "-n"], input=script.stdout, capture_output=True, check=False,
                             timeout=60)
    assert checked.returncode == 0 and checked.stderr == b""


@pytest.mark.parametrize("words, expected", [
    ("re", {"report"}), ("--fail", {"--failed-only", "--fail-on"}), ("--color a", {"auto", "always"}),
    ("-T nd", {"ndjson"}), ("--completion z", {"zsh"}), ("--status 4", set())])
def test_bash_completes(command, words, expected):
    script = command("--completion", "bash").text
    answer = subprocess.run(
        ["bash", "-c", f"{script}\ncompopt() {{ :; }}\nCOMP_WORDS=(multistatus {words})\n"
         "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_multistatus\nprintf '%s\\n' \"${COMPREPLY[@]}\""],
        capture_output=True, text=True, check=True, timeout=60)
    assert set(answer.stdout.split()) == expected


def test_no_other_shell(command):
    assert command("--completion", "csh").status == 1


def manual_examples():
    """The examples of the manual page: what to run, and the status that it says."""
    part = MANUAL.split("== EXAMPLES")[1].split("\n== ")[0]
    return [(int(status), "\n".join(line[2:] for line in block.splitlines()))
            for status, block in re.findall(r"// status: (\d+)\n----\n(.*?)\n----", part, re.S)]


def test_manual_has_its_examples():
    assert len(manual_examples()) == MANUAL.count("\n// status: ") == MANUAL.count("\n----\n") // 2
    assert len(manual_examples()) > 8


@pytest.mark.parametrize("status, lines", manual_examples())
def test_examples_of_the_manual_work(run, status, lines):
    done = run(lines)
    assert done.returncode == status, done.stderr
    assert done.stdout or " -O " in lines or status == MATCHED


def test_manual_names_every_option_and_exit_status(command):
    named = set(re.findall(r"\*(--?[\w-]+)\*", command("--help-asciidoc").text))
    listed = {word.rstrip(",") for line in command("--help-all").lines
              if line.startswith(("  -", "      --")) for word in line.split()[:2]
              if word.startswith("-")}
    assert len(listed) > 40 and listed <= named
    for number in ("0", "1", "2", "3", "4", "10", "130"):
        assert f"*{number}*::" in MANUAL
