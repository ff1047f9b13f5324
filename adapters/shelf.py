"""One person's calendar as a folder of ``.ics`` files (vdir), read again only where a file changed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Busy, Period
from assistant.ical.reading import FROM_FOLDER, BadCalendar

from .holdings import Held, Reader, file_name, widened

Stamp = tuple[int, int, int]  # mtime in ns, size, inode


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
            self._window = widened(self._window, period)
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
        raw = b""
        try:
            with path.open("rb") as file:
                raw = file.read(FROM_FOLDER.size + 1)
            found = Reader(self.owner, self._organizer, self.zone, self._window).read(raw)
        except OSError as error:
            return _unread(path, stamp, f"cannot be read: {os.strerror(error.errno or 0)}")
        except BadCalendar as error:
            return _unread(path, stamp, str(error), hashlib.sha256(raw).hexdigest())
        etag = hashlib.sha256(raw).hexdigest()
        return Copy(path, stamp, etag, found.uids, found.held, found.blocks, found.problems)


def _unread(path: Path, stamp: Stamp, problem: str, etag: str = "") -> Copy:
    return Copy(path, stamp, etag, frozenset(), {}, (), (problem,))
