"""Every sample capture with random bytes changed: nothing crashes, and the sieve changes nothing.

editcap -E changes bytes of the packets, either anywhere or behind the headers of Ethernet, IP and
TCP only (so that more of it reaches the bodies). One copy of each capture in a test run;
scripts/fuzz-captures makes more. MULTISTATUS_MUTATIONS is "ROUNDS SEED": the copies of round N have
the seed SEED + N, so that a failure's name is enough to make its input again.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import struct

import pytest
from conftest import capture_paths, key_preferences, run_program

ROUNDS, SEED = (int(word) for word in os.environ.get("MULTISTATUS_MUTATIONS", "1 1").split())
PROBABILITY = ("0.0005", "0.005", "0.05")   # that a byte is changed
HEADERS = "54"                              # bytes of Ethernet, IPv4 and TCP without options
# Memory is overwritten when it is freed, and what Wireshark calls a dissector bug ends the program.
STRICT = {"WIRESHARK_DEBUG_WMEM_OVERRIDE": "strict", "WIRESHARK_ABORT_ON_DISSECTOR_BUG": "1"}


def pytest_generate_tests(metafunc):
    if "mutation" in metafunc.fixturenames:
        metafunc.parametrize("mutation", [
            pytest.param((path, SEED + number), id=f"{path.name}-{SEED + number}")
            for number in range(ROUNDS) for path in capture_paths()])


def without_secrets(data):
    """The capture without its decryption secrets, which editcap cannot write again."""
    if data[:4] != struct.pack("<I", 0x0a0d0d0a):       # no pcapng, or compressed
        return data
    kept, at = [], 0
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind != 0x0000000a:
            kept.append(data[at:at + length])
        at += length
    return b"".join(kept)


def mutated(world, folder, name, seed):
    """A changed copy of a sample capture, made the same way each time."""
    made = folder / f"{seed}-{name}"
    place = ("-o", HEADERS) if seed % 2 else ()
    result = run_program(world, "editcap", "-E", PROBABILITY[seed % len(PROBABILITY)], *place,
                         "--seed", str(seed), "-", "-", plugin=False,
                         stdin=without_secrets((world.captures / name).read_bytes()))
    assert result.status == 0 and result.stdout, result.stderr
    made.write_bytes(result.stdout)
    return made


def dissect(world, path, keys, plugin):
    """Both passes and every tree: the most that tshark can make of a capture."""
    return run_program(world, "tshark", "-n", "-2", "-V", *keys, "-r", path,
                       plugin=plugin, **STRICT)


def test_mutation_in_tshark(world, tshark, mutation):
    """A dissector of Wireshark's own that falls over a mutation does so without the plugin too."""
    path, seed = mutation
    keys = key_preferences(world.captures / path.name)
    made = mutated(world, world.folder, path.name, seed)    # where everybody can read it
    made.chmod(0o644)
    result = dissect(world, made, keys, plugin=True)
    if result.status < 0 or result.status >= 128:
        stock = dissect(world, made, keys, plugin=False)
        assert stock.status == result.status, result.stderr[-4000:]
        pytest.skip(f"tshark without the plugin ends with {stock.status} too")
    made.unlink()
    # 2: a packet that is larger than its capture, or a file that ends in one.
    assert result.status in (0, 2), result.stderr
    # Those of other protocols are Wireshark's: its XML dissector has one for elements too deep.
    for line in [*result.stderr.splitlines(), *result.stdout.decode(errors="replace").splitlines()]:
        said = line.upper()
        assert not ("DISSECTOR BUG" in said and "MULTISTATUS" in said), line
        assert "MALFORMED PACKET: MULTISTATUS" not in said, line


def test_mutations_in_the_command(world, command, tmp_path):
    """The same records with the sieve and without; no worker is lost."""
    for number in range(ROUNDS):
        for path in capture_paths():
            mutated(world, tmp_path, path.name, SEED + number)
    keylogs = [word for path in sorted(world.captures.glob("*.keylog"))
               for word in ("--keylog", path)]
    sieved = command("-T", "ndjson", "-j", "2", *keylogs, tmp_path)
    whole = command("-T", "ndjson", "-j", "2", "--no-sieve", *keylogs, tmp_path)
    assert sieved.status in (0, 2), sieved.stderr
    captures = [record for record in sieved.objects if record["type"] == "capture"]
    assert len(captures) == ROUNDS * len(capture_paths())
    for record in captures:
        assert "worker" not in (record["error"] or ""), record
    assert sieved.stdout == whole.stdout
