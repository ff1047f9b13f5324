"""What others did to meetings between two looks at Exchange, by whichever door. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from assistant.domain.calendar import Partstat
from assistant.errors import CursorExpired
from assistant.ports import EventChange

from .copies import moved, removed, revision
from .exchange_record import Key, Tracked, digest, effective, given


@dataclass(frozen=True, slots=True)
class Entry:
    """An item at the last look: ``told`` are its answers and proposals, as text; ``ours`` where it has our note."""

    provider_id: str
    uid: str
    digest: str
    ours: bool = False
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """A cursor: per calendar where the server's own change list had got to, and what the items said.

    ``marks`` are the server's links or sync states by address. The items let us find out what happened even where the
    server has forgotten its own list.
    """

    marks: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[tuple[str, str], Entry] = field(default_factory=dict)  # by owner and provider id

    def __str__(self) -> str:
        rows = sorted(
            [owner, each.provider_id, each.uid, each.digest, each.ours, *sorted(each.told)]
            for (owner, _), each in self.entries.items()
        )
        return json.dumps({"marks": self.marks, "items": rows}, separators=(",", ":"))

    @classmethod
    def parse(cls, text: str) -> State:
        if not text:
            return cls()
        try:
            fields = json.loads(text)
            entries = {}
            for owner, provider_id, uid, digest, ours, *told in fields["items"]:
                entries[str(owner), str(provider_id)] = Entry(provider_id, uid, digest, bool(ours), frozenset(told))
            return cls({str(owner): str(mark) for owner, mark in fields["marks"].items()}, entries)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise CursorExpired("the calendar cursor is not one of ours") from error

    def updated(self, owner: str, found: Collection[Tracked], gone: Collection[str], mark: str) -> State:
        """After a look at the calendar of ``owner``."""
        entries = {key: entry for key, entry in self.entries.items() if key[0] != owner or key[1] not in gone}
        entries |= {(owner, each.provider_id): entry_of(each) for each in found}
        return State({**self.marks, owner: mark}, entries)

    def known(self, owner: str) -> set[str]:
        return {provider_id for address, provider_id in self.entries if address == owner}


def entry_of(tracked: Tracked) -> Entry:
    ours = tracked.note is not None
    return Entry(tracked.provider_id, tracked.uid, digest(tracked.event), ours, frozenset(_told(tracked)))


def _told(tracked: Tracked) -> Iterator[str]:
    for key, partstat in given(tracked.event).items():
        yield f"{_text(key)} {partstat.value}"
    for key, start in (tracked.proposals or {}).items():
        yield f"{_text(key)} {start.astimezone(UTC).isoformat()}"


def _text(key: Key) -> str:
    address, original = key
    return f"{address} {original.astimezone(UTC).isoformat() if original else '-'}"


def ours(before: State, organizer: str, found: Collection[Tracked], gone: Collection[str]) -> list[EventChange]:
    """What happened on the organiser's calendar to events that we organise."""
    changes: list[EventChange] = []
    again = {tracked.uid for tracked in found}
    for provider_id in sorted(gone):
        old = before.entries.get((organizer, provider_id))
        if old is not None and old.ours and old.uid not in again:
            changes.append(EventChange(old.uid, None))
    for tracked in sorted(found, key=lambda each: each.uid):
        if tracked.note is not None:
            old = before.entries.get((organizer, tracked.provider_id))
            changes += _organizers(tracked, old, organizer)
            changes += _attendees(tracked, old)
    return changes


def _organizers(tracked: Tracked, old: Entry | None, organizer: str) -> Iterator[EventChange]:
    """Somebody used the assistant's own calendar."""
    event, note = tracked.event, tracked.note
    if note is None or old is None or old.digest == digest(event) or revision(event) == revision(note.base):
        return
    yield EventChange(
        tracked.uid, event, organizer, moved=moved(note.base, event) or None, removed=removed(note.base, event)
    )


def _attendees(tracked: Tracked, old: Entry | None) -> Iterator[EventChange]:
    told = frozenset() if old is None else old.told
    event = effective(tracked)
    for attendee in tracked.event.attendees:
        fresh: dict[tuple[str, datetime | None], Partstat] = {}
        for key, partstat in given(tracked.event).items():
            if key[0] == attendee.address and f"{_text(key)} {partstat.value}" not in told:
                fresh[key] = partstat
        proposed = {
            key[1]: start
            for key, start in (tracked.proposals or {}).items()
            if key[0] == attendee.address and f"{_text(key)} {start.astimezone(UTC).isoformat()}" not in told
        }
        # Who declines one occurrence has it taken out of their calendar by their client.
        out = sorted(original for (_, original), p in fresh.items() if original and p is Partstat.DECLINED)
        if fresh or proposed:
            yield EventChange(tracked.uid, event, attendee.address, fresh or None, proposed or None, out)


def others(
    before: State, owner: str, found: Collection[Tracked], gone: Collection[str], elsewhere: Collection[str]
) -> list[EventChange]:
    """What became of series that other people organise. ``elsewhere``: the UIDs that are on some calendar still."""
    changes = []
    for provider_id in sorted(gone):
        old = before.entries.get((owner, provider_id))
        if old is not None and not old.ours and old.uid not in elsewhere:
            changes.append(EventChange(old.uid, None, by=owner))
    for tracked in sorted(found, key=lambda each: each.uid):
        old = before.entries.get((owner, tracked.provider_id))
        if old is not None and old.digest != digest(tracked.event):
            changes.append(EventChange(tracked.uid, tracked.event, by=owner))
    return changes


def unique(changes: Collection[EventChange], organizer: str) -> list[EventChange]:
    """Of the same change on several people's calendars the one with the highest SEQUENCE."""
    best: dict[str, EventChange] = {}
    kept: list[EventChange] = []
    for change in changes:
        if change.by in (None, organizer) or change.partstats or change.moved or change.removed:
            kept.append(change)
            continue
        rank, known = _rank(change), best.get(change.uid)
        if known is None or _rank(known) < rank:
            best[change.uid] = change
    return kept + list(best.values())


def _rank(change: EventChange) -> int:
    return -1 if change.event is None else change.event.sequence
