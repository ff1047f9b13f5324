"""The commands as somebody at a terminal meets them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from assistant import __version__
from assistant.cli import main
from assistant.demo import clients
from assistant.demo.clients import Client
from assistant.demo.dressing import Sender
from assistant.domain.kinds import KINDS
from tests.journeys.office import office, utc

ROOT = Path(__file__).parent.parent
DOCUMENTED = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
COMMANDS = sorted(main.commands)
HEAVY = ("jinja2", "rich", "sqlite_utils", "pydantic", "ruamel", "icalendar", "holidays", "schedule", "email.message")

CONFIG = """
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product}
rounds:
  - {kind: check-in, team: product, at: "09:00"}
  - {kind: weekly-update, team: product, at: "Fri 15:00"}
series:
  - {kind: one-on-one, managers: all, every: week, length: 30 min}
"""
SUNDAY, MONDAY = "2026-11-22T12:00:00+00:00", "2026-11-23T09:05:00+00:00"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def assistant(config: Path, *words: str, said: str | None = None) -> Result:
    return CliRunner().invoke(main, ["-c", str(config), *words], input=said)


def done(result: Result) -> str:
    assert result.exit_code == 0, result.output
    assert "Traceback" not in result.output
    return result.output


# --- What is said about them -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_and_option_is_documented_with_an_example(name: str) -> None:
    command = main.commands[name]
    _, _, section = DOCUMENTED.partition(f"\n## {name}\n")
    section = section.partition("\n## ")[0]
    assert f"    assistant {name}" in section
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            for option in parameter.opts:
                assert f"`{option}" in section, option
    assert f"Example: assistant {name}" in (command.help or "")


def test_no_command_or_option_is_documented_that_does_not_exist() -> None:
    assert sorted(re.findall(r"^## (\S+)$", DOCUMENTED, re.MULTILINE)) == COMMANDS
    known = {option for command in main.commands.values() for p in command.params for option in p.opts}
    known |= {option for parameter in main.params for option in parameter.opts} | {"--help", "-h", "--version"}
    assert set(re.findall(r"--[a-z]+", DOCUMENTED)) <= known


def test_each_kind_is_in_the_documentation_of_preview() -> None:
    section = DOCUMENTED.partition("\n## preview\n")[2].partition("\n## ")[0]
    assert [kind for kind in KINDS if f"`{kind}`" not in section] == []


@pytest.mark.parametrize("words", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_is_quick_because_nothing_heavy_is_imported(words: list[str]) -> None:
    code = (
        "import sys\nfrom assistant.cli import main\n"
        f"try: main({words!r})\nexcept SystemExit: pass\n"
        f"print('heavy:', [m for m in {HEAVY!r} if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage:" in ran.stdout and ran.stdout.endswith("heavy: []\n")


def test_the_version_is_that_of_the_package() -> None:
    assert __version__ in done(CliRunner().invoke(main, ["--version"]))


# --- From nothing to a running assistant -----------------------------------------------------------------------------

ANSWERS = "Ada <ada@example.com>\nMia Chen <mia@example.com>\nEurope/Berlin\nProduct\nSam Osei <sam@example.com>\n"


def test_init_check_upcoming_and_run_follow_each_other(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    assert "written" in done(assistant(config, "init", said=ANSWERS))
    checked = done(assistant(config, "check"))
    assert "good. 2 people" in checked and "First to go out" in checked
    ahead = done(assistant(config, "upcoming", "--now", SUNDAY))
    assert "Check-in" in ahead and "Mia Chen" in ahead and "09:00 Berlin" in ahead
    assert not (tmp_path / "data" / "mail" / "mia@example.com").exists(), "nothing was sent so far"
    done(assistant(config, "run", "--once", "--now", SUNDAY))
    done(assistant(config, "run", "--once", "--now", MONDAY))
    assert any((tmp_path / "data" / "mail" / "mia@example.com" / "new").iterdir())


def test_init_asks_again_what_it_cannot_read_and_keeps_what_is_there(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    wrong_zone = ANSWERS.replace("Europe/Berlin", "Berlinn\nEurope/Berlin")
    done(assistant(config, "init", said=wrong_zone))
    before = config.read_bytes()
    refused = assistant(config, "init", said=ANSWERS.replace("Product", "Platform"))
    assert refused.exit_code == 2 and "--force" in refused.output and config.read_bytes() == before
    done(assistant(config, "init", "--force", said=ANSWERS.replace("Product", "Platform")))
    assert b"platform" in config.read_bytes()


def test_upcoming_is_what_then_goes_out(config: Path) -> None:
    promised = json.loads(done(assistant(config, "upcoming", "--now", SUNDAY, "--days", "5", "--json")))
    with office(config.parent, CONFIG, utc("2026-11-22 12:00")) as it:
        it.until(utc("2026-11-27 12:00"))
        came = [
            {"person": x.to, "at": x.at.astimezone(UTC).isoformat(), "subject": x.subject, "kinds": list(x.kinds)}
            for who in ("mia@example.com", "sam@example.com")
            for x in it.inbox(who)
        ]
    found = sorted((m["at"], m["person"], m["subject"]) for m in promised if m["at"] <= "2026-11-27T12")
    assert found == sorted((m["at"], m["person"], m["subject"]) for m in came)


def test_upcoming_of_one_person_shows_nobody_else(config: Path) -> None:
    shown = done(assistant(config, "upcoming", "--now", SUNDAY, "--person", "sam"))
    assert "Sam Osei" in shown and "Mia Chen" not in shown
    unknown = assistant(config, "upcoming", "--person", "nobody")
    assert unknown.exit_code == 2 and "nobody is called 'nobody'" in unknown.output


def test_run_refuses_to_mail_real_people_before_somebody_agreed(config: Path) -> None:
    """An adapter that is not the local one; here one that the test brings along."""
    config.write_text(CONFIG + "accounts: {main: {mail: elsewhere, calendar: local}}\n", encoding="utf-8")
    refused = assistant(config, "run", "--once", "--now", SUNDAY)
    assert refused.exit_code == 2 and "elsewhere" in refused.output and "Traceback" not in refused.output


def test_approve_is_remembered(config: Path) -> None:
    assert "Approved" in done(assistant(config, "upcoming", "--approve", "--now", SUNDAY))


# --- Looking at what happened ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration of a house in which a week has passed."""
    folder = tmp_path_factory.mktemp("lived")
    with office(folder, CONFIG, utc("2026-11-22 12:00")) as it:
        it.until(utc("2026-11-23 09:30"))
        it.reply(it.last("sam@example.com", "check-in"), "1. Painted\n2. Sold\n3. no")
        it.reply(it.last("sam@example.com", "check-in"), "1. Repainted")
        it.write("sam@example.com", "help")
        it.until(utc("2026-11-24 11:00"))
        it.write("mia@example.com", "away until Friday")
        it.until(utc("2026-12-01 12:00"))
    return folder / "config.yaml"


