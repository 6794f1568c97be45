"""The protocol without sockets: each class is told what came and asked what to say, and
knows no clock but the one it is handed. Both clients, sync and asyncio, only carry frames.

A Session keeps one connection: greeting, heartbeats, its end. On it works one Machine:
Submitting (submissions under credit), Asking (questions) or Following (a place in the
feed). After a lost connection the next one is welcomed, and the machine says again what
has no answer.
"""
from .asking import Asking, Question
from .following import Following
from .machine import Machine
from .session import Session
from .submitting import Pending, Submitting, document

__all__ = ["Asking", "Following", "Machine", "Pending", "Question", "Session", "Submitting", "document"]
