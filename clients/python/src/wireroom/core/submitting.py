"""Submissions from queueing to their answer, under the daemon's credit.

The window is kept as the daemon keeps it: what was granted in all against what is inside,
so that both sides always agree on whether one more fits.
"""
from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Callable, Iterator, Mapping

from .. import codec
from ..codec import Frames, Heard
from ..errors import ProtocolError, Refused, TooLarge, refusal
from ..model import Advice, Receipt
from .machine import RETRY_S

WANT_BYTES = 4 << 20
WANT_MESSAGES = 1024


def document(what: Mapping[str, Any] | bytes | str, format: str | None) -> tuple[bytes, str | None]:
    """Bytes and format word: a mapping is wireroom's own article, text is UTF-8."""
    if isinstance(what, str):
        return what.encode(), format
    if isinstance(what, (bytes, bytearray, memoryview)):
        return bytes(what), format
    return codec.pack(dict(what)), format or "article"


@dataclass(eq=False)
class Pending:
    """answer is what came for good; refused the last transient refusal on the way to it."""

    n: int
    id: bytes
    hints: dict[str, Any]
    body: bytes
    name: str = "SUBMIT"
    on_answer: Callable[[], None] = field(default=lambda: None)
    sent: bool = False
    forgotten: bool = False
    not_before: float = 0.0
    answer: Receipt | Advice | Refused | None = None
    refused: Refused | None = None

    @property
    def frame(self) -> bytes | None:
        return None if self.name == "SETTLE" else self.body

    def header(self) -> dict[str, Any]:
        return {"n": self.n, **({"id": self.id} if self.id else {}), **self.hints}


def _given(hints: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in hints.items() if value is not None}


class Submitting:
    def __init__(self) -> None:
        self._pending: dict[int, Pending] = {}
        self._queue: deque[Pending] = deque()  # not sent yet, oldest first
        self._again: list[Pending] = []  # refused for now
        self._limit = 0
        self._next = 0
        self._granted_bytes = self._granted_messages = 0
        self._inside_bytes = self._inside_messages = 0
        self._wanted = False
        self.seen = self.seen_record = 0  # highest seq and record receipted

    def ask(self, body: bytes, hints: Mapping[str, Any]) -> Pending:
        """Queues a dry run: what would become of it? It has no id, and its answer is Advice."""
        return self._queued(Pending(self._next + 1, b"", _given(hints), body, "DRYRUN"))

    def settle(self, record: int, verb: str) -> Pending:
        """Queues a verb on an entry of the quarantine. It has no body and no id of ours."""
        return self._queued(Pending(self._next + 1, b"", {"record": record, "verb": verb}, b"", "SETTLE"))

    def add(self, body: bytes, id: bytes | None, hints: Mapping[str, Any]) -> Pending:
        """Queues a submission. TooLarge before anything is sent: libzmq would drop the
        connection without a word."""
        return self._queued(Pending(self._next + 1, id or os.urandom(16), _given(hints), body))

    def _queued(self, pending: Pending) -> Pending:
        if self._limit and len(pending.body) > self._limit:
            raise self._too_large(pending.body)
        self._next = pending.n
        codec.encode(pending.name, pending.header(), pending.frame)  # faults show here
        self._pending[pending.n] = pending
        self._queue.append(pending)
        return pending

    def _too_large(self, body: bytes) -> TooLarge:
        return TooLarge({"code": 302, "error": "TOO_LARGE", "transient": False,
                         "words": "%d bytes, the limit is %d" % (len(body), self._limit)})

    def forget(self, pending: Pending) -> None:
        """Its answer is not waited for any more. What is inside counts until it is answered,
        but is not sent again."""
        if pending.sent:
            pending.forgotten = True
        else:
            self._pending.pop(pending.n, None)

    def welcome(self, header: Mapping[str, Any]) -> None:
        self._limit = header["submission_bytes"]
        self._granted_bytes, self._granted_messages = header["credit_bytes"], header["credit_messages"]
        self._inside_bytes = self._inside_messages = 0
        self._wanted = False
        self._again = []
        self._pending = {n: p for n, p in self._pending.items() if not p.forgotten}
        self._queue = deque(self._pending.values())
        for pending in self._queue:
            pending.sent = False

    def _fits(self, size: int) -> bool:
        """An empty window always admits one submission."""
        return self._inside_messages == 0 or (
            self._inside_messages < self._granted_messages
            and self._inside_bytes + size <= self._granted_bytes)

    def _wake(self, now: float) -> None:
        due = [p for p in self._again if p.not_before <= now]
        self._again = [p for p in self._again if p.not_before > now]
        self._queue.extendleft(reversed(due))

    def to_send(self, now: float) -> Iterator[Frames]:
        self._wake(now)
        while self._queue:
            p = self._queue[0]
            if p.n not in self._pending:
                self._queue.popleft()
            elif len(p.body) > self._limit:  # another daemon took more when this was added
                self._queue.popleft()
                self._end(p, self._too_large(p.body))
            elif self._fits(len(p.body)):
                self._queue.popleft()
                p.sent = True
                self._inside_bytes += len(p.body)
                self._inside_messages += 1
                yield codec.encode(p.name, p.header(), p.frame)
            else:
                if not self._wanted:
                    self._wanted = True
                    yield codec.encode("WANT", {"bytes": WANT_BYTES, "messages": WANT_MESSAGES})
                return

    def hear(self, heard: Heard, now: float) -> None:
        if heard.name == "CREDIT":
            self._granted_bytes += heard.header["bytes"]
            self._granted_messages += heard.header["messages"]
        p = self._pending.get(heard.header.get("n", 0))
        if p is None or not p.sent:
            return
        if heard.name == "RECEIPT":
            self._receipted(p, heard)
        elif heard.name == "ADVICE":
            self._answered(p, Advice.of_wire(codec.unpack(heard.body or b"")))
        elif heard.name == "REFUSED":
            self._refused(p, refusal(heard.header), now)

    def _left(self, p: Pending) -> None:
        p.sent = False
        self._inside_bytes -= len(p.body)
        self._inside_messages -= 1

    def _receipted(self, p: Pending, heard: Heard) -> None:
        receipt = Receipt.of_wire(codec.unpack(heard.body or b""), heard.body or b"")
        if p.id and receipt.id != p.id:
            raise ProtocolError("a receipt for another submission under n %d" % p.n)
        self.seen = max(self.seen, receipt.seq)
        self.seen_record = max(self.seen_record, receipt.record)
        self._answered(p, receipt)

    def _answered(self, p: Pending, answer: Receipt | Advice | Refused) -> None:
        self._left(p)
        self._end(p, answer)

    def _end(self, p: Pending, answer: Receipt | Advice | Refused) -> None:
        p.answer = answer
        del self._pending[p.n]
        p.on_answer()

    def _refused(self, p: Pending, error: Refused, now: float) -> None:
        if not error.transient or p.forgotten:
            self._answered(p, error)
            return
        self._left(p)
        p.refused = error
        p.not_before = now + (error.retry_after or RETRY_S)
        self._again.append(p)

    @property
    def waiting(self) -> bool:
        return bool(self._pending)

    @property
    def later(self) -> float | None:
        return min((p.not_before for p in self._again), default=None)
