"""Every kind of round and meeting, as data.

A kind costs one entry here, its folder of templates and at most two pure functions: ``apply`` turns one person's
answers into records, ``conclude`` picks the lines that head the closing mail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

from assistant.domain.cadence import Cadence, Frequency, Window
from assistant.domain.questions import Answer
from assistant.domain.records import Draft, RecordKind


class Asks(StrEnum):
    MEMBERS = "members"
    LEAD = "lead"
    AUTHOR = "author"
    NEWCOMER = "newcomer"
    COLLEAGUES = "colleagues"
    """The members of a team but the one it is about, who leaves."""
    PARTICIPANTS = "participants"
    DOCUMENTARIAN = "documentarian"


class Readers(StrEnum):
    TEAM = "team"
    PARTICIPANTS = "participants"
    AUTHOR = "author"
    MANAGER = "manager"
    """Whoever was asked and their manager."""
    LEAD = "lead"
    """Whoever was asked and the lead of the team."""
    ABOUT = "about"
    """Whoever was asked and the person it is about."""


Answers = Mapping[str, Answer]
"""One person's newest answers by question key."""

Apply = Callable[[Answers], Sequence[Draft]]
Conclude = Callable[[Mapping[str, Answers]], Sequence[tuple[str, str]]]
"""From every person's answers to (address, line) pairs worth reading first."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of round. ``cadence`` and ``at`` are defaults; None where a meeting starts it.

    ``reminders`` is the default number; the first leaves after half the window. A prompt that could not leave within
    ``useful_for`` of its time is dropped. ``report`` is the kind of the mail that goes to the readers when it closes;
    ``early`` lets it close as soon as everybody has answered. Where a kind ``adds_up``, a second reply adds to what the
    first called for instead of taking it back.
    """

    name: str
    asks: Asks
    readers: Readers
    window: Window
    cadence: Cadence | None = None
    at: time | None = None
    reminders: int = 1
    useful_for: timedelta = timedelta(hours=2)
    report: str | None = "digest"
    early: bool = True
    adds_up: bool = False
    alone: bool = False
    """Asked in a mail of its own, whatever else is due at that moment."""
    together: bool = False
    """Comes on the last day up to its nominal one on which most of the team is there."""
    apply: Apply | None = None
    conclude: Conclude | None = None
    after: tuple[int, ...] = (0,)
    """Days after their start on which a newcomer is asked."""


@dataclass(frozen=True, slots=True)
class MeetingKind:
    """A kind of series. A ``private`` one stays between its participants and is marked so on calendars."""

    name: str
    private: bool
    length: timedelta
    cadence: Cadence
    around: tuple[str, ...] = ("agenda-call", "meeting-notes", "meeting-feedback")
    suggestions: int = 0
    """How many questions of the bank an agenda call offers."""


def started(kind: str, number: int) -> str:
    """The parent of what somebody started by mail ("poll:12"), beside the rounds and series of the configuration."""
    return f"{kind}:{number}"


def is_started(parent: str) -> bool:
    return parent.partition(":")[0] in KINDS and ":" in parent


def lines_of(answer: Answer | None) -> list[str]:
    """The items of an answer, or its text as one."""
    if answer is None:
        return []
    if isinstance(answer.value, list):
        return [item if isinstance(item, str) else str(item["text"]) for item in answer.value]
    return [answer.text] if answer.text.strip() else []


def open_blockers(answers: Answers) -> list[Draft]:
    blocker = answers.get("blockers")
    if blocker is None or not isinstance(blocker.value, list):
        return []
    return [Draft(RecordKind.BLOCKER, entry["text"], minutes=entry.get("minutes")) for entry in blocker.value]


def add_points(answers: Answers) -> list[Draft]:
    return [Draft(RecordKind.POINT, line) for line in lines_of(answers.get("points"))]


def take_notes(answers: Answers) -> list[Draft]:
    """Action items arrive here as ``{"text", "owner", "due"}``: owners and dates were read with the people known."""
    decided = [Draft(RecordKind.DECISION, line) for line in lines_of(answers.get("decisions"))]
    kept = [Draft(RecordKind.TAKEAWAY, line) for line in lines_of(answers.get("takeaways"))]
    actions = answers.get("actions")
    agreed = actions.value if actions is not None and isinstance(actions.value, list) else []
    return decided + kept + [Draft(RecordKind.ACTION, e["text"], owner=e["owner"], due=e["due"]) for e in agreed]


