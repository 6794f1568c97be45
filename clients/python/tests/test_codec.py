"""Frames to messages and back, against the tables and against golden bytes."""
import json
import pathlib

import msgpack
import pytest
from hypothesis import given, strategies as st
from wireroom import ProtocolError, codec
from wireroom._wire import MESSAGES

ROOT = pathlib.Path(__file__).resolve().parents[3]
VECTORS = json.loads((ROOT / "proto/vectors/vectors.json").read_text(encoding="utf-8"))


def example(row):
    """A value that a field takes: its least."""
    size = max(row.min, 0)
    return {"UINT": size, "INT": row.min, "BOOL": True, "STR": "x" * size, "BIN": b"x" * size,
            "LIST": [0] * size, "MAP": {}}[row.type]


def full(message):
    return {row.name: example(row) for row in message.fields}


def body_of(message):
    return None if message.body == "NONE" else b"\x80"


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m.name)
def test_every_message_comes_back_as_it_went(message):
    frames = codec.encode(message.name, full(message), body_of(message))
    assert frames[0] == b"WR\x01" + bytes((message.number,))
    assert codec.decode(frames) == (message.name, full(message), body_of(message))


FIELDS = [(m, row) for m in MESSAGES for row in m.fields]


@pytest.mark.parametrize("message, row", FIELDS, ids=lambda x: x.name)
def test_every_field_is_checked_both_ways(message, row):
    wrong = [[] if row.type != "LIST" else {}, 1.5, None]
    if row.type in ("STR", "BIN", "LIST") and row.max < 100000:
        wrong.append({"STR": "x", "BIN": b"x", "LIST": [0]}[row.type] * (row.max + 1))
    if row.type in ("UINT", "INT"):
        wrong += [value for value in (row.min - 1, row.max + 1) if -(2**63) <= value < 2**64] + [True]
    for value in wrong:
        header = {**full(message), row.name: value}
        frames = [codec.encode(message.name, full(message), body_of(message))[0], msgpack.packb(header)]
        with pytest.raises(ProtocolError, match=row.name):
            codec.decode(frames + [b"\x80"] * (message.body != "NONE"))
        if value is not None:
            with pytest.raises(ValueError, match=row.name):
                codec.encode(message.name, header, body_of(message))


@pytest.mark.parametrize("message", [m for m in MESSAGES if any(r.required for r in m.fields)], ids=lambda m: m.name)
def test_a_missing_field_is_named(message):
    row = next(r for r in message.fields if r.required)
    header = {k: v for k, v in full(message).items() if k != row.name}
    with pytest.raises(ValueError, match="%s is missing" % row.name):
        codec.encode(message.name, header, body_of(message))


def test_what_is_unknown_is_skipped_when_it_comes_and_refused_when_it_goes():
    heard = codec.decode([b"WR\x01\x08", msgpack.packb({"n": 1, "new": [1, {"x": 2}]})])
    assert heard.header["n"] == 1
    with pytest.raises(ValueError, match="no field new"):
        codec.encode("PING", {"n": 1, "new": 2})


def test_another_version_and_an_unknown_number_are_passed_over():
    assert codec.decode([b"WR\x02\x08", b"\x80"]) is None
    assert codec.decode([b"WR\x01\xee", b"\x80"]) is None


@pytest.mark.parametrize("frames", [
    [], [b""], [b"XX\x01\x08", b"\x80"], [b"WR\x01", b"\x80"], [b"WR\x01\x08"],
    [b"WR\x01\x08", b"\x81\xa1n\x01", b""], [b"WR\x01\x11", b"\x81\xa1n\x01"], [b"WR\x01\x08", b""],
    [b"WR\x01\x08", b"\xc1"], [b"WR\x01\x08", b"\x90"], [b"WR\x01\x08", b"\x81\xa1n\x01\x00"],
    [b"WR\x01\x08", b"\x82\xa1n\x01\xa1n\x02"], [b"WR\x01\x08", b"\x81\xa1n\xd6\x05\0\0\0\0"],
    [b"WR\x01\x08", b"\x82\xa1n\x01\xc4\x01x\x02"], [b"WR\x01\x08", b"\x82\xa1n\x01\xa1x\xa1\xff"],
    [b"WR\x01\x08", b"\x82\xa1n\x01\xa1x" + b"\x91" * 5000 + b"\xc0"],
    [b"WR\x01\x08", b"\x82\xa1n\x01\xa1x\xdd\xff\xff\xff\xff"]])
def test_what_breaks_the_protocol_is_said_and_nothing_else_is_raised(frames):
    with pytest.raises(ProtocolError):
        codec.decode(frames)


@given(st.lists(st.binary(max_size=40), max_size=4), st.integers(0, 255), st.booleans())
def test_random_bytes_raise_nothing_but_protocol_errors(frames, number, framed):
    try:
        codec.decode(([b"WR\x01" + bytes((number,))] if framed else []) + frames)
    except ProtocolError:
        pass


def plain(value):
    """A value of vectors.json, where JSON has no words for it."""
    if isinstance(value, dict) and value.keys() == {"bin"}:
        return bytes.fromhex(value["bin"])
    if isinstance(value, dict) and value.keys() == {"int"}:
        return int(value["int"])
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def frames_of(vector):
    return [bytes.fromhex(frame) for frame in vector["frames"]]


@pytest.mark.parametrize("vector", [v for v in VECTORS if "message" in v], ids=lambda v: v["name"])
def test_golden_bytes_are_what_they_say(vector):
    heard = codec.decode(frames_of(vector))
    known = {row.name for row in codec.BY_NAME[vector["message"]].fields}
    fields = {key: value for key, value in plain(vector["fields"]).items() if key in known}
    assert heard.name == vector["message"]
    assert {key: value for key, value in heard.header.items() if key in known} == fields
    body = plain(vector.get("body"))
    if body is not None:
        assert body == (heard.body if isinstance(body, bytes) else codec.unpack(heard.body))
    again = codec.encode(heard.name, fields, heard.body)
    assert codec.decode(again) == (heard.name, fields, heard.body)


@pytest.mark.parametrize("vector", [v for v in VECTORS if "error" in v], ids=lambda v: v["name"])
def test_golden_refusals_are_no_messages(vector):
    try:
        assert codec.decode(frames_of(vector)) is None
        assert vector["error"] in ("BAD_VERSION", "UNKNOWN_MESSAGE")
    except ProtocolError:
        assert vector["error"] not in ("BAD_VERSION", "UNKNOWN_MESSAGE")
