"""A kill always wins: what is withheld, canceled or embargoed leaves by no door."""
import pytest
from house import story
from wireroom import Gated

SECRET = "The secret text that must not leave."
STATES = [("withheld", {"pubStatus": "withheld"}), ("killed", {"pubStatus": "canceled"}),
          ("embargoed", {"embargoedUntil": "2099-01-01T00:00:00Z"})]
ROLES = "principals:\n  reader:\n    uid: 0\n    sources: any\n    roles: [submit, read, follow]\n"


@pytest.fixture(params=STATES, ids=[gate for gate, _ in STATES])
def gated(request, make_daemon):
    """A daemon whose reader has no role to see it, with the item out in two versions and gated by
    a third, and with two more of its kind beside it."""
    gate, sets = request.param
    daemon = make_daemon(config=ROLES)
    with daemon.client() as client:
        client.submit(story(text=SECRET + " One.", headline="Secret one"), source="dpa")
        client.submit(story(version="2", text=SECRET + " Two.", headline="Secret two"), source="dpa")
        last = client.submit(story(version="3", text=SECRET + " Three.", headline="Secret three", **sets), source="dpa")
        client.submit(story(uri="open", text="Open text.", headline="Open"), source="dpa")
        assert last.items[0].state == gate
        yield gate, daemon, client


def doors(client):
    """Everything that a reader can be shown, by every way there is."""
    for bodies in ("rows", "headers", "full"):
        for place in (dict(after=0), dict(snapshot=True)):
            yield from client.follow(until_head=True, bodies=bodies, **place)
    yield from client.list()
    yield from client.history("dpa", "a:1")
    for which in (dict(), dict(revision=1), dict(revision=2), dict(version="1"), dict(version="3")):
        yield client.get("dpa", "a:1", **which)


@pytest.mark.parametrize("again", ["", "restart", "crash"])
def test_no_text_of_it_leaves_by_any_door(gated, again):
    gate, daemon, client = gated
    if again:
        getattr(daemon, again)()
    shown = list(doors(client))
    of_it = [c for c in shown if c.uri == "a:1"]
    assert len(of_it) > 10 and {c.gated for c in of_it} == {gate}
    assert {c.state for c in of_it} == {gate}
    assert "ecret" not in repr(shown)
    assert any(c.headline == "Open" for c in shown)


def test_a_receipt_names_no_other_source_s_item_that_may_not_be_shown(daemon):
    hidden = story(text="Nobody may know this yet.", embargoedUntil="2099-01-01T00:00:00Z")
    with daemon.client() as client:
        client.submit(hidden, source="dpa")
        same = story(uri="b:1", text="Nobody may know this yet.")
        assert client.submit(same, source="afp").items[0].of is None
        own = client.submit({**same, "uri": "b:2"}, source="dpa").items[0]
        assert own.of == "dpa:a:1"


def test_its_raw_bytes_are_for_the_desk_alone(gated):
    _, daemon, client = gated
    for which in (dict(source="dpa", uri="a:1"), dict(revision=1), dict(record=1), dict(record=3)):
        with pytest.raises(Gated):
            client.raw(**which)
    assert client.raw("dpa", "open")


def test_a_killed_item_stays_dead_over_versions_and_restarts(daemon):
    with daemon.client() as client:
        client.submit(story(), source="dpa")
        assert client.submit(story(version="2", pubStatus="canceled"), source="dpa").items[0].state == "killed"
    for again in (lambda: None, daemon.restart, daemon.crash):
        again()
        with daemon.client() as client:
            for version in ("1", "3", "99"):
                item = client.submit(story(version=version, text="It lives again, %s." % version), source="dpa").items[0]
                assert (item.outcome, item.state, item.seq) == ("DEAD", "killed", None)
            assert client.get("dpa", "a:1").gated == "killed"


def test_a_kill_before_the_article_wins_too(client):
    killed = client.submit(story(version="5", pubStatus="canceled"), source="dpa").items[0]
    assert killed.state == "killed"
    assert client.submit(story(version="4", text="Late and older."), source="dpa").items[0].outcome == "DEAD"
    assert client.submit(story(version="6", text="Late and newer."), source="dpa").items[0].outcome == "DEAD"


def test_a_kill_touches_only_its_own_item(client):
    client.submit(story(), source="dpa")
    twin = client.submit(story(uri="b:1"), source="afp").items[0]
    client.submit(story(version="2", pubStatus="canceled"), source="dpa")
    assert twin.outcome == "DUPLICATE" and client.get("afp", "b:1").article
    assert client.get("dpa", "a:1").gated == "killed"


def test_what_was_withheld_is_open_again_when_its_source_says_so(client):
    client.submit(story(text=SECRET), source="dpa")
    client.submit(story(version="2", text=SECRET, pubStatus="withheld"), source="dpa")
    assert client.get("dpa", "a:1").gated == "withheld"
    client.submit(story(version="3", text="Released text.", pubStatus="usable"), source="dpa")
    assert client.get("dpa", "a:1").article["bodies"][0]["value"] == "Released text."
    assert [c.kind for c in client.follow(after=0, until_head=True)] == ["new", "withhold", "release"]


def test_an_embargo_that_is_over_is_no_gate(client):
    item = client.submit(story(embargoedUntil="2001-01-01T00:00:00Z"), source="dpa").items[0]
    assert item.state == "open" and client.get("dpa", "a:1").article


def test_a_row_read_before_a_kill_shows_nothing_after_it(daemon):
    """What goes with a row is decided when it is handed out: an open feed that had no credit."""
    with daemon.client() as client, daemon.peer("feed") as peer:
        client.submit(story(text=SECRET), source="dpa")
        peer.hello()
        peer.say("OPEN", after=0, bodies="full")
        assert peer.hear("OPENED")
        client.submit(story(version="2", pubStatus="canceled"), source="dpa")
        peer.say("CREDIT", bytes=1 << 20, messages=9)
        event = peer.hear("EVENT")
        assert event.header["last"] == 2 and b"secret" not in event.body and b"killed" in event.body


def test_kills_in_batch_after_batch_are_all_receipted(daemon):
    """Each batch waits for its checkpoint, and the next is judged while it is synced."""
    texts = [story(uri="k:%d" % i, version=version, text="Number %d." % i, pubStatus=status)
             for i in range(400) for version, status in (("1", "usable"), ("2", "canceled"))]
    with daemon.client() as client:
        receipts = list(client.submit_many(texts, window=200, source="dpa"))
        assert [r.items[0].state for r in receipts] == ["open", "killed"] * 400
        assert client.status().seq == 800
        assert [c.seq for c in client.follow(after=0, until_head=True)] == list(range(1, 801))
