"""Live: pipes, records as exchanges complete, memory over a long run, capturing.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import fcntl
import json
import os
import signal
import struct
import subprocess
import termios
import threading
import time

import pytest
from conftest import CAPTURES, TIMEOUT_SECONDS, need_program

SAMPLE = "usec-apache-perm.pcap"
LOCKED = "apache-partial-delete-423.pcapng"


def traffic(megabytes, pause=0.0, slowness=0.0):
    """A small capture again and again, each time on other connections and later. The server takes
    its time for each answer to a DELETE."""
    data = (CAPTURES / SAMPLE).read_bytes()
    link, = struct.unpack("<I", data[20:24])
    inside = {1: 14, 113: 16, 276: 20}[link]
    packets, at = [], 24
    while at < len(data):
        head = struct.unpack("<IIII", data[at:at + 16])
        packets.append((head, data[at + 16:at + 16 + head[2]]))
        at += 16 + head[2]
    late, delays = 0.0, []
    for _, packet in packets:
        delays.append(late)
        tcp = inside + 4 * (packet[inside] & 15)
        head = tcp + 4 * (packet[tcp + 12] >> 4)
        if packet[head:].startswith(b"DELETE "):
            late += slowness
    length = packets[-1][0][0] - packets[0][0][0] + late + pause
    yield data[:24]
    written = turn = 0
    while written < megabytes * 1e6:
        block = bytearray()
        for ((seconds, fraction, kept, wire), packet), delay in zip(packets, delays):
            packet = bytearray(packet)
            seconds += int(delay)
            if packet[inside] >> 4 == 4 and packet[inside + 9] == 6:
                for place in (inside + 13, inside + 17):        # both addresses
                    packet[place:place + 2] = struct.pack(">H", turn & 0xffff)
            block += struct.pack("<IIII", seconds + int(turn * length), fraction, kept, wire)
            block += packet
        yield bytes(block)
        written += len(block)
        turn += 1


def start(world, *arguments, **options):
    return subprocess.Popen([world.command, *arguments], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=world.environment(),
                            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
                            **options)


@pytest.mark.parametrize("where", ["-", "fifo"])
def test_records_appear_as_exchanges_complete(world, command, tmp_path, where):
    """The capture is still open, yet its exchanges are there; Ctrl-C ends with what there is."""
    data = (CAPTURES / SAMPLE).read_bytes()
    whole = command("-T", "ndjson", CAPTURES / SAMPLE).exchanges
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with start(world, "-T", "ndjson", "-" if where == "-" else fifo) as process:
        guard = threading.Timer(TIMEOUT_SECONDS, process.kill)
        guard.start()
        to = process.stdin if where == "-" else open(fifo, "wb")
        to.write(data)
        to.flush()
        lines = [json.loads(process.stdout.readline()) for _ in whole]
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read().splitlines()
        process.wait()
        guard.cancel()
        to.close()
    assert process.returncode == 130
    assert [r["frame"] for r in lines] == [r["frame"] for r in whole]
    last = json.loads(rest[-1])
    assert last["type"] == "capture" and last["error"] is None


def workers_of(pid):
    need_program("ps")
    return subprocess.run(["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True,
                          check=False).stdout.split()


def test_text_report_at_the_end_of_an_interrupted_run(world):
    with start(world, "-") as process:
        process.stdin.write((CAPTURES / SAMPLE).read_bytes())
        process.stdin.flush()
        deadline = time.monotonic() + 60
        while not workers_of(process.pid) and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out = process.stdout.read()
        process.wait(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 130 and b"exchanges" in out


def peak_of(pid):
    """MB of memory that its worker had at most."""
    with open(f"/proc/{workers_of(pid)[0]}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) / 1000 for line in status if line.startswith("VmHWM"))


def feed(world, megabytes, limit, *when):
    """Records and peak of memory of a run over a long pipe."""
    with start(world, "-T", "ndjson", "--live-memory", str(limit), "-") as process:
        out = []
        reader = threading.Thread(target=lambda: out.append(process.stdout.read()))
        reader.start()
        for block in traffic(megabytes, *when):
            process.stdin.write(block)
        process.stdin.flush()
        time.sleep(1)
        peak = peak_of(process.pid)
        process.stdin.close()
        reader.join(TIMEOUT_SECONDS)
        process.wait(TIMEOUT_SECONDS)
    assert process.returncode == 0
    return [json.loads(line) for line in out[0].splitlines()], peak


def without_streams(records):
    return [{**record, "stream": None} for record in records]


@pytest.mark.parametrize("pause", [0.0, 5.0])
def test_memory_stays_bounded_and_nothing_is_lost(world, pause):
    """With moments of quiet and without any: a new session has the same records."""
    unbounded, much = feed(world, 25, 0, pause)
    bounded, less = feed(world, 25, 16, pause)
    assert len(bounded) == len(unbounded) > 500
    assert [(r.get("frame"), r.get("verdict"), r.get("time")) for r in bounded] == \
        [(r.get("frame"), r.get("verdict"), r.get("time")) for r in unbounded]
    if not world.preload:
        assert less < much - 30
    if pause:
        assert without_streams(bounded) == without_streams(unbounded)


def test_new_session_waits_for_slow_answers(world):
    """The only long pauses are those in which a request waits."""
    records, _ = feed(world, 25, 16, 0.5, 3.0)
    exchanges = [record for record in records if record["type"] == "exchange"]
    assert exchanges and all(record["method"] for record in exchanges)
    assert any(record["response_time"] >= 3 for record in exchanges)
    if not world.preload:
        assert exchanges[-1]["stream"] is None      # there was a new session


def test_stream_is_unknown_once_the_session_is_a_new_one(world):
    if world.preload:
        pytest.skip("a sanitizer's allocator does not tell how much is in use")
    records, _ = feed(world, 20, 16, 5.0)
    streams = [r["stream"] for r in records if r["type"] == "exchange"]
    known = [stream for stream in streams if stream is not None]
    assert known and None in streams and streams[:len(known)] == known


def test_interface_that_is_not_there(command):
    result = command("-i", "nosuchthing0")
    assert "nosuchthing0" in result.stderr     # dumpcap's own words
    assert "is empty" not in result.stderr and "tandard input" not in result.stderr
    assert result.status == 3 and result.stdout == b""


def test_dumpcap_that_is_not_there(command, world):
    """An error, and nothing else."""
    for form in ("text", "json", "html", "ndjson"):
        result = command("-T", form, "-i", "lo", environment=world.environment(PATH="/nonexistent"))
        assert result.status == 3 and result.stdout == b""
        assert result.stderr.count("\n") == 1 and "dumpcap" in result.stderr


def test_capturing_on_loopback(world):
    """A request of our own, captured with -i, decoded, and ended by Ctrl-C."""
    import socketserver

    class Server(socketserver.StreamRequestHandler):
        def handle(self):
            while self.rfile.readline().strip():
                pass
            body = (b'<multistatus xmlns="DAV:"><response><href>/a</href><status>HTTP/1.1 423 Locked'
                    b'</status></response></multistatus>')
            self.wfile.write(b"HTTP/1.1 207 Multi-Status\r\nContent-Type: application/xml\r\n"
                             b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    import socket
    with socketserver.TCPServer(("127.0.0.1", 0), Server) as server:
        port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with start(world, "-T", "ndjson", "-i", "lo", "-f", f"tcp port {port}",
                   "-d", f"tcp.port=={port},http") as process:
            guard = threading.Timer(TIMEOUT_SECONDS, process.kill)
            guard.start()
            deadline, line, seen = time.monotonic() + 60, [], threading.Event()

            def read():
                line.append(process.stdout.readline())
                seen.set()
            threading.Thread(target=read, daemon=True).start()
            while not seen.wait(1) and time.monotonic() < deadline and process.poll() is None:
                with socket.create_connection(("127.0.0.1", port)) as client:
                    client.sendall(b"DELETE /a HTTP/1.1\r\nHost: x\r\n\r\n")
                    client.recv(10000)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate()
            guard.cancel()
        server.shutdown()
    if process.returncode == 3 and b"permission" in err.lower():
        pytest.skip("capturing is not permitted here")
    record = json.loads(line[0])
    assert record["method"] == "DELETE" and record["failed"] == 1
    assert record["capture"] == "lo"
    assert process.returncode == 130


def dumpcap_stand_in(folder, capture):
    """A dumpcap that has that to say, and goes on until it is interrupted."""
    program = folder / "dumpcap"
    program.write_text(f"#!/bin/sh\ntrap 'exit 0' INT TERM\ncat '{capture}'\n"
                       "while :; do sleep 0.1; done\n")
    program.chmod(0o755)


def heed_interrupts():
    """What a shell started in the background ignores, the stand-in, another shell, cannot trap."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def watch(world, tmp_path, columns, until):
    """What -i shows on a terminal of that many columns until it has shown `until`, then Ctrl-C; and the
    report."""
    environment = world.environment()
    environment["PATH"] = f"{tmp_path}:{environment['PATH']}"
    parent, child = os.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    shown = b""
    with subprocess.Popen([world.command, "-i", "lo"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=child, env=environment,
                          preexec_fn=heed_interrupts) as process:
        os.close(child)
        guard = threading.Timer(TIMEOUT_SECONDS, process.kill)
        guard.start()
        try:
            while until not in shown:
                shown += os.read(parent, 65536)
            process.send_signal(signal.SIGINT)
            report = process.stdout.read().decode()
            process.wait()
        finally:
            guard.cancel()
            os.close(parent)
    assert process.returncode == 130
    return shown.decode(), report


def test_live_capture_says_what_it_finds(world, command, tmp_path):
    """A line for each failure as it comes, and one that counts; the report at the end."""
    dumpcap_stand_in(tmp_path, CAPTURES / LOCKED)
    records = command("-T", "ndjson", CAPTURES / LOCKED)
    failed = [r for r in records.exchanges if r["verdict"] in ("partial", "failure")]
    frames = json.loads(records.lines[-1])["frames"]
    counts = f"{frames} frames, {len(records.exchanges)} exchanges, {len(failed)} failed, "
    shown, report = watch(world, tmp_path, 100, counts.encode() + b"0 connections open")
    lines = [line.split("\x1b[K")[-1] for line in shown.split("\r\n") if " -> " in line]
    assert failed and len(lines) == len(failed)
    for line, record in zip(lines, failed):
        assert line.startswith(f"{record['time'][11:19]} {record['method']} {record['uri']}: ")
        assert f", frame {record['frame']}, {record['client']} -> {record['server']}" in line
    assert "MB/s" not in shown and "captures," not in shown
    assert "failed (423 Locked)" in report


def first_packets(path, number):
    data, end = path.read_bytes(), 24
    for _ in range(number):
        end += 16 + struct.unpack("<I", data[end + 8:end + 12])[0]
    return data[:end]


def test_status_line_fits_a_narrow_terminal(world, tmp_path):
    """In the middle of a connection."""
    (tmp_path / "begun.pcap").write_bytes(first_packets(CAPTURES / SAMPLE, 4))
    dumpcap_stand_in(tmp_path, tmp_path / "begun.pcap")
    line = "4 frames, 0 exchanges, 0 failed, 1 connection open"[:39]
    shown, _ = watch(world, tmp_path, 40, line.encode() + b"\x1b[K")
    assert max(map(len, shown.replace("\x1b[K", "\r").split("\r"))) < 40
