"""People, teams and their working time. Addresses are lower case everywhere inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Period


@dataclass(frozen=True, slots=True)
class WorkWeek:
    """Working hours by weekday, Monday first: one span of wall-clock time a day, or None for a day off."""

    days: tuple[tuple[time, time] | None, ...]


STANDARD_WEEK = WorkWeek(((time(9), time(17)),) * 5 + (None, None))


@dataclass(frozen=True, slots=True)
class Person:
    """``address`` is the key. ``holidays`` are dates off in the person's country, with their names.

    ``start`` and ``end`` are their first and last working day. A ``buddy`` helps them through their first weeks.

    ``mail`` is the account through which we write to them and ``calendar`` the one that holds their calendar, None the
    first of its kind. Who is ``by_mail`` has none that we can ask: they are invited by mail alone.
    ``asked_at`` are the local times they chose to be asked at, by kind of round.
    """

    address: str
    name: str
    zone: ZoneInfo
    hours: WorkWeek = STANDARD_WEEK
    language: str = "en"
    aliases: tuple[str, ...] = ()
    manager: str | None = None
    teams: tuple[str, ...] = ()
    start: date | None = None
    holidays: Mapping[date, str] = field(default_factory=dict)
    mail: str | None = None
    calendar: str | None = None
    by_mail: bool = False
    asked_at: Mapping[str, time] = field(default_factory=dict)
    end: date | None = None
    buddy: str | None = None

    @property
    def first_name(self) -> str:
        return first_name(self.name)

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone)

    def works_on(self, day: date) -> bool:
        """A working weekday that is no holiday, from their first day to their last. Absence is not known here."""
        return (
            self.hours.days[day.weekday()] is not None
            and day not in self.holidays
            and (self.start is None or day >= self.start)
            and (self.end is None or day <= self.end)
        )

    def working_period(self, day: date) -> Period | None:
        """That day's working hours as UTC instants."""
        span = self.hours.days[day.weekday()]
        if span is None or not self.works_on(day):
            return None
        start, end = resolve(day, span[0], self.zone), resolve(day, span[1], self.zone)
        return Period(start, end) if start < end else None  # a clock change may skip the hours, or a whole day

    def working_periods(self, period: Period) -> Iterator[Period]:
        """The working periods that touch ``period``, clipped to it."""
        day = self.local(period.start).date() - timedelta(days=1)
        last = self.local(period.end).date()
        while day <= last:
            worked = self.working_period(day)
            if worked is not None and worked.overlaps(period):
                yield Period(max(worked.start, period.start), min(worked.end, period.end))
            day += timedelta(days=1)


def first_name(name: str) -> str:
    """What people call somebody: "Mia Chen" and "Chen, Mia" are Mia."""
    last, _, given = name.partition(",")
    return (given.split() or last.split() or [name])[0]


@dataclass(frozen=True, slots=True)
class Channel:
    """A chat channel: ``account`` is the one of the configuration that reaches it, ``name`` what it is called there."""

    account: str
    name: str


@dataclass(frozen=True, slots=True)
class Team:
    """``name`` is the key used in the configuration, ``title`` what people read. Members in configuration order."""

    name: str
    title: str
    members: tuple[str, ...]
    lead: str | None = None
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Whole local days, both inclusive; ``last`` None means until further notice."""

    person: str
    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def resolve(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall-clock time.

    A time that a clock change skips becomes the first minute after it; one that happens twice its first occurrence.
    """
    local = datetime.combine(day, wall, tzinfo=zone)
    instant = local.astimezone(UTC)
    back = instant.astimezone(zone)
    if back.replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    # In a gap the two folds bracket it: the one read with the offset before the change lies after the gap by as much
    # as the wall time lies inside it. The change itself is the first instant after which the offset is the new one.
    before, after = local.replace(fold=1).astimezone(UTC), instant
    low, high = min(before, after), max(before, after)
    old_offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == old_offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)  # changes fall on whole seconds, and this is the only one left in between


def workdays_after(person: Person, day: date, number: int) -> date:
    """The day that is so many of their working days after ``day``, before it where ``number`` is negative."""
    step = timedelta(days=1 if number > 0 else -1)
    for _ in range(4 * abs(number) + 30):
        if number == 0:
            break
        day += step
        number -= step.days if person.works_on(day) else 0
    return day


def is_away(absences: Sequence[Absence], person: str, day: date) -> bool:
    return any(absence.person == person and absence.covers(day) for absence in absences)


def next_working(person: Person, instant: datetime, absences: Sequence[Absence] = ()) -> datetime | None:
    """``instant`` where the person works then, else the next moment they do; None where none comes within 60 days."""
    day = person.local(instant).date()
    for ahead in range(61):
        current = day + timedelta(days=ahead)
        worked = person.working_period(current)
        if worked is not None and worked.end > instant and not is_away(absences, person.address, current):
            return max(instant, worked.start)
    return None
