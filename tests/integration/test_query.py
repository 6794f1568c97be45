"""Questions: one article, pages of many, and that a producer finds what it was receipted."""
import hashlib

import pytest
import wireroom.client
from house import story
from wireroom import NotFound, NotYet, codec


def fill(client, count, source="dpa"):
    return list(client.submit_many(
        [story(uri="%s:%d" % (source, i), text="Text %d of %s." % (i, source)) for i in range(count)], source=source))


def ask(peer, name, n=1, **fields):
    peer.say(name, n=n, **fields)
    return peer.hear("ARTICLE", "PAGE", "RAW_DATA", "STATE", "REFUSED")


@pytest.fixture
def query(daemon):
    with daemon.peer("query") as peer:
        peer.hello()
        yield peer


def test_a_producer_finds_what_it_was_receipted_at_once(make_daemon):
    """LMDB commits rarely here: after_seq is what asks for it."""
    daemon = make_daemon(store__checkpoint="64M", store__checkpoint_idle="30s", store__checkpoint_records="100000")
    with daemon.client() as client:
        for i in range(10):
            receipt = client.submit(story(uri="q:%d" % i, text="Text %d." % i), source="dpa")
            assert client.get("dpa", "q:%d" % i).seq == receipt.seq
            assert client.raw("dpa", "q:%d" % i)
            assert [c.seq for c in client.history("dpa", "q:%d" % i)] == [receipt.seq]
            assert next(client.list()).seq == receipt.seq


def test_a_seq_that_nobody_was_receipted_is_not_waited_for(client, query):
    fill(client, 1)
    refused = ask(query, "GET", revision=1, after_seq=9).header
    assert (refused["error"], refused["seq"], refused["transient"]) == ("NOT_YET", 1, True)


def test_the_client_asks_again_while_it_is_not_yet(client, monkeypatch):
    client._seen = 7  # as if seen on another node
    monkeypatch.setattr(wireroom.client, "ANSWER_S", 0.3)
    with pytest.raises(NotYet):
        client.get("dpa", "a:1")


def test_one_article_by_item_version_and_revision(client):
    client.submit(story(version="1", text="First text."), source="dpa")
    client.submit(story(version="2", text="Second text."), source="dpa")
    text = lambda change: change.article["bodies"][0]["value"]
    assert text(client.get("dpa", "a:1")) == text(client.get("dpa", "a:1", version="2")) == "Second text."
    assert text(client.get("dpa", "a:1", version="1")) == text(client.get(revision=1)) == "First text."
    assert client.get("dpa", "a:1").previous == 1 and client.get(revision=1).current == 1


MISSING = [dict(source="dpa", uri="nothing"), dict(source="nobody", uri="a:1"), dict(revision=99),
           dict(source="dpa", uri="a:1", version="9"), dict(source="dpa", uri="a:1", revision=2)]


@pytest.mark.parametrize("which", MISSING, ids=str)
def test_what_is_not_there_is_not_found(client, which):
    client.submit(story(), source="dpa")
    client.submit(story(uri="b:1", text="Other."), source="dpa")
    with pytest.raises(NotFound):
        client.get(**which)


@pytest.mark.parametrize("fields", [dict(), dict(source="dpa"), dict(uri="a:1"), dict(version="1")], ids=str)
def test_a_question_for_nothing_in_particular_is_refused(query, fields):
    assert ask(query, "GET", **fields).header["error"] in ("MISSING_FIELD", "BAD_FIELD")


@pytest.mark.parametrize("limit", [1, 7, 100, 1000])
def test_pages_join_without_a_hole_or_a_double_whatever_their_size(client, limit):
    fill(client, 40), fill(client, 30, "afp")
    assert [c.seq for c in client.list(limit=limit)] == list(range(70, 0, -1))
    assert [c.uri for c in client.list(source="afp", limit=limit)] == ["afp:%d" % i for i in range(29, -1, -1)]
    assert list(client.list(source="nobody")) == []


