"""One line of a reply as folded words with their places, and the small things that every command is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from assistant.inbound import figures, times
from assistant.inbound.commands.base import Command, Known
from assistant.inbound.keywords import CLEAR, GUESSED, TYPO, keywords, lexicon, misspelt
from assistant.inbound.values import named
from assistant.inbound.words import LANGUAGES, phrases, singles
from assistant.inbound.words.fold import Token, split, tokens, words

MAX_NUMBER = 6
WORKDAY_HOURS = 8
MAX_NAME_WORDS = 4
SHORT_NAME = 2
MARKS = " \t\n.,;:!-–—()[]*_\"'"


@dataclass(frozen=True, slots=True)
class World:
    """What a line is read against."""

    today: date
    zone: ZoneInfo
    now: datetime
    language: str
    known: Known


@dataclass(frozen=True)
class Line:
    """``text`` is stripped. ``alone``: nothing else was written; ``first``: nothing stands above; ``below`` are the
    rows that follow.
    """

    text: str
    alone: bool = True
    first: bool = True
    below: tuple[str, ...] = ()

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The words with their places."""
        return tuple(token for token in tokens(self.text) if token.is_word)

    @cached_property
    def folded(self) -> tuple[str, ...]:
        return tuple(token.folded for token in self.tokens)

    def head(self, keyword: str, at: int = 0, *, typos: bool = False) -> Head | None:
        """The keyword's phrase that stands at word ``at``; with ``typos`` one of a single word may have a slip."""
        match = lexicon(keyword).match(self.folded, at)
        if match is not None:
            return Head(at + match[1], CLEAR)
        if typos and at < len(self.folded) and misspelt(self.folded[at], keyword):
            return Head(at + 1, TYPO)
        return None

    def behind(self, after: int) -> str:
        """The text behind the first ``after`` words."""
        return self.text[self.tokens[after - 1].end :] if after else self.text

    def body(self, after: int) -> str | None:
        """What stands behind the colon after so many words; None where no colon follows them."""
        rest = self.behind(after).lstrip(" \t*_")
        return rest[1:].lstrip("*_ \t") if rest[:1] in {":", "："} else None

    def everything(self, first: str) -> str:
        """A body that goes on in the rows below."""
        return "\n".join([first, *self.below]).strip()

    @property
    def whole(self) -> str:
        """The line with all rows below it."""
        return "\n".join([self.text, *self.below]).rstrip()

    def is_in(self, keyword: str) -> float:
        """How sure it is that the line is that keyword and nothing else, but for politeness."""
        for folded in (self.folded, tuple(without_politeness(self.folded))):
            if " ".join(folded) in keywords(keyword):
                return CLEAR
        return TYPO if len(self.folded) == 1 and misspelt(self.folded[0], keyword) else 0.0


class Head(NamedTuple):
    after: int
    sure: float


class Found(NamedTuple):
    """The commands of a line, which took so many rows."""

    commands: list[Command]
    rows: int = 1


Rule = Callable[[Line, World], Found | None]


def one(command: Command, rows: int = 1) -> Found:
    return Found([command], rows)


def without_politeness(folded: Sequence[str]) -> list[str]:
    """Without "please" and the like at either end."""
    left, polite = list(folded), singles("politeness")
    while left and left[0] in polite:
        left.pop(0)
    while left and left[-1] in polite:
        left.pop()
    return left


@cache
def joiners() -> frozenset[str]:
    """Words that may stand around the numbers of tasks."""
    return frozenset(word for key in ("of", "and") for phrase in keywords(key) for word in phrase.split())


def numbers(line: Line, at: int) -> tuple[list[int], int]:
    """The numbers from word ``at`` on ("12, 14 and 15", "task #12") and the place behind them."""
    found: list[int] = []
    place = end = at
    while place < len(line.folded):
        word = line.folded[place]
        if word.isdecimal() and len(word) <= MAX_NUMBER:
            if not _is_whole(line, place):
                break
            found.append(int(word))
            end = place + 1
        elif word not in joiners():
            break
        place += 1
    return found, end


def _is_whole(line: Line, at: int) -> bool:
    """A number of a task: no "3.5", "45 %", "-2" or "8/10"."""
    token = line.tokens[at]
    before, after = line.text[: token.start], line.text[token.end :]
    if before[-1:] in {"-", "−", ".", "/", "%"} or (before[-1:].isalpha() and before[-1:] not in {"n"}):
        return False
    tight = after[:1]
    return not (
        after.lstrip()[:1] in {"%", "€", "$", "£"}
        or (tight in {".", ",", "/", ":", "-"} and after[1:2].isdecimal())
        or tight.isalpha()
    )


_UNITS = {"minutes": 1, "hours": 60}


@cache
def _minutes() -> dict[str, int]:
    """Minutes by the folded unit; a day of work has eight hours."""
    units = {phrase[0]: size for field, size in _UNITS.items() for phrase in phrases(field) if len(phrase) == 1}
    for language in LANGUAGES.values():
        for sense, size in (("day", WORKDAY_HOURS * 60), ("week", 5 * WORKDAY_HOURS * 60)):
            for phrase in split(language.units[sense]):
                units.setdefault(" ".join(words(phrase)), size)
    return {**units, "d": WORKDAY_HOURS * 60, "min": 1, "mins": 1}


