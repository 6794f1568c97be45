"""Subscribers: in order, none missing, and told in words when that can't be kept."""
import random
import threading

import pytest
from house import story
from wireroom import AheadOfHead, EpochChanged, codec


def fill(client, count, source="dpa", tag="s"):
    return list(client.submit_many(
        [story(uri="%s:%d" % (tag, i), text="Text number %d of %s." % (i, tag)) for i in range(count)], source=source))


def rows(client, **place):
    return [c.row for c in client.follow(until_head=True, **place)]


def test_changes_come_in_order_from_any_place(client):
    fill(client, 20)
    everything = list(client.follow(after=0, until_head=True))
    assert [c.seq for c in everything] == list(range(1, 21))
    for after in range(21):
        assert [c.seq for c in client.follow(after=after, until_head=True)] == list(range(after + 1, 21))
    cursor = [c.cursor for c in everything if c.cursor][-1]
    fill(client, 2, tag="later")
    assert [c.seq for c in client.follow(cursor=cursor, until_head=True)] == [21, 22]


def test_since_begins_at_the_first_change_of_that_time(client):
    for i in range(10):
        client.submit(story(uri="t:%d" % i, text="Text %d." % i), source="dpa")
    everything = list(client.follow(after=0, until_head=True))
    for change in everything:
        want = [c.seq for c in everything if c.time >= change.time]
        assert [c.seq for c in client.follow(since=change.time, until_head=True)] == want


def test_without_a_place_only_what_is_new_comes(daemon):
    with daemon.client() as producer, daemon.peer("feed") as subscriber:
        fill(producer, 3)
        subscriber.hello()
        subscriber.say("OPEN", after=2**64 - 1)
        assert subscriber.hear("OPENED").header["after"] == 3
        subscriber.say("CREDIT", bytes=1000, messages=9)
        fill(producer, 1, tag="new")
        assert subscriber.hear("EVENT").header["first"] == 4


def test_a_live_follower_hears_at_once_with_bodies(daemon):
    heard, opened = [], threading.Event()
    with daemon.client() as producer:
        def listen():
            with daemon.client() as follower:
                for change in follower.follow(after=0, bodies="full", timeout=20):
                    heard.append(change)
                    opened.set()
                    if change.seq == 10:
                        return

        thread = threading.Thread(target=listen)
        fill(producer, 1, tag="first")
        thread.start()
        assert opened.wait(20)
        fill(producer, 9)
        thread.join(30)
    assert [c.seq for c in heard] == list(range(1, 11))
    assert all(c.article["headlines"] and c.headline for c in heard)


def test_rows_headers_full_differ_only_in_the_text(client):
    fill(client, 3)
    by = {bodies: rows(client, after=0, bodies=bodies) for bodies in ("rows", "headers", "full")}
    for row, header, full in zip(by["rows"], by["headers"], by["full"]):
        assert header == {**row, "headline": "Council agrees on bridge"}
        assert full == {**header, "article": full["article"]}
        assert full["article"]["bodies"][0]["value"].startswith("Text number")


def test_a_follower_with_an_article_larger_than_its_credit_is_not_stuck(make_daemon):
    daemon = make_daemon(limits__submission="6M", store__segment="64M", limits__batch="8M")
    with daemon.client() as client:
        for i in range(3):
            client.submit(story(uri="big:%d" % i, text=("Word %d. " % i) * 500_000), source="dpa")
        got = [len(c.article["bodies"][0]["value"]) for c in client.follow(after=0, bodies="full", until_head=True, timeout=20)]
    assert len(got) == 3 and min(got) > 3 << 20


def test_tail_follows_articles_larger_than_its_credit(make_daemon):
    daemon = make_daemon(limits__submission="6M", store__segment="64M", limits__batch="8M")
    with daemon.client() as client:
        for i in range(3):
            client.submit(story(uri="big:%d" % i, text=("Word %d. " % i) * 500_000), source="dpa")
    changes = daemon.ndjson("tail", "-e", "--after", "0", "--bodies")
    assert [len(c["article"]["bodies"][0]["value"]) > 3 << 20 for c in changes] == [True] * 3


# ---- places that cannot be

def test_a_place_after_the_head_is_refused(client):
    fill(client, 1)
    with pytest.raises(AheadOfHead) as caught:
        next(client.follow(after=5))
    assert caught.value.seq == 1


def test_another_epoch_is_told_by_place_and_by_cursor(make_daemon):
    one, other = make_daemon(), make_daemon()
    with one.client() as client:
        fill(client, 2)
        cursor = [c.cursor for c in client.follow(after=0, until_head=True)][-1]
        epoch = client.welcome["epoch"]
        assert [c.seq for c in client.follow(after=1, epoch=epoch, until_head=True)] == [2]
    with other.client() as client:
        fill(client, 3, tag="t")
        for place in (dict(cursor=cursor), dict(after=1, epoch=epoch)):
            with pytest.raises(EpochChanged):
                next(client.follow(**place))


def test_a_cursor_whose_hash_is_not_ours_is_told_so(client):
    fill(client, 2)
    cursor = [c.cursor for c in client.follow(after=0, until_head=True)][-1]
    with pytest.raises(EpochChanged):
        next(client.follow(cursor=cursor[:-1] + bytes((cursor[-1] ^ 1,))))


