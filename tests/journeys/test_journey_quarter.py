"""A quarter in five zones: clocks change, people are away, one leaves, and meetings keep their cadence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.people import Person
from tests.journeys.office import Office, check_invariants, office, utc

MIA, LEE, RAVI, BIA, JO = (f"{name}@example.com" for name in ("mia", "lee", "ravi", "bia", "jo"))
START, END = utc("2027-01-24 12:00"), utc("2027-04-30 23:00")
LEFT = utc("2027-03-10 20:00")

CONFIG = """
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, country: DE, team: product, lead: true}
  - {name: Lee Park, email: lee@example.com, zone: America/New_York, country: US, team: product}
  - {name: Ravi Menon, email: ravi@example.com, zone: Asia/Kolkata, team: product, manager: none}
  - {name: Bia Souza, email: bia@example.com, zone: America/Sao_Paulo, team: product}
  - {name: Jo Reed, email: jo@example.com, zone: Australia/Sydney, team: product, manager: none}
rounds:
  - {kind: check-in, team: product, at: "09:00", reminders: 0}
series:
  - {kind: one-on-one, managers: [Mia], every: 2 weeks, anchor: 2027-01-25, length: 30 min, feedback: false}
"""


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Lived through once; the tests look at what is left."""
    with office(tmp_path_factory.mktemp("quarter"), CONFIG, START) as it:
        it.until(utc("2027-02-02 12:00"))
        clash = coming(it, LEE)[1]
        it.put_event(LEE, "dentist", clash[0] - timedelta(minutes=30), clash[1] + timedelta(minutes=30))
        it.until(utc("2027-02-08 10:00"))
        it.reply(it.last(RAVI, "check-in"), "away until 15 Feb")
        it.until(LEFT)
        it.reconfigure("\n".join(line for line in CONFIG.splitlines() if "Jo Reed" not in line))
        it.until(END)
        yield it


def coming(it: Office, address: str) -> list[tuple[datetime, datetime]]:
    """1:1s on somebody's calendar in the next ten weeks."""
    found = it.meetings(address, it.now, it.now + timedelta(weeks=10))
    return [(start, end) for start, end, title in found if title != "Dentist"]


def weekdays(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5]


OFF = {
    MIA: {date(2027, 3, 26), date(2027, 3, 29)},
    LEE: {date(2027, 2, 15)},
    RAVI: {date(2027, 2, day) for day in (9, 10, 11, 12)},
    BIA: set[date](),
    JO: set[date](),
}


@pytest.mark.parametrize("who", [MIA, LEE, RAVI, BIA, JO])
def test_each_is_asked_at_nine_of_their_clock_on_every_working_day_and_no_other(quarter: Office, who: str) -> None:
    """Also around each clock change; not on holidays of their country, nor while away, nor after leaving."""
    asked = [letter.at for letter in quarter.inbox(who, "check-in")]
    last = date(2027, 3, 10) if who == JO else END.astimezone(quarter.zone(who)).date()
    assert [moment.date() for moment in asked] == [d for d in weekdays(date(2027, 1, 25), last) if d not in OFF[who]]
    assert {moment.time() for moment in asked} == {time(9)}


def test_a_leaver_gets_nothing_more(quarter: Office) -> None:
    assert max(letter.at for letter in quarter.inbox(JO)) <= LEFT
    assert quarter.rows("SELECT count(*) FROM timers WHERE person = ?", JO) == [(0,)]


def test_who_said_away_is_not_asked_and_the_digest_says_so(quarter: Office) -> None:
    days = (date(2027, 2, 10), date(2027, 2, 13))
    digests = [letter for letter in quarter.inbox(MIA, "digest") if days[0] <= letter.at.date() < days[1]]
    assert len(digests) == 3 and all("Ravi is away" in digest for digest in digests)


def works(person: Person, start: datetime, end: datetime) -> bool:
    span = person.working_period(person.local(start).date())
    return span is not None and span.start <= start and end <= span.end


@pytest.mark.parametrize("report", [LEE, BIA])
def test_one_on_ones_stay_inside_both_peoples_working_hours_over_clock_changes(quarter: Office, report: str) -> None:
    held = [(s, e) for s, e, title in quarter.meetings(report, START, END) if title != "Dentist"]
    assert len(held) in (6, 7), held
    at_managers = quarter.meetings(MIA, START, END)
    for start, end in held:
        assert (start, end) in [(s, e) for s, e, _ in at_managers], "both calendars show the same"
        for who in (MIA, report):
            assert works(quarter.house.desk.setup.people[who], start, end), (who, start)


def overrides(it: Office, address: str, report: str) -> list[tuple[datetime, datetime]]:
    """RECURRENCE-ID and new start of what differs in the 1:1 with ``report``, as ``address`` has it."""
    found: list[Any] = [event for read in it.calendar(address).values() for event in read.walk("VEVENT")]
    invited = (event for event in found if f"mailto:{report}" in str(event.get("ATTENDEE", "")))
    pairs = ((event["RECURRENCE-ID"].dt, event["DTSTART"].dt) for event in invited if "RECURRENCE-ID" in event)
    return [(was.astimezone(UTC), now.astimezone(UTC)) for was, now in pairs]


def test_a_conflict_moves_one_occurrence_and_keeps_the_cadence(quarter: Office) -> None:
    for who in (MIA, LEE):
        moved = [
            (was, now) for was, now in overrides(quarter, who, LEE) if was != now and was < utc("2027-03-01 00:00")
        ]
        assert len(moved) == 1
        assert moved[0][0].isocalendar().week == moved[0][1].isocalendar().week
    lee = quarter.meetings(LEE, START, END)
    (dentist,) = [each for each in lee if each[2] == "Dentist"]
    ours = [each for each in lee if each[2] != "Dentist"]
    assert not any(start < dentist[1] and dentist[0] < end for start, end, _ in ours)
    berlin = [start.astimezone(quarter.zone(MIA)) for start, _, _ in ours]
    usual = max({(s.weekday(), s.time()) for s in berlin}, key=[(s.weekday(), s.time()) for s in berlin].count)
    assert len([s for s in berlin if (s.weekday(), s.time()) != usual]) <= 2, berlin
    assert len(quarter.inbox(LEE, "moved")) >= 1 and len(quarter.inbox(MIA, "moved")) >= 1


def test_everything_ended_once_and_nothing_came_at_night(quarter: Office) -> None:
    check_invariants(quarter)
    assert quarter.rows("SELECT place, message FROM problems") == []


def test_both_autumn_changes_are_met_at_nine(tmp_path: Path) -> None:
    """Europe goes back on 31 October 2027, New York on 7 November, Sydney forward on 3 October."""
    plain = CONFIG.split("series:", maxsplit=1)[0]
    with office(tmp_path, plain, utc("2027-10-28 12:00")) as it:
        it.until(utc("2027-11-10 12:00"))
        for who in (MIA, LEE, RAVI, BIA, JO):
            asked = [letter.at for letter in it.inbox(who, "check-in")]
            assert {moment.time() for moment in asked} == {time(9)}
            days = [moment.date() for moment in asked]
            assert days == weekdays(days[0], days[-1]) and len(days) in (8, 9, 10), (who, days)
        check_invariants(it)
