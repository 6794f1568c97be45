"""The client for ordinary programs. One thread at a time; for asyncio see wireroom.aio."""
from __future__ import annotations

import os
import time
from datetime import datetime
from types import TracebackType
from typing import Any, Iterable, Iterator, Mapping, Sequence

import zmq

from . import codec
from .core import Following, Pending, Submitting, document
from .errors import NoServer, ProtocolError, Refused, refusal
from .model import Change, Receipt, Status, micros

ALIVE_BEATS = 5


class _Link:
    """One DEALER to one ROUTER: greeting, heartbeats, messages."""

    def __init__(self, context: "zmq.Context[Any]", address: str, hello: Mapping[str, Any], timeout: float) -> None:
        self.address = address
        self.socket = context.socket(zmq.DEALER)
        self.socket.setsockopt(zmq.LINGER, 200)
        self.socket.setsockopt(zmq.SNDHWM, 0)
        self.socket.setsockopt(zmq.RCVHWM, 0)
        self.socket.connect(address)
        self.heard = self.sent = time.monotonic()
        self.beat = 1.0
        self.say(codec.encode("HELLO", hello))
        self.welcome = self._greet(timeout)
        self.beat = self.welcome["heartbeat_ms"] / 1000

    def _greet(self, timeout: float) -> dict[str, Any]:
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            for name, header, _ in self.hear(until - time.monotonic()):
                if name == "WELCOME":
                    return header
                if name == "REFUSED":
                    self.close()
                    raise refusal(header)
        self.close()
        raise NoServer("no wireroom at %s: no answer in %.1f s" % (self.address, timeout))

    def say(self, frames: Sequence[bytes]) -> None:
        self.socket.send_multipart(frames, copy=False)
        self.sent = time.monotonic()

    def hear(self, timeout: float) -> Iterator[tuple[str, dict[str, Any], bytes | None]]:
        """What has come, after waiting at most timeout seconds for the first of it."""
        if not self.socket.poll(max(0, int(timeout * 1000) + (timeout > 0))):
            return
        while True:
            try:
                frames = self.socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            self.heard = time.monotonic()
            message = codec.decode(frames)
            if message is not None:
                yield message

    def keep(self, waiting: bool = False) -> bool:
        """Says that we are here; False when the daemon has been silent for too long. Who
        waits for an answer says it more often: a daemon that was started anew doesn't know
        us, and its refusal is how we learn of it."""
        now = time.monotonic()
        if now - self.sent >= (min(self.beat, 0.1) if waiting else self.beat):
            self.say(codec.encode("HEARTBEAT", {}))
        return now - self.heard < ALIVE_BEATS * self.beat

    def close(self) -> None:
        self.socket.close()


