"""After a meeting: the summary, with its one question, and what becomes of the points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from assistant.domain.kinds import MEETINGS
from assistant.domain.people import Person
from assistant.domain.records import RecordState
from assistant.domain.setup import Series
from assistant.domain.views import SummaryView
from assistant.render import Section
from assistant.store import meetings as store
from assistant.store import records, timers
from assistant.store import rounds as rounds_store
from assistant.store.meetings import Meeting
from assistant.store.rounds import Prompt, PromptState
from assistant.store.timers import Timer
from assistant.workflows import asking, meeting_views, news, outbox
from assistant.workflows import meeting_steps as steps
from assistant.workflows.desk import Desk
from assistant.workflows.news import News

FEEDBACK_OPEN = timedelta(days=2)
_AN_HOUR = timedelta(hours=1)
_AGAIN = "|"
"""In a timer's ref, before the time at which the notes were corrected."""


def conclude(desk: Desk, now: datetime, series: Series, meeting: Meeting) -> None:
    """The summary with its one question, where there are notes; either way the points have had their turn."""
    if _written(desk, meeting) is not None:
        _summarise(desk, now, series, meeting)
    settle_points(desk, now, meeting)


def settle_points(desk: Desk, now: datetime, meeting: Meeting) -> None:
    """What was on the agenda has had its turn."""
    for record in meeting_views.point_records(desk, meeting):
        by = meeting.documentarian or desk.setup.assistant.address
        records.close(desk.db, now, record.id, RecordState.DONE, by)


def correct(desk: Desk, now: datetime, series: Series, meeting: Meeting) -> None:
    """The notes changed, or came, after the window had closed."""
    if _written(desk, meeting) is not None:
        _summarise(desk, now, series, meeting)


def _written(desk: Desk, meeting: Meeting) -> Prompt | None:
    """The prompt whose answers are the notes."""
    prompts = rounds_store.prompts_of(desk.db, f"meeting-notes/{meeting.key}")
    return next((prompt for prompt in prompts if prompt.state is PromptState.ANSWERED or prompt.late), None)


def _summarise(desk: Desk, now: datetime, series: Series, meeting: Meeting) -> None:
    """Have everybody told, unless they are about to be: then they are told what is written by then."""
    again = meeting.summary_sent_at is not None
    ref = f"{meeting.key}{_AGAIN}{now.isoformat()}" if again else meeting.key
    coming = {timer.person for timer in timers.with_prefix(desk.db, f"summary:{meeting.key}")}
    for address in steps.readers(desk, series):
        if address not in coming:
            person = desk.setup.people[address]
            news.put(desk, "summary", ref, person, _moment(desk, now, person))
    store.summary_sent(desk.db, now, meeting.key)


def _moment(desk: Desk, now: datetime, person: Person) -> datetime:
    """At once, or with what else they are told soon: the digest of today, the summaries of meetings that follow."""
    moment = news.moment(desk, now, person) or now
    if moment > now:
        return moment
    worked = person.working_period(person.local(now).date())
    until = now if worked is None else max(now, worked.end)
    if asking.daily_is_open(desk, person):
        return min(now + news.HOLD, until)
    names = [series.name for series in desk.setup.series if person.address in (*series.participants, *series.optional)]
    ends = (timer.due for name in names for timer in timers.with_prefix(desk.db, f"meeting-end:meeting/{name}/"))
    return min(now + _AN_HOUR, until) if any(now < end <= now + _AN_HOUR for end in ends) else now


def bring(desk: Desk, now: datetime, due: Sequence[Timer]) -> Iterator[tuple[Person, News]]:
    """The summaries of these timers, each with its one question; ``ref`` is the meeting, and when it is told again."""
    for ref, timers_ in groupby(sorted(due, key=lambda timer: timer.ref), key=lambda timer: timer.ref):
        key, _, again = ref.partition(_AGAIN)
        found = steps.find(desk, key)
        written = _written(desk, found[1]) if found is not None else None
        if found is None or written is None:
            continue
        contents = meeting_views.summary(desk, *found, written)
        for timer in timers_:
            person = desk.setup.people.get(timer.person)
            if person is not None:
                told = _told(desk, now, person, *found, contents, again)
                if told is not None:
                    yield person, told


def _told(
    desk: Desk, now: datetime, person: Person, series: Series, meeting: Meeting, contents: meeting_views.Notes,
    again: str,
) -> News | None:  # fmt: skip
    view = SummaryView(
        meeting=meeting_views.meeting_view(desk, series, meeting, person, now),
        actions=meeting_views.actions(desk, series, person, now, of=meeting),
        next_start=meeting_views.next_start(desk, meeting, person),
        corrected=bool(again),
        **contents,
    )
    key = f"summary {meeting.key} {person.address}" + (f" {again}" if again else "")
    question = None if again else _feedback(desk, now, series, meeting, person.address)
    return steps.told(desk, now, person.address, Section("summary", view), series, meeting, key, question)


def _feedback(desk: Desk, now: datetime, series: Series, meeting: Meeting, address: str) -> Prompt | None:
    """One question to each who was there, to go with the summary."""
    stopped = any(outbox.is_stopped(desk, address, kind) for kind in ("summary", "meeting-feedback"))
    there = address in series.participants and not steps.is_off(desk, address, now)
    if not series.feedback or "meeting-feedback" not in MEETINGS[series.kind].around or stopped or not there:
        return None
    steps.open_occurrence(desk, now, "meeting-feedback", series, meeting)
    id_ = steps.plan_prompt(desk, now, "meeting-feedback", series, meeting, address, now, now + FEEDBACK_OPEN)
    return None if id_ is None else rounds_store.prompt(desk.db, id_)
