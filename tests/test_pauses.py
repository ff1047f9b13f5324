"""An account that fails rests alone, is told once and resumes by itself; what its cursor went past is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.errors import Unauthorized, Unavailable
from assistant.store import trail
from tests.journeys import day
from tests.stepped import MINUTE, OTHER, Office, working


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with working(tmp_path) as made:
        yield made


def test_a_mail_that_the_cursor_went_past_is_read_once_within_six_hours(office: Office) -> None:
    office.until(lambda: office.rows("SELECT 1 FROM cursors WHERE name = 'began:main'"))
    office.now = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)  # noqa: TID251 - files have real dates
    office.until(lambda: "missed" in office.main.gate.calls)
    office.settle()
    calls = office.main.gate.calls.count("missed")
    office.main.blind = {"passed-over"}
    office.write(day.ADA, "passed-over")
    office.settle()
    assert office.rows("SELECT count(*) FROM inbound") == [(0,)]
    assert office.main.gate.calls.count("missed") == calls
    office.now += timedelta(hours=6)
    office.until(lambda: office.rows("SELECT 1 FROM inbound WHERE provider_id = 'passed-over' AND state = 'applied'"))
    office.settle()
    again = office.main.gate.calls.count("missed")
    office.now += timedelta(hours=6)
    office.until(lambda: office.main.gate.calls.count("missed") > again)
    office.settle()
    assert office.rows("SELECT provider_id FROM inbound") == [("passed-over",)]
    assert office.received(day.SAM, "help") == 1


def test_a_store_without_room_stops_nothing_and_all_goes_on_when_there_is_some(office: Office) -> None:
    """As on a full disk: not even the trouble can be noted."""
    office.settle()
    room = office.rows("PRAGMA max_page_count")[0][0]
    office.house.db.execute(f"PRAGMA max_page_count = {office.rows('PRAGMA page_count')[0][0]}")
    office.write(day.ADA, "a-mail")
    for _ in range(10):
        office.daemon.step(0.05)
        office.daemon.jobs.run_all()
    assert office.received(day.SAM, "help") == 0
    office.house.db.execute(f"PRAGMA max_page_count = {room}")
    office.now += timedelta(hours=1)
    office.until(lambda: office.received(day.SAM, "help"))
    office.settle()
    assert office.received(day.SAM, "help") == 1
    assert office.rows("SELECT state, strikes FROM inbound") == [("applied", 0)]


def test_a_failing_account_rests_longer_each_time_is_told_once_and_resumes_by_itself(office: Office) -> None:
    place = "account other, reading"
    office.other.gate.fails = {"fetch": Unavailable("the server is away")}
    rests = []
    for _ in range(14):
        office.until(lambda: place in office.daemon.network.pauses)
        rest = office.daemon.network.pauses[place]
        rests.append(rest.until - office.now)
        office.now = rest.until - timedelta(seconds=1)
        office.settle()
        assert office.daemon.network.pauses[place] == rest, "it is left alone so long"
        office.now = rest.until
        office.until(lambda times=rest.times: office.daemon.network.pauses[place].times > times)  # type: ignore[misc]  # the default binds the loop's value
    assert rests == sorted(rests) and rests[0] == timedelta(seconds=2) and rests[-1] == timedelta(hours=1)
    assert [rest.place for rest in trail.rests(office.house.db)] == [place]
    assert office.received(day.MIA, "notice") == 1
    assert place in {trouble.place for trouble in trail.troubles(office.house.db)}

    office.other.gate.fails = {}
    office.write(OTHER, "while-it-was-away")
    office.now = office.daemon.network.pauses[place].until
    office.until(lambda: office.rows("SELECT 1 FROM inbound WHERE provider_id = 'while-it-was-away'"))
    office.settle()
    assert place not in {trouble.place for trouble in trail.troubles(office.house.db)}
    assert trail.rests(office.house.db) == []


def test_an_outage_of_a_minute_is_no_trouble_and_a_refused_sign_in_is_at_once(office: Office) -> None:
    office.other.gate.fails = {"fetch": Unavailable("the server is away")}
    office.until(lambda: "account other, reading" in office.daemon.network.pauses)
    assert trail.troubles(office.house.db) == []
    office.other.gate.fails = {"fetch": Unauthorized("sign-in was refused")}
    office.now += MINUTE
    office.until(lambda: trail.troubles(office.house.db))
    pause = office.daemon.network.pauses["account other, reading"]
    assert pause.until - office.now >= MINUTE


def test_a_provider_that_asks_to_be_left_alone_is(office: Office) -> None:
    office.other.gate.fails = {"fetch": Unavailable("slow down", retry_after=1800)}
    office.until(lambda: "account other, reading" in office.daemon.network.pauses)
    assert office.daemon.network.pauses["account other, reading"].until - office.now == 30 * MINUTE


def test_a_sign_in_refused_for_sending_stops_no_reading(office: Office) -> None:
    office.main.gate.fails = {"send": Unauthorized("sign-in was refused")}
    office.write(day.ADA, "first")
    office.until(lambda: "account main, sending" in office.daemon.network.pauses)
    office.write(day.ADA, "second")
    office.until(lambda: office.rows("SELECT 1 FROM inbound WHERE provider_id = 'second'"))


def test_a_fault_of_an_adapter_is_told_once_and_stops_nobody_else(office: Office) -> None:
    office.other.gate.fails = {"fetch": ValueError("an adapter's own mistake")}
    office.until(lambda: "account other, reading" in office.daemon.network.pauses)
    (trouble,) = trail.troubles(office.house.db)
    assert trouble.place == "account other, reading" and "mistake" not in trouble.message
    office.write(day.ADA, "meanwhile")
    office.until(lambda: office.received(day.SAM, "help") == 1)
