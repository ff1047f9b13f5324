"""Goals as everybody looks at them: whose they are, which one is meant by a few words, and how a mail shows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from assistant.domain.goal_design import design
from assistant.domain.goals import (
    Cycle,
    KeyResult,
    Label,
    Length,
    Objective,
    Stage,
    Standing,
    colour,
    cycle_around,
    danger,
    expected,
    health,
    is_stale,
    overall,
    progress,
    weights,
)
from assistant.domain.people import Person, Team
from assistant.domain.setup import Setup
from assistant.domain.views_goals import CycleView, HealthView, NeedLine, ObjectiveView, ResultView
from assistant.inbound.words.fold import words
from assistant.store import goals as store
from assistant.workflows.desk import Desk
from assistant.workflows.reporting import Names


@dataclass(frozen=True, slots=True)
class Match:
    """A key result that somebody may have meant, and the objective it belongs to."""

    result: KeyResult
    objective: Objective


@dataclass(frozen=True, slots=True)
class Found:
    """``mine`` are those the person may change: their own before their teams'; ``others`` they may only read.

    More than one: ask. None and ``over`` set: it was meant, and it takes no values any more.
    """

    mine: tuple[Match, ...] = ()
    others: tuple[Match, ...] = ()
    over: Match | None = None

    @property
    def readable(self) -> tuple[Match, ...]:
        return self.mine or ((self.over,) if self.over else ()) or self.others


def today(desk: Desk, now: datetime) -> date:
    """Cycles turn with the assistant's own day."""
    return now.astimezone(desk.setup.assistant.zone).date()


def cycle_now(desk: Desk, now: datetime, length: Length, day: date | None = None) -> Cycle:
    """The cycle that holds the day, today if none is given."""
    first_month = desk.setup.goals.first_month if desk.setup.goals else 1
    return store.cycle(desk.db, length, *cycle_around(length, day or today(desk, now), first_month))


def current(desk: Desk, now: datetime, who: str | None = None) -> list[Objective]:
    """The published objectives of the running cycles: everybody's, those of a team, or those a person has a part in.

    ``who`` is a team's name or a person's address.
    """
    found = store.published_on(desk.db, today(desk, now))
    if who is None or who in desk.setup.teams:
        return [objective for objective in found if who in (None, objective.team)]
    return [objective for objective in found if has_part(desk.setup, objective, who)]


def has_part(setup: Setup, objective: Objective, person: str) -> bool:
    """Whether it is theirs, or they answer for one of its key results."""
    return objective.owner == person or any(person in answerable(setup, objective, r) for r in objective.counted)


def answerable(setup: Setup, objective: Objective, result: KeyResult) -> tuple[str, ...]:
    """The people who are asked about a key result: its owners, a team's lead for the team, else who owns the objective.

    Somebody who left is nobody's answer: then it is the objective's owner, or the lead of its team.
    """
    found = []
    for owner in result.owners:
        if not owner.startswith("team:"):
            found.append(owner)
        elif (team := setup.teams.get(owner.removeprefix("team:"))) is not None and team.lead is not None:
            found.append(team.lead)
    lead = lead_of(setup, objective.team)
    for fallback in (objective.owner, lead):
        if not any(address in setup.people for address in found) and fallback:
            found.append(fallback)
    return tuple(dict.fromkeys(address for address in found if address in setup.people))


def lead_of(setup: Setup, team: str) -> str | None:
    found = setup.teams.get(team)
    return found.lead if found is not None and found.lead in setup.people else None


def teams_of(setup: Setup, person: Person) -> set[str]:
    return {*person.teams, *(team.name for team in setup.teams_led_by(person.address))}


def measures(desk: Desk, now: datetime, person: Person) -> tuple[str, ...]:
    """What the person may call key results in a command: "KR2" and "signups" of their own and their teams' goals."""
    if desk.setup.goals is None:
        return ()
    near = [match for tier in _tiers(desk, person, current(desk, now))[:2] for match in tier]
    names = [name for match in near for name in (match.result.code, match.result.name) if name]
    return tuple(dict.fromkeys(names))


def find(desk: Desk, now: datetime, person: Person, said: str, context: str = "") -> Found:
    """Which key result "KR2", "#KR2" or "signups" is for this person: their own first, then those of their teams.

    ``context`` "kr:17" is one that was chosen by number before.
    """
    if context.startswith("kr:"):
        match = by_id(desk, int(context.removeprefix("kr:")))
        if match is not None:
            return _sorted(desk, person, [match])
    return _sorted(desk, person, _called(desk, now, said))


