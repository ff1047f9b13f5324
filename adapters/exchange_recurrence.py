"""RRULE (RFC 5545, 3.3.10) <-> Microsoft's recurrence patterns. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Event
from assistant.domain.recurrence import BadRule, Rule
from assistant.errors import Rejected

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_INDEXES = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
_POSITIONS = {name: position for position, name in _INDEXES.items()}
_SHORTEST_MONTH = 28
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Pattern:
    """What Microsoft's calendars can repeat. ``kind`` is one of Graph's six pattern types.

    ``days`` are weekdays with Monday 0; ``index`` is 1 to 4 or -1; ``last`` is the last day (inside), ``count`` a
    number of occurrences, both None for ever.
    """

    kind: str
    interval: int
    days: tuple[int, ...] = ()
    day_of_month: int = 0
    index: int = 0
    month: int = 0
    week_start: int = 0
    last: date | None = None
    count: int | None = None


def pattern_of(event: Event) -> Pattern | None:
    """None for a single event. Raises Rejected where Microsoft's calendars cannot repeat like that."""
    if event.rrule is None:
        return None
    try:
        rule = Rule.parse(event.rrule, event.start.time())
    except BadRule as error:
        raise Rejected(f"the rule of the series cannot be read: {error}") from error
    found = _pattern(rule, event.start)
    if found is None:
        raise Rejected(f"Microsoft's calendars cannot repeat an event by {event.rrule!r}; choose another rhythm")
    kind, fields = found
    last = None if rule.until is None else _local_date(rule.until, event.start)
    return Pattern(kind, rule.interval, last=last, count=rule.count, week_start=rule.week_start, **fields)


def _pattern(rule: Rule, start: datetime) -> tuple[str, dict[str, Any]] | None:
    days = tuple(sorted(weekday for _, weekday in rule.by_day))
    if rule.freq == "DAILY":
        return _daily(rule, days)
    if rule.freq in ("WEEKLY", "MONTHLY") and rule.by_month:
        return None
    if rule.freq == "WEEKLY":
        return "weekly", {"days": days or (start.weekday(),)}
    yearly = {}
    if rule.freq == "YEARLY":
        months = rule.by_month or (start.month,)
        one = len(months) == 1 and bool(rule.by_month or not rule.by_day)
        yearly = {"month": months[0] if one else 0}
    name = "Yearly" if yearly else "Monthly"
    if not rule.by_day:
        return _by_date(rule, start, name, yearly)
    positions = {ordinal for ordinal, _ in rule.by_day if ordinal} or set(rule.by_set_pos)
    mixed = any(ordinal for ordinal, _ in rule.by_day) and (rule.by_set_pos or len(rule.by_day) > 1)
    if (
        yearly.get("month") == 0
        or rule.by_month_day
        or mixed
        or len(positions) != 1
        or not positions <= _INDEXES.keys()
    ):
        return None
    return f"relative{name}", {"days": days, "index": positions.pop(), **yearly}


def _daily(rule: Rule, days: tuple[int, ...]) -> tuple[str, dict[str, Any]] | None:
    if rule.by_month or rule.by_month_day:
        return None
    if not days:
        return "daily", {}
    return ("weekly", {"days": days}) if rule.interval == 1 else None


