"""What the black-box tests share: the command, tshark with and without the plugin, the captures.

The build folder comes from MULTISTATUS_BUILD (default: build/ of the project). Nothing here reads
the caller's home, locale or time zone, or any file outside the project and the build folder.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import functools
import itertools
import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import passes
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
CAPTURES = REPOSITORY / "captures"
GOLDEN = REPOSITORY / "tests" / "golden"
BUILD = Path(os.environ.get("MULTISTATUS_BUILD", REPOSITORY / "build")).resolve()

# The preferences in which the command differs from stock tshark (README.md, "Limits").
COMMAND_PREFERENCES = ("-n", "-o", "tcp.reassemble_out_of_order:TRUE")
# A program that hangs is a failure, not a reason to wait for ever. Sanitizers are slow.
TIMEOUT_SECONDS = 180
# All that -T takes.
TEXTS = ("text", "json", "ndjson", "csv", "tsv", "html", "markdown", "junit", "sarif", "ecs", "metrics")
HAS_SQLITE = re.search("^SQLITE_FOUND:[A-Z]*=1$", (BUILD / "CMakeCache.txt").read_text(), re.MULTILINE)
FORMATS = (*TEXTS, "sqlite") if HAS_SQLITE else TEXTS
# Debian's "nobody": an account without rights that every system has.
NOBODY = 65534


def capture_paths():
    """All sample captures, by name."""
    return sorted(path for path in CAPTURES.glob("*")
                  if {".pcap", ".pcapng"} & set(path.suffixes) and path.is_file())


def pytest_addoption(parser):
    parser.addoption("--pass", dest="second_pass", choices=sorted(passes.SECOND_PASSES),
                     help="leave out what passes.py says that this pass need not run again")


def pytest_collection_modifyitems(config, items):
    if which := config.getoption("second_pass"):
        left_out = [item for item in items if passes.is_left_out(which, name_of(item))]
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


def name_of(item):
    """As passes.py names it: without folders, and what xdist appends to it."""
    return f"{item.path.stem}::{item.name}"


def pytest_configure(config):
    if not capture_paths():
        raise pytest.UsageError(f"no captures in {CAPTURES}")
    if not (BUILD / "cli" / "multistatus").exists():
        raise pytest.UsageError(f"no command in {BUILD}; build first, or set MULTISTATUS_BUILD")


def pytest_generate_tests(metafunc):
    """A test with an argument `capture` runs once for every sample capture."""
    if "capture" in metafunc.fixturenames:
        paths = capture_paths()
        # The tests of one capture share what programs say about it: one process runs them.
        metafunc.parametrize("capture", [
            pytest.param(path, id=path.name, marks=pytest.mark.xdist_group(path.name))
            for path in paths])


# -------------------------------------------------------------------------------- programs ----

def node_package(name):
    """The folder where scripts/test has npm put a package and what it needs."""
    folder = REPOSITORY / "build/npm" / name.split("/")[-1] / "node_modules"
    if not shutil.which("node"):
        pytest.skip("node is not installed")
    if not (folder / name / "package.json").is_file():
        pytest.skip(f"{name} is not there: npm is not installed, or could not fetch it")
    return folder


def need_program(program):
    """Skips the test where it is missing."""
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")


def compressed(body, program, *options):
    """The body as a program compresses it."""
    need_program(program)
    return subprocess.run([program, *options], input=body, check=True, capture_output=True).stdout


@dataclass(frozen=True)
class Result:
    """What a program left behind."""
    status: int
    stdout: bytes
    stderr: str

    @property
    def text(self):
        """What was printed; the rows of a database as statements."""
        if self.stdout.startswith(b"SQLite format 3\0"):
            with contextlib.closing(sqlite3.connect(":memory:")) as database:
                database.deserialize(self.stdout)
                return "\n".join(database.iterdump())
        return self.stdout.decode("utf-8")

    @property
    def lines(self):
        return self.text.splitlines()

    @property
    def objects(self):
        """Standard output read as NDJSON."""
        return [json.loads(line) for line in self.stdout.splitlines()]

    @property
    def exchanges(self):
        return [record for record in self.objects if record["type"] == "exchange"]


class World:
    """A world of its own for the programs under test: home, environment, and copies of what an
    unprivileged user may not be able to read where it is."""

    def __init__(self, folder):
        self.folder = folder
        self.home = folder / "home"
        self.home.mkdir()
        self.home.chmod(0o777)
        self.empty = folder / "empty"
        self.empty.mkdir()
        self.is_root = os.geteuid() == 0
        self.command = BUILD / "cli" / "multistatus"
        self.plugins = BUILD / "plugins"
        self.captures = CAPTURES
        if self.is_root:
            # tshark loads no personal plugin for root, so it runs as nobody, and nobody must be
            # able to read everything.
            self.plugins = self._copy(self.plugins)
            self.captures = self._copy(self.captures)
            self._copy(self.command.with_name("multistatus-dissectors.so"))
            self.command = self._copy(self.command)
        self.preload = sanitizer_library(BUILD)

    def _copy(self, path):
        target = self.folder / path.name
        if path.is_dir():
            shutil.copytree(path, target)
        else:
            shutil.copy(path, target)
        for entry in [target, *target.rglob("*")]:
            entry.chmod(0o755 if entry.is_dir() or os.access(entry, os.X_OK) else 0o644)
        return target

    def environment(self, **more):
        kept = {name: os.environ[name] for name in
                ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS") if name in os.environ}
        return {**kept, "TZ": "UTC", "LC_ALL": "C", "HOME": str(self.home),
                "XDG_CONFIG_HOME": str(self.home / ".config"), **more}

    def unprivileged(self, arguments):
        """The same command line without root's rights."""
        if not self.is_root:
            return list(arguments)
        return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups",
                *arguments]

    def run(self, arguments, *, stdin=None, environment=None, cwd=None, stdout=subprocess.PIPE,
            pass_fds=(), preexec_fn=None):
        """stdin is bytes, or anything that subprocess takes for a file."""
        source = {"input": stdin} if isinstance(stdin, bytes) else \
            {"stdin": subprocess.DEVNULL if stdin is None else stdin}
        done = subprocess.run([os.fspath(argument) for argument in arguments], check=False,
                              stdout=stdout, stderr=subprocess.PIPE, cwd=cwd,
                              env=environment or self.environment(), timeout=TIMEOUT_SECONDS,
                              pass_fds=pass_fds, preexec_fn=preexec_fn, **source)
        result = Result(done.returncode, done.stdout or b"",
                        done.stderr.decode("utf-8", errors="replace"))
        for sign in ("ERROR: AddressSanitizer", "runtime error:", "ERROR: LeakSanitizer"):
            assert sign not in result.stderr, result.stderr
        return result


