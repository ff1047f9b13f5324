"""Numbered choices: what is not certain is offered, and the reply "2" settles it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from assistant.domain.views import Act, Label
from assistant.inbound.commands import Choose, Command, No, Yes
from assistant.inbound.times import Candidate
from assistant.store import choices as store
from assistant.store.outbox import Mail
from assistant.workflows.desk import Desk, Request

_EXCERPT = 120
_READING = "reading "
_COMMON = ("line", "confidence", "alternatives")


@dataclass(frozen=True, slots=True)
class Option:
    """``label`` is what the person reads. ``line`` is one of our commands, carried out
    as if they had written it.

    ``context`` is the key of the meeting, or whatever else the line cannot name itself; the request then has it.
    """

    label: Label
    line: str
    context: str = ""


def offer(desk: Desk, now: datetime, request: Request, options: Sequence[Option], said: str = "") -> Act:
    """To be shown by the receipt, after what they ``said``. With one option "yes" takes it as well."""
    lines = [(option.line, option.context) for option in options]
    store.offer(desk.db, now, request.person.address, request.inbound, lines)
    return Act("choose", text=" ".join(said.split())[:_EXCERPT], options=tuple(option.label for option in options))


def propose(desk: Desk, now: datetime, request: Request, command: Command) -> Act:
    """A command that may mean several things, or that may not have been meant as one: each reading by its number."""
    readings = _readings(command)
    options = [
        Option(_label(desk, request, readings, reading), command.line, f"{_READING}{number}")
        for number, reading in enumerate(readings)
    ]
    return offer(desk, now, request, options, command.line if len(options) > 1 else "")


def reading(commands: Sequence[Command], context: str) -> list[Command]:
    """The reading that was chosen, for certain; where none was offered, the commands as they are."""
    if not context.startswith(_READING) or not commands:
        return list(commands)
    readings = _readings(commands[0])
    return [replace(readings[int(context.removeprefix(_READING))], confidence=1.0)]


def _readings(command: Command) -> list[Command]:
    return [replace(command, alternatives=()), *command.alternatives]


def _label(desk: Desk, request: Request, readings: Sequence[Command], one: Command) -> Label:
    """What tells one reading from the others: a name, a day or a time."""
    for each in fields(one):
        value = getattr(one, each.name)
        if each.name not in _COMMON and any(getattr(other, each.name, None) != value for other in readings):
            if isinstance(value, tuple) and value and isinstance(value[0], Candidate):
                return request.person.local(value[0].period.start)
            if isinstance(value, date):
                return value
            mine = value == "me" or (value is None and each.name == "owner")  # a task without a name
            named = request.person.address if mine else value
            person = desk.setup.people.get(named) if isinstance(named, str) else None
            return person.name if person is not None else str(value)
    return one.line


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
