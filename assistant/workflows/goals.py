"""Objectives and key results, as the rest of the house sees them.

``current`` and ``find`` are for agendas, rollups, tasks and KPIs; ``measures`` tells the grammar what people call key
results; ``mentions`` ties an answer to the key results it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from assistant.domain.people import Person
from assistant.inbound.commands import Command, NewObjective
from assistant.inbound.words.fold import words
from assistant.store import goals as store
from assistant.store import rounds as rounds_store
from assistant.store.rounds import Prompt
from assistant.store.timers import Timer
from assistant.workflows import (
    goal_commands,
    goal_drafts,
    goal_news,
    goal_owners,
    goal_results,
    goal_timing,
    goal_updates,
)
from assistant.workflows.desk import Desk, Do, Habit, Handler
from assistant.workflows.goal_book import Book, Found, Match, current, find, measures, needed

__all__ = ["COMMANDS", "HABITS", "HANDLERS", "WRITERS", "Book", "Found", "Match", "current", "find", "measures",
           "mentions", "needed", "record", "sync"]  # fmt: skip


def mentions(desk: Desk, now: datetime, person: Person, prompt: Prompt, inbound: int) -> None:
    """Which key results the answers of one reply name ("KR2", "#KR2"): what was done is tied to what it moved."""
    if desk.setup.goals is None or prompt.kind.startswith("okr-"):
        return
    for question, answer in rounds_store.answers_in(desk.db, prompt.id, inbound).items():
        for code in _codes(answer.text):
            found = find(desk, now, person, code).readable
            if len(found) == 1:
                store.mention(desk.db, now, found[0].result.id, prompt.id, question, person.address)


def _codes(text: str) -> list[str]:
    said = words(text)
    return list(dict.fromkeys(f"KR{n}" for word, n in pairwise(said) if word == "kr" and n.isdecimal() and len(n) <= 3))


sync = goal_timing.sync
record = goal_updates.record
"""Keeps a value of a key result, or says why not: for a KPI that is one."""

HABITS: Mapping[str, Habit] = {
    "okr-draft": goal_drafts.HABIT,
    "okr-update": goal_updates.HABIT,
    "okr-grade": goal_results.HABIT,
    "goal-danger": goal_updates.ABOUT_ONE,
    "goal-given": goal_updates.ABOUT_ONE,
}
COMMANDS: Mapping[type[Command], Do] = {
    **goal_commands.COMMANDS,
    **goal_owners.COMMANDS,
    NewObjective: goal_drafts.propose,
}
HANDLERS: Mapping[str, Handler] = goal_timing.HANDLERS
WRITERS: Mapping[str, Callable[[Desk, Sequence[Timer], datetime], None]] = {"goal-news": goal_news.write_all}
