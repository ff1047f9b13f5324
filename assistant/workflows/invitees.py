"""What people do with our events, in their calendars or by mail: noted here, decided when all calendars are read."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import Message

from assistant.domain.calendar import Partstat
from assistant.domain.people import Person
from assistant.domain.setup import Series
from assistant.inbound import invitation
from assistant.ports import ChangeBatch
from assistant.store import calendar as calendar_store
from assistant.store import meetings as store
from assistant.store import timers, trail
from assistant.store.meetings import Asked, Meeting, MeetingState, Placement
from assistant.store.timers import CALENDAR, Timer
from assistant.workflows.desk import Desk


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
        if change.event is None and change.by is None:
            calendar_store.again(desk.db, placement.uid)
        else:
            for original, start in (change.moved or {}).items():
                _ask(desk, now, series, change.by, original, start)
            for original in change.removed:
                _ask(desk, now, series, change.by, original, None)


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


def _ask(desk: Desk, now: datetime, series: Series, by: str | None, original: datetime, start: datetime | None) -> None:
    person = desk.setup.person(by) if by else None
    meeting = store.at(desk.db, series.name, original)
    if person is None or meeting is None or meeting.state is not MeetingState.PLANNED:
        return
    if person.address in series.participants and start != meeting.start:
        ask_move(desk, now, meeting, person.address, start)


def ask_move(desk: Desk, now: datetime, meeting: Meeting, by: str, start: datetime | None) -> None:
    """``by`` would like it at ``start``, or (None) at any other time. Decided when calendars are next read: now."""
    store.ask(desk.db, meeting.key, Asked(by, start))
    trail.record(desk.db, now, by, "asked to move", meeting.key, "calendar")
    look(desk, now)


def invitation_mail(desk: Desk, now: datetime, person: Person, message: Message) -> bool:
    """An answer or a counter-proposal by mail (RFC 5546, 3.2.3 and 3.2.7); it speaks for its sender alone."""
    by_uid = {placement.uid: placement for placement in store.placements(desk.db).values()}
    applied = False
    for itip in invitation.read(message):
        placement = by_uid.get(itip.uid)
        series = desk.setup.series_named(placement.series) if placement is not None else None
        own = itip.attendee is not None and desk.setup.person(itip.attendee) == person
        if placement is None or series is None or not own:
            continue
        if itip.method == "REPLY" and itip.partstat is not None:
            applied |= _answered(desk, now, series, placement, person.address, itip.recurrence_id, itip.partstat)
        elif itip.method == "COUNTER" and itip.recurrence_id is not None and itip.start is not None:
            _ask(desk, now, series, person.address, itip.recurrence_id, itip.start.astimezone(UTC))
            applied = True
    return applied
