"""What every calendar adapter promises. An adapter's test subclasses ``CalendarContract`` and gives the one fixture."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.domain.calendar import Attendee, Busy, BusyKind, Event, Override, Partstat, Period
from assistant.domain.recurrence import occurrences
from assistant.errors import Conflict, CursorExpired
from assistant.ports import CalendarProvider, EventChange

BOT = "bot@team.example"
ANA = "ana@team.example"
BEN = "ben@team.example"
BERLIN = ZoneInfo("Europe/Berlin")
MONTH = Period(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
HALF_HOUR = timedelta(minutes=30)


class CalendarWorld(ABC):
    """The assistant's access to calendars, and what people do to theirs. Ana and Ben have one, nobody else."""

    calendar: CalendarProvider

    @abstractmethod
    def put(self, address: str, ics: str) -> None:
        """A calendar file of their own appears on that person's calendar."""

    @abstractmethod
    def on_calendar(self, address: str) -> list[Event]:
        """What is on that person's calendar and not cancelled."""

    @abstractmethod
    def change(self, address: str, event: Event) -> None:
        """The person puts ``event`` in place of what their calendar holds under that UID."""

    @abstractmethod
    def remove(self, address: str, uid: str) -> None:
        """The person deletes it."""

    @abstractmethod
    def restart(self) -> None:
        """A new ``calendar`` on the same accounts, as after a crash."""


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def weekly(uid: str = "one-on-one@team.example") -> Event:
    return Event(
        uid=uid,
        start=at(3, 10),
        duration=HALF_HOUR,
        summary="1:1 Ana and Ben",
        organizer=BOT,
        attendees=(Attendee(ANA, "Ana"), Attendee(BEN, "Ben")),
        description="Agenda: see mail",
        rrule="FREQ=WEEKLY;BYDAY=TU",
        stamp=datetime(2026, 10, 30, 8, tzinfo=UTC),
    )


def answered(event: Event, address: str, partstat: Partstat) -> Event:
    attendees = tuple(replace(a, partstat=partstat) if a.address == address else a for a in event.attendees)
    return replace(event, attendees=attendees)


def ics(*lines: str) -> str:
    """A calendar with one event of these lines."""
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//person//EN", "BEGIN:VEVENT", "DTSTAMP:20261001T080000Z")
    return "\r\n".join((*head, *lines, "END:VEVENT", "END:VCALENDAR", ""))


def partstats(changes: list[EventChange]) -> dict[tuple[str, datetime | None], Partstat]:
    return {key: partstat for change in changes for key, partstat in (change.partstats or {}).items()}


