"""The organisation of the fake Microsoft Graph as the contracts see it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.adapters.exchange_record import effective
from assistant.adapters.graph import GraphCalendar, GraphMail
from assistant.adapters.graph_events import fields_of, tracked

from assistant.domain.calendar import Event, Partstat
from assistant.ical import from_ical
from tests.contract.calendar_contract import ANA, BEN, BERLIN, BOT, CalendarWorld
from tests.contract.mail_contract import MailWorld
from tests.fakes.ews import FakeEws
from tests.fakes.graph import FakeGraph
from tests.fakes.graph_store import Item, event_json
from tests.fakes.loopback import Answer, session

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
OPTIONS: dict[str, Any] = {
    "tenant": "t1",
    "client_id": "client",
    "secret": "right",
    "poll": 0.1,
    "per_minute": 1e6,
    "mails_per_minute": 1e6,
}
RESPONSES = {
    Partstat.ACCEPTED: "accepted",
    Partstat.DECLINED: "declined",
    Partstat.TENTATIVE: "tentativelyAccepted",
    Partstat.NEEDS_ACTION: "none",
}


RULES = [
    None,
    "FREQ=DAILY;COUNT=20",
    "FREQ=DAILY;INTERVAL=3;UNTIL=20270401",
    "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=WEEKLY;BYDAY=TU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR;WKST=SU",
    "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270330T080000Z",
    "FREQ=MONTHLY;BYMONTHDAY=3",
    "FREQ=MONTHLY;BYDAY=1TU",
    "FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU",
    "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2;COUNT=9",
    "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=3",
    "FREQ=YEARLY;BYMONTH=11;BYDAY=1TU",
]


ZONES = ["Europe/Madrid", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC",
         "Pacific/Chatham", "America/St_Johns", "Asia/Seoul", "Africa/Casablanca", "Europe/Dublin"]  # fmt: skip


class OrganisationMailWorld(MailWorld):
    """The fake organisation, by whichever door."""

    fake: FakeGraph | FakeEws

    def arrive(self, raw: bytes) -> None:
        self.fake.arrive(raw)

    def inbox(self, address: str) -> list[bytes]:
        return [mail.raw for mail in self.fake.store.mails[address] if mail.folder == "inbox"]

    def break_off(self) -> None:
        self.fake.down = True

    def repair(self) -> None:
        self.fake.down = False


class GraphMailWorld(OrganisationMailWorld):
    mail: GraphMail
    fake: FakeGraph

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder, self.options = folder, OPTIONS | options
        self.fake = FakeGraph(BOT, [ANA, BEN], NOW)
        self.restart()

    def restart(self) -> None:
        self.mail = GraphMail(self.folder, BOT, session=session(self.fake.port), **self.options)


class OrganisationCalendarWorld(CalendarWorld):
    """The fake organisation, by whichever door."""

    fake: FakeGraph | FakeEws

    def put(self, address: str, ics: str) -> None:
        (event,) = from_ical(ics.encode())
        fields = {name: value for name, value in fields_of(event).items() if value is not None}
        with self.fake.lock:
            uid, who = event.uid, event.organizer or address
            self.fake.store.add(Item(self.fake.store.new_id("ev"), address, uid, who, fields, response="organizer"))

    def on_calendar(self, address: str) -> list[Event]:
        whole = {"$select": "", "$expand": "singleValueExtendedProperties AsyncAssistant exceptionOccurrences"}
        with self.fake.lock:
            found = []
            for item in self.fake.store.items[address].values():
                whole["$expand"] = "exceptionOccurrences singleValueExtendedProperties" + "".join(item.properties)
                shown = event_json(item, whole)
                shown["cancelledOccurrences"] = [f"OID.{item.id}.{day}" for day in sorted(item.dropped)]
                found.append(effective(tracked(shown)))
            return found

    def change(self, address: str, event: Event) -> None:
        """As people do in Outlook: they answer, propose another time, or delete one occurrence."""
        store = self.fake.store
        item = self._item(address, event.uid)
        (before,) = [each for each in self.on_calendar(address) if each.uid == event.uid]
        if item.organizes:
            with self.fake.lock:
                store.change(item, {k: v for k, v in fields_of(event).items() if v is not None})
            return
        with self.fake.lock:
            self._answer(address, item.uid, before, event)
            for moment in set(event.exdates) - set(before.exdates):
                store.leave(address, item.uid, moment.astimezone(UTC))

    def _answer(self, address: str, uid: str, before: Event, event: Event) -> None:
        store = self.fake.store
        own = {a.address: a.partstat for a in event.attendees}[address]
        if own is not {a.address: a.partstat for a in before.attendees}[address]:
            store.respond(address, uid, RESPONSES[own])
        for override in event.overrides:
            original = override.recurrence_id.astimezone(UTC)
            if override.start != override.recurrence_id:
                times = override.start, override.start + override.duration
                store.respond(address, uid, "tentativelyAccepted", original, times)
            elif override.attendees is not None:
                single = {a.address: a.partstat for a in override.attendees}[address]
                store.respond(address, uid, RESPONSES[single], original)

    def remove(self, address: str, uid: str) -> None:
        with self.fake.lock:
            item = self._item(address, uid)
            if item.organizes:
                self.fake.store.delete(item)
            else:
                self.fake.store.leave(address, item.uid)

    def _item(self, address: str, uid: str) -> Item:
        own = [item for item in self.fake.store.items[address].values() if uid in (item.uid, *item.properties.values())]
        return own[0]


class GraphCalendarWorld(OrganisationCalendarWorld):
    calendar: GraphCalendar
    fake: FakeGraph

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder, self.options = folder, OPTIONS | options
        self.fake = FakeGraph(BOT, [ANA, BEN], NOW)
        self.restart()

    def restart(self) -> None:
        zones = {ANA: BERLIN, BEN: BERLIN}
        self.calendar = GraphCalendar(self.folder, BOT, zones, session(self.fake.port), **self.options)


def mail_world(folder: Path, **options: Any) -> Iterator[GraphMailWorld]:
    world = GraphMailWorld(folder, **options)
    yield world
    world.fake.close()
    assert world.fake.violations == []


def calendar_world(folder: Path, **options: Any) -> Iterator[GraphCalendarWorld]:
    world = GraphCalendarWorld(folder, **options)
    yield world
    world.fake.close()
    assert world.fake.violations == []


def failure(status: int, code: str = "", **headers: str) -> Answer:
    body = json.dumps({"error": {"code": code, "message": "secret-content"}}).encode() if code else b""
    return Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


LOST = [None, failure(503), failure(504, "GatewayTimeout"), Answer(200, b"{torn"), failure(429, "TooManyRequests")]
