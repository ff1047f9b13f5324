"""Who left by the calendar: after somebody's last day the setup goes on without them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from assistant.domain.kinds import MEETINGS
from assistant.domain.people import Person, Team, workdays_after
from assistant.domain.setup import Series, Setup

_DAY = timedelta(days=1)
_AT_LEAST = 2


def has_left(person: Person, now: datetime) -> bool:
    return person.end is not None and person.local(now).date() > person.end


def last_day(person: Person) -> date | None:
    """The last day on which they work; None where it is not known."""
    if person.end is None or person.works_on(person.end):
        return person.end
    return workdays_after(person, person.end, -1)


def without_leavers(setup: Setup, now: datetime) -> Setup:
    """As if the configuration did not have them: a 1:1 ends, another meeting goes on while there are two."""
    gone = {person.address for person in setup.people.values() if has_left(person, now)}
    if not gone:
        return setup
    people = {
        address: replace(
            person,
            manager=person.manager if person.manager not in gone else None,
            buddy=person.buddy if person.buddy not in gone else None,
        )
        for address, person in setup.people.items()
        if address not in gone
    }
    teams = {name: _team(team, gone) for name, team in setup.teams.items()}
    series = (_series(each, gone, teams) for each in setup.series)
    return replace(setup, people=people, teams=teams, series=tuple(each for each in series if each is not None))


def _team(team: Team, gone: set[str]) -> Team:
    lead = team.lead if team.lead not in gone else None
    return replace(team, members=tuple(a for a in team.members if a not in gone), lead=lead)


def _series(series: Series, gone: set[str], teams: dict[str, Team]) -> Series | None:
    """Where whoever led it left, the team's lead does, else the first who takes part."""
    if gone.isdisjoint((*series.participants, *series.optional)):
        return series
    here = tuple(address for address in series.participants if address not in gone)
    optional = tuple(address for address in series.optional if address not in gone)
    if len(here) < _AT_LEAST or (MEETINGS[series.kind].private and len(here) < len(series.participants)):
        return None
    team = teams.get(series.team or "")
    heir = team.lead if team is not None and team.lead in here and team.lead else here[0]
    return replace(series, lead=series.lead if series.lead in here else heir, participants=here, optional=optional)
