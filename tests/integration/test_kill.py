"""kill -9 under load: nothing receipted is lost, nothing is filed twice."""
import os
import random
import subprocess
import threading
import time

import pytest
from house import ROOT, story
from wireroom import NoServer, WireroomError

KILLS = int(os.environ.get("WIREROOM_KILLS", "50"))


class Producer(threading.Thread):
    """Submits for ever under ids it keeps; its ledger is what the daemon promised."""

    def __init__(self, daemon, name):
        super().__init__(daemon=True)
        self.place, self.source = daemon, name
        self.ledger, self.stopping = {}, False
        self.first_receipt = 0.0

    def run(self):
        count = 0
        client = None
        id, document = None, None
        while not self.stopping:
            try:
                client = client or self.place.client(timeout=0.3)
                if id is None:
                    count += 1
                    id = os.urandom(16)
                    document = story(uri="k:%d" % (count % 50), version=str(count),
                                     text="Version %d of what happened, said by %s." % (count, self.source))
                receipt = client.submit(document, source=self.source, id=id)
                assert receipt.items[0].outcome in ("NEW", "UPDATED"), receipt
                self.ledger[id] = (document, receipt.body, receipt.seq)
                self.first_receipt = self.first_receipt or time.monotonic()
                id = None
            except WireroomError:
                if client:
                    client.close()
                client = None
        if client:
            client.close()


def percentile(values, share):
    return sorted(values)[int(share * (len(values) - 1))]


def test_kill_9_under_load_loses_and_doubles_nothing(make_daemon):
    daemon = make_daemon()
    rng = random.Random(KILLS)
    producers = [Producer(daemon, name) for name in ("dpa", "afp")]
    for producer in producers:
        producer.start()
    waits = []
    for _ in range(KILLS):
        time.sleep(rng.uniform(0.02, 0.25))
        daemon.kill()
        for producer in producers:
            producer.first_receipt = 0.0
        begun = time.monotonic()
        daemon.start(wait=False)
        until = time.monotonic() + 30
        while not any(p.first_receipt for p in producers) and time.monotonic() < until:
            assert daemon.process.poll() is None, daemon.errors.read_text()
            time.sleep(0.002)
        firsts = [p.first_receipt for p in producers if p.first_receipt]
        assert firsts, "no receipt within 30 s of a restart"
        waits.append(min(firsts) - begun)
    for producer in producers:
        producer.stopping = True
    for producer in producers:
        producer.join(30)
    daemon.kill()
    daemon.start()
    with daemon.client() as client:
        for producer in producers:
            for id, (document, body, _) in producer.ledger.items():
                assert client.submit(document, source=producer.source, id=id).body == body
        seqs = [seq for p in producers for _, _, seq in p.ledger.values() if seq]
        assert len(seqs) == len(set(seqs))
        rows = list(client.follow(after=0, until_head=True))
        assert [r.seq for r in rows] == list(range(1, len(rows) + 1))
        filed = [(r.source, r.uri, r.version) for r in rows]
        assert len(filed) == len(set(filed)), "filed twice"
    receipts = sum(len(p.ledger) for p in producers)
    print("kills %d, receipts %d, exec to first receipt s: median %.2f p90 %.2f max %.2f" % (
        KILLS, receipts, percentile(waits, .5), percentile(waits, .9), max(waits)))
    assert daemon.stop() == 0
    assert "0 findings" in daemon.verify("--replay")
    if os.environ.get("WIREROOM_LEDGER"):
        note(receipts)


def note(receipts):
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    with open(ROOT / "tests/ledger.tsv", "a", encoding="utf-8") as ledger:
        ledger.write("%s\tkill -9 under load\t%d\t%d\t%d receipted, 0 lost, 0 twice\n" % (
            commit.stdout.strip(), KILLS, KILLS, receipts))


def test_sigterm_sends_every_receipt_owed(daemon):
    producer = Producer(daemon, "dpa")
    producer.start()
    time.sleep(0.5)
    assert daemon.stop() == 0
    producer.stopping = True
    daemon.start()
    producer.join(30)
    with daemon.client() as client:
        for id, (document, body, _) in producer.ledger.items():
            assert client.submit(document, source="dpa", id=id).body == body


def test_nobody_there_is_said_within_the_timeout(make_daemon):
    daemon = make_daemon(start=False)
    begun = time.monotonic()
    with pytest.raises(NoServer):
        daemon.client(timeout=0.5)
    assert time.monotonic() - begun < 10
