"""The fake organisation on Exchange as the contracts see it, by whichever door."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
from assistant.adapters.exchange_record import effective
from assistant.adapters.graph_events import fields_of, tracked

from assistant.domain.calendar import Event, Partstat
from assistant.errors import Unavailable
from assistant.ical import from_ical
from assistant.ports import EventRef, OutgoingMail
from tests.contract.account_world import AccountWorld
from tests.contract.calendar_contract import (
    BOT,
    CalendarWorld,
)
from tests.contract.mail_contract import MailWorld
from tests.fakes.ews import FakeEws
from tests.fakes.graph import FakeGraph
from tests.fakes.graph_store import Item, event_json
from tests.fakes.loopback import Answer, Fault

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
NOBODY = "nobody@team.example"
RESPONSES = {
    Partstat.ACCEPTED: "accepted",
    Partstat.DECLINED: "declined",
    Partstat.TENTATIVE: "tentativelyAccepted",
    Partstat.NEEDS_ACTION: "none",
}

World = TypeVar("World", bound="Door")


def held_to_its_contract(world: World) -> Iterator[World]:
    """For a fixture: afterwards the fake has seen no request, and given no answer, that Exchange would not."""
    yield world
    world.fake.close()
    assert world.fake.violations == []


class Door(AccountWorld):
    """What is the same of mail and calendars; ``options`` are those of the account."""

    fake: FakeGraph | FakeEws
    options: dict[str, Any]

    @abstractmethod
    def fault(self, act: str, answer: Answer | None = None, *, after: bool = False) -> Fault:
        """The next request that does this ("draft", "send", "make", "change", "delete") goes wrong."""

    @abstractmethod
    def busy(self, seconds: int) -> Answer:
        """The server wants to be left alone for so long."""

    @abstractmethod
    def changed_meanwhile(self) -> Answer:
        """What the server says to an update with an old etag or change key."""

    def break_off(self) -> None:
        self.fake.down = True

    def repair(self) -> None:
        self.fake.down = False

    def let_in(self) -> None:
        self.restart()

    def _restart_with(self, **options: Any) -> None:
        before, self.options = self.options, self.options | options
        self.restart()
        self.options = before

    def _unheard(self, act: str, work: Callable[[], object], *, in_doubt: bool) -> None:
        self.fake.faults.append(self.fault(act, after=True))
        with pytest.raises(Unavailable) as caught:
            work()
        assert caught.value.in_doubt is in_doubt


class OrganisationMailWorld(Door, MailWorld):
    folder: Path
    notes: str
    """The folder of the data folder in which drafts are noted."""

    def arrive(self, raw: bytes) -> None:
        self.fake.arrive(raw)

    def inbox(self, address: str) -> list[bytes]:
        return [mail.raw for mail in self.fake.store.mails[address] if mail.folder == "inbox"]

    def lose_mailbox(self) -> None:
        self._restart_with(mailbox=NOBODY)

    def forgotten(self, cursor: str) -> str:
        self.fake.forget_lists()
        return cursor

    def send_unheard(self, mail: OutgoingMail) -> None:
        self._unheard("send", lambda: self.mail.send(mail), in_doubt=True)

    def without_tags(self) -> None:
        self._restart_with(subaddress=None)


class OrganisationCalendarWorld(Door, CalendarWorld):
    def __init__(self, folder: Path, fake: FakeGraph | FakeEws, options: dict[str, Any]) -> None:
        self.folder, self.fake, self.options = folder, fake, options
        self.restart()

    def lose_calendar(self) -> None:
        self._restart_with(mailbox=NOBODY)

    def forget(self) -> None:
        self.fake.forget_lists()

    def upsert_unheard(self, event: Event, ref: EventRef | None) -> None:
        act = "change" if any(event.uid == known.uid for known in self.on_calendar(BOT)) else "make"
        self._unheard(act, lambda: self.calendar.upsert(event, ref), in_doubt=False)

    def invitations(self, address: str) -> int:
        return [(kind, to) for kind, to, _ in self.fake.store.notices].count(("invited", address))

    def put(self, address: str, ics: str) -> None:
        (event,) = from_ical(ics.encode())
        fields = {name: value for name, value in fields_of(event).items() if value is not None}
        with self.fake.lock:
            uid, who = event.uid, event.organizer or address
            self.fake.store.add(Item(self.fake.store.new_id("ev"), address, uid, who, fields, response="organizer"))

    def on_calendar(self, address: str) -> list[Event]:
        """What others answered is told by the organiser's item, as Outlook shows it."""
        with self.fake.lock:
            found = []
            for item in self.fake.store.items[address].values():
                organizers = self.fake.store.items.get(item.organizer, {}).values()
                noted = next((each.properties for each in organizers if each.uid == item.uid), item.properties)
                expand = "exceptionOccurrences singleValueExtendedProperties" + "".join(noted)
                shown = event_json(replace(item, properties=noted), {"$select": "", "$expand": expand})
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
        for override in set(event.overrides) - set(before.overrides):
            original = override.recurrence_id.astimezone(UTC)
            if override.attendees is not None:
                single = {a.address: a.partstat for a in override.attendees}[address]
                store.respond(address, uid, RESPONSES[single], original)
            elif override.start != override.recurrence_id:
                times = override.start, override.start + override.duration
                store.respond(address, uid, "tentativelyAccepted", original, times)

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
