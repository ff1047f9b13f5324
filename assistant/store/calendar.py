"""What calendars are to show: one row an event, rewritten with its cause, worked off by the calendar loop.

An upsert may be repeated without harm, so a change that was in flight when we stopped is simply made again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from assistant.domain.calendar import Attendee, Event, Override, Partstat
from assistant.ports import EventRef
from assistant.store.text import dumps, instant, loads, read_instant, read_optional_instant

ATTEMPTS = 5
"""So often an event is written at once that somebody else keeps changing, or that ends in a fault."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An event as it should stand. ``ref`` is what the provider gave the last time, None at first."""

    event: Event
    ref: EventRef | None
    revision: int
    attempt: int
    series: str
    account: str

    @property
    def cancel(self) -> bool:
        return self.event.cancelled


def want(db: Database, account: str, series: str, event: Event) -> bool:
    """Have calendars show ``event``; False where they do, or will, already.

    A change made while an earlier one is in flight waits for that one to land.
    """
    text = dumps(_event_row(event))
    changed = db.execute(
        "INSERT INTO calendar_outbox (uid, series, account, event, revision, state) VALUES (?, ?, ?, ?, 1, 'ready')"
        " ON CONFLICT (uid) DO UPDATE SET event = excluded.event, series = excluded.series,"
        " ref = CASE WHEN account = excluded.account THEN ref END, account = excluded.account,"
        " revision = revision + 1, attempt = 0, not_before = NULL, error = '',"
        " state = CASE WHEN state = 'claimed' THEN 'claimed' ELSE 'ready' END"
        " WHERE event <> excluded.event OR account <> excluded.account",
        [event.uid, series, account, text],
    )
    return changed.rowcount == 1


def give_up_elsewhere(db: Database, accounts: Collection[str]) -> list[str]:
    """What was to be taken off the calendar of an account that is not among these stays there; the series of these."""
    marks = ", ".join("?" * len(accounts))
    rows = db.execute(
        "UPDATE calendar_outbox SET state = 'failed', error = 'its account is gone' WHERE state IN ('ready', 'claimed')"
        f" AND json_extract(event, '$.cancelled') AND account NOT IN ({marks}) RETURNING series, ref",
        list(accounts),
    ).fetchall()
    return [series for series, ref in rows if ref is not None]


def again(db: Database, uid: str) -> None:
    """Write the event once more although it did not change: somebody's copy differs."""
    db.execute(
        "UPDATE calendar_outbox SET revision = revision + 1, not_before = NULL,"
        " state = CASE WHEN state = 'claimed' THEN 'claimed' ELSE 'ready' END WHERE uid = ?",
        [uid],
    )


def ask_for_links(db: Database, account: str) -> None:
    """Write once more what stands there without a link to meet at: the account's calendar makes links now."""
    db.execute(
        "UPDATE calendar_outbox SET revision = revision + 1, not_before = NULL, state = 'ready' WHERE account = ?"
        " AND state = 'done' AND NOT json_extract(event, '$.cancelled')"
        " AND coalesce(json_extract(ref, '$[4]'), '') = '' AND instr(json_extract(event, '$.location'), '://') = 0",
        [account],
    )


def wanted(db: Database, uid: str) -> Event | None:
    """The event as it was last wished for."""
    row = db.execute("SELECT event FROM calendar_outbox WHERE uid = ?", [uid]).fetchone()
    return None if row is None else _event(loads(row[0]))


@dataclass(frozen=True, slots=True)
class Standing:
    """An event that calendars show, or are to show, and the UID that its provider gave it, "" where that is ours."""

    event: Event
    icaluid: str


def standing(db: Database) -> list[Standing]:
    """All that were not called off."""
    rows = db.execute(
        "SELECT event, coalesce(json_extract(ref, '$[3]'), '') FROM calendar_outbox"
        " WHERE NOT json_extract(event, '$.cancelled') ORDER BY uid"
    )
    return [Standing(_event(loads(event)), icaluid) for event, icaluid in rows]


def uids(db: Database) -> set[str]:
    """Of all events that we ever organised, also as their providers call them."""
    rows = db.execute("SELECT uid, json_extract(ref, '$[3]') FROM calendar_outbox").fetchall()
    return {uid for row in rows for uid in row if uid}


