"""Series on calendars: placed once, kept clear of conflicts, in step with what people do in their own calendars.

``changed`` only notes what people asked for; ``plan``, which knows everybody's time, acts on it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from assistant.domain import placement as placing
from assistant.domain import series as rules
from assistant.domain.cadence import rrule
from assistant.domain.calendar import Busy, Event, Period
from assistant.domain.setup import Series
from assistant.store import calendar as calendar_store
from assistant.store import database, trail
from assistant.store import meetings as store
from assistant.store.meetings import Meeting, MeetingState, Placement
from assistant.workflows import around, invitations, moving, outbox
from assistant.workflows.desk import Desk, Handler
from assistant.workflows.diaries import Diaries, learn_absences
from assistant.workflows.invitees import ask_move, changed, invitation_mail, look
from assistant.workflows.moving import FREEZE, Planned

__all__ = ["HANDLERS", "Reading", "ask_move", "changed", "invitation_mail", "look", "plan", "sync", "wanted"]

HANDLERS: Mapping[str, Handler] = around.HANDLERS

EVERY = timedelta(hours=1)
_DAY = timedelta(days=1)
_FAR = timedelta(days=400)
_AT_LEAST = 2
_STAYS = "its old event is still on the calendar of an account that the configuration has no more"
_GONE = "is no more in the configuration; unless only its name is new, its events stay and are to be deleted by hand"
_WORDS, _WORDS_SEEN = "words of invitations", "seen"


@dataclass(frozen=True, slots=True)
class Reading:
    """Whose calendars to read, by account and for which time, and the UIDs that are meetings of ours anyway.

    ``ours`` are these meetings as calendars show them, wherever they are organised.
    """

    by_account: Mapping[str, Sequence[str]]
    period: Period
    ignoring: frozenset[str]
    ours: Sequence[Event] = field(default=(), compare=False)

    @property
    def addresses(self) -> list[str]:
        return [address for addresses in self.by_account.values() for address in addresses]


def sync(desk: Desk, now: datetime) -> None:
    """The setup may have changed: end what is gone, look at the calendars soon where there is anything to place, and
    write each event anew as far as its words differ."""
    database.write_meta(desk.db, _WORDS, "to be looked at")
    placements, meetings = store.placements(desk.db), store.since(desk.db, now)
    for name in placements.keys() - {series.name for series in desk.setup.series}:
        _end(desk, now, placements[name], meetings.get(name, []))
    for name in calendar_store.give_up_elsewhere(desk.db, desk.organizers):
        trail.trouble(desk.db, now, f"series {name}", _STAYS)
    if desk.setup.series:
        look(desk, now)


def _timeline(desk: Desk, now: datetime) -> placing.Timeline:
    """From yesterday on, so that everybody's local today is whole in it."""
    first = (now - _DAY).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return _timeline_from(first, rules.horizon(series.cadence for series in desk.setup.series))


@lru_cache(maxsize=2)
def _timeline_from(first: datetime, days: int) -> placing.Timeline:
    """The same one all day: it remembers everybody's working hours."""
    return placing.Timeline(first, days)


def wanted(desk: Desk, now: datetime) -> Reading | None:
    """None where there is nothing to read calendars for."""
    if not desk.setup.series:
        return None
    asked: dict[str, list[str]] = {}
    for address in sorted({address for series in desk.setup.series for address in series.participants}):
        account = desk.calendar_of(desk.setup.people[address])
        if account is not None:
            asked.setdefault(account, []).append(address)
    known = {placement.uid for placement in store.placements(desk.db).values()} | calendar_store.uids(desk.db)
    ours = [standing.event for standing in calendar_store.standing(desk.db)]
    return Reading(asked, _timeline(desk, now).period, frozenset(known), ours)


