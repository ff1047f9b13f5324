"""Commands of which only the beginning was written: "decision:" with nothing behind, "move 12"."""

from __future__ import annotations

from assistant.inbound.commands.everyday import Incomplete
from assistant.inbound.commands.line import MARKS, Found, Line, Rule, World, numbers, one, people
from assistant.inbound.keywords import CLEAR, keywords
from assistant.inbound.words.fold import words

BODIES = (
    "ask_decision", "decide", "announce", "win", "point", "poll", "objective", "search", "new_kpi", "project",
    "plan_step", "plan_aspiration", "plan_skill", "plan_gap", "task",
)  # fmt: skip
"""Keywords that want words behind them."""
ABOUT_SOMEBODY = ("feedback_for", "praise")
ABOUT_A_TASK = ("move_task", "assign", "priority", "estimate", "spent")
PLAN = "plan"
LEAST = 5
"""Letters of a keyword that may stand without a colon: "todo" and "add" mean much else."""


def _bare(line: Line, world: World) -> Found | None:
    """A keyword and nothing else; without a colon only where no question was asked."""
    if not line.alone or not line.folded:
        return None
    colon = line.text.rstrip().endswith((":", "："))
    if not colon and (world.known.questions or len("".join(line.folded)) < LEAST):
        return None
    for keyword in BODIES:
        if line.is_in(keyword) == CLEAR:
            return one(Incomplete(PLAN if keyword.startswith(PLAN) else keyword, line=line.text))
    return None


def _about(line: Line, world: World) -> Found | None:
    """ "feedback for Sam:", "kudos to Ana": whom it is about, and not what."""
    for keyword in ABOUT_SOMEBODY if line.alone else ():
        head = line.head(keyword)
        names = line.behind(head.after).strip(MARKS) if head is not None else ""
        known = _only_names(names, world)
        if head is not None and (known or (not names and line.text.rstrip().endswith(":"))):
            return one(Incomplete(keyword, names, line=line.text))
    return None


def _only_names(text: str, world: World) -> bool:
    """Whether a text names people and says nothing else: "Sam and Ana", not "Sam was great"."""
    who = people(text, world) if words(text) else []
    known = {word for one_ in world.known.people for word in words(one_.name)} | keywords("and")
    return bool(who) and all("@" in one_.name for one_ in who) and set(words(text)) <= known


def _numbered(line: Line, world: World) -> Found | None:
    """ "move 12", "assign 12": the task, and not where to."""
    for keyword in ABOUT_A_TASK if line.alone else ():
        head = line.head(keyword)
        found, after = numbers(line, head.after) if head is not None else ([], 0)
        if found and after == len(line.folded):
            return one(Incomplete(keyword, str(found[0]), line=line.text))
    return None


RULES: tuple[Rule, ...] = (_bare, _about, _numbered)
