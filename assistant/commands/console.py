"""Tables and times as every command shows them."""

from __future__ import annotations

from datetime import datetime

import click
from rich.console import Console
from rich.table import Table

from assistant.domain.people import Person
from assistant.domain.setup import Setup
from assistant.errors import UnknownName

WIDTH = 100


def console() -> Console:
    """No colours unless it is a terminal; never wider than a hundred columns."""
    out = Console(highlight=False)
    if out.width > WIDTH or not out.is_terminal:
        out = Console(highlight=False, width=WIDTH)
    return out


def table(*columns: str, title: str | None = None) -> Table:
    made = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def at(moment: datetime, person: Person) -> str:
    """A person's own time, with its zone."""
    return f"{person.local(moment):%a %d %b %H:%M} {person.zone.key.rpartition('/')[2].replace('_', ' ')}"


def find_person(setup: Setup, name: str) -> Person:
    """By address, alias, full name or a first name that only one has. Raises UnknownName."""
    found = setup.person(name)
    if found is not None:
        return found
    wanted = name.casefold()
    people = list(setup.people.values())
    matches = [p for p in people if p.name.casefold() == wanted] or [
        p for p in people if p.first_name.casefold() == wanted
    ]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise UnknownName(f"{name!r} could be {', '.join(p.address for p in matches)}; give the address")
    raise UnknownName(f"nobody is called {name!r}; people are named by address or name as in the configuration")


def reader(setup: Setup, name: str | None) -> Person:
    """Whose eyes a command has: the operator's, or of whoever is named, which is said aloud. Raises UnknownName."""
    operator = setup.person(setup.assistant.operator)
    if name is None and operator is None:
        raise UnknownName(f"{setup.assistant.operator}, the operator, is in no team; say with --as who is asking")
    if operator is not None and name is None:
        return operator
    person = find_person(setup, name or "")
    if operator is None or person.address != operator.address:
        click.echo(f"Attention: you are reading as {person.name}, with what is private to them.", err=True)
    return person


def printable(text: str) -> str:
    """Without what a terminal would take for a command."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
