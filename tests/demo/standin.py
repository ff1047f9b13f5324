"""A stand-in that asks like the assistant: prompts in the Maildirs of the people at their local nine o'clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from assistant.adapters.local import deliver

from assistant.demo.script import read

PEOPLE = read("team.yaml")["configuration"]["people"]
CHECK_IN = {"done": "What did you get done?", "next": "What is on for today?", "blockers": "Anything in your way?"}
CHECK_IN_PATHS = ("check-in/done", "check-in/next", "check-in/blockers")


def prompt(
    to: str,
    at: datetime,
    subject: str = "Check-in, Tue 24 Nov",
    kinds: Sequence[str] = ("check-in",),
    paths: Sequence[str] = CHECK_IN_PATHS,
    lead_in: str = "Morning. Just reply; two minutes are plenty.",
) -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = "Ada <ada@demo.example>"
    mail["Reply-To"] = "Ada <ada+t1a2b3@demo.example>"
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{to.split('@', maxsplit=1)[0]}.{at:%Y%m%d%H%M}@demo.example>"
    mail["X-Assistant-Kind"] = ", ".join(kinds)
    mail["X-Assistant-Questions"] = ", ".join(paths)
    keys = [path.partition("/")[2] for path in paths]
    asked = "\n".join(f"{number}. {CHECK_IN.get(key, key)}" for number, key in enumerate(keys, 1))
    mail.set_content(f"{lead_in}\n\n{asked}\n\nYour team reads the answers.\n")
    mail.add_alternative(f"<html><body><p>{lead_in}</p><p>{asked}</p></body></html>", subtype="html")
    return mail


class StandIn:
    def __init__(self, folder: Path, start: datetime, end: datetime) -> None:
        self._folder = folder
        self._due = sorted(_mornings(start, end))

    def tick(self, now: datetime) -> None:
        while self._due and self._due[0][0] <= now:
            at, address = self._due.pop(0)
            deliver(self._folder, address, prompt(address, at).as_bytes(), f"{at:%Y%m%d%H%M}")

    def next_due(self) -> datetime | None:
        return self._due[0][0] if self._due else None


def _mornings(start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    found = []
    for person in PEOPLE:
        local = start.astimezone(ZoneInfo(person["zone"])).replace(hour=9, minute=0)
        while local < end:
            if start <= local and local.weekday() < 5:
                found.append((local.astimezone(UTC), person["email"]))
            local += timedelta(days=1)
    return found
