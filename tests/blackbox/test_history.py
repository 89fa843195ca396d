"""What only the capture as a whole tells about an answer: the lock in the way, what the server
announced, exchanges that repeat. Each with a legal neighbour, and the same in both passes.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import pytest
from traffic import Exchange, multistatus, request, response, row, save

OWNER = '<D:owner><D:href>mailto:ines@dav.example</D:href></D:owner>'
LOCKINFO = ('<D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope>'
            f'<D:locktype><D:write/></D:locktype>{OWNER}</D:lockinfo>')


def lock(uri, token="urn:x:1", depth="infinity", root=None, timeout="Infinite", body=True,
         status=200):
    """A LOCK that was granted."""
    discovery = (
        '<D:prop xmlns:D="DAV:"><D:lockdiscovery><D:activelock><D:locktype><D:write/></D:locktype>'
        f'<D:lockscope><D:exclusive/></D:lockscope><D:depth>{depth}</D:depth>{OWNER}'
        f'<D:timeout>{timeout}</D:timeout><D:locktoken><D:href>{token}</D:href></D:locktoken>'
        f'<D:lockroot><D:href>{root or uri}</D:href></D:lockroot></D:activelock></D:lockdiscovery>'
        '</D:prop>')
    return Exchange(request("LOCK", uri, {"Depth": depth, "User-Agent": "office/7"}, LOCKINFO),
                    response(status, discovery if body else b"", {"Lock-Token": f"<{token}>"}))


def delete(uri, *locked, headers=None, rest="", client=1):
    """A DELETE that failed over locked members."""
    return Exchange(request("DELETE", uri, headers),
                    multistatus("".join(row(href, 423, rest) for href in locked)), client)


def transfer(method, locked, headers=None):
    """A COPY or MOVE from /c/a to /c/z that failed."""
    return Exchange(request(method, "/c/a", {"Destination": "http://dav.example/c/z", **(headers or {})}),
                    multistatus(row(locked, 423)))


def submitted(*hrefs):
    inner = "".join(f"<D:href>{href}</D:href>" for href in hrefs)
    return f"<D:error><D:lock-token-submitted>{inner}</D:lock-token-submitted></D:error>"


def values(tshark, path, *fields, passes=(), shown="multistatus"):
    """For each frame, each field's values."""
    result = tshark("-r", path, *passes, "-Y", shown, "-T", "fields",
                    *(option for field in fields for option in ("-e", field)))
    return [line.split("\t") for line in result.lines]