def by_id(desk: Desk, id_: int) -> Match | None:
    result = store.result(desk.db, id_)
    objective = store.objective(desk.db, result.objective) if result else None
    return Match(result, objective) if result and objective else None


def _called(desk: Desk, now: datetime, said: str) -> list[Match]:
    """Everything that goes by that name: exactly, or else by some of its words."""
    wanted = words(said.replace("#", " "))
    every = [Match(r, o) for o in _recent(desk, now) for r in o.results]
    exact = [match for match in every if wanted in (words(match.result.code), words(match.result.name))]
    if exact or not wanted or wanted[0] == "kr":
        return exact
    return [m for m in every if set(wanted) <= {*words(m.result.name), *words(m.result.text)}]


def _recent(desk: Desk, now: datetime) -> list[Objective]:
    """Published in a running cycle, and what was closed in one that ended lately."""
    day = today(desk, now)
    near = [c.id for c in store.cycles(desk.db).values() if c.first <= day and (day - c.last).days <= _LATELY]
    return store.objectives(desk.db, near, stages=(Stage.PUBLISHED, Stage.CLOSED))


_LATELY = 45


def _sorted(desk: Desk, person: Person, matches: Sequence[Match]) -> Found:
    live = [match for match in matches if _takes_values(match)]
    own, teams, others = _tiers_of(desk, person, live)
    if own or teams:
        return Found(tuple(own or teams), tuple(others))
    over_own, over_teams, _ = _tiers_of(desk, person, [match for match in matches if not _takes_values(match)])
    over = next(iter([*reversed(over_own), *reversed(over_teams)]), None)
    return Found((), tuple(others) or tuple(matches), over)


def _takes_values(match: Match) -> bool:
    return match.objective.stage is Stage.PUBLISHED and match.result.standing is Standing.OPEN


def _tiers(desk: Desk, person: Person, objectives: Iterable[Objective]) -> tuple[list[Match], list[Match], list[Match]]:
    return _tiers_of(desk, person, [Match(r, o) for o in objectives for r in o.counted])


def _tiers_of(desk: Desk, person: Person, matches: Iterable[Match]) -> tuple[list[Match], list[Match], list[Match]]:
    """Their own, those of their teams, all other."""
    own: list[Match] = []
    near: list[Match] = []
    far: list[Match] = []
    teams = teams_of(desk.setup, person)
    for match in matches:
        if person.address in answerable(desk.setup, match.objective, match.result):
            own.append(match)
        else:
            shared = {owner.removeprefix("team:") for owner in match.result.owners} & teams
            (near if match.objective.team in teams or shared else far).append(match)
    return own, near, far


