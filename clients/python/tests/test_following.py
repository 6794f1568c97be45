"""A place in the feed: in order, none twice, none missing, whatever the connection does."""
import random

import pytest
from hypothesis import given, settings, strategies as st
from welcome import WELCOME, refused
from wireroom import EpochChanged, ProtocolError, codec
from wireroom.codec import Heard
from wireroom.core import Following
from wireroom.core.following import FROM_HEAD, GRANT_BYTES, GRANT_MESSAGES

EPOCH = 7


def row(seq, **more):
    return {"seq": seq, "epoch": EPOCH, "class": "new", "source": "dpa", "uri": "u:%d" % (seq % 5), "time": seq, **more}


def cursor(seq):
    return seq.to_bytes(24, "big")


def event(first, last, pad="", **more):
    body = codec.pack([row(seq, pad=pad) for seq in range(first, last + 1)])
    return Heard("EVENT", {"first": first, "last": last, "cursor": cursor(last), **more}, body)


def opened(after, head, epoch=EPOCH):
    return Heard("OPENED", {"epoch": epoch, "after": after, "head": head, "oldest": 1}, None)


def said(place, now=0.0):
    return [codec.decode(frames) for frames in place.to_send(now)]


def begun(head=10, **where):
    place = Following(**where)
    place.welcome(WELCOME)
    assert said(place)[0].name == "OPEN"
    if not where.get("snapshot"):
        place.hear(opened(where.get("after", head), head), 0.0)
    else:
        place.hear(opened(head, head), 0.0)
    return place


def taken(place):
    out = []
    while (change := place.take()) is not None:
        out.append(change.seq)
        place.dealt(change)
    return out


@pytest.mark.parametrize("places", [dict(after=1, since=2), dict(after=0, snapshot=True), dict(cursor=b"c" * 24, since=1)])
def test_two_places_are_no_place(places):
    with pytest.raises(ValueError, match="one place"):
        Following(**places)


def test_changes_come_once_and_in_order():
    place = begun(after=2)
    place.hear(event(3, 5), 0.0)
    place.hear(event(4, 7), 0.0)  # again, as after a reconnect
    assert taken(place) == [3, 4, 5, 6, 7]


@pytest.mark.parametrize("first", [5, 9])
def test_a_gap_is_noticed_even_before_the_first_change(first):
    place = begun(after=0 if first == 5 else 3)
    with pytest.raises(ProtocolError, match="gap"):
        place.hear(event(first, first + 1), 0.0)


def test_a_lost_connection_before_the_first_change_goes_on_where_it_was_opened_not_at_the_new_head():
    place = Following()
    place.welcome(WELCOME)
    assert said(place)[0].header["after"] == FROM_HEAD
    place.hear(opened(10, 10), 0.0)
    place.welcome(WELCOME)
    again = said(place)[0].header
    assert (again["after"], again["epoch"]) == (10, EPOCH)


def test_after_an_event_the_place_is_its_cursor():
    place = begun(after=0)
    place.hear(event(1, 4), 0.0)
    place.welcome(WELCOME)
    assert said(place)[0].header == {"cursor": cursor(4), "bodies": "rows"}
    place.hear(opened(4, 6), 0.0)
    place.hear(event(5, 6), 0.0)
    assert taken(place) == [1, 2, 3, 4, 5, 6] and place.at_head


def test_a_daemon_that_opens_somewhere_else_is_noticed():
    place = begun(after=0)
    place.hear(event(1, 4), 0.0)
    place.welcome(WELCOME)
    said(place)
    with pytest.raises(ProtocolError):
        place.hear(opened(6, 9), 0.0)


