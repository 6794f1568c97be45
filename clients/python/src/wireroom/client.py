"""The client for ordinary programs. One thread at a time: it holds ZeroMQ sockets, which
belong to one thread; give each thread a client of its own. For asyncio see wireroom.aio."""
from __future__ import annotations

import os
from collections import deque
from datetime import datetime
from types import TracebackType
from typing import Any, Iterable, Iterator, Mapping

import zmq

from . import codec, pages
from .core import Asking, Following, Pending, Submitting, document
from .errors import NoServer, Refused
from .line import Line
from .model import Advice, Change, Entry, Receipt, Status, Submission, micros

SOFTWARE = "wireroom-python 0.1.0"
ANSWER_S = 15.0  # a question that waits for a checkpoint is answered or refused well within


def hello_of(principal: str | None) -> dict[str, Any]:
    return {"client": SOFTWARE, "principal": principal}


def address_of(address: str | None) -> str:
    address = address or os.environ.get("WIREROOM_SERVER")
    if not address:
        raise ValueError("no address: name the submit socket, or set WIREROOM_SERVER")
    return address


def place_of(after: int | None, epoch: int | None, since: datetime | None, cursor: bytes | None,
             snapshot: bool, bodies: str) -> Following:
    return Following(after=after, epoch=epoch, since=None if since is None else micros(since),
                     cursor=cursor, snapshot=snapshot, bodies=bodies)


