"""What a newcomer reads first: --help, its examples, the manual page; and that all of it, docs/options.md and
the completions say the same of every option.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import re
import shlex
import shutil
import subprocess

import documents
import pytest
from conftest import REPOSITORY

MANUAL = (REPOSITORY / "docs" / "man" / "multistatus.1.in").read_text("utf-8")
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


# What is typed after "multistatus ", and the words that are offered for the last of it.
TYPED = {
    "re": {"report"}, "--fail": {"--failed-only", "--fail-on"}, "--color a": {"auto", "always"},
    "-T nd": {"ndjson"}, "--completion z": {"zsh"}, "--status 4": set(),
    "--group-by status,cl": {"status,client"}, "--sort la": {"last"}, "--outcome fa": {"failed"},
    "--verdict partial,fai": {"partial,failure"}, "-e hr": {"href"}, "-E he": {"header="},
    "--fail-on unseen": {"unseen", "unseen_bytes"}, "--help-as m": {"man", "markdown"},
    "-O wi": {"wire.pcap"}, "report wi": {"wire.pcap"}}
# bash splits a word at "=" and has no words within words.
ATTACHED = {"--format=nd": {"ndjson"}, "-Tnd": {"ndjson"}, "--outcome=failed,co": {"failed,collateral"}}


@pytest.mark.parametrize("words, expected", list(TYPED.items())[:-2])
def test_bash_completes(command, words, expected):
    script = command("--completion", "bash").text
    answer = subprocess.run(
        ["bash", "-c", f"{script}\ncompopt() {{ :; }}\nCOMP_WORDS=(multistatus {words})\n"
         "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_multistatus\nprintf '%s\\n' \"${COMPREPLY[@]}\""],
        capture_output=True, text=True, check=True, timeout=60)
    assert set(answer.stdout.split()) == expected


# An interactive zsh in a terminal of its own, in which the lines are typed, each ended by the key for completion.
# What its functions offer is written down by a compadd that stands before the builtin one.
ZSH = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
type_line() { zpty -w shell "$1" && zpty -r shell answer "*$2*" }
type_line 'PROMPT= RPROMPT=; unsetopt prompt_cr prompt_sp
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
    local -a offered
    builtin compadd -A offered "$@"
    print -rl -- $offered >>$OFFERED
    builtin compadd "$@"
}
fpath=($PWD/functions $fpath)
autoload -Uz compinit && compinit -u -D
ended() { print END-OF-$((20 + 3)) }
print REA''DY' READY
for line; do
    export OFFERED=$PWD/offered-$((++number))
    type_line "OFFERED=$OFFERED; comppostfuncs=(ended); print REA''DY" READY
    zpty -w -n shell "$line"$'\t'
    zpty -r shell answer '*END-OF-23*'
    zpty -w -n shell $'\C-e\C-u'
done
zpty -d shell
"""


def ask_zsh(script, lines, folder):
    (folder / "functions").mkdir()
    (folder / "functions" / "_multistatus").write_bytes(script)
    subprocess.run(["zsh", "-f", "-c", ZSH, "zsh", *lines], cwd=folder, check=True, timeout=120,
                   stdin=subprocess.DEVNULL, capture_output=True)
    return [(folder / f"offered-{i}").read_text().split() if (folder / f"offered-{i}").exists() else []
            for i in range(1, len(lines) + 1)]


def ask_fish(script, lines, folder):
    (folder / "multistatus.fish").write_bytes(script)
    ask = 'source multistatus.fish; for line in $argv; complete -C $line; printf "\\f\\n"; end'
    answer = subprocess.run(["fish", "--no-config", "-c", ask, *lines], cwd=folder, check=True, timeout=120,
                            capture_output=True, text=True)
    return [[line.split("\t")[0] for line in part.splitlines() if line]
            for part in answer.stdout.split("\f\n")[:-1]]


@pytest.mark.parametrize("shell, ask", [("zsh", ask_zsh), ("fish", ask_fish)])
def test_other_shells_complete(command, tmp_path, shell, ask):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "wire.pcap").touch()
    typed = TYPED | ATTACHED
    answers = ask(command("--completion", shell).stdout, [f"multistatus {line}" for line in typed], tmp_path)
    assert len(answers) == len(typed)
    for (line, expected), offered in zip(typed.items(), answers):
        # zsh offers what comes after the last comma, fish the whole of an attached word.
        last = {re.sub(r"^(.*,|--\w+=|-T)", "", word).rstrip("=") for word in offered}
        assert last == {word.split(",")[-1].rstrip("=") for word in expected}, line


def test_no_other_shell(command):
    assert command("--completion", "csh").status == 1


def plain(roff):
    """A line of the manual page as it is shown."""
    roff = re.sub(r"\\f[BIR]|\\&", "", roff)
    for escape, character in (("\\-", "-"), ("\\(aq", "'"), ("\\(ti", "~"), ("\\(ha", "^"), ("\\e", "\\")):
        roff = roff.replace(escape, character)
    return roff


