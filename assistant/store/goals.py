"""Cycles, objectives and key results; every value and every change of course is kept with who and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from assistant.domain.goals import Cycle, KeyResult, Label, Length, Measure, Objective, Stage, Standing
from assistant.store.text import dumps, instant, loads, read_day, read_instant, read_optional_instant


@dataclass(frozen=True, slots=True)
class Value:
    """One value as it was said. ``outlook`` is the confidence in reaching the target, 0-10."""

    key_result: int
    value: float
    outlook: float | None
    comment: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """``what``: "revised", "replaced", "tracked", "done" or "given"; ``before`` and ``after`` in figures or words."""

    key_result: int
    what: str
    before: str
    after: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Grade:
    key_result: int
    score: float
    how: str
    learned: str
    by: str
    at: datetime


# Cycles


def cycle(db: Database, length: Length, first: date, last: date) -> Cycle:
    """The cycle of these days, made where it is new."""
    db.execute(
        "INSERT OR IGNORE INTO goal_cycles (length, first, last) VALUES (?, ?, ?)",
        [length.value, first.isoformat(), last.isoformat()],
    )
    row = db.execute(f"{_CYCLE} WHERE length = ? AND first = ?", [length.value, first.isoformat()]).fetchone()
    return _cycle(row)


_CYCLE = "SELECT id, length, first, last FROM goal_cycles"


def _cycle(row: Sequence[Any]) -> Cycle:
    return Cycle(row[0], Length(row[1]), date.fromisoformat(row[2]), date.fromisoformat(row[3]))


def cycle_by_id(db: Database, id_: int) -> Cycle | None:
    row = db.execute(f"{_CYCLE} WHERE id = ?", [id_]).fetchone()
    return None if row is None else _cycle(row)


def cycles(db: Database) -> dict[int, Cycle]:
    return {row[0]: _cycle(row) for row in db.execute(f"{_CYCLE} ORDER BY first")}


# Objectives and their key results

_OBJECTIVE = "SELECT id, cycle, team, owner, text, stage, parent, every, published FROM objectives"
_COLUMNS = (
    "k.id, k.objective, k.number, k.text, k.name, k.measure, k.target, k.start, k.unit, k.at_most, k.weight,"
    " k.owners, k.label, k.due, k.standing, k.value, k.said_at, k.outlook, k.tracked, k.needs"
)
_RESULT = f"SELECT {_COLUMNS} FROM key_results k"


def _objective(row: Sequence[Any], results: Sequence[KeyResult]) -> Objective:
    id_, cycle_, team, owner, text, stage, parent, every, published = row
    return Objective(
        id_, cycle_, team, owner, text, Stage(stage), parent, every, tuple(results), read_day(published)
    )  # fmt: skip


def _result(row: Sequence[Any]) -> KeyResult:
    (id_, objective_, number, text, name, measure, target, start, unit, at_most, weight, owners, label, due, standing,
     value, said_at, outlook, tracked, needs) = row  # fmt: skip
    return KeyResult(
        id_, objective_, number, text, name, Measure(measure), target, start, unit, bool(at_most), weight,
        tuple(loads(owners)), Label(label), read_day(due), Standing(standing), value, read_optional_instant(said_at),
        outlook, read_day(tracked), tuple(loads(needs)),
    )  # fmt: skip


def _gathered(db: Database, rows: Iterable[Sequence[Any]]) -> list[Objective]:
    """Two queries, however many there are."""
    found = list(rows)
    by_objective: dict[int, list[KeyResult]] = {row[0]: [] for row in found}
    results = db.execute(
        f"{_RESULT} WHERE k.objective IN (SELECT value FROM json_each(?)) ORDER BY k.number, k.id",
        [dumps(list(by_objective))],
    )
    for row in results:
        by_objective[row[1]].append(_result(row))
    return [_objective(row, by_objective[row[0]]) for row in found]


def objectives(
    db: Database,
    cycles_: Iterable[int],
    *,
    teams: Collection[str] | None = None,
    stages: Collection[Stage] = (Stage.PUBLISHED,),
) -> list[Objective]:
    only = "" if teams is None else " AND team IN (SELECT value FROM json_each(?))"
    values = [dumps(list(cycles_)), dumps([stage.value for stage in stages])]
    rows = db.execute(
        f"{_OBJECTIVE} WHERE cycle IN (SELECT value FROM json_each(?))"
        f" AND stage IN (SELECT value FROM json_each(?)){only} ORDER BY team, id",
        values if teams is None else [*values, dumps(list(teams))],
    )
    return _gathered(db, rows)


def objectives_near(db: Database, cycle_: int, person: str, led: Iterable[str]) -> list[Objective]:
    """The published ones that a person owns, owns a key result of, or answers for because they lead the team."""
    teams = list(led)
    names = [dumps(name) for name in (person, *(f"team:{team}" for team in teams))]
    rows = db.execute(
        f"{_OBJECTIVE} WHERE cycle = ? AND stage = 'published' AND (owner = ?"
        " OR team IN (SELECT value FROM json_each(?)) OR EXISTS (SELECT 1 FROM key_results k, json_each(?) AS name"
        " WHERE k.objective = objectives.id AND instr(k.owners, name.value) > 0)) ORDER BY team, id",
        [cycle_, person, dumps(teams), dumps(names)],
    )
    return _gathered(db, rows)


def published_on(db: Database, day: date) -> list[Objective]:
    """The published ones of every cycle that holds the day."""
    rows = db.execute(
        f"{_OBJECTIVE} WHERE stage = 'published'"
        " AND cycle IN (SELECT id FROM goal_cycles WHERE ? BETWEEN first AND last) ORDER BY team, id",
        [day.isoformat()],
    )
    return _gathered(db, rows)


def coming(db: Database, day: date) -> list[Objective]:
    """The published ones of every cycle that has not ended by that day."""
    rows = db.execute(
        f"{_OBJECTIVE} WHERE stage = 'published' AND cycle IN (SELECT id FROM goal_cycles WHERE last >= ?)"
        " ORDER BY team, id",
        [day.isoformat()],
    )
    return _gathered(db, rows)


def objective(db: Database, id_: int) -> Objective | None:
    found = _gathered(db, db.execute(f"{_OBJECTIVE} WHERE id = ?", [id_]))
    return found[0] if found else None


def from_prompt(db: Database, prompt: int) -> list[Objective]:
    """What a reply to this prompt drafted."""
    return _gathered(db, db.execute(f"{_OBJECTIVE} WHERE prompt = ? ORDER BY id", [prompt]))


def parents(db: Database) -> dict[int, int | None]:
    return dict(db.execute("SELECT id, parent FROM objectives").fetchall())


def add_objective(db: Database, now: datetime, draft: Objective, prompt: int | None, inbound: int | None) -> int:
    """Its number. Key results are added by themselves; ``draft.id`` does not matter."""
    made = db.execute(
        "INSERT INTO objectives (cycle, team, owner, text, stage, parent, every, prompt, inbound, drafted_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [draft.cycle, draft.team, draft.owner, draft.text, draft.stage.value, draft.parent, draft.every, prompt,
         inbound, instant(now)],
    )  # fmt: skip
    return int(made.lastrowid or 0)


def change_objective(db: Database, changed: Objective) -> None:
    db.execute(
        "UPDATE objectives SET owner = ?, text = ?, stage = ?, parent = ?, every = ?, published = ? WHERE id = ?",
        [changed.owner, changed.text, changed.stage.value, changed.parent, changed.every,
         changed.published.isoformat() if changed.published else None, changed.id],
    )  # fmt: skip


def drop_draft(db: Database, id_: int) -> None:
    """A draft that was written anew. What was published stays for good."""
    db.execute(
        "DELETE FROM key_results WHERE objective IN (SELECT id FROM objectives WHERE id = ? AND stage = 'draft')", [id_]
    )
    db.execute("DELETE FROM objectives WHERE id = ? AND stage = 'draft'", [id_])


def next_number(db: Database, cycle_: int, team: str) -> int:
    """Of the team's next key result in the cycle."""
    row = db.execute(
        "SELECT coalesce(max(k.number), 0) + 1 FROM key_results k JOIN objectives o ON o.id = k.objective"
        " WHERE o.cycle = ? AND o.team = ?",
        [cycle_, team],
    ).fetchone()
    return int(row[0])


