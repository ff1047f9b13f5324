"""Tasks by mail: made, moved, given away, finished in a line; their board; and those that come again.

``board``, ``team_board``, ``overdue`` and ``shared`` (of `task_book`) are for agendas, check-ins and exports;
``task_news.comment`` takes what is said in a task's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from assistant.domain import audience as audiences
from assistant.domain.people import Person, resolve
from assistant.domain.records import Draft, Record, RecordKind, RecordState
from assistant.domain.recurrence import BadRule, Rule
from assistant.domain.setup import Setup
from assistant.domain.tasks import PRIORITIES, Status, Task, circle, first_due, next_due, steady
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
from assistant.store.timers import Timer
from assistant.workflows import goals, outbox, task_book, task_news
from assistant.workflows.desk import Desk, Do, Handler, Request
from assistant.workflows.task_news import act

_DAY = timedelta(days=1)
Change = Callable[[Desk, datetime, Request, Task, Any], list[Act]]


# A new one


def _new(desk: Desk, now: datetime, request: Request, said: NewTask) -> list[Act] | None:
    """Nothing by halves: what names somebody, a number or a goal that is not there is refused as a whole."""
    person = request.person
    owner = desk.setup.people.get(said.owner or person.address)
    if not said.text:
        return None
    if owner is None:
        return [act("unknown-person", said=said.owner)]
    near = store.by_ids(desk.db, [*said.after, *([said.under] if said.under else [])])
    for number in (*said.after, *([said.under] if said.under else [])):
        task = near.get(number)
        if task is None or not task_book.may_see(desk.setup, task, person.address):
            return [Act("unknown-number", number=number)]
    whole = near.get(said.under) if said.under else None
    refusal = _would_wait_for_itself(desk, said) or _goal_refused(desk, now, request, said)
    where = _where(desk, request, owner, whole)
    if refusal or isinstance(where, Act):
        return refusal or ([where] if isinstance(where, Act) else [])
    return _made(desk, now, request, said, owner, where, [n for n in said.after if near[n].is_open])


def _would_wait_for_itself(desk: Desk, said: NewTask) -> list[Act]:
    """A part that comes after its whole, or after something that waits for the whole."""
    if said.under is None:
        return []
    known = store.waits(desk.db)
    path = next((found for after in said.after if (found := circle(known, said.under, after))), [])
    path = path or ([said.under, said.under] if said.under in said.after else [])
    return [act("circle", numbers=tuple(path))] if path else []


def _goal_refused(desk: Desk, now: datetime, request: Request, said: NewTask) -> list[Act]:
    if said.goal is None or len(goals.find(desk, now, request.person, said.goal).readable) == 1:
        return []
    return [act("unknown-goal", said=said.goal)]


def _where(desk: Desk, request: Request, owner: Person, whole: Task | None) -> tuple[str, str] | Act:
    """Who may read a new task and what it belongs to: as its whole, else as the mail it was written in, else a team.

    What was said among a few does not leave them.
    """
    setup, author = desk.setup, request.person.address
    labels = [whole.audience] if whole is not None else _labels(request)
    for label in labels:
        readers = audiences.readers(label, setup)
        if {owner.address, author} <= readers and not label.startswith("person:"):
            return label, whole.context if whole is not None else label.partition(":")[2]
        if label.startswith(("pair:", "two:")) and owner.address not in readers:
            return act("stays-private", who=owner.first_name)
    near = {*request.person.teams, *(team.name for team in setup.teams_led_by(author))}
    team = next((name for name in owner.teams if name in near), next(iter(owner.teams), ""))
    if not team:
        return audiences.person(owner.address), ""
    return audiences.team(team), team


def _labels(request: Request) -> list[str]:
    """Of the mail it was written in reply to; of what that asked, the smallest circle first."""
    if request.about is None:
        return []
    asked = [prompt.audience for prompt in request.prompts]
    return sorted({request.about.audience, *asked}, key=lambda label: (not label.startswith(("pair:", "two:")), label))


def _made(
    desk: Desk,
    now: datetime,
    request: Request,
    said: NewTask,
    owner: Person,
    where: tuple[str, str],
    after: Sequence[int],
) -> list[Act]:
    author = request.person.address
    due = said.due
    rule = ""
    if said.repeat is not None and (begins := _begins(said.repeat, said.due, owner.local(now).date())) is not None:
        rule, due = begins
    found = goals.find(desk, now, request.person, said.goal).readable if said.goal else ()
    task = add(
        desk, now, said.text, owner.address, author, where, due=due, rule=rule, parent=said.under, after=after,
        priority=PRIORITIES.index(said.priority or "normal"), estimate=said.estimate,
        goal=found[0].result.id if found else None, inbound=request.inbound,
    )  # fmt: skip
    if owner.address != author:
        task_news.tell(desk, now, owner.address, "given", task, f"given {owner.address}", by=author)
    return [act("new", task, who=owner.first_name if owner.address != author else "", estimate=said.estimate)]


def _begins(rule: str, due: date | None, today: date) -> tuple[str, date] | None:
    """The rule as it is kept, and its first day; None where it is none."""
    try:
        Rule.parse(rule)
        first = due or first_due(rule, today)
    except BadRule:
        return None
    return None if first is None else (steady(rule, first), first)


def add(
    desk: Desk,
    now: datetime,
    text: str,
    owner: str,
    author: str,
    where: tuple[str, str],
    *,
    due: date | None = None,
    rule: str = "",
    parent: int | None = None,
    after: Sequence[int] = (),
    priority: int = 1,
    estimate: int | None = None,
    goal: int | None = None,
    inbound: int | None = None,
) -> Task:
    """Record a task; ``where`` is its audience and context."""
    number = records.add(
        desk.db, now, Draft(RecordKind.ACTION, text, due=due), owner=owner, author=author, audience=where[0],
        context=where[1], occurrence="", inbound=inbound,
    )  # fmt: skip
    if rule or parent or after or priority != 1 or estimate or goal:
        store.set_(desk.db, number, rule=rule, parent=parent, priority=priority, estimate=estimate, goal=goal)
        store.wait(desk.db, number, after)
    task = store.by_id(desk.db, number)
    if task is None:
        raise LookupError(f"task {number}")
    _come_again(desk, task)
    for before in store.by_ids(desk.db, after).values():
        task_news.look(desk, now, before, author)
    return task


# Those that come again


def _come_again(desk: Desk, task: Task) -> None:
    """Once its day is over the next one opens, whether it is done or not."""
    key, owner = f"task-again:{task.id}", desk.setup.people.get(task.owner)
    if task.rule and task.due is not None and task.following is None and owner is not None:
        moment = resolve(task.due + _DAY, time(), owner.zone)
        timers.put(desk.db, Timer(key, moment, "task-again", str(task.id)))
    else:
        timers.drop(desk.db, key)


def _again(desk: Desk, timer: Timer, now: datetime) -> None:
    task = store.by_id(desk.db, int(timer.ref))
    if task is not None and task.status is not Status.DROPPED:
        _follow(desk, now, task)


def _follow(desk: Desk, now: datetime, task: Task) -> Task | None:
    """Open the next one of a recurring task, once."""
    owner = desk.setup.people.get(task.owner)
    if not task.rule or task.following is not None or task.due is None or owner is None:
        return None
    due = next_due(task.rule, task.due, owner.local(now).date())
    if due is None:
        return None
    following = add(
        desk, now, task.text, task.owner, task.author, (task.audience, task.context), due=due, rule=task.rule,
        parent=task.parent, priority=task.priority, estimate=task.estimate, goal=task.goal,
    )  # fmt: skip
    store.follow(desk.db, task.id, following.id)
    timers.drop(desk.db, f"task-again:{task.id}")
    return following


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
    return [Act("done", text=record.text, number=said.number)]


def _twins(desk: Desk, record: Record) -> list[Record]:
    """The record and its like in the other teams that were told the same."""
    same = records.open_records(desk.db, record.kind, owner=record.owner)
    return [record, *(other for other in same if other.text == record.text and other.id != record.id)]


def _finished(desk: Desk, now: datetime, request: Request, task: Task, _: Done) -> list[Act]:
    by = request.person.address
    records.close(desk.db, now, task.id, RecordState.DONE, by, request.inbound)
    timers.drop(desk.db, f"task-late:{task.id}")
    task_news.freed(desk, now, task, by)
    following = _follow(desk, now, task)
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
    _come_again(desk, now_is)
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
    moved = replace(task, due=due)
    _come_again(desk, moved)
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
    _come_again(desk, given)
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


def open_of_goal(desk: Desk, setup: Setup, key_result: int, reader: str) -> list[Task]:
    """What is being done for a key result, as far as ``reader`` may see it."""
    return [task for task in store.of_goal(desk.db, key_result) if task_book.may_see(setup, task, reader)]


COMMANDS: Mapping[type[Command], Do] = {
    NewTask: _new,
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
HANDLERS: Mapping[str, Handler] = {"task-again": _again, **task_news.HANDLERS}
