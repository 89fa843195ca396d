"""What happens to a conversation on its way into a capture file: links, tunnels, loss, disorder.

    talk = wire.Talk(port=80)
    talk.client(traffic.request("PROPFIND", "/c/"))
    talk.server(response, segment=500)
    talk.end(wire.FIN)
    path = wire.save(world, "aborted", talk.packets)

A packet is the bytes of an Ethernet frame; what changes packets takes and returns lists of them.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import ssl
import struct

import traffic
from traffic import ACK, PUSH

FIN = traffic.FIN
RST = 0x04
ETHERNET = 14
# Link types of pcap: https://www.tcpdump.org/linktypes.html
LINK_NULL, LINK_ETHERNET, LINK_RAW, LINK_SLL, LINK_SLL2 = 0, 1, 101, 113, 276


class Talk:
    """One connection, whose packets are in `packets`."""

    def __init__(self, port=80, client=0):
        self.connection = traffic.Connection(client, port)
        self.packets = self.connection.open()

    def send(self, from_client, data, segment):
        for at in range(0, len(data), segment):
            self.packets.append(self.connection.segment(from_client, PUSH | ACK,
                                                        data[at:at + segment]))
        return self

    def client(self, data, segment=traffic.SEGMENT):
        return self.send(True, data, segment)

    def server(self, data, segment=traffic.SEGMENT):
        return self.send(False, data, segment)

    def end(self, flag, from_client=False):
        self.packets.append(self.connection.segment(from_client, flag | ACK))
        return self


def chunked(body, size=100, last=True):
    """The chunked transfer coding of a body; without the last chunk, as an aborted one is sent."""
    parts = [b"%x\r\n%s\r\n" % (len(body[at:at + size]), body[at:at + size])
             for at in range(0, len(body), size)]
    return b"".join(parts) + (b"0\r\n\r\n" if last else b"")


def head(status=207, **fields):
    """The header of a response."""
    lines = [f"HTTP/1.1 {status} {traffic.REASONS.get(status, 'x')}",
             *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items()), "", ""]
    return "\r\n".join(lines).encode()


# --------------------------------------------------------------------------------- HTTP/2 ----

# Types of frames, and their flags (RFC 9113).
H2_DATA, H2_HEADERS, H2_SETTINGS = 0, 1, 4
H2_END_STREAM, H2_END_HEADERS = 1, 4
H2_MOST = 16384         # bytes of a frame


def h2_frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + \
        struct.pack(">I", stream) + payload


def h2_fields(fields):
    """A header block: names and values as they are (RFC 7541 section 6.2.2)."""
    return b"".join(bytes((0, len(name))) + name + bytes((len(value),)) + value
                    for name, value in fields.items())


def h2_ask(method, path, stream=1):
    """A request without a body."""
    return h2_frame(H2_HEADERS, H2_END_STREAM | H2_END_HEADERS, stream, h2_fields({
        b":method": method, b":path": path, b":scheme": b"http", b":authority": b"h"}))


def h2_request(method, path):
    """What a client that knows sends first: its preface, and a request without a body."""
    return b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + h2_frame(H2_SETTINGS, 0, 0) + h2_ask(method, path)


def h2_answer(stream=1, **fields):
    """The header of a Multi-Status response."""
    return h2_frame(H2_HEADERS, H2_END_HEADERS, stream, h2_fields(
        {b":status": b"207", b"content-type": b"text/xml"} | {
            name.replace("_", "-").encode(): value for name, value in fields.items()}))


def h2_response(body, **fields):
    """The server's settings, and its Multi-Status response to that."""
    made = h2_frame(H2_SETTINGS, 0, 0) + h2_answer(**fields)
    for at in range(0, len(body), H2_MOST):
        end = H2_END_STREAM if at + H2_MOST >= len(body) else 0
        made += h2_frame(H2_DATA, end, 1, body[at:at + H2_MOST])
    return made


# ------------------------------------------------------------------------------------ TLS ----

