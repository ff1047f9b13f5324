"""What people were offered to choose from by number, and what they chose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from assistant.store.text import dumps, instant, loads


def offer(
    db: Database,
    now: datetime,
    person: str,
    inbound: int | None,
    lines: Sequence[tuple[str, str]],
    mail: int | None = None,
) -> None:
    """``lines`` are what the numbers 1, 2, … stand for, each with what it is about ("" where it says so itself).

    ``mail`` shows them, where it is written already.
    """
    db.execute(
        "INSERT INTO choices (person, inbound, mail, options, offered_at) VALUES (?, ?, ?, ?, ?)",
        [person, inbound, mail, dumps(list(lines)), instant(now)],
    )


def show(db: Database, inbound: int, mail: int) -> None:
    """The receipt of that reply is the mail that shows what was offered."""
    db.execute("UPDATE choices SET mail = ? WHERE inbound = ? AND mail IS NULL", [mail, inbound])


def offered(db: Database, person: str, mail: int) -> list[tuple[str, str]]:
    """What that mail offered; empty where nothing."""
    row = db.execute(
        "SELECT options FROM choices WHERE person = ? AND mail = ? ORDER BY id DESC", [person, mail]
    ).fetchone()
    return [] if row is None else [(line, context) for line, context in loads(row[0])]


def settled(db: Database, now: datetime, person: str, mail: int) -> None:
    db.execute("UPDATE choices SET settled_at = ? WHERE person = ? AND mail = ?", [instant(now), person, mail])