def add_result(db: Database, result: KeyResult) -> int:
    made = db.execute(
        "INSERT INTO key_results (objective, number, text, name, measure, target, start, unit, at_most, weight, owners,"
        " label, due, standing, needs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [result.objective, result.number, result.text, result.name, *_definition(result), result.standing.value,
         dumps(result.needs)],
    )  # fmt: skip
    return int(made.lastrowid or 0)


def _definition(result: KeyResult) -> list[object]:
    return [
        result.measure.value, result.target, result.start, result.unit, int(result.at_most), result.weight,
        dumps(result.owners), result.label.value, result.due.isoformat() if result.due else None,
    ]  # fmt: skip


def change_result(db: Database, changed: KeyResult) -> None:
    """All of it but its values, which have their own way in."""
    db.execute(
        "UPDATE key_results SET text = ?, name = ?, measure = ?, target = ?, start = ?, unit = ?, at_most = ?,"
        " weight = ?, owners = ?, label = ?, due = ?, standing = ?, tracked = ?, needs = ? WHERE id = ?",
        [changed.text, changed.name, *_definition(changed), changed.standing.value,
         changed.tracked.isoformat() if changed.tracked else None, dumps(changed.needs), changed.id],
    )  # fmt: skip


def drop_result(db: Database, id_: int) -> None:
    """Of a draft only."""
    db.execute(
        "DELETE FROM key_results WHERE id = ? AND objective IN (SELECT id FROM objectives WHERE stage = 'draft')", [id_]
    )


