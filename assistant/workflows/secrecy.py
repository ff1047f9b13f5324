"""What may be done of a reply whose words nobody may tell: only what is said of the mail itself, never of others."""

from __future__ import annotations

from assistant.inbound.commands import Away, ClosePoll, Command, Help, Reminders, Resume, Skip, Stop, Why

_HARMLESS = (Away, ClosePoll, Help, Reminders, Resume, Skip, Stop, Why)


def harmless(command: Command) -> bool:
    """Whether carrying it out tells nothing of what else was said; no other line of such a reply is a command."""
    return isinstance(command, _HARMLESS)
