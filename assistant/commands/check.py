"""``assistant check``"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from rich.text import Text

from assistant import clock, config
from assistant.commands import findings
from assistant.commands.console import console, table
from assistant.commands.findings import Finding, Mark
from assistant.commands.online import try_calendar, try_channel, try_mail
from assistant.commands.status import show_problems
from assistant.commands.upcoming import look_ahead, show
from assistant.config import Account, Config
from assistant.domain.setup import Setup
from assistant.errors import ProviderError
from assistant.ports import CalendarProvider, ChannelProvider, MailProvider
from assistant.store import database, trail
from assistant.wiring import adapters, channels

_SIGN_IN = "sign-in"
_FIRST = 8
_DAYS = 4


@dataclass(frozen=True, slots=True)
class _Adapters:
    mail: Mapping[str, MailProvider]
    calendars: Mapping[str, CalendarProvider]
    channels: Mapping[str, ChannelProvider]


def run(path: Path, *, online: bool = False) -> int:
    """1 where an adapter does not work; ``online`` tries everything of each account, and shows it in a table."""
    settings = config.load(path)
    out = console()
    setup = settings.setup
    counts = (
        (setup.people, "person", "people"),
        (setup.rounds, "round", "rounds"),
        (setup.series, "meeting", "meetings"),
    )
    told = ", ".join(f"{len(all_)} {one if len(all_) == 1 else several}" for all_, one, several in counts)
    out.print(f"{path}: good. {told}.", soft_wrap=True)
    database.make_private_folder(settings.data)
    out.print(f"{settings.data}: can be written.", soft_wrap=True)
    made = _Adapters(*adapters(settings), channels(settings))
    works = (_try_everything if online else _look)(settings, made)
    try:
        coming = look_ahead(settings, clock.now(), _DAYS)[:_FIRST]
    except ProviderError:  # said above
        out.print("What goes out first cannot be told while a calendar cannot be read.")
        return 1
    out.print("First to go out:")
    show(settings, coming)
    return 0 if works else 1


def _look(settings: Config, made: _Adapters) -> bool:
    out = console()
    works = True
    for name, account in settings.accounts.items():
        for part, finding in _first_looks(settings, made, name):
            works = works and finding.mark is not Mark.FAILS
            said = f"{getattr(account, part)} works." if finding.mark is Mark.WORKS else finding.told
            what = part if finding.what == _SIGN_IN else f"{part} {finding.what}"
            out.print(f"account {name}, {what}: {said}", markup=False)
    return works


def _first_looks(settings: Config, made: _Adapters, name: str) -> Iterator[tuple[str, Finding]]:
    """One question to each server: nothing is sent or written."""
    if name in made.mail:
        yield "mail", _looked(lambda: made.mail[name].fetch(None))
    if name in made.calendars:
        yield "calendar", _looked(lambda: made.calendars[name].changes(None))
    if name in made.channels:
        for each in try_channel(made.channels[name], _channels_at(settings.setup, name)):
            yield "channel", each


def _looked(attempt: Callable[[], object]) -> Finding:
    _, wrong = findings.tried(_SIGN_IN, attempt)
    return wrong or Finding(_SIGN_IN, Mark.WORKS, "")


def _try_everything(settings: Config, made: _Adapters) -> bool:
    out = console()
    found: dict[str, list[tuple[str, Finding]]] = {}
    for name, account in settings.accounts.items():
        found[name] = list(_everything_of(settings, made, account))
        parts = ("mail", "calendar", "channel")
        used = ", ".join(f"{part} by {kind}" for part in parts if (kind := getattr(account, part)))
        shown = table("", "what", "", "", title=f"account {name}: {used}")
        for part, each in found[name]:
            shown.add_row(part, each.what, each.mark, Text(f"{each.told} {each.remedy}".strip()))
        out.print(shown)
        for adapter in (made.mail.get(name), made.calendars.get(name)):
            close = getattr(adapter, "close", None)
            if close is not None:
                close()
    with closing(database.open_store(settings.data)) as db:
        findings.keep(db, clock.now(), found)
        show_problems(out, [(each.place, each.message, each.times) for each in trail.troubles(db)])
    return all(each.mark is not Mark.FAILS for several in found.values() for _, each in several)


def _everything_of(settings: Config, made: _Adapters, account: Account) -> Iterator[tuple[str, Finding]]:
    name, setup = account.name, _as_seen_by(settings, account)
    if name in made.mail:
        for each in findings.said_once(try_mail(made.mail[name], setup, clock.now())):
            yield "mail", each
    if name in made.calendars:
        for each in findings.said_once(try_calendar(made.calendars[name], setup, clock.now())):
            yield "calendar", each
    if name in made.channels:
        for each in try_channel(made.channels[name], _channels_at(settings.setup, name)):
            yield "channel", each


def _as_seen_by(settings: Config, account: Account) -> Setup:
    """With the address that we have at this account, and the people whose calendars it holds."""
    setup = settings.setup
    first = next((name for name, each in settings.accounts.items() if each.calendar is not None), "")
    people = {
        address: person
        for address, person in setup.people.items()
        if (person.calendar or first) == account.name and not person.by_mail
    }
    own = replace(setup.assistant, address=account.address or setup.assistant.address)
    return replace(setup, assistant=own, people=people)


def _channels_at(setup: Setup, name: str) -> list[str]:
    """What teams call their channels there, once each."""
    named = (team.channel for team in setup.teams.values())
    return list(dict.fromkeys(channel.name for channel in named if channel is not None and channel.account == name))
