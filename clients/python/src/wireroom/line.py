"""A machine of the protocol on a socket, for ordinary programs: connects, begins anew when
the connection is lost, carries frames both ways. Runs on the caller's thread alone."""
from __future__ import annotations

import time
from typing import Any, Callable, Mapping, TypeVar

import zmq

from . import codec
from .codec import Frames
from .core import Machine, Session
from .errors import NoServer

LINGER_MS = 200  # for BYE to leave
PATIENCE_S = (1.0, 2.0, 4.0)  # for an answer to HELLO; then a new connection is made


S = TypeVar("S", bound="zmq.Socket[Any]")


def dealer(socket: S, address: str) -> S:
    """Makes a DEALER what this protocol wants: credit bounds what is queued, no high-water mark."""
    socket.setsockopt(zmq.LINGER, 0)
    socket.setsockopt(zmq.SNDHWM, 0)
    socket.setsockopt(zmq.RCVHWM, 0)
    socket.setsockopt(zmq.RECONNECT_IVL, 50)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, 1000)
    try:
        socket.connect(address)
    except zmq.ZMQError as error:
        socket.close()  # an open one would hold up the end of its context for ever
        raise ValueError('"%s" is no address of a socket (%s): give it as ipc:///run/wireroom/submit.sock'
                         " or tcp://127.0.0.1:5561" % (address, str(error).lower())) from error
    return socket


class Greeting:
    """How often a connection was begun without an answer, and since when."""

    def __init__(self, address: str, timeout: float) -> None:
        self._address, self._timeout = address, timeout
        self._tries = 0
        self._since: float | None = None

    def patience(self, now: float) -> float:
        """For the next try. NoServer when time is up."""
        self._since = now if self._since is None else self._since
        self.check(now)
        self._tries += 1
        return PATIENCE_S[min(self._tries, len(PATIENCE_S)) - 1]

    def check(self, now: float) -> None:
        if self._since is not None and now - self._since >= self._timeout:
            self.answered()  # whoever tries again has all the time again
            raise NoServer("no wireroom at %s: no answer in %.1f s" % (self._address, self._timeout))

    def answered(self) -> None:
        self._tries, self._since = 0, None


class Line:
    def __init__(self, context: "zmq.Context[Any]", address: str, hello: Mapping[str, Any],
                 machine: Machine, timeout: float) -> None:
        self._context, self.address, self._hello = context, address, hello
        self._machine = machine
        self._greeting = Greeting(address, timeout)
        self._socket: "zmq.Socket[bytes] | None" = None
        self.welcome: dict[str, Any] | None = None
        self._connect(time.monotonic())

    def _connect(self, now: float) -> None:
        if self._socket is not None:
            self._socket.close()
        self._session = Session(self._hello, now, self._greeting.patience(now))
        hello = self._session.begin()  # faults show before there is a socket to leave open
        self._socket = dealer(self._context.socket(zmq.DEALER), self.address)
        self._say(hello)

    def _say(self, frames: Frames) -> None:
        assert self._socket is not None
        self._socket.send_multipart(frames, copy=False)
        self._session.said(time.monotonic())

    def run(self, until: Callable[[], bool], seconds: float | None = None) -> bool:
        """Carries messages until something is so; False when that many seconds passed before."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while not until():
            now = time.monotonic()
            if deadline is not None and now >= deadline:
                return False
            self._turn(now, deadline)
        return True

    def _turn(self, now: float, deadline: float | None) -> None:
        if self._session.is_lost(now):
            self._lost(now)
        elif self._session.welcome is None:
            self._greeting.check(now)
        self._speak(now)
        assert self._socket is not None
        if self._socket.poll(self._wait_ms(now, deadline)):
            self._listen()

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

    def _wait_ms(self, now: float, deadline: float | None) -> int:
        times = [now + 0.2, self._session.next_beat(self._machine.waiting)]
        times += [t for t in (deadline, self._machine.later) if t is not None and t > now]
        return max(1, int((min(times) - now) * 1000))

    def _listen(self) -> None:
        assert self._socket is not None
        while True:
            try:
                frames = self._socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            self._take(frames)

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

    def flush(self) -> None:
        """What can be sent without waiting leaves now."""
        if not self._session.is_lost(time.monotonic()):
            self._speak(time.monotonic())

    def close(self) -> None:
        if self._socket is not None:
            if self._session.welcome is not None:
                self._say(codec.encode("BYE", {}))
            self._socket.close(linger=LINGER_MS)
            self._socket = None
