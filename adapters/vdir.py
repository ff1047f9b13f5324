"""Calendars as one folder of ``.ics`` files per address: ``<folder>/calendars/<address>/<uid>.ics``.

The assistant organises: its folder holds the organiser's copy of an event, each attendee's folder theirs. What somebody
does to their own copy (with khal, or any editor) is their answer; ``changes`` finds it. An answer survives an upsert
that comes before ``changes``; a time that somebody moved in their copy does not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Busy, Event, Partstat, Period, merge_busy
from assistant.errors import Conflict, Rejected
from assistant.ical.events import plain_address
from assistant.ical.itip import write_itip
from assistant.ports import CalendarProvider, ChangeBatch, EventRef, InvitesByMail

from .copies import Answers, answers, as_written, content, revision, with_answers
from .differences import State, differences
from .files import folder_name, make_folder, replace_file, sync_folder, translated
from .holdings import Held, clipped, file_name, invited, recurs
from .shelf import Copy, Shelf


class LocalCalendar(CalendarProvider, InvitesByMail):
    """``folder`` is the data folder, ``address`` the assistant's own.

    ``zones`` says in which zone each person's floating and all-day times are; it may be set at any time. Who is in
    ``by_mail``, or has their calendar ``elsewhere``, has none here, and is invited by mail.
    ``problems`` names the files and folders that could not be read wholly, as of the last reading, and why.
    """

    def __init__(
        self, folder: Path | str, address: str, zones: Mapping[str, ZoneInfo] | None = None,
        by_mail: Sequence[str] = (), elsewhere: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self._root = Path(folder) / "calendars"
        self._address = folder_name(address)
        self._by_mail = frozenset(map(plain_address, (*by_mail, *elsewhere)))
        self._shelves: dict[str, Shelf] = {}
        self.zones: Mapping[str, ZoneInfo] = zones or {}

    @property
    def problems(self) -> Mapping[Path, str]:
        return dict(problem for shelf in self._shelves.values() for problem in shelf.problems)

    def free_busy(
        self, addresses: Sequence[str], period: Period, ignoring: Collection[str] = frozenset(),
        ours: Sequence[Event] = (),
    ) -> Mapping[str, Sequence[Busy]]:  # fmt: skip
        ignored = frozenset(ignoring)
        period = Period(period.start.astimezone(UTC), period.end.astimezone(UTC))
        answer: dict[str, Sequence[Busy]] = {}
        for address, shelf in self._readable(addresses):
            blocks = shelf.busy(period)
            if blocks is not None:
                answer[address] = merge_busy(clipped(block, period) for uid, block in blocks if uid not in ignored)
        return answer

    def recurring(self, addresses: Sequence[str], period: Period) -> Sequence[Event]:
        found: dict[str, tuple[tuple[int, bool], Event]] = {}
        for _, shelf in self._readable(addresses):
            for held in _all_held(shelf):
                event = held.event
                authority = (event.sequence, shelf.owner == event.organizer)
                known = found.get(event.uid)
                if (known is None or known[0] < authority) and recurs(event, period):
                    found[event.uid] = (authority, event)
        events = (event for _, event in found.values())
        return sorted(events, key=lambda event: (event.start.astimezone(UTC), event.uid))

    def upsert(self, event: Event, ref: EventRef | None) -> EventRef:
        with translated("an event cannot be written"):
            own = self._shelf(self._address)
            copy = own.find(event.uid)
            current = copy.held.get(event.uid) if copy is not None else None
            known = None if current is None or current.event.cancelled else current.event
            given, deleted = self._answers(event, known)
            wanted = as_written(with_answers(event, known, given))
            guard(wanted, ref, copy, current)
            refused = {a.address for a in wanted.attendees if a.partstat is Partstat.DECLINED} & deleted
            for address in sorted(invited(wanted) - refused - self._not_here):
                put(self._shelf(address), wanted)
            for address in sorted(invited(known) - invited(wanted) - self._not_here):
                _remove(self._shelf(address), event.uid)
            # Last: once the organiser's copy says so, all the others were written.
            etag = put(own, wanted)
        return EventRef(f"{self._address}/{file_name(event.uid)}", event.uid, etag)

    def cancel(self, event: Event, ref: EventRef | None) -> None:
        with translated("an event cannot be cancelled"):
            own = self._shelf(self._address)
            copy = own.find(event.uid)
            current = copy.held[event.uid].event if copy is not None and event.uid in copy.held else None
            if current is not None and not current.cancelled:
                # It stays, as cancelled, and is written first, so that nobody seems to have deleted their copy.
                number = max(current.sequence + 1, event.sequence)
                put(own, as_written(replace(current, cancelled=True, sequence=number)))
            for address in sorted((invited(event) | invited(current)) - self._not_here):
                _remove(self._shelf(address), event.uid)

    def changes(self, cursor: str | None) -> ChangeBatch:
        """A moved or removed occurrence tells whose copy says so in ``by``, and ``event`` is as that copy has it.

        Somebody who deletes their copy has declined. Of others' events the recurring ones are reported.
        """
        before = None if cursor is None else State.parse(cursor)
        with translated("the calendars cannot be read"):
            names = sorted(item.name for item in self._root.iterdir() if item.is_dir()) if self._root.exists() else []
            shelves = {name: self._shelf(name) for name in names if _is_address(name)}
            held = {(name, each.event.uid): each for name, shelf in shelves.items() for each in _all_held(shelf)}
        now = State.of(held)
        if before is None:
            return ChangeBatch((), str(now))
        missing = before.entries.keys() - held.keys()
        unsure = {key for key in missing if key[0] not in shelves or shelves[key[0]].may_hold(key[1])}
        return ChangeBatch(differences(before, held, self._address, unsure), str(now.keeping(before, unsure)))

    def by_mail(self, event: Event) -> Collection[str]:
        return invited(event) & self._by_mail

    def calendar_part(self, event: Event, method: str, now: datetime) -> bytes:
        return write_itip(event, method, now)

    @property
    def _not_here(self) -> frozenset[str]:
        return self._by_mail | {self._address}

    def _shelf(self, address: str) -> Shelf:
        name = folder_name(address)
        if name not in self._shelves:
            self._shelves[name] = Shelf(self._root / name, name, self._address)
        self._shelves[name].zone = self.zones.get(name)
        return self._shelves[name]

    def _readable(self, addresses: Sequence[str]) -> Iterator[tuple[str, Shelf]]:
        for address in addresses:
            try:
                yield address, self._shelf(address)
            except Rejected:  # it names no folder, so there is no calendar
                continue

    def _answers(self, event: Event, known: Event | None) -> tuple[Mapping[str, Answers], set[str]]:
        """What the attendees' copies say, and who deleted theirs, which says no."""
        given: dict[str, Answers] = {}
        deleted: set[str] = set()
        for address in invited(event) - self._not_here:
            shelf = self._shelf(address)
            copy = shelf.find(event.uid)
            if copy is not None and event.uid in copy.held:
                given[address] = answers(copy.held[event.uid].event, address)
            elif address in invited(known) and not shelf.may_hold(event.uid):
                given[address] = {None: Partstat.DECLINED}
                deleted.add(address)
        return given, deleted


