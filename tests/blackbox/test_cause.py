"""Root causes in the tree: the victim's node names the cause and marks its bytes, the cause's
node counts its victims.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json

import traffic

ROWS = traffic.row("/c/", 424) + traffic.row("/c/a", 423) + traffic.row("/c/b", 403)


def layers(tshark, path, *fields):
    result = tshark("-r", path, "-Y", "multistatus", "-T", "json",
                    *(option for field in fields for option in ("-e", field)))
    return json.loads(result.text)[0]["_source"]["layers"]


def test_cause_and_victims_refer_to_each_other(world, tshark):
    path = traffic.save(world, "cause", [traffic.Exchange(
        traffic.request("DELETE", "/c/"), traffic.multistatus(ROWS))])
    found = layers(tshark, path, "multistatus.cause", "multistatus.caused")
    assert found == {"multistatus.cause": ["/c/a"], "multistatus.caused": ["1"]}
    shown = tshark("-r", path, "-Y", "multistatus", "-V").text
    assert "[Cause: /c/a: 423 Locked]" in shown
    assert "1 resource failed only because of this (424)" in shown


def test_the_cause_marks_its_own_href(world, tshark):
    path = traffic.save(world, "cause", [traffic.Exchange(
        traffic.request("DELETE", "/c/"), traffic.multistatus(ROWS))])
    result = tshark("-r", path, "-Y", "multistatus", "-T", "json", "-x", "-J", "multistatus")
    text = result.text[result.text.index('"multistatus.cause_raw"'):]
    marked = bytes.fromhex(text.split('"')[3])
    assert marked == b"<D:href>/c/a</D:href>"


def test_a_property_names_the_refused_one(world, tshark):
    refused = ('<D:propstat><D:prop><D:{0}/></D:prop><D:status>HTTP/1.1 {1} x</D:status>'
               '</D:propstat>')
    path = traffic.save(world, "cause-proppatch", [traffic.Exchange(
        traffic.request("PROPPATCH", "/c/a"),
        traffic.multistatus("<D:response><D:href>/c/a</D:href>" +
                            refused.format("displayname", 424) + refused.format("getetag", 403) +
                            "</D:response>"))])
    found = layers(tshark, path, "multistatus.cause", "multistatus.caused")
    assert found == {"multistatus.cause": ["{DAV:}getetag"], "multistatus.caused": ["1"]}
