"""``assistant check``"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich.text import Text

from assistant import clock, config
from assistant.commands.console import console, table
from assistant.commands.online import Finding, Mark, try_calendar, try_mail
from assistant.commands.upcoming import look_ahead, show
from assistant.config import Config
from assistant.errors import ProviderError
from assistant.ports import CalendarProvider, MailProvider
from assistant.store import database
from assistant.wiring import adapters

_FIRST = 8
_DAYS = 4


def run(path: Path, *, online: bool = False) -> int:
    """1 where an adapter does not work; ``online`` tries everything of each account, and shows it in a table."""
    settings = config.load(path)
    out = console()
    setup = settings.setup
    counts = f"{len(setup.people)} people, {len(setup.rounds)} rounds, {len(setup.series)} meetings"
    out.print(f"{path}: good. {counts}.", soft_wrap=True)
    database.make_private_folder(settings.data)
    out.print(f"{settings.data}: can be written.", soft_wrap=True)
    mail, calendars = adapters(settings)
    works = (_try_everything if online else _look)(settings, mail, calendars)
    out.print("First to go out:")
    show(settings, look_ahead(settings, clock.now(), _DAYS)[:_FIRST])
    return 0 if works else 1


def _look(settings: Config, mail: Mapping[str, MailProvider], calendars: Mapping[str, CalendarProvider]) -> bool:
    out = console()
    works = True
    for name, account in settings.accounts.items():
        for what, tried in (("mail", mail.get(name)), ("calendar", calendars.get(name))):
            if tried is None:
                continue
            try:
                _ = mail[name].fetch(None) if what == "mail" else calendars[name].changes(None)
            except ProviderError as error:
                works = False
                out.print(f"account {name}, {what}: {error}", markup=False)
            else:
                out.print(f"account {name}, {what}: {getattr(account, what)} works.", markup=False)
    return works


def _try_everything(
    settings: Config, mail: Mapping[str, MailProvider], calendars: Mapping[str, CalendarProvider]
) -> bool:
    works = True
    for name, account in settings.accounts.items():
        found: list[tuple[str, Finding]] = []
        if name in mail:
            found += [("mail", each) for each in try_mail(mail[name], settings.setup, clock.now())]
        if name in calendars:
            found += [("calendar", each) for each in try_calendar(calendars[name], settings.setup, clock.now())]
        used = ", ".join(f"{part} by {kind}" for part in ("mail", "calendar") if (kind := getattr(account, part)))
        shown = table("", "what", "", "", title=f"account {name}: {used}")
        for part, each in found:
            shown.add_row(part, each.what, each.mark, Text(f"{each.told} {each.remedy}".strip()))
        console().print(shown)
        works = works and all(each.mark is not Mark.FAILS for _, each in found)
        for adapter in (mail.get(name), calendars.get(name)):
            close = getattr(adapter, "close", None)
            if close is not None:
                close()
    return works
