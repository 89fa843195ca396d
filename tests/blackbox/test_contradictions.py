"""Where a server contradicts itself from one answer to another: each rule with an example and with
legal neighbours, in tshark and in the command, in both passes, with and without the sieve.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import functools
import json

import pytest
from conftest import the_world
from traffic import Exchange, multistatus, request, response, row, save

CTAG = '<CS:getctag xmlns:CS="http://calendarserver.org/ns/">{}</CS:getctag>'
RULES = ("deleted_still_there", "property_not_kept", "etag_differs", "value_differs", "sync_misses",
         "sync_token_refused", "ctag_still", "lock_expired")


def ask(method, uri, status, client=1, body=b"", answer=b"", sent=None, **got):
    """An exchange without Multi-Status. Fields of the answer as ETag='"1"'."""
    fields = {name.replace("_", "-"): value for name, value in got.items()}
    return Exchange(request(method, uri, sent, body), response(status, answer, fields), client)


def propstat(props, status=200):
    return (f"<D:propstat><D:prop>{props}</D:prop>"
            f"<D:status>HTTP/1.1 {status} x</D:status></D:propstat>")


def entry(href, props, status=200, absent=""):
    return (f"<D:response><D:href>{href}</D:href>{propstat(props, status)}"
            f"{propstat(absent, 404) if absent else ''}</D:response>")


def etag(href, value, more=""):
    return entry(href, f"<D:getetag>{value}</D:getetag>{more}")


def listing(*rows, uri="/c/", client=1, depth="1"):
    return Exchange(request("PROPFIND", uri, {"Depth": depth}), multistatus("".join(rows)), client)


def patch(uri, name="displayname", value="blue", status=200, client=1, removes=False):
    change = (f"<D:remove><D:prop><D:{name}/></D:prop></D:remove>" if removes else
              f"<D:set><D:prop><D:{name}>{value}</D:{name}></D:prop></D:set>")
    body = f'<D:propertyupdate xmlns:D="DAV:">{change}</D:propertyupdate>'
    return Exchange(request("PROPPATCH", uri, {}, body),
                    multistatus(entry(uri, f"<D:{name}/>", status)), client)


def sync(token, given, *rows, client=1, limit="", status=207):
    body = (f'<D:sync-collection xmlns:D="DAV:"><D:sync-token>{token}</D:sync-token>'
            f"<D:sync-level>1</D:sync-level>{limit}<D:prop><D:getetag/></D:prop>"
            "</D:sync-collection>")
    asked = request("REPORT", "/c/", {"Depth": "0"}, body)
    if status != 207:
        error = '<D:error xmlns:D="DAV:"><D:valid-sync-token/></D:error>'
        return Exchange(asked, response(status, error, {"Content-Type": "application/xml"}), client)
    return Exchange(asked, multistatus("".join(rows) + f"<D:sync-token>{given}</D:sync-token>"),
                    client)


def lock(timeout="Second-1"):
    body = ('<D:prop xmlns:D="DAV:"><D:lockdiscovery><D:activelock><D:locktype><D:write/>'
            "</D:locktype><D:lockscope><D:exclusive/></D:lockscope><D:depth>0</D:depth>"
            f"<D:timeout>{timeout}</D:timeout><D:locktoken><D:href>urn:x:1</D:href></D:locktoken>"
            "</D:activelock></D:lockdiscovery></D:prop>")
    return Exchange(request("LOCK", "/c/a", {}, ""), response(200, body, {"Lock-Token": "<urn:x:1>"}))


def refused(status=423):
    return Exchange(request("DELETE", "/c/", {"If": "(<urn:x:1>)"}),
                    multistatus(row("/c/a", status)))


HERE = listing(etag("/c/", '"0"'), etag("/c/a", '"1"'))
REMOVED = ask("DELETE", "/c/a", 204)
MOVED = ask("MOVE", "/c/a", 201, sent={"Destination": "/c/z"})
READ = ask("GET", "/c/a", 200, answer=b"hello", ETag='"2"')
NAMED = listing(entry("/c/a", "<D:displayname>blue</D:displayname>"))
UNNAMED = listing(entry("/c/a", "<D:getetag>\"1\"</D:getetag>", absent="<D:displayname/>"))
GREEN = listing(entry("/c/a", "<D:displayname>green</D:displayname>"))
SYNCED = sync("", "urn:t:1", etag("/c/a", '"1"'))
CREATED = ask("PUT", "/c/b", 201, body=b"x")
SECOND = 1000 * [ask("GET", "/x", 200, answer=b"x")]  # packets are a millisecond apart


def state(ctag, *etags):
    members = [etag(f"/c/{number}", f'"{value}"') for number, value in enumerate(etags)]
    return listing(entry("/c/", CTAG.format(ctag)), *members)


# What happens, and which rules speak, about the last answer.
CASES = {
    # RFC 4918 section 9.6: what was deleted is not there.
    "deleted": ([REMOVED, HERE], "deleted_still_there"),
    "deleted-by-another": ([ask("DELETE", "/c/a", 200, client=2), HERE], "deleted_still_there"),
    "moved": ([MOVED, HERE], "deleted_still_there"),
    "member-of-deleted": ([ask("DELETE", "/c/", 204), listing(etag("/c/a", '"1"'))],
                          "deleted_still_there"),
    "spelling": ([REMOVED, listing(etag("http://dav.example/c/%61", '"1"'))],
                 "deleted_still_there"),
    "query": ([REMOVED, sync("urn:t:0", "urn:t:1", etag("/c/a", '"1"'))], "deleted_still_there"),
    "not-deleted": ([ask("DELETE", "/c/a", 403), HERE], ""),
    "deleted-later": ([ask("DELETE", "/c/a", 202), HERE], ""),
    "made-again": ([REMOVED, ask("PUT", "/c/a", 201, body=b"x"), HERE], ""),
    "copied-again": ([REMOVED, ask("COPY", "/d", 201, sent={"Destination": "/c/a"}), HERE], ""),
    "tree-copied-again": ([REMOVED, ask("COPY", "/d/", 201, sent={"Destination": "/c/"}), HERE], ""),
    "batch": ([REMOVED, ask("POST", "/batch", 200, body=b"x"), HERE], ""),
    "neighbour": ([REMOVED, listing(etag("/c/ab", '"1"'))], ""),
    "gone": ([REMOVED, listing(etag("/c/", '"0"'), row("/c/a", 404))], ""),
    "other-host": ([Exchange(request("DELETE", "/c/a", host="other.example"), response(204)), HERE],
                   ""),

    # Section 9.2: what was set is there.
    "not-kept": ([patch("/c/a"), UNNAMED], "property_not_kept"),
    "other-value": ([patch("/c/a"), GREEN], "property_not_kept"),
    "kept": ([patch("/c/a"), NAMED], ""),
    "not-set": ([patch("/c/a", status=403), UNNAMED], ""),
    "set-again": ([patch("/c/a"), patch("/c/a", value="green"), GREEN], ""),
    "set-by-elements": ([patch("/c/a", value="<D:b>blue</D:b>"), GREEN], ""),
    "removed": ([patch("/c/a", removes=True), UNNAMED], ""),
    "own-value": ([patch("/c/a", client=2), GREEN], ""),
    "replaced": ([patch("/c/a"), ask("PUT", "/c/a", 204, body=b"x"), UNNAMED], ""),
    "other-resource": ([patch("/c/b"), UNNAMED], ""),
    "set-and-removed": ([patch("/c/a"), patch("/c/a", removes=True), UNNAMED], ""),
    # What a server broke off may have been done all the same; what it refused was not.
    "set-broken-off": ([patch("/c/a"), ask("PROPPATCH", "/c/a", 500, body=b"x"), GREEN], ""),
    "set-elsehow": ([patch("/c/a"), ask("PROPPATCH", "/c/a", 200, body=b"x"), GREEN], ""),
    "set-refused": ([patch("/c/a"), ask("PROPPATCH", "/c/a", 403, body=b"x"), GREEN],
                    "property_not_kept"),
    "set-refused-as-207": ([patch("/c/a"), patch("/c/a", value="green", status=403), GREEN],
                           "property_not_kept"),
    "set-neighbour-broken-off": ([patch("/c/a"), ask("PROPPATCH", "/c/b", 500, body=b"x"), GREEN],
                                 "property_not_kept"),

    # Sections 15.4 and 15.6: the entity tag and the length are those of the content.
    "put-etag": ([ask("PUT", "/c/a", 201, body=b"x", ETag='"2"'), HERE], "etag_differs"),
    "get-etag": ([HERE, READ, HERE], "etag_differs"),
    "get-length": ([HERE, READ, listing(etag("/c/a", '"2"',
                                             "<D:getcontentlength>6</D:getcontentlength>"))],
                   "value_differs"),
    "right": ([HERE, READ, listing(etag("/c/a", '"2"',
                                        "<D:getcontentlength>5</D:getcontentlength>"))], ""),
    "weak": ([ask("PUT", "/c/a", 201, body=b"x", ETag='W/"1"'), HERE], ""),
    "changed": ([ask("PUT", "/c/a", 201, body=b"x", ETag='"2"'),
                 ask("PUT", "/c/a", 204, body=b"y"), HERE], ""),
    "patched": ([ask("PUT", "/c/a", 201, body=b"x", ETag='"2"'), patch("/c/a"), HERE], ""),
    "coded": ([HERE, ask("GET", "/c/a", 200, answer=b"hello", ETag='"1-gzip"',
                         Content_Encoding="x-own"), HERE], ""),
    "partial": ([HERE, ask("GET", "/c/a", 206, answer=b"he", ETag='"2"'), HERE], ""),
    "page-of-a-collection": ([HERE, ask("GET", "/c/", 200, answer=b"hello", ETag='"9"'), HERE], ""),
    "other-connection": ([HERE, ask("GET", "/c/a", 200, 2, answer=b"x", ETag='"2"'), HERE], ""),

    # RFC 6578 section 3.2: a synchronisation tells of what changed since.
    "misses-created": ([SYNCED, CREATED, sync("urn:t:1", "urn:t:2", etag("/c/a", '"2"'))],
                       "sync_misses"),
    "misses-removed": ([SYNCED, REMOVED, sync("urn:t:1", "urn:t:2")], "sync_misses"),
    "tells": ([SYNCED, CREATED, REMOVED,
               sync("urn:t:1", "urn:t:2", etag("/c/b", '"1"'), row("/c/a", 404))], ""),
    "newer-token": ([SYNCED, CREATED, sync("urn:t:1", "urn:t:2", etag("/c/b", '"1"')),
                     sync("urn:t:2", "urn:t:2")], ""),
    "unknown-token": ([SYNCED, CREATED, sync("urn:t:0", "urn:t:2")], ""),
    "came-and-went": ([SYNCED, CREATED, ask("DELETE", "/c/b", 204), sync("urn:t:1", "urn:t:2")], ""),
    "overwritten": ([SYNCED, ask("PUT", "/c/a", 204, body=b"x"), sync("urn:t:1", "urn:t:2")], ""),
    "deeper": ([SYNCED, ask("PUT", "/c/d/b", 201, body=b"x"), sync("urn:t:1", "urn:t:2")], ""),
    "limited": ([SYNCED, CREATED, sync("urn:t:1", "urn:t:2", etag("/c/a", '"2"'), limit="<D:limit>"
                                       "<D:nresults>1</D:nresults></D:limit>")], ""),
    "more-to-come": ([SYNCED, CREATED, sync("urn:t:1", "urn:t:2", row("/c/", 507))], ""),

    # The same section: a token may be refused, and then the client starts over.
    "token-refused": ([SYNCED, sync("urn:t:1", "", status=403), sync("", "urn:t:2")],
                      "sync_token_refused"),
    "foreign-token": ([SYNCED, sync("urn:t:0", "", status=403), sync("", "urn:t:2")], ""),
    "other-client": ([SYNCED, sync("urn:t:1", "", status=403, client=2), sync("", "urn:t:2")], ""),
    "told-once": ([SYNCED, sync("urn:t:1", "", status=403), sync("", "urn:t:2"),
                   sync("urn:t:2", "urn:t:2")], ""),

    # The CTag changes with the members.
    "ctag-still": ([state("1", 1, 1), state("1", 1, 2)], "ctag_still"),
    "ctag-still-apart": ([state("1", 1), listing(etag("/c/0", '"2"')), state("1", 2)], "ctag_still"),
    "ctag-changed": ([state("1", 1), state("2", 2)], ""),
    "nothing-changed": ([state("1", 1), state("1", 1)], ""),
    "changed-later": ([state("1", 1), listing(etag("/c/0", '"2"'))], ""),
    "without-etags": ([state("1", 1), listing(entry("/c/", CTAG.format("1")),
                                              entry("/c/0", "<D:displayname/>"))], ""),

    # Section 6.6: a lock runs out.
    "expired": ([lock(), *SECOND, refused()], "lock_expired"),
    "expired-412": ([lock(), *SECOND, refused(412)], "lock_expired"),
    "holds": ([lock("Second-100"), *SECOND, refused()], ""),
    "other-failure": ([lock(), *SECOND, refused(403)], ""),
}


def spoken(findings):
    return " ".join(name for name in RULES if name in findings)


def last_record(command, path, *options):
    records = [json.loads(line) for line in command("-T", "ndjson", *options, path).lines]
    return [one for one in records if one["type"] == "exchange"][-1]


@functools.lru_cache(maxsize=None)
def last_records():
    """The last record of every case, with the sieve and without: of two runs over all captures."""
    world = the_world()
    paths = {str(save(world, f"contradiction-{name}", exchanges)): name
             for name, (exchanges, _) in CASES.items()}
    found = []
    for options in ((), ("--no-sieve",)):
        result = world.run([world.command, "-T", "ndjson", *options, *paths])
        assert result.status == 0, result.stderr
        found.append({paths[record["capture"]]: record for record in result.exchanges})
    return found


# One process runs them, for they share what was read.
@pytest.mark.xdist_group("contradictions")
@pytest.mark.parametrize("name", CASES)
def test_a_contradiction(name):
    sieved, whole = (records[name] for records in last_records())
    assert spoken({finding["rule"] for finding in sieved["findings"]}) == CASES[name][1]
    assert sieved == whole


@pytest.mark.parametrize("name", ["deleted", "other-value", "get-etag", "misses-created", "expired"])
def test_in_tshark(name, world, tshark):
    exchanges, rules = CASES[name]
    path = save(world, f"contradiction-{name}", exchanges)
    for passes in ((), ("-2",)):
        shown = tshark("-r", path, *passes, "-V", "-Y", f"multistatus.rule.{rules}").lines
        assert any("Expert Info" in line for line in shown)


def test_the_messages(world, command):
    """Each says what was said before, and where."""
    expected = {
        "deleted": "/c/a is there, but the server said in frame 5 that the DELETE had succeeded",
        "other-value": '/c/a: displayname is "green", but the PROPPATCH of frame 5 set it to "blue"',
        "put-etag": '/c/a: getetag is "1", but the answer to the PUT in frame 5 has ETag: "2"',
        "get-length": "has Content-Length: 5",
        "misses-created": "The answer does not tell of /c/b, which the PUT in frame 7 created after",
        "token-refused": "refused the sync-token urn:t:1 in frame 7, which it had given out in "
                         "frame 5",
        "ctag-still": "/c/: getctag is 1 as in frame 5, but between frames 5 and 7",
    }
    for name, words in expected.items():
        path = save(world, f"contradiction-{name}", CASES[name][0])
        record = last_record(command, path)
        assert any(words in finding["message"] for finding in record["findings"]), record


def as_har(exchanges):
    """The same session as a browser saves it, an exchange a second."""
    entries = []
    for number, one in enumerate(exchanges):
        sides = []
        for text in (one.request, one.response):
            head, body = text.decode().split("\r\n\r\n", 1)
            start, *fields = head.split("\r\n")
            sides.append((start.split(" ", 2), body,
                          [dict(zip(("name", "value"), field.split(": ", 1))) for field in fields]))
        (asked, sent, sent_fields), (answered, got, got_fields) = sides
        entries.append({
            "startedDateTime": f"2026-11-22T07:{number // 60:02}:{number % 60:02}.000Z", "time": 100,
            "request": {"method": asked[0], "url": f"http://dav.example{asked[1]}",
                        "httpVersion": "HTTP/1.1", "headers": sent_fields,
                        "postData": {"mimeType": "application/xml", "text": sent}},
            "response": {"status": int(answered[1]), "statusText": answered[2],
                         "httpVersion": "HTTP/1.1", "headers": got_fields,
                         "content": {"mimeType": "application/xml", "text": got}}})
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "x", "version": "1"},
                               "entries": entries}})


@pytest.mark.parametrize("name", ["deleted", "made-again", "other-value", "kept", "get-etag",
                                  "get-length", "right", "misses-created", "token-refused",
                                  "ctag-still"])
def test_in_har(name, tmp_path, command):
    exchanges, rules = CASES[name]
    path = tmp_path / f"{name}.har"
    path.write_text(as_har(exchanges))
    record = last_record(command, str(path))
    assert spoken({finding["rule"] for finding in record["findings"]}) == rules


def test_a_change_under_way(world, command):
    """What was deleted may be made anew by a PUT whose answer the capture does not have."""
    one, two = REMOVED, HERE
    put = ask("PUT", "/c/a", 201, client=2, body=b"x")
    path = save(world, "contradiction-under-way",
                [one, Exchange(put.request, b"", 2), two])
    assert spoken({f["rule"] for f in last_record(command, path)["findings"]}) == ""


@pytest.mark.parametrize("options", [(), ("--no-sieve",)])
@pytest.mark.parametrize("answered", [True, False])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_changed_on_another_connection(world, command, method, answered, options):
    """Which has nothing else to do with WebDAV, and would be left out by itself."""
    change = ask(method, "/c/a", 204, client=2, body=b"x")
    between = [change if answered else Exchange(change.request, b"", 2)]
    first, last = ask("PUT", "/c/a", 201, body=b"x", ETag='"2"'), listing(etag("/c/a", '"1"'))
    for exchanges, rules in (([first, last], "etag_differs"), ([first, *between, last], "")):
        path = save(world, "contradiction-elsewhere", exchanges)
        found = command("-T", "ndjson", *options, path).exchanges[-1]["findings"]
        assert spoken({finding["rule"] for finding in found}) == rules
