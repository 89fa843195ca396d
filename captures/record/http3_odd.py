#!/usr/bin/python3
"""http3_odd.py - a client and a server of HTTP/3 that do what is allowed and rare.

usage: http3_odd.py SCENARIO CERTIFICATE KEY KEYLOG RECEIVED

  frames     DATA frames of one octet and of none, frames cut by packets, reserved frames and
             streams, informational responses, trailers, gzip
  qpack      the dynamic table of both sides, header sections that wait for the encoder stream
  transport  new keys, a new address, streams that are reset
  early      0-RTT
  batches    batches that are answered with 200
  doq        a connection that is not HTTP/3 but DNS
  many:N     N requests, a hundred at a time, every hundredth of them refused (423)

Both ends are aioquic, in one process, on port 8443 of loopback.  RECEIVED gets one line for each
request: what aioquic's own client got for it, content codings undone.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import asyncio
import functools
import gzip
import json
import sys

from aioquic.asyncio import QuicConnectionProtocol, connect, serve
from aioquic.buffer import encode_uint_var
from aioquic.h3.connection import FrameType, H3Connection, HeadersState, encode_frame
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import StreamReset

PORT = 8443
AUTHORITY = f"dav.example:{PORT}"
MOMENT = 0.02               # so that what was sent is in a packet of its own
RESERVED = (0x21, 0x1f * 1000 + 0x21, 0x1f * 10 ** 16 + 0x21)  # RFC 9114 section 7.2.8
LOCKED = ("/folder/locked.txt", "HTTP/1.1 423 Locked")


def multistatus(rows):
    responses = "".join(f"<D:response><D:href>{href}</D:href><D:status>{status}</D:status></D:response>"
                        for href, status in rows)
    return ('<?xml version="1.0" encoding="utf-8"?>\n'
            f'<D:multistatus xmlns:D="DAV:">{responses}</D:multistatus>\n').encode()


def listing(folder, number):
    return multistatus([(f"{folder}{i:03}.txt", "HTTP/1.1 200 OK") for i in range(number)])


PROPPATCHED = b"""<?xml version="1.0" encoding="utf-8"?>
<D:multistatus xmlns:D="DAV:" xmlns:Z="urn:z"><D:response><D:href>/folder/a.txt</D:href>
<D:propstat><D:prop><D:getetag/></D:prop><D:status>HTTP/1.1 403 Forbidden</D:status>
<D:error><D:cannot-modify-protected-property/></D:error></D:propstat>
<D:propstat><D:prop><Z:author/></D:prop><D:status>HTTP/1.1 424 Failed Dependency</D:status></D:propstat>
</D:response></D:multistatus>
"""


class Connection(H3Connection):
    """aioquic's, with informational responses, and an encoder stream that can be held back."""

    held = None             # instructions that are to be sent later; None sends them at once

    def _handle_request_or_push_frame(self, frame_type, frame_data, stream, stream_ended):
        events = super()._handle_request_or_push_frame(
            frame_type=frame_type, frame_data=frame_data, stream=stream, stream_ended=stream_ended)
        for event in events:
            if isinstance(event, HeadersReceived) and dict(event.headers).get(b":status", b"")[:1] == b"1":
                stream.headers_recv_state = HeadersState.INITIAL
        return events

    def send_informational(self, stream_id, headers):
        self.send_headers(stream_id, headers)
        self._get_or_create_stream(stream_id).headers_send_state = HeadersState.INITIAL

    def _encode_headers(self, stream_id, headers):
        if self.held is None:
            return super()._encode_headers(stream_id, headers)
        instructions, section = self._encoder.encode(stream_id, headers)
        self.held += instructions
        return section

    def send_held(self):
        self._quic.send_stream_data(self._local_encoder_stream_id, self.held)
        self.held = None

    def send_reserved_stream(self):
        stream_id = self._quic.get_next_available_stream_id(is_unidirectional=True)
        self._quic.send_stream_data(stream_id, encode_uint_var(RESERVED[1]) + b"nothing", True)

    def send_goaway(self, stream_id):
        self._quic.send_stream_data(self._local_control_stream_id,
                                    encode_frame(FrameType.GOAWAY, encode_uint_var(stream_id)))


