"""What every command has in common, and what a caller may tell the grammar about its world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.people import Person
from assistant.domain.questions import Question
from assistant.inbound.keywords import CLEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """``line`` is the text as written, of several lines for what has a body; ``confidence`` how sure it is that this
    was meant: below the floor it is a proposal. ``alternatives`` are the other readings, to be offered by number.
    """

    line: str = ""
    confidence: float = CLEAR
    alternatives: tuple[Command, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to speak of. All of it may be left out: names then stay as they were written.

    ``measures`` are the names of key results and KPIs ("KR2", "signups"); ``questions`` those that the reply may
    answer: a line labelled for one of them is its answer and no command.
    """

    people: Sequence[Person] = ()
    measures: Sequence[str] = ()
    questions: Sequence[Question] = ()


@dataclass(frozen=True, slots=True)
class CommandsRead:
    """``rest`` is the text without the lines that hold commands.

    What is a command only where something is open (`Yes`, `No`, `Choose`, `Vote`, `Accept`, `Decline`, `Seen`) stays
    in ``rest`` as well: only the caller knows, and without it they answer a question.
    """

    commands: tuple[Command, ...]
    rest: str
