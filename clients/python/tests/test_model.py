"""Maps of the wire as values."""
import dataclasses
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st
from wireroom import Change, Receipt, Status, Submission
from wireroom.model import micros, moment

ROW = {"seq": 9, "epoch": 3, "class": "correction", "source": "dpa", "uri": "a:1", "time": 1_700_000_000_000_001}


@given(st.integers(-(10**15), 10**17))
def test_times_lose_no_microsecond(us):
    assert micros(moment(us)) == us and moment(us).tzinfo is timezone.utc


def test_a_time_of_another_zone_is_the_same_moment():
    assert micros(datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))) == micros(datetime(2026, 1, 1, tzinfo=timezone.utc))


def test_absent_keys_of_a_change_have_their_meaning():
    change = Change.of_wire(ROW)
    assert (change.kind, change.revision, change.content, change.previous) == ("correction", 9, 9, None)
    assert (change.article, change.gated, change.cursor, change.subjects) == (None, None, None, ())


def test_a_change_shows_every_key_of_its_row():
    more = {"version": "2", "revision": 9, "previous": 4, "current": 9, "content": 4, "item": 2, "story": 1,
            "of": "afp:b", "of_seq": 3, "language": "de", "urgency": 2, "subjects": [{"name": "x"}],
            "pubStatus": "withheld", "embargoedUntil": 10**15, "expires": 10**15, "state": "withheld",
            "record": 5, "headline": "h", "gated": "withheld", "article": {"uri": "a:1"}}
    change = Change.of_wire({**ROW, **more}, True, b"c" * 24)
    renamed = {"class": "kind", "pubStatus": "pub_status", "embargoedUntil": "embargoed_until"}
    for key in {**ROW, **more}:
        assert getattr(change, renamed.get(key, key)) is not None, key
    assert change.snapshot and change.cursor == b"c" * 24 and change.content == 4


def test_a_receipt_carries_items_in_order_and_its_bytes():
    receipt = Receipt.of_wire({"submission": b"i" * 16, "source": "dpa", "record": 4, "time": 10**15, "items": [
        {"outcome": "NEW", "state": "open", "uri": "a", "revision": 8, "seq": 8, "warnings": ["w"]},
        {"outcome": "QUARANTINED", "error": {"code": 402, "error": "ILL_FORMED", "at": 7, "words": "x"}}]}, b"raw")
    assert [i.outcome for i in receipt.items] == ["NEW", "QUARANTINED"]
    assert receipt.seq == 8 and receipt.body == b"raw" and receipt.items[0].warnings == ("w",)
    assert receipt.items[1].error.at == 7 and receipt.items[1].source == "dpa"


@pytest.mark.parametrize("kind", [Change, Receipt, Status, Submission])
def test_values_do_not_change(kind):
    assert kind.__dataclass_params__.frozen


def test_a_submission_keeps_its_own_hints_before_defaults():
    s = Submission("text", source="dpa").with_defaults(source="afp", format="text", page=None)
    assert (s.source, s.format) == ("dpa", "text") and "id" not in s.hints()
    assert set(s.hints()) | {"what", "id"} == {f.name for f in dataclasses.fields(Submission)}
