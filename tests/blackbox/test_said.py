"""What the server said, and what is no Multi-Status: records, reports and the tree say the same.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import gzip
import html
import json
import zlib

import pytest
import traffic
from conftest import compressed

SABRE = ('<D:error xmlns:D="DAV:" xmlns:s="http://sabredav.org/ns">'
         '<s:exception>Sabre\\DAV\\Exception\\Locked</s:exception>'
         '<s:message>The folder is in use</s:message>{}</D:error>')
LOCKED = '<D:lock-token-submitted><D:href>/c/a</D:href></D:lock-token-submitted>'
WORDS = "The folder is in use (Sabre\\DAV\\Exception\\Locked)"


def saved(world, name, request, body, content_type="application/xml; charset=utf-8"):
    answer = traffic.response(207, body.encode(), {"Content-Type": content_type})
    return traffic.save(world, name, [traffic.Exchange(request, answer)])


def layers(tshark, path, *fields):
    result = tshark("-r", path, "-Y", "multistatus", "-T", "json",
                    *(option for field in fields for option in ("-e", field)))
    return json.loads(result.text)[0]["_source"]["layers"]


def test_description_of_the_body(world, command, tshark):
    """RFC 4918 section 9.1.3 gives the reason there only."""
    said = "There has been an access violation error."
    path = saved(world, "said-body", traffic.request("PROPFIND", "/c/"),
                 '<D:multistatus xmlns:D="DAV:">' + traffic.row("/c/", 200) +
                 traffic.row("/c/a", 403) +
                 f"<D:responsedescription>{said}</D:responsedescription></D:multistatus>")
    record, = command("-T", "ndjson", path).exchanges
    assert record["body_description"] == said
    assert command("-e", "body_description", "-T", "tsv", path).lines[-1] == said
    assert f'The server says: "{said}"' in command("--explain", path).text
    assert f'The server says: "{said}"' in command("-T", "markdown", path).text.replace("\\", "")
    assert f">{said}</p>" in command("-T", "html", path).text
    assert layers(tshark, path, "multistatus.description") == {"multistatus.description": [said]}
    # It is a reason like any other: no hint guesses beside it.
    assert "for the reason it gives" in command("--explain", path).text
    hidden = command("--redact", "-T", "ndjson", path)
    assert "violation" not in hidden.text


def test_words_of_a_failure_are_no_condition(world, command):
    path = saved(world, "said-member", traffic.request("DELETE", "/c/"),
                 '<D:multistatus xmlns:D="DAV:"><D:response><D:href>/c/a</D:href>'
                 "<D:status>HTTP/1.1 423 Locked</D:status>" + SABRE.format(LOCKED) +
                 "</D:response></D:multistatus>")
    record, = command("-T", "ndjson", path).exchanges
    response, = record["responses"]
    assert response["conditions"] == ["{DAV:}lock-token-submitted"]
    assert response["description"] == WORDS
    assert record["body_description"] is None


def test_error_document_says_condition_message_and_exception(world, command, tshark):
    path = saved(world, "said-error", traffic.request("DELETE", "/c/"), SABRE.format(LOCKED))
    record, = command("-T", "ndjson", path).exchanges
    assert (record["verdict"], record["body_description"]) == ("undecoded", WORDS)
    explained = " ".join(command("--explain", path).text.split())
    assert f"It names lock-token-submitted; the server says: {WORDS}" in explained
    assert explained.count("The folder is in use") == 1
    shown = tshark("-r", path, "-Y", "multistatus", "-V").text
    assert WORDS in shown and "lock-token-submitted" in shown


def test_message_of_json_without_rows(world, command):
    path = saved(world, "said-json", traffic.request("POST", "/batch"),
                 '{"success": false, "message": "2 of 3 were stored"}', "application/json")
    record, = command("-T", "ndjson", path).exchanges
    assert (record["verdict"], record["body_description"]) == ("undecoded", "2 of 3 were stored")
    assert 'The server says: "2 of 3 were stored"' in command(path).text


CONDITIONS = [
    ("DELETE", {"If": "(<urn:uuid:1>)"}, "If", "in the If header is not true"),
    ("DELETE", {"If-Match": '"1"'}, "If-Match", "in the If-Match header (or one like it)"),
    ("DELETE", {"If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"}, "If-Match",
     "in the If-Match header (or one like it)"),
    ("DELETE", {}, "", "has no If or If-Match header"),
    ("COPY", {"Destination": "/e/", "Overwrite": "F"}, "Overwrite",
     "The destination exists, and the request said Overwrite: F."),
    ("COPY", {"Destination": "/e/", "Overwrite": "T"}, "", "has no If or If-Match header"),
    ("COPY", {"Destination": "/e/", "If": "(<urn:uuid:1>)", "Overwrite": "F"}, "If, Overwrite",
     "The destination exists and the request said Overwrite: F, or a condition"),
]


@pytest.mark.parametrize("number", range(len(CONDITIONS)))
def test_hint_for_412_knows_the_request(world, command, tshark, number):
    """The command and Wireshark say the same, from a saved record as well."""
    method, fields, conditions, hint = CONDITIONS[number]
    path = saved(world, f"said-412-{number}", traffic.request(method, "/c/", headers=fields),
                 '<D:multistatus xmlns:D="DAV:">' + traffic.row("/c/a", 412) + "</D:multistatus>")
    result = command("-T", "ndjson", path)
    assert result.exchanges[0]["request_conditions"] == conditions
    shown = layers(tshark, path, "multistatus.hint")["multistatus.hint"]
    assert any(hint in text for text in shown), shown
    assert hint in " ".join(command("--explain", path).text.split())
    kept = world.folder / f"said-412-{number}.ndjson"
    kept.write_bytes(result.stdout)
    kept.chmod(0o644)
    assert hint in " ".join(command("report", "--explain", kept).text.split())


FOREIGN = [
    ("text/plain", "Try again later\r\n",
     'Not decoded: the body is text, neither XML nor JSON: "Try again later"'),
    ("application/xml", "upstream timed out",
     'Not decoded: the body is text, neither XML nor JSON: "upstream timed out"'),
    ("application/json", "upstream timed out",
     'Not decoded: the body is text, not JSON: "upstream timed out"'),
    ("text/html", "<!doctype html><html lang=en><head><title>Log in</title><body><p>x<br>",
     'The body is HTML, not a multistatus: "Log in"'),
    ("application/xml", "<html><body><h1>504 Gateway Time-out</h1><hr></body></html>",
     'The body is HTML, not a multistatus: "504 Gateway Time-out"'),
    ("application/json", "<html><h1>Oops", 'The body is HTML, not a multistatus: "Oops"'),
]


@pytest.mark.parametrize("number", range(len(FOREIGN)))
def test_what_is_no_multistatus(world, command, tshark, number):
    content_type, body, words = FOREIGN[number]
    path = saved(world, f"foreign-{number}", traffic.request("PROPFIND", "/c/"), body, content_type)
    record, = command("-T", "ndjson", path).exchanges
    assert (record["verdict"], record["resources"]) == ("undecoded", 0)
    explained = " ".join(command("--explain", path).text.split())
    assert words in explained
    shown = tshark("-r", path, "-Y", "multistatus", "-V").text
    for text in (explained, " ".join(shown.split())):
        assert "the body is Multi-Status" not in text and "cut off" not in text
        assert "well-formed" not in text
    assert words.removeprefix("Not decoded: ") in " ".join(shown.split())


def raw_deflate(body):
    made = zlib.compressobj(wbits=-15)
    return made.compress(body) + made.flush()


CODED = '<D:multistatus xmlns:D="DAV:">' + traffic.row("/c/a", 423) + "</D:multistatus>"
PROGRAMS = {"br": ("brotli", "-c"), "zstd": ("zstd", "-q", "-c")}


def coded_as(coding, body):
    if coding in PROGRAMS:
        return compressed(body, *PROGRAMS[coding])
    return {"gzip": lambda b: gzip.compress(b, mtime=0), "zlib": zlib.compress,
            "raw": raw_deflate, "none": lambda b: b}[coding](body)


CODINGS = [
    # What the bytes are, what the header says, the verdict, and words of the finding.
    (("gzip",), None, "undecoded", "the bytes are gzip (they start with 1f 8b), but"),
    (("zlib",), None, "undecoded", "the bytes are zlib (deflate) (they start with 78), but"),
    (("zstd",), None, "undecoded", "the bytes are zstd (they start with 28 b5 2f fd), but"),
    (("br",), None, "undecoded", "the bytes are brotli, but the header does not say so"),
    (("gzip",), "deflate", "partial", "The Content-Encoding is deflate, but the bytes are gzip:"),
    (("zstd",), "gzip", "partial", "The Content-Encoding is gzip, but the bytes are zstd:"),
    (("br",), "gzip", "partial", "The Content-Encoding is gzip, but the bytes are brotli:"),
    (("gzip",), "br", "partial", "The Content-Encoding is br, but the bytes are gzip:"),
    (("none",), "gzip", "partial", "The Content-Encoding is gzip, but the bytes are not compressed"),
    (("gzip", "gzip"), "gzip", "partial", "are compressed once more, with gzip:"),
    (("gzip", "br"), "br", "partial", "are compressed once more, with gzip:"),
    (("zstd", "zstd"), "zstd", "partial", "are compressed once more, with zstd:"),
    # Right, in all ways that are customary.
    (("gzip",), "gzip", "partial", None), (("gzip",), "x-gzip", "partial", None),
    (("zlib",), "deflate", "partial", None), (("raw",), "deflate", "partial", None),
    (("gzip", "br"), "gzip, br", "partial", None), (("br",), "br", "partial", None),
]


@pytest.mark.parametrize("number", range(len(CODINGS)))
def test_codings_and_what_the_header_says(world, command, tshark, number):
    layers_of, header, verdict, words = CODINGS[number]
    body = CODED.encode()
    for coding in layers_of:
        body = coded_as(coding, body)
    headers = {"Content-Type": "application/xml", **({"Content-Encoding": header} if header else {})}
    path = traffic.save(world, f"coding-{number}", [traffic.Exchange(
        traffic.request("DELETE", "/c/"), traffic.response(207, body, headers))])
    record, = command("-T", "ndjson", path).exchanges
    assert record["verdict"] == verdict
    found = [finding["message"] for finding in record["findings"] if finding["rule"] == "coding"]
    assert (not found) if words is None else (len(found) == 1 and words in found[0])
    assert record["resources"] == (verdict == "partial")
    if words and layers_of[0] == "none":
        shown = tshark("-r", path, "-Y", "multistatus", "-V").text
        assert words in shown


def test_what_conditions_name(world, command, tshark):
    """RFC 3744 section 7.1.1 (with its example), RFC 4791 sections 5.3.2.1 and 7.8."""
    lacking = ('<D:need-privileges><D:resource><D:href>/papers/</D:href><D:privilege><D:unbind/>'
               "</D:privilege></D:resource><D:resource><D:href>/ann/</D:href><D:privilege><D:bind/>"
               "</D:privilege></D:resource></D:need-privileges>")
    taken = '<C:no-uid-conflict xmlns:C="urn:ietf:params:xml:ns:caldav"><D:href>/cal/party.ics' \
            "</D:href></C:no-uid-conflict>"
    unknown = '<C:supported-filter xmlns:C="urn:ietf:params:xml:ns:caldav"><C:comp-filter ' \
              'name="VEVENT"><C:prop-filter name="X-ROOM"/></C:comp-filter></C:supported-filter>'

    def failed(href, condition):
        return (f"<D:response><D:href>{href}</D:href><D:status>HTTP/1.1 403 Forbidden</D:status>"
                f"<D:error>{condition}</D:error></D:response>")

    path = saved(world, "said-privileges", traffic.request("MOVE", "/papers/"),
                 '<D:multistatus xmlns:D="DAV:">' + failed("/papers/a", lacking) +
                 failed("/papers/b", taken) + failed("/papers/c", unknown) +
                 # Nothing is named, or only what stands beside it.
                 failed("/papers/d", "<D:need-privileges/>") +
                 failed("/papers/e", "<D:lock-token-submitted><D:href>/papers/e</D:href>"
                        "</D:lock-token-submitted>") + "</D:multistatus>")
    record, = command("-T", "ndjson", path).exchanges
    assert [tuple(detail.values()) for detail in record["condition_details"]] == [
        (0, "{DAV:}need-privileges", "{DAV:}unbind", None, "/papers/"),
        (0, "{DAV:}need-privileges", "{DAV:}bind", None, "/ann/"),
        (1, "{urn:ietf:params:xml:ns:caldav}no-uid-conflict", None, None, "/cal/party.ics"),
        (2, "{urn:ietf:params:xml:ns:caldav}supported-filter",
         "{urn:ietf:params:xml:ns:caldav}prop-filter", "X-ROOM", None),
        (4, "{DAV:}lock-token-submitted", None, None, "/papers/e")]
    wanted = ["need-privileges (unbind on /papers/, bind on /ann/)",
              "C:no-uid-conflict (/cal/party.ics)", "C:supported-filter (C:prop-filter X-ROOM)"]
    for words in wanted:
        assert words in " ".join(command("--explain", path).text.split())
        assert words in html.unescape(command("-T", "markdown", path).text.replace("\\", ""))
        assert words in command("-T", "html", path).text
    assert "/papers/e)" not in command("--explain", path).text
    labels = layers(tshark, path, "multistatus.response")["multistatus.response"]
    tree = tshark("-r", path, "-Y", "multistatus", "-V").text
    assert len(labels) == 5
    assert "(need-privileges: unbind on /papers/, bind on /ann/)" in tree
    assert "(C:no-uid-conflict: /cal/party.ics)" in tree and "(lock-token-submitted)" in tree
    hidden = command("--redact", "-T", "ndjson", path)
    assert "unbind" in hidden.text
    assert not any(secret in hidden.text for secret in ("papers", "X-ROOM", "ann/", "party.ics"))