# The frame of the first LOCK: a handshake comes before it.
TAKEN = "4"
LOCKS = {
    "itself": ([lock("/c/a")], delete("/c/", "/c/a"), TAKEN),
    "without-body": ([lock("/c/a", body=False)], delete("/c/", "/c/a"), TAKEN),
    "created": ([lock("/c/a", status=201)], delete("/c/", "/c/a"), TAKEN),
    "inherited": ([lock("/c/a/")], delete("/c/", "/c/a/b/d"), TAKEN),
    "spelling": ([lock("/c/%61")], delete("/c/", "http://dav.example/c/a"), TAKEN),
    "member-of-depth-0": ([lock("/c/a/", depth="0")], delete("/c/", "/c/a/b"), TAKEN),
    "not-below-depth-0": ([lock("/c/a/", depth="0")], delete("/c/", "/c/a/b/d"), ""),
    "member-locked": ([lock("/c/a/b")], delete("/c/", "/c/a/"), TAKEN),
    "neighbour": ([lock("/c/a")], delete("/c/", "/c/ab"), ""),
    "lockroot": ([lock("/c/x", root="/c/a")], delete("/c/", "/c/a/b"), TAKEN),
    "condition": ([lock("/c/a/b")], delete("/c/", "/c/d", rest=submitted("/c/a/b")), TAKEN),
    "unlocked": ([lock("/c/a"), Exchange(
        request("UNLOCK", "/c/a", {"Lock-Token": "<urn:x:1>"}), response(204))],
        delete("/c/", "/c/a"), ""),
    "another-unlocked": ([lock("/c/a"), Exchange(
        request("UNLOCK", "/c/a", {"Lock-Token": "<urn:x:2>"}), response(204))],
        delete("/c/", "/c/a"), TAKEN),
    "unlock-refused": ([lock("/c/a"), Exchange(
        request("UNLOCK", "/c/a", {"Lock-Token": "<urn:x:1>"}), response(403))],
        delete("/c/", "/c/a"), TAKEN),
    "deleted": ([lock("/c/a/b"), Exchange(request("DELETE", "/c/a"), response(204))],
                delete("/c/", "/c/a/b"), ""),
    "moved": ([lock("/c/a"), Exchange(
        request("MOVE", "/c/a", {"Destination": "/c/z"}), response(201))],
        delete("/c/", "/c/a"), ""),
    "copied": ([lock("/c/a"), Exchange(
        request("COPY", "/c/a", {"Destination": "/c/z"}), response(201))],
        delete("/c/", "/c/a"), TAKEN),
    "refused": ([Exchange(request("LOCK", "/c/a", {}, LOCKINFO), response(423))],
                delete("/c/", "/c/a"), ""),
    "own-token": ([lock("/c/a")], delete("/c/", "/c/a", headers={"If": "(<urn:x:1>)"}), ""),
    "other-host": ([lock("/c/a")], Exchange(
        request("DELETE", "/c/", host="other.example"), multistatus(row("/c/a", 423))), ""),
    "other-status": ([lock("/c/a")], Exchange(
        request("DELETE", "/c/"), multistatus(row("/c/a", 403))), ""),
    "source": ([lock("/c/a")], transfer("MOVE", "/c/z"), TAKEN),
    "in-the-source": ([lock("/c/a/b")], transfer("MOVE", "/c/z"), TAKEN),
    "source-of-a-copy": ([lock("/c/a")], transfer("COPY", "/c/z"), ""),
    "destination": ([lock("/c/z")], transfer("MOVE", "/c/a"), TAKEN),
    "destination-of-a-copy": ([lock("/c/z")], transfer("COPY", "http://dav.example/c/a"), TAKEN),
    "another-in-the-source": ([lock("/c/a/b")], transfer("MOVE", "/c/a/d"), ""),
    "source-with-its-token": ([lock("/c/a")], transfer("MOVE", "/c/z", {"If": "</c/a> (<urn:x:1>)"}), ""),
    "without-its-prefix": ([lock("/dav/c/a")], delete("/dav/c/a", "/c/a"), TAKEN),
    "above-without-its-prefix": ([lock("/dav/c/")], delete("/dav/c/a", "/c/"), TAKEN),
    "nothing-of-the-request": ([lock("/dav/x")], delete("/dav/c/a", "/c/a"), ""),
    "member-of-the-request": ([lock("/c/a/b")], delete("/c/a/", "/c/a/d"), ""),
    "a-report": ([lock("/c/a/")], Exchange(request("REPORT", "/c/a/"), multistatus(row("/d/b", 423))), ""),
    "closest": ([lock("/c/", "urn:x:2"), lock("/c/a")], delete("/c/", "/c/a"), "6"),
}


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_in_the_way(name, world, tshark):
    before, failing, taken = LOCKS[name]
    path = save(world, f"lock-{name}", [*before, failing])
    for passes in ((), ("-2",)):
        assert values(tshark, path, "multistatus.lock_in", passes=passes)[-1] == [taken]


def test_an_expired_lock_is_not_in_the_way(world, tshark):
    """Packets are a millisecond apart: two thousand requests last longer than a second."""
    pause = [Exchange(request("GET", "/x"), response(200, "x"))] * 1000
    for timeout, taken in (("Second-1", ""), ("Second-100", TAKEN)):
        path = save(world, "lock-expiry",
                    [lock("/c/a", timeout=timeout), *pause, delete("/c/", "/c/a")])
        assert values(tshark, path, "multistatus.lock_in") == [[taken]]


