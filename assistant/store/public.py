"""The documented views: all that is not private, under stable names; and one person's own share of the store.

What the columns mean is in docs/data.md. Views called ``kept_…`` hold private text too, beside who may read it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from assistant.store.text import dumps

PREFIX = "public_"

_MINE: Mapping[str, str] = {
    "answers": "SELECT * FROM kept_answers WHERE person = :me OR audience IN {labels}",
    "records": "SELECT * FROM kept_records WHERE author = :me OR audience IN {labels}",
    "tasks": "SELECT * FROM kept_tasks WHERE :me IN (owner, author) OR audience IN {labels}",
    "task_notes": (
        "SELECT * FROM kept_task_notes WHERE by = :me OR audience IN {labels}"
        " OR task IN (SELECT id FROM kept_tasks WHERE :me IN (owner, author))"
    ),
    "meetings": "SELECT * FROM public_meetings WHERE 'pair:' || series IN {labels} OR 'series:' || series IN {labels}",
    "settings": "SELECT name, value, set_at FROM settings WHERE person = :me",
    "absences": "SELECT first, last, source, set_at FROM absences WHERE person = :me",
    "mails": "SELECT id, sent_at, kinds, subject, text FROM outbox WHERE person = :me AND state = 'sent'",
}
"""What of a view somebody may read, and what else is theirs; all may read the views not named here."""
_LABELS = "(SELECT value FROM json_each(:labels))"


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` can be gone through once."""

    name: str
    columns: Sequence[str]
    rows: Iterator[Sequence[Any]]


def names(db: Database) -> list[str]:
    """Of the documented views, without their prefix."""
    return sorted(view.removeprefix(PREFIX) for view in db.view_names() if view.startswith(PREFIX))


def all_public(db: Database) -> Iterator[Table]:
    for name in names(db):
        yield _table(db, name, f"SELECT * FROM {PREFIX}{name}", {})


def all_of(db: Database, address: str, labels: Collection[str]) -> Iterator[Table]:
    """What a person may read (``labels``) and what they wrote, private words included."""
    given = {"me": address, "labels": dumps(sorted(labels))}
    for name in sorted({*names(db), *_MINE}):
        query = _MINE.get(name, f"SELECT * FROM {PREFIX}{name}").format(labels=_LABELS)
        yield _table(db, name, query, given)


def _table(db: Database, name: str, query: str, given: Mapping[str, str]) -> Table:
    found = db.execute(query, {key: value for key, value in given.items() if f":{key}" in query})
    return Table(name, [column[0] for column in found.description], found)


def write_file(path: Path, tables: Iterable[Table]) -> int:
    """A SQLite file that holds these tables and nothing else; returns how many rows."""
    total = 0
    file = Database(sqlite3.connect(path))
    try:
        for table in tables:
            rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
            if rows:
                file.table(table.name).insert_all(rows)
                total += len(rows)
            else:
                file.table(table.name).create(dict.fromkeys(table.columns, str))
    finally:
        file.close()
    return total
