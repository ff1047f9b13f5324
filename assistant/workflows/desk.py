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
from assistant.domain.setup import Series, Setup
from assistant.domain.views import Act, Asked
from assistant.inbound.commands import Command
from assistant.inbound.reply import Segment
from assistant.render import Renderer
from assistant.store.outbox import Mail
from assistant.store.rounds import Occurrence, Prompt
from assistant.store.timers import Timer

Guard = Callable[[str], AbstractContextManager[None]]
"""Entered around one piece of work, named by its argument, so that a fault in it stops only itself.

The daemon's guard notes the fault and goes on; ``no_guard`` of the tests lets it through."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command as it arrived: from whom, in which mail, about which mail of ours and which prompts, if any.

    ``original`` is the very mail replied to, ``about`` the one that asked where that is a reminder or a receipt.
    ``context`` is what a choice by number was about, as the key of a meeting.
    """

    person: Person
    inbound: int
    about: Mail | None = None
    prompts: Sequence[Prompt] = ()
    context: str = ""
    original: Mail | None = None


@dataclass(frozen=True, slots=True)
class Habit:
    """What a kind of round has beside its data, where its questions, its answers or its end need the store.

    What is left out is done as for any round. ``questions`` are those for one person, in the language given; with none
    the person is not asked. ``view`` is what the kind's templates see, ``title`` what a mail calls it. ``answered``
    follows the newest answers to a prompt, instead of ``Kind.apply``, and gives what a receipt should say of it;
    ``opened`` comes once when the occurrence opens, ``closed`` once when it closes, instead of the kind's report.
    ``replied`` is given what somebody writes in reply to a mail of this kind that asked nothing, beside commands.
    """

    questions: Callable[[Desk, datetime, Person, Prompt, str], Sequence[Question]] | None = None
    title: Callable[[Desk, Person, Prompt, str], str] | None = None
    view: Callable[[Desk, datetime, Person, Prompt, tuple[Asked, ...], datetime], object] | None = None
    answered: Callable[[Desk, datetime, Person, Prompt, int], Sequence[Act]] | None = None
    closed: Callable[[Desk, datetime, Occurrence], None] | None = None
    opened: Callable[[Desk, datetime, Occurrence], None] | None = None
    replied: Callable[[Desk, datetime, Request, str], Sequence[Act] | None] | None = None
    previous: Callable[[Desk, Prompt, str], str | None] | None = None
    """What "same as before" means to the question of that key, where it is not the last answer to it."""
    speaks: bool = False
    """The acts that ``answered`` gives say all there is to say: a receipt does not repeat the person's words."""
    takes: Takes | None = None
    """Reads a reply to its prompt as a whole, in place of questions with answers; such a kind is asked alone."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mail account: its name, our address there, and what that takes before a tag (None: it takes none)."""

    account: str
    address: str
    subaddress: str | None = "+"


@dataclass(frozen=True, slots=True)
class Desk:
    """The open store, the setup now in force, the templates, the accounts, and what each kind and command does.

    Of the accounts, by name, the first serves whoever names none; ``calendars`` has our address at each. Where nothing
    is said of accounts, there is one for all, called "main".
    """

    db: Database
    setup: Setup
    render: Renderer
    mailboxes: Mapping[str, Mailbox] = field(default_factory=dict)
    calendars: Mapping[str, str] | None = None
    habits: Mapping[str, Habit] = field(default_factory=dict)
    commands: Mapping[type[Command], Do] = field(default_factory=dict)

    def mailbox(self, person: Person) -> Mailbox:
        """Through which we write to them."""
        first = next(iter(self.mailboxes.values()), None) or Mailbox("main", self.setup.assistant.address)
        return self.mailboxes.get(person.mail or "", first)

    def mailbox_at(self, address: str, person: Person) -> Mailbox:
        """Through which we write to them as ``address``; their own where we get no mail there."""
        own = self.mailbox(person)
        at_it = (mailbox for mailbox in self.mailboxes.values() if mailbox.address == address)
        return own if own.address == address else next(at_it, own)

    @property
    def organizers(self) -> Mapping[str, str]:
        """Our address by calendar account."""
        return {"main": self.setup.assistant.address} if self.calendars is None else self.calendars

    def calendar_of(self, person: Person) -> str | None:
        """The account that has their calendar; None where there is none that we could ask."""
        organizers = self.organizers
        if person.by_mail or not organizers:
            return None
        return person.calendar if person.calendar in organizers else next(iter(organizers))

    def calendar_for(self, series: Series) -> str:
        """The one account whose calendar has the series: that of who leads it. "" where there are no calendars."""
        lead = self.setup.people.get(series.lead)
        return (self.calendar_of(lead) if lead is not None else None) or next(iter(self.organizers), "")


Do = Callable[[Desk, datetime, Request, Any], Sequence[Act] | None]
"""What a command does, at once and only to what is theirs who wrote it; gives what a receipt should say of it.

None: it is none here, as "accept" in reply to a question; the line is then read as part of an answer.
The last argument is the command, of the class under which this stands in ``Desk.commands``."""

Takes = Callable[[Desk, datetime, Request, Prompt, Sequence[Segment], Sequence[Command]], "Taken | None"]
"""Of what was newly said and what of it may be commands. None: it has nothing to do with this prompt."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a receipt should say of a reply taken as a whole, and which commands in it are still to be carried out."""

    acts: Sequence[Act]
    commands: Sequence[Command] = ()


Handler = Callable[[Desk, Timer, datetime], None]
"""What a due timer calls, inside a transaction in which the timer itself is gone already."""
