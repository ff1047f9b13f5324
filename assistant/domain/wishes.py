"""What people set for themselves by reply, laid over what the configuration says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from assistant.domain.people import Person, WorkWeek
from assistant.domain.setup import Setup

ZONE, HOURS, LANGUAGE, ASKED_AT = "zone", "hours", "language", "at:"
"""Names under which the store keeps them; ``ASKED_AT`` is followed by a kind of round."""


@dataclass(frozen=True, slots=True)
class ZoneWish:
    """A zone from ``first`` to ``last``, both local days and inclusive; None is open."""

    name: str
    first: date | None = None
    last: date | None = None

    def __str__(self) -> str:
        return " ".join(
            [self.name, self.first.isoformat() if self.first else "-", self.last.isoformat() if self.last else "-"]
        )

    @classmethod
    def read(cls, text: str) -> ZoneWish:
        name, first, last = text.split(" ")
        days = (None if day == "-" else date.fromisoformat(day) for day in (first, last))
        return cls(name, *days)

    def covers(self, now: datetime) -> bool:
        day = now.astimezone(ZoneInfo(self.name)).date()
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


def hours_text(start: time, end: time) -> str:
    return f"{start:%H:%M}-{end:%H:%M}"


def laid_over(setup: Setup, wishes: Mapping[str, Mapping[str, str]], now: datetime) -> Setup:
    """``wishes`` are by address and name; those of people who left are passed over."""
    changed = {
        address: _person(setup.people[address], wished, now)
        for address, wished in wishes.items()
        if address in setup.people
    }
    return replace(setup, people={**setup.people, **changed}) if changed else setup


def _person(person: Person, wished: Mapping[str, str], now: datetime) -> Person:
    if ZONE in wished and (zone := ZoneWish.read(wished[ZONE])).covers(now):
        person = replace(person, zone=ZoneInfo(zone.name))
    if HOURS in wished:
        start, end = (time.fromisoformat(edge) for edge in wished[HOURS].split("-"))
        days = tuple(None if day is None else (start, end) for day in person.hours.days)
        person = replace(person, hours=WorkWeek(days))
    asked_at = {
        name.removeprefix(ASKED_AT): time.fromisoformat(value)
        for name, value in wished.items()
        if name.startswith(ASKED_AT)
    }
    return replace(person, language=wished.get(LANGUAGE, person.language), asked_at=asked_at)