def files(folder: Path) -> dict[Path, bytes]:
    """All but what SQLite keeps beside an open store."""
    kept = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".db-shm", ".db-wal"))
    return {path: path.read_bytes() for path in kept}


NOW = "2026-12-01T12:00:00+00:00"
PREVIEWED = (
    "check-in", "weekly-update", "agenda-call", "meeting-notes", "agenda", "digest", "reminder", "rollup", "welcome",
)  # fmt: skip


@pytest.mark.parametrize("kind", PREVIEWED)
def test_preview_shows_each_kind_that_comes_and_writes_its_html(lived: Path, tmp_path: Path, kind: str) -> None:
    html = tmp_path / "preview.html"
    data = files(lived.parent)
    shown = assistant(lived, "preview", kind, "mia@example.com", "--html", str(html), "--now", NOW)
    assert "Subject: " in done(shown)
    assert html.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html")
    assert data == files(lived.parent), "nothing changed"


@pytest.mark.parametrize("kind", ["receipt", "help"])
def test_preview_of_what_answers_people_shows_the_last_one(lived: Path, tmp_path: Path, kind: str) -> None:
    shown = assistant(lived, "preview", kind, "sam", "--html", str(tmp_path / "x.html"), "--now", NOW)
    assert "Subject: " in done(shown)


