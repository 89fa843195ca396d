"""The pages: every link leads somewhere, every command prints what stands there, every name exists.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import re
import urllib.parse

import documents
import pytest
from conftest import REPOSITORY, need_program

PAGES = documents.pages()
SESSIONS = [pytest.param(session, id=f"{documents.name(page)}-{number}")
            for page in PAGES for number, session in enumerate(documents.sessions(page), 1)]
# Options of other programs that the pages name by themselves.
OTHERS = {"--export-objects", "--install", "--write", "--instructions", "--large", "--pairs",
          "--pause", "--quick", "--thorough", "--config", "--installed"}


def page_parameters(*names):
    return pytest.mark.parametrize(
        "page", [pytest.param(page, id=documents.name(page)) for page in PAGES
                 if not names or documents.name(page) in names])


def test_there_are_pages_and_sessions():
    assert len(PAGES) > 15 and len(SESSIONS) > 8


@page_parameters()
def test_links_lead_somewhere(page):
    dead = []
    for target in documents.links(page):
        if urllib.parse.urlsplit(target).scheme:
            continue
        path, _, anchor = urllib.parse.unquote(target).partition("#")
        found = (page.parent / path).resolve() if path else page
        if not found.exists() or (anchor and anchor not in documents.anchors(found)):
            dead.append(target)
    assert not dead


def test_every_page_and_picture_is_linked():
    linked = {(page.parent / target.partition("#")[0]).resolve()
              for page in PAGES for target in documents.links(page)}
    files = {path for path in (REPOSITORY / "docs").rglob("*") if path.suffix in {".md", ".png", ".svg"}}
    assert files - linked == set()


@page_parameters("docs/README.md")
def test_index_names_every_page(page):
    named = {target.partition("#")[0] for target in documents.links(page)}
    assert {path.name for path in page.parent.glob("*.md")} - {page.name} <= named


@pytest.mark.parametrize("session", SESSIONS)
def test_sessions_print_what_stands_there(session):
    for program in {"jq", "sqlite3"} & set(re.findall(r"\w+", " ".join(documents.commands(session)))):
        need_program(program)
    played = documents.play(session)
    if all(map(documents.prints_the_same, documents.commands(session))):
        assert played == session        # scripts/examples --write
    else:
        assert len(played.splitlines()) > len(documents.commands(session))


# ------------------------------------------------------------------------------------ names ----

@pytest.fixture(scope="module", name="known_fields")
def known_fields_fixture(tshark):
    """Every filter field and protocol, and every preference, of ours."""
    rows = [line.split("\t") for line in tshark("-G", "fields").lines]
    fields = {row[2] for row in rows if row[2].startswith("multistatus")}
    preferences = set(re.findall(r"^#?(multistatus\.\w+):", tshark("-G", "defaultprefs").text, re.M))
    assert len(fields) > 150 and len(preferences) > 8
    return fields, preferences


@page_parameters()
def test_fields_and_preferences_exist(page, known_fields):
    fields, preferences = known_fields
    unknown = set()
    for line in documents.code(page):
        for found in re.finditer(r"\bmultistatus(?:_request)?\.[a-z_][\w.]*(:?)(\w*)", line):
            word = found[0].partition(":")[0].rstrip(".")
            if word.split(".", 1)[1] in {"c", "h", "so", "dll", "in"}:
                continue    # a file
            if re.search(r"[\w/-]" + re.escape(word), line.replace("multistatus_request", "")) and \
                    "/" in line:
                continue    # a path
            if word not in (preferences if found[1] else fields | preferences) and \
                    word not in {"multistatus.NAME", "multistatus.rule"}:
                unknown.add(word)
    assert not unknown


def test_rules_are_fields_behind_a_prefix(known_fields):
    page = (REPOSITORY / "docs" / "rules.md").read_text("utf-8")
    rules = {f"multistatus.rule.{name}" for name in re.findall(r"^\| [A-Z][A-Z\d ]* \| `(\w+)`", page, re.M)}
    assert len(rules) > 100
    assert {field for field in known_fields[0] if field.startswith("multistatus.rule.")} == rules


@page_parameters()
def test_options_exist(page, command):
    known = set(re.findall(r"(?<![\w-])--?[A-Za-z][\w-]*", command("--help-all").text)) | OTHERS
    unknown = set()
    for line in documents.code(page):
        words = line.removeprefix("$ ").split()
        if not words or not (words[0] == "multistatus" or words[0].startswith("--")):
            continue
        end = next((i for i, word in enumerate(words) if word in {"|", "#", ";"}), len(words))
        unknown |= {option for word in words[:end]
                    for option in re.findall(r"^--[a-z][a-z-]+", word) if option not in known}
    assert not unknown


@page_parameters("docs/guide-wireshark.md", "docs/limits.md")
def test_preferences_are_all_described(page, tshark):
    known = dict(re.findall(r"^#?multistatus\.(\w+): *(\S*)$", tshark("-G", "defaultprefs").text, re.M))
    rows = dict(re.findall(r"^\| `(\w+)` \| ([A-Za-z0-9]+) \|", page.read_text("utf-8"), re.M))
    assert {name: value for name, value in known.items() if name in rows} == rows
    if page.name == "guide-wireshark.md":
        limits = (REPOSITORY / "docs" / "limits.md").read_text("utf-8")
        assert [name for name in known if name not in rows and f"`{name}`" not in limits] == []


def table_words(page, heading):
    """The words in code of the first column of the tables below a heading."""
    part = page.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    return [word for line in part.splitlines() if line.startswith("| `")
            for word in re.findall(r"`([^`]+)`", line.split(" | ")[0])]


def test_outcomes_are_those_of_the_schema():
    schema = json.loads((REPOSITORY / "docs" / "record.schema.json").read_text("utf-8"))["definitions"]
    outcomes = REPOSITORY / "docs" / "outcomes.md"
    assert sorted(table_words(outcomes, "The outcome of a resource")) == sorted(schema["outcome"]["enum"])
    assert table_words(outcomes, "The verdict of a body") == \
        schema["exchange"]["properties"]["verdict"]["enum"]


def test_newcomer_finds_the_delete_that_failed():
    """README answers "how do I see why this DELETE failed" with what the command really prints."""
    readme = REPOSITORY / "README.md"
    session = next(text for text in documents.sessions(readme) if "DELETE" in text)
    assert "423 Locked" in session and "taken in frame" in session
    assert readme.read_text("utf-8").index(session) < 6000
