"""The documented views and what is written from them: stable, and without anybody's private words."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import icalendar
import pytest
from click.testing import CliRunner, Result
from sqlite_utils import Database

from assistant.cli import main
from assistant.demo.clients import Client
from assistant.domain import audience as audiences
from assistant.domain.records import RecordKind
from assistant.store import public, rounds
from assistant.store import tasks as tasks_store
from assistant.store.database import open_store
from tests.journeys.office import Office, office, utc
from tests.workflows.small_team import (
    ANA,
    LEE,
    MIA,
    MONDAY,
    PAIR,
    SAM,
    VERA,
    answer,
    asked,
    at,
    desk_in,
    prompt_of,
    record,
)

ROOT = Path(__file__).parent.parent
DATA = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
CONFIG = """
assistant: {name: Ada, address: ada@example.com, operator: mia@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product}
  - {name: Lee Park, email: lee@example.com, zone: Europe/Berlin, team: product}
rounds:
  - {kind: check-in, team: product, at: "09:00"}
series:
  - {kind: one-on-one, managers: all, every: week, length: 30 min}
  - {kind: review, name: Product review, team: product, every: week, length: 60 min}
"""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration whose people wrote something open and something private."""
    folder = tmp_path_factory.mktemp("export")
    with office(folder, CONFIG, utc("2026-11-22 12:00")) as it:
        it.until(utc("2026-11-24 09:30"))
        it.reply(it.last("sam@example.com", "check-in"), "1. =HYPERLINK(evil)\n2. Staging outage\n3. Nothing")
        _say_privately(it)
        it.until(utc("2026-11-24 12:30"))
    return folder / "config.yaml"


def _say_privately(it: Office) -> None:
    call = next(
        letter for letter in it.inbox("sam@example.com", "agenda-call") if "1:1" in letter.subject + letter.text
    )
    it.reply(call, "4. Canary staging salary", client=Client.OUTLOOK)


def assistant(config: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(config), *words])


# --- The views -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = open_store(tmp_path_factory.mktemp("views"))
    yield db
    db.close()


def documented(view: str) -> set[str]:
    """The columns in the section of a view."""
    section = DATA.partition(f"\n## {view}\n")[2].partition("\n## ")[0]
    return {name for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}


def test_each_view_and_each_of_its_columns_is_documented_and_nothing_else_is(store: Database) -> None:
    views = {f"{public.PREFIX}{name}" for name in public.names(store)}
    assert views == set(re.findall(r"^## (public_\w+)$", DATA, re.MULTILINE))
    for view in views:
        assert documented(view) == set(store[view].columns_dict), view


