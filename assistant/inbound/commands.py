"""The small commands that any reply may hold, each on a line of its own.

| what | for example |
| --- | --- |
| help, why, skip | ``help`` · ``why did I get this?`` · ``skip today`` |
| away | ``away until Monday`` · ``on holiday from 1 to 5 Dec`` · ``krank heute`` |
| stop, resume | ``stop`` · ``stop weekly updates`` · ``resume`` |
| done | ``done 12`` · ``done 3, 4`` |
| reminders | ``no reminders`` · ``remind me once`` |
| yes, no, a choice | ``yes`` · ``2`` (only as the whole text) |

A line is a command only when every word of it is understood; a sentence that merely begins like one is an answer. Case,
plurals, politeness, closing marks and one wrong letter in a keyword do not matter. Look-alike letters are folded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from assistant.inbound import absences
from assistant.inbound.courtesy import without_courtesy
from assistant.inbound.keywords import CLEAR, GUESSED, TYPO, keywords, sureness
from assistant.inbound.words import LANGUAGES, labels, lexicon, phrases
from assistant.inbound.words.fold import Lexicon, near, words

MAX_LINE = 120
MAX_LINES = 2_000
MAX_WORDS = 14
_FAR = timedelta(days=240)
LOOSE = frozenset(
    {
        *("back", "start", "continue", "pass", "info", "pause", "mute", "weiter", "zuruck", "starten", "paso", "para"),
        *("passo", "passe", "pas", "alto", "terug", "basta", "baja", "passar", "continuar", "empezar", "voltar"),
        *("klaar", "inizia", "continua"),
    }
)
"""Keywords that are also ordinary answers: commands only when nothing else was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """``line`` is the line as written; ``confidence`` how sure it is that this was meant."""

    line: str = ""
    confidence: float = CLEAR


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
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Help(Command):
    pass


@dataclass(frozen=True, slots=True)
class Done(Command):
    number: int


@dataclass(frozen=True, slots=True)
class Why(Command):
    pass


@dataclass(frozen=True, slots=True)
class Yes(Command):
    pass


@dataclass(frozen=True, slots=True)
class No(Command):
    pass


@dataclass(frozen=True, slots=True)
class Choose(Command):
    number: int


@dataclass(frozen=True, slots=True)
class Reminders(Command):
    """``times`` a day: 0, 1 or 2."""

    times: int


@dataclass(frozen=True, slots=True)
class CommandsRead:
    """``rest`` is the text without the lines that hold commands.

    `Yes`, `No` and `Choose` stay in ``rest`` as well: whether a choice is open only the caller knows, and without one
    they answer a question.
    """

    commands: tuple[Command, ...]
    rest: str


def read(text: str, *, language: str, zone: ZoneInfo, now: datetime) -> CommandsRead:
    """The commands in what a person newly wrote; quoted text must have been cut. ``now`` is aware."""
    today = now.astimezone(zone).date()
    bare = without_courtesy(text)
    reply = _whole_reply(bare)
    if reply is not None:
        return CommandsRead((reply,), text)
    found: list[Command] = []
    kept: list[str] = []
    rows = text.splitlines()
    lone = bare.strip()
    for row in rows[:MAX_LINES]:
        line = row.strip()
        commands = _line(line, today, language, alone=line == lone)
        found.extend(commands)
        if not commands:
            kept.append(row)
    if not found and "\n" not in lone and lone:
        # "Hi Ada, skip today please" is one line with its greeting.
        found = _line(lone, today, language, alone=True)
        kept = [] if found else kept
    return CommandsRead(tuple(found), "\n".join([*kept, *rows[MAX_LINES:]]).strip("\n"))


