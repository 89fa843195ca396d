"""Nothing that is read is ever written to, and nothing that cannot be had again is replaced
(docs/security.md, docs/batch.md). Every test compares the whole folder before and after.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import gzip
import hashlib
import json
import os
import shutil
import subprocess

import pytest
from conftest import CAPTURES, FORMATS, capture_paths

CAPTURE = "apache-permission-denied-children.pcapng"
OTHER = "nsec-radicale-sync.pcap"
OUTPUTS = ("-O", "--csv", "--tsv", "--json", "--ndjson", "--markdown", "--html")
KEYLOG = "CLIENT_RANDOM " + "ab" * 32 + " " + "cd" * 48 + "\n"
HAR = json.dumps({"log": {"version": "1.2", "creator": {}, "entries": []}})


def watched(folder):
    """Everything below a folder: names, links, contents."""
    seen = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            seen[str(path)] = os.readlink(path)
        elif path.is_file():
            seen[str(path)] = (hashlib.sha256(path.read_bytes()).hexdigest(),
                               path.stat().st_mtime_ns, path.stat().st_ino)
        else:
            seen[str(path)] = "directory"
    return seen


@contextlib.contextmanager
def unchanged(folder, *but):
    """Nothing below the folder appears, changes or goes away, with these exceptions."""
    before = watched(folder)
    yield
    after = watched(folder)
    for path in but:
        before.pop(str(path), None)
        after.pop(str(path), None)
    assert after == before


@pytest.fixture
def captures(tmp_path):
    folder = tmp_path / "captures"
    folder.mkdir()
    for name in (CAPTURE, OTHER):
        shutil.copy(CAPTURES / name, folder)
    return folder


def refused(result, *words):
    assert result.status == 1, (result.status, result.stderr)
    assert result.stdout == b""
    for word in words:
        assert str(word) in result.stderr, result.stderr
    return True


# ------------------------------------------------------------------ an output that is an input ----

@pytest.mark.parametrize("option", OUTPUTS)
def test_output_that_is_an_input(command, captures, option):
    path = captures / CAPTURE
    with unchanged(captures):
        assert refused(command(option, path, path), option, path)


@pytest.mark.parametrize("option", OUTPUTS)
def test_missing_argument_does_not_eat_a_capture(command, captures, option):
    """multistatus --html *.pcap: the first capture stands where the name of the report belongs."""
    with unchanged(captures):
        assert refused(command(option, captures / CAPTURE, captures / OTHER), option, CAPTURE,
                       "is a capture")
        assert refused(command(option, "--recursive", captures), option, "looks like an option")
    assert not os.path.exists("--recursive")


@pytest.mark.parametrize("how", ["path", "dots", "symlink", "hard link", "link of a folder"])
def test_input_by_another_name(command, captures, tmp_path, how):
    path, other = captures / CAPTURE, tmp_path / "other"
    if how == "path":
        other = os.path.relpath(path, tmp_path)
    elif how == "dots":
        other = captures / ".." / "captures" / CAPTURE
    elif how == "symlink":
        other.symlink_to(path)
    elif how == "hard link":
        os.link(path, other)
    else:
        (tmp_path / "folder").symlink_to(captures)
        other = tmp_path / "folder" / CAPTURE
    for arguments in ((other, path), (path, other)):
        with unchanged(tmp_path):
            assert refused(command("-O", *arguments, cwd=tmp_path), "-O", "one of the inputs")


def test_pipe_that_is_an_input(command, tmp_path):
    """Nobody would ever write into it."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert refused(command("-O", pipe, pipe), "-O", "one of the inputs")
    assert refused(command("report", "-O", pipe, pipe), "-O", "one of the inputs")


