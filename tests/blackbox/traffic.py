"""Captures of HTTP/1 conversations that no server had to be recorded for.

    path = traffic.save(world, "locks", [
        traffic.Exchange(traffic.request("LOCK", "/c/a", {"Depth": "0"}, b"<D:lockinfo .../>"),
                         traffic.response(200, b"<D:prop .../>", {"Lock-Token": "<urn:x>"})),
        traffic.Exchange(traffic.request("DELETE", "/c/"), traffic.multistatus("<D:response>..."),
                         client=1)])

Each client has one connection to the server, opened with its first exchange: three frames, then
one for each segment. Sequence numbers, checksums and times are what they should be.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct
from dataclasses import dataclass

SEGMENT = 1400
SYN, ACK, PUSH, FIN = 0x02, 0x10, 0x08, 0x01
REASONS = {200: "OK", 201: "Created", 204: "No Content", 207: "Multi-Status", 403: "Forbidden",
           404: "Not Found", 405: "Method Not Allowed", 412: "Precondition Failed",
           423: "Locked", 424: "Failed Dependency", 507: "Insufficient Storage"}


@dataclass(frozen=True)
class Exchange:
    """A request and its response, either of which may be b"" (the capture does not hold it)."""
    request: bytes
    response: bytes
    client: int = 0  # the last byte of its address is 100 + client
    port: int = 80  # of the server


def message(start, headers, body):
    fields = {**headers}
    if body or not start.startswith("GET"):
        fields.setdefault("Content-Length", str(len(body)))
    if body:
        fields.setdefault("Content-Type", "application/xml; charset=utf-8")
    lines = [start, *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def request(method, uri, headers=None, body=b"", host="dav.example"):
    body = body.encode() if isinstance(body, str) else body
    return message(f"{method} {uri} HTTP/1.1", {"Host": host, **(headers or {})}, body)


def response(status, body=b"", headers=None, reason=None):
    body = body.encode() if isinstance(body, str) else body
    return message(f"HTTP/1.1 {status} {reason or REASONS.get(status, 'x')}", headers or {}, body)


def row(href, status, rest=""):
    """A response element with a status of its own."""
    return (f"<D:response><D:href>{href}</D:href><D:status>HTTP/1.1 {status} "
            f"{REASONS.get(status, 'x')}</D:status>{rest}</D:response>")


def multistatus(rows, headers=None, status=207):
    """A response with a Multi-Status body around these rows."""
    return response(status, '<?xml version="1.0" encoding="utf-8"?>\n'
                    f'<D:multistatus xmlns:D="DAV:">{rows}</D:multistatus>', headers)


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


class Connection:
    """One TCP connection over Ethernet and IPv4."""

    def __init__(self, client, port):
        self.address = {True: bytes([10, 0, 0, 100 + client]), False: bytes([10, 0, 0, 1])}
        self.ports = {True: 50000 + client, False: port}
        self.next = {True: 1000, False: 2000}

    def segment(self, from_client, flags, data=b""):
        other = not from_client
        ends = self.address[from_client] + self.address[other]
        tcp = struct.pack("!HHIIBBHHH", self.ports[from_client], self.ports[other],
                          self.next[from_client], self.next[other] if flags & ACK else 0,
                          5 << 4, flags, 65535, 0, 0) + data
        sums = checksum(ends + struct.pack("!BBH", 0, 6, len(tcp)) + tcp)
        tcp = tcp[:16] + struct.pack("!H", sums) + tcp[18:]
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0) + ends
        ip = ip[:10] + struct.pack("!H", checksum(ip)) + ip[12:]
        self.next[from_client] += len(data) + bool(flags & (SYN | FIN))
        return b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip + tcp

    def open(self):
        return [self.segment(True, SYN), self.segment(False, SYN | ACK), self.segment(True, ACK)]

    def send(self, from_client, data):
        return [self.segment(from_client, PUSH | ACK, data[at:at + SEGMENT])
                for at in range(0, len(data), SEGMENT)]


def frames(exchanges):
    """The frames of the exchanges, one exchange after the other."""
    connections = {}
    for exchange in exchanges:
        key = (exchange.client, exchange.port)
        if key not in connections:
            connections[key] = Connection(*key)
            yield from connections[key].open()
        yield from connections[key].send(True, exchange.request)
        yield from connections[key].send(False, exchange.response)


def pcap(packets):
    """The bytes of a capture file, one packet every millisecond."""
    parts = [struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1)]
    for number, data in enumerate(packets):
        seconds, milliseconds = divmod(number, 1000)
        parts.append(struct.pack("<IIII", 1795000000 + seconds, milliseconds * 1000, len(data),
                                 len(data)) + data)
    return b"".join(parts)


def save(world, name, exchanges):
    """Writes a capture where every program of the tests can read it, and returns its path."""
    path = world.folder / f"{name}.pcap"
    path.write_bytes(pcap(frames(exchanges)))
    path.chmod(0o644)
    return path
