"""Google Calendar: the assistant organises on its own calendar, and Google brings it to the guests and their answers
back. The calendars of people who share theirs are read, of the others only when they are free."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from assistant.domain.calendar import Busy, BusyKind, Event, Period, merge_busy
from assistant.errors import NotFound, Rejected
from assistant.ical.events import plain_address
from assistant.ical.freebusy import times_of, without
from assistant.ical.zones import by_name
from assistant.ports import CalendarProvider, ChangeBatch, EventRef

from .copies import answers, revision, with_answers
from .differences import Key, State, differences
from .files import folder_name
from .google_account import Account
from .google_events import FAULTS, uid_of
from .google_mirror import Mirror
from .google_writer import Writer
from .holdings import Held, clipped, digest, pieces, recurs
from .throttle import Bucket

_AT_ONCE = 50  # calendars that one free/busy query may name
_LONGEST = timedelta(days=60)  # that one free/busy query may ask for, well within the 90 days that Google answers
_PAGE = 2500
_WATCHING = 0.3  # of the quota, for looking whether people changed something on their calendars
_NO_TIME = ("workingLocation", "birthday")
_UTC = ZoneInfo("UTC")
Json = Mapping[str, Any]


class GoogleCalendar(CalendarProvider):
    """Signs in as ``Account`` says. ``zones`` names the people whose calendars are watched.

    ``meet`` adds a Google Meet link to each meeting; ``calendar_quota`` is in requests a minute.
    """

    def __init__(
        self, *, folder: Path | str, address: str, zones: Mapping[str, ZoneInfo] | None = None,
        key: str | None = None, subject: str | None = None, token: str | None = None, timeout: float = 30.0,
        endpoint: str | None = None, meet: bool = False, calendar_quota: float = 600,
    ) -> None:  # fmt: skip
        from .google_client import Client  # noqa: PLC0415 - Google's libraries load where an account uses them only

        account = Account(
            folder=folder, address=address, key=key, subject=subject, token=token, timeout=timeout, endpoint=endpoint
        )
        self._address = folder_name(address)
        self._google = Client(account, "calendar", "v3", calendar_quota)
        self._writer = Writer(self._google, self._address, meet)
        self.makes_links = meet
        self._watching = Bucket(calendar_quota * _WATCHING)
        self._mirrors: dict[str, Mirror] = {}
        self.zones: Mapping[str, ZoneInfo] = zones or {}

    @property
    def problems(self) -> Mapping[str, str]:
        """Events that cannot be read, by calendar and id, as of the last reading."""
        return {f"{who} {id_}": text for who, m in self._mirrors.items() for id_, text in m.problems.items()}

    def upsert(self, event: Event, ref: EventRef | None) -> EventRef:
        return self._writer.upsert(event, ref)

    def cancel(self, event: Event, ref: EventRef | None) -> None:
        self._writer.cancel(event.uid)

    def free_busy(
        self, addresses: Sequence[str], period: Period, ignoring: Collection[str] = frozenset(),
        ours: Sequence[Event] = (),
    ) -> Mapping[str, Sequence[Busy]]:  # fmt: skip
        period, ignored = Period(period.start.astimezone(UTC), period.end.astimezone(UTC)), frozenset(ignoring)
        answer: dict[str, Sequence[Busy]] = {}
        for number in range(0, len(addresses), _AT_ONCE):
            some = addresses[number : number + _AT_ONCE]
            known = self._query({plain_address(address) for address in some}, period)
            for address in some:
                blocks = known.get(plain_address(address))
                if blocks is not None:
                    # Free/busy tells neither the kind nor the event; a free person needs no second look.
                    own = times_of(ours, plain_address(address), period, ignored) if blocks else []
                    told = self._blocks(plain_address(address), period, ignored, own) if blocks else blocks
                    if told is None:
                        told = without(blocks, own)
                    answer[address] = merge_busy(told)
        return answer

    def recurring(self, addresses: Sequence[str], period: Period) -> Sequence[Event]:
        found: dict[str, tuple[tuple[int, bool], Event]] = {}
        for address in dict.fromkeys(map(plain_address, addresses)):
            mirror = self._mirror(address)
            if not mirror.refresh():
                continue
            for held in mirror.held.values():
                event = held.event
                authority = (event.sequence, address == event.organizer)
                known = found.get(event.uid)
                if (known is None or known[0] < authority) and recurs(event, period):
                    found[event.uid] = (authority, event)
        events = (event for _, event in found.values())
        return sorted(events, key=lambda event: (event.start.astimezone(UTC), event.uid))

    def server_time(self) -> datetime | None:
        return self._google.clock.now()

    def changes(self, cursor: str | None) -> ChangeBatch:
        """The cursor holds what we knew, not Google's tokens: those may expire, and nothing is lost.

        An answer is read off the organiser's copy where a guest's own cannot be read.
        """
        before = None if cursor is None else State.parse(cursor)
        own = self._mirror(self._address)
        if not own.refresh():
            raise NotFound(f"the calendar of {self._address} cannot be read; see docs/connect/google.md")
        mirrors = {self._address: own, **self._watched()}
        held = {(who, uid): each for who, mirror in mirrors.items() for uid, each in mirror.held.items()}
        held = {key: _as_guest(key[0], each, own.held.get(key[1])) for key, each in held.items()}
        held |= dict(self._guests(own, mirrors, held))
        now = State.of(held)
        if before is None:
            return ChangeBatch((), str(now))
        missing = before.entries.keys() - held.keys()
        unsure = {key for key in missing if key[0] not in mirrors and key[1] not in own.held}
        guests = {key for key in missing - unsure if key[0] != self._address}
        # What is long over, and the guests' copies of what the organiser deleted: only the organiser's is news.
        over = {key for key in guests if not _took_off(mirrors, key) or own.took_off(key[1])}
        known = State({key: entry for key, entry in before.entries.items() if key not in over})
        return ChangeBatch(differences(known, held, self._address, unsure), str(now.keeping(before, unsure)))

    def _mirror(self, address: str) -> Mirror:
        if address not in self._mirrors:
            own = address == self._address
            self._mirrors[address] = Mirror(self._google, "primary" if own else address, whole=own)
        self._mirrors[address].zone = self.zones.get(address)
        return self._mirrors[address]

    def _watched(self) -> dict[str, Mirror]:
        """People's calendars that may be read; those read longest ago anew, as many as the quota allows."""
        people = {plain_address(address): self._mirror(plain_address(address)) for address in self.zones}
        people.pop(self._address, None)
        for mirror in sorted(people.values(), key=lambda mirror: mirror.read_at):
            if self._watching.take() > 0:
                self._watching.take(-1)
                break
            mirror.refresh()
        return {address: mirror for address, mirror in people.items() if mirror.readable}

    @staticmethod
    def _guests(own: Mirror, mirrors: Mapping[str, Mirror], held: Mapping[Key, Held]) -> Iterator[tuple[Key, Held]]:
        """What the organiser's copy tells of guests whose own copy is not seen."""
        for uid, base in own.held.items():
            if base.revision is None or base.event.cancelled:
                continue
            for attendee in base.event.attendees:
                key = (attendee.address, uid)
                if key not in held and not _took_off(mirrors, key):
                    yield key, base

    def _query(self, addresses: Collection[str], period: Period) -> dict[str, list[Busy]]:
        """Google's free/busy of those it knows, all the time through."""
        known: dict[str, list[Busy]] = {address: [] for address in addresses}
        for piece in pieces(period, _LONGEST):
            told = self._told(sorted(known), piece)
            for address in list(known):
                if address in told and not told[address].get("errors"):
                    blocks = (_period(block["start"], block["end"]) for block in told[address].get("busy", ()))
                    known[address] += [clipped(Busy(block), piece) for block in blocks]
                else:
                    del known[address]
        return known

    def _told(self, addresses: Sequence[str], period: Period) -> Mapping[str, Json]:
        items = [{"id": address} for address in addresses]
        body = {"timeMin": period.start.isoformat(), "timeMax": period.end.isoformat(), "items": items}
        answer = self._google.call(lambda g: g("freebusy").query(body=body))
        told: Mapping[str, Json] = answer.get("calendars", {})
        return told

    def _blocks(
        self, address: str, period: Period, ignoring: Collection[str], ours: Collection[Period]
    ) -> list[Busy] | None:
        """Event by event; None where the calendar may not be read so closely."""
        found: list[Busy] = []
        calendar = "primary" if address == self._address else address
        wanted: dict[str, Any] = {"calendarId": calendar, "singleEvents": True, "maxResults": _PAGE}
        wanted |= {"timeMin": period.start.isoformat(), "timeMax": period.end.isoformat()}
        page: str | None = ""
        while page is not None:
            try:
                answer = self._list(wanted | ({"pageToken": page} if page else {}))
            except (NotFound, Rejected):
                return None
            zone = self.zones.get(address) or by_name(str(answer.get("timeZone", ""))) or _UTC
            found += _taken(answer.get("items", ()), address, period, ignoring, ours, zone)
            page = answer.get("nextPageToken")
        return found

    def _list(self, wanted: Json) -> Json:
        answer: Json = self._google.call(lambda g: g("events").list(**wanted))
        return answer


