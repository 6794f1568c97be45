"""Bytes that are not ours, or that lie: a typed refusal with words, and the daemon serves on."""
import json
import os
import random

import msgpack
import pytest
from house import ROOT, story
from wireroom._wire import ERRORS, MESSAGES

SOCKETS = ("submit", "feed", "query", "admin")
NUMBERS = {e.name: e for e in ERRORS}
ID = b"x" * 16


def number(name):
    return b"WR\x01" + bytes((next(m.number for m in MESSAGES if m.name == name),))


def nested(depth):
    return b"\x81\xa1x" + b"\x91" * depth + b"\xc0"


def header(**fields):
    return msgpack.packb({"n": 1, **fields})


HEADERS = {  # of a SUBMIT
    "empty": (b"", "BAD_MSGPACK"), "not msgpack": (b"\xc1", "BAD_MSGPACK"),
    "cut off": (header(id=ID)[:-3], "BAD_MSGPACK"), "more behind": (header() + b"\x00", "BAD_MSGPACK"),
    "a key twice": (b"\x82\xa1n\x01\xa1n\x02", "DUPLICATE_KEY"),
    "2^32 elements": (b"\xdd\xff\xff\xff\xff", "TOO_MANY_VALUES"),
    "2^32 pairs": (b"\xdf\xff\xff\xff\xff", "TOO_MANY_VALUES"),
    "deep": (nested(1000), "TOO_DEEP"), "many": (b"\x81\xa1x\xdc\x17\x70" + b"\xc0" * 6000, "TOO_MANY_VALUES"),
    "not UTF-8": (b"\x81\xa6source\xa2\xff\xfe", "BAD_TEXT"), "a surrogate": (b"\x81\xa6source\xa3\xed\xa0\x80", "BAD_TEXT"),
    "an extension": (b"\x81\xa1x\xd4\x05\x00", "BAD_MSGPACK"), "a number for a key": (b"\x81\x01\x02", "BAD_MSGPACK"),
    "no map": (b"\x90", None), "no id": (header(source="dpa"), "MISSING_FIELD"),
    "no n": (msgpack.packb({"id": ID}), "MISSING_FIELD"), "short id": (header(id=b"x"), "BAD_FIELD"),
    "long id": (header(id=b"x" * 17), "BAD_FIELD"), "text for an id": (header(id="x" * 16), "BAD_FIELD"),
    "a number for a source": (header(id=ID, source=7), "BAD_FIELD"),
    "nil for a source": (header(id=ID, source=None), "BAD_FIELD"),
    "no source": (header(id=ID), "SOURCE_MISSING"), "a source too long": (header(id=ID, source="x" * 65), "BAD_FIELD"),
    "a bad source": (header(id=ID, source="UPPER"), None), "a negative n": (msgpack.packb({"n": -1, "id": ID}), "BAD_FIELD"),
    "a day too long": (header(id=ID, source="dpa", issue_date="2026-1-100x"), "BAD_FIELD"),
    "a day that is none": (header(id=ID, source="dpa", issue_date="2026-13-45"), "BAD_FIELD issue_date"),
    "a zone that is none": (header(id=ID, source="dpa", zone="Europe/Berlin"), "BAD_FIELD zone"),
    "a format nobody reads": (header(id=ID, source="dpa", format="xls"), "UNKNOWN_FORMAT"),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_bad_header_is_refused_in_words_and_the_daemon_serves_on(shared_daemon, name):
    bytes, error = HEADERS[name]
    with shared_daemon.peer() as peer:
        peer.hello()
        peer.send(number("SUBMIT"), bytes, b"text")
        refused = peer.hear("REFUSED").header
        row = NUMBERS[refused["error"]]
        error, *field = error.split() if error else [None]
        assert error is None or refused["error"] == error, refused
        assert not field or refused["field"] == field[0], refused
        assert (refused["code"], refused["transient"]) == (row.number, row.transient) and refused["words"]
        peer.say("PING", n=9)
        assert peer.hear("PONG").header["n"] == 9


CLIENT_MESSAGES = {"submit": ["SUBMIT", "WANT"], "feed": ["OPEN", "ACK", "CREDIT"],
                   "query": ["GET", "LIST", "HISTORY", "RAW", "STATUS"], "admin": ["STATUS"]}
REQUIRED = [(s, name, row.name) for s, names in CLIENT_MESSAGES.items() for name in names
            for row in next(m for m in MESSAGES if m.name == name).fields if row.required]


@pytest.mark.parametrize("socket, name, field", REQUIRED)
def test_a_required_field_that_is_missing_is_named(shared_daemon, socket, name, field):
    message = next(m for m in MESSAGES if m.name == name)
    values = {"UINT": 1, "INT": 1, "STR": "x", "BIN": ID}
    fields = {r.name: values[r.type] for r in message.fields if r.required and r.name != field}
    with shared_daemon.peer(socket) as peer:
        peer.hello()
        peer.send(number(name), msgpack.packb(fields), *([b""] if message.body != "NONE" else []))
        refused = peer.hear("REFUSED").header
        assert (refused["error"], refused["field"]) == ("MISSING_FIELD", field)
        assert refused.get("n") == fields.get("n")


@pytest.mark.parametrize("frames", [(b"",), (b"GET / HTTP/1.1",), (b"XX\x01\x10", b"\x80"), (b"WR",), (b"WR\x01\x10\x00", b"\x80")])
@pytest.mark.parametrize("socket", SOCKETS)
def test_what_is_not_ours_is_dropped_without_a_word(shared_daemon, socket, frames):
    with shared_daemon.peer(socket) as peer:
        peer.send(*frames)
        peer.say("PING", n=7)
        assert peer.hear().name == "PONG"


@pytest.mark.parametrize("socket", SOCKETS)
def test_another_version_is_told_on_every_socket(shared_daemon, socket):
    with shared_daemon.peer(socket) as peer:
        peer.send(b"WR\x63\x01", b"\x80")
        assert peer.hear("REFUSED").header["error"] == "BAD_VERSION"


@pytest.mark.parametrize("socket", SOCKETS)
def test_before_hello_nothing_is_taken_but_ping(shared_daemon, socket):
    with shared_daemon.peer(socket) as peer:
        peer.say("PING", n=1)
        assert peer.hear().name == "PONG"
        for name in CLIENT_MESSAGES[socket] + ["HEARTBEAT"]:
            message = next(m for m in MESSAGES if m.name == name)
            peer.send(number(name), b"\x80", *([b""] if message.body != "NONE" else []))
            refused = peer.hear("REFUSED").header
            assert (refused["error"], refused["transient"]) == ("NO_HELLO", True), name


@pytest.mark.parametrize("socket", SOCKETS)
def test_a_message_of_another_socket_or_of_none_is_unknown(shared_daemon, socket):
    with shared_daemon.peer(socket) as peer:
        peer.hello()
        others = {n for names in CLIENT_MESSAGES.values() for n in names} - set(CLIENT_MESSAGES[socket])
        for prefix in [number(n) for n in sorted(others)] + [b"WR\x01\x7f", number("RECEIPT"), number("WELCOME")]:
            peer.send(prefix, b"\x80")
            assert peer.hear("REFUSED").header["error"] == "UNKNOWN_MESSAGE", prefix


@pytest.mark.parametrize("more", [[], [b"\x80"], [b"\x80", b"", b""], [b"\x80"] + [b""] * 40])
def test_too_few_or_too_many_frames_are_refused(shared_daemon, more):
    with shared_daemon.peer() as peer:
        peer.hello()
        peer.send(number("SUBMIT"), *more)
        assert peer.hear("REFUSED").header["error"] == "MISSING_FRAME"


def test_a_body_over_the_limit_is_refused_by_its_number(shared_daemon):
    with shared_daemon.peer() as peer:
        limit = peer.hello()["submission_bytes"]
        peer.say("SUBMIT", b"x" * (limit + 1), n=5, id=os.urandom(16), source="dpa")
        refused = peer.hear("REFUSED").header
        assert (refused["error"], refused["n"]) == ("TOO_LARGE", 5)


def test_unknown_fields_are_skipped(shared_daemon):
    with shared_daemon.peer() as peer:
        peer.hello()
        peer.send(number("PING"), msgpack.packb({"n": 3, "from the future": {"deep": [1, 2.5, None]}}))
        assert peer.hear("PONG").header["n"] == 3


def refusals():
    path = ROOT / "proto/vectors/vectors.json"
    vectors = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [v for v in vectors if "error" in v and v["frames"]]


def home(frame):
    """The socket that takes a message."""
    message = next((m for m in MESSAGES if frame[3:] == bytes((m.number,))), None)
    return next((s for s, names in CLIENT_MESSAGES.items() if message and message.name in names), "submit")


@pytest.mark.parametrize("vector", refusals(), ids=lambda v: v["name"])
def test_golden_refusals_are_refused_by_the_name_they_give(shared_daemon, vector):
    frames = [bytes.fromhex(frame) for frame in vector["frames"]]
    with shared_daemon.peer(home(frames[0])) as peer:
        peer.hello()
        peer.send(*frames)
        peer.say("PING", n=77)
        heard = peer.hear("REFUSED", "PONG")
        if vector["error"] == "BAD_FRAME":  # not ours: no answer at all
            assert heard.name == "PONG"
        else:
            assert heard.header.get("error") == vector["error"]


def test_random_bytes_never_stop_it(shared_daemon):
    rng = random.Random(5)
    for socket in SOCKETS:
        with shared_daemon.peer(socket) as peer:
            peer.hello()
            for _ in range(300):
                name = rng.choice(MESSAGES)
                frames = [b"WR\x01" + bytes((name.number,))] + [rng.randbytes(rng.randrange(60)) for _ in range(rng.randrange(4))]
                peer.send(*frames)
            peer.say("HELLO")
            assert peer.hear("WELCOME")
    with shared_daemon.client() as client:
        assert client.submit(story(uri=os.urandom(4).hex()), source="dpa").record
