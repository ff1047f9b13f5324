"""Free/busy out of what real calendars hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from recurring_ical_events import EventAdapter, Series

from assistant.domain.calendar import Busy, BusyKind, Partstat, Period, merge_busy
from assistant.domain.recurrence import BadRule, Budget, Rule, starts
from assistant.ical.events import attendee, aware, by_uid, listed, plain_address
from assistant.ical.reading import FAULTS, FROM_FOLDER, BadCalendar, Content, read

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=62)
_MAX_BLOCKS = 50_000  # in one file: bounds the work that a hostile one can make
_MAX_STEPS = 1_000_000
_MAX_PROBLEMS = 100
_UTC = ZoneInfo("UTC")


@dataclass(slots=True)
class Taken:
    """Blocks with the UID they come from, clipped to the period, and what could not be read, a sentence each."""

    blocks: list[tuple[str, Busy]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def busy(
    calendars: Iterable[bytes],
    address: str,
    period: Period,
    ignoring: Collection[str] = frozenset(),
    zone: ZoneInfo | None = None,
) -> list[Busy]:
    """Merged per kind, UTC, clipped to ``period``; what cannot be read is left out (``taken`` tells what)."""
    found: list[Busy] = []
    for raw in calendars:
        try:
            content = read(raw, FROM_FOLDER)
        except BadCalendar:
            continue
        found += (block for uid, block in taken(content, address, period, zone).blocks if uid not in ignoring)
    return merge_busy(found)


def taken(content: Content, address: str, period: Period, zone: ZoneInfo | None = None) -> Taken:
    """What ``address`` is busy with in ``period``. Floating and all-day times count in ``zone``, the owner's."""
    result = Taken(problems=list(content.problems))
    owner = plain_address(address)
    local = zone or content.zone or _UTC
    budget = Budget(_MAX_STEPS)
    for uid, components in by_uid(content.events).items():
        try:
            result.blocks += ((uid, block) for block in _blocks(components, owner, period, local, budget))
        except BadRule as error:
            result.problems.append(str(error))
        except FAULTS:
            result.problems.append("an event cannot be read")
        if len(result.blocks) > _MAX_BLOCKS or len(result.problems) > _MAX_PROBLEMS:
            result.problems.append("too much to expand, the rest was left out")
            break
    return result


def _blocks(
    components: list[icalendar.Event], owner: str, period: Period, zone: ZoneInfo, budget: Budget
) -> list[Busy]:
    blocks: list[Busy] = []
    for component, start, end in _expand(components, period, budget):
        kind = kind_of(component, owner)
        if kind is None:
            continue
        opening, closing = _span(start, end, zone)
        low, high = max(opening, period.start.astimezone(UTC)), min(closing, period.end.astimezone(UTC))
        if low < high:
            blocks.append(Busy(Period(low, high), kind))
    return blocks


Moment = date | datetime


