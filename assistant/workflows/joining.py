"""Somebody new: what helps on the first day, for them, their manager and their buddy, and how it goes later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from assistant.domain import audience as audiences
from assistant.domain.kinds import KINDS
from assistant.domain.people import Person
from assistant.domain.questions import Question
from assistant.domain.views import Act, AnswerView, Asked, QuestionContext
from assistant.domain.views_people import AboutView, ConfidedView, NewcomerView
from assistant.render import Section
from assistant.store import rounds as rounds_store
from assistant.store import timers
from assistant.store.rounds import Occurrence, Prompt
from assistant.store.timers import Timer
from assistant.workflows import feedback, outbox
from assistant.workflows.desk import Desk, Habit, Handler

KIND = "onboarding"
_CHECKS = tuple(n for n in KINDS[KIND].after if n)
_DAY = timedelta(days=1)


def stage(person: Person, day: date) -> int:
    """After how many days they are asked on ``day``: 0 on the first, then 30, 60 or 90."""
    here = (day - person.start).days if person.start is not None else 0
    return max((n for n in KINDS[KIND].after if n <= here), default=0)


def _questions(desk: Desk, now: datetime, person: Person, prompt: Prompt, language: str) -> Sequence[Question]:
    """None on the first day: that one only brings what helps."""
    if not stage(person, prompt.day):
        return ()
    return desk.render.questions(KIND, language, QuestionContext(prompt.day))


def _view(
    desk: Desk, now: datetime, person: Person, prompt: Prompt, asked: tuple[Asked, ...], closes: datetime
) -> AboutView:
    manager = desk.setup.people.get(person.manager or "")
    title = desk.render.title(KIND, outbox.language_of(desk, person))
    who = outbox.who(manager) if manager is not None else None
    return AboutView(title, prompt.day, asked, person.local(closes), who, number=stage(person, prompt.day))


def _opened(desk: Desk, now: datetime, occurrence: Occurrence) -> None:
    """On somebody's first day a mail to them, to their manager and to their buddy, each while they work."""
    for prompt in rounds_store.prompts_of(desk.db, occurrence.key):
        person = desk.setup.people.get(prompt.person)
        if person is None or stage(person, prompt.day):
            continue
        whom = {"self": person.address, "manager": person.manager, "buddy": person.buddy}
        told: set[str] = set()
        for what, address in whom.items():
            reader = desk.setup.people.get(address or "")
            if reader is not None and reader.address not in told:
                told.add(reader.address)
                key = f"newcomer:{what}:{person.address}"
                moment = feedback.at_work(desk, now, reader)
                ref = f"{what}|{person.address}"
                timers.put(desk.db, Timer(key, moment, "newcomer", ref, reader.address))


def _newcomer(desk: Desk, timer: Timer, now: datetime) -> None:
    what, _, address = timer.ref.partition("|")
    person, reader = desk.setup.people.get(address), desk.setup.people.get(timer.person)
    if person is None or reader is None or person.start is None:
        return
    name = f"newcomer {what} {address} {person.start}"
    outbox.write(
        desk, now, reader, [Section("newcomer", _newcomer_view(desk, what, person))], key=name, occurrence=name,
        thread=name, audience=audiences.person(reader.address), because="joined configuration",
    )  # fmt: skip


def _newcomer_view(desk: Desk, what: str, person: Person) -> NewcomerView:
    def first(address: str | None) -> str:
        found = desk.setup.people.get(address or "")
        return found.first_name if found is not None else ""

    start = person.start or date.min
    team = desk.setup.teams[person.teams[0]].title if person.teams else ""
    checks = tuple(_next_workday(person, start + n * _DAY) for n in _CHECKS)
    return NewcomerView(what, outbox.who(person), start, team, first(person.manager), first(person.buddy), checks)


def _next_workday(person: Person, day: date) -> date:
    return next((d for d in (day + n * _DAY for n in range(14)) if person.works_on(d)), day)


def _answered(desk: Desk, now: datetime, person: Person, prompt: Prompt, inbound: int) -> list[Act]:
    """Their manager, and nobody else, gets what they wrote."""
    manager = desk.setup.people.get(person.manager or "")
    if manager is not None and audiences.may_read(prompt.audience, manager.address, desk.setup):
        moment = feedback.at_work(desk, now, manager)
        timers.put(desk.db, Timer(f"confided:{prompt.id}", moment, "confided", str(prompt.id), manager.address))
    return []


def _confided(desk: Desk, timer: Timer, now: datetime) -> None:
    prompt, manager = rounds_store.prompt(desk.db, int(timer.ref)), desk.setup.people.get(timer.person)
    person = desk.setup.people.get(prompt.person) if prompt is not None else None
    if prompt is None or manager is None or person is None:
        return
    if not audiences.may_read(prompt.audience, manager.address, desk.setup):
        return
    shipped = desk.render.questions(prompt.kind, outbox.language_of(desk, manager), QuestionContext(prompt.day))
    shorts = {question.key: question.short for question in shipped}
    answers = rounds_store.answers_to(desk.db, prompt.id)
    lines = tuple(
        AnswerView(shorts.get(key, "") if answers[key].confidence else "", answers[key].text)
        for key in (*(key for key in shorts if key in answers), *(answers.keys() - shorts.keys()))
        if answers[key].text.strip()
    )
    view = ConfidedView(prompt.kind, outbox.who(person), prompt.day, stage(person, prompt.day), lines)
    outbox.write(
        desk, now, manager, [Section("confided", view)], key=f"confided {prompt.id} {now.isoformat()}",
        occurrence=f"confided {prompt.id}", thread=f"confided {prompt.parent} {person.address}",
        audience=prompt.audience, because=f"{prompt.kind} {prompt.parent}",
    )  # fmt: skip


HABITS: Mapping[str, Habit] = {KIND: Habit(questions=_questions, view=_view, opened=_opened, answered=_answered)}
HANDLERS: Mapping[str, Handler] = {"newcomer": _newcomer, "confided": _confided}
