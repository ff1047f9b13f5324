"""Google Calendar, against the contract-checked fake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from assistant.adapters.google import GoogleCalendar
from assistant.adapters.google_bodies import body_of
from assistant.adapters.google_events import FAULTS, event_id, event_of, item_of

from assistant.domain.calendar import Attendee, Busy, BusyKind, Event, Override, Partstat, Period
from assistant.domain.recurrence import occurrences
from assistant.errors import Conflict, Unavailable
from assistant.ical import from_ical
from assistant.ports import EventRef
from tests.adapters.test_google_mail import SOON, GoogleDoor, sign_in
from tests.contract.calendar_contract import (
    ANA,
    BEN,
    BERLIN,
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
from tests.fakes.google import FakeGoogle
from tests.fakes.google_calendars import Book
from tests.fakes.google_mailbox import Json

FAST: dict[str, Any] = {**SOON, "calendar_quota": 10**9}
WORDS = {
    Partstat.ACCEPTED: "accepted",
    Partstat.DECLINED: "declined",
    Partstat.TENTATIVE: "tentative",
    Partstat.NEEDS_ACTION: "needsAction",
}


class GoogleCalendarWorld(GoogleDoor, CalendarWorld):
    def __init__(self, folder: Path, fake: FakeGoogle, **options: Any) -> None:
        self.fake = fake
        zones = {ANA: BERLIN, BEN: BERLIN}
        self.options = {"folder": folder, "address": BOT, "endpoint": fake.root, "zones": zones, **FAST, **options}
        sign_in(folder, fake)
        self.restart()

    @property
    def notices(self) -> list[tuple[str, str]]:
        """To whom Google wrote what."""
        return [(address, kind) for address, _, kind in self.fake.calendars.notices]

    def put(self, address: str, ics: str) -> None:
        (event,) = from_ical(ics.encode())
        event = replace(event, organizer=event.organizer or address)
        self.put_event(address, event, whole_day="VALUE=DATE" in ics)

    def put_event(self, address: str, event: Event, whole_day: bool = False) -> None:
        body = body_of(event, {})
        del body["extendedProperties"]
        body |= {"id": event_id(event.uid), "iCalUID": event.uid, "organizer": {"email": event.organizer}}
        if whole_day:
            body["start"] = {"date": event.start.date().isoformat()}
            body["end"] = {"date": event.end.date().isoformat()}
        self.fake.calendars.put(address, body)

    def on_calendar(self, address: str) -> list[Event]:
        book = self.fake.calendars.books[address]
        found = []
        for id_, event in book.events.items():
            if event["status"] != "cancelled":
                items = list(self.fake.calendars._listed(address, id_, False, None, None))
                found.append(event_of(item_of(items[0], items[1:])))
        return found

    def change(self, address: str, event: Event) -> None:
        """As a person does it in Google's web page: answer, drag, delete an occurrence."""
        calendars, id_ = self.fake.calendars, event_id(event.uid)
        (before,) = (known for known in self.on_calendar(address) if known.uid == event.uid)
        if before.organizer == address:
            self.put_event(address, event)
            return
        if answer(before.attendees, address) != answer(event.attendees, address):
            calendars.respond(address, id_, WORDS[answer(event.attendees, address)])
        for override in event.overrides:
            given = answer(override.attendees or event.attendees, address)
            if given != answer(event.attendees, address):
                calendars.respond(address, id_, WORDS[given], override.recurrence_id)
            if override.start != override.recurrence_id:
                calendars.move(address, id_, override.recurrence_id, times(override.start, override.duration))
        for gone in set(event.exdates) - set(before.exdates):
            calendars.move(address, id_, gone, {"status": "cancelled"})

    def remove(self, address: str, uid: str) -> None:
        self.fake.calendars.leave(address, event_id(uid))

    def restart(self) -> None:
        self.calendar: GoogleCalendar = GoogleCalendar(**self.options)

    def lose_calendar(self) -> None:
        self.fake.fail("calendar.events.list", 404, "notFound", times=9)

    def forget(self) -> None:
        self.fake.calendars.lose_sync_tokens()

    def upsert_unheard(self, event: Event, ref: EventRef | None) -> None:
        self.fake.drop(PATCH if event_id(event.uid) in self.fake.calendars.books[BOT].events else INSERT, after=True)
        with pytest.raises(Unavailable):
            self.calendar.upsert(event, ref)
        self.fake.faults.clear()

    def invitations(self, address: str) -> int:
        return self.notices.count((address, "invitation"))


