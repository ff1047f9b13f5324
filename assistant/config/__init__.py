"""config.yaml: read, checked as a whole, and turned into what the rest of the program works with.

``phrases`` reads how people write times and rhythms, ``reading`` the files, ``models`` says which options there are,
``checking`` holds the one against the other, ``accounts``, ``roster`` and ``plan`` resolve names and fill in defaults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.config.accounts import Account, Reaching, check_channels, plus_in, read_accounts
from assistant.config.checking import M, check, check_names, entries, named_entries
from assistant.config.goals import goals_plan
from assistant.config.models import (
    AssistantModel,
    DefaultsModel,
    FileModel,
    PersonModel,
    RoundModel,
    SeriesModel,
    SettingsModel,
    TeamModel,
)
from assistant.config.plan import Plan
from assistant.config.projects import project_plans
from assistant.config.reading import Place, Source, read
from assistant.config.roster import Roster, build_people, build_teams
from assistant.domain.setup import Assistant, Setup

__all__ = ["Account", "Config", "load", "schema"]


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration that was found good. ``templates`` is the user's own folder, whose files win over ours.

    ``links`` is where a number in people's words leads, by what stands before it.

    ``files`` are all that were read: a change in one of them is a change of the configuration.
    """

    path: Path
    setup: Setup
    data: Path
    accounts: Mapping[str, Account]
    templates: Path | None
    files: tuple[Path, ...]
    links: Mapping[str, str] = field(default_factory=dict)


def load(path: Path) -> Config:
    """Raises ConfigError with every problem in the file and in the CSV files of people that it names."""
    source = read(path, list(PersonModel.model_fields))
    check_names(source)
    assistant = _assistant(source)
    settings = {name: value for name, value in source.data.items() if name in SettingsModel.model_fields}
    rest = check(SettingsModel, settings, (), source) or SettingsModel()
    accounts = read_accounts(source)
    roster = _roster(source)
    given = _teams(source)
    teams = build_teams(roster, given, source)
    check_channels(teams, accounts, source)
    defaults = _defaults(source, assistant)
    people = build_people(roster, teams, defaults, Reaching(accounts, given or {}, source), source)
    plan = Plan(roster, people, teams, source)
    rounds = plan.rounds(_checked(RoundModel, source, "rounds"))
    series = plan.series(_checked(SeriesModel, source, "series"))
    goals = goals_plan(rest.goals, teams, source)
    projects = project_plans(rest.projects, people, source)
    data, templates, links = _folder(rest.data, ("data",), source), _templates(rest, source), _links(rest, source)
    _check_own(assistant, accounts, roster, source)
    source.report()
    assert assistant is not None  # noqa: S101  # its absence is a problem, and the report raised
    first = next(iter(people.values()))
    setup = Setup(
        assistant=Assistant(
            name=assistant.name,
            address=assistant.address,
            operator=assistant.operator or first.address,
            zone=assistant.zone or defaults.zone or first.zone,
            language=assistant.language or defaults.language or "en",
            elsewhere=_elsewhere(assistant.address, accounts),
        ),
        people=people,
        teams=teams,
        rounds=rounds,
        series=series,
        rollup_at=rest.rollup,
        backups=rest.backups,
        goals=goals,
        projects=projects,
    )
    return Config(path, setup, data, accounts, templates, tuple(source.files), links)


def schema() -> dict[str, Any]:
    """The JSON Schema of config.yaml, for editors. ``docs/config.schema.json`` is it, written down."""
    found = _without_noise(FileModel.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "config.yaml", **found}


def _without_noise(part: Any) -> Any:
    """Without the titles and empty defaults that pydantic adds: editors show them and they say nothing."""
    if isinstance(part, list):
        return [_without_noise(each) for each in part]
    if not isinstance(part, dict):
        return part
    noise = {name for name, nothing in (("title", str), ("default", type(None))) if isinstance(part.get(name), nothing)}
    return {name: _without_noise(value) for name, value in part.items() if name not in noise}