def _as_guest(owner: str, held: Held, organizers: Held | None) -> Held:
    """A guest's copy beside the organiser's: that one has the latest answer, for ours may be read a while ago.

    A copy that only followed a change of the organiser's was not changed by the guest.
    """
    if organizers is None or organizers is held or organizers.revision is None:
        return held
    latest = answers(organizers.event, owner)
    if latest and latest != answers(held.event, owner):
        event = with_answers(held.event, None, {owner: latest})
        held = replace(held, event=event, digest=digest(event))
    times = revision(organizers.event)
    follows = times != organizers.revision and times == revision(held.event)
    return replace(held, revision=None) if follows else held


def _took_off(mirrors: Mapping[str, Mirror], key: Key) -> bool:
    return key[0] in mirrors and mirrors[key[0]].took_off(key[1])


def _taken(
    items: Iterable[Json], owner: str, period: Period, ignoring: Collection[str], ours: Collection[Period],
    zone: ZoneInfo,
) -> Iterator[Busy]:  # fmt: skip
    """An event without a UID, since no more of it is shown, is known for ours by its times."""
    for item in items:
        try:
            kind = _kind(item, owner)
            span = Period(_moment(item["start"], zone), _moment(item["end"], zone))
        except FAULTS:
            continue
        uid = uid_of(item)
        is_ours = span in ours if uid is None else uid in ignoring
        if kind is not None and span.overlaps(period) and not is_ours:
            yield clipped(Busy(span, kind), period)


