"""``assistant why``"""

from __future__ import annotations

from pathlib import Path

from assistant import config
from assistant.commands.console import console, find_person, table
from assistant.errors import UnknownName
from assistant.store import database, trail


def run(path: Path, what: str) -> None:
    """Raises UnknownName where the trail says nothing about it."""
    settings = config.load(path)
    subject = what if " " in what and what.rpartition(" ")[2].isdigit() else f"mail {what}" if what.isdigit() else None
    if subject is None:
        subject = find_person(settings.setup, what).address
    db = database.open_store(settings.data)
    steps = trail.of(db, subject)
    db.close()
    if not steps:
        raise UnknownName(f"nothing is recorded about {subject!r}")
    shown = table("when (UTC)", "who", "what was done", "on", "because")
    for step in steps:
        shown.add_row(f"{step.at:%Y-%m-%d %H:%M}", step.person, step.act, step.subject, step.because)
    console().print(shown)
