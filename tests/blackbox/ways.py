"""Captures that are read in different ways: by the command's own reader of plain HTTP/1, by Wireshark's
dissectors behind the sieve, and by them alone. What is found is the same, byte for byte.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import functools
import gzip
import random
import re
import struct

import connections
import test_pairing
import wire
from conftest import capture_paths, run_program

READ = re.compile(r"is plain HTTP/1 and was read without")
HEADERS = 54    # of Ethernet, IPv4 and TCP


@functools.lru_cache(maxsize=None)
def sample(world, name):
    """The packets of a sample capture: the link layer, and the header of a record with its bytes."""
    data = run_program(world, "editcap", "-F", "pcap", world.captures / name, "-", plugin=False).stdout
    if data[:4] not in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"):
        return None         # of several interfaces, say
    packets, at = [], 24
    while at < len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        packets.append(data[at:at + 16 + length])
        at += 16 + length
    return data[:24], packets


def changed(rng, packets):
    """Some of the packets lost, doubled or late, or with other bytes in them."""
    made = list(packets)
    for _ in range(rng.choice((0, 1, 1, 2, 5))):
        at = rng.randrange(len(made))
        what = rng.random()
        if what < .2 and len(made) > 1:
            del made[at]
        elif what < .4:
            made.insert(min(len(made), at + rng.randint(0, 6)), made[at])
        elif what < .6:
            made.insert(min(len(made), at + rng.randint(1, 6)), made.pop(at))
        elif len(made[at]) > 16 + HEADERS:
            packet = bytearray(made[at])
            for _ in range(rng.choice((1, 1, 3))):
                packet[rng.randrange(16 + HEADERS, len(packet))] = rng.choice((0, 10, 13, 32, 48, 72, 255))
            made[at] = bytes(packet)
    return made


def sample_changed(world, rng):
    while True:
        found = sample(world, rng.choice([path.name for path in capture_paths()]))
        if found and len(found[1]) < 2000:
            return found[0] + b"".join(changed(rng, found[1]))


def conversation(world, rng):
    """Of those of test_pairing.py, a few, each disturbed in its own way, or in two."""
    packets = []
    for client in range(rng.randint(1, 3)):
        talk = wire.Talk(port=rng.choice((80, 80, 8080, 5232, 9200)), client=client)
        exchanges = []
        for n in range(rng.randint(1, test_pairing.EXCHANGES)):
            name, method = f"c{client}e{n}", rng.choice(test_pairing.METHODS)
            exchanges.append((test_pairing.request(name, method, rng), test_pairing.answer(name, method, rng)[0]))
        rng.choice(list(test_pairing.CLIENTS.values()))(talk, exchanges)
        if rng.random() < .5:
            talk.end(rng.choice((1, 4)), rng.random() < .5)
        said = list(talk.packets)
        for _ in range(rng.choice((0, 1, 1, 2))):
            change, _ = rng.choice(list(test_pairing.DISTURBANCES.values()))
            if len([packet for packet in said if test_pairing.has_data(packet)]) > 4 and len(said) > 8:
                said = change(rng, said)
        packets.append(said)
    return wire.pcap(list(connections.merge(rng, packets)))


# -------------------------------------------------------------------------------------- files ----

def packets_of(data):
    """The packets of a file of the kind that is made here: time in ns, length as sent, bytes."""
    per_unit, at = 1 if data[:4] == b"\x4d\x3c\xb2\xa1" else 1000, 24
    while at < len(data):
        seconds, fraction, captured, sent = struct.unpack_from("<IIII", data, at)
        yield seconds * 10**9 + fraction * per_unit, sent, data[at + 16:at + 16 + captured]
        at += 16 + captured


def as_pcap(rng, data):
    """The other byte order, or the other precision."""
    order, nanoseconds = rng.choice("<>>"), rng.random() < .5
    made = [struct.pack(order + "IHHiIII", 0xa1b23c4d if nanoseconds else 0xa1b2c3d4,
                        *struct.unpack_from("<HHiIII", data, 4))]
    for time, sent, packet in packets_of(data):
        fraction = time % 10**9 // (1 if nanoseconds else 1000)
        made.append(struct.pack(order + "IIII", time // 10**9, fraction, len(packet), sent) + packet)
    return b"".join(made)


RESOLUTIONS = {None: 10**6, 6: 10**6, 9: 10**9, 3: 10**3, 0x94: 2**20}


def as_pcapng(rng, data):
    """Several interfaces, packets with and without options, and blocks of other kinds in between."""
    order, made, interfaces = rng.choice("<<>"), [], []

    def option(code, value):
        return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)

    def block(kind, body):
        length = struct.pack(order + "I", 12 + len(body) + -len(body) % 4)
        made.append(struct.pack(order + "I", kind) + length + body + bytes(-len(body) % 4) + length)

    def section():
        interfaces.clear()
        block(0x0a0d0d0a, struct.pack(order + "IHHq", 0x1a2b3c4d, 1, 0, -1))
        for _ in range(rng.randint(1, 3)):
            resolution = rng.choice(list(RESOLUTIONS))
            options = option(9, bytes((resolution,))) + bytes(4) if resolution is not None else b""
            block(1, struct.pack(order + "HHI", *struct.unpack_from("<I", data, 20), 0, 262144) + options)
            interfaces.append(RESOLUTIONS[resolution])

    others = (
        lambda: block(5, struct.pack(order + "III", 0, 0, 0)),                                   # statistics
        lambda: block(4, struct.pack(order + "HH", 1, 6) + b"\x0a\0\0\1h\0\0\0" + bytes(4)),     # names
        lambda: block(0xbad, struct.pack(order + "I", 32473) + rng.randbytes(rng.randint(0, 40))),  # custom
        lambda: block(0x80000001, rng.randbytes(rng.randint(0, 40))),                            # of nobody
        section)
    section()
    for time, sent, packet in packets_of(data):
        if rng.random() < .01:
            rng.choice(others)()
        interface = rng.randrange(len(interfaces))
        units = time * interfaces[interface] // 10**9
        options = option(1, b"a comment") + option(2, struct.pack(order + "I", 1)) + bytes(4) if rng.random() < .05 else b""
        block(6, struct.pack(order + "IIIII", interface, units >> 32, units & 0xffffffff, len(packet), sent) + packet +
              bytes(-len(packet) % 4) + options)
    return b"".join(made)


FILES = (lambda rng, data: data, lambda rng, data: data, as_pcap, as_pcapng)

KINDS = {
    "conversation": conversation,
    "plain": lambda world, rng: connections.plain_capture(rng),
    "any": lambda world, rng: connections.capture(rng, rng.randint(2, 12)),
    "sample": sample_changed,
}


def write(world, folder, seed):
    """The capture of a seed."""
    rng = random.Random(f"ways {seed}")
    kind = rng.choice(list(KINDS))
    path = folder / f"{seed}-{kind}.pcap"
    data = rng.choice(FILES)(rng, KINDS[kind](world, rng))
    path.write_bytes(gzip.compress(data) if rng.random() < .05 else data)
    return path


def difference(world, paths, jobs="1"):
    """Reads captures both ways.
    @return a description of the first difference, or None; and how many were read without dissectors"""
    own, whole = (world.run([world.command, "-v", "-j", jobs, "-T", "ndjson", *options, *paths])
                  for options in ((), ("--no-sieve",)))
    read = len(READ.findall(own.stderr))
    if own.status != whole.status:
        return f"status {own.status} and {whole.status}:\n{own.stderr[-2000:]}\n{whole.stderr[-2000:]}", read
    if own.stdout == whole.stdout:
        return None, read
    pairs = zip(own.lines + [""], whole.lines + [""])
    first = next(pair for pair in pairs if pair[0] != pair[1])
    return f"as usual:\n{first[0][:3000]}\nby the dissectors alone:\n{first[1][:3000]}", read
