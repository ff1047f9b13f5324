"""What the configuration says, as the rest of the program sees it: names resolved, defaults filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from assistant.domain.cadence import Cadence, Window
from assistant.domain.goals import GoalsPlan
from assistant.domain.people import Person, Team
from assistant.domain.questions import Question
from assistant.domain.tasks import Template


@dataclass(frozen=True, slots=True)
class Assistant:
    """The assistant itself. ``operator`` is told what needs a human; ``zone`` dates what belongs to nobody.

    ``elsewhere`` are its addresses at accounts that have one of their own.
    """

    name: str
    address: str
    operator: str
    zone: ZoneInfo
    language: str = "en"
    elsewhere: tuple[str, ...] = ()

    def is_at(self, address: str) -> bool:
        """Whether a bare address, lower case, is one of its own."""
        return address == self.address or address in self.elsewhere


@dataclass(frozen=True, slots=True)
class ExtraQuestion:
    """A question added to a round on the dates of its own cadence."""

    question: Question
    cadence: Cadence


@dataclass(frozen=True, slots=True)
class Round:
    """Some people asked some questions again and again.

    ``name`` is the key ("check-in.product"). ``questions`` None means those of the kind, in each reader's language.
    ``rotating`` questions are asked one an occurrence, in turn. ``about`` names the subject of a one-off round.
    ``reminders`` is the most that one person gets.
    """

    name: str
    kind: str
    team: str
    cadence: Cadence
    at: time
    window: Window
    reminders: int = 1
    questions: tuple[Question, ...] | None = None
    extra: tuple[ExtraQuestion, ...] = ()
    rotating: tuple[Question, ...] = ()
    about: str = ""


class Documentarian(StrEnum):
    ROTATE = "rotate"
    REPORT = "report"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Series:
    """A meeting that recurs on calendars.

    ``name`` is the key: "one-on-one.mia@example.com.sam@example.com" or "review.product-review". ``lead`` is the
    manager of a 1:1 or whoever leads the review: the wall clock of their zone is what recurs. ``participants`` holds
    everyone required, lead included. ``at`` and the cadence's weekday are wishes; placing decides where they are open.
    ``topics`` are standing agenda points; ``bank`` replaces the kind's question bank where given.
    """

    name: str
    kind: str
    lead: str
    participants: tuple[str, ...]
    cadence: Cadence
    length: timedelta
    title: str = ""
    team: str | None = None
    optional: tuple[str, ...] = ()
    at: time | None = None
    link: str = ""
    adopt: bool = True
    points_in_event: bool = True
    documentarian: Documentarian = Documentarian.ROTATE
    feedback: bool = True
    topics: tuple[str, ...] = ()
    bank: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Setup:
    """``people`` and ``teams`` are keyed by address and by name, in configuration order.

    ``rollup_at`` is the local weekday and time of the weekly rollup. ``backups`` counts the daily copies kept.
    """

    assistant: Assistant
    people: Mapping[str, Person]
    teams: Mapping[str, Team]
    rounds: tuple[Round, ...]
    series: tuple[Series, ...]
    rollup_at: tuple[int, time] = (0, time(11))
    backups: int = 14
    goals: GoalsPlan | None = None
    projects: Mapping[str, Template] = field(default_factory=dict)
    """Plans that projects are made from, by name."""

    @cached_property
    def by_any_address(self) -> Mapping[str, str]:
        """Every address and alias, lower case, to the person's key."""
        aliases = {alias: person.address for person in self.people.values() for alias in person.aliases}
        return {**aliases, **{address: address for address in self.people}}

    @cached_property
    def _by_manager(self) -> Mapping[str, list[Person]]:
        found: dict[str, list[Person]] = {}
        for person in self.people.values():
            if person.manager is not None:
                found.setdefault(person.manager, []).append(person)
        return found

    @cached_property
    def _series(self) -> Mapping[str, Series]:
        return {series.name: series for series in self.series}

    @cached_property
    def _rounds(self) -> Mapping[str, Round]:
        return {round_.name: round_ for round_ in self.rounds}

    def person(self, address: str) -> Person | None:
        """By address or alias."""
        key = self.by_any_address.get(address.lower())
        return self.people.get(key) if key else None

    def series_named(self, name: str) -> Series | None:
        return self._series.get(name)

    def round_named(self, name: str) -> Round | None:
        return self._rounds.get(name)

    def reports(self, manager: str) -> list[Person]:
        return self._by_manager.get(manager, [])

    def teams_led_by(self, address: str) -> list[Team]:
        return [team for team in self.teams.values() if team.lead == address]
