"""Google calendars: an organiser's event and what becomes of it on the guests' calendars."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.google_faults import ApiError
from tests.fakes.google_mailbox import plain
from tests.fakes.google_times import expanded, instant, key_of, told, with_answer

Json = dict[str, Any]
_SHARED = (
    *("summary", "description", "location", "start", "end", "recurrence", "sequence", "visibility", "status"),
    *("iCalUID", "conferenceData", "hangoutLink", "attendees", "organizer", "creator", "created", "transparency"),
)
_DAY = timedelta(days=1)


@dataclass(slots=True)
class Book:
    """One calendar. ``changed`` has the number of the last change of each event; ``own`` are exceptions the owner made
    on their own copy; ``left`` are events that the owner took off."""

    role: str = "owner"
    events: dict[str, Json] = field(default_factory=dict)
    exceptions: dict[str, dict[str, Json]] = field(default_factory=dict)
    own: dict[str, dict[str, Json]] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    changed: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Books:
    me: str
    now: Callable[[], datetime]
    books: dict[str, Book] = field(default_factory=dict)
    notices: list[tuple[str, str, str]] = field(default_factory=list)
    """(to whom, event id, what) of the mails that Google sent: invitation, update or cancellation."""
    zone: str = "Europe/Berlin"
    floor: int = 0
    number: int = 0
    keeps_exceptions: bool = False
    """Whether changed occurrences stay where the series has moved away from under them."""
    meets_later: bool = False
    """Whether a Meet link is there only when the event is read again."""

    def lose_sync_tokens(self) -> None:
        self.floor = self.number + 1
        self.number += 1

    # what people do

    def respond(self, address: str, id_: str, status: str, original: datetime | None = None) -> None:
        """Somebody answers in their calendar, to the series or to one occurrence."""
        event = self._organized(id_)
        if original is None:
            event["attendees"] = with_answer(event["attendees"], address, status)
        else:
            exceptions = self.books[plain(event["organizer"]["email"])].exceptions.setdefault(id_, {})
            exception = exceptions.setdefault(key_of(original), {})
            guests = exception["attendees"] if "attendees" in exception else event["attendees"]
            exception["attendees"] = with_answer(guests, address, status)
        self._touch(plain(event["organizer"]["email"]), id_)

    def leave(self, address: str, id_: str) -> None:
        """Somebody deletes a meeting from their calendar: Google tells the organiser that they decline."""
        book = self.books[address]
        book.left.add(id_)
        book.events[id_]["status"] = "cancelled"
        self._mark(address, id_)
        if plain(book.events[id_]["organizer"]["email"]) != address:
            self.respond(address, id_, "declined")

    def call_off(self, address: str, id_: str) -> None:
        """An organizer elsewhere deletes the event of which ``address`` has a copy."""
        self.books[address].events[id_] = {"id": id_, "kind": "calendar#event", "status": "cancelled"}
        self._mark(address, id_)

    def hold_back(self, address: str, id_: str) -> None:
        """The invitation is not (yet) on that calendar, as with "only add what I accepted"."""
        del self.books[address].events[id_]
        del self.books[address].changed[id_]

    def move(self, address: str, id_: str, original: datetime, change: Json) -> None:
        """One occurrence changes on this calendar; on a guest's this is seen there only."""
        book = self.books[address]
        own = plain(book.events[id_]["organizer"]["email"]) == address
        exceptions = (book.exceptions if own else book.own).setdefault(id_, {})
        exceptions[key_of(original)] = {**exceptions.get(key_of(original), {}), **change}
        self._touch(address, id_)

    def put(self, address: str, event: Json) -> None:
        """An event of their own, or a new version of it."""
        known = self.books[address].events.get(event["id"], {})
        base = {"kind": "calendar#event", "status": "confirmed", "sequence": 0}
        self.books[address].events[event["id"]] = {**base, **known, **event}
        self._touch(address, event["id"])

    # inside

    def _book(self, path: Json) -> tuple[str, Book]:
        address = self.me if path["calendarId"] == "primary" else path["calendarId"]
        if address not in self.books or self.books[address].role == "none":
            raise ApiError(404, "notFound", "Not Found")
        return address, self.books[address]

    def _header(self, address: str) -> Json:
        return {"kind": "calendar#events", "summary": address, "timeZone": self.zone, "etag": f'"p{self.number}"'}

    def _stamp(self) -> str:
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def _organized(self, id_: str) -> Json:
        holders = (book.events[id_] for book in self.books.values() if id_ in book.events)
        event = next(event for event in holders)
        organizer: Json = self.books[plain(event["organizer"]["email"])].events[id_]
        return organizer

    def _mark(self, address: str, id_: str) -> None:
        self.number += 1
        book = self.books[address]
        book.changed[id_] = self.number
        book.events[id_] |= {"etag": f'"{3000000 + self.number}"', "updated": self._stamp()}

    def _touch(self, address: str, id_: str) -> None:
        """The event changed on this calendar; the guests' copies follow where it is the organiser's."""
        self._mark(address, id_)
        event = self.books[address].events[id_]
        if plain(event["organizer"]["email"]) != address:
            return
        for other, book in self.books.items():
            copy, invited = book.events.get(id_), other in {plain(g["email"]) for g in event.get("attendees", ())}
            if other == address or (copy is None and not invited) or (id_ in book.left and invited):
                continue
            fresh = {name: deepcopy(event[name]) for name in _SHARED if name in event}
            fresh |= {"id": id_, "kind": "calendar#event"}
            shared = event.get("extendedProperties", {}).get("shared")
            if shared:
                fresh["extendedProperties"] = {"shared": dict(shared)}
            if not invited or event["status"] == "cancelled":  # nothing but the id is promised of it
                fresh = {"id": id_, "kind": "calendar#event", "status": "cancelled"}
            book.events[id_] = fresh
            book.exceptions[id_] = deepcopy(self.books[address].exceptions.get(id_, {}))
            self._mark(other, id_)

    def _shown(self, address: str, id_: str) -> Json:
        event = deepcopy(self.books[address].events[id_])
        for guest in event.get("attendees", ()):
            if plain(guest["email"]) == address:
                guest["self"] = True
        return event

    def _exception(self, address: str, id_: str, original: str, change: Json) -> Json:
        series = self._shown(address, id_)
        start, end = instant(series["start"], self.zone), instant(series["end"], self.zone)
        at = datetime.strptime(original, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(start.tzinfo)
        wall = end.replace(tzinfo=None) - start.replace(tzinfo=None)
        item = {k: v for k, v in series.items() if k != "recurrence"}
        zone = series["start"].get("timeZone", self.zone)
        item |= {"id": f"{id_}_{original}", "recurringEventId": id_, "originalStartTime": told(at, zone)}
        item |= {"start": told(at, zone), "end": told(at + wall, zone)} | deepcopy(change)
        if item["status"] == "cancelled":  # nothing else is promised of it
            item = {k: item[k] for k in ("id", "kind", "etag", "status", "recurringEventId", "originalStartTime")}
        return item

    def _changes(self, address: str, id_: str) -> Mapping[str, Json]:
        book = self.books[address]
        own = book.own.get(id_, {})
        shared = book.exceptions.get(id_, {})
        return {key: {**shared.get(key, {}), **own.get(key, {})} for key in sorted({*shared, *own})}

    def _listed(
        self, address: str, id_: str, single: bool, low: datetime | None, high: datetime | None
    ) -> Iterator[Json]:
        event = self._shown(address, id_)
        if event["status"] == "cancelled":
            yield event
        elif single:
            yield from (i for i in self._instances(address, id_, low, high) if i["status"] != "cancelled")
        elif any(True for _ in self._instances(address, id_, low, high)):
            yield event
            for original, change in self._changes(address, id_).items():
                yield self._exception(address, id_, original, change)

    def _since(self, address: str, query: Json, single: bool, limits: set[str]) -> list[Json]:
        if limits:
            raise ApiError(400, "badRequest", f"Sync token cannot be used with {', '.join(sorted(limits))}")
        number, _, was_single = query["syncToken"][1:].partition("-")
        if query.get("showDeleted") == "false" or was_single != str(single):
            raise ApiError(400, "badRequest", "the sync token was made with other parameters")
        if int(number) < self.floor:
            raise ApiError(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.")
        fresh = [id_ for id_, at in self.books[address].changed.items() if at > int(number)]
        return [item for id_ in fresh for item in self._listed(address, id_, single, None, None)]

    def _instances(self, address: str, id_: str, low: datetime | None, high: datetime | None) -> Iterator[Json]:
        event = self._shown(address, id_)
        start, end = instant(event["start"], self.zone), instant(event["end"], self.zone)
        if not event.get("recurrence"):
            if (high is None or start < high) and (low is None or end > low):
                yield event
            return
        changes = self._changes(address, id_)
        stop = high or max(start, low or start) + timedelta(days=800)
        originals = {key_of(moment) for moment in expanded(event["recurrence"], start, stop + _DAY)}
        for original in sorted(originals | changes.keys()):
            item = self._exception(address, id_, original, changes.get(original, {}))
            opening = instant(item["start"] if "start" in item else item["originalStartTime"], self.zone)
            closing = instant(item["end"], self.zone) if "end" in item else opening + (end - start)
            if (high is None or opening < high) and (low is None or closing > low):
                yield item

    def _taken(self, address: str, low: datetime, high: datetime) -> Iterator[tuple[datetime, datetime]]:
        for id_, event in self.books[address].events.items():
            if event["status"] == "cancelled" or event.get("transparency") == "transparent":
                continue
            for item in self._instances(address, id_, low, high):
                answer = next((g["responseStatus"] for g in item.get("attendees", ()) if g.get("self")), "")
                if item["status"] != "cancelled" and answer != "declined":
                    opening, closing = instant(item["start"], self.zone), instant(item["end"], self.zone)
                    yield max(opening, low), min(closing, high)
