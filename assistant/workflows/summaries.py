"""After a meeting: the summary, with its one question, and what becomes of the points."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from assistant.domain.kinds import MEETINGS
from assistant.domain.records import RecordState
from assistant.domain.setup import Series
from assistant.domain.views import SummaryView
from assistant.render import Section
from assistant.store import meetings as store
from assistant.store import records
from assistant.store import rounds as rounds_store
from assistant.store.meetings import Meeting
from assistant.store.rounds import Prompt, PromptState
from assistant.workflows import meeting_steps as steps
from assistant.workflows import meeting_views, outbox
from assistant.workflows.desk import Desk

FEEDBACK_OPEN = timedelta(days=2)


def conclude(desk: Desk, now: datetime, series: Series, meeting: Meeting) -> None:
    """The summary with its one question, where there are notes; either way the points have had their turn."""
    written = _written(desk, meeting)
    if written is not None:
        _summarise(desk, now, series, meeting, written)
    settle_points(desk, now, meeting)


def settle_points(desk: Desk, now: datetime, meeting: Meeting) -> None:
    """What was on the agenda has had its turn."""
    for record in meeting_views.point_records(desk, meeting):
        by = meeting.documentarian or desk.setup.assistant.address
        records.close(desk.db, now, record.id, RecordState.DONE, by)


def correct(desk: Desk, now: datetime, series: Series, meeting: Meeting) -> None:
    """The notes changed, or came, after the window had closed."""
    written = _written(desk, meeting)
    if written is not None:
        _summarise(desk, now, series, meeting, written)


def _written(desk: Desk, meeting: Meeting) -> Prompt | None:
    """The prompt whose answers are the notes."""
    prompts = rounds_store.prompts_of(desk.db, f"meeting-notes/{meeting.key}")
    return next((prompt for prompt in prompts if prompt.state is PromptState.ANSWERED or prompt.late), None)


def _summarise(desk: Desk, now: datetime, series: Series, meeting: Meeting, written: Prompt) -> None:
    again = meeting.summary_sent_at is not None
    contents = meeting_views.summary(desk, series, meeting, written)
    feedback = {} if again else _plan_feedback(desk, now, series, meeting)
    for address in steps.readers(desk, series):
        person = desk.setup.people[address]
        section = Section(
            "summary",
            SummaryView(
                meeting=meeting_views.meeting_view(desk, series, meeting, person, now),
                actions=meeting_views.actions(desk, series, person, now, of=meeting),
                next_start=meeting_views.next_start(desk, meeting, person),
                corrected=again,
                **contents,
            ),
        )
        key = f"summary {meeting.key} {address}" + (f" {now.isoformat()}" if again else "")
        steps.mail(desk, now, address, section, series, meeting, key, feedback.get(address))
    store.summary_sent(desk.db, now, meeting.key)


def _plan_feedback(desk: Desk, now: datetime, series: Series, meeting: Meeting) -> Mapping[str, Prompt]:
    """One question to each who was there, to go with the summary."""
    if not series.feedback or "meeting-feedback" not in MEETINGS[series.kind].around:
        return {}
    steps.open_occurrence(desk, now, "meeting-feedback", series, meeting)
    planned: dict[str, Prompt] = {}
    for address in series.participants:
        refused = steps.is_off(desk, address, now) or outbox.is_stopped(desk, address, "meeting-feedback")
        if address in desk.setup.people and not refused:
            id_ = steps.plan_prompt(desk, now, "meeting-feedback", series, meeting, address, now, now + FEEDBACK_OPEN)
            prompt = None if id_ is None else rounds_store.prompt(desk.db, id_)
            if prompt is not None:
                planned[address] = prompt
    return planned
