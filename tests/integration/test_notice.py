"""The doorbell: small hints by topic; what is lost shows as a gap, and the feed fills it."""
import random
import time

import msgpack
import pytest
import zmq
from house import story
from wireroom import Submission


class Bell:
    """A SUB socket that hears everything of some topics."""

    def __init__(self, address, *topics):
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.SUB)
        self.socket.setsockopt(zmq.RCVHWM, 0)
        for topic in topics or (b"",):
            self.socket.subscribe(topic)
        self.socket.connect(address)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.socket.close(linger=0)
        self.context.term()

    def hear(self, seconds=10):
        """(topic, epoch, seq, previous), or None when it stayed quiet."""
        if not self.socket.poll(int(seconds * 1000)):
            return None
        topic, payload = self.socket.recv_multipart()
        return (topic.decode(), *msgpack.unpackb(payload))

    def wait_joined(self):
        """A heartbeat shows that the subscription has arrived."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            heard = self.hear(1)
            if heard and heard[0] == "h":
                return
        raise AssertionError("no heartbeat on the notice socket")


@pytest.fixture
def quick(make_daemon):
    return make_daemon(credit__heartbeat="100ms")


def test_a_notice_names_its_change_and_the_one_before_it_in_its_topic(quick):
    with quick.client() as client, Bell(client.welcome["notice"]) as bell:
        bell.wait_joined()
        for source, uri, more in (("dpa", "a", {"language": "de"}), ("dpa", "b", {"language": "de-AT"}),
                                  ("afp", "c", {}), ("dpa", "a", {"version": "2", "pubStatus": "canceled"})):
            client.submit(story(uri=uri, text="Text of %s." % uri, **more), source=source)
        heard = []
        while len(heard) < 4:
            notice = bell.hear()
            heard += [notice] if notice[0] != "h" else []
        assert {n[1] for n in heard} == {client.welcome["epoch"]}
        assert [n[2] for n in heard] == [1, 2, 3, 4]
        topics = [n[0] for n in heard]
        assert topics[0] == "a.dpa.de" and topics[1] == "a.dpa.de" and topics[2] == "a.afp.und"
        assert topics[3].startswith("k.dpa.")
        assert [n[3] for n in heard] == [None, 1, None, None]  # what was before a start is not known


def test_the_heartbeat_tells_the_head(quick):
    with quick.client() as client, Bell(client.welcome["notice"], b"h") as bell:
        bell.wait_joined()
        client.submit(story(), source="dpa")
        for _ in range(50):
            topic, epoch, seq, previous = bell.hear()
            assert (topic, previous) == ("h", None)
            if seq == 1:
                return
        raise AssertionError("the head never came")


class Subscriber:
    """Remembers the last notice of each topic, and counts as found whatever of a topic was
    lost before a notice that does not name the one it remembers."""

    def __init__(self):
        self.known, self.gaps = {}, []

    def take(self, topic, seq, previous):
        before = self.known.get(topic)
        if previous is not None and previous != before:
            self.gaps.append((topic, before or 0, seq))
        self.known[topic] = seq

    def found(self, topic, seq):
        return any(t == topic and low < seq < high for t, low, high in self.gaps)


@pytest.mark.parametrize("share", [0.01, 0.2], ids=["1 %", "20 %"])
def test_no_notice_lost_at_random_goes_undetected(quick, share):
    rng = random.Random(11)
    topics = [(source, language) for source in ("dpa", "afp") for language in ("de", "en", "fr")]
    with quick.client() as client, Bell(client.welcome["notice"], b"a.") as bell:
        with Bell(client.welcome["notice"]) as joined:
            joined.wait_joined()
        warm = time.monotonic() + 20
        while time.monotonic() < warm:  # until the subscription has arrived
            client.submit(story(uri="w:%f" % time.monotonic(), text="Warm up %f." % time.monotonic()), source="warm")
            if bell.hear(0.1):
                break
        texts = [rng.choice(topics) for _ in range(600)] + topics  # each topic rings once more at the end
        documents = [Submission(story(uri="n:%d" % i, text="Text %d." % i, language=language), source=source)
                     for i, (source, language) in enumerate(texts)]
        head = max(r.seq for r in client.submit_many(documents))
        subscriber, lost, seq = Subscriber(), [], 0
        while seq < head:
            topic, _, seq, previous = bell.hear()
            if rng.random() < share and seq <= head - len(topics) and not topic.startswith("a.warm"):
                lost.append((topic, seq))
            else:
                subscriber.take(topic, seq, previous)
        assert lost and [one for one in lost if not subscriber.found(*one)] == []
        false = [gap for gap in subscriber.gaps if not any(t == gap[0] and gap[1] < s < gap[2] for t, s in lost)]
        assert false == []


def test_a_subscriber_of_notices_and_the_feed_misses_nothing(quick):
    """A third is lost; the head in the heartbeat makes good what no later notice shows."""
    rng = random.Random(3)
    with quick.client() as client, quick.client() as reader, Bell(client.welcome["notice"]) as bell:
        bell.wait_joined()
        place, asked, rung = 0, 0, 0
        for i in range(100):
            client.submit(story(uri="m:%d" % i, text="Text %d." % i), source="dpa")
            notice = bell.hear(0) if rng.random() < 0.66 else None
            rung += notice is not None and notice[0] != "h"
        head = client.status().seq
        while place < head:
            topic, _, seq, _ = bell.hear()
            if topic == "h" and seq > place:
                asked += 1
                for change in reader.follow(after=place, until_head=True):
                    assert change.seq == place + 1
                    place = change.seq
        assert (place, asked) == (100, 1) and rung
