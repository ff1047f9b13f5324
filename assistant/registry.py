"""Adapters by name, from entry points: nothing of a provider is imported before its name is asked for."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib.metadata import entry_points
from typing import Any

from assistant.errors import UnknownName
from assistant.ports import CalendarProvider, ChannelProvider, Connect, MailProvider

MAIL, CALENDAR, CONNECT = "assistant.mail", "assistant.calendar", "assistant.connect"
CHANNEL = "assistant.channel"


def mail(name: str, options: Mapping[str, Any]) -> MailProvider:
    """The mail adapter of that name, made with those of these options that it takes. Raises UnknownName."""
    provider: MailProvider = _made(MAIL, name, options)
    return provider


def calendar(name: str, options: Mapping[str, Any]) -> CalendarProvider:
    """The calendar adapter of that name. Raises UnknownName."""
    provider: CalendarProvider = _made(CALENDAR, name, options)
    return provider


def connect(name: str) -> Connect:
    """What signs in to a provider for the first time. Raises UnknownName."""
    found: Connect = _load(CONNECT, name)
    return found


def channel(name: str, options: Mapping[str, Any]) -> ChannelProvider:
    """The chat adapter of that name. Raises UnknownName."""
    provider: ChannelProvider = _made(CHANNEL, name, options)
    return provider


def options(group: str, name: str | None) -> frozenset[str] | None:
    """The options that an adapter takes; none for no adapter, None where it looks at all of them itself.

    Raises UnknownName.
    """
    if name is None:
        return frozenset()
    parameters = inspect.signature(_load(group, name)).parameters
    anything = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    return None if anything else frozenset(parameters)


def names(group: str) -> list[str]:
    return sorted(point.name for point in entry_points(group=group))


def _made(group: str, name: str, given: Mapping[str, Any]) -> Any:
    taken = options(group, name)
    wanted = given if taken is None else {option: value for option, value in given.items() if option in taken}
    if missing := [option for option in _needed(group, name) if option not in wanted]:
        raise UnknownName(f"{name} needs {' and '.join(missing)}")
    return _load(group, name)(**wanted)


def _needed(group: str, name: str) -> list[str]:
    """The options without which the adapter cannot be made."""
    parameters = inspect.signature(_load(group, name)).parameters.values()
    return [each.name for each in parameters if each.default is each.empty and each.kind is not each.VAR_KEYWORD]


def _load(group: str, name: str) -> Any:
    found = entry_points(group=group, name=name)
    if not found:
        raise UnknownName(f"no adapter is called {name!r}; there are {', '.join(names(group))}")
    try:
        return next(iter(found)).load()
    except ModuleNotFoundError as error:
        raise UnknownName(
            f"{name} needs {error.name}, which is not installed: pip install 'async-assistant[{name}]'"
        ) from error
