"""Bytes that are not ours, that lie, or that are too many: typed refusals, and the daemon
serves on."""
import os

import msgpack
import pytest
from conftest import story
from wireroom import codec


def nested(depth):
    return b"\x91" * depth + b"\xc0"


SUBMIT = b"WR\x01\x10"
BAD_HEADERS = {
    "not msgpack": (b"\xc1", "BAD_MSGPACK"),
    "truncated": (msgpack.packb({"n": 1, "id": b"x" * 16})[:-3], "BAD_MSGPACK"),
    "trailing bytes": (msgpack.packb({"n": 1}) + b"\x00", "BAD_MSGPACK"),
    "duplicate key": (b"\x82\xa1n\x01\xa1n\x02", "DUPLICATE_KEY"),
    "claims 2^32 elements": (b"\xdd\xff\xff\xff\xff", None),
    "depth 1000": (b"\x81\xa1x" + nested(1000), "TOO_DEEP"),
    "not UTF-8": (b"\x81\xa6source\xa2\xff\xfe", "BAD_TEXT"),
    "no id": (msgpack.packb({"n": 1, "source": "dpa"}), "MISSING_FIELD"),
    "short id": (msgpack.packb({"n": 1, "id": b"x"}), "BAD_FIELD"),
    "source of a wrong type": (msgpack.packb({"n": 1, "id": b"x" * 16, "source": 7}), "BAD_FIELD"),
}


@pytest.mark.parametrize("name", BAD_HEADERS)
def test_a_bad_header_is_refused_in_words_and_the_daemon_serves_on(daemon, name):
    header, error = BAD_HEADERS[name]
    with daemon.peer() as peer:
        peer.hello()
        peer.send(SUBMIT, header, b"text")
        refused = peer.hear("REFUSED")
        assert refused is not None and (error is None or refused[1]["error"] == error), refused
        assert refused[1]["words"]
    with daemon.client() as client:
        assert client.submit(story(), source="dpa").items[0].outcome == "NEW"


@pytest.mark.parametrize("frames", [(b"",), (b"GET / HTTP/1.1",), (b"XX\x01\x10", b"\x80"), (b"WR",)])
def test_what_is_not_ours_is_dropped_without_a_word(daemon, frames):
    with daemon.peer() as peer:
        peer.send(*frames)
        peer.send(*codec.encode("PING", {"n": 7}))
        assert peer.hear()[0] == "PONG"


def test_another_version_is_told(daemon):
    with daemon.peer() as peer:
        peer.send(b"WR\x63\x01", b"\x80")
        assert peer.hear("REFUSED")[1]["error"] == "BAD_VERSION"


def test_before_hello_nothing_is_taken(daemon):
    with daemon.peer() as peer:
        peer.send(*codec.encode("SUBMIT", {"n": 1, "id": os.urandom(16), "source": "dpa"}, b"x"))
        refused = peer.hear("REFUSED")[1]
        assert refused["error"] == "NO_HELLO" and refused["transient"]


def test_an_unknown_message_is_named(daemon):
    with daemon.peer() as peer:
        peer.hello()
        peer.send(b"WR\x01\x7f", b"\x80")
        assert peer.hear("REFUSED")[1]["error"] == "UNKNOWN_MESSAGE"


def test_over_credit_is_refused_and_an_empty_window_admits_one(make_daemon):
    daemon = make_daemon(credit__grant="4096", credit__messages="4")
    with daemon.peer() as peer:
        welcome = peer.hello()
        assert welcome["credit_bytes"] == 4096
        big = b"A long headline here\n\n" + b"words " * 2000  # alone larger than the grant
        peer.send(*codec.encode("SUBMIT", {"n": 1, "id": os.urandom(16), "source": "dpa", "format": "text"}, big))
        assert peer.hear("RECEIPT", "REFUSED")[0] == "RECEIPT"
        for n in range(2, 40):
            peer.send(*codec.encode("SUBMIT", {"n": n, "id": os.urandom(16), "source": "dpa", "format": "text"},
                                    b"Text %d " % n * 100))
        answers = [peer.hear("RECEIPT", "REFUSED") for _ in range(38)]
        errors = {a[1]["error"] for a in answers if a and a[0] == "REFUSED"}
        assert errors == {"OVER_CREDIT"}


def test_want_gets_more_credit(daemon):
    with daemon.peer() as peer:
        welcome = peer.hello()
        peer.send(*codec.encode("WANT", {"bytes": 1 << 20, "messages": 2000}))
        credit = peer.hear("CREDIT")[1]
        assert welcome["credit_bytes"] + credit["bytes"] >= 1 << 20


def test_a_flood_of_one_peer_never_stops_anothers_receipts(daemon):
    with daemon.peer() as flooder, daemon.client() as client:
        flooder.hello()
        for i in range(3000):
            flooder.send(SUBMIT, msgpack.packb({"n": i, "id": os.urandom(16), "source": "dpa", "format": "text"}), b"x" * 900)
            if i % 300 == 0:
                outcome = client.submit(story(uri="f:%d" % i, text="Calm text %d." % i), source="afp").items[0].outcome
                assert outcome == "NEW"


def test_reserved_sources_are_checked(make_daemon):
    daemon = make_daemon()
    with daemon.peer() as peer:
        peer.hello()
        peer.send(*codec.encode("SUBMIT", {"n": 1, "id": os.urandom(16), "source": "UPPER"}, b"x"))
        assert peer.hear("REFUSED")[1]["error"] in ("BAD_FIELD", "SOURCE_NOT_YOURS")
