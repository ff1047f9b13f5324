"""What every workflow works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from assistant.domain.people import Person
from assistant.domain.questions import Question
from assistant.domain.setup import Setup
from assistant.domain.views import Act, Asked
from assistant.inbound.commands import Command
from assistant.render import Renderer
from assistant.store.outbox import Mail
from assistant.store.rounds import Occurrence, Prompt
from assistant.store.timers import Timer

Guard = Callable[[str], AbstractContextManager[None]]
"""Entered around one piece of work, named by its argument, so that a fault in it stops only itself.

The daemon's guard notes the fault and goes on; ``no_guard`` of the tests lets it through."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command as it arrived: from whom, in which mail, about which mail of ours and which prompts, if any."""

    person: Person
    inbound: int
    about: Mail | None = None
    prompts: Sequence[Prompt] = ()


@dataclass(frozen=True, slots=True)
class Habit:
    """What a kind of round has beside its data, where its questions, its answers or its end need the store.

    What is left out is done as for any round. ``questions`` are those for one person, in the language given; with none
    the person is not asked. ``view`` is what the kind's templates see, ``title`` what a mail calls it. ``answered``
    follows the newest answers to a prompt, instead of ``Kind.apply``, and gives what a receipt should say of it;
    ``closed`` comes once when the occurrence closes, instead of the kind's report.
    """

    questions: Callable[[Desk, datetime, Person, Prompt, str], Sequence[Question]] | None = None
    title: Callable[[Desk, Person, Prompt, str], str] | None = None
    view: Callable[[Desk, datetime, Person, Prompt, tuple[Asked, ...], datetime], object] | None = None
    answered: Callable[[Desk, datetime, Person, Prompt, int], Sequence[Act]] | None = None
    closed: Callable[[Desk, datetime, Occurrence], None] | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """The open store, the setup now in force, the templates, and what each kind and command does.

    ``account`` names the mail account we send from, ``calendar`` the calendar account; ``subaddress`` is what the mail
    account's addresses take before a tag, None where they take none.
    """

    db: Database
    setup: Setup
    render: Renderer
    account: str = "main"
    calendar: str = "main"
    subaddress: str | None = "+"
    habits: Mapping[str, Habit] = field(default_factory=dict)
    commands: Mapping[type[Command], Do] = field(default_factory=dict)


Do = Callable[[Desk, datetime, Request, Any], Sequence[Act]]
"""What a command does, at once and only to what is theirs who wrote it; gives what a receipt should say of it.

The last argument is the command, of the class under which this stands in ``Desk.commands``."""

Handler = Callable[[Desk, Timer, datetime], None]
"""What a due timer calls, inside a transaction in which the timer itself is gone already."""
