"""What the templates of tasks see. Times are minutes of work; numbers are those people use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class TaskRef:
    """Another task, by its number and whose it is; ``who`` empty: the reader's."""

    number: int
    who: str = ""


@dataclass(frozen=True, slots=True)
class TaskLine:
    """``who`` is empty for the reader's own. ``priority``: "low", "normal", "high" or "urgent". ``waits`` are open
    tasks it comes after, ``holds`` those that wait for it. ``parts`` of which ``finished`` are done. ``goal``: "KR2".
    """

    number: int
    text: str
    who: str = ""
    status: str = "todo"
    due: date | None = None
    overdue: bool = False
    priority: str = "normal"
    reason: str = ""
    waits: tuple[TaskRef, ...] = ()
    holds: tuple[TaskRef, ...] = ()
    parts: int = 0
    finished: int = 0
    estimate: int | None = None
    spent: int = 0
    goal: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class BoardView:
    """``what``: "mine", "of" a person, "team" or "project"; ``title`` names those. ``delays`` is what holds up others
    most. ``estimate`` and ``spent`` add up over a project, of which ``finished`` of ``parts`` are done."""

    what: str
    title: str
    todo: tuple[TaskLine, ...] = ()
    doing: tuple[TaskLine, ...] = ()
    blocked: tuple[TaskLine, ...] = ()
    done: tuple[TaskLine, ...] = ()
    delays: tuple[TaskLine, ...] = ()
    parts: int = 0
    finished: int = 0
    estimate: int = 0
    spent: int = 0
    due: date | None = None
    by: str = ""
    """Who has just begun a project in which the reader has a part."""


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """``what``: "comment", "spent" or a change ("opened", "moved", "assigned", "done", …); ``text`` what was said, or
    to whom; ``day`` the new day of a move."""

    at: date
    who: str
    what: str
    text: str = ""
    day: date | None = None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class TaskView:
    """``what``: "given", "comment", "returned", "taken", "moved", "holds", "free", "asked". ``by`` is who did it;
    ``text`` is what they said. ``mine``: the reader owns it."""

    what: str
    task: TaskLine
    mine: bool
    by: str = ""
    text: str = ""
    events: tuple[TaskEvent, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class TaskAct:
    """What the sentence of an act needs beside ``Act.what``; see ``tasks/acts.j2``."""

    number: int = 0
    text: str = ""
    who: str = ""
    due: date | None = None
    minutes: int = 0
    estimate: int | None = None
    priority: str = ""
    numbers: tuple[int, ...] = ()
    said: str = ""
    again: bool = False
