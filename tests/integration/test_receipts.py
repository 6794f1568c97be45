"""What becomes of a submission: outcomes, and that sending again is always safe."""
import os

import pytest
from conftest import story
from wireroom import IdReused, Refused, TooLarge


def outcomes(receipt):
    return [item.outcome for item in receipt.items]


def test_a_first_version_is_new_and_its_repeat_unchanged(client):
    first = client.submit(story(), source="dpa")
    again = client.submit(story(), source="dpa")
    assert outcomes(first) == ["NEW"] and first.items[0].seq == 1
    assert outcomes(again) == ["UNCHANGED"] and again.items[0].seq is None
    assert again.items[0].revision == 1


def test_every_outcome_of_versions(client):
    def sent(version, text, **more):
        return client.submit(story(version=version, text=text, **more), source="dpa").items[0]

    assert sent("3", "Three people were hurt in the fire.").outcome == "NEW"
    assert sent("4", "Four people were hurt in the fire.").outcome == "UPDATED"
    assert sent("5", "Four people were hurt in the fire.").outcome == "TOUCHED"
    assert sent("4", "Nine people were hurt in the fire.").outcome == "CONFLICT"
    assert sent("2", "Two people were hurt in the fire.").outcome == "STALE"
    assert sent("6", "Five people were hurt.", signals=[{"value": "correction"}]).outcome in (
        "CORRECTED", "UPDATED")


def test_the_same_text_from_two_agencies_is_one_story(client):
    first = client.submit(story(), source="dpa").items[0]
    second = client.submit(story(uri="b:9"), source="afp").items[0]
    assert (first.outcome, second.outcome) == ("NEW", "DUPLICATE")
    assert second.of == "dpa:a:1" and second.story == first.story
    assert second.relation == "duplicate" and second.score == 1000


def test_what_cannot_be_read_is_quarantined_with_its_bytes(client):
    raw = b'{"uri": "a:1", broken'
    receipt = client.submit(raw, source="dpa", format="ninjs")
    item = receipt.items[0]
    assert item.outcome == "QUARANTINED" and item.error.error == "ILL_FORMED"
    assert "line 1" in item.error.words
    assert client.raw(record=receipt.record) == raw


def test_a_wr_from_outside_is_rejected(client):
    item = client.submit({**story(), "wr": {"kind": "article"}}, source="dpa").items[0]
    assert item.outcome == "REJECTED" and item.error.error == "WR_FROM_OUTSIDE"


def test_a_killed_item_stays_dead(client):
    client.submit(story(), source="dpa")
    killed = client.submit(story(version="2", pubStatus="canceled"), source="dpa").items[0]
    assert killed.state == "killed"
    later = client.submit(story(version="3", text="It lives again."), source="dpa").items[0]
    assert later.outcome == "DEAD"
    assert client.get("dpa", "a:1").gated == "killed"


@pytest.mark.parametrize("status, gate", [("withheld", "withheld"), ("canceled", "killed")])
def test_gated_text_leaves_by_no_door(client, status, gate):
    client.submit(story(), source="dpa")
    client.submit(story(version="2", pubStatus=status), source="dpa")
    assert client.get("dpa", "a:1").gated == gate
    assert client.get("dpa", "a:1", revision=1).gated == gate
    for change in client.follow(after=0, bodies="full", until_head=True):
        assert change.gated == gate and change.article is None and change.headline is None
    for item in client.list():
        assert item.headline is None
    with client.__class__(client._submit.address) as other:
        assert [c.gated for c in other.follow(snapshot=True, bodies="full", until_head=True)] == [gate]


def test_an_embargoed_text_waits(client):
    item = client.submit(story(embargoedUntil="2099-01-01T00:00:00Z"), source="dpa").items[0]
    assert item.state == "embargoed"
    assert client.get("dpa", "a:1").gated == "embargoed"


def test_the_same_id_gives_the_byte_equal_receipt_before_and_after_a_restart(daemon):
    id = os.urandom(16)
    with daemon.client() as client:
        first = client.submit(story(), source="dpa", id=id)
        client.submit(story(version="2", text="Another text altogether."), source="dpa")
        assert client.submit(story(), source="dpa", id=id).body == first.body
    daemon.restart()
    with daemon.client() as client:
        assert client.submit(story(), source="dpa", id=id).body == first.body
    daemon.kill()
    daemon.start()
    with daemon.client() as client:
        assert client.submit(story(), source="dpa", id=id).body == first.body


def test_an_id_used_for_other_bytes_or_hints_is_refused(daemon):
    id = os.urandom(16)
    for restart in (False, True):
        if restart:
            daemon.restart()
        with daemon.client() as client:
            client.submit(story(), source="dpa", id=id)
            with pytest.raises(IdReused):
                client.submit(story(text="Other bytes."), source="dpa", id=id)
            with pytest.raises(IdReused):
                client.submit(story(), source="dpa", id=id, language="de")
            client.submit(story(), source="afp", id=id)  # looked up as (source, id)


def test_a_client_words_the_size_limit_itself(client):
    with pytest.raises(TooLarge):
        client.submit(b"x" * (64 * 1024 + 1), source="dpa", format="text")


@pytest.mark.parametrize("hints, error", [
    (dict(source="Not A Source"), "BAD_FIELD"), (dict(source="dpa", format="xls"), "UNKNOWN_FORMAT"),
    (dict(), "SOURCE_MISSING")])
def test_refusals_name_the_cause(client, hints, error):
    with pytest.raises((Refused, Exception)) as caught:
        client.submit(b"Some text.", **hints)
    if isinstance(caught.value, Refused):
        assert caught.value.error in (error, "SOURCE_NOT_YOURS")


def test_a_whole_submission_is_one_record_and_one_run_of_seqs(client):
    lines = b"\n".join(b'{"uri": "n:%d", "headline": "Story %d", "body_text": "Text of story %d."}' % (i, i, i)
                       for i in range(5))
    receipt = client.submit(lines, source="dpa", format="ndjson")
    assert outcomes(receipt) == ["NEW"] * 5
    assert [item.seq for item in receipt.items] == list(range(receipt.items[0].seq, receipt.items[0].seq + 5))


def test_all_or_nothing_refuses_the_whole(client):
    lines = b'{"uri": "n:1", "headline": "Good", "body_text": "Good text."}\n{"headline": 7}'
    receipt = client.submit(lines, source="dpa", format="ndjson", all_or_nothing=True)
    assert set(outcomes(receipt)) <= {"REJECTED", "QUARANTINED"}
    assert list(client.list()) == []
    mixed = client.submit(lines, source="dpa", format="ndjson")
    assert "NEW" in outcomes(mixed)