def _assistant(source: Source) -> AssistantModel | None:
    raw = source.data.get("assistant")
    if raw is None:
        source.problem(("assistant",), "is missing; give at least its `address`")
        return None
    found = check(AssistantModel, raw, ("assistant",), source)
    if found is not None and "+" in found.address:
        source.problem(("assistant", "address"), plus_in(found.address))
    if found is not None and found.operator == found.address:
        source.problem(("assistant", "operator"), "is the assistant itself; name a person's address")
    return found


def _check_own(
    assistant: AssistantModel | None, accounts: Mapping[str, Account], roster: Roster, source: Source
) -> None:
    """The assistant's addresses are nobody else's."""
    own: dict[Place, str] = {} if assistant is None else {("assistant", "address"): assistant.address}
    own |= {("accounts", name, "address"): each.address for name, each in accounts.items() if each.address is not None}
    for place, address in own.items():
        owner = roster.by_any_address.get(address)
        if owner is not None:
            name = roster.models[owner].name
            source.problem(place, f"{address} is also the address of {name}; the assistant needs its own")


def _elsewhere(usual: str, accounts: Mapping[str, Account]) -> tuple[str, ...]:
    """The assistant's addresses besides its usual one, each once."""
    found = dict.fromkeys(each.address for each in accounts.values() if each.address is not None)
    return tuple(address for address in found if address != usual)


def _defaults(source: Source, assistant: AssistantModel | None) -> DefaultsModel:
    """With zone and language of the assistant where it has none."""
    defaults = check(DefaultsModel, source.data.get("defaults") or {}, ("defaults",), source) or DefaultsModel()
    if assistant is None:
        return defaults
    shared = {"zone": defaults.zone or assistant.zone, "language": defaults.language or assistant.language}
    return defaults.model_copy(update=shared)


def _roster(source: Source) -> Roster:
    raw = entries(source, "people")
    checked = {place: check(PersonModel, entry, place, source) for place, entry in raw}
    if not raw and not any(problem.field.startswith("people") for problem in source.problems):
        source.problem(("people",), "nobody is listed; give at least one person's `name` and `email`")
    models = {place: model for place, model in checked.items() if model is not None}
    return Roster(models, source, [entry for place, entry in raw if checked[place] is None])


def _teams(source: Source) -> dict[str, TeamModel] | None:
    """None where the file has no such section: then teams are those that people name."""
    if source.data.get("teams") is None:
        return None
    checked = {name: check(TeamModel, raw, ("teams", name), source) for name, raw in named_entries(source, "teams")}
    return {name: model or TeamModel() for name, model in checked.items()}


def _checked(model: type[M], source: Source, name: str) -> dict[Place, M]:
    checked = {place: check(model, raw, place, source) for place, raw in entries(source, name)}
    return {place: found for place, found in checked.items() if found is not None}


def _links(settings: SettingsModel, source: Source) -> Mapping[str, str]:
    for mark in settings.links:
        if not mark.strip() or mark[-1].isalnum() or any(letter.isspace() for letter in mark):
            source.problem(("links", mark), f"{mark!r} should end with a sign, as # or PROJ-, that a number can follow")
    return settings.links


def _templates(settings: SettingsModel, source: Source) -> Path | None:
    if settings.templates is None:
        return None
    folder = _folder(settings.templates, ("templates",), source)
    if not source.reported(("templates",)) and not folder.is_dir():
        source.problem(("templates",), f"there is no folder {folder}")
    return folder


def _folder(written: str, place: Place, source: Source) -> Path:
    """From where the configuration is, or of a home with ~."""
    try:
        return source.file.parent / Path(written).expanduser()
    except RuntimeError:  # what pathlib raises where nobody is called that
        source.problem(place, f"{written}: there is no such user; write the folder in full")
        return source.file.parent
