"""What is between two people, and what a team cheers at: feedback, praise and wins beside their records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from assistant.domain.records import RecordKind
from assistant.store.text import dumps, instant, read_instant


@dataclass(frozen=True, slots=True)
class Cheer:
    """A win of ``owner``, or praise of them by ``author``. ``team`` is whose news it is."""

    kind: RecordKind
    text: str
    owner: str
    author: str
    team: str
    at: datetime


def twos(db: Database, person: str) -> frozenset[str]:
    """The labels of this person and one other under which anything was ever written."""
    return frozenset(row[0] for row in db.execute("SELECT label FROM twos WHERE person = ?", [person]))


def cheers(db: Database, teams: Iterable[str], since: datetime, until: datetime) -> list[Cheer]:
    """Praise and wins that these teams read, from ``since`` on and before ``until``, oldest first."""
    rows = db.execute(
        "SELECT r.kind, r.text, r.owner, r.author, r.context, r.opened_at FROM json_each(?) AS name"
        " CROSS JOIN records r INDEXED BY records_cheers ON r.context = name.value AND r.opened_at >= ?"
        " AND r.opened_at < ? WHERE r.kind IN ('praise', 'win') AND r.state <> 'dropped'"
        " AND r.audience = 'team:' || r.context ORDER BY r.id",
        [dumps(list(teams)), instant(since), instant(until)],
    )
    return [
        Cheer(RecordKind(kind), text, owner, author, team, read_instant(at))
        for kind, text, owner, author, team, at in rows
    ]


def share(db: Database, prompt: int, audience: str) -> None:
    """What this prompt asked may be read by more: its answers from now on and what was made of those before."""
    db.execute("UPDATE prompts SET audience = ? WHERE id = ?", [audience, prompt])
    db.execute("UPDATE records SET audience = ? WHERE prompt = ?", [audience, prompt])


def feedback_for(db: Database, person: str, since: datetime) -> list[tuple[str, str, str, datetime]]:
    """(text, author, audience, when) of the feedback somebody got from ``since`` on, oldest first."""
    rows = db.execute(
        "SELECT text, author, audience, opened_at FROM records WHERE owner = ? AND kind = 'feedback'"
        " AND state = 'open' AND opened_at >= ? AND occurrence NOT LIKE 'feedback/%' ORDER BY id",
        [person, instant(since)],
    )
    return [(text, author, audience, read_instant(at)) for text, author, audience, at in rows]
