"""``assistant search``"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from assistant import clock, config
from assistant.commands.console import console, printable, reader, table
from assistant.domain import audience as audiences
from assistant.inbound.commands import Search
from assistant.store import database
from assistant.wiring import desk
from assistant.workflows import finding, outbox

MOST = 50
LINES = 6


def run(path: Path, words: str, *, name: str | None, since: date | None, until: date | None, as_json: bool) -> int:
    """1 where nothing was found. Raises UnknownName where nobody is called so."""
    settings = config.load(path)
    asker = reader(settings.setup, name)
    db = database.open_store(settings.data)
    try:
        home = desk(settings, db, {}, {}, clock.now())
        found = finding.find(home, asker, Search(words, first=since, last=until), MOST)
        names = {entry.person: outbox.name_of(home, entry.person) for entry in found}
    finally:
        db.close()
    if as_json:
        shown = [
            {
                "day": entry.day.isoformat(),
                "person": entry.person,
                "name": names[entry.person],
                "about": entry.about,
                "audience": entry.audience,
                "text": entry.text,
            }
            for entry in found
        ]
        print(json.dumps(shown, indent=2, ensure_ascii=False))
        return 0 if found else 1
    if not found:
        click.echo(f"Nothing that {asker.name} may read has all of these words.")
        return 1
    rows = table("day", "who", "about", "text", title=f"What {asker.name} may read, newest first")
    for entry in found:
        about = f"{entry.about}, private" if audiences.is_private(entry.audience) else entry.about
        text = printable(finding.excerpt(entry.text, words, LINES))
        rows.add_row(entry.day.isoformat(), names[entry.person], about, text)
    console().print(rows, markup=False)
    if len(found) == MOST:
        click.echo(f"These are the newest {MOST}: another word, or --since and --until, finds fewer.")
    return 0
