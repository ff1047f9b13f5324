"""What hangs around one meeting: the agenda call before it, the agenda, the notes after it, the summary, one question.

Points belong to the series: they wait where a meeting moves or is skipped, and are done with when the notes are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from assistant.domain.kinds import MEETINGS
from assistant.domain.people import Person, next_working
from assistant.domain.series import call_at, nudge_at, suggest
from assistant.domain.setup import Series
from assistant.domain.views import AgendaView, MovedView
from assistant.render import Section
from assistant.store import meetings as store
from assistant.store import people as people_store
from assistant.store import rounds as rounds_store
from assistant.store import timers
from assistant.store.meetings import Meeting, MeetingState
from assistant.store.rounds import Occurrence, Prompt
from assistant.store.timers import Timer
from assistant.workflows import (
    asking,
    feedback,
    feedback_asked,
    goal_weeks,
    invitations,
    meeting_views,
    news,
    outbox,
    prompting,
    rounds,
    summaries,
)
from assistant.workflows import meeting_steps as steps
from assistant.workflows.desk import Desk, Handler
from assistant.workflows.meeting_views import title, view
from assistant.workflows.news import News

__all__ = ["HANDLERS", "bring", "cancel", "conclude", "corrected", "schedule", "tell_moved", "title", "view"]

AGENDA_BEFORE = timedelta(hours=2)
NUDGE_BEFORE = timedelta(hours=24)
TO_PREPARE = timedelta(hours=24)
CHASE_AFTER = timedelta(hours=2)
NOTES_OPEN = timedelta(days=2)
_TIMERS = ("meeting-call", "meeting-agenda", "meeting-end")


def schedule(desk: Desk, now: datetime, series: Series, meeting: Meeting) -> None:
    """Set, or move, everything that hangs around a planned meeting."""
    agenda_at = meeting.start - AGENDA_BEFORE
    timers.put(desk.db, Timer(f"meeting-end:{meeting.key}", meeting.end, "meeting-end", meeting.key))
    if agenda_at <= now or "agenda-call" not in MEETINGS[series.kind].around:
        timers.drop(desk.db, f"meeting-call:{meeting.key}", f"meeting-agenda:{meeting.key}")
        return
    timers.put(desk.db, Timer(f"meeting-agenda:{meeting.key}", agenda_at, "meeting-agenda", meeting.key))
    call = rounds_store.occurrence(desk.db, f"agenda-call/{meeting.key}")
    if call is None:
        previous = store.previous(desk.db, meeting)
        opens = max(now, call_at(meeting.start, previous.end if previous else None))
        timers.put(desk.db, Timer(f"meeting-call:{meeting.key}", opens, "meeting-call", meeting.key))
    elif call.open:
        for prompt in rounds_store.prompts_of(desk.db, call.key):
            _move_prompt(desk, now, prompt, meeting)


def _move_prompt(desk: Desk, now: datetime, prompt: Prompt, meeting: Meeting) -> None:
    if prompt.state in rounds_store.OPEN and prompt.person in desk.setup.people:
        nudge = _nudge(desk, now, prompt.person, meeting)
        closes = meeting.start - AGENDA_BEFORE
        planned = prompt.state is rounds_store.PromptState.PLANNED
        due = _asked_at(desk, now, desk.setup.people[prompt.person], meeting) if planned else None
        prompting.reschedule(desk, prompt, due=due, closes=closes, remind_at=[] if nudge is None else [nudge])


def cancel(desk: Desk, now: datetime, key: str, reason: str) -> None:
    """The meeting does not take place: nobody is asked about it any more. Its points stay with the series."""
    timers.drop(desk.db, *(f"{name}:{key}" for name in _TIMERS))
    timers.drop_prefix(desk.db, f"agenda:{key}:")
    for kind in ("agenda-call", "meeting-notes", "meeting-feedback"):
        prompting.cancel(desk, now, f"{kind}/{key}", reason)


def _call(desk: Desk, timer: Timer, now: datetime) -> None:
    """Ask everybody who is required, each in their working hours, what to talk about."""
    found = steps.find(desk, timer.ref)
    if found is None or found[1].state is not MeetingState.PLANNED:
        return
    series, meeting = found
    if not steps.open_occurrence(desk, now, "agenda-call", series, meeting):
        return
    _offer(desk, series, meeting)
    closes = meeting.start - AGENDA_BEFORE
    for address in steps.readers(desk, series):  # who need not come is asked as well: a line may stand for them
        person = desk.setup.people.get(address)
        if person is None:
            continue
        due = _asked_at(desk, now, person, meeting)
        if due is not None and due < closes:
            nudge = _nudge(desk, due, address, meeting)
            remind_at = [] if nudge is None else [nudge]
            steps.plan_prompt(desk, now, "agenda-call", series, meeting, address, due, closes, remind_at)


def _asked_at(desk: Desk, now: datetime, person: Person, meeting: Meeting) -> datetime | None:
    """With their next daily question, unless that leaves too little time to prepare; then when they next work."""
    daily = asking.next_daily(desk, now, person)
    if daily is not None and daily <= meeting.start - TO_PREPARE:
        return daily
    return next_working(person, now, people_store.absences(desk.db, person.address, person.local(now).date()))


def _nudge(desk: Desk, after: datetime, address: str, meeting: Meeting) -> datetime | None:
    """When to remind them once, a day before; None where that is hardly after they are asked."""
    person = desk.setup.people[address]
    absences = people_store.absences(desk.db, address, person.local(after).date())
    moment = nudge_at(person, meeting.start - NUDGE_BEFORE, meeting.start - AGENDA_BEFORE, absences)
    return moment if moment is not None and moment > after + CHASE_AFTER else None


def _offer(desk: Desk, series: Series, meeting: Meeting) -> None:
    """Choose what the call suggests, never what the previous one did."""
    count = MEETINGS[series.kind].suggestions
    groups = meeting_views.bank(desk, series, desk.setup.people[series.lead].language)
    if count and groups:
        before = store.last_offered(desk.db, meeting)
        alike = [each.name for each in desk.setup.series if (each.kind, each.lead) == (series.kind, series.lead)]
        chosen = suggest([question.group for question in groups], count, before, alike.index(series.name))
        store.offer(desk.db, meeting.key, chosen)


def _agenda(desk: Desk, timer: Timer, now: datetime) -> None:
    rounds.close(desk, now, f"agenda-call/{timer.ref}")
    _mail_agenda(desk, now, timer.ref)  # where there was no call, or it closed before its time


def _mail_agenda(desk: Desk, now: datetime, key: str) -> None:
    """Mail what will be talked about and write it into the event; once, and not when the meeting has begun."""
    found = steps.find(desk, key)
    if found is None:
        return
    series, meeting = found
    too_early, too_late = now < meeting.start - AGENDA_BEFORE, now >= meeting.start
    if meeting.state is not MeetingState.PLANNED or too_early or too_late or not store.agenda_sent(desk.db, now, key):
        return
    steps.appoint(desk, series, meeting)
    for address in steps.readers(desk, series):
        person = desk.setup.people[address]
        news.put(desk, "agenda", key, person, steps.leaves(desk, now, person, meeting.start) or now)
    placement = store.placement(desk.db, series.name)
    if placement is not None:
        invitations.describe(desk, series, placement, meeting, meeting_views.points(desk, series, meeting))


def bring(desk: Desk, now: datetime, due: Sequence[Timer]) -> Iterator[tuple[Person, News]]:
    """The agendas of these timers, unless the meeting is off by now or has begun; ``ref`` is the meeting."""
    for timer in due:
        found, person = steps.find(desk, timer.ref), desk.setup.people.get(timer.person)
        if found is None or person is None or found[1].state is not MeetingState.PLANNED or found[1].start <= now:
            continue
        section = Section("agenda", _agenda_for(desk, now, person, *found))
        told = steps.told(desk, now, person.address, section, *found, f"agenda {timer.ref} {person.address}")
        if told is not None:
            yield person, told


def _agenda_for(desk: Desk, now: datetime, person: Person, series: Series, meeting: Meeting) -> AgendaView:
    return AgendaView(
        meeting=meeting_views.meeting_view(desk, series, meeting, person, now),
        points=meeting_views.points(desk, series, meeting),
        topics=series.topics,
        actions=meeting_views.actions(desk, series, person, now),
        documentarian=outbox.name_of(desk, meeting.documentarian) if meeting.documentarian else "",
        week=meeting_views.status(desk, series, person, now),
        suggestions=meeting_views.suggestions(desk, series, meeting, person),
        goals=goal_weeks.of_pair(desk, now, series),
        first=meeting_views.is_first(desk, series, meeting),
        feedback=feedback.for_pair(desk, now, series),
        asks_rhythm=feedback_asked.asks_rhythm(desk, now, series, person.address),
    )


def _end(desk: Desk, timer: Timer, now: datetime) -> None:
    """The meeting has been held, as far as we know: somebody is asked what came of it."""
    found = steps.find(desk, timer.ref)
    if found is None:
        return
    series, meeting = found
    writer = steps.appoint(desk, series, meeting)
    if writer is None:  # everybody is away: the points wait
        store.set_state(desk.db, meeting.key, MeetingState.SKIPPED, "away")
        return
    if not store.set_state(desk.db, meeting.key, MeetingState.HELD):
        return
    if "meeting-notes" not in MEETINGS[series.kind].around:
        summaries.settle_points(desk, now, meeting)
        return
    steps.open_occurrence(desk, now, "meeting-notes", series, meeting)
    person = desk.setup.people[writer]
    absences = people_store.absences(desk.db, writer, person.local(now).date())
    closes = next_working(person, meeting.end + NOTES_OPEN, absences) or meeting.end + NOTES_OPEN
    chase = next_working(person, meeting.end + CHASE_AFTER, absences)
    again = next_working(person, chase + timedelta(days=1), absences) if chase else None
    remind_at = [moment for moment in (chase, again) if moment is not None and moment < closes]
    steps.plan_prompt(desk, now, "meeting-notes", series, meeting, writer, meeting.end, closes, remind_at)


def conclude(desk: Desk, occurrence: Occurrence, now: datetime) -> None:
    """An agenda call, or the notes of a meeting, are closed."""
    key = occurrence.data["meeting"]
    if occurrence.kind == "agenda-call":
        _mail_agenda(desk, now, key)
    elif occurrence.kind == "meeting-notes":
        found = steps.find(desk, key)
        if found is not None:
            summaries.conclude(desk, now, *found)


def corrected(desk: Desk, occurrence: Occurrence, now: datetime) -> None:
    """Notes changed, or came, after their window had closed."""
    found = steps.find(desk, occurrence.data["meeting"])
    if occurrence.kind == "meeting-notes" and found is not None:
        summaries.correct(desk, now, *found)


def tell_moved(desk: Desk, now: datetime, series: Series, meeting: Meeting, was: datetime) -> None:
    """``meeting`` as it stands now: at its new time, or skipped."""
    skipped = meeting.state is MeetingState.SKIPPED
    for address in steps.readers(desk, series):
        person = desk.setup.people[address]
        moved = MovedView(
            meeting=meeting_views.meeting_view(desk, series, meeting, person, now),
            was=person.local(was),
            start=None if skipped else person.local(meeting.start),
            reason=meeting.reason,
        )
        key = f"moved {meeting.key} {meeting.state} {meeting.start.isoformat()} {address} {now.isoformat()}"
        leaves = steps.leaves(desk, now, person, min(was, meeting.start))
        steps.mail(desk, now, address, Section("moved", moved), series, meeting, key, not_before=leaves)


HANDLERS: Mapping[str, Handler] = {"meeting-call": _call, "meeting-agenda": _agenda, "meeting-end": _end}
