"""What is wrong is said in one sentence with its place and changes nothing; what comes in broken stops only itself."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from assistant.adapters.maildir import deliver
from click.testing import CliRunner, Result
from sqlite_utils import Database

from assistant import loops
from assistant.cli import main
from assistant.daemon import guard_for
from assistant.domain.views import Frame
from assistant.render import Mail, Renderer, Section
from tests.journeys.office import office, utc

GOOD = """\
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product}
rounds:
  - {kind: check-in, team: product, at: "09:00"}
"""
NOW = "2026-11-23T09:30:00+00:00"


def assistant(config: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(config), *words])


def tree(folder: Path) -> dict[str, bytes]:
    """Every file and folder, so that a change shows."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
        if path.suffix not in (".db-shm", ".db-wal")
    }


def mistaken(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


BROKEN = {
    "broken YAML": (mistaken("product, lead: true}", "product, lead: true"), 4, ""),
    "an unknown zone": (mistaken("Europe/Berlin", "Europe/Berlinn"), 3, "people[0].zone"),
    "an unknown manager": (mistaken("Accra, team: product", "Accra, team: product, manager: Ruth"), 4, "manager"),
    "a cycle of managers": (
        mistaken("lead: true", "lead: true, manager: sam@example.com"),
        None,
        "manager",
    ),
    "two people with one address": (mistaken("sam@example.com", "mia@example.com"), 4, "email"),
    "an empty team": (GOOD + "teams: {product: {title: Product}, empty: {title: Empty}}\n", 7, "empty"),
    "a round without questions": (mistaken('at: "09:00"', 'at: "09:00", questions: []'), 6, "questions"),
    "impossible working hours": (mistaken("lead: true", 'lead: true, hours: "17-9"'), 3, "hours"),
    "an unknown option": (mistaken("zone: Africa/Accra", "zome: Africa/Accra"), 4, "zome"),
}


@pytest.mark.parametrize("command", ["check", "run", "upcoming", "status"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_mistake_in_the_configuration_is_one_sentence_with_its_place(tmp_path: Path, name: str, command: str) -> None:
    text, line, field = BROKEN[name]
    config = tmp_path / "config.yaml"
    config.write_text(text, encoding="utf-8")
    before = tree(tmp_path)
    refused = assistant(config, command)
    assert refused.exit_code == 2
    sentences = refused.stderr.splitlines()
    assert len(sentences) == (2 if name == "an unknown option" else 1), refused.stderr
    place = f"{config}:{line}:" if line else f"{config}:"
    assert sentences[0].startswith(place) and field in sentences[0]
    assert refused.stdout == "" and "Traceback" not in refused.stderr
    assert tree(tmp_path) == before


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(mistaken("Europe/Berlin", "Mars/Base").replace('"09:00"', '"25:00"'), encoding="utf-8")
    refused = assistant(config, "check")
    assert refused.exit_code == 2 and len(refused.stderr.splitlines()) == 2


def test_no_configuration_at_all_is_said_so(tmp_path: Path) -> None:
    for command in ("check", "run", "status", "upcoming", "backup", "replay"):
        refused = assistant(tmp_path / "config.yaml", command)
        assert refused.exit_code == 2 and len(refused.stderr.splitlines()) == 1 and "config.yaml" in refused.stderr
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("place", ["file", "proc"])
def test_a_data_folder_that_cannot_be_written_is_said_so(tmp_path: Path, place: str) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    data = tmp_path / "taken" if place == "file" else Path("/proc/assistant")
    config = tmp_path / "config.yaml"
    config.write_text(GOOD + f"data: {data}\n", encoding="utf-8")
    before = tree(tmp_path)
    for command in (["run", "--once"], ["check"], ["backup"]):
        refused = assistant(config, *command)
        assert refused.exit_code == 2, (command, refused.output)
        assert refused.stderr.startswith(f"{data}: ") and len(refused.stderr.splitlines()) == 1
    assert tree(tmp_path) == before


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(GOOD, encoding="utf-8")
    assert assistant(config, "run", "--once", "--now", NOW).exit_code == 0
    db = Database(tmp_path / "data" / "assistant.db")
    db.execute(
        "INSERT INTO _sqlite_migrations SELECT 99, migration_set, 'm999_later', applied_at FROM _sqlite_migrations"
        " LIMIT 1"
    )
    db.conn.commit()
    db.close()
    before = tree(tmp_path)
    for command in (["run", "--once"], ["status"], ["backup"], ["upcoming"]):
        refused = assistant(config, *command)
        assert refused.exit_code == 2, (command, refused.output)
        assert "newer version (m999_later)" in refused.stderr and len(refused.stderr.splitlines()) == 1
    assert tree(tmp_path) == before


def test_a_damaged_store_is_said_so_and_left_as_it_is(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(GOOD, encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "assistant.db").write_bytes(b"this is no database, it only has its name" * 100)
    before = tree(tmp_path)
    refused = assistant(config, "run", "--once")
    assert refused.exit_code == 2 and "backups" in refused.stderr and len(refused.stderr.splitlines()) == 1
    assert (tmp_path / "data" / "assistant.db").read_bytes() == before["data/assistant.db"]


def test_a_store_with_damaged_pages_is_one_sentence_for_every_command(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(GOOD, encoding="utf-8")
    assert assistant(config, "run", "--once", "--now", NOW).exit_code == 0
    store = tmp_path / "data" / "assistant.db"
    whole = store.read_bytes()
    store.write_bytes(whole[:8192] + b"\xaa" * (len(whole) - 8192))
    for command in (["run", "--once"], ["status"], ["upcoming"], ["backup"], ["search", "staging"], ["check"]):
        refused = assistant(config, *command)
        assert refused.exit_code == 2, (command, refused.output)
        assert len(refused.stderr.splitlines()) == 1 and "restore the newest copy" in refused.stderr, command


def test_a_second_daemon_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    with office(tmp_path, GOOD, utc("2026-11-22 12:00")) as it:
        before = it.rows("SELECT count(*) FROM timers")
        words = [sys.executable, "-m", "assistant", "-c", str(config), "run", "--once", "--now", NOW]
        second = subprocess.run(words, capture_output=True, text=True, check=False)
        assert second.returncode == 2 and "another assistant is running on it (process" in second.stderr
        assert len(second.stderr.splitlines()) == 1
        assert it.rows("SELECT count(*) FROM timers") == before


# --- What comes in ---------------------------------------------------------------------------------------------------

HEAD = "From: Sam Osei <sam@example.com>\r\nTo: ada@example.com\r\nSubject: Hello\r\n"
HOSTILE = {
    "no header at all": b"\x00\xff\xfe just bytes",
    "nothing but a header": b"From: <\r\n\r\n",
    "an unknown charset": f"{HEAD}Content-Type: text/plain; charset=utf-9\r\n\r\nhelp\xe9".encode("latin-1"),
    "a charset with a NUL": f"{HEAD}Content-Type: text/plain; charset=\x00\r\n\r\nhelp".encode(),
    "broken identifiers": f"{HEAD}Message-ID: <a@[\r\nIn-Reply-To: <\r\nReferences: <<<>>\r\n\r\nhi".encode(),
    "a boundary that never comes": f'{HEAD}Content-Type: multipart/mixed; boundary="x\r\n\r\nhi'.encode(),
    "a thousand levels": (
        HEAD + "".join(f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(1000)) + "hi"
    ).encode(),
    "open parentheses": ("From: " + "(" * 5000 + "\r\n\r\nhi").encode(),
    "broken base64": f"{HEAD}Content-Transfer-Encoding: base64\r\n\r\n*not base64*".encode(),
    "an invitation that is none": f"{HEAD}Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:NOTHING".encode(),
    "ten megabytes": HEAD.encode() + b"\r\nhelp\r\n" + b"x" * 1000 * 10_500,
    "ten megabytes of lines": HEAD.encode() + b"\r\n" + b"1. a\r\n" * 1_700_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_broken_mail_is_kept_byte_for_byte_and_stops_only_itself(tmp_path: Path, name: str) -> None:
    with office(tmp_path, GOOD, utc("2026-11-22 12:00")) as it:
        it.until(utc("2026-11-23 09:30"))
        deliver(it.data, "ada@example.com", HOSTILE[name], "a-broken")
        it.reply(it.last("sam@example.com", "check-in"), "1. Still here\n2. Go on\n3. no")
        assert it.rows("SELECT text FROM answers WHERE text = 'Still here'") == [("Still here",)]
        states = it.rows("SELECT state FROM inbound WHERE length(raw) = ?", len(HOSTILE[name]))
        assert len(states) == 1 and states[0][0] in ("ignored", "applied", "shunted", "quarantined")
        it.now += timedelta(hours=1)
        it.tick()


CALENDARS = {
    "no calendar": b"BEGIN:VCALENDAR\r\nthis is none",
    "bytes": b"\x00\xff\xfe",
    "a rule that never ends": (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTART:20000101T000000Z\r\n"
        b"DTEND:20000101T000001Z\r\nRRULE:FREQ=SECONDLY\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ),
}


@pytest.mark.parametrize("name", CALENDARS)
def test_an_unreadable_calendar_file_is_skipped_with_a_line_in_status(tmp_path: Path, name: str) -> None:
    meeting = GOOD + "series:\n  - {kind: one-on-one, managers: all, every: week, length: 30 min}\n"
    folder = tmp_path / "data" / "calendars" / "sam@example.com"
    folder.mkdir(parents=True)
    (folder / "broken.ics").write_bytes(CALENDARS[name])
    with office(tmp_path, meeting, utc("2026-11-22 12:00")) as it:
        it.until(utc("2026-11-22 14:00"))
        assert it.rows("SELECT count(*) FROM meetings")[0][0] > 0, "the rest goes on"
        assert len(it.calendar("mia@example.com")) == 1
    told = json.loads(assistant(tmp_path / "config.yaml", "status", "--json").stdout)
    assert [p for p in told["problems"] if "broken.ics" in p["place"]], told["problems"]


class Unlucky(Renderer):
    """Help cannot be rendered; all else can."""

    def mail(self, sections: Sequence[Section], frame: Frame) -> Mail:
        if any(section.kind == "help" for section in sections):
            raise ZeroDivisionError("the words of somebody: canary")
        return super().mail(sections, frame)


def test_a_mail_that_cannot_be_handled_is_put_aside_the_third_time_with_a_line_in_status(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with office(tmp_path, GOOD, utc("2026-11-22 12:00")) as it:
        it.until(utc("2026-11-23 08:30"))
        it.house.desk = replace(it.house.desk, render=Unlucky())
        deliver(it.data, "ada@example.com", f"{HEAD}\r\nhelp\r\n".encode())
        for _ in range(4):
            it.now += timedelta(minutes=10)
            loops.everything(it.house, it.now, guard_for(it.house, it.now))
        it.reply(it.last("sam@example.com", "check-in"), "1. Still here\n2. Go on\n3. no")
        assert it.rows("SELECT count(*) FROM answers") == [(3,)]
        assert it.rows("SELECT state, strikes FROM inbound ORDER BY id")[0] == ("shunted", 3)
        told = it.last("mia@example.com", "notice")
        assert "put aside" in told and "canary" not in told.text
    status = assistant(tmp_path / "config.yaml", "status")
    assert status.exit_code == 1 and "shunted" in status.stdout and "canary" not in status.stdout + caplog.text
    assert "shunted" in assistant(tmp_path / "config.yaml", "replay").stdout
