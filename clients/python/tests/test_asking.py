"""Questions find their answers by number."""
from welcome import WELCOME, refused
from wireroom import NotFound, codec
from wireroom.codec import Heard
from wireroom.core import Asking


def said(asking, now=0.0):
    return [codec.decode(frames) for frames in asking.to_send(now)]


def test_answers_in_any_order():
    asking = Asking()
    first, second = asking.add("PING", {}), asking.add("RAW", {"record": 3})
    assert [(h.name, h.header["n"]) for h in said(asking)] == [("PING", 1), ("RAW", 2)]
    asking.hear(Heard("REFUSED", refused("NOT_FOUND", 506, False, n=2), None), 0.0)
    asking.hear(Heard("PONG", {"n": 1}, None), 0.0)
    assert first.answer.name == "PONG" and isinstance(second.answer, NotFound) and not asking.waiting


def test_not_yet_is_asked_again_in_its_time():
    asking = Asking()
    question = asking.add("GET", {"revision": 4, "after_seq": 4})
    said(asking)
    asking.hear(Heard("REFUSED", refused("NOT_YET", 509, n=1, retry_after_ms=100, seq=3), None), 2.0)
    assert question.answer is None and asking.later == 2.1
    assert said(asking, 2.0) == [] and said(asking, 2.1)[0].header["n"] == 1


def test_a_new_connection_asks_again_and_late_answers_are_passed_over():
    asking = Asking()
    kept, dropped = asking.add("PING", {}), asking.add("PING", {})
    said(asking)
    asking.forget(dropped)
    asking.welcome(WELCOME)
    assert [h.header["n"] for h in said(asking)] == [kept.n]
    asking.hear(Heard("PONG", {"n": dropped.n}, None), 0.0)
    asking.hear(Heard("PAGE", {"n": kept.n, "seq": 0}, b"\x90"), 0.0)
    assert dropped.answer is None and kept.answer is None
