"""What others did to calendars between two looks. Pure: over events, not files."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.domain.calendar import Event, Partstat
from assistant.errors import CursorExpired
from assistant.ports import EventChange

from .copies import answers, moved, removed, revision
from .holdings import Held

Key = tuple[str, str]  # whose calendar, UID


@dataclass(frozen=True, slots=True)
class Entry:
    """``answers`` by original start in ISO format, "" for the series: those of the calendar's owner."""

    digest: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class State:
    """What a cursor knows: no times, so a change is described by the organiser's copy, not by the cursor."""

    entries: Mapping[Key, Entry]

    @classmethod
    def of(cls, held: Mapping[Key, Held]) -> State:
        return cls({key: Entry(each.digest, _answers(each.event, key[0])) for key, each in held.items()})

    @classmethod
    def parse(cls, text: str) -> State:
        try:
            rows = json.loads(text) if text else []
            entries = {(str(row[0]), str(row[1])): Entry(str(row[2]), dict(row[3])) for row in rows}
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise CursorExpired("the calendar cursor is not one of ours") from error
        return cls(entries)

    def __str__(self) -> str:
        rows = [[*key, entry.digest, entry.answers] for key, entry in sorted(self.entries.items())]
        return json.dumps(rows, separators=(",", ":"))

    def keeping(self, before: State, unsure: Collection[Key]) -> State:
        """With what ``before`` knew of these."""
        return State({**self.entries, **{key: before.entries[key] for key in unsure}})


def differences(before: State, held: Mapping[Key, Held], organizer: str, unsure: Collection[Key]) -> list[EventChange]:
    """In order of owner and UID. What is ``unsure`` may be missing only because it cannot be read: not reported."""
    found: list[EventChange] = []
    foreign: dict[str, tuple[int, EventChange]] = {}
    for key in sorted(before.entries.keys() | held.keys()):
        owner, uid = key
        old, now = before.entries.get(key), held.get(key)
        if key in unsure or (old is not None and now is not None and old.digest == now.digest):
            continue
        base = held.get((organizer, uid))
        if owner == organizer:
            found += _organizers(owner, uid, old, now, held)
        elif base is not None and base.revision is not None:
            found += _attendees(owner, base, old, now)
        elif old is not None and (now is None or now.revision is None):
            change = EventChange(uid, None if now is None else now.event, by=owner)
            rank = -1 if now is None else now.event.sequence
            elsewhere = now is None and any(other != owner and other_uid == uid for other, other_uid in held)
            if not elsewhere and (uid not in foreign or foreign[uid][0] < rank):
                foreign[uid] = (rank, change)
    return found + [change for _, change in foreign.values()]


def _organizers(
    owner: str, uid: str, old: Entry | None, now: Held | None, held: Mapping[Key, Held]
) -> Iterator[EventChange]:
    """The assistant's own calendar: what somebody else changed there."""
    if old is None:
        return
    if now is None:
        yield EventChange(uid, None, by=owner)
    elif now.revision is None:
        yield EventChange(uid, now.event, by=owner)
    elif revision(now.event) != now.revision:
        copies = (each for (other, other_uid), each in held.items() if other_uid == uid and other != owner)
        base = next((each.event for each in copies if revision(each.event) == now.revision), None)
        yield _change(owner, now.event, base)


def _attendees(owner: str, base: Held, old: Entry | None, now: Held | None) -> Iterator[EventChange]:
    """An attendee's copy of an event that we organise."""
    if base.event.cancelled:
        return
    known = {} if old is None else old.answers
    if now is None:
        listed = any(attendee.address == owner for attendee in base.event.attendees)
        if listed and known.get("") != Partstat.DECLINED.value:
            yield EventChange(base.event.uid, base.event, by=owner, partstats={(owner, None): Partstat.DECLINED})
        return
    given = answers(now.event, owner)
    fresh = {
        (owner, original): partstat
        for original, partstat in given.items()
        if known.get(_key(original), Partstat.NEEDS_ACTION.value if original is None else "") != partstat.value
    }
    # Times are compared with the organiser's copy only if both were written together.
    touched = now.revision == base.revision and revision(now.event) != now.revision
    if touched:
        yield _change(owner, now.event, base.event, fresh)
    elif fresh:
        yield EventChange(now.event.uid, now.event, by=owner, partstats=fresh)


_Fresh = Mapping[tuple[str, datetime | None], Partstat]


def _change(owner: str, event: Event, base: Event | None, partstats: _Fresh | None = None) -> EventChange:
    return EventChange(
        event.uid,
        event,
        by=owner,
        partstats=partstats or None,
        moved=(moved(base, event) or None) if base is not None else None,
        removed=removed(base, event) if base is not None else (),
    )


def _answers(event: Event, owner: str) -> dict[str, str]:
    return {_key(original): partstat.value for original, partstat in answers(event, owner).items()}


def _key(original: datetime | None) -> str:
    return "" if original is None else original.astimezone(UTC).isoformat()
