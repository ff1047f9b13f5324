"""One person's calendar as a folder of ``.ics`` files (vdir), read again only where a file changed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar

from assistant.domain.calendar import Busy, Event, Period
from assistant.domain.recurrence import BadRule
from assistant.ical.busy import taken
from assistant.ical.events import by_uid, event_of, listed, plain_address
from assistant.ical.reading import FAULTS, FROM_FOLDER, BadCalendar, Content, read

REVISION = "X-ASSISTANT-REVISION"
_MARGIN = timedelta(days=7)
_LONGEST_WINDOW = timedelta(days=800)
_UTC = ZoneInfo("UTC")

Stamp = tuple[int, int, int]  # mtime in ns, size, inode


@dataclass(frozen=True, slots=True)
class Held:
    """An event in a file: ``revision`` is what we noted when we wrote it, None in files of others."""

    event: Event
    revision: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class Copy:
    """What one file says. ``held`` has the recurring events and those that we organise; ``etag`` is its content's."""

    path: Path
    stamp: Stamp
    etag: str
    uids: frozenset[str]
    held: Mapping[str, Held]
    blocks: tuple[tuple[str, Busy], ...]
    problems: tuple[str, ...]


class Shelf:
    """The folder of ``owner``; ``organizer`` is the assistant's address, ``zone`` that of floating times."""

    def __init__(self, folder: Path, owner: str, organizer: str) -> None:
        self.folder = folder
        self.owner = owner
        self.zone: ZoneInfo | None = None
        self._organizer = organizer
        self._window: Period | None = None
        self._read_with: tuple[ZoneInfo | None, Period | None] = (None, None)
        self._stamps: dict[str, Stamp] = {}
        self._copies: dict[str, Copy] = {}
        self._blocks: list[tuple[str, Busy]] = []
        self.folder_problem: str | None = None

    def copies(self) -> Mapping[str, Copy]:
        """By file name, as the folder is now. An unreadable folder is empty, and a problem."""
        listing = self._listing()
        settings = (self.zone, self._window)
        if listing == self._stamps and settings == self._read_with:
            return self._copies
        known = self._copies if settings == self._read_with else {}
        self._copies = {
            name: known[name] if name in known and known[name].stamp == stamp else self._read(name, stamp)
            for name, stamp in listing.items()
        }
        blocks = (pair for copy in self._copies.values() for pair in copy.blocks)
        self._blocks = sorted(blocks, key=lambda pair: pair[1])
        self._stamps, self._read_with = listing, settings
        return self._copies

    def find(self, uid: str) -> Copy | None:
        """The file that holds this UID: under the name we would give it, or whatever another program chose."""
        copies = self.copies()
        named = copies.get(file_name(uid))
        if named is not None and uid in named.uids:
            return named
        return next((copy for copy in copies.values() if uid in copy.uids), None)

    def may_hold(self, uid: str) -> bool:
        """Whether the event may be here although we do not see it: its file, or the folder, cannot be read.

        As of the last reading.
        """
        if self.folder_problem is not None or not self.folder.is_dir() or file_name(uid) in self._copies:
            return True
        return any(uid in copy.uids for copy in self._copies.values())

    def busy(self, period: Period) -> list[tuple[str, Busy]] | None:
        """Blocks with their UID that overlap ``period``; None where there is no such calendar."""
        if not self.folder.is_dir():
            return None
        if self._window is None or not self._window.contains(period):
            self._window = _widened(self._window, period)
        self.copies()
        if self.folder_problem is not None:
            return None
        return [(uid, block) for uid, block in self._blocks if block.period.overlaps(period)]

    @property
    def problems(self) -> Iterator[tuple[Path, str]]:
        """As of the last reading."""
        if self.folder_problem is not None:
            yield self.folder, self.folder_problem
        for copy in self._copies.values():
            if copy.problems:
                yield copy.path, "; ".join(dict.fromkeys(copy.problems))

    def _listing(self) -> dict[str, Stamp]:
        found: dict[str, Stamp] = {}
        self.folder_problem = None
        try:
            with os.scandir(self.folder) as listing:
                named = [item for item in listing if item.name.endswith((".ics", ".ICS")) and item.name[0] != "."]
        except FileNotFoundError:
            named = []  # this person has no calendar
        except OSError as error:
            named = []
            self.folder_problem = f"cannot be read: {os.strerror(error.errno or 0)}"
        for item in named:
            try:
                status = item.stat()
            except OSError:  # gone since it was listed, or a link to nowhere
                continue
            if stat.S_ISREG(status.st_mode):
                found[item.name] = (status.st_mtime_ns, status.st_size, status.st_ino)
        return found

    def _read(self, name: str, stamp: Stamp) -> Copy:
        path = self.folder / name
        try:
            with path.open("rb") as file:
                raw = file.read(FROM_FOLDER.size + 1)
            content = read(raw)
        except OSError as error:
            return _unread(path, stamp, f"cannot be read: {os.strerror(error.errno or 0)}")
        except BadCalendar as error:
            return _unread(path, stamp, str(error), hashlib.sha256(raw).hexdigest())
        problems = list(content.problems)
        held = self._held(content, problems)
        blocks: tuple[tuple[str, Busy], ...] = ()
        if self._window is not None:
            result = taken(content, self.owner, self._window, self.zone)
            blocks, problems = tuple(result.blocks), problems + result.problems
        uids = frozenset(str(component.get("UID")) for component in content.events)
        return Copy(path, stamp, hashlib.sha256(raw).hexdigest(), uids, held, blocks, tuple(problems))

    def _held(self, content: Content, problems: list[str]) -> dict[str, Held]:
        held: dict[str, Held] = {}
        zone = self.zone or content.zone or _UTC
        for uid, components in by_uid(content.events).items():
            if not any(self._matters(component) for component in components):
                continue
            revisions = [str(value) for component in components for value in listed(component, REVISION)]
            try:
                event = event_of(components, zone)
                held[uid] = Held(event, revisions[0] if revisions else None, _digest(event))
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
        ours = organizer == self._organizer or REVISION in component
        return ours or "RRULE" in component or "RDATE" in component


def file_name(uid: str) -> str:
    """``<uid>.ics`` where that is a safe name, else a safe part of it and its hash."""
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "@._-+") else "_" for letter in uid)
    if safe == uid and not uid.startswith(".") and 0 < len(uid) <= 200:
        return f"{uid}.ics"
    return f"{safe[:100].lstrip('.')}-{hashlib.sha256(uid.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.ics"


def _digest(event: Event) -> str:
    return hashlib.sha256(repr(replace(event, stamp=None)).encode()).hexdigest()[:16]


def _unread(path: Path, stamp: Stamp, problem: str, etag: str = "") -> Copy:
    return Copy(path, stamp, etag, frozenset(), {}, (), (problem,))


def _widened(window: Period | None, period: Period) -> Period:
    """Room for the days to come, so that tomorrow's question needs no reading; both questions in one if they fit."""
    wide = Period(period.start - _MARGIN, period.end + _MARGIN)
    if window is None:
        return wide
    both = Period(min(window.start, wide.start), max(window.end, wide.end))
    return both if both.length <= _LONGEST_WINDOW else wide
