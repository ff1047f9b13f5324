"""What Microsoft's two families have in common: an organisation with the assistant's mailbox and everybody else's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from assistant.adapters.exchange_record import effective
from assistant.adapters.graph_events import fields_of, override_fields, tracked

from assistant.domain.calendar import Event
from assistant.ical import from_ical, to_ical
from tests.fakes.ews import FakeEws
from tests.fakes.graph import FakeGraph
from tests.fakes.graph_store import Item, event_json
from tests.journeys.providers.family import Family
from tests.journeys.providers.people import ZONES, Answered, Office

_RESPONSES = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentativelyAccepted"}
_SHOWN = {"OOF": "oof", "TENTATIVE": "tentative", "FREE": "free"}


class Organisation(Family):
    """``fake`` is the door; behind both is the same store."""

    fake: FakeGraph | FakeEws

    def __init__(self, office: Office, fake: FakeGraph | FakeEws, people: tuple[str, ...], ada: str) -> None:
        super().__init__(office, people, ada)
        self.fake, self.store = fake, fake.store
        self._read = dict.fromkeys(people, 0)
        self._names: dict[tuple[str, str], str] = {}  # UIDs by owner and id
        for address, file in office.touched(people):
            self.put(address, file.read_bytes())
        self._at = len(self.store.log)

    def put(self, address: str, raw: bytes) -> None:
        """On somebody's calendar: what they had before, or were invited to by mail.

        Who is invited within the house has it from the organiser.
        """
        for event in from_ical(raw, zone=ZoneInfo(ZONES[address])):
            organizer = event.organizer or address
            if organizer != address and organizer in self.people:
                continue
            self.drop(address, event.uid)
            first: Any = icalendar.Calendar.from_ical(raw).walk("VEVENT")[0]
            fields = {name: value for name, value in fields_of(event).items() if value is not None}
            fields |= _shown_as(first)
            for guest, attendee in zip(fields["attendees"], event.attendees, strict=True):
                response = "organizer" if attendee.address == organizer else _RESPONSES.get(attendee.partstat, "none")
                guest["status"] = {"response": response, "time": "2026-01-01T00:00:00Z"}
            own = next((a.partstat for a in event.attendees if a.address == address), "")
            response = "organizer" if organizer == address else _RESPONSES.get(own, "none")
            item = Item(self.store.new_id("ev"), address, event.uid, organizer, fields, response=response)
            self.store.add(item)
            for override in event.overrides:
                exception = item.exception(override.recurrence_id.astimezone(UTC), self.store.new_id("ex"))
                self.store.change(item, override_fields(event, override), exception)
            for moment in event.exdates:
                self.store.delete(item, moment.astimezone(UTC))

    def turn(self, now: datetime) -> None:
        self.store.now = now.astimezone(UTC)

    def arrive(self, raw: bytes) -> None:
        self.fake.arrive(raw)

    def answer(self, answered: Answered, now: datetime) -> None:
        ids = {uid: id_ for (owner, id_), uid in self._names.items() if owner == answered.address}
        item = self.store.items[answered.address][ids[answered.uid]]
        self.store.respond(answered.address, item.uid, _RESPONSES[answered.said], answered.original)

    def pull(self, now: datetime) -> None:
        for address in self.people:
            mails = self.store.mails[address]
            for mail in mails[self._read[address] :]:
                self.receive(address, mail.raw)
            self._read[address] = len(mails)
        changed = dict.fromkeys(self.store.log[self._at :])
        self._at = len(self.store.log)
        for owner, id_ in changed:
            item = self.store.items[owner].get(id_)
            if item is None and (owner, id_) in self._names:
                self.office.write(owner, self._names.pop((owner, id_)), None)
            elif item is not None and owner != self.ada and item.organizer == self.ada:
                known = on_calendar(item)
                self._names[owner, id_] = known.uid
                self.office.write(owner, known.uid, to_ical(known, now=now))

    def drop(self, address: str, uid: str) -> None:
        for item in [each for each in self.store.items[address].values() if each.uid == uid and not each.organizes]:
            self.store.forget(item)

    @property
    def state(self) -> int:
        """Grows with each change to a calendar."""
        return len(self.store.log)

    def organized(self) -> Iterator[Event]:
        """The assistant's meetings as Exchange tells guests of other houses."""
        for item in self.store.items[self.ada].values():
            yield replace(on_calendar(item), uid=item.uid)

    def hear(self, answered: Answered) -> None:
        """An answer from another house, which Exchange reads in the organiser's mail."""
        self.store.respond(answered.address, answered.uid, _RESPONSES[answered.said], answered.original)

    @property
    def violations(self) -> Sequence[str]:
        return self.fake.violations


def on_calendar(item: Item) -> Event:
    """What an item says."""
    expand = "exceptionOccurrences singleValueExtendedProperties" + "".join(item.properties)
    shown = event_json(item, {"$select": "", "$expand": expand})
    shown["cancelledOccurrences"] = [f"OID.{item.id}.{day}" for day in sorted(item.dropped)]
    event: Event = effective(tracked(shown))
    return event


def _shown_as(event: Any) -> dict[str, object]:
    fields: dict[str, object] = {}
    status = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", event.get("STATUS", "")))
    if status in _SHOWN:
        fields["showAs"] = _SHOWN[status]
    if status == "CANCELLED" or str(event.get("TRANSP", "")) == "TRANSPARENT":
        fields["showAs"] = "free"
    if isinstance(event.start, date) and not isinstance(event.start, datetime):
        fields["isAllDay"] = True
    return fields
