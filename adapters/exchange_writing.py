"""Which fields of an item are to be written, whichever door we came by. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from assistant.domain.calendar import Event, Override

TIMES = ("start", "end", "recurrence")

Essence = Callable[[str, Any], object]
"""What counts of a field: Exchange respells the rest."""


def changed(before: Mapping[str, Any], after: Mapping[str, Any], essence: Essence) -> dict[str, Any]:
    return {name: value for name, value in after.items() if essence(name, before.get(name)) != essence(name, value)}


def differences(
    wanted: Event, current: Event, fields_of: Callable[[Event, Override], Mapping[str, Any]], essence: Essence
) -> list[tuple[datetime, dict[str, Any]]]:
    """What single occurrences are to be told, by original start: changed ones, and those to be as the series again.

    In an order in which none overtakes another on the way, which Exchange refuses: those that come later begin with the
    last, then those that come earlier with the first.
    """
    have = {override.recurrence_id.astimezone(UTC): override for override in current.overrides}
    want = {override.recurrence_id.astimezone(UTC): override for override in wanted.overrides}
    later: list[tuple[datetime, dict[str, Any]]] = []
    earlier: list[tuple[datetime, dict[str, Any]]] = []
    for instant in sorted(have.keys() | want.keys()):
        original = instant.astimezone(wanted.start.tzinfo)
        as_series = Override(original, original, wanted.duration)
        before, after = have.get(instant, as_series), want.get(instant, as_series)
        now = fields_of(current if instant in have else wanted, before)
        then = fields_of(wanted, after)
        fields = changed(now, then, essence)
        if "start" in fields or "end" in fields:
            fields |= {name: then[name] for name in TIMES if name in then}
        if fields:
            (later if after.start > before.start else earlier).append((original, fields))
    return later[::-1] + earlier
