"""What each kind and each command does: the families of the house, gathered for the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from assistant.domain.views import Act
from assistant.inbound.commands import Command
from assistant.workflows import (
    acts,
    announcing,
    deciding,
    explaining,
    finding,
    goals,
    helping,
    kpis,
    people,
    polls,
    pulse,
    rearranging,
    task_projects,
    tasks,
    wishes,
)
from assistant.workflows.desk import Desk, Do, Habit, Request

HABITS: Mapping[str, Habit] = {
    **goals.HABITS,
    **people.HABITS,
    **polls.HABITS,
    **pulse.HABITS,
    **deciding.HABITS,
    **kpis.HABITS,
}
"""By kind of round."""


def _gathered(*families: Mapping[type[Command], Do]) -> Mapping[type[Command], Do]:
    """Where several families know a command, the first for whom it is one does it: "decline", "history of …"."""
    found: dict[type[Command], Do] = {}
    for family in families:
        for command, do in family.items():
            found[command] = _either(found[command], do) if command in found else do
    return found


def _either(first: Do, second: Do) -> Do:
    def do(desk: Desk, now: datetime, request: Request, said: Any) -> Sequence[Act] | None:
        done = first(desk, now, request, said)
        return second(desk, now, request, said) if done is None else done

    return do


COMMANDS: Mapping[type[Command], Do] = _gathered(
    acts.COMMANDS,
    helping.COMMANDS,
    rearranging.COMMANDS,
    wishes.COMMANDS,
    finding.COMMANDS,
    explaining.COMMANDS,
    tasks.COMMANDS,
    task_projects.COMMANDS,
    kpis.COMMANDS,
    goals.COMMANDS,
    people.COMMANDS,
    polls.COMMANDS,
    announcing.COMMANDS,
    deciding.COMMANDS,
)
"""A line of a reply that is one of these is a command; others may be answers and are left to be read so."""
