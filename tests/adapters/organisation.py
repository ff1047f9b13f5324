"""What both doors to Exchange are held to, besides the contracts."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from assistant.adapters.copies import as_written
from assistant.adapters.exchange_watch import LEFT_OUT

from assistant.domain.calendar import Event, Override, Partstat, Period
from assistant.domain.recurrence import occurrences
from assistant.errors import Conflict, Rejected, Unavailable
from tests.adapters.organisation_world import NOW, OrganisationCalendarWorld, OrganisationMailWorld
from tests.contract.calendar_contract import (
    ANA,
    BEN,
    BOT,
    HALF_HOUR,
    MONTH,
    CalendarContract,
    answered,
    at,
    ics,
    partstats,
    weekly,
)
from tests.contract.mail_contract import MailContract, follow, letter, outgoing, subjects
from tests.fakes.loopback import Answer, Fault

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


def one_mail_arrives(
    post: OrganisationMailWorld, step: str, answer: Answer | None, *, after: bool, crash: bool
) -> None:
    """Whatever comes instead of the answer to a ``step`` of sending, before or ``after`` its work."""
    post.fake.faults.append(post.fault(step, answer, after=after))
    with pytest.raises(Unavailable) as caught:
        post.mail.send(outgoing("prompt"))
    assert caught.value.in_doubt is (step == "send")
    if crash:
        post.restart()
    arrived = len(post.inbox(ANA))
    assert post.mail.find_sent(outgoing("prompt")) is (arrived == 1)
    if not arrived:
        post.mail.send(outgoing("prompt"))
    assert len(post.inbox(ANA)) == 1
    assert post.mail.find_sent(outgoing("prompt"))


class OrganisationMail(MailContract):
    """What Exchange promises of mail besides."""

    def test_the_pause_that_the_server_asks_for_is_kept(self, world: OrganisationMailWorld) -> None:
        """Whoever asks again too early is told so without a request."""
        cursor = world.mail.fetch(None).cursor
        world.fake.faults.append(Fault(answer=world.busy(900)))
        with pytest.raises(Unavailable) as first:
            world.mail.fetch(cursor)
        asked = len(world.fake.requests)
        with pytest.raises(Unavailable) as second:
            world.mail.fetch(cursor)
        assert first.value.retry_after == 900
        assert second.value.retry_after is not None and 0 < second.value.retry_after <= 900
        assert len(world.fake.requests) == asked

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

    def test_junk_is_not_read_until_somebody_rescues_it(self, world: OrganisationMailWorld) -> None:
        cursor = world.mail.fetch(None).cursor
        mail = world.fake.arrive(letter("rescued"), folder="junkemail")
        batch = world.mail.fetch(cursor)
        assert batch.mails == []
        world.fake.store.move(BOT, mail, "inbox")
        assert subjects(follow(world.mail, batch.cursor)) == ["rescued"]

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

    @pytest.mark.parametrize("called", ["tzone://Microsoft/Custom", "Customized Time Zone"])
    def test_a_series_in_a_zone_without_a_name_recurs_by_its_owners_clock(
        self, world: OrganisationCalendarWorld, called: str
    ) -> None:
        """As invitations leave it that describe their zone themselves."""
        lines = ("UID:retro", "SUMMARY:Retro", f"ORGANIZER:mailto:{ANA}", "RRULE:FREQ=WEEKLY;BYDAY=TH")
        times = (f"{name};TZID=Europe/Berlin:20261105T{hour}0000" for name, hour in (("DTSTART", 10), ("DTEND", 11)))
        world.put(ANA, ics(*lines, *times))
        world.fake.store.items[ANA][next(iter(world.fake.store.items[ANA]))].zone_name = called
        (event,) = world.calendar.recurring([ANA], MONTH)
        assert (event.start.tzinfo, event.start) == (ZoneInfo("Europe/Berlin"), at(5, 10))

    def test_an_occurrence_that_would_overtake_the_next_is_rejected(self, world: OrganisationCalendarWorld) -> None:
        """Exchange keeps a series in order, one occurrence a day."""
        ref = world.calendar.upsert(weekly(), None)
        with pytest.raises(Rejected, match="in order"):
            world.calendar.upsert(weekly().with_override(Override(at(10, 10), at(17, 9), HALF_HOUR)), ref)

    def test_occurrences_make_room_for_each_other(self, world: OrganisationCalendarWorld) -> None:
        """The second comes where the third was to be, which is later now; and both go back again."""
        event = weekly().with_override(Override(at(10, 10), at(18, 9), HALF_HOUR))
        event = event.with_override(Override(at(17, 10), at(19, 9), HALF_HOUR))
        ref = None
        for wanted in (weekly(), event, weekly(), event):
            ref = world.calendar.upsert(wanted, ref)
            (known,) = world.on_calendar(ANA)
            assert [o.period for o in occurrences(known, MONTH)] == [o.period for o in occurrences(wanted, MONTH)]

    def test_a_calendar_that_somebody_opens_later_is_watched_from_then_on(
        self, world: OrganisationCalendarWorld
    ) -> None:
        lines = ("UID:retro", "SUMMARY:Retro", f"ORGANIZER:mailto:{ANA}", "RRULE:FREQ=WEEKLY;BYDAY=TH")
        world.put(ANA, ics(*lines, "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
        world.fake.closed.add(ANA)
        cursor = world.calendar.changes(None).cursor
        world.fake.closed.clear()
        for _ in range(LEFT_OUT + 1):
            cursor = world.calendar.changes(cursor).cursor
        world.remove(ANA, "retro")
        (change,) = world.calendar.changes(cursor).changes
        assert (change.uid, change.event, change.by) == ("retro", None, ANA)

    def test_free_busy_of_many_people_over_a_long_time(self, world: OrganisationCalendarWorld) -> None:
        """More people than one call takes, and more weeks; who is unknown is absent."""
        world.put(ANA, ics("UID:a", "SUMMARY:x", "DTSTART:20270105T090000Z", "DTEND:20270105T100000Z"))
        half_year = Period(MONTH.start, MONTH.start + timedelta(days=180))
        many = [f"p{number}@elsewhere.example" for number in range(105)]
        found = world.calendar.free_busy([*many, ANA, BEN], half_year)
        assert sorted(found) == [ANA, BEN]
        assert [block.period.start for block in found[ANA]] == [datetime(2027, 1, 5, 9, tzinfo=UTC)]

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