def _whole_reply(text: str) -> Command | None:
    """Yes, no or the number of a choice, when the reply is nothing else."""
    line = text.strip()
    folded = _folded(line) if len(line) <= MAX_LINE and "\n" not in line else []
    if not folded:
        return None
    for keyword, made in (("yes", Yes(line=line)), ("no", No(line=line))):
        if " ".join(folded) in keywords(keyword):
            return made
    if len(folded) == 2 and folded[0] in {word for phrase in keywords("option") for word in phrase.split()}:
        folded = folded[1:]
    if len(folded) == 1 and folded[0].isdecimal() and len(folded[0]) <= 2 and not _signed(line):
        return Choose(int(folded[0]), line=line)
    return None


def _signed(line: str) -> bool:
    """ "-2", "45 %" and "4k" are values."""
    return any(mark in line for mark in "-−%€$£+/")


def _folded(line: str) -> list[str]:
    """The folded words without politeness at either end."""
    folded = list(words(line))
    changed = True
    while changed and folded:
        changed = False
        for size in range(min(4, len(folded) - 1), 0, -1):
            if tuple(folded[:size]) in phrases("politeness") and tuple(folded) not in _all_commands():
                folded, changed = folded[size:], True
                break
            if tuple(folded[-size:]) in phrases("politeness") and tuple(folded) not in _all_commands():
                folded, changed = folded[:-size], True
                break
    return folded


def _line(line: str, today: date, language: str, *, alone: bool) -> list[Command]:
    """The commands of one line: none when a single word of it is not understood."""
    if not line or len(line) > MAX_LINE or line[0] in "-*•>|#" or _labelled(line, alone):
        return []
    folded = _folded(line) if len(words(line)) <= MAX_WORDS else []
    if not folded:
        return []
    # A word spelled right is never taken for another one with a slip: "parar" is no "pasar".
    known = [(sureness(folded, keyword), make) for keyword, make in _SIMPLE.items()]
    for confidence, make in sorted(known, key=lambda pair: -pair[0]):
        if confidence:
            if not alone and len(folded) == 1 and folded[0] in LOOSE:
                return []
            # "Stop" between answers is less likely meant for us than as the only word.
            return [make(line, confidence if alone else TYPO if confidence == CLEAR else GUESSED)]
    for rule in (_stop, _reminders, _done):
        commands = rule(line, folded)
        if commands:
            return commands
    return _away(line, today, language, alone=alone)


def _away(line: str, today: date, language: str, *, alone: bool) -> list[Command]:
    undated = len(words(line)) < 2
    # "Travelling" between two other lines may be what a person does today.
    most = GUESSED if undated and not alone else CLEAR
    return [
        Away(spell.first, spell.last, line=line, confidence=min(spell.confidence, most, _nearness(spell, line, today)))
        for spell in absences.read(line, today, language)
    ]


def _nearness(spell: absences.Spell, line: str, today: date) -> float:
    """A day just gone is not meant for next year: whoever is away for that long says which year."""
    far = today + _FAR
    distant = spell.first > far or (spell.last is not None and spell.last > far)
    return GUESSED if distant and not any(len(word) == 4 and word.startswith("20") for word in words(line)) else CLEAR


def _labelled(line: str, alone: bool) -> bool:
    """ "Done: 3" labels an answer; "away: until Monday" is no more sure than that."""
    if line.endswith(":") or (words(line) in labels() and not alone):
        return True
    head, colon, tail = line.partition(":")
    known = " ".join(words(head)) in keywords("reminders")
    return bool(colon and tail.strip() and not head[-1:].isdigit() and not known)


_SIMPLE: dict[str, Callable[[str, float], Command]] = {
    "help": lambda line, confidence: Help(line=line, confidence=confidence),
    "why": lambda line, confidence: Why(line=line, confidence=confidence),
    "skip": lambda line, confidence: Skip(line=line, confidence=confidence),
    "stop": lambda line, confidence: Stop(line=line, confidence=confidence),
    "resume": lambda line, confidence: Resume(line=line, confidence=confidence),
}


