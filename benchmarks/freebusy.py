"""Free/busy of a large calendar: read for the first time, again with nothing changed, and again with one change."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import icalendar
import recurring_ical_events
from assistant.adapters.local import LocalCalendar

from assistant.domain.calendar import Busy, Period, merge_busy
from benchmarks.companies import ADDRESS, BERLIN, MONDAY
from benchmarks.measure import Spent, side_by_side, timed
from benchmarks.report import Goal, Report, at_least, duration

OWNER = "mia@example.org"
PERIOD = Period(MONDAY, MONDAY + timedelta(weeks=4))
COLD, WARM, ONE, PEER, BYTES = (
    "ours, cold",
    "ours, nothing changed",
    "ours, one event changed",
    "icalendar and rie",
    "limit",
)


def run(*, quick: bool) -> Report:
    events = 500 if quick else 5_000
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "calendars" / OWNER
        folder.mkdir(parents=True)
        size = _fill(folder, events)
        local = _calendar(scratch)
        ours = _ours(local)
        theirs = _theirs(folder)
        timings = side_by_side(
            {
                COLD: (timed(lambda: _ours(_calendar(scratch))), events),
                WARM: (timed(lambda: _ours(local)), events),
                ONE: (partial(_one_changed, local, folder), events),
                PEER: (timed(lambda: _theirs(folder)), events),
                BYTES: (timed(lambda: [path.read_bytes() for path in folder.iterdir()]), events),
            },
            2 if quick else 3,
        )
    warm = timings[COLD].seconds / timings[WARM].seconds
    return Report(
        "Free/busy",
        f"One calendar of {events:,} events, a file each, {size / 2**20:.1f} MB; one in ten recurs (weekly, every"
        " other week, monthly, daily with a count; exceptions). What is busy in four weeks. The peer reads every"
        " file with icalendar and expands with recurring-ical-events; the limit only reads the bytes.",
        ("", "in all", "per event", "of it CPU"),
        [[name, duration(t.seconds), duration(t.each), duration(t.cpu_each)] for name, t in timings.items()],
        [
            Goal("the same blocks as the peer", f"{len(ours):,} and {len(theirs):,}", list(ours) == list(theirs)),
            at_least("nothing changed >= 200x faster than cold", warm, 200),
            at_least("cold at least as fast as the peer", timings[PEER].each / timings[COLD].each, 1),
        ],
    )


def _calendar(folder: str) -> LocalCalendar:
    return LocalCalendar(folder, ADDRESS, {OWNER: BERLIN})


def _ours(calendar: LocalCalendar) -> Sequence[Busy]:
    busy: Sequence[Busy] = calendar.free_busy([OWNER], PERIOD)[OWNER]
    return busy


def _theirs(folder: Path) -> Sequence[Busy]:
    found: list[Busy] = []
    for path in folder.iterdir():
        events = recurring_ical_events.of(icalendar.Calendar.from_ical(path.read_bytes()))
        for event in events.between(PERIOD.start, PERIOD.end):
            if str(event.get("TRANSP", "")) != "TRANSPARENT" and str(event.get("STATUS", "")) != "CANCELLED":
                start, end = (moment.astimezone(UTC) for moment in (event.start, event.end))
                found.append(Busy(Period(max(start, PERIOD.start), min(end, PERIOD.end))))
    return merge_busy(found)


def _one_changed(calendar: LocalCalendar, folder: Path) -> Spent:
    """The same event with one line more each time; it is no busier for that."""
    path = min(folder.iterdir())
    path.write_bytes(path.read_bytes().replace(b"STATUS", b"X-NOTE:again\r\nSTATUS", 1))
    return timed(lambda: _ours(calendar))()


def _fill(folder: Path, count: int) -> int:
    chance = random.Random(3)
    size = 0
    for number in range(count):
        raw = "\r\n".join(_event(chance, number)).encode()
        size += len(raw)
        (folder / f"ev{number}@example.org.ics").write_bytes(raw)
    return size


def _event(chance: random.Random, number: int) -> list[str]:
    day = datetime(2024, 12, 2) + timedelta(weeks=chance.randrange(104), days=chance.randrange(5))  # noqa: DTZ001 - a wall clock
    start = day.replace(hour=chance.randrange(9, 17), minute=chance.choice((0, 30)))
    end = start + timedelta(minutes=chance.choice((30, 60)))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//example//calendar//EN",
        "BEGIN:VEVENT",
        f"UID:ev{number}@example.org",
        "DTSTAMP:20261101T000000Z",
        f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Europe/Berlin:{end:%Y%m%dT%H%M%S}",
        f"SUMMARY:Meeting {number}",
        "DESCRIPTION:Agenda\\, notes and a link to join https://meet.example.com/abc-defg",
        f"ORGANIZER;CN=Ann:mailto:u{number % 50}@example.org",
        f"ATTENDEE;PARTSTAT=ACCEPTED;CN=Mia:mailto:{OWNER}",
        "ATTENDEE;PARTSTAT=ACCEPTED;CN=Eve:mailto:eve@example.org",
        f"STATUS:{'CANCELLED' if number % 41 == 1 else 'CONFIRMED'}",
    ]
    if number % 17 == 1:
        lines.append("TRANSP:TRANSPARENT")
    if number % 10 == 0:
        lines += _rule(chance, start)
    return [*lines, "END:VEVENT", "END:VCALENDAR", ""]


def _rule(chance: random.Random, start: datetime) -> list[str]:
    weekday = ("MO", "TU", "WE", "TH", "FR")[start.weekday()]
    until = start + timedelta(days=chance.randrange(60, 700))
    rule = chance.choice(
        (
            f"FREQ=WEEKLY;BYDAY={weekday}",
            f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}",
            f"FREQ=WEEKLY;UNTIL={until:%Y%m%dT%H%M%SZ};BYDAY={weekday}",
            f"FREQ=DAILY;COUNT={chance.randrange(5, 60)}",
            f"FREQ=MONTHLY;BYDAY={min((start.day - 1) // 7 + 1, 4)}{weekday}",
        )
    )
    left_out = (
        [f"EXDATE;TZID=Europe/Berlin:{start + timedelta(days=14):%Y%m%dT%H%M%S}"] if chance.random() < 0.2 else []
    )
    return [f"RRULE:{rule}", *left_out]
