"""The state of a connection without its socket: submissions under credit, and the place of
a follower. Both clients, sync and asyncio, stand on these."""
from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Iterator, Mapping

from . import codec
from .errors import ProtocolError, Refused, TooLarge, refusal
from .model import Change, Receipt

HINTS = ("source", "format", "issue_date", "page", "language", "zone", "charset", "all_or_nothing")
WANT_BYTES = 4 << 20
WANT_MESSAGES = 1024


def document(what: Mapping[str, Any] | bytes | str, format: str | None) -> tuple[bytes, str | None]:
    """Bytes and format word: a mapping is wireroom's own article, text is UTF-8."""
    if isinstance(what, str):
        return what.encode(), format
    if isinstance(what, (bytes, bytearray, memoryview)):
        return bytes(what), format
    return codec.pack(dict(what)), format or "article"


@dataclass
class Pending:
    n: int
    id: bytes
    hints: dict[str, Any]
    body: bytes
    sent: bool = False
    not_before: float = 0.0
    answer: Receipt | Refused | None = None


class Submitting:
    """Submissions from queueing to their answer. The caller sends what to_send gives and
    hands in what comes; after a lost connection, everything unanswered is sent again."""

    def __init__(self) -> None:
        self.pending: dict[int, Pending] = {}
        self.limit = 0
        self._next = 0
        self._bytes = self._messages = 0
        self._wanted = False
        self.seen = 0  # highest seq receipted

    def add(self, body: bytes, id: bytes | None, hints: Mapping[str, Any]) -> Pending:
        if self.limit and len(body) > self.limit:
            raise TooLarge({"code": 302, "error": "TOO_LARGE", "transient": False,
                            "words": "%d bytes, the limit is %d" % (len(body), self.limit)})
        self._next += 1
        pending = Pending(self._next, id or os.urandom(16), {k: v for k, v in hints.items() if v is not None}, body)
        self.pending[pending.n] = pending
        return pending

    def welcome(self, header: Mapping[str, Any]) -> None:
        self.limit = header["submission_bytes"]
        self._bytes, self._messages = header["credit_bytes"], header["credit_messages"]
        self._wanted = False
        for pending in self.pending.values():
            pending.sent = False

    def to_send(self, now: float) -> Iterator[list[bytes]]:
        """Messages that may leave now. An empty window always admits one submission."""
        inside = sum(p.sent for p in self.pending.values())
        for p in list(self.pending.values()):
            if p.sent or p.not_before > now:
                continue
            if inside and (self._messages < 1 or len(p.body) > self._bytes):
                if not self._wanted:
                    self._wanted = True
                    yield codec.encode("WANT", {"bytes": WANT_BYTES, "messages": WANT_MESSAGES})
                return
            p.sent = True
            inside += 1
            self._bytes -= min(len(p.body), self._bytes)
            self._messages -= min(1, self._messages)
            yield codec.encode("SUBMIT", {"n": p.n, "id": p.id, **p.hints}, p.body)

    def _returned(self, p: Pending) -> None:
        if p.sent:
            self._bytes += len(p.body)
            self._messages += 1
        p.sent = False

    def hear(self, name: str, header: Mapping[str, Any], body: bytes | None, now: float) -> Pending | None:
        """Takes a message; gives the submission that it answered for good."""
        if name == "CREDIT":
            self._bytes += header["bytes"]
            self._messages += header["messages"]
            return None
        p = self.pending.get(header.get("n", 0)) if name in ("RECEIPT", "REFUSED") else None
        if p is None:
            return None
        self._returned(p)
        if name == "RECEIPT":
            if body is None:
                raise ProtocolError("RECEIPT without its body")
            p.answer = Receipt.of_wire(codec.unpack(body), body)
            self.seen = max(self.seen, p.answer.seq)
        else:
            error = refusal(header)
            if error.transient:
                p.not_before = now + (error.retry_after or 0.2)
                return None
            p.answer = error
        del self.pending[p.n]
        return p


GRANT_BYTES = 1 << 20
GRANT_MESSAGES = 64


class Following:
    """A follower's place: where to open, what came, what is acknowledged and granted."""

    def __init__(self, *, after: int | None = None, since: int | None = None,
                 cursor: bytes | None = None, snapshot: bool = False, bodies: str = "rows") -> None:
        if sum(x is not None for x in (after, since, cursor)) + bool(snapshot) > 1:
            raise ValueError("name one place: after, since, cursor or snapshot")
        if after is None and since is None and cursor is None and not snapshot:
            after = 2**64 - 1  # only what is new
        self._after, self._since, self._cursor, self._snapshot = after, since, cursor, snapshot
        self.bodies = bodies
        self.in_snapshot = False
        self.last = 0
        self.head: int | None = None
        self._bytes = self._messages = 0

    def open(self) -> list[bytes]:
        self._bytes = self._messages = 0
        return codec.encode("OPEN", {"after": self._after, "since": self._since, "cursor": self._cursor,
                                     "snapshot": True if self._snapshot else None, "bodies": self.bodies})

    def grant(self) -> list[bytes] | None:
        """More credit, when half of it is used up."""
        if self._bytes > GRANT_BYTES // 2 and self._messages > GRANT_MESSAGES // 2:
            return None
        more = {"bytes": GRANT_BYTES - self._bytes, "messages": GRANT_MESSAGES - self._messages}
        self._bytes, self._messages = GRANT_BYTES, GRANT_MESSAGES
        return codec.encode("CREDIT", more)

    def ack(self) -> list[bytes] | None:
        return codec.encode("ACK", {"seq": self.last}) if self.last and not self.in_snapshot else None

    def _stand(self, cursor: bytes) -> None:
        self._after = self._since = None
        self._snapshot = False
        self._cursor = cursor

    def opened(self, header: Mapping[str, Any]) -> None:
        self.head = header["head"]
        self.in_snapshot = self._snapshot
        if not self._snapshot:
            self.last = max(self.last, header["after"])

    def hear(self, name: str, header: Mapping[str, Any], body: bytes | None) -> list[Change]:
        if name == "HEAD":
            self.head = header["seq"]
        elif name == "SNAPSHOT_END":
            self.in_snapshot = False
            self.last = header["seq"]
            self._stand(header["cursor"])
        elif name == "EVENT":
            return self._event(header, body or b"")
        return []

    def _event(self, header: Mapping[str, Any], body: bytes) -> list[Change]:
        snapshot = bool(header.get("snapshot"))
        rows = codec.unpack(body)
        self._bytes = max(0, self._bytes - len(body))
        self._messages = max(0, self._messages - 1)
        self.head = max(self.head or 0, header["last"])
        # The cursor stands behind the last row: only that one may be kept as a place.
        changes = [Change.of_wire(row, snapshot, header["cursor"] if row is rows[-1] and not snapshot else None)
                   for row in rows]
        if not snapshot:
            fresh = [c for c in changes if c.seq > self.last]
            if fresh and self.last and fresh[0].seq != self.last + 1:
                raise ProtocolError("a gap: %d after %d" % (fresh[0].seq, self.last))
            if fresh:
                self.last = fresh[-1].seq
            self._stand(header["cursor"])
            return fresh
        return changes

    @property
    def at_head(self) -> bool:
        return not self.in_snapshot and self.head is not None and self.last >= self.head
