"""A snapshot and what comes after it give what a replay of everything gives."""
from itertools import takewhile

from hypothesis import HealthCheck, given, settings, strategies as st
from house import story

STATUS = ("usable", "usable", "usable", "withheld", "canceled")


def held(changes):
    """What a subscriber holds: the newest row of each item, by the item's current revision."""
    found = {}
    for change in changes:
        known = found.get((change.source, change.uri))
        if known is None or change.seq > known.seq:
            found[(change.source, change.uri)] = change
    return {key: change.current for key, change in found.items()}


def snapshot_rows(changes):
    return {(c.source, c.uri): c for c in changes if c.snapshot}


MOVES = st.lists(st.tuples(st.sampled_from(["dpa", "afp"]), st.integers(0, 4), st.integers(1, 4),
                           st.integers(0, 3), st.sampled_from(STATUS)), min_size=1, max_size=15)


def play(client, moves):
    for source, item, version, text, status in moves:
        client.submit(story(uri="i:%d" % item, version=str(version), text="Text %d of %d." % (text, item),
                            pubStatus=status), source=source)


@given(before=MOVES, after=MOVES)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_snapshot_and_its_tail_equal_a_replay(daemon, before, after):
    with daemon.client() as client, daemon.client() as follower:
        play(client, before)
        feed = follower.follow(snapshot=True, bodies="full", timeout=20)
        got = [next(feed)]
        play(client, after)
        last = client.submit(story(uri="last:%d" % client.status().records), source="end").seq
        got += takewhile(lambda change: change.seq != last, feed)
        replay = list(client.follow(after=0, until_head=True))[:-1]
        assert held(got) == held(replay)


@given(moves=MOVES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_snapshot_row_is_the_current_revision_as_get_shows_it(daemon, moves):
    with daemon.client() as client:
        play(client, moves)
        client.status()
        shown = snapshot_rows(client.follow(snapshot=True, bodies="full", until_head=True))
        listed = {(item.source, item.uri): item for item in client.list()}
        assert shown.keys() <= listed.keys()
        for key, change in shown.items():
            now = client.get(*key)
            if now.seq == change.seq:
                assert (now.article, now.gated, now.state) == (change.article, change.gated, change.state)


def test_a_snapshot_of_nothing_is_an_end_and_then_what_comes(daemon):
    with daemon.client() as client:
        assert list(client.follow(snapshot=True, until_head=True)) == []
        with daemon.peer("feed") as peer:
            peer.hello()
            peer.say("OPEN", snapshot=True)
            peer.say("CREDIT", bytes=1000, messages=9)
            assert peer.hear("EVENT", "SNAPSHOT_END").header["seq"] == 0
            client.submit(story(), source="dpa")
            event = peer.hear("EVENT").header
            assert (event["first"], "snapshot" in event) == (1, False)


def test_a_snapshot_has_each_item_once_in_many_pages(daemon):
    with daemon.client() as client:
        list(client.submit_many([story(uri="p:%d" % i, text="Long text %d. " % i * 60) for i in range(700)], source="dpa"))
        rows = [c for c in client.follow(snapshot=True, bodies="full", until_head=True)]
        assert sorted(c.uri for c in rows) == sorted("p:%d" % i for i in range(700))
