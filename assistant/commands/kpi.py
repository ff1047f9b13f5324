"""``assistant kpi``"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from assistant import clock, config, kpi_files
from assistant.commands.console import console, table
from assistant.errors import AssistantError
from assistant.inbound import kpi_rows
from assistant.inbound.kpi_rows import Row, Sheet
from assistant.store import database
from assistant.wiring import adapters, desk
from assistant.workflows import kpi_sheets
from assistant.workflows.desk import Desk


def set_(path: Path, name: str, value: str, day: date | None) -> None:
    """Raises AssistantError where it can be no value of this KPI."""
    read = kpi_rows.number(value)
    if read is None:
        raise AssistantError(f"{value!r} is no figure; write it like 3.2 or '3.2 %'")
    with _desk(path) as own:
        today = clock.now().astimezone(own.setup.assistant.zone).date()
        problems = _take(own, Sheet([Row(1, name, day or today, *read)], ()))
    if problems:
        raise AssistantError(problems[0].removeprefix("line 1: "))
    console().print(f"{name}: {value}, {day or today}.")


def import_(path: Path, file: Path) -> None:
    """Raises AssistantError with all that is wrong in the file; then nothing of it was kept."""
    if not file.is_file():
        raise AssistantError(f"{file}: there is no such file")
    sheet = kpi_files.read(file)
    with _desk(path) as own:
        problems = _take(own, sheet)
    if problems:
        raise AssistantError("\n".join(f"{file}: {problem}" for problem in problems))
    console().print(f"{file}: {len(sheet.rows)} values kept.", soft_wrap=True)


def list_(path: Path) -> None:
    shown = table("team", "KPI", "owner", "value", "unit", "day")
    with _desk(path) as own:
        found = kpi_sheets.listed(own)
    for kpi, value, day in found:
        shown.add_row(kpi.team, kpi.name, kpi.owner, "" if value is None else f"{value:g}", kpi.unit, str(day or ""))
    console().print(shown if found else "There are no KPIs yet; people begin one by mail: new kpi churn")


def _take(own: Desk, sheet: Sheet) -> list[str]:
    with own.db.atomic():
        return kpi_sheets.take(own, clock.now(), sheet)


@contextmanager
def _desk(path: Path) -> Iterator[Desk]:
    """A desk beside the daemon's: it writes rows, and the daemon sends what comes of them."""
    settings = config.load(path)
    mail, calendars = adapters(settings)
    db = database.open_store(settings.data)
    try:
        yield desk(settings, db, mail, calendars, clock.now())
    finally:
        db.close()
