"""Accounts: which there are, the assistant's address at each, and through which of them somebody is reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.config import phrases
from assistant.config.checking import check, named_entries
from assistant.config.models import AccountModel, PersonModel, TeamModel
from assistant.config.phrases import meant
from assistant.config.reading import Place, Source
from assistant.domain.people import Team
from assistant.errors import AssistantError

BY_MAIL = "mail"
"""What a person's ``calendar`` says in place of an account."""


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox, a calendar or both, or a chat: adapter names, and the keyword arguments that they are made with.

    ``address`` is the assistant's own there, None its usual one.
    """

    name: str
    mail: str | None
    calendar: str | None
    options: Mapping[str, Any]
    channel: str | None = None
    address: str | None = None


def read_accounts(source: Source) -> dict[str, Account]:
    if source.data.get("accounts") is None:
        return {"main": Account("main", "local", "local", {})}
    accounts = {}
    for name, raw in named_entries(source, "accounts"):
        place = ("accounts", name)
        model = check(AccountModel, raw, place, source)
        if model is None:
            continue
        if model.mail is None and model.calendar is None and model.channel is None:
            source.problem(place, "has neither `mail` nor `calendar` nor `channel`; name an adapter")
            continue
        if model.address is not None and "+" in model.address:
            source.problem((*place, "address"), plus_in(model.address))
        options = dict(model.model_extra or {})
        accounts[name] = Account(name, model.mail, model.calendar, options, model.channel, model.address)
    if not source.data["accounts"]:
        source.problem(("accounts",), "is empty; name an account, or remove it for folders on this machine")
    return accounts


def own_address(said: str) -> str:
    """An address of the assistant's that was given elsewhere than in the file. Raises AssistantError."""
    try:
        found = phrases.address(said)
    except ValueError as error:
        raise AssistantError(str(error)) from error
    if "+" in found:
        raise AssistantError(plus_in(found))
    return found


def plus_in(address: str) -> str:
    return f"{address} has a +; write the bare address, the tags are ours"


def check_channels(teams: Mapping[str, Team], accounts: Mapping[str, Account], source: Source) -> None:
    known = [name for name, account in accounts.items() if account.channel is not None]
    for name, team in teams.items():
        if team.channel is not None and team.channel.account not in known:
            message = f"there is no account {team.channel.account} with `channel`{meant(team.channel.account, known)}"
            source.problem(("teams", name, "channel", "account"), message)


@dataclass(frozen=True, slots=True)
class Reach:
    """How somebody is reached: accounts by name, None the first of its kind."""

    mail: str | None = None
    calendar: str | None = None
    by_mail: bool = False


class Reaching:
    """What people, or else their teams, say about the accounts that they are reached through."""

    def __init__(self, accounts: Mapping[str, Account], teams: Mapping[str, TeamModel], source: Source) -> None:
        self._with_mail = [name for name, account in accounts.items() if account.mail is not None]
        self._with_calendar = [name for name, account in accounts.items() if account.calendar is not None]
        self._source = source
        self._teams = {name.casefold(): self._said(("teams", name), team) for name, team in teams.items()}

    def of(self, place: Place, model: PersonModel, teams: Sequence[str]) -> Reach:
        """Of a person in these teams, of which the first that says anything counts."""
        own = self._said(place, model)
        theirs = [self._teams[name.casefold()] for name in teams if name.casefold() in self._teams]
        mail = next((reach.mail for reach in (own, *theirs) if reach.mail is not None), None)
        placed = next((reach for reach in (own, *theirs) if reach.by_mail or reach.calendar is not None), own)
        return Reach(mail, placed.calendar, placed.by_mail)

    def _said(self, place: Place, model: PersonModel | TeamModel) -> Reach:
        """What is said there; what is no account is reported."""
        mail, calendar = model.mail, model.calendar
        by_mail = calendar is not None and calendar.casefold() == BY_MAIL
        if by_mail and BY_MAIL in self._with_calendar:
            message = "may be the account of that name, or by mail alone; give the account another name"
            self._source.problem((*place, "calendar"), message)
        if mail is not None and mail not in self._with_mail:
            message = f"there is no account {mail} with `mail`{meant(mail, self._with_mail)}"
            self._source.problem((*place, "mail"), message)
        if calendar is not None and not by_mail and calendar not in self._with_calendar:
            near = meant(calendar, [*self._with_calendar, BY_MAIL])
            self._source.problem((*place, "calendar"), f"there is no account {calendar} with `calendar`{near}")
        return Reach(mail, None if by_mail else calendar, by_mail)
