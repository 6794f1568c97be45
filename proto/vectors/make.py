#!/usr/bin/env python3
"""Makes vectors.json: golden bytes that every client and the daemon are held to.

The bytes come from an encoder that is none of ours (python3-msgpack), the values stand here.
To add a message, add its values below, run this, and look at the diff: lines that were there
before must not change, for they are the protocol.

vectors.json is a list of maps:

    name      says what it shows
    frames    the frames, in hex
    message   the message they are, fields and body what they carry; or instead
    error     the name of the error that refuses them

Integers that a double can't hold are {"int": "DECIMAL"} and byte strings {"bin": "HEX"}. body is
given for messages whose frame 2 is one msgpack value; raw bodies are {"bin": "HEX"} as well.

    make.py               write vectors.json
    make.py --check       exit 1 if it is stale
    make.py --seeds DIR   write the frames as seeds for the fuzzers of tests/fuzz
"""
import json
import pathlib
import sys

import msgpack

MOST = 2**64 - 1
ID = bytes(range(16))
STORE = bytes(range(0xa0, 0xb0))
EPOCH = 0xfedcba9876543210
CURSOR = EPOCH.to_bytes(8, "big") + (42).to_bytes(8, "big") + b"\x01\x02\x03\x04\x05\x06\x07\x08"
TIME = 1795515600123456
ENDPOINT = "ipc:///run/wireroom/%s"

RECEIPT = {
    "submission": ID, "source": "dpa", "record": 17, "time": TIME,
    "items": [
        {"outcome": "NEW", "state": "open", "uri": "urn:newsml:dpa.com:20261124:1", "version": "1",
         "revision": 42, "seq": 42, "story": 12, "warnings": ["zone-missing versionCreated"]},
        {"outcome": "DUPLICATE", "state": "open", "uri": "urn:newsml:dpa.com:20261124:2",
         "revision": 43, "seq": 43, "story": 7, "of": "afp:urn:newsml:afp.com:1",
         "relation": "duplicate", "score": 1000},
        {"outcome": "QUARANTINED",
         "error": {"code": 402, "error": "ILL_FORMED", "transient": False, "at": 81,
                   "words": "line 3 column 15: '}' expected"}},
    ],
}
CHANGE = {
    "seq": 42, "epoch": EPOCH, "class": "new", "source": "dpa", "uri": "urn:newsml:dpa.com:20261124:1",
    "version": "1", "revision": 42, "current": 42, "language": "de", "urgency": 4, "time": TIME,
    "item": 12, "story": 12, "subjects": ["medtop:20000065"], "pubStatus": "usable", "state": "open",
    "record": 17, "headline": "Hochwasser: Pegel f\u00e4llt \u2013 \u6d2a\u6c34",
}
GATED = {"seq": 44, "epoch": EPOCH, "class": "kill", "source": "dpa", "uri": "urn:newsml:dpa.com:20261124:1",
         "version": "2", "revision": 44, "previous": 42, "current": 44, "time": TIME + 1, "item": 12,
         "story": 12, "pubStatus": "canceled", "state": "killed", "record": 19, "gated": "killed"}

ADVICE = {
    "source": "dpa", "format": "ninjs", "seq": 44, "time": TIME,
    "items": [{"outcome": "UPDATED", "state": "open", "uri": "urn:newsml:dpa.com:20261124:1", "version": "2",
               "warnings": ["zone-missing versionCreated"]}],
    "explanation": {
        "format": "ninjs", "format_why": "it begins with {, as a JSON object does",
        "charset": "utf-8", "charset_why": "every byte is well-formed UTF-8",
        "items": [{
            "uri": "urn:newsml:dpa.com:20261124:1", "version": "2", "headline": "Pegel f\u00e4llt",
            "changes": [{"rule": "invisible", "field": "headlines[0]", "count": 1,
                         "words": "one character that nobody sees was taken out",
                         "passages": [{"left": "Pegel", "before": "\u200b", "right": " f\u00e4llt"}]}],
            "warnings": [{"code": "zone-missing", "where": "versionCreated",
                          "words": "a time without its zone; the hint --zone says which"}]}],
    },
}

