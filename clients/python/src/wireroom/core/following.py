"""A follower's place in the feed: where to open, what came, what is granted and dealt with.

The place is kept so that a lost connection costs nothing: after OPENED it is (epoch, seq),
after an EVENT its cursor. Rows that come twice are dropped, a row that is missing raises.
"""
from __future__ import annotations

from collections import deque
from typing import Any, Iterator, Mapping

from .. import codec
from ..codec import Frames, Heard
from ..errors import ProtocolError, Refused, refusal
from ..model import Change
from .machine import RETRY_S

GRANT_BYTES = 1 << 20
GRANT_MESSAGES = 64
FROM_HEAD = 2**64 - 1


class Following:
    """Without a place: only what is new. ready holds changes to be taken with take()."""

    def __init__(self, *, after: int | None = None, epoch: int | None = None, since: int | None = None,
                 cursor: bytes | None = None, snapshot: bool = False, bodies: str = "rows") -> None:
        if sum(x is not None for x in (after, since, cursor)) + bool(snapshot) > 1:
            raise ValueError("name one place: after, since, cursor or snapshot")
        if after is None and since is None and cursor is None and not snapshot:
            after = FROM_HEAD
        self._place: dict[str, Any] = {"after": after, "epoch": epoch, "since": since, "cursor": cursor,
                                       "snapshot": True if snapshot else None}
        self._bodies = bodies
        codec.encode("OPEN", {**self._place, "bodies": bodies})  # faults show here
        self._open = self._asked = False
        self._not_before = 0.0
        self._bytes = self._messages = 0  # credit out; bytes go below zero by what an EVENT overdrew
        self._acked = self._dealt = 0
        self.ready: deque[Change] = deque()
        self.in_snapshot = snapshot
        self.last: int | None = None  # seq of the last change heard in order
        self.head: int | None = None
        self.refused: Refused | None = None

    # ---- said

    def welcome(self, header: Mapping[str, Any]) -> None:
        self._open = self._asked = False
        self._bytes = self._messages = 0
        self._acked = 0

    def to_send(self, now: float) -> Iterator[Frames]:
        if not self._asked and now >= self._not_before:
            self._asked = True
            yield codec.encode("OPEN", {**self._place, "bodies": self._bodies})
        if not self._open:
            return
        if self._dealt > self._acked and not self.in_snapshot:
            self._acked = self._dealt
            yield codec.encode("ACK", {"seq": self._dealt})
        more = self._grant()
        if more:
            yield more

    def _grant(self) -> Frames | None:
        """Fills the window up when half of it is used; not while changes wait to be taken."""
        if self.ready or (self._bytes > GRANT_BYTES // 2 and self._messages > GRANT_MESSAGES // 2):
            return None
        more = {"bytes": GRANT_BYTES - self._bytes, "messages": GRANT_MESSAGES - self._messages}
        self._bytes, self._messages = GRANT_BYTES, GRANT_MESSAGES
        return codec.encode("CREDIT", more)

    # ---- heard

    def hear(self, heard: Heard, now: float) -> None:
        if heard.name == "OPENED":
            self._opened(heard.header)
        elif heard.name == "REFUSED" and heard.header["error"] != "NO_HELLO":
            self._refused(refusal(heard.header), now)
        elif not self._open:
            return
        elif heard.name == "HEAD":
            self.head = heard.header["seq"]
        elif heard.name == "SNAPSHOT_END":
            self.in_snapshot = False
            self.last = heard.header["seq"]
            self._stand(heard.header["cursor"])
        elif heard.name == "EVENT":
            self._event(heard.header, heard.body or b"")

    def _opened(self, header: Mapping[str, Any]) -> None:
        self._open = True
        self.head = header["head"]
        if self._place.get("snapshot"):
            return
        if self.last is not None and header["after"] != self.last:
            raise ProtocolError("opened after %d, not %d" % (header["after"], self.last))
        self.last = header["after"]
        if self._place.get("cursor") is None:
            self._place.update(after=self.last, epoch=header["epoch"], since=None)

    def _refused(self, error: Refused, now: float) -> None:
        if not error.transient:
            self.refused = error
            return
        self._open = self._asked = False
        self._not_before = now + (error.retry_after or RETRY_S)

    def _stand(self, cursor: bytes) -> None:
        self._place = {"cursor": cursor}

    def _event(self, header: Mapping[str, Any], body: bytes) -> None:
        self._bytes -= len(body)
        self._messages -= 1
        rows = codec.unpack(body)
        if not isinstance(rows, list) or not rows:
            raise ProtocolError("EVENT: its body is no list of changes")
        if header.get("snapshot"):
            self.ready.extend(Change.of_wire(row, True) for row in rows)
            return
        for row in rows:
            self._row(row, header["cursor"] if row is rows[-1] else None)
        self._stand(header["cursor"])
        self.head = max(self.head or 0, header["last"])

    def _row(self, row: Mapping[str, Any], cursor: bytes | None) -> None:
        """The cursor stands behind the last row of an EVENT: only that one is a place."""
        change = Change.of_wire(row, False, cursor)
        if self.last is None or change.seq > self.last + 1:
            raise ProtocolError("a gap in the feed: %d after %s" % (change.seq, self.last))
        if change.seq == self.last + 1:
            self.last = change.seq
            self.ready.append(change)

    # ---- taken

    def take(self) -> Change | None:
        """The next change. Taking one says that those before are dealt with."""
        return self.ready.popleft() if self.ready else None

    def dealt(self, change: Change) -> None:
        """The caller came back for more: change is acknowledged."""
        if not change.snapshot:
            self._dealt = change.seq

    @property
    def at_head(self) -> bool:
        """Everything up to the head is taken."""
        return (self._open and not self.in_snapshot and not self.ready
                and self.head is not None and self.last is not None and self.last >= self.head)

    @property
    def waiting(self) -> bool:
        return not self._open

    @property
    def later(self) -> float | None:
        return None if self._asked else self._not_before
