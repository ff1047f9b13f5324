"""Tasks by mail: made, moved, given away, finished in a line; their board; and those that come again.

``board``, ``team_board``, ``overdue``, ``shared`` and ``of_goal`` (of `task_book`) are for agendas, check-ins and
histories;
``task_news.comment`` takes what is said in a task's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from assistant.domain import audience as audiences
from assistant.domain.people import Person
from assistant.domain.records import Record, RecordKind, RecordState
from assistant.domain.tasks import PRIORITIES, Status, Task, circle
from assistant.domain.views import Act
from assistant.inbound import values
from assistant.inbound.commands import (
    Assign,
    Blocked,
    Command,
    Decline,
    Doing,
    Done,
    Drop,
    Estimate,
    History,
    MoveTask,
    NewTask,
    No,
    Prioritise,
    Reopen,
    Spent,
    Tasks,
)
from assistant.inbound.measures import teams_by_words
from assistant.inbound.words.fold import words
from assistant.render import Section
from assistant.store import records, timers
from assistant.store import tasks as store
from assistant.workflows import outbox, task_book, task_making, task_news
from assistant.workflows.desk import Desk, Do, Handler, Request
from assistant.workflows.task_making import come_again, follow
from assistant.workflows.task_news import act

_DAY = timedelta(days=1)
Change = Callable[[Desk, datetime, Request, Task, Any], list[Act]]


# What becomes of one


def _change(change: Change, *, closed: bool = False) -> Do:
    """A command on a task by its number, for who may change it; ``closed``: also on one that is no longer open."""

    def do(desk: Desk, now: datetime, request: Request, said: Any) -> list[Act]:
        task = store.by_id(desk.db, said.number)
        if task is None or not task_book.may_see(desk.setup, task, request.person.address):
            return [Act("unknown-number", number=said.number)]
        if not task_book.may_change(desk.setup, task, request.person.address):
            return [Act("not-yours", number=said.number)]
        if not task.is_open and not closed:
            return [act("closed", task, said=task.status.value)]
        return change(desk, now, request, task, said)

    return do


def _done(desk: Desk, now: datetime, request: Request, said: Done) -> list[Act]:
    record = records.by_id(desk.db, said.number)
    if record is None or record.kind is not RecordKind.BLOCKER:
        return list(_change(_finished)(desk, now, request, said) or ())
    if record.owner != request.person.address:
        return [Act("not-yours", number=said.number)]
    for twin in _twins(desk, record):
        records.close(desk.db, now, twin.id, RecordState.DONE, request.person.address, request.inbound)
    return [Act("done", text=record.text, number=said.number, kind=record.kind.value)]


def _twins(desk: Desk, record: Record) -> list[Record]:
    """The record and its like in the other teams that were told the same."""
    same = records.open_records(desk.db, record.kind, owner=record.owner)
    return [record, *(other for other in same if other.text == record.text and other.id != record.id)]


def _finished(desk: Desk, now: datetime, request: Request, task: Task, _: Done) -> list[Act]:
    by = request.person.address
    records.close(desk.db, now, task.id, RecordState.DONE, by, request.inbound)
    timers.drop(desk.db, f"task-late:{task.id}")
    task_news.freed(desk, now, task, by)
    following = follow(desk, now, task)
    if following is not None:
        return [act("done-again", following)]
    left = tuple(part.id for part in store.parts(desk.db, [task.id]) if part.is_open)
    return [act("done-parts", task, numbers=left)] if left else [Act("done", text=task.text, number=task.id)]


def _dropped(desk: Desk, now: datetime, request: Request, task: Task, _: Drop) -> list[Act]:
    by = request.person.address
    records.close(desk.db, now, task.id, RecordState.DROPPED, by, request.inbound)
    timers.drop(desk.db, f"task-late:{task.id}", f"task-again:{task.id}")
    if task.owner != by:
        task_news.tell(desk, now, task.owner, "dropped", task, f"dropped {request.inbound}", by=by)
    task_news.freed(desk, now, task, by)
    return [act("dropped", task)]


def _doing(desk: Desk, now: datetime, request: Request, task: Task, _: Doing) -> list[Act]:
    store.set_(desk.db, task.id, status=Status.DOING.value, reason="")
    records.change(desk.db, now, task.id, "doing", request.person.address, request.inbound)
    return [act("doing", task)]


def _reopened(desk: Desk, now: datetime, request: Request, task: Task, _: Reopen) -> list[Act]:
    """Also one that was begun or blocked is to do again."""
    store.set_(desk.db, task.id, status=Status.TODO.value, reason="")
    if not records.reopen(desk.db, now, task.id, request.person.address, request.inbound):
        records.change(desk.db, now, task.id, "todo", request.person.address, request.inbound)
    now_is = replace(task, status=Status.TODO)
    come_again(desk, now_is)
    return [act("reopened", now_is)]


def _blocked(desk: Desk, now: datetime, request: Request, task: Task, said: Blocked) -> list[Act]:
    """By another one: then it waits for that, whose owner and lead hear of it."""
    by = request.person.address
    other = store.by_id(desk.db, said.by) if said.by is not None else None
    if said.by is not None:
        if other is None or not task_book.may_see(desk.setup, other, by):
            return [Act("unknown-number", number=said.by)]
        if not other.is_open:
            return [act("closed", other, said=other.status.value)]
        path = circle(store.waits(desk.db), task.id, other.id)
        if path:
            return [act("circle", numbers=tuple(path))]
        store.wait(desk.db, task.id, [other.id])
    store.set_(desk.db, task.id, status=Status.BLOCKED.value, reason=said.reason)
    records.change(desk.db, now, task.id, f"blocked {said.by or said.reason}".rstrip(), by, request.inbound)
    if other is not None:
        task_news.look(desk, now, other, by, at_once=True)
    task_news.look(desk, now, replace(task, status=Status.BLOCKED), by)
    who = desk.setup.people.get(other.owner) if other is not None and other.owner != by else None
    numbers = (other.id,) if other is not None else ()
    return [act("blocked", task, numbers=numbers, who=who.first_name if who else "", said=said.reason)]


def _moved(desk: Desk, now: datetime, request: Request, task: Task, said: MoveTask) -> list[Act]:
    by = request.person.address
    due = task.due + timedelta(said.by) if said.by and task.due else said.due
    records.change(desk.db, now, task.id, f"moved {due}", by, request.inbound, due=due)
    if task.meant is not None:
        store.set_(desk.db, task.id, meant=None)  # from now on its rule counts from the day they chose
    moved = replace(task, due=due, meant=None)
    come_again(desk, moved)
    task_news.look(desk, now, moved, by)
    if task.owner != by:
        task_news.tell(desk, now, task.owner, "moved", moved, f"moved {request.inbound}", by=by)
    return [act("moved", moved)]


def _assigned(desk: Desk, now: datetime, request: Request, task: Task, said: Assign) -> list[Act]:
    by = request.person.address
    owner = desk.setup.people.get(by if said.owner == "me" else said.owner)
    if owner is None:
        return [act("unknown-person", said=said.owner)]
    if owner.address == task.owner:
        return [act("already", task, who=owner.first_name)]
    if not audiences.may_read(task.audience, owner.address, desk.setup) and owner.address != task.author:
        what = "stays-private" if audiences.is_private(task.audience) else "not-reader"
        return [act(what, task, who=owner.first_name)]
    given = _hand_over(desk, now, request, task, owner)
    if owner.address != by:
        task_news.tell(desk, now, owner.address, "given", given, f"given {request.inbound}", by=by)
    if task.owner not in (by, owner.address):
        task_news.tell(desk, now, task.owner, "taken", given, f"taken {request.inbound}", by=by)
    return [act("assigned", given, who=owner.first_name if owner.address != by else "")]


def _hand_over(desk: Desk, now: datetime, request: Request, task: Task, owner: Person) -> Task:
    said = f"assigned {owner.address}"
    records.change(
        desk.db, now, task.id, said, request.person.address, request.inbound, owner=owner.address
    )  # fmt: skip
    given = replace(task, owner=owner.address)
    come_again(desk, given)
    return given


def _declined(desk: Desk, now: datetime, request: Request, _: Decline | No) -> list[Act] | None:
    """ "no" to a task that was given to them: it goes back to who gave it."""
    number = task_news.about(request.about)
    task = store.by_id(desk.db, number) if number is not None else None
    person = request.person
    author = desk.setup.people.get(task.author) if task is not None else None
    if task is None or author is None or not task.is_open or task.owner != person.address or author is person:
        return None
    back = _hand_over(desk, now, request, task, author)
    task_news.tell(desk, now, author.address, "returned", back, f"returned {request.inbound}", by=person.address)
    return [act("returned", back, who=author.first_name)]


def _prioritised(desk: Desk, now: datetime, request: Request, task: Task, said: Prioritise) -> list[Act]:
    store.set_(desk.db, task.id, priority=PRIORITIES.index(said.priority))
    records.change(desk.db, now, task.id, f"priority {said.priority}", request.person.address, request.inbound)
    return [act("priority", task, priority=said.priority)]


def _spent(desk: Desk, now: datetime, request: Request, task: Task, said: Spent) -> list[Act]:
    total = store.spend(desk.db, now, task.id, said.minutes, request.person.address, request.inbound)
    return [act("spent", task, minutes=total, estimate=task.estimate)]


def _estimated(desk: Desk, now: datetime, request: Request, task: Task, said: Estimate) -> list[Act]:
    store.set_(desk.db, task.id, estimate=said.minutes)
    records.change(desk.db, now, task.id, f"estimate {said.minutes}", request.person.address, request.inbound)
    return [act("estimate", task, minutes=task.spent, estimate=said.minutes)]


# To be looked at


def _tasks(desk: Desk, now: datetime, request: Request, said: Tasks) -> list[Act]:
    """Their own, those of somebody, of a team, or a project by its name."""
    person, who = request.person, (said.owner or "").strip()
    who = next(iter(person.teams), "") if who == "us" else who
    view = None
    if not who or who in desk.setup.people:
        view = task_book.board(desk, now, who or person.address, person)
    elif team := teams_by_words({name: each.title for name, each in desk.setup.teams.items()}).get(
        " ".join(words(who))
    ):
        view = task_book.team_board(desk, now, team, person)
    elif (project := _project(desk, person, who)) is not None:
        view = task_book.project_board(desk, now, project, person)
    elif len(people := values.named(who, list(desk.setup.people.values()))) == 1:
        view = task_book.board(desk, now, people[0].address, person)
    if view is None:
        return [act("unknown-person", said=who)]
    outbox.write(
        desk, now, person, [Section("tasks", view)], key=f"tasks {request.inbound} {said.line}",
        occurrence=f"inbound {request.inbound}", thread=f"inbound {request.inbound}",
        audience=audiences.person(person.address), because=f"your mail {request.inbound}",
    )  # fmt: skip
    return [Act("mailed")]


def _project(desk: Desk, person: Person, name: str) -> Task | None:
    wanted = words(name)
    seen = [task for task in store.wholes(desk.db) if task_book.may_see(desk.setup, task, person.address)]
    return next((task for task in reversed(seen) if words(task.text) == wanted), None)


def _history(desk: Desk, now: datetime, request: Request, said: History) -> list[Act] | None:
    """ "history of 12"."""
    number = said.subject.strip(" #")
    if not number.isdecimal():
        return None
    task = store.by_id(desk.db, int(number))
    if task is None or not task_book.may_see(desk.setup, task, request.person.address):
        return [Act("unknown-number", number=int(number))]
    task_news.show(desk, now, request.person, task, request.inbound)
    return [Act("mailed")]


COMMANDS: Mapping[type[Command], Do] = {
    NewTask: task_making.new,
    Done: _done,
    Drop: _change(_dropped),
    Doing: _change(_doing),
    Reopen: _change(_reopened, closed=True),
    Blocked: _change(_blocked),
    MoveTask: _change(_moved),
    Assign: _change(_assigned),
    Prioritise: _change(_prioritised),
    Spent: _change(_spent, closed=True),
    Estimate: _change(_estimated),
    Tasks: _tasks,
    History: _history,
    Decline: _declined,
    No: _declined,
}
HANDLERS: Mapping[str, Handler] = {**task_making.HANDLERS, **task_news.HANDLERS}
