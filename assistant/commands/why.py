"""``assistant why``"""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from assistant import config
from assistant.commands.console import console, find_person, table
from assistant.commands.reasons import Teller
from assistant.domain.setup import Setup
from assistant.errors import UnknownName
from assistant.store import database, people, trail


def run(path: Path, what: str) -> None:
    """Raises UnknownName where the trail says nothing about it."""
    settings = config.load(path)
    subject = _subject(settings.setup, what)
    db = database.open_store(settings.data)
    try:
        meetings = settings.setup.series_named(subject) is not None
        steps = trail.of_series(db, subject) if meetings else trail.of(db, subject)
        teller = Teller(settings.setup, people.former_names(db))
    finally:
        db.close()
    if not steps:
        raise UnknownName(f"nothing is recorded about {subject!r}")
    shown = table("when (UTC)", "what was done, and why")
    for step in steps:
        shown.add_row(f"{step.at:%Y-%m-%d %H:%M}", Text(teller.sentence(step)))
    console().print(shown)


def _subject(setup: Setup, what: str) -> str:
    """A row such as "mail 12", also "12"; a meeting's name or title; else a person."""
    if what.isdigit():
        return f"mail {what}"
    if " " in what and what.rpartition(" ")[2].isdigit():
        return what
    for series in setup.series:
        if what in (series.name, series.title):
            return series.name
    return find_person(setup, what).address
