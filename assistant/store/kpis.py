"""KPI cards and their values. All values are kept; of one day the newest counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from assistant.domain.kpis import Kpi, Stage, Value
from assistant.store.text import dumps, instant, read_day, read_instant

_KPI = (
    "SELECT id, name, team, owner, author, stage, what, why, measured, unit, baseline, rule, target, low, high, asked,"
    " proposed FROM kpis"
)


def _kpi(row: Sequence[Any]) -> Kpi:
    (id_, name, team, owner, author, stage, what, why, measured, unit, baseline, rule, target, low, high, asked,
     proposed) = row  # fmt: skip
    return Kpi(
        id_, name, team, owner, author, Stage(stage), what, why, measured, unit, baseline, rule, target, low, high,
        read_day(asked), read_day(proposed),
    )  # fmt: skip


def add(db: Database, now: datetime, name: str, team: str, author: str, inbound: int | None) -> int:
    """A card that is still to be filled."""
    made = db.execute(
        "INSERT INTO kpis (name, team, owner, author, stage, opened_at, inbound) VALUES (?, ?, ?, ?, 'draft', ?, ?)",
        [name, team, author, author, instant(now), inbound],
    )
    return int(made.lastrowid or 0)


def change(db: Database, kpi: Kpi) -> None:
    """Everything but its name, team and author."""
    db.execute(
        "UPDATE kpis SET owner = ?, stage = ?, what = ?, why = ?, measured = ?, unit = ?, baseline = ?, rule = ?,"
        " target = ?, low = ?, high = ?, asked = ?, proposed = ? WHERE id = ?",
        [
            kpi.owner, kpi.stage.value, kpi.what, kpi.why, kpi.measured, kpi.unit, kpi.baseline, kpi.rule, kpi.target,
            kpi.low, kpi.high, kpi.asked.isoformat() if kpi.asked else None,
            kpi.proposed.isoformat() if kpi.proposed else None, kpi.id,
        ],
    )  # fmt: skip


def by_id(db: Database, id_: int) -> Kpi | None:
    row = db.execute(f"{_KPI} WHERE id = ?", [id_]).fetchone()
    return None if row is None else _kpi(row)


def of_teams(db: Database, teams: Iterable[str]) -> list[Kpi]:
    """The live ones."""
    rows = db.execute(
        f"{_KPI} WHERE team IN (SELECT value FROM json_each(?)) AND stage = 'live' ORDER BY team, id",
        [dumps(list(teams))],
    )
    return [_kpi(row) for row in rows]


def every(db: Database) -> list[Kpi]:
    """All that were not dropped, live or not."""
    return [_kpi(row) for row in db.execute(f"{_KPI} WHERE stage <> 'dropped' ORDER BY id")]


def add_value(
    db: Database, now: datetime, kpi: int, day: date, value: float, by: str, comment: str, inbound: int | None
) -> int:
    """It counts for that day instead of what was said before."""
    db.execute("UPDATE kpi_values SET newest = 0 WHERE kpi = ? AND day = ? AND newest = 1", [kpi, day.isoformat()])
    made = db.execute(
        "INSERT INTO kpi_values (kpi, day, value, by, at, comment, inbound) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [kpi, day.isoformat(), value, by, instant(now), comment, inbound],
    )
    return int(made.lastrowid or 0)


def _value(row: Sequence[Any]) -> Value:
    id_, kpi, day, value, by, at, comment = row
    return Value(id_, kpi, date.fromisoformat(day), value, by, read_instant(at), comment)


_VALUE = "SELECT v.id, v.kpi, v.day, v.value, v.by, v.at, v.comment"


def values(db: Database, kpis: Iterable[int], most: int = 60) -> dict[int, list[Value]]:
    """The newest values that count of each, oldest day first, ``most`` of them at most."""
    rows = db.execute(
        f"{_VALUE} FROM json_each(?) AS k CROSS JOIN kpi_values v ON v.id IN (SELECT id FROM kpi_values"
        " WHERE kpi = k.value AND newest = 1 ORDER BY day DESC, id DESC LIMIT ?) ORDER BY v.kpi, v.day, v.id",
        [dumps(list(kpis)), most],
    )
    found: dict[int, list[Value]] = {}
    for value in map(_value, rows):
        found.setdefault(value.kpi, []).append(value)
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """Every value that was said, corrected ones too."""

    value: Value
    counts: bool


def history(db: Database, kpi: int, most: int = 60) -> list[Said]:
    rows = db.execute(
        f"{_VALUE}, v.newest FROM kpi_values v WHERE v.kpi = ? ORDER BY v.id DESC LIMIT ?", [kpi, most]
    ).fetchall()
    return [Said(_value(row[:7]), bool(row[7])) for row in reversed(rows)]


def of_day(db: Database, kpi: int, day: date) -> Value | None:
    """The value that counts for a day."""
    row = db.execute(
        f"{_VALUE} FROM kpi_values v WHERE v.kpi = ? AND v.day = ? AND v.newest = 1", [kpi, day.isoformat()]
    ).fetchone()
    return None if row is None else _value(row)