class TlsTalk(Talk):
    """The same inside TLS, without any certificate: anonymous Diffie-Hellman is enough to have
    traffic that can be decrypted with the key log."""

    def __init__(self, keylog, port=443, client=0):
        super().__init__(port, client)
        self.wires = {True: ssl.MemoryBIO(), False: ssl.MemoryBIO()}  # what the side is sent
        self.sides = {}
        for is_client in (True, False):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT if is_client else
                                     ssl.PROTOCOL_TLS_SERVER)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            context.set_ciphers("aNULL:@SECLEVEL=0")
            if is_client:
                context.keylog_filename = str(keylog)
            self.sides[is_client] = context.wrap_bio(
                self.wires[is_client], self.wires[not is_client], server_side=not is_client)
        self.shake_hands()

    def flush(self, from_client, segment=traffic.SEGMENT):
        super().send(from_client, self.wires[not from_client].read(), segment)

    def shake_hands(self):
        done = {True: False, False: False}
        while not all(done.values()):
            for is_client in (True, False):
                if done[is_client]:
                    continue
                try:
                    self.sides[is_client].do_handshake()
                    done[is_client] = True
                except ssl.SSLWantReadError:
                    pass
                data = self.wires[not is_client].read()
                super().send(is_client, data, traffic.SEGMENT)
                self.wires[not is_client].write(data)

    def send(self, from_client, data, segment):
        """Each piece of `segment` bytes is a record of its own."""
        for at in range(0, len(data), segment):
            self.sides[from_client].write(data[at:at + segment])
            self.flush(from_client)
        return self


# ---------------------------------------------------------------------------------- links ----

def ip_of(packet):
    return packet[ETHERNET:]


def sums_of(header):
    return header[:10] + b"\0\0" + header[12:20]


def ipv4(payload, protocol):
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0,
                         bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2]))
    return header[:10] + struct.pack("!H", traffic.checksum(header)) + header[12:] + payload


def ethernet(payload, kind=b"\x08\0"):
    return b"\2\0\0\0\0\1\2\0\0\0\0\2" + kind + payload


def to_ipv6(packet):
    ip = ip_of(packet)
    tcp = ip[20:]
    ends = b"".join(b"\x20\x01\x0d\xb8" + b"\0" * 8 + address for address in (ip[12:16], ip[16:20]))
    blank = tcp[:16] + b"\0\0" + tcp[18:]
    sums = traffic.checksum(ends + struct.pack("!IHBB", len(tcp), 0, 0, 6) + blank)
    return ethernet(struct.pack("!IHBB", 6 << 28, len(tcp), 6, 64) + ends + blank[:16] +
                    struct.pack("!H", sums) + blank[18:], b"\x86\xdd")


def to_vxlan(packet):
    vxlan = b"\x08\0\0\0\0\0\x2a\0" + packet
    return ethernet(ipv4(struct.pack("!HHHH", 40000, 4789, 8 + len(vxlan), 0) + vxlan, 17))


# name: (link type, what it makes of an Ethernet frame)
LINKS = {
    "vlan": (LINK_ETHERNET, lambda p: p[:12] + b"\x81\0\0\x2a" + p[12:]),
    "qinq": (LINK_ETHERNET, lambda p: p[:12] + b"\x88\xa8\0\x07\x81\0\0\x2a" + p[12:]),
    "raw": (LINK_RAW, ip_of),
    "null": (LINK_NULL, lambda p: struct.pack("<I", 2) + ip_of(p)),
    "sll": (LINK_SLL, lambda p: struct.pack("!HHH8sH", 0, 1, 6, b"", 0x0800) + ip_of(p)),
    "sll2": (LINK_SLL2, lambda p: struct.pack("!HHIHBB8s", 0x0800, 0, 1, 1, 0, 6, b"") + ip_of(p)),
    "ipv6": (LINK_ETHERNET, to_ipv6),
    "ip-in-ip": (LINK_ETHERNET, lambda p: ethernet(ipv4(ip_of(p), 4))),
    "gre": (LINK_ETHERNET, lambda p: ethernet(ipv4(b"\0\0\x08\0" + ip_of(p), 47))),
    "vxlan": (LINK_ETHERNET, to_vxlan),
}


# ------------------------------------------------------------------------------- carriers ----

# More link types
LINK_PPP, LINK_WLAN = 9, 105
TYPE_IP4 = b"\x08\0"


def udp(port, payload):
    return ethernet(ipv4(struct.pack("!HHHH", 40000, port, 8 + len(payload), 0) + payload, 17))