RENEWAL = {
    "run": 1, "next": 18, "last": 17, "looked": 3, "same": 2, "different": 1, "rekeyed": 0, "unread": 0,
    "unmatched": 0, "unknown": 0, "running": False, "dry": True, "source": "dpa", "since": TIME,
    "examples": [{"source": "dpa", "uri": "u", "revision": 42, "field": "bodies", "before": "a -- b",
                  "after": "a \u2014 b"}],
}
SETTLED = {
    "submission": bytes(range(0x10, 0x20)), "source": "dpa", "record": 21, "time": TIME, "verb": "retry", "entry": 17,
    "items": [{"outcome": "NEW", "state": "open", "uri": "urn:newsml:dpa.com:20261124:3", "revision": 45, "seq": 45,
               "story": 13}],
}
ENTRY = {
    "record": 17, "source": "dpa", "time": TIME, "state": "open", "principal": "feeder", "format": "ninjs",
    "page": "story.json", "bytes": 46, "submission": ID, "digest": bytes(32),
    "items": [{"item": 0, "outcome": "QUARANTINED",
               "error": {"code": 402, "error": "ILL_FORMED", "transient": False,
                         "words": "line 2 column 15: ':' expected near '['", "next": "mend the document", "at": 29,
                         "line": 2, "column": 15, "before": ' "headlines" [', "rest": '{"value": "x"}]}'}}],
}

