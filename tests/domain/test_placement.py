"""Where a meeting is placed, and where one occurrence of it goes when it must move."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.cadence import Cadence, Frequency
from assistant.domain.calendar import Busy, Period
from assistant.domain.people import STANDARD_WEEK, Absence, Person
from assistant.domain.placement import Diary, Proposal, Timeline, Wish, is_open, move, obstacle, place

BERLIN, ACCRA, NEW_YORK, AUCKLAND = map(
    ZoneInfo, ("Europe/Berlin", "Africa/Accra", "America/New_York", "Pacific/Auckland")
)
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)  # a Monday
HALF_HOUR, HOUR, DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)
WEEKLY = Cadence(Frequency.WEEKLY)
MIA = Person("mia@example.com", "Mia Chen", BERLIN)
SAM = Person("sam@example.com", "Sam Osei", ACCRA)


def timeline(days: int = 44) -> Timeline:
    return Timeline(NOW, days)


def block(person: Person, day: date, start: str, end: str) -> Busy:
    zone = person.zone
    bounds = (datetime.combine(day, time.fromisoformat(wall), tzinfo=zone).astimezone(UTC) for wall in (start, end))
    return Busy(Period(*bounds))


def every(person: Person, weekday: int, start: str, end: str) -> list[Busy]:
    days = (NOW.date() + n * DAY for n in range(44))
    return [block(person, day, start, end) for day in days if day.weekday() == weekday]


def wish(cadence: Cadence = WEEKLY, at: time | None = None, length: timedelta = HALF_HOUR) -> Wish:
    return Wish(cadence, length, BERLIN, NOW + timedelta(hours=20), at)


def proposed(line: Timeline, diaries: list[Diary], wanted: Wish) -> Proposal:
    found = place(line, diaries, wanted)
    assert found is not None
    return found


def test_a_meeting_lies_in_the_working_hours_of_all_and_where_all_are_free() -> None:
    line = timeline()
    busy = [b for weekday in range(5) for b in every(MIA, weekday, "10:00", "15:00")]
    found = proposed(line, [line.diary(MIA, busy), line.diary(SAM, ())], wish())
    assert found.to_move == 0
    assert time(15) <= found.start.time() <= time(16, 30)
    assert found.start.tzinfo is BERLIN


def test_lunch_and_the_edges_of_the_day_are_left_alone() -> None:
    line = timeline()
    start = proposed(line, [line.diary(MIA, ())], wish()).start
    assert not time(11, 30) < start.time() < time(13)
    assert time(9, 30) <= start.time() <= time(16)


def test_it_adjoins_another_meeting_rather_than_splitting_a_free_stretch() -> None:
    line = timeline()
    busy = [b for weekday in range(5) for b in every(MIA, weekday, "14:00", "15:00")]
    start = proposed(line, [line.diary(MIA, busy)], wish()).start
    assert start.time() in (time(13, 30), time(15))


def test_a_weekday_with_few_clashes_wins_over_an_earlier_one() -> None:
    line = timeline()
    busy = [b for weekday in (0, 1, 2, 4) for b in every(MIA, weekday, "09:00", "17:00")[1:]]
    assert proposed(line, [line.diary(MIA, busy)], wish()).start.weekday() == 3


def test_a_wished_weekday_and_time_are_kept_where_they_fit_at_least_sometimes() -> None:
    line = timeline()
    tuesday = Cadence(Frequency.MONTHLY, weekday=1, nth=1)
    found = proposed(line, [line.diary(MIA, ())], wish(tuesday, time(12, 10)))
    assert found.start == datetime(2026, 12, 1, 12, 10, tzinfo=BERLIN)


def test_a_wished_time_that_is_never_free_becomes_the_nearest_that_is() -> None:
    line = timeline()
    busy = every(MIA, 1, "13:30", "15:00")
    found = proposed(line, [line.diary(MIA, busy)], wish(Cadence(Frequency.WEEKLY, weekday=1), time(14)))
    assert found.start.weekday() == 1
    assert found.start.time() == time(13)  # 30 minutes long; 15:00 is as far away and later


def test_an_open_monthly_meeting_takes_a_weekday_of_one_of_the_first_four_weeks() -> None:
    line = timeline(100)
    found = proposed(line, [line.diary(MIA, ())], wish(Cadence(Frequency.MONTHLY)))
    assert found.start.date() > NOW.date()
    assert found.start.weekday() < 5


def test_no_slot_is_proposed_where_working_hours_never_meet() -> None:
    line = timeline()
    ana = Person("ana@example.com", "Ana", AUCKLAND)
    assert place(line, [line.diary(MIA, ()), line.diary(ana, ())], wish()) is None


def test_holidays_and_absences_take_a_persons_time() -> None:
    line = timeline()
    holiday = Person("kim@example.com", "Kim", BERLIN, holidays={date(2026, 12, 1): "a holiday"})
    tuesday = Period(datetime(2026, 12, 1, 9, tzinfo=UTC), datetime(2026, 12, 1, 10, tzinfo=UTC))
    away = [Absence(MIA.address, date(2026, 12, 1), date(2026, 12, 1))]
    assert is_open(line, line.diary(MIA, ()), tuesday)
    assert not is_open(line, line.diary(MIA, (), away), tuesday)
    assert not is_open(line, line.diary(holiday, ()), tuesday)
    assert obstacle(MIA, away, tuesday) == "away"
    assert obstacle(holiday, [], tuesday) == "holiday"
    assert obstacle(MIA, [], tuesday) == "conflict"
    assert obstacle(MIA, [], Period(tuesday.start - 2 * HOUR, tuesday.end)) == "hours"


def test_what_lies_beyond_the_timeline_counts_as_open() -> None:
    line = timeline(7)
    far = Period(NOW + 30 * DAY, NOW + 30 * DAY + HOUR)
    assert is_open(line, line.diary(MIA, ()), far)


def test_the_wall_clock_is_kept_over_a_clock_change() -> None:
    now = datetime(2026, 10, 19, 8, tzinfo=UTC)
    line = Timeline(now, 44)
    wanted = Wish(Cadence(Frequency.WEEKLY, weekday=0), HOUR, BERLIN, now, time(9))
    assert proposed(line, [line.diary(MIA, ())], wanted).to_move == 0


def test_a_moved_occurrence_stays_near_and_inside_its_room() -> None:
    line = timeline()
    was = datetime(2026, 12, 1, 13, tzinfo=UTC)  # Tuesday, 14:00 in Berlin
    week = Period(datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 7, tzinfo=UTC))
    diaries = [line.diary(MIA, [Busy(Period(was, was + HOUR))]), line.diary(SAM, ())]
    found = move(line, diaries, was=was, zone=BERLIN, length=HALF_HOUR, within=week, avoid=Period(was, was + HALF_HOUR))
    assert found == datetime(2026, 12, 1, 15, tzinfo=BERLIN)  # 13:30 is as near, and lunchtime in Accra


def test_a_moved_occurrence_never_takes_the_time_it_leaves() -> None:
    line = timeline()
    was = datetime(2026, 12, 1, 13, tzinfo=UTC)
    avoid = Period(was, was + HALF_HOUR)
    within = Period(was, was + HALF_HOUR)
    assert move(line, [line.diary(MIA, ())], was=was, zone=BERLIN, length=HALF_HOUR, within=within, avoid=avoid) is None


def blocks() -> st.SearchStrategy[list[tuple[int, int]]]:
    return st.lists(st.tuples(st.integers(0, 43 * 96), st.integers(1, 40)), max_size=60)


@settings(max_examples=40, deadline=None)
@given(blocks(), blocks(), st.sampled_from([15, 30, 45, 60, 90]))
def test_whatever_is_proposed_fits_as_often_as_it_says(
    mine: list[tuple[int, int]], theirs: list[tuple[int, int]], minutes: int
) -> None:
    line, quarter, length = timeline(), timedelta(minutes=15), timedelta(minutes=minutes)
    ana = Person("ana@example.com", "Ana", NEW_YORK)
    calendars = [
        (person, [Busy(Period(line.origin + a * quarter, line.origin + (a + n) * quarter)) for a, n in taken])
        for person, taken in ((MIA, mine), (ana, theirs))
    ]
    found = place(line, [line.diary(person, busy) for person, busy in calendars], wish(length=length))
    if found is None:
        return
    fits = 0
    starts = [found.start + n * timedelta(weeks=1) for n in range(5)]
    inside = [start.astimezone(UTC) for start in starts if start.date() < line.period.end.date()]
    for start in inside:
        period = Period(start, start + length)
        fits += all(
            any(worked.contains(period) for worked in person.working_periods(line.period))
            and not any(b.period.overlaps(period) for b in busy)
            for person, busy in calendars
        )
    assert len(inside) - fits == found.to_move
    assert fits > 0


@pytest.mark.parametrize("pairs", [200])
def test_hundreds_of_pairs_are_placed_in_a_moment(pairs: int) -> None:
    line = timeline()
    people = [Person(f"p{n}@example.com", f"P {n}", (BERLIN, ACCRA)[n % 2], STANDARD_WEEK) for n in range(pairs)]
    taken = (("10:00", "11:00"), ("14:00", "15:30"))
    busy = [b for weekday in range(5) for start, end in taken for b in every(MIA, weekday, start, end)]
    began = process_time()
    for person in people:
        assert place(line, [line.diary(MIA, busy), line.diary(person, busy)], wish()) is not None
    assert process_time() - began < 4, "five times what it takes"