class Endpoint(QuicConnectionProtocol):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.http = Connection(self._quic)

    def send(self, stream_id, data, end=False):
        self._quic.send_stream_data(stream_id, data, end)

    async def pause(self):
        self.transmit()
        await asyncio.sleep(MOMENT)


# ---------------------------------------------------------------------------------- server ----

class Server(Endpoint):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.requests = {}
        self.answered = set()
        self.turn = asyncio.Lock()
        self.tasks = []

    def quic_event_received(self, event):
        for found in self.http.handle_event(event):
            if isinstance(found, HeadersReceived) and found.stream_id not in self.requests:
                self.requests[found.stream_id] = dict(found.headers)
            if getattr(found, "stream_ended", False) and found.stream_id not in self.answered:
                headers = self.requests[found.stream_id]
                self.answered.add(found.stream_id)
                answer = ANSWERS[headers[b":path"].decode().rsplit("/", 1)[-1].split("?")[0]]
                self.tasks.append(asyncio.ensure_future(answer(self, found.stream_id, headers)))

    def headers(self, stream_id, *more, status=b"207", end=False):
        self.http.send_headers(stream_id, [
            (b":status", status), (b"content-type", b'application/xml; charset="utf-8"'),
            (b"server", b"lab of odd answers"), (b"dav", b"1, 2, lab"), *more], end)


async def one_frame(server, stream, _headers):
    server.headers(stream)
    server.http.send_data(stream, listing("/folder/", 3), True)
    server.transmit()


async def locked(server, stream, _headers):
    server.headers(stream)
    server.http.send_data(stream, multistatus([LOCKED]), True)
    server.transmit()


async def proppatched(server, stream, _headers):
    server.headers(stream)
    server.http.send_data(stream, PROPPATCHED, True)
    server.transmit()


async def octets(server, stream, _headers):
    """A frame for each of the first octets, empty ones between them."""
    body = listing("/folder/", 6)
    server.headers(stream)
    for i in range(70):
        server.http.send_data(stream, body[i:i + 1], False)
        server.http.send_data(stream, b"", False)
    server.http.send_data(stream, body[70:], False)
    server.http.send_data(stream, b"", True)
    server.transmit()


async def cut(server, stream, _headers):
    """Packets end within a frame's type, its length, its payload; FIN comes alone."""
    body = listing("/folder/", 40)
    server.headers(stream)
    await server.pause()
    frame = encode_uint_var(0) + (0x80000000 | len(body)).to_bytes(4, "big") + body
    place = 0
    for size in (1, 2, 1, 3, 1, 600, 1, 1100):
        server.send(stream, frame[place:place + size])
        place += size
        await server.pause()
    server.send(stream, frame[place:])
    await server.pause()
    server.send(stream, b"", True)
    server.transmit()


async def reserved(server, stream, _headers):
    body = listing("/folder/", 5)
    server.http.send_reserved_stream()
    server.send(stream, encode_frame(RESERVED[0], b""))
    server.headers(stream)
    server.send(stream, encode_frame(RESERVED[1], b"<D:multistatus"))
    server.http.send_data(stream, body[:100], False)
    server.send(stream, encode_frame(RESERVED[2], b"x" * 2000))
    server.http.send_data(stream, body[100:], False)
    server.send(stream, encode_frame(RESERVED[0], b"end"))
    await server.pause()
    server.send(stream, b"", True)
    server.transmit()


async def informational(server, stream, _headers):
    server.http.send_informational(stream, [(b":status", b"102")])
    await server.pause()
    server.http.send_informational(stream, [(b":status", b"103"), (b"link", b"</style.css>; rel=preload")])
    await server.pause()
    await one_frame(server, stream, _headers)


async def trailers(server, stream, _headers):
    server.headers(stream, (b"trailer", b"x-checked"))
    server.http.send_data(stream, listing("/folder/", 4), False)
    server.http.send_headers(stream, [(b"x-checked", b"yes")], True)
    server.transmit()


