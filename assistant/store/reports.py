"""What reports count and gather: a fixed number of queries for all readers of a report together.

Each query begins at a list of names, so that it costs what these rounds, teams, owners or series hold and nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from assistant.domain.questions import CONFIDENCE_FLOOR, Answer
from assistant.store.text import dumps, instant, loads, read_day, read_instant, read_optional_instant


@dataclass(frozen=True, slots=True)
class Participation:
    """How often a person was asked and answered, late answers included. ``audience`` "": over all their teams."""

    audience: str
    person: str
    asked: int
    answered: int


@dataclass(frozen=True, slots=True)
class Said:
    """A sure answer to a prompt of a round, or one that came late. ``versions`` before the newest are left out."""

    prompt: int
    audience: str
    person: str
    kind: str
    day: date
    answer: Answer
    at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """A blocker or an action item. ``closed_at`` None: it is open. Dropped ones are never among them."""

    id: int
    text: str
    owner: str
    audience: str
    context: str
    opened_at: datetime
    closed_at: datetime | None
    due: date | None
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting, planned or held or skipped."""

    series: str
    original_start: datetime
    start: datetime
    took_place: bool
    summarised: bool


_ROUNDS = "json_each(?) AS name CROSS JOIN prompts p ON p.parent = name.value AND p.day BETWEEN ? AND ?"
"""CROSS JOIN keeps SQLite to this order, which is the one its indexes serve."""

_ANSWERED = "(p.state = 'answered' OR p.late = 1)"
_ASKED = "(p.state IN ('answered', 'missed') OR p.late = 1)"


def participation(db: Database, rounds: Iterable[str], first: date, last: date) -> list[Participation]:
    """By team and person, then by person alone, where a question to several teams counts once.

    What was skipped, could not be asked or still waits for an answer does not count as asked.
    """
    values = [dumps(list(rounds)), first.isoformat(), last.isoformat()]
    by_team = db.execute(
        f"SELECT p.audience, p.person, sum({_ASKED}), sum({_ANSWERED}) FROM {_ROUNDS}"
        " WHERE p.audience LIKE 'team:%' GROUP BY p.audience, p.person",
        values,
    ).fetchall()
    overall = db.execute(
        "SELECT '', person, sum(asked), sum(answered) FROM"
        f" (SELECT p.person, max({_ASKED}) AS asked, max({_ANSWERED}) AS answered FROM {_ROUNDS}"
        " WHERE p.audience LIKE 'team:%' GROUP BY p.person, p.kind, p.day) GROUP BY person",
        values,
    ).fetchall()
    return [Participation(*row) for row in (*by_team, *overall)]


_SAID = (
    "SELECT p.id, p.audience, p.person, p.kind, p.day, a.question, a.text, a.value, a.confidence, a.how, a.at"
    f" FROM {_ROUNDS} CROSS JOIN answers a ON a.prompt = p.id AND a.newest = 1 WHERE p.audience LIKE 'team:%'"
)


def _said(row: Sequence[Any]) -> Said:
    prompt, audience, person, kind, day, question, text, value, confidence, how, at = row
    answer = Answer(question, text, confidence, how, None if value is None else loads(value))
    return Said(prompt, audience, person, kind, date.fromisoformat(day), answer, read_instant(at))


def said(db: Database, rounds: Iterable[str], questions: Iterable[str], first: date, last: date) -> list[Said]:
    """The sure answers to these questions that were asked from ``first`` to ``last``, oldest day first."""
    rows = db.execute(
        f"{_SAID} AND a.question IN (SELECT value FROM json_each(?)) AND a.confidence >= ? ORDER BY p.day, p.id, a.id",
        [dumps(list(rounds)), first.isoformat(), last.isoformat(), dumps(list(questions)), CONFIDENCE_FLOOR],
    )
    return [_said(row) for row in rows]


def said_late(db: Database, round_: str, first: date, last: date, since: datetime, until: datetime) -> list[Said]:
    """Answers to prompts of these days that came after their occurrence was closed, in that stretch of time."""
    rows = db.execute(
        f"{_SAID} AND a.late = 1 AND a.at > ? AND a.at <= ? ORDER BY p.day, p.id, a.id",
        [dumps([round_]), first.isoformat(), last.isoformat(), instant(since), instant(until)],
    )
    return [_said(row) for row in rows]


_ITEM = "SELECT r.id, r.text, r.owner, r.audience, r.context, r.opened_at, r.closed_at, r.due, r.minutes"
_ALIVE = "r.state IN ('open', 'done') AND (r.state = 'open' OR r.closed_at >= ?)"


def _item(row: Sequence[Any]) -> Item:
    id_, text, owner, audience, context, opened_at, closed_at, due, minutes = row
    return Item(
        id_, text, owner, audience, context, read_instant(opened_at), read_optional_instant(closed_at), read_day(due),
        minutes,
    )  # fmt: skip


