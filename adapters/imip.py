"""Calendars by mail alone (RFC 6047), for teams without a calendar server that the assistant could write to.

What we organise is kept as files, one an event, like the local adapter does: ``<folder>/calendars/<our address>``. The
attendees are all invited by mail, and answer by mail; when people are busy is read from what they publish.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Busy, Event, Period, merge_busy
from assistant.errors import ProviderError, Unavailable
from assistant.ical.events import plain_address
from assistant.ical.freebusy import free_busy, times_of, without
from assistant.ical.itip import write_itip
from assistant.ical.reading import BadCalendar
from assistant.ports import CalendarProvider, ChangeBatch, EventRef, InvitesByMail

from .copies import answers, as_written, with_answers
from .dav import Answer, Dav
from .differences import State, differences
from .files import folder_name, translated
from .holdings import Held, Holdings, Reader, clipped, file_name, invited, recurs, widened
from .shelf import Shelf
from .vdir import guard, put


class Published:
    """A calendar or free/busy file that ``owner`` publishes at a fixed address, fetched again only when it changed."""

    def __init__(self, url: str, owner: str, organizer: str, allow_http: bool) -> None:
        self.zone: ZoneInfo | None = None
        self._url = f"https{url[6:]}" if url.lower().startswith("webcal:") else url
        self._web = Dav(self._url, None, allow_http=allow_http)
        self._reader = Reader(owner, organizer)
        self._answer: Answer | None = None
        self._holdings: Holdings | None = None

    def look(self) -> tuple[Holdings, bytes]:
        """What is in it now, and its bytes. Raises ProviderError and BadCalendar."""
        reader = replace(self._reader, zone=self.zone)
        answer = self._web.get(self._url, self._answer.headers if self._answer is not None else None)
        if answer.status == 304 and self._answer is not None:
            answer = self._answer
        if answer is not self._answer or reader != self._reader or self._holdings is None:
            self._holdings = reader.read(answer.content)
        self._answer, self._reader = answer, reader
        return self._holdings, answer.content

    def busy(self, period: Period, ignored: Collection[str], ours: Sequence[Period]) -> list[Busy]:
        """``ours`` is cut out of free/busy, which does not tell which event it comes from."""
        if self._reader.window is None or not self._reader.window.contains(period):
            self._reader = replace(self._reader, window=widened(self._reader.window, period))
            self._holdings = None
        holdings, raw = self.look()
        told = None if holdings.uids else free_busy(raw, period)
        if told is not None:
            return without(told, ours)
        kept = (block for uid, block in holdings.blocks if uid not in ignored and block.period.overlaps(period))
        return merge_busy(clipped(block, period) for block in kept)


class ImipCalendar(CalendarProvider, InvitesByMail):
    """``folder`` is the data folder, ``address`` the assistant's own.

    ``free_busy`` says where people publish their calendar (.ics) or free/busy: by address, or for all as a pattern with
    ``{address}`` and ``{user}`` (the part before the @). Whoever publishes nothing is unknown, not free.
    """

    def __init__(
        self, folder: Path | str, address: str, zones: Mapping[str, ZoneInfo] | None = None,
        free_busy: Mapping[str, str] | str | None = None, allow_http: bool = False,
    ) -> None:  # fmt: skip
        self._address = folder_name(address)
        self._own = Shelf(Path(folder) / "calendars" / self._address, self._address, self._address)
        self._places = free_busy or {}
        self._allow_http = allow_http
        self._published: dict[str, Published | None] = {}
        self.zones: Mapping[str, ZoneInfo] = zones or {}
        self.problems: dict[str, str] = {}

    def free_busy(
        self, addresses: Sequence[str], period: Period, ignoring: Collection[str] = frozenset(),
        ours: Sequence[Event] = (),
    ) -> Mapping[str, Sequence[Busy]]:  # fmt: skip
        period = Period(period.start.astimezone(UTC), period.end.astimezone(UTC))
        ignored = frozenset(ignoring)
        meetings = [*(held.event for held in self._held()), *ours]
        found: dict[str, Sequence[Busy]] = {}
        for address in addresses:
            published = self._of(address)
            if published is not None:
                try:
                    taken = times_of(meetings, plain_address(address), period, ignored)
                    found[address] = published.busy(period, ignored, taken)
                    self._note(address, None)
                except (ProviderError, BadCalendar) as error:
                    self._note(address, error)
        return found

    def recurring(self, addresses: Sequence[str], period: Period) -> Sequence[Event]:
        found = {held.event.uid: held.event for held in self._held()}
        for address in addresses:
            published = self._of(address)
            if published is not None:
                try:
                    theirs = published.look()[0].held
                    found = {uid: held.event for uid, held in theirs.items()} | found
                    self._note(address, None)
                except (ProviderError, BadCalendar) as error:
                    self._note(address, error)
        events = (event for event in found.values() if recurs(event, period))
        return sorted(events, key=lambda event: (event.start.astimezone(UTC), event.uid))

    def upsert(self, event: Event, ref: EventRef | None) -> EventRef:
        with translated("an event cannot be written"):
            copy = self._own.find(event.uid)
            current = copy.held.get(event.uid) if copy is not None else None
            known = None if current is None or current.event.cancelled else current.event
            given = {address: answers(known, address) for address in invited(known)} if known is not None else {}
            wanted = as_written(with_answers(event, known, given))
            guard(wanted, ref, copy, current)
            etag = put(self._own, wanted)
        return EventRef(f"{self._address}/{file_name(event.uid)}", event.uid, etag)

    def cancel(self, event: Event, ref: EventRef | None) -> None:
        with translated("an event cannot be cancelled"):
            copy = self._own.find(event.uid)
            current = copy.held[event.uid].event if copy is not None and event.uid in copy.held else None
            if current is not None and not current.cancelled:
                number = max(current.sequence + 1, event.sequence)
                put(self._own, as_written(replace(current, cancelled=True, sequence=number)))

    def changes(self, cursor: str | None) -> ChangeBatch:
        """What somebody did to our own files; what attendees do arrives by mail."""
        before = None if cursor is None else State.parse(cursor)
        held = {(self._address, each.event.uid): each for each in self._held()}
        now = State.of(held)
        if before is None:
            return ChangeBatch((), str(now))
        missing = before.entries.keys() - held.keys()
        unsure = {key for key in missing if key[0] != self._address or self._own.may_hold(key[1])}
        return ChangeBatch(differences(before, held, self._address, unsure), str(now.keeping(before, unsure)))

    def by_mail(self, event: Event) -> Collection[str]:
        return invited(event) - {self._address}

    def calendar_part(self, event: Event, method: str, now: datetime) -> bytes:
        return write_itip(event, method, now)

    def _held(self) -> list[Held]:
        with translated("our own events cannot be read"):
            held = [held for copy in self._own.copies().values() for held in copy.held.values()]
        if self._own.folder_problem is not None:
            raise Unavailable(f"our own events: {self._own.folder} {self._own.folder_problem}; it is tried again")
        return held

    def _of(self, address: str) -> Published | None:
        plain = plain_address(address)
        if plain not in self._published:
            url = self._place(plain)
            self._published[plain] = Published(url, plain, self._address, self._allow_http) if url else None
        published = self._published[plain]
        if published is not None:
            published.zone = self.zones.get(plain)
        return published

    def _place(self, address: str) -> str | None:
        if not isinstance(self._places, str):
            return next((url for name, url in self._places.items() if plain_address(name) == address), None)
        user = quote(address.rpartition("@")[0], safe="")
        return self._places.replace("{address}", quote(address, safe="@")).replace("{user}", user)

    def _note(self, address: str, error: Exception | None) -> None:
        """The address of a published file is often its only lock, so no more than its host is shown."""
        label = f"busy times of {address}"
        self.problems.pop(label, None)
        if error is not None:
            host = urlsplit(self._place(plain_address(address)) or "").hostname
            self.problems[label] = str(error) if isinstance(error, ProviderError) else f"{host}: {error}"
