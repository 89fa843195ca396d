"""The module with Wireshark's dissectors: where the command finds it, and what it says without it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import shutil

import pytest
from conftest import BUILD, CAPTURES

MODULE = "multistatus-dissectors.so"
PLAIN = CAPTURES / "apache-partial-delete-423.pcapng"      # is read without the dissectors
OTHER = CAPTURES / "apache-h2c-prior-knowledge.pcapng"     # is not
TROUBLE = "multistatus: Wireshark's dissectors could not be opened: "


class Installed:
    """Program and module as they are installed, below any prefix."""

    def __init__(self, world, prefix):
        folder = re.search("^CMAKE_INSTALL_LIBDIR:[A-Z]*=(.*)$", (BUILD / "CMakeCache.txt").read_text(),
                           re.MULTILINE)[1]
        self.world = world
        self.program = prefix / "bin/multistatus"
        self.module = prefix / folder / "multistatus" / MODULE
        for target, source in ((self.program, "installed/multistatus"), (self.module, MODULE)):
            target.parent.mkdir(parents=True)
            shutil.copy(BUILD / "cli" / source, target)

    def __call__(self, *arguments, **options):
        return self.world.run([self.program, *arguments], **options)


@pytest.fixture
def installed(world, tmp_path):
    made = Installed(world, tmp_path / "a prefix")
    # What is installed on this machine must not stand in for what is missing here.
    if made("--version").status == 0:
        made.module.rename(tmp_path / "aside")
        if made("--version").status == 0:
            pytest.skip("the command is installed here")
        (tmp_path / "aside").rename(made.module)
    return made


def test_below_any_prefix(installed, command):
    assert installed("--version").text == command("--version").text
    assert installed("-T", "ndjson", PLAIN, OTHER).stdout == command("-T", "ndjson", PLAIN, OTHER).stdout


def test_copy_of_the_program_in_the_build_folder(world, command, tmp_path):
    program = shutil.copy(BUILD / "cli/multistatus", tmp_path)
    assert world.run([program, "--version"]).text == command("--version").text


def test_what_needs_no_dissectors_needs_no_module(installed, command):
    installed.module.unlink()
    for arguments in (["--help"], ["--completion", "bash"], ["-T", "ndjson", PLAIN]):
        without = installed(*arguments)
        assert (without.status, without.stdout, without.stderr) == (0, command(*arguments).stdout, "")


@pytest.mark.parametrize("jobs", ["0", "1", "2"])
@pytest.mark.parametrize("options", [[], ["--no-sieve"], ["-Y", "http"], ["-o", "tcp.desegment_tcp_streams:TRUE"]],
                         ids=" ".join)
def test_missing_module_is_no_all_clear(installed, jobs, options):
    """Of the capture that needs it nothing is told, and all runs end alike, with the name of the file."""
    installed.module.unlink()
    result = installed("-T", "ndjson", "-j", jobs, *options, OTHER)
    assert (result.status, result.objects) == (3, [])
    assert result.stderr.startswith(TROUBLE + "/") and f"/multistatus/{MODULE}: " in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_version_says_that_it_is_missing(installed):
    installed.module.unlink()
    result = installed("--version")
    assert (result.status, result.text.splitlines()[1]) == (3, "libwireshark (not there)")
    assert result.stderr.startswith(TROUBLE)


def test_module_of_another_version(installed):
    held = installed.module.read_bytes()
    there = re.search(rb"[0-9.]+( for Wireshark [0-9.]+)\0", held)
    other = b"9" * (there.end() - there.start() - len(there[1]) - 1) + there[1] + b"\0"
    installed.module.write_bytes(held[:there.start()] + other + held[there.end():])
    result = installed("-T", "ndjson", OTHER)
    assert (result.status, result.objects) == (3, [])
    assert result.stderr == (f'{TROUBLE}"{installed.program.parent}/../{installed.module.relative_to(installed.program.parents[1])}"'
                             f" is of multistatus {other[:-1].decode()}, and this is {there[0][:-1].decode()}.\n")


@pytest.mark.parametrize("content", [b"", b"\x7fELF", b"no library"])
def test_file_that_is_no_module(installed, content):
    installed.module.write_bytes(content)
    result = installed("-T", "ndjson", OTHER)
    assert (result.status, result.objects) == (3, [])
    assert result.stderr.startswith(TROUBLE) and MODULE in result.stderr


def test_it_is_looked_for_nowhere_else(installed, world, tmp_path):
    """Not in the current folder, nor where the environment says."""
    shutil.copy(installed.module, tmp_path)
    shutil.copy(installed.module, installed.program.parent)
    installed.module.unlink()
    folders = f"{tmp_path}:{installed.program.parent}"
    result = installed("--version", cwd=tmp_path,
                       environment=world.environment(LD_LIBRARY_PATH=folders, PATH=folders))
    assert result.status == 3
