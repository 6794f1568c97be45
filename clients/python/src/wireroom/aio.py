"""The client for asyncio: the same calls, awaited.

    async with aio.Client("ipc:///run/wireroom/submit.sock") as w:
        receipt = await w.submit({...}, source="dpa")
        async for change in w.follow(after=receipt.seq): ...

It drives the ordinary client in a thread of its own, one call at a time a client; follow
has its own connection, so it and submit may run side by side.
"""
from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, AsyncIterator, Callable, Iterator, TypeVar

from . import client
from .model import Change, Receipt, Status

T = TypeVar("T")
_END = object()


class Client:
    """As wireroom.Client; open it with `async with`."""

    def __init__(self, address: str | None = None, *, principal: str | None = None,
                 timeout: float = 5.0) -> None:
        self._open: Callable[[], client.Client] = lambda: client.Client(
            address, principal=principal, timeout=timeout)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wireroom")
        self._client: client.Client | None = None

    async def _run(self, fn: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, fn)

    @property
    def _it(self) -> client.Client:
        if self._client is None:
            raise RuntimeError("use `async with`")
        return self._client

    async def __aenter__(self) -> "Client":
        self._client = await self._run(self._open)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> None:
        await self._run(self._it.close)
        self._thread.shutdown(wait=False)

    async def submit(self, what: Any, **hints: Any) -> Receipt:
        return await self._run(lambda: self._it.submit(what, **hints))

    async def follow(self, **place: Any) -> AsyncIterator[Change]:
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wireroom-follow")
        loop = asyncio.get_running_loop()
        own = await loop.run_in_executor(thread, self._open)
        changes: Iterator[Change] = own.follow(**place)
        try:
            while True:
                change = await loop.run_in_executor(thread, lambda: next(changes, _END))
                if not isinstance(change, Change):
                    return
                yield change
        finally:
            await loop.run_in_executor(thread, lambda: _close(changes, own))
            thread.shutdown(wait=False)

    async def get(self, source: str | None = None, uri: str | None = None, **which: Any) -> Change:
        return await self._run(lambda: self._it.get(source, uri, **which))

    async def list(self, **which: Any) -> AsyncIterator[Change]:
        for change in await self._run(lambda: [*self._it.list(**which)]):
            yield change

    async def history(self, source: str, uri: str, **which: Any) -> AsyncIterator[Change]:
        for change in await self._run(lambda: [*self._it.history(source, uri, **which)]):
            yield change

    async def raw(self, source: str | None = None, uri: str | None = None, **which: Any) -> bytes:
        return await self._run(lambda: self._it.raw(source, uri, **which))

    async def status(self) -> Status:
        return await self._run(lambda: self._it.status())

    async def ping(self) -> float:
        return await self._run(lambda: self._it.ping())


def _close(changes: Iterator[Change], own: client.Client) -> None:
    close = getattr(changes, "close", None)
    if close:
        close()
    own.close()
