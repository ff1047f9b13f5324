"""Calendar mail (iTIP, RFC 5546): what a REQUEST, REPLY, COUNTER or CANCEL says. All of it is a claim, never a fact."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from assistant.domain.calendar import Event, Partstat
from assistant.ical.events import event_of, listed, span
from assistant.ical.reading import FAULTS, FROM_MAIL, BadCalendar, read
from assistant.ical.writing import to_ical

_METHODS = ("REQUEST", "REPLY", "COUNTER", "CANCEL", "DECLINECOUNTER", "REFRESH", "ADD", "PUBLISH")


@dataclass(frozen=True, slots=True)
class Itip:
    """``attendee`` is who answers or proposes, and ``partstat`` what; both None in other methods.

    ``recurrence_id`` is the original start of the one occurrence it is about, None for the whole series or a single
    event. ``start`` and ``duration`` are what the sender has or proposes; ``start`` is aware.
    """

    method: str
    uid: str
    sequence: int
    attendee: str | None = None
    partstat: Partstat | None = None
    recurrence_id: datetime | None = None
    start: datetime | None = None
    duration: timedelta | None = None
    organizer: str = ""
    summary: str = ""
    comment: str = ""
    rrule: str | None = None


def read_itip(raw: bytes) -> Itip:
    """The first component of a text/calendar part. Raises BadCalendar, also for what exceeds the limits for mail."""
    return read_itips(raw)[0]


def read_itips(raw: bytes) -> list[Itip]:
    """All of them, in order: one REPLY may answer for the series and for single occurrences (RFC 5546, 3.2.3)."""
    content = read(raw, FROM_MAIL)
    if content.problems:  # a guess about a zone is good enough for free/busy, not for moving a meeting
        raise BadCalendar(content.problems[0])
    if content.method not in _METHODS:
        raise BadCalendar("it has no METHOD that we know")
    if not content.events:
        raise BadCalendar("it is about no event")
    try:
        return [_itip(content.method, component) for component in content.events]
    except BadCalendar:
        raise
    except FAULTS as error:
        raise BadCalendar("an event cannot be read") from error


def write_itip(event: Event, method: str, now: datetime) -> bytes:
    """``event`` as a REQUEST or CANCEL for a mail (RFC 5546, 3.2.2 and 3.2.5); ``now`` becomes DTSTAMP.

    Occurrences that do not take place are left out as EXDATE: clients show a cancelled override inside a REQUEST.
    """
    if method == "CANCEL":
        return to_ical(replace(event, cancelled=True, overrides=()), now=now, method=method)
    skipped = {override.recurrence_id for override in event.overrides if override.cancelled}
    kept = tuple(override for override in event.overrides if not override.cancelled)
    exdates = tuple(sorted({*event.exdates, *skipped}))
    return to_ical(replace(event, overrides=kept, exdates=exdates), now=now, method=method)


def _itip(method: str, component: icalendar.Event) -> Itip:
    event = event_of([component], ZoneInfo("UTC"))
    answering = method in ("REPLY", "COUNTER") and len(event.attendees) == 1
    original = listed(component, "RECURRENCE-ID")
    start, duration = span(component, ZoneInfo("UTC"))
    comments = listed(component, "COMMENT")
    return Itip(
        method=method,
        uid=event.uid,
        sequence=event.sequence,
        attendee=event.attendees[0].address if answering else None,
        partstat=event.attendees[0].partstat if answering else None,
        recurrence_id=_instant(original[0].dt) if original else None,
        start=start,
        duration=duration,
        organizer=event.organizer,
        summary=event.summary,
        comment=str(comments[0]) if comments else "",
        rrule=event.rrule,
    )


def _instant(moment: datetime) -> datetime:
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
