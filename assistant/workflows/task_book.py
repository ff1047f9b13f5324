"""Tasks as everybody looks at them: who may see and change one, and how a mail shows it to its reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from assistant.domain import audience as audiences
from assistant.domain.people import Person
from assistant.domain.setup import Setup
from assistant.domain.tasks import PRIORITIES, Spot, Status, Task, order, spots
from assistant.domain.views import ActionLine
from assistant.domain.views_tasks import BoardView, TaskEvent, TaskLine, TaskRef, TaskView
from assistant.store import goals as goals_store
from assistant.store import records
from assistant.store import tasks as store
from assistant.workflows.desk import Desk
from assistant.workflows.reporting import Names

DONE_FOR = timedelta(days=7)
"""How long a board still shows what was done."""


def may_see(setup: Setup, task: Task, person: str) -> bool:
    """Its owner, whoever asked for it and the readers of where it was said."""
    return person in (task.owner, task.author) or audiences.may_read(task.audience, person, setup)


def may_change(setup: Setup, task: Task, person: str) -> bool:
    return person in (task.owner, task.author, lead_of(setup, task))


def lead_of(setup: Setup, task: Task) -> str | None:
    """Of the team or the meeting it belongs to, as far as they may read it."""
    team, series = setup.teams.get(task.context), setup.series_named(task.context)
    lead = team.lead if team is not None else series.lead if series is not None else None
    return lead if lead is not None and audiences.may_read(task.audience, lead, setup) else None


def board(desk: Desk, now: datetime, of: str, reader: Person) -> BoardView:
    """A person's tasks as ``reader`` may see them: their own whole, of others what both may."""
    owner = desk.setup.people[of]
    found = _visible(desk, store.of_owners(desk.db, [of], now - DONE_FOR), reader)
    what = "mine" if of == reader.address else "of"
    return _board(desk, now, found, reader, what, "" if what == "mine" else owner.first_name, owner=of)


def team_board(desk: Desk, now: datetime, team: str, reader: Person) -> BoardView:
    """The tasks of a team's members as far as ``reader`` may see them."""
    known = desk.setup.teams[team]
    found = _visible(desk, store.of_owners(desk.db, known.members, now - DONE_FOR), reader)
    shared = [task for task in found if not audiences.is_private(task.audience)]
    return _board(desk, now, shared, reader, "team", known.title)


def project_board(desk: Desk, now: datetime, whole: Task, reader: Person, by: str = "") -> BoardView:
    """A task with its parts: how far it is, and what it costs in time."""
    parts = _visible(desk, store.parts(desk.db, [whole.id]), reader)
    return _board(desk, now, parts, reader, "project", whole.text, whole, by=by)


def _visible(desk: Desk, tasks: Iterable[Task], reader: Person) -> list[Task]:
    return [task for task in tasks if may_see(desk.setup, task, reader.address)]


def _board(
    desk: Desk,
    now: datetime,
    tasks: Sequence[Task],
    reader: Person,
    what: str,
    title: str,
    whole: Task | None = None,
    owner: str = "",
    by: str = "",
) -> BoardView:
    page = Page(desk, now, tasks, reader, unnamed={"mine": reader.address, "of": owner}.get(what, ""))
    columns: dict[Status, tuple[TaskLine, ...]] = {
        status: tuple(page.line(task) for task in sorted(tasks, key=order) if task.status is status)
        for status in Status
    }
    late = [spot.task for spot in page.spots() if spot.late and may_see(desk.setup, spot.task, reader.address)]
    return BoardView(
        what, title, columns[Status.TODO], columns[Status.DOING], columns[Status.BLOCKED], columns[Status.DONE],
        tuple(page.line(task) for task in late), len(tasks) if whole else 0, len(columns[Status.DONE]) if whole else 0,
        sum(task.estimate or 0 for task in tasks) if whole else 0, sum(task.spent for task in tasks) if whole else 0,
        whole.due if whole else None, by,
    )  # fmt: skip