def _span(start: Moment, end: Moment, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """In UTC. A start on the wall clock that a clock change skips is moved on by the gap, and the end with it."""
    first, last = aware(start, zone), aware(end, zone)
    opening = first.astimezone(UTC)
    resolved = opening.astimezone(first.tzinfo)
    if isinstance(start, datetime) and resolved.replace(tzinfo=None, fold=0) != first.replace(tzinfo=None, fold=0):
        last = resolved + (last.replace(tzinfo=None) - first.replace(tzinfo=None))
    return opening, last.astimezone(UTC)


def _expand(
    components: list[icalendar.Event], period: Period, budget: Budget
) -> Iterator[tuple[icalendar.Event, Moment, Moment]]:
    """The occurrences around ``period``: a day more at each end, because floating times have no zone yet."""
    if len(components) == 1 and not any(name in components[0] for name in ("RRULE", "RDATE", "EXDATE")):
        adapter = EventAdapter(components[0])
        yield components[0], adapter.start, adapter.end
        return
    for component in components:
        if EventAdapter(component).duration > _LONGEST:
            raise BadRule("a recurring event lasts for months")
    low, high = period.start.astimezone(UTC) - _DAY, period.end.astimezone(UTC) + _DAY
    for occurrence in _Series([EventAdapter(component) for component in components], budget).between(low, high):
        yield occurrence.as_component(True), occurrence.start, occurrence.end


class _BoundedRule:
    """What recurring-ical-events wants of a rule, from our own expansion, which cannot hang."""

    def __init__(self, start: datetime, text: str, budget: Budget) -> None:
        self._start = start
        self._budget = budget
        self._rule = Rule.parse(text, start.time())
        self.until: datetime | None = None
        if (until := self._rule.until) is not None:
            moment = until if isinstance(until, datetime) else datetime.combine(until, time.max)
            self.until = self._like_start(moment)

    def between(self, low: datetime, high: datetime, inc: bool) -> Iterator[datetime]:
        start = self._start if self._start.tzinfo else self._start.replace(tzinfo=UTC)
        second = timedelta(seconds=1)
        period = Period(_instant(low), _instant(high) + second if inc else _instant(high))
        for moment in starts(start, self._rule, period, self._budget):
            yield self._like_start(moment)

    def _like_start(self, moment: datetime) -> datetime:
        if self._start.tzinfo is None:
            return moment.replace(tzinfo=None)
        return moment if moment.tzinfo else moment.replace(tzinfo=self._start.tzinfo)


def _instant(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Rules(Series.RecurrenceRules):  # type: ignore[misc]  # the library ships no types
    start: Any

    def __init__(self, core: EventAdapter, budget: Budget) -> None:
        self._budget = budget
        super().__init__(core)

    def create_rule_with_start(self, rule_string: str) -> _BoundedRule:
        return _BoundedRule(self.start, rule_string, self._budget)


class _Series(Series):  # type: ignore[misc]  # the library ships no types
    def __init__(self, components: list[EventAdapter], budget: Budget) -> None:
        self.RecurrenceRules = partial(_Rules, budget=budget)
        super().__init__(components)


def kind_of(component: icalendar.Event, owner: str) -> BusyKind | None:
    """How an event takes its owner's time; None where it does not."""
    status = _word(component, "STATUS")
    shown = _word(component, "X-MICROSOFT-CDO-BUSYSTATUS")
    if status == "CANCELLED" or shown in ("FREE", "WORKINGELSEWHERE"):
        return None
    if _word(component, "TRANSP") == "TRANSPARENT" and shown != "OOF":
        return None
    answer = next((a.partstat for a in map(attendee, listed(component, "ATTENDEE")) if a.address == owner), None)
    if answer in (Partstat.DECLINED, Partstat.DELEGATED):
        return None
    if shown == "OOF" or _out_of_office(component):
        return BusyKind.AWAY
    organizes = plain_address(str(component.get("ORGANIZER", "")).lower().removeprefix("mailto:")) == owner
    unanswered = answer in (Partstat.NEEDS_ACTION, Partstat.TENTATIVE) and not organizes
    if unanswered or "TENTATIVE" in (status, shown):
        return BusyKind.TENTATIVE
    return BusyKind.AWAY if _lasts_whole_days(component) else BusyKind.BUSY


def _lasts_whole_days(component: icalendar.Event) -> bool:
    """By date, or as Exchange writes it, from midnight to midnight with a flag."""
    start = listed(component, "DTSTART")[0].dt
    return not isinstance(start, datetime) or _word(component, "X-MICROSOFT-CDO-ALLDAYEVENT") == "TRUE"


def _out_of_office(component: icalendar.Event) -> bool:
    """Google names the type in a property of its own."""
    google = (value for name, value in component.items() if name.startswith("X-GOOGLE-"))
    return any(str(value).lower() == "outofoffice" for value in google)


def _word(component: icalendar.Event, name: str) -> str:
    value = component.get(name, "")
    return str(value[0] if isinstance(value, list) else value).strip().upper()
