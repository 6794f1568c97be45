"""wireroom: push articles to a wire room, follow what changes, ask for what is filed.

    from wireroom import Client

    with Client("ipc:///run/wireroom/submit.sock") as w:
        receipt = w.submit({"uri": "a:1", "headlines": [{"value": "..."}]}, source="dpa")
        print(receipt.items[0].outcome, receipt.items[0].seq)
        for change in w.follow(after=receipt.seq):
            print(change.seq, change.kind, change.uri)

`wireroom.aio.Client` is the same with `async with`, `await` and `async for`.
"""
from . import aio
from .client import Client
from .errors import (AckAhead, AheadOfHead, EpochChanged, Gated, IdReused, NoServer, NotAllowed,
                     NotFound, ProtocolError, Refused, TooLarge, TooOld, WireroomError)
from .model import Change, ItemError, Receipt, ReceiptItem, Status

__all__ = ["AckAhead", "AheadOfHead", "Change", "Client", "EpochChanged", "Gated", "IdReused",
           "ItemError", "NoServer", "NotAllowed", "NotFound", "ProtocolError", "Receipt",
           "ReceiptItem", "Refused", "Status", "TooLarge", "TooOld", "WireroomError", "aio"]
__version__ = "0.1.0"
