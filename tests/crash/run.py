#!/usr/bin/env python3
"""Power cuts, on paper: record what a store does to its files, build the states that a cut
could have left at every moment, open each and hold it against what was promised.

    run.py --build BUILD/tests/crash                 the log alone: about 20 seconds
    run.py --build ... --whole                       the daemon's whole store: a minute
    run.py --build ... --states 1000000 --seed 7     as long as it takes
    run.py --build ... --ledger "log at 1.0"         and note the outcome in tests/ledger.tsv

Four parts. The store itself: no state may be bad. Recoveries that are cut short themselves:
some of those states are opened by a writer under the recorder, and judged again. Disks that
fail one call: the writer stops or says so, and what it promised holds. The controls: stores
with one rule broken each, or with the syncs of one part left out, which the same judge must
find. Exit 0: all as it should be.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

# What a writer may end with on a failing disk: it went on, could not start, or stopped
# (EX_IOERR).
STOPS = (0, 1, 74)
MARK, FAILED = 10, 5  # of events.h
# store, flaw, must it be found
CONTROLS = [
    ("log", "early-receipt", True),
    ("log", "early-trim", True),
    ("naive", None, False),
    ("naive", "early-receipt", True),
    ("naive", "no-directory-sync", True),
    ("naive", "no-zeroing", True),
    ("naive", "reuse-block", True),
    ("naive", "no-recovery-sync", True),
]
# A flaw with a slash leaves the syncs of such files out (CRASH_BLIND). Some need a call that
# fails to show.
WHOLE_CONTROLS = [
    ("store", "early-receipt", True),
    ("store", "log/0", True),
    ("store", "main/data.mdb", True),
    ("store", "/store", True),
    ("store", "believe-cache", True, "sync:9:EIO:log/000000.log"),
]
# Where one call fails, and how; the numbers of the calls are the run's to choose.
FAULTS = [f"{call}:%d:{error}:{name}" for name in ("main/data.mdb", "log/000000.log", "index/data.mdb")
          for call, error in (("sync", "EIO"), ("write", "EIO"), ("write", "ENOSPC"))]
HERE = pathlib.Path(__file__).resolve().parent


class Bench:
    """Where things are, and one recording or replay."""

    def __init__(self, build, room):
        self.build, self.room = pathlib.Path(build), pathlib.Path(room)

    def environment(self, flaw):
        env = dict(os.environ)
        # The recorder has to come first; leaks are the unit tests' business.
        env["ASAN_OPTIONS"] = "verify_asan_link_order=0:detect_leaks=0"
        if flaw:
            env["CRASH_BLIND" if "/" in flaw else "CRASH_FLAW"] = flaw
        return env

    def record(self, store, flaw, root, events, seed, steps, fail=None):
        env = self.environment(flaw)
        env.update(CRASH_ROOT=str(root), CRASH_LOG=str(events),
                   LD_PRELOAD=str(self.build / "crash_rec.so"))
        if fail and fail.startswith("kill:"):
            env["CRASH_KILL"] = fail[5:]
        elif fail:
            env["CRASH_FAIL"] = fail
            if "ENOSPC" in fail:
                env["CRASH_ALONE"] = "1"
            env["CRASH_AGAIN"] = "1"  # what stopped is started again, without a power cut
        toy = self.build / f"crash_toy_{store}"
        done = subprocess.run([toy, root, str(seed), str(steps)], env=env,
                              capture_output=True, text=True, timeout=120)
        if done.returncode in (STOPS if fail else STOPS[:1]):
            return ""
        return f"{fail or ''} exit {done.returncode} {done.stderr.strip()}"

    def replay(self, store, flaw, events, work, states, seed, promised=(0, 0), keep=None,
               before=None):
        replay = self.build / f"crash_replay_{store}"
        command = [replay, "-n", str(states), "-s", str(seed),
                   "-r", str(promised[0]), "-u", str(promised[1])]
        command += ["-k", str(keep[0])] if keep else []
        command += ["-p", before] if before else []
        command += [events, work] + ([keep[1]] if keep else [])
        done = subprocess.run(command, env=self.environment(flaw), text=True,
                              capture_output=True)
        counts = dict(re.findall(r"(\w+)=(\d+)", done.stdout.splitlines()[-1]
                                 if done.stdout else ""))
        if done.returncode not in (0, 1) or "states" not in counts:
            raise SystemExit(f"{replay.name} failed: {done.stdout}{done.stderr}")
        bad = [line for line in done.stdout.splitlines() if line.startswith("bad:")]
        return {name: int(value) for name, value in counts.items()}, bad

    def story(self, name, store, flaw, seed, steps, states, keep=0, fail=None):
        """Record one run and replay it; gives counts, bad lines, the samples kept."""
        room = self.room / name
        root, work, samples = room / "root", room / "work", room / "samples"
        for path in (root, work, samples):
            path.mkdir(parents=True)
        wrong = self.record(store, flaw, root, room / "events", seed, steps, fail)
        if wrong:
            raise SystemExit(f"the writer of {name} failed: {wrong}")
        counts, bad = self.replay(store, flaw, room / "events", work, states, seed,
                                  keep=(keep, samples) if keep else None)
        return counts, bad, sorted(path for path in samples.iterdir() if path.is_dir())

    def second_cut(self, store, sample, before, seed, states):
        """A recovery and a few more appends from a state after a cut, cut again."""
        promised = sample.with_name(sample.name + ".marks").read_text().split()
        events, work = sample.with_suffix(".events"), sample.with_suffix(".work")
        work.mkdir()
        # The daemon's producers send again all that they have, then twelve more.
        steps = 12 if store == "log" else int(promised[1]) + 12
        wrong = self.record(store, None, sample, events, seed, steps)
        if wrong:
            return {"states": 1, "bad": 1, "refused": 1}, [f"bad: {wrong}"]
        return self.replay(store, None, events, work, states, seed, promised, before=before)


def add(total, counts):
    for name, value in counts.items():
        total[name] = total.get(name, 0) + value


def words(counts):
    kinds = [f"{k}={v}" for k, v in counts.items() if k not in ("events", "points", "states", "bad")]
    return " ".join([f"states={counts.get('states', 0)}", f"bad={counts.get('bad', 0)}"] + kinds)


def run_loss(bench, args, report):
    """A log that ends before what main holds: the loss is accepted, that is cut short at
    every moment, and accepting it again finds all that main held."""
    room, half, whole = bench.room / "loss", 40, 80
    root, work = room / "root", room / "work"
    root.mkdir(parents=True)
    work.mkdir()
    log, old = root / "room" / "store" / "log", room / "old"
    for steps in (half, whole):
        wrong = bench.record("store", None, root, room / "before", args.seed, steps)
        if wrong:
            raise SystemExit(f"the writer failed: {wrong}")
        if steps == half:
            shutil.copytree(log, old)
    shutil.rmtree(log)
    shutil.copytree(old, log)
    os.environ["CRASH_ACCEPT"] = "1"
    wrong = bench.record("store", None, root, room / "events", args.seed, whole + 8)
    counts, bad = bench.replay("store", None, room / "events", work, max(300, args.states // 50),
                               args.seed, (whole, whole + 64), before=room / "before")
    del os.environ["CRASH_ACCEPT"]
    for line in ([f"the writer failed: {wrong}"] if wrong else []) + bad[:5]:
        print(f"    {line}")
    return report("store, a lost log accepted and that cut short", counts,
                  counts["bad"] == 0 and not wrong)


def failed_call(events):
    """Whether the call that was to fail was made at all."""
    data, at = events.read_bytes(), 0
    while at + 32 <= len(data):
        kind, payload, _, mark, _ = struct.unpack_from("=IIQQQ", data, at)
        if kind == MARK and mark == FAILED:
            return True
        at += 32 + payload
    return False


def run_store(bench, args, report, store):
    """A store, over several runs, each with samples for the second cut."""
    runs = max(2, min(64, args.states // 2500))
    per_run, samples = args.states * 2 // 3 // runs, max(2, min(20, args.states // (runs * 300)))
    per_sample = max(20, args.states // 3 // (runs * samples))
    first, second, failing, bad = {}, {}, {}, []

    def one(i):
        seed = args.seed * 1000 + i
        counts, lines, kept = bench.story(f"run{i}", store, None, seed, 160, per_run, samples)
        add(first, counts)
        bad.extend(lines)
        for sample in kept:
            counts, lines = bench.second_cut(
                store, sample, bench.room / f"run{i}" / "events", seed, per_sample)
            add(second, counts)
            bad.extend(f"second cut: {line}" for line in lines)
        # A disk that fails once: the writer stops, and what it said before still holds.
        what = ("sync", "write")[i % 2]
        counts, lines, _ = bench.story(f"fail{i}", store, None, seed, 160, per_run // 8,
                                       fail=f"{what}:{5 + 7 * i % 60}")
        add(failing, counts)
        bad.extend(f"after EIO: {line}" for line in lines)
        shutil.rmtree(bench.room / f"run{i}")
        shutil.rmtree(bench.room / f"fail{i}")

    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for done in [pool.submit(one, i) for i in range(runs)]:
            done.result()
    good = True
    for what, counts in ((store, first), (f"{store}, recovery cut again", second),
                         (f"{store}, a failing disk", failing)):
        good &= report(what, counts, counts.get("bad", 0) == 0 and counts.get("states", 0) > 0)
    for line in bad[:10]:
        print(f"    {line}")
    return good


def run_faults(bench, args, report):
    """Each n-th write or sync of one file fails once: no hang, no end but those allowed, and
    in every state that a cut then leaves what was receipted is there."""
    stride = min(12, max(1, 150_000 // args.states))  # all of them in a long run

    def one(fault):
        counts, bad, calls, n = {}, [], 0, 1 + args.seed % stride
        while True:
            name = f"fault-{re.sub('[^a-z0-9]+', '-', (fault % n).lower())}"
            more, lines, _ = bench.story(
                name, "store", None, args.seed + n, 60, 30, fail=fault % n)
            happened = failed_call(bench.room / name / "events")
            shutil.rmtree(bench.room / name)
            if not happened:
                return counts, bad, calls
            add(counts, more)
            bad += [f"{fault % n}: {line}" for line in lines]
            calls, n = calls + 1, n + stride

    total, bad, calls = {}, [], 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for counts, lines, made in pool.map(one, FAULTS):
            add(total, counts)
            bad += lines
            calls += made
    good = report(f"store, {calls} calls of a disk fail one by one", total,
                  not total.get("bad", 1) and calls >= len(FAULTS))
    for line in bad[:10]:
        print(f"    {line}")
    return good


def run_kills(bench, args, report):
    """The daemon is killed right after one of its changes to the disk, starts again, and the
    power goes later: what the page cache showed it must not have been believed. The first
    changes make the store, so all of those; of the rest some, in a long run."""
    total, bad = {}, []
    later = range(41, 480, 5) if args.states >= 20_000 else ()

    def one(n):
        counts, lines, _ = bench.story(f"kill{n}", "store", None, args.seed, 16,
                                       max(30, args.states // 300), fail=f"kill:{n}")
        shutil.rmtree(bench.room / f"kill{n}")
        return counts, [f"killed at {n}: {line}" for line in lines]

    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for counts, lines in pool.map(one, [*range(1, 41), *later]):
            add(total, counts)
            bad += lines
    for line in bad[:10]:
        print(f"    {line}")
    return report("store, killed at one change, cut later", total, not total.get("bad", 1))


def run_controls(bench, args, report, controls):
    def one(i):
        store, flaw, _, *fail = controls[i]
        counts, bad = {"bad": 0}, []
        # A call that fails leaves the disk in one of its states, not always a bad one.
        for turn in range(16 if fail else 1):
            more, lines, _ = bench.story(f"control{i}-{turn}", store, flaw, args.seed + i + turn, 160,
                                         min(1500, max(300, args.states // 10)), fail=fail[0] if fail else None)
            add(counts, more)
            bad += lines
            if bad:
                break
        return counts, bad

    good = True
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        done = list(pool.map(one, range(len(controls))))
    for (store, flaw, found, *_), (counts, bad) in zip(controls, done):
        as_due = (counts["bad"] > 0) == found
        what = f"control: {store}, {flaw or 'no flaw'}" + (", must be found" if found else "")
        good &= report(what, counts, as_due)
        for line in bad[:0 if as_due else 5]:
            print(f"    {line}")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", required=True, help="BUILD/tests/crash")
    parser.add_argument("--whole", action="store_true", help="the daemon's whole store")
    parser.add_argument("--states", type=int, default=7000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--ledger", metavar="WHAT", help="note the outcome in tests/ledger.tsv")
    args = parser.parse_args()
    rows, began = [], time.monotonic()

    def report(what, counts, as_due):
        print(f"{'ok ' if as_due else 'BAD'} {what}: {words(counts)}", flush=True)
        rows.append((what, counts.get("states", 0), words(counts), as_due))
        return as_due

    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="wireroom-crash-", dir=base) as room:
        bench = Bench(args.build, room)
        good = run_store(bench, args, report, "store" if args.whole else "log")
        if args.whole:
            good &= run_loss(bench, args, report)
            good &= run_kills(bench, args, report)
            good &= run_faults(bench, args, report)
        good &= run_controls(bench, args, report, WHOLE_CONTROLS if args.whole else CONTROLS)
    total = sum(row[1] for row in rows)
    print(f"seed={args.seed} states={total} seconds={time.monotonic() - began:.1f} "
          f"{'all as due' if good else 'NOT as due'}")
    if args.ledger:
        note(args, rows)
    return 0 if good else 1


def note(args, rows):
    commit = subprocess.run(["git", "-C", HERE, "rev-parse", "--short=12", "HEAD"],
                            capture_output=True, text=True).stdout.strip() or "unknown"
    ledger = HERE.parent / "ledger.tsv"
    new = not ledger.exists()
    with ledger.open("a", encoding="utf-8") as out:
        if new:
            out.write("commit\twhat\tcount\tseed\tresult\n")
        for what, count, counts, as_due in rows:
            out.write(f"{commit}\t{args.ledger}: {what}\t{count}\t{args.seed}\t"
                      f"{'ok' if as_due else 'BAD'} {counts}\n")


if __name__ == "__main__":
    sys.exit(main())