def sanitizer_library(build):
    """The library that a program must load first to use a plugin built with address sanitizer;
    None if this build is not one."""
    cache = (build / "CMakeCache.txt").read_text()
    if "MULTISTATUS_SANITIZE:BOOL=ON" not in cache and "MULTISTATUS_SANITIZE:UNINITIALIZED=ON" \
            not in cache:
        return None
    compiler = next(line.split("=", 1)[1] for line in cache.splitlines()
                    if line.startswith("CMAKE_C_COMPILER:"))
    found = subprocess.run([compiler, "-print-file-name=libasan.so"], check=True,
                           capture_output=True, text=True).stdout.strip()
    return found if os.path.isabs(found) else None


def is_open_to_all(path):
    """Can every user of this machine reach the folder?"""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in [path, *path.parents])


@functools.lru_cache(maxsize=None)
def the_world():
    """One for each process; pytest_unconfigure removes it."""
    base = next((folder for folder in (Path(tempfile.gettempdir()), Path("/var/tmp"))
                 if is_open_to_all(folder)), None)
    folder = Path(tempfile.mkdtemp(prefix="multistatus-", dir=base))
    folder.chmod(0o755)
    return World(folder)


def pytest_unconfigure(config):
    if the_world.cache_info().currsize:
        shutil.rmtree(the_world().folder, ignore_errors=True)


@pytest.fixture(scope="session")
def world():
    return the_world()


@pytest.fixture(scope="session")
def command(world):
    """command(ARGUMENT..., stdin=, environment=, cwd=, unprivileged=) runs multistatus."""
    def run(*arguments, unprivileged=False, **options):
        line = [world.command, *arguments]
        return world.run(world.unprivileged(line) if unprivileged else line, **options)
    return run


def read_terminal(side):
    """All that is written to the other side of a pseudo-terminal until it is closed."""
    written = b""
    while True:
        try:
            block = os.read(side, 65536)
        except OSError:     # Linux: the other side is gone
            return written
        if not block:
            return written
        written += block


def run_program(world, name, *arguments, plugin=True, stdin=None, **more):
    """A program of Wireshark's, with or without our plugin. Without tshark itself there is nothing to test."""
    if name != "tshark":
        need_program(name)
    # No extcap: nothing is captured here, and one of those programs hangs with a sanitizer in it.
    variables = {"WIRESHARK_PLUGIN_DIR": str(world.plugins if plugin else world.empty),
                 "WIRESHARK_EXTCAP_DIR": str(world.empty), **more}
    if plugin and world.preload:
        variables["LD_PRELOAD"] = world.preload
    # By env, after setpriv: only tshark itself is to get a library preloaded.
    assignments = [f"{name}={value}" for name, value in variables.items()]
    return world.run(world.unprivileged(["env", *assignments, name, *arguments]), stdin=stdin)


