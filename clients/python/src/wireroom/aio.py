"""The client for asyncio: the same calls, awaited, on the same machines of the protocol.

    async with aio.Client("ipc:///run/wireroom/submit.sock") as w:
        receipt = await w.submit({...}, source="dpa")
        async for change in w.follow(): ...

Any number of tasks of one event loop may use a client at once: their submissions share one
connection and its credit, their answers come as they are ready.
"""
from __future__ import annotations

import asyncio
import time
from collections import deque
from datetime import datetime
from types import TracebackType
from typing import Any, AsyncIterable, AsyncIterator, Callable, Iterable, Mapping

import zmq
import zmq.asyncio

from . import codec, pages
from .client import ANSWER_S, address_of, hello_of, place_of
from .codec import Frames
from .core import Asking, Following, Machine, Pending, Session, Submitting, document
from .errors import NoServer, Refused, WireroomError
from .line import LINGER_MS, Greeting, dealer
from .model import Advice, Change, Entry, Receipt, Status, Submission


class Line:
    """As wireroom.line.Line, on a task of its own. Whoever waits for something is woken by
    news: whenever a message came or the line failed."""

    def __init__(self, context: zmq.asyncio.Context, address: str, hello: Mapping[str, Any],
                 machine: Machine, timeout: float) -> None:
        self._context, self.address, self._hello = context, address, hello
        self._machine = machine
        self._greeting = Greeting(address, timeout)
        self._kick = asyncio.Event()
        self._waiters: set[asyncio.Future[None]] = set()
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.welcome: dict[str, Any] | None = None
        self._socket: zmq.asyncio.Socket | None = None
        self._connect(time.monotonic())
        self._task = asyncio.create_task(self._run())

    def _connect(self, now: float) -> None:
        if self._socket is not None:
            self._socket.close()
        self._session = Session(self._hello, now, self._greeting.patience(now))
        hello = self._session.begin()  # faults show before there is a socket to leave open
        self._socket = dealer(self._context.socket(zmq.DEALER), self.address)
        self._say(hello)

    def _say(self, frames: Frames) -> None:
        """Without a high-water mark a send is done when it returns."""
        assert self._socket is not None
        self._socket.send_multipart(frames, flags=zmq.NOBLOCK)
        self._session.said(time.monotonic())

    def kick(self) -> None:
        """The machine has something new to say; a line that failed tries again."""
        self._kick.set()
        if self._failed.done():
            self._failed = asyncio.get_running_loop().create_future()
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        reading: asyncio.Future[Any] | None = None
        try:
            while True:
                now = time.monotonic()
                if self._session.is_lost(now):
                    reading = None  # it goes with its socket
                    self._lost(now)
                elif self._session.welcome is None:
                    self._greeting.check(now)
                self._speak(now)
                assert self._socket is not None
                reading = reading or asyncio.ensure_future(self._socket.recv_multipart())
                await self._wait(reading, now)
                if reading.done():
                    self._take(reading.result())
                    reading = None
        except WireroomError as error:
            self._failed.set_exception(error)
            self._failed.exception()  # it may have been nobody's business
            self._tell()
        finally:
            if reading is not None and not reading.done():
                reading.cancel()

    async def _wait(self, reading: "asyncio.Future[Any]", now: float) -> None:
        kicked = asyncio.ensure_future(self._kick.wait())
        try:
            await asyncio.wait({reading, kicked}, timeout=self._seconds(now),
                               return_when=asyncio.FIRST_COMPLETED)
        finally:
            kicked.cancel()
        self._kick.clear()

    def _seconds(self, now: float) -> float:
        times = [now + 0.2, self._session.next_beat(self._machine.waiting)]
        later = self._machine.later
        if later is not None and later > now:
            times.append(later)
        return max(0.0, min(times) - now)

    def _lost(self, now: float) -> None:
        refused = self._session.refused
        if refused is not None and not refused.transient:
            raise refused
        self._connect(now)

    def _speak(self, now: float) -> None:
        if self._session.welcome is not None:
            for frames in self._machine.to_send(now):
                self._say(frames)
        beat = self._session.due(now, self._machine.waiting)
        if beat:
            self._say(beat)

    def _take(self, frames: list[bytes]) -> None:
        now = time.monotonic()
        heard = self._session.hear(frames, now)
        if heard is None:
            return
        if heard.name == "WELCOME":
            self.welcome = heard.header
            self._greeting.answered()
            self._machine.welcome(heard.header)
        else:
            self._machine.hear(heard, now)
        if heard.name != "HEARTBEAT":
            self._tell()

    def _tell(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def answered(self, future: "asyncio.Future[None]") -> None:
        """Waits for one future alone, however much else comes; raises if the line fails."""
        await asyncio.wait({future, self._failed}, return_when=asyncio.FIRST_COMPLETED)
        if not future.done():
            self._failed.result()

    async def until(self, so: Callable[[], bool], seconds: float | None = None) -> bool:
        """Waits until something is so; False when that many seconds passed before."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while not so():
            if self._failed.done():
                self._failed.result()
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                return False
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.add(waiter)
            await asyncio.wait({waiter}, timeout=left)
            self._waiters.discard(waiter)
        return True

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self._socket is not None and not self._socket.closed:
            if self._session.welcome is not None:
                self._say(codec.encode("BYE", {}))
            self._socket.close(linger=LINGER_MS)


class Client:
    """As wireroom.Client; open it with `async with`."""

    def __init__(self, address: str | None = None, *, principal: str | None = None,
                 timeout: float = 5.0) -> None:
        self._address, self._timeout = address_of(address), timeout
        self._hello = hello_of(principal)
        self._submitting, self._asking = Submitting(), Asking()
        self._lines: list[Line] = []
        self._query: Line | None = None
        self._seen = 0

    async def __aenter__(self) -> "Client":
        self._context = zmq.asyncio.Context()
        try:
            self._submit = self._line(self._address, self._submitting)
            await self._submit.until(lambda: self._submit.welcome is not None)
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        while self._lines:
            await self._lines.pop().close()
        self._context.destroy(linger=LINGER_MS)  # with what a feed that is just ending still holds

    @property
    def welcome(self) -> Mapping[str, Any]:
        """What the daemon said at the last greeting: limits, endpoints, epoch, formats."""
        assert self._submit.welcome is not None
        return self._submit.welcome

    def _line(self, address: str, machine: Machine) -> Line:
        if not address:
            raise NoServer("this daemon does not serve that: it listens on no such socket")
        line = Line(self._context, address, self._hello, machine, self._timeout)
        self._lines.append(line)
        return line

    # ---- submit

    async def submit(self, what: Any, *, format: str | None = None, source: str | None = None,
                     id: bytes | None = None, issue_date: str | None = None, page: str | None = None,
                     language: str | None = None, zone: str | None = None, charset: str | None = None,
                     all_or_nothing: bool | None = None, timeout: float | None = None) -> Receipt:
        """Submits one document and waits for its receipt; see wireroom.Client.submit."""
        answer = await self._until(self._add(Submission(
            what, format=format, source=source, id=id, issue_date=issue_date, page=page,
            language=language, zone=zone, charset=charset, all_or_nothing=all_or_nothing)), timeout)
        assert isinstance(answer, Receipt)
        return answer

    async def dry_run(self, what: Any, *, explain: bool = False, format: str | None = None,
                      source: str | None = None, timeout: float | None = None, **hints: Any) -> Advice:
        """Says what would become of a document; see wireroom.Client.dry_run."""
        asked = Submission(what, format=format, source=source, **hints)
        body, word = document(what, format)
        answer = await self._until(self._awaited(self._submitting.ask(body, {
            **asked.hints(), "format": word, "explain": explain or None})), timeout)
        assert isinstance(answer, Advice)
        return answer

    async def settle(self, record: int, verb: str, *, timeout: float | None = None) -> Receipt:
        """Settles an entry of the quarantine; see wireroom.Client.settle."""
        answer = await self._until(self._awaited(self._submitting.settle(record, verb)), timeout)
        assert isinstance(answer, Receipt)
        return answer

    async def _until(self, asked: "tuple[Pending, asyncio.Future[None]]",
                     timeout: float | None) -> Receipt | Advice:
        pending, answered = asked
        try:
            await asyncio.wait_for(self._submit.answered(answered), timeout)
        except asyncio.TimeoutError:
            raise pending.refused or NoServer("no answer in %s s" % timeout) from None
        finally:
            if pending.answer is None:
                self._submitting.forget(pending)
        assert pending.answer is not None
        if isinstance(pending.answer, Refused):
            raise pending.answer
        return pending.answer

    async def submit_many(self, documents: Iterable[Any] | AsyncIterable[Any], *, window: int = 64,
                          format: str | None = None, source: str | None = None,
                          **hints: Any) -> AsyncIterator[Receipt | Refused]:
        """Submits without waiting in between; see wireroom.Client.submit_many. The documents
        may come from an asynchronous iterator."""
        waiting: deque[tuple[Pending, asyncio.Future[None]]] = deque()
        async for what in _each(documents):
            own = what if isinstance(what, Submission) else Submission(what)
            waiting.append(self._add(own.with_defaults(format=format, source=source, **hints)))
            while len(waiting) >= window or (waiting and waiting[0][0].answer is not None):
                yield await self._answer(*waiting.popleft())
        while waiting:
            yield await self._answer(*waiting.popleft())

    def _add(self, s: Submission) -> tuple[Pending, "asyncio.Future[None]"]:
        body, word = document(s.what, s.format)
        return self._awaited(self._submitting.add(body, s.id, {**s.hints(), "format": word}))

    def _awaited(self, pending: Pending) -> tuple[Pending, "asyncio.Future[None]"]:
        answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        pending.on_answer = lambda: None if answered.done() else answered.set_result(None)
        self._submit.kick()
        return pending, answered

    async def _answer(self, pending: Pending, answered: "asyncio.Future[None]") -> Receipt | Refused:
        await self._submit.answered(answered)
        assert pending.answer is not None and not isinstance(pending.answer, Advice)
        return pending.answer

    # ---- follow

    async def follow(self, *, after: int | None = None, epoch: int | None = None,
                     since: datetime | None = None, cursor: bytes | None = None, snapshot: bool = False,
                     bodies: str = "rows", until_head: bool = False,
                     timeout: float | None = None) -> AsyncIterator[Change]:
        """Changes in order, none missing; see wireroom.Client.follow."""
        place = place_of(after, epoch, since, cursor, snapshot, bodies)
        line = self._line(self.welcome["feed"], place)
        try:
            while await line.until(
                    lambda: bool(place.ready or place.refused or (until_head and place.at_head)), timeout):
                change = place.take()
                if change is None and place.refused:
                    raise place.refused
                if change is None:
                    return
                if not change.snapshot:
                    self._seen = max(self._seen, change.seq)
                yield change
                place.dealt(change)
                if not place.ready:
                    line.kick()
        finally:
            if line in self._lines:
                self._lines.remove(line)
                await line.close()

    # ---- ask

    async def _ask(self, name: str, fields: Mapping[str, Any]) -> codec.Heard:
        if self._query is None:
            self._query = self._line(self.welcome["query"], self._asking)
        question = self._asking.add(name, fields)
        self._query.kick()
        try:
            if not await self._query.until(lambda: question.answer is not None, ANSWER_S):
                raise question.refused or NoServer("no answer from %s" % self._query.address)
        finally:
            self._asking.forget(question)
        if isinstance(question.answer, Refused):
            raise question.answer
        assert question.answer is not None
        return question.answer

    @property
    def _after_seq(self) -> int | None:
        return max(self._seen, self._submitting.seen) or None

    async def get(self, source: str | None = None, uri: str | None = None, *,
                  revision: int | None = None, version: str | None = None) -> Change:
        return pages.change_of(await self._ask("GET", pages.item(
            source, uri, self._after_seq, revision=revision, version=version)))

    def list(self, *, source: str | None = None, since: datetime | None = None,
             until: datetime | None = None, limit: int = 100) -> AsyncIterator[Change]:
        return self._pages("LIST", pages.listing(source, since, until, limit))

    def history(self, source: str, uri: str, *, limit: int = 100) -> AsyncIterator[Change]:
        return self._pages("HISTORY", {"source": source, "uri": uri, "limit": limit})

    async def _pages(self, name: str, fields: dict[str, Any]) -> AsyncIterator[Change]:
        token: bytes | None = None
        while True:
            heard = await self._ask(name, {**fields, "token": token, "after_seq": self._after_seq})
            for change in pages.changes_of(heard):
                yield change
            token = heard.header.get("token")
            if token is None:
                return

    async def quarantine(self, *, source: str | None = None, settled: bool = False,
                         limit: int = 100) -> AsyncIterator[Entry]:
        token: bytes | None = None
        while True:
            heard = await self._ask("QUARANTINE", {
                "source": source, "settled": settled or None, "limit": limit, "token": token,
                "after_record": self._submitting.seen_record or None})
            for entry in pages.entries_of(heard):
                yield entry
            token = heard.header.get("token")
            if token is None:
                return

    async def entry(self, record: int) -> Entry:
        return next(pages.entries_of(await self._ask("QUARANTINE", {
            "record": record, "after_record": self._submitting.seen_record or None})))

    async def raw(self, source: str | None = None, uri: str | None = None, *,
                  revision: int | None = None, record: int | None = None) -> bytes:
        heard = await self._ask("RAW", pages.item(
            source, uri, self._after_seq, revision=revision, record=record))
        return heard.body or b""

    async def renormalize(self, *, source: str | None = None, since: int | None = None,
                          dry_run: bool = False) -> Mapping[str, Any]:
        """Begins to read history again; see wireroom.Client.renormalize."""
        return pages.value_of(await self._ask("RENORMALIZE", {
            "source": source, "since": since, "dry_run": dry_run or None}))

    async def renewal(self) -> Mapping[str, Any]:
        return pages.value_of(await self._ask("RENORMALIZE", {"ask": True}))

    async def status(self) -> Status:
        return Status.of_wire((await self._ask("STATUS", {})).header)

    async def ping(self) -> None:
        await self._ask("PING", {})


async def _each(documents: Iterable[Any] | AsyncIterable[Any]) -> AsyncIterator[Any]:
    if isinstance(documents, AsyncIterable):
        async for what in documents:
            yield what
    else:
        for what in documents:
            yield what
