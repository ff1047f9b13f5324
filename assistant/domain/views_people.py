"""What the templates about people see: feedback, praise, plans, who comes and who goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from assistant.domain.views import ActionLine, AnswerView, Asked, CheerLine, PersonAnswers, Who


@dataclass(frozen=True, slots=True)
class AboutView:
    """A prompt whose answers one other person reads, or that is about somebody: ``who``, None where there is nobody.

    ``number`` is that of days, for somebody new.
    """

    title: str
    day: date
    questions: tuple[Asked, ...]
    closes: datetime
    who: Who | None = None
    topic: str = ""
    number: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackMailView:
    """``what``: "given", "asked" (an answer to what the reader asked for), "thanks" (for what the reader gave),
    "closed" (no more answers come; ``answered`` and ``silent`` are first names) or "praise".

    ``team`` is the title of the team that may read it, "" where it is between the two.
    """

    what: str
    who: Who | None
    lines: tuple[AnswerView, ...] = ()
    topic: str = ""
    team: str = ""
    answered: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CelebrationView:
    """What a team has to celebrate of a quarter; ``proud`` is what its members said when they were asked."""

    team: str
    quarter: int
    year: int
    wins: tuple[CheerLine, ...]
    praise: tuple[CheerLine, ...]
    proud: tuple[CheerLine, ...]


@dataclass(frozen=True, slots=True)
class NewcomerView:
    """To a newcomer, their manager and their buddy. ``what``: "self", "manager" or "buddy"; names may be empty."""

    what: str
    who: Who
    day: date
    team: str
    manager: str
    buddy: str
    checks: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class ConfidedView:
    """What somebody wrote for their manager. ``number``: how many days they have been here."""

    kind: str
    who: Who
    day: date
    number: int
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class GrowthView:
    """A development plan. ``who`` None: the reader's own; ``other`` is the first name of who reads it besides.

    ``rhythm`` is how often they want feedback: "weekly", "monthly", "quarterly", "never" or "" for unsaid.
    """

    who: Who | None
    other: str
    aspirations: tuple[str, ...]
    skills: tuple[str, ...]
    gaps: tuple[str, ...]
    steps: tuple[ActionLine, ...]
    rhythm: str = ""


@dataclass(frozen=True, slots=True)
class HandoverView:
    """What somebody who leaves still owns, for their manager; ``last`` None: left already, for who leads their team or
    gave the task. ``goals`` are (code, text), ``kpis`` names."""

    who: Who
    last: date | None
    tasks: tuple[ActionLine, ...]
    goals: tuple[tuple[str, str], ...]
    kpis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoodbyeView:
    """The notes for somebody on their last day."""

    notes: tuple[PersonAnswers, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What people think of a meeting: ``score`` 0 to 10 on average, None where nobody gave one; how many of
    ``answered`` would rather have it in writing; and their words, with first names."""

    title: str
    score: float | None
    written: int
    answered: int
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MeetingVerdictView:
    team: str
    meetings: tuple[Verdict, ...]
