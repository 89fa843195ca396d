"""What hostile captures cannot do: reach out, read files, fill memory, go unnoticed
(docs/security.md). The limits as preferences of the plugin and options of the command.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import gzip
import random
import socket
import sys
import zlib

import pytest
import traffic
import wire

from conftest import CAPTURES, COMMAND_PREFERENCES, compressed

PARTIAL = "apache-partial-delete-423.pcapng"
LISTING = "apache-large-propfind-gzip.pcapng"
START = '<D:multistatus xmlns:D="DAV:">'
END = "</D:multistatus>"
MEGABYTE = 1024 * 1024


def limits_said(result):
    return [finding["message"] for exchange in result.exchanges
            for finding in exchange["findings"] if finding["rule"] == "limit"]


# ---- limits ----

@pytest.mark.parametrize("name", ["max_body", "max_responses", "max_depth", "max_elements",
                                  "max_text", "max_tag"])
def test_limits_of_the_command(command, name):
    said = limits_said(command("-T", "ndjson", "-o", f"multistatus.{name}:1", CAPTURES / LISTING))
    assert said and all(f"which is 1; what comes after it is left out. Preference "
                        f"multistatus.{name} raises it" in message for message in said)


@pytest.mark.parametrize("value", [1, 30, 300])
@pytest.mark.parametrize("name", ["max_body", "max_responses", "max_depth", "max_elements", "max_tag", "max_parts"])
def test_nobody_is_to_blame_for_a_limit(command, name, value):
    captures = [CAPTURES / LISTING, CAPTURES / "multipart-207.pcapng", CAPTURES / "aws-batches.pcapng"]
    result = command("-T", "ndjson", "-o", f"multistatus.{name}:{value}", *captures)
    rules = {finding["rule"] for exchange in result.exchanges for finding in exchange["findings"]}
    assert not rules & {"not_captured", "cut_off", "not_well_formed", "json_invalid", "multipart_end", "namespace_error"}


def test_no_honest_capture_reaches_a_limit(command):
    assert not limits_said(command("-T", "ndjson", CAPTURES / LISTING))


def tree_of(tshark, world, *preferences):
    options = [part for preference in preferences for part in ("-o", preference)]
    return tshark("-r", world.captures / LISTING, *COMMAND_PREFERENCES, *options, "-Y",
                  "multistatus", "-T", "fields", "-e", "multistatus.response", "-e",
                  "_ws.expert.message").text


def test_limits_of_the_tree(tshark, world):
    whole = tree_of(tshark, world)
    assert "is left out" not in whole and "not shown" not in whole
    assert "Preference multistatus.max_responses raises it" in \
        tree_of(tshark, world, "multistatus.max_responses:2")
    items = tree_of(tshark, world, "multistatus.max_tree_items:50")
    assert "The limit for the items of a frame was reached, which is 50" in items
    assert "multistatus.max_tree_items raises it" in items
    assert items.count("Resource") < whole.count("Resource") or len(items) < len(whole)
    assert "multistatus.max_resources raises the limit, which is 1" in \
        tree_of(tshark, world, "multistatus.max_resources:1")


# ---- reaching out ----

def test_external_entities_reach_nobody(command, tshark, world, tmp_path):
    """A listener waits where the entities point to, a file where others do."""
    canary = tmp_path / "canary"
    canary.write_text("<!ENTITY canary 'canary-text'>")
    before = canary.stat().st_atime_ns
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/evil.dtd"
        doctypes = [f'<!DOCTYPE x SYSTEM "{url}">', f'<!DOCTYPE x PUBLIC "-//x//y" "{url}">',
                    f'<!DOCTYPE x [<!ENTITY e SYSTEM "{url}">]>',
                    f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{url}"> %p;]>',
                    f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{canary}">]>',
                    f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{canary}"> %p;]>',
                    f'<!DOCTYPE x SYSTEM "file://{canary}">']
        path = traffic.save(world, "external-entities", [
            traffic.Exchange(traffic.request("PROPFIND", "/c/", {"Depth": "1"}),
                             traffic.response(207, f"<?xml version='1.0'?>{doctype}{START}"
                                              f"{traffic.row('/before', 200)}"
                                              f"{traffic.row('/&e;&canary;', 423)}{END}"))
            for doctype in doctypes])
        result = command("-T", "ndjson", path)
        shown = tshark("-r", path, "-V")
        with pytest.raises(TimeoutError):
            listener.accept()
    assert len(result.exchanges) == len(doctypes)
    for exchange in result.exchanges:
        assert "doctype" in {finding["rule"] for finding in exchange["findings"]}
        assert exchange["responses"][0]["hrefs"] == ["/before"]
    assert shown.text.count("document type declaration") >= len(doctypes)
    assert "canary-text" not in result.text + shown.text
    assert canary.stat().st_atime_ns == before


# ---- one direction ----

def answers_alone(world, count):
    """Answers whose requests the capture lacks, one of them a Multi-Status. The others are none, half a
    megabyte each, and that shows only at their end."""
    body = gzip.compress(random.Random(count).randbytes(MEGABYTE // 2), 0)
    talk = wire.Talk(80).client(traffic.request("DELETE", "/c/"))
    talk.server(traffic.multistatus(traffic.row("/c/a", 423)))
    for _ in range(count):
        talk.server(traffic.response(200, body, {"Content-Type": "application/json", "Content-Encoding": "gzip"}))
    return wire.save(world, f"alone-{count}", wire.one_direction(talk.packets, True))


@pytest.mark.parametrize("way", [[], ["--no-sieve"]])
def test_answers_that_wait_for_their_requests(world, way):
    """What nobody will ask for is not kept until they come."""
    count = 60
    result, peak = peak_megabytes(world, "-T", "ndjson", *way, answers_alone(world, count))
    [exchange] = result.exchanges
    assert exchange["request_unknown"] and exchange["responses"][0]["hrefs"] == ["/c/a"]
    if not world.preload:
        _, low = peak_megabytes(world, "-T", "ndjson", *way, answers_alone(world, 1))
        assert peak < low + 12, f"{peak} MB for {count} answers, {low} MB for one"


# ---- bombs ----

def brotli(body):
    return compressed(body, "brotli", "-c", "-q", "5", "-w", "24")


def zstd(body):
    return compressed(body, "zstd", "-q", "-c")


CODINGS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli, "zstd": zstd,
           "gzip, gzip": lambda body: gzip.compress(gzip.compress(body))}


def bomb_body(megabytes):
    """White space, a thousand times as large as what is sent of it."""
    return (START + traffic.row("/before", 423)).encode() + b" " * (megabytes * MEGABYTE) + \
        END.encode()


def bomb(world, coding, megabytes):
    return traffic.save(world, f"bomb-{coding.replace(', ', '-')}-{megabytes}", [traffic.Exchange(
        traffic.request("PROPFIND", "/c/", {"Depth": "1"}),
        traffic.response(207, CODINGS[coding](bomb_body(megabytes)), {"Content-Encoding": coding}))])


def peak_megabytes(world, *arguments):
    """Of the command, by the kernel's own count."""
    line = [sys.executable, "-c", (
        "import resource,subprocess,sys\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)\n"
        "sys.stdout.buffer.write(done.stdout)\n"
        "peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss\n"
        "print(peak // 1024, file=sys.stderr)\n"), world.command, *arguments]
    result = world.run(line)
    return result, int(result.stderr.split()[-1])


