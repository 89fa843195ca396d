#!/usr/bin/python3
"""pcapng.py - small changes to captures that editcap cannot make.

usage: pcapng.py strip-host IN.pcapng OUT.pcapng     remove processor, kernel and program names
       pcapng.py lose IN.pcapng OUT.pcapng           remove four segments from the largest stream
       pcapng.py reorder IN.pcapng OUT.pcapng        delay and duplicate segments of that stream
       pcapng.py order IN.pcapng OUT.pcapng N...     these packets, in this order, and no others
       pcapng.py cut IN.pcapng OUT.pcapng PACKETS    end in the middle of the block after PACKETS
       pcapng.py vlan IN.pcap OUT.pcap ID            put an 802.1Q tag into every Ethernet frame

Standard library only.  Reads little-endian files with one section, as dumpcap and editcap write
them on PC hardware, and IPv4 over Ethernet without IP options.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import struct
import sys

SECTION, INTERFACE, ENHANCED_PACKET = 0x0A0D0D0A, 1, 6
OPTION_END, OPTION_IF_OS = 0, 12


def read_blocks(path):
    """The blocks of a pcapng file as (type, body), without the two length fields."""
    data = open(path, 'rb').read()
    blocks, position = [], 0
    while position < len(data):
        kind, length = struct.unpack_from('<II', data, position)
        blocks.append((kind, data[position + 8:position + length - 4]))
        position += length
    return blocks


def pack_block(kind, body):
    length = len(body) + 12
    return struct.pack('<II', kind, length) + body + struct.pack('<I', length)


def write_blocks(path, blocks):
    with open(path, 'wb') as out:
        for kind, body in blocks:
            out.write(pack_block(kind, body))


def without_option(options, unwanted):
    kept, position = b'', 0
    while position < len(options):
        code, length = struct.unpack_from('<HH', options, position)
        end = position + 4 + (length + 3) // 4 * 4
        if code != unwanted:
            kept += options[position:end]
        position = end
        if code == OPTION_END:
            break
    return kept


def strip_host(source, target):
    """The section options name processor, kernel and program: not needed, and private."""
    blocks = []
    for kind, body in read_blocks(source):
        if kind == SECTION:
            body = body[:16]
        elif kind == INTERFACE:
            body = body[:8] + without_option(body[8:], OPTION_IF_OS)
        blocks.append((kind, body))
    write_blocks(target, blocks)


def tcp_payload_length(body):
    """Octets of TCP payload in an enhanced packet block; 0 for everything else."""
    frame = body[20:]
    if frame[12:14] != b'\x08\x00' or frame[23] != 6:
        return 0
    total = struct.unpack_from('>H', frame, 16)[0]
    return total - 20 - (frame[46] >> 4) * 4


def server_data(blocks):
    """Indexes of the blocks which carry payload in the busiest direction of the capture."""
    by_port = {}
    for index, (kind, body) in enumerate(blocks):
        if kind == ENHANCED_PACKET and tcp_payload_length(body) > 0:
            by_port.setdefault(bytes(body[54:56]), []).append(index)
    return max(by_port.values(), key=len)


def lose(source, target):
    """Four consecutive segments at 2/5 of the body: a hole that nothing fills."""
    blocks = read_blocks(source)
    segments = server_data(blocks)
    first = len(segments) * 2 // 5
    lost = set(segments[first:first + 4])
    write_blocks(target, [block for index, block in enumerate(blocks) if index not in lost])


def reorder(source, target):
    """Every 7th segment arrives three frames late, every 9th twice; times stay ascending."""
    blocks = read_blocks(source)
    segments = server_data(blocks)
    late, twice = set(segments[6::7]), set(segments[8::9])
    packets, times, waiting = [], [], []
    head = [block for block in blocks if block[0] in (SECTION, INTERFACE)]
    for index, block in enumerate(blocks):
        if block[0] != ENHANCED_PACKET:
            continue
        times.append(block[1][4:12])
        if index in late:
            waiting.append([3, block])
        else:
            packets.append(block)
            for entry in waiting:
                entry[0] -= 1
            packets += [entry[1] for entry in waiting if entry[0] == 0]
            waiting = [entry for entry in waiting if entry[0] > 0]
        if index in twice:
            packets.append(block)
            times.append(block[1][4:12])
    packets += [entry[1] for entry in waiting]
    write_blocks(target, head + [(kind, body[:4] + time + body[12:])
                                 for (kind, body), time in zip(packets, times)])


def in_order(blocks, numbers):
    """The blocks with these packets instead of their own: some lost, some twice, some overtaken. Times
    stay ascending; keys, which stand in a block of their own, stay where they are."""
    packets = [block for block in blocks if block[0] == ENHANCED_PACKET]
    head = blocks[:blocks.index(packets[0])]
    chosen = [packets[int(number) - 1] for number in numbers]
    times = sorted((body[4:12] for _, body in chosen), key=lambda time: struct.unpack('<II', time))
    return head + [(kind, body[:4] + time + body[12:]) for (kind, body), time in zip(chosen, times)]


def order(source, target, *numbers):
    write_blocks(target, in_order(read_blocks(source), numbers))


def cut(source, target, packets):
    """What is left when the disk was full or the capturing program was killed."""
    seen = 0
    with open(target, 'wb') as out:
        for kind, body in read_blocks(source):
            block = pack_block(kind, body)
            if kind == ENHANCED_PACKET:
                seen += 1
                if seen > int(packets):
                    out.write(block[:len(block) // 2])
                    return
            out.write(block)
    sys.exit('pcapng.py: fewer packets than that')


def vlan(source, target, identifier):
    data = open(source, 'rb').read()
    tag = struct.pack('>HH', 0x8100, int(identifier))
    with open(target, 'wb') as out:
        out.write(data[:24])
        position = 24
        while position < len(data):
            seconds, fraction, captured, original = struct.unpack_from('<IIII', data, position)
            frame = data[position + 16:position + 16 + captured]
            out.write(struct.pack('<IIII', seconds, fraction, captured + 4, original + 4))
            out.write(frame[:12] + tag + frame[12:])
            position += 16 + captured


COMMANDS = {'strip-host': (strip_host, 2), 'lose': (lose, 2), 'reorder': (reorder, 2),
            'order': (order, None), 'cut': (cut, 3), 'vlan': (vlan, 3)}


def main():
    command, count = COMMANDS.get(sys.argv[1] if len(sys.argv) > 1 else '', (None, 0))
    if command is None or count not in (None, len(sys.argv) - 2):
        sys.exit(__doc__)
    command(*sys.argv[2:])


if __name__ == '__main__':
    main()