def test_the_hint_says_who_holds_the_lock(world, tshark):
    path = save(world, "lock-words", [lock("/c/a"), delete("/c/", "/c/a/b")])
    hint, = values(tshark, path, "multistatus.hint")[0]
    assert hint.startswith("The lock's root is /c/a, taken in frame 4 by mailto:ines@dav.example "
                           "from 10.0.0.100:50000 with office/7 (RFC 4918 section 7)")


def test_pipelined_in_one_segment(world, tshark):
    """The lock is known to whatever is answered right after it."""
    one, two = lock("/c/a"), delete("/c/", "/c/a")
    path = save(world, "lock-pipelined", [
        Exchange(one.request + two.request, one.response + two.response)])
    assert values(tshark, path, "multistatus.lock_in") == [[TAKEN]]


# ------------------------------------------------------------------------------- two sides ----

def options(uri, dav, allow, status=200):
    return Exchange(request("OPTIONS", uri), response(
        status, headers={"DAV": dav, "Allow": allow, "Server": "box/1"}))


FAILED_LOCK = Exchange(request("LOCK", "/c/a", {"User-Agent": "office/7"}, LOCKINFO),
                       multistatus(row("/c/a/b", 423) + row("/c/a", 424)))
ANNOUNCED = {
    "class-1": ([options("/c/a", "1", "LOCK")], True),
    "class-2": ([options("/c/a", "1, 2", "LOCK")], False),
    "class-22": ([options("/c/a", "1, 22", "LOCK")], True),
    "allow-lacks-it": ([options("/c/a", "1, 2", "GET, PROPFIND")], True),
    "another-resource": ([options("/c/b", "1", "GET")], False),
    "refused-options": ([options("/c/a", "1", "GET", status=403)], False),
    "made-since": ([options("/c/a", "1, 2", "MKCOL"), Exchange(
        request("MKCOL", "/c/a"), response(201))], False),
    "nothing-known": ([], False),
}


@pytest.mark.parametrize("name", ANNOUNCED)
def test_what_the_server_did_not_announce(name, world, tshark, command):
    before, fires = ANNOUNCED[name]
    path = save(world, f"announced-{name}", [*before, FAILED_LOCK])
    for passes in ((), ("-2",)):
        assert values(tshark, path, "multistatus.rule.not_announced", passes=passes) == \
            [["1" if fires else ""]]
    record, = command("-T", "ndjson", path).exchanges
    assert ("not_announced" in {finding["rule"] for finding in record["findings"]}) == fires


def test_both_sides_are_shown(world, tshark, command):
    path = save(world, "sides", [options("/c/", "1, 2", "GET, LOCK"), FAILED_LOCK])
    assert values(tshark, path, "multistatus.server", "multistatus.server.product",
                  "multistatus.server.http", "multistatus.server.dav", "multistatus.server.allow",
                  "multistatus.client", "multistatus.client.product",
                  "multistatus.client.http") == \
        [["10.0.0.1:80", "box/1", "HTTP/1.1", "1, 2", "GET, LOCK", "10.0.0.100:50000", "office/7",
          "HTTP/1.1"]]
    record, = command("-T", "ndjson", path).exchanges
    assert (record["server_dav"], record["server_allow"]) == ("1, 2", "GET, LOCK")


def test_fields_that_come_twice_are_one_list(world, tshark):
    path = save(world, "dav-twice", [
        Exchange(request("OPTIONS", "/c/a"),
                 b"HTTP/1.1 200 OK\r\nDAV: 1\r\nAllow: LOCK\r\nDAV: 2\r\nContent-Length: 0\r\n\r\n"),
        FAILED_LOCK])
    assert values(tshark, path, "multistatus.server.dav") == [["1, 2"]]


