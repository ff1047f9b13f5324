"""config.yaml: read, checked as a whole, and turned into what the rest of the program works with.

``phrases`` reads how people write times and rhythms, ``reading`` the files, ``models`` says which options there are,
``checking`` holds the one against the other, ``roster`` and ``plan`` resolve names and fill in defaults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.config.checking import M, check, check_names, entries, named_entries
from assistant.config.models import (
    AccountModel,
    AssistantModel,
    DefaultsModel,
    FileModel,
    PersonModel,
    RoundModel,
    SeriesModel,
    SettingsModel,
    TeamModel,
)
from assistant.config.phrases import meant
from assistant.config.plan import Plan
from assistant.config.reading import Place, Source, read
from assistant.config.roster import Roster, build_people, build_teams
from assistant.domain.people import Team
from assistant.domain.setup import Assistant, Setup

__all__ = ["Account", "Config", "load", "schema"]


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox, a calendar or both, or a chat: adapter names, and the keyword arguments that they are made with."""

    name: str
    mail: str | None
    calendar: str | None
    options: Mapping[str, Any]
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration that was found good. ``templates`` is the user's own folder, whose files win over ours.

    ``files`` are all that were read: a change in one of them is a change of the configuration.
    """

    path: Path
    setup: Setup
    data: Path
    accounts: Mapping[str, Account]
    templates: Path | None
    files: tuple[Path, ...]


def load(path: Path) -> Config:
    """Raises ConfigError with every problem in the file and in the CSV files of people that it names."""
    source = read(path, list(PersonModel.model_fields))
    check_names(source)
    assistant = _assistant(source)
    settings = {name: value for name, value in source.data.items() if name in SettingsModel.model_fields}
    rest = check(SettingsModel, settings, (), source) or SettingsModel()
    accounts = _accounts(source)
    roster = _roster(source)
    teams = build_teams(roster, _teams(source), source)
    _check_channels(teams, accounts, source)
    defaults = _defaults(source, assistant)
    people = build_people(roster, teams, defaults, source)
    plan = Plan(roster, people, teams, source)
    rounds = plan.rounds(_checked(RoundModel, source, "rounds"))
    series = plan.series(_checked(SeriesModel, source, "series"))
    templates = _templates(rest, source)
    if assistant is not None and (owner := roster.by_any_address.get(assistant.address)) is not None:
        message = f"{assistant.address} is also the address of {people[owner].name}; the assistant needs its own"
        source.problem(("assistant", "address"), message)
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
        ),
        people=people,
        teams=teams,
        rounds=rounds,
        series=series,
        rollup_at=rest.rollup,
        backups=rest.backups,
    )
    return Config(path, setup, path.parent / Path(rest.data).expanduser(), accounts, templates, tuple(source.files))


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
        source.problem(("assistant", "address"), f"{found.address} has a +; write the bare address, the tags are ours")
    if found is not None and found.operator == found.address:
        source.problem(("assistant", "operator"), "is the assistant itself; name a person's address")
    return found


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


def _accounts(source: Source) -> dict[str, Account]:
    if source.data.get("accounts") is None:
        return {"main": Account("main", "local", "local", {})}
    accounts = {}
    for name, raw in named_entries(source, "accounts"):
        model = check(AccountModel, raw, ("accounts", name), source)
        if model is not None and model.mail is None and model.calendar is None and model.channel is None:
            source.problem(("accounts", name), "has neither `mail` nor `calendar` nor `channel`; name an adapter")
        elif model is not None:
            accounts[name] = Account(name, model.mail, model.calendar, dict(model.model_extra or {}), model.channel)
    if not source.data["accounts"]:
        source.problem(("accounts",), "is empty; name an account, or remove it for folders on this machine")
    return accounts


def _check_channels(teams: Mapping[str, Team], accounts: Mapping[str, Account], source: Source) -> None:
    known = [name for name, account in accounts.items() if account.channel is not None]
    for name, team in teams.items():
        if team.channel is not None and team.channel.account not in known:
            message = f"there is no account {team.channel.account} with `channel`{meant(team.channel.account, known)}"
            source.problem(("teams", name, "channel", "account"), message)


def _templates(settings: SettingsModel, source: Source) -> Path | None:
    if settings.templates is None:
        return None
    folder = source.file.parent / Path(settings.templates).expanduser()
    if not folder.is_dir():
        source.problem(("templates",), f"there is no folder {folder}")
    return folder
