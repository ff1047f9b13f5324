"""What stands on calendars: one recurring event for each series, with the occurrences that differ from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from assistant.domain.calendar import Attendee, Event, Override
from assistant.domain.kinds import MEETINGS
from assistant.domain.setup import Series
from assistant.domain.views import InvitationView, PointLine
from assistant.store import calendar as store
from assistant.store.meetings import Meeting, MeetingState, Placement
from assistant.workflows import outbox
from assistant.workflows.desk import Desk

_REMEMBERED = timedelta(days=60)


def is_private(series: Series) -> bool:
    return MEETINGS[series.kind].private


def title(desk: Desk, series: Series, language: str) -> str:
    """What people call the meeting."""
    return desk.render.invitation(series.kind, language, _view(desk, series, None))[0]


def _view(desk: Desk, series: Series, points: Sequence[PointLine] | None) -> InvitationView:
    return InvitationView(
        title=series.title,
        people=tuple(outbox.who(desk.setup.people[address]) for address in series.participants),
        topics=series.topics,
        link=series.link,
        address=desk.mailbox(desk.setup.people[series.lead]).address,
        private=is_private(series),
        points=None if points is None else tuple(points),
    )


def _written(desk: Desk, series: Series, points: Sequence[PointLine] | None) -> tuple[str, str]:
    """Title and description, in the language of who leads the meeting."""
    language = outbox.language_of(desk, desk.setup.people[series.lead])
    return desk.render.invitation(series.kind, language, _view(desk, series, points))


def publish(desk: Desk, now: datetime, series: Series, placement: Placement, meetings: Sequence[Meeting]) -> None:
    """Have calendars show the series as it stands. ``meetings`` are those to come; past overrides are kept a while."""
    if placement.adopted:
        return
    before = store.wanted(desk.db, placement.uid)
    summary, description = _written(desk, series, None)
    event = Event(
        uid=placement.uid,
        start=placement.start,
        duration=placement.length,
        summary=summary,
        organizer=desk.organizers.get(desk.calendar_for(series), desk.setup.assistant.address),
        attendees=_attendees(desk, series),
        description=description,
        location=series.link,
        rrule=placement.rrule,
        overrides=_overrides(now, placement, meetings, before),
        private=is_private(series),
    )
    _want(desk, desk.calendar_for(series), series.name, event, before)


def describe(desk: Desk, series: Series, placement: Placement, meeting: Meeting, points: Sequence[PointLine]) -> None:
    """Write the points into this one occurrence: once, since each change notifies people."""
    before = store.wanted(desk.db, placement.uid)
    if placement.adopted or before is None or not points or not series.points_in_event:
        return
    original = meeting.original_start.astimezone(placement.zone)
    known = {override.recurrence_id.astimezone(UTC): override for override in before.overrides}
    override = known.get(meeting.original_start) or _override(placement, meeting)
    text = _written(desk, series, points)[1]
    event = before.with_override(replace(override, recurrence_id=original, description=text))
    _want(desk, desk.calendar_for(series), series.name, event, before)


def withdraw(desk: Desk, placement: Placement) -> None:
    """The series has ended: take its event off everybody's calendar."""
    before = store.wanted(desk.db, placement.uid)
    if before is not None and not placement.adopted and not before.cancelled:
        account = store.account_of(desk.db, placement.uid) or ""
        _want(desk, account, placement.series, replace(before, cancelled=True), before)


def _want(desk: Desk, account: str, series: str, event: Event, before: Event | None) -> None:
    sequence = 0 if before is None else before.sequence + (_timing(event) != _timing(before))
    store.want(desk.db, account, series, replace(event, sequence=sequence))


def _timing(event: Event) -> object:
    """What must not change without a new SEQUENCE (RFC 5546, 2.1.4)."""
    differing = (
        (o.recurrence_id.astimezone(UTC), o.start.astimezone(UTC), o.duration, o.cancelled)
        for o in event.overrides
        if o.cancelled or o.start != o.recurrence_id or o.duration != event.duration
    )
    return event.start, event.duration, event.rrule, event.cancelled, tuple(sorted(differing))


def _attendees(desk: Desk, series: Series) -> tuple[Attendee, ...]:
    invited = [(address, True) for address in series.participants] + [(address, False) for address in series.optional]
    people = desk.setup.people
    return tuple(Attendee(a, people[a].name, required=required) for a, required in invited if a in people)


def _overrides(
    now: datetime, placement: Placement, meetings: Sequence[Meeting], before: Event | None
) -> tuple[Override, ...]:
    """Of the meetings that differ; those that are past stay as they were."""
    same = before is not None and (before.start, before.rrule) == (placement.start, placement.rrule)
    kept = before.overrides if before is not None and same else ()
    found = {o.recurrence_id.astimezone(UTC): o for o in kept if o.recurrence_id > now - _REMEMBERED}
    for meeting in meetings:
        old = found.pop(meeting.original_start, None)
        override = replace(_override(placement, meeting), description=old.description if old else None)
        if override.cancelled or override.description or meeting.moved:
            found[meeting.original_start] = override
    return tuple(found[original] for original in sorted(found))


def _override(placement: Placement, meeting: Meeting) -> Override:
    zone = placement.zone
    return Override(
        recurrence_id=meeting.original_start.astimezone(zone),
        start=meeting.start.astimezone(zone),
        duration=meeting.end - meeting.start,
        cancelled=meeting.state is MeetingState.SKIPPED,
    )
