"""Microsoft Graph's calendars against a fake organisation on Exchange Online."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.domain.calendar import BusyKind, Override, Partstat, Period
from assistant.errors import (
    NotFound,
    Rejected,
    Unauthorized,
    Unavailable,
)
from tests.adapters.graph_worlds import GraphCalendarWorld, calendar_world, failure
from tests.adapters.organisation import ACTS, OrganisationCalendar, moved_series, repeat_after_any_failure
from tests.adapters.organisation_world import NOW
from tests.contract.calendar_contract import ANA, BEN, BOT, HALF_HOUR, MONTH, answered, at, ics, partstats, weekly
from tests.fakes.loopback import Answer, Fault


class TestGraphCalendar(OrganisationCalendar):
    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[GraphCalendarWorld]:
        yield from calendar_world(tmp_path)


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[GraphCalendarWorld]:
    yield from calendar_world(tmp_path)


# calendars: what was lost on the way


TORN = Answer(200, b"{torn")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("answer", "after"),
    [(None, False), (None, True), (failure(503), False), (failure(503), True), (TORN, True)],
    ids=["cut-before", "cut-after", "503-before", "503-after", "torn-after"],
)
def test_a_repeat_after_any_failure_gives_one_event(
    tmp_path: Path, act: str, answer: Answer | None, after: bool
) -> None:
    fault = Fault(answer=answer, after=after)
    repeat_after_any_failure(lambda: GraphCalendarWorld(tmp_path), act, fault, (Unavailable, NotFound))


@pytest.mark.parametrize("told", [True, False])
def test_an_event_not_yet_listed_is_not_made_again(diary: GraphCalendarWorld, told: bool) -> None:
    """The search lags behind, but the repeated transaction is known, whether Graph says so or not."""
    diary.fake.conflict_on_repeat = told
    diary.calendar.upsert(weekly(), None)
    diary.fake.faults.append(Fault("/events?", "GET", Answer(200, b'{"value": []}')))
    diary.restart()
    diary.calendar.upsert(weekly(), None)
    assert len(diary.on_calendar(BOT)) == 1
    assert len(diary.on_calendar(ANA)) == 1


def test_the_watched_time_moves_on(diary: GraphCalendarWorld) -> None:
    """After a month the window is moved; what happened meanwhile is told, what did not is not."""
    diary.calendar.upsert(weekly(), None)
    cursor = diary.calendar.changes(None).cursor
    diary.change(ANA, answered(diary.on_calendar(ANA)[0], ANA, Partstat.DECLINED))
    diary.fake.store.now = NOW + timedelta(days=45)
    batch = diary.calendar.changes(cursor)
    assert partstats(list(batch.changes)) == {(ANA, None): Partstat.DECLINED}
    assert list(diary.calendar.changes(batch.cursor).changes) == []


@pytest.mark.parametrize(
    "rule", ["FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=YEARLY;BYDAY=20MO", "FREQ=HOURLY"]
)
def test_a_rhythm_that_exchange_has_not_is_rejected(diary: GraphCalendarWorld, rule: str) -> None:
    with pytest.raises(Rejected):
        diary.calendar.upsert(replace(weekly(), rrule=rule), None)
    assert diary.on_calendar(BOT) == []


def test_a_new_time_makes_the_exceptions_anew(diary: GraphCalendarWorld) -> None:
    """Exchange drops them where the times of the series are written."""
    ref = diary.calendar.upsert(moved_series(), None)
    later = replace(moved_series(), duration=timedelta(minutes=45), sequence=11)
    diary.calendar.upsert(later, ref)
    assert diary.on_calendar(BEN) == [later]


def test_an_occurrence_may_have_people_of_its_own(diary: GraphCalendarWorld) -> None:
    only_ana = weekly().attendees[:1]
    event = weekly().with_override(Override(at(10, 10), at(10, 10), HALF_HOUR, attendees=only_ana))
    diary.calendar.upsert(event, None)
    (override,) = diary.on_calendar(BOT)[0].overrides
    assert override.attendees == only_ana


def test_a_private_meeting_is_private(diary: GraphCalendarWorld) -> None:
    diary.calendar.upsert(replace(weekly(), private=True), None)
    assert {item.fields["sensitivity"] for items in diary.fake.store.items.values() for item in items.values()} == {
        "private"
    }


def test_a_teams_link_stays_when_the_agenda_changes(tmp_path: Path) -> None:
    for diary in calendar_world(tmp_path, teams=True):
        ref = diary.calendar.upsert(weekly(), None)
        assert ref.link == "https://teams.example/1"
        assert diary.calendar.upsert(weekly(), None) == ref
        diary.calendar.upsert(replace(weekly(), description="1. hiring & <firing>\n2. tea"), ref)
        (item,) = diary.fake.store.items[BOT].values()
        assert item.fields["isOnlineMeeting"]
        assert "https://teams.example/1" in item.fields["body"]["content"]
        assert diary.on_calendar(BOT)[0].location == ""


def test_a_meeting_that_was_made_without_a_teams_link_gets_one(tmp_path: Path) -> None:
    for diary in calendar_world(tmp_path):
        ref = diary.calendar.upsert(weekly(), None)
        assert ref.link == ""
        diary.options["teams"] = True
        diary.restart()
        linked = diary.calendar.upsert(weekly(), ref)
        assert linked.link == "https://teams.example/1" and diary.calendar.makes_links
        asked = len(diary.fake.requests)
        assert diary.calendar.upsert(weekly(), linked) == linked
        assert not any(each.method == "PATCH" for each in diary.fake.requests[asked:])


def test_a_teams_link_stays_when_the_agenda_of_one_occurrence_comes(tmp_path: Path) -> None:
    for diary in calendar_world(tmp_path, teams=True):
        ref = diary.calendar.upsert(weekly(), None)
        event = weekly().with_override(Override(at(10, 10), at(10, 10), HALF_HOUR, description="1. hiring\n2. tea"))
        ref = diary.calendar.upsert(event, ref)
        (exception,) = next(iter(diary.fake.store.items[BOT].values())).exceptions.values()
        assert exception.fields["body"]["content"].startswith("1. hiring")
        assert "https://teams.example/1" in exception.fields["body"]["content"]
        assert diary.calendar.upsert(event, ref) == ref
        assert diary.on_calendar(BOT) == [event]


def test_who_meets_at_a_link_of_their_own_gets_no_second_one(tmp_path: Path) -> None:
    for diary in calendar_world(tmp_path, teams=True):
        diary.calendar.upsert(replace(weekly(), location="https://meet.example.com/strategy"), None)
        (item,) = diary.fake.store.items[BOT].values()
        assert not item.fields.get("isOnlineMeeting")
        assert item.fields["location"]["displayName"] == "https://meet.example.com/strategy"


def test_a_uid_with_a_quote_is_found(diary: GraphCalendarWorld) -> None:
    event = weekly("o'brien's@team.example")
    ref = diary.calendar.upsert(event, None)
    diary.restart()
    assert diary.calendar.upsert(event, None) == ref


# free/busy


def test_somebody_who_fails_for_a_part_of_the_time_is_unknown(diary: GraphCalendarWorld) -> None:
    error = {"scheduleId": ANA, "error": {"responseCode": "ErrorFreeBusyGenerationFailed", "message": "x"}}
    answer = json.dumps({"value": [error, {"scheduleId": BEN, "scheduleItems": []}]}).encode()
    diary.fake.faults.append(Fault("getSchedule", answer=Answer(200, answer), skip=1))
    found = diary.calendar.free_busy([ANA, BEN], Period(MONTH.start, MONTH.start + timedelta(days=60)))
    assert list(found) == [BEN]


def test_the_rough_picture_is_used_where_no_more_is_shown(diary: GraphCalendarWorld) -> None:
    answer = json.dumps({"value": [{"scheduleId": ANA, "availabilityView": "0221300"}]}).encode()
    diary.fake.faults.append(Fault("getSchedule", answer=Answer(200, answer)))
    day = Period(datetime(2026, 11, 5, 9, tzinfo=UTC), datetime(2026, 11, 5, 11, tzinfo=UTC))
    kinds = [(block.kind, block.period.length) for block in diary.calendar.free_busy([ANA], day)[ANA]]
    quarter = timedelta(minutes=15)
    assert kinds == [(BusyKind.BUSY, 2 * quarter), (BusyKind.TENTATIVE, quarter), (BusyKind.AWAY, quarter)]


def test_the_assistants_own_calendar_closed_is_unauthorized(diary: GraphCalendarWorld) -> None:
    diary.fake.closed.add(BOT)
    with pytest.raises(Unauthorized):
        diary.calendar.upsert(weekly(), None)
    with pytest.raises(Unauthorized):
        diary.calendar.changes(None)


def test_a_series_that_its_owner_deletes_is_told(diary: GraphCalendarWorld) -> None:
    lines = ("UID:retro@elsewhere", "SUMMARY:Retro", f"ORGANIZER:mailto:{ANA}", "RRULE:FREQ=WEEKLY;BYDAY=TH")
    diary.put(ANA, ics(*lines, "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
    cursor = diary.calendar.changes(None).cursor
    diary.remove(ANA, "retro@elsewhere")
    (change,) = diary.calendar.changes(cursor).changes
    assert (change.uid, change.event, change.by) == ("retro@elsewhere", None, ANA)


def test_a_foreign_event_that_cannot_be_read_stops_nothing(diary: GraphCalendarWorld) -> None:
    lines = ("UID:odd@elsewhere", "SUMMARY:Odd", f"ORGANIZER:mailto:{ANA}", "RRULE:FREQ=WEEKLY;BYDAY=TH")
    diary.put(ANA, ics(*lines, "DTSTART:20261105T090000Z", "DTEND:20261105T100000Z"))
    diary.calendar.upsert(weekly(), None)
    torn = b'{"id": "x", "start": {"dateTime": "never"}, "recurrence": {"pattern": 7}}'
    diary.fake.faults.append(Fault(f"/users/{ANA}/events/", "GET", Answer(200, torn), times=9))
    assert [event.uid for event in diary.calendar.recurring([ANA], MONTH)] == []
    diary.fake.faults.append(Fault(f"/users/{ANA}/events/", "GET", Answer(200, torn), times=9))
    diary.calendar.changes(None)
