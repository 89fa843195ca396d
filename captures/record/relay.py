#!/usr/bin/python3
"""relay.py - a bad line: hands datagrams on, and loses, delays and doubles some of them.

usage: relay.py PORT SERVER-PORT

Listens on PORT of 127.0.0.1 and sends to SERVER-PORT. The same datagrams suffer in each run: of those
behind the handshake, every 9th of the server is lost, every 4th overtaken by the next ones, every 7th
comes twice; of the client every 11th is lost.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import asyncio
import sys

HANDSHAKE = 8               # datagrams of each side that are left alone
DELAY = 0.012


class Side(asyncio.DatagramProtocol):
    """Towards the client, or towards the server."""

    def __init__(self, line):
        self.line, self.transport = line, None

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.line.take(self, data, addr)


class Line:
    def __init__(self):
        self.front, self.back = Side(self), Side(self)
        self.client, self.counts = None, {self.front: 0, self.back: 0}

    def take(self, side, data, addr):
        self.counts[side] += 1
        number = self.counts[side]
        if side is self.front:
            self.client = addr
            if number <= HANDSHAKE or number % 11:
                self.back.transport.sendto(data)
        elif number <= HANDSHAKE:
            self.front.transport.sendto(data, self.client)
        elif number % 9:
            loop, client = asyncio.get_running_loop(), self.client
            for copy in range(2 if number % 7 == 0 else 1):
                loop.call_later(DELAY * ((number % 4 == 0) + copy), self.front.transport.sendto, data, client)


async def main(port, server):
    line, loop = Line(), asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: line.back, remote_addr=("127.0.0.1", server))
    await loop.create_datagram_endpoint(lambda: line.front, local_addr=("127.0.0.1", port))
    await asyncio.Event().wait()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
