"""Meetings that cannot stay where they are: moved within their week or month, else skipped; asked or clashing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from assistant.domain import placement as placing
from assistant.domain.calendar import Period
from assistant.domain.series import room_to_move
from assistant.domain.setup import Series
from assistant.store import calendar as calendar_store
from assistant.store import meetings as store
from assistant.store import trail
from assistant.store.meetings import Asked, Meeting, MeetingState, Placement
from assistant.workflows import around, rearranging
from assistant.workflows.desk import Desk
from assistant.workflows.diaries import Diaries

FREEZE = timedelta(hours=20)
"""Nothing moves so shortly before its start, except when a participant asks."""

_NOT_NEAR = timedelta(hours=2)  # who says no to an hour that looks free seldom means the quarter of an hour after it
_PAIR = 2
_TIMES_OFFERED = 3
_TOLD_AHEAD = timedelta(days=28)
"""What moves later than that is seen in calendars; a mail about it would be forgotten by then."""
_REASONS = ("away", "holiday", "hours", "conflict")


@dataclass
class Planned:
    """One series while it is planned. ``rows`` are its meetings from now on; ``quiet``: nobody knew of them yet.

    ``changed``: calendars are to show something else than before.
    """

    desk: Desk
    now: datetime
    diaries: Diaries
    series: Series
    placement: Placement
    rows: list[Meeting]
    quiet: bool = False
    changed: bool = False

    def add(self, meeting: Meeting) -> None:
        store.add(self.desk.db, meeting.key, meeting.series, meeting.original_start, meeting.start, meeting.end)
        self._put(meeting)
        self.diaries.note(meeting, self.series.participants)
        around.schedule(self.desk, self.now, self.series, meeting)

    def move(self, meeting: Meeting, to: Period, reason: str, *, tell: bool = True) -> None:
        """To another time; what hangs around it and around the next one moves along."""
        store.move(self.desk.db, meeting.key, to.start, to.end, reason)
        store.forget_answers(self.desk.db, self.placement.uid, meeting.original_start)
        moved = replace(meeting, start=to.start, end=to.end, reason=reason, asked=None)
        self._put(moved)
        self.diaries.note(moved, self.series.participants)
        around.schedule(self.desk, self.now, self.series, moved)
        self._changed(meeting, moved, "moved", tell)

    def skip(self, meeting: Meeting, reason: str, *, tell: bool = True) -> None:
        """Not this time; the next one comes as usual."""
        store.set_state(self.desk.db, meeting.key, MeetingState.SKIPPED, reason)
        skipped = replace(meeting, state=MeetingState.SKIPPED, reason=reason, asked=None)
        self._put(skipped)
        self.diaries.forget(meeting.key, self.series.participants)
        around.cancel(self.desk, self.now, meeting.key, reason)
        self._changed(meeting, skipped, "skipped", tell)

    def _changed(self, was: Meeting, meeting: Meeting, act: str, tell: bool) -> None:
        self.changed = True
        following = store.following(self.desk.db, was)
        if following is not None:
            around.schedule(self.desk, self.now, self.series, following)
        trail.record(self.desk.db, self.now, self.series.lead, act, meeting.key, meeting.reason)
        near = min(was.start, meeting.start) - self.now < _TOLD_AHEAD or meeting.reason == "asked"
        if tell and near and not self.quiet:
            around.tell_moved(self.desk, self.now, self.series, meeting, was.start)

    def _put(self, meeting: Meeting) -> None:
        kept = [row for row in self.rows if row.key != meeting.key]
        self.rows = sorted([*kept, meeting], key=lambda row: row.start)

    def neighbours(self, meeting: Meeting) -> tuple[datetime, datetime]:
        """When the one before it ends and the next begins."""
        others = [row for row in self.rows if row.key != meeting.key and row.state is not MeetingState.SKIPPED]
        before = [row.end for row in others if row.original_start < meeting.original_start]
        after = [row.start for row in others if row.original_start > meeting.original_start]
        far = timedelta(days=400)
        return max(before, default=self.now), min(after, default=meeting.start + far)


def settle(planned: Planned) -> None:
    """Answer who asked, and move or skip what clashes, except shortly before it begins."""
    for meeting in list(planned.rows):
        if meeting.state is not MeetingState.PLANNED:
            continue
        if meeting.asked is not None:
            _answer(planned, meeting, meeting.asked)
        elif meeting.start - planned.now >= FREEZE:
            _resolve(planned, meeting)


def _resolve(planned: Planned, meeting: Meeting) -> None:
    participants = planned.series.participants
    hindered = planned.diaries.hindered(participants, meeting.period, meeting.key)
    if not hindered:
        return
    reason = min(hindered.values(), key=_REASONS.index)
    to = _elsewhere(planned, meeting, participants)
    if to is not None:
        planned.move(meeting, to, reason)
    elif not _goes_on_without(planned.series, list(hindered)):
        planned.skip(meeting, reason)


def _goes_on_without(series: Series, missing: Sequence[str]) -> bool:
    """A team meets when who leads it and at least half of it can, where no time suits all; two people do not."""
    size = len(series.participants)
    return size > _PAIR and series.lead not in missing and 2 * len(missing) <= size


def _answer(planned: Planned, meeting: Meeting, asked: Asked) -> None:
    """A wished time is taken if it suits everybody; who only said no gets another time, once."""
    pair = len(planned.series.participants) == _PAIR
    if asked.cancel:
        planned.skip(meeting, "asked")
        return
    if asked.within:
        found = _first_within(planned, meeting, asked.within)
        if found is None:
            _keep(planned, meeting, asked)
        else:
            planned.move(meeting, found, "asked")
        return
    if asked.start is not None:
        wished = Period(asked.start, asked.start + meeting.period.length)
        if _suits(planned, meeting, wished):
            planned.move(meeting, wished, "asked")
        else:
            _keep(planned, meeting, asked)
        return
    moved_before = meeting.moved and meeting.reason == "asked"
    if not pair and (moved_before or meeting.start - planned.now < FREEZE):
        _keep(planned, meeting, asked)
        return
    to = None if moved_before else _elsewhere(planned, meeting, planned.series.participants, _NOT_NEAR)
    if to is not None:
        planned.move(meeting, to, "asked")
    elif pair:
        planned.skip(meeting, "asked")
    else:
        _keep(planned, meeting, asked)


def _keep(planned: Planned, meeting: Meeting, asked: Asked) -> None:
    """It stays, and who asked is told what would suit; a copy in which somebody moved it is put right."""
    store.ask(planned.desk.db, meeting.key, None)
    trail.record(planned.desk.db, planned.now, asked.by, "not moved", meeting.key, "suits not everybody")
    if asked.start is not None:
        calendar_store.again(planned.desk.db, planned.placement.uid)
    rearranging.offer_times(
        planned.desk, planned.now, planned.series, replace(meeting, asked=None), asked.by, _some_times(planned, meeting)
    )


def _first_within(planned: Planned, meeting: Meeting, wished: Sequence[Period]) -> Period | None:
    """The best time in the first of these in which there is one for everybody."""
    length = meeting.period.length
    for period in wished:
        if period.length <= length:
            exact = Period(period.start, period.start + length)
            if _suits(planned, meeting, exact):
                return exact
            continue
        start = _best(planned, meeting, period, meeting.period)
        if start is not None:
            return Period(start, start + length)
    return None


def _some_times(planned: Planned, meeting: Meeting) -> list[datetime]:
    """Up to three times that suit everybody, each on another day."""
    original = meeting.original_start
    zone = planned.placement.zone
    room = room_to_move(planned.series.cadence, original.astimezone(zone))
    found: list[datetime] = []
    day = max(room.start, planned.now).astimezone(zone).date()
    while datetime.combine(day, time(), zone) < room.end and len(found) < _TIMES_OFFERED:
        whole = Period(*(datetime.combine(day + timedelta(days=n), time(), zone).astimezone(UTC) for n in (0, 1)))
        start = _best(planned, meeting, whole, meeting.period)
        if start is not None:
            found.append(start)
        day += timedelta(days=1)
    return found


def _best(planned: Planned, meeting: Meeting, within: Period, avoid: Period) -> datetime | None:
    """The time in there that suits everybody and is nearest to where the meeting was at first."""
    earliest, latest = planned.neighbours(meeting)
    bounds = Period(max(within.start, earliest, planned.now), max(within.start, min(within.end, latest)))
    length = meeting.period.length
    if bounds.start + length > bounds.end:
        return None
    start = placing.move(
        planned.diaries.timeline,
        [planned.diaries.of(address, {meeting.key}) for address in planned.series.participants],
        was=meeting.original_start,
        zone=planned.placement.zone,
        length=length,
        within=bounds,
        avoid=avoid,
    )
    return None if start is None else start.astimezone(UTC)


def _suits(planned: Planned, meeting: Meeting, wished: Period) -> bool:
    earliest, latest = planned.neighbours(meeting)
    if wished.start < max(planned.now, earliest) or wished.end > latest:
        return False
    return not planned.diaries.hindered(planned.series.participants, wished, meeting.key)


def _elsewhere(
    planned: Planned, meeting: Meeting, participants: Sequence[str], margin: timedelta = timedelta(0)
) -> Period | None:
    """The nearest time that suits everybody, in the week or month it belongs to, ``margin`` away from where it is."""
    original = meeting.original_start
    room = room_to_move(planned.series.cadence, original.astimezone(planned.placement.zone))
    earliest, latest = planned.neighbours(meeting)
    within = Period(max(room.start, earliest, planned.now + FREEZE), min(room.end, latest))
    length = meeting.period.length
    if within.start + length > within.end:
        return None
    diaries = [planned.diaries.of(address, {meeting.key}) for address in participants]
    start = placing.move(
        planned.diaries.timeline,
        diaries,
        was=original,
        zone=planned.placement.zone,
        length=length,
        within=within,
        avoid=Period(meeting.start - margin, meeting.end + margin),
    )
    return None if start is None else Period(start.astimezone(UTC), start.astimezone(UTC) + length)
