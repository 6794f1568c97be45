"""Submissions under credit: never over it, never stuck, nothing lost on the way."""
import random

import pytest
from daemon_model import Window, receipt
from hypothesis import given, settings, strategies as st
from welcome import WELCOME, refused
from wireroom import IdReused, ProtocolError, Receipt, TooLarge, codec
from wireroom.core import Submitting
from wireroom.codec import Heard


def machine(**welcome):
    made = Submitting()
    made.welcome({**WELCOME, **welcome})
    return made


def sent(submitting, now=0.0):
    return [codec.decode(frames) for frames in submitting.to_send(now)]


def test_what_fits_leaves_at_once_and_more_is_asked_for_once():
    s = machine(credit_bytes=100, credit_messages=10)
    for _ in range(4):
        s.add(b"x" * 40, None, {"source": "dpa"})
    assert [h.name for h in sent(s)] == ["SUBMIT", "SUBMIT", "WANT"]
    assert sent(s) == []
    s.hear(Heard("CREDIT", {"bytes": 40, "messages": 0}, None), 0.0)
    assert [h.header["n"] for h in sent(s)] == [3]


def test_an_empty_window_admits_one_that_is_larger_than_the_grant():
    s = machine(credit_bytes=10, credit_messages=0)
    big = s.add(b"x" * 500, None, {})
    s.add(b"y", None, {})
    assert [h.name for h in sent(s)] == ["SUBMIT", "WANT"]
    s.hear(receipt(big.id, n=big.n), 0.0)
    assert [h.body for h in sent(s)] == [b"y"]
    assert s._inside_bytes == 1  # what the big one overdrew is not counted as credit now


def test_too_large_is_said_before_it_is_sent():
    s = machine(submission_bytes=10)
    with pytest.raises(TooLarge):
        s.add(b"x" * 11, None, {})
    assert sent(s) == [] and not s.waiting


def test_what_became_too_large_is_refused_here_and_the_next_one_leaves():
    """The daemon's limit came down with a restart: nobody can send that any more."""
    s = machine(submission_bytes=100)
    big, small = s.add(b"x" * 50, None, {}), s.add(b"y", None, {})
    sent(s)
    s.welcome({**WELCOME, "submission_bytes": 10})
    assert [h.body for h in sent(s)] == [b"y"]
    assert isinstance(big.answer, TooLarge) and small.answer is None
    s.hear(receipt(small.id, n=small.n), 0.0)
    assert not s.waiting and s._inside_bytes == 0


def test_a_bad_hint_raises_before_it_is_queued():
    s = machine()
    with pytest.raises(ValueError, match="issue_date"):
        s.add(b"x", None, {"issue_date": "yesterday"})
    with pytest.raises(ValueError, match="id"):
        s.add(b"x", b"short", {})
    assert not s.waiting


def test_a_transient_refusal_is_sent_again_under_its_id_not_before_its_time():
    s = machine()
    p = s.add(b"x", None, {})
    first = sent(s)[0]
    s.hear(Heard("REFUSED", refused("STORE_FULL", 305, n=p.n, retry_after_ms=5000), None), 1.0)
    assert p.answer is None and p.refused.error == "STORE_FULL" and s.later == 6.0
    assert sent(s, 5.9) == []
    assert sent(s, 6.0) == [first]


def test_a_permanent_refusal_is_the_answer():
    s = machine()
    called = []
    p = s.add(b"x", None, {})
    p.on_answer = lambda: called.append(p.answer)
    sent(s)
    s.hear(Heard("REFUSED", refused("ID_REUSED", 306, False, n=p.n), None), 0.0)
    assert isinstance(p.answer, IdReused) and called == [p.answer] and not s.waiting


def test_a_receipt_of_another_submission_is_a_broken_promise():
    s = machine()
    p = s.add(b"x", None, {})
    sent(s)
    with pytest.raises(ProtocolError):
        s.hear(receipt(b"z" * 16, n=p.n), 0.0)


def test_a_new_connection_sends_again_what_has_no_answer_in_the_same_order_and_words():
    s = machine(credit_messages=10)
    queued = [s.add(b"%d" % i, None, {"source": "dpa"}) for i in range(4)]
    first = sent(s)
    s.hear(receipt(queued[1].id, n=2), 0.0)
    s.hear(Heard("REFUSED", refused(n=3), None), 0.0)
    s.welcome(WELCOME)
    assert sent(s) == [first[0], first[2], first[3]]


def test_what_nobody_waits_for_is_not_sent_again_but_counts_until_it_is_answered():
    s = machine(credit_bytes=10)
    p = s.add(b"x" * 8, None, {})
    sent(s)
    s.forget(p)
    s.add(b"y" * 8, None, {})
    assert [h.name for h in sent(s)] == ["WANT"]
    s.welcome({**WELCOME, "credit_bytes": 10})
    assert [h.body for h in sent(s)] == [b"y" * 8]


@given(sizes=st.lists(st.integers(0, 300), min_size=1, max_size=30), grant=st.integers(1, 400),
       messages=st.integers(1, 8), seed=st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_never_over_credit_never_stuck_each_receipted_once(sizes, grant, messages, seed):
    """A daemon that answers in any order, refuses now and then, grants more or not, and
    dies: every submission gets its receipt, and what is inside is always within credit."""
    rng = random.Random(seed)
    s, now, filed, answers = Submitting(), 0.0, {}, []
    window = Window(grant, messages)
    s.welcome({**WELCOME, "credit_bytes": grant, "credit_messages": messages})
    queued = [s.add(b"x" * size, None, {"source": "dpa"}) for size in sizes]
    ids = {p.n: p.id for p in queued}
    for p in queued:
        p.on_answer = lambda p=p: answers.append(p.n)
    for _ in range(4000):
        if not s.waiting:
            break
        for frames in s.to_send(now):
            if window.take(frames).name == "WANT" and rng.random() < 0.5:
                window.granted[0] += 50
                s.hear(Heard("CREDIT", {"bytes": 50, "messages": 0}, None), now)
        assert window.inside or s.later is not None, "nothing inside, nothing to come: stuck"
        if rng.random() < 0.05:
            window = Window(grant, messages)
            s.welcome({**WELCOME, "credit_bytes": grant, "credit_messages": messages})
        elif window.inside:
            n = rng.choice(list(window.inside))
            del window.inside[n]
            if rng.random() < 0.2:
                s.hear(Heard("REFUSED", refused(n=n), None), now)
            else:
                filed.setdefault(ids[n], len(filed) + 1)
                s.hear(receipt(ids[n], filed[ids[n]], n), now)
        now += 0.1
    assert sorted(answers) == sorted(ids) and all(isinstance(p.answer, Receipt) for p in queued)
    assert s.seen == len(sizes)
