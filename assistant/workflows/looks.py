"""One look at everybody's calendars: each account is asked for its own people, then all of it is planned on together.

An account that cannot be asked just now holds up nobody else's meetings; those of its people stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.domain.calendar import Busy, Event
from assistant.store import timers
from assistant.store.timers import Timer
from assistant.workflows import meetings
from assistant.workflows.desk import Desk
from assistant.workflows.meetings import Reading

_FRESH = timedelta(minutes=15)
"""So long what one account told may wait for the others."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one account told: busy times by address, and the recurring events on its people's calendars."""

    busy: Mapping[str, Sequence[Busy]] = field(default_factory=dict)
    events: Sequence[Event] = ()


@dataclass(slots=True)
class Look:
    """What was told so far. ``silent`` are the accounts that failed when last asked, until they answer."""

    reading: Reading | None = None
    told: dict[str, Told] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    _began: datetime | None = None
    _due: Sequence[Timer] = ()

    def is_told(self, account: str, now: datetime) -> bool:
        return account in self.told and not self._is_stale(now)

    def begin(self, desk: Desk, now: datetime) -> Reading | None:
        """What to ask for: the same of every account. None where there is nothing."""
        if not self.told or self._is_stale(now):
            self.told = {}
            self._began, self._due = now, timers.due(desk.db, now, timers.CALENDAR, 100)
            self.reading = meetings.wanted(desk, now)
        return self.reading

    def tell(self, desk: Desk, now: datetime, account: str, told: Told) -> None:
        """An account that was planned without is looked at again with the others."""
        self.told[account] = told
        if account in self.silent:
            self.silent.discard(account)
            if not timers.due(desk.db, now, timers.CALENDAR, 1):
                meetings.look(desk, now)

    def plan(self, desk: Desk, now: datetime, accounts: Collection[str]) -> int:
        """As soon as all these have told, or cannot, and one has; returns how many timers that settled.

        A timer set meanwhile stays, and nothing is planned on what another team needed to know.
        """
        due = set(self._due).intersection(timers.due(desk.db, now, timers.CALENDAR, 200))
        if not self.told or not due or not self.told.keys() | self.silent >= set(accounts):
            return 0
        told, reading, began, self.told = self.told, self.reading, self._began, {}
        if began is None or meetings.wanted(desk, began) != reading:
            return 0
        by_account = {} if reading is None else reading.by_account
        unread = {address for name in self.silent - told.keys() for address in by_account.get(name, ())}
        with desk.db.atomic():
            timers.drop(desk.db, *(timer.key for timer in due))
            busy = {address: blocks for each in told.values() for address, blocks in each.busy.items()}
            meetings.plan(desk, now, busy, _merged(told.values()), unread)
        return len(due)

    def _is_stale(self, now: datetime) -> bool:
        return self._began is None or now - self._began > _FRESH


def _merged(several: Collection[Told]) -> list[Event]:
    """Of what several accounts know of one event, the newest counts."""
    found: dict[str, Event] = {}
    for event in (event for told in several for event in told.events):
        known = found.get(event.uid)
        if known is None or known.sequence < event.sequence:
            found[event.uid] = event
    return list(found.values())
