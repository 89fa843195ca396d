"""HAR files: what one exchange tells of another, as in the captures of test_history.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json

import pytest
import test_history as cases
from conftest import scan
from test_goldens import check_exchange
from test_har import entry_of, har_of, timestamp
from traffic import Exchange, multistatus, request, response, row

START = 1700000000


def talk(exchanges, **changes):
    """A HAR file of exchanges, one after the other: ten milliseconds apart, five long."""
    entries = [entry_of(one.request, one.response, START + n / 100, START + n / 100 + 0.005)
               for n, one in enumerate(exchanges)]
    for entry in entries:
        entry.update(changes)
    return har_of(entries)


@pytest.fixture
def read(command, tmp_path):
    """read(har) gives what the command says of it."""
    def run(har):
        (tmp_path / "session.har").write_text(json.dumps(har))
        return command("-T", "ndjson", "session.har", cwd=tmp_path)
    return run


def history_of(name):
    """The exchanges of a case of test_history, and what is to be found: for each Multi-Status the
    entry that took the lock in the way, or whether the rule speaks."""
    if name in cases.LOCKS:
        before, failing, taken = cases.LOCKS[name]
        return [*before, failing], {"": None, "4": 1, "6": 2}[taken]
    if name in cases.ANNOUNCED:
        before, fires = cases.ANNOUNCED[name]
        return [*before, cases.FAILED_LOCK], fires
    exchanges, rule, expected = cases.SEQUENCES[name]
    return exchanges, [rule, *(n + 1 for n in expected)]


# A HAR file is what one client saw: it does not tell clients from each other.
HISTORIES = [name for names in (cases.LOCKS, cases.ANNOUNCED, cases.SEQUENCES) for name in names
             if name not in ("other-clients", "another-client-behind")]


def found(name, records):
    """The same of its records, by the number of the entry."""
    if name in cases.LOCKS:
        return next((lock["frame"] for lock in records[-1]["locks"]), None)
    rules = {record["frame"]: {finding["rule"] for finding in record["findings"]}
             for record in records}
    if name in cases.ANNOUNCED:
        return "not_announced" in rules[max(rules)]
    rule = cases.SEQUENCES[name][1]
    return [rule, *(number for number in rules if rule in rules[number])]


@pytest.fixture(name="histories", scope="module")
def fixture_histories(tmp_path_factory):
    """The records of all cases as HAR files, in order and the last entry first: of one run."""
    folder = tmp_path_factory.mktemp("histories")
    for name in HISTORIES:
        har = talk(history_of(name)[0])
        (folder / f"{name}.har").write_text(json.dumps(har))
        har["log"]["entries"].reverse()
        (folder / f"{name}-reversed.har").write_text(json.dumps(har))
    records = {}
    for record in scan(folder, "-T", "ndjson").exchanges:
        records.setdefault(record["capture"].rpartition("/")[2], []).append(record)
    return records


@pytest.mark.parametrize("name", HISTORIES)
def test_the_history_of_a_capture(name, histories):
    """What one exchange tells of another is found in a HAR file as well."""
    exchanges, expected = history_of(name)
    assert found(name, histories[f"{name}.har"]) == expected
    for record in histories[f"{name}.har"]:
        check_exchange({**record, "client": "", "server": ""})
    turned = histories[f"{name}-reversed.har"]
    assert [record["frame"] for record in turned] == sorted(record["frame"] for record in turned)
    for record in turned:
        for numbered in (record, *record["locks"]):
            numbered["frame"] = len(exchanges) + 1 - numbered["frame"]
    assert found(name, sorted(turned, key=lambda record: record["frame"])) == expected


def test_what_was_not_known_yet(read):
    """Requests that are under way at the same time: an answer says nothing to those sent before."""
    class_1 = cases.options("/c/a", "1", "LOCK")
    for overlap, fires in ((0, True), (8, False)):
        har = talk([class_1, cases.FAILED_LOCK])
        har["log"]["entries"][0]["time"] += overlap
        record, = read(har).exchanges
        assert ("not_announced" in {f["rule"] for f in record["findings"]}) == fires
        assert (record["server_dav"] == "1") == fires or overlap


def test_records_in_the_order_of_entries(read):
    """Whichever answer came first."""
    slow, *fast = [cases.LOCKED] * 4
    har = talk([slow, *fast])
    har["log"]["entries"][0]["time"] = 1000
    records = read(har).exchanges
    assert [record["frame"] for record in records] == [1, 2, 3, 4]
    # The third answer with the same failure is the fourth entry's.
    assert [record["frame"] for record in records if "repeated_failure" in
            {finding["rule"] for finding in record["findings"]}] == [4]


def test_entries_without_a_time(read):
    """They come one after the other."""
    for left_out in (["startedDateTime"], ["time"], ["startedDateTime", "time"]):
        har = talk([cases.lock("/c/a"), cases.delete("/c/", "/c/a")])
        for entry in har["log"]["entries"]:
            for key in left_out:
                del entry[key]
        record, = read(har).exchanges
        assert [lock["frame"] for lock in record["locks"]] == [1]


def test_a_lock_of_a_talk(read):
    record, = read(talk([cases.lock("/c/a"), cases.delete("/c/", "/c/a")],
                           serverIPAddress="192.0.2.1")).exchanges
    assert record["server"] == "192.0.2.1:80" and record["client"] is None
    assert record["locks"] == [{"response": 0, "frame": 1, "root": "/c/a",
                                "owner": "mailto:ines@dav.example", "client": None,
                                "user_agent": "office/7"}]


def test_a_lock_that_expired(read):
    for timeout, taken in (("Second-1", []), ("Second-100", [1])):
        har = talk([cases.lock("/c/a", timeout=timeout),
                       cases.delete("/c/", "/c/a")])
        har["log"]["entries"][1]["startedDateTime"] = timestamp(START + 10)
        record, = read(har).exchanges
        assert [lock["frame"] for lock in record["locks"]] == taken


def test_a_server_is_an_origin(read):
    """Its address may be left out; another scheme is another server."""
    for changes, taken in (({"serverIPAddress": "192.0.2.1"}, [1]), ({}, [1])):
        har = talk([cases.lock("/c/a"), cases.delete("/c/", "/c/a")])
        har["log"]["entries"][0].update(changes)
        record, = read(har).exchanges
        assert [lock["frame"] for lock in record["locks"]] == taken
    har["log"]["entries"][0]["request"]["url"] = "https://dav.example/c/a"
    record, = read(har).exchanges
    assert record["locks"] == []


def test_a_failure_that_comes_again_after_a_success(read):
    """The history has what is no Multi-Status as well, and forgets nothing of it."""
    gone = Exchange(request("DELETE", "/c/a"), response(204))
    kept = Exchange(request("DELETE", "/c/"), multistatus(row("/c/a", 423)))
    record, = read(talk([cases.lock("/c/a"), gone, kept])).exchanges
    assert record["locks"] == []
