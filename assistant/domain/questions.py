"""Questions that a prompt asks and the answers read out of a reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

CONFIDENCE_FLOOR = 0.8
"""Below it nothing is done on a person's behalf: we say what we understood and ask."""


class AnswerType(StrEnum):
    TEXT = "text"
    ITEMS = "items"
    BLOCKER = "blocker"
    NUMBER = "number"
    SCALE = "scale"
    YES_NO = "yes-no"
    CHOICE = "choice"
    DATE = "date"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing a prompt asks.

    ``key`` is stable ("done"); ``text`` is in the reader's language; ``short`` heads the answers in a digest ("Done");
    ``labels`` are the words, in any language, that
    people put before an answer to it ("today", "heute"). ``options`` belong to CHOICE. An ``optional`` question may
    stay without an answer.
    """

    key: str
    text: str
    short: str = ""
    type: AnswerType = AnswerType.TEXT
    labels: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reply says to one question.

    ``text`` is the person's own words. ``value`` is what the type makes of them: a list of strings for ITEMS; for
    BLOCKER a list of ``{"text", "minutes"}`` (empty: nothing is in the way); a float for NUMBER and SCALE; a bool for
    YES_NO; an index into the options for CHOICE; an ISO date for DATE; an address for PERSON; else None.
    ``how`` says where it came from: "numbered", "labelled", "inline", "order", "only", "same-as-before".
    """

    question: str
    text: str
    confidence: float
    how: str
    value: object = None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a reply says to the questions it was asked; ``rest`` is text that fits none of them."""

    answers: Sequence[Answer]
    rest: str = ""

    @property
    def sure(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.confidence >= CONFIDENCE_FLOOR]

    @property
    def unsure(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.confidence < CONFIDENCE_FLOOR]