def plan(
    desk: Desk, now: datetime, busy: Mapping[str, Sequence[Busy]], existing: Sequence[Event],
    unread: Collection[str] = (),
) -> None:  # fmt: skip
    """Adopt or place what is new, plan the meetings of the coming weeks and move what clashes.

    The meetings of those in ``unread``, whose calendars could not be read just now, stay as they are until they can.
    """
    timeline = _timeline(desk, now)
    learn_absences(desk, now, timeline, busy)
    diaries = Diaries(desk, timeline, busy)
    placements, meetings = store.placements(desk.db), store.since(desk.db, now)
    for series in desk.setup.series:
        for meeting in meetings.get(series.name, ()):
            if meeting.state is MeetingState.PLANNED:
                diaries.note(meeting, series.participants)
    events = {event.uid: event for event in existing}
    taken = {placement.uid for placement in placements.values() if placement.adopted} | calendar_store.uids(desk.db)
    adoptable = rules.Adoptable(existing, desk.setup, taken)
    anew = database.read_meta(desk.db, _WORDS) != _WORDS_SEEN
    for series in desk.setup.series:
        if not set(series.participants).isdisjoint(unread):
            continue
        planned = _plan_series(
            desk, now, diaries, series, placements.get(series.name), meetings.get(series.name, []), events, adoptable
        )  # fmt: skip
        if planned is not None and (anew or planned.quiet or planned.changed):
            invitations.publish(desk, now, series, planned.placement, planned.rows)
    if anew and not unread:
        database.write_meta(desk.db, _WORDS, _WORDS_SEEN)
    if desk.setup.series:
        look(desk, now + EVERY)


def _plan_series(
    desk: Desk, now: datetime, diaries: Diaries, series: Series, before: Placement | None, rows: list[Meeting],
    events: Mapping[str, Event], adoptable: rules.Adoptable,
) -> Planned | None:  # fmt: skip
    """None where no place was found."""
    placement = before
    if before is None or _is_over(diaries, series, before, events):
        placement = _settled(desk, now, diaries, series, rows, before, adoptable)
        rows = rows if placement is before else []
    if placement is None:
        return None
    placement = _at_home(desk, now, series, placement)
    if placement.participants != series.participants:
        placement = replace(placement, participants=series.participants)
        store.put_placement(desk.db, now, placement)
    new, other = before is None, placement is not before
    planned = Planned(desk, now, diaries, series, placement, rows, quiet=new, changed=other)
    if not placement.adopted:
        _extend(planned)
        moving.settle(planned)
    elif placement.uid in events:
        _mirror(planned, events[placement.uid])
    return planned


def _at_home(desk: Desk, now: datetime, series: Series, placement: Placement) -> Placement:
    """On the calendar that it belongs to by now: where another leads it, or somebody's calendar is elsewhere, the
    event is taken off where it was and made anew, at the same times. Where that account is gone, nothing can be."""
    before, account = calendar_store.account_of(desk.db, placement.uid), desk.calendar_for(series)
    if placement.adopted or before in (None, account):
        return placement
    if before not in desk.organizers:
        trail.trouble(desk.db, now, f"calendar {before}", _GONE)
        return placement
    invitations.withdraw(desk, placement)
    placement = replace(placement, uid=_uid(desk, series))
    store.put_placement(desk.db, now, placement)
    trail.record(desk.db, now, series.lead, "moved to another calendar", series.name, account)
    return placement


def _uid(desk: Desk, series: Series) -> str:
    """The same after any crash, and no event's on another calendar."""
    account, secret = desk.calendar_for(series), outbox.secret(desk)
    address = desk.organizers.get(account, desk.setup.assistant.address)
    usual = rules.uid(series.name, address, secret)
    holder = calendar_store.account_of(desk.db, usual)
    elsewhere = holder in desk.organizers and holder != account
    return rules.uid(f"{series.name} {account}", address, secret) if elsewhere else usual


def _settled(
    desk: Desk, now: datetime, diaries: Diaries, series: Series, rows: Sequence[Meeting], before: Placement | None,
    adoptable: rules.Adoptable,
) -> Placement | None:  # fmt: skip
    """Where the series goes from now on; where no time is found for a new wish of ours, it stays where it was."""
    for meeting in rows:
        diaries.forget(meeting.key, series.participants)
    ours = before is not None and not before.adopted
    placement = None if ours else _adopt(desk, series, adoptable)
    placement = placement or _place(desk, now, diaries, series)
    if ours and before is not None and placement is not None:
        placement = replace(placement, uid=before.uid)  # it is the same event, however it got its name
    if placement is None and ours:
        for meeting in rows:
            if meeting.state is MeetingState.PLANNED:
                diaries.note(meeting, series.participants)
        return before
    _drop_meetings(desk, now, rows, "changed")
    if placement is None:
        store.end_placement(desk.db, now, series.name)
        return None
    store.put_placement(desk.db, now, placement)
    act = "adopted" if placement.adopted else "placed"
    trail.record(desk.db, now, series.lead, act, series.name, "unchecked" if placement.unchecked else "free time")
    return placement


def _is_over(diaries: Diaries, series: Series, placement: Placement, events: Mapping[str, Event]) -> bool:
    """Something else is wished for now, or an adopted event is on nobody's calendar any more."""
    if not placement.adopted:
        return placement.wish != rules.wish(series)
    asked = [address for address in series.participants if not diaries.people[address].by_mail]
    return placement.uid not in events and any(asked) and all(map(diaries.is_known, asked))