def duration(text: str) -> int | None:
    """Minutes, when the text is nothing but a length of time: "2h", "1.5 hours", "1h30", "2 days", "half an hour"."""
    if words(text) in phrases("half_hour"):
        return 30
    found = [token for token in tokens(text) if token.folded not in {"~", "."} or token.folded == "."]
    total, at = 0.0, 0
    if len(found) > 12 or not found:
        return None
    while at < len(found):
        if found[at].folded in {"~", ",", *keywords("and")} and (at or found[at].folded == "~"):
            at += 1
            continue
        amount, at = _amount(text, found, at)
        unit = _minutes().get(found[at].folded) if at < len(found) else None
        if amount is None:
            return None
        if unit is None:
            # "1h30": what is left counts minutes.
            return round(total + amount) if total and at == len(found) else None
        total, at = total + amount * unit, at + 1
    return round(total) if 0 < total < 1_000_000 else None


def _amount(text: str, found: Sequence[Token], at: int) -> tuple[float | None, int]:
    written = found[at].folded
    if not written.isdecimal():
        return figures.spelled(written), at + 1
    if at + 2 < len(found) and found[at + 1].folded in ".," and found[at + 2].folded.isdecimal():
        return float(f"{written[:9]}.{found[at + 2].folded[:9]}"), at + 3
    return float(written[:9]), at + 1


def only_day(text: str, world: World) -> Due | None:
    """The day that a text names and nothing else but words such as "by" and "the"."""
    found = list(times.find_days(text, world.today, world.language))
    if len(found) != 1:
        return None
    match = found[0]
    outside = [*words(text[: match.start]), *words(text[match.end :])]
    if not all(word in _around_day() for word in outside):
        return None
    return due_of(match)


class Due(NamedTuple):
    day: date
    sure: float
    other: date | None = None


def due_of(match: times.DayMatch) -> Due:
    """By "before Friday" the day before is meant."""
    if match.relation == "before":
        return Due(match.first - timedelta(days=1), match.confidence)
    return Due(times.due(match), match.confidence, match.other)


@cache
def _around_day() -> frozenset[str]:
    senses = ("by", "until", "through", "to", "at", "before")
    return (
        singles("noise")
        | singles("politeness")
        | {
            word
            for language in LANGUAGES.values()
            for sense in senses
            for phrase in split(language.relations.get(sense, ""))
            for word in words(phrase)
        }
        | {word for phrase in keywords("to") for word in phrase.split()}
    )


class Who(NamedTuple):
    """``name`` is an address where one person is meant, else the words; ``others`` the further ones it may be."""

    name: str
    sure: float
    others: tuple[str, ...] = ()


def person(text: str, world: World) -> Who | None:
    """Whom a short text names. Without people that are known the words stay; nobody of that name stays too."""
    said = text.strip(MARKS + "@")
    folded = words(said)
    if not folded or (len(folded) > MAX_NAME_WORDS and "@" not in said):
        return None
    meant = named(said, world.known.people)
    if len(meant) == 1 and len(folded) > 1 and folded[0 if folded[0] in _MYSELF else -1] in _MYSELF:
        return Who("me", GUESSED, (meant[0].address,))  # "me and Sam": one of them
    if len(meant) == 1:
        return Who(meant[0].address, CLEAR)
    if len(meant) > 1:
        return Who(meant[0].address, GUESSED, tuple(person.address for person in meant[1:]))
    if " ".join(folded) in _MYSELF:
        return Who("me", CLEAR)
    return Who(said, CLEAR if not world.known.people else TYPO)


_MYSELF = frozenset({"me", "myself", "mich", "mir", "moi", "mi", "mim", "me mismo", "mij", "mezelf"})


def whose(line: Line, keyword: str) -> str:
    """The name in "Sam's tasks" and "what are Sam's tasks?", "" where it is not said so."""
    for place, token in enumerate(line.tokens):
        behind = line.text[token.end :]
        mark = next((mark for mark in ("'s ", "\u2019s ", "' ", "\u2019 ") if behind.startswith(mark)), "")
        said = words(behind[len(mark) :]) if mark else ()
        if said and " ".join(said) in keywords(keyword) and set(line.folded[:place]) <= _ASKING:
            return line.text[token.start : token.end]
    return ""


_ASKING = frozenset(
    {"show", "me", "what", "are", "list", "see", "give", "send", "please", "wie", "sind", "zeig", "mir"}
)


def listed(text: str, world: World) -> Who | None:
    """Whose tasks or goals a text asks for: words that are no name make it another sentence."""
    who = person(text, world)
    return who if who is not None and ("@" in who.name or len(words(who.name)) <= SHORT_NAME) else None


def people(text: str, world: World) -> list[Who]:
    """ "Sam and Ana", "Sam, Ana"."""
    row = Line(text)
    parts, begin = [], 0
    for token in row.tokens:
        if token.folded in keywords("and"):
            parts.append(text[begin : token.start])
            begin = token.end
    pieces = [piece for part in [*parts, text[begin:]] for piece in part.split(",") if piece.strip(MARKS)]
    found = [person(piece, world) for piece in pieces]
    return [who for who in found if who is not None] if all(found) else []


def less_sure(commands: Sequence[Command], most: float) -> list[Command]:
    return [replace(command, confidence=min(command.confidence, most)) for command in commands]
