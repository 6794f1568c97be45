"""wireroom: push articles to a wire room, follow what changes, ask for what is filed.

    from wireroom import Client

    with Client("ipc:///run/wireroom/submit.sock") as w:
        receipt = w.submit({"uri": "a:1", "headlines": [{"value": "..."}]}, source="dpa")
        print(receipt.items[0].outcome, receipt.items[0].seq)
        for change in w.follow():  # from now on
            print(change.seq, change.kind, change.uri)

`wireroom.aio.Client` is the same with `async with`, `await` and `async for`.
"""
from . import aio
from .client import Client
from .errors import (AckAhead, AheadOfHead, BadContent, BadMessage, BadToken, Busy, CannotFollow,
                     Draining, EpochChanged, Gated, IdReused, NodeFailed, NoHello, NoRoom,
                     NoServer, NotAllowed, NotFound, NotYet, OverCredit, ProtocolError, Refused,
                     Settled, SourceMissing, SourceNotYours, StillUnread, StoreFull, TooLarge, TooOld, UnknownFormat,
                     UnknownPeer, WireroomError)
from .model import Advice, Change, Entry, ItemError, Receipt, ReceiptItem, Status, Submission

__all__ = ["AckAhead", "Advice", "AheadOfHead", "BadContent", "BadMessage", "BadToken", "Busy",
           "CannotFollow", "Change", "Client", "Draining", "Entry", "EpochChanged", "Gated", "IdReused",
           "ItemError", "NoHello", "NoRoom", "NoServer", "NodeFailed", "NotAllowed", "NotFound",
           "NotYet", "OverCredit", "ProtocolError", "Receipt", "ReceiptItem", "Refused",
           "Settled", "SourceMissing", "SourceNotYours", "Status", "StillUnread", "StoreFull", "Submission", "TooLarge",
           "TooOld", "UnknownFormat", "UnknownPeer", "WireroomError", "aio"]
__version__ = "0.1.0"
