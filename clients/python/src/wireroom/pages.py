"""Fields of questions and values of answers: what both clients ask alike."""
from __future__ import annotations

from datetime import datetime
from typing import Any, Iterator

from . import codec
from .codec import Heard
from .errors import ProtocolError
from .model import Change, Entry, micros


def item(source: str | None, uri: str | None, after_seq: int | None, **which: Any) -> dict[str, Any]:
    return {"source": source, "uri": uri, "after_seq": after_seq, **which}


def listing(source: str | None, since: datetime | None, until: datetime | None, limit: int) -> dict[str, Any]:
    return {"source": source, "since": None if since is None else micros(since),
            "until": None if until is None else micros(until), "limit": limit}


def change_of(heard: Heard) -> Change:
    row = codec.unpack(heard.body or b"")
    if not isinstance(row, dict):
        raise ProtocolError("%s: its body is no map" % heard.name)
    return Change.of_wire(row)


def value_of(heard: Heard) -> dict[str, Any]:
    value = codec.unpack(heard.body or b"")
    if not isinstance(value, dict):
        raise ProtocolError("%s: its body is no map" % heard.name)
    return value


def changes_of(heard: Heard) -> Iterator[Change]:
    rows = codec.unpack(heard.body or b"")
    if not isinstance(rows, list):
        raise ProtocolError("%s: its body is no list" % heard.name)
    return (Change.of_wire(row) for row in rows)


def entries_of(heard: Heard) -> Iterator[Entry]:
    rows = codec.unpack(heard.body or b"")
    if not isinstance(rows, list):
        raise ProtocolError("%s: its body is no list" % heard.name)
    return (Entry.of_wire(row) for row in rows)