# (what it shows, message, number, fields in the order of messages.def, body)
GOOD = [
    ("HELLO without a word", "HELLO", 0x01, {}, None),
    ("HELLO with all it may say", "HELLO", 0x01, {"client": "example 1.0", "principal": "city-desk"}, None),
    ("WELCOME", "WELCOME", 0x02, {
        "server": "wireroomd 0.1.0", "version": 1, "principal": "city-desk", "roles": ["submit", "read", "follow"],
        "sources": ["*"], "store": STORE, "epoch": EPOCH, "seq": 42, "heartbeat_ms": 1000,
        "submission_bytes": 4194304, "submission_items": 500, "credit_bytes": 65536, "credit_messages": 1024,
        "submit": ENDPOINT % "submit", "feed": ENDPOINT % "feed", "notice": ENDPOINT % "notice",
        "query": ENDPOINT % "query", "admin": ENDPOINT % "admin", "formats": ["auto", "article", "ninjs", "text"]},
     None),
    ("WELCOME to nobody, with the least of everything", "WELCOME", 0x02, {
        "server": "w", "version": 1, "principal": "", "roles": [], "sources": [], "store": bytes(16), "epoch": 0,
        "seq": 0, "heartbeat_ms": 1, "submission_bytes": 1, "submission_items": 1, "credit_bytes": 0,
        "credit_messages": 0, "submit": "", "feed": "", "notice": "", "query": "", "admin": "", "formats": []},
     None),
    ("HEARTBEAT", "HEARTBEAT", 0x03, {}, None),
    ("BYE", "BYE", 0x04, {}, None),
    ("BYE with a reason", "BYE", 0x04, {"reason": "stopping"}, None),
    ("REFUSED in its shortest form", "REFUSED", 0x05,
     {"code": 112, "error": "NO_HELLO", "transient": True, "words": ""}, None),
    ("REFUSED with all it may say", "REFUSED", 0x05, {
        "n": 7, "code": 303, "error": "BUSY", "transient": True, "retry_after_ms": 250, "field": "source", "at": 12,
        "words": "the daemon has no room for this now; send this again after 250 ms", "seq": MOST}, None),
    ("CREDIT", "CREDIT", 0x06, {"bytes": 65536, "messages": 1024}, None),
    ("CREDIT of nothing", "CREDIT", 0x06, {"bytes": 0, "messages": 0}, None),
    ("PING", "PING", 0x07, {"n": MOST}, None),
    ("PONG", "PONG", 0x08, {"n": MOST}, None),
    ("SUBMIT in its shortest form", "SUBMIT", 0x10, {"n": 1, "id": ID}, b""),
    ("SUBMIT as a producer sends it", "SUBMIT", 0x10, {"n": 1, "id": ID, "source": "dpa", "format": "text"},
     b"Head\n\nText"),
    ("SUBMIT with every hint", "SUBMIT", 0x10, {
        "n": 300, "id": ID, "source": "city-desk", "format": "newsprint", "issue_date": "2026-11-24",
        "page": "A1 \u8981\u95fb", "language": "zh-Hans", "zone": "+08:00", "charset": "gb18030",
        "all_or_nothing": True}, b"\xff\x00\xfe"),
    ("RECEIPT", "RECEIPT", 0x11, {"n": 1}, RECEIPT),
    ("WANT", "WANT", 0x12, {"bytes": 8388608, "messages": 4096}, None),
    ("DRYRUN in its shortest form", "DRYRUN", 0x13, {"n": 1}, b""),
    ("DRYRUN with all it may say", "DRYRUN", 0x13, {
        "n": 300, "source": "city-desk", "format": "newsprint", "issue_date": "2026-11-24", "page": "A1",
        "language": "zh-Hans", "zone": "+08:00", "charset": "gb18030", "all_or_nothing": True, "explain": True},
     b"\xff\x00\xfe"),
    ("ADVICE", "ADVICE", 0x14, {"n": 300}, ADVICE),
    ("SETTLE", "SETTLE", 0x15, {"n": 7, "record": 17, "verb": "retry"}, None),
    ("RECEIPT of a settled entry", "RECEIPT", 0x11, {"n": 7}, SETTLED),
    ("OPEN after a seq", "OPEN", 0x20, {"after": 0, "bodies": "headers"}, None),
    ("OPEN after a seq of an epoch", "OPEN", 0x20, {"after": 42, "epoch": EPOCH}, None),
    ("OPEN from the head", "OPEN", 0x20, {"after": MOST}, None),
    ("OPEN from a time before 1970", "OPEN", 0x20, {"since": -1}, None),
    ("OPEN from the first time of all", "OPEN", 0x20, {"since": -(2**63)}, None),
    ("OPEN at a cursor", "OPEN", 0x20, {"cursor": CURSOR, "bodies": "full"}, None),
    ("OPEN with a snapshot", "OPEN", 0x20, {"snapshot": True}, None),
    ("OPENED", "OPENED", 0x21, {"epoch": EPOCH, "after": 42, "head": 44, "oldest": 1}, None),
    ("EVENT", "EVENT", 0x22, {"first": 42, "last": 42, "cursor": CURSOR}, [CHANGE]),
    ("EVENT of a snapshot, one row gated", "EVENT", 0x22,
     {"first": 42, "last": 44, "cursor": CURSOR, "snapshot": True}, [CHANGE, GATED]),
    ("SNAPSHOT_END", "SNAPSHOT_END", 0x23, {"seq": 42, "cursor": CURSOR}, None),
    ("ACK", "ACK", 0x24, {"seq": 42}, None),
    ("HEAD of an empty store", "HEAD", 0x25, {"epoch": EPOCH, "seq": 0, "sent": 0, "time": TIME}, None),
    ("HEAD", "HEAD", 0x25, {"epoch": EPOCH, "seq": 44, "sent": 42, "time": TIME, "cursor": CURSOR}, None),
    ("GET of an item", "GET", 0x30, {"n": 1, "source": "dpa", "uri": "urn:newsml:dpa.com:20261124:1"}, None),
    ("GET with all it may say", "GET", 0x30, {
        "n": 1, "source": "dpa", "uri": "urn:newsml:dpa.com:20261124:1", "revision": 42, "version": "1",
        "after_seq": 44}, None),
    ("ARTICLE", "ARTICLE", 0x31, {"n": 1, "seq": 44}, {**CHANGE, "article": {
        "uri": CHANGE["uri"], "headlines": [{"role": "main", "value": CHANGE["headline"]}],
        "bodies": [{"contentType": "text/plain", "value": "Text\n\nmehr Text"}]}}),
    ("ARTICLE of a killed item", "ARTICLE", 0x31, {"n": 2, "seq": 44}, GATED),
    ("LIST of everything", "LIST", 0x32, {"n": 3}, None),
    ("LIST with all it may say", "LIST", 0x32, {
        "n": 3, "source": "dpa", "since": TIME, "until": TIME + 1, "limit": 1000, "token": b"\x00\xff", "after_seq": 1},
     None),
    ("HISTORY", "HISTORY", 0x33, {"n": 4, "source": "dpa", "uri": "u"}, None),
    ("HISTORY, the second page", "HISTORY", 0x33,
     {"n": 4, "source": "dpa", "uri": "u", "limit": 1, "token": b"\x01", "after_seq": 2}, None),
    ("PAGE, the last", "PAGE", 0x34, {"n": 3, "seq": 44}, []),
    ("PAGE with more behind it", "PAGE", 0x34, {"n": 3, "seq": 44, "token": bytes(64)}, [GATED, CHANGE]),
    ("RAW by record", "RAW", 0x35, {"n": 5, "record": 17}, None),
    ("RAW by item and revision", "RAW", 0x35,
     {"n": 5, "source": "dpa", "uri": "u", "revision": 42, "after_seq": 44}, None),
    ("RAW_DATA", "RAW_DATA", 0x36, {
        "n": 5, "format": "text", "digest": bytes(range(32)), "record": 17, "time": TIME}, b"Head\n\nText"),
    ("QUARANTINE of everything open", "QUARANTINE", 0x39, {"n": 8}, None),
    ("QUARANTINE with all it may say", "QUARANTINE", 0x39, {
        "n": 8, "record": 17, "source": "dpa", "settled": True, "limit": 10, "token": b"\x01" * 24,
        "after_record": 17}, None),
    ("PAGE of an entry of the quarantine", "PAGE", 0x34, {"n": 8, "seq": 44}, [ENTRY]),
    ("RENORMALIZE everything", "RENORMALIZE", 0x3A, {"n": 9}, None),
    ("RENORMALIZE with all it may say", "RENORMALIZE", 0x3A, {
        "n": 9, "ask": False, "source": "dpa", "since": TIME, "dry_run": True}, None),
    ("RENEWAL", "RENEWAL", 0x3B, {"n": 9}, RENEWAL),
    ("STATUS", "STATUS", 0x37, {"n": 6}, None),
    ("STATE", "STATE", 0x38, {
        "n": 6, "server": "wireroomd 0.1.0", "store": STORE, "epoch": EPOCH, "seq": 44, "checkpoint_seq": 44,
        "oldest": 1, "items": 3, "records": 19, "uptime_s": 86400, "disk_free": 2**40, "store_bytes": 2**26,
        "full": False, "time": TIME, "sources": 2, "followers": 1}, None),
]

