"""Frames to messages and back, against the tables and against golden bytes."""
import json
import pathlib

import msgpack
import pytest
from hypothesis import given, strategies as st
from wireroom import ProtocolError, codec
from wireroom._wire import MESSAGES

ROOT = pathlib.Path(__file__).resolve().parents[3]
VECTORS = ROOT / "proto/vectors/vectors.json"


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


def test_the_golden_bytes_are_read_and_written_alike():
    if not VECTORS.exists():
        pytest.skip("proto/vectors/vectors.json is not here")
    for vector in json.loads(VECTORS.read_text(encoding="utf-8")):
        frames = [bytes.fromhex(frame) for frame in vector["frames"]]
        if "error" in vector:
            with pytest.raises(ProtocolError):
                if codec.decode(frames) is None:
                    raise ProtocolError("not one of ours")
            continue
        heard = codec.decode(frames)
        assert heard is not None and heard.name == vector["message"], vector["name"]
        assert codec.encode(heard.name, heard.header, heard.body)[0] == frames[0], vector["name"]
        again = codec.decode(codec.encode(heard.name, heard.header, heard.body))
        assert again.header == heard.header, vector["name"]
