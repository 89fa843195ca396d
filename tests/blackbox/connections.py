"""Captures with random TCP connections, good and bad, for tests of the sieve.

Everything is drawn from one random.Random: the same seed makes the same bytes.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import gzip
import struct
import zlib

import wire

MULTISTATUS = (b'<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:"><D:response>'
               b'<D:href>/a</D:href><D:propstat><D:prop><D:getetag>"1"</D:getetag></D:prop>'
               b'<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response><D:response>'
               b'<D:href>/b</D:href><D:status>HTTP/1.1 423 Locked</D:status></D:response>'
               b'</D:multistatus>\n')
HTML = (b"<!DOCTYPE html><html><head><title>HTTP/1.1 in a nutshell</title></head><body>"
        + b"<p>A page about HTTP/1.1 207 and other things.</p>" * 40 + b"</body></html>\n")
LINKS = {"ethernet": 1, "raw": 101, "cooked": 113, "cooked2": 276, "null": 0}
FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32


# --------------------------------------------------------------------------------- messages ----

def chunked(random, body):
    made, at = b"", 0
    while at < len(body):
        size = random.choice((1, 3, 11, 200, 1000, 5000))
        piece = body[at:at + size]
        made += b"%x\r\n%s\r\n" % (len(piece), piece)
        at += size
    return made + b"0\r\n\r\n"


def raw_deflate(body):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


CODINGS = {b"": lambda body: body, b"identity": lambda body: body, b"gzip": gzip.compress,
           b"x-gzip": gzip.compress, b"deflate": zlib.compress, b"DEFLATE": raw_deflate,
           b"zstd": lambda body: b"\x28\xb5\x2f\xfd" + body}


def response(random, status, body, content_type):
    coding = random.choice(list(CODINGS) + [b""] * 6)
    body = CODINGS[coding](body)
    head = b"HTTP/1.%d %s\r\nServer: test\r\n" % (random.random() < 0.9, status)
    if random.random() < 0.1:
        head += b"X-Padding: " + b"x" * random.choice((10, 2000, 20000)) + b"\r\n"
    if content_type:
        head += b"Content-Type: " + content_type + b"\r\n"
    if coding:
        head += random.choice((b"Content-Encoding: ", b"content-encoding:")) + coding + b"\r\n"
    framing = random.random()
    if framing < 0.3:
        return head + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(random, body)
    if framing < 0.95:
        return head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    return head + b"\r\n" + body


def exchange(random, idle=False):
    """Request and response, of interest or not; the first seven are not."""
    def made(method, path, status, body, content_type):
        sent = b"<propfind xmlns='DAV:'><allprop/></propfind>" if method == b"PROPFIND" else b""
        return (b"%s %s HTTP/1.1\r\nHost: h\r\n%s\r\n%s" %
                (method, path, b"Content-Length: %d\r\n" % len(sent) if sent else b"", sent),
                response(random, status, body, content_type))
    kinds = (
        lambda: made(b"GET", b"/page", b"200 OK", HTML, b"text/html"),
        lambda: made(b"GET", b"/" + b"u" * 3000, b"200 OK", HTML * 5, b"text/html"),
        lambda: made(b"GET", b"/image", b"200 OK", random.randbytes(3000), b"image/png"),
        lambda: made(b"GET", b"/feed", b"200 OK", b"<rss/>", b"application/xml"),
        lambda: made(b"GET", b"/none", b"304 Not Modified", b"", None),
        lambda: made(b"HEAD", b"/page", b"200 OK", b"", b"text/html"),
        lambda: made(b"POST", b"/form", b"500 Oops", b"{}", b"application/json"),
        lambda: made(b"GET", b"/copy", b"200 OK", MULTISTATUS, b"text/html"),
        lambda: made(b"GET", b"/utf16", b"200 OK", MULTISTATUS.replace(b' encoding="utf-8"', b"")
                     .decode().encode("utf-16"), b"text/xml"),
        lambda: made(b"DELETE", b"/tree", b"424 Failed Dependency", MULTISTATUS, b"text/xml"),
        lambda: made(b"PROPFIND", b"/tree", b"207 Multi-Status", MULTISTATUS, b"application/xml"),
        lambda: made(b"PROPFIND", b"/tree", b"207 Multi-Status", MULTISTATUS * 1 + b" " * 5000,
                     b"text/xml; charset=utf-8"),
        lambda: made(b"PROPFIND", b"/json", b"207 Multi-Status", b"[]", b"application/json"),
        lambda: (b"OPTIONS / HTTP/1.1\r\nHost: h\r\n\r\n",
                 b"HTTP/1.1 200 OK\r\nDAV: 1, 2\r\nAllow: OPTIONS, GET, PROPFIND\r\n"
                 b"Content-Length: 0\r\n\r\n"),
        lambda: (b"PUT /b HTTP/1.1\r\nHost: h\r\nUser-Agent: u\r\nContent-Length: 0\r\n\r\n",
                 b"HTTP/1.1 201 Created\r\nServer: s\r\nContent-Length: 0\r\n\r\n"),
        lambda: (b"GET /b HTTP/1.1\r\nHost: h\r\nCookie: %s\r\nDepth: 0\r\n\r\n" %
                 (b"c" * random.choice((1, 3000))),
                 b"HTTP/1.1 200 OK\r\nServer: s\r\nContent-Length: 0\r\n\r\n"),
        lambda: (b"LOCK /a HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
                 b"HTTP/1.1 200 OK\r\nLock-Token: <urn:x>\r\nContent-Length: 0\r\n\r\n"),
    )
    return random.choice(kinds[:7] if idle else kinds)()


def http(random):
    idle = random.random() < 0.6
    for _ in range(random.randint(1, 4)):
        request, answer = exchange(random, idle)
        yield 0, request
        yield 1, answer


def pipelined(random):
    pairs = [exchange(random) for _ in range(3)]
    yield 0, b"".join(pair[0] for pair in pairs)
    yield 1, b"".join(pair[1] for pair in pairs)


def tls(random):
    yield 0, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + random.randbytes(506)
    yield 1, b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + random.randbytes(116)
    for _ in range(random.randint(1, 4)):
        for side in (0, 1):
            size = random.randint(40, 6000)
            yield side, b"\x17\x03\x03" + struct.pack(">H", size) + random.randbytes(size)


def noise(random):
    for _ in range(random.randint(1, 6)):
        yield random.randint(0, 1), random.randbytes(random.randint(1, 3000))


def lines(random):
    """Text in small pieces, some of them pieces of what is looked for."""
    words = (b"H", b"T", b"TP/", b"HTTP", b"HTTP/", b"1.1 207", b"/", b"x", b"\r\n", b"mail ")
    for _ in range(random.randint(3, 12)):
        yield random.randint(0, 1), b"".join(random.choices(words, k=random.randint(1, 4)))


def prior_knowledge(random):
    yield 0, wire.h2_request(b"PROPFIND", b"/")
    yield 1, wire.h2_response(MULTISTATUS)


def connect(random):
    yield 0, b"CONNECT h:%d HTTP/1.1\r\nHost: h\r\n\r\n" % random.choice((443, 80, 21))
    yield 1, b"HTTP/1.1 200 Connection established\r\n\r\n"
    yield from random.choice((tls, http))(random)


def upgrade(random):
    yield 0, b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"
    yield 1, b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"
    yield from prior_knowledge(random)


TALKS = ((http, 80), (http, 80), (http, 8080), (http, 8123), (pipelined, 80), (tls, 443),
         (tls, 443), (tls, 80), (noise, 22), (noise, 9999), (noise, 80), (noise, 445),
         (lines, 25), (lines, 80), (prior_knowledge, 80), (connect, 3128), (upgrade, 80),
         (http, 443), (lines, 21))
PLAIN_TALKS = ((http, 80), (http, 8080), (pipelined, 80), (tls, 443), (http, 3128), (http, 80),
               (http, 5232), (pipelined, 8123))


# ---------------------------------------------------------------------------------- packets ----

class Flow:
    """One connection; `packets` are IP packets in the order in which they were sent."""

    def __init__(self, random, number, sockets=None, talks=TALKS):
        self.random = random
        self.version = random.choice((4, 4, 4, 6))
        talk, port = random.choice(talks)
        if self.version == 4:
            hosts = (bytes((10, 0, 0, random.randint(1, 9))),
                     bytes((10, 9, 0, random.randint(1, 40))))
        else:
            hosts = (bytes(15) + bytes((random.randint(1, 5),)),
                     b"\x20" + bytes(14) + bytes((random.randint(1, 40),)))
        self.hosts, self.ports, self.version = sockets or (hosts, (20000 + number, port),
                                                           self.version)
        self.sequence = [random.getrandbits(32), random.getrandbits(32)]
        self.packets = []
        mss = random.choice((1, 5, 40, 536, 1448, 1448, 1448, 1448, 8000))
        if random.random() < 0.85:
            self.shake_hands()
        for side, data in talk(random):
            if mss < 10:
                data = data[:40] if talk in (tls, noise) else data[:700]
            self.say(side, data, mss)
        if random.random() < 0.7:
            self.segment(0, FIN | ACK)
            self.segment(1, FIN | ACK)
            self.segment(0, ACK)
        elif random.random() < 0.5:
            self.segment(random.randint(0, 1), RST | random.choice((0, ACK)))

    @property
    def sockets(self):
        return self.hosts, self.ports, self.version

    def shake_hands(self):
        self.segment(0, SYN)
        if self.random.random() < 0.1:
            self.sequence[0] -= 1
            self.segment(0, SYN)
        if self.random.random() < 0.95:
            self.segment(1, SYN | ACK)
        else:
            self.sequence[1] += 1
        if self.random.random() < 0.95:
            self.segment(0, ACK)

    def say(self, side, data, mss):
        at = 0
        while at < len(data):
            size = mss if self.random.random() < 0.8 else self.random.randint(1, mss)
            self.segment(side, ACK | PSH, data[at:at + size])
            at += size
            if self.random.random() < 0.3:
                self.segment(1 - side, ACK)
            if self.random.random() < 0.01:  # is anybody there?
                self.packets.append(self.ip(side, self.tcp(side, ACK, b"\0",
                                                           self.sequence[side] - 1)))

    def tcp(self, side, flags, data, sequence):
        options = b"\1\1\x08\x0a" + bytes(8) if self.random.random() < 0.5 else b""
        if self.random.random() < 0.002:
            flags |= URG
        return struct.pack(">HHIIBBHHH", self.ports[side], self.ports[1 - side],
                           sequence & 0xffffffff,
                           self.sequence[1 - side] & 0xffffffff if flags & ACK else 0,
                           (20 + len(options)) // 4 << 4, flags, 500, 0,
                           1 if flags & URG else 0) + options + data

    def segment(self, side, flags, data=b""):
        self.packets.append(self.ip(side, self.tcp(side, flags, data, self.sequence[side])))
        self.sequence[side] += len(data) + bool(flags & (SYN | FIN))

    def ip(self, side, payload, protocol=6):
        return ip_packet(self.random, self.version, self.hosts[side], self.hosts[1 - side],
                         protocol, payload)

    def damage(self):
        """What networks and capturing do to packets."""
        random, packets = self.random, self.packets
        kind = random.random()
        if kind < 0.6 or len(packets) < 4:
            return
        for _ in range(random.randint(1, max(1, len(packets) // 20))):
            at = random.randrange(len(packets))
            what = random.choice((self.lose, self.double, self.swap, self.fragment, self.overlap,
                                  self.overlap, self.delay))
            what(at)

    def lose(self, at):
        if len(self.packets) > 2:
            del self.packets[at]

    def double(self, at):
        self.packets.insert(min(len(self.packets), at + self.random.randint(0, 6)),
                            self.packets[at])

    def swap(self, at):
        other = min(len(self.packets) - 1, at + 1)
        self.packets[at], self.packets[other] = self.packets[other], self.packets[at]

    def delay(self, at):
        packet = self.packets.pop(at)
        self.packets.insert(min(len(self.packets), at + self.random.randint(2, 20)), packet)

    def fragment(self, at):
        packet = self.packets[at]
        if packet[0] != 0x45 or len(packet) < 100:
            return
        cut = self.random.randrange(8, len(packet) - 20, 8)
        first = ip4(packet[12:16], packet[16:20], 6, packet[20:20 + cut], fragment=0x2000)
        second = ip4(packet[12:16], packet[16:20], 6, packet[20 + cut:], fragment=cut // 8)
        self.packets[at:at + 1] = self.random.choice(([first, second], [second, first], [second]))

    @staticmethod
    def is_later_fragment(packet):
        """It has no TCP header: what stands there is data."""
        return packet[0] >> 4 == 4 and struct.unpack(">H", packet[6:8])[0] & 0x1fff != 0

    def overlap(self, at):
        """The bytes of a segment once more, cut differently."""
        packet = self.packets[at]
        header = 20 if packet[0] >> 4 == 4 else 40
        if packet[0] not in (0x45, 0x60) or self.is_later_fragment(packet) or \
                len(packet) < header + 20:
            return
        offset = header + (packet[header + 12] >> 4) * 4
        data = packet[offset:]
        if len(data) < 8 or offset < header + 20:
            return
        start = self.random.randrange(len(data) - 4)
        end = self.random.randint(start + 1, len(data))
        tcp = bytearray(packet[header:offset])
        tcp[4:8] = struct.pack(">I", (struct.unpack(">I", tcp[4:8])[0] + start) & 0xffffffff)
        source, target = (packet[12:16], packet[16:20]) if header == 20 else \
            (packet[8:24], packet[24:40])
        copy = ip_packet(None, 4 if header == 20 else 6, source, target, 6,
                         bytes(tcp) + data[start:end])
        self.packets.insert(max(0, at + self.random.randint(-1, 3)), copy)


def ip4(source, target, protocol, payload, *, fragment=0, options=b""):
    return struct.pack(">BBHHHBBH4s4s", 0x45 + len(options) // 4, 0, 20 + len(options) +
                       len(payload), 77, fragment, 64, protocol, 0, source, target) + \
        options + payload


def ip_packet(random, version, source, target, protocol, payload):
    odd = random is not None and random.random() < 0.001
    if version == 4:
        return ip4(source, target, protocol, payload, options=b"\1\1\1\0" if odd else b"")
    extension = bytes((protocol, 0, 1, 4, 0, 0, 0, 0)) if odd else b""
    return struct.pack(">IHBB", 0x60000000, len(extension) + len(payload),
                       60 if odd else protocol, 64) + source + target + extension + payload


def udp(source, target, ports, payload):
    return ip4(source, target, 17, struct.pack(">HHHH", *ports, 8 + len(payload), 0) + payload)


STUN_COOKIE = b"\x21\x12\xa4\x42"
# Of protocols that may carry packets, be decrypted, or tell of other connections; and of neighbours that look like them.
DATAGRAMS = (
    lambda random, inner: random.randbytes(random.choice((1, 20, 60, 100, 188, 400, 1200))),
    lambda random, inner: b"\0\1\0\0" + STUN_COOKIE + random.randbytes(12),
    lambda random, inner: b"\1\1\0\x0c" + STUN_COOKIE + random.randbytes(12) + b"\0\x20\0\x08\0\1abcdef",
    lambda random, inner: b"\0\x17" + struct.pack(">H", len(inner) + 4) + STUN_COOKIE + bytes(12) +
    struct.pack(">HH", 0x13, len(inner)) + inner,
    lambda random, inner: struct.pack(">HH", 0x4001, len(inner)) + inner,
    lambda random, inner: b"\x80\x60\0\1" + random.randbytes(168),                       # RTP
    lambda random, inner: b"\x80\xc8\0\6" + random.randbytes(24),                        # RTCP
    lambda random, inner: b"\x16\xfe\xfd" + bytes(8) + struct.pack(">H", 40) + random.randbytes(40),
    lambda random, inner: random.choice((b"\4\0\0\0", b"\1\0\0\0")) + random.randbytes(144),  # WireGuard
    lambda random, inner: b"\0\1name\0octet\0",
    lambda random, inner: random.randbytes(4) + b"\0\0\0\0\0\0\0\2\0\1\x86\xa0\0\0\0\2\0\0\0\3" + bytes(16),
    lambda random, inner: b"INVITE sip:a@b SIP/2.0\r\nCall-ID: 1\r\nContent-Length: 0\r\n\r\n",
    lambda random, inner: b"\xc3\0\0\0\1\x08" + random.randbytes(1194),                # QUIC
    lambda random, inner: b"\x43" + random.randbytes(50),
    lambda random, inner: b"\x0d" + random.randbytes(8) + b"Q043" + random.randbytes(40),
    lambda random, inner: (b"G" + random.randbytes(187)) * 3,
    lambda random, inner: b"RFta\3\0\1\0\x65\0\0\0" + inner,
    lambda random, inner: b"\1\0\0\1" + bytes(16) + struct.pack(">II", len(inner) + 14, len(inner) + 14) +
    bytes(12) + b"\x08\0" + inner,                                                      # E100
    lambda random, inner: b"\1\4\0\0\0\1\2\4\0\0\0\1\3\4\0\0\0\1\0\0" + inner,     # Redback
    lambda random, inner: b"<?xml version='1.0'?><a xmlns='http://a/'/>",
    lambda random, inner: b'{"version": [1, 8], "port": 17500}',
    lambda random, inner: b"<30>Nov 30 05:00:00 host program: text",
)


def datagrams(random, flows):
    """Of UDP, between ports that mean nothing and some that mean little."""
    hosts = (bytes((172, 16, 0, 1)), bytes((172, 16, 0, 2)))
    kinds = random.choice((DATAGRAMS, DATAGRAMS, [random.choice(DATAGRAMS)]))
    for _ in range(random.choice((0, 1, 3, 10))):
        inner = random.choice(random.choice(flows).packets)
        ports = [random.choice((40000, 50001, 6001, 5004, 45564, 57533)),
                 random.choice((53, 443, 3478, 4011, 6001, 161, 514, 3702, 17500, 5004))]
        random.shuffle(ports)
        yield udp(*hosts, ports, random.choice(kinds)(random, inner))


def other_packets(random, flows):
    """What else is in a capture: some of it carries or quotes packets of the flows."""
    tunnel = (bytes((172, 16, 0, 1)), bytes((172, 16, 0, 2)))
    for _ in range(random.randint(0, 12)):
        inner = random.choice(random.choice(flows).packets)
        yield random.choice((
            lambda: udp(*tunnel, (40000, 53), random.randbytes(40)),
            lambda: udp(*tunnel, (40000, 443), b"\x40" + random.randbytes(60)),
            lambda: udp(*tunnel, (40000, 6000), random.randbytes(60)),
            lambda: udp(*tunnel, (40000, 1900), b"HTTP/1.1 207 X\r\nContent-Length: 0\r\n\r\n"),
            lambda: udp(*tunnel, (40000, 1900), b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n\r\n" +
                        random.choice((b"", b"", b"<a/>"))),
            lambda: ip4(*tunnel, 1, b"\x08\0\0\0\0\1\0\1" + bytes(40)),
            lambda: ip4(*tunnel, 2, b"\x11\0\0\0\0\0\0\0"),
        ))()
        if random.random() < 0.01 and inner[0] >> 4 == 4:
            yield random.choice((
                lambda: ip4(*tunnel, 1, b"\x03\x03\0\0\0\0\0\0" + inner[:28]),
                lambda: ip4(*tunnel, 4, inner),
                lambda: ip4(*tunnel, 47, b"\0\0\x08\0" + inner),
                lambda: udp(*tunnel, (40000, 4789), b"\x08\0\0\0\0\0\1\0" + bytes(12) +
                            b"\x08\0" + inner),
            ))()


def tunnelled(random, flows):
    """Sometimes a whole flow is in a tunnel."""
    for flow in flows:
        if random.random() < 0.005 and flow.version == 4:
            flow.packets = [ip4(bytes((172, 16, 0, 1)), bytes((172, 16, 0, 2)), 47,
                                b"\0\0\x08\0" + packet) for packet in flow.packets]


# ---------------------------------------------------------------------------------- captures ----

def frame(random, link, packet):
    kind = b"\x08\0" if packet[0] >> 4 == 4 else b"\x86\xdd"
    if link == "ethernet":
        tag = b"\x81\0\0\x05" if random.random() < 0.1 else b""
        made = bytes(11) + b"\1" + tag + kind + packet
        return made + bytes(max(0, 60 - len(made)))
    if link == "cooked":
        return b"\0\0\0\1\0\6" + bytes(8) + kind + packet
    if link == "cooked2":
        return kind + bytes(6) + b"\0\1\0\6" + bytes(8) + packet
    if link == "null":
        return (b"\2\0\0\0" if packet[0] >> 4 == 4 else b"\x1e\0\0\0") + packet
    return packet


def merge(random, lists):
    """One list of all items, those of each list in their order."""
    lists = [list(items) for items in lists if items]
    places = [0] * len(lists)
    open_ones = list(range(min(len(lists), 8)))
    later = list(range(len(open_ones), len(lists)))
    while open_ones:
        which = random.choice(open_ones)
        yield lists[which][places[which]]
        places[which] += 1
        if places[which] == len(lists[which]):
            open_ones.remove(which)
            if later:
                open_ones.append(later.pop(0))


def capture(random, n_flows):
    """The bytes of a pcap file."""
    snap = random.choice((262144,) * 6 + (100, 400, 1000))
    flows = random_flows(random, n_flows, TALKS, random.random() < 0.3)
    tunnelled(random, flows)
    others = list(other_packets(random, flows)) if random.random() < 0.7 else []
    if random.random() < 0.3:
        others.extend(datagrams(random, flows))
    return pcap(random, flows, others, snap)


def plain_capture(random):
    """Likewise, of a few connections that are nearly all HTTP/1 on its ports, and hardly damaged."""
    talks = PLAIN_TALKS if random.random() < 0.8 else PLAIN_TALKS + TALKS
    flows = random_flows(random, random.randint(1, 5), talks, random.random() < 0.6)
    return pcap(random, flows, list(datagrams(random, flows)) if random.random() < 0.6 else [])


def random_flows(random, n_flows, talks, clean):
    flows = []
    for number in range(n_flows):
        again = random.choice(flows).sockets if flows and random.random() < 0.08 else None
        flows.append(Flow(random, number, again, talks))
        if not clean:
            flows[-1].damage()
    return flows


def by_sockets(flows):
    """Their packets: between the same sockets, one connection after the other. At the same time there can be no two;
    if there were, Wireshark itself would number the streams of a capture differently from one reading to the next."""
    lists = {}
    for flow in flows:
        lists.setdefault(flow.sockets, []).extend(flow.packets)
    return list(lists.values())


def pcap(random, flows, others, snap=262144):
    link = random.choice(("ethernet", "ethernet", *LINKS))
    made = [struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, snap, LINKS[link])]
    order = merge(random, by_sockets(flows) + [others])
    for number, packet in enumerate(order):
        sent = frame(random, link, packet)
        kept = sent[:snap]
        made.append(struct.pack("<IIII", 1767250800 + number // 1000, number % 1000 * 1000,
                                len(kept), len(sent)) + kept)
    return b"".join(made)
