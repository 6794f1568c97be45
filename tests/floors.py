#!/usr/bin/env python3
"""Holds the house: floors, doors and vendors (README of the rule: docs/tour.md).

Every include of the daemon, of proto/, of the C clients and of the unit tests is read. A
room may include its own headers, the door <room>/<room>.h of rooms on lower floors, and any
header of base/ and article/; its tests may do what it may. A vendor library lives in one
room. No text of the house puts work off. Prints what is wrong, exits 1 if anything is;
`floors.py --self-test` plants sins and must find each. `floors.py --symbols BUILD` looks at
what the rooms' libraries in BUILD export: of two symbols of one name the linker takes either.
"""
import glob
import os
import re
import subprocess
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
    r"^(sodium|xxhash|lz4|lz4frame|zstd)\.h$": {"base"},
    r"^systemd/": {"base"},
    r"^utf8proc\.h$": {"normalize"},
    r"^cld2/": {"normalize"},
    r"^(iconv\.h|uchardet/)": {"formats"},
    r"^libxml/": {"formats"},
    r"^libfyaml\.h$": {"config"},
    r"^(seccomp\.h|linux/landlock\.h)$": {"pipeline"},
}
# Spelled apart, so that this line does not find itself.
BROKEN_PROMISE = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')


# What stands beside the daemon: the headers it may include besides its own.
CLIENTS = {
    "clients/c/": {"doors": {"proto/proto.h", "wireroom.h"}, "vendors": {"net"}},
    "clients/cli/": {"doors": {"proto/proto.h", "wireroom.h"}, "vendors": set()},
}
# Vendors that tests of a room may use to look at it from outside.
WITNESSES = {("proto", "msgpack.h")}
TEXTS = (".c", ".cc", ".h", ".def", ".py", ".md", ".txt", ".scd", ".yaml", ".json", ".cmake", ".service")
PLAIN = {"run", "test", ".ci/run", "CMakeLists.txt"}
PASSED_BY = {".git", "build", "var", "__pycache__", ".hypothesis", ".pytest_cache"}


def room_of(path):
    parts = path.split("/")
    if parts[0] == "proto":
        return "proto"
    if parts[0] == "daemon":
        return "app" if len(parts) == 2 else parts[1]
    return None


def texts(root):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders
                            if f not in PASSED_BY and not f.startswith("build-"))
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), root)
            if name.endswith(TEXTS) or path in PLAIN or name in PLAIN:
                yield path


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


def wrong_vendor(rooms_allowed, target):
    for pattern, rooms in VENDORS.items():
        if re.match(pattern, target) and not rooms & rooms_allowed:
            return "lives in %s/ alone" % "/, ".join(sorted(rooms))
    return None


def wrong_in_room(room, kind, target):
    if kind == '"':
        return wrong_own_include(room, target)
    return wrong_vendor({room}, target)


def wrong_in_client(rules, kind, target):
    if target in rules["doors"] or (kind == '"' and "/" not in target):
        return None
    if kind == '"' or target.split("/")[0] in FLOOR:
        return "a client knows only %s" % ", ".join(sorted(rules["doors"]))
    return wrong_vendor(rules["vendors"], target)


def wrong_in_test(room, kind, target):
    if (room, target) in WITNESSES:
        return None
    if kind == '"' and ("/" not in target or target.startswith(("unit/", "proto/"))):
        return None  # helpers of the tests; and what bytes mean is no secret to them
    return wrong_in_room(room, kind, target)


def judge_of(path):
    """Who says what this file may include; None for files without a rule."""
    parts = path.split("/")
    if not path.endswith((".c", ".cc", ".h", ".def")):
        return None
    if room_of(path) in FLOOR:
        return lambda kind, target: wrong_in_room(room_of(path), kind, target)
    for folder, rules in CLIENTS.items():
        if path.startswith(folder):
            return lambda kind, target: wrong_in_client(rules, kind, target)
    if path.startswith("tests/unit/") and len(parts) > 3 and parts[2] in FLOOR:
        return lambda kind, target: wrong_in_test(parts[2], kind, target)
    return None


def check_file(root, path):
    judge = judge_of(path)
    if path.endswith((".c", ".h")) and room_of(path) and room_of(path) not in FLOOR:
        yield "%s: room %s stands on no floor" % (path, room_of(path))
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if BROKEN_PROMISE.search(line):
                yield "%s:%d: an unkept promise" % (path, number)
            match = INCLUDE.match(line) if judge else None
            why = judge(*match.groups()) if match else None
            if why:
                yield "%s:%d: %s: %s" % (path, number, match.group(2), why)


def check(root):
    return [line for path in texts(root) for line in check_file(root, path)]


