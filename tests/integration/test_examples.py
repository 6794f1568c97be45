"""The examples beside the protocol do what it promises: over a daemon that died, too."""
import subprocess
import sys
import threading

import msgpack
import pytest
import zmq
from house import ROOT, codec, story

WELCOME = {"server": "a model", "version": 1, "principal": "open", "roles": [], "sources": ["*"],
           "store": bytes(16), "epoch": 1, "seq": 0, "heartbeat_ms": 1000, "submission_bytes": 65536,
           "submission_items": 1, "credit_bytes": 65536, "credit_messages": 1, "submit": "", "feed": "",
           "notice": "", "query": "", "admin": "", "formats": ["auto"]}
NO_HELLO = {"code": 112, "error": "NO_HELLO", "transient": True, "words": "who are you?"}
BUSY = {"n": 1, "code": 303, "error": "BUSY", "transient": True, "retry_after_ms": 1, "words": "wait"}


def example(name, *words):
    return subprocess.Popen([sys.executable, str(ROOT / "docs/examples" / name), *words],
                            stdout=subprocess.PIPE, text=True)


@pytest.fixture
def router(tmp_path):
    with zmq.Context() as context, context.socket(zmq.ROUTER) as socket:
        socket.setsockopt(zmq.LINGER, 0)
        socket.bind("ipc://%s/submit" % tmp_path)
        yield socket


def until(router, wanted):
    """The next message of a name, whatever is heard before it."""
    while router.poll(10000):
        peer, *frames = router.recv_multipart()
        heard = codec.decode(frames)
        if heard.name == wanted:
            return peer, heard
    raise AssertionError("no " + wanted)


def say(router, peer, name, fields, body=None):
    router.send_multipart([peer, *codec.encode(name, fields, body)])


def test_the_producer_sends_again_under_its_id_until_a_receipt(router, tmp_path):
    (tmp_path / "story").write_text("Head\n\nText.")
    producer = example("producer.py", "ipc://%s/submit" % tmp_path, "dpa", str(tmp_path / "story"))
    said = []
    for answer in (("REFUSED", BUSY), None, ("REFUSED", NO_HELLO)):
        if not said:
            say(router, until(router, "HELLO")[0], "WELCOME", WELCOME)
        peer, submit = until(router, "SUBMIT")
        said.append((submit.header["id"], submit.body))
        if answer is None:  # died without a word, and was started anew
            say(router, until(router, "HEARTBEAT")[0], "REFUSED", NO_HELLO)
        else:
            say(router, peer, *answer)
        if answer != ("REFUSED", BUSY):
            say(router, until(router, "HELLO")[0], "WELCOME", WELCOME)
    peer, submit = until(router, "SUBMIT")
    said.append((submit.header["id"], submit.body))
    say(router, peer, "RECEIPT", {"n": 1}, msgpack.packb({"items": [{"outcome": "NEW", "uri": "u", "seq": 7}]}))
    assert producer.communicate(timeout=20)[0] == "NEW u 7\n"
    assert len(said) == 4 and len(set(said)) == 1


def test_the_producer_files_a_story(daemon, tmp_path):
    (tmp_path / "story").write_text("Head\n\nText.")
    producer = example("producer.py", daemon.address, "dpa", str(tmp_path / "story"))
    assert producer.communicate(timeout=20)[0].split()[0] == "NEW"


def seqs(subscriber, count):
    """Of the next lines; none are left when it says nothing for too long."""
    patience = threading.Timer(30, subscriber.kill)
    patience.start()
    lines = [subscriber.stdout.readline() for _ in range(count)]
    patience.cancel()
    return [int(line.split()[0]) for line in lines if line]


def test_the_subscriber_needs_one_address_and_misses_nothing_over_a_crash(daemon):
    with daemon.client(timeout=30) as client:
        client.submit(story(uri="a:1"), source="dpa")
        subscriber = example("subscriber.py", daemon.address)
        try:
            assert seqs(subscriber, 1) == [1]
            daemon.crash()
            client.submit(story(uri="a:2", text="Another."), source="dpa")
            client.submit(story(uri="a:3", text="A third."), source="dpa")
            assert seqs(subscriber, 2) == [2, 3]
        finally:
            subscriber.kill()
            subscriber.communicate()
