"""Values of KPIs as a CSV file: columns ``kpi``, ``day``, ``value`` and, if wanted, ``comment``. Within limits."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.inbound import figures
from assistant.inbound.measures import unit_at

MAX_ROWS = 10_000
MAX_CHARACTERS = 1_000_000
MAX_CELL = 400
_COLUMNS = {"kpi": "kpi", "name": "kpi", "day": "day", "date": "day", "value": "value", "comment": "comment"}
_NEEDED = ("kpi", "day", "value")


@dataclass(frozen=True, slots=True)
class Row:
    """``line`` is that of the file, from 1."""

    line: int
    kpi: str
    day: date
    value: float
    unit: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``problems`` are sentences, each with its line; with any of them nothing of the file is to be kept."""

    rows: Sequence[Row]
    problems: Sequence[str]


def read(text: str) -> Sheet:
    """Commas, semicolons or tabs; with semicolons a comma may be the decimal mark."""
    if len(text) > MAX_CHARACTERS:
        return Sheet((), (f"is longer than {MAX_CHARACTERS} characters",))
    first = text.lstrip("\ufeff").partition("\n")[0]
    mark = next((mark for mark in (";", "\t") if mark in first), ",")
    try:
        lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=mark, strict=True))
    except csv.Error as error:
        return Sheet((), (f"is not CSV: {error}",))
    header = [_COLUMNS.get(cell.strip().lower(), "") for cell in lines[0]] if lines else []
    lacking = [column for column in _NEEDED if column not in header]
    if lacking:
        return Sheet((), (f"line 1: has no column {lacking[0]}; the first line names kpi, day and value",))
    if len(lines) > MAX_ROWS:
        return Sheet((), (f"has more than {MAX_ROWS} lines",))
    rows: list[Row] = []
    problems: list[str] = []
    for number, cells in enumerate(lines[1:], 2):
        if any(cell.strip() for cell in cells):
            found = _row(number, dict(zip(header, (cell.strip()[:MAX_CELL] for cell in cells), strict=False)), mark)
            (problems if isinstance(found, str) else rows).append(found)  # type: ignore[arg-type]  # by what it is
    return Sheet(rows, problems)


def _row(line: int, cells: dict[str, str], mark: str) -> Row | str:
    for column in _NEEDED:
        if not cells.get(column):
            return f"line {line}: {column} is missing"
    try:
        day = date.fromisoformat(cells["day"])
    except ValueError:
        return f"line {line}: {cells['day'][:20]!r} is no day; write it like 2026-11-24"
    value = number(cells["value"], "de" if mark == ";" else "en")
    if value is None:
        return f"line {line}: {cells['value'][:20]!r} is no figure"
    return Row(line, cells["kpi"], day, *value, cells.get("comment", ""))


def number(text: str, language: str = "en") -> tuple[float, str] | None:
    """A figure and its unit, and nothing else beside them: "3.2 %"."""
    found = figures.find(text, language)
    if len(found) != 1 or text[: found[0].start].strip(" €$£¥"):
        return None
    unit = unit_at(text, found[0])
    rest = text[found[0].end :].strip()
    return (found[0].value, unit) if not rest or unit else None
