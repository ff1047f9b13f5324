"""The folder into which programs put values of KPIs: ``kpi/*.csv`` in the data folder, each taken whole or not at all.

What was taken goes to ``kpi/taken``, what was refused to ``kpi/refused``; the operator hears why.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from assistant.inbound import kpi_rows
from assistant.store import trail
from assistant.wiring import House
from assistant.workflows import kpi_sheets
from assistant.workflows.desk import Guard

FOLDER = "kpi"
_MOST_BYTES = 4 * kpi_rows.MAX_CHARACTERS
_SHOWN = 5


def take_all(house: House, now: datetime, guard: Guard) -> int:
    """How many files there were. One that is still being written should have another name until it is whole."""
    folder = house.config.data / FOLDER
    files = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    for file in files:
        with guard(f"kpi file {file.name}"):
            _take(house, now, file)
    return len(files)


def _take(house: House, now: datetime, file: Path) -> None:
    with house.db.atomic():
        problems = kpi_sheets.take(house.desk, now, read(file))
        for problem in problems[:_SHOWN]:
            trail.trouble(house.db, now, f"kpi file {file.name}", f"{problem}; nothing of it was kept")
    put = file.parent / ("refused" if problems else "taken")
    put.mkdir(mode=0o700, exist_ok=True)
    file.replace(put / f"{now:%Y%m%dT%H%M%S}-{file.name}")


def read(file: Path) -> kpi_rows.Sheet:
    if file.stat().st_size > _MOST_BYTES:
        return kpi_rows.Sheet((), ("is too long",))
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return kpi_rows.Sheet((), ("is not UTF-8",))
    return kpi_rows.read(text)
