"""``assistant check``"""

from __future__ import annotations

from pathlib import Path

from assistant import clock, config
from assistant.commands.console import console
from assistant.commands.upcoming import look_ahead, show
from assistant.errors import ProviderError
from assistant.store import database
from assistant.wiring import adapters

_FIRST = 8
_DAYS = 4


def run(path: Path) -> int:
    """1 where an adapter does not work."""
    settings = config.load(path)
    out = console()
    setup = settings.setup
    counts = f"{len(setup.people)} people, {len(setup.rounds)} rounds, {len(setup.series)} meetings"
    out.print(f"{path}: good. {counts}.", soft_wrap=True)
    database.make_private_folder(settings.data)
    out.print(f"{settings.data}: can be written.", soft_wrap=True)
    mail, calendars = adapters(settings)
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
    out.print("First to go out:")
    show(settings, look_ahead(settings, clock.now(), _DAYS)[:_FIRST])
    return 0 if works else 1
