"""Invitations by mail (RFC 6047), for those whom the calendar provider does not reach.

Each is a mail of the outbox like any other, written with the change that causes it. What a person was last told stands
in that mail's key, so the same is never told twice, and whoever is no longer invited is told that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from assistant.compose import CalendarPart
from assistant.domain import audience as audiences
from assistant.domain.calendar import Event, Partstat, Period
from assistant.domain.people import Person
from assistant.domain.recurrence import Occurrence, occurrences
from assistant.domain.views import InvitedView, MeetingView
from assistant.ports import InvitesByMail
from assistant.render import Section
from assistant.store import meetings as meeting_store
from assistant.store import outbox as store
from assistant.store.calendar import Wish
from assistant.workflows import meeting_steps as steps
from assistant.workflows import outbox
from assistant.workflows.desk import Desk

KIND = "invitation"
REQUEST, CANCEL = "REQUEST", "CANCEL"
_FAR = timedelta(days=800)
_SHOWN = 3


def write(desk: Desk, now: datetime, wish: Wish, provider: InvitesByMail, addresses: Collection[str]) -> int:
    """Tell ``addresses`` of the event as it now is, and those told earlier whom it no longer concerns; how many mails.

    The points of an agenda alone are no new invitation: they come by mail anyway, and ride along with the next.
    """
    thread = f"{KIND} {wish.event.uid}"
    told = {person: _Told.parse(key) for person, key in store.last_of_thread(desk.db, thread).items()}
    invited = {attendee.address for attendee in wish.event.attendees}
    asked = set() if wish.cancel else set(addresses) & invited
    gone = {
        person for person, last in told.items() if last.method == REQUEST and (wish.cancel or person not in invited)
    }
    facts, soonest = _facts(wish.event), _soonest(wish.event, now)
    written = 0
    for address in sorted(asked | gone):
        method = REQUEST if address in asked else CANCEL
        last = told.get(address)
        mark = f"{wish.event.sequence}.{facts}"
        if last is not None and (last.method, last.mark) == (method, mark):
            continue
        person = desk.setup.person(address)
        if person is None:
            continue
        what = "cancelled" if method == CANCEL else "new" if last is None or last.method == CANCEL else "changed"
        event = _with_answers(desk, wish.event, last)
        key = f"{thread} {wish.revision} {mark} {method} {address}"
        label = audiences.pair if wish.event.private else audiences.series
        leaves = steps.leaves(desk, now, person, soonest)
        written += outbox.write(
            desk, now, person, [Section(KIND, _view(wish.event, person, leaves or now, what))], not_before=leaves,
            key=key, occurrence="", thread=thread, audience=label(wish.series), because=f"{KIND} {wish.series}",
            calendar=CalendarPart(method, provider.calendar_part(event, method, now)), sender=event.organizer,
        ) is not None  # fmt: skip
    return written


class _Told:
    """What a person was last told, out of the key of that mail."""

    def __init__(self, mark: str, method: str) -> None:
        self.mark = mark
        self.method = method

    @classmethod
    def parse(cls, key: str) -> _Told:
        _, mark, method, _ = key.rsplit(" ", 3)
        return cls(mark, method)

    @property
    def sequence(self) -> str:
        return self.mark.partition(".")[0]


def _facts(event: Event) -> str:
    """Changes with what an attendee's calendar should show, agenda points aside."""
    moved = [
        (o.recurrence_id.astimezone(UTC), o.start.astimezone(UTC), o.duration, o.cancelled)
        for o in event.overrides
        if o.cancelled or o.start != o.recurrence_id or o.duration != event.duration
    ]
    who = sorted((attendee.address, attendee.required) for attendee in event.attendees)
    what = (event.start, event.duration, event.rrule, event.exdates, event.summary, event.location, who, sorted(moved))
    return hashlib.sha256(repr(what).encode()).hexdigest()[:12]


def _with_answers(desk: Desk, event: Event, last: _Told | None) -> Event:
    """With what people answered, unless the time changed since they were asked (RFC 5546, 2.1.4)."""
    if last is None or last.sequence != str(event.sequence):
        return event
    given = meeting_store.answers(desk.db, event.uid, None)
    attendees = (replace(each, partstat=given.get(each.address, Partstat.NEEDS_ACTION)) for each in event.attendees)
    return replace(event, attendees=tuple(attendees))


def _soonest(event: Event, now: datetime) -> datetime:
    """The next start that somebody may have in mind or is to learn of: as it recurs, as moved, as taken out."""
    planned = replace(event, cancelled=False, overrides=tuple(o for o in event.overrides if not o.cancelled))
    usual = replace(event, cancelled=False, overrides=())
    coming = (each for form in (planned, usual) for each in occurrences(form, Period(now, now + _FAR))[:2])
    return min((each.period.start for each in coming if each.period.start >= now), default=now + _FAR)


def _view(event: Event, person: Person, now: datetime, what: str) -> InvitedView:
    following = [] if what == "cancelled" else occurrences(event, Period(now, now + _FAR))[:_SHOWN]
    first = following[0] if following else Occurrence(event.start, event.start, event.duration)
    start, end = person.local(first.period.start), person.local(first.period.end)
    meeting = MeetingView(
        title=event.summary,
        kind="",
        private=event.private,
        start=start,
        end=end,
        zone=outbox.who(person).zone,
        people=(),
        link=event.location,
    )
    minutes = event.duration // timedelta(minutes=1)
    return InvitedView(meeting, what, minutes, tuple(person.local(each.period.start) for each in following))
