"""Live traffic of real clients and servers, for a few seconds: scripts/soak in its short form.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import subprocess

import pytest
from conftest import BUILD, REPOSITORY, TIMEOUT_SECONDS

SKIPPED = 77


def test_no_exchange_of_live_traffic_is_lost_or_doubled():
    """Against the logs of the servers, which know nothing of us. Memory and speed are not judged."""
    done = subprocess.run([REPOSITORY / "scripts" / "soak", "--seconds", "5", "--build", BUILD],
                          check=False, capture_output=True, text=True, timeout=TIMEOUT_SECONDS,
                          env={**os.environ, "TZ": "UTC", "LC_ALL": "C"})
    if done.returncode == SKIPPED:
        pytest.skip(done.stdout.strip().splitlines()[-1])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "apache: 0 answers" not in done.stdout
