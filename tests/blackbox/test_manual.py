"""What a newcomer reads first: --help and its examples.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import subprocess

import pytest

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