def run_tshark(world, *arguments, plugin, **more):
    return run_program(world, "tshark", *arguments, plugin=plugin, **more)


@pytest.fixture(scope="session")
def tshark(world):
    """tshark(ARGUMENT...) runs the stock tshark with our plugin."""
    listed = run_tshark(world, "-G", "plugins", plugin=True)
    # A plugin that is not loaded would look like "no packets matched".
    assert any(line.split()[:1] == ["multistatus.so"] for line in listed.lines), \
        f"tshark does not load {world.plugins}: {listed.text}{listed.stderr}"
    return functools.partial(run_tshark, world, plugin=True)


@pytest.fixture(scope="session")
def stock_tshark(world):
    """stock_tshark(ARGUMENT...) runs it without."""
    return functools.partial(run_tshark, world, plugin=False)


# ------------------------------------------------------------------------ captures as one ----

def merge(world, name, paths):
    """Captures one after the other: starting tshark takes longer than reading. mergecap stops after one
    that is cut short: that comes last."""
    paths = sorted(paths, key=lambda path: path.name.startswith("cutfile"))
    made = world.folder / f"{name}.pcapng"
    made.write_bytes(run_program(world, "mergecap", "-a", "-w", "-", *paths, plugin=False).stdout)
    made.chmod(0o644)
    return made, paths


def without_repetition(world, paths):
    """The captures in groups: in none of these do two have a connection between the same sockets. Some were
    made of others, and what comes a second time is a retransmission."""
    merged, paths = merge(world, "sockets", paths)
    ends = [[f"{version}.{side}" for version in ("ip", "ipv6")] + [f"tcp.{side}port"] for side in ("src", "dst")]
    lines = iter(run_tshark(world, "-n", "-r", merged, "-T", "fields",
                            *(option for end in ends for field in end for option in ("-e", field)),
                            plugin=False).lines)
    counted = run_program(world, "capinfos", "-T", "-r", "-c", *paths, plugin=False)
    groups = []
    for path, count in zip(paths, counted.lines):
        frames = [line.split("\t") for line in itertools.islice(lines, int(count.split("\t")[1]))]
        assert frames, path
        sockets = {frozenset((tuple(row[:3]), tuple(row[3:]))) for row in frames if row[2]}
        group = next((group for group in groups if not group[0] & sockets), None)
        if group is None:
            groups.append(group := (set(), []))
        group[0].update(sockets)
        group[1].append(path)
    return [group for _, group in groups]


# ------------------------------------------------------------------- results used many times ----

def needs_http3(command):
    """Skips the test where this build cannot read HTTP/3."""
    if "HTTP/3: read" not in command("--version").lines:
        pytest.skip("built without libnghttp3")


def keylog_of(capture):
    """The key log beside a capture, None if there is none."""
    path = capture.with_name(capture.name.split(".")[0] + ".keylog")
    return path if path.exists() else None


def key_preferences(capture):
    """tshark's options for the key log beside a capture."""
    keylog = keylog_of(capture)
    return ("-o", f"tls.keylog_file:{keylog}") if keylog else ()


# What the tree shows first, of the outcomes of resources; all others stand between these and "ok".
SHOWN_FIRST = ({"failed", "missing"}, {"unknown", "collateral"})


def in_tree_order(rows, outcome):
    """Resources as the dissector draws them: the failed ones first. outcome(row) is a row's outcome."""
    def rank(row):
        of = outcome(row)
        return next((n for n, kind in enumerate(SHOWN_FIRST) if of in kind), 3 if of == "ok" else 2)
    return sorted(rows, key=rank)


def without_addresses(tree):
    """Wireshark 4.4 shows where in its memory header blocks and tables of HTTP/3 are, which differs from run to
    run."""
    return re.sub(rb"(bytes|decoder|ctx) 0x[0-9a-f]+", rb"\1 ADDRESS", tree)


@functools.lru_cache(maxsize=None)
def scan(name, *arguments):
    """The command's answer for a sample capture, run inside captures/ like scripts/goldens."""
    world = the_world()
    keylog = keylog_of(world.captures / name)
    keys = ("--keylog", keylog.name) if keylog else ()
    return world.run([world.command, *arguments, *keys, name], cwd=world.captures)


@pytest.fixture
def records(capture):
    """The exchange records that the command makes of the capture."""
    result = scan(capture.name, "-T", "ndjson")
    assert result.status in (0, 2), result.stderr
    return result.exchanges


@pytest.fixture
def here(world, capture):
    """The capture where every user can read it."""
    return world.captures / capture.name
