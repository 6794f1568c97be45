#!/usr/bin/env python3
"""Holds the house: floors, doors and vendors (README of the rule: docs/tour.md).

Every include of the daemon and of proto/ is read. A room may include its own headers, the
door <room>/<room>.h of rooms on lower floors, and any header of base/ and article/. A
vendor library lives in one room. Prints what is wrong, exits 1 if anything is;
`floors.py --self-test` plants sins and must find each.
"""
import os
import re
import sys
import tempfile

FLOORS = [["proto"], ["base"], ["metrics"], ["article"], ["formats", "normalize", "store", "log"],
          ["index"], ["dedupe"], ["pipeline"], ["net", "config"], ["app"]]
FLOOR = {room: i for i, rooms in enumerate(FLOORS) for room in rooms}
OPEN = {"base", "article"}
TABLES = {"proto/messages.def", "proto/errors.def"}  # shared facts, read by whoever needs a column
VENDORS = {
    r"^zmq\.h$": {"net"},
    r"^lmdb\.h$": {"store"},
    r"^msgpack": {"proto"},
    r"^jansson\.h$": {"proto"},
    r"^(sodium|xxhash|lz4|lz4frame|zstd)\.h$": {"base"},
    r"^systemd/": {"base"},
    r"^utf8proc\.h$": {"normalize"},
    r"^(iconv\.h|uchardet/)": {"formats"},
    r"^libxml/": {"formats"},
    r"^libfyaml\.h$": {"config"},
    r"^(seccomp\.h|linux/landlock\.h)$": {"pipeline"},
}
# Spelled apart, so that this line does not find itself.
BROKEN_PROMISE = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


def room_of(path):
    parts = path.split("/")
    if parts[0] == "proto":
        return "proto"
    if parts[0] == "daemon":
        return "app" if len(parts) == 2 else parts[1]
    return None


def sources(root):
    for top in ("proto", "daemon"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".def")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def wrong_own_include(room, target):
    """Why a room may not include this header of the house, or None."""
    parts = target.split("/")
    if len(parts) == 1:  # beside it: only the app has headers without a room
        return None if room == "app" else "name the room of the header"
    other = parts[0]
    if other not in FLOOR:
        return "no room is called %s" % other
    if other == room:
        return None
    if FLOOR[other] == FLOOR[room]:
        return "siblings never include each other"
    if FLOOR[other] > FLOOR[room]:
        return "includes run downward only"
    if other in OPEN or parts[1:] == [other + ".h"] or target in TABLES:
        return None
    if other == "proto" and room in ("base", "article"):
        return None  # open rooms re-export the noun they stand on
    return "only the door %s/%s.h" % (other, other)


def wrong_vendor(room, target):
    for pattern, rooms in VENDORS.items():
        if re.match(pattern, target) and room not in rooms:
            return "lives in %s/ alone" % "/, ".join(sorted(rooms))
    return None


def check(root):
    found = []
    for path in sources(root):
        room = room_of(path)
        if room not in FLOOR:
            found.append("%s: room %s stands on no floor" % (path, room))
            continue
        with open(os.path.join(root, path), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if BROKEN_PROMISE.search(line):
                    found.append("%s:%d: an unkept promise" % (path, number))
                match = INCLUDE.match(line)
                if not match:
                    continue
                kind, target = match.groups()
                why = wrong_own_include(room, target) if kind == '"' else wrong_vendor(room, target)
                if why:
                    found.append("%s:%d: %s: %s" % (path, number, target, why))
    return found


SINS = {
    "daemon/log/a.c": '#include "store/store.h"\n',
    "daemon/log/b.c": '#include "pipeline/pipeline.h"\n',
    "daemon/dedupe/c.c": '#include "store/table.h"\n',
    "daemon/net/d.c": "#include <lmdb.h>\n",
    "daemon/net/e.c": '#include "config/config.h"\n',
    "daemon/cellar/f.c": "",
    "proto/g.c": '#include "base/arena.h"\n',
    "daemon/base/h.c": "// TO" + "DO: later\n",
}
VIRTUES = {
    "daemon/dedupe/ok.c": '#include "store/store.h"\n#include "article/life.h"\n#include "dedupe/x.h"\n',
    "daemon/store/ok.c": "#include <lmdb.h>\n",
    "daemon/main.c": '#include "app.h"\n#include "net/net.h"\n',
}


def self_test():
    with tempfile.TemporaryDirectory() as root:
        for path, text in {**SINS, **VIRTUES}.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
        found = check(root)
    missed = [path for path in SINS if not any(f.startswith(path + ":") for f in found)]
    wrong = [f for f in found if f.split(":")[0] in VIRTUES]
    for line in ["missed: " + m for m in missed] + ["wrongly found: " + w for w in wrong]:
        print(line)
    return missed + wrong


def main():
    if sys.argv[1:] == ["--self-test"]:
        return 1 if self_test() else 0
    found = check(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
