"""A full disk: refused in words, reads go on, and freed space is noticed. Nothing is lost."""
import contextlib
import os
import random
import shutil
import subprocess
import tempfile

import pytest
from house import House, story
from wireroom import StoreFull, codec

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("mount") is None, reason="a small file system is mounted by root alone")


@pytest.fixture
def small_disk():
    """24 MiB of their own, 12 of them taken by a file."""
    place = tempfile.mkdtemp(prefix="wr-", dir="/tmp")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24M", "tmpfs", place], capture_output=True, text=True)
    if done.returncode:
        os.rmdir(place)
        pytest.skip("no tmpfs here: " + done.stderr.strip())
    with open(place + "/other", "wb") as other:
        other.write(bytes(12 << 20))
    yield place
    subprocess.run(["umount", "-l", place], check=True)
    os.rmdir(place)


def noise(rng, size=30_000):
    """Text that does not compress to nothing."""
    return " ".join("%x" % rng.getrandbits(64) for _ in range(size // 17))


def test_a_full_disk_refuses_for_now_serves_reads_and_recovers(small_disk):
    rng = random.Random(1)
    house = House()
    daemon = house(start=False, store__min_free="3M", store__ballast="1M")
    daemon.settings["store.path"] = small_disk + "/store"
    receipts = []
    try:
        daemon.start()
        with daemon.client() as client:
            with pytest.raises(StoreFull) as full:
                for i in range(2000):
                    receipts.append(client.submit(story(uri="f:%d" % i, text=noise(rng)), source="dpa", timeout=3))
            assert full.value.transient and full.value.retry_after > 0 and len(receipts) > 20
            assert client.status().full
            check_reads(client, receipts)
            os.unlink(small_disk + "/other")
            late = client.submit(story(uri="late", text=noise(rng)), source="dpa", timeout=30)
            assert late.items[0].outcome == "NEW" and not client.status().full
            receipts.append(late)
        daemon.crash()
        with daemon.client() as client:
            check_reads(client, receipts)
        daemon.stop()
        assert "0 findings" in daemon.verify("--replay")
    finally:
        house.close()


def test_a_disk_that_is_full_without_a_reserve_is_answered_and_can_be_stopped(small_disk):
    """The floor is lower than what a checkpoint needs: what is free then says nothing."""
    rng = random.Random(2)
    house = House()
    daemon = house(start=False, store__min_free="64K", store__ballast="0")
    daemon.settings["store.path"] = small_disk + "/store"
    receipts = []
    try:
        daemon.start()
        with daemon.client() as client:
            for turn in range(5):  # a refusal may be followed by a little room
                with pytest.raises(StoreFull):
                    while True:
                        uri = "f:%d" % len(receipts)
                        receipts.append(client.submit(story(uri=uri, text=noise(rng)), source="dpa", timeout=1))
        with daemon.client() as client:  # one that has seen nothing yet and waits for nothing
            assert client.get("dpa", "f:0").article
            assert [c.seq for c in client.follow(after=0, until_head=True)] == [r.seq for r in receipts]
        daemon.process.terminate()
        assert daemon.process.wait(10) == 0
        os.unlink(small_disk + "/other")
        daemon.start()
        with daemon.client() as client:
            check_reads(client, receipts)
            receipts.append(client.submit(story(uri="late", text="There is room."), source="dpa"))
            check_reads(client, receipts)
        daemon.stop()
        assert "0 findings" in daemon.verify("--replay")
    finally:
        house.close()


def leave(place, size):
    """Fills the file system but for so many bytes."""
    with open(place + "/rest", "wb", buffering=0) as rest:
        with contextlib.suppress(OSError):
            while True:
                rest.write(bytes(4096))
        rest.truncate(rest.tell() - size)


def test_a_gate_that_cannot_be_closed_for_want_of_room_is_answered_for_now(small_disk):
    """A withheld text is logged, but the checkpoint that would take it from every door fails."""
    rng = random.Random(3)
    house = House()
    daemon = house(start=False, store__min_free="64K", store__ballast="0", store__checkpoint="1M")
    daemon.settings["store.path"] = small_disk + "/store"
    try:
        daemon.start()
        with daemon.client() as client:
            for i in range(60):
                last = client.submit(story(uri="a:%d" % i, text=noise(rng, 20_000)), source="dpa")
            assert client.get("dpa", "a:59").seq == last.seq  # all is behind a checkpoint
        leave(small_disk, 76 << 10)
        asked = [(os.urandom(16), story(uri="a:%d" % i, version="2", text=noise(rng, 25_000), pubStatus="withheld"))
                 for i in range(2)]  # as much as the standing credit allows
        with daemon.peer() as peer:
            peer.hello()
            for n, (id, article) in enumerate(asked):
                peer.say("SUBMIT", codec.pack(article), n=n, id=id, source="dpa", format="article")
            answers = [peer.hear("RECEIPT", "REFUSED", timeout=10) for _ in asked]
        assert all(answers), answers
        refused = [a.header["error"] for a in answers if a.name == "REFUSED"]
        assert refused and set(refused) == {"STORE_FULL"}
        daemon.process.terminate()
        assert daemon.process.wait(8) == 0
        os.unlink(small_disk + "/rest")
        with daemon.start().client() as client:
            for i, (id, article) in enumerate(asked):
                assert client.submit(article, source="dpa", id=id).items[0].state == "withheld"
                assert client.get("dpa", "a:%d" % i).gated == "withheld"
        daemon.stop()
        assert "0 findings" in daemon.verify("--replay")
    finally:
        house.close()


def check_reads(client, receipts):
    """Every receipted change is on the feed, once; articles and raw bytes are answered."""
    assert [c.seq for c in client.follow(after=0, until_head=True)] == [r.seq for r in receipts]
    assert client.get("dpa", "f:0").article and client.raw("dpa", "f:1")
    assert len(list(client.list())) == len(receipts)
