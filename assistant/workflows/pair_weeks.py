"""What a 1:1 opens with beside its own points: the report's tasks and goals, each only if both may see it."""

from __future__ import annotations

from datetime import datetime, timedelta

from assistant.domain.goals import progress, reached
from assistant.domain.people import Person
from assistant.domain.setup import Series
from assistant.domain.views import ActionLine, GoalMove
from assistant.store import goals as goals_store
from assistant.workflows import invitations, task_book
from assistant.workflows.desk import Desk
from assistant.workflows.goal_book import Book, Match, answerable, current

_SINCE = timedelta(days=7)


def reports(desk: Desk, series: Series) -> list[Person]:
    """Whose week it is about: everybody but who leads; nobody's where more than a pair reads it."""
    if not invitations.is_private(series):
        return []
    return [desk.setup.people[a] for a in series.participants if a != series.lead and a in desk.setup.people]


def tasks(desk: Desk, now: datetime, series: Series) -> tuple[ActionLine, ...]:
    """Their open tasks from elsewhere, soonest first; what the two agreed on stands with the meeting."""
    readers = [address for address in series.participants if address in desk.setup.people]
    return tuple(
        ActionLine(
            task.id, task.text, person.first_name, task.due, overdue=task.is_overdue(person.local(now).date())
        )
        for person in reports(desk, series)
        for task in task_book.shared(desk, now, person.address, readers)
        if task.context != series.name
    )  # fmt: skip


def goals(desk: Desk, now: datetime, series: Series) -> tuple[GoalMove, ...]:
    """The key results they answer for, with where each was a week ago; published ones are everybody's to read."""
    people = reports(desk, series) if desk.setup.goals is not None else []
    found = [
        Match(result, objective)
        for person in people
        for objective in current(desk, now, person.address)
        for result in objective.counted
        if person.address in answerable(desk.setup, objective, result)
    ]
    if not found:
        return ()
    book = Book(desk, now)
    before: dict[int, float] = {}
    for value in goals_store.values(desk.db, [match.result.id for match in found]):
        if value.at < now - _SINCE:
            before[value.key_result] = value.value
    return tuple(
        GoalMove(
            match.result.code, match.result.text, round(100 * reached(match.result, before.get(match.result.id))),
            round(100 * progress(match.result)), book.danger(match.result, match.objective) or "",
        )
        for match in found
    )  # fmt: skip
