"""Hundreds of answers that are no batches: the command and tshark say nothing about any of them.

neighbours.py has the answers. All are in one capture, and in one HAR file, with one Multi-Status at the end,
which shows that they were looked into.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import collections
import json

import neighbours
import pytest
import traffic
from test_har import entry_of, har_of

LAST = traffic.Exchange(traffic.request("DELETE", "/last"), traffic.multistatus(traffic.row("/last/a", 423)),
                        client=99)
EACH = 10  # answers on one connection


@pytest.fixture(scope="module")
def answers():
    return neighbours.everything()


@pytest.fixture(scope="module")
def conversation(answers):
    return [*(traffic.Exchange(answer.request, answer.response, client=number // EACH)
              for number, answer in enumerate(answers)), LAST]


@pytest.fixture(scope="module")
def neighbourhood(world, conversation):
    return traffic.save(world, "neighbours", conversation)


def texts_only(conversation):
    """A HAR file holds text."""
    for exchange in conversation:
        try:
            exchange.response.decode("utf-8")
            yield exchange
        except UnicodeDecodeError:
            continue


def test_there_are_enough(answers):
    assert len(answers) >= 300
    assert len({(answer.method, answer.path, answer.body, answer.type, *answer.headers.values())
                for answer in answers}) == len(answers)
    families = collections.Counter(answer.type.split(";")[0].split("/")[0] for answer in answers)
    assert families["multipart"] >= 10
    assert len(answers) // EACH < LAST.client


def test_the_command_is_silent(neighbourhood, command):
    assert [record["uri"] for record in command("-T", "ndjson", neighbourhood).exchanges] == ["/last"]


def test_the_command_is_silent_about_har(conversation, command, tmp_path):
    entries = [entry_of(exchange.request, exchange.response, number, number + 0.01)
               for number, exchange in enumerate(texts_only(conversation))]
    assert len(entries) > 300
    (tmp_path / "neighbours.har").write_text(json.dumps(har_of(entries)))
    result = command("-T", "ndjson", "neighbours.har", cwd=tmp_path)
    assert [record["uri"] for record in result.exchanges] == ["/last"], result.stderr


@pytest.mark.parametrize("passes", [(), ("-2",)], ids=["one-pass", "two-passes"])
def test_tshark_is_silent(neighbourhood, tshark, passes):
    shown = tshark(*passes, "-r", neighbourhood, "-Y", "multistatus", "-T", "fields", "-e", "multistatus.method")
    assert shown.lines == ["DELETE"], shown.stderr
