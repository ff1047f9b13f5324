"""The end of a cycle: each key result graded by its owner, what was learned, and what that means for the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from assistant.domain import audience as audiences
from assistant.domain.goals import (
    Cycle,
    Label,
    Objective,
    Stage,
    Standing,
    Verdict,
    judged,
    progress,
    score,
    verdict,
    weighted,
)
from assistant.domain.people import Person
from assistant.domain.questions import CONFIDENCE_FLOOR, Question
from assistant.domain.records import Draft, RecordKind
from assistant.domain.setup import Series
from assistant.domain.views import Act, Asked
from assistant.domain.views_goals import GoalResultsView, GoalUpdateView, GradeLine, ObjectiveGrade
from assistant.inbound.grades import read as read_grade
from assistant.render import Section
from assistant.store import goals as store
from assistant.store import records
from assistant.store import rounds as rounds_store
from assistant.store.goals import Grade
from assistant.store.rounds import Occurrence, Prompt
from assistant.workflows import goal_courses, goal_updates
from assistant.workflows.desk import Desk, Habit, Request
from assistant.workflows.goal_book import Book, Match, answerable, lead_of, readers_of
from assistant.workflows.goal_updates import match_of

_MOST_LESSONS = 7


def has_goals(desk: Desk, team: str) -> bool:
    return bool(store.objectives(desk.db, store.cycles(desk.db), teams=[team], stages=(Stage.PUBLISHED, Stage.CLOSED)))


def lessons(desk: Desk, team: str, before: Cycle) -> tuple[tuple[str, str], ...]:
    """(key result, what was learned) of the team's last graded cycle of that length."""
    earlier = [
        c for c in store.cycles(desk.db).values() if c.length is before.length and c.first < before.first
    ]  # fmt: skip
    for cycle in sorted(earlier, key=lambda each: each.first, reverse=True)[:2]:
        done = store.objectives(desk.db, [cycle.id], teams=[team], stages=(Stage.PUBLISHED, Stage.CLOSED))
        grades = store.grades(desk.db, [result.id for objective in done for result in objective.results])
        found = [
            (f"{result.code} {result.name}", grades[result.id].learned)
            for objective in done
            for result in objective.results
            if result.id in grades and grades[result.id].learned
        ]
        if found:
            return tuple(found[:_MOST_LESSONS])
    return ()


# The round


def _due(desk: Desk, cycle: int, person: Person) -> list[Match]:
    """What the person is to grade: all they answer for that still counts and has no grade."""
    pairs = [
        Match(result, objective) for objective in goal_updates.near(desk, cycle, person) for result in objective.counted
    ]
    graded = store.grades(desk.db, [match.result.id for match in pairs])
    return [m for m in pairs if m.result.id not in graded and _grades(desk, m, person)]


def _grades(desk: Desk, match: Match, person: Person) -> bool:
    """One grades for all: the first of its owners."""
    return answerable(desk.setup, match.objective, match.result)[:1] == (person.address,)


def graders(desk: Desk, cycle: int) -> list[str]:
    found = [
        answerable(desk.setup, objective, result)[:1]
        for objective in store.objectives(desk.db, [cycle])
        for result in objective.counted
    ]
    return list(dict.fromkeys(address for first in found for address in first))


def _cycle(parent: str) -> int:
    return int(parent.partition(":")[2])


def _questions(desk: Desk, now: datetime, person: Person, prompt: Prompt, language: str) -> Sequence[Question]:
    return goal_updates.ask_about(desk, "okr-grade", language, prompt, _due(desk, _cycle(prompt.parent), person))


def _view(
    desk: Desk, now: datetime, person: Person, prompt: Prompt, asked: tuple[Asked, ...], closes: datetime
) -> object:
    book = Book(desk, now)
    pairs = [(each, match_of(desk, each.key)) for each in asked]
    results = tuple(book.result(match.result, match.objective, each.number) for each, match in pairs)
    cycle = book.cycles[_cycle(prompt.parent)]
    return GoalUpdateView(book.cycle(cycle), asked, results, person.local(closes), prompt.day)


def _title(desk: Desk, person: Person, prompt: Prompt, language: str) -> str:
    return desk.render.title(prompt.kind, language)


def _answered(desk: Desk, now: datetime, person: Person, prompt: Prompt, inbound: int) -> Sequence[Act]:
    told: list[Act] = []
    for key, answer in rounds_store.answers_in(desk.db, prompt.id, inbound).items():
        if answer.confidence >= CONFIDENCE_FLOOR and key.startswith("kr:"):
            told += _grade(desk, now, Request(person, inbound), match_of(desk, key), answer.text)
    return told or [Act("mailed")]