def answer(attendees: tuple[Attendee, ...], address: str) -> Partstat:
    return next((a.partstat for a in attendees if a.address == address), Partstat.NEEDS_ACTION)


def times(start: datetime, duration: timedelta) -> Json:
    zone = {"timeZone": "Europe/Berlin"}
    return {
        "start": {"dateTime": start.isoformat(), **zone},
        "end": {"dateTime": (start + duration).isoformat(), **zone},
    }


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with FakeGoogle(BOT, (ANA, BEN)) as fake:
        yield fake
    assert fake.violations == []


class TestGoogleCalendar(CalendarContract):
    @pytest.fixture
    def world(self, tmp_path: Path, fake: FakeGoogle) -> GoogleCalendarWorld:
        return GoogleCalendarWorld(tmp_path, fake)


@pytest.fixture
def world(tmp_path: Path, fake: FakeGoogle) -> GoogleCalendarWorld:
    return GoogleCalendarWorld(tmp_path, fake)


INSERT, PATCH, UPDATE, DELETE = (f"calendar.events.{name}" for name in ("insert", "patch", "update", "delete"))
FAILURES = [
    pytest.param(status, after, id=f"{status or 'drop'}-{'after' if after else 'before'}")
    for status in (0, -1, 403, 429, 503)
    for after in (False, True)
]


def rich() -> Event:
    event = replace(weekly(), private=True, exdates=(at(10, 10),))
    event = event.with_override(Override(at(17, 10), at(18, 9), timedelta(minutes=45), "Moved: see mail"))
    return event.with_override(Override(at(24, 10), at(24, 10), HALF_HOUR, cancelled=True))


def insist(world: GoogleCalendarWorld, event: Event) -> None:
    """As the daemon does it: again and again with what it knew, through crashes."""
    for _ in range(10):
        try:
            world.calendar.upsert(event, None)
        except Unavailable:
            world.restart()
        else:
            return
    raise AssertionError("it was never written")


@pytest.mark.parametrize("skip", range(4))
@pytest.mark.parametrize(("status", "after"), FAILURES)
def test_whatever_answer_is_lost_there_is_one_event_and_one_invitation(
    world: GoogleCalendarWorld, status: int, after: bool, skip: int
) -> None:
    """The series, its occurrences and our notes are several writes: each of them is lost in turn."""
    for method in (INSERT, PATCH):
        times = 2 if status == 0 else 1
        world.fake.fail(
            method, status, "rateLimitExceeded", after=after, times=times, skip=skip, headers={"Retry-After": "0"}
        )
    insist(world, rich())
    assert [event_of_one(world, address) for address in (BOT, ANA, BEN)] == [rich()] * 3
    assert [kind for _, kind in world.notices].count("invitation") == 2
    world.restart()
    before = list(world.notices)
    world.calendar.upsert(rich(), None)
    assert world.notices == before


def event_of_one(world: GoogleCalendarWorld, address: str) -> Event:
    (event,) = world.on_calendar(address)
    return event


