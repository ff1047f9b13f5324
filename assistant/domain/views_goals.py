"""What the templates of goals see. Shares are whole percents; figures come with their unit and are set by templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from assistant.domain.views import ActionLine, Asked


@dataclass(frozen=True, slots=True)
class CycleView:
    """``quarter`` is 1 to 4, or 0 for a year."""

    quarter: int
    year: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ResultView:
    """``share`` is how far it is, ``line`` how far it would be on the straight line. ``danger``: "", "behind",
    "overdue" or "unlikely". ``weight`` is its share of the objective. ``needs`` are teams beyond its owners'."""

    code: str
    name: str
    text: str
    measure: str
    moonshot: bool
    start: float
    target: float
    unit: str
    value: float | None
    share: int
    line: int
    colour: str
    weight: int
    owners: tuple[str, ...] = ()
    due: date | None = None
    danger: str = ""
    stale: bool = False
    outlook: float | None = None
    said: date | None = None
    standing: str = "open"
    needs: tuple[str, ...] = ()
    at_most: bool = False
    number: int = 0
    """Of its question, where it is asked about."""


@dataclass(frozen=True, slots=True)
class ObjectiveView:
    """``parent`` and ``children`` are other objectives as people see them ("O3 Be the first choice", "Product")."""

    code: str
    text: str
    team: str
    owner: str
    label: str
    share: int
    colour: str
    results: tuple[ResultView, ...]
    cycle: CycleView
    draft: bool = False
    parent: tuple[str, str] | None = None
    children: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class HealthView:
    """In percent, and points for the design; None where there is nothing to measure.

    ``silent`` are the key results without news, where they are too many.
    """

    fresh: int | None
    design: int | None
    average: int | None
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A key result that another team has a part in."""

    code: str
    text: str
    team: str
    other: str


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """``what`` and ``figure`` as in ``goal_design.Advice``; ``about`` are codes ("KR2")."""

    what: str
    about: tuple[str, ...]
    figure: int


@dataclass(frozen=True, slots=True)
class ExampleView:
    area: str
    objective: str
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftCallView:
    """``above`` are what this could serve. ``proposed``: drafts of the team that are there. ``lessons``: (what, words).

    ``beginner``: the team has no goals behind it.
    """

    team: str
    cycle: CycleView
    questions: tuple[Asked, ...]
    closes: datetime
    lead: bool
    above: tuple[tuple[str, str], ...] = ()
    proposed: tuple[str, ...] = ()
    lessons: tuple[tuple[str, str], ...] = ()
    examples: tuple[ExampleView, ...] = ()
    beginner: bool = False


@dataclass(frozen=True, slots=True)
class DesignLine:
    objective: ObjectiveView
    score: int
    advice: tuple[AdviceLine, ...]


@dataclass(frozen=True, slots=True)
class DesignView:
    """A draft as it was understood. ``unclear`` are lines that say nothing we know. ``lead`` publishes; ``mine``: the
    reader. ``author`` wrote it, empty where the reader did. ``waiting``: the cycle has begun."""

    team: str
    cycle: CycleView
    designs: tuple[DesignLine, ...]
    lead: str
    mine: bool
    author: str = ""
    unclear: tuple[str, ...] = ()
    needs: tuple[NeedLine, ...] = ()
    lessons: tuple[tuple[str, str], ...] = ()
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class TeamGoals:
    title: str
    objectives: tuple[ObjectiveView, ...]


@dataclass(frozen=True, slots=True)
class GoalsView:
    """``what``: "asked" or "news" (just published); ``who`` names whose they are, empty for the reader's own."""

    what: str
    teams: tuple[TeamGoals, ...]
    health: HealthView | None = None
    needs: tuple[NeedLine, ...] = ()
    who: str = ""


@dataclass(frozen=True, slots=True)
class GoalUpdateView:
    """``results`` stand in the order of the questions."""

    cycle: CycleView
    questions: tuple[Asked, ...]
    results: tuple[ResultView, ...]
    closes: datetime
    day: date


@dataclass(frozen=True, slots=True)
class GoalDangerView:
    """``owners`` are first names; ``mine``: the reader is one."""

    result: ResultView
    objective: str
    team: str
    cycle: CycleView
    mine: bool
    comment: str = ""


@dataclass(frozen=True, slots=True)
class GoalGivenView:
    """A key result has other owners, ``to`` whom it was given. ``mine``: the reader is one now, else was before."""

    result: ResultView
    objective: str
    team: str
    cycle: CycleView
    by: str
    to: tuple[str, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class GradeLine:
    result: ResultView
    how: str
    learned: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ObjectiveGrade:
    objective: ObjectiveView
    verdict: str
    grades: tuple[GradeLine, ...]


@dataclass(frozen=True, slots=True)
class GoalResultsView:
    """``talk`` names the meeting whose next agenda holds the missed roofshots, empty where there is none."""

    team: str
    cycle: CycleView
    grades: tuple[ObjectiveGrade, ...]
    health: HealthView
    talk: str = ""


@dataclass(frozen=True, slots=True)
class ValueLine:
    """``share`` in percent. ``what``: "" for a value, else "revised", "replaced", "tracked", "done" or "given".

    What was revised has its target and date ``before`` and ``after``; ``text`` is what it was replaced by, or to whom
    it was given.
    """

    day: date
    who: str
    value: float | None = None
    share: int = 0
    outlook: float | None = None
    comment: str = ""
    what: str = ""
    before: float | None = None
    after: float | None = None
    was_due: date | None = None
    due: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class GoalHistoryView:
    result: ResultView
    objective: str
    team: str
    cycle: CycleView
    lines: tuple[ValueLine, ...]
    mentions: tuple[tuple[date, str, str], ...] = ()
    tasks: tuple[ActionLine, ...] = ()
    """What is done for it, open and done."""


@dataclass(frozen=True, slots=True)
class GoalAct:
    """What the sentence of an act needs beside ``Act.what``; see ``goals/acts.j2``."""

    code: str = ""
    text: str = ""
    unit: str = ""
    value: float | None = None
    before: float | None = None
    target: float | None = None
    share: int | None = None
    who: str = ""
    said: str = ""
    day: date | None = None
    codes: tuple[str, ...] = ()
    number: int = 0
