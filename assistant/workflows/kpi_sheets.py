"""Values of KPIs that a program or the operator hands over: all of a sheet is kept, or nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from assistant.domain.kpis import Kpi, Stage
from assistant.inbound.kpi_rows import Row, Sheet
from assistant.inbound.words.fold import words
from assistant.store import kpis as store
from assistant.workflows import kpi_values
from assistant.workflows.desk import Desk
from assistant.workflows.kpi_values import Said

_WRONG = {
    "wrong-unit": "is counted in another unit",
    "over": "is more than the whole",
    "below": "is below nothing",
}


def find(desk: Desk, name: str) -> Kpi | str:
    """The live KPI of that name, "team/name" where two teams have one; else a sentence."""
    team, _, last = name.rpartition("/")
    live = [kpi for kpi in store.every(desk.db) if kpi.stage is Stage.LIVE]
    found = [kpi for kpi in live if words(kpi.name) == words(last or name) and team in ("", kpi.team)]
    if len(found) == 1:
        return found[0]
    if found:
        return f"{name!r} could be {', '.join(f'{kpi.team}/{kpi.name}' for kpi in found)}"
    known = ", ".join(kpi.name for kpi in live[:8])
    return f"there is no KPI {name!r}" + (f"; known: {known}" if known else "")


def take(desk: Desk, now: datetime, sheet: Sheet) -> list[str]:
    """Record all rows; what is wrong is returned and then nothing was recorded. What is there already stays as it is.

    To be called inside a transaction.
    """
    problems = list(sheet.problems)
    meant: list[tuple[Kpi, Row]] = []
    today = now.astimezone(desk.setup.assistant.zone).date()
    for row in sheet.rows:
        kpi = find(desk, row.kpi)
        wrong = kpi if isinstance(kpi, str) else _wrong(kpi, row, today)
        if wrong:
            problems.append(f"line {row.line}: {wrong}")
        elif not isinstance(kpi, str):
            meant.append((kpi, row))
    if problems:
        return problems
    by = desk.setup.assistant.operator
    for kpi, row in sorted(meant, key=lambda pair: pair[1].day):
        there = store.of_day(desk.db, kpi.id, row.day)
        if there is None or there.value != row.value:
            current = store.by_id(desk.db, kpi.id) or kpi
            kpi_values.record(desk, now, current, Said(row.value, row.unit, row.comment), by, row.day)
    return []


def _wrong(kpi: Kpi, row: Row, today: date) -> str:
    if row.day > today:
        return f"{row.day} is still to come"
    refused = kpi_values.refusal(kpi, Said(row.value, row.unit))
    return f"{row.value:g} {row.unit}".strip() + f" {_WRONG[refused]}" if refused else ""


def listed(desk: Desk) -> Sequence[tuple[Kpi, float | None, date | None]]:
    """Every live KPI with its newest value and the day of it."""
    live = [kpi for kpi in store.every(desk.db) if kpi.stage is Stage.LIVE]
    values = store.values(desk.db, [kpi.id for kpi in live], 1)
    newest = {kpi: found[-1] for kpi, found in values.items()}
    return [
        (kpi, newest[kpi.id].value if kpi.id in newest else None, newest[kpi.id].day if kpi.id in newest else None)
        for kpi in live
    ]
