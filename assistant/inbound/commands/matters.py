"""Commands about what is kept: tasks, agendas, goals, polls, feedback, announcements, decisions; and finding again.

People are addresses where exactly one known person is meant, else the words as written; where two are meant, each is
one of the ``alternatives``. Task numbers are those people see; several in one line are one command each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.inbound.commands.base import Command

# Tasks


@dataclass(frozen=True, slots=True)
class NewTask(Command):
    """``owner`` None: whoever wrote. ``priority`` "low", "normal", "high" or "urgent", None if unsaid. ``repeat`` is an
    RFC 5545 RRULE ("FREQ=MONTHLY"). ``after`` are the tasks it waits for, ``under`` the one it is part of,
    ``estimate`` minutes of work, ``goal`` the key result it serves ("KR2").
    """

    text: str
    owner: str | None = None
    due: date | None = None
    priority: str | None = None
    repeat: str | None = None
    after: tuple[int, ...] = ()
    under: int | None = None
    estimate: int | None = None
    goal: str | None = None


@dataclass(frozen=True, slots=True)
class Done(Command):
    """ "done 12"."""

    number: int


@dataclass(frozen=True, slots=True)
class Drop(Command):
    """ "drop 12": it will not be done."""

    number: int


@dataclass(frozen=True, slots=True)
class Doing(Command):
    """ "doing 12", "start 12"."""

    number: int


@dataclass(frozen=True, slots=True)
class Reopen(Command):
    """ "reopen 12"."""

    number: int


@dataclass(frozen=True, slots=True)
class Blocked(Command):
    """ "blocked 12 by 14" gives ``by``, "blocked 12: no access" gives ``reason``; both may be missing."""

    number: int
    by: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MoveTask(Command):
    """ "move 12 to Friday". With ``by`` the task's own day so many days later; ``due`` is where it has none."""

    number: int
    due: date
    by: int = 0


@dataclass(frozen=True, slots=True)
class Assign(Command):
    """ "assign 12 to Sam"."""

    number: int
    owner: str


@dataclass(frozen=True, slots=True)
class Prioritise(Command):
    """ "12 high", "priority 12 urgent": ``priority`` as in `NewTask`."""

    number: int
    priority: str


@dataclass(frozen=True, slots=True)
class Spent(Command):
    """ "spent 2h on 12"."""

    number: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Estimate(Command):
    """ "estimate 12: 3h"."""

    number: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Tasks(Command):
    """ "my tasks", "tasks of Sam", "team tasks"; ``owner`` None: whoever asks; "us": their team."""

    owner: str | None = None


@dataclass(frozen=True, slots=True)
class NewProject(Command):
    """ "project Website relaunch from launch by 15 Jan": ``template`` is the plan it is made from, the name where no
    other is told.
    """

    name: str
    template: str
    due: date | None = None


# Agendas, announcements, decisions


@dataclass(frozen=True, slots=True)
class AddPoint(Command):
    """ "agenda: talk about prices"; ``kind`` is the kind of meeting if named ("agenda for the review: …")."""

    text: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Announce(Command):
    """ "announce: …"; everything below it belongs to it."""

    text: str


@dataclass(frozen=True, slots=True)
class Seen(Command):
    """The whole reply is "read": the announcement was read."""


@dataclass(frozen=True, slots=True)
class Decide(Command):
    """ "decision: we go with Postgres"."""

    text: str


@dataclass(frozen=True, slots=True)
class AskDecision(Command):
    """ "decision needed: … by Friday"; everything below it belongs to it."""

    text: str
    due: date | None = None


# Goals


@dataclass(frozen=True, slots=True)
class Update(Command):
    """ "KR2 45 %", "signups from 3k to 4.2k, confidence 6", "KR2 done", "kpi churn 3.2 %".

    ``measure`` as the caller knows it, else as written. ``value`` is in ``unit`` ("%", "€", "h", …; "" if unsaid):
    45 % is 45.0; with ``more`` it is how much more than before ("KR3 +2"). ``outlook`` is the confidence in reaching
    it, 0-10. ``finished`` with "KR2 done". ``kpi`` only where that word was written.
    """

    measure: str
    value: float | None = None
    unit: str = ""
    previous: float | None = None
    outlook: float | None = None
    finished: bool = False
    kpi: bool = False
    comment: str = ""
    more: bool = False


