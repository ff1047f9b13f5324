"""Polls, closed pulses, announcements and who read them, and decisions that were asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from assistant.store.text import dumps, instant, loads, optional_instant, read_instant, read_optional_instant


@dataclass(frozen=True, slots=True)
class Poll:
    """``outcome`` is what the result told, None until it closed."""

    id: int
    question: str
    options: tuple[str, ...]
    several: bool
    ranked: bool
    secret: bool
    team: str
    author: str
    day: date
    closes: datetime
    outcome: Mapping[str, Any] | None = None

    @property
    def occurrence(self) -> str:
        return f"poll:{self.id}/{self.day.isoformat()}"


_POLL = "SELECT id, question, options, several, ranked, secret, team, author, day, closes, outcome FROM polls"


def _poll(row: Sequence[Any]) -> Poll:
    id_, question, options, several, ranked, secret, team, author, day, closes, outcome = row
    return Poll(
        id_, question, tuple(loads(options)), bool(several), bool(ranked), bool(secret), team, author,
        date.fromisoformat(day), read_instant(closes), None if outcome is None else loads(outcome),
    )  # fmt: skip


def add(db: Database, poll: Poll, inbound: int) -> Poll:
    """With its number; the one it comes with counts for nothing."""
    made = db.execute(
        "INSERT INTO polls (question, options, several, ranked, secret, team, author, day, closes, inbound)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            poll.question, dumps(list(poll.options)), int(poll.several), int(poll.ranked), int(poll.secret), poll.team,
            poll.author, poll.day.isoformat(), instant(poll.closes), inbound,
        ],
    )  # fmt: skip
    return _poll(db.execute(f"{_POLL} WHERE id = ?", [made.lastrowid]).fetchone())


def poll(db: Database, id_: int) -> Poll | None:
    row = db.execute(f"{_POLL} WHERE id = ?", [id_]).fetchone()
    return None if row is None else _poll(row)


def open_polls(db: Database) -> list[Poll]:
    return [_poll(row) for row in db.execute(f"{_POLL} WHERE outcome IS NULL ORDER BY id")]


def close(db: Database, id_: int, outcome: Mapping[str, object]) -> None:
    db.execute("UPDATE polls SET outcome = ? WHERE id = ?", [dumps(dict(outcome)), id_])


@dataclass(frozen=True, slots=True)
class Pulse:
    """A team's pulse that is closed. ``answers`` and averages are None where fewer than five answered."""

    occurrence: str
    team: str
    day: date
    answers: int | None
    score: float | None
    balance: float | None
    reasons: tuple[str, ...]


_PULSE = "SELECT occurrence, team, day, answers, score, balance, reasons FROM pulses"


def _pulse(row: Sequence[Any]) -> Pulse:
    occurrence, team, day, answers, score, balance, reasons = row
    return Pulse(occurrence, team, date.fromisoformat(day), answers, score, balance, tuple(loads(reasons)))


def add_pulse(db: Database, pulse: Pulse) -> None:
    db.execute(
        "INSERT INTO pulses VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            pulse.occurrence, pulse.team, pulse.day.isoformat(), pulse.answers, pulse.score, pulse.balance,
            dumps(list(pulse.reasons)),
        ],
    )  # fmt: skip


def pulse(db: Database, occurrence: str) -> Pulse | None:
    row = db.execute(f"{_PULSE} WHERE occurrence = ?", [occurrence]).fetchone()
    return None if row is None else _pulse(row)


def pulses(db: Database, teams: Iterable[str], first: date, last: date) -> list[Pulse]:
    """Those that told something, by day."""
    rows = db.execute(
        f"{_PULSE} WHERE team IN (SELECT value FROM json_each(?)) AND day BETWEEN ? AND ? AND answers IS NOT NULL"
        " ORDER BY day, occurrence",
        [dumps(list(teams)), first.isoformat(), last.isoformat()],
    )
    return [_pulse(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Announcement:
    id: int
    team: str
    author: str
    text: str
    at: datetime

    @property
    def key(self) -> str:
        return f"announced/{self.id}"


_ANNOUNCEMENT = "SELECT id, team, author, text, at FROM announcements"


def add_announcement(db: Database, now: datetime, team: str, author: str, text: str, inbound: int) -> Announcement:
    made = db.execute(
        "INSERT INTO announcements (team, author, text, at, inbound) VALUES (?, ?, ?, ?, ?)",
        [team, author, text, instant(now), inbound],
    )
    return Announcement(int(made.lastrowid or 0), team, author, text, now)


def announcement(db: Database, id_: int) -> Announcement | None:
    row = db.execute(f"{_ANNOUNCEMENT} WHERE id = ?", [id_]).fetchone()
    if row is None:
        return None
    id_, team, author, text, at = row
    return Announcement(id_, team, author, text, read_instant(at))


def see(db: Database, now: datetime, what: str, person: str) -> bool:
    """False where they had said so before."""
    made = db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", [what, person, instant(now)])
    return made.rowcount == 1


def seen(db: Database, what: str) -> set[str]:
    return {row[0] for row in db.execute("SELECT person FROM seen WHERE what = ?", [what])}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision that was asked for. ``decision`` is "" until it is made; ``record`` then holds it."""

    id: int
    question: str
    team: str
    author: str
    decider: str
    reason: str = ""
    stakes: str = ""
    options: tuple[str, ...] = field(default=())
    cost: str = ""
    due: datetime | None = None
    decision: str = ""
    record: int | None = None


_WANTED = (
    "SELECT id, question, team, author, decider, reason, stakes, options, cost, due, decision, record"
    " FROM decision_requests"
)


def add_wanted(db: Database, wanted: Wanted, inbound: int) -> int:
    made = db.execute(
        "INSERT INTO decision_requests (question, team, author, decider, reason, stakes, options, cost, due, inbound)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            wanted.question, wanted.team, wanted.author, wanted.decider, wanted.reason, wanted.stakes,
            dumps(list(wanted.options)), wanted.cost, optional_instant(wanted.due), inbound,
        ],
    )  # fmt: skip
    return int(made.lastrowid or 0)


def wanted(db: Database, id_: int) -> Wanted | None:
    row = db.execute(f"{_WANTED} WHERE id = ?", [id_]).fetchone()
    if row is None:
        return None
    id_, question, team, author, decider, reason, stakes, options, cost, due, decision, record = row
    return Wanted(
        id_, question, team, author, decider, reason, stakes, tuple(loads(options)), cost, read_optional_instant(due),
        decision, record,
    )  # fmt: skip


def complete(db: Database, wanted: Wanted) -> None:
    """What its author added."""
    db.execute(
        "UPDATE decision_requests SET stakes = ?, options = ?, cost = ?, due = ? WHERE id = ?",
        [wanted.stakes, dumps(list(wanted.options)), wanted.cost, optional_instant(wanted.due), wanted.id],
    )


def decide(db: Database, id_: int, decision: str, record: int) -> None:
    db.execute("UPDATE decision_requests SET decision = ?, record = ? WHERE id = ?", [decision, record, id_])