PROMISE = "TO" + "DO"
SINS = {  # file: what is in it, and the words that must be said of it
    "daemon/log/a.c": ('#include "store/store.h"\n', "siblings never"),
    "daemon/log/b.c": ('#include "pipeline/pipeline.h"\n', "downward only"),
    "daemon/dedupe/c.c": ('#include "store/table.h"\n', "only the door"),
    "daemon/net/d.c": ("#include <lmdb.h>\n", "lives in store/ alone"),
    "daemon/net/e.c": ('#include "config/config.h"\n', "siblings never"),
    "daemon/net/f.c": ("# include  <linux/landlock.h>\n", "lives in pipeline/ alone"),
    "daemon/cellar/f.c": ("int x;\n", "stands on no floor"),
    "daemon/index/g.c": ('#include "cellar/cellar.h"\n', "no room is called"),
    "daemon/index/h.c": ('#include "index.h"\n', "name the room"),
    "proto/g.c": ('#include "base/arena.h"\n', "downward only"),
    "daemon/base/h.c": ("// %s: later\n" % PROMISE, "unkept promise"),
    "docs/h.md": ("%s\n" % PROMISE, "unkept promise"),
    "run": ("# %s\n" % PROMISE, "unkept promise"),
    "clients/c/src/i.c": ('#include "store/store.h"\n', "a client knows only"),
    "clients/c/src/j.c": ("#include <msgpack.h>\n", "lives in proto/ alone"),
    "clients/cli/k.c": ("#include <zmq.h>\n", "lives in net/ alone"),
    "clients/cli/l.c": ('#include "base/arena.h"\n', "a client knows only"),
    "tests/unit/log/m.c": ('#include "article/life.h"\n#include "store/store.h"\n', "siblings"),
    "tests/unit/dedupe/n.c": ('#include "store/table.h"\n', "only the door"),
    "tests/unit/log/o.c": ("#include <msgpack.h>\n", "lives in proto/ alone"),
}
VIRTUES = {
    "daemon/dedupe/ok.c": '#include "store/store.h"\n#include "article/life.h"\n#include "dedupe/x.h"\n',
    "daemon/store/ok.c": "#include <lmdb.h>\n",
    "daemon/main.c": '#include "app.h"\n#include "net/net.h"\n',
    "clients/c/src/ok.c": '#include "handle.h"\n#include "proto/proto.h"\n#include <zmq.h>\n',
    "clients/cli/ok.c": '#include <wireroom.h>\n#include "cli.h"\n#include <getopt.h>\n',
    "tests/unit/proto/ok.c": '#include <msgpack.h>\n#include "proto/utf8.h"\n#include "unit/check.h"\n',
    "build/asan/x.c": "// %s\n" % PROMISE,
    "docs/ok.md": "mktemp /tmp/x.XXXXXX\n",
}


def exported_twice(nm):
    """What nm -A -P -g --defined-only says, judged: a line for each symbol of two libraries."""
    places = {}
    for line in nm.splitlines():
        place, _, rest = line.rpartition(": ")
        symbol, kind = rest.split()[:2]
        if kind in "TDBRC":  # weak ones may be many
            places.setdefault(symbol, set()).add(os.path.basename(place))
    return ["%s: exported by %s" % (symbol, " and ".join(sorted(where)))
            for symbol, where in sorted(places.items()) if len(where) > 1]


def check_symbols(build):
    libraries = sorted(glob.glob(os.path.join(build, "**", "lib*.a"), recursive=True))
    if not libraries:
        return ["no lib*.a in %s: build first" % build]
    nm = subprocess.run(["nm", "-A", "-P", "-g", "--defined-only", *libraries],
                        capture_output=True, text=True, check=True)
    return exported_twice(nm.stdout)


def write(root, path, text):
    whole = os.path.join(root, path)
    os.makedirs(os.path.dirname(whole), exist_ok=True)
    with open(whole, "w", encoding="utf-8") as file:
        file.write(text)


def self_test():
    with tempfile.TemporaryDirectory() as root:
        for path, (text, _) in SINS.items():
            write(root, path, text)
        for path, text in VIRTUES.items():
            write(root, path, text)
        found = check(root)
    twins = exported_twice("x/liba.a[a.c.o]: shared T 0 10\nx/libb.a[b.c.o]: shared T 0 10\n"
                           "x/liba.a[a.c.o]: own T 20 10\nx/libb.a[b.c.o]: weak W 0 8\n"
                           "x/liba.a[a.c.o]: weak W 0 8\n")
    missed = [path for path, (_, words) in SINS.items()
              if not any(f.startswith(path + ":") and words in f for f in found)]
    wrong = [f for f in found if f.split(":")[0] not in SINS]
    if twins != ["shared: exported by liba.a[a.c.o] and libb.a[b.c.o]"]:
        missed.append("a symbol of two libraries")
    for line in ["missed: " + m for m in missed] + ["wrongly found: " + w for w in wrong]:
        print(line)
    return missed + wrong


def main():
    if sys.argv[1:] == ["--self-test"]:
        return 1 if self_test() else 0
    if sys.argv[1:2] == ["--symbols"] and len(sys.argv) == 3:
        found = check_symbols(sys.argv[2])
        print("\n".join(found), end="\n" if found else "")
        return 1 if found else 0
    found = check(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
