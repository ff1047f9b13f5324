"""What templates see: flat, frozen, already filtered for the reader. Times are aware and in the reader's zone.

Every mail is one ``Frame`` with one or more sections; a section is a kind's name and one of the views below, which its
templates reach as ``view``, beside ``frame``. Text that people wrote stays as they wrote it; templates escape it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Who:
    name: str
    first_name: str
    zone: str = ""
    """The city of the zone ("Berlin"), for times shown beside others'."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The reader and the sender of a mail. ``parts`` counts its sections. ``language`` is the reader's."""

    reader: Who
    assistant: Who
    address: str
    now: datetime
    language: str
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a mail shows it. ``hints`` are lines of context: what was planned, what is still open."""

    number: int
    key: str
    text: str
    short: str
    hints: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class QuestionContext:
    """What ``questions.yaml`` may use. ``since`` is the previous day the person was asked, None at first."""

    today: date
    since: date | None = None
    about: str = ""
    meeting: str = ""


@dataclass(frozen=True, slots=True)
class BlockerLine:
    text: str
    who: str
    since: date
    days: int
    minutes: int | None = None
    closed: bool = False
    number: int | None = None
    """What people use to close it ("done 12"); None where it is not shown."""


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """What the reader said last time they would do."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class PromptView:
    """Any round's prompt to one person. ``teams`` are the titles whose members will read the answers.

    ``planned``, ``blockers`` and ``overdue`` tasks are the reader's own. ``note`` is a short fact of the assistant's
    life worth one line: "late" when the previous prompt was dropped because the machine was down, else "".
    """

    title: str
    day: date
    questions: tuple[Asked, ...]
    closes: datetime
    teams: tuple[str, ...] = ()
    about: str = ""
    planned: tuple[PlannedLine, ...] = ()
    blockers: tuple[BlockerLine, ...] = ()
    note: str = ""
    overdue: tuple[ActionLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderView:
    """``kind`` and ``title`` tell what is waiting; ``questions`` are those without an answer.

    ``subject`` is that of the mail that asked first, so that both stand in one thread; empty: title and day.
    """

    kind: str
    title: str
    day: date
    questions: tuple[Asked, ...]
    closes: datetime
    last: bool
    subject: str = ""


@dataclass(frozen=True, slots=True)
class StillOpenView:
    """To a chat channel, about a round that waits for answers: how many, and from nobody by name.

    ``zone`` is the city that ``closes`` is told in, where those who are asked live in several zones, else "".
    """

    title: str
    team: str
    day: date
    closes: datetime
    waiting: int
    zone: str = ""


@dataclass(frozen=True, slots=True)
class AnswerView:
    short: str
    text: str


@dataclass(frozen=True, slots=True)
class PersonAnswers:
    who: Who
    answers: tuple[AnswerView, ...]
    late: bool = False
    day: date | None = None
    """Set for a late answer: the day it belongs to."""


@dataclass(frozen=True, slots=True)
class AwayLine:
    who: str
    until: date | None
    """The last day away; None where it is open."""


@dataclass(frozen=True, slots=True)
class CheerLine:
    """A win of ``who`` or, with ``by``, praise of them. First names."""

    text: str
    who: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class DecisionLine:
    text: str
    who: str


@dataclass(frozen=True, slots=True)
class DigestView:
    """What came of a round. ``highlights`` are (name, line); ``late`` belongs to earlier days."""

    kind: str
    title: str
    team: str
    day: date
    asked: int
    answered: int
    people: tuple[PersonAnswers, ...]
    silent: tuple[str, ...]
    away: tuple[AwayLine, ...]
    highlights: tuple[tuple[str, str], ...]
    blockers: tuple[BlockerLine, ...]
    late: tuple[PersonAnswers, ...] = ()
    not_asked: tuple[str, ...] = ()
    """Names whose prompt was dropped because the machine was down."""
    about: str = ""
    quiet: bool = False
    """Nobody in this team has named a blocker for ten working days; set only in the lead's copy."""
    decisions: tuple[DecisionLine, ...] = ()
    """Of the team, since the reader's previous one."""
    cheers: tuple[CheerLine, ...] = ()
    goals: tuple[GoalMove, ...] = ()
    """The key results that the answers name."""


