"""What each kind and each command does: the families of the house, gathered for the desk."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.inbound.commands import Command
from assistant.workflows import acts, explaining, finding, goals, helping, rearranging, wishes
from assistant.workflows.desk import Do, Habit

HABITS: Mapping[str, Habit] = {**goals.HABITS}
"""By kind of round."""

COMMANDS: Mapping[type[Command], Do] = {
    **acts.COMMANDS,
    **helping.COMMANDS,
    **rearranging.COMMANDS,
    **wishes.COMMANDS,
    **finding.COMMANDS,
    **explaining.COMMANDS,
    **goals.COMMANDS,
}
"""A line of a reply that is one of these is a command; others may be answers and are left to be read so."""
