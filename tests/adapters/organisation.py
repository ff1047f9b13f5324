"""The fake organisation on Exchange as the contracts see it, by whichever door; and what both doors are held to."""

from __future__ import annotations

import shutil
from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from assistant.adapters.copies import as_written
from assistant.adapters.exchange_record import effective
from assistant.adapters.graph_events import fields_of, tracked

from assistant.domain.calendar import Event, Override, Partstat, Period
from assistant.domain.recurrence import occurrences
from assistant.errors import Conflict, Unavailable
from assistant.ical import from_ical
from assistant.ports import EventRef, OutgoingMail
from tests.contract.account_world import AccountWorld
from tests.contract.calendar_contract import (
    ANA,
    BEN,
    BOT,
    HALF_HOUR,
    MONTH,
    CalendarContract,
    CalendarWorld,
    answered,
    at,
    ics,
    partstats,
    weekly,
)
from tests.contract.mail_contract import MailContract, MailWorld, follow, letter, outgoing, subjects
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


class OrganisationMail(MailContract):
    """What Exchange promises of mail besides."""

    def test_without_our_notes_the_mailbox_is_searched(self, world: OrganisationMailWorld) -> None:
        """The data folder was restored from before the mail; Exchange wrote a Message-ID of its own."""
        for rewritten, name in ((True, "one"), (False, "two")):
            world.fake.rewrite_ids = rewritten
            world.mail.send(outgoing(name))
            shutil.rmtree(world.folder / world.notes)
            world.restart()
            assert world.mail.find_sent(outgoing(name))
            assert not world.mail.find_sent(outgoing("other"))

    def test_a_rewritten_message_id_is_found_after_a_crash(self, world: OrganisationMailWorld) -> None:
        world.fake.rewrite_ids = True
        world.mail.send(outgoing("prompt"))
        world.restart()
        assert outgoing("prompt").message_id.encode() not in world.inbox(ANA)[0]
        assert world.mail.find_sent(outgoing("prompt"))

    def test_a_draft_that_somebody_deletes_leaves_a_doubt(self, world: OrganisationMailWorld) -> None:
        world.fake.faults.append(world.fault("send", Answer(503)))
        with pytest.raises(Unavailable):
            world.mail.send(outgoing("prompt"))
        world.restart()
        world.fake.store.mails[BOT].clear()
        assert world.mail.find_sent(outgoing("prompt")) is None
        with pytest.raises(Unavailable) as caught:
            world.mail.send(outgoing("prompt"))
        assert caught.value.in_doubt

    def test_starting_over_goes_back_a_fortnight(self, world: OrganisationMailWorld) -> None:
        """What is older was either dealt with or is nobody's answer any more."""
        world.fake.store.now = NOW - timedelta(days=30)
        world.arrive(letter("old"))
        world.fake.store.now = NOW - timedelta(days=13)
        for number in range(60):
            world.arrive(letter(f"n{number}"))
        world.fake.store.now = NOW
        world.arrive(letter("new"))
        assert {*subjects(follow(world.mail, ""))} == {"new", *(f"n{number}" for number in range(60))}