def to_ipv6_in(packet, next_header, payload):
    """An IPv6 packet between the same hosts, with something else behind its header."""
    ip = ip_of(to_ipv6(packet))
    return ethernet(ip[:4] + struct.pack("!HB", len(payload), next_header) + ip[7:40] + payload, b"\x86\xdd")


def with_options(packet):
    ip = ip_of(packet)
    header = bytes((0x46, ip[1])) + struct.pack("!H", len(ip) + 4) + ip[4:10] + b"\0\0" + ip[12:20] + b"\1\1\1\0"
    return ethernet(header[:10] + struct.pack("!H", traffic.checksum(header)) + header[12:] + ip[20:])


def fragments(packet, size, number):
    """The IP packet in pieces of a multiple of eight bytes."""
    ip, made = ip_of(packet), []
    for at in range(0, len(ip) - 20, size):
        part = ip[20 + at:20 + at + size]
        flags = (0x2000 if 20 + at + size < len(ip) else 0) | at // 8
        header = ip[:2] + struct.pack("!HHHBBH", 20 + len(part), number, flags, 64, ip[9], 0) + ip[12:20]
        made.append(ethernet(header[:10] + struct.pack("!H", traffic.checksum(header)) + header[12:] + part))
    return made


def fragments6(packet, size, number):
    tcp = ip_of(to_ipv6(packet))[40:]
    return [to_ipv6_in(packet, 44, struct.pack("!BBHI", 6, 0, at | (at + size < len(tcp)), number) + tcp[at:at + size])
            for at in range(0, len(tcp), size)]


def wlan(packet):
    """A data frame to the distribution system, with LLC and SNAP."""
    return b"\x08\x01\0\0\2\0\0\0\0\3" + packet[6:12] + packet[:6] + b"\0\0\xaa\xaa\3\0\0\0" + packet[12:]