# What is read of a body with a content coding (docs/limits.md), and some air for what reads it.
LIMIT, AIR = 64, 48


@pytest.mark.parametrize("coding", CODINGS)
def test_a_compressed_bomb_stays_small(world, coding):
    """What is larger than the limit is read up to it, and called what it is."""
    small, low = peak_megabytes(world, "-T", "ndjson", bomb(world, coding, 1))
    large, high = peak_megabytes(world, "-T", "ndjson", bomb(world, coding, 3 * LIMIT))
    for result in (small, large):
        [exchange] = result.exchanges
        assert exchange["responses"][0]["hrefs"] == ["/before"]
        assert exchange["responses"][0]["outcome"] == "failed"
    assert not limits_said(small) and small.exchanges[0]["verdict"] == "failure"
    [said] = limits_said(large)
    assert "a decompression bomb" in said
    [exchange] = large.exchanges
    assert exchange["verdict"] == "malformed" and exchange["body_bytes"] == LIMIT * MEGABYTE
    assert exchange["complete"] is False and "more bytes than are read" in exchange["missing"]
    if not world.preload:  # a sanitizer's own memory says nothing
        assert high < low + LIMIT + AIR, f"{high} MB for a bomb, {low} MB for a small body"


def test_a_smaller_body_limit_holds_for_bombs_too(world):
    path = bomb(world, "gzip", 3 * LIMIT)
    limit = ("-T", "ndjson", "-o", "multistatus.max_body:1000000")
    result, peak = peak_megabytes(world, *limit, path)
    assert "which is 1000000" in limits_said(result)[0]
    assert result.exchanges[0]["body_bytes"] <= 1000001  # the one more tells that there is more
    _, low = peak_megabytes(world, *limit, bomb(world, "gzip", 1))
    if not world.preload:
        assert peak < low + 16, f"{peak} MB for a bomb, {low} MB for a small body"


