"""What becomes of a submission: an outcome and a state for each item."""
import json
import os
import random

import pytest
from house import story
from wireroom import Refused, SourceMissing, Submission, TooLarge, UnknownFormat, codec


def outcomes(receipt):
    return [item.outcome for item in receipt.items]


def test_a_first_version_is_new_and_its_repeat_unchanged(client):
    first = client.submit(story(), source="dpa")
    again = client.submit(story(), source="dpa")
    assert outcomes(first) == ["NEW"] and first.items[0].seq == 1
    assert outcomes(again) == ["UNCHANGED"] and again.items[0].seq is None
    assert again.items[0].revision == 1 and again.record > first.record


CORRECTION = {"signals": [{"value": "correction"}]}
VERSIONS = [  # version, text, more, what becomes of it, its class on the feed
    ("3", "Three people were hurt in the fire.", {}, "NEW", "new"),
    ("4", "Four people were hurt in the fire.", {}, "UPDATED", "update"),
    ("5", "Four people were hurt in the fire.", {}, "TOUCHED", "touch"),
    ("6", "Five people were hurt in the fire.", CORRECTION, "CORRECTED", "correction"),
    ("6", "Five people were hurt in the fire.", CORRECTION, "UNCHANGED", None),
    ("4", "Nine people were hurt in the fire.", {}, "CONFLICT", "conflict"),
    ("2", "Two people were hurt in the fire.", {}, "STALE", "stale"),
    ("7", "Five people were hurt in the fire.", {"pubStatus": "canceled"}, "UPDATED", "kill"),
    ("8", "Six people were hurt in the fire.", {}, "DEAD", None),
]


def test_every_outcome_of_a_version_and_its_row(client):
    kinds = []
    for version, text, more, outcome, kind in VERSIONS:
        item = client.submit(story(version=version, text=text, **more), source="dpa").items[0]
        assert item.outcome == outcome, (version, item)
        assert (item.seq is not None) == (kind is not None)
        kinds += [kind] if kind else []
    assert [c.kind for c in client.follow(after=0, until_head=True)] == kinds


def test_an_older_version_is_kept_but_never_current(client):
    client.submit(story(version="3", text="The third word on it."), source="dpa")
    stale = client.submit(story(version="2", text="The second word on it."), source="dpa").items[0]
    assert stale.outcome == "STALE"
    assert client.get("dpa", "a:1").version == "3"
    assert client.get("dpa", "a:1", revision=stale.revision).article["bodies"][0]["value"] == "The second word on it."
    assert client.get("dpa", "a:1", version="2").seq == stale.seq


def test_the_same_text_from_two_agencies_is_one_story(client):
    first = client.submit(story(), source="dpa").items[0]
    second = client.submit(story(uri="b:9"), source="afp").items[0]
    assert (first.outcome, second.outcome) == ("NEW", "DUPLICATE")
    assert second.of == "dpa:a:1" and second.story == first.story
    assert second.relation == "duplicate" and second.score == 1000
    row = list(client.follow(after=1, until_head=True))[0]
    assert (row.kind, row.of_seq, row.story) == ("duplicate", first.seq, first.story)


