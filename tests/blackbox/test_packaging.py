"""What the packages are made from: one version, and nothing that is not there.

packaging/test-deb installs and removes the packages themselves; it needs root and a mirror.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import shlex
import subprocess

import pytest

from conftest import BUILD, REPOSITORY

DEBIAN = REPOSITORY / "packaging" / "debian"
VERSION = re.search(r"project\(multistatus VERSION (\S+)",
                    (REPOSITORY / "CMakeLists.txt").read_text()).group(1)


def test_the_command_has_that_version(command):
    assert command("--version").lines[0].split()[:2] == ["multistatus", VERSION]


def test_the_plugin_has_that_version(tshark):
    lines = [line.split() for line in tshark("-G", "plugins").lines]
    assert [line[1] for line in lines if line[:1] == ["multistatus.so"]] == [VERSION]


def test_the_manual_has_that_version():
    page = BUILD / "cli" / "multistatus.1"
    heading = next(line for line in page.read_text("utf-8").splitlines() if line.startswith(".TH "))
    assert shlex.split(heading)[4] == f"multistatus {VERSION}"


def test_html_reports_have_that_version(command, world):
    page = command("-T", "html", world.captures / "json-batches.pcapng").text
    assert re.findall(r'<meta name="generator" content="(.*?)">', page) == [f"multistatus {VERSION}"]


def test_changes_has_an_entry_for_that_version():
    headings = re.findall(r"^## (\S+)", (REPOSITORY / "CHANGES.md").read_text("utf-8"), re.M)
    assert headings[0] == VERSION


def test_packages_take_it_from_there():
    assert "@VERSION@" in (DEBIAN / "changelog.in").read_text()
    named = subprocess.run(["grep", "-rlF", VERSION, DEBIAN, REPOSITORY / "cmake"],
                           capture_output=True, text=True, check=False)
    assert named.stdout == ""


@pytest.mark.parametrize("listing", sorted(DEBIAN.glob("*.docs")), ids=lambda path: path.name)
def test_documents_that_are_packaged_exist(listing):
    for pattern in listing.read_text().split():
        assert list(REPOSITORY.glob(pattern)), pattern


def test_every_library_is_a_build_dependency():
    modules = {"glib-2.0": "libglib2.0-dev", "libxml-2.0": "libxml2-dev",
               "jansson": "libjansson-dev", "libseccomp": "libseccomp-dev"}
    control = (DEBIAN / "control").read_text()
    for module in re.findall(r"pkg_check_modules\(\w+ (?:REQUIRED )?IMPORTED_TARGET ([\w.-]+?)[>)\s]",
                             (REPOSITORY / "CMakeLists.txt").read_text()):
        assert f" {modules[module]}" in control, module