async def compressed(server, stream, _headers):
    body = gzip.compress(listing("/folder/", 60), mtime=0)
    server.headers(stream, (b"content-encoding", b"gzip"))
    for i in range(0, len(body), 37):
        server.http.send_data(stream, body[i:i + 37], i + 37 >= len(body))
        if i % 3 == 0:
            await server.pause()
    server.transmit()


async def late(server, stream, _headers):
    """The header section is there before what it refers to."""
    async with server.turn:
        server.http.held = b""
        server.headers(stream, (b"x-late", b"of stream %d" % (stream % 16)))
        server.http.send_data(stream, listing("/late/", 3), True)
        await server.pause()
        server.http.send_held()
        server.transmit()


async def in_turns(server, stream, _headers):
    """Answers of several streams, a frame each in turn."""
    body = listing(f"/turn{stream}/", 30)
    server.headers(stream)
    for i in range(0, len(body), 500):
        server.http.send_data(stream, body[i:i + 500], i + 500 >= len(body))
        await server.pause()


async def reset(server, stream, _headers):
    server.headers(stream)
    server.http.send_data(stream, listing("/folder/", 5)[:200], False)
    await server.pause()
    server._quic.reset_stream(stream, 0x102)
    server.transmit()


async def endless(server, stream, _headers):
    """Until the client has enough of it."""
    server.headers(stream)
    server.http.send_data(stream, listing("/folder/", 5)[:300], False)
    server.transmit()


# Batches as the documentation of their interfaces has them: what is sent, the media type of the answer,
# and the answer.
BATCHES = {
    "_bulk": ((), b'{"index":{"_index":"logs","_id":"1"}}\n{"a":1}\n{"index":{"_index":"logs","_id":"2"}}\n{"a":2}\n',
              b"application/json", {"took": 3, "errors": True, "items": [
                  {"index": {"_index": "logs", "_id": "1", "status": 201, "result": "created"}},
                  {"index": {"_index": "logs", "_id": "2", "status": 429, "error": {
                      "type": "es_rejected_execution_exception", "reason": "queue is full"}}}]}),
    "write": (((b"x-amz-target", b"DynamoDB_20120810.BatchWriteItem"),),
              b'{"RequestItems":{"boats":[{"DeleteRequest":{"Key":{"id":{"S":"a"}}}},'
              b'{"DeleteRequest":{"Key":{"id":{"S":"b"}}}}]}}',
              b"application/x-amz-json-1.0",
              {"UnprocessedItems": {"boats": [{"DeleteRequest": {"Key": {"id": {"S": "b"}}}}]}}),
    "graphql": ((), b'{"query":"{ boat { name berth } }"}', b"application/graphql-response+json", {
        "errors": [{"message": "no such berth", "path": ["boat", "berth"]}],
        "data": {"boat": {"name": "Ada", "berth": None}}}),
    "search": ((), b'{"query":{"match":{"name":"Ada"}}}', b"application/json", {
        "took": 1, "hits": {"hits": [{"_id": "1", "status": 500}]}}),
}


async def batch(server, stream, headers):
    *_, kind, answer = BATCHES[headers[b":path"].decode().rsplit("/", 1)[-1]]
    body = json.dumps(answer).encode()
    server.http.send_headers(stream, [(b":status", b"200"), (b"content-type", kind),
                                      (b"server", b"lab of odd answers")])
    for i in range(0, len(body), 100):
        server.http.send_data(stream, body[i:i + 100], i + 100 >= len(body))
        await server.pause()


ANSWERS = {**dict.fromkeys(BATCHES, batch), "plain": one_frame, "locked": locked, "proppatched": proppatched, "octets": octets, "cut": cut,
           "reserved": reserved, "informational": informational, "trailers": trailers,
           "gzip": compressed, "late": late, "turn": in_turns, "reset": reset, "endless": endless}


# ---------------------------------------------------------------------------------- client ----