class OrganisationCalendar(CalendarContract):
    """What Exchange promises of calendars besides."""

    def test_a_lost_answer_to_a_cancellation_is_no_trouble(self, world: OrganisationCalendarWorld) -> None:
        ref = world.calendar.upsert(weekly(), None)
        world.fake.faults.append(world.fault("delete", after=True))
        with pytest.raises(Unavailable):
            world.calendar.cancel(weekly(), ref)
        world.calendar.cancel(weekly(), ref)
        assert [world.on_calendar(address) for address in (BOT, ANA, BEN)] == [[], [], []]

    def test_a_forgotten_list_tells_what_was_deleted_meanwhile(self, world: OrganisationCalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        world.calendar.upsert(weekly("other@team.example"), None)
        cursor = world.calendar.changes(None).cursor
        (first, _) = world.on_calendar(ANA)
        world.change(ANA, answered(first, ANA, Partstat.ACCEPTED))
        world.remove(BOT, "other@team.example")
        world.forget()
        batch = world.calendar.changes(cursor)
        assert partstats(list(batch.changes)) == {(ANA, None): Partstat.ACCEPTED}
        assert [change.uid for change in batch.changes if change.event is None] == ["other@team.example"]
        assert list(world.calendar.changes(batch.cursor).changes) == []

    def test_an_answer_between_reading_and_writing_stops_nothing(self, world: OrganisationCalendarWorld) -> None:
        """Exchange refuses the old etag; the event is read again and, since nobody changed it, written."""
        ref = world.calendar.upsert(weekly(), None)
        world.fake.faults.append(world.fault("change", world.changed_meanwhile()))
        world.calendar.upsert(replace(weekly(), summary="new"), ref)
        assert world.on_calendar(BEN)[0].summary == "new"

    def test_an_edit_in_the_assistants_own_calendar_conflicts_and_is_told(
        self, world: OrganisationCalendarWorld
    ) -> None:
        ref = world.calendar.upsert(weekly(), None)
        cursor = world.calendar.changes(None).cursor
        world.change(BOT, replace(weekly(), start=at(4, 9), rrule="FREQ=WEEKLY;BYDAY=WE"))
        with pytest.raises(Conflict):
            world.calendar.upsert(replace(weekly(), summary="new"), ref)
        (change,) = world.calendar.changes(cursor).changes
        assert change.by == BOT
        assert change.event is not None
        assert change.event.start == at(4, 9)

    def test_an_event_deleted_from_the_assistants_calendar_is_made_again(
        self, world: OrganisationCalendarWorld
    ) -> None:
        ref = world.calendar.upsert(weekly(), None)
        cursor = world.calendar.changes(None).cursor
        world.remove(BOT, weekly().uid)
        (change,) = world.calendar.changes(cursor).changes
        assert (change.uid, change.event, change.by) == (weekly().uid, None, None)
        world.calendar.upsert(weekly(), ref)
        assert [len(world.on_calendar(address)) for address in (BOT, ANA, BEN)] == [1, 1, 1]

    @pytest.mark.parametrize("rule", RULES)
    def test_every_rhythm_comes_back_with_the_same_instants(
        self, world: OrganisationCalendarWorld, rule: str | None
    ) -> None:
        """As expanded by us, and by the fake in its own way; over the next two clock changes."""
        event = replace(weekly(), start=datetime(2026, 11, 3, 10, tzinfo=ZoneInfo("America/New_York")), rrule=rule)
        ref = world.calendar.upsert(event, None)
        world.restart()
        assert world.calendar.upsert(event, None) == ref, "what is read is what was written"
        year = Period(datetime(2026, 11, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
        assert world.on_calendar(ANA) == [as_written(event)]
        (item,) = world.fake.store.items[ANA].values()
        ours = [occurrence.period.start for occurrence in occurrences(event, year)]
        assert [start for _, start, _, _ in item.instances(year.start, year.end)] == ours

    @pytest.mark.parametrize("name", ZONES)
    def test_every_zone_comes_back(self, world: OrganisationCalendarWorld, name: str) -> None:
        event = replace(weekly(), start=datetime(2026, 11, 3, 10, tzinfo=ZoneInfo(name)))
        ref = world.calendar.upsert(event, None)
        world.restart()
        assert world.calendar.upsert(event, None) == ref
        (back,) = world.on_calendar(ANA)
        assert back == event
        assert back.start.tzinfo == ZoneInfo(name)

    def test_an_occurrence_called_off_can_come_back(self, world: OrganisationCalendarWorld) -> None:
        ref = world.calendar.upsert(moved_series(), None)
        world.calendar.upsert(replace(moved_series(), exdates=(), sequence=11), ref)
        assert world.on_calendar(ANA)[0].exdates == ()

    def test_another_meeting_at_the_same_time_is_not_ignored(self, world: OrganisationCalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        world.put(ANA, ics("UID:dentist", "SUMMARY:Dentist", "DTSTART:20261103T090000Z", "DTEND:20261103T093000Z"))
        (block,) = world.calendar.free_busy([ANA], MONTH, ignoring={weekly().uid})[ANA]
        assert block.period.start == at(3, 10)

    def test_a_closed_calendar_is_no_trouble(self, world: OrganisationCalendarWorld) -> None:
        """Only the assistant's own must be readable: adopting others' series is left out then."""
        world.fake.closed.add(ANA)
        world.calendar.upsert(weekly(), None)
        cursor = world.calendar.changes(None).cursor
        assert list(world.calendar.changes(cursor).changes) == []
        assert [event.uid for event in world.calendar.recurring([ANA, BEN], MONTH)] == [weekly().uid]


def moved_series(hour: int = 10) -> Event:
    start, gone = at(3, hour), (at(10, hour),)
    event = replace(weekly(), start=start, exdates=gone, description="Agenda: 1. hiring", sequence=hour)
    return event.with_override(Override(at(17, hour), at(18, 9), HALF_HOUR, "Moved: see mail"))


ACTS = {
    "create": (None, moved_series()),
    "change": (weekly(), moved_series()),
    "move": (moved_series(), moved_series(hour=15)),
    "back": (moved_series(), replace(weekly(), sequence=11)),
}
"""What is there, and what is to be there."""


def repeat_after_any_failure(
    make: Callable[[], OrganisationCalendarWorld],
    act: str,
    fault: Fault,
    broken: tuple[type[Exception], ...] = (Unavailable,),
) -> None:
    """Each request in turn fails, before or after its work; then a new process does it all again."""
    before, wanted = ACTS[act]
    for number in range(60):
        world = make()
        if before is not None:
            world.calendar.upsert(before, None)
        world.restart()
        this = replace(fault, skip=number)
        world.fake.faults.append(this)
        try:
            world.calendar.upsert(wanted, None)
        except broken:
            world.restart()
            world.calendar.upsert(wanted, None)
        finally:
            world.fake.close()
        for address in (BOT, ANA, BEN):
            assert world.on_calendar(address) == [wanted]
        assert [world.invitations(address) for address in (ANA, BEN)] == [1, 1], "never two for one meeting"
        assert world.fake.violations == []
        if this.times:
            break
    assert number > 2