class Page:
    """Turns tasks into lines for one reader; what they wait for and hold up is looked up once for all of them.

    ``unnamed`` is whose name their lines need not say: the reader's own.
    """

    def __init__(
        self, desk: Desk, now: datetime, tasks: Sequence[Task], reader: Person, *, unnamed: str | None = None
    ) -> None:
        self._desk, self._reader = desk, reader
        self._unnamed = reader.address if unnamed is None else unnamed
        self._now = now
        self._names = Names(desk)
        self._tasks = tasks
        self._held = store.held_up(desk.db) if tasks else {}
        near = {n for task in tasks for n in (*task.after, *self._held.get(task.id, ()))}
        self._near = {**store.by_ids(desk.db, near), **{task.id: task for task in tasks}} if tasks else {}
        self._parts: Mapping[int, tuple[int, int]] = _counted(store.parts(desk.db, [task.id for task in tasks]))

    def line(self, task: Task) -> TaskLine:
        held = self._held.get(task.id, ())
        goal = goals_store.result(self._desk.db, task.goal) if task.goal is not None else None
        whole, finished = self._parts.get(task.id, (0, 0))
        return TaskLine(
            task.id, task.text, "" if task.owner == self._unnamed else self._names.first(task.owner),
            task.status.value, task.due, task.is_overdue(self._names.day(task.owner, self._now)),
            PRIORITIES[task.priority], task.reason,
            self._refs(task.after), self._refs(held), whole, finished, task.estimate, task.spent,
            goal.code if goal else "", bool(task.rule),
        )  # fmt: skip

    def _refs(self, numbers: Iterable[int]) -> tuple[TaskRef, ...]:
        found = [self._near[number] for number in numbers if number in self._near and self._near[number].is_open]
        return tuple(TaskRef(task.id, self._who(task)) for task in found)

    def _who(self, task: Task) -> str:
        return "" if task.owner == self._reader.address else self._names.first(task.owner)

    def spots(self) -> list[Spot]:
        """What of these and of what they wait for delays the rest."""
        return spots(self._near.values(), self._reader.local(self._now).date())


def _counted(parts: Iterable[Task]) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for part in parts:
        if part.parent is not None:
            whole, finished = found.get(part.parent, (0, 0))
            found[part.parent] = whole + 1, finished + (part.status is Status.DONE)
    return found


def view(
    desk: Desk,
    now: datetime,
    task: Task,
    reader: Person,
    what: str,
    by: str = "",
    text: str = "",
    *,
    full: bool = False,
) -> TaskView:
    """One task in a mail; ``full`` with everything that happened to it."""
    names = Names(desk)
    line = Page(desk, now, [task], reader).line(task)
    events = _events(desk, task, names) if full else ()
    by_name = names.first(by) if by else ""
    private = audiences.is_private(task.audience)
    return TaskView(what, line, task.owner == reader.address, by_name, text, events, private)


def _events(desk: Desk, task: Task, names: Names) -> tuple[TaskEvent, ...]:
    """Changes and what was said, in order."""
    found: list[tuple[datetime, TaskEvent]] = []
    for at, by, change in records.history(desk.db, task.id):
        what, _, more = change.partition(" ")
        day = date.fromisoformat(more) if what == "moved" else None
        text = names.first(more) if what == "assigned" else more if day is None else ""
        found.append((at, TaskEvent(names.day(by, at), names.first(by), what, text, day)))
    for note in store.notes(desk.db, task.id):
        event = TaskEvent(
            names.day(note.by, note.at), names.first(note.by), note.what, note.text, None, note.minutes or 0
        )
        found.append((note.at, event))
    return tuple(event for _, event in sorted(found, key=lambda pair: pair[0]))


def overdue(desk: Desk, now: datetime, person: Person) -> tuple[ActionLine, ...]:
    """A person's own that are overdue, for their next check-in; what is private is left to the meeting it is from."""
    today = person.local(now).date()
    found = [
        task
        for task in store.of_owners(desk.db, [person.address], now)
        if task.is_overdue(today) and not audiences.is_private(task.audience)
    ]
    return tuple(
        ActionLine(task.id, task.text, person.first_name, task.due, overdue=True) for task in sorted(found, key=order)
    )


def of_goal(desk: Desk, now: datetime, key_result: int, reader: Person) -> tuple[ActionLine, ...]:
    """What is and was done for a key result, as far as ``reader`` may see it; what is open first."""
    names = Names(desk)
    found = [task for task in store.of_goal(desk.db, key_result) if may_see(desk.setup, task, reader.address)]
    return tuple(
        ActionLine(
            task.id, task.text, names.first(task.owner), task.due, task.is_overdue(names.day(task.owner, now)),
            not task.is_open,
        )
        for task in sorted(found, key=lambda task: (not task.is_open, *order(task)))
    )  # fmt: skip


def shared(desk: Desk, now: datetime, of: str, readers: Iterable[str]) -> list[Task]:
    """A person's open tasks that all of these may see, soonest first."""
    found = [task for task in store.of_owners(desk.db, [of], now) if task.is_open]
    return sorted((t for t in found if all(may_see(desk.setup, t, reader) for reader in readers)), key=order)
