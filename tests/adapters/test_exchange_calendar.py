"""Exchange Web Services' calendars against a fake organisation behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.calendar import Attendee
from tests.adapters.exchange_worlds import ExchangeCalendarWorld, calendar_world
from tests.adapters.graph_worlds import GraphCalendarWorld
from tests.adapters.organisation import ACTS, OrganisationCalendar, moved_series, repeat_after_any_failure
from tests.contract.calendar_contract import ANA, BEN, BOT, MONTH, ics, weekly
from tests.fakes.loopback import Answer, Fault


class TestExchangeCalendar(OrganisationCalendar):
    @pytest.fixture
    def world(self, tmp_path: Path) -> Iterator[ExchangeCalendarWorld]:
        yield from calendar_world(tmp_path)


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[ExchangeCalendarWorld]:
    yield from calendar_world(tmp_path)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(("answer", "after"), [(None, True), (Answer(503), False)], ids=["after", "before"])
def test_a_repeat_after_any_failure_gives_one_event(
    tmp_path: Path, act: str, answer: Answer | None, after: bool
) -> None:
    repeat_after_any_failure(lambda: ExchangeCalendarWorld(tmp_path), act, Fault(answer=answer, after=after))


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


def test_a_series_is_read_again_only_where_it_changed(diary: ExchangeCalendarWorld) -> None:
    diary.put(ANA, ics("UID:s", "SUMMARY:x", "RRULE:FREQ=WEEKLY", "DTSTART:20261103T090000Z", "DTEND:20261103T100000Z"))
    (found,) = diary.calendar.recurring([ANA], MONTH)
    diary.fake.requests.clear()
    assert diary.calendar.recurring([ANA], MONTH) == [found]
    assert "GetItem" not in {request.target for request in diary.fake.requests}
    diary.change(ANA, replace(found, summary="y"))
    assert [event.summary for event in diary.calendar.recurring([ANA], MONTH)] == ["y"]


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
