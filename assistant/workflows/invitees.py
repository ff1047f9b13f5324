"""What people do with our events, in their calendars or by mail: noted here, decided when all calendars are read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.message import Message

from assistant.domain.calendar import Event, Partstat, Period
from assistant.domain.people import Person
from assistant.domain.recurrence import BadRule, occurrences
from assistant.domain.setup import Series
from assistant.inbound import invitation
from assistant.ports import ChangeBatch, EventChange
from assistant.store import calendar as calendar_store
from assistant.store import meetings as store
from assistant.store import timers, trail
from assistant.store.meetings import Asked, Meeting, MeetingState, Placement
from assistant.store.timers import CALENDAR, Timer
from assistant.workflows.desk import Desk

_ROOM = timedelta(days=62)
"""So far from where it was, an occurrence that somebody moved is looked for."""


def look(desk: Desk, at: datetime) -> None:
    """Have calendars read at that time."""
    timers.put(desk.db, Timer("calendar", at, "calendar", "", stage=CALENDAR))


def changed(desk: Desk, now: datetime, batch: ChangeBatch) -> None:
    """Note what others did to our events: who comes, what they moved or took out, what became of adopted ones."""
    by_uid = {placement.uid: placement for placement in store.placements(desk.db).values()}
    for change in batch.changes:
        placement = by_uid.get(change.uid)
        series = desk.setup.series_named(placement.series) if placement is not None else None
        if placement is None or series is None:
            continue
        for (address, original), partstat in (change.partstats or {}).items():
            _answered(desk, now, series, placement, address, original, partstat)
        if placement.adopted:
            continue  # it moves as its owner likes, which ``plan`` sees in the event itself
        ours = change.by is not None and desk.setup.assistant.is_at(change.by)
        if change.event is None and (ours or change.by is None):
            calendar_store.again(desk.db, placement.uid)
        elif change.event is not None and ours:
            _reorganized(desk, now, series, placement, change.event, change)
        else:
            for original, start in (change.moved or {}).items():
                _ask(desk, now, series, change.by, original, start)
            for original in change.removed:
                _ask(desk, now, series, change.by, original, None)


def _reorganized(
    desk: Desk, now: datetime, series: Series, placement: Placement, event: Event, change: EventChange
) -> None:
    """Somebody used the assistant's own calendar: what they moved or took out there is the wish of who leads it.

    A series that they moved as a whole is put right.
    """
    calendar_store.overtaken(desk.db, placement.uid, event.sequence)
    planned = [row for row in store.since(desk.db, now).get(series.name, ()) if row.state is MeetingState.PLANNED]
    stands = _stands(event, planned) if event.start.astimezone(UTC) == placement.start.astimezone(UTC) else {}
    if not stands:
        calendar_store.again(desk.db, placement.uid)
        return
    if not calendar_store.is_shown(desk.db, placement.uid):
        # What it shows is older than what we want by now: only what they changed counts.
        moved = {original.astimezone(UTC): start for original, start in (change.moved or {}).items()}
        removed = {original.astimezone(UTC) for original in change.removed}
        kept = [row for row in planned if row.original_start not in removed]
        stands = {row.original_start: moved.get(row.original_start, row.start) for row in kept}
    for meeting in planned:
        start = stands.get(meeting.original_start)
        if start is None:
            ask_move(desk, now, meeting, Asked(series.lead, cancel=True))
        elif start != meeting.start:
            ask_move(desk, now, meeting, Asked(series.lead, start))


def _stands(event: Event, meetings: Sequence[Meeting]) -> dict[datetime, datetime]:
    """When the event says that these meetings are, by original start, in UTC; without those that it leaves out.

    Empty where it is none that could be followed.
    """
    if not meetings:
        return {}
    first = min(min(row.start, row.original_start) for row in meetings)
    last = max(max(row.end, row.original_start) for row in meetings)
    try:
        found = occurrences(event, Period(first - _ROOM, last + _ROOM))
    except BadRule:
        return {}
    return {each.recurrence_id.astimezone(UTC): each.period.start.astimezone(UTC) for each in found}


def _answered(
    desk: Desk, now: datetime, series: Series, placement: Placement, address: str, original: datetime | None,
    partstat: Partstat,
) -> bool:  # fmt: skip
    """Keep an answer; somebody required who declines one occurrence wishes that it moved."""
    person = desk.setup.person(address)
    if person is None or not store.answer(desk.db, now, placement.uid, person.address, original, partstat):
        return False
    trail.record(desk.db, now, person.address, f"answered {partstat.value.lower()}", series.name, "calendar")
    if partstat is Partstat.DECLINED and not placement.adopted:
        if original is not None:
            _ask(desk, now, series, person.address, original, None)
        elif person.address in series.participants:
            trail.trouble(desk.db, now, f"series {series.name}", "somebody required declined the whole series")
    return True


def answer(desk: Desk, now: datetime, series: Series, address: str, original: datetime, partstat: Partstat) -> None:
    """What somebody said in words of one occurrence."""
    placement = store.placement(desk.db, series.name)
    if placement is not None:
        _answered(desk, now, series, placement, address, original, partstat)


def _ask(desk: Desk, now: datetime, series: Series, by: str | None, original: datetime, start: datetime | None) -> None:
    person = desk.setup.person(by) if by else None
    meeting = store.at(desk.db, series.name, original)
    if person is None or meeting is None or meeting.state is not MeetingState.PLANNED:
        return
    if person.address in series.participants and start != meeting.start:
        ask_move(desk, now, meeting, Asked(person.address, start))


def ask_move(desk: Desk, now: datetime, meeting: Meeting, asked: Asked, source: str = "calendar") -> None:
    """Somebody would like it elsewhere or not at all. Decided when calendars are next read: now."""
    store.ask(desk.db, meeting.key, asked)
    trail.record(desk.db, now, asked.by, "asked to cancel" if asked.cancel else "asked to move", meeting.key, source)
    look(desk, now)


def invitation_mail(desk: Desk, now: datetime, person: Person, message: Message) -> bool:
    """An answer or a counter-proposal by mail (RFC 5546, 3.2.3 and 3.2.7); it speaks for its sender alone."""
    by_uid = {placement.uid: placement for placement in store.placements(desk.db).values()}
    applied = False
    for itip in invitation.read(message):
        placement = by_uid.get(calendar_store.called(desk.db, itip.uid))
        series = desk.setup.series_named(placement.series) if placement is not None else None
        own = itip.attendee is not None and desk.setup.person(itip.attendee) == person
        if placement is None or series is None or not own:
            continue
        if person.address not in (*series.participants, *series.optional):
            continue  # a forwarded invitation makes nobody invited
        if itip.method == "REPLY" and itip.partstat is not None:
            applied |= _answered(desk, now, series, placement, person.address, itip.recurrence_id, itip.partstat)
        elif itip.method == "COUNTER" and itip.recurrence_id is not None and itip.start is not None:
            _ask(desk, now, series, person.address, itip.recurrence_id, itip.start.astimezone(UTC))
            applied = True
    return applied
