"""How the people of the demo answer invitations: in their own copies, as a calendar program would."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from icalendar import Calendar, Component, Event

from assistant.demo.script import Player

_WEEK = timedelta(days=7)
_ACCEPTED, _DECLINED, _OPEN = "ACCEPTED", "DECLINED", "NEEDS-ACTION"


class Attendance:
    """Looks for invitations of the assistant that nobody has answered yet; a file is read again when it changed."""

    def __init__(self, calendars: Path, assistant: str, players: Mapping[str, Player]) -> None:
        self._calendars = calendars
        self._assistant = assistant
        self._players = players
        self._seen: dict[Path, tuple[int, int]] = {}
        self._waiting: list[tuple[datetime, Path, str]] = []
        self._declined: set[Path] = set()

    def look(self, now: datetime) -> None:
        for player in self._players.values():
            folder = self._calendars / player.address
            for path in sorted(folder.glob("*.ics")) if folder.is_dir() else []:
                state = path.stat()
                stamp = (state.st_mtime_ns, state.st_size)
                if self._seen.get(path) == stamp:
                    continue
                self._seen[path] = stamp
                if any(True for _ in _unanswered(_read(path), self._assistant, player.address)):
                    chance = player.chance("invitation", path.name)
                    due = player.reply_time(now, {"delay": chance.randint(5, 150)}, path.name)
                    heapq.heappush(self._waiting, (due, path, _ACCEPTED))

    def next_at(self) -> datetime | None:
        return self._waiting[0][0] if self._waiting else None

    def answer_due(self, now: datetime) -> Iterator[tuple[datetime, str, str, str]]:
        """Writes the answers that are due: when, who, "accepted" or "declined", and to what."""
        while self._waiting and self._waiting[0][0] <= now:
            due, path, partstat = heapq.heappop(self._waiting)
            if not path.exists():
                continue
            player = self._players[path.parent.name]
            calendar = _read(path)
            title = (
                _accept(calendar, self._assistant, player.address)
                if partstat == _ACCEPTED
                else _decline(calendar, player.address)
            )
            if title is None:
                continue
            _write(path, calendar)
            state = path.stat()
            self._seen[path] = (state.st_mtime_ns, state.st_size)
            yield due, player.address, partstat.lower(), title
            if partstat == _ACCEPTED and player.data.get("declines") == title and path not in self._declined:
                self._declined.add(path)
                heapq.heappush(
                    self._waiting,
                    (due + timedelta(days=1, minutes=25), path, _DECLINED),
                )


def _read(path: Path) -> Component:
    return Calendar.from_ical(path.read_bytes())


def _write(path: Path, calendar: Component) -> None:
    half = path.with_name(f".{path.name}.tmp")
    half.write_bytes(calendar.to_ical())
    half.rename(path)


def _events(calendar: Component) -> Iterator[Event]:
    return (component for component in calendar.walk("VEVENT") if isinstance(component, Event))


def _address(value: object) -> str:
    return str(value).lower().removeprefix("mailto:")


def _attendees(event: Component, address: str) -> Iterator[Any]:
    listed = event.get("ATTENDEE", [])
    for attendee in listed if isinstance(listed, list) else [listed]:
        if _address(attendee) == address:
            yield attendee


def _unanswered(calendar: Component, assistant: str, address: str) -> Iterator[tuple[Component, Any]]:
    for event in _events(calendar):
        if _address(event.get("ORGANIZER", "")) != assistant or str(event.get("STATUS", "")) == "CANCELLED":
            continue
        for attendee in _attendees(event, address):
            if str(attendee.params.get("PARTSTAT", _OPEN)).upper() == _OPEN:
                yield event, attendee


def _accept(calendar: Component, assistant: str, address: str) -> str | None:
    title = None
    for event, attendee in _unanswered(calendar, assistant, address):
        attendee.params["PARTSTAT"] = _ACCEPTED
        title = str(event.get("SUMMARY", ""))
    return title


def _decline(calendar: Component, address: str) -> str | None:
    """Declines the second occurrence alone: an override with its own answer (RFC 5545, 3.8.4.4)."""
    series = next(
        (event for event in _events(calendar) if "RRULE" in event and "RECURRENCE-ID" not in event),
        None,
    )
    if series is None:
        return None
    override = Event.from_ical(series.to_ical())
    start, end = series.start + _WEEK, series.end + _WEEK
    for name in ("RRULE", "EXDATE", "RDATE", "DTSTART", "DTEND", "DURATION"):
        override.pop(name, None)
    override.add("DTSTART", start)
    override.add("DTEND", end)
    override.add("RECURRENCE-ID", start)
    for attendee in _attendees(override, address):
        attendee.params["PARTSTAT"] = _DECLINED
    calendar.add_component(override)
    return str(series.get("SUMMARY", ""))