class Client:
    """A connection to a wire room; `with` closes it.

    address: of the submit socket, default $WIREROOM_SERVER. principal: who speaks, believed
    only by a daemon started with --open. timeout: seconds of silence before NoServer.
    Transient refusals and lost connections are taken care of inside; other refusals raise.
    """

    def __init__(self, address: str | None = None, *, principal: str | None = None,
                 timeout: float = 5.0) -> None:
        address = address or os.environ.get("WIREROOM_SERVER")
        if not address:
            raise ValueError("no address: name the submit socket, or set WIREROOM_SERVER")
        self._hello = {"client": "wireroom-python 0.1.0", "principal": principal}
        self._timeout = timeout
        self._context: "zmq.Context[Any]" = zmq.Context()
        self._submitting = Submitting()
        self._query: _Link | None = None
        self._n = 0
        self._seen = 0
        self._submit = self._connect(address)
        self._submitting.welcome(self._submit.welcome)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        for link in (self._submit, self._query):
            if link is not None and not link.socket.closed:
                link.say(codec.encode("BYE", {}))
                link.close()
        self._context.term()

    @property
    def welcome(self) -> Mapping[str, Any]:
        """What the daemon said at the greeting: limits, endpoints, epoch, formats."""
        return self._submit.welcome

    def _connect(self, address: str) -> _Link:
        return _Link(self._context, address, self._hello, self._timeout)

    # ---- submit

    def submit(self, what: Any, *, format: str | None = None, source: str | None = None,
               id: bytes | None = None, issue_date: str | None = None, page: str | None = None,
               language: str | None = None, zone: str | None = None, charset: str | None = None,
               all_or_nothing: bool | None = None) -> Receipt:
        """Submits one document and waits for its receipt: then it is on disk.

        what: a mapping (wireroom's own article), bytes or text in some format. id: 16 random
        bytes kept with the document; the same again is always safe."""
        body, format = document(what, format)
        pending = self._submitting.add(body, id, {
            "source": source, "format": format, "issue_date": issue_date, "page": page,
            "language": language, "zone": zone, "charset": charset, "all_or_nothing": all_or_nothing})
        while pending.answer is None:
            self._pump(0.2)
        return self._answer(pending)

    def submit_many(self, documents: Iterable[Any], *, format: str | None = None,
                    source: str | None = None, window: int = 64, **hints: Any) -> Iterator[Receipt | Refused]:
        """Submits one after the other without waiting in between; gives receipts, or
        refusals as values, in the order of the documents."""
        waiting: list[Pending] = []
        for what in documents:
            body, word = document(what, format)
            waiting.append(self._submitting.add(body, None, {"source": source, "format": word, **hints}))
            while len(waiting) >= window or (waiting and waiting[0].answer is not None):
                while waiting[0].answer is None:
                    self._pump(0.2)
                answer = waiting.pop(0).answer
                assert answer is not None
                yield answer
        for pending in waiting:
            while pending.answer is None:
                self._pump(0.2)
            yield pending.answer

    def _answer(self, pending: Pending) -> Receipt:
        answer = pending.answer
        if isinstance(answer, Refused):
            raise answer
        assert answer is not None
        self._seen = max(self._seen, answer.seq)
        return answer

    def _pump(self, timeout: float) -> None:
        link = self._submit
        for frames in self._submitting.to_send(time.monotonic()):
            link.say(frames)
        alive = link.keep(waiting=bool(self._submitting.pending))
        for name, header, body in link.hear(timeout if not self._submitting.pending else min(timeout, 0.1)):
            self._submitting.hear(name, header, body, time.monotonic())
            if name == "BYE" or (name == "REFUSED" and header["error"] == "NO_HELLO"):
                alive = False
        if not alive:
            link.close()
            self._submit = self._connect(link.address)
            self._submitting.welcome(self._submit.welcome)

    # ---- follow

    def follow(self, *, after: int | None = None, since: datetime | None = None,
               cursor: bytes | None = None, snapshot: bool = False, bodies: str = "rows",
               until_head: bool = False, timeout: float | None = None) -> Iterator[Change]:
        """Changes in order, none missing, for ever: over lost connections too. Without a
        place: only what is new. until_head ends at the head, timeout after so many seconds
        without a change."""
        place = Following(after=after, since=micros(since) if since else None, cursor=cursor,
                          snapshot=snapshot, bodies=bodies)
        link = self._open(place)
        quiet = time.monotonic()
        try:
            while not (until_head and place.at_head):
                changes, link = self._hear_feed(link, place)
                for change in changes:
                    self._seen = max(self._seen, change.seq)
                    yield change
                if changes:
                    quiet = time.monotonic()
                    ack = place.ack()
                    if ack:
                        link.say(ack)
                elif timeout is not None and time.monotonic() - quiet > timeout:
                    return
        finally:
            link.close()

    def _open(self, place: Following) -> _Link:
        link = self._connect(self.welcome["feed"])
        link.say(place.open())
        until = time.monotonic() + self._timeout
        while time.monotonic() < until:
            for name, header, _ in link.hear(0.2):
                if name == "REFUSED":
                    link.close()
                    raise refusal(header)
                if name == "OPENED":
                    place.opened(header)
                    grant = place.grant()
                    if grant:
                        link.say(grant)
                    return link
        link.close()
        raise NoServer("no answer from %s" % link.address)

    def _hear_feed(self, link: _Link, place: Following) -> tuple[list[Change], _Link]:
        changes: list[Change] = []
        alive = link.keep()
        for name, header, body in link.hear(0.2):
            if name == "REFUSED" and header["error"] != "NO_HELLO":
                raise refusal(header)
            alive = alive and name not in ("BYE", "REFUSED")
            changes += place.hear(name, header, body)
        grant = place.grant()
        if grant and alive:
            link.say(grant)
        if not alive:
            link.close()
            link = self._open(place)
        return changes, link

    # ---- ask

    def _ask(self, name: str, wanted: str, fields: Mapping[str, Any]) -> tuple[dict[str, Any], bytes | None]:
        for last in (False, True):
            if self._query is None or not self._query.keep():
                if self._query is not None:
                    self._query.close()
                self._query = self._connect(self.welcome["query"])
            self._n += 1
            self._query.say(codec.encode(name, {"n": self._n, **fields}))
            until = time.monotonic() + self._timeout
            lost = False
            while time.monotonic() < until and not lost:
                for got, header, body in self._query.hear(0.2):
                    if got == "REFUSED" and header["error"] == "NO_HELLO" and not last:
                        lost = True
                    elif got == "REFUSED" and header.get("n", self._n) == self._n:
                        raise refusal(header)
                    elif got == wanted and header["n"] == self._n:
                        return header, body
            if not lost:
                raise NoServer("no answer from %s" % self._query.address)
            self._query.close()
            self._query = None
        raise NoServer("no answer")

    @property
    def _after_seq(self) -> int | None:
        return max(self._seen, self._submitting.seen) or None

    def get(self, source: str | None = None, uri: str | None = None, *, revision: int | None = None,
            version: str | None = None) -> Change:
        """One article: the current revision of an item, or the one named. Its text is in
        .article, unless .gated."""
        _, body = self._ask("GET", "ARTICLE", {"source": source, "uri": uri, "revision": revision,
                                               "version": version, "after_seq": self._after_seq})
        return Change.of_wire(codec.unpack(body or b""))

    def list(self, *, source: str | None = None, since: datetime | None = None,
             until: datetime | None = None, limit: int = 100) -> Iterator[Change]:
        """Items, most lately changed first; pages of `limit` are fetched as needed."""
        yield from self._pages("LIST", {"source": source, "since": micros(since) if since else None,
                                        "until": micros(until) if until else None, "limit": limit})

    def history(self, source: str, uri: str, *, limit: int = 100) -> Iterator[Change]:
        """The changes of one item, newest first."""
        yield from self._pages("HISTORY", {"source": source, "uri": uri, "limit": limit})

    def _pages(self, name: str, fields: dict[str, Any]) -> Iterator[Change]:
        token: bytes | None = None
        while True:
            header, body = self._ask(name, "PAGE", {**fields, "token": token, "after_seq": self._after_seq})
            for row in codec.unpack(body or b"\x90"):
                yield Change.of_wire(row)
            token = header.get("token")
            if token is None:
                return

    def raw(self, source: str | None = None, uri: str | None = None, *, revision: int | None = None,
            record: int | None = None) -> bytes:
        """The bytes as the source sent them."""
        _, body = self._ask("RAW", "RAW_DATA", {"source": source, "uri": uri, "revision": revision,
                                                "record": record, "after_seq": self._after_seq})
        if body is None:
            raise ProtocolError("RAW_DATA without its body")
        return body

    def status(self) -> Status:
        header, _ = self._ask("STATUS", "STATE", {})
        return Status.of_wire(header)

    def ping(self) -> float:
        """Seconds that an answer took."""
        begun = time.monotonic()
        self._ask("PING", "PONG", {})
        return time.monotonic() - begun
