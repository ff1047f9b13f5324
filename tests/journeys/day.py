"""One working day that everything is tried on: who writes what when, delivered once however often it is tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import icalendar
import recurring_ical_events
from assistant.adapters.maildir import deliver
from sqlite_utils import Database

from assistant.demo import clients
from assistant.demo.clients import Client
from assistant.demo.dressing import Sender

ADA = "ada@example.com"
PEOPLE = {"mia@example.com": "Mia Chen", "sam@example.com": "Sam Osei", "lee@example.com": "Lee Park"}
MIA, SAM, LEE = PEOPLE

CONFIG = """
assistant: {name: Ada, address: ada@example.com}
people:
  - {name: Mia Chen, email: mia@example.com, zone: Europe/Berlin, team: product, lead: true}
  - {name: Sam Osei, email: sam@example.com, zone: Africa/Accra, team: product}
  - {name: Lee Park, email: lee@example.com, zone: Europe/Berlin, language: de, team: product}
rounds:
  - {kind: check-in, team: product, at: "09:00"}
series:
  - {kind: one-on-one, managers: all, every: week, at: "Tue 11:00", length: 30 min}
"""

SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
_MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
MOMENTS = [SUNDAY, *(_MONDAY + timedelta(minutes=30 * n) for n in range(14)), _MONDAY + timedelta(hours=24)]
"""The instants at which the assistant looks."""

_SAID = [
    ("08:30", MIA, "check-in", "1. Seat map is live\n2. Split payment\n3. Nothing", Client.GMAIL),
    ("09:30", SAM, "check-in", "1. Harbours imported\n2. Load test\n3. The staging database is down", Client.OUTLOOK),
    ("10:00", MIA, "check-in", "1. Seat map is live, with prices", Client.IPHONE),
    ("10:00", SAM, "agenda-call", "{points}. The staging database", Client.THUNDERBIRD),
    ("10:30", LEE, "check-in", "hilfe", Client.GMX),
    ("11:00", LEE, "check-in", "1. Fähre gestrichen\n2. Lackieren\n3. nein", Client.OUTLOOK_WEB),
    ("11:30", LEE, "agenda-call", "{points}. Das Gehalt", Client.APPLE_MAIL),
    ("12:00", MIA, "agenda-call", "{points}. Growth of the team", Client.SAMSUNG),
]


def speak(data: Path, moment: datetime) -> None:
    """Whatever was said up to ``moment`` is in the assistant's Maildir, each mail once."""
    for number, (clock, who, kind, text, client) in enumerate(_SAID):
        due = datetime.combine(_MONDAY.date(), datetime.strptime(clock, "%H:%M").time(), UTC)  # noqa: DTZ007 - UTC is said beside it
        name = f"{number:03}.said"
        if due > moment or any(_names(data, ADA, name)):
            continue
        found = [mail for mail in mails(data, who) if kind in str(mail["X-Assistant-Kind"])]
        if found:
            asked = str(found[0]["X-Assistant-Questions"]).split(", ")
            points = asked.index("agenda-call/points") + 1 if "agenda-call/points" in asked else 0
            sender, at = Sender(PEOPLE[who], who), due + timedelta(seconds=number)
            raw = clients.reply(client, to_mail=found[0], sender=sender, text=text.format(points=points), now=at)
            deliver(data, ADA, raw, name)


def _names(data: Path, address: str, start: str) -> Iterable[Path]:
    return (path for part in ("new", "cur") for path in (data / "mail" / address / part).glob(f"{start}*"))


def mails(data: Path, address: str) -> list[EmailMessage]:
    read = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in _names(data, address, "")]
    return sorted(read, key=lambda mail: str(mail["Message-ID"]))


def outcome(data: Path) -> dict[str, Any]:
    """All that people see and all that they said, in a form in which two runs can be compared."""
    db = Database(data / "assistant.db")
    try:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert not db.execute("PRAGMA foreign_key_check").fetchall()
        received = Counter(
            (who, str(mail["X-Assistant-Kind"]), str(mail["Subject"])) for who in PEOPLE for mail in mails(data, who)
        )
        ids = [str(mail["Message-ID"]) for who in PEOPLE for mail in mails(data, who)]
        assert len(ids) == len(set(ids)), "a mail came twice"
        answers = db.execute(
            "SELECT p.person, p.kind, a.question, a.text, a.newest FROM answers a JOIN prompts p ON p.id = a.prompt"
        )
        records = db.execute("SELECT kind, owner, text, state, audience FROM records")
        return {
            "mails": received,
            "answers": sorted(answers.fetchall()),
            "records": sorted(records.fetchall()),
            "prompts": sorted(db.execute("SELECT occurrence, kind, person, state, reason FROM prompts").fetchall()),
            "inbound": Counter(db.execute("SELECT state, class FROM inbound").fetchall()),
            "outbox": Counter(row[0] for row in db.execute("SELECT state FROM outbox").fetchall()),
            "calendars": {who: _events(data, who) for who in (ADA, *PEOPLE)},
        }
    finally:
        db.close()


def _events(data: Path, address: str) -> list[tuple[datetime, str]]:
    found = []
    for path in (data / "calendars" / address).glob("*.ics"):
        expanded = recurring_ical_events.of(icalendar.Calendar.from_ical(path.read_bytes()))
        for event in expanded.between(SUNDAY, SUNDAY + timedelta(weeks=4)):
            # Not by UID: it is every store's own, and a second event of a meeting stands in the list twice.
            found.append((event.start.astimezone(UTC), f"{event['SUMMARY']} {event.get('DESCRIPTION')}"))
    return sorted(found)
