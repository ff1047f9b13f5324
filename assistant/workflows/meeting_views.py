"""What mails about a meeting show, for one reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypedDict

from assistant.domain import audience as audiences
from assistant.domain.people import Person, first_name
from assistant.domain.records import Record, RecordKind, RecordState
from assistant.domain.setup import Round, Series
from assistant.domain.views import (
    ActionLine,
    AgendaCallView,
    AnswerView,
    Asked,
    FeedbackView,
    MeetingView,
    NotesView,
    PersonAnswers,
    PointLine,
    QuestionContext,
)
from assistant.render import BankQuestion
from assistant.store import calendar, records
from assistant.store import meetings as store
from assistant.store import rounds as rounds_store
from assistant.store.meetings import Meeting, MeetingState
from assistant.store.rounds import Prompt
from assistant.workflows import invitations, outbox, task_book
from assistant.workflows.desk import Desk

_STATUS_KINDS = ("weekly-update", "check-in")
_STATUS_AGE = timedelta(days=7)


def title(desk: Desk, prompt: Prompt, person: Person) -> str:
    """What the meeting of this prompt is called, in the person's language."""
    series = desk.setup.series_named(prompt.parent)
    return "" if series is None else invitations.title(desk, series, outbox.language_of(desk, person))


def view(
    desk: Desk, prompt: Prompt, asked: tuple[Asked, ...], now: datetime
) -> AgendaCallView | NotesView | FeedbackView:
    """What the prompts around a meeting show."""
    occurrence = rounds_store.occurrence(desk.db, prompt.occurrence)
    series = desk.setup.series_named(prompt.parent)
    meeting = store.by_key(desk.db, occurrence.data["meeting"]) if occurrence else None
    if series is None or meeting is None:
        raise LookupError(f"prompt {prompt.id} belongs to no meeting")
    person = desk.setup.people[prompt.person]
    shown = meeting_view(desk, series, meeting, person, now)
    closes = person.local(prompt.closes or now)
    if prompt.kind == "meeting-feedback":
        return FeedbackView(shown, asked)
    if prompt.kind == "meeting-notes":
        return NotesView(shown, asked, points(desk, series, meeting), closes)
    return AgendaCallView(
        shown,
        asked,
        closes,
        points(desk, series, meeting),
        series.topics,
        suggestions(desk, series, meeting, person),
        actions(desk, series, person, now),
        first=is_first(desk, series, meeting),
        optional=person.address in series.optional,
    )


def meeting_view(desk: Desk, series: Series, meeting: Meeting, reader: Person, now: datetime) -> MeetingView:
    people = [desk.setup.people[address] for address in series.participants if address in desk.setup.people]
    start = reader.local(meeting.start)
    others = [p for p in people if p.local(meeting.start).utcoffset() != start.utcoffset()]
    return MeetingView(
        title=invitations.title(desk, series, outbox.language_of(desk, reader)),
        kind=series.kind,
        private=invitations.is_private(series),
        start=start,
        end=reader.local(meeting.end),
        zone=outbox.who(reader).zone,
        people=tuple(map(outbox.who, people)),
        elsewhere=tuple((p.first_name, p.local(meeting.start), outbox.who(p).zone) for p in others),
        link=series.link or calendar.link(desk.db, series.name),
        days_ahead=(start.date() - reader.local(now).date()).days,
    )


def point_records(desk: Desk, meeting: Meeting) -> list[Record]:
    """What is to be talked about at this meeting: open points of the series that the one before does not still hold.

    A point belongs to the first meeting whose agenda is mailed after it came; it stays open until the notes of that
    meeting are in, and longer where that meeting is skipped.
    """
    previous = store.previous(desk.db, meeting)
    held = previous is not None and previous.state is MeetingState.HELD
    after = (previous.agenda_sent_at or previous.start) if previous is not None and held else None
    until = meeting.agenda_sent_at
    if meeting.summary_sent_at is None:
        found = records.open_records(desk.db, RecordKind.POINT, context=meeting.series)
    else:  # those it was done with when its notes were in
        sent = meeting.summary_sent_at
        found = [p for p in records.touched(desk.db, RecordKind.POINT, sent, sent) if p.context == meeting.series]
    return [
        record
        for record in found
        if (after is None or record.opened_at > after) and (until is None or record.opened_at <= until)
    ]


def points(desk: Desk, series: Series, meeting: Meeting) -> tuple[PointLine, ...]:
    lead = desk.setup.people[series.lead]
    own = f"agenda-call/{meeting.key}"
    return tuple(
        PointLine(
            record.text,
            first_name(outbox.name_of(desk, record.author)),
            None if record.occurrence == own else lead.local(record.opened_at).date(),
        )
        for record in point_records(desk, meeting)
    )


def actions(
    desk: Desk, series: Series, reader: Person, now: datetime, of: Meeting | None = None
) -> tuple[ActionLine, ...]:
    """The open action items of the series, or those that one meeting agreed on."""
    if of is None:
        found = records.open_records(desk.db, RecordKind.ACTION, context=series.name)
        found += _tasks_of_reports(desk, series, now)
    else:
        found = records.of_occurrence(desk.db, f"meeting-notes/{of.key}", RecordKind.ACTION)
    today = reader.local(now).date()
    return tuple(
        ActionLine(
            number=record.id,
            text=record.text,
            who=first_name(outbox.name_of(desk, record.owner)),
            due=record.due,
            overdue=record.state is RecordState.OPEN and record.due is not None and record.due < today,
            done=record.state is RecordState.DONE,
        )
        for record in found
    )