def test_preview_of_no_kind_of_ours_names_those_there_are(lived: Path) -> None:
    refused = assistant(lived, "preview", "newsletter", "mia")
    assert refused.exit_code == 2 and "check-in" in refused.output and "rollup" in refused.output


def test_parse_gives_class_sender_reply_and_answers(lived: Path, tmp_path: Path) -> None:
    boxes = lived.parent / "data" / "mail" / "sam@example.com" / "new"
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in boxes.iterdir()]
    prompt = next(mail for mail in mails if mail["X-Assistant-Kind"] == "check-in")
    now = datetime(2026, 12, 1, 12, tzinfo=UTC) + timedelta(minutes=1)
    sender = Sender("Sam Osei", "sam@example.com")
    text = "1. Ferries sold\n2. More ferries\n3. The dock is closed\naway until Friday"
    raw = clients.reply(Client.OUTLOOK, to_mail=prompt, sender=sender, text=text, now=now)
    file = tmp_path / "reply.eml"
    file.write_bytes(raw)
    found = json.loads(done(assistant(lived, "parse", str(file), "--json")))
    assert {"class", "sender", "reply", "answers"} <= found.keys()
    assert (found["class"], found["sender"], found["reply"]) == ("human", "sam@example.com", text)
    assert {a["question"]: a["text"] for a in found["answers"]} == {
        "done": "Ferries sold",
        "next": "More ferries",
        "blockers": "The dock is closed",
    }
    assert [a["lines"] for a in found["answers"]] == [[1], [2], [3]]
    assert all(a["why"] == "it stands behind the number of the question" for a in found["answers"])
    assert [(each["command"], each["lines"]) for each in found["commands"]] == [("Away", [4])]
    assert "Ferries sold" in done(assistant(lived, "parse", str(file)))
    alone = json.loads(done(assistant(tmp_path / "no-config.yaml", "parse", str(file), "--json")))
    assert alone["reply"] == text and len(alone["answers"]) == 3


def test_why_explains_a_person_and_a_mail_without_anybodys_words(lived: Path) -> None:
    told = done(assistant(lived, "why", "sam"))
    assert "check-in" in told and "Painted" not in told
    assert "mailed" in done(assistant(lived, "why", "mail 1"))
    assert assistant(lived, "why", "mail 99999").exit_code == 2


def test_status_counts_and_shows_nobodys_words(lived: Path) -> None:
    told = json.loads(done(assistant(lived, "status", "--json")))
    assert told["outbox"].keys() == {"sent"} and told["inbound"] == {"applied": 4}
    assert told["running"] is False and told["problems"] == [] and told["set_aside"] == []
    shown = done(assistant(lived, "status"))
    assert "not running" in shown and "Painted" not in shown


def test_backup_makes_a_whole_copy(lived: Path) -> None:
    assert "made and checked" in done(assistant(lived, "backup"))
    assert len(list((lived.parent / "data" / "backups").glob("assistant-*.db"))) == 1


def test_replay_lists_and_puts_back_what_was_put_aside(tmp_path: Path) -> None:
    with office(tmp_path, CONFIG, utc("2026-11-22 12:00")) as it:
        it.until(utc("2026-11-23 09:30"))
        it.reply(it.last("sam@example.com", "check-in"), "1. Painted")
        stolen = it.reply_bytes(it.last("sam@example.com", "check-in"), "1. Something else")
        first_id = it.rows("SELECT message_id FROM inbound")[0][0]
        own_id = clients.message_id_of(stolen)
        it.put(stolen.replace(own_id.encode(), first_id.encode()), "sam@example.com")
    config = tmp_path / "config.yaml"
    assert "quarantined" in done(assistant(config, "replay"))
    assert assistant(config, "status").exit_code == 1
    assert assistant(config, "replay", "77").exit_code == 2
    assert "1 put back" in done(assistant(config, "replay", "--all"))
    done(assistant(config, "run", "--once", "--now", MONDAY))
