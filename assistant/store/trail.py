"""Why the assistant did what it did, and what went wrong: ids and codes only, never anybody's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from assistant.store.database import read_meta, write_meta
from assistant.store.text import dumps, instant, loads, read_instant

_RESTS = "rests"


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


def of_series(db: Database, series: str, limit: int = 50) -> list[Step]:
    """The same about a series and each of its meetings."""
    rows = db.execute(
        "SELECT at, person, act, subject, because FROM (SELECT * FROM trail WHERE subject = ?"
        " OR subject >= ? AND subject < ? ORDER BY id DESC LIMIT ?) ORDER BY id",
        [series, f"meeting/{series}/", f"meeting/{series}0", limit],
    )
    return [Step(read_instant(at), *rest) for at, *rest in rows]


def bounces(db: Database, person: str, since: datetime) -> int:
    """How many mails to a person came back for good since then, and since their address was last taken up again."""
    row = db.execute(
        "SELECT count(DISTINCT subject) FROM trail WHERE person = ? AND act = 'bounced' AND because = 'permanent'"
        " AND at >= ? AND id > (SELECT coalesce(max(id), 0) FROM trail WHERE person = ? AND act = 'resumed')",
        [person, instant(since), person],
    ).fetchone()
    return int(row[0])


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


def amend(db: Database, place: str, message: str) -> None:
    """Say something else of a place; who was told of it is not told again."""
    newest = "(SELECT key FROM problems WHERE place = ? ORDER BY last_at DESC, key LIMIT 1)"
    db.execute(
        f"UPDATE OR REPLACE problems SET key = ?, message = ? WHERE key = {newest}",
        [f"{place}: {message}", message, place],
    )


def settled(db: Database, place: str) -> None:
    db.execute("DELETE FROM problems WHERE place = ?", [place])


def troubles(db: Database) -> list[Trouble]:
    rows = db.execute("SELECT place, message, first_at, times FROM problems ORDER BY first_at, key")
    return [Trouble(place, message, read_instant(at), times) for place, message, at, times in rows]


@dataclass(frozen=True, slots=True)
class Rest:
    """A place that is left alone ``until`` then, after it failed so many times running."""

    place: str
    until: datetime
    times: int
    error: str


def put_rests(db: Database, rests: Sequence[Rest]) -> None:
    """All there are just now, in place of those noted before."""
    rows = [[rest.place, instant(rest.until), rest.times, rest.error] for rest in rests]
    write_meta(db, _RESTS, dumps(rows))


def rests(db: Database) -> list[Rest]:
    return [
        Rest(place, read_instant(until), times, error)
        for place, until, times, error in loads(read_meta(db, _RESTS) or "[]")
    ]


def untold(db: Database, now: datetime) -> list[Trouble]:
    """Problems the operator was not mailed about yet; asking marks them told."""
    if db.execute("SELECT 1 FROM problems WHERE told_at IS NULL LIMIT 1").fetchone() is None:
        return []
    rows = db.execute(
        "SELECT place, message, first_at, times FROM problems WHERE told_at IS NULL ORDER BY first_at, key"
    ).fetchall()
    db.execute("UPDATE problems SET told_at = ? WHERE told_at IS NULL", [instant(now)])
    return [Trouble(place, message, read_instant(at), times) for place, message, at, times in rows]
