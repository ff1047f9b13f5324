"""What is due when: one indexed table, so that a tick costs what is due and not how many people there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from assistant.store.text import dumps, instant, read_instant

STRUCTURE, MAIL, CALENDAR = 0, 1, 2
"""Stages. What opens, closes and plans runs before what writes mails, so that one person's mails can be gathered; what
needs calendars read first waits for the calendar loop."""


@dataclass(frozen=True, slots=True)
class Timer:
    """``handler`` names who is called with ``ref``; ``key`` is unique, so that setting a timer again moves it.

    ``strikes`` counts how often it failed.
    """

    key: str
    due: datetime
    handler: str
    ref: str
    person: str = ""
    stage: int = STRUCTURE
    strikes: int = 0


def put(db: Database, timer: Timer) -> None:
    db.execute(
        "INSERT INTO timers (key, due, stage, handler, ref, person, strikes) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET due = excluded.due, stage = excluded.stage, handler = excluded.handler,"
        " ref = excluded.ref, person = excluded.person, strikes = excluded.strikes",
        [timer.key, instant(timer.due), timer.stage, timer.handler, timer.ref, timer.person, timer.strikes],
    )


def drop(db: Database, *keys: str) -> None:
    for key in keys:
        db.execute("DELETE FROM timers WHERE key = ?", [key])


def drop_prefix(db: Database, prefix: str) -> None:
    db.execute("DELETE FROM timers WHERE key >= ? AND key < ?", [prefix, prefix + "\U0010ffff"])


def keys(db: Database, prefix: str) -> set[str]:
    found = db.execute("SELECT key FROM timers WHERE key >= ? AND key < ?", [prefix, prefix + "\U0010ffff"])
    return {row[0] for row in found}


_TIMER = "SELECT key, due, handler, ref, person, stage, strikes FROM timers"


def _timer(row: Sequence[Any]) -> Timer:
    key, at, handler, ref, person, stage, strikes = row
    return Timer(key, read_instant(at), handler, ref, person, stage, strikes)


def with_prefix(db: Database, prefix: str) -> list[Timer]:
    rows = db.execute(
        f"{_TIMER} WHERE key >= ? AND key < ? ORDER BY key",
        [prefix, prefix + "\U0010ffff"],
    )
    return [_timer(row) for row in rows]


def due(db: Database, now: datetime, stage: int, limit: int) -> list[Timer]:
    """Structure by time; mail by person, so that one person's are together."""
    order = "person, due, key" if stage == MAIL else "due, key"
    rows = db.execute(
        f"{_TIMER} WHERE stage = ? AND due <= ? ORDER BY {order} LIMIT ?",
        [stage, instant(now), limit],
    )
    return [_timer(row) for row in rows]


def next_due(db: Database, but: int | None = None) -> datetime | None:
    """Of all stages, or of all but one."""
    where, values = ("", []) if but is None else (" WHERE stage <> ?", [but])
    row = db.execute(f"SELECT min(due) FROM timers{where}", values).fetchone()
    return read_instant(row[0]) if row[0] else None


def upcoming(db: Database, until: datetime) -> Sequence[Timer]:
    rows = db.execute(f"{_TIMER} WHERE due <= ? ORDER BY due, person", [instant(until)])
    return [_timer(row) for row in rows]


def of_person(db: Database, person: str, handler: str) -> list[Timer]:
    rows = db.execute(
        f"{_TIMER} WHERE person = ? AND handler = ? ORDER BY due",
        [person, handler],
    )
    return [_timer(row) for row in rows]


def of_people(db: Database, people: Sequence[str], handlers: Sequence[str]) -> list[Timer]:
    """By person and time; one query for however many."""
    rows = db.execute(
        "SELECT t.key, t.due, t.handler, t.ref, t.person, t.stage, t.strikes FROM json_each(?) AS name"
        " CROSS JOIN timers t ON t.person = name.value AND t.person <> ''"
        " AND t.handler IN (SELECT value FROM json_each(?)) ORDER BY t.person, t.due, t.key",
        [dumps(sorted(set(people))), dumps(list(handlers))],
    )
    return [_timer(row) for row in rows]


def drop_person(db: Database, person: str) -> None:
    db.execute("DELETE FROM timers WHERE person = ?", [person])