PRIVATE = (
    audiences.pair(PAIR.name), audiences.person(SAM), audiences.two(SAM, ANA), f"series:{PAIR.name}",
    "series:review.of-two", "series:unknown", "", "team", "everyone else",
)  # fmt: skip
OPEN = (audiences.EVERYONE, audiences.team("product"), "series:review.product")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The same under every label: "canary" where it is private, "open" where it is not."""
    desk = desk_in(tmp_path_factory.mktemp("filled"))
    for series, people in (("review.of-two", [MIA, SAM]), ("review.product", [MIA, SAM, LEE]), (PAIR.name, [MIA, SAM])):
        desk.db.execute(
            "INSERT INTO placements (series, uid, start, zone, minutes, rrule, participants, placed_at)"
            " VALUES (?, ?, '2026-11-16T09:00:00Z', 'UTC', 30, '', ?, '2026-11-16T09:00:00Z')",
            [series, series, json.dumps(people)],
        )
    for number, label in enumerate((*PRIVATE, *OPEN)):
        word = "canary" if label in PRIVATE else "open"
        for kind in (RecordKind.ACTION, RecordKind.FEEDBACK, RecordKind.POINT):
            id_ = record(desk, kind, f"{word} {kind} {label}", SAM, at(16, 9), label=label)
            tasks_store.note(desk.db, at(16, 10), id_, f"{word} note {label}", SAM, None)
        key = asked(desk, MONDAY.replace(month=1, day=number + 1), {SAM: {"done": f"{word} answer {label}"}})
        desk.db.execute("UPDATE prompts SET audience = ? WHERE occurrence = ?", [label, key])
    for round_ in ("pulse", "poll"):
        key = asked(desk, MONDAY.replace(month=2, day=len(round_)), {LEE: {"done": "open"}})
        desk.db.execute("UPDATE prompts SET kind = ? WHERE occurrence = ?", [round_, key])
        answer(desk, prompt_of(desk, key, LEE), {"next": f"canary {round_}"}, at(16, 9))
    desk.db.execute(
        "INSERT INTO polls (question, options, several, ranked, secret, team, author, day, closes)"
        " VALUES ('open', '[]', 0, 0, 0, 'product', ?, '2026-11-16', ''),"
        " ('canary', '[]', 0, 0, 1, 'product', ?, '2026-11-16', '')",
        [MIA, MIA],
    )
    for key in ("pulse/1", "pulse/2"):
        rounds.open_occurrence(desk.db, at(16, 9), key, "pulse", "pulse.product", MONDAY, {})
    desk.db.execute("INSERT INTO pulses VALUES ('pulse/1', 'product', '2026-11-16', 4, 3.14159, 2, '[\"canary\"]')")
    desk.db.execute("INSERT INTO pulses VALUES ('pulse/2', 'product', '2026-11-17', 5, 8, 7, '[\"canary\"]')")
    yield desk.db
    desk.db.close()


def told(rows: object) -> str:
    return json.dumps(rows, ensure_ascii=False, default=str)


def test_no_view_tells_what_is_private_or_anonymous(filled: Database) -> None:
    for name in public.names(filled):
        rows = list(filled[f"public_{name}"].rows)
        assert "canary" not in told(rows), name
        labels = {row["audience"] for row in rows if "audience" in row}
        assert not labels & set(PRIVATE), name
        assert not any(audiences.is_private(label) for label in labels), name
    assert "3.14159" not in told(list(filled["public_pulses"].rows))
    for name, count in (("answers", 3), ("records", 6), ("tasks", 3), ("polls", 1), ("pulses", 1)):
        assert filled[f"public_{name}"].count == count, name


def test_one_persons_share_is_what_they_may_read_and_what_they_wrote(filled: Database) -> None:
    def share(address: str, labels: set[str]) -> str:
        return told([list(table.rows) for table in public.all_of(filled, address, labels)])

    ana = share(ANA, {audiences.EVERYONE, audiences.two(SAM, ANA)})
    assert f"canary feedback {audiences.two(SAM, ANA)}" in ana
    assert audiences.person(SAM) not in ana and audiences.pair(PAIR.name) not in ana
    assert "canary" not in share(VERA, {audiences.EVERYONE})
    assert all(f"canary answer {label}" in share(SAM, set()) for label in PRIVATE)
    assert "canary pulse" not in share(LEE, {audiences.team("product")})


def test_the_views_can_be_read_without_us(filled: Database) -> None:
    """As sqlite-utils and Datasette do: no function of ours is needed."""
    path = next(row[2] for row in filled.execute("PRAGMA database_list"))
    other = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for name in public.names(filled):
        other.execute(f"SELECT * FROM public_{name}").fetchall()
    other.close()


# --- The command -----------------------------------------------------------------------------------------------------


def test_an_export_holds_each_view_as_a_file_that_only_its_owner_can_read(lived: Path, tmp_path: Path) -> None:
    result = assistant(lived, "export", str(tmp_path / "out"))
    assert result.exit_code == 0 and "all that is not private" in result.output
    files = sorted((tmp_path / "out").iterdir())
    assert [file.name for file in files] == [f"{name}.csv" for name in public.names(open_store(lived.parent / "data"))]
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    assert "Staging outage" in text and "Canary" not in text


def test_a_spreadsheet_is_given_no_formula_and_json_is_exact(lived: Path, tmp_path: Path) -> None:
    assistant(lived, "export", str(tmp_path / "csv"))
    with (tmp_path / "csv" / "answers.csv").open(encoding="utf-8", newline="") as handle:
        texts = [row["text"] for row in csv.DictReader(handle)]
    assert "'=HYPERLINK(evil)" in texts
    assistant(lived, "export", str(tmp_path / "json"), "--format", "json")
    rows: list[dict[str, Any]] = json.loads((tmp_path / "json" / "answers.json").read_text(encoding="utf-8"))
    assert "=HYPERLINK(evil)" in [row["text"] for row in rows]


def test_the_file_for_datasette_holds_the_views_and_nothing_else(lived: Path, tmp_path: Path) -> None:
    assistant(lived, "export", str(tmp_path / "out"), "--format", "sqlite")
    file = Database(tmp_path / "out" / "assistant-export.db")
    assert sorted(file.table_names()) == public.names(open_store(lived.parent / "data"))
    assert file["answers"].count == 3 and b"Canary" not in (tmp_path / "out" / "assistant-export.db").read_bytes()


def test_a_calendar_shows_meetings_and_marks_those_of_two_private(lived: Path, tmp_path: Path) -> None:
    assistant(lived, "export", str(tmp_path / "out"), "--format", "ics")
    raw = (tmp_path / "out" / "meetings.ics").read_bytes()
    events = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    private = {str(event["SUMMARY"]) for event in events if event.get("CLASS") == "PRIVATE"}
    assert {str(event["SUMMARY"]) for event in events} == {"Mia / Sam 1:1", "Mia / Lee 1:1", "Product review"}
    assert private == {"Mia / Sam 1:1", "Mia / Lee 1:1"}
    assert b"Canary" not in raw and b"ATTENDEE" not in raw and b"\r\n" in raw


def test_ones_own_is_exported_with_private_words_and_it_is_said_aloud(lived: Path, tmp_path: Path) -> None:
    result = assistant(lived, "export", str(tmp_path / "out"), "--as", "sam")
    assert "Attention: what is private to Sam Osei" in result.output
    text = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir())
    assert "Canary staging salary" in text
    assert {"mails.csv", "settings.csv", "absences.csv"} <= {file.name for file in (tmp_path / "out").iterdir()}
    result = assistant(lived, "export", str(tmp_path / "lee"), "--as", "lee")
    text = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "lee").iterdir())
    assert "Canary" not in text and "Staging outage" in text


def test_a_folder_that_holds_something_is_left_alone(lived: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    refused = assistant(lived, "export", str(tmp_path))
    assert refused.exit_code == 2 and "is not an empty folder" in refused.output
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]
    assert assistant(lived, "export", str(tmp_path / "mine.txt")).exit_code == 2
    assert assistant(lived, "export", str(tmp_path / "x"), "--as", "nobody").exit_code == 2
    assert not (tmp_path / "x").exists()


def test_search_shows_what_its_reader_may_read_and_says_whose_eyes_it_has(lived: Path) -> None:
    mine = assistant(lived, "search", "staging")
    assert "What Mia Chen may read" in mine.output and "Attention" not in mine.output
    assert "points, private" in mine.output and "Canary staging salary" in mine.output, "she is one of the two"
    lees = assistant(lived, "search", "staging", "--as", "lee")
    assert "Attention: you are reading as Lee Park" in lees.output
    assert "Canary" not in lees.output and "Staging outage" in lees.output
    assert assistant(lived, "search", "staging", "--until", "2026-11-23").exit_code == 1
    rows = json.loads(assistant(lived, "search", "outage", "--since", "2026-11-24", "--json").output)
    assert [(row["person"], row["audience"]) for row in rows] == [("sam@example.com", "team:product")]
    assert assistant(lived, "search", "x", "--since", "yesterday").exit_code == 2


def test_why_explains_a_meeting_in_sentences(lived: Path) -> None:
    shown = " ".join(assistant(lived, "why", "Product review").output.split())
    assert "I gave Product review its time" in shown
    assert "because of the check-in of Product" in " ".join(assistant(lived, "why", "sam").output.split())
    assert "Canary" not in assistant(lived, "why", "sam").output


def test_an_operator_who_is_in_no_team_says_who_is_asking(lived: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    text = CONFIG.replace("operator: mia@example.com", "operator: ops@example.com")
    config.write_text(text + f"data: {lived.parent / 'data'}\n", encoding="utf-8")
    refused = assistant(config, "search", "staging")
    assert refused.exit_code == 2 and "say with --as who is asking" in refused.output
    assert "Attention: you are reading as Mia Chen" in assistant(config, "search", "staging", "--as", "mia").output