def first_lines(key: str) -> Conclude:
    """The first item of each person's answer to one question."""

    def conclude(everyone: Mapping[str, Answers]) -> list[tuple[str, str]]:
        return [(who, lines[0]) for who, answers in everyone.items() if (lines := lines_of(answers.get(key)))]

    return conclude


_MONDAY, _FRIDAY = 0, 4
_DAY = timedelta(days=1)

_KINDS = (
    Kind(
        "check-in",
        Asks.MEMBERS,
        Readers.TEAM,
        Window(length=timedelta(hours=4)),
        Cadence(Frequency.DAILY),
        time(9),
        apply=open_blockers,
        conclude=first_lines("done"),
    ),
    Kind(
        "weekly-update",
        Asks.MEMBERS,
        Readers.TEAM,
        Window(until=(_MONDAY, time(10))),
        Cadence(Frequency.WEEKLY, weekday=_FRIDAY),
        time(15),
        report=None,  # the weekly rollup carries it
        apply=open_blockers,
    ),
    Kind(
        "monthly-update",
        Asks.MEMBERS,
        Readers.TEAM,
        Window(length=3 * _DAY),
        Cadence(Frequency.MONTHLY, weekday=_FRIDAY, nth=-1),
        time(10),
        conclude=first_lines("results"),
    ),
    Kind(
        "quarterly-recap",
        Asks.MEMBERS,
        Readers.TEAM,
        Window(length=5 * _DAY),
        Cadence(Frequency.QUARTERLY, weekday=_FRIDAY, nth=-1),
        time(10),
        conclude=first_lines("proud"),
    ),
    Kind(
        "backlog-refinement",
        Asks.MEMBERS,
        Readers.TEAM,
        Window(length=2 * _DAY),
        Cadence(Frequency.WEEKLY, interval=2, weekday=1),
        time(10),
    ),
    Kind("introduction", Asks.NEWCOMER, Readers.TEAM, Window(length=2 * _DAY), Cadence(Frequency.ONCE), time(10)),
    Kind(
        "missed-deliverable",
        Asks.MEMBERS,
        Readers.TEAM,
        Window(length=2 * _DAY),
        Cadence(Frequency.ONCE),
        time(10),
        conclude=first_lines("change"),
    ),
    Kind(
        "sprint",
        Asks.MEMBERS,
        Readers.TEAM,
        Window(length=_DAY),
        Cadence(Frequency.WEEKLY, interval=2, weekday=_FRIDAY),
        time(10),
        conclude=first_lines("came"),
    ),
    Kind(
        "milestone",
        Asks.MEMBERS,
        Readers.TEAM,
        Window(length=2 * _DAY),
        Cadence(Frequency.ONCE),
        time(10),
        conclude=first_lines("reached"),
    ),
    Kind("brainstorm", Asks.MEMBERS, Readers.TEAM, Window(length=2 * _DAY), Cadence(Frequency.ONCE), time(10)),
    Kind(
        "celebration",
        Asks.MEMBERS,
        Readers.TEAM,
        Window(length=timedelta(hours=5)),
        Cadence(Frequency.QUARTERLY, weekday=_FRIDAY, nth=-1),
        time(10),
        report=None,  # the celebration itself carries it
        together=True,
    ),
    Kind(
        "meeting-review",
        Asks.MEMBERS,
        Readers.LEAD,
        Window(length=3 * _DAY),
        Cadence(Frequency.QUARTERLY, weekday=1, nth=2),
        time(13),
        report=None,
    ),
    Kind(
        "growth-plan",
        Asks.MEMBERS,
        Readers.MANAGER,
        Window(length=10 * _DAY),
        Cadence(Frequency.MONTHLY, interval=6, weekday=1, nth=2),
        time(14),
        useful_for=3 * _DAY,
        report=None,
    ),
    Kind(
        "onboarding",
        Asks.NEWCOMER,
        Readers.MANAGER,
        Window(length=3 * _DAY),
        Cadence(Frequency.ONCE),
        time(11),
        useful_for=_DAY,
        report=None,
        after=(0, 30, 60, 90),
    ),
    Kind(
        "farewell",
        Asks.COLLEAGUES,
        Readers.ABOUT,
        Window(length=10 * _DAY),
        Cadence(Frequency.ONCE),
        time(10),
        useful_for=_DAY,
        report=None,
        early=False,
    ),
    Kind(
        "feedback-request",
        Asks.PARTICIPANTS,
        Readers.ABOUT,
        Window(length=10 * _DAY),
        useful_for=3 * _DAY,
        report=None,
    ),
    Kind(
        "announcement",
        Asks.LEAD,
        Readers.TEAM,
        Window(length=timedelta(hours=4)),
        Cadence(Frequency.WEEKLY, weekday=_MONDAY),
        time(9, 30),
    ),
    Kind(
        "meeting-notes",
        Asks.DOCUMENTARIAN,
        Readers.PARTICIPANTS,
        Window(length=2 * _DAY),
        reminders=2,
        useful_for=_DAY,
        report="summary",
        apply=take_notes,
    ),
    Kind(
        "agenda-call",
        Asks.PARTICIPANTS,
        Readers.PARTICIPANTS,
        Window(length=7 * _DAY),
        report="agenda",
        early=False,
        adds_up=True,
        useful_for=7 * _DAY,
        apply=add_points,
    ),
    Kind(
        "meeting-feedback",
        Asks.PARTICIPANTS,
        Readers.PARTICIPANTS,
        Window(length=2 * _DAY),
        reminders=0,
        useful_for=2 * _DAY,
        report=None,
    ),
    Kind(
        "okr-draft",
        Asks.LEAD,
        Readers.TEAM,
        Window(length=14 * _DAY),
        useful_for=3 * _DAY,
        report=None,
        adds_up=True,
        alone=True,
    ),
    Kind(
        "kpi-card",
        Asks.LEAD,
        Readers.TEAM,
        Window(length=7 * _DAY),
        useful_for=3 * _DAY,
        report=None,
        adds_up=True,
    ),
    Kind(
        "kpi-values",
        Asks.MEMBERS,
        Readers.TEAM,
        Window(length=_DAY),
        useful_for=timedelta(hours=8),
        report=None,
        adds_up=True,
    ),
    Kind("okr-update", Asks.MEMBERS, Readers.TEAM, Window(length=2 * _DAY), useful_for=_DAY, report=None, adds_up=True),
    Kind(
        "okr-grade", Asks.MEMBERS, Readers.TEAM, Window(length=7 * _DAY), useful_for=3 * _DAY, report=None, adds_up=True
    ),
    Kind(
        "pulse",
        Asks.MEMBERS,
        Readers.TEAM,
        Window(working_days=5),
        Cadence(Frequency.MONTHLY, weekday=1, nth=2),
        time(10),
        useful_for=_DAY,
        alone=True,
    ),
    Kind("poll", Asks.MEMBERS, Readers.TEAM, Window(working_days=2), useful_for=2 * _DAY, alone=True),
    Kind(
        "decision-details",
        Asks.AUTHOR,
        Readers.TEAM,
        Window(length=timedelta(hours=24)),
        useful_for=_DAY,
        reminders=0,
        report=None,
        alone=True,
    ),
    Kind("decision", Asks.LEAD, Readers.TEAM, Window(working_days=3), useful_for=2 * _DAY, alone=True),
)

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _KINDS}

_MEETINGS = (
    MeetingKind("one-on-one", True, timedelta(minutes=30), Cadence(Frequency.WEEKLY), suggestions=3),
    MeetingKind("review", False, timedelta(hours=1), Cadence(Frequency.WEEKLY)),
    MeetingKind("strategy", False, timedelta(hours=2), Cadence(Frequency.QUARTERLY)),
    MeetingKind("retrospective", False, timedelta(hours=1), Cadence(Frequency.QUARTERLY)),
)

MEETINGS: Mapping[str, MeetingKind] = {kind.name: kind for kind in _MEETINGS}
