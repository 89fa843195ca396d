"""Records and reports: the schema, the report of saved records, selection, grouping, formats.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections
import csv
import functools
import html
import io
import itertools
import json
import re
import subprocess
import urllib.parse

import jsonschema
import pytest

import conftest
from conftest import CAPTURES, REPOSITORY, capture_paths, keylog_of, scan, the_world

SCHEMA = json.loads((REPOSITORY / "docs" / "record.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


# ----------------------------------------------------------------------------------- schema ----

def test_the_schema_is_one():
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_every_record_is_valid(capture):
    objects = scan(capture.name, "-T", "ndjson").objects
    assert objects
    for record in objects:
        # With oneOf, the errors of the right branch say more.
        branch = {"$ref": f"#/definitions/{record['type']}", "definitions": SCHEMA["definitions"]}
        errors = list(jsonschema.Draft7Validator(branch).iter_errors(record))
        assert not errors, errors[0]


@pytest.mark.parametrize("change", [{"later": 1}, {"verdict": "good"}, {"frame": 0},
                                    {"responses": None}, {"schema": 2}])
def test_the_schema_refuses(change):
    record = scan("apache-partial-delete-423.pcapng", "-T", "ndjson").exchanges[0]
    assert VALIDATOR.is_valid(record)
    assert not VALIDATOR.is_valid({**record, **change})
    del record["host"]
    assert not VALIDATOR.is_valid(record)


# -------------------------------------------------------------------- one failure in all formats ----

@pytest.mark.parametrize("name,result,why", [
    ("apache-partial-delete-423.pcapng", "2 of 2 failed (423 Locked)", None),
    ("apache-proppatch-403-424.pcapng", "1 of 1 failed (409 Conflict)", None),
    ("json-batches.pcapng", "1 of 3 failed (409 Conflict), 1 more only because of that (424)", None),
    ("apache-propfind-aborted-midstream.pcapng", "594 resources read, 1 without a readable status",
     "The body is cut off at byte 289039"),
])
def test_formats_say_the_same_of_a_failed_exchange(name, result, why):
    for form in ("text", "markdown", "html"):
        found = html.unescape(scan(name, "-T", form).text)
        found = re.sub(r"&#58;", ":", found).replace("\\", "")
        found = " ".join(re.sub(r"<[^>]*>", " ", found).split())
        assert result in found, form
        assert why is None or why in found, form
        assert "no status code" in found or "no status" not in found, form


# ------------------------------------------------------------------- report of saved records ----

# The HTML report has tests of its own (test_html.py).
FORMATS = tuple(form for form in conftest.FORMATS if form != "html")
EXTRA = FORMATS[1:]
LOCKED = "apache-partial-delete-423.pcapng"
LISTING = "apache-propfind-404-infinity.pcapng"


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    """saved(NAME...) is a file with the records of these captures; of all without a name."""
    folder = tmp_path_factory.mktemp("records")

    def save(*names):
        path = folder / ("+".join(names or ("all",)) + ".ndjson")
        if not path.exists():
            path.write_bytes(b"".join(scan(name, "-T", "ndjson").stdout for name in
                                      names or [capture.name for capture in capture_paths()]))
        return path
    return save


@pytest.fixture(scope="session")
def report(command):
    """report(ARGUMENT...) makes a report of saved records, which must go well."""
    def run(*arguments, **options):
        result = command("report", *arguments, **options)
        assert result.status == 0 and not result.stderr, result.stderr
        return result.stdout
    return run


@functools.lru_cache(maxsize=None)
def scan_all(*arguments):
    """All sample captures in one run, without keys: what the command prints."""
    world = the_world()
    return world.run([world.command, *arguments, "."], cwd=CAPTURES)


@functools.lru_cache(maxsize=None)
def all_records(*arguments):
    return scan_all("-T", "ndjson", *arguments).stdout


@pytest.mark.parametrize("kind", FORMATS)
def test_report_equals_scan(report, kind):
    assert report("-T", kind, "-", stdin=all_records()) == scan_all("-T", kind).stdout


def outputs(folder):
    return [word for kind in EXTRA for word in (f"--{kind}", folder / kind)]


def test_report_equals_scan_for_every_capture(command, capture, tmp_path):
    """In every format, with everything that options can ask of them."""
    keylog = keylog_of(capture)
    keys = ("--keylog", keylog) if keylog else ()
    asked = ("--explain", "--group-by", "method,status", "--group-by", "resource", "--top", "5")
    scanned, reported = tmp_path / "scan", tmp_path / "report"
    scanned.mkdir()
    reported.mkdir()
    one = command(*asked, *keys, *outputs(scanned), capture)
    other = command("report", *asked, *outputs(reported), scanned / "ndjson")
    assert other.status == 0 and other.stdout == one.stdout
    for kind in EXTRA:
        assert (scanned / kind).read_bytes() == (reported / kind).read_bytes(), kind


def test_order_and_repetition_do_not_matter(report, saved, tmp_path):
    names = [path.name for path in capture_paths()][:6]
    expected = report("-T", "ndjson", saved(*names))
    files = [saved(name) for name in names]
    assert report("-T", "ndjson", *files) == expected
    assert report("-T", "ndjson", *reversed(files), files[2], saved(*names[1:4])) == expected
    everything = b"".join(path.read_bytes() for path in [*files, *reversed(files)])
    assert report("-T", "ndjson", "-", stdin=everything) == expected
    # Lines of two captures that alternate, as a merge of two streams may have them.
    one, other = (saved(name).read_bytes().splitlines(True) for name in (LOCKED, LISTING))
    mixed = tmp_path / "mixed"
    mixed.write_bytes(b"".join(line for pair in itertools.zip_longest(one, other, fillvalue=b"")
                               for line in pair))
    assert report("-T", "ndjson", mixed) == report("-T", "ndjson", saved(LOCKED), saved(LISTING))


def test_one_file_keeps_its_order(command, report, saved, tmp_path):
    names = [LISTING, LOCKED]
    path = tmp_path / "records"
    path.write_bytes(b"".join(saved(name).read_bytes() for name in names))
    assert report("-T", "ndjson", path) == path.read_bytes()
    # What is counted has one order, whatever came first.
    scanned = [command(*(CAPTURES / name for name in order)).stdout
               for order in (names, names[::-1])]
    assert scanned[0] == scanned[1]


def test_records_written_otherwise_are_the_same(report, saved):
    """By jq or another program: other white space, other order of keys, more keys."""
    lines = [json.dumps({"later": {}, **dict(reversed(json.loads(line).items()))})
             for line in saved(LISTING).read_text("utf-8").splitlines()]
    assert report("-T", "ndjson", saved(LISTING), "-", stdin="\r\n\n".join(lines).encode()) == \
        saved(LISTING).read_bytes()


def test_same_name_other_content_keeps_both(command, saved):
    other = saved(LISTING).read_bytes().replace(b'"method":"PROPFIND"', b'"method":"REPORT"')
    result = command("report", "-T", "ndjson", saved(LISTING), "-", stdin=other)
    assert result.status == 0 and LISTING in result.stderr and "more than once" in result.stderr
    assert len(result.objects) == 2 * len(saved(LISTING).read_bytes().splitlines())
    assert command("report", "-q", saved(LISTING), "-", stdin=other).stderr == ""


def test_damaged_lines_are_named(command, saved, tmp_path):
    lines = saved(LOCKED).read_bytes().splitlines(True)
    damaged = tmp_path / "damaged.ndjson"
    damaged.write_bytes(b"nonsense\n" + lines[0] + b'{"type":"capture","schema":9}\n'
                        + b"".join(lines[1:-1]) + lines[-1][:20])
    result = command("report", "-T", "ndjson", damaged)
    assert result.status == 2
    assert result.stdout == b"".join(lines[:-1])
    for words in (f'"{damaged}": line 1 ', "line 3 ", "newer version", f"line {len(lines) + 2} ",
                  LOCKED):
        assert words in result.stderr, result.stderr


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\0" * 5000, b"[" * 100000, b"{}\n" * 50,
                                     (CAPTURES / LOCKED).read_bytes()])
def test_no_records_at_all(command, tmp_path, content):
    path = tmp_path / "x"
    path.write_bytes(content)
    result = command("report", path)
    assert result.status == 3 and "holds no records" in result.stderr
    assert len(result.stderr.splitlines()) <= 12


def test_missing_file_beside_a_good_one(command, saved, tmp_path):
    result = command("report", tmp_path / "missing", saved(LOCKED), tmp_path)
    assert result.status == 2 and "missing" in result.stderr
    assert result.stdout == command("report", saved(LOCKED)).stdout
    assert command("report", tmp_path / "missing").status == 3
    assert command("report").status == 1


def test_report_has_no_display_filter(command, saved):
    result = command("report", "-Y", "http", saved(LOCKED))
    assert result.status == 1 and result.stdout == b"" and "-Y" in result.stderr


def test_report_from_a_pipe(world, saved, report):
    with subprocess.Popen(["cat", saved(LOCKED)], stdout=subprocess.PIPE) as cat:
        result = world.run([world.command, "report", f"/dev/fd/{cat.stdout.fileno()}"],
                           pass_fds=[cat.stdout.fileno()])
    assert result.status == 0 and result.stdout == report(saved(LOCKED))


# ----------------------------------------------------------------------------------- selection ----

def selected(*arguments):
    """(capture, frame) of the exchanges that a report of all records selects."""
    world = the_world()
    result = world.run([world.command, "report", "-T", "ndjson", *arguments, "-"],
                       stdin=all_records())
    assert result.status == 0, result.stderr
    return {(record["capture"], record["frame"]) for record in result.exchanges}


@functools.lru_cache(maxsize=None)
def all_exchanges():
    records = [json.loads(line) for line in all_records().splitlines()]
    return [record for record in records if record["type"] == "exchange"]


def expected(condition):
    return {(record["capture"], record["frame"]) for record in all_exchanges()
            if condition(record)}


def deciding(response):
    """The status of a resource that has only one."""
    return response["status"]


SELECTIONS = {
    ("--method", "DELETE,move"): lambda r: r["method"] in ("DELETE", "MOVE"),
    ("--verdict", "partial"): lambda r: r["verdict"] == "partial",
    ("--host", "127.0.0.*"): lambda r: r["host"].split(":")[0] == "127.0.0.1",
    ("--client", "::1"): lambda r: r["client"].startswith("[::1]"),
    ("--server", "127.0.0.1:80"): lambda r: r["server"] == "127.0.0.1:80",
    ("--outcome", "missing,removed"): lambda r: any(
        x["outcome"] in ("missing", "removed") for x in r["responses"]),
    ("--failed-only",): lambda r: r["verdict"] in ("partial", "failure", "malformed", "undecoded")
        or any(x["outcome"] == "unknown" for x in r["responses"])
        or any(x["rule"] == "namespace_error" for x in r["findings"]),
    ("--since", "2026-11-22T07:31", "--until", "2026-11-22T07:32:00Z"):
        lambda r: "2026-11-22T07:31:00" <= r["time"] <= "2026-11-22T07:32:00",
    ("--until", "2026-11-21"): lambda r: False,
    ("--status", "423", "--method", "DELETE"): lambda r: r["method"] == "DELETE" and (
        r["http_status"] == 423 or any(x["status"] == 423 for x in r["responses"])),
    ("--path", "*.ics"): lambda r: (r["uri"] or "").endswith(".ics") or any(
        h.endswith(".ics") for x in r["responses"] for h in x["hrefs"]),
}


@pytest.mark.parametrize("arguments", SELECTIONS, ids=" ".join)
def test_selection(arguments):
    found = selected(*arguments)
    assert found == expected(SELECTIONS[arguments])
    assert found or arguments[0] == "--until"
    assert len(found) < len(all_exchanges())


def test_selection_is_the_same_in_both_verbs(command, report, saved):
    asked = ("--status", "423", "--path", "/dav/*", "-T", "csv")
    assert report(*asked, saved(LOCKED)) == command(*asked, LOCKED, cwd=CAPTURES).stdout


@pytest.mark.parametrize("arguments", [
    ("--status", "x"), ("--outcome", "good"), ("--verdict", ""), ("--since", "yesterday"),
    ("--group-by", "size"), ("--sort", "size"), ("--top", "many"), ("--fail-on", "failed"),
    ("-e", "nothing"), ("-E", "colour=red"), ("--width", "3"), ("-T", "pdf"),
    ("--csv", "-"), ("--csv", "x", "--json", "x"), ("-O", "x", "--csv", "x")])
def test_bad_values_are_usage_errors(command, saved, arguments, tmp_path):
    result = command("report", *arguments, saved(LOCKED), cwd=tmp_path)
    assert result.status == 1 and result.stdout == b""
    assert arguments[-2].lstrip("-") in result.stderr or arguments[-1] in result.stderr
    assert not list(tmp_path.iterdir())


# ------------------------------------------------------------------------- groups and tables ----

def tables(*arguments, status=0):
    world = the_world()
    result = world.run([world.command, "report", "-T", "json", *arguments, "-"],
                       stdin=all_records())
    assert result.status == status, result.stderr
    return json.loads(result.stdout)["report"]


def test_group_by_one_dimension():
    rows = {row["method"]: row for row in tables("--group-by", "method")["by_method"]}
    for method in {record["method"] for record in all_exchanges()}:
        of = [record for record in all_exchanges() if record["method"] == method]
        assert rows[method]["exchanges"] == len(of)
        assert rows[method]["failed"] == sum(record["failed"] for record in of)
        assert rows[method]["collateral"] == sum(record["collateral"] for record in of)
        assert rows[method]["first"] == min(record["time"] for record in of)
        assert rows[method]["last"] == max(record["time"] for record in of)


def status_of(row):
    """What orders statuses: codes, then the words of answers that give none."""
    return (row["status"] is None, row["status"] or 0, row.get("reason") or "")


def test_the_word_in_place_of_a_code(command):
    """Rows of most batches have no code: what they have instead is counted, sorted and named, not hidden."""
    words = collections.Counter(
        response["reason"] for record in all_exchanges() for response in record["responses"]
        if response["outcome"] in conftest.SHOWN_FIRST[0]
        and response["status"] is None and not response["propstats"])
    assert words["InternalFailure"] == 1 and words["AccessDenied"] >= 1
    for rows in tables()["statuses"], tables("--group-by", "status")["by_status"]:
        assert collections.Counter({row.get("reason"): row["failed"] for row in rows
                        if row["status"] is None and row["failed"]}) == words
        assert not [row for row in rows if row["status"] is not None and "reason" in row]
    batches = str(CAPTURES / "documented-batches.pcapng")
    assert "\nInternalFailure,1," in command("-T", "csv", "--group-by", "status", batches).stdout.decode()
    assert 'multistatus_status_failed{status="InternalFailure"} 1' in command("-T", "metrics", batches).stdout.decode()
    text = command("--top", "0", batches).stdout.decode()
    row = re.search(r"^failed +(.*?)^\S", text, re.M | re.S)[1]
    named = dict(pair.rsplit(": ", 1) for pair in " ".join(row.split()).split(", "))
    assert named["404 Not Found"] == "4" and len(named) == 12
    assert sum(map(int, named.values())) == 26
    assert "2 of 3 failed (InternalFailure: 1," in text and "no status code" not in text


def test_group_by_several_dimensions():
    report_tables = tables("--group-by", "client,status", "--group-by", "condition")
    assert {"by_client_status", "by_condition"} <= set(report_tables)
    by_status = tables("--group-by", "status")["by_status"]
    nested = report_tables["by_client_status"]
    for row in by_status:
        assert row["failed"] == sum(one["failed"] for one in nested
                                    if status_of(one) == status_of(row))
    failed = sum(record["failed"] for record in all_exchanges())
    assert sum(row["failed"] for row in by_status) == failed


def test_sort_and_top():
    rows = tables("--group-by", "status", "--sort", "exchanges")["by_status"]
    counts = [row["exchanges"] for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert tables("--group-by", "status", "--sort", "exchanges", "--top", "2")["by_status"] == \
        rows[:2]
    by_code = tables("--group-by", "status", "--sort", "status")["by_status"]
    assert [status_of(row) for row in by_code] == sorted(status_of(row) for row in rows)


def test_parties_and_recurring():
    found = tables()
    assert sum(row["exchanges"] for row in found["servers"]) == len(all_exchanges())
    assert sum(row["exchanges"] for row in found["clients"]) == len(all_exchanges())
    assert {row["server"] for row in found["servers"]} == \
        {record["server"] for record in all_exchanges()}
    assert found["recurring"]
    for row in found["recurring"]:
        of = [record for record in all_exchanges() if record["method"] == row["method"]
              and record["host"] == row["host"]
              and any(x["outcome"] in ("failed", "missing") and row["resource"].rstrip("/") in
                      [href.rstrip("/") for href in x["hrefs"]] for x in record["responses"])]
        assert row["exchanges"] >= 2
        assert row["first"] >= min(record["time"] for record in all_exchanges())
        assert not of or row["first"] in [record["time"] for record in of]


def test_explain_gives_the_hints_of_tshark(tshark, world, command):
    """The same words as in the tree."""
    shown = tshark("-r", world.captures / LOCKED, "-Y", "multistatus.hint", "-T", "fields", "-e",
                   "multistatus.hint", "-E", "separator=|", "-E", "aggregator=|").text
    # Only the tree also tells of the lock that was in the way and of habits of the server.
    hints = {hint.rsplit(" (", 1)[0] for hint in shown.replace("\n", "|").split("|")
             if hint and not re.match(r"The lock's root is |[a-z_]+: ", hint)}
    found = command("-T", "json", "--explain", CAPTURES / LOCKED)
    assert hints and hints == {row["hint"] for row in json.loads(found.stdout)["report"]["hints"]}
    text = " ".join(command("--explain", CAPTURES / LOCKED).text.split())
    assert all(hint in text for hint in hints)


# ------------------------------------------------------------------------------------ formats ----

def test_csv_has_a_row_for_every_resource(report):
    rows = list(csv.DictReader(io.StringIO(report(
        "-T", "csv", "-", stdin=all_records()).decode())))
    assert len(rows) == sum(max(1, record["resources"]) for record in all_exchanges())
    failed = list(csv.DictReader(io.StringIO(report(
        "-T", "csv", "--failed-only", "-e", "outcome", "-e", "verdict", "-", stdin=all_records())
        .decode())))
    assert sum(row["outcome"] in ("failed", "missing") for row in failed) == \
        sum(record["failed"] for record in all_exchanges())
    assert {row["outcome"] for row in failed} <= {"failed", "missing", "collateral", "unknown", ""}


def test_fields_and_layout(command, report, saved):
    listed = [line.split()[0] for line in command("--help-fields").lines[1:]]
    everything = [word for name in listed for word in ("-e", name)]
    header = report("-T", "csv", *everything, saved(LOCKED)).decode().splitlines()[0]
    assert header == ",".join(listed)
    rows = report("-T", "tsv", "-E", "header=n", "-e", "frame", "-e", "multistatus.href", "-e",
                  "status", saved(LOCKED)).decode().splitlines()
    record = json.loads(saved(LOCKED).read_text("utf-8").splitlines()[0])
    assert rows[0] == f"{record['frame']}\t{record['responses'][0]['hrefs'][0]}\t423"
    # Only fields of the exchange: a row for each exchange.
    rows = report("-T", "csv", "-E", "separator=;,quote=d", "-e", "frame", "-e", "verdict",
                  saved(LOCKED)).decode().splitlines()
    assert rows[0] == '"frame";"verdict"' and len(rows) == 4


def test_groups_as_csv(report, saved):
    text = report("-T", "csv", "--group-by", "status", "--group-by", "method", saved(LOCKED))
    one, other = text.decode().split("\n\n")
    assert one.startswith("status,exchanges,") and other.startswith("method,exchanges,")


HOSTILE = "=cmd|' /C calc'!A0 \x1b[2J\u202e\u009b31m <script>alert(1)</script> | [x](http://e.example/)"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory, saved):
    """Records in which every text from the wire is hostile."""
    record = json.loads(saved(LOCKED).read_text("utf-8").splitlines()[0])
    for key in ("client", "server", "host", "method", "uri", "user_agent", "server_software",
                "server_dav", "capture"):
        record[key] = HOSTILE
    for response in record["responses"]:
        response.update(hrefs=[HOSTILE], description=HOSTILE, conditions=[HOSTILE])
    path = tmp_path_factory.mktemp("hostile") / "records"
    summary = {"type": "capture", "schema": 1, "capture": HOSTILE, "frames": 1, "exchanges": 1,
               "complete": False, "error": HOSTILE}
    path.write_text("".join(json.dumps(one) + "\n" for one in (record, summary)), "utf-8")
    return path


@pytest.mark.parametrize("kind", ["text", "csv", "tsv", "markdown"])
def test_nothing_from_the_wire_controls_the_output(command, hostile, kind):
    for more in ((), ("--group-by", "resource,method,host", "--group-by", "condition")):
        text = command("report", "-T", kind, "--color", "never", *more, hostile).text
        assert not {"\x1b", "\u202e", "\x9b", "\r"} & set(text)
        assert "calc" in text
        if kind == "markdown":
            assert "<script" not in text and "[x]" not in text and "http:" not in text
        if kind in ("csv", "tsv"):
            assert not [cell for row in csv.reader(io.StringIO(text),
                                                   delimiter="," if kind == "csv" else "\t")
                        for cell in row if cell[:1] in ("=", "+", "-", "@")]


def test_wide_characters_are_aligned(command, saved):
    lines = saved(LOCKED).read_text("utf-8").replace("curl/", "\u65e5\u672c\u8a9e e\u0301/")
    out = command("report", "-", stdin=lines.encode()).text
    row = next(line for line in out.splitlines() if "\u65e5\u672c" in line and "  1" in line)
    title = next(line for line in out.splitlines() if line.startswith("  client "))
    wide = sum(2 if ord(c) > 0x3000 else 0 if c == "\u0301" else 1 for c in row)
    assert wide == len(title)


@pytest.mark.parametrize("width", [70, 100, 140])
def test_tables_fit_the_width(report, width):
    text = report("--width", str(width), "--group-by", "resource,method", "-",
                  stdin=all_records()).decode()
    rows = text.split("By resource and method\n")[1].split("\n\n")[0].splitlines()
    # Too narrow for its keys and numbers, a row says itself what it counts, in one line or two.
    assert 22 < len(rows) <= 41 if width == 70 else len(rows) == 22
    assert max(map(len, rows)) <= width


def test_extra_outputs_are_what_the_format_writes(command, tmp_path):
    main = command(*outputs(tmp_path), CAPTURES / LOCKED)
    assert main.stdout == command(CAPTURES / LOCKED).stdout
    for kind in EXTRA:
        assert (tmp_path / kind).read_bytes() == command("-T", kind, CAPTURES / LOCKED).stdout
    result = command("--csv", tmp_path / "no" / "x", "--json", tmp_path / "j", CAPTURES / LOCKED)
    assert result.status == 2 and not (tmp_path / "j").exists()


# -------------------------------------------------------------------------------- for scripts ----

@pytest.mark.parametrize("condition,status", [
    ("failed>0", 10), ("failed>1000", 0), ("exchanges==0", 0), ("exchanges==3", 10),
    ("status:423>=2 && partial>5", 0), ("status:423>=2 || partial>5", 10),
    ("undecoded>0 or failure>0", 10)])
def test_fail_on(command, saved, condition, status):
    assert command("report", "--fail-on", condition, saved(LOCKED)).status == status


def test_fail_on_and_other_statuses(command, saved, tmp_path):
    cut = CAPTURES / "cutfile-apache-copy-move.pcapng"
    assert command(cut).status == 2
    assert command("--fail-on", "exchanges>0", cut).status == 10
    assert command("--fail-on", "exchanges>1000", cut).status == 2
    assert command("--fail-on", "exchanges==0", tmp_path / "missing").status == 3
    # Any of several, and what is selected counts.
    assert command("report", "--fail-on", "failed>99", "--fail-on", "failed>0",
                   saved(LOCKED)).status == 10
    assert command("report", "--method", "COPY", "--fail-on", "exchanges==0",
                   saved(LOCKED)).status == 10


# ------------------------------------------------------------------------------------ redaction ----

@functools.lru_cache(maxsize=None)
def small_records():
    """All records but those of long listings."""
    return b"".join(line for line in all_records().splitlines(True)
                    if json.loads(line).get("resources", 0) < 50)


@functools.lru_cache(maxsize=None)
def wire_texts():
    """What must not survive: everything in the records that could name somebody or something."""
    texts = set()
    for record in all_exchanges():
        texts |= {record["host"], record["client"], record["server"], record["uri"],
                  record["capture"], record["sync_token"]}
        texts |= {finding["href"] for finding in record["findings"]}
        for response in record["responses"]:
            texts |= {*response["hrefs"], response["description"], response["location"]}
            texts |= {propstat["description"] for propstat in response["propstats"]}
    texts = {text for text in texts if text}
    parts = {part for text in texts for part in re.split(r"[/?#:\s]", urllib.parse.unquote(text))}
    # Short parts and plain words ("the", "resource") are words of the report, too.
    parts = {part for part in parts if len(part) > 3 and re.search(r"[0-9._@-]", part)
             and not re.fullmatch(r"[0-9-]*(T[0-9]+)?[.:;]?", part)
             and not part.endswith((".", ",", "'"))}
    return {text for text in texts if len(text) > 5 and not re.fullmatch("[a-z]+", text)} | parts | \
        {"127.0.0.1"}


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_survives_redaction(command, kind):
    more = ("--explain", "--group-by", "resource,host", "--group-by", "condition,property",
            "--top", "0", "--width", "1000")
    fields = ("-e", "capture", "-e", "uri", "-e", "href", "-e", "messages", "-e", "description",
              "-e", "host", "-e", "user_agent", "-e", "location", "-e", "sync_token")
    for arguments in (more, fields) if kind in ("csv", "tsv") else (more,):
        result = command("report", "-T", kind, "--redact", *arguments, "-", stdin=small_records())
        assert result.status == 0 and result.stdout
        # A pseudonym may end like a short name: "...b.txt".
        text = re.sub(r"-[0-9a-f]{12}(\.[a-z]+)?", "", result.text)
        if kind == "sarif":     # the catalogue of rules is nobody's
            text = text[text.index('"results"'):]
        text += urllib.parse.unquote(text)
        survivors = [wire for wire in wire_texts() if wire in text]
        assert not survivors, survivors[:10]


def test_redaction_keeps_what_matters(command, tmp_path):
    key = tmp_path / "key"
    key.write_text("a secret\n")
    first = command("report", "-T", "ndjson", "--redact-key", key, "-", stdin=all_records())
    again = command("report", "-T", "ndjson", "--redact-key", key, "-", stdin=all_records())
    other = command("report", "-T", "ndjson", "--redact", "-", stdin=all_records())
    assert first.stdout == again.stdout != other.stdout
    assert len(first.exchanges) == len(all_exchanges())
    for before, after in zip(all_exchanges(), first.exchanges):
        assert VALIDATOR.is_valid(after)
        for same in ("frame", "time", "method", "verdict", "resources", "failed", "http_status"):
            assert before[same] == after[same]
        for one, two in zip(before["responses"], after["responses"]):
            assert [href.count("/") for href in one["hrefs"]] == \
                [href.count("/") for href in two["hrefs"]]
            assert (one["status"], one["outcome"]) == (two["status"], two["outcome"])
    # The same text has the same pseudonym: as many groups as before.
    for dimension in ("resource", "host", "server", "client"):
        count = len(tables("--group-by", dimension)[f"by_{dimension}"])
        assert len(tables("--group-by", dimension, "--redact")[f"by_{dimension}"]) == count
    # Selection looks at what was sent.
    assert command("report", "--redact", "--host", "127.0.0.1", "--fail-on", "exchanges>0", "-",
                   stdin=all_records()).status == 10


def test_scan_and_report_redact_the_same(command, report, saved, tmp_path):
    key = tmp_path / "key"
    key.write_bytes(b"\x00\x01\x02")
    assert report("-T", "json", "--redact-key", key, saved(LOCKED)) == \
        command("-T", "json", "--redact-key", key, LOCKED, cwd=CAPTURES).stdout
    assert command("report", "--redact-key", tmp_path / "none", saved(LOCKED)).status == 1
    key.write_bytes(b"")
    assert command("report", "--redact-key", key, saved(LOCKED)).status == 1


def test_credentials_are_never_printed(command, saved):
    """Neither with --redact nor without."""
    lines = saved(LOCKED).read_bytes().replace(b'"/dav/', b'"http://bob:geheim@dav.example/')
    assert b"geheim" in lines
    for kind in FORMATS:
        result = command("report", "-T", kind, "-", stdin=lines)
        assert result.status == 0 and b"geheim" not in result.stdout
        assert b"bob" not in result.stdout


def test_explain_knows_what_the_tree_knows(command, tshark, world):
    """Locks in the way, habits of the server: the same words as in Wireshark."""
    path = world.captures / "apache-partial-delete-423.pcapng"
    shown = tshark("-r", path, "-Y", "multistatus", "-T", "fields", "-e", "multistatus.lock_in",
                   "-e", "multistatus.hint", "-E", "aggregator=|").lines
    records = command("-T", "ndjson", path).exchanges
    assert [",".join(str(lock["frame"]) for lock in record["locks"]) for record in records] == \
        [line.split("\t")[0].replace("|", ",") for line in shown]
    printed = " ".join(command("--explain", "--width", "200", path).text.split())
    hints = [hint for line in shown for hint in line.split("\t")[1].split("|")]
    locks = {hint.rsplit(" (", 1)[0] for hint in hints if hint.startswith("The lock's root")}
    assert len(locks) == 2 and all(lock in printed for lock in locks)
    habits = {hint.split(": ", 1)[1] for hint in hints if hint.startswith("other_status: ")}
    assert len(habits) == 1 and all(habit in printed for habit in habits)
    rows = command("-T", "csv", "-e", "lock_frame", "-e", "lock", "-e", "habit", path).lines
    assert rows[1].startswith("94,The lock's root is /dav/del/sub/deep/z.txt, taken in frame 94") \
        or rows[1].startswith('94,"The lock')


def test_locks_are_redacted(command, world):
    printed = command("--redact", "--explain", world.captures / "apache-partial-delete-423.pcapng").text
    assert "The lock's root is /" in printed and "~lab" not in printed and "z.txt" not in printed
