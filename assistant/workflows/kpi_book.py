"""KPIs as everybody looks at them: whose they are, which one is meant, and how a mail shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from assistant.domain.kpis import Kpi, Value, course, is_weak, next_day, trend
from assistant.domain.people import Person
from assistant.domain.recurrence import Rule
from assistant.domain.setup import Setup
from assistant.domain.views import Act, KpiLine
from assistant.domain.views_kpis import KpiAct, KpiEvent, KpisView, KpiView, TeamKpis
from assistant.inbound.words.fold import words
from assistant.store import kpis as store
from assistant.workflows.desk import Desk
from assistant.workflows.goal_book import teams_of
from assistant.workflows.reporting import Names

FAMILY = "kpis"
_SHOWN = 8
_FREQUENCIES = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}


def act(what: str, kpi: Kpi | None = None, **more: object) -> Act:
    shown = KpiAct(name=kpi.name, unit=kpi.unit) if kpi is not None else KpiAct()
    return Act(what, family=FAMILY, view=replace(shown, **more))  # type: ignore[arg-type]  # fields by name


def measures(desk: Desk, person: Person) -> tuple[str, ...]:
    """What the KPIs of a person's teams are called, for the grammar."""
    return tuple(kpi.name for kpi in store.of_teams(desk.db, teams_of(desk.setup, person)))


def find(desk: Desk, person: Person, said: str) -> list[Kpi]:
    """Those of that name: of their own teams, else of all. KPIs are for everybody to see."""
    wanted = words(said.replace("#", " "))
    every = [kpi for kpi in store.of_teams(desk.db, desk.setup.teams) if words(kpi.name) == wanted]
    near = teams_of(desk.setup, person)
    return [kpi for kpi in every if kpi.team in near] or every


def answerable(setup: Setup, kpi: Kpi) -> str | None:
    """Who is asked for its values: its owner, or the lead of its team once the owner has left."""
    if kpi.owner in setup.people:
        return kpi.owner
    team = setup.teams.get(kpi.team)
    return team.lead if team is not None and team.lead in setup.people else None


def may_change(setup: Setup, kpi: Kpi, person: Person) -> bool:
    """Its owner and its team."""
    return person.address == kpi.owner or kpi.team in teams_of(setup, person)


class Page:
    """Turns KPIs into lines; values and names are looked up once for all of them."""

    def __init__(self, desk: Desk, kpis: Sequence[Kpi]) -> None:
        self.names = Names(desk)
        self._desk = desk
        self._values = store.values(desk.db, [kpi.id for kpi in kpis], _SHOWN)

    def values(self, kpi: Kpi) -> list[Value]:
        return self._values.get(kpi.id, [])

    def line(self, kpi: Kpi, number: int = 0) -> KpiLine:
        values = self.values(kpi)
        last = values[-1] if values else None
        found = trend(values)
        return KpiLine(
            kpi.name, kpi.unit, self.names.first(kpi.owner), last.value if last else kpi.baseline,
            last.day if last else None, kpi.target, kpi.low, kpi.high,
            last is not None and is_weak(kpi, last.value), found.value if found else "", course(kpi, values),
            tuple(value.value for value in values), number,
        )  # fmt: skip

    def team(self, name: str) -> str:
        team = self._desk.setup.teams.get(name)
        return team.title if team is not None else name


def view(
    desk: Desk, now: datetime, kpi: Kpi, reader: Person, what: str, missing: Sequence[str] = (), proposal: str = ""
) -> KpiView:
    page = Page(desk, [kpi])
    rule = Rule.parse(kpi.rule) if kpi.rule else None
    today = reader.local(now).date()
    return KpiView(
        what, page.line(kpi), page.team(kpi.team), reader.address == kpi.owner, kpi.what, kpi.why, kpi.measured,
        kpi.baseline, _FREQUENCIES[rule.freq] if rule else "", rule.interval if rule else 1,
        tuple(day for _, day in rule.by_day) if rule else (), next_day(kpi.rule, today, today) if rule else None,
        tuple(missing), proposal, _events(desk, kpi, page.names) if what == "history" else (),
    )  # fmt: skip


def _events(desk: Desk, kpi: Kpi, names: Names) -> tuple[KpiEvent, ...]:
    return tuple(
        KpiEvent(
            said.value.day, said.value.value, names.first(said.value.by), names.day(said.value.by, said.value.at),
            said.value.comment, said.counts,
        )
        for said in store.history(desk.db, kpi.id)
    )  # fmt: skip


def team_view(desk: Desk, teams: Sequence[str]) -> KpisView:
    """The live KPIs of these teams, for mails and exports."""
    found = by_team(desk, teams)
    shown = [(desk.setup.teams.get(team), team) for team in teams if team in found]
    return KpisView("asked", tuple(TeamKpis(known.title if known else team, found[team]) for known, team in shown))


def by_team(desk: Desk, teams: Iterable[str]) -> Mapping[str, tuple[KpiLine, ...]]:
    """The same by team, with the same few queries for any number of them; teams without KPIs are left out."""
    found = store.of_teams(desk.db, teams)
    page = Page(desk, found)
    return {team: tuple(map(page.line, kpis)) for team, kpis in groupby(found, key=lambda kpi: kpi.team)}
