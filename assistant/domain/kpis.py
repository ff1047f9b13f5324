"""KPIs: figures that a team watches, each on a card of six answers, with a band that says when one is weak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from assistant.domain.recurrence import BadRule, Rule, recur

TWICE = 2
"""So many weak values in a row propose an objective."""
_LEVEL = 0.01
_YEAR = timedelta(days=366)


class Stage(StrEnum):
    DRAFT = "draft"
    """Its card is not complete yet."""
    LIVE = "live"
    DROPPED = "dropped"


class Trend(StrEnum):
    UP = "up"
    DOWN = "down"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Kpi:
    """``low`` and ``high`` are the band, either may be open; ``target`` is what is wanted. ``rule`` is the RRULE by
    which values are asked for, ``asked`` the day of which one was asked for last. ``measured`` is how it is measured,
    in its owner's words.
    """

    id: int
    name: str
    team: str
    owner: str
    author: str
    stage: Stage = Stage.DRAFT
    what: str = ""
    why: str = ""
    measured: str = ""
    unit: str = ""
    baseline: float | None = None
    rule: str = ""
    target: float | None = None
    low: float | None = None
    high: float | None = None
    asked: date | None = None
    proposed: date | None = None
    """The day of the value at which an objective was proposed last."""

    @property
    def complete(self) -> bool:
        """Whether a value could be judged and will be asked for."""
        return bool(self.rule) and (self.target is not None or self.low is not None or self.high is not None)


@dataclass(frozen=True, slots=True)
class Value:
    """Of a day; who said it, and when."""

    id: int
    kpi: int
    day: date
    value: float
    by: str
    at: datetime
    comment: str = ""


def is_weak(kpi: Kpi, value: float) -> bool:
    """Below its band, or above one that must not be left that way."""
    return (kpi.low is not None and value < kpi.low) or (kpi.high is not None and value > kpi.high)


def weak_since(kpi: Kpi, values: Sequence[Value]) -> int:
    """How many of the newest values in a row are weak; ``values`` in the order of their days."""
    count = 0
    for value in reversed(values):
        if not is_weak(kpi, value.value):
            break
        count += 1
    return count


def calls_for_objective(kpi: Kpi, values: Sequence[Value]) -> bool:
    """Weak twice in a row, and not proposed since it was well last."""
    row = weak_since(kpi, values)
    if row < TWICE:
        return False
    return kpi.proposed is None or all(value.day != kpi.proposed for value in values[-row:])


def better(kpi: Kpi) -> Trend:
    """The way that is good: up where it must not be too low."""
    if kpi.low is None and kpi.high is not None:
        return Trend.DOWN
    return Trend.UP


def trend(values: Sequence[Value]) -> Trend | None:
    """Of the newest value against the mean of up to three before it; None with fewer than two values."""
    if len(values) < 2:
        return None
    before = [value.value for value in values[-4:-1]]
    mean = sum(before) / len(before)
    change = values[-1].value - mean
    if abs(change) <= abs(mean) * _LEVEL:
        return Trend.LEVEL
    return Trend.UP if change > 0 else Trend.DOWN


def course(kpi: Kpi, values: Sequence[Value]) -> str:
    """ "good", "bad" or "" for the trend; a band that is closed on both sides knows neither."""
    found = trend(values)
    if found in (None, Trend.LEVEL) or (kpi.low is not None and kpi.high is not None):
        return ""
    return "good" if found is better(kpi) else "bad"


def aim(kpi: Kpi) -> float | None:
    """What an objective would bring it back to: its target, else the edge of its band."""
    if kpi.target is not None:
        return kpi.target
    return kpi.low if kpi.low is not None else kpi.high


def next_day(rule: str, first: date, after: date) -> date | None:
    """The first day of the rule behind ``after``."""
    try:
        day = timedelta(days=1)
        return next(recur(Rule.parse(rule), first, (after + day, after + _YEAR)), None)
    except BadRule:
        return None