@dataclass(frozen=True, slots=True)
class NewObjective(Command):
    """ "objective: I will … as measured by a, b": ``text`` without the measures."""

    text: str
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retarget(Command):
    """ "KR2 target 50"."""

    measure: str
    target: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Course(Command):
    """What is to become of a key result in danger: ``choice`` is "track", "revise" or "replace", ``text`` what else
    was said ("revise KR2: 40 % by June"). "drop" is no course that there is, but can be asked for.
    """

    measure: str
    choice: str
    text: str = ""
    due: date | None = None
    """All that is new, where only another day was said."""


@dataclass(frozen=True, slots=True)
class Give(Command):
    """ "give KR2 to Sam": ``owners`` as in `Assign`, one or several."""

    measure: str
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Goals(Command):
    """ "goals", "goals of Sam"; ``owner`` None: whoever asks."""

    owner: str | None = None


@dataclass(frozen=True, slots=True)
class History(Command):
    """ "history of KR2", "history of 12"."""

    subject: str


@dataclass(frozen=True, slots=True)
class NewKpi(Command):
    """ "new kpi churn", "kpi: churn"."""

    name: str


@dataclass(frozen=True, slots=True)
class Kpis(Command):
    """ "kpis", "kpis of Product", "kpi help"; ``of`` None: of the teams of whoever asks."""

    of: str | None = None


# Polls


@dataclass(frozen=True, slots=True)
class NewPoll(Command):
    """``options`` as written, without their letters; fewer than two when they could not be told apart.
    ``closes`` is its last local day, ``team`` what was said to be asked ("poll for platform: …").
    """

    question: str
    options: tuple[str, ...] = ()
    several: bool = False
    ranked: bool = False
    secret: bool = False
    closes: date | None = None
    team: str = ""


@dataclass(frozen=True, slots=True)
class Vote(Command):
    """Options by number from 1, the best first where they are ranked; a number may be one that does not exist."""

    choices: tuple[int, ...]
    ranked: bool = False


@dataclass(frozen=True, slots=True)
class ClosePoll(Command):
    """ "close the poll"."""


# Feedback


@dataclass(frozen=True, slots=True)
class GiveFeedback(Command):
    """ "feedback for Sam: …"; ``private`` None if unsaid. Everything below it belongs to it."""

    to: str
    text: str
    private: bool | None = None


@dataclass(frozen=True, slots=True)
class AskFeedback(Command):
    """ "ask Sam and Ana for feedback on the demo"."""

    of: tuple[str, ...]
    topic: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackRhythm(Command):
    """ "feedback monthly": ``every`` is "weekly", "monthly", "quarterly" or "never"."""

    every: str


@dataclass(frozen=True, slots=True)
class Share(Command):
    """ "public", as a whole line: the team may read the feedback that this gives."""


@dataclass(frozen=True, slots=True)
class Praise(Command):
    """ "thanks to Sam for the import", "kudos Sam: great demo"."""

    to: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Win(Command):
    """ "win: first customer live"."""

    text: str


# Development


@dataclass(frozen=True, slots=True)
class MyPlan(Command):
    """ "my plan", "plan of Sam"; ``owner`` None: whoever asks."""

    owner: str | None = None


@dataclass(frozen=True, slots=True)
class PlanPart(Command):
    """ "plan step: take the course by March", "plan skill: writing": ``part`` is "aspiration", "skill", "gap" or
    "step"; ``due`` of a step.
    """

    part: str
    text: str
    due: date | None = None


# Finding again


@dataclass(frozen=True, slots=True)
class Search(Command):
    """ "search staging outage"; ``among`` is "done" (what did I do …), "decisions", "faq" or None for all.

    ``who`` is "me", "us", an address or a name; ``first`` to ``last`` inclusive local days, the days that were told.
    """

    words: str
    among: str | None = None
    who: str | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class KeepFaq(Command):
    """ "keep as faq": the answer that this replies to; ``text`` is the question to keep it under, if told."""

    text: str = ""
