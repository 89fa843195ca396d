"""What a product does in every answer is told once for each server of a capture, to everybody.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json

import pytest
import traffic
import wire

TEXT_XML = {"Content-Type": "text/xml; charset=utf-8"}


def sync(token):
    return ('<D:multistatus xmlns:D="DAV:">' + traffic.row("/c/a", 404) +
            f"<D:sync-token>{token}</D:sync-token></D:multistatus>")


REPORT = '<D:sync-collection xmlns:D="DAV:"><D:sync-token/><D:prop/></D:sync-collection>'


@pytest.fixture(scope="module")
def visits(world):
    """Three answers of each of two servers, on four connections, and a fourth that is worse."""
    packets = []
    for client, port in enumerate((80, 8008, 80, 8008)):
        talk = wire.Talk(port=port, client=client)
        for number in range(2):
            talk.client(traffic.request("REPORT", "/c/", {"Depth": "0"}, REPORT))
            talk.server(traffic.response(207, sync(f"token-{client}{number}"), TEXT_XML))
        talk.end(wire.FIN)
        packets += talk.packets
    return wire.save(world, "habits", packets)


def rules_of(records, rule):
    return [record["frame"] for record in records
            if any(finding["rule"] == rule for finding in record["findings"])]


@pytest.mark.parametrize("rule", ["text_xml", "sync_token_uri"])
def test_once_per_server(command, tshark, visits, rule):
    records = command("-T", "ndjson", visits).exchanges
    assert len(records) == 8
    first = [min(record["frame"] for record in records if record["server"] == server)
             for server in sorted({record["server"] for record in records})]
    assert rules_of(records, rule) == sorted(first)
    for passes in ([], ["-2"]):
        shown = tshark(*passes, "-r", visits, "-Y", f"multistatus.rule.{rule}", "-T", "fields",
                       "-e", "frame.number")
        assert [int(line) for line in shown.lines] == sorted(first)


def test_the_same_with_workers_and_without_sieve(command, visits):
    alone = command("-T", "ndjson", "-j", "0", visits).exchanges
    assert command("-T", "ndjson", "-j", "2", visits).exchanges == alone


def test_each_capture_is_told(command, visits, tmp_path):
    other = tmp_path / "again.pcap"
    other.write_bytes(visits.read_bytes())
    records = command("-T", "ndjson", visits, other).exchanges
    assert len(rules_of(records, "text_xml")) == 4


def test_what_is_no_habit_is_told_each_time(command, visits):
    """The neighbour: an answer that lists a removal in an initial synchronisation."""
    records = command("-T", "ndjson", visits).exchanges
    assert len(rules_of(records, "initial_removal")) == 8


def test_report_says_so(command, visits):
    explained = " ".join(command("--explain", visits).text.split())
    assert "sync_token_uri, once per server, first in frame" in explained
    assert "initial_removal, in 8 exchanges, first in frame" in explained


def test_habits_in_har(command, tmp_path):
    """Sessions of other tools have hosts."""
    def entry(number, host):
        return {"startedDateTime": f"2026-11-01T10:00:0{number}.000Z", "time": 5,
                "request": {"method": "PROPFIND", "url": f"http://{host}/c/", "headers": [],
                            "httpVersion": "HTTP/1.1"},
                "response": {"status": 207, "statusText": "Multi-Status",
                             "httpVersion": "HTTP/1.1",
                             "headers": [{"name": "Content-Type", "value": "text/xml"}],
                             "content": {"mimeType": "text/xml", "size": 0,
                                         "text": '<D:multistatus xmlns:D="DAV:">' +
                                                 traffic.row("/c/", 200) + "</D:multistatus>"}}}
    path = tmp_path / "habits.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "x", "version": "1"},
                                        "entries": [entry(0, "a.example"), entry(1, "b.example"),
                                                    entry(2, "a.example"), entry(3, "b.example")]}}))
    records = command("-T", "ndjson", path).exchanges
    assert [any(finding["rule"] == "text_xml" for finding in record["findings"])
            for record in records] == [True, True, False, False]
