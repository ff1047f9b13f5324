"""What the mails about finding again and about reasons show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class FoundLine:
    """``about`` is the question's key or the record's kind; ``mine``: the reader wrote it."""

    who: str
    day: date
    about: str
    text: str
    mine: bool = False


@dataclass(frozen=True, slots=True)
class FoundView:
    """What a search found, newest first; ``more``: there is older text with these words. ``words`` are the asker's.

    ``first`` and ``last`` are the days it was narrowed to, ``who`` the name of whom it was asked about; ``among``
    "done", "decisions", "faq" or "".
    """

    words: str
    lines: tuple[FoundLine, ...]
    more: bool
    among: str = ""
    who: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class WhyView:
    """Why one mail came. ``code``: "round", "meeting", "reminder", "reply", "rollup", "joined", "problem" or "other".

    ``title`` is what people call its kind, ``of`` the team or meeting it is about; ``asked`` when it was due, local;
    ``readers`` the names of those who may read what it holds, the reader left out. ``operator`` set it up.
    ``sealed``: what is said in reply is read by nobody.
    """

    subject: str
    sent: datetime | None
    code: str
    title: str
    of: str
    readers: tuple[str, ...]
    operator: str
    sealed: bool = False