UNREADABLE = {
    "ill-formed": (b'{"uri": "a:1", broken', "ninjs", "ILL_FORMED"),
    "not an object": (b"[1, 2]", "ninjs", None),
    "an object without anything": (b"{}", "ninjs", "INVALID"),
    "no msgpack": (b"\xc1", "article", None),
    "an unknown field": (b'\x81\xa4nope\x01', "article", "INVALID"),
    "a field of a wrong type": (b'{"uri": "a:1", "headlines": 7}', "ninjs", "INVALID"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_kept_with_its_bytes_and_a_reason(client, name):
    raw, format, error = UNREADABLE[name]
    receipt = client.submit(raw, source="dpa", format=format)
    item = receipt.items[0]
    assert item.outcome in ("QUARANTINED", "REJECTED") and item.error.words
    assert error is None or item.error.error == error
    assert client.raw(record=receipt.record) == raw
    assert client.status().seq == 0 and list(client.list()) == []


EMPTY = {
    "ninjs, a name alone": (b'{"uri": "a:1"}', "ninjs"),
    "ninjs, blanks": (b'{"uri": "a:1", "headlines": [{"value": " \\u00a0"}], "bodies": [{"value": "\\u200b\\n"}]}', "ninjs"),
    "ninjs, empty lists": (b'{"uri": "a:1", "headlines": [], "bodies": [], "renditions": []}', "ninjs"),
    "ninjs, markup alone": (b'{"uri": "a:1", "bodies": [{"value": "<p> </p>", "contentType": "text/html"}]}', "ninjs"),
    "ninjs of old": (b'{"uri": "a:1", "version": "2", "type": "text", "body_text": ""}', "ninjs"),
    "an item a line": (b'{"uri": "a:1"}\n', "ndjson"),
    "article, nothing": ({}, "article"),
    "article, blanks": ({"uri": "a:1", "headlines": [{"value": "  "}]}, "article"),
    "text, no byte": (b"", "text"),
    "text, blank lines": (b" \n\t\r\n", "text"),
    "text, what no one sees": (b"\xe2\x80\x8b\n\0\0", "text"),
    "a page, no byte": (b"", "newsprint"),
    "a page, blank lines": (b" \n\n \n", "newsprint"),
    "a page, what no one sees": (b"\xe2\x80\x8b\n" * 30, "newsprint"),
}


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_article_is_quarantined_in_every_format(client, name):
    what, format = EMPTY[name]
    receipt = client.submit(what, source="dpa", format=format)
    assert [(i.outcome, i.error.error) for i in receipt.items] == [("QUARANTINED", "EMPTY_ARTICLE")]
    assert receipt.items[0].error.words
    assert client.raw(record=receipt.record) == (codec.pack(what) if isinstance(what, dict) else what)
    assert client.status().items == 0


def test_a_picture_is_not_empty_and_neither_is_an_order_to_withhold_or_cancel(client):
    picture = b'{"uri": "a:1", "type": "picture", "renditions": [{"name": "web", "href": "https://pics.example/1.jpg"}]}'
    assert outcomes(client.submit(picture, source="dpa", format="ninjs")) == ["NEW"]
    orders = [(f, s) for f in ("ninjs", "article") for s in ("withheld", "canceled")]
    for format, status in orders:
        gone = {"uri": "%s:%s" % (format, status), "version": "9", "pubStatus": status}
        what = json.dumps(gone).encode() if format == "ninjs" else gone
        assert outcomes(client.submit(what, source="dpa", format=format))[0] in ("NEW", "UPDATED")


def test_the_place_of_an_ill_formed_document_is_said(client):
    item = client.submit(b'{"uri": "a:1",\n broken', source="dpa", format="ninjs").items[0]
    assert item.outcome == "QUARANTINED" and "line 2" in item.error.words and item.error.at is not None


def test_a_wr_from_outside_is_rejected(client):
    item = client.submit({**story(), "wr": {"kind": "article"}}, source="dpa").items[0]
    assert (item.outcome, item.error.error, item.error.field) == ("REJECTED", "WR_FROM_OUTSIDE", "wr")


def test_a_client_words_the_size_limit_itself_and_the_limit_itself_is_taken(client):
    limit = client.welcome["submission_bytes"]
    with pytest.raises(TooLarge):
        client.submit(b"x" * (limit + 1), source="dpa", format="text")
    assert outcomes(client.submit(b"word " * (limit // 5), source="dpa", format="text"))


def test_what_is_larger_than_a_segment_once_it_is_read_costs_nobody_else(make_daemon):
    daemon = make_daemon(store__segment="208K", limits__submission="64K", limits__batch="4K")
    swollen = json.dumps([{"uri": "swollen:%d" % i, "headline": "A headline, number %d, and no text" % i} for i in range(500)]).encode()
    with daemon.peer() as peer:
        peer.hello()
        for n in range(41):
            body, form = (swollen, "ninjs") if n == 20 else (codec.pack(story(uri="a:%d" % n)), "article")
            peer.say("SUBMIT", body, n=n, id=os.urandom(16), source="dpa", format=form)
        answers = [peer.hear("RECEIPT", "REFUSED") for _ in range(41)]
    refused = [a.header for a in answers if a.name == "REFUSED"]
    assert [(r["n"], r["error"]) for r in refused] == [(20, "TOO_LARGE")] and "segment" in refused[0]["words"]
    daemon.restart()
    with daemon.client() as client:
        assert client.status().records == 40


def test_what_fits_a_segment_alone_is_not_refused_for_the_company_it_came_in(make_daemon):
    """Receipts that name an item with a long id grow past what its batch has room for."""
    daemon = make_daemon(store__segment="256K", limits__submission="64K", limits__batch="64K")
    rng = random.Random(3)

    def items(*uris):
        return json.dumps([{"uri": u, "headline": "h", "body_text": "The same words."} for u in uris]).encode()

    def others(turn):
        return [story(uri="o:%d.%d" % (turn, i), text=rng.randbytes(7000).hex()) for i in range(3 + turn % 4)]

    with daemon.client() as client:
        client.submit(items("u" * 1020), source="dpa", format="ninjs")
        for turn in range(12):
            grows = Submission(items(*("g:%d.%d" % (turn, i) for i in range(150))), format="ninjs")
            for answer in client.submit_many([*others(turn), grows], source="dpa"):
                assert not isinstance(answer, Refused), answer


@pytest.mark.parametrize("hints, error", [
    (dict(source="dpa", format="xls"), UnknownFormat), (dict(), SourceMissing)])
def test_refusals_name_the_cause_and_nothing_is_remembered(client, hints, error):
    with pytest.raises(error) as caught:
        client.submit(b"Some text.", **hints)
    assert isinstance(caught.value, Refused) and caught.value.words and not caught.value.transient
    assert client.status().records == 0


def lines(count):
    return b"\n".join(b'{"uri": "n:%d", "headline": "Story %d", "body_text": "Text of story %d."}' % (i, i, i)
                      for i in range(count))


def test_a_whole_submission_is_one_record_and_one_run_of_seqs(client):
    receipt = client.submit(lines(5), source="dpa", format="ndjson")
    assert outcomes(receipt) == ["NEW"] * 5
    assert [item.seq for item in receipt.items] == [1, 2, 3, 4, 5]
    assert {c.record for c in client.follow(after=0, until_head=True)} == {receipt.record}
    assert client.raw(revision=3) == lines(5)


def test_items_of_one_submission_stand_for_themselves(client):
    receipt = client.submit(lines(1) + b'\n{"headline": 7}\n' + lines(3), source="dpa", format="ndjson")
    got = outcomes(receipt)
    assert got[0] == "NEW" and got[1] in ("REJECTED", "QUARANTINED") and got[2:] == ["UNCHANGED", "NEW", "NEW"]


def test_all_or_nothing_refuses_the_whole(client):
    mixed = lines(1) + b'\n{"headline": 7}'
    receipt = client.submit(mixed, source="dpa", format="ndjson", all_or_nothing=True)
    assert set(outcomes(receipt)) <= {"REJECTED", "QUARANTINED"}
    assert "ALL_OR_NOTHING" in [item.error.error for item in receipt.items]
    assert list(client.list()) == []
    assert "NEW" in outcomes(client.submit(mixed, source="dpa", format="ndjson"))
