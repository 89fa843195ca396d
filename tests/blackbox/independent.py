"""A second, independent decoder of Multi-Status bodies, for comparison with the project's.

It shares nothing with it: bodies come from tshark without the plugin, XML is read by expat
(xml.etree), and the code follows RFC 4918 section 14, not decoder/. It is strict: a body that is
not well-formed, namespaces included, is None to it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import re
import xml.etree.ElementTree as ElementTree

DAV = "{DAV:}"
ROOTS = {
    "{DAV:}multistatus",
    "{DAV:}mkcol-response",
    "{urn:ietf:params:xml:ns:caldav}mkcalendar-response",
    "{urn:ietf:params:xml:ns:carldav:}mkcalendar-response",     # as Xandikos spells it
}
XML_SPACE = " \t\r\n"
# RFC 9112 section 4; what is not an HTTP status (lighttpd sends "HTTP/1.1 1 ") is read as a number too.
STATUS_LINE = re.compile(r"HTTP/\d+(?:\.\d+)? +(\d+)(?: |$)")


def text(element):
    return None if element is None else "".join(element.itertext()).strip(XML_SPACE)


def status(element):
    """The code of a status element; None without one or without a number."""
    match = STATUS_LINE.match(text(element) or "")
    return int(match.group(1)) if match else None


def names(element):
    return [] if element is None else [child.tag for child in element]


def conditions(element):
    return [name for error in element.findall(DAV + "error") for name in names(error)]


def propstats(element):
    return [{
        "status": status(propstat.find(DAV + "status")),
        "properties": names(propstat.find(DAV + "prop")),
        "conditions": conditions(propstat),
        "description": text(propstat.find(DAV + "responsedescription")),
    } for propstat in element.findall(DAV + "propstat")]


def decode(body):
    """One body as {"root", "sync_token", "responses"}; None if it is not well-formed."""
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return None
    responses = []
    if root.tag == DAV + "multistatus":
        for response in root.findall(DAV + "response"):
            location = response.find(DAV + "location")
            responses.append({
                "hrefs": [text(href) for href in response.findall(DAV + "href")],
                "status": status(response.find(DAV + "status")),
                "propstats": propstats(response),
                "conditions": conditions(response),
                "description": text(response.find(DAV + "responsedescription")),
                "location": None if location is None else text(location.find(DAV + "href")),
            })
    elif root.tag in ROOTS:
        # RFC 5689 section 3: the propstats of the one new collection, without a response element.
        found = propstats(root)
        if found:
            responses.append({"hrefs": [], "status": None, "propstats": found,
                              "conditions": conditions(root),
                              "description": text(root.find(DAV + "responsedescription")),
                              "location": None})
    return {"root": root.tag, "sync_token": text(root.find(DAV + "sync-token")),
            "responses": responses}


# ----------------------------------------------------------------------- bodies from tshark ----

class Pairs(list):
    """A JSON object as its (name, value) pairs: tshark repeats names."""

    def find(self, name):
        """All values of that name, at any depth, in document order."""
        for key, value in self:
            if key == name:
                yield value
            if isinstance(value, Pairs):
                yield from value.find(name)


def responses(output):
    """The (frame, status code, body) of every HTTP/1 response in what `tshark -T json -x` says.
    body is None where tshark has none."""
    for packet in json.loads(output, object_pairs_hook=Pairs):
        for layers in packet.find("layers"):
            frame = int(next(layers.find("frame.number")))
            for name, layer in layers:
                if name != "http" or not isinstance(layer, Pairs):
                    continue
                code = next(layer.find("http.response.code"), None)
                raw = next(layer.find("http.file_data_raw"), None)
                if code is not None:
                    yield frame, int(code), None if raw is None else bytes.fromhex(raw[0])
