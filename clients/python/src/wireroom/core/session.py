"""One connection from its HELLO on: greeting, heartbeats, and whether it is still one."""
from __future__ import annotations

from typing import Any, Mapping

from .. import codec
from ..codec import Frames, Heard
from ..errors import Refused, refusal

BEATS_TO_DEATH = 5
# Who waits for an answer says more often that it is here: a daemon that was started anew
# does not know us, and its NO_HELLO is how we learn that the answer will not come.
IMPATIENT_S = 0.1


class Session:
    """hello: the fields of HELLO. patience: seconds that its answer may take."""

    def __init__(self, hello: Mapping[str, Any], now: float, patience: float = 5.0) -> None:
        self._hello = hello
        self._patience = patience
        self._begun = self._heard = self._said = now
        self._beat = 1.0
        self._over = False
        self.welcome: dict[str, Any] | None = None
        self.refused: Refused | None = None

    def begin(self) -> Frames:
        return codec.encode("HELLO", self._hello)

    def hear(self, frames: Frames, now: float) -> Heard | None:
        """The message, if it is of a kind that is known here; what concerns the connection
        is taken note of on the way."""
        self._heard = now
        heard = codec.decode(frames)
        if heard is None:
            return None
        if heard.name == "WELCOME":
            self.welcome = heard.header
            self._beat = heard.header["heartbeat_ms"] / 1000
        elif heard.name == "REFUSED" and self.welcome is None:
            self.refused = refusal(heard.header)
            self._over = True
        elif heard.name == "BYE" or (heard.name == "REFUSED" and heard.header["error"] == "NO_HELLO"):
            self._over = True
        return heard

    def said(self, now: float) -> None:
        """Something was sent: no heartbeat is due for a while."""
        self._said = now

    def due(self, now: float, waiting: bool) -> Frames | None:
        """The heartbeat, when it is time for one."""
        if self.welcome is None or now < self.next_beat(waiting):
            return None
        return codec.encode("HEARTBEAT", {})

    def next_beat(self, waiting: bool) -> float:
        return self._said + (min(self._beat, IMPATIENT_S) if waiting else self._beat)

    def is_lost(self, now: float) -> bool:
        """Over in words, or silent for too long: begin another."""
        if self.welcome is None:
            return self._over or now - self._begun > self._patience
        return self._over or now - self._heard > BEATS_TO_DEATH * self._beat
