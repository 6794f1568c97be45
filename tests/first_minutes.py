#!/usr/bin/env python3
"""The first five minutes as they are promised: `./run --once` says nine NEW and nine
UNCHANGED and leaves nothing behind, what can't work says so with its exit code, and each
line of the sample wire comes out as docs/samples/wire.tsv says.

    first_minutes.py              builds ./build/release by ./run
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
DAEMON = ROOT / "build/release/daemon/wireroomd"
CLI = ROOT / "build/release/clients/cli/wireroom"
WIRE = ROOT / "docs/samples/wire.tsv"


def run(*words, cwd=ROOT, **environment):
    return subprocess.run([ROOT / "run", *words], cwd=cwd, env={**os.environ, **environment},
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900)


def outcomes(text):
    return [line.split()[0] for line in text.splitlines() if re.match(r"[A-Za-z]+ ", line)]


def the_page_is_new_and_then_unchanged():
    with tempfile.TemporaryDirectory() as room:
        done = run("--once", TMPDIR=room)
        left = os.listdir(room)
    receipts = [line for line in done.stdout.splitlines() if re.match(r"(NEW|UNCHANGED) ", line)]
    assert done.returncode == 0, done.stderr
    assert [r.split()[0] for r in receipts] == ["NEW"] * 9 + ["UNCHANGED"] * 9, done.stdout
    assert [re.search(r" seq (\d+)", r).group(1) for r in receipts] == 2 * list("123456789")
    assert not left, left


def a_page_is_looked_for_where_the_caller_stands():
    with tempfile.TemporaryDirectory(prefix="wr page ") as there:
        text = (ROOT / "docs/samples/page-zh.txt").read_bytes()
        pathlib.Path(there, "page.txt").write_bytes(text)
        done = run("--once", "page.txt", "--issue-date=2026-03-05", cwd=there)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("NEW ") == 9, done.stdout


def what_cannot_work_says_so():
    for words, status in ((["--twice"], 64), (["--once", "--issue-date"], 64),
                          (["page.txt"], 64), (["--once", "/nonexistent"], 66)):
        done = run(*words)
        assert done.returncode == status, (words, done.returncode)
        assert done.stderr.strip() and not done.stdout, words


def every_line_of_the_wire_comes_out_as_it_says():
    with subprocess.Popen([DAEMON, "--ephemeral", "--open"], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as daemon:
        try:
            address = daemon.stdout.readline().strip()
            lines = [line for line in WIRE.read_text().splitlines() if line[:1] != "#"]
            assert len(lines) > 20
            for line in lines:
                feed(address, *line.split("\t"))
        finally:
            daemon.terminate()
    assert daemon.returncode == 0, daemon.returncode


def feed(address, source, form, file, options, outcome, note):
    word, count = outcome.split()
    words = [] if options == "-" else options.split()
    done = subprocess.run([CLI, "-s", address, "submit", "-q", "--source", source, "--format", form,
                           *words, ROOT / "docs/samples" / file],
                          capture_output=True, text=True, timeout=60)
    assert outcomes(done.stdout + done.stderr) == [word] * int(count), (file, note, done.stdout, done.stderr)


def main():
    failed = 0
    for test in (the_page_is_new_and_then_unchanged, a_page_is_looked_for_where_the_caller_stands,
                 what_cannot_work_says_so, every_line_of_the_wire_comes_out_as_it_says):
        try:
            test()
        except (AssertionError, subprocess.SubprocessError, OSError) as why:
            failed += 1
            print("%s: %s" % (test.__name__, why))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
