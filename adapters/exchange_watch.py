"""What others did to calendars of Exchange, whichever door we came by.

A change list of the server says which items to look at; what happened is found by comparing them with what the cursor
remembers. So a list that the server has forgotten loses nothing: then everything is compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from assistant.errors import CursorExpired, NotFound, Unauthorized
from assistant.ports import ChangeBatch, EventChange

from .exchange_changes import State, others, ours, unique
from .exchange_door import Watching
from .exchange_record import Tracked

LEFT_OUT = 60
"""Looks at a calendar that was closed, before it is asked for again."""


@dataclass(slots=True)
class Look:
    """What a change list told: ids of series and single events to look at, ids that are gone, where it goes on.

    ``whole`` where it named everything there is. A single event that ended before ``over`` is not worth remembering.
    """

    touched: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    mark: str = ""
    whole: bool = False
    over: datetime | None = None


class Source(Protocol):
    """One door to the calendars; owners are addresses."""

    def look(self, owner: str, mark: str | None) -> Look:
        """What changed since ``mark``; with None everything. Raises CursorExpired, NotFound and Unauthorized."""

    def load(self, provider_ids: Iterable[str], owner: str) -> list[Tracked]:
        """Those that are there and can be read, with their exceptions."""


class Watch(Watching):
    """``people`` are those whose own series may be adopted, where their calendars may be read."""

    def __init__(self, source: Source, own: str, people: Collection[str]) -> None:
        self._source = source
        self._own = own
        self._people = sorted({person.lower() for person in people} - {own})
        self._closed: dict[str, int] = {}  # how many looks to leave out, by address

    def changes(self, cursor: str | None) -> ChangeBatch:
        before = State() if cursor is None else State.parse(cursor)
        state = before
        found: list[EventChange] = []
        for owner in (self._own, *self._people):
            look = self._look(owner, before.marks.get(owner))
            if look is None:
                continue
            items, gone = self._compare(owner, before, look)
            if owner == self._own:
                found += ours(before, owner, items, gone)
            elsewhere = {entry.uid for (other, _), entry in before.entries.items() if other != owner}
            found += others(before, owner, [item for item in items if item.note is None], gone, elsewhere)
            state = state.updated(owner, items, gone, look.mark)
        return ChangeBatch([] if cursor is None else unique(found, self._own), str(state))

    def _look(self, owner: str, mark: str | None) -> Look | None:
        """None for a calendar that may not be read; the assistant's own must be.

        Such a one is tried again now and then: somebody may have opened it.
        """
        if self._closed.get(owner):
            self._closed[owner] -= 1
            return None
        try:
            try:
                return self._source.look(owner, mark)
            except CursorExpired:
                return self._source.look(owner, None)
        except (NotFound, Unauthorized):
            if owner == self._own:
                raise
            self._closed[owner] = LEFT_OUT
            return None

    def _compare(self, owner: str, before: State, look: Look) -> tuple[list[Tracked], set[str]]:
        """The items to compare as they now are, and the ids of those that are no longer there."""
        known = before.known(owner)
        # The id of a removed occurrence does not tell its series; an item can also just leave the watched time.
        doubtful = known if look.whole or look.removed - known else look.removed & known
        loaded = self._source.load(sorted(look.touched | doubtful), owner)
        gone = doubtful - {item.provider_id for item in loaded}
        items = [item for item in loaded if self._matters(owner, item)]
        return [item for item in items if item.provider_id in look.touched or not _is_over(item, look.over)], gone

    def _matters(self, owner: str, item: Tracked) -> bool:
        """Our meetings on our calendar, and series that others organise on theirs."""
        if item.note is not None:
            return owner == self._own
        return item.event.rrule is not None and item.event.organizer != self._own


def _is_over(item: Tracked, over: datetime | None) -> bool:
    return over is not None and item.event.rrule is None and item.event.end.astimezone(UTC) < over
