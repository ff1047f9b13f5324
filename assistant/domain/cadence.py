"""How often something comes round, as wall-clock dates; zones enter only when a date becomes an instant."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum


class Frequency(StrEnum):
    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.YEARLY: 12}
_EPOCH = date(1970, 1, 1)
_WEEK = 7
_FIFTH = 5


@dataclass(frozen=True, slots=True)
class Cadence:
    """``weekday`` counts from Monday = 0; None leaves the day open (a meeting still to be placed).

    ``nth`` picks that weekday within the month, quarter or year: 1 to 4, or -1 for the last; None means the first.
    ``day`` is the date of a ONCE. An ``interval`` above one counts days, ISO weeks, months, quarters or years from the
    one that holds ``anchor``, or from the epoch's without one.
    """

    frequency: Frequency
    interval: int = 1
    weekday: int | None = None
    nth: int | None = None
    day: date | None = None
    anchor: date | None = None

    def dates(self, first: date) -> Iterator[date]:
        """The nominal dates from ``first`` on, in order. DAILY gives every calendar day: who works is not known here.

        An open day stands at the beginning of its week, month, quarter or year.
        """
        if self.frequency is Frequency.ONCE:
            if self.day is not None and self.day >= first:
                yield self.day
            return
        period = self._period_of(first)
        period += (self._period_of(self.anchor or _EPOCH) - period) % self.interval
        while (day := self._day_in(period)) is not None:
            if day >= first:
                yield day
            period += self.interval

    def _period_of(self, day: date) -> int:
        """The number of the day, ISO week, month, quarter or year that holds ``day``."""
        if self.frequency is Frequency.DAILY:
            return day.toordinal()
        if self.frequency is Frequency.WEEKLY:
            return (day.toordinal() - 1) // _WEEK
        return (day.year * 12 + day.month - 1) // _MONTHS[self.frequency]

    def _day_in(self, period: int) -> date | None:
        """The nominal date in that period, None after the end of the calendar."""
        if self.frequency in (Frequency.DAILY, Frequency.WEEKLY):
            weekly = self.frequency is Frequency.WEEKLY
            ordinal = period * _WEEK + 1 + (self.weekday or 0) if weekly else period
            return date.fromordinal(ordinal) if ordinal <= date.max.toordinal() else None
        months = _MONTHS[self.frequency]
        year, month = divmod(period * months, 12)
        if year > date.max.year:
            return None
        if self.weekday is None:
            return date(year, month + 1, 1)
        if self.nth == -1:
            last_month = month + months
            last = date(year, last_month, monthrange(year, last_month)[1])
            return last - timedelta(days=(last.weekday() - self.weekday) % _WEEK)
        start = date(year, month + 1, 1)
        return start + timedelta(days=(self.weekday - start.weekday()) % _WEEK + _WEEK * ((self.nth or 1) - 1))


def rrule(cadence: Cadence, start: date) -> str | None:
    """The value of an RRULE (RFC 5545, 3.3.10) for an event whose first occurrence is on ``start``; None for a ONCE.

    ``start`` is one of ``cadence.dates``, or the day that was found for an open one: then its weekday recurs, within
    longer periods as the first, second … or last of its month (a fifth counts as the last).
    """
    if cadence.frequency is Frequency.ONCE:
        return None
    weekday = _WEEKDAYS[start.weekday()]
    if cadence.frequency is Frequency.DAILY:
        rule, by = "FREQ=DAILY", ""
    elif cadence.frequency is Frequency.WEEKLY:
        rule, by = "FREQ=WEEKLY", f";BYDAY={weekday}"
    else:
        rule, by = "FREQ=MONTHLY", f";BYDAY={_nth_in_month(cadence, start)}{weekday}"
    interval = cadence.interval * _MONTHS.get(cadence.frequency, 1)
    return f"{rule};INTERVAL={interval}{by}" if interval > 1 else rule + by


def _nth_in_month(cadence: Cadence, start: date) -> int:
    if cadence.weekday is not None:
        return cadence.nth or 1
    nth = (start.day - 1) // _WEEK + 1
    return -1 if nth == _FIFTH else nth


@dataclass(frozen=True, slots=True)
class Window:
    """How long a question stays open: for ``length``, until ``until`` (weekday, wall time) comes next, or for so many
    working days of whom it is put to."""

    length: timedelta | None = None
    until: tuple[int, time] | None = None
    working_days: int | None = None