def _tasks_of_reports(desk: Desk, series: Series, now: datetime) -> list[Record]:
    """In a 1:1 also what the report has to do elsewhere, as far as both may see it."""
    if not invitations.is_private(series):
        return []
    reports = [a for a in series.participants if a != series.lead and a in desk.setup.people]
    tasks = [t for a in reports for t in task_book.shared(desk, now, a, series.participants)]
    elsewhere = [records.by_id(desk.db, task.id) for task in tasks if task.context != series.name]
    return [record for record in elsewhere if record is not None][:_MOST_TASKS]


_MOST_TASKS = 7


def bank(desk: Desk, series: Series, language: str) -> Sequence[BankQuestion]:
    if series.bank is not None:
        return [BankQuestion(text, text) for text in series.bank]
    return desk.render.bank(series.kind, language)


def is_first(desk: Desk, series: Series, meeting: Meeting) -> bool:
    """Whether the two of a new 1:1 meet for the first time; one that was taken over has been held before."""
    placement = store.placement(desk.db, series.name)
    taken_over = placement is not None and placement.adopted
    return series.kind == "one-on-one" and not taken_over and store.previous(desk.db, meeting) is None


def suggestions(desk: Desk, series: Series, meeting: Meeting, reader: Person) -> tuple[str, ...]:
    """From the bank, or for the first 1:1 of two people how it may go."""
    if is_first(desk, series, meeting):
        script = desk.render.library("people/first.yaml", outbox.language_of(desk, reader))
        return tuple(str(each["text"]) for each in script)
    questions = bank(desk, series, outbox.language_of(desk, reader))
    return tuple(questions[index].text for index in meeting.offered if index < len(questions))


class Notes(TypedDict):
    """What a summary says whoever reads it."""

    decisions: tuple[str, ...]
    takeaways: tuple[str, ...]
    points: tuple[PointLine, ...]
    author: str


def summary(desk: Desk, series: Series, meeting: Meeting, written: Prompt) -> Notes:
    def noted(kind: RecordKind) -> tuple[str, ...]:
        return tuple(r.text for r in records.of_occurrence(desk.db, f"meeting-notes/{meeting.key}", kind))

    asked_for = records.of_occurrence(desk.db, f"agenda-call/{meeting.key}", RecordKind.POINT)
    carried = [record for record in point_records(desk, meeting) if record not in asked_for]
    return Notes(
        decisions=noted(RecordKind.DECISION),
        takeaways=noted(RecordKind.TAKEAWAY),
        points=tuple(PointLine(r.text, first_name(outbox.name_of(desk, r.author))) for r in (*carried, *asked_for)),
        author=outbox.name_of(desk, written.person),
    )


def next_start(desk: Desk, meeting: Meeting, reader: Person) -> datetime | None:
    following = store.following(desk.db, meeting)
    return None if following is None else reader.local(following.start)


def status(desk: Desk, series: Series, reader: Person, now: datetime) -> tuple[PersonAnswers, ...]:
    """The report's newest written status, where this reader may read it: a 1:1 need not go through it."""
    if not invitations.is_private(series):
        return ()
    reports = (desk.setup.people[a] for a in series.participants if a != series.lead and a in desk.setup.people)
    found = (_newest_status(desk, person, reader, now) for person in reports)
    return tuple(answers for answers in found if answers is not None)


def _newest_status(desk: Desk, person: Person, reader: Person, now: datetime) -> PersonAnswers | None:
    today = person.local(now).date()
    for round_ in _status_rounds(desk, person):
        prompt = rounds_store.last_asked(desk.db, round_.name, person.address, today + timedelta(days=1))
        if prompt is None or prompt.day < today - _STATUS_AGE:
            continue
        if not audiences.may_read(prompt.audience, reader.address, desk.setup):
            continue
        answers = rounds_store.answers_to(desk.db, prompt.id)
        shorts = _shorts(desk, round_, outbox.language_of(desk, reader), prompt.day)
        lines = tuple(
            AnswerView(
                shorts.get(asked.question.key) or asked.question.short or asked.question.text,
                answers[asked.question.key].text,
            )
            for asked in prompt.questions
            if asked.question.key in answers and answers[asked.question.key].value != []  # nothing is in the way
        )
        if lines:
            return PersonAnswers(outbox.who(person), lines, day=prompt.day)
    return None


def _shorts(desk: Desk, round_: Round, language: str, day: date) -> Mapping[str, str]:
    """The headings of shipped questions in the reader's language. A round's own questions have one wording for all."""
    if round_.questions is not None:
        return {}
    return {asked.key: asked.short for asked in desk.render.questions(round_.kind, language, QuestionContext(day))}


def _status_rounds(desk: Desk, person: Person) -> list[Round]:
    own = [r for r in desk.setup.rounds if r.team in person.teams and r.kind in _STATUS_KINDS]
    return sorted(own, key=lambda round_: _STATUS_KINDS.index(round_.kind))
