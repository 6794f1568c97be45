"""One order: a connection's submissions are filed as they were sent, whatever reading takes."""
import os
import threading

import pytest
from house import hooks_are_in, story
from wireroom import Submission, codec


def test_many_in_one_breath_are_filed_as_they_were_sent(client):
    documents = [story(uri="o:%d" % i, text="Word %d. " % i * (1 + (i * 37) % 200)) for i in range(200)]
    receipts = list(client.submit_many(documents, source="dpa"))
    assert [r.items[0].seq for r in receipts] == list(range(1, 201))
    assert [c.uri for c in client.follow(after=0, until_head=True)] == ["o:%d" % i for i in range(200)]


@pytest.mark.skipif(not hooks_are_in(), reason="built without WIREROOM_HOOKS")
def test_a_slow_first_keeps_a_fast_second_behind_it_but_not_another_connection(make_daemon):
    daemon = make_daemon(readers__deadline="700ms", readers__processes="2")
    done = []

    def slow_then_fast():
        with daemon.client() as client:
            done.extend(client.submit_many(
                [Submission(b"!wireroom-test:spin", format="text"), story(uri="fast")], source="dpa"))

    thread = threading.Thread(target=slow_then_fast)
    with daemon.client() as other:
        other.submit(story(uri="warm", text="Warm up."), source="afp")
        thread.start()
        meanwhile = [other.submit(story(uri="m:%d" % i, text="Meanwhile %d." % i), source="afp") for i in range(5)]
        assert thread.is_alive() and not done
        thread.join(60)
        slow, fast = done
        assert slow.items[0].outcome == "QUARANTINED" and fast.items[0].outcome == "NEW"
        assert max(m.record for m in meanwhile) < slow.record < fast.record


def test_receipts_find_their_submissions_in_any_order(daemon):
    with daemon.peer() as peer:
        peer.hello()
        ids = {n: os.urandom(16) for n in range(50)}
        for n, id in ids.items():
            peer.say("SUBMIT", b"Headline %d\n\nText number %d." % (n, n), n=n, id=id, source="dpa", format="text")
        answers = [peer.hear("RECEIPT") for _ in ids]
        assert {a.header["n"]: codec.unpack(a.body)["submission"] for a in answers} == ids