class Book:
    """Turns goals into views for one reader's language; looks names up once."""

    def __init__(self, desk: Desk, now: datetime) -> None:
        self._desk, self._now = desk, now
        self._today = today(desk, now)
        self._names = Names(desk)
        self._by_id: dict[int, Objective] = {}

    @cached_property
    def cycles(self) -> Mapping[int, Cycle]:
        return store.cycles(self._desk.db)

    @cached_property
    def _children(self) -> Mapping[int, Sequence[Objective]]:
        """The published ones below each."""
        found: dict[int, list[Objective]] = {}
        running = [cycle.id for cycle in self.cycles.values() if cycle.last >= self._today]
        for objective in store.objectives(self._desk.db, running):
            if objective.parent is not None:
                found.setdefault(objective.parent, []).append(objective)
        return found

    def cycle(self, cycle: Cycle) -> CycleView:
        quarter = (cycle.first.month + 2) // 3 if cycle.length is Length.QUARTER else 0
        return CycleView(quarter, cycle.first.year, cycle.first, cycle.last)

    def who(self, address: str) -> str:
        return self._names.first(address)

    def owners(self, result: KeyResult) -> tuple[str, ...]:
        return self.called(result.owners)

    def called(self, owners: Iterable[str]) -> tuple[str, ...]:
        return tuple(
            self.team(owner.removeprefix("team:")) if owner.startswith("team:") else self.who(owner) for owner in owners
        )

    def team(self, name: str) -> str:
        team: Team | None = self._desk.setup.teams.get(name)
        return team.title if team is not None else name

    def result(self, result: KeyResult, objective: Objective, number: int = 0) -> ResultView:
        cycle = self.cycles[objective.cycle]
        share = progress(result)
        counts = dict(zip([r.id for r in objective.counted], weights(objective.counted), strict=True))
        total = sum(counts.values())
        return ResultView(
            code=result.code, name=result.name, text=result.text, measure=result.measure.value,
            moonshot=result.label is Label.MOONSHOT, start=result.start, target=result.target, unit=result.unit,
            value=result.value, share=round(100 * share),
            line=round(100 * expected(result, cycle.first, cycle.last, self._today)), colour=colour(share),
            weight=round(100 * counts.get(result.id, 0) / total) if total else 0, owners=self.owners(result),
            due=result.due, danger=self.danger(result, objective) or "",
            stale=is_stale(result, objective.published, self._today), outlook=result.outlook,
            said=result.said_at.date() if result.said_at else None, standing=result.standing.value,
            needs=tuple(map(self.team, result.needs)), at_most=result.at_most, number=number,
        )  # fmt: skip

    def danger(self, result: KeyResult, objective: Objective) -> str | None:
        cycle = self.cycles[objective.cycle]
        return danger(result, cycle.first, cycle.last, self._today) if objective.stage is Stage.PUBLISHED else None

    def objective(self, objective: Objective) -> ObjectiveView:
        share = overall(objective)
        parent = self._objective(objective.parent) if objective.parent is not None else None
        return ObjectiveView(
            code=objective.code, text=objective.text, team=self.team(objective.team), owner=self.who(objective.owner),
            label=objective.label.value, share=round(100 * share), colour=colour(share),
            results=tuple(self.result(result, objective) for result in objective.counted),
            cycle=self.cycle(self.cycles[objective.cycle]), draft=objective.stage is Stage.DRAFT,
            parent=self._line(parent) if parent else None,
            children=tuple(map(self._line, self._children.get(objective.id, ()))),
        )  # fmt: skip

    def _objective(self, id_: int) -> Objective | None:
        if id_ not in self._by_id and (found := store.objective(self._desk.db, id_)) is not None:
            self._by_id[id_] = found
        return self._by_id.get(id_)

    def _line(self, objective: Objective) -> tuple[str, str]:
        return f"{objective.code} {objective.text}", self.team(objective.team)

    def line(self, objective: Objective) -> tuple[str, str]:
        return self._line(objective)

    def health(self, objectives: Sequence[Objective]) -> HealthView:
        found = health(objectives, [design(objective).score for objective in objectives], self._today)
        stale = (r.code for o in objectives for r in o.counted if is_stale(r, o.published, self._today))
        return HealthView(
            None if found.fresh is None else round(100 * found.fresh),
            None if found.design is None else round(found.design),
            None if found.average is None else round(100 * found.average),
            () if found.fresh_enough else tuple(dict.fromkeys(stale)),
        )

    def needs(self, objectives: Iterable[Objective]) -> tuple[NeedLine, ...]:
        """Where a key result depends on another team: because it says so, or because its owners are in one."""
        return tuple(
            NeedLine(result.code, result.text, self.team(objective.team), self.team(other))
            for objective in objectives
            for result in objective.counted
            for other in needed(self._desk.setup, objective, result)
        )


def needed(setup: Setup, objective: Objective, result: KeyResult) -> tuple[str, ...]:
    """The teams beyond its own that have a part in a key result."""
    found = list(result.needs)
    for owner in result.owners:
        if owner.startswith("team:"):
            found.append(owner.removeprefix("team:"))
        elif (person := setup.people.get(owner)) is not None and not _belongs(setup, person, objective.team):
            found += person.teams[:1]
    return tuple(dict.fromkeys(team for team in found if team != objective.team))


def _belongs(setup: Setup, person: Person, team: str) -> bool:
    return team in teams_of(setup, person)


def readers_of(setup: Setup, teams: Collection[str]) -> list[str]:
    """Members and leads of these teams."""
    found: dict[str, None] = {}
    for name in teams:
        team = setup.teams.get(name)
        if team is not None:
            found.update(dict.fromkeys((*team.members, *([team.lead] if team.lead else []))))
    return [address for address in found if address in setup.people]
