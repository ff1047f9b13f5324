"""New tasks: whose they are, who may read them, what they wait for; and those that come again by a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from assistant.domain import audience as audiences
from assistant.domain.people import Person, next_working, resolve
from assistant.domain.records import Draft, RecordKind
from assistant.domain.recurrence import BadRule, Rule
from assistant.domain.tasks import PRIORITIES, Status, Task, circle, first_due, next_due, steady
from assistant.domain.views import Act
from assistant.inbound.commands import NewTask
from assistant.store import people as people_store
from assistant.store import records, timers
from assistant.store import tasks as store
from assistant.store.timers import Timer
from assistant.workflows import goals, meeting_steps, task_book, task_news
from assistant.workflows.desk import Desk, Handler, Request
from assistant.workflows.task_news import act

_DAY = timedelta(days=1)


# A new one


def new(desk: Desk, now: datetime, request: Request, said: NewTask) -> list[Act] | None:
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

    What was said among a few does not leave them; where it may have been said among these or those, it is its
    author's alone.
    """
    setup, author = desk.setup, request.person.address
    labels = [whole.audience] if whole is not None else _labels(desk, request)
    readers = {each: frozenset(audiences.readers(each, setup)) for each in labels if not each.startswith("person:")}
    few = [label for label in readers if label.startswith(("pair:", "two:"))]
    if few and not any(owner.address in readers[label] for label in few):
        return act("stays-private", who=owner.first_name)
    fitting = [label for label in readers if {owner.address, author} <= readers[label]]
    if len({readers[label] for label in fitting if label in few}) > 1:
        return audiences.person(owner.address), ""
    if fitting:
        return fitting[0], whole.context if whole is not None else fitting[0].partition(":")[2]
    near = {*request.person.teams, *(team.name for team in setup.teams_led_by(author))}
    team = next((name for name in owner.teams if name in near), next(iter(owner.teams), ""))
    if not team:
        return audiences.person(owner.address), ""
    return audiences.team(team), team


def _labels(desk: Desk, request: Request) -> list[str]:
    """Of the mail it was written in reply to; of what that asked and told, the smallest circle first."""
    if request.about is None:
        return []
    labels = {prompt.audience for prompt in request.prompts} | {*meeting_steps.told_of(desk, request.about)}
    return sorted({request.about.audience} | labels, key=lambda label: (not label.startswith(("pair:", "two:")), label))


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
    rule, meant = "", None
    if said.repeat is not None and (begins := _begins(said.repeat, said.due, owner.local(now).date())) is not None:
        rule, meant = begins
        due = said.due or _working_day(desk, owner, meant)
    found = goals.find(desk, now, request.person, said.goal).readable if said.goal else ()
    task = add(
        desk, now, said.text, owner.address, author, where, due=due, rule=rule, parent=said.under, after=after,
        priority=PRIORITIES.index(said.priority or "normal"), estimate=said.estimate,
        goal=found[0].result.id if found else None, meant=meant, inbound=request.inbound,
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


def _working_day(desk: Desk, owner: Person, day: date) -> date:
    """That day, or the next on which they work; the day itself where none comes for long."""
    absences = people_store.absences(desk.db, owner.address, day)
    moment = next_working(owner, resolve(day, time(), owner.zone), absences)
    return day if moment is None else owner.local(moment).date()


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
    meant: date | None = None,
    inbound: int | None = None,
) -> Task:
    """Record a task; ``where`` is its audience and context, ``meant`` the day of its rule."""
    number = records.add(
        desk.db, now, Draft(RecordKind.ACTION, text, due=due), owner=owner, author=author, audience=where[0],
        context=where[1], occurrence="", inbound=inbound,
    )  # fmt: skip
    if rule or parent or after or priority != 1 or estimate or goal:
        put_off = meant.isoformat() if meant is not None and meant != due else None
        store.set_(
            desk.db, number, rule=rule, parent=parent, priority=priority, estimate=estimate, goal=goal, meant=put_off
        )  # fmt: skip
        store.wait(desk.db, number, after)
    task = store.by_id(desk.db, number)
    if task is None:
        raise LookupError(f"task {number}")
    come_again(desk, task)
    for before in store.by_ids(desk.db, after).values():
        task_news.look(desk, now, before, author)
    return task


# Those that come again


def come_again(desk: Desk, task: Task) -> None:
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
        follow(desk, now, task)


def follow(desk: Desk, now: datetime, task: Task) -> Task | None:
    """Open the next one of a recurring task, once."""
    owner = desk.setup.people.get(task.owner)
    if not task.rule or task.following is not None or task.due is None or owner is None:
        return None
    day = next_due(task.rule, task.due, owner.local(now).date(), task.meant)
    if day is None:
        return None
    following = add(
        desk, now, task.text, task.owner, task.author, (task.audience, task.context),
        due=_working_day(desk, owner, day), rule=task.rule, parent=task.parent, priority=task.priority,
        estimate=task.estimate, goal=task.goal, meant=day,
    )  # fmt: skip
    store.follow(desk.db, task.id, following.id)
    timers.drop(desk.db, f"task-again:{task.id}")
    return following


HANDLERS: Mapping[str, Handler] = {"task-again": _again}
