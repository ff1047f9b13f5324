"""Wall-clock time over every kind of clock change, and working time built on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.calendar import Period
from assistant.domain.people import Absence, Person, WorkWeek, is_away, resolve

ZONES = sorted(available_timezones() - {"localtime"})
MINUTE = timedelta(minutes=1)

zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(1971, 1, 1), date(2037, 12, 30))
walls = st.builds(time, st.integers(0, 23), st.integers(0, 59))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def person(zone: str, hours: tuple[time, time] = (time(9), time(17)), **more: date | dict[date, str]) -> Person:
    week = WorkWeek((hours,) * 5 + (None, None))
    return Person("mia@example.com", "Mia Chen", ZoneInfo(zone), week, **more)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("zone", "day", "wall", "instant"),
    [
        ("Europe/Berlin", date(2026, 11, 24), time(9), "2026-11-24T08:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(2), "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(2, 59), "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(3), "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
        ("America/New_York", date(2026, 3, 8), time(2, 17), "2026-03-08T07:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 10), "2026-10-03T15:30"),
        ("America/Santiago", date(2026, 9, 6), time(0, 30), "2026-09-06T04:00"),
        ("Pacific/Apia", date(2011, 12, 30), time(9), "2011-12-30T10:00"),
        ("Pacific/Apia", date(2011, 12, 31), time(9), "2011-12-30T19:00"),
        ("Africa/Casablanca", date(2026, 3, 22), time(2, 30), "2026-03-22T02:00"),
    ],
)
def test_a_wall_time_is_one_instant(zone: str, day: date, wall: time, instant: str) -> None:
    """A skipped time becomes the first minute after the change, one that happens twice its first occurrence."""
    assert resolve(day, wall, ZoneInfo(zone)) == utc(instant)


@given(zones, days, walls)
def test_what_exists_reads_back_and_what_is_skipped_comes_right_after_the_change(
    zone: ZoneInfo, day: date, wall: time
) -> None:
    instant = resolve(day, wall, zone)
    wanted = datetime.combine(day, wall)
    shown = instant.astimezone(zone).replace(tzinfo=None)
    if shown == wanted:
        assert (instant - timedelta(hours=24)).astimezone(zone).replace(tzinfo=None) < wanted
        assert instant.astimezone(zone).fold == 0
    else:
        just_before = (instant - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert just_before < wanted < shown
        assert instant.microsecond == 0


CHANGES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Beirut",
)


@pytest.mark.parametrize("zone", CHANGES)
def test_no_day_of_ten_years_is_missed_or_asked_twice(zone: str) -> None:
    """The instants of a daily time rise strictly, about a day apart, whatever the clock does."""
    for wall in (time(0), time(0, 30), time(2), time(2, 30), time(9)):
        before: datetime | None = None
        for number in range(date(2026, 1, 1).toordinal(), date(2036, 12, 31).toordinal()):
            instant = resolve(date.fromordinal(number), wall, ZoneInfo(zone))
            assert before is None or timedelta(hours=22) < instant - before < timedelta(hours=26)
            before = instant


@given(zones, days, walls, walls)
def test_the_order_of_wall_times_is_kept_unless_one_is_repeated(
    zone: ZoneInfo, day: date, one: time, other: time
) -> None:
    first, second = sorted((one, other))
    assert resolve(day, first, zone) <= resolve(day, second, zone)


def test_a_day_that_a_country_skipped_has_no_working_period() -> None:
    assert person("Pacific/Apia").working_period(date(2011, 12, 30)) is None


def test_hours_that_a_clock_change_swallows_are_no_working_period() -> None:
    early = Person("mia@example.com", "Mia", ZoneInfo("Europe/Berlin"), WorkWeek((((time(2), time(3))),) * 7))
    assert early.working_period(date(2026, 3, 29)) is None
    assert early.working_period(date(2026, 3, 28)) is not None


def test_a_working_period_follows_the_wall_clock_over_a_change() -> None:
    mia = person("Europe/Berlin")
    assert mia.working_period(date(2026, 3, 27)) == Period(utc("2026-03-27T08:00"), utc("2026-03-27T16:00"))
    assert mia.working_period(date(2026, 3, 30)) == Period(utc("2026-03-30T07:00"), utc("2026-03-30T15:00"))


def test_days_off_holidays_and_days_before_the_first_are_not_worked() -> None:
    mia = person("Europe/Berlin", start=date(2026, 11, 24), holidays={date(2026, 12, 25): "Christmas"})
    assert not mia.works_on(date(2026, 11, 23))
    assert mia.works_on(date(2026, 11, 24))
    assert not mia.works_on(date(2026, 11, 28))
    assert not mia.works_on(date(2026, 12, 25))
    assert mia.working_period(date(2026, 12, 25)) is None


def test_working_periods_are_clipped_to_the_period_asked_for() -> None:
    mia = person("Europe/Berlin")
    asked = Period(utc("2026-11-23T12:00"), utc("2026-11-24T09:00"))
    assert list(mia.working_periods(asked)) == [
        Period(utc("2026-11-23T12:00"), utc("2026-11-23T16:00")),
        Period(utc("2026-11-24T08:00"), utc("2026-11-24T09:00")),
    ]


@given(zones, st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)), st.integers(1, 5000))  # noqa: DTZ001  # made UTC below
def test_working_periods_lie_inside_in_order_and_apart(zone: ZoneInfo, start: datetime, minutes: int) -> None:
    asked = Period(start.replace(tzinfo=UTC), start.replace(tzinfo=UTC) + minutes * MINUTE)
    found = list(Person("a@example.com", "A", zone, WorkWeek(((time(0), time(23, 59)),) * 7)).working_periods(asked))
    assert all(asked.contains(each) and each.start < each.end for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert sum((each.length for each in found), timedelta()) >= asked.length * 0.9 - 3 * MINUTE - timedelta(hours=1)


def test_an_absence_covers_both_its_ends_or_has_none() -> None:
    away = [
        Absence("mia@example.com", date(2026, 11, 23), date(2026, 11, 25)),
        Absence("sam@example.com", date(2026, 12, 1), None),
    ]
    assert [is_away(away, "mia@example.com", date(2026, 11, day)) for day in (22, 23, 25, 26)] == [
        False,
        True,
        True,
        False,
    ]
    assert is_away(away, "sam@example.com", date(2030, 1, 1))
    assert not is_away(away, "lee@example.com", date(2026, 11, 24))


@pytest.mark.parametrize(
    ("name", "first"),
    [("Mia Chen", "Mia"), ("Chen, Mia", "Mia"), ("Müller, Jürgen Max", "Jürgen"), ("李雷", "李雷"), ("Cher,", "Cher")],
)
def test_the_first_name_is_found_on_either_side_of_a_comma(name: str, first: str) -> None:
    assert Person("a@example.com", name, ZoneInfo("UTC")).first_name == first
