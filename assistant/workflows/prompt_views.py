"""What a prompt shows: its questions in the reader's language, numbered, with what the person should be reminded of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from assistant.domain.kinds import is_started, lines_of
from assistant.domain.people import Person
from assistant.domain.questions import Question
from assistant.domain.records import RecordKind
from assistant.domain.setup import Round
from assistant.domain.views import Asked, BlockerLine, PlannedLine, PromptView, QuestionContext
from assistant.store import records
from assistant.store import rounds as store
from assistant.store.rounds import AskedQuestion, Prompt
from assistant.workflows import around, outbox, task_book
from assistant.workflows.desk import Desk


def questions(
    desk: Desk, now: datetime, person: Person, group: Sequence[Prompt], language: str, first_number: int
) -> dict[int, tuple[AskedQuestion, ...]]:
    """What each of these prompts of one kind asks, by its id; what several ask has one number.

    A kind's own question is the same whatever it says of the day before; others are when key and words are.
    """
    numbers: dict[tuple[str, str], AskedQuestion] = {}
    found = {}
    for prompt in group:
        own, shipped = _questions_of(desk, now, person, prompt, language)
        asked = []
        for question in own:
            identity = (question.key, "" if question in shipped else question.text)
            numbers.setdefault(identity, AskedQuestion(first_number + len(numbers), question))
            asked.append(numbers[identity])
        found[prompt.id] = tuple(asked)
    return found


def union(by_prompt: Mapping[int, Sequence[AskedQuestion]]) -> tuple[AskedQuestion, ...]:
    """The questions of a whole mail or a part of it, by number."""
    every = {asked.number: asked for of_one in by_prompt.values() for asked in of_one}
    return tuple(every[number] for number in sorted(every))


def _questions_of(
    desk: Desk, now: datetime, person: Person, prompt: Prompt, language: str
) -> tuple[Sequence[Question], Sequence[Question]]:
    """What its round asks, and which questions come with the kind."""
    round_ = desk.setup.round_named(prompt.parent)
    previous = store.last_asked(desk.db, prompt.parent, prompt.person, prompt.day)
    context = QuestionContext(
        today=prompt.day,
        since=previous.day if previous else None,
        about=round_.about if round_ else "",
        meeting=around.title(desk, prompt, person) if round_ is None else "",
    )
    habit = desk.habits.get(prompt.kind)
    if habit is not None and habit.questions is not None:
        shipped = tuple(habit.questions(desk, now, person, prompt, language))
    else:
        shipped = desk.render.questions(prompt.kind, language, context)
    if round_ is None:
        return shipped, shipped
    base = list(shipped if round_.questions is None else round_.questions)
    return base + _extra(round_, prompt.day) + _rotating(desk, round_, prompt), shipped


def _extra(round_: Round, day: date) -> list[Question]:
    return [extra.question for extra in round_.extra if next(extra.cadence.dates(day), None) == day]


def _rotating(desk: Desk, round_: Round, prompt: Prompt) -> list[Question]:
    if not round_.rotating:
        return []
    occurrence = store.occurrence(desk.db, prompt.occurrence)
    turn = int(occurrence.data.get("turn", 0)) if occurrence else 0
    return [round_.rotating[turn % len(round_.rotating)]]


def title(desk: Desk, person: Person, prompt: Prompt, language: str) -> str:
    """What a mail calls this: the meeting, or the kind of round."""
    habit = desk.habits.get(prompt.kind)
    if habit is not None and habit.title is not None:
        return habit.title(desk, person, prompt, language)
    if desk.setup.round_named(prompt.parent) is None and not is_started(prompt.parent):
        return around.title(desk, prompt, person)
    return desk.render.title(prompt.kind, language)


def view(
    desk: Desk, now: datetime, person: Person, group: Sequence[Prompt], asked: Sequence[AskedQuestion], closes: datetime
) -> object:
    """What the templates of this kind see."""
    first = group[0]
    round_ = desk.setup.round_named(first.parent)
    plain = tuple(as_view(question) for question in asked)
    habit = desk.habits.get(first.kind)
    if habit is not None and habit.view is not None:
        return habit.view(desk, now, person, first, plain, closes)
    if round_ is None and not is_started(first.parent):
        return around.view(desk, first, plain, now)
    parents = [prompt.parent for prompt in group]
    teams = [
        desk.setup.teams[r.team] for p in parents if (r := desk.setup.round_named(p)) and r.team in desk.setup.teams
    ]
    return PromptView(
        title=title(desk, person, first, outbox.language_of(desk, person)),
        day=first.day,
        questions=plain,
        closes=person.local(closes),
        teams=tuple(dict.fromkeys(team.title for team in teams)),
        about=round_.about if round_ else "",
        planned=_planned(desk, first) if first.kind == "check-in" else (),
        blockers=blockers_of(desk, person, now) if "blockers" in {a.question.key for a in asked} else (),
        note=_note(desk, first),
        overdue=task_book.overdue(desk, now, person) if first.kind == "check-in" else (),
    )


def as_view(asked: AskedQuestion) -> Asked:
    question = asked.question
    return Asked(
        asked.number,
        question.key,
        question.text,
        question.short or question.text,
        (),
        question.options,
        question.optional,
    )


def _planned(desk: Desk, prompt: Prompt) -> tuple[PlannedLine, ...]:
    said = store.earlier_answer(desk.db, prompt.parent, prompt.person, "next", prompt.day)
    if said is None or (prompt.day - said[0]).days > 7:
        return ()
    return tuple(PlannedLine(said[0], line) for line in lines_of(said[1]))


def blockers_of(desk: Desk, person: Person, now: datetime) -> tuple[BlockerLine, ...]:
    """The person's open ones, each once although every team of theirs has it."""
    found: dict[str, BlockerLine] = {}
    today = person.local(now).date()
    for record in records.open_records(desk.db, RecordKind.BLOCKER, owner=person.address):
        since = person.local(record.opened_at).date()
        found.setdefault(
            record.text,
            BlockerLine(record.text, person.first_name, since, (today - since).days, record.minutes, number=record.id),
        )
    return tuple(found.values())


def _note(desk: Desk, prompt: Prompt) -> str:
    """ "late" where the day before was not asked because we were down."""
    before = store.prompt_before(desk.db, prompt.parent, prompt.person, prompt.day)
    return "late" if before is not None and before.state is store.PromptState.EXPIRED else ""