@pytest.fixture
def caseless(tmp_path):
    """A folder in which A is a."""
    disk, folder = tmp_path / "disk.img", tmp_path / "caseless"
    folder.mkdir()
    with open(disk, "wb") as file:
        file.truncate(4 << 20)
    if os.geteuid() != 0 or not shutil.which("mkfs.vfat") \
            or subprocess.run(["mkfs.vfat", disk], check=False, capture_output=True).returncode \
            or subprocess.run(["mount", "-o", "loop", disk, folder], check=False,
                              capture_output=True).returncode:
        pytest.skip("no file system without case can be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_input_in_other_letters(command, caseless):
    shutil.copy(CAPTURES / OTHER, caseless / "a.pcap")
    with unchanged(caseless):
        assert refused(command("-O", caseless / "A.PCAP", caseless / "a.pcap"), "A.PCAP")


def test_input_of_a_list(command, captures, tmp_path):
    names = tmp_path / "list"
    names.write_text(f"{captures / CAPTURE}\n")
    with unchanged(tmp_path):
        assert refused(command("-O", captures / CAPTURE, "--files-from", names), CAPTURE)
        assert refused(command("-O", names, "--files-from", names), names, "--files-from")


def test_input_that_is_standard_input(command, captures):
    path = captures / CAPTURE
    with unchanged(captures), open(path, "rb") as file:
        assert refused(command("-O", path, "-", stdin=file), path)


def test_input_in_a_directory(command, captures):
    """Of whatever kind: a report of an earlier run is all that may be replaced."""
    notes = captures / "notes.txt"
    notes.write_text("mine\n")
    for name in (CAPTURE, OTHER, notes.name):
        with unchanged(captures):
            assert refused(command("--html", captures / name, captures), name)


def test_input_of_another_shard(command, captures):
    for shard in ("1/7", "2/7", "3/7"):
        with unchanged(captures):
            assert refused(command("--shard", shard, "-O", captures / CAPTURE, captures), CAPTURE)


def test_standard_output_that_is_an_input(command, captures):
    path = captures / CAPTURE
    with unchanged(captures), open(path, "ab") as file:
        result = command(path, stdout=file)
        assert result.status == 1 and CAPTURE in result.stderr


def test_records_that_are_inputs(command, captures, tmp_path):
    records, folder = tmp_path / "saved" / "a.ndjson", tmp_path / "saved"
    folder.mkdir()
    assert command("-T", "ndjson", "-O", records, captures / CAPTURE).status == 0
    with unchanged(tmp_path):
        for option in OUTPUTS:
            assert refused(command("report", option, records, records), option, records)
            assert refused(command("report", option, records, folder), option, records)
            assert refused(command("report", option, captures / OTHER, records), "is a capture")


# -------------------------------------------------------------- what only looks like one, and keys ----

@pytest.fixture
def precious(tmp_path):
    """Files that cannot be had again, none of which is read by the run."""
    folder = tmp_path / "precious"
    folder.mkdir()
    capture = (CAPTURES / CAPTURE).read_bytes()
    files = {
        "capture.txt": capture, "capture.gz": gzip.compress(capture), "cut": capture[:100],
        "old.pcap": (CAPTURES / OTHER).read_bytes(), "session.har": HAR.encode(),
        "marked.har": b"\xef\xbb\xbf" + HAR.encode(), "keys": KEYLOG.encode(),
        "commented": b"# SSL/TLS secrets log file, generated by NSS\n" + KEYLOG.encode(),
        "key.pem": b"-----BEGIN PRIVATE KEY-----\nMIIE\n", "program": b"\x7fELF\x02\x01\x01\0\0",
        "archive.zip": b"PK\x03\x04\x14\0\0\0", "archive.xz": b"\xfd7zXZ\0\0\x04",
        "erf": bytes.fromhex("0000000000000001") + b"\x02\0\0\x40\0\0\0\x30" + bytes(64),
    }
    for name, contents in files.items():
        (folder / name).write_bytes(contents)
    return folder


def test_file_that_cannot_be_had_again(command, captures, precious):
    records = precious.parent / "records"
    assert command("-T", "ndjson", "-O", records, captures / OTHER).status == 0
    with unchanged(precious):
        for path in sorted(precious.iterdir()):
            assert refused(command("-O", path, captures / OTHER), "-O", path.name)
            assert refused(command("report", "-O", path, records), "-O", path.name)


def test_files_with_settings(command, world, captures, tmp_path):
    """Whatever is in them."""
    keys, key, script = tmp_path / "keys", tmp_path / "key", tmp_path / "script.lua"
    keys.write_text("# nothing yet\n")
    key.write_text("secret\n")
    script.write_text("-- nothing\n")
    capture = captures / OTHER
    home = tmp_path / "home"
    profile = home / ".config" / "wireshark" / "profiles" / "mine"
    profile.mkdir(parents=True)
    (profile / "preferences").write_text("# mine\n")
    (profile / "dfilters").write_text('"http" http\n')
    environment = world.environment(HOME=str(home), XDG_CONFIG_HOME=str(home / ".config"))
    with unchanged(tmp_path):
        assert refused(command("-O", keys, "--keylog", keys, capture), keys, "key log")
        assert refused(command("-O", key, "--redact-key", key, capture), key, "--redact-key")
        assert refused(command("-O", keys, "-o", f"tls.keylog_file:{keys}", capture), keys)
        assert refused(command("-O", script, "-X", f"lua_script:{script}", capture), script)
        for name in ("preferences", "dfilters"):
            assert refused(command("-C", "mine", "-O", profile / name, capture,
                                   environment=environment), name, "settings")


# ------------------------------------------------------------------------ what may be replaced ----

@pytest.mark.parametrize(("form", "more"), [
    *((form, ()) for form in FORMATS), ("text", ("--color", "always")),
    ("csv", ("-e", "uri", "-e", "status")), ("tsv", ("-E", "separator=;,bom=y"))])
def test_report_of_an_earlier_run_is_replaced(command, captures, form, more):
    """Also where it lies beside the captures; then it is no input."""
    path = captures / "result"
    first = command("-T", form, *more, "-O", path, captures, captures / CAPTURE)
    assert first.status == 0, first.stderr
    before = path.read_bytes()
    with unchanged(captures, path):
        again = command("-T", form, *more, "-O", path, captures, captures / CAPTURE)
    assert again.status == 0 and again.stderr == ""
    assert path.read_bytes() == before
    with unchanged(captures, path):
        assert command("--html", path, captures / OTHER).status == 0
    assert b"<html" in path.read_bytes()


def test_text_of_somebody_else_is_replaced_where_it_is_no_input(command, captures, tmp_path):
    """A table without a header cannot be told from it."""
    path = tmp_path / "rows"
    for _ in range(2):
        result = command("-T", "csv", "-E", "header=n", "-O", path, captures / CAPTURE)
        assert result.status == 0, result.stderr


def test_standard_output_in_a_directory_of_inputs(command, captures):
    """multistatus captures > captures/report: the shell has made the file already."""
    path = captures / "report"
    for _ in range(2):
        with open(path, "wb") as file, unchanged(captures, path):
            result = command(captures, stdout=file)
        assert result.status == 0 and result.stderr == ""
    assert path.read_text().split()[:2] == ["captures", "2"]


def test_two_outputs_in_one_place(command, captures, tmp_path):
    (tmp_path / "here").symlink_to(tmp_path)
    for there in (tmp_path / "here" / "a", tmp_path / "." / "a", os.path.join(tmp_path, "x/../a")):
        (tmp_path / "x").mkdir(exist_ok=True)
        result = command("-O", tmp_path / "a", "--html", there, captures / OTHER)
        assert refused(result, "Two results")


def test_devices_are_written_to(command, captures):
    assert command("-O", "/dev/null", captures / OTHER).status == 0


# --------------------------------------------------------------------------------- checkpoints ----

def test_checkpoint_among_captures(command, captures):
    with unchanged(captures):
        for inputs in ([captures], [captures / CAPTURE], [captures / ".." / "captures" / OTHER]):
            assert refused(command("--checkpoint", captures, *inputs), "--checkpoint", captures)


def test_checkpoint_below_the_captures(command, captures):
    """Its records are no inputs."""
    kept = captures / "kept"
    for _ in range(2):
        result = command("-T", "ndjson", "--recursive", "--checkpoint", kept, captures)
        assert result.status == 0 and result.stderr == ""
        assert len([r for r in result.objects if r["type"] == "capture"]) == 2


def test_checkpoint_removes_and_replaces_nothing_but_records(command, captures, tmp_path):
    kept = tmp_path / "kept"
    assert command("--checkpoint", kept, captures).status == 0
    names = sorted(os.listdir(kept))
    (kept / ".writing-abcdef").write_text("notes of the user\n")
    (kept / ".writing-notes.txt").write_text('{"type":"capture","schema":1,')
    (kept / names[0]).write_text("notes of the user\n")
    with unchanged(tmp_path, kept):
        result = command("--checkpoint", kept, captures)
    assert result.status == 2 and "File exists" in result.stderr and str(kept) in result.stderr


# ---------------------------------------------------------------------------------- all samples ----

@pytest.mark.parametrize("jobs", ["0", "2"])
def test_no_run_touches_anything_beside_its_outputs(command, tmp_path, jobs):
    """Over every sample, with every output there is."""
    folder, results = tmp_path / "captures", tmp_path / "results"
    folder.mkdir()
    results.mkdir()
    for path in capture_paths():
        shutil.copy(path, folder)
    (folder / "session.har").write_text(HAR)
    (folder / "keys").write_text(KEYLOG)
    outputs = [argument for option in OUTPUTS for argument in (option, results / option)]
    with unchanged(folder):
        result = command("-j", jobs, "--checkpoint", tmp_path / "kept", *outputs, folder,
                         cwd=folder)
        assert result.status in (0, 2), result.stderr
    names = {f"{option}" for option in OUTPUTS}
    assert set(os.listdir(results)) == names
    with unchanged(tmp_path):
        assert command("report", results / "--ndjson", tmp_path / "kept", cwd=folder).status == 0
        assert command("-2", "--no-sieve", "-j", jobs, folder, cwd=folder).status in (0, 2)
