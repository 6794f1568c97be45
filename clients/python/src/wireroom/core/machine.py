"""What a connection carries, whatever it is for."""
from __future__ import annotations

from typing import Any, Iterator, Mapping, Protocol

from ..codec import Frames, Heard

RETRY_S = 0.2  # after a transient refusal that names no time of its own


class Machine(Protocol):
    """Told what came, asked what to say; see Submitting, Asking and Following."""

    def welcome(self, header: Mapping[str, Any]) -> None:
        """A connection begins: what was said on an earlier one and not answered counts as unsaid."""

    def to_send(self, now: float) -> Iterator[Frames]:
        """Messages that may leave now. Each is taken as said when it was given."""

    def hear(self, heard: Heard, now: float) -> None:
        """Takes a message that came."""

    @property
    def waiting(self) -> bool:
        """Something is to be said or an answer is owed."""

    @property
    def later(self) -> float | None:
        """When there is more to say without anything coming first, or None."""