@dataclass(frozen=True, slots=True)
class MeetingView:
    """``title`` is the reader's ("1:1 Mia and Sam"). ``elsewhere`` are (name, local start, city) in other zones."""

    title: str
    kind: str
    private: bool
    start: datetime
    end: datetime
    zone: str
    people: tuple[Who, ...]
    elsewhere: tuple[tuple[str, datetime, str], ...] = ()
    link: str = ""
    days_ahead: int = 0


@dataclass(frozen=True, slots=True)
class PointLine:
    """``since`` is set where the point was carried over from an earlier occurrence."""

    text: str
    who: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class ActionLine:
    number: int
    text: str
    who: str
    due: date | None
    overdue: bool = False
    done: bool = False
    holds: tuple[int, ...] = ()
    """The numbers of open ones that wait for it."""


@dataclass(frozen=True, slots=True)
class AgendaCallView:
    meeting: MeetingView
    questions: tuple[Asked, ...]
    closes: datetime
    points: tuple[PointLine, ...]
    topics: tuple[str, ...]
    suggestions: tuple[str, ...]
    actions: tuple[ActionLine, ...] = ()
    first: bool = False
    """It is the first 1:1 of the two, and ``suggestions`` are how it may go."""
    optional: bool = False
    """The reader need not come."""


@dataclass(frozen=True, slots=True)
class AgendaView:
    """``week`` is the written status of the report, attached so that the talk need not cover it; ``goals`` are
    the key results they answer for."""

    meeting: MeetingView
    points: tuple[PointLine, ...]
    topics: tuple[str, ...]
    actions: tuple[ActionLine, ...]
    documentarian: str
    week: tuple[PersonAnswers, ...] = ()
    suggestions: tuple[str, ...] = ()
    goals: tuple[GoalMove, ...] = ()
    first: bool = False
    """It is the first 1:1 of the two, and ``suggestions`` are how it may go."""
    feedback: tuple[AnswerView, ...] = ()
    """What the report got lately, as far as both may see it, by whom."""
    asks_rhythm: bool = False
    """The reader is asked how often they want feedback."""


@dataclass(frozen=True, slots=True)
class NotesView:
    meeting: MeetingView
    questions: tuple[Asked, ...]
    points: tuple[PointLine, ...]
    closes: datetime


@dataclass(frozen=True, slots=True)
class SummaryView:
    meeting: MeetingView
    decisions: tuple[str, ...]
    actions: tuple[ActionLine, ...]
    takeaways: tuple[str, ...]
    points: tuple[PointLine, ...]
    author: str
    next_start: datetime | None
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class FeedbackView:
    meeting: MeetingView
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class MovedView:
    """``reason``: "conflict", "holiday", "away", "hours" or "asked"; ``start`` None: this occurrence is skipped."""

    meeting: MeetingView
    was: datetime
    start: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class OtherTimesView:
    """The time somebody asked for does not suit everybody; these would, in the reader's zone. It stays for now."""

    meeting: MeetingView
    times: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """One person's own week: what they said they did, plan, and are kept from."""

    who: Who
    done: tuple[str, ...]
    next: tuple[str, ...]
    blockers: tuple[BlockerLine, ...]
    actions: tuple[ActionLine, ...]
    answered: int
    asked: int


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    title: str
    start: datetime
    held: bool
    """False: skipped or moved out of the week."""
    summarised: bool


@dataclass(frozen=True, slots=True)
class GoalMove:
    """A key result in a week: where it was and where it is, in percent of its way. ``danger``: "" for none."""

    code: str
    text: str
    before: int
    share: int
    danger: str = ""


@dataclass(frozen=True, slots=True)
class TeamGoalsWeek:
    """``moves`` are the key results that got a value or are in danger; ``fresh`` and ``average`` are percents of all
    of the team's: with news within two weeks, and how far they are on average."""

    moves: tuple[GoalMove, ...]
    fresh: int
    average: int


