"""What digests and rollups have in common: how they call people and show blockers and action items."""

from __future__ import annotations

from datetime import date, datetime

from assistant.domain.people import Person, first_name
from assistant.domain.views import ActionLine, BlockerLine, Who
from assistant.store import people as people_store
from assistant.store.reports import Item
from assistant.workflows import outbox
from assistant.workflows.desk import Desk


class Names:
    """People as reports call them, looked up once. Somebody who left keeps the name they had here."""

    def __init__(self, desk: Desk) -> None:
        self._setup = desk.setup
        self._former = people_store.former_names(desk.db)

    def who(self, address: str) -> Who:
        person = self._setup.people.get(address)
        if person is not None:
            return outbox.who(person)
        name = self._former.get(address, address)
        return Who(name, first_name(name))

    def first(self, address: str) -> str:
        return self.who(address).first_name

    def day(self, address: str, instant: datetime) -> date:
        """The date where that person is; where the assistant is, for somebody who left."""
        person: Person | None = self._setup.people.get(address)
        return instant.astimezone(person.zone if person else self._setup.assistant.zone).date()

    def blocker(self, item: Item, now: datetime) -> BlockerLine:
        since = self.day(item.owner, item.opened_at)
        until = self.day(item.owner, item.closed_at or now)
        return BlockerLine(
            item.text, self.first(item.owner), since, (until - since).days, item.minutes, item.closed_at is not None
        )

    def action(self, item: Item, now: datetime) -> ActionLine:
        done = item.closed_at is not None
        overdue = not done and item.due is not None and item.due < self.day(item.owner, now)
        return ActionLine(item.id, item.text, self.first(item.owner), item.due, overdue, done)