BAD_OPENS = [dict(), dict(after=0, since=0), dict(after=0, snapshot=True), dict(since=0, epoch=1),
             dict(after=0, bodies="pictures"), dict(snapshot=False)]


@pytest.mark.parametrize("fields", BAD_OPENS, ids=str)
def test_an_open_that_names_no_place_or_two_is_refused(daemon, fields):
    with daemon.peer("feed") as peer:
        peer.hello()
        peer.say("OPEN", **fields)
        assert peer.hear("REFUSED", "OPENED").header.get("error") == "BAD_FIELD"


def test_acks_follow_what_was_delivered(daemon):
    with daemon.client() as client, daemon.peer("feed") as peer:
        fill(client, 3)
        peer.hello()
        peer.say("ACK", seq=0)
        assert peer.hear("REFUSED").header["error"] == "NOT_OPEN"
        peer.say("OPEN", after=0)
        peer.say("ACK", seq=1)  # nothing was delivered yet
        refused = peer.hear("REFUSED").header
        assert (refused["error"], refused["seq"]) == ("ACK_AHEAD", 0)
        peer.say("CREDIT", bytes=1, messages=1)
        assert peer.hear("EVENT").header["last"] == 3
        for seq in (1, 3, 2):
            peer.say("ACK", seq=seq)
        peer.say("ACK", seq=4)
        refused = peer.hear("REFUSED").header
        assert (refused["error"], refused["seq"]) == ("ACK_AHEAD", 3)


# ---- credit and heartbeats

def test_nothing_comes_without_credit_and_one_event_may_overdraw_it(daemon):
    with daemon.client() as client, daemon.peer("feed") as peer:
        fill(client, 3)
        peer.hello()
        peer.say("OPEN", after=0)
        assert peer.hear("OPENED")
        assert peer.hear("EVENT", timeout=0.3) is None
        peer.say("CREDIT", bytes=1, messages=100)
        event = peer.hear("EVENT")
        fill(client, 1, tag="more")
        assert peer.hear("EVENT", timeout=0.3) is None  # bytes stand below zero
        peer.say("CREDIT", bytes=len(event.body) - 1, messages=0)
        assert peer.hear("EVENT", timeout=0.3) is None  # at zero
        peer.say("CREDIT", bytes=1, messages=0)
        assert peer.hear("EVENT").header["first"] == 4


def test_head_in_the_heartbeat_shows_a_lost_tail(make_daemon):
    daemon = make_daemon(credit__heartbeat="200ms")
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
        assert list(client.follow(cursor=head["cursor"], until_head=True)) == []


def test_a_silent_follower_is_given_up_and_told_when_it_speaks(make_daemon):
    daemon = make_daemon(credit__heartbeat="50ms")
    with daemon.client() as client, daemon.peer("feed") as peer:
        peer.hello()
        peer.say("OPEN", after=0)
        assert peer.hear("OPENED")
        while client.status().row["followers"]:
            pass
        peer.say("HEARTBEAT")
        assert peer.hear("REFUSED").header["error"] == "NO_HELLO"


# ---- the same feed for all

def test_subscriber_and_daemon_killed_at_random_end_with_the_feed_of_a_quiet_reader(daemon):
    rng = random.Random(7)
    heard, place = [], 0
    for round_ in range(8):
        with daemon.client() as producer:
            fill(producer, 8, tag="r%d" % round_)
        with daemon.client() as follower:
            for change in follower.follow(after=place, until_head=True):
                heard.append(change.row)
                place = change.seq
                if rng.random() < 0.1:
                    break  # the subscriber dies here; place is what it kept
        if rng.random() < 0.5:
            daemon.crash()
    with daemon.client() as quiet:
        heard += rows(quiet, after=place)
        assert heard == rows(quiet, after=0) and len(heard) == 64


def test_a_follower_lives_through_kills_of_the_daemon(daemon):
    heard = []

    def listen():
        with daemon.client(timeout=30) as follower:
            for change in follower.follow(after=0, bodies="headers", timeout=60):
                heard.append(change.seq)
                if change.uri == "last":
                    return

    with daemon.client(timeout=30) as producer:
        thread = threading.Thread(target=listen)
        thread.start()
        for i in range(4):
            fill(producer, 10, tag="k%d" % i)
            daemon.crash()
        producer.submit(story(uri="last", text="The last of them."), source="dpa")
        head = producer.status().seq
        thread.join(60)
    assert heard == list(range(1, head + 1))


def test_a_feed_with_many_followers_of_all_kinds_is_one_feed(daemon):
    with daemon.client() as client:
        fill(client, 30)
    peers = [daemon.peer("feed") for _ in range(9)]
    for i, peer in enumerate(peers):
        peer.hello()
        peer.say("OPEN", after=0, bodies=("rows", "headers", "full")[i % 3])
        peer.say("CREDIT", bytes=1 << 20, messages=64)
    with daemon.client() as client:
        fill(client, 30, tag="live")
    for peer in peers:
        seqs = []
        while len(seqs) < 60:
            event = peer.hear("EVENT")
            seqs += [row["seq"] for row in codec.unpack(event.body)]
            assert (event.header["first"], event.header["last"]) == (seqs[-len(codec.unpack(event.body))], seqs[-1])
        assert seqs == list(range(1, 61))
        peer.__exit__()
