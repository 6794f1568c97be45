"""A connection without a socket: greeted, kept, lost."""
import pytest
from welcome import WELCOME, refused
from wireroom import codec
from wireroom.core import Session


def greeted(now=100.0):
    session = Session({"client": "t"}, now)
    assert session.begin()[0][3] == 1
    session.said(now)
    assert session.hear(codec.encode("WELCOME", WELCOME), now).name == "WELCOME"
    return session


def test_a_greeting_that_is_not_answered_in_time_is_lost():
    session = Session({}, 100.0, patience=2.0)
    assert not session.is_lost(101.9) and session.is_lost(102.1)
    assert session.due(101.9, True) is None  # no heartbeat before WELCOME: it would be refused


def test_a_heartbeat_is_due_when_silent_for_a_beat_and_sooner_while_waiting():
    session = greeted()
    assert session.due(100.9, False) is None and session.due(101.0, False)
    assert session.due(100.05, True) is None and session.due(100.1, True)
    session.said(101.0)
    assert session.due(101.9, False) is None


def test_a_daemon_silent_for_five_beats_is_given_up():
    session = greeted()
    assert not session.is_lost(105.0) and session.is_lost(105.1)
    session.hear(codec.encode("HEARTBEAT", {}), 105.0)
    assert not session.is_lost(110.0)


@pytest.mark.parametrize("frames", [
    codec.encode("BYE", {}), codec.encode("REFUSED", refused("NO_HELLO", 112))], ids=["BYE", "NO_HELLO"])
def test_the_end_in_words_is_the_end(frames):
    session = greeted()
    session.hear(frames, 100.1)
    assert session.is_lost(100.1) and session.refused is None


def test_a_refused_greeting_says_why():
    session = Session({}, 100.0)
    session.hear(codec.encode("REFUSED", refused("BUSY", 303, retry_after_ms=1000)), 100.1)
    assert session.is_lost(100.1) and session.refused.error == "BUSY"


def test_a_refusal_of_something_said_is_not_the_end():
    session = greeted()
    session.hear(codec.encode("REFUSED", refused("NOT_FOUND", 506, False, n=3)), 100.1)
    assert not session.is_lost(100.1) and session.refused is None
