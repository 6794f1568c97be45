"""Subscribers: in order, none missing, and told in words when that can't be kept."""
import random
import threading
import time

import msgpack
import pytest
import zmq
from house import story
from hypothesis import HealthCheck, given, settings, strategies
from wireroom import AheadOfHead, EpochChanged


def fill(client, count, source="dpa", tag="s"):
    for i in range(count):
        client.submit(story(uri="%s:%d" % (tag, i), text="Text number %d of %s." % (i, tag)), source=source)


def rows(client, **place):
    return [c.row for c in client.follow(until_head=True, **place)]


def test_changes_come_in_order_from_any_place(client):
    fill(client, 20)
    everything = list(client.follow(after=0, until_head=True))
    assert [c.seq for c in everything] == list(range(1, 21))
    assert [c.seq for c in client.follow(after=7, until_head=True)] == list(range(8, 21))
    assert [c.seq for c in client.follow(since=everything[4].time, until_head=True)][0] <= 5
    cursor = [c.cursor for c in everything if c.cursor][-1]
    fill(client, 2, tag="later")
    assert [c.seq for c in client.follow(cursor=cursor, until_head=True)] == [21, 22]


def test_a_live_follower_hears_at_once(daemon):
    with daemon.client() as producer, daemon.client() as follower:
        heard = []

        def listen():
            for change in follower.follow(after=0, bodies="full", timeout=20):
                heard.append(change)
                if change.seq == 10:
                    return

        thread = threading.Thread(target=listen)
        thread.start()
        fill(producer, 10)
        thread.join(30)
        assert [c.seq for c in heard] == list(range(1, 11))
        assert all(c.article["headlines"] for c in heard)


def test_a_place_after_the_head_is_refused(client):
    fill(client, 1)
    with pytest.raises(AheadOfHead):
        next(client.follow(after=5))


def test_a_cursor_of_another_history_is_told_so(make_daemon):
    one, other = make_daemon(), make_daemon()
    with one.client() as client:
        fill(client, 2)
        cursor = [c.cursor for c in client.follow(after=0, until_head=True)][-1]
    with other.client() as client:
        fill(client, 3, tag="t")
        with pytest.raises(EpochChanged):
            next(client.follow(cursor=cursor))


def test_head_in_the_heartbeat_shows_a_lost_tail(daemon):
    """A subscriber that grants nothing is sent nothing, and still learns what it lacks."""
    with daemon.client() as client, daemon.peer("feed") as subscriber:
        fill(client, 3)
        subscriber.hello()
        subscriber.say("OPEN", after=0)
        subscriber.hear("OPENED")
        head = subscriber.hear("HEAD").header
        assert (head["seq"], head["sent"]) == (3, 0)
        subscriber.say("CREDIT", bytes=1, messages=9)
        assert subscriber.hear("EVENT").header["last"] == 3
        head = subscriber.hear("HEAD").header
        assert (head["seq"], head["sent"]) == (3, 3)


def test_subscriber_and_daemon_killed_at_random_miss_nothing(daemon):
    rng = random.Random(7)
    heard, place = [], 0
    with daemon.client() as producer:
        fill(producer, 5, tag="start")
    for round_ in range(6):
        with daemon.client() as producer:
            fill(producer, 8, tag="r%d" % round_)
        with daemon.client() as follower:
            for change in follower.follow(after=place, until_head=True):
                heard.append(change.row)
                place = change.seq
                if rng.random() < 0.1:
                    break  # the subscriber dies here; place is what it kept
        if rng.random() < 0.5:
            daemon.kill()
            daemon.start()
    with daemon.client() as quiet:
        heard += rows(quiet, after=place)
        assert heard == rows(quiet, after=0)


def current_state(changes):
    """What a subscriber holds after applying changes: the newest row of each item."""
    held = {}
    for change in changes:
        known = held.get((change.source, change.uri))
        if known is None or change.row["current"] == change.seq or change.seq > known.seq:
            if known is None or change.seq > known.seq:
                held[(change.source, change.uri)] = change
    return {key: c.row["current"] for key, c in held.items()}


@given(moves=strategies.lists(strategies.tuples(strategies.integers(0, 4), strategies.integers(1, 4),
                                                strategies.integers(0, 3)), min_size=1, max_size=12))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_snapshot_and_tail_equal_replay(daemon, moves):
    with daemon.client() as client:
        for item, version, text in moves:
            client.submit(story(uri="i:%d" % item, version=str(version), text="Text %d of %d." % (text, item)),
                          source="dpa")
        replay = current_state(client.follow(after=0, until_head=True))
        snapshot = {(c.source, c.uri): c.row["current"]
                    for c in client.follow(snapshot=True, until_head=True)}
        assert snapshot == replay


def test_no_gap_in_notices_goes_undetected(daemon):
    rng = random.Random(11)
    context = zmq.Context()
    with daemon.client() as client:
        socket = context.socket(zmq.SUB)
        socket.subscribe(b"")
        socket.connect(client.welcome["notice"])
        known, missed, found = {}, set(), set()
        fill(client, 3, tag="warm")
        until = time.monotonic() + 20
        while time.monotonic() < until and not socket.poll(100):
            fill(client, 1, tag="warm%f" % time.monotonic())
        for i in range(120):
            fill(client, 1, tag="n%d" % i, source=rng.choice(["dpa", "afp", "reuters"]))
        quiet = time.monotonic() + 20
        while time.monotonic() < quiet and socket.poll(1500):
            topic, payload = socket.recv_multipart()
            epoch, seq, previous = msgpack.unpackb(payload)
            if topic == b"h":
                if seq == client.status().seq and not socket.poll(100):
                    break
                continue
            if rng.random() < 0.05:  # lost on the way, as far as this subscriber knows
                missed.add((topic, seq))
                continue
            if topic in known and previous != known[topic]:
                found.add((topic, previous))
            known[topic] = seq
        socket.close()
        head = client.status().seq
        for topic, seq in missed:  # whatever was lost before a later notice shows as a gap there
            later = known.get(topic, 0)
            if later > seq:
                assert any(ft == topic for ft, _ in found)
        assert head >= 120
    context.term()
