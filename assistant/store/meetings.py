"""Where series are placed, the meetings that come of them, and who said they would come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlite_utils import Database

from assistant.domain.calendar import Partstat, Period
from assistant.store.text import dumps, instant, loads, optional_instant, read_instant, read_optional_instant


class MeetingState(StrEnum):
    """``dropped``: its series was ended or placed anew, as if it had never been planned."""

    PLANNED = "planned"
    HELD = "held"
    SKIPPED = "skipped"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody wants it to be at another time: at ``start``, somewhere ``within`` these, first choice first, or at any
    other; or, with ``cancel``, not at all."""

    by: str
    start: datetime | None = None
    within: tuple[Period, ...] = ()
    cancel: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """One occurrence of a series. ``reason`` says why it was moved or skipped; ``offered`` are indexes of the bank."""

    key: str
    series: str
    original_start: datetime
    start: datetime
    end: datetime
    state: MeetingState = MeetingState.PLANNED
    documentarian: str | None = None
    agenda_sent_at: datetime | None = None
    summary_sent_at: datetime | None = None
    reason: str = ""
    offered: tuple[int, ...] = ()
    asked: Asked | None = None

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def moved(self) -> bool:
        return self.start != self.original_start


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a series stands on calendars. ``start`` is the first occurrence's, in the zone whose wall clock recurs.

    ``wish`` is what the configuration asked for when it was placed; ``unchecked``: somebody's calendar was not known.
    """

    series: str
    uid: str
    start: datetime
    length: timedelta
    rrule: str | None
    participants: tuple[str, ...]
    wish: str = ""
    adopted: bool = False
    unchecked: bool = False

    @property
    def zone(self) -> ZoneInfo:
        zone = self.start.tzinfo
        if not isinstance(zone, ZoneInfo):
            raise TypeError("a series recurs on the wall clock of a named zone")
        return zone


_MEETING = (
    "SELECT key, series, original_start, start, end, state, documentarian, agenda_sent_at, summary_sent_at, reason,"
    " offered, asked FROM meetings"
)


def _meeting(row: Sequence[Any]) -> Meeting:
    key, series, original, start, end, state, documentarian, agenda, summary, reason, offered, asked = row
    return Meeting(
        key, series, read_instant(original), read_instant(start), read_instant(end), MeetingState(state), documentarian,
        read_optional_instant(agenda), read_optional_instant(summary), reason, tuple(loads(offered)),
        _read_asked(asked),
    )  # fmt: skip


def _read_asked(text: str) -> Asked | None:
    by, _, wanted = text.partition(" ")
    if not by:
        return None
    if "/" in wanted:
        bounds = (pair.split("/") for pair in wanted.split(","))
        return Asked(by, within=tuple(Period(read_instant(start), read_instant(end)) for start, end in bounds))
    if wanted == _CANCEL:
        return Asked(by, cancel=True)
    return Asked(by, read_instant(wanted) if wanted else None)


_CANCEL = "cancel"


def _asked_text(asked: Asked | None) -> str:
    if asked is None:
        return ""
    wanted = ",".join(f"{instant(period.start)}/{instant(period.end)}" for period in asked.within)
    if not wanted and asked.start is not None:
        wanted = instant(asked.start)
    return f"{asked.by} {_CANCEL if asked.cancel else wanted}".strip()


def _meetings(db: Database, where: str, values: Sequence[object]) -> list[Meeting]:
    return [_meeting(row) for row in db.execute(f"{_MEETING} WHERE {where}", list(values)).fetchall()]


def add(db: Database, key: str, series: str, original: datetime, start: datetime, end: datetime) -> None:
    """Plan it. One that was dropped under this key comes back as new."""
    db.execute(
        "INSERT INTO meetings (key, series, original_start, start, end, state) VALUES (?, ?, ?, ?, ?, 'planned')"
        " ON CONFLICT DO UPDATE SET original_start = excluded.original_start, start = excluded.start,"
        " end = excluded.end, state = 'planned', reason = '', asked = '', agenda_sent_at = NULL",
        [key, series, instant(original), instant(start), instant(end)],
    )


def by_key(db: Database, key: str) -> Meeting | None:
    found = _meetings(db, "key = ?", [key])
    return found[0] if found else None


def at(db: Database, series: str, original: datetime) -> Meeting | None:
    found = _meetings(db, "series = ? AND original_start = ?", [series, instant(original)])
    return found[0] if found else None


def since(db: Database, start: datetime) -> dict[str, list[Meeting]]:
    """By series, in order: all that begin then or later, or stood there before they moved; dropped ones left out."""
    found: dict[str, list[Meeting]] = {}
    values = [instant(start), instant(start)]
    later = "(start >= ? OR original_start >= ?) AND state <> 'dropped' ORDER BY start"
    for meeting in _meetings(db, later, values):
        found.setdefault(meeting.series, []).append(meeting)
    return found


def between(db: Database, first: datetime, last: datetime) -> list[Meeting]:
    """What began, or was skipped, in that stretch, in order; for reports."""
    return _meetings(
        db, "start >= ? AND start < ? AND state <> 'dropped' ORDER BY start, key", [instant(first), instant(last)]
    )


def previous(db: Database, meeting: Meeting) -> Meeting | None:
    """The one of its series before it, skipped ones left out."""
    found = _meetings(
        db,
        "series = ? AND start < ? AND key <> ? AND state IN ('planned', 'held') ORDER BY start DESC LIMIT 1",
        [meeting.series, instant(meeting.start), meeting.key],
    )
    return found[0] if found else None


def last_offered(db: Database, meeting: Meeting) -> list[int]:
    """What was suggested the time before, also for a meeting that was then skipped: people have seen it."""
    row = db.execute(
        "SELECT offered FROM meetings WHERE series = ? AND original_start < ? AND offered <> '[]'"
        " ORDER BY original_start DESC LIMIT 1",
        [meeting.series, instant(meeting.original_start)],
    ).fetchone()
    return [] if row is None else list(loads(row[0]))


def following(db: Database, meeting: Meeting) -> Meeting | None:
    found = _meetings(
        db,
        "series = ? AND start > ? AND key <> ? AND state = 'planned' ORDER BY start LIMIT 1",
        [meeting.series, instant(meeting.start), meeting.key],
    )
    return found[0] if found else None


def move(db: Database, key: str, start: datetime, end: datetime, reason: str) -> None:
    """Whatever was asked is thereby done."""
    db.execute(
        "UPDATE meetings SET start = ?, end = ?, reason = ?, asked = '' WHERE key = ?",
        [instant(start), instant(end), reason, key],
    )


def set_state(db: Database, key: str, state: MeetingState, reason: str = "") -> bool:
    """Only a planned meeting changes its state; False where it had another."""
    changed = db.execute(
        "UPDATE meetings SET state = ?, reason = CASE WHEN ? = '' THEN reason ELSE ? END, asked = ''"
        " WHERE key = ? AND state = 'planned'",
        [state.value, reason, reason, key],
    )
    return changed.rowcount == 1


def drop(db: Database, key: str, reason: str) -> None:
    """As if it had never been planned, though it was skipped."""
    db.execute(
        "UPDATE meetings SET state = 'dropped', reason = ?, asked = ''"
        " WHERE key = ? AND state IN ('planned', 'skipped')",
        [reason, key],
    )


def ask(db: Database, key: str, asked: Asked | None) -> None:
    """Remember a wish to move, or that it was answered."""
    db.execute("UPDATE meetings SET asked = ? WHERE key = ? AND state = 'planned'", [_asked_text(asked), key])


def offer(db: Database, key: str, indexes: Iterable[int]) -> None:
    db.execute("UPDATE meetings SET offered = ? WHERE key = ?", [dumps(list(indexes)), key])


def appoint(db: Database, key: str, documentarian: str) -> None:
    db.execute("UPDATE meetings SET documentarian = ? WHERE key = ?", [documentarian, key])


def agenda_sent(db: Database, now: datetime, key: str) -> bool:
    """False where it was sent before."""
    sent = db.execute(
        "UPDATE meetings SET agenda_sent_at = ? WHERE key = ? AND agenda_sent_at IS NULL", [instant(now), key]
    )
    return sent.rowcount == 1


def summary_sent(db: Database, now: datetime, key: str) -> None:
    db.execute("UPDATE meetings SET summary_sent_at = ? WHERE key = ?", [instant(now), key])


_PLACEMENT = "SELECT series, uid, start, zone, minutes, rrule, participants, wish, adopted, unchecked FROM placements"


def _placement(row: Sequence[Any]) -> Placement:
    series, uid, start, zone, minutes, rrule, participants, wish, adopted, unchecked = row
    return Placement(
        series, uid, read_instant(start).astimezone(ZoneInfo(zone)), timedelta(minutes=minutes), rrule or None,
        tuple(loads(participants)), wish, bool(adopted), bool(unchecked),
    )  # fmt: skip


def placements(db: Database) -> dict[str, Placement]:
    """Those in force, by series."""
    rows = db.execute(f"{_PLACEMENT} WHERE ended_at IS NULL")
    return {row[0]: _placement(row) for row in rows}


def placement(db: Database, series: str) -> Placement | None:
    row = db.execute(f"{_PLACEMENT} WHERE series = ? AND ended_at IS NULL", [series]).fetchone()
    return None if row is None else _placement(row)


def put_placement(db: Database, now: datetime, placement_: Placement) -> None:
    db.execute(
        "INSERT OR REPLACE INTO placements (series, uid, adopted, unchecked, start, zone, minutes, rrule, participants,"
        " wish, placed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            placement_.series, placement_.uid, int(placement_.adopted), int(placement_.unchecked),
            instant(placement_.start), placement_.zone.key, placement_.length // timedelta(minutes=1),
            placement_.rrule or "", dumps(placement_.participants), placement_.wish, instant(now),
        ],
    )  # fmt: skip


def end_placement(db: Database, now: datetime, series: str) -> None:
    db.execute("UPDATE placements SET ended_at = ? WHERE series = ?", [instant(now), series])


def answer(db: Database, now: datetime, uid: str, address: str, original: datetime | None, partstat: Partstat) -> bool:
    """Keep who comes, to one occurrence or (None) to the series. False where that was known."""
    known = db.execute(
        "SELECT partstat FROM rsvps WHERE uid = ? AND address = ? AND original_start = ?",
        [uid, address, optional_instant(original) or ""],
    ).fetchone()
    if known is not None and known[0] == partstat.value:
        return False
    db.execute(
        "INSERT OR REPLACE INTO rsvps (uid, address, original_start, partstat, at) VALUES (?, ?, ?, ?, ?)",
        [uid, address, optional_instant(original) or "", partstat.value, instant(now)],
    )
    return True


def answers(db: Database, uid: str, original: datetime | None) -> dict[str, Partstat]:
    """By address; what was said to one occurrence wins over what was said to the series."""
    rows = db.execute(
        "SELECT address, partstat FROM rsvps WHERE uid = ? AND original_start IN ('', ?) ORDER BY original_start",
        [uid, optional_instant(original) or ""],
    )
    return {address: Partstat(partstat) for address, partstat in rows}


def forget_answers(db: Database, uid: str, original: datetime) -> None:
    """A meeting at another time is another question (RFC 5546, 3.2.2.1)."""
    db.execute("DELETE FROM rsvps WHERE uid = ? AND original_start = ?", [uid, instant(original)])
