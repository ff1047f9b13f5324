"""Tasks: action items with a status, parts, others that they wait for, and a rhythm; which of them holds up the rest.

Every action item is a task, wherever it came from. Nothing here compares people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from assistant.domain.recurrence import BadRule, Rule, recur

PRIORITIES = ("low", "normal", "high", "urgent")
_DAY = timedelta(days=1)
_YEARS = timedelta(days=5 * 366)


class Status(StrEnum):
    TODO = "todo"
    DOING = "doing"
    BLOCKED = "blocked"
    DONE = "done"
    DROPPED = "dropped"


OPEN = (Status.TODO, Status.DOING, Status.BLOCKED)


@dataclass(frozen=True, slots=True)
class Task:
    """``id`` is the number people use. ``priority`` is a place in `PRIORITIES`. ``after`` are the tasks it waits for,
    ``parent`` the one it is part of. ``rule`` is the RRULE it comes again by, ``following`` the next one of it.
    ``estimate`` and ``spent`` are minutes; ``goal`` is the key result it serves. ``meant`` is the day of its rule where
    it is due later because its owner is off then.
    """

    id: int
    text: str
    owner: str
    author: str
    audience: str
    context: str
    opened_at: datetime
    status: Status = Status.TODO
    closed_at: datetime | None = None
    due: date | None = None
    reason: str = ""
    priority: int = 1
    parent: int | None = None
    rule: str = ""
    following: int | None = None
    estimate: int | None = None
    spent: int = 0
    goal: int | None = None
    after: tuple[int, ...] = ()
    meant: date | None = None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.due is not None and self.due < today


def circle(waits: Mapping[int, Collection[int]], task: int, after: int) -> list[int]:
    """The tasks of the circle that closes when ``task`` waits for ``after``, from it back to it; empty if none does.

    ``waits`` is what each waits for; whoever has parts waits for them too.
    """
    paths = [[task, after]]
    seen: set[int] = set()
    while paths:
        path = paths.pop()
        if path[-1] == task:
            return path
        if path[-1] not in seen:
            seen.add(path[-1])
            paths += [[*path, following] for following in waits.get(path[-1], ())]
    return []


@dataclass(frozen=True, slots=True)
class Spot:
    """An open task that others wait for: ``held`` directly or behind those, ``chain`` the longest row of them."""

    task: Task
    held: tuple[int, ...]
    chain: int
    late: bool
    """It is blocked or overdue, or due after one that waits for it: then it is what delays the rest."""


def spots(tasks: Iterable[Task], today: date) -> list[Spot]:
    """What holds up others, the longest row first. Parts hold up their whole; who is held up is told in numbers."""
    open_ = {task.id: task for task in tasks if task.is_open}
    behind: dict[int, list[int]] = {}
    for task in open_.values():
        for before in task.after:
            behind.setdefault(before, []).append(task.id)
        if task.parent is not None:
            behind.setdefault(task.id, []).append(task.parent)
    found = []
    for task in open_.values():
        held, chain = _behind(behind, open_, task.id)
        waiting = [open_[number] for number in behind.get(task.id, ()) if number in open_]
        if not any(task.id in other.after for other in waiting):
            continue
        early = [other.due for other in waiting if other.due is not None and task.id in other.after]
        later = task.due is not None and any(day < task.due for day in early)
        found.append(Spot(task, held, chain, task.status is Status.BLOCKED or task.is_overdue(today) or later))
    return sorted(found, key=lambda spot: (-spot.chain, -len(spot.held), spot.task.id))


def _behind(behind: Mapping[int, Sequence[int]], open_: Collection[int], first: int) -> tuple[tuple[int, ...], int]:
    """All that stand behind a task, nearest first, and how many stand in the longest row; circles were refused."""
    depth: dict[int, int] = {}
    row = [first]
    for step in range(1, len(open_) + 1):
        row = list(dict.fromkeys(n for task in row for n in behind.get(task, ()) if n in open_ and n != first))
        if not row:
            break
        depth |= dict.fromkeys(row, step)
    return tuple(depth), max(depth.values(), default=0)


def first_due(rule: str, today: date) -> date | None:
    """When a new recurring task is due: on the first day that its rule names, else when its first stretch is over."""
    read = Rule.parse(rule)
    named = read.by_day or read.by_month_day or read.freq == "DAILY"
    return _next(rule, today, today if named else today + _DAY)


def steady(rule: str, due: date) -> str:
    """The rule as it is kept: "every month" from the 31st means the last day of the shorter ones, not none of them."""
    parts = rule.split(";")
    if due.day <= _SHORTEST_MONTH or "FREQ=MONTHLY" not in parts or "BY" in rule:
        return rule
    days = ",".join(str(day) for day in range(_SHORTEST_MONTH, due.day + 1))
    return f"{rule};BYMONTHDAY={days};BYSETPOS=-1"


_SHORTEST_MONTH = 28


def next_due(rule: str, due: date, closed: date, meant: date | None = None) -> date | None:
    """When the one after it is due: the first day of the rule behind it that is not over already. None: that was all.

    The rule counts from ``meant``, where that is given: what was put off for a day off does not move those after it.
    """
    return _next(rule, meant or due, max(due + _DAY, closed))


def _next(rule: str, first: date, lower: date) -> date | None:
    try:
        return next(recur(Rule.parse(rule), first, (lower, lower + _YEARS)), None)
    except BadRule:
        return None


def waiting(task: Task, known: Mapping[int, Task]) -> tuple[Task, ...]:
    """Those it waits for that are still open."""
    return tuple(known[number] for number in task.after if number in known and known[number].is_open)


def order(task: Task) -> tuple[date, int, int]:
    """By day, then by priority."""
    return task.due or date.max, -task.priority, task.id


@dataclass(frozen=True, slots=True)
class Step:
    """One task of a project's template. ``before`` is the time between it and the project's day; ``after`` are the
    numbers of other steps, from 1."""

    text: str
    owner: str | None = None
    before: timedelta = timedelta()
    after: tuple[int, ...] = ()
    priority: int = 1
    estimate: int | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A project that comes again: its steps in order."""

    name: str
    steps: tuple[Step, ...]


def step_circle(steps: Sequence[Step]) -> list[int]:
    """The steps that wait for each other in a circle; empty where none do."""
    waits: dict[int, list[int]] = {}
    for number, step in enumerate(steps, 1):
        for before in step.after:
            path = circle(waits, number, before)
            if path:
                return path
            waits.setdefault(number, []).append(before)
    return []