def h2_bomb(world, megabytes):
    """Over HTTP/2, where libwireshark 4.0 lets nobody turn its own undoing of codings off."""
    talk = wire.Talk().client(wire.h2_request(b"PROPFIND", b"/c/"))
    talk.server(wire.h2_response(gzip.compress(bomb_body(megabytes)), content_encoding=b"gzip"))
    return wire.save(world, f"bomb-h2-{megabytes}", talk.packets)


def test_a_bomb_over_http2(world):
    """What came out of it is read; it needs less than five times its memory."""
    megabytes = 4 if world.preload else 16
    result, peak = peak_megabytes(world, "-T", "ndjson", "-o", "multistatus.max_body:1000000",
                                  h2_bomb(world, megabytes))
    [exchange] = result.exchanges
    assert exchange["protocol"] == "HTTP/2" and exchange["responses"][0]["hrefs"] == ["/before"]
    assert exchange["verdict"] == "malformed" and "which is 1000000" in limits_said(result)[0]
    if not world.preload:
        _, low = peak_megabytes(world, "-T", "ndjson", h2_bomb(world, 0))
        assert peak < low + 5 * megabytes + AIR


def open_streams(world, count):
    """As many requests over one HTTP/2 connection, all answered in part when the capture ends."""
    body = (b'<multistatus xmlns="DAV:"><response><href>/%d</href>'
            b'<status>HTTP/1.1 423 Locked</status></response>')
    talk = wire.Talk().client(wire.h2_request(b"DELETE", b"/0"))
    talk.server(wire.h2_frame(wire.H2_SETTINGS, 0, 0))
    for number in range(count):
        stream = 2 * number + 1
        if number:
            talk.client(wire.h2_ask(b"DELETE", b"/%d" % number, stream))
        talk.server(wire.h2_answer(stream) + wire.h2_frame(wire.H2_DATA, 0, stream, body % number))
    return wire.save(world, f"open-{count}", talk.packets)


def test_many_streams_that_stay_open(world):
    """All are told of, at the end of the capture. What they had, Wireshark shows only in 4.0."""
    count = 8000
    result, peak = peak_megabytes(world, "-T", "ndjson", open_streams(world, count))
    assert [exchange["uri"] for exchange in result.exchanges] == \
        [f"/{number}" for number in range(count)]
    had = [[href for response in exchange["responses"] for href in response["hrefs"]]
           for exchange in result.exchanges]
    assert had in ([[f"/{number}"] for number in range(count)], [[]] * count)
    assert not any(exchange["complete"] for exchange in result.exchanges)
    if not world.preload:
        _, low = peak_megabytes(world, "-T", "ndjson", open_streams(world, 1))
        assert peak < low + 80      # with 16 KiB for each record it was 130


@pytest.mark.parametrize("coding", CODINGS)
def test_bombs_in_tshark(world, tshark, coding):
    """Where Wireshark is told not to undo codings, the plugin does, with the same bound."""
    shown = tshark("-r", bomb(world, coding, 3 * LIMIT), "-o", "http.decompress_body:FALSE", "-Y",
                   "multistatus", "-T", "fields", "-e", "multistatus.href", "-e",
                   "_ws.expert.message", "-e", "_ws.expert.group")
    assert "/before" in shown.text and "a decompression bomb" in shown.text
