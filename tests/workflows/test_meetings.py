"""Series on calendars, and what hangs around each of their meetings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email.message import Message
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.domain.cadence import Cadence, Frequency
from assistant.domain.calendar import Attendee, BusyKind, Event, Partstat
from assistant.domain.kinds import MEETINGS
from assistant.domain.records import RecordKind
from assistant.inbound.message import parse
from assistant.ports import EventChange, EventRef
from assistant.store import calendar, records, trail
from assistant.store import meetings as store
from assistant.store import people as people_store
from assistant.store.meetings import MeetingState
from assistant.workflows import inbox, meetings
from tests.workflows.meeting_world import (
    ANA,
    BERLIN,
    DAY,
    HALF_HOUR,
    HOUR,
    LEE,
    MIA,
    MONDAY,
    PAIR,
    PEOPLE,
    REVIEW,
    SAM,
    WEEK,
    World,
    berlin,
    block,
    kinds_to,
)

FIRST = date(2026, 11, 24)  # a Tuesday; too soon after the Monday on which all begins
SECOND, THIRD = FIRST + WEEK, FIRST + 2 * WEEK


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[World]:
    world = World.open(tmp_path, PAIR)
    world.run()
    yield world
    world.desk.db.close()


@pytest.fixture
def review(tmp_path: Path) -> Iterator[World]:
    world = World.open(tmp_path, REVIEW)
    world.run()
    yield world
    world.desk.db.close()


def test_a_series_becomes_one_private_recurring_event_with_both_invited(pair: World) -> None:
    event = pair.event()
    assert event.start == berlin(SECOND, 14)
    assert event.rrule == "FREQ=WEEKLY;BYDAY=TU"
    assert {attendee.address for attendee in event.attendees} == {MIA, SAM}
    assert event.private
    assert event.organizer == "ada@example.com"
    assert event.summary == "Mia / Sam 1:1"
    assert "ada@example.com" in event.description
    assert len(pair.planned()) >= 5
    assert pair.planned()[0].key == f"meeting/{PAIR.name}/{SECOND}"


def test_a_second_look_at_calendars_changes_nothing(pair: World) -> None:
    before = pair.written, pair.planned()
    pair.run(pair.now + 5 * HOUR)
    assert (pair.written, pair.planned()) == before


def test_series_do_not_overlap_each_other(tmp_path: Path) -> None:
    anytime = replace(PAIR, at=None, cadence=Cadence(Frequency.WEEKLY))
    pairs = [
        replace(anytime, name=f"one-on-one.{MIA}.{report}", participants=(MIA, report)) for report in (SAM, ANA, LEE)
    ]
    world = World.open(tmp_path, *pairs)
    world.run()
    periods = sorted(meeting.period for series in pairs for meeting in world.planned(series))
    assert len(periods) >= 15
    assert all(not one.overlaps(other) for one, other in pairwise(periods))
    world.desk.db.close()


def test_where_calendars_are_unknown_working_hours_count_and_the_plan_is_marked(tmp_path: Path) -> None:
    world = World.open(tmp_path, PAIR)
    world.busy = {}
    world.run()
    placement = store.placement(world.desk.db, PAIR.name)
    assert placement is not None
    assert placement.unchecked
    world.desk.db.close()


def test_a_series_without_a_common_hour_is_a_problem_told_once_and_nothing_is_placed(tmp_path: Path) -> None:
    world = World.open(tmp_path, PAIR)
    world.busy[MIA] = [block(MONDAY, timedelta(days=100))]
    world.run()
    assert not world.shown
    assert [trouble.place for trouble in trail.troubles(world.desk.db)] == [f"series {PAIR.name}"]
    world.busy[MIA] = []
    world.run(world.now + HOUR)
    assert world.shown
    assert not trail.troubles(world.desk.db)
    world.desk.db.close()


def test_a_conflict_moves_one_occurrence_within_its_week_and_keeps_the_cadence(pair: World) -> None:
    pair.busy[SAM] = [block(berlin(THIRD, 13), 2 * HOUR)]
    pair.run(pair.now + HOUR)
    moved = pair.planned()[1]
    assert moved.moved
    assert moved.reason == "conflict"
    assert moved.start.isocalendar()[:2] == berlin(THIRD, 14).isocalendar()[:2]
    event = pair.event()
    assert [(o.recurrence_id, o.start) for o in event.overrides] == [(berlin(THIRD, 14), moved.start)]
    assert (event.start, event.rrule) == (berlin(SECOND, 14), "FREQ=WEEKLY;BYDAY=TU")
    assert event.sequence == 1
    assert kinds_to(pair.mails()) == {MIA: ["moved"], SAM: ["moved"]}
    assert not any(meeting.moved for meeting in pair.planned() if meeting.key != moved.key)


def test_a_holiday_moves_it_and_a_week_away_skips_it_with_its_points_kept(tmp_path: Path) -> None:
    mia, *others = PEOPLE
    off = replace(mia, holidays={SECOND: "a holiday"})
    world = World.open(tmp_path, PAIR, people=(off, *others))
    world.busy[SAM] = [block(berlin(THIRD - DAY, 0), timedelta(days=7), BusyKind.AWAY)]
    world.run()
    first, second = world.meetings()[:2]
    assert first.reason == "holiday"
    assert first.moved
    assert (second.state, second.reason) == (MeetingState.SKIPPED, "away")
    assert [o.cancelled for o in world.event().overrides] == [False, True]
    assert [(a.first, a.last) for a in people_store.absences(world.desk.db, SAM, FIRST)] == [
        (THIRD - DAY, THIRD + 3 * DAY)
    ]
    assert not kinds_to(world.mails()), "what was never announced is not said to move"
    world.desk.db.close()


def test_nothing_moves_within_twenty_hours_of_the_start(pair: World) -> None:
    pair.run(berlin(SECOND, 14) - 19 * HOUR)
    pair.busy[SAM] = [block(berlin(SECOND, 14))]
    pair.run(pair.now + HOUR)
    assert not pair.planned()[0].moved


def test_who_declines_one_occurrence_gets_another_time_and_then_a_week_without(pair: World) -> None:
    event = pair.event()
    declined: dict[tuple[str, datetime | None], Partstat] = {(SAM, berlin(SECOND, 14)): Partstat.DECLINED}
    pair.change(EventChange(event.uid, event, SAM, declined))
    moved = pair.planned()[0]
    assert moved.moved
    assert moved.reason == "asked"
    pair.change(EventChange(event.uid, event, SAM, declined))
    assert pair.meetings()[0].state is MeetingState.SKIPPED
    pair.change(EventChange(event.uid, event, SAM, declined))
    assert kinds_to(pair.mails()) == {MIA: ["moved", "moved"], SAM: ["moved", "moved"]}


def test_a_counter_proposal_is_taken_where_it_suits_both_and_put_right_where_not(pair: World) -> None:
    event, wished = pair.event(), berlin(SECOND + DAY, 10).astimezone(UTC)
    pair.change(EventChange(event.uid, event, "samuel@example.com", moved={berlin(SECOND, 14): wished}))
    assert pair.planned()[0].start == wished
    pair.busy[MIA] = [block(berlin(SECOND + 2 * DAY, 10))]
    written = pair.written
    clash = berlin(SECOND + 2 * DAY, 10).astimezone(UTC)
    pair.change(EventChange(event.uid, event, SAM, moved={berlin(SECOND, 14): clash}))
    assert pair.planned()[0].start == wished
    assert pair.written == written + 1
    assert pair.planned()[0].asked is None


def test_a_stranger_moves_nothing(pair: World) -> None:
    event = pair.event()
    pair.change(EventChange(event.uid, event, "x@example.org", removed=[berlin(SECOND, 14)]))
    pair.change(EventChange(event.uid, event, ANA, removed=[berlin(SECOND, 14)]))
    assert not pair.planned()[0].moved


def test_a_team_meets_without_one_who_is_away_all_week_but_not_without_its_lead(review: World) -> None:
    thursday = review.planned(REVIEW)[1].start
    monday = berlin(thursday - 3 * DAY, 0)
    review.busy[LEE] = [block(monday, WEEK, BusyKind.AWAY)]
    review.run(review.now + HOUR)
    assert review.planned(REVIEW)[1].start == thursday
    review.busy[MIA] = [block(monday, WEEK, BusyKind.AWAY)]
    review.run(review.now + HOUR)
    assert [m.state for m in review.meetings(REVIEW)][1] is MeetingState.SKIPPED


def test_a_leaver_ends_the_series_and_a_new_wish_places_it_anew(pair: World) -> None:
    uid = pair.event().uid
    pair.reconfigure(replace(PAIR, cadence=Cadence(Frequency.WEEKLY, weekday=3)))
    assert pair.event().rrule == "FREQ=WEEKLY;BYDAY=TH"
    assert pair.event().uid == uid
    assert pair.event().sequence == 1
    assert {m.start.weekday() for m in pair.planned()} == {3}
    pair.reconfigure(people=PEOPLE[:1])
    assert pair.shown[uid].cancelled
    assert not pair.planned()
    assert not store.placements(pair.desk.db)


def test_an_existing_meeting_is_adopted_followed_and_never_written(tmp_path: Path) -> None:
    theirs = Event(
        "theirs", berlin(FIRST - 7 * DAY, 11), HALF_HOUR, "Sam & Mia", MIA, (Attendee(SAM),),
        rrule="FREQ=WEEKLY;BYDAY=TU",
    )  # fmt: skip
    world = World.open(tmp_path, PAIR)
    world.existing = [theirs]
    world.busy[SAM] = [block(berlin(SECOND, 11))]
    world.run()
    assert not world.shown
    assert [m.start for m in world.planned()][:2] == [berlin(FIRST, 11), berlin(SECOND, 11)]
    world.existing = [replace(theirs, exdates=(berlin(SECOND, 11),))]
    world.run(world.now + HOUR)
    assert [m.state for m in world.meetings()][:2] == [MeetingState.PLANNED, MeetingState.SKIPPED]
    world.existing = []
    world.run(world.now + HOUR)
    assert world.shown, "gone from every calendar: now it is ours to place"
    world.desk.db.close()


def test_the_life_of_a_one_on_one_from_call_to_summary(pair: World) -> None:
    start = berlin(SECOND, 14)
    pair.run(start - 7 * DAY + DAY)
    assert kinds_to(pair.mails()) == {MIA: ["agenda-call"], SAM: ["agenda-call"]}
    pair.reply(SAM, "agenda-call", "Career path\nThe new laptop")
    pair.run(start - 23 * HOUR)
    assert kinds_to(pair.mails())[MIA] == ["reminder"], "only who added nothing"
    assert "Career path" not in pair.event().description
    pair.run(start - 2 * HOUR)
    agendas = pair.mails()
    assert kinds_to(agendas) == {MIA: ["agenda"], SAM: ["agenda"]}
    assert all("Career path" in text for _, _, text in agendas)
    assert "Career path" in (pair.event().overrides[0].description or "")
    assert pair.event().sequence == 0
    pair.run(start + HALF_HOUR)
    asked = kinds_to(pair.mails())
    writer = pair.meetings()[0].documentarian
    assert writer in (MIA, SAM)
    assert any("meeting-notes" in kinds for kinds in asked[writer or ""])
    notes = "1. Sam takes the course in spring\n2. Sam: send the plan by Friday\n3. Laptop is ordered"
    pair.reply(writer or "", "meeting-notes", notes)  # with 4 the same mail asks what to talk about next time
    summaries = [mail for mail in pair.mails() if "summary" in mail[0]]
    assert {person for _, person, _ in summaries} == {MIA, SAM}
    assert all("meeting-feedback" in kinds for kinds, _, _ in summaries)
    assert all("course in spring" in text for _, _, text in summaries)
    assert not records.open_records(pair.desk.db, RecordKind.POINT, context=PAIR.name)
    assert [r.owner for r in records.open_records(pair.desk.db, RecordKind.ACTION, context=PAIR.name)] == [SAM]
    assert store.between(pair.desk.db, start, start + DAY)[0].summary_sent_at is not None
    readers = pair.desk.db.execute("SELECT DISTINCT person FROM outbox WHERE kinds <> 'welcome'").fetchall()
    assert {row[0] for row in readers} == {MIA, SAM}
    pair.run(start + 7 * DAY - 2 * HOUR)
    assert pair.meetings()[1].documentarian not in (None, writer)


@pytest.fixture
def told_of_two(tmp_path: Path) -> Iterator[World]:
    """Mia has been told of two 1:1s, with Sam and with Ana, in one mail."""
    other = replace(PAIR, name=f"one-on-one.{MIA}.{ANA}", participants=(MIA, ANA), at=time(10))
    world = World.open(tmp_path, replace(PAIR, at=time(10, 30)), other)
    world.run()
    world.run(berlin(SECOND, 10) - timedelta(minutes=5))
    agendas = [kinds for kinds, person, _ in world.mails() if person == MIA and kinds.startswith("agenda,")]
    assert agendas == ["agenda,agenda"]
    yield world
    world.desk.db.close()


def labels(world: World, table: str = "records") -> list[str]:
    return [row[0] for row in world.desk.db.execute(f"SELECT audience FROM {table} ORDER BY rowid").fetchall()]


def test_a_mail_of_two_one_on_ones_is_its_readers_alone(told_of_two: World) -> None:
    told_of_two.run(berlin(SECOND, 10, 15))  # Sam's day begins
    rows = "SELECT person, audience, thread FROM outbox WHERE kinds LIKE 'agenda%' AND kinds NOT LIKE 'agenda-call%'"
    found = {person: (audience, thread) for person, audience, thread in told_of_two.desk.db.execute(rows).fetchall()}
    assert found[MIA][0] == f"person:{MIA}" and not found[MIA][1].startswith("meeting/")
    assert found[SAM][0] == f"pair:one-on-one.{MIA}.{SAM}" and found[ANA][0] == f"pair:one-on-one.{MIA}.{ANA}"


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("task for Sam: send the plan by Friday", f"pair:one-on-one.{MIA}.{SAM}"),
        ("task for Ana: send the plan by Friday", f"pair:one-on-one.{MIA}.{ANA}"),
        ("task for me: send the plan by Friday", f"person:{MIA}"),
        ("decision: Sam leads the import", f"person:{MIA}"),
        ("feedback for Sam: the clear notes", f"two:{MIA},{SAM}"),
    ],
)
def test_what_is_said_to_a_mail_of_two_one_on_ones_reaches_no_further_than_the_one_meant(
    told_of_two: World, said: str, label: str
) -> None:
    told_of_two.reply(MIA, "agenda,agenda", said)
    assert labels(told_of_two)[-1] == label


def test_what_is_said_to_a_mail_of_two_one_on_ones_is_given_to_nobody_else(told_of_two: World) -> None:
    before = labels(told_of_two)
    told_of_two.reply(MIA, "agenda,agenda", "task for Lee: send the plan by Friday")
    told_of_two.reply(MIA, "agenda,agenda", "thanks Lee for the plan")
    assert labels(told_of_two) == before


def test_the_link_that_the_calendar_made_is_in_the_agenda_unless_the_series_has_its_own(tmp_path: Path) -> None:
    own = "https://zoom.example/j/1"
    for number, series in enumerate((PAIR, replace(PAIR, link=own))):
        world = World.open(tmp_path / str(number), series)
        world.video = "https://meet.google.com/abc-defg-hij"
        world.run(berlin(SECOND, 14) - 2 * HOUR)
        agendas = [text for kinds, _, text in world.mails() if kinds == "agenda"]
        assert agendas and all((own if series.link else world.video) in text for text in agendas)
        assert all((world.video in text) != bool(series.link) for text in agendas)
        world.desk.db.close()


def test_points_survive_a_skipped_meeting_and_say_since_when(pair: World) -> None:
    pair.run(berlin(SECOND - 6 * DAY, 14))
    pair.reply(SAM, "agenda-call", "Career path")
    pair.busy[MIA] = [block(berlin(SECOND - DAY, 0), timedelta(days=5), BusyKind.AWAY)]
    pair.run(pair.now + HOUR)
    assert pair.meetings()[0].state is MeetingState.SKIPPED
    pair.run(berlin(SECOND + DAY, 14) + HOUR)
    pair.busy[MIA] = []
    pair.mails()
    pair.run(berlin(THIRD, 12))
    texts = [text for kinds, _, text in pair.mails() if kinds in ("agenda-call", "agenda")]
    assert texts
    assert all("Career path" in text for text in texts)


def test_a_moved_meeting_takes_its_agenda_call_along(pair: World) -> None:
    pair.run(berlin(SECOND - 6 * DAY, 14))
    pair.mails()
    event, wished = pair.event(), berlin(SECOND + 2 * DAY, 10).astimezone(UTC)
    pair.change(EventChange(event.uid, event, SAM, moved={berlin(SECOND, 14): wished}))
    pair.mails()
    pair.run(wished - 3 * HOUR)
    assert "agenda" not in {kinds for kinds, _, _ in pair.mails()}
    pair.reply(MIA, "agenda-call", "Budget")
    pair.run(wished - HOUR)  # nine o'clock in Berlin, when whoever sits there begins to work
    agendas = [text for kinds, _, text in pair.mails() if kinds == "agenda"]
    assert len(agendas) == 2
    assert all("Budget" in text for text in agendas)


def test_points_stay_out_of_the_event_where_one_of_the_two_says_so(tmp_path: Path) -> None:
    world = World.open(tmp_path, replace(PAIR, points_in_event=False))
    world.run(berlin(SECOND - 6 * DAY, 14))
    world.reply(SAM, "agenda-call", "Career path")
    world.run(berlin(SECOND, 12))
    assert "Career path" not in repr(world.shown)
    assert any("Career path" in text for kinds, _, text in world.mails() if kinds == "agenda")
    world.desk.db.close()


def test_without_notes_there_is_no_summary_and_the_points_are_done(pair: World) -> None:
    pair.run(berlin(SECOND - 6 * DAY, 14))
    pair.reply(SAM, "agenda-call", "Career path")
    pair.run(berlin(SECOND + 4 * DAY, 14))
    assert not any("summary" in kinds for kinds, _, _ in pair.mails())
    assert not records.open_records(pair.desk.db, RecordKind.POINT, context=PAIR.name)


def test_the_same_three_questions_are_never_suggested_twice_in_a_row(pair: World) -> None:
    pair.run(berlin(THIRD + WEEK, 12))
    offered = [set(meeting.offered) for meeting in pair.meetings()[:3]]
    assert all(len(each) == MEETINGS["one-on-one"].suggestions for each in offered)
    assert not offered[0] & offered[1]
    assert not offered[1] & offered[2]


def test_a_review_is_public_to_its_participants_and_speaks_each_ones_language(review: World) -> None:
    start = review.planned(REVIEW)[0].start
    assert not review.event(REVIEW).private
    assert review.event(REVIEW).summary == "Product review"
    review.run(start - 2 * HOUR)
    agendas = {person: text for kinds, person, text in review.mails() if kinds == "agenda"}
    assert agendas.keys() == {MIA, SAM, ANA, LEE}
    assert agendas[LEE] != agendas[ANA]


def test_a_change_made_while_another_is_in_flight_is_written_after_it(pair: World) -> None:
    db, event = pair.desk.db, pair.event()
    calendar.want(db, "main", PAIR.name, replace(event, summary="first"))
    (in_flight,) = calendar.claim(db, pair.now, "main")
    calendar.want(db, "main", PAIR.name, replace(event, summary="second"))
    calendar.done(db, in_flight, EventRef("x", event.uid, "1"))
    (newer,) = calendar.claim(db, pair.now, "main")
    assert (newer.event.summary, newer.ref) == ("second", EventRef("x", event.uid, "1"))
    calendar.done(db, newer, newer.ref)
    assert not calendar.want(db, "main", PAIR.name, newer.event)
    assert not calendar.claim(db, pair.now, "main")


def test_a_change_in_flight_at_a_crash_is_made_again_but_not_for_ever(pair: World) -> None:
    db = pair.desk.db
    calendar.again(db, pair.event().uid)
    tries = [len(calendar.claim(db, pair.now, "main")) for _ in range(7)]
    assert tries == [1, 1, 1, 1, 1, 0, 0]


def test_a_failed_change_waits_and_a_conflict_forgets_what_we_knew(pair: World) -> None:
    db = pair.desk.db
    calendar.again(db, pair.event().uid)
    (wish,) = calendar.claim(db, pair.now, "main")
    calendar.failed(db, pair.now, wish, "Unavailable", pair.now + HOUR)
    assert not calendar.claim(db, pair.now, "main")
    assert calendar.next_retry(db) == pair.now + HOUR
    (wish,) = calendar.claim(db, pair.now + HOUR, "main")
    calendar.forget_ref(db, wish)
    (wish,) = calendar.claim(db, pair.now + HOUR, "main")
    assert wish.ref is None


def itip(event: Event, attendee: str, method: str, lines: str) -> Message:
    return parse(
        f"From: {attendee}\nTo: ada@example.com\nContent-Type: text/calendar; method={method}\n\n"
        f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nMETHOD:{method}\nBEGIN:VEVENT\nUID:{event.uid}\n"
        f"DTSTAMP:20261123T080000Z\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n".encode()
    )


def test_an_answer_or_counter_proposal_by_mail_speaks_for_its_sender_alone(pair: World) -> None:
    event, sam = pair.event(), pair.desk.setup.people[SAM]
    original = f"RECURRENCE-ID:{SECOND:%Y%m%d}T130000Z"
    accepted = f"DTSTART:{SECOND:%Y%m%d}T130000Z\n{original}\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{SAM}"
    assert meetings.invitation_mail(pair.desk, pair.now, sam, itip(event, SAM, "REPLY", accepted))
    assert store.answers(pair.desk.db, event.uid, berlin(SECOND, 14)) == {SAM: Partstat.ACCEPTED}
    mia = pair.desk.setup.people[MIA]
    assert not meetings.invitation_mail(pair.desk, pair.now, mia, itip(event, MIA, "REPLY", accepted))
    wished = f"DTSTART:{SECOND:%Y%m%d}T143000Z\nDTEND:{SECOND:%Y%m%d}T150000Z\n{original}\nATTENDEE:mailto:{SAM}"
    assert meetings.invitation_mail(pair.desk, pair.now, sam, itip(event, SAM, "COUNTER", wished))
    pair.run()
    assert pair.planned()[0].start == berlin(SECOND, 15, 30)


def test_an_answer_may_name_the_event_as_its_provider_calls_it(pair: World) -> None:
    event, db = pair.event(), pair.desk.db
    calendar.again(db, event.uid)
    (wish,) = calendar.claim(db, pair.now, "main")
    calendar.done(db, wish, EventRef("x", event.uid, "1", "abc123@google.com"))
    accepted = f"DTSTART:{SECOND:%Y%m%d}T130000Z\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{SAM}"
    reply = itip(replace(event, uid="abc123@google.com"), SAM, "REPLY", accepted)
    assert meetings.invitation_mail(pair.desk, pair.now, pair.desk.setup.people[SAM], reply)
    assert store.answers(db, event.uid, None) == {SAM: Partstat.ACCEPTED}
    reading = meetings.wanted(pair.desk, pair.now)
    assert reading is not None and reading.ignoring == {event.uid, "abc123@google.com"}
    assert [each.uid for each in reading.ours] == [event.uid]


def test_who_was_not_invited_cannot_answer(pair: World) -> None:
    """A forwarded invitation makes nobody invited."""
    event = pair.event()
    declined = f"DTSTART:{SECOND:%Y%m%d}T130000Z\nATTENDEE;PARTSTAT=DECLINED:mailto:{ANA}"
    assert not meetings.invitation_mail(
        pair.desk, pair.now, pair.desk.setup.people[ANA], itip(event, ANA, "REPLY", declined)
    )
    assert not store.answers(pair.desk.db, event.uid, None)


def test_a_sender_for_whom_the_server_does_not_vouch_but_for_another_is_nobody(pair: World) -> None:
    mail = parse(b"From: Sam <sam@example.com>\nTo: ada@example.com\n\nhello\n")
    sam = pair.desk.setup.people[SAM]
    assert inbox.sender(pair.desk, mail, None) == inbox.sender(pair.desk, mail, SAM) == sam
    assert inbox.sender(pair.desk, mail, "samuel@example.com") == sam, "the same person by another name"
    assert inbox.sender(pair.desk, mail, MIA) is inbox.sender(pair.desk, mail, "eve@example.org") is None


def test_calendars_are_looked_at_every_hour_and_only_where_there_are_series(pair: World, tmp_path: Path) -> None:
    rows = pair.desk.db.execute("SELECT due FROM timers WHERE key = 'calendar'").fetchall()
    assert rows == [("2026-11-23T09:00:00Z",)]
    empty = World.open(tmp_path / "empty")
    assert empty.desk.db.execute("SELECT count(*) FROM timers WHERE key = 'calendar'").fetchone()[0] == 0
    empty.desk.db.close()


def test_the_wall_clock_of_the_lead_recurs_over_a_clock_change(tmp_path: Path) -> None:
    world = World.open(tmp_path)
    world.now = berlin(date(2026, 10, 12), 9).astimezone(UTC)
    world.reconfigure(PAIR)
    hours = {meeting.start.astimezone(BERLIN).hour for meeting in store.between(world.desk.db, world.now, MONDAY)}
    assert hours == {14}
    world.desk.db.close()
