"""What pipelines read: JUnit XML, SARIF, OpenMetrics, lines of ECS and databases, each checked with a reader that is not ours.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import functools
import json
import os
import pty
import shutil
import sqlite3
import stat
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

import traffic
from conftest import CAPTURES, HAS_SQLITE, REPOSITORY, node_package, the_world

FAILED = ("partial", "failure")
UNREADABLE = ("malformed", "undecoded")


@functools.lru_cache(maxsize=None)
def scan(form, *options):
    """All sample captures."""
    world = the_world()
    return world.run([world.command, "-T", form, *options, "."], cwd=CAPTURES)


@functools.lru_cache(maxsize=None)
def records(kind):
    return [record for record in map(json.loads, scan("ndjson").text.splitlines())
            if record["type"] == kind]


# --------------------------------------------------------------------------------------- JUnit ----

def suites():
    return ElementTree.fromstring(scan("junit").stdout).findall("testsuite")


def test_a_suite_for_each_capture_and_a_case_for_each_exchange():
    by_name = {suite.get("name"): suite for suite in suites()}
    assert len(by_name) == len(suites()) == len(records("capture"))
    for capture in records("capture"):
        suite = by_name[capture["capture"]]
        mine = [record for record in records("exchange") if record["capture"] == capture["capture"]]
        cases = suite.findall("testcase")
        extra = bool(capture["error"]) + bool(capture["unseen"])
        assert len(cases) == int(suite.get("tests")) == len(mine) + extra
        for element, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert len(suite.findall(f"testcase/{element}")) == int(suite.get(count))
        for case, record in zip(cases, mine):
            assert f"(frame {record['frame']}" in case.get("name")
            assert case.get("classname") == record["capture"]
            outcome = [child.tag for child in case]
            wanted = ["failure"] if record["verdict"] in FAILED else \
                ["error"] if record["verdict"] in UNREADABLE else \
                [] if record["complete"] else ["skipped"]
            assert outcome == wanted, (record["capture"], record["frame"])
            if record["verdict"] in FAILED and record["failed"]:
                assert f"{record['failed']} " in case[0].get("message")
        assert [case.get("name") for case in cases[len(mine):]] == \
            ["(reading the capture)"] * bool(capture["error"]) + \
            ["(not looked into)"] * bool(capture["unseen"])


def test_cases_have_names_of_their_own():
    names = [(case.get("classname"), case.get("name")) for suite in suites() for case in suite]
    assert len(names) == len(set(names))


def test_failure_names_resources_and_the_lock(command):
    text = command("-T", "junit", CAPTURES / "apache-partial-delete-423.pcapng").text
    [suite] = ElementTree.fromstring(text)
    failure = suite[0][0]
    assert failure.get("message") == "failure: 2 of 2 failed (423 Locked)"
    assert "423 Locked: /dav/del/b.txt. The lock's root is /dav/del/b.txt, taken in frame 84" \
        in failure.text
    assert "HTTP 424, frame 106, 2026-11-22T07:30:38" in failure.text


def test_junit_of_what_is_no_capture(command, tmp_path):
    (tmp_path / "none.pcap").write_bytes(b"no capture")
    result = command("--junit", tmp_path / "out.xml", tmp_path / "none.pcap",
                     CAPTURES / "apache-gzip-deflate.pcapng")
    assert result.status == 2
    bad, good = sorted(ElementTree.parse(tmp_path / "out.xml").getroot(),
                       key=lambda suite: suite.get("errors"), reverse=True)
    assert bad.get("errors") == bad.get("tests") == "1" and good.get("errors") == "0"
    assert bad[0][0].get("type") == "capture" and bad[0][0].get("message")


def test_junit2json_reads_it():
    folder = node_package("junit2json")
    program = ("import {parse} from 'junit2json'; import {readFileSync} from 'node:fs';"
               "console.log(JSON.stringify(await parse(readFileSync(0, 'utf8'))));")
    read = json.loads(subprocess.run(
        ["node", "--input-type=module", "-e", program], cwd=folder.parent, check=True,
        input=scan("junit").stdout, capture_output=True).stdout)
    assert len(read["testsuite"]) == len(suites())
    for one, other in zip(read["testsuite"], suites()):
        assert one["failures"] == int(other.get("failures")) and one["name"] == other.get("name")
        assert len(one.get("testcase", [])) == int(other.get("tests"))


# --------------------------------------------------------------------------------------- SARIF ----

def run_of(text):
    log = json.loads(text)
    assert log["version"] == "2.1.0" and len(log["runs"]) == 1
    return log["runs"][0]


def test_a_result_for_each_failed_resource():
    run = run_of(scan("sarif").stdout)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules)) > 100
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    found = {}
    for result in run["results"]:
        if result["ruleId"] == "failures":
            place = result["locations"][0]
            key = (place["physicalLocation"]["artifactLocation"]["uri"],
                   place["logicalLocations"][0]["name"])
            found.setdefault(key, []).append(result["properties"].get("href"))
            assert result["level"] == "error"
    for record in records("exchange"):
        key = (record["capture"], f"frame {record['frame']}")
        wanted = [response["hrefs"][0] if response["hrefs"] else None
                  for response in record["responses"]
                  if response["outcome"] in ("failed", "missing", "collateral", "unknown")]
        if record["verdict"] in FAILED:
            for href in wanted:
                found[key].remove(href)
    others = {(record["capture"], f"frame {record['frame']}") for record in records("exchange")
              if record["verdict"] in UNREADABLE}
    assert not [key for key, left in found.items() if left and key not in others]


def test_every_failed_exchange_has_a_result():
    told = {(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
             result["properties"]["frame"]) for result in run_of(scan("sarif").stdout)["results"]}
    assert {(record["capture"], record["frame"]) for record in records("exchange")
            if record["verdict"] in FAILED + UNREADABLE} <= told


def test_notifications_tell_of_captures():
    run = run_of(scan("sarif").stdout)
    [invocation] = run["invocations"]
    troubled = [record for record in records("capture") if record["error"]]
    dim = [record for record in records("capture") if record["unseen"]]
    told = invocation["toolExecutionNotifications"]
    assert [note["level"] for note in told] == ["error"] * len(troubled) + ["warning"] * len(dim)
    assert invocation["executionSuccessful"] is (not troubled)


def test_fingerprint_is_the_same_in_another_capture(world, command):
    request = traffic.request("DELETE", "/a/")
    def of(name, status):
        body = ('<D:multistatus xmlns:D="DAV:"><D:response><D:href>/a/b</D:href><D:status>HTTP/1.1 '
                f"{status}</D:status></D:response></D:multistatus>")
        answer = traffic.response(207, body.encode(), {"Content-Type": "application/xml"})
        path = traffic.save(world, name, [traffic.Exchange(request, answer)])
        return run_of(command("-T", "sarif", path).stdout)["results"][0]["partialFingerprints"]
    assert of("print-a", "423 Locked") == of("print-b", "423 Locked") != of("print-c", "403 No")


@pytest.mark.parametrize("name", ["a b%c.pcapng", "x:y.pcapng", "ü.pcapng"])
def test_name_of_a_capture_becomes_a_reference(command, tmp_path, name):
    shutil.copy(CAPTURES / "apache-partial-delete-423.pcapng", tmp_path / name)
    for path in (name, tmp_path / name):
        result = command("-T", "sarif", path, cwd=tmp_path)
        uri = run_of(result.stdout)["results"][0]["locations"][0]["physicalLocation"][
            "artifactLocation"]["uri"]
        assert uri.startswith("file:///") is (path != name)
        assert uri.isascii() and " " not in uri
        assert uri.endswith({"a": "a%20b%25c.pcapng", "x": "y.pcapng", "ü": "%C3%BC.pcapng"}[name[0]])


def test_sarif_multitool_finds_no_error(tmp_path):
    folder = node_package("@microsoft/sarif-multitool")
    tools = list(folder.glob("@microsoft/sarif-multitool-linux/Sarif.Multitool"))
    if not tools:
        pytest.skip("sarif-multitool has no program for this machine")
    tools[0].chmod(tools[0].stat().st_mode | stat.S_IXUSR)
    (tmp_path / "all.sarif").write_bytes(scan("sarif").stdout)
    result = subprocess.run(
        [tools[0], "validate", "all.sarif", "--log", "ForceOverwrite", "-o", "found.sarif"],
        cwd=tmp_path, capture_output=True, check=False,
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", "HOME": str(tmp_path)})
    assert result.returncode == 0, result.stdout[-2000:]
    found = json.loads((tmp_path / "found.sarif").read_text(encoding="utf-8-sig"))["runs"][0]
    # A capture has no lines (2017), and the tool no page to name (2005).
    assert {entry["ruleId"] for entry in found["results"]} <= {"SARIF2005", "SARIF2017"}


# --------------------------------------------------------------------------------- OpenMetrics ----

def families(text):
    parser = pytest.importorskip("prometheus_client.openmetrics.parser")
    return {family.name: family for family in parser.text_string_to_metric_families(text)}


def samples(family):
    return {tuple(sample.labels.values()): sample.value for sample in family.samples}


def test_metrics_are_the_counts():
    found = families(scan("metrics", "--group-by", "method", "--group-by", "host,status").text)
    assert all(family.type == "gauge" for family in found.values())
    exchanges = records("exchange")
    assert samples(found["multistatus_exchanges"]) == {(): len(exchanges)}
    assert samples(found["multistatus_captures"]) == {(): len(records("capture"))}
    for (verdict,), count in samples(found["multistatus_verdict_exchanges"]).items():
        assert count == sum(record["verdict"] == verdict for record in exchanges)
    methods = samples(found["multistatus_method_exchanges"])
    for method in {record["method"] for record in exchanges}:
        assert methods[(method or "",)] == sum(record["method"] == method for record in exchanges)
    assert sum(samples(found["multistatus_status_failed"]).values()) == \
        samples(found["multistatus_failed"])[()]
    assert any(labels[1] == "423" for labels in samples(found["multistatus_host_status_failed"]))


def test_label_with_what_has_to_be_escaped(world, command):
    agent = 'a"b\\c'
    request = traffic.request("DELETE", "/a/", headers={"User-Agent": agent})
    answer = traffic.response(207, b'<D:multistatus xmlns:D="DAV:"/>',
                              {"Content-Type": "application/xml"})
    path = traffic.save(world, "label", [traffic.Exchange(request, answer)])
    found = families(command("-T", "metrics", "--group-by", "user-agent", path).text)
    assert samples(found["multistatus_user_agent_exchanges"]) == {(agent,): 1}


def test_file_ends_with_its_mark(command, tmp_path):
    command("-q", "--metrics", tmp_path / "m.prom", CAPTURES / "apache-partial-delete-423.pcapng")
    assert (tmp_path / "m.prom").read_text().endswith("\n# EOF\n")


# -------------------------------------------------------------------------------- Community ID ----

def test_community_id_is_wiresharks(tshark):
    """Over TCP and QUIC, IPv4 and IPv6."""
    compared = 0
    for name in ("apache-partial-delete-423.pcapng", "apache-ipv6-keepalive.pcapng",
                 "caddy-http3-apache.pcapng"):
        shown = tshark("--enable-protocol", "communityid", "-2", "-r", the_world().captures / name, "-Y",
                       "multistatus", "-T", "fields", "-e", "frame.number", "-e", "communityid")
        pairs = [line.split("\t") for line in shown.lines]
        known = {frame: shown for frame, shown in pairs if shown}
        for record in records("exchange"):
            if record["capture"].endswith(name) and str(record["frame"]) in known:
                assert record["community_id"] == known[str(record["frame"])]
                compared += 1
    if compared == 0 and "(Wireshark) 4.6" in tshark("--version").text:
        pytest.skip("this Wireshark shows no Community ID in these captures")
    assert compared >= 6


# ----------------------------------------------------------------------------------------- ECS ----

# Elastic Common Schema 8.11: the fields that we write, and what they hold. Whatever ECS has no field for has
# to be in an object of its own.
ECS_FIELDS = {
    "@timestamp": str, "message": str, "ecs.version": str, "event.module": str, "event.dataset": str,
    "event.kind": str, "event.category": list, "event.type": list, "event.action": str,
    "event.outcome": str, "event.reason": str, "event.duration": int, "network.protocol": str,
    "network.transport": str, "network.type": str, "network.community_id": str,
    "source.address": str, "source.ip": str, "source.port": int, "destination.address": str,
    "destination.ip": str, "destination.port": int, "http.version": str, "http.request.method": str,
    "http.response.status_code": int, "http.response.body.bytes": int, "url.original": str,
    "url.domain": str, "url.port": int, "url.path": str, "url.query": str,
    "user_agent.original": str, "log.file.path": str, "error.message": str}
ECS_VALUES = {
    "event.kind": {"event"}, "event.outcome": {"success", "failure", "unknown"},
    "event.category": {"web", "network"}, "event.type": {"access", "error", "info"},
    "network.transport": {"tcp", "udp"}, "network.type": {"ipv4", "ipv6"}}


def leaves(value, path=""):
    if not isinstance(value, dict):
        yield path, value
        return
    for key, inner in value.items():
        if path or key != "multistatus":
            yield from leaves(inner, f"{path}.{key}" if path else key)


def test_lines_of_ecs():
    lines = [json.loads(line) for line in scan("ecs").text.splitlines()]
    for line in lines:
        for path, value in leaves(line):
            assert isinstance(value, ECS_FIELDS[path]), path
            allowed = ECS_VALUES.get(path)
            assert not allowed or set([value] if isinstance(value, str) else value) <= allowed
    exchanges = [line for line in lines if line["event"]["dataset"] == "multistatus.exchange"]
    assert len(exchanges) == len(records("exchange"))
    for line, record in zip(exchanges, records("exchange")):
        failed = record["verdict"] in FAILED
        unsure = record["verdict"] in UNREADABLE or not record["complete"]
        assert line["event"]["outcome"] == \
            ("failure" if failed else "unknown" if unsure else "success")
        assert line.get("@timestamp") == record["time"]
        assert line["network"].get("community_id") == record["community_id"]
        assert line["multistatus"]["failed"] == record["failed"]
        if failed:
            troubled = [response["hrefs"] for response in record["responses"] if
                        response["outcome"] in ("failed", "missing", "collateral", "unknown")]
            assert [entry["hrefs"] for entry in line["multistatus"]["failed_resources"]] == troubled
    told = [line for line in lines if line["event"]["dataset"] == "multistatus.capture"]
    assert len(told) == sum(bool(record["error"] or record["unseen"]) for record in records("capture"))


@pytest.mark.parametrize(("target", "host", "url"), [
    ("/a/b?c=d#e", "dav.example", {"domain": "dav.example", "path": "/a/b", "query": "c=d#e"}),
    ("http://o.example/a?b", "h:81", {"domain": "h", "port": 81, "path": "/a", "query": "b"}),
    ("http://o.example", "[::1]:8", {"domain": "::1", "port": 8, "path": "/"}),
    ("*", "[::1]", {"domain": "[::1]", "path": "*"})])
def test_url_in_parts(world, command, target, host, url):
    answer = traffic.response(207, b'<D:multistatus xmlns:D="DAV:"/>',
                              {"Content-Type": "application/xml"})
    path = traffic.save(world, "ecs-url", [
        traffic.Exchange(traffic.request("PROPFIND", target, host=host), answer)])
    line, = map(json.loads, command("-T", "ecs", path).lines)
    assert line["url"] == {"original": target, **url}


def test_redacted_lines_claim_no_address(command):
    for line in map(json.loads, command("-T", "ecs", "--redact", CAPTURES).lines):
        assert "ip" not in line.get("source", {}) and "type" not in line.get("network", {})


# -------------------------------------------------------------------------------------- SQLite ----

needs_sqlite = pytest.mark.skipif(not HAS_SQLITE, reason="built without libsqlite3")
SCHEMA = json.loads((REPOSITORY / "docs/record.schema.json").read_text())


@contextlib.contextmanager
def opened(contents):
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.row_factory = sqlite3.Row
        database.deserialize(contents)
        yield database


@functools.lru_cache(maxsize=None)
def all_rows():
    """Of every table, as dictionaries."""
    with opened(scan("sqlite").stdout) as database:
        names = [name for name, in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: list(map(dict, database.execute(f"SELECT * FROM {name} ORDER BY 1, 2"))) for name in names}


def grouped(table, *keys):
    """By what they belong to, in order."""
    found = {}
    for row in sorted(all_rows()[table], key=lambda row: row["number"]):
        found.setdefault(tuple(row[key] for key in keys), []).append(row)
    return found


def as_record(row, like, **lists):
    """The object of a record that a row stands for."""
    made = {key: lists.get(key, row.get(key)) for key in like}
    for key, value in like.items():
        if isinstance(value, bool):
            assert made[key] in (0, 1)
            made[key] = bool(made[key])
    return made


@needs_sqlite
def test_database_holds_what_records_hold():
    """Every value of every record, and nothing else."""
    resources, propstats = grouped("resources", "exchange_id"), grouped("propstats", "resource_id")
    more, properties = grouped("more_hrefs", "resource_id"), grouped("properties", "propstat_id")
    conditions = grouped("conditions", "resource_id", "propstat_id")
    of = {table: grouped(table, "resource_id") for table in ("condition_details", "locks")}
    findings = grouped("findings", "exchange_id")
    names = {row["id"]: row["capture"] for row in all_rows()["captures"]}

    def named(resource, propstat):
        return [row["condition"] for row in conditions.get((resource, propstat), [])]

    def hrefs(row):
        return [href for href in [row["href"]] if href is not None] + \
            [other["href"] for other in more.get((row["id"],), [])]

    assert len(all_rows()["exchanges"]) == len(records("exchange")) > 300
    for row, record in zip(all_rows()["exchanges"], records("exchange")):
        mine = resources.get((row["id"],), [])
        assert [entry["number"] for entry in mine] == list(range(len(record["responses"])))
        responses = [as_record(
            entry, like, hrefs=hrefs(entry), conditions=named(entry["id"], None),
            propstats=[as_record(group, one, conditions=named(entry["id"], group["id"]), properties=[
                property_row["property"] for property_row in properties.get((group["id"],), [])])
                for group, one in zip(propstats.get((entry["id"],), []), like["propstats"], strict=True)])
            for entry, like in zip(mine, record["responses"], strict=True)]
        places = {entry["id"]: entry["number"] for entry in mine}
        about = {key: [as_record({**part, "response": places[part["resource_id"]]}, like) for part, like in zip(
            sorted((part for place in places for part in of[key].get((place,), [])),
                   key=lambda part: part["number"]), record[key], strict=True)]
            for key in ("condition_details", "locks")}
        found = [as_record(part, like) for part, like in
                 zip(findings.get((row["id"],), []), record["findings"], strict=True)]
        made = as_record({**row, "capture": names[row["capture_id"]], "type": "exchange", "schema": 1},
                         record, responses=responses, findings=found, **about)
        assert made == record


@needs_sqlite
def test_database_tells_of_captures():
    unseen = {}
    for row in all_rows()["unseen"]:
        unseen.setdefault(row["capture_id"], []).append((row["reason"], row["count"], row["bytes"]))
    for row, record in zip(all_rows()["captures"], records("capture"), strict=True):
        assert as_record({**row, "type": "capture", "schema": 1}, record, unseen=None) == \
            {**record, "unseen": None}
        wanted = [(part["reason"], part["count"], part["bytes"]) for part in record["unseen"] or []]
        assert sorted(unseen.get(row["id"], [])) == sorted(wanted)
        assert row["unseen"] == (None if record["unseen"] is None else sum(part[1] for part in wanted))


@needs_sqlite
def test_every_key_of_records_is_in_the_database():
    """Also of those that no sample capture has."""
    kinds = {"exchange": "exchanges", "capture": "captures", "response": "resources", "propstat": "propstats",
             "lock": "locks", "detail": "condition_details", "finding": "findings"}
    elsewhere = {"type", "schema", "capture", "responses", "response", "hrefs", "conditions", "propstats",
                 "properties", "findings", "locks", "condition_details"}
    with opened(scan("sqlite").stdout) as database:
        columns = {table: {row["name"] for row in database.execute(f"PRAGMA table_info({table})")}
                   for table in kinds.values()}
    for kind, table in kinds.items():
        assert set(SCHEMA["definitions"][kind]["properties"]) - elsewhere <= columns[table], kind


@needs_sqlite
def test_database_is_sound():
    with opened(scan("sqlite").stdout) as database:
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert not database.execute("PRAGMA foreign_key_check").fetchall()
        assert database.execute("PRAGMA user_version").fetchone()[0] == 1
        tables = database.execute("SELECT name, strict FROM pragma_table_list WHERE type = 'table' "
                                  "AND name NOT LIKE 'sqlite_%'").fetchall()
        assert len(tables) == 13 and all(row["strict"] for row in tables)


@needs_sqlite
def test_views_count_what_records_count():
    exchanges = records("exchange")
    bad = ("failed", "missing", "collateral", "unknown")
    troubled = [(record["capture"], record["frame"], (response["hrefs"] or [None])[0], response["outcome"])
                for record in exchanges for response in record["responses"] if response["outcome"] in bad]
    by = {"per_method": lambda record: record["method"], "per_server": lambda record: record["server"],
          "per_day": lambda record: (record["time"] or "")[:10] or None,
          "per_client": lambda record: record["client"] and record["client"].rpartition(":")[0]}
    with opened(scan("sqlite").stdout) as database:
        found = [tuple(row) for row in database.execute("SELECT capture, frame, href, outcome FROM failures")]
        assert sorted(found, key=repr) == sorted(troubled, key=repr)
        count = database.execute("SELECT count(*) FROM failed_exchanges").fetchone()[0]
        assert count == sum(record["verdict"] in FAILED + UNREADABLE for record in exchanges)
        for view, key in by.items():
            wanted = {}
            for record in exchanges:
                row = wanted.setdefault(key(record), [0, 0, 0, 0, 0])
                for i, more in enumerate((1, record["verdict"] in FAILED + UNREADABLE, record["resources"],
                                          record["failed"], record["collateral"])):
                    row[i] += more
            assert {row[0]: list(row)[1:] for row in database.execute(f"SELECT * FROM {view}")} == wanted
        for row in database.execute("SELECT * FROM per_resource"):
            mine = [(record["time"], response["outcome"] in ("failed", "missing")) for record in exchanges
                    for response in record["responses"]
                    if (record["server"], record["host"]) == (row["server"], row["host"])
                    and (response["hrefs"] or [None])[0] == row["href"]]
            assert (len(mine), sum(failed for _, failed in mine)) == (row["occurrences"], row["failed"])
            assert row["last_failure"] == max((time for time, failed in mine if failed), default=None)
        problems = {row["capture"] for row in database.execute("SELECT * FROM capture_problems")}
        assert problems == {record["capture"] for record in records("capture") if record["error"]
                            or not record["complete"] or record["unseen"] is None or record["unseen"]}
        total = database.execute("SELECT sum(count) FROM not_seen").fetchone()[0]
        assert total == sum(part["count"] for record in records("capture") for part in record["unseen"] or [])


@needs_sqlite
@pytest.mark.parametrize("view", ["failures", "failed_exchanges", "failed_properties"])
def test_views_of_failures_look_at_nothing_else(view):
    with opened(scan("sqlite").stdout) as database:
        plan = [row["detail"] for row in database.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {view}")]
    scans = [line for line in plan if line.startswith("SCAN")]
    assert set(scans) <= {"SCAN outcomes", "SCAN verdicts", f"SCAN {view}"} and "AUTOMATIC" not in " ".join(plan)


@needs_sqlite
def test_texts_of_servers_stay_texts(world, command, tmp_path):
    """Quotes, statements, control characters, NUL and bytes that are no UTF-8."""
    href = "/'); DROP TABLE resources; --&quot;"
    body = (b'<D:multistatus xmlns:D="DAV:"><D:response><D:href>' + href.encode() + b"</D:href><D:status>HTTP/1.1 "
            b"423 Locked</D:status><D:responsedescription>\xe2\x80\xae\xc2\x9b31m'\"</D:responsedescription>"
            b"</D:response></D:multistatus>")
    request = traffic.request("DELETE", "/a\x01'", headers={"User-Agent": "a\x1b[2J'; DROP TABLE exchanges"})
    request = request.replace(b"Host:", b"X-Bad: \xff\xfe\x00\r\nHost:").replace(b"[2J", b"[2J\x00\xff")
    path = traffic.save(world, "sqlite-hostile", [traffic.Exchange(
        request, traffic.response(207, body, {"Content-Type": "application/xml"}))])
    [record, _] = command("-T", "ndjson", path).objects
    command("-q", "--sqlite", tmp_path / "x.db", path)
    with opened((tmp_path / "x.db").read_bytes()) as database:
        row = database.execute("SELECT * FROM failures").fetchone()
        assert row["href"] == record["responses"][0]["hrefs"][0] == href.replace("&quot;", '"')
        assert row["description"] == record["responses"][0]["description"]
        [agent, uri] = database.execute("SELECT user_agent, uri FROM exchanges").fetchone()
        assert (agent, uri) == (record["user_agent"], record["uri"])
        assert len(database.execute("SELECT name FROM sqlite_master").fetchall()) > 20


@needs_sqlite
def test_capture_whose_name_comes_again_is_another(command, tmp_path):
    """And one whose record is missing is there nevertheless."""
    capture = CAPTURES / "apache-partial-delete-423.pcapng"
    lines = command("-T", "ndjson", capture).stdout.splitlines(keepends=True)
    other = b"".join(lines).replace(b"b.txt", b"c.txt")
    (tmp_path / "a").write_bytes(b"".join(lines[:-1]))
    (tmp_path / "b").write_bytes(other)
    result = command("report", "-q", "--sqlite", tmp_path / "x.db", tmp_path / "a", tmp_path / "b")
    assert result.status in (0, 2)
    with opened((tmp_path / "x.db").read_bytes()) as database:
        rows = database.execute("SELECT captures.complete, count(*) FROM captures JOIN exchanges ON capture_id = "
                                "captures.id GROUP BY captures.id").fetchall()
        assert sum(row[1] for row in rows) == 2 * (len(lines) - 1)
        assert not database.execute("PRAGMA foreign_key_check").fetchall()


@needs_sqlite
def test_database_of_somebody_else_is_not_replaced(command, tmp_path):
    path = tmp_path / "theirs.db"
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE exchanges (id)")
        database.commit()
    before = path.read_bytes()
    result = command("-q", "--sqlite", path, CAPTURES / "apache-partial-delete-423.pcapng")
    assert result.status == 1 and f'--sqlite would overwrite "{path}"' in result.stderr
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["theirs.db"]


@needs_sqlite
def test_no_room_for_the_temporary_file(command, world, tmp_path):
    capture = CAPTURES / "apache-partial-delete-423.pcapng"
    environment = world.environment(TMPDIR=str(tmp_path / "none"))
    result = command("--csv", tmp_path / "x.csv", "--sqlite", tmp_path / "x.db", capture, environment=environment)
    assert result.status == 2 and f'"{tmp_path / "x.db"}" could not be written' in result.stderr
    assert os.listdir(tmp_path) == ["x.csv"]


@needs_sqlite
def test_database_is_not_written_to_a_terminal(command):
    ends = pty.openpty()
    try:
        result = command("-T", "sqlite", CAPTURES / "apache-partial-delete-423.pcapng", stdout=ends[1])
    finally:
        os.close(ends[0])
        os.close(ends[1])
    assert result.status == 1 and "--sqlite FILE" in result.stderr


@pytest.mark.skipif(HAS_SQLITE, reason="built with libsqlite3")
def test_build_without_libsqlite3_says_so(command, tmp_path):
    for arguments in (("-T", "sqlite"), ("--sqlite", tmp_path / "x.db")):
        result = command(*arguments, CAPTURES / "apache-partial-delete-423.pcapng")
        assert result.status == 1 and "without libsqlite3" in result.stderr and not os.listdir(tmp_path)
