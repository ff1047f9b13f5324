"""What the templates of KPIs see; figures come with their unit and are set by templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from assistant.domain.views import Asked, KpiLine


@dataclass(frozen=True, slots=True)
class KpiEvent:
    """A value that was said; ``counts`` is false where a later one stands in its place."""

    day: date
    value: float
    who: str
    said: date
    comment: str = ""
    counts: bool = True


@dataclass(frozen=True, slots=True)
class KpiView:
    """``what``: "card", "weak" or "history". ``missing`` are the keys of the card's questions that are still open.
    ``freq`` is "day", "week", "month" or "year", every ``every`` of it, on ``weekdays`` (0 is Monday); ``next`` when it
    is asked first. ``proposal``: the objective that a yes would draft."""

    what: str
    line: KpiLine
    team: str
    mine: bool
    purpose: str = ""
    why: str = ""
    measured: str = ""
    baseline: float | None = None
    freq: str = ""
    every: int = 1
    weekdays: tuple[int, ...] = ()
    next: date | None = None
    missing: tuple[str, ...] = ()
    proposal: str = ""
    events: tuple[KpiEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamKpis:
    title: str
    lines: tuple[KpiLine, ...]


@dataclass(frozen=True, slots=True)
class KpisView:
    """``what``: "asked" or "help" (how KPIs and goals differ)."""

    what: str
    teams: tuple[TeamKpis, ...] = ()


@dataclass(frozen=True, slots=True)
class KpiValuesView:
    """``lines`` stand in the order of the questions."""

    questions: tuple[Asked, ...]
    lines: tuple[KpiLine, ...]
    closes: datetime
    day: date


@dataclass(frozen=True, slots=True)
class KpiAct:
    """What the sentence of an act needs beside ``Act.what``; see ``kpis/acts.j2``."""

    name: str = ""
    unit: str = ""
    value: float | None = None
    before: float | None = None
    who: str = ""
    said: str = ""
    weak: bool = False
    codes: tuple[str, ...] = ()
    day: date | None = None
