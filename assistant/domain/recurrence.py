"""When something recurs: the RRULE of RFC 5545, 3.3.10, in bounded time.

Rules come from strangers' calendars, and general expanders loop until the year 9999 over a rule that never matches
(``FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30``). Here a rule is read within limits, names dates only (the time of day is the
first start's, on the wall clock of its zone), and is expanded by jumping to the asked-for stretch: what it costs
depends on that stretch and on COUNT, never on the rule's wit.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count

from assistant.domain.calendar import Event, Override, Period

_WEEKDAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_MAX_INTERVAL = 99
_MAX_COUNT = 1000  # the most that a calendar client offers is 999
_MAX_LIST = 62
_MAX_LENGTH = 1000
_MAX_STEPS = 20_000  # periods looked at in one expansion: a daily meeting for half a century
_DAY = timedelta(days=1)


class BadRule(ValueError):  # noqa: N818 (our exceptions are named for what is wrong)
    """The rule is malformed, or outside what we expand."""


@dataclass(slots=True)
class Budget:
    """How many periods may be looked at; one for all that comes from one stranger."""

    steps: int = _MAX_STEPS

    def spend(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise BadRule("it repeats too often before the time asked for")


@dataclass(frozen=True, slots=True)
class Rule:
    """``by_day`` holds (ordinal or 0, weekday with Monday 0); ``until`` is inclusive, aware or a date or floating."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: datetime | date | None = None
    by_day: tuple[tuple[int, int], ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_month: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = 0

    @classmethod
    def parse(cls, text: str, at: time | None = None) -> Rule:
        """Read the value of an RRULE. BYHOUR and finer are let through only where they repeat ``at``."""
        parts = _parts(text)
        for key, value in (("BYHOUR", at and at.hour), ("BYMINUTE", at and at.minute), ("BYSECOND", at and at.second)):
            if key in parts and (at is None or _numbers(parts.pop(key), 0, 60) != (value,)):
                raise BadRule(f"{key} is not supported")
        rule = cls(
            freq=parts.pop("FREQ", ""),
            interval=_number(parts.pop("INTERVAL", "1"), 1, _MAX_INTERVAL),
            count=_number(parts.pop("COUNT"), 1, _MAX_COUNT) if "COUNT" in parts else None,
            until=_until(parts.pop("UNTIL")) if "UNTIL" in parts else None,
            by_day=tuple(map(_by_day, _listed(parts.pop("BYDAY", "")))),
            by_month_day=_numbers(parts.pop("BYMONTHDAY", ""), -31, 31),
            by_month=_numbers(parts.pop("BYMONTH", ""), 1, 12),
            by_set_pos=_numbers(parts.pop("BYSETPOS", ""), -366, 366),
            week_start=_weekday(parts.pop("WKST", "MO")),
        )
        if parts:
            raise BadRule(f"{min(parts)[:20]} is not supported")
        rule._check()
        return rule

    def _check(self) -> None:
        if self.freq not in _FREQUENCIES:
            raise BadRule("FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY")
        if 0 in (*self.by_month_day, *self.by_set_pos):
            raise BadRule("a position of 0 means nothing")
        short = self.freq in ("DAILY", "WEEKLY")
        if short and (self.by_set_pos or any(ordinal for ordinal, _ in self.by_day)):
            raise BadRule(f"{self.freq} takes no positions")
        if self.freq == "WEEKLY" and self.by_month_day:
            raise BadRule("WEEKLY takes no BYMONTHDAY")


def recur(rule: Rule, first: date, period: tuple[date, date], budget: Budget | None = None) -> Iterator[date]:
    """The dates of ``rule`` from ``first`` on, in order, in ``period`` (both ends inside). UNTIL is ignored.

    ``first`` itself is given only where the rule matches it. Raises BadRule where it would take too long.
    """
    lower, upper = max(period[0], first), period[1]
    found = 0
    start_at = 0 if rule.count is not None else _steps_before(rule, first, lower)
    budget = budget or Budget()
    for step in count(start_at):
        budget.spend()
        try:
            opening, days = _step(rule, first, step)
        except (OverflowError, ValueError):  # past the last year there is
            return
        if opening > upper:
            return
        for day in days:
            if day < first:
                continue
            found += 1
            if day > upper or (rule.count is not None and found > rule.count):
                return
            if day >= lower:
                yield day


def starts(start: datetime, rule: Rule, period: Period, budget: Budget | None = None) -> Iterator[datetime]:
    """The starts that ``rule`` gives inside ``period``, in ``start``'s zone, UNTIL respected."""
    zone = start.tzinfo
    days = (period.start.astimezone(zone).date() - _DAY, period.end.astimezone(zone).date() + _DAY)
    last = _last(rule.until, zone)
    for day in recur(rule, start.date(), days, budget):
        moment = datetime.combine(day, start.timetz())
        instant = moment.astimezone(UTC)  # one zone's datetimes compare by wall clock, so compare in UTC
        if last is not None and instant > last:
            return
        if period.start <= instant < period.end:
            yield moment


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One of a series: ``recurrence_id`` is the original start, ``override`` what differs from the series."""

    recurrence_id: datetime
    start: datetime
    duration: timedelta
    override: Override | None = None

    @property
    def period(self) -> Period:
        """In UTC; the duration counts on the wall clock. A start that a clock change skips is moved on by the gap."""
        start = self.start.astimezone(UTC)
        return Period(start, (start.astimezone(self.start.tzinfo) + self.duration).astimezone(UTC))


def occurrences(event: Event, period: Period) -> list[Occurrence]:
    """What of ``event`` overlaps ``period``, in order; cancelled and excluded occurrences are left out."""
    if event.cancelled:
        return []
    overrides = {override.recurrence_id.astimezone(UTC): override for override in event.overrides}
    excluded = {moment.astimezone(UTC) for moment in event.exdates} | set(overrides)
    found = [
        Occurrence(moment, moment, event.duration)
        for moment in original_starts(event, Period(period.start - event.duration - _DAY, period.end))
        if moment.astimezone(UTC) not in excluded
    ]
    found += [
        Occurrence(override.recurrence_id, override.start, override.duration, override)
        for override in event.overrides
        if not override.cancelled
    ]
    inside = [o for o in found if o.period.overlaps(period) or o.period.start == period.start]
    return sorted(inside, key=lambda o: o.period)


def original_starts(event: Event, period: Period) -> Iterator[datetime]:
    """Where the series alone would start inside ``period``, whatever was excluded or overridden."""
    first = event.start.astimezone(UTC)
    rule = None if event.rrule is None else Rule.parse(event.rrule, event.start.time())
    last = None if rule is None else _last(rule.until, event.start.tzinfo)
    if last is not None and last < first:
        return
    if period.start <= first < period.end:
        yield event.start  # DTSTART counts also where the rule does not match it
    if rule is not None:
        yield from (moment for moment in starts(event.start, rule, period) if moment.astimezone(UTC) != first)


def _last(until: datetime | date | None, zone: tzinfo | None) -> datetime | None:
    """UNTIL as an instant; a date means that whole day, a floating time the wall clock of the event."""
    if until is None:
        return None
    if not isinstance(until, datetime):
        until = datetime.combine(until, time.max)
    return (until if until.tzinfo else until.replace(tzinfo=zone)).astimezone(UTC)


def _steps_before(rule: Rule, first: date, lower: date) -> int:
    """How many steps can be skipped because they end before ``lower``."""
    days = (lower - first).days
    months = (lower.year - first.year) * 12 + lower.month - first.month
    passed = {"DAILY": days, "WEEKLY": days // 7, "MONTHLY": months, "YEARLY": lower.year - first.year}[rule.freq]
    return max(0, passed // rule.interval - 1)


def _step(rule: Rule, first: date, step: int) -> tuple[date, Sequence[date]]:
    """The first day of the rule's ``step``-th period, and the days that the rule names in it, in order."""
    ahead = step * rule.interval
    if rule.freq == "DAILY":
        opening = first + ahead * _DAY
        return opening, [opening] if _matches(rule, opening) else []
    if rule.freq == "WEEKLY":
        opening = first + ((ahead * 7) - (first.weekday() - rule.week_start) % 7) * _DAY
        wanted = {weekday for _, weekday in rule.by_day} or {first.weekday()}
        week = (opening + number * _DAY for number in range(7))
        return opening, [day for day in week if day.weekday() in wanted and _in_months(rule, day)]
    if rule.freq == "MONTHLY":
        year, month = divmod(first.year * 12 + first.month - 1 + ahead, 12)
        opening = date(year, month + 1, 1)
        return opening, _positions(rule, _days_of_month(rule, first, opening) if _in_months(rule, opening) else [])
    opening = date(first.year + ahead, 1, 1)
    return opening, _positions(rule, _days_of_year(rule, first, opening.year))


def _matches(rule: Rule, day: date) -> bool:
    weekdays = {weekday for _, weekday in rule.by_day}
    length = calendar.monthrange(day.year, day.month)[1]
    return (
        _in_months(rule, day)
        and (not weekdays or day.weekday() in weekdays)
        and (not rule.by_month_day or day.day in rule.by_month_day or day.day - length - 1 in rule.by_month_day)
    )


def _in_months(rule: Rule, day: date) -> bool:
    return not rule.by_month or day.month in rule.by_month


def _days_of_month(rule: Rule, first: date, opening: date) -> list[date]:
    length = calendar.monthrange(opening.year, opening.month)[1]
    if rule.by_month_day or not rule.by_day:
        numbers = {n if n > 0 else length + 1 + n for n in rule.by_month_day or (first.day,)}
        days = [opening.replace(day=n) for n in sorted(numbers) if 1 <= n <= length]
    else:
        days = [opening.replace(day=n) for n in range(1, length + 1)]
    return [day for day in days if _on_weekday(rule, day.weekday(), day.day, length)]


def _days_of_year(rule: Rule, first: date, year: int) -> list[date]:
    if rule.by_day and not rule.by_month and not rule.by_month_day:  # ordinals count within the year
        length = 366 if calendar.isleap(year) else 365
        opening = date(year, 1, 1)
        days = (opening + number * _DAY for number in range(length))
        return [day for day in days if _on_weekday(rule, day.weekday(), (day - opening).days + 1, length)]
    months = sorted(set(rule.by_month)) or (range(1, 13) if rule.by_month_day else (first.month,))
    return [day for month in months for day in _days_of_month(rule, first, date(year, month, 1))]


def _on_weekday(rule: Rule, weekday: int, number: int, length: int) -> bool:
    """Whether BYDAY takes the ``number``-th day of a stretch of ``length`` days."""
    if not rule.by_day:
        return True
    from_start, from_end = (number - 1) // 7 + 1, -((length - number) // 7 + 1)
    return any(weekday == wanted and ordinal in (0, from_start, from_end) for ordinal, wanted in rule.by_day)


def _positions(rule: Rule, days: list[date]) -> list[date]:
    if not rule.by_set_pos:
        return days
    numbers = {n - 1 if n > 0 else len(days) + n for n in rule.by_set_pos}
    return [days[n] for n in sorted(numbers) if 0 <= n < len(days)]


def _parts(text: str) -> dict[str, str]:
    if len(text) > _MAX_LENGTH:
        raise BadRule("the rule is too long")
    parts: dict[str, str] = {}
    for part in text.strip().strip(";").upper().split(";"):
        key, equals, value = part.partition("=")
        if not equals or key in parts:
            raise BadRule("each part must be KEY=VALUE, once")
        parts[key] = value
    return parts


def _listed(text: str) -> list[str]:
    items = text.split(",") if text else []
    if len(items) > _MAX_LIST:
        raise BadRule("a list in the rule is too long")
    return items


def _number(text: str, least: int, most: int) -> int:
    digits = text[1:] if text[:1] in "+-" else text
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 5) or not least <= int(text) <= most:
        raise BadRule(f"a number in the rule is not between {least} and {most}")
    return int(text)


def _numbers(text: str, least: int, most: int) -> tuple[int, ...]:
    return tuple(_number(item, least, most) for item in _listed(text))


def _weekday(text: str) -> int:
    if text not in _WEEKDAYS:
        raise BadRule("a weekday in the rule is unknown")
    return _WEEKDAYS[text]


def _by_day(text: str) -> tuple[int, int]:
    ordinal = _number(text[:-2], -53, 53) if text[:-2] else 0
    if text[:-2] and not ordinal:
        raise BadRule("a position of 0 means nothing")
    return ordinal, _weekday(text[-2:])


def _until(text: str) -> datetime | date:
    for form, zone in (("%Y%m%dT%H%M%SZ", UTC), ("%Y%m%dT%H%M%S", None), ("%Y%m%d", None)):
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
        return moment if "T" in form else moment.date()
    raise BadRule("UNTIL is neither a date nor a time")