def _by_date(rule: Rule, start: datetime, name: str, yearly: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    numbers = rule.by_month_day or (start.day,)
    if len(numbers) > 1 or rule.by_set_pos or yearly.get("month") == 0:
        return None
    if numbers[0] == -1:
        return f"relative{name}", {"days": tuple(range(_WEEK)), "index": -1, **yearly}
    # From 29 on Exchange takes the last day of shorter months, where RFC 5545 leaves them out.
    if not 0 < numbers[0] <= _SHORTEST_MONTH:
        return None
    return f"absolute{name}", {"day_of_month": numbers[0], **yearly}


def rrule_of(pattern: Pattern) -> str:
    """The plainest RRULE that says the same."""
    parts = [f"FREQ={_frequency(pattern.kind)}"]
    if pattern.interval > 1:
        parts.append(f"INTERVAL={pattern.interval}")
    if pattern.month:
        parts.append(f"BYMONTH={pattern.month}")
    codes = [_CODES[day] for day in sorted(pattern.days)]
    if pattern.kind == "weekly":
        parts.append(f"BYDAY={','.join(codes)}")
    elif pattern.kind.startswith("relative"):
        parts += _relative(pattern, codes)
    elif pattern.kind.startswith("absolute"):
        number = pattern.day_of_month
        short = ",".join(map(str, range(_SHORTEST_MONTH, number + 1)))
        parts.append(f"BYMONTHDAY={number}" if number <= _SHORTEST_MONTH else f"BYMONTHDAY={short};BYSETPOS=-1")
    if pattern.kind == "weekly" and pattern.week_start and pattern.interval > 1:
        parts.append(f"WKST={_CODES[pattern.week_start]}")
    if pattern.count is not None:
        parts.append(f"COUNT={pattern.count}")
    if pattern.last is not None:
        parts.append(f"UNTIL={pattern.last:%Y%m%d}")
    return ";".join(parts)


def _frequency(kind: str) -> str:
    return {"daily": "DAILY", "weekly": "WEEKLY"}.get(kind, "MONTHLY" if kind.endswith("Monthly") else "YEARLY")


def _relative(pattern: Pattern, codes: Sequence[str]) -> list[str]:
    if len(codes) == 1:
        return [f"BYDAY={pattern.index}{codes[0]}"]
    if len(codes) == _WEEK and pattern.index == -1:
        return ["BYMONTHDAY=-1"]
    return [f"BYDAY={','.join(codes)}", f"BYSETPOS={pattern.index}"]


def to_graph(pattern: Pattern, first: datetime, zone: str) -> dict[str, Any]:
    """Graph's patternedRecurrence; ``zone`` is the Windows name of the zone of ``first``."""
    shape: dict[str, Any] = {"type": pattern.kind, "interval": pattern.interval}
    if pattern.days:
        shape["daysOfWeek"] = [DAYS[day] for day in pattern.days]
    if pattern.kind == "weekly":
        shape["firstDayOfWeek"] = DAYS[pattern.week_start]
    if pattern.day_of_month:
        shape["dayOfMonth"] = pattern.day_of_month
    if pattern.index:
        shape["index"] = _INDEXES[pattern.index]
    if pattern.month:
        shape["month"] = pattern.month
    span: dict[str, Any] = {"startDate": first.date().isoformat(), "recurrenceTimeZone": zone, "type": "noEnd"}
    if pattern.count is not None:
        span |= {"type": "numbered", "numberOfOccurrences": pattern.count}
    elif pattern.last is not None:
        span |= {"type": "endDate", "endDate": pattern.last.isoformat()}
    return {"pattern": shape, "range": span}


def from_graph(recurrence: Mapping[str, Any]) -> Pattern:
    """Raises BadRule for what is none."""
    try:
        shape, span = recurrence["pattern"], recurrence["range"]
        kind, ending = str(shape["type"]), str(span.get("type"))
        relative = kind.startswith("relative")
        return Pattern(
            kind=kind,
            interval=max(1, int(shape.get("interval") or 1)),
            days=tuple(sorted(DAYS.index(str(day).lower()) for day in shape.get("daysOfWeek") or ())),
            day_of_month=int(shape.get("dayOfMonth") or 0),
            index=_POSITIONS[str(shape.get("index") or "first")] if relative else 0,
            month=int(shape.get("month") or 0),
            week_start=DAYS.index(str(shape.get("firstDayOfWeek") or "monday")) if kind == "weekly" else 0,
            last=date.fromisoformat(str(span["endDate"])) if ending == "endDate" else None,
            count=int(span["numberOfOccurrences"]) if ending == "numbered" else None,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BadRule("the recurrence cannot be read") from error


def _local_date(until: datetime | date, start: datetime) -> date:
    """The day of the last start: UNTIL itself where it is reached by the time of day, else the day before."""
    if not isinstance(until, datetime):
        return until
    zone = start.tzinfo or ZoneInfo("UTC")
    moment = until.astimezone(zone) if until.tzinfo else until.replace(tzinfo=zone)
    on_that_day = datetime.combine(moment.date(), time(start.hour, start.minute, start.second), zone)
    if on_that_day.astimezone(UTC) <= moment.astimezone(UTC):
        return moment.date()
    return date.fromordinal(moment.date().toordinal() - 1)
