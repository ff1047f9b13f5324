"""Calendars on a CalDAV server: Nextcloud, SOGo, Baikal, DAViCal, Cyrus, Radicale, Xandikos and their like.

The assistant organises on a calendar of its own. Who tells the attendees is settled by what the server is, and only
one ever does: a server with ``calendar-auto-schedule`` invites (RFC 6638); where it has none, or for people that it
says it cannot reach, invitations go by mail (``by_mail``), or, if the account says so, straight onto the calendars
that people have opened to the assistant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Busy, Event, Partstat, Period
from assistant.errors import AssistantError, Conflict, NotFound
from assistant.ical.events import plain_address
from assistant.ical.itip import write_itip
from assistant.ical.reading import BadCalendar, components
from assistant.ports import CalendarProvider, ChangeBatch, EventChange, EventRef, InvitesByMail

from . import dav_busy
from .copies import Answers, answers, as_written, moved, revision, served, substance, with_answers
from .dav import PER_MINUTE, Dav
from .dav_check import Check, look
from .dav_shelf import DavShelf
from .dav_team import Team
from .differences import Key, State, differences
from .holdings import Held, invited, recurs
from .throttle import Bucket
from .xoauth import SignIn

_TRIES = 3
_TOLD = "told "  # marks the entry of an attendee of whom only the organiser's copy tells
_INVITE = ("mail", "calendars")


class CalDavCalendar(CalendarProvider, InvitesByMail):
    """``url`` is the server's address, or that of one calendar; ``calendar_name`` is the one that we organise on.

    ``calendars`` says where people's calendars are, by address, or for all as a pattern with ``{address}`` and
    ``{user}`` (the part before the @); "search" asks the server. They are read for free/busy as far as the server
    lets us. ``invite: calendars`` writes invitations there where the server does not invite; else they go by mail, and
    to those in ``by_mail`` always. Files are looked for in ``folder``, the data folder, unless they are absolute.
    """

    def __init__(
        self, *, url: str, username: str = "", address: str, folder: Path | str = "",
        password: str | None = None, password_env: str | None = None, password_file: Path | str | None = None,
        token_file: Path | str | None = None, digest: bool = False,
        zones: Mapping[str, ZoneInfo] | None = None, calendar_name: str | None = None,
        calendars: Mapping[str, str] | str | None = None, invite: str = "mail", by_mail: Sequence[str] = (),
        hosts: Sequence[str] = (), ca_file: str | None = None, allow_http: bool = False,
        per_minute: float = PER_MINUTE,
    ) -> None:  # fmt: skip
        if invite not in _INVITE:
            raise AssistantError(f"accounts: invite: should be one of {', '.join(_INVITE)}")
        sign_in = None
        if username:
            files = (Path(folder) / name if name is not None else None for name in (password_file, token_file))
            sign_in = SignIn(username, password, password_env, *files)
        authority = None if ca_file is None else str(Path(folder) / ca_file)
        bucket = Bucket(per_minute)
        dav = Dav(url, sign_in, digest=digest, hosts=hosts, ca_file=authority, allow_http=allow_http, bucket=bucket)
        self._address = plain_address(address)
        self._team = Team(dav, self._address, calendar_name, calendars or {})
        self._team.zones = zones or {}
        self._writes_copies = invite == "calendars"
        self._always_by_mail = {plain_address(each) for each in by_mail}
        self._cancelled: set[str] = set()

    @property
    def problems(self) -> Mapping[str, str]:
        """What could not be read as of the last look, and why; by whose it is."""
        return self._team.problems

    def check(self) -> Check:
        return look(self._team)

    def server_time(self) -> datetime | None:
        return self._team.dav.clock.now()

    # Reading

    def free_busy(
        self, addresses: Sequence[str], period: Period, ignoring: Collection[str] = frozenset(),
        ours: Sequence[Event] = (),
    ) -> Mapping[str, Sequence[Busy]]:  # fmt: skip
        return dav_busy.ask(self._team, addresses, period, ignoring, ours)

    def recurring(self, addresses: Sequence[str], period: Period) -> Sequence[Event]:
        found: dict[str, tuple[tuple[int, bool], Event]] = {}
        for address, held in self._team.held({plain_address(address) for address in addresses}):
            event = held.event
            authority = (event.sequence, address == event.organizer)
            known = found.get(event.uid)
            if (known is None or known[0] < authority) and recurs(event, period):
                found[event.uid] = (authority, event)
        events = (event for _, event in found.values())
        return sorted(events, key=lambda event: (event.start.astimezone(UTC), event.uid))

    def changes(self, cursor: str | None) -> ChangeBatch:
        """Answers come from people's copies where these may be read, else from ours, where the server notes them."""
        before = None if cursor is None else State.parse(cursor)
        own = self._team.own()
        held = {(self._address, each.event.uid): each for each in own.held()}
        people = {address for address, _ in self._team.everybody()}
        readable = self._team.readable(people)
        for address, shelf in readable.items():
            held |= {(address, each.event.uid): each for each in shelf.held()}
        unreadable = people - readable.keys()
        known = {} if before is None else before.entries
        held |= self._as_told(own, held, {key: entry.digest for key, entry in known.items()}, unreadable)
        now = State.of(held)
        if before is None:
            return ChangeBatch((), str(now))
        unsure = {key for key in before.entries.keys() - held.keys() if key[0] in unreadable}
        found = differences(before, held, self._address, unsure)
        return ChangeBatch(list(self._news(found, before, held)), str(now.keeping(before, unsure)))

    def _as_told(
        self, own: DavShelf, held: Mapping[Key, Held], before: Mapping[Key, str], unreadable: Collection[str]
    ) -> dict[Key, Held]:
        """For each attendee whose copy we do not see, and never saw: what our own copy says of them."""
        told: dict[Key, Held] = {}
        for each in own.held():
            for address in invited(each.event) - {self._address}:
                key = (address, each.event.uid)
                seen = key in before and not before[key].startswith(_TOLD)
                if key not in held and not (seen or address in unreadable):
                    given = sorted(map(repr, answers(each.event, address).items()))
                    told[key] = Held(each.event, revision(each.event), _TOLD + "".join(given))
        return told

    def _news(self, found: Sequence[EventChange], before: State, held: Mapping[Key, Held]) -> Iterator[EventChange]:
        """Without the traces of our own cancellations and what a server merely passed on.

        What somebody took off our calendar is to be written again.
        """
        for change in found:
            key = (self._address, change.uid)
            gone = key in before.entries and key not in held
            if change.uid in self._cancelled or (gone and change.by != self._address):
                continue
            if gone:
                yield EventChange(change.uid, None)
            elif change.by == self._address and change.event is not None and not (change.moved or change.removed):
                yield replace(change, moved=moved(replace(change.event, overrides=()), change.event) or None)
            elif key not in held or change.partstats or change.moved or change.removed:
                yield change

    # Writing

    def upsert(self, event: Event, ref: EventRef | None) -> EventRef:
        """The ref's etag is ours: answers that the server notes in our copy do not make it old."""
        for _ in range(_TRIES):
            own = self._team.own()
            copy = own.find(event.uid)
            current = copy.holdings.held.get(event.uid) if copy is not None else None
            known = None if current is None or current.event.cancelled else current.event
            readable = self._team.readable(invited(event) | invited(known))
            given, deleted = self._answers(event, known, readable)
            wanted = as_written(with_answers(event, known, given))
            if copy is not None:
                _guard(wanted, ref, current)
            refused = {a.address for a in wanted.attendees if a.partstat is Partstat.DECLINED} & deleted
            self._write_copies(wanted, known, refused, readable)
            if current is not None and current.event == wanted and _noted(current) == _etag(wanted):
                break
            try:
                own.put(event.uid, served(wanted, self._always_by_mail & invited(wanted)))
                break
            except Conflict:
                continue
        else:
            raise Conflict("the event keeps changing while it is written")
        self._cancelled.discard(event.uid)
        return EventRef(own.address(event.uid), event.uid, _etag(wanted))

    def cancel(self, event: Event, ref: EventRef | None) -> None:
        """A server that invites tells the attendees."""
        for _ in range(_TRIES):
            own = self._team.own()
            copy = own.find(event.uid)
            current = copy.holdings.held.get(event.uid) if copy is not None else None
            self._cancelled.add(event.uid)
            try:
                own.delete(event.uid)
                break
            except Conflict:
                continue
        else:
            raise Conflict("the event keeps changing while it is taken off")
        known = None if current is None else current.event
        if self._delivers():
            for shelf in self._team.readable(invited(event) | invited(known)).values():
                shelf.delete(event.uid)

    def by_mail(self, event: Event) -> Collection[str]:
        attendees = invited(event) - {self._address}
        if self._team.account.schedules:
            return attendees & (self._always_by_mail | self._undelivered(event.uid))
        if not self._delivers():
            return attendees
        return attendees - (self._team.readable(attendees).keys() - self._always_by_mail)

    def calendar_part(self, event: Event, method: str, now: datetime) -> bytes:
        return write_itip(event, method, now)

    def _delivers(self) -> bool:
        """Whether we put invitations on people's calendars ourselves."""
        return self._writes_copies and not self._team.account.schedules

    def _undelivered(self, uid: str) -> set[str]:
        """Attendees of whom the server says in our copy that it could not tell them (RFC 6638, 3.2.9)."""
        copy = self._team.own().find(uid)
        if copy is None:
            return set()
        try:
            events = components(self._team.dav.get(copy.url).content, "VEVENT")
        except (BadCalendar, NotFound):
            return set()
        return {
            plain_address(value.strip().lower().removeprefix("mailto:"))
            for lines in events
            for name, parameters, value in lines
            if name == "ATTENDEE" and parameters.get("SCHEDULE-STATUS", "")[:1] in ("3", "5")
        }

    def _answers(
        self, event: Event, known: Event | None, readable: Mapping[str, DavShelf]
    ) -> tuple[Mapping[str, Answers], set[str]]:
        """What the attendees' copies say, else what the server noted in ours; and who took theirs off.

        A server that invites notes every answer in ours (RFC 6638, 3.2.2.1), while a copy may keep one to an old time.
        """
        noted = known is not None and self._team.account.schedules
        given: dict[str, Answers] = {}
        deleted: set[str] = set()
        for address in invited(event) - {self._address}:
            shelf = readable.get(address)
            copy = shelf.find(event.uid) if shelf is not None else None
            if copy is not None and event.uid in copy.holdings.held and not noted:
                given[address] = answers(copy.holdings.held[event.uid].event, address)
            elif shelf is not None and copy is None and self._was_on(shelf, event.uid, known):
                given[address] = {None: Partstat.DECLINED}
                deleted.add(address)
            elif known is not None:
                given[address] = answers(known, address)
        return given, deleted

    def _was_on(self, shelf: DavShelf, uid: str, known: Event | None) -> bool:
        """Where others deliver, it may be on a calendar that we do not see: then only what we saw was there."""
        delivered = self._delivers() and shelf.owner not in self._always_by_mail
        return shelf.owner in invited(known) and (delivered or uid in shelf.seen)

    def _write_copies(
        self, wanted: Event, known: Event | None, refused: Collection[str], readable: Mapping[str, DavShelf]
    ) -> None:
        """Onto people's calendars, where that is how they are invited. Before ours, so that a repeat completes it."""
        if not self._delivers():
            return
        for address, shelf in readable.items():
            if address not in invited(wanted):
                shelf.delete(wanted.uid)
            elif address not in refused and address not in self._always_by_mail:
                copy = shelf.find(wanted.uid)
                held = copy.holdings.held.get(wanted.uid) if copy is not None else None
                if held is None or held.event != wanted or _noted(held) != _etag(wanted):
                    shelf.put(wanted.uid, served(wanted))


def _etag(event: Event) -> str:
    return f"{substance(event)}.{revision(event)}"


def _noted(held: Held) -> str:
    """The etag of what is there: what we noted of its words, since a server may write them otherwise, and its times."""
    return f"{held.content or substance(held.event)}.{revision(held.event)}"


def _guard(wanted: Event, ref: EventRef | None, current: Held | None) -> None:
    """Raises Conflict unless ``ref`` knows what is there, or this very event is there already."""
    if current is not None and _noted(current) == _etag(wanted):
        return
    if ref is None and current is not None and current.event.sequence <= wanted.sequence:
        return
    if ref is None or current is None or ref.etag not in (None, _noted(current)):
        raise Conflict("the event was changed since it was read")