def test_credit_is_granted_before_anything_comes_and_again_at_half():
    place = begun(after=0)
    grant = said(place)[0]
    assert (grant.name, grant.header) == ("CREDIT", {"bytes": GRANT_BYTES, "messages": GRANT_MESSAGES})
    assert said(place) == []
    for i in range(GRANT_MESSAGES // 2):
        place.hear(event(i + 1, i + 1), 0.0)
    taken(place)
    more = [h for h in said(place) if h.name == "CREDIT"][0].header
    assert more["messages"] == GRANT_MESSAGES // 2


def test_nothing_is_granted_while_changes_wait_to_be_taken():
    place = begun(after=0)
    said(place)
    place.hear(event(1, 2, pad="x" * GRANT_BYTES), 0.0)
    assert said(place) == []
    taken(place)
    assert "CREDIT" in [h.name for h in said(place)]


def test_an_event_larger_than_the_grant_is_made_good():
    """What it overdrew is granted too: else the daemon's side stays below zero for ever."""
    place = begun(after=0)
    window = said(place)[0].header["bytes"]
    for seq in (1, 2, 3):
        big = event(seq, seq, pad="x" * (GRANT_BYTES * 4))
        window -= len(big.body)
        place.hear(big, 0.0)
        taken(place)
        window += sum(h.header["bytes"] for h in said(place) if h.name == "CREDIT")
        assert window == GRANT_BYTES


def test_an_ack_says_only_what_was_dealt_with():
    place = begun(after=0)
    said(place)
    place.hear(event(1, 3), 0.0)
    change = place.take()
    assert said(place) == []
    place.dealt(change)
    assert [h.header for h in said(place) if h.name == "ACK"] == [{"seq": 1}]


def test_a_snapshot_then_history_and_no_ack_in_between():
    place = begun(snapshot=True)
    said(place)
    place.hear(event(4, 4, snapshot=True), 0.0)
    place.hear(event(2, 2, snapshot=True), 0.0)
    assert taken(place) == [4, 2] and not place.at_head and said(place) == []
    place.hear(Heard("SNAPSHOT_END", {"seq": 8, "cursor": cursor(8)}, None), 0.0)
    place.hear(event(9, 10), 0.0)
    assert taken(place) == [9, 10] and place.at_head
    place.welcome(WELCOME)
    assert said(place)[0].header["cursor"] == cursor(10)


def test_a_broken_off_snapshot_begins_anew():
    place = begun(snapshot=True)
    place.hear(event(4, 4, snapshot=True), 0.0)
    place.welcome(WELCOME)
    assert said(place)[0].header == {"snapshot": True, "bodies": "rows"}


def test_head_shows_a_tail_that_did_not_come():
    place = begun(after=0, head=2)
    place.hear(event(1, 2), 0.0)
    taken(place)
    assert place.at_head
    place.hear(Heard("HEAD", {"epoch": EPOCH, "seq": 5, "sent": 5, "time": 0}, None), 0.0)
    assert not place.at_head


def test_refusals_end_it_or_make_it_try_again():
    place = begun(after=0)
    place.hear(Heard("REFUSED", refused("IO", 602), None), 1.0)
    assert place.refused is None and said(place, 1.1) == [] and said(place, 1.3)[0].name == "OPEN"
    place.hear(Heard("REFUSED", refused("EPOCH_CHANGED", 502, False, seq=3), None), 2.0)
    assert isinstance(place.refused, EpochChanged) and place.refused.seq == 3


class Feed:
    """A daemon's side: rows up to a head, sent as far as credit goes."""

    def __init__(self, rng):
        self.rng, self.head = rng, 0
        self.reset()

    def reset(self):
        self.sent, self.bytes, self.messages = None, 0, 0

    def take(self, heard, place):
        if heard.name == "OPEN":
            h = heard.header
            self.sent = int.from_bytes(h["cursor"], "big") if "cursor" in h else min(h["after"], self.head)
            place.hear(opened(self.sent, self.head), 0.0)
        elif heard.name == "CREDIT":
            self.bytes += heard.header["bytes"]
            self.messages += heard.header["messages"]
        elif heard.name == "ACK":
            assert heard.header["seq"] <= self.sent, "ACK_AHEAD"

    def send(self, place):
        if self.sent is None or self.sent >= self.head or self.bytes <= 0 or self.messages <= 0:
            return
        last = self.rng.randint(self.sent + 1, self.head)
        pad = "x" * self.rng.choice([1, 1000, 400_000])
        made = event(self.sent + 1, last, pad)
        self.bytes -= len(made.body)
        self.messages -= 1
        self.sent = last
        if self.rng.random() < 0.9:  # else it is lost with its connection
            place.hear(made, 0.0)
        else:
            self.reset()
            place.welcome(WELCOME)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=80, deadline=None)
def test_over_any_losses_every_change_comes_once(seed):
    rng = random.Random(seed)
    feed, place, got = Feed(rng), Following(after=0), []
    place.welcome(WELCOME)
    for _ in range(500):
        if feed.head < 40 and rng.random() < 0.3:
            feed.head += 1
        for frames in place.to_send(0.0):
            feed.take(codec.decode(frames), place)
        feed.send(place)
        if rng.random() < 0.7 and (change := place.take()):
            got.append(change.seq)
            place.dealt(change)
        if rng.random() < 0.05:
            feed.reset()
            place.welcome(WELCOME)
    got += taken(place)
    assert got == list(range(1, 41))
