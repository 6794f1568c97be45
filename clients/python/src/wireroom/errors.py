"""What can go wrong, one class a kind; every refusal carries the daemon's own words."""
from __future__ import annotations

from typing import Any, Mapping

from ._wire import ERRORS


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

    def __init__(self, header: Mapping[str, Any]) -> None:
        self.code: int = header["code"]
        self.error: str = header["error"]
        self.transient: bool = header["transient"]
        self.retry_after: float = header.get("retry_after_ms", 0) / 1000
        self.field: str | None = header.get("field")
        self.at: int | None = header.get("at")
        self.seq: int | None = header.get("seq")
        self.n: int | None = header.get("n")
        super().__init__("%s: %s" % (self.error, header["words"]))


class NotAllowed(Refused):
    """This principal may not do that."""


class IdReused(Refused):
    """The submission id was used for other bytes or hints."""


class TooLarge(Refused):
    """Larger than the daemon takes."""


class TooOld(Refused):
    """The place asked for has expired; seq is the oldest kept."""


class EpochChanged(Refused):
    """The history after this cursor is not the one kept here; seq is the last common one."""


class AheadOfHead(Refused):
    """The place asked for is after the head."""


class AckAhead(Refused):
    """An ack for what was not delivered."""


class NotFound(Refused):
    """There is no such item or revision."""


class Gated(Refused):
    """The item is killed, withheld, embargoed or expired."""


_CLASSES: dict[str, type[Refused]] = {
    "NOT_ALLOWED": NotAllowed, "SOURCE_NOT_YOURS": NotAllowed, "SOURCE_MISSING": NotAllowed,
    "UNKNOWN_PEER": NotAllowed, "ID_REUSED": IdReused, "TOO_LARGE": TooLarge, "TOO_OLD": TooOld,
    "EPOCH_CHANGED": EpochChanged, "AHEAD": AheadOfHead, "ACK_AHEAD": AckAhead,
    "NOT_FOUND": NotFound, "GATED": Gated,
}
BY_NUMBER = {row.number: row for row in ERRORS}


def refusal(header: Mapping[str, Any]) -> Refused:
    """The exception of a REFUSED message."""
    return _CLASSES.get(str(header.get("error")), Refused)(header)
