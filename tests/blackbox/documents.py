#!/usr/bin/env python3
"""The Markdown pages: their links and anchors, and the commands in them.

A block that is marked as "console" is a session: lines with "$ " are run by bash in a folder that has
`captures/`, with our command and a tshark that loads our plugin, and what they print has to be what stands
there. `scripts/examples` shows where it is not, and with --write puts it there.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import difflib
import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from conftest import REPOSITORY, the_world

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.M)
# The pages show what this version of Wireshark prints.
TSHARK = "4.0."
TIMEOUT_SECONDS = 120
# After this line of docs/options.md comes what --help-as markdown prints.
OPTIONS = "<!-- multistatus --help-as markdown -->\n\n"


def pages():
    """Every Markdown file of the project."""
    return sorted(path for path in REPOSITORY.rglob("*.md")
                  if not any(part.startswith((".", "build")) or part == "obj-x86_64-linux-gnu"
                             for part in path.relative_to(REPOSITORY).parts[:-1]))


def name(page):
    return page.relative_to(REPOSITORY).as_posix()


def prose(text):
    """The page without its blocks of code."""
    return FENCE.sub("", text)


def links(page):
    """The targets of links and pictures."""
    return LINK.findall(re.sub(r"`[^`\n]*`", "", prose(page.read_text("utf-8"))))


def anchors(page):
    """The anchors of the headings, as GitHub makes them."""
    found = {}
    for heading in HEADING.findall(prose(page.read_text("utf-8"))):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        count = found.get(anchor, 0)
        found[anchor] = count + 1
        yield f"{anchor}-{count}" if count else anchor


def code(page):
    """Everything that is marked as code, as lines."""
    text = page.read_text("utf-8")
    for _, block in FENCE.findall(text):
        yield from block.splitlines()
    for line in prose(text).splitlines():
        if line.startswith("    "):
            yield line.strip()
        else:
            yield from re.findall(r"`([^`]+)`", line)


# -------------------------------------------------------------------------------- sessions ----

def sessions(page):
    """The text of every session of a page."""
    return [block for kind, block in FENCE.findall(page.read_text("utf-8")) if kind == "console"]


def commands(session):
    """The commands of a session; one may go on in lines that end with a backslash."""
    found = []
    for line in session.splitlines():
        if line.startswith("$ "):
            found.append(line[2:])
        elif found and found[-1].endswith("\\") and line.startswith("> "):
            found[-1] += "\n" + line[2:]
    return found


@functools.lru_cache(maxsize=None)
def tshark_version():
    printed = subprocess.run(["tshark", "--version"], capture_output=True, text=True, check=True).stdout
    return re.search(r"(\d+\.\d+\.\d+)", printed).group(1)


def prints_the_same(command):
    """Does it print the same with every version of Wireshark?"""
    return "tshark" not in command or tshark_version().startswith(TSHARK)


def make_folder(folder):
    """Where sessions run: captures/, and the programs in bin/."""
    world = the_world()
    (folder / "captures").symlink_to(world.captures)
    programs = folder / "bin"
    programs.mkdir()
    (programs / "multistatus").symlink_to(world.command)
    variables = {"WIRESHARK_PLUGIN_DIR": world.plugins, "WIRESHARK_EXTCAP_DIR": world.empty}
    if world.preload:
        variables["LD_PRELOAD"] = world.preload
    line = world.unprivileged(["env", *(f"{key}={value}" for key, value in variables.items()),
                               shutil.which("tshark")])
    wrapper = programs / "tshark"
    wrapper.write_text(f'#!/bin/sh\nexec {shlex.join(line)} "$@"\n')
    wrapper.chmod(0o755)
    return folder


def run(command, folder):
    environment = the_world().environment(LC_ALL="C.UTF-8")
    environment["PATH"] = f"{folder / 'bin'}:{environment['PATH']}"
    return subprocess.run(["bash", "-c", command], cwd=folder, env=environment, check=False,
                          capture_output=True, text=True, timeout=TIMEOUT_SECONDS)


def play(session):
    """The session as it is really."""
    folder = Path(tempfile.mkdtemp(dir=the_world().folder))
    folder.chmod(0o755)
    make_folder(folder)
    played = ""
    try:
        for command in commands(session):
            done = run(command, folder)
            played += "$ " + command.replace("\n", "\n> ") + "\n" + done.stdout
            if played[-1] != "\n":
                played += "\n"
    finally:
        shutil.rmtree(folder)
    return played


def with_options(text):
    """The page with what the command says of its options, if it has the place for that."""
    if OPTIONS not in text:
        return text
    done = subprocess.run([the_world().command, "--help-as", "markdown"], capture_output=True, text=True,
                          check=True, env=the_world().environment())
    return text.partition(OPTIONS)[0] + OPTIONS + done.stdout


def main():
    parser = argparse.ArgumentParser(prog="scripts/examples", description="Runs the commands of the Markdown "
                                     "pages and shows where they print something else than stands there.")
    parser.add_argument("--write", action="store_true", help="put there what they print")
    options = parser.parse_args()
    if not tshark_version().startswith(TSHARK):
        sys.exit(f"The pages show what tshark {TSHARK}x prints; this one is {tshark_version()}.")
    differ = False
    try:
        for page in pages():
            before = page.read_text("utf-8")
            after = with_options(FENCE.sub(lambda found: f"```console\n{play(found[2])}```"
                                           if found[1] == "console" else found[0], before))
            sys.stdout.writelines(difflib.unified_diff(
                before.splitlines(True), after.splitlines(True), name(page), name(page)))
            differ = differ or before != after
            if options.write and before != after:
                page.write_text(after, "utf-8")
    finally:
        shutil.rmtree(the_world().folder)
    return int(differ and not options.write)


if __name__ == "__main__":
    os.chdir(REPOSITORY)
    sys.exit(main())
