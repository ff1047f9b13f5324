"""Why the assistant did what it did, and what went wrong: ids and codes only, never anybody's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from assistant.store.text import instant, read_instant


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    person: str
    act: str
    subject: str
    because: str


def record(db: Database, now: datetime, person: str, act: str, subject: str, because: str) -> None:
    """``act`` and ``because`` are short codes ("asked", "round check-in.product"); ``subject`` is the row acted on."""
    db.execute(
        "INSERT INTO trail (at, person, act, subject, because) VALUES (?, ?, ?, ?, ?)",
        [instant(now), person, act, subject, because],
    )


def of(db: Database, person_or_subject: str, limit: int = 50) -> list[Step]:
    """The newest steps about a person or a row, oldest first."""
    rows = db.execute(
        "SELECT at, person, act, subject, because FROM (SELECT * FROM trail WHERE person = ? OR subject = ?"
        " ORDER BY id DESC LIMIT ?) ORDER BY id",
        [person_or_subject, person_or_subject, limit],
    )
    return [Step(read_instant(at), *rest) for at, *rest in rows]


@dataclass(frozen=True, slots=True)
class Trouble:
    place: str
    message: str
    first_at: datetime
    times: int


def trouble(db: Database, now: datetime, place: str, message: str) -> None:
    """Note a problem once per place and message; a repeat only counts up."""
    db.execute(
        "INSERT INTO problems (key, place, message, first_at, last_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET times = times + 1, last_at = excluded.last_at",
        [f"{place}: {message}", place, message, instant(now), instant(now)],
    )


def settled(db: Database, place: str) -> None:
    db.execute("DELETE FROM problems WHERE place = ?", [place])


def troubles(db: Database) -> list[Trouble]:
    rows = db.execute("SELECT place, message, first_at, times FROM problems ORDER BY first_at, key")
    return [Trouble(place, message, read_instant(at), times) for place, message, at, times in rows]


def untold(db: Database, now: datetime) -> list[Trouble]:
    """Problems the operator was not mailed about yet; asking marks them told."""
    if db.execute("SELECT 1 FROM problems WHERE told_at IS NULL LIMIT 1").fetchone() is None:
        return []
    rows = db.execute(
        "SELECT place, message, first_at, times FROM problems WHERE told_at IS NULL ORDER BY first_at, key"
    ).fetchall()
    db.execute("UPDATE problems SET told_at = ? WHERE told_at IS NULL", [instant(now)])
    return [Trouble(place, message, read_instant(at), times) for place, message, at, times in rows]
