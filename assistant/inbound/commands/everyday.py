"""Commands about oneself and about meetings: absence, what comes and when, where one is, accept, move, cancel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from assistant.inbound.commands.base import Command
from assistant.inbound.times import Candidate

# Any mail


@dataclass(frozen=True, slots=True)
class Help(Command):
    """ "help"."""


@dataclass(frozen=True, slots=True)
class Why(Command):
    """ "why did I get this?"."""


@dataclass(frozen=True, slots=True)
class Incomplete(Command):
    """ "decision:" or "move 12" and nothing more: ``what`` is the keyword, ``about`` the person or task it names."""

    what: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Yes(Command):
    """The whole reply is yes."""


@dataclass(frozen=True, slots=True)
class No(Command):
    """The whole reply is no."""


@dataclass(frozen=True, slots=True)
class Choose(Command):
    """The whole reply is the number of an offered choice, counted from 1."""

    number: int


# What comes, and when


@dataclass(frozen=True, slots=True)
class Skip(Command):
    """Not this time."""


@dataclass(frozen=True, slots=True)
class Away(Command):
    """Whole local days, both inclusive; ``last`` None is until further notice. "Until Monday" is back on Monday."""

    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Stop(Command):
    """``kind`` is a kind of mail ("check-in", "weekly-update", …); None is everything."""

    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Resume(Command):
    """Undoes `Stop` and ends an absence: "resume", "start check-ins", "I'm back"."""

    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Reminders(Command):
    """``times`` a prompt: 0, 1 or 2."""

    times: int


@dataclass(frozen=True, slots=True)
class AskAt(Command):
    """When to be asked, local: "check-in at 8:30", "at 8:30 from now on"; ``kind`` None is whatever was asked."""

    at: time
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Hours(Command):
    """Working hours, local: "my hours 8-16"; ``start`` is before ``end``."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Zone(Command):
    """``name`` is an IANA zone; from ``first`` (None: now) to ``last`` inclusive (None: for good)."""

    name: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Language(Command):
    """The language of our mails: ``code`` is a two-letter one that the grammar knows."""

    code: str


# Meetings


@dataclass(frozen=True, slots=True)
class MoveMeeting(Command):
    """ "move to Thursday 3pm", "could we do Thursday afternoon instead?", "an hour later", "later".

    ``candidates`` are what was proposed, UTC; ``shift`` is relative to the present start, negative is earlier; ``at``
    is a local time told without a day: that of the meeting. None of them means: another time, please propose. ``kind``
    is the kind of meeting if named ("one-on-one", "review", …), ``day`` the local day of the occurrence if named
    ("move Tuesday's 1:1 to Thursday").
    """

    candidates: tuple[Candidate, ...] = ()
    shift: timedelta | None = None
    kind: str | None = None
    day: date | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class CancelMeeting(Command):
    """ "cancel this week's 1:1"; ``first`` to ``last`` are the local days it may be on, None: the one asked about."""

    kind: str | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Accept(Command):
    """The whole reply accepts."""


@dataclass(frozen=True, slots=True)
class Decline(Command):
    """The whole reply declines: "decline", "can't make it"."""
