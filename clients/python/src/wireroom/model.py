"""Receipts and changes as values. Times are aware datetimes in UTC."""
from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta, timezone
from typing import Any, Mapping

EPOCH_START = datetime(1970, 1, 1, tzinfo=timezone.utc)


def moment(us: int) -> datetime:
    return EPOCH_START + timedelta(microseconds=us)


def _moment(us: int | None) -> datetime | None:
    return None if us is None else moment(us)


def micros(when: datetime) -> int:
    return (when - EPOCH_START) // timedelta(microseconds=1)


@dataclass(frozen=True)
class Submission:
    """A document with its own id and hints, for submit_many: what is a mapping (wireroom's own
    article), bytes or text."""
    what: Any
    format: str | None = None
    source: str | None = None
    id: bytes | None = None
    issue_date: str | None = None
    page: str | None = None
    language: str | None = None
    zone: str | None = None
    charset: str | None = None
    all_or_nothing: bool | None = None

    def hints(self) -> dict[str, Any]:
        """All that stands in SUBMIT beside the id."""
        names = [f.name for f in fields(self) if f.name not in ("what", "id")]
        return {name: getattr(self, name) for name in names}

    def with_defaults(self, **defaults: Any) -> "Submission":
        return replace(self, **{k: v for k, v in defaults.items() if getattr(self, k) is None})


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
    verb: str | None = None  # of a settled entry of the quarantine,
    entry: int | None = None  # and its record

    @property
    def seq(self) -> int:
        """The highest seq that the submission took, 0 if none."""
        return max((item.seq or 0 for item in self.items), default=0)

    @classmethod
    def of_wire(cls, value: Mapping[str, Any], body: bytes) -> "Receipt":
        source = value["source"]
        return cls(id=value["submission"], source=source, record=value["record"],
                   time=moment(value["time"]), body=body,
                   verb=value.get("verb"), entry=value.get("entry"),
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
class Entry:
    """What could not be read. items says why, as ENTRY of the protocol does; state is open,
    retried, released or dropped, settled the record of the verb that did."""
    record: int
    source: str
    time: datetime
    state: str
    settled: int | None
    bytes: int
    items: tuple[Mapping[str, Any], ...]
    row: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of_wire(cls, row: Mapping[str, Any]) -> "Entry":
        return cls(record=row["record"], source=row["source"], time=moment(row["time"]),
                   state=row["state"], settled=row.get("settled"), bytes=row["bytes"],
                   items=tuple(row["items"]), row=row)


@dataclass(frozen=True)
class Advice:
    """What would become of a document, by what was filed up to seq; nothing of it was filed.
    explanation, where it was asked for, says how it was read and what was changed, as
    EXPLANATION of the protocol does."""
    source: str
    format: str
    seq: int
    time: datetime
    items: tuple[ReceiptItem, ...]
    explanation: Mapping[str, Any] | None = field(default=None, repr=False)

    @classmethod
    def of_wire(cls, value: Mapping[str, Any]) -> "Advice":
        source = value["source"]
        return cls(source=source, format=value["format"], seq=value["seq"],
                   time=moment(value["time"]), explanation=value.get("explanation"),
                   items=tuple(_item(source, item) for item in value["items"]))


@dataclass(frozen=True)
class Change:
    """A row of the feed. kind is its class; revision the seq of its content's filing, current
    the item's current revision after it; of names another item, of_seq a row, that it speaks
    of. article is there with bodies="full" while the item is open, headline with "headers"
    too; else gated says why not. cursor, where there is one, is a place to go on after this
    change; between two of them keep the older. row holds everything as it came."""
    seq: int
    epoch: int
    kind: str
    source: str
    uri: str
    time: datetime
    version: str | None
    revision: int
    previous: int | None
    current: int | None
    content: int
    item: int | None
    story: int | None
    of: str | None
    of_seq: int | None
    language: str | None
    urgency: int | None
    subjects: tuple[Any, ...]
    pub_status: str | None
    embargoed_until: datetime | None
    expires: datetime | None
    state: str | None
    record: int | None
    headline: str | None
    gated: str | None
    snapshot: bool
    cursor: bytes | None = field(repr=False)
    article: Mapping[str, Any] | None = field(repr=False)
    row: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of_wire(cls, row: Mapping[str, Any], snapshot: bool = False,
                cursor: bytes | None = None) -> "Change":
        get, revision = row.get, row.get("revision", row["seq"])
        return cls(seq=row["seq"], epoch=row["epoch"], kind=row["class"], source=row["source"],
                   uri=row["uri"], time=moment(row["time"]), version=get("version"),
                   revision=revision, previous=get("previous"), current=get("current"),
                   content=get("content", revision), item=get("item"), story=get("story"),
                   of=get("of"), of_seq=get("of_seq"), language=get("language"),
                   urgency=get("urgency"), subjects=tuple(get("subjects", ())),
                   pub_status=get("pubStatus"), embargoed_until=_moment(get("embargoedUntil")),
                   expires=_moment(get("expires")), state=get("state"), record=get("record"),
                   headline=get("headline"), gated=get("gated"), snapshot=snapshot,
                   cursor=cursor, article=get("article"), row=row)


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
    quarantined: int
    renewing: int | None  # per mille of history that was read again; None: no run is under way
    row: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of_wire(cls, row: Mapping[str, Any]) -> "Status":
        return cls(server=row["server"], epoch=row["epoch"], seq=row["seq"],
                   checkpoint_seq=row["checkpoint_seq"], oldest=row["oldest"],
                   items=row["items"], records=row["records"], disk_free=row["disk_free"],
                   full=row["full"], quarantined=row.get("quarantined", 0),
                   renewing=row.get("renewing"), row=row)
