"""The people of the demo: their inboxes and their calendars, which are folders on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import icalendar
import recurring_ical_events
from assistant.adapters.holdings import file_name
from assistant.adapters.maildir import deliver

from assistant.demo.maildir import take_new
from assistant.demo.script import read
from tests.servers.imap_world import owner

TEAM: Mapping[str, Any] = read("team.yaml")["configuration"]
ADA: str = TEAM["assistant"]["address"]
PEOPLE: tuple[str, ...] = tuple(person["email"] for person in TEAM["people"])
ZONES = {person["email"]: person["zone"] for person in TEAM["people"]}
START = datetime(2026, 11, 9, 6, tzinfo=UTC)
Meeting = tuple[str, datetime, datetime, str]
"""UID, start and end in UTC, title."""


@dataclass(frozen=True)
class Answered:
    """An answer to an invitation: ``said`` is a PARTSTAT, ``original`` an occurrence's start, None for the series.

    ``event`` is the component that says so.
    """

    address: str
    uid: str
    original: datetime | None
    said: str
    event: icalendar.Event


@dataclass
class Office:
    """The folder in which the people of the demo live: ``mail/<address>`` and ``calendars/<address>``.

    They know the assistant by one address. Where it has others too, their calendars name that one in place of those.
    """

    folder: Path
    others: tuple[str, ...] = ()
    _organizers: dict[tuple[str, str], str] = field(default_factory=dict)
    _known: dict[Path, tuple[int, int, int]] = field(default_factory=dict)
    _answers: dict[tuple[str, str], dict[datetime | None, str]] = field(default_factory=dict)

    def mailed(self) -> list[bytes]:
        """What people wrote to the assistant since the last call."""
        return list(take_new(self.folder, ADA))

    def receive(self, address: str, raw: bytes) -> None:
        deliver(self.folder, owner(address), raw)

    def letters(self, address: str) -> list[EmailMessage]:
        box = self.folder / "mail" / address
        paths = [path for part in ("new", "cur") for path in (box / part).iterdir()]
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]

    def touched(self, people: Iterable[str] = PEOPLE) -> Iterator[tuple[str, Path]]:
        """Whose calendar file is new or was written by its owner since the last call, or since ``write``."""
        for address in people:
            for path in sorted((self.folder / "calendars" / address).glob("*.ics")):
                stamp = stamp_of(path)
                if self._known.get(path) != stamp:
                    self._known[path] = stamp
                    yield address, path

    def file(self, address: str, uid: str) -> Path:
        return Path(self.folder, "calendars", address, file_name(uid))

    def held(self, address: str, uid: str) -> bytes:
        """The file with the organizer that it came with."""
        raw, organizer = self.file(address, uid).read_bytes(), self._organizers.get((address, uid))
        return raw if organizer is None else _organized_by(raw, organizer)

    def write(self, address: str, uid: str, raw: bytes | None) -> None:
        """What a server puts on somebody's calendar, or takes off it."""
        path = self.file(address, uid)
        if raw is None:
            path.unlink(missing_ok=True)
            return
        organizer = organizer_of(raw)
        if organizer in self.others:
            self._organizers[address, uid] = organizer
            raw = _organized_by(raw, ADA)
        if path.exists() and path.read_bytes() == raw:
            return
        half = path.with_name(f".{path.name}.tmp")
        half.write_bytes(raw)
        half.rename(path)
        self._known[path] = stamp_of(path)
        self._answers[address, uid] = _answers(raw, address)

    def answered(self, people: Iterable[str] = PEOPLE) -> Iterator[Answered]:
        """What these people answered since."""
        for address, path in self.touched(people):
            raw = path.read_bytes()
            for event in _ours(raw):
                uid, original = str(event["UID"]), _original(event)
                told = self._answers.setdefault((address, uid), {})
                said = _answer(event, address)
                if said != told.get(original, told.get(None)):
                    yield Answered(address, uid, original, said, event)
                told[original] = said

    def published(self, address: str) -> bytes:
        """The calendar of somebody as one file."""
        whole = icalendar.Calendar()
        whole.add("VERSION", "2.0")
        whole.add("PRODID", "-//somebody//EN")
        seen: set[str] = set()
        for path in sorted((self.folder / "calendars" / address).glob("*.ics")):
            for part in icalendar.Calendar.from_ical(path.read_bytes()).subcomponents:
                zone = str(part.get("TZID", "")) if part.name == "VTIMEZONE" else ""
                if not zone or zone not in seen:
                    whole.add_component(part)
                seen.add(zone)
        return bytes(whole.to_ical())

    def meetings(self, address: str, start: datetime, end: datetime) -> list[Meeting]:
        """What of the assistant's stands on somebody's calendar."""
        found = []
        for path in (self.folder / "calendars" / address).glob("*.ics"):
            raw = path.read_bytes()
            if not any(True for _ in _ours(raw)):
                continue
            for event in recurring_ical_events.of(icalendar.Calendar.from_ical(raw)).between(start, end):
                if str(event.get("STATUS", "")) != "CANCELLED":
                    start_, end_ = (moment.astimezone(UTC) for moment in (event.start, event.end))
                    found.append((str(event["UID"]), start_, end_, str(event["SUMMARY"])))
        return found


def stamp_of(path: Path) -> tuple[int, int, int]:
    state = path.stat()
    return state.st_mtime_ns, state.st_size, state.st_ino


def _ours(raw: bytes) -> Iterator[icalendar.Event]:
    for event in icalendar.Calendar.from_ical(raw).walk("VEVENT"):
        if str(event.get("ORGANIZER", "")).lower() == f"mailto:{ADA}" and isinstance(event, icalendar.Event):
            yield event


def attendee_of(event: icalendar.Event, address: str) -> Any:
    listed = event.get("ATTENDEE", [])
    listed = listed if isinstance(listed, list) else [listed]
    return next((each for each in listed if str(each).lower() == f"mailto:{address}"), None)


def _answer(event: icalendar.Event, address: str) -> str:
    attendee = attendee_of(event, address)
    return "NEEDS-ACTION" if attendee is None else str(attendee.params.get("PARTSTAT", "NEEDS-ACTION"))


def _original(event: icalendar.Event) -> datetime | None:
    moment = event.get("RECURRENCE-ID")
    return None if moment is None else moment.dt.astimezone(UTC)


def _answers(raw: bytes, address: str) -> dict[datetime | None, str]:
    return {_original(event): _answer(event, address) for event in _ours(raw)}


def organizer_of(raw: bytes) -> str:
    return str(icalendar.Calendar.from_ical(raw).walk("VEVENT")[0].get("ORGANIZER", "")).lower().removeprefix("mailto:")


def _organized_by(raw: bytes, address: str) -> bytes:
    calendar = icalendar.Calendar.from_ical(raw)
    for event in calendar.walk("VEVENT"):
        event["ORGANIZER"] = icalendar.vCalAddress(f"mailto:{address}")
    return bytes(calendar.to_ical())


def uid_of(raw: bytes) -> str:
    return str(icalendar.Calendar.from_ical(raw).walk("VEVENT")[0]["UID"])