def guard(wanted: Event, ref: EventRef | None, copy: Copy | None, current: Held | None) -> None:
    """Raises Conflict unless ``ref`` knows what is there, or this very event is there already."""
    if copy is None or (current is not None and current.event == wanted):
        return
    if ref is None and current is not None and current.event.sequence <= wanted.sequence:
        return
    if ref is None or ref.etag not in (None, copy.etag):
        raise Conflict("the event was changed since it was read")


def put(shelf: Shelf, event: Event) -> str:
    """Write the event's file unless it says just that already; returns the etag."""
    copy = shelf.find(event.uid)
    held = copy.held.get(event.uid) if copy is not None else None
    if copy is not None and held is not None and held.event == event and held.revision == revision(event):
        return copy.etag
    make_folder(shelf.folder)
    alone = copy is not None and copy.uids == {event.uid}
    path = copy.path if copy is not None and alone else shelf.folder / file_name(event.uid)
    replace_file(path, content(event), path.with_name(f".{path.name}.tmp"))
    written = shelf.copies()[path.name]
    return written.etag


def _remove(shelf: Shelf, uid: str) -> None:
    copy = shelf.find(uid)
    if copy is not None and copy.uids == {uid}:
        copy.path.unlink(missing_ok=True)
        sync_folder(shelf.folder)


def _all_held(shelf: Shelf) -> Iterator[Held]:
    for copy in shelf.copies().values():
        yield from copy.held.values()


def _is_address(name: str) -> bool:
    try:
        return folder_name(name) == name
    except Rejected:
        return False
