"""``assistant upcoming``"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from assistant import clock, config
from assistant.commands.console import at, console, find_person, table
from assistant.commands.run import APPROVED
from assistant.config import Config
from assistant.inbound.message import header, parse
from assistant.rehearsal import live_until, rehearsal
from assistant.store import database, outbox


@dataclass(frozen=True, slots=True)
class Coming:
    person: str
    at: datetime
    subject: str
    kinds: tuple[str, ...]


def run(path: Path, *, days: int, person: str | None, approve: bool, now: datetime | None, as_json: bool) -> None:
    settings = config.load(path)
    moment = now or clock.now()
    only = find_person(settings.setup, person).address if person else None
    mails = [coming for coming in look_ahead(settings, moment, days) if only in (None, coming.person)]
    if as_json:
        print(
            json.dumps(
                [{"person": m.person, "at": m.at.isoformat(), "subject": m.subject, "kinds": m.kinds} for m in mails],
                indent=2,
            )
        )
    else:
        show(settings, mails)
    if approve:
        db = database.open_store(settings.data)
        database.write_meta(db, APPROVED, clock.now().isoformat())
        db.close()
        console().print("Approved: `assistant run` may send these.")


def look_ahead(settings: Config, now: datetime, days: int) -> list[Coming]:
    """Every mail of the next days, as if nobody answered."""
    with rehearsal(settings, now) as house:
        live_until(house, now, now + timedelta(days=days))
        return [
            Coming(mail.person, mail.created_at, header(parse(raw), "Subject"), mail.kinds)
            for mail, raw in outbox.ready(house.db)
        ]


def show(settings: Config, mails: list[Coming]) -> None:
    out = console()
    if not mails:
        out.print("Nothing goes out in that time.")
        return
    shown = table("when, in their time", "who", "what")
    for mail in mails:
        person = settings.setup.people.get(mail.person)
        shown.add_row(
            at(mail.at, person) if person else f"{mail.at:%a %d %b %H:%M} UTC",
            person.name if person else mail.person,
            mail.subject,
        )
    out.print(shown)
