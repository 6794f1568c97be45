"""The asyncio client against a real daemon: the same calls, many at once."""
import asyncio
import os
import time

import pytest
from house import story
from wireroom import IdReused, NoServer, NotFound, Submission
from wireroom.aio import Client


def test_many_tasks_share_a_connection(daemon):
    async def go():
        async with Client(daemon.address) as w:
            receipts = await asyncio.gather(
                *[w.submit(story(uri="t:%d" % i, text="Text %d." % i), source="dpa") for i in range(200)])
            assert {r.items[0].outcome for r in receipts} == {"NEW"}
            got, listed = await asyncio.gather(w.get("dpa", "t:7"), everything(w.list(limit=30)))
            assert got.article and len(listed) == 200
            assert [c.seq for c in await everything(w.history("dpa", "t:7"))] == [got.seq]
            assert await w.raw("dpa", "t:7") and (await w.status()).seq == 200
            await w.ping()
    asyncio.run(go())


async def everything(changes):
    return [change async for change in changes]


def test_a_feed_runs_beside_submissions(daemon):
    async def go():
        async with Client(daemon.address) as w:
            async def listen():
                heard = []
                async for change in w.follow(after=0, bodies="full", timeout=20):
                    heard.append(change.seq)
                    if len(heard) == 50:
                        return heard
            listening = asyncio.create_task(listen())
            async for _ in w.submit_many([story(uri="f:%d" % i, text="Text %d." % i) for i in range(50)], source="dpa"):
                pass
            assert await listening == list(range(1, 51))
            assert await everything(w.follow(after=48, until_head=True)) != []
    asyncio.run(go())


def test_documents_may_come_from_an_async_iterator_and_refusals_are_values(daemon):
    async def documents():
        id = os.urandom(16)
        for i in range(3):
            yield Submission(story(uri="d:%d" % i, text="Text %d." % i), source="dpa", id=id)

    async def go():
        async with Client(daemon.address) as w:
            first, second, third = [r async for r in w.submit_many(documents())]
            assert first.record == 1 and isinstance(second, IdReused) and isinstance(third, IdReused)
            with pytest.raises(NotFound):
                await w.get("dpa", "nothing")
    asyncio.run(go())


def test_it_lives_through_a_kill_of_the_daemon(daemon):
    async def go():
        async with Client(daemon.address, timeout=30) as w:
            heard = asyncio.create_task(first(w.follow(after=0, timeout=30), 30))
            for i in range(3):
                await asyncio.gather(*[w.submit(story(uri="k:%d:%d" % (i, j), text="Text %d %d." % (i, j)), source="dpa")
                                       for j in range(10)])
                daemon.kill()
                waiting = asyncio.create_task(w.submit(story(uri="k:%d:0" % i, version="2", text="Late %d." % i), source="dpa"))
                await asyncio.to_thread(daemon.start)
                assert (await waiting).items[0].outcome == "UPDATED"
            assert await heard == list(range(1, 31))
    asyncio.run(go())


async def first(changes, count):
    seqs = []
    async for change in changes:
        seqs.append(change.seq)
        if len(seqs) == count:
            break
    return seqs


def test_a_task_that_is_cancelled_leaves_the_others_alone(daemon):
    async def go():
        async with Client(daemon.address) as w:
            tasks = [asyncio.create_task(w.submit(story(uri="c:%d" % i, text="Text %d." % i), source="dpa")) for i in range(20)]
            await asyncio.sleep(0)
            tasks[3].cancel()
            done = await asyncio.gather(*tasks, return_exceptions=True)
            assert [i for i, r in enumerate(done) if isinstance(r, BaseException)] == [3]
            assert (await w.submit(story(uri="after", text="After."), source="dpa")).record
    asyncio.run(go())


def test_nobody_there_is_said_in_time_and_a_later_try_works(make_daemon):
    daemon = make_daemon(start=False)

    async def go():
        begun = time.monotonic()
        with pytest.raises(NoServer):
            async with Client(daemon.address, timeout=0.5):
                pass
        assert time.monotonic() - begun < 5
        daemon.start()
        async with Client(daemon.address, timeout=0.5) as w:
            daemon.stop()
            with pytest.raises(NoServer):
                await w.submit(story(), source="dpa")
            daemon.start()
            assert (await w.submit(story(), source="dpa")).items[0].seq == 1
    asyncio.run(go())