@dataclass(frozen=True, slots=True)
class KpiLine:
    """``values`` are the newest, oldest first; ``trend``: "up", "down", "level" or ""; ``course``: "good", "bad" or "";
    ``number`` is that of its question, where it is asked about."""

    name: str
    unit: str
    owner: str
    value: float | None = None
    day: date | None = None
    target: float | None = None
    low: float | None = None
    high: float | None = None
    weak: bool = False
    trend: str = ""
    course: str = ""
    values: tuple[float, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """A team's week, without anything private. ``people`` is empty in the view of the managers above."""

    title: str
    asked: int
    answered: int
    people: tuple[PersonWeek, ...]
    blockers_open: tuple[BlockerLine, ...]
    blockers_closed: tuple[BlockerLine, ...]
    actions_due: tuple[ActionLine, ...]
    actions_done: tuple[ActionLine, ...]
    meetings: tuple[HeldMeeting, ...]
    one_on_ones_held: int = 0
    one_on_ones_planned: int = 0
    goals: TeamGoalsWeek | None = None
    cheers: tuple[CheerLine, ...] = ()
    """The team's wins and praise; only their number is compared with anything, and only with what is wished for."""
    decisions: tuple[DecisionLine, ...] = ()
    pulse: tuple[tuple[date, float], ...] = ()
    """The averages of the team's closed pulses, oldest first; only for who may read its answers."""
    kpis: tuple[KpiLine, ...] = ()
    """Those that have a value."""


@dataclass(frozen=True, slots=True)
class RollupView:
    """``week`` is the ISO week number; ``since`` and ``until`` bound it, both inclusive local dates."""

    week: int
    since: date
    until: date
    own: PersonWeek | None
    teams: tuple[TeamWeek, ...]
    below: tuple[TeamWeek, ...] = ()


@dataclass(frozen=True, slots=True)
class WelcomeView:
    """The first mail to a person. ``readers`` are the titles of the teams that read the answers."""

    operator: str
    rounds: tuple[tuple[str, str, str, datetime], ...]
    """(kind, title, "daily", "weekly" … or "" for a rhythm that needs more words, next local instant)"""
    meetings: tuple[str, ...]
    readers: tuple[str, ...]
    goals: bool = False
    """Their team sets goals, and looks at KPIs."""
    kpis: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    question: str
    text: str


Label = str | date | datetime | MeetingView
"""What may be chosen by number."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a command did; besides ``what`` it has what its sentence needs.

    ``what``: "skip", "away", "back", "stop", "resume", "done", "unknown-number", "not-yours", "undone", "nothing-open",
    "reminders" (``number`` is the most), "mailed" (a mail of its own says it). An act of a ``family`` ("goals") is
    worded in ``<family>/acts.j2`` and brings what that needs as ``view``. "choose" has what a number can be replied
    for in ``options``; "no-such-choice" (``number`` is the last) and "left-it" answer such a reply.
    """

    what: str
    text: str = ""
    number: int | None = None
    first: date | None = None
    last: date | None = None
    kind: str = ""
    family: str = ""
    view: object = None
    options: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """``corrected``: this replaced an earlier answer. ``unclear`` are pieces we could not place; ``open`` the questions
    still without an answer."""

    title: str
    understood: tuple[Understood, ...]
    unclear: tuple[str, ...]
    open: tuple[Asked, ...]
    acts: tuple[Act, ...] = ()
    corrected: bool = False
    late: bool = False
    mixed: bool = False
    """The mail asked for several audiences, so we did not guess which answer was meant for whom."""
    subject: str = ""
    """That of the mail it belongs to, so that both stand in one thread; empty: the title."""
    choices: tuple[Label, ...] = ()
    """What may be replied for by number."""
    first: bool = False
    """The first answer that the reader ever gave."""


@dataclass(frozen=True, slots=True)
class HelpView:
    """``actions`` are the reader's own open ones; ``next`` what comes to them next: (title, local instant)."""

    actions: tuple[ActionLine, ...]
    next: tuple[tuple[str, datetime], ...]
    unknown: bool = False
    """True when it answers a mail that we could make nothing of."""
    goal: str = ""
    """A key result of theirs for the examples ("KR4"), and a KPI."""
    kpi: str = ""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """To the operator: what needs a human. Lines hold ids and places, never anybody's words."""

    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvitedView:
    """The mail that brings an event to a calendar. ``what``: "new", "changed" or "cancelled".

    ``dates`` are its next starts; ``minutes`` is how long it is.
    """

    meeting: MeetingView
    what: str
    minutes: int
    dates: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class InvitationView:
    """For ``title.txt.j2`` and ``description.txt.j2`` of a meeting. ``points``: None until the agenda is mailed."""

    title: str
    people: tuple[Who, ...]
    topics: tuple[str, ...]
    link: str
    address: str
    private: bool
    points: tuple[PointLine, ...] | None = None
