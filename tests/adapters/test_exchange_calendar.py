"""Exchange Web Services' calendars against a fake organisation behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from assistant.adapters.copies import as_written

from assistant.domain.calendar import Attendee, Event, Override, Partstat, Period
from assistant.domain.recurrence import occurrences
from assistant.errors import (
    Conflict,
    Unavailable,
)
from tests.adapters.exchange_worlds import (
    LOST,
    ExchangeCalendarWorld,
    calendar_world,
)
from tests.adapters.graph_worlds import RULES, ZONES, GraphCalendarWorld
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
from tests.fakes.ews import soap_fault
from tests.fakes.loopback import Answer, Fault


class TestExchangeCalendar(CalendarContract):
    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[ExchangeCalendarWorld]:
        yield from calendar_world(tmp_path)


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[ExchangeCalendarWorld]:
    yield from calendar_world(tmp_path)


def moved_series(hour: int = 10) -> Event:
    start, gone = at(3, hour), (at(10, hour),)
    event = replace(weekly(), start=start, exdates=gone, description="Agenda: 1. hiring", sequence=hour)
    return event.with_override(Override(at(17, hour), at(18, 9), HALF_HOUR, "Moved: see mail"))


ACTS: dict[str, Callable[[ExchangeCalendarWorld], Event]] = {
    "create": lambda world: moved_series(),
    "change": lambda world: _after(world, weekly(), moved_series()),
    "move": lambda world: _after(world, moved_series(), moved_series(hour=15)),
    "back": lambda world: _after(world, moved_series(), replace(weekly(), sequence=11)),
}


def _after(world: ExchangeCalendarWorld, before: Event, after: Event) -> Event:
    world.calendar.upsert(before, None)
    return after


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(("answer", "after"), [(LOST[0], True), (LOST[1], False)], ids=["after", "before"])
def test_a_repeat_after_any_failure_gives_one_event(
    tmp_path: Path, act: str, answer: Answer | None, after: bool
) -> None:
    """Each request in turn fails, before or after its work; then a new process does it all again."""
    for number in range(60):
        world = ExchangeCalendarWorld(tmp_path)
        wanted = ACTS[act](world)
        world.restart()
        fault = Fault(answer=answer, after=after, skip=number)
        world.fake.faults.append(fault)
        try:
            world.calendar.upsert(wanted, None)
        except Unavailable:
            world.restart()
            world.calendar.upsert(wanted, None)
        finally:
            world.fake.close()
        for address in (BOT, ANA, BEN):
            assert world.on_calendar(address) == [wanted]
        invited = sorted(address for kind, address, _ in world.fake.store.notices if kind == "invited")
        assert invited == [ANA, BEN], "never two invitations for one meeting"
        assert world.fake.violations == []
        if fault.times:
            break
    assert number > 2


def test_a_lost_answer_to_a_cancellation_is_no_trouble(diary: ExchangeCalendarWorld) -> None:
    ref = diary.calendar.upsert(weekly(), None)
    diary.fake.faults.append(Fault("DeleteItem", after=True))
    with pytest.raises(Unavailable):
        diary.calendar.cancel(weekly(), ref)
    diary.calendar.cancel(weekly(), ref)
    assert [diary.on_calendar(address) for address in (BOT, ANA, BEN)] == [[], [], []]


def test_a_forgotten_sync_state_loses_no_answer(diary: ExchangeCalendarWorld) -> None:
    diary.calendar.upsert(weekly(), None)
    diary.calendar.upsert(weekly("other@team.example"), None)
    cursor = diary.calendar.changes(None).cursor
    (first, _) = diary.on_calendar(ANA)
    diary.change(ANA, answered(first, ANA, Partstat.ACCEPTED))
    diary.remove(BOT, "other@team.example")
    diary.fake.forget_lists()
    batch = diary.calendar.changes(cursor)
    assert partstats(list(batch.changes)) == {(ANA, None): Partstat.ACCEPTED}
    assert [change.uid for change in batch.changes if change.event is None] == ["other@team.example"]
    assert list(diary.calendar.changes(batch.cursor).changes) == []


def test_an_answer_between_reading_and_writing_stops_nothing(diary: ExchangeCalendarWorld) -> None:
    """Exchange refuses the old change key; the event is read again and, since nobody changed it, written."""
    ref = diary.calendar.upsert(weekly(), None)
    diary.fake.faults.append(Fault("UpdateItem", answer=soap_fault("ErrorIrresolvableConflict")))
    diary.calendar.upsert(replace(weekly(), summary="new"), ref)
    assert diary.on_calendar(BEN)[0].summary == "new"


def test_an_edit_in_the_assistants_own_calendar_conflicts_and_is_told(diary: ExchangeCalendarWorld) -> None:
    ref = diary.calendar.upsert(weekly(), None)
    cursor = diary.calendar.changes(None).cursor
    diary.change(BOT, replace(weekly(), start=at(4, 9), rrule="FREQ=WEEKLY;BYDAY=WE"))
    with pytest.raises(Conflict):
        diary.calendar.upsert(replace(weekly(), summary="new"), ref)
    (change,) = diary.calendar.changes(cursor).changes
    assert change.by == BOT
    assert change.event is not None
    assert change.event.start == at(4, 9)


def test_an_event_deleted_from_the_assistants_calendar_is_made_again(diary: ExchangeCalendarWorld) -> None:
    ref = diary.calendar.upsert(weekly(), None)
    cursor = diary.calendar.changes(None).cursor
    diary.remove(BOT, weekly().uid)
    (change,) = diary.calendar.changes(cursor).changes
    assert (change.uid, change.event, change.by) == (weekly().uid, None, None)
    diary.calendar.upsert(weekly(), ref)
    assert [len(diary.on_calendar(address)) for address in (BOT, ANA, BEN)] == [1, 1, 1]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule is None or "BYSETPOS=2" not in rule])
def test_every_rhythm_comes_back_with_the_same_instants(diary: ExchangeCalendarWorld, rule: str | None) -> None:
    """As expanded by us, and by the fake in its own way; over the next two clock changes."""
    event = replace(weekly(), start=datetime(2026, 11, 3, 10, tzinfo=ZoneInfo("America/New_York")), rrule=rule)
    diary.calendar.upsert(event, None)
    year = Period(datetime(2026, 11, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    (back,) = diary.on_calendar(ANA)
    assert back == as_written(event)
    ref = diary.calendar.upsert(event, None)
    diary.restart()
    assert diary.calendar.upsert(event, None) == ref, "what is read is what was written"
    (item,) = diary.fake.store.items[ANA].values()
    ours = [occurrence.period.start for occurrence in occurrences(event, year)]
    assert [start for _, start, _, _ in item.instances(year.start, year.end)] == ours


@pytest.mark.parametrize("name", ZONES)
def test_every_zone_comes_back(diary: ExchangeCalendarWorld, name: str) -> None:
    event = replace(weekly(), start=datetime(2026, 11, 3, 10, tzinfo=ZoneInfo(name)))
    ref = diary.calendar.upsert(event, None)
    diary.restart()
    assert diary.calendar.upsert(event, None) == ref
    (back,) = diary.on_calendar(ANA)
    assert back.start.tzinfo == ZoneInfo(name)


def test_an_occurrence_called_off_can_come_back(diary: ExchangeCalendarWorld) -> None:
    ref = diary.calendar.upsert(moved_series(), None)
    diary.calendar.upsert(replace(moved_series(), exdates=(), sequence=11), ref)
    assert diary.on_calendar(ANA)[0].exdates == ()


def test_a_series_may_become_a_single_event(diary: ExchangeCalendarWorld) -> None:
    ref = diary.calendar.upsert(moved_series(), None)
    once = replace(weekly(), rrule=None, sequence=11)
    diary.calendar.upsert(once, ref)
    assert diary.on_calendar(ANA) == [once]


def test_everybody_can_be_taken_off(diary: ExchangeCalendarWorld) -> None:
    event = replace(weekly(), attendees=(Attendee(ANA, "Ana"), Attendee(BEN, "Ben", required=False)), location="A")
    ref = diary.calendar.upsert(event, None)
    assert diary.on_calendar(BEN) == [event]
    alone = replace(event, attendees=(), location="")
    diary.calendar.upsert(alone, ref)
    assert diary.on_calendar(BOT) == [alone]
    assert diary.on_calendar(BEN) == []


def test_free_busy_of_many_people_over_a_long_time(diary: ExchangeCalendarWorld) -> None:
    """More people than one call takes, and more weeks; who is unknown is absent."""
    diary.put(ANA, ics("UID:a", "SUMMARY:x", "DTSTART:20270105T090000Z", "DTEND:20270105T100000Z"))
    half_year = Period(MONTH.start, MONTH.start + timedelta(days=180))
    many = [f"p{number}@elsewhere.example" for number in range(105)]
    found = diary.calendar.free_busy([*many, ANA, BEN], half_year)
    assert sorted(found) == [ANA, BEN]
    assert [block.period.start for block in found[ANA]] == [datetime(2027, 1, 5, 9, tzinfo=UTC)]


def test_another_meeting_at_the_same_time_is_not_ignored(diary: ExchangeCalendarWorld) -> None:
    diary.calendar.upsert(weekly(), None)
    diary.put(ANA, ics("UID:dentist", "SUMMARY:Dentist", "DTSTART:20261103T090000Z", "DTEND:20261103T093000Z"))
    (block,) = diary.calendar.free_busy([ANA], MONTH, ignoring={weekly().uid})[ANA]
    assert block.period.start == at(3, 10)


def test_a_closed_calendar_is_no_trouble(diary: ExchangeCalendarWorld) -> None:
    """Only the assistant's own must be readable: adopting others' series is left out then."""
    diary.fake.closed.add(ANA)
    diary.calendar.upsert(weekly(), None)
    cursor = diary.calendar.changes(None).cursor
    assert list(diary.calendar.changes(cursor).changes) == []
    assert [event.uid for event in diary.calendar.recurring([ANA, BEN], MONTH)] == [weekly().uid]


def test_a_meeting_made_by_graph_is_the_same_by_exchange(tmp_path: Path) -> None:
    """Both doors write the same marks: an account that changes from one to the other keeps its meetings."""
    by_graph = GraphCalendarWorld(tmp_path)
    by_graph.calendar.upsert(moved_series(), None)
    diary = ExchangeCalendarWorld(tmp_path)
    diary.fake.store = by_graph.fake.store
    notices = len(diary.fake.store.notices)
    ref = diary.calendar.upsert(moved_series(), None)
    assert len(diary.fake.store.notices) == notices
    by_graph.restart()
    assert by_graph.calendar.upsert(moved_series(), None).etag == ref.etag
    for world in (by_graph, diary):
        world.fake.close()
        assert world.fake.violations == []