class CalendarContract:
    @pytest.fixture
    def world(self) -> CalendarWorld:
        raise NotImplementedError

    def start(self, world: CalendarWorld) -> str:
        batch = world.calendar.changes(None)
        assert not batch.changes
        return batch.cursor

    def one(self, world: CalendarWorld, address: str) -> Event:
        (event,) = world.on_calendar(address)
        return event

    # upsert

    def test_is_on_every_calendar(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        for address in (BOT, ANA, BEN):
            assert self.one(world, address).uid == weekly().uid

    def test_comes_back_as_it_was(self, world: CalendarWorld) -> None:
        event = replace(weekly(), private=True, location="Room 1", exdates=(at(10, 10),), sequence=4)
        event = event.with_override(Override(at(17, 10), at(18, 9), timedelta(minutes=45), "Moved: see mail"))
        world.calendar.upsert(event, None)
        assert self.one(world, ANA) == event

    def test_recurs_at_the_same_instants(self, world: CalendarWorld) -> None:
        """Over the next two clock changes."""
        event = replace(weekly(), exdates=(at(10, 10),)).with_override(Override(at(17, 10), at(18, 9), HALF_HOUR))
        world.calendar.upsert(event, None)
        year = Period(MONTH.start, MONTH.start + timedelta(days=370))
        ours = [occurrence.period for occurrence in occurrences(event, year)]
        assert [occurrence.period for occurrence in occurrences(self.one(world, ANA), year)] == ours

    def test_a_repeat_is_no_second_event(self, world: CalendarWorld) -> None:
        first = world.calendar.upsert(weekly(), None)
        world.restart()
        assert world.calendar.upsert(weekly(), None) == first
        assert world.calendar.upsert(weekly(), first) == first
        assert [event.uid for event in world.on_calendar(ANA)] == [weekly().uid]

    def test_a_change_reaches_everybody(self, world: CalendarWorld) -> None:
        ref = world.calendar.upsert(weekly(), None)
        later = replace(weekly(), start=at(3, 15), sequence=1)
        assert world.calendar.upsert(later, ref).etag != ref.etag
        assert self.one(world, BEN).start == at(3, 15)

    def test_an_old_ref_conflicts(self, world: CalendarWorld) -> None:
        old = world.calendar.upsert(weekly(), None)
        world.calendar.upsert(replace(weekly(), summary="new"), old)
        with pytest.raises(Conflict):
            world.calendar.upsert(replace(weekly(), summary="newer"), old)
        assert self.one(world, ANA).summary == "new"

    def test_a_lost_answer_is_no_conflict(self, world: CalendarWorld) -> None:
        """The change was made, its answer never came, so it is repeated with the ref of before."""
        old = world.calendar.upsert(weekly(), None)
        new = world.calendar.upsert(replace(weekly(), summary="new"), old)
        world.restart()
        assert world.calendar.upsert(replace(weekly(), summary="new"), old) == new

    def test_a_forgotten_ref_does_not_undo_what_is_newer(self, world: CalendarWorld) -> None:
        world.calendar.upsert(replace(weekly(), sequence=3), None)
        with pytest.raises(Conflict):
            world.calendar.upsert(replace(weekly(), sequence=2, summary="old"), None)

    def test_a_new_attendee_gets_it(self, world: CalendarWorld) -> None:
        alone = replace(weekly(), attendees=weekly().attendees[:1])
        ref = world.calendar.upsert(alone, None)
        world.calendar.upsert(weekly(), ref)
        assert self.one(world, BEN).uid == weekly().uid

    def test_a_former_attendee_loses_it(self, world: CalendarWorld) -> None:
        ref = world.calendar.upsert(weekly(), None)
        world.calendar.upsert(replace(weekly(), attendees=weekly().attendees[:1]), ref)
        assert world.on_calendar(BEN) == []
        assert self.one(world, ANA).uid == weekly().uid

    def test_answers_are_kept(self, world: CalendarWorld) -> None:
        ref = world.calendar.upsert(weekly(), None)
        world.change(ANA, answered(self.one(world, ANA), ANA, Partstat.ACCEPTED))
        world.calendar.upsert(replace(weekly(), description="Agenda: 1. hiring"), ref)
        for address in (ANA, BEN):
            event = self.one(world, address)
            assert event.description == "Agenda: 1. hiring"
            assert [attendee.partstat for attendee in event.attendees] == [Partstat.ACCEPTED, Partstat.NEEDS_ACTION]

    def test_an_answer_to_one_occurrence_is_kept(self, world: CalendarWorld) -> None:
        ref = world.calendar.upsert(weekly(), None)
        no = answered(self.one(world, ANA), ANA, Partstat.DECLINED).attendees
        world.change(ANA, self.one(world, ANA).with_override(Override(at(10, 10), at(10, 10), HALF_HOUR, attendees=no)))
        world.calendar.upsert(replace(weekly(), description="new"), ref)
        (override,) = self.one(world, ANA).overrides
        assert override.recurrence_id == at(10, 10)
        assert override.attendees == no

    def test_a_newer_answer_of_ours_counts(self, world: CalendarWorld) -> None:
        """Ana accepted in her calendar, which we saw, and declined by mail since."""
        world.calendar.upsert(weekly(), None)
        world.change(ANA, answered(self.one(world, ANA), ANA, Partstat.ACCEPTED))
        ref = world.calendar.upsert(weekly(), None)
        world.calendar.upsert(answered(weekly(), ANA, Partstat.DECLINED), ref)
        assert self.one(world, BEN).attendees[0].partstat is Partstat.DECLINED

    def test_who_deleted_it_is_left_in_peace(self, world: CalendarWorld) -> None:
        ref = world.calendar.upsert(weekly(), None)
        world.remove(ANA, weekly().uid)
        world.calendar.upsert(replace(weekly(), description="new"), ref)
        assert world.on_calendar(ANA) == []
        assert self.one(world, BEN).attendees[0].partstat is Partstat.DECLINED

    # cancel

    def test_cancelled_is_off_every_calendar(self, world: CalendarWorld) -> None:
        ref = world.calendar.upsert(weekly(), None)
        world.calendar.cancel(weekly(), ref)
        assert [world.on_calendar(address) for address in (BOT, ANA, BEN)] == [[], [], []]

    def test_cancelling_the_unknown_succeeds(self, world: CalendarWorld) -> None:
        world.calendar.cancel(weekly(), None)
        world.calendar.cancel(weekly(), None)
        assert world.on_calendar(ANA) == []

    def test_cancelling_twice_succeeds(self, world: CalendarWorld) -> None:
        ref = world.calendar.upsert(weekly(), None)
        world.calendar.cancel(weekly(), ref)
        world.restart()
        world.calendar.cancel(weekly(), ref)
        assert world.on_calendar(BEN) == []

    def test_cancelled_leaves_people_free(self, world: CalendarWorld) -> None:
        ref = world.calendar.upsert(weekly(), None)
        world.calendar.cancel(weekly(), ref)
        assert list(world.calendar.free_busy([ANA], MONTH)[ANA]) == []

    # changes

    def test_our_own_acts_are_no_news(self, world: CalendarWorld) -> None:
        cursor = self.start(world)
        ref = world.calendar.upsert(weekly(), None)
        ref = world.calendar.upsert(replace(weekly(), start=at(3, 15), sequence=1), ref)
        world.calendar.cancel(replace(weekly(), sequence=2), ref)
        assert list(world.calendar.changes(cursor).changes) == []

    def test_an_answer_is_told_once(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        world.change(ANA, answered(self.one(world, ANA), ANA, Partstat.TENTATIVE))
        batch = world.calendar.changes(cursor)
        assert partstats(list(batch.changes)) == {(ANA, None): Partstat.TENTATIVE}
        assert [change.by for change in batch.changes] == [ANA]
        assert list(world.calendar.changes(batch.cursor).changes) == []

    def test_an_answer_is_told_although_we_wrote_since(self, world: CalendarWorld) -> None:
        ref = world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        world.change(ANA, answered(self.one(world, ANA), ANA, Partstat.ACCEPTED))
        world.calendar.upsert(replace(weekly(), description="new"), ref)
        assert partstats(list(world.calendar.changes(cursor).changes)) == {(ANA, None): Partstat.ACCEPTED}

    def test_an_answer_to_one_occurrence_is_told(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        no = answered(self.one(world, ANA), ANA, Partstat.DECLINED).attendees
        world.change(ANA, self.one(world, ANA).with_override(Override(at(10, 10), at(10, 10), HALF_HOUR, attendees=no)))
        assert partstats(list(world.calendar.changes(cursor).changes)) == {(ANA, at(10, 10)): Partstat.DECLINED}

    def test_a_moved_occurrence_is_told(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        world.change(BEN, self.one(world, BEN).with_override(Override(at(10, 10), at(11, 14), HALF_HOUR)))
        (change,) = world.calendar.changes(cursor).changes
        assert change.by == BEN
        assert change.moved == {at(10, 10): at(11, 14)}

    def test_a_removed_occurrence_is_told(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        world.change(BEN, replace(self.one(world, BEN), exdates=(at(17, 10),)))
        (change,) = world.calendar.changes(cursor).changes
        assert list(change.removed) == [at(17, 10)]

    def test_deleting_it_declines(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        world.remove(ANA, weekly().uid)
        batch = world.calendar.changes(cursor)
        assert partstats(list(batch.changes)) == {(ANA, None): Partstat.DECLINED}
        assert list(world.calendar.changes(batch.cursor).changes) == []

    def test_an_old_cursor_still_tells(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        world.change(ANA, answered(self.one(world, ANA), ANA, Partstat.ACCEPTED))
        world.calendar.changes(cursor)
        world.restart()
        assert partstats(list(world.calendar.changes(cursor).changes)) == {(ANA, None): Partstat.ACCEPTED}

    def test_a_foreign_cursor_is_expired(self, world: CalendarWorld) -> None:
        with pytest.raises(CursorExpired):
            world.calendar.changes("not one of ours")

    def test_an_adopted_series_that_moves_is_told(self, world: CalendarWorld) -> None:
        lines = ("UID:retro@elsewhere", "SUMMARY:Retro", f"ORGANIZER:mailto:{ANA}", "RRULE:FREQ=WEEKLY")
        world.put(ANA, ics(*lines, "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
        cursor = self.start(world)
        world.change(ANA, replace(self.one(world, ANA), start=datetime(2026, 11, 6, 9, tzinfo=UTC)))
        (change,) = world.calendar.changes(cursor).changes
        assert change.event is not None
        assert (change.uid, change.event.start) == ("retro@elsewhere", datetime(2026, 11, 6, 9, tzinfo=UTC))

    # free/busy

    def test_unknown_people_are_absent_not_free(self, world: CalendarWorld) -> None:
        assert dict(world.calendar.free_busy(["nobody@elsewhere.example"], MONTH)) == {}

    def test_an_empty_calendar_is_free(self, world: CalendarWorld) -> None:
        assert {a: list(b) for a, b in world.calendar.free_busy([ANA, BEN], MONTH).items()} == {ANA: [], BEN: []}

    def test_busy_is_merged_and_clipped_in_utc(self, world: CalendarWorld) -> None:
        for name, start, end in (("a", "09", "10"), ("b", "10", "11"), ("c", "0930", "1030")):
            lines = (f"DTSTART:20261105T{start:0<4}00Z", f"DTEND:20261105T{end:0<4}00Z")
            world.put(ANA, ics(f"UID:{name}", "SUMMARY:x", *lines))
        period = Period(datetime(2026, 11, 5, 9, 15, tzinfo=UTC), datetime(2026, 11, 6, tzinfo=UTC))
        (block,) = world.calendar.free_busy([ANA], period)[ANA]
        assert block == Busy(Period(period.start, datetime(2026, 11, 5, 11, tzinfo=UTC)))

    def test_a_series_takes_time_each_week(self, world: CalendarWorld) -> None:
        world.calendar.upsert(answered(weekly(), ANA, Partstat.ACCEPTED), None)
        blocks = world.calendar.free_busy([ANA], MONTH)[ANA]
        assert [block.period.start for block in blocks] == [at(day, 10) for day in (3, 10, 17, 24)]

    def test_the_unanswered_is_tentative_and_the_declined_free(self, world: CalendarWorld) -> None:
        world.calendar.upsert(answered(weekly(), BEN, Partstat.DECLINED), None)
        busy = world.calendar.free_busy([ANA, BEN], MONTH)
        assert {block.kind for block in busy[ANA]} == {BusyKind.TENTATIVE}
        assert list(busy[BEN]) == []

    def test_what_we_ignore_is_left_out(self, world: CalendarWorld) -> None:
        """To move a meeting, its own time counts as free."""
        world.calendar.upsert(weekly(), None)
        assert list(world.calendar.free_busy([ANA], MONTH, ignoring={weekly().uid})[ANA]) == []

    # recurring

    def test_recurring_once_per_uid(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        world.put(ANA, ics("UID:once", "SUMMARY:x", "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
        assert [event.uid for event in world.calendar.recurring([ANA, BEN], MONTH)] == [weekly().uid]

    def test_a_series_that_ended_is_not_recurring(self, world: CalendarWorld) -> None:
        lines = ("DTSTART:20251105T090000Z", "DTEND:20251105T100000Z", "RRULE:FREQ=WEEKLY;COUNT=3")
        world.put(ANA, ics("UID:over", "SUMMARY:x", *lines))
        assert list(world.calendar.recurring([ANA], MONTH)) == []
