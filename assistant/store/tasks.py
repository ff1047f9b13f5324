"""What action items have as tasks, beside their records: status, parts, what they wait for, comments and time.

An item that nobody has touched has no row here: it is to do, of normal priority and stands alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from assistant.domain.tasks import Status, Task
from assistant.store.text import dumps, instant, loads, read_day, read_instant, read_optional_instant

_FIELDS = (
    "r.id, r.text, r.owner, r.author, r.audience, r.context, r.opened_at, r.state, r.closed_at, r.due, t.status,"
    " t.reason, t.priority, t.parent, t.rule, t.following, t.estimate, t.spent, t.goal, t.meant,"
    " (SELECT json_group_array(w.after) FROM task_waits w WHERE w.task = r.id)"
)
_TASK = f"SELECT {_FIELDS} FROM records r LEFT JOIN tasks t ON t.record = r.id"


def _task(row: Sequence[Any]) -> Task:
    (id_, text, owner, author, audience, context, opened_at, state, closed_at, due, status, reason, priority, parent,
     rule, following, estimate, spent, goal, meant, after) = row  # fmt: skip
    now_is = Status(status or "todo") if state == "open" else Status(state)
    return Task(
        id_, text, owner, author, audience, context, read_instant(opened_at), now_is, read_optional_instant(closed_at),
        read_day(due), reason or "", 1 if priority is None else priority, parent, rule or "", following, estimate,
        spent or 0, goal, tuple(sorted(loads(after))), read_day(meant),
    )  # fmt: skip


def by_id(db: Database, id_: int) -> Task | None:
    """None where the number is not that of an action item."""
    row = db.execute(f"{_TASK} WHERE r.id = ? AND r.kind = 'action'", [id_]).fetchone()
    return None if row is None else _task(row)


def by_ids(db: Database, ids: Iterable[int]) -> dict[int, Task]:
    rows = db.execute(
        f"SELECT {_FIELDS} FROM json_each(?) AS n CROSS JOIN records r ON r.id = n.value AND r.kind = 'action'"
        " LEFT JOIN tasks t ON t.record = r.id",
        [dumps(list(ids))],
    )
    return {task.id: task for task in map(_task, rows)}


_LIVING = "r.kind = 'action' AND (r.state = 'open' OR (r.state = 'done' AND r.closed_at >= ?))"


def of_owners(db: Database, owners: Iterable[str], since: datetime) -> list[Task]:
    """The open ones of these people and those done since then."""
    rows = db.execute(
        f"SELECT {_FIELDS} FROM json_each(?) AS name CROSS JOIN records r ON r.owner = name.value AND {_LIVING}"
        " LEFT JOIN tasks t ON t.record = r.id ORDER BY r.id",
        [dumps(list(owners)), instant(since)],
    )
    return [_task(row) for row in rows]


def parts(db: Database, of: Iterable[int]) -> list[Task]:
    """What these consist of; dropped parts count no more."""
    rows = db.execute(
        f"SELECT {_FIELDS} FROM json_each(?) AS n CROSS JOIN tasks t ON t.parent = n.value"
        " JOIN records r ON r.id = t.record WHERE r.state <> 'dropped' ORDER BY r.id",
        [dumps(list(of))],
    )
    return [_task(row) for row in rows]


def of_goal(db: Database, key_result: int) -> list[Task]:
    """What is done for a key result; dropped ones are left out."""
    rows = db.execute(
        f"{_TASK} WHERE t.goal = ? AND r.kind = 'action' AND r.state <> 'dropped' ORDER BY r.id", [key_result]
    )
    return [_task(row) for row in rows]


def wholes(db: Database) -> list[Task]:
    """The open ones that have parts: projects."""
    rows = db.execute(
        f"{_TASK} WHERE r.state = 'open' AND r.id IN (SELECT parent FROM tasks WHERE parent IS NOT NULL) ORDER BY r.id"
    )
    return [_task(row) for row in rows]


def waits(db: Database) -> dict[int, list[int]]:
    """What each open task waits for: those after which it comes, and its parts."""
    rows = db.execute(
        "SELECT w.task, w.after FROM task_waits w JOIN records r ON r.id = w.task AND r.state = 'open'"
        " UNION SELECT t.parent, t.record FROM tasks t JOIN records r ON r.id = t.record AND r.state = 'open'"
        " WHERE t.parent IS NOT NULL"
    )
    found: dict[int, list[int]] = {}
    for task, after in rows:
        found.setdefault(task, []).append(after)
    return found


def waiting_for(db: Database, id_: int) -> list[Task]:
    """The open tasks that wait for this one."""
    rows = db.execute(
        f"SELECT {_FIELDS} FROM task_waits x JOIN records r ON r.id = x.task AND r.state = 'open'"
        " LEFT JOIN tasks t ON t.record = r.id WHERE x.after = ? ORDER BY r.id",
        [id_],
    )
    return [_task(row) for row in rows]


def held_up(db: Database) -> dict[int, tuple[int, ...]]:
    """By open task the numbers of the open ones that wait for it; private ones are left out."""
    rows = db.execute(
        "SELECT w.after, w.task FROM task_waits w JOIN records r ON r.id = w.task AND r.state = 'open'"
        " JOIN records b ON b.id = w.after AND b.state = 'open'"
        " WHERE r.audience LIKE 'team:%' OR r.audience LIKE 'series:%' OR r.audience = 'everyone' ORDER BY w.task"
    )
    found: dict[int, tuple[int, ...]] = {}
    for after, task in rows:
        found[after] = (*found.get(after, ()), task)
    return found


_SETTABLE = frozenset(
    {"status", "reason", "priority", "parent", "rule", "following", "estimate", "goal", "meant"}
)  # fmt: skip


def set_(db: Database, id_: int, **values: str | int | None) -> None:
    """Of `_SETTABLE`, those that are given."""
    unknown = values.keys() - _SETTABLE
    if unknown:
        raise ValueError(f"tasks have no {min(unknown)}")
    db.execute("INSERT OR IGNORE INTO tasks (record) VALUES (?)", [id_])
    if values:
        columns = ", ".join(f"{name} = ?" for name in values)
        db.execute(f"UPDATE tasks SET {columns} WHERE record = ?", [*values.values(), id_])


def follow(db: Database, id_: int, next_: int) -> bool:
    """Note the next one of a recurring task; False where there is one already."""
    made = db.execute("UPDATE tasks SET following = ? WHERE record = ? AND following IS NULL", [next_, id_])
    return made.rowcount == 1


def wait(db: Database, id_: int, after: Iterable[int]) -> None:
    for other in after:
        db.execute("INSERT OR IGNORE INTO task_waits (task, after) VALUES (?, ?)", [id_, other])


@dataclass(frozen=True, slots=True)
class Note:
    """``what``: "comment" or "spent"."""

    what: str
    by: str
    at: datetime
    text: str
    minutes: int | None


def note(db: Database, now: datetime, id_: int, text: str, by: str, inbound: int | None) -> None:
    """A comment."""
    db.execute(
        "INSERT INTO task_notes (task, what, by, at, text, inbound) VALUES (?, 'comment', ?, ?, ?, ?)",
        [id_, by, instant(now), text, inbound],
    )


def spend(db: Database, now: datetime, id_: int, minutes: int, by: str, inbound: int | None) -> int:
    """Time spent on it; gives all that was spent so far."""
    set_(db, id_)
    db.execute(
        "INSERT INTO task_notes (task, what, by, at, minutes, inbound) VALUES (?, 'spent', ?, ?, ?, ?)",
        [id_, by, instant(now), minutes, inbound],
    )
    db.execute("UPDATE tasks SET spent = spent + ? WHERE record = ?", [minutes, id_])
    return int(db.execute("SELECT spent FROM tasks WHERE record = ?", [id_]).fetchone()[0])


def notes(db: Database, id_: int) -> list[Note]:
    rows = db.execute("SELECT what, by, at, text, minutes FROM task_notes WHERE task = ? ORDER BY id", [id_])
    return [Note(what, by, read_instant(at), text, minutes) for what, by, at, text, minutes in rows]


def commented(db: Database, id_: int) -> Collection[str]:
    """Who has said something about it."""
    rows = db.execute("SELECT DISTINCT by FROM task_notes WHERE task = ? AND what = 'comment'", [id_])
    return {row[0] for row in rows}
