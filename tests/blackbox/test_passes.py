"""The tables of passes.py: every line names a test that exists, and says why it is left out.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re

import passes
import pytest
from conftest import REPOSITORY

FOLDER = REPOSITORY / "tests" / "blackbox"
ENTRIES = [pytest.param(entry, id=f"{which}-{number}")
           for which, entries in passes.SECOND_PASSES.items() for number, entry in enumerate(entries)]


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_line_names_tests(entry):
    for line in entry.tests + entry.but:
        module, _, test = line.partition("::")
        source = (FOLDER / f"{module}.py").read_text("utf-8")
        assert not test or re.search(rf"^def {re.escape(test.partition('[')[0])}\(", source, re.M), line
    assert entry.why.endswith(".") and len(entry.why) > 20


@pytest.mark.parametrize("entry", ENTRIES)
def test_what_runs_all_the_same_would_be_left_out(entry):
    assert all(any(passes.names(line, kept) for line in entry.tests) for kept in entry.but)


def test_names():
    test = "test_a::test_b[one-two]"
    for line in ("test_a", "test_a::test_b", "test_a::test_b[one-*", "test_a::test_b[*-two]"):
        assert passes.names(line, test)
    for line in ("test_", "test_b", "test_a::test", "test_a::test_b[two-*", "test_c::test_b"):
        assert not passes.names(line, test)
