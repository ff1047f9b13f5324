"""People and teams: who goes by which name, who manages whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from assistant.config.accounts import Reaching
from assistant.config.models import DefaultsModel, PersonModel, TeamModel
from assistant.config.phrases import meant
from assistant.config.reading import Place, Source
from assistant.domain.people import STANDARD_WEEK, Channel, Person, Team, first_name

_MOST_HINTS = 20
"""Looking for a near name costs milliseconds among thousands: a wholly wrong CSV should not take minutes."""


class Roster:
    """Everybody in the file, by any name that the rest of the file may use for them.

    ``unread`` are the entries that could not be used: what they say of names and teams is not reported as unknown.
    """

    def __init__(self, people: Mapping[Place, PersonModel], source: Source, unread: Sequence[object]) -> None:
        self._source = source
        self._hints = 0
        self._unread = {
            word.casefold()
            for entry in unread
            if isinstance(entry, Mapping)
            for key in ("name", "email", "team", "teams")
            for said in [entry.get(key)]
            for line in (said if isinstance(said, list) else [said])
            for word in (str(line), str(line).split(" ")[0])
        }
        self.models: dict[str, PersonModel] = {}
        self.places: dict[str, Place] = {}
        self.by_any_address: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = {}
        for place, model in people.items():
            self._take(place, model)

    def _take(self, place: Place, model: PersonModel) -> None:
        if model.email in self.models:
            other = self.models[model.email].name
            self._source.problem((*place, "email"), f"{model.email} is already the address of {other}")
            return
        for address in dict.fromkeys((model.email, *model.aliases)):
            owner = self.by_any_address.setdefault(address, model.email)
            if owner != model.email:
                where = "email" if address == model.email else "aliases"
                other = self.models[owner].name
                self._source.problem((*place, where), f"{address} is already the address of {other}")
        self.models[model.email] = model
        self.places[model.email] = place
        for name in {model.name.casefold(), first_name(model.name).casefold()}:
            self._by_name.setdefault(name, []).append(model.email)

    def find(self, name: str, place: Place) -> str | None:
        """The address of who is meant; None when that is nobody, or several, which is then reported at ``place``."""
        folded = name.casefold()
        if folded in self.by_any_address:
            return self.by_any_address[folded]
        found = self._by_name.get(folded, [])
        if len(found) == 1:
            return found[0]
        if found:
            several = " and ".join(f"{self.models[each].name} <{each}>" for each in found[:3])
            self._source.problem(place, f"{name} may be {several}; write the address")
        elif not self.unread(name):
            self._source.problem(place, f"there is nobody called {name} under people{self._hint(name)}")
        return None

    def _hint(self, name: str) -> str:
        self._hints += 1
        if self._hints > _MOST_HINTS:
            return ""
        return meant(name, self.by_any_address if "@" in name else [model.name for model in self.models.values()])

    def unread(self, name: str) -> bool:
        """Whether a person or a team of that name is in an entry that was reported already."""
        return name.casefold() in self._unread


def build_teams(roster: Roster, given: Mapping[str, TeamModel] | None, source: Source) -> dict[str, Team]:
    """Teams in the order of the section, or of the people where there is none."""
    members = _members(roster, given, source)
    leads = _leads(roster, given or {}, members, source)
    titles = {name: model.title for name, model in (given or {}).items()}
    channels = {
        name: Channel(model.channel.account, model.channel.name)
        for name, model in (given or {}).items()
        if model.channel is not None
    }
    return {
        name: Team(name, titles.get(name) or _title(name), tuple(who), leads.get(name), channels.get(name))
        for name, who in members.items()
    }


def _members(roster: Roster, given: Mapping[str, TeamModel] | None, source: Source) -> dict[str, list[str]]:
    members: dict[str, list[str]] = {name: [] for name in given or ()}
    folded = {name.casefold(): name for name in members}
    for address, model in roster.models.items():
        for name in teams_of(model):
            if given is not None and name.casefold() not in folded:
                place = (*roster.places[address], "team")
                source.problem(place, f"there is no team {name} under teams{meant(name, given)}")
                continue
            members.setdefault(folded.setdefault(name.casefold(), name), []).append(address)
    for name, who in members.items():
        if not who and not roster.unread(name):
            source.problem(("teams", name), f"nobody is in it; add `team: {name}` to a person, or remove it")
    return members


def _leads(
    roster: Roster, given: Mapping[str, TeamModel], members: Mapping[str, Sequence[str]], source: Source
) -> dict[str, str]:
    """Who leads each team, as the person or the team says; two are reported."""
    folded = {name.casefold(): name for name in members}
    claims: list[tuple[str, str, Place]] = []
    for address, model in roster.models.items():
        place = (*roster.places[address], "lead")
        if model.lead is True and not teams_of(model):
            source.problem(place, f"{model.name} leads, but is in no team")
        for name in _led_by(model):
            if name.casefold() in folded:
                claims.append((folded[name.casefold()], address, place))
            elif name not in teams_of(model):  # else it is reported there
                source.problem(place, f"there is no team {name}{meant(name, members)}")
    for name, team in given.items():
        place = ("teams", name, "lead")
        if team.lead is not None and (found := roster.find(team.lead, place)) is not None:
            claims.append((name, found, place))
    leads: dict[str, str] = {}
    for name, address, place in claims:
        if leads.setdefault(name, address) != address:
            both = f"{roster.models[leads[name]].name} and {roster.models[address].name}"
            source.problem(place, f"{both} cannot both lead {name}")
    return leads


def build_people(
    roster: Roster, teams: Mapping[str, Team], defaults: DefaultsModel, reaching: Reaching, source: Source
) -> dict[str, Person]:
    by_folded = {name.casefold(): name for name in teams}
    managers = _managers(roster, teams, source)
    people = {}
    for address, model in roster.models.items():
        place = roster.places[address]
        own_zone = model.zone or defaults.zone
        if own_zone is None and not source.reported((*place, "zone")):
            source.problem((*place, "zone"), "is missing; write it like Europe/Berlin, here or under defaults")
        code = model.country or defaults.country
        holidays: Mapping[date, str] = {}
        if code is not None:
            try:
                holidays = holidays_of(code)
            except ValueError as error:
                source.problem((*place, "country") if model.country else ("defaults", "country"), str(error))
        if model.start is not None and model.end is not None and model.end < model.start:
            source.problem((*place, "end"), "is before their `start`")
        reach = reaching.of(place, model, teams_of(model))
        people[address] = Person(
            address=address,
            name=model.name,
            zone=own_zone or ZoneInfo("UTC"),
            hours=model.hours or defaults.hours or STANDARD_WEEK,
            language=model.language or defaults.language or "en",
            aliases=tuple(dict.fromkeys(alias for alias in model.aliases if alias != address)),
            manager=managers.get(address),
            teams=tuple(by_folded[name.casefold()] for name in teams_of(model) if name.casefold() in by_folded),
            start=model.start,
            end=model.end,
            buddy=_buddy(roster, address, model, place),
            holidays=holidays,
            mail=reach.mail,
            calendar=reach.calendar,
            by_mail=reach.by_mail,
        )
    return people


def _buddy(roster: Roster, address: str, model: PersonModel, place: Place) -> str | None:
    found = roster.find(model.buddy, (*place, "buddy")) if model.buddy is not None else None
    return found if found != address else None


def teams_of(model: PersonModel) -> tuple[str, ...]:
    """As written, without repeats."""
    return tuple({name.casefold(): name for name in reversed((*model.team, *model.teams))}.values())[::-1]


def _led_by(model: PersonModel) -> tuple[str, ...]:
    if isinstance(model.lead, bool):
        return teams_of(model)[:1] if model.lead else ()
    return model.lead


def _title(name: str) -> str:
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _managers(roster: Roster, teams: Mapping[str, Team], source: Source) -> dict[str, str]:
    """Each person's manager by address. Who says none and leads no team has the lead of their first team."""
    leads = {team.lead for team in teams.values()}
    by_folded = {name.casefold(): team for name, team in teams.items()}
    managers: dict[str, str] = {}
    for address, model in roster.models.items():
        place = (*roster.places[address], "manager")
        own = [by_folded[name.casefold()] for name in teams_of(model) if name.casefold() in by_folded]
        found: str | None = None
        if model.manager is not None and model.manager.casefold() not in ("none", "nobody", "-"):
            found = roster.find(model.manager, place)
        elif model.manager is None and own and address not in leads:
            found = own[0].lead
        if found == address:
            source.problem(place, f"{model.name} cannot be their own manager")
        elif found is not None:
            managers[address] = found
    for cycle in _cycles(managers):
        names = [roster.models[each].name for each in (*cycle, cycle[0])]
        source.problem((*roster.places[cycle[0]], "manager"), f"goes in a circle: {', '.join(names)}")
    return managers


def _cycles(managers: Mapping[str, str]) -> list[list[str]]:
    """Each circle once, from its first member on."""
    seen: set[str] = set()
    cycles = []
    for start in managers:
        path: dict[str, int] = {}
        at: str | None = start
        while at is not None and at not in seen and at not in path:
            path[at] = len(path)
            at = managers.get(at)
        if at is not None and at in path:
            cycles.append(list(path)[path[at] :])
        seen.update(path)
    return cycles


@cache
def holidays_of(code: str) -> Mapping[date, str]:
    """The public holidays of a country or of a part of it, worked out when a date is looked up.

    Look dates up; iterating gives only the years that were asked for before.
    """
    import holidays  # noqa: PLC0415  # 0.2 s that only those pay who named a country

    head, _, part = code.partition("-")
    try:
        return holidays.country_holidays(head, subdiv=part or None)
    except NotImplementedError as error:
        known = holidays.list_supported_countries(include_aliases=True)
        if head not in known:
            raise ValueError(f"no holidays are known for a country {head}; write its ISO code, like DE") from error
        parts = meant(part, known[head]) or f"; known: {', '.join(known[head][:10])} …"
        raise ValueError(f"{head} has no part {part}{parts}") from error