def result(db: Database, id_: int) -> KeyResult | None:
    row = db.execute(f"{_RESULT} WHERE k.id = ?", [id_]).fetchone()
    return None if row is None else _result(row)


# Values, changes, grades, mentions


def add_value(
    db: Database,
    now: datetime,
    of: KeyResult,
    value: float,
    outlook: float | None,
    comment: str,
    by: str,
    inbound: int | None,
) -> KeyResult:
    """The key result as it stands now. One mail that says the same twice says it once."""
    db.execute(
        "INSERT INTO goal_values (key_result, value, outlook, comment, by, at, inbound)"
        " SELECT ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM goal_values WHERE key_result = ? AND inbound = ?"
        " AND value = ?)",
        [of.id, value, outlook, comment, by, instant(now), inbound, of.id, inbound, value],
    )
    db.execute(
        "UPDATE key_results SET value = ?, said_at = ?, outlook = ? WHERE id = ?",
        [value, instant(now), outlook, of.id],
    )
    return replace(of, value=value, said_at=now, outlook=outlook)


def values(db: Database, results: Iterable[int], since: datetime | None = None) -> list[Value]:
    """Oldest first."""
    rows = db.execute(
        "SELECT key_result, value, outlook, comment, by, at FROM goal_values"
        " WHERE key_result IN (SELECT value FROM json_each(?)) AND at >= ? ORDER BY at, id",
        [dumps(list(results)), instant(since) if since else ""],
    )
    return [Value(k, value, outlook, comment, by, read_instant(at)) for k, value, outlook, comment, by, at in rows]


def add_change(
    db: Database, now: datetime, of: int, what: str, before: str, after: str, by: str, inbound: int | None
) -> None:
    db.execute(
        "INSERT INTO goal_history (key_result, what, before, after, by, at, inbound) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [of, what, before, after, by, instant(now), inbound],
    )


def changes(db: Database, results: Iterable[int]) -> list[Change]:
    rows = db.execute(
        "SELECT key_result, what, before, after, by, at FROM goal_history"
        " WHERE key_result IN (SELECT value FROM json_each(?)) ORDER BY at, id",
        [dumps(list(results))],
    )
    return [Change(k, what, before, after, by, read_instant(at)) for k, what, before, after, by, at in rows]


def warn(db: Database, id_: int, why: str) -> bool:
    """False where that danger was told already."""
    made = db.execute("UPDATE key_results SET warned = ? WHERE id = ? AND warned <> ?", [why, id_, why])
    return made.rowcount == 1