PING = b"WR\x01\x07"
# (what it shows, error, frames)
REFUSED = [
    ("no frame at all", "BAD_FRAME", []),
    ("an empty frame 0, as a REQ socket sends", "BAD_FRAME", [b"", PING, b"\x81\xa1n\x01"]),
    ("frame 0 of another protocol", "BAD_FRAME", [b"XR\x01\x07", b"\x81\xa1n\x01"]),
    ("frame 0 a byte short", "BAD_FRAME", [b"WR\x01", b"\x81\xa1n\x01"]),
    ("frame 0 a byte long", "BAD_FRAME", [PING + b"\0", b"\x81\xa1n\x01"]),
    ("another version", "BAD_VERSION", [b"WR\x02\x07", b"\x81\xa1n\x01"]),
    ("a number without a message", "UNKNOWN_MESSAGE", [b"WR\x01\xee", b"\x80"]),
    ("no header", "MISSING_FRAME", [PING]),
    ("a body where there is none", "MISSING_FRAME", [PING, b"\x81\xa1n\x01", b""]),
    ("no body where there is one", "MISSING_FRAME", [b"WR\x01\x10", msgpack.packb({"n": 1, "id": ID})]),
    ("an empty header frame", "BAD_MSGPACK", [PING, b""]),
    ("a header cut in its value", "BAD_MSGPACK", [PING, b"\x81\xa1n\xcd\x01"]),
    ("a header cut in its text", "BAD_MSGPACK", [PING, b"\x81\xa3n0"]),
    ("something behind the header", "BAD_MSGPACK", [PING, b"\x81\xa1n\x01\xc0"]),
    ("the byte that msgpack never uses", "BAD_MSGPACK", [PING, b"\x82\xa1n\x01\xa1x\xc1"]),
    ("an extension type", "BAD_MSGPACK", [PING, b"\x82\xa1n\x01\xa1x\xd6\x05\0\0\0\0"]),
    # Type -1 is msgpack's own time, which libraries read unasked: no less an extension.
    ("a timestamp of 4 bytes", "BAD_MSGPACK", [PING, b"\x82\xa1n\x01\xa1x\xd6\xff\0\0\0\1"]),
    ("a timestamp of 8 bytes", "BAD_MSGPACK", [PING, b"\x82\xa1n\x01\xa1x\xd7\xff" + bytes(7) + b"\1"]),
    ("a timestamp of 12 bytes", "BAD_MSGPACK", [PING, b"\x82\xa1n\x01\xa1x\xc7\x0c\xff" + bytes(11) + b"\1"]),
    ("a timestamp in a list", "BAD_MSGPACK", [PING, b"\x82\xa1n\x01\xa1x\x91\xd6\xff\0\0\0\1"]),
    ("a timestamp deep inside", "BAD_MSGPACK", [PING, b"\x82\xa1n\x01\xa1x\x81\xa1y\x91\x81\xa1z\xd6\xff\0\0\0\1"]),
    ("a timestamp for a header", "BAD_MSGPACK", [PING, b"\xd6\xff\0\0\0\1"]),
    ("a key that is an integer", "BAD_MSGPACK", [PING, b"\x82\xa1n\x01\x05\x02"]),
    ("a key that is bin", "BAD_MSGPACK", [PING, b"\x82\xa1n\x01\xc4\x01x\x02"]),
    ("deeper than any limit", "TOO_DEEP", [PING, b"\x82\xa1n\x01\xa1x" + b"\x91" * 1200 + b"\xc0"]),
    ("five bytes that claim four thousand million values", "TOO_MANY_VALUES",
     [PING, b"\x82\xa1n\x01\xa1x\xdd\xff\xff\xff\xff"]),
    ("a key twice", "DUPLICATE_KEY", [PING, b"\x82\xa1n\x01\xa1n\x01"]),
    ("a key twice in two formats", "DUPLICATE_KEY", [PING, b"\x82\xa1n\x01\xd9\x01n\x01"]),
    ("a key twice, deeper, in a field that is skipped", "DUPLICATE_KEY",
     [PING, b"\x82\xa1n\x01\xa1x\x91\x82\xa1y\x01\xa1y\x02"]),
    ("text that is not UTF-8", "BAD_TEXT", [PING, b"\x82\xa1n\x01\xa1x\xa1\xff"]),
    ("an overlong slash", "BAD_TEXT", [PING, b"\x82\xa1n\x01\xa1x\xa2\xc0\xaf"]),
    ("half of a surrogate pair", "BAD_TEXT", [PING, b"\x82\xa1n\x01\xa1x\xa3\xed\xa0\x80"]),
    ("a key that is not UTF-8", "BAD_TEXT", [PING, b"\x82\xa1n\x01\xa1\xfe\x01"]),
    ("no n", "MISSING_FIELD", [PING, b"\x80"]),
    ("no id", "MISSING_FIELD", [b"WR\x01\x10", b"\x81\xa1n\x01", b""]),
    ("a header that is a list", "BAD_FIELD", [PING, b"\x91\x01"]),
    ("n below 0", "BAD_FIELD", [PING, b"\x81\xa1n\xff"]),
    ("n as text", "BAD_FIELD", [PING, b"\x81\xa1n\xa11"]),
    ("n as a float", "BAD_FIELD", [PING, b"\x81\xa1n\xcb\x3f\xf0\0\0\0\0\0\0"]),
    ("n as true", "BAD_FIELD", [PING, b"\x81\xa1n\xc3"]),
    ("n as nil", "BAD_FIELD", [PING, b"\x81\xa1n\xc0"]),
    ("an id as text", "BAD_FIELD", [b"WR\x01\x10", msgpack.packb({"n": 1, "id": "0123456789abcdef"}), b""]),
    ("an id of 15 bytes", "BAD_FIELD", [b"WR\x01\x10", msgpack.packb({"n": 1, "id": ID[1:]}), b""]),
    ("an id of 17 bytes", "BAD_FIELD", [b"WR\x01\x10", msgpack.packb({"n": 1, "id": ID + b"\0"}), b""]),
    ("an empty source", "BAD_FIELD", [b"WR\x01\x10", msgpack.packb({"n": 1, "id": ID, "source": ""}), b""]),
    ("a source of 65 bytes", "BAD_FIELD",
     [b"WR\x01\x10", msgpack.packb({"n": 1, "id": ID, "source": "a" * 65}), b""]),
    ("an optional field that is nil", "BAD_FIELD",
     [b"WR\x01\x10", msgpack.packb({"n": 1, "id": ID, "source": None}), b""]),
    ("a time above int64", "BAD_FIELD", [b"WR\x01\x20", msgpack.packb({"since": 2**63})]),
    ("a limit over its range", "BAD_FIELD", [b"WR\x01\x32", msgpack.packb({"n": 1, "limit": 1001})]),
    ("a revision of 0", "BAD_FIELD", [b"WR\x01\x30", msgpack.packb({"n": 1, "revision": 0})]),
]