def _kind(item: Json, owner: str) -> BusyKind | None:
    """How an event takes its owner's time; None where it does not."""
    sort = item.get("eventType", "default")
    away = sort == "outOfOffice"
    if item.get("status") == "cancelled" or sort in _NO_TIME:
        return None
    if item.get("transparency") == "transparent" and not away:
        return None
    guests = item.get("attendees", ())
    answer = next((g.get("responseStatus") for g in guests if plain_address(g.get("email", "")) == owner), None)
    if answer == "declined":
        return None
    if away:
        return BusyKind.AWAY
    organizes = plain_address(item.get("organizer", {}).get("email", "")) == owner
    if (answer in ("needsAction", "tentative") and not organizes) or item.get("status") == "tentative":
        return BusyKind.TENTATIVE
    return BusyKind.AWAY if "date" in item["start"] else BusyKind.BUSY


def _moment(value: Json, zone: ZoneInfo) -> datetime:
    if "date" in value:
        return datetime.combine(date.fromisoformat(value["date"]), time(), zone).astimezone(UTC)
    return datetime.fromisoformat(value["dateTime"]).astimezone(UTC)


def _period(start: str, end: str) -> Period:
    return Period(datetime.fromisoformat(start).astimezone(UTC), datetime.fromisoformat(end).astimezone(UTC))