class Client:
    """A connection to a wire room; `with` closes it.

    address: of the submit socket, default $WIREROOM_SERVER. principal: who speaks, believed
    only by a daemon started with --open. timeout: seconds that the daemon may be away before
    NoServer. Lost connections and transient refusals are taken care of inside: what has no
    receipt is sent again under the same id. Other refusals raise.
    """

    def __init__(self, address: str | None = None, *, principal: str | None = None,
                 timeout: float = 5.0) -> None:
        self._hello = hello_of(principal)
        self._timeout = timeout
        self._context: "zmq.Context[Any]" = zmq.Context()
        self._submitting = Submitting()
        self._asking = Asking()
        self._query: Line | None = None
        self._seen = 0
        self._lines: list[Line] = []
        try:
            self._submit = self._line(address_of(address), self._submitting)
            self._submit.run(lambda: self._submit.welcome is not None)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        while self._lines:
            self._lines.pop().close()
        self._context.term()

    @property
    def welcome(self) -> Mapping[str, Any]:
        """What the daemon said at the last greeting: limits, endpoints, epoch, formats."""
        assert self._submit.welcome is not None
        return self._submit.welcome

    def _line(self, address: str, machine: Submitting | Asking | Following) -> Line:
        if not address:
            raise NoServer("this daemon does not serve that: it listens on no such socket")
        line = Line(self._context, address, self._hello, machine, self._timeout)
        self._lines.append(line)
        return line

    # ---- submit

    def submit(self, what: Any, *, format: str | None = None, source: str | None = None,
               id: bytes | None = None, issue_date: str | None = None, page: str | None = None,
               language: str | None = None, zone: str | None = None, charset: str | None = None,
               all_or_nothing: bool | None = None, timeout: float | None = None) -> Receipt:
        """Submits one document and waits for its receipt: then it is on disk.

        what: a mapping (wireroom's own article), bytes or text in some format. id: 16 random
        bytes kept with the document; the same again is always safe. timeout: give up after
        so many seconds with the last transient refusal, or NoServer; it may have been filed
        all the same, and the same id tells."""
        return self._wait(self._add(Submission(
            what, format=format, source=source, id=id, issue_date=issue_date, page=page,
            language=language, zone=zone, charset=charset, all_or_nothing=all_or_nothing)), timeout)

    def dry_run(self, what: Any, *, explain: bool = False, format: str | None = None,
                source: str | None = None, timeout: float | None = None, **hints: Any) -> Advice:
        """Says what would become of a document, and with explain how it was read and what was
        changed. Nothing is filed; hints are those of submit."""
        asked = Submission(what, format=format, source=source, **hints)
        body, word = document(what, format)
        answer = self._until(self._submitting.ask(body, {
            **asked.hints(), "format": word, "explain": explain or None}), timeout)
        assert isinstance(answer, Advice)
        return answer

    def settle(self, record: int, verb: str, *, timeout: float | None = None) -> Receipt:
        """Does with an entry of the quarantine what a verb says: retry, release or drop. The
        same again gives the same receipt. StillUnread, Settled: nothing was done."""
        return self._wait(self._submitting.settle(record, verb), timeout)

    def submit_many(self, documents: Iterable[Any], *, window: int = 64, format: str | None = None,
                    source: str | None = None, **hints: Any) -> Iterator[Receipt | Refused]:
        """Submits one after the other without waiting in between, as far as credit goes, at
        most `window` at once. Gives receipts, and refusals as values, in the order of the
        documents. A document may be a Submission, with an id and hints of its own."""
        waiting: deque[Pending] = deque()
        for what in documents:
            own = what if isinstance(what, Submission) else Submission(what)
            waiting.append(self._add(own.with_defaults(format=format, source=source, **hints)))
            self._submit.flush()
            while len(waiting) >= window or (waiting and waiting[0].answer is not None):
                yield self._answer(waiting.popleft())
        while waiting:
            yield self._answer(waiting.popleft())

    def _add(self, s: Submission) -> Pending:
        body, word = document(s.what, s.format)
        return self._submitting.add(body, s.id, {**s.hints(), "format": word})

    def _answer(self, pending: Pending) -> Receipt | Refused:
        self._submit.run(lambda: pending.answer is not None)
        assert pending.answer is not None and not isinstance(pending.answer, Advice)
        self._seen = max(self._seen, self._submitting.seen)
        return pending.answer

    def _wait(self, pending: Pending, timeout: float | None) -> Receipt:
        receipt = self._until(pending, timeout)
        assert isinstance(receipt, Receipt)
        self._seen = max(self._seen, self._submitting.seen)
        return receipt

    def _until(self, pending: Pending, timeout: float | None) -> Receipt | Advice:
        try:
            if not self._submit.run(lambda: pending.answer is not None, timeout):
                raise pending.refused or NoServer("no answer in %s s" % timeout)
        except BaseException:
            self._submitting.forget(pending)
            raise
        assert pending.answer is not None
        if isinstance(pending.answer, Refused):
            raise pending.answer
        return pending.answer

    # ---- follow

    def follow(self, *, after: int | None = None, epoch: int | None = None, since: datetime | None = None,
               cursor: bytes | None = None, snapshot: bool = False, bodies: str = "rows",
               until_head: bool = False, timeout: float | None = None) -> Iterator[Change]:
        """Changes in order, none missing, over lost connections too. Without a place: only
        what is new. A snapshot that is broken off begins anew: its rows may come twice.
        until_head ends at the head; timeout after so many seconds without a change. Coming
        back for the next change acknowledges the one before."""
        place = place_of(after, epoch, since, cursor, snapshot, bodies)
        line = self._line(self.welcome["feed"], place)
        try:
            while line.run(lambda: bool(place.ready or place.refused or (until_head and place.at_head)), timeout):
                change = place.take()
                if change is None and place.refused:
                    raise place.refused
                if change is None:
                    return
                if not change.snapshot:
                    self._seen = max(self._seen, change.seq)
                yield change
                place.dealt(change)
        finally:
            if line in self._lines:
                line.flush()
                line.close()
                self._lines.remove(line)

    # ---- ask

    def _ask(self, name: str, fields: Mapping[str, Any]) -> codec.Heard:
        question = self._asking.add(name, fields)
        try:
            if self._query is None:
                self._query = self._line(self.welcome["query"], self._asking)
            if not self._query.run(lambda: question.answer is not None, ANSWER_S):
                raise question.refused or NoServer("no answer from %s" % self._query.address)
        finally:
            self._asking.forget(question)
        if isinstance(question.answer, Refused):
            raise question.answer
        assert question.answer is not None
        return question.answer

    @property
    def _after_seq(self) -> int | None:
        """Highest seq seen: a producer finds what it was receipted."""
        return max(self._seen, self._submitting.seen) or None

    def get(self, source: str | None = None, uri: str | None = None, *, revision: int | None = None,
            version: str | None = None) -> Change:
        """One article: the current revision of an item, or the one named. Its text is in
        .article, unless .gated."""
        return pages.change_of(self._ask("GET", pages.item(
            source, uri, self._after_seq, revision=revision, version=version)))

    def list(self, *, source: str | None = None, since: datetime | None = None,
             until: datetime | None = None, limit: int = 100) -> Iterator[Change]:
        """Items, most lately changed first; pages of `limit` are fetched as needed."""
        return self._pages("LIST", pages.listing(source, since, until, limit))

    def history(self, source: str, uri: str, *, limit: int = 100) -> Iterator[Change]:
        """The changes of one item, newest first."""
        return self._pages("HISTORY", {"source": source, "uri": uri, "limit": limit})

    def _pages(self, name: str, fields: dict[str, Any]) -> Iterator[Change]:
        token: bytes | None = None
        while True:
            heard = self._ask(name, {**fields, "token": token, "after_seq": self._after_seq})
            yield from pages.changes_of(heard)
            token = heard.header.get("token")
            if token is None:
                return

    def quarantine(self, *, source: str | None = None, settled: bool = False,
                   limit: int = 100) -> Iterator[Entry]:
        """What could not be read, newest first; with settled also what was dealt with."""
        token: bytes | None = None
        while True:
            heard = self._ask("QUARANTINE", {"source": source, "settled": settled or None, "limit": limit,
                                             "token": token, "after_record": self._after_record})
            yield from pages.entries_of(heard)
            token = heard.header.get("token")
            if token is None:
                return

    def entry(self, record: int) -> Entry:
        """One entry of the quarantine, with the line at fault."""
        return next(pages.entries_of(self._ask("QUARANTINE", {
            "record": record, "after_record": self._after_record})))

    @property
    def _after_record(self) -> int | None:
        return self._submitting.seen_record or None

    def raw(self, source: str | None = None, uri: str | None = None, *, revision: int | None = None,
            record: int | None = None) -> bytes:
        """The bytes as the source sent them."""
        heard = self._ask("RAW", pages.item(source, uri, self._after_seq, revision=revision, record=record))
        return heard.body or b""

    def renormalize(self, *, source: str | None = None, since: int | None = None,
                    dry_run: bool = False) -> Mapping[str, Any]:
        """Begins to read history again by the rules of today, in the background; gives the map
        RENEWAL of protocol.txt. Busy: a run is under way. For the role admin."""
        return pages.value_of(self._ask("RENORMALIZE", {
            "source": source, "since": since, "dry_run": dry_run or None}))

    def renewal(self) -> Mapping[str, Any]:
        """How far the last run of renormalize has come."""
        return pages.value_of(self._ask("RENORMALIZE", {"ask": True}))

    def status(self) -> Status:
        return Status.of_wire(self._ask("STATUS", {}).header)

    def ping(self) -> None:
        """Returns when the daemon answered."""
        self._ask("PING", {})
