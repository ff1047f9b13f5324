"""The organiser's copy of an event beside an attendee's: what we write, and what the other's says. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from assistant.domain.calendar import Attendee, Event, Override, Partstat, Period
from assistant.domain.recurrence import BadRule, original_starts
from assistant.errors import Rejected
from assistant.ical import BadCalendar, from_ical, to_ical

from .holdings import CONTENT, REVISION

Answers = Mapping[datetime | None, Partstat]
"""By the original start of an occurrence; None is the series."""

_MAX_ANSWERS = 400  # to single occurrences, in one copy
_MOMENT = timedelta(seconds=1)


def as_written(event: Event) -> Event:
    """The event as it will be read back. Raises Rejected for what no calendar could hold."""
    try:
        (read,) = from_ical(_bytes(event, {}))
    except (BadCalendar, BadRule, ValueError) as error:
        raise Rejected(f"the event cannot be written as iCalendar: {error}") from error
    return read


def content(event: Event) -> bytes:
    """The file, with a note of the times as we wrote them: a copy whose times differ from its note was changed."""
    return _bytes(event, {REVISION: revision(event)})


def served(event: Event, by_client: Collection[str] = ()) -> bytes:
    """The same for a server, which may write it anew: with a note of what it says besides."""
    return _bytes(event, {REVISION: revision(event), CONTENT: substance(event)}, by_client)


def has_link(event: Event) -> bool:
    """Whether its people meet at a link of their own: then a provider is asked for none, or there would be two."""
    return "://" in event.location


def _bytes(event: Event, extra: Mapping[str, str], by_client: Collection[str] = ()) -> bytes:
    # There is no clock here, and the same event must give the same bytes.
    return to_ical(event, now=event.stamp or event.start, extra=extra, by_client=by_client)


def substance(event: Event) -> str:
    """Changes with what the event says, and not with what its attendees answered."""
    asked = _unanswered(event.attendees)
    overrides = (replace(o, attendees=o.attendees and _unanswered(o.attendees)) for o in event.overrides)
    telling = tuple(o for o in overrides if _moves(event, o) or o.description is not None or o.attendees != asked)
    said = replace(event, attendees=asked, overrides=telling, stamp=None)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _unanswered(attendees: tuple[Attendee, ...]) -> tuple[Attendee, ...]:
    return tuple(replace(attendee, partstat=Partstat.NEEDS_ACTION) for attendee in attendees)


def revision(event: Event) -> str:
    """Changes with when the event is, and with nothing else."""
    times = (
        _utc(event.start),
        str(event.start.tzinfo) if event.rrule else "",
        event.duration,
        sorted((event.rrule or "").split(";")),
        sorted(map(_utc, event.exdates)),
        # An override that only holds an answer or an agenda is where it would be anyway.
        [(_utc(o.recurrence_id), _utc(o.start), o.duration, o.cancelled) for o in event.overrides if _moves(event, o)],
    )
    return hashlib.sha256(repr(times).encode()).hexdigest()[:16]


def _moves(event: Event, override: Override) -> bool:
    stays = override.start == override.recurrence_id and override.duration == event.duration
    return override.cancelled or not stays


def answers(event: Event, address: str) -> dict[datetime | None, Partstat]:
    """What ``address`` says in this copy: to the series, and to occurrences where that differs."""
    given: dict[datetime | None, Partstat] = {}
    series = _partstat(event.attendees, address)
    if series is not None:
        given[None] = series
    for override in event.overrides:
        single = None if override.attendees is None else _partstat(override.attendees, address)
        if single is not None and single is not series and not override.cancelled:
            given[override.recurrence_id] = single
    return given


def _partstat(attendees: Iterable[Attendee], address: str) -> Partstat | None:
    return next((attendee.partstat for attendee in attendees if attendee.address == address), None)


def with_answers(event: Event, known: Event | None, theirs: Mapping[str, Answers]) -> Event:
    """``event`` with what the attendees answered in their copies, ``known`` being the organiser's copy so far.

    An answer of theirs that we had not seen counts, also against ours; one that we had seen gives way to a newer of
    ours, which came another way (by mail, say). One to an occurrence that we move says nothing of its new time.
    """
    attendees: list[Attendee] = []
    for attendee in event.attendees:
        base = answers(known, attendee.address) if known is not None else {}
        given = theirs.get(attendee.address, {}).get(None)
        ours = None if attendee.partstat is Partstat.NEEDS_ACTION else attendee.partstat
        partstat = _newest(ours, base.get(None, Partstat.NEEDS_ACTION), given) or Partstat.NEEDS_ACTION
        attendees.append(replace(attendee, partstat=partstat))
    merged = replace(event, attendees=tuple(attendees))
    for attendee in event.attendees:
        base = answers(known, attendee.address) if known is not None else {}
        ours_single = answers(event, attendee.address)
        singles = [item for item in theirs.get(attendee.address, {}).items() if item[0] is not None]
        for original, given in singles[:_MAX_ANSWERS]:
            single = _newest(ours_single.get(original), base.get(original), given)
            if original is not None and _is_moved(event, known, original):
                single = ours_single.get(original) or _asked_anew(merged, attendee.address)
            if original is not None and single is not None:
                merged = _answered(merged, original, attendee.address, single)
    return merged


def _is_moved(event: Event, known: Event | None, original: datetime) -> bool:
    return known is not None and _start_of(event, original) != _start_of(known, original)


def _asked_anew(event: Event, address: str) -> Partstat | None:
    """What stands for an answer to an occurrence that moved since (RFC 5546, 2.1.4); None where nothing needs to."""
    series = _partstat(event.attendees, address)
    return None if series is Partstat.NEEDS_ACTION else Partstat.NEEDS_ACTION


def _start_of(event: Event, original: datetime) -> datetime:
    return next((o.start for o in event.overrides if o.recurrence_id == original), original)


def _newest(ours: Partstat | None, base: Partstat | None, theirs: Partstat | None) -> Partstat | None:
    return ours if theirs is None or (ours is not None and theirs is base) else theirs


def _answered(event: Event, original: datetime, address: str, partstat: Partstat) -> Event:
    """``event`` with this answer to one occurrence, if there is such an occurrence."""
    override = next((o for o in event.overrides if o.recurrence_id == original), None)
    if override is None:
        moments = original_starts(event, Period(original.astimezone(UTC), original.astimezone(UTC) + _MOMENT))
        if original in event.exdates or not any(moment == original for moment in moments):
            return event
        override = Override(original, original.astimezone(event.start.tzinfo), event.duration)
    if override.cancelled:
        return event
    attendees = event.attendees if override.attendees is None else override.attendees
    answered = tuple(replace(a, partstat=partstat) if a.address == address else a for a in attendees)
    return event.with_override(replace(override, attendees=answered))


def moved(base: Event, theirs: Event) -> dict[datetime, datetime]:
    """Original start to new start, of the occurrences that are at another time in ``theirs``."""
    before = {override.recurrence_id: override.start for override in base.overrides}
    found = {
        override.recurrence_id: override.start
        for override in theirs.overrides
        if not override.cancelled and override.start != before.get(override.recurrence_id, override.recurrence_id)
    }
    if base.rrule is None and theirs.rrule is None and base.start != theirs.start:
        found[base.start] = theirs.start
    return found


def removed(base: Event, theirs: Event) -> list[datetime]:
    """Original starts of the occurrences that are no longer in ``theirs``."""
    return sorted(_without(theirs) - _without(base))


def _without(event: Event) -> set[datetime]:
    return {*event.exdates, *(override.recurrence_id for override in event.overrides if override.cancelled)}


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
