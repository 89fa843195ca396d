"""The request side: what a WebDAV request asked for, in its own frame, under a protocol of its own.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import re

import pytest
from conftest import COMMAND_PREFERENCES, REPOSITORY, key_preferences, run_program
from traffic import Exchange, multistatus, request, response, row, save

OK = multistatus(row("/c/", 200))


def xml(root, content, namespaces=""):
    return f'<D:{root} xmlns:D="DAV:"{namespaces}>{content}</D:{root}>'


def prop(*names):
    return "<D:prop>" + "".join(f"<D:{name}/>" for name in names) + "</D:prop>"


CALDAV = ' xmlns:C="urn:ietf:params:xml:ns:caldav"'
MULTIGET = (f'<C:calendar-multiget xmlns:D="DAV:"{CALDAV}>' + prop("getetag") +
            '<D:href>/c/1.ics</D:href><D:href>/c/2.ics</D:href></C:calendar-multiget>')
SEARCH = xml("searchrequest", "<D:basicsearch><D:select>" + prop("getetag") + "</D:select>"
             "<D:from><D:scope><D:href>/c/</D:href><D:depth>1</D:depth></D:scope></D:from>"
             "<D:limit><D:nresults>7</D:nresults></D:limit></D:basicsearch>")
ACL = xml("acl", "<D:ace><D:principal><D:href>/u/ines</D:href></D:principal><D:grant><D:privilege>"
          "<D:read/></D:privilege><D:privilege><D:write/></D:privilege></D:grant></D:ace>"
          "<D:ace><D:principal><D:all/></D:principal><D:deny><D:privilege><D:unlock/>"
          "</D:privilege></D:deny></D:ace>")
LOCKINFO = xml("lockinfo", "<D:lockscope><D:shared/></D:lockscope><D:locktype><D:write/>"
               "</D:locktype><D:owner>Ines</D:owner>")

# Method, header fields, body, and the values that are shown beside method and URI.
REQUESTS = {
    "propfind": ("PROPFIND", {"Depth": "1", "Prefer": "return=minimal", "Brief": "t"},
                 xml("propfind", prop("displayname", "getetag")),
                 {"depth": "1", "prefer": "return=minimal", "brief": "t",
                  "body": "{DAV:}propfind", "property": "{DAV:}displayname,{DAV:}getetag"}),
    "allprop": ("PROPFIND", {"Depth": "0"},
                xml("propfind", "<D:allprop/><D:include><D:acl/></D:include>"),
                {"depth": "0", "body": "{DAV:}propfind", "allprop": "1", "property": "{DAV:}acl"}),
    "propname": ("PROPFIND", {}, xml("propfind", "<D:propname/>"),
                 {"body": "{DAV:}propfind", "propname": "1"}),
    "no-body": ("PROPFIND", {"Depth": "infinity"}, "", {"depth": "infinity"}),
    "proppatch": ("PROPPATCH", {}, xml(
        "propertyupdate", "<D:set>" + prop("displayname") + "</D:set><D:remove>" +
        prop("getcontentlanguage") + "</D:remove>"),
        {"body": "{DAV:}propertyupdate", "set": "{DAV:}displayname",
         "remove": "{DAV:}getcontentlanguage"}),
    "multiget": ("REPORT", {"Depth": "1"}, MULTIGET,
                 {"depth": "1", "body": "{urn:ietf:params:xml:ns:caldav}calendar-multiget",
                  "property": "{DAV:}getetag", "href": "/c/1.ics,/c/2.ics"}),
    "sync": ("REPORT", {"Depth": "0"}, xml(
        "sync-collection", "<D:sync-token>urn:t:1</D:sync-token><D:sync-level>1</D:sync-level>"
        "<D:limit><D:nresults>50</D:nresults></D:limit>" + prop("getetag")),
        {"depth": "0", "body": "{DAV:}sync-collection", "property": "{DAV:}getetag",
         "sync_token": "urn:t:1", "sync_level": "1", "limit": "50"}),
    "expand": ("REPORT", {"Depth": "0"},
               xml("expand-property", '<D:property name="version-history"/>'),
               {"depth": "0", "body": "{DAV:}expand-property",
                "property": "{DAV:}version-history"}),
    "mkcol": ("MKCOL", {}, xml("mkcol", "<D:set>" + prop("resourcetype") + "</D:set>"),
              {"body": "{DAV:}mkcol", "set": "{DAV:}resourcetype"}),
    "mkcalendar": ("MKCALENDAR", {}, f'<C:mkcalendar xmlns:D="DAV:"{CALDAV}><D:set>' +
                   prop("displayname") + "</D:set></C:mkcalendar>",
                   {"body": "{urn:ietf:params:xml:ns:caldav}mkcalendar",
                    "set": "{DAV:}displayname"}),
    "lock": ("LOCK", {"Timeout": "Second-60", "Depth": "0"}, LOCKINFO,
             {"depth": "0", "timeout": "Second-60", "body": "{DAV:}lockinfo",
              "lock_scope": "shared", "lock_type": "write", "lock_owner": "Ines"}),
    "unlock": ("UNLOCK", {"Lock-Token": "<urn:x:1>"}, "", {"lock_token": "<urn:x:1>"}),
    "search": ("SEARCH", {}, SEARCH, {"body": "{DAV:}searchrequest", "property": "{DAV:}getetag",
                                      "href": "/c/", "limit": "7"}),
    "acl": ("ACL", {}, ACL, {"body": "{DAV:}acl", "principal": "/u/ines,{DAV:}all",
                             "granted": "{DAV:}read,{DAV:}write", "denied": "{DAV:}unlock"}),
    "move": ("MOVE", {"Destination": "/d/", "Overwrite": "F", "If": "(<urn:x:1>)"}, "",
             {"destination": "/d/", "overwrite": "F", "if": "(<urn:x:1>)"}),
    "put-with-if": ("PUT", {"If": "(<urn:x:1>)"}, "", {"if": "(<urn:x:1>)"}),
}


WEBDAV = {method for method, *_ in REQUESTS.values()} - {"PUT"}


@pytest.fixture(scope="session")
def request_fields(tshark):
    return [line.split("\t")[2] for line in tshark("-G", "fields").lines
            if line[:2] in ("F\t", "P\t") and
            (line.split("\t")[2] + ".").startswith("multistatus_request.")]


def asked(tshark, path, fields, *more):
    """The values of all fields that have one, for each frame with a request. Since 4.4 tshark
    writes True where it wrote 1."""
    result = tshark("-r", path, *more, "-Y", "multistatus_request", "-T", "fields",
                    *(option for field in fields for option in ("-e", field)))
    return [{name.removeprefix("multistatus_request."): "1" if value == "True" else value
             for name, value in zip(fields, line.split("\t")) if value} for line in result.lines]


@pytest.fixture(scope="session")
def everything(world):
    """All requests in one capture: half the answers are Multi-Status, half are not."""
    exchanges = [Exchange(request(method, "/c/", headers, body),
                          OK if number % 2 else response(204))
                 for number, (method, headers, body, _) in enumerate(REQUESTS.values())]
    return save(world, "requests", exchanges)


@pytest.mark.parametrize("passes", [(), ("-2",)])
def test_every_request_is_shown(passes, everything, tshark, request_fields):
    values = [name for name in request_fields if name != "multistatus_request"]
    found = asked(tshark, everything, values, *passes)
    answered = [one.pop("response_in", None) is not None for one in found]
    for one in found:
        one.pop("report_not_207", None)
    assert found == [{"method": method, "uri": "/c/", **shown}
                     for method, _, _, shown in REQUESTS.values()]
    assert answered == [bool(passes)] * len(found)  # the first pass cannot know


def test_the_requests_of_all_records_are_shown(here, tshark, records):
    """Of whatever version of HTTP, and pipelined or not."""
    result = tshark("-r", here, *COMMAND_PREFERENCES, *key_preferences(here), "-Y",
                    "multistatus_request", "-T", "fields", "-e", "frame.number", "-e",
                    "multistatus_request.method")
    shown = {(int(frame), method) for frame, methods in
             (line.split("\t") for line in result.lines) for method in methods.split(",")}
    assert shown >= {(record["request_frame"], record["method"]) for record in records
                     if record["method"] in WEBDAV}


def test_the_filter_multistatus_means_what_it_did(everything, tshark):
    frames = [line for line in tshark("-r", everything, "-Y", "multistatus", "-T", "fields",
                                      "-e", "http.response.code").lines]
    assert frames == ["207"] * (len(REQUESTS) // 2)


def test_plain_http_is_no_webdav(world, tshark):
    path = save(world, "plain-http", [
        Exchange(request("GET", "/x"), response(200, "x")),
        Exchange(request("PUT", "/x", {}, "x"), response(201)),
        Exchange(request("DELETE", "/x"), response(204)),
        Exchange(request("POST", "/x", {"Prefer": "return=minimal"}, "x"), response(200))])
    assert not tshark("-r", path, "-Y", "multistatus_request").lines


def test_marked_bytes(everything, tshark):
    """A click on an asked-for property marks its element."""
    result = tshark("-r", everything, "-Y", "multistatus_request.property == \"{DAV:}displayname\"",
                    "-T", "json", "-x", "-J", "multistatus_request")
    marked = re.search(r'"multistatus_request.property_raw": \[\s*\[?\s*"([0-9a-f]+)"', result.text)
    assert bytes.fromhex(marked.group(1)) == b"<D:displayname/>"


@pytest.mark.parametrize("body, says", [("<D:propfind xmlns:D='DAV:'><D:prop>", "1"),
                                        (xml("propfind", "<D:allprop/>"), "")])
def test_malformed_bodies(body, says, world, tshark):
    path = save(world, "request-malformed", [Exchange(request("PROPFIND", "/c/", {}, body), OK)])
    assert tshark("-r", path, "-Y", "multistatus_request", "-T", "fields", "-e",
                  "multistatus_request.malformed").lines == [says]


def test_documented_fields_are_all_there_are(request_fields):
    page = (REPOSITORY / "docs" / "fields.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(multistatus_request[\w.]*)` \|", page, re.MULTILINE)) == \
        set(request_fields)


def test_disabled_protocols_leave_no_trace(everything, tshark, stock_tshark):
    stock = stock_tshark("-r", everything, "-V").stdout
    assert tshark("-r", everything, "-V", "--disable-protocol", "multistatus").stdout == stock
    assert b"WebDAV Request" not in tshark("-r", everything, "-V", "--disable-protocol",
                                           "multistatus_request").stdout


# --------------------------------------------------------- frames again, in whatever order ----

def redissect(world, path, frames):
    """What Wireshark's window shows of these frames once a capture is loaded: the labels of all
    nodes, for each frame. sharkd dissects with taps only when it is asked for one."""
    calls = [{"method": "load", "params": {"file": str(path)}},
             {"method": "tap", "params": {"tap0": "stat:multistatus"}},
             *({"method": "frame", "params": {"frame": frame, "proto": True}}
               for frame in frames)]
    lines = "".join(json.dumps({"jsonrpc": "2.0", "id": number, **call}) + "\n"
                    for number, call in enumerate(calls, 1))
    result = run_program(world, "sharkd", "-", stdin=lines.encode())
    answers = {answer["id"]: answer["result"] for answer in
               (json.loads(line) for line in result.lines if line.startswith("{"))}

    def labels(nodes):
        for node in nodes:
            yield node["l"]
            yield from labels(node.get("n", []))
    return [list(labels(answers[number]["tree"])) for number in range(3, len(calls) + 1)]


def test_frames_are_shown_again_in_any_order(world):
    lock = Exchange(request("LOCK", "/c/a", {"Depth": "0"}, LOCKINFO),
                    response(200, headers={"Lock-Token": "<urn:x:1>"}))
    failing = Exchange(request("DELETE", "/c/", {"Depth": "infinity"}),
                       multistatus(row("/c/a", 423)))
    refused = Exchange(request("PROPPATCH", "/c/a"), response(423))
    unlock = Exchange(request("UNLOCK", "/c/a", {"Lock-Token": "<urn:x:1>"}), response(204))
    path = save(world, "redissect", [lock, failing, failing, failing, refused, unlock])
    # 4 LOCK, 5 its answer, 6 DELETE, 7, 8, 9, 10, 11 the third failure, 12 PROPPATCH, 14 UNLOCK
    for order in ([11, 7, 12, 6, 4, 14], [4, 14, 6, 12, 7, 11, 7]):
        shown = dict(zip(order, redissect(world, path, order)))
        assert "Response in frame: 5 (200)" in shown[4]
        assert "Lock scope: shared" in shown[4]
        assert "Response in frame: 7 (207)" in shown[6]
        assert "Lock taken in frame: 4" in shown[7]
        assert not any("third time" in label for label in shown[7])
        assert any("third time (first in frame 7)" in label for label in shown[11])
        assert "Response in frame: 13 (423)" in shown[12]
        assert any(label.startswith("Lock taken in frame: 4. The lock's root is /c/a, ")
                   for label in shown[12])
        assert "Response in frame: 15 (204)" in shown[14]


def test_a_report_that_is_not_answered_with_207(world):
    body = xml("expand-property", '<D:property name="version-history"/>')
    busy = f'<C:free-busy-query xmlns:D="DAV:"{CALDAV}/>'
    said = "The answer to a REPORT with Depth is not a 207, but a 200"
    for headers, content, status, fires in (
            ({"Depth": "0"}, body, 200, True), ({}, body, 200, False),
            ({"Depth": "0"}, body, 207, False), ({"Depth": "0"}, body, 403, False),
            ({"Depth": "1"}, busy, 200, False)):
        path = save(world, "report-200", [Exchange(request("REPORT", "/c/", headers, content),
                                                   response(status, "x"))])
        shown, = redissect(world, path, [4])
        assert any(said in label for label in shown) == fires, (headers, content, status)