def called(db: Database, uid: str) -> str:
    """Our own UID of an event that may be called otherwise by its provider."""
    row = db.execute(
        "SELECT uid FROM calendar_outbox WHERE uid = ? OR json_extract(ref, '$[3]') = ? ORDER BY uid = ? DESC LIMIT 1",
        [uid, uid, uid],
    ).fetchone()
    return uid if row is None else str(row[0])


def link(db: Database, series: str) -> str:
    """Where its provider lets the people of a series meet by video; "" where it made no link."""
    row = db.execute(
        "SELECT json_extract(ref, '$[4]') FROM calendar_outbox"
        " WHERE series = ? AND NOT json_extract(event, '$.cancelled') ORDER BY uid LIMIT 1",
        [series],
    ).fetchone()
    return str(row[0] or "") if row is not None else ""


def is_shown(db: Database, uid: str) -> bool:
    """Whether calendars show the event as it was last wished for."""
    row = db.execute("SELECT state = 'done' FROM calendar_outbox WHERE uid = ?", [uid]).fetchone()
    return row is not None and bool(row[0])


def overtaken(db: Database, uid: str, sequence: int) -> None:
    """Somebody else's change has raised the event's SEQUENCE: ours goes on from there, or it would count as older."""
    event = wanted(db, uid)
    if event is not None and event.sequence < sequence:
        text = dumps(_event_row(replace(event, sequence=sequence)))
        db.execute("UPDATE calendar_outbox SET event = ? WHERE uid = ?", [text, uid])


def account_of(db: Database, uid: str) -> str | None:
    """The account whose calendar has it, or is to have it; None where none was ever asked for."""
    row = db.execute("SELECT account FROM calendar_outbox WHERE uid = ?", [uid]).fetchone()
    return None if row is None else str(row[0])


_TO_BE_TAKEN_OFF = (
    "SELECT series FROM calendar_outbox WHERE state IN ('ready', 'claimed') AND (ref IS NOT NULL OR state = 'claimed')"
    " AND json_extract(event, '$.cancelled')"
)
_MAY_GO = (
    "(state = 'claimed' OR state = 'ready' AND (not_before IS NULL OR not_before <= ?))"
    f" AND (json_extract(event, '$.cancelled') OR series NOT IN ({_TO_BE_TAKEN_OFF}))"
)
"""A series that moves to another calendar is taken off the old one first: nobody ever sees two."""

_WISH = "SELECT event, ref, revision, attempt, series, account FROM calendar_outbox"


def _wish(row: Sequence[Any]) -> Wish:
    event, ref, revision, attempt, series, account = row
    return Wish(
        _event(loads(event)), None if ref is None else EventRef(*loads(ref)), revision, attempt, series, account
    )


def claim(db: Database, now: datetime, account: str, limit: int = 100, after: str = "") -> list[Wish]:
    """Take what is ready, or was in flight when we stopped; each must end in ``done``, ``forget_ref`` or ``failed``.

    In the order of their UIDs, those above ``after``. One that ended in none of them several times running is given up
    until the event changes: so only what is written next should be taken.
    """
    db.execute(
        "UPDATE calendar_outbox SET state = 'failed', error = 'given up' WHERE state = 'claimed' AND attempt >= ?",
        [ATTEMPTS],
    )
    rows = db.execute(
        f"{_WISH} WHERE account = ? AND {_MAY_GO} AND uid > ? ORDER BY uid LIMIT ?",
        [account, instant(now), after, limit],
    ).fetchall()
    wishes = [_wish(row) for row in rows]
    for wish in wishes:
        db.execute(
            "UPDATE calendar_outbox SET state = 'claimed', attempt = attempt + 1 WHERE uid = ?", [wish.event.uid]
        )
    return wishes


def is_waiting(db: Database, now: datetime, account: str) -> bool:
    """Whether ``claim`` would return anything."""
    row = db.execute(
        f"SELECT 1 FROM calendar_outbox WHERE account = ? AND {_MAY_GO} LIMIT 1", [account, instant(now)]
    ).fetchone()
    return row is not None


def done(db: Database, wish: Wish, ref: EventRef | None) -> None:
    """``ref`` None after a cancellation. A newer wish made meanwhile becomes ready."""
    stored = None if ref is None else dumps([ref.provider_id, ref.uid, ref.etag, ref.icaluid, ref.link])
    db.execute(
        "UPDATE calendar_outbox SET done_revision = ?, ref = ?, attempt = 0, not_before = NULL, error = '',"
        " state = CASE WHEN revision = ? THEN 'done' ELSE 'ready' END WHERE uid = ?",
        [wish.revision, stored, wish.revision, wish.event.uid],
    )


