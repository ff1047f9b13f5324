"""Proposing when a meeting takes place: candidates on a grid, a few clear penalties, the least wins.

Time is kept as bits, one for each minute since the timeline's origin, in whole numbers of any length: everyone's
common free time is then a handful of ``&`` and ``>>``, and a thousand pairs are placed within seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from assistant.domain.cadence import Cadence, Frequency
from assistant.domain.calendar import Busy, Period
from assistant.domain.people import Absence, Person, is_away, resolve

STEP = 15
"""Meetings begin on this grid of minutes, or at the time that was wished for."""

# What a candidate loses, in points.
NOT_FREE = 10.0  # for each looked-at occurrence that would have to move
OFF_WISH = 35.0  # for each step away from a wished time: more than three occurrences that move
OTHER_DAY = 4.0  # for each day away from where a moved occurrence stood
OTHER_TIME = 0.5  # for each hour away from its time of day
LUNCH = 3.0  # for each person whose lunch it takes
DAY_EDGE = 1.0  # for each person whose first or last half hour it takes
SPLITS = 1.0  # for each person for whom it does not adjoin another meeting
A_DAY_LATER = 0.25

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_MINUTES_A_DAY = 1440
_WHOLE_DAY = (1 << _MINUTES_A_DAY) - 1
_GRID = sum(1 << minute for minute in range(0, _MINUTES_A_DAY, STEP))
_LUNCH = (time(12), time(13))
_EDGE = timedelta(minutes=30)
_LOOKED_AT = {Frequency.DAILY: 10, Frequency.WEEKLY: 5, Frequency.MONTHLY: 3}
_FIRST_WEEKS = 4


@dataclass(frozen=True, slots=True)
class Diary:
    """One person's time on a timeline, as bits: ``free`` to be met, ``busy`` with others, ``lunch`` and the ``edges``
    of working days."""

    free: int
    busy: int
    lunch: int
    edges: int

    def without(self, taken: int) -> Diary:
        return replace(self, free=self.free & ~taken, busy=self.busy | taken)


@dataclass(frozen=True, slots=True)
class _Worked:
    free: int
    lunch: int
    edges: int


class Timeline:
    """``days`` whole UTC days from the one that holds ``start``; what lies outside does not exist."""

    def __init__(self, start: datetime, days: int) -> None:
        self.origin = start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        self.minutes = days * _MINUTES_A_DAY
        self._worked: dict[object, _Worked] = {}

    @property
    def period(self) -> Period:
        return Period(self.origin, self.origin + self.minutes * _MINUTE)

    def minute(self, instant: datetime) -> int:
        return (instant - self.origin) // _MINUTE

    def bits(self, periods: Iterable[Period]) -> int:
        """The minutes that these periods touch."""
        found = 0
        for period in periods:
            first = max(0, self.minute(period.start))
            last = min(self.minutes, -((self.origin - period.end) // _MINUTE))
            if first < last:
                found |= ((1 << (last - first)) - 1) << first
        return found

    def diary(self, person: Person, busy: Sequence[Busy], absences: Sequence[Absence] = ()) -> Diary:
        """``busy`` as it was read (nothing where the calendar is unknown); absences of others are passed over."""
        worked = self._working(person)
        taken = self.bits(block.period for block in busy)
        away = self.bits(self._away(person, absences)) if absences else 0
        return Diary(worked.free & ~taken & ~away, taken, worked.lunch, worked.edges)

    def _working(self, person: Person) -> _Worked:
        """Shared by all who have the same hours, zone and holidays: making it is what costs."""
        first, last = self.origin.date() - _DAY, self.period.end.date()
        holidays = frozenset(day for day in person.holidays if first <= day <= last)
        start = person.start if person.start is not None and person.start > first else None
        key = (person.zone.key, person.hours, holidays, start)
        if key not in self._worked:
            periods = list(person.working_periods(self.period))
            days = {person.local(period.start).date() for period in periods}
            lunches = (Period(*(resolve(day, wall, person.zone) for wall in _LUNCH)) for day in days)
            edges = [Period(p.start, p.start + _EDGE) for p in periods]
            edges += [Period(p.end - _EDGE, p.end) for p in periods]
            self._worked[key] = _Worked(self.bits(periods), self.bits(lunches), self.bits(edges))
        return self._worked[key]

    def _away(self, person: Person, absences: Iterable[Absence]) -> Iterator[Period]:
        for absence in absences:
            if absence.person == person.address:
                last = absence.last or self.period.end.date() + _DAY
                start, end = (resolve(day, time(0), person.zone) for day in (absence.first, last + _DAY))
                yield Period(start, end)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be placed. ``zone`` is the one whose wall clock recurs; nothing begins before ``earliest``."""

    cadence: Cadence
    length: timedelta
    zone: ZoneInfo
    earliest: datetime
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """``start`` is the first occurrence's, in the wish's zone. ``to_move`` counts those looked at that do not fit."""

    start: datetime
    to_move: int
    cost: float