def _end(desk: Desk, now: datetime, placement: Placement, rows: Sequence[Meeting]) -> None:
    """A series that is no longer wanted: a member left, a manager changed, the configuration dropped it."""
    _drop_meetings(desk, now, rows, "ended")
    invitations.withdraw(desk, placement)
    store.end_placement(desk.db, now, placement.series)
    trail.record(desk.db, now, "", "ended", placement.series, "configuration")


def _drop_meetings(desk: Desk, now: datetime, rows: Sequence[Meeting], reason: str) -> None:
    for meeting in rows:
        if meeting.state in (MeetingState.PLANNED, MeetingState.SKIPPED):
            around.cancel(desk, now, meeting.key, reason)
            store.drop(desk.db, meeting.key, reason)


def _adopt(desk: Desk, series: Series, adoptable: rules.Adoptable) -> Placement | None:
    event = adoptable.take(series)
    if event is None:
        return None
    blank = Placement(series.name, event.uid, event.start, event.duration, event.rrule, series.participants)
    return _as_placed(desk, replace(blank, wish=rules.wish(series)), event)


def _as_placed(desk: Desk, placement: Placement, event: Event) -> Placement:
    zone = event.start.tzinfo
    start = event.start if isinstance(zone, ZoneInfo) else event.start.astimezone(desk.setup.assistant.zone)
    return replace(placement, uid=event.uid, start=start, length=event.duration, rrule=event.rrule, adopted=True)


def _place(desk: Desk, now: datetime, diaries: Diaries, series: Series) -> Placement | None:
    """In free time of everyone required; people who are off all the while are not waited for."""
    trouble_at = f"series {series.name}"
    here = diaries.reachable(series.participants)
    if series.lead not in here or len(here) < _AT_LEAST:
        return None  # nobody to meet yet: tried again when somebody is back
    zone = desk.setup.people[series.lead].zone
    wish = placing.Wish(series.cadence, series.length, zone, now + FREEZE, series.at)
    proposal = placing.place(diaries.timeline, [diaries.of(address) for address in here], wish)
    if proposal is None:
        trail.trouble(desk.db, now, trouble_at, "no time suits everybody; change who is required or the length")
        return None
    trail.settled(desk.db, trouble_at)
    return Placement(
        series=series.name,
        uid=_uid(desk, series),
        start=proposal.start,
        length=series.length,
        rrule=rrule(series.cadence, proposal.start.date()),
        participants=series.participants,
        wish=rules.wish(series),
        unchecked=not all(diaries.is_known(address) for address in series.participants),
    )


def _extend(planned: Planned) -> None:
    """Plan meetings as far as calendars are read, and at least two."""
    now, end = planned.now, planned.diaries.timeline.period.end
    known = {meeting.key for meeting in planned.rows}
    starts = rules.recurs(planned.placement.start, planned.placement.rrule, Period(now, now + _FAR))
    for number, start in enumerate(starts):
        original = start.astimezone(UTC)
        if original >= end and number >= _AT_LEAST:
            break
        key = rules.meeting_key(planned.series.name, start)
        if key not in known:
            planned.add(Meeting(key, planned.series.name, original, original, original + planned.placement.length))


def _mirror(planned: Planned, event: Event) -> None:
    """Follow an adopted event: its occurrences as they stand are the meetings."""
    as_it_stands = _as_placed(planned.desk, planned.placement, event)
    if as_it_stands != planned.placement:
        store.put_placement(planned.desk.db, planned.now, as_it_stands)
        planned.placement = as_it_stands
    zone = planned.placement.zone
    period = Period(planned.now, planned.diaries.timeline.period.end)
    known = {meeting.key: meeting for meeting in planned.rows}
    for one in rules.starts_of(event, period):
        original = one.recurrence_id.astimezone(UTC)
        meeting = Meeting(
            rules.meeting_key(planned.series.name, one.recurrence_id.astimezone(zone)), planned.series.name,
            original, one.period.start, one.period.end,
        )  # fmt: skip
        there = known.pop(meeting.key, None)
        if there is None or there.state is MeetingState.SKIPPED:
            planned.add(meeting)
        elif there.state is MeetingState.PLANNED and there.period != meeting.period:
            planned.move(there, meeting.period, "asked", tell=False)
    for meeting in known.values():
        if meeting.state is MeetingState.PLANNED and meeting.start < period.end:
            planned.skip(meeting, "asked", tell=False)
