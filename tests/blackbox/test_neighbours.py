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
import wire
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


# ---------------------------------------------------------------- cut off

def over_http2(talk, answer, body):
    """The request, and as much of the answer; its stream is not ended."""
    head, _, asked = answer.request.decode().partition("\r\n\r\n")
    fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    fields = {name.lower().encode(): value.encode() for name, value in fields.items()
              if name not in ("Host", "Content-Length")}
    headers = (wire.H2_HEADERS, wire.H2_END_HEADERS, 1)
    settings = wire.h2_frame(wire.H2_SETTINGS, 0, 0)
    talk.client(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings + wire.h2_frame(*headers, wire.h2_fields({
        b":method": answer.method.encode(), b":path": answer.path.encode(), b":scheme": b"http",
        b":authority": b"h", **fields})) +
        wire.h2_frame(wire.H2_DATA, wire.H2_END_STREAM, 1, asked.encode()))
    talk.server(settings + wire.h2_frame(*headers, wire.h2_fields({
        b":status": str(answer.status).encode(), b"content-type": answer.type.encode()})) +
        wire.h2_frame(wire.H2_DATA, 0, 1, body))


@pytest.fixture(scope="module")
def cut_off(world, answers):
    """Each answer several times, of which only the beginning is there. What only might be a batch, or
    Multi-Status, is none."""
    packets = []
    for answer in answers:
        head, _, body = answer.response.partition(b"\r\n\r\n")
        for part in (2, 30, 60, 95):
            rest = body[:max(1, len(body) * part // 100)]
            for how in ("aborted", "open", "http2"):
                talk = wire.Talk()
                number = len(packets)
                talk.connection.address[True] = bytes([10, number >> 16, number >> 8 & 255, number & 255])
                if how == "http2":
                    over_http2(talk, answer, rest)
                else:
                    talk.client(answer.request).server(head + b"\r\n\r\n" + rest)
                if how != "open":
                    talk.end(wire.FIN)
                packets += talk.packets
    last = wire.Talk()
    last.client(LAST.request).server(LAST.response)
    return wire.save(world, "cut-neighbours", packets + last.packets)


def test_the_command_is_silent_about_beginnings(cut_off, command):
    assert [(record["uri"], record["kind"]) for record in command("-T", "ndjson", cut_off).exchanges] == \
        [("/last", "dav")]


@pytest.mark.parametrize("passes", [(), ("-2",)], ids=["one-pass", "two-passes"])
def test_tshark_is_silent_about_beginnings(cut_off, tshark, passes):
    shown = tshark(*passes, "-r", cut_off, "-Y", "multistatus", "-T", "fields",
                   "-e", "multistatus.uri", "-e", "multistatus.kind")
    assert shown.lines == ["/last\tdav"], shown.stderr
