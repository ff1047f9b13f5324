"""When mails may leave: while their reader works, in answer to their own mail, or about a meeting that is soon.

What needs a human is told the operator at once: who runs a server wants to hear of it before the team does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from assistant.domain.people import Person, next_working
from assistant.domain.setup import Setup
from assistant.store.text import read_instant

_AN_HOUR = timedelta(hours=1)
_NEEDS_A_HUMAN = "a problem needs a human"
_TO_GET_READY = timedelta(minutes=30)


def outside_hours(db: Database, setup: Setup) -> list[str]:
    """The mails that left when they should have waited; those to people who have left by now are not looked at."""
    wrote: dict[str, list[datetime]] = {}
    for who, at in db.execute("SELECT person, stored_at FROM inbound WHERE person <> ''").fetchall():
        wrote.setdefault(who, []).append(read_instant(at))
    meetings: dict[str, list[datetime]] = {}
    for series, *starts in db.execute("SELECT series, start, original_start FROM meetings").fetchall():
        meetings.setdefault(series, []).extend(map(read_instant, starts))
    sent = "SELECT person, kinds, because, sent_at, subject FROM outbox WHERE state = 'sent' ORDER BY id"
    return list(_bad(db.execute(sent).fetchall(), setup, wrote, meetings))


def _bad(
    rows: list[Any], setup: Setup, wrote: dict[str, list[datetime]], meetings: dict[str, list[datetime]]
) -> Iterator[str]:
    for address, kinds, because, sent_at, subject in rows:
        person, at = setup.people.get(address), read_instant(sent_at)
        if person is None or works(person, at) or because == _NEEDS_A_HUMAN:
            continue
        if any(at - _AN_HOUR <= theirs <= at for theirs in wrote.get(address, ())):
            continue
        back = next_working(person, at)
        soon = (start for name, starts in meetings.items() if name in because for start in starts)
        if back is not None and any(at < start < back + _TO_GET_READY for start in soon):
            continue
        yield f"{kinds} to {address} on {person.local(at):%a %d %b %H:%M}: {subject} ({because})"


def works(person: Person, at: datetime) -> bool:
    """From the first to the last instant of their working hours."""
    period = person.working_period(person.local(at).date())
    return period is not None and period.start <= at <= period.end
