"""KPIs as a team lives with them: a card, values by mail, command and file, and a weak one that becomes a goal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant import clock
from assistant.cli import main
from tests.journeys.office import Letter, Office, check_invariants, office, utc

MIA, SAM, LEE, ANA = "mia@example.com", "sam@example.com", "lee@example.com", "ana@example.com"
CONFIG = """
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product}
  - {name: Lee Park, email: lee@example.com, zone: Europe/Berlin, language: de, team: product}
  - {name: Ana Ruiz, email: ana@example.com, zone: Europe/Berlin, team: design, lead: true}
rounds: []
goals: {teams: [product]}
"""
MONDAY = utc("2026-11-23 10:00")
CARD = """1. customers who leave in a month
2. keeps revenue, for the goal on retention
3. Stripe report, 4.2 % now
4. me
5. every Monday
6. at most 5 %"""


@pytest.fixture
def it(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path, CONFIG, utc("2026-11-22 12:00")) as made:
        made.until(MONDAY)
        yield made
        made.until(made.now + timedelta(days=1, hours=2))
        check_invariants(made)


@pytest.fixture
def churn(it: Office) -> Office:
    """With the card of churn filled by Sam."""
    it.write(SAM, "new kpi churn")
    it.reply(it.last(SAM, "kpi-card"), CARD)
    return it


def said(letters: list[Letter]) -> str:
    """What the one mail that came back says, on one line."""
    assert len(letters) == 1, [letter.text for letter in letters]
    return " ".join(letters[0].text.partition("\n-- \n")[0].split())


def values(it: Office) -> list[tuple[object, ...]]:
    return it.rows("SELECT day, value, by, newest FROM kpi_values ORDER BY id")


def test_six_answers_make_a_card_and_what_is_open_is_asked_for(it: Office) -> None:
    assert it.write(SAM, "new kpi churn")[0].kinds == ("kpi-card",)
    card = it.reply(it.last(SAM, "kpi-card"), CARD.replace("at most 5 %", "somewhere better").replace("me\n", "Mia\n"))
    assert "Still open: where it should be" in said(card)
    assert not it.rows("SELECT key FROM timers WHERE key LIKE 'kpi:%'")
    done = it.reply(card[0], "target: at most 5 %")
    assert "churn has a card now; it is with Mia" in said(done).replace("Churn", "churn")
    it.until(MONDAY + timedelta(minutes=5))
    assert "The card of churn is complete. I ask for the first value on Mon 30 Nov." in it.last(MIA, "kpi")
    assert it.rows("SELECT unit, baseline, rule, high, low, target, owner, stage FROM kpis") == [
        ("%", 4.2, "FREQ=WEEKLY;BYDAY=MO", 5.0, None, 5.0, MIA, "live")
    ]


def test_values_are_asked_of_the_owner_with_the_last_one_and_its_trend(churn: Office) -> None:
    churn.until(utc("2026-11-30 12:00"))
    asked = churn.last(SAM, "kpi-values")
    assert (asked.at.hour, asked.at.weekday()) == (10, 0)
    assert "4.2 % at the start; at most 5 % wanted" in asked
    assert not churn.inbox(MIA, "kpi-values")
    assert churn.reply(asked, "4.4 %, a calm week") == [], "a routine answer gets no receipt"
    churn.until(utc("2026-12-07 12:00"))
    assert "4.4 % on Mon 30 Nov" in churn.last(SAM, "kpi-values")
    churn.reply(churn.last(SAM, "kpi-values"), "no change")
    assert [row[:2] for row in values(churn)] == [("2026-11-30", 4.4), ("2026-12-07", 4.4)]
    history = said(churn.write(ANA, "history of churn"))
    assert "Mon 30 Nov: 4.4 %, said by Sam (a calm week)" in history


def test_a_value_said_before_it_is_asked_for_spares_the_reminder(churn: Office) -> None:
    churn.until(utc("2026-11-30 12:00"))
    assert said(churn.write(SAM, "kpi churn 4.4 %")) == "Churn is 4.4 % now."
    churn.until(utc("2026-12-02 12:00"))
    assert not churn.inbox(SAM, "reminder")


WRONG = (
    ("kpi churn 3 h", "Churn is counted in %, not in h"),
    ("kpi chrun 3 %", "I know no KPI called chrun"),
    ("kpi churn 130 %", "130 % is more than the whole"),
)


def test_what_can_be_no_value_is_said_and_nothing_is_kept(churn: Office) -> None:
    for line, answer in WRONG:
        assert answer in said(churn.write(SAM, line)), line
    assert "Churn belongs to another team; Sam can say its value" in said(churn.write(ANA, "kpi churn 3 %"))
    assert values(churn) == []


def test_two_who_say_one_value_hear_of_each_other_and_both_are_kept(churn: Office) -> None:
    churn.write(SAM, "kpi churn 4.4 %")
    assert "Sam had just said 4.4 %; both are kept, yours counts" in said(churn.write(MIA, "kpi churn 4.6 %"))
    assert values(churn) == [("2026-11-23", 4.4, SAM, 0), ("2026-11-23", 4.6, MIA, 1)]


def test_weak_twice_proposes_an_objective_and_a_yes_drafts_it(churn: Office) -> None:
    churn.until(utc("2026-11-30 12:00"))
    churn.reply(churn.last(SAM, "kpi-values"), "5.6 %")
    assert not any("weak" in letter.subject for letter in churn.inbox(SAM, "kpi"))
    churn.until(utc("2026-12-07 12:00"))
    churn.reply(churn.last(SAM, "kpi-values"), "6.2")
    churn.until(utc("2026-12-07 12:10"))
    weak = churn.last(SAM, "kpi")
    assert "Churn is not where it should be, twice in a row" in weak
    assert "churn" not in weak.subject.lower()
    assert churn.reply(weak, "yes")[0].kinds == ("okr-design",)
    assert churn.rows("SELECT name, start, target, unit, owners FROM key_results") == [
        ("churn", 6.2, 5.0, "%", f'["{SAM}"]')
    ]
    churn.until(utc("2026-12-07 13:00"))
    churn.reply(churn.last(MIA, "okr-design"), "publish")
    churn.write(SAM, "kpi churn 5.6 %")
    assert "KR1 moved with it" in churn.last(SAM, "receipt")
    assert churn.rows("SELECT value FROM key_results") == [(5.6,)]
    churn.until(utc("2026-12-14 12:00"))
    churn.reply(churn.last(SAM, "kpi-values"), "5.5")
    assert len([letter for letter in churn.inbox(SAM, "kpi") if "weak" in letter.subject]) == 1, "told once"


def test_the_team_sees_its_figures_and_who_asks_what_a_kpi_is_beside_a_goal(churn: Office) -> None:
    assert "There are no KPIs yet" in said(churn.write(ANA, "kpis"))
    churn.write(SAM, "kpi churn 5.6 %")
    assert "1 figure; not where it should be: churn" in said(churn.write(MIA, "kpis"))
    assert "1 Kennzahl; nicht da, wo sie sein soll: churn" in said(churn.write(LEE, "Kennzahlen"))
    assert "churn: 5.6 % on Mon 23 Nov" in said(churn.write(ANA, "kpis of Product"))
    table = said(churn.write(MIA, "kpi help"))
    assert "watching something that has to stay well" in table and "changing something on purpose" in table


def test_what_somebody_left_behind_is_told_once_to_who_is_asked_about_it_now(churn: Office) -> None:
    churn.write(SAM, "task: rotate the keys by 4 December")
    without = "".join(line for line in CONFIG.splitlines(keepends=True) if SAM not in line)
    churn.until(utc("2026-11-23 22:00"))
    churn.reconfigure(without)
    churn.reconfigure(without)
    assert not churn.inbox(MIA, "handover"), "not at night"
    churn.until(utc("2026-11-26 12:00"))
    (told,) = churn.inbox(MIA, "handover")
    assert told.subject == "Sam has left: who takes over what"
    assert "rotate the keys (by Fri 4 Dec, no. 1)" in told and "churn" in told
    assert not churn.inbox(LEE, "handover") and not churn.inbox(ANA, "handover")
    assert "Lee" in said(churn.reply(told, "assign 1 to Lee"))
    churn.reply(churn.write(MIA, "new kpi churn")[0], "4. Lee")
    assert churn.rows("SELECT owner, high, stage FROM kpis") == [(LEE, 5.0, "live")]


def test_a_file_in_the_folder_is_taken_whole_or_refused_with_a_word_to_the_operator(churn: Office) -> None:
    folder = churn.data / "kpi"
    folder.mkdir()
    (folder / "week.csv").write_text("kpi,day,value,comment\nchurn,2026-11-09,4.1,\nchurn,2026-11-16,4.4 %,calm\n")
    churn.tick()
    assert values(churn) == [("2026-11-09", 4.1, MIA, 1), ("2026-11-16", 4.4, MIA, 1)]
    (folder / "bad.csv").write_text("kpi,day,value\nchurn,2026-11-17,4\nchrun,2026-11-18,4\nchurn,2027-01-01,4\n")
    churn.until(MONDAY + timedelta(minutes=5))
    assert len(values(churn)) == 2, "nothing of it was kept"
    assert [len(list((folder / name).iterdir())) for name in ("taken", "refused")] == [1, 1]
    notice = churn.last(MIA, "notice")
    assert "there is no KPI 'chrun'" in notice and "2027-01-01 is still to come" in notice


def test_the_command_line_sets_lists_and_imports(churn: Office, tmp_path: Path) -> None:
    config = str(tmp_path / "config.yaml")
    day = f"{clock.now():%Y}-01-05"

    def run(*words: str) -> tuple[int, str]:
        ran = CliRunner().invoke(main, ["-c", config, "kpi", *words])
        return ran.exit_code, ran.output

    assert run("set", "churn", "3.2 %", "--on", day)[0] == 0
    assert values(churn) == [(day, 3.2, MIA, 1)]
    code, told = run("set", "churn", "3 h")
    assert (code, "another unit" in told) == (2, True)
    assert "churn" in run("list")[1]
    sheet = tmp_path / "figures.csv"
    sheet.write_text(f"kpi;day;value\nchurn;{day};3,4\n")
    assert run("import", str(sheet))[0] == 0
    assert [row[1] for row in values(churn)] == [3.2, 3.4]
    assert run("import", str(tmp_path / "none.csv"))[0] == run("set", "churn")[0] == 2
