"""What every calendar adapter promises. An adapter's test subclasses ``CalendarContract`` and gives the one fixture.

No promise is left out for any of them: where accounts differ by nature, the world says how, and the promise holds for
either kind. What people do may come back through ``changes`` or by mail; the world knows where to hear of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assistant.domain.calendar import Attendee, Busy, BusyKind, Event, Override, Partstat, Period
from assistant.domain.recurrence import occurrences
from assistant.errors import Conflict, CursorExpired, Rejected, Unavailable
from tests.contract.calendar_world import (
    ANA,
    BEN,
    BERLIN,
    BOT,
    HALF_HOUR,
    MONTH,
    CalendarWorld,
    answered,
    at,
    ics,
    partstats,
    weekly,
)

__all__ = [
    "ANA",
    "BEN",
    "BERLIN",
    "BOT",
    "HALF_HOUR",
    "MONTH",
    "CalendarContract",
    "CalendarWorld",
    "answered",
    "at",
    "ics",
    "partstats",
    "weekly",
]


class CalendarContract:
    @pytest.fixture
    def world(self) -> CalendarWorld:
        raise NotImplementedError

    def start(self, world: CalendarWorld) -> str:
        batch = world.hear(None)
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

    @pytest.mark.parametrize(
        ("zone", "rule"),
        [
            ("Europe/Berlin", "FREQ=WEEKLY;BYDAY=TU"),
            ("America/New_York", "FREQ=MONTHLY;BYDAY=1TU"),
            ("Australia/Lord_Howe", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
            ("Africa/Accra", "FREQ=WEEKLY;BYDAY=TU"),
            ("Asia/Seoul", "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR"),
        ],
    )
    def test_zone_and_rhythm_survive(self, world: CalendarWorld, zone: str, rule: str) -> None:
        """The same instants over the next two clock changes, in the zone by its name; also where the clock is UTC's."""
        start = datetime(2026, 11, 3, 10, tzinfo=ZoneInfo(zone))
        event = replace(weekly(), start=start, rrule=rule)
        year = Period(MONTH.start, MONTH.start + timedelta(days=370))
        second, third = (each.recurrence_id for each in occurrences(event, year)[1:3])
        event = replace(event, exdates=(second,)).with_override(Override(third, third + timedelta(hours=3), HALF_HOUR))
        world.calendar.upsert(event, None)
        ours = [occurrence.period for occurrence in occurrences(event, year)]
        for address in (BOT, ANA):
            back = self.one(world, address)
            assert back.start.tzinfo == ZoneInfo(zone)
            assert [occurrence.period for occurrence in occurrences(back, year)] == ours

    def test_a_single_meeting_comes_back_as_it_was(self, world: CalendarWorld) -> None:
        event = replace(weekly(), rrule=None, location="Room 1", private=True)
        world.calendar.upsert(event, None)
        assert [self.one(world, address) for address in (BOT, ANA)] == [event, event]

    def test_words_are_words(self, world: CalendarWorld) -> None:
        """Whatever people typed, it is text and not markup, and not another property."""
        event = replace(
            weekly(), summary='Größe; \\n, <b>"fett"</b> & 東京', description="1. a <b>\n2. c\\d; ATTENDEE:x"
        )
        world.calendar.upsert(event, None)
        back = self.one(world, ANA)
        assert back.summary == event.summary
        assert back.description.split() == event.description.split()
        assert {attendee.address for attendee in back.attendees} == {ANA, BEN}

    def test_an_optional_attendee_stays_optional(self, world: CalendarWorld) -> None:
        event = replace(weekly(), attendees=(Attendee(ANA, "Ana"), Attendee(BEN, "Ben", required=False)))
        world.calendar.upsert(event, None)
        assert self.one(world, BEN) == event

    def test_what_no_calendar_can_hold_is_rejected(self, world: CalendarWorld) -> None:
        with pytest.raises(Rejected):
            world.calendar.upsert(replace(weekly(), rrule="FREQ=NEVER"), None)
        assert [world.on_calendar(address) for address in (BOT, ANA, BEN)] == [[], [], []]

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

    def test_an_answer_lost_on_the_way_makes_no_second_event(self, world: CalendarWorld) -> None:
        """A new one, then a change: each is done, and done again by a process that does not know."""
        later = replace(weekly(), summary="new")
        world.upsert_unheard(weekly(), None)
        world.restart()
        ref = world.calendar.upsert(weekly(), None)
        world.upsert_unheard(later, ref)
        world.restart()
        world.calendar.upsert(later, ref)
        for address in (BOT, ANA, BEN):
            assert self.one(world, address).summary == "new"

    def test_nobody_is_invited_twice(self, world: CalendarWorld) -> None:
        world.upsert_unheard(weekly(), None)
        world.restart()
        ref = world.calendar.upsert(weekly(), None)
        world.restart()
        world.calendar.upsert(weekly(), None)
        world.calendar.upsert(weekly(), ref)
        assert [world.invitations(address) for address in (ANA, BEN)] == [1, 1]

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

    def test_who_declined_an_occurrence_is_asked_anew_where_it_moves(self, world: CalendarWorld) -> None:
        """A no to the old time says nothing of the new one (RFC 5546, 2.1.4); a yes to the series still stands."""
        ref = world.calendar.upsert(weekly(), None)
        world.change(ANA, answered(self.one(world, ANA), ANA, Partstat.ACCEPTED))
        no = answered(self.one(world, ANA), ANA, Partstat.DECLINED).attendees
        world.change(ANA, self.one(world, ANA).with_override(Override(at(10, 10), at(10, 10), HALF_HOUR, attendees=no)))
        ref = world.calendar.upsert(replace(weekly(), description="new"), ref)
        assert self.said(world, BOT, at(10, 10)) is Partstat.DECLINED
        moved = weekly().with_override(Override(at(10, 10), at(11, 9), HALF_HOUR))
        moved = replace(moved, sequence=1, description="new")
        ref = world.calendar.upsert(moved, ref)
        world.calendar.upsert(replace(moved, description="newer"), ref)
        for address in (BOT, ANA, BEN):
            assert self.said(world, address, at(10, 10)) is Partstat.NEEDS_ACTION
            assert self.said(world, address, at(17, 10)) is Partstat.ACCEPTED

    def said(self, world: CalendarWorld, address: str, original: datetime) -> Partstat:
        """What that calendar shows as Ana's answer to an occurrence."""
        event = self.one(world, address)
        override = next((o for o in event.overrides if o.recurrence_id == original), None)
        attendees = event.attendees if override is None or override.attendees is None else override.attendees
        return next(attendee.partstat for attendee in attendees if attendee.address == ANA)

    # the account

    def test_unreachable_is_unavailable_and_passes(self, world: CalendarWorld) -> None:
        world.break_off()
        with pytest.raises(Unavailable):
            world.calendar.upsert(weekly(), None)
        with pytest.raises(Unavailable):
            world.calendar.changes(None)
        world.repair()
        world.calendar.upsert(weekly(), None)
        assert [event.uid for event in world.on_calendar(ANA)] == [weekly().uid]

    def test_a_refused_sign_in_is_unauthorized_and_spoils_nothing(self, world: CalendarWorld) -> None:
        """Where nobody signs in, nobody is refused."""
        world.lock_out()
        if world.refusal is None:
            world.calendar.upsert(weekly(), None)
        else:
            with pytest.raises(world.refusal):
                world.calendar.upsert(weekly(), None)
            with pytest.raises(world.refusal):
                world.calendar.changes(None)
        world.let_in()
        world.calendar.upsert(weekly(), None)
        assert [event.uid for event in world.on_calendar(ANA)] == [weekly().uid]

    def test_a_calendar_that_is_not_there_is_not_found(self, world: CalendarWorld) -> None:
        """Or it is made, where that is ours to do."""
        world.lose_calendar()
        if world.absence is None:
            world.calendar.upsert(weekly(), None)
            assert self.one(world, BOT).uid == weekly().uid
        else:
            with pytest.raises(world.absence):
                world.calendar.changes(None)

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
        assert list(world.hear(cursor).changes) == []

    def test_an_answer_is_told_once(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        world.change(ANA, answered(self.one(world, ANA), ANA, Partstat.TENTATIVE))
        batch = world.hear(cursor)
        assert partstats(list(batch.changes)) == {(ANA, None): Partstat.TENTATIVE}
        assert [change.by for change in batch.changes] == [ANA]
        assert list(world.hear(batch.cursor).changes) == []

    def test_an_answer_is_told_although_we_wrote_since(self, world: CalendarWorld) -> None:
        ref = world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        world.change(ANA, answered(self.one(world, ANA), ANA, Partstat.ACCEPTED))
        world.calendar.upsert(replace(weekly(), description="new"), ref)
        assert partstats(list(world.hear(cursor).changes)) == {(ANA, None): Partstat.ACCEPTED}

    def test_an_answer_to_one_occurrence_is_told(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        no = answered(self.one(world, ANA), ANA, Partstat.DECLINED).attendees
        world.change(ANA, self.one(world, ANA).with_override(Override(at(10, 10), at(10, 10), HALF_HOUR, attendees=no)))
        assert partstats(list(world.hear(cursor).changes)) == {(ANA, at(10, 10)): Partstat.DECLINED}

    def test_a_moved_occurrence_is_told(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        world.change(BEN, self.one(world, BEN).with_override(Override(at(10, 10), at(11, 14), HALF_HOUR)))
        (change,) = world.hear(cursor).changes
        assert change.by == BEN
        assert change.moved == {at(10, 10): at(11, 14)}

    def test_a_removed_occurrence_is_told(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        world.change(BEN, replace(self.one(world, BEN), exdates=(at(17, 10),)))
        (change,) = world.hear(cursor).changes
        assert change.by == BEN
        assert list(change.removed) == [at(17, 10)] or partstats([change]) == {(BEN, at(17, 10)): Partstat.DECLINED}

    def test_deleting_it_declines(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        world.remove(ANA, weekly().uid)
        batch = world.hear(cursor)
        assert partstats(list(batch.changes)) == {(ANA, None): Partstat.DECLINED}
        assert list(world.hear(batch.cursor).changes) == []

    def test_an_old_cursor_still_tells(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        world.change(ANA, answered(self.one(world, ANA), ANA, Partstat.ACCEPTED))
        world.hear(cursor)
        world.restart()
        assert partstats(list(world.hear(cursor).changes)) == {(ANA, None): Partstat.ACCEPTED}

    def test_a_foreign_cursor_is_expired(self, world: CalendarWorld) -> None:
        with pytest.raises(CursorExpired):
            world.calendar.changes("not one of ours")

    def test_a_lost_cursor_loses_no_answer(self, world: CalendarWorld) -> None:
        """Whether the provider lost its place, or we lost ours and start over."""
        world.calendar.upsert(weekly(), None)
        cursor = self.start(world)
        world.change(ANA, answered(self.one(world, ANA), ANA, Partstat.ACCEPTED))
        world.forget()
        for place in (cursor, ""):
            assert partstats(list(world.hear(place).changes)) == {(ANA, None): Partstat.ACCEPTED}

    def test_an_adopted_series_that_moves_is_told(self, world: CalendarWorld) -> None:
        lines = ("UID:retro@elsewhere", "SUMMARY:Retro", f"ORGANIZER:mailto:{ANA}", "RRULE:FREQ=WEEKLY")
        world.put(ANA, ics(*lines, "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
        cursor = self.start(world)
        world.change(ANA, replace(self.one(world, ANA), start=datetime(2026, 11, 6, 9, tzinfo=UTC)))
        (change,) = world.hear(cursor).changes
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

    def test_our_meeting_on_another_calendar_takes_none_of_their_time(self, world: CalendarWorld) -> None:
        """Known by its UID, or, where busy times name no event, by when it is."""
        start, other = datetime(2026, 11, 5, 9, tzinfo=UTC), datetime(2026, 11, 5, 12, tzinfo=UTC)
        own = ("UID:elsewhere", "SUMMARY:1:1", "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z")
        world.put(ANA, ics(*own, "ORGANIZER:mailto:ada@elsewhere.example", f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ANA}"))
        world.put(ANA, ics("UID:theirs", "SUMMARY:x", "DTSTART:20261105T120000Z", "DTEND:20261105T130000Z"))
        ours = Event(
            "elsewhere", start.astimezone(BERLIN), timedelta(hours=1), "1:1", "ada@elsewhere.example", (Attendee(ANA),)
        )  # fmt: skip
        found = world.calendar.free_busy([ANA], MONTH, frozenset({"elsewhere"}), [ours])[ANA]
        assert [block.period.start for block in found] == [other]

    # recurring

    def test_recurring_once_per_uid(self, world: CalendarWorld) -> None:
        world.calendar.upsert(weekly(), None)
        world.put(ANA, ics("UID:once", "SUMMARY:x", "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
        assert [event.uid for event in world.calendar.recurring([ANA, BEN], MONTH)] == [weekly().uid]

    def test_a_series_that_ended_is_not_recurring(self, world: CalendarWorld) -> None:
        lines = ("DTSTART:20251105T090000Z", "DTEND:20251105T100000Z", "RRULE:FREQ=WEEKLY;COUNT=3")
        world.put(ANA, ics("UID:over", "SUMMARY:x", *lines))
        assert list(world.calendar.recurring([ANA], MONTH)) == []