def test_a_page_holds_as_many_as_were_asked_for_and_says_whether_there_is_more(client, query):
    fill(client, 5)
    first = ask(query, "LIST", limit=3, after_seq=5)
    assert len(codec.unpack(first.body)) == 3 and first.header["seq"] >= 5
    second = ask(query, "LIST", n=2, limit=3, token=first.header["token"])
    assert len(codec.unpack(second.body)) == 2 and "token" not in second.header and second.header["n"] == 2


def test_a_list_by_time_has_its_bounds(client):
    for i in range(6):
        client.submit(story(uri="t:%d" % i, text="Text %d." % i), source="dpa")
    rows = list(client.follow(after=0, until_head=True))
    begin, end = rows[2].time, rows[4].time
    want = [c.uri for c in rows if begin <= c.time < end][::-1]
    assert [c.uri for c in client.list(since=begin, until=end)] == want


def test_an_item_that_changed_comes_first_and_once(client):
    fill(client, 5)
    client.submit(story(uri="dpa:1", version="2", text="Changed."), source="dpa")
    assert [c.uri for c in client.list(limit=2)] == ["dpa:1", "dpa:4", "dpa:3", "dpa:2", "dpa:0"]


def test_history_is_every_change_newest_first(client):
    for version in range(1, 8):
        client.submit(story(version=str(version), text="Text %d." % version), source="dpa")
        client.submit(story(uri="b:%d" % version, text="Other %d." % version), source="dpa")
    assert [c.version for c in client.history("dpa", "a:1", limit=3)] == list("7654321")
    with pytest.raises(NotFound):
        list(client.history("dpa", "nothing"))


def test_a_token_of_another_question_or_of_nobody_is_refused(client, query):
    fill(client, 9)
    token = ask(query, "LIST", limit=2, after_seq=9).header["token"]
    for fields in (dict(token=token, limit=2, source="dpa"), dict(token=b"x" * len(token), limit=2),
                   dict(token=token[:-1] + bytes((token[-1] ^ 1,)), limit=2)):
        assert ask(query, "LIST", **fields).header["error"] == "BAD_TOKEN"


def test_raw_is_byte_for_byte_with_its_digest(client, query):
    raw = b'{ "uri":"a:1",\n\t"headline": "A bridge",  "body_text":"Agreed."}\r\n'
    receipt = client.submit(raw, source="dpa", format="ninjs")
    for which in (dict(source="dpa", uri="a:1"), dict(revision=1), dict(record=receipt.record)):
        data = ask(query, "RAW", after_seq=1, **which)
        assert data.body == raw and data.header["record"] == receipt.record and data.header["format"] == "ninjs"
    assert data.header["digest"] == hashlib.blake2b(raw, digest_size=32).digest()


def test_status_counts_all_at_one_moment(make_daemon):
    """What is durable, though no checkpoint holds it yet; and the same after a kill."""
    daemon = make_daemon(store__checkpoint="64M", store__checkpoint_idle="60s", store__checkpoint_records="100000")
    with daemon.client() as client:
        for n, source in enumerate(["dpa", "afp", "dpa"], 1):
            client.submit(story(uri="s:%d" % n, text="Text number %d." % n), source=source)
            status = client.status()
            assert (status.records, status.items, status.row["sources"]) == (n, n, min(n, 2))
        assert status.row["checkpoint_seq"] == 0
    with daemon.crash().client() as client:
        status = client.status()
        assert (status.records, status.items, status.row["sources"]) == (3, 3, 2)


def test_status_counts_what_is_there(client, daemon):
    fill(client, 4)
    client.submit(b"{", source="dpa", format="ninjs")
    status = client.status()
    assert (status.seq, status.items, status.records, status.oldest) == (4, 4, 5, 1)
    assert status.row["sources"] == 1 and not status.full and status.disk_free > 0
    with daemon.peer("admin") as admin:
        admin.hello()
        assert ask(admin, "STATUS").header["seq"] == 4
