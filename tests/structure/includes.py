#!/usr/bin/env python3
"""Does the code keep to the plan of the house? includes.py [--self-test] [FOLDER]

The plan is what the CMakeLists.txt of the floors say: each multistatus_room() names the rooms that
it USES and the headers that it SHOWS. The compiler holds single units to it; this looks at the whole,
also at what this build leaves out:

- an include goes to the same room, or to a header that a room below shows;
- no circle of modules (a module is a header with its source);
- decoder/ and exchange/ know nothing of Wireshark, and only the libraries that they name.

Prints a line for each offence; exit status 1 if there is any.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import re
import sys
import tempfile
from pathlib import Path

FLOORS = ("decoder", "exchange", "plugin", "cli")
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
ROOM = re.compile(r"multistatus_room\((\w+)\s+(\S+)\s+([^)]*)\)")
WORDS = {"USES", "PRIVATE", "SHOWS", "SOURCES"}
# Beside the C library: libraries by the beginning of their headers' paths.
LIBRARIES = {"decoder": ("glib", "libxml/"),
             "exchange": ("glib", "zlib.h", "zstd.h", "brotli/", "nghttp3/")}
C_LIBRARY = re.compile(r"^(assert|ctype|errno|inttypes|limits|math|stdarg|stdatomic|stdbool|stddef"
                       r"|stdint|stdio|stdlib|string|time)\.h$")


def rooms_of(root):
    """{folder: (folders that it uses, headers that it shows)}, from the ground up."""
    named, rooms = {}, {}
    for floor in FLOORS:
        lists = root / floor / "CMakeLists.txt"
        if not lists.exists():
            continue
        text = re.sub(r"#.*", "", lists.read_text())
        for of, room, rest in ROOM.findall(text):
            folder = root / floor / room if room != "." else root / floor
            name = f"multistatus-{of}" if room == "." else f"{of}-{room.replace('/', '-')}"
            told, word = {w: [] for w in WORDS}, None
            for token in rest.split():
                if token in WORDS:
                    word = token
                elif word:
                    told[word].append(token)
            named[name] = folder
            rooms[folder] = ([named[use] for use in told["USES"] if use in named],
                             set(told["SHOWS"]))
    return rooms


def below(rooms, folder):
    """All rooms that a room uses, and those that they use."""
    found, waiting = set(), list(rooms[folder][0])
    while waiting:
        room = waiting.pop()
        if room not in found:
            found.add(room)
            waiting += rooms[room][0]
    return found


def sources_of(root):
    for floor in FLOORS:
        for path in sorted((root / floor).rglob("*.[ch]")):
            if "tools" not in path.parts:
                yield path


def circles_in(graph):
    """The circles of a graph {node: set of nodes}, as sorted lists of nodes."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in graph.get(node, ()):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            circle = stack[stack.index(node):]
            del stack[stack.index(node):]
            if len(circle) > 1:
                found.append(sorted(circle))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def offences_in(root):
    rooms = rooms_of(root)
    seen = {folder: below(rooms, folder) for folder in rooms}
    headers, graph = {}, {}
    for path in sources_of(root):
        if path.suffix == ".h":
            headers.setdefault(path.name, []).append(path)
    for path in sources_of(root):
        floor, here = path.relative_to(root).parts[0], path.parent
        module = str(path.relative_to(root).with_suffix(""))
        for own, foreign in INCLUDE.findall(path.read_text()):
            if foreign:
                allowed = LIBRARIES.get(floor)
                if allowed and not C_LIBRARY.match(foreign) and not foreign.startswith(allowed):
                    yield f"{path.relative_to(root)}: <{foreign}> is none of this floor's libraries"
                continue
            candidates = headers.get(Path(own).name, [])
            target = next((c for c in candidates if c.parent == here), None)
            target = target or next((c for c in candidates if here in rooms and
                                     c.parent in seen[here] and c.name in rooms[c.parent][1]), None)
            if target:
                graph.setdefault(module, set())
                other = str(target.relative_to(root).with_suffix(""))
                if other != module:
                    graph[module].add(other)
            elif candidates and here in rooms and any(c.parent in rooms for c in candidates):
                yield (f"{path.relative_to(root)}: \"{own}\" is above, or private to "
                       f"{candidates[0].parent.relative_to(root)}/")
    for circle in circles_in(graph):
        yield "a circle of includes: " + ", ".join(circle)


# -------------------------------------------------------------------------------- self-test ----

PLAN = """multistatus_room(decoder model SHOWS model.h SOURCES model.c)
multistatus_room(decoder judge USES decoder-model SHOWS judge.h SOURCES judge.c)
"""
HOUSE = {
    "decoder/CMakeLists.txt": PLAN,
    "decoder/model/model.h": "#include <glib.h>\n",
    "decoder/model/inside.h": "",
    "decoder/model/model.c": '#include "model.h"\n#include "inside.h"\n#include <string.h>\n',
    "decoder/judge/judge.h": '#include "model.h"\n',
    "decoder/judge/judge.c": '#include "judge.h"\n',
}
WRONG = [
    ("decoder/model/model.c", '#include "judge.h"\n', "is above"),
    ("decoder/judge/judge.c", '#include "inside.h"\n', "private to decoder/model/"),
    ("decoder/model/inside.h", '#include "model.h"\n#include "other.h"\n', "a circle"),
    ("decoder/judge/judge.c", "#include <epan/packet.h>\n", "none of this floor's libraries"),
]


def self_test():
    """A house of two rooms is in order; with each of these includes it is not."""
    for path, text, expected in [(None, "", None), *WRONG]:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, content in {**HOUSE, "decoder/model/other.h": '#include "inside.h"\n'}.items():
                file = root / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(content)
            if path:
                (root / path).write_text(text)
            found = list(offences_in(root))
            if bool(found) != bool(expected) or not all(expected in line for line in found):
                print(f"self-test: {path} gives {found}, not {expected!r}")
                return 1
    return 0


def main():
    arguments = [a for a in sys.argv[1:] if a != "--self-test"]
    if "--self-test" in sys.argv:
        return self_test()
    root = Path(arguments[0] if arguments else ".").resolve()
    if not rooms_of(root):
        print(f"no rooms in {root}")
        return 1
    found = list(offences_in(root))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