@pytest.mark.parametrize(("status", "after"), FAILURES)
def test_a_lost_answer_to_a_change_tells_everybody_once(world: GoogleCalendarWorld, status: int, after: bool) -> None:
    ref = world.calendar.upsert(weekly(), None)
    later = replace(weekly(), start=at(3, 15), sequence=1)
    times = 2 if status == 0 else 1
    world.fake.fail(PATCH, status, "rateLimitExceeded", after=after, times=times, headers={"Retry-After": "0"})
    for _ in range(5):
        try:
            world.calendar.upsert(later, ref)
            break
        except Unavailable:
            world.restart()
    assert event_of_one(world, ANA).start == at(3, 15)
    assert [kind for who, kind in world.notices if who == ANA] == ["invitation", "update"]


@pytest.mark.parametrize(("status", "after"), FAILURES)
def test_a_lost_answer_to_a_cancellation_tells_everybody_once(
    world: GoogleCalendarWorld, status: int, after: bool
) -> None:
    ref = world.calendar.upsert(weekly(), None)
    for method in (PATCH, DELETE):
        times = 2 if status == 0 else 1
        world.fake.fail(method, status, "rateLimitExceeded", after=after, times=times, headers={"Retry-After": "0"})
    for _ in range(5):
        try:
            world.calendar.cancel(weekly(), ref)
            break
        except Unavailable:
            world.restart()
    assert world.on_calendar(BEN) == []
    assert [kind for who, kind in world.notices if who == BEN] == ["invitation", "cancellation"]


def test_our_notes_and_answers_are_no_news_to_anybody(world: GoogleCalendarWorld) -> None:
    """An answer that came by mail is written down; an agenda reaches those outside Google only, the others see it."""
    carl = Attendee("carl@elsewhere.example", "Carl")
    event = replace(weekly(), attendees=(*weekly().attendees, carl))
    ref = world.calendar.upsert(event, None)
    world.fake.calendars.notices.clear()
    ref = world.calendar.upsert(answered(event, BEN, Partstat.ACCEPTED), ref)
    assert world.notices == []
    ref = world.calendar.upsert(replace(event, description="Agenda: 1. hiring"), ref)
    assert world.notices == [("carl@elsewhere.example", "update")]
    world.calendar.upsert(replace(event, description="Agenda: 1. hiring", location="Room 2"), ref)
    assert len(world.notices) == 4


