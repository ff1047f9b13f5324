"""Cadences as dates, held against what an RRULE of the same meaning gives."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.cadence import Cadence, Frequency, rrule

FIRST = date(2026, 11, 23)
FOUR_WEEKS = 28
LONGER = (Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.YEARLY)


def first_dates(cadence: Cadence, count: int, first: date = FIRST) -> list[date]:
    return list(islice(cadence.dates(first), count))


def test_once_is_its_day_and_nothing_after_it() -> None:
    once = Cadence(Frequency.ONCE, day=date(2026, 12, 1))
    assert first_dates(once, 3) == [date(2026, 12, 1)]
    assert first_dates(once, 3, date(2026, 12, 2)) == []
    assert first_dates(Cadence(Frequency.ONCE), 3) == []


def test_daily_gives_every_calendar_day() -> None:
    assert first_dates(Cadence(Frequency.DAILY), 3) == [FIRST + timedelta(days=n) for n in range(3)]


def test_weekly_begins_with_the_first_such_weekday() -> None:
    friday = Cadence(Frequency.WEEKLY, weekday=4)
    assert first_dates(friday, 2) == [date(2026, 11, 27), date(2026, 12, 4)]
    assert first_dates(friday, 1, date(2026, 11, 28)) == [date(2026, 12, 4)]


def test_every_second_week_counts_from_the_week_of_its_anchor() -> None:
    tuesday = Cadence(Frequency.WEEKLY, interval=2, weekday=1, anchor=date(2026, 11, 29))
    assert first_dates(tuesday, 2) == [date(2026, 11, 24), date(2026, 12, 8)]
    assert first_dates(tuesday, 2, date(2026, 11, 25)) == [date(2026, 12, 8), date(2026, 12, 22)]


@pytest.mark.parametrize(
    ("cadence", "expected"),
    [
        (Cadence(Frequency.MONTHLY, weekday=1, nth=1), [date(2026, 12, 1), date(2027, 1, 5)]),
        (Cadence(Frequency.MONTHLY, weekday=4, nth=-1), [date(2026, 11, 27), date(2026, 12, 25)]),
        (Cadence(Frequency.QUARTERLY, weekday=0, nth=1), [date(2027, 1, 4), date(2027, 4, 5)]),
        (Cadence(Frequency.QUARTERLY, weekday=4, nth=-1), [date(2026, 12, 25), date(2027, 3, 26)]),
        (Cadence(Frequency.YEARLY, weekday=3, nth=-1), [date(2026, 12, 31), date(2027, 12, 30)]),
        (Cadence(Frequency.MONTHLY), [date(2026, 12, 1), date(2027, 1, 1)]),
    ],
)
def test_longer_periods_pick_a_weekday_within_them(cadence: Cadence, expected: list[date]) -> None:
    assert first_dates(cadence, 2) == expected


def test_the_end_of_the_calendar_ends_the_dates() -> None:
    for frequency in (Frequency.DAILY, Frequency.WEEKLY, *LONGER):
        assert all(day <= date.max for day in Cadence(frequency, weekday=4, nth=-1).dates(date(9999, 1, 1)))


cadences = st.builds(
    Cadence,
    frequency=st.sampled_from([Frequency.DAILY, Frequency.WEEKLY, *LONGER]),
    interval=st.integers(1, 5),
    weekday=st.integers(0, 6),
    nth=st.sampled_from([1, 2, 3, 4, -1]),
    anchor=st.none() | st.dates(date(2000, 1, 1), date(2050, 1, 1)),
)
days = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@given(cadences, days)
def test_dates_rise_and_begin_no_earlier_than_asked(cadence: Cadence, first: date) -> None:
    found = first_dates(cadence, 8, first)
    assert found[0] >= first
    assert all(earlier < later for earlier, later in pairwise(found))


@given(cadences, days, st.integers(0, 400))
def test_dates_do_not_depend_on_where_one_begins_to_look(cadence: Cadence, first: date, later: int) -> None:
    start = first + timedelta(days=later)
    expected = next(day for day in cadence.dates(first) if day >= start)
    assert next(iter(cadence.dates(start))) == expected


@given(cadences, days)
def test_the_rrule_recurs_on_the_same_dates(cadence: Cadence, first: date) -> None:
    expected = first_dates(cadence, 6, first)
    rule = rrule(cadence, expected[0])
    assert rule is not None
    recurrence = rrulestr(rule, dtstart=datetime.combine(expected[0], time(9)))
    assert [each.date() for each in islice(recurrence, 6)] == expected


@given(st.sampled_from([Frequency.WEEKLY, *LONGER]), days)
def test_the_rrule_of_an_open_day_keeps_the_day_that_was_found(frequency: Frequency, found: date) -> None:
    rule = rrule(Cadence(frequency), found)
    assert rule is not None
    recurring = list(islice(rrulestr(rule, dtstart=datetime.combine(found, time(9))), 4))
    assert {each.weekday() for each in recurring} == {found.weekday()}
    is_fifth = found.day > FOUR_WEEKS and frequency in LONGER
    assert recurring[0].date() == found or (is_fifth and recurring[0].date() > found)


def test_once_needs_no_rrule() -> None:
    assert rrule(Cadence(Frequency.ONCE, day=FIRST), FIRST) is None
    assert rrule(Cadence(Frequency.WEEKLY, interval=2), FIRST) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"
    assert (
        rrule(Cadence(Frequency.QUARTERLY, weekday=0, nth=1), date(2027, 1, 4)) == "FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO"
    )