def manual_examples():
    """The examples of the manual page: what to run, and the status that it says."""
    part = MANUAL.split(".SH EXAMPLES")[1].split("\n.SH ")[0]
    return [(int(status), "\n".join(plain(line)[2:] for line in block.splitlines()))
            for status, block in re.findall(r'\.\\" status: (\d+)\n.*?\.EX\n(.*?)\n\.EE', part, re.S)]


def test_manual_has_its_examples():
    assert len(manual_examples()) == MANUAL.count('\n.\\" status: ') == MANUAL.count("\n.EX\n")
    assert len(manual_examples()) > 8


@pytest.mark.parametrize("status, lines", manual_examples())
def test_examples_of_the_manual_work(run, status, lines):
    done = run(lines)
    assert done.returncode == status, done.stderr
    assert done.stdout or " -O " in lines or status == MATCHED


# ------------------------------------------------------------------------- every option once ----

def described(page):
    """What the part of docs/options.md says: by option, its names, values, example and the rest."""
    found = {}
    for part in page.split("\n#### ")[1:]:
        heading, _, text = part.partition("\n")
        names = re.findall(r"`(--?[\w-]+)", heading)
        words = re.search(r"^(?:One of|Any of these, between commas|Names): (.*)\.$", text, re.M)
        found[names[-1]] = {"names": names, "argument": " " in heading.rpartition(", ")[2],
                            "values": re.findall(r"`([^`]+)`", words[1]) if words else [],
                            "example": re.search(r"^    (.*)$", text, re.M)[1],
                            "since": re.search(r"^Since (\S+)\.", text, re.M)[1],
                            "see": re.findall(r"`(--?[\w-]+)`", text.split("Since ")[-1])}
    return found


@pytest.fixture(name="table")
def table_fixture(command):
    return described(command("--help-as", "markdown").text)


def test_page_of_options_is_current(command):
    """scripts/examples --write"""
    page = (REPOSITORY / "docs" / "options.md").read_text("utf-8")
    assert page.endswith(documents.OPTIONS + command("--help-as", "markdown").text)


def test_help_manual_and_completions_know_the_same(command, table):
    listed = [line[:30].split("  ")[1].replace(",", "").split() if line.startswith("  -") else
              line.split()[:1] for line in command("--help-all").lines
              if line.startswith(("  -", "      --"))]
    names = [[word for word in words if word.startswith("-")] for words in listed]
    assert len(names) > 60 and sorted(names) == sorted(entry["names"] for entry in table.values())
    manual = plain(command("--help-as", "man").text)
    shells = {shell: command("--completion", shell).text for shell in ("bash", "zsh", "fish")}
    known = {one for entry in table.values() for one in entry["names"]}
    for name, entry in table.items():
        assert f"\n{', '.join(entry['names'])}" in manual, name
        assert f"\nExample: {entry['example']}\n" in manual, name
        assert all(other in known for other in entry["see"]), name
        for text in (manual, *(shells.values() if entry["values"] else ())):
            assert all(value in text for value in entry["values"]), name
        for one in entry["names"]:
            short = not one.startswith("--")
            assert re.search(rf"[ |(\"]{re.escape(one)}[ |)\"]", shells["bash"]) or short, name
            assert f"'*{one}" in shells["zsh"], name
            assert f" -{'s' if short else 'l'} {one.lstrip('-')} " in shells["fish"], name


def test_values_that_are_lists_are_there(table):
    assert set(table["--group-by"]["values"]) > {"status", "user-agent"}
    assert set(table["--sort"]["values"]) > set(table["--group-by"]["values"]) | {"failed", "last"}
    assert set(table["--fail-on"]["values"]) > {"unseen_bytes", "undecoded"}
    assert "html" in table["--format"]["values"] and "missing" in table["--outcome"]["values"]
    assert {name for name, entry in table.items() if entry["values"]} >= \
        {"--verdict", "--color", "--completion", "-e", "-E", "--help-as"}


def test_examples_of_options_are_understood(command, table, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    for name, entry in table.items():
        words = shlex.split(re.search(r"multistatus ([^|]*)", entry["example"])[1])
        assert set(entry["names"]) & {re.match(r"-[a-zA-Z0-9]$|--[^=]*", word)[0] for word in words
                                      if re.match(r"-[a-zA-Z0-9]$|--[^=]", word)}, name
        assert command(*words, "--help", cwd=tmp_path).status == 0, name


def test_manual_is_sound(command):
    page = command("--help-as", "man")
    for number in ("0", "1", "2", "3", "4", "10", "130"):
        assert f"\n.B {number}\n" in page.text
    assert "@" not in page.text.replace("user@", "") and page.text.startswith(".TH MULTISTATUS 1 ")
    if not shutil.which("groff"):
        pytest.skip("groff is not here")
    shown = subprocess.run(["groff", "-man", "-Tutf8", "-ww"], input=page.stdout, capture_output=True,
                           check=True, timeout=60)
    assert shown.stderr == b"" and shown.stdout.count(b"\n") > 500
