"""What one calendar object means to us: the events that matter, the time it takes, what could not be read. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from assistant.domain.calendar import Busy, Event, Period
from assistant.domain.recurrence import BadRule, occurrences
from assistant.ical.busy import taken
from assistant.ical.events import by_uid, event_of, listed, plain_address
from assistant.ical.reading import FAULTS, Content, read

REVISION = "X-ASSISTANT-REVISION"
CONTENT = "X-ASSISTANT-CONTENT"
_MARGIN = timedelta(days=7)
_LONGEST_WINDOW = timedelta(days=800)
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Held:
    """An event on a calendar: ``revision`` and ``content`` are what we noted when we wrote it, None in others'."""

    event: Event
    revision: str | None
    digest: str
    content: str | None = None


@dataclass(frozen=True, slots=True)
class Holdings:
    """``held`` has the recurring events and those that we organise, by UID; ``blocks`` are the time it takes."""

    uids: frozenset[str]
    held: Mapping[str, Held]
    blocks: tuple[tuple[str, Busy], ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads ``owner``'s calendar. Without a ``window`` no time is taken; ``zone`` is that of floating times."""

    owner: str
    organizer: str
    zone: ZoneInfo | None = None
    window: Period | None = None

    def read(self, raw: bytes) -> Holdings:
        """Raises BadCalendar where the whole cannot be trusted."""
        content = read(raw)
        problems = list(content.problems)
        held = self._held(content, problems)
        blocks: tuple[tuple[str, Busy], ...] = ()
        if self.window is not None:
            result = taken(content, self.owner, self.window, self.zone)
            blocks, problems = tuple(result.blocks), problems + result.problems
        uids = frozenset(str(component.get("UID")) for component in content.events)
        return Holdings(uids, held, blocks, tuple(problems))

    def _held(self, content: Content, problems: list[str]) -> dict[str, Held]:
        held: dict[str, Held] = {}
        zone = self.zone or content.zone or _UTC
        for uid, components in by_uid(content.events).items():
            if not any(self._matters(component) for component in components):
                continue
            notes = [
                next((str(value) for component in components for value in listed(component, name)), None)
                for name in (REVISION, CONTENT)
            ]
            try:
                event = event_of(components, zone)
                held[uid] = Held(event, notes[0], digest(event), notes[1])
            except BadRule as error:
                problems.append(str(error))
            except FAULTS:
                problems.append("an event cannot be read")
        return held

    def _matters(self, component: icalendar.Event) -> bool:
        """Recurring meetings and what we organise; birthdays and other whole days are nobody's meeting."""
        if not isinstance(listed(component, "DTSTART")[0].dt, datetime):
            return False
        organizer = plain_address(str(component.get("ORGANIZER", "")).lower().removeprefix("mailto:"))
        ours = organizer == self.organizer or REVISION in component
        return ours or "RRULE" in component or "RDATE" in component


def digest(event: Event) -> str:
    return hashlib.sha256(repr(replace(event, stamp=None)).encode()).hexdigest()[:16]


def widened(window: Period | None, period: Period) -> Period:
    """Room for the days to come, so that tomorrow's question needs no reading; both questions in one if they fit."""
    wide = Period(period.start - _MARGIN, period.end + _MARGIN)
    if window is None:
        return wide
    both = Period(min(window.start, wide.start), max(window.end, wide.end))
    return both if both.length <= _LONGEST_WINDOW else wide


def pieces(period: Period, longest: timedelta) -> Iterator[Period]:
    """It whole, in order, for servers that answer for so long only."""
    start = period.start
    while start < period.end:
        end = min(start + longest, period.end)
        yield Period(start, end)
        start = end


def recurs(event: Event, period: Period) -> bool:
    """Whether it is a series with an occurrence in ``period``."""
    if event.cancelled or (event.rrule is None and not event.overrides):
        return False
    try:
        return bool(occurrences(event, period))
    except BadRule:
        return False


def clipped(block: Busy, period: Period) -> Busy:
    if period.contains(block.period):
        return block
    return Busy(Period(max(block.period.start, period.start), min(block.period.end, period.end)), block.kind)


def invited(event: Event | None) -> set[str]:
    return set() if event is None else {attendee.address for attendee in event.attendees}


def file_name(uid: str) -> str:
    """``<uid>.ics`` where that is a safe name, else a safe part of it and its hash."""
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "@._-+") else "_" for letter in uid)
    if safe == uid and not uid.startswith(".") and 0 < len(uid) <= 200:
        return f"{uid}.ics"
    return f"{safe[:100].lstrip('.')}-{hashlib.sha256(uid.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.ics"