# What the sieve does not read: (link type, what it makes of an Ethernet frame and its number).
CARRIERS = {
    "VLAN of type 9100": (LINK_ETHERNET, lambda p, n: [p[:12] + b"\x91\0\0\7\x81\0\0\x2a" + p[12:]]),
    "MPLS": (LINK_ETHERNET, lambda p, n: [ethernet(b"\0\x3e\x81\x40" + ip_of(p), b"\x88\x47")]),
    "MPLS in one direction": (LINK_ETHERNET, lambda p, n: [
        ethernet(b"\0\x3e\x81\x40" + ip_of(p), b"\x88\x47") if p[34:36] < p[36:38] else p]),
    "pseudowire": (LINK_ETHERNET, lambda p, n: [ethernet(b"\0\x3e\x81\x40\0\0\0\0" + p, b"\x88\x47")]),
    "PPPoE": (LINK_ETHERNET, lambda p, n: [
        ethernet(b"\x11\0\0\7" + struct.pack("!H", len(p) - 12) + b"\0\x21" + ip_of(p), b"\x88\x64")]),
    "SNAP": (LINK_ETHERNET, lambda p, n: [p[:12] + struct.pack("!H", len(p) - 6) + b"\xaa\xaa\3\0\0\0" + p[12:]]),
    "IP with options": (LINK_ETHERNET, lambda p, n: [with_options(p)]),
    "IP in IP": (LINK_ETHERNET, lambda p, n: [ethernet(ipv4(ip_of(p), 4))]),
    "GRE": (LINK_ETHERNET, lambda p, n: [ethernet(ipv4(b"\0\0" + TYPE_IP4 + ip_of(p), 47))]),
    "GRE with a key, now and then": (LINK_ETHERNET, lambda p, n: [
        ethernet(ipv4(b"\x20\0" + TYPE_IP4 + b"\0\0\0\7" + ip_of(p), 47)) if n % 3 else p]),
    "ERSPAN": (LINK_ETHERNET, lambda p, n: [
        ethernet(ipv4(b"\x10\0\x88\xbe" + struct.pack("!I", n) + b"\x10\0\0\1\0\0\0\0" + p, 47))]),
    "IPv6 in IPv4": (LINK_ETHERNET, lambda p, n: [ethernet(ipv4(ip_of(to_ipv6(p)), 41))]),
    "IPv4 in IPv6": (LINK_ETHERNET, lambda p, n: [to_ipv6_in(p, 4, ip_of(p))]),
    "VXLAN": (LINK_ETHERNET, lambda p, n: [to_vxlan(p)]),
    "VXLAN in VXLAN": (LINK_ETHERNET, lambda p, n: [to_vxlan(to_vxlan(p))]),
    "VXLAN in fragments": (LINK_ETHERNET, lambda p, n: fragments(to_vxlan(p), 160, n)),
    "Geneve with an option": (LINK_ETHERNET, lambda p, n: [
        udp(6081, b"\2\0\x65\x58\0\0\x2a\0" + b"\1\1\1\1rest" + p)]),
    "GTP-U": (LINK_ETHERNET, lambda p, n: [udp(2152, struct.pack("!BBHI", 0x30, 255, len(p) - 14, 7) + ip_of(p))]),
    "L2TP": (LINK_ETHERNET, lambda p, n: [udp(1701, b"\0\2\0\1\0\1\xff\3\0\x21" + ip_of(p))]),
    "Teredo": (LINK_ETHERNET, lambda p, n: [udp(3544, ip_of(to_ipv6(p)))]),
    "hop-by-hop options": (LINK_ETHERNET, lambda p, n: [
        to_ipv6_in(p, 0, b"\6\0\1\4\0\0\0\0" + ip_of(to_ipv6(p))[40:])]),
    "authentication header": (LINK_ETHERNET, lambda p, n: [
        to_ipv6_in(p, 51, b"\6\4\0\0\0\0\0\7" + struct.pack("!I", n) + bytes(12) + ip_of(to_ipv6(p))[40:])]),
    "fragments": (LINK_ETHERNET, lambda p, n: fragments(p, 72, n)),
    "fragments, last first": (LINK_ETHERNET, lambda p, n: fragments(p, 72, n)[::-1]),
    "fragments of IPv6": (LINK_ETHERNET, lambda p, n: fragments6(p, 120, n)),
    "PPP": (LINK_PPP, lambda p, n: [b"\xff\3\0\x21" + ip_of(p)]),
    "PPP, cooked": (LINK_SLL, lambda p, n: [struct.pack("!HHH8sH", 0, 512, 0, b"", 0x0800) + ip_of(p)]),
    "WLAN": (LINK_WLAN, lambda p, n: [wlan(p)]),
    "padding and a checksum": (LINK_ETHERNET, lambda p, n: [
        ethernet(b"\0\x3e\x81\x40" + ip_of(p), b"\x88\x47").ljust(60, b"\0") + struct.pack("!I", n * 40503)]),
}


# -------------------------------------------------------------------------------- damage ----

def retransmit(packets, every=3):
    """Every so manieth packet a second time, three packets later."""
    out = []
    for number, packet in enumerate(packets):
        out.append(packet)
        if number % every == 0 and number >= 3 + every:
            out.append(packets[number - 3])
    return out


def swap(packets, first):
    """Packet `first` and the next one in the wrong order."""
    out = list(packets)
    out[first], out[first + 1] = out[first + 1], out[first]
    return out


def one_direction(packets, from_server, port=80):
    """What a tap sees that is in one direction alone."""
    return [packet for packet in packets if (packet[34:36] == struct.pack("!H", port)) == from_server]


def without(packets, *numbers):
    """Frames count from 1, as in Wireshark."""
    return [packet for number, packet in enumerate(packets, 1) if number not in numbers]


# ----------------------------------------------------------------------------------- files ----

def pcap(packets, link=LINK_ETHERNET, snap=262144):
    parts = [struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, snap, link)]
    for number, packet in enumerate(packets):
        seconds, milliseconds = divmod(number, 1000)
        kept = packet[:snap]
        parts.append(struct.pack("<IIII", 1795000000 + seconds, milliseconds * 1000, len(kept),
                                 len(packet)) + kept)
    return b"".join(parts)


def save(world, name, packets, **options):
    """Writes a capture where every program of the tests can read it, and returns its path."""
    path = world.folder / f"{name}.pcap"
    path.write_bytes(pcap(packets, **options))
    path.chmod(0o644)
    return path