def _grade(desk: Desk, now: datetime, request: Request, match: Match, text: str) -> list[Act]:
    """The last value stands where none is told; after the cycle's end a grade is corrected, not reopened."""
    read = read_grade(text)
    result = match.result
    said = goal_updates.read_value(desk, now, request.person, result, read.reached) if read.reached else None
    if said is not None and match.objective.stage is Stage.PUBLISHED and result.standing is Standing.OPEN:
        refused = [each for each in goal_updates.record(desk, now, request, match, said) if each.what in _REFUSED]
        if refused:
            return refused
        result = store.result(desk.db, result.id) or result
    elif said is not None and said.value is not None:
        result = replace(result, value=said.value)
    how = read.how or (said.comment if said is not None else "")
    final = score(progress(result))
    store.add_grade(desk.db, now, result.id, final, how, read.learned, request.person.address, request.inbound)
    return []


_REFUSED = frozenset({"wrong-unit", "over", "below", "no-figure"})


# What comes of it


def _closed(desk: Desk, now: datetime, occurrence: Occurrence) -> None:
    """Close the cycle's objectives; what nobody graded stands at its last value. Each team is told once."""
    cycle = _cycle(occurrence.parent)
    objectives = store.objectives(desk.db, [cycle])
    for objective in objectives:
        _close(desk, now, objective)
    for team in dict.fromkeys(objective.team for objective in objectives):
        _tell(desk, now, team, store.objectives(desk.db, [cycle], teams=[team], stages=[Stage.CLOSED]))


def _close(desk: Desk, now: datetime, objective: Objective) -> None:
    graded = store.grades(desk.db, [result.id for result in objective.counted])
    for result in objective.counted:
        if result.id not in graded:
            store.add_grade(desk.db, now, result.id, score(progress(result)), "", "", "", None)
        if result.standing is Standing.OPEN:
            store.change_result(desk.db, replace(result, standing=Standing.GRADED))
    store.change_objective(desk.db, replace(objective, stage=Stage.CLOSED))


def _tell(desk: Desk, now: datetime, team: str, objectives: Sequence[Objective]) -> None:
    book = Book(desk, now)
    grades = store.grades(desk.db, [result.id for o in objectives for result in o.counted])
    view = GoalResultsView(
        book.team(team), book.cycle(book.cycles[objectives[0].cycle]),
        tuple(_judged(book, objective, grades) for objective in objectives), book.health(objectives),
        _discuss(desk, now, team, objectives, grades),
    )  # fmt: skip
    for address in readers_of(desk.setup, [team]):
        key = f"okr-results {team} {objectives[0].cycle} {address}"
        about = f"okr-results/{objectives[0].cycle}.{team}"
        goal_courses.mail_to(desk, now, desk.setup.people[address], Section("okr-results", view), key, about)


def _judged(book: Book, objective: Objective, grades: dict[int, Grade]) -> ObjectiveGrade:
    scores = [grades[result.id].score for result in objective.counted]
    shown = replace(book.objective(objective), share=round(100 * score(weighted(objective.counted, scores))))
    lines = tuple(
        GradeLine(
            replace(book.result(result, objective), share=round(100 * grades[result.id].score)),
            grades[result.id].how, grades[result.id].learned, verdict(result.label, grades[result.id].score).value,
        )
        for result in objective.counted
    )  # fmt: skip
    return ObjectiveGrade(shown, judged(objective, scores).value, lines)


def _discuss(desk: Desk, now: datetime, team: str, objectives: Sequence[Objective], grades: dict[int, Grade]) -> str:
    """A missed roofshot is a point of the team's next review; gives that meeting's title where there is one."""
    missed = [
        result
        for objective in objectives
        for result in objective.counted
        if result.label is not Label.MOONSHOT and verdict(result.label, grades[result.id].score) is Verdict.MISSED
    ]
    series = _review(desk, team)
    if series is None or not missed:
        return ""
    owner = lead_of(desk.setup, team) or series.lead
    for result in missed:
        draft = Draft(RecordKind.POINT, f"{result.code} {result.text}: {grades[result.id].score:.2f}")
        records.add(
            desk.db, now, draft, owner=owner, author=owner, audience=audiences.series(series.name),
            context=series.name, occurrence=f"okr-results/{objectives[0].cycle}.{team}",
        )  # fmt: skip
    return series.title or team


def _review(desk: Desk, team: str) -> Series | None:
    """The team's review, else its retrospective or strategy session."""
    own = [series for series in desk.setup.series if series.team == team]
    order = ("review", "retrospective", "strategy")
    return min((s for s in own if s.kind in order), key=lambda s: order.index(s.kind), default=None)


HABIT = Habit(questions=_questions, title=_title, view=_view, answered=_answered, closed=_closed, speaks=True)
