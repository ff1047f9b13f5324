"""Records: what rounds and meetings read and write, each with an owner, a history and an audience."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class RecordKind(StrEnum):
    POINT = "point"
    """Something to talk about at a series' next occurrence."""
    ACTION = "action"
    BLOCKER = "blocker"
    DECISION = "decision"
    TAKEAWAY = "takeaway"
    FEEDBACK = "feedback"
    """Its owner is who it is for."""
    PRAISE = "praise"
    """Its owner is who is praised."""
    WIN = "win"
    ASPIRATION = "aspiration"
    SKILL = "skill"
    GAP = "gap"
    """What a development plan holds beside its steps, which are actions."""
    FAQ = "faq"
    """A question and, from the second line on, the answer that was kept for it."""


class RecordState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that an answer asks for; who, where and when are known to the workflow that writes it.

    ``owner`` None means whoever answered. ``minutes`` is the time a blocker is said to need.
    """

    kind: RecordKind
    text: str
    owner: str | None = None
    due: date | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """``id`` is the number people use ("done 12"). ``context`` is the series or team it belongs to."""

    id: int
    kind: RecordKind
    text: str
    owner: str
    author: str
    audience: str
    context: str
    occurrence: str
    state: RecordState
    opened_at: datetime
    closed_at: datetime | None = None
    due: date | None = None
    minutes: int | None = None


_WORD, _STEM = 4, 5


def same_matter(one: str, other: str) -> bool:
    """Whether two of one person's blockers are about the same thing, said again in other words.

    Their longer words are compared by their first letters, so that "price" meets "prices" and "fehlen" "fehlt"; two in
    common are enough, or one where one of the two texts has no other. To miss a likeness shows a blocker twice; to see
    one that is not there would hide it, so short words never count.
    """
    a, b = _content(one), _content(other)
    common = len(a & b)
    return common >= 2 or (common == 1 and min(len(a), len(b)) == 1)


def _content(text: str) -> frozenset[str]:
    words = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
    return frozenset(
        word[:_STEM] for word in words if len(word) >= _WORD and not word.isdigit() and word not in _FILLER
    )


_FILLER_TEXT = """
still waiting wait need needs minutes hours days with from have been that this there noch immer warte brauche minuten
stunden tage fehlt fehlen weiterhin encore attends toujours besoin jours avec
"""
_FILLER = frozenset(_FILLER_TEXT.split())
"""What blockers are full of and none of them is about."""
