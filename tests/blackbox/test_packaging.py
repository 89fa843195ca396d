"""What the packages are made from: one version, and nothing that is not there.

packaging/test-deb installs and removes the packages themselves; it needs root and a mirror.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import subprocess

import pytest

from conftest import REPOSITORY

DEBIAN = REPOSITORY / "packaging" / "debian"
VERSION = re.search(r"project\(multistatus VERSION (\S+)",
                    (REPOSITORY / "CMakeLists.txt").read_text()).group(1)


def test_the_command_has_that_version(command):
    assert command("--version").lines[0].split()[:2] == ["multistatus", VERSION]


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
