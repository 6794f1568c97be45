"""A log that is damaged where it was known to be synced: the daemon does not start, `log
salvage` says what is lost and, asked to write, files all that is whole."""
import os
import subprocess

import pytest
from house import codec, story
from test_start import LAZY, parts, refused
from wireroom import EpochChanged

BLOCK = 4096
COUNT = 40
LOST = 13   # the only record of its batch, as each is
LATER = 22  # a later version of its item


def told(n):
    uri = "s:%d" % (LOST if n == LATER else n)
    return codec.pack(story(uri=uri, version=str(n), text="Story %d of the night shift. " % n * 20))


def place(record):
    """Two openings fill the first blocks, each record one of the next."""
    return (record + 1) * BLOCK


class Desk:
    def __init__(self, daemon):
        self.daemon = daemon
        self.ids = {n: os.urandom(16) for n in range(1, COUNT + 1)}
        with daemon.client() as client:
            self.epoch = client.welcome["epoch"]
            self.receipts = {n: self.send(client, n) for n in self.ids}
            self.cursor = [c.cursor for c in client.follow(after=0, until_head=True) if c.cursor][-1]
        daemon.kill()
        self.segment = parts(daemon) / "log/000000.log"

    def send(self, client, n):
        receipt = client.submit(told(n), format="article", source="dpa", id=self.ids[n])
        return receipt.record, receipt.items[0].outcome, receipt.items[0].seq

    def damage(self, record, what=b"\xee" * 16, inside=200):
        bytes = bytearray(self.segment.read_bytes())
        at = place(record) + inside
        bytes[at:at + len(what)] = what
        self.segment.write_bytes(bytes)
        return bytes

    def salvage(self, *words):
        done = subprocess.run(self.daemon.command("log", "salvage", *words), capture_output=True,
                              text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def aside(self):
        return [p for p in parts(self.daemon).iterdir() if p.name.startswith("log.lost-")]


@pytest.fixture
def desk(make_daemon):
    return Desk(make_daemon(**{k.replace(".", "__"): v for k, v in LAZY.items()}))


def test_the_refusal_names_salvage_which_says_what_is_lost_and_changes_nothing(desk):
    damaged = desk.damage(LOST)
    code, words = refused(desk.daemon)
    assert code == 65 and "wireroomd log salvage" in words
    code, words = desk.salvage()
    assert code == 65, words
    assert "lost: record 13 and change 13, at positions %d to %d" % (place(LOST), place(LOST + 1)) in words
    assert "000000.log from byte %d" % place(LOST) in words
    assert "12 records as receipted, 27 to be judged again; lost for certain: 1" in words
    assert desk.segment.read_bytes() == damaged and not desk.aside()
    assert refused(desk.daemon)[0] == 65


def test_what_is_whole_is_served_again_in_a_new_epoch(desk):
    damaged = desk.damage(LOST)
    code, words = desk.salvage("--write")
    assert code == 0 and "new epoch" in words, words
    [aside] = desk.aside()
    assert (aside / "000000.log").read_bytes() == damaged  # set aside as it was
    assert str(aside) in words
    with desk.daemon.start().client() as client:
        assert client.welcome["epoch"] != desk.epoch
        for there in (dict(cursor=desk.cursor), dict(after=3, epoch=desk.epoch)):
            with pytest.raises(EpochChanged):
                list(client.follow(**there, until_head=True))
        rows = list(client.follow(after=0, until_head=True))
        assert [c.seq for c in rows] == list(range(1, COUNT))
        assert [c.version for c in rows] == [str(n) for n in range(1, COUNT + 1) if n != LOST]
        assert client.get("dpa", "s:13").version == str(LATER)
        again = {n: desk.send(client, n) for n in desk.ids if n != LOST}
        assert {n: r for n, r in again.items() if n < LOST} == {n: r for n, r in desk.receipts.items() if n < LOST}
        assert [again[n] for n in range(LOST + 1, COUNT + 1)] == [(n - 1, "NEW", n - 1) for n in range(LOST + 1, COUNT + 1)]
        assert client.status().records == COUNT - 1  # all of them known
        assert desk.send(client, LOST) == (COUNT, "STALE", COUNT)  # only this one was gone
    desk.daemon.restart()
    desk.daemon.stop()
    assert "0 findings" in desk.daemon.verify()


def test_an_opening_that_is_broken_costs_no_record(desk):
    """Damage where no record lies: all receipts stand."""
    desk.daemon.start().kill()
    desk.daemon.start()  # whose batches know that the opening before was synced
    with desk.daemon.client() as client:
        client.submit(story(uri="later", text="Later."), source="dpa")
    desk.daemon.kill()
    desk.damage(COUNT + 1, inside=20)
    assert refused(desk.daemon)[0] == 65
    code, words = desk.salvage("--write")
    assert code == 0 and "lost for certain: 0" in words
    with desk.daemon.start().client() as client:
        assert {n: desk.send(client, n) for n in desk.ids} == desk.receipts
        assert client.get("dpa", "later").seq == COUNT + 1


def test_two_holes_are_both_told(desk):
    desk.damage(7)
    desk.damage(8)
    desk.damage(30)
    code, words = desk.salvage()
    assert code == 65
    assert "lost: records 7 to 8 and changes 7 to 8" in words and "lost: record 30 and change 30" in words


def test_a_log_that_is_whole_is_left_alone(desk):
    before = desk.segment.read_bytes()
    for words in ((), ("--write",)):
        code, said = desk.salvage(*words)
        assert code == 0 and "whole" in said
    assert desk.segment.read_bytes() == before and not desk.aside()
    with desk.daemon.start().client() as client:
        assert {n: desk.send(client, n) for n in desk.ids} == desk.receipts


def test_a_log_cut_short_gives_what_is_before_the_cut(desk):
    os.truncate(desk.segment, place(20))
    code, words = refused(desk.daemon)
    assert code == 65 and "salvage" in words
    assert desk.salvage("--write")[0] == 0
    with desk.daemon.start().client() as client:
        assert client.status().records == 19
        assert {n: desk.send(client, n) for n in range(1, 20)} == {n: desk.receipts[n] for n in range(1, 20)}


def test_a_first_block_that_is_gone_leaves_nothing_to_believe(desk):
    """Every block behind it may hold what a stranger sent."""
    desk.damage(-1, inside=0)
    code, words = desk.salvage("--write")
    assert code == 0 and "lost: the whole log" in words
    with desk.daemon.start().client() as client:
        assert client.status().records == 0
        assert desk.send(client, 1) == (1, "NEW", 1)


def test_salvage_keeps_off_a_store_that_is_in_use(daemon):
    done = subprocess.run(daemon.command("log", "salvage", "--write"), capture_output=True, text=True)
    assert done.returncode == 75 and "in use" in done.stderr


def test_salvage_of_nothing_makes_nothing(make_daemon):
    daemon = make_daemon(start=False)
    done = subprocess.run(daemon.command("log", "salvage"), capture_output=True, text=True)
    assert done.returncode == 66 and "no store at" in done.stderr
    assert not (daemon.directory / "store").exists()