def failed(db: Database, now: datetime, wish: Wish, error: str, retry_at: datetime | None) -> None:
    """Try again at ``retry_at``, or, with None, only when the event changes."""
    later = None if retry_at is None else instant(max(now, retry_at))
    db.execute(
        "UPDATE calendar_outbox SET error = ?, not_before = ?, attempt = 0,"
        " state = CASE WHEN revision > ? OR ? IS NOT NULL THEN 'ready' ELSE 'failed' END WHERE uid = ?",
        [error, later, wish.revision, later, wish.event.uid],
    )


def forget_ref(db: Database, wish: Wish) -> None:
    """After a Conflict: what we knew of the provider's copy is old, so ours is written as if it were new."""
    db.execute(
        "UPDATE calendar_outbox SET ref = NULL, state = 'ready' WHERE uid = ?",
        [wish.event.uid],
    )


def next_retry(db: Database) -> datetime | None:
    """When the next held-back change may be made; None where nothing waits for a time."""
    row = db.execute(
        "SELECT min(not_before) FROM calendar_outbox WHERE state = 'ready' AND not_before IS NOT NULL"
    ).fetchone()
    return read_optional_instant(row[0])


def counts(db: Database) -> dict[str, int]:
    return dict(db.execute("SELECT state, count(*) FROM calendar_outbox GROUP BY state ORDER BY state").fetchall())


def _moment(value: datetime) -> dict[str, str]:
    zone = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else "UTC"
    return {"at": instant(value), "zone": zone}


def _read_moment(stored: Mapping[str, str]) -> datetime:
    return read_instant(stored["at"]).astimezone(ZoneInfo(stored["zone"]))


def _attendees(attendees: Sequence[Attendee]) -> list[list[object]]:
    return [[each.address, each.name, each.partstat.value, each.required] for each in attendees]


def _read_attendees(stored: Sequence[Sequence[Any]]) -> tuple[Attendee, ...]:
    return tuple(Attendee(address, name, Partstat(partstat), required) for address, name, partstat, required in stored)


def _event_row(event: Event) -> dict[str, object]:
    return {
        "uid": event.uid,
        "start": _moment(event.start),
        "minutes": event.duration // timedelta(minutes=1),
        "summary": event.summary,
        "organizer": event.organizer,
        "attendees": _attendees(event.attendees),
        "description": event.description,
        "location": event.location,
        "rrule": event.rrule,
        "exdates": [_moment(moment) for moment in event.exdates],
        "overrides": [_override_row(override) for override in event.overrides],
        "sequence": event.sequence,
        "private": event.private,
        "cancelled": event.cancelled,
    }


def _override_row(override: Override) -> dict[str, object]:
    return {
        "id": _moment(override.recurrence_id),
        "start": _moment(override.start),
        "minutes": override.duration // timedelta(minutes=1),
        "description": override.description,
        "cancelled": override.cancelled,
        "attendees": None if override.attendees is None else _attendees(override.attendees),
    }


def _event(stored: Mapping[str, Any]) -> Event:
    return Event(
        uid=stored["uid"],
        start=_read_moment(stored["start"]),
        duration=timedelta(minutes=stored["minutes"]),
        summary=stored["summary"],
        organizer=stored["organizer"],
        attendees=_read_attendees(stored["attendees"]),
        description=stored["description"],
        location=stored["location"],
        rrule=stored["rrule"],
        exdates=tuple(_read_moment(moment) for moment in stored["exdates"]),
        overrides=tuple(_override(override) for override in stored["overrides"]),
        sequence=stored["sequence"],
        private=stored["private"],
        cancelled=stored["cancelled"],
    )


def _override(stored: Mapping[str, Any]) -> Override:
    return Override(
        recurrence_id=_read_moment(stored["id"]),
        start=_read_moment(stored["start"]),
        duration=timedelta(minutes=stored["minutes"]),
        description=stored["description"],
        cancelled=stored["cancelled"],
        attendees=None if stored["attendees"] is None else _read_attendees(stored["attendees"]),
    )
