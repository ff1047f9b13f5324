"""Meetings moved, cancelled and answered in words, and one more point for their agenda."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import islice

from assistant.domain import audience as audiences
from assistant.domain.calendar import Partstat, Period
from assistant.domain.people import Person
from assistant.domain.records import Draft, RecordKind
from assistant.domain.setup import Series
from assistant.domain.views import Act, OtherTimesView
from assistant.inbound.commands import Accept, AddPoint, CancelMeeting, Command, Decline, MoveMeeting
from assistant.render import Section
from assistant.store import choices as choices_store
from assistant.store import meetings as store
from assistant.store import records
from assistant.store.meetings import Asked, Meeting, MeetingState
from assistant.workflows import choices, invitees, meeting_steps, meeting_views, outbox, prompting
from assistant.workflows.choices import Option
from assistant.workflows.desk import Desk, Do, Request

_MOST_OFFERED = 9

Found = tuple[Series, Meeting]


def _move(desk: Desk, now: datetime, request: Request, move: MoveMeeting) -> list[Act] | None:
    """Noted as their wish; the next look at the calendars, which is now, decides and tells."""
    meant = _meant(desk, now, request, move.kind, move.day, move.day)
    if len(meant) != 1:
        return [_which(desk, now, request, meant, move)]
    _, meeting = meant[0]
    if move.shift is not None:
        asked = Asked(request.person.address, meeting.start + move.shift)
    elif move.candidates:
        length = meeting.end - meeting.start
        within = tuple(
            Period(c.period.start, max(c.period.end, c.period.start + length)) if c.exact else c.period
            for c in move.candidates
        )
        asked = Asked(request.person.address, within=within)
    else:
        asked = Asked(request.person.address)
    invitees.ask_move(desk, now, meeting, asked, f"mail {request.inbound}")
    return [Act("mailed")]


def _cancel(desk: Desk, now: datetime, request: Request, cancel: CancelMeeting) -> list[Act] | None:
    """The two of a 1:1 may, and who leads the others; for anybody else it means that they do not come."""
    meant = _meant(desk, now, request, cancel.kind, cancel.first, cancel.last)
    if len(meant) != 1:
        return [_which(desk, now, request, meant, cancel)]
    series, meeting = meant[0]
    if request.person.address != series.lead and len(series.participants) > 2:
        return _answer(desk, now, request, meant[0], Partstat.DECLINED)
    asked = Asked(request.person.address, cancel=True)
    invitees.ask_move(desk, now, meeting, asked, f"mail {request.inbound}")
    return [Act("mailed")]


def _accept(desk: Desk, now: datetime, request: Request, _: Accept) -> list[Act] | None:
    found = _about(desk, request)
    return None if found is None else _answer(desk, now, request, found, Partstat.ACCEPTED)


def _decline(desk: Desk, now: datetime, request: Request, _: Decline) -> list[Act] | None:
    found = _about(desk, request)
    return None if found is None else _answer(desk, now, request, found, Partstat.DECLINED)


def _answer(desk: Desk, now: datetime, request: Request, found: Found, partstat: Partstat) -> list[Act]:
    series, meeting = found
    invitees.answer(desk, now, series, request.person.address, meeting.original_start, partstat)
    return [_act(partstat.value.lower(), desk, now, request, found)]


def _point(desk: Desk, now: datetime, request: Request, point: AddPoint) -> list[Act] | None:
    """To the agenda of the meeting that the mail is about, that was named, or of the only one they have."""
    meant = _meant(desk, now, request, point.kind, None, None)
    person = request.person
    if len(meant) != 1:
        return [_which(desk, now, request, meant, point)]
    [(series, meeting)] = meant
    records.add(
        desk.db, now, Draft(RecordKind.POINT, point.text), owner=person.address, author=person.address,
        audience=meeting_steps.audience(series), context=series.name, occurrence=meeting.key, inbound=request.inbound,
    )  # fmt: skip
    return [_act("point", desk, now, request, (series, meeting), point.text)]


def point_of_which(desk: Desk, now: datetime, request: Request, text: str) -> list[Act]:
    """To the agenda of which of the meetings that the mail told of?"""
    told = request.about.because if request.about is not None else ""
    meant = [found for found in _meant(desk, now, request, None, None, None) if f"agenda {found[0].name}" in told]
    return [_which(desk, now, request, meant, AddPoint(line=f"agenda: {text}", confidence=1.0, text=text))]


def _act(what: str, desk: Desk, now: datetime, request: Request, found: Found, text: str = "") -> Act:
    series, meeting = found
    view = meeting_views.meeting_view(desk, series, meeting, request.person, now)
    return Act(what, family="meetings", text=text, view=view)


def _about(desk: Desk, request: Request) -> Found | None:
    """The meeting that was chosen, or that the mail replied to is about, as long as it is to come."""
    about = request.about
    keys = {prompting.thread_of(prompt) for prompt in request.prompts} if about is not None else set()
    keys = keys or {about.thread if about is not None else ""}
    keys = {request.context} if request.context else {key for key in keys if key.startswith("meeting/")}
    found = meeting_steps.find(desk, keys.pop()) if len(keys) == 1 else None
    return found if found is not None and found[1].state is MeetingState.PLANNED else None


def _meant(
    desk: Desk, now: datetime, request: Request, kind: str | None, first: date | None, last: date | None
) -> list[Found]:
    """Which meeting the words mean: the one that the mail is about unless they name another, or the next of each of
    their series."""
    person, about = request.person, _about(desk, request)
    if about is not None and _fits(about, person, kind, first, last):
        return [about]
    coming, found = store.since(desk.db, now), []
    for series in desk.setup.series:
        if person.address in (*series.participants, *series.optional):
            planned = (m for m in coming.get(series.name, ()) if m.state is MeetingState.PLANNED and m.start > now)
            fitting = ((series, m) for m in planned if _fits((series, m), person, kind, first, last))
            found += list(islice(fitting, 1))
    return found


def _fits(found: Found, person: Person, kind: str | None, first: date | None, last: date | None) -> bool:
    series, meeting = found
    day = person.local(meeting.start).date()
    return kind in (None, series.kind) and (first is None or day >= first) and (last is None or day <= last)


def _which(desk: Desk, now: datetime, request: Request, meant: Sequence[Found], command: Command) -> Act:
    """None or several: nothing is done before we know."""
    if not meant:
        return Act("no-meeting", family="meetings")
    options = [
        Option(meeting_views.meeting_view(desk, series, meeting, request.person, now), command.line, meeting.key)
        for series, meeting in meant[:_MOST_OFFERED]
    ]
    return choices.offer(desk, now, request, options, command.line)


def offer_times(
    desk: Desk, now: datetime, series: Series, meeting: Meeting, by: str, times: Sequence[datetime]
) -> None:
    """To who asked for a time that does not suit everybody: it stays, and these would do."""
    person = desk.setup.people.get(by)
    if person is None:
        return
    view = OtherTimesView(
        meeting=meeting_views.meeting_view(desk, series, meeting, person, now),
        times=tuple(person.local(time) for time in times),
    )
    written = outbox.write(
        desk, now, person, [Section("other-times", view)], key=f"other-times {meeting.key} {by} {now.isoformat()}",
        occurrence=meeting.key, thread=meeting.key, audience=audiences.person(by), because=f"asked {series.name}",
    )  # fmt: skip
    if written is not None and times:
        lines = [(f"move to {person.local(time):%Y-%m-%d %H:%M}", meeting.key) for time in times]
        choices_store.offer(desk.db, now, by, None, lines, written)


COMMANDS: Mapping[type[Command], Do] = {
    MoveMeeting: _move,
    CancelMeeting: _cancel,
    Accept: _accept,
    Decline: _decline,
    AddPoint: _point,
}
