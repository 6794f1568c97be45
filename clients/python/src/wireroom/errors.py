"""What can go wrong: a class for each error number that a program may want to tell apart,
a family for the others of its hundred. Every refusal carries the daemon's own words."""
from __future__ import annotations

from typing import Any, ClassVar, Mapping, Sequence


class WireroomError(Exception):
    """The root of them all."""


class NoServer(WireroomError):
    """Nobody answered at the address within the time given."""


class ProtocolError(WireroomError):
    """What came is not of the protocol."""


class Refused(WireroomError):
    """The daemon refused: nothing was done and nothing is remembered.

    code and error name the row of protocol.txt, ERRORS; transient: the same again later may
    succeed, not before retry_after seconds; field and at name the place; seq is the one that
    the error speaks of (oldest, last common, head).
    """

    numbers: ClassVar[Sequence[int]] = ()

    def __init__(self, header: Mapping[str, Any]) -> None:
        self.code: int = header["code"]
        self.error: str = header["error"]
        self.transient: bool = header["transient"]
        self.retry_after: float = header.get("retry_after_ms", 0) / 1000
        self.field: str | None = header.get("field")
        self.at: int | None = header.get("at")
        self.seq: int | None = header.get("seq")
        self.n: int | None = header.get("n")
        self.words: str = header["words"]
        super().__init__("%s: %s" % (self.error, self.words))


class BadMessage(Refused):
    """1xx: a frame or message that is not of the protocol, or not of this version."""
    numbers: ClassVar[Sequence[int]] = range(100, 200)


class NoHello(BadMessage):
    """This connection has not said HELLO, or was given up. Clients take care of it."""
    numbers: ClassVar[Sequence[int]] = (112,)


class NotAllowed(Refused):
    """2xx: this principal may not do that."""
    numbers: ClassVar[Sequence[int]] = range(200, 300)


class SourceNotYours(NotAllowed):
    """This principal may not speak for this source."""
    numbers: ClassVar[Sequence[int]] = (202,)


class SourceMissing(NotAllowed):
    """No source was named and the principal has more than one."""
    numbers: ClassVar[Sequence[int]] = (203,)


class UnknownPeer(NotAllowed):
    """The daemon does not know who is speaking."""
    numbers: ClassVar[Sequence[int]] = (204,)


class NoRoom(Refused):
    """3xx: load and space."""
    numbers: ClassVar[Sequence[int]] = range(300, 400)


class OverCredit(NoRoom):
    """More was sent than the credit granted."""
    numbers: ClassVar[Sequence[int]] = (301,)


class TooLarge(NoRoom):
    """Larger than the daemon takes; said by this client itself where it knows the limit."""
    numbers: ClassVar[Sequence[int]] = (302,)


class Busy(NoRoom):
    """The daemon has no room for this now."""
    numbers: ClassVar[Sequence[int]] = (303,)


class Draining(NoRoom):
    """The daemon is stopping."""
    numbers: ClassVar[Sequence[int]] = (304,)


class StoreFull(NoRoom):
    """The disk is below its floor; nothing was stored."""
    numbers: ClassVar[Sequence[int]] = (305,)


class IdReused(NoRoom):
    """The submission id was used for other bytes or hints."""
    numbers: ClassVar[Sequence[int]] = (306,)


class BadContent(Refused):
    """4xx: the document. Most of these stand in receipts, as the error of an item."""
    numbers: ClassVar[Sequence[int]] = range(400, 500)


class UnknownFormat(BadContent):
    """No reader knows this format."""
    numbers: ClassVar[Sequence[int]] = (401,)


class CannotFollow(Refused):
    """5xx: feed and query."""
    numbers: ClassVar[Sequence[int]] = range(500, 600)


class TooOld(CannotFollow):
    """The place asked for has expired; seq is the oldest kept."""
    numbers: ClassVar[Sequence[int]] = (501,)


class EpochChanged(CannotFollow):
    """The history after this cursor is not the one kept here; seq is the last common one."""
    numbers: ClassVar[Sequence[int]] = (502,)


class AheadOfHead(CannotFollow):
    """The place asked for is after the head; seq is the head."""
    numbers: ClassVar[Sequence[int]] = (503,)


class AckAhead(CannotFollow):
    """An ack for what was not delivered; seq is the last that was."""
    numbers: ClassVar[Sequence[int]] = (504,)


class NotFound(CannotFollow):
    """There is no such item or revision."""
    numbers: ClassVar[Sequence[int]] = (506,)


class BadToken(CannotFollow):
    """The page token is not one of the daemon's, or has expired."""
    numbers: ClassVar[Sequence[int]] = (507,)


class Gated(CannotFollow):
    """The item is killed, withheld, embargoed or expired."""
    numbers: ClassVar[Sequence[int]] = (508,)


class NotYet(CannotFollow):
    """after_seq has not been reached; seq is the head."""
    numbers: ClassVar[Sequence[int]] = (509,)


class Settled(CannotFollow):
    """The entry of the quarantine was dealt with before, in another way."""
    numbers: ClassVar[Sequence[int]] = (510,)


class StillUnread(CannotFollow):
    """The entry of the quarantine still can't be read; it is kept as it is."""
    numbers: ClassVar[Sequence[int]] = (511,)


class NodeFailed(Refused):
    """6xx: this node has a trouble of its own."""
    numbers: ClassVar[Sequence[int]] = range(600, 700)


def _classes() -> dict[int, type[Refused]]:
    """Families first, so that a class of its own wins."""
    found: dict[int, type[Refused]] = {}
    families = Refused.__subclasses__()
    for kind in families + [kind for family in families for kind in family.__subclasses__()]:
        found.update(dict.fromkeys(kind.numbers, kind))
    return found


_BY_NUMBER = _classes()


def refusal(header: Mapping[str, Any]) -> Refused:
    """The exception of a REFUSED message."""
    return _BY_NUMBER.get(header["code"], Refused)(header)
