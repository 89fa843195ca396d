"""What people expect of any protocol in Wireshark: preferences that do what they say, statistics
that can be filtered, objects that can be exported, a profile that is installed with the plugin.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import csv
import json
import os
import re
import subprocess

import pytest
import traffic
from conftest import BUILD, COMMAND_PREFERENCES, REPOSITORY, run_tshark, scan

LOCK = "apache-lock-collection-conflict.pcapng"
DELETE = "apache-partial-delete-423.pcapng"
BY_ROOT = "static-multistatus-get-200.pcapng"
UNDECODED = "snaplen200-apache-large.pcapng"
LISTING = "apache-permission-denied-children.pcapng"
PROFILE = REPOSITORY / "plugin" / "profile" / "Multi-Status"


def values(tshark, path, field, *options):
    """All values of a field in a capture, frame by frame."""
    result = tshark("-r", path, *COMMAND_PREFERENCES, *options, "-Y", "multistatus", "-T", "json",
                    "-e", field)
    assert result.status == 0, result.stderr
    return [packet["_source"]["layers"].get(field, []) for packet in json.loads(result.text)]


# ------------------------------------------------------------------------------ preferences ----

def preference(name, value):
    return ("-o", f"multistatus.{name}:{value}")


def test_preference_decode_by_root(world, tshark):
    path = world.captures / BY_ROOT
    assert {"200"} <= {status for row in values(tshark, path, "multistatus.http_status")
                       for status in row}
    assert all(status == "207" for row in values(tshark, path, "multistatus.http_status",
                                                 *preference("decode_by_root", "FALSE"))
               for status in row)


def test_preference_batches(world, tshark):
    answer = traffic.response(200, b'{"errors":false,"items":[{"index":{"_id":"1","status":201}}]}',
                              {"Content-Type": "application/json"})
    paths = {"auto": "/_bulk", "all": "/other"}
    path = traffic.save(world, "preference-batches", [
        traffic.Exchange(traffic.request("POST", uri), answer) for uri in paths.values()])
    for which, count in ("off", 0), ("auto", 1), ("all", 2):
        assert values(tshark, path, "multistatus.kind", *preference("batches", which)) == \
            [["elasticsearch-bulk"]] * count


def test_preference_keep_xml(world, tshark):
    path = world.captures / LOCK
    assert all(values(tshark, path, "xml.tag"))
    assert not any(values(tshark, path, "xml.tag", *preference("keep_xml", "FALSE")))


def test_preference_show_harmless(world, tshark):
    path = world.captures / LOCK
    hide = preference("show_harmless", "FALSE")
    before, after = (values(tshark, path, "multistatus.outcome", *options)
                     for options in ((), hide))
    grave = ("failed", "missing", "collateral", "unknown")
    assert any(outcome in grave for row in before for outcome in row)
    assert any(outcome == "ok" for row in before for outcome in row)
    assert [[outcome for outcome in row if outcome in grave] for row in before] == after
    # The counts at the top stay what they are.
    assert values(tshark, path, "multistatus.resources") == \
        values(tshark, path, "multistatus.resources", *hide)


def test_preference_max_resources(world, tshark):
    path = world.captures / LOCK
    limit = preference("max_resources", 3)
    counts = [int(count) for count, in values(tshark, path, "multistatus.resources")]
    assert max(counts) > 3
    assert [len(row) for row in values(tshark, path, "multistatus.outcome", *limit)] == \
        [min(count, 3) for count in counts]
    assert counts == [int(count) for count, in
                      values(tshark, path, "multistatus.resources", *limit)]
    messages = values(tshark, path, "_ws.expert.message", *limit)
    said = [any("more resources are not shown" in message for message in row) for row in messages]
    assert said == [count > 3 for count in counts]


def test_preference_max_tree_items(world, tshark):
    path = world.captures / LISTING
    limit = preference("max_tree_items", 20)
    before, after = (values(tshark, path, "multistatus.href", *options)
                     for options in ((), limit))
    assert sum(map(len, after)) < sum(map(len, before))
    message = "The limit for the items of a frame was reached, which is 20"
    for options, said in (((), False), (limit, True)):
        rows = values(tshark, path, "_ws.expert.message", *options)
        assert any(message in text for row in rows for text in row) == said
    # The counts at the top stay what they are.
    assert values(tshark, path, "multistatus.resources") == \
        values(tshark, path, "multistatus.resources", *limit)


def parts(boundary, kind, content):
    """A multipart body with two equal parts, RFC 2046 section 5.1."""
    part = f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n{content}\r\n"
    return f"{part}{part}--{boundary}--\r\n"


# What the decoder reads at most, and what 1 makes of it.
LIMITS = {"max_body": "the size of a body", "max_responses": "the number of responses",
          "max_depth": "the depth of elements",
          "max_elements": "the number of properties, conditions and values",
          "max_text": "the length of a text", "max_tag": "the length of a tag",
          "max_parts": "the number of parts", "max_nesting": "the depth of parts"}


@pytest.mark.parametrize("name", LIMITS)
def test_preference_of_a_limit(name, world, tshark):
    listing = traffic.row("/c/", 200) + traffic.row("/c/a", 423)
    body = f'<D:multistatus xmlns:D="DAV:">{listing}</D:multistatus>'
    kind = "application/xml"
    if name in ("max_parts", "max_nesting"):
        inner = parts("in", kind, body)
        body = parts("out", 'multipart/mixed; boundary="in"', inner)
        kind = 'multipart/mixed; boundary="out"'
    else:
        body = body.replace("</D:status>", "</D:status><D:error><D:x-y/></D:error>"
                            "<D:responsedescription>Locked</D:responsedescription>")
    path = traffic.save(world, "limits", [traffic.Exchange(
        traffic.request("POST", "/c/"), traffic.response(207, body, {"Content-Type": kind}))])
    message = f"The limit for {LIMITS[name]} was reached, which is 1"
    for options, said in (((), False), (preference(name, 1), True)):
        rows = values(tshark, path, "_ws.expert.message", *options)
        assert len(rows) == 1
        assert any(message in text for text in rows[0]) == said, rows


def test_preferences_have_descriptions(tshark):
    """And no preference is without a test above."""
    text = tshark("-G", "currentprefs").text
    names = set(re.findall(r"^#?multistatus\.(\w+):", text, re.MULTILINE))
    tested = {name.removeprefix("test_preference_") for name in globals()
              if name.startswith("test_preference_")} - {"of_a_limit"}
    assert names == tested | set(LIMITS)
    for name in names:
        described = re.search(rf"((?:^# .*\n)+)^#?multistatus\.{name}:", text, re.MULTILINE)
        assert described and len(described[1]) > 60, name


# ------------------------------------------------------------------------------- statistics ----

def statistics(tshark, path, name):
    result = tshark("-n", "-q", "-r", path, "-o", "tcp.reassemble_out_of_order:TRUE", "-z", name)
    assert result.status == 0, result.stderr
    return result.lines


def table_rows(lines):
    """The rows of -z multistatus,resources as (href, method, status, outcome) to (count, first
    frame, last frame)."""
    start = lines.index("Multi-Status Resources")
    rows = [[cell.strip() for cell in line.split(" |")[:-1]] for line in lines[start + 1:]
            if line.count(" |") == 7]
    return {tuple(row[:4]): tuple(map(int, row[4:])) for row in rows}


def expected_rows(records):
    found = {}
    for record in records:
        for response in record["responses"]:
            key = (response["hrefs"][0], record["method"], response["outcome"])
            count, first, _ = found.get(key, (0, record["frame"], 0))
            found[key] = (count + 1, first, record["frame"])
    return found


@pytest.mark.parametrize("name", [LOCK, DELETE, LISTING])
def test_table_of_resources(name, world, tshark):
    rows = table_rows(statistics(tshark, world.captures / name, "multistatus,resources"))
    records = scan(name, "-T", "ndjson").exchanges
    assert {(href, method, outcome): numbers
            for (href, method, _, outcome), numbers in rows.items()} == expected_rows(records)
    # A resource with propstats has no status of its own in the record.
    statuses = {(href, method, outcome): status for href, method, status, outcome in rows}
    for record in records:
        for response in record["responses"]:
            if response["status"]:
                assert statuses[response["hrefs"][0], record["method"], response["outcome"]] \
                    .startswith(str(response["status"]))


def test_table_of_resources_with_a_filter(world, tshark):
    rows = table_rows(statistics(tshark, world.captures / LOCK,
                                 'multistatus,resources,multistatus.method == "PUT"'))
    assert {method for _, method, _, _ in rows} == {"PUT"}
    assert {status for _, _, status, _ in rows} == {"423 Locked", "424 Failed Dependency"}


def test_tree_of_statistics(world, tshark):
    def verdicts(name):
        lines = [line.strip() for line in statistics(tshark, world.captures / LOCK, name)]
        start = next(i for i, line in enumerate(lines) if line.startswith("Bodies by verdict"))
        end = next(i for i, line in enumerate(lines) if line.startswith("Bodies by method"))
        return {line.split()[0]: int(line.split()[1]) for line in lines[start + 1:end]}
    assert verdicts("multistatus,tree") == {"success": 1, "failure": 2}
    assert verdicts('multistatus,tree,multistatus.method == "PUT"') == {"failure": 1}


def test_response_times_by_method(tshark, world):
    """As the records have them, and of what a filter selects."""
    path = world.captures / "apache-lock-collection-conflict.pcapng"
    times = {record["method"]: record["response_time"] for record in scan(path.name, "-T", "ndjson").exchanges}
    for filters, methods in (("", ["LOCK", "PROPFIND", "PUT"]), (',multistatus.method == "PUT"', ["PUT"])):
        lines = tshark("-r", path, "-q", "-z", f"multistatus,srt{filters}").lines
        rows = [line.split() for line in lines if line.split()[1:2] and line.split()[1] in times]
        assert [row[1] for row in rows] == methods
        for _, method, calls, least, most, mean, total in rows:
            assert calls == "1" and least == most == mean == total
            assert abs(float(mean) - times[method]) < 1e-6


def test_wrong_filter_of_a_statistic(world, tshark):
    for name in ("multistatus,tree,no_such.field == 1", "multistatus,resources,no_such.field == 1"):
        result = tshark("-n", "-q", "-r", world.captures / LOCK, "-z", name)
        assert "no_such.field" in result.stderr
        assert not result.stdout.strip()


# --------------------------------------------------------------------------- export objects ----

@pytest.mark.parametrize("name", [LOCK, "apache-gzip-deflate.pcapng", UNDECODED])
def test_export_objects(name, world, tshark):
    """The bodies, codings undone; none where there was none."""
    folder = world.folder / f"objects-{name}"
    folder.mkdir()
    folder.chmod(0o777)
    result = tshark("-n", "-q", "-r", world.captures / name, "-o",
                    "tcp.reassemble_out_of_order:TRUE", "--export-objects", f"multistatus,{folder}")
    assert result.status == 0, result.stderr
    expected = sorted((record["frame"], record["method"], record["body_bytes"])
                      for record in scan(name, "-T", "ndjson").exchanges if record["body_bytes"])
    found = []
    for path in folder.iterdir():
        frame, method = re.fullmatch(r"frame-(\d+)-([A-Z]+).*\.xml", path.name).groups()
        found.append((int(frame), method, path.stat().st_size))
        assert b"multistatus" in path.read_bytes()
    assert sorted(found) == expected


# ---------------------------------------------------------------------------------- profile ----

@pytest.fixture(scope="module")
def profile(world, tshark):
    """tshark -C Multi-Status, which finds the profile where the plugin's installation puts it."""
    installed = world.folder / "installed"
    environment = {**os.environ, "DESTDIR": str(installed)}
    done = subprocess.run(["cmake", "--install", BUILD, "--component", "plugin"],
                          env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = list(installed.rglob("wireshark/profiles/Multi-Status"))
    assert len(found) == 1 and list(installed.rglob("multistatus.so"))
    assert {path.name for path in found[0].iterdir()} == {path.name for path in PROFILE.iterdir()}

    # Wireshark's own data, with our profile where it is installed to.
    listed = tshark("-G", "folders").text
    system = next(line.split("\t", 1)[1].strip() for line in listed.splitlines()
                  if line.startswith("Global configuration:"))
    data = world.folder / "data"
    data.mkdir()
    for entry in os.scandir(system):
        if entry.name != "profiles":
            (data / entry.name).symlink_to(entry.path)
    (data / "profiles").symlink_to(found[0].parent)
    for path in [installed, *installed.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)

    def run(*arguments):
        result = run_tshark(world, "-C", "Multi-Status", *arguments, plugin=True,
                            WIRESHARK_DATA_DIR=str(data))
        assert result.status == 0, result.stderr
        return result
    return run


def test_profile_shows_verdict_and_counts(world, profile):
    lines = profile("-n", "-r", world.captures / LOCK, "-Y", "multistatus").lines
    assert len(lines) == 3
    assert re.search(r"\bfailure LOCK /dav/lk/ 2 1 1 HTTP/1.1 207 Multi-Status \[", lines[0])
    assert re.search(r"\bsuccess PROPFIND /dav/lk/ 8 0 0 ", lines[1])


COLOURS = {
    "success": "Multi-Status: success", "failure": "Multi-Status: failure",
    "partial": "Multi-Status: partial failure",
    "benign": "Multi-Status: nothing that failed, but not all done",
    "empty": "Multi-Status: nothing that failed, but not all done",
    "malformed": "Multi-Status: malformed or undecoded",
    "undecoded": "Multi-Status: malformed or undecoded",
}


@pytest.mark.parametrize("name", [LOCK, DELETE, UNDECODED, LISTING,
                                  "apache-propfind-404-infinity.pcapng"])
def test_profile_colours_by_verdict(name, world, profile):
    """Every rule compiles, and that of a frame is the one for its verdict, or one of them."""
    result = profile("-n", "-r", world.captures / name, "-Y", "multistatus", "--color",
                     "-T", "fields", "-e", "multistatus.verdict", "-e", "frame.coloring_rule.name")
    assert "olor" not in result.stderr
    rows = [line.split("\t") for line in result.lines]
    assert rows
    for verdicts, rule in rows:
        assert rule in {COLOURS[verdict] for verdict in verdicts.split(",")}


def test_profile_rules_and_buttons_are_filters(world, tshark):
    """Every one is a filter that this Wireshark takes."""
    rules = [line.split("@")[2] for line in (PROFILE / "colorfilters").read_text().splitlines()
             if line.startswith("@")]
    with open(PROFILE / "dfilter_buttons", encoding="utf-8") as file:
        buttons = [row[2].replace(r"\x22", '"')
                   for row in csv.reader(line for line in file if line[0] != "#")]
    assert len(rules) > 5 and len(buttons) > 3
    for expression in rules + buttons:
        result = tshark("-n", "-r", world.captures / LOCK, "-Y", expression)
        assert result.status == 0 and not result.stderr.strip(), (expression, result.stderr)
