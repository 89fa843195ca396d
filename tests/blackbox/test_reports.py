"""Records and reports: the schema, the report of saved records, selection, grouping, formats.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import functools
import itertools
import json
import subprocess

import jsonschema
import pytest
from conftest import CAPTURES, REPOSITORY, capture_paths, scan, the_world

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


# ------------------------------------------------------------------- report of saved records ----

FORMATS = ("text", "ndjson")
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


@pytest.mark.parametrize("kind", FORMATS)
def test_report_equals_scan_for_every_capture(report, capture, saved, kind):
    assert report("-T", kind, saved(capture.name)) == scan(capture.name, "-T", kind).stdout


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


def test_report_from_a_pipe(world, saved, report):
    with subprocess.Popen(["cat", saved(LOCKED)], stdout=subprocess.PIPE) as cat:
        result = world.run([world.command, "report", f"/dev/fd/{cat.stdout.fileno()}"],
                           pass_fds=[cat.stdout.fileno()])
    assert result.status == 0 and result.stdout == report(saved(LOCKED))
