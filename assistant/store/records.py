"""Points, action items, blockers, decisions and takeaways, each with its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from assistant.domain.records import Draft, Record, RecordKind, RecordState
from assistant.store.text import instant, read_day, read_instant, read_optional_instant

_RECORD = (
    "SELECT id, kind, text, owner, author, audience, context, occurrence, state, opened_at, closed_at, due, minutes"
    " FROM records"
)


def _record(row: Sequence[Any]) -> Record:
    id_, kind, text, owner, author, audience, context, occurrence, state, opened_at, closed_at, due, minutes = row
    return Record(
        id_, RecordKind(kind), text, owner, author, audience, context, occurrence, RecordState(state),
        read_instant(opened_at), read_optional_instant(closed_at), read_day(due), minutes,
    )  # fmt: skip


def add(
    db: Database,
    now: datetime,
    draft: Draft,
    *,
    owner: str,
    author: str,
    audience: str,
    context: str,
    occurrence: str,
    prompt: int | None = None,
    inbound: int | None = None,
) -> int:
    """The number people will use for it."""
    made = db.execute(
        "INSERT INTO records (kind, text, owner, author, audience, context, occurrence, prompt, inbound, state,"
        " opened_at, due, minutes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?)",
        [
            draft.kind.value, draft.text, owner, author, audience, context, occurrence, prompt, inbound, instant(now),
            None if draft.due is None else draft.due.isoformat(), draft.minutes,
        ],
    )  # fmt: skip
    id_ = int(made.lastrowid or 0)
    _history(db, now, id_, author, "opened", inbound)
    return id_


def _history(db: Database, now: datetime, id_: int, by: str, change: str, inbound: int | None) -> None:
    db.execute(
        "INSERT INTO record_history (record, at, by, change, inbound) VALUES (?, ?, ?, ?, ?)",
        [id_, instant(now), by, change, inbound],
    )


def close(db: Database, now: datetime, id_: int, state: RecordState, by: str, inbound: int | None = None) -> bool:
    """False where it was closed already."""
    closed = db.execute(
        "UPDATE records SET state = ?, closed_at = ? WHERE id = ? AND state = 'open'", [state.value, instant(now), id_]
    )
    if closed.rowcount:
        _history(db, now, id_, by, state.value, inbound)
    return closed.rowcount == 1


def reopen(db: Database, now: datetime, id_: int, by: str, inbound: int | None = None) -> bool:
    """False where it was open."""
    opened = db.execute(
        "UPDATE records SET state = 'open', closed_at = NULL WHERE id = ? AND state IN ('done', 'dropped')", [id_]
    )
    if opened.rowcount:
        _history(db, now, id_, by, "reopened", inbound)
    return opened.rowcount == 1


def change(
    db: Database,
    now: datetime,
    id_: int,
    said: str,
    by: str,
    inbound: int | None = None,
    *,
    owner: str | None = None,
    due: date | None = None,
) -> None:
    """Give it another owner or day, or note only that ``said`` happened; what is None stays."""
    db.execute(
        "UPDATE records SET owner = coalesce(?, owner), due = coalesce(?, due) WHERE id = ?",
        [owner, None if due is None else due.isoformat(), id_],
    )
    _history(db, now, id_, by, said, inbound)


def history(db: Database, id_: int) -> list[tuple[datetime, str, str]]:
    """(when, who, what) of everything that happened to it, oldest first."""
    rows = db.execute("SELECT at, by, change FROM record_history WHERE record = ? ORDER BY id", [id_])
    return [(read_instant(at), by, change_) for at, by, change_ in rows]


def by_id(db: Database, id_: int) -> Record | None:
    row = db.execute(f"{_RECORD} WHERE id = ?", [id_]).fetchone()
    return None if row is None else _record(row)


def open_records(
    db: Database, kind: RecordKind, *, context: str | None = None, owner: str | None = None
) -> list[Record]:
    where, values = ["kind = ?", "state = 'open'"], [kind.value]
    if context is not None:
        where.append("context = ?")
        values.append(context)
    if owner is not None:
        where.append("owner = ?")
        values.append(owner)
    return [_record(row) for row in db.execute(f"{_RECORD} WHERE {' AND '.join(where)} ORDER BY id", values)]


def from_prompt(db: Database, prompt: int, kind: RecordKind | None = None) -> list[Record]:
    """What this prompt's answers opened and what of it still counts."""
    only = "" if kind is None else " AND kind = ?"
    values: list[object] = [prompt] if kind is None else [prompt, kind.value]
    rows = db.execute(f"{_RECORD} WHERE prompt = ? AND state <> 'dropped'{only} ORDER BY id", values)
    return [_record(row) for row in rows]


def of_occurrence(db: Database, occurrence: str, kind: RecordKind) -> list[Record]:
    rows = db.execute(
        f"{_RECORD} WHERE occurrence = ? AND kind = ? AND state <> 'dropped' ORDER BY id", [occurrence, kind.value]
    )
    return [_record(row) for row in rows]


def touched(db: Database, kind: RecordKind, since: datetime, until: datetime) -> list[Record]:
    """Open at some time in that stretch: opened before its end and not closed before its start."""
    rows = db.execute(
        f"{_RECORD} WHERE kind = ? AND state <> 'dropped' AND opened_at < ?"
        " AND (closed_at IS NULL OR closed_at >= ?) ORDER BY id",
        [kind.value, instant(until), instant(since)],
    )
    return [_record(row) for row in rows]
