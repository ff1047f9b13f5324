"""What the mails about polls, the pulse, announcements and decisions show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from assistant.domain.views import Asked


@dataclass(frozen=True, slots=True)
class PollView:
    """A poll as it is put to one person. ``mine``: they started it themselves."""

    author: str
    team: str
    questions: tuple[Asked, ...]
    several: bool
    ranked: bool
    secret: bool
    closes: datetime
    mine: bool = False


@dataclass(frozen=True, slots=True)
class OptionLine:
    """``mark`` is the letter or number people vote by; ``share`` the percent of ballots; ``who`` empty where secret."""

    mark: str
    text: str
    votes: int
    share: int
    won: bool = False
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TurnLine:
    """One count of a runoff: (option, votes) and which options went out after it."""

    votes: tuple[tuple[str, int], ...]
    out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PollResultView:
    """``told`` False: too few voted in secret for any figure. ``turns`` only where it took several.

    ``asked`` is how many were, ``ballots`` how many voted. ``picture`` is its Content-ID.
    """

    question: str
    author: str
    team: str
    lines: tuple[OptionLine, ...]
    ballots: int
    asked: int
    several: bool
    ranked: bool
    secret: bool
    told: bool
    picture: str = ""
    height: int = 0
    turns: tuple[TurnLine, ...] = ()

    @property
    def winners(self) -> tuple[OptionLine, ...]:
        return tuple(line for line in self.lines if line.won)


@dataclass(frozen=True, slots=True)
class PulseLine:
    """One closed pulse of a team: the averages of at least five answers."""

    day: date
    score: float
    balance: float | None = None


@dataclass(frozen=True, slots=True)
class PulseView:
    """A team's pulse. ``told`` False: fewer than five answered. ``trend`` are the closed ones before, oldest first."""

    team: str
    day: date
    told: bool
    answers: int = 0
    score: float = 0.0
    balance: float | None = None
    reasons: tuple[str, ...] = ()
    trend: tuple[PulseLine, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnouncedView:
    """``reminder``: the reader has not said yet that they read it."""

    author: str
    team: str
    text: str
    at: datetime
    reminder: bool = False


@dataclass(frozen=True, slots=True)
class ReadByView:
    """To who announced something: who has read it and who has not; those are reminded once."""

    team: str
    text: str
    at: datetime
    read: tuple[str, ...]
    unread: tuple[str, ...]
    asked_again: bool = True


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What is to be decided. ``missing`` are "stakes", "options", "cost" and "deadline", as far as nobody said them."""

    question: str
    author: str
    team: str
    questions: tuple[Asked, ...]
    closes: datetime | None
    reason: str = ""
    stakes: str = ""
    options: tuple[str, ...] = ()
    cost: str = ""
    missing: tuple[str, ...] = ()
    decider: str = ""


@dataclass(frozen=True, slots=True)
class DecidedView:
    """``what``: "decided", "changed" or "undecided" (its day has passed)."""

    what: str
    question: str
    decision: str
    decider: str
    author: str
    team: str
    reason: str = ""
    yours: bool = False
    """The reader is who decides."""


@dataclass(frozen=True, slots=True)
class BallotAct:
    """What an act about these needs beside its name; see the families' ``acts.j2``."""

    number: int = 0
    names: tuple[str, ...] = ()
    who: str = ""
    text: str = ""
    closes: datetime | None = None
    secret: bool = False
    changed: bool = False
