"""Some days of the demo's people with an assistant on a family of servers, and what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from assistant import config, loops
from assistant.commands.demo import acted, understood
from assistant.demo import team
from assistant.demo.expectations import differences
from assistant.demo.run import run_demo
from assistant.store import calendar as calendar_store
from assistant.store import trail
from assistant.wiring import House, open_house
from tests.journeys.hours import outside_hours
from tests.journeys.providers.family import Family, Opening
from tests.journeys.providers.invitations import calendar_in
from tests.journeys.providers.people import PEOPLE, Meeting, Office

_AHEAD = timedelta(days=28)


class Bridged:
    """The assistant as the demo drives it, on servers. Faults are let through, the staged excepted."""

    def __init__(self, house: House, family: Family | None) -> None:
        self._house = house
        self._family = family

    def tick(self, now: datetime) -> None:
        if self._family is not None:
            self._family.push(now)
        loops.everything(self._house, now, lambda _place: nullcontext())
        if self._family is not None:
            self._family.pull(now)

    def next_due(self) -> datetime | None:
        return loops.next_due(self._house)


@dataclass(frozen=True)
class Life:
    """What became of some days: mails as (to, kinds, subject), Message-IDs by reader, meetings by attendee.

    ``sent`` are the Message-IDs that the assistant believes to have left; ``heard`` what it took in, as (from whom,
    class, state), without calendar mail.
    ``answers`` are those to invitations that the assistant heard of: (series, address, original start or "", answer).
    ``crossed`` are the mails between systems, as (METHOD, from, to); ``untimely`` what left though it should wait.
    Meetings are called by their series, since the UID is the provider's to choose.
    """

    mails: tuple[tuple[str, str, str], ...]
    ids: tuple[tuple[str, str], ...]
    sent: frozenset[str]
    heard: tuple[tuple[str, str, str], ...]
    troubles: tuple[tuple[str, str], ...]
    unfinished: tuple[tuple[object, ...], ...]
    planned: frozenset[tuple[object, ...]]
    answers: frozenset[tuple[object, ...]]
    meetings: Mapping[str, Sequence[Meeting]]
    wrong: tuple[str, ...]
    replies: int
    untimely: tuple[str, ...]
    violations: tuple[str, ...] = ()
    crossed: tuple[tuple[str, str, str], ...] = ()


def live(folder: Path, start: datetime, days: int, opening: Opening | None) -> Life:
    """The demo's team on a family's servers; without one on the files of the demo itself."""
    end = start + timedelta(days=days)
    office = Office(folder / "people")
    path = team.lay_out(office.folder, start)
    with ExitStack() as stack:
        family = None
        if opening is not None:
            (folder / "server").mkdir()
            family = opening(office, stack, folder / "server")
            path = folder / "config.yaml"
            path.write_text(json.dumps(family.settings, indent=1), encoding="utf-8")  # which is YAML too
        house = stack.enter_context(_house(path, family, start))
        story = run_demo(office.folder, Bridged(house, family), start, end)
        told = _told(house, office, story.expectations, start, end)
        if family is None:
            return told
        crossed = tuple(_crossing(raw) for raw in family.crossed)
        return replace(told, violations=tuple(family.violations), crossed=crossed)


@contextmanager
def _house(path: Path, family: Family | None, start: datetime) -> Iterator[House]:
    loaded = config.load(path)
    wires = {} if family is None else family.wires
    accounts = {
        name: replace(account, options={**account.options, **wires.get(name, {})})
        for name, account in loaded.accounts.items()
    }
    with open_house(replace(loaded, accounts=accounts), start) as house:
        try:
            yield house
        finally:
            for provider in house.mail.values():
                getattr(provider, "close", lambda: None)()


def _told(house: House, office: Office, expectations: Any, start: datetime, end: datetime) -> Life:
    db = house.db
    letters = [(address, mail) for address in PEOPLE for mail in office.letters(address)]
    unfinished = "SELECT id, kinds, state FROM outbox WHERE state NOT IN ('sent', 'suppressed')"
    planned = (
        "SELECT p.series, m.start, m.end, m.state FROM meetings m JOIN placements p ON p.series = m.series"
        " WHERE p.ended_at IS NULL"
    )
    answers = (
        "SELECT p.series, r.address, r.original_start, r.partstat FROM rsvps r JOIN placements p ON p.uid = r.uid"
        " WHERE r.partstat != 'NEEDS-ACTION' AND NOT p.adopted"
    )
    heard = "SELECT person, class, state FROM inbound WHERE class NOT LIKE 'calendar-%'"
    called = _names(db)
    return Life(
        mails=tuple(sorted((a, str(m["X-Assistant-Kind"]), str(m["Subject"])) for a, m in letters)),
        ids=tuple((address, str(mail["Message-ID"])) for address, mail in letters),
        sent=frozenset(row[0] for row in db.execute("SELECT message_id FROM outbox WHERE state = 'sent'").fetchall()),
        heard=tuple(sorted(db.execute(heard).fetchall())),
        troubles=tuple((trouble.place, trouble.message) for trouble in trail.troubles(db)),
        unfinished=tuple(db.execute(unfinished).fetchall()),
        planned=frozenset(db.execute(planned).fetchall()),
        answers=frozenset(db.execute(answers).fetchall()),
        meetings={
            address: sorted(
                (called.get(uid, uid), opens, closes, title)
                for uid, opens, closes, title in office.meetings(address, start, end + _AHEAD)
            )
            for address in PEOPLE
        },
        wrong=tuple(differences(expectations, lambda id_: understood(db, id_), lambda id_: acted(db, id_))),
        replies=len(expectations),
        untimely=tuple(outside_hours(db, house.desk.setup)),
    )


def _names(db: Database) -> dict[str, str]:
    """Series by the UIDs that their events have, here and at their provider."""
    names = dict(db.execute("SELECT uid, series FROM placements").fetchall())
    known = calendar_store.standing(db)
    return names | {each.icaluid: names[each.event.uid] for each in known if each.icaluid and each.event.uid in names}


def _crossing(raw: bytes) -> tuple[str, str, str]:
    mail, calendar = message_from_bytes(raw, policy=policy.default), calendar_in(raw)
    return "" if calendar is None else str(calendar["METHOD"]), str(mail["From"]), str(mail["To"])
