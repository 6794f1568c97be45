"""Receipts and changes as values. Times are aware datetimes in UTC."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Mapping

EPOCH_START = datetime(1970, 1, 1, tzinfo=timezone.utc)


def moment(us: int) -> datetime:
    return EPOCH_START + timedelta(microseconds=us)


def micros(when: datetime) -> int:
    return (when - EPOCH_START) // timedelta(microseconds=1)


@dataclass(frozen=True)
class ItemError:
    """Why an item was not filed."""
    code: int
    error: str
    transient: bool = False
    words: str = ""
    field: str | None = None
    at: int | None = None


@dataclass(frozen=True)
class ReceiptItem:
    """What became of one item: outcome says what the content was, state whether it is open."""
    outcome: str
    state: str
    source: str
    uri: str | None = None
    version: str | None = None
    revision: int | None = None
    seq: int | None = None
    story: int | None = None
    of: str | None = None
    relation: str | None = None
    score: int | None = None
    warnings: tuple[str, ...] = ()
    error: ItemError | None = None


@dataclass(frozen=True)
class Receipt:
    """The answer to a submission: it is on disk. body holds the bytes, the same for ever."""
    id: bytes
    source: str
    record: int
    time: datetime
    items: tuple[ReceiptItem, ...]
    body: bytes = field(repr=False)

    @property
    def seq(self) -> int:
        """The highest seq that the submission took, 0 if none."""
        return max((item.seq or 0 for item in self.items), default=0)

    @classmethod
    def of_wire(cls, value: Mapping[str, Any], body: bytes) -> "Receipt":
        source = value["source"]
        return cls(id=value["submission"], source=source, record=value["record"],
                   time=moment(value["time"]), body=body,
                   items=tuple(_item(source, item) for item in value["items"]))


def _item(source: str, value: Mapping[str, Any]) -> ReceiptItem:
    error = value.get("error")
    return ReceiptItem(
        outcome=value["outcome"], state=value.get("state", ""), source=source,
        uri=value.get("uri"), version=value.get("version"), revision=value.get("revision"),
        seq=value.get("seq"), story=value.get("story"), of=value.get("of"),
        relation=value.get("relation"), score=value.get("score"),
        warnings=tuple(value.get("warnings", ())),
        error=ItemError(code=error["code"], error=error["error"],
                        transient=error.get("transient", False), words=error.get("words", ""),
                        field=error.get("field"), at=error.get("at")) if error else None)


@dataclass(frozen=True)
class Change:
    """A row of the feed. kind is its class; article is there with bodies="full" while the
    item is open, else gated says why not. cursor, where there is one, is a place to go on
    after this change; between two of them keep the older. row holds everything as it came."""
    seq: int
    epoch: int
    kind: str
    source: str
    uri: str
    time: datetime
    version: str | None
    revision: int
    previous: int | None
    language: str | None
    urgency: int | None
    state: str | None
    headline: str | None
    gated: str | None
    snapshot: bool
    cursor: bytes | None = field(repr=False)
    article: Mapping[str, Any] | None = field(repr=False)
    row: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of_wire(cls, row: Mapping[str, Any], snapshot: bool = False,
                cursor: bytes | None = None) -> "Change":
        return cls(seq=row["seq"], epoch=row["epoch"], kind=row["class"], source=row["source"],
                   uri=row["uri"], time=moment(row["time"]), version=row.get("version"),
                   revision=row.get("revision", row["seq"]), previous=row.get("previous"),
                   language=row.get("language"), urgency=row.get("urgency"),
                   state=row.get("state"), headline=row.get("headline"),
                   gated=row.get("gated"), snapshot=snapshot, cursor=cursor,
                   article=row.get("article"), row=row)


@dataclass(frozen=True)
class Status:
    """How the daemon is; row holds everything as it came."""
    server: str
    epoch: int
    seq: int
    checkpoint_seq: int
    oldest: int
    items: int
    records: int
    disk_free: int
    full: bool
    row: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of_wire(cls, row: Mapping[str, Any]) -> "Status":
        return cls(server=row["server"], epoch=row["epoch"], seq=row["seq"],
                   checkpoint_seq=row["checkpoint_seq"], oldest=row["oldest"],
                   items=row["items"], records=row["records"], disk_free=row["disk_free"],
                   full=row["full"], row=row)