def plain(value):
    """A value as JSON can hold it."""
    if isinstance(value, bytes):
        return {"bin": value.hex()}
    if isinstance(value, int) and abs(value) >= 2**53:
        return {"int": str(value)}
    if isinstance(value, dict):
        return {key: plain(inside) for key, inside in value.items()}
    return [plain(inside) for inside in value] if isinstance(value, list) else value


def vectors():
    for name, message, number, fields, body in GOOD:
        frames = [b"WR\x01" + bytes([number]), msgpack.packb(fields, use_bin_type=True)]
        vector = {"name": name, "message": message, "fields": plain(fields)}
        if body is not None:
            frames.append(body if isinstance(body, bytes) else msgpack.packb(body, use_bin_type=True))
            vector["body"] = plain(body)
        yield {**vector, "frames": [frame.hex() for frame in frames]}
    for name, error, frames in REFUSED:
        yield {"name": name, "error": error, "frames": [frame.hex() for frame in frames]}


def write_seeds(path):
    """message-N is frame 0 and the header in one, scan-N any frame that should be msgpack."""
    path.mkdir(parents=True, exist_ok=True)
    for number, vector in enumerate(vectors()):
        frames = [bytes.fromhex(frame) for frame in vector["frames"]]
        (path / ("message-%d" % number)).write_bytes(b"".join(frames[:2]))
        for place, frame in enumerate(frames[1:]):
            (path / ("scan-%d-%d" % (number, place))).write_bytes(frame)


def main():
    if sys.argv[1:2] == ["--seeds"]:
        write_seeds(pathlib.Path(sys.argv[2]))
        return
    text = "[\n" + ",\n".join(json.dumps(vector, ensure_ascii=False) for vector in vectors()) + "\n]\n"
    path = pathlib.Path(__file__).with_name("vectors.json")
    if sys.argv[1:] == ["--check"]:
        if path.read_text(encoding="utf-8") != text:
            sys.exit("proto/vectors/vectors.json is stale: run proto/vectors/make.py")
        return
    path.write_text(text, encoding="utf-8")


main()
