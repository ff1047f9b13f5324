"""People, gathered: feedback, praise, plans, who joins and who leaves."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.inbound.commands import Command
from assistant.workflows import cheers, feedback, feedback_asked, growth, joining, leaving, meeting_reviews
from assistant.workflows.desk import Do, Habit, Handler

sync = leaving.sync

HABITS: Mapping[str, Habit] = {
    **feedback.HABITS,
    **feedback_asked.HABITS,
    **cheers.HABITS,
    **growth.HABITS,
    **joining.HABITS,
    **leaving.HABITS,
    **meeting_reviews.HABITS,
}
COMMANDS: Mapping[type[Command], Do] = {
    **feedback.COMMANDS,
    **feedback_asked.COMMANDS,
    **cheers.COMMANDS,
    **growth.COMMANDS,
}
HANDLERS: Mapping[str, Handler] = {
    **feedback.HANDLERS,
    **feedback_asked.HANDLERS,
    **cheers.HANDLERS,
    **joining.HANDLERS,
    **leaving.HANDLERS,
    **meeting_reviews.HANDLERS,
}
