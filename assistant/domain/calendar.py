"""Events, periods and free/busy, in the words of RFC 5545."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Half-open: ``start`` is inside, ``end`` is not. Both aware."""

    start: datetime
    end: datetime

    def overlaps(self, other: Period) -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    @property
    def length(self) -> timedelta:
        return self.end - self.start


class BusyKind(StrEnum):
    BUSY = "busy"
    TENTATIVE = "tentative"
    AWAY = "away"


@dataclass(frozen=True, slots=True, order=True)
class Busy:
    """A taken stretch of somebody's time; AWAY means out of office, not merely in a meeting."""

    period: Period
    kind: BusyKind = BusyKind.BUSY


class Partstat(StrEnum):
    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"
    DELEGATED = "DELEGATED"


@dataclass(frozen=True, slots=True)
class Attendee:
    """``address`` is lower case and without subaddress."""

    address: str
    name: str = ""
    partstat: Partstat = Partstat.NEEDS_ACTION
    required: bool = True


@dataclass(frozen=True, slots=True)
class Override:
    """One occurrence that differs from its series. ``recurrence_id`` is the original start, aware."""

    recurrence_id: datetime
    start: datetime
    duration: timedelta
    description: str | None = None
    cancelled: bool = False
    attendees: tuple[Attendee, ...] | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A meeting as calendars know it.

    ``start`` is aware with a ``ZoneInfo``: the wall clock of that zone is what recurs. ``rrule`` is the value of an
    RRULE property ("FREQ=WEEKLY;BYDAY=TU") or None for a single event. ``exdates`` are original starts.
    ``organizer`` is an address. ``sequence`` grows when time or recurrence changes (RFC 5546, 2.1.4).
    """

    uid: str
    start: datetime
    duration: timedelta
    summary: str
    organizer: str
    attendees: tuple[Attendee, ...] = ()
    description: str = ""
    location: str = ""
    rrule: str | None = None
    exdates: tuple[datetime, ...] = ()
    overrides: tuple[Override, ...] = ()
    sequence: int = 0
    private: bool = False
    cancelled: bool = False
    stamp: datetime | None = field(default=None, compare=False)

    @property
    def end(self) -> datetime:
        return self.start + self.duration

    def with_override(self, override: Override) -> Event:
        """The same event with this override in place of any earlier one for the same occurrence."""
        kept = tuple(o for o in self.overrides if o.recurrence_id != override.recurrence_id)
        overrides = tuple(sorted((*kept, override), key=lambda o: o.recurrence_id))
        return replace(self, overrides=overrides)


def merge(periods: Iterable[Period]) -> list[Period]:
    """Sorted, with what touches or overlaps joined."""
    merged: list[Period] = []
    for period in sorted(periods):
        if merged and period.start <= merged[-1].end:
            if period.end > merged[-1].end:
                merged[-1] = Period(merged[-1].start, period.end)
        else:
            merged.append(period)
    return merged


def merge_busy(blocks: Iterable[Busy]) -> list[Busy]:
    """Merged within each kind, then sorted by time."""
    by_kind: dict[BusyKind, list[Period]] = {}
    for block in blocks:
        by_kind.setdefault(block.kind, []).append(block.period)
    return sorted(Busy(period, kind) for kind, periods in by_kind.items() for period in merge(periods))


def is_free(busy: Sequence[Busy], period: Period) -> bool:
    return not any(block.period.overlaps(period) for block in busy)
