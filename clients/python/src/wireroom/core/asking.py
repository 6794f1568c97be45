"""Questions and their answers, by number; what is refused for now is asked again."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Iterator, Mapping

from .. import codec
from ..codec import Frames, Heard
from ..errors import Refused, refusal
from .machine import RETRY_S

ANSWERS = {"GET": "ARTICLE", "LIST": "PAGE", "HISTORY": "PAGE", "RAW": "RAW_DATA", "QUARANTINE": "PAGE",
           "RENORMALIZE": "RENEWAL",
           "STATUS": "STATE", "PING": "PONG"}


@dataclass(eq=False)
class Question:
    """answer is what came for good; refused the last transient refusal on the way to it."""

    n: int
    name: str
    fields: Mapping[str, Any]
    on_answer: Callable[[], None] = field(default=lambda: None)
    sent: bool = False
    not_before: float = 0.0
    answer: Heard | Refused | None = None
    refused: Refused | None = None


class Asking:
    def __init__(self) -> None:
        self._open: dict[int, Question] = {}
        self._n = 0

    def add(self, name: str, fields: Mapping[str, Any]) -> Question:
        self._n += 1
        question = Question(self._n, name, fields)
        self._open[question.n] = question
        return question

    def forget(self, question: Question) -> None:
        self._open.pop(question.n, None)

    def welcome(self, header: Mapping[str, Any]) -> None:
        for question in self._open.values():
            question.sent = False

    def to_send(self, now: float) -> Iterator[Frames]:
        for question in list(self._open.values()):
            if not question.sent and question.not_before <= now:
                question.sent = True
                yield codec.encode(question.name, {"n": question.n, **question.fields})

    def hear(self, heard: Heard, now: float) -> None:
        question = self._open.get(heard.header.get("n", 0))
        if question is None:
            return
        if heard.name == ANSWERS[question.name]:
            question.answer = heard
        elif heard.name == "REFUSED":
            self._refused(question, refusal(heard.header), now)
        if question.answer is not None:
            del self._open[question.n]
            question.on_answer()

    @staticmethod
    def _refused(question: Question, error: Refused, now: float) -> None:
        if not error.transient:
            question.answer = error
            return
        question.refused = error
        question.sent = False
        question.not_before = now + (error.retry_after or RETRY_S)

    @property
    def waiting(self) -> bool:
        return bool(self._open)

    @property
    def later(self) -> float | None:
        return min((q.not_before for q in self._open.values() if not q.sent), default=None)