@cache
def _all_commands() -> frozenset[tuple[str, ...]]:
    keys = {key for language in LANGUAGES.values() for key in language.commands} - {"of", "option", "inclusive"}
    return frozenset(tuple(phrase.split()) for key in keys for phrase in keywords(key))


@cache
def _kinds() -> Lexicon[str]:
    return lexicon(lambda language: dict(language.kinds), "en")


def _head(folded: list[str], keyword: str) -> tuple[int, float] | None:
    """The length in words of the keyword's phrase that a line begins with, and how sure it is."""
    known = keywords(keyword)
    for size in range(min(5, len(folded)), 0, -1):
        if " ".join(folded[:size]) in known:
            return size, CLEAR
    return (1, TYPO) if sureness(folded[:1], keyword) else None


def _stop(line: str, folded: list[str]) -> list[Command]:
    """ "stop check-ins", "no more weekly updates", "resume 1:1s"."""
    for keyword in ("stop", "resume"):
        head = _head(folded, keyword)
        if head is None:
            continue
        tail = _without_ends(folded[head[0] :])
        kind = _kinds().get(tuple(tail))
        if kind is None and len(tail) == 1:
            kind = _near_kind(tail[0])
        if kind is None:
            continue
        if kind == "reminders":
            return [Reminders(0 if keyword == "stop" else 1, line=line, confidence=head[1])]
        made = Stop if keyword == "stop" else Resume
        return [made(kind or None, line=line, confidence=head[1])]
    return []


def _near_kind(word: str) -> str | None:
    for spelling in _kinds().firsts():
        if len(spelling) >= 6 and near(word, spelling):
            return _kinds().get((spelling,))
    return None


def _without_ends(folded: list[str]) -> list[str]:
    """Without articles and politeness before and behind."""
    while folded and (folded[0],) in phrases("politeness"):
        folded = folded[1:]
    while len(folded) > 1 and (folded[-1],) in phrases("politeness"):
        folded = folded[:-1]
    return folded


def _reminders(line: str, folded: list[str]) -> list[Command]:
    """ "reminders never", "no reminders", "remind me once"."""
    head = _head(folded, "reminders")
    if head is not None:
        amount = _amount(_without_ends(folded[head[0] :]))
    else:
        size = next((n for n in (1, 2) if _head(folded[n:], "reminders") == (len(folded) - n, CLEAR)), None)
        amount = _amount(folded[:size]) if size else None
    return [] if amount is None else [Reminders(amount, line=line, confidence=head[1] if head else CLEAR)]


def _amount(folded: list[str]) -> int | None:
    phrase = " ".join(folded)
    for times_a_day, keyword in enumerate(("never", "once", "twice")):
        if phrase in keywords(keyword) or phrase == str(times_a_day):
            return times_a_day
    return None


@cache
def _fillers() -> frozenset[str]:
    return frozenset({word for phrase in keywords("of") for word in phrase.split()}) | {
        "and",
        "und",
        "et",
        "y",
        "e",
        "en",
    }


def _done(line: str, folded: list[str]) -> list[Command]:
    """ "done 12", "done 3, 4 and 5", "12 done", "task 12 done"."""
    numbers = [word for word in folded if word.isdecimal()]
    if not numbers or any(len(number) > 6 for number in numbers) or _signed(line.lstrip("-")):
        return []
    said = [word for word in folded if not word.isdecimal()]
    keyword = [word for word in said if word not in _fillers()]
    confidence = sureness(keyword, "done")
    after_first = line[:6].lstrip("#(").partition(folded[0])[2][:1]
    if not confidence or (folded[0].isdecimal() and after_first in {".", ")", ":"}):
        return []
    return [Done(int(number), line=line, confidence=confidence) for number in numbers]


def examples() -> Iterator[str]:
    """One line for each command, for the help mail's test that all of them are understood."""
    yield from ("help", "why", "skip", "away until Monday", "stop", "resume", "done 12", "no reminders", "yes", "2")
