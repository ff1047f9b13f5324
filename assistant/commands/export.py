"""``assistant export``"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

import click

from assistant import clock, config
from assistant.commands.console import console, find_person
from assistant.domain.calendar import Event
from assistant.errors import StoreError
from assistant.ical.collection import collection
from assistant.store import database, public
from assistant.store.public import Table
from assistant.wiring import desk
from assistant.workflows import finding, invitations
from assistant.workflows.desk import Desk

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_DATABASE, _CALENDAR = "assistant-export.db", "meetings.ics"


def run(path: Path, folder: Path, *, kind: str, name: str | None) -> None:
    """Raises StoreError where the folder is not empty or cannot be made, UnknownName where nobody is called so."""
    settings = config.load(path)
    person = None if name is None else find_person(settings.setup, name)
    _make(folder)
    db = database.open_store(settings.data)
    try:
        home = desk(settings, db, {}, {}, clock.now())
        if person is None:
            tables = public.all_public(db)
        else:
            tables = public.all_of(db, person.address, finding.readable(home, person))
            click.echo(
                f"Attention: what is private to {person.name} is in these files, 1:1s and their own notes included.",
                err=True,
            )
        written = _FORMATS[kind](folder, tables, home)
    finally:
        db.close()
    whose = "all that is not private" if person is None else f"all that {person.name} may read"
    console().print(f"{folder}: {whose}, {written} rows.", soft_wrap=True, markup=False)


def _make(folder: Path) -> None:
    """Readable by its owner alone, like the store."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoreError(f"{folder}: is not an empty folder; give one that is empty or not there yet")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be made ({error.strerror}); choose another folder") from error


@contextmanager
def _file(path: Path) -> Iterator[TextIO]:
    def private(name: str, flags: int) -> int:
        return os.open(name, flags, 0o600)

    with open(path, "w", encoding="utf-8", newline="", opener=private) as handle:
        yield handle


def _csv(folder: Path, tables: Iterator[Table], _: Desk) -> int:
    total = 0
    for table in tables:
        with _file(folder / f"{table.name}.csv") as handle:
            writer = csv.writer(handle)
            writer.writerow(table.columns)
            for row in table.rows:
                writer.writerow([_cell(value) for value in row])
                total += 1
    return total


def _cell(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value


def _json(folder: Path, tables: Iterator[Table], _: Desk) -> int:
    total = 0
    for table in tables:
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        with _file(folder / f"{table.name}.json") as handle:
            json.dump(rows, handle, ensure_ascii=False, indent=1)
            handle.write("\n")
        total += len(rows)
    return total


def _sqlite(folder: Path, tables: Iterator[Table], _: Desk) -> int:
    with _file(folder / _DATABASE):
        pass
    return public.write_file(folder / _DATABASE, tables)


def _ics(folder: Path, tables: Iterator[Table], home: Desk) -> int:
    """The meetings; those that are private are marked so, and of none it is told what it was about."""
    meetings = next(table for table in tables if table.name == "meetings")
    events = [
        _event(home, dict(zip(meetings.columns, row, strict=True)))
        for row in meetings.rows
        if row[meetings.columns.index("state")] != "skipped"
    ]
    with _file(folder / _CALENDAR) as handle:
        handle.write(collection(events, now=clock.now()).decode())
    return len(events)


def _event(home: Desk, meeting: Mapping[str, Any]) -> Event:
    """Without attendees, so that no program that imports it invites anybody."""
    series = home.setup.series_named(meeting["series"])
    start, end = (datetime.fromisoformat(meeting[key]) for key in ("start", "end"))
    return Event(
        uid=meeting["key"],
        start=start,
        duration=max(end - start, timedelta()),
        summary=invitations.title(home, series, home.setup.assistant.language) if series else meeting["series"],
        organizer=home.setup.assistant.address,
        private=bool(meeting["private"]),
    )


_FORMATS: Mapping[str, Callable[[Path, Iterator[Table], Desk], int]] = {
    "csv": _csv, "json": _json, "ics": _ics, "sqlite": _sqlite
}  # fmt: skip
