"""When a round wakes, whom it asks, and what a pause of ours does to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.domain.cadence import Cadence, Frequency, Window
from assistant.domain.people import Person, Team
from assistant.domain.setup import Assistant, Round, Setup
from assistant.domain.views import Frame
from assistant.render import Mail, Renderer, Section
from assistant.store import outbox, timers
from assistant.store import rounds as store
from assistant.store.database import open_store
from assistant.store.rounds import PromptState
from assistant.workflows import due, staff
from assistant.workflows.desk import Desk
from assistant.workflows.habits import COMMANDS, HABITS

MIA, SAM, LEE = "mia@example.com", "sam@example.com", "lee@example.com"
ZONES = {MIA: "Europe/Berlin", SAM: "Africa/Accra", LEE: "America/New_York"}
DAY = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    people = {
        address: Person(address, address.partition("@")[0].title(), ZoneInfo(zone), teams=("product",))
        for address, zone in ZONES.items()
    }
    check_in = Round(
        "check-in.product", "check-in", "product", Cadence(Frequency.DAILY), time(9), Window(timedelta(hours=4))
    )
    assistant = Assistant("Ada", "ada@example.com", MIA, ZoneInfo("Europe/Berlin"))
    team = Team("product", "Product", tuple(people), lead=MIA)
    return Desk(
        open_store(tmp_path),
        Setup(assistant, people, {"product": team}, (check_in,), ()),
        Renderer(),
        habits=HABITS,
        commands=COMMANDS,
    )


def no_guard(_place: str) -> AbstractContextManager[None]:
    return nullcontext()


class FaultyForSam(Renderer):
    """Fails on what one reader is to get."""

    def mail(self, sections: Sequence[Section], frame: Frame) -> Mail:
        if frame.reader.first_name == "Sam":
            raise ZeroDivisionError
        return super().mail(sections, frame)


def start(desk: Desk, now: datetime) -> None:
    """As a daemon starts: in line with the setup, then whatever is due."""
    staff.sync(desk, now)
    due.run(desk, now, no_guard)


def asked(desk: Desk, address: str) -> list[datetime]:
    return [mail.created_at for mail in outbox.sent_to(desk.db, address, 99) if "check-in" in mail.kinds]


def test_a_round_that_begins_at_noon_begins_today_for_those_whose_morning_is_to_come(desk: Desk) -> None:
    start(desk, DAY + timedelta(hours=8, minutes=30))
    for hour in (9, 14):
        due.run(desk, DAY + timedelta(hours=hour), no_guard)
    assert asked(desk, MIA) == []
    assert asked(desk, SAM) == [DAY + timedelta(hours=9)]
    assert asked(desk, LEE) == [DAY + timedelta(hours=14)]


def test_a_prompt_that_came_due_while_we_were_down_for_an_hour_is_still_asked(desk: Desk) -> None:
    start(desk, DAY)
    start(desk, DAY + timedelta(hours=9))
    assert asked(desk, MIA) == [DAY + timedelta(hours=9)]


def test_a_prompt_three_hours_late_is_dropped_and_the_digest_and_the_next_prompt_say_so(desk: Desk) -> None:
    start(desk, DAY)
    start(desk, DAY + timedelta(hours=11))
    assert asked(desk, MIA) == []
    [first] = store.prompts_of(desk.db, "check-in.product/2026-11-24")[:1]
    assert (first.person, first.state) == (MIA, PromptState.EXPIRED)
    for hours in (14, 18, 24 + 8):
        due.run(desk, DAY + timedelta(hours=hours), no_guard)
    digests = [mail for mail in outbox.sent_to(desk.db, MIA, 99) if "digest" in mail.kinds]
    assert "Mia" in digests[0].text
    [prompt] = [mail for mail in outbox.sent_to(desk.db, MIA, 99) if "check-in" in mail.kinds]
    assert prompt.created_at == DAY + timedelta(hours=32)


def test_a_pause_of_a_week_asks_nobody_about_the_days_gone_by(desk: Desk) -> None:
    start(desk, DAY)
    later = DAY + timedelta(days=7, hours=6)
    start(desk, later)
    assert [asked(desk, address) for address in ZONES] == [[], [], []]
    due.run(desk, later + timedelta(hours=10), no_guard)
    assert len(asked(desk, LEE)) == 1


def test_starting_again_and_again_changes_nothing(desk: Desk) -> None:
    for minute in range(0, 60, 10):
        start(desk, DAY + timedelta(hours=7, minutes=minute))
    start(desk, DAY + timedelta(hours=8))
    start(desk, DAY + timedelta(hours=8, minutes=1))
    assert asked(desk, MIA) == [DAY + timedelta(hours=8)]


def test_a_round_that_is_gone_asks_and_reminds_nobody_any_more(desk: Desk) -> None:
    start(desk, DAY)
    for hour in (8, 9):
        due.run(desk, DAY + timedelta(hours=hour), no_guard)
    without = replace(desk, setup=replace(desk.setup, rounds=()))
    start(without, DAY + timedelta(hours=9, minutes=30))
    for hour in (10, 11, 14, 24):
        due.run(without, DAY + timedelta(hours=hour), no_guard)
    assert len(asked(desk, MIA)) == len(asked(desk, SAM)) == 1
    assert asked(desk, LEE) == []
    states = {prompt.state for prompt in store.prompts_of(desk.db, "check-in.product/2026-11-24")}
    assert states == {PromptState.SKIPPED}


def test_who_has_left_the_team_before_their_morning_is_not_asked_for_it(desk: Desk) -> None:
    start(desk, DAY)
    due.run(desk, DAY + timedelta(hours=8), no_guard)
    team = replace(desk.setup.teams["product"], members=(MIA, SAM))
    fewer = replace(desk, setup=replace(desk.setup, teams={"product": team}))
    start(fewer, DAY + timedelta(hours=9))
    due.run(fewer, DAY + timedelta(hours=14), no_guard)
    assert asked(desk, LEE) == []


def test_a_fault_while_a_round_opens_passes_nobody_over_even_across_a_restart(desk: Desk) -> None:
    start(desk, DAY)
    [timer] = timers.with_prefix(desk.db, "round:")
    timers.put(desk.db, replace(timer, due=DAY + timedelta(hours=8, minutes=10), strikes=1))  # as after a fault
    start(desk, DAY + timedelta(hours=8, minutes=5))
    due.run(desk, DAY + timedelta(hours=8, minutes=10), no_guard)
    assert asked(desk, MIA) == [DAY + timedelta(hours=8, minutes=10)]


def test_who_is_in_two_teams_that_are_asked_at_different_hours_gets_one_mail_a_day(desk: Desk) -> None:
    first, team = desk.setup.rounds[0], desk.setup.teams["product"]
    later = replace(first, name="check-in.platform", team="platform", at=time(10))
    evening = replace(first, name="check-in.product.evening", at=time(17))
    teams = {"product": team, "platform": replace(team, name="platform", title="Platform")}
    people = {key: replace(person, teams=("product", "platform")) for key, person in desk.setup.people.items()}
    both = replace(desk, setup=replace(desk.setup, people=people, teams=teams, rounds=(first, later, evening)))
    start(both, DAY)
    for hour in range(24):
        due.run(both, DAY + timedelta(hours=hour), no_guard)
    assert sorted(asked(both, LEE)) == [DAY + timedelta(hours=14), DAY + timedelta(hours=22)]
    [morning] = store.prompts_of(both.db, "check-in.platform/2026-11-24")[:1]
    assert morning.mail == store.prompts_of(both.db, "check-in.product/2026-11-24")[0].mail


def test_a_report_that_cannot_be_written_keeps_no_other_reader_from_theirs(desk: Desk) -> None:
    """As by a fault of ours in one reader's mail; the others' digests leave all the same."""
    start(desk, DAY)
    for hour in range(7, 17):
        due.run(desk, DAY + timedelta(hours=hour), no_guard)
    faults: list[str] = []

    @contextmanager
    def guard(place: str) -> Iterator[None]:
        try:
            yield
        except ZeroDivisionError:
            faults.append(place)

    due.run(replace(desk, render=FaultyForSam()), DAY + timedelta(hours=33), guard)
    assert faults and not any("@" in place for place in faults)
    assert [mail.kinds for mail in outbox.sent_to(desk.db, MIA, 99) if "digest" in mail.kinds]
