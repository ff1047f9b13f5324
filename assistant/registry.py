"""Adapters by name, from entry points: nothing of a provider is imported before its name is asked for."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

from assistant.errors import UnknownName
from assistant.ports import CalendarProvider, MailProvider


def mail(name: str, options: dict[str, Any]) -> MailProvider:
    """The mail adapter of that name, made with these options. Raises UnknownName."""
    provider: MailProvider = _load("assistant.mail", name)(**options)
    return provider


def calendar(name: str, options: dict[str, Any]) -> CalendarProvider:
    """The calendar adapter of that name. Raises UnknownName."""
    provider: CalendarProvider = _load("assistant.calendar", name)(**options)
    return provider


def names(group: str) -> list[str]:
    return sorted(point.name for point in entry_points(group=group))


def _load(group: str, name: str) -> Any:
    found = entry_points(group=group, name=name)
    if not found:
        raise UnknownName(f"no adapter is called {name!r}; there are {', '.join(names(group))}")
    return next(iter(found)).load()
