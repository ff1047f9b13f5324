"""Weeks of one person's calendar, ready to be drawn: everything in percent of the hours shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component, Event

from assistant.domain.people import Person

_DAY = timedelta(days=1)
_MINUTES = 60.0
_EARLIEST, _LATEST = 7, 19
_WEEKEND = 5


@dataclass(frozen=True, slots=True)
class Block:
    """Something on the grid.

    ``look`` is "ours", "kept" (adopted by us), "busy", "tentative", "declined", "cancelled", "free" or "away".
    """

    title: str
    look: str
    starts: datetime
    ends: datetime
    top: float = 0.0
    height: float = 0.0
    left: float = 0.0
    width: float = 100.0


@dataclass(frozen=True, slots=True)
class Day:
    """``work`` is (top, height) of the working hours, None on a day off."""

    day: date
    blocks: tuple[Block, ...]
    whole: tuple[Block, ...]
    work: tuple[float, float] | None
    off: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    number: int
    days: tuple[Day, ...]
    hours: tuple[int, ...]


def weeks(
    folder: Path, person: Person, assistant: str, first: date, last: date, adopted: Collection[str] = ()
) -> list[Week]:
    """The ISO weeks from that of ``first`` to that of ``last``, in the person's zone.

    ``adopted`` are the titles of meetings that others made and the assistant looks after.
    """
    monday = first - timedelta(days=first.weekday())
    end = last + timedelta(days=7 - last.weekday())
    blocks: list[tuple[Block, bool]] = []
    for calendar in _calendars(folder):
        for event in recurring_ical_events.of(calendar).between(monday - _DAY, end + _DAY):
            if isinstance(event, Event):
                blocks.append(_block(event, person, assistant, adopted))
    found = []
    while monday < end:
        found.append(_week(monday, person, blocks))
        monday += timedelta(days=7)
    return found


def _calendars(folder: Path) -> Iterator[Component]:
    for path in sorted(folder.glob("*.ics")) if folder.is_dir() else []:
        try:
            yield Calendar.from_ical(path.read_bytes())
        except ValueError:  # the pages show what can be read
            continue


def _block(event: Event, person: Person, assistant: str, adopted: Collection[str]) -> tuple[Block, bool]:
    """The block and whether it fills whole days."""
    start, end = event.start, event.end
    whole = not isinstance(start, datetime)
    title = str(event.get("SUMMARY", ""))
    look = _look(event, person.address, assistant)
    block = Block(
        title,
        "kept" if look == "busy" and title in adopted else look,
        _local(start, person.zone),
        _local(end, person.zone),
    )
    return block, whole


def _local(moment: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), zone)
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def _look(event: Event, address: str, assistant: str) -> str:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return "cancelled"
    answer = _partstat(event, address)
    if answer == "DECLINED":
        return "declined"
    if str(event.get("ORGANIZER", "")).lower().removeprefix("mailto:") == assistant:
        return "ours"
    shown_as = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    if shown_as == "OOF":
        return "away"
    if str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return "free"
    tentative = "TENTATIVE" in (answer, shown_as, str(event.get("STATUS", "")).upper())
    return "tentative" if tentative else "busy"


def _partstat(event: Event, address: str) -> str:
    listed = event.get("ATTENDEE", [])
    for attendee in listed if isinstance(listed, list) else [listed]:
        if str(attendee).lower().removeprefix("mailto:") == address:
            return str(attendee.params.get("PARTSTAT", "NEEDS-ACTION")).upper()
    return ""


def _week(monday: date, person: Person, blocks: Sequence[tuple[Block, bool]]) -> Week:
    days = [monday + timedelta(days=number) for number in range(7)]
    timed = {day: [b for b, whole in blocks if not whole and b.starts.date() == day] for day in days}
    used = [day for day in days if day.weekday() < _WEEKEND or timed[day]]
    first = min([_EARLIEST, *(b.starts.hour for day in used for b in timed[day])])
    last = max([_LATEST, *(_until(b) for day in used for b in timed[day])])
    return Week(
        monday.isocalendar().week,
        tuple(_day(day, person, timed[day], blocks, first, last) for day in used),
        tuple(range(first, last)),
    )


def _until(block: Block) -> int:
    """The hour by which it ends, midnight at the latest."""
    if block.ends.date() > block.starts.date():
        return 24
    return block.ends.hour + (1 if block.ends.minute else 0)


def _day(
    day: date,
    person: Person,
    timed: Iterable[Block],
    blocks: Iterable[tuple[Block, bool]],
    first: int,
    last: int,
) -> Day:
    whole = tuple(b for b, all_day in blocks if all_day and b.starts.date() <= day < b.ends.date())
    span = person.hours.days[day.weekday()] if person.works_on(day) else None
    work = _placed(_minutes(span[0]), _minutes(span[1]), first, last) if span else None
    return Day(
        day,
        tuple(_lanes(timed, first, last)),
        whole,
        work,
        person.holidays.get(day, ""),
    )


def _minutes(at: time | datetime) -> float:
    return at.hour * _MINUTES + at.minute


def _placed(start: float, end: float, first: int, last: int) -> tuple[float, float]:
    """(top, height) in percent of the hours shown."""
    shown = (last - first) * _MINUTES
    return round((start - first * _MINUTES) / shown * 100, 2), round((end - start) / shown * 100, 2)


def _lanes(timed: Iterable[Block], first: int, last: int) -> Iterator[Block]:
    """Blocks that overlap stand side by side."""
    groups: list[list[Block]] = []
    for block in sorted(timed, key=lambda each: (each.starts, each.ends)):
        if groups and block.starts < max(each.ends for each in groups[-1]):
            groups[-1].append(block)
        else:
            groups.append([block])
    for group in groups:
        for lane, block in enumerate(group):
            end = _minutes(block.ends) if block.ends.date() == block.starts.date() else 24 * _MINUTES
            top, height = _placed(_minutes(block.starts), end, first, last)
            width = 100 / len(group)
            yield Block(
                block.title,
                block.look,
                block.starts,
                block.ends,
                top,
                height,
                round(lane * width, 2),
                round(width, 2),
            )
