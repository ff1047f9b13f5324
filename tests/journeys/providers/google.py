"""Gmail and Google Calendar; the people have Google calendars too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from assistant.adapters.google_account import token_path
from assistant.adapters.google_bodies import body_of, occurrence_of
from assistant.adapters.google_events import event_id, event_of, item_of

from assistant.domain.calendar import Event
from assistant.ical import from_ical, to_ical
from tests.fakes.google import FakeGoogle
from tests.journeys.providers.family import Accounts, Family
from tests.journeys.providers.people import ADA, PEOPLE, ZONES, Answered, Office


class OnGoogle(Family):
    def __init__(
        self, office: Office, stack: ExitStack, folder: Path, people: tuple[str, ...] = PEOPLE, ada: str = ADA
    ) -> None:
        super().__init__(office, people, ada)
        self.fake = stack.enter_context(FakeGoogle(ada, people))
        path = token_path(folder, ada)
        path.parent.mkdir(parents=True)
        token = {"client_id": "c", "client_secret": "s", "refresh_token": "refresh-0"}
        path.write_text(json.dumps({**token, "token_uri": f"{self.fake.root}token"}))
        account = {"mail": "google", "calendar": "google", "endpoint": self.fake.root, "token": str(path)}
        quotas = {"mail_quota": 10**9, "calendar_quota": 10**9, "poll": 0}
        self.accounts: Accounts = {"main": {**account, **quotas}}
        self._read = dict.fromkeys(people, 0)
        self._at = 0
        self._names: dict[tuple[str, str], str] = {}  # UIDs by owner and id: of what was deleted only the id is told
        for address, file in office.touched(people):
            self.put(address, file.read_bytes())

    def put(self, address: str, raw: bytes) -> None:
        """On somebody's calendar: what they had before, or were invited to by mail."""
        for event in from_ical(raw, zone=ZoneInfo(ZONES[address])):
            first: Any = icalendar.Calendar.from_ical(raw).walk("VEVENT")[0]
            body = body_of(event, {})
            del body["extendedProperties"]
            id_ = event_id(event.uid)
            body |= {"id": id_, "iCalUID": event.uid, "organizer": {"email": event.organizer or address}}
            body |= {"status": str(first.get("STATUS", "confirmed")).lower()}
            if str(first.get("TRANSP", "")) == "TRANSPARENT":
                body["transparency"] = "transparent"
            shown = str(first.get("X-MICROSOFT-CDO-BUSYSTATUS", ""))
            if shown == "OOF":
                body["eventType"] = "outOfOffice"
            elif shown == "TENTATIVE":
                body["status"] = "tentative"
            if isinstance(first.start, date) and not isinstance(first.start, datetime):
                body |= {"start": {"date": f"{first.start}"}, "end": {"date": f"{first.end}"}}
            self.fake.calendars.books[address].own.pop(id_, None)
            self.fake.calendars.put(address, body)
            for override in event.overrides:
                changed = occurrence_of(event, override, override.recurrence_id)
                self.fake.calendars.move(address, id_, override.recurrence_id, changed)

    def turn(self, now: datetime) -> None:
        self.fake.now = now.astimezone(UTC)

    def arrive(self, raw: bytes) -> None:
        self.fake.mailbox.arrive(raw)

    def answer(self, answered: Answered, now: datetime) -> None:
        id_ = event_id(answered.uid)
        self.fake.calendars.respond(answered.address, id_, answered.said.lower(), answered.original)

    def pull(self, now: datetime) -> None:
        for address in self.people:
            mails = self.fake.mailbox.inboxes.get(address, [])
            for raw in mails[self._read[address] :]:
                self.receive(address, raw)
            self._read[address] = len(mails)
        calendars = self.fake.calendars
        if calendars.number == self._at:
            return
        for address in self.people:
            book = calendars.books[address]
            for id_ in [id_ for id_, at in book.changed.items() if at > self._at]:
                event = book.events[id_]
                if event["status"] == "cancelled":
                    if (address, id_) in self._names:
                        self.office.write(address, self._names.pop((address, id_)), None)
                elif event["organizer"]["email"] == self.ada:
                    items = list(calendars._listed(address, id_, False, None, None))
                    known = event_of(item_of(items[0], items[1:]))
                    self._names[address, id_] = known.uid
                    self.office.write(address, known.uid, to_ical(known, now=now))
        self._at = calendars.number

    def drop(self, address: str, uid: str) -> None:
        self.fake.calendars.put(address, {"id": event_id(uid), "status": "cancelled"})

    @property
    def state(self) -> int:
        """Grows with each change to a calendar."""
        return self.fake.calendars.number

    def organized(self) -> Iterator[Event]:
        """The assistant's meetings as Google tells guests of other houses."""
        for id_, event in self.fake.calendars.books[self.ada].events.items():
            if event["status"] != "cancelled":
                items = list(self.fake.calendars._listed(self.ada, id_, False, None, None))
                yield replace(event_of(item_of(items[0], items[1:])), uid=event["iCalUID"])

    def hear(self, answered: Answered) -> None:
        """An answer from another house, which Google reads in the organiser's mail."""
        events = self.fake.calendars.books[self.ada].events
        id_ = next(id_ for id_, event in events.items() if event["iCalUID"] == answered.uid)
        self.fake.calendars.respond(answered.address, id_, answered.said.lower(), answered.original)

    @property
    def violations(self) -> Sequence[str]:
        return self.fake.violations
