#!/usr/bin/env python3
"""Adds up test results: tally.py [--list NAME] FOLDER|FILE...

Reads JUnit files (*.xml) and lines of "outcome, tab, name, tab, reason" (*.tsv); of a folder, all
of them. A test program that speaks TAP (GTest) counts with each of its cases, any other as one
test. Prints what failed and what was skipped, then one line with the sums. Exit status 1 if
anything failed or if nothing ran. With --list, prints every result as such a line instead, each
name with NAME before it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

TAP = re.compile(r"^(ok|not ok) \d+(?: - | )?(.*?)(?:\s*#\s*(SKIP|TODO)\b\s*(.*))?$", re.IGNORECASE)


def tap_cases(text):
    """The cases of a TAP output as (outcome, name, reason)."""
    for line in text.splitlines():
        match = TAP.match(line)
        if not match:
            continue
        word, name, directive, reason = match.groups()
        if directive and (directive.upper() == "SKIP" or word == "not ok"):
            yield "skipped", name, reason
        else:
            yield ("passed" if word == "ok" else "failed"), name, ""


def junit_cases(path):
    """The cases of a JUnit file as (outcome, name, reason); those of a TAP program one by one."""
    for case in ElementTree.parse(path).iter("testcase"):
        name = "::".join(filter(None, (case.get("classname"), case.get("name"))))
        if case.get("classname") == case.get("name"):
            name = case.get("name")
        problem = next((e for tag in ("failure", "error") for e in case.findall(tag)), None)
        skipped = case.find("skipped")
        output = case.findtext("system-out") or ""
        inner = list(tap_cases(output)) if path.name.startswith("unit-") else []
        if inner:
            for outcome, inner_name, reason in inner:
                yield outcome, f"{name} {inner_name}", reason
            if problem is not None and not any(outcome == "failed" for outcome, _, _ in inner):
                last = output.strip().splitlines()[-1] if output.strip() else ""
                yield "failed", name, f"the program ended abnormally: {last}"
        elif problem is not None:
            lines = (problem.get("message") or problem.text or "").strip().splitlines()
            yield "failed", name, lines[0] if lines else ""
        elif skipped is not None or case.get("status") in ("notrun", "disabled"):
            reason = skipped.get("message") if skipped is not None else case.get("status")
            yield "skipped", name, reason or ""
        else:
            yield "passed", name, ""


def listed_cases(path):
    """The cases of a list of ours."""
    for line in path.read_text().splitlines():
        outcome, name, reason = line.split("\t")
        yield outcome, name, reason


def cases(path):
    if path.suffix == ".tsv":
        return list(listed_cases(path))
    return [(outcome, f"{path.stem}: {name}", reason)
            for outcome, name, reason in junit_cases(path)]


def print_list(found, prefix):
    """One line a result; a name or a reason of several lines becomes one."""
    for outcome, name, reason in found:
        print(outcome, " ".join(f"{prefix}: {name}".split()), " ".join((reason or "").split()),
              sep="\t")


def main():
    arguments = sys.argv[1:]
    prefix = None
    if arguments[:1] == ["--list"]:
        prefix = arguments[1]
        arguments = arguments[2:]
    paths = []
    for path in map(Path, arguments):
        paths += sorted(p for p in path.iterdir() if p.suffix in (".xml", ".tsv")) \
            if path.is_dir() else [path]
    found = []
    for path in paths:
        try:
            found += cases(path)
        except (OSError, ValueError, ElementTree.ParseError) as error:
            found.append(("failed", path.stem, f"no results: {error}"))
    if prefix:
        print_list(found, prefix)
        return 0

    for wanted in ("skipped", "failed"):
        for outcome, name, reason in found:
            if outcome == wanted:
                print(f"{outcome.upper()}  {name}" + (f": {reason}" if reason else ""))
    count = {wanted: sum(outcome == wanted for outcome, _, _ in found)
             for wanted in ("passed", "failed", "skipped")}
    line = f"{count['passed']} passed, {count['failed']} failed"
    if count["skipped"]:
        line += f", {count['skipped']} skipped"
    print(line)
    return 1 if count["failed"] or not count["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
