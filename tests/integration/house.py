"""A real daemon for every story: its own directory, ipc sockets, toy sizes by option; and
peers that speak to it frame by frame."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import zmq

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "clients/python/src"))

from wireroom import Client, codec  # noqa: E402

DAEMON = os.environ.get("WIREROOMD", str(ROOT / "build/asan/daemon/wireroomd"))
CLI = os.environ.get("WIREROOM", str(ROOT / "build/asan/clients/cli/wireroom"))
TOY = {"store.segment": "256K", "limits.submission": "64K", "store.checkpoint": "16K",
       "store.index_head": "4K", "store.ballast": "0", "store.zero_ahead": "0",
       "store.min_free": "1M", "limits.batch": "64K"}
# A build with sanitizers takes longer to start; nothing here waits longer than it must.
PATIENCE = 30.0


def wait_for(true, seconds=PATIENCE):
    """Until what is asked is so; nothing here knows how long that takes."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited %s s in vain" % seconds
        time.sleep(0.01)


class Peer:
    """A peer that says what it likes, frame by frame, and hears everything."""

    def __init__(self, address):
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.SNDHWM, 0)
        self.socket.connect(address)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.socket.close()
        self.context.term()

    def send(self, *frames):
        self.socket.send_multipart(frames)

    def say(self, name, body=None, **fields):
        self.send(*codec.encode(name, fields, body))

    def frames(self, timeout=10):
        return self.socket.recv_multipart() if self.socket.poll(int(timeout * 1000)) else None

    def hear(self, *wanted, timeout=10):
        """The next message of a name that is wanted; None when none comes in time."""
        until = time.monotonic() + timeout
        while (left := until - time.monotonic()) > 0:
            frames = self.frames(left)
            heard = codec.decode(frames) if frames else None
            if heard and (not wanted or heard.name in wanted):
                return heard
        return None

    def hello(self, **fields):
        self.say("HELLO", **fields)
        return self.hear("WELCOME").header


class Daemon:
    def __init__(self, directory, config=None, **settings):
        self.directory = pathlib.Path(directory)
        self.settings = {**TOY, **{k.replace("__", "."): v for k, v in settings.items()}}
        self.address = "ipc://%s/submit" % directory
        self.process = None
        self.errors = self.directory / "stderr"
        self.config = None
        if config is not None:
            self.config = self.directory / "wireroom.yaml"
            self.config.write_text(config)

    def command(self, *words):
        sets = {"store.path": "%s/store" % self.directory, **self.settings}
        for name in ("submit", "feed", "notice", "query", "admin"):
            sets.setdefault("listen." + name, "ipc://%s/%s" % (self.directory, name))
        line = [DAEMON, *words, *(["--config", str(self.config)] if self.config else [])]
        for key, value in sets.items():
            line += ["--set", "%s=%s" % (key, value)]
        return line

    def start(self, *words, wait=True):
        with open(self.errors, "ab") as errors:
            self.process = subprocess.Popen(self.command(*words), stderr=errors, stdout=errors)
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self):
        """PING needs no HELLO and is answered when the daemon serves. A new peer for each:
        libzmq waits ever longer before it tries an address again."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self.process.poll() is None, self.said()
            with self.peer() as peer:
                peer.say("PING", n=1)
                if peer.hear("PONG", timeout=0.3):
                    return
        raise AssertionError("not ready: " + self.said())

    def said(self):
        return self.errors.read_text(errors="replace") if self.errors.exists() else ""

    def peer(self, socket="submit"):
        return Peer("ipc://%s/%s" % (self.directory, socket))

    def client(self, **options):
        return Client(self.address, **options)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def crash(self):
        self.kill()
        return self.start()

    def restart(self):
        assert self.stop() == 0, self.said()
        return self.start()

    def verify(self, *words):
        done = subprocess.run(self.command("verify", *words), capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def cli(self, *words, input=None, check=True):
        done = subprocess.run([CLI, "-s", self.address, *words], capture_output=True, text=True,
                              input=input, timeout=60)
        if check:
            assert done.returncode == 0, done.stderr
        return done

    def ndjson(self, *words):
        return [json.loads(line) for line in self.cli(*words, "-o", "ndjson").stdout.splitlines()]


class House:
    """Starts daemons; at its end all are stopped and must have had nothing to report."""

    def __init__(self):
        self.daemons = []

    def __call__(self, start=True, at=None, **settings):
        # Socket paths are short by law, so not pytest's own directory.
        daemon = Daemon(at or tempfile.mkdtemp(prefix="wr-", dir="/tmp"), **settings)
        self.daemons.append(daemon)
        return daemon.start() if start else daemon

    def close(self):
        try:
            for daemon in self.daemons:
                if daemon.process and daemon.process.poll() is None:
                    assert daemon.stop() == 0, daemon.said()
                said = daemon.said()
                assert "Sanitizer" not in said and "runtime error" not in said, said
        finally:
            for daemon in self.daemons:
                if daemon.process and daemon.process.poll() is None:
                    daemon.kill()
                shutil.rmtree(daemon.directory, ignore_errors=True)


def story(uri="a:1", version="1", text="The council met on Tuesday and agreed on a new bridge.",
          headline="Council agrees on bridge", **more):
    return {"uri": uri, "version": version, "headlines": [{"value": headline}],
            "bodies": [{"contentType": "text/plain", "value": text}], **more}


def hooks_are_in():
    """The daemon knows the documents that make a reader misbehave."""
    return b"!wireroom-test:" in pathlib.Path(DAEMON).read_bytes()


PAGE = (ROOT / "docs/samples/page-zh.txt").read_bytes()
PAGE_DAY = json.loads((ROOT / "tests/corpus/newsprint/page-zh.want.json").read_text()).get(
    "issue_date", "2026-11-24")
