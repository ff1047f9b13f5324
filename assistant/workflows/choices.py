"""Numbered choices: what is not certain is offered, and the reply "2" settles it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.views import Act, MeetingView
from assistant.inbound.commands import Choose, Command, No, Yes
from assistant.store import choices as store
from assistant.store.outbox import Mail
from assistant.workflows.desk import Desk, Request

_EXCERPT = 120


@dataclass(frozen=True, slots=True)
class Option:
    """``label`` is what the person reads: text, or the view of a meeting. ``line`` is one of our commands, carried out
    as if they had written it.

    ``context`` is the key of the meeting, or whatever else the line cannot name itself; the request then has it.
    """

    label: str | MeetingView
    line: str
    context: str = ""


def offer(desk: Desk, now: datetime, request: Request, options: Sequence[Option], said: str = "") -> Act:
    """To be shown by the receipt, after what they ``said``. With one option "yes" takes it as well."""
    lines = [(option.line, option.context) for option in options]
    store.offer(desk.db, now, request.person.address, request.inbound, lines)
    return Act("choose", text=" ".join(said.split())[:_EXCERPT], options=tuple(option.label for option in options))


def settle(
    desk: Desk, now: datetime, person: str, mail: Mail | None, commands: Sequence[Command]
) -> tuple[str, str] | Act | None:
    """The line and context that a reply to ``mail`` chose, or what to say where there is no such number or it said no.

    None where nothing was offered or the reply chose nothing. A second choice counts too: the newest is done.
    """
    lines = store.offered(desk.db, person, mail.id) if mail is not None else []
    if not lines or mail is None:
        return None
    match next((command for command in commands if isinstance(command, Choose | Yes | No)), None):
        case Choose(number=number) if not 1 <= number <= len(lines):
            return Act("no-such-choice", number=len(lines))
        case Choose(number=number):
            store.settled(desk.db, now, person, mail.id)
            return lines[number - 1]
        case Yes() if len(lines) == 1:
            store.settled(desk.db, now, person, mail.id)
            return lines[0]
        case No():
            store.settled(desk.db, now, person, mail.id)
            return Act("left-it")
        case _:
            return None
