"""The wire, spoken by this client itself: frames to messages and back (docs/protocol.txt)."""
from __future__ import annotations

from typing import Any, Mapping, Sequence

import msgpack

from ._wire import MESSAGES, VERSION, Message
from .errors import ProtocolError

BY_NAME: dict[str, Message] = {m.name: m for m in MESSAGES}
BY_NUMBER: dict[int, Message] = {m.number: m for m in MESSAGES}
_TYPES: dict[str, type | tuple[type, ...]] = {
    "UINT": int, "INT": int, "BOOL": bool, "STR": str, "BIN": bytes, "LIST": list, "MAP": dict}


def pack(value: Any) -> bytes:
    packed: bytes = msgpack.packb(value, use_bin_type=True)
    return packed


def unpack(data: bytes) -> Any:
    try:
        return msgpack.unpackb(data, raw=False, strict_map_key=True)
    except Exception as error:  # msgpack has many
        raise ProtocolError("not msgpack: %s" % error) from error


def encode(name: str, fields: Mapping[str, Any], body: bytes | None = None) -> list[bytes]:
    """The frames of a message; fields that are None are left out."""
    message = BY_NAME[name]
    header = {k: v for k, v in fields.items() if v is not None}
    _check(message, header)
    frames = [b"WR" + bytes((VERSION, message.number)), pack(header)]
    return frames + [body] if body is not None else frames


def decode(frames: Sequence[bytes]) -> tuple[str, dict[str, Any], bytes | None] | None:
    """(name, header, body), or None for what is not of the protocol or newer than this."""
    if len(frames) < 2 or len(frames[0]) != 4 or frames[0][:2] != b"WR" or frames[0][2] != VERSION:
        return None
    message = BY_NUMBER.get(frames[0][3])
    if message is None:
        return None
    header = unpack(frames[1])
    if not isinstance(header, dict):
        raise ProtocolError("%s: its header is no map" % message.name)
    _check(message, header)
    return message.name, header, frames[2] if len(frames) > 2 else None


def _check(message: Message, header: Mapping[str, Any]) -> None:
    for row in message.fields:
        value = header.get(row.name)
        if value is None:
            if row.required:
                raise ProtocolError("%s: %s is missing" % (message.name, row.name))
            continue
        if not isinstance(value, _TYPES[row.type]) or (row.type != "BOOL" and isinstance(value, bool)):
            raise ProtocolError("%s: %s has the wrong type" % (message.name, row.name))
        size = value if row.type in ("UINT", "INT") else 0 if row.type == "BOOL" else \
            len(value.encode()) if row.type == "STR" else len(value)
        if row.type != "BOOL" and not row.min <= size <= row.max:
            raise ProtocolError("%s: %s is out of range" % (message.name, row.name))
