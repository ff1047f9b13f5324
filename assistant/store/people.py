"""What we learnt about people beyond the configuration: who came and went, what they set, when they are away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlite_utils import Database

from assistant.domain.people import Absence, Person
from assistant.store.text import instant, read_day, read_instant


def meet(db: Database, now: datetime, people: Iterable[Person]) -> tuple[list[str], list[str]]:
    """Compare with who was known; returns (joined, left) addresses and remembers both."""
    current = {person.address: person for person in people}
    rows = db.execute("SELECT address, left_at FROM people").fetchall()
    here = {address for address, left_at in rows if left_at is None}
    joined = [address for address in current if address not in here]
    left = sorted(here - current.keys())
    for address in joined:
        db.execute(
            "INSERT INTO people (address, name, joined_at) VALUES (?, ?, ?)"
            " ON CONFLICT (address) DO UPDATE SET left_at = NULL, joined_at = excluded.joined_at, welcomed_at = NULL",
            [address, current[address].name, instant(now)],
        )
    for address in left:
        db.execute("UPDATE people SET left_at = ? WHERE address = ?", [instant(now), address])
    return joined, left


def unwelcomed_since(db: Database, address: str) -> datetime | None:
    """When somebody joined who was not welcomed yet."""
    row = db.execute(
        "SELECT joined_at FROM people WHERE address = ? AND welcomed_at IS NULL AND left_at IS NULL", [address]
    ).fetchone()
    return None if row is None else read_instant(row[0])


def welcomed(db: Database, now: datetime, address: str) -> None:
    db.execute("UPDATE people SET welcomed_at = ? WHERE address = ?", [instant(now), address])


def former_names(db: Database) -> dict[str, str]:
    """Names of those who left, for text they appear in."""
    return dict(db.execute("SELECT address, name FROM people WHERE left_at IS NOT NULL").fetchall())


SUSPENDED = "suspended"
"""The setting of somebody whose address takes no mail, with the day since when."""


def setting(db: Database, person: str, name: str) -> str | None:
    row = db.execute("SELECT value FROM settings WHERE person = ? AND name = ?", [person, name]).fetchone()
    return None if row is None else str(row[0])


def settings(db: Database, person: str) -> dict[str, str]:
    return dict(db.execute("SELECT name, value FROM settings WHERE person = ? ORDER BY name", [person]).fetchall())


def set_(db: Database, now: datetime, person: str, name: str, value: str, inbound: int | None) -> None:
    db.execute(
        "INSERT INTO settings VALUES (?, ?, ?, ?, ?) ON CONFLICT (person, name)"
        " DO UPDATE SET value = excluded.value, set_at = excluded.set_at, inbound = excluded.inbound",
        [person, name, value, instant(now), inbound],
    )


def wishes(db: Database) -> dict[str, dict[str, str]]:
    """What people set for themselves and the setup is to show, by address and name."""
    found: dict[str, dict[str, str]] = {}
    for person, name, value in db.execute(
        "SELECT person, name, value FROM settings WHERE name IN ('zone', 'hours', 'language') OR name LIKE 'at:%'"
    ):
        found.setdefault(person, {})[name] = value
    return found


def unset(db: Database, person: str, name: str) -> bool:
    return bool(db.execute("DELETE FROM settings WHERE person = ? AND name = ?", [person, name]).rowcount)


def add_absence(db: Database, now: datetime, absence: Absence, source: str, inbound: int | None = None) -> None:
    """``source``: "reply", "auto-reply" or "calendar"."""
    db.execute(
        "INSERT INTO absences (person, first, last, source, set_at, inbound) VALUES (?, ?, ?, ?, ?, ?)",
        [
            absence.person, absence.first.isoformat(), absence.last.isoformat() if absence.last else None, source,
            instant(now), inbound,
        ],
    )  # fmt: skip


def end_absences(db: Database, person: str, day: date) -> int:
    """They are back on ``day``: what covers it ends the day before, and what begins later stays."""
    yesterday = date.fromordinal(day.toordinal() - 1).isoformat()
    gone = db.execute(
        "DELETE FROM absences WHERE person = ? AND first = ? AND (last IS NULL OR last >= ?)",
        [person, day.isoformat(), day.isoformat()],
    )
    cut = db.execute(
        "UPDATE absences SET last = ? WHERE person = ? AND first < ? AND (last IS NULL OR last >= ?)",
        [yesterday, person, day.isoformat(), day.isoformat()],
    )
    return int(gone.rowcount + cut.rowcount)


def set_calendar_absences(
    db: Database, now: datetime, person: str, days: Sequence[tuple[date, date]], first: date, last: date
) -> None:
    """What the calendar says of ``first`` to ``last`` replaces what it said before."""
    db.execute(
        "DELETE FROM absences WHERE person = ? AND source = 'calendar' AND first <= ? AND last >= ?",
        [person, last.isoformat(), first.isoformat()],
    )
    for begin, end in days:
        add_absence(db, now, Absence(person, begin, end), "calendar")


def absences(db: Database, person: str, since: date) -> list[Absence]:
    """Those that cover ``since`` or come after it."""
    rows = db.execute(
        "SELECT person, first, last FROM absences WHERE person = ? AND (last IS NULL OR last >= ?) ORDER BY first",
        [person, since.isoformat()],
    )
    return [Absence(who, date.fromisoformat(first), read_day(last)) for who, first, last in rows]


def all_absences(db: Database, first: date, last: date) -> list[Absence]:
    """Everybody's that touch the stretch, both days included."""
    rows = db.execute(
        "SELECT person, first, last FROM absences WHERE first <= ? AND (last IS NULL OR last >= ?)"
        " ORDER BY person, first",
        [last.isoformat(), first.isoformat()],
    )
    return [Absence(who, date.fromisoformat(begin), read_day(end)) for who, begin, end in rows]
