"""A record that ends the daemon whenever it is filed: two starts die of it, the third skips
it for ever and serves all else."""
import os
import subprocess

import pytest
from house import codec, hooks_are_in, story
from test_start import LAZY

pytestmark = pytest.mark.skipif(not hooks_are_in(), reason="built without WIREROOM_HOOKS")

DEADLY = 5  # of the records below
WORDS = {n: "Story %d of the evening. " % n * 20 for n in range(1, 13)}


def told(n):
    """The sixth is a later version of the fifth's item, the ninth says what the fifth said."""
    uri = "s:%d" % (5 if n == 6 else n)
    text = WORDS[5] if n == 9 else WORDS[n]
    headline = "!wireroom-test:filing" if n == DEADLY else "Evening %d" % n
    return codec.pack(story(uri=uri, version=str(n), text=text, headline=headline))


class Desk:
    """A daemon with records ahead of LMDB, one of them deadly, and what its producer has."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.ids = {n: os.urandom(16) for n in WORDS}
        with daemon.client() as client:
            self.receipts = {n: self.send(client, n) for n in WORDS}
            self.rows = self.history(client)
        daemon.kill()

    def send(self, client, n):
        receipt = client.submit(told(n), format="article", source="dpa", id=self.ids[n])
        return receipt.record, [(i.outcome, i.seq) for i in receipt.items]

    @staticmethod
    def history(client):
        return [(c.seq, c.uri, c.kind) for c in client.follow(after=0, until_head=True)]

    def dies(self):
        """A start that ends as by kill -9."""
        done = subprocess.run(self.daemon.command(), capture_output=True, text=True, timeout=60)
        assert done.returncode == -9, done.stderr

    def holds(self):
        """Every receipt stands, the deadly one's too, and history is as it was told."""
        with self.daemon.client() as client:
            assert {n: self.send(client, n) for n in WORDS} == self.receipts
            assert self.history(client)[:len(self.rows)] == self.rows
            assert client.get(revision=DEADLY).article is None
            assert WORDS[6].strip() in str(client.get("dpa", "s:5").article)
            assert client.raw(record=DEADLY) == told(DEADLY)


@pytest.fixture
def desk(make_daemon):
    return Desk(make_daemon(**{k.replace(".", "__"): v for k, v in LAZY.items()}))


def test_the_third_start_skips_what_two_starts_died_of_and_says_so(desk):
    desk.dies()
    desk.dies()
    desk.daemon.start()
    assert "record=%d skipped=text" % DEADLY in desk.daemon.said()
    desk.holds()
    with desk.daemon.client() as client:
        assert client.submit(story(uri="after", text="What came after."), source="dpa").record == len(WORDS) + 1
    desk.daemon.crash()
    desk.holds()
    desk.daemon.stop()
    assert "0 findings" in desk.daemon.verify()


def test_what_is_skipped_is_skipped_in_a_replay_and_by_every_later_start(desk):
    desk.dies()
    desk.dies()
    assert "0 findings" in desk.daemon.verify("--replay")
    desk.daemon.start()
    desk.holds()


def test_a_start_that_ends_for_another_reason_does_not_count(desk):
    """Only deaths of one and the same record, one start after the other, make it skipped."""
    desk.dies()
    note = desk.daemon.directory / "store/store/filing"
    note.unlink()
    desk.dies()
    desk.dies()
    desk.daemon.start()
    desk.holds()
    assert not note.exists()