def test_statistics_count_both_sides(world, tshark):
    path = save(world, "sides-statistics", [options("/c/", "1, 2", "LOCK"), FAILED_LOCK])
    lines = [line.split()[:4] for line in
             tshark("-r", path, "-q", "-z", "multistatus,tree").lines]
    assert ["10.0.0.1:80", "dav.example", "(box/1)", "1"] in lines
    assert ["10.0.0.100", "(office/7)", "1"] in [line[:3] for line in lines]


def test_a_habit_of_the_product_is_said(world, tshark):
    answer = multistatus(row("/c/a", 423), {"Server": "Apache/2.4.62"}, status=424)
    path = save(world, "habit", [Exchange(request("DELETE", "/c/"), answer)])
    assert "other_status: Apache 2.4 (mod_dav) answers with 424" in \
        values(tshark, path, "multistatus.hint")[0][0]


# ----------------------------------------------------------------------------- repetitions ----

def sync(had, given, rows="", client=0):
    body = ('<D:sync-collection xmlns:D="DAV:"><D:sync-token>' + had + '</D:sync-token>'
            '<D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>')
    return Exchange(request("REPORT", "/c/", {"Depth": "0"}, body),
                    multistatus(rows + f"<D:sync-token>{given}</D:sync-token>"), client)


PAGE = row("/c/", 507, "<D:error><D:number-of-matches-within-limits/></D:error>")
LOCKED = delete("/c/", "/c/a")
DENIED = Exchange(LOCKED.request, multistatus(row("/c/a", 403)), LOCKED.client)
GONE = Exchange(LOCKED.request, multistatus(row("/c/a", 204)), LOCKED.client)
# The exchanges, the rule, and the exchanges (from 0) about which it speaks.
SEQUENCES = {
    "token-back": ([sync("urn:1", "urn:2"), sync("urn:2", "urn:3"), sync("urn:3", "urn:1")],
                   "sync_token_back", [2]),
    "token-on": ([sync("urn:1", "urn:2"), sync("urn:2", "urn:3"), sync("urn:3", "urn:4")],
                 "sync_token_back", []),
    "token-unchanged": ([sync("urn:1", "urn:2"), sync("urn:2", "urn:2")], "sync_token_back", []),
    "client-starts-again": ([sync("urn:1", "urn:2"), sync("urn:2", "urn:3"), sync("", "urn:1"),
                             sync("urn:1", "urn:3")], "sync_token_back", []),
    "another-client-behind": ([sync("urn:1", "urn:2"), sync("urn:2", "urn:3"),
                               sync("urn:1", "urn:2", client=1)], "sync_token_back", []),
    "no-progress": ([sync("urn:1", "urn:1", PAGE)], "sync_no_progress", [0]),
    "progress": ([sync("urn:1", "urn:2", PAGE)], "sync_no_progress", []),
    "same-page": ([sync("urn:1", "urn:2", PAGE)] * 4, "truncated_again", [2]),
    "next-page": ([sync(f"urn:{n}", f"urn:{n + 1}", PAGE) for n in range(4)],
                  "truncated_again", []),
    "same-failure": ([LOCKED] * 5, "repeated_failure", [2]),
    "twice": ([LOCKED] * 2, "repeated_failure", []),
    "another-failure-between": ([LOCKED, LOCKED, DENIED, LOCKED], "repeated_failure", []),
    "success-between": ([LOCKED, LOCKED, GONE, LOCKED], "repeated_failure", []),
    "other-clients": ([delete("/c/", "/c/a", client=n) for n in range(3)],
                      "repeated_failure", []),
    "other-resources": ([delete(f"/c{n}/", "/c/a") for n in range(3)], "repeated_failure", []),
    "no-failure": ([GONE] * 4, "repeated_failure", []),
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_sequences(name, world, tshark):
    exchanges, rule, expected = SEQUENCES[name]
    path = save(world, f"sequence-{name}", exchanges)
    for passes in ((), ("-2",)):
        rows = values(tshark, path, f"multistatus.rule.{rule}", passes=passes)
        assert [number for number, (found,) in enumerate(rows) if found] == expected
