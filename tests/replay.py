#!/usr/bin/env python3
"""Every document of every corpus through the release build, a process each: none takes over two
seconds or 64 MB of its own, and whatever comes out is UTF-8 in NFC.

    replay.py WIREROOMD

Exit 0: so it is; 1: it is not, and which.
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unicodedata

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"
SECONDS = 2.0
OWN_KB = 64 << 10
# What a folder's documents are read as, where it is not the folder's name.
FORMATS = {"decode": "text", "feeds": "rss", "newsprint": "newsprint"}
NOT_HERE = {"article", "config", "normalize", "records", "store"}  # no documents of a format
LEAST = 100  # documents; fewer: the corpora were not found


def documents():
    for path in sorted(CORPUS.glob("*/*")):
        folder = path.parent.name
        if folder in NOT_HERE:
            continue
        if folder == "same-story":
            yield path.suffix[1:], path
        elif path.suffix == ".in" or (folder == "newsprint" and path.suffix == ".txt"):
            yield FORMATS.get(folder, folder), path


def read(daemon, word, path):
    """(seconds, peak KB, what it said) of one process."""
    with tempfile.TemporaryFile() as out:
        begun = time.monotonic()
        process = subprocess.Popen([daemon, "normalize", "--format", word, "-o", "ndjson", str(path)], stdout=out,
                                   stderr=subprocess.PIPE)
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        if process.returncode not in (0, 65):  # 65: refused, with a reason
            raise ValueError("exit %d: %s" % (process.returncode, said.decode(errors="replace").strip()))
        return time.monotonic() - begun, usage.ru_maxrss, out.read()


def texts(value):
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(inner)


def wrong_in(said):
    """What is wrong with the articles, or None."""
    lines = said.decode().split("\n")[:-1]  # strict: what is not UTF-8 ends here
    for line in lines:
        article = json.loads(line)
        article.pop("wr", None)  # quotes what stood in the document
        if not all(unicodedata.is_normalized("NFC", text) for text in texts(article)):
            return "not in NFC"
    return None if lines else "no answer"


def wrong_with(daemon, word, path, floor):
    try:
        seconds, peak, said = read(daemon, word, path)
        if seconds > SECONDS:
            return "took %.1f s" % seconds
        if peak - floor > OWN_KB:
            return "took %d MB" % ((peak - floor) >> 10)
        return wrong_in(said)
    except ValueError as error:
        return str(error)


def main(daemon):
    with tempfile.NamedTemporaryFile() as small:
        small.write(b"A word")
        small.flush()
        floor = read(daemon, "text", small.name)[1]
    cases = [(word, path) for given, path in documents() for word in (given, "auto")]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda case: wrong_with(daemon, *case, floor), cases))
    for (word, path), why in zip(cases, found):
        if why:
            print("%s as %s: %s" % (path.relative_to(CORPUS), word, why))
    tried, wrong = len(cases), sum(why is not None for why in found)
    if tried < LEAST:
        print("only %d documents found" % tried)
        return 1
    print("%d documents, %d wrong" % (tried, wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