class _Board:
    """Where a meeting of one length may begin, and what that would cost, for one group of people."""

    def __init__(self, timeline: Timeline, diaries: Sequence[Diary], length: timedelta) -> None:
        self.timeline = timeline
        minutes = length // _MINUTE
        free = (1 << timeline.minutes) - 1
        for diary in diaries:
            free &= diary.free
        self.starts = _runs(free, minutes)
        self.lunch = [_touched(diary.lunch, minutes) for diary in diaries]
        self.edges = [_touched(diary.edges, minutes) for diary in diaries]
        self.beside = [(diary.busy << 1) | (diary.busy >> minutes) for diary in diaries]
        self._unwelcome: dict[int, list[list[int]]] = {}

    def base(self, day: date, zone: ZoneInfo) -> int:
        """The bit of that day's midnight, counted back from noon: a clock change at night does not disturb it."""
        return self.timeline.minute(resolve(day, time(12), zone)) - _MINUTES_A_DAY // 2

    def day(self, base: int) -> int:
        """Where a meeting may begin that day, one bit for each minute of the wall clock."""
        return (self.starts >> base if base >= 0 else self.starts << -base) & _WHOLE_DAY

    def discomfort(self, base: int, minute: int) -> float:
        """What people would rather not have, on the day that begins at ``base``."""
        if base not in self._unwelcome:
            kinds = (self.lunch, self.edges, self.beside)
            self._unwelcome[base] = [[bits >> max(0, base) & _WHOLE_DAY for bits in kind] for kind in kinds]
        lunch, edges, beside = self._unwelcome[base]
        return (
            LUNCH * sum(bits >> minute & 1 for bits in lunch)
            + DAY_EDGE * sum(bits >> minute & 1 for bits in edges)
            + SPLITS * sum(not bits >> minute & 1 for bits in beside)
        )


def place(timeline: Timeline, diaries: Sequence[Diary], wish: Wish) -> Proposal | None:
    """The best recurring slot; None where no looked-at occurrence would find everyone free, whatever the slot.

    A wished weekday is kept. A wished time is kept while it fits at least sometimes, else the nearest is taken.
    """
    board = _Board(timeline, diaries, wish.length)
    found: list[Proposal] = []
    for days in _patterns(timeline, wish):
        bases = [board.base(day, wish.zone) for day in days]
        windows = [board.day(base) for base in bases]
        for minute in _candidates(windows, wish.at):
            fits = [window >> minute & 1 for window in windows]
            cost = NOT_FREE * fits.count(0) + board.discomfort(bases[fits.index(1)], minute)
            cost += A_DAY_LATER * (days[0] - timeline.origin.date()).days
            if wish.at is not None:
                cost += OFF_WISH * abs(minute - wish.at.hour * 60 - wish.at.minute) / STEP
            start = datetime.combine(days[0], time(*divmod(minute, 60)), tzinfo=wish.zone)
            found.append(Proposal(start, fits.count(0), cost))
    return min(found, key=lambda proposal: (proposal.cost, proposal.start), default=None)


