#!/usr/bin/env python3
"""The daemon and its readers under valgrind's memcheck: a page, an article, ninjs and text
come in, somebody follows and asks, the daemon is stopped, started on what it left, and
stopped again. No error and no byte definitely lost, or this exits 1 and shows where.

    valgrind.py DAEMON        one with hooks and without sanitizers (the preset debug)
"""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/integration"))
import house  # noqa: E402
from house import PAGE, PAGE_DAY, House, story  # noqa: E402

ERRORS = 99  # no exit code of the daemon's
MEMCHECK = ["valgrind", "--quiet", "--trace-children=yes", "--leak-check=full",
            "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite",
            "--error-exitcode=%d" % ERRORS, "--num-callers=30",
            "--suppressions=%s" % (ROOT / "tests/valgrind.supp")]
# Valgrind has no addresses for a map of twice the disk, and doesn't know what a sandbox
# would let it do; a reader is many times slower than its deadline was meant for.
SETTINGS = {"store__map_size": "256M", "readers__sandbox": "false", "readers__processes": "1",
            "readers__deadline": "60s", "credit__heartbeat": "10s", "readers__memory": "4G"}
NINJS = b'{"uri":"n:1","version":"1","headline":"Bridge opens","body_text":"It opened on Monday."}'


def under_valgrind(daemon):
    """The daemon's command line, and each process with a log of its own."""
    bare = daemon.command
    daemon.command = lambda *words: [
        *MEMCHECK, "--log-file=%s/memcheck.%%p" % daemon.directory, *bare(*words)]
    return daemon


def come_in(client):
    receipts = [client.submit(PAGE, source="gazette", format="newsprint", issue_date=PAGE_DAY),
                client.submit(story(), source="dpa"),
                client.submit(story(version="2", text="They have changed their minds."), source="dpa"),
                client.submit(NINJS, source="afp", format="ninjs"),
                client.submit(b"A headline\n\nAnd a text below it.", source="desk", format="text"),
                client.submit(b"{", source="afp", format="ninjs")]
    outcomes = [receipt.items[0].outcome for receipt in receipts]
    assert outcomes == ["NEW", "NEW", "UPDATED", "NEW", "NEW", "QUARANTINED"], outcomes
    return receipts


def is_asked(client, head):
    assert [c.seq for c in client.follow(after=0, until_head=True)] == list(range(1, head + 1))
    assert client.get("dpa", "a:1").version == "2"
    assert len(list(client.history("dpa", "a:1"))) == 2
    assert client.raw("afp", "n:1") == NINJS
    assert client.status().seq == head


def errors(daemon):
    """What memcheck wrote about any process: nothing, when all is well."""
    logs = sorted(daemon.directory.glob("memcheck.*"))
    assert len(logs) >= 4, logs  # two daemons, a reader each
    return "".join(log.read_text() for log in logs)


def tell():
    one = House()
    try:
        daemon = under_valgrind(one(start=False, **SETTINGS))
        with daemon.start().client(timeout=120) as client:
            head = max(item.seq or 0 for receipt in come_in(client) for item in receipt.items)
            is_asked(client, head)
        ends = [daemon.stop()]
        with daemon.start().client(timeout=120) as client:
            is_asked(client, head)
        ends.append(daemon.stop())
        return ends, errors(daemon), daemon.said()
    finally:
        one.close()


def main(program):
    house.DAEMON = os.environ["WIREROOM_READER"] = program
    house.PATIENCE = 180.0
    ends, found, said = tell()
    if ends == [0, 0] and not found and "reader=ended" not in said:
        return 0
    print(found or said)
    print("%d errors; the daemon ended with %s" % (len(re.findall(r" at 0x", found)), ends))
    return 1


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
