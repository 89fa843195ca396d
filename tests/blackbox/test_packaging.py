"""What the packages are made from: one version, and nothing that is not there.

packaging/test-deb installs and removes the packages themselves; it needs root and a mirror.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import shlex
import subprocess
import urllib.parse
from pathlib import Path

import documents
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


# What pages link to and only the source has.
SOURCE = {"COPYING", "CONTRIBUTING.md", "captures", "decoder", "packaging"}


def packaged_pages(package):
    """The pages and pictures of a package, where they are in it, below its folder of documentation."""
    folder = Path("usr/share/doc") / package
    where = [(pattern, folder) for pattern in (DEBIAN / f"{package}.docs").read_text().split()]
    for line in (DEBIAN / f"{package}.install").read_text().splitlines():
        *patterns, target = line.split()
        where += [(pattern, Path(target)) for pattern in patterns if target.startswith("usr/share/doc")]
    for pattern, target in where:
        found = list(REPOSITORY.glob(pattern))
        assert found, pattern
        for path in found:
            yield (target / path.name).relative_to(folder), path


@pytest.mark.parametrize("package", sorted(path.stem for path in DEBIAN.glob("*.docs")))
def test_links_of_packaged_pages_lead_somewhere(package):
    pages = dict(packaged_pages(package))
    assert sum(path.suffix == ".png" for path in pages) > 5
    for place, page in pages.items():
        for target in documents.links(page) if page.suffix == ".md" else ():
            path = urllib.parse.unquote(target.partition("#")[0])
            if urllib.parse.urlsplit(target).scheme or not path:
                continue
            there = Path(os.path.normpath(place.parent / path))
            assert there in pages or there.parts[0] in SOURCE, (place, target)


def test_every_library_is_a_build_dependency():
    modules = {"glib-2.0": "libglib2.0-dev", "libxml-2.0": "libxml2-dev",
               "jansson": "libjansson-dev", "libseccomp": "libseccomp-dev",
               "libzstd": "libzstd-dev", "libbrotlidec": "libbrotli-dev",
               "libnghttp3": "libnghttp3-dev", "libarchive": "libarchive-dev",
               "sqlite3": "libsqlite3-dev"}
    control = (DEBIAN / "control").read_text()
    for module in re.findall(r"pkg_check_modules\(\w+ (?:REQUIRED )?IMPORTED_TARGET ([\w.-]+?)[>)\s]",
                             (REPOSITORY / "CMakeLists.txt").read_text()):
        assert f" {modules[module]}" in control, module
