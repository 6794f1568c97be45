"""A full disk: refused in words, reads go on, and freed space is noticed. Nothing is lost."""
import os
import random
import shutil
import subprocess
import tempfile

import pytest
from house import House, story
from wireroom import StoreFull

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


def check_reads(client, receipts):
    """Every receipted change is on the feed, once; articles and raw bytes are answered."""
    assert [c.seq for c in client.follow(after=0, until_head=True)] == [r.seq for r in receipts]
    assert client.get("dpa", "f:0").article and client.raw("dpa", "f:1")
    assert len(list(client.list())) == len(receipts)