def all_clear(db: Database, id_: int) -> None:
    """Out of danger, or on a new course: the next danger is news again."""
    db.execute("UPDATE key_results SET warned = '', tracked = NULL WHERE id = ?", [id_])


def add_grade(
    db: Database, now: datetime, of: int, score: float, how: str, learned: str, by: str, inbound: int | None
) -> None:
    """The newest counts; a former one is kept."""
    db.execute("UPDATE goal_grades SET newest = 0 WHERE key_result = ?", [of])
    db.execute(
        "INSERT INTO goal_grades (key_result, score, how, learned, by, at, inbound) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [of, score, how, learned, by, instant(now), inbound],
    )


def grades(db: Database, results: Iterable[int]) -> dict[int, Grade]:
    rows = db.execute(
        "SELECT key_result, score, how, learned, by, at FROM goal_grades WHERE newest = 1"
        " AND key_result IN (SELECT value FROM json_each(?))",
        [dumps(list(results))],
    )
    return {k: Grade(k, score, how, learned, by, read_instant(at)) for k, score, how, learned, by, at in rows}


def mention(db: Database, now: datetime, of: int, prompt: int, question: str, by: str) -> bool:
    """An answer that names a key result; False where that is known."""
    made = db.execute(
        "INSERT OR IGNORE INTO goal_mentions (key_result, prompt, question, by, at) VALUES (?, ?, ?, ?, ?)",
        [of, prompt, question, by, instant(now)],
    )
    return made.rowcount == 1


def mentions(db: Database, of: int, limit: int = 50) -> list[tuple[date, str, str, str]]:
    """(day, address, words, audience) of answers that name it, newest first. Who may read them is the caller's care."""
    rows = db.execute(
        "SELECT p.day, m.by, a.text, p.audience FROM goal_mentions m JOIN prompts p ON p.id = m.prompt"
        " JOIN answers a ON a.prompt = m.prompt AND a.question = m.question AND a.newest = 1"
        " WHERE m.key_result = ? ORDER BY p.day DESC, m.rowid DESC LIMIT ?",
        [of, limit],
    )
    return [(date.fromisoformat(day), by, text, audience) for day, by, text, audience in rows]


def named_in(db: Database, occurrence: str) -> list[int]:
    """The key results that the answers of this occurrence name, as far as a whole team reads them."""
    rows = db.execute(
        "SELECT DISTINCT m.key_result FROM prompts p JOIN goal_mentions m ON m.prompt = p.id"
        " WHERE p.occurrence = ? AND p.audience LIKE 'team:%' ORDER BY m.key_result",
        [occurrence],
    )
    return [row[0] for row in rows]


@dataclass(frozen=True, slots=True)
class Moved:
    """A key result that counts, with its value at the beginning of a stretch of time; ``moved``: somebody said one."""

    team: str
    result: KeyResult
    published: date | None
    before: float | None
    moved: bool
    first: date
    last: date
    """Of its cycle."""


def movement(db: Database, teams: Iterable[str], since: datetime, until: datetime) -> list[Moved]:
    """The key results of these teams' published objectives in cycles that touch the stretch; one query."""
    rows = db.execute(
        f"SELECT o.team, o.published, (SELECT v.value FROM goal_values v WHERE v.key_result = k.id AND v.at < ?"
        f" ORDER BY v.at DESC, v.id DESC LIMIT 1), k.said_at >= ?, c.first, c.last, {_COLUMNS}"
        " FROM json_each(?) AS name CROSS JOIN objectives o ON o.team = name.value"
        " JOIN goal_cycles c ON c.id = o.cycle JOIN key_results k ON k.objective = o.id"
        " WHERE o.stage = 'published' AND c.first <= ? AND c.last >= ? AND k.standing <> 'replaced'"
        " ORDER BY o.team, k.number",
        [instant(since), instant(since), dumps(list(teams)), until.date().isoformat(), since.date().isoformat()],
    )
    return [
        Moved(
            team,
            _result(row),
            read_day(published),
            before,
            bool(moved),
            date.fromisoformat(first),
            date.fromisoformat(last),
        )
        for team, published, before, moved, first, last, *row in rows
    ]
