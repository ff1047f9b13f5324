"""Replies that go on from something: one more point to an agenda, the number that a receipt asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from assistant.domain.kinds import add_points
from assistant.domain.people import Person
from assistant.domain.questions import CONFIDENCE_FLOOR, Answer, Question
from assistant.domain.views import Act, QuestionContext, Understood
from assistant.inbound import answers as reading
from assistant.inbound.message import parse
from assistant.inbound.reply import Segment, read_reply
from assistant.store import inbox, records, rounds
from assistant.store.outbox import Mail
from assistant.workflows import meeting_steps, outbox, rearranging
from assistant.workflows.desk import Desk, Request
from assistant.workflows.news import SEVERAL


def add(
    desk: Desk, now: datetime, person: Person, inbound: int, about: Mail, segments: Sequence[Segment]
) -> list[Understood]:
    """Beside the points that are there, for the agenda after this one; with the same readers. Courtesy adds nothing."""
    found = meeting_steps.find(desk, about.occurrence) if "agenda" in about.kinds else None
    if found is None:
        return []
    question, answers = _points(desk, now, person, segments)
    for draft in add_points(answers):
        records.add(
            desk.db, now, draft, owner=person.address, author=person.address, audience=about.audience,
            context=found[0].name, occurrence=about.occurrence, inbound=inbound,
        )  # fmt: skip
    return [Understood(question.short, answer.text) for answer in answers.values()]


def _points(
    desk: Desk, now: datetime, person: Person, segments: Sequence[Segment]
) -> tuple[Question, dict[str, Answer]]:
    language = outbox.language_of(desk, person)
    [question] = desk.render.questions("agenda-call", language, QuestionContext(now.date()))
    found = reading.read([question], segments).answers
    return question, {a.question: a for a in found if a.confidence >= CONFIDENCE_FLOOR}


def _point_of_which(desk: Desk, now: datetime, request: Request, segments: Sequence[Segment]) -> list[Act]:
    """A further point in reply to the agendas of several meetings: it is asked which one they mean."""
    text = "; ".join(draft.text for draft in add_points(_points(desk, now, request.person, segments)[1]))
    return rearranging.point_of_which(desk, now, request, text) if text else []


def replied(desk: Desk, now: datetime, request: Request, segments: Sequence[Segment]) -> list[Act]:
    """What somebody writes in reply to a mail that asked nothing, where its kind does something with it."""
    kinds = request.about.kinds if request.about is not None else ()
    if request.about is not None and "agenda" in kinds and request.about.occurrence.startswith(SEVERAL):
        return _point_of_which(desk, now, request, segments)
    text = "\n".join(segment.text.strip() for segment in segments if segment.text.strip())
    for kind in kinds:
        habit = desk.habits.get(kind)
        if habit is not None and habit.replied is not None and text:
            return list(habit.replied(desk, now, request, text) or ())
    return []


def words_before(desk: Desk, receipt: Mail, said: str, numbers: Collection[str]) -> list[Segment]:
    """To "which of these does it answer?" a bare number says it: the words are those that the receipt was about.

    Empty where something else was said. What was unsure about those words counts no more.
    """
    number = said.strip(" \n.)(#:!")
    earlier = inbox.by_id(desk.db, int(receipt.because.rpartition(" ")[2])) if number in numbers else None
    words = read_reply(parse(earlier.raw)).text.strip() if earlier is not None else ""
    if earlier is None or not words:
        return []
    rounds.withdraw_unsure(desk.db, earlier.id, CONFIDENCE_FLOOR)
    return [Segment(f"{number}. {words}", "")]
