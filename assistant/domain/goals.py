"""Objectives and key results: how far they are, how far they should be, and what their label makes of the score.

Progress and scores run from 0.0 to 1.0. Nothing here compares people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from assistant.domain.cadence import Cadence, Frequency

STALE_AFTER = timedelta(days=14)
FRESH_WANTED, AVERAGE_WANTED = 0.9, 0.8
BEHIND_BY = 0.1
UNLIKELY = 3
"""An owner's confidence of so much out of ten, or less, is a call for help."""
MOONSHOT_SHARE = (0.1, 0.3)
MOONSHOT_MARK, TOO_EASY = 0.6, 0.7
_GREEN, _YELLOW = 0.7, 0.4
_TINY = 1e-9


class Length(StrEnum):
    QUARTER = "quarter"
    YEAR = "year"


class Measure(StrEnum):
    METRIC = "metric"
    """From ``start`` to ``target``, up or down."""
    THRESHOLD = "threshold"
    """At least ``target``, or at most (``at_most``)."""
    COUNT = "count"
    MILESTONE = "milestone"
    """Done by its date; values are percent."""


class Label(StrEnum):
    MOONSHOT = "moonshot"
    ROOFSHOT = "roofshot"
    MIXED = "mixed"


class Stage(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


class Standing(StrEnum):
    """Where a key result stands; only an ``open`` one takes values."""

    OPEN = "open"
    DONE = "done"
    REPLACED = "replaced"
    GRADED = "graded"


class Verdict(StrEnum):
    """What the label makes of a score."""

    PASSED = "passed"
    TOO_EASY = "too-easy"
    POORLY_PLANNED = "poorly-planned"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class GoalsPlan:
    """What the configuration says of goals. ``teams`` set them, each asked through its lead, or all of its members.

    Drafts are called for ``draft`` before a cycle begins, grades ``grade`` before it ends. ``update`` is the rhythm of
    asking for values, at local ``at``.
    """

    lengths: tuple[Length, ...] = (Length.QUARTER,)
    teams: tuple[str, ...] = ()
    everybody: bool = False
    draft: timedelta = timedelta(days=14)
    grade: timedelta = timedelta(days=4)
    update: Cadence = field(default_factory=lambda: Cadence(Frequency.WEEKLY, weekday=0))
    at: time = time(10)
    first_month: int = 1


@dataclass(frozen=True, slots=True)
class Cycle:
    """``name`` is "2027-Q1" or "2027"; both days are in it."""

    id: int
    length: Length
    first: date
    last: date

    @property
    def name(self) -> str:
        return f"{self.first.year}-Q{(self.first.month + 2) // 3}" if self.length is Length.QUARTER else self._year

    @property
    def _year(self) -> str:
        return f"{self.first.year}" if self.first.month == 1 else f"{self.first.year}/{self.last.year % 100:02d}"


@dataclass(frozen=True, slots=True)
class KeyResult:
    """``number`` is that of "KR2", within its team and cycle; ``name`` what people call it for short ("signups").

    ``owners`` are addresses and "team:<name>". ``value`` is the newest, None while nobody has said one. ``outlook`` is
    its owner's confidence, 0-10. ``tracked`` is when somebody chose to go on although it was in danger.
    """

    id: int
    objective: int
    number: int
    text: str
    name: str
    measure: Measure
    target: float
    start: float = 0.0
    unit: str = ""
    at_most: bool = False
    weight: float | None = None
    owners: tuple[str, ...] = ()
    label: Label = Label.ROOFSHOT
    due: date | None = None
    standing: Standing = Standing.OPEN
    value: float | None = None
    said_at: datetime | None = None
    outlook: float | None = None
    tracked: date | None = None
    needs: tuple[str, ...] = ()
    """Teams it says it needs, beyond those that own it."""

    @property
    def code(self) -> str:
        return f"KR{self.number}"


@dataclass(frozen=True, slots=True)
class Objective:
    """``id`` is the number of "O12". ``owner`` answers for it. ``every`` is its rhythm of updates in weeks."""

    id: int
    cycle: int
    team: str
    owner: str
    text: str
    stage: Stage = Stage.DRAFT
    parent: int | None = None
    every: int = 1
    results: tuple[KeyResult, ...] = ()
    published: date | None = None

    @property
    def code(self) -> str:
        return f"O{self.id}"

    @property
    def counted(self) -> tuple[KeyResult, ...]:
        """Those that count: a replaced one does so no more."""
        return tuple(result for result in self.results if result.standing is not Standing.REPLACED)

    @property
    def label(self) -> Label:
        labels = {result.label for result in self.counted}
        return labels.pop() if len(labels) == 1 else Label.MIXED if labels else Label.ROOFSHOT


def cycle_around(length: Length, day: date, first_month: int = 1) -> tuple[date, date]:
    """The first and the last day of the quarter or year that holds ``day``; years begin in ``first_month``."""
    months = 3 if length is Length.QUARTER else 12
    ahead = (day.month - first_month) % months
    year, month = divmod(day.year * 12 + day.month - 1 - ahead, 12)
    next_year, next_month = divmod(year * 12 + month + months, 12)
    return date(year, month + 1, 1), date(next_year, next_month + 1, 1) - timedelta(days=1)


def progress(result: KeyResult) -> float:
    """How far it is, by its newest value."""
    return 1.0 if result.standing is Standing.DONE else reached(result, result.value)


def reached(result: KeyResult, value: float | None) -> float:
    """How far ``value`` would bring it."""
    if value is None:
        return 0.0
    if result.measure is Measure.THRESHOLD and result.at_most:
        return 1.0 if value <= result.target else _within(_at_most(result, value))
    span = result.target - result.start
    if abs(span) < _TINY:
        return 1.0 if value >= result.target else 0.0
    return _within((value - result.start) / span)


def _at_most(result: KeyResult, value: float) -> float:
    """From the worse ``start`` down where one was said, else by how much it is over."""
    if result.start > result.target:
        return (result.start - value) / (result.start - result.target)
    return result.target / value if value > 0 else 0.0


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))