def test_an_answer_between_reading_and_writing_is_no_conflict(
    world: GoogleCalendarWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Google's etag grows with every answer; ours with what we organise."""
    ref = world.calendar.upsert(weekly(), None)
    calendars, get = world.fake.calendars, world.fake.calendars.events_get
    pending = ["accepted"]

    def answered_meanwhile(path: Json, query: Json, body: Json) -> Json:
        found = get(path, query, body)
        if pending:
            calendars.respond(ANA, event_id(weekly().uid), pending.pop())
        return found

    monkeypatch.setattr(type(calendars), "events_get", lambda _, *given: answered_meanwhile(*given))
    world.calendar.upsert(replace(weekly(), summary="new"), ref)
    event = event_of_one(world, BEN)
    assert (event.summary, event.attendees[0].partstat) == ("new", Partstat.ACCEPTED)


def test_somebody_s_change_in_the_assistant_s_calendar_conflicts(world: GoogleCalendarWorld) -> None:
    ref = world.calendar.upsert(weekly(), None)
    world.fake.calendars.put(BOT, {"id": event_id(weekly().uid), "summary": "Renamed"})
    with pytest.raises(Conflict):
        world.calendar.upsert(replace(weekly(), location="Room 2"), ref)
    world.calendar.upsert(replace(weekly(), location="Room 2"), None)
    assert event_of_one(world, ANA).summary == weekly().summary


def test_an_event_deleted_by_hand_comes_back_under_its_id(world: GoogleCalendarWorld) -> None:
    """Ids of deleted events stay taken; the same one is revived."""
    ref = world.calendar.upsert(rich(), None)
    cursor = world.calendar.changes(None).cursor
    world.fake.calendars.events_delete({"calendarId": "primary", "eventId": event_id(rich().uid)}, {}, {})
    (change,) = world.calendar.changes(cursor).changes
    assert (change.uid, change.event, change.by) == (rich().uid, None, BOT)
    world.calendar.upsert(rich(), ref)
    assert event_of_one(world, ANA) == rich()


def test_our_own_cancellation_is_no_news_after_a_restart(world: GoogleCalendarWorld) -> None:
    ref = world.calendar.upsert(weekly(), None)
    cursor = world.calendar.changes(None).cursor
    world.calendar.cancel(weekly(), ref)
    world.restart()
    assert list(world.calendar.changes(cursor).changes) == []


def test_an_override_taken_back_follows_the_series_again(world: GoogleCalendarWorld) -> None:
    ref = world.calendar.upsert(rich(), None)
    plain = replace(rich(), overrides=())
    world.calendar.upsert(plain, ref)
    year = Period(MONTH.start, MONTH.start + timedelta(days=370))
    ours = [occurrence.period for occurrence in occurrences(plain, year)]
    assert [occurrence.period for occurrence in occurrences(event_of_one(world, ANA), year)] == ours


@pytest.mark.parametrize("kept", [False, True])
def test_a_series_that_moves_takes_its_overrides_along(world: GoogleCalendarWorld, kept: bool) -> None:
    """Ours are written anew, whether or not Google keeps the exceptions of occurrences that are no more."""
    world.fake.calendars.keeps_exceptions = kept
    ref = world.calendar.upsert(rich(), None)
    later = replace(weekly(), start=at(5, 11), rrule="FREQ=WEEKLY;BYDAY=TH", sequence=1)
    later = later.with_override(Override(at(12, 11), at(13, 9), HALF_HOUR))
    ref = world.calendar.upsert(later, ref)
    known = event_of_one(world, BEN)
    assert (known.start, known.rrule) == (later.start, later.rrule)
    assert [o.period for o in occurrences(known, MONTH)] == [o.period for o in occurrences(later, MONTH)]
    assert world.calendar.upsert(later, ref) == ref


@pytest.mark.parametrize("zone", ["UTC", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu"])
@pytest.mark.parametrize(
    "rrule", ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;COUNT=200", None]
)
def test_recurs_at_the_same_instants_everywhere(world: GoogleCalendarWorld, zone: str, rrule: str | None) -> None:
    """Over the next two clock changes, by another expansion than ours."""
    start = datetime(2026, 11, 6, 9, 30, tzinfo=ZoneInfo(zone))
    event = replace(weekly(), start=start, rrule=rrule)
    world.calendar.upsert(answered(event, ANA, Partstat.ACCEPTED), None)
    year = Period(MONTH.start, MONTH.start + timedelta(days=370))
    ours = [Busy(occurrence.period) for occurrence in occurrences(event, year)]
    assert list(world.calendar.free_busy([ANA], year)[ANA]) == ours
    assert event_of_one(world, ANA).start.tzinfo == ZoneInfo(zone)


def test_an_extra_date_is_an_occurrence(world: GoogleCalendarWorld) -> None:
    event = weekly().with_override(Override(at(6, 10), at(6, 10), HALF_HOUR))
    world.calendar.upsert(answered(event, ANA, Partstat.ACCEPTED), None)
    starts = [block.period.start for block in world.calendar.free_busy([ANA], MONTH)[ANA]]
    assert starts == [at(day, 10) for day in (3, 6, 10, 17, 24)]


def test_a_rule_that_google_writes_in_its_own_way_is_no_change(
    world: GoogleCalendarWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    calendars, insert = world.fake.calendars, world.fake.calendars.events_insert

    def normalised(path: Json, query: Json, body: Json) -> Json:
        made = insert(path, query, body)
        rule = {"id": made["id"], "recurrence": ["RRULE:FREQ=WEEKLY;WKST=MO;BYDAY=TU"]}
        calendars.put(BOT, rule)
        return calendars.events_get({"calendarId": "primary", "eventId": made["id"]}, {}, {})

    monkeypatch.setattr(type(calendars), "events_insert", lambda _, *given: normalised(*given))
    ref = world.calendar.upsert(weekly(), None)
    cursor = world.calendar.changes(None).cursor
    assert list(world.calendar.changes(cursor).changes) == []
    world.fake.calendars.notices.clear()
    assert world.calendar.upsert(answered(weekly(), ANA, Partstat.ACCEPTED), ref).etag is not None


def test_a_meet_link_is_asked_for_once_and_stays(tmp_path: Path, fake: FakeGoogle) -> None:
    world = GoogleCalendarWorld(tmp_path, fake, meet=True)
    ref = world.calendar.upsert(weekly(), None)
    link = fake.calendars.books[ANA].events[event_id(weekly().uid)]["hangoutLink"]
    assert link.startswith("https://meet.google.com/") and ref.link == link
    assert world.calendar.upsert(replace(weekly(), start=at(3, 15), sequence=1), ref).link == link
    event = fake.calendars.books[BEN].events[event_id(weekly().uid)]
    assert event["hangoutLink"] == link
    assert "conferenceData" in event


def test_a_meeting_that_was_made_without_a_meet_link_gets_one_and_its_people_hear_of_it_once(
    tmp_path: Path, fake: FakeGoogle
) -> None:
    world = GoogleCalendarWorld(tmp_path, fake)
    ref = world.calendar.upsert(weekly(), None)
    assert ref.link == "" and not world.calendar.makes_links
    fake.calendars.notices.clear()
    world = GoogleCalendarWorld(tmp_path, fake, meet=True)
    assert world.calendar.makes_links
    for _ in range(2):
        linked = world.calendar.upsert(weekly(), ref)
        assert linked.link.startswith("https://meet.google.com/")
    event = fake.calendars.books[BOT].events[event_id(weekly().uid)]
    assert event["sequence"] == weekly().sequence, "no other time, so no answer is asked for again"
    assert sorted(who for who, _, _ in fake.calendars.notices) == [ANA, BEN]


def test_a_meet_link_that_takes_a_moment_is_waited_for(tmp_path: Path, fake: FakeGoogle) -> None:
    fake.calendars.meets_later = True
    ref = GoogleCalendarWorld(tmp_path, fake, meet=True).calendar.upsert(weekly(), None)
    assert ref.link.startswith("https://meet.google.com/")


def test_a_meeting_that_is_brought_back_has_a_meet_link_again(tmp_path: Path, fake: FakeGoogle) -> None:
    """The request for it may not be called as the first one was: Google would ignore it."""
    world = GoogleCalendarWorld(tmp_path, fake, meet=True)
    ref = world.calendar.upsert(weekly(), None)
    fake.calendars.events_delete({"calendarId": "primary", "eventId": event_id(weekly().uid)}, {}, {})
    assert world.calendar.upsert(weekly(), ref).link.startswith("https://meet.google.com/")


def test_who_meets_at_a_link_of_their_own_gets_no_meet_link(tmp_path: Path, fake: FakeGoogle) -> None:
    world = GoogleCalendarWorld(tmp_path, fake, meet=True)
    world.calendar.upsert(replace(weekly(), location="https://zoom.example/j/1"), None)
    event = fake.calendars.books[ANA].events[event_id(weekly().uid)]
    assert (event["location"], event.get("hangoutLink")) == ("https://zoom.example/j/1", None)


def test_a_private_event_is_private(world: GoogleCalendarWorld) -> None:
    world.calendar.upsert(replace(weekly(), private=True), None)
    assert fake_event(world)["visibility"] == "private"


def test_a_room_that_somebody_booked_stays(world: GoogleCalendarWorld) -> None:
    ref = world.calendar.upsert(weekly(), None)
    room = {"email": "room@resource.calendar.google.com", "resource": True, "responseStatus": "accepted"}
    world.fake.calendars.put(BOT, {"id": event_id(weekly().uid), "attendees": [*fake_event(world)["attendees"], room]})
    world.calendar.upsert(answered(weekly(), ANA, Partstat.ACCEPTED), ref)
    assert room in fake_event(world)["attendees"]


def fake_event(world: GoogleCalendarWorld) -> Json:
    return world.fake.calendars.books[BOT].events[event_id(weekly().uid)]


# changes


def test_lost_sync_tokens_lose_no_change(world: GoogleCalendarWorld) -> None:
    world.calendar.upsert(weekly(), None)
    cursor = world.calendar.changes(None).cursor
    world.change(ANA, answered(event_of_one(world, ANA), ANA, Partstat.ACCEPTED))
    world.remove(BEN, weekly().uid)
    world.fake.calendars.lose_sync_tokens()
    told = partstats(list(world.calendar.changes(cursor).changes))
    assert told == {(ANA, None): Partstat.ACCEPTED, (BEN, None): Partstat.DECLINED}


@pytest.mark.parametrize("role", ["none", "freeBusyReader"])
def test_answers_of_people_who_share_nothing_are_told(world: GoogleCalendarWorld, role: str) -> None:
    """From the organiser's copy."""
    for address in (ANA, BEN):
        world.fake.calendars.books[address].role = role
    world.calendar.upsert(weekly(), None)
    cursor = world.calendar.changes(None).cursor
    world.fake.calendars.respond(ANA, event_id(weekly().uid), "accepted")
    world.fake.calendars.respond(BEN, event_id(weekly().uid), "declined", at(10, 10))
    batch = world.calendar.changes(cursor)
    assert partstats(list(batch.changes)) == {(ANA, None): Partstat.ACCEPTED, (BEN, at(10, 10)): Partstat.DECLINED}
    assert list(world.calendar.changes(batch.cursor).changes) == []


def test_a_guest_outside_google_answers(world: GoogleCalendarWorld) -> None:
    """By mail, which Gmail reads and puts on the organiser's copy."""
    carl = "carl@elsewhere.example"
    world.calendar.upsert(replace(weekly(), attendees=(*weekly().attendees, Attendee(carl, "Carl"))), None)
    cursor = world.calendar.changes(None).cursor
    world.fake.calendars.respond(carl, event_id(weekly().uid), "tentative")
    (change,) = world.calendar.changes(cursor).changes
    assert (change.by, change.partstats) == (carl, {(carl, None): Partstat.TENTATIVE})


def test_an_invitation_not_yet_on_a_calendar_is_no_refusal(world: GoogleCalendarWorld) -> None:
    cursor = world.calendar.changes(None).cursor
    world.calendar.upsert(weekly(), None)
    world.fake.calendars.hold_back(ANA, event_id(weekly().uid))
    assert list(world.calendar.changes(cursor).changes) == []


def test_a_calendar_that_stops_being_shared_is_no_deletion(world: GoogleCalendarWorld) -> None:
    lines = ("UID:retro@elsewhere", "SUMMARY:Retro", f"ORGANIZER:mailto:{ANA}", "RRULE:FREQ=WEEKLY")
    world.put(ANA, ics(*lines, "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
    cursor = world.calendar.changes(None).cursor
    world.fake.calendars.books[ANA].role = "none"
    batch = world.calendar.changes(cursor)
    assert list(batch.changes) == []
    world.fake.calendars.books[ANA].role = "reader"
    world.remove(ANA, "retro@elsewhere")
    (change,) = world.calendar.changes(batch.cursor).changes
    assert (change.uid, change.event) == ("retro@elsewhere", None)


@pytest.mark.parametrize("restarted", [False, True])
def test_a_series_that_its_organizer_elsewhere_called_off_is_gone(world: GoogleCalendarWorld, restarted: bool) -> None:
    """Of a deleted event Google tells no more than the id, which says what its UID was."""
    ids = {"google1@google.com": "google1", "040000008200": "_60q30c1g60o30e1i60o0"}
    event = {**times(at(5, 9), HALF_HOUR), "summary": "Retro", "recurrence": ["RRULE:FREQ=WEEKLY"]}
    for uid, id_ in ids.items():
        organizer = {"email": "carl@elsewhere.example"}
        world.fake.calendars.put(ANA, {**event, "organizer": organizer, "id": id_, "iCalUID": uid})
    cursor = world.calendar.changes(None).cursor
    for id_ in ids.values():
        world.fake.calendars.call_off(ANA, id_)
    if restarted:
        world.restart()
    changes = world.calendar.changes(cursor).changes
    assert {(change.uid, change.event) for change in changes} == {(uid, None) for uid in ids}


def test_what_is_long_over_is_forgotten_without_a_word(world: GoogleCalendarWorld) -> None:
    lines = ("UID:over", "SUMMARY:x", f"ORGANIZER:mailto:{ANA}", "RRULE:FREQ=WEEKLY;COUNT=2")
    world.put(ANA, ics(*lines, "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
    cursor = world.calendar.changes(None).cursor
    world.fake.pass_time(days=200)
    world.restart()
    assert list(world.calendar.changes(cursor).changes) == []


def test_an_occurrence_moved_in_the_assistant_s_calendar_is_told(world: GoogleCalendarWorld) -> None:
    world.calendar.upsert(weekly(), None)
    cursor = world.calendar.changes(None).cursor
    world.fake.calendars.move(BOT, event_id(weekly().uid), at(10, 10), times(at(12, 9), HALF_HOUR))
    (change,) = world.calendar.changes(cursor).changes
    assert change.event is not None
    assert (change.by, change.event.overrides[0].start) == (BOT, at(12, 9))


def test_nothing_new_costs_one_small_call_for_each_calendar(world: GoogleCalendarWorld) -> None:
    world.calendar.upsert(weekly(), None)
    cursor = world.calendar.changes(None).cursor
    world.fake.calls.clear()
    world.calendar.changes(cursor)
    assert world.fake.calls == ["calendar.events.list"] * 3


def test_a_large_team_is_watched_in_turns(tmp_path: Path, fake: FakeGoogle) -> None:
    """Within the quota; and an answer is told at once, because the organiser's copy has it."""
    people = [f"p{number}@team.example" for number in range(100)]
    for address in people:
        fake.calendars.books[address] = Book("reader")
    zones = dict.fromkeys([*people, ANA, BEN], BERLIN)
    world = GoogleCalendarWorld(tmp_path, fake, zones=zones, calendar_quota=150)
    world.calendar.upsert(weekly(), None)
    cursor = world.calendar.changes(None).cursor
    assert fake.calls.count("calendar.events.list") <= 50
    world.fake.calendars.respond(BEN, event_id(weekly().uid), "accepted")
    batch = world.calendar.changes(cursor)
    assert partstats(list(batch.changes)) == {(BEN, None): Partstat.ACCEPTED}
    assert list(world.calendar.changes(batch.cursor).changes) == []


def test_an_unreadable_event_spoils_itself_only(world: GoogleCalendarWorld) -> None:
    world.put(
        ANA, ics("UID:fine", "SUMMARY:x", "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z", "RRULE:FREQ=DAILY")
    )
    odd = dict(world.fake.calendars.books[ANA].events[event_id("fine")])
    odd |= {"id": event_id("odd"), "iCalUID": "odd", "recurrence": ["RRULE:FREQ=DAILY;BYHOUR=9,10"]}
    world.fake.calendars.put(ANA, odd)
    assert [event.uid for event in world.calendar.recurring([ANA], MONTH)] == ["fine"]
    assert list(world.calendar.problems.values()) == ["an event cannot be read"]


# free/busy


def test_whole_days_are_those_of_their_owner(tmp_path: Path, fake: FakeGoogle) -> None:
    world = GoogleCalendarWorld(tmp_path, fake, zones={ANA: ZoneInfo("America/New_York")})
    world.put(ANA, ics("UID:a", "SUMMARY:Holiday", "DTSTART;VALUE=DATE:20261105", "DTEND;VALUE=DATE:20261107"))
    (block,) = world.calendar.free_busy([ANA], MONTH)[ANA]
    assert block.kind is BusyKind.AWAY
    assert block.period == Period(datetime(2026, 11, 5, 5, tzinfo=UTC), datetime(2026, 11, 7, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    ("fields", "kinds"),
    [
        ({"eventType": "outOfOffice"}, {BusyKind.AWAY}),
        ({"eventType": "focusTime"}, {BusyKind.BUSY}),
        ({"eventType": "workingLocation"}, set()),
        ({"transparency": "transparent"}, set()),
        ({"status": "tentative"}, {BusyKind.TENTATIVE}),
    ],
)
def test_google_s_kinds_of_events(world: GoogleCalendarWorld, fields: Json, kinds: set[BusyKind]) -> None:
    world.put(ANA, ics("UID:a", "SUMMARY:x", "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
    world.fake.calendars.put(ANA, {"id": event_id("a"), **fields})
    assert {block.kind for block in world.calendar.free_busy([ANA], MONTH)[ANA]} == kinds


@pytest.mark.parametrize("role", ["freeBusyReader", "hidden"])
def test_who_shares_only_free_busy_is_still_busy(world: GoogleCalendarWorld, role: str) -> None:
    world.put(ANA, ics("UID:a", "SUMMARY:x", "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
    world.fake.calendars.books[ANA].role = "freeBusyReader" if role == "freeBusyReader" else "none"
    (block,) = world.calendar.free_busy([ANA], MONTH)[ANA]
    assert block == Busy(Period(datetime(2026, 11, 5, 9, tzinfo=UTC), datetime(2026, 11, 5, 10, tzinfo=UTC)))


def test_our_own_meeting_is_no_conflict_for_who_shares_only_free_busy(world: GoogleCalendarWorld) -> None:
    event = weekly()
    world.calendar.upsert(event, None)
    world.fake.calendars.books[ANA].role = "freeBusyReader"
    assert world.calendar.free_busy([ANA], MONTH)[ANA]
    assert not world.calendar.free_busy([ANA], MONTH, frozenset({event.uid}), [event])[ANA]


def test_fifty_calendars_are_asked_at_once(world: GoogleCalendarWorld) -> None:
    people = [f"p{number}@team.example" for number in range(120)]
    for address in people[:110]:
        world.fake.calendars.books[address] = Book("reader")
    found = world.calendar.free_busy([*people, "P5+work@Team.Example"], MONTH)
    assert list(found) == [*people[:110], "P5+work@Team.Example"]
    assert world.fake.calls.count("calendar.freebusy.query") == 3
    assert "calendar.events.list" not in world.fake.calls


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"id": "a", "start": {}, "end": {}},
        {"id": "a", "start": {"dateTime": "soon"}, "end": {"dateTime": "later"}},
        {"id": "a", "start": {"date": "2026-13-01"}, "end": {"date": "2026-13-02"}},
        {"id": "a", "start": {"dateTime": "2026-11-05T09:00:00Z"}, "end": {"dateTime": "9999-12-31T23:59:59-12:00"}},
        {"id": "a", **times(at(3, 10), HALF_HOUR), "recurrence": ["RRULE:FREQ=SECONDLY"]},
        {"id": "a", **times(at(3, 10), HALF_HOUR), "recurrence": ["RRULE:FREQ=DAILY", "EXDATE:never"]},
    ],
)
def test_odd_items_raise_what_is_expected(item: Json) -> None:
    with pytest.raises(FAULTS):
        event_of(item_of(item, ()))