class Client(Endpoint):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.answers = {}

    def quic_event_received(self, event):
        if isinstance(event, StreamReset) and event.stream_id in self.answers:
            self.answers[event.stream_id]["done"].set()
        for found in self.http.handle_event(event):
            answer = self.answers[found.stream_id]
            if isinstance(found, HeadersReceived):
                headers = dict(found.headers)
                if b":status" in headers:
                    answer["status"] = int(headers[b":status"])
                    answer["coding"] = headers.get(b"content-encoding")
            elif isinstance(found, DataReceived):
                answer["body"] += found.data
            if found.stream_ended:
                answer["complete"] = True
                answer["done"].set()

    def ask(self, method, path, body=b"", more=(), kind=b"application/xml"):
        """Begins a request. @return its stream"""
        stream = self._quic.get_next_available_stream_id()
        self.answers[stream] = {"method": method, "path": path, "status": None, "coding": None, "body": b"",
                                "complete": False, "done": asyncio.Event()}
        self.http.send_headers(stream, [
            (b":method", method.encode()), (b":scheme", b"https"), (b":authority", AUTHORITY.encode()),
            (b":path", path.encode()), (b"user-agent", b"lab of odd questions"), (b"depth", b"1"),
            (b"content-type", kind), *more], not body)
        if body:
            for i in range(0, len(body), 11):
                self.http.send_data(stream, body[i:i + 11], i + 11 >= len(body))
        return stream

    async def wait(self, *streams):
        self.transmit()
        for stream in streams:
            await asyncio.wait_for(self.answers[stream]["done"].wait(), 20)

    async def fetch(self, *arguments, **options):
        await self.wait(self.ask(*arguments, **options))

    def write(self, path):
        with open(path, "a", encoding="utf-8") as out:
            for _, answer in sorted(self.answers.items()):
                body = gzip.decompress(answer["body"]) if answer["coding"] else answer["body"]
                out.write(json.dumps({"method": answer["method"], "path": answer["path"],
                                      "status": answer["status"], "body": body.decode(),
                                      "complete": answer["complete"]}) + "\n")


PROPFIND = b'<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:getetag/></D:prop></D:propfind>'


class Forward(asyncio.DatagramProtocol):
    """A socket at another port, for a connection that is there already."""

    def __init__(self, client):
        self.client = client

    def datagram_received(self, data, addr):
        self.client.datagram_received(data, addr)


async def frames(lab):
    async with lab.client() as client:
        for name in ("plain", "octets", "cut", "reserved", "informational", "trailers", "gzip"):
            await client.fetch("PROPFIND", f"/folder/{name}", PROPFIND)
        await client.fetch("DELETE", "/folder/locked")
        await client.fetch("PROPPATCH", "/folder/proppatched", PROPFIND)
        client.write(lab.received)


async def batches(lab):
    async with lab.client() as client:
        await client.wait(*[client.ask("POST", f"/api/{name}", body, more, b"application/json")
                            for name, (more, body, *_) in BATCHES.items()])
        client.write(lab.received)


