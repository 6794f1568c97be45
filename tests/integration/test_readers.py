"""Readers that die, spin, eat and lie cost the one submission in work, nobody else."""
import re
import subprocess
import threading

import pytest
from house import DAEMON, hooks_are_in, story, wait_for

BAD = {"crash": "READER_DIED", "spin": "READER_TIME", "eat": "READER_MEMORY",
       "syscall": "READER_DIED", "exit": "READER_DIED", "garbage": "READER_ANSWER"}


pytestmark = pytest.mark.skipif(not hooks_are_in(), reason="built without WIREROOM_HOOKS")


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_document_is_quarantined_and_its_neighbours_are_filed(make_daemon, kind):
    daemon = make_daemon(readers__deadline="500ms", readers__memory="128M")
    results = {}

    def bad():
        with daemon.client() as client:
            results["bad"] = client.submit(b"!wireroom-test:" + kind.encode(), source="evil", format="text")

    thread = threading.Thread(target=bad)
    thread.start()
    with daemon.client() as client:
        for i in range(20):
            assert client.submit(story(uri="g:%d" % i, text="Good text %d." % i), source="dpa").items[0].outcome == "NEW"
        thread.join(60)
        item = results["bad"].items[0]
        assert item.outcome == "QUARANTINED" and item.error.error == BAD[kind]
        assert item.error.transient
        assert client.raw(record=results["bad"].record) == b"!wireroom-test:" + kind.encode()


def test_good_ones_in_the_same_batch_are_untouched(make_daemon):
    daemon = make_daemon(readers__deadline="500ms", readers__processes="1")
    documents = []
    for i, kind in enumerate(BAD):
        documents += [b"!wireroom-test:" + kind.encode(), b"A headline of story %d\n\nAnd its text, number %d." % (i, i)]
    with daemon.client() as client:
        got = [r.items[0].outcome for r in client.submit_many(documents, source="mix", format="text")]
    assert got == ["QUARANTINED", "NEW"] * len(BAD)


def test_a_forbidden_system_call_kills_the_reader(daemon):
    done = subprocess.run([DAEMON, "--reader-selftest", "0", "1"], capture_output=True)
    assert done.returncode == -31  # SIGSYS


def test_readers_are_replaced_after_so_many_submissions(make_daemon):
    daemon = make_daemon(readers__submissions="5", readers__processes="1")
    with daemon.client() as client:
        for i in range(40):
            assert client.submit(story(uri="r:%d" % i, text="Text %d." % i), source="dpa").items[0].outcome == "NEW"


def test_a_reader_that_cannot_start_rests_longer_each_time_and_costs_nobody_an_answer(make_daemon, monkeypatch, tmp_path):
    broken = tmp_path / "broken"
    program = tmp_path / "reader"
    program.write_text('#!/bin/sh\n[ -e %s ] && exit 3\nexec %s "$@"\n' % (broken, DAEMON))
    program.chmod(0o755)
    monkeypatch.setenv("WIREROOM_READER", str(program))
    daemon = make_daemon(readers__processes="1")
    with daemon.client() as client:
        broken.touch()
        thread = threading.Thread(target=client.submit, args=(b"!wireroom-test:exit",),
                                  kwargs={"source": "evil", "format": "text"})
        thread.start()
        wait_for(lambda: daemon.said().count("reader=resting") >= 4)
        rests = [int(x) for x in re.findall(r"reader=resting .*for_ms=(\d+)", daemon.said())]
        assert rests[:4] == [100, 200, 400, 800]
        broken.unlink()
        with daemon.client() as other:
            assert other.submit(story(uri="w:1", text="Waited."), source="dpa").items[0].outcome == "NEW"
        thread.join(60)
    assert not thread.is_alive()
