"""``assistant preview``"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import Message
from pathlib import Path

import click
from sqlite_utils import Database

from assistant import clock, config
from assistant.commands.console import console, find_person
from assistant.domain.audience import is_private
from assistant.domain.kinds import KINDS
from assistant.domain.people import Person
from assistant.errors import UnknownName
from assistant.inbound.body import content_type, text_of, walk
from assistant.inbound.message import header, parse
from assistant.rehearsal import live_until, rehearsal
from assistant.store import outbox
from assistant.wiring import House

_DAYS_AHEAD = 35
_REPORTS = ("agenda", "digest", "help", "moved", "notice", "receipt", "reminder", "rollup", "summary", "welcome")


def run(path: Path, kind: str, name: str, *, html: Path, now: datetime | None) -> None:
    """Raises UnknownName where the kind is none of ours, or the person gets none of it."""
    settings = config.load(path)
    person = find_person(settings.setup, name)
    if kind not in KINDS and kind not in _REPORTS:
        raise UnknownName(f"there is no kind {kind!r}; there are {', '.join(sorted((*KINDS, *_REPORTS)))}")
    moment = now or clock.now()
    with rehearsal(settings, moment) as house:
        found = _last(house.db, kind, person) if kind in _REPORTS else None
        if found is None:
            found = _coming(house, kind, person, moment) or _last(house.db, kind, person)
        raw = outbox.outgoing(house.db, found).raw if found else b""
    if found is None:
        raise UnknownName(f"{person.name} got no {kind} yet and none comes in the next five weeks")
    message = parse(raw)
    out = console()
    if is_private(found.audience):
        click.echo(f"Attention: this mail is private to {person.name}; you are reading it as the operator.", err=True)
    out.print(f"Subject: {header(message, 'Subject')}\n", markup=False)
    out.print(_part(message, "text/plain"), markup=False, soft_wrap=True)
    html.write_text(_part(message, "text/html"), encoding="utf-8")
    out.print(f"HTML: {html}", soft_wrap=True)


def _last(db: Database, kind: str, person: Person) -> outbox.Mail | None:
    return next((mail for mail in outbox.sent_to(db, person.address, 500) if kind in mail.kinds), None)


def _coming(house: House, kind: str, person: Person, now: datetime) -> outbox.Mail | None:
    """The first from now on; a day is lived through at a time, so that what comes soon is shown soon."""
    for day in range(_DAYS_AHEAD):
        live_until(house, now + timedelta(days=day), now + timedelta(days=day + 1))
        mails = outbox.sent_to(house.db, person.address, 500)
        found = [mail for mail in mails if kind in mail.kinds and mail.created_at >= now]
        if found:
            return found[-1]
    return None


def _part(message: Message, wanted: str) -> str:
    return next((text_of(part) for part in walk(message) if content_type(part)[0] == wanted), "")