def blockers(db: Database, teams: Iterable[str], since: datetime) -> list[Item]:
    """The open ones of these teams and those closed since then."""
    rows = db.execute(
        f"{_ITEM} FROM json_each(?) AS name CROSS JOIN records r ON r.context = name.value AND r.kind = 'blocker'"
        f" WHERE {_ALIVE} AND r.audience = 'team:' || r.context ORDER BY r.id",
        [dumps(list(teams)), instant(since)],
    )
    return [_item(row) for row in rows]


def decisions(db: Database, teams: Iterable[str], since: datetime) -> list[Item]:
    """Those of whole teams that were taken since then and stand."""
    rows = db.execute(
        f"{_ITEM} FROM json_each(?) AS name CROSS JOIN records r ON r.context = name.value AND r.kind = 'decision'"
        " WHERE r.state = 'open' AND r.opened_at >= ? AND r.audience = 'team:' || r.context ORDER BY r.id",
        [dumps(list(teams)), instant(since)],
    )
    return [_item(row) for row in rows]


def actions_in(db: Database, contexts: Iterable[str], since: datetime) -> list[Item]:
    """The open action items of these teams and series and those done since then, without private ones."""
    rows = db.execute(
        f"{_ITEM} FROM json_each(?) AS name CROSS JOIN records r ON r.context = name.value AND r.kind = 'action'"
        f" WHERE {_ALIVE} AND (r.audience LIKE 'team:%' OR r.audience LIKE 'series:%')"
        " ORDER BY r.due IS NULL, r.due, r.id",
        [dumps(list(contexts)), instant(since)],
    )
    return [_item(row) for row in rows]


def actions_of(db: Database, owners: Iterable[str], since: datetime) -> list[Item]:
    """The open action items of these people and those done since then, whoever may read them."""
    rows = db.execute(
        f"{_ITEM} FROM json_each(?) AS name CROSS JOIN records r ON r.owner = name.value AND r.kind = 'action'"
        f" WHERE {_ALIVE} ORDER BY r.due IS NULL, r.due, r.id",
        [dumps(list(owners)), instant(since)],
    )
    return [_item(row) for row in rows]


def meetings(db: Database, series: Iterable[str], first: datetime, last: datetime, now: datetime) -> list[Held]:
    """Those that began in that stretch of time, or stood there before they were moved; in order."""
    bounds = [instant(first), instant(last)]
    rows = db.execute(
        "SELECT m.series, m.original_start, m.start, m.state = 'held' OR (m.state = 'planned' AND m.end <= ?),"
        " m.summary_sent_at IS NOT NULL FROM json_each(?) AS name CROSS JOIN meetings m ON m.series = name.value"
        " WHERE m.state IN ('planned', 'held', 'skipped')"
        " AND (m.start BETWEEN ? AND ? OR m.original_start BETWEEN ? AND ?) ORDER BY m.start, m.key",
        [instant(now), dumps(list(series)), *bounds, *bounds],
    )
    return [Held(name, read_instant(o), read_instant(s), bool(held), bool(done)) for name, o, s, held, done in rows]


def settings(db: Database, names: Iterable[str]) -> dict[tuple[str, str], str]:
    """What people set under these names, by address and name."""
    rows = db.execute(
        "SELECT person, name, value FROM settings WHERE name IN (SELECT value FROM json_each(?))", [dumps(list(names))]
    )
    return {(person, name): value for person, name, value in rows}


def last_digests(db: Database, round_: str, first: date, before: date) -> dict[str, datetime]:
    """When each reader's newest digest of this round was written, among those of days from ``first`` to ``before``."""
    rows = db.execute(
        "SELECT person, max(created_at) FROM outbox WHERE key >= ? AND key < ? GROUP BY person",
        [f"digest {round_}/{first.isoformat()}", f"digest {round_}/{before.isoformat()}"],
    )
    return {person: read_instant(at) for person, at in rows}


def last_closing(db: Database, round_: str, before: date) -> datetime | None:
    """When the newest earlier occurrence of a round closed."""
    row = db.execute(
        "SELECT closed_at FROM occurrences WHERE parent = ? AND day < ? AND closed_at IS NOT NULL"
        " ORDER BY day DESC LIMIT 1",
        [round_, before.isoformat()],
    ).fetchone()
    return read_instant(row[0]) if row else None


def first_day(db: Database, round_: str) -> date | None:
    return read_day(db.execute("SELECT min(day) FROM occurrences WHERE parent = ?", [round_]).fetchone()[0])


def named_blocker_since(db: Database, team: str, since: datetime) -> bool:
    """Whether a blocker of the team was opened since then, or stood open at any time since."""
    found = db.execute(
        "SELECT 1 FROM records WHERE context = ? AND kind = 'blocker' AND state IN ('open', 'done')"
        " AND (closed_at IS NULL OR closed_at >= ?) LIMIT 1",
        [team, instant(since)],
    )
    return found.fetchone() is not None