async def qpack(lab):
    async with lab.client() as client:
        lap = (b"x-lab", b"a value that is worth a place in the table")
        for number in range(4):
            await client.fetch("PROPFIND", "/a/folder/of/some/length/plain", PROPFIND, more=[lap])
        for number in range(4):
            await client.fetch("PROPFIND", "/a/folder/of/some/length/late", PROPFIND, more=[lap])
        # The same from the client: the server sees the request only when the instructions come.
        for number in range(3):
            client.http.held = b""
            streams = [client.ask("DELETE", f"/another/folder/{number}/locked",
                                  more=[(b"x-late", b"number %d of the client" % (number // 2))])]
            await client.pause()
            client.http.send_held()
            await client.wait(*streams)
        await client.wait(*[client.ask("PROPFIND", f"/turn/{number}/turn", PROPFIND, more=[lap])
                            for number in range(4)])
        client.write(lab.received)


async def transport(lab):
    async with lab.client() as client:
        await client.fetch("PROPFIND", "/folder/plain?first-key", PROPFIND)
        client.request_key_update()
        await client.fetch("PROPFIND", "/folder/cut?new-key", PROPFIND)
        client.change_connection_id()
        loop = asyncio.get_running_loop()
        client._transport, _ = await loop.create_datagram_endpoint(
            lambda: Forward(client), local_addr=("::ffff:127.0.0.1", 0))
        await client.fetch("DELETE", "/folder/locked?new-address")
        await client.fetch("PROPFIND", "/folder/reset", PROPFIND)
        stream = client.ask("PROPFIND", "/folder/endless", PROPFIND)
        await client.pause()
        client._quic.stop_stream(stream, 0x10c)
        await client.wait(stream)
        client.request_key_update()
        await client.fetch("PROPFIND", "/folder/plain?newer-key", PROPFIND)
        client.write(lab.received)


async def early(lab):
    tickets = []
    async with lab.client(session_ticket_handler=tickets.append) as client:
        await client.fetch("PROPFIND", "/folder/plain?first", PROPFIND)
        client.write(lab.received)
    async with lab.client(ticket=tickets[0], wait_connected=False) as client:
        await client.fetch("PROPFIND", "/folder/plain?early", PROPFIND)
        await client.fetch("DELETE", "/folder/locked?after-early")
        client.write(lab.received)


async def many(lab, number):
    async with lab.client() as client:
        for first in range(0, number, 100):
            streams = [client.ask("DELETE", f"/many/{first}/locked")]
            streams += [client.ask("PROPFIND", f"/many/{i}/plain")
                        for i in range(first + 1, min(first + 100, number))]
            await client.wait(*streams)
            for stream in streams:  # neither end needs it any more
                del client.answers[stream], client.http._stream[stream]


class Names(QuicConnectionProtocol):
    """DNS over QUIC (RFC 9250), as far as this needs it: a question and its answer."""

    QUESTION = bytes.fromhex("001d00000100000100000000000003646176076578616d706c650000010001")

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.done = asyncio.Event()

    def quic_event_received(self, event):
        if not getattr(event, "end_stream", False):
            return
        if not self._quic.configuration.is_client:
            self._quic.send_stream_data(event.stream_id, event.data[:4] + b"\x81\x83" + event.data[6:], True)
        self.done.set()


async def doq(lab):
    async with lab.client(create_protocol=Names) as client:
        client._quic.send_stream_data(client._quic.get_next_available_stream_id(), Names.QUESTION, True)
        client.transmit()
        await asyncio.wait_for(client.done.wait(), 20)


class Lab:
    def __init__(self, alpn, keylog, received):
        self.alpn, self.keylog, self.received = alpn, keylog, received
        self.tickets = {}

    def client(self, ticket=None, create_protocol=Client, **options):
        configuration = QuicConfiguration(
            is_client=True, alpn_protocols=[self.alpn], verify_mode=0, server_name="dav.example",
            secrets_log_file=self.keylog, session_ticket=ticket)
        return connect("127.0.0.1", PORT, configuration=configuration, create_protocol=create_protocol,
                       **options)

    async def run(self, scenario, certificate, key):
        configuration = QuicConfiguration(is_client=False, alpn_protocols=[self.alpn])
        configuration.load_cert_chain(certificate, key)
        server = await serve(
            "127.0.0.1", PORT, configuration=configuration,
            create_protocol=Names if scenario is doq else Server,
            session_ticket_handler=lambda ticket: self.tickets.update({ticket.ticket: ticket}),
            session_ticket_fetcher=lambda label: self.tickets.pop(label, None))
        await scenario(self)
        await asyncio.sleep(0.2)
        server.close()


SCENARIOS = {"frames": frames, "qpack": qpack, "transport": transport, "early": early,
             "batches": batches, "doq": doq, "many": many}


def main():
    if len(sys.argv) != 6 or sys.argv[1].split(":")[0] not in SCENARIOS:
        sys.exit(__doc__)
    name, certificate, key, keylog, received = sys.argv[1:]
    name, _, number = name.partition(":")
    scenario = functools.partial(SCENARIOS[name], number=int(number)) if number else SCENARIOS[name]
    with open(keylog, "a", encoding="ascii") as secrets:
        lab = Lab("doq" if name == "doq" else "h3", secrets, received)
        asyncio.run(lab.run(scenario, certificate, key))


if __name__ == "__main__":
    main()
