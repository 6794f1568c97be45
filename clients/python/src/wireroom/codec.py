"""The wire, spoken by this client itself: frames to messages and back (docs/protocol.txt)."""
from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple, NoReturn, Sequence

import msgpack

from ._wire import MESSAGES, VERSION, Field, Message
from .errors import ProtocolError

Frames = Sequence[bytes]
MAGIC = b"WR"
BY_NAME: dict[str, Message] = {m.name: m for m in MESSAGES}
BY_NUMBER: dict[int, Message] = {m.number: m for m in MESSAGES}
_TYPES: dict[str, type] = {
    "UINT": int, "INT": int, "BOOL": bool, "STR": str, "BIN": bytes, "LIST": list, "MAP": dict}


class Heard(NamedTuple):
    """A message that came: its name, its fields, and its body if it has one."""

    name: str
    header: dict[str, Any]
    body: bytes | None


def pack(value: Any) -> bytes:
    packed: bytes = msgpack.packb(value, use_bin_type=True)
    return packed


def _no_extension(code: int, data: bytes) -> NoReturn:
    raise ValueError("extension type %d" % code)


def _no_time(values: Iterable[Any]) -> None:
    """Extension -1 is a time to msgpack, which doesn't ask the hook of the others."""
    if any(isinstance(value, msgpack.Timestamp) for value in values):
        _no_extension(-1, b"")


def _map(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    made = dict(pairs)
    if len(made) != len(pairs) or not all(isinstance(key, str) for key in made):
        raise ValueError("a map has a key twice, or one that is no text")
    _no_time(made.values())
    return made


def _list(values: list[Any]) -> list[Any]:
    _no_time(values)
    return values


def unpack(data: bytes) -> Any:
    """One msgpack value by the rules of the protocol: text keys, each once; no extensions;
    nothing behind it."""
    try:
        value = msgpack.unpackb(data, raw=False, strict_map_key=True, object_pairs_hook=_map,
                                list_hook=_list, ext_hook=_no_extension, timestamp=0)
        _no_time([value])
        return value
    except (ValueError, TypeError, msgpack.UnpackException) as error:
        raise ProtocolError("not the msgpack of the protocol: %s" % error) from error


def encode(name: str, fields: Mapping[str, Any], body: bytes | None = None) -> list[bytes]:
    """The frames of a message; fields that are None are left out. ValueError names a field
    that the daemon would refuse."""
    message = BY_NAME[name]
    header = {key: value for key, value in fields.items() if value is not None}
    unknown = header.keys() - {row.name for row in message.fields}
    fault = _fault(message, header) or ("no field %s" % min(unknown) if unknown else None)
    if (body is None) != (message.body == "NONE"):
        fault = fault or "a body is %s" % ("missing" if body is None else "not part of it")
    if fault:
        raise ValueError("%s: %s" % (name, fault))
    frames = [MAGIC + bytes((VERSION, message.number)), pack(header)]
    return frames if body is None else frames + [body]


def decode(frames: Frames) -> Heard | None:
    """The message, or None for one of a newer protocol. ProtocolError: it breaks this one."""
    if not frames or len(frames[0]) != 4 or frames[0][:2] != MAGIC:
        raise ProtocolError("frame 0 is not of the protocol")
    message = BY_NUMBER.get(frames[0][3])
    if frames[0][2] != VERSION or message is None:
        return None
    wanted = 2 if message.body == "NONE" else 3
    if len(frames) != wanted:
        raise ProtocolError("%s: %d frames, not %d" % (message.name, len(frames), wanted))
    header = unpack(frames[1])
    fault = _fault(message, header) if isinstance(header, dict) else "its header is no map"
    if fault:
        raise ProtocolError("%s: %s" % (message.name, fault))
    return Heard(message.name, header, frames[2] if wanted == 3 else None)


def _fault(message: Message, header: Mapping[str, Any]) -> str | None:
    for row in message.fields:
        if row.name not in header:
            if row.required:
                return "%s is missing" % row.name
            continue
        wrong = _wrong(row, header[row.name])
        if wrong:
            return "%s %s" % (row.name, wrong)
    return None


def _wrong(row: Field, value: Any) -> str | None:
    right: bool = isinstance(value, _TYPES[row.type])
    if not right or isinstance(value, bool) != (row.type == "BOOL"):
        return "has the wrong type"
    size: int = value if isinstance(value, int) else len(
        value.encode() if isinstance(value, str) else value)
    return None if row.type == "BOOL" or row.min <= size <= row.max else "is out of range"
