"""Two weeks of the demo's team of eight in four time zones, on the real code from end to end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import pytest

from assistant import config, loops
from assistant.commands.demo import acted, understood
from assistant.demo import team
from assistant.demo.expectations import differences
from assistant.demo.run import Story, run_demo
from assistant.domain import audience as audiences
from assistant.store import trail
from assistant.wiring import House, open_house
from tests.journeys.office import Office, check_invariants, utc

TEMPLATES = Path(__file__).parents[2] / "templates"
START, END = utc("2026-11-09 06:00"), utc("2026-11-23 06:00")


class Driven:
    """Faults are let through."""

    def __init__(self, house: House) -> None:
        self._house = house

    def tick(self, now: datetime) -> None:
        loops.everything(self._house, now, lambda _place: nullcontext())

    def next_due(self) -> datetime | None:
        return loops.next_due(self._house)


@pytest.fixture(scope="module")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, Story]]:
    folder = tmp_path_factory.mktemp("fortnight")
    settings = config.load(team.lay_out(folder, START))
    with open_house(settings, START) as house:
        story = run_demo(folder, Driven(house), START, END)
        made = Office(folder, END)
        made.house = house
        yield made, story


def test_every_reply_is_understood_as_it_was_meant(fortnight: tuple[Office, Story]) -> None:
    it, story = fortnight
    db = it.house.db
    wrong = differences(story.expectations, lambda id_: understood(db, id_), lambda id_: acted(db, id_))
    assert not wrong, "\n".join(wrong)
    assert len(story.expectations) > 100


def test_each_thing_ended_once_and_each_mail_came_once_and_by_day(fortnight: tuple[Office, Story]) -> None:
    check_invariants(fortnight[0])


def test_only_the_staged_trouble_is_noted(fortnight: tuple[Office, Story]) -> None:
    assert [t for t in trail.troubles(fortnight[0].house.db) if not t.place.startswith(("address ", "mail "))] == []


def offered_questions() -> set[str]:
    """Those of the question bank, which anybody may be offered."""
    banks = (TEMPLATES / language / "one-on-one" / "bank.yaml" for language in ("en", "de"))
    return {line.strip("- \n") for path in banks for line in path.read_text(encoding="utf-8").splitlines()}


def test_what_two_people_said_to_each_other_is_in_no_third_inbox_calendar_or_trail(
    fortnight: tuple[Office, Story],
) -> None:
    it, _ = fortnight
    db, setup = it.house.db, it.house.desk.setup
    said = db.execute(
        "SELECT p.audience, a.text FROM answers a JOIN prompts p ON p.id = a.prompt"
        " UNION SELECT audience, text FROM records"
    ).fetchall()
    ours = {text for label, text in said if not audiences.is_private(label)} | offered_questions()
    private = [
        (" ".join(text.split()), audiences.readers(label, setup) | {setup.assistant.address})
        for label, text in said
        if audiences.is_private(label) and len(text.split()) >= 4 and text not in ours
    ]
    assert len(private) >= 10
    boxes = {address: " ".join(f"{x.text} {x.html}" for x in it.inbox(address)) for address in setup.people}
    boxes = {address: " ".join(text.split()) for address, text in boxes.items()}
    trails = str(db.execute("SELECT act, subject, because FROM trail").fetchall())
    for words, readers in private:
        assert [address for address in boxes.keys() - readers if words in boxes[address]] == [], words
        assert words not in trails
        for path in (it.data / "calendars").rglob("*.ics"):
            if path.parent.name not in readers:
                text = path.read_text(encoding="utf-8").replace("\r\n ", "").replace("\n ", "").replace("\\", "")
                assert words not in text, (path.parent.name, words)


def test_silent_people_are_reminded_and_others_are_not(fortnight: tuple[Office, Story]) -> None:
    it, _ = fortnight
    reminded = it.rows("SELECT person, count(*) FROM prompts WHERE reminded > 0 AND state = 'answered' GROUP BY person")
    assert it.rows("SELECT max(reminded) FROM prompts")[0][0] <= 2
    assert it.rows("SELECT count(*) FROM prompts WHERE reminded > 0 AND state = 'missed'")[0][0] > 0, reminded


def test_everybody_has_a_rollup_on_monday_at_eleven_of_their_clock_or_when_they_are_back(
    fortnight: tuple[Office, Story],
) -> None:
    it, _ = fortnight
    away = {row[0] for row in it.rows("SELECT person FROM absences")}
    for address in it.house.desk.setup.people:
        found = it.inbox(address, "rollup")
        assert found and ({(x.at.weekday(), x.at.hour) for x in found} == {(0, 11)} or address in away), address


def test_the_calendars_of_all_show_what_the_store_plans(fortnight: tuple[Office, Story]) -> None:
    it, _ = fortnight
    series = {each.name: each for each in it.house.desk.setup.series}
    for name, start, state in it.rows("SELECT series, start, state FROM meetings WHERE start > ?", f"{END:%Y-%m-%d}"):
        adopted = it.rows("SELECT adopted FROM placements WHERE series = ?", name)[0][0]
        begins = datetime.fromisoformat(start)
        for address in series[name].participants if not adopted and state == "planned" else ():
            assert any(s == begins for s, _, _ in it.meetings(address, begins, begins.replace(hour=23))), (name, start)