def _patterns(timeline: Timeline, wish: Wish) -> Iterator[list[date]]:
    """The looked-at dates of each way to recur that the cadence leaves open."""
    cadence, first = wish.cadence, wish.earliest.astimezone(wish.zone).date() + _DAY
    open_day = cadence.weekday is None and cadence.frequency not in (Frequency.DAILY, Frequency.ONCE)
    weekdays = range(7) if open_day else (cadence.weekday,)
    nths = range(1, _FIRST_WEEKS + 1) if open_day and cadence.frequency is not Frequency.WEEKLY else (cadence.nth,)
    last = timeline.period.end.date()
    for nth in nths:
        for weekday in weekdays:
            dates = replace(cadence, weekday=weekday, nth=nth).dates(first)
            days = list(islice(takewhile(lambda day: day < last, dates), _LOOKED_AT.get(cadence.frequency, 2)))
            if days:
                yield days


def _candidates(windows: Iterable[int], at: time | None) -> Iterator[int]:
    """Minutes of the day at which a meeting may begin in at least one of the windows."""
    grid = _GRID if at is None else _GRID | 1 << (at.hour * 60 + at.minute)
    anywhere = 0
    for window in windows:
        anywhere |= window
    return _each_bit(anywhere & grid)


def move(
    timeline: Timeline,
    diaries: Sequence[Diary],
    *,
    was: datetime,
    zone: ZoneInfo,
    length: timedelta,
    within: Period,
    avoid: Period,
) -> datetime | None:
    """Where one occurrence could go instead, in ``zone``, near where it ``was`` on its clock.

    ``within`` holds all of it, and it keeps clear of ``avoid``.
    """
    was = was.astimezone(zone)
    board = _Board(timeline, [diary.without(timeline.bits([avoid])) for diary in diaries], length)
    board.starts &= timeline.bits([Period(within.start, max(within.start, within.end - length + _MINUTE))])
    old = was.hour * 60 + was.minute
    best: tuple[float, datetime] | None = None
    day, last = within.start.astimezone(zone).date(), within.end.astimezone(zone).date()
    while day <= last:
        base = board.base(day, zone)
        for minute in _candidates([board.day(base)], was.time()):
            cost = board.discomfort(base, minute) + OTHER_DAY * abs((day - was.date()).days)
            cost += OTHER_TIME * abs(minute - old) / 60
            start = datetime.combine(day, time(*divmod(minute, 60)), tzinfo=zone)
            if best is None or (cost, start) < best:
                best = (cost, start)
        day += _DAY
    return None if best is None else best[1]


def is_open(timeline: Timeline, diary: Diary, period: Period) -> bool:
    """Whether the person can be met all that time; a period beyond the timeline counts as open: nothing is known."""
    if not timeline.period.contains(period):
        return True
    return not timeline.bits([period]) & ~diary.free


def obstacle(person: Person, absences: Sequence[Absence], period: Period) -> str:
    """What keeps the person from it: "away", "holiday", "hours", or else "conflict"."""
    days = {person.local(period.start).date(), person.local(period.end - _MINUTE).date()}
    if any(is_away(absences, person.address, day) for day in days):
        return "away"
    if any(day in person.holidays for day in days):
        return "holiday"
    worked = (person.working_period(day) for day in days)
    return "conflict" if any(found is not None and found.contains(period) for found in worked) else "hours"


def _runs(bits: int, length: int) -> int:
    """The bits at which ``length`` set bits begin."""
    have = 1
    while have < length:
        ahead = min(have, length - have)
        bits &= bits >> ahead
        have += ahead
    return bits


def _touched(bits: int, length: int) -> int:
    """The bits at which a stretch of ``length`` begins that touches a set one."""
    have = 1
    while have < length:
        ahead = min(have, length - have)
        bits |= bits >> ahead
        have += ahead
    return bits


def _each_bit(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