def weights(results: Sequence[KeyResult]) -> list[float]:
    """What each counts: its weight; the mean of the others' where it has none; all alike where nobody said one."""
    said = [result.weight for result in results if result.weight is not None and result.weight > 0]
    usual = sum(said) / len(said) if said else 1.0
    return [usual if result.weight is None else max(0.0, result.weight) for result in results]


def weights_add_up(results: Sequence[KeyResult]) -> bool:
    """Whether they sum to a hundred, or to one, or nobody gave any."""
    said = [result.weight for result in results if result.weight is not None]
    total = sum(said)
    return not said or (len(said) == len(results) and (abs(total - 100) < 0.5 or abs(total - 1) < 0.005))


def weighted(results: Sequence[KeyResult], scores: Iterable[float]) -> float:
    """sum(weight x score) / sum(weights)."""
    counts = weights(results)
    total = sum(counts)
    return sum(w * s for w, s in zip(counts, scores, strict=True)) / total if total > 0 else 0.0


def overall(objective: Objective) -> float:
    return weighted(objective.counted, map(progress, objective.counted))


def score(share: float) -> float:
    """As it is shown and judged: two decimals, so that 17 of 20 is 0.85; nothing short of all rounds up to 1.0."""
    return 0.99 if 0.99 < share < 1 - _TINY else round(share, 2)


def colour(share: float) -> str:
    return "green" if score(share) >= _GREEN else "yellow" if score(share) >= _YELLOW else "red"


def verdict(label: Label, share: float) -> Verdict:
    """A moonshot passes with 60 to 70 %, anything else with all of it."""
    final = score(share)
    if label is Label.MOONSHOT:
        return (
            Verdict.TOO_EASY
            if final > TOO_EASY
            else Verdict.PASSED
            if final >= MOONSHOT_MARK
            else Verdict.POORLY_PLANNED
        )
    return Verdict.PASSED if final >= 1 else Verdict.MISSED


def judged(objective: Objective, scores: Sequence[float]) -> Verdict:
    """The whole: by its score where its key results are of one kind; a mixed one needs every roofshot and no more."""
    if objective.label is not Label.MIXED:
        return verdict(objective.label, weighted(objective.counted, scores))
    pairs = zip(objective.counted, scores, strict=True)
    firm = [verdict(result.label, share) for result, share in pairs if result.label is not Label.MOONSHOT]
    return Verdict.PASSED if all(each is Verdict.PASSED for each in firm) else Verdict.MISSED


def moonshot_share(results: Sequence[KeyResult]) -> float:
    """By weight."""
    return weighted(results, (1.0 if result.label is Label.MOONSHOT else 0.0 for result in results))


def share_is_sound(share: float) -> bool:
    return MOONSHOT_SHARE[0] - _TINY <= share <= MOONSHOT_SHARE[1] + _TINY


def expected(result: KeyResult, first: date, last: date, today: date) -> float:
    """Where the straight line from the first day to its date, or the cycle's last day, is today."""
    end = result.due or last
    days = (end - first).days
    return 1.0 if days <= 0 else _within((today - first).days / days)


def danger(result: KeyResult, first: date, last: date, today: date) -> str | None:
    """ "overdue", "behind" or "unlikely" where somebody should look at it.

    A milestone moves in one step: it is behind the line only if its owner reports it in percent.
    """
    if result.standing is not Standing.OPEN or score(progress(result)) >= 1:
        return None
    if result.due is not None and today > result.due:
        return "overdue"
    line = expected(result, first, last, today)
    steps = result.measure is Measure.MILESTONE and not result.value
    if not steps and line - progress(result) > BEHIND_BY + _TINY:
        return "behind"
    return "unlikely" if result.outlook is not None and result.outlook <= UNLIKELY else None


def is_stale(result: KeyResult, published: date | None, today: date) -> bool:
    """No value for more than a fortnight; a new one has that long for its first."""
    if result.standing is not Standing.OPEN:
        return False
    last = result.said_at.date() if result.said_at else published
    return last is not None and today - last > STALE_AFTER


@dataclass(frozen=True, slots=True)
class Health:
    """How well goals are kept, not how good people are: the share updated within a fortnight, the mean score of the
    design (0-100), the mean progress of the objectives. None where there is nothing to measure."""

    fresh: float | None
    design: float | None
    average: float | None

    @property
    def fresh_enough(self) -> bool:
        return self.fresh is None or self.fresh >= FRESH_WANTED - _TINY


def health(objectives: Sequence[Objective], designs: Sequence[float], today: date) -> Health:
    open_ = [(o, r) for o in objectives for r in o.counted if r.standing is Standing.OPEN]
    fresh = sum(not is_stale(r, o.published, today) for o, r in open_) / len(open_) if open_ else None
    average = sum(map(overall, objectives)) / len(objectives) if objectives else None
    return Health(fresh, sum(designs) / len(designs) if designs else None, average)


def makes_circle(parents: dict[int, int | None], child: int, parent: int) -> list[int]:
    """The objectives of the circle that this link would close, from ``child`` back to it; empty where it would not."""
    path, seen = [child, parent], {child}
    while (above := path[-1]) not in seen:
        seen.add(above)
        up = parents.get(above)
        if up is None:
            return []
        path.append(up)
    return path if path[-1] == child else []
